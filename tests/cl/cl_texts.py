"""Texts of CL for property tests: correct statements in every kind of layout."""

from __future__ import annotations

from hypothesis import strategies as st

WORDS = ["abc", "*CHAR", "*eq", "10", "-1.5", "ABC*", "mylib/myobj", "&lib/&obj", "&lib/*ALL", "*n", '"a b"']
WORDS += [
    "&a",
    "&ABCDEFGHIJ",
    "x'C1c2'",
    "''",
    "'a'",
    "'it''s'",
    "'*/ no end'",
    "'+'",
    "'a  b   c'",
    "/tmp/x",
]
WORDS += [
    "'a literal of many words that go on and on, with ''quotes'' in it more than one line holds'",
    "'/a/literal/without/any/blank/in/it/that/goes/on/and/on/for/longer/than/one/single/line/can/hold/it'",
    "'" + "x" * 90 + "   " + "''" * 40 + "'",
    "AWORDTHATISVERYLONGINDEEDANDCANNOTBEBROKENANYWHEREATALLSOTHATNOTHINGHELPS",
]
COMMENTS = [
    "/* c */",
    "/**/",
    "/* it's */",
    "/* " + "long " * 15 + "*/",
    "/* one\n   two */",
    "/*" + "*" * 74 + "/",
]
BLANK = st.sampled_from([" ", "  ", "\t", " +\n  ", " +\n", "  -\n ", *(f" {c} " for c in COMMENTS)])
BLANK |= st.sampled_from(COMMENTS).map(lambda c: f" +\n {c} +\n ") | st.just(" ")
NONE = st.just("") | st.just("") | BLANK
NAMES = [
    "dcl",
    "CHGVAR",
    "mycmd",
    "QSYS/dspjob",
    "if",
    "CALL",
    "?sndpgmmsg",
    "averylongn",
    "MONMSG",
    "*libl/x",
]
KEYWORDS = ["var", "VALUE", "MSGID", "TYPE", "PARM", "INCREL", "?MSG", "?*MSGF", "OBJ"]
OPERATORS = ["*eq", "=", "*CAT", "||", "|>", "*and", "&", "|", "+", "-", "*", "/", ">=", "^=", "*BCAT", "*or"]

word = st.sampled_from(WORDS)


def _joined(parts: list[str]) -> str:
    return "".join(parts)


def _call(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    builtin = st.sampled_from(["%sst", "%TRIM", "%bin"])
    return st.tuples(builtin, st.just("("), NONE, inner, NONE, st.just(")")).map("".join)


def _operation(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(inner, BLANK, st.sampled_from(OPERATORS), BLANK, inner).map("".join)


def _several(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pieces = st.lists(st.tuples(inner, BLANK).map("".join), max_size=5).map(_joined)
    return st.tuples(st.just("("), NONE, pieces, st.just(")")).map("".join)


def _negated(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    operand = st.sampled_from(["&a", "abc", "10"]) | _several(inner)
    return st.tuples(st.sampled_from(["*not ", "^", "-", "+ "]), operand).map("".join)


value = st.recursive(
    word, lambda inner: _call(inner) | _operation(inner) | _several(inner) | _negated(inner), max_leaves=8
)
parameter = st.tuples(st.sampled_from(KEYWORDS), st.just("("), NONE, value, NONE, st.just(")")).map("".join)
parameters = st.lists(st.tuples(BLANK, parameter | value).map("".join), max_size=6).map(_joined)
simple = st.tuples(st.sampled_from(NAMES), parameters).map("".join)
holder = st.sampled_from(
    ["if cond(&a) THEN(", "else (", "monmsg cpf0000 exec(", "WHEN (&a) (", "OTHERWISE CMD("]
)
held = st.tuples(holder, NONE, simple | st.sampled_from(["do", "goto x"]), NONE, st.just(")")).map("".join)
group = st.sampled_from(
    ["dowhile &a", "SELECT", "endselect", "ENDDO", "enddo", "subr x", "ENDSUBR", "PGM", "endpgm"]
)
label = st.sampled_from(["", "", "", "a:", "LABEL12345: ", "b: \n", "a: /* c */ ", "a: +\n"])
statement = st.tuples(label, simple | held | group, st.just("") | BLANK).map("".join)
line = st.tuples(
    st.sampled_from(["", " ", "       ", "\t", " " * 20]), statement | st.sampled_from([*COMMENTS, ""])
)
source = st.lists(line.map("".join), max_size=12).map(lambda lines: "\n".join([*lines, ""]))
"""CL in any layout; some of it has syntax errors."""
