"""The site file: what it may leave out, and how a mistake in it is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from flashtwin.build import build_world, start_of
from flashtwin.derive.needs import (
    ArrayNeed,
    BrmsNeed,
    CloneNeed,
    ConsoleNeed,
    DeviceNeed,
    GroupNeed,
    JobNeed,
    LinkNeed,
    SiteNeeds,
    SystemNeed,
)
from flashtwin.derive.site import derive_site
from flashtwin.site import ClockSite, Site
from flashtwin.site_check import check_site
from flashtwin.site_load import SiteError, load_site, read_site, seconds

SMALL = """
[[managed_systems]]
name = "S1"
type_model = "9009-42A"
serial = "78ABC12"

[[partitions]]
id = 1
name = "PROD"
managed_system = "S1"
array = "A"
host = "PROD"

[[consoles]]
name = "H"
addresses = ["10.0.0.1"]
users = [{ name = "u" }]

[[arrays]]
name = "A"
addresses = ["10.0.0.2"]
users = [{ name = "u" }]
volumes = [{ name = "D", count = 2 }, { name = "T", count = 2, thin = true }]
hosts = [{ name = "PROD", volumes = ["D1", "D2"] }]
groups = [{ name = "G", maps = [["D1", "T1"], ["D2", "T2"]] }]

[[systems]]
partition = "PROD"
"""


def problems(text: str) -> list[str]:
    with pytest.raises(SiteError) as raised:
        load_site(text)
    return list(raised.value.problems)


def test_a_small_site_file_suffices() -> None:
    site = load_site(SMALL)
    assert site.partitions[0].profiles[0].vlans == (1,)
    assert site.durations.suspend == 3.0
    assert [volume.name for volume in site.arrays[0].all_volumes()] == ["D1", "D2", "T1", "T2"]
    assert len({volume.uid for volume in site.arrays[0].all_volumes()}) == 4
    assert [(one.name, one.group) for one in site.arrays[0].all_maps()] == [("fcmap0", "G"), ("fcmap1", "G")]
    assert {user.name for user in site.systems[0].all_users()} >= {"QSECOFR", "QPGMR"}


def test_the_example_is_in_order(root: Path) -> None:
    site = read_site(root / "examples" / "nightly_brms.site.toml")
    assert site.durations.save == 4 * 3600 + 50 * 60
    assert site.partition("SISTPROD_24").clock_skew == -240.0
    assert site.system("SISTPROD_24") is None
    assert site.managed_system("Server-9009-42A-SN78ABC12").serial == "78ABC12"


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            'serial = "78ABC12"',
            'serail = "78ABC12"',
            'managed_systems["S1"]: unknown key "serail"; did you mean "serial"?',
        ),
        ('serial = "78ABC12"', "", 'managed_systems["S1"]: missing key "serial"'),
        ("id = 1", 'id = "1"', 'partitions["PROD"].id: expected a whole number, found the text "1"'),
        ("id = 1", "id = true", 'partitions["PROD"].id: expected a whole number, found true'),
        ("id = 1", "id = 70000", 'partition "PROD": id 70000 is not between 1 and 65535'),
        (
            "id = 1",
            'id = 1\nkeylock = "normal"',
            'partitions["PROD"].keylock: "normal" is not one of the values; did you mean "norm"?',
        ),
        (
            'name = "A"',
            'name = "A"\nfamily = "hitachy"',
            'array "A": no family "hitachy"; did you mean "hitachi"?',
        ),
        (
            'managed_system = "S1"',
            'managed_system = "X"',
            'partition "PROD": no managed system "X"; known: S1',
        ),
        (
            'host = "PROD"',
            'host = "PRD"',
            'partition "PROD": no host object on A "PRD"; did you mean "PROD"?',
        ),
        (
            'volumes = ["D1", "D2"]',
            'volumes = ["D1", "D9"]',
            'array "A", host "PROD": no volume "D9"; known: D1, D2, T1, T2',
        ),
        ('["D2", "T2"]', '["D2"]', 'array "A": a map of group "G" is not a pair ["source", "target"]'),
        ('["D2", "T2"]', '["D2", "T1"]', 'array "A": target of a map "T1" stands twice; names must differ'),
        (
            '{ name = "T", count = 2, thin = true }',
            '{ name = "T", count = 2, size_gib = 5 }',
            'array "A", map "fcmap0": source and target differ in size; a map needs the same',
        ),
        (
            'addresses = ["10.0.0.2"]',
            'addresses = ["10.0.0.1"]',
            'address "10.0.0.1" stands twice; names must differ',
        ),
        (
            'addresses = ["10.0.0.2"]',
            'addresses = ["10.0.0.2:99999"]',
            'address "10.0.0.2:99999" is not a host name or IPv4 address with an optional port',
        ),
        (
            "[[systems]]",
            "[durations]\nsave = 30\n[[systems]]",
            'durations.save: expected a duration in quotes such as "30s", "4h50m" or "300ms", '
            "found the number 30",
        ),
        (
            "[[systems]]",
            '[durations]\nsave = "-3s"\n[[systems]]',
            'durations.save: "-3s" is out of range; at most 31d, and not negative',
        ),
        (
            'partition = "PROD"',
            'partition = "PROD"\njobs = [{ name = "J", user = "NOBODY", subsystem = "QBATHC" }]',
            'system "PROD", job J: no subsystem "QBATHC"; did you mean "QBATCH"?',
        ),
        (
            'partition = "PROD"',
            'partition = "PROD"\ninterfaces = [{ address = "10.0.0.9", line = "ETH" }]',
            'system "PROD", interface 10.0.0.9: no line "ETH"; known: none',
        ),
        (
            'partition = "PROD"',
            'partition = "PROD"\nschedule = [{ name = "J", command = "X", time = "2035" }]',
            'system "PROD": schedule entry J: time "2035" is not HHMMSS',
        ),
        (
            'partition = "PROD"',
            'partition = "PROD"\nlibraries = ["lower"]',
            'system "PROD": "lower" is not a name of IBM i (capitals and digits, at most 10)',
        ),
        (
            'partition = "PROD"',
            'partition = "PROD"\ntape_libraries = [{ name = "T", hardware = "H" }]',
            'system "PROD": no tape library in [[tape]] "H"; known: none',
        ),
        (
            "[[systems]]",
            '[clock]\nstart = "tonight"\n[[systems]]',
            'clock.start: "tonight" is not a local date and time like "2026-11-18T20:30:00"',
        ),
        ("[[systems]]", "[sytems]\n[[systems]]", 'unknown key "sytems"; did you mean "systems"?'),
    ],
)
def test_each_mistake_is_told_with_its_place_and_the_likely_fix(old: str, new: str, problem: str) -> None:
    assert old in SMALL
    assert problem in problems(SMALL.replace(old, new, 1))


def test_many_mistakes_are_told_in_one_go() -> None:
    text = SMALL.replace("id = 1", 'id = "x"').replace('serial = "78ABC12"', "serial = 7")
    assert len(problems(text)) == 2


@pytest.mark.parametrize("text", ["", "[[", "a = 1\na = 2", "partitions = 3", "x = " + "[" * 3000, '"' * 7])
def test_hostile_texts_are_problems_and_no_crash(text: str) -> None:
    assert problems(text)


def test_files_that_cannot_be_used(tmp_path: Path) -> None:
    with pytest.raises(SiteError, match="cannot be read: No such file"):
        read_site(tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes(b'name = "\xe4"')
    with pytest.raises(SiteError, match=r"is not UTF-8 text \(byte 8\)"):
        read_site(tmp_path / "latin.toml")
    (tmp_path / "bom.toml").write_bytes(b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode())
    assert read_site(tmp_path / "bom.toml").partitions[0].name == "PROD"
    (tmp_path / "huge.toml").write_bytes(b"#" * 2_000_001)
    with pytest.raises(SiteError, match="larger than"):
        read_site(tmp_path / "huge.toml")


@pytest.mark.parametrize(
    ("text", "amount"),
    [("3s", 3.0), ("300ms", 0.3), ("4h50m", 17400.0), ("1d2h", 93600.0), ("-4m", -240.0), ("1.5s", 1.5)],
)
def test_durations(text: str, amount: float) -> None:
    assert seconds(text) == amount


@pytest.mark.parametrize("text", ["", "3", "s", "3 s", "3x", "--3s", "3s ", "1e5s", "99999999999s"])
def test_what_is_no_duration(text: str) -> None:
    assert seconds(text) is None


def test_the_clock_starts_at_local_time() -> None:
    assert start_of(ClockSite(start="2026-11-18T20:30:00", utc_offset="+01:00")) == 1795030200.0


def needs() -> SiteNeeds:
    return SiteNeeds(
        systems=(SystemNeed(name="PRODA", host="a.example.net", user="FLASHC", serial="1234567", lpar_id=3),),
        consoles=(ConsoleNeed(name="H", addresses=("10.9.0.1:22",), user="f", key="k1"),),
        arrays=(ArrayNeed(name="A1", addresses=("10.9.0.2:22",), user="f", key="k2"),),
        clones=(
            CloneNeed(
                name="C1",
                system="PRODA",
                lpar_id=9,
                partition="PRODA_C",
                managed_system="Server-8286-42A-SN1234567",
                console="H",
                profile="clone",
                groups=(("A1", ("GRP1",)), ("A1", ("GRP2",))),
                link=LinkNeed(source="192.168.9.1", clone="192.168.9.2", line="ETHX", vlan=77),
            ),
        ),
        requires=(GroupNeed(array="A1", group="OTHER"),),
        jobs=(JobNeed(system="PRODA", user="U1", job="J1"),),
        domino=(("PRODA", "DOM1"),),
        programs=(("PRODA", "APPLIB", "QUIET"),),
        brms=(
            BrmsNeed(system="PRODA", group="SAVX", device="TAPMLB09", restricted=True),
            BrmsNeed(system="PRODA", group="APPS", device="VRT01", restricted=False),
            BrmsNeed(system="PRODA", group="FILES", device="", restricted=False),
        ),
        media=(
            DeviceNeed(system="PRODA", kind="library", name="TAPMLB09"),
            DeviceNeed(system="PRODA", kind="virtual tape", name="VRT01", catalog="NIGHT"),
        ),
        mail="10.9.0.25:25",
    )


def test_a_derived_site_has_what_the_spec_needs() -> None:
    site = derive_site(needs())
    assert check_site(site) == []
    (machine,) = site.managed_systems
    assert (machine.type_model, machine.serial) == ("8286-42A", "1234567")
    clone = site.partition("PRODA_C")
    assert (clone.id, clone.profiles[0].vlans, clone.copy_of) == (9, (77,), "PRODA")
    groups = {group.name: group for group in site.arrays[0].groups}
    copied = [pair[0] for name in ("GRP1", "GRP2") for pair in groups[name].maps]
    assert sorted(copied) == list(site.arrays[0].hosts[0].volumes)
    assert (groups["OTHER"].status, groups["OTHER"].progress) == ("idle_or_copied", 100)
    system = site.systems[0]
    assert [(job.user, job.name) for job in system.jobs] == [("U1", "J1")]
    assert [interface.active for interface in system.interfaces] == [True, False, False]
    groups_of = {one.name: (one.media_class, one.restricted) for one in system.brms.control_groups}
    assert groups_of == {
        "SAVX": ("TAPMLB09", True),
        "APPS": ("VRT01", False),
        "FILES": ("*SAVF", False),
    }
    assert {(one.library, one.media_class) for one in system.brms.volumes} == {
        ("TAPMLB09", "TAPMLB09"),
        ("VRT01", "VRT01"),
    }
    assert {one.id for one in system.brms.volumes} == {
        *site.tape[0].volumes,
        *system.virtual_devices[0].volumes,
    }


def test_a_derived_site_puts_the_clone_behind_its_vios() -> None:
    made = needs()
    site = derive_site(replace(made, clones=(replace(made.clones[0], vios=("V1", "V2")),)))
    assert check_site(site) == []
    assert site.partition("PRODA_C").array == ""
    servers = [one for one in site.partitions if one.env == "vioserver"]
    assert [(one.id, one.name, one.host) for one in servers] == [(1, "V1", "V1"), (2, "V2", "V2")]
    assert [device.volume for device in servers[1].adapters[0].devices] == [
        f"PRODA_C_T_D{n}" for n in (1, 2, 3, 4)
    ]


def test_a_derived_site_of_next_to_nothing_is_in_order() -> None:
    empty = SiteNeeds(systems=needs().systems, consoles=(), arrays=(), clones=())
    site = derive_site(empty)
    assert check_site(site) == []
    assert isinstance(site, Site)


def test_a_derived_site_spreads_a_system_over_its_arrays(tmp_path: Path) -> None:
    (clone,) = needs().clones
    first = needs().arrays[0]
    second = replace(first, name="A2", addresses=("10.9.0.3:22",))
    groups = (("A1", ("GRP1",)), ("A2", ("GRP2",)))
    spread = replace(needs(), arrays=(first, second), clones=(replace(clone, groups=groups),))
    site = derive_site(spread)
    assert check_site(site) == []
    world = build_world(site, tmp_path)
    for name in ("PRODA", "PRODA_C"):
        assert len(world.partition(name).volumes) == 8
        assert world.partition(name).boot_image() is not None


def test_a_derived_site_has_generations_that_nothing_is_started_from(tmp_path: Path) -> None:
    (clone,) = needs().clones
    generations = ("SNAP_1", "SNAP_2", "SNAP_3")
    site = derive_site(replace(needs(), clones=(replace(clone, groups=(("A1", generations),)),)))
    assert check_site(site) == []
    groups = {group.name: group for group in site.arrays[0].groups}
    assert [groups[name].start_time for name in generations] == [
        "261115204027",
        "261116204027",
        "261117204027",
    ]
    assert all(len(groups[name].maps) == 4 for name in generations)
    world = build_world(site, tmp_path)
    assert (world.partition("PRODA_C").state, world.partition("PRODA_C").volumes) == ("Not Activated", [])
