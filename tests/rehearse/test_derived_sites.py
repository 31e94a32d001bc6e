"""A derived site has everything that the spec names, in the libraries in which it names it."""

from __future__ import annotations

from pathlib import Path

import pytest
from flashc.bundle import build
from flashc.check import load
from flashc.cli.rehearsing import rehearse
from flashc.cli.site_choice import choose_site
from rehearsed import EXAMPLES, only

AROUND = """    around flash {
        hold job queue ERPLIB/BATCHQ
        end subsystem ERPSBSLIB/ERPSBS within 5m
        run "CALL ERPPGM/QUIET" undo "CALL ERPPGM/UNQUIET"
"""


def test_a_subsystem_and_a_job_queue_in_libraries_of_their_own(tmp_path: Path) -> None:
    text = (EXAMPLES / "nightly_brms.flash").read_text(encoding="utf-8")
    assert "    around flash {\n" in text
    file = tmp_path / "erp.flash"
    file.write_text(text.replace("    around flash {\n", AROUND), encoding="utf-8")
    spec, problems = load(str(file))
    assert spec is not None, problems
    run = only(rehearse(spec, build(spec)[0], choose_site(spec).site, mode="memory"))
    assert run.result == "completed", run.detail
    assert run.broken == ()


LIVING = """    on clone user { run "CALL ERPLIB/MASK" within 1h }
    reconfigure {
        system name ERPTEST
        address "10.9.9.5" mask "255.255.255.0" line ETHTST
        route default via "10.9.9.1"
        startup program ERPLIB/TESTUP
        hold schedules
        hold scheduler "Robot" by "CALL RBTLIB/HOLDALL" proven by "CALL RBTLIB/ISHELD"
        never start tcp server *SMTP
    }
"""


def test_a_clone_that_lives_on_has_its_line_and_its_programs(tmp_path: Path) -> None:
    text = (EXAMPLES / "nightly_brms.flash").read_text(encoding="utf-8")
    before, _, rest = text.partition("    on clone brms {")
    behind = rest.partition("    }\n")[2].replace("    afterwards maintenance brms without movement\n", "")
    file = tmp_path / "erp.flash"
    file.write_text(before + LIVING + behind, encoding="utf-8")
    spec, problems = load(str(file))
    assert spec is not None, problems
    run = only(rehearse(spec, build(spec)[0], choose_site(spec).site, mode="memory"))
    assert run.result == "completed", run.detail
    assert run.broken == ()


def test_a_command_of_the_site_with_its_keywords(tmp_path: Path) -> None:
    text = (EXAMPLES / "nightly_brms.flash").read_text(encoding="utf-8")
    run_it = '    around flash {\n        run "ERPLIB/QUIET STATE(*ON)" undo "ERPLIB/QUIET STATE(*OFF)"\n'
    file = tmp_path / "erp.flash"
    file.write_text("command QUIET\n" + text.replace("    around flash {\n", run_it), encoding="utf-8")
    spec, problems = load(str(file))
    assert spec is not None, problems
    run = only(rehearse(spec, build(spec)[0], choose_site(spec).site, mode="memory"))
    assert run.result == "completed", run.detail
    assert run.broken == ()


def test_a_machine_that_is_named_by_its_serial_has_it(tmp_path: Path) -> None:
    """And where it is not production's, production has another."""
    text = (EXAMPLES / "nightly_novalink.flash").read_text(encoding="utf-8")
    for serial in ("78ABC12", "06ACE15"):
        file = tmp_path / "erp.flash"
        file.write_text(text.replace("9009-42A*78ABC12", f"8286-42A*{serial}"), encoding="utf-8")
        spec, problems = load(str(file))
        assert spec is not None, problems
        found = choose_site(spec).site.managed_systems
        assert ("8286-42A", serial) in {(one.type_model, one.serial) for one in found}
        assert {one.serial for one in found} == {"78ABC12", serial}


@pytest.mark.parametrize("name", ["powermax", "symcli"])
def test_a_powermax_whose_volumes_come_through_vios(name: str, tmp_path: Path) -> None:
    """Its volumes have numbers for names, and a VIOS knows them by what a host sees."""
    text = (EXAMPLES / f"nightly_{name}.flash").read_text(encoding="utf-8")
    file = tmp_path / "erp.flash"
    by_vios = text.replace("    network   isolated\n", '    network isolated volumes vios "VIOS1"\n')
    assert by_vios != text
    file.write_text(by_vios, encoding="utf-8")
    spec, problems = load(str(file))
    assert spec is not None, problems
    run = only(rehearse(spec, build(spec)[0], choose_site(spec).site, mode="memory"))
    assert run.result == "completed", run.detail
    assert run.broken == ()


def test_an_evening_keeps_the_limits_of_the_spec(tmp_path: Path) -> None:
    """A save of five minutes, a clone that must be up in as many, and a pool that must be nearly empty."""
    text = (EXAMPLES / "nightly_brms.flash").read_text(encoding="utf-8")
    changes = {
        "restricted within 8h": "restricted within 5m",
        "boot within 90m": "boot within 5m",
        "    network   isolated\n": "    network isolated free capacity 90%\n",
        "previous  ended within 10m then immediately": "previous ended within 30s",
        "end domino DOMINO02 within 5m": "end domino DOMINO02 within 10s",
    }
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new)
    file = tmp_path / "erp.flash"
    file.write_text(text, encoding="utf-8")
    spec, problems = load(str(file))
    assert spec is not None, problems
    run = only(rehearse(spec, build(spec)[0], choose_site(spec).site, mode="memory"))
    assert run.result == "completed", run.detail
    assert run.broken == ()


def test_the_links_of_two_clones_have_lines_of_their_own(tmp_path: Path) -> None:
    """The second line had no adapter where the spec says no VLAN: its night failed at O68."""
    text = (EXAMPLES / "nightly_brms.flash").read_text(encoding="utf-8")
    head, clone, rest = text.partition("clone SISTPROD_24 ")
    body, environment, last = rest.partition("environment DAILY ")
    body = body.replace(" vlan 99", "").replace(
        "network   isolated", 'network   not isolated because "its ports are shut"'
    )
    second = f"{clone}{body}".replace("SISTPROD_24", "SISTTEST").replace(" 56 ", " 57 ")
    second = second.replace("192.168.99", "192.168.98").replace("ETHCLONE", "ETHTEST")
    again = f"{environment}{last}".replace("SISTPROD_24", "SISTTEST").replace("DAILY", "OTHER")
    again = again.replace("20:35", "10:35")
    file = tmp_path / "two.flash"
    file.write_text(f"{head}{clone}{body}{second}{environment}{last}{again}", encoding="utf-8")
    spec, problems = load(str(file))
    assert spec is not None, problems
    runs = rehearse(spec, build(spec)[0], choose_site(spec).site, mode="memory", environment="OTHER").runs
    assert [(run.result, run.detail) for run in runs] == [("completed", "")]


def test_names_of_volumes_are_as_long_as_an_array_takes(tmp_path: Path) -> None:
    """Those of a clone's disks on a second array come from names that are long by themselves."""
    text = (EXAMPLES / "twosite.flash").read_text(encoding="utf-8")
    long = (
        text.replace("on EAST", "on " + "E" * 30)
        .replace("array EAST", "array " + "E" * 30)
        .replace('"CORECLONE"', f'"{"C" * 31}"')
    )
    file = tmp_path / "long.flash"
    file.write_text(long, encoding="utf-8")
    spec, problems = load(str(file))
    assert spec is not None, problems
    names = [volume.name for array in choose_site(spec).site.arrays for volume in array.volumes]
    assert any(name.startswith("C" * 31) for name in names)
    # docs/platform-facts.md#array-families
    assert max(map(len, names)) <= 63


def test_independent_asps_are_on_within_the_limit_of_the_boot(tmp_path: Path) -> None:
    """Each is varied on behind the IPL of the clone, and that time is part of the limit."""
    text = (EXAMPLES / "nightly_brms.flash").read_text(encoding="utf-8")
    asps = "".join(f"    independent asp PAY{n}\n" for n in range(3))
    file = tmp_path / "erp.flash"
    file.write_text(
        text.replace("    release   7.4\n", f"    release   7.4\n{asps}").replace(
            "boot within 90m", "boot within 5m"
        ),
        encoding="utf-8",
    )
    spec, problems = load(str(file))
    assert spec is not None, problems
    run = only(rehearse(spec, build(spec)[0], choose_site(spec).site, mode="memory"))
    assert run.result == "completed", run.detail
    assert run.broken == ()
