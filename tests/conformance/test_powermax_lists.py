"""VMAX and PowerMax with hundreds of volumes: what is listed is not asked for volume by volume."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from flashrt import status
from flashrt.arrays.powermax_rest import UnisphereMasked
from flashtwin.sims.http import HttpOutcome, json_outcome
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.powermax import Srdf
from flashtwin.sims.volumes import Volume
from flashtwin.site import ArraySite, Site, VolumeSite

from bench import Bench

NEWER = "V10.1.0.6"
SINGLE = "/sloprovisioning/symmetrix/000197900123/volume/"
LIST = "^GET /univmax/rest/v1/systems/"
Make = Callable[..., Bench]


def with_volumes(count: int, **facts: str) -> Callable[[Site], Site]:
    """A site whose groups have so many volumes each."""
    sources, targets = (tuple(f"{side}{n:03X}" for n in range(count)) for side in ("01", "02"))

    def change(one: ArraySite) -> ArraySite:
        volumes = [VolumeSite(name=name, size_gib=8) for name in sources]
        volumes += [VolumeSite(name=name, size_gib=8, thin=True) for name in targets]
        hosts = tuple(
            replace(host, volumes=volumes)
            for host, volumes in zip(one.hosts, (sources, targets), strict=True)
        )
        sets = tuple(
            replace(each, volumes=volumes) for each, volumes in zip(one.sets, (sources, targets), strict=True)
        )
        copies = (replace(one.copies[0], pairs=tuple(zip(sources, targets, strict=True))),)
        return replace(
            one,
            volumes=tuple(volumes),
            hosts=hosts,
            sets=sets,
            copies=copies,
            facts={**one.facts, **facts},
        )

    return lambda site: replace(site, arrays=tuple(change(one) for one in site.arrays))


@pytest.fixture
def make_rest(make: Callable[..., Bench]) -> Make:

    def new(count: int, version: str = NEWER) -> Bench:
        return make("nightly_powermax.flash", site=with_volumes(count, version=version))

    return new


@pytest.fixture
def make_symcli(make: Callable[..., Bench]) -> Make:

    def new(count: int) -> Bench:
        return make("nightly_symcli.flash", site=with_volumes(count))

    return new


def asked_alone(bench: Bench) -> int:
    """How many volumes were asked for by themselves."""
    return sum(SINGLE in one.request for one in bench.asked())


def unlinked(bench: Bench) -> None:
    """Nothing is shown on the targets, as before the first night."""
    for one in bench.array.snapshots["SISTPROD"]:
        one.links.clear()


def test_four_hundred_volumes_take_no_minutes(make_rest: Make) -> None:
    bench = make_rest(400)
    unlinked(bench)
    begin = bench.world.now
    assert bench("check").word == "OK", bench("check").text
    bench.flash()
    assert bench("usage").status == 0
    assert bench.world.now - begin < 300
    assert asked_alone(bench) == 0
    assert bench.flashes() == 1


def test_an_older_unisphere_is_asked_for_each_volume(make_rest: Make) -> None:
    bench = make_rest(12, "V10.0.0.5")
    assert bench("check").word == "OK", bench("check").text
    assert asked_alone(bench) == 24
    assert not [one for one in bench.asked() if one.request.startswith("GET /univmax/rest/v1")]


@pytest.mark.parametrize("count", [5, 6, 12, 23])
def test_a_group_of_several_pages(count: int, make_rest: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page has 1000 volumes; a VIOS of many partitions has more in its storage group."""
    monkeypatch.setattr("flashtwin.sims.powermax.PAGE", 5)
    bench = make_rest(count)
    assert bench("check").word == "OK", bench("check").text
    bench.flash()
    pages = [one for one in bench.asked() if "/common/Iterator/" in one.request]
    assert bool(pages) is (count > 5)


@pytest.mark.parametrize(
    "reply", [HttpOutcome(404, "expired"), json_outcome({"result": []}), json_outcome({"result": ["01000"]})]
)
def test_a_page_that_is_missing_is_no_shorter_list(
    reply: Outcome, make_rest: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flashtwin.sims.powermax.PAGE", 5)
    bench = make_rest(12)
    bench.answer("^GET /univmax/restapi/common/Iterator/", reply, times=99)
    said = bench("status")
    assert said.status == status.SYSTEM, said
    assert "lists 5 of the 12 volumes" in said.text


def without(*keys: str) -> dict[str, Any]:
    """A row of a list, less these."""
    row = {"id": "01000", "emulation": "FBA", "status": "Ready", "wwn": "6" * 32, "snapvx_source": False}
    row |= {"snapvx_target": False, "cap_cyl": 4369.0, "cap_gb": 8.0, "storage_groups": [{"id": "SISTPROD"}]}
    row["num_of_rdf_infos"] = 0
    return {key: value for key, value in row.items() if key not in keys}


@pytest.mark.parametrize(
    "reply",
    [
        HttpOutcome(404, "<html>Not found</html>"),
        json_outcome({"message": "The attribute is not known"}, 400),
        json_outcome({"message": "The user may not"}, 403),
        HttpOutcome(500, "out of memory"),
        HttpOutcome(200, "no JSON"),
        json_outcome([]),
        json_outcome({"volumes": "none"}),
        json_outcome({"volumes": []}),
        json_outcome({"volumes": [{"id": "01000"}, "01001", {}]}),
        json_outcome({"volumes": [without("storage_groups")]}),
        json_outcome({"volumes": [{**without(), "storage_groups": ["SISTPROD"]}]}),
        json_outcome({"volumes": [{**without(), "num_of_rdf_infos": 1}]}),
        json_outcome({"volumes": [{**without(), "num_of_rdf_infos": 1, "rdf_infos": [{}]}]}),
        HttpOutcome(200, duration_s=120.0),
    ],
    ids=range(14),
)
def test_where_a_list_does_not_tell_each_volume_is_asked_for(reply: Outcome, make_rest: Make) -> None:
    bench = make_rest(12)
    bench.answer(LIST, reply, times=99)
    assert bench("check").word == "OK", bench("check").text
    assert asked_alone(bench) >= 24
    assert bench("status").word == "ACTIVE"


def test_a_target_that_shows_something_else_is_seen_in_the_list(make_rest: Make) -> None:
    bench = make_rest(12)
    unlinked(bench)
    assert bench("status").word == "FREE"
    assert asked_alone(bench) == 0
    other = bench.array.take_snapshot("SISTPROD", "OTHERS", "somebody")
    bench.array.link("SISTPROD", other, "SISTPROD_24", copied=False)
    assert bench("status").word == "FOREIGN"


def test_what_a_list_calls_in_use_is_asked_for_itself(make_rest: Make) -> None:
    """A list may be a moment behind: it alone keeps no night from being made."""
    bench = make_rest(12)
    unlinked(bench)
    inner = bench.array._row

    def behind(one: Volume) -> dict[str, Any]:
        return {**inner(one), "snapvx_target": True}

    bench.array._row = behind
    assert bench("status").word == "FREE"
    assert asked_alone(bench) == 12


def test_srdf_is_known_by_the_list(make_rest: Make) -> None:
    bench = make_rest(12)
    for volume in bench.array.groups["SISTPROD"]:
        bench.array.mirrored[volume.name] = Srdf(side="R1")
    assert bench("check").word == "OK", bench("check").text
    assert asked_alone(bench) == 0
    assert any("/rdf_group/12" in one.request for one in bench.asked())


def shown_alone(bench: Bench) -> int:
    """How many volumes were asked for by themselves, by SYMCLI."""
    return sum(
        "-devs " in one.request or "/symdev -sid 000197900123 show " in one.request for one in bench.asked()
    )


def test_four_hundred_volumes_by_symcli(make_symcli: Make) -> None:
    bench = make_symcli(400)
    begin = bench.world.now
    assert bench("check").word == "OK", bench("check").text
    bench.flash()
    assert bench.world.now - begin < 300
    assert shown_alone(bench) == 0


@pytest.mark.parametrize(
    "reply",
    [
        Outcome(21, err="The option is not valid\n"),
        Outcome(1, err="No Masking Views were found\n"),
        Outcome(0, "Masking View Name : X\n"),
        Outcome(0, "<SymCLI_ML><Symmetrix></Symmetrix></SymCLI_ML>"),
        Outcome(0, duration_s=120.0),
    ],
    ids=range(5),
)
def test_without_a_list_of_views_each_volume_is_asked_for(reply: Outcome, make_symcli: Make) -> None:
    bench = make_symcli(12)
    bench.answer("/symaccess .* list view -detail", reply, times=99)
    assert bench("check").word == "OK", bench("check").text
    assert shown_alone(bench) == 24


def test_a_view_without_volumes_in_the_list_is_asked_for(make_symcli: Make) -> None:
    bench = make_symcli(12)
    views = "".join(
        f"<Masking_View><View_Info><view_name>{name}</view_name><init_grpname>{host}</init_grpname></View_Info>"
        "</Masking_View>"
        for name, (host, _, _) in bench.array.views().items()
    )
    listed = f"<SymCLI_ML><Symmetrix>{views}</Symmetrix></SymCLI_ML>"
    bench.answer("/symaccess .* list view -detail", Outcome(0, listed), times=99)
    assert bench("check").word == "OK", bench("check").text
    assert shown_alone(bench) == 0


def test_what_a_host_sees_is_not_the_identifier_of_the_volume_itself() -> None:
    """As SRDF/Metro has it, whose sides show hosts one identifier."""
    rows = {
        "01000": {"wwn": "6" * 32, "effective_wwn": "5a" * 16, "has_effective_wwn": True},
        "01001": {"wwn": "7b" * 16, "effective_wwn": None},
        "01002": {"wwn": ""},
    }
    array: Any = SimpleNamespace(volume=rows.__getitem__)
    masked = UnisphereMasked(array, str, pytest.fail)
    assert masked.uids_of(list(rows)) == {"01000": "5A" * 16, "01001": "7B" * 16}
