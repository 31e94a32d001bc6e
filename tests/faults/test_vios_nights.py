"""Nights whose clone sees its disks through VIOS: taken off before the copy, back before the start."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flashc.cli.runs import Run
from flashc.cli.stage import Stage
from flashtwin.gate import gate_of
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.server import Request
from nights import VIOS_SITE, VIOS_SPEC, Edit, Played, is_row, kill_at, kill_call, played

SPEC = (VIOS_SPEC,)


def devices(night: Played, name: str) -> list[str]:
    """What a VIOS maps to the clone now."""
    vios: Any = night.stage.world.partition(name).vios
    return [device.name for adapter in vios.adapters for device in adapter.devices]


ALL = [f"clone_d{n}" for n in (1, 2, 3, 4)]


def broken(run: Run) -> list[str]:
    return [f"{one.id}: {one.detail}" for one in run.invariants if not one.held]


def notes(run: Run) -> str:
    return "\n".join([run.detail, *(f"{s.code} {s.msgid} {s.text}" for s in run.steps)])


def started(night: Played) -> bool:
    flash = [event.time for event in night.stage.world.events.of("flash")]
    return any(
        event["state"] == "Starting" and flash and event.time > flash[0]
        for event in night.stage.world.events.of("partition_power", system="SISTPROD_24")
    )


def test_a_night_through_vios() -> None:
    with played(changes=VIOS_SITE, spec=SPEC) as night:
        run = night.run
        assert run.result == "completed", notes(run)
        assert broken(run) == []
        codes = [step.code for step in run.steps if step.kind == "result"]
        assert codes.index("O17") < codes.index("O18") < codes.index("O65") < codes.index("O48")
        assert codes.index("O75") < codes.index("O67") < codes.index("O68") < codes.index("O70")
        events = night.stage.world.events
        (flash,) = events.of("flash")
        # the clone of the last run was at work through VIOS, too, and ended in order
        assert not any("*IMMED" in step.text for step in run.steps)
        assert not list(events.of("vios_disk_errors"))
        gone = [event.time for event in events.of("vios_unmapped")]
        back = [event.time for event in events.of("vios_mapped")]
        assert len(gone) == len(back) == 8
        assert max(gone) < flash.time < min(back)
        assert devices(night, "VIOS1") == devices(night, "VIOS2") == ALL
        # and the next night finds everything as this one did
        second = night.next_night()
        assert (second.result, broken(second)) == ("completed", []), notes(second)


def test_without_the_unmap_the_vios_fill_their_error_logs() -> None:
    """What the step is for.  And what was not unmapped is not proven to be mapped: the clone stays off."""
    edit = Edit("FLDDAILY.clle", "THEN(CALLSUBR SUBR(O18))", "THEN(CHGVAR VAR(&WORD) VALUE(' '))")
    with played([edit], VIOS_SITE, spec=SPEC) as night:
        assert {e.system for e in night.stage.world.events.of("vios_disk_errors")} == {"VIOS1", "VIOS2"}
        assert night.run.result == "failed"
        assert "FLE0071" in notes(night.run)
        assert not started(night)


def away_at_the_flash(stage: Stage) -> None:
    """VIOS2 loses its connection to the console when the copy of the first night is taken."""
    vios: Any = stage.world.partition("VIOS2").vios
    hit: list[str] = []

    def alter(asked: Request, outcome: Outcome) -> Outcome:
        if asked.command.startswith("startfcconsistgrp") and not hit:
            hit.append(asked.command)
            vios.rmc = False
        return outcome

    gate_of(stage.world.scheduler).alter.append(alter)


def test_a_vios_that_is_away_from_the_start_refuses_the_run() -> None:
    def prepare(stage: Stage) -> None:
        vios: Any = stage.world.partition("VIOS2").vios
        vios.rmc = False

    with played(changes=VIOS_SITE, spec=SPEC, prepare=prepare) as night:
        assert (night.run.result, broken(night.run)) == ("refused", []), notes(night.run)
        assert "VIOS VIOS2" in notes(night.run)


def test_a_vios_away_at_the_map_leaves_the_clone_off() -> None:
    with played(changes=VIOS_SITE, spec=SPEC, prepare=away_at_the_flash) as night:
        run = night.run
        assert run.result == "failed", notes(run)
        assert broken(run) == []
        assert "FLE0071" in notes(run)
        assert not started(night)
        assert (devices(night, "VIOS1"), devices(night, "VIOS2")) == (ALL, [])
        assert night.history()[0] == "OPEN"
        # the cause is gone, recovery puts the rest back, and the next night is good
        vios: Any = night.stage.world.partition("VIOS2").vios
        vios.rmc = True
        night.recover("*UNDO")
        assert devices(night, "VIOS2") == ALL
        assert broken(night.judged()) == []
        second = night.next_night()
        assert (second.result, broken(second)) == ("completed", []), notes(second)


def test_a_vios_that_comes_back_while_it_is_tried_again() -> None:
    seen: list[str] = []

    def prepare(stage: Stage) -> None:
        vios: Any = stage.world.partition("VIOS1").vios

        def alter(asked: Request, outcome: Outcome) -> Outcome:
            if asked.command.startswith("startfcconsistgrp"):
                vios.rmc = False
            elif not vios.rmc and "lpar_names=VIOS1" in asked.command:
                seen.append(asked.command)
                vios.rmc = len(seen) > 1
            return outcome

        gate_of(stage.world.scheduler).alter.append(alter)

    with played(changes=VIOS_SITE, spec=SPEC, prepare=prepare) as night:
        assert (night.run.result, broken(night.run)) == ("completed", []), notes(night.run)
        assert len(seen) == 2


@pytest.mark.parametrize("change", [{"lost": "before"}, {"lost": "after"}, {"hang": True}])
@pytest.mark.parametrize("verb", ["rmvdev", "mkvdev"])
def test_a_lost_reply_is_looked_up(verb: str, change: dict[str, Any]) -> None:
    hit: list[str] = []

    def prepare(stage: Stage) -> None:
        def alter(asked: Request, outcome: Outcome) -> Outcome:
            if f"{verb} " in asked.command and not hit:
                hit.append(asked.command)
                return replace(outcome, **change)
            return outcome

        gate_of(stage.world.scheduler).alter.append(alter)

    with played(changes=VIOS_SITE, spec=SPEC, prepare=prepare) as night:
        assert (night.run.result, broken(night.run)) == ("completed", []), notes(night.run)
        assert hit
        events = night.stage.world.events
        assert [len(list(events.of(kind))) for kind in ("vios_unmapped", "vios_mapped")] == [8, 8]
        assert devices(night, "VIOS1") == devices(night, "VIOS2") == ALL


@pytest.mark.parametrize(("words", "verb"), [("vios unmap", "rmvdev"), ("vios map", "mkvdev")])
def test_a_sidecar_that_dies_half_way_is_called_again(words: str, verb: str) -> None:
    killed: list[list[str]] = []

    def prepare(stage: Stage) -> None:
        killed.append(kill_call(stage, words, verb))

    with played(changes=VIOS_SITE, spec=SPEC, prepare=prepare) as night:
        assert killed[0]
        assert (night.run.result, broken(night.run)) == ("completed", []), notes(night.run)
        assert devices(night, "VIOS1") == devices(night, "VIOS2") == ALL


def test_a_vios_that_answers_to_nothing_any_more() -> None:
    """The unmap hangs on one VIOS: within its limits the run fails, and the other has its disks back."""

    def prepare(stage: Stage) -> None:
        def alter(asked: Request, outcome: Outcome) -> Outcome:
            stuck = "rmvdev " in asked.command and "--id 2 " in asked.command
            return replace(outcome, hang=True, effect=None) if stuck else outcome

        gate_of(stage.world.scheduler).alter.append(alter)

    with played(changes=VIOS_SITE, spec=SPEC, prepare=prepare) as night:
        assert (night.run.result, broken(night.run)) == ("failed", []), notes(night.run)
        assert "FLE0070" in notes(night.run)
        assert devices(night, "VIOS1") == devices(night, "VIOS2") == ALL
        assert not list(night.stage.world.events.of("flash"))


def test_a_failure_after_the_unmap_puts_the_disks_back() -> None:
    flush = ('prepare = "12s"\n', 'prepare = "12s"\nflush_fails = true\n')
    with played(changes=(*VIOS_SITE, flush), spec=SPEC) as night:
        assert (night.run.result, broken(night.run)) == ("failed", []), notes(night.run)
        assert devices(night, "VIOS1") == devices(night, "VIOS2") == ALL
        assert not started(night)


@pytest.mark.parametrize(("kind", "code"), [("R", "O18"), ("R", "O61"), ("I", "O67")])
def test_a_driver_that_dies_leaves_the_disks_mapped(kind: str, code: str) -> None:
    def prepare(stage: Stage) -> None:
        kill_at(stage, ["driver"], lambda context: is_row(context, kind, code))

    with played(changes=VIOS_SITE, spec=SPEC, prepare=prepare) as night:
        assert (night.run.result, broken(night.run)) == ("failed", []), notes(night.run)
        assert devices(night, "VIOS1") == devices(night, "VIOS2") == ALL
        second = night.next_night()
        assert (second.result, broken(second)) == ("completed", []), notes(second)


def test_a_run_that_forgets_to_map_is_caught() -> None:
    """S5 and the twin: the disks are missing, the clone does not come up, and nothing puts them back."""
    edits = [
        Edit("FLDDAILY.clle", "CALLSUBR   SUBR(O67)", "CHGVAR VAR(&WORD) VALUE(' ')"),
        Edit("FLVMAP.clle", "vios map --clone", "vios status --clone"),
    ]
    with played(edits, VIOS_SITE, spec=SPEC) as night:
        assert any(line.startswith("S5: VIOS device") for line in broken(night.run)), notes(night.run)


def test_a_vios_that_hangs_at_every_request_is_given_up_in_time() -> None:
    """Each call waits for it as long as a VIOS may take: that time counts as well."""
    hung: list[float] = []

    def prepare(stage: Stage) -> None:
        seen: list[str] = []

        def alter(asked: Request, outcome: Outcome) -> Outcome:
            if "-o osshutdown" in asked.command:
                seen.append(asked.command)
            if not seen or "viosvrcmd" not in asked.command:
                return outcome
            hung.append(stage.world.now)
            return replace(outcome, hang=True, effect=None)

        gate_of(stage.world.scheduler).alter.append(alter)

    with played(changes=VIOS_SITE, spec=SPEC, prepare=prepare) as night:
        assert (night.run.result, broken(night.run)) == ("failed", []), notes(night.run)
        assert "O18 FLE0070" in notes(night.run)
        assert hung[-1] - hung[0] < 1000
