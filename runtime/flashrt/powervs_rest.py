"""Requests to a workspace of Power Virtual Server: a token of IAM, the workspace's CRN, JSON.

Both drivers of the family use it, the console's and the array's (docs/platform-facts.md#powervs).  The token
of an API key lasts an hour; a request that is refused for an old one was not carried out, so it is sent once
more with a new one.  There is no session to give back.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple
from urllib.parse import urlencode

from flashrt.config import Config, DeviceConf
from flashrt.devices import connect_rest
from flashrt.edges import Edges, Endpoint
from flashrt.http1 import HttpReply, path_of
from flashrt.https import OpenRequest, RestSession
from flashrt.keyfiles import read_password
from flashrt.result import plain
from flashrt.status import AUTH, CONFIG, NOTFOUND, SYSTEM, UNKNOWN, SidecarError

IAM_PORT = 443
GRANT = "urn:ibm:params:oauth:grant-type:apikey"
PROBE_S = 5.0
"""How long the service may take to prove, just before the window, that it answers."""

REFUSALS = (400, 401, 403, 404, 405, 409, 410, 422)
"""Statuses of the service itself for what it did not do; others may come from what stands between."""

_INSTANCE = re.compile(r"[A-Za-z0-9-]{1,64}\Z")
_TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]{1,16384}\Z")
_ID = re.compile(r"[A-Za-z0-9-]{1,64}\Z")


class Instance(NamedTuple):
    """A virtual server instance: what both drivers have to know of it.

    `task` is what the service is doing with it now, "" for nothing.
    """

    id: str
    name: str
    status: str
    task: str
    volumes: tuple[str, ...]
    document: dict[str, Any]


class PowerVsRest:
    """A connection to the workspace that a device names."""

    def __init__(self, config: Config, device: DeviceConf, edges: Edges) -> None:
        self._config = config
        self._device = device
        self._edges = edges
        self._workspace = device.facts["workspace"]
        self.cloud_instance = cloud_instance(self._workspace)
        # The service first: where it cannot be reached or is another, the key is shown to nobody.
        self._session = self._connect()

    def read(self, *segments: str, version: str = "v1") -> dict[str, Any]:
        """A document of the workspace, by its path below the cloud instance."""
        return self._document("GET", self._path(version, segments), None)

    def change(self, method: str, *segments: str, body: object = None, version: str = "v1") -> dict[str, Any]:
        """Send a change once; the answer ({} where there is none).

        TIMEOUT, UNKNOWN: nothing is known of it.  AUTH, NOTFOUND, SYSTEM: the service says that it did
        nothing.
        """
        return self._document(method, self._path(version, segments), body)

    def workspace(self) -> str:
        """The name of the workspace."""
        return text_of(self._document("GET", path_of("v1", "workspaces", self.cloud_instance), None), "name")

    def instances(self) -> list[Instance]:
        """The instances of the workspace, as far as the list tells."""
        return [_instance(item) for item in items_of(self.read("pvm-instances"), "pvmInstances")]

    def instance(self, name: str, listed: list[Instance] | None = None) -> Instance:
        """All of the instance of this name.  NOTFOUND if there is none; names are not unique: SYSTEM.

        `listed` are those of the workspace, where they were asked for already.
        """
        named = [one for one in (self.instances() if listed is None else listed) if one.name == name]
        if not named:
            raise SidecarError(
                NOTFOUND, f"{self._device.name} has no instance {name} in its workspace. Correct the spec."
            )
        if len(named) > 1:
            raise SidecarError(
                SYSTEM,
                f"{self._device.name} has {len(named)} instances named {name}. Rename all but one: nothing "
                "is done while it cannot be told which is meant.",
            )
        found = _instance(self.read("pvm-instances", named[0].id))
        if (found.id, found.name) != (named[0].id, name):
            raise SidecarError(SYSTEM, f"{self._device.name} answered with another instance than {name}.")
        return found

    def open_request(self, method: str, version: str, *segments: str) -> OpenRequest:
        """A request without a body to be sent later, on a connection of its own."""
        deadline = self._edges.clock.now() + self._config.limits.connect_s
        return self._session.open_request(method, self._path(version, segments), deadline)

    def reconnect(self) -> None:
        """A new connection, where a reply was lost on the old one."""
        self._session.close()
        self._session = self._connect()

    def prove(self) -> None:
        """SidecarError unless the service answers; the token is good then."""
        self._document("GET", self._path("v1", ()), None, PROBE_S)

    def close(self) -> None:
        """End the connection; never raises."""
        self._session.close()

    # parts

    def _connect(self) -> RestSession:
        session = connect_rest(self._config, self._device, self._edges)
        try:
            session.headers["CRN"] = self._workspace
            session.headers["Authorization"] = f"Bearer {self._token()}"
        except BaseException:
            session.close()
            raise
        return session

    def _token(self) -> str:
        """A token for the API key in the device's file."""
        clock = self._edges.clock
        key = read_password(self._config.credentials(self._device).key_file)
        place = Endpoint(self._device.facts["iam"], IAM_PORT)
        deadline = clock.now() + self._config.limits.connect_s
        session = self._edges.network.https(place, self._config.known_hosts, deadline)
        try:
            reply = session.call(
                "POST",
                "/identity/token",
                clock.now() + self._config.limits.request_s,
                headers={"Content-Type": "application/x-www-form-urlencoded"},
                body=urlencode({"grant_type": GRANT, "apikey": key}).encode("ascii"),
            )
        finally:
            session.close()
        if reply.good:
            token = reply.json()
            found = token.get("access_token") if isinstance(token, dict) else None
            if isinstance(found, str) and _TOKEN.match(found):
                return found
            raise SidecarError(SYSTEM, f"{place.host} answered without a token. See that it is IAM.")
        # What IAM says of a key is not shown: it quotes what it was given.
        if reply.status in (400, 401, 403):
            raise SidecarError(
                AUTH,
                f"{place.host} refused the API key of {self._device.name} ({reply.status}). Make a new one "
                "for its service id, and write it into the token file.",
            )
        raise SidecarError(SYSTEM, f"{place.host} gave no token: HTTP status {reply.status}. See IAM.")

    def _document(self, method: str, path: str, body: object, limit_s: float = 0.0) -> dict[str, Any]:
        reply = self._call(method, path, body, limit_s)
        if reply.status == 401:
            self._session.headers["Authorization"] = f"Bearer {self._token()}"
            reply = self._call(method, path, body, limit_s)
        if not reply.good:
            raise self._error(method, path, reply)
        if method != "GET" and not reply.body.strip():
            return {}
        try:
            document: Any = reply.json()
        except SidecarError:
            document = None
        if not isinstance(document, dict):
            raise SidecarError(
                SYSTEM if method == "GET" else UNKNOWN,
                f"{self._device.name}: the answer to {method} {path[-60:]} is no object. See the service.",
            )
        return document

    def _call(self, method: str, path: str, body: object, limit_s: float) -> HttpReply:
        deadline = self._edges.clock.now() + (limit_s or self._config.limits.request_s)
        return self._session.call(method, path, deadline, body=body)

    def _error(self, method: str, path: str, reply: HttpReply) -> SidecarError:
        what = f"{self._device.name} answered {reply.status} to {method} {path[-60:]}"
        said = words_of(reply.status, reply.text)
        if reply.status in (401, 403):
            return SidecarError(AUTH, f"{what}: {said}. Give its service id the role in the workspace.")
        if not is_refusal(reply.status, reply.text):
            return SidecarError(SYSTEM if method == "GET" else UNKNOWN, f"{what}: {said}. See the service.")
        return SidecarError(
            NOTFOUND if reply.status == 404 else SYSTEM, f"{what}: {said}. See the workspace."
        )

    def _path(self, version: str, segments: tuple[str, ...]) -> str:
        return path_of("pcloud", version, "cloud-instances", self.cloud_instance, *segments)


def cloud_instance(crn: str) -> str:
    """The id of the workspace in its CRN: the eighth part.  CONFIG if it has none."""
    parts = crn.split(":")
    if len(parts) != 10 or parts[0] != "crn" or parts[4] != "power-iaas" or not _INSTANCE.match(parts[7]):
        raise SidecarError(
            CONFIG, f"{crn[:80]} is no CRN of a workspace of Power Virtual Server. Correct the spec."
        )
    return parts[7]


def items_of(document: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """The objects of a list; SYSTEM if there is none."""
    items = document.get(key)
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise SidecarError(SYSTEM, f"The answer of the service has no list `{key}`. See its API.")
    return items


def text_of(item: dict[str, Any], key: str, *, empty: bool = False) -> str:
    """A text of an object; SYSTEM if it is none, or is empty and may not be."""
    value = item.get(key, "" if empty else None)
    if empty and value is None:
        return ""
    if not isinstance(value, str) or not (value or empty):
        raise SidecarError(SYSTEM, f"The answer of the service has no usable `{key}`. See its API.")
    return value


def id_of(item: dict[str, Any], key: str) -> str:
    """An id: what may stand in a path."""
    return safe_id(text_of(item, key))


def safe_id(value: object) -> str:
    """The id itself; SYSTEM if it is none."""
    if not isinstance(value, str) or not _ID.match(value):
        raise SidecarError(SYSTEM, f"The service told the id {str(value)[:40]!r}, which cannot be used.")
    return value


def is_refusal(status: int, text: str) -> bool:
    """Whether the service itself says that it did nothing; what only stands between may say anything."""
    return status == 429 or (status in REFUSALS and bool(_said(text)))


def words_of(status: int, text: str) -> str:
    """What the service said of a request that it did not carry out, on one line."""
    return plain(_said(text) or text)[:200].rstrip(" .") or f"HTTP status {status}"


def _said(text: str) -> str:
    try:
        document = HttpReply(200, (), text.encode("utf-8", "replace")).json()
    except SidecarError:
        return ""
    words = (
        [document.get(key) for key in ("description", "message", "error")]
        if isinstance(document, dict)
        else []
    )
    return next((word for word in words if isinstance(word, str) and word), "")


def _instance(item: dict[str, Any]) -> Instance:
    volumes = item.get("volumeIDs")
    if volumes is not None and not isinstance(volumes, list):
        raise SidecarError(SYSTEM, "The answer of the service has no usable `volumeIDs`. See its API.")
    return Instance(
        id_of(item, "pvmInstanceID"),
        text_of(item, "serverName"),
        text_of(item, "status"),
        text_of(item, "taskState", empty=True),
        tuple(safe_id(one) for one in volumes or ()),
        item,
    )
