"""Files as CL programs use them: overrides, the file that a program has open, its record variables.

An override is in force from its call level on and ends with it; a file that RCVF opened is closed when its
program ends (docs/platform-facts.md#cl-files).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from flashtwin.db2 import Session, session
from flashtwin.errors import Escape
from flashtwin.objects import PhysicalFile
from flashtwin.values import Cell, to_ebcdic

if TYPE_CHECKING:
    from flashtwin.interp import Activation
    from flashtwin.job import Job


PRINTER_OVERRIDE = "printer override"
"""What a job keeps of OVRPRTF FILE(*PRTF): the name of its spooled files."""


@dataclass(slots=True)
class Override:
    """OVRDBF of one call level: FILE is `name`, to be `file` in `library`, member `member`; a `secure` one
    keeps those of the levels before it away."""

    act: Activation
    name: str
    file: str
    library: str
    member: str
    secure: bool = False


@dataclass(slots=True)
class PrinterOverride:
    """OVRPRTF of one printer file: the name of what is spooled ("" its own), and whether it is held."""

    act: Activation
    name: str
    spooled: str
    held: bool


@dataclass(slots=True)
class OpenFile:
    """A file that a program reads: its records and the next one."""

    act: Activation
    identifier: str
    records: list[list[tuple[str, bytes]]]
    next: int = 0


@dataclass(slots=True)
class JobFiles:
    """Overrides and open files of a job."""

    overrides: list[Override] = field(default_factory=list)
    open: list[OpenFile] = field(default_factory=list)
    printers: list[PrinterOverride] = field(default_factory=list)

    def current(self, job: Job) -> JobFiles:
        """Without those of programs that have ended."""
        self.overrides = [one for one in self.overrides if one.act in job.stack]
        self.open = [one for one in self.open if one.act in job.stack]
        self.printers = [one for one in self.printers if one.act in job.stack]
        return self


def files_of(job: Job) -> JobFiles:
    """The files of a job."""
    known = job.resources.get("files")
    if not isinstance(known, JobFiles):
        known = job.resources["files"] = JobFiles()
    return known.current(job)


def overridden(job: Job, name: str, library: str) -> tuple[str, str, str]:
    """File, library and member after the overrides in force, the outermost call level last."""
    member = "*FIRST"
    files = files_of(job)
    for act in reversed(job.stack):
        for one in files.overrides:
            if one.act is act and one.name == name:
                if one.file != "*FILE":
                    name, library = one.file, one.library
                if one.member != "*FIRST":
                    member = one.member
                if one.secure:
                    return name, library, member
    return name, library, member


def data_file(job: Job, name: str, library: str) -> PhysicalFile | None:
    """A database file by its name."""
    found = job.os.find_object(job, name, library, "*FILE")
    return found if isinstance(found, PhysicalFile) else None


def member_name(found: PhysicalFile, member: str) -> str:
    """*FIRST, *LAST and *FILE as a member's name; "" when there is no such member."""
    names = list(found.members)
    if member in ("*FIRST", "*ALL", ""):
        return names[0] if names else ""
    if member == "*LAST":
        return names[-1] if names else ""
    if member == "*FILE":
        member = found.name
    return member if member in found.members else ""


def lines_of(opened: Session, found: PhysicalFile, member: str) -> list[str]:
    """The records of a member as text: source lines, or data records."""
    if found.attribute == "PF-SRC":
        return list(found.members[member].lines)
    return opened.records(found.library, found.name, member)


def open_for(act: Activation, name: str, library: str, identifier: str) -> OpenFile:
    """The program's open file; it is opened at the first use.  CPF4101 no file, CPF4102 no member."""
    job = act.job
    files = files_of(job)
    for one in files.open:
        if one.act is act and one.identifier == identifier:
            return one
    name, library, member = overridden(job, name, library)
    found = data_file(job, name, library)
    if found is None:
        raise Escape("CPF4101", f"{name:<10}{library:<10}", f"File {name} in library {library} not found.")
    member = member_name(found, member)
    if not member:
        raise Escape(
            "CPF4102", f"{name:<10}{library:<10}", f"File {name} in library {library} has no member."
        )
    made = OpenFile(act, identifier, _records(job, found, member))
    files.open.append(made)
    return made


def _records(job: Job, found: PhysicalFile, member: str) -> list[list[tuple[str, bytes]]]:
    if found.attribute == "PF-SRC":
        return [[("SRCDTA", to_ebcdic(line))] for line in found.members[member].lines]
    opened = session(job)
    columns = opened.columns(found.library, found.name, member)
    rows = opened.connection.execute(
        f"SELECT * FROM {opened.sqlite_name(found.library, found.name, member)} ORDER BY rowid"
    )
    return [
        [
            (column.name, to_ebcdic("" if value is None else str(value)))
            for column, value in zip(columns, row, strict=True)
        ]
        for row in rows
    ]


def declared_cells(job: Job, name: str, library: str, identifier: str) -> dict[str, Cell]:
    """The variables that DCLF declares, one for each field; `identifier` (OPNID) comes before their names."""
    found = data_file(job, name, library)
    if found is None:
        raise Escape("CPF4101", f"{name:<10}{library:<10}", f"File {name} in library {library} not found.")
    before = "&" if identifier == "*NONE" else f"&{identifier}_"
    if found.attribute == "PF-SRC":
        return {
            f"{before}SRCSEQ": Cell("*DEC", 6, 2),
            f"{before}SRCDAT": Cell("*DEC", 6),
            f"{before}SRCDTA": Cell("*CHAR", max(1, found.record_length - 12)),
        }
    cells = {}
    for column in session(job).columns(found.library, found.name, member_name(found, "*FIRST")):
        if column.type == "INTEGER":
            cells[before + column.name] = Cell("*DEC", 10)
        elif column.type == "NUMERIC":
            cells[before + column.name] = Cell("*DEC", column.size, column.scale)
        else:
            cells[before + column.name] = Cell("*CHAR", max(1, column.size))
    return cells
