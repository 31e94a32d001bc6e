"""Production that is moved to another machine (LPM, a site swap) while a run is on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flashc.cli.installing import install
from flashc.cli.stage import Stage, StageError
from living import go
from nights import Change, bundle_of, is_row, played

MOVED = "65DEF34"
LINK = "192.168.99.15"
PAIR = "identity  serial 78ABC12 lpar 24"
LISTED: Change = (PAIR, f"{PAIR}\n    identity  serial {MOVED} lpar 24")


def moved_at(code: str) -> Callable[[Stage], None]:
    """Production is moved when the result of this step is written to its journal."""

    def prepare(stage: Stage) -> None:
        def around(context: Any, go: Callable[[], Any]) -> Any:
            if context.os is stage.system and is_row(context, "R", code):
                stage.system.partition.virtual_serial = MOVED
                stage.system.image.system_values["QSRLNBR"] = MOVED
            return go()

        stage.world.around_command = around

    return prepare


@pytest.mark.parametrize("code", ["O48", "O68"])
def test_a_run_that_was_on_is_closed_behind_a_deployment_with_the_new_pair(code: str) -> None:
    with played(prepare=moved_at(code)) as night:
        stage = night.stage
        assert night.run.result == "failed"
        assert night.run.detail.startswith("it needs you: "), night.run.detail
        refused = night.recover("*UNATTEND")
        assert (refused.ok, refused.messages[-1][0]) == (False, "FLE0001")
        with pytest.raises(StageError, match=f"This is serial {MOVED} partition 24"):
            install(stage, lambda *_: None, guard=True)
        stage.bundle = bundle_of(spec=(LISTED,))
        with pytest.raises(StageError, match="does not know: production is serial"):
            install(stage, lambda *_: None)
        install(stage, lambda *_: None, guard=True)
        assert night.recover("*UNATTEND").ok
        assert night.recover("*CHECK").messages[-1][1] == "Nothing is open for DAILY"
        assert LINK not in stage.system.network.interfaces
        brms = stage.world.events.of("brms_state", system="SISTPROD")
        assert [one["state"] for one in brms] == ["*STRPRC", "*ENDPRC"]


def test_a_run_whose_clone_has_saved_is_gone_on_with_behind_it() -> None:
    """What the clone has written is to be known here first: nothing gives that up by itself."""
    with played(prepare=moved_at("O83")) as night:
        stage = night.stage
        assert "O88 FLE0035" in night.run.detail
        stage.bundle = bundle_of(spec=(LISTED,))
        install(stage, lambda *_: None, guard=True)
        refused = night.recover("*UNATTEND")
        assert (refused.ok, "FLE0020" in refused.messages[-1][1]) == (False, True)
        assert "FLSTRENV ENV(DAILY) RESTART(O86)" in night.recover("*CHECK").messages[-1][1]
        assert night.recover("*CONTINUE").ok
        go(night, 1)
        assert night.history() == ("CLOSED", "COMPLETED")
        assert LINK not in stage.system.network.interfaces
        brms = stage.world.events.of("brms_state", system="SISTPROD")
        assert [one["state"] for one in brms] == ["*STRPRC", "*ENDPRC"]
