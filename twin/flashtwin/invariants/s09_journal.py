"""S9: every source step, and every clone step up to its last delivery, is in the production journal; what may
follow is shown as an unknown stretch with its start, never as nothing.

Compares the rows of the product's journal with what happened.  Each thing that happened needs a row of its
side and step code at its time (an intent alone is enough, and so is the note by which a recovery calls it
not known, however late); each row that tells a good result needs something that happened.  The row of a save
names its control group.  Rows carry the clock of their own side.

Cannot see steps that leave no trace in the world (a check that only reads), nor what a command of the site
does inside; which things have which codes is in `RunFacts.step_codes`.
"""

from __future__ import annotations

from flashtwin.events import Event
from flashtwin.invariants.facts import NOT_KNOWN, UNKNOWN_STRETCH, Row, RunFacts, Verdict, verdict
from flashtwin.invariants.history import (
    OFF,
    SECOND_S,
    flashes,
    group_of,
    in_run,
    ours,
    outside_site_commands,
    somebody_elses,
    times_of,
)
from flashtwin.world import World

ID = "S9"
KINDS = (
    "suspended",
    "resumed",
    "flash",
    "presented",
    "brms_state",
    "brms_save",
    "qusrbrm_saved",
    "qusrbrm_restored",
    "maintenance_run",
    "partition_power",
    "vios_unmapped",
    "vios_mapped",
    "tape_save",
    "executed",
)
# These happen by themselves, too; the fact names the thing.
CAUSED = {
    "job_held": "job",
    "job_released": "job",
    "jobq_held": "queue",
    "jobq_released": "queue",
    "schedule_held": "entry",
    "schedule_released": "entry",
    "subsystem_ended": "subsystem",
    "subsystem_started": "subsystem",
    "server_ended": "server",
    "server_started": "server",
    "device_varied": "device",
    "domino_ended": "server",
    "domino_started": "server",
    "interface_started": "address",
    "interface_ended": "address",
}
# Of these only what the spec names is a step: the product starts its own subsystems, and BRMS's.
NAMED = {
    "subsystem_ended": "named_subsystems",
    "subsystem_started": "named_subsystems",
    "server_ended": "named_servers",
    "server_started": "named_servers",
    "device_varied": "named_devices",
}
# Steps that tell by their result that something long begins, and have a code of their own for its end.
BEGINNINGS = ("O96",)
# A good result of these steps can only mean that it happened; another may say that nothing was to be done.
CERTAIN = (
    "suspended",
    "flash",
    "resumed",
    "*STRPRC",
    "*ENDPRC",
    "*STRBKU",
    "*ENDBKU",
    "brms_save",
    "SAVSYS",
    "executed",
    "clone on",
)
# So can the message of a step that is named after its code: where nothing was to be done it says another.
DONE = (
    "S job_held",
    "S jobq_held",
    "S schedule_held",
    "S domino_ended",
    "S subsystem_ended",
    "S server_ended",
    "S device off",
)


def check(world: World, facts: RunFacts) -> Verdict:
    """Judge the journal once the run is closed."""
    if unfinished := facts.open_verdict(ID):
        return unfinished
    happened = [
        (event, name)
        for event in outside_site_commands(world, facts, *KINDS, *CAUSED)
        if (name := name_of(world, facts, event))
    ]
    delivered = _last_delivery(world, facts)
    problems, lost = [], False
    for event, name in happened:
        if any(_tells(world, facts, row, event, name) for row in facts.journal):
            continue
        if name.startswith("C ") and event.time > delivered:
            lost = True
        else:
            problems.append(f"'{name[2:]}' at {facts.clock(event.time)} is not in the journal")
    if lost and not any(row.side == "S" and row.code in UNKNOWN_STRETCH for row in facts.journal):
        problems.append(
            f"{facts.clone} went on after its last delivery and the journal shows no unknown stretch"
        )
    problems += _invented(world, facts, happened)
    return verdict(
        ID, problems, f"{len(happened)} things happened and all are in the journal, nothing else is"
    )


def _last_delivery(world: World, facts: RunFacts) -> float:
    """When a manifest got its final name in the inbox of production last; before all times when never."""
    last = float("-inf")
    if facts.delivery is not None:
        whole = {f"{facts.delivery.received}/{name}" for name in facts.delivery.manifests}
        for event in in_run(world, facts, "file", system=facts.production):
            if event["act"] != "remove" and str(event["path"]).split(" ")[-1] in whole:
                last = event.time
    return last


def name_of(world: World, facts: RunFacts, event: Event) -> str:
    """What happened, as `RunFacts.step_codes` names it; "" for what is nobody's step."""
    name = f"C {event.kind}" if event.system == facts.clone else f"S {event.kind}"
    if event.kind == "partition_power":
        name = _power(world, facts, event)
    elif event.kind in ("flash", "presented"):
        name = f"S {event.kind}" if group_of(facts, event) else ""
    elif event.kind in ("vios_unmapped", "vios_mapped"):
        name = f"S {event.kind}" if event["client"] == facts.clone else ""
    elif not _is_step(world, facts, event):
        return ""
    elif event.kind == "brms_state":
        name = f"{name[:2]}{event['state']}"
    elif event.kind == "device_varied":
        name = f"{name[:2]}device {event['status']}"
    elif event.kind == "tape_save":
        name = f"{name[:2]}{event['what']}"
    elif event.kind.startswith("interface") and event["address"] not in (facts.link_source, facts.link_clone):
        return ""
    return name if name in facts.step_codes else ""


def _is_step(world: World, facts: RunFacts, event: Event) -> bool:
    if event.system not in (facts.production, facts.clone):
        return False
    fact = CAUSED.get(event.kind)
    if fact is None:
        return not somebody_elses(facts, event)
    name, named = str(event[fact]), NAMED.get(event.kind)
    if named is not None and name not in getattr(facts, named):
        return False
    return ours(world, facts, event, name)


def _power(world: World, facts: RunFacts, event: Event) -> str:
    if event.system != facts.clone:
        return ""
    taken = any(flash.time <= event.time for flash in flashes(world, facts))
    if event["state"] == "Starting" and (taken or facts.by_hand):
        return "C clone restarted" if _by_itself(world, event) else "S clone on"
    if any(lost.time == event.time for lost in world.events.of("power_lost", system=event.system)):
        return ""  # nobody has done it
    return "S clone off" if event["state"] == OFF and not taken else ""


def _by_itself(world: World, start: Event) -> bool:
    """Whether a partition starts because its system said so when it ended."""
    return any(one.time == start.time for one in world.events.of("starts_by_itself", system=start.system))


def _tells(world: World, facts: RunFacts, row: Row, event: Event, name: str) -> bool:
    if row.side != name[0] or row.kind not in "INRZ" or row.code not in facts.step_codes[name]:
        return False
    if event.kind == "brms_save" and event["group"] not in row.text.split():
        return False
    side = facts.production if row.side == "S" else facts.clone
    times = times_of(world, side, row.time)
    return any(_fits(facts, row, event.time - one) or _next(world, facts, row, event, one) for one in times)


def _next(world: World, facts: RunFacts, row: Row, event: Event, written: float) -> bool:
    """Whether a row is the first of its side behind the event: its job stood still between act and row."""
    if written < event.time or row.kind == "I":
        return False
    side = facts.production if row.side == "S" else facts.clone
    between = (
        one
        for other in facts.journal
        if other.side == row.side and other is not row
        for one in times_of(world, side, other.time)
    )
    return not any(event.time + SECOND_S < one < written for one in between)


def _fits(facts: RunFacts, row: Row, later: float) -> bool:
    """Whether a row may be of something that happened so many seconds later than the row."""
    # What was intended may happen long after; a result is told when it is there.
    if row.kind == "N" and later < 0 and row.msgid in NOT_KNOWN:
        return True
    begins = row.kind == "I" or row.code in BEGINNINGS
    return abs(later) <= facts.limits.record_s or (begins and later > 0)


def _invented(world: World, facts: RunFacts, happened: list[tuple[Event, str]]) -> list[str]:
    problems = []
    for row in facts.journal:
        own = row.msgid == f"FL{row.code[0]}00{row.code[1:]}"
        names = [
            n
            for n, codes in facts.step_codes.items()
            if n[0] == row.side and row.code in codes and (n[2:] in CERTAIN or (own and n in DONE))
        ]
        # A row with an error message tells that something did not happen.
        if not names or row.kind != "R" or row.msgid.startswith("FLE"):
            continue
        if not any(name in names and _tells(world, facts, row, event, name) for event, name in happened):
            problems.append(f"the journal tells {row.code} '{row.text}', which did not happen")
    return problems
