"""`leave clone off`: whoever says completed has seen the partition off; one that starts is ended, too."""

from __future__ import annotations

from nights import Change, Edit, played

OFF: Change = ("    leave clone running\n", "    leave clone off\n")
POWERS_DOWN = "QSYS/PWRDWNSYS OPTION(*IMMED) RESTART(*NO) CONFIRM(*NO)"


def test_a_clone_that_stays_on_is_ended_and_one_that_waits_at_its_console_is_no_bar_to_the_next_run() -> None:
    hangs = Edit("FLADAILY.clle", POWERS_DOWN, "QSYS/DLYJOB DLY(900000)")
    with played((hangs,), spec=(OFF,)) as night:
        assert night.run.good, (night.run.detail, night.run.broken)
        codes = [step.code for step in night.run.steps if step.side == "source"]
        assert {"O17", "O66"} <= set(codes[codes.index("O86") :])
        clone = night.stage.world.partition("SISTPROD_24")
        assert clone.state == "Not Activated"
        # Somebody has started it by hand, and it waits at its console
        clone.power_on("clone", "manual")
        night.stage.world.scheduler.run(until=night.stage.world.now + 3600)
        assert (clone.state, clone.refcode) == ("Starting", "A6005008")
        second = night.next_night()
        assert second.good, (second.detail, second.broken)
        asked = [step.text for step in second.steps if step.code == "O17"]
        assert asked[0].startswith("Clone is ended, *IMMED")
