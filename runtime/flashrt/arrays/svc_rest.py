"""Storage Virtualize by REST: the commands of its command line over HTTPS, with a user's password.

REST adds nothing to the command line.  `lsfcmap -filtervalue group_name=G` is POST /rest/v1/lsfcmap with the
options as a document, `startfcconsistgrp G` is POST /rest/v1/startfcconsistgrp/G, and a refusal has the same
message id (docs/platform-facts.md#svc-rest).  So all decisions are those of `flashrt.arrays.svc`; here is a
connection that takes its command lines, and puts the answers into the form of the command line.

An array has few tokens to give and takes none back before it has expired, so one is kept for the calls to
come, beside the password and as closed as that.
"""

from __future__ import annotations

import contextlib
import json
import shlex
from collections.abc import Iterator
from typing import Any

from flashrt.arrays.base import Shot
from flashrt.arrays.svc_line import PROBE_S, SvcLine, judge
from flashrt.arrays.svc_parse import DELIMITER, message_ids
from flashrt.config import Config, DeviceConf
from flashrt.devices import connect_rest
from flashrt.edges import Edges, Reply
from flashrt.http1 import HttpReply, path_of
from flashrt.https import RestSession
from flashrt.keyfiles import read_password, read_token
from flashrt.result import plain, write_file
from flashrt.status import AUTH, SYSTEM, UNKNOWN, SidecarError

ROOTS: tuple[tuple[str, ...], ...] = (("rest", "v1"), ("rest",))
"""Where the commands are: code levels before 8.7 know them without v1."""

TOKEN = "X-Auth-Token"
FRESH_S = 240.0
"""An armed trigger takes no older token: it waits, and the shortest life of a token is ten minutes."""

GOOD, REFUSAL = Reply(0, "", ""), Reply(500, "", "CMMVC5907E")
FLAGS = ("-prepare",)
"""Those of the options that the commands of ours have, which take no value."""

READING = ("ls", "svqueryclock")
"""How the commands begin that change nothing, though they are sent by POST as all are."""

NOT_RUN = (400, 401, 403, 404, 429)
"""Statuses by which the array says that it has not come to run the command."""


class RestLine(SvcLine):
    """By REST: one connection with a token, and another for the request of the window."""

    def __init__(self, config: Config, device: DeviceConf, edges: Edges) -> None:
        super().__init__(config, device, edges)
        self._kept = f"{config.key_file(device.key)}.token"
        self._root: tuple[str, ...] = ROOTS[0]
        self._since = 0.0
        self._rest = self._connect()

    def ask(self, command: str) -> Reply:
        """Run one command.  AUTH: the user may not; TIMEOUT, UNKNOWN: nothing is known of it."""
        deadline = self.edges.clock.now() + self.config.limits.request_s
        reply = self._call(command, deadline)
        if reply.status == 401:
            # The token has expired, so the command was not run.
            self._log_in(self._rest)
            reply = self._call(command, deadline)
        if reply.good:
            return Reply(0, _as_printed(reply, command), "")
        if message_ids(Reply(1, "", reply.text)):
            return Reply(1, "", plain(reply.words))
        if reply.status in (401, 403):
            raise self._rest.refused("POST", f"/{command}", reply)
        if reply.status >= 500:
            # A part of the array on the way to the command has failed: before it, or behind it.
            raise SidecarError(
                UNKNOWN,
                f"{self.device.name} answered {reply.status} to '{command[:60]}': {plain(reply.words)[:80]}. "
                "Whether it was done is unknown: read the state before anything is repeated.",
            )
        return Reply(reply.status, "", f"HTTP status {reply.status}: {plain(reply.words)[:200]}")

    def shot(self, request: str) -> Shot:
        """The request, rendered, on a connection of its own, with a token that will last."""
        if self.edges.clock.now() - self._since > FRESH_S:
            self._log_in(self._rest)
        path, body = self._request(request)
        deadline = self.edges.clock.now() + self.config.limits.connect_s
        opened = self._rest.open_request("POST", path, deadline, body=body)

        def probe() -> None:
            reply = self._call("lssystem", self.edges.clock.now() + PROBE_S)
            if reply.status == 401:
                self._log_in(self._rest)
                reply = self._call("lssystem", self.edges.clock.now() + PROBE_S)
            if not reply.good:
                raise self._rest.refused("POST", "/lssystem", reply)
            opened.probe()

        return Shot(opened, request, probe, judge_rest, GOOD, REFUSAL)

    def again(self) -> None:
        """Connect anew; the token is kept."""
        self._rest.close()
        self._rest = self._connect()

    def close(self) -> None:
        """End the connection; the token stays."""
        self._rest.close()

    # parts

    def _connect(self) -> RestSession:
        rest = connect_rest(self.config, self.device, self.edges)
        try:
            self._take_kept(rest)
            if TOKEN not in rest.headers:
                self._log_in(rest)
        except BaseException:
            rest.close()
            raise
        return rest

    def _call(self, command: str, deadline: float) -> HttpReply:
        path, body = self._request(command)
        return self._rest.call("POST", path, deadline, body=body, reads=command.startswith(READING))

    def _request(self, command: str) -> tuple[str, dict[str, object]]:
        verb, options, objects = _parts_of(command)
        return path_of(*self._root, verb, *objects), options

    def _log_in(self, rest: RestSession) -> None:
        """Get a token by user and password, and keep it."""
        rest.headers.pop(TOKEN, None)
        password = read_password(self.config.key_file(self.device.key))
        deadline = self.edges.clock.now() + self.config.limits.request_s
        headers = {"X-Auth-Username": self.device.user, "X-Auth-Password": password}
        for root in ROOTS:
            self._root = root
            reply = rest.call("POST", path_of(*root, "auth"), deadline, headers=headers)
            if reply.status != 404:
                break
        if reply.status in (401, 403):
            raise SidecarError(
                AUTH,
                f"{rest.endpoint} refused user {self.device.user} with the password in "
                f"{self.config.key_file(self.device.key)}. Correct it; do not repeat before, accounts get "
                "locked.",
            )
        document = reply.json() if reply.good else None
        token = document.get("token") if isinstance(document, dict) else None
        if not isinstance(token, str) or not token.isascii() or not token.isprintable():
            busy = " It gives few tokens at a time." if reply.status == 429 else ""
            raise SidecarError(
                SYSTEM, f"{self.device.name} gave no token: HTTP status {reply.status}.{busy} See the array."
            )
        rest.headers[TOKEN] = token
        self._since = self.edges.clock.now()
        told = {"token": token, "root": "/".join(self._root), "since": self._since, "of": self._place(rest)}
        write_file(self._kept, json.dumps(told).encode("ascii"), 0o600)

    def _place(self, rest: RestSession) -> str:
        return f"{self.device.user}@{rest.endpoint}"

    def _take_kept(self, rest: RestSession) -> None:
        """The token of an earlier call, as long as it is for this user at this address."""
        found: Any = None
        with contextlib.suppress(ValueError):
            found = json.loads(read_token(self._kept) or "null")
        if not isinstance(found, dict) or found.get("of") != self._place(rest):
            return
        root = tuple(str(found.get("root")).split("/"))
        token, since = found.get("token"), found.get("since")
        if root in ROOTS and isinstance(token, str) and isinstance(since, float):
            self._root, self._since = root, since
            rest.headers[TOKEN] = token


def judge_rest(reply: Reply) -> SidecarError | None:
    """What the answer to the one request means: None when the copy was surely taken."""
    if reply.status in NOT_RUN and not message_ids(reply):
        status = AUTH if reply.status in (401, 403) else SYSTEM
        return SidecarError(status, f"HTTP status {reply.status}: {plain(reply.err)[:120]}", "REFUSED")
    return judge(reply)


def _parts_of(command: str) -> tuple[str, dict[str, object], list[str]]:
    """Verb, options and objects of a command line of ours: every option before the object."""
    verb, *words = shlex.split(command)
    options: dict[str, object] = {}
    objects: list[str] = []
    while words:
        word = words.pop(0)
        if word == "-delim":
            words.pop(0)
        elif word in FLAGS:
            options[word[1:]] = True
        elif word.startswith("-"):
            options[word[1:]] = words.pop(0)
        else:
            objects.append(word)
    return verb, options, objects


def _as_printed(reply: HttpReply, command: str) -> str:
    """A good answer as the command line would print it with -delim."""
    verb, _, objects = _parts_of(command)
    if not verb.startswith("ls"):
        return _text_of(reply)
    document = reply.json() if reply.body.strip() else []
    parts = document if isinstance(document, list) else [document]
    if not all(isinstance(part, dict) for part in parts):
        raise SidecarError(SYSTEM, f"The array's answer to {verb} is no list of objects.")
    if objects or isinstance(document, dict):
        return "".join(f"{key}{DELIMITER}{value}\n" for part in parts for key, value in _fields_of(part))
    columns = list(dict.fromkeys(key for part in parts for key in part))
    rows = [columns, *([_word(part.get(key)) for key in columns] for part in parts)] if parts else []
    return "".join(DELIMITER.join(row) + "\n" for row in rows)


def _fields_of(part: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Keys and values in their order; what is in a list below (nodes of a host) one after the other."""
    for key, value in part.items():
        if isinstance(value, list):
            for one in value:
                yield from _fields_of(one) if isinstance(one, dict) else [(key, _word(one))]
        elif isinstance(value, dict):
            yield from _fields_of(value)
        else:
            yield key, _word(value)


def _word(value: Any) -> str:
    """A value as printed; a line end in it would become another row."""
    return "" if value is None else " ".join(str(value).split())


def _text_of(reply: HttpReply) -> str:
    """What a command says that prints no table: a text as such, or in JSON, or as the value of one member."""
    try:
        document = reply.json()
    except SidecarError:
        return reply.text
    if isinstance(document, dict):
        return " ".join(_word(value) for value in document.values())
    return document if isinstance(document, str) else ""
