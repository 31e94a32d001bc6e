"""What a user who may look at everything, but owns nothing, may not do: commands and SQL of the product."""

from __future__ import annotations

import pytest
from commandbench import LIBRARY, Bench
from flashtwin import odbc
from flashtwin.image import UserProfile
from flashtwin.objects import (
    AuthorizationList,
    DataArea,
    JobDescription,
    JobQueue,
    Library,
    MessageFile,
    MessageQueue,
    PhysicalFile,
    Program,
    SaveFile,
    SourceMember,
    SubsystemDescription,
)

LOOKER = "LOOKER"
SQL = (
    "CREATE TABLE BCKFLASHP.MORE (A CHAR(1))",
    "CREATE OR REPLACE TABLE BCKFLASHP.T (A CHAR(1), B CHAR(1))",
    "CREATE INDEX BCKFLASHP.T1 ON BCKFLASHP.T (A)",
    "CREATE INDEX OPEN.T1 ON BCKFLASHP.T (A)",
    "CREATE VIEW BCKFLASHP.V AS SELECT A FROM BCKFLASHP.T",
    "CREATE VIEW OPEN.V AS SELECT A FROM BCKFLASHP.T",
    "CREATE OR REPLACE VIEW BCKFLASHP.VT AS SELECT A FROM BCKFLASHP.T",
    "ALTER TABLE BCKFLASHP.T ADD COLUMN C CHAR(1)",
    "LABEL ON TABLE BCKFLASHP.T IS ''mine''",
    "DROP VIEW BCKFLASHP.VT",
    "DROP TABLE BCKFLASHP.T",
)
"""Statements, each of which wants more than *USE; OPEN is a library that anybody may add to."""

COMMANDS = {
    "CRTPF FILE(BCKFLASHP/MORE) RCDLEN(10)": "CPF9802",
    "CRTSAVF FILE(BCKFLASHP/MORE)": "CPF9802",
    "CPYF FROMFILE(BCKFLASHP/SRC) TOFILE(BCKFLASHP/MORE) CRTFILE(*YES)": "CPF9802",
    "CPYF FROMFILE(BCKFLASHP/SRC) TOFILE(BCKFLASHP/SRC2) MBROPT(*ADD)": "CPF9802",
    "CPYF FROMFILE(BCKFLASHP/SRC) TOFILE(OPEN/SRC) MBROPT(*REPLACE)": "CPF9802",
    "CPYFRMSTMF FROMSTMF('/tmp/a') TOMBR('/QSYS.LIB/BCKFLASHP.LIB/SRC.FILE/M.MBR') MBROPT(*ADD)": "CPFA09C",
    "CPYTOSTMF FROMMBR('/QSYS.LIB/BCKFLASHP.LIB/SRC.FILE/SRC.MBR') TOSTMF('/closed/a')": "CPFA09C",
    "RMVLNK OBJLNK('/closed/b')": "CPFA09C",
    "CRTDIR DIR('/closed/c')": "CPFA09C",
    "RMVDIR DIR('/closed/d') SUBTREE(*ALL)": "CPFA09C",
    "CPY OBJ('/tmp/a') TOOBJ('/closed/a')": "CPFA09C",
    "CPY OBJ('/closed/b') TOOBJ('/tmp/b')": "CPFA09C",
    "CLRPFM FILE(OPEN/SRC)": "CPF9802",
    "ADDPFM FILE(OPEN/SRC) MBR(OTHER)": "CPF9802",
    "CHGPFM FILE(OPEN/SRC) MBR(SRC) TEXT('mine')": "CPF9802",
    "RMVM FILE(OPEN/SRC) MBR(SRC)": "CPF9802",
    "CHGOBJD OBJ(OPEN/AREA) OBJTYPE(*DTAARA) TEXT('mine')": "CPF9802",
    "CHGLIB LIB(OPEN) TEXT('mine')": "CPF9802",
    "CRTDUPOBJ OBJ(AREA) FROMLIB(BCKFLASHP) OBJTYPE(*DTAARA) TOLIB(OPEN) NEWOBJ(COPY)": "CPF9802",
    "CHGPGM PGM(OPEN/PROG) USEADPAUT(*NO)": "CPF9802",
    "CHGSBSD SBSD(OPEN/SBS) MAXJOBS(0)": "CPF1012",
    "ADDJOBQE SBSD(OPEN/SBS) JOBQ(OPEN/QUEUE)": "CPF1012",
    "RMVJOBQE SBSD(OPEN/SBS) JOBQ(OPEN/QUEUE)": "CPF1012",
    "ADDRTGE SBSD(OPEN/SBS) SEQNBR(1) CMPVAL(*ANY) PGM(QSYS/QCMD)": "CPF1012",
    "ADDAJE SBSD(OPEN/SBS) JOB(J) JOBD(OPEN/DESC)": "CPF1012",
    "CHGJOBD JOBD(OPEN/DESC) HOLD(*YES)": "CPF9802",
    "HLDJOBQ JOBQ(BCKFLASHP/QUEUE)": "CPF2207",
    "CLRJOBQ JOBQ(BCKFLASHP/QUEUE)": "CPF2207",
    "SNDMSG MSG('hello') TOMSGQ(BCKFLASHP/MSGS)": "CPF2408",
    "CLRMSGQ MSGQ(BCKFLASHP/MSGS)": "CPF2408",
    "ADDMSGD MSGID(FLX0001) MSGF(BCKFLASHP/TEXTS) MSG('x')": "CPF2411",
    "CLRSAVF FILE(OPEN/SAVED)": "CPF9802",
    "SAVLIB LIB(BCKFLASHP) DEV(*SAVF) SAVF(OPEN/SAVED)": "CPF3701",
    "SAVLIB LIB(BCKFLASHP) DEV(TAP01)": "CPF222E",
    "SAVSECDTA DEV(TAP01)": "CPF222E",
    "GRTOBJAUT OBJ(OPEN/AREA) OBJTYPE(*DTAARA) USER(LOOKER) AUT(*ALL)": "CPF9802",
    "DLTDTAARA DTAARA(OPEN/AREA)": "CPF9802",
    "RNMOBJ OBJ(OPEN/AREA) OBJTYPE(*DTAARA) NEWOBJ(MINE)": "CPF9802",
    "ADDAUTLE AUTL(PEOPLE) USER(LOOKER) AUT(*USE)": "CPF9802",
}


@pytest.fixture
def guarded(bench: Bench) -> Bench:
    """A bench with a user who has *USE to the product's library, *CHANGE to OPEN, and nothing else."""
    image = bench.image
    image.users[LOOKER] = UserProfile(LOOKER)
    image.libraries["OPEN"] = Library("QSYS", "OPEN", "*LIB", owner="QSECOFR", public="*CHANGE")
    for library, public in ((LIBRARY, "*USE"), ("OPEN", "*CHANGE")):
        for name in ("SRC", "SRC2"):
            made = PhysicalFile(library, name, "*FILE", "PF-SRC", record_length=92)
            made.members[name] = SourceMember(name, lines=["line"])
            image.add(made)
        image.add(DataArea(library, "AREA", "*DTAARA"))
        image.add(Program(library, "PROG", "*PGM", "CLLE"))
        image.add(SubsystemDescription(library, "SBS", "*SBSD"))
        image.add(JobQueue(library, "QUEUE", "*JOBQ", authority_to_check="*DTAAUT"))
        image.add(JobDescription(library, "DESC", "*JOBD"))
        image.add(MessageQueue(library, "MSGS", "*MSGQ"))
        image.add(MessageFile(library, "TEXTS", "*MSGF"))
        image.add(SaveFile(library, "SAVED", "*FILE", "SAVF"))
        for obj in image.libraries[library].objects.values():
            obj.owner, obj.public = "QSECOFR", public
    image.add(AuthorizationList("QSYS", "PEOPLE", "*AUTL", owner="QSECOFR", public="*EXCLUDE"))
    for sql in (
        "CREATE TABLE BCKFLASHP.T (A CHAR(1))",
        "CREATE VIEW BCKFLASHP.VT AS SELECT A FROM BCKFLASHP.T",
    ):
        assert bench.run(f"RUNSQL SQL('{sql}') COMMIT(*NONE)").escape == ""
    for name in ("T", "VT"):
        table = image.find(LIBRARY, name, "*FILE")
        assert table is not None
        table.owner, table.public = "QSECOFR", "*USE"
    image.find(LIBRARY, "FREE", "*JOBQ").public = "*USE"  # type: ignore[union-attr]
    (image.ifs / "closed" / "d").mkdir(parents=True)
    (image.ifs / "closed").chmod(0o700)
    (image.ifs / "closed" / "b").write_text("secret")
    (image.ifs / "tmp").mkdir(exist_ok=True)
    (image.ifs / "tmp" / "a").write_text("mine")
    image.products.setdefault("ifs_owners", {})["/closed"] = "QSECOFR"
    return bench


def test_who_may_only_look_changes_nothing(guarded: Bench) -> None:
    def escape(command: str, user: str) -> str:
        return guarded.run(command, seconds=5, user=user).escape

    answered = {command: escape(command, LOOKER) for command in COMMANDS}
    assert answered == COMMANDS
    statements = {sql: escape(f"RUNSQL SQL('{sql}') COMMIT(*NONE)", LOOKER) for sql in SQL}
    allowed = {sql: found for sql, found in statements.items() if found not in ("SQL0551", "SQL0552")}
    assert not allowed


LEAST = {
    "CHGOBJD OBJ(OPEN/AREA) OBJTYPE(*DTAARA) TEXT('mine')": "*OBJMGT",
    "CHGSBSD SBSD(OPEN/SBS) MAXJOBS(0)": "*OBJMGT *OBJOPR *READ",
    "CHGJOBD JOBD(OPEN/DESC) HOLD(*YES)": "*OBJMGT *OBJOPR *READ",
    "HLDJOBQ JOBQ(OPEN/QUEUE)": "*READ *ADD *DLT",
    "SNDMSG MSG('hello') TOMSGQ(OPEN/MSGS)": "*OBJOPR *READ *EXECUTE *ADD",
    "CLRMSGQ MSGQ(OPEN/MSGS)": "*OBJOPR *READ *EXECUTE *ADD *UPD *DLT",
    "CLRSAVF FILE(OPEN/SAVED)": "*OBJMGT *OBJOPR",
    "CHGPFM FILE(OPEN/SRC) MBR(SRC) TEXT('mine')": "*OBJMGT *OBJOPR",
    "CLRPFM FILE(OPEN/SRC)": "*OBJMGT *OBJOPR *DLT",
    "CPYF FROMFILE(BCKFLASHP/SRC) TOFILE(OPEN/SRC) MBROPT(*REPLACE)": "*OBJMGT *OBJOPR *ADD *DLT",
    "CPYF FROMFILE(BCKFLASHP/SRC) TOFILE(OPEN/SRC) MBROPT(*ADD)": "*OBJOPR *ADD",
    "GRTOBJAUT OBJ(OPEN/AREA) OBJTYPE(*DTAARA) USER(QPGMR) AUT(*UPD)": "*OBJMGT *UPD",
    "RMVM FILE(OPEN/SRC) MBR(SRC)": "*OBJEXIST *OBJOPR",
    "DLTDTAARA DTAARA(OPEN/AREA)": "*OBJEXIST",
    "DLTF FILE(OPEN/SRC2)": "*OBJEXIST *OBJOPR",
    "DLTMSGQ MSGQ(OPEN/MSGS)": "*OBJEXIST *OBJOPR *READ *EXECUTE *DLT",
}
"""Commands and the least that each asks of the one object of OPEN that it names."""


def test_the_least_is_enough_and_each_of_it_is_needed(guarded: Bench) -> None:
    library = guarded.image.libraries["OPEN"]

    def escape(command: str, authority: list[str]) -> str:
        name = command.partition("OPEN/")[2].partition(")")[0]
        for obj in library.objects.values():
            obj.public = " ".join(authority) if obj.name == name else "*EXCLUDE"
        return guarded.run(command, seconds=5, user=LOOKER).escape

    for command, least in LEAST.items():
        wanted = least.split()
        for one in wanted:
            assert escape(command, [other for other in wanted if other != one]), (command, one)
        assert escape(command, wanted) == "", command


def test_sending_to_a_message_queue_and_clearing_it_take_use_of_its_library(guarded: Bench) -> None:
    library = guarded.image.libraries["OPEN"]
    for command in ("SNDMSG MSG('hello') TOMSGQ(OPEN/MSGS)", "CLRMSGQ MSGQ(OPEN/MSGS)"):
        for public, escape in (("*EXECUTE", "CPF2408"), ("*USE", "")):
            library.public = public
            assert guarded.run(command, seconds=5, user=LOOKER).escape == escape, (command, public)


def test_ownership_moves_between_profiles_that_its_giver_may_change(guarded: Bench) -> None:
    users, library = guarded.image.users, guarded.image.libraries["OPEN"]
    users["HEIR"] = UserProfile("HEIR")
    area, program = library.objects["AREA", "*DTAARA"], library.objects["PROG", "*PGM"]

    def give(obj: str, type_: str) -> str:
        return guarded.run(
            f"CHGOBJOWN OBJ(OPEN/{obj}) OBJTYPE({type_}) NEWOWN(HEIR)", seconds=5, user=LOOKER
        ).escape

    area.owner = LOOKER
    assert give("AREA", "*DTAARA") == "CPF2217"
    users["HEIR"].private[LOOKER] = "*ADD"
    assert give("AREA", "*DTAARA") == ""
    assert area.owner == "HEIR"
    # not the owner: *OBJEXIST of the object and *DLT of its owner's profile
    area.owner, area.public = "QPGMR", "*USE"
    assert give("AREA", "*DTAARA") == "CPF9802"
    area.public = "*OBJEXIST"
    assert give("AREA", "*DTAARA") == "CPF2217"
    users["QPGMR"].private[LOOKER] = "*DLT"
    assert give("AREA", "*DTAARA") == ""
    # a program that adopts
    assert isinstance(program, Program)
    program.owner, program.adopts = LOOKER, True
    assert give("PROG", "*PGM") == "CPF222E"
    users[LOOKER].authorities = ("*ALLOBJ",)
    assert give("PROG", "*PGM") == "CPF222E"
    users[LOOKER].authorities = ("*ALLOBJ", "*SECADM")
    assert give("PROG", "*PGM") == ""


def test_a_job_queue_is_held_by_who_controls_it(guarded: Bench) -> None:
    user = guarded.image.users[LOOKER]

    def holds(queue: str) -> bool:
        done = guarded.run(f"HLDJOBQ JOBQ(OPEN/{queue})", seconds=5, user=LOOKER).escape
        sql = f"SELECT 1 FROM QSYS2.JOB_QUEUE_INFO WHERE JOB_QUEUE_NAME = '{queue}'"
        asked = guarded.os.spawn("odbc", odbc.statement(guarded.os, LOOKER, sql, (), 30.0))
        guarded.go(5.0)
        assert bool(asked.result["rows"]) is (done == "" or queue.startswith("READ")), queue
        if done == "":
            assert guarded.run(f"RLSJOBQ JOBQ(OPEN/{queue})", seconds=5, user=LOOKER).escape == ""
        return not done

    for name, options in (
        ("SHIPPED", ""),
        ("CLOSED", "OPRCTL(*NO)"),
        ("READALL", "OPRCTL(*NO) AUTCHK(*DTAAUT) AUT(*CHANGE)"),
        ("READONE", "OPRCTL(*NO) AUTCHK(*DTAAUT) AUT(*USE)"),
        ("READOWN", "OPRCTL(*NO) AUT(*CHANGE)"),
    ):
        aut = "" if "AUT(*" in options else "AUT(*EXCLUDE)"
        assert guarded.run(f"CRTJOBQ JOBQ(OPEN/{name}) {options} {aut}", user="QSECOFR").escape == ""
    queues = ("SHIPPED", "CLOSED", "READALL", "READONE", "READOWN")
    assert [holds(one) for one in queues] == [False, False, True, False, False]
    user.authorities = ("*JOBCTL",)
    assert [holds(one) for one in queues] == [True, False, True, False, False]
    user.authorities = ("*SPLCTL",)
    assert [holds(one) for one in queues] == [True] * 5
    user.authorities = ()
    for obj in guarded.image.libraries["OPEN"].objects.values():
        obj.owner = LOOKER
    assert [holds(one) for one in queues] == [True] * 5


def test_whose_authority_a_program_uses_is_changed_by_its_owner(guarded: Bench) -> None:
    library = guarded.image.libraries["OPEN"]
    program, user = library.objects["PROG", "*PGM"], guarded.image.users[LOOKER]

    def change() -> str:
        return guarded.run("CHGPGM PGM(OPEN/PROG) USEADPAUT(*NO)", seconds=5, user=LOOKER).escape

    program.public = "*ALL"
    assert change() == "CPF9802"
    program.owner = LOOKER
    assert change() == ""
    library.public = "*USE *ADD"
    assert change() == "CPF9802"
    program.owner, library.public, user.authorities = "QPGMR", "*CHANGE", ("*ALLOBJ",)
    assert change() == "CPF9802"
    user.authorities = ("*ALLOBJ", "*SECADM")
    assert change() == ""


def test_everybody_may_send_to_qsysopr_and_nobody_clears_it(guarded: Bench) -> None:
    send, clear = "SNDMSG MSG('hello') TOMSGQ(QSYS/QSYSOPR)", "CLRMSGQ MSGQ(QSYS/QSYSOPR)"
    assert [guarded.run(one, seconds=5, user=LOOKER).escape for one in (send, clear)] == ["", "CPF2408"]


def test_authorities_given_one_after_another_add_up(guarded: Bench) -> None:
    grant = "GRTOBJAUT OBJ(OPEN/AREA) OBJTYPE(*DTAARA) USER(LOOKER) AUT({})"
    area = guarded.image.libraries["OPEN"].objects["AREA", "*DTAARA"]
    guarded.image.users["CHIEF"] = UserProfile("CHIEF", ("*ALLOBJ",))
    for given, has in (
        ("*READ *OBJOPR", "*OBJOPR *READ"),
        ("*EXECUTE", "*USE"),
        ("*CHANGE", "*CHANGE"),
        ("*USE", "*CHANGE"),
        ("*EXCLUDE", "*EXCLUDE"),
        ("*OBJMGT", "*OBJMGT"),
    ):
        assert guarded.run(grant.format(given), seconds=5, user="CHIEF").escape == ""
        assert area.private[LOOKER] == has
    # Who manages an object gives what he has, but never its management.
    for given in ("*UPD", "*OBJMGT", "*ALL"):
        assert guarded.run(grant.format(given), seconds=5, user=LOOKER).escape == "CPF9802"


def test_the_officer_may_do_all_of_it(guarded: Bench) -> None:
    guarded.image.users["CHIEF"] = UserProfile("CHIEF", ("*ALLOBJ", "*SECADM", "*SAVSYS", "*JOBCTL"))
    denied = {"SQL0551", "SQL0552", *COMMANDS.values()} - {"CPF3701"}
    for command in (*COMMANDS, *(f"RUNSQL SQL('{sql}') COMMIT(*NONE)" for sql in SQL)):
        assert guarded.run(command, seconds=5, user="CHIEF").escape not in denied, command
