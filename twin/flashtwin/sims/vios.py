"""A simulated Virtual I/O Server: its disks, its virtual SCSI adapters, and the commands of padmin.

Written from docs/platform-facts.md#vios-listings and #vios-mapping.  A server sees the volumes of its host
object on an array as hdisks behind its own local ones.  `Vios.handle(command)` answers one command that came
over RMC, or by SSH (`Vios.server`) behind `ioscli`; only the words of `COMMANDS` are known.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from flashtwin.sims.outcome import Outcome
from flashtwin.sims.server import Server
from flashtwin.site import PartitionSite
from flashtwin.world import MemoryVolume, Volume

if TYPE_CHECKING:
    from flashtwin.world import Partition

SYNTAX, NOT_FOUND, INCOMPLETE, NO_COMMAND = 1, 2, 4, 127
"""Exit statuses: docs/platform-facts.md#vios-ssh; the last one is the shell's."""

ANSWER_S = 1.5
"""What a command takes by SSH: our own choice."""

FIRST_LUN = 0x81
LONGEST_NAME = 15
FIELDS = ("svsa", "physloc", "clientid", "vtd", "status", "lun", "backing", "bdphysloc", "mirrored")
_WORDS = re.compile(r"[A-Za-z0-9_.:, -]*")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")


class ViosError(Exception):
    """A command that the server refuses, with what it prints and its exit status."""

    def __init__(self, text: str, status: int = INCOMPLETE) -> None:
        super().__init__(text)
        self.text = text
        self.status = status


@dataclass(slots=True, eq=False)
class Disk:
    """An hdisk with the volume behind it; `state` is Available or Defined."""

    name: str
    volume: Volume
    state: str = "Available"

    @property
    def unique_id(self) -> str:
        """The device identifier: for a volume of an SVC its UID between type and driver."""
        if isinstance(self.volume, MemoryVolume):
            return f"2711{self.volume.uid}08ST300MM03IBMsas"
        return f"33213{self.volume.uid}04214503IBMfcp"


@dataclass(slots=True, eq=False)
class TargetDevice:
    """A virtual target device: what a client sees as a disk."""

    name: str
    disk: Disk
    lun: int


@dataclass(slots=True, eq=False)
class ServerAdapter:
    """A virtual SCSI server adapter and the client partition that it is for."""

    name: str
    slot: int
    client: int
    client_slot: int
    client_known: bool
    devices: list[TargetDevice] = field(default_factory=list)


class Vios:
    """What runs in a VIOS partition."""

    def __init__(self, partition: Partition, site: PartitionSite) -> None:
        self.partition = partition
        self.rmc = site.rmc
        self.keys: dict[str, list[str]] = {user.name: [] for user in site.users}
        self.adapters: list[ServerAdapter] = []
        self.disks: dict[str, Disk] = {}
        local = [one for one in partition.volumes if isinstance(one, MemoryVolume)]
        shared = [one for one in partition.volumes if not isinstance(one, MemoryVolume)]
        for number, volume in enumerate([*local, *shared]):
            self.disks[f"hdisk{number}"] = Disk(f"hdisk{number}", volume)
        names = {getattr(one, "name", ""): disk for disk in self.disks.values() for one in (disk.volume,)}
        for one in site.adapters:
            adapter = ServerAdapter(one.name, one.slot, one.client, one.client_slot, one.client_known)
            for device in one.devices:
                adapter.devices.append(TargetDevice(device.name, names[device.volume], _next_lun(adapter)))
            self.adapters.append(adapter)

    @property
    def running(self) -> bool:
        """Whether the server works for its clients."""
        return self.partition.state == "Running"

    @property
    def rmc_state(self) -> str:
        """Its connection to the console."""
        return "active" if self.rmc and self.running else "inactive"

    def serves(self, lpar_id: int) -> bool:
        """Whether a partition is a client of this server."""
        return any(adapter.client == lpar_id for adapter in self.adapters)

    def offered(self, lpar_id: int) -> list[Volume]:
        """The volumes that this server presents to a client now."""
        return [
            device.disk.volume
            for adapter in self.adapters
            if adapter.client == lpar_id and self.running
            for device in adapter.devices
            if device.disk.state == "Available"
        ]

    def open_volumes(self) -> list[Volume]:
        """The volumes whose disks this server has open and polls: those with a virtual target device."""
        found = [device.disk.volume for adapter in self.adapters for device in adapter.devices]
        return found if self.running else []

    def handle(self, command: str) -> Callable[[], str]:
        """What a command will do and print, done when called.  ViosError: it is refused, now or then."""
        words = command.split()
        if not _WORDS.fullmatch(command) or not words or words[0] not in COMMANDS:
            raise ViosError(
                f"rksh: {(words or [''])[0]}: not found, or not allowed in a restricted shell", NO_COMMAND
            )
        act, valued, flags = COMMANDS[words[0]]
        options = _options(words[1:], valued, flags)
        return lambda: act(self, options)

    def server(self) -> Server:
        """What answers at its addresses: SSH, as long as it runs."""
        return Server(
            self.partition.name,
            self._by_ssh,
            lambda user, key: any(key in line.split() for line in self.keys.get(user, ())),
            meets=lambda: "ok" if self.running else "refused",
        )

    def authorise(self, user: str, line: str) -> None:
        """Let a public key line in, as in the user's authorized_keys2; KeyError for an unknown user."""
        if line not in self.keys[user]:
            self.keys[user].append(line)

    def _by_ssh(self, user: str, line: str) -> Outcome:
        """A command line in the restricted shell, where no alias stands in for `ioscli`."""
        del user
        prefix, _, command = line.partition(" ")
        try:
            if prefix != "ioscli":
                raise ViosError(f"rksh: {prefix}: not found", NO_COMMAND)
            act = self.handle(command)
        except ViosError as error:
            return _failed(error)

        def effect() -> Outcome:
            try:
                return Outcome(0, out=act())
            except ViosError as error:
                return _failed(error)

        return Outcome(0, duration_s=ANSWER_S, effect=effect)

    # listings

    def _lsmap(self, options: dict[str, list[str]]) -> str:
        if ("-all" in options) == ("-vadapter" in options):
            raise ViosError(
                "Usage: lsmap {-vadapter ServerVirtualAdapter | -plc PhysicalLocationCode | -all}", SYNTAX
            )
        adapters = self.adapters
        if "-vadapter" in options:
            adapters = [self._adapter(options["-vadapter"][0])]
        if "-fmt" not in options:
            return "".join(self._long(adapter) for adapter in adapters)
        delimiter = options["-fmt"][0]
        wanted = options.get("-field") or list(FIELDS)
        if len(delimiter) != 1 or any(name not in FIELDS for name in wanted):
            raise ViosError("The field or delimiter is not valid.", SYNTAX)
        lines = []
        for adapter in adapters:
            head = [value for name, value in zip(FIELDS, self._head(adapter), strict=False) if name in wanted]
            rows = [self._row(device) for device in adapter.devices] or [[" "] * 6]
            groups = [
                value for row in rows for name, value in zip(FIELDS[3:], row, strict=True) if name in wanted
            ]
            lines.append(delimiter.join([*head, *groups]) + "\n")
        return "".join(lines)

    def _head(self, adapter: ServerAdapter) -> list[str]:
        client = adapter.client if adapter.client_known else 0
        return [adapter.name, self._location(adapter), f"0x{client:08x}"]

    def _row(self, device: TargetDevice) -> list[str]:
        location = f"{self._unit()}-P1-C2-T1-L{device.lun:X}"
        state = "Available" if device.disk.state == "Available" else "Defined"
        return [device.name, state, f"0x{device.lun:x}00000000000000", device.disk.name, location, "false"]

    def _long(self, adapter: ServerAdapter) -> str:
        name, location, client = self._head(adapter)
        text = (
            "SVSA            Physloc                                      Client Partition ID\n"
            "--------------- -------------------------------------------- ------------------\n"
            f"{name:<15} {location:<44} {client}\n\n"
        )
        if not adapter.devices:
            return text + "VTD                   NO VIRTUAL TARGET DEVICE FOUND\n\n"
        names = ("VTD", "Status", "LUN", "Backing device", "Physloc", "Mirrored")
        for device in adapter.devices:
            text += "".join(f"{n:<21} {v}\n" for n, v in zip(names, self._row(device), strict=True)) + "\n"
        return text

    def _lsdev(self, options: dict[str, list[str]]) -> str:
        if "-dev" in options:
            disk = self._disk(options["-dev"][0])
            values = {"unique_id": disk.unique_id, "reserve_policy": "no_reserve"}
            name = (options.get("-attr") or [""])[0]
            if name not in values:
                raise ViosError(f'lsattr: 0514-528 The "{name}" attribute does not exist.')
            return f"value\n\n{values[name]}\n"
        wanted = options.get("-field") or ["name", "status"]
        if options.get("-type") != ["disk"] or "-fmt" not in options or {*wanted} - {"name", "status"}:
            raise ViosError(
                "Usage: lsdev [-type DeviceType ...] [-field FieldName ...] [-fmt Delimiter]", SYNTAX
            )
        delimiter = options["-fmt"][0]
        rows = [{"name": one.name, "status": one.state} for one in self.disks.values()]
        return "".join(delimiter.join(row[name] for name in wanted) + "\n" for row in rows)

    # changes

    def _rmvdev(self, options: dict[str, list[str]]) -> str:
        if ("-vtd" in options) == ("-vdev" in options):
            raise ViosError(
                "Usage: rmvdev [-f] {-vdev TargetDevice | -vtd VirtualTargetDevice} [-rmlv]", SYNTAX
            )
        key = options["-vtd" if "-vtd" in options else "-vdev"][0]
        found = [
            (adapter, device)
            for adapter in self.adapters
            for device in adapter.devices
            if key == (device.name if "-vtd" in options else device.disk.name)
        ]
        if not found:
            raise ViosError(f'"{key}" was not found.', NOT_FOUND)
        if len(found) > 1 and "-f" not in options:
            raise ViosError(f'"{key}" has more than one virtual target device. Specify the -f flag.')
        for adapter, device in found:
            adapter.devices.remove(device)
            self._log("vios_unmapped", adapter, device)
        self.partition.world.disks_changed()
        return "".join(f"{device.name} deleted\n" for _, device in found)

    def _mkvdev(self, options: dict[str, list[str]]) -> str:
        if "-vdev" not in options or "-vadapter" not in options:
            raise ViosError(
                "Usage: mkvdev [-f] {-vdev TargetDevice} {-vadapter VirtualServerAdapter} [-dev Name]", SYNTAX
            )
        disk, adapter = self._disk(options["-vdev"][0]), self._adapter(options["-vadapter"][0])
        devices = [device for one in self.adapters for device in one.devices]
        if disk.state != "Available":
            raise ViosError(f'"{disk.name}" is not in the Available state.')
        if any(device.disk is disk for device in devices) and "-f" not in options:
            raise ViosError(
                f'"{disk.name}" is already being used as a backing device.  Specify the -f flag to force '
                "this device to be used anyway."
            )
        known = {device.name for device in devices}
        free = next(n for n in range(len(known) + 1) if f"vtscsi{n}" not in known)
        name = (options.get("-dev") or [f"vtscsi{free}"])[0]
        if name in known or len(name) > LONGEST_NAME or not _NAME.fullmatch(name):
            raise ViosError(f'"{name}" is already in use, or not a valid name.')
        device = TargetDevice(name, disk, _next_lun(adapter))
        adapter.devices.append(device)
        self._log("vios_mapped", adapter, device)
        return f"{name} Available\n"

    def _rmdev(self, options: dict[str, list[str]]) -> str:
        disk = self._disk((options.get("-dev") or [""])[0])
        if any(device.disk is disk for adapter in self.adapters for device in adapter.devices):
            raise ViosError(
                f"rmdev: 0514-062 Cannot perform the requested function because {disk.name} is busy."
            )
        if "-ucfg" in options:
            disk.state = "Defined"
            return f"{disk.name} Defined\n"
        del self.disks[disk.name]
        return f"{disk.name} deleted\n"

    def _cfgdev(self, options: dict[str, list[str]]) -> str:
        del options
        known = {id(disk.volume) for disk in self.disks.values()}
        for disk in self.disks.values():
            disk.state = "Available"
        for volume in self.partition.volumes:
            if id(volume) not in known:
                name = next(n for n in (f"hdisk{i}" for i in range(10_000)) if n not in self.disks)
                self.disks[name] = Disk(name, volume)
        return ""

    # parts

    def _log(self, kind: str, adapter: ServerAdapter, device: TargetDevice) -> None:
        client = self.partition.managed_system.partitions.get(adapter.client)
        self.partition.world.events.log(
            kind,
            self.partition.name,
            device=device.name,
            adapter=adapter.name,
            client=client.name if client is not None else "",
            volume=device.disk.volume.uid,
        )

    def _disk(self, name: str) -> Disk:
        if name not in self.disks:
            raise ViosError(f'Device "{name}" is not found.', NOT_FOUND)
        return self.disks[name]

    def _adapter(self, name: str) -> ServerAdapter:
        found = next((one for one in self.adapters if one.name == name), None)
        if found is None:
            raise ViosError(f'Device "{name}" is not found.', NOT_FOUND)
        return found

    def _unit(self) -> str:
        return f"U78D2.001.WZS{self.partition.lpar_id:04d}"

    def _location(self, adapter: ServerAdapter) -> str:
        machine = self.partition.managed_system
        unit = machine.type_model.replace("-", ".")
        return f"U{unit}.{machine.serial}-V{self.partition.lpar_id}-C{adapter.slot}"


Act = Callable[[Vios, dict[str, list[str]]], str]
COMMANDS: dict[str, tuple[Act, tuple[str, ...], tuple[str, ...]]] = {
    "lsmap": (Vios._lsmap, ("-vadapter", "-field", "-fmt", "-type"), ("-all",)),
    "lsdev": (Vios._lsdev, ("-dev", "-attr", "-type", "-field", "-fmt"), ()),
    "rmvdev": (Vios._rmvdev, ("-vtd", "-vdev"), ("-f",)),
    "mkvdev": (Vios._mkvdev, ("-vdev", "-vadapter", "-dev"), ("-f",)),
    "rmdev": (Vios._rmdev, ("-dev",), ("-ucfg", "-recursive")),
    "cfgdev": (Vios._cfgdev, ("-dev",), ()),
}
"""The commands by name: what it does, its options with values and those without."""


def _failed(error: ViosError) -> Outcome:
    return Outcome(error.status, err=error.text + "\n", duration_s=ANSWER_S)


def _options(words: Sequence[str], valued: Sequence[str], flags: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    last = ""
    for word in words:
        if word.startswith("-") and (word in valued or word in flags) and word not in found:
            found[word] = []
            last = word if word in valued else ""
        elif last:
            found[last].append(word)
        else:
            raise ViosError(f'Unrecognized option or value "{word}".', SYNTAX)
    if any(not values for name, values in found.items() if name in valued):
        raise ViosError("An option needs a value.", SYNTAX)
    return found


def _next_lun(adapter: ServerAdapter) -> int:
    taken = {device.lun for device in adapter.devices}
    return next(lun for lun in range(FIRST_LUN, FIRST_LUN + len(taken) + 1) if lun not in taken)
