"""From templates to CL text: quoting, comments, lines of at most 80 columns.

User text reaches CL by one function, `quote`; comment text by `comment_text`; text of help panels by `uim`,
prompts by `literal`: only these two are of our own making, and may have characters of a national code page.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from jinja2 import BaseLoader, Environment, StrictUndefined, TemplateNotFound

from flashc.cl.format import WIDTH, lay_out_statement
from flashc.cl.rows import HEADING, Row, margin_of, text_of
from flashc.cl.structure import DO_GROUPS, ENDS

OPENING = DO_GROUPS | {"SELECT", "SUBR"}
_LITERAL = re.compile(r"('(?:[^']|'')*')")


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


def literal(text: str) -> str:
    """A literal of a command definition in the language of the system."""
    return "'" + text.replace("'", "''") + "'"


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


@lru_cache(maxsize=10_000)
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
    env.filters["text"] = literal
    env.filters["comment"] = comment_text
    env.filters["clip"] = clip
    env.filters["uim"] = uim
    env.filters["word"] = word
    return env


def render(template: str, **values: Any) -> str:
    """A rendered source; CL in the canonical layout of `flashc cl fmt`, lines without trailing blanks."""
    text = _environment().get_template(template).render(**values)
    if template.endswith((".clle.j2", ".cmd.j2")):
        return text_of(list(_rows(text)), WIDTH)
    return (
        re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in text.splitlines()).lstrip("\n")) + "\n"
    )


def _rows(text: str) -> Iterator[Row]:
    """The statements and comments of rendered CL.

    What a template writes on one line it writes as it is to be; where it stands, and the lines of what is
    continued or too long, follow from what it says.
    """
    lines = iter(text.splitlines())
    depth, blank = 0, False
    for line in lines:
        words = line.strip()
        if not words:
            blank = True
            continue
        if words.startswith("/*"):
            column = 0 if len(line) - len(line.lstrip()) < HEADING else None
            yield Row(
                [],
                words if len(words) <= WIDTH else words[: WIDTH - 3].rstrip() + " */",
                depth,
                blank,
                column,
            )
            blank = False
            continue
        whole = not words.endswith("+")
        while words.endswith("+"):
            words = words[:-1].rstrip() + " " + next(lines).strip()
        code, remark, at, depth = _statement(words, depth, whole)
        yield Row(list(code), remark, at, blank)
        blank = False


@lru_cache(maxsize=10_000)
def _statement(text: str, depth: int, whole: bool) -> tuple[tuple[str, ...], str, int, int]:
    """The lines of a statement, the comment beside it, the groups around it, and those around the next.

    Most statements of a program stand in others as well.  `whole`: the template writes it on one line.
    """
    name = text.split(None, 1)[0]
    if name in ENDS:
        depth -= 1
    elif name == "SUBR":
        depth = 0
    margin = " " * margin_of(depth)
    if whole and ":" not in name and len(margin) + len(text) <= WIDTH:
        code, remark = text, ""
        if text.endswith("*/"):
            code, remark = text[: text.rindex("/*")].rstrip(), text[text.rindex("/*") :]
        return (margin + code,), remark, depth, depth + (name in OPENING or code.endswith("(DO)"))
    laid_out, remark, opens = _laid_out(text, depth)
    return laid_out, remark, depth, depth + opens


def _laid_out(text: str, depth: int) -> tuple[tuple[str, ...], str, bool]:
    """The lines of a statement that needs several, the comment beside it, and whether it opens a group.

    A literal that no line holds is joined by *CAT: none goes over the end of a line.
    """
    laid_out = lay_out_statement(text, depth)
    room = WIDTH - margin_of(depth) - 29
    while room > 12 and any(line.endswith("+") and line.count("'") % 2 for line in laid_out[0]):
        parted = "".join(
            _parted(part, room) if part.startswith("'") else part for part in _LITERAL.split(text)
        )
        laid_out = lay_out_statement(parted, depth)
        room -= 4
    return laid_out


def _parted(literal: str, room: int) -> str:
    """A literal as pieces of at most `room` characters joined by *CAT, parted behind words where it has some.

    Never between the two of a doubled apostrophe.
    """
    pieces = []
    rest = literal[1:-1]
    while len(rest) > room:
        cut = rest.rfind(" ", 10, room) + 1 or room
        cut -= (cut - len(rest[:cut].rstrip("'"))) % 2
        pieces.append(rest[:cut])
        rest = rest[cut:]
    return " *CAT ".join(f"'{piece}'" for piece in [*pieces, rest])
