"""A routine deployment leaves the start-up guard: what the spec may change without making it anew."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from deploybench import LIB, LIBG, bundle_of, deployed_facts, empty_facts, night_behind
from flashc.bundle import Bundle
from test_plan import planned


def changed(example: str, old: str, new: str) -> Bundle:
    """The bundle of another text."""
    assert old in example
    return bundle_of(example.replace(old, new))


def test_an_environment_may_come_and_go_without_the_guard(bundle: Bundle, example: str) -> None:
    other = changed(example, "environment DAILY", "environment NACHT")
    found = planned(other, deployed_facts(bundle))
    assert (found.findings, found.refused) == ((), ())
    assert f"{LIBG}/" not in " ".join(one.name for one in found.operations)


def test_what_an_environment_has_left_is_removed(bundle: Bundle, example: str) -> None:
    found = planned(changed(example, "environment DAILY", "environment NACHT"), deployed_facts(bundle))
    removed = {one.name for one in found.operations if one.act == "remove"}
    assert {f"{LIB}/FLDDAILY *PGM", f"{LIB}/FLYDAILY *DTAARA"} < removed
    assert not any("FLR0056" in name or "FLT0056" in name for name in removed)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "serial 78ABC12 lpar 24",
            "serial 78ABC12 lpar 24\n    identity serial 65DEF34 lpar 3",
            "serial 65DEF34 partition 3",
        ),
        ("partition 56", "partition 57", "partition 57 is a clone"),
    ],
)
def test_what_the_guard_does_not_know_refuses_until_it_is_made_anew(
    bundle: Bundle, example: str, old: str, new: str, told: str
) -> None:
    other, facts = changed(example, old, new), deployed_facts(bundle)
    (refused,) = planned(other, facts).refused
    assert told in refused.text
    assert "--guard" in refused.text
    loud = planned(other, facts, guard=True)
    assert not loud.refused
    # once made with the other, it knows
    assert planned(other, deployed_facts(other)).findings == ()


def test_what_the_guard_knows_beyond_the_spec_is_no_reason_to_refuse(bundle: Bundle, example: str) -> None:
    both = changed(
        example, "serial 78ABC12 lpar 24", "serial 78ABC12 lpar 24\n    identity serial 65DEF34 lpar 3"
    )
    found = planned(bundle, deployed_facts(both))
    assert not found.refused
    assert "FLIDENT *PGM has changed" in found.findings[0].text


def test_before_anybody_starts_by_it_a_changed_guard_is_made_anew(bundle: Bundle, example: str) -> None:
    facts = replace(deployed_facts(bundle), start_program="QSTRUP    QSYS", areas={})
    found = planned(changed(example, "partition 56", "partition 57"), facts)
    assert not found.refused
    assert f"{LIBG}/FLIDENT *PGM" in {one.name for one in found.operations}


def test_a_guard_that_was_made_by_hand_stays_in_every_deployment_behind_the_first(bundle: Bundle) -> None:
    facts = deployed_facts(bundle)
    assert facts.record is not None
    made = {key: value for key, value in facts.record.made.items() if not key.startswith(LIBG)}
    found = planned(bundle, replace(facts, record=replace(facts.record, made=made)))
    assert found.operations == ()


def test_a_run_of_a_clone_that_the_spec_has_no_longer_refuses(bundle: Bundle, example: str) -> None:
    facts = deployed_facts(bundle)
    areas = {**facts.areas, f"{LIB}/FLR0056": f"20261118203500{'DAILY':<10}{'WATCH':<10}"}
    other = changed(example, "partition 56", "partition 57")
    found = planned(other, replace(facts, areas=areas), guard=True)
    assert [one.text for one in found.refused if "20261118203500 is open (WATCH)" in one.text]


@pytest.mark.parametrize("spec_knows", [True, False], ids=["the spec names it", "the spec does not"])
@pytest.mark.parametrize("moved", [True, False], ids=["moved", "at home"])
def test_a_run_that_was_open_when_production_was_moved_can_be_closed(
    moved: bool, spec_knows: bool, bundle: Bundle, example: str
) -> None:
    """At a place that the programs do not know FLRCVENV does nothing: only a deployment can let it."""
    facts = deployed_facts(bundle)
    areas = {**facts.areas, f"{LIB}/FLR0056": f"20261118203500{'DAILY':<10}{'WATCH':<10}"}
    facts = replace(facts, areas=areas, **({"serial": "65DEF34", "lpar_id": 3} if moved else {}))
    pair = "\n    identity serial 65DEF34 lpar 3" if spec_knows else ""
    other = changed(example, "serial 78ABC12 lpar 24", f"serial 78ABC12 lpar 24{pair}")
    found = planned(other, facts, guard=True)
    told = [one for one in found.findings if "20261118203500 is open (WATCH)" in one.text]
    assert [one.severity for one in told] == ["attention" if moved and spec_knows else "refused"]
    assert bool(found.refused) is not (moved and spec_knows)
    if moved and spec_knows:
        assert "FLRCVENV" in told[0].text
        # so it is once the guard knows the place: then FLRCVENV closes the run
        later = replace(deployed_facts(other), serial="65DEF34", lpar_id=3, areas=areas)
        assert [one for one in planned(other, later).refused if "is open" in one.text]


def test_a_second_installation_beside_another_is_refused(bundle: Bundle) -> None:
    facts = empty_facts(bundle)
    found = planned(bundle, replace(facts, areas={"FLASH2G/FLPRVSTR": "QSTRUP    QSYS"}))
    (refused,) = found.refused
    assert "Library FLASH2G is of another installation" in refused.text
    assert "flashc remove" in refused.text


def test_an_environment_that_the_guard_was_made_before_runs_to_its_end(
    root: Path, bundle: Bundle, example: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = changed(example, "environment DAILY", "environment NACHT")
    run = night_behind(root, monkeypatch, bundle, other)
    assert run.result == "completed", run.detail
