"""The layout of CL: what it looks like, and that it changes nothing but the layout."""

from __future__ import annotations

import io
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from cl_texts import source as any_source
from flashc.bundle.build import rendered
from flashc.bundle.context import system_context
from flashc.check import load
from flashc.cl import format
from flashc.cl.checker import check_text
from flashc.cl.format import CANONICAL, Layout, format_text, lay_out_statement, skeleton
from flashc.cl.parser import parse
from flashc.cl.rows import margin_of
from flashc.cli.main import run
from hypothesis import HealthCheck, given, settings


def neat(text: str, layout: Layout = CANONICAL) -> str:
    """The text in canonical layout, proven to say the same and to stay what it is."""
    laid_out, problems = format_text(text, "X.CLLE", layout)
    assert laid_out is not None, problems
    again, _ = format_text(laid_out, "X.CLLE", layout)
    assert again == laid_out
    if not layout.keywords:
        assert said(laid_out) == said(text)
        assert codes(laid_out) == codes(text)
    for line in laid_out.split("\n"):
        assert len(line) <= layout.width or holds_one_long_word(line)
    return laid_out


def said(text: str) -> list[object]:
    """What a source says, without places."""
    return [part for part, _ in skeleton(parse(text)[0])]


def codes(text: str) -> Counter[str]:
    return Counter(d.code for d in check_text(text))


def holds_one_long_word(line: str) -> bool:
    """Whether a line that is too long has a comment, or a word that no layout makes shorter."""
    words = re.findall(r"'(?:[^']|'')*'|[^\s()]+", line)
    return "/*" in line or "*/" in line or any(len(word) > 50 for word in words)


def statement(text: str, layout: Layout = CANONICAL) -> str:
    """One statement, laid out, without its margin."""
    margin = " " * 13
    return neat(text, layout).replace(f"\n{margin}", "\n").removeprefix(margin).removesuffix("\n")


UGLY = """

/* == A heading ====== */
pgm parm(&a &b) /* main entry */
dcl var(&a) type(*char) len(10) /* the first */
dcl &b *char 2000 value('x') /* second */


dclf file(mylib/myfile) opnid(x)
  monmsg cpf0000 exec(goto error)
 loop: if (&a=&b & &c>3 | ^&flag) then(do)
  /* inside */
chgvar &a (&a || 'abc' |> &b)
   sndpgmmsg msgid(cpf9898) msgf(qcpfmsg) msgdta('Something went wrong, see' *bcat &joblog) msgtype(*escape)
   enddo
   else sbmjob cmd(call pgm(mylib/mypgm) parm(&a &b 'constant number one' 'number two' &d)) job(nightly)
 error:
   /* what now */
   rcvmsg msgtype(*excp) /* which */ +
       rmv(*no) +
       /* and this */ +
       msgid(&msgid)
 select
 when (&a *eq 'x') then(do)
 when (&b = 'x') dspjob /* a remark that does not fit beside its command */
   enddo
 endselect
subr x
callsubr y
endsubr
 endpgm /* the end */
"""

NEAT = """\
/* == A heading ====== */
             PGM        PARM(&A &B)                 /* main entry */
             DCL        VAR(&A) TYPE(*CHAR) LEN(10) /* the first */
             DCL        &B *CHAR 2000 VALUE('x')    /* second */

             DCLF       FILE(MYLIB/MYFILE) OPNID(X)
             MONMSG     CPF0000 EXEC(GOTO ERROR)
 LOOP:       IF         (&A *EQ &B *AND &C *GT 3 *OR *NOT &FLAG) THEN(DO)
                /* inside */
                CHGVAR     &A (&A *CAT 'abc' *BCAT &B)
                SNDPGMMSG  MSGID(CPF9898) MSGF(QCPFMSG) +
                             MSGDTA('Something went wrong, see' *BCAT &JOBLOG) +
                             MSGTYPE(*ESCAPE)
             ENDDO
             ELSE       SBMJOB CMD(CALL PGM(MYLIB/MYPGM) +
                            PARM(&A &B 'constant number one' 'number two' &D)) +
                          JOB(NIGHTLY)
 ERROR:
             /* what now */
             RCVMSG     MSGTYPE(*EXCP) /* which */ +
                          RMV(*NO) +
                          /* and this */ +
                          MSGID(&MSGID)
             SELECT
                WHEN       (&A *EQ 'x') THEN(DO)
                   /* a remark that does not fit beside its command */
                   WHEN       (&B *EQ 'x') DSPJOB
                ENDDO
             ENDSELECT
             SUBR       X
                CALLSUBR   Y
             ENDSUBR
             ENDPGM /* the end */
"""


def test_a_program() -> None:
    assert neat(UGLY) == NEAT


@pytest.mark.parametrize(
    ("written", "laid_out"),
    [
        # parameters go to the next line whole; one is opened where it does not fit there
        (
            "SBMJOB CMD(CALL PGM(&LIB/NIGHTLY) PARM(&RUN &DRIVER &LOCK &HOLDS &ENVIRON)) JOB(X) JOBQ(QBATCH)",
            "SBMJOB     CMD(CALL PGM(&LIB/NIGHTLY) +\n"
            "               PARM(&RUN &DRIVER &LOCK &HOLDS &ENVIRON)) +\n"
            "             JOB(X) JOBQ(QBATCH)",
        ),
        # an expression is broken before the operators that bind least
        (
            "IF (&STAGE *EQ 'TAKEN' *OR &STAGE *EQ 'SAVING' *OR &STAGE *EQ 'SAVED' *AND &N *GT 1) THEN(DO)",
            "IF         (&STAGE *EQ 'TAKEN' *OR &STAGE *EQ 'SAVING' +\n"
            "               *OR &STAGE *EQ 'SAVED' *AND &N *GT 1) +\n"
            "             THEN(DO)",
        ),
        # a literal behind a blank, where CL joins it as it was
        (
            "SNDUSRMSG MSG('The clone is up and nobody has taken the ticket:  please look at its console')",
            "SNDUSRMSG  MSG('The clone is up and nobody has taken the ticket:  +\n"
            "               please look at its console')",
        ),
        # one without blanks behind a slash
        (
            "CHGVAR VAR(&P) VALUE('/QIBM/UserData/OS400/a/folder/of/many/names/without/a/blank/file.txt')",
            "CHGVAR     VAR(&P) +\n"
            "             VALUE('/QIBM/UserData/OS400/a/folder/of/many/names/+\n"
            "               without/a/blank/file.txt')",
        ),
        # blanks that mean nothing go
        ("CHGVAR   VAR( &A )  VALUE( %sst( &b  1 2 ) )", "CHGVAR     VAR(&A) VALUE(%SST(&B 1 2))"),
        ("CHGVAR &N (-&A*- 5+(+3))", "CHGVAR     &N (-&A * - 5 + (+3))"),
        # case: what can matter stays
        ("call pgm(mypgm) parm(abc 'abc')", "CALL       PGM(MYPGM) PARM(ABC 'abc')"),
        ("mycommand abc kwd(*yes Def)", "MYCOMMAND  abc KWD(*YES Def)"),
        ("crtlib 'x' text(*blank)", "CRTLIB     'x' TEXT(*BLANK)"),
        ("?dspjob ?*job(&x) ??output()", "?DSPJOB    ?*JOB(&X) ??OUTPUT()"),
        ("qsys/chgaspact *sysbas option(*suspend)", "QSYS/CHGASPACT *SYSBAS OPTION(*SUSPEND)"),
        ("mycmd run(call /* it */ pgm(x))", "MYCMD      RUN(CALL /* it */ PGM(X))"),
        ("Q1: qual type(*name) len(10)", " Q1:         QUAL       TYPE(*NAME) LEN(10)"),
        ("CHGVAR &A x'c1'", "CHGVAR     &A x'c1'"),
        ("CPYF FROMFILE(%sst(&q 11 10)/%sst(&q 1 10))", "CPYF       FROMFILE(%SST(&Q 11 10)/%SST(&Q 1 10))"),
    ],
)
def test_a_statement(written: str, laid_out: str) -> None:
    assert statement(written) == laid_out


def test_operators_and_keywords_as_asked() -> None:
    written = "if (&a=1 & ^&b) goto x"
    assert statement(written) == "IF         (&A *EQ 1 *AND *NOT &B) GOTO X"
    assert statement(written, Layout(symbols=True)) == "IF         (&A = 1 & ^&B) GOTO X"
    with_keywords = "IF         COND(&A *EQ 1 *AND *NOT &B) THEN(GOTO CMDLBL(X))"
    assert statement(written, Layout(keywords=True)) == with_keywords
    assert statement("dcl &a *dec (5 2)", Layout(keywords=True)) == "DCL        VAR(&A) TYPE(*DEC) LEN(5 2)"
    # not where a place is empty, or nothing is certain
    assert statement("call *n (&a)", Layout(keywords=True)) == "CALL       *N (&A)"
    assert statement("mycommand a b", Layout(keywords=True)) == "MYCOMMAND  a b"


def test_the_width() -> None:
    written = (
        "CHGVAR VAR(&TEXT) VALUE('A text of some words' *BCAT &MORE *BCAT 'and its end, with some more')"
    )
    assert "+" not in statement(written, Layout(width=112))
    assert max(map(len, neat(written, Layout(width=60)).split("\n"))) <= 60


def test_the_example_of_the_page_is_what_comes_out(root: Path) -> None:
    page = (root / "docs" / "cl-fmt.md").read_text(encoding="utf-8")
    written, laid_out = re.findall(r"```text\n(.*?)```", page, re.DOTALL)
    assert neat(written) == laid_out


def test_deep_groups_leave_room() -> None:
    text = (
        "".join(f"IF (&A *EQ {n}) DO\n" for n in range(25))
        + "CHGVAR &ABCDEFGHI 'a text with some words in it'\n"
    )
    lines = neat(text + "ENDDO\n" * 25).split("\n")
    assert lines[0].startswith(" " * 13 + "IF")
    assert lines[8].startswith(" " * 37 + "IF")
    assert lines[24].startswith(" " * 37 + "IF")
    assert lines[-2] == " " * 13 + "ENDDO"


def test_blank_lines_and_comments_keep_their_places() -> None:
    text = (
        "\n\nPGM\n\n\n\nDSPJOB /* one */ /* two */\n/* three */ /* four */\nDSPLIB QGPL\n"
        "DO\n    /* five */\n    ENDDO\n  /* six\n     seven */\n"
        "A: /* eight */\n\n DSPLIB\n/* A1*/ENDPGM /* nine */\n\n"
    )
    margin = " " * 13
    assert neat(text) == (
        f"{margin}PGM\n\n{margin}DSPJOB /* one */ /* two */\n{margin}/* three */ /* four */\n"
        f"{margin}DSPLIB     QGPL\n{margin}DO\n{margin}   /* five */\n{margin}ENDDO\n"
        "  /* six\n     seven */\n"
        f" A: /* eight */\n\n{margin}DSPLIB\n/* A1*/      ENDPGM /* nine */\n"
    )


def test_headings_stay_in_column_1_and_long_comments_near_their_code() -> None:
    long = "/* " + "x" * 64 + " */"
    longer = "/* " + "x" * 72 + " */"
    top = "   /* title */\n PGM\n/* A part */\n DSPJOB\n"
    text = f"{top}        {long}\n        /* next */\n DSPJOB\n      {longer}\n"
    lines = neat(text).split("\n")
    assert lines[0] == "/* title */"
    assert lines[2] == "/* A part */"
    assert lines[4:6] == [" " * 10 + long, " " * 10 + "/* next */"]
    assert lines[7] == longer


def test_line_ends_and_the_mark_stay() -> None:
    laid_out, _ = format_text("\ufeffpgm\r\nendpgm\r\n", "x")
    assert laid_out == "\ufeff             PGM\r\n             ENDPGM\r\n"
    assert format_text("", "x") == ("", [])


def test_syntax_errors_are_told_and_nothing_is_laid_out() -> None:
    laid_out, problems = format_text("pgm\nchgvar &a 'x\nendpgm\n", "x")
    assert laid_out is None
    assert [p.code for p in problems] == ["CL0101"]


def test_a_layout_that_says_something_else_is_never_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(format, "lay_out", lambda *_: "PGM\nDSPLIB QSYS\n")
    laid_out, problems = format_text("PGM\nDSPLIB QGPL\n", "x")
    assert laid_out is None
    assert [(p.code, p.span.line) for p in problems] == [("CL0003", 2)]


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(any_source)
def test_any_source_says_the_same_in_any_layout(text: str) -> None:
    if not any(p.severity == "error" for p in parse(text)[1]):
        neat(text)


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(any_source)
def test_any_source_takes_every_choice(text: str) -> None:
    if not any(p.severity == "error" for p in parse(text)[1]):
        neat(text, Layout(width=60, symbols=True))
        neat(text, Layout(width=112, keywords=True))


DEPTHS = {margin_of(depth): depth for depth in range(8)}
"""In how many groups a statement is, by its margin; a label is in none."""


def generated() -> Iterator[tuple[str, str]]:
    """The CL sources of all examples, each with its name."""
    for spec_file in sorted((Path(__file__).parents[2] / "examples").glob("*.flash")):
        spec, _ = load(str(spec_file))
        assert spec is not None
        for system in spec.systems:
            for name, text in rendered(system_context(spec, system, "0" * 64)).items():
                if name.endswith((".clle", ".cmd")):
                    yield text, f"{spec_file.stem} {system.name} {name}"


def statements_of(text: str) -> Iterator[str]:
    """The statements of a source as they are laid out, with the comments beside them."""
    statement: list[str] = []
    for line in text.split("\n"):
        statement.append(line)
        if not line.endswith("+"):
            whole, statement = "\n".join(statement), []
            if whole.strip() and not whole.lstrip().startswith("/*"):
                yield whole


def test_generated_sources_are_in_canonical_layout() -> None:
    """The sources of the usual night as they are; of all others each statement, those of one shape once.

    How the rows of a source go together is the same code in the compiler and in the formatter.
    """
    seen: set[str] = set()
    for text, name in generated():
        if name.startswith("nightly_brms "):
            assert format_text(text, "X.CLLE", CANONICAL)[0] == text, name
        assert "+" not in {line[-1:] for line in text.split("\n") if line.count("'") % 2}, name
        for statement in statements_of(text):
            shape = re.sub(r"'[^']*'|\b[A-Z]*[0-9]\w*", "x", statement)
            if shape not in seen:
                seen.add(shape)
                margin = len(statement) - len(statement.lstrip())
                lines, remark, _ = lay_out_statement(statement, DEPTHS.get(margin, 0))
                assert "\n".join(lines) == statement.removesuffix(remark).rstrip(), name


# ---- the command ------------------------------------------------------------------------------------


def test_files_are_rewritten_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, latin = tmp_path / "UGLY.CLLE", tmp_path / "latin.clp"
    path.write_bytes(b"\xef\xbb\xbf" + UGLY.replace("\n", "\r\n").encode())
    path.chmod(0o640)
    latin.write_bytes("pgm /* gr\u00fcn */\n".encode("cp1252"))
    (tmp_path / "notes.txt").write_text("no CL at all (")
    assert run(["cl", "fmt", str(tmp_path)]) == 0
    assert capsys.readouterr().out == f"{path}: formatted\n{latin}: formatted\n"
    assert path.read_bytes() == b"\xef\xbb\xbf" + NEAT.replace("\n", "\r\n").encode()
    assert path.stat().st_mode & 0o777 == 0o640
    assert latin.read_bytes() == "             PGM /* gr\u00fcn */\n".encode("cp1252")
    assert run(["cl", "fmt", "--check", str(tmp_path)]) == 0
    assert sorted(p.name for p in tmp_path.iterdir()) == ["UGLY.CLLE", "latin.clp", "notes.txt"]


def test_check_and_diff_write_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, good = tmp_path / "ugly.clle", tmp_path / "neat.clle"
    path.write_text(UGLY)
    good.write_text(NEAT)
    assert run(["cl", "fmt", "--check", str(path), str(good)]) == 2
    assert capsys.readouterr().out == f"{path}: not in canonical layout\n"
    assert run(["cl", "fmt", "--diff", "--check", str(path)]) == 2
    assert "\n+ ERROR:\n" in capsys.readouterr().out
    assert run(["cl", "fmt", "--check", "--json", str(path), str(good)]) == 2
    files = [{"file": str(path), "state": "pending"}, {"file": str(good), "state": "unchanged"}]
    assert json.loads(capsys.readouterr().out) == {"files": files, "diagnostics": []}
    assert path.read_text() == UGLY


def test_stdin(monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(UGLY.encode())))
    assert run(["cl", "fmt", "-"]) == 0
    assert capsysbinary.readouterr().out == NEAT.encode()
    assert run(["cl", "fmt", "-", "x.clle"]) == 64
    assert run(["cl", "fmt", "-", "--json"]) == 64


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"pgm\n chgvar &a 'x\n", "error CL0101"),
        ("PGM  /* A PROGRAM */ DSPJOB".encode("cp037"), "it is EBCDIC"),
        (b"000100991231PGM\n000200991231ENDPGM\n", "its lines begin with sequence numbers"),
        (b"PGM" + b" " * 77 + b"ENDPGM" + b" " * 74, "its records have no line ends"),
        (b"\x00\x01\x02", "it holds binary data"),
    ],
)
def test_what_cannot_be_laid_out_is_not_touched(
    data: bytes, reason: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong, good = tmp_path / "wrong.clle", tmp_path / "good.clle"
    wrong.write_bytes(data)
    good.write_text("pgm\n")
    assert run(["cl", "fmt", str(wrong), str(good), str(tmp_path / "missing.clle")]) == 1
    err = capsys.readouterr().err
    assert reason in err
    assert "missing.clle cannot be laid out: No such file" in err
    assert wrong.read_bytes() == data
    assert good.read_text() == "             PGM\n"


def test_operators_as_plain_values_do_not_reach_the_next_statement() -> None:
    """INCREL takes *EQ as a value; behind it *EQ is an operator again."""
    text = "CPYF A B INCREL((*IF F *EQ X)) NBRRCDS(1)\nCHGVAR &A %SST(&B *EQ 1)\n"
    again = "CPYF A B\nCHGVAR &A %SST(&B *EQ 1)\n"
    first, second = (list(format.skeleton(parse(one)[0])) for one in (text, again))
    assert [said for said, _ in first][-4:] == [said for said, _ in second][-4:]
