"""Names with blanks: on Storage Virtualize volumes, mappings and hosts may have them, on HMCs partitions."""

from __future__ import annotations

import dataclasses
import itertools
from pathlib import Path

import pytest
from adapters import SvcByRest, SvcBySsh, SvcSnapshotsByRest, SvcSnapshotsBySsh
from flashrt import status
from flashtwin.site import Site

from bench import NEXT, Make

NAMES = ("My clone", "A/B ^1", "#1: a@b+c_d.e")


@pytest.mark.parametrize(
    "adapter",
    [SvcBySsh(), SvcByRest(), SvcSnapshotsBySsh(), SvcSnapshotsByRest()],
    ids=lambda one: one.name.replace(" ", "-"),
)
def test_volumes_mappings_and_hosts_of_an_array_may_have_blanks(adapter: SvcBySsh, make: Make) -> None:
    """None of them stands in the spec: the array tells them, and is asked for them."""
    bench = make(adapter.example, spec=adapter.SPEC, site=adapter.site)
    pools, volumes, hosts = adapter.stock(bench)
    number = itertools.count(1)
    for one in (*pools, *volumes, *hosts, *bench.array.model.maps.values()):
        one.name = f"{one.name} no {next(number)}"
    for verb in ("check", "usage"):
        said = bench(verb)
        assert said.status == status.OK, (verb, said)
    before = bench.images()
    bench.flash()
    assert bench.has_new_copy(before)
    bench.run = NEXT
    bench.ready()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("example", ["nightly_brms.flash", "nightly_hmc_rest.flash", "nightly_fsm.flash"])
def test_partition_profile_and_machine_may_have_blanks(example: str, name: str, make: Make) -> None:
    def site(site: Site) -> Site:
        partitions = tuple(
            dataclasses.replace(
                one,
                managed_system=name,
                **(
                    {
                        "name": name,
                        "profile": name,
                        "profiles": tuple(dataclasses.replace(p, name=name) for p in one.profiles),
                    }
                    if one.id == 56
                    else {}
                ),
            )
            for one in site.partitions
        )
        machines = tuple(dataclasses.replace(one, name=name) for one in site.managed_systems)
        return dataclasses.replace(site, partitions=partitions, managed_systems=machines)

    spec = Path(__file__).resolve().parents[2].joinpath("examples", example).read_text("utf-8")
    (old,) = [line for line in spec.splitlines() if line.lstrip().startswith("partition ")]
    console = old.split(" through ")[1].split()[0]
    new = f'    partition 56 "{name}" on "{name}" through {console} profile "{name}"'
    bench = make(example, site=site, spec=(old, new))
    for words in (("state",), ("check",), ("on",)):
        said = bench.sidecar("console", *words)
        assert said.status == status.OK, (words, said)
    assert bench.world.partition(name).state != "Not Activated"
