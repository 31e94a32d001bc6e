"""One library, object or stream file back from a clone that is still on, under another name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from flashc.cli.playing import rows
from flashc.cli.stage import Stage
from flashc.runbook.steps import by_hand_steps
from flashtwin.errors import Escape
from flashtwin.ifs import host_path
from flashtwin.objects import DataArea
from nights import Change, Edit, Played, SignedOn, example, is_row, played
from test_by_hand import clone_of, group_of, journal, last_run, results

LIB = "BCKFLASHP"
STEPS = [step.code for step in by_hand_steps(example()[0].clones[0])["FLGETCLN"] if step.side == "source"]
INTERFACE = "192.168.99.15"


@contextmanager
def kept_on(*spec: Change, edits: Sequence[Edit] = ()) -> Iterator[Played]:
    """Behind a night whose clone is still on; data were lost on production since."""

    def fill(stage: Stage) -> None:
        for command in (
            "CRTLIB LIB(PAYROLL)",
            "CRTDTAARA DTAARA(PAYROLL/RATES) TYPE(*CHAR) LEN(10) VALUE(OLD)",
            "CRTDTAARA DTAARA(PAYROLL/OTHER) TYPE(*CHAR) LEN(10) VALUE(OTHER)",
            "CRTDIR DIR('/payroll')",
        ):
            assert stage.command("QSECOFR", command).ok, command
        host_path(stage.system.image, "/payroll/list.csv").write_text("old")

    with played(edits, spec=spec, prepare=fill) as night:
        assert night.run.result == "completed", night.run.detail
        stage = night.stage
        assert stage.command("QSECOFR", "CHGDTAARA DTAARA(PAYROLL/RATES) VALUE(NEW)").ok
        host_path(stage.system.image, "/payroll/list.csv").write_text("new")
        yield night


def get(stage: Stage, words: str) -> tuple[bool, str]:
    """FLGETCLN of the security officer, who waits for its end."""
    return SignedOn(stage, "QSECOFR").enter(f"{LIB}/FLGETCLN {words} WAIT(*YES)", within_s=3 * 3600)


def value_of(stage: Stage, library: str, name: str) -> str:
    found = stage.system.image.find(library, name, "*DTAARA")
    assert isinstance(found, DataArea)
    assert isinstance(found.value, bytes)
    return found.value.decode("cp037").strip()


def inbox(stage: Stage) -> list[str]:
    """Requests that lie in the inbox, and save files of the last one.

    What the clone had under way when an older one was ended comes with the next link and stays with that run.
    """
    folder = host_path(stage.system.image, f"/flashc/{LIB}/inbox")
    places = [*folder.glob("ask-*"), *(folder / last_run(stage)[0]).glob("object*")]
    return [place.name for place in places]


def left_on_the_clone(stage: Stage) -> list[str]:
    system = clone_of(stage).os
    assert system is not None
    return [place.name for place in host_path(system.image, f"/flashc/{LIB}/runs").rglob("object.savf*")]


def untouched(stage: Stage) -> None:
    """Nothing of production is as the clone had it; link and inbox are as before."""
    assert value_of(stage, "PAYROLL", "RATES") == "NEW"
    assert host_path(stage.system.image, "/payroll/list.csv").read_text() == "new"
    assert INTERFACE not in stage.system.network.interfaces
    assert inbox(stage) == []


def why(stage: Stage) -> str:
    run = last_run(stage)[0]
    found = [r for r in rows(stage, "FLJRN", "SEQ") if str(r[0]).strip() == run and r[5] == "O99"]
    return str(found[-1][7])


def test_a_library_an_object_and_a_stream_file_come_back() -> None:
    with kept_on() as night:
        stage = night.stage
        assert clone_of(stage).state == "Running"
        ok, said = get(stage, "LIB(PAYROLL) TOLIB(PAYOLD)")
        assert ok, (said, why(stage))
        assert "FLE0208" in said
        assert last_run(stage)[1:] == ("*GETCLN", "CLOSED", "COMPLETED")
        # O86 is what is noted of the transfer wherever the clone's steps are taken over.
        assert [code for code in results(stage) if code[0] != "C" and code != "O86"] == [
            *(code for code in STEPS if code not in ("O99", "999")),
            "O45",
            "O43",
            "O95",
            "O99",
            "999",
        ]
        assert "C71 R" in journal(stage)
        assert (value_of(stage, "PAYOLD", "RATES"), value_of(stage, "PAYOLD", "OTHER")) == ("OLD", "OTHER")
        assert stage.system.image.libraries["PAYOLD"].public == "*EXCLUDE"
        untouched(stage)
        assert left_on_the_clone(stage) == []

        ok, said = get(stage, "LIB(PAYROLL) OBJ(RATES) OBJTYPE(*DTAARA) TOLIB(RATEOLD)")
        assert ok, (said, why(stage))
        assert [name for name, _ in stage.system.image.libraries["RATEOLD"].objects] == ["RATES"]
        ok, said = get(stage, "STMF('/payroll/list.csv') TOSTMF('/payroll/list.old')")
        assert ok, (said, why(stage))
        assert host_path(stage.system.image, "/payroll/list.old").read_text() == "old"
        untouched(stage)

        # And the next night begins as ever.
        assert night.next_night().result == "completed"


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("LIB(PAYROLL) TOLIB(APPLIB)", "FLE0215"),
        ("LIB(QGPL) TOLIB(PAYOLD)", "FLE0215"),
        ("LIB(BCKFLASHP) TOLIB(PAYOLD)", "FLE0215"),
        ("LIB(NOLIB) TOLIB(PAYOLD)", "FLE0217"),
        ("STMF('/payroll/list.csv') TOSTMF('/payroll/list.csv')", "FLE0215"),
        ("STMF('/payroll/list.csv') TOSTMF('/nowhere/list.csv')", "FLE0215"),
        ("STMF('/flashc/BCKFLASHP/keys/home') TOSTMF('/payroll/key')", "FLE0215"),
        ("STMF('/payroll/none.csv') TOSTMF('/payroll/none.old')", "FLE0217"),
        ("LIB(PAYROLL) TOLIB(PAYOLD) RUN(20200101000000)", "FLE0219"),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_nothing(kept: Played, words: str, reason: str) -> None:
    stage = kept.stage
    libraries = set(stage.system.image.libraries)
    ok, said = get(stage, words)
    assert not ok
    assert reason in why(stage), why(stage)
    assert "FLE0209" in said
    assert last_run(stage)[2] == "CLOSED"
    assert set(stage.system.image.libraries) == libraries
    untouched(stage)


@pytest.fixture(scope="module", name="kept")
def fixture_kept() -> Iterator[Played]:
    with kept_on() as night:
        yield night


def at_row(stage: Stage, kind: str, code: str, then: Callable[[], None]) -> None:
    """Do something, once, when the request writes this row."""

    def around(context: Any, go: Callable[[], Any]) -> Any:
        if is_row(context, kind, code):
            stage.world.around_command = None
            then()
        return go()

    stage.world.around_command = around


def test_flendenv_ends_a_request_that_waits(kept: Played) -> None:
    stage = kept.stage

    def end() -> None:
        stage.world.scheduler.at(
            stage.world.now + 30,
            lambda: stage.system.submit(
                f"{LIB}/FLENDENV ENV(DAILY) REASON('enough')", user="FLASHC", queue=("QUSRNOMAX", "QSYS")
            ),
        )

    at_row(stage, "I", "O44", end)
    ok, said = get(stage, "LIB(PAYROLL) TOLIB(PAYOLD)")
    assert not ok
    assert "FLE0209" in said
    assert "FLE0038" in why(stage)
    assert "PAYOLD" not in stage.system.image.libraries
    untouched(stage)


def test_a_request_whose_job_died_is_undone_by_the_recovery(kept: Played) -> None:
    stage = kept.stage

    def kill() -> None:
        (job,) = [one for one in stage.system.jobs.values() if one.name == "FLC0056"]
        stage.world.scheduler.at(stage.world.now + 0.5, lambda: stage.system.work.kill(job, 50))

    at_row(stage, "I", "O47", kill)
    ok, said = get(stage, "LIB(PAYROLL) TOLIB(PAYOLD)")
    assert not ok
    assert "FLE0160" in said, said
    assert last_run(stage)[2] == "OPEN"
    assert INTERFACE in stage.system.network.interfaces
    assert "PAYOLD" in stage.system.image.libraries
    ok, said = SignedOn(stage).enter(f"{LIB}/FLRCVENV ENV(DAILY) OPTION(*UNDO)")
    assert ok, said
    assert last_run(stage)[2] == "CLOSED"
    assert "PAYOLD" not in stage.system.image.libraries
    untouched(stage)


def test_a_restore_that_fails_takes_its_library_away_again() -> None:
    wrong = Edit("FLC0056.clle", "SAVLIB(&LIBRARY)", "SAVLIB(NOLIB)")
    with kept_on(edits=[wrong]) as night:
        stage = night.stage
        ok, _said = get(stage, "LIB(PAYROLL) TOLIB(PAYOLD)")
        assert not ok
        assert "FLE0218" in why(stage)
        assert "PAYOLD" not in stage.system.image.libraries
        untouched(stage)

        # A clone that is not on gives nothing, and one whose copy was released neither.
        for command in ("FLENDCLN OPTION(*IMMED)", "FLRLSCLN"):
            ok, said = SignedOn(stage).enter(f"{LIB}/{command} WAIT(*YES)", within_s=7200)
            assert ok, said
            assert "FLE0208" in said
            ok, _said = get(stage, "LIB(PAYROLL) TOLIB(PAYOLD)")
            assert not ok
            assert "FLE0214" in why(stage)
        assert group_of(stage) != "copying"
        ok, said = SignedOn(stage).enter(f"{LIB}/FLENDCLN OPTION(*CNTRLD) WAIT(*YES)", within_s=7200)
        assert ok, said


@pytest.mark.parametrize(
    "words",
    [
        "LIB(PAYROLL)",
        "TOLIB(PAYOLD)",
        "STMF('/a/b')",
        "LIB(PAYROLL) TOLIB(PAYOLD) STMF('/a/b') TOSTMF('/a/c')",
        "STMF('/a/b') TOSTMF('/a/c') OBJ(RATES)",
    ],
)
def test_parameters_that_do_not_fit_together(kept: Played, words: str) -> None:
    ok, said = get(kept.stage, words)
    assert not ok
    assert "FLE0212" in said


def test_a_path_with_an_apostrophe_never_reaches_a_shell(kept: Played) -> None:
    ok, said = get(kept.stage, "STMF('/a/b''; rm x''') TOSTMF('/a/c')")
    assert not ok
    assert "FLE0212" in said


def test_a_clone_that_cannot_save_once_says_so_and_is_asked_again() -> None:
    """Its save file cannot be cleared: the answer comes at once, and the clone goes on answering."""
    with kept_on() as night:
        stage = night.stage
        refused: list[str] = []

        def around(context: Any, go: Callable[[], Any]) -> Any:
            if context.command.name == "CLRSAVF" and context.act.name == "FLGIVE" and not refused:
                refused.append(context.job.name)
                raise Escape("CPF3812", "", "Save file FLGIVE in use.")
            return go()

        stage.world.around_command = around
        ok, said = get(stage, "LIB(PAYROLL) TOLIB(PAYOLD)")
        assert refused
        assert not ok
        assert "FLE0217" in why(stage), (said, why(stage))
        untouched(stage)
        ok, said = get(stage, "LIB(PAYROLL) TOLIB(PAYOLD)")
        assert ok, (said, why(stage))
