"""doctor.toml and how answers are judged; then all of it against the simulated partition over SSH."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from deploybench import FakePartition
from flashc.check import load
from flashc.check.model import HoldQueue
from flashc.cl.catalogue import catalogue
from flashc.deploy.doctor import Fact, Outcome, _judged, examine, facts_of, read_facts

NAMES = dict.fromkeys(("library", "guard", "user", "folder", "release", "python", "serials", "identity"), "X")
NAMES["closed"] = "RSTLIB CHGASPACT"
NAMES["lines"] = "ETHCLONE"
NAMES["queues"] = "QGPL/QBATCH"
NAMES["clones"] = "192.168.99.16"
EMPTY = Fact("", "", (), (), "", "", "", "", "", "", "", "", "", "")


def fact(**changes: object) -> Fact:
    from dataclasses import replace

    return replace(EMPTY, **changes)  # type: ignore[arg-type]


def test_every_entry_asks_one_thing_and_says_what_is_good(root: Path) -> None:
    text = (root / "docs/platform-facts.md").read_text(encoding="utf-8")
    anchors = {title.strip().replace(" ", "-") for title in re.findall(r"^### (.*)$", text, re.M)}
    titles = []
    for one in read_facts(NAMES):
        asked = [bool(one.columns), bool(one.cl), bool(one.shell), bool(one.sidecar), bool(one.by_hand)]
        assert sum(asked) == 1, one.title
        assert bool(one.behind) == bool(one.columns), one.title
        assert one.about in anchors, f"{one.about}: no such section"
        assert not one.by_hand or not (one.matches or one.never or one.at_least or one.fails)
        titles.append(one.title)
    assert len(set(titles)) == len(titles) > 30


def test_nothing_that_is_asked_changes_anything() -> None:
    for one in read_facts(NAMES):
        name = one.cl.split(" ", 1)[0].rpartition("/")[2]
        # FLSOCKET makes one program, in QTEMP of the job that asks.
        assert not one.cl or name == "CHKOBJ" or "FLNOSUCH" in one.cl or "/FLSOCKET)" in one.cl, one.title
        assert not one.cl or catalogue().get(name) is not None
        assert not re.search(r"\b(INSERT|UPDATE|DELETE|DROP|CREATE|CALL|MERGE)\b", " ".join(one.columns))
        assert not one.columns or one.behind.startswith("FROM ")
        assert ">" not in one.shell.replace("2>&1", "")


def row(text: str) -> str:
    return f"FL>F>{text.encode().hex().upper()}<\nFL>F>\n"


@pytest.mark.parametrize(
    ("asked", "printed", "outcome"),
    [
        (fact(columns=("X",), matches=r"\A7\Z"), row("7"), "yes"),
        (fact(columns=("X",), matches=r"\A7\Z"), row("77"), "no"),
        (fact(columns=("X",), at_least="7.4"), row("7.10"), "yes"),
        (fact(columns=("X",), at_least="7.4"), row("7.3"), "no"),
        (fact(columns=("X",), never=r"\A0\Z"), row("0"), "no"),
        (fact(columns=("X",)), row(""), "yes"),
        (fact(columns=("X",)), "SQL0204 X not found", "unknown"),
        (fact(columns=("X",)), "", "unknown"),
        (fact(cl="X"), "==well", "yes"),
        (fact(cl="X"), "CPF9802: Not authorized.\n==failed", "no"),
        (fact(cl="X"), "", "unknown"),
        (fact(cl="X", fails="CPF9801"), "CPF9801: Not found.\n==failed", "yes"),
        (fact(cl="X", fails="CPF9801"), "==well", "no"),
        (fact(cl="X", fails="CPF9801"), "CPF9810: No library.\n==failed", "no"),
        (fact(cl="X", never="CPD0043"), "CPFA0A9: Not found.\n==failed", "yes"),
        (fact(cl="X", never="CPD0043"), "CPD0043: Keyword.\nCPF0006: Errors.\n==failed", "no"),
        (fact(sidecar="python", matches="^3"), '{"details": {"python": "3.9.21"}}', "yes"),
        (fact(sidecar="paramiko", at_least="2.7"), '{"details": {"paramiko": null}}', "no"),
        (fact(sidecar="python"), "python3.9: not found", "unknown"),
    ],
)
def test_how_answers_are_judged(asked: Fact, printed: str, outcome: Outcome) -> None:
    assert _judged(asked, printed).outcome == outcome


KEY = "ssh-ed25519 AAAA delivery"
INBOX = 'command="X X/bin/flashrt.pyz inbox --config X/conf"'


@pytest.mark.parametrize(
    ("line", "is_let_in"),
    [
        (f'from="192.168.99.16",{INBOX},no-pty {KEY}', True),
        (f'from="10.0.0.1,192.168.99.16",{INBOX},no-pty {KEY}', True),
        (f'from="192.168.99.160",{INBOX},no-pty {KEY}', False),
        (f'from="192.168.99.16",command="internal-sftp",no-pty {KEY}', False),
        (f'from="192.168.99.16",no-pty {KEY}', False),
        (f'#from="192.168.99.16",{INBOX} {KEY}', False),
        (KEY, False),
    ],
)
def test_which_line_lets_a_clone_in_to_deliver(line: str, is_let_in: bool) -> None:
    (asked,) = [one for one in read_facts(NAMES) if one.about == "sshd"]
    pattern = asked.shell.split("'")[1]
    assert (re.search(pattern, line) is not None) == is_let_in


def test_a_partition_that_says_nothing_settles_nothing(root: Path) -> None:
    spec, _ = load(str(root / "examples/nightly_brms.flash"))
    assert spec is not None
    answers = examine(facts_of(spec, spec.systems[0]), spec.systems[0], FakePartition())
    assert {one.outcome for one in answers} == {"unknown", "by hand"}
    assert all(one.as_json()["todo"] for one in answers if one.fact.by_hand)


def test_only_what_the_spec_uses_is_asked(root: Path) -> None:
    def abouts(name: str) -> set[str]:
        spec, _ = load(str(root / f"examples/{name}.flash"))
        assert spec is not None
        return {one.about for one in facts_of(spec, spec.systems[0])}

    assert {"brms-log", "domino"} <= abouts("nightly_brms")
    assert not {"brms-log", "domino"} & abouts("allday")
    json.dumps(sorted(abouts("allday")))


def test_each_queue_of_the_spec_and_each_line_of_a_link_is_asked(root: Path) -> None:
    spec, _ = load(str(root / "examples/quiet.flash"))
    assert spec is not None
    titles = " ".join(one.title for one in facts_of(spec, spec.systems[0]))
    queues = {item.queue for e in spec.environments for item in e.around if isinstance(item, HoldQueue)}
    lines = {clone.link.line for clone in spec.clones if clone.link}
    assert queues | lines
    assert all(name in titles for name in queues | lines)
