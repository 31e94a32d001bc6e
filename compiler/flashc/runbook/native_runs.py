"""The native commands that start, end, check and recover runs."""

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

REASON = Parameter(
    "REASON",
    "Reason",
    ("Why, in your own words. It stands in the journal.",),
    length="100",
    other="What is written.",
    default="' '",
    mixed_case=True,
)


def start_run(b: Mapping[str, Any]) -> Command:
    name = example(b)
    skip = Parameter(
        "SKIP",
        "Skip next scheduled run",
        (
            "Whether the next scheduled run of the environment is left out. Nothing is started; a run that "
            "is started by hand is not affected.",
        ),
        length="10",
        default="*NO",
        values=(
            Choice("*NO", "Nothing is skipped."),
            Choice("*YES", "The next scheduled run does nothing but say so; the one after it runs."),
            Choice("*CANCEL", "Takes back an earlier *YES."),
        ),
    )
    wait = Parameter(
        "WAIT",
        "Wait for the end of the run",
        ("Whether the command ends with the run, as other schedulers want it.",),
        length="4",
        default="*NO",
        values=(
            Choice("*NO", "It ends when the run is submitted."),
            Choice(
                "*YES",
                "It ends with a completion message when the run completed, else with the driver's escape "
                "message, or with one that says that the end is not known.",
            ),
        ),
    )
    scheduled = Parameter(
        "SCHEDULED",
        "Called by a scheduler",
        ("Whether this is a scheduled start. Schedule entries of the product say *YES.",),
        length="4",
        default="*NO",
        values=(
            Choice("*NO", "Somebody starts it: SKIP is not looked at."),
            Choice("*YES", "A scheduler starts it: where SKIP(*YES) was asked for it does nothing."),
        ),
    )
    return Command(
        "FLSTRENV",
        "Start Environment (flashc)",
        (
            "Starts a run: it checks, prepares the flash, holds production for the moment of the flash, "
            "starts the clone on the copy, has it do its work and brings the results home.",
            "The run is submitted to subsystem FLASHC, which the command starts where it is down, and the "
            "command returns at once. Every step of the run stands in the journal, table FLJRN.",
        ),
        (environment(b), _restart(b), skip, REASON, wait, scheduled),
        (
            Example(f"FLSTRENV ENV({name})", "Starts a run of the environment."),
            Example(
                f"FLSTRENV ENV({name}) RESTART(O80) REASON('link repaired')",
                "The last run goes on waiting for what its clone delivers.",
            ),
            Example(
                f"FLSTRENV ENV({name}) SKIP(*YES) REASON('month end')", "The next scheduled run is none."
            ),
            Example(
                f"FLSTRENV ENV({name}) SCHEDULED(*YES) WAIT(*YES)",
                "What another scheduler enters: it ends as the run ends.",
            ),
        ),
        (
            *("FLE0050", "FLE0051", "FLE0052", "FLE0058", "FLE0122"),
            *NO_RESTART,
            "FLE0190",
            "FLE0160",
            "FLE0161",
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


NO_RESTART = tuple(f"FLE{number:04d}" for number in range(150, 157))
"""Why a run does not go on at a restart point."""


def _alone(keyword: str, other: Condition) -> Dependency:
    """Where `keyword` is not *NO, `other` must hold."""
    return Dependency(Condition(keyword, "*NE", "*NO"), (other,), "FLE0162")


def _restart(b: Mapping[str, Any]) -> Parameter:
    """RESTART: the restart points of all environments of the system."""
    codes = sorted({point["code"] for e in b["environments"] for point in e["restarts"]})
    return Parameter(
        "RESTART",
        "Restart point",
        (
            "Where the last run of the environment goes on when the cause of its failure is repaired. A "
            "restart point is a step behind the proof of the flash; it proves anew what it stands on.",
        ),
        length="10",
        default="*NO",
        values=(Choice("*NO", "A new run."), *(Choice(code, RESTARTS[code]) for code in codes)),
    )


RESTARTS = {
    "O70": "The clone is powered on: the flash is good, the clone is off.",
    "O80": "The clone is watched on, and its delivery taken over when it comes.",
    "O86": "The delivery is here: it is taken over, and BRMS's history with it.",
    "O93": "The site's commands at the end, from the first that is not done.",
    "O96": "BRMS maintenance and the site's commands at the end, from the first that is not done.",
}
"""What goes on at each restart point."""


def end_run(b: Mapping[str, Any]) -> Command:
    wait = Parameter(
        "WAIT",
        "Wait until all is undone",
        ("Whether the command ends when the run has ended.",),
        length="4",
        default="*NO",
        values=(
            Choice("*NO", "It ends when the driver is asked."),
            Choice("*YES", "It ends with the run, by an escape message where something could not be undone."),
        ),
    )
    return Command(
        "FLENDENV",
        "End Environment (flashc)",
        (
            "Ends a run in order: what it changed on production is undone in reverse order, and the run is "
            "closed. The driver acts at its next wait, which is at once; production is never left held.",
            "A window ends first. What the clone has delivered is taken over first; what would follow is "
            "left out. The clone itself is left as it is: while it may write tapes, BRMS here stays in "
            "*STRPRC, and FLSTRENV RESTART(O80) watches it on.",
        ),
        (environment(b), REASON, wait),
        (
            Example(f"FLENDENV ENV({example(b)})", "Ends the run that is open."),
            Example(
                f"FLENDENV ENV({example(b)}) REASON('users complain') WAIT(*YES)",
                "The command ends when everything is undone.",
            ),
        ),
        ("FLE0054", "FLE0122", "FLE0160", "FLE0161", "FLE0163"),
        operators=True,
    )


def check_run(b: Mapping[str, Any]) -> Command:
    output, stream_file = OUTPUT
    messages = Choice("*MSG", "Messages only. All other values give the messages and a listing of them.")
    return Command(
        "FLCHKENV",
        "Check Environment (flashc)",
        (
            "Asks everything that a run asks before it touches anything, and changes nothing: not here, "
            "not on the HMC, not in the array.",
            "A message for each point says what was looked at and what was found: OK, attention, or refused "
            "and what to do. All points are looked at, whatever is found. It ends with a completion message "
            "when a run could start now, else with an escape message; both count what was refused, and what "
            "wants attention. A run begins with the same checks; they are in its job log.",
            "Another run that has the locks of this one is named with its job, and so is one that died "
            "and left them. No lock is taken for that, so no run is refused because somebody checks.",
        ),
        (environment(b), replace(output, default="*MSG", values=(messages, *output.values)), stream_file),
        (
            Example(f"FLCHKENV ENV({example(b)})", "Says whether a run could start now."),
            Example(f"FLCHKENV ENV({example(b)}) OUTPUT(*PRINT)", "The same, and prints it."),
        ),
        ("FLE0175", *OUTPUT_MESSAGES),
        dependencies=OUTPUT_RULES,
    )


def recover_run(b: Mapping[str, Any]) -> Command:
    option = Parameter(
        "OPTION",
        "What to do",
        ("What is done with the run that is open. Each may be given again: twice is as good as once.",),
        length="10",
        default="*CHECK",
        values=(
            Choice("*CHECK", "Says what is open, and changes nothing."),
            Choice("*UNDO", "Resumes production first of all, undoes what the run changed, and closes it."),
            Choice(
                "*CLOSE",
                "As *UNDO, and closes the run although something could not be undone: it was done by hand, "
                "or is given up. Never while production may be suspended or BRMS has to stay in *STRPRC.",
            ),
            Choice("*CONTINUE", "Goes on watching the clone of a good flash."),
            Choice("*UNATTEND", "Does what guard A does by itself: continues where that is safe, or undoes."),
            Choice(
                "*RESTORED",
                "This system came from a clone's tape: clears the ticket and closes the run, undoes nothing. "
                "Refused unless its objects were restored since the run began.",
            ),
            Choice(
                "*RSTSURE",
                "As *RESTORED, where the objects do not show it: the disks were brought back in another way, "
                "and you are sure that the run never was at work here.",
            ),
            Choice("*GIVENBACK", "A clone that was handed over comes back: the next run may end it."),
        ),
    )
    name = example(b)
    return Command(
        "FLRCVENV",
        "Recover Environment (flashc)",
        (
            "Looks at a run that died or was left open, says what of it is still open, and continues, undoes "
            "or closes it.",
        ),
        (environment(b), option),
        (
            Example(f"FLRCVENV ENV({name})", "Says what is open; nothing is changed."),
            Example(f"FLRCVENV ENV({name}) OPTION(*UNDO)", "Resumes, undoes and closes."),
        ),
        ("FLE0003", "FLE0011", "FLE0020"),
    )
