"""What each driver says is missing on its array, and the commands that doctor prints for it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from adapters import ADAPTERS, Adapter
from flashc.deploy.doctor import Answer, equipped
from flashrt import status

from bench import Bench, Make


def asked(bench: Bench) -> Answer:
    """What doctor makes of the sidecar's answer."""
    return equipped(bench.clone, bench.sidecar("array", "ALL", "lacks", "--json").out)


def of(family: str, kind: str = "") -> Adapter:
    """The adapter of a family's first way."""
    return next(one for one in ADAPTERS if (one.family, one.kind) == (family, kind))


FAMILIES = [
    ("svc", ""),
    ("svc", "volume group"),
    *((f, "") for f in ("ds8000", "powermax", "pure", "hitachi")),
]


def unmap(adapter: Adapter, bench: Bench) -> str:
    """The clone does not see a target any more; its name."""
    target = bench.array.members(bench.group)[0][1]
    for host in adapter.stock(bench)[2]:
        if target in host.volumes:
            host.volumes.remove(target)
    return str(target.name)


@pytest.mark.parametrize(("family", "kind"), [*FAMILIES, ("custom", ""), ("powervs", "")])
def test_where_nothing_is_missing_it_is_so(family: str, kind: str, make: Make) -> None:
    assert asked(make(of(family, kind).example)).outcome == "yes"


@pytest.mark.parametrize(("family", "kind"), FAMILIES)
def test_a_target_that_the_clone_does_not_see(family: str, kind: str, make: Make) -> None:
    adapter = of(family, kind)
    bench = make(adapter.example)
    name = unmap(adapter, bench)
    answer = asked(bench)
    assert answer.outcome == "no"
    assert f"mapping of {name}" in answer.seen
    assert answer.commands
    if family != "powermax":
        assert all(name in line for line in answer.commands), answer.commands
    assert [one for one in bench.asked() if one.request.startswith(("mk", "ch", "POST /api/v1/cs"))] == []


def _no_group(bench: Bench) -> None:
    model = bench.array.model
    group = model.group(bench.group)
    for one in model.maps_of(group):
        del model.maps[one.id]
    del model.groups[group.id]


def _no_map(bench: Bench) -> None:
    model = bench.array.model
    one = model.maps_of(model.group(bench.group))[0]
    del model.maps[one.id]


def _no_clones(bench: Bench) -> None:
    _, target = bench.array.snapshots.parts(bench.group)
    del bench.array.model.volume_groups[target.id]


def _no_storage_group(bench: Bench) -> None:
    del bench.array.groups["SISTPROD_24"]
    bench.array.hosts["SISTPROD_24"].volumes.clear()


def _no_volume(bench: Bench) -> None:
    del bench.array.volumes["1101"]


def _no_protection_group(bench: Bench) -> None:
    bench.array.groups.clear()


def _no_pair(bench: Bench) -> None:
    (group,) = bench.array.groups.values()
    group.pairs.pop()


@pytest.mark.parametrize(
    ("family", "kind", "remove", "commands"),
    [
        ("svc", "", _no_group, ["mkfcconsistgrp -name SISTPROD_24"]),
        (
            "svc",
            "",
            _no_map,
            [
                "mkvdisk -name SISTPROD_24_SISTPROD_D1 -mdiskgrp <pool> -size <size> -unit gb -rsize 2% "
                "-autoexpand",
                "mkfcmap -source SISTPROD_D1 -target SISTPROD_24_SISTPROD_D1 -consistgrp SISTPROD_24 "
                "-copyrate 0",
                "mkvdiskhostmap -host SISTPROD_24 SISTPROD_24_SISTPROD_D1",
            ],
        ),
        (
            "svc",
            "volume group",
            _no_clones,
            [
                "addsnapshot -volumegroup SISTPROD -name FIRST",
                "mkvolumegroup -type thinclone -fromsourcegroup SISTPROD -snapshot FIRST -pool <pool> "
                "-name SISTPROD_24",
                "lsvolumepopulation -filtervalue volume_group_name=SISTPROD_24",
                "mkvdiskhostmap -host SISTPROD_24 <clone>",
            ],
        ),
        (
            "powermax",
            "",
            _no_storage_group,
            [
                "symsg -sid 123 create SISTPROD_24",
                "symdev -sid 123 create -tdev -cap <size> -captype gb -emulation FBA -N <number> "
                "-sg SISTPROD_24",
                "symaccess -sid 123 create view -name SISTPROD_24_MV -sg SISTPROD_24 -pg <portgroup> "
                "-ig SISTPROD_24",
            ],
        ),
        (
            "ds8000",
            "",
            _no_volume,
            [
                "mkfbvol -extpool <pool> -os400 <model> -sam ese -name 1000:1100_#h 1101",
                "chvolgrp -dev IBM.2107-75ABC11 -action add -volume 1101 <volgrp>",
            ],
        ),
        ("pure", "", _no_protection_group, ["purepgroup create --vollist"]),
        (
            "hitachi",
            "",
            _no_pair,
            [
                "raidcom add snapshot -ldev_id 1024 2044 -pool <pool> -snapshotgroup SISTPROD_24 "
                "-snap_mode CTG"
            ],
        ),
    ],
)
def test_what_is_missing_comes_with_its_commands(
    family: str, kind: str, remove: Callable[[Bench], Any], commands: list[str], make: Make
) -> None:
    bench = make(of(family, kind).example)
    remove(bench)
    answer = asked(bench)
    assert answer.outcome == "no", answer.seen
    if family == "pure":
        assert [line.partition(" SISTPROD")[0] for line in answer.commands] == commands
    else:
        assert list(answer.commands) == commands


@pytest.mark.parametrize(
    ("example", "remove", "seen"),
    [
        ("nightly_dscli.flash", _no_volume, "volume 1101"),
        ("nightly_symcli.flash", _no_storage_group, "storage group SISTPROD_24"),
    ],
)
def test_the_other_ways_tell_the_same(
    example: str, remove: Callable[[Bench], Any], seen: str, make: Make
) -> None:
    bench = make(example)
    assert asked(bench).outcome == "yes"
    remove(bench)
    answer = asked(bench)
    assert answer.outcome == "no", answer.seen
    assert seen in answer.seen
    assert answer.commands


def grown(adapter: Any, bench: Any) -> Any:
    """A volume that the hosts of production have got beside the others."""
    source = bench.array.members(bench.group)[0][0]
    added = adapter.spare(bench, source)
    for host in adapter.stock(bench)[2]:
        if source in host.volumes:
            host.volumes.append(added)
    return added


@pytest.mark.parametrize(("family", "kind"), FAMILIES)
def test_a_volume_that_production_got(family: str, kind: str, make: Make) -> None:
    """The check names it, and doctor shows what makes it a part of the copy."""
    adapter = of(family, kind)
    bench = make(adapter.example)
    added = grown(adapter, bench)
    said = bench("check")
    assert (said.status, added.name in said.text) == (status.MISMATCH, True), said
    answer = asked(bench)
    assert answer.outcome == "no"
    assert f"a target for volume {added.name}" in answer.seen
    assert answer.commands
    if family != "ds8000":
        assert any(added.name in line for line in answer.commands), answer.commands
    new_target = "SISTPROD_24_" if (family, kind) == ("svc", "") else "<target>"
    if (family, kind) not in (("svc", "volume group"), ("powermax", "")):
        assert any(new_target in line for line in answer.commands), answer.commands


@pytest.mark.parametrize(("family", "kind"), [("svc", "volume group"), ("powermax", "")])
def test_a_source_group_that_got_a_volume(family: str, kind: str, make: Make) -> None:
    """Nothing that production sees is out of the copy, but a target is missing."""
    adapter = of(family, kind)
    bench = make(adapter.example)
    added = grown(adapter, bench)
    if family == "powermax":
        bench.array.groups["SISTPROD"].append(added)
        bench.array.emulation[added.name] = "FBA"
    else:
        bench.array.snapshots.parts(bench.group)[0].volumes.append(added)
    assert bench("check").status != 0
    answer = asked(bench)
    assert answer.outcome == "no"
    assert "targets for 1 of the 5 sources" in answer.seen


def test_an_array_that_does_not_answer_leaves_it_open(make: Make) -> None:
    bench = make("nightly_brms.flash")
    bench.fault(r"^ls", times=99, hang=True)
    assert asked(bench).outcome == "unknown"
    assert equipped(bench.clone, "python3.9: not found").outcome == "unknown"
    assert equipped(bench.clone, json.dumps({"word": "OK", "text": ""})).outcome == "yes"


def test_an_instance_that_is_not_there(make: Make) -> None:
    """Its volumes are made each night; the instance is made once."""
    bench = make(of("powervs").example)
    bench.world.partition(bench.clone.partition).name = "ANOTHER"
    answer = asked(bench)
    assert (answer.outcome, answer.seen) == ("no", "missing: instance SISTPROD-24 of the clone on PVS")
    [made] = [line for line in answer.commands if line.startswith("ibmcloud pi instance create SISTPROD-24 ")]
    assert "--virtual-serial-number auto-assign" in made  # without one its ticket is nobody's
    assert any(line.endswith(" --detach-primary") for line in answer.commands)
