"""Pure FlashArray: production's volumes and their protection group in a pod, the clone's volumes outside."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flashtwin.site import ArraySite, Site

from bench import NEXT, Bench, Make

POD = "POD1::"
GROUP = ('"SISTPROD"\n', f'"{POD}SISTPROD"\n')
SOURCES = (
    re.compile(
        r'"(SISTPROD-D1)" to (.*) "(SISTPROD-D2)" to (.*)\n'
        r'(.*) "(SISTPROD-D3)" to (.*) "(SISTPROD-D4)"'
    ),
    rf'"{POD}\1" to \2 "{POD}\3" to \4\n\5 "{POD}\6" to \7 "{POD}\8"',
)


def in_a_pod(name: str) -> str:
    """The name of what is production's, in the pod."""
    return POD + name if name.startswith("SISTPROD") else name


def with_pod(site: Site) -> Site:
    """The example's site, with production's volumes in a pod."""

    def change(one: ArraySite) -> ArraySite:
        return replace(
            one,
            volumes=tuple(replace(volume, name=in_a_pod(volume.name)) for volume in one.volumes),
            hosts=tuple(replace(host, volumes=tuple(map(in_a_pod, host.volumes))) for host in one.hosts),
            sets=tuple(
                replace(each, name=in_a_pod(each.name), volumes=tuple(map(in_a_pod, each.volumes)))
                for each in one.sets
            ),
            copies=tuple(
                replace(
                    copy,
                    name=in_a_pod(copy.name),
                    parts={key: in_a_pod(part) for key, part in copy.parts.items()},
                    pairs=tuple((in_a_pod(source), target) for source, target in copy.pairs),
                )
                for copy in one.copies
            ),
        )

    return replace(site, arrays=tuple(change(one) for one in site.arrays))


@pytest.fixture
def bench(make: Make) -> Bench:
    """A bench whose pairs lead out of the pod."""
    return make("nightly_pure.flash", site=with_pod, spec=GROUP, also=SOURCES)


def test_two_nights_with_production_in_a_pod(bench: Bench) -> None:
    assert bench("check").word == "OK", bench("check").text
    for run in (bench.run, NEXT):
        bench.run = run
        before = bench.images()
        bench.flash()
        assert bench.has_new_copy(before)
        assert bench("holds").word == "HELD"
