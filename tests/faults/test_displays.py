"""FLDSPENV, FLDSPHST, FLDSPLOG and FLDSPSTS, entered as an operator enters them; listings are goldens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flashc.cli.stage import Stage
from flashc.runbook.listing_words import WORDS
from flashtwin.baseline import add_user
from flashtwin.commands.spool import DISPLAYED
from flashtwin.db2 import session as db2_session
from flashtwin.ifs import host_path, read_text
from flashtwin.job import BATCH, INTERACTIVE, Job
from nights import Played, SignedOn, is_request, kill_at, played, rows, staged

LIB = "BCKFLASHP"
SPANISH = (("    library   BCKFLASHP\n", "    library   BCKFLASHP\n    language  spanish\n"),)


def masked(lines: list[str]) -> str:
    """A listing without what every change of a night moves: times to the second, job numbers, counts."""
    text = "".join(f"{line}\n" for line in lines)
    text = re.sub(r"\b\d\d:\d\d:\d\d\.\d", "hh:mm:ss.t", text)
    text = re.sub(r"\b\d\d:\d\d:\d\d\b", "hh:mm:ss", text)
    text = re.sub(r"\b1\d{5}/", "NNNNNN/", text)
    return re.sub(r"\b\d+ (checks|min|bytes)\b", r"N \1", text)


class Session:
    """A job of a user, to enter commands in."""

    def __init__(self, stage: Stage, user: str = "FLASHC", kind: str = INTERACTIVE) -> None:
        self.stage = stage
        self.job: Job = stage.system.new_job("QPADEV0003", user, kind)

    def start(self, command: str, seconds: float = 900.0) -> bool:
        """Enter a command; whether it has ended within these seconds."""
        world = self.stage.world
        self.job.root.queue.clear()
        task = self.job.task = world.scheduler.spawn("session", self.job.perform(command))
        world.scheduler.run(until=world.now + seconds, stop=lambda: task.ended)
        return task.ended

    @property
    def said(self) -> str:
        return " ".join(f"{m.msgid} {m.text}" for m in self.job.root.queue)

    @property
    def shown(self) -> list[list[str]]:
        return list(self.job.resources.get(DISPLAYED, []))

    def show(self, command: str) -> str:
        """What a display shows."""
        before = len(self.shown)
        assert self.start(f"{LIB}/{command}"), command
        assert self.job.task is not None
        assert self.job.task.result, self.said
        (lines,) = self.shown[before:]
        assert not [one for one in self.stage.system.image.spooled if one.name == command.split()[0]]
        return masked(lines)

    def refused(self, command: str) -> str:
        """What is said to a command that does nothing."""
        before = len(self.shown)
        assert self.start(f"{LIB}/{command}"), command
        assert self.job.task is not None
        assert not self.job.task.result
        assert len(self.shown) == before
        return self.said


@pytest.fixture(scope="module")
def night() -> Iterator[Played]:
    with played() as night:
        yield night


@pytest.fixture(scope="module")
def session(night: Played) -> Session:
    return Session(night.stage)


@pytest.mark.parametrize(
    "command",
    [
        "FLDSPENV",
        "FLDSPHST",
        "FLDSPLOG",
        "FLDSPLOG SIDE(*CLONE)",
        "FLDSPSTS",
    ],
)
def test_after_a_night(session: Session, command: str, file_regression: Any) -> None:
    text = session.show(command)
    assert all(len(line) <= 80 for line in text.splitlines())
    file_regression.check(text)


def asked(stage: Stage, sql: str) -> list[tuple[Any, ...]]:
    """What an administrator gets who asks by SQL."""
    job = stage.system.new_job("QUERY", "FLASHC", INTERACTIVE)
    try:
        return list(db2_session(job).run(sql).rows)
    finally:
        job.end_outside()


def test_the_views_after_a_night(session: Session) -> None:
    stage = session.stage
    runs = (
        "SELECT RUN, ENVIRONMENT, OUTCOME, STARTED, MINUTES, DETAIL, HELD_SECONDS - HOLD_SECONDS "
        f"FROM {LIB}.FLVRUN WHERE ENDED > STARTED"
    )
    ((run, environment, outcome, started_at, minutes, detail, rest),) = asked(stage, runs)
    assert (run, environment, outcome, detail) == ("20261118203500", "DAILY", "COMPLETED", None)
    assert started_at == "2026-11-18-20.35.00.000000"
    assert f" 1:{minutes - 60:02d} " in session.show("FLDSPHST")
    assert rest > 0
    assert asked(stage, f"SELECT VERDICT FROM {LIB}.FLVRUN") == [("Verdict of the work: SAV21 COMPLETE",)]
    # The same rows, in the same order, as the display has them.
    log = asked(
        stage,
        f"SELECT HAPPENED, STEP FROM {LIB}.FLVLOG WHERE RUN = '{run}' ORDER BY HAPPENED, SIDE DESC, SEQ",
    )
    lines = [line.split() for line in session.show("FLDSPLOG").splitlines() if line.startswith(" hh:mm")]
    assert [code for _, code in log] == [line[1] for line in lines]
    sides = dict(asked(stage, f"SELECT SIDE, COUNT(*) FROM {LIB}.FLVLOG GROUP BY SIDE"))
    assert set(sides) == {"SOURCE", "CLONE"}
    assert asked(stage, f"SELECT DISTINCT KIND FROM {LIB}.FLVLOG WHERE KIND = 'BEGUN'") == []


def test_the_views_while_and_why() -> None:
    with staged() as stage:
        started(stage, "O84")
        runs = f"SELECT OUTCOME, ENDED, MINUTES, DETAIL FROM {LIB}.FLVRUN"
        assert asked(stage, runs) == [("OPEN", None, None, None)]
    with played(prepare=lambda stage: setattr(stage.system.jobs["141601"], "uncommitted", True)) as night:
        ((outcome, detail),) = asked(night.stage, f"SELECT OUTCOME, DETAIL FROM {LIB}.FLVRUN")
        assert outcome == "REFUSED"
        assert detail.startswith("O06 FLE0007 Check failed: Job 141601/QUSRSSH/CPY has uncommitted changes")


def test_a_delivered_file_is_shown_as_it_is(session: Session) -> None:
    files = session.show("FLDSPLOG RUN(20261118203500) SECTION(*FILES)").splitlines()
    assert files[0].startswith(" Delivered by run 20261118203500  ")
    names = ["brmslog.txt", "clock.txt", "joblog.txt", "qhst.txt", "qusrbrm.savf", "qusrbrm.txt"]
    names += ["result.txt", "savejob.txt", "steps.txt", "transfer.txt"]
    assert [line.split()[0] for line in files[2:]] == names
    assert all(line.split()[1].isdecimal() for line in files[2:])
    text = session.show("FLDSPLOG SECTION(*JOBLOG)")
    assert "Run 20261118203500 joblog.txt" in text
    assert "FLC0070 Information    00 Last note from clone 0056" in text
    assert "CPF1124" in session.show("FLDSPLOG SECTION(*FILE) FILE('qhst.txt')")


def test_a_delivered_file_of_many_lines_is_shown_whole(night: Played, session: Session) -> None:
    """More than a file has room for that CRTPF makes without saying how many records it may have."""
    place = host_path(night.stage.image, "/flashc/BCKFLASHP/inbox/20261118203500/many.txt")
    place.write_text("".join(f"line {number}\n" for number in range(20_000)))
    assert "line 19999" in session.show("FLDSPLOG SECTION(*FILE) FILE('many.txt')")


def test_both_sides_stand_at_productions_time(night: Played, session: Session) -> None:
    """The clone's clock is four minutes behind; what the run measured of it is exact to a second."""
    (offset,) = [row[10] for row in rows(night.stage, "FLRUN", "RUN")]
    assert offset == 240
    assert session.start(f"{LIB}/FLDSPLOG")
    lines = [line for line in session.shown[-1] if re.match(r" \d\d:", line)]
    shown = [(line[1:9], "clone" if line[20:23].strip() else "source") for line in lines]
    true = [(f"{step.time:%H:%M:%S}", step.side) for step in night.run.steps]
    assert len(shown) == len(true)
    assert [side for _, side in shown] == [side for _, side in true]
    for (one, _), (other, side) in zip(shown, true, strict=True):
        assert abs(_seconds(one) - _seconds(other)) <= (side == "clone"), (one, other)


def _seconds(time: str) -> int:
    hours, minutes, seconds = time.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds)


def test_a_history_is_filtered(session: Session) -> None:
    run = "20261118203500"
    assert run in session.show("FLDSPHST ENV(DAILY) FROMDATE(181126) RESULT(COMPLETED)")
    for wanted in ("FROMDATE(191126)", "RESULT(FAILED)", "RESULT(OPEN)"):
        text = session.show(f"FLDSPHST {wanted}")
        assert run not in text
        assert "No run." in text


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("FLDSPHST RESULT('X'' OR 1 = 1')", "CPF0006"),
        ("FLDSPLOG RUN('1'' OR 1 = 1 --')", "FLE0220"),
        ("FLDSPLOG RUN(20261118203501)", "FLE0220"),
        ("FLDSPLOG SECTION(*FILE) FILE('../../conf/sidecar.json')", "FLE0223"),
        ("FLDSPLOG SECTION(*FILE) FILE('nothing.txt')", "FLE0223"),
        ("FLDSPLOG SECTION(*FILE)", "FLE0226"),
        ("FLDSPLOG FILE('qhst.txt')", "FLE0226"),
        ("FLDSPSTS OUTPUT(*STMF)", "FLE0225"),
        ("FLDSPSTS OUTPUT(*STMF) TOSTMF('/nowhere/x.txt')", "FLE0221"),
    ],
)
def test_what_is_refused(session: Session, command: str, message: str) -> None:
    assert message in session.refused(command)


@pytest.mark.parametrize(
    "call",
    [
        "FLDSPHST) PARM('*ALL' '0000000' ''' OR''1''' '*' ' ')",
        "FLDSPHST) PARM('''OR 1=1 OR' '0000000' '*ALL' '*' ' ')",
    ],
)
def test_a_program_called_past_its_command_takes_no_piece_of_sql(session: Session, call: str) -> None:
    assert session.start(f"CALL PGM({LIB}/{call}")
    assert session.shown[-1][3:] == [" No run."]


def test_a_batch_job_prints(night: Played) -> None:
    batch = Session(night.stage, kind=BATCH)
    for command in ("FLDSPHST", "FLDSPHST OUTPUT(*PRINT)"):
        assert batch.start(f"{LIB}/{command}")
    mine = [one for one in night.stage.system.image.spooled if one.job == batch.job.qualified]
    assert [(one.name, one.held) for one in mine] == [("FLDSPHST", False)] * 2
    assert mine[0].lines[3] == mine[1].lines[3]
    assert mine[0].lines[3].startswith(" DAILY       2026-11-18 20:35:00")
    night.stage.system.image.spooled[:] = [
        one for one in night.stage.system.image.spooled if one.job != batch.job.qualified
    ]


def test_a_stream_file_is_written(session: Session) -> None:
    assert session.start(f"{LIB}/FLDSPHST OUTPUT(*STMF) TOSTMF('/home/history.txt')")
    assert "FLE0222 Listing written: /home/history.txt" in session.said
    written = read_text(session.stage.system.image, "/home/history.txt")
    assert masked(written.splitlines()[3:]) == "".join(session.show("FLDSPHST").splitlines(keepends=True)[3:])


def test_an_operator_reads_and_a_stranger_does_not(night: Played) -> None:
    for user in ("OPER", "GUEST"):
        add_user(night.stage.system.image, user)
    assert night.stage.command("QSECOFR", f"ADDAUTLE AUTL({LIB}) USER(OPER) AUT(*USE)").ok
    operator, stranger = Session(night.stage, "OPER"), Session(night.stage, "GUEST")
    assert "20261118203500" in operator.show("FLDSPHST")
    assert "C30    Save ended SAV21" in operator.show("FLDSPLOG")
    assert "Next run . . . . . . . :  2026-11-19 " in operator.show("FLDSPENV")
    assert "No run is open." in operator.show("FLDSPSTS")
    # The folder of the product is not his: adopted authority does not reach it.
    assert "FLE0223" in operator.refused("FLDSPLOG SECTION(*QHST)")
    assert "CPF0006" in stranger.refused("FLDSPHST")


def test_what_the_caller_overrides_or_leaves_in_qtemp_leads_nowhere(night: Played, session: Session) -> None:
    """A display has more authority than its caller: nothing of his may send it to other files."""
    journal = session.show("FLDSPLOG")
    caller = Session(night.stage)
    for file in ("FLLIST", "FLRSLT", "FLQRUN", "FLQJRN", "FLQLCK", "FLRUN"):
        assert caller.start(f"OVRDBF FILE({file}) TOFILE({LIB}/FLJRN) OVRSCOPE(*JOB)")
    assert caller.start("CRTPF FILE(QTEMP/FLLIST) RCDLEN(20)")
    # Only the time at the top differs.
    assert caller.show("FLDSPLOG").splitlines()[1:] == journal.splitlines()[1:]
    assert session.show("FLDSPLOG").splitlines()[1:] == journal.splitlines()[1:]


def test_off_production_nothing_is_shown(night: Played) -> None:
    clone = next(p for p in night.stage.world.partitions() if p.name == "SISTPROD_24")
    assert clone.os is not None
    world, job = night.stage.world, clone.os.new_job("DSP01", "FLASHC", INTERACTIVE)
    for command in ("FLDSPENV", "FLDSPHST", "FLDSPLOG", "FLDSPSTS"):
        task = job.task = world.scheduler.spawn("session", job.perform(f"{LIB}/{command}"))
        world.scheduler.run(until=world.now + 900, stop=lambda task=task: task.ended)
        assert task.ended
        assert not task.result
        assert job.root.queue[-1].msgid == "FLE0001"


def test_before_the_first_run() -> None:
    with staged() as stage:
        session = Session(stage)
        assert "No run." in session.show("FLDSPHST")
        assert "Last run . . . . . . . :  -\n" in session.show("FLDSPENV")
        assert "No run is open." in session.show("FLDSPSTS")
        assert "FLE0220" in session.refused("FLDSPLOG")


def started(stage: Stage, code: str) -> None:
    """Let the run of the schedule come to this step."""
    world = stage.world

    def there() -> bool:
        return any(row[5] == code for row in rows(stage, "FLJRN", "RUN, SIDE, SEQ"))

    world.scheduler.run(until=world.now + 7200, stop=there)
    assert there()


def test_while_the_clone_saves(file_regression: Any) -> None:
    with staged() as stage:
        session = Session(stage)
        started(stage, "O84")
        world = stage.world
        world.scheduler.run(until=world.now + 600)
        text = session.show("FLDSPSTS") + session.show("FLDSPENV") + session.show("FLDSPHST")
        # An open run has no end; its log ends with what is known.
        assert "FLE0220" not in text
        assert session.show("FLDSPLOG SIDE(*SOURCE)").splitlines()[-1].startswith(" hh:mm:ss.t  O8")
        file_regression.check(text)


def test_the_usual_length_is_shown_beside_what_it_has_taken() -> None:
    with played() as night:
        world = night.stage.world

        def saves_again() -> bool:
            found = [row for row in rows(night.stage, "FLJRN", "RUN, SIDE, SEQ") if row[6] == "FLO0180"]
            return any(row[5] == "O84" for row in found)

        world.scheduler.run(until=world.now + 2 * 86400, stop=saves_again)
        world.scheduler.run(until=world.now + 600)
        session = Session(night.stage)
        assert session.start(f"{LIB}/FLDSPSTS")
        text = " ".join(" ".join(session.shown[-1]).split())
        assert re.search(r"Usual [. ]+: Usually it takes \d+ min from here: 1[01] min ", text), text


def test_while_the_group_is_prepared(file_regression: Any) -> None:
    """A step that is begun: the row is its intent."""
    with staged() as stage:
        session = Session(stage)
        started(stage, "O49")
        file_regression.check(session.show("FLDSPSTS"))
        assert "(begun)" in session.show("FLDSPLOG").splitlines()[-1]


def test_a_run_that_died_in_its_window(file_regression: Any) -> None:
    """All three jobs that could resume are gone.  The display says so before it waits for the resume."""
    with staged() as stage:
        killed = kill_at(
            stage,
            ["driver", "guard A", "guard B"],
            lambda context: is_request(context, "*RESUME"),
            before=True,
        )
        operator, session = SignedOn(stage), Session(stage)
        world = stage.world
        world.scheduler.run(until=world.now + 7200, stop=lambda: len(killed) == 4)
        assert len(killed) == 4
        assert not session.start(f"{LIB}/FLDSPSTS", 60)
        assert "FLE0224 Production is held, or may be" in session.said
        assert not session.shown
        ok, said = operator.enter("CHGASPACT ASPDEV(*SYSBAS) OPTION(*RESUME)")
        assert ok, said
        world.scheduler.run(until=world.now + 60, stop=lambda: bool(session.shown))
        file_regression.check(masked(session.shown[0]))


def test_a_long_text_is_broken_behind_words() -> None:
    text = "it''s " + "a long story of many words, " * 13 + "and its end is near"
    with staged() as stage:
        session = Session(stage)
        run = "20261118203500"
        for sql in (
            f"INSERT INTO {LIB}.FLRUN (RUN, ENV, STATE, RESULT, STARTED) "
            f"VALUES('{run}', 'DAILY', 'CLOSED', 'FAILED', '{run}')",
            f"INSERT INTO {LIB}.FLJRN VALUES('{run}', 'S', 1, '2026-11-18-20.35.00.000000', 'N', 'O99', "
            f"'FLE0040', '{text}')",
            f"INSERT INTO {LIB}.FLJRN VALUES('{run}', 'S', 2, '2026-11-18-20.35.01.000000', 'R', 'O99', "
            f"'FLO0099', '{'X' * 400}')",
        ):
            assert session.start(f"RUNSQL SQL('{sql.replace(chr(39), chr(39) * 2)}') COMMIT(*NONE)")
            assert session.job.task is not None
            assert session.job.task.result, session.said
        for command in ("FLDSPLOG", "FLDSPHST"):
            lines = session.show(command).splitlines()
            assert all(len(line) <= 80 for line in lines)
            whole = " ".join(line.strip() for line in lines)
            assert text.replace("''", "'") in whole
            assert "X" * 400 in whole.replace(" ", "")


def test_a_run_refused_for_its_locks_is_in_the_history() -> None:
    with staged() as stage:
        session = Session(stage)
        assert session.start(f"ALCOBJ OBJ(({LIB}/FLKWIN *DTAARA *EXCL))")
        assert stage.command("FLASHC", f"{LIB}/FLSTRENV ENV(DAILY)").ok
        world = stage.world
        closed = lambda: any(str(row[2]).strip() == "CLOSED" for row in rows(stage, "FLRUN", "RUN"))  # noqa: E731
        world.scheduler.run(until=world.now + 300, stop=closed)
        text = session.show("FLDSPHST RESULT(REFUSED)")
        assert "DAILY " in text
        assert "REFUSED" in text
        assert "FLE0004 Another run holds" in " ".join(text.split())


def test_in_spanish(file_regression: Any) -> None:
    with played(spec=SPANISH) as night:
        session = Session(night.stage)
        text = "".join(session.show(f"FLDSP{what}") for what in ("ENV", "HST", "STS"))
        text += "\n".join(session.show("FLDSPLOG").splitlines()[:12])
        file_regression.check(text, encoding="utf-8")


@pytest.mark.parametrize("language", range(3))
def test_words_fit_where_they_stand(language: int) -> None:
    for msgid, words in WORDS.items():
        text = words[language]
        assert "'" not in text, msgid
        assert text.endswith(":") == words[0].endswith(":"), msgid
        assert len(text) == 24 or not text.endswith(":"), msgid
        # From here on they are sent as messages, by FLRCVENV OPTION(*CHECK): a first level text has 132.
        assert len(text) <= (79 if msgid < "FLL0080" else 132), msgid
    for part in ("<S>", "<Q>", "<H>", "<R>"):
        assert WORDS["FLL0022"][language].count(part) == 1
