"""S6: BRMS on production ends *STRPRC by *ENDPRC in every outcome, but never while the clone may still be
writing; or the run says "needs you" and why.  Tapes that were written are known to it, or named.  Where the
spec wants it, what BRMS counts the next incremental save from is not later than the flash; production's own
saves have no such time.

Looks at the states of BRMS on both partitions, the power of the clone, what was saved and restored of
QUSRBRM, the tapes that were written, and at production's QUSRBRM as it is now.  The clone may be writing
while it is not off, until its QUSRBRM of after *ENDBKU is restored on production.  Tapes are judged when
production has left *STRPRC: until then nothing there may use one, and the clone's history may still come.
Other work than BRMS's writes the volumes that the spec names for it.

Cannot see which of the tapes' contents are good; that is the save's result (S7).
"""

from __future__ import annotations

from flashtwin.events import Event
from flashtwin.invariants.facts import RunFacts, Verdict, verdict
from flashtwin.invariants.history import OFF, flashes, image_of, in_run, power_at
from flashtwin.records import BrmsData
from flashtwin.world import World

ID = "S6"
# A save file's time stamp is that of the save's end, but for this, seconds.
ONE_SAVE_S = 1.0
_TORN = "BRMS on {} left its state at {} upon a QUSRBRM of which a part was restored"


def check(world: World, facts: RunFacts) -> Verdict:
    """Judge BRMS on production once the run is closed."""
    if unfinished := facts.open_verdict(ID):
        return unfinished
    states = list(in_run(world, facts, "brms_state", system=facts.production))
    problems = [*_ended(facts, states)]
    for event in states:
        if event["state"] == "*ENDPRC":
            problems += _safe(world, facts, event.time)
            problems += [_TORN.format(facts.production, facts.clock(event.time))] if event.get("torn") else []
    problems += _restores(world, facts)
    problems += _at_once(world, facts)
    problems += _counts(world, facts)
    if facts.operation == "brms" and (not states or states[-1]["state"] != "*STRPRC"):
        problems += _tapes(world, facts)
    if not states:
        return verdict(ID, problems, "BRMS on production was not touched")
    last = states[-1]
    good = f"BRMS on {facts.production}: {last['state']} at {facts.clock(last.time)}"
    return verdict(
        ID, problems, good + (f", needs you: {facts.said.needs_you}" if facts.said.needs_you else "")
    )


def _ended(facts: RunFacts, states: list[Event]) -> list[str]:
    if states and states[-1]["state"] == "*STRPRC" and not facts.said.needs_you:
        since = facts.clock(states[-1].time)
        return [f"BRMS on {facts.production} is in *STRPRC since {since}, and nobody is told"]
    return []


def _safe(world: World, facts: RunFacts, at: float) -> list[str]:
    taken = [flash.time for flash in flashes(world, facts) if flash.time <= at]
    after = [e for e in in_run(world, facts, "tape_written", system=facts.clone) if e.time > at]
    problems = [f"tape {e['volume']} was written by {facts.clone} after the *ENDPRC" for e in after]
    if not taken or not _started(world, facts, min(taken), at):
        return problems
    restored = any(
        e.time <= at and not e.get("not_restored", 0) and not _rollback(world, facts, e)
        for e in in_run(world, facts, "qusrbrm_restored", system=facts.production)
    )
    state, _ = power_at(world, facts.clone, at)
    if state != OFF and not restored:
        problems.append(
            f"*ENDPRC at {facts.clock(at)} while {facts.clone} was {state} and might still have been writing"
        )
    return problems


def _started(world: World, facts: RunFacts, after: float, before: float) -> bool:
    return any(
        event["state"] == "Starting" and after <= event.time <= before
        for event in in_run(world, facts, "partition_power", system=facts.clone)
    )


def _restores(world: World, facts: RunFacts) -> list[str]:
    problems = []
    for restore in in_run(world, facts, "qusrbrm_restored", system=facts.production):
        if _rollback(world, facts, restore):
            continue
        good = False
        for event in in_run(world, facts, "brms_state", "qusrbrm_saved", system=facts.clone):
            if event.time <= restore.time:
                good = event.kind == "qusrbrm_saved" and _ended_backup(world, facts, event.time)
        if not good:
            problems.append(
                f"the QUSRBRM restored at {facts.clock(restore.time)} was not saved after the *ENDBKU"
            )
    return problems


def _at_once(world: World, facts: RunFacts) -> list[str]:
    return [
        f"{event['job']} began to restore QUSRBRM at {facts.clock(event.time)} while {job} restored it"
        for event in in_run(world, facts, "qusrbrm_restore_began", system=facts.production)
        for job in event["beside"]
    ]


def _rollback(world: World, facts: RunFacts, restore: Event) -> bool:
    """Whether production got its own QUSRBRM back: what is restored was saved there in this run."""
    offset = world.partition(facts.production).clock_offset
    saved_at = restore.get("saved_at")
    return saved_at is not None and any(
        abs(event.time + offset - float(saved_at)) <= ONE_SAVE_S
        for event in in_run(world, facts, "qusrbrm_saved", system=facts.production)
    )


def _ended_backup(world: World, facts: RunFacts, at: float) -> bool:
    """Whether the clone's last state of BRMS before a time is *ENDBKU."""
    states = [e for e in in_run(world, facts, "brms_state", system=facts.clone) if e.time <= at]
    return bool(states) and states[-1]["state"] == "*ENDBKU"


def _counts(world: World, facts: RunFacts) -> list[str]:
    """The history that is on production now: from when its entries of this run count."""
    image = image_of(world, facts.production)
    brms = image.products.get("brms") if image is not None else None
    if not facts.from_flash or not isinstance(brms, BrmsData):
        return []
    problems = [
        f"{entry.item} of {entry.control_group} counts from {entry.counts_from}, and is of {entry.data_of}"
        for entry in brms.history
        if entry.control_group in facts.control_groups and entry.data_of and entry.counts_from > entry.data_of
    ]
    if brms.flash_times and not any(row.msgid == "FLE0241" for row in facts.journal):
        problems.append(f"BRMS on {facts.production} has a time of a flash: {dict(brms.flash_times)}")
    return problems


def _tapes(world: World, facts: RunFacts) -> list[str]:
    written = {str(e["volume"]) for e in in_run(world, facts, "tape_written", system=facts.clone)}
    image = image_of(world, facts.production)
    brms = image.products.get("brms") if image is not None else None
    known = set()
    if isinstance(brms, BrmsData):
        known = {entry.volume for entry in brms.history if entry.saved_at >= facts.begin - 3600.0}
        known |= {volume.id for volume in brms.volumes.values() if volume.status == "*ACT"}
    unknown = sorted(written - known - set(facts.said.volumes))
    return [f"tape {volume} was written and is neither known to BRMS nor named" for volume in unknown]
