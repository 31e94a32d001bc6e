"""What only NovaLink can answer, beside the cases of every console (`test_consoles`)."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flashrt import status
from flashrt.consoles.novalink import records
from flashrt.status import SidecarError
from flashtwin.keys import private_key
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.server import Request
from flashtwin.site import Site, ViosUser

from bench import Bench


@pytest.fixture
def make(make: Callable[..., Bench]) -> Callable[..., Bench]:
    """A bench whose console is asked; the clone is off."""

    def new(**changes: Any) -> Bench:
        bench = make("nightly_novalink.flash", **changes)
        bench.device, bench.changing = "NOVA1", (r"\bpvmctl lpar (power|update)",)
        return bench

    return new


@pytest.mark.parametrize(
    "line",
    [
        "id=56, state=not activated",
        "id=56, state=not activated, name=A, state=running",
        "56, not activated, A",
        "state: id=56, state=not activated, name=A",
        "| 56 | not a | A |",
    ],
)
def test_a_line_that_does_not_hold_each_property_once_is_not_read(line: str) -> None:
    with pytest.raises(SidecarError):
        records(line, ("id", "state", "name"))


def test_a_line_is_read_in_any_order_and_with_the_class_before_a_property() -> None:
    text = "LogicalPartition.name=A B, LogicalPartition.id=56,LogicalPartition.state=not activated\n"
    assert records(text, ("id", "state", "name")) == [{"name": "A B", "id": "56", "state": "not activated"}]
    assert records("", ("id",)) == []


def test_an_end_in_order_is_not_asked_for(make: Callable[..., Bench]) -> None:
    """Without --hard pvmctl may go from one kind of end to a harder one by itself."""
    bench = make()
    bench.world.partition("SISTPROD_24").state = "Running"
    said = bench.sidecar("console", "off")
    assert (said.status, "only at once" in said.text, bench.changes()) == (status.REFUSED, True, [])


def test_the_keylock_is_set_and_read_before_the_power(make: Callable[..., Bench]) -> None:
    bench = make()
    bench.world.partition("SISTPROD_24").keylock = "manual"
    bench.answer(r"\bpvmctl lpar update\b", Outcome(0))
    said = bench.sidecar("console", "on")
    assert (said.status, "keylock manual" in said.text) == (status.SYSTEM, True)
    assert not any("power-on" in one for one in bench.changes())
    assert bench.sidecar("console", "on").word == "ASKED"
    assert bench.world.partition("SISTPROD_24").keylock == "norm"


def test_the_ipl_source_is_set_and_read_before_the_power(make: Callable[..., Bench]) -> None:
    bench = make()
    bench.world.partition("SISTPROD_24").ipl_source = "d"
    bench.answer(r"\bpvmctl lpar update\b", Outcome(0))
    said = bench.sidecar("console", "on")
    assert (said.status, "IPL source d" in said.text) == (status.SYSTEM, True)
    assert not any("power-on" in one for one in bench.changes())


def test_another_machine_is_not_the_clone_s(make: Callable[..., Bench]) -> None:
    twice = "serial_number=IBM,0278ABC12\n" * 2
    for text in ("serial_number=IBM,0278ABC13\n", "serial_number=IBM,78ABC12\n", twice):
        bench = make()
        shown = f"{text}system_type=IBM,9009-42A\npartition_id=2\n"
        bench.answer(r"\blparcfg\b", Outcome(0, shown), times=9)
        said = bench.sidecar("console", "on")
        assert said.status in (status.MISMATCH, status.SYSTEM), said
        assert bench.changes() == []


@pytest.mark.parametrize(
    ("asked", "shown", "text"),
    [
        ("vea list -p id=2", "", "does not show the network"),
        ("vea list -p id=56", "pvid=99, tagged_vlans=[100]\n", "VLAN 100;"),
        ("vea list -p id=56", "pvid=99, tagged_vlans=all\n", "cannot be read"),
        ("vea list -p id=56", "Virtual Ethernet Adapters\n", "cannot be read"),
        ("vnic list", "slot=5\n", "vnic slot=5, which may be a network"),
        ("ethlp list", "loc_code=U78D3-C4-T1-S1\n", "which may be a network"),
        ("ethlp list", "[PVME05000001-0001] no such property\n", "PVME05000001-0001"),
        ("ioslot list", "", "no I/O slot"),
        (
            "ioslot list",
            "part_id=56, drc_name=P1-C5, description=PCIe 4-port Ethernet\n",
            "slot P1-C5, which",
        ),
    ],
)
def test_what_is_not_shown_or_not_known_is_no_isolation(
    make: Callable[..., Bench], asked: str, shown: str, text: str
) -> None:
    bench = make()

    def alter(request: Request, outcome: Outcome) -> Outcome:
        return dataclasses.replace(outcome, out=shown) if re.search(asked, request.command) else outcome

    bench.gate.alter.append(alter)
    said = bench.sidecar("console", "check")
    assert said.status in (status.MISMATCH, status.SYSTEM), said
    assert text in said.text, said


def test_a_clone_that_lives_on_may_have_what_production_has_not(make: Callable[..., Bench]) -> None:
    def living(conf: dict[str, Any]) -> None:
        conf["clones"]["SISTPROD_24"]["own_network"] = True

    for vlan, expected in ((7, status.OK), (1, status.MISMATCH)):
        bench = make(conf=living)
        clone = bench.world.partition("SISTPROD_24")
        profile = clone.profiles[clone.curr_profile]
        clone.profiles[profile.name] = dataclasses.replace(profile, vlans=(99, vlan))
        assert bench.sidecar("console", "check").status == expected, vlan


def test_a_clone_that_lives_on_away_from_production_hears_why_it_may_not(make: Callable[..., Bench]) -> None:
    """NovaLink shows its own machine only, and production is on another (FL3111 says so of the spec)."""

    def living(conf: dict[str, Any]) -> None:
        conf["clones"]["SISTPROD_24"]["own_network"] = True
        conf["system"]["identities"] = [{"serial": "78DEF34", "lpar": 24}]

    bench = make(conf=living)
    clone = bench.world.partition("SISTPROD_24")
    profile = clone.profiles[clone.curr_profile]
    clone.profiles[profile.name] = dataclasses.replace(profile, vlans=(99, 7))
    said = bench.sidecar("console", "check")
    assert (said.status, "as production is not shown here" in said.text) == (status.MISMATCH, True), said


def _asked_alone(site: Site) -> Site:
    """The console of the site is NovaLink; the VIOS lets its own user in by key."""
    consoles = tuple(dataclasses.replace(one, family="novalink") for one in site.consoles)
    partitions = tuple(
        dataclasses.replace(one, addresses=("10.4.0.31:22",), users=(ViosUser(keys=("vios1_ed25519",)),))
        if one.env == "vioserver"
        else one
        for one in site.partitions
    )
    return dataclasses.replace(site, consoles=consoles, partitions=partitions)


def test_a_vios_is_asked_by_ssh(tmp_path: Path) -> None:
    """NovaLink tells which VIOS it is, and hands nothing on to it."""

    def told(document: dict[str, Any]) -> None:
        document["consoles"]["HMC4"]["family"] = "novalink"
        for clone in document["clones"].values():
            clone.update(managed_system=machine, profile="")
        servers = document.get("servers", {})
        document["servers"] = {f"VIOS1 on {machine}": one for one in servers.values()}

    machine = "8286-42A*06ACE15"
    alone = 'vios "VIOS1" address "10.4.0.31" user "padmin" key "vios1_ed25519"'
    for spec, expected in ((("", ""), status.CONFIG), (('vios "VIOS1"', alone), status.OK)):
        bench = Bench("tapes.flash", tmp_path / f"bench{expected}", site=_asked_alone, conf=told, spec=spec)
        key = bench.product / "keys" / "vios1_ed25519"
        key.write_text(private_key("vios1_ed25519"))
        key.chmod(0o600)
        bench.device = "HMC4"
        said = bench.sidecar("vios", "status")
        assert said.status == expected, said
        bench.close()
