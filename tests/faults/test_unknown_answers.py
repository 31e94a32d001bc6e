"""A question that the database refuses is no answer: each program that asks one takes the harsher side."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from boots import GUARD, LIB, program, put, stage_of, ticket
from flashc.cli.stage import Stage, run_command
from flashtwin.errors import Escape
from flashtwin.ifs import host_path
from flashtwin.image import SystemImage
from flashtwin.os400 import OperatingSystem
from living import CLONE, TEST_NETWORK, spec_of
from nights import played, staged

RUN = "20261118203500"
TRIES = 3


def refuses(stage: Stage, which: int | None, words: str = "") -> list[str]:
    """The database refuses the question of this number (None: each) of those with these words, all its tries;
    the list fills with it."""
    refused: list[str] = []
    asked = 0

    def around(context: Any, go: Callable[[], Any]) -> Any:
        nonlocal asked
        text = context.text("SQL", "") if context.command.name == "RUNSQL" else ""
        if text.startswith("INSERT INTO QTEMP.FLRSLT") and words in text:
            again = 0 < len(refused) < TRIES
            if which is None or again or (not refused and asked == which):
                refused.append(text)
                raise Escape("SQL0913", "", "Row or object in use.")
            asked += 1
        return go()

    stage.world.around_command = around
    return refused


def heard(stage: Stage, system: OperatingSystem, text: str) -> list[str]:
    """Run a program on a system; what it says."""
    program(system.image, LIB, "ASKING", text)
    ended = run_command(stage.world, system, "FLASHC", f"CALL PGM({LIB}/ASKING)")
    assert ended.ok, ended.messages
    return [said.strip() for msgid, said in ended.messages if not msgid]


def clone(stage: Stage, disks: SystemImage, of: str) -> OperatingSystem:
    """The clone partition, up for long, from these disks with a ticket of this stage."""
    put(disks, "FLT0056", ticket(of, of=stage))
    return stage.world.partition(CLONE).boot(disks, at_once=True)


def copy(stage: Stage, folder: Path) -> SystemImage:
    """A copy of production's disks."""
    return stage.system.image.copy_to(folder, stage.world.now)


LIVES_ON = f"""
PGM
DCL VAR(&OK) TYPE(*LGL)
CALL PGM({LIB}/FLXDAILY) PARM('{RUN}' &OK)
IF COND(&OK) THEN(SNDPGMMSG MSG('opened'))
ENDPGM
"""
STARTS = f"""
PGM
DCL VAR(&PGM) TYPE(*CHAR) LEN(10)
DCL VAR(&LIB) TYPE(*CHAR) LEN(10)
CALL PGM({GUARD}/FLLIVE) PARM('FLT0056   ' &PGM &LIB)
MONMSG MSGID(FLE0127) EXEC(RETURN)
SNDPGMMSG MSG(&PGM)
ENDPGM
"""
SENDS = f"""
PGM
DCL VAR(&RC) TYPE(*DEC) LEN(5 0)
CALL PGM({LIB}/FLSEND) PARM('{RUN}' 'final     ' 'COMPLETE  ' &RC)
SNDPGMMSG MSG(%CHAR(&RC))
ENDPGM
"""
SENT = """
PGM PARM(&VERB &RC &RECORD)
DCL VAR(&VERB) TYPE(*CHAR) LEN(300)
DCL VAR(&RC) TYPE(*DEC) LEN(5 0)
DCL VAR(&RECORD) TYPE(*CHAR) LEN(512)
CHGVAR VAR(&RC) VALUE(0)
SNDMSG MSG(&VERB) TOMSGQ(QSYS/QSYSOPR)
ENDPGM
"""
"""In the place of the sidecar."""


def test_a_clone_that_lives_on_is_not_opened_where_one_thing_is_not_known(tmp_path: Path) -> None:
    """Each question in turn: whether all is held, whether nothing waits, whether no address is left."""
    with staged(changes=TEST_NETWORK, spec=spec_of()) as stage:
        opened = clone(stage, copy(stage, tmp_path / "opened"), "RECONF")
        assert heard(stage, opened, LIVES_ON) == ["opened"]
        system = clone(stage, copy(stage, tmp_path / "closed"), "RECONF")
        struck: list[str] = []
        for which in range(8):
            refused = refuses(stage, which)
            assert (heard(stage, system, LIVES_ON), len(refused)) == ([], TRIES)
            struck += refused[:1]
        assert len(set(struck)) == 7
        # What it may start from its next start on is asked for once more.
        living = clone(stage, opened.image, "LIVING")
        living.image.network_attributes["SYSNAME"] = "TESTSYS"
        refused = refuses(stage, 0)
        assert heard(stage, living, STARTS) == []
        assert len(refused) == TRIES
        assert "FLASHC" not in living.work.subsystems
        stage.world.around_command = None
        assert heard(stage, living, STARTS) == ["QSTRUP"]


def test_the_clone_sends_nothing_home_without_its_steps_and_its_verdict(tmp_path: Path) -> None:
    """Of what tells more, the log of BRMS is one piece: without it the rest goes.

    Whether the link is up already is asked once more.
    """
    with staged() as stage:
        system = clone(stage, copy(stage, tmp_path / "disks"), "SAVED")
        program(system.image, LIB, "FLPASE", SENT)
        asked = (("FLJRN", "99"), ("VALUES('COMPLETE", "99"), ("QUSRBRM", "0"), ("INTERFACE_STATUS", "0"))
        for words, rc in asked:
            refused = refuses(stage, 0, words)
            assert heard(stage, system, SENDS) == [rc]
            assert len(refused) == TRIES
            sent = [one.text for one in system.operator_queue().messages if "deliver" in one.text]
            assert bool(sent) == (rc == "0"), sent


TELLS = f"""
PGM
DCL VAR(&LIST) TYPE(*CHAR) LEN(330)
DCL VAR(&COUNT) TYPE(*DEC) LEN(5 0)
DCL VAR(&MIN) TYPE(*DEC) LEN(5 0)
DCL VAR(&RC) TYPE(*DEC) LEN(5 0)
DCL VAR(&SAID) TYPE(*CHAR) LEN(400)
CALL PGM({LIB}/FLVOLUME) PARM('EXPIRED   ' &LIST &COUNT)
CHGVAR VAR(&SAID) VALUE('FLVOLUME' *BCAT %CHAR(&COUNT) *BCAT &LIST)
SNDPGMMSG MSG(&SAID)
CALL PGM({LIB}/FLUSUAL) PARM('DAILY     ' 'O10' 'O55' &MIN)
CHGVAR VAR(&SAID) VALUE('FLUSUAL' *BCAT %CHAR(&MIN))
SNDPGMMSG MSG(&SAID)
CALL PGM({LIB}/FLNOTES) PARM('{RUN}' &RC)
CHGVAR VAR(&SAID) VALUE('FLNOTES' *BCAT %CHAR(&RC))
SNDPGMMSG MSG(&SAID)
CALL PGM({LIB}/FLPURGE) PARM('DAILY     ' '00001' &COUNT)
CHGVAR VAR(&SAID) VALUE('FLPURGE' *BCAT %CHAR(&COUNT))
SNDPGMMSG MSG(&SAID)
ENDPGM
"""
ROWS = (
    "FLRUN (RUN, ENV, STATE, RESULT, STARTED, ENDED) "
    f"VALUES(''{RUN}'', ''DAILY'', ''CLOSED'', ''COMPLETED'', ''{RUN}'', ''20261118150000'')",
    *(
        f"FLJRN (RUN, SIDE, SEQ, TS, KIND, CODE, MSGID, TXT) VALUES(''{RUN}'', ''S'', {at}, "
        f"''2026-11-18-13.{at}.00.000000'', ''R'', ''{code}'', ''{msgid}'', ''Said'')"
        for at, code, msgid in ((10, "O10", "FLO0010"), (30, "O55", "FLO0055"), (40, "O88", "FLO0185"))
    ),
)


def test_production_shows_removes_and_names_nothing_that_nobody_knows() -> None:
    """A volume too many, a mail that says where to look, a run that is kept: never the opposite."""
    with staged() as stage:
        for row in ROWS:
            text = f"RUNSQL SQL('INSERT INTO {LIB}.{row}') COMMIT(*NONE) NAMING(*SQL)"
            assert stage.command("FLASHC", text).ok
        notes = host_path(stage.image, f"/flashc/{LIB}/runs/{RUN}/notes.txt")
        refuses(stage, None)
        assert heard(stage, stage.system, TELLS) == ["FLVOLUME -1", "FLUSUAL 0", "FLNOTES 9", "FLPURGE 0"]
        assert not notes.exists()
        # Some are known, and that there are more.
        refuses(stage, 2)
        volumes, *known = heard(stage, stage.system, TELLS)
        assert volumes == "FLVOLUME 5 BRM001 ..."
        assert known == ["FLUSUAL 20", "FLNOTES 0", "FLPURGE 1"]


def test_a_system_from_a_tape_is_not_cleared_of_a_run_whose_changes_nobody_knows() -> None:
    with staged() as stage:
        put(stage.system.image, "FLR0056", f"{RUN}{'DAILY':<10}{'WINDOW':<10}", LIB)
        put(stage.system.image, "FLT0056", ticket("TAKEN", of=stage))
        command = f"{LIB}/FLRCVENV ENV(DAILY) OPTION(*RSTSURE)"
        refuses(stage, None)
        told = stage.command("FLASHC", command)
        assert [msgid for msgid, _ in told.messages][-1] == "FLE0040"
        stage.world.around_command = None
        assert stage.command("FLASHC", command.replace("RSTSURE", "CHECK")).messages[0][0] == "FLE0057"
        # It is open still, and no lock keeps anybody from another try.
        assert stage.command("FLASHC", command).messages[-1][0] == "FLE0056"
        assert stage_of(stage.system.image) == "CLOSED"


def test_a_mail_says_where_to_look_for_what_it_could_not_be_given() -> None:
    with played(prepare=lambda stage: refuses(stage, None, "MSGID IN (") and None) as night:
        assert night.run.good
        mails = [str(event["text"]) for event in night.stage.world.events.of("mail")]
        assert mails
        assert all("? FLDSPLOG" in mail for mail in mails), mails
