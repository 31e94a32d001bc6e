"""Files, stream files and printed output as CL programs use them."""

from __future__ import annotations

import pytest
from commandbench import LIBRARY, Bench

FOLDER = f"/flashc/{LIBRARY}/runs"
RECORDS = f"/QSYS.LIB/{LIBRARY}.LIB/FLRSLT.FILE/FLRSLT.MBR"


def put(bench: Bench, name: str, text: str) -> str:
    """A stream file in the product's folder; its path."""
    (bench.image.ifs / FOLDER.lstrip("/") / name).write_bytes(text.encode())
    return f"{FOLDER}/{name}"


def get(bench: Bench, name: str) -> bytes:
    """The bytes of a stream file."""
    return (bench.image.ifs / FOLDER.lstrip("/") / name).read_bytes()


READER = """
PGM        PARM(&FILE)
DCL        VAR(&FILE) TYPE(*CHAR) LEN(100)
DCL        VAR(&MEMBER) TYPE(*CHAR) LEN(50) VALUE('/QSYS.LIB/QTEMP.LIB/FLRSLT.FILE/FLRSLT.MBR')
DCLF       FILE(BCKFLASHP/FLRSLT)
CRTPF      FILE(QTEMP/FLRSLT) RCDLEN(512)
MONMSG     MSGID(CPF7302)
CPYFRMSTMF FROMSTMF(&FILE) TOMBR(&MEMBER) MBROPT(*REPLACE) DBFCCSID(37)
OVRDBF     FILE(FLRSLT) TOFILE(QTEMP/FLRSLT)
LOOP:      RCVF
MONMSG     MSGID(CPF0864) EXEC(RETURN)
SNDPGMMSG  MSG(&FLRSLT) TOPGMQ(*SAME) MSGTYPE(*INFO)
GOTO       CMDLBL(LOOP)
ENDPGM
"""


def texts(bench: Bench, path: str) -> list[str]:
    """The records that the reader found."""
    assert bench.run(f"CRTPF FILE({LIBRARY}/FLRSLT) RCDLEN(512)").escape in ("", "CPF7302")
    bench.program("READER", READER)
    done = bench.call(
        f"""
        PGM
        DCL VAR(&FILE) TYPE(*CHAR) LEN(100) VALUE('{path}')
        CALL PGM({LIBRARY}/READER) PARM(&FILE)
        ENDPGM
        """
    )
    assert done.end_code == 0, done.messages
    return [text.rstrip() for msgid, type_, text in done.messages if not msgid and type_ == "*INFO"]


def test_a_program_reads_a_stream_file_line_by_line(bench: Bench) -> None:
    path = put(bench, "answer", "00DONE      first\nsecond\n")
    assert texts(bench, path) == ["00DONE      first", "second"]


def test_an_empty_file_ends_at_once(bench: Bench) -> None:
    assert texts(bench, put(bench, "empty", "")) == []


def test_what_is_no_text_does_not_break_the_copy(bench: Bench) -> None:
    (bench.image.ifs / FOLDER.lstrip("/") / "odd").write_bytes(b"\xff\xfe caf\xc3\xa9\r\nend")
    assert len(texts(bench, f"{FOLDER}/odd")) == 2


def test_the_override_ends_with_its_program(bench: Bench) -> None:
    bench.run(f"CRTPF FILE({LIBRARY}/FLRSLT) RCDLEN(512)")
    bench.program(
        "INNER",
        """
        PGM
        OVRDBF FILE(FLRSLT) TOFILE(QTEMP/FLRSLT)
        ENDPGM
        """,
    )
    done = bench.call(
        """
        PGM
        DCLF FILE(BCKFLASHP/FLRSLT)
        CRTPF FILE(QTEMP/FLRSLT) RCDLEN(512)
        RUNSQL SQL('INSERT INTO QTEMP.FLRSLT VALUES(''X'')') COMMIT(*NONE) NAMING(*SQL)
        CALL PGM(BCKFLASHP/INNER)
        RCVF
        MONMSG MSGID(CPF0864) EXEC(SNDPGMMSG MSG('PRODUCTION FILE') TOPGMQ(*SAME) MSGTYPE(*INFO))
        ENDPGM
        """
    )
    assert "PRODUCTION FILE" in [text for _, _, text in done.messages]


def test_close_begins_again(bench: Bench) -> None:
    bench.run(f"CRTPF FILE({LIBRARY}/FLRSLT) RCDLEN(20)")
    bench.run(f"RUNSQL SQL('INSERT INTO {LIBRARY}.FLRSLT VALUES(''ONE'')') COMMIT(*NONE) NAMING(*SQL)")
    said = bench.said(
        """
        PGM
        DCLF FILE(BCKFLASHP/FLRSLT)
        RCVF
        CLOSE
        RCVF
        SNDPGMMSG MSG(&FLRSLT) TOPGMQ(*SAME) MSGTYPE(*INFO)
        ENDPGM
        """
    )
    assert [one.rstrip() for one in said] == ["ONE"]


@pytest.mark.parametrize(
    ("command", "msgid"),
    [
        ("CRTPF FILE(BCKFLASHP/FLRSLT) RCDLEN(512)", "CPF7302"),
        ("CRTPF FILE(NOLIB/FLRSLT) RCDLEN(512)", "CPF9810"),
        ("CLRPFM FILE(BCKFLASHP/NOFILE)", "CPF3142"),
        ("CLRPFM FILE(BCKFLASHP/FLRSLT) MBR(NOMBR)", "CPF3141"),
        ("DLTOVR FILE(FLRSLT)", "CPF9841"),
        ("CPYF FROMFILE(BCKFLASHP/NOFILE) TOFILE(QTEMP/X)", "CPF9812"),
        ("CPYF FROMFILE(BCKFLASHP/FLRSLT) TOFILE(QTEMP/X)", "CPF2817"),
        (
            "CPYFRMSTMF FROMSTMF('/nowhere/x') TOMBR('/QSYS.LIB/BCKFLASHP.LIB/FLRSLT.FILE/FLRSLT.MBR')",
            "CPFA0A9",
        ),
        ("CPYFRMSTMF FROMSTMF('/tmp') TOMBR('/QSYS.LIB/BCKFLASHP.LIB/FLRSLT.FILE/FLRSLT.MBR')", "CPFA0A3"),
        ("CPYTOSTMF FROMMBR('/QSYS.LIB/BCKFLASHP.LIB/NOFILE.FILE/X.MBR') TOSTMF('/tmp/x')", "CPFA0A9"),
        (f"CPYTOSTMF FROMMBR('{RECORDS}') TOSTMF('/no/x') DBFCCSID(37)", "CPFA0A9"),
        ("RMVLNK OBJLNK('/tmp/nothing')", "CPFA0A9"),
        ("RMVLNK OBJLNK('/tmp/*.none')", "CPFA093"),
        ("RMVLNK OBJLNK('/home')", "CPFA0B2"),
        ("RMVLNK OBJLNK('/../../../etc/passwd')", "CPFA0A9"),
        ("MKDIR DIR('/home')", "CPFA0A0"),
        ("CRTDIR DIR('/no/such/place')", "CPFA0A9"),
        ("RMVDIR DIR('/home')", "CPFA0B2"),
        ("CHGOWN OBJ('/home') NEWOWN(NOBODY)", "CPF2204"),
        ("CHGAUT OBJ('/nothing') USER(*PUBLIC) DTAAUT(*NONE) OBJAUT(*NONE)", "CPFA0A9"),
        ("CPYSPLF FILE(QPJOBLOG) TOFILE(BCKFLASHP/FLRSLT)", "CPF3303"),
        ("CPYSPLF FILE(QPJOBLOG) TOFILE(BCKFLASHP/FLRSLT) JOB(000001/NO/JOB)", "CPF3342"),
        ("DSPJOBLOG JOB(000001/NO/JOB) OUTPUT(*PRINT)", "CPF1070"),
    ],
)
def test_refusals(bench: Bench, command: str, msgid: str) -> None:
    assert bench.run(f"CRTPF FILE({LIBRARY}/FLRSLT) RCDLEN(512)").escape == ""
    assert bench.run(command).escape == msgid


def test_records_become_lines_and_lines_records(bench: Bench) -> None:
    bench.run(f"CRTPF FILE({LIBRARY}/FLRSLT) RCDLEN(40)")
    for text in ("one", "it''''s two"):
        sql = f"INSERT INTO {LIBRARY}.FLRSLT VALUES(''{text}'')"
        assert bench.run(f"RUNSQL SQL('{sql}') COMMIT(*NONE) NAMING(*SQL)").escape == ""
    member = f"/QSYS.LIB/{LIBRARY}.LIB/FLRSLT.FILE/FLRSLT.MBR"
    copy = f"CPYTOSTMF FROMMBR('{member}') TOSTMF('{FOLDER}/steps.txt') STMFCCSID(1208) ENDLINFMT(*LF)"
    copy += " DBFCCSID(37)"
    assert bench.run(copy).escape == ""
    assert get(bench, "steps.txt") == b"one\nit's two\n"
    assert bench.run(copy).escape == "CPFA0A0"
    assert bench.run(copy + " STMFOPT(*ADD)").escape == ""
    assert get(bench, "steps.txt") == b"one\nit's two\n" * 2
    assert bench.run(f"CLRPFM FILE({LIBRARY}/FLRSLT)").escape == ""
    assert bench.run(copy + " STMFOPT(*REPLACE)").escape == ""
    assert get(bench, "steps.txt") == b""


def test_a_copy_goes_on_a_member_only_as_its_option_says(bench: Bench) -> None:
    path = put(bench, "lines", "a\nb\n")
    bench.run(f"CRTPF FILE({LIBRARY}/FLRSLT) RCDLEN(40)")
    copy = f"CPYFRMSTMF FROMSTMF('{path}') TOMBR('{RECORDS}') DBFCCSID(37)"
    assert bench.run(copy).escape == ""
    assert bench.run(copy).escape == "CPFA097"
    assert bench.run(copy + " MBROPT(*ADD)").escape == ""
    assert bench.run(f"CPYF FROMFILE({LIBRARY}/FLRSLT) TOFILE({LIBRARY}/COPY) CRTFILE(*YES)").escape == ""
    again = f"CPYF FROMFILE({LIBRARY}/FLRSLT) TOFILE({LIBRARY}/COPY) MBROPT(*REPLACE)"
    assert "4 records" in bench.run(again).text_of("CPC2955")


@pytest.mark.parametrize(
    "copy",
    [
        f"CPYFRMSTMF FROMSTMF('{FOLDER}/lines') TOMBR('{RECORDS}') MBROPT(*REPLACE)",
        f"CPYTOSTMF FROMMBR('{RECORDS}') TOSTMF('{FOLDER}/copy') STMFCCSID(1208)",
    ],
)
def test_records_of_a_file_made_by_length_are_converted_only_from_a_ccsid_that_is_said(
    bench: Bench, copy: str
) -> None:
    put(bench, "lines", "a\n")
    bench.run(f"CRTPF FILE({LIBRARY}/FLRSLT) RCDLEN(40)")
    bench.run(f"RUNSQL SQL('INSERT INTO {LIBRARY}.FLRSLT VALUES(''X'')') COMMIT(*NONE) NAMING(*SQL)")
    refused = bench.run(copy)
    assert refused.escape == "CPFA097"
    assert refused.text_of("CPDA08C") == "Database file CCSID is 65535."
    assert bench.run(f"{copy} DBFCCSID(37)").escape == ""


def test_a_file_has_room_for_13_000_records_unless_more_are_asked_for(bench: Bench) -> None:
    path = put(bench, "many", "x\n" * 13_001)
    copy = f"CPYFRMSTMF FROMSTMF('{path}') TOMBR('{RECORDS}') MBROPT(*REPLACE) DBFCCSID(37)"
    bench.run(f"CRTPF FILE({LIBRARY}/FLRSLT) RCDLEN(40)")
    assert bench.run(copy).escape == "CPF5018"
    assert bench.run(f"DLTF FILE({LIBRARY}/FLRSLT)").escape == ""
    bench.run(f"CRTPF FILE({LIBRARY}/FLRSLT) RCDLEN(40) SIZE(*NOMAX)")
    assert bench.run(copy).escape == ""


def test_a_stream_file_is_read_in_the_ccsid_that_it_is_tagged_with(bench: Bench) -> None:
    """One that a PASE program or SFTP has made has 819, whatever is in it."""
    path = put(bench, "accents", "été\n")
    copy = f"CPYFRMSTMF FROMSTMF('{path}') TOMBR('{RECORDS}') MBROPT(*REPLACE) DBFCCSID(37)"
    bench.run(f"CRTPF FILE({LIBRARY}/FLRSLT) RCDLEN(40)")

    def read(ways: str) -> str:
        assert bench.run(f"{copy} {ways}").escape == ""
        back = f"CPYTOSTMF FROMMBR('{RECORDS}') TOSTMF('{FOLDER}/back') STMFOPT(*REPLACE) ENDLINFMT(*LF)"
        assert bench.run(f"{back} STMFCCSID(1208) DBFCCSID(37)").escape == ""
        return get(bench, "back").decode().strip()

    assert read("") == "Ã©tÃ©"
    assert read("STMFCCSID(1208)") == "été"
    assert bench.run(f"CHGATR OBJ('{path}') ATR(*CCSID) VALUE(1208)").escape == ""
    assert read("") == "été"


def test_what_is_not_utf_8_is_not_read_as_if_it_were(bench: Bench) -> None:
    (bench.image.ifs / FOLDER.lstrip("/") / "latin").write_bytes(b"\xe9t\xe9\n")
    bench.run(f"CRTPF FILE({LIBRARY}/FLRSLT) RCDLEN(40)")
    copy = f"CPYFRMSTMF FROMSTMF('{FOLDER}/latin') TOMBR('{RECORDS}') MBROPT(*REPLACE) DBFCCSID(37)"
    assert bench.run(f"{copy} STMFCCSID(1208)").escape == "CPFA097"
    assert bench.run(copy).escape == ""


def test_the_mode_of_a_private_file(bench: Bench) -> None:
    path = put(bench, "key", "secret")
    place = bench.image.ifs / path.lstrip("/")
    place.chmod(0o644)
    assert bench.run(f"CHGAUT OBJ('{path}') USER(*PUBLIC) DTAAUT(*NONE) OBJAUT(*NONE)").escape == ""
    assert place.stat().st_mode & 0o777 == 0o600
    assert bench.run(f"CHGOWN OBJ('{path}') NEWOWN(QSYSOPR)").escape == ""


def test_directories_and_links(bench: Bench) -> None:
    assert bench.run(f"CRTDIR DIR('{FOLDER}/R1')").escape == ""
    put(bench, "R1/one.tmp", "")
    put(bench, "R1/two.tmp", "")
    assert bench.run(f"RMVLNK OBJLNK('{FOLDER}/R1/*.TMP')").escape == ""
    assert bench.run(f"RMVDIR DIR('{FOLDER}/R1')").escape == ""
    assert not (bench.image.ifs / FOLDER.lstrip("/") / "R1").exists()


def test_logs_are_printed_copied_and_sent(bench: Bench) -> None:
    done = bench.call(
        f"""
        PGM
        DCL VAR(&JOB) TYPE(*CHAR) LEN(10)
        DCL VAR(&USER) TYPE(*CHAR) LEN(10)
        DCL VAR(&NBR) TYPE(*CHAR) LEN(6)
        RTVJOBA JOB(&JOB) USER(&USER) NBR(&NBR)
        SNDPGMMSG MSG('a step') TOPGMQ(*SAME) MSGTYPE(*INFO)
        CRTSRCPF FILE(QTEMP/FLSPLF) RCDLEN(144) MBR(FLSPLF)
        DSPLOG LOG(QHST) PERIOD((*AVAIL *CURRENT)) OUTPUT(*PRINT)
        CPYSPLF FILE(QPDSPLOG) TOFILE(QTEMP/FLSPLF) JOB(&NBR/&USER/&JOB) SPLNBR(*LAST) TOMBR(FLSPLF) +
                MBROPT(*REPLACE)
        CPYTOSTMF FROMMBR('/QSYS.LIB/QTEMP.LIB/FLSPLF.FILE/FLSPLF.MBR') TOSTMF('{FOLDER}/qhst.txt') +
                STMFOPT(*REPLACE) STMFCCSID(1208) ENDLINFMT(*LF)
        DSPJOBLOG JOB(*) OUTPUT(*PRINT)
        CPYSPLF FILE(QPJOBLOG) TOFILE(QTEMP/FLSPLF) JOB(&NBR/&USER/&JOB) SPLNBR(*LAST) TOMBR(FLSPLF) +
                MBROPT(*REPLACE)
        CPYTOSTMF FROMMBR('/QSYS.LIB/QTEMP.LIB/FLSPLF.FILE/FLSPLF.MBR') TOSTMF('{FOLDER}/joblog.txt') +
                STMFOPT(*REPLACE) STMFCCSID(1208) ENDLINFMT(*LF)
        DLTSPLF FILE(QPDSPLOG)
        ENDPGM
        """
    )
    assert done.end_code == 0, done.messages
    assert b"CPF1124" in get(bench, "qhst.txt")
    assert b"a step" in get(bench, "joblog.txt")
    assert [one.name for one in bench.image.spooled] == ["QPJOBLOG"]


def test_the_log_of_an_ended_job_can_be_printed(bench: Bench) -> None:
    ended = bench.run("RMVLNK OBJLNK('/tmp/nothing')")
    assert bench.run(f"DSPJOBLOG JOB({ended.job}) OUTPUT(*PRINT)").escape == ""
    assert "CPFA0A9" in "\n".join(bench.image.spooled[-1].lines)


def test_the_ifs_waits_while_the_system_is_suspended(bench: Bench) -> None:
    path = put(bench, "old", "x")
    job = bench.os.new_job("BUSY", "FLASHC")
    bench.suspend()
    task = bench.os.spawn("remove", job.perform(f"RMVLNK OBJLNK('{path}')"))
    bench.go(30)
    assert not task.ended
    assert get(bench, "old") == b"x"
    bench.resume()
    assert task.ended
    assert [one["what"] for one in bench.events("blocked")] == ["job end", "RMVLNK"]


def test_a_file_system_without_room_takes_nothing_and_gives_what_is_there(bench: Bench) -> None:
    path = put(bench, "answer", "before\n")
    bench.image.ifs_full = True
    assert bench.run(f"CPY OBJ('{path}') TOOBJ('{FOLDER}/other')").escape == "CPFA0D4"
    assert bench.run(f"CRTDIR DIR('{FOLDER}/more')").escape == "CPFA0D4"
    assert texts(bench, path) == ["before"]
