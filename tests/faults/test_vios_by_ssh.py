"""Nights whose VIOS are asked by SSH as padmin: the same work, the same proofs, the same refusals."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flashc.cli.stage import Stage
from flashtwin.gate import gate_of
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.server import Mode, Request
from nights import VIOS_SITE, VIOS_SPEC, Change, played
from test_vios_nights import ALL, broken, devices, notes

ACCESS = 'address "10.1.0.4{id}" user "padmin" key "vios{id}_ed25519"'
SPEC: tuple[Change, ...] = (
    (
        VIOS_SPEC[0],
        VIOS_SPEC[1]
        .replace('"VIOS1"', f'"VIOS1" {ACCESS.format(id=1)}\n        ')
        .replace('"VIOS2"', f'"VIOS2" {ACCESS.format(id=2)}'),
    ),
)
SITE: tuple[Change, ...] = (
    *VIOS_SITE,
    *(
        (
            f'host = "VIOS{number}"\n',
            f'host = "VIOS{number}"\nrmc = false\naddresses = ["10.1.0.4{number}"]\n'
            f'users = [{{ name = "padmin", keys = ["vios{number}_ed25519"] }}]\n',
        )
        for number in (1, 2)
    ),
)
"""Both answer by SSH, and neither has RMC: nothing goes by way of the console."""


def meeting(stage: Stage, address: str, mode: Mode) -> None:
    gate_of(stage.world.scheduler).routes[f"{address}:22"].server.mode = mode


def test_a_night_by_ssh() -> None:
    asked: list[tuple[str, str]] = []

    def prepare(stage: Stage) -> None:
        def alter(request: Request, outcome: Outcome) -> Outcome:
            asked.append((request.connection.server.name, request.command))
            return outcome

        gate_of(stage.world.scheduler).alter.append(alter)

    with played(changes=SITE, spec=SPEC, prepare=prepare) as night:
        assert (night.run.result, broken(night.run)) == ("completed", []), notes(night.run)
        events = night.stage.world.events
        (flash,) = events.of("flash")
        gone = [event.time for event in events.of("vios_unmapped")]
        back = [event.time for event in events.of("vios_mapped")]
        assert len(gone) == len(back) == 8
        assert max(gone) < flash.time < min(back)
        assert not list(events.of("vios_disk_errors"))
        assert devices(night, "VIOS1") == devices(night, "VIOS2") == ALL
        assert not any("viosvrcmd" in command for _, command in asked)
        assert {command.split()[0] for name, command in asked if name.startswith("VIOS")} == {"ioscli"}
        second = night.next_night()
        assert (second.result, broken(second)) == ("completed", []), notes(second)


@pytest.mark.parametrize("mode", ["refused", "silent", "dropped", "unauthorised"])
def test_one_that_cannot_be_reached_refuses_the_run(mode: Mode) -> None:
    with played(changes=SITE, spec=SPEC, prepare=lambda s: meeting(s, "10.1.0.42", mode)) as night:
        assert (night.run.result, broken(night.run)) == ("refused", []), notes(night.run)
        assert "VIOS VIOS2" in notes(night.run)
        assert not list(night.stage.world.events.of("vios_unmapped"))
        assert not list(night.stage.world.events.of("flash"))


def test_one_that_is_away_at_the_unmap_leaves_the_other_alone() -> None:
    """The checks were good; when the disks are to go, VIOS2 is reached by nobody."""

    def prepare(stage: Stage) -> None:
        seen: list[str] = []

        def alter(asked: Request, outcome: Outcome) -> Outcome:
            if "-o osshutdown" in asked.command and not seen:
                seen.append(asked.command)
                meeting(stage, "10.1.0.42", "refused")
            return outcome

        gate_of(stage.world.scheduler).alter.append(alter)

    with played(changes=SITE, spec=SPEC, prepare=prepare) as night:
        assert (night.run.result, broken(night.run)) == ("failed", []), notes(night.run)
        assert "VIOS VIOS2" in notes(night.run)
        assert not list(night.stage.world.events.of("vios_unmapped"))
        assert not list(night.stage.world.events.of("flash"))


def test_an_address_that_leads_to_the_other_vios() -> None:
    """Both show the same adapters and devices by name; the locations tell them apart."""
    wrong = tuple(
        (old, new.replace("10.1.0.41", "10.1.0.4X").replace("10.1.0.42", "10.1.0.41")) for old, new in SITE
    )
    wrong = tuple(
        (old, new.replace("10.1.0.4X", "10.1.0.42").replace("vios1_", "viosX_")) for old, new in wrong
    )
    wrong = tuple((old, new.replace("vios2_", "vios1_").replace("viosX_", "vios2_")) for old, new in wrong)
    with played(changes=wrong, spec=SPEC) as night:
        assert (night.run.result, broken(night.run)) == ("refused", []), notes(night.run)
        assert "leads to another one" in notes(night.run)
        assert not list(night.stage.world.events.of("vios_unmapped"))


@pytest.mark.parametrize("change", [{"lost": "before"}, {"lost": "after"}, {"hang": True}])
@pytest.mark.parametrize("verb", ["rmvdev", "mkvdev"])
def test_a_lost_reply_is_looked_up(verb: str, change: dict[str, Any]) -> None:
    hit: list[str] = []

    def prepare(stage: Stage) -> None:
        def alter(asked: Request, outcome: Outcome) -> Outcome:
            if asked.command.startswith(f"ioscli {verb} ") and not hit:
                hit.append(asked.command)
                return replace(outcome, **change)
            return outcome

        gate_of(stage.world.scheduler).alter.append(alter)

    with played(changes=SITE, spec=SPEC, prepare=prepare) as night:
        assert (night.run.result, broken(night.run)) == ("completed", []), notes(night.run)
        assert hit
        events = night.stage.world.events
        assert [len(list(events.of(kind))) for kind in ("vios_unmapped", "vios_mapped")] == [8, 8]
        assert devices(night, "VIOS1") == devices(night, "VIOS2") == ALL
