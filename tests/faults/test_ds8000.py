"""Nights on a DS8000: whatever becomes of flash and thaw, production's writes are let go in the window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flashc.cli.stage import Stage
from flashrt.arm import Terminated
from flashrt.volley import Answer, Volley
from flashtwin.gate import gate_of
from flashtwin.sims.ds8000 import Ds8000
from flashtwin.sims.ds8000_flash import Mirror, Relation
from flashtwin.sims.http import HttpOutcome
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.server import Request
from nights import Played, played

NAME = "nightly_ds8000"
FLASH = "POST /api/v1/cs/flashcopies {"
THAW = "POST /api/v1/cs/flashcopies/unfreeze"
BROKEN = '{"server":{"status":"failed","code":"CMUN03044E","message":"an I/O enclosure is offline"}}'
Alter = Callable[[Request, Outcome], Outcome]


def array(night: Played) -> Ds8000:
    """The simulated system."""
    found = night.stage.world.arrays["DS8900"]
    assert isinstance(found, Ds8000)
    return found


def altered(change: Alter) -> Callable[[Stage], None]:
    """Change what becomes of requests, once the night has begun."""

    def prepare(stage: Stage) -> None:
        gate_of(stage.world.scheduler).alter.append(change)

    return prepare


def of(beginning: str, says: str = "", **fields: Any) -> Alter:
    """The first request that begins so ends otherwise; `says`: it is carried out, and this is answered."""
    hit: list[str] = []

    def change(request: Request, outcome: Outcome) -> Outcome:
        if hit or not request.command.startswith(beginning):
            return outcome
        hit.append(request.command)
        effect = outcome.effect
        if says and effect is not None:

            def garbled() -> Outcome:
                effect()
                return HttpOutcome(200, says)

            return replace(outcome, effect=garbled)
        return replace(outcome, **fields)

    return change


def clone_was_started(night: Played) -> bool:
    """Whether the clone partition was started in the night."""
    events = night.stage.world.events.of("partition_power", system="SISTPROD_24")
    return any(event["state"] == "Starting" for event in events)


def kinds(night: Played) -> list[str]:
    """Freeze, flash, thaw and resume in the order in which they happened."""
    told = ("writes_held", "flash", "thaw_asked", "writes_released", "resumed")
    return list(dict.fromkeys(event.kind for event in night.stage.world.events.of(*told)))


def test_flash_and_thaw_come_before_the_resume() -> None:
    with played(name=NAME) as night:
        run = night.run
        assert run.result == "completed", run.detail
        assert [verdict for verdict in run.invariants if not verdict.held] == []
        assert kinds(night) == ["writes_held", "flash", "thaw_asked", "writes_released", "resumed"]
        assert {event["how"] for event in night.stage.world.events.of("writes_released")} == {"thaw"}
        (flash,) = night.stage.world.events.of("flash")
        assert flash["whole"]
        assert len(array(night).relations) == 4
        texts = {step.code: step.text for step in run.steps if step.kind == "result"}
        assert "4 pairs, each verified" in texts["O61"]


def refusing(status: int, text: str = BROKEN) -> dict[str, Any]:
    """The fields of an answer that refuses, and does nothing."""
    return {"status": status, "out": text, "effect": None}


@pytest.mark.parametrize(
    ("change", "flashed"),
    [
        (of(FLASH, lost="after"), True),
        (of(FLASH, lost="before"), False),
        (of(FLASH, hang=True), True),
        (of(FLASH, **refusing(500)), False),
        (
            of(FLASH, **refusing(401, '{"server":{"status":"failed","code":"BE7A001B","message":"token"}}')),
            False,
        ),
        (of(FLASH, says="<html>"), True),
        (of(THAW, **refusing(500)), True),
        (of(THAW, lost="after"), True),
        (of(THAW, hang=True), True),
    ],
    ids=[
        "lost after",
        "lost before",
        "hangs",
        "fails",
        "token",
        "garbage",
        "thaw fails",
        "thaw lost",
        "thaw hangs",
    ],
)
def test_a_flash_or_a_thaw_that_goes_wrong(change: Alter, flashed: bool) -> None:
    """The thaw is sent in every case; the copy does not count, and what was made of it is taken back."""
    with played(name=NAME, prepare=altered(change)) as night:
        run = night.run
        assert run.result == "failed", run.detail
        assert [verdict for verdict in run.invariants if not verdict.held] == []
        assert not clone_was_started(night)
        happened = kinds(night)
        assert "thaw_asked" in happened
        assert happened.index("thaw_asked") < happened.index("resumed")
        assert ("flash" in happened) == flashed
        # The undo has thawed once more, and ended the relations that were made.
        assert not array(night).held
        assert not array(night).relations


def test_a_product_that_does_not_thaw_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """S1 sees it: production's writes wait for the timer of the LSS."""
    monkeypatch.setattr(Volley, "_let_go", lambda *_args: "")
    with played(name=NAME) as night:
        (broken,) = [verdict for verdict in night.run.invariants if not verdict.held]
        assert broken.id == "S1"
        assert "LSS 10" in broken.detail
        assert {event["how"] for event in night.stage.world.events.of("writes_released")} == {"timer"}


def test_a_job_that_is_ended_while_it_waits_thaws_first() -> None:
    """SIGTERM comes as an exception, wherever the armed trigger is."""
    ended: list[str] = []

    def end(*_args: object) -> Answer:
        ended.append("ended")
        raise Terminated

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Volley, "_answers", end)
        with played(name=NAME) as night:
            assert ended
            assert night.run.result == "failed"
            assert "thaw_asked" in kinds(night)
            assert kinds(night).index("thaw_asked") < kinds(night).index("resumed")
            assert [verdict for verdict in night.run.invariants if not verdict.held] == []


def test_one_pair_of_four_that_fails_makes_no_clone() -> None:
    def smaller(stage: Stage) -> None:
        """A volume that somebody changes between the checks and the flash."""

        def change(request: Request, outcome: Outcome) -> Outcome:
            if request.command.startswith(FLASH):
                stage.world.arrays["DS8900"].volumes["1301"].online = False
            return outcome

        gate_of(stage.world.scheduler).alter.append(change)

    with played(name=NAME, prepare=smaller) as night:
        assert night.run.result == "failed"
        assert [verdict for verdict in night.run.invariants if not verdict.held] == []
        assert not clone_was_started(night)
        assert not array(night).relations
        assert any("1 of 4 failed" in step.text for step in night.run.steps)


def foreign(stage: Stage) -> None:
    """Somebody else has flashed another volume over a target."""
    ds: Ds8000 = stage.world.arrays["DS8900"]
    del ds.relations["1001:1101"]
    ds.relations["1200:1101"] = Relation(
        ds.volume("1200"), ds.volume("1101"), "theirs", True, False, False, 0.0
    )


def strange(stage: Stage) -> None:
    """A relation in a state that nobody knows."""
    stage.world.arrays["DS8900"].relations["1001:1101"].state = "quantum"


def mirrored(stage: Stage) -> None:
    """A target that is in remote copy."""
    ds: Ds8000 = stage.world.arrays["DS8900"]
    ds.mirrors.append(Mirror(ds.volume("1101"), "2000", False, "full_duplex"))


def unprotected(stage: Stage) -> None:
    """A target of another model: unprotected where its source is protected."""
    stage.world.arrays["DS8900"].models["1101"] = "2107-A84"


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (foreign, "FOREIGN"),
        (strange, "UNKNOWN"),
        (mirrored, "1101 on DS8900 is in remote copy"),
        (unprotected, "1001 and 1101 differ in model"),
    ],
)
def test_what_is_refused_before_anything_is_touched(spoil: Callable[[Stage], None], says: str) -> None:
    before: list[set[str]] = []

    def prepare(stage: Stage) -> None:
        spoil(stage)
        before.append(set(stage.world.arrays["DS8900"].relations))

    with played(name=NAME, prepare=prepare) as night:
        assert night.run.result == "refused", night.run.detail
        assert says in night.run.detail
        assert set(array(night).relations) == before[0]
        assert [verdict for verdict in night.run.invariants if not verdict.held] == []


def test_a_delete_whose_answer_is_lost_is_looked_at_and_not_repeated() -> None:
    with played(name=NAME, prepare=altered(of("DELETE ", lost="after"))) as night:
        assert night.run.result == "completed", night.run.detail
        asked = [
            e for e in gate_of(night.stage.world.scheduler).transcript if e.request.startswith("DELETE ")
        ]
        assert len(asked) == 1


def test_a_token_that_dies_is_renewed() -> None:
    def restarted(request: Request, outcome: Outcome) -> Outcome:
        if request.command.startswith("DELETE ") and outcome.status != 401 and not hit:
            hit.append(request.command)
            return HttpOutcome(
                401, '{"server":{"status":"failed","code":"BE7A001B","message":"The token has expired."}}'
            )
        return outcome

    hit: list[str] = []
    with played(name=NAME, prepare=altered(restarted)) as night:
        assert night.run.result == "completed", night.run.detail
        assert hit
