"""A partition whose volumes lie on two arrays: one copy of both, or no clone.

The night of the example, with half of the disk units on a second array.  Whatever happens to one of the two
requests, both copies count or none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flashc.cli.stage import Stage
from flashrt.volley import Volley
from flashtwin.externals import External
from flashtwin.gate import gate_of
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.server import Request
from nights import Change, Played, played

SPEC: tuple[Change, ...] = (
    (
        'mail server "10.1.0.25"',
        'array V5000 is svc { address "10.1.0.30"  user "flashc"  key "v5000_ed25519" }\n'
        'mail server "10.1.0.25"',
    ),
    (
        'disks     group "SISTPROD_24" on V7000',
        'disks     group "SISTPROD_24" on V7000\n    disks     group "SISTPROD_24X" on V5000',
    ),
)
SECOND = """
[[arrays]]
name = "V5000"
id = "00000200A0205678"
addresses = ["10.1.0.30"]
users = [{ name = "flashc", role = "CopyOperator", keys = ["v5000_ed25519"] }]
volumes = [
    { name = "SISTPROD_X", count = 2, size_gib = 300 },
    { name = "SISTP24_X", count = 2, size_gib = 300, thin = true, used_percent = 12 },
]

[[arrays.hosts]]
name = "SISTPROD"
wwpns = ["C05076082D180010", "C05076082D180011"]
volumes = ["SISTPROD_X1", "SISTPROD_X2"]

[[arrays.hosts]]
name = "SISTPROD_24"
wwpns = ["C05076082D180038", "C05076082D180039"]
volumes = ["SISTP24_X1", "SISTP24_X2"]

[[arrays.groups]]
name = "SISTPROD_24X"
status = "copying"
start_time = "261117204027"
maps = [["SISTPROD_X1", "SISTP24_X1"], ["SISTPROD_X2", "SISTP24_X2"]]

"""
SITE: tuple[Change, ...] = (
    # Their host objects are found on both arrays.
    ('array = "V7000"\n', ""),
    ("[[tape]]", SECOND + "[[tape]]"),
)
BOTH = "startfcconsistgrp SISTPROD_24; startfcconsistgrp SISTPROD_24X"
Alter = Callable[[Request, Outcome], Outcome]


def flashed(night: Played) -> list[tuple[str, str]]:
    """The groups of which a copy was taken."""
    return [(event.system, str(event["group"])) for event in night.stage.world.events.of("flash")]


def states(night: Played) -> list[str]:
    """What the two groups show."""
    arrays = night.stage.world.arrays
    pairs = (("V7000", "SISTPROD_24"), ("V5000", "SISTPROD_24X"))
    return [arrays[name].model.status(arrays[name].model.group(group)) for name, group in pairs]


def clone_was_started(night: Played) -> bool:
    """Whether the clone partition was started in the night."""
    events = night.stage.world.events.of("partition_power", system="SISTPROD_24")
    return any(event["state"] == "Starting" for event in events)


def altered(change: Alter) -> Callable[[Stage], None]:
    """Change what becomes of requests, once the night has begun."""

    def prepare(stage: Stage) -> None:
        gate_of(stage.world.scheduler).alter.append(change)

    return prepare


def test_the_copies_of_both_arrays_are_one() -> None:
    with played(changes=SITE, spec=SPEC) as night:
        run = night.run
        assert run.result == "completed", run.detail
        assert [verdict for verdict in run.invariants if not verdict.held] == []
        assert flashed(night) == [("V7000", "SISTPROD_24"), ("V5000", "SISTPROD_24X")]
        (first, second) = night.stage.world.events.of("flash")
        # Both requests are under way together: the window is no longer than for one.
        assert (first["whole"], second["whole"]) == (False, True)
        assert second.time - first.time < 0.5
        texts = {step.code: step.text for step in run.steps if step.kind == "result"}
        assert BOTH in texts["O55"]
        for code in ("O48", "O49", "O61"):
            assert "on V7000" in texts[code]
            assert "on V5000" in texts[code]
        assert "V7000 and V5000" in texts["O52"]


def _refused(request: Request, outcome: Outcome) -> Outcome:
    if request.command == "startfcconsistgrp SISTPROD_24X":
        return Outcome(
            1, err="CMMVC5919E The group was not started: an I/O group is offline.\n", duration_s=1.0
        )
    return outcome


def _hangs(request: Request, outcome: Outcome) -> Outcome:
    return replace(outcome, hang=True) if request.command == "startfcconsistgrp SISTPROD_24X" else outcome


def _lost(request: Request, outcome: Outcome) -> Outcome:
    return replace(outcome, lost="after") if request.command == "startfcconsistgrp SISTPROD_24" else outcome


@pytest.mark.parametrize("change", [_refused, _hangs, _lost])
def test_one_bad_answer_and_neither_copy_counts(change: Alter) -> None:
    with played(changes=SITE, spec=SPEC, prepare=altered(change)) as night:
        run = night.run
        assert run.result == "failed", run.detail
        assert "UNKNOWN" in run.detail or "O55" in run.detail
        assert [verdict for verdict in run.invariants if not verdict.held] == []
        assert ("V7000", "SISTPROD_24") in flashed(night)
        assert not clone_was_started(night)
        # What was taken is given up again, on both.
        assert states(night) == ["stopped", "stopped"]


def test_a_sidecar_killed_between_its_requests_gives_no_half_copy() -> None:
    """Then the second one was never sent: it is nobody's fault that only the first copy was taken."""

    def kill(stage: Stage) -> None:
        gate = gate_of(stage.world.scheduler)

        def killed(request: Request, outcome: Outcome) -> Outcome:
            if request.command == "startfcconsistgrp SISTPROD_24":
                for external in tuple(gate.externals):
                    if external.owns(request.connection):
                        external.kill()
            return outcome

        gate.alter.append(killed)

    with played(changes=SITE, spec=SPEC, prepare=kill) as night:
        run = night.run
        assert run.result == "failed", run.detail
        assert [verdict for verdict in run.invariants if not verdict.held] == []
        assert flashed(night) == [("V7000", "SISTPROD_24")]
        assert not clone_was_started(night)
        assert states(night) == ["stopped", "stopped"]


@pytest.mark.parametrize("verb", ["release", "prepare", "prove"])
def test_an_array_that_is_away_gives_no_half_copy(verb: str) -> None:
    def away(stage: Stage) -> None:
        def look(external: External, _call: dict[str, object]) -> None:
            route = gate_of(stage.world.scheduler).routes["10.1.0.30:22"]
            route.reach = "down" if f"array ALL {verb}" in external.name else "ok"

        gate_of(stage.world.scheduler).on_call.append(look)

    with played(changes=SITE, spec=SPEC, prepare=away) as night:
        run = night.run
        assert run.result == "failed", run.detail
        assert [verdict for verdict in run.invariants if not verdict.held] == []
        assert not clone_was_started(night)
        if verb == "prove":
            assert states(night) == ["stopped", "stopped"]
        else:
            assert flashed(night) == []


def test_a_sidecar_that_fires_at_the_first_array_only_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    fire = Volley.fire

    def first_only(self: Volley) -> object:
        shots, self._shots = self._shots, self._shots[:1]
        try:
            return fire(self)._replace(text="; ".join(shot.request for shot in shots))
        finally:
            self._shots = shots

    monkeypatch.setattr("flashrt.volley.Volley.fire", first_only)
    # The proof would see it: taken away, it is the checkers that must.
    monkeypatch.setattr("flashrt.disks.CloneDisks.prove", lambda self: self.status()._replace(word="PROVEN"))
    with played(changes=SITE, spec=SPEC) as night:
        broken = {verdict.id: verdict.detail for verdict in night.run.invariants if not verdict.held}
        assert "is no source of the flash" in broken["S2"]
        assert "without a flash of group SISTPROD_24X in this run" in broken["S3"]


def test_copies_of_two_instants_do_not_start() -> None:
    """The requests go out together and production is not suspended: what lies between them tears the copy."""

    def slow(request: Request, outcome: Outcome) -> Outcome:
        late = request.command == "startfcconsistgrp SISTPROD_24X"
        return replace(outcome, duration_s=outcome.duration_s + 1.0) if late else outcome

    flush: Change = ("quiesce within 60s otherwise abort", "quiesce within 60s otherwise flush only")
    busy: Change = (
        '{ name = "ORDERS", user = "ANNA", number = 141377, subsystem = "QINTER" }',
        '{ name = "ORDERS", user = "ANNA", number = 141377, subsystem = "QINTER", long_transaction = "1h" }',
    )
    with played(changes=(*SITE, busy), spec=(*SPEC, flush), prepare=altered(slow)) as night:
        assert night.run.result != "completed"
        clone = night.stage.world.partition("SISTPROD_24")
        assert clone_was_started(night)
        assert clone.state == "Error"
        assert clone.refcode.startswith("B6")


BESIDE_SPEC: tuple[Change, ...] = (
    (
        "mail server",
        'array V5000 is svc { address "10.1.0.40"  user "flashc"  key "v5000_ed25519" }\nmail server',
    ),
    ("    network   isolated", '    disks     group "SISTPROD_24X" on V5000\n    network   isolated'),
    ("resume within 30s", "resume within 15s"),
)


def test_an_array_that_holds_nothing_has_the_whole_limit_beside_one_that_does() -> None:
    """At the shortest `resume` the flash of a DS8000 has 3 s, for a thaw follows; the other array 5 s."""

    def slow(request: Request, outcome: Outcome) -> Outcome:
        late = request.command.startswith("startfcconsistgrp")
        return replace(outcome, duration_s=4.0) if late else outcome

    site = (('array = "DS8900"\n', ""), ("[[tape]]", SECOND.replace("10.1.0.30", "10.1.0.40") + "[[tape]]"))
    with played(name="nightly_ds8000", changes=site, spec=BESIDE_SPEC, prepare=altered(slow)) as night:
        assert night.run.result == "completed", (night.run.detail, night.run.broken)
        thawed = [event.time for event in night.stage.world.events.of("thaw_asked")]
        (other,) = night.stage.world.events.of("flash", system="V5000")
        assert min(thawed) < other.time
