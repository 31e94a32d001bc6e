"""S5: every hold, end, vary or other change on production is undone in reverse order in every outcome, or
reported as not undone.

Looks at what the product's jobs changed on production: jobs, job queues and schedule entries held, Domino
servers, subsystems and TCP/IP servers ended, interfaces and devices changed, the commands that the spec runs
around the flash, commands that change settings; not at what a command does that the spec runs without an
undo.  Each must be followed by its inverse, the last change first; the order counts by when the inverse was
asked for, and what was reported before as not undone is out of it.  An IPL undoes all but settings, and to
start what it leaves down is no change.
Q1ABRMNET and the state of BRMS are left to S6 and S13: their order is another.
The clone's devices on its VIOS count as well, but in no order among themselves.

Cannot see what a command of the site does inside; its undo is the spec's word.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from flashtwin.events import Event
from flashtwin.invariants.facts import RunFacts, Verdict, verdict
from flashtwin.invariants.history import (
    OFF,
    asked_at,
    cause_of,
    in_run,
    outside_site_commands,
    plain,
    site_commands,
    times_of,
)
from flashtwin.world import World

ID = "S5"

# What undoes what, and the fact that names the thing.  Either of a pair may be the change.
PAIRS = (
    ("job_held", "job_released", "job", "job"),
    ("jobq_held", "jobq_released", "queue", "job queue"),
    ("schedule_held", "schedule_released", "entry", "schedule entry"),
    ("domino_ended", "domino_started", "server", "Domino server"),
    ("subsystem_ended", "subsystem_started", "subsystem", "subsystem"),
    ("server_ended", "server_started", "server", "server"),
    ("interface_started", "interface_ended", "address", "interface"),
)
DEVICE = "VIOS device of volume"
# What a row's time may lie behind the act that follows it: journals keep tenths of seconds.
ROW_S = 0.1
DOWN_BY_IPL = ("Domino server", "subsystem", "server")
# Commands that change how production is set up: no run has a use for one.
SETTINGS = (
    "CHGSYSVAL",
    "CHGNETA",
    "CHGIPLA",
    "CHGTCPIFC",
    "CHGTCPA",
    "CHGTCPDMN",
    "CHGTCPSVR",
    "CHGSBSD",
    "CHGUSRPRF",
    "CHGCTLBRM",
    "CHGPWRSCD",
    "CHGJOBSCDE",
    "RMVJOBSCDE",
    "RMVTCPIFC",
    "ADDTCPIFC",
)


@dataclass(frozen=True, slots=True)
class Change:
    """One change: sort of thing, its name, its new state, the state that undoes it, when it was asked for."""

    sort: str
    name: str
    to: str
    back: str
    at: float


def check(world: World, facts: RunFacts) -> Verdict:
    """Judge the run's changes on production once it is closed."""
    if unfinished := facts.open_verdict(ID):
        return unfinished
    open_changes: list[Change] = []
    reset: list[Change] = []
    too_early: list[tuple[Change, Change, Change]] = []
    undone = 0
    restarted = False
    for change in sorted(_changes(world, facts), key=lambda c: c.at):
        if change.sort == "ipl":
            restarted = True
            # What was in memory is as an IPL leaves it; what then puts it back is no change of its own.
            reset += [c for c in open_changes if c.sort != "setting"]
            open_changes = [c for c in open_changes if c.sort == "setting"]
            continue
        if change.sort == "gone":
            open_changes = [c for c in open_changes if c.name != change.name]
            continue
        first = next((c for c in open_changes if _undoes(change, c)), None)
        again = next((c for c in reset if _undoes(change, c)), None)
        if first is None and again is not None:
            undone += 1
            reset.remove(again)
        elif first is not None:
            undone += 1
            behind = open_changes[open_changes.index(first) + 1 :]
            too_early += [
                (first, change, later) for later in behind if not later.sort == first.sort == DEVICE
            ]
            open_changes.remove(first)
        elif restarted and change.sort in DOWN_BY_IPL and change.to == "started":
            continue  # the run may have meant to end it, and its undo starts it
        # An undo by itself, of what was not done, changes nothing.
        elif change.to != "undone" and not any(_same(c, change) for c in open_changes):
            open_changes.append(change)
    problems = [
        f"{_shown(first)} was undone at {facts.clock(undo.at)}, before {_shown(later)}, "
        "which was changed after it"
        for first, undo, later in too_early
        if later not in open_changes
        and not any(_reported(world, facts, change, undo.at) for change in (first, later))
    ]
    for change in open_changes:
        if not _reported(world, facts, change):
            problems.append(
                f"{_shown(change)} is {change.to} since {facts.clock(change.at)}, not undone and not reported"
            )
    reported = f", {len(open_changes)} reported as not undone" if open_changes else ""
    changes = f"{undone} change{'' if undone == 1 else 's'}"
    return verdict(ID, problems, f"{changes} on {facts.production} undone in reverse order{reported}")


def _undoes(change: Change, first: Change) -> bool:
    return (change.sort, change.name) == (first.sort, first.name) and change.to == first.back


def _same(one: Change, other: Change) -> bool:
    return (one.sort, one.name) == (other.sort, other.name)


def _changes(world: World, facts: RunFacts) -> list[Change]:
    found = []
    for event in in_run(world, facts, "vios_unmapped", "vios_mapped"):
        if event["client"] == facts.clone:
            states = ("unmapped", "mapped") if event.kind == "vios_unmapped" else ("mapped", "unmapped")
            found.append(Change(DEVICE, f"{event.system} {event['volume']}", *states, event.time))
    events = list(outside_site_commands(world, facts, *_kinds(), system=facts.production))
    lost = {e.time for e in events if e.kind == "partition_power" and e["state"] in (OFF, "Error")}
    for event in events:
        if event.kind == "partition_power":
            if event.time in lost:
                found.append(Change("ipl", "", "", "", event.time))
        elif event.time in lost and event.get("by") == "":
            continue  # it went with the power
        elif event.kind == "job_ended":
            # A held job that has ended needs no release.
            found.append(Change("gone", str(event["job"]), "", "", event.time))
        else:
            change = _change(facts, event)
            asked = None if change is None else _asked(world, facts, event, change)
            if change is not None and asked is not None:
                found.append(replace(change, at=asked))
    return found


def _asked(world: World, facts: RunFacts, event: Event, change: Change) -> float | None:
    if event.kind in ("command", "program_started"):
        return event.time if facts.is_ours(str(event["job"])) else None
    cause = cause_of(world, facts, event, change.name)
    if cause is not None and any(plain(str(cause["text"])) == plain(run) for run in site_commands(facts)):
        return None  # the command is the change
    return asked_at(world, facts, event, change.name)


def _kinds() -> tuple[str, ...]:
    paired = [kind for pair in PAIRS for kind in pair[:2]]
    return (
        *paired,
        "device_varied",
        "command",
        "program_started",
        "partition_power",
        "job_ended",
    )


def _change(facts: RunFacts, event: Event) -> Change | None:
    at = event.time
    if event.kind == "device_varied":
        on = "on" in str(event["status"]).lower().replace("pending", "")
        return Change("device", str(event["device"]), *(("on", "off") if on else ("off", "on")), at)
    if event.kind == "command":
        return _command(facts, str(event["text"]), at)
    if event.kind == "program_started":
        return _paired(facts, f"CALL PGM({event['program']})", at)
    for down, up, fact, sort in PAIRS:
        if event.kind in (down, up):
            name = str(event[fact])
            if name in facts.subsystems or name == "Q1ABRMNET":
                return None
            states = (down.split("_")[-1], up.split("_")[-1])
            return Change(sort, name, *(states if event.kind == down else states[::-1]), at)
    return None


def _command(facts: RunFacts, text: str, at: float) -> Change | None:
    name = text.split(" ")[0].split("(")[0].rpartition("/")[2]
    paired = _paired(facts, text, at)
    of_the_site = any(plain(text) == plain(run) for run in facts.named_runs)
    if paired is None and name in SETTINGS and not of_the_site:
        return Change("setting", text, "changed", "", at)
    return paired


def _paired(facts: RunFacts, text: str, at: float) -> Change | None:
    for command, undo in facts.named_commands:
        if plain(text) == plain(command):
            return Change("command", command, "run", "undone", at)
        if plain(text) == plain(undo):
            return Change("command", command, "undone", "run", at)
    return None


def _reported(world: World, facts: RunFacts, change: Change, by: float = float("inf")) -> bool:
    """Whether the product said, until then, that it could not undo this."""
    # All of a clone's devices are put back by one act, which names the VIOS that hinders it.
    name = "VIOS" if change.sort == DEVICE else change.name
    return any(
        (name in row.text or name.rpartition("/")[2] in row.text)
        and min(times_of(world, facts.production, row.time)) <= by + ROW_S
        for row in facts.said.not_undone
    )


def _shown(change: Change) -> str:
    return f"{change.sort} {change.name}".strip()
