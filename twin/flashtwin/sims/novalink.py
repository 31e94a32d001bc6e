"""A simulated NovaLink: `pvmctl` and the Linux file that names the machine, and nothing else.

Written from docs/platform-facts.md#novalink: a listing by properties is a line `name=value, …` for each
object, an empty one is no text; states and keylocks are the words of the machine's REST schema; an error has
an id `PVMEnnnnnnnn-nnnn`.  What was not found in the sources is our own choice and as harsh as it may be.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from flashtwin.sims import shell
from flashtwin.sims.hmc import Hmc
from flashtwin.sims.hmc_options import HmcError
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.vios import Vios

if TYPE_CHECKING:
    from flashtwin.world import ManagedSystem, Partition

OWN_ID = 2
"""NovaLink's own partition, unless the site has one with this id."""
MANAGEMENT_VLAN = 4094
KEYLOCKS = {"norm": "normal", "manual": "manual"}
USAGE = 2
_REQUEST = re.compile(r"\bpvmctl\s+(\w+)\s+([a-z-]+)(.*)")
_TARGET = re.compile(r"(?:id|name)=([^\s'\"]+)")

Row = dict[str, str]


class NovaLink(Hmc):
    """A NovaLink partition with its users; see `flashtwin.sims.hmc.Hmc`."""

    def reads(self, request: str) -> bool:
        """Whether a request asks for the state of a partition."""
        match = _REQUEST.search(request)
        return match is not None and match.group(1, 2) == ("lpar", "list") and ".state" in match[3]

    def changed_by(self, request: str) -> str | None:
        """Name or id of the partition whose state a request changes: None if it changes none, "" unnamed."""
        match = _REQUEST.search(request)
        if match is None or match[2] not in ("power-on", "power-off"):
            return None
        target = _TARGET.search(match[3])
        return target[1] if target is not None else ""

    def _run(self, user: str, line: shell.Line) -> Outcome:
        if line.words == ("cat", "/proc/ppc64/lparcfg"):
            return Outcome(0, self._lparcfg())
        if line.words[0] != "pvmctl":
            return Outcome(127, err=f"bash: {line.words[0]}: command not found\n")
        if user not in self.users:
            raise HmcError("[PVME01010001-0001] The user is in no group that may use the interface.")
        words = line.words[1:]
        if len(words) < 2:
            return _usage("an object and an action are needed")
        (kind, action), options = words[:2], _options(words[2:])
        if options is None:
            return _usage("unrecognized arguments")
        if action == "list":
            return self._list(kind, options)
        act = {"power-on": self._on, "power-off": self._off, "update": self._update}.get(action)
        if kind != "lpar" or act is None:
            return _usage(f"{kind} {action} is not offered")
        return act(options)

    # objects

    @property
    def _here(self) -> ManagedSystem:
        """The machine that NovaLink runs on."""
        return self._machines()[0]

    @property
    def _own_id(self) -> int:
        taken = self._here.partitions
        return OWN_ID if OWN_ID not in taken else max(taken) + 1

    def _lparcfg(self) -> str:
        machine = self._here
        return (
            "lparcfg 1.9\n"
            f"serial_number=IBM,02{machine.serial}\nsystem_type=IBM,{machine.type_model}\n"
            f"partition_id={self._own_id}\nR4=0x64\nBoundThrds=1\n"
        )

    def _client(self, wanted: Sequence[str]) -> Partition:
        """The partition that `-i id=N` or `-i name=X` names."""
        key, _, value = wanted[0].partition("=") if len(wanted) == 1 else ("", "", "")
        found = [
            one
            for one in self._here.partitions.values()
            if value == (str(one.lpar_id) if key == "id" else one.name if key == "name" else None)
        ]
        if len(found) != 1:
            raise HmcError(f"[PVME01040003-0018] No LogicalPartition was found for {' '.join(wanted)}.")
        return found[0]

    # listings

    def _list(self, kind: str, options: Mapping[str, list[str]]) -> Outcome:
        rows_of: dict[str, tuple[str, Callable[[int | None], list[Row]]]] = {
            "lpar": ("LogicalPartition", self._partitions),
            "vios": ("VirtualIOServer", self._servers),
            "vea": ("ClientNetworkAdapter", self._adapters),
            "vnic": ("VirtualNICDedicated", lambda _: []),
            "ethlp": ("SRIOVEthernetLogicalPort", lambda _: []),
            "ioslot": ("IOSlot", lambda _: self._slots()),
        }
        if kind not in rows_of or set(options) - {"-d", "-p"} or not options.get("-d"):
            return _usage(f"this list of {kind} is not offered")
        schema, rows = rows_of[kind]
        parent = None
        if "-p" in options:
            key, _, value = options["-p"][0].partition("=")
            if key != "id" or not value.isdecimal() or len(options["-p"]) != 1:
                return _usage("-p")
            parent = int(value)
        lines = []
        for row in rows(parent):
            shown = []
            for wanted in options["-d"]:
                owner, _, name = wanted.partition(".")
                if owner != schema or name not in row:
                    raise HmcError(f"[PVME05000001-0001] {wanted} is not a property of {schema}.")
                shown.append(f"{name}={row[name]}")
            lines.append(", ".join(shown) + "\n")
        return Outcome(0, "".join(lines))

    def _partitions(self, parent: int | None) -> list[Row]:
        del parent
        own = {
            "name": self.name.lower(),
            "id": str(self._own_id),
            "state": "running",
            "env": "AIX/Linux",
            "keylock_pos": "normal",
            "desig_ipl_src": "Unknown",
            "ref_code": "Linux ppc64le",
        }
        clients = [
            {
                "name": one.name,
                "id": str(one.lpar_id),
                "state": one.state.lower(),
                "env": {"os400": "OS400"}.get(one.env, "AIX/Linux"),
                "keylock_pos": KEYLOCKS[one.keylock],
                "desig_ipl_src": one.ipl_source,
                "ref_code": one.refcode or "None",
            }
            for _, one in sorted(self._here.partitions.items())
            if not isinstance(one.vios, Vios)
        ]
        return [own, *clients]

    def _servers(self, parent: int | None) -> list[Row]:
        del parent
        return [
            {"name": one.name, "id": str(one.lpar_id), "state": one.state.lower()}
            for _, one in sorted(self._here.partitions.items())
            if isinstance(one.vios, Vios)
        ]

    def _adapters(self, parent: int | None) -> list[Row]:
        if parent == self._own_id:
            return [{"pvid": str(MANAGEMENT_VLAN), "tagged_vlans": "[]"}]
        found = []
        for one in self._here.partitions.values():
            profile = one.profiles.get(one.curr_profile)
            if parent in (None, one.lpar_id) and profile is not None:
                found += [{"pvid": str(vlan), "tagged_vlans": "[]"} for vlan in profile.vlans]
        return found

    def _slots(self) -> list[Row]:
        """All adapters of the site's partitions are virtual: the slots are nobody's, or a VIOS's."""
        return [
            {"part_id": "1", "drc_name": "U78D3.001.WZS0001-P1-C2", "description": "8 Gigabit PCI Express"},
            {"part_id": "None", "drc_name": "U78D3.001.WZS0001-P1-C3", "description": "Empty slot"},
        ]

    # changes

    def _on(self, options: Mapping[str, list[str]]) -> Outcome:
        partition = self._client(options.get("-i", []))
        if set(options) != {"-i"}:
            return _usage("a boot mode is for other systems than IBM i")

        def refuse() -> None:
            if partition.state != "Not Activated":
                raise HmcError(f"[PVME01042026-0001] Partition {partition.name} is already powered on.")

        return _changing(refuse, lambda: partition.power_on(partition.curr_profile, partition.keylock))

    def _off(self, options: Mapping[str, list[str]]) -> Outcome:
        partition = self._client(options.get("-i", []))
        if set(options) - {"-i", "--hard"}:
            return _usage("unrecognized arguments")

        def refuse() -> None:
            if partition.state == "Not Activated":
                raise HmcError(f"[PVME01050901-0001] Partition {partition.name} is already powered off.")

        # Without --hard the system is asked first, where there is one.
        soft = "--hard" not in options and partition.os is not None
        return _changing(refuse, lambda: partition.power_off("osshutdown" if soft else "shutdown-immed"))

    def _update(self, options: Mapping[str, list[str]]) -> Outcome:
        partition = self._client(options.get("-i", []))
        fields = options.get("--set-fields", [])
        key, _, value = fields[0].partition("=") if len(fields) == 1 else ("", "", "")
        field = {
            "LogicalPartition.keylock_pos": ("keylock", {shown: word for word, shown in KEYLOCKS.items()}),
            "LogicalPartition.desig_ipl_src": ("ipl_source", {word: word for word in "abcd"}),
        }.get(key)
        if set(options) != {"-i", "--set-fields"} or field is None:
            return _usage("this update is not offered")
        attribute, words = field
        if value not in words:
            raise HmcError(f"[PVME05000002-0001] Invalid value '{value}'.")

        def act() -> None:
            setattr(partition, attribute, words[value])

        return _changing(lambda: None, act)


def _options(words: Sequence[str]) -> dict[str, list[str]] | None:
    """Options with their values; None for a word that no option takes, or an option twice."""
    found: dict[str, list[str]] = {}
    values: list[str] | None = None
    for word in words:
        if word in ("-i", "-p", "-d", "--set-fields", "--hard") and word not in found:
            values = found[word] = []
        elif values is None or word.startswith("-"):
            return None
        else:
            values.append(word)
    return found if not found.get("--hard") else None


def _changing(refuse: Callable[[], None], act: Callable[[], None]) -> Outcome:
    """A change that is looked at when it is asked for, and again when it happens."""
    refuse()

    def effect() -> Outcome | None:
        try:
            refuse()
        except HmcError as error:
            return Outcome(1, out=error.text + "\n")
        act()
        return None

    return Outcome(0, effect=effect)


def _usage(why: str) -> Outcome:
    return Outcome(USAGE, err=f"usage: pvmctl [-h] object action ...\npvmctl: error: {why}\n")
