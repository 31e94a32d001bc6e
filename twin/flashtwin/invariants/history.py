"""Readings of a world's history that several checkers share: power, suspended windows, requests, disks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import inf

from flashtwin.events import Event
from flashtwin.gate import Gate
from flashtwin.image import SystemImage
from flashtwin.invariants.facts import RunFacts
from flashtwin.sims.server import Exchange
from flashtwin.world import World

HOLDING = frozenset(("", "copying", "stopping", "idle_or_copied", "ACTIVE", "RELEASING", "FREE"))
"""The states of a group, a family's own or what it means, in which it still holds the copy that it took."""
OFF = "Not Activated"
POWERED_OFF = "powered off"
SYSBAS = "*SYSBAS"
# Two clocks are never compared more closely.
SECOND_S = 1.0
# A command takes effect within this time, seconds: Domino needs minutes to end.
CAUSE_S = 1800.0
# How the begin of a command shows: itself, or the program that it calls.
_RUN = ("command", "program_started")


@dataclass(frozen=True, slots=True)
class Window:
    """From the first SUSPEND request on: when all ASPs asked were held, who resumed the last and when.

    `asked` are the ASPs that one job asked for, `result` the worst of theirs once all are held together.
    `loosened` is when the first of them was resumed.  `ending` is "resumed", "given up" (the state was not
    reached and everything goes on) or "powered off"; "" while it lasts.
    """

    requested: float
    job: str
    asked: tuple[str, ...] = (SYSBAS,)
    held: tuple[str, ...] = ()
    open: tuple[str, ...] = (SYSBAS,)
    reached: float | None = None
    result: str = ""
    loosened: float | None = None
    ended: float | None = None
    ended_by: str = ""
    ending: str = ""


def times_of(world: World, system: str, shown: float) -> list[float]:
    """When a partition's clock showed this time (epoch seconds), on the world's clock.

    Several times where the clock was put back over it; by the clock as it is now where it never did.
    """
    partition, begin, found = world.partition(system), float("-inf"), []
    changes = list(world.events.of("clock_changed", system=system))
    offsets = [float(e["before"]) for e in changes[:1]] + [float(e["offset"]) for e in changes]
    ends = [event.time for event in changes] + [float("inf")]
    for offset, end in zip(offsets or [partition.shown_offset], ends, strict=True):
        if begin - SECOND_S <= shown - offset <= end + SECOND_S:
            found.append(shown - offset)
        begin = end
    return found or [shown - partition.shown_offset]


def windows(world: World, system: str) -> list[Window]:
    """The suspended windows of a partition, in order.  One resume of an ASP ends all that are open for it."""
    done: list[Window] = []
    held: list[Window] = []
    for event in world.events.of(
        "suspend_requested", "suspended", "suspend_failed", "resumed", "partition_power", system=system
    ):
        asp = str(event.get("asp") or SYSBAS)
        if event.kind == "suspend_requested":
            held = _asked(held, asp, str(event.get("job", "")), event.time)
        elif event.kind == "suspended":
            held = [_reached(w, asp, str(event.get("result", "full")), event.time) for w in held]
        elif ending := _ending(event):
            by = str(event.get("job", ""))
            freed = [_freed(w, asp if ending != POWERED_OFF else "", event.time, by, ending) for w in held]
            done += [w for w in freed if not w.open]
            held = [w for w in freed if w.open]
    return done + held


def _asked(held: list[Window], asp: str, job: str, at: float) -> list[Window]:
    """A further ASP of the same job joins its window; anything else begins a new one."""
    for number, w in enumerate(held):
        if w.job == job and asp not in w.asked:
            joined = replace(w, asked=(*w.asked, asp), open=(*w.open, asp), reached=None)
            return [*held[:number], joined, *held[number + 1 :]]
    return [*held, Window(at, job, (asp,), (), (asp,))]


def _reached(w: Window, asp: str, result: str, at: float) -> Window:
    if asp not in w.open:
        return w
    held = (*w.held, asp)
    worst = "partial" if "partial" in (w.result, result) else result
    return replace(w, held=held, result=worst, reached=at if set(held) == set(w.asked) else None)


def _freed(w: Window, asp: str, at: float, by: str, ending: str) -> Window:
    """An ASP (all of them where none is named) goes on."""
    left = tuple(one for one in w.open if asp not in ("", one))
    if left == w.open:
        return w
    loosened = w.loosened if w.loosened is not None else at
    if left:
        return replace(w, open=left, loosened=loosened)
    return replace(w, open=left, loosened=loosened, ended=at, ended_by=by, ending=ending)


def _ending(event: Event) -> str:
    if event.kind == "resumed":
        return "resumed"
    if event.kind == "suspend_failed":
        return "given up"
    # A running system shows no power event; any state but Running means that its memory is gone.
    return POWERED_OFF if event["state"] in (OFF, "Error") else ""


def in_run(world: World, facts: RunFacts, *kinds: str, system: str | None = None) -> Iterator[Event]:
    """The events of these kinds that belong to the run's stretch of the history."""
    until = inf if facts.end is None else facts.end
    for event in world.events.of(*kinds, system=system, since=facts.begin, until=until):
        if not facts.of_another(event):
            yield event


def site_commands(facts: RunFacts) -> Iterator[str]:
    """The commands that the spec itself runs on production, with and without an undo."""
    yield from facts.named_runs
    for pair in facts.named_commands:
        yield from pair


def outside_site_commands(
    world: World, facts: RunFacts, *kinds: str, system: str | None = None
) -> Iterator[Event]:
    """The events of these kinds that belong to the run, but for what a command of the site does inside.

    That is between the command's begin and its `executed`, in the job that runs it.
    """
    site = {plain(text) for text in site_commands(facts)}
    inside: dict[str, str] = {}
    for event in in_run(world, facts, *{*kinds, *_RUN, "executed"}, system=system):
        job = str(event.get("by") or event.get("job") or "")
        text = f"CALL {event['program']}" if event.kind == "program_started" else str(event.get("text"))
        if event.kind == "executed" and inside.get(job) == plain(text):
            del inside[job]
        elif job in inside:
            continue
        elif event.kind in _RUN and plain(text) in site and facts.is_ours(job):
            inside[job] = plain(text)
        if event.kind in kinds:
            yield event


def asked_at(world: World, facts: RunFacts, event: Event, name: str) -> float | None:
    """When the product asked for what an event tells of the thing of this name; None when it did not.

    Known by the last command before it that names the thing and was given by one of the product's jobs, and
    by the event itself.  Nobody's event (a subsystem that an IPL starts) is not the product's.
    """
    by = str(event.get("by") or "")
    if by and not facts.is_ours(by):
        return None
    cause = cause_of(world, facts, event, name)
    return cause.time if cause is not None else event.time if by else None


def cause_of(world: World, facts: RunFacts, event: Event, name: str) -> Event | None:
    """The last command of the product's jobs before an event that names the thing."""
    wanted = name.rpartition("/")[2]
    word = re.compile(rf"(?<![\w.-]){re.escape(wanted)}(?![\w.-])")
    for command in world.events.before(event, "command", CAUSE_S):
        text = str(command["text"])
        if wanted in text and facts.is_ours(str(command["job"])) and word.search(text):
            return command
    return None


def plain(text: str) -> str:
    """A command without the differences that mean nothing: CALL A/B is CALL PGM(A/B), QSYS/CALL is CALL."""
    words = text.upper().replace("PGM(", " ").replace(")", " ").split() or [""]
    words[0] = words[0].removeprefix("QSYS/")
    # What a program was called with is not seen when it starts.
    return " ".join(words[:2] if words[0] == "CALL" else words)


def ours(world: World, facts: RunFacts, event: Event, name: str) -> bool:
    """Whether the product caused an event, which is about the thing of this name."""
    return asked_at(world, facts, event, name) is not None


def somebody_elses(facts: RunFacts, event: Event) -> bool:
    """Whether the event names a job that is not the product's."""
    by = str(event.get("by") or event.get("job") or "")
    return bool(by) and not facts.is_ours(by)


def scheduled_jobs(world: World, facts: RunFacts, system: str) -> list[tuple[Event, Event]]:
    """Jobs that a job schedule entry submitted in this run and that started: (scheduled_submit, job_started).

    A job that stays on a queue which no active subsystem serves has not become active.
    """
    submits = list(in_run(world, facts, "scheduled_submit", system=system))
    jobs = {
        str(e["job"]): submit
        for e in in_run(world, facts, "job_submitted", system=system)
        for submit in submits
        if e.time == submit.time and e["command"] == submit["command"]
    }
    started = in_run(world, facts, "job_started", system=system)
    return [(jobs[str(e["job"])], e) for e in started if str(e["job"]) in jobs]


def power_at(world: World, partition: str, time: float) -> tuple[str, float]:
    """The state of a partition at a time, and since when; off since ever where nothing was seen."""
    state, since = OFF, float("-inf")
    for event in world.events.of("partition_power", system=partition):
        if event.time > time:
            break
        state, since = str(event["state"]), event.time
    return state, since


def flashes(world: World, facts: RunFacts) -> list[Event]:
    """The flashes of the clone's groups in this run.

    One that is on no targets yet may be for each copy of its sources: it is for that of the run that took it.
    """
    found = [(event, group_of(facts, event)) for event in in_run(world, facts, "flash")]
    return [
        event if event["group"] == group else _as_of(world, event, group) for event, group in found if group
    ]


def _as_of(world: World, flash: Event, group: str) -> Event:
    """A flash as one that is for this group."""
    targets = tuple(target.uid for _, target in world.arrays[flash.system].members(group))
    return replace(flash, facts={**flash.facts, "group": group, "targets": targets})


def group_of(facts: RunFacts, event: Event) -> str:
    """The group of the run that an event of its stretch is about; "" for a group of others."""
    about = (event["group"], *event.get("copies", ()))
    return next((str(group) for group in about if (event.system, group) in facts.groups), "")


def is_about(event: Event, group: str) -> bool:
    """Whether an event is, or may be, about this group of its array."""
    return event["group"] == group or group in event.get("copies", ())


def lives_since(world: World, facts: RunFacts) -> float:
    """When the clone of the run came up under its own name; after all times when it did not."""
    if facts.lives is not None:
        for event in in_run(world, facts, "system_name", system=facts.clone):
            if event["name"] == facts.lives.name:
                return event.time
    return float("inf")


def transcript(world: World) -> list[Exchange]:
    """Every request to a simulated system and its reply, in order of arrival."""
    gate = world.scheduler.external
    return gate.transcript if isinstance(gate, Gate) else []


def deaths(world: World) -> list[float]:
    """When sidecars were killed that stood in the middle of something, in order."""
    gate = world.scheduler.external
    return gate.deaths if isinstance(gate, Gate) else []


def credentials(world: World) -> Mapping[str, str]:
    """What requests over HTTPS brought to prove whose they were, and the field of which system it was."""
    gate = world.scheduler.external
    return gate.credentials if isinstance(gate, Gate) else {}


def trigger_of(world: World, flash: Event) -> Exchange | None:
    """The request that took a flash: the last one to this array that starts this group."""
    found = None
    for exchange in transcript(world):
        if exchange.at > flash.time:
            break
        if _starts(world, exchange, flash.system, str(flash["group"])):
            found = exchange
    return found


def answered_well(exchange: Exchange) -> bool:
    """Exit status 0 of a command, or a good status of HTTP."""
    return exchange.status == 0 or 200 <= (exchange.status or 0) < 300


def asked_to_start(world: World, facts: RunFacts, array: str, group: str) -> bool:
    """Whether the run sent a request that starts this group, whatever became of it."""
    return any(
        facts.begin <= exchange.at
        and (facts.end is None or exchange.at <= facts.end)
        and _starts(world, exchange, array, group)
        for exchange in transcript(world)
    )


def copy_at(world: World, array: str, group: str, time: float) -> float | None:
    """When the copy was taken that a group's targets held at a time; None for none (never started, stopped).

    Before the first event of a group it was as the site says.
    """
    state, shown = "", world.arrays[array].began(group)
    before, taken = shown, shown
    for event in world.events.of("flash", "presented", "group_state", system=array):
        if event["group"] != group or event.time >= time:
            continue
        if event.kind == "flash":
            before, taken, shown = shown, event.time, event.time
        elif event.kind == "presented":
            shown = taken
        else:
            state = str(event.get("word") or event["state"])
            if state == "TAKEN":  # it waits, maybe for ever: the targets still show the last copy
                shown = before
    return shown if state in HOLDING else None


def _starts(world: World, exchange: Exchange, array: str, group: str) -> bool:
    return exchange.system == array and world.arrays[array].starts(exchange.request, group)


def window_at(world: World, facts: RunFacts, at: float) -> Window | None:
    """The suspended window of production in which something was asked."""
    found = (
        w
        for w in windows(world, facts.production)
        if w.requested <= at and (w.loosened is None or at <= w.loosened)
    )
    return next(found, None)


def bad_answer(world: World, facts: RunFacts, flash: Event) -> str:
    """Why a flash does not count: its request had no good answer before production was resumed by anybody."""
    trigger = trigger_of(world, flash)
    if trigger is None or trigger.answered_at is None or not answered_well(trigger):
        return "whose trigger had no good answer"
    window = window_at(world, facts, trigger.at)
    if window is None:
        return "" if facts.quiesce_otherwise == "flush only" else "that was triggered after the resume"
    resumed = window.loosened
    if resumed is not None and resumed < trigger.answered_at:
        return f"answered at {facts.clock(trigger.answered_at)}, after the resume at {facts.clock(resumed)}"
    return ""


def read_between(world: World, system: str, after: float, before: float) -> bool:
    """Whether the state of an array was asked for and told between two times."""
    return any(
        exchange.system == system
        and world.arrays[system].reads(exchange.request)
        and exchange.at >= after
        and exchange.answered_at is not None
        and exchange.answered_at <= before
        and answered_well(exchange)
        for exchange in transcript(world)
    )


def image_of(world: World, partition: str) -> SystemImage | None:
    """What is on the disks of a partition now."""
    found = world.partition(partition)
    return found.os.image if found.os is not None else found.boot_image()
