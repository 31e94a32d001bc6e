"""The structure of a program: groups, IF and ELSE, SELECT, subroutines, labels, where MONMSG may stand.

docs/platform-facts.md#cl-control-flow and #cl-monmsg.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from flashc.cl.ast import Command, Label, ListValue, Source, Statement, Value, Word
from flashc.cl.problems import MAX_PROBLEMS, Problem, nearest
from flashc.diag import Severity

LOOPS = frozenset({"DOWHILE", "DOUNTIL", "DOFOR"})
DO_GROUPS = LOOPS | {"DO"}
DECLARATIVE = frozenset({"PGM", "DCL", "DCLF", "COPYRIGHT", "DCLPRCOPT", "INCLUDE"})
_NOT_BEFORE_MONMSG = frozenset(
    {
        *DO_GROUPS,
        "ELSE",
        "ENDDO",
        "SELECT",
        "WHEN",
        "OTHERWISE",
        "ENDSELECT",
        "ENDPGM",
        "CALLSUBR",
        "SUBR",
        "RTNSUBR",
        "ENDSUBR",
        "GOTO",
        "IF",
        "RETURN",
    }
)
_NOT_INSIDE = frozenset(
    {
        "ELSE",
        "PGM",
        "ENDPGM",
        "ENDDO",
        "MONMSG",
        "DCL",
        "DCLF",
        "WHEN",
        "OTHERWISE",
        "ENDSELECT",
        "SUBR",
        "ENDSUBR",
        "COPYRIGHT",
        "DCLPRCOPT",
        "INCLUDE",
    }
)
_HOLDERS = {"IF": ("THEN", 1), "ELSE": ("CMD", 0), "WHEN": ("THEN", 1), "OTHERWISE": ("CMD", 0)}
_HOLDERS |= {"MONMSG": ("EXEC", 2)}
ENDS = {"ENDDO": DO_GROUPS, "ENDSELECT": frozenset({"SELECT"}), "ENDSUBR": frozenset({"SUBR"})}
MAX_GROUPS = 25
MAX_MONITORS = 100  # MONMSG commands for one command, or for the whole program
MAX_ALL_MONITORS = 1000
MAX_IFS = 10
MAX_OPEN = 200


@dataclass(slots=True)
class Group:
    """An open group: its opening command, what holds it (IF ... THEN(DO)), its labels, its state."""

    kind: str
    command: Command
    holder: str
    labels: list[Label]
    ifs: int = 0  # IFs that an ELSE behind the group can belong to
    whens: int = 0
    otherwise: bool = False
    previous: str = ""  # the command before, at this level
    pending: int = 0  # IFs that an ELSE here can belong to
    monitors: int = 0  # MONMSG commands for the command before


@dataclass(slots=True)
class Structure:
    """What a program consists of, and what is wrong with it."""

    problems: list[Problem] = field(default_factory=list)
    labels: dict[str, tuple[Label, str]] = field(default_factory=dict)
    subroutines: dict[str, Command] = field(default_factory=dict)
    jumps: list[tuple[Command, str, Value | None]] = field(default_factory=list)
    calls: list[tuple[Command, Value | None]] = field(default_factory=list)
    unsure: bool = False  # an INCLUDE or a syntax error can hide labels and subroutines
    broken: bool = False  # a syntax error can hide the beginning or the end of a group
    executable: bool = False
    after_subroutines: bool = False
    ended: bool = False
    monitors: int = 0
    stack: list[Group] = field(default_factory=list)

    def report(
        self,
        code: str,
        message: str,
        at: Command | Label | Value,
        severity: Severity = "error",
        help: str = "",
    ) -> None:
        if len(self.problems) > MAX_PROBLEMS:
            return
        end = at.name_end if isinstance(at, Command) else at.end
        self.problems.append(Problem(code, severity, message, at.pos, end, help or None))

    @property
    def subroutine(self) -> str:
        """The name of the subroutine being read, or an empty text."""
        for group in self.stack:
            if group.kind == "SUBR":
                return _named(group.command, "SUBR", 0)
        return ""


def structure(source: Source) -> Structure:
    """Read the structure of a program."""
    found = Structure()
    outer = Group("", Command("", None, [], 0, 0), "", [])
    found.stack.append(outer)
    commands = [s for s in source.statements if s.command is not None]
    found.broken = any(s.command and s.command.broken for s in commands)
    found.unsure = found.broken or any(s.command and s.command.name == "INCLUDE" for s in commands)
    for statement in source.statements:
        _labels(found, statement)
        if statement.command is not None:
            _statement(found, statement, statement.command)
    for group in reversed(found.stack[1:]):
        _not_closed(found, group)
    _targets(found)
    return found


def _labels(found: Structure, statement: Statement) -> None:
    for label in statement.labels:
        if len(label.name) > 10:
            message = f"the label {label.name} is longer than 10 characters"
            found.report("CL0201", message, label)
        if label.name in found.labels:
            found.report("CL0304", f"the label {label.name} is defined twice", label)
        else:
            found.labels[label.name] = (label, found.subroutine)


def _statement(found: Structure, statement: Statement, command: Command) -> None:
    name = command.name
    _place(found, command)
    level = found.stack[-1]
    chain = _chain(found, command)
    if name == "MONMSG":
        _monmsg(found, command, level, chain)
    if name in ENDS:
        _close(found, command)
    else:
        _in_select(found, command, level)
        if name == "ELSE":
            _else(found, command, level)
        ifs = [c.name for c in chain].count("IF")
        kept = max(0, level.pending - 1) if name == "ELSE" else 0
        level.pending = 99 if command.broken or name == "INCLUDE" else ifs + kept
        level.previous = name
        _open(found, statement, chain, level.pending)
    _flow(found, chain)
    if name not in DECLARATIVE and name != "MONMSG":
        found.executable = True


def _place(found: Structure, command: Command) -> None:
    """PGM first, declarations before the rest, nothing behind ENDPGM, only subroutines behind one."""
    name = command.name
    level = found.stack[-1]
    if found.ended:
        severity: Severity = "warning" if name == "ENDPGM" else "error"
        found.report("CL0301", f"{name} stands behind ENDPGM", command, severity)
        return
    if name == "PGM":
        if found.executable or level.previous not in ("", "INCLUDE"):
            found.report("CL0301", "PGM is the first command of a program", command)
    elif name == "ENDPGM":
        found.ended = True
    elif name in ("DCL", "DCLF", "COPYRIGHT", "DCLPRCOPT"):
        if found.executable or level.previous == "MONMSG":
            found.report("CL0302", f"{name} stands behind an executable command", command)
    elif name == "SUBR":
        while len(found.stack) > 1 and found.stack[-1].kind != "SUBR":
            _not_closed(found, found.stack.pop())  # no group can hold a subroutine
        if len(found.stack) > 1:
            found.report("CL0318", "a subroutine stands inside another subroutine", command)
        found.after_subroutines = True
    elif found.after_subroutines and len(found.stack) == 1 and name not in ENDS and not found.unsure:
        found.report("CL0318", f"{name} stands behind a subroutine, outside of all subroutines", command)


def _chain(found: Structure, command: Command) -> list[Command]:
    """The command and those nested in it: IF, its THEN, ...  Forbidden ones are reported."""
    chain = chain_of(command)
    for outer, inner in pairwise(chain):
        if inner.name in _NOT_INSIDE:
            found.report("CL0317", f"{inner.name} cannot stand inside {outer.name}", inner)
    if len(chain) > MAX_IFS and [c.name for c in chain].count("IF") > MAX_IFS:
        found.report("CL0315", f"IF is nested more than {MAX_IFS} deep", command)
    return chain


def chain_of(command: Command) -> list[Command]:
    """The command and those nested in it: IF, its THEN, ..."""
    chain = [command]
    while (holder := _HOLDERS.get(chain[-1].name)) is not None:
        inner = _held(chain[-1], *holder)
        if inner is None:
            break
        chain.append(inner)
    return chain


def _held(command: Command, keyword: str, place: int) -> Command | None:
    """The command in a parameter, whichever way it is written."""
    for index, argument in enumerate(command.args):
        if isinstance(argument.value, Command) and (
            argument.keyword == keyword or (argument.keyword is None and index >= place)
        ):
            return argument.value
    return None


def _open(found: Structure, statement: Statement, chain: list[Command], pending: int) -> None:
    """Open the group that the last command of the chain begins."""
    last = chain[-1]
    if last.name in DO_GROUPS or last.name in ("SELECT", "SUBR"):
        holder = chain[0].name if len(chain) > 1 else ""
        group = Group(last.name, last, holder, statement.labels, ifs=pending)
        if len(found.stack) > MAX_OPEN:
            # A text like this is no program: its groups are not followed further.
            found.unsure = found.broken = True
            return
        found.stack.append(group)
        group.previous = chain[0].name
        alike = DO_GROUPS if last.name in DO_GROUPS else {last.name}
        if sum(1 for g in found.stack if g.kind in alike) == MAX_GROUPS + 1:
            found.report("CL0315", f"{last.name} groups are nested more than {MAX_GROUPS} deep", last)
    if last.name == "SUBR":
        name = _named(last, "SUBR", 0)
        if name in found.subroutines:
            found.report("CL0313", f"the subroutine {name} is defined twice", last)
        elif name:
            found.subroutines[name] = last


def _close(found: Structure, command: Command) -> None:
    """ENDDO, ENDSELECT or ENDSUBR: close the innermost group of its kind."""
    kinds = ENDS[command.name]
    at = next((i for i in range(len(found.stack) - 1, 0, -1) if found.stack[i].kind in kinds), 0)
    if at == 0 or (command.name == "ENDDO" and any(g.kind == "SUBR" for g in found.stack[at + 1 :])):
        # No included text begins or ends a DO group of the program around it.
        if not (found.broken if command.name == "ENDDO" else found.unsure):
            found.report("CL0307", f"{command.name} closes no open group", command)
        return
    while len(found.stack) > at + 1:
        _not_closed(found, found.stack.pop())
    group = found.stack.pop()
    if group.kind == "SELECT" and not group.whens and not found.unsure:
        found.report("CL0316", "SELECT needs at least one WHEN", group.command)
    level = found.stack[-1]
    level.pending = group.ifs
    level.previous = "ENDDO of MONMSG" if group.holder == "MONMSG" else command.name


def _not_closed(found: Structure, group: Group) -> None:
    if found.broken if group.kind in DO_GROUPS else found.unsure:
        return
    end = {"SELECT": "ENDSELECT", "SUBR": "ENDSUBR"}.get(group.kind, "ENDDO")
    found.report("CL0306", f"this {group.kind} is not closed: its {end} is missing", group.command)


def _else(found: Structure, command: Command, level: Group) -> None:
    if level.pending < 1 and not found.broken:
        found.report("CL0308", "ELSE does not follow an IF or the group of one", command)


def _in_select(found: Structure, command: Command, level: Group) -> None:
    name = command.name
    if level.kind == "SELECT":
        if name == "WHEN":
            level.whens += 1
            if level.otherwise:
                found.report("CL0316", "WHEN stands behind OTHERWISE", command)
        elif name == "OTHERWISE":
            if level.otherwise:
                found.report("CL0316", "a second OTHERWISE in one SELECT", command)
            level.otherwise = True
        elif not found.unsure:
            found.report("CL0316", f"{name} stands in SELECT, outside of WHEN and OTHERWISE", command)
    elif name in ("WHEN", "OTHERWISE") and not found.unsure:
        found.report("CL0316", f"{name} stands outside of SELECT", command)


def _monmsg(found: Structure, command: Command, level: Group, chain: list[Command]) -> None:
    _count(found, command, level)
    _message_ids(found, command)
    if not found.executable and len(found.stack) == 1:
        if len(chain) > 1 and chain[1].name != "GOTO" and not found.unsure:
            help = "write EXEC(GOTO CMDLBL(...)), or put the MONMSG behind the command it is for"
            message = f"a MONMSG of the whole program cannot have EXEC({chain[1].name})"
            found.report("CL0310", message, command, help=help)
        return
    if level.previous in _NOT_BEFORE_MONMSG and not found.broken:
        help = "put the command that it is for into a DO group and the MONMSG behind it"
        found.report("CL0309", f"MONMSG cannot stand directly behind {level.previous}", command, help=help)


def _count(found: Structure, command: Command, level: Group) -> None:
    """The limits on the number of MONMSG commands: for one command, for the program, altogether."""
    found.monitors += 1
    level.monitors = level.monitors + 1 if level.previous in ("MONMSG", "ENDDO of MONMSG") else 1
    if level.monitors == MAX_MONITORS + 1:
        where = "the program" if not found.executable and len(found.stack) == 1 else "one command"
        found.report("CL0319", f"at most {MAX_MONITORS} MONMSG commands stand for {where}", command)
    if found.monitors == MAX_ALL_MONITORS + 1:
        found.report("CL0319", f"a program has at most {MAX_ALL_MONITORS} MONMSG commands", command)


def _message_ids(found: Structure, command: Command) -> None:
    value = command.arg("MSGID")
    if value is None and command.args and command.args[0].keyword is None:
        value = command.args[0].value
    items = value.items if isinstance(value, ListValue) else [] if value is None else [value]
    if len(items) > 50:
        found.report("CL0319", "a MONMSG has at most 50 message identifiers", command)


def _flow(found: Structure, chain: list[Command]) -> None:
    """GOTO, LEAVE, ITERATE, CALLSUBR: what they lead to."""
    last = chain[-1]
    if last.name == "GOTO":
        found.jumps.append((last, found.subroutine, _argument(last, "CMDLBL", 0)))
    elif last.name == "CALLSUBR":
        found.calls.append((last, _argument(last, "SUBR", 0)))
    elif last.name in ("LEAVE", "ITERATE"):
        _leave(found, last)
    elif last.name == "RTNSUBR" and not found.unsure and all(g.kind != "SUBR" for g in found.stack):
        found.report("CL0318", "RTNSUBR stands outside of all subroutines", last)


def _leave(found: Structure, command: Command) -> None:
    loops = [g for g in found.stack if g.kind in LOOPS]
    if not loops:
        if not found.unsure:
            found.report("CL0311", f"{command.name} stands outside of DOWHILE, DOUNTIL and DOFOR", command)
        return
    target = _argument(command, "CMDLBL", 0)
    if isinstance(target, Word) and not target.text.startswith("*"):
        names = {label.name for g in loops for label in g.labels}
        if target.text not in names and not found.unsure:
            found.report("CL0305", f"{target.text} is no label of a loop around this {command.name}", target)


def _targets(found: Structure) -> None:
    """Labels of GOTO and names of CALLSUBR, now that all are known."""
    severity: Severity = "note" if found.unsure else "error"
    for command, subroutine, target in found.jumps:
        if not isinstance(target, Word):
            continue
        defined = found.labels.get(target.text)
        if defined is None:
            close = nearest(target.text, list(found.labels))
            help = f"did you mean {close}?" if close else ""
            found.report("CL0305", f"the label {target.text} is not defined", target, severity, help)
        elif defined[1] != subroutine and not found.unsure:
            message = f"GOTO {target.text} leads {'into' if defined[1] else 'out of'} a subroutine"
            found.report("CL0314", message, command)
    for _, target in found.calls:
        if isinstance(target, Word) and target.text not in found.subroutines:
            close = nearest(target.text, list(found.subroutines))
            help = f"did you mean {close}?" if close else ""
            found.report("CL0312", f"the subroutine {target.text} is not defined", target, severity, help)


def _argument(command: Command, keyword: str, place: int) -> Value | None:
    for index, argument in enumerate(command.args):
        if argument.keyword == keyword or (argument.keyword is None and index == place):
            return argument.value
    return None


def _named(command: Command, keyword: str, place: int) -> str:
    value = _argument(command, keyword, place)
    return value.text if isinstance(value, Word) else ""
