"""Rules about several parts of a spec at once: limits that nest, runs that meet, a clone and its source."""

from __future__ import annotations

import re
from collections import defaultdict

from flashc.check import model
from flashc.check.findings import Findings, head
from flashc.check.living import living
from flashc.check.schedules import ALL_DAYS
from flashc.check.unbuilt import not_yet
from flashc.check.values import duration

WINDOW_MAX_S = 600
"""Quiesce and resume together: users wait as long as that."""

RESUME_MIN_S = 15
"""Array request (8 s), the sidecar's deadline and the driver's receive have to fit before the resume."""

ASP_MIN_S = 5
"""What each ASP needs at least to be suspended."""

GUARD_QUEUE = "QUSRNOMAX"
"""The job queue of guard B, and of the job schedule entries."""

NEEDED_SUBSYSTEMS = ("QCTL", "QBASE", "QSYSWRK", "QUSRWRK", "QSERVER", "Q1ABRMNET", "FLASHC", "FLGUARD")
"""Controlling subsystem, the system's own, guard B's, that of the database server, BRMS's, the product's."""

PROGRAM_NAME_PART = 7
"""How many characters of an environment's name its program has; three more are the product's."""

RUN_MARGIN_S = 1800
"""Added to the limits of a run: what it does besides, with every limit used up."""

_SERIAL_IN_NAME = re.compile(r"(?:SN|\*)([0-9A-Z]{7})\Z")
_DAY_MIN, _WEEK_MIN = 1440, 10080


def check(spec: model.Spec, found: Findings) -> None:
    """Note every conflict between parts that are each right."""
    _identities_apart(spec, found)
    for clone in spec.clones:
        _clone_is_not_source(clone, found)
        _link_is_private(spec, clone, found)
    _targets_apart(spec, found)
    _programs_apart(spec, found)
    for environment in spec.environments:
        _window(environment, found)
        _asps(environment, found)
        _around(spec, environment, found)
        _operation(environment, found)
        _required_groups(environment, found)
        living(spec, environment, found)
    not_yet(spec, found)
    _starts_apart(spec, found)
    _runs_fit(spec, found)


def _identities_apart(spec: model.Spec, found: Findings) -> None:
    first: dict[model.Identity, model.System] = {}
    for system in spec.systems:
        for identity in system.identities:
            other = first.setdefault(identity, system)
            if other is not system:
                message = (
                    f"{system.name} and {other.name} both claim serial {identity.serial} lpar {identity.lpar}"
                )
                found.both("FL3072", head(system.span), message, head(other.span), f"system {other.name}")


def _clone_is_not_source(clone: model.Clone, found: Findings) -> None:
    told = _SERIAL_IN_NAME.search(clone.managed_system)
    for identity in clone.source.identities:
        if clone.lpar_id == identity.lpar and told and told[1] == identity.serial:
            where = f"partition {identity.lpar} of machine {identity.serial}"
            message = f"clone {clone.name} is its own source: {where}"
            source = head(clone.source.span)
            found.both("FL3011", head(clone.span), message, source, f"system {clone.source.name} runs there")


def _link_is_private(spec: model.Spec, clone: model.Clone, found: Findings) -> None:
    if clone.link is None:
        return
    for system in spec.systems:
        if system.host in (clone.link.source, clone.link.clone):
            message = f"the link uses {system.host}, the production address of system {system.name}"
            found.both("FL3015", clone.link.span, message, head(system.span), "that system")


def _targets_apart(spec: model.Spec, found: Findings) -> None:
    """Two clones must not copy by one group: what one run releases, the other may be reading."""
    first: dict[tuple[str, str], tuple[model.Clone, model.Disks]] = {}
    for clone in spec.clones:
        for disks in clone.disks:
            for group in disks.groups:
                other, others = first.setdefault((disks.array.name, group), (clone, disks))
                if other is not clone and (other.partition, other.managed_system) != (
                    clone.partition,
                    clone.managed_system,
                ):
                    message = f'clones {other.name} and {clone.name} both use group "{group}"'
                    found.both("FL3066", disks.span, message, others.span, f"clone {other.name}")


def _programs_apart(spec: model.Spec, found: Findings) -> None:
    first: dict[str, model.Environment] = {}
    for environment in spec.environments:
        short = _short(environment)
        other = first.setdefault(short, environment)
        if other is not environment:
            message = f"{environment.name} and {other.name} are both {short} in the names of their programs"
            found.both(
                "FL2010", head(environment.span), message, head(other.span), f"environment {other.name}"
            )


def _short(environment: model.Environment) -> str:
    """What the names of an environment's programs, and of its schedule entries, have of its name."""
    return "".join(c for c in environment.name if c.isalnum())[:PROGRAM_NAME_PART]


def _window(environment: model.Environment, found: Findings) -> None:
    total = environment.quiesce.within_s + environment.resume_within_s
    if total > WINDOW_MAX_S:
        message = (
            f"production may stand still for {duration(total)}; at most {duration(WINDOW_MAX_S)} is accepted"
        )
        found.add("FL3022", environment.quiesce.span, message)
    if environment.resume_within_s < RESUME_MIN_S:
        message = (
            f"`resume within` is {duration(environment.resume_within_s)}, "
            f"but the copy request alone may take until {duration(RESUME_MIN_S)}"
        )
        found.add("FL3023", head(environment.span), message)


def _asps(environment: model.Environment, found: Findings) -> None:
    count = 1 + len(environment.clone.source.independent_asps)
    if count > 1 and environment.quiesce.within_s < ASP_MIN_S * count:
        message = (
            f"{duration(environment.quiesce.within_s)} is too little to suspend {count} ASPs, "
            f"which needs {duration(ASP_MIN_S * count)}"
        )
        found.add("FL3026", environment.quiesce.span, message)


def _around(spec: model.Spec, environment: model.Environment, found: Findings) -> None:
    """Nothing around the flash may stop what carries the run."""
    system = environment.clone.source
    own = {f"FLD{_short(e)}" for e in spec.environments if e.clone.source is system}
    for item in environment.around:
        needed = ""
        if isinstance(item, model.HoldQueue):
            if item.library == system.library or item.queue == GUARD_QUEUE:
                needed = f"job queue {item.library}/{item.queue}"
        elif isinstance(item, model.HoldEntry):
            if item.name in own:
                needed = f"schedule entry {item.name}"
        elif isinstance(item, model.EndSubsystem):
            if item.name in NEEDED_SUBSYSTEMS or item.library == system.library:
                needed = f"subsystem {item.name}"
        elif isinstance(item, model.VaryOff) and item.device in system.independent_asps:
            message = (
                f"independent ASP {item.device} is varied off here and suspended by system {system.name}"
            )
            found.both("FL3045", item.span, message, head(system.span), f"system {system.name}")
        if needed:
            found.add("FL3044", item.span, f"the run itself needs {needed}")


def _operation(environment: model.Environment, found: Findings) -> None:
    if environment.clone.link is None and environment.starts_clone:
        message = (
            f"clone {environment.clone.name} has no link, so the save of {environment.name} cannot come home"
        )
        clone = environment.clone
        found.both("FL3062", environment.operation.span, message, head(clone.span), f"clone {clone.name}")


def _required_groups(environment: model.Environment, found: Findings) -> None:
    own = {(d.array.name, group): d for d in environment.clone.disks for group in d.groups}
    for require in environment.requires:
        disks = own.get((require.array.name, require.group))
        if disks:
            message = f'group "{require.group}" is the clone\'s own: it still copies from the last run'
            found.both("FL3064", require.span, message, disks.span, "the clone's disks")


# ---- runs that meet ---------------------------------------------------------------------------------


def _starts(environment: model.Environment) -> list[tuple[int, model.Schedule]]:
    """The minutes of the week (from Monday 0:00) at which the environment starts."""
    return [
        (ALL_DAYS.index(day) * _DAY_MIN + int(s.time[:2]) * 60 + int(s.time[2:4]), s)
        for s in environment.schedules
        for day in s.days
    ]


def _when(minute: int) -> str:
    return f"{ALL_DAYS[minute // _DAY_MIN].capitalize()} {minute % _DAY_MIN // 60:02}:{minute % 60:02}"


def _starts_apart(spec: model.Spec, found: Findings) -> None:
    """One start at a time on a system: its suspended window and its BRMS state are single."""
    first: dict[tuple[str, int], tuple[model.Environment, model.Schedule]] = {}
    told: set[tuple[int, int]] = set()
    for environment in spec.environments:
        for minute, schedule in _starts(environment):
            key = (environment.clone.source.name, minute)
            other, others = first.setdefault(key, (environment, schedule))
            pair = (id(others), id(schedule))
            if others is schedule or pair in told:
                continue
            told.add(pair)
            if other is environment:
                message = f"{environment.name} is started twice at {_when(minute)}"
                found.both("FL3031", schedule.span, message, others.span, "the first schedule")
            else:
                shared = environment.clone.name if other.clone is environment.clone else key[0]
                message = f"{environment.name} and {other.name} both start at {_when(minute)} on {shared}"
                found.both("FL3030", schedule.span, message, others.span, f"environment {other.name}")


def longest_run_s(environment: model.Environment) -> int:
    """How long a run lasts with every limit of the spec used up, in seconds."""
    around = sum(getattr(a, "within_s", 0) for a in environment.around)
    window = environment.quiesce.within_s * (environment.quiesce.retries + 1) + environment.resume_within_s
    runs = (*environment.runs.before, *environment.runs.after_flash)
    before = environment.clone.end_within_s + around + window + sum(run.within_s for run in runs)
    return before + environment.boot_within_s + environment.operation.within_s + RUN_MARGIN_S


def _runs_fit(spec: model.Spec, found: Findings) -> None:
    """Warn where a run, at its limits, is still open when the next one on its clone or system starts."""
    by_system: dict[str, list[tuple[int, model.Environment, model.Schedule]]] = defaultdict(list)
    for environment in spec.environments:
        for minute, schedule in _starts(environment):
            by_system[environment.clone.source.name].append((minute, environment, schedule))
    told: set[tuple[int, int]] = set()
    for runs in by_system.values():
        runs.sort(key=lambda run: run[0])
        for index, (minute, environment, schedule) in enumerate(runs):
            later, follower, next_schedule = runs[(index + 1) % len(runs)]
            gap_min = (later - minute) % _WEEK_MIN or (0 if len(runs) > 1 else _WEEK_MIN)
            longest = longest_run_s(environment)
            pair = (id(schedule), id(next_schedule))
            if gap_min and longest > gap_min * 60 and pair not in told:
                told.add(pair)
                message = (
                    f"{environment.name} of {_when(minute)} may last {_hours(longest)} by its limits, "
                    f"but {follower.name} starts {_hours(gap_min * 60)} later"
                )
                found.both("FL3033", schedule.span, message, next_schedule.span, f"start of {follower.name}")


def _hours(seconds: int) -> str:
    return f"{seconds // 3600} h {seconds % 3600 // 60:02} min"
