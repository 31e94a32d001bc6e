"""The nightly example with its array asked by REST: the same night, and no password or token in sight."""

from __future__ import annotations

from collections.abc import Callable

from flashc.bundle import build
from flashc.check import load
from flashc.cli.rehearsing import Rehearsal, rehearse
from flashc.cli.stage import Stage
from flashtwin.gate import gate_of
from flashtwin.keys import secret_text
from rehearsed import EXAMPLES, only, site, told

SPEC = (
    'address "10.1.0.20"  user "flashc"  key "v7000_ed25519"',
    'address "10.1.0.20"  user "flashc"  password file "v7000_password"  through rest',
)
SITE = (
    ('addresses = ["10.1.0.20"]', 'addresses = ["10.1.0.20:7443"]'),
    ('keys = ["v7000_ed25519"]', 'secrets = ["v7000_password"]'),
    ('answer = "1s"', 'answer = "1s"\ntoken_life = "5m"'),
    ('save = "4h50m"', 'save = "50m"'),
)


def night(before: Callable[[Stage], None]) -> Rehearsal:
    text = (EXAMPLES / "nightly_brms.flash").read_text(encoding="utf-8")
    assert SPEC[0] in text
    spec, problems = load("nightly.flash", lambda _path: text.replace(*SPEC).encode())
    assert spec is not None, problems
    return rehearse(spec, build(spec)[0], site(*SITE), mode="memory", before_night=before)


def test_the_night_is_the_same_and_tokens_expire_in_it() -> None:
    stages: list[Stage] = []
    run = only(night(stages.append))
    assert run.result == "completed", told(run)
    assert [one.id for one in run.invariants if not one.held] == []
    (stage,) = stages
    asked = [one for one in gate_of(stage.world.scheduler).transcript if one.system == "V7000"]
    assert {one.user for one in asked if one.status == 200} == {"flashc"}
    # Five minutes of life: the call behind them is refused once, and goes on with a new one.
    logged_in = [one for one in asked if one.request.startswith("POST /rest/v1/auth")]
    assert [one.status for one in asked if one.status != 200] == [401] * (len(logged_in) - 1) != []
    shown = "\n".join(one.request + one.out for one in asked)
    assert secret_text("v7000_password") not in shown
    assert '"token": "***"' in shown or '"token":"***"' in shown


def test_a_certificate_that_changed_keeps_the_run_from_its_start() -> None:
    def change(stage: Stage) -> None:
        gate_of(stage.world.scheduler).routes["10.1.0.20:7443"].server.host_key = "V7000 changed"

    run = only(night(change))
    assert run.result == "refused", told(run)
    assert "shows the certificate" in told(run)
    assert [one.id for one in run.invariants if not one.held] == []
