"""The CL checker: what must stay silent, and what depends on the catalogue, the release and files."""

from __future__ import annotations

import pytest
from flashc.cl.catalogue import catalogue
from flashc.cl.checker import check_text
from flashc.cl.definition import definition_from_source
from flashc.diag import Diagnostic
from hypothesis import given, settings
from hypothesis import strategies as st
from wrong_programs import cases


def errors(text: str, strict: bool = False) -> list[Diagnostic]:
    return [d for d in check_text(text, "t.clle", strict=strict) if d.severity == "error"]


def codes(text: str) -> list[str]:
    return [d.code for d in errors(text)]


def test_an_unknown_command_is_a_note_and_an_error_when_strict() -> None:
    text = "PGM\nOWNCMD KWD(1)\nENDPGM\n"
    (note,) = check_text(text)
    assert (note.code, note.severity) == ("CL0202", "note")
    (error,) = errors(text, strict=True)
    assert error.code == "CPD0030"


def test_a_command_of_another_library_is_not_looked_at() -> None:
    assert check_text("PGM\nOWNLIB/CHKOBJ WHAT(1)\nENDPGM\n") == []


def test_a_declared_command_is_checked_by_its_own_definition() -> None:
    definition, problems = definition_from_source(
        "CMD PROMPT('Own')\nPARM KWD(OPT) TYPE(*CHAR) LEN(4) RSTD(*YES) VALUES(*YES *NO) MIN(1)\n", "OWNCMD"
    )
    assert definition is not None
    assert not problems
    own = catalogue().with_commands([definition])
    good, bad = "PGM\nOWNCMD OPT(*YES)\nENDPGM\n", "PGM\nOWNCMD OPT(*MAYBE)\nENDPGM\n"
    assert check_text(good, catalogue=own, strict=True) == []
    assert [d.code for d in check_text(bad, catalogue=own, strict=True)] == ["CL0207"]


def test_a_field_of_a_declared_file_may_be_any_variable() -> None:
    text = "PGM\nDCLF FILE(ORDERS)\nRCVF\nCHGVAR VAR(&ORDNUM) VALUE(1)\nENDPGM\n"
    assert [d.severity for d in check_text(text)] == ["note"]
    assert codes(text.replace("DCLF FILE(ORDERS)\nRCVF\n", "")) == ["CPD0727"]


def test_a_second_file_needs_its_own_identifier() -> None:
    assert codes("PGM\nDCLF FILE(A)\nDCLF FILE(B)\nENDPGM\n") == ["CPD0303"]
    assert codes("PGM\nDCLF FILE(A)\nDCLF FILE(B) OPNID(B)\nENDPGM\n") == []


def test_a_blank_before_a_parenthesis_hides_nothing_else() -> None:
    text = "PGM\nDCL &L *LGL\nIF COND (&L) THEN (DO)\nENDDO\nCHKOBJ OBJ(X) OBJTYPE (*FILE)\nENDPGM\n"
    assert [(d.code, d.span.line) for d in check_text(text)] == [("CL0215", 3), ("CL0215", 3), ("CL0215", 5)]


def test_releases() -> None:
    text = "PGM\nDCL VAR(&C) TYPE(*CHAR) LEN(5)\nCHGVAR VAR(&C) VALUE(%UPPER(&C))\nENDPGM\n"
    assert check_text(text, release="V7R2M0") == []
    assert [d.code for d in check_text(text, release="V7R1M0")] == ["CL0406"]


def test_an_included_text_can_hold_anything() -> None:
    text = "PGM\nINCLUDE SRCMBR(X)\nCALLSUBR SUBR(S)\nGOTO CMDLBL(L)\nCHGVAR VAR(&A) VALUE(1)\nENDPGM\n"
    assert errors(text) == []


def test_a_syntax_error_does_not_make_others_up() -> None:
    text = (
        "PGM\nDCL VAR(&A TYPE(*LGL)\nIF COND(&A = ) THEN(DO)\nCALL PGM(X)\nENDDO\nELSE CMD(RETURN)\nENDPGM\n"
    )
    assert codes(text) == ["CL0102", "CL0111"]


def test_a_command_definition_source_is_checked_as_one() -> None:
    assert codes("CMD PROMPT('X')\nPARM KWD(A) TYPE(*CHAR)\n") == []
    assert codes("CMD PROMPT('X')\nPARM KWD(A) TYPE(*CHARS)\nCALL X\n") == ["CL0217", "CL0217"]


STYLES = """
/* lower case, positional, symbols */
pgm (&a &b)
dcl &a *char 10
dcl &b *dec (5 0)
dcl &f *lgl
dclf qadspobj
monmsg (cpf0000 mch0000) *n goto error
again: rcvf
monmsg cpf0864 exec(goto end)
if (&a = 'X' | (&b > 5 & *not &f)) do
chgvar &a (&a |< '-' || %sst(&a 1 3))
chgvar %sst(&a 1 1) 'Y'
enddo
else if (&b >= 3) goto again
else do
chgvar &b (&b+1)
chgvar &b value(&b -1)
enddo
call qcmdexc ('DLTF QTEMP/X' 12)
sndpgmmsg ('done' *bcat &a) topgmq(*prv (*)) msgtype(*comp)
rtvmbrd file(%sst(&a 1 5)/%sst(&a 6 5)) nbrcurrcd(&n)
rmvmsg pgmq(*same (*)) clear(*all)
alcobj obj((lib/a *file *excl *first) (b *file *shrrd)) wait(60)
ovrprtf file(x) pagesize(*n 90) cpi(12)
addlible lib(a) position(*after qgpl)
chgdtaara dtaara(*lda (1 19)) value(&a *tcat '  -
 ')
if (&f = 1) call (lib/pgm)
error: rcvmsg pgmq(*same (* *none *none)) msgtype(*excp) rmv(*no) msgid(&c)
end: endpgm
"""


def test_other_styles_pass() -> None:
    assert errors(STYLES) == []


RIGHT = r"""
chgjob datsep('/') timsep(' ')
runsql sql('delete from work') commit(*none) datsep('-') timsep(':')
crtoutq outq(qgpl/night)
crtsqlrpgi obj(lib/pgm) rdb(*none)
crtsqlrpgi obj(lib/pgm) sqlpkg(*obj)
crtlf file(lib/lf) dtambrs((lib/pf (jan feb mar)) (lib/old *none))
rstobj obj(*all) savlib(lib) dev(*savf) savf(lib/sf) select((*include lib/x* *file) (*omit *all/y))
callprc prc(&p)
opnqryf file((a) (b)) format(a) jfld((a/cust b/cust *eq) (a/nbr b/nbr *gt)) keyfld((cust *descend)) +
   mapfld((amount 'qty * price' *dec 9 2) (name '"S"' *char 5 *n 37) (day '%digits(datum)'))
"""


@pytest.mark.parametrize("command", RIGHT.replace("+\n", "").strip().split("\n"), ids=lambda c: c[:30])
def test_right_parameters_pass(command: str) -> None:
    assert errors(f"pgm\ndcl &p *ptr\n{command}\nendpgm\n") == []


WRONG = r"""
CPD0783 sndpgmmsg msg(&n)
CPD0783 ovrdbf file(a) tofile(lib/&n)
CPD0783 call pgm(&n)
CL0207 savobj obj(x) lib(l) dev(*savf) savf(a/b) objtype(*flie)
CL0207 cpytoimpf fromfile(a) tostmf('/b') strdlm(*nnoe)
CL0207 addbnddire bnddir(a) obj((b *srvpmg))
CPD0043 fmtdta infile(a) oufile(b)
"""


@pytest.mark.parametrize("line", WRONG.strip().split("\n"), ids=lambda c: c[:30])
def test_small_mistakes_are_found(line: str) -> None:
    code, command = line.split(" ", 1)
    assert codes(f"pgm\ndcl &n *dec (5 0)\n{command}\nendpgm\n") == [code]


def test_an_included_text_does_not_end_the_groups_around_it() -> None:
    text = "PGM\nINCLUDE SRCMBR(X)\nIF COND(&A = 'X') THEN(DO)\nCALL PGM(Y)\nENDDO\nENDPGM\n"
    assert codes(text) == []
    assert codes(text.replace("ENDDO\n", "")) == ["CL0306"]
    assert codes(text.replace("THEN(DO)", "THEN(RETURN)")) == ["CL0307"]
    assert codes(text.replace("CALL PGM(Y)\nENDDO", "ENDDO\nMONMSG MSGID(CPF0000)")) == ["CL0309"]
    assert codes(text.replace("IF COND(&A = 'X') THEN(DO)", "ELSE CMD(DO)")) == []


PIECES = st.sampled_from(["", "(", ")", "'", "/*", "*/", "&", "\n", "+\n", "*N", "(((", " 99999999999 "])


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_a_mutated_program_never_fails(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([STYLES, *(case.text for case in cases())]))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        length = data.draw(st.integers(0, 6))
        what = data.draw(
            st.sampled_from(["", "(", ")", "'", "/*", "*/", "&", "\n", "+\n", "*N", "(((", " 99999999999 "])
        )
        text = text[:at] + what + text[at + length :]
    for diagnostic in check_text(text):
        assert 1 <= diagnostic.span.line <= text.count("\n") + 1


def test_a_release_is_no_misspelled_value() -> None:
    text = "PGM\nSAVOBJ OBJ(A) LIB(B) DEV(*SAVF) SAVF(C) TGTRLS({})\nENDPGM\n"
    assert codes(text.format("V5R4M0")) == []
    assert codes(text.format("*CURENT")) == ["CL0207"]


def test_short_special_values_one_character_off_are_found() -> None:
    text = "PGM\nSNDPGMMSG MSG('A') TOPGMQ({})\nENDPGM\n"
    assert codes(text.format("*EXT")) == []
    assert codes(text.format("*EXQ")) == ["CL0207"]


def test_a_value_that_other_commands_know_is_not_taken_as_misspelled() -> None:
    # *DEVD is listed for other parameters; the list of this one rests on memory.
    text = "PGM\nCRTCMOD MODULE(A/B) DBGVIEW({})\nENDPGM\n"
    assert codes(text.format("*SOURCE")) == []
    assert codes(text.format("*SOURCF")) == ["CL0207"]
    assert codes(text.format("*STMF")) == []


@pytest.mark.parametrize(
    "statement",
    [
        "CHGVRA VAR(&A) VALUE('X')",
        "MONMGS MSGID(CPF0000)",
        "MONMSF CPF0000 *N GOTO END",
        "RETRUN",
        "CAL PGM(X) PARM(&A)",
        "SNDPGMSG MSG(&A) TOPGMQ(*EXT)",
        "OVRDFB FILE(A) TOFILE(B)",
        "DLC VAR(&A) TYPE(*CHAR)",
    ],
)
def test_a_misspelled_command_is_found_by_its_parameters(statement: str) -> None:
    text = f"PGM\nDCL &A *CHAR 10\nCALL X\n{statement}\nEND: ENDPGM\n"
    wrong = [d.code for d in errors(text)]
    assert wrong == ([] if statement.startswith("CAL ") else ["CPD0030"])


@pytest.mark.parametrize(
    "statement",
    [
        "SNDPGMMSGX MSG(&A) TOPGMQ(*EXT)",  # a name with one more letter
        "CVTDATE DATE(&A) TOVAR(&A) TOFMT(*ISO)",
        "XRTVJOBA JOB(&A) USER(&A)",
        "RTVJOBD JOBD(&A) INLLIBL(&A)",  # its own parameters
        "DLTOVL FILE(A) LVL(*JOB)",  # of the platform, without a definition, but nearly DLTOVR
        "IFS COND(&A)",
        "DLTX FILE(A)",
        "SUB &A",
    ],
)
def test_a_command_of_the_user_is_no_misspelled_one(statement: str) -> None:
    assert errors(f"PGM\nDCL &A *CHAR 10\n{statement}\nENDPGM\n") == []


def test_with_opnid_only_variables_of_that_name_can_be_fields() -> None:
    text = "PGM\nDCLF FILE(ORDERS) OPNID(A)\nRCVF OPNID(A)\nCHGVAR VAR({}) VALUE(1)\nENDPGM\n"
    assert codes(text.format("&A_ORDNUM")) == []
    assert codes(text.format("&ORDNUM")) == ["CPD0727"]
    assert codes(text.replace(" OPNID(A)", "").format("&ORDNUM")) == []
    assert codes(text.replace(" OPNID(A)", "").format("&A_ORDNUMBER")) == ["CPD0727"]


def test_misspelled_keywords_and_values_of_a_command_definition_are_found() -> None:
    text = "CMD PROMPT('X') ALLOW(*ALL)\nPARM KWD(A) TYPE(*CHAR) LEN(4) RSTD(*YES) VALUES(A B) MIN(1)\n"
    assert codes(text) == []
    assert codes(text.replace("RSTD(", "RSTF(")) == ["CPD0043"]
    assert codes(text.replace("*YES", "*YEX")) == ["CL0207"]
    assert codes(text.replace("ALLOW(", "ALOW(")) == ["CPD0043"]


def test_a_parameter_alone_in_a_line_misses_a_continuation() -> None:
    text = "PGM\nCPYF FROMFILE(A) +\nTOFILE(B) +\nMBROPT(*ADD)\nCALL X\nENDPGM\n"
    assert codes(text) == []
    assert codes(text.replace("(A) +", "(A)")) == ["CL0203", "CL0113"]
    assert codes(text.replace("(B) +", "(B)")) == ["CL0113"]
    assert codes("PGM\nSBMJOB CMD(CALL X)\nJOBQ(Q)\nENDPGM\n") == ["CL0113"]
    assert codes("PGM\nCALL X\nOWNCMD(Y)\nENDPGM\n") == []


def test_a_misspelled_operator_inside_a_condition_is_found() -> None:
    text = "PGM\nDCL &A *CHAR 5\nIF ((&A {} 'X') *AND (&A *NE 'Y')) RETURN\nENDPGM\n"
    assert codes(text.format("*EQ")) == []
    assert codes(text.format("*EX")) == ["CL0110"]


def test_the_argument_of_some_functions_is_a_variable() -> None:
    text = "PGM\nDCL &A *CHAR 5\nDCL &N *DEC 5\nCHGVAR &A (%TRIM({}) *CAT %SST(*LDA 1 2))\nENDPGM\n"
    assert codes(text.format("&A")) == []
    assert codes(text.format("A")) == ["CL0407"]


def test_a_comment_that_is_still_open_where_another_begins_is_a_warning() -> None:
    text = "PGM\n/* one -\n/* two */\nCALL X /* three\n   lines */\n/* a box  */ /* b */\nENDPGM\n"
    assert [(d.code, d.severity, d.span.line) for d in check_text(text)] == [("CL0104", "warning", 2)]
