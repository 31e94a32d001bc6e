"""Rules about several parts of a spec at once: limits that nest, runs that meet, a clone and its source."""

from __future__ import annotations

import datetime
import re
from collections import defaultdict

from flashc.check import model
from flashc.check.findings import Findings, head
from flashc.check.living import living
from flashc.check.needed import check_needed
from flashc.check.overlaps import WEEK_MIN, check_overlaps, starts
from flashc.check.schedules import ALL_DAYS
from flashc.check.site_commands import check_commands
from flashc.check.values import duration

WINDOW_MAX_S = 600
"""Quiesce and resume together: users wait as long as that."""

RESUME_MIN_S = 15
"""Array request (8 s), the sidecar's deadline and the driver's receive have to fit before the resume."""

ASP_MIN_S = 5
"""What each ASP needs at least to be suspended."""

PROGRAM_NAME_PART = 7
"""How many characters of an environment's name its program has; three more are the product's."""

_SERIAL_IN_NAME = re.compile(r"(?:SN|\*)([0-9A-Z]{7})\Z")


def check(spec: model.Spec, found: Findings) -> None:
    """Note every conflict between parts that are each right."""
    _identities_apart(spec, found)
    for clone in spec.clones:
        _clone_is_not_source(clone, found)
        _link_is_private(spec, clone, found)
    _targets_apart(spec, found)
    _tickets_apart(spec, found)
    _vios_one_way(spec, found)
    _vios_asked(spec, found)
    _programs_apart(spec, found)
    for environment in spec.environments:
        _window(environment, found)
        _asps(environment, found)
        own_entries = {
            f"FLD{_short(e)}" for e in spec.environments if e.clone.source is environment.clone.source
        }
        check_needed(environment, own_entries, found)
        _operation(environment, found)
        _required_groups(environment, found)
        living(spec, environment, found)
        _snapshots(environment, found)
        _clock_change(environment, found)
        _omitted(environment, found)
    _generations(spec, found)
    check_commands(spec, found)
    check_overlaps(spec, found)


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
        if clone.lpar_id != identity.lpar:
            continue
        if told is None:
            message = (
                f"clone {clone.name} has the partition id of {clone.source.name}, and its machine tells "
                f"no serial number: the start-up guard may not tell them apart"
            )
            source = head(clone.source.span)
            found.both("FL3073", head(clone.span), message, source, f"system {clone.source.name}")
        elif told[1] == identity.serial:
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


def _vios_one_way(spec: model.Spec, found: Findings) -> None:
    """A sidecar asks a VIOS in one way, whichever clone it is for."""
    first: dict[tuple[str, str, str], tuple[model.Clone, model.ViosAccess | None]] = {}
    for clone in spec.clones:
        own = {access.name: access for access in clone.vios_access}
        for name in clone.vios:
            access = own.get(name)
            key = (clone.source.name, clone.managed_system, name)
            other, others = first.setdefault(key, (clone, access))
            if other is not clone and _way(access) != _way(others):
                message = f"clones {other.name} and {clone.name} ask VIOS {name} in two ways"
                found.both(
                    "FL3105",
                    access.span if access else head(clone.span),
                    message,
                    others.span if others else head(other.span),
                    f"clone {other.name}",
                )


def _vios_asked(spec: model.Spec, found: Findings) -> None:
    """A VIOS is asked by SSH where the console's way hands no commands on; some consoles show none at all."""
    for clone in spec.clones:
        console = clone.console
        if clone.vios and not console.family.shows_vios:
            message = f"console {console.name} is {console.family.name}, which shows no VIOS"
            found.both("FL3108", head(clone.span), message, head(console.span), f"console {console.name}")
            continue
        own = {access.name for access in clone.vios_access}
        alone = [name for name in clone.vios if name not in own]
        if alone and console.way.name not in console.family.vios_ways:
            way = f"{console.family.name} by {console.way.name}"
            message = f"console {console.name} is {way}, which hands no commands on to VIOS {alone[0]}"
            found.both("FL3106", head(clone.span), message, head(console.span), f"console {console.name}")


def _way(access: model.ViosAccess | None) -> tuple[model.Endpoint, str, str] | None:
    return (access.address, access.user, access.key) if access else None


def _tickets_apart(spec: model.Spec, found: Findings) -> None:
    """Ticket and record of a clone carry its partition id, which two machines may both have."""
    first: dict[tuple[str, int], model.Clone] = {}
    for clone in spec.clones:
        other = first.setdefault((clone.source.name, clone.lpar_id), clone)
        if other.managed_system != clone.managed_system:
            message = (
                f"clones {other.name} and {clone.name} of {clone.source.name} have partition id "
                f"{clone.lpar_id} on two machines"
            )
            found.both("FL3074", head(clone.span), message, head(other.span), f"clone {other.name}")


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
        found.add("FL3023", environment.place("resume"), message)


def _asps(environment: model.Environment, found: Findings) -> None:
    count = 1 + len(environment.clone.source.independent_asps)
    if count > 1 and environment.quiesce.within_s < ASP_MIN_S * count:
        message = (
            f"{duration(environment.quiesce.within_s)} is too little to suspend {count} ASPs, "
            f"which needs {duration(ASP_MIN_S * count)}"
        )
        found.add("FL3026", environment.quiesce.span, message)


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


# ---- what does not go together ----------------------------------------------------------------------


def _generations(spec: model.Spec, found: Findings) -> None:
    """As many copies of one source as the family of the storage system can hold."""
    counted: dict[tuple[str, str], set[str]] = defaultdict(set)
    for clone in spec.clones:
        for disks in clone.disks:
            if clone.vios and len(disks.groups) > 1:
                message = (
                    f"{clone.name} has generations and `volumes vios`: no VIOS maps what nothing starts from"
                )
                found.add("FL3083", disks.span, message, help="Leave `volumes` out, or have one group.")
            groups = counted[clone.source.name, disks.array.name]
            groups.update(disks.groups)
            if len(disks.groups) > 1 and not disks.phrase.generations:
                message = (
                    f"{disks.array.name} holds one copy by `{disks.phrase.words}`, not {len(disks.groups)}"
                )
                found.add("FL3067", disks.span, message)
            most = disks.array.family.copies_max
            if most is not None and len(groups) > most:
                message = f"{len(groups)} copies of {clone.source.name}; {disks.array.name} holds {most}"
                found.add("FL3067", disks.span, message)
            elif len(groups) > 1 and ("refresh", "incremental") in disks.array.facts:
                message = f"{len(groups)} copies of {clone.source.name}; {disks.array.name} can refresh 1"
                found.add("FL3067", disks.span, message, help="Leave `refresh` out, or have one copy.")


def _snapshots(e: model.Environment, found: Findings) -> None:
    several = [disks for disks in e.clone.disks if len(disks.groups) > 1]
    if several and e.starts_clone:
        message = f"{e.name} starts clone {e.clone.name}, whose disks are generations of snapshots"
        found.both("FL3083", head(e.span), message, several[0].span, "its generations")
    if e.keep_s and e.starts_clone:
        message = f"{e.name} keeps a snapshot, but its clone is started and works on it"
        found.add(
            "FL3083", e.place("keep"), message, help="Use `on clone none`, or leave `keep snapshot` out."
        )
    if not e.keep_s or e.starts_clone:
        return
    generations = min(len(disks.groups) for disks in e.clone.disks)
    most = _starts_within(e, e.keep_s)
    if most > generations:
        message = (
            f"{e.name} keeps a snapshot for {duration(e.keep_s)}, in which it starts {most} times, "
            f"but {e.clone.name} has {generations} generation{'s' if generations > 1 else ''}"
        )
        found.both("FL3070", e.place("keep"), message, e.clone.disks[0].span, "its generations")


def _starts_within(e: model.Environment, seconds: int) -> int:
    """How many weekly starts lie in any stretch of that length at most, the last one included."""
    minutes = sorted(minute for minute, schedule in starts(e) if not schedule.which and not schedule.date)
    weeks, rest = divmod(-(-seconds // 60), WEEK_MIN)
    twice = [*minutes, *(minute + WEEK_MIN for minute in minutes)]
    most = max((sum(first <= m < first + rest for m in twice) for first in minutes), default=0)
    return weeks * len(minutes) + most


def _clock_change(e: model.Environment, found: Findings) -> None:
    """Times that a clock change skips or repeats: docs/platform-facts.md#job-scheduler."""
    for schedule in e.schedules:
        if "010000" <= schedule.time < "030000" and (not schedule.days or "SUN" in schedule.days):
            at = f"{schedule.time[:2]}:{schedule.time[2:4]}"
            found.add(
                "FL3038", schedule.span, f"{e.name} starts at {at}, which a clock change may skip or repeat"
            )


def _omitted(e: model.Environment, found: Findings) -> None:
    """A date that is left out of a schedule that does not have it."""
    weekly = {day for s in e.schedules if not s.date for day in (s.days or ALL_DAYS)}
    for date in e.omit_dates:
        day = ALL_DAYS[datetime.date.fromisoformat(date).weekday()]
        if weekly and day not in weekly:
            message = (
                f"{e.name} does not start on {date}, a {day.capitalize()}, so it is left out for nothing"
            )
            found.add("FL3039", e.place(date), message)
