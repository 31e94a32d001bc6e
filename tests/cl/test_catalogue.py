"""The catalogue: current, complete in itself, quick to load; binding; command definition sources."""

from __future__ import annotations

import subprocess
import sys

import pytest
from flashc.cl import build_catalogue
from flashc.cl.ast import Command, Value, Word
from flashc.cl.bind import Bound, bind
from flashc.cl.catalogue import PACKED, CommandDef, catalogue, other_commands
from flashc.cl.definition import definition_from_source
from flashc.cl.parser import parse
from flashc.cl.tokens import COMMAND_PARAMETERS

USED = """
CHGASPACT INZBRM STRBKUBRM STRMNTBRM STRDOMSVR ENDDOMSVR STRTCPIFC ENDTCPIFC QSH CPYFRMSTMF
CPYTOSTMF RMVLNK CRTDTAARA RTVCFGSTS SNDSMTPEMM CHGIPLA ALCOBJ DLCOBJ RUNSQL RTVSYSVAL CHGSYSVAL
DCLPRCOPT PWRDWNSYS ADDENVVAR STRSBS ENDSBS CRTSBSD ADDJOBQE ADDRTGE CRTJOBD CRTJOBQ CRTMSGQ CRTMSGF
ADDMSGD CRTBNDCL CRTCMD CRTSRCPF CRTLIB CRTPF CRTSAVF CLRSAVF GRTOBJAUT CHGOBJOWN CRTUSRPRF
ADDJOBSCDE CHGJOBSCDE RMVJOBSCDE HLDJOBSCDE CRTDTAQ CRTCLS STRTCP ENDTCP VRYCFG SAVLIB SAVSYS RSTLIB
SBMJOB DLYJOB MONMSG
"""


def command(text: str) -> Command:
    source, problems = parse(text)
    assert not problems
    found = source.statements[0].command
    assert found is not None
    return found


def bound(text: str) -> Bound:
    parsed = command(text)
    definition = catalogue().get(parsed.name)
    assert definition is not None
    return bind(parsed, definition)


def word(value: Value | None) -> str | None:
    return value.text if isinstance(value, Word) else None


def definition_of(name: str) -> CommandDef:
    found = catalogue().get(name)
    assert found is not None, name
    return found


def test_the_packed_file_is_current() -> None:
    data = build_catalogue.packed(build_catalogue.folder())
    assert build_catalogue.is_current(data, build_catalogue.folder() / PACKED)


def test_commands_without_a_definition_are_not_in_the_catalogue() -> None:
    others = other_commands()
    assert len(others) > 1000
    assert not others & set(catalogue().names())
    assert all(1 < len(name) <= 10 and name.isalnum() and name.isupper() for name in others)


def test_every_definition_can_be_made() -> None:
    names = catalogue().names()
    assert len(names) > 400
    for name in names:
        definition = definition_of(name)
        assert len(definition.positional()) == len({p.position for p in definition.parameters if p.position})
        for rule in definition.dependencies:
            assert rule.operator in ("EQ", "NE", "GT", "GE", "LT", "LE")
            assert rule.conditions


@pytest.mark.parametrize("name", USED.split())
def test_what_the_product_uses_is_known(name: str) -> None:
    definition = definition_of(name)
    assert definition.parameters
    assert definition.source


def test_the_parser_knows_the_parameters_that_hold_commands() -> None:
    """The parser's own table (it works without the catalogue) agrees with the definitions."""
    for name in catalogue().names():
        for parameter in definition_of(name).parameters:
            if parameter.type == "command_string":
                assert COMMAND_PARAMETERS[name][parameter.keyword] == parameter.position, name


def test_an_alias_is_its_command() -> None:
    assert catalogue().get("QSH") is catalogue().get("STRQSH")
    assert catalogue().get("NOSUCHCMD") is None


def test_positions_are_those_of_the_manual() -> None:
    assert definition_of("DCL").positional() == ("VAR", "TYPE", "LEN", "VALUE")
    assert definition_of("SBMJOB").positional() == ("JOB", "JOBD", "USER", "JOBQ")
    assert definition_of("SNDPGMMSG").positional() == ("MSG", "MSGID", "MSGF", "MSGDTA")
    assert definition_of("CHGJOBD").positional()[:2] == ("JOBD", "USER")


def test_loading_is_lazy() -> None:
    """Importing the parser or the checker reads no data and no YAML."""
    script = (
        "import sys, flashc.cl.parser, flashc.cl.checker, flashc.cl.catalogue as c;"
        "assert c.catalogue.cache_info().currsize == 0; assert 'yaml' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)


def test_binding_maps_positions_keywords_and_defaults() -> None:
    found = bound("CHKOBJ &LIB/&OBJ *FILE AUT(*USE)")
    assert set(found.values) == {"OBJ", "OBJTYPE", "AUT"}
    assert word(found.values["OBJTYPE"]) == "*FILE"
    assert found.default("MBR") == "*NONE"
    assert found.default("OBJ") is None
    assert found.problems == []


def test_binding_leaves_out_what_is_not_given() -> None:
    found = bound("MONMSG CPF0000 *N GOTO END")
    assert set(found.values) == {"MSGID", "EXEC"}
    assert isinstance(found.values["EXEC"], Command)
    assert set(bound("CHKOBJ OBJ(X) OBJTYPE(*FILE) MBR()").values) == {"OBJ", "OBJTYPE"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("CHKOBJ OBJ(X) OBJTYPE(*FILE) WHAT(1)", "CPD0043"),
        ("CHKOBJ OBJ(X)", "CL0203"),
        ("CHKOBJ OBJ(X) OBJTYPE(*FILE) OBJ(Y)", "CL0204"),
        ("CHKOBJ OBJ(X) OBJTYPE(*FILE) *FIRST", "CL0205"),
        ("ENDDO X", "CL0206"),
        ("CHKOBJ OBJ(X) OBJTYPE (*FILE)", "CL0215"),
    ],
)
def test_binding_reports(text: str, code: str) -> None:
    assert [p.code for p in bound(text).problems] == [code]


def test_a_command_definition_source_becomes_a_definition() -> None:
    definition, problems = definition_from_source(
        """
             CMD        PROMPT('Start environment') MAXPOS(2)
             PARM       KWD(ENV) TYPE(*NAME) MIN(1) PROMPT('Environment')
             PARM       KWD(FILE) TYPE(Q1) DFT(*NONE) SNGVAL((*NONE))
             PARM       KWD(OPT) TYPE(*CHAR) LEN(8) RSTD(*YES) DFT(*YES) VALUES(*YES *NO)
             PARM       KWD(LIST) TYPE(E1) MAX(5)
 Q1:         QUAL       TYPE(*NAME) LEN(10)
             QUAL       TYPE(*NAME) DFT(*LIBL) SPCVAL((*LIBL) (*CURLIB ' '))
 E1:         ELEM       TYPE(*INT4) RANGE(1 5)
             ELEM       TYPE(*CHAR) LEN(5)
             DEP        CTL(&OPT *EQ *NO) PARM((FILE) (&ENV *EQ 'X')) NBRTRUE(*EQ 0) MSGID(FLX0001)
        """,
        "FLXSTR",
    )
    assert problems == []
    assert definition is not None
    assert definition.name == "FLXSTR"
    assert definition.positional() == ("ENV", "FILE")
    environment, file, option, items = definition.parameters
    assert (environment.type, environment.required, environment.length) == ("name", True, 10)
    assert (file.type, file.single, file.default) == ("qualified", ("*NONE",), "*NONE")
    assert [q.special for q in file.qualifiers] == [(), ("*LIBL", "*CURLIB")]
    assert (option.type, option.closed, option.special) == ("enum", True, ("*YES", "*NO"))
    assert (items.maximum, [e.type for e in items.elements]) == (5, ["integer", "char"])
    assert items.elements[0].limits == ("1", "5")
    (rule,) = definition.dependencies
    assert (rule.message, rule.operator, rule.count) == ("FLX0001", "EQ", 0)


@pytest.mark.parametrize(
    "text",
    [
        "PARM KWD(A) TYPE(*CHAR)",
        "CMD PROMPT('x')\nPARM KWD(A) TYPE(*NONE)",
        "CMD PROMPT('x')\nPARM KWD(TOOLONGNAME) TYPE(*CHAR)",
        "CMD PROMPT('x')\nPARM TYPE(*CHAR)",
        "CMD PROMPT('x')\nQUAL TYPE(*NAME)",
        "CMD PROMPT('x')\nPARM KWD(A) TYPE(*CHAR) RSTD(*YES)",
        "CMD PROMPT('x')\nDEP CTL(A) PARM((B))",
        "CMD PROMPT('1234567890123456789012345678901')",
        "CMD PROMPT('x')\nPARM KWD(A) TYPE(Q)\nQ: QUAL TYPE(Q)",
        "CMD PROMPT('x'\nPARM KWD(A) TYPE(*CHAR)",
    ],
)
def test_a_wrong_command_definition_source_gives_none(text: str) -> None:
    definition, problems = definition_from_source(text, "X")
    assert definition is None
    assert problems
