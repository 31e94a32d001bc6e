"""The language offers what the sidecar drives, and the sidecar drives what the conformance suite passes."""

from __future__ import annotations

import json
from pathlib import Path

from flashc.check.families import FAMILIES
from flashc.syntax.words import example
from flashrt import families as sidecar
from flashtwin.sims import families as simulated
from flashtwin.site import ARRAY_FAMILIES

MATRIX = Path(__file__).resolve().parents[1] / "conformance" / "matrix.json"
"""What each driver made of each case (tests/conformance); --force-regen of that suite writes it."""


def test_what_is_offered_is_what_passes() -> None:
    """The language offers a family's way when its driver is in the sidecar and every case passes.

    Where a family has several kinds of copies, each has a column of its own; the usual one has no name there.
    """
    accepted = json.loads(MATRIX.read_text("utf-8"))
    good = {family for family, row in accepted.items() if "fails" not in row.values()}
    arrays = [family for family in FAMILIES if family.kind == "array"]
    offered = {
        " ".join([family.name, way.name, *kind])
        for family in arrays
        for way in family.ways
        if way.offered
        for kind in ([], *([one.words] for one in family.phrases[1:] if one.offered))
    }
    drivers = {
        " ".join([name, way, *kind])
        for name, family in sidecar.ARRAYS.items()
        for way in family.ways
        for kind in ([], *([one] for one in list(family.copies)[1:]))
    }
    assert offered == drivers == good
    for family in arrays:
        driver = sidecar.ARRAYS.get(family.name)
        if driver is not None:
            assert driver.copies_max == family.copies_max
            assert set(driver.copies) == {phrase.words for phrase in family.phrases if phrase.offered}


def test_the_phrase_of_each_family_is_shown_to_whom_gets_it_wrong() -> None:
    for family in FAMILIES:
        for phrase in family.phrases:
            shown = example("clone", ["disks", *phrase.words.split()])
            assert shown is not None
            assert shown.startswith(f"disks {phrase.words} "), family.name


def test_consoles_that_are_offered_pass_too() -> None:
    accepted = json.loads(MATRIX.with_name("consoles.json").read_text("utf-8"))
    good = {family for family, row in accepted.items() if "fails" not in row.values()}
    consoles = [family for family in FAMILIES if family.kind == "console"]
    offered = {f"{family.name} {way.name}" for family in consoles for way in family.ways if way.offered}
    drivers = {f"{name} {way}" for name, family in sidecar.CONSOLES.items() for way in family.ways}
    assert offered == drivers == good


def test_what_is_offered_can_be_rehearsed() -> None:
    for kind, simulators in (("array", simulated.ARRAYS), ("console", simulated.CONSOLES)):
        assert {f.name for f in FAMILIES if f.kind == kind and f.offered} <= set(simulators)
    assert set(simulated.ARRAYS) == set(ARRAY_FAMILIES)
    consoles = {family.name for family in FAMILIES if family.kind == "console" and family.offered}
    assert consoles == set(sidecar.CONSOLES)
