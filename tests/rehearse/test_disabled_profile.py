"""A profile that nobody can log in by: the clone could not deliver, and BRMS would wait for a person."""

from __future__ import annotations

from flashc.cli.stage import Stage
from rehearsed import night, only, told


def test_a_run_under_a_disabled_profile_is_refused_before_anything_is_changed() -> None:
    def disabled(stage: Stage) -> None:
        assert stage.command("QSECOFR", "CHGUSRPRF USRPRF(FLASHC) STATUS(*DISABLED)").ok

    run = only(night(before_night=disabled))
    assert run.result == "refused"
    assert "FLE0237 The profile of the run is disabled: FLASHC *DISABLED" in told(run)
    assert all(one.held for one in run.invariants)
