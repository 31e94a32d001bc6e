"""A BRMS save of a control group: exits, restricted state, items, volumes, what comes after.

Order of the steps: docs/platform-facts.md#brms-restricted.  Media that is missing is an inquiry, which nobody
answers in restricted state: a job without INQMSGRPY(*DFT) waits for ever.  Several saves run beside each
other, each on a drive and volumes of its own; one without a free drive does not wait for it
(docs/platform-facts.md#brms-control-groups).
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from flashtwin.errors import Escape
from flashtwin.installed import conditions
from flashtwin.media import give_back, reserve, write
from flashtwin.records import BrmsControlGroup, BrmsData, BrmsHistory, BrmsVolume, SaveResult
from flashtwin.scheduler import Signal, Wait, sleep
from flashtwin.sims.tape import MediaLibrary

if TYPE_CHECKING:
    from flashtwin.job import Job
    from flashtwin.os400 import OperatingSystem

Waiting = Generator[Wait, Signal | None, None]
Note = Callable[..., None]

SAVE_FILES = "*SAVF"
"""The media class of groups that are saved into save files of BRMS: no device, no volume."""

CANCEL = "C"
"""The only reply that the twin knows: nobody brings media in the night."""

# Items that make a save of (nearly) the whole system: the site's figure for the group covers them.
_WHOLE = frozenset(
    ["*SAVSYS", "*IBM", "*ALLUSR", "*ALLPROD", "*ALLDLO", "*LINK", "*NONSYS", "*SAVSECDTA", "*SAVCFG"]
)


@dataclass(slots=True)
class Save:
    """A save at work.  `result` is completed, exceptions, failed or ended (its job was ended).

    `library` is None where the group is saved into save files of BRMS.
    """

    system: OperatingSystem
    job: Job
    group: BrmsControlGroup
    restrict: bool
    note: Note
    result: SaveResult = ""
    reason: str = ""
    volumes: list[str] = field(default_factory=list)
    library: MediaLibrary | None = None
    began: bool = False

    @property
    def data(self) -> BrmsData:
        """QUSRBRM of the system."""
        found = self.system.image.products["brms"]
        assert isinstance(found, BrmsData)
        return found

    def close(self) -> None:
        """The save is over, however: its drive is given back, unless the power is gone."""
        self.dismount()
        if self.system.destroyed or not self.began:
            return
        if not self.result:
            self.result, self.reason = "ended", "the job was ended"
            self.finish()

    def dismount(self) -> None:
        """Its drive and its volumes are in its hands no longer."""
        self.job.resources.pop("volumes", None)
        if self.library is not None:
            give_back(self.system, self.library)
        self.library = None

    def finish(self) -> None:
        """Write the result to the log and the record of events."""
        name = self.group.name
        msgid, text, severity = {
            "completed": ("BRM1049", f"Control group {name} type *BKU processing is complete.", 0),
            "exceptions": ("BRM10A1", f"Control group {name} type *BKU completed with errors.", 30),
        }.get(self.result, ("BRM1820", f"Control group {name} type *BKU ended abnormally: {self.reason}", 40))
        self.note(msgid, text, name, severity)
        self.data.generation += 1
        if severity:
            self.system.tell_operator(msgid, text, severity, self.job)
        self.system.log(
            "brms_save",
            group=name,
            volumes=tuple(self.volumes),
            result=self.result,
            reason=self.reason,
            job=self.job.qualified,
            save_files=self.group.media_class == SAVE_FILES,
        )


def run_save(save: Save) -> Waiting:
    """Run it to its end; `save.result` and `save.reason` say how it went."""
    system, group = save.system, save.group
    save.began = True
    save.note("BRM1380", f"Control group {group.name} type *BKU started.", group.name)
    if len(group.exits) > 0:
        yield from save.job.perform(group.exits[0])
    try:
        if save.restrict:
            yield from _restricted(save)
        yield from _items(save)
    except Escape as escape:
        save.result, save.reason = "failed", escape.text or escape.msgid
        save.note(escape.msgid, save.reason, group.name, 40)
    else:
        save.result = "exceptions" if conditions(system.world).save_exceptions else "completed"
    yield from system.change(save.job, "BRMS history")
    save.finish()
    save.dismount()
    yield from _after(save)


def _restricted(save: Save) -> Waiting:
    """End all subsystems and wait until nothing else is active."""
    system, job = save.system, save.job
    if not system.work.may_restrict(job):
        raise Escape(
            "CPF1052", "*ALL", "ENDSBS *ALL not allowed: the job is not in the controlling subsystem."
        )
    minutes = save.data.restricted_limit_min
    limit = None if minutes is None else minutes * 60.0
    system.work.restrict(job, immediately=True, delay=0.0, limit=limit)
    while not system.work.restricted:
        yield Wait((system.work.changed,))


def _items(save: Save) -> Waiting:
    """Save the items one after the other; a volume is written when its share of the time begins."""
    group, system = save.group, save.system
    volumes = yield from _media(save)
    items = [item for item in group.items if item != "*EXIT"]
    seconds = _seconds(save, items)
    start, total = 0.0, sum(seconds) or 1.0
    fault = conditions(system.world).save_fails_at
    for item, lasts in zip(items, seconds, strict=True):
        while volumes and len(save.volumes) <= start / total * group.volumes_needed:
            _use(save, volumes.pop(0), item)
        if item == fault:
            yield from sleep(system.world.scheduler, lasts / 2)
            raise Escape("CPF3794", "", f"Save or restore operation of {item} ended unsuccessfully.")
        yield from sleep(system.world.scheduler, lasts)
        yield from system.change(save.job, "BRMS history")
        _history(save, item)
        start += lasts
    while volumes and len(save.volumes) < group.volumes_needed:
        _use(save, volumes.pop(0), items[-1] if items else "")


def _seconds(save: Save, items: list[str]) -> list[float]:
    durations = save.system.world.durations
    whole = [item for item in items if item in _WHOLE]
    return [durations.save / len(whole) if item in _WHOLE else durations.save_item for item in items]


def _media(save: Save) -> Generator[Wait, Signal | None, list[BrmsVolume]]:
    """Reserve a drive and choose expired volumes; BRM415A asks when there are too few of the class."""
    group, data = save.group, save.data
    if group.media_class == SAVE_FILES:
        return []
    chosen = {name for job in save.system.jobs.values() for name in job.resources.get("volumes", ())}
    usable = [
        one
        for one in data.volumes.values()
        if one.status == "*EXP" and one.media_class == group.media_class and one.id not in chosen
    ]
    known = [one for one in data.volumes.values() if one.media_class == group.media_class]
    # By the location of the volumes, which is the name of a device: docs/platform-facts.md#tape-with-brms
    name = (usable or known)[0].library if (usable or known) else ""
    try:
        save.library = reserve(save.system, name)
    except Escape as escape:
        if escape.msgid == "CPF415E":
            raise Escape("BRM1033", escape.data, f"Device {name} not available: {escape.text}") from escape
        raise
    # Only what is in the library can be mounted without a person.
    usable = [one for one in usable if not save.library.cartridges or one.id in save.library.cartridges]
    if len(usable) < group.volumes_needed:
        text = f"Media of class {group.media_class} not available: {len(usable)} of {group.volumes_needed}."
        yield from save.job.inquire("BRM415A", text, group.media_class, CANCEL, save.job.root)
        raise Escape("BRM415A", group.media_class, text)
    taken = usable[: group.volumes_needed]
    save.job.resources["volumes"] = tuple(one.id for one in taken)
    return taken


def _use(save: Save, volume: BrmsVolume, item: str) -> None:
    assert save.library is not None
    save.data.volumes[volume.id] = replace(volume, status="*ACT")
    save.data.generation += 1
    save.volumes.append(volume.id)
    write(save.system, save.library, volume.id, item)


def _history(save: Save, item: str) -> None:
    volume = save.volumes[-1] if save.volumes else ""
    result: SaveResult = "exceptions" if conditions(save.system.world).save_exceptions else "completed"
    save.data.history.append(
        BrmsHistory(
            item=item,
            control_group=save.group.name,
            volume=volume,
            saved_at=save.system.clock(),
            result=result,
            counts_from=_counts_from(save, item),
            data_of=save.system.image.captured_local,
        )
    )
    save.data.generation += 1


def _counts_from(save: Save, item: str) -> str:
    """The user's time of a flash for items of this kind, else the time of the save."""
    kind = "*IFS" if item == "*LINK" else "*QSYS"
    given = save.data.flash_times.get(("*SYSBAS", kind), "")
    return given or f"{save.system.local():%y%m%d%H%M%S}"


def _after(save: Save) -> Waiting:
    """What BRMS does behind the items: job queues, subsystems, the last *EXIT, TCP/IP servers, Domino."""
    system, after, exits = save.system, save.group.after, save.group.exits
    if after.ipl and save.result != "failed":
        yield from save.job.perform("PWRDWNSYS OPTION(*IMMED) RESTART(*YES) CONFIRM(*NO)")
        return
    if after.release_job_queues:
        for queue in system.work.queues():
            if queue.held:
                queue.held = False
                system.log("job_queue_released", queue=f"{queue.library}/{queue.name}", by="BRMS")
    if save.restrict and system.work.restricted and after.start_subsystems:
        yield from sleep(system.world.scheduler, system.world.durations.start_subsystems)
        system.work.leave_restricted()
        # The subsystem's start-up job may well be under way before BRMS comes to its last *EXIT.
        yield from sleep(system.world.scheduler, conditions(system.world).last_exit_after)
    if len(exits) > 1:
        yield from save.job.perform(exits[-1])
    if after.start_tcp_servers:
        yield from system.network.start(interfaces=False, servers=True)
    if after.start_domino:
        yield from save.job.perform("STRDOMSVR SERVER(*ALL)")
