"""S13: no job, user, subsystem or server of production is ended, held or disconnected except those that the
spec names, our own, and in a BRMS run Q1ABRMNET (proven active again after *ENDPRC).

Looks at what the product's jobs ended, held or disconnected on production, and at requests to a console that
change the state of a partition other than the clone.

Cannot see a job that ends because another one stopped answering it.
"""

from __future__ import annotations

import re

from flashtwin.events import Event
from flashtwin.invariants.facts import RunFacts, Verdict, verdict
from flashtwin.invariants.history import in_run, ours, transcript
from flashtwin.world import World

ID = "S13"
BRMS_NETWORK = "Q1ABRMNET"
# What ends, and the fact that names it.
ENDS = {
    "job_ended": "job",
    "job_held": "job",
    "job_disconnected": "job",
    "subsystem_ended": "subsystem",
    "server_ended": "server",
    "domino_ended": "server",
    "interface_ended": "address",
    "job_queue_held": "queue",
    "tcp_ended": "",
    "restricted_entered": "",
}


def check(world: World, facts: RunFacts) -> Verdict:
    """Judge everything that the product ended or held on production."""
    problems, network = [], None
    for event in in_run(world, facts, *ENDS, system=facts.production):
        # A job that nobody ended has ended by itself.
        if event.kind == "job_ended" and not event.get("by"):
            continue
        if not ours(facts, event):
            continue
        name = str(event[ENDS[event.kind]]) if ENDS[event.kind] else ""
        if BRMS_NETWORK in name.split("/") and facts.operation == "brms":
            network = event
        elif not _may(facts, event.kind, name):
            what = event.kind.replace("_", " ")
            problems.append(
                f"{what} {name}".strip() + f" at {facts.clock(event.time)}, which the spec does not name"
            )
    problems += _network(world, facts, network)
    problems += _partitions(world, facts)
    return verdict(ID, problems, f"on {facts.production} only what the spec names was ended or held")


def _may(facts: RunFacts, kind: str, name: str) -> bool:
    if kind in ("job_held", "job_ended", "job_disconnected"):
        user_and_name = name.partition("/")[2]
        named = kind == "job_held" and user_and_name in facts.named_jobs
        return named or facts.is_ours(name)
    return {
        "domino_ended": name in facts.named_domino,
        "subsystem_ended": name in facts.subsystems,
        "interface_ended": name == facts.link_source,
    }.get(kind, False)


def _network(world: World, facts: RunFacts, ended: Event | None) -> list[str]:
    if ended is None or not facts.closed or facts.said.needs_you:
        return []
    states = [e for e in in_run(world, facts, "brms_state", system=facts.production) if e.time >= ended.time]
    after = next((e.time for e in reversed(states) if e["state"] == "*ENDPRC"), ended.time)
    for event in in_run(world, facts, "subsystem_started", "job_started", system=facts.production):
        name = str(event.get("subsystem") if event.kind == "subsystem_started" else event["job"])
        if event.time >= after and BRMS_NETWORK in name.split("/"):
            return []
    return [f"{BRMS_NETWORK} was ended at {facts.clock(ended.time)} and is not active again"]


def _partitions(world: World, facts: RunFacts) -> list[str]:
    problems = []
    clone = (facts.clone, str(world.partition(facts.clone).lpar_id))
    for exchange in transcript(world):
        if exchange.at < facts.begin or not re.match(r"\s*(\w+=\S+\s+)*chsysstate\s", exchange.request):
            continue
        target = re.search(r"(?:-n|--id)[ =]+[\"']?([^\"'\s]+)", exchange.request)
        if target is None or target.group(1) not in clone:
            problems.append(
                f"{exchange.system} was asked '{exchange.request[:60]}' at {facts.clock(exchange.at)}, "
                f"which is not for {facts.clone}"
            )
    return problems
