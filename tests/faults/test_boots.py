"""What starts where: the real guard at an IPL of production, of clones, and of copies in the wrong place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from boots import (
    CLONE,
    GUARD,
    HARMLESS,
    LIB,
    Boot,
    Room,
    is_safe,
    nothing_acted,
    program,
    put,
    stage_of,
    start_up,
    ticket,
)
from flashc.cli.stage import run_command
from flashtwin.image import SystemImage
from flashtwin.objects import JobQueue, QueuedJob
from nights import played, staged

Change = Callable[[SystemImage], None]

ESCAPES = "SNDPGMMSG MSGID(CPF9898) MSGF(QSYS/QCPFMSG) MSGDTA(none) MSGTYPE(*ESCAPE)\nENDPGM\n"


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """One machine room for all starts: each has disks of its own."""
    with staged() as stage:
        yield Room(stage, tmp_path_factory.mktemp("starts"))


def with_ticket(
    room: Room, stage: str, *changes: Change, hours: float = 0.0, pair: str = CLONE
) -> SystemImage:
    """Production's disks with such a ticket on them, and a start-up program of the site."""
    text = ticket(stage, of=room.stage, hours=hours, pair=pair)
    return room.image(start_up, lambda image: put(image, "FLT0056", text), *changes)


def clone(room: Room, image: SystemImage | None, stop: Callable[[Boot], bool] | None = None) -> Boot:
    """Start the clone partition from these disks, or again from its own."""
    return room.start(room.partition(56), image, stop=stop)


def begun(boot: Boot) -> bool:
    """Whether the guard has submitted something."""
    return boot.submitted() != []


def twice(boot: Boot, room: Room, check: Callable[[Boot], None]) -> None:
    """The next IPL of the same disks does the same."""
    check(boot)
    boot.off()
    again = room.start(boot.partition)
    check(again)
    again.off()


# -- production --------------------------------------------------------------------------------------


def production(room: Room, *changes: Change, lpar: int = 24, serial: str = "78ABC12") -> Boot:
    """An IPL of production."""
    return room.start(room.partition(lpar, serial, (1, 99)), room.image(start_up, *changes))


def as_before(boot: Boot) -> None:
    """The site's start-up program ran, by QPGMR and without the product's authority, and nothing else."""
    assert boot.programs() == ["APPLIB/STARTUP"]
    assert "start-up as QPGMR QPGMR refused" in boot.told()
    assert boot.submitted() == []
    assert set(boot.system.network.interfaces) == {"10.1.0.5"}
    nothing_acted(boot)


def test_production_starts_as_before(room: Room) -> None:
    twice(production(room), room, as_before)


def test_production_without_a_start_up_program(room: Room) -> None:
    boot = production(room, lambda image: put(image, "FLPRVSTR", "*NONE"))
    assert (boot.programs(), boot.submitted()) == ([], [])
    assert "Safe mode" not in boot.told()
    boot.off()


@pytest.mark.parametrize(
    "previous",
    ["GONE      APPLIB    ", "STARTUP   NOLIB     ", "STARTUP             ", " ", "STARTUP"],
    ids=["no program", "no library", "no library named", "blank", "too short"],
)
def test_production_starts_though_its_program_is_lost(room: Room, previous: str) -> None:
    boot = production(room, lambda image: put(image, "FLPRVSTR", previous))
    assert boot.programs() == ["QSYS/QSTRUP"]
    assert "QINTER" in boot.system.work.subsystems
    assert "Start-up program not found, QSYS/QSTRUP runs instead:" in boot.told()
    boot.off()


def test_production_starts_though_its_program_is_not_noted(room: Room) -> None:
    boot = production(room, lambda image: image.libraries[GUARD].objects.pop(("FLPRVSTR", "*DTAARA")))
    assert boot.programs() == ["QSYS/QSTRUP"]
    boot.off()


def test_what_the_sites_program_ends_with_is_its_own(room: Room) -> None:
    """An error in the middle of it is no reason to start anything else."""

    boot = production(room, lambda image: start_up(image, "FAILING", f"PGM\n{ESCAPES}"))
    assert boot.programs() == ["APPLIB/FAILING"]
    boot.off()


def test_production_moved_to_a_listed_machine(tmp_path: Path) -> None:
    """LPM, a recovery site: the spec names the pairs."""
    listed = (
        "identity  serial 78ABC12 lpar 24",
        "identity  serial 78ABC12 lpar 24\n    identity  serial 65DEF34 lpar 7",
    )
    with staged(spec=(listed,)) as stage:
        room = Room(stage, tmp_path)
        twice(production(room, serial="65DEF34", lpar=7), room, as_before)


def test_production_moved_to_a_machine_that_is_not_listed(room: Room) -> None:
    boot = production(room, serial="65DEF34", lpar=7)
    twice(boot, room, is_safe)


@pytest.mark.parametrize("stage", ["NEW", "TAKEN", "SAVING", "SAVED", "RECONF", "LIVING"])
def test_a_system_restored_from_a_clones_tape(room: Room, stage: str) -> None:
    """Production's identity, a clone's ticket: the site's program runs, and the ticket is told."""
    text = ticket(stage, of=room.stage)
    boot = production(room, lambda image: put(image, "FLT0056", text), an_open_run, partial(restored, room))
    assert (
        f"A ticket on production, see FLRCVENV OPTION(*CHECK): FLT0056 {stage} 20261118203500" in boot.told()
    )
    as_before(boot)
    # A run is refused while it is so, and the officer clears it.
    assert not room.stage.command("FLASHC", f"{LIB}/FLCHKENV ENV(DAILY)").ok
    assert "OPTION(*RESTORED)" in recovery(room, "*CHECK")[1]
    assert recovery(room, "*RESTORED") == (True, "FLE0056 Nothing is open for DAILY")
    assert stage_of(boot.system.image) == "CLOSED"
    boot.off()


def an_open_run(image: SystemImage) -> None:
    put(image, "FLR0056", f"20261118203500{'DAILY':<10}{'WINDOW':<10}", LIB)


def restored(room: Room, image: SystemImage, *libraries: str) -> None:
    """The libraries came from a tape the day after; none named: all."""
    for name in libraries or tuple(image.libraries):
        for one in image.libraries[name].objects.values():
            one.restored = room.stage.world.now + 86400


def recovery(room: Room, option: str) -> tuple[bool, str]:
    """Enter FLRCVENV; whether it ended well, and the last that it said."""
    ended = room.stage.command("FLASHC", f"{LIB}/FLRCVENV ENV(DAILY) OPTION({option})")
    return ended.ok, "{} {}".format(*ended.messages[-1])


@pytest.mark.parametrize("libraries", [(), (LIB,), ("QGPL",)], ids=["nothing", "our library", "QGPL"])
def test_a_system_that_is_not_seen_to_be_restored(room: Room, libraries: tuple[str, ...]) -> None:
    """The run may be of this very system: only who is sure clears it without its undo."""

    def change(image: SystemImage) -> None:
        an_open_run(image)
        put(image, "FLT0056", ticket("TAKEN", of=room.stage))
        if libraries:
            restored(room, image, *libraries)

    boot = production(room, change)
    assert "*RESTORED" not in recovery(room, "*CHECK")[1]
    assert recovery(room, "*RESTORED")[1].startswith("FLE0232")
    assert stage_of(boot.system.image) == "TAKEN"
    assert recovery(room, "*RSTSURE")[0]
    assert stage_of(boot.system.image) == "CLOSED"
    boot.off()


# -- the clone ---------------------------------------------------------------------------------------


def test_a_clone_with_its_ticket_begins_once(room: Room) -> None:
    boot = clone(room, with_ticket(room, "NEW"), begun)
    assert boot.submitted() == [f"CALL PGM({LIB}/FLBDAILY)"]
    assert stage_of(boot.system.image) == "TAKEN"
    assert boot.programs() == []
    boot.off()
    # It died before the save: what comes next is the end, and not the same once more.
    again = clone(room, None, begun)
    assert again.submitted() == [f"CALL PGM({LIB}/FLADAILY)"]
    again.off()


@pytest.mark.parametrize("stage", ["TAKEN", "SAVING", "SAVED"])
def test_a_clone_goes_on_where_its_ticket_is(room: Room, stage: str) -> None:
    boot = clone(room, with_ticket(room, stage), begun)
    assert boot.submitted() == [f"CALL PGM({LIB}/FLADAILY)"]
    assert stage_of(boot.system.image) == stage
    assert boot.programs() == []
    boot.off()


@pytest.mark.parametrize("stage", ["CLOSED", "DELIVERED", "", "LIVING", "ABC"])
def test_a_clone_whose_ticket_is_used(room: Room, stage: str) -> None:
    twice(clone(room, with_ticket(room, stage)), room, is_safe)


AGES = [
    ("NEW", 0.1, True),
    ("NEW", 6.3, True),
    ("NEW", 7.2, False),
    ("NEW", -0.2, True),
    ("NEW", -9.5, False),
    ("NEW", 24 * 400, False),
    ("SAVING", 13.0, True),
    ("SAVING", 15.2, False),
    ("SAVED", -17.5, False),
]


@pytest.mark.parametrize(("stage", "hours", "counts"), AGES)
def test_the_age_of_a_ticket(room: Room, stage: str, hours: float, counts: bool) -> None:
    """Two-sided: the clone's clock is four minutes behind, and a ticket of another time is none."""
    image = with_ticket(room, stage, hours=hours)
    if counts:
        boot = clone(room, image, begun)
        assert len(boot.submitted()) == 1
        boot.off()
    else:
        twice(clone(room, image), room, is_safe)


def damaged(image: SystemImage, text: str) -> None:
    put(image, "FLT0056", text)


def shortened(image: SystemImage) -> None:
    area = image.find(GUARD, "FLT0056", "*DTAARA")
    area.value, area.length = area.value[:50], 50  # type: ignore[union-attr]


def gone(image: SystemImage, name: str, type_: str = "*DTAARA") -> None:
    image.libraries[GUARD].objects.pop((name, type_))


def not_allowed(image: SystemImage, library: str, name: str, type_: str) -> None:
    image.find(library, name, type_).private.pop("QPGMR")  # type: ignore[union-attr]


def no_library(image: SystemImage) -> None:
    image.libraries[GUARD].private.pop("QPGMR")


IMAGES: dict[str, Change] = {
    "ticket missing": partial(gone, name="FLT0056"),
    "ticket too short": shortened,
    "ticket of another kind": lambda image: damaged(image, "NEW" + "?" * 253),
    "no time in it": lambda image: damaged(
        image, f"{'NEW':<10}20261118203500DAILY     {CLONE}{'':20}0006brms"
    ),
    "no such date": lambda image: damaged(image, f"{'NEW':<10}20261118203500DAILY     {CLONE}{'9' * 20}0006"),
    "ticket not authorised": partial(not_allowed, library=GUARD, name="FLT0056", type_="*DTAARA"),
    "identity program missing": partial(gone, name="FLIDENT", type_="*PGM"),
    "identity program not authorised": partial(not_allowed, library=GUARD, name="FLIDENT", type_="*PGM"),
    "identity not readable": partial(not_allowed, library="QSYS", name="QPMLPMGT", type_="*SRVPGM"),
    "no program to begin with": partial(gone, name="FLBOOTA", type_="*PGM"),
    "age not to be told": partial(gone, name="FLAGE", type_="*PGM"),
}


@pytest.mark.parametrize("what", list(IMAGES))
def test_a_clone_without_what_the_guard_needs(room: Room, what: str) -> None:
    twice(clone(room, with_ticket(room, "NEW", IMAGES[what])), room, is_safe)


def test_a_clone_whose_guard_may_not_run(room: Room) -> None:
    """Nothing of it runs, nothing else does, and what the IPL starts is behind the isolation."""
    boot = clone(room, with_ticket(room, "NEW", no_library))
    assert (boot.programs(), boot.submitted(), boot.told()) == ([], [], "")
    assert set(boot.system.work.subsystems) <= HARMLESS
    assert not boot.system.network.interfaces
    nothing_acted(boot)
    boot.off()


def test_safe_mode_without_its_program_says_so(room: Room) -> None:
    boot = clone(room, with_ticket(room, "CLOSED", partial(gone, name="FLSAFE", type_="*PGM")))
    assert "Safe mode" in boot.told()
    assert (boot.programs(), boot.submitted()) == ([], [])
    boot.off()


def test_an_environment_that_the_copy_does_not_know(room: Room) -> None:
    text = ticket("NEW", of=room.stage).replace("DAILY ", "WEEKLY")
    twice(clone(room, with_ticket(room, "NEW", lambda image: put(image, "FLT0056", text))), room, is_safe)


def test_an_identity_that_ends_with_an_escape(room: Room) -> None:
    """Also where this is production: it must not be guessed; somebody at the console says what it is."""
    text = (
        "PGM PARM(&A &B &C &D)\nDCL VAR(&A) TYPE(*CHAR)\nDCL VAR(&B) TYPE(*CHAR)\nDCL VAR(&C) TYPE(*CHAR)\n"
    )
    text += f"DCL VAR(&D) TYPE(*CHAR)\n{ESCAPES}"

    def fails(image: SystemImage) -> None:
        program(image, GUARD, "FLIDENT", text)

    twice(clone(room, with_ticket(room, "NEW", fails)), room, is_safe)
    twice(production(room, fails), room, is_safe)


@pytest.mark.parametrize("serial", ["78ABC12", "65DEF34"])
def test_somebody_at_the_console_says_that_this_is_production(room: Room, serial: str) -> None:
    """Production after a move, or a copy that takes its place: the site's program runs and TCP/IP stays."""
    boot = room.start(room.partition(57, serial, (1, 99)), with_ticket(room, "CLOSED"))
    is_safe(boot)
    assert f"CALL {GUARD}/FLBOOT ('*SITE') (APPLIB/STARTUP) ({serial} 0057 F)" in boot.told()
    world, first = room.stage.world, len(boot.events("program_started"))
    result = run_command(world, boot.system, "QSECOFR", f"CALL {GUARD}/FLBOOT ('*SITE')")
    assert result.ok, result.messages
    ran = [str(e["program"]) for e in boot.events("program_started")[first:]]
    assert ran[-1] == "APPLIB/STARTUP"
    assert run_command(world, boot.system, "QSECOFR", "STRTCP").ok
    boot.go(3600)
    assert set(boot.system.network.interfaces) == {"10.1.0.5"}
    assert "QSTRUPJD" not in [job.name for job in boot.system.jobs.values()]
    # Only for this once: the next IPL asks again.
    boot.off()
    is_safe(room.start(boot.partition))


# -- a copy in the wrong place -----------------------------------------------------------------------


@pytest.mark.parametrize("stage", ["NEW", "SAVING", "LIVING", "CLOSED"])
@pytest.mark.parametrize(("lpar", "serial"), [(57, "78ABC12"), (56, "65DEF34"), (24, "65DEF34")])
def test_a_copy_on_another_partition(room: Room, lpar: int, serial: str, stage: str) -> None:
    """A third partition, the clone moved, production's id on another machine; on production's VLAN even."""
    boot = room.start(room.partition(lpar, serial, (1, 99)), with_ticket(room, stage))
    twice(boot, room, is_safe)


def test_another_clones_ticket(room: Room) -> None:
    twice(clone(room, with_ticket(room, "NEW", pair="78ABC12 0057")), room, is_safe)


def test_schedules_and_waiting_jobs_of_a_copy_start_nothing(room: Room) -> None:
    """The 20:35 entry, the site's own and what waits on queues, held or not, over a whole day."""

    def waiting(image: SystemImage) -> None:
        for name in ("QBATCH", "QINTER"):
            queue = image.find("QGPL", name, "*JOBQ")
            assert isinstance(queue, JobQueue)
            command = "CALL PGM(APPLIB/INVOICES)"
            queue.entries.append(QueuedJob("PAYROLL", "ANNA", "142990", command, 0.0))

    boot = clone(room, with_ticket(room, "CLOSED", waiting))
    is_safe(boot)
    boot.go(86400)
    started = [str(e["job"]).rpartition("/")[2] for e in boot.events("job_started")]
    assert started == ["QSTRUPJD"]
    assert boot.asked() == []
    assert not boot.system.network.interfaces
    boot.off()


# -- behind a whole night ----------------------------------------------------------------------------


def test_a_clone_left_running_and_its_image_on_production() -> None:
    """Its re-entry began nothing twice; its next IPL is safe; its disks start production as production."""
    with played() as night:
        assert night.run.result == "completed", night.run.detail
        world, stage = night.stage.world, night.stage
        left = world.partition("SISTPROD_24")
        submitted = [
            str(e["command"])
            for e in world.events.of("job_submitted", system=left.name)
            if "/FL" in str(e["command"]) and "FLSTRENV" not in str(e["command"])
        ]
        assert submitted[0] == f"CALL PGM({LIB}/FLBDAILY)"
        assert submitted.count(submitted[0]) == 1
        ran = [str(e["program"]) for e in world.events.of("program_started", system=left.name)]
        assert ran.count(f"{LIB}/FLBDAILY") == 1
        assert stage_of(left.boot_image()) == "DELIVERED"  # type: ignore[arg-type]
        boot = Boot(stage, left, len(world.events.events))
        boot.off()
        again = Boot(stage, left, len(world.events.events))
        left.power_on("clone")
        again.go(5400)
        is_safe(again)
        assert [f"{one.id} {one.detail}" for one in night.judged().broken] == []

        image = left.boot_image()
        assert image is not None
        again.off()
        production = stage.production
        Boot(stage, production, 0).off()
        for volume in production.volumes:
            volume.image = image
        restored = Boot(stage, production, len(world.events.events))
        production.power_on("default")
        restored.go(5400)
        assert restored.programs() == ["QSYS/QSTRUP"]
        assert "A ticket on production" in restored.told()
        assert [c for c in restored.submitted() if "/FLB" in c or "/FLA" in c] == []
