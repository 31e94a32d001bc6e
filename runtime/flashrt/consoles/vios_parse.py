"""The output of VIOS commands, read: mappings, devices, attributes.  Pure functions.

`lsmap -all -fmt :` prints a line for each virtual SCSI server adapter: adapter, location, client partition
in hexadecimal, and six fields for each virtual target device: its name, status, LUN, backing device,
location and mirroring.  An empty field is one blank; an adapter without a device has one group of blanks
(docs/platform-facts.md#vios-listings).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from flashrt.consoles.hmc_parse import lines_of
from flashrt.status import CONFIG, SYSTEM, SidecarError

DELIMITER = ":"
LINE_LIMIT = 20000
AVAILABLE = "available"

_DEVICE = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,30}\Z")
_DISK = re.compile(r"hdisk[a-z]*[0-9]+\Z")
_ADAPTER = re.compile(r"vhost[0-9]+:")
_LUN = re.compile(r"0x[0-9A-Fa-f]{1,16}\Z")
_CLIENT = re.compile(r"0x[0-9A-Fa-f]{1,8}\Z")
_SLOT = re.compile(r"-V([0-9]+)-C([0-9]+)\Z")
_OWNER = re.compile(r"U[0-9A-Z]{4}\.[0-9A-Z]{3}\.([0-9A-Z]{1,16})-V([0-9]+)-C[0-9]+\Z")
_GROUP = 6


class Target(NamedTuple):
    """A virtual target device: what a client partition sees as a disk."""

    vtd: str
    status: str
    lun: str
    backing: str


class Adapter(NamedTuple):
    """A virtual SCSI server adapter; `client` is 0 where the client has not been started since."""

    name: str
    physloc: str
    client: int
    targets: tuple[Target, ...]

    @property
    def slot(self) -> tuple[int, int]:
        """Partition id of the VIOS and virtual slot, out of the location; (0, 0) where it shows none."""
        match = _SLOT.search(self.physloc)
        return (int(match.group(1)), int(match.group(2))) if match else (0, 0)

    @property
    def owner(self) -> tuple[str, int]:
        """Machine serial and partition id of the VIOS, out of the location; ("", 0) where it shows none."""
        match = _OWNER.match(self.physloc)
        return (match.group(1), int(match.group(2))) if match else ("", 0)


def device_name(name: str) -> str:
    """The name itself if it may stand in a command.  SYSTEM if a shell could read something in it."""
    if not _DEVICE.match(name):
        raise SidecarError(SYSTEM, f"The VIOS shows a device named {name[:40]!r}, which cannot be used.")
    return name


def is_disk(backing: str) -> bool:
    """Whether a backing device is a physical volume, whatever its driver calls it."""
    return bool(_DISK.match(backing))


def is_other_disk(backing: str) -> bool:
    """Whether a backing device may be a disk of another kind: a logical volume; no optical, tape or file."""
    return bool(backing) and not is_disk(backing) and "/" not in backing and backing[:2] not in ("cd", "rm")


def adapters(text: str) -> list[Adapter]:
    """The adapters of an `lsmap -all -fmt :` listing.  SYSTEM if a row of one cannot be read.

    Lines that name no adapter are a banner, or the sentence that there are none.
    """
    lines = lines_of(text)
    if len(lines) > LINE_LIMIT or "\0" in text:
        raise SidecarError(SYSTEM, "The VIOS answered lsmap with something that is no listing.")
    return [_adapter(line) for line in lines if _ADAPTER.match(line)]


def _adapter(line: str) -> Adapter:
    fields = [field.strip() for field in line.split(DELIMITER)]
    name, rest = fields[0], fields[3:]
    if len(fields) < 3 or not _CLIENT.match(fields[2]) or len(rest) % _GROUP:
        raise _unreadable(line)
    targets = []
    for at in range(0, len(rest), _GROUP):
        vtd, status, lun, backing = rest[at : at + 4]
        if not vtd:
            continue
        if not _LUN.match(lun):
            raise _unreadable(line)
        targets.append(Target(vtd, status, lun.lower(), backing))
    return Adapter(device_name(name), fields[1], int(fields[2], 16), tuple(targets))


def _unreadable(line: str) -> SidecarError:
    return SidecarError(SYSTEM, f"The VIOS's lsmap cannot be read at '{line[:80]}'. Check its level.")


def attribute(text: str) -> str:
    """The value of `lsdev -dev D -attr A`: the first line behind the heading `value`."""
    lines = lines_of(text)
    if lines and lines[0].lower() == "value":
        lines = lines[1:]
    if not lines:
        raise SidecarError(SYSTEM, "The VIOS shows no value for a device's attribute. Check its level.")
    return lines[0]


def disks(text: str) -> list[str]:
    """The physical volumes of `lsdev -type disk -field name status -fmt :` that are available."""
    found = []
    for line in lines_of(text):
        name, _, status = line.partition(DELIMITER)
        if is_disk(name.strip()) and status.strip().lower() == AVAILABLE:
            found.append(name.strip())
    return found


def uid_in(unique_id: str, uids: frozenset[str]) -> str:
    """Which of these volume UIDs a device's `unique_id` holds, "" for none.

    The attribute is the type of the identifier, the UID, and what the driver adds.
    """
    text = unique_id.upper()
    found = [uid for uid in uids if uid in text]
    if len(found) > 1:
        raise SidecarError(SYSTEM, f"The device identifier {unique_id[:60]} holds more than one volume UID.")
    return found[0] if found else ""


def plain_command(command: str) -> str:
    """A VIOS command as it is.  CONFIG if a shell on the way could change it."""
    if not re.match(r"[A-Za-z0-9_.: -]{1,400}\Z", command):
        raise SidecarError(CONFIG, f"The VIOS command {command[:60]!r} may not be sent.")
    return command


def command_text(command: str) -> str:
    """A VIOS command as one word of the HMC's shell."""
    return f'"{plain_command(command)}"'
