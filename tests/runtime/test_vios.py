"""The vios verbs against an HMC with two VIOS: what is removed, remembered, put back, and refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flashrt import status
from flashrt.status import SidecarError

from .fakes import HANG, HANG_AFTER, LOST_AFTER, LOST_BEFORE, Reply, World

DEVICES = [["clone_d1", "hdisk1"], ["clone_d2", "hdisk2"], ["clone_d3", "hdisk3"]]


@pytest.fixture
def through(world: World) -> World:
    world.through_vios()
    return world


def changes(world: World) -> list[str]:
    return [command.split('"')[1] for command in world.hmc.log if "rmvdev" in command or "mkvdev" in command]


def mapped(world: World, name: str) -> list[list[str]]:
    return [device[:2] for device in world.hmc.servers[name].devices["vhost0"]]


def record(world: World) -> Any:
    return json.loads((world.folder / "runs" / "vios.SISTPROD_24.json").read_text(encoding="ascii"))


def test_unmap_and_map_bring_back_exactly_what_was(through: World) -> None:
    called = through.vios("unmap")
    assert (called.status, called.word, called.extra1, called.extra2) == (0, "UNMAPPED", "3", "6")
    assert mapped(through, "VIOS1") == mapped(through, "VIOS2") == []
    # what belongs to others stays
    assert through.hmc.servers["VIOS1"].devices["vhost1"]
    assert record(through)["servers"]["VIOS2"][0]["vtd"] == "clone_d1"
    called = through.vios("map")
    assert (called.status, called.word, called.extra1, called.extra2) == (0, "MAPPED", "3", "6")
    assert mapped(through, "VIOS1") == mapped(through, "VIOS2") == DEVICES


def test_devices_are_removed_by_their_names_and_made_without_force(through: World) -> None:
    through.vios("unmap")
    through.vios("map")
    sent = changes(through)
    assert sent[0] == "rmvdev -vtd clone_d1"
    assert sent[-1] == "mkvdev -vdev hdisk3 -vadapter vhost0 -dev clone_d3"
    assert not any(" -f" in command for command in sent)


def test_both_are_as_good_twice_as_once(through: World) -> None:
    through.vios("unmap")
    before = len(changes(through))
    called = through.vios("unmap")
    assert (called.status, called.word, len(changes(through))) == (0, "UNMAPPED", before)
    through.vios("map")
    before = len(changes(through))
    called = through.vios("map")
    assert (called.status, called.word, len(changes(through))) == (0, "MAPPED", before)
    assert mapped(through, "VIOS1") == DEVICES


def test_a_clone_that_is_not_off_keeps_its_disks(through: World) -> None:
    for state in ("Running", "Shutting Down", "Not Available", "Error"):
        through.hmc.partitions[56][3] = state
        called = through.vios("unmap")
        assert called.status == status.REFUSED
    assert changes(through) == []
    assert not (through.folder / "runs" / "vios.SISTPROD_24.json").exists()


@pytest.mark.parametrize("act", ["unmap", "map"])
def test_only_the_declared_partition(through: World, act: str) -> None:
    through.vios("unmap")
    before = changes(through)
    through.hmc.partitions[56][0] = "PAYROLL"
    called = through.vios(act)
    assert (called.status, changes(through)) == (status.MISMATCH, before)


def test_a_vios_that_is_none_is_not_touched(through: World) -> None:
    through.hmc.say(
        "LANG=C lssyscfg -r lpar -m Server-9009-42A-SN78ABC12 --filter lpar_names=VIOS2",
        Reply(0, "VIOS2,2,aixlinux,Running,active\n", ""),
    )
    called = through.vios("unmap")
    assert called.status == status.MISMATCH
    assert "no VIOS" in called.text
    assert changes(through) == []


@pytest.mark.parametrize(("state", "rmc"), [("Not Activated", "none"), ("Running", "inactive")])
def test_nothing_is_removed_where_one_vios_is_away(through: World, state: str, rmc: str) -> None:
    vios = through.hmc.servers["VIOS2"]
    vios.state, vios.rmc = state, rmc
    called = through.vios("unmap")
    assert called.status == status.UNREACHABLE
    assert changes(through) == []


def test_never_mapped_and_nothing_remembered(through: World) -> None:
    del through.hmc.servers["VIOS2"].devices["vhost0"][1]
    called = through.vios("unmap")
    assert called.status == status.REFUSED
    assert "by hand" in called.text
    assert "VIOS2" in called.text
    assert changes(through) == []


def test_what_an_earlier_run_left_unmapped_is_remembered(through: World) -> None:
    through.vios("unmap")
    called = through.vios("unmap", run="20261122203500")
    assert (called.status, called.word) == (0, "UNMAPPED")
    # The older run has nothing to give back any more; the newer one has all of it.
    assert through.vios("map").word == "NONE"
    assert mapped(through, "VIOS1") == []
    assert through.vios("map", run="20261122203500").word == "MAPPED"
    assert mapped(through, "VIOS1") == mapped(through, "VIOS2") == DEVICES


def test_a_run_that_took_nothing_away_puts_nothing_back(through: World) -> None:
    called = through.vios("map")
    assert (called.status, called.word) == (0, "NONE")
    assert through.hmc.log == []


def test_by_hand_whatever_is_on_record_comes_back(through: World) -> None:
    through.vios("unmap")
    assert through.vios("map", run="BYHAND").word == "MAPPED"
    assert mapped(through, "VIOS2") == DEVICES


def test_disk_numbers_may_have_moved(through: World) -> None:
    through.vios("unmap")
    through.hmc.servers["VIOS1"].disks = {"hdisk1": "ELSE", "hdisk2": "CLONE_1", "hdisk3": "CLONE_2"}
    through.hmc.servers["VIOS1"].hidden = {"hdisk9": "CLONE_3"}
    called = through.vios("map")
    assert (called.status, called.word) == (0, "MAPPED")
    assert mapped(through, "VIOS1") == [
        ["clone_d1", "hdisk2"],
        ["clone_d2", "hdisk3"],
        ["clone_d3", "hdisk9"],
    ]


def test_a_disk_that_has_gone(through: World) -> None:
    through.vios("unmap")
    del through.hmc.servers["VIOS1"].disks["hdisk2"]
    called = through.vios("map")
    assert called.status == status.NOTFOUND
    # the other VIOS has its own back all the same
    assert mapped(through, "VIOS2") == DEVICES


def test_map_with_a_vios_away_does_what_it_can_and_fails(through: World) -> None:
    through.vios("unmap")
    through.hmc.servers["VIOS1"].rmc = "inactive"
    called = through.vios("map")
    assert called.status == status.UNREACHABLE
    assert mapped(through, "VIOS2") == DEVICES
    through.hmc.servers["VIOS1"].rmc = "active"
    assert through.vios("map").word == "MAPPED"
    assert mapped(through, "VIOS1") == DEVICES


def test_a_device_that_does_not_come_up_is_no_proof(through: World) -> None:
    through.vios("unmap")
    through.hmc.servers["VIOS1"].status = "Defined"
    called = through.vios("map")
    assert called.status == status.SYSTEM
    assert "Defined" in called.text


def test_an_adapter_that_was_renumbered_is_found_by_its_slot(through: World) -> None:
    through.vios("unmap")
    vios = through.hmc.servers["VIOS1"]
    for table in (vios.devices, vios.clients, vios.slots):
        table["vhost5"] = table.pop("vhost0")  # type: ignore[attr-defined]
    assert through.vios("map").word == "MAPPED"
    assert [device[0] for device in vios.devices["vhost5"]] == ["clone_d1", "clone_d2", "clone_d3"]


def test_an_adapter_that_is_another_clients_now(through: World) -> None:
    through.vios("unmap")
    through.hmc.servers["VIOS1"].clients["vhost0"] = 7
    called = through.vios("map")
    assert called.status == status.MISMATCH
    assert mapped(through, "VIOS1") == []


def test_a_client_that_was_not_started_since_is_known_by_the_console(through: World) -> None:
    for vios in through.hmc.servers.values():
        vios.clients["vhost0"] = 0
    assert through.vios("unmap").word == "UNMAPPED"
    assert through.vios("map").word == "MAPPED"


@pytest.mark.parametrize("act", ["unmap", "map"])
@pytest.mark.parametrize("answer", [LOST_AFTER, HANG_AFTER])
def test_a_lost_answer_is_looked_up_and_not_repeated(through: World, act: str, answer: str) -> None:
    through.vios("unmap" if act == "map" else "status")
    verb = "rmvdev" if act == "unmap" else "mkvdev"
    through.hmc.say(f'LANG=C viosvrcmd -m Server-9009-42A-SN78ABC12 --id 1 -c "{verb}', answer)
    called = through.vios(act)
    assert called.status == 0
    sent = [command for command in changes(through) if command.startswith(verb)]
    assert len([command for command in sent if "clone_d1" in command]) == 2  # once on each VIOS


def test_a_lost_request_is_an_error_and_the_next_call_goes_on(through: World) -> None:
    through.hmc.say('LANG=C viosvrcmd -m Server-9009-42A-SN78ABC12 --id 1 -c "rmvdev', LOST_BEFORE)
    called = through.vios("unmap")
    assert called.status == status.UNKNOWN
    assert changes(through) == ["rmvdev -vtd clone_d1"]
    assert through.vios("unmap").word == "UNMAPPED"
    assert through.vios("map").word == "MAPPED"
    assert mapped(through, "VIOS1") == mapped(through, "VIOS2") == DEVICES


def test_a_failed_change_is_an_error_with_the_words_of_the_console(through: World) -> None:
    through.hmc.say(
        'LANG=C viosvrcmd -m Server-9009-42A-SN78ABC12 --id 1 -c "rmvdev',
        Reply(1, "HSCL2970 The command failed.\n", ""),
    )
    called = through.vios("unmap")
    assert called.status == status.SYSTEM
    assert "HSCL2970" in called.text
    assert mapped(through, "VIOS1") == DEVICES


def test_the_call_has_a_limit(through: World) -> None:
    through.data["limits"].update({"vios_request_s": 30, "vios_s": 20})
    through.save()
    beginning = 'LANG=C viosvrcmd -m Server-9009-42A-SN78ABC12 --id 1 -c "lsmap'
    through.hmc.say(beginning, HANG)
    assert through.vios("unmap").status == status.TIMEOUT
    assert changes(through) == []


def test_status(through: World) -> None:
    called = through.vios("status")
    assert (called.status, called.word, called.extra1) == (0, "MAPPED", "6")
    del through.hmc.servers["VIOS2"].devices["vhost0"][0]
    called = through.vios("status")
    assert called.word == "PARTIAL"
    assert "VIOS VIOS2: 2 of 3 volumes" in called.text
    through.hmc.servers["VIOS1"].devices["vhost0"].clear()
    through.hmc.servers["VIOS2"].devices["vhost0"].clear()
    assert through.vios("status").word == "UNMAPPED"


def test_a_clone_without_vios(world: World) -> None:
    for act in ("unmap", "map", "status"):
        assert world.vios(act).status == status.CONFIG
    assert world.hmc.log == []


@pytest.mark.parametrize("act", ["unmap", "map"])
def test_only_on_production(through: World, act: str) -> None:
    through.database.rows["SYSTEM_STATUS_INFO"] = [("78ABC12", 56)]
    assert through.vios(act).status == status.REFUSED
    assert through.network.connects == []


def test_a_record_that_is_broken_is_never_guessed(through: World) -> None:
    (through.folder / "runs" / "vios.SISTPROD_24.json").write_text('{"run": 5}', encoding="ascii")
    assert through.vios("map").status == status.CONFIG
    assert through.vios("unmap").status == status.CONFIG
    assert changes(through) == []


def findings(world: World) -> dict[str, tuple[bool, str]]:
    from flashrt.check import survey

    found = survey(world.config, world.config.clone(""), world.edges)
    return {f"{one.id} {at}": (one.ok, one.text) for at, one in enumerate(found)}


def bad(world: World) -> list[str]:
    return [text for ok, text in findings(world).values() if not ok]


def test_check_reads_the_presentation_on_each_vios(through: World) -> None:
    found = findings(through)
    assert [text for ok, text in found.values() if not ok] == []
    texts = [text for name, (_, text) in found.items() if name.startswith("vios.volumes")]
    assert texts == [f"VIOS VIOS{n} maps exactly the 3 targets to LPAR id 56 SISTPROD_24." for n in (1, 2)]


def test_check_names_what_is_missing_too_much_or_twice(through: World) -> None:
    vios = through.hmc.servers["VIOS2"]
    gone = vios.devices["vhost0"].pop()
    (text,) = bad(through)
    assert "VIOS2" in text
    assert "CLONE_3" in text
    vios.devices["vhost0"] += [gone, ["extra", "hdisk0", "0x8400000000000000"]]
    (text,) = bad(through)
    assert "extra (hdisk0)" in text
    vios.devices["vhost0"][-1] = ["lv", "clonelv", "0x8400000000000000"]
    (text,) = bad(through)
    assert "lv (clonelv)" in text
    vios.devices["vhost0"][-1] = ["again", "hdisk1", "0x8400000000000000"]
    (text,) = bad(through)
    assert "twice" in text


def test_check_accepts_what_is_on_record(through: World) -> None:
    through.vios("unmap")
    assert bad(through) == []


def test_check_names_a_vios_that_is_away(through: World) -> None:
    through.hmc.servers["VIOS1"].rmc = "inactive"
    (text,) = bad(through)
    assert "VIOS VIOS1" in text


def test_a_source_behind_the_same_vios_is_compared_there(through: World) -> None:
    for vios in through.hmc.servers.values():
        vios.disks.update({f"hdisk{10 + n}": f"PROD_{n}" for n in (1, 2, 3)})
        vios.clients["vhost2"], vios.slots["vhost2"] = 24, 12
        vios.devices["vhost2"] = [
            [f"prod_d{n}", f"hdisk{10 + n}", f"0x8{n}00000000000000"] for n in (1, 2, 3)
        ]
    both = [*(f"PROD_{n}" for n in (1, 2, 3)), *(f"CLONE_{n}" for n in (1, 2, 3))]
    through.svc.hosts = {"VIOS1": both, "VIOS2": both}
    assert bad(through) == []
    vios = through.hmc.servers["VIOS2"]
    vios.disks["hdisk20"] = "ELSE"
    vios.devices["vhost2"].append(["prod_d4", "hdisk20", "0x8400000000000000"])
    (text,) = bad(through)
    assert "prod_d4 (hdisk20)" in text
    del vios.devices["vhost2"][-2:]
    (text,) = bad(through)
    assert "PROD_3" in text


def test_volumes_of_a_vios_of_another_machine_are_not_called_productions(through: World) -> None:
    """Production's VIOS has volumes of others, and is not asked: a map for each would copy those too."""
    own, copies = ([f"{kind}_{n}" for n in (1, 2, 3)] for kind in ("PROD", "CLONE"))
    through.svc.hosts = {"PRODVIOS": [*own, "OTHER_1"], "VIOS1": copies, "VIOS2": copies}
    through.svc.ports["PRODVIOS"] = []
    (text,) = bad(through)
    assert text.startswith(
        "Volume OTHER_1 on V7000 is mapped to PRODVIOS, which has the volumes of the group"
    )
    assert "another partition: add no map for that" in text


def test_vios_over_the_standby_console(through: World) -> None:
    through.data["consoles"]["HMC1"]["standby"] = "HMC2"
    through.data["consoles"]["HMC2"] = {**through.data["consoles"]["HMC1"], "addresses": ["10.1.0.12:22"]}
    del through.data["consoles"]["HMC2"]["standby"]
    through.save()
    hmc = through.hmc
    del through.network.devices["10.1.0.10:22"]
    through.network.devices["10.1.0.12:22"] = hmc
    assert through.vios("unmap").word == "UNMAPPED"
    assert through.vios("map").word == "MAPPED"


def test_a_lost_answer_and_a_console_that_dies_with_it(through: World) -> None:
    """The state is read over the standby before anything else is sent there."""
    through.data["consoles"]["HMC1"]["standby"] = "HMC2"
    through.data["consoles"]["HMC2"] = {
        **through.data["consoles"]["HMC1"],
        "addresses": ["10.1.0.12:22"],
        "standby": None,
    }
    through.save()
    through.network.devices["10.1.0.12:22"] = through.hmc
    through.hmc.say('LANG=C viosvrcmd -m Server-9009-42A-SN78ABC12 --id 1 -c "rmvdev', LOST_AFTER)
    connect = through.network.connect

    def once(endpoint: Any, *rest: Any) -> Any:
        if str(endpoint) == "10.1.0.10:22" and "rmvdev" in "".join(through.hmc.log):
            raise SidecarError(status.UNREACHABLE, "gone")
        return connect(endpoint, *rest)

    through.network.connect = once  # type: ignore[method-assign]
    assert through.vios("unmap").word == "UNMAPPED"
    assert changes(through).count("rmvdev -vtd clone_d1") == 2  # once on each VIOS
    struck = next(n for n, c in enumerate(through.hmc.log) if "rmvdev" in c)
    after = [line for line in through.hmc.log[struck + 1 :] if "viosvrcmd" in line]
    assert "lsmap" in after[0]
