"""A CL program as the interpreter runs it: flat instructions with jumps, made from the tree once.

Structured commands become conditional jumps; a MONMSG becomes a monitor of the instruction before it
(or of the whole program) with the place where its EXEC command starts.
Rules of the constructs: docs/platform-facts.md#cl-control.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from flashc.cl import ast
from flashc.cl.bind import Bound

from flashtwin.binding import bind, written
from flashtwin.declarations import Declaration, declaration
from flashtwin.errors import Escape, TwinError
from flashtwin.expressions import binary_of, compile_condition, compile_value, substring_of
from flashtwin.statement import Statement
from flashtwin.values import Cell, Pointer, to_ebcdic, to_number

if TYPE_CHECKING:
    from flashtwin.interp import Activation

Run: TypeAlias = "Callable[[Activation], Any]"

RETURN = -1
STRUCTURE = {"ENDDO", "ENDSELECT", "ENDSUBR", "WHEN", "OTHERWISE", "ELSE", "SUBR", "ENDPGM", "MONMSG"}
DECLARATIVE = {"DCL", "DCLF", "COPYRIGHT", "DCLPRCOPT", "PGM"}


class NotCompiled(Exception):
    """The source has an error that the structure of the program shows; `pos` is where."""

    def __init__(self, text: str, pos: int) -> None:
        super().__init__(text)
        self.pos = pos


@dataclass(slots=True)
class Monitor:
    """A MONMSG: the ids that it takes, its comparison data, and the instruction to go on with."""

    ids: frozenset[str]
    compare: bytes
    target: int = 0

    def takes(self, msgid: str, data: bytes) -> bool:
        """Whether it monitors for this message: exact id, generic xxxnn00, or generic xxx0000."""
        ids = self.ids
        if msgid not in ids and msgid[:5] + "00" not in ids and msgid[:3] + "0000" not in ids:
            return False
        return not self.compare or data.startswith(self.compare)


class Instruction:
    """One step: `run` returns the next place, or None for `after`, the one behind it and its monitors; it may
    be a generator."""

    __slots__ = ("after", "monitors", "name", "pos", "run")

    def __init__(self, run: Run, name: str, pos: int) -> None:
        self.run = run
        self.name = name
        self.pos = pos
        self.monitors: list[Monitor] = []
        self.after = 0


@dataclass(frozen=True, slots=True)
class DeclaredFile:
    """A DCLF: its file and the OPNID of its commands; the fields become variables at the call."""

    name: str
    library: str
    identifier: str


@dataclass(slots=True)
class Compiled:
    """A program ready to run."""

    source: ast.Source
    instructions: list[Instruction] = field(default_factory=list)
    files: list[DeclaredFile] = field(default_factory=list)
    declarations: list[Declaration] = field(default_factory=list)
    parameters: tuple[str, ...] = ()
    monitors: list[Monitor] = field(default_factory=list)
    options: dict[str, str] = field(default_factory=dict)

    @property
    def activation_group(self) -> str:
        """The activation group that it asks for: *DFTACTGRP, *NEW, *CALLER or a name."""
        if self.options.get("DFTACTGRP") != "*NO":
            return "*DFTACTGRP"
        return self.options.get("ACTGRP", "*STGMDL")


def compile_source(source: ast.Source, bound: Iterable[Bound] = ()) -> Compiled:
    """Make the program; NotCompiled when its structure is wrong.

    `bound` are its commands as a check without errors has bound them: they are not analysed again.
    """
    return _Compiler(source, bound).compile()


@dataclass(slots=True)
class _Loop:
    label: str
    again: list[Callable[[int], None]] = field(default_factory=list)
    leave: list[Callable[[int], None]] = field(default_factory=list)


class _Compiler:
    def __init__(self, source: ast.Source, bound: Iterable[Bound]) -> None:
        self.source = source
        self.bound = {id(one.command): one for one in bound}
        self.statements = [s for s in source.statements if s.command is not None or s.labels]
        self.at = 0
        self.made = Compiled(source)
        self.labels: dict[str, int] = {}
        self.subroutines: dict[str, int] = {}
        self.loops: list[_Loop] = []
        self.fixes: list[Callable[[], None]] = []
        self.pending_label = ""

    def bind(self, command: ast.Command) -> dict[str, ast.Value]:
        """The written values of a command by keyword."""
        known = self.bound.get(id(command))
        return bind(command) if known is None else written(known)

    def word(self, command: ast.Command, keyword: str) -> str:
        """A name that must be written."""
        value = _need(self.bind(command), keyword, command)
        if isinstance(value, ast.Word):
            return value.text
        raise NotCompiled(f"Parameter {keyword} of {command.name} must be a name.", command.pos)

    def declared_file(self, command: ast.Command) -> DeclaredFile:
        """The meaning of a DCLF."""
        bound = self.bind(command)
        file, identifier = _need(bound, "FILE", command), bound.get("OPNID")
        parts = (
            [part.text for part in file.parts if isinstance(part, ast.Word)]
            if isinstance(file, ast.Qualified)
            else []
        )
        library, name = parts if len(parts) == 2 else ("*LIBL", self.word(command, "FILE"))
        return DeclaredFile(name, library, identifier.text if isinstance(identifier, ast.Word) else "*NONE")

    # -- emitting --------------------------------------------------------------------------------

    @property
    def here(self) -> int:
        return len(self.made.instructions)

    def emit(self, run: Run, command: ast.Command) -> Instruction:
        instruction = Instruction(run, command.name, command.pos)
        self.made.instructions.append(instruction)
        instruction.after = self.here
        return instruction

    def jump(self, command: ast.Command) -> Callable[[int], None]:
        instruction = self.emit(_go(0), command)

        def patch(target: int) -> None:
            instruction.run = _go(target)

        return patch

    def unless(self, condition: Callable[[Activation], bool], command: ast.Command) -> Callable[[int], None]:
        """A jump that is taken when the condition is false."""
        instruction = self.emit(_go(0), command)

        def patch(target: int) -> None:
            instruction.run = lambda act: None if condition(act) else target

        return patch

    # -- the whole program -----------------------------------------------------------------------

    def compile(self) -> Compiled:
        self.head()
        last = self.block({"SUBR", "ENDPGM"})
        self.emit(_go(RETURN), _NOTHING)
        while last == "SUBR":
            last = self.subroutine()
        for fix in self.fixes:
            fix()
        return self.made

    def head(self) -> None:
        while self.at < len(self.statements):
            command = self.statements[self.at].command
            if command is None or (command.name not in DECLARATIVE and command.name != "MONMSG"):
                return
            bound = self.bind(command)
            if command.name == "PGM":
                self.made.parameters = tuple(
                    item.name for item in _items(bound.get("PARM")) if isinstance(item, ast.Variable)
                )
            elif command.name == "DCL":
                self.made.declarations.append(declaration(bound))
            elif command.name == "DCLPRCOPT":
                for keyword, value in bound.items():
                    if isinstance(value, ast.Word):
                        self.made.options[keyword] = value.text
            elif command.name == "DCLF":
                self.made.files.append(self.declared_file(command))
            elif command.name == "MONMSG":
                self.program_monitor(command)
            self.at += 1

    def program_monitor(self, command: ast.Command) -> None:
        monitor, action = _monitor(self.bind(command))
        self.made.monitors.append(monitor)
        if action is None:
            monitor.target = -2
            return
        if action.name != "GOTO":
            raise NotCompiled("A program-level MONMSG may only have EXEC(GOTO).", command.pos)
        label = self.word(action, "CMDLBL")
        self.fixes.append(lambda: setattr(monitor, "target", self.label(label, action.pos)))

    def label(self, name: str, pos: int) -> int:
        if name not in self.labels:
            raise NotCompiled(f"Label {name} is not defined.", pos)
        return self.labels[name]

    def subroutine(self) -> str:
        command = self.statements[self.at].command
        assert command is not None
        self.at += 1
        name = self.word(command, "SUBR")
        self.subroutines[name] = self.here
        if self.block({"ENDSUBR"}) != "ENDSUBR":
            raise NotCompiled(f"Subroutine {name} has no ENDSUBR.", command.pos)
        end = self.statements[self.at].command
        assert end is not None
        self.end_subroutine(end)
        self.at += 1
        return self.next_name()

    def next_name(self) -> str:
        if self.at >= len(self.statements):
            return ""
        command = self.statements[self.at].command
        return command.name if command is not None else ""

    def block(self, enders: set[str]) -> str:
        """Statements up to one of the enders, which is not consumed; its name, "" at the end."""
        while self.at < len(self.statements):
            statement = self.statements[self.at]
            for label in statement.labels:
                if label.name in self.labels:
                    raise NotCompiled(f"Label {label.name} is defined twice.", label.pos)
                self.labels[label.name] = self.here
            self.pending_label = statement.labels[-1].name if statement.labels else ""
            command = statement.command
            if command is None:
                self.at += 1
                continue
            if command.name in enders:
                return command.name
            if command.name in STRUCTURE or command.name in DECLARATIVE:
                raise NotCompiled(f"Command {command.name} is out of place.", command.pos)
            self.at += 1
            self.command(command)
            self.monitors(command)
        return ""

    def monitors(self, command: ast.Command) -> None:
        """The MONMSGs behind a command."""
        if self.next_name() != "MONMSG":
            return
        if not self.made.instructions or command.name in _NOT_MONITORED:
            raise NotCompiled("MONMSG is out of place.", command.pos)
        guarded = self.made.instructions[-1]
        ends: list[Callable[[int], None]] = []
        silent: list[Monitor] = []
        while self.next_name() == "MONMSG":
            command = self._next_command()
            monitor, action = _monitor(self.bind(command))
            guarded.monitors.append(monitor)
            if action is None:
                silent.append(monitor)
                continue
            monitor.target = self.here
            self.command(action)
            ends.append(self.jump(command))
        for patch in ends:
            patch(self.here)
        for monitor in silent:
            monitor.target = self.here
        guarded.after = self.here

    def _next_command(self) -> ast.Command:
        command = self.statements[self.at].command
        assert command is not None
        self.at += 1
        return command

    # -- commands --------------------------------------------------------------------------------

    def command(self, command: ast.Command) -> None:
        special = getattr(self, "do_" + command.name.lower(), None)
        if special is not None:
            special(command)
        elif command.name in STRUCTURE or command.name in DECLARATIVE:
            raise NotCompiled(f"Command {command.name} is not allowed here.", command.pos)
        else:
            from flashtwin.interp import run_command

            statement = Statement(command, self.bound.get(id(command)))
            self.emit(partial(run_command, statement), command)

    def do_chgvar(self, command: ast.Command) -> None:
        bound = self.bind(command)
        value = compile_value(_need(bound, "VALUE", command))
        target = _target(_need(bound, "VAR", command))

        def run(act: Activation) -> None:
            target(act).set(value(act))

        def run_variable(act: Activation) -> None:
            act.cells[name].set(value(act))

        def run_offset(act: Activation) -> None:
            cell = target(act)
            pointer = cell.get()
            if not isinstance(pointer, Pointer):
                raise Escape("MCH3601", "", "Pointer not set for location referenced.")
            cell.set(Pointer(pointer.storage, int(to_number(value(act)))))

        written = bound["VAR"]
        if isinstance(written, ast.Variable):
            name = written.name
            self.emit(run_variable, command)
            return
        offset = isinstance(written, ast.Builtin) and written.name in ("%OFFSET", "%OFS")
        self.emit(run_offset if offset else run, command)

    def do_if(self, command: ast.Command) -> None:
        bound = self.bind(command)
        skip = self.unless(compile_condition(_need(bound, "COND", command)), command)
        self.inner(bound.get("THEN"))
        if self.next_name() != "ELSE":
            skip(self.here)
            return
        end = self.jump(command)
        skip(self.here)
        self.inner(self.bind(self._next_command()).get("CMD"))
        end(self.here)

    def inner(self, value: ast.Value | None) -> None:
        if isinstance(value, ast.Command):
            self.command(value)

    def do_do(self, command: ast.Command) -> None:
        self.body(command)

    def body(self, command: ast.Command, ender: str = "ENDDO") -> None:
        if self.block({ender}) != ender:
            raise NotCompiled(f"{command.name} has no {ender}.", command.pos)
        self.at += 1

    def loop(self) -> _Loop:
        loop = _Loop(self.pending_label)
        self.pending_label = ""
        self.loops.append(loop)
        return loop

    def end_loop(self, loop: _Loop, again: int) -> None:
        self.loops.pop()
        for patch in loop.again:
            patch(again)
        for patch in loop.leave:
            patch(self.here)

    def do_dowhile(self, command: ast.Command) -> None:
        loop, start = self.loop(), self.here
        loop.leave.append(self.unless(compile_condition(_need(self.bind(command), "COND", command)), command))
        self.body(command)
        self.jump(command)(start)
        self.end_loop(loop, start)

    def do_dountil(self, command: ast.Command) -> None:
        loop, start = self.loop(), self.here
        self.body(command)
        test = self.here
        self.unless(compile_condition(_need(self.bind(command), "COND", command)), command)(start)
        self.end_loop(loop, test)

    def do_dofor(self, command: ast.Command) -> None:
        bound = self.bind(command)
        variable, first = _target(_need(bound, "VAR", command)), compile_value(_need(bound, "FROM", command))
        last = compile_value(_need(bound, "TO", command))
        by_value = bound.get("BY")
        step = int(to_number(compile_value(by_value)(None))) if by_value is not None else 1  # type: ignore[arg-type]
        loop = self.loop()

        def start(act: Activation) -> None:
            variable(act).set(first(act))

        def inside(act: Activation) -> bool:
            value, end = to_number(variable(act).get()), to_number(last(act))
            return value <= end if step >= 0 else value >= end

        def increment(act: Activation) -> None:
            cell = variable(act)
            cell.set(to_number(cell.get()) + step)

        self.emit(start, command)
        test = self.here
        loop.leave.append(self.unless(inside, command))
        self.body(command)
        again = self.here
        self.emit(increment, command)
        self.jump(command)(test)
        self.end_loop(loop, again)

    def do_leave(self, command: ast.Command) -> None:
        self.find_loop(command).leave.append(self.jump(command))

    def do_iterate(self, command: ast.Command) -> None:
        self.find_loop(command).again.append(self.jump(command))

    def find_loop(self, command: ast.Command) -> _Loop:
        label = self.bind(command).get("CMDLBL")
        name = label.text if isinstance(label, ast.Word) else "*CURRENT"
        for loop in reversed(self.loops):
            if name in ("*CURRENT", loop.label):
                return loop
        raise NotCompiled(f"{command.name} is not inside the loop {name}.", command.pos)

    def do_select(self, command: ast.Command) -> None:
        ends: list[Callable[[int], None]] = []
        while True:
            name = self.next_name()
            if name not in ("WHEN", "OTHERWISE", "ENDSELECT"):
                raise NotCompiled("SELECT has no ENDSELECT.", command.pos)
            part = self._next_command()
            if name == "ENDSELECT":
                break
            bound = self.bind(part)
            if name == "OTHERWISE":
                self.inner(bound.get("CMD"))
                continue
            skip = self.unless(compile_condition(_need(bound, "COND", part)), part)
            self.inner(bound.get("THEN"))
            ends.append(self.jump(part))
            skip(self.here)
        for patch in ends:
            patch(self.here)

    def do_goto(self, command: ast.Command) -> None:
        patch = self.jump(command)
        name = self.word(command, "CMDLBL")
        self.fixes.append(lambda: patch(self.label(name, command.pos)))

    def do_return(self, command: ast.Command) -> None:
        self.emit(_go(RETURN), command)

    def do_callsubr(self, command: ast.Command) -> None:
        name, result = self.word(command, "SUBR"), self.bind(command).get("RTNVAL")
        variable = _target(result) if isinstance(result, ast.Variable) else None
        instruction = self.emit(_go(0), command)

        def fix() -> None:
            if name not in self.subroutines:
                raise NotCompiled(f"Subroutine {name} is not defined.", command.pos)
            entry, back = self.subroutines[name], instruction.after

            def run(act: Activation) -> int:
                if len(act.subroutines) >= 99:
                    raise Escape("CPF0822", "", "Subroutine stack overflow.")
                act.subroutines.append((back, variable(act) if variable else None))
                return entry

            instruction.run = run

        self.fixes.append(fix)

    def do_rtnsubr(self, command: ast.Command) -> None:
        self.end_subroutine(command)

    def end_subroutine(self, command: ast.Command) -> None:
        result = self.bind(command).get("RTNVAL")
        value = compile_value(result) if result is not None else None

        def run(act: Activation) -> int:
            back, variable = act.subroutines.pop()
            if variable is not None:
                variable.set(value(act) if value else 0)
            return back

        self.emit(run, command)


_NOTHING = ast.Command("RETURN", None, [], 0, 0)
_NOT_MONITORED = {
    "IF",
    "SELECT",
    "DO",
    "DOWHILE",
    "DOUNTIL",
    "DOFOR",
    "GOTO",
    "RETURN",
    "CALLSUBR",
    "RTNSUBR",
    "LEAVE",
    "ITERATE",
}


def _go(target: int) -> Run:
    return lambda _act: target


def _items(value: ast.Value | None) -> list[ast.Value]:
    if value is None:
        return []
    return value.items if isinstance(value, ast.ListValue) else [value]


def _need(bound: dict[str, ast.Value], keyword: str, command: ast.Command) -> ast.Value:
    value = bound.get(keyword)
    if value is None:
        raise NotCompiled(f"Parameter {keyword} of {command.name} is missing.", command.pos)
    return value


def _monitor(bound: dict[str, ast.Value]) -> tuple[Monitor, ast.Command | None]:
    ids = frozenset(item.text for item in _items(bound.get("MSGID")) if isinstance(item, ast.Word))
    compare = bound.get("CMPDTA")
    data = b""
    if isinstance(compare, ast.Quoted) or (isinstance(compare, ast.Word) and compare.text != "*NONE"):
        data = to_ebcdic(compare.text)
    elif isinstance(compare, ast.Hex):
        data = compare.data
    action = bound.get("EXEC")
    return Monitor(ids, data), action if isinstance(action, ast.Command) else None


def _target(value: ast.Value) -> Callable[[Activation], Cell]:
    """What CHGVAR and return parameters store into."""
    if isinstance(value, ast.Variable):
        name = value.name
        return lambda act: act.cells[name]
    if isinstance(value, ast.Builtin):
        if value.name in ("%SST", "%SUBSTRING"):
            return substring_of(value.args)
        if value.name in ("%BIN", "%BINARY"):
            return binary_of(value.args)
        if value.name in ("%ADDRESS", "%ADDR", "%OFFSET", "%OFS") and isinstance(value.args[0], ast.Variable):
            pointer = value.args[0].name
            return lambda act: act.cells[pointer]
    raise TwinError("the twin cannot assign to this built-in function")


target_of = _target
