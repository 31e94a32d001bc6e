"""What is on the partition now, read before anything is planned.

Objects come from the names in /QSYS.LIB, system value, data areas, columns and schedule entries from SQL by
Qshell's `db2`: both read the same in every national language, which printed listings do not.  One exec
for all of them; files by SFTP.  Services and their releases: docs/platform-facts.md#sql-services.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flashc.bundle import Bundle
from flashc.deploy.command import LS, QSH, Command, messages, sh
from flashc.deploy.errors import REFUSED, DeployError
from flashc.deploy.record import LIMIT, Record, read_record, record_path
from flashc.deploy.session import Entry, Session

FACTS_S = 300.0
"""The view of data areas looks at all of a system before it selects."""

FILE_LIMIT = 32 * 1024 * 1024
FOLDERS = ("bin", "conf", "inbox", "keys", "runs", "src")
RUN_FILES = ("bin/flashrt.pyz", "conf/sidecar.json", "conf/known_hosts")
"""Files that a run uses; they are compared by their contents, sources by the record."""

BUILT, GUARD_BUILT = "src/FLBUILD.json", "src/FLGUARD.json"
"""Where FLBUILD leaves the manifest of its bundle: each time, and where it has made the start-up guard."""

BY_HAND = (BUILT, GUARD_BUILT)

DATE_FORMATS = {"YMD": "%Y%m%d", "MDY": "%m%d%Y", "DMY": "%d%m%Y", "JUL": "%Y%j"}
"""How a command takes a date without separators, by QDATFMT: docs/platform-facts.md#date-literals."""

PREVIOUS = "FLPRVSTR"
"""The data area of each guard's library with what the guard calls on production."""

_CLOCK = ("QYEAR", "QMONTH", "QDAY", "QHOUR", "QMINUTE")

_ROW = re.compile(r"\s*FL>([VPACSU])>(.*?)\s*")
_OBJECT = re.compile(r"[A-Z$#@][A-Z0-9_$#@.]{0,9}\.[A-Z0-9]{1,10}")


@dataclass(frozen=True, slots=True)
class ScheduleEntry:
    """A job schedule entry; days without stars, `time` HHMMSS, `command` as far as it may be read.

    `library` is that of its job description, which for our entries is the product's.
    """

    name: str
    number: str
    time: str
    days: frozenset[str]
    frequency: str
    recovery: str
    held: bool
    library: str
    text: str
    command: str


@dataclass(frozen=True, slots=True)
class Facts:
    """The partition as it is: `serial` and `lpar_id` (None where it is not told) say which it is.

    `objects`: names as in /QSYS.LIB (FLJRN.FILE) by library, None where there is no library; `areas`: data
    area values by LIBRARY/NAME; `files`: SHA-256 of the files that a run uses, None for none.
    """

    serial: str
    lpar_id: int | None
    objects: Mapping[str, frozenset[str] | None]
    start_program: str
    areas: Mapping[str, str]
    entries: tuple[ScheduleEntry, ...]
    folders: Mapping[str, Entry | None]
    keys: Mapping[str, Entry | None]
    files: Mapping[str, str | None]
    record: Record | None
    date_format: str
    now: str
    """YYYYMMDDHHMM of the partition's clock."""
    lists: frozenset[str] = frozenset()
    """The authorization lists that exist, of those that have a library's name."""
    lengths: Mapping[str, int] = field(default_factory=dict)
    """Of data areas, by LIBRARY/NAME."""
    columns: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Of tables and views, by LIBRARY/NAME."""
    public: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """What *PUBLIC may, and the authorization list or "", by LIBRARY/NAME *TYPE; {} where it is not told."""
    by_hand: bool = False
    """FLBUILD has made programs since the last deployment: from what they are is not in the record."""
    guard_by_hand: tuple[str, ...] | None = None
    """What the start-up guard's programs know of a spec, where FLBUILD has made them since then."""

    def identity_in(self, pairs: Iterable[Mapping[str, Any]]) -> bool | None:
        """Whether serial and partition id are one of the pairs; None where only the id is not told."""
        ids = [one["lpar"] for one in pairs if one["serial"] == self.serial]
        if not ids or self.lpar_id is None:
            return None if ids else False
        return self.lpar_id in ids

    def other_guards(self, own: str) -> dict[str, str]:
        """The libraries of other installations' guards, and what each guard calls on production."""
        found = {
            name.partition("/")[0]: value for name, value in self.areas.items() if name.endswith(PREVIOUS)
        }
        return {library: value for library, value in found.items() if library != own}

    def has(self, library: str, name: str, type_: str) -> bool:
        """Whether an object exists."""
        if type_ == "*LIB":
            return self.objects.get(name) is not None
        if type_ == "*AUTL":
            return name in self.lists
        return f"{name}.{type_.lstrip('*')}" in (self.objects.get(library) or ())


def gather(bundle: Bundle, session: Session) -> Facts:
    """Read all of it.  DeployError: something cannot be read (3), or may not be (4)."""
    manifest = bundle.manifest
    libraries = (manifest["library"], manifest["guard_library"])
    reply = session.run(facts_line(libraries), FACTS_S)
    if reply.status is None:
        raise DeployError("The connection ended while the partition was read.")
    lines = [line.rstrip() for line in reply.out.splitlines()]
    objects = {name: _objects(lines, name) for name in libraries}
    rows = _rows(lines)
    values = dict(_pair(text) for text in rows["V"])
    areas = [(name, *_pair(rest)) for name, rest in map(_pair, rows["A"])]
    lpar_id = next((int(text) for text in rows["P"] if text.isdigit()), None)
    folder = manifest["folder"]
    folders = {path: session.stat(path) for path in folder_paths(folder)}
    credentials = [*manifest["keys"], *manifest.get("secrets", ())]
    keys = {name: session.stat(f"{folder}/keys/{name}") for name in credentials}
    files = {name: _hash(session, f"{folder}/{name}") for name in RUN_FILES}
    hands = {name: session.read(f"{folder}/{name}", LIMIT) for name in BY_HAND}
    data = session.read(record_path(manifest), LIMIT)
    record = read_record(data, record_path(manifest)) if data is not None else None
    return Facts(
        serial=values.get("QSRLNBR", "").strip(),
        lpar_id=lpar_id,
        objects=objects,
        lists=frozenset(name for name in libraries if _has_list(lines, name)),
        start_program=values.get("QSTRUPPGM", ""),
        areas={name: value for name, _, value in areas},
        lengths={name: int(length) for name, length, _ in areas if length.isdigit()},
        columns=_columns(rows["C"]),
        public={key: (what, by) for key, what, by in (_triple(text) for text in rows["U"])},
        entries=tuple(_entry(text) for text in rows["S"]),
        folders=folders,
        keys=keys,
        files=files,
        record=record,
        by_hand=hands[BUILT] is not None,
        guard_by_hand=_guard_knows(hands[GUARD_BUILT], f"{folder}/{GUARD_BUILT}"),
        date_format=_date_format(values),
        now=_now(values),
    )


def _guard_knows(data: bytes | None, path: str) -> tuple[str, ...] | None:
    """What the manifest says that the guard's programs know; a file that is none must not pass as nothing."""
    if data is None:
        return None
    try:
        return tuple(str(one) for one in json.loads(data)["guard_knows"])
    except (ValueError, KeyError, TypeError) as error:
        text = f"{path} on the partition is not the manifest of a bundle ({error})."
        raise DeployError(f"{text} Call FLBUILD again, with *GUARD.", REFUSED) from error


def _date_format(values: Mapping[str, str]) -> str:
    found = values.get("QDATFMT", "").strip()
    if found not in DATE_FORMATS:
        raise DeployError(f"The date format of the partition (QDATFMT) is not known: {found or 'none told'}.")
    return found


def _now(values: Mapping[str, str]) -> str:
    century = "20" if values.get("QCENTURY", "").strip() != "0" else "19"
    digits = century + "".join(values.get(name, "").strip() for name in _CLOCK)
    if len(digits) != 12 or not digits.isdigit():
        raise DeployError(f"The partition does not tell its date and time: {digits}")
    return digits


def folder_paths(folder: str) -> tuple[str, ...]:
    """The product's folders, those above first."""
    return (folder.rpartition("/")[0], folder, *(f"{folder}/{name}" for name in FOLDERS))


def _hash(session: Session, path: str) -> str | None:
    data = session.read(path, FILE_LIMIT)
    return None if data is None else hashlib.sha256(data).hexdigest()


def facts_line(libraries: tuple[str, ...]) -> str:
    """The shell line that prints everything that is no file; marks say where each part begins."""
    parts = []
    for name in libraries:
        there = Command(f"QSYS/CHKOBJ OBJ(QSYS/{name}) OBJTYPE(*LIB) AUT(*CHANGE)")
        parts.append(f"echo '==library {name}'")
        parts.append(f"{there.shell()} && {LS} /QSYS.LIB/{name}.LIB 2>&1 && echo '==listed'")
        operators = Command(f"QSYS/CHKOBJ OBJ(QSYS/{name}) OBJTYPE(*AUTL)")
        parts.append(f"echo '==operators {name}'")
        parts.append(f"{operators.shell()} && echo '==there'")
    queries = "; ".join(f'db2 "{sql}"' for sql in queries_for(libraries))
    return "; ".join([*parts, "echo '==sql'", f"{QSH} -c {sh(queries)} 2>&1"])


def queries_for(libraries: tuple[str, ...]) -> tuple[str, ...]:
    """One column a row, marked, so that headings and padding do not matter; a last row proves the query ran.

    The columns that may be null without *JOBCTL are not for the profile that made the entry.  The partition's
    id is null until the security officer has given the profile *USE to QSYS/QPMLPMGT.  The last one may fail:
    not every 7.3 has its columns.
    """
    both = ", ".join(f"'{name}'" for name in libraries)
    end = "UNION ALL SELECT 'FL>{0}>' FROM SYSIBM.SYSDUMMY1"
    return (
        "SELECT 'FL>V>' CONCAT RTRIM(SYSTEM_VALUE_NAME) CONCAT '>' CONCAT "
        "CAST(CURRENT_CHARACTER_VALUE AS VARCHAR(20)) FROM QSYS2.SYSTEM_VALUE_INFO "
        "WHERE SYSTEM_VALUE_NAME IN ('QSTRUPPGM', 'QSRLNBR', 'QDATFMT', 'QCENTURY', 'QYEAR', 'QMONTH', "
        f"'QDAY', 'QHOUR', 'QMINUTE') {end.format('V')}",
        "SELECT 'FL>P>' CONCAT CAST(PARTITION_ID AS VARCHAR(11)) FROM QSYS2.SYSTEM_STATUS_INFO",
        "SELECT 'FL>A>' CONCAT RTRIM(DATA_AREA_LIBRARY) CONCAT '/' CONCAT RTRIM(DATA_AREA_NAME) CONCAT '>' "
        "CONCAT CAST(LENGTH AS VARCHAR(11)) CONCAT '>' CONCAT "
        "COALESCE(CAST(DATA_AREA_VALUE AS VARCHAR(80)), '') FROM QSYS2.DATA_AREA_INFO "
        f"WHERE DATA_AREA_LIBRARY IN ({both}) OR DATA_AREA_NAME = '{PREVIOUS}' {end.format('A')}",
        "SELECT 'FL>C>' CONCAT RTRIM(SYSTEM_TABLE_SCHEMA) CONCAT '/' CONCAT RTRIM(SYSTEM_TABLE_NAME) CONCAT "
        "'>' CONCAT RTRIM(SYSTEM_COLUMN_NAME) FROM QSYS2.SYSCOLUMNS "
        f"WHERE SYSTEM_TABLE_SCHEMA = '{libraries[0]}' {end.format('C')}",
        "SELECT 'FL>S>' CONCAT RTRIM(SCHEDULED_JOB_NAME) CONCAT '>' CONCAT "
        "CAST(SCHEDULED_JOB_ENTRY_NUMBER AS VARCHAR(11)) CONCAT '>' CONCAT "
        "CAST(SCHEDULED_TIME AS VARCHAR(8)) CONCAT '>' CONCAT COALESCE(SCHEDULED_DAYS, '') CONCAT '>' CONCAT "
        "COALESCE(FREQUENCY, '') CONCAT '>' CONCAT COALESCE(RECOVERY_ACTION, '') CONCAT '>' CONCAT "
        "COALESCE(STATUS, '') CONCAT '>' CONCAT COALESCE(JOB_DESCRIPTION_LIBRARY_NAME, '') CONCAT '>' CONCAT "
        "COALESCE(DESCRIPTION, '') CONCAT '>' CONCAT COALESCE(CAST(COMMAND_STRING AS VARCHAR(200)), '') "
        f"FROM QSYS2.SCHEDULED_JOB_INFO WHERE JOB_DESCRIPTION_LIBRARY_NAME = '{libraries[0]}' OR "
        f"COMMAND_STRING LIKE '%{libraries[0]}/FLSTRENV%' {end.format('S')}",
        "SELECT 'FL>U>' CONCAT RTRIM(SYSTEM_OBJECT_SCHEMA) CONCAT '/' CONCAT RTRIM(SYSTEM_OBJECT_NAME) "
        "CONCAT ' ' CONCAT RTRIM(OBJECT_TYPE) CONCAT '>' CONCAT RTRIM(OBJECT_AUTHORITY) CONCAT '>' CONCAT "
        "COALESCE(RTRIM(AUTHORIZATION_LIST), '') FROM QSYS2.OBJECT_PRIVILEGES WHERE AUTHORIZATION_NAME = "
        f"'*PUBLIC' AND (SYSTEM_OBJECT_SCHEMA IN ({both}) OR SYSTEM_OBJECT_SCHEMA = 'QSYS' AND OBJECT_TYPE = "
        f"'*LIB' AND SYSTEM_OBJECT_NAME IN ({both}))",
    )


def _has_list(lines: list[str], name: str) -> bool:
    """Whether the authorization list of the operators exists."""
    return "==there" in _part(lines, f"==operators {name}")


def _objects(lines: list[str], library: str) -> frozenset[str] | None:
    """The objects of a library; None where it does not exist."""
    part = _part(lines, f"==library {library}")
    if "==listed" in part:
        return frozenset(line for line in part if _OBJECT.fullmatch(line))
    found = messages(part)
    if any(message.id in ("CPF9801", "CPF9810") for message in found):
        return None
    if any(message.id in ("CPF9802", "CPF9820", "CPF9899") for message in found):
        raise DeployError(
            f"Library {library} exists and belongs to somebody else: {found[-1]}. Choose another library in "
            "the spec, or let its owner give you *ALL to it.",
            REFUSED,
        )
    what = "; ".join(str(m) for m in found) or " ".join(part)[:200] or "no answer"
    raise DeployError(f"Library {library} cannot be read: {what}. Is this partition an IBM i with PASE?")


def _part(lines: list[str], start: str) -> list[str]:
    """The lines behind a mark, up to the next part."""
    if start not in lines:
        return []
    rest = lines[lines.index(start) + 1 :]
    ends = (n for n, line in enumerate(rest) if line.startswith(("==library", "==operators", "==sql")))
    return rest[: next(ends, len(rest))]


_TOLD = {"V": "the system values", "A": "the data areas", "C": "the columns", "S": "the job schedule"}


def _rows(lines: list[str]) -> dict[str, list[str]]:
    """The rows of each query.  All but the partition's id must have come to their end."""
    part = _part(lines, "==sql")
    rows = [(m[1], m[2]) for m in (_ROW.fullmatch(line) for line in part) if m]
    for kind, what in _TOLD.items():
        if (kind, "") not in rows:
            said = " ".join(line.strip() for line in part if line.strip() and not _ROW.fullmatch(line))[:300]
            raise DeployError(
                f"SQL on the partition does not tell {what}: {said or 'no answer'}. Is Qshell (5770-SS1 "
                "option 30) installed, and may the profile use SQL?"
            )
    return {kind: [text for k, text in rows if k == kind and text] for kind in "VPACSU"}


def _pair(text: str) -> tuple[str, str]:
    name, _, value = text.partition(">")
    return name, value


def _triple(text: str) -> tuple[str, str, str]:
    name, rest = _pair(text)
    return name, *_pair(rest)


def _columns(rows: list[str]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for table, column in map(_pair, rows):
        found.setdefault(table, set()).add(column)
    return {table: frozenset(columns) for table, columns in found.items()}


def _entry(text: str) -> ScheduleEntry:
    fields = text.split(">", 9)
    if len(fields) < 10 or not fields[1].isdigit():
        raise DeployError(f"The job schedule tells an entry that cannot be read: {text[:200]}")
    name, number, time, days, frequency, recovery, status, library, told, command = (
        f.strip() for f in fields
    )
    return ScheduleEntry(
        name=name,
        number=f"{int(number):06d}",
        time=re.sub(r"\D", "", time).ljust(6, "0")[:6],
        days=frozenset(re.findall(r"[A-Z]+", days)),
        frequency=frequency.lstrip("*"),
        recovery=recovery.lstrip("*"),
        held=status == "HELD",
        library=library,
        text=told,
        command=command,
    )


def in_format(command: str, date_format: str) -> str:
    """A command with its dates ('YYYY-MM-DD') in the date format of the partition's jobs."""

    def written(match: re.Match[str]) -> str:
        return f"'{date.fromisoformat(match[1]).strftime(DATE_FORMATS[date_format])}'"

    return re.sub(r"'(\d{4}-\d{2}-\d{2})'", written, command)


def entry_facts(command: str) -> dict[str, Any]:
    """What an ADDJOBSCDE of the bundle asks for, in the words of the facts."""

    def value(keyword: str) -> str:
        found = re.search(rf"\b{keyword}\(('?)(.*?)\1\)", command)
        return found[2] if found else ""

    return {
        "name": value("JOB"),
        "time": value("SCDTIME"),
        "days": frozenset(re.findall(r"[A-Z]+", value("SCDDAY"))),
        "frequency": value("FRQ").lstrip("*"),
        "recovery": value("RCYACN").lstrip("*"),
        "date": value("SCDDATE"),
        "text": value("TEXT"),
    }
