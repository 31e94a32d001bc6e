"""Rules about several parts of a spec at once: limits that nest, runs that meet, a clone and its source."""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Sequence

from flashc.check import model
from flashc.check.findings import Findings, head
from flashc.check.living import living
from flashc.check.needed import check_needed
from flashc.check.overlaps import WEEK_MIN, check_overlaps, starts
from flashc.check.schedules import ALL_DAYS
from flashc.check.site_commands import check_commands
from flashc.check.values import by_serial, duration

WINDOW_MAX_S = 600
"""Quiesce and resume together: users wait as long as that."""

RESUME_MIN_S = 15
"""The answer of the array (5 s then) and the driver's wait for it (8 s) have to fit before the resume."""

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
    _volumes_apart(spec, found)
    _same_disks(spec, found)
    _links_agree(spec, found)
    _links_alone(spec, found)
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
        _own_network(environment, found)
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


def _volumes_apart(spec: model.Spec, found: Findings) -> None:
    """Each volume that is overwritten belongs to one copy, and is none that is copied."""
    sources = {
        (disks.array.name, volume): disks.span for _, disks, copy in _copies(spec) for volume, _ in copy.pairs
    }
    first: dict[tuple[str, str], tuple[model.Clone, model.Copy]] = {}
    told: set[tuple[int, int]] = set()
    for clone, disks, copy in _copies(spec):
        for _, target in copy.pairs:
            key = disks.array.name, target
            other, others = first.setdefault(key, (clone, copy))
            place = (id(others), id(copy))
            if key in sources and (id(copy), 0) not in told:
                told.add((id(copy), 0))
                message = f"volume {target} of {disks.array.name} is copied, and {clone.name} overwrites it"
                found.both("FL3103", copy.span, message, sources[key], "here it is copied")
            if others is copy or place in told:
                continue
            told.add(place)
            if other is clone:
                message = f"two copies of {clone.name} overwrite volume {target} of {disks.array.name}"
                found.both("FL3103", copy.span, message, others.span, "the other one")
            elif (other.partition, other.managed_system) != (clone.partition, clone.managed_system):
                message = f"clones {other.name} and {clone.name} both overwrite volume {target}"
                found.both("FL3066", copy.span, message, others.span, f"clone {other.name}")


def _copies(spec: model.Spec) -> list[tuple[model.Clone, model.Disks, model.Copy]]:
    return [(clone, disks, copy) for clone in spec.clones for disks in clone.disks for copy in disks.copies]


def _same_disks(spec: model.Spec, found: Findings) -> None:
    """Every clone of a system copies all of its disks, so they name the same arrays and volumes."""
    first: dict[str, model.Clone] = {}
    for clone in spec.clones:
        for disks in clone.disks:
            for copy in disks.copies[1:]:
                odd = _odd(disks.copies[0].pairs, copy.pairs)
                if odd:
                    message = f"generations of {clone.name} copy other volumes: {odd} is not in both"
                    found.both("FL3112", copy.span, message, disks.copies[0].span, "the first one")
        other = first.setdefault(clone.source.name, clone)
        apart = sorted(set(clone.arrays) ^ set(other.arrays))
        if apart:
            message = (
                f"clones {other.name} and {clone.name} of {clone.source.name} are not copied by the same "
                f"storage systems: {apart[0]} is named by one only"
            )
            found.both("FL3112", clone.disks[0].span, message, other.disks[0].span, f"clone {other.name}")
            continue
        for array in clone.arrays:
            odd = _odd(_pairs_on(other, array), _pairs_on(clone, array))
            if odd:
                message = (
                    f"clones {other.name} and {clone.name} of {clone.source.name} copy other volumes of "
                    f"{array}: {odd} is not in both"
                )
                found.both("FL3112", clone.disks[0].span, message, other.disks[0].span, f"clone {other.name}")


def _pairs_on(clone: model.Clone, array: str) -> list[tuple[str, str]]:
    """The pairs of the first generations on an array; none where its copies are not told by pairs."""
    return [pair for disks in clone.disks if disks.array.name == array for pair in disks.copies[0].pairs]


def _odd(one: Sequence[tuple[str, str]], other: Sequence[tuple[str, str]]) -> str:
    """A source that one has and the other has not; "" if there is none, or one tells no pairs."""
    apart = {source for source, _ in one} ^ {source for source, _ in other}
    return min(apart) if one and other and apart else ""


def _links_agree(spec: model.Spec, found: Findings) -> None:
    """A system has an address on one line, and a line on one VLAN; its copies have what it has."""
    lines: dict[tuple[str, str], tuple[str, model.Clone]] = {}
    vlans: dict[tuple[str, str], tuple[int, model.Clone]] = {}
    for clone in spec.clones:
        link, system = clone.link, clone.source.name
        if link is None:
            continue
        for address in (link.source, link.clone):
            line, other = lines.setdefault((system, address), (link.line, clone))
            if line != link.line and other.link:
                message = f"address {address} is on line {link.line} here, and on {line} for {other.name}"
                found.both("FL3113", link.span, message, other.link.span, f"clone {other.name}")
        if link.vlan is None:
            continue
        vlan, other = vlans.setdefault((system, link.line), (link.vlan, clone))
        if vlan != link.vlan and other.link:
            message = f"line {link.line} is on VLAN {link.vlan} here, and on {vlan} for {other.name}"
            found.both("FL3113", link.span, message, other.link.span, f"clone {other.name}")


def _links_alone(spec: model.Spec, found: Findings) -> None:
    """A clone that stays on keeps its end of the link, whose address another one cannot have meanwhile."""
    stays = {e.clone.name: e for e in spec.environments if e.starts_clone and e.leave_clone != "off"}
    first: dict[tuple[str, str], model.Clone] = {}
    for clone in spec.clones:
        if clone.link is None:
            continue
        other = first.setdefault((clone.source.name, clone.link.clone), clone)
        same = (other.partition, other.managed_system) == (clone.partition, clone.managed_system)
        on = stays.get(other.name) or stays.get(clone.name)
        if on and not same and other.link:
            message = (
                f"clones {other.name} and {clone.name} have address {clone.link.clone}, and {on.name} leaves "
                f"{on.clone.name} on with it"
            )
            found.both("FL3114", clone.link.span, message, other.link.span, f"clone {other.name}")


def _own_network(e: model.Environment, found: Findings) -> None:
    """A console that shows its own machine only can tell no network from production's on another."""
    clone, r = e.clone, e.reconfigure
    if r is None or not clone.network_isolated or not clone.console.family.machines_by_serial:
        return
    machine = clone.managed_system
    if not by_serial(machine) or any(i.serial == machine[-7:] for i in clone.source.identities):
        return
    for interface in r.interfaces:
        if clone.link is None or interface.line != clone.link.line:
            message = (
                f"{clone.console.name} does not show the networks of {clone.source.name}, so none of "
                f"{clone.name} on line {interface.line} can be proven another one"
            )
            found.both("FL3111", interface.span, message, head(clone.span), f"clone {clone.name}")
            return


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
            f"`resume within` is {duration(environment.resume_within_s)}, but the copy request and the wait "
            f"for its answer need {duration(RESUME_MIN_S)}"
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
    if count > 1 and isinstance(environment.operation, model.Save21Operation):
        names = " and ".join(environment.clone.source.independent_asps)
        message = f"`on clone save21` saves nothing of independent ASP {names}"
        found.add("FL3117", environment.operation.span, message)


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
