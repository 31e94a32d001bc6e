"""Generations, copy by copy: the oldest is used, and what the others hold stays.

Whole nights with generations are in tests/faults/test_array_generations.py.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable

import pytest
from flashtwin.site import CopySite, SetSite, Site, VolumeSite

from bench import NEXT, RUN, Bench

THIRD = "20261120203500"
NO_CLONE = (re.compile(r"    on clone brms .*?(?=    mail )", re.DOTALL), "    on clone none\n")
"""Generations are copies that nothing is started from."""


def other(site: Site, copy_name: str, volumes: dict[str, str], state: str, **parts: str) -> Site:
    """The site with targets for one generation more, which hold nothing yet."""
    (array,) = site.arrays
    first = array.copies[0]
    like = {one.name: one for one in array.all_volumes()}
    made = tuple(
        VolumeSite(name=target, pool=like[source].pool, thin=True) for source, target in volumes.items()
    )
    copy = CopySite(
        name=copy_name,
        kind=first.kind,
        parts={**first.parts, **parts},
        pairs=tuple(volumes.items()),
        state=state,
    )
    sets = array.sets
    if "target" in parts:
        sets += (SetSite(name=parts["target"], volumes=tuple(volumes.values())),)
    more = dataclasses.replace(array, volumes=array.volumes + made, copies=(*array.copies, copy), sets=sets)
    return dataclasses.replace(site, arrays=(more,))


def pure(site: Site) -> Site:
    volumes = {f"SISTPROD-D{n}": f"SISTPX-D{n}" for n in range(1, 5)}
    return other(site, "SISTPROD:SISTPX-D1", volumes, "")


def hitachi(site: Site) -> Site:
    volumes = {f"102{n}": f"304{n}" for n in range(1, 5)}
    return other(site, "SISTPROD_X:3041", volumes, "pair", group="SISTPROD_X")


def custom(site: Site) -> Site:
    volumes = {f"SISTPROD_D{n}": f"SISTPX_D{n}" for n in range(1, 5)}
    return other(site, "SISTPROD_X", volumes, "", name="SISTPROD_X")


def volume_group(site: Site) -> Site:
    volumes = {f"SISTPROD_D{n}": f"SISTPX_D{n}" for n in range(1, 5)}
    return other(site, "SISTPROD_X", volumes, "", target="SISTPROD_X")


PAIRS = " and ".join(f'"SISTPROD-D{n}" to "SISTPX-D{n}"' for n in range(1, 5))
LDEVS = " and ".join(f'"102{n}" to "304{n}"' for n in range(1, 5))


@pytest.fixture
def make(make: Callable[..., Bench]) -> Callable[..., Bench]:

    def new(example: str, site: Callable[[Site], Site], spec: tuple[str, str]) -> Bench:
        return make(example, site=site, spec=spec, also=NO_CLONE)

    return new


@pytest.mark.parametrize(
    ("example", "site", "spec", "first", "second"),
    [
        (
            "nightly_pure.flash",
            pure,
            ('to "SISTP24-D4"', f'to "SISTP24-D4" or pairs {PAIRS}'),
            "SISTPROD:SISTP24-D1",
            "SISTPROD:SISTPX-D1",
        ),
        (
            "nightly_hitachi.flash",
            hitachi,
            ('"1024" to "2044"', f'"1024" to "2044" or "SISTPROD_X" pairs {LDEVS}'),
            "SISTPROD_24:2041",
            "SISTPROD_X:3041",
        ),
        (
            "nightly_custom.flash",
            custom,
            ('named "SISTPROD_24"', 'named "SISTPROD_24" or "SISTPROD_X"'),
            "SISTPROD_24",
            "SISTPROD_X",
        ),
        (
            "nightly_svc_snapshot.flash",
            volume_group,
            ('onto "SISTPROD_24"', 'onto "SISTPROD_24" or "SISTPROD_X"'),
            "SISTPROD_24",
            "SISTPROD_X",
        ),
    ],
    ids=["pure", "hitachi", "custom", "svc"],
)
def test_the_oldest_copy_is_used_and_the_others_stay(
    example: str,
    site: Callable[[Site], Site],
    spec: tuple[str, str],
    first: str,
    second: str,
    make: Callable[..., Bench],
) -> None:
    bench = make(example, site, spec)
    used: list[str] = []
    for run in (RUN, NEXT, THIRD):
        bench.run = run
        held = {name: [t.image for _, t in bench.array.members(name)] for name in (first, second)}
        bench.flash()
        chosen = str([*bench.world.events.of("flash")][-1]["group"])
        used.append(chosen)
        for name, before in held.items():
            now = [t.image for _, t in bench.array.members(name)]
            assert (now == before) is (name != chosen), (run, name)
        assert bench("holds").word == "HELD"
    # that which holds nothing yet, then the oldest, then the one after it
    assert used[0] != used[1]
    assert used[2] == used[0]
