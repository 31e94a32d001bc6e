"""The CL checker: everything that a compile would refuse, as far as the source alone can show it.

It prefers silence to a false error: commands and files that it does not know are notes, types that are
not certain give no message.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from flashc.cl import catalogue as catalogues
from flashc.cl.ast import Builtin, Command, Source, Statement, Value, Variable, Word
from flashc.cl.bind import Bound, bind
from flashc.cl.catalogue import Catalogue
from flashc.cl.declarations import (
    declaration_problems,
    declared_by,
    parameter_problems,
    relation_problems,
)
from flashc.cl.definition import definition_from_tree, is_definition
from flashc.cl.deps import broken_rules
from flashc.cl.expressions import (
    PLAIN,
    assignment_problems,
    builtin_problems,
    condition_problems,
    expression_problems,
    variables,
)
from flashc.cl.monitors import monitor_problems
from flashc.cl.parser import parse
from flashc.cl.problems import MAX_PROBLEMS, Problem, nearest
from flashc.cl.structure import structure
from flashc.cl.tokens import COMMAND_PARAMETERS
from flashc.cl.uim import check_panel_group, is_panel_group
from flashc.cl.usage import usage_problems
from flashc.cl.values import Declared, wrong_values
from flashc.diag import Diagnostic, Severity

FIELD_LENGTH = 10  # characters of the name of a field
SYSTEM_LIBRARIES = frozenset({None, "QSYS", "*LIBL", "*SYSTEM", "*NLVLIBL"})
_PROGRAM_ONLY = frozenset({"*BPGM", "*IPGM", "*BMOD", "*IMOD", "*BREXX", "*IREXX"})
_CONDITIONS = frozenset({"IF", "WHEN", "DOWHILE", "DOUNTIL"})
# Commands that are the language itself: no command of a user has nearly such a name and its parameters.
CONTROL = _CONDITIONS | frozenset(
    [
        "ELSE",
        "OTHERWISE",
        "SELECT",
        "ENDSELECT",
        "DO",
        "DOFOR",
        "ENDDO",
        "LEAVE",
        "ITERATE",
        "GOTO",
        "RETURN",
        "PGM",
        "ENDPGM",
        "DCL",
        "DCLF",
        "CHGVAR",
        "MONMSG",
        "CALLSUBR",
        "SUBR",
        "ENDSUBR",
        "RTNSUBR",
    ]
)


@dataclass(slots=True)
class _Program:
    """The program being checked."""

    source: Source
    catalogue: Catalogue
    strict: bool
    release: str | None
    problems: list[Problem] = field(default_factory=list)
    bound: list[Bound] = field(default_factory=list)
    declared: dict[str, Declared] = field(default_factory=dict)
    initial: dict[str, Value] = field(default_factory=dict)
    files: list[Bound] = field(default_factory=list)
    near: dict[str, str | None] = field(default_factory=dict)  # unknown command: the one it may be
    incomplete: set[str] = field(default_factory=set)  # commands whose notes on keywords are given
    unknown_declarations: bool = False  # copied or broken text can declare more variables
    prefixes: set[str] = field(default_factory=set)  # what the names of fields of files begin with


def check_text(
    text: str,
    file: str = "<cl>",
    *,
    catalogue: Catalogue | None = None,
    strict: bool = False,
    release: str | None = None,
) -> list[Diagnostic]:
    """All problems of a CL, command definition or help panel source, in the order of the text."""
    if is_panel_group(text):
        return check_panel_group(text, file)[1]
    source, syntax = parse(text, file)
    found = syntax + check(source, catalogue=catalogue, strict=strict, release=release)
    return sorted(found, key=lambda d: (d.span.line, d.span.column))


def check(
    source: Source, *, catalogue: Catalogue | None = None, strict: bool = False, release: str | None = None
) -> list[Diagnostic]:
    """The problems of a parsed source beside its syntax errors.

    `catalogue` is that of the package unless given; `strict` makes an unknown command an error;
    `release` (V7R3M0 ...) also reports what that release does not have.
    """
    return analysis(source, catalogue=catalogue, strict=strict, release=release)[0]


def analysis(
    source: Source, *, catalogue: Catalogue | None = None, strict: bool = False, release: str | None = None
) -> tuple[list[Diagnostic], list[Bound]]:
    """Like `check`, with the commands as they were bound for it, for who runs the program."""
    if is_definition(source):
        return [p.at(source) for p in definition_from_tree(source, source.file)[1]], []
    program = _Program(source, catalogue or catalogues.catalogue(), strict, release)
    _bind_all(program)
    _declare(program)
    for bound in program.bound:
        if len(program.problems) <= 20 * MAX_PROBLEMS:
            program.problems += _bound_problems(program, bound)
    program.problems += structure(source).problems
    program.problems += monitor_problems(source, program.catalogue)
    _variables(program)
    unique = sorted(dict.fromkeys(program.problems), key=lambda p: (p.pos, p.end))
    if len(unique) <= MAX_PROBLEMS:
        return [p.at(source) for p in unique], program.bound
    unique.sort(key=lambda p: p.severity != "error")  # no error is left out for a note
    found = [p.at(source) for p in unique[:MAX_PROBLEMS]]
    last = unique[MAX_PROBLEMS]
    more = Problem("CL0002", "note", "more problems are not shown", last.pos, last.end)
    return [*found, more.at(source)], program.bound


def commands(source: Source) -> Iterator[Command]:
    """All commands of a source, those inside others too, in the order of the text."""
    for statement in source.statements:
        yield from _commands_of(statement)


def _commands_of(statement: Statement) -> list[Command]:
    found = [statement.command] if statement.command is not None else []
    for command in found:  # those inside it come behind it, and are looked into in their turn
        found += [a.value for a in command.args if isinstance(a.value, Command)]
    return found


def _bind_all(program: _Program) -> None:
    before: list[Command] = []
    for statement in program.source.statements:
        found = _commands_of(statement)
        whole = _whole(program, found[0], before) if found else None
        if whole is not None:
            program.problems.append(_parameter_alone(whole, found.pop(0)))
        for command in found:
            _bind(program, command)
        before = found


def _bind(program: _Program, command: Command) -> None:
    if command.name == "INCLUDE" or command.broken:
        program.unknown_declarations = True
    if command.library not in SYSTEM_LIBRARIES:
        return
    definition = program.catalogue.get(command.name)
    if definition is None:
        if program.strict or command.name not in program.near:  # a note once for each name
            program.problems.append(_unknown(program, command))
        return
    bound = bind(command, definition)
    program.bound.append(bound)
    if command.name == "DCLF":
        program.files.append(bound)


def _whole(program: _Program, command: Command, before: list[Command]) -> Command | None:
    """The command that a statement like TOFILE(X) is a parameter of, or None where it is a command."""
    if not program.source.text.startswith("(", command.name_end) or command.name in CONTROL:
        return None
    for last in before:
        definition = program.catalogue.get(last.name)
        if definition is not None and definition.parameter(command.name) is not None:
            return last
    return None


def _parameter_alone(last: Command, command: Command) -> Problem:
    message = f"{command.name} is no command but a parameter of {last.name}"
    help = "a continuation sign is missing in the line before"
    return Problem("CL0113", "error", message, command.pos, command.name_end, help)


def _unknown(program: _Program, command: Command) -> Problem:
    if command.name not in program.near:
        program.near[command.name] = _nearest_command(program, command.name)
    close = program.near[command.name]
    code, severity = "CL0202", _severity(program, command, close)
    if severity == "error":
        code = "CPD0030"
    help = f"did you mean {close}?" if close else None
    message = f"{command.name} is not in the command catalogue"
    return Problem(code, severity, message, command.pos, command.name_end, help)


def _nearest_command(program: _Program, name: str) -> str | None:
    return None if name in catalogues.other_commands() else nearest(name, program.catalogue.names())


def _severity(program: _Program, command: Command, close: str | None) -> Severity:
    """How certain it is that a command does not exist: commands of users are not in the catalogue."""
    if program.strict:
        return "error"
    definition = program.catalogue.get(close) if close is not None else None
    if definition is None or command.broken:
        return "note"
    bound = bind(command, definition)
    # A command in a parameter without its parentheses is read as words: GOTO ERROR of a MONMSG.
    words = close in COMMAND_PARAMETERS
    if any(p.severity == "error" and not (words and p.code == "CL0206") for p in bound.problems):
        return "note"
    # A slip changes, swaps or leaves out a letter; a command of a user is often a name with one more.
    same = len(command.name) == len(definition.name)
    if close in CONTROL:
        return "error" if same or len(command.name) > 3 else "note"
    added = close in (command.name[:-1], command.name[1:])
    if definition.allowed <= _PROGRAM_ONLY and not added:
        return "error"
    if close == "CALL" and same and command.args:
        return "error"
    keywords = sum(1 for a in command.args if a.keyword is not None)
    if keywords != len(command.args) or not keywords:
        return "note"
    return "error" if keywords > 1 and same else "warning"


def _declare(program: _Program) -> None:
    for bound in program.bound:
        if bound.command.name != "DCL":
            continue
        variable = declared_by(bound)
        if variable is None:
            continue
        before = program.declared.get(variable.name)
        if before is not None:
            program.problems.append(_again(program, before, variable))
            continue
        program.declared[variable.name] = variable
        if "VALUE" in bound.values:
            program.initial[variable.name] = bound.values["VALUE"]
        program.problems += declaration_problems(bound, variable)
    _files(program)


def _again(program: _Program, before: Declared, variable: Declared) -> Problem:
    """A second DCL of a variable: the same one again is seen in products that are compiled."""
    same = replace(variable, pos=before.pos, end=before.end) == before
    severity: Severity = "warning" if same and not program.strict else "error"
    line = program.source.place(before.pos)[0]
    message = f"{variable.name} is already declared in line {line}"
    return Problem("CL0303", severity, message, variable.pos, variable.end)


def _files(program: _Program) -> None:
    seen: set[str] = set()
    for bound in program.files:
        value = bound.values.get("OPNID")
        name = value.text if isinstance(value, Word) else "*NONE"
        if name in seen:
            message = (
                "a second DCLF without OPNID" if name == "*NONE" else f"a second DCLF with OPNID({name})"
            )
            command = bound.command
            program.problems.append(Problem("CPD0303", "error", message, command.pos, command.name_end))
        seen.add(name)
    for bound in program.files:
        given = bound.values.get("OPNID")
        own = f"{given.text}_" if isinstance(given, Word) and given.text != "*NONE" else ""
        program.prefixes.add(f"&{own}")
    for bound in program.files[5:]:
        message = "a program declares at most 5 files"
        command = bound.command
        program.problems.append(Problem("CL0209", "error", message, command.pos, command.name_end))


def _wrong_keywords(bound: Bound, found: list[Problem]) -> frozenset[str]:
    """The parameters whose value is an error by itself: what it was meant to be is not known."""
    errors = [problem.pos for problem in found if problem.severity == "error"]
    return frozenset(
        keyword
        for keyword, value in bound.values.items()
        if any(value.pos <= pos < value.end for pos in errors)
    )


def _bound_problems(program: _Program, bound: Bound) -> list[Problem]:
    command = bound.command
    declared = program.declared
    found = _first_notes(program, bound) + wrong_values(bound, declared)
    if not command.broken and not any(p.code in ("CPD0043", "CL0205") for p in bound.problems):
        found += broken_rules(bound, _wrong_keywords(bound, found))
    if program.source.text.find("%", command.pos, command.end) >= 0:
        for argument in command.args:
            found += builtin_problems(argument, declared, program.release)
    if program.release is not None:
        found += _releases(bound, program.release)
    if command.name in _CONDITIONS and "COND" in bound.values:
        found += condition_problems(bound.values["COND"], declared)
    elif command.name == "CHGVAR":
        found += _assignment(bound, declared)
    elif command.name == "DCL":
        found += relation_problems(bound, declared)
    elif command.name == "PGM":
        found += parameter_problems(command, declared, program.initial)
    else:
        for value in bound.values.values():
            if not isinstance(value, PLAIN):
                found += expression_problems(value, declared)
        found += usage_problems(bound, declared, program.release, program.catalogue)
    return found


def _first_notes(program: _Program, bound: Bound) -> list[Problem]:
    """The problems of binding, with one note for all that an incomplete definition does not have."""
    unknown = [p for p in bound.problems if p.code == "CPD0043" and p.severity == "note"]
    if not unknown:
        return bound.problems
    name = bound.definition.name
    kept = unknown[:1] if name not in program.incomplete else []
    program.incomplete.add(name)
    return [p for p in bound.problems if p not in unknown or p in kept]


def _releases(bound: Bound, release: str) -> Iterator[Problem]:
    for keyword, since in bound.definition.newer():
        argument = bound.arguments.get(keyword)
        if argument is not None and release < f"V{since.replace('.', 'R')}M0":
            message = f"{bound.definition.name} {keyword} exists from {since} on, the release is {release}"
            yield Problem("CL0216", "error", message, argument.pos, argument.end)


def _assignment(bound: Bound, declared: dict[str, Declared]) -> Iterator[Problem]:
    target = bound.values.get("VAR")
    value = bound.values.get("VALUE")
    if isinstance(target, Builtin) and target.name not in (
        "%SST",
        "%SUBSTRING",
        "%BIN",
        "%BINARY",
        "%SWITCH",
        "%ADDRESS",
        "%ADDR",
        "%OFFSET",
        "%OFS",
    ):
        yield Problem("CL0407", "error", f"{target.name} cannot be changed", target.pos, target.end)
    if target is not None and value is not None:
        yield from assignment_problems(target, value, declared)


def _variables(program: _Program) -> None:
    """Variables that are used and not declared."""
    names = list(program.declared)
    seen: set[str] = set()
    for statement in program.source.statements:
        if statement.command is None:
            continue
        for value in variables(statement.command):
            if value.name in program.declared or value.name in seen:
                continue
            if len(seen) > MAX_PROBLEMS:
                return
            seen.add(value.name)
            program.problems.append(_undeclared(program, value, names))


def _undeclared(program: _Program, value: Variable, names: list[str]) -> Problem:
    close = nearest(value.name, names)
    help = f"did you mean {close}?" if close else None
    if not program.unknown_declarations and not _may_be_field(program, value.name):
        message = f"{value.name} is not declared"
        return Problem("CPD0727", "error", message, value.pos, value.end, help)
    severity: Severity = "warning" if close else "note"
    message = f"{value.name} is not declared here; it may be a field of a declared file or included"
    return Problem("CPD0727", severity, message, value.pos, value.end, help)


def _may_be_field(program: _Program, name: str) -> bool:
    """Whether a variable can be a field of a declared file: &FIELD, or &OPNID_FIELD with OPNID."""
    return any(
        name.startswith(prefix) and len(name) - len(prefix) <= FIELD_LENGTH for prefix in program.prefixes
    )
