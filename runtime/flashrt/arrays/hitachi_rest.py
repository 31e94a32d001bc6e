"""Requests to a Hitachi VSP: sessions by user and password, objects, jobs that are asked for by number.

A session ends when it is not used for minutes, and an array has 64 of them: ours is given back at the end.  A
request that is refused for its session was not carried out, and is sent once more behind a new log-in.
"""

from __future__ import annotations

import contextlib
import math
from typing import Any

from flashrt.arrays.hitachi_parse import is_locked, is_refusal, job_state, rows, words_of
from flashrt.config import Config, DeviceConf
from flashrt.devices import connect_rest
from flashrt.edges import Edges
from flashrt.http1 import HttpReply, basic, path_of
from flashrt.https import OpenRequest
from flashrt.keyfiles import read_password
from flashrt.status import AUTH, NOTFOUND, SYSTEM, TIMEOUT, UNKNOWN, SidecarError

LOGOUT_S = 5.0
PROBE_S = 5.0
"""How long the array may take to prove, just before the window, that it answers."""

POLL_S = 2.0
"""Between two looks at a job."""

ALIVE_S = 300
"""How long a session lives without being used, seconds: what is asked for at the log-in."""


class HitachiRest:
    """A session with an array."""

    def __init__(self, config: Config, device: DeviceConf, edges: Edges) -> None:
        self._config = config
        self._device = device
        self._edges = edges
        self._number = 0
        self._rest = connect_rest(config, device, edges)
        try:
            self._log_in()
        except BaseException:
            self._rest.close()
            raise

    def get(self, *segments: str, **query: str) -> dict[str, Any]:
        """An object, a list's included; NOTFOUND if there is no such thing."""
        return self._object(segments, query, 0.0)

    def listed(self, *segments: str, **query: str) -> list[dict[str, Any]]:
        """The objects of a list."""
        return rows(self.get(*segments, **query))

    def invoke(self, *segments: str) -> bool:
        """Send a change once and wait for its job: True if it succeeded, False while somebody has a lock.

        SYSTEM: the array took no job, or the job failed.  TIMEOUT, UNKNOWN: nothing is known of it.
        """
        reply = self._asked("POST", (*segments, "invoke"), {})
        if not reply.good:
            if is_refusal(reply.status, reply.text) and is_locked(reply.text):
                return False
            raise self._error("POST", segments, reply)
        try:
            number, failed = self._end_of(reply)
        except SidecarError as error:
            # Taken it was: the server of the other controller does not know the job, nor one that restarted.
            raise SidecarError(
                error.status if error.status == TIMEOUT else UNKNOWN,
                f"What became of {segments[-1]} is unknown: {error.text} Read the state.",
            ) from error
        if failed:
            raise SidecarError(
                SYSTEM, f"Job {number} of {self._device.name} failed: {failed}. See the array."
            )
        return True

    def _end_of(self, reply: HttpReply) -> tuple[int, str]:
        """Number of the job that a reply tells of, and what went wrong with it; TIMEOUT while it goes on."""
        end = self._edges.clock.now() + self._config.limits.request_s
        number, ended, failed = job_state(reply.json())
        while not ended:
            if self._edges.clock.now() >= end:
                raise SidecarError(TIMEOUT, f"Job {number} of {self._device.name} has not ended. Ask again.")
            self._edges.clock.sleep(POLL_S)
            number, ended, failed = job_state(self.get("jobs", str(number)))
        return number, failed

    def reconnect(self) -> None:
        """A new connection and session, where a reply was lost on the old one."""
        self._rest.close()
        self._rest = connect_rest(self._config, self._device, self._edges)
        self._log_in()

    def open_request(self, *segments: str) -> OpenRequest:
        """A change to be sent later, on a connection of its own; its reply waits for the end of the job."""
        deadline = self._edges.clock.now() + self._config.limits.connect_s
        headers = self._waiting(max(1, int(self._config.limits.trigger_s)))
        return self._rest.open_request("POST", self._path(*segments, "invoke"), deadline, headers=headers)

    def prove(self, *segments: str) -> dict[str, Any]:
        """An object, at once or SidecarError; the session is alive then, and using it prolongs it."""
        return self._object(segments, {}, PROBE_S)

    def close(self) -> None:
        """Give the session back and end the connection; never raises."""
        self._rest.until = math.inf
        with contextlib.suppress(SidecarError):
            deadline = self._edges.clock.now() + LOGOUT_S
            self._rest.call("DELETE", self._path("sessions", str(self._number)), deadline)
        self._rest.close()

    # parts

    def _log_in(self) -> None:
        password = read_password(self._config.credentials(self._device).key_file)
        self._rest.headers.pop("Authorization", None)
        reply = self._rest.call(
            "POST",
            self._path("sessions"),
            self._deadline(),
            headers={"Authorization": basic(self._device.user, password)},
            body={"aliveTime": ALIVE_S},
        )
        if not reply.good:
            said = words_of(reply.status, reply.text)
            raise SidecarError(
                AUTH if reply.status in (401, 403) else SYSTEM,
                f"{self._device.name} gave {self._device.user} no session: {said}. Check the user, its "
                "password file, and the array's sessions.",
            )
        document = reply.json()
        token = document.get("token") if isinstance(document, dict) else None
        number = document.get("sessionId") if isinstance(document, dict) else None
        if not isinstance(token, str) or not token or not isinstance(number, int):
            raise SidecarError(SYSTEM, f"{self._device.name} answered the log-in without a session.")
        self._number = number
        self._rest.headers["Authorization"] = f"Session {token}"

    def _object(self, segments: tuple[str, ...], query: dict[str, str], limit_s: float) -> dict[str, Any]:
        reply = self._asked("GET", segments, query, limit_s)
        if not reply.good:
            raise self._error("GET", segments or ("storage",), reply)
        found = reply.json()
        if not isinstance(found, dict):
            what = "/".join(segments) or "storage"
            raise SidecarError(
                SYSTEM,
                f"{self._device.name} answered no object to GET {what[:60]}. Check its microcode level.",
            )
        return found

    def _asked(
        self, method: str, segments: tuple[str, ...], query: dict[str, str], limit_s: float = 0.0
    ) -> HttpReply:
        reply = self._call(method, segments, query, limit_s)
        if reply.status == 401:
            self._log_in()
            reply = self._call(method, segments, query, limit_s)
        return reply

    def _call(
        self, method: str, segments: tuple[str, ...], query: dict[str, str], limit_s: float
    ) -> HttpReply:
        headers = {} if method == "GET" else self._waiting(max(1, int(self._config.limits.request_s) - 5))
        deadline = self._edges.clock.now() + (limit_s or self._config.limits.request_s)
        return self._rest.call(method, self._path(*segments), deadline, headers=headers, query=query)

    def _waiting(self, seconds: int) -> dict[str, str]:
        return {"Response-Max-Wait": str(seconds), "Response-Job-Status": "Completed;"}

    def _error(self, method: str, segments: tuple[str, ...], reply: HttpReply) -> SidecarError:
        what = f"{self._device.name} answered {reply.status} to {method} {'/'.join(segments)[:60]}"
        said = words_of(reply.status, reply.text)
        if reply.status in (401, 403):
            return SidecarError(AUTH, f"{what}: {said}. Its user needs the role for local copies.")
        if method == "GET":
            return SidecarError(
                NOTFOUND if reply.status == 404 else SYSTEM, f"{what}: {said}. See the array."
            )
        known = is_refusal(reply.status, reply.text)
        return SidecarError(SYSTEM if known else UNKNOWN, f"{what}: {said}. See the array.")

    def _deadline(self) -> float:
        return self._edges.clock.now() + self._config.limits.request_s

    def _path(self, *segments: str) -> str:
        serial = self._device.facts["serial"]
        return path_of("ConfigurationManager", "v1", "objects", "storages", serial, *segments)
