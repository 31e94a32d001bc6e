"""The pre-checks of production itself, as SQL tells of it: disk units, pools, what starts by itself, BRMS.

Each part gives findings; an SQL error is raised, and the caller makes a finding of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from flashrt import queries
from flashrt.config import CloneConf, Config, EnvironmentConf
from flashrt.consoles.base import Finding
from flashrt.edges import Edges
from flashrt.identity import prove_production
from flashrt.status import MISMATCH, SPACE, SYSTEM, SidecarError

Row = tuple[Any, ...]

_BRM_COMMAND = re.compile(r"\b[A-Z]{3,7}BRM\b")
# What runs in Q1ABRMNET, its monitor included (docs/platform-facts.md#brms-in-use).
_NETWORK_JOBS = frozenset(("Q1ABRMNET", "QBRMNET", "QBRMSYNC", "QNMAPINGD", "Q1ACPDST"))
UNSEEN = "sql.brmsgroups"
"""Id of the finding that is good and is told all the same: control groups that the BRMS log does not know."""
_DAYS = ("*MON", "*TUE", "*WED", "*THU", "*FRI", "*SAT", "*SUN")


class Asks(NamedTuple):
    """For whom the checks are made.

    `environment`: whose jobs and locks are looked at, "" for none.  `keep_s`: a copy to give up must be older
    than this, in seconds.  `is_run`: a run asks, which has its locks already.
    """

    environment: str = ""
    keep_s: float = 0.0
    is_run: bool = False


NOBODY = Asks()
"""No environment's own checks are made."""


class PartitionChecks:
    """One round of checks of production; `units` is how many disk units it has, once they were counted."""

    def __init__(self, config: Config, clone: CloneConf, edges: Edges, asks: Asks) -> None:
        self.units: int | None = None
        self._asks = asks
        self._own = config.checks.environments.get(asks.environment, EnvironmentConf((), {}))
        self._config = config
        self._clone = clone
        self._edges = edges

    def parts(self) -> Iterable[tuple[str, Callable[[], list[Finding]]]]:
        """All but the disk units, with the names under which an error is told."""
        return (
            ("sql.identity", self._identity),
            ("sql.pools", self._pools),
            ("sql.ptfs", self._ptfs),
            ("sql.ipl", self._ipl_type),
            ("sql.interfaces", self._interfaces),
            ("sql.startup", self._startup),
            ("sql.brms", self._brms),
            ("sql.brmslog", self._brms_log),
            ("sql.brmsmedia", self._brms_unseen),
            ("sql.tape", self._libraries),
            ("sql.schedule", self._schedule),
            ("sql.commit", self._uncommitted),
            ("sql.locks", self._locks),
            ("sql.others", self._others),
        )

    def _query(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        return self._edges.database.query(sql, parameters, limit_s=self._config.limits.sql_s)

    def count_units(self) -> dict[int, Row]:
        """The partition's disk units by number; each path of a unit is a row."""
        units: dict[int, Row] = {}
        for row in self._query(queries.DISK_UNITS):
            if _number(row[0]) > 0:
                units.setdefault(int(_number(row[0])), row)
        self.units = len(units)
        return units

    def disk_units(self) -> list[Finding]:
        """How many units the partition has, and none of them internal."""
        units = self.count_units()
        if not units:
            return [
                Finding(
                    "sql.units", False, "SQL shows no disk unit of this partition. See SYSDISKSTAT.", SYSTEM
                )
            ]
        for number, row in sorted(units.items()):
            kind = _text(row[2])
            if kind not in self._config.checks.disk_types:
                text = (
                    f"Disk unit {number} ({_text(row[4])}, type {kind}) in ASP {_text(row[1])} is internal, "
                    "not a volume of an array: the clone would lack it. Move it out of the ASP, or declare "
                    "the type."
                )
                return [Finding("sql.units", False, text, MISMATCH)]
        return [Finding("sql.units", True, f"The partition has {len(units)} disk units, all of an array.")]

    def _identity(self) -> list[Finding]:
        """Whether a later call that acts could prove that it runs on production."""
        own = prove_production(self._config, self._edges)
        text = f"This is partition {own.lpar} of machine {own.serial}, declared as production."
        return [Finding("sql.identity", True, text)]

    def _pools(self) -> list[Finding]:
        """Independent pools that are varied on are those that the spec names; room for the delivery."""
        found = []
        free_mb = 0.0
        named = set(self._config.checks.independent_asps)
        for row in self._query(queries.POOLS):
            if _number(row[0]) == 1:
                free_mb = _number(row[5])
            state, device = _text(row[1]).upper(), _text(row[3])
            open_pool = _number(row[0]) > 32 and state in ("ACTIVE", "AVAILABLE")
            if open_pool and device in named:
                named.discard(device)
            elif open_pool:
                text = (
                    f"Independent ASP {device} is {state} and not named by the spec: it would be cloned "
                    "half open. Vary it off or declare it."
                )
                found.append(Finding("sql.pools", False, text))
        for device in sorted(named):
            text = (
                f"Independent ASP {device}, which the spec names, is not available: it cannot be suspended. "
                "Vary it on, or take it out of the spec."
            )
            found.append(Finding("sql.pools", False, text))
        if free_mb < self._config.checks.delivery_mb:
            need = self._config.checks.delivery_mb
            text = f"The system ASP has {free_mb:.0f} MB free, the delivery needs {need:g}. Free some space."
            found.append(Finding("sql.space", False, text, SPACE))
        return found or [
            Finding("sql.pools", True, f"No strange independent ASP; {free_mb:.0f} MB free in ASP 1.")
        ]

    def _ptfs(self) -> list[Finding]:
        """No PTF waits for an IPL: the clone's first IPL would apply it."""
        waiting = [
            f"{_text(row[0])} ({_text(row[1])}, {_text(row[2])})"
            for row in self._query(queries.PTFS_WITH_IPL_ACTION)
            if _text(row[0]) not in self._config.checks.accepted_ptfs
        ]
        if waiting:
            more = f" and {len(waiting) - 1} more" if len(waiting) > 1 else ""
            text = (
                f"PTF {waiting[0]}{more} would change at the clone's IPL. IPL production first, or take the "
                "action back: APYPTF IPLAPY(*NO)."
            )
            return [Finding("sql.ptfs", False, text)]
        return [Finding("sql.ptfs", True, "No PTF waits for an IPL.")]

    def _ipl_type(self) -> list[Finding]:
        """QIPLTYPE 0: an attended IPL would wait at the clone's console.  QIPLDATTIM: it starts by itself."""
        value = next((_text(row[0]) for row in self._query(queries.IPL_TYPE)), "")
        if value != "0":
            text = f"QIPLTYPE is '{value}': the clone's IPL would wait at its console. Set it to '0'."
            return [Finding("sql.ipl", False, text)]
        found = [Finding("sql.ipl", True, "QIPLTYPE is '0'.")]
        planned = next((_text(row[0]) for row in self._query(queries.IPL_AT)), "")
        if planned not in ("", "*NONE"):
            text = (
                f"QIPLDATTIM is '{planned}': the clone has it too, and starts by itself then if it is off. "
                "Let it be '*NONE' while the copy is taken."
            )
            found.append(Finding("sql.iplat", True, text, attention=True))
        return found

    def _interfaces(self) -> list[Finding]:
        """The link's addresses are there on production and never start by themselves."""
        link = self._clone.link
        if link is None:
            return [Finding("sql.interfaces", True, "The clone has no link.")]
        rows = {_address(_text(row[0])): row for row in self._query(queries.INTERFACES)}
        found = []
        if _address(link.source) not in rows:
            text = f"Interface {link.source} of the link is not configured. ADDTCPIFC it with AUTOSTART(*NO)."
            found.append(Finding("sql.interfaces", False, text, MISMATCH))
        for address in (link.source, link.clone):
            row = rows.get(_address(address))
            if row is not None and _text(row[3]).upper() != "NO":
                text = (
                    f"The link's interface {address} starts by itself. Change it: CHGTCPIFC AUTOSTART(*NO)."
                )
                found.append(Finding("sql.interfaces", False, text))
        good = f"Interface {link.source} is there and starts only on demand."
        return found or [Finding("sql.interfaces", True, good)]

    def _startup(self) -> list[Finding]:
        """What starts by itself on the clone, unless the isolated network makes it harmless."""
        if self._clone.network_isolated:
            return self._beside()
        accepted = self._config.checks.accepted_autostart
        names = [
            f"{_text(row[0])}/{_text(row[1])} {_text(row[2])}" for row in self._query(queries.AUTOSTART_JOBS)
        ]
        strange = [name for name in names if "*ALL" not in accepted and name.split()[1] not in accepted]
        waiting = [
            f"{_text(row[0])}/{_text(row[1])}"
            for row in self._query(queries.JOB_QUEUES)
            if _text(row[2]) and _number(row[3]) > 0
        ]
        found = []
        if strange:
            text = (
                f"Autostart job {strange[0]} ({len(strange)} in all) would run on the clone with "
                "production's network. Isolate the network, or accept the job in the spec."
            )
            found.append(Finding("sql.startup", False, text))
        if waiting:
            text = (
                f"Jobs wait on job queue {waiting[0]} ({len(waiting)} queues): they would run on the clone "
                "too. Isolate the network, or hold the queue."
            )
            found.append(Finding("sql.startup", False, text))
        return found or [Finding("sql.startup", True, "Nothing strange starts by itself.")]

    def _beside(self) -> list[Finding]:
        """Batch jobs that run beside the guard on a clone that reaches nobody: they change what is saved.

        Those of queues that an IPL serves by itself (docs/platform-facts.md#jobs-beside-the-guard), which the
        run does not hold, in the copy as well: said, not refused, for others may wait at the flash.
        """
        value = next((_text(row[0]) for row in self._query(queries.CONTROLLING)), "")
        controlling = set(re.split(r"[\s/]+", value)) - {"QSYS"}
        served = {
            f"{_text(row[0])}/{_text(row[1])}": (_text(row[2]), int(_number(row[3])))
            for row in self._query(queries.JOB_QUEUES)
            if _text(row[2]) in {*controlling, "QSYSWRK"} and _text(row[4]).upper() != "HELD"
        }
        found = []
        for queue, (subsystem, jobs) in sorted(served.items()):
            if queue in self._own.held_queues or not (jobs or queue == "QGPL/QBATCH"):
                continue
            text = (
                f"{jobs} jobs wait on job queue {queue} of subsystem {subsystem}, which each IPL starts. "
                "What waits there at the flash, and what schedule entries put there, runs on the clone "
                "beside the save, and what it changes is saved. Hold it around the flash (hold job queue "
                f"{queue}), unless the restricted save of BRMS is submitted there."
            )
            found.append(Finding("sql.startup", True, text, attention=True))
        text = "No batch queue that an IPL serves; and other jobs reach nobody (isolated)."
        return found or [Finding("sql.startup", True, text)]

    def _brms(self) -> list[Finding]:
        """No job is at work in BRMS but its network's: INZBRM STATE(*STRPRC) would be refused later."""
        if not self._config.checks.brms:
            return [Finding("sql.brms", True, "The run does not use BRMS.")]
        users: dict[str, str] = {}
        for row in self._query(queries.BRMS_LOCKS):
            job = _text(row[0])
            # A lock of the machine or of a lock space has no job's name.
            if job.count("/") == 2 and job.rpartition("/")[2] not in _NETWORK_JOBS:
                users.setdefault(job, f"{_text(row[2])} {_text(row[1])} with {_text(row[3])}")
        if users:
            job = min(users)
            more = f" ({len(users)} jobs in all)" if len(users) > 1 else ""
            text = (
                f"BRMS is in use: job {job} holds QUSRBRM {users[job]}{more}. Wait for its end, or end it "
                "when it only waits; then start the run again."
            )
            return [Finding("sql.brms", False, text)]
        return [Finding("sql.brms", True, "No job is at work in BRMS.")]

    def _brms_log(self) -> list[Finding]:
        """The BRMS log answers, as the clone finds its verdict in it; control groups that it never saw.

        No interface lists control groups (docs/platform-facts.md#brms-control-groups), and a new one is in no
        log: it is said, not refused.
        """
        if not self._config.checks.brms:
            return [Finding("sql.brmslog", True, "The run does not use BRMS.")]
        try:
            seen = {_text(row[0]) for row in self._query(queries.BRMS_GROUPS)}
        except SidecarError as error:
            text = (
                f"The BRMS log cannot be read, so the clone would find no verdict: {error.text} Enter INZBRM "
                "OPTION(*SQLSRVINZ) once, see the user's authority, then start the run again."
            )
            return [Finding("sql.brmslog", False, text, error.status)]
        strange = [name for name in self._config.checks.control_groups if name not in seen]
        if strange:
            text = f"The BRMS log has never seen control group {', '.join(strange)}: new, or see WRKCTLGBRM."
            return [Finding(UNSEEN, True, text, attention=True)]
        return [Finding("sql.brmslog", True, "The BRMS log answers and knows the control groups.")]

    def _brms_unseen(self) -> list[Finding]:
        """What no SQL service tells (docs/platform-facts.md#brms-control-groups): said, not refused."""
        if not self._config.checks.brms:
            return [Finding("sql.brmsmedia", True, "The run does not use BRMS.")]
        names = ", ".join(self._config.checks.control_groups)
        media = f"Not counted: expired media for {names}. CHKEXPBRM and WRKMEDBRM TYPE(*EXP) show them."
        after = (
            f"Not read: what is done behind {names} (IPL, job queues, subsystems, servers). See it by "
            "WRKCTLGBRM; nothing of that kind may be done on the clone."
        )
        disks = (
            f"Not read: whether {names} are saved to virtual tape or to save files. Those lie on the clone's "
            "own disks: gone with the next copy, while BRMS here would know them as saved. Nor does the "
            "clone carry volumes to a cloud, or duplicate them."
        )
        return [
            Finding("sql.brmsmedia", True, media, attention=True),
            Finding("sql.brmsdisks", True, disks, attention=True),
            Finding("sql.brmsactions", True, after, attention=True),
        ]

    def _libraries(self) -> list[Finding]:
        """Drives that production has for itself and the clone is to write with: said, not refused.

        A description may stand for another part of the library there (docs/platform-facts.md#tape).
        """
        if not self._own.libraries:
            return [Finding("sql.tape", True, "The run names no tape library.")]
        names = ", ".join(self._own.libraries)
        try:
            rows = self._query(queries.MEDIA_LIBRARIES)
        except SidecarError as error:
            text = f"Whether drives of {names} are allocated here is not known: {error.text} See WRKMLBSTS."
            return [Finding("sql.tape", True, text, attention=True)]
        for library, drive, allocation in rows:
            if _text(library) in self._own.libraries and _text(allocation).upper() == "ALLOCATED":
                text = (
                    f"Drive {_text(drive)} of {_text(library)} is ALLOCATED to this system: the clone cannot "
                    "use it. Vary the library off until the save has ended, or WRKMLBSTS, option 5 "
                    "(unprotected)."
                )
                return [Finding("sql.tape", True, text, attention=True)]
        return [Finding("sql.tape", True, f"No drive of {names} is allocated to this system.")]

    def _uncommitted(self) -> list[Finding]:
        """No job that the run holds has uncommitted changes: held, it would not come to a commit boundary."""
        if not self._own.held_jobs:
            return [Finding("sql.commit", True, "The run holds no job.")]
        names = ", ".join(self._own.held_jobs)
        try:
            rows = self._query(queries.TRANSACTIONS)
        except SidecarError as error:
            text = f"Whether {names} have uncommitted changes is not known: {error.text} See WRKCMTDFN."
            return [Finding("sql.commit", True, text, attention=True)]
        for row in rows:
            job = _text(row[0])
            if job.partition("/")[2] in self._own.held_jobs and _text(row[1]).upper() == "YES":
                text = (
                    f"Job {job} has uncommitted changes; held, it keeps production from being quiesced. Let "
                    "it commit, or start the run later."
                )
                return [Finding("sql.commit", False, text)]
        return [Finding("sql.commit", True, f"No uncommitted changes of {names}.")]

    def _locks(self) -> list[Finding]:
        """Nobody has what a run of the environment would lock, and no run that died has left it locked.

        Looked at only: a lock taken here, for a moment, could refuse a run of the schedule.
        """
        if self._asks.is_run or not self._own.locks:
            return []
        rows = self._query(queries.lock_rows(self._config.system.library))
        runs = {_job_name(_text(job)): _text(run) for _, run, job in rows}
        holds: dict[str, list[str]] = {}
        for name, job in self._query(queries.LOCKS, (self._config.system.library,)):
            if _text(name) in self._own.locks:
                holds.setdefault(_text(job), []).append(self._own.locks[_text(name)])
        left: dict[str, list[str]] = {}
        for what, _, job in rows:
            if _job_name(_text(job)) not in holds and _text(what) in self._own.locks.values():
                left.setdefault(_job_name(_text(job)), []).append(_text(what))
        found = []
        for job, things in holds.items():
            run = f", run {runs[job]}," if job in runs else ""
            text = (
                f"Job {job}{run} holds {_listed(things)}. Wait for its end (FLDSPSTS), or see WRKJOB; then "
                "start the run."
            )
            found.append(Finding("sql.locks", False, text))
        for job, things in left.items():
            text = (
                f"Run {runs[job]} left {_listed(things)} locked; its job {job} has gone. Enter FLRCVENV for "
                "the environment of that run."
            )
            found.append(Finding("sql.locks", False, text))
        good = f"Nobody holds {_listed(self._own.locks.values())}."
        return found or [Finding("sql.locks", True, good)]

    def _others(self) -> list[Finding]:
        """What no interface tells (docs/platform-facts.md#other-suspends): said, not refused."""
        text = (
            "Not read: whether another product suspends or replicates this partition. Keep its times off "
            "this run's; what replicates can be ended around the flash."
        )
        return [Finding("sql.others", True, text, attention=True)]

    def _schedule(self) -> list[Finding]:
        """No BRMS command is scheduled while the clone owns BRMS."""
        window_s = self._config.checks.window_s
        if window_s <= 0:
            return [Finding("sql.schedule", True, "The run does not use BRMS.")]
        offset = next((_text(row[0]) for row in self._query(queries.UTC_OFFSET)), "")
        now = self._edges.clock.now() + offset_seconds(offset)
        for row in self._query(queries.SCHEDULED_COMMANDS):
            command = _text(row[4]).upper()
            if _text(row[3]).upper() == "HELD" or not _BRM_COMMAND.search(command):
                continue
            if runs_within(_text(row[1]), _text(row[2]).upper(), now, window_s):
                text = (
                    f"Job schedule entry {_text(row[0])} at {_text(row[1])} runs {command[:40]} while BRMS "
                    "belongs to the clone. Hold it or move it."
                )
                return [Finding("sql.schedule", False, text)]
        return [
            Finding(
                "sql.schedule", True, f"No BRMS command is scheduled in the next {window_s / 3600:.1f} h."
            )
        ]


def _job_name(packed: str) -> str:
    """NUMBER/USER/NAME of a job as the product's tables have it: name and user of 10 characters, number."""
    return f"{packed[20:26]}/{packed[10:20].strip()}/{packed[:10].strip()}"


def _listed(things: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(things))


def offset_seconds(offset: str) -> int:
    """Seconds of a QUTCOFFSET such as +0100; 0 for an empty one."""
    match = re.match(r"([+-]?)([0-9]{2}):?([0-9]{2})\Z", offset.strip())
    if match is None:
        return 0
    seconds = int(match.group(2)) * 3600 + int(match.group(3)) * 60
    return -seconds if match.group(1) == "-" else seconds


def runs_within(time_text: str, days: str, now: float, window_s: float) -> bool:
    """Whether an entry of a time and days has an occurrence in the window; `now` is local epoch seconds.

    An entry without days (by date) counts as if it ran every day: better one refusal too many.
    """
    digits = re.sub(r"[^0-9]", "", time_text)[:6].ljust(6, "0")
    at_s = int(digits[:2]) * 3600 + int(digits[2:4]) * 60 + int(digits[4:6])
    named = [day for day in _DAYS if day in days]
    today = int(now // 86400)
    for day in range(today - 1, today + int(window_s // 86400) + 2):
        # 1970-01-01 was a Thursday.
        if named and _DAYS[(day + 3) % 7] not in named:
            continue
        if now <= day * 86400 + at_s <= now + window_s:
            return True
    return False


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()


def _number(value: object) -> float:
    try:
        return float(str(value).strip() or 0) if value is not None else 0.0
    except ValueError as error:
        raise SidecarError(SYSTEM, f"SQL gave {str(value)[:40]!r} where a number belongs.") from error


def _address(text: str) -> str:
    """An IPv4 address without leading zeros, so that 192.168.099.015 is 192.168.99.15."""
    parts = text.split(".")
    return ".".join(str(int(part)) for part in parts) if all(part.isdecimal() for part in parts) else text
