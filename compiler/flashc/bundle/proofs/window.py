"""The window: between SUSPEND and RESUME nothing that may block, and no way without RESUME.

Three programs ask for RESUME.  The driver suspends: from SUSPEND on (where it escapes as well: it may have
been granted) until RESUME was asked for, in every ASP that was suspended.  A guard: from REQUEST on, until
DONE came or it has asked for RESUME itself.  The recovery: from its beginning, before it undoes anything,
unless another run has the window.  Whether RESUME was granted is not decided here; the guards ask on.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeAlias

from flashc.bundle.proofs.known import POSITIVE, Fact, Facts, Known, Values, constant, parameter, passed
from flashc.bundle.proofs.rules import Finding, found
from flashc.cl.flow import Analysis, Flow, Node, Point, argument, raised, walk

CALLS = frozenset({"QSNDDTAQ", "send", "poll", "recv"})
"""Programs and procedures that may be called in the window; each has its own MONMSG."""

COUNTS = "FLSECS"
"""The program that counts what is left of the limit; it is in memory since before the first SUSPEND, and
`computes` proves that it does nothing else."""

_PLAIN = frozenset({"CHGVAR", "LEAVE", "ITERATE", "GOTO", "RTNSUBR", "CHGASPACT"})
_PROOFS = {
    "FLUSHED": "both guards have flushed",
    "OFF": "the clone is off",
    "READY": "the trigger answers",
    "WATCH": "both guards are on the watch",
}
_SAID = ("FLUSHED", "WATCH")
"""What both guards say, asked by BOTHSAY."""
_GUARDS = ("&GRDA", "&GRDB")


def has_own_monitor(node: Node, prefixes: tuple[str, ...]) -> bool:
    """Whether the MONMSGs of a command get everything that it escapes with."""
    ids = {one for monitor in node.monitors for one in monitor.ids}
    return all(prefix + "0000" in ids for prefix in prefixes)


def routines_with(program: Flow, wanted: Iterable[Node]) -> set[str]:
    """The subroutines in which such nodes stand, and those that call them."""
    names = {node.routine for node in wanted}
    calls = [(node.routine, node.name) for node in program.nodes if node.kind == "call"]
    while more := {caller for caller, name in calls if name in names} - names:
        names |= more
    return names


# -- the driver ------------------------------------------------------------------------------------

_REPLY = "%SST(&REPLY 35 5)"
_DRIVER = Known(
    *("&OPEN", "&PHASE", "&OK", "&GMSG", "&WANT", "&VERB", "&RC", "&WORD", "&ASK", "&RTN", _REPLY),
    flags=frozenset({"&OPEN", "&OK"}),
)
_MAIN = 2  # the first two are what the main line goes by
_NEVER: tuple[str | None, ...] = (None,) * (len(_DRIVER.names) - _MAIN)


class _State(NamedTuple):
    """What the driver has done on a way.

    `held` are the ASPs that may be suspended, `read` where the reading of an answer stands (polled,
    received), `told` the last word to each guard, `asked` what was asked and is not tested yet, `proven` the
    keys of `_PROOFS`; that the guards watch is proven for one window only, behind REQUEST.
    """

    held: tuple[str, ...]
    read: str
    told: tuple[str, str]
    asked: str
    proven: frozenset[str]
    values: Values


class _Driver(Analysis[_State]):
    def __init__(self, program: Flow, facts: Facts) -> None:
        self.program = program
        self.facts = facts
        self.findings: list[Finding] = []
        acts = [node for node, fact in facts.items() if fact.option or fact.sets == "&PHASE"]
        self.entered = routines_with(program, acts)
        self.talk = {node.routine for node, fact in facts.items() if fact.name == "send"}
        self.fine = {node.routine for node, fact in facts.items() if fact.option == "*SUSPEND"} | self.talk

    def passes(self, node: Node) -> bool:
        fact = self.facts.get(node)
        return fact is None or (
            fact.name in _PLAIN
            and not fact.option
            and not raised(fact.command)
            and not _DRIVER.concerns(fact)
        )

    def enters(self, at: Point[_State]) -> bool:
        return bool(at.state.held) or at.node.name in self.entered

    def report(self, code: str, message: str, at: Point[_State]) -> None:
        self.findings.append(found(code, message, self.program, at))

    def word(self, state: _State, name: str) -> str:
        return _DRIVER.get(state.values, name) or ""

    def step(self, at: Point[_State]) -> Iterable[_State]:
        state, node = at.state, at.node
        fact = self.facts.get(node)
        if fact is None:
            return (state,)
        if node.kind == "call":  # not followed: it may change anything but what the main line goes by
            asked = self.word(state, "&WANT") if node.name == "BOTHSAY" else ""
            if asked not in _SAID or (asked == "WATCH" and state.told != ("REQUEST", "REQUEST")):
                asked = ""
            if node.name in self.talk and self.word(state, "&ASK").endswith("PING"):
                asked = "READY"
            values = state.values[:_MAIN] + _NEVER
            return (_State(state.held, "", ("", ""), asked, state.proven, values),)
        if state.held or fact.option == "*SUSPEND":
            self.allowed(at, fact)
        if fact.name == "FLPASE" and self.word(state, "&VERB").startswith("console state"):
            state = state._replace(asked="WORD")
        elif fact.sets == "&WORD" and state.asked == "WORD":  # it is the one of this answer
            state = state._replace(asked="OFF")
        elif fact.name != "CHGVAR":
            state = self.window(at, fact)
        values = _DRIVER.after(state.values, fact)
        return (self.settled(node, state if values is state.values else state._replace(values=values)),)

    def settled(self, node: Node, state: _State) -> _State:
        """Beyond the window only what the main line goes by is kept: few states, each followed once."""
        if node.routine in self.fine:
            return state
        if node.routine:
            values = state.values[:_MAIN] + _NEVER
            return _State(state.held, "", state.told, "", state.proven, values)
        return _State(state.held, "", ("", ""), "", frozenset(), state.values[:_MAIN] + _NEVER)

    def branch(self, at: Point[_State]) -> tuple[Iterable[_State], Iterable[_State]]:
        holds, fails = _DRIVER.sides(at.state.values, self.facts[at.node])
        return self.side(at, holds), self.side(at, fails)

    def side(self, at: Point[_State], values: Values | None) -> Iterable[_State]:
        state = at.state
        if values is None:
            return ()
        if values is not state.values:
            state = state._replace(values=values)
            if state.asked and self.answered(state):
                state = state._replace(asked="", proven=state.proven | {state.asked})
        return (self.settled(at.node, state),)

    def answered(self, state: _State) -> bool:
        """Whether what was asked is tested, and found as it must be."""
        if state.asked in _SAID:
            return self.word(state, "&OK") == "1"
        if state.asked == "WORD":
            return False
        if state.asked == "OFF":
            return self.word(state, "&RC") == "0" and self.word(state, "&WORD") == "OFF"
        return self.word(state, _REPLY) == "READY"

    def escaped(self, at: Point[_State]) -> Iterable[_State]:
        fact = self.facts[at.node]
        state = at.state
        if fact.option:
            state = _changed(state, fact)
        elif (guard := _guard(fact)) is not None:
            state = self.tell(state, guard)
        return (state,)

    def ended(self, at: Point[_State]) -> None:
        if at.state.held:
            held = " and ".join(at.state.held)
            self.report("FL9010", f"the program ends here, and {held} may be suspended", at)

    def window(self, at: Point[_State], fact: Fact) -> _State:
        state = at.state
        if fact.option == "*SUSPEND":
            self.begins(at)
        if fact.option:
            return _changed(state, fact)
        if (guard := _guard(fact)) is not None:
            return self.tell(state, guard)
        if fact.name == "poll":
            if state.held and state.read == "received" and _DRIVER.get(state.values, "&RTN") != POSITIVE:
                self.report("FL9005", "poll once more, though recv may have got nothing", at)
            return state._replace(read="polled")
        if not state.held:
            return state
        if fact.name == "recv":
            if state.read != "polled":
                self.report("FL9005", "recv stands behind no poll, which has the limit", at)
            return state._replace(read="received")
        if fact.name == "send":
            for guard_name, said in zip(_GUARDS, state.told, strict=True):
                if said != "HELD":
                    self.report("FL9013", f"{guard_name} is not told that production is held", at)
        return state

    def begins(self, at: Point[_State]) -> None:
        """Everything that must be so before a SUSPEND."""
        state = at.state
        if state.held:
            return  # of another ASP, in the same window
        for proof in sorted(_PROOFS.keys() - state.proven):
            self.report("FL9013", f"not proven here that {_PROOFS[proof]}", at)

    def tell(self, state: _State, guard: int) -> _State:
        word = self.word(state, "&GMSG").split(" ")[0]
        a, b = state.told
        return state._replace(told=(word, b) if guard == 0 else (a, word))

    def allowed(self, at: Point[_State], fact: Fact) -> None:
        if fact.option or fact.name in CALLS:
            prefixes = raised(fact.command) if fact.command.name == "CALLPRC" else ("CPF", "MCH")
            if not has_own_monitor(at.node, prefixes):
                self.report("FL9012", f"{fact.name} is not monitored for {' '.join(prefixes)}", at)
        elif not (fact.name in _PLAIN or fact.name == COUNTS or _clock(fact)):
            self.report("FL9011", f"{fact.name} stands in the window", at)


def _changed(state: _State, fact: Fact) -> _State:
    if fact.option == "*RESUME":
        held = tuple(one for one in state.held if one != fact.asp)
        return state._replace(held=held, proven=state.proven - {"WATCH"})
    if fact.option != "*SUSPEND" or fact.asp in state.held:
        return state
    if not state.held:  # what had to be proven before is of no use any more
        state = state._replace(asked="", values=state.values[:_MAIN] + _NEVER)
    return state._replace(held=(*state.held, fact.asp))


def _guard(fact: Fact) -> int | None:
    """Which guard a word is sent to."""
    if fact.name != "QSNDDTAQ":
        return None
    queue = (passed(fact.command) or [""])[0]
    return _GUARDS.index(queue) if queue in _GUARDS else None


def _clock(fact: Fact) -> bool:
    """RTVJOBA that reads the clock and nothing else."""
    return fact.name == "RTVJOBA" and [a.keyword for a in fact.command.args] == ["DATETIME"]


def driver(program: Flow, facts: Facts, declared: dict[str, str]) -> Iterator[Finding]:
    """What is wrong in the window of a driver."""
    analysis = _Driver(program, facts)
    walk(program, analysis, _State((), "", ("", ""), "", frozenset(), _DRIVER.initial(declared)))
    yield from analysis.findings
    yield from _repeated(facts)
    yield from _asps(facts, "*SUSPEND", "*RESUME")
    yield from _asps(facts, "*RESUME", "*SUSPEND")
    yield from _answers(facts)


def _answers(facts: Facts) -> Iterator[Finding]:
    """An answer counts only whole, and with this run's token."""
    for node, fact in facts.items():
        if fact.name == "recv":
            tests = {
                parameter(one.command, "COND", 0)
                for other, one in facts.items()
                if other.routine == node.routine and one.name == "IF"
            }
            for wanted in sorted(_WHOLE - tests):
                yield Finding("FL9013", f"the answer is not tested for {wanted}", fact.command)


_WHOLE = frozenset({"&HAVE *NE 128", "%SST(&REPLY 1 32) *NE &TOKEN"})


def _repeated(facts: Facts) -> Iterator[Finding]:
    """In a loop that asks for RESUME again: nothing else may block either, for it may be refused."""
    loops = {node.loops[-1] for node, fact in facts.items() if fact.option == "*RESUME" and node.loops}
    for node, fact in facts.items():
        if node.kind == "test" or node in loops or not loops.intersection(node.loops):
            continue
        if fact.name not in _PLAIN and fact.name != "ENDJOB" and not _short_delay(fact):
            yield Finding("FL9011", f"{fact.name} stands where RESUME is asked for again", fact.command)


def _short_delay(fact: Fact) -> bool:
    seconds = constant(argument(fact.command, "DLY", 0)) if fact.name == "DLYJOB" else None
    return seconds is not None and seconds.isdecimal() and 0 < int(seconds) <= 5


def _asps(facts: Facts, option: str, other: str) -> Iterator[Finding]:
    """What has the one has the other: what is suspended is resumed, and what a guard would resume it has
    written out, by the same command."""
    by: dict[str, dict[str, Fact]] = {option: {}, other: {}}
    for fact in facts.values():
        by.get(fact.option, {})[fact.asp] = fact
    for asp in sorted(by[option].keys() - by[other].keys()):
        yield Finding("FL9015", f"{asp} has {option} and no {other}", by[option][asp].command)


# -- a guard, and the recovery ---------------------------------------------------------------------

_Owes: TypeAlias = tuple[tuple[str, ...], Values]
"""The ASPs for which RESUME may have to be asked and is not yet, and what is known."""


class _Watch(Analysis[_Owes], ABC):
    """What guard and recovery have in common: RESUME is owed until it is asked for, granted or not."""

    known: Known

    def __init__(self, program: Flow, facts: Facts) -> None:
        self.program = program
        self.facts = facts
        self.findings: list[Finding] = []
        resumes = [fact.asp for fact in facts.values() if fact.option == "*RESUME"]
        self.asps = tuple(dict.fromkeys(resumes))

    def report(self, code: str, message: str, at: Point[_Owes]) -> None:
        self.findings.append(found(code, message, self.program, at))

    def step(self, at: Point[_Owes]) -> Iterable[_Owes]:
        fact = self.facts.get(at.node)
        if fact is None:
            return (at.state,)
        owed = self.asked(at, fact) if fact.option == "*RESUME" else self.owed(at, fact)
        return ((owed, self.known.after(at.state[1], fact)),)

    def asked(self, at: Point[_Owes], fact: Fact) -> tuple[str, ...]:
        return tuple(asp for asp in at.state[0] if asp != fact.asp)

    @abstractmethod
    def owed(self, at: Point[_Owes], fact: Fact) -> tuple[str, ...]:
        """In which ASPs RESUME is owed behind a command that does not ask for it."""

    def branch(self, at: Point[_Owes]) -> tuple[Iterable[_Owes], Iterable[_Owes]]:
        owed, values = at.state
        holds, fails = self.known.sides(values, self.facts[at.node])
        return ([] if holds is None else [(owed, holds)]), ([] if fails is None else [(owed, fails)])

    def escaped(self, at: Point[_Owes]) -> Iterable[_Owes]:
        fact = self.facts[at.node]
        owed, values = at.state
        return ((self.asked(at, fact) if fact.option == "*RESUME" else owed, values),)


class _Guard(_Watch):
    known = Known(
        *("&WINDOW", "&VERB", "&OVER", "&BEGUN", "&REPLY"), flags=frozenset({"&WINDOW", "&OVER", "&BEGUN"})
    )

    def owed(self, at: Point[_Owes], fact: Fact) -> tuple[str, ...]:
        owed, values = at.state
        if fact.sets == "&WINDOW" and fact.value == "1":
            return self.asps
        if fact.sets == "&WINDOW":
            if owed and self.known.get(values, "&VERB") != "DONE":
                self.report("FL9014", "the window is over for this guard", at)
            return ()
        watches = fact.name == "QSNDDTAQ" and (self.known.get(values, "&REPLY") or "").endswith("WATCH")
        if watches and not owed:
            self.report("FL9014", "the guard says that it is on the watch, and is not", at)
        if fact.name == "ENDJOB" and self.known.get(values, "&WINDOW") == "1":
            return self.asps  # until now the driver may have suspended once more
        # The driver suspends only behind the answer to REQUEST; later a queue may block for ever.
        answers = fact.name == "QSNDDTAQ" and self.known.get(values, "&VERB") == "REQUEST"
        if owed and not (fact.name in _PLAIN or fact.name == "QRCVDTAQ" or answers or at.node.kind == "end"):
            self.report("FL9011", f"{fact.name} stands before RESUME", at)
        return owed

    def ended(self, at: Point[_Owes]) -> None:
        if at.state[0]:
            self.report("FL9014", "the guard ends here", at)


def guard(program: Flow, facts: Facts, declared: dict[str, str]) -> Iterator[Finding]:
    """What is wrong in the watch of a guard: RESUME is owed from REQUEST on."""
    analysis = _Guard(program, facts)
    walk(program, analysis, ((), analysis.known.initial(declared)))
    yield from analysis.findings
    yield from _repeated(facts)
    yield from _asps(facts, "*RESUME", "*FRCWRT")


class _Recovery(_Watch):
    known = Known("&SAFE", "&OPTION", flags=frozenset({"&SAFE"}))

    def owed(self, at: Point[_Owes], fact: Fact) -> tuple[str, ...]:
        owed = at.state[0]
        if fact.sets == "&SAFE" and fact.value == "1":  # another run has the window
            return ()
        if owed and fact.name in ("FLUNDO", "FLIMPORT", "SBMJOB"):
            self.report("FL9010", f"{fact.name} comes before RESUME", at)
        return owed


def recovery(program: Flow, facts: Facts, declared: dict[str, str]) -> Iterator[Finding]:
    """What the recovery does before production is resumed: RESUME is owed from its beginning."""
    analysis = _Recovery(program, facts)
    walk(program, analysis, (analysis.asps, analysis.known.initial(declared)))
    yield from analysis.findings
    yield from _repeated(facts)


def computes(facts: Facts) -> Iterator[Finding]:
    """What a program does that is called in the window, beside computing."""
    for node, fact in facts.items():
        if node.kind == "command" and fact.name != "CHGVAR":
            yield Finding("FL9011", f"{fact.name} in a program that is called in the window", fact.command)
