"""The simulated VIOS through the console: formats, changes, refusals, and what its client sees."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flashtwin.image import SystemImage
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.vios import Vios
from flashtwin.site import ConsoleUser, Site, ViosUser
from flashtwin.site_check import check_site
from flashtwin.world import World
from vios_site import MACHINE, VOLUMES, through_vios

Send = Callable[..., Outcome]

V1 = f"viosvrcmd -m {MACHINE} -p VIOS1 -c"


@pytest.fixture
def site(root: Path, site: Site) -> Site:
    del root
    changed = through_vios(site)
    assert check_site(changed) == []
    return changed


@pytest.fixture(autouse=True)
def servers(world: World) -> None:
    for name in ("VIOS1", "VIOS2"):
        world.partition(name).state = "Running"


def uids(world: World) -> dict[str, str]:
    return {one.name: one.uid for one in world.arrays["V7000"].model.volumes.values()}


def test_lsmap_with_a_delimiter(hmc: Send) -> None:
    reply = hmc(f'{V1} "lsmap -all -fmt :"')
    assert (reply.status, reply.err) == (0, "")
    first, second = reply.out.splitlines()
    fields = first.split(":")
    assert fields[:9] == [
        "vhost0", "U9009.42A.78ABC12-V1-C10", "0x00000038",
        "clone_d1", "Available", "0x8100000000000000", "hdisk1", "U78D2.001.WZS0001-P1-C2-T1-L81", "false",
    ]  # fmt: skip
    assert len(fields) == 3 + 6 * 4
    # an adapter without devices: one group of blanks
    assert second == "vhost1:U9009.42A.78ABC12-V1-C11:0x00000018: : : : : : "


def test_lsmap_for_people(hmc: Send) -> None:
    text = hmc(f'{V1} "lsmap -vadapter vhost1"').out
    assert "VTD                   NO VIRTUAL TARGET DEVICE FOUND" in text
    text = hmc(f'{V1} "lsmap -vadapter vhost0"').out
    assert "Backing device        hdisk1\n" in text
    assert hmc(f'{V1} "lsmap -vadapter vhost0 -field vtd backing -fmt :"').out.startswith("clone_d1:hdisk1:")


def test_disks_and_their_identifiers(hmc: Send, world: World) -> None:
    names = hmc(f'{V1} "lsdev -type disk -field name status -fmt :"').out.splitlines()
    assert names == [f"hdisk{n}:Available" for n in range(5)]
    uid = uids(world)["SISTP24_D1"]
    assert hmc(f'{V1} "lsdev -dev hdisk1 -attr unique_id"').out == f"value\n\n33213{uid}04214503IBMfcp\n"
    # the other VIOS counts its disks in its own order
    text = hmc(f'viosvrcmd -m {MACHINE} --id 2 -c "lsdev -dev hdisk1 -attr unique_id"').out
    assert uids(world)["SISTP24_D4"] in text


def test_a_device_is_removed_and_made_again(hmc: Send, world: World) -> None:
    reply = hmc(f'{V1} "rmvdev -vtd clone_d2"')
    assert (reply.status, reply.out) == (0, "clone_d2 deleted\n")
    assert "clone_d2" not in hmc(f'{V1} "lsmap -all -fmt :"').out
    reply = hmc(f'{V1} "mkvdev -vdev hdisk2 -vadapter vhost0 -dev clone_d2"')
    assert (reply.status, reply.out) == (0, "clone_d2 Available\n")
    assert "clone_d2:Available:0x8200000000000000:hdisk2" in hmc(f'{V1} "lsmap -all -fmt :"').out
    kinds = [
        (e.kind, e.system, e["device"], e["client"]) for e in world.events.of("vios_unmapped", "vios_mapped")
    ]
    assert kinds == [
        ("vios_unmapped", "VIOS1", "clone_d2", "SISTPROD_24"),
        ("vios_mapped", "VIOS1", "clone_d2", "SISTPROD_24"),
    ]


@pytest.mark.parametrize(
    "command",
    [
        "rmvdev -vtd nothing",
        "rmvdev clone_d1",
        "mkvdev -vdev hdisk1 -vadapter vhost1",
        "mkvdev -vdev hdisk1",
        "mkvdev -vdev hdisk4 -vadapter vhost0 -dev clone_d1",
        "mkvdev -vdev hdisk4 -vadapter vhost0 -dev averylongdevicename",
        "mkvdev -vdev hdisk4 -vadapter vhost9",
        "rmdev -dev hdisk1",
        "lsdev -dev hdisk9 -attr unique_id",
        "lsmap",
        "oem_setup_env",
        "lsmap -all > /tmp/x",
    ],
)
def test_a_command_that_fails_is_wrapped(hmc: Send, command: str) -> None:
    reply = hmc(f'{V1} "{command}"')
    assert (reply.status, reply.err) == (1, "")
    assert reply.out.startswith("HSCL2970 ")


def test_a_disk_is_taken_twice_only_by_force(hmc: Send) -> None:
    text = hmc(f'{V1} "mkvdev -vdev hdisk1 -vadapter vhost1"').out
    assert '"hdisk1" is already being used as a backing device.  Specify the -f flag' in text
    assert hmc(f'{V1} "mkvdev -f -vdev hdisk1 -vadapter vhost1"').out == "vtscsi0 Available\n"
    assert hmc(f'{V1} "rmvdev -vdev hdisk1"').status == 1
    assert hmc(f'{V1} "rmvdev -f -vdev hdisk1"').out == "clone_d1 deleted\nvtscsi0 deleted\n"


def test_a_disk_that_was_deleted_comes_back_by_cfgdev(hmc: Send) -> None:
    hmc(f'{V1} "rmvdev -vtd clone_d1"')
    assert hmc(f'{V1} "rmdev -dev hdisk1"').out == "hdisk1 deleted\n"
    assert "hdisk1" not in hmc(f'{V1} "lsdev -type disk -field name status -fmt :"').out
    assert hmc(f'{V1} "cfgdev"').status == 0
    assert "hdisk1:Available" in hmc(f'{V1} "lsdev -type disk -field name status -fmt :"').out


def test_rmc_and_roles(world: World, hmc: Send) -> None:
    attributes = f"lssyscfg -r lpar -m {MACHINE} --filter lpar_names=VIOS1 -F lpar_env,state,rmc_state"
    assert hmc(attributes).out == "vioserver,Running,active\n"
    world.partition("VIOS1").state = "Not Activated"
    assert hmc(attributes).out == "vioserver,Not Activated,inactive\n"
    assert hmc(f'{V1} "lsmap -all"').out.startswith("HSCL2957 ")
    assert hmc(f'viosvrcmd -m {MACHINE} -p SISTPROD -c "lsmap -all"').out.startswith("HSCL2957 ")
    assert hmc(f'viosvrcmd -m {MACHINE} -p NOBODY -c "lsmap -all"').out.startswith("HSCL8012 ")
    console = world.consoles["HMC1"]
    console.users["flashc"] = ConsoleUser(name="flashc", role="hmcviewer")
    assert hmc(f'viosvrcmd -m {MACHINE} -p VIOS2 -c "lsmap -all"').out.startswith("HSCL350B ")


def test_adapters_as_the_console_lists_them(hmc: Send) -> None:
    rows = hmc(
        f"lshwres -r virtualio --rsubtype scsi --level lpar -m {MACHINE} --filter lpar_ids=56 "
        "-F lpar_id,slot_num,adapter_type,remote_lpar_id,remote_lpar_name,remote_slot_num"
    )
    assert rows.out == "56,10,client,1,VIOS1,10\n56,11,client,2,VIOS2,10\n"
    profile = hmc(f"lssyscfg -r prof -m {MACHINE} --filter lpar_ids=56 -F virtual_scsi_adapters").out
    assert profile == '"10/client/1/VIOS1/10/0,11/client/2/VIOS2/10/0"\n'


def test_a_client_boots_only_with_all_of_its_disks(hmc: Send, world: World, image: SystemImage) -> None:
    clone = world.partition("SISTPROD_24")
    assert [volume.name for volume in clone.volumes] == list(VOLUMES)  # type: ignore[attr-defined]
    for volume in clone.volumes:
        volume.image = image
    # production's own disks hold the image, too: those of the clone are compared with its own
    assert clone.boot_image() is image
    hmc(f'{V1} "rmvdev -vtd clone_d1"')
    assert clone.boot_image() is image  # the other VIOS still presents it
    hmc(f'viosvrcmd -m {MACHINE} -p VIOS2 -c "rmvdev -vtd clone_d1"')
    assert clone.boot_image() is None
    hmc(f"chsysstate -m {MACHINE} -r lpar -o on -n SISTPROD_24 -f clone")
    world.scheduler.run(until=world.now + 1000)
    assert (clone.state, clone.refcode) == ("Error", "B6000255")


def test_a_running_client_that_loses_a_disk_stops(hmc: Send, world: World, image: SystemImage) -> None:
    clone = world.partition("SISTPROD_24")
    for volume in clone.volumes:
        volume.image = image
    clone.curr_profile, clone.state = "clone", "Running"
    clone.boot(image)
    world.partition("VIOS2").state = "Not Activated"
    hmc(f'{V1} "rmvdev -vtd clone_d3"')
    assert (clone.state, clone.refcode) == ("Error", "B6000103")


def test_open_disks_log_errors_when_a_copy_overwrites_them(hmc: Send, svc: Send, world: World) -> None:
    hmc(f'{V1} "rmvdev -vtd clone_d1"')
    svc("stopfcconsistgrp SISTPROD_24")
    svc("prestartfcconsistgrp SISTPROD_24")
    found = {event.system: event["volumes"] for event in world.events.of("vios_disk_errors")}
    own = uids(world)
    assert found == {
        "VIOS1": tuple(sorted(own[name] for name in VOLUMES[1:])),
        "VIOS2": tuple(sorted(own[name] for name in VOLUMES)),
    }


def test_two_consoles_show_the_same(world: World, send: Send) -> None:
    line = f"lssyscfg -r lpar -m {MACHINE} -F name,state"
    one, other = (send(world.consoles[name], line) for name in ("HMC1", "HMC2"))
    assert one.out == other.out
    send(world.consoles["HMC2"], f'{V1} "rmvdev -vtd clone_d1"')
    assert "clone_d1" not in send(world.consoles["HMC1"], f'{V1} "lsmap -all -fmt :"').out


def test_a_site_that_does_not_fit(site: Site) -> None:
    clone, vios = site.partitions[1], site.partitions[2]

    def problems(*partitions: object) -> str:
        return "\n".join(check_site(replace(site, partitions=partitions)))  # type: ignore[arg-type]

    source = site.partitions[0]
    assert "has disks of its own" in problems(
        source, replace(clone, array="V7000", host="VIOS1"), vios, site.partitions[3]
    )
    assert "only a VIOS" in problems(source, clone, replace(vios, env="aixlinux"))
    adapter = vios.adapters[0]
    assert "no partition with id 57" in problems(
        source, clone, replace(vios, adapters=(replace(adapter, client=57),))
    )
    device = replace(adapter.devices[0], volume="SISTP24_D9")
    assert 'no volume of its host "SISTP24_D9"' in problems(
        source, clone, replace(vios, adapters=(replace(adapter, devices=(device,)),))
    )
    assert "stands twice" in problems(source, clone, replace(vios, adapters=(adapter, adapter)))


def test_by_ssh_the_same_commands_behind_ioscli(world: World) -> None:
    vios = world.partition("VIOS1").vios
    assert isinstance(vios, Vios)
    server = vios.server()

    def padmin(line: str) -> Outcome:
        outcome = server.handler("padmin", line)
        assert isinstance(outcome, Outcome)
        return (outcome.effect() if outcome.effect is not None else None) or outcome

    assert padmin("ioscli lsmap -all -fmt :").out.startswith("vhost0:U9009.42A.78ABC12-V1-C10:0x00000038:")
    assert padmin("ioscli rmvdev -vtd clone_d1").out == "clone_d1 deleted\n"
    gone = padmin("ioscli rmvdev -vtd clone_d1")
    assert (gone.status, gone.out, gone.err) == (2, "", '"clone_d1" was not found.\n')
    assert padmin("ioscli mkvdev -vdev hdisk1").status == 1
    assert padmin("ioscli mkvdev -vdev hdisk2 -vadapter vhost0").status == 4
    # no alias, no shell
    assert padmin("lsmap -all").status == padmin("ioscli oem_setup_env").status == 127
    assert padmin("ioscli lsmap -all > x").status == 127
    assert server.met() == "ok"
    world.partition("VIOS1").state = "Not Activated"
    assert server.met() == "refused"


def test_only_a_vios_has_users_of_its_own(site: Site) -> None:
    first, *others = site.partitions
    wrong = replace(site, partitions=(replace(first, users=(ViosUser(),)), *others))
    assert any("users of its own" in problem for problem in check_site(wrong))
