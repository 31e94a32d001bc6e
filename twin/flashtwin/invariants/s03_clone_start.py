"""S3: the clone is started only on this run's flash, proven and answered before any resume.

Looks at each time the clone starts: there must be a flash of every group in this run, all in one suspended
window, whose request got a good answer before production was resumed by anybody, and of which the array was
asked again (the start times of the mappings) before the partition was started.  Where the copy is put on the
targets by requests of their own, all of them must have it.

Cannot see what a program made of the answers; a start after a bad answer shows it.
"""

from __future__ import annotations

from flashtwin.events import Event
from flashtwin.invariants.facts import RunFacts, Verdict, verdict
from flashtwin.invariants.history import (
    bad_answer,
    flashes,
    in_run,
    is_about,
    read_between,
    trigger_of,
    window_at,
)
from flashtwin.world import World

ID = "S3"


def check(world: World, facts: RunFacts) -> Verdict:
    """Judge every start of the clone in the run."""
    starts = [
        e for e in in_run(world, facts, "partition_power", system=facts.clone) if e["state"] == "Starting"
    ]
    if not starts:
        return Verdict(ID, True, f"{facts.clone} was not started")
    problems = []
    for start in starts:
        problems += _problems(world, facts, start)
    at = ", ".join(facts.clock(start.time) for start in starts)
    return verdict(
        ID, problems, f"{facts.clone} started at {at} on the answered and proven flash of this run"
    )


def _problems(world: World, facts: RunFacts, start: Event) -> list[str]:
    at = facts.clock(start.time)
    last = {(f.system, f["group"]): f for f in flashes(world, facts) if f.time <= start.time}
    chosen = [{(array, group) for group in groups} for array, groups in facts.generations]
    wanted = [*({one} for one in facts.groups if not any(one in groups for groups in chosen)), *chosen]
    problems = [
        f"{facts.clone} was started at {at} without a flash of group "
        f"{' or '.join(sorted(group for _, group in groups))} in this run"
        for groups in wanted
        if not groups & set(last)
    ]
    triggers = [trigger for f in last.values() if (trigger := trigger_of(world, f))]
    if len({window_at(world, facts, trigger.at) for trigger in triggers}) > 1:
        problems.append(f"{facts.clone} was started at {at} on flashes of different suspended windows")
    for flash in last.values():
        if wrong := bad_answer(world, facts, flash):
            problems.append(f"{facts.clone} was started on a flash of {flash['group']} {wrong}")
        if not read_between(world, flash.system, flash.time, start.time):
            problems.append(
                f"{facts.clone} was started at {at} and {flash.system} had not been asked for the "
                f"start times of {flash['group']} after the flash"
            )
        if not_shown(world, flash, start.time):
            problems.append(
                f"{facts.clone} was started at {at} before all its volumes had the copy of {flash['group']}"
            )
    return problems


def not_shown(world: World, flash: Event, time: float) -> bool:
    """Whether the instant of a flash had not come to all of its targets, where that is an act of its own."""
    word = ""
    for event in world.events.of("group_state", system=flash.system):
        if is_about(event, str(flash["group"])) and flash.time <= event.time <= time:
            word = str(event.get("word") or "")
    return word in ("TAKEN", "MIXED")
