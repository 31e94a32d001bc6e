"""The CL parser: what each form becomes, where it stands, and that no text makes it fail."""

from __future__ import annotations

import pytest
from flashc.cl.ast import (
    Argument,
    Builtin,
    Command,
    Hex,
    ListValue,
    Operation,
    Qualified,
    Quoted,
    Unary,
    Value,
    Variable,
    Word,
)
from flashc.cl.parser import parse
from hypothesis import given, settings
from hypothesis import strategies as st


def plain(value: Value | Argument) -> object:
    """The value without positions, as text and tuples."""
    match value:
        case Word(text=text):
            return text
        case Quoted(text=text):
            return "'" + text
        case Hex(data=data):
            return data
        case Variable(name=name):
            return name
        case Builtin(name=name, args=args):
            return (name, *map(plain, args))
        case Qualified(parts=parts):
            return ("/", *map(plain, parts))
        case ListValue(items=items):
            return [plain(item) for item in items]
        case Operation(op=op, left=left, right=right):
            return (op, plain(left), plain(right))
        case Unary(op=op, operand=operand):
            return (op, plain(operand))
        case Argument(keyword=keyword, value=inner):
            return (keyword, plain(inner))
        case Command(name=name, args=args):
            return {name: [plain(a) for a in args]}
    raise AssertionError(value)


def one(text: str) -> object:
    """The only command of a text without errors."""
    source, problems = parse(text)
    assert not problems
    (statement,) = source.statements
    assert statement.command is not None
    return plain(statement.command)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("PGM", {"PGM": []}),
        ("dcl &a *char 10", {"DCL": [(None, "&A"), (None, "*CHAR"), (None, "10")]}),
        ("DCL VAR(&A) LEN(5 0)", {"DCL": [("VAR", "&A"), ("LEN", ["5", "0"])]}),
        ("CHGVAR &A (&B + 1)", {"CHGVAR": [(None, "&A"), (None, ("+", "&B", "1"))]}),
        ("CHGVAR &A VALUE(&B -1)", {"CHGVAR": [(None, "&A"), ("VALUE", ("-", "&B", "1"))]}),
        ("CHGVAR &A VALUE(&B/&C)", {"CHGVAR": [(None, "&A"), ("VALUE", ("/", "&B", "&C"))]}),
        ("CHGVAR &A VALUE(&B*2)", {"CHGVAR": [(None, "&A"), ("VALUE", ("*", "&B", "2"))]}),
        ("CALL P PARM(&A -1)", {"CALL": [(None, "P"), ("PARM", ["&A", "-1"])]}),
        ("CALL PGM(&L/P) PARM(X'c1')", {"CALL": [("PGM", ("/", "&L", "P")), ("PARM", b"\xc1")]}),
        ("X K()", {"X": [("K", [])]}),
        ("X K('it''s') L('')", {"X": [("K", "'it's"), ("L", "'")]}),
        ("X OBJ(&LIB/*ALL) T(A*)", {"X": [("OBJ", ("/", "&LIB", "*ALL")), ("T", "A*")]}),
        ("X K((A 1) (B 2))", {"X": [("K", [["A", "1"], ["B", "2"]])]}),
        ("X K((A))", {"X": [("K", [["A"]])]}),
        ("X TOPGMQ(*PRV *)", {"X": [("TOPGMQ", ["*PRV", "*"])]}),
        ("X J(1/U/N)", {"X": [("J", ("/", "1", "U", "N"))]}),
        ("X REL(*GT 5)", {"X": [("REL", ["*GT", "5"])]}),
        ("CPYF INCREL((*IF F *EQ 5))", {"CPYF": [("INCREL", [["*IF", "F", "*EQ", "5"]])]}),
        ("IF (&A) GOTO X", {"IF": [(None, "&A"), (None, {"GOTO": [(None, "X")]})]}),
        ("IF COND(&A = 'X') THEN(DO)", {"IF": [("COND", ("*EQ", "&A", "'X")), ("THEN", {"DO": []})]}),
        ("ELSE IF (&A) DO", {"ELSE": [(None, {"IF": [(None, "&A"), (None, {"DO": []})]})]}),
        ("MONMSG CPF0000", {"MONMSG": [(None, "CPF0000")]}),
        ("SBMJOB CMD(CALL P) JOB(J)", {"SBMJOB": [("CMD", {"CALL": [(None, "P")]}), ("JOB", "J")]}),
        ("OWN RUN(CALL PGM(P))", {"OWN": [("RUN", {"CALL": [("PGM", "P")]})]}),
        ("IF (*NOT &A *AND &B) DO", {"IF": [(None, ("*AND", ("*NOT", "&A"), "&B")), (None, {"DO": []})]}),
        (
            "IF COND((&A = 1) & (&B > 2) | &C) THEN(RETURN)",
            {
                "IF": [
                    ("COND", ("*OR", ("*AND", ("*EQ", "&A", "1"), ("*GT", "&B", "2")), "&C")),
                    ("THEN", {"RETURN": []}),
                ]
            },
        ),
        (
            "CHGVAR &A VALUE(%SST(&B 1 2) |> 'x' *CAT &C)",
            {"CHGVAR": [(None, "&A"), ("VALUE", ("*CAT", ("*BCAT", ("%SST", "&B", "1", "2"), "'x"), "&C"))]},
        ),
        ("X F(%SST(&Q 11 10)/%SST(&Q 1 10))",
         {"X": [("F", ("/", ("%SST", "&Q", "11", "10"), ("%SST", "&Q", "1", "10")))]}),
    ],
)  # fmt: skip
def test_form(text: str, tree: object) -> None:
    assert one(text) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("X A(1) +\n   B(2)", [("A", "1"), ("B", "2")]),
        ("X A(1) -\nB(2)", [("A", "1"), ("B", "2")]),
        ("X T('abc +\n    def')", [("T", "'abc def")]),
        ("X T('abc -\n  def')", [("T", "'abc   def")]),
        ("X LON+\n    GNAME(1)", [("LONGNAME", "1")]),
        ("X A(&LON+  \n    G)", [("A", "&LONG")]),
        ("X A(1) /* why */ +\n  B(2)", [("A", "1"), ("B", "2")]),
        ("X A(1) +\r\n   B(2)\r\n", [("A", "1"), ("B", "2")]),
        ("X A(1) +\n\n   B(2)\n", [("A", "1"), ("B", "2")]),
        ("X A(1) + /* no continuation */", None),
    ],
)
def test_continuation(text: str, tree: list[object] | None) -> None:
    source, _ = parse(text)
    assert len(source.statements) == 1
    command = source.statements[0].command
    assert command is not None
    if tree is not None:
        assert [plain(a) for a in command.args] == tree


def test_a_blank_line_ends_what_the_next_line_does_not_continue() -> None:
    source, problems = parse("X A(1) +\n\nDLTF FILE(A)\n")
    assert not problems
    assert [s.command.name for s in source.statements if s.command] == ["X", "DLTF"]


def test_comments_are_kept_and_values_are_not_comments() -> None:
    source, problems = parse("/* a\n b */ PGM /*c*/\n/* d */\nDLTF &L/*ALL /* e */\n")
    assert not problems
    assert [c.text for c in source.comments] == ["/* a\n b */", "/*c*/", "/* d */", "/* e */"]
    assert [s.command.name for s in source.statements if s.command] == ["PGM", "DLTF"]


def test_a_comment_opens_behind_a_blank_or_before_a_blank_or_an_asterisk() -> None:
    forms = ("/*first*/ PGM", "RETURN /*a*/", "RETURN/* a*/", "RETURN/** a*/", "RETURN/*\na*/")
    for form in (*forms, "X A(1)+\n /* a*/", "X A(1)-\n /*a*/", "RETURN /*+\na*/", "\ufeff/*a*/ PGM"):
        source, problems = parse(form)
        assert not problems, form
        assert len(source.comments) == 1, form


def test_labels_alone_belong_to_the_next_command() -> None:
    source, problems = parse("a:\n/* x */\nB: GOTO C\nC:")
    assert not problems
    assert [[label.name for label in s.labels] for s in source.statements] == [["A", "B"], ["C"]]
    assert source.statements[1].command is None


def test_positions_are_those_of_the_source() -> None:
    text = "PGM\n  CHGVAR VAR(&A) +\n     VALUE('x')\nENDPGM"
    source, _ = parse(text, "p.clle")
    change = source.statements[1].command
    assert change is not None
    value = change.arg("VALUE")
    assert value is not None
    assert text[value.pos : value.end] == "'x'"
    span = source.span(value.pos, value.end)
    assert (span.file, span.line, span.column, span.end_column) == ("p.clle", 3, 12, 15)
    assert text[change.pos : change.end] == "CHGVAR VAR(&A) +\n     VALUE('x')"


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("X A('abc)\nPGM", "CL0101", 1),
        ("X A(1\nPGM", "CL0102", 1),
        ("X A(&B C(1)\nPGM", "CL0102", 1),
        ("X A(1))\nPGM", "CL0103", 1),
        (")\nPGM", "CL0103", 1),
        ("PGM\n/* abc", "CL0104", 2),
        ("X A(X'C')\nPGM", "CL0105", 1),
        ("X A(X'GG')\nPGM", "CL0105", 1),
        ("X " + "(" * 100 + ")" * 100 + "\nPGM", "CL0106", 1),
        ("X A(;)\nPGM", "CL0107", 1),
        ("X " + "A " * 20000 + "\nPGM", "CL0108", 1),
        ("IF (&A" + " *AND &A" * 400 + ") DO\nPGM", "CL0109", 1),
        ("IF (&A <> 1) DO\nPGM", "CL0110", 1),
        ("IF (&A = ) DO\nPGM", "CL0111", 1),
        ("'x'\nPGM", "CL0113", 1),
        ("X A('" + "a" * 5001 + "')\nPGM", "CL0114", 1),
        ("X A(1)/*b*/\nPGM", "CL0115", 1),
        ("RETURN/*b*/\nPGM", "CL0115", 1),
        ("X A(/*b*/ 1)\nPGM", "CL0115", 1),
        ("X A(1)+\n   /*b*/\nPGM", "CL0115", 2),
        ("L:/*b*/\nPGM", "CL0115", 1),
        ("/*a*//*b*/\nPGM", "CL0115", 1),
    ],
)
def test_a_syntax_error_is_found_and_the_next_statement_is_read(text: str, code: str, line: int) -> None:
    source, problems = parse(text)
    assert [(p.code, p.span.line) for p in problems] == [(code, line)]
    if code != "CL0104":
        last = source.statements[-1].command
        assert last is not None
        assert last.name == "PGM"


def test_a_command_with_a_syntax_error_is_marked() -> None:
    source, _ = parse("DCL VAR(&A TYPE(*CHAR)\nPGM")
    assert [s.command.broken for s in source.statements if s.command] == [True, False]


def test_the_number_of_reported_errors_has_a_limit() -> None:
    _, problems = parse(")\n" * 5000)
    assert len(problems) == 1001
    assert problems[-1].code == "CL0002"


FRAGMENTS = st.sampled_from(
    [
        "PGM",
        "IF",
        "COND",
        "(",
        ")",
        "'",
        "''",
        "&A",
        "&",
        "%SST(",
        "*CAT",
        "*",
        "/*",
        "*/",
        "/",
        "THEN(",
        "DO",
        "ENDDO",
        "X'",
        "A:",
        "5",
        "-1",
        "=",
        "¬=",
        "||",
        "?",
        ";",
        '"',
        ".",
        "é",
        "+\n",
        "-\n",
        "\n",
        " ",
        "\x00",
    ]
)


def check_positions(text: str) -> None:
    source, problems = parse(text)
    for problem in problems:
        assert 1 <= problem.span.line <= text.count("\n") + 1
    for statement in source.statements:
        assert 0 <= statement.pos <= statement.end <= len(text)
        if statement.command is not None:
            check_command(statement.command, len(text))
    for comment in source.comments:
        assert text[comment.pos : comment.end] == comment.text


def check_command(command: Command, size: int) -> None:
    assert 0 <= command.pos < command.name_end <= command.end <= size
    for argument in command.args:
        assert command.name_end <= argument.pos <= argument.end <= size
        assert argument.pos <= argument.value.pos <= argument.value.end <= argument.end
        if isinstance(argument.value, Command):
            check_command(argument.value, size)


@settings(max_examples=300, deadline=None)
@given(st.lists(FRAGMENTS, max_size=40).map("".join))
def test_any_sequence_of_fragments_is_read(text: str) -> None:
    check_positions(text)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    check_positions(text)
