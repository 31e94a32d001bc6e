"""S7: "completed" is said only of a verified save, a verified delivery and finished after-steps.

Looks, when the run's result or its last mail says completed, at the saves on the clone (one of each control
group), their results and their tapes (or at each command of the site: how it ended, what its job's log
says), at every file that the clone laid out for sending (it must lie on production with the same bytes; the
list of an early delivery is void when the whole one has arrived), at BRMS, the maintenance and the state in
which the clone was to be left.  A save into save files is gone with the clone's next copy: the run has to say
so.  Nothing of an independent ASP that the clone has not varied on was saved.

Cannot see that somebody compared hashes; it compares the bytes themselves.
"""

from __future__ import annotations

import re
from pathlib import Path

from flashtwin.events import Event
from flashtwin.invariants.facts import RunFacts, Verdict, verdict
from flashtwin.invariants.history import OFF, bad_answer, flashes, image_of, in_run, power_at
from flashtwin.world import World

ID = "S7"
COMPLETED = re.compile(r"(?<!not )\bcompleted\b(?! with)", re.IGNORECASE)


def check(world: World, facts: RunFacts) -> Verdict:
    """Judge the word "completed" once the run is closed."""
    if unfinished := facts.open_verdict(ID):
        return unfinished
    said = _said_at(world, facts)
    if said is None:
        return Verdict(ID, True, f"the run does not say completed, but {facts.said.result or 'nothing'}")
    problems = [
        *_save(world, facts, said),
        *_asps(world, facts, said),
        *_delivery(world, facts),
        *_after(world, facts, said),
    ]
    return verdict(
        ID,
        problems,
        f"completed was said at {facts.clock(said)} of a good save, a whole delivery, done after-steps",
    )


def _said_at(world: World, facts: RunFacts) -> float | None:
    times = [
        event.time
        for event in in_run(world, facts, "mail")
        if event.get("phase") in ("end", "completed")
        and event.get("run", facts.run) == facts.run
        and COMPLETED.search(f"{event['subject']} {event.get('text', '')}")
    ]
    if facts.said.result == "completed":
        times.append(facts.said.at if facts.said.at is not None else world.now)
    return min(times, default=None)


def _save(world: World, facts: RunFacts, said: float) -> list[str]:
    if facts.operation == "none":
        return _snapshot(world, facts, said)
    taken = [flash.time for flash in flashes(world, facts)]
    if not taken:
        return ["completed was said and there is no flash"]
    if facts.operation == "user":
        return _commands(world, facts, taken[-1], said)
    kind = "brms_save" if facts.operation == "brms" else "tape_save"
    saves = [
        event for event in in_run(world, facts, kind, system=facts.clone) if taken[-1] <= event.time <= said
    ]
    if not saves:
        return [f"completed was said at {facts.clock(said)} and {facts.clone} has saved nothing"]
    if facts.operation == "save21":
        saves, problems = _last_of_each(saves)
    else:
        problems = []
    written = {str(event["volume"]) for event in in_run(world, facts, "tape_written", system=facts.clone)}
    for save in saves:
        volumes = [str(volume) for volume in save.get("volumes", ())]
        if save["result"] != "completed":
            problems.append(f"completed was said and the save of {_what(save)} ended with '{save['result']}'")
        elif save.get("save_files"):
            if not {_what(save), "*ALL"} & set(facts.said.of_the_clone):
                problems.append(
                    f"completed was said and nobody is told that {_what(save)} is on the clone's disks"
                )
        elif not volumes or not written.issuperset(volumes):
            problems.append("completed was said and the save has no tape that was written")
    saved = {_what(save) for save in saves}
    problems += [
        f"completed was said and control group {name} was not saved"
        for name in facts.control_groups
        if name not in saved
    ]
    return problems


def _asps(world: World, facts: RunFacts, said: float) -> list[str]:
    """Independent ASPs that were off on the clone when it began to work: an IPL leaves them so."""
    if facts.operation == "none":
        return []
    kind = {"brms": "brms_save", "user": "executed"}.get(facts.operation, "tape_save")
    done = [event.time for event in in_run(world, facts, kind, system=facts.clone) if event.time <= said]
    states: dict[str, str] = {}
    for event in in_run(world, facts, "device_varied", system=facts.clone):
        if event.time < min(done, default=said):
            states[str(event["device"])] = str(event["status"])
    return [
        f"completed was said and independent ASP {name} was not varied on at {facts.clone}"
        for name in facts.independent_asps
        if states.get(name) != "on"
    ]


def _what(save: Event) -> str:
    """What was saved: BRMS names the control group, a save of the whole system its part."""
    return str(save.get("group") or save["what"])


def _snapshot(world: World, facts: RunFacts, said: float) -> list[str]:
    """A snapshot is complete when its flash counts: every one of them, since nobody will look at it soon."""
    taken = [flash for flash in flashes(world, facts) if flash.time <= said]
    if not taken:
        return [f"completed was said at {facts.clock(said)} and no flash was taken"]
    wrong = ((flash, bad_answer(world, facts, flash)) for flash in taken)
    return [f"completed was said of a flash of {flash['group']} {why}" for flash, why in wrong if why]


WHOLE_SYSTEM = ("SAVSYS", "SAVLIB", "SAVDLO", "SAV")


def _last_of_each(saves: list[Event]) -> tuple[list[Event], list[str]]:
    """The last try of each part of a save of the whole system, and the parts that were never tried."""
    last = {str(save["what"]): save for save in saves}
    missing = [f"completed was said and there is no {what}" for what in WHOLE_SYSTEM if what not in last]
    return [last[what] for what in WHOLE_SYSTEM if what in last], missing


def _commands(world: World, facts: RunFacts, taken: float, said: float) -> list[str]:
    """Each command of the site ran on the clone and ended well, its messages are in its job's log."""
    problems = []
    ran = [e for e in in_run(world, facts, "executed", system=facts.clone) if taken <= e.time <= said]
    for command in facts.commands:
        own = [event for event in ran if event["text"] == command.text]
        if not own:
            problems.append(f"completed was said and '{command.text}' has not run on {facts.clone}")
            continue
        last = own[-1]
        if last["escape"] and last["escape"] not in command.accept:
            problems.append(f"completed was said and '{command.text}' ended with {last['escape']}")
        log = _job_log(world, facts, str(last["job"]))
        problems += [
            f"completed was said and '{command.text}' did not say {wanted}"
            for wanted in command.expect
            if not any(line.startswith(wanted) for line in log)
        ]
    return problems + [
        f"completed was said and {path} of {facts.clone} did not come"
        for path in facts.brings
        if not _brought(world, facts, path)
    ]


def _job_log(world: World, facts: RunFacts, job: str) -> list[str]:
    image = image_of(world, facts.clone)
    records = image.job_records if image is not None else []
    return [line for one in records if f"{one.number}/{one.user}/{one.name}" == job for line in one.log]


def _brought(world: World, facts: RunFacts, path: str) -> bool:
    image = image_of(world, facts.clone)
    file = image.ifs / path.lstrip("/") if image is not None else None
    if facts.delivery is None or file is None or not file.is_file():
        return False
    content = file.read_bytes()
    return any(
        one.read_bytes() == content
        for one in _files(world, facts.production, facts.delivery.received).values()
    )


def _delivery(world: World, facts: RunFacts) -> list[str]:
    if facts.delivery is None:
        return []
    sent, received = (
        _files(world, name, path)
        for name, path in ((facts.clone, facts.delivery.sent), (facts.production, facts.delivery.received))
    )
    if not sent:
        return [f"completed was said and {facts.clone} has laid out nothing in {facts.delivery.sent}"]
    problems = []
    whole, *early = facts.delivery.manifests
    for name, path in sorted(sent.items()):
        if name in early and whole in received:
            continue
        if name not in received:
            problems.append(
                f"completed was said and file {name} of the delivery is not on {facts.production}"
            )
        elif path.read_bytes() != received[name].read_bytes():
            problems.append(f"completed was said and file {name} of the delivery is damaged")
    return problems


def _files(world: World, partition: str, path: str) -> dict[str, Path]:
    image = image_of(world, partition)
    if image is None:
        return {}
    folder = image.ifs / path.lstrip("/")
    return {
        str(p.relative_to(folder)): p for p in sorted(folder.rglob("*")) if p.is_file() and p.suffix != ".tmp"
    }


def _after(world: World, facts: RunFacts, said: float) -> list[str]:
    problems = []
    states = [e for e in in_run(world, facts, "brms_state", system=facts.production) if e.time <= said]
    if states and states[-1]["state"] != "*ENDPRC":
        problems.append(f"completed was said and BRMS on {facts.production} was in {states[-1]['state']}")
    if facts.maintenance != "none" and not _maintained(world, facts, said):
        problems.append(f"completed was said and maintenance {facts.maintenance} had not run")
    if facts.leave_clone == "off" and power_at(world, facts.clone, said)[0] != OFF:
        problems.append(f"completed was said and {facts.clone} was not off")
    return problems


def _maintained(world: World, facts: RunFacts, said: float) -> bool:
    movement = facts.maintenance == "with movement"
    return any(
        event.time <= said and bool(event["movement"]) == movement
        for event in in_run(world, facts, "maintenance_run", system=facts.production)
    )
