"""DS8000: requests to the REST interface of its management console (docs/platform-facts.md#ds8000).

A token is got by user and password, goes with every request, and dies when it is not used.  A request that
is refused for its token was not carried out: it is sent once more with a new one.  Nothing else is repeated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flashrt.arrays.ds8000_parse import TOKEN_CODES, Envelope, envelope, refused, rows, text_of
from flashrt.config import Config, DeviceConf
from flashrt.devices import connect_rest
from flashrt.edges import Edges, OpenCommand
from flashrt.http1 import HttpReply, path_of
from flashrt.keyfiles import read_password
from flashrt.status import AUTH, MISMATCH, SidecarError

ROOT = ("api", "v1")
TOKEN = "X-Auth-Token"
MOST_AT_ONCE = 32
"""Relations that one delete may name."""

FLASH = path_of(*ROOT, "cs", "flashcopies")
THAW = path_of(*ROOT, "cs", "flashcopies", "unfreeze")


class Console:
    """A connection to the management console, logged in, of the system that the spec names."""

    def __init__(self, config: Config, device: DeviceConf, edges: Edges) -> None:
        self._config = config
        self._device = device
        self._edges = edges
        self._rest = connect_rest(config, device, edges)
        self.image = device.facts["image"].rpartition(".")[2]
        self.wwnn = ""
        self.release = ""
        try:
            self._log_in()
            self._identify()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End the connection."""
        self._rest.close()

    def again(self) -> None:
        """Connect and log in anew, after an answer that did not come."""
        self._rest.close()
        self._rest = connect_rest(self._config, self._device, self._edges)
        self._log_in()

    def get(self, *segments: str, query: Mapping[str, str] | None = None) -> Envelope:
        """What the system says of an object."""
        return self._ask("GET", path_of(*ROOT, *segments), query, None)

    def delete(self, ids: Sequence[str]) -> None:
        """End up to 32 relations."""
        self._ask("DELETE", FLASH, {"ids": ",".join(ids)}, None)

    def thaw(self, lss: Sequence[str]) -> None:
        """Let go of held writes; a system that holds none does nothing."""
        self._ask("POST", THAW, None, thaw_body(lss))

    def open(self, path: str, body: object) -> OpenCommand:
        """A request that waits on an open connection of its own."""
        return self._rest.open_request("POST", path, self._deadline(self._config.limits.connect_s), body=body)

    def _ask(self, method: str, path: str, query: Mapping[str, str] | None, body: object) -> Envelope:
        reply = self._call(method, path, query, body)
        found = envelope(reply.text)
        if found is not None and found.code in TOKEN_CODES:
            self._log_in()
            reply = self._call(method, path, query, body)
            found = envelope(reply.text)
        if not reply.good or found is None or not found.good:
            raise refused(reply.status, found, f"{method} {path}", self._device.name)
        return found

    def _call(self, method: str, path: str, query: Mapping[str, str] | None, body: object) -> HttpReply:
        deadline = self._deadline(self._config.limits.request_s)
        return self._rest.call(method, path, deadline, query=query, body=body)

    def _log_in(self) -> None:
        password = read_password(self._config.key_file(self._device.key))
        self._rest.headers.pop(TOKEN, None)
        body = _request({"username": self._device.user, "password": password})
        reply = self._call("POST", path_of(*ROOT, "tokens"), None, body)
        found = envelope(reply.text)
        if not reply.good or found is None or not found.good:
            raise refused(reply.status, found, f"the log-in of {self._device.user}", self._device.name)
        if not found.token:
            raise SidecarError(AUTH, f"{self._device.name} gives {self._device.user} no token.")
        self._rest.headers[TOKEN] = found.token

    def _identify(self) -> None:
        """Nothing is asked of another system than the one that the spec names."""
        for row in rows(self.get("systems"), "systems"):
            if text_of(row, "id", "The system") == self.image:
                self.wwnn = str(row.get("wwnn", "")).upper()
                self.release = str(row.get("release", ""))
                return
            other = str(row["id"])[:40]
            raise SidecarError(
                MISMATCH,
                f"{self._device.name} is storage image {other}, the spec says {self._device.facts['image']}. "
                "Correct the address or the image.",
            )
        raise SidecarError(MISMATCH, f"{self._device.name} shows no storage system.")

    def _deadline(self, seconds: float) -> float:
        return self._edges.clock.now() + seconds


def flash_body(pairs: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """All pairs at one instant: writes to the sources wait until the thaw.

    The relations stay and copy only what changes.  When space runs out the target fails, never its source.
    """
    return _request(
        {
            "volume_pairs": [{"source_volume": one, "target_volume": other} for one, other in pairs],
            "options": [
                "freeze_consistency",
                "persistent",
                "no_background_copy",
                "permit_space_efficient_target",
                "fail_space_efficient_target_out_of_space",
            ],
        }
    )


def thaw_body(lss: Sequence[str]) -> dict[str, Any]:
    """The end of the freeze in each logical subsystem."""
    return _request({"lss_ids": list(lss)})


def _request(params: dict[str, Any]) -> dict[str, Any]:
    return {"request": {"params": params}}
