"""The ways through a CL program: a graph of its commands, and a walk over it with a state.

`flow` makes the graph of a parsed source: IF and ELSE, SELECT, loops, LEAVE, ITERATE, GOTO, subroutines,
RETURN, and MONMSG of a command and of the program.  Every command may escape:
docs/platform-facts.md#cl-monmsg.
`walk` follows all ways with what an `Analysis` knows at each; a subroutine is entered with the state of its
call and goes back only to calls with that state, so no way is followed that no job can go.

A source that `structure` has found right has an exact graph; of a wrong one it is as good as may be.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from typing import Generic, Literal, TypeVar

from flashc.cl.ast import (
    Command,
    ListValue,
    Operation,
    Quoted,
    Source,
    Statement,
    Unary,
    Value,
    Variable,
    Word,
)
from flashc.cl.structure import DECLARATIVE

S = TypeVar("S", bound=Hashable)

Kind = Literal["command", "test", "call", "back", "end", "mark"]

_TESTS = frozenset({"DOWHILE", "DOUNTIL", "DOFOR"})
FUNCTION_CHECK = "CPF9999"
"""What an escape that nobody monitors becomes; the program's monitors are asked once more for it."""


@dataclass(slots=True, eq=False)
class Monitor:
    """A MONMSG: the ids that it is for, and where it leads; None is a label that is missing."""

    ids: tuple[str, ...]
    command: Command
    target: Node | None = None


@dataclass(slots=True, eq=False)
class Node:
    """A command on its way.

    command  does something and goes on to `next`
    test     IF, WHEN, the condition of a loop: to `next` where it holds (DOFOR: once more), else to `other`
    call     CALLSUBR of the subroutine `name`, then `next`
    back     RTNSUBR, ENDSUBR: back to the CALLSUBR
    end      the program ends: RETURN, ENDPGM, its own escape message
    mark     nothing: where a routine, a label or a loop begins
    """

    kind: Kind
    command: Command | None
    routine: str
    name: str = ""
    next: Node | None = None
    other: Node | None = None
    monitors: list[Monitor] = field(default_factory=list)
    loops: tuple[Node, ...] = ()
    """The loops around it, the innermost last."""


@dataclass(slots=True, eq=False)
class Flow:
    """A program: where it and its subroutines begin, its own monitors, all nodes in their order."""

    source: Source
    main: Node
    routines: dict[str, Node]
    monitors: list[Monitor]
    nodes: list[Node]

    def forget(self) -> None:
        """Take the graph apart, so that what it is made of is freed at once and not searched for."""
        for node in self.nodes:
            node.next = node.other = None
            node.monitors.clear()
            node.loops = ()
        for monitor in self.monitors:
            monitor.target = None

    def line(self, node: Node) -> int:
        """The line of a node's command; 0 where it has none."""
        return self.source.place(node.command.pos)[0] if node.command is not None else 0

    def escapes(self, node: Node, prefixes: Iterable[str]) -> list[tuple[Monitor | None, Node | None]]:
        """Where messages with these prefixes lead that a node's command escapes with.

        Each with its monitor; (None, None) is out of the program.
        """
        found: list[tuple[Monitor | None, Node | None]] = []
        for prefix in prefixes:
            own = _caught(prefix, node.monitors, found)
            if not own and not _caught(prefix, self.monitors, found):
                check = [*node.monitors, *self.monitors]
                caught = next((m for m in check if FUNCTION_CHECK in m.ids or "CPF0000" in m.ids), None)
                found.append((caught, caught.target) if caught else (None, None))
        return list(dict.fromkeys(found))


def _caught(prefix: str, monitors: list[Monitor], found: list[tuple[Monitor | None, Node | None]]) -> bool:
    """Add the monitors that may get a message with the prefix; whether one gets all that come to it."""
    for monitor in monitors:
        if any(one.startswith(prefix) for one in monitor.ids):
            found.append((monitor, monitor.target))
            if prefix + "0000" in monitor.ids:
                return True
    return False


def argument(command: Command, keyword: str, place: int) -> Value | None:
    """The value of a parameter, by its keyword or at its place among those without one."""
    for index, one in enumerate(command.args):
        if one.keyword == keyword or (one.keyword is None and index == place):
            return one.value
    return None


def flow(source: Source) -> Flow:
    """The graph of a program."""
    return _Builder(source).program()


# -- making the graph ------------------------------------------------------------------------------

_Loose = list[tuple["Node | Monitor", str]]
"""Edges whose end is not known yet: the next command that is read."""


@dataclass(slots=True, eq=False)
class _Loop:
    labels: frozenset[str]
    again: Node
    after: _Loose


class _Builder:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.statements: list[Statement] = source.statements
        self.at = 0
        self.routine = ""
        self.nodes: list[Node] = []
        self.labels: dict[str, Node] = {}
        self.gotos: list[tuple[Node | Monitor, str]] = []
        self.routines: dict[str, Node] = {}
        self.monitors: list[Monitor] = []
        self.loops: list[_Loop] = []
        self.heads: tuple[Node, ...] = ()
        self.last: Node | None = None  # the command that a MONMSG here is for
        self.executable = False

    def program(self) -> Flow:
        main = self.node("mark", None, [])
        loose = self.block([(main, "next")], frozenset({"SUBR", "ENDPGM"}))
        self.node("end", self.here(), loose)
        while (command := self.here()) is not None:
            if command.name != "SUBR":
                self.at += 1
                continue
            self.at += 1
            self.routine = _word(argument(command, "SUBR", 0))
            entry = self.routines[self.routine] = self.node("mark", command, [])
            loose = self.block([(entry, "next")], frozenset({"SUBR", "ENDSUBR", "ENDPGM"}))
            self.node("back", self.here() or command, loose)
        for edge, label in self.gotos:
            _join([(edge, "target" if isinstance(edge, Monitor) else "next")], self.labels.get(label))
        return Flow(self.source, main, self.routines, self.monitors, self.nodes)

    def here(self) -> Command | None:
        """The command that comes next."""
        while self.at < len(self.statements):
            command = self.statements[self.at].command
            if command is not None:
                return command
            self.at += 1
        return None

    def node(self, kind: Kind, command: Command | None, loose: _Loose, name: str = "") -> Node:
        made = Node(kind, command, self.routine, name, loops=self.heads)
        self.nodes.append(made)
        _join(loose, made)
        return made

    def block(self, loose: _Loose, ends: frozenset[str]) -> _Loose:
        """Statements up to one of `ends`, which is left to the caller."""
        while (command := self.here()) is not None and command.name not in ends:
            statement = self.statements[self.at]
            self.at += 1
            if statement.labels:
                mark = self.node("mark", None, loose)
                for label in statement.labels:
                    self.labels.setdefault(label.name, mark)
                loose = [(mark, "next")]
            loose = self.statement(command, loose, frozenset(label.name for label in statement.labels))
        return loose

    def statement(self, command: Command, loose: _Loose, labels: frozenset[str] = frozenset()) -> _Loose:
        """One command and what belongs to it; the edges that lead to what comes behind."""
        name = command.name
        if name == "MONMSG":
            return self.monmsg(command, loose)
        if name in DECLARATIVE:
            return loose
        self.executable = True
        if name == "IF":
            return self.condition(command, loose, "THEN", 1)
        if name == "SELECT":
            return self.select(loose)
        if name in _TESTS:
            return self.loop(command, loose, labels)
        if name == "DO":
            return self.group(loose)
        if name in ("LEAVE", "ITERATE"):
            return self.jump(command, self.node("command", command, loose))
        if name == "GOTO":
            self.gotos.append((self.node("command", command, loose), _word(argument(command, "CMDLBL", 0))))
            return []
        if name in ("ELSE", "ENDDO", "ENDSELECT", "WHEN", "OTHERWISE"):  # out of place
            return loose
        kind: Kind = "command"
        if name == "CALLSUBR":
            kind = "call"
        elif name == "RTNSUBR":
            kind = "back"
        elif name in ("RETURN", "TFRCTL") or _own_escape(command):
            kind = "end"
        made = self.node(kind, command, loose, _word(argument(command, "SUBR", 0)) if kind == "call" else "")
        self.last = made
        return [(made, "next")] if kind in ("command", "call") else []

    def held(self, command: Command, keyword: str, place: int, loose: _Loose) -> _Loose:
        """The command in THEN, CMD or EXEC; without one, nothing."""
        inner = argument(command, keyword, place)
        return self.statement(inner, loose) if isinstance(inner, Command) else loose

    def group(self, loose: _Loose) -> _Loose:
        loose = self.block(loose, frozenset({"ENDDO", "SUBR", "ENDSUBR", "ENDPGM"}))
        self.close("ENDDO")
        return loose

    def close(self, name: str) -> None:
        command = self.here()
        if command is not None and command.name == name:
            self.at += 1

    def condition(self, command: Command, loose: _Loose, keyword: str, place: int) -> _Loose:
        test = self.node("test", command, loose)
        out = self.held(command, keyword, place, [(test, "next")])
        following = self.here()
        if following is not None and following.name == "ELSE":
            self.at += 1
            return out + self.held(following, "CMD", 0, [(test, "other")])
        return [*out, (test, "other")]

    def select(self, loose: _Loose) -> _Loose:
        out: _Loose = []
        while (command := self.here()) is not None and command.name in ("WHEN", "OTHERWISE"):
            self.at += 1
            if command.name == "WHEN":
                test = self.node("test", command, loose)
                out += self.held(command, "THEN", 1, [(test, "next")])
                loose = [(test, "other")]
            else:
                out += self.held(command, "CMD", 0, loose)
                loose = []
        self.close("ENDSELECT")
        return out + loose

    def loop(self, command: Command, loose: _Loose, labels: frozenset[str]) -> _Loose:
        outer = self.heads
        once = command.name == "DOUNTIL" or _counts_up(command)
        head = self.node("mark" if once else "test", command, loose)
        self.heads = (*outer, head)
        again = Node("test", command, self.routine, loops=self.heads) if head.kind == "mark" else head
        self.loops.append(_Loop(labels, again, []))
        body = self.group([(head, "next")])
        after = self.loops.pop().after
        self.heads = outer
        _join(body, again)
        if again is head:
            return [*after, (head, "other")]
        self.nodes.append(again)  # tested behind the group; DOUNTIL is left where it holds
        if command.name == "DOUNTIL":
            again.other = head
            return [*after, (again, "next")]
        again.next = head
        return [*after, (again, "other")]

    def jump(self, command: Command, node: Node) -> _Loose:
        label = _word(argument(command, "CMDLBL", 0))
        around = [one for one in self.loops if label in ("", "*CURRENT") or label in one.labels]
        if around and command.name == "LEAVE":
            around[-1].after.append((node, "next"))
        elif around:
            node.next = around[-1].again
        return []

    def monmsg(self, command: Command, loose: _Loose) -> _Loose:
        monitor = Monitor(_ids(command), command)
        run = argument(command, "EXEC", 2)
        if not self.executable:
            self.monitors.append(monitor)
            if isinstance(run, Command) and run.name == "GOTO":
                self.gotos.append((monitor, _word(argument(run, "CMDLBL", 0))))
            return loose
        watched = self.last
        if watched is None:
            return loose
        watched.monitors.append(monitor)
        out = self.held(command, "EXEC", 2, [(monitor, "target")])
        self.last = watched  # a further MONMSG is for the same command
        return loose + out


def _join(loose: _Loose, node: Node | None) -> None:
    for edge, name in loose:
        setattr(edge, name, node)


def _word(value: Value | None) -> str:
    return value.text if isinstance(value, Word) else ""


def _ids(command: Command) -> tuple[str, ...]:
    value = argument(command, "MSGID", 0)
    items = value.items if isinstance(value, ListValue) else [] if value is None else [value]
    return tuple(item.text for item in items if isinstance(item, Word))


def _counts_up(command: Command) -> bool:
    """A DOFOR that runs at least once: from a constant up to one that is not less."""
    first, last, by = (argument(command, keyword, -1) for keyword in ("FROM", "TO", "BY"))
    numbers = [_word(value) for value in (first, last)]
    return by is None and all(map(str.isdecimal, numbers)) and int(numbers[0]) <= int(numbers[1])


def _own_escape(command: Command) -> bool:
    """A message by which the program ends itself."""
    kind = command.arg("MSGTYPE") if command.name == "SNDPGMMSG" else None
    return isinstance(kind, Word) and kind.text == "*ESCAPE"


# -- walking over it -------------------------------------------------------------------------------


_CONDITIONS = frozenset({"IF", "WHEN", "DOWHILE", "DOUNTIL"})
_SILENT = frozenset({"RETURN", "GOTO", "LEAVE", "ITERATE", "RTNSUBR", "ENDSUBR", "SUBR", "ENDPGM"})


def raised(command: Command) -> tuple[str, ...]:
    """Prefixes of what a command may escape with when nothing better is known."""
    if command.name in _SILENT or _only_moves(command):
        return ()
    return ("CPF", "MCH", "CEE") if command.name in ("CALL", "CALLPRC") else ("CPF", "MCH")


def _only_moves(command: Command) -> bool:
    """CHGVAR of a variable to a constant, a test of variables: nothing is computed that may fail."""
    if command.name == "CHGVAR":
        target, value = argument(command, "VAR", 0), argument(command, "VALUE", 1)
        return isinstance(target, Variable) and isinstance(value, Quoted | Word)
    return command.name in _CONDITIONS and _plain(argument(command, "COND", 0))


def _plain(value: Value | None) -> bool:
    if isinstance(value, Operation) and value.op[0] == "*" and value.op != "*":
        return _plain(value.left) and _plain(value.right)
    if isinstance(value, Unary) and value.op == "*NOT":
        return _plain(value.operand)
    return isinstance(value, Variable | Quoted | Word)


class Analysis(Generic[S]):
    """What is known on a way; a subclass says how commands change it.

    A state must have few values: every one that a node is reached with is followed.
    """

    def step(self, at: Point[S]) -> Iterable[S]:
        """The states behind a command, or behind CALLSUBR of a routine that is not entered."""
        return (at.state,)

    def branch(self, at: Point[S]) -> tuple[Iterable[S], Iterable[S]]:
        """The states where a test holds, and where it does not."""
        return (at.state,), (at.state,)

    def escaped(self, at: Point[S]) -> Iterable[S]:
        """The states with which a command may escape."""
        return (at.state,)

    within = False
    """Whether only what a command's own MONMSG gets is followed, as in a walk that begins in a subroutine."""

    def passes(self, node: Node) -> bool:
        """Whether nothing happens at a command, its escape included: the walk goes over it to the next."""
        del node  # a subclass decides by it
        return False

    def enters(self, at: Point[S]) -> bool:
        """Whether a subroutine is followed from this call."""
        del at  # a subclass decides by it
        return True

    def raised(self, command: Command) -> tuple[str, ...]:
        """Prefixes of what a command may escape with; none for one that cannot."""
        return raised(command)

    def ended(self, at: Point[S]) -> None:
        """The program ends here; `at.node` is the last command."""


@dataclass(slots=True, eq=False)
class Point(Generic[S]):
    """A node reached with a state, and the point before it on the way that was found first."""

    node: Node
    state: S
    call: _Call[S]
    before: Point[S] | None
    escaped: bool = False
    """The command before escaped."""


@dataclass(slots=True, eq=False)
class _Call(Generic[S]):
    """A routine entered with a state: its points, the states it goes back with, and who called it so."""

    seen: set[tuple[Node, S]] = field(default_factory=set)
    backs: dict[S, Point[S]] = field(default_factory=dict)
    callers: list[Point[S]] = field(default_factory=list)


def walk(program: Flow, analysis: Analysis[S], start: S, entry: Node | None = None) -> None:
    """Follow all ways from the start of the program, or from `entry`; the analysis notes what it finds."""
    _Walk(program, analysis).run(entry or program.main, start)


class _Walk(Generic[S]):
    def __init__(self, program: Flow, analysis: Analysis[S]) -> None:
        self.program = program
        self.analysis = analysis
        self.main: _Call[S] = _Call()
        self.calls: dict[tuple[str, S], _Call[S]] = {}
        self.work: list[Point[S]] = []
        self.targets: dict[Node, list[tuple[Monitor | None, Node | None]]] = {}
        self.unmonitored: dict[tuple[str, ...], list[tuple[Monitor | None, Node | None]]] = {}
        self.skipped: dict[Node, Node | None] = {}

    def run(self, entry: Node, start: S) -> None:
        self.reach(entry, start, self.main, None)
        while self.work:
            self.visit(self.work.pop())
        for call in self.calls.values():  # points know their call, which knows its callers
            call.callers.clear()
            call.backs.clear()

    def reach(
        self, node: Node | None, state: S, call: _Call[S], before: Point[S] | None, escaped: bool = False
    ) -> None:
        if node is None:
            return
        try:
            to = self.skipped[node]
        except KeyError:
            to = self.skipped[node] = self.acting(node)
        if to is not None and (key := (to, state)) not in call.seen:
            call.seen.add(key)
            self.work.append(Point(to, state, call, before, escaped))

    def acting(self, node: Node) -> Node | None:
        """The first node from here on at which something happens; None where all ways go round for ever."""
        to: Node | None = node
        for _ in self.program.nodes:
            if to is None or not (to.kind == "mark" or (to.kind == "command" and self.analysis.passes(to))):
                return to
            to = to.next
        return None

    def visit(self, at: Point[S]) -> None:
        node, analysis = at.node, self.analysis
        if node.kind == "test":
            holds, fails = analysis.branch(at)
            for state in holds:
                self.reach(node.next, state, at.call, at)
            for state in fails:
                self.reach(node.other, state, at.call, at)
        elif node.kind == "call" and node.name in self.program.routines and analysis.enters(at):
            self.enter(at)
            return
        elif node.kind == "back":
            self.back(at)
            return
        else:
            for state in analysis.step(at):
                self.reach(node.next, state, at.call, at)
        self.escape(at)
        if node.kind == "end":
            analysis.ended(at)

    def enter(self, at: Point[S]) -> None:
        key = (at.node.name, at.state)
        call = self.calls.get(key)
        if call is None:
            call = self.calls[key] = _Call()
        call.callers.append(at)
        self.reach(self.program.routines[at.node.name], at.state, call, at)
        for state, last in call.backs.items():
            self.reach(at.node.next, state, at.call, last)

    def back(self, at: Point[S]) -> None:
        if at.call is self.main:
            self.analysis.ended(at)  # a walk that began in a subroutine
        elif at.state not in at.call.backs:
            at.call.backs[at.state] = at
            for caller in at.call.callers:
                self.reach(caller.node.next, at.state, caller.call, at)

    def escape(self, at: Point[S]) -> None:
        targets = self.targets.get(at.node)
        if targets is None:
            targets = self.targets[at.node] = self.escapes(at.node)
        if not targets:
            return
        for state in self.analysis.escaped(at):
            for monitor, node in targets:
                if monitor is None:
                    self.analysis.ended(Point(at.node, state, at.call, at.before, True))
                elif monitor in at.node.monitors:
                    self.reach(node, state, at.call, at, True)
                else:  # of the program: whoever called what is forgotten
                    self.reach(node, state, self.main, at, True)

    def escapes(self, node: Node) -> list[tuple[Monitor | None, Node | None]]:
        """Where a node's command escapes to, as far as it is followed."""
        if node.command is None or (self.analysis.within and not node.monitors):
            return []
        prefixes = self.analysis.raised(node.command)
        if node.monitors:
            found = self.program.escapes(node, prefixes)
            return [one for one in found if one[0] in node.monitors or not self.analysis.within]
        if prefixes not in self.unmonitored:
            self.unmonitored[prefixes] = self.program.escapes(node, prefixes)
        return self.unmonitored[prefixes]


def way(program: Flow, at: Point[S], longest: int = 12) -> str:
    """How a point is reached, in lines of the source: 12 IF, 14 CALL escapes, 20 RETURN.

    What lies between two decisions is left out; of a long way the end is shown.
    """
    points = [at]
    while points[-1].before is not None:
        points.append(points[-1].before)
    points.reverse()
    parts: list[str] = []
    for index, point in enumerate(points):
        command = point.node.command
        if command is None:
            continue
        escapes = index + 1 < len(points) and points[index + 1].escaped
        shown = index + 1 == len(points) or escapes or point.node.kind in ("test", "call")
        if shown:
            parts.append(f"{program.line(point.node)} {command.name}{' escapes' if escapes else ''}")
    if len(parts) > longest:
        parts = ["...", *parts[-longest:]]
    return ", ".join(parts)
