"""What a removal does, and what it leaves alone until the start-up program of the site is back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from deploybench import LIB, LIBG, bundle_of, deployed_facts, empty_facts, entry_of
from flashc.bundle import Bundle
from flashc.deploy.facts import Facts
from flashc.deploy.operations import Plan
from flashc.deploy.removal import removal


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    """The bundle of the example."""
    return bundle_of()


@pytest.fixture
def facts(bundle: Bundle) -> Facts:
    """All is deployed and the guard is installed."""
    return deployed_facts(bundle)


def removed(bundle: Bundle, facts: Facts, *, history: bool = False) -> Plan:
    return removal(bundle, facts, history=history)


def back(facts: Facts) -> Facts:
    """The officer has put the program of the site back."""
    return replace(facts, start_program="QSTRUP    QSYS")


@pytest.mark.parametrize("previous", ["QSTRUP    QSYS", "STARTUP   APPLIB", "*NONE"])
def test_while_the_guard_is_installed_only_schedule_entries_go(
    bundle: Bundle, facts: Facts, previous: str
) -> None:
    found = removed(bundle, replace(facts, areas={**facts.areas, f"{LIBG}/FLPRVSTR": previous}), history=True)
    assert {one.kind for one in found.operations} == {"schedule"}
    assert found.officer == (f"CHGSYSVAL SYSVAL(QSTRUPPGM) VALUE('{previous}')",)
    assert [one.name for one in found.waiting][-2:] == [f"QSYS/{LIBG} *LIB", f"QSYS/{LIB} *LIB"]


def test_what_cannot_be_read_is_not_taken_for_changed(bundle: Bundle, facts: Facts) -> None:
    found = removed(bundle, replace(facts, start_program=""))
    assert {one.kind for one in found.operations} == {"schedule"}
    assert found.officer


def test_behind_it_everything_goes_but_the_history(bundle: Bundle, facts: Facts) -> None:
    found = removed(bundle, back(facts))
    names = [one.name for one in found.operations]
    assert (found.officer, found.waiting) == ((), ())
    assert names[-1] == f"QSYS/{LIBG} *LIB"
    assert f"{LIBG}/FLBOOT *PGM" in names
    assert f"{LIB}/FLSTRENV *CMD" in names
    assert not {f"{LIB}/FLJRN *FILE", f"{LIB}/FLRUN *FILE", f"{LIB}/FLVRUN *FILE", f"QSYS/{LIB} *LIB"} & set(
        names
    )
    told = " ".join(one.text for one in found.findings)
    assert "The history stays" in told
    assert "with the keys" in told


def test_the_history_too(bundle: Bundle, facts: Facts) -> None:
    names = [one.name for one in removed(bundle, back(facts), history=True).operations]
    assert names[-1] == f"QSYS/{LIB} *LIB"
    assert names.index(f"{LIB}/FLVLOG *FILE") < names.index(f"{LIB}/FLJRN *FILE")


def test_somebody_elses_object_keeps_its_library(bundle: Bundle, facts: Facts) -> None:
    objects = {**facts.objects, LIBG: (facts.objects[LIBG] or frozenset()) | {"PAYROLL.DTAARA"}}
    found = removed(bundle, replace(back(facts), objects=objects), history=True)
    names = [one.name for one in found.operations]
    assert f"QSYS/{LIBG} *LIB" not in names
    assert not [name for name in names if "PAYROLL" in name]
    assert any("PAYROLL.DTAARA" in one.text for one in found.findings)


def test_somebody_elses_schedule_entry_stays(bundle: Bundle, facts: Facts) -> None:
    (added,) = [c for e in bundle.manifest["environments"] for c in e["schedule_commands"]]
    other = replace(entry_of(added, 77), library="APPLIB", text="nightly", command="CALL PGM(APPLIB/X)")
    found = removed(bundle, replace(facts, entries=(*facts.entries, other)))
    assert not [one for one in found.operations if "000077" in one.name]


def test_an_open_run_refuses(bundle: Bundle, facts: Facts) -> None:
    areas = {**facts.areas, f"{LIB}/FLR0056": f"20261118203500{'DAILY':<10}{'WATCH':<10}"}
    found = removed(bundle, replace(back(facts), areas=areas))
    assert any("20261118203500 is open" in one.text for one in found.refused)


def test_another_partition_refuses(bundle: Bundle, facts: Facts) -> None:
    assert removed(bundle, replace(back(facts), lpar_id=56)).refused


@pytest.mark.parametrize("history", [False, True])
def test_what_earlier_texts_of_the_spec_made_goes_as_well(
    bundle: Bundle, facts: Facts, history: bool
) -> None:
    assert facts.record is not None
    record = replace(facts.record, made={**facts.record.made, f"{LIB}/FLR0057 *DTAARA": "x"})
    objects = {**facts.objects, LIB: (facts.objects[LIB] or frozenset()) | {"FLR0057.DTAARA"}}
    found = removed(bundle, replace(back(facts), objects=objects, record=record), history=history)
    assert f"{LIB}/FLR0057 *DTAARA" in {one.name for one in found.operations}
    assert (f"QSYS/{LIB} *LIB" in {one.name for one in found.operations}) is history


def test_a_guard_that_another_guard_calls_stays_until_that_one_calls_the_site(
    bundle: Bundle, facts: Facts
) -> None:
    other = replace(facts, start_program="FLBOOT    FLASH2G")
    other = replace(other, areas={**facts.areas, "FLASH2G/FLPRVSTR": f"FLBOOT    {LIBG}"})
    found = removed(bundle, other)
    assert {one.kind for one in found.operations} == {"schedule"}
    assert found.officer == ("CHGDTAARA DTAARA(FLASH2G/FLPRVSTR *ALL) VALUE('QSTRUP    QSYS      ')",)
    areas = {**facts.areas, "FLASH2G/FLPRVSTR": "QSTRUP    QSYS"}
    behind = removed(bundle, replace(other, areas=areas))
    assert f"QSYS/{LIBG} *LIB" in {one.name for one in behind.operations}
    # subsystems have no library: those that are active may be the other's
    assert not [one for one in behind.operations if one.kind == "subsystem"]
    assert any("FLASHC and FLGUARD are left to it" in one.text for one in behind.findings)


def test_what_the_officer_gave_outside_of_the_libraries_can_be_taken_back(
    bundle: Bundle, facts: Facts
) -> None:
    found = removed(bundle, back(facts))
    given = [c for c in bundle.manifest["officer"] if c.startswith("GRTOBJAUT") and LIB not in c]
    assert len(found.revoked) == len(given) == 12
    assert "RVKOBJAUT OBJ(QSYS/CHGASPACT) OBJTYPE(*CMD) USER(FLASHC) AUT(*ALL)" in found.revoked
    assert "RVKOBJAUT OBJ(QSYS/QPMLPMGT) OBJTYPE(*SRVPGM) USER(QPGMR) AUT(*ALL)" in found.revoked
    assert removed(bundle, facts).revoked == ()  # the guard still needs them


def test_control_groups_that_call_the_product_are_named(bundle: Bundle, facts: Facts) -> None:
    assert [one for one in removed(bundle, facts).findings if f"call {LIB}/FLEXIT" in one.text]


def test_a_key_that_nobody_pins_any_more_is_no_reason_to_stay(bundle: Bundle, facts: Facts) -> None:
    assert removed(bundle, back(facts)).refused == ()


def test_where_nothing_is_nothing_is_done(bundle: Bundle) -> None:
    assert removed(bundle, empty_facts(bundle), history=True).operations == ()
