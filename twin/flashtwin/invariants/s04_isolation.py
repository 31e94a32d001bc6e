"""S4: nothing of production becomes active on the clone: no address on a production network, no schedule,
job queue, replication or mail, at boot, during the save, or after restricted state ends.

Looks at the VLANs of the profile that the clone was activated with, and at what starts on the clone:
interfaces with their VLAN, jobs that a schedule entry submits, jobs that lay on a queue of the copied image,
subsystems, servers, Domino, mails, the site's start-up program.  What IPL itself starts (STRTCP, QSYSWRK,
the controlling subsystem) is harmless behind the proven isolation.

A clone that lives on is judged anew from the IPL on that gave it its own name: its own addresses may answer,
its own start-up program may start subsystems and users may work; nothing else of the above may, whoever
started it, and nothing that must never be active.

Cannot see traffic, only who answers on which VLAN; other schedulers show by the jobs that they start.
"""

from __future__ import annotations

from flashtwin.events import Event
from flashtwin.invariants.facts import RunFacts, Verdict, verdict
from flashtwin.invariants.history import in_run, lives_since, ours, scheduled_jobs
from flashtwin.site import Site
from flashtwin.world import World

ID = "S4"
# What sends by itself.  The DDM server is none: it answers who asks for it, at the clone's own address only.
MAIL_AND_REPLICATION = ("SMTP", "POP", "MSF", "QMSF", "DOMINO", "MIMIX", "ITERA", "QUICKEDD", "MQ")


def check(world: World, facts: RunFacts) -> Verdict:
    """Judge what became active on the clone."""
    problems = [*_network(world, facts), *_scheduled(world, facts)]
    since = lives_since(world, facts)
    for event in in_run(
        world,
        facts,
        "interface_started",
        "job_started",
        "subsystem_started",
        "server_started",
        "domino_started",
        "mail",
        "program_started",
        system=facts.clone,
    ):
        living = event.time >= since
        what = _living(world, facts, event) if living else _active(world, facts, event)
        if what:
            problems.append(f"{what} on {facts.clone} at {facts.clock(event.time)}")
    return verdict(ID, problems, f"nothing of production became active on {facts.clone}")


def _network(world: World, facts: RunFacts) -> list[str]:
    started = any(
        event["state"] == "Starting" for event in in_run(world, facts, "partition_power", system=facts.clone)
    )
    partition = world.partition(facts.clone)
    profile = partition.profiles.get(partition.curr_profile)
    if not (started and facts.isolated and profile is not None):
        return []
    shared = sorted(set(profile.vlans) & set(facts.production_vlans))
    return [
        f"{facts.clone} was activated with profile {profile.name}, which is on production's VLAN {vlan}"
        for vlan in shared
    ]


def _scheduled(world: World, facts: RunFacts) -> list[str]:
    # The product's own entries are judged by S12.
    return [
        f"job {started['job']} of schedule entry {submit['entry']} started on {facts.clone} "
        f"at {facts.clock(started.time)}"
        for submit, started in scheduled_jobs(world, facts, facts.clone)
        if not facts.is_product(str(submit["command"]))
    ]


def _active(world: World, facts: RunFacts, event: Event) -> str:
    kind = event.kind
    if kind == "interface_started":
        return _address(facts, str(event["address"]), event.get("vlan"))
    if kind == "job_started":
        queued = _waited(world, facts, str(event["job"]), event.time)
        return f"job {event['job']} started from a job queue of production" if queued else ""
    if kind == "subsystem_started":
        name = str(event["subsystem"])
        harmless = name in facts.harmless_subsystems or name in facts.subsystems
        return "" if harmless else f"subsystem {name} started"
    if kind == "server_started":
        name = str(event["server"])
        # Started by nobody means by STRTCP at IPL.
        risky = (bool(event.get("by")) or ours(world, facts, event, name)) and name.strip(
            "*"
        ).upper().startswith(MAIL_AND_REPLICATION)
        return f"server {name} started" if risky else ""
    if kind == "program_started":
        ran = event["program"] == facts.startup_program
        return f"the start-up program {facts.startup_program} of production ran" if ran else ""
    if kind == "domino_started":
        return f"Domino server {event['server']} started"
    return f"mail '{event.get('subject', '')}' was sent"


def _living(world: World, facts: RunFacts, event: Event) -> str:
    """The same on a clone that has its own name."""
    lives = facts.lives
    assert lives is not None
    kind = event.kind
    if kind == "interface_started":
        address = str(event["address"])
        if address in lives.addresses and not facts.isolated:
            return ""
        own = address in (*lives.addresses, facts.link_clone)
        return _address(facts, address, event.get("vlan")) if own else f"address {address} answers"
    if kind == "subsystem_started":
        name = str(event["subsystem"])
        return f"subsystem {name} started" if name in lives.never else ""
    if kind == "server_started":
        name = str(event["server"])
        bad = name in lives.never or name.strip("*").upper().startswith(MAIL_AND_REPLICATION)
        return f"server {name} started" if bad else ""
    if kind == "program_started" and event["program"] == lives.startup_program:
        return ""
    return _active(world, facts, event)


def _waited(world: World, facts: RunFacts, job: str, before: float) -> bool:
    """Whether a job that starts on the clone lay on a queue of production when the copy was taken."""
    submitted = {e.system for e in world.events.of("job_submitted") if e["job"] == job and e.time <= before}
    if facts.clone in submitted:
        return False
    return facts.production in submitted or job.partition("/")[2] in _waiting(world, facts.production)


def _waiting(world: World, partition: str) -> set[str]:
    """USER/JOB of the jobs that waited already when the history began."""
    system = world.site.system(partition) if isinstance(world.site, Site) else None
    return {f"{job.user}/{job.name}" for job in system.jobs if job.job_queue} if system is not None else set()


def _address(facts: RunFacts, address: str, vlan: int | None) -> str:
    if vlan is not None and vlan in facts.production_vlans:
        return f"address {address} answers on production's VLAN {vlan}"
    if vlan is not None and vlan == facts.link_vlan and address == facts.link_source:
        return f"address {address}, production's end of the link, answers"
    return ""
