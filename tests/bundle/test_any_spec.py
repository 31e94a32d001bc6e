"""Any right spec of the whole language can be built, and the sidecar takes what is built for it."""

from __future__ import annotations

import json

import pytest
from flashc.bundle import build
from flashc.check import load
from flashrt.config import parse_config
from hypothesis import given, settings
from lang.any_spec import SITE, Said, specs

PLAIN = SITE.format(language="", asps="{asps}", standby="", volumes="volumes npiv", free="", generations="")


def taken(text: str) -> None:
    """Builds a spec; each generated source is read back and checked."""
    spec, problems = load("any.flash", lambda _: text.encode())
    assert [one for one in problems if one.severity == "error"] == []
    assert spec is not None
    bundle, _ = build(spec)
    parse_config("/", json.loads(bundle.files["conf/sidecar.json"]))


@settings(max_examples=8, deadline=None)
@given(specs())
def test_any_right_spec_can_be_built(case: Said) -> None:
    taken(case.text)


@pytest.mark.parametrize(
    ("asps", "more"),
    [
        ("", ""),
        ("", 'afterwards { run "CALL A/B" within 1m }'),
        ("", 'run "CALL A/B" on start within 1m'),
        ("", 'run "CALL A/B" on failure within 1m mail "a@b.example" on boot'),
        ("independent asp PAY$@_1", ""),
    ],
    ids=[
        "nothing more",
        "a command afterwards",
        "who is told of a start only",
        "of a failure",
        "a name with $",
    ],
)
def test_a_copy_that_nobody_starts_can_be_built(asps: str, more: str) -> None:
    body = f"every day at 4:00 quiesce within 90s otherwise abort resume within 45s on clone none {more}"
    taken(f"{PLAIN.replace('{asps}', asps)}environment E on C {{ {body} }}\n")
