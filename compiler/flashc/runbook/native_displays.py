"""The native commands that display environments, history, log and status."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flashc.runbook.native import (
    OUTPUT,
    OUTPUT_MESSAGES,
    OUTPUT_RULES,
    Choice,
    Command,
    Condition,
    Dependency,
    Example,
    Parameter,
    environment,
    example,
)


def _some(b: Mapping[str, Any], *more: Choice) -> Parameter:
    """ENV of a display: one environment or all; `more` it may show besides."""
    every = Choice("*ALL", "All environments of this partition.")
    return replace(environment(b, every, *more), required=False, default="*ALL")


def display_environments(b: Mapping[str, Any]) -> Command:
    return Command(
        "FLDSPENV",
        "Display Environments (flashc)",
        (
            "Shows the environments: when they run, on which clone, what the clone does, the next run as the "
            "job scheduler has it, the last run with its result, and the state.",
        ),
        (_some(b), *OUTPUT),
        (
            Example("FLDSPENV", "Shows all environments."),
            Example(
                f"FLDSPENV ENV({example(b)}) OUTPUT(*PRINT)",
                "Prints one, as spooled file FLDSPENV.",
            ),
        ),
        OUTPUT_MESSAGES,
        dependencies=OUTPUT_RULES,
        operators=True,
    )


def display_history(b: Mapping[str, Any]) -> Command:
    since = Parameter(
        "FROMDATE",
        "From date",
        ("Runs that started on this date or later.",),
        type="*DATE",
        choice="Date, *AVAIL",
        default="*AVAIL",
        special=(Choice("*AVAIL", "All runs that the journal has.", "000000"),),
    )
    result = Parameter(
        "RESULT",
        "Result",
        ("Runs with this result only.",),
        length="10",
        default="*ALL",
        values=(
            Choice("*ALL", "Runs with any result."),
            Choice("COMPLETED", "The save and its delivery are verified."),
            Choice("FAILED", "What was changed is undone."),
            Choice("REFUSED", "Nothing was changed."),
            Choice("NEEDSYOU", "Something is left that only you can do: see FLRCVENV."),
            Choice("OPEN", "It has no result yet."),
        ),
    )
    asked = "Requests by FLENDCLN, FLSTRCLN, FLRLSCLN and FLGETCLN; they belong to no environment."
    by_hand = Choice("*BYHAND", asked)
    return Command(
        "FLDSPHST",
        "Display History (flashc)",
        (
            "Shows the runs that the journal has, the newest first: start, end, result, how long production "
            "was held (split into quiesce, hold and resume), and the verdicts.",
        ),
        (_some(b, by_hand), since, result, *OUTPUT),
        (
            Example("FLDSPHST", "Shows all runs."),
            Example(f"FLDSPHST ENV({example(b)}) RESULT(FAILED)", "Shows those of one that failed."),
            Example("FLDSPHST ENV(*BYHAND)", "Shows what was asked of clones by hand."),
        ),
        OUTPUT_MESSAGES,
        dependencies=OUTPUT_RULES,
        operators=True,
    )


def display_log(b: Mapping[str, Any]) -> Command:
    run = Parameter(
        "RUN",
        "Run",
        ("The run whose log is shown.",),
        length="14",
        choice="14 digits, *LAST",
        default="*LAST",
        special=(Choice("*LAST", "The run that started last."),),
    )
    side = Parameter(
        "SIDE",
        "Side",
        ("Whose steps are shown.",),
        length="10",
        default="*BOTH",
        values=(
            Choice("*BOTH", "Those of both partitions by their time, each in a column of its own."),
            Choice("*SOURCE", "Those of production."),
            Choice("*CLONE", "Those of the clone, as far as they were delivered."),
        ),
    )
    section = Parameter(
        "SECTION",
        "Section",
        ("Which part of the log is shown.",),
        length="10",
        default="*STEPS",
        values=(
            Choice("*STEPS", "The steps, with code and text."),
            Choice("*FILES", "What the clone delivered: the names and sizes of its files."),
            Choice("*QHST", "The history log of the clone."),
            Choice("*JOBLOG", "The job log of the clone's last program."),
            Choice("*FILE", "The delivered file that FILE names."),
        ),
    )
    file = Parameter(
        "FILE",
        "Delivered file",
        ("A file that SECTION(*FILES) names: the log of a job, the listing of a save.",),
        length="100",
        choice="Name",
        mixed_case=True,
        prompted_when=Condition("SECTION", "*EQ", "*FILE"),
    )
    return Command(
        "FLDSPLOG",
        "Display Log of a Run (flashc)",
        (
            "Shows the log of one run: the steps of both partitions by their time, or a file that the clone "
            "delivered. Delivered files are read with your own authority to the folder of the product.",
        ),
        (run, _some(b), side, section, file, *OUTPUT),
        (
            Example("FLDSPLOG", "Shows the steps of the last run."),
            Example("FLDSPLOG SECTION(*FILES)", "Shows what the last run delivered."),
            Example(
                "FLDSPLOG RUN(20261118203500) OUTPUT(*STMF) TOSTMF('/home/ops/night.txt')",
                "Writes the steps of this run to a stream file.",
            ),
        ),
        ("FLE0220", "FLE0223", *OUTPUT_MESSAGES),
        dependencies=(
            Dependency(Condition("SECTION", "*EQ", "*FILE"), (Condition("FILE"),), "FLE0226"),
            Dependency(Condition("SECTION", "*NE", "*FILE"), (Condition("FILE"),), "FLE0226", "*EQ 0"),
            *OUTPUT_RULES,
        ),
        operators=True,
    )


def display_status(b: Mapping[str, Any]) -> Command:
    return Command(
        "FLDSPSTS",
        "Display Status (flashc)",
        (
            "Shows what is going on now: whether production may be suspended, the runs that are open with "
            "their phase, their last and next step and whether their driver is alive, the state of BRMS, "
            "what was last seen of the clone, and who holds which lock.",
            "It asks neither the console nor the array: it shows what the run has written down.",
        ),
        (_some(b), *OUTPUT),
        (Example("FLDSPSTS", "Shows what is going on now."),),
        ("FLE0224", *OUTPUT_MESSAGES),
        dependencies=OUTPUT_RULES,
        operators=True,
    )
