"""Each site that differs from the spec: refused before the window, with what to do, and nothing lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flashc.cli.stage import Stage
from rehearsed import Change, night, only, told

GROUP_MAP = '    ["SISTPROD_D4", "SISTP24_D4"],\n]\n\n[[arrays.groups]]\nname = "SISTPROD_1"'
HOST_END = '"SISTPROD_D3", "SISTPROD_D4"] },\n    { name = "SISTPROD_24"'
CLONE = 'id = 56\nname = "SISTPROD_24"'
CLONE_PROFILE = 'profiles = [{ name = "clone", vlans = [99] }]\nprofile = "clone"'
HMC = 'name = "HMC1"\n'
ARRAY = 'name = "V7000"\naddresses'
SOURCE = 'addresses = ["sistprod.example.net:22"]'
OFFICER = "guard_run = true"


@dataclass(frozen=True)
class Case:
    """A difference of the site, or what was done after the deployment; and what must be said about it."""

    name: str
    changes: tuple[Change, ...]
    says: tuple[str, ...]
    prepare: Callable[[Stage], None] | None = None


def _entered(command: str) -> tuple[Change, ...]:
    """Somebody enters a command after the deployment."""
    return ((OFFICER, f'{OFFICER}\ncommands = ["{command}"]'),)


def _forget_console(stage: Stage) -> None:
    """Take the console's lines out of the pinned host keys."""
    file = stage.system.image.ifs / "flashc/BCKFLASHP/conf/known_hosts"
    lines = file.read_text(encoding="ascii").splitlines(keepends=True)
    file.write_text("".join(line for line in lines if not line.startswith("10.1.0.1")), encoding="ascii")


def _maintenance_at_the_start(stage: Stage) -> None:
    """BRMS maintenance that somebody started half a minute before the night, and that runs into it."""
    world, system = stage.world, stage.system
    evening = stage.local(world.now).replace(hour=20, minute=34, second=30, microsecond=0)
    start = evening.timestamp() - stage.production.clock_offset
    assert world.now < start

    def begin() -> None:
        world.scheduler.spawn("maintenance", system.run_command("QPGMR", "STRMNTBRM"))

    world.scheduler.at(start, begin)


CASES = (
    Case(
        "group lacks a disk unit",
        ((GROUP_MAP, GROUP_MAP.replace('    ["SISTPROD_D4", "SISTP24_D4"],\n', "")),),
        ("SISTPROD_D4", "missing in its consistency group", "Add a map"),
    ),
    Case(
        "group adds a disk unit",
        ((HOST_END, HOST_END.replace(', "SISTPROD_D4"', "")),),
        ("SISTPROD_D4", "extra in the consistency group", "Take the map out"),
    ),
    Case(
        "partition name of another id",
        ((CLONE, CLONE.replace("56", "57")),),
        ("does not know partition 56", "Correct the spec"),
    ),
    Case(
        "partition id of another name",
        ((CLONE, CLONE.replace("SISTPROD_24", "TESTPART")),),
        ("Partition 56", "is named TESTPART, declared is SISTPROD_24", "Correct the id or the name"),
    ),
    Case(
        "partition not found",
        ((CLONE, CLONE.replace("56", "77").replace("SISTPROD_24", "TESTPART")),),
        ("does not know partition 56", "Correct the spec"),
    ),
    Case(
        "managed system not found",
        (("Server-9009-42A-SN78ABC12", "Server-9009-42A-SN78ABC99"),),
        ("does not know managed system Server-9009-42A-SN78ABC12", "Correct the spec"),
    ),
    Case(
        "profile not found",
        ((CLONE_PROFILE, CLONE_PROFILE.replace('"clone"', '"default"')),),
        ("Profile clone", "is not on the console", "Make it"),
    ),
    Case(
        "group not found",
        (('name = "SISTPROD_24"\nstatus', 'name = "SISTPROD_25"\nstatus'),),
        ("no such consistency group SISTPROD_24", "Correct the spec"),
    ),
    Case(
        "internal disk unit",
        ((SOURCE, f"{SOURCE}\ninternal_disks = 1"),),
        ("Disk unit 5", "is internal", "Move it out"),
    ),
    Case(
        "host key of the console not pinned",
        (),
        ("10.1.0.10", "host key", "flashc trust"),
        _forget_console,
    ),
    Case(
        "host key of the console changed",
        ((HMC, f'{HMC}host_key = "changed"\n'),),
        ("10.1.0.10 shows the host key", "pinned is", "flashc trust"),
    ),
    Case(
        "host key of the array changed",
        ((ARRAY, ARRAY.replace("\n", '\nhost_key = "changed"\n')),),
        ("10.1.0.20 shows the host key", "pinned is", "flashc trust"),
    ),
    Case(
        "console refuses the key",
        (('keys = ["hmc1_ed25519"]', 'keys = ["another"]'),),
        ("10.1.0.10:22 refused user flashc", "Authorise the key"),
    ),
    Case(
        "array refuses the key",
        (('keys = ["v7000_ed25519"]', 'keys = ["another"]'),),
        ("10.1.0.20:22 refused user flashc", "Authorise the key"),
    ),
    Case(
        "console lets in and does not answer",
        ((HMC, f'{HMC}reach = "hang"\n'),),
        ("10.1.0.10:22 did not answer", "unknown"),
    ),
    Case(
        "console is silent at both addresses",
        ((HMC, f'{HMC}unreachable = ["10.1.0.10", "10.1.0.11"]\n'),),
        ("HMC1 cannot be reached at any address", "10.1.0.11:22"),
    ),
    Case(
        "array is silent",
        ((ARRAY, ARRAY.replace("\n", '\nunreachable = ["10.1.0.20"]\n')),),
        ("10.1.0.20:22", "within the limit"),
    ),
    Case(
        "array lets in and does not answer",
        ((ARRAY, ARRAY.replace("\n", '\nreach = "hang"\n')),),
        ("10.1.0.20:22 did not answer", "unknown"),
    ),
    Case(
        "BRMS in use",
        (('brms_strprc = "68s"', 'brms_strprc = "68s"\nbrms_maintenance = "1h"'),),
        ("O06 FLE0007", "BRMS is in use: job", "/QPGMR/QP0ZSPWP holds QUSRBRM", "Wait for its end"),
        _maintenance_at_the_start,
    ),
    Case(
        "older run is open",
        _entered("CHGDTAARA DTAARA(BCKFLASHP/FLR0056 (1 30)) VALUE('20261117203500DAILY     WATCH ')"),
        ("FLE0051", "is still open, in phase WATCH", "20261117203500", "DAILY"),
    ),
    Case(
        "key file missing",
        _entered("RMVLNK OBJLNK('/flashc/BCKFLASHP/keys/v7000_ed25519')"),
        ("key file /flashc/BCKFLASHP/keys/v7000_ed25519", "ssh-keygen"),
    ),
    Case(
        "start-up guard not installed",
        (("chgsysval = true", "chgsysval = false"),),
        ("FLE0050", "QSTRUPPGM is not the start-up guard"),
    ),
    Case(
        "start-up guard never seen to work",
        (("guard_run = true", "guard_run = false"),),
        ("FLE0052", "not yet seen to work as QPGMR"),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_refused(case: Case) -> None:
    run = only(night(*case.changes, before_night=case.prepare))
    assert run.result == "refused", told(run)
    for words in case.says:
        assert words in told(run)
    assert not [step.code for step in run.steps if step.code.startswith("O5")]
    assert "O17" not in [step.code for step in run.steps], "the last clone was ended for a refused night"
    assert run.windows == ()
    assert run.end is not None
    assert [f"{one.id} {one.detail}" for one in run.broken] == []


def test_the_same_site_unchanged_is_not_refused() -> None:
    assert only(night()).good


def test_a_host_key_that_nobody_pinned_stops_the_deployment() -> None:
    run = only(night(('addresses = ["10.1.0.10", "10.1.0.11"]', 'addresses = ["10.1.0.10"]')))
    assert run.result == "refused"
    assert "nothing was deployed" in run.detail
    assert "10.1.0.11" in run.detail
    assert run.steps == ()
    assert run.broken == ()


def test_production_is_another_partition_than_the_spec_says() -> None:
    entries: list[str] = []
    submitted: list[str] = []

    def a_day_passes(stage: Stage) -> None:
        stage.world.scheduler.run(until=stage.world.now + 86400)
        entries.extend(entry.name for entry in stage.system.image.schedule)
        submitted.extend(str(one["entry"]) for one in stage.world.events.of("scheduled_submit"))

    run = only(night(("id = 24\n", "id = 25\n"), before_night=a_day_passes))
    assert run.result == "refused"
    assert "no schedule entry was made (FLDDAILY at 20:35:00)" in run.detail
    assert "This is serial 78ABC12 partition 25" in run.detail
    assert "FLDDAILY" not in entries + submitted
    assert run.windows == ()
    assert run.steps == ()
    assert [f"{one.id} {one.detail}" for one in run.broken] == []


def test_brms_in_use_by_an_earlier_copy() -> None:
    run = only(night(("[systems.brms]\n", '[systems.brms]\nstate = "*STRPRC"\n')))
    assert run.result != "completed"
    assert "BRMS refused *STRPRC" in told(run)
    assert run.windows == ()
    assert not [step.code for step in run.steps if step.code in ("O50", "O55", "O70")]
    assert [f"{one.id} {one.detail}" for one in run.broken] == []
