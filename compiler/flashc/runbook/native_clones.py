"""The native commands for a declared clone: end, start, release, get something from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flashc.runbook.command_texts import CommandText
from flashc.runbook.native import (
    Choice,
    Command,
    Condition,
    Dependency,
    Example,
    Parameter,
    parameter,
    words,
)

_WAITED = ("FLE0160", "FLE0161", "FLE0208", "FLE0209", "FLE0236")
_DELAY_S = ("60", "14400")


def _clone(b: Mapping[str, Any], text: CommandText) -> Parameter:
    """CLONE: the declared clones that an environment uses, so that no other partition can be named."""
    said = words(b).panel.partition
    clones = [one["clone"] for one in b["by_hand"]]
    values = [Choice(clone["name"], said.format(label=clone["label"])) for clone in clones]
    only = values[0].value if len(values) == 1 else ""
    return parameter(
        text, "CLONE", length="32", required=not only, default=only, values=values, mixed_case=True
    )


def _request(text: CommandText) -> tuple[Parameter, ...]:
    """WAIT and REASON of what is asked about a clone."""
    return (
        parameter(text, "WAIT", length="4", default="*NO", values=("*NO", "*YES")),
        parameter(text, "REASON", length="50", default="*NONE", special=("*NONE",), mixed_case=True),
    )


def _orderly_end(b: Mapping[str, Any], text: CommandText) -> tuple[Parameter, ...]:
    """How long an end in order may take, and what then; nothing where no console asks for one."""
    if not b["ends_in_order"]:
        return ()
    ordered = Condition("OPTION", "*EQ", "*CNTRLD")
    least, most = _DELAY_S
    return (
        parameter(
            text,
            "DELAY",
            type="*DEC",
            length="5 0",
            choice=text.parameters["DELAY"].choice.format(least=least, most=most),
            default=str(b["by_hand"][0]["end_within_s"]),
            limits=_DELAY_S,
            prompted_when=ordered,
        ),
        parameter(text, "FORCE", length="10", default="*NO", values=("*NO", "*YES"), prompted_when=ordered),
    )


def end_clone(b: Mapping[str, Any]) -> Command:
    text = words(b).commands["FLENDCLN"]
    orderly = b["ends_in_order"]
    hard = [one["clone"]["name"] for one in b["by_hand"] if not one["clone"]["ends_in_order"]]
    first, *rest = text.help
    option = parameter(
        text,
        "OPTION",
        length="10",
        default="*CNTRLD" if orderly else "",
        required=not orderly,
        values=("*CNTRLD", "*IMMED") if orderly else ("*IMMED",),
    )
    if hard:
        note = text.phrases["hard only"].format(clones=", ".join(hard))
        option = replace(option, help=(*option.help, note))
    name = b["by_hand"][0]["clone"]["name"]
    (why,) = text.reasons
    return Command(
        "FLENDCLN",
        text.prompt,
        (first.format(how=text.phrases["in order" if orderly else "at once"]), *rest),
        (
            _clone(b, text),
            option,
            *_orderly_end(b, text),
            parameter(
                text,
                "SAVING",
                length="10",
                default="*REFUSE",
                values=("*REFUSE", "*END"),
                prompted_when=Condition("OPTION", "*EQ", "*IMMED"),
            ),
            *_request(text),
        ),
        (
            Example(f"FLENDCLN CLONE({name})", text.examples[0])
            if orderly
            else Example(f"FLENDCLN CLONE({name}) OPTION(*IMMED)", text.examples[1]),
            Example(f"FLENDCLN CLONE({name}) OPTION(*IMMED) SAVING(*END) REASON('{why}')", text.examples[2]),
        ),
        ("FLE0051", "FLE0200", "FLE0207", *_WAITED, *(["FLE0227"] if hard and orderly else [])),
        dependencies=(
            Dependency(
                Condition("SAVING", "*EQ", "*END"), (Condition("OPTION", "*EQ", "*IMMED"),), "FLE0211"
            ),
        ),
        operators=True,
    )


def start_clone(b: Mapping[str, Any]) -> Command:
    text = words(b).commands["FLSTRCLN"]
    name = b["by_hand"][0]["clone"]["name"]
    return Command(
        "FLSTRCLN",
        text.prompt,
        text.help,
        (
            _clone(b, text),
            parameter(text, "MODE", length="10", default="*MANUAL", values=("*MANUAL", "*NORMAL")),
            *_request(text),
        ),
        (
            Example(f"FLSTRCLN CLONE({name})", text.examples[0]),
            Example(f"FLSTRCLN CLONE({name}) MODE(*NORMAL)", text.examples[1]),
        ),
        ("FLE0051", "FLE0200", "FLE0207", *_WAITED),
        operators=True,
    )


def release_clone(b: Mapping[str, Any]) -> Command:
    text = words(b).commands["FLRLSCLN"]
    name = b["by_hand"][0]["clone"]["name"]
    return Command(
        "FLRLSCLN",
        text.prompt,
        text.help,
        (
            _clone(b, text),
            parameter(
                text, "COPY", length="63", default="*OLDEST", special=("*OLDEST", "*ALL"), mixed_case=True
            ),
            parameter(text, "KEEP", length="10", default="*KEEP", values=("*KEEP", "*RELEASE")),
            *_request(text),
        ),
        (
            Example(f"FLRLSCLN CLONE({name})", text.examples[0]),
            Example(f"FLRLSCLN CLONE({name}) COPY(*ALL) KEEP(*RELEASE)", text.examples[1]),
        ),
        ("FLE0051", "FLE0200", "FLE0207", *_WAITED, "FLE0210"),
        operators=True,
    )


def get_from_clone(b: Mapping[str, Any]) -> Command:
    text = words(b).commands["FLGETCLN"]
    name = b["by_hand"][0]["clone"]["name"]
    library, stream = Condition("LIB"), Condition("STMF")
    path: dict[str, Any] = {"type": "*PNAME", "length": "120", "mixed_case": True}
    every: dict[str, Any] = {
        "length": "10",
        "default": "*ALL",
        "special": ("*ALL",),
        "prompted_when": library,
    }
    return Command(
        "FLGETCLN",
        text.prompt,
        text.help,
        (
            _clone(b, text),
            parameter(text, "LIB", type="*SNAME", length="10"),
            parameter(text, "OBJ", type="*SNAME", **every),
            parameter(text, "OBJTYPE", **every),
            parameter(text, "TOLIB", type="*SNAME", length="10", prompted_when=library),
            parameter(text, "STMF", **path),
            parameter(text, "TOSTMF", **path, prompted_when=stream),
            parameter(text, "RUN", length="14", default="*LAST", special=("*LAST",)),
            *_request(text),
        ),
        (
            Example(f"FLGETCLN CLONE({name}) LIB(PAYROLL) TOLIB(PAYROLLOLD)", text.examples[0]),
            Example(
                f"FLGETCLN CLONE({name}) LIB(PAYROLL) OBJ(RATES) OBJTYPE(*FILE) TOLIB(RATESOLD) WAIT(*YES)",
                text.examples[1],
            ),
            Example(
                f"FLGETCLN CLONE({name}) STMF('/home/anna/list.csv') TOSTMF('/home/anna/list.old')",
                text.examples[2],
            ),
        ),
        ("FLE0051", "FLE0200", "FLE0207", *_WAITED, "FLE0212"),
        dependencies=(
            Dependency(None, (library, stream), "FLE0212", "*EQ 1"),
            Dependency(library, (Condition("TOLIB"),), "FLE0212"),
            Dependency(stream, (Condition("TOSTMF"),), "FLE0212"),
            Dependency(
                stream, tuple(Condition(word) for word in ("TOLIB", "OBJ", "OBJTYPE")), "FLE0212", "*EQ 0"
            ),
        ),
    )
