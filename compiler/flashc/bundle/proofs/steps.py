"""The steps of a run in its programs: each once, in the runbook's order, with intent, undo, act and result.

The driver says what it is about by CHGVAR of &CODE, &KIND, &MSGID and &DTA directly before CALLSUBR of
INTENT, DID, FAIL, UNDO or WRITE; those calls are read here together with the acts between them.  On every way
through a step: the intent comes before the act, the undo of what is changed is in the journal before it is
changed and is its inverse, and no intent is left without a result.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from flashc.bundle.proofs.known import Fact, Facts, Known, Values, as_command, called, parameter, passed
from flashc.bundle.proofs.rules import Finding, found
from flashc.bundle.proofs.window import routines_with
from flashc.cl.ast import Command
from flashc.cl.flow import Analysis, Flow, Node, Point, walk

RESTART = "REENTER"
"""Where a run goes on after a repair: it comes to its steps again, from another side."""

EVENTS = frozenset({"INTENT", "DID", "FAIL", "UNDO", "WRITE"})

ACTS = {
    # What a step does, as `act_of` names it; a result is written behind it only.
    "O06": "FLCHECK",
    "O10": "console state",
    "O15": "console state",
    "O17": "console off",
    "O18": "vios unmap",
    "O20": "HLDJOBQ",
    "O21": "HLDJOBSCDE",
    "O22": "HLDJOB",
    "O30": "array require",
    "O35": "ENDDOMSVR",
    "O36": "ENDSBS",
    "O37": "FLENDSVR",
    "O39": "VRYCFG",
    "O40": "CHGDTAARA",
    "O41": "CHGDTAARA",
    "O48": "array release",
    "O49": "array prepare",
    "O50": "CHGASPACT *SUSPEND",
    "O52": "SBMJOB",
    "O55": "send FIRE",
    "O60": "CHGASPACT *RESUME",
    "O61": "array prove",
    "O63": "array present",
    "O65": "INZBRM *STRPRC",
    "O66": "console state",
    "O67": "vios map",
    "O68": "STRTCPIFC",
    "O70": "console on",
    "O86": "deliver verify",
    "O87": "CPYFRMSTMF",
    "O88": "FLHIST BRING",
    "O92": "CHGDTAARA",
    "M01": "STRMNTBRM",
}
BEFORE = frozenset({"O10", "O24", "O85", "O96"})
"""Steps whose row says that they begin."""

LOOKS = frozenset({"O10", "O15", "O30", "O60", "O66", "O86", "O92", "M01"})
"""Steps without an intent: they only look, belong to one that has it, or are one change of a data area."""

OF_MANY = frozenset({"CHGDTAARA", "SBMJOB", "ENDSBS"})
"""Acts of several steps, and of none: they belong to the steps of the routine in which they stand."""

ANSWERED = frozenset({"O55"})
"""Done is what the armed sidecar has answered: it answers nothing that it was not asked."""

AGAIN = {"O15": "AWAITOFF"}
"""Steps that are looked at again elsewhere, and where."""

INVERSES: dict[str, tuple[str, str, str]] = {
    # of an act: its undo, the parameter that names the thing in the act, and that in the undo
    "HLDJOBQ": ("RLSJOBQ", "JOBQ", "JOBQ"),
    "HLDJOB": ("RLSJOB", "JOB", "JOB"),
    "HLDJOBSCDE": ("FLBACK ENTRY", "JOB", "3"),
    "ENDDOMSVR": ("STRDOMSVR", "SERVER", "SERVER"),
    "ENDSBS": ("FLBACK SBS", "SBS", "3"),
    "FLENDSVR": ("FLBACK SERVER", "1", "3"),
    "VRYCFG": ("FLBACK DEVICE", "CFGOBJ", "3"),
    "INZBRM *STRPRC": ("FLENDPRC", "", ""),
    "STRTCPIFC": ("FLBACK LINK", "INTNETADR", "5"),
    "array prepare": ("FLABORT", "", ""),
    "vios unmap": ("FLVMAP", "", ""),
}
"""What is changed on production, and what brings it back.  A number is a place in PARM of a program."""

STARTS_AGAIN = frozenset({"Q1ABRMNET"})
"""BRMS starts its own subsystem again with *ENDPRC: docs/safety.md, S13."""

_NUMBER = re.compile(r"FLU\d{4}\Z")
_FLAGS = ("&OK", "&HELD", "&ANSWER", "&CALM", "&RSMOK", "&SOME", "&ENDRQS")
_OK = Known(*_FLAGS, flags=frozenset(_FLAGS))


@dataclass(frozen=True, slots=True)
class StepOf:
    """A step as the runbook has it: its code, the code of its undo, and a site's own command and undo."""

    code: str
    undo: str | None = None
    command: str = ""
    brings_back: str = ""


@dataclass(slots=True)
class _Event:
    """A call of an event routine with what was set before it."""

    name: str
    node: Node
    code: str
    kind: str
    msgid: str
    data: str


class _Act(NamedTuple):
    """What a command does, in the words of `ACTS`; the command; its text, if it is given as text."""

    name: str
    command: Command
    text: str = ""


@dataclass(slots=True)
class _Read:
    """The driver, read once: its events, its acts, and what each act does to production."""

    program: Flow
    facts: Facts
    events: dict[Node, _Event] = field(default_factory=dict)
    acts: dict[Node, _Act] = field(default_factory=dict)
    callers: dict[str, set[str]] = field(default_factory=dict)


def _read(program: Flow, facts: Facts, declared: dict[str, str]) -> _Read:
    out = _Read(program, facts)
    run: dict[str, str] = {}  # CHGVARs directly before
    last: dict[str, str] = {}  # of this routine
    routine = ""
    quote = declared.get("&Q", "&Q")
    for node, fact in facts.items():
        if node.routine != routine:
            routine, run, last = node.routine, {}, {}
        if fact.name == "CHGVAR":
            run[fact.sets] = last[fact.sets] = (fact.value or "").replace("&Q", quote)
            continue
        if node.kind == "call":
            out.callers.setdefault(node.name, set()).add(node.routine)
            if node.name in EVENTS:
                words = (run.get(name, "") for name in ("&CODE", "&KIND", "&MSGID", "&DTA"))
                out.events[node] = _Event(node.name, node, *words)
        act = _act(node, fact, last)
        if act is not None:
            out.acts[node] = act
        run = {}
    return out


def _act(node: Node, fact: Fact, last: dict[str, str]) -> _Act | None:
    command = fact.command
    name = node.name if node.kind == "call" else fact.name
    if name == "LIMITED":
        text = last.get("&CMD", "")
        inner = as_command(text)
        return _Act(_of_a_job(inner) if inner else "", inner or command, text)
    if name in ("FLPASE", "INSIST"):
        words = last.get("&VERB", "").split()
        verb = [word for word in words[1:3] if _VERB.match(word)][:1]
        return _Act(" ".join([*words[:1], *verb]), command)
    if name == "FLENDSVR":
        inner = as_command(f"CALL PGM(FLENDSVR) PARM('{last.get('&ITEM', '')}')")
        return _Act(name, inner or command)
    if name == "TALK":
        return _Act("send FIRE" if last.get("&ASK", "").endswith("FIRE") else "send", command)
    if name == "RESUME":
        return _Act("CHGASPACT *RESUME", command)
    if name == "CHGASPACT":
        return _Act(f"{name} {fact.option}", command)
    name = _stated(name, command)
    return _Act(name, command) if name in _NAMED else None


def _of_a_job(command: Command) -> str:
    """What a job of its own is to do: a program that has several acts is named with the one."""
    if called(command) == "FLHIST":
        return " ".join(["FLHIST", *passed(command)[1:2]])
    return _stated(command.name, command)


def _stated(name: str, command: Command) -> str:
    """INZBRM with the state that it asks for; other names as they are."""
    return f"{name} {parameter(command, 'STATE')}" if name == "INZBRM" else name


_VERB = re.compile(r"(state|off|on|release|prepare|present|prove|require|verify|map|unmap|--clone)\Z")
_NAMED = frozenset(ACTS.values()) | frozenset(INVERSES)


# -- on every way through a step -------------------------------------------------------------------


class _State(NamedTuple):
    """Intents without a result, undos in the journal, acts done, and whether all is well (&OK)."""

    open: tuple[str, ...]
    undos: tuple[str, ...]
    acts: frozenset[str]
    values: Values

    def failed(self) -> _State:
        """Behind FAIL: the reason is the result; whether somebody has asked for the end is not known."""
        values = _OK.put(_OK.put(self.values, "&OK", "0"), "&ENDRQS", None)
        return _State((), self.undos, self.acts, values)

    def knows(self, values: Values) -> _State:
        """The same with other values."""
        return self if values is self.values else _State(self.open, self.undos, self.acts, values)


class _Steps(Analysis[_State]):
    def __init__(self, read: _Read, runbook: Iterable[StepOf]) -> None:
        self.read = read
        self.program = read.program
        self.findings: list[Finding] = []
        self.runs = {step.command: step.brings_back for step in runbook if step.brings_back}
        self.of_runs = {step.code for step in runbook if step.brings_back}
        self.codes = [step.code for step in runbook if step.code not in LOOKS]
        self.intents: dict[str, set[str]] = {}
        for event in read.events.values():
            if event.name in ("INTENT", "DID") and event.code not in LOOKS:
                self.intents.setdefault(event.node.routine, set()).add(event.code)
        tells = [
            node
            for node, event in read.events.items()
            if event.name != "FAIL" and event.kind != "N" and node.routine not in EVENTS
        ]
        self.entered = routines_with(self.program, tells) - EVENTS
        self.fails = routines_with(self.program, [n for n, e in read.events.items() if e.name == "FAIL"])

    within = True

    def passes(self, node: Node) -> bool:
        if node in self.read.acts or node.monitors:
            return False
        fact = self.read.facts.get(node)
        return fact is None or not _OK.concerns(fact)

    def enters(self, at: Point[_State]) -> bool:
        return at.node.name in self.entered

    def report(self, code: str, message: str, at: Point[_State]) -> None:
        self.findings.append(found(code, message, self.program, at))

    def step(self, at: Point[_State]) -> Iterable[_State]:
        state, node = at.state, at.node
        if node in self.read.acts:
            state = self.acted(at, self.read.acts[node])
        event = self.read.events.get(node)
        if event is not None:
            return (self.told(at, state, event),)
        if node.kind == "call":
            if node.name not in self.fails:
                return (state,)
            return (state, state.failed())
        fact = self.read.facts.get(node)
        return (state if fact is None else state.knows(_OK.after(state.values, fact)),)

    def branch(self, at: Point[_State]) -> tuple[Iterable[_State], Iterable[_State]]:
        state = at.state
        holds, fails = _OK.sides(state.values, self.read.facts[at.node])
        one: Iterable[_State] = () if holds is None else (state.knows(holds),)
        return one, () if fails is None else (state.knows(fails),)

    def told(self, at: Point[_State], state: _State, event: _Event) -> _State:
        code = event.code
        if event.name == "FAIL":
            return state.failed()
        if event.name == "INTENT":
            return state._replace(open=(*(one for one in state.open if one != code), code))
        if event.name == "DID":
            act = ACTS.get(code)
            if act and act not in state.acts and code not in BEFORE | ANSWERED:
                self.report("FL9032", f"{code} is said to be done, and {act} is not", at)
            return state._replace(open=tuple(one for one in state.open if one != code))
        if event.name == "UNDO" and event.kind in ("A", "B"):
            return state._replace(undos=(*state.undos, event.data))
        if event.kind == "R":
            return state._replace(open=tuple(one for one in state.open if one != code))
        return state

    def acted(self, at: Point[_State], act: _Act) -> _State:
        state = at.state
        for code in self.codes if act.name not in OF_MANY else self.intents.get(at.node.routine, ()):
            if ACTS.get(code) == act.name and code not in state.open:
                self.report("FL9032", f"{act.name} comes before the intent of {code}", at)
        codes = self.intents.get(at.node.routine)
        # The same command may stand where nothing undoes it: before, after the flash
        if act.text in self.runs and (not codes or codes & self.of_runs):
            if self.runs[act.text] not in state.undos:
                self.report("FL9033", "the site's command comes before its undo", at)
        elif act.name in INVERSES and parameter(act.command, "SBS", 0) not in STARTS_AGAIN:
            self.undoable(at, state, act)
        return state._replace(acts=state.acts | {act.name})

    def undoable(self, at: Point[_State], state: _State, act: _Act) -> None:
        if not state.undos:
            self.report("FL9033", f"{act.name} comes before its undo", at)
        elif not any(inverse(act.name, act.command, undo) for undo in state.undos):
            self.report("FL9034", f"{act.name} is not undone by {' or '.join(state.undos)}", at)

    def ended(self, at: Point[_State]) -> None:
        if at.state.open:
            self.report("FL9032", f"no result of {' and '.join(at.state.open)}", at)


def inverse(name: str, command: Command, undo: str) -> bool:
    """Whether the text of an undo brings back what a command does."""
    back, of_act, of_undo = INVERSES[name]
    parsed = as_command(undo)
    if parsed is None:
        return False
    does = called(parsed) or parsed.name
    if back.startswith("FLBACK "):
        does = f"{does} {_thing(parsed, '2')}"
    return does == back and _thing(command, of_act) == _thing(parsed, of_undo)


def _thing(command: Command, where: str) -> str:
    if where.isdecimal():
        values = passed(command)
        return values[int(where) - 1] if len(values) >= int(where) else ""
    return parameter(command, where, 0) if where else ""


# -- the order -------------------------------------------------------------------------------------


def _places(read: _Read) -> list[tuple[str, str]]:
    """Codes and the routines in which they are told of, in the order in which a run comes there."""
    by: dict[str, list[Node]] = {}
    for node in read.program.nodes:
        if node.kind == "call":
            by.setdefault(node.routine, []).append(node)
    out: list[tuple[str, str]] = []
    seen = {RESTART}

    def expand(routine: str) -> None:
        seen.add(routine)
        for node in by.get(routine, ()):
            event = read.events.get(node)
            if event is not None and event.name in ("INTENT", "DID", "WRITE") and event.code:
                if event.name != "WRITE" or event.kind == "R":
                    out.append((event.code, routine))
            elif event is None and node.name not in seen and node.name not in EVENTS:
                expand(node.name)

    expand("")
    return list(dict.fromkeys(out))


def _once(read: _Read, runbook: Iterable[StepOf], elsewhere: frozenset[str]) -> Iterator[Finding]:
    steps = [step for step in runbook if step.code not in elsewhere]
    places = [
        (code, routine)
        for code, routine in _places(read)
        if AGAIN.get(code) != routine and not _part_of(read, code, routine)
    ]
    anywhere = read.program.nodes[-1].command
    assert anywhere is not None
    where = {place: number for number, place in enumerate(places)}
    taken = 0
    codes = list(dict.fromkeys(step.code for step in steps))
    for code in codes:
        own = [place for place in places if place[0] == code]
        wanted = sum(1 for step in steps if step.code == code)
        if len(own) != wanted:
            message = f"{code} stands in the runbook {wanted} times, in the driver {len(own)} times"
            yield Finding("FL9030", message, anywhere)
            continue
        first = where[own[0]]
        if first < taken and code not in _BESIDE:
            yield Finding("FL9031", f"{code} comes before the step that the runbook has before it", anywhere)
        taken = max(taken, first)
    for code, routine in places:
        if code not in codes and code not in elsewhere and code not in _NO_STEPS:
            yield Finding("FL9030", f"{code} in {routine} is no step of this runbook", anywhere)


def _part_of(read: _Read, code: str, routine: str) -> bool:
    """Whether a routine is a part of one that tells of the same step."""
    callers = read.callers.get(routine, set())
    return any(e.code == code and e.node.routine in callers - {routine} for e in read.events.values())


_BESIDE = frozenset({"O83", "O84"})
"""Both sides are at work: these come at the source's next look."""

_NO_STEPS = frozenset({"O98"})
"""Told of where a run is ended, in no runbook."""


def steps(
    program: Flow,
    facts: Facts,
    declared: dict[str, str],
    runbook: tuple[StepOf, ...],
    elsewhere: frozenset[str],
) -> Iterator[Finding]:
    """What is wrong with the steps of a driver; codes of `elsewhere` are done by other programs."""
    read = _read(program, facts, declared)
    yield from _once(read, runbook, elsewhere)
    yield from _undos(read, runbook)
    analysis = _Steps(read, runbook)
    roots = {n.name for n in program.nodes if n.kind == "call" and n.routine in ("", "PREPARE")}
    start = _State((), (), frozenset(), _OK.initial({"&OK": "1", "&ENDRQS": "0"}))
    for root in sorted(roots & analysis.entered - {"PREPARE", "UNEXPECTED"}):
        walk(program, analysis, start, program.routines[root])
    yield from analysis.findings


def _undos(read: _Read, runbook: Iterable[StepOf]) -> Iterator[Finding]:
    """Each undo once, in the form that FLUNDO reads, with the code that the runbook gives it."""
    codes = {step.undo for step in runbook if step.undo}
    numbers: set[str] = set()
    for node, event in read.events.items():
        if event.name != "UNDO" or event.kind not in ("A", "B"):
            continue
        assert node.command is not None
        if not _NUMBER.match(event.msgid) or event.msgid in numbers:
            yield Finding("FL9035", f"the undo {event.msgid}", node.command)
        numbers.add(event.msgid)
        if event.code not in codes:
            yield Finding("FL9034", f"{event.code} undoes nothing of this runbook", node.command)
        if as_command(event.data) is None:
            yield Finding("FL9035", f"the undo {event.msgid} is no command", node.command)
