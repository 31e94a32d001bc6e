"""What docs/security.md says of special authorities: what asks for which, and a night without one."""

from __future__ import annotations

from typing import Any

import pytest
from flashc.bundle.context import closed_commands
from flashc.cli.stage import Stage
from flashc.runbook.authorities import SPECIAL
from flashtwin.context import Context
from flashtwin.security import CLOSED_COMMANDS
from rehearsed import example, night, only, told

GIVEN = 'name = "FLASHC", special = ["*JOBCTL", "*SAVSYS", "*IOSYSCFG"]'


@pytest.mark.parametrize("missing", [one.name for one in SPECIAL])
def test_without_one_a_run_is_refused_before_anything_is_changed(missing: str) -> None:
    left = ", ".join(f'"{one.name}"' for one in SPECIAL if one.name != missing)
    changed: list[str] = []

    def watch(stage: Stage) -> None:
        def around(context: Any, go: Any) -> Any:
            if context.act.name == "FLDDAILY" and context.registered.effect != "none":
                changed.append(context.command.name)
            return go()

        stage.world.around_command = around

    played = night((GIVEN, f'name = "FLASHC", special = [{left}]'), before_night=watch)
    run = only(played)
    assert run.result == "refused"
    assert f"FLE0140 The profile of the run lacks special authorities: {missing}" in told(run)
    assert all(one.held for one in run.invariants)
    # its own locks, guards, record and messages; nothing of the site's
    own = {"ALCOBJ", "DLCOBJ", "SBMJOB", "STRSBS", "CHGDTAARA", "RUNSQL", "SNDPGMMSG", "ENDJOB", "STRQSH"}
    assert set(changed) <= own | {"CRTPF", "CPYFRMSTMF", "OVRDBF", "DLTOVR", "CLRPFM"}


@pytest.mark.parametrize("name", ["CHGASPACT", "STRTCPIFC", "PWRDWNSYS", "RSTLIB"])
def test_without_a_closed_command_a_run_is_refused_before_anything_is_changed(name: str) -> None:
    def closed(stage: Stage) -> None:
        grants = [text for text, ok in stage.officer if ok and text.startswith("GRTOBJAUT OBJ(QSYS/")]
        assert f"GRTOBJAUT OBJ(QSYS/{name}) OBJTYPE(*CMD) USER(FLASHC) AUT(*USE)" in grants
        taken = f"RVKOBJAUT OBJ(QSYS/{name}) OBJTYPE(*CMD) USER(FLASHC) AUT(*ALL)"
        assert stage.command("QSECOFR", taken).ok

    run = only(night(before_night=closed))
    assert run.result == "refused"
    assert f"FLE0102 The product's profile may not use a command: QSYS/{name}" in told(run)
    assert all(one.held for one in run.invariants)


def test_a_night_enters_no_closed_command_that_is_not_granted(monkeypatch: pytest.MonkeyPatch) -> None:
    entered: set[str] = set()
    around = Context.__init__

    def noted(self: Context, *args: Any) -> None:
        around(self, *args)
        if self.job.user == "FLASHC" and self.command.name in CLOSED_COMMANDS:
            entered.add(self.command.name)

    monkeypatch.setattr(Context, "__init__", noted)
    assert only(night()).result == "completed"
    granted = set(closed_commands(example()[0].environments))
    assert {"CHGASPACT", "RSTLIB", "STRTCPIFC"} <= entered <= granted


def test_what_a_night_asks_for_is_in_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: set[tuple[str, str]] = set()
    needs = Context.needs

    def noted(self: Context, special: str, msgid: str = "CPF222E") -> None:
        needs(self, special, msgid)
        if self.job.user == "FLASHC":
            asked.add((special, self.command.name))

    monkeypatch.setattr(Context, "needs", noted)
    assert only(night()).result == "completed"
    table = {(one.name, command) for one in SPECIAL for command in one.commands}
    assert {("*JOBCTL", "CHGASPACT"), ("*IOSYSCFG", "STRTCPIFC")} <= asked <= table
