"""Environments: when a run starts, how production is held, what the clone does."""

from __future__ import annotations

from flashc.check import model, values
from flashc.check.around import resolve_around
from flashc.check.findings import Findings
from flashc.check.names import Block, Names
from flashc.syntax import ast
from flashc.syntax.words import shown

BOOT_S = 5400
"""Default limit for the start of the clone."""

DAY_S = 86400
ALL_DAYS: tuple[model.Day, ...] = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")


def resolve_environment(names: Names, node: ast.Environment) -> model.Environment | None:
    found = names.found
    block = Block(found, node, f"environment {shown(node.name.text)}")
    name = values.object_name(found, node.name, "environment")
    clone = names.refer("clone", node.clone)
    before = len(found.problems)
    every = [s for e in block.several(ast.Every, "every") for s in _every(found, e)]
    requires = [_require(names, r) for r in node.body if isinstance(r, ast.Require)]
    around_node = block.one(ast.Around, "around", required=False)
    around = resolve_around(names, around_node) if around_node else []
    quiesce_node, resume_node = block.one(ast.Quiesce, "quiesce"), block.one(ast.Resume, "resume")
    quiesce = _quiesce(found, quiesce_node) if quiesce_node else None
    resume_s = (
        values.limit(found, resume_node.within, "the limit for the resume", 1, 600) if resume_node else None
    )
    boot_node = block.one(ast.Boot, "boot", required=False)
    boot_s = (
        values.limit(found, boot_node.within, "the limit for the boot", 300, DAY_S) if boot_node else BOOT_S
    )
    operation_node = block.one(ast.OnCloneBrms, "on")
    operation = _brms(found, operation_node) if operation_node else None
    afterwards = block.one(ast.Afterwards, "afterwards", required=False)
    leave = block.one(ast.Leave, "leave", required=False)
    mails = [_mail(found, m) for m in node.body if isinstance(m, ast.Mail)]
    if (
        name is None
        or clone is None
        or quiesce is None
        or resume_s is None
        or boot_s is None
        or operation is None
    ):
        return None
    if any(p.severity == "error" for p in found.problems[before:]):
        return None
    return model.Environment(
        name,
        clone,
        tuple(every),
        tuple(r for r in requires if r is not None),
        tuple(around),
        quiesce,
        resume_s,
        operation,
        ("with movement" if afterwards.movement else "without movement") if afterwards else "none",
        leave.clone if leave else "off",
        boot_s,
        tuple(m for m in mails if m is not None),
        node.span,
    )


def _every(found: Findings, node: ast.Every) -> list[model.Schedule]:
    days: list[model.Day] = []
    for word in node.days:
        group = {"day": ALL_DAYS, "weekday": ALL_DAYS[:5]}.get(word.text)
        these = group or tuple(d for d in ALL_DAYS if d == word.text.upper())
        for day in these:
            if day in days:
                found.add("FL3031", word.span, f"{word.text} stands twice in one schedule")
            else:
                days.append(day)
    days.sort(key=ALL_DAYS.index)
    schedules = []
    for time in node.times:
        if time.hour > 23 or time.minute > 59 or time.second > 59:
            found.add("FL3032", time.span, f"{time.text} is no time of day")
        else:
            hhmmss = f"{time.hour:02}{time.minute:02}{time.second:02}"
            schedules.append(model.Schedule(tuple(days), hhmmss, time.span))
    return schedules


def _require(names: Names, node: ast.Require) -> model.RequireGroup | None:
    group = values.group_name(names.found, node.group)
    array = names.refer("array", node.array)
    return model.RequireGroup(group, array, node.state.text, node.span) if group and array else None


def _quiesce(found: Findings, node: ast.Quiesce) -> model.Quiesce | None:
    within = values.limit(found, node.within, "the limit for the quiesce", 1, 600)
    retries = values.number(found, node.retries, "FL3068", "`retries`", 0, 5) if node.retries else 0
    if within is None or retries is None:
        return None
    return model.Quiesce(within, retries, node.otherwise, node.span)


def _brms(found: Findings, node: ast.OnCloneBrms) -> model.BrmsOperation | None:
    block = Block(found, node, "`on clone brms`")
    group = block.one(ast.Group, "group")
    inactive = block.one(ast.Set, "set", required=False)
    if inactive and (inactive.name.text, inactive.value.text) != ("QINACTITV", "*NONE"):
        message = f"`set {inactive.name.text} {shown(inactive.value.text)}` cannot be done on the clone"
        found.add("FL3061", inactive.span, message)
    if group is None:
        return None
    name = values.object_name(found, group.name, "BRMS control group")
    library = values.object_name(found, group.library, "tape library")
    if group.within is None:
        kind = "a save in restricted state" if group.restricted else "a save"
        found.add("FL3025", group.span, f"{kind} has no limit")
        return None
    # BRMS takes 5 to 9999 minutes for a batch save in restricted state:
    # docs/platform-facts.md#brms-restricted
    within = values.limit(found, group.within, "the limit for the save", 300, 9999 * 60)
    if name is None or library is None or within is None:
        return None
    return model.BrmsOperation(name, library, group.restricted, within, inactive is not None, node.span)


def _mail(found: Findings, node: ast.Mail) -> model.Mail | None:
    phases: list[model.Phase] = []
    for word in node.phases:
        for phase in ("start", "flash", "failure", "end"):
            if word.text == phase:
                if phase in phases:
                    found.add("FL3002", word.span, f"`{phase}` stands twice in one `mail`")
                else:
                    phases.append(phase)
    address = values.mail_address(found, node.address)
    return model.Mail(address, tuple(phases), node.span) if address else None
