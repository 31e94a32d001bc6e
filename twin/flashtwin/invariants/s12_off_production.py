"""S12: off production nothing of ours acts on HMC, array, CHGASPACT or BRMS *STRPRC/*ENDPRC, or starts from
a schedule; on a clone only the clone programs act, under a valid ticket.

Looks at every partition that is not production by serial and partition id: suspends, states of BRMS and the
commands for them, saves, jobs that the product's schedule entries start, and requests to consoles and arrays
by where they came from.  A ticket is taken as valid when the partition is the declared clone, started after
this run's flash, and the flash is not older than the ticket's limit: what the data area says is the
product's own business.

Cannot see where a request came from when the transcript does not tell (`Exchange.origin` empty).
"""

from __future__ import annotations

import re

from flashtwin.events import Event
from flashtwin.invariants.facts import RunFacts, Verdict, verdict
from flashtwin.invariants.history import flashes, in_run, power_at, scheduled_jobs, somebody_elses, transcript
from flashtwin.world import World

ID = "S12"
PRODUCTION_ONLY = ("command", "suspend_requested", "resumed", "flush")
COMMANDS = re.compile(r"\bCHGASPACT\b|\bINZBRM\b.*STATE\(\*(STRPRC|ENDPRC)\)")
CLONE_ACTS = (
    *("brms_state", "brms_save", "qusrbrm_saved", "qusrbrm_restored", "maintenance_run"),
    *("tape_save", "restricted_requested", "executed"),
)


def check(world: World, facts: RunFacts) -> Verdict:
    """Judge what the product did anywhere but on production."""
    elsewhere = _elsewhere(world, facts)
    problems = []
    for event in in_run(world, facts, *PRODUCTION_ONLY, *CLONE_ACTS):
        if event.system in elsewhere and not somebody_elses(facts, event):
            what = _forbidden(event) or _without_ticket(world, facts, event)
            if what:
                problems.append(f"{what} on {event.system} at {facts.clock(event.time)}")
    for system in sorted(elsewhere):
        problems += _scheduled(world, facts, system)
    problems += _requests(world, facts, elsewhere)
    return verdict(
        ID, problems, f"nothing acted out of its place on {', '.join(sorted(elsewhere)) or 'any other'}"
    )


def _elsewhere(world: World, facts: RunFacts) -> set[str]:
    production = {(identity.serial, identity.lpar) for identity in facts.identities}
    return {
        partition.name
        for partition in world.partitions()
        if (partition.serial, partition.lpar_id) not in production
    }


def _forbidden(event: Event) -> str:
    if event.kind in ("suspend_requested", "resumed", "flush"):
        return f"CHGASPACT ({event.kind.replace('_', ' ')})"
    if event.kind == "command":
        return f"'{event['text']}'" if COMMANDS.search(str(event["text"])) else ""
    if event.kind == "brms_state" and event["state"] in ("*STRPRC", "*ENDPRC"):
        return f"BRMS {event['state']}"
    return ""


def _scheduled(world: World, facts: RunFacts, system: str) -> list[str]:
    return [
        f"schedule entry {submit['entry']} started job {started['job']} on {system} "
        f"at {facts.clock(started.time)}"
        for submit, started in scheduled_jobs(world, facts, system)
        if facts.is_product(str(submit["command"])) and not _expiry(facts, system, str(submit["command"]))
    ]


def _expiry(facts: RunFacts, system: str, command: str) -> bool:
    """The one entry of a clone that lives on: it looks whether the clone's time is over."""
    program = facts.lives.expiry_program if facts.lives is not None else ""
    return system == facts.clone and bool(program) and program in command


def _without_ticket(world: World, facts: RunFacts, event: Event) -> str:
    if event.kind not in CLONE_ACTS:
        return ""
    what = f"{event.kind.replace('_', ' ')} {event.get('state', '')}".strip()
    if event.system != facts.clone:
        return f"{what}, which is no clone of this run,"
    started = [
        e.time
        for e in world.events.of("partition_power", system=event.system)
        if e["state"] == "Starting" and e.time <= event.time
    ]
    if not started or started[-1] < facts.begin:
        # It runs since before this run: under the ticket of another one.
        return ""
    taken = [flash.time for flash in flashes(world, facts) if flash.time <= started[-1]]
    if not taken:
        return f"{what} without a flash of this run ({power_at(world, event.system, event.time)[0]})"
    if event.time - taken[-1] > facts.limits.ticket_s:
        return f"{what} {(event.time - taken[-1]) / 3600:.0f} h after the flash"
    return ""


def _requests(world: World, facts: RunFacts, elsewhere: set[str]) -> list[str]:
    vios = {one.name for one in world.partitions() if one.vios is not None}
    systems = {*world.consoles, *world.arrays, *vios}
    return [
        f"{exchange.system} was asked '{exchange.request[:60]}' from {origin} at {facts.clock(exchange.at)}"
        for exchange in transcript(world)
        if exchange.at >= facts.begin
        and exchange.system in systems
        and (origin := str(getattr(exchange, "origin", ""))) in elsewhere
    ]
