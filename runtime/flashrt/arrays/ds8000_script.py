"""DS8000: requests by its command line, DSCLI, in a session that stays open (docs/platform-facts.md#dscli).

dscli runs on the partition.  Its user's password is in a file of dscli's own (`managepwfile`), which only
dscli reads: it stands in no argument and no line.  A start takes seconds, so a call of the sidecar is one
session, and the armed trigger has two that wait: one takes the flash and its thaw as two lines written at
once, the other the thaw once more.  dscli takes the second line as soon as it has done the first, whatever
became of it, of us, or of the network; the other session thaws where the first one hangs or died.

What a listing shows decides.  Of messages only the severity is looked at, by which dscli tells good from bad,
and the pair that one names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from flashrt.arrays.base import Shot, Thaw
from flashrt.arrays.ds8000_parse import Relation, greeted_at, stamped
from flashrt.arrays.ds8000_system import Space, Volume
from flashrt.config import Config, DeviceConf
from flashrt.devices import time_for
from flashrt.edges import SETTLE_S, Edges, Reply, StartedProgram
from flashrt.keyfiles import check_password_file
from flashrt.localtime import Look, seconds_of
from flashrt.result import plain
from flashrt.status import (
    AUTH,
    CONFIG,
    MISMATCH,
    NOTFOUND,
    SYSTEM,
    TIMEOUT,
    UNKNOWN,
    UNREACHABLE,
    SidecarError,
)

PROMPT = "dscli> "
START_S = 60.0
"""How long dscli may take to start its Java and to log in."""

SETTINGS = "setoutput -fmt delim -delim | -p off -hdr on -v off -bnr off"
"""Rows with a header, without paging, banner and echo, whatever the profile says."""

ENDED = {2: CONFIG, 3: UNREACHABLE, 5: AUTH}
"""What the exit statuses of dscli mean, beside failures: syntax, connection, authentication."""

SECONDARY = "Target"
"""How the state of remote copy begins on the system that it goes to."""

AT_ONCE = 64
"""Volumes or pairs of one line that only reads or removes."""

_MESSAGE = re.compile(r"CMU[A-Z]\d{5}([IWE])\b.*")
_ID = r"(?:IBM\.[0-9]{4}-[0-9A-Z]{7}/)?"
_PAIR = re.compile(rf"{_ID}([0-9A-F]{{4}}):{_ID}([0-9A-F]{{4}})\Z")
_VOLUME = re.compile(rf"{_ID}([0-9A-F]{{4}})\Z")
_LABEL = re.compile(r"(\S.*?)(?:\s{2,}|\|)\s*(\S.*)\Z")
_NUMBER = re.compile(r"[0-9]{1,15}(\.[0-9]{1,6})?\Z")


class Dscli:
    """dscli, logged in to one storage image; see `flashrt.arrays.ds8000_system.System`."""

    def __init__(self, config: Config, device: DeviceConf, edges: Edges) -> None:
        self.clock = (
            "The clock of dscli for {}",
            "Have dscli greet (no `banner: off` in its profile), in English.",
        )
        self._config = config
        self._device = device
        self._edges = edges
        self._dev = device.facts["image"]
        self._open: list[StartedProgram] = []
        self._look: Look | None = None
        self.image = self._dev.rpartition(".")[2]
        self.wwnn = ""
        self.release = ""
        if "program" not in device.facts:
            raise SidecarError(CONFIG, f"sidecar.json does not say where dscli of {device.name} is.")
        if problem := edges.programs.look(device.facts["program"]):
            raise SidecarError(CONFIG, f"{device.facts['program']}: {problem}. See `program` in the spec.")
        check_password_file(config.key_file(device.key))
        self._session = self._start()
        try:
            self._identify()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """The end of its input ends each session."""
        for one in self._open:
            one.close()
        self._open.clear()

    def again(self) -> None:
        """A new session."""
        self.close()
        self._session = self._start()

    # reading

    def look(self) -> Look | None:
        """The clock of its greeting; None where the profile leaves that out."""
        return self._look

    def relations(self, volumes: Sequence[str], sources: Sequence[str]) -> dict[str, list[Relation]]:
        """Asked for by these volumes and their sources: whether a target alone is found is not documented."""
        found: dict[str, Relation] = {}
        for row in self._rows("lsflash", "-l", list(dict.fromkeys([*volumes, *sources]))):
            one = _relation(row)
            found[one.id] = one
        return {
            volume: [one for one in found.values() if volume in (one.source, one.target)]
            for volume in volumes
        }

    def volumes(self, names: Sequence[str]) -> dict[str, Volume]:
        """These volumes, by one list of them."""
        listed = {_volume_id(row): row for row in self._rows("lsfbvol", "-l", names)}
        missing = [name for name in names if name not in listed]
        if missing:
            raise SidecarError(NOTFOUND, f"The storage system does not show volume {missing[0]}.")
        return {name: _volume(listed[name]) for name in names}

    def space(self, names: Sequence[str]) -> dict[str, Space]:
        """What each volume takes; no list tells that."""
        found = {}
        for name in names:
            fields = details(self._said(f"showfbvol -dev {self._dev} {name}"))
            size, used = (_mebibytes(fields, key) for key in ("cap (MiB)", "realcap (MiB)"))
            if _volume_id(fields) != name or size is None or used is None:
                raise SidecarError(SYSTEM, f"dscli does not tell the space of volume {name}.")
            found[name] = Space(size, used)
        return found

    def free_percent(self, pool: str) -> float:
        """What a pool has left."""
        found = table(self._said(f"lsextpool -dev {self._dev} {pool}"))
        taken = found[0].get("%allocated", "") if len(found) == 1 else ""
        if not _NUMBER.match(taken) or float(taken) > 100:
            raise SidecarError(SYSTEM, f"The storage system does not show the capacity of pool {pool}.")
        return 100.0 - float(taken)

    def mirrored(self, targets: set[str]) -> list[str]:
        """What is listed of them is in remote copy, whatever its state."""
        return sorted(plain(row.get("ID", "?"))[:40] for row in self._rows("lspprc", "-l", sorted(targets)))

    def lagging(self, sources: set[str]) -> list[str]:
        """What is listed of them as a target, but for Metro Mirror in full duplex."""
        listed = self._rows("lspprc", "-l", sorted(sources))
        found = [row for row in listed if _field(row, "State").startswith(SECONDARY)]
        same = (f"{SECONDARY} Full Duplex", "Metro Mirror")
        return sorted(
            plain(row.get("ID", "?"))[:40]
            for row in found
            if (_field(row, "State"), _field(row, "Type")) != same
        )

    def mapped(self, volumes: set[str]) -> dict[str, set[str]]:
        """The volumes of each volume group that one of these is in; a host is what has a volume group."""
        groups: set[str] = set()
        for row in self._rows("lsfbvol", "-l", sorted(volumes)):
            groups |= {one for one in _field(row, "volgrp").split(",") if one not in ("", "-")}
        found = {}
        for group in sorted(groups):
            if not re.match(r"V[0-9]{1,5}\Z", group):
                raise SidecarError(SYSTEM, f"dscli shows a volume group {plain(group)[:20]}.")
            said = table(self._said(f"lsfbvol -dev {self._dev} -l -volgrp {group}"))
            found[group] = {_volume_id(row) for row in said}
        return found

    def ports(self) -> dict[str, list[str]]:
        """The WWPNs that see each volume group."""
        found: dict[str, list[str]] = {}
        for row in table(self._said(f"lshostconnect -dev {self._dev} -l")):
            found.setdefault(_field(row, "volgrpID"), []).append(_field(row, "WWPN"))
        return found

    # changing

    def end(self, ids: Sequence[str], release: bool) -> None:
        """End relations; the space of thin targets goes with them, if the spec says so."""
        thin = set()
        if release:
            targets = [one.partition(":")[2] for one in ids]
            thin = {name for name, volume in self.volumes(targets).items() if volume.thin}
        for option, some in (
            ("", [one for one in ids if one.partition(":")[2] not in thin]),
            (" -tgtreleasespace", [one for one in ids if one.partition(":")[2] in thin]),
        ):
            for place in range(0, len(some), AT_ONCE):
                part = " ".join(some[place : place + AT_ONCE])
                self._done(f"rmflash -dev {self._dev} -quiet{option} {part}")

    def thaw(self, lss: Sequence[str]) -> None:
        """Let go of held writes."""
        self._done(self._thaw_line(lss))

    def shot(self, pairs: Sequence[tuple[str, str]], lss: Sequence[str], again: bool, run: str) -> Shot:
        """Flash and thaw for the session that is open, and the thaw for one more."""
        names = [":".join(pair) for pair in pairs]
        refreshes = self._device.facts.get("refresh") == "incremental"
        verb = "resyncflash" if again else "mkflash"
        # What a refresh does not repeat is lost; a refresh is complete only where the copy is.
        options = "-record -persist -cp" if refreshes else "-persist -nocp"
        flash = f"{verb} -dev {self._dev} -freeze {options} -tgtse -seqnum {sequence(run)} {' '.join(names)}"
        thaw = self._thaw_line(lss)
        other = self._start()
        done = "\n".join(
            [*(f"CMUC00000I {verb}: {name} done." for name in names), "CMUC00000I unfreezeflash: "]
        )
        return Shot(
            self._session,
            f"{flash}\n{thaw}",
            lambda: self._answer(self._session, other),
            lambda reply: judge(reply, verb, names),
            Reply(0, done, ""),
            Reply(0, f"CMUN00000E {verb}: {names[0]}: Copy Services operation failure", ""),
            Thaw(other, thaw, lambda reply: judge(reply, verb, ())),
        )

    # parts

    def _start(self) -> StartedProgram:
        """A session with the settings that its answers are read by."""
        device = self._device
        addresses = [
            word for n, one in enumerate(device.addresses[:2]) for word in (f"-hmc{n + 1}", one.host)
        ]
        access = [*addresses, "-user", device.user, "-pwfile", self._config.key_file(device.key)]
        limit_s = time_for(self._edges, device.name, START_S)
        program = self._edges.programs.start([device.facts["program"], *access], PROMPT)
        self._open.append(program)
        reply = self._wait(program, "its start", limit_s)
        if reply.status != 0:
            status = SYSTEM if reply.status is None else ENDED.get(reply.status, SYSTEM)
            raise SidecarError(
                status, f"dscli did not log in to {device.name}: {plain(reply.out)[-160:] or 'no reason'}."
            )
        shown = greeted_at(reply.out)
        self._look = None if shown is None else Look(self._edges.clock.now(), *shown)
        self._ask(program, SETTINGS)
        return program

    def _identify(self) -> None:
        """Nothing is asked of another system than the one that the spec names."""
        listed = table(self._said("lssi"))
        for row in listed:
            if row.get("ID") == self._dev:
                self.wwnn = row.get("WWNN", "").upper()
                self.release = f"model {row.get('Model', 'unknown')}"
                return
        others = ", ".join(plain(row.get("ID", "?"))[:20] for row in listed) or "none"
        raise SidecarError(
            MISMATCH,
            f"{self._device.name} shows storage images {others}, the spec says {self._dev}. Correct the "
            "address or the image.",
        )

    def _answer(self, *sessions: StartedProgram) -> None:
        """Each session still talks to the system."""
        for session in sessions:
            self._checked(self._ask(session, "lssi"), "lssi")

    def _rows(self, verb: str, option: str, names: Sequence[str]) -> list[dict[str, str]]:
        """A list of these volumes, in parts that a line can hold."""
        found = []
        for place in range(0, len(names), AT_ONCE):
            part = " ".join(names[place : place + AT_ONCE])
            found += table(self._said(f"{verb} -dev {self._dev} {option} {part}"))
        return found

    def _said(self, command: str) -> str:
        """What a command that reads says; an error is one."""
        return self._checked(self._ask(self._session, command), command)

    def _checked(self, said: str, command: str) -> str:
        bad = [text for severity, text in messages(said) if severity != "I"]
        if bad:
            raise SidecarError(SYSTEM, f"{self._device.name}: {command.split()[0]} was refused: {bad[0]}")
        return said

    def _done(self, command: str) -> None:
        """Send a change once; where not every message is a good one, the state tells what became of it."""
        said = self._ask(self._session, command)
        found = messages(said)
        bad = [text for severity, text in found if severity != "I"]
        if bad or not found:
            text = bad[0] if bad else plain(said)[:80]
            raise SidecarError(UNKNOWN, f"{self._device.name}: {command.split()[0]} was answered: {text}")

    def _ask(self, session: StartedProgram, command: str) -> str:
        limit_s = time_for(self._edges, self._device.name, self._config.limits.request_s)
        try:
            session.send(command)
        except OSError as error:
            raise SidecarError(UNKNOWN, f"dscli of {self._device.name} ended: {error.strerror}.") from error
        reply = self._wait(session, command, limit_s)
        if reply.status != 0:
            raise SidecarError(
                UNKNOWN,
                f"dscli of {self._device.name} ended at {command.split()[0]}: {plain(reply.out)[:100]}",
            )
        return reply.out

    def _wait(self, session: StartedProgram, command: str, limit_s: float) -> Reply:
        """The answer; one that did not come ends the session, or it would be taken for that of the next."""
        clock = self._edges.clock
        if clock.wait(session, clock.now() + limit_s) and session.poll(SETTLE_S):
            return session.reply()
        session.close()
        raise SidecarError(
            TIMEOUT, f"dscli of {self._device.name} did not answer {command.split()[0]} within {limit_s:g} s."
        )

    def _thaw_line(self, lss: Sequence[str]) -> str:
        return f"unfreezeflash -dev {self._dev} {' '.join(lss)}"


def sequence(run: str) -> str:
    """The number that a run gives its copies, by its minute: the same comes again after 45 days.

    Never 0, which stands for none; that of a call by hand is 1.
    """
    parts = (run[place : place + 2] for place in range(4, 14, 2))
    at = seconds_of(run[:4], *parts)
    return f"{int((at or 0.0) // 60) % 0xFFFF + 1:04X}"


def messages(said: str) -> list[tuple[str, str]]:
    """Severity and text of every message."""
    found = [_MESSAGE.search(line) for line in said.splitlines()]
    return [(one[1], plain(one[0])[:160]) for one in found if one]


def judge(reply: Reply, verb: str, pairs: Sequence[str]) -> SidecarError | None:
    """What an answer means: None where it says of each pair that it was done, and of the thaw.

    Of anything else nothing is known: a copy of some pairs may have been taken.
    """
    found = messages(reply.out)
    good = [text for severity, text in found if severity == "I"]
    bad = [text for severity, text in found if severity != "I"]
    done = [one for one in pairs if any(f"{verb}:" in text and f"{one} " in f"{text} " for text in good)]
    thawed = any("unfreezeflash:" in text for text in good)
    if reply.status == 0 and not bad and len(done) == len(pairs) and thawed:
        return None
    if bad:
        return SidecarError(UNKNOWN, bad[0])
    if len(done) < len(pairs):
        return SidecarError(UNKNOWN, f"{len(done)} of {len(pairs)} pairs were confirmed")
    return SidecarError(UNKNOWN, "the thaw was not confirmed")


def table(said: str) -> list[dict[str, str]]:
    """The rows of a list, by its header; none where dscli says that it found nothing.

    It says that by a message (docs/platform-facts.md), so a header with no row below it is half a list.
    """
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    rule = next((n for n, line in enumerate(lines) if set(line) == {"="}), 0)
    if not rule:
        if lines and all(_MESSAGE.match(line) for line in lines):
            return []
        raise SidecarError(SYSTEM, f"dscli answers with no list: '{plain(said)[:60]}'. Check its release.")
    header = [name.strip() for name in lines[rule - 1].split("|")]
    rows = [[value.strip() for value in line.split("|")] for line in lines[rule + 1 :]]
    if not rows:
        raise SidecarError(SYSTEM, "A list of dscli ends behind its header. Ask again.")
    if any(len(row) != len(header) for row in rows) or len(set(header)) != len(header):
        raise SidecarError(SYSTEM, "A list of dscli has other columns than its header. Check its release.")
    return [{name: row[place] for place, name in enumerate(header)} for row in rows]


def details(said: str) -> dict[str, str]:
    """What a show command says: one row below a header, or a label and a value on each line."""
    if any(set(line.strip()) == {"="} for line in said.splitlines()):
        found = table(said)
        return found[0] if len(found) == 1 else {}
    pairs = [_LABEL.match(line.strip()) for line in said.splitlines()]
    return {one[1]: one[2].strip() for one in pairs if one}


def _field(row: dict[str, str], name: str) -> str:
    if name not in row:
        raise SidecarError(SYSTEM, f"A list of dscli has no column {name}. Check its release.")
    return row[name]


def _relation(row: dict[str, str]) -> Relation:
    pair = _PAIR.match(_field(row, "ID").upper())
    stamp = _field(row, "DateSynced")
    if pair is None or not stamp or stamp == "-":
        raise SidecarError(SYSTEM, f"dscli shows a relation {plain(row['ID'])[:40]} without pair or time.")
    state = _field(row, "State").lower().replace(" ", "_")
    recording, copying = (_field(row, name) == "Enabled" for name in ("Recording", "ActiveCopy"))
    number = row.get("SequenceNum", "").upper()
    return Relation(pair[1], pair[2], state, recording, stamped(plain(stamp), number), copying)


def _volume_id(row: dict[str, str]) -> str:
    found = _VOLUME.match(_field(row, "ID").upper())
    if found is None:
        raise SidecarError(SYSTEM, f"dscli shows a volume {plain(row['ID'])[:40]}.")
    return found[1]


def _volume(row: dict[str, str]) -> Volume:
    states = [_field(row, name) for name in ("accstate", "datastate", "configstate")]
    form = _field(row, "datatype")
    return Volume(
        _field(row, "cap (blocks)")[:20],
        _field(row, "deviceMTM")[:20],
        form[:20],
        plain(", ".join(states))[:30],
        states == ["Online", "Normal", "Normal"],
        "space" in states[1].lower(),
        _field(row, "sam").lower() not in ("standard", "-", ""),
        _field(row, "extpool"),
    )


def _mebibytes(fields: dict[str, str], key: str) -> float | None:
    """A capacity in bytes; None where it is not told."""
    value = fields.get(key, "")
    return float(value) * 2**20 if _NUMBER.match(value) else None
