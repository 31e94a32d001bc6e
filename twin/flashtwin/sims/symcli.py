"""A simulated host with SYMCLI beside a simulated VMAX or PowerMax (docs/platform-facts.md#symcli).

One command a request, by SSH; the folder of the programs may be any.  Lists come as XML (`-output xml_e`), a
list of nothing is a status above 0 and a sentence.  A change without -noprompt waits for an answer for ever.
Snapshots of one name are told by their generation, 0 for the newest.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from flashtwin.sims import shell
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.volumes import GIB, Volume

if TYPE_CHECKING:
    from flashtwin.sims.powermax import PowerMax, Snapshot

FAILED, USAGE, NO_COMMAND = 1, 21, 127
READ_ONLY = ("Monitor", "Service")
CYLINDER = 15 * 128 * 1024
TRACK = 128 * 1024

# Options of each program; those with a value have "=" behind them.
_OPTIONS: dict[str, frozenset[str]] = {
    "symcfg": frozenset(("-sid=", "-output=", "-srp", "-tdev", "-sg=", "-detail", "-v", "-gb")),
    "symsg": frozenset(("-sid=", "-output=", "-v", "-detail")),
    "symdev": frozenset(("-sid=", "-output=", "-sg=", "-v", "-wwn", "-detail")),
    "symaccess": frozenset(("-sid=", "-output=", "-type=", "-devs=", "-wwn=", "-v", "-detail", "-name=")),
    "symsnapvx": frozenset(
        (
            "-sid=", "-sg=", "-lnsg=", "-name=", "-snapshot_name=", "-generation=", "-output=", "-i=", "-c=",
            "-delta=", "-nop", "-noprompt", "-linked", "-by_tgt", "-detail", "-gb", "-ttl", "-copy",
            "-remote", "-copied", "-defined", "-force", "-symforce", "-secure", "-v",
        )
    ),
}  # fmt: skip


class SymError(Exception):
    """A command fails: exit status and sentence."""

    def __init__(self, status: int, text: str) -> None:
        self.status = status
        super().__init__(text)


Element = tuple[str, "str | list[Element]"]
Options = dict[str, str]


class Symcli:
    """What the host's programs do."""

    def __init__(self, array: PowerMax) -> None:
        self._array = array

    def handle(self, user: str, line: str) -> Outcome:
        """One command of a user.  Never raises for any line."""
        config = self._array.config
        if config.reach == "hang":
            return Outcome(None, duration_s=config.answer, hang=True)
        try:
            words = list(shell.parse(line, "sh").words)
            return self._run(user, line, words) if words else Outcome(0)
        except shell.ShellError as error:
            return Outcome(error.status, err=error.text, duration_s=0.1)
        except SymError as error:
            return Outcome(error.status, err=f"\n{error}\n", duration_s=config.answer)

    def _run(self, user: str, line: str, words: list[str]) -> Outcome:
        if words[0] == "date" and len(words) == 2 and words[1] == "+%Y%m%d%H%M%S%Z":
            shown = self._local(self._array.world.now).strftime("%Y%m%d%H%M%S")
            return Outcome(0, f"{shown}{self._array.zone_name}\n", duration_s=0.1)
        program = words[0].rpartition("/")[2]
        if program not in _OPTIONS:
            raise SymError(NO_COMMAND, f"sh: {words[0]}: not found")
        options, rest = _parsed(program, words[1:])
        if options.get("-sid") != self._array.serial:
            raise SymError(FAILED, f"The Symmetrix ID {options.get('-sid', '')} could not be found")
        if program == "symsnapvx" and rest and rest[0] not in ("list", "verify"):
            return self._change(user, line, options, rest)
        if program == "symsnapvx" and rest == ["verify"]:
            return self._verify(options)
        if options.get("-output") != "xml_e":
            raise SymError(USAGE, "only -output xml_e is simulated")
        reads: dict[str, Callable[[Options, list[str]], list[Element]]] = {
            "symcfg": self._symcfg,
            "symsg": self._symsg,
            "symdev": self._symdev,
            "symaccess": self._symaccess,
            "symsnapvx": self._snapshots,
        }
        document = _xml([("SymCLI_ML", reads[program](options, rest))])
        head = '<?xml version="1.0" standalone="yes" ?>\n'
        return Outcome(0, head + document, duration_s=self._array.config.answer)

    # reading

    def _symmetrix(self, parts: list[Element]) -> list[Element]:
        info: list[Element] = [("symid", self._array.serial)]
        return [("Symmetrix", [("Symm_Info", info), *parts])]

    def _symcfg(self, options: Options, rest: list[str]) -> list[Element]:
        if rest != ["list"]:
            raise SymError(USAGE, f"symcfg {' '.join(rest)} is not valid")
        array = self._array
        if "-tdev" in options:
            rows: list[Element] = [
                (
                    "Device",
                    [
                        ("dev_name", one.name),
                        ("dev_emul", array.emulation[one.name]),
                        ("total_tracks", str(one.size // TRACK)),
                        ("alloc_tracks", str(one.used(array.world.now) // TRACK)),
                    ],
                )
                for one in self._group(options["-sg"])
            ]
            return self._symmetrix([("ThinDevs", rows)])
        if "-srp" in options:
            whole = sum(pool.capacity for pool in array.pools.values())
            used = sum(pool.other_used for pool in array.pools.values())
            used += sum(volume.used(array.world.now) for volume in array.volumes.values())
            free = max(0, whole - used)
            srp: list[Element] = [
                ("name", "SRP_1"),
                ("default_SRP", "FBA"),
                ("effective_used_capacity_pct", str(100 * used // whole)),
                ("usable_capacity_gigabytes", f"{whole / GIB:.1f}"),
                ("used_capacity_gigabytes", f"{used / GIB:.1f}"),
                ("free_capacity_gigabytes", f"{free / GIB:.1f}"),
                ("subscribed_capacity_pct", "N/A"),
                *([("resv_cap", str(array.reserved))] if array.tells_reserve else []),
            ]
            return self._symmetrix([("SRP", [("SRP_Info", srp)])])
        info: list[Element] = [
            ("symid", array.serial),
            ("attachment", "Local"),
            ("model", "PowerMax_2000"),
            ("microcode_version", array.ucode.split(".")[0]),
        ]
        return [("Symmetrix", [("Symm_Info", info)])]

    def _symsg(self, options: Options, rest: list[str]) -> list[Element]:
        del options
        if rest == ["list"]:
            return [("SG", [("SG_Info", [("name", name)])]) for name in self._array.every_group()]
        if len(rest) != 2 or rest[0] != "show":
            raise SymError(USAGE, f"symsg {' '.join(rest)} is not valid")
        rows: list[Element] = [
            (
                "Device",
                [("dev_name", one.name), ("configuration", self._configuration(one)), ("status", "RW")],
            )
            for one in self._group(rest[1])
        ]
        info: list[Element] = [("name", rest[1]), ("symid", self._array.serial), ("emulation", "FBA")]
        return [("SG", [("SG_Info", info), ("DEVS_List", rows)])]

    def _symdev(self, options: Options, rest: list[str]) -> list[Element]:
        if rest == ["list"] and "-sg" in options:
            if "-v" not in options:
                raise SymError(USAGE, "symdev list is only simulated with -v")
            return self._symmetrix([self._device(one) for one in self._group(options["-sg"])])
        if len(rest) == 2 and rest[0] == "show" and rest[1] in self._array.volumes:
            return self._symmetrix([self._device(self._array.volumes[rest[1]])])
        raise SymError(FAILED, "The device name specified could not be located")

    def _device(self, one: Volume) -> Element:
        array = self._array
        found = [snapshot for snapshots in array.snapshots.values() for snapshot in snapshots]
        pairs = [pair for snapshot in found for link in snapshot.links.values() for pair in link.pairs]
        info: list[Element] = [
            ("dev_name", one.name),
            ("configuration", self._configuration(one)),
            ("emulation", array.emulation[one.name]),
            ("status", self._status(one)),
            ("snapvx_source", str(any(one.name in snapshot.holders for snapshot in found))),
            ("snapvx_target", str(any(target is one for _, target in pairs))),
            ("SRP_name", "SRP_1"),
        ]
        parts: list[Element] = [
            ("Dev_Info", info),
            ("Product", [("vendor", "EMC"), ("name", "SYMMETRIX"), ("wwn", one.uid.lower())]),
            ("Capacity", [("block_size", "520"), ("cylinders", str(one.size // CYLINDER))]),
            ("Device_External_Identity", [("wwn", one.uid.lower())]),
        ]
        if one.name in array.mirrored:
            pair = array.mirrored[one.name]
            parts.append(
                ("RDF", [("RDF_Info", [("pair_state", pair.state)]), ("Mode", [("mode", pair.mode)])])
            )
        return ("Device", parts)

    def _configuration(self, one: Volume) -> str:
        pair = self._array.mirrored.get(one.name)
        return f"RDF{pair.side[1:]}+TDEV" if pair is not None else "TDEV"

    def _status(self, one: Volume) -> str:
        pair = self._array.mirrored.get(one.name)
        return (pair.status if pair is not None else "Ready") if one.online else "Not Ready"

    def _symaccess(self, options: Options, rest: list[str]) -> list[Element]:
        kind, views = options.get("-type"), self._array.views()
        if rest == ["list"] and kind == "initiator":
            every = self._array.hosts
            return self._symmetrix(
                [("Initiator_Group", [("Group_Info", _each("group_name", [name]))]) for name in every]
            )
        if rest == ["list"] and kind == "storage":
            wanted = options.get("-devs", "").split(",")
            groups = [
                group
                for group, volumes in self._array.every_group().items()
                if any(one.name in wanted for one in volumes)
            ]
            if not groups:
                raise SymError(FAILED, "No groups were found for the device")
            parts: list[Element] = []
            for group in groups:
                own = [view for view, (_, of, _) in views.items() if of == group]
                shown: Element = (
                    "Mask_View_Names",
                    [("view_count", str(len(own))), *_each("view_name", own)],
                )
                parts.append(("Storage_Group", [("Group_Info", [("group_name", group), shown])]))
            return self._symmetrix(parts)
        if rest == ["list", "view"] and "-detail" in options:
            if not views:
                raise SymError(FAILED, "No Masking Views were found")
            return self._symmetrix([self._view(name) for name in views])
        if len(rest) == 3 and rest[:2] == ["show", "view"] and rest[2] in views:
            return self._symmetrix([self._view(rest[2])])
        if len(rest) == 2 and rest[0] == "show" and kind == "initiator" and rest[1] in self._array.hosts:
            own = [view for view, (of, _, _) in views.items() if of == rest[1]]
            members = [
                ("Initiator", _each("wwn", [wwpn.lower()])) for wwpn in self._array.hosts[rest[1]].wwpns
            ]
            told: list[Element] = [
                ("group_name", rest[1]),
                ("Mask_View_Names", [("view_count", str(len(own))), *_each("view_name", own)]),
                ("Initiator_List", list(members)),
            ]
            return self._symmetrix([("Initiator_Group", [("Group_Info", told)])])
        raise SymError(FAILED, "The specified group or view was not found")

    def _view(self, name: str) -> Element:
        """A masking view with its volumes."""
        host, group, volumes = self._array.views()[name]
        wwns = [("Initiator", _each("wwn", [wwpn.lower()])) for wwpn in self._array.hosts[host].wwpns]
        info: list[Element] = [
            ("view_name", name),
            ("init_grpname", host),
            ("Initiator_List", list(wwns)),
            ("port_grpname", "PG1"),
            ("stor_grpname", group),
            *[("Device", _each("dev_name", [one.name])) for one in volumes],
        ]
        return ("Masking_View", [("View_Info", info)])

    def _snapshots(self, options: Options, rest: list[str]) -> list[Element]:
        if rest != ["list"] or "-detail" not in options:
            raise SymError(USAGE, f"symsnapvx {' '.join(rest)} is not valid")
        rows = self._linked(options) if "-linked" in options else self._taken(options)
        if not rows:
            text = (
                "No device that is a link target was found" if "-linked" in options else "No snapshot found"
            )
            raise SymError(FAILED, f"{text} for the storage group")
        return [("SG", [("Snapvx", rows)])]

    def _taken(self, options: Options) -> list[Element]:
        self._group(options["-sg"])
        rows: list[Element] = []
        for generation, one in self._named(options["-sg"], options.get("-snapshot_name", "")):
            state = one.state[0].lower()
            for name in one.holders:
                linked = any(source.name == name for link in one.links.values() for source, _ in link.pairs)
                known = state in ("established", "failed", "restored")
                rows.append(
                    (
                        "Snapshot",
                        [
                            ("source", name),
                            ("snapshot_name", one.name),
                            ("timestamp", self._stamp(one.at)),
                            ("generation", str(generation)),
                            ("link", ("Yes" if linked else "No") if known else one.state[0]),
                            ("restore", "Yes" if state == "restored" else "No"),
                            ("failed", "Yes" if state == "failed" else "No"),
                            ("error_reason", "NA"),
                            ("GCM", "False"),
                            ("zDP", "False"),
                            ("secured", "No"),
                            ("expanded", "No"),
                        ],
                    )
                )
        return rows

    def _linked(self, options: Options) -> list[Element]:
        target = options["-lnsg"]
        volumes = self._group(target)
        rows: list[Element] = []
        for group in self._array.snapshots:
            names = {one.name for one in self._array.snapshots[group]}
            for name in names:
                for generation, one in self._named(group, name):
                    for link in one.links.values():
                        rows += [
                            (
                                "Snapshot",
                                [
                                    ("source", source.name),
                                    ("snapshot_name", name),
                                    ("timestamp", self._stamp(one.at)),
                                    ("generation", str(generation)),
                                    ("link", volume.name),
                                    ("percent", "100" if link.copied else "0"),
                                ],
                            )
                            for source, volume in link.pairs
                            if volume in volumes
                        ]
        return rows

    def _verify(self, options: Options) -> Outcome:
        """0 when all volumes of the target group satisfy it."""
        group = options.get("-lnsg", "")
        volumes = set(self._names(self._group(group)))
        name, wanted = options.get("-snapshot_name", ""), int(options.get("-generation", "0"))
        seconds = self._array.config.answer
        for source in self._array.snapshots:
            for generation, one in self._named(source, name):
                link = one.links.get(group)
                if link is None or generation != wanted:
                    continue
                whole = {target.name for _, target in link.pairs} == volumes
                defined = "-defined" not in options or self._array.world.now >= link.defined
                copied = "-copied" not in options or link.copied
                if whole and defined and copied:
                    return Outcome(0, "All device(s) are in the state\n", duration_s=seconds)
        return Outcome(5, "None of the device(s) are in the state\n", duration_s=seconds)

    # changing

    def _change(self, user: str, line: str, options: Options, rest: list[str]) -> Outcome:
        array = self._array
        account = array.users.get(user)
        if account is None or account.role in READ_ONLY:
            raise SymError(FAILED, "The operation failed: the caller is not authorized")
        if len(rest) != 1 or rest[0] not in ("establish", "link", "relink", "unlink", "terminate"):
            raise SymError(USAGE, f"symsnapvx {' '.join(rest)} is not valid")
        if not {"-nop", "-noprompt"} & set(options):
            return Outcome(0, "Execute operation (y/[n]) ? ", duration_s=0.5, hang=True)
        self._group(options.get("-sg", ""))

        def effect() -> Outcome:
            try:
                self._act(rest[0], options, user)
                done = Outcome(0, f"{rest[0].title()} operation successfully executed\n")
            except SymError as error:
                done = Outcome(error.status, err=f"\n{error}\n")
            array.command(user, line, done.status or 0)
            return done

        return Outcome(0, duration_s=array.config.answer, effect=effect)

    def _act(self, verb: str, options: Options, user: str) -> None:
        from flashtwin.sims.powermax import RestError

        array, source = self._array, options["-sg"]
        try:
            if verb == "establish":
                name = options.get("-name", "")
                if not re.fullmatch(r"[A-Za-z0-9_-]{1,32}", name):
                    raise SymError(USAGE, "The snapshot name is not valid")
                array.take_snapshot(source, name, user)
                return
            wanted = int(options.get("-generation", "0"))
            named = dict(self._named(source, options.get("-snapshot_name", "")))
            if wanted not in named:
                raise SymError(FAILED, "No snapshot found with the specified name and generation")
            one = named[wanted]
            if verb == "terminate":
                array.terminate(source, one)
                return
            target = options.get("-lnsg", "")
            self._group(target)
            acts: dict[str, Callable[[], None]] = {
                "link": lambda: array.link(source, one, target, "-copy" in options),
                "relink": lambda: array.relink(source, one, target, "-copy" in options),
                "unlink": lambda: array.unlink(source, one, target),
            }
            acts[verb]()
        except RestError as error:
            raise SymError(FAILED, str(error)) from error

    # parts

    def _named(self, group: str, name: str) -> list[tuple[int, Snapshot]]:
        """The snapshots of a name, by generation."""
        found = [one for one in reversed(self._array.snapshots.get(group, [])) if one.name == name]
        return list(enumerate(found))

    def _group(self, name: str) -> list[Volume]:
        found = self._array.every_group().get(name)
        if found is None:
            raise SymError(FAILED, f"The storage group {name} could not be found")
        return found

    @staticmethod
    def _names(volumes: Iterable[Volume]) -> list[str]:
        return [one.name for one in volumes]

    def _local(self, at: float) -> dt.datetime:
        return dt.datetime.fromtimestamp(at, dt.UTC) + self._array.offset

    def _stamp(self, at: float) -> str:
        return self._local(at).strftime("%a %b %d %H:%M:%S %Y")


def _parsed(program: str, words: list[str]) -> tuple[Options, list[str]]:
    known, options, rest = _OPTIONS[program], {}, []
    while words:
        word = words.pop(0)
        if not word.startswith("-"):
            rest.append(word)
        elif f"{word}=" in known and words:
            options[word] = words.pop(0)
        elif word in known:
            options[word] = ""
        else:
            raise SymError(USAGE, f"{program}: the option {word} is not valid")
    return options, rest


def _each(tag: str, texts: Iterable[str]) -> list[Element]:
    return [(tag, text) for text in texts]


def _xml(elements: Sequence[Element], depth: int = 0) -> str:
    lines = []
    for tag, inner in elements:
        space = "  " * depth
        if isinstance(inner, str):
            lines.append(f"{space}<{tag}>{escape(inner)}</{tag}>\n")
        else:
            lines.append(f"{space}<{tag}>\n{_xml(inner, depth + 1)}{space}</{tag}>\n")
    return "".join(lines)
