"""The native commands that display environments, history, log and status."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flashc.runbook.native import (
    OUTPUT_MESSAGES,
    OUTPUT_RULES,
    Choice,
    Command,
    Condition,
    Dependency,
    Example,
    environment,
    example,
    output,
    parameter,
    words,
)


def display_environments(b: Mapping[str, Any]) -> Command:
    text = words(b).commands["FLDSPENV"]
    return Command(
        "FLDSPENV",
        text.prompt,
        text.help,
        (environment(b, text, "*ALL"), *output(text)),
        (
            Example("FLDSPENV", text.examples[0]),
            Example(f"FLDSPENV ENV({example(b)}) OUTPUT(*PRINT)", text.examples[1]),
        ),
        OUTPUT_MESSAGES,
        dependencies=OUTPUT_RULES,
        operators=True,
    )


def display_history(b: Mapping[str, Any]) -> Command:
    text = words(b).commands["FLDSPHST"]
    since = Choice("*AVAIL", text.parameters["FROMDATE"].values["*AVAIL"], "000000")
    results = ("*ALL", "COMPLETED", "FAILED", "REFUSED", "NEEDSYOU", "OPEN")
    return Command(
        "FLDSPHST",
        text.prompt,
        text.help,
        (
            environment(b, text, "*ALL", "*BYHAND"),
            parameter(text, "FROMDATE", type="*DATE", default="*AVAIL", special=(since,)),
            parameter(text, "RESULT", length="10", default="*ALL", values=results),
            *output(text),
        ),
        (
            Example("FLDSPHST", text.examples[0]),
            Example(f"FLDSPHST ENV({example(b)}) RESULT(FAILED)", text.examples[1]),
            Example("FLDSPHST ENV(*BYHAND)", text.examples[2]),
        ),
        OUTPUT_MESSAGES,
        dependencies=OUTPUT_RULES,
        operators=True,
    )


def display_log(b: Mapping[str, Any]) -> Command:
    text = words(b).commands["FLDSPLOG"]
    sections = ("*STEPS", "*FILES", "*QHST", "*JOBLOG", "*FILE")
    return Command(
        "FLDSPLOG",
        text.prompt,
        text.help,
        (
            parameter(text, "RUN", length="14", default="*LAST", special=("*LAST",)),
            environment(b, text, "*ALL"),
            parameter(text, "SIDE", length="10", default="*BOTH", values=("*BOTH", "*SOURCE", "*CLONE")),
            parameter(text, "SECTION", length="10", default="*STEPS", values=sections),
            parameter(
                text,
                "FILE",
                length="100",
                mixed_case=True,
                prompted_when=Condition("SECTION", "*EQ", "*FILE"),
            ),
            *output(text),
        ),
        (
            Example("FLDSPLOG", text.examples[0]),
            Example("FLDSPLOG SECTION(*FILES)", text.examples[1]),
            Example(
                "FLDSPLOG RUN(20261118203500) OUTPUT(*STMF) TOSTMF('/home/ops/night.txt')",
                text.examples[2],
            ),
        ),
        ("FLE0220", "FLE0223", "FLE0249", *OUTPUT_MESSAGES),
        dependencies=(
            Dependency(Condition("SECTION", "*EQ", "*FILE"), (Condition("FILE"),), "FLE0226"),
            Dependency(Condition("SECTION", "*NE", "*FILE"), (Condition("FILE"),), "FLE0226", "*EQ 0"),
            *OUTPUT_RULES,
        ),
        operators=True,
    )


def display_status(b: Mapping[str, Any]) -> Command:
    text = words(b).commands["FLDSPSTS"]
    return Command(
        "FLDSPSTS",
        text.prompt,
        text.help,
        (environment(b, text, "*ALL"), *output(text)),
        (Example("FLDSPSTS", text.examples[0]),),
        ("FLE0224", *OUTPUT_MESSAGES),
        dependencies=OUTPUT_RULES,
        operators=True,
    )
