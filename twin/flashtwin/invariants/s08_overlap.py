"""S8: runs that share a clone, group, target, tape, link, or one system's suspend window or BRMS process
state never overlap there.

Looks at what the jobs of two runs did: from the first act of a run's jobs to its end, or to that of the last
of its jobs, it has its resources for itself.  Its own bookkeeping (locks, journal, messages) is no act.  And
at the system: no second SUSPEND inside a suspended window, nor a RESUME of another run, also where the system
refuses it; no *STRPRC inside a *STRPRC.

Cannot see a run that is not told of in `RunFacts.others`, except by the last two.
"""

from __future__ import annotations

import re
from itertools import pairwise

from flashtwin.invariants.facts import OtherRun, RunFacts, Verdict, verdict
from flashtwin.invariants.history import windows
from flashtwin.world import World

ID = "S8"
ACTS = (
    "suspend_requested",
    "flush",
    "job_held",
    "domino_ended",
    "brms_state",
    "interface_started",
    "interface_ended",
    "device_varied",
    "subsystem_ended",
    "server_ended",
    "command",
)
# Commands that do something to what runs may share.
COMMANDS = (
    "CHGASPACT",
    "ENDDOMSVR",
    "ENDSBS",
    "ENDTCPIFC",
    "HLDJOB",
    "INZBRM",
    "RLSJOB",
    "RSTLIB",
    "STRDOMSVR",
    "STRMNTBRM",
    "STRTCPIFC",
    "VRYCFG",
)

_ENTERS = re.compile(r"OPTION\(\*(SUSPEND|RESUME)\)")


def check(world: World, facts: RunFacts) -> Verdict:
    """Judge the run against all others of the history."""
    problems = [*_windows(world, facts), *_processes(world, facts)]
    mine = _used(world, facts.jobs, facts.end, facts.production)
    for other in facts.others:
        problems += _entered(world, facts, other)
        theirs = _used(world, other.jobs, other.end, facts.production)
        # The suspend window is a run's own for its window only, which is looked at below.
        both = facts.resources & other.resources - {f"window {facts.production}"}
        shared = ", ".join(sorted(both))
        if mine and theirs and shared and mine[0] < theirs[1] and theirs[0] < mine[1]:
            start = facts.clock(max(mine[0], theirs[0]))
            problems.append(f"from {start} on this run and run {other.run} both used {shared}")
    return verdict(ID, problems, f"no run shared anything with this one ({len(facts.others)} others)")


def _used(world: World, jobs: tuple[str, ...], end: float | None, system: str) -> tuple[float, float] | None:
    acts = [
        e.time
        for e in world.events.of(*ACTS, system=system)
        if (e.kind != "command" or e["command"] in COMMANDS) and (e.get("by") or e.get("job")) in jobs
    ]
    if not acts:
        return None
    if end is None:
        ends = {str(e["job"]): e.time for e in world.events.of("job_ended", system=system)}
        end = max(ends.get(job, world.now) for job in jobs)
    return acts[0], max(end, acts[-1])


def _windows(world: World, facts: RunFacts) -> list[str]:
    found = windows(world, facts.production)
    return [
        f"{later.job} asked for a suspend at {facts.clock(later.requested)} in the window of {earlier.job}"
        for earlier, later in pairwise(found)
        if later.requested >= facts.begin and (earlier.ended is None or later.requested < earlier.ended)
    ]


def _entered(world: World, facts: RunFacts, other: OtherRun) -> list[str]:
    """What another run asked of *SYSBAS in this run's window."""
    asked = [
        event
        for event in world.events.of("command", system=facts.production)
        if event["command"] == "CHGASPACT"
        and event["job"] in other.jobs
        and _ENTERS.search(str(event["text"]))
    ]
    return [
        f"{event['job']} of run {other.run} entered '{event['text']}' at {facts.clock(event.time)} in the "
        f"window of {window.job}"
        for window in windows(world, facts.production)
        if window.job in facts.jobs
        for event in asked
        if window.requested <= event.time <= (world.now if window.ended is None else window.ended)
    ]


def _processes(world: World, facts: RunFacts) -> list[str]:
    problems, state = [], ""
    for event in world.events.of("brms_state", system=facts.production):
        if event["state"] == "*STRPRC" and state == "*STRPRC" and event.time >= facts.begin:
            problems.append(f"*STRPRC at {facts.clock(event.time)} while BRMS was in *STRPRC already")
        state = str(event["state"])
    return problems
