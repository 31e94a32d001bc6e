"""What only an HMC asked by REST can meet, beside the cases of every console (`test_consoles`)."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flashrt import status
from flashtwin.keys import private_key, secret_text
from flashtwin.sims.hmc_rest import HmcRest, uuid_of
from flashtwin.sims.http import HttpOutcome
from flashtwin.site import ConsoleUser, Site, ViosUser

from bench import Bench

ON = r"^PUT .*/do/PowerOn"


@pytest.fixture
def make(make: Callable[..., Bench]) -> Callable[..., Bench]:
    """A bench whose console is asked; the clone is off."""

    def new(**changes: Any) -> Bench:
        bench = make("nightly_hmc_rest.flash", **changes)
        bench.device, bench.changing = "HMC1", (ON,)
        return bench

    return new


def console(bench: Bench) -> HmcRest:
    found = bench.world.consoles["HMC1"]
    assert isinstance(found, HmcRest)
    return found


def test_each_call_gives_its_session_and_its_job_back(make: Callable[..., Bench]) -> None:
    bench = make()
    for words in (("check",), ("state",), ("on",), ("off",)):
        bench.sidecar("console", *words)
        assert (console(bench).sessions, console(bench).jobs) == ({}, {}), words
    assert bench.fault(r"^GET .*/LogicalPartition/[^/]+$", lost="before") == []
    assert bench.sidecar("console", "state").status == status.UNKNOWN
    assert console(bench).sessions == {}


def test_a_profile_on_a_machine_with_shared_adapters_is_not_proven(make: Callable[..., Bench]) -> None:
    """REST shows no ports of SR-IOV adapters in a profile; the command line does."""
    bench = make()
    console(bench).sriov_mode = "Sriov"
    said = bench.sidecar("console", "check")
    assert said.status == status.MISMATCH
    assert "an SR-IOV adapter in shared mode" in said.text
    assert "way ssh" in said.text


def test_two_machines_of_one_name(make: Callable[..., Bench]) -> None:
    bench = make(site=lambda site: dataclasses.replace(
        site, managed_systems=(*site.managed_systems, dataclasses.replace(
            site.managed_systems[0], name="Server-9009-42A-SN78XYZ99", serial="78XYZ99"))))  # fmt: skip
    bench.world.managed_systems["Server-9009-42A-SN78XYZ99"].name = "Server-9009-42A-SN78ABC12"
    said = bench.sidecar("console", "on")
    assert (said.status, bench.changes()) == (status.MISMATCH, [])
    assert "type-model*serial" in said.text


@pytest.mark.parametrize("found", ["PartitionID", "AssociatedManagedSystem", "AtomID"])
def test_a_console_that_contradicts_itself(make: Callable[..., Bench], found: str) -> None:
    bench = make()
    clone = bench.world.partition(bench.clone.partition)
    old = {
        "PartitionID": ">56<",
        "AssociatedManagedSystem": uuid_of(clone.managed_system),
        "AtomID": f"<AtomID>{uuid_of(clone)}",
    }[found]
    new = {"PartitionID": ">24<", "AssociatedManagedSystem": "another", "AtomID": "<AtomID>x"}[found]

    def alter(request: Any, outcome: Any) -> Any:
        asked = request.command.startswith("GET /rest/api/uom/LogicalPartition/")
        return dataclasses.replace(outcome, out=outcome.out.replace(old, new)) if asked else outcome

    bench.gate.alter.append(alter)
    said = bench.sidecar("console", "on")
    assert (said.status, bench.changes()) == (status.SYSTEM, []), said


def test_a_job_that_cannot_be_looked_at(make: Callable[..., Bench]) -> None:
    """The request was taken: what became of it is unknown, and the state tells."""
    for outcome in (HttpOutcome(404, "no such job"), HttpOutcome(200, "<entry/>"), HttpOutcome(502, "")):
        bench = make()
        assert bench.answer(r"^GET .*/jobs/", outcome, times=9) == []
        assert bench.sidecar("console", "on").status == status.UNKNOWN
        bench.world.scheduler.run(until=bench.world.now + 30)
        assert bench.sidecar("console", "state").word == "RUNNING"
        assert len(bench.changes()) == 1


def test_a_partition_that_refuses_in_its_job(make: Callable[..., Bench]) -> None:
    """Status 200, and the refusal of the command line in the job's result."""
    bench = make()
    clone = bench.world.partition(bench.clone.partition)

    def start(request: Any, outcome: Any) -> Any:
        if "/do/PowerOn" in request.command:
            bench.world.scheduler.at(bench.world.now + 1.5, lambda: clone.enter("Starting"))
        return outcome

    bench.gate.alter.append(start)
    said = bench.sidecar("console", "on")
    assert (said.status, "HSCL3681" in said.text) == (status.REFUSED, True), said


def _by_rest_and_ssh(site: Site) -> Site:
    """The console lets its user in by password, the VIOS its own by key."""
    users = (ConsoleUser(name="flashc", secrets=("hmc4_password",)),)
    consoles = tuple(
        dataclasses.replace(one, addresses=("10.4.0.10:443",), users=users) for one in site.consoles
    )
    partitions = tuple(
        dataclasses.replace(one, addresses=("10.4.0.31:22",), users=(ViosUser(keys=("vios1_ed25519",)),))
        if one.env == "vioserver"
        else one
        for one in site.partitions
    )
    return dataclasses.replace(site, consoles=consoles, partitions=partitions)


def test_a_vios_is_asked_by_ssh_and_its_console_by_rest(tmp_path: Path) -> None:
    """The console tells which VIOS it is, and whose adapter one is whose client has not been started."""

    def told(document: dict[str, Any]) -> None:
        document["consoles"]["HMC4"].update(way="rest", key="hmc4_password", addresses=["10.4.0.10:443"])

    bench = Bench(
        "tapes.flash",
        tmp_path / "bench",
        site=_by_rest_and_ssh,
        conf=told,
        spec=('vios "VIOS1"', 'vios "VIOS1" address "10.4.0.31" user "padmin" key "vios1_ed25519"'),
    )
    for name, text in (
        ("hmc4_password", secret_text("hmc4_password")),
        ("vios1_ed25519", private_key("vios1_ed25519")),
    ):
        (bench.product / "keys" / name).write_text(text)
        (bench.product / "keys" / name).chmod(0o600)
    bench.device = "HMC4"
    assert bench.sidecar("vios", "status").status == 0
    assert bench.sidecar("vios", "unmap").status == 0
    assert bench.sidecar("vios", "map").status == 0
    assert any("/VirtualIOServer/quick/All" in one.request for one in bench.asked())
    bench.close()
