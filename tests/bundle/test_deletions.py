"""Every statement of the window and every MONMSG of a driver, deleted in turn: rejected, or harmless."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bundle.test_proofs import programs
from flashc.bundle.proofs import prove
from flashc.cl.ast import Statement
from flashc.cl.catalogue import catalogue
from flashc.cl.parser import parse
from flashc.cl.structure import structure

WINDOW = frozenset({"WINDOW", "RESUME", "TALK"})


def statements(text: str) -> Iterator[tuple[str, Statement]]:
    """The statements of a program, each with the subroutine in which it stands."""
    routine = ""
    for statement in parse(text, "x")[0].statements:
        assert statement.command is not None
        words = text[statement.pos : statement.end]
        if found := re.match(r"SUBR\s+SUBR\((\w+)\)", words):
            routine = found[1]
        yield routine, statement


def without(text: str, statement: Statement) -> str:
    """The text without a statement, its lines kept."""
    gone = text[statement.pos : statement.end]
    return text[: statement.pos] + "\n" * gone.count("\n") + text[statement.end :]


def accepted(example: str, name: str, wanted: str) -> set[str]:
    """What may be deleted, one by one, and nothing is found; with blanks and continuations made one."""
    text, runbook = programs(example)[name]
    out = set()
    for routine, statement in statements(text):
        command = statement.command
        assert command is not None
        if not (routine in WINDOW if wanted == "window" else command.name == "MONMSG"):
            continue
        source, problems = parse(without(text, statement), f"{name}.clle")
        if problems or any(p.severity == "error" for p in structure(source).problems):
            continue
        if not prove(source, catalogue(), runbook)[0]:
            words = re.sub(r"[\s+]+", " ", text[statement.pos : statement.end])
            out.add(f"{routine}: {words}")
    return out


HARMLESS = {
    r"RESUME: .*": "RESUME is asked for all the same, at most five times; the guards do not hear DONE",
    r"TALK: CHGVAR VAR\(&(REPLY|HAVE|AT|MORE|PFD|POLLMS)\b.*": "the answer is not whole, and none counts",
    r"TALK: CHGVAR VAR\(%.*": "the answer is not whole, and none counts",
    r"TALK: CALLPRC PRC\('recv'\).*": "nothing is read, so no answer counts",
    r"TALK: IF COND\(&RTN \*NE 64\).*": "no answer comes within the limit of poll",
    r"WINDOW: CALL PGM\(QSYS/QSNDDTAQ\).*": "FLUSH or DONE: without it no SUSPEND, or the guard resumes too",
    r"WINDOW: CHGVAR VAR\(&GMSG\).*": "FLUSH or DONE: without it no SUSPEND, or the guard resumes too",
    r"WINDOW: CALLSUBR SUBR\((FAIL|WRITE)\)": "of a failure that is noted already, or of a note",
    r"WINDOW: CALLSUBR SUBR\((GUARDSUP|O52)\)": "who is gone does not answer: no SUSPEND",
    r"WINDOW: RTNSUBR": "of a failure that is noted already: without READY no SUSPEND",
    r"WINDOW: CALLSUBR SUBR\(TALK\)": "no copy is asked for, and none counts",
    r"WINDOW: CHGVAR VAR\(&(ASK|HELD)\).*": "no copy is asked for, and none counts",
    r"WINDOW: CHGVAR VAR\(&(CODE|DTA|KIND|LIMIT|MSGID|TEXT)\).*": "the text of a note",
    r"WINDOW: MONMSG .*": "outside of the window: the error leads to UNEXPECTED, which resumes and undoes",
    r"WINDOW: QSYS/RTVJOBA DATETIME.*": "the seconds that are reported",
}
"""What nothing is found of when it is deleted, and why production is safe without it."""


def test_every_statement_of_the_window_is_needed_or_harmless() -> None:
    left = accepted("nightly_brms", "FLDDAILY", "window")
    assert [one for one in sorted(left) if not any(re.fullmatch(p, one) for p in HARMLESS)] == []
    assert [p for p in HARMLESS if not any(re.fullmatch(p, one) for one in left)] == []


def test_every_monitor_of_a_driver_is_needed_or_leads_to_the_undo() -> None:
    """Behind a command that may fail and need not succeed: without it the run ends in order, all undone."""
    left = accepted("nightly_brms", "FLDDAILY", "monitors")
    in_window = [one for one in left if one.split(":")[0] in {"RESUME", "TALK"}]
    assert in_window == []
    kept = [one for one in left if "EXEC" in one]
    assert all(
        re.match(r"(AFTERWIN|CLOSED|GUARDSUP|IMPORT|INWORDS|ONCEMORE|REENTER|UNDOING|WINDOW): ", one)
        for one in kept
    ), kept
    assert not any("CMDLBL" in one for one in left)
