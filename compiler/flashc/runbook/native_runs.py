"""The native commands that start, end, check and recover runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flashc.runbook.command_texts import CommandText
from flashc.runbook.native import (
    OUTPUT_MESSAGES,
    OUTPUT_RULES,
    Command,
    Condition,
    Dependency,
    Example,
    Parameter,
    environment,
    example,
    output,
    parameter,
    reason,
    words,
)

_NO_RESTART = tuple(f"FLE{number:04d}" for number in range(150, 157))
"""Why a run does not go on at a restart point."""


def start_run(b: Mapping[str, Any]) -> Command:
    text = words(b).commands["FLSTRENV"]
    name = example(b)
    repaired, month_end = text.reasons
    return Command(
        "FLSTRENV",
        text.prompt,
        text.help,
        (
            environment(b, text),
            _restart(b, text),
            parameter(text, "SKIP", length="10", default="*NO", values=("*NO", "*YES", "*CANCEL")),
            reason(text),
            parameter(text, "WAIT", length="4", default="*NO", values=("*NO", "*YES")),
            parameter(text, "SCHEDULED", length="4", default="*NO", values=("*NO", "*YES")),
        ),
        (
            Example(f"FLSTRENV ENV({name})", text.examples[0]),
            Example(f"FLSTRENV ENV({name}) RESTART(O80) REASON('{repaired}')", text.examples[1]),
            Example(f"FLSTRENV ENV({name}) SKIP(*YES) REASON('{month_end}')", text.examples[2]),
            Example(f"FLSTRENV ENV({name}) SCHEDULED(*YES) WAIT(*YES)", text.examples[3]),
        ),
        (
            *("FLE0050", "FLE0051", "FLE0052", "FLE0058", "FLE0122"),
            *_NO_RESTART,
            "FLE0190",
            "FLE0160",
            "FLE0161",
            "FLE0236",
        ),
        dependencies=(
            _alone("SKIP", Condition("RESTART", "*EQ", "*NO")),
            _alone("SKIP", Condition("WAIT", "*EQ", "*NO")),
            _alone("SKIP", Condition("SCHEDULED", "*EQ", "*NO")),
            _alone("RESTART", Condition("SCHEDULED", "*EQ", "*NO")),
        ),
        checker="FLVLDSTR",
        operators=True,
    )


def _alone(keyword: str, other: Condition) -> Dependency:
    """Where `keyword` is not *NO, `other` must hold."""
    return Dependency(Condition(keyword, "*NE", "*NO"), (other,), "FLE0162")


def _restart(b: Mapping[str, Any], text: CommandText) -> Parameter:
    """RESTART: the restart points of all environments of the system."""
    codes = sorted({point["code"] for e in b["environments"] for point in e["restarts"]})
    return parameter(text, "RESTART", length="10", default="*NO", values=("*NO", *codes))


def end_run(b: Mapping[str, Any]) -> Command:
    text = words(b).commands["FLENDENV"]
    (why,) = text.reasons
    return Command(
        "FLENDENV",
        text.prompt,
        text.help,
        (
            environment(b, text),
            reason(text),
            parameter(text, "WAIT", length="4", default="*NO", values=("*NO", "*YES")),
        ),
        (
            Example(f"FLENDENV ENV({example(b)})", text.examples[0]),
            Example(f"FLENDENV ENV({example(b)}) REASON('{why}') WAIT(*YES)", text.examples[1]),
        ),
        ("FLE0054", "FLE0122", "FLE0160", "FLE0161", "FLE0163"),
        operators=True,
    )


def check_run(b: Mapping[str, Any]) -> Command:
    text = words(b).commands["FLCHKENV"]
    return Command(
        "FLCHKENV",
        text.prompt,
        text.help,
        (environment(b, text), *output(text, "*MSG")),
        (
            Example(f"FLCHKENV ENV({example(b)})", text.examples[0]),
            Example(f"FLCHKENV ENV({example(b)}) OUTPUT(*PRINT)", text.examples[1]),
        ),
        ("FLE0175", "FLE0249", *OUTPUT_MESSAGES),
        dependencies=OUTPUT_RULES,
    )


_RECOVERIES = ("*CHECK", "*UNDO", "*CLOSE", "*CONTINUE", "*UNATTEND", "*RESTORED", "*RSTSURE", "*GIVENBACK")


def recover_run(b: Mapping[str, Any]) -> Command:
    text = words(b).commands["FLRCVENV"]
    return Command(
        "FLRCVENV",
        text.prompt,
        text.help,
        (environment(b, text), parameter(text, "OPTION", length="10", default="*CHECK", values=_RECOVERIES)),
        (
            Example(f"FLRCVENV ENV({example(b)})", text.examples[0]),
            Example(f"FLRCVENV ENV({example(b)}) OPTION(*UNDO)", text.examples[1]),
        ),
        ("FLE0003", "FLE0011", "FLE0020", "FLE0249"),
    )
