"""S11: a normal IPL of production behaves as before the installation.

Compares an IPL of production with the product installed (one that is handed in, and each that happens in
the history) with one from before: the subsystems, jobs, servers and interfaces that start, TCP/IP, the
site's start-up program.  Nothing may be missing and nothing may be added; jobs are compared by name and
user, their number aside.

Cannot see how long things took, and says so when no IPL was to be compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from flashtwin.events import Event
from flashtwin.invariants.facts import RunFacts, Verdict, verdict
from flashtwin.invariants.history import OFF
from flashtwin.world import World

ID = "S11"
# What an IPL starts is there at most so long after it says that it is done, seconds.
SETTLED_S = 900.0
STARTED = {
    "subsystem_started": "subsystem",
    "server_started": "server",
    "interface_started": "address",
    "job_started": "job",
    "tcp_started": "",
    "domino_started": "server",
}


def check(world: World, facts: RunFacts) -> Verdict:
    """Judge every IPL of production that is known."""
    if not facts.ipl_before:
        return Verdict(
            ID, True, "no IPL of production from before the installation was given to compare with"
        )
    before = _started(facts, facts.ipl_before)
    after = [facts.ipl_after] if facts.ipl_after else []
    after += ipls(world.events.events, facts.production)
    problems = []
    for events in after:
        now = _started(facts, events)
        at = facts.clock(events[0].time)
        problems += [f"IPL of {at}: {what} did not start" for what in sorted((before - now).elements())]
        problems += [
            f"IPL of {at}: {what} started, which did not before" for what in sorted((now - before).elements())
        ]
    looked_at = "1 IPL" if len(after) == 1 else f"{len(after)} IPLs"
    return verdict(ID, problems, f"{looked_at} of {facts.production} started what was started before")


def _started(facts: RunFacts, events: Sequence[Event]) -> Counter[str]:
    found: Counter[str] = Counter()
    missed = _made_up_for(facts, events)
    for event in events:
        if event.system != facts.production:
            continue
        if event.kind == "program_started" and event["program"] == facts.startup_program:
            found[f"start-up program {facts.startup_program}"] += 1
        elif event.kind in STARTED and not (event.kind == "job_started" and event["job"] in missed):
            fact = STARTED[event.kind]
            name = str(event[fact]) if fact else "TCP/IP"
            kind = event.kind.rpartition("_")[0].replace("_", " ")
            found[f"{kind} {name.partition('/')[2] if fact == 'job' else name}"] += 1
    return found


def _made_up_for(facts: RunFacts, events: Sequence[Event]) -> set[str]:
    """The jobs of the site's schedule entries that came due while the system was down."""
    due = {
        (event.time, str(event["command"]))
        for event in events
        if event.kind == "scheduled_submit"
        and not any(f"{library}/" in str(event["command"]) for library in facts.libraries)
    }
    return {
        str(event["job"])
        for event in events
        if event.kind == "job_submitted" and (event.time, str(event["command"])) in due
    }


def ipls(events: Iterable[Event], system: str) -> list[tuple[Event, ...]]:
    """The events of each whole IPL of a partition: from Starting until it has settled or the power goes."""
    found: list[tuple[Event, ...]] = []
    current: list[Event] = []
    done: float | None = None
    for event in events:
        if event.system != system:
            continue
        power = str(event["state"]) if event.kind == "partition_power" else ""
        if done is not None and (event.time > done + SETTLED_S or power):
            found.append(tuple(current))
            current, done = [], None
        if power == "Starting":
            current = [event]
        elif power in (OFF, "Error"):
            current = []
        elif current:
            current.append(event)
            done = event.time if event.kind == "ipl_done" else done
    return [*found, tuple(current)] if done is not None else found
