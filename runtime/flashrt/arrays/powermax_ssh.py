"""VMAX and PowerMax: requests by SYMCLI, on a host that has it, by SSH (docs/platform-facts.md#symcli).

There is no SYMCLI for IBM i.  Each request is one command; what is listed comes as XML, which is read without
entities and within limits.  An exit status of 0 alone means that a change was done.  Snapshots of one name
are told apart by their time; the generation, a number that moves with each new one, is only good for the
next command.

A list of nothing is told by a status and a sentence.  So that no other failure is taken for it, the volumes'
own flags must say the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple
from xml.parsers import expat

from flashrt.arrays.base import GroupState, Shot
from flashrt.arrays.powermax_parse import Linked, Snapshot
from flashrt.arrays.powermax_system import Mirror, Space, Volume
from flashrt.config import Config, DeviceConf
from flashrt.devices import connect_first
from flashrt.edges import Edges, OpenCommand, Reply, Session
from flashrt.localtime import Look, seconds_of
from flashrt.result import plain
from flashrt.status import CONFIG, MISMATCH, NOTFOUND, REFUSED, SYSTEM, TIMEOUT, UNKNOWN, SidecarError

OPEN_S = 5.0
"""How long the host may take to open a session on a connection that is there."""

LOCKED = (2, 3, 19)
"""Exit statuses of a command that found its database, the array or a gatekeeper locked by another one."""

RESERVED = 10.0
"""Percent of a pool that hosts alone get, as arrays are shipped: for a list that does not say it."""

LOCKED_S = 5.0
TRIES = 3
"""How long a lock is left alone, and how often a command that only reads is tried."""

NOT_THERE = (126, 127)
"""Exit statuses of a shell that ran nothing."""

DEEPEST = 12
MOST_NODES = 200_000

GOOD = Reply(0, "Establish operation successfully executed", "")
REFUSAL = Reply(127, "", "symsnapvx: not found")

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}\Z")
_VOLUME = re.compile(r"[0-9A-F]{4,5}\Z")
_NUMBER = re.compile(r"[0-9]{1,15}(\.[0-9]{1,6})?\Z")
_STAMP = re.compile(r"\w{3} (\w{3}) +(\d{1,2}) (\d\d):(\d\d):(\d\d) (\d{4})\Z")
_DATE = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)([A-Za-z0-9+:<>_-]{0,40})\Z", re.ASCII)


class Node(NamedTuple):
    """An element: its name, its text, what is in it."""

    tag: str
    text: list[str]
    parts: list[Node]

    def all(self, path: str) -> list[Node]:
        """The elements at a path below this one."""
        found = [self]
        for tag in path.split("/"):
            found = [part for node in found for part in node.parts if part.tag == tag]
        return found

    def get(self, path: str) -> str:
        """The text of the first element at a path; "" where there is none."""
        found = self.all(path)
        return "".join(found[0].text).strip() if found else ""

    def need(self, path: str) -> str:
        """The text of an element that must be there."""
        value = self.get(path)
        if not value:
            raise SidecarError(SYSTEM, f"SYMCLI tells no {path} of a {self.tag}. Check its release.")
        return value


class Symcli:
    """A connection to a host with SYMCLI; see `flashrt.arrays.powermax_system.System`."""

    def __init__(self, config: Config, device: DeviceConf, edges: Edges) -> None:
        self.generations = True
        self.clock = ("The clock of the host of {}", "Let the product's user enter date there.")
        self._config = config
        self._device = device
        self._edges = edges
        if "program" not in device.facts:
            raise SidecarError(CONFIG, f"sidecar.json does not say where SYMCLI of {device.name} is.")
        self._folder = device.facts["program"].rstrip("/")
        self.serial = device.facts["serial"]
        self._code = ""
        self._names: dict[str, list[str]] = {}
        self._session: Session = connect_first(config, device, edges)
        try:
            self._identify()
        except BaseException:
            self.close()
            raise

    @property
    def level(self) -> str:
        """Code level of the array."""
        return f"code {plain(self._code)[:20]}, by SYMCLI"

    def close(self) -> None:
        """End the connection."""
        self._session.close()

    def again(self) -> None:
        """Connect anew."""
        self._session.close()
        self._session = connect_first(self._config, self._device, self._edges)

    # reading

    def has_group(self, group: str) -> bool:
        """Looked for in the list of all."""
        found = self._xml(f"symsg -sid {self.serial} list")
        return group in {one.get("name") for one in found.all("SG/SG_Info")}

    def names(self, group: str) -> list[str]:
        """The volumes of a storage group; also those of the groups in it."""
        found = self._xml(f"symsg -sid {self.serial} show {_name(group)}")
        if found.get("SG/SG_Info/name") != group:
            raise SidecarError(SYSTEM, f"SYMCLI answers for {group} with another storage group.")
        names = [_volume_name(one.need("dev_name")) for one in found.all("SG/DEVS_List/Device")]
        self._names[group] = names
        return names

    def volumes(self, group: str) -> list[Volume]:
        """The volumes of a storage group, with their details."""
        return [_volume(name, row) for name, row in self._members(group).items()]

    def mirrors(self, group: str) -> list[Mirror]:
        """By the volumes' own details."""
        return [
            Mirror(f"volume {name}", _side(row), tuple(_texts(row, "RDF/RDF_Info/pair_state")), _mode(row))
            for name, row in self._members(group).items()
            if _volume(name, row).mirrored
        ]

    def busy(self, group: str, volumes: Sequence[str]) -> list[str]:
        """By the volumes' own flags."""
        rows = self._members(group)
        return [name for name in volumes if rows[name].need("Dev_Info/snapvx_target") != "False"]

    def snapshots(self, group: str, name: str, target: str) -> list[Snapshot]:
        """The snapshots of a name, and which of their volumes the target group shows."""
        command = f"symsnapvx -sid {self.serial} -sg {_name(group)} -snapshot_name {_name(name)} list -detail"
        listed = self._list(command, lambda: self._uses(group, "snapvx_source"))
        rows: dict[str, list[Node]] = {}
        for row in listed:
            if row.need("snapshot_name") == name:
                rows.setdefault(row.need("timestamp"), []).append(row)
        shown = self._links(target) if rows else []
        return [self._snapshot(name, stamp, found, target, shown) for stamp, found in rows.items()]

    def instant(self, ident: str) -> float | None:
        """Snapshots go by their times, which are told in the host's zone."""
        return _stamped(ident)

    def look(self) -> Look | None:
        """By the host's clock."""
        now, shown = self._edges.clock.now(), self._host_time()
        return None if shown is None else Look(now, *shown)

    def age(self, taken: int) -> float:
        """By the host's clock: times are told in its zone."""
        shown = self._host_time()
        if shown is None:
            raise SidecarError(SYSTEM, f"The host of {self._device.name} does not tell its time.")
        return shown[0] - taken

    def _host_time(self) -> tuple[float, str] | None:
        """What the host shows, in seconds as if it were UTC, and the name of its zone; None for nothing."""
        reply = self._run("date +%Y%m%d%H%M%S%Z")
        found = _DATE.match(reply.out.strip())
        if reply.status != 0 or found is None:
            return None
        at = seconds_of(*found.group(1, 2, 3, 4, 5, 6))
        return None if at is None else (at, found[7])

    def space(self, group: str) -> Space:
        """The storage resource pool that the volumes are in, and how full they are."""
        pools = {one.need("Dev_Info/SRP_name") for one in self._details(group)}
        if len(pools) != 1:
            raise SidecarError(SYSTEM, f"The volumes of {group} are in {len(pools)} pools, not in one.")
        pool = pools.pop()
        known = self._xml(f"symcfg -sid {self.serial} list -srp").all("Symmetrix/SRP/SRP_Info")
        found = [one for one in known if one.get("name") == pool]
        whole, free = (
            _number(found[0].get(f"{key}_capacity_gigabytes")) if found else None
            for key in ("usable", "free")
        )
        if not whole or free is None:
            raise SidecarError(
                SYSTEM, f"The array does not show the capacity of pool {plain(pool)[:40]} of {group}."
            )
        command = f"symcfg -sid {self.serial} list -tdev -sg {_name(group)}"
        rows = self._xml(command).all("Symmetrix/ThinDevs/Device")
        counts = [(_number(row.get("alloc_tracks")), _number(row.get("total_tracks"))) for row in rows]
        used = [100.0 * (one or 0.0) / total for one, total in counts if total]
        kept = _number(found[0].get("resv_cap"))
        kept = RESERVED if kept is None else kept
        share = sum(used) / len(used) if used else 0.0
        return Space(plain(pool), max(0.0, 100.0 * free / whole - kept), share, kept)

    def masked(self, title: Callable[[str], str], read: Callable[[str], GroupState]) -> SymcliMasked:
        """By the masking views of initiator groups."""
        return SymcliMasked(self, title, read)

    def details(self, names: Iterable[str]) -> list[Node]:
        """Volumes by their numbers: those of a storage group that was asked for come in one list."""
        wanted = list(names)
        found: list[Node] = []
        for group, inside in self._names.items():
            if len(set(inside) & set(wanted)) > 1:
                found += [one for one in self._details(group) if _identifier(one)]
        known = {one.need("Dev_Info/dev_name") for one in found}
        for name in wanted:
            if name in known:
                continue
            command = f"symdev -sid {self.serial} show {_volume_name(name)}"
            found += self._xml(command).all("Symmetrix/Device")
        return found

    def groups_of(self, volume: str) -> list[Node]:
        """The storage groups of a volume, as the masking database has them."""
        command = f"symaccess -sid {self.serial} list -type storage -devs {_volume_name(volume)}"
        return self._xml(command).all("Symmetrix/Storage_Group/Group_Info")

    def views(self) -> list[Node]:
        """All masking views of the array in one list; none where it has no such list, or not in time.

        A volume tells its views for itself, and a partition may have hundreds
        (docs/platform-facts.md#one-volume-at-a-time).
        """
        try:
            found = self._xml(f"symaccess -sid {self.serial} list view -detail")
        except SidecarError as error:
            if error.status not in (SYSTEM, TIMEOUT, UNKNOWN):
                raise
            if error.status != SYSTEM and self._edges.clock.now() < self._edges.until:
                self.again()
            return []
        return found.all("Symmetrix/Masking_View/View_Info")

    def view(self, name: str) -> Node:
        """A masking view."""
        found = self._xml(f"symaccess -sid {self.serial} show view {_name(name)}")
        views = found.all("Symmetrix/Masking_View/View_Info")
        if not views:
            raise SidecarError(SYSTEM, f"SYMCLI does not show masking view {name[:64]}.")
        return views[0]

    def initiators(self, group: str) -> Node:
        """An initiator group; NOTFOUND where the list of all has none of that name."""
        command = f"symaccess -sid {self.serial} show {_name(group)} -type initiator"
        reply = self._read(f"{command} -output xml_e")
        if reply.status != 0:
            every = self._xml(f"symaccess -sid {self.serial} list -type initiator")
            known = every.all("Symmetrix/Initiator_Group/Group_Info")
            if group not in {one.get("group_name") for one in known}:
                raise SidecarError(NOTFOUND, f"{self._device.name} has no initiator group {group}.")
        groups = self._parsed(command, reply).all("Symmetrix/Initiator_Group/Group_Info")
        if not groups:
            raise SidecarError(SYSTEM, f"SYMCLI does not show initiator group {group[:64]}.")
        return groups[0]

    # changing

    def link(self, action: str, group: str, name: str, number: str, target: str) -> None:
        """Link, relink or unlink; nocopy, without force."""
        snapshot = f"-sg {_name(group)} -lnsg {_name(target)} -snapshot_name {_name(name)}"
        self._change(f"{snapshot} -generation {_generation(number)} {action.lower()}")

    def terminate(self, group: str, name: str, number: str) -> None:
        """Remove a snapshot."""
        snapshot = f"-sg {_name(group)} -snapshot_name {_name(name)}"
        self._change(f"{snapshot} -generation {_generation(number)} terminate")

    def shot(self, group: str, name: str) -> Shot:
        """One command on a session channel that is open; the probe opens and closes another."""
        request = self._at(
            f"symsnapvx -sid {self.serial} -sg {_name(group)} -name {_name(name)} establish -nop"
        )

        def channel() -> OpenCommand:
            return self._session.open_command(self._edges.clock.now() + OPEN_S)

        return Shot(channel(), request, lambda: channel().close(), judge, GOOD, REFUSAL)

    # parts

    def _identify(self) -> None:
        """Nothing is asked of another array than the one that the spec names."""
        found = self._xml(f"symcfg -sid {self.serial} list").all("Symmetrix/Symm_Info")
        seen = [one.get("symid") for one in found]
        if seen != [self.serial]:
            others = plain(", ".join(seen))[:40] or "no array"
            raise SidecarError(
                MISMATCH,
                f"SYMCLI of {self._device.name} shows {others}, the spec says {self.serial}. Correct the "
                "address or the serial number.",
            )
        self._code = found[0].get("microcode_version") or "unknown"

    def _links(self, target: str) -> list[Node]:
        """What the volumes of a storage group show, of any snapshot."""
        command = f"symsnapvx -sid {self.serial} -lnsg {_name(target)} list -linked -by_tgt -detail"
        return self._list(command, lambda: self._uses(target, "snapvx_target"))

    def _snapshot(self, name: str, stamp: str, rows: list[Node], target: str, shown: list[Node]) -> Snapshot:
        numbers = {_generation(row.need("generation")) for row in rows}
        if len(numbers) != 1:
            raise SidecarError(
                SYSTEM, f"Snapshot {name} of {plain(stamp)[:30]} has several generations at a time."
            )
        number = numbers.pop()
        links = [
            (row.need("source"), row.need("link"))
            for row in shown
            if row.need("snapshot_name") == name and row.need("generation") == number
        ]
        own = {row.need("source") for row in rows}
        usable = bool(links) and self._is_defined(name, number, target)
        return Snapshot(
            number,
            plain(stamp),
            _seconds(stamp),
            tuple(sorted({_state(row) for row in rows})),
            tuple(_volume_name(one) for one in sorted(own)),
            tuple(
                Linked(target, _volume_name(source), _volume_name(link), usable)
                for source, link in links
                if source in own
            ),
        )

    def _is_defined(self, name: str, number: str, target: str) -> bool:
        """Whether each volume of the target group can be used: SYMCLI's own comparison, by its status."""
        snapshot = f"-lnsg {_name(target)} -snapshot_name {_name(name)} -generation {number}"
        command = f"symsnapvx -sid {self.serial} {snapshot} verify -linked -defined -by_tgt"
        return self._read(command).status == 0

    def _uses(self, group: str, flag: str) -> bool:
        """Whether a volume of a storage group says that it is in a snapshot."""
        return any(one.get(f"Dev_Info/{flag}") != "False" for one in self._details(group))

    def _details(self, group: str) -> list[Node]:
        found = self._xml(f"symdev -sid {self.serial} list -sg {_name(group)} -v")
        return found.all("Symmetrix/Device")

    def _members(self, group: str) -> dict[str, Node]:
        """The details of the volumes of a storage group, in its order."""
        names = self.names(group)
        listed = {one.need("Dev_Info/dev_name"): one for one in self._details(group)} if names else {}
        missing = [name for name in names if name not in listed]
        if missing:
            raise SidecarError(SYSTEM, f"SYMCLI does not show volume {missing[0]} of {group}.")
        return {name: listed[name] for name in names}

    def _list(self, command: str, used: Callable[[], bool]) -> list[Node]:
        """The snapshots of a list.  None: said so by the status, the sentence or the volumes' own flags."""
        reply = self._read(f"{command} -output xml_e")
        if reply.status != 0 and ("no snapshot" in (reply.err + reply.out).lower() or not used()):
            return []
        return self._parsed(command, reply).all("SG/Snapvx/Snapshot")

    def _xml(self, command: str) -> Node:
        return self._parsed(command, self._read(f"{command} -output xml_e"))

    def _parsed(self, command: str, reply: Reply) -> Node:
        if reply.status != 0:
            said = plain(reply.err or reply.out)[:120] or "nothing"
            raise SidecarError(
                SYSTEM, f"{self._device.name}: {command} ended with status {reply.status}: {said}"
            )
        return parse(reply.out)

    def _read(self, command: str) -> Reply:
        """A command that changes nothing; one that met a lock is tried again."""
        for left in range(TRIES - 1, -1, -1):
            reply = self._run(self._at(command))
            if reply.status not in LOCKED or not left:
                break
            self._edges.clock.sleep(LOCKED_S)
        return reply

    def _change(self, rest: str) -> None:
        """Send a change once, without questions."""
        command = f"symsnapvx -sid {self.serial} {rest} -nop"
        reply = self._run(self._at(command))
        if reply.status != 0:
            said = plain(reply.err or reply.out)[:120] or "nothing"
            raise SidecarError(
                SYSTEM, f"{self._device.name}: {command} ended with status {reply.status}: {said}"
            )

    def _at(self, command: str) -> str:
        return f"{self._folder}/{command}"

    def _run(self, command: str) -> Reply:
        return self._session.run(command, self._edges.clock.now() + self._config.limits.request_s)


class SymcliMasked:
    """Volumes, initiator groups and masking views; see `flashrt.arrays.members.Masked`.

    A host is an initiator group: what it sees is in the masking views of the group, and of groups that it is
    in.
    """

    def __init__(
        self, symcli: Symcli, title: Callable[[str], str], read: Callable[[str], GroupState]
    ) -> None:
        self._symcli = symcli
        self.title = title
        self.read = read
        self._views: dict[str, Node] = {}
        self._hosts: dict[str, set[str]] = {}
        self._listed: dict[str, set[str]] | None = None

    def hosts_of(self, volume: str) -> set[str]:
        """The initiator groups of the masking views that have a volume, or its storage groups."""
        if self._listed is None:
            self._listed = self._by_volume()
        if self._listed:
            return self._listed.get(volume, set())
        if volume not in self._hosts:
            views = {
                view
                for group in self._symcli.groups_of(volume)
                for kind in ("Mask_View_Names", "Cascaded_View_Names")
                for view in _texts(group, f"{kind}/view_name")
            }
            self._hosts[volume] = {self._view(view).need("init_grpname") for view in views}
        return self._hosts[volume]

    def volumes_of(self, host: str) -> set[str]:
        """The volumes of every masking view of an initiator group."""
        group = self._symcli.initiators(host)
        views = {
            view
            for kind in ("Mask_View_Names", "Cascaded_View_Names")
            for view in _texts(group, f"{kind}/view_name")
        }
        return {name for view in views for name in _volumes_of(self._view(view))}

    def ports_of(self, host: str) -> list[str]:
        """The WWPNs of an initiator group, and of the groups in it."""
        found: set[str] = set()
        waiting, known = [host], {host}
        while waiting:
            group = self._symcli.initiators(waiting.pop())
            found |= set(_texts(group, "Initiator_List/Initiator/wwn"))
            inner = set(_texts(group, "Initiator_List/Initiator/group_name")) - known
            known |= inner
            waiting += sorted(inner)
        return sorted(found)

    def uids_of(self, volumes: Sequence[str]) -> dict[str, str]:
        """What a host sees of these volumes."""
        return {
            one.need("Dev_Info/dev_name"): (_identifier(one) or one.need("Product/wwn")).upper()
            for one in self._symcli.details(sorted(set(volumes)))
        }

    def _by_volume(self) -> dict[str, set[str]]:
        """The initiator groups of each volume that is in a masking view; none where there is no such list."""
        found: dict[str, set[str]] = {}
        for one in self._symcli.views():
            name = one.need("view_name")
            # A list that leaves the volumes out says nothing of a view: it is asked for itself.
            view = one if one.all("Device") else self._symcli.view(name)
            self._views[name] = view
            for volume in _volumes_of(view):
                found.setdefault(volume, set()).add(view.need("init_grpname"))
        return found

    def _view(self, name: str) -> Node:
        if name not in self._views:
            self._views[name] = self._symcli.view(name)
        return self._views[name]


def judge(reply: Reply) -> SidecarError | None:
    """What the answer to the one request means: None when the snapshot was surely taken."""
    if reply.status == 0:
        return None
    said = plain(reply.err or reply.out)[:100] or f"status {reply.status}"
    if reply.status in NOT_THERE:
        return SidecarError(REFUSED, said, "REFUSED")
    return SidecarError(UNKNOWN, said)


def parse(text: str) -> Node:
    """A document of SYMCLI; SYSTEM for anything else, for one with entities, and for one that is too deep."""
    root = Node("", [], [])
    open_nodes = [root]
    count = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal count
        del attributes
        count += 1
        if len(open_nodes) > DEEPEST or count > MOST_NODES:
            raise SidecarError(SYSTEM, "A document of SYMCLI is too deep or too large.")
        node = Node(tag, [], [])
        open_nodes[-1].parts.append(node)
        open_nodes.append(node)

    def data(text: str) -> None:
        open_nodes[-1].text.append(text)

    def doctype(*_: object) -> None:
        raise SidecarError(SYSTEM, "A document of SYMCLI has definitions of its own.")

    reader = expat.ParserCreate()
    reader.StartElementHandler = start
    reader.EndElementHandler = lambda _tag: open_nodes.pop()
    reader.CharacterDataHandler = data
    reader.StartDoctypeDeclHandler = doctype
    try:
        reader.Parse(text.strip().encode("utf-8"), True)
    except expat.ExpatError as error:
        raise SidecarError(SYSTEM, f"SYMCLI answers with no XML: '{plain(text)[:60]}'.") from error
    if [one.tag for one in root.parts] != ["SymCLI_ML"]:
        raise SidecarError(SYSTEM, "SYMCLI answers with another document than its own.")
    return root.parts[0]


def _name(text: str) -> str:
    """A name that goes into a command line."""
    if not _NAME.match(text):
        raise SidecarError(CONFIG, f"{plain(text)[:60]} is no name that SYMCLI is asked by.")
    return text


def _volume_name(text: str) -> str:
    name = text.upper()
    if not _VOLUME.match(name):
        raise SidecarError(SYSTEM, f"SYMCLI shows a volume {plain(text)[:40]}.")
    return name


def _volumes_of(view: Node) -> list[str]:
    """The volumes of a masking view."""
    return [_volume_name(name) for name in _texts(view, "Device/dev_name")]


def _identifier(row: Node) -> str:
    """What a host sees of a volume, as its details say."""
    return row.get("Device_External_Identity/wwn") or row.get("Product/wwn")


def _generation(text: str) -> str:
    if not re.match(r"[0-9]{1,5}\Z", text):
        raise SidecarError(SYSTEM, f"SYMCLI shows a generation {plain(text)[:20]}.")
    return text


def _texts(node: Node, path: str) -> list[str]:
    return [text for one in node.all(path) if (text := "".join(one.text).strip())]


def _number(text: str) -> float | None:
    return float(text) if _NUMBER.match(text) else None


def _seconds(stamp: str) -> int:
    """Seconds of a time such as Fri May 31 06:15:05 2024 on the host's own clock."""
    at = _stamped(stamp)
    if at is None:
        raise SidecarError(SYSTEM, f"SYMCLI shows a snapshot's time as {plain(stamp)[:40]}.")
    return int(at)


def _stamped(stamp: str) -> float | None:
    """The same; None where it is no such time."""
    found = _STAMP.match(stamp)
    return seconds_of(found[6], *found.group(1, 2, 3, 4, 5)) if found is not None else None


def _state(row: Node) -> str:
    """A snapshot of one volume, by its flags; a flag that is neither Yes nor No is a state of its own."""
    flags = {flag: row.need(flag) for flag in ("failed", "restore", "link")}
    other = [f"{flag} {value}" for flag, value in flags.items() if value not in ("Yes", "No")]
    if other:
        return plain(other[0]).lower()[:30]
    for flag, word in (("failed", "failed"), ("restore", "restored"), ("link", "linked")):
        if flags[flag] == "Yes":
            return word
    return "established"


def _side(row: Node) -> str:
    """R1 of a configuration such as RDF1+TDEV; "" where it says none."""
    found = re.search(r"RDF(\d{1,2})", row.get("Dev_Info/configuration"))
    return f"R{found[1]}" if found is not None else ""


def _mode(row: Node) -> str:
    return row.get("RDF/Mode/mode") or row.get("RDF/RDF_Info/mode")


def _volume(name: str, row: Node) -> Volume:
    rdf = bool(row.all("RDF")) or "RDF" in row.get("Dev_Info/configuration")
    return Volume(
        name,
        row.need("Capacity/cylinders"),
        row.need("Dev_Info/emulation"),
        row.need("Dev_Info/status"),
        rdf,
    )
