"""once.toml: an entry for each kind of copies, words that the sidecar says, names that are told."""

from __future__ import annotations

import re
from pathlib import Path

from deploybench import FakePartition
from flashc.check import load
from flashc.check.families import FAMILIES
from flashc.deploy.doctor import examine_arrays
from flashc.deploy.once import Lack, read_once
from flashrt.arrays import lacks


def test_each_kind_of_copies_that_is_offered_has_its_commands() -> None:
    offered = {
        f"{family.name} {phrase.words}"
        for family in FAMILIES
        if family.kind == "array" and family.offered
        for phrase in family.phrases
        if phrase.offered
    }
    assert set(read_once()) == offered


def test_every_command_is_for_something_and_all_its_names_are_shown() -> None:
    groups = {lacks.GROUP, lacks.SOURCES, lacks.TARGETS}
    words = {*groups, lacks.PART, lacks.COUNT, lacks.TARGET, lacks.MAPPING, lacks.HOST}
    for one in read_once().values():
        assert {word for make in one.make for word in make.for_lacks} <= words
        assert not [line for line in one.shown() if "<" in line or "$" in line]
        assert not re.search(r"-force|-restore|rm[a-z]+ |destroy|delete", " ".join(one.shown()))


def test_commands_come_once_and_in_their_order() -> None:
    once = read_once()["svc group"]
    found = [
        Lack("mapping", "", {"target": "T1"}),
        Lack("part", "", {"copy": "G", "source": "S2", "volume": "S2"}),
        Lack("mapping", "", {"target": "T1"}),
    ]
    assert once.missing(found, {"host": "H"}, {"group": "G"}) == (
        "mkvdisk -name G_S2 -mdiskgrp <pool> -size <size> -unit gb -rsize 2% -autoexpand",
        "mkfcmap -source S2 -target G_S2 -consistgrp G -copyrate 0",
        "mkvdiskhostmap -host H T1",
        "mkvdiskhostmap -host H G_S2",
    )


def test_before_the_first_deployment_it_is_open(root: Path) -> None:
    spec, _ = load(str(root / "examples/nightly_brms.flash"))
    assert spec is not None
    (answer,) = examine_arrays(spec, spec.systems[0], FakePartition())
    assert (answer.outcome, answer.commands) == ("unknown", ())
    assert "SISTPROD_24" in answer.fact.title
