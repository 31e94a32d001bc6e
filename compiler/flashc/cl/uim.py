"""Help panel groups (UIM source): their help modules, and what is wrong with the tags.

The part of the tag language that help for commands takes, each tag with where it may stand.  What is known
of the tags, and how sure it is: docs/platform-facts.md#help-panel-groups.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from flashc.cl.problems import nearest
from flashc.diag import Diagnostic, Span

_TAG = re.compile(r":([A-Za-z][A-Za-z0-9]*)")
_ATTRIBUTE = re.compile(r"\s+(?:([A-Za-z]+)\s*=\s*(?:'((?:[^']|'')*)'|([^\s.']+))|([A-Za-z]+))")
_SYMBOL = re.compile(r"&([A-Za-z][A-Za-z0-9]*)(\([^()]*\))?(\.)?")
_MODULE = re.compile(r"[A-Z][A-Z0-9/_]{0,31}\Z")
_SYMBOLS = frozenset({"AMP", "COLON", "PERIOD", "SLR", "MSG", "CONT", "NBSP"})
TITLE_MAX = 55
"""Characters of a help title: the width of a help window's title line, read in the harsher way."""

_LISTS = {
    "UL": ("LI", "LP"),
    "OL": ("LI", "LP"),
    "SL": ("LI", "LP"),
    "DL": ("DT", "DD"),
    "PARML": ("PT", "PD"),
}
_ITEMS = {
    item: tuple(k for k, items in _LISTS.items() if item in items) for i in _LISTS.values() for item in i
}
_TERMS = {"DT": "DD", "PT": "PD"}
_BLOCKS = frozenset({*_LISTS, "XMP", "LINES", "FIG", "NOTE", "NT"})
_PHRASES = frozenset({*(f"HP{n}" for n in range(10)), "PV", "PK", "CIT", "LINK"})
_PLAIN = frozenset({"P", "PC", "XH1", "XH2", "XH3", "XH4", "IMHELP", "ISCH"})
_FRAME = frozenset({"PNLGRP", "HELP"})
_OUTSIDE = frozenset({"COPYR", "IMPORT"})
_PAIRED = _BLOCKS | _PHRASES | _FRAME
TAGS = frozenset({*_PAIRED, *(f"E{name}" for name in _PAIRED), *_ITEMS, *_PLAIN, *_OUTSIDE})
_ATTRIBUTES: dict[str, frozenset[str]] = {
    "PNLGRP": frozenset({"DFTMSGF", "SUBMSGF", "ENBGUI", "SCHIDX", "BIDI", "TXTMODE", "TXTCHRID"}),
    "HELP": frozenset({"NAME", "WIDTH", "DEPTH"}),
    "IMPORT": frozenset({"NAME", "PNLGRP"}),
    "IMHELP": frozenset({"NAME"}),
    "ISCH": frozenset({"ROOTS"}),
    "LINK": frozenset({"PERFORM", "THENDSP", "UNLESSACC", "LINKWHEN"}),
    "PK": frozenset({"DEF"}),
    **dict.fromkeys(_LISTS, frozenset({"COMPACT", "TSIZE", "BREAK"})),
}
_NEEDED = {"HELP": "NAME", "IMPORT": "NAME", "IMHELP": "NAME", "ISCH": "ROOTS", "LINK": "PERFORM"}


@dataclass(frozen=True, slots=True)
class PanelGroup:
    """What a panel group offers: the titles of its help modules by name."""

    modules: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Tag:
    name: str
    attributes: dict[str, str]
    pos: int
    end: int


@dataclass(slots=True)
class _Reading:
    text: str
    origin: str
    found: list[Diagnostic] = field(default_factory=list)
    open: list[_Tag] = field(default_factory=list)
    modules: dict[str, str] = field(default_factory=dict)
    links: list[_Tag] = field(default_factory=list)
    module: str = ""
    titled: bool = False
    term: _Tag | None = None
    flow: bool = False
    began: bool = False
    ended: bool = False
    starts: list[int] = field(default_factory=list)

    def wrong(self, code: str, message: str, pos: int, end: int, help: str | None = None) -> None:
        line = bisect_right(self.starts, pos)
        first = self.starts[line - 1]
        last = self.text.find("\n", pos)
        end = min(end, len(self.text) if last < 0 else last)
        span = Span(self.origin, line, pos - first + 1, line, max(end, pos + 1) - first + 1)
        self.found.append(Diagnostic(code, "error", message, span, help))

    def inside(self, *names: str) -> bool:
        return any(tag.name in names for tag in self.open)


def is_panel_group(text: str) -> bool:
    """Whether a source is a panel group: its first tag, behind comments, is PNLGRP."""
    lines = (line.strip() for line in text.splitlines())
    first = next((line for line in lines if line and not line.startswith(".*")), "")
    return first.upper().startswith(":PNLGRP")


def check_panel_group(text: str, origin: str) -> tuple[PanelGroup | None, list[Diagnostic]]:
    """The help modules of a source, None where it has errors, and its errors; `origin` names it in them."""
    reading = _Reading(text, origin)
    reading.starts = [0, *(found.end() for found in re.finditer("\n", text))]
    for part in _parts(reading):
        if isinstance(part, _Tag):
            _tag(reading, part)
        else:
            _text(reading, *part)
    _end(reading)
    return (None if reading.found else PanelGroup(reading.modules)), reading.found


def _parts(reading: _Reading) -> Iterator[_Tag | tuple[int, int]]:
    """Tags, and the stretches of text between them (never across lines); comment lines are left out."""
    text, at = reading.text, 0
    while at < len(text):
        stop = text.find("\n", at)
        stop = len(text) if stop < 0 else stop
        if (at == 0 or text[at - 1] == "\n") and text.startswith(".*", at):
            at = stop + 1
            continue
        found = _TAG.search(text, at, stop)
        end = found.start() if found else stop
        if text[at:end].strip():
            yield at, end
        if found is None:
            at = stop + 1
            continue
        tag = _read(reading, found)
        yield tag
        at = tag.end


def _read(reading: _Reading, found: re.Match[str]) -> _Tag:
    """A tag with its attributes, which may go on in the next lines, up to its period."""
    at, attributes = found.end(), {}
    while (one := _ATTRIBUTE.match(reading.text, at)) is not None:
        if one[4] is not None:
            attributes[one[4].upper()] = ""
        else:
            value = one[3] if one[2] is None else one[2].replace("''", "'")
            attributes[one[1].upper()] = value
        at = one.end()
    name = found[1].upper()
    if not reading.text.startswith(".", at):
        reading.wrong("CL0502", f"the tag :{name} does not end with a period", found.start(), at)
        return _Tag(name, attributes, found.start(), at)
    return _Tag(name, attributes, found.start(), at + 1)


def _tag(reading: _Reading, tag: _Tag) -> None:
    name = tag.name
    if name not in TAGS:
        close = nearest(name, sorted(TAGS))
        help = f"did you mean :{close}?" if close else "write &colon. for a colon in a text"
        reading.wrong("CL0501", f":{name} is no tag of a help panel group", tag.pos, tag.end, help)
        return
    _attributes(reading, tag)
    if reading.ended or (not reading.began and name != "PNLGRP"):
        reading.wrong("CL0503", f":{name} stands outside :PNLGRP and :EPNLGRP", tag.pos, tag.end)
        reading.began = True
    elif name in _PAIRED:
        _opens(reading, tag)
    elif name not in _ITEMS and name[0] == "E" and name[1:] in _PAIRED:
        _closes(reading, tag)
    elif name in _ITEMS:
        _item(reading, tag)
    else:
        _single(reading, tag)


def _attributes(reading: _Reading, tag: _Tag) -> None:
    known = _ATTRIBUTES.get(tag.name, frozenset())
    for one in tag.attributes:
        if one not in known:
            reading.wrong("CL0504", f":{tag.name} has no attribute {one}", tag.pos, tag.end)
    needed = _NEEDED.get(tag.name)
    if needed is not None and not tag.attributes.get(needed):
        reading.wrong("CL0504", f":{tag.name} needs {needed}", tag.pos, tag.end)


def _opens(reading: _Reading, tag: _Tag) -> None:
    name = tag.name
    if name == "PNLGRP":
        if reading.began:
            reading.wrong("CL0503", "a panel group has one :PNLGRP", tag.pos, tag.end)
            return
        reading.began = True
    elif name == "HELP":
        _module(reading, tag)
    elif not reading.inside("HELP"):
        reading.wrong("CL0503", f":{name} stands outside a :HELP", tag.pos, tag.end)
        return
    elif reading.inside(*_PHRASES) or (reading.term is not None and name not in ("PV", "PK", "CIT")):
        # A phrase holds text alone; the name of a list entry says what it is, and is shown accordingly.
        reading.wrong("CL0503", f":{name} cannot stand here", tag.pos, tag.end)
    if name == "LINK":
        reading.links.append(tag)
    reading.open.append(tag)
    if name in _BLOCKS or name in _PHRASES:
        reading.flow = True


def _module(reading: _Reading, tag: _Tag) -> None:
    name = tag.attributes.get("NAME", "").upper()
    if reading.inside("HELP"):
        reading.wrong("CL0505", "a :HELP begins before the one above is closed by :EHELP", tag.pos, tag.end)
        _close_up_to(reading, "PNLGRP")
    if name and not _MODULE.match(name):
        message = f"{name} is no name of a help module: a letter, then up to 31 letters, digits, / and _"
        reading.wrong("CL0504", message, tag.pos, tag.end)
    if name in reading.modules:
        reading.wrong("CL0506", f"the help module {name} is there twice", tag.pos, tag.end)
    reading.module, reading.titled, reading.flow = name, False, False
    reading.modules.setdefault(name, "")


def _closes(reading: _Reading, tag: _Tag) -> None:
    opened = tag.name[1:]
    if not reading.inside(opened):
        reading.wrong("CL0505", f":{tag.name} closes nothing: no :{opened} is open", tag.pos, tag.end)
        return
    while reading.open:
        top = reading.open.pop()
        if top.name == opened:
            break
        reading.wrong("CL0505", f":{top.name} is not closed before :{tag.name}", top.pos, top.end)
    if opened in _LISTS:
        _without_description(reading)
    if opened == "HELP":
        _without_description(reading)
        if not reading.titled:
            reading.wrong("CL0507", f"the help module {reading.module} has no title", tag.pos, tag.end)
    if opened == "PNLGRP":
        reading.ended = True


def _close_up_to(reading: _Reading, name: str) -> None:
    while reading.open and reading.open[-1].name != name:
        reading.open.pop()


def _without_description(reading: _Reading) -> None:
    if reading.term is not None:
        wanted = _TERMS[reading.term.name]
        message = f":{reading.term.name} has no :{wanted}"
        reading.wrong("CL0507", message, reading.term.pos, reading.term.end)
        reading.term = None


def _item(reading: _Reading, tag: _Tag) -> None:
    name = tag.name
    around = next((t.name for t in reversed(reading.open)), "")
    if around not in _ITEMS[name]:
        lists = " or ".join(f":{one}" for one in _ITEMS[name])
        reading.wrong("CL0503", f":{name} stands outside {lists}", tag.pos, tag.end)
        return
    reading.flow = True
    if name in _TERMS:
        _without_description(reading)
        reading.term = tag
    elif name in _TERMS.values():
        if reading.term is None:
            reading.wrong("CL0507", f":{name} describes nothing", tag.pos, tag.end)
        reading.term = None


def _single(reading: _Reading, tag: _Tag) -> None:
    name = tag.name
    if name in _OUTSIDE:
        if reading.inside("HELP"):
            reading.wrong("CL0503", f":{name} stands inside a :HELP", tag.pos, tag.end)
        reading.flow = True
    elif not reading.inside("HELP"):
        reading.wrong("CL0503", f":{name} stands outside a :HELP", tag.pos, tag.end)
    elif reading.inside(*_PHRASES) or reading.term is not None:
        reading.wrong("CL0503", f":{name} cannot stand here", tag.pos, tag.end)
    else:
        reading.flow = True


def _text(reading: _Reading, pos: int, end: int) -> None:
    text = reading.text[pos:end]
    _symbols(reading, text, pos)
    if not reading.began or reading.ended:
        reading.wrong("CL0503", "text stands outside :PNLGRP and :EPNLGRP", pos, end)
    elif not reading.inside("HELP"):
        if not reading.flow:
            reading.wrong("CL0503", "text stands outside a :HELP", pos, end)
    elif not reading.titled and not reading.flow:
        title = text.strip()
        reading.titled = True
        reading.modules[reading.module] = reading.modules[reading.module] or title
        if len(title) > TITLE_MAX:
            reading.wrong("CL0507", f"a title has at most {TITLE_MAX} characters", pos, end)
    elif not reading.flow:
        reading.wrong("CL0503", "text stands behind the title without a tag such as :P", pos, end)


def _symbols(reading: _Reading, text: str, pos: int) -> None:
    for found in re.finditer("&", text):
        symbol = _SYMBOL.match(text, found.start())
        if symbol is None or symbol[1].upper() not in _SYMBOLS or symbol[3] is None:
            at = pos + found.start()
            help = "write &amp. for an ampersand in a text"
            reading.wrong("CL0508", "an ampersand begins a symbol, and this is none", at, at + 1, help)


def _end(reading: _Reading) -> None:
    at = len(reading.text.rstrip())
    for tag in reading.open:
        if tag.name != "PNLGRP":
            reading.wrong("CL0505", f":{tag.name} is not closed", tag.pos, tag.end)
    if not reading.ended:
        reading.wrong("CL0505", ":EPNLGRP is missing", max(0, at - 1), at)
    elif not reading.modules:
        reading.wrong("CL0507", "the panel group has no :HELP", max(0, at - 1), at)
    for link in reading.links:
        words = link.attributes.get("PERFORM", "").upper().split()
        if len(words) == 2 and words[0] == "DSPHELP" and words[1] not in reading.modules:
            reading.wrong("CL0506", f"there is no help module {words[1]}", link.pos, link.end)
