"""Programs of the system that tell a state: QSPRJOBQ (job queue), QWDRSBSD (subsystem), QWCLSCDE (schedule),
QGYRHRL (hardware resources).

Parameter lists and formats: docs/platform-facts.md#state-apis, #resource-names.
"""

from __future__ import annotations

from flashtwin.commands import program
from flashtwin.context import ProgramCall
from flashtwin.errors import Escape, TwinError
from flashtwin.image import ScheduleEntry
from flashtwin.objects import JobQueue, SubsystemDescription, UserSpace
from flashtwin.security import has_special
from flashtwin.values import from_ebcdic, to_ebcdic, to_number
from flashtwin.work import ENDING

ENTRY = 316


def _name(call: ProgramCall, number: int) -> tuple[str, str]:
    text = from_ebcdic(call.view(number, "*CHAR", 20).raw())
    return text[:10].rstrip(), text[10:].rstrip()


def _format(call: ProgramCall, number: int, wanted: str) -> None:
    given = call.view(number, "*CHAR", 8).text()
    if given != wanted:
        raise Escape("CPF3C21", given, f"Format name {given} is not valid.")


def _give(call: ProgramCall, content: bytes) -> None:
    """Bytes returned and available, then the content, cut at the length of the receiver."""
    length = int(to_number(call.view(1, "*INT", 4).get()))
    if length < 8:
        raise Escape("CPF3C24", "", "Length of the receiver variable is not valid.")
    whole = min(length, 8 + len(content)).to_bytes(4, "big") + (8 + len(content)).to_bytes(4, "big") + content
    call.view(0, "*CHAR", min(length, len(whole))).put(whole[:length])


@program("QSPRJOBQ")
def qsprjobq(call: ProgramCall) -> None:
    """A job queue (JOBQ0100): receiver, its length, format, queue and library, error code."""
    _format(call, 2, "JOBQ0100")
    name, library = _name(call, 3)
    queue = call.os.find_object(call.job, name, library, "*JOBQ")
    if not isinstance(queue, JobQueue):
        raise Escape("CPF3307", f"{name:<10}{library:<10}", f"Job queue {name} in {library} not found.")
    served = next(
        (
            one.name
            for one in call.os.work.subsystems.values()
            if any(entry.queue == (queue.name, queue.library) for entry in one.description.job_queues)
        ),
        "",
    )
    state = "HELD" if queue.held else "RELEASED"
    content = to_ebcdic(f"{queue.name:<10}{queue.library:<10}{'*YES':<10}{'*OWNER':<10}")
    content += len(queue.entries).to_bytes(4, "big") + to_ebcdic(f"{state:<10}{served:<10}{queue.text:<50}")
    _give(call, content)


@program("QWDRSBSD")
def qwdrsbsd(call: ProgramCall) -> None:
    """A subsystem (SBSI0100): receiver, its length, format, description and library, error code."""
    _format(call, 2, "SBSI0100")
    name, library = _name(call, 3)
    described = call.os.find_object(call.job, name, library, "*SBSD")
    if not isinstance(described, SubsystemDescription):
        data = f"{name:<10}{library:<10}"
        raise Escape("CPF1605", data, f"Subsystem description {name} in {library} not found.")
    active = call.os.work.subsystems.get(described.name)
    if active is None or active.description is not described:
        state = "*INACTIVE"
    else:
        state = "*ENDING" if active.state == ENDING else "*ACTIVE"
    _give(call, to_ebcdic(f"{described.name:<10}{described.library:<10}{state:<10}{'':<42}"))


@program("QWCLSCDE")
def qwclscde(call: ProgramCall) -> None:
    """Job schedule entries (SCDL0100) into a user space: space, format, name, handle, error code."""
    name, library = _name(call, 0)
    space = call.find_typed(UserSpace, name, library, "*USRSPC", "*CHANGE")
    _format(call, 1, "SCDL0100")
    wanted = call.view(2, "*CHAR", 10).text()
    entries = [_entry(call, one) for one in call.image.schedule if wanted in ("*ALL", one.name)]
    header, size = 192, ENTRY * len(entries)
    content = bytearray(max(len(space.content), header + size))
    content[0x67:0x68] = b"\xc3"
    content[0x7C:0x80] = header.to_bytes(4, "big")
    content[0x80:0x84] = size.to_bytes(4, "big")
    content[0x84:0x88] = len(entries).to_bytes(4, "big")
    content[0x88:0x8C] = ENTRY.to_bytes(4, "big")
    content[header : header + size] = b"".join(entries)
    space.content = content


def _entry(call: ProgramCall, one: ScheduleEntry) -> bytes:
    """An entry of the list; without *JOBCTL another user's shows its name and number only."""
    if not has_special(call.job, "*JOBCTL") and one.scheduled_by != call.job.user:
        return to_ebcdic(f"A{one.name:<10}{one.number:06d}".ljust(ENTRY))
    due = call.os.local(one.next_run) if one.next_run is not None else None
    date = f"{due.year // 100 - 19}{due:%y%m%d}" if due is not None else "*NONE"
    status = "HLD" if one.held else "SCD"
    text = (
        f" {one.name:<10}{f'{one.number:06d}':<10}{one.date:<10}{' '.join(one.days):<70}{one.time:<6}"
        f"{one.frequency:<10}{'':<50}{one.recovery:<10}{date:<10}{status:<10}"
        f"{one.job_queue[0]:<10}{one.job_queue[1]:<10}{one.scheduled_by:<10}"
    )
    return to_ebcdic(text.ljust(ENTRY))


_COMMUNICATION = 2
_ETHERNET = bytes.fromhex("000000000000000800000000000000040000080000000400")
_OTHER = bytes.fromhex("000000000000000800000000000000040000000000000100")


@program("QGYRHRL")
def qgyrhrl(call: ProgramCall) -> None:
    """The communication resources (RHRL0100): receiver, its length, format, category, error code.

    Ports that were seen once stay in the list, with those of partitions that the disks were in before.
    """
    _format(call, 2, "RHRL0100")
    length, category = (int(to_number(call.view(n, "*INT", 4).get())) for n in (1, 3))
    if category != _COMMUNICATION:
        raise TwinError(f"the twin lists communication resources only: QGYRHRL {category}")
    network = call.os.network
    rows = [("CMN90", "6B03", "1", "Comm Port", _OTHER)]
    for port in dict.fromkeys(call.image.ports.values()):
        status = "1" if network.is_there(port) else "3"
        rows.append((f"LIN{port[3:]}", "268C", status, "LAN Adapter", _OTHER))
        rows.append((port, "268C", status, "Ethernet Port", _ETHERNET))
    entries = [
        _COMMUNICATION.to_bytes(4, "big")
        + bytes(8)
        + to_ebcdic(f"{name:<10}{type_:<4}002{status}{'':<8}{'':<12}{text:<50}")
        + kind
        for name, type_, status, text, kind in rows
    ]
    size = len(entries[0])
    fit = max(0, (length - 16) // size)
    head = [16 + size * min(fit, len(entries)), 16 + size * len(entries), min(fit, len(entries)), size]
    whole = b"".join(number.to_bytes(4, "big") for number in head) + b"".join(entries[:fit])
    call.view(0, "*CHAR", min(length, len(whole))).put(whole[:length])
