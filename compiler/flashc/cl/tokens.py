"""The words of CL: limits, tables of parameters that the grammar treats apart, and the tokens.

Continuation is removed without moving anything: each sign, its line end and the blanks that CL drops
become NUL characters, which all patterns here pass over.  All repetitions are possessive, so that no
text can make a pattern try twice.  docs/platform-facts.md#cl-lexical
"""

from __future__ import annotations

import re

MAX_DEPTH = 40  # parentheses and commands inside one another; CL itself stops much earlier
MAX_GROUPS = 5  # parentheses inside one another in an expression
MAX_LISTS = 3  # lists inside one another in one parameter
MAX_OPERATIONS = 300  # operations in one value
MAX_STATEMENT = 32_702  # characters of one statement after joining
MAX_STRING = 5_000
MAX_REPORTED = 1_000  # syntax errors reported for one source

# Parameters that hold a command, by command: keyword -> its positional place (0 for none).
COMMAND_PARAMETERS: dict[str, dict[str, int]] = {
    "IF": {"THEN": 2},
    "ELSE": {"CMD": 1},
    "WHEN": {"THEN": 2},
    "OTHERWISE": {"CMD": 1},
    "MONMSG": {"EXEC": 3},
    "SBMJOB": {"CMD": 0},
    "ADDJOBSCDE": {"CMD": 2},
    "CHGJOBSCDE": {"CMD": 0},
    "ADDJOBJS": {"CMD": 0},
    "CHGJOBJS": {"CMD": 0},
    "ADDCMDJS": {"CMD": 0},
    "CHGCMDJS": {"CMD": 0},
    "ADDMLTMON": {"CMD": 0},
    "SBMRMTCMD": {"CMD": 1},
    "RUNRMTCMD": {"CMD": 1},
}
# Parameters whose whole content is one expression: keyword or positional place.
EXPRESSIONS: dict[str, frozenset[str | int]] = {
    "IF": frozenset({"COND", 1}),
    "WHEN": frozenset({"COND", 1}),
    "DOWHILE": frozenset({"COND", 1}),
    "DOUNTIL": frozenset({"COND", 1}),
    "DOFOR": frozenset({"FROM", "TO", 2, 3}),
    "CHGVAR": frozenset({"VALUE", 2}),
}
# Parameters in which an operator word is a value of its own.
RAW_LISTS = frozenset({"INCREL", "INCCHAR", "REL", "NBRTRUE"})

WORD_OPERATORS = {
    "*OR": 1,
    "*AND": 2,
    "*EQ": 3,
    "*GT": 3,
    "*LT": 3,
    "*GE": 3,
    "*LE": 3,
    "*NE": 3,
    "*NG": 3,
    "*NL": 3,
    "*CAT": 4,
    "*BCAT": 4,
    "*TCAT": 4,
}
RELATIONAL = 3
PRECEDENCE = {**WORD_OPERATORS, "+": 5, "-": 5, "*": 6, "/": 6}
SYMBOLS = {
    "=": "*EQ",
    ">": "*GT",
    "<": "*LT",
    ">=": "*GE",
    "<=": "*LE",
    "^=": "*NE",
    "^>": "*NG",
    "^<": "*NL",
    "||": "*CAT",
    "|>": "*BCAT",
    "|<": "*TCAT",
    "&": "*AND",
    "|": "*OR",
    "+": "+",
    "-": "-",
    "*": "*",
    "/": "/",
}
# The not sign and the bar have other places in other code pages.
CODE_PAGES = str.maketrans({"\xac": "^", "!": "|", "\xa6": "|"})

N = r"\w$#@\xa3\xa7"  # characters of a name; the variant characters come from other code pages
B = r"[ \t\r\f\v\0\x1a\x85\xa0\u3000\u200b\ufeff]"
BLANK = re.compile(rf"(?!\0){B}|\n")
CONTINUATION = re.compile(
    r"\+[ \t\r]*+(?:\n(?:[ \t\r]*+\n(?=[ \t\r\n]*+(?:[\w$#@]{1,10}+\(|[()&'])))*+[ \t]*+|\Z)"
    r"|-[ \t\r]*+(?:\n|\Z)"
)
LEAD = re.compile(rf"(?:{B}|\n)*+")
HEAD = re.compile(rf"\??{B}*+(?:([*]?[{N}.]++)/)?([{N}]++)(?={B}|[\n()?']|\Z|/\*|[&*%])")
LABEL = re.compile(rf"([{N}][{N}\0]*+){B}*+:")
PARAMETER = re.compile(
    rf"{B}*+([A-Za-z$#@][{N}]*+)\({B}*+(?:"
    rf"(&[{N}]++)"
    r"|('[^'\n\0]*+')"
    rf"|([*]?[{N}][{N}.]*+(?:\*(?=\)))?)"
    rf"|([&*]?[{N}]++)/([&*]?[{N}]++)"
    rf"){B}*+\)"
)
STRING = r"'[^'\n]*+(?:''[^'\n]*+)*+'"
TOKEN = re.compile(
    rf"{B}*+(?:"
    rf"(&[{N}][{N}\0]*+)"  # 1 variable
    rf"|({STRING})"  # 2 string
    r"|([Xx]'[^'\n]*+')"  # 3 hexadecimal
    r"|(%[A-Za-z\0]++)"  # 4 built-in function
    rf"|(\*[{N}][{N}.\0]*+(?:\*(?=[\s)/]|\Z))?)"  # 5 special value or operator word
    rf'|((?:"[^"\n]*+"|[{N}]|[.,](?=[{N}]))(?:[{N}.,:\0"]|-(?=\w))*+(?:\*(?=[\s)/]|\Z))?)'  # 6 word
    r"|(\()"  # 7
    r"|(\))"  # 8
    r"|(/\*)"  # 9 comment
    r"|(\|\||\|>|\|<|!!|!>|!<|\xa6\xa6|\xa6>|\xa6<|>=|<=|<>|[\xac^][=<>]"
    r"|[=<>|!\xa6&+\-*/\xac^])"  # 10 operator
    r"|(\n|\Z)"  # 11 end of statement
    r"|(.)"  # 12 anything else
    r")",
)
VARIABLE, QUOTED, HEX, BUILTIN, SPECIAL, WORD, OPEN, CLOSE, COMMENT, OPERATOR, END, OTHER = range(1, 13)
PATH = re.compile(r"/[^\s()'\0]*+")
PROMPT = re.compile(r"\?[?*<>/&%!@-]?")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+[.,]?[0-9]*|[.,][0-9]+)\Z")
OPERANDS = frozenset({VARIABLE, QUOTED, HEX, BUILTIN, SPECIAL, WORD})
FOLD = str.maketrans({chr(c): chr(c - 32) for c in range(ord("a"), ord("z") + 1)})


def fold(text: str) -> str:
    """Upper case of a-z only: other letters are not folded by the CL compiler."""
    return text.upper() if text.isascii() else text.translate(FOLD)


def join(text: str) -> str:
    """The text with its continuations made NUL characters; every offset stays what it was."""
    return CONTINUATION.sub(_masked, text.replace("\0", " ") if "\0" in text else text)


def is_number(text: str) -> bool:
    """Whether a word is a decimal number: optional sign, digits, one decimal mark."""
    return _NUMBER.match(text) is not None


def small(text: str) -> int:
    """The value of decimal digits; what is far too large for any limit becomes 10**9."""
    return int(text) if len(text) < 10 else 10**9


def _masked(found: re.Match[str]) -> str:
    return "\0" * (found.end() - found.start())
