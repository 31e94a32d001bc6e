"""No secret reaches any output of a night that fails, not where a device quotes what logs the product in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from flashc.cli.main import run
from flashc.cli.rehearsing import rehearse
from flashc.cli.stage import Stage
from flashrt import result
from flashtwin.events import Event
from flashtwin.gate import gate_of
from flashtwin.invariants.history import credentials
from flashtwin.keys import private_key, secret_text
from flashtwin.sims.http import HttpRequest, json_outcome
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.server import Request
from nights import Edit, example, played, site_of

NAME = "nightly_pure"
TRIGGER = "POST /api/2.26/protection-group-snapshots"


def _quoting(stage: Stage) -> None:
    """The array refuses the trigger, and quotes in its reason the token by which it was asked."""

    def quote(request: Request, outcome: Outcome) -> Outcome:
        if not (isinstance(request, HttpRequest) and request.command.startswith(TRIGGER)):
            return outcome
        told = f"Session {request.call.headers['x-auth-token']} may not do this."
        return json_outcome({"errors": [{"message": told, "context": ""}]}, 400)

    gate_of(stage.world.scheduler).alter.append(quote)


def test_an_array_that_quotes_a_token_does_not_bring_it_into_any_output(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def prepare(stage: Stage) -> None:
        _quoting(stage)
        # The very table, which fills as the night goes on.
        tables.append(credentials(stage.world))

    tables: list[Mapping[str, str]] = []
    spec, bundle = example(name=NAME)
    rehearsal = rehearse(spec, bundle, site_of(name=NAME), mode="memory", keep=tmp_path, before_night=prepare)
    (night,) = rehearsal.runs
    assert night.result == "failed"
    assert "Session *** may not do this" in night.detail
    assert night.broken == ()
    used = [*tables[0]]
    assert len(used) > 3
    for words in (["status"], ["history"], ["log", night.run], ["report"]):
        run([*words, "--world", str(tmp_path)])
    told = capsys.readouterr()
    files = [one for one in tmp_path.rglob("*") if one.is_file() and "keys" not in one.parts]
    kept = b"\n".join(one.read_bytes() for one in files)
    assert night.run in told.out
    assert night.run.encode() in kept
    secrets = [*used, secret_text("fa1_token"), private_key("hmc1_ed25519").splitlines()[1]]
    assert [one for one in secrets if one in told.out + told.err or one.encode() in kept] == []


def test_a_sidecar_that_shows_what_it_is_told_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(result, "without_secrets", lambda text: text)
    with played(name=NAME, prepare=_quoting) as night:
        (verdict,) = (one for one in night.run.broken if one.id == "S10")
    assert "field x-auth-token for FA1 appears in journal row" in verdict.detail
    assert "appears in the event mail" in verdict.detail


REMOVED = Edit("FLDDAILY.clle", "QSYS/RMVLNK OBJLNK(&FILE)", "QSYS/DLYJOB DLY(1)")


@pytest.mark.parametrize(("edits", "kept"), [((), False), ((REMOVED,), True)])
def test_the_token_of_the_trigger_does_not_stay_in_its_file(edits: tuple[Edit, ...], kept: bool) -> None:
    """It is in no copy: the file is gone before anything is suspended."""
    at_flash: list[bool] = []

    def prepare(stage: Stage) -> None:
        def around(context: Any, go: Callable[[], Any]) -> Any:
            file = stage.image.ifs / context.text("FROMSTMF").lstrip("/") if reads(context) else None
            if file is not None and file.exists():
                token = file.read_text(encoding="ascii").split()[1]
                gate_of(stage.world.scheduler).credentials[token] = "the trigger's token"
            return go()

        def reads(context: Any) -> bool:
            return context.command.name == "CPYFRMSTMF" and context.text("FROMSTMF").endswith("/armed")

        def look(event: Event) -> None:
            if event.kind == "suspended":
                at_flash.append(any((stage.image.ifs / "flashc").glob("*/runs/*/armed")))

        stage.world.around_command = around
        stage.world.events.listeners.append(look)

    with played(edits, prepare=prepare) as night:
        (secrets,) = (one for one in night.run.invariants if one.id == "S10")
        assert night.run.result == "completed", night.run.detail
    assert at_flash == [kept]
    assert secrets.held is not kept
    assert ("the trigger's token appears in file" in secrets.detail) is kept
