"""A simulated workspace of Power Virtual Server: tokens of IAM, the service's own rules, the instances.

Paths, fields and rules: docs/platform-facts.md#powervs.  The console (`flashtwin.sims.powervs_console`) and
the array (`flashtwin.sims.powervs`) of a site are two doors to the same workspace, each with API keys of its
own; both may stand at one address (`flashtwin.sims.http.shared`).  Changes take effect at the reply.
"""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import parse_qs

from flashtwin.keys import secret_text
from flashtwin.sims.http import HttpCall, HttpOutcome, https_server, json_outcome
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.server import Server
from flashtwin.site import ArrayUser, ConsoleUser

if TYPE_CHECKING:
    from flashtwin.world import Partition, World

IAM = "iam.cloud.ibm.com"
TOKEN_S = 3600.0
GRANT = "urn:ibm:params:oauth:grant-type:apikey"
STATUSES: Mapping[str, tuple[str, str]] = {
    "Running": ("ACTIVE", ""),
    "Starting": ("SHUTOFF", "powering-on"),
    "Shutting Down": ("ACTIVE", "powering-off"),
    "Not Activated": ("SHUTOFF", ""),
    "Error": ("ERROR", ""),
    "Not Available": ("UNKNOWN", ""),
    "Hardware Discovery": ("BUILD", "spawning"),
}
"""Status and task of an instance.  That one which starts is SHUTOFF still is the harsher reading."""

Act = Callable[[HttpCall, Sequence[str]], Outcome]


class CloudError(Exception):
    """The service refuses: HTTP status, `error`, `description`."""

    def __init__(self, status: int, description: str, error: str = "") -> None:
        self.status = status
        self.error = error or {
            400: "bad request",
            401: "unauthorized",
            403: "forbidden",
            404: "not found",
        }.get(status, "conflict")
        super().__init__(description)


User: TypeAlias = "ConsoleUser | ArrayUser"
"""A service id: by its key it is known, by its role it may change or only look."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token of IAM: whose it is, until when."""

    user: User
    until: float


class Door:
    """What answers for one device of the site: IAM and the paths of its workspace.

    `routes` are patterns of method and path below the cloud instance; the groups are given to the function.
    `viewers` are roles that may look only.  `per_second` limits requests (0: no limit).
    """

    def __init__(
        self,
        world: World,
        name: str,
        facts: Mapping[str, str],
        users: Mapping[str, ConsoleUser] | Mapping[str, ArrayUser],
        routes: Sequence[tuple[str, Act]],
        *,
        answer: float,
        viewers: Sequence[str] = (),
    ) -> None:
        self.world = world
        self.name = name
        self.workspace = facts.get("workspace", "crn:v1:bluemix:public:power-iaas:us-east:a/1:2::")
        self.cloud_instance = self.workspace.split(":")[7]
        self.users = users
        self.answer_s = answer
        self.per_second = 0
        self.hangs = False
        self._viewers = viewers
        self._routes = [(re.compile(pattern), act) for pattern, act in routes]
        self._tokens: dict[str, Token] = {}
        self._asked: deque[float] = deque()
        self._made = 0

    def server(self) -> Server:
        """HTTPS at its addresses, and at that of IAM."""
        server = https_server(self.name, self.answer)
        server.mine = self.mine
        return server

    def mine(self, call: HttpCall) -> bool:
        """Whether a request is by a key or a token of this device's service ids."""
        if call.path == "/identity/token":
            return self._user_of(call) is not None
        return call.headers.get("authorization", "").partition(" ")[2] in self._tokens

    def answer(self, call: HttpCall) -> Outcome:
        """What the service does with a request.  Never raises for any request."""
        if self.hangs:
            return HttpOutcome(None, duration_s=self.answer_s, hang=True)
        if self._too_many():
            return HttpOutcome(429, headers={"Retry-After": "1"}, duration_s=self.answer_s)
        if call.path == "/identity/token":
            return self._log_in(call)
        try:
            return self._routed(call)
        except CloudError as error:
            return self.refused(error)

    def told(self, document: object, status: int = 200) -> Outcome:
        """A document."""
        return json_outcome(document, status, duration_s=self.answer_s)

    def refused(self, error: CloudError) -> Outcome:
        """An error as the service words it."""
        document = {"code": error.status, "error": error.error, "description": str(error)}
        return json_outcome(document, error.status, duration_s=self.answer_s)

    def done(self, check: Callable[[], None], act: Callable[[], object], status: int = 200) -> Outcome:
        """A change that was possible at the request: done at the reply if it still is."""
        check()

        def effect() -> Outcome | None:
            try:
                check()
                document = act()
            except CloudError as error:
                return self.refused(error)
            return json_outcome({} if document is None else document, status, duration_s=0.0)

        return json_outcome({}, status, duration_s=self.answer_s, effect=effect)

    # parts

    def _user_of(self, call: HttpCall) -> User | None:
        form = parse_qs(call.body.decode("utf-8", "replace"))
        key = form.get("apikey", [""])[0]
        return next((u for u in self.users.values() if key in map(secret_text, u.secrets)), None)

    def _log_in(self, call: HttpCall) -> Outcome:
        form = parse_qs(call.body.decode("utf-8", "replace"))
        user = self._user_of(call)
        if call.method != "POST" or form.get("grant_type") != [GRANT]:
            return self._iam_error("BXNIM0119E", "The grant type is not supported.")
        if user is None or user.expired or call.refused:
            return self._iam_error("BXNIM0415E", "Provided API key could not be found.")
        call.log_in(user.name)
        self._made += 1
        token = f"eyJ{uuid.uuid5(uuid.NAMESPACE_URL, f'{self.name} {self._made}').hex}.{self._made}"
        until = self.world.now + TOKEN_S
        self._tokens[token] = Token(user, until)
        document = {
            "access_token": token,
            "refresh_token": "not_supported",
            "token_type": "Bearer",
            "expires_in": int(TOKEN_S),
            "expiration": int(until),
            "scope": "ibm openid",
        }
        return self.told(document)

    def _iam_error(self, code: str, text: str) -> Outcome:
        return json_outcome({"errorCode": code, "errorMessage": text}, 400, duration_s=self.answer_s)

    def _too_many(self) -> bool:
        if not self.per_second:
            return False
        now = self.world.now
        while self._asked and self._asked[0] <= now - 1.0:
            self._asked.popleft()
        self._asked.append(now)
        return len(self._asked) > self.per_second

    def _routed(self, call: HttpCall) -> Outcome:
        kind, _, given = call.headers.get("authorization", "").partition(" ")
        token = self._tokens.get(given)
        if kind != "Bearer" or token is None or token.until <= self.world.now or call.refused:
            raise CloudError(401, "The token is missing, not valid, or has expired.")
        call.log_in(token.user.name)
        if call.headers.get("crn") != self.workspace:
            raise CloudError(400, "The CRN header is missing, or is not that of the workspace.")
        if call.method != "GET" and token.user.role in self._viewers:
            raise CloudError(403, "The user is not authorized to perform this action.")
        if call.method == "GET" and call.path == f"/v1/workspaces/{self.cloud_instance}":
            return self.told(self._workspace())
        found = re.fullmatch(r"/pcloud/(v[12])/cloud-instances/([^/]+)(/.*)?", call.path)
        if found is None or found.group(2) != self.cloud_instance:
            raise CloudError(404, "The path or the cloud instance does not exist.")
        if call.method == "GET" and not found.group(3):
            return self.told({"cloudInstanceID": self.cloud_instance, "name": self._name()})
        asked = f"{call.method} {found.group(1)}{found.group(3) or ''}"
        for pattern, act in self._routes:
            if match := pattern.fullmatch(asked):
                return act(call, match.groups())
        raise CloudError(404, "The path does not exist.")

    def _name(self) -> str:
        """The workspace is what the site calls the managed system of its partitions."""
        return next(iter(self.world.managed_systems))

    def _workspace(self) -> dict[str, Any]:
        return {
            "id": self.cloud_instance,
            "name": self._name(),
            "status": "active",
            "type": "off-premises",
            "details": {"crn": self.workspace},
        }


# ---- instances -------------------------------------------------------------------------------------------


def instance_id(partition: Partition) -> str:
    """The id of an instance: the same in every world."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"instance {partition.name}"))


def volume_id(uid: str) -> str:
    """The id of a volume of this UID."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"volume {uid}"))


def network_id(vlan: int) -> str:
    """The id of the network on a VLAN."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"network {vlan}"))


def stamp(time: float) -> str:
    """A time as the service tells it."""
    return dt.datetime.fromtimestamp(time, dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def by_id(world: World, wanted: str) -> Partition:
    """The instance of an id; CloudError where there is none."""
    found = next((one for one in world.partitions() if instance_id(one) == wanted), None)
    if found is None:
        raise CloudError(404, f"pvm-instance {wanted} does not exist")
    return found


def volumes_of(world: World, partition: Partition) -> list[str]:
    """The ids of the volumes that are attached to an instance."""
    for array in world.arrays.values():
        if array.config.family == "powervs" and partition.host in array.hosts:
            return [volume_id(one.uid) for one in array.hosts[partition.host].volumes]
    return [volume_id(one.uid) for one in partition.volumes]


def lacks_boot(world: World, partition: Partition) -> bool:
    """Whether an instance has volumes, and none of them is its boot volume."""
    return any(
        array.config.family == "powervs"
        and partition.host in array.hosts
        and array.boot.get(partition.host) not in array.hosts[partition.host].volumes
        for array in world.arrays.values()
    )


def reference(partition: Partition) -> dict[str, Any]:
    """An instance as a list has it."""
    status, task = STATUSES.get(partition.state, ("UNKNOWN", ""))
    return {
        "pvmInstanceID": instance_id(partition),
        "serverName": partition.name,
        "status": status,
        **({"taskState": task} if task else {}),
        "osType": "ibmi" if partition.env == "os400" else "aix",
        "href": f"/pcloud/v1/pvm-instances/{instance_id(partition)}",
    }


def instance(world: World, partition: Partition) -> dict[str, Any]:
    """All of an instance."""
    profile = partition.profiles.get(partition.curr_profile) or next(iter(partition.profiles.values()), None)
    vlans = profile.vlans if profile is not None else ()
    codes = [{"timestamp": stamp(time), "src": code} for time, code in reversed(partition.refcodes[-5:])]
    return {
        **reference(partition),
        "health": {"status": "OK" if partition.state != "Error" else "CRITICAL"},
        "networkIDs": [network_id(vlan) for vlan in vlans],
        "networks": [
            {
                "networkID": network_id(vlan),
                "networkName": f"vlan{vlan}",
                "ipAddress": f"192.168.{vlan % 256}.10",
                "macAddress": "fa:16:3e:00:00:01",
                "type": "fixed",
            }
            for vlan in vlans
        ],
        "srcs": [codes] if codes else [],
        "storagePool": "General-Flash-1",
        "sysType": "s922",
        "volumeIDs": volumes_of(world, partition),
        **(
            {"virtualSerialNumber": {"serial": partition.virtual_serial, "description": partition.name}}
            if partition.virtual_serial
            else {}
        ),
    }


def network(world: World, wanted: str) -> dict[str, Any]:
    """A network; CloudError where there is none."""
    vlans = {
        vlan for one in world.partitions() for profile in one.profiles.values() for vlan in profile.vlans
    }
    for vlan in vlans:
        if network_id(vlan) == wanted:
            return {
                "networkID": wanted,
                "name": f"vlan{vlan}",
                "type": "vlan",
                "vlanID": vlan,
                "cidr": f"192.168.{vlan % 256}.0/24",
            }
    raise CloudError(404, f"network {wanted} does not exist")


def body_of(call: HttpCall, needed: Sequence[str], more: Sequence[str] = ()) -> dict[str, Any]:
    """The JSON object of a request; CloudError if it is none, lacks a member or has a strange one."""
    found = call.json()
    if not isinstance(found, dict):
        raise CloudError(400, "The body is not a JSON object.")
    if missing := [key for key in needed if key not in found]:
        raise CloudError(400, f"{missing[0]} is required")
    if strange := sorted(set(found) - {*needed, *more}):
        raise CloudError(400, f"{strange[0]} is not a member of the request")
    return found
