"""S2: the trigger is sent only if the clone is proven off just before, the group is proven prepared and
holds exactly the partition's disk units, and the quiesce result meets the spec.

Looks at each flash of the clone's groups: power of the clone and the console's last answers about it, states
of the group and the array's answers about it, the mappings against the volumes of both partitions, the
suspended window at the time the request was sent, which must hold *SYSBAS and every independent ASP that
the spec names.  Where the units are spread over several groups, those of a request that was refused count as
well: it was sent for all of them; and those of a request that was never sent, since the sidecar was killed
while another was under way.  Of generations the one with the oldest copy must have been used, and no copy
been given up that had to be kept.

Without any flash there is nothing to protect.
"""

from __future__ import annotations

from typing import Any

from flashtwin.events import Event
from flashtwin.invariants.facts import RunFacts, Verdict, verdict
from flashtwin.invariants.history import (
    OFF,
    SYSBAS,
    asked_to_start,
    copy_at,
    deaths,
    flashes,
    in_run,
    is_about,
    power_at,
    read_between,
    transcript,
    trigger_of,
    windows,
)
from flashtwin.world import World

ID = "S2"


def check(world: World, facts: RunFacts) -> Verdict:
    """Judge every flash of the run."""
    taken = flashes(world, facts)
    if not taken:
        return Verdict(ID, True, "no flash was taken")
    problems = [*_units(world, facts, taken), *_generations(world, facts, taken)]
    for flash in taken:
        trigger = trigger_of(world, flash)
        sent = trigger.at if trigger is not None else flash.time
        problems += _clone_off(world, facts, sent)
        problems += _prepared(world, flash, sent)
        problems += _quiesced(world, facts, sent)
    names = ", ".join(str(flash["group"]) for flash in taken)
    return verdict(
        ID, problems, f"{names}: clone proven off, group prepared and complete, quiesce as declared"
    )


def _clone_off(world: World, facts: RunFacts, sent: float) -> list[str]:
    state, since = power_at(world, facts.clone, sent)
    at = facts.clock(sent)
    if state != OFF:
        return [f"the trigger was sent at {at} while {facts.clone} was {state}"]
    oldest = max(since, sent - facts.limits.proof_age_s, facts.begin)
    partition = world.partition(facts.clone)
    names = (facts.clone, f"lpar_ids={partition.lpar_id}")
    proven = any(
        exchange.system in world.consoles
        and world.consoles[exchange.system].reads(exchange.request)
        and world.consoles[exchange.system].OFF.lower() in exchange.out.lower()
        and any(name in exchange.request + exchange.out for name in names)
        and exchange.answered_at is not None
        and oldest <= exchange.answered_at <= sent
        for exchange in transcript(world)
    )
    return [] if proven else [f"nobody had asked whether {facts.clone} is off before the trigger of {at}"]


def _prepared(world: World, flash: Event, sent: float) -> list[str]:
    group = flash["group"]
    state, since = "unknown", 0.0
    for event in world.events.of("group_state", system=flash.system):
        if is_about(event, str(group)) and event.time <= sent and event.time < flash.time:
            state, since = str(event.get("word") or event["state"]).lower(), event.time
    array = world.arrays[flash.system]
    if not array.prepares and state in ("unknown", "free", *(("active", "taken") if array.keeps else ())):
        return []
    if state != "prepared":
        return [f"group {group} was {state}, not prepared, when the trigger was sent"]
    if not read_between(world, flash.system, since, sent):
        return [f"nobody had asked {flash.system} whether group {group} is prepared"]
    return []


def _units(world: World, facts: RunFacts, taken: list[Event]) -> list[str]:
    problems = []
    for name, what in ((facts.production, "source"), (facts.clone, "target")):
        has = {volume.uid for volume in world.partition(name).volumes}
        copied = {uid for flash in taken for uid in flash[f"{what}s"]}
        copied |= {pair[what == "target"].uid for pair in _asked_in_vain(world, facts, taken)}
        if what == "target" and facts.generations:
            # The targets of generations are nobody's disks: nothing is started from them.
            has = copied - {volume.uid for volume in world.partition(facts.production).volumes}
        if what == "target" and not copied & has:
            # Volumes that the instant itself makes are the clone's when they are attached to it.
            copied -= {uid for flash in taken for uid in flash["targets"] if world.arrays[flash.system].makes}
            has = has if copied else set()
        if missing := sorted(has - copied):
            problems.append(f"disk unit {', '.join(missing)} of {name} is no {what} of the flash")
        if extra := sorted(copied - has):
            problems.append(f"{what} {', '.join(extra)} of the flash is no disk unit of {name}")
    return problems


def _generations(world: World, facts: RunFacts, taken: list[Event]) -> list[str]:
    """Of generations one was used: that with the oldest copy, and none that had to be kept."""
    problems = []
    for array, groups in facts.generations:
        used = [flash for flash in taken if flash.system == array and flash["group"] in groups]
        if len({flash["group"] for flash in used}) > 1:
            problems.append(
                f"the run used {len(used)} generations: {', '.join(str(f['group']) for f in used)}"
            )
        for flash in used:
            given_up = copy_at(world, array, str(flash["group"]), facts.begin)
            others = {group: copy_at(world, array, group, flash.time) for group in groups}
            older = [group for group, at in others.items() if given_up and at and at < given_up]
            if older:
                problems.append(f"{flash['group']} was given up, though the copy on {older[0]} is older")
    for flash in taken if facts.keep_s else ():
        given_up = copy_at(world, flash.system, str(flash["group"]), facts.begin)
        if given_up and flash.time - given_up < facts.keep_s:
            age = flash.time - given_up
            problems.append(f"the copy on {flash['group']} was given up when it was {age:.0f} s old")
    return problems


def _asked_in_vain(world: World, facts: RunFacts, taken: list[Event]) -> list[Any]:
    """The pairs of the groups whose trigger was sent, and was not obeyed, or only in part.

    Where the sidecar was killed in between, those of the others as well.
    """
    done = {(flash.system, flash["group"]): len(flash["sources"]) for flash in taken}
    died = any(_died_meanwhile(world, flash) for flash in taken)
    return [
        one
        for array, name in facts.groups
        if (died or asked_to_start(world, facts, array, name))
        and done.get((array, name), 0) < len(world.arrays[array].members(name))
        for one in world.arrays[array].members(name)
    ]


def _died_meanwhile(world: World, flash: Event) -> bool:
    """Whether a sidecar was killed between the trigger and its flash."""
    trigger = trigger_of(world, flash)
    return trigger is not None and any(trigger.at <= death <= flash.time for death in deaths(world))


def _quiesced(world: World, facts: RunFacts, sent: float) -> list[str]:
    result = ""
    for window in windows(world, facts.production):
        if (
            window.reached is not None
            and window.reached <= sent
            and (window.loosened is None or sent <= window.loosened)
            and set(window.asked) >= {SYSBAS, *facts.independent_asps}
        ):
            result = window.result
    if result == "full" or (result == "partial" and facts.quiesce_otherwise == "continue partial"):
        return []
    if not result and facts.quiesce_otherwise == "flush only":
        flushed = any(e.time <= sent for e in in_run(world, facts, "flush", system=facts.production))
        return [] if flushed else ["the trigger was sent without a flush of main storage"]
    state = f"suspended, {result} only," if result else "not suspended"
    return [f"the trigger was sent at {facts.clock(sent)} while production was {state}"]
