"""S13: no job, user, subsystem or server of production is ended, held or disconnected except those that the
spec names, our own, and in a BRMS run Q1ABRMNET (proven active again after *ENDPRC).

Looks at the commands by which the product's jobs end, hold or disconnect something on production, at what
ended and says by whom, at restricted state, and at requests to a console that change the state of a
partition other than the clone.

Cannot see a job that ends because another one stopped answering it, nor inside the commands of the site.
"""

from __future__ import annotations

import re

from flashtwin.events import Event
from flashtwin.invariants.facts import RunFacts, Verdict, verdict
from flashtwin.invariants.history import (
    cause_of,
    in_run,
    outside_site_commands,
    plain,
    site_commands,
    transcript,
)
from flashtwin.world import World

ID = "S13"
BRMS_NETWORK = "Q1ABRMNET"
# Commands that end or hold, and the keyword that names what; none: everything.
COMMANDS = {
    "ENDJOB": "JOB",
    "HLDJOB": "JOB",
    "DSCJOB": "JOB",
    "ENDSBS": "SBS",
    "HLDJOBQ": "JOBQ",
    "HLDJOBSCDE": "JOB",
    "VRYCFG": "CFGOBJ",
    "ENDTCPSVR": "SERVER",
    "ENDHOSTSVR": "SERVER",
    "ENDDOMSVR": "SERVER",
    "ENDTCPIFC": "INTNETADR",
    "ENDWTR": "WTR",
    "ENDTCP": "",
    "PWRDWNSYS": "",
    "ENDSYS": "",
}
HOLDS = ("HLDJOB", "job_held")
EVENTS = {
    "job_ended": "job",
    "job_held": "job",
    "jobq_held": "queue",
    "schedule_held": "entry",
    "subsystem_ended": "subsystem",
    "server_ended": "server",
}


def check(world: World, facts: RunFacts) -> Verdict:
    """Judge everything that the product ended or held on production."""
    problems = []
    kinds = ("command", "restricted_entered", *EVENTS)
    for event in outside_site_commands(world, facts, *kinds, system=facts.production):
        what, name = _ended(world, facts, event)
        if what and not _may(facts, what, name):
            at = facts.clock(event.time)
            problems.append(f"{what} {name}".strip() + f" at {at}, which the spec does not name")
    problems += _network(world, facts)
    problems += _partitions(world, facts)
    return verdict(ID, problems, f"on {facts.production} only what the spec names was ended or held")


def _ended(world: World, facts: RunFacts, event: Event) -> tuple[str, str]:
    """What the product ended or held: the command or event, and the name; ("", "") when it did not."""
    if event.kind in EVENTS:
        name = str(event[EVENTS[event.kind]])
        cause = cause_of(world, facts, event, name)
        by_site = cause is not None and any(
            plain(str(cause["text"])) == plain(one) for one in site_commands(facts)
        )
        mine = facts.is_ours(str(event.get("by", ""))) and not by_site
        return (event.kind, name) if mine else ("", "")
    if not facts.is_ours(str(event["job"])):
        return "", ""
    if event.kind == "restricted_entered":
        return "restricted state", ""
    text = str(event["text"])
    command = text.split("(")[0].split(" ")[0].rpartition("/")[2]
    if command not in COMMANDS or (command == "VRYCFG" and "STATUS(*OFF)" not in text):
        return "", ""
    if any(plain(text) == plain(one) for one in site_commands(facts)):
        return "", ""
    if not COMMANDS[command]:
        return command, ""
    # By keyword, or as the first parameter.
    named = re.search(rf"\b{COMMANDS[command]}\(([^()]*)", text) or re.search(r"\s([^\s()]+)", text)
    return command, named.group(1).strip(" '") if named else ""


def _may(facts: RunFacts, what: str, name: str) -> bool:
    if BRMS_NETWORK in name.split("/"):
        return facts.operation == "brms"
    if what in ("ENDJOB", "HLDJOB", "job_ended", "job_held"):
        user_and_name = "/".join(name.split("/")[-2:])
        return facts.is_ours(name) or (what in HOLDS and user_and_name in facts.named_jobs)
    subsystem = name in (*facts.subsystems, *facts.named_subsystems)
    return {
        "ENDDOMSVR": name in facts.named_domino,
        "HLDJOBQ": name in facts.named_queues,
        "jobq_held": name in facts.named_queues,
        "HLDJOBSCDE": name in facts.named_entries,
        "schedule_held": name in facts.named_entries,
        "ENDSBS": subsystem,
        "subsystem_ended": subsystem,
        "ENDTCPSVR": name in facts.named_servers,
        "server_ended": name in facts.named_servers,
        "VRYCFG": name in facts.named_devices,
        "ENDTCPIFC": name == facts.link_source,
    }.get(what, False)


def _network(world: World, facts: RunFacts) -> list[str]:
    """Q1ABRMNET must be active again when the run is closed, but for a run that needs somebody."""
    if not facts.closed or facts.said.needs_you:
        return []
    active, since = True, 0.0
    for event in in_run(
        world,
        facts,
        "subsystem_ended",
        "job_ended",
        "subsystem_started",
        "job_started",
        system=facts.production,
    ):
        name = str(event["job"] if event.kind.startswith("job") else event["subsystem"])
        if BRMS_NETWORK in name.split("/"):
            active, since = event.kind.endswith("started"), event.time
    return [] if active else [f"{BRMS_NETWORK} has ended at {facts.clock(since)} and is not active again"]


def _partitions(world: World, facts: RunFacts) -> list[str]:
    problems = []
    clones = {facts.clone, *(other.clone for other in facts.others if other.clone)}
    clone = {*clones, *(str(world.partition(name).lpar_id) for name in clones)}
    for exchange in transcript(world):
        console = world.consoles.get(exchange.system)
        if console is None or exchange.at < facts.begin:
            continue
        target = console.changed_by(exchange.request)
        if target is not None and target not in clone:
            problems.append(
                f"{exchange.system} was asked '{exchange.request[:60]}' at {facts.clock(exchange.at)}, "
                f"which is not for {facts.clone}"
            )
    return problems
