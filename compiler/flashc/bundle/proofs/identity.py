"""Who am I?  Nothing with an effect is done before a program knows on which partition it runs.

FLIDENT answers P for production, C for the clone of a ticket; anything else is neither.  A program of
production goes on as P only, one of the clone as C only; the start-up guard decides between them.  A program
that does not ask is called by programs that have asked, and by nothing else: neither by a command, nor as a
job of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from flashc.bundle.proofs.known import Fact, Facts, Known, Values, as_command, called, parameter
from flashc.bundle.proofs.rules import Finding, found
from flashc.cl.ast import Command
from flashc.cl.flow import Analysis, Flow, Node, Point, argument, walk

IDENT = "FLIDENT"

_HARMLESS = frozenset({"CHGVAR", "RTVJOBA", "RTVSYSVAL", "RTVDTAARA", "RTVMSG", "RCVMSG", "CHKOBJ", "GOTO"})
"""Reads, or changes nothing but the job's own."""

ELSEWHERE: Mapping[str, Mapping[str, str]] = {
    # Where neither production nor the clone is proven, or what is decided by the role.
    "FLBOOT": {
        "SNDMSG": "safe mode is told to QSYSOPR",
        "DLYJOB": "safe mode lasts for an hour",
        "CHGDTAARA": "FLBOOTRPT takes what *REPORT saw, on production before the first run",
        "FLSAFE": "safe mode; the program asks by itself and does nothing on production",
    },
    "FLSAFE": {
        "ENDTCP": "safe mode: anything but production",
        "VRYCFG": "safe mode: anything but production",
    },
}
"""What a program may do as somebody else, with the reason."""

_ACTS = re.compile(
    r"CHG(?!VAR)|HLD|RLS|END(?!RCV|PGM)|STR|VRY|PWRDWN|SBM|RST|SAV|INZ|DLT"
    r"|FL(PASE|UNDO|LIMIT|ENDPRC|ABORT|VMAP|JRNL|SEND)\Z|QSNDDTAQ|QCMDEXC"
)
"""Commands and programs that do something beyond the job.  Who only looks and shows need not ask."""

_STATES = {"*STRPRC": "P", "*ENDPRC": "P", "*STRBKU": "C", "*ENDBKU": "C"}
_VERBS = {"array": "P", "console": "P", "vios": "P", "check": "P", "watch": "P", "deliver send": "C"}
"""Verbs of the sidecar that belong to one side."""

_ROLE = Known("&ROLE", "&WHAT", "&ONLYSAY")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a program finds out: whether it asks, as whom it goes on, and which programs it calls as whom."""

    asks: bool
    roles: frozenset[str]
    acts: frozenset[str]
    """Commands and programs that do something beyond the job, where it does not ask."""
    submits: frozenset[str]


class _Identity(Analysis[Values]):
    """Followed through the whole program: in one that decides, the role is tested again and again."""

    def __init__(self, program: Flow, facts: Facts, name: str) -> None:
        self.program = program
        self.facts = facts
        self.allowed = ELSEWHERE.get(name, {})
        self.findings: list[Finding] = []
        self.roles: set[str] = set()

    def step(self, at: Point[Values]) -> Iterable[Values]:
        fact = self.facts.get(at.node)
        values = at.state
        if fact is None:
            return (values,)
        role = _ROLE.get(values, "&ROLE")
        if role in ("P", "C"):
            self.roles.add(role)
        elif not self.harmless(at.node, fact):
            self.findings.append(found("FL9020", f"{fact.name} while it may run anywhere", self.program, at))
        return (_ROLE.after(values, fact),)

    def harmless(self, node: Node, fact: Fact) -> bool:
        name = fact.name
        if name == IDENT or name in _HARMLESS or name in self.allowed or node.kind == "end":
            return True
        # a message to the caller
        return name == "SNDPGMMSG" and parameter(fact.command, "TOMSGQ") == ""

    def branch(self, at: Point[Values]) -> tuple[Iterable[Values], Iterable[Values]]:
        holds, fails = _ROLE.sides(at.state, self.facts[at.node])
        return ([] if holds is None else [holds]), ([] if fails is None else [fails])


class _Short(_Identity):
    """A program whose role does not change again: it is followed up to where it is known."""

    def step(self, at: Point[Values]) -> Iterable[Values]:
        role = _ROLE.get(at.state, "&ROLE")
        if role in ("P", "C"):
            self.roles.add(role)
            return ()
        return super().step(at)

    def branch(self, at: Point[Values]) -> tuple[Iterable[Values], Iterable[Values]]:
        holds, fails = super().branch(at)
        return self.known(holds), self.known(fails)

    def known(self, side: Iterable[Values]) -> Iterable[Values]:
        kept = [values for values in side if _ROLE.get(values, "&ROLE") not in ("P", "C")]
        self.roles.update(role for values in side if (role := _ROLE.get(values, "&ROLE")) in ("P", "C"))
        return kept

    def escaped(self, at: Point[Values]) -> Iterable[Values]:
        return () if _ROLE.get(at.state, "&ROLE") in ("P", "C") else (at.state,)


def identity(program: Flow, facts: Facts, name: str) -> tuple[list[Finding], Asked]:
    """What a program does before it knows who it is, and what it finds out."""
    calls = frozenset(fact.name for fact in facts.values() if fact.command.name == "CALL")
    submits = frozenset(
        called(run)
        for fact in facts.values()
        if fact.name == "SBMJOB" and isinstance(run := argument(fact.command, "CMD", 0), Command)
    )
    if IDENT not in calls:
        acts = frozenset(fact.name for fact in facts.values() if _ACTS.match(fact.name))
        return [], Asked(False, frozenset(), acts, submits - {""})
    decides = sum(_ROLE.concerns(fact) for fact in facts.values() if fact.condition is not None) > 1
    analysis = (_Identity if decides else _Short)(program, facts, name)
    walk(program, analysis, _ROLE.nothing)
    findings = analysis.findings + list(_other_side(frozenset(analysis.roles), facts))
    return findings, Asked(True, frozenset(analysis.roles), frozenset(), submits - {""})


def _other_side(roles: frozenset[str], facts: Facts) -> Iterator[Finding]:
    """Commands of a side that this program never is on."""
    for fact in facts.values():
        side = _side(fact)
        if side and roles and side not in roles:
            where = "production" if side == "P" else "the clone"
            yield Finding("FL9021", f"this belongs to {where}, and the program runs elsewhere", fact.command)


def _side(fact: Fact) -> str:
    """P or C where a command belongs to one side only, else ""."""
    if fact.sets == "&VERB":
        words = fact.value or ""
        return next((side for verb, side in _VERBS.items() if words.startswith(verb)), "")
    if fact.option:
        return "P"
    # one that a job of its own runs is given as text
    command = as_command(fact.value or "") if fact.sets == "&CMD" else fact.command
    return _STATES.get(parameter(command, "STATE"), "") if command and command.name == "INZBRM" else ""


def reached(programs: Mapping[str, Asked], entries: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Programs that do not ask and are reached without one that does, each with who reaches it so.

    `entries` are those that a command, the system or the site starts; a submitted job is started as well,
    maybe on another partition, as it travels in the copy.
    """
    started = dict.fromkeys(entries, "a command or the system")
    for caller, asked in programs.items():
        started |= dict.fromkeys(asked.submits, f"a job that {caller} submits")
    for name, by in sorted(started.items()):
        if name in programs and programs[name].acts:
            yield name, by
