"""Command definition sources (CMD, PARM, QUAL, ELEM, DEP, PMTCTL) as catalogue definitions.

docs/platform-facts.md#cl-command-definition
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from flashc.cl.ast import Command, ListValue, Operation, Quoted, Source, Value, Variable, Word
from flashc.cl.catalogue import CommandDef, Condition, Dependency, ParameterDef
from flashc.cl.parser import parse
from flashc.cl.problems import Problem, nearest
from flashc.cl.tokens import is_number, small
from flashc.diag import Diagnostic

STATEMENTS = frozenset({"CMD", "PARM", "QUAL", "ELEM", "DEP", "PMTCTL"})
MAX_PARAMETERS = 99
MAX_ELEMENTS = 300  # ELEM statements of a list; also values of VALUES, SPCVAL and SNGVAL
MAX_DEP = 25  # conditions of a DEP
MAX_PMTCTL = 50
MAX_PROMPT = 30
TYPES = {
    "*CHAR": "char",
    "*DEC": "decimal",
    "*LGL": "logical",
    "*NAME": "name",
    "*SNAME": "simple_name",
    "*CNAME": "communications_name",
    "*GENERIC": "generic_name",
    "*PNAME": "pathname",
    "*VARNAME": "cl_variable_name",
    "*CMD": "command_string",
    "*CMDSTR": "command_string",
    "*HEX": "hex",
    "*X": "any",
    "*INT2": "integer",
    "*INT4": "integer",
    "*UINT2": "unsigned_integer",
    "*UINT4": "unsigned_integer",
    "*DATE": "date",
    "*TIME": "time",
    "*NULL": "null",
    "*ZEROELEM": "zero_elements",
}
# The greatest LEN of each type; none: the type takes no LEN.
LIMITS = {"*DEC": 24, "*LGL": 1, "*CHAR": 5000, "*NAME": 256, "*SNAME": 256, "*CNAME": 256, "*GENERIC": 256}
LIMITS |= {"*PNAME": 5000, "*VARNAME": 11, "*CMDSTR": 20000, "*HEX": 256, "*X": 256}
_RETURNING = frozenset({"*BPGM", "*IPGM", "*BMOD", "*IMOD", "*BREXX", "*IREXX"})
DEFAULT_LENGTHS = {"char": 32, "name": 10, "simple_name": 10, "communications_name": 10, "generic_name": 10}
DEFAULT_LENGTHS |= {"pathname": 32, "cl_variable_name": 11, "command_string": 256, "hex": 1, "logical": 1}
_YES_NO = ("*YES", "*NO")
_VALUES = {
    "LEN": (),
    "CONSTANT": (),
    "RSTD": _YES_NO,
    "DFT": (),
    "VALUES": (),
    "REL": (),
    "RANGE": (),
    "SPCVAL": (),
    "SNGVAL": (),
    "MIN": (),
    "MAX": (),
    "ALWUNPRT": _YES_NO,
    "ALWVAR": _YES_NO,
    "PGM": _YES_NO,
    "DTAARA": _YES_NO,
    "FILE": ("*NO", "*IN", "*OUT", "*UPD", "*INOUT", "*UNSPFD"),
    "FULL": _YES_NO,
    "EXPR": _YES_NO,
    "VARY": (*_YES_NO, "*INT2", "*INT4"),
    "PASSATR": _YES_NO,
    "PASSVAL": ("*DFT", "*NULL"),
    "CASE": ("*MONO", "*MIXED"),
    "LISTDSPL": ("*INT2", "*INT4"),
    "DSPINPUT": (*_YES_NO, "*PROMPT"),
    "CHOICE": ("*VALUES", "*NONE", "*PGM"),
    "CHOICEPGM": (),
    "INLPMTLEN": (),
    "PROMPT": (),
}
# fmt: off
_CMD = (
    "PROMPT", "PGM", "VLDCKR", "MODE", "ALLOW", "ALWLMTUSR", "MAXPOS", "PMTFILE", "MSGF", "HLPSHELF",
    "HLPPNLGRP", "HLPID", "HLPSCHIDX", "CURLIB", "PRDLIB", "PMTOVRPGM", "AUT", "REPLACE", "ENBGUI",
    "THDSAFE", "MLTTHDACN", "TEXT", "CCSID",
)
# fmt: on
# The keywords of the statements, each with its values beside names, numbers and texts.
_KEYWORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "CMD": dict.fromkeys(_CMD, ()),
    "PARM": _VALUES
    | {"KWD": (), "TYPE": (), "RTNVAL": _YES_NO, "PMTCTL": ("*PMTRQS",), "PMTCTLPGM": (), "KEYPARM": _YES_NO},
    "ELEM": _VALUES | {"TYPE": ()},
    "QUAL": _VALUES | {"TYPE": ()},
    "DEP": dict.fromkeys(("CTL", "PARM", "NBRTRUE", "MSGID"), ()),
    "PMTCTL": dict.fromkeys(("CTL", "COND", "NBRTRUE", "LGLREL"), ()),
}
_PLACES = {
    "CMD": ("PROMPT",),
    "PARM": ("KWD", "TYPE", "LEN"),
    "QUAL": ("TYPE", "LEN"),
    "ELEM": ("TYPE", "LEN"),
    "DEP": ("CTL", "PARM", "NBRTRUE", "MSGID"),
}


def definition_from_source(text: str, name: str) -> tuple[CommandDef | None, list[Diagnostic]]:
    """The definition in a command definition source; `name` is the command's and the file's in messages.

    None when the source has errors.
    """
    source, diagnostics = parse(text, name)
    definition, problems = definition_from_tree(source, name)
    diagnostics = diagnostics + [p.at(source) for p in problems]
    if any(d.severity == "error" for d in diagnostics):
        return None, diagnostics
    return definition, diagnostics


def is_definition(source: Source) -> bool:
    """Whether a source is one of a command definition: its first command is CMD."""
    first = next((s.command for s in source.statements if s.command is not None), None)
    return first is not None and first.name == "CMD"


@dataclass(slots=True)
class _Reading:
    problems: list[Problem] = field(default_factory=list)
    groups: dict[str, list[Command]] = field(default_factory=dict)
    parms: list[Command] = field(default_factory=list)
    deps: list[Command] = field(default_factory=list)
    controls: list[Command] = field(default_factory=list)
    control_labels: set[str] = field(default_factory=set)
    cmd: Command | None = None
    kinds: dict[str, str] = field(default_factory=dict)

    def groups_used(self) -> list[Command]:
        """The first statement behind the limit of each group that is too long."""
        groups = {id(g): g for g in self.groups.values()}.values()
        return [g[MAX_ELEMENTS] for g in groups if len(g) > MAX_ELEMENTS]

    def wrong(self, command: Command, message: str, code: str = "CL0217") -> None:
        self.problems.append(Problem(code, "error", message, command.pos, command.name_end))


def definition_from_tree(source: Source, name: str) -> tuple[CommandDef, list[Problem]]:
    """The definition in a parsed source, as far as it is right, and what is wrong."""
    reading = _Reading()
    _collect(source, reading)
    parameters: list[ParameterDef] = []
    keywords: set[str] = set()
    for command in reading.parms:
        parameter = _parameter(command, reading, ())
        if parameter is None:
            continue
        if parameter.keyword in keywords:
            reading.wrong(command, f"the keyword {parameter.keyword} is written twice", "CL0204")
        keywords.add(parameter.keyword)
        parameters.append(parameter)
    if len(reading.parms) > MAX_PARAMETERS:
        reading.wrong(reading.parms[MAX_PARAMETERS], "a command has at most 99 PARM statements")
    limit = len(parameters)
    allowed = frozenset({"*ALL"})
    if reading.cmd is None:
        reading.problems.append(Problem("CL0217", "error", "the CMD statement is missing", 0, 1))
    else:
        limit = _whole(_texts(reading.cmd, "MAXPOS")[:1], limit)
        allowed = frozenset(_texts(reading.cmd, "ALLOW")) or allowed
        _whole_command(reading.cmd, allowed, reading)
    for command in reading.groups_used():
        reading.wrong(command, f"a group has at most {MAX_ELEMENTS} statements")
    placed: list[ParameterDef] = []
    position = 0
    for parameter in parameters:
        if position < limit and parameter.constant is None:
            position += 1
            parameter = replace(parameter, position=position)
        placed.append(parameter)
    dependencies = [d for c in reading.deps if (d := _dependency(c, keywords, reading)) is not None]
    _check_prompt_controls(keywords, reading)
    definition = CommandDef(
        name=name.upper(),
        parameters=tuple(placed),
        max_positional=position,
        allowed=allowed,
        dependencies=tuple(dependencies),
        source=("command definition source",),
    )
    return definition, reading.problems


def _collect(source: Source, reading: _Reading) -> None:
    group = ""
    for statement in source.statements:
        command = statement.command
        if command is None:
            continue
        _misspelled(command, reading)
        labels = [label.name for label in statement.labels]
        if command.name in ("QUAL", "ELEM"):
            if labels:
                group = labels[-1]
                for label in labels:
                    reading.groups[label] = reading.groups[group] = reading.groups.get(group, [])
                    reading.kinds[label] = command.name
            elif not group or reading.kinds[group] != command.name:
                reading.wrong(command, f"the first {command.name} of a group needs a label")
                continue
            reading.groups[group].append(command)
        elif command.name == "CMD":
            if reading.cmd is not None:
                reading.wrong(command, "a command definition has one CMD statement")
            else:
                reading.cmd = command
        elif command.name == "PARM":
            reading.parms.append(command)
        elif command.name == "DEP":
            reading.deps.append(command)
        elif command.name == "PMTCTL":
            reading.controls.append(command)
            reading.control_labels.update(labels)
            if len(_conditions(_argument(command, "COND"))) > MAX_PMTCTL:
                reading.wrong(command, f"PMTCTL takes at most {MAX_PMTCTL} conditions")
        elif command.name not in STATEMENTS:
            reading.wrong(command, f"{command.name} is not a command definition statement")


def _misspelled(command: Command, reading: _Reading) -> None:
    """Report keywords and special values one character off those of the statement."""
    known = _KEYWORDS.get(command.name, {})
    known_statements = STATEMENTS - {"CMD"}  # CMD takes parameters of CRTCMD, all of which are not listed
    for argument in command.args:
        keyword, value = argument.keyword, argument.value
        if keyword is None:
            continue
        if keyword not in known:
            close = nearest(keyword, list(known))
            what, at, end, code = f"no parameter {keyword}", argument.pos, argument.keyword_end, "CPD0043"
        elif isinstance(value, Word) and value.text not in known[keyword]:
            close = nearest(value.text, known[keyword])
            what, at, end, code = f"{keyword} takes no {value.text}", value.pos, value.end, "CL0207"
        else:
            continue
        if close is not None or (code == "CPD0043" and command.name in known_statements):
            help = f"did you mean {close}?" if close is not None else None
            problem = Problem(code, "error", f"{command.name}: {what}", at, end or argument.end, help)
            reading.problems.append(problem)


def _parameter(command: Command, reading: _Reading, inside: tuple[str, ...]) -> ParameterDef | None:
    """A PARM, QUAL or ELEM statement; `inside` are the labels of the groups around it."""
    if command.broken:
        return None
    keyword = next(iter(_texts(command, "KWD")), "")
    if command.name == "PARM" and not 1 <= len(keyword) <= 10:
        reading.wrong(command, "PARM needs a keyword of 1 to 10 characters")
        return None
    written = next(iter(_texts(command, "TYPE")), "")
    qualifiers: tuple[ParameterDef, ...] = ()
    elements: tuple[ParameterDef, ...] = ()
    kind = TYPES.get(written, "")
    if written in reading.groups:
        if written in inside or len(inside) > 3:
            reading.wrong(command, f"the group {written} is nested too deeply or holds itself")
            return None
        made = [_parameter(c, reading, (*inside, written)) for c in reading.groups[written]]
        parts = tuple(p for p in made if p is not None)
        kind = "qualified" if reading.kinds[written] == "QUAL" else "element_list"
        qualifiers, elements = (parts, ()) if kind == "qualified" else ((), parts)
    elif not kind:
        reading.wrong(command, f"{written or 'TYPE'} is neither a type nor a label of QUAL or ELEM")
        return None
    lengths = [small(t) for t in _texts(command, "LEN") if t.isdecimal()]
    _check_length(command, written, lengths, reading)
    _check_values(command, reading)
    restricted = "*YES" in _texts(command, "RSTD")
    special = (*_texts(command, "VALUES"), *_mapped(command, "SPCVAL"))
    single = _mapped(command, "SNGVAL")
    if restricted and not (special or single):
        reading.wrong(command, "RSTD(*YES) needs VALUES, SPCVAL or SNGVAL")
    limits = _texts(command, "RANGE")
    relation = _texts(command, "REL")
    minimum = _whole(_texts(command, "MIN"), 0)
    number = kind == "decimal"
    return ParameterDef(
        keyword=keyword,
        type="enum" if restricted and kind not in ("qualified", "element_list") else kind,
        required=minimum > 0,
        minimum=minimum,
        maximum=max(1, _whole(_texts(command, "MAX"), 1)),
        length=0 if number else (lengths[0] if lengths else DEFAULT_LENGTHS.get(kind, 0)),
        digits=(lengths[0] if lengths else 15) if number else 0,
        scale=(lengths[1] if len(lengths) > 1 else 0 if lengths else 5) if number else 0,
        special=special,
        single=single,
        closed=restricted,
        limits=(limits[0], limits[1]) if len(limits) == 2 else None,
        relation=f"{relation[0].lstrip('*')} {relation[1]}" if len(relation) == 2 else None,
        default=next(iter(_texts(command, "DFT")), None),
        allow_variable="*NO" not in _texts(command, "ALWVAR"),
        allow_expression="*YES" in _texts(command, "EXPR"),
        returns="*YES" in _texts(command, "RTNVAL"),
        constant=next(iter(_texts(command, "CONSTANT")), None),
        mixed_case="*MIXED" in _texts(command, "CASE"),
        full="*YES" in _texts(command, "FULL"),
        qualifiers=qualifiers,
        elements=elements,
    )


def _whole_command(cmd: Command, allowed: frozenset[str], reading: _Reading) -> None:
    """The CMD statement: its prompt, its help, where it may run."""
    _check_prompt(cmd, reading)
    help_id, panels = _argument(cmd, "HLPID"), _argument(cmd, "HLPPNLGRP")
    if (help_id is None) != (panels is None):
        reading.wrong(cmd, "HLPID and HLPPNLGRP stand together", "CPD6274")
    if "*EXEC" in allowed and not allowed & {"*BATCH", "*INTERACT"}:
        reading.wrong(cmd, "ALLOW(*EXEC) needs *BATCH or *INTERACT")
    written = _texts(cmd, "ALLOW")
    for parm in reading.parms:
        if "*YES" in _texts(parm, "RTNVAL") and written and not allowed <= _RETURNING:
            reading.wrong(parm, "RTNVAL(*YES): ALLOW takes *BPGM, *IPGM, *BMOD and *IMOD only")


def _check_prompt_controls(keywords: set[str], reading: _Reading) -> None:
    """The labels and keywords that decide what the prompter shows."""
    for command in reading.parms:
        label = next(iter(_texts(command, "PMTCTL")), "")
        if label and not label.startswith("*") and label not in reading.control_labels:
            reading.wrong(command, f"PMTCTL({label}) names no PMTCTL statement")
    for command in reading.controls:
        keyword = next(iter(_texts(command, "CTL")), "")
        if keyword not in keywords:
            reading.wrong(command, f"PMTCTL names {keyword}, no PARM" if keyword else "PMTCTL needs CTL")


def _check_prompt(command: Command, reading: _Reading) -> None:
    prompt = _argument(command, "PROMPT")
    if isinstance(prompt, Quoted) and len(prompt.text) > MAX_PROMPT:
        reading.wrong(command, f"PROMPT takes at most {MAX_PROMPT} characters", "CPD0074")
    choice = _argument(command, "CHOICE")
    if isinstance(choice, Quoted) and len(choice.text) > MAX_PROMPT:
        reading.wrong(command, f"CHOICE takes at most {MAX_PROMPT} characters", "CPD0074")


def _check_length(command: Command, written: str, lengths: list[int], reading: _Reading) -> None:
    """LEN: within the limit of the type, and not where the type has none."""
    if written not in TYPES or not lengths:
        return
    limit = LIMITS.get(written)
    if limit is None:
        reading.wrong(command, f"TYPE({written}) takes no LEN")
    elif not 1 <= lengths[0] <= limit or (written == "*DEC" and len(lengths) > 1 and lengths[1] > 9):
        reading.wrong(command, f"LEN of {written} is at most {limit}{' 9' if written == '*DEC' else ''}")


def _check_values(command: Command, reading: _Reading) -> None:
    """What the values of a PARM, ELEM or QUAL statement demand of one another."""
    _check_prompt(command, reading)
    given = {a.keyword for a in command.args if a.keyword is not None}
    default = _argument(command, "DFT")
    for keyword in ("VALUES", "SPCVAL", "SNGVAL"):
        if len(_mapped(command, keyword)) > MAX_ELEMENTS:
            reading.wrong(command, f"{keyword} takes at most {MAX_ELEMENTS} values")
    if "*YES" in _texts(command, "RTNVAL"):
        refused = sorted(given & {"DFT", "VALUES", "CONSTANT"}) + ["RSTD"] * (
            "*YES" in _texts(command, "RSTD")
        )
        if refused or _whole(_texts(command, "MAX"), 1) > 1:
            reading.wrong(command, f"RTNVAL(*YES) does not go with {refused[0] if refused else 'MAX over 1'}")
    least, most = _whole(_texts(command, "MIN"), 0), _whole(_texts(command, "MAX"), 1)
    if least > most:
        reading.wrong(command, "MIN is greater than MAX")
    elif least and default is not None and command.name == "PARM":
        reading.wrong(command, "a required parameter has no DFT")
    choices = (*_texts(command, "VALUES"), *_mapped(command, "SPCVAL"), *_mapped(command, "SNGVAL"))
    closed = "*YES" in _texts(command, "RSTD") and bool(choices)
    if closed and isinstance(default, Word | Quoted) and default.text not in choices:
        reading.wrong(command, f"DFT({default.text}) is not one of the values that it takes")


def _dependency(command: Command, keywords: set[str], reading: _Reading) -> Dependency | None:
    control = _conditions(_argument(command, "CTL"))
    conditions = _conditions(_argument(command, "PARM"))
    unknown = [
        c.keyword for c in (*control, *conditions) if c.keyword != "*ALWAYS" and c.keyword not in keywords
    ]
    if not control or not conditions or unknown:
        reading.wrong(command, f"DEP names {unknown[0]}, no PARM" if unknown else "DEP needs CTL and PARM")
        return None
    if len(conditions) > MAX_DEP:
        reading.wrong(command, f"DEP takes at most {MAX_DEP} conditions")
    number = _texts(command, "NBRTRUE")
    exact = len(number) == 2 and number[1].isdecimal()
    return Dependency(
        when=None if control[0].keyword == "*ALWAYS" else control[0],
        operator=number[0].lstrip("*") if exact else "EQ",
        count=small(number[1]) if exact else len(conditions),
        conditions=tuple(conditions),
        message=next(iter(_texts(command, "MSGID")), "CL0212"),
    )


def _conditions(value: Value | None) -> list[Condition]:
    match value:
        case Word(text=text):
            return [Condition(text)]
        case Operation(op=op, left=Variable(name=name), right=right):
            return [Condition(name[1:], op.lstrip("*"), _operand(right))]
        case ListValue(items=items):
            return [c for item in items for c in _conditions(item)]
    return []


def _operand(value: Value) -> str:
    match value:
        case Word(text=text) | Quoted(text=text):
            return text or "X''"
        case Variable(name=name):
            return name[1:]
    return ""


def _argument(command: Command, keyword: str) -> Value | None:
    places = _PLACES.get(command.name, ())
    for index, argument in enumerate(command.args):
        if argument.keyword == keyword:
            return argument.value
        if argument.keyword is None and index < len(places) and places[index] == keyword:
            return argument.value
    return None


def _texts(command: Command, keyword: str) -> tuple[str, ...]:
    value = _argument(command, keyword)
    items = value.items if isinstance(value, ListValue) else [] if value is None else [value]
    return tuple(i.text for i in items if isinstance(i, Word | Quoted))


def _mapped(command: Command, keyword: str) -> tuple[str, ...]:
    """The values of SPCVAL or SNGVAL without what they are mapped to."""
    value = _argument(command, keyword)
    items = value.items if isinstance(value, ListValue) else [] if value is None else [value]
    firsts = [i.items[0] if isinstance(i, ListValue) and i.items else i for i in items]
    return tuple(i.text for i in firsts if isinstance(i, Word | Quoted))


def _whole(texts: tuple[str, ...], default: int) -> int:
    return small(texts[0]) if texts and is_number(texts[0]) and texts[0].isdecimal() else default
