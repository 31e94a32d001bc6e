"""What the templates see: the resolved spec in the words of the generated programs."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import Any

from flashc.bundle.living import authorities, living_context
from flashc.bundle.locks import beside_clone, clone_thing, groups, lock_objects, rows_of
from flashc.check.model import (
    Around,
    BrmsOperation,
    Clone,
    Device,
    EndDomino,
    EndServer,
    EndSubsystem,
    Environment,
    HoldEntry,
    HoldJob,
    HoldQueue,
    Hook,
    PlainRun,
    RunCommand,
    Save21Operation,
    Schedule,
    Spec,
    System,
    UserOperation,
    VaryOff,
)
from flashc.runbook.authorities import CLOSED, closed_to, needed
from flashc.runbook.limits import (
    ASKED_S,
    AT_WORK_LOOKS,
    AT_WORK_PAUSE_S,
    BEAT_S,
    BY_HAND_S,
    DEVICE_BACK_S,
    DOMINO_PAUSE_S,
    DOMINO_TRIES,
    ENDPRC_S,
    GIVE_S,
    GUARD_B_MARGIN_S,
    GUARD_TRIES,
    INSIST_S,
    LATE_LOOKS,
    LATE_PAUSE_S,
    LEFT_OFF_S,
    MAINTENANCE_S,
    PREPARE_S,
    PRESENT_S,
    PROVE_S,
    RELEASE_S,
    SAVE_MARGIN_S,
    SILENT_S,
    SUBSYSTEM_BACK_S,
    UNDO_S,
    UNDOING_S,
    USUAL_RUNS,
    VARY_S,
    VIOS_S,
    window_limits,
)
from flashc.runbook.messages import LANGUAGES, MAIL_NOTES, MESSAGES, WHOLE
from flashc.runbook.names import short_names
from flashc.runbook.objects import GUARD_PROGRAMS, PROGRAMS
from flashc.runbook.refcodes import CodeClass, classes_of
from flashc.runbook.steps import MOVMED, PHASES, SAVES, around_step, restart_points, run_limit_s, steps
from flashc.runbook.tables import TABLES

BRMS_NETWORK_JOBS = ("Q1ABRMNET", "QBRMNET", "QBRMSYNC", "QNMAPINGD", "Q1ACPDST")
"""Jobs of BRMS that are in its library for good: docs/platform-facts.md#brms-in-use."""

PREFIXES = ("FLD", "FLB", "FLA", "FLW", "FLX", "FLF", "FLH", "FLY")
"""Of the programs of an environment: driver, clone before and after its work, jobs of that work, clone that
lives on, on failure, hooks; and of the data area that says whether its next scheduled run is skipped."""

PYTHON = "/QOpenSys/pkgs/bin/python3.9"
TICKET_HOURS = 4
"""How old a ticket may be when the clone boots; the clocks of both may differ by minutes."""

DAY_S = 24 * 3600
"""More than this nothing is waited for: limits have five digits in a program."""

ALREADY_UNDONE = ("CPF1321", "CPF1349", "CPF3423", "CPFA0A9", "CPFA093")
"""Escapes of an undo that found nothing left to undo: job gone, job or queue not held, file gone."""


FIXED = frozenset((*GUARD_PROGRAMS, *PROGRAMS))
"""Programs that every system has: no environment's is called like one of them."""

OUTCOMES = frozenset({"end", "completed", "failure", "refused", "attention"})
"""Occasions of a mail or a hook that come at the end of a run."""


def folder_of(system: System) -> str:
    """The product's IFS folder on the partition."""
    return f"/flashc/{system.library}"


def system_context(spec: Spec, system: System, spec_hash: str) -> dict[str, Any]:
    """Everything about one production partition: the `b` of the templates."""
    clones = [c for c in spec.clones if c.source.name == system.name]
    environments = [e for e in spec.environments if e.clone.source.name == system.name]
    locks = lock_objects(clones, environments)
    undo_limits = undo_limits_s(environments)
    names = {prefix: short_names(prefix, [e.name for e in environments], FIXED) for prefix in PREFIXES}
    lines = sorted({c.link.line for c in clones if c.link})
    return {
        "spec_file": spec.file.replace("\\", "/").rsplit("/", 1)[-1],
        "spec_hash": spec_hash[:16],
        "system": system.name,
        "library": system.library,
        "language": system.language,
        "titles": {},  # of the programs by name, once they are rendered
        "message_file": LANGUAGES[system.language].message_file,
        "message_fields": {m.id: m.fields for m in MESSAGES if m.fields != WHOLE},
        "guard_says": {
            "safe": f"flashc: {LANGUAGES[system.language].plain('FLE0128')}",
            "over": f"flashc: {LANGUAGES[system.language].plain('FLE0129')}",
            "lost": f"flashc: {LANGUAGES[system.language].plain('FLE0133')}",
            "left": f"flashc: {LANGUAGES[system.language].plain('FLE0134')}",
        },
        "guard_library": system.guard_library,
        "release": system.release,
        "folder": folder_of(system),
        "user": system.user,
        "python": PYTHON,
        "identities": [{"serial": i.serial, "lpar": i.lpar} for i in system.identities],
        "clones": [clone_context(c) for c in clones],
        "links": [
            {
                "source": c.link.source,
                "clone": c.link.clone,
                "line": c.link.line,
                "isolated": c.network_isolated,
                "name": c.name,
                "ticket": clone_context(c)["ticket"],
            }
            for c in clones
            if c.link
        ],
        "lines": lines,
        "tape_libraries": " ".join(sorted({d.name for e in environments for d in e.operation.devices})),
        "brms_network_jobs": BRMS_NETWORK_JOBS,
        "at_work_looks": AT_WORK_LOOKS,
        "at_work_pause_s": AT_WORK_PAUSE_S,
        "guard_b_margin_s": GUARD_B_MARGIN_S,
        "guard_tries": GUARD_TRIES,
        "late_looks": LATE_LOOKS,
        "late_pause_s": LATE_PAUSE_S,
        "left_off_s": LEFT_OFF_S,
        "maintenance_s": MAINTENANCE_S,
        "vary_s": VARY_S,
        "undo_limits": undo_limits,
        "domino_tries": DOMINO_TRIES,
        "domino_pause_s": DOMINO_PAUSE_S,
        "independent_asps": list(system.independent_asps),
        "usual_runs": USUAL_RUNS,
        "tables": TABLES,
        "mail_notes": MAIL_NOTES,
        "already_undone": ALREADY_UNDONE,
        "locks": [{"name": lock, "what": what} for what, lock in locks.items()],
        "lives": any(e.reconfigure for e in environments),
        "gives": any(gives(e) for e in environments),
        "closed_commands": closed_commands(environments),
        "site_authorities": list(dict.fromkeys(_site_authorities(system, environments))),
        "environments": [environment_context(e, names, locks, undo_limits) for e in environments],
        "ends_in_order": any(c.console.family.ends_in_order for c in clones),
        "by_hand": [
            by_hand_context(c, [e for e in environments if e.clone.name == c.name], locks)
            for c in clones
            if any(e.clone.name == c.name for e in environments)
        ],
    }


def closed_commands(environments: Sequence[Environment]) -> list[str]:
    """The closed commands of all environments, and those of FLGETCLN, which every clone has."""
    used = {name for e in environments for name in _closed_of(e)}
    if environments:
        used |= {"RSTOBJ", "RST"}
    return [one.name for one in CLOSED if one.name in used]


def _closed_of(e: Environment) -> tuple[str, ...]:
    return closed_to(
        starts_clone=e.starts_clone,
        ends_server=any(isinstance(item, EndServer) for item in e.around),
        saves_system=e.operation.kind == "save21",
        restores=e.uses_brms,
        lives=e.reconfigure is not None,
    )


CHANGE_AND_MANAGE = "*OBJOPR *OBJMGT *READ *ADD *UPD *DLT *EXECUTE"
"""*CHANGE and *OBJMGT: GRTOBJAUT takes no set beside a single authority."""


def _site_authorities(system: System, environments: list[Environment]) -> Iterator[str]:
    """What the profile needs to things of the site, as commands of the officer."""
    for line in sorted({e.clone.link.line for e in environments if e.starts_clone and e.clone.link}):
        object_ = f"OBJ(QSYS/{line}) OBJTYPE(*LIND)"
        yield f"GRTOBJAUT {object_} USER({system.user}) AUT({CHANGE_AND_MANAGE})"
    for e in environments:
        if e.reconfigure:
            yield from authorities(e.reconfigure, system.user)
        for device in e.operation.devices:
            if device.is_file and device.qualifier != system.library:
                library = f"OBJ(QSYS/{device.qualifier}) OBJTYPE(*LIB)"
                yield f"GRTOBJAUT {library} USER({system.user}) AUT(*CHANGE)"


def clone_context(clone: Clone) -> dict[str, Any]:
    """One clone; `ticket` and `record` are its data areas."""
    return {
        "name": clone.name,
        "partition": clone.partition,
        "lpar_id": clone.lpar_id,
        "label": f"{clone.lpar_id} {clone.partition}",
        "ticket": f"FLT{clone.lpar_id:04d}",
        "record": f"FLR{clone.lpar_id:04d}",
        "vios": ", ".join(clone.vios),
        "end_within_s": clone.end_within_s,
        "end_then_immediately": clone.end_then_immediately,
        "ends_in_order": clone.console.family.ends_in_order,
    }


def link_context(clone: Clone) -> dict[str, str] | None:
    """The private link of a clone: both addresses and the line."""
    link = clone.link
    return {"source": link.source, "clone": link.clone, "line": link.line} if link else None


def by_hand_context(clone: Clone, environments: list[Environment], locks: dict[str, str]) -> dict[str, Any]:
    """A clone that operators end, start and release: the `e` of that program, by the driver's names."""
    shared = groups(clone)
    if clone.link and any(gives(e) for e in environments):
        shared = [*shared, f"link {clone.link.source}"]
    devices = [device.resource for e in environments for device in e.operation.devices]
    return {
        "program": f"FLC{clone.lpar_id:04d}",
        "first_step": "O09",
        "supervised": False,
        "starts_clone": True,
        "lives": None,
        "clone": clone_context(clone),
        "groups": list(dict.fromkeys(group for disks in clone.disks for group in disks.groups)),
        "group": clone.groups,
        "generations": False,
        "several": clone.has_generations,
        "keep": " *BCAT &HOW",
        "keep_s": max(e.keep_s for e in environments),
        "isolated": clone.network_isolated,
        "devices": " ".join(dict.fromkeys(devices)) or clone.name,
        "lock": locks[clone_thing(clone)],
        "more_locks": [locks[thing] for thing in shared],
        "lock_rows": [clone_thing(clone), *shared],
        "release_s": RELEASE_S,
        "insist_s": ASKED_S,
        "vios_s": VIOS_S,
        "end_within_s": clone.end_within_s or 600,
        "link": link_context(clone),
        "gives": any(gives(e) for e in environments),
        "give_s": GIVE_S,
        "limit_s": BY_HAND_S,
    }


def beats(e: Environment) -> bool:
    """Whether its clone works outside restricted state, in jobs of ours, and can say so meanwhile."""
    if isinstance(e.operation, UserOperation):
        return True
    return e.brms is not None and len(e.brms.stages) > (1 if e.brms.restricted else 0)


def gives(e: Environment) -> bool:
    """Whether its clone stays on as what it was, so that an object of it can be asked for."""
    return e.leave_clone == "running" and e.clone.link is not None and e.starts_clone and not e.reconfigure


def undo_limits_s(environments: Sequence[Environment]) -> dict[str, int]:
    """How long an undo may take that may hang, by its step; others change a state and are done at once."""
    of_the_site = [
        i.within_s for e in environments for i in e.around if isinstance(i, (EndDomino, RunCommand))
    ]
    longest = max([UNDO_S, *of_the_site])
    return {
        "O51": PREPARE_S,
        "O67": 2 * VIOS_S,
        "O72": DEVICE_BACK_S,
        "O73": UNDO_S,
        "O74": SUBSYSTEM_BACK_S,
        "O75": longest,
        "O76": longest,
        "O89": ENDPRC_S,
        "O95": UNDO_S,
    }


def undoing_s(codes: Sequence[str | None], limits: dict[str, int]) -> int:
    """How long these undos may take together, with all that have no limit of their own."""
    ending = DOMINO_TRIES * DOMINO_PAUSE_S * codes.count("O75")
    return min(UNDOING_S + ending + sum(limits.get(code or "", 0) for code in codes), DAY_S)


def environment_context(
    environment: Environment,
    names: dict[str, dict[str, str]],
    locks: dict[str, str],
    undo_limits: dict[str, int],
) -> dict[str, Any]:
    """One environment: the `e` of the templates.  `undo_limits`: of the undos that may hang, by step."""
    e = environment
    clone = e.clone
    window = window_limits(e.quiesce.within_s, e.resume_within_s, len(clone.source.independent_asps))
    requires = [
        {"group": r.group, "array": r.array.name, "state": r.state, "suffix": "" if n == 1 else f"X{n}"}
        for n, r in enumerate(e.requires, 1)
    ]
    around = [_around(item, number) for number, item in enumerate(e.around, 1)]
    prepare = ["O04", "O05", "O06"]
    prepare += [f"O24{r['suffix']}" for r in requires]
    runs = {
        "before": _runs(e.runs.before, "O07"),
        "after_flash": _runs(e.runs.after_flash, "O62"),
        # Behind a restart they are counted with the maintenance, which is the first.
        "afterwards": [
            {**run, "number": number} for number, run in enumerate(_runs(e.runs.afterwards, "O93"), 2)
        ],
        "on_failure": _runs(e.runs.on_failure, "O94"),
    }
    prepare += [run["subr"] for run in runs["before"]]
    prepare += ["O10", "O17"]
    prepare += ["O18"] if clone.vios else []
    prepare += ["O65"] if e.brms else []
    prepare += ["O40" if e.starts_clone else "O41", "O48", "O49"]
    prepare += [item["subr"] for item in around] + ["O52"]
    points = restart_points(e)
    mailed = {phase for mail in e.mails for phase in mail.phases}
    hooked = {phase for hook in e.hooks for phase in hook.phases}
    if not e.starts_clone:
        mailed -= {"boot", "save"}
        hooked -= {"boot", "save"}
    told = mailed | hooked
    return {
        "name": e.name,
        "first_step": "O02",
        "supervised": True,
        "program": names["FLD"][e.name],
        "before_program": names["FLB"][e.name],
        "after_program": names["FLA"][e.name],
        "skip": names["FLY"][e.name],
        "restarts": [{"code": step.code, "phase": PHASES[step.code]} for step in points],
        "after_point": next((step.code for step in points if PHASES[step.code] == "AFTER"), ""),
        "run_limit_s": run_limit_s(e),
        "undo_s": undoing_s([around_step(item)[1] for item in e.around], undo_limits),
        "close_s": min(1800 + undoing_s([step.undo for step in steps(e)], undo_limits), DAY_S),
        "failure_program": names["FLF"][e.name] if e.runs.on_failure else "",
        "on_failure_s": sum(run.within_s for run in e.runs.on_failure),
        **runs,
        "summary": summary(e),
        "control_groups": [group.name for group in e.brms.groups] if e.brms else [],
        "doing": _doing(e),
        "source_codes": " ".join(dict.fromkeys(s.code for s in steps(e) if s.side == "source")),
        "schedule_words": [_schedule_words(schedule) for schedule in e.schedules],
        "operation": e.operation.kind,
        "brms": e.brms is not None,
        "starts_clone": e.starts_clone,
        "uses_brms": e.uses_brms,
        **_work(e, names["FLW"][e.name]),
        "clone": clone_context(clone),
        "arrays": " and ".join(clone.arrays),
        "group": clone.groups,
        "generations": clone.has_generations,
        "chosen": "&GROUP" if clone.has_generations else f"'{clone.groups}'",
        "keep": f" *BCAT '--keep {e.keep_s}'" if e.keep_s else "",
        "lock": locks[clone_thing(clone)],
        "more_locks": [locks[thing] for thing in beside_clone(e)],
        "lock_rows": rows_of(e),
        "prepare": prepare,
        "requires": requires,
        "around": around,
        "reads_state": clone.link is not None or any(item["kind"] in READS_STATE for item in around),
        "ends_server": any(item["kind"] == "end_server" for item in around),
        "special_authorities": "".join(
            f"{name:<10}"
            for name in needed(
                starts_clone=e.starts_clone,
                ends_server=any(item["kind"] == "end_server" for item in around),
                saves=e.operation.kind in ("brms", "save21"),
            )
        ).rstrip(),
        "closed_commands": _closed_of(e),
        "asps": " ".join(("*SYSBAS", *clone.source.independent_asps)),
        "link": link_context(clone),
        "quiesce_s": window.quiesce_s,
        "request_s": window.request_s,
        "receive_s": window.receive_s,
        "trigger_s": window.trigger_s,
        "guard_hold_s": window.hold_s,
        "armed_deadline_s": window.armed_s,
        "retries": e.quiesce.retries,
        "timeout_action": "*CONT" if e.quiesce.otherwise == "continue partial" else "*END",
        "flush_only": e.quiesce.otherwise == "flush only",
        "prepare_s": PREPARE_S,
        "presents": clone.presents,
        "present_s": PRESENT_S,
        "release_s": RELEASE_S,
        "insist_s": INSIST_S,
        "prove_s": PROVE_S,
        "vios_s": VIOS_S,
        "boot_s": e.boot_within_s,
        "beats": clone.link is not None and beats(e),
        "beat_s": BEAT_S,
        "silent_s": SILENT_S,
        "save_s": e.operation.within_s + SAVE_MARGIN_S,
        "ticket_hours": TICKET_HOURS,
        "going_on_hours": (e.boot_within_s + e.operation.within_s + SAVE_MARGIN_S) // 3600 + 2,
        "devices": [_device(device) for device in e.operation.devices],
        "keep_runs_h": e.keep_runs_s // 3600,
        "spec_volumes": " ".join(v for d in e.operation.devices for v in d.volumes),
        "may_write": "; ".join(_written(d) for d in e.operation.devices if not d.is_file),
        "varied": any(not device.is_file for device in e.operation.devices),
        "restricted": e.operation.restricted,
        "refcodes": [_code_class(one) for one in classes_of(restricted=e.operation.restricted)],
        "qinactitv_none": e.brms is not None and e.brms.qinactitv_none,
        "maintenance": MOVMED.get(e.maintenance, "none"),
        "leave": e.leave_clone,
        "gives": gives(e),
        "lives": living_context(e, names["FLX"][e.name]),
        **{f"tells_{phase}": phase in told for phase in ("start", "flash", "boot", "save")},
        "tells_outcome": bool(told & OUTCOMES),
        "mails_outcome": bool(mailed & OUTCOMES),
        "hooks_outcome": bool(hooked & OUTCOMES),
        "mailed": bool(mailed),
        "hook_program": names["FLH"][e.name] if hooked else "",
        "hooks": [_hook(hook, e.starts_clone) for hook in e.hooks],
        "hooks_s": sum(hook.within_s for hook in e.hooks),
    }


def _hook(hook: Hook, starts_clone: bool) -> dict[str, Any]:
    """A command of the site that is told of a run, with the occasions that its runs have."""
    phases = [phase for phase in hook.phases if starts_clone or phase not in ("boot", "save")]
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


def _device(device: Device) -> dict[str, Any]:
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


def _work(e: Environment, program: str) -> dict[str, Any]:
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


def _written(device: Device) -> str:
    """What a save may have written: a device, and the volumes that the spec names in it."""
    return " ".join((device.resource, *device.volumes))


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


def _numbered(stages: list[list[dict[str, Any]]]) -> list[list[dict[str, Any]]]:
    """What runs in jobs of its own, numbered through all stages."""
    numbers = itertools.count(1)
    return [[{"number": next(numbers), **one} for one in stage] for stage in stages]


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


READS_STATE = ("hold_queue", "hold_entry", "end_subsystem", "vary_off")
"""What is around the flash and has a state before that FLSTATE reads."""


def _runs(runs: tuple[PlainRun, ...], code: str) -> list[dict[str, Any]]:
    return [
        {"subr": f"{code}X{number}", "command": run.command, "within_s": run.within_s}
        for number, run in enumerate(runs, 1)
    ]


def _around(item: Around, number: int) -> dict[str, Any]:
    """What the part `around_KIND.j2` sees of one statement: its kind, subroutine, and the undo's id."""
    kind, code, facts = _around_kind(item)
    return {"kind": kind, "subr": f"{code}X{number}", "undo_id": f"FLU1{number:03d}", **facts}


def _around_kind(item: Around) -> tuple[str, str, dict[str, Any]]:
    if isinstance(item, HoldQueue):
        return "hold_queue", "O20", {"library": item.library, "queue": item.queue}
    if isinstance(item, HoldEntry):
        return "hold_entry", "O21", {"name": item.name}
    if isinstance(item, HoldJob):
        return "hold_job", "O22", {"user": item.user, "job": item.job}
    if isinstance(item, EndDomino):
        return "end_domino", "O35", {"server": item.server, "within_s": item.within_s}
    if isinstance(item, EndSubsystem):
        facts = {"library": item.library, "name": item.name, "within_s": item.within_s}
        return "end_subsystem", "O36", facts
    if isinstance(item, EndServer):
        return "end_server", "O37", {"name": item.name}
    if isinstance(item, VaryOff):
        return "vary_off", "O39", {"device": item.device}
    return "run", "O38", {"command": item.command, "undo": item.undo, "within_s": item.within_s}
