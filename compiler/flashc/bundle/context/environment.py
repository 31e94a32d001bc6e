"""What the templates see of an environment: the `e` of its programs."""

from __future__ import annotations

from typing import Any

from flashc.bundle.context.around import READS_STATE, around_context, runs_context
from flashc.bundle.context.clone import clone_context, gives, link_context
from flashc.bundle.context.living import living_context
from flashc.bundle.context.locks import beside_clone, clone_thing, rows_of
from flashc.bundle.context.undos import DAY_S, undoing_s
from flashc.bundle.context.work import beats, device_context, work_context, written
from flashc.check.model import EndServer, Environment, Hook, Schedule
from flashc.runbook.authorities import closed_to, needed
from flashc.runbook.limits import (
    ARMED_LOOK_S,
    ARMED_LOOKS,
    BEAT_S,
    CHECKS_S,
    INSIST_S,
    PREPARE_S,
    PRESENT_S,
    PROVE_S,
    RELEASE_S,
    SAVE_MARGIN_S,
    SILENT_S,
    VIOS_S,
    window_limits,
)
from flashc.runbook.refcodes import CodeClass, classes_of
from flashc.runbook.steps import MOVMED, PHASES, around_step, restart_points, run_limit_s, steps

TICKET_HOURS = 4
"""How old a ticket may be when the clone boots; the clocks of both may differ by minutes."""

OUTCOMES = frozenset({"end", "completed", "failure", "refused", "attention"})
"""Occasions of a mail or a hook that come at the end of a run."""


def environment_context(
    environment: Environment,
    names: dict[str, dict[str, str]],
    locks: dict[str, str],
    undo_limits: dict[str, int],
) -> dict[str, Any]:
    """One environment.  `names`: its programs, by prefix; `undo_limits`: of undos that may hang, by step."""
    e = environment
    own = {prefix: by_environment[e.name] for prefix, by_environment in names.items()}
    return {
        "name": e.name,
        "first_step": "O02",
        "supervised": True,
        "program": own["FLD"],
        "before_program": own["FLB"],
        "after_program": own["FLA"],
        "skip": own["FLY"],
        "failure_program": own["FLF"] if e.runs.on_failure else "",
        "summary": summary(e),
        "doing": _doing(e),
        "schedule_words": [_schedule_words(schedule) for schedule in e.schedules],
        "operation": e.operation.kind,
        "brms": e.brms is not None,
        "starts_clone": e.starts_clone,
        "uses_brms": e.uses_brms,
        "control_groups": [group.name for group in e.brms.groups] if e.brms else [],
        "maintenance": MOVMED.get(e.maintenance, "none"),
        "keep_runs_h": e.keep_runs_s // 3600,
        **_steps_context(e),
        **_clone_and_copy(e, locks),
        **_window(e),
        **_limits(e, undo_limits),
        **_authorities(e),
        **_work_and_devices(e, own["FLW"]),
        "leave": e.leave_clone,
        "gives": gives(e),
        "lives": living_context(e, own["FLX"]),
        **_told(e, own["FLH"]),
    }


def _steps_context(e: Environment) -> dict[str, Any]:
    """What a run does, step by step: `prepare` are the driver's subroutines up to the window, in order."""
    requires = [
        {"group": r.group, "array": r.array.name, "state": r.state, "suffix": "" if n == 1 else f"X{n}"}
        for n, r in enumerate(e.requires, 1)
    ]
    around = [around_context(item, number) for number, item in enumerate(e.around, 1)]
    before = runs_context(e.runs.before, "O07")
    points = restart_points(e)
    return {
        "prepare": [
            *("O04", "O05", "O06"),
            *(f"O24{r['suffix']}" for r in requires),
            *(run["subr"] for run in before),
            *("O10", "O17"),
            *(["O18"] if e.clone.vios else []),
            *(["O65"] if e.brms else []),
            *("O40" if e.starts_clone else "O41", "O48", "O49"),
            *(item["subr"] for item in around),
            "O52",
        ],
        "requires": requires,
        "around": around,
        "reads_state": e.clone.link is not None or any(item["kind"] in READS_STATE for item in around),
        "ends_server": _ends_server(e),
        "before": before,
        "after_flash": runs_context(e.runs.after_flash, "O62"),
        # Behind a restart they are counted with the maintenance, which is the first.
        "afterwards": [
            {**run, "number": number} for number, run in enumerate(runs_context(e.runs.afterwards, "O93"), 2)
        ],
        "on_failure": runs_context(e.runs.on_failure, "O94"),
        "restarts": [{"code": step.code, "phase": PHASES[step.code]} for step in points],
        "after_point": next((step.code for step in points if PHASES[step.code] == "AFTER"), ""),
        "source_codes": " ".join(dict.fromkeys(s.code for s in steps(e) if s.side == "source")),
    }


def _clone_and_copy(e: Environment, locks: dict[str, str]) -> dict[str, Any]:
    """The clone, the groups of its copy, and the locks that both ask for."""
    clone = e.clone
    return {
        "clone": clone_context(clone),
        "link": link_context(clone),
        "arrays": " and ".join(clone.arrays),
        "asps": " ".join(("*SYSBAS", *clone.source.independent_asps)),
        "group": clone.groups,
        "generations": clone.has_generations,
        "chosen": "&GROUP" if clone.has_generations else f"'{clone.groups}'",
        "keep": f" *BCAT '--keep {e.keep_s}'" if e.keep_s else "",
        "presents": clone.presents,
        "lock": locks[clone_thing(clone)],
        "more_locks": [locks[thing] for thing in beside_clone(e)],
        "lock_rows": rows_of(e),
    }


def _window(e: Environment) -> dict[str, Any]:
    """The quiesce and the limits of the window, in seconds."""
    window = window_limits(e.quiesce.within_s, e.resume_within_s, len(e.clone.source.independent_asps))
    return {
        "quiesce_s": window.quiesce_s,
        "request_s": window.request_s,
        "receive_s": window.receive_s,
        "trigger_s": window.trigger_s,
        "guard_hold_s": window.hold_s,
        "armed_deadline_s": window.armed_s,
        "armed_looks": ARMED_LOOKS,
        "armed_look_s": ARMED_LOOK_S,
        "retries": e.quiesce.retries,
        "timeout_action": "*CONT" if e.quiesce.otherwise == "continue partial" else "*END",
        "flush_only": e.quiesce.otherwise == "flush only",
    }


def _limits(e: Environment, undo_limits: dict[str, int]) -> dict[str, Any]:
    """How long what is outside the window may take: seconds, where the name does not say hours."""
    return {
        "run_limit_s": run_limit_s(e),
        "undo_s": undoing_s([around_step(item)[1] for item in e.around], undo_limits),
        "close_s": min(1800 + undoing_s([step.undo for step in steps(e)], undo_limits), DAY_S),
        "on_failure_s": sum(run.within_s for run in e.runs.on_failure),
        "prepare_s": PREPARE_S,
        "present_s": PRESENT_S,
        "release_s": RELEASE_S,
        "checks_s": CHECKS_S,
        "insist_s": INSIST_S,
        "prove_s": PROVE_S,
        "vios_s": VIOS_S,
        "boot_s": e.boot_within_s,
        "beats": e.clone.link is not None and beats(e),
        "beat_s": BEAT_S,
        "silent_s": SILENT_S,
        "save_s": e.operation.within_s + SAVE_MARGIN_S,
        "ticket_hours": TICKET_HOURS,
        "going_on_hours": (e.boot_within_s + e.operation.within_s + SAVE_MARGIN_S) // 3600 + 2,
    }


def _authorities(e: Environment) -> dict[str, Any]:
    """What the profile needs: special authorities, ten columns each, and commands closed to *PUBLIC."""
    special = needed(
        starts_clone=e.starts_clone,
        ends_server=_ends_server(e),
        saves=e.operation.kind in ("brms", "save21"),
    )
    return {
        "special_authorities": "".join(f"{name:<10}" for name in special).rstrip(),
        "closed_commands": closed_of(e),
    }


def closed_of(e: Environment) -> tuple[str, ...]:
    """The commands that its runs give and that are shipped closed to *PUBLIC."""
    return closed_to(
        starts_clone=e.starts_clone,
        ends_server=_ends_server(e),
        saves_system=e.operation.kind == "save21",
        restores=e.uses_brms,
        lives=e.reconfigure is not None,
    )


def _ends_server(e: Environment) -> bool:
    return any(isinstance(item, EndServer) for item in e.around)


def _work_and_devices(e: Environment, program: str) -> dict[str, Any]:
    """The clone's work, and what it writes to."""
    operation = e.operation
    return {
        **work_context(e, program),
        "devices": [device_context(device) for device in operation.devices],
        "spec_volumes": " ".join(v for d in operation.devices for v in d.volumes),
        "on_clone_disks": " ".join(d.resource for d in operation.devices if d.is_of_the_clone),
        "anywhere": " ".join(g.name for g in e.brms.groups if g.device is None) if e.brms else "",
        "may_write": "; ".join(written(d) for d in operation.devices if not d.is_file),
        "varied": any(not device.is_file for device in operation.devices),
        "restricted": operation.restricted,
        "refcodes": [_code_class(one) for one in classes_of(restricted=operation.restricted)],
        "qinactitv_none": e.brms is not None and e.brms.qinactitv_none,
        "flash_times": _flash_times(e),
    }


def _flash_times(e: Environment) -> tuple[str, ...]:
    """The system and its ASPs, where the spec wants BRMS to know the time of their flash."""
    wanted = e.brms is not None and e.brms.from_flash
    return ("*SYSBAS", *e.clone.source.independent_asps) if wanted else ()


def _told(e: Environment, hook_program: str) -> dict[str, Any]:
    """Who is told of a run: by mail, and by commands of the site (hooks)."""
    never = set() if e.starts_clone else {"boot", "save"}
    mailed = {phase for mail in e.mails for phase in mail.phases} - never
    hooked = {phase for hook in e.hooks for phase in hook.phases} - never
    told = mailed | hooked
    return {
        **{f"tells_{phase}": phase in told for phase in ("start", "flash", "boot", "save")},
        "tells_outcome": bool(told & OUTCOMES),
        "mails_outcome": bool(mailed & OUTCOMES),
        "hooks_outcome": bool(hooked & OUTCOMES),
        "mailed": bool(mailed),
        "hook_program": hook_program if hooked else "",
        "hooks": [_hook(hook, never) for hook in e.hooks],
        "hooks_s": sum(hook.within_s for hook in e.hooks),
    }


def _hook(hook: Hook, never: set[str]) -> dict[str, Any]:
    """A command of the site that is told of a run, with the occasions that its runs have."""
    phases = [phase for phase in hook.phases if phase not in never]
    return {"command": hook.command, "within_s": hook.within_s, "phases": phases}


def _code_class(one: CodeClass) -> dict[str, Any]:
    """A class of reference codes, with the condition in CL under which a code is of it."""
    part = (
        "&REFCODE"
        if len(one.begins) == 8 or not one.begins.strip()
        else f"%SST(&REFCODE 1 {len(one.begins)})"
    )
    condition = f"{part} *EQ '{one.begins}'"
    if one.up_to:
        condition = f"{part} *GE '{one.begins}' *AND +\n{' ' * 26}{part} *LE '{one.up_to}'"
    return {
        "name": one.name,
        "begins": one.begins,
        "shown": one.shown,
        "meaning": one.meaning,
        "still_s": one.still_s,
        "condition": condition,
    }


def summary(environment: Environment) -> str:
    """What a run of the environment does, in a few words."""
    e = environment
    if e.brms:
        what = ", ".join(group.name for group in e.brms.groups)
    else:
        what = {"none": "safety snapshot", "save21": "whole system", "user": "commands of the site"}[
            e.operation.kind
        ]
    return f"{what} on clone {e.clone.name}"


def _schedule_words(schedule: Schedule) -> str:
    """When an entry submits its run, in words that no language changes: *MON *FRI 20:35."""
    days = "*ALL" if len(schedule.days) == 7 else " ".join(f"*{day}" for day in schedule.days)
    if schedule.which and not schedule.days:
        days = "*MONTHSTR" if schedule.which == "first" else "*MONTHEND"
    elif schedule.which:
        number = {"first": "1", "second": "2", "third": "3", "fourth": "4", "last": "*LAST"}[schedule.which]
        days = f"{days} RELDAYMON({number})"
    time = f"{schedule.time[:2]}:{schedule.time[2:4]}"
    return f"{schedule.date or days} {time}"


def _doing(e: Environment) -> str:
    """The same for the journal, in words that no language changes."""
    groups = ", ".join(group.name for group in e.brms.groups) if e.brms else ""
    return " ".join(f"*{e.operation.kind.upper()} {groups} {e.clone.name}".split())
