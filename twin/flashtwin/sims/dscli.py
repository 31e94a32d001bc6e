"""A simulated DSCLI: a session of the command line with a simulated DS8000 (docs/platform-facts.md#dscli).

The arguments of the process log in, each further line is a command.  What dscli writes on either output comes
as one text, without prompts.  A command that is wrong says so and the session goes on; only a log-in that
fails ends the process, by an exit status.  Where a thing is not known the harsher is taken: of several pairs
some may be done and others not, `rmflash` without -quiet waits for an answer for ever, and a refresh is
refused while the background copy is at work.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from flashtwin.sims.ds8000_flash import DsError, Relation
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.server import Connection, Server
from flashtwin.sims.volumes import GIB, Volume

if TYPE_CHECKING:
    from flashtwin.sims.ds8000 import Ds8000

START_S = 4.0
"""How long Java takes to start and dscli to log in."""

VERSION = "7.8.57.1"
BLOCK = 520
"""Bytes of a block of an IBM i volume."""

NO_CONNECTION, NOT_LET_IN = 3, 5
"""Exit statuses."""

READ_ONLY = ("Monitor", "Service")
_NUMBER = re.compile(r"[0-9A-F]{4}\Z")
_PAIR = re.compile(r"([0-9A-F]{4}):([0-9A-F]{4})\Z")

# Options of each command; those with a value have "=" behind them.
_OPTIONS: dict[str, frozenset[str]] = {
    "ver": frozenset(("-l",)),
    "lssi": frozenset(("-s", "-l", "-fullid")),
    "setoutput": frozenset(("-fmt=", "-delim=", "-p=", "-hdr=", "-v=", "-bnr=", "-r=")),
    "setenv": frozenset(("-format=", "-delim=", "-paging=", "-header=", "-verbose=", "-banner=", "-rows=")),
    "lsflash": frozenset(("-dev=", "-s", "-l", "-activecp", "-fullid")),
    "lspprc": frozenset(("-dev=", "-s", "-l", "-fullid")),
    "lsfbvol": frozenset(("-dev=", "-s", "-l", "-fullid", "-volgrp=", "-lss=", "-extpool=")),
    "showfbvol": frozenset(("-dev=", "-rank", "-metrics", "-fullid")),
    "lsextpool": frozenset(("-dev=", "-s", "-l")),
    "lsvolgrp": frozenset(("-dev=", "-s", "-l")),
    "lshostconnect": frozenset(("-dev=", "-s", "-l", "-volgrp=", "-wwpn=")),
    "mkflash": frozenset(
        (
            "-dev=", "-tgtpprc", "-tgtoffline", "-tgtinhibit", "-freeze", "-record", "-persist", "-nocp",
            "-cp", "-wait", "-seqnum=", "-tgtse", "-multinc", "-resetreserve",
        )
    ),
    "resyncflash": frozenset(
        (
            "-dev=", "-quiet", "-tgtpprc", "-tgtoffline", "-tgtinhibit", "-freeze", "-record", "-persist",
            "-nocp", "-cp", "-wait", "-seqnum=", "-tgtse",
        )
    ),
    "rmflash": frozenset(("-dev=", "-quiet", "-seqnum=", "-cp", "-wait", "-tgtreleasespace")),
    "unfreezeflash": frozenset(("-dev=",)),
    "quit": frozenset(),
    "exit": frozenset(),
}  # fmt: skip
_SETTINGS = {
    "-fmt": "format", "-format": "format", "-delim": "delim", "-hdr": "header", "-header": "header",
    "-bnr": "banner", "-banner": "banner", "-p": "paging", "-paging": "paging",
}  # fmt: skip


@dataclass(slots=True)
class Settings:
    """How a session shows what it lists."""

    values: dict[str, str] = field(
        default_factory=lambda: {
            "format": "default", "delim": ",", "header": "on", "banner": "on", "paging": "off",
        }
    )  # fmt: skip


@dataclass(slots=True)
class Line:
    """A command line: its verb, its options, what stands behind them."""

    verb: str
    options: dict[str, str]
    names: list[str]


class Dscli:
    """All sessions with one system.  A host of the site is a volume group, its WWPNs are host connections.

    Fact `lsflash` of the site: "source" where relations are listed by the numbers of their sources only.
    """

    def __init__(self, system: Ds8000) -> None:
        self._system = system
        self._settings: WeakKeyDictionary[Connection, Settings] = WeakKeyDictionary()

    def server(self) -> Server:
        """The program, for each process of it."""
        name = self._system.name
        never: Callable[[str, str], Outcome] = lambda _user, _line: Outcome(1)  # noqa: E731
        return Server(name, never, lambda _user, _key: True, protocol="program", session=self.take)

    def take(self, connection: Connection, line: str) -> Outcome:
        """The arguments of a new process, or a line to one that runs."""
        config = self._system.config
        if config.reach == "hang":
            return Outcome(None, duration_s=config.answer, hang=True)
        if connection not in self._settings:
            self._settings[connection] = Settings()
            return self._log_in(connection, line)
        return self._command(self._settings[connection], connection.user, line)

    def _log_in(self, connection: Connection, line: str) -> Outcome:
        """By `-hmc1 A [-hmc2 B] -user U -pwfile F`; a password as an argument would be seen by everybody."""
        words = line.split()
        given = dict(zip(words[::2], words[1::2], strict=False))
        if len(words) % 2 or not {"-hmc1", "-user", "-pwfile"} <= set(given) <= {
            "-hmc1", "-hmc2", "-user", "-pwfile", "-cfg",
        }:  # fmt: skip
            return Outcome(2, "CMUN00018E dscli: Unable to parse the command line.\n", duration_s=START_S)
        known = {address.rpartition(":")[0] or address for address in self._system.config.addresses}
        if self._system.config.reach != "ok" or not {given["-hmc1"], given.get("-hmc2", "")} & known:
            text = "CMUN00018E dscli: Unable to connect to the management console server.\n"
            return Outcome(NO_CONNECTION, text, duration_s=START_S)
        user = self._system.users.get(given["-user"])
        if user is None or given["-pwfile"].rpartition("/")[2] not in user.secrets:
            text = "CMUN00006E dscli: Authentication failure: invalid user name or password.\n"
            return Outcome(NOT_LET_IN, text, duration_s=START_S)
        if user.expired:
            text = "CMUC00201E dscli: Authentication failure: Your password has expired.\n"
            return Outcome(NOT_LET_IN, text, duration_s=START_S)
        connection.user = user.name
        return Outcome(0, self._banner(), duration_s=START_S)

    def _banner(self) -> str:
        stamp = dt.datetime.fromtimestamp(self._system.world.now, dt.UTC) + self._system.offset
        shown = f"{stamp:%B %-d, %Y %-I:%M:%S %p} {self._system.zone_name}"
        return f"Date/Time: {shown} IBM DSCLI Version: {VERSION} DS: IBM.{self._system.image}\n"

    def _command(self, settings: Settings, user: str, text: str) -> Outcome:
        """What one line does.  Never raises for any line."""
        try:
            line = _parsed(text)
            if line.verb in ("quit", "exit"):
                return Outcome(None, duration_s=0.1)
            if line.verb in ("setoutput", "setenv"):
                for option, value in line.options.items():
                    settings.values[_SETTINGS.get(option, option)] = value
                return Outcome(0, duration_s=0.1)
            self._check_device(line)
            if line.verb in ("mkflash", "resyncflash", "rmflash", "unfreezeflash"):
                return self._change(line, user, text)
            said = self._listed(line, settings)
        except DsError as error:
            said = f"{error.code} {error}\n"
        banner = self._banner() if settings.values["banner"] == "on" else ""
        return Outcome(0, banner + said, duration_s=self._system.config.answer)

    def _check_device(self, line: Line) -> None:
        device = line.options.get("-dev", f"IBM.{self._system.image}")
        if device != f"IBM.{self._system.image}":
            raise DsError(4, "CMUN80018E", f"{line.verb}: The device ID {device} is not valid.")

    # reading

    def _listed(self, line: Line, settings: Settings) -> str:
        if line.verb == "ver":
            return f"DSCLI {VERSION}\n"
        if line.verb == "showfbvol":
            return self._show_volume(line)
        lists: dict[str, Callable[[Line], tuple[str, list[list[str]], str]]] = {
            "lssi": self._images,
            "lsflash": self._relations,
            "lspprc": self._mirrors,
            "lsfbvol": self._volumes,
            "lsextpool": self._pools,
            "lsvolgrp": self._groups,
            "lshostconnect": self._connections,
        }
        header, rows, nothing = lists[line.verb](line)
        if not rows:
            return f"CMUC00234I {line.verb}: {nothing}\n"
        return _shown(header.split("|"), rows, settings)

    def _images(self, line: Line) -> tuple[str, list[list[str]], str]:
        del line
        image = self._system.image
        unit = f"IBM.{image[:-1]}0"
        row = [self._system.config.name, f"IBM.{image}", unit, "984", self._system.wwnn, "Online", "Enabled"]
        return "Name|ID|Storage Unit|Model|WWNN|State|ESSNet", [row], "No Storage Image found."

    def _relations(self, line: Line) -> tuple[str, list[list[str]], str]:
        wanted: set[str] = set()
        for name in line.names:
            wanted |= set(name.split(":"))
        if not wanted or not all(_NUMBER.match(one) for one in wanted):
            raise DsError(2, "CMUN02498E", "lsflash: A volume or a pair of volumes must be given.")
        by_source = self._system.config.facts.get("lsflash") == "source"
        found = [
            one
            for one in self._system.relations.values()
            if one.source.name in wanted or (one.target.name in wanted and not by_source)
        ]
        header = (
            "ID|SrcLSS|SequenceNum|Timeout|ActiveCopy|Recording|Persistent|Revertible|SourceWriteEnabled"
            "|TargetWriteEnabled|BackgroundCopy"
        )
        if "-l" in line.options:
            header += "|OutOfSyncTracks|DateCreated|DateSynced|State|AllowTgtSE|isTgtSE"
        rows = [self._relation(one, "-l" in line.options) for one in found]
        return header, rows, "No Flash Copy found."

    def _relation(self, one: Relation, long: bool) -> list[str]:
        copied = self._system.copied(one)
        timeout = f"{self._system.busy_timeout:.0f}"
        row = [
            one.id,
            one.source.name[:2],
            f"{one.sequence:X}",
            timeout,
            _flag(one.background and not copied),
        ]
        row += [_flag(one.recording), _flag(one.persistent), "Disabled", "Enabled", "Enabled"]
        row.append(_flag(one.background))
        if long:
            at = dt.datetime.fromtimestamp(one.since, dt.UTC) + self._system.offset
            stamp = at.strftime(f"%a %b %d %H:%M:%S {self._system.zone_name} %Y")
            tracks = "0" if copied else str(one.source.size * 15 // GIB)
            state = one.state.replace("_", " ").title()
            row += [tracks, stamp, stamp, state, "Enabled", "ESE" if one.target.thin else "No"]
        return row

    def _mirrors(self, line: Line) -> tuple[str, list[list[str]], str]:
        header = "ID|State|Reason|Type|SourceLSS|Timeout (secs)|Critical Mode|First Pass Status"
        rows = []
        for one in self._system.mirrors:
            if one.volume.name not in line.names:
                continue
            name = f"{one.volume.name}:{one.other}" if one.primary else f"{one.other}:{one.volume.name}"
            state = one.state.removeprefix("target_").replace("_", " ").title()
            kind = "Metro Mirror" if one.kind == "metromirror" else "Global Copy"
            shown = state if one.primary else f"Target {state}"
            rows.append([name, shown, "-", kind, name[:2], "60", "Disabled", "Invalid"])
        return header, rows, "No Remote Mirror and Copy found."

    def _volumes(self, line: Line) -> tuple[str, list[list[str]], str]:
        known = self._system.volumes
        wanted = [known[name] for name in line.names if name in known] if line.names else list(known.values())
        group = line.options.get("-volgrp", "").upper()
        if group:
            hosts = [host for n, host in enumerate(self._system.hosts.values()) if f"V{n}" == group]
            if not hosts:
                raise DsError(4, "CMUN00074E", f"lsfbvol: Volume group {group} does not exist.")
            wanted = [one for one in wanted if one in hosts[0].volumes]
        header = (
            "Name|ID|accstate|datastate|configstate|deviceMTM|datatype|extpool|sam|captype|cap (2^30B)"
            "|cap (10^9B)|cap (blocks)|volgrp|reqcap (blocks)|eam|perfgrp|resgrp"
        )
        return header, [self._volume(one) for one in wanted], "No FB Volume found."

    def _volume(self, one: Volume) -> list[str]:
        blocks = str(one.size // BLOCK)
        groups = [f"V{n}" for n, host in enumerate(self._system.hosts.values()) if one in host.volumes]
        return [
            f"vol_{one.name}", one.name, "Online" if one.online else "Offline",
            "Normal" if one.online else "Inaccessible", "Normal", self._system.models[one.name], "FB 520P",
            f"P{one.pool.id}", "ESE" if one.thin else "Standard", "iSeries", f"{one.size / GIB:.1f}",
            f"{one.size / 10**9:.1f}", blocks, ",".join(groups) or "-", blocks, "rotateexts", "PG0", "RG0",
        ]  # fmt: skip

    def _show_volume(self, line: Line) -> str:
        if len(line.names) != 1:
            raise DsError(2, "CMUN02498E", "showfbvol: One volume must be given.")
        one = self._system.volume(line.names[0])
        used = one.used(self._system.world.now)
        fields = {
            "Name": f"vol_{one.name}",
            "ID": one.name,
            "accstate": "Online" if one.online else "Offline",
            "deviceMTM": self._system.models[one.name],
            "datatype": "FB 520P",
            "extpool": f"P{one.pool.id}",
            "cap (MiB)": str(one.size // 2**20),
            "captype": "iSeries",
            "sam": "ESE" if one.thin else "Standard",
            "realcap (MiB)": str(used // 2**20),
            "GUID": one.uid,
        }
        return "".join(f"{name:<26}{value}\n" for name, value in fields.items())

    def _pools(self, line: Line) -> tuple[str, list[list[str]], str]:
        header = "Name|ID|stgtype|rankgrp|status|availstor (2^30B)|%allocated|available|reserved|numvols"
        rows = []
        for pool in self._system.pools.values():
            if line.names and f"P{pool.id}" not in [name.upper() for name in line.names]:
                continue
            free = self._system.space_left(pool)
            count = sum(one.pool is pool for one in self._system.volumes.values())
            taken = 100 * (pool.capacity - free) // pool.capacity
            row = [pool.name, f"P{pool.id}", "fb", "0", "below", str(free // GIB), str(taken)]
            rows.append([*row, str(free // 2**24), "0", str(count)])
        return header, rows, "No Extent Pool found."

    def _groups(self, line: Line) -> tuple[str, list[list[str]], str]:
        del line
        rows = [[host.name, f"V{n}", "OS400 Mask"] for n, host in enumerate(self._system.hosts.values())]
        return "Name|ID|Type", rows, "No Volume Group found."

    def _connections(self, line: Line) -> tuple[str, list[list[str]], str]:
        header = (
            "Name|ID|WWPN|HostType|LBS|addrDiscovery|Profile|portgrp|volgrpID|atchtopo|ESSIOport|speed|desc"
        )
        rows = [
            [
                f"{host.name}_{place}", f"{n * 16 + place:04X}", wwpn, "iSeries", "520", "reportLUN",
                "IBM iSeries - OS/400", "0", f"V{n}", "-", "all", "Unknown", "-",
            ]
            for n, host in enumerate(self._system.hosts.values())
            for place, wwpn in enumerate(host.wwpns)
        ]  # fmt: skip
        del line
        return header, rows, "No Host Connection found."

    # changing

    def _change(self, line: Line, user: str, text: str) -> Outcome:
        system = self._system
        account = system.users.get(user)
        if account is None or account.role in READ_ONLY:
            raise DsError(4, "CMUN02948E", f"{line.verb}: The user does not have the authority.")
        if not line.names:
            raise DsError(2, "CMUN02498E", f"{line.verb}: An operand is missing.")
        if line.verb == "rmflash" and "-quiet" not in line.options:
            return Outcome(0, "CMUC00144W rmflash: Are you sure? [y/n]:", duration_s=0.5, hang=True)

        def effect() -> Outcome:
            acts = {"rmflash": self._remove, "unfreezeflash": self._thaw}
            said = acts.get(line.verb, self._flash)(line, user)
            system.command(user, text, 0)
            return Outcome(0, said)

        if line.verb in ("mkflash", "resyncflash"):
            pairs = [_PAIR.match(name) for name in line.names]
            known = [
                (system.volumes[one[1]], system.volumes[one[2]])
                for one in pairs
                if one and one[1] in system.volumes and one[2] in system.volumes
            ]
            if known:
                # Its members are what was asked for, whatever becomes of each.
                system.pairs[system.group_of(known)] = known
        return Outcome(0, duration_s=system.config.answer, effect=effect)

    def _flash(self, line: Line, user: str) -> str:
        """Every pair that can be is established or refreshed; the others say why not."""
        system, again = self._system, line.verb == "resyncflash"
        options = frozenset(
            word
            for option, word in (
                ("-freeze", "freeze_consistency"),
                ("-record", "record_changes"),
                ("-persist", "persistent"),
                ("-nocp", "no_background_copy"),
                ("-tgtse", "permit_space_efficient_target"),
            )
            if option in line.options
        )
        given = line.options.get("-seqnum", "0000")
        if not _NUMBER.match(given):
            raise DsError(2, "CMUN02498E", f"{line.verb}: {given} is no sequence number.")
        done, said = [], []
        for name in line.names:
            pair = _PAIR.match(name)
            try:
                if pair is None:
                    raise DsError(2, "CMUN02498E", f"{line.verb}: {name} is no pair of volumes.")
                if again:
                    done.append(system.refreshing(pair[1], pair[2]))
                    said.append(
                        f"CMUC00168I resyncflash: FlashCopy volume pair {name} successfully resynchronized."
                    )
                else:
                    done.append(system.fitting(pair[1], pair[2], options))
                    said.append(f"CMUC00137I mkflash: FlashCopy pair {name} successfully created.")
            except DsError as error:
                said.append(f"{error.code} {error}")
        if done:
            # one that is refreshed without a number has none any more
            system.establish(done, options, user, int(given, 16))
        return "\n".join(said) + "\n"

    def _remove(self, line: Line, user: str) -> str:
        del user
        found, said = [], []
        for name in line.names:
            one = self._system.relations.get(name)
            if one is None:
                said.append(f"CMUN03041E rmflash: {name}: The FlashCopy relationship does not exist.")
            else:
                found.append(one)
                said.append(f"CMUC00140I rmflash: FlashCopy pair {name} successfully removed.")
        self._system.withdraw(found, release="-tgtreleasespace" in line.options)
        return "\n".join(said) + "\n"

    def _thaw(self, line: Line, user: str) -> str:
        del user
        lss = [name.upper() for name in line.names]
        self._system.world.events.log("thaw_asked", self._system.name, lss=tuple(lss))
        self._system.thaw(lss)
        text = "FlashCopy consistency group for logical subsystem"
        return "".join(f"CMUC00172I unfreezeflash: {text} {one}: successfully reset.\n" for one in lss)


def _parsed(text: str) -> Line:
    """A command line; DsError for a command or an option that there is not."""
    verb, *words = text.split() or [""]
    known = _OPTIONS.get(verb)
    if known is None:
        raise DsError(2, "CMUC00011E", f"{verb}: Invalid command.")
    line = Line(verb, {}, [])
    while words:
        word = words.pop(0)
        if not word.startswith("-"):
            line.names.append(word)
        elif f"{word}=" in known and words:
            line.options[word] = words.pop(0)
        elif word in known:
            line.options[word] = ""
        else:
            raise DsError(2, "CMUN00018E", f"{verb}: Unable to parse {word}.")
    return line


def _shown(header: Sequence[str], rows: Sequence[Sequence[str]], settings: Settings) -> str:
    """A list as the session's settings have it."""
    if settings.values["format"] == "delim":
        lines = [settings.values["delim"].join(row) for row in rows]
        head = settings.values["delim"].join(header)
    else:
        widths = [max(len(row[n]) for row in (header, *rows)) for n in range(len(header))]
        lines = [
            " ".join(value.ljust(width) for value, width in zip(row, widths, strict=True)) for row in rows
        ]
        head = " ".join(value.ljust(width) for value, width in zip(header, widths, strict=True))
    top = [head, "=" * len(head)] if settings.values["header"] == "on" else []
    return "\n".join([*top, *lines]) + "\n"


def _flag(value: bool) -> str:
    return "Enabled" if value else "Disabled"
