"""What a run does to production beside hold job and end domino: only what it changed itself is undone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flashc.cli.campaign.scene import going
from flashc.cli.runs import Run
from flashc.cli.site_choice import needs_of
from flashc.cli.stage import Stage
from flashtwin.derive.site import derive_site
from flashtwin.errors import Escape
from flashtwin.installed import conditions, installed
from flashtwin.objects import JobQueue
from flashtwin.site_check import check_site
from nights import HELD_JOB as JOB
from nights import Change, Played, example, is_row, kill_at, played

HELD_JOB = "        hold job QUSRSSH/CPY\n"
KINDS = {
    "hold job queue QGPL/SITEQ": ("O20", "O78"),
    "hold schedule entry INVOICES": ("O21", "O79"),
    "end subsystem QGPL/REPORTS within 1m": ("O36", "O74"),
    "end tcp server *FTP": ("O37", "O73"),
    "vary off device TAPMLB01": ("O39", "O72"),
}
DOMINO = 'subsystems = [{ name = "DOMINO", library = "QGPL" }'
REPORTS: Change = (
    DOMINO,
    f'{DOMINO}, {{ name = "REPORTS", library = "QGPL", job_queues = ["QGPL/SITEQ"] }}',
)
ONLINE: Change = (
    'drives = ["TAP01", "TAP02"]',
    'drives = ["TAP01", "TAP02"], online = true, allocation = "UNPROTECTED"',
)
SITE = (REPORTS, ONLINE)


def around(*statements: str) -> tuple[Change, ...]:
    """The example's spec with statements behind the job that is held."""
    return ((HELD_JOB, HELD_JOB + "".join(f"        {one}\n" for one in statements)),)


def codes(run: Run) -> list[str]:
    """The codes of the source's steps, in order."""
    return [step.code for step in run.steps if step.side == "source"]


def text_of(run: Run, code: str) -> str:
    """The texts of a step's rows."""
    return " / ".join(step.text for step in run.steps if step.code == code)


def broken(run: Run) -> list[str]:
    """The invariants that did not hold."""
    return [f"{one.id}: {one.detail}" for one in run.invariants if not one.held]


def state(stage: Stage) -> dict[str, object]:
    """What production's things are in."""
    system = stage.system
    queue = system.image.find("QGPL", "SITEQ", "*JOBQ")
    assert isinstance(queue, JobQueue)
    return {
        "queue": queue.held,
        "entry": next(e.held for e in system.image.schedule if e.name == "INVOICES"),
        "subsystem": "REPORTS" in system.work.subsystems,
        "server": "*FTP" in system.network.servers,
        "device": "TAPMLB01" in installed(system).varied_on,
    }


AS_BEFORE = {"queue": False, "entry": False, "subsystem": True, "server": True, "device": True}


def test_everything_is_brought_back_in_reverse_order() -> None:
    with played((), SITE, spec=around(*KINDS)) as night:
        run = night.run
        assert (run.result, broken(run)) == ("completed", [])
        done = [code for code in codes(run) if code in {c for pair in KINDS.values() for c in pair}]
        assert done == ["O20", "O21", "O36", "O37", "O39", "O72", "O73", "O74", "O79", "O78"]
        assert state(night.stage) == AS_BEFORE


BEFORE: dict[str, tuple[tuple[Change, ...], str]] = {
    "hold job queue QGPL/SITEQ": (
        ((REPORTS[0], REPORTS[1].replace("]", '], held_queues = ["QGPL/SITEQ"]')), ONLINE),
        "queue",
    ),
    "hold schedule entry INVOICES": ((*SITE, ('time = "230000"', 'time = "230000", held = true')), "entry"),
    "end subsystem QGPL/REPORTS within 1m": (
        ((REPORTS[0], REPORTS[1].replace("]", "], active = false")), ONLINE),
        "subsystem",
    ),
    "end tcp server *FTP": ((*SITE, ("domino = [", 'servers = ["*SSHD"]\ndomino = [')), "server"),
    "vary off device TAPMLB01": ((REPORTS,), "device"),
}


@pytest.mark.parametrize("statement", KINDS)
def test_what_was_so_before_is_left_so(statement: str) -> None:
    changes, name = BEFORE[statement]
    with played((), changes, spec=around(statement)) as night:
        run = night.run
        act, undo = KINDS[statement]
        assert (run.result, broken(run)) == ("completed", [])
        assert act in codes(run)
        assert undo not in codes(run)
        assert state(night.stage)[name] != AS_BEFORE[name]


@pytest.mark.parametrize("statement", KINDS)
def test_a_driver_that_dies_before_the_flash_has_it_brought_back_by_guard_a(statement: str) -> None:
    act, undo = KINDS[statement]

    def kill(stage: Stage) -> None:
        kill_at(stage, ["driver"], lambda context: is_row(context, "R", act))

    with played((), SITE, spec=around(statement), prepare=kill) as night:
        run = night.judged()
        assert run.result == "failed"
        assert undo in codes(run)
        assert broken(run) == []
        assert state(night.stage) == AS_BEFORE


@pytest.mark.parametrize("statement", KINDS)
def test_a_driver_that_dies_before_it_acts_changes_nothing(statement: str) -> None:
    """Between the undo's row and the act: an undo of what was not done harms nothing."""
    _, undo = KINDS[statement]

    def kill(stage: Stage) -> None:
        kill_at(stage, ["driver"], lambda context: is_row(context, "A", undo))

    with played((), SITE, spec=around(statement), prepare=kill) as night:
        run = night.judged()
        assert (run.result, broken(run)) == ("failed", [])
        assert state(night.stage) == AS_BEFORE


def refused(night: Played, code: str, *words: str) -> None:
    """The run ended at this step (O06: before it changed anything), said why, and undid everything."""
    run = night.run
    assert run.result == ("refused" if code == "O06" else "failed")
    assert all(word in text_of(run, code) for word in words), text_of(run, code)
    assert "O55" not in codes(run)
    assert broken(run) == []


def test_several_entries_of_one_name_are_refused() -> None:
    second: Change = (
        "schedule = [\n",
        'schedule = [\n    { name = "INVOICES", command = "CALL PGM(APPLIB/INVOICES)", time = "010000" },\n',
    )
    with played((), (*SITE, second), spec=around("hold schedule entry INVOICES")) as night:
        refused(night, "O06", "ENTRY INVOICES: SEVERAL")
        assert not any(entry.held for entry in night.stage.system.image.schedule)


@pytest.mark.parametrize(
    ("statement", "code", "words"),
    [
        ("hold job queue QGPL/NOSUCHQ", "O06", "JOBQ QGPL/NOSUCHQ: UNKNOWN CPF3307"),
        ("hold schedule entry NOSUCH", "O06", "ENTRY NOSUCH: MISSING"),
        ("end subsystem QGPL/NOSUCH within 1m", "O06", "SBS QGPL/NOSUCH: UNKNOWN CPF1605"),
        ("end tcp server *NOSUCH", "O37", "*NOSUCH TCP1A12"),
        ("vary off device NOSUCH", "O06", "DEVICE NOSUCH: UNKNOWN CPF9801"),
    ],
)
def test_what_is_not_there_is_refused(statement: str, code: str, words: str) -> None:
    with played((), SITE, spec=around(statement)) as night:
        refused(night, code, words)


GONE = {
    "hold job queue QGPL/SITEQ": ("SITEQ", "*JOBQ", "O20", "QGPL/SITEQ UNKNOWN CPF3307"),
    "end subsystem QGPL/REPORTS within 1m": ("REPORTS", "*SBSD", "O36", "QGPL/REPORTS UNKNOWN CPF1605"),
}


@pytest.mark.parametrize("statement", GONE)
def test_what_goes_away_behind_the_check_is_refused_at_its_step(statement: str) -> None:
    name, kind, code, words = GONE[statement]

    def deleted(stage: Stage) -> None:
        def around_command(context: Any, go: Callable[[], Any]) -> Any:
            if context.os is stage.system and is_row(context, "R", "O06"):
                stage.system.image.libraries["QGPL"].objects.pop((name, kind), None)
            return go()

        stage.world.around_command = around_command

    with played((), SITE, spec=around(statement), prepare=deleted) as night:
        refused(night, code, words)


def test_a_device_that_cannot_be_varied_off_is_left_alone() -> None:
    def fails(stage: Stage) -> None:
        conditions(stage.world).vary_fails.add("TAPMLB01")

    with played((), SITE, spec=around("vary off device TAPMLB01"), prepare=fails) as night:
        refused(night, "O39", "STATUS(*OFF) CPF2640 ON")
        assert "O72" not in codes(night.run)


COMMANDS = {
    "hold job queue QGPL/SITEQ": "HLDJOBQ",
    "hold schedule entry INVOICES": "HLDJOBSCDE",
    "end subsystem QGPL/REPORTS within 1m": "ENDSBS",
    "end tcp server *FTP": "ENDTCPSVR",
    "vary off device TAPMLB01": "VRYCFG",
    "": "HLDJOB",
}


@pytest.mark.parametrize("statement", COMMANDS, ids=COMMANDS.get)
def test_a_command_that_fails_behind_its_effect_leaves_nothing(statement: str) -> None:
    seen: list[str] = []

    def fails(stage: Stage) -> None:
        def around_command(context: Any, go: Callable[[], Any]) -> Any:
            if seen or context.os is not stage.system or context.command.name != COMMANDS[statement]:
                return go()
            seen.append(context.command.name)
            return effect_and_failure(go)

        stage.world.around_command = around_command

    def effect_and_failure(go: Callable[[], Any]) -> Any:
        yield from going(go)
        raise Escape("CPF9899", "", "Failed behind its effect.")

    spec = around(statement) if statement else ()
    with played((), SITE, spec=spec, prepare=fails) as night:
        assert seen == [COMMANDS[statement]]
        night.stage.world.around_command = None
        assert broken(night.judged()) == []
        assert state(night.stage) == AS_BEFORE
        assert not night.stage.system.jobs[JOB].held


def test_what_a_refusal_left_in_the_message_queue_is_not_read_as_the_next_answer() -> None:
    """The server is asked once more: the diagnostic of the first time says nothing of the second."""
    seen: list[str] = []

    def refuses(stage: Stage) -> None:
        def around_command(context: Any, go: Callable[[], Any]) -> Any:
            if seen or context.os is not stage.system or context.command.name != "ENDTCPSVR":
                return go()
            seen.append(context.command.name)
            context.diagnostic("TCP1A31", "Not ended at the first time of asking.")
            raise Escape("CPF9899", "", "Refused.")

        stage.world.around_command = around_command

    with played((), SITE, spec=around("end tcp server *FTP"), prepare=refuses) as night:
        run = night.run
        assert seen == ["ENDTCPSVR"]
        assert (run.result, broken(run)) == ("completed", [])
        assert {"O37", "O73"} <= set(codes(run))
        assert state(night.stage) == AS_BEFORE


def test_a_device_that_takes_its_time_is_waited_for() -> None:
    slow: Change = ("[durations]", '[durations]\nvary_settles = "2m"')
    with played((), (*SITE, slow), spec=around("vary off device TAPMLB01")) as night:
        run = night.run
        assert (run.result, broken(run)) == ("completed", [])
        assert {"O39", "O72"} <= set(codes(run))
        assert state(night.stage) == AS_BEFORE


def test_jobs_that_do_not_end_are_ended_at_the_limit() -> None:
    """DELAY is the limit: what is left then is ended by the system, and the subsystem comes back."""
    reports: Change = (
        'user = "ANNA", number = 141650, subsystem = "QBATCH"',
        'user = "ANNA", number = 141650, subsystem = "REPORTS"',
    )
    with played((), (*SITE, reports), spec=around("end subsystem QGPL/REPORTS within 1m")) as night:
        run = night.run
        assert (run.result, broken(run)) == ("completed", [])
        assert state(night.stage)["subsystem"]


def test_a_subsystem_that_never_ends_is_unknown_and_said() -> None:
    def hang(stage: Stage) -> None:
        work = stage.system.work

        def never(subsystem: Any, **_: Any) -> Any:
            subsystem.state = "ENDING"
            yield from ()

        work.end_subsystem = never  # type: ignore[method-assign]

    with played((), SITE, spec=around("end subsystem QGPL/REPORTS within 1m"), prepare=hang) as night:
        run = night.run
        assert run.result == "failed"
        assert "OK *ENDING" in text_of(run, "O36")
        assert "REPORTS *ENDING" in text_of(run, "O74")
        assert night.history() == ("OPEN", "")


def test_runs_that_a_held_entry_missed_are_named() -> None:
    due: Change = ('time = "230000"', 'time = "204300"')
    with played((), (*SITE, due), spec=around("hold schedule entry INVOICES")) as night:
        run = night.run
        assert (run.result, broken(run)) == ("completed", [])
        assert "Not run while its schedule entry was held: INVOICES 000001 due 20261118204300" in text_of(
            run, "O79"
        )


def test_a_derived_site_has_what_stands_around_the_flash() -> None:
    asp: Change = ("    release   7.4", "    release   7.4\n    independent asp PAYIASP")
    site = derive_site(
        needs_of(example((*around(*KINDS, "end tcp server *HTTP", "vary off device OPT01"), asp))[0])
    )
    assert check_site(site) == []
    (system,) = site.systems
    assert {one.name: one.library for one in system.subsystems} == {"REPORTS": "QGPL", "SITEQUEUES": "QGPL"}
    assert system.subsystems[1].job_queues == ("QGPL/SITEQ",)
    assert [entry.name for entry in system.schedule] == ["INVOICES"]
    assert {"*FTP", "*HTTP"} <= set(system.servers)
    assert system.devices == ("OPT01",)
    assert [library.online for library in system.tape_libraries] == [True]
    assert [one.name for one in system.independent_asps] == ["PAYIASP"]
