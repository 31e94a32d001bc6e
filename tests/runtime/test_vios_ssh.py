"""The vios verbs where both VIOS are asked by SSH as padmin: the transport differs, nothing else."""

from __future__ import annotations

import pytest
from flashrt import status
from flashrt.status import SidecarError

from .fakes import FakeDevice, FakeVios, Reply, World

MACHINE = "Server-9009-42A-SN78ABC12"


class Padmin(FakeDevice):
    """The SSH server of a VIOS: `ioscli` before each command, the exit status of the VIOS."""

    def __init__(self, vios: FakeVios) -> None:
        super().__init__()
        self.vios = vios

    def handle(self, command: str) -> Reply:
        assert command.startswith("ioscli "), command
        return self.vios.run(command[len("ioscli ") :])


@pytest.fixture
def by_ssh(world: World) -> World:
    world.through_vios()
    world.data["servers"] = {}
    for number in (1, 2):
        vios = world.hmc.servers[f"VIOS{number}"]
        vios.rmc = "inactive"
        world.network.devices[f"10.1.0.4{number}:22"] = Padmin(vios)
        world.data["servers"][f"VIOS{number} on {MACHINE}"] = {
            "family": "vios",
            "addresses": [f"10.1.0.4{number}:22"],
            "user": "padmin",
            "key": f"vios{number}_ed25519",
        }
    world.save()
    return world


def padmin(world: World, number: int) -> FakeDevice:
    return world.network.devices[f"10.1.0.4{number}:22"]


def changes(world: World) -> list[str]:
    sent = [line for number in (1, 2) for line in padmin(world, number).log]
    return [line for line in sent if "rmvdev" in line or "mkvdev" in line]


def test_unmap_and_map(by_ssh: World) -> None:
    called = by_ssh.vios("unmap")
    assert (called.status, called.word, called.extra1, called.extra2) == (0, "UNMAPPED", "3", "6")
    assert changes(by_ssh)[0] == "ioscli rmvdev -vtd clone_d1"
    called = by_ssh.vios("map")
    assert (called.status, called.word, called.extra2) == (0, "MAPPED", "6")
    assert "ioscli mkvdev -vdev hdisk1 -vadapter vhost0 -dev clone_d1" in changes(by_ssh)
    assert not any("viosvrcmd" in line for line in by_ssh.hmc.log)
    assert {"padmin"} <= {user.user for user in by_ssh.network.users}


def test_one_by_ssh_and_one_through_the_console(by_ssh: World) -> None:
    del by_ssh.data["servers"][f"VIOS2 on {MACHINE}"]
    by_ssh.hmc.servers["VIOS2"].rmc = "active"
    by_ssh.save()
    assert by_ssh.vios("unmap").word == "UNMAPPED"
    assert padmin(by_ssh, 2).log == []
    assert any("viosvrcmd" in line for line in by_ssh.hmc.log)


@pytest.mark.parametrize("code", [status.UNREACHABLE, status.AUTH, status.HOSTKEY])
def test_nothing_is_removed_where_one_cannot_be_reached(by_ssh: World, code: int) -> None:
    padmin(by_ssh, 2).connect_error = SidecarError(code, "10.1.0.42:22 lets nobody in.")
    called = by_ssh.vios("unmap")
    assert called.status == code
    assert "VIOS VIOS2" in called.text
    assert changes(by_ssh) == []
    assert not (by_ssh.folder / "runs" / "vios.SISTPROD_24.json").exists()


def test_a_vios_that_does_not_run_is_not_asked(by_ssh: World) -> None:
    by_ssh.hmc.servers["VIOS2"].state = "Not Activated"
    assert by_ssh.vios("unmap").status == status.UNREACHABLE
    assert padmin(by_ssh, 2).log == []


@pytest.mark.parametrize("answer", ["other partition", "other machine", "one strange adapter", "none"])
def test_another_server_at_the_address(by_ssh: World, answer: str) -> None:
    listing = {
        "other partition": "vhost0:U9009.42A.78ABC12-V1-C10:0x00000038: : : : : : \n",
        "other machine": "vhost0:U9009.42A.78DEF34-V2-C10:0x00000038: : : : : : \n",
        "one strange adapter": "vhost0:U9009.42A.78ABC12-V2-C10:0x00000038: : : : : : \n"
        "vhost1:somewhere:0x00000038: : : : : : \n",
        "none": "There are no virtual adapters.\n",
    }
    padmin(by_ssh, 2).say("ioscli lsmap", Reply(0, listing[answer], ""))
    called = by_ssh.vios("unmap")
    assert called.status == status.MISMATCH
    assert "leads to another one" in called.text
    assert changes(by_ssh) == []


def test_a_status_that_is_not_zero_is_a_failure(by_ssh: World) -> None:
    padmin(by_ssh, 1).say("ioscli lsmap", Reply(127, "", "rksh: ioscli: not found\n"))
    called = by_ssh.vios("unmap")
    assert called.status == status.SYSTEM
    assert "ioscli: not found" in called.text
    assert "127" in called.text


@pytest.mark.parametrize("wrong", [{"family": "hmc"}, {"way": "rest"}, {"addresses": []}, {"user": "a b"}])
def test_a_wrong_configuration_is_named(by_ssh: World, wrong: dict[str, object]) -> None:
    by_ssh.data["servers"][f"VIOS1 on {MACHINE}"].update(wrong)
    by_ssh.save()
    called = by_ssh.vios("status")
    assert called.status == status.CONFIG
    assert next(iter(wrong)) in called.text
