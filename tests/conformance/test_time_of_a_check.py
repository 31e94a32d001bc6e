"""A check asks no array for longer than the time that it has, however slowly each request is answered."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from adapters import ADAPTERS, Adapter
from flashrt import status
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.server import Request

from bench import Bench, Make

TIME_S, ANSWER_S = 12.0, 7.0
START_S = 6.0
"""How long the sidecar takes to start and to log in to what it is asked about first."""

LOG_OUT = re.compile("/logout|^DELETE /ConfigurationManager/v1/objects/storages/[0-9]+/sessions/")
"""Sessions are given back whatever the time."""


def short(document: dict[str, Any]) -> None:
    """The configuration of a partition whose checks have twelve seconds."""
    document["limits"]["check_s"] = TIME_S


def slow(bench: Bench) -> list[float]:
    """Every request takes its time from now on; when each was sent, seconds from now."""
    begun = bench.world.now
    sent: list[float] = []

    def alter(request: Request, outcome: Outcome) -> Outcome:
        if request.connection.server.name != bench.device:
            return outcome
        if not LOG_OUT.search(request.command):
            sent.append(bench.world.now - begun)
        return replace(outcome, duration_s=ANSWER_S)

    bench.gate.alter.append(alter)
    return sent


@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda one: one.name.replace(" ", "-"))
def test_nothing_is_asked_when_the_time_has_passed(adapter: Adapter, make: Make) -> None:
    bench = make(adapter.example, site=adapter.site, spec=adapter.SPEC, conf=short)
    begun, sent = bench.world.now, slow(bench)
    said = bench("check")
    assert said.status == status.TIMEOUT, said
    assert len(sent) > 1
    assert max(sent) < START_S + TIME_S
    assert bench.world.now - begun < START_S + TIME_S + 2 * ANSWER_S
