"""Requests to a Pure FlashArray: log-in by API token, lists page by page, changes, the trigger's request.

A session ends when it has not been used for a while; a request that is refused for that was not carried
out, so it is sent once more behind a new log-in.  The session is given back at the end.
"""

from __future__ import annotations

import contextlib
import math
from typing import Any

from flashrt.arrays.pure_parse import best_version, is_refusal, items_of, next_page, words_of
from flashrt.config import Config, DeviceConf
from flashrt.devices import connect_rest
from flashrt.edges import Edges
from flashrt.http1 import HttpReply, path_of
from flashrt.https import OpenRequest, RestSession
from flashrt.keyfiles import read_password
from flashrt.status import AUTH, NOTFOUND, SYSTEM, UNKNOWN, SidecarError

LOGOUT_S = 5.0
PROBE_S = 5.0
"""How long the array may take to prove, just before the window, that it answers."""

PAGES = 1000
"""Pages of one list; an array that has more never comes to an end."""


class PureRest:
    """A session with an array."""

    def __init__(self, config: Config, device: DeviceConf, edges: Edges) -> None:
        self._config = config
        self._device = device
        self._edges = edges
        self._token_file = config.credentials(device).key_file
        self._version = ""
        self._session = self._connect()

    def items(self, resource: str, **query: str) -> list[dict[str, Any]]:
        """All items of a list."""
        found: list[dict[str, Any]] = []
        token = ""
        for _ in range(PAGES):
            asked = {**query, **({"continuation_token": token} if token else {})}
            document = self._read(resource, asked)
            found += items_of(document)
            token = next_page(document)
            if not token:
                return found
        raise SidecarError(SYSTEM, f"{self._device.name} lists {resource} without an end.")

    def change(self, method: str, resource: str, query: dict[str, str], body: object) -> list[dict[str, Any]]:
        """Send a change once; what it is about then.

        TIMEOUT, UNKNOWN: nothing is known of it.  AUTH, SYSTEM: the array says that it did nothing.
        """
        reply = self._asked(method, resource, query, body)
        try:
            return items_of(reply.json())
        except SidecarError as error:
            raise SidecarError(UNKNOWN, f"{self._device.name}: {method} {resource}: {error.text}") from error

    def reconnect(self) -> None:
        """A new connection and session, where a reply was lost on the old one."""
        self._session.close()
        self._session = self._connect()

    def open_request(self, method: str, resource: str, query: dict[str, str], body: object) -> OpenRequest:
        """A request to be sent later, on a connection of its own."""
        deadline = self._edges.clock.now() + self._config.limits.connect_s
        return self._session.open_request(method, self._path(resource), deadline, query=query, body=body)

    def prove(self) -> None:
        """SidecarError unless the array answers; the session is alive then, and using it prolongs it."""
        self._read("arrays", {}, PROBE_S)

    def close(self) -> None:
        """Give the session back and end the connection; never raises."""
        self._session.until = math.inf
        with contextlib.suppress(SidecarError):
            self._session.call("POST", self._path("logout"), self._edges.clock.now() + LOGOUT_S)
        self._session.close()

    # parts

    def _connect(self) -> RestSession:
        edges, config = self._edges, self._config
        session = connect_rest(config, self._device, edges)
        try:
            if not self._version:
                deadline = edges.clock.now() + config.limits.request_s
                self._version = best_version(session.ask("GET", "/api/api_version", deadline).json())
            self._log_in(session)
        except BaseException:
            session.close()
            raise
        return session

    def _log_in(self, session: RestSession) -> None:
        session.headers.pop("x-auth-token", None)
        reply = session.call(
            "POST",
            self._path("login"),
            self._edges.clock.now() + self._config.limits.request_s,
            headers={"api-token": read_password(self._token_file)},
        )
        token = reply.header("x-auth-token")
        if reply.good and token:
            session.headers["x-auth-token"] = token
            return
        if reply.good or not is_refusal(reply.status, reply.text):
            raise SidecarError(
                SYSTEM, f"{self._device.name} gave no session: HTTP status {reply.status}. See the array."
            )
        raise SidecarError(
            AUTH,
            f"{self._device.name} refused the API token: {words_of(reply.status, reply.text)}. "
            "Make a new one on the array, and write it into the token file.",
        )

    def _read(self, resource: str, query: dict[str, str], limit_s: float = 0.0) -> Any:
        return self._asked("GET", resource, query, None, limit_s).json()

    def _asked(
        self, method: str, resource: str, query: dict[str, str], body: object, limit_s: float = 0.0
    ) -> HttpReply:
        """A good answer."""
        reply = self._call(method, resource, query, body, limit_s)
        if reply.status == 401:
            self._log_in(self._session)
            reply = self._call(method, resource, query, body, limit_s)
        if not reply.good:
            raise self._error(method, resource, reply)
        return reply

    def _call(
        self, method: str, resource: str, query: dict[str, str], body: object, limit_s: float
    ) -> HttpReply:
        deadline = self._edges.clock.now() + (limit_s or self._config.limits.request_s)
        return self._session.call(method, self._path(resource), deadline, query=query, body=body)

    def _error(self, method: str, resource: str, reply: HttpReply) -> SidecarError:
        what = f"{self._device.name} answered {reply.status} to {method} {resource}"
        said = words_of(reply.status, reply.text)
        if reply.status in (401, 403):
            return SidecarError(
                AUTH, f"{what}: {said}. Its user needs the role storage_admin, and a valid API token."
            )
        if not is_refusal(reply.status, reply.text):
            return SidecarError(UNKNOWN if method != "GET" else SYSTEM, f"{what}: {said}. See the array.")
        if method == "GET" and reply.status in (400, 404):
            # A list that is asked for by names is refused where one of them is unknown.
            return SidecarError(NOTFOUND, f"{what}: {said}. Correct the spec.")
        return SidecarError(SYSTEM, f"{what}: {said}. See the array.")

    def _path(self, resource: str) -> str:
        return path_of("api", self._version, *resource.split("/"))
