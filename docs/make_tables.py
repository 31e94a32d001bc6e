"""Writes the tables of docs/ that follow from the code: steps, programs, messages, statuses, site file.

    .venv/bin/python docs/make_tables.py

Each table stands between two comments in a page, `<!-- made: NAME -->` and `<!-- end -->`.  A test compares
the pages with what would be written now.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import re
import sys
import typing
from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_BLOCK = re.compile(r"(<!-- made: ([a-z0-9-]+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table."""
    titles = list(head)
    lines = ["| " + " | ".join(titles) + " |", "|" + "---|" * len(titles)]
    lines += ["| " + " | ".join(_cell(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ").strip()


def _environment() -> typing.Any:
    from flashc.check.load import load

    spec, _ = load(ROOT / "examples" / "nightly_brms.flash")
    assert spec is not None
    return spec.environments[0]


def _duration(seconds: int | None) -> str:
    if seconds is None:
        return ""
    for unit, length in (("h", 3600), ("m", 60)):
        if seconds >= length and seconds % length == 0:
            return f"{seconds // length}{unit}"
    return f"{seconds}s"


def reference_codes() -> str:
    """The classes of reference codes, in the order in which they are tried."""
    from flashc.runbook.refcodes import CLASSES

    head = ("code begins with", "class", "tells", "the run", "told to QSYSOPR when one code stays for")
    rows = [(c.shown, c.name, c.meaning, c.verdict, _duration(c.still_s or None)) for c in CLASSES]
    return table(head, rows)


def special_authorities() -> str:
    """The special authorities of the product's profile."""
    from flashc.runbook.authorities import SPECIAL

    rows = [(a.name, ", ".join(a.commands), a.why, a.without, a.not_needed) for a in SPECIAL]
    return table(("special authority", "asked for by", "why", "without it", "not needed by"), rows)


def object_authorities() -> str:
    """What else the profile is given."""
    from flashc.runbook.authorities import OBJECTS

    return table(("to", "authority", "why", "given by"), OBJECTS)


def officer_list() -> str:
    """The security officer's commands for the example."""
    from flashc.bundle import build
    from flashc.check.load import load

    spec, _ = load(ROOT / "examples" / "nightly_brms.flash")
    assert spec is not None
    lines = "".join(f"{command}\n" for command in build(spec)[0].manifest["officer"])
    return f"```text\n{lines}```\n"


def families() -> str:
    """The families of consoles and storage systems, with their ways and how `disks` names a copy."""
    from flashc.check.families import FAMILIES

    rows = []
    for family in FAMILIES:
        ways = ", ".join(
            f"`{way.name}` ({way.credential}{f', port {way.port}' if way.port else ''})"
            + ("" if way.offered else ", no driver yet")
            for way in family.ways
        )
        copies = "; ".join(
            f"`{phrase.example}`" + ("" if phrase.offered and family.offered else " (not yet)")
            for phrase in family.phrases
        )
        most = str(family.copies_max) if family.copies_max else ""
        rows.append((f"`{family.name}`", family.kind, family.title, ways, copies, most))
    head = ("family", "kind", "which", "ways (credential)", "`disks` …", "copies of a volume at most")
    return table(head, rows)


def conformance(file: str = "matrix.json") -> str:
    """What each driver made of each case of the conformance suite."""
    matrix = json.loads((ROOT / "tests" / "conformance" / file).read_text(encoding="utf-8"))
    cases = list(next(iter(matrix.values())))
    marks = {"passes": "yes", "fails": "FAILS"}
    rows = [
        (case, *(marks.get(row[case], row[case].removeprefix("not: ")) for row in matrix.values()))
        for case in cases
    ]
    return table(("case", *(f"`{name}`" for name in matrix)), rows)


ONCE = (
    "svc group",
    "svc volume group",
    "powermax storage group",
    "ds8000 pairs",
    "pure protection group",
    "hitachi snapshot group",
    "powervs volumes",
    "custom named",
)


def once(copies: str) -> str:
    """The commands that make what the copies of a family's phrase need."""
    from flashc.deploy.once import read_once

    return "\n".join(["```text", *read_once()[copies].shown(), "```"])


def steps() -> str:
    """The runbook of the example, step by step."""
    from flashc.runbook.messages import step_message_id, text_of
    from flashc.runbook.steps import steps as runbook

    rows = [
        (
            s.code,
            step_message_id(s.code),
            s.actor,
            text_of(s.code),
            s.what,
            _duration(s.limit_s),
            s.undo or "",
            s.on_failure,
        )
        for s in runbook(_environment())
    ]
    head = ("code", "message", "done by", "text", "&1 of the example", "limit", "undone by", "if it fails")
    return table(head, rows)


def other_steps() -> str:
    """Step codes that stand for an undo or a recovery, and so are in no run that goes well."""
    from flashc.runbook.messages import STEPS, step_message_id
    from flashc.runbook.steps import steps as runbook

    known = {step_message_id(s.code) for s in runbook(_environment())}
    return table(("message", "text", "about"), [(m.id, m.text, m.cause) for m in STEPS if m.id not in known])


def by_hand() -> str:
    """The steps of the commands about a clone, for the example's."""
    from flashc.runbook.messages import text_of
    from flashc.runbook.steps import by_hand_steps

    rows = [
        (f"`{command}`", s.code, text_of(s.code), _duration(s.limit_s), s.undo or "", s.on_failure)
        for command, steps in by_hand_steps(_environment().clone).items()
        for s in steps
    ]
    return table(("command", "code", "text", "limit", "undone by", "if it fails"), rows)


def programs() -> str:
    """Every CL program of the example's bundle, with the title of its header and its template."""
    from flashc.bundle import build
    from flashc.check.load import load
    from flashc.runbook.objects import BY_HAND

    spec, _ = load(ROOT / "examples" / "nightly_brms.flash")
    assert spec is not None
    templates = {path.name.split(".")[0] for path in (ROOT / "templates_cl").glob("*.clle.j2")}
    own = {
        "FLDDAILY": "driver",
        "FLBDAILY": "before",
        "FLADAILY": "after",
        "FLGRDA": "flgrd",
        "FLGRDB": "flgrd",
        "FLC0056": "byhand",
        **dict.fromkeys(BY_HAND, "clonecmd"),
    }
    rows = []
    for name, data in sorted(build(spec)[0].files.items()):
        if name.endswith(".clle"):
            program = name.removesuffix(".clle")
            title = data.decode("ascii").splitlines()[1].strip("/* ").split(None, 1)[1]
            template = own.get(program, program.lower())
            assert template in templates, program
            rows.append((f"`{program}`", title, f"`templates_cl/{template}.clle.j2`"))
    return table(("program", "what it does", "template"), rows)


def messages() -> str:
    """The product's messages that tell of a failure, and what to do about each."""
    from flashc.runbook.messages import ERRORS

    return table(("id", "text", "cause", "what to do"), [(m.id, m.text, m.cause, m.recovery) for m in ERRORS])


def _context() -> typing.Any:
    """What the templates of the example's bundle see."""
    from flashc.bundle.context import system_context
    from flashc.check.load import load

    spec, _ = load(ROOT / "examples" / "nightly_brms.flash")
    assert spec is not None
    return system_context(spec, spec.systems[0], "0" * 64)


def native_commands() -> str:
    """Each native command: what it does, its parameters, examples, and the messages that it ends with."""
    from flashc.runbook.commands import commands
    from flashc.runbook.messages import MESSAGES

    texts = {message.id: message for message in MESSAGES}
    out = []
    context = _context()
    for command in commands(context):
        out.append(f"### {command.name}\n")
        out.append(f"{command.prompt}. {command.help[0]}\n")
        out += [f"{text}\n" for text in command.help[1:]]
        out.append(" ".join(command.restrictions(context)) + "\n")
        rows = []
        for place, p in enumerate(command.parameters, 1):
            values = [f"`{c.value}` {c.help}" for c in p.choices]
            values += [f"{p.other.value}: {p.other.help}"] if p.other else []
            default = f"`{p.default}`" if p.default else "required" if p.required else ""
            rows.append(
                (
                    f"`{p.keyword}`",
                    str(place) if place <= command.positional else "",
                    p.prompt,
                    default,
                    " ".join(p.help),
                    "<br>".join(values),
                )
            )
        out.append(table(("keyword", "place", "prompt", "default", "what it is", "values"), rows))
        out += [f"- `{example.command}`: {example.help}" for example in command.examples]
        out.append("")
        out.append("It ends with:\n")
        out.append(table(("id", "text"), [(m, texts[m].text) for m in command.message_ids]))
    return "\n".join(out)


def native_messages() -> str:
    """Every message id of the product with its text."""
    from flashc.runbook.messages import MESSAGES

    return table(("id", "severity", "text"), [(m.id, f"{m.severity:02d}", m.text) for m in MESSAGES])


def native_objects() -> str:
    """The objects of the example's libraries, in the order of their making: what each is for."""
    from flashc.bundle import build
    from flashc.check.load import load
    from flashc.runbook.objects import VIEWS
    from flashc.runbook.tables import TABLES

    labels = {**{one.name: one.label for one in TABLES}, **VIEWS}
    spec, _ = load(ROOT / "examples" / "nightly_brms.flash")
    assert spec is not None
    rows = []
    for one in build(spec)[0].manifest["objects"]:
        text = re.search(r"TEXT\('((?:[^']|'')*)'\)", " ".join(one["create"]))
        prompt = "" if text else f"Command {one['name']}" if one["type"] == "*CMD" else labels[one["name"]]
        what = text[1].replace("''", "'") if text else prompt
        place = f"`{one['library']}/{one['name']}`"
        rows.append((place, one["type"], what, f"`{one['source']}`" if one["source"] else ""))
    return table(("object", "type", "what it is", "made from"), rows)


def statuses() -> str:
    """The sidecar's exit statuses, from the module that defines them."""
    source = (ROOT / "runtime" / "flashrt" / "status.py").read_text(encoding="utf-8")
    rows = [("0", "OK", "done")]
    rows += [
        (number, name, why)
        for name, number, why in re.findall(r"^([A-Z]+) = ([1-9][0-9]*)  # (.+)$", source, re.MULTILINE)
    ]
    return table(("status", "name", "meaning"), rows)


def _sites() -> dict[str, type]:
    """The dataclasses of a site file by the table that fills them, in the order of the file."""
    from flashtwin import site

    found: dict[str, type] = {}

    def walk(name: str, kind: type) -> None:
        if name in found:
            return
        found[name] = kind
        for key, hint in typing.get_type_hints(kind, include_extras=False).items():
            inner = typing.get_args(hint)
            if dataclasses.is_dataclass(hint):
                walk(f"{name}.{key}" if name else key, typing.cast(type, hint))
            elif inner and dataclasses.is_dataclass(inner[0]):
                walk(f"{name}.{key}[]" if name else f"{key}[]", typing.cast(type, inner[0]))

    walk("", site.Site)
    return found


def _default(field: dataclasses.Field[typing.Any], is_time: bool) -> str:
    if field.default is not dataclasses.MISSING:
        value = field.default
    elif field.default_factory is not dataclasses.MISSING:
        value = field.default_factory()
    else:
        return "needed"
    if dataclasses.is_dataclass(value):
        return "see its table"
    if isinstance(value, tuple):
        return "none" if not value else "the usual ones"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and is_time:
        return f"`{_seconds(value)}`"
    if isinstance(value, str):
        return f"`{value}`" if value else "empty"
    return "none" if value in (None, {}) else f"`{value}`"


def _seconds(value: float) -> str:
    if value != int(value):
        return f"{round(value * 1000)}ms"
    return _duration(int(value)) if value else "0s"


def site_file() -> str:
    """The tables and keys of a site file, from the dataclasses that read it."""
    out = []
    for name, kind in _sites().items():
        hints = typing.get_type_hints(kind, include_extras=True)
        shown = re.sub(r"^([^\[.]+)\[\]$", r"[[\1]]", name) if name else "the file itself"
        out.append(f"**{shown}** {' '.join((kind.__doc__ or '').split())}\n")
        keys = []
        for field in dataclasses.fields(kind):
            timed = bool(getattr(hints[field.name], "__metadata__", ()))
            keys.append(f"`{field.name}` ({_default(field, timed)})")
        out.append("Keys (default): " + ", ".join(keys) + ".\n")
    return "\n".join(out)


def excerpt(program: str, first: str, last: str) -> Callable[[], str]:
    """Lines of a program of the example: from the one with `first` to the one with `last` behind it."""

    def shown() -> str:
        lines = _sources()[f"{program}.clle"].decode("ascii").splitlines()
        begin = next(n for n, line in enumerate(lines) if first in line)
        end = next(n for n in range(begin + 1, len(lines)) if last in lines[n])
        return "```\n" + "\n".join(lines[begin : end + 1]) + "\n```\n"

    return shown


@functools.cache
def _sources() -> dict[str, bytes]:
    from flashc.bundle import build
    from flashc.check.load import load

    spec, _ = load(ROOT / "examples" / "nightly_brms.flash")
    assert spec is not None
    return build(spec)[0].files


def columns(area: str) -> str:
    """A data area, by column."""
    from flashc.runbook import areas

    rows = [(one.columns, one.what) for one in getattr(areas, area)]
    return table(("columns", "what"), rows)


def outcomes() -> str:
    """What the night of a fault must come to."""
    from flashc.cli.campaign.oracle import ROWS

    head = ("kinds of faults", "where", "the run must", "because")
    rows, named = [], set[str]()
    for row in ROWS:
        rest = "elsewhere" if named.intersection(row.kinds) else "anywhere"
        rows.append(("; ".join(dict.fromkeys(row.kinds)), row.where or rest, row.shown, row.why))
        named.update(row.kinds)
    return table(head, rows)


MAKERS: dict[str, Callable[[], str]] = {
    "tour-header": excerpt("FLDDAILY", "/* FLDDAILY ", "/*******"),
    "tour-identity": excerpt("FLDDAILY", "Who am I?  Off production", " ENDDO"),
    "tour-main": excerpt("FLDDAILY", "An error that no step expected", "CALLSUBR   SUBR(PROVE)"),
    "tour-hold": excerpt("FLDDAILY", "CHGVAR     VAR(&DTA) VALUE(&NBR *CAT '/QUSRSSH/CPY')", "ENDSUBR"),
    "tour-window": excerpt(
        "FLDDAILY", "O50  From here production waits", "From here on notes can be written"
    ),
    "tour-fire": excerpt("FLGRDA", "No DONE in time.", "VALUE('FLGRDA')"),
    "record": lambda: columns("RECORD"),
    "ticket": lambda: columns("TICKET"),
    "steps": steps,
    "other-steps": other_steps,
    "by-hand": by_hand,
    "programs": programs,
    "messages": messages,
    "native-commands": native_commands,
    "native-objects": native_objects,
    "native-messages": native_messages,
    "reference-codes": reference_codes,
    "special-authorities": special_authorities,
    "object-authorities": object_authorities,
    "officer-commands": officer_list,
    "statuses": statuses,
    "outcomes": outcomes,
    "families": families,
    "conformance": conformance,
    "conformance-consoles": lambda: conformance("consoles.json"),
    "site-file": site_file,
    **{f"once-{copies.replace(' ', '-')}": functools.partial(once, copies) for copies in ONCE},
}


def made(text: str) -> str:
    """The page with its tables as they are now."""
    return _BLOCK.sub(lambda m: f"{m[1]}\n{MAKERS[m[2]]()}\n{m[4]}", text)


def main() -> int:
    """Write every page whose tables have changed."""
    for page in sorted((ROOT / "docs").glob("*.md")):
        text = page.read_text(encoding="utf-8")
        now = made(text)
        if now != text:
            page.write_text(now, encoding="utf-8")
            print(f"written: {page.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
