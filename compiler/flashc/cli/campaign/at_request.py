"""What a fault at a request to a console, an array, a VIOS or a program of the site does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from flashtwin.gate import gate_of
from flashtwin.sims.http import json_outcome
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.server import Request, Server

from flashc.cli.campaign.scene import FOR_A_TIME_S, Scene

GARBAGE = '\x00\udcff\x1b[31m{{{"a":[[[;;;,,,\u2028\'\n' * 40
"""Bytes that are no answer of anything: controls, broken UTF-8, an escape sequence, half a document."""

HOUR_S = 3600.0
LATE_S = 120.0
"""Virtual seconds by which a request is carried out late: longer than any request of the product waits."""


def strike_request(kind: str, scene: Scene, request: Request, outcome: Outcome) -> Outcome:
    """What becomes of the request."""
    return _KINDS[kind](scene, request, outcome)


def _refused(scene: Scene, request: Request, outcome: Outcome) -> Outcome:
    """Refused by the system, for a reason that no driver knows by its id; nothing is done."""
    server = request.connection.server
    if server.protocol == "https":
        error = {"message": "The operation could not be performed.", "code": "999999"}
        return json_outcome({"errors": [error]}, 400, duration_s=outcome.duration_s)
    if server.protocol == "program":
        return Outcome(1, "REFUSED text=not_possible\n", duration_s=outcome.duration_s)
    return Outcome(1, err=_refusal(scene, server), duration_s=outcome.duration_s)


def _refusal(scene: Scene, server: Server) -> str:
    world = scene.stage.world
    if server.name in world.consoles:
        return "HSCL0FFF The operation could not be performed.\n"
    partitions = {one.name: one for one in world.partitions()}
    if server.name in partitions and partitions[server.name].vios is not None:
        return "0514-999 Cannot perform the requested function.\n"
    return "CMMVC9999E The action failed.\n"


def _refused_after(scene: Scene, request: Request, outcome: Outcome) -> Outcome:
    """It is carried out, and refused all the same: a step behind the one that counts has failed."""
    refusal, effect = _refused(scene, request, outcome), outcome.effect
    if effect is None:
        return refusal

    def act() -> Outcome:
        effect()
        return refusal

    return replace(outcome, effect=act)


def _garbage(_scene: Scene, _request: Request, outcome: Outcome) -> Outcome:
    """It is carried out, and what comes back is no answer, whatever it would have been."""

    def spoilt(reply: Outcome) -> Outcome:
        return replace(reply, out=GARBAGE, err="")

    effect = outcome.effect
    if effect is None:
        return spoilt(outcome)
    return replace(outcome, effect=lambda: spoilt(effect() or outcome))


def _session_expired(_scene: Scene, _request: Request, outcome: Outcome) -> Outcome:
    """The log-in of before counts no longer; a new one is let in."""
    error = {"message": "Session is not valid or has expired."}
    return json_outcome({"errors": [error]}, 401, duration_s=outcome.duration_s)


def _kill_sidecar(scene: Scene, request: Request) -> None:
    for external in tuple(gate_of(scene.stage.world.scheduler).externals):
        if external.owns(request.connection):
            external.kill()


def _killed(scene: Scene, request: Request, outcome: Outcome) -> Outcome:
    _kill_sidecar(scene, request)
    return outcome


def _killed_before(scene: Scene, request: Request, outcome: Outcome) -> Outcome:
    _kill_sidecar(scene, request)
    return replace(outcome, lost="before")


def _away(seconds: float | None) -> Callable[[Scene, Request, Outcome], Outcome]:
    def strike(scene: Scene, request: Request, outcome: Outcome) -> Outcome:
        scene.away(request.connection.server, seconds)
        return replace(outcome, lost="before")

    return strike


def _clock(seconds: float) -> Callable[[Scene, Request, Outcome], Outcome]:
    """Its clock is set, or goes wrong; times that it has kept stay as they are."""

    def leap(scene: Scene, request: Request, outcome: Outcome) -> Outcome:
        leaps, name = scene.stage.world.leaps, request.connection.server.name
        leaps[name] = leaps.get(name, 0.0) + seconds
        return outcome

    return leap


def _key_refused(scene: Scene, request: Request, outcome: Outcome) -> Outcome:
    """The user, its key or its password is let in no longer: locked, removed or expired."""
    scene.meet(request.connection.server, "unauthorised")
    return outcome


_KINDS: dict[str, Callable[[Scene, Request, Outcome], Outcome]] = {
    "request refused": _refused,
    "request refused after its effect": _refused_after,
    "reply lost before the effect": lambda _scene, _request, outcome: replace(outcome, lost="before"),
    "reply lost after the effect": lambda _scene, _request, outcome: replace(outcome, lost="after"),
    "no answer": lambda _scene, _request, outcome: replace(outcome, hang=True),
    "no answer, nothing done": lambda _scene, _request, outcome: replace(outcome, hang=True, effect=None),
    "carried out late": lambda _scene, _request, outcome: replace(
        outcome, duration_s=outcome.duration_s + LATE_S
    ),
    "garbage": _garbage,
    "sidecar killed": _killed,
    "sidecar killed before its request": _killed_before,
    "system away": _away(None),
    "system away for ten minutes": _away(FOR_A_TIME_S),
    "system away for an hour": _away(HOUR_S),
    "system's clock an hour ahead": _clock(HOUR_S),
    "system's clock an hour back": _clock(-HOUR_S),
    "key refused": _key_refused,
    "session expired": _session_expired,
}
