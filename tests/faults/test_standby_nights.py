"""Nights with a second console: HMC1 down from the start, or going down on the way."""

from __future__ import annotations

from flashc.cli.runs import Run
from flashc.cli.stage import Stage
from flashtwin.events import Event
from flashtwin.gate import gate_of
from nights import HMC1_DOWN, STANDBY_SITE, STANDBY_SPEC, played


def broken(run: Run) -> list[str]:
    return [f"{one.id}: {one.detail}" for one in run.invariants if not one.held]


def test_hmc1_is_down_from_the_start() -> None:
    with played(changes=(*STANDBY_SITE, HMC1_DOWN), spec=STANDBY_SPEC) as night:
        assert (night.run.result, broken(night.run)) == ("completed", []), night.run.detail
        assert {event.system for event in night.stage.world.events.of("hmc_command")} == {"HMC2"}


NO_CONNECTION = (HMC1_DOWN[0], HMC1_DOWN[0] + 'connection = "No Connection"\n')


def test_hmc1_answers_and_has_no_connection_to_the_machine() -> None:
    with played(changes=(*STANDBY_SITE, NO_CONNECTION), spec=STANDBY_SPEC) as night:
        assert (night.run.result, broken(night.run)) == ("completed", []), night.run.detail
        events = night.stage.world.events.of("hmc_command")
        assert {event["text"].split(" -m ")[0] for event in events if event.system == "HMC1"} == {
            "LANG=C lssyscfg -r sys"
        }


def test_hmc1_has_no_connection_to_the_machine_and_nobody_stands_in() -> None:
    with played(changes=(NO_CONNECTION,)) as night:
        assert (night.run.result, broken(night.run)) == ("refused", []), night.run.detail
        assert "No Connection" in night.run.detail


def test_a_long_end_of_the_last_clone_with_hmc1_down() -> None:
    """Each look at the clone takes half a minute longer: that is no reason for guard A to step in."""
    slow = ('clock_skew = "-4m"\n', 'clock_skew = "-4m"\nslow_end = "20m"\n')
    with played(changes=(*STANDBY_SITE, HMC1_DOWN, slow), spec=STANDBY_SPEC) as night:
        assert (night.run.result, broken(night.run)) == ("completed", []), night.run.detail


def test_without_a_standby_the_run_is_refused() -> None:
    with played(changes=(HMC1_DOWN,)) as night:
        assert (night.run.result, broken(night.run)) == ("refused", []), night.run.detail


def test_both_are_up_and_only_the_first_is_asked() -> None:
    with played(changes=STANDBY_SITE, spec=STANDBY_SPEC) as night:
        assert (night.run.result, broken(night.run)) == ("completed", []), night.run.detail
        assert {event.system for event in night.stage.world.events.of("hmc_command")} == {"HMC1"}


def test_hmc1_goes_down_when_the_clone_is_to_start() -> None:
    """The power-on goes to HMC2, and is asked for once."""

    def prepare(stage: Stage) -> None:
        gate = gate_of(stage.world.scheduler)

        def cut(event: Event) -> None:
            if event.kind == "flash":
                for address in ("10.1.0.10:22", "10.1.0.11:22"):
                    gate.publish(address, gate.routes[address].server, "down")

        stage.world.events.listeners.append(cut)

    with played(changes=STANDBY_SITE, spec=STANDBY_SPEC, prepare=prepare) as night:
        assert (night.run.result, broken(night.run)) == ("completed", []), night.run.detail
        events = night.stage.world.events.of("hmc_command")
        starts = [event.system for event in events if "-o on" in event["text"]]
        assert starts == ["HMC2"]
