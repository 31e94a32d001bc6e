"""Power Virtual Server: instances started and ended by REST.

A partition of the spec is the instance of that name in the workspace whose name the spec has as the managed
system.  The API tells neither partition id nor machine (docs/platform-facts.md#powervs-instance), so what is
production is known by names: an instance whose volumes a clone copies is never touched, nor one with the
name of production, nor one with a virtual serial number that the spec declares as production's.

Off is SHUTOFF while the service does nothing with the instance; every word that is not known is OTHER.
"""

from __future__ import annotations

import re
from typing import Any

from flashrt.config import CloneConf, Config, DeviceConf, device_identity
from flashrt.consoles.base import (
    IPL_SOURCE,
    OFF,
    OTHER,
    RUNNING,
    STARTING,
    STOPPING,
    Finding,
    PartitionState,
    Server,
    title,
)
from flashrt.edges import Edges
from flashrt.powervs_rest import Instance, PowerVsRest, id_of, items_of, text_of
from flashrt.status import CONFIG, MISMATCH, REFUSED, SYSTEM, SidecarError

TURNING_ON = ("powering-on", "powering_on")
TURNING_OFF = ("powering-off", "powering_off")
NO_TASK = ("", "none")
PRIVATE = "vlan"

_REFCODE = re.compile(r"\s*([0-9A-Fa-f]{8})(?![0-9A-Za-z])")


def open_driver(config: Config, device: DeviceConf, edges: Edges, clone: CloneConf) -> PowerVsConsole:
    """Connect to the service, with a token."""
    del clone
    return PowerVsConsole(config, device, edges)


def word_of(status: str, task: str) -> str:
    """The word for an instance's status; anything unknown is OTHER, which is never off."""
    doing = task.strip().lower()
    if doing in NO_TASK:
        return {"SHUTOFF": OFF, "ACTIVE": RUNNING}.get(status, OTHER)
    if doing in TURNING_ON and status in ("SHUTOFF", "ACTIVE"):
        return STARTING
    return STOPPING if doing in TURNING_OFF and status in ("SHUTOFF", "ACTIVE") else OTHER


class PowerVsConsole:
    """A connection to the service; see `flashrt.consoles.base.ConsoleDriver`."""

    def __init__(self, config: Config, device: DeviceConf, edges: Edges) -> None:
        self._config = config
        self._device = device
        self._rest = PowerVsRest(config, device, edges)

    def close(self) -> None:
        """End the connection."""
        self._rest.close()

    def state(self, clone: CloneConf) -> PartitionState:
        """The status and the latest reference code."""
        return _state(self._identify(clone))

    def off(self, clone: CloneConf, immediate: bool) -> PartitionState:
        """Ask for the end unless it is off, or ending in order already."""
        found = self._identify(clone)
        state = _state(found)
        if state.word == OFF or (state.word == STOPPING and not immediate):
            return state
        self._act(found, "immediate-shutdown" if immediate else "stop")
        return state

    def on(self, clone: CloneConf, keylock: str = "norm") -> PartitionState:
        """Set operating and boot mode, then start: those of an earlier start stay set otherwise."""
        found = self._identify(clone)
        state = _state(found)
        if state.word != OFF:
            raise SidecarError(
                REFUSED,
                f"{title(clone)} is {state.state}, not off, and was not started. See what runs there.",
                state.word,
            )
        mode = "manual" if keylock == "manual" else "normal"
        boot = {"operationType": "boot", "operation": {"operatingMode": mode, "bootMode": IPL_SOURCE}}
        self._rest.change("POST", "pvm-instances", found.id, "operations", body=boot)
        self._act(found, "start")
        return state

    def check(self, clone: CloneConf) -> list[Finding]:
        """Workspace, instance, network.  Each finding stands for itself; none hides a later one."""
        found = self._identify(clone)
        system, serial = text_of(found.document, "osType", empty=True), _serial(found)
        health = found.document.get("health")
        word = text_of(health, "status", empty=True) if isinstance(health, dict) else ""
        return [
            Finding("console.machine", True, f"Workspace {clone.managed_system} has instance {found.name}."),
            Finding("console.partition", True, f"{title(clone)} state: {_state(found).state}"),
            Finding(
                "console.environment",
                system == "ibmi",
                f"{title(clone)} has operating system {system or 'not told'}"
                + ("." if system == "ibmi" else "; a clone of IBM i has ibmi. Correct the spec."),
                MISMATCH,
            ),
            Finding(
                "console.serial",
                bool(serial),
                f"{title(clone)} has "
                + (
                    f"the virtual serial number {serial}."
                    if serial
                    else "no virtual serial number: its system could not prove on which machine it is. Give "
                    "the instance one."
                ),
                MISMATCH,
            ),
            Finding(
                "console.identity",
                True,
                f"Not compared: the API tells no partition id, the spec says {clone.lpar_id}. See it on the "
                "instance's own console.",
                attention=True,
            ),
            Finding(
                "console.health",
                True,
                f"{title(clone)} has health {word or 'not told'}.",
                attention=word not in ("", "OK"),
            ),
            *([self._network_finding(clone, found)] if clone.network_isolated else []),
        ]

    def worldwide_names(self, clone: CloneConf, lpar_id: int) -> list[str] | None:
        """None: the API does not tell the ports of an instance."""
        del clone, lpar_id
        return None

    def server(self, clone: CloneConf, name: str, by_ssh: bool = False) -> Server:
        """CONFIG: the VIOS are the provider's, and nobody else asks them."""
        del by_ssh
        raise SidecarError(
            CONFIG,
            f"Power Virtual Server lets nobody see VIOS {name[:40]} of {clone.name}. Correct the spec.",
        )

    def on_server(self, clone: CloneConf, server: Server, command: str, limit_s: float) -> str:
        """As `server`."""
        del command, limit_s
        raise SidecarError(CONFIG, f"{clone.name} has no VIOS {server.name[:40]} that can be asked.")

    def client_of(self, clone: CloneConf, slot: tuple[int, int]) -> int:
        """0: the API tells no adapters."""
        del clone, slot
        return 0

    # parts

    def _act(self, found: Instance, action: str) -> None:
        self._rest.change("POST", "pvm-instances", found.id, "action", body={"action": action})

    def _identify(self, clone: CloneConf) -> Instance:
        """The instance, after the guard rail: nothing is done to one that is not proven to be the clone's."""
        refuse_names(self._config, clone)
        workspace = self._rest.workspace()
        if workspace != clone.managed_system:
            raise SidecarError(
                MISMATCH,
                f"The workspace of {self._device.name} is named {workspace[:40]}, declared is "
                f"{clone.managed_system}. Nothing was done. Correct the workspace or the name in the spec.",
            )
        found = self._rest.instance(clone.partition)
        serial = _serial(found)
        if serial and serial in {device_identity(one.serial) for one in self._config.system.identities}:
            raise SidecarError(
                REFUSED,
                f"Instance {found.name} has the virtual serial number {serial}, which is production's. "
                "Nothing was sent. Correct the partition of the clone in the spec.",
            )
        return found

    def _network_finding(self, clone: CloneConf, found: Instance) -> Finding:
        try:
            return self._check_network(clone, found)
        except SidecarError as error:
            return Finding("console.network", False, error.text, error.status)

    def _check_network(self, clone: CloneConf, found: Instance) -> Finding:
        """No network but the link's; a clone that lives on may have those that production has not."""
        allowed = clone.link.vlan if clone.link is not None else None
        networks = [self._network(id_of(one, "networkID")) for one in _networks(found)]
        outside = [one for one in _networks(found) if text_of(one, "externalIP", empty=True)]
        strange = [one for one in networks if one[1] != allowed or one[2] != PRIVATE]
        if strange and clone.own_network:
            taken = self._production_networks()
            strange = [one for one in strange if one[0] in taken or one[2] != PRIVATE]
        if outside:
            text = (
                f"{title(clone)} has the external address {text_of(outside[0], 'externalIP')}. Take it off."
            )
        elif strange:
            vlans = ", ".join(sorted({str(vlan) for _, vlan, _ in strange}))
            names = ", ".join(name for name, _, _ in strange)
            text = (
                f"{title(clone)} has VLAN {vlans}; isolated allows only the link's "
                f"({allowed if allowed is not None else 'none'}), and no public one. Take the interface on "
                f"{names} off the instance."
            )
        else:
            shown = ", ".join(name for name, _, _ in networks) or "none"
            return Finding("console.network", True, f"{title(clone)} is on network {shown} and no other.")
        return Finding("console.network", False, text, MISMATCH)

    def _production_networks(self) -> set[str]:
        """The names of the networks that the sources of all clones are on."""
        sources = sorted(_sources(self._config))
        return {
            self._network(id_of(one, "networkID"))[0]
            for name in sources
            for one in _networks(self._rest.instance(name))
        }

    def _network(self, network: str) -> tuple[str, int, str]:
        """Name, VLAN and kind of a network."""
        document = self._rest.read("networks", network)
        vlan = document.get("vlanID")
        if isinstance(vlan, bool) or not isinstance(vlan, (int, float)):
            raise SidecarError(SYSTEM, "The answer of the service has no usable `vlanID`. See its API.")
        return text_of(document, "name"), int(vlan), text_of(document, "type")


def refuse_names(config: Config, clone: CloneConf) -> None:
    """REFUSED if the clone's instance is production by its name: that of the system, or of what is copied."""
    if clone.partition in {config.system.name, *_sources(config)}:
        raise SidecarError(
            REFUSED,
            f"Instance {clone.partition} is production itself, not a clone. Nothing was sent. Correct the "
            "partition of the clone in the spec.",
        )


def _sources(config: Config) -> set[str]:
    """The instances whose volumes are copied."""
    return {
        copy.parts["instance"]
        for clone in config.clones.values()
        for disks in clone.disks
        for copy in disks.copies.values()
        if "instance" in copy.parts
    }


def _state(found: Instance) -> PartitionState:
    doing = found.task.strip().lower()
    shown = found.status if doing in NO_TASK else f"{found.status}, {found.task}"
    return PartitionState(word_of(found.status, found.task), shown[:60], _refcode(found), _serial(found))


def _serial(found: Instance) -> str:
    """The virtual serial number, "" where the instance has none: the machine's own is not told."""
    virtual = found.document.get("virtualSerialNumber")
    return device_identity(text_of(virtual, "serial", empty=True)) if isinstance(virtual, dict) else ""


def _refcode(found: Instance) -> str:
    """The code that was shown last, "" where none is told: lists of codes, each with its time stamp."""
    told: list[tuple[str, str]] = []
    lists = found.document.get("srcs")
    for codes in lists if isinstance(lists, list) else ():
        for one in codes if isinstance(codes, list) else ():
            code, stamp = (one.get("src"), one.get("timestamp")) if isinstance(one, dict) else ("", "")
            match = _REFCODE.match(code) if isinstance(code, str) else None
            if match:
                told.append((stamp if isinstance(stamp, str) else "", match.group(1).upper()))
    return max(told)[1] if told else ""


def _networks(found: Instance) -> list[dict[str, Any]]:
    """The interfaces of an instance; SYSTEM where they are not told, or not all."""
    shown = items_of(found.document, "networks")
    ids = found.document.get("networkIDs")
    if isinstance(ids, list) and not set(map(str, ids)) <= {str(one.get("networkID")) for one in shown}:
        raise SidecarError(SYSTEM, f"The service does not show all networks of instance {found.name}.")
    return shown
