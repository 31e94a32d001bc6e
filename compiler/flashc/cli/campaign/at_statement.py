"""What a fault at a statement of a generated program does.  docs/safety.md has the table."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from flashtwin.commands.qsh import report
from flashtwin.context import Context
from flashtwin.errors import Escape
from flashtwin.gate import gate_of
from flashtwin.installed import conditions
from flashtwin.job import Job
from flashtwin.objects import MessageQueue, QueuedMessage
from flashtwin.records import BrmsData
from flashtwin.sims.tape import MediaLibrary

from flashc.cli.campaign.scene import FOR_A_TIME_S, Scene, Steps, for_ever, going, so_long

Go = Callable[[], Any]

REFUSED = ("CPF9899", "", "Error occurred during processing of command.")
LOCKED = ("CPF9803", "", "Cannot allocate object.")
LOCKED_TABLE = ("SQL0913", "", "Row or object in use.")
HOUR_S = 3600.0
NO_PYTHON = 127
"""Exit status of a shell that does not find the program: Python was updated, or removed."""

NO_DISKS = "B6000103"
"""The licensed internal code has lost its disks."""

SOME_BYTES = 700
"""After so many bytes a transfer breaks off: in the middle of a file."""

OLD_MESSAGES = 300
"""Messages of other days on a queue that is full."""

JOBS = {"guard A": "FLGRDA", "guard B": "FLGRDB", "armed trigger": "FLARM"}
"""The jobs of a run by their names in kinds of faults; "driver" and "job" are that of the statement."""


def strike_statement(kind: str, scene: Scene, context: Context, go: Go) -> Any:
    """What takes the place of the statement."""
    if kind == "refused":
        raise Escape(*REFUSED)
    if kind == "object locked":
        raise Escape(*(LOCKED_TABLE if context.command.name == "RUNSQL" else LOCKED))
    return _steps(kind, scene, context, go)


def _steps(kind: str, scene: Scene, context: Context, go: Go) -> Steps:
    if kind == "failed after its effect":
        yield from going(go)
        raise Escape(*REFUSED)
    if kind in ("failed half-way", "job killed half-way"):
        yield from _half(kind, scene, context, go)
        return
    if kind == "sidecar does not start":
        yield from context.sleep(context.world.costs.qsh)
        report(context, NO_PYTHON, context.job.environment.get("QIBM_QSH_CMD_ESCAPE_MSG") == "Y")
        return
    if kind == "hung for ever":
        scene.hung.append(context.job)
        yield for_ever()
    if kind.endswith(" ended in order"):
        for one in _jobs(kind.removesuffix(" ended in order"), context):
            context.os.work.end_job(one, immediately=False)
    elif kind.endswith(" killed"):
        yield from _kill(kind.removesuffix(" killed"), context)
    else:
        yield from _LASTING[kind](scene, context)
    yield from going(go)


def _jobs(part: str, context: Context) -> list[Job]:
    name = JOBS.get(part, context.job.name)
    return [job for job in list(context.os.jobs.values()) if job.name == name]


def _kill(part: str, context: Context) -> Steps:
    """ENDJOB *IMMED, or the job dies: nothing of it runs any more."""
    for job in _jobs(part, context):
        context.os.work.kill(job, 50)
    if part not in JOBS:
        yield for_ever()


def _half(kind: str, scene: Scene, context: Context, go: Go) -> Steps:
    """The command has begun, and half of its time is over: what it has asked of the system goes on."""
    result, now = go(), scene.stage.world.now
    wait = next(result, None) if result is not None else None
    if wait is not None:
        last = FOR_A_TIME_S if wait.deadline is None else max(0.0, wait.deadline - now)
        yield so_long(min(last, FOR_A_TIME_S) / 2, now)
    if kind == "job killed half-way":
        context.os.work.kill(context.job, 50)
        yield for_ever()
    raise Escape(*REFUSED)


# -- what lasts, or changes more than one job


def _hung_to_the_limit(scene: Scene, context: Context) -> Steps:
    """It does its work when the limit has just passed that guard A was told; on the clone after an hour."""
    world, limit = scene.stage.world, HOUR_S
    if context.os.partition is scene.stage.production:
        told = [
            event
            for event in world.events.of("data_queue_sent", system=scene.stage.production.name)
            if str(event["queue"]).endswith("/FLGRDA") and str(event["data"]).startswith("BEAT")
        ]
        if told:
            # Guard A counts whole minutes of silence and acts on the one after the limit.
            seconds = int(str(told[-1]["data"])[10:15])
            limit = math.ceil(seconds / 60) * 60 + 59.0 - (world.now - told[-1].time)
    yield so_long(max(0.0, limit), world.now)


def _stands_still(scene: Scene, _context: Context) -> Steps:
    """Somebody holds the job, or it gets no processor: it goes on ten minutes later."""
    yield so_long(FOR_A_TIME_S, scene.stage.world.now)


def _lose_power(seconds: float, *, clone_too: bool = False) -> Callable[[Scene, Context], Steps]:
    """Production has power again after so many seconds; where the clone lost it too, it stays off."""

    def lose(scene: Scene, context: Context) -> Steps:
        partition, here = scene.stage.production, context.os.partition
        profile = partition.curr_profile
        gone = [partition, scene.clone] if clone_too else [partition]
        for one in gone:
            one.lose_power()

        def back() -> None:
            if partition.state == "Not Activated":
                partition.power_on(profile)

        scene.later(seconds, back)
        if here in gone:
            yield for_ever()

    return lose


def _clone_loses_power(scene: Scene, _context: Context) -> Steps:
    scene.clone.lose_power()
    yield for_ever()


def _clone_loses_disks(scene: Scene, _context: Context) -> Steps:
    """Its volumes are gone, as when a thin target finds no room: it stops with a reference code."""
    scene.clone.fail(NO_DISKS)
    yield for_ever()


def _subsystem_ended(_scene: Scene, context: Context) -> Steps:
    """ENDSBS *IMMED of the subsystem in which the driver and the armed trigger run."""
    name = context.job.subsystem
    for job in list(context.os.jobs.values()):
        if job is not context.job and job.subsystem == name:
            context.os.work.kill(job, 50)
    context.os.work.kill(context.job, 50)
    yield for_ever()


def _network(seconds: float | None) -> Callable[[Scene, Context], Steps]:
    def down(scene: Scene, _context: Context) -> Steps:
        servers = {id(r.server): r.server for r in gate_of(scene.stage.world.scheduler).routes.values()}
        for server in servers.values():
            scene.away(server, seconds)
        yield from ()

    return down


def _user_disabled(scene: Scene, _context: Context) -> Steps:
    """Somebody disables the product's profile: its jobs run on, nobody logs in by it any more.

    docs/platform-facts.md#disabled-profiles
    """
    profile = scene.stage.image.users[scene.stage.bundle.system.user]
    before, profile.status = profile.status, "*DISABLED"

    def back() -> None:
        scene.stage.image.users[scene.stage.bundle.system.user].status = before

    scene.undo.append(back)
    yield from ()


def _mail_silent(scene: Scene, _context: Context) -> Steps:
    for route in gate_of(scene.stage.world.scheduler).routes.values():
        if route.server.protocol == "smtp":
            scene.meet(route.server, "silent")
    yield from ()


def _summer(seconds: float) -> Callable[[Scene, Context], Steps]:
    """Everything in the machine room shows another local time, for good; UTC goes on."""

    def change(scene: Scene, _context: Context) -> Steps:
        scene.stage.world.set_summer(seconds)
        yield from ()

    return change


def _transfer_breaks(scene: Scene, _context: Context) -> Steps:
    """The line of the clone's link breaks after some bytes of a file; ten minutes later it is sound."""
    scene.break_transfers(SOME_BYTES, FOR_A_TIME_S)
    yield from ()


def _clock(seconds: float) -> Callable[[Scene, Context], Steps]:
    def change(scene: Scene, _context: Context) -> Steps:
        partition = scene.stage.production
        partition.set_clock(partition.clock_offset + seconds)
        scene.undo.append(lambda: partition.set_clock(partition.clock_offset - seconds))
        yield from ()

    return change


def _link(seconds: float | None) -> Callable[[Scene, Context], Steps]:
    def cut(scene: Scene, _context: Context) -> Steps:
        scene.cut_link(seconds)
        yield from ()

    return cut


def _full_files(scene: Scene, context: Context) -> Steps:
    """No stream file can grow any more, on a copy that is taken from now on neither."""
    context.image.ifs_full = True
    scene.undo.append(scene.make_room)
    yield from ()


def _full_tables(scene: Scene, context: Context) -> Steps:
    """No row of a table can be written: it cannot grow, or the receiver of its journal cannot be attached."""
    context.image.tables_full = True
    scene.undo.append(scene.make_room)
    yield from ()


def _full_queues(scene: Scene, context: Context) -> Steps:
    """Every queue but the product's has its largest size: one that wraps drops its oldest."""
    own = str(scene.stage.bundle.manifest["library"])
    for library in context.image.libraries.values():
        for queue in library.objects.values():
            if isinstance(queue, MessageQueue) and queue.library != own:
                _fill(scene, queue)
    yield from ()


def _fill(scene: Scene, queue: MessageQueue) -> None:
    before = queue.size
    old = [
        QueuedMessage(queue.next_key + n, "", "*INFO", "of another day", b"", 0, 0.0, "", "QSYSOPR")
        for n in range(OLD_MESSAGES)
    ]
    queue.next_key += OLD_MESSAGES
    queue.messages[:0] = old
    queue.size = len(queue.messages)

    def back() -> None:
        queue.size = before
        queue.messages[:] = [one for one in queue.messages if one not in old]

    scene.undo.append(back)


def _no_tape(scene: Scene, _context: Context) -> Steps:
    """Every tape library of the machine room is gone: no path to it, or no power."""
    devices = scene.stage.world.devices
    gone = {name: one for name, one in devices.items() if isinstance(one, MediaLibrary)}
    for name in gone:
        del devices[name]
    scene.undo.append(lambda: devices.update(gone))
    yield from ()


def _save_fails(scene: Scene, context: Context) -> Steps:
    """The save ends in the middle of an item (CPF3794)."""
    known = conditions(scene.stage.world)
    known.save_fails_at = context.command.name
    brms = context.image.products.get("brms")
    if context.command.name == "STRBKUBRM" and isinstance(brms, BrmsData):
        items = [one for one in brms.control_groups[context.text("CTLGRP")].items if one != "*EXIT"]
        known.save_fails_at = items[len(items) // 2]

    def back() -> None:
        known.save_fails_at = ""

    scene.undo.append(back)
    yield from ()


_LASTING: dict[str, Callable[[Scene, Context], Steps]] = {
    "hung to the limit": _hung_to_the_limit,
    "job stands still for ten minutes": _stands_still,
    "production loses power": _lose_power(FOR_A_TIME_S),
    "production loses power for six hours": _lose_power(6 * HOUR_S),
    "machine loses power": _lose_power(FOR_A_TIME_S, clone_too=True),
    "subsystem of the driver ended": _subsystem_ended,
    "network down": _network(None),
    "network down for ten minutes": _network(FOR_A_TIME_S),
    "user disabled": _user_disabled,
    "mail relay silent": _mail_silent,
    "summer time begins": _summer(HOUR_S),
    "summer time ends": _summer(-HOUR_S),
    "clock an hour ahead": _clock(HOUR_S),
    "clock an hour back": _clock(-HOUR_S),
    "file system full": _full_files,
    "tables cannot grow": _full_tables,
    "message queues full": _full_queues,
    "clone loses power": _clone_loses_power,
    "clone loses its disks": _clone_loses_disks,
    "transfer breaks off": _transfer_breaks,
    "link cut": _link(None),
    "link cut for ten minutes": _link(FOR_A_TIME_S),
    "clone's file system full": _full_files,
    "tape missing": _no_tape,
    "save fails half-way": _save_fails,
}
