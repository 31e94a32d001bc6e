"""The REST server of a simulated Storage Virtualize array: its commands as POST requests with documents.

Written from docs/platform-facts.md#svc-rest.  A command is /rest/v1/COMMAND/OBJECT with its options in the
body; what it does is what the command line does.  A listing is a list of objects; a detail one object, with a
list in it or behind it for what repeats; a refusal is status 500 with the text of the command line.

A log-in gives a token for a time; four at a time, and there are limits of requests a second.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import deque
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any, TypeAlias

from flashtwin.keys import secret_text
from flashtwin.scheduler import Signal, Wait
from flashtwin.sims.http import HttpCall, HttpOutcome, json_outcome
from flashtwin.sims.outcome import Outcome
from flashtwin.site import ArraySite, ArrayUser

if TYPE_CHECKING:
    from flashtwin.world import World

MOST_TOKENS = 4
LOG_INS_PER_S = 3
COMMANDS_PER_S = 10
DELIMITER = "!"
BELOW = {"lshost": "nodes", "lssystem": "tiers"}
"""Under which name a detail has the list of what repeats in it."""

_OPTION = re.compile(r"[a-z0-9]{1,40}")
_COMMAND = re.compile(r"[a-z0-9]{1,40}")

Handle: TypeAlias = "Callable[[str, str], Outcome | Generator[Wait, Signal | None, Outcome]]"
Body: TypeAlias = "Generator[Wait, Signal | None, Outcome]"


class SvcRest:
    """Answers the requests of one array; `handle` runs its command lines."""

    def __init__(self, world: World, config: ArraySite, users: dict[str, ArrayUser], handle: Handle) -> None:
        self._world = world
        self._config = config
        self._users = users
        self._handle = handle
        self._tokens: dict[str, tuple[str, float]] = {}
        self._given = 0
        self._log_ins: deque[float] = deque()
        self._commands: deque[float] = deque()

    def forget_tokens(self) -> None:
        """All tokens expire, as after a restart of the configuration node."""
        self._tokens = {token: (user, 0.0) for token, (user, _) in self._tokens.items()}

    def answer(self, call: HttpCall) -> Outcome | Body:
        """What the array does with one request."""
        if self._config.reach == "hang":
            return HttpOutcome(duration_s=self._config.answer, hang=True)
        segments = call.segments
        if segments[:1] != ("rest",):
            return self._said(404, "Not Found")
        segments = segments[2:] if segments[1:2] == ("v1",) else segments[1:]
        if call.method != "POST":
            return self._said(405, "Method Not Allowed")
        if segments == ("auth",):
            return self._log_in(call)
        if not segments or not _COMMAND.fullmatch(segments[0]):
            return self._said(404, "Not Found")
        user, refusal = self._user_of(call)
        if refusal is not None:
            return refusal
        call.log_in(user)
        if self._too_many(self._commands, COMMANDS_PER_S):
            return self._said(429, "Too many requests")
        line = _line(segments, call)
        if line is None:
            return self._said(400, "The body is no document of options")
        done = self._handle(user, line)
        return self._translated(segments, done) if isinstance(done, Outcome) else self._later(segments, done)

    # log-in

    def _log_in(self, call: HttpCall) -> Outcome:
        if self._too_many(self._log_ins, LOG_INS_PER_S):
            return self._said(429, "Too many requests")
        name, password = call.headers.get("x-auth-username", ""), call.headers.get("x-auth-password", "")
        account = self._users.get(name)
        known = account is not None and not account.expired and not call.refused
        if not known or password not in {secret_text(one) for one in self._users[name].secrets}:
            return self._said(403, "Authentication failed")
        now = self._world.scheduler.now
        if sum(until > now for _, until in self._tokens.values()) >= MOST_TOKENS:
            return self._said(429, "Too many tokens are in use")
        call.log_in(name)
        self._given += 1
        token = hashlib.sha256(f"{self._config.name} {self._given}".encode()).hexdigest()
        self._tokens[token] = (name, now + self._config.token_life)
        return json_outcome({"token": token}, duration_s=self._config.answer)

    def _user_of(self, call: HttpCall) -> tuple[str, Outcome | None]:
        token = call.headers.get("x-auth-token")
        if token is None or token not in self._tokens:
            return "", self._said(403, "Forbidden")
        user, until = self._tokens[token]
        if until <= self._world.scheduler.now:
            return "", self._said(401, "The token has expired")
        return user, None

    def _too_many(self, times: deque[float], most: int) -> bool:
        now = self._world.scheduler.now
        while times and times[0] <= now - 1.0:
            times.popleft()
        if len(times) >= most:
            return True
        times.append(now)
        return False

    # answers

    def _said(self, status: int, text: str) -> HttpOutcome:
        return HttpOutcome(
            status, text, duration_s=self._config.answer, headers={"Content-Type": "text/plain"}
        )

    def _later(self, segments: tuple[str, ...], body: Body) -> Body:
        return self._translated(segments, (yield from body))

    def _translated(self, segments: tuple[str, ...], done: Outcome) -> HttpOutcome:
        """The outcome of a command line as the reply to a request."""
        inner = done.effect

        def effect() -> Outcome | None:
            changed = inner() if inner is not None else None
            return None if changed is None else self._translated(segments, changed)

        status = 200 if done.status == 0 else 404 if done.status == 127 else 500
        text = _document(segments, done.out) if status == 200 else done.err.strip()
        return HttpOutcome(
            status,
            text,
            duration_s=done.duration_s,
            effect=effect if inner is not None else None,
            hang=done.hang,
            headers={} if status == 200 else {"Content-Type": "text/plain"},
        )


def _line(segments: tuple[str, ...], call: HttpCall) -> str | None:
    """The command line that a request stands for; None where the body has no options."""
    options = call.json() if call.body.strip() else {}
    if options is None:
        options = {} if call.body.strip() == b"null" else options
    if not isinstance(options, dict):
        return None
    words = [segments[0]]
    if segments[0].startswith("ls"):
        words += ["-delim", DELIMITER]
    for name, value in options.items():
        if not _OPTION.fullmatch(name) or not isinstance(value, str | int | bool):
            return None
        if value is not False:
            words += [f"-{name}"] if value is True else [f"-{name}", _quoted(str(value))]
    return " ".join([*words, *(_quoted(one) for one in segments[1:])])


def _quoted(word: str) -> str:
    return "'" + word.replace("'", "'\\''") + "'"


def _document(segments: tuple[str, ...], out: str) -> str:
    """What a command prints, as the document that REST makes of it."""
    if not segments[0].startswith("ls"):
        created = re.search(r"id \[(\d+)\]", out)
        if created:
            return json.dumps({"id": created.group(1), "message": out.strip()})
        return json.dumps(out.strip()) if out.strip() else ""
    if len(segments) > 1 or segments[0] == "lssystem":
        return json.dumps(_detail(segments[0], out))
    lines = [line.split(DELIMITER) for line in out.splitlines()]
    return json.dumps([dict(zip(lines[0], line, strict=True)) for line in lines[1:]])


def _detail(command: str, out: str) -> Any:
    """One object; what repeats is a list of objects below a name of it (`BELOW`), or behind it."""
    parts: list[dict[str, str]] = [{}]
    for line in out.splitlines():
        key, delimiter, value = line.partition(DELIMITER)
        # a section of its own, or the first key of what repeats
        if not delimiter or key in parts[-1] or key in ("FC_mapping_id", "WWPN"):
            parts.append({})
        if delimiter:
            parts[-1][key] = value
    whole: dict[str, Any] = dict(parts[0])
    if command in BELOW:
        return {**whole, BELOW[command]: parts[1:]}
    return [whole, *parts[1:]] if len(parts) > 1 else whole
