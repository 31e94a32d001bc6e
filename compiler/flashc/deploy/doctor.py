"""Settling the facts that the code relies on, on a real partition, by the questions of doctor.toml.

An answer is yes (it is so), no (it is otherwise), unknown (the question was not answered), later (it is
about the product, which is not deployed yet), or by hand (only a person can settle it).  What is asked is
data; this module only asks, in a few execs, and compares.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from string import Template
from typing import Any, Literal

from flashc.bundle.context import PYTHON, closed_commands, folder_of
from flashc.check.model import Clone, EndDomino, HoldQueue, Save21Operation, Spec, System
from flashc.deploy import sql
from flashc.deploy.command import Command, messages
from flashc.deploy.errors import DeployError
from flashc.deploy.once import Lack, read_once
from flashc.deploy.session import Session

ASK_S = 300.0
SEEN = 200
"""Characters of an answer that are shown."""

QUESTIONS = ("columns", "cl", "shell", "sidecar", "by_hand")

Outcome = Literal["yes", "no", "unknown", "later", "by hand"]


@dataclass(frozen=True, slots=True)
class Fact:
    """An entry of doctor.toml, its variables filled in; the keys are explained there."""

    about: str
    title: str
    needs: tuple[str, ...]
    columns: tuple[str, ...]
    behind: str
    cl: str
    shell: str
    sidecar: str
    by_hand: str
    matches: str
    never: str
    at_least: str
    fails: str
    otherwise: str
    product: bool = False
    """Asked of what a deployment makes."""


NO_FACT = Fact("", "", (), (), "", "", "", "", "", "", "", "", "", "")
"""One that asks nothing by itself."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a fact; `seen` is what the partition said, `commands` what makes it so on an array."""

    fact: Fact
    outcome: Outcome
    seen: str
    commands: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """For tools."""
        todo = self.fact.by_hand or (self.fact.otherwise if self.outcome not in ("yes", "later") else "")
        return {
            "fact": self.fact.about,
            "title": self.fact.title,
            "settled": self.outcome,
            "seen": self.seen,
            "todo": todo,
            "commands": list(self.commands),
        }


def facts_of(spec: Spec, system: System) -> tuple[Fact, ...]:
    """The facts that matter for a spec's system."""
    names = {
        "library": system.library,
        "guard": system.guard_library,
        "user": system.user,
        "port": f"{system.port:05d}",
        "folder": folder_of(system),
        "release": system.release,
        "python": PYTHON,
        "serials": "|".join(dict.fromkeys(i.serial for i in system.identities)),
        "identity": "|".join(f"{i.serial} {i.lpar}" for i in system.identities),
        "programs": " ".join(_programs(spec, system)),
        "closed": " ".join(
            closed_commands([e for e in spec.environments if e.clone.source.name == system.name])
        ),
        "lines": " ".join(
            sorted({c.link.line for c in spec.clones if c.link and c.source.name == system.name})
        ),
        "clones": " ".join(
            sorted({c.link.clone for c in spec.clones if c.link and c.source.name == system.name})
        ),
        "queues": " ".join(
            sorted(
                {
                    f"{item.library}/{item.queue}"
                    for e in spec.environments
                    if e.clone.source.name == system.name
                    for item in e.around
                    if isinstance(item, HoldQueue)
                }
            )
        ),
    }
    used = set(_used(spec, system))
    return tuple(fact for fact in read_facts(names) if set(fact.needs) <= used)


def read_facts(names: Mapping[str, str]) -> Iterator[Fact]:
    """All entries of doctor.toml; one with `each` once for each of the words it names."""
    text = files("flashc.deploy").joinpath("doctor.toml").read_text(encoding="utf-8")
    for entry in tomllib.loads(text)["fact"]:
        words = names[entry["each"]].split() if "each" in entry else ("",)
        for word in words:
            yield _fact(entry, {**names, "one": word})


def _fact(entry: Mapping[str, Any], names: Mapping[str, str]) -> Fact:
    def of(key: str) -> str:
        return Template(str(entry.get(key, ""))).safe_substitute(names)

    return Fact(
        about=of("about"),
        title=of("title"),
        needs=tuple(entry.get("needs", ())),
        columns=tuple(Template(one).safe_substitute(names) for one in entry.get("columns", ())),
        behind=of("behind"),
        cl=of("cl"),
        shell=of("shell"),
        sidecar=of("sidecar"),
        by_hand=of("by_hand"),
        matches=of("matches"),
        never=of("never"),
        at_least=of("at_least"),
        fails=of("fails"),
        otherwise=of("else"),
        product=bool(entry.get("product", False)),
    )


def _programs(spec: Spec, system: System) -> list[str]:
    """The programs on the partition by which arrays are driven."""
    arrays = [
        disks.array for clone in spec.clones if clone.source.name == system.name for disks in clone.disks
    ]
    found = [dict(array.facts).get("program", "") for array in arrays if array.way.name == "script"]
    return sorted(set(filter(None, found)))


def _used(spec: Spec, system: System) -> Iterator[str]:
    if _programs(spec, system):
        yield "program"
    for e in spec.environments:
        if e.clone.source.name != system.name:
            continue
        if e.uses_brms:
            yield "brms"
        if e.brms and e.brms.from_flash:
            yield "incremental"
        if isinstance(e.operation, Save21Operation):
            yield "save21"
        if any(isinstance(item, EndDomino) for item in e.around):
            yield "domino"


def examine(facts: Sequence[Fact], system: System, session: Session) -> tuple[Answer, ...]:
    """Ask everything; DeployError only where the partition does not answer at all."""
    asked = {n: fact for n, fact in enumerate(facts) if not fact.by_hand}
    printed = {
        **_blocks(session, {n: f for n, f in asked.items() if f.columns}, _sql_line),
        **_blocks(session, {n: f for n, f in asked.items() if f.cl or f.shell}, _shell_line),
    }
    about = _about(session, system) if any(f.sidecar for f in asked.values()) else ""
    return tuple(
        Answer(fact, "by hand", "")
        if fact.by_hand
        else _judged(fact, about if fact.sidecar else printed.get(n, ""))
        for n, fact in enumerate(facts)
    )


def _blocks(session: Session, facts: Mapping[int, Fact], line: Any) -> dict[int, str]:
    """What each question printed: all of them in one exec, a mark before each."""
    if not facts:
        return {}
    return {int(n): text for n, text in sql.blocks(session.run(line(facts), ASK_S).out).items()}


def _sql_line(facts: Mapping[int, Fact]) -> str:
    queries = [sql.select("F", fact.columns, fact.behind) for fact in facts.values()]
    return sql.line_of(queries, [f"{sql.MARK}{n}" for n in facts])


def _shell_line(facts: Mapping[int, Fact]) -> str:
    lines = []
    for n, fact in facts.items():
        own = Command(fact.cl).shell() if fact.cl else f"{fact.shell} 2>&1"
        lines.append(f"echo '{sql.MARK}{n}'; {own} && echo '{WELL}' || echo '{FAILED}'")
    return "; ".join(lines)


WELL, FAILED = "==well", "==failed"


def _about(session: Session, system: System) -> str:
    """What the sidecar says of its surroundings, as JSON."""
    return _sidecar(session, system, "about")


def _sidecar(session: Session, system: System, verb: str) -> str:
    """What a call of the sidecar on the partition prints."""
    folder = folder_of(system)
    line = f"{PYTHON} {folder}/bin/flashrt.pyz {verb} --config {folder}/conf --json 2>&1"
    return session.run(line, ASK_S).out


def is_deployed(system: System, session: Session) -> bool:
    """Whether the product's library is on the partition; where that cannot be told, it is taken for there."""
    look = Command(f"CHKOBJ OBJ(QSYS/{system.library}) OBJTYPE(*LIB)").shell()
    return not any(m.id == "CPF9801" for m in messages(session.run(look, ASK_S).out.splitlines()))


def before_deployment(answers: Sequence[Answer]) -> tuple[Answer, ...]:
    """The answers on a partition without the product: what is asked of the product itself is for later."""
    return tuple(
        replace(one, outcome="later", seen="") if one.fact.product and one.outcome != "yes" else one
        for one in answers
    )


def examine_arrays(spec: Spec, system: System, session: Session) -> tuple[Answer, ...]:
    """For each clone of a system: is on its arrays what its copies need?  Asked through the sidecar."""
    clones = [clone for clone in spec.clones if clone.source.name == system.name]
    return tuple(
        equipped(clone, _sidecar(session, system, f"array ALL lacks --clone {clone.name}"))
        for clone in clones
    )


def equipped(clone: Clone, printed: str) -> Answer:
    """Whether a clone's copies have all that they need, and the commands for the rest."""
    title = f"what the copies of clone {clone.name} need is on {' and '.join(clone.arrays)}"
    fact = replace(NO_FACT, about="array-families", title=title, product=True)
    try:
        found = json.loads(printed)
        lacks = [
            (one["array"], Lack(one["what"], one["text"], one["names"]))
            for one in found.get("details", {}).get("lacks", [])
        ]
        word, said = str(found["word"]), str(found["text"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return Answer(fact, "unknown", _short(printed) or "no answer: the sidecar is not there yet")
    if word == "OK":
        return Answer(fact, "yes", "")
    if word != "LACKS":
        return Answer(fact, "unknown", _short(said))
    missing = "; ".join(f"{lack.text} on {array}" for array, lack in lacks)
    return Answer(fact, "no", f"missing: {missing}", _commands(clone, lacks))


CLOCKS: Mapping[str, Outcome] = {
    "GOOD": "yes",
    "UNUSED": "yes",
    "WRONG": "no",
    "UNSEEN": "unknown",
    "HIDDEN": "by hand",
}
"""What the sidecar finds of a clock (`flashrt.localtime`), as an outcome."""


def examine_clocks(spec: Spec, system: System, session: Session) -> tuple[Answer, ...]:
    """For each array of a system: the clock that copies are told apart by.  Asked through the sidecar."""
    found: dict[str, Answer] = {}
    for clone in (clone for clone in spec.clones if clone.source.name == system.name):
        if set(clone.arrays) - set(found):
            printed = _sidecar(session, system, f"array ALL clock --clone {clone.name}")
            found |= zip(clone.arrays, told_clocks(clone.arrays, printed), strict=True)
    return tuple(found.values())


def told_clocks(arrays: Sequence[str], printed: str) -> tuple[Answer, ...]:
    """An answer for each of these arrays, of what the sidecar said of their clocks."""
    try:
        found = json.loads(printed)
        listed = found.get("details", {}).get("clocks", [])
        clocks = {one["array"]: (CLOCKS[one["word"]], str(one["seen"]), str(one["todo"])) for one in listed}
        said = str(found["text"])
    except (ValueError, KeyError, TypeError, AttributeError):
        clocks, said = {}, printed or "no answer: the sidecar is not there yet"
    answers = []
    for name in arrays:
        title = f"the clock that tells the copies of {name} apart can be relied on"
        fact = replace(NO_FACT, about="local-times", title=title, product=True)
        outcome, seen, todo = clocks.get(name, ("unknown", said, ""))
        by_hand = todo if outcome == "by hand" else ""
        answers.append(Answer(replace(fact, otherwise=todo, by_hand=by_hand), outcome, _short(seen)))
    return tuple(answers)


def _commands(clone: Clone, lacks: Sequence[tuple[str, Lack]]) -> tuple[str, ...]:
    """What an administrator enters, array by array and copy by copy."""
    lines: list[str] = []
    for disks in clone.disks:
        once = read_once()[f"{disks.array.family.name} {disks.phrase.words}"]
        facts = dict(disks.array.facts)
        facts |= {"sid": facts["serial"][-3:]} if "serial" in facts else {}
        host = clone.partition.replace("_", "-") if disks.array.family.name == "pure" else clone.partition
        for copy in disks.copies:
            own = [
                lack
                for array, lack in lacks
                if array == disks.array.name and lack.names.get("copy", copy.name) == copy.name
            ]
            lines += once.missing(own, {"host": host, "name": copy.name}, {**facts, **dict(copy.parts)})
    return tuple(dict.fromkeys(lines))


def _judged(fact: Fact, printed: str) -> Answer:
    """The outcome by what was printed."""
    if fact.columns:
        try:
            rows = sql.rows_of(printed, {"F": "this"})["F"]
        except DeployError as error:
            return Answer(fact, "unknown", _short(error.text))
        said = " ".join(rows[0]) if rows else "no row"
        return _compared(fact, said)
    if fact.sidecar:
        try:
            found = json.loads(printed)["details"][fact.sidecar]
        except (ValueError, KeyError, TypeError):
            return Answer(fact, "unknown", _short(printed) or "no answer")
        return _compared(fact, "none" if found is None else str(found))
    lines = [one for one in printed.splitlines() if one not in (WELL, FAILED)]
    said = _short("; ".join(str(m) for m in messages(lines)) or " ".join(lines))
    if FAILED not in printed and WELL not in printed:
        return Answer(fact, "unknown", said or "no answer")
    failed = FAILED in printed
    if fact.fails:
        good = failed and any(m.id == fact.fails for m in messages(lines))
        return Answer(fact, "yes" if good else "no", said or "it ended well")
    if failed and not fact.never:
        return Answer(fact, "no", said)
    return _compared(fact, said or "it ended well")


def _compared(fact: Fact, said: str) -> Answer:
    good = True
    if fact.matches:
        good = re.search(fact.matches, said, re.MULTILINE) is not None
    if fact.never:
        good = good and re.search(fact.never, said) is None
    if fact.at_least:
        good = good and bool(_version(said)) and _version(said) >= _version(fact.at_least)
    return Answer(fact, "yes" if good else "no", _short(said))


def _version(text: str) -> tuple[int, ...]:
    found = re.match(r"[0-9]+(?:\.[0-9]+)*", text.strip())
    return tuple(int(part) for part in found[0].split(".")) if found else ()


def _short(text: str) -> str:
    one = " ".join(text.split())
    return one if len(one) <= SEEN else f"{one[: SEEN - 3]}..."
