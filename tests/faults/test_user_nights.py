"""Commands of the site on the clone: stages, limits, what is accepted and expected, files brought home."""

from __future__ import annotations

import pytest
from flashc.cli.stage import Stage
from flashtwin.scheduler import Signal, Wait
from nights import Edit, Played
from works import clone_steps, home, notes, program, programs, user, worked

SAYS = "SNDPGMMSG MSGID(CPF9897) MSGF(QSYS/QCPFMSG) MSGDTA(done) TOPGMQ(*SAME) MSGTYPE(*INFO)"
SITE = programs(
    program("FIRST", "2m"),
    program("LONG", "20m", SAYS),
    program("SHORT", "5m"),
    program("WRONG", "1m", escape="CPF9898"),
    program("HANGS", "9h"),
)
WHOLE = user(
    "use save file APPLIB/NIGHT",
    'run "SAVLIB LIB(APPLIB) DEV(*SAVF) SAVF(APPLIB/NIGHT)" within 1h accept CPF3701 expect CPC3722',
    "together {",
    '    run "CALL APPLIB/LONG" within 1h expect CPF9897',
    '    run "CALL APPLIB/SHORT" within 1h',
    "}",
    'bring "/reports/night.csv"',
)


def _reports(stage: Stage) -> None:
    folder = stage.image.ifs / "reports"
    folder.mkdir()
    (folder / "night.csv").write_bytes(b"1;2\n" * 1000)


def _held(night: Played) -> None:
    assert [f"{one.id} {one.detail}" for one in night.run.broken] == []


def _failed(night: Played, *says: str) -> None:
    assert night.run.result == "failed"
    _held(night)
    told = "\n".join(notes(night))
    for text in says:
        assert text in told, told
    assert night.history() == ("CLOSED", "FAILED")


def _ran(night: Played) -> list[str]:
    events = night.stage.world.events.of("executed", system="SISTPROD_24")
    return [str(event["text"]) for event in events]


def test_stages_in_sequence_and_together() -> None:
    with worked(WHOLE, [SITE], prepare=_reports) as night:
        assert (night.run.result, night.run.detail) == ("completed", "")
        _held(night)
        steps = ["C00", "C04", "C10", "C47", "C26", "C27", "C26", "C26", "C27", "C35", "C36", "C28"]
        assert clone_steps(night)[: len(steps)] == steps
        assert home(night)["01-night.csv"] == b"1;2\n" * 1000
        assert {"command0001.txt", "command0002.txt", "command0003.txt"} <= set(home(night))
        assert night.run.as_json()["operation"] == "user"
        codes = {step.code for step in night.run.steps}
        assert "O84" in codes
        assert not codes & {"O65", "O83", "O87", "C15", "C20", "C46"}
        # Those of one stage ran beside each other.
        started = [e.time for e in night.stage.world.events.of("program_started") if "APPLIB" in e["program"]]
        assert started[0] == pytest.approx(started[1], abs=60)


def test_no_schedule_entry_starts_on_the_clone() -> None:
    with worked(user('run "CALL APPLIB/LATE" within 4h'), [programs(program("LATE", "3h"))]) as night:
        assert night.run.good, night.run.detail
        _held(night)
        assert not list(night.stage.world.events.of("scheduled_submit", system="SISTPROD_24"))
        assert list(night.stage.world.events.of("schedule_held", system="SISTPROD_24"))


def test_the_first_failure_ends_it_and_what_runs_beside_is_waited_for() -> None:
    spec = user(
        "together {",
        '    run "CALL APPLIB/WRONG" within 1h',
        '    run "CALL APPLIB/LONG" within 1h',
        "}",
        'run "CALL APPLIB/FIRST" within 1h',
    )
    with worked(spec, [SITE]) as night:
        _failed(night, "C26 FLE0114 Command on the clone failed: CALL APPLIB/WRONG CPF9898")
        assert sorted(_ran(night)) == ["CALL APPLIB/LONG", "CALL APPLIB/WRONG"]
        assert clone_steps(night).count("C26") == 1
        assert "C27" not in clone_steps(night)
        assert "CPF9898" in home(night)["command0001.txt"].decode()


def test_an_escape_that_is_accepted_is_no_failure() -> None:
    with worked(user('run "CALL APPLIB/WRONG" within 1h accept CPF9898'), [SITE]) as night:
        assert night.run.good, night.run.detail
        _held(night)
        (told,) = [s.text for s in night.run.steps if s.code == "C26" and s.kind == "result"]
        assert "accepted CPF9898" in told


def test_a_message_that_does_not_come_is_a_failure() -> None:
    with worked(user('run "CALL APPLIB/SHORT" within 1h expect CPF9897'), [SITE]) as night:
        _failed(night, "FLE0114 Command on the clone failed: CALL APPLIB/SHORT without CPF9897")


def test_a_command_past_its_limit_is_ended_and_nobody_knows() -> None:
    spec = user('run "CALL APPLIB/HANGS" within 30m', 'run "CALL APPLIB/FIRST" within 1h')
    with worked(spec, [SITE]) as night:
        _failed(night, "FLE0114 Command on the clone failed: CALL APPLIB/HANGS UNKNOWN past its limit")
        assert _ran(night) == ["CALL APPLIB/HANGS"]


def test_a_file_that_is_not_there_is_no_complete_work() -> None:
    spec = user(
        'run "CALL APPLIB/FIRST" within 1h', 'bring "/reports/none.csv"', 'bring "/reports/night.csv"'
    )
    with worked(spec, [SITE], prepare=_reports) as night:
        _failed(night, "C28 FLE0115 File not brought: /reports/none.csv is not there", "O85 FLE0033")
        assert "02-night.csv" in home(night)


def _killed(stage: Stage) -> None:
    """The program that waits for the commands is ended by somebody."""

    def around(context, go):  # type: ignore[no-untyped-def]
        if context.command.name != "DLYJOB" or context.os.partition.name != "SISTPROD_24":
            return go()
        return _kill(context, go)

    def _kill(context, go):  # type: ignore[no-untyped-def]
        for job in list(context.os.jobs.values()):
            if job.name == "FLBDAILY":
                context.os.work.kill(job, 50)
        result = go()
        if result is not None:
            yield from result
        yield Wait((Signal("never"),), context.world.scheduler.now + 1.0)

    stage.world.around_command = around


def test_nothing_comes_back_and_the_limit_decides() -> None:
    with worked(user('run "CALL APPLIB/FIRST" within 10m'), [SITE], prepare=_killed) as night:
        _failed(night, "O84 FLE0031")


BROKEN = [
    (
        "S7",
        "ended with CPF9898",
        user('run "CALL APPLIB/WRONG" within 1h'),
        (Edit("FLWDAILY.clle", "VAR(&RESULT) VALUE(&ID *BCAT &IDTXT)", "VAR(&RESULT) VALUE('OK')", 2),),
    ),
    (
        "S7",
        "did not say CPF9897",
        user('run "CALL APPLIB/SHORT" within 1h expect CPF9897'),
        (Edit("FLWDAILY.clle", "COND(&WANTED *EQ ' ')", "COND(&WANTED *NE ' ')"),),
    ),
    (
        "S7",
        "has not run on",
        user('run "CALL APPLIB/FIRST" within 1h'),
        (Edit("FLWDAILY.clle", "CALL       PGM(QSYS/QCMDEXC) PARM(&CMD &CMDLEN)", "QSYS/DLYJOB DLY(1)"),),
    ),
    (
        "S7",
        "/reports/night.csv of SISTPROD_24 did not come",
        user('run "CALL APPLIB/FIRST" within 1h', 'bring "/reports/night.csv"'),
        (
            Edit("FLADAILY.clle", "'deliver bring --run'", "'deliver pack --run'"),
            Edit(
                "FLADAILY.clle",
                "'--number 1 --path' *BCAT +\n                          '''/reports/night.csv'''",
                "' '",
            ),
        ),
    ),
    (
        "S9",
        "'schedule_held' at",
        user('run "CALL APPLIB/FIRST" within 1h'),
        (
            Edit(
                "FLJRNL.clle",
                "             CHGVAR     VAR(&NOW) VALUE(&TS)\n",
                "             IF         COND(&CODE *EQ 'C04') THEN(RETURN)\n"
                "             CHGVAR     VAR(&NOW) VALUE(&TS)\n",
            ),
        ),
    ),
]


@pytest.mark.parametrize(
    ("id", "says", "spec", "edits"), BROKEN, ids=lambda v: v if isinstance(v, str) else ""
)
def test_a_broken_program_is_caught(id: str, says: str, spec, edits) -> None:  # type: ignore[no-untyped-def]
    with worked(spec, [SITE], edits, prepare=_reports) as night:
        verdicts = {one.id: one for one in night.run.invariants}
    assert not verdicts[id].held, (night.run.result, night.run.detail, notes(night))
    assert says in verdicts[id].detail, verdicts[id].detail
