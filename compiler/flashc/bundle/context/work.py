"""What the templates see of the clone's work: its kind, devices, stages and saves."""

from __future__ import annotations

import itertools
from textwrap import wrap
from typing import Any

from flashc.check.model import BrmsOperation, Device, Environment, Save21Operation, UserOperation
from flashc.runbook.steps import SAVES

SAVED_AS_IT_IS = [
    "Nothing outside this library is changed before the save but what the",
    "spec names: each such change is on the tape.",
]

RESTRICTED_TRIES = 30
"""How often ENDSBS and SAVSYS are tried, a minute apart: docs/platform-facts.md#save-of-the-whole-system."""

SAVE_EXCEPTIONS = (
    *("CPF3701", "CPF3702", "CPF3751", "CPF3771", "CPF3774", "CPF3777", "CPF3778"),
    *("CPF3837", "CPF906B", "CPFA09E"),
)
"""Escapes of saves that have left something out and saved the rest: docs/platform-facts.md#save-messages."""

_OMITTED = ("/QSYS.LIB", "/QDLS", "/QNTC", "/QFileSvr.400")


def work_context(e: Environment, program: str) -> dict[str, Any]:
    """What the clone does, by its kind.

    `acts` are subroutines of clone/KIND_before.j2: first of all, before the early delivery, and the work;
    `work_program` runs in jobs of its own, "" where no program of ours does.
    """
    operation = e.operation
    if isinstance(operation, Save21Operation):
        return _save21(operation, program)
    if isinstance(operation, UserOperation):
        return _user(operation, program)
    if isinstance(operation, BrmsOperation):
        return _brms(operation, program)
    return {"work_program": ""}


def _brms(operation: BrmsOperation, program: str) -> dict[str, Any]:
    """The control groups: those in jobs of our program, numbered through all stages, and a restricted one."""
    last = operation.groups[-1].name if operation.restricted else ""
    stages = _numbered(
        [
            [{"text": group.name, "within_s": group.within_s} for group in stage]
            for stage in operation.stages[: -1 if last else None]
        ]
    )
    return {
        "work_program": program if stages else "",
        "acts": {"first": "", "prepare": "C15", "work": "C20"},
        "before_notes": SAVED_AS_IT_IS,
        "brings": (),
        "control_groups": [group.name for group in operation.groups],
        "last_group": last,
        "stages": stages,
        "jobs": [group for stage in stages for group in stage],
        "begins": "C20",
        "ends": "C30",
        "failed": "FLE0062",
        "joined": "",
    }


def _save21(operation: Save21Operation, program: str) -> dict[str, Any]:
    """The saves of option 21; where VOL names volumes a save goes on behind the one before."""
    device = operation.device
    dev = f"DEV({device.name})"
    omitted = " ".join(f"('{path}' *OMIT)" for path in _OMITTED)
    commands = (
        f"QSYS/SAVSYS {dev} ENDOPT(*LEAVE) CLEAR(*ALL) OUTPUT(*PRINT)",
        f"QSYS/SAVLIB LIB(*NONSYS) {dev} ENDOPT(*LEAVE) CLEAR(*AFTER) ACCPTH(*YES) OUTPUT(*PRINT) "
        "INFTYPE(*LIB)",
        f"QSYS/SAVDLO DLO(*ALL) FLR(*ANY) {dev} ENDOPT(*LEAVE) CLEAR(*AFTER) OUTPUT(*PRINT)",
        f"QSYS/SAV DEV('/QSYS.LIB/{device.name}.DEVD') OBJ(('/*') {omitted}) UPDHST(*YES) "
        "ENDOPT(*UNLOAD) CLEAR(*AFTER) OUTPUT(*PRINT) INFTYPE(*ERR)",
    )
    return {
        "stages": [],
        "work_program": program,
        "acts": {"first": "", "prepare": "", "work": "C18"},
        "before_notes": SAVED_AS_IT_IS,
        "brings": (),
        "saves": [
            {"code": code, "what": what, "parts": wrap(command, 44, break_long_words=False)}
            for (code, what), command in zip(SAVES, commands, strict=True)
        ],
        "volumes": device.volumes,
        "volume_list": " ".join(f"'{volume:<6}'" for volume in device.volumes),
        "category": device.category,
        "save_minutes": max(1, operation.within_s // 60),
        "save_exceptions": " ".join(SAVE_EXCEPTIONS),
        "restricted_tries": RESTRICTED_TRIES,
    }


def _user(operation: UserOperation, program: str) -> dict[str, Any]:
    """The commands of the site, numbered through all stages."""
    stages = _numbered(
        [
            [
                {"text": run.command, "within_s": run.within_s, "accept": run.accept, "expect": run.expect}
                for run in stage
            ]
            for stage in operation.stages
        ]
    )
    commands = [command for stage in stages for command in stage]
    ids = max(len(words) for run in commands for words in (run["accept"], run["expect"]))
    known = ("CPF", "CPD", "MCH", "CEE", "QSH", "SQL", "TCP", "BRM", "FLE")
    prefixes = sorted({word[:3] for run in commands for word in run["accept"]} - set(known))
    return {
        "work_program": program,
        "acts": {"first": "C04", "prepare": "", "work": "C26"},
        "before_notes": [
            "No schedule entry starts here, no user and no server: only the",
            "private link comes up, and the commands that the spec names.",
        ],
        "brings": operation.brings,
        "stages": stages,
        "jobs": commands,
        "begins": "C26",
        "ends": "C26",
        "failed": "FLE0114",
        "joined": "C27",
        "ids_length": 7 * max(1, ids),
        "more_errors": "".join(f" {prefix}0000" for prefix in prefixes),
    }


def _numbered(stages: list[list[dict[str, Any]]]) -> list[list[dict[str, Any]]]:
    """What runs in jobs of its own, numbered through all stages."""
    numbers = itertools.count(1)
    return [[{"number": next(numbers), **one} for one in stage] for stage in stages]


def device_context(device: Device) -> dict[str, Any]:
    """A device that the clone makes ready before its work and gives back behind it."""
    titles = {"library": "tape library", "drive": "tape drive", "virtual tape": "virtual tape device"}
    return {
        "kind": device.kind,
        "name": device.name,
        "label": device.resource,
        "title": f"The {titles.get(device.kind, device.kind)}",
        "library": device.qualifier if device.kind == "save file" else None,
        "catalog": device.qualifier if device.kind in ("virtual tape", "optical") else None,
        "category": device.category,
    }


def written(device: Device) -> str:
    """What a save may have written: a device, and the volumes that the spec names in it."""
    return " ".join((device.resource, *device.volumes))


def beats(e: Environment) -> bool:
    """Whether its clone works outside restricted state, in jobs of ours, and can say so meanwhile."""
    if isinstance(e.operation, UserOperation):
        return True
    return e.brms is not None and len(e.brms.stages) > (1 if e.brms.restricted else 0)
