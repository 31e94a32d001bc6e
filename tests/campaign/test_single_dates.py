"""A fault in the only night that an environment has: recovery is judged, and no next night is asked for."""

from __future__ import annotations

from pathlib import Path

from flashc.bundle import build
from flashc.check import load
from flashc.cli.campaign.campaign import Tally, campaign
from flashc.cli.campaign.choose import Choice
from flashc.cli.campaign.deployed import deployed
from flashc.cli.site_choice import choose_site

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "nightly_brms.flash"


def test_an_environment_that_starts_on_a_date_alone(tmp_path: Path) -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    assert "every day at 20:35" in text
    file = tmp_path / "once.flash"
    file.write_text(text.replace("every day at 20:35", "on 2026-12-25 at 20:10"), encoding="utf-8")
    spec, problems = load(str(file))
    assert spec is not None, problems
    tally = Tally()
    with deployed(spec, build(spec)[0], choose_site(spec).site) as world:
        campaign(world, ["DAILY"], Choice(sample=1), tally, at_once=1)
    assert tally.injected == 1
    assert not tally.violations
