"""From templates to CL text: quoting, comments, lines of at most 80 columns.

User text reaches CL by one function, `quote`; comment text by `comment_text`; text of help panels by `uim`.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import BaseLoader, Environment, StrictUndefined, TemplateNotFound

WIDTH = 80
"""Source columns that fit every listing and a source member of record length 92."""

_CONTINUATION = " " * 26


class _PackageLoader(BaseLoader):
    """Templates are package data of flashc.templates_cl, wherever it is installed."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Any]:
        del environment  # the interface of jinja2 hands it in
        resource = files("flashc.templates_cl").joinpath(template)
        if not resource.is_file():
            raise TemplateNotFound(template)
        return resource.read_text(encoding="utf-8"), template, lambda: True


def quote(text: str) -> str:
    """A CL character literal of any text: quoted, apostrophes doubled, one line.

    >>> quote("CALL PGM(X) PARM('A')")
    "'CALL PGM(X) PARM(''A'')'"
    """
    return "'" + _seven_bit(text).replace("'", "''") + "'"


_WORD = re.compile(r"\*?[A-Z0-9$#@][A-Z0-9$#@_.]*\Z|\*\Z|' *'\Z", re.ASCII)


def word(text: str) -> str:
    """A value of a command definition: quoted where it would else be read as another, as a name in lower case
    would; '' and ' ', for nothing, stay as they are.

    >>> word("*CHECK"), word("Prod 24")
    ('*CHECK', "'Prod 24'")
    """
    return text if _WORD.match(text) else quote(text)


def comment_text(text: str, limit: int = 50) -> str:
    """Text that may stand in a CL comment: 7-bit, short, never its end."""
    return _seven_bit(text).replace("*/", "* /").replace("/*", "/ *")[:limit]


def _seven_bit(text: str) -> str:
    """The text with a question mark for every character that is not 7-bit or not printable."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if 32 <= ord(c) < 127 else "?" for c in text)


def clip(text: str, width: int) -> str:
    """At most `width` characters of comment text."""
    return comment_text(text, width)


def uim(text: str) -> str:
    """Text of a help panel: no tag, no symbol, no control word, lines that fit a source member.

    >>> uim("CALL PGM(A&B): ends")
    'CALL PGM(A&amp.B)&colon. ends'
    """
    plain = text.replace("&", "&amp.").replace(":", "&colon.")
    lines = textwrap.wrap(plain, WIDTH - 2, break_long_words=False, break_on_hyphens=False)
    return "\n".join("&period." + line[1:] if line.startswith(".") else line for line in lines)


@cache
def _environment() -> Environment:
    env = Environment(
        loader=_PackageLoader(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    env.filters["q"] = quote
    env.filters["comment"] = comment_text
    env.filters["clip"] = clip
    env.filters["uim"] = uim
    env.filters["word"] = word
    return env


def render(template: str, **values: Any) -> str:
    """A rendered source, its lines at most 80 columns wide and without trailing blanks."""
    text = _environment().get_template(template).render(**values)
    return "\n".join(_tidy(text)) + "\n"


def _tidy(text: str) -> Iterator[str]:
    blank = True  # no blank lines at the start, never two in a row
    for line in text.splitlines():
        line = line.rstrip()
        if not line:
            if not blank:
                yield ""
            blank = True
            continue
        blank = False
        if len(line) <= WIDTH:
            yield line
        else:
            yield from _fold(line)


def _fold(line: str) -> Iterator[str]:
    """The line, broken at blanks outside literals; a literal that is too long is joined by *CAT."""
    while len(line) > WIDTH:
        if line.lstrip().startswith("/*"):
            yield line[: WIDTH - 3].rstrip() + " */"
            return
        cut = _last_blank(line, WIDTH - 2)
        if cut is None:
            head, tail = _split_literal(line)
        else:
            head, tail = line[:cut].rstrip() + " +", line[cut:].strip()
        yield head
        line = _CONTINUATION + tail
    yield line


def _last_blank(line: str, limit: int) -> int | None:
    """The last place before `limit` where a blank stands outside quotes, behind the command's name."""
    found = None
    quoted = False
    start = len(line) - len(line.lstrip())
    seen_word = False
    for at, char in enumerate(line[:limit]):
        if char == "'":
            quoted = not quoted
        elif char == " " and not quoted and at > start:
            if seen_word or line[:start].strip() == "":
                found = at
            seen_word = True
    if found is not None and line[:found].strip() == "":
        return None
    # a break directly behind the command name or the indentation would not help
    return found if found is not None and found > 28 else None


def _split_literal(line: str) -> tuple[str, str]:
    """Break inside a long literal, behind a word where there is one: 'abc ' *CAT + 'def'.

    Never between the two of a doubled apostrophe.
    """
    cut = WIDTH - 10
    word = line.rfind(" ", 40, cut) + 1
    if word and line[word] != "'":
        return line[:word] + "' *CAT +", "'" + line[word:]
    inside = [at for at in _inside(line) if at <= cut]
    apart = [at for at in inside if at > 40 and line[at - 1] != "'" and line[at] != "'"]
    cut = max(apart or inside)
    return line[:cut] + "' *CAT +", "'" + line[cut:]


def _inside(line: str) -> Iterator[int]:
    """Places in the literals of a line, never between the two of a doubled apostrophe."""
    quoted, at = False, 0
    while at < len(line):
        if quoted and line.startswith("''", at):
            at += 2
        else:
            quoted ^= line[at] == "'"
            at += 1
        if quoted:
            yield at
