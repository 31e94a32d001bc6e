"""Programs and procedures of the system that CL calls: QCMDEXC, QUSCRTUS, QUSLJOB, QWCCVTDT, ...

Parameter lists and formats: docs/platform-facts.md#apis.
"""

from __future__ import annotations

from collections.abc import Generator
from datetime import UTC, datetime
from types import GeneratorType

from flashtwin.commands import procedure, program
from flashtwin.context import ProcedureCall, ProgramCall
from flashtwin.errors import Escape, TwinError
from flashtwin.installed import vary_on_asps
from flashtwin.job import Job
from flashtwin.messages import receive, taken
from flashtwin.objects import Library, QueuedJob, SaveFile, UserSpace
from flashtwin.requests import parse_request
from flashtwin.scheduler import Signal, Wait
from flashtwin.security import has_authority, require_authority
from flashtwin.values import from_ebcdic, to_ebcdic, to_number

Waiting = Generator[Wait, Signal | None, None]


@program("QCMDEXC")
def qcmdexc(call: ProgramCall) -> Waiting:
    """Run a command: text, length (15 5)."""
    from flashtwin.interp import Unwind, run_command

    length = int(to_number(call.view(1, "*DEC", 15, 5).get()))
    if not 1 <= length <= 32702:
        raise Escape("CPF0005", "", "Length of command string is not valid.")
    text = from_ebcdic(call.view(0, "*CHAR", length).raw())
    escape = "ended"
    try:
        result = run_command(parse_request(call.job, text), call.act)
        if result.__class__ is GeneratorType:
            yield from result
        escape = ""
    except Escape as error:
        escape = error.msgid
        raise
    except Unwind:
        escape = [one.msgid for one in call.act.queue if one.type == "*ESCAPE"][-1]
        raise
    finally:
        if not call.os.destroyed:
            call.os.log("executed", text=text.rstrip(), job=call.job.qualified, escape=escape)


@program("QCMDCHK")
def qcmdchk(call: ProgramCall) -> None:
    """Check a command without running it: text, length (15 5)."""
    from flashtwin.binding import analysed, is_known

    length = int(to_number(call.view(1, "*DEC", 15, 5).get()))
    command = parse_request(call.job, from_ebcdic(call.view(0, "*CHAR", length).raw())).command
    if not is_known(command.name):
        raise Escape("CPF0006", command.name, "Errors occurred in command.")
    analysed(command)


# -- user spaces -------------------------------------------------------------------------------------


def _qualified(call: ProgramCall, number: int) -> tuple[str, str]:
    text = from_ebcdic(call.view(number, "*CHAR", 20).raw())
    return text[:10].rstrip(), text[10:].rstrip()


def _space(call: ProgramCall, number: int, authority: str = "*CHANGE") -> UserSpace:
    name, library = _qualified(call, number)
    return call.find_typed(UserSpace, name, library, "*USRSPC", authority)


@program("QUSCRTUS")
def quscrtus(call: ProgramCall) -> Waiting:
    """Create a user space: name, attribute, size, initial byte, authority, text, replace."""
    name, library = _qualified(call, 0)
    size = int(to_number(call.view(2, "*INT", 4).get()))
    initial = call.view(3, "*CHAR", 1).raw()
    replace = len(call.args) > 6 and call.view(6, "*CHAR", 10).text() == "*YES"
    if library != "QTEMP":
        yield from call.change("user space")
    home = _home(call, library)
    if (name, "*USRSPC") in home.objects and not replace:
        raise Escape(
            "CPF9870", f"{name:<10}{library:<10}", f"Object {name} already exists in library {library}."
        )
    space = UserSpace(home.name, name, "*USRSPC", owner=call.job.user, content=bytearray(initial * size))
    home.objects[(name, "*USRSPC")] = space


def _home(call: ProgramCall, library: str) -> Library:
    if library == "QTEMP":
        return call.job.qtemp
    found = call.image.libraries.get(library)
    if found is None:
        raise Escape("CPF9810", f"{library:<10}", f"Library {library} not found.")
    require_authority(call.job, found, "*READ *ADD *EXECUTE")
    return found


@program("QUSRTVUS")
def qusrtvus(call: ProgramCall) -> None:
    """Retrieve from a user space: name, start, length, receiver."""
    space = _space(call, 0)
    start, length = (int(to_number(call.view(i, "*INT", 4).get())) for i in (1, 2))
    if start < 1 or start + length - 1 > len(space.content):
        raise Escape("CPF3C14", "", "Starting position and length beyond the user space.")
    call.view(3, "*CHAR", length).put(bytes(space.content[start - 1 : start - 1 + length]))


@program("QUSCHGUS")
def quschgus(call: ProgramCall) -> None:
    """Change a user space: name, start, length, data, force."""
    space = _space(call, 0)
    start, length = (int(to_number(call.view(i, "*INT", 4).get())) for i in (1, 2))
    if start < 1 or start + length - 1 > len(space.content):
        raise Escape("CPF3C14", "", "Starting position and length beyond the user space.")
    space.content[start - 1 : start - 1 + length] = call.view(3, "*CHAR", length).raw()


@program("QUSDLTUS")
def qusdltus(call: ProgramCall) -> None:
    """Delete a user space: name, error code."""
    space = _space(call, 0, "*OBJEXIST")
    home = call.job.qtemp if space.library == "QTEMP" else call.image.libraries[space.library]
    del home.objects[(space.name, "*USRSPC")]


ENTRY = 56


@program("QUSLJOB")
def qusljob(call: ProgramCall) -> None:
    """List jobs, format JOBL0100: user space, format, job (name 10, user 10, number 6), status."""
    space = _space(call, 0)
    wanted = from_ebcdic(call.view(2, "*CHAR", 26).raw())
    name, user, number = wanted[:10].rstrip(), wanted[10:20].rstrip(), wanted[20:26].rstrip()
    status = call.view(3, "*CHAR", 10).text()
    entries = [_job_entry(job) for job in _jobs(call, status) if _fits(job, name, user, number, call)]
    header, size = 192, ENTRY * len(entries)
    content = bytearray(max(len(space.content), header + size))
    content[0x67:0x68] = b"\xc3"
    content[0x7C:0x80] = header.to_bytes(4, "big")
    content[0x80:0x84] = size.to_bytes(4, "big")
    content[0x84:0x88] = len(entries).to_bytes(4, "big")
    content[0x88:0x8C] = ENTRY.to_bytes(4, "big")
    content[header : header + size] = b"".join(entries)
    space.content = content


def _jobs(call: ProgramCall, status: str) -> list[Job | QueuedJob]:
    active: list[Job | QueuedJob] = list(call.os.jobs.values()) if status in ("*ACTIVE", "*ALL") else []
    if status in ("*JOBQ", "*ALL"):
        active += [entry for queue in call.os.work.queues() for entry in queue.entries]
    return active


def _fits(job: Job | QueuedJob, name: str, user: str, number: str, call: ProgramCall) -> bool:
    def one(pattern: str, value: str) -> bool:
        if pattern in ("*ALL", ""):
            return True
        return value.startswith(pattern[:-1]) if pattern.endswith("*") else value == pattern

    if name == "*":
        return job is call.job
    owner = call.job.user if user == "*CURRENT" else user
    return one(name, job.name) and one(owner, job.user) and one(number, job.number)


def _job_entry(job: Job | QueuedJob) -> bytes:
    active = isinstance(job, Job)
    status = "*ACTIVE" if active else "*JOBQ"
    kind = (job.type[:1] if isinstance(job, Job) else "B") or "B"
    text = f"{job.name:<10}{job.user:<10}{job.number:<6}{'':<16}{status:<10}{kind}{'':<3}"
    return to_ebcdic(text)


@program("QSRLSAVF")
def qsrlsavf(call: ProgramCall) -> None:
    """List a save file, format SAVF0200: space, format, file, object and type filters, handle, error code.

    What an entry holds is not modelled: only how many there are.  docs/platform-facts.md#save-file-list
    """
    space, form = _space(call, 0), call.view(1, "*CHAR", 8).text()
    name, library = _qualified(call, 2)
    if form != "SAVF0200" or {call.view(n, "*CHAR", 10).text() for n in (3, 4)} != {"*ALL"}:
        raise TwinError(f"the twin lists whole save files by format SAVF0200 only: QSRLSAVF {form}")
    found = call.find_typed(SaveFile, name, library, "*FILE", "*USE")
    if "damaged" in found.facts:
        raise Escape("CPF3794", "", "Save or restore operation ended unsuccessfully.")
    content = bytearray(max(len(space.content), 192))
    content[0x84:0x88] = int(found.facts.get("count", 0)).to_bytes(4, "big")
    space.content = content


@program("QWCRIPLA")
def qwcripla(call: ProgramCall) -> None:
    """IPL attributes, format IPLA0100: receiver, its length, format.

    Only whether the next IPL is to restricted state, offset 19.  docs/platform-facts.md#ipl-attributes
    """
    length = int(to_number(call.view(1, "*INT", 4).get()))
    form = call.view(2, "*CHAR", 8).text()
    if form != "IPLA0100" or length < 8:
        raise TwinError(f"the twin gives IPL attributes by format IPLA0100 only: QWCRIPLA {form} {length}")
    restricted = call.image.ipl_attributes.get("STRRSTD", "*NO") == "*YES"
    content = (64).to_bytes(4, "big") * 2 + to_ebcdic("0" * 11 + ("1" if restricted else "0") + " " * 44)
    call.view(0, "*CHAR", length).put(content[:length].ljust(length, b"\x00"))


@program("QUSRJOBI")
def qusrjobi(call: ProgramCall) -> None:
    """Attributes of a job: receiver, its length, format JOBI0400, job name, internal id.

    Of SCPF, and as far as docs/platform-facts.md#ipl-time knows it.
    """
    length = int(to_number(call.view(1, "*INT", 4).get()))
    form, name = call.view(2, "*CHAR", 8).text(), call.view(3, "*CHAR", 26).text()
    if form != "JOBI0400" or name != SCPF:
        raise TwinError(f"the twin gives format JOBI0400 of job SCPF only: QUSRJOBI {form} {name}")
    if length < 8:
        raise Escape("CPF3C19", "", "Receiver variable length specified not valid.")
    began = call.os.local(call.os.began)
    text = f"{SCPF}{'':16}{'*ACTIVE':<10}X{'':1}{began.year // 100 - 19}{began:%y%m%d%H%M%S}"
    content = (8 + len(text)).to_bytes(4, "big") * 2 + to_ebcdic(text)
    call.view(0, "*CHAR", length).put(content[:length].ljust(length, b"\x00"))


SCPF = f"{'SCPF':<10}{'QSYS':<10}000000"


@program("QWCCVTDT")
def qwccvtdt(call: ProgramCall) -> None:
    """Convert a date and time: input format, input, output format, output, error code.

    Formats *CURRENT, *DTS, *YYMD, *YMD, *DMY, *MDY (with century digit in the two-digit ones), *JUL.
    """
    source = call.view(0, "*CHAR", 10).text()
    target = call.view(2, "*CHAR", 10).text()
    now = call.os.local() if source == "*CURRENT" else _read_date(call, source)
    forms = {"*YYMD": "%Y%m%d%H%M%S", "*MDYY": "%m%d%Y%H%M%S", "*DMYY": "%d%m%Y%H%M%S"}
    short = {"*YMD": "%y%m%d%H%M%S", "*DMY": "%d%m%y%H%M%S", "*MDY": "%m%d%y%H%M%S", "*JUL": "%y%j%H%M%S"}
    thousandths = f"{now.microsecond // 1000:03d}"
    if target == "*DTS":
        # The twin's time stamp: microseconds since the epoch; only programs that convert it back see it.
        call.view(3, "*CHAR", 8).put(int(now.timestamp() * 1_000_000).to_bytes(8, "big"))
        return
    if target in forms:
        text = now.strftime(forms[target]) + thousandths
    elif target in short:
        text = f"{now.year // 100 - 19}" + now.strftime(short[target]) + thousandths
    else:
        raise Escape("CPF1849", target, f"Date format {target} is not valid.")
    call.view(3, "*CHAR", len(text)).put(to_ebcdic(text))


def _read_date(call: ProgramCall, source: str) -> datetime:
    zone = call.os.local().tzinfo
    if source == "*DTS":
        stamp = int.from_bytes(call.view(1, "*CHAR", 8).raw(), "big")
        return datetime.fromtimestamp(stamp / 1_000_000, UTC).astimezone(zone)
    if source == "*YYMD":
        text = call.view(1, "*CHAR", 17).text()
        return datetime.strptime(text[:14], "%Y%m%d%H%M%S").replace(tzinfo=zone)
    if source == "*YMD":
        text = call.view(1, "*CHAR", 16).text()
        return datetime.strptime(f"{19 + int(text[0])}{text[1:13]}", "%Y%m%d%H%M%S").replace(tzinfo=zone)
    raise Escape("CPF1849", source, f"Date format {source} is not valid.")


# -- identity ----------------------------------------------------------------------------------------


@procedure("dlpar_get_info")
def dlpar_get_info(call: ProcedureCall) -> int:
    """Partition information, format 1: the partition id is a 4-byte integer at offset 40.

    Needs *USE to QSYS/QPMLPMGT; without it nothing is returned (-1).
    """
    receiver, kind, size = call.buffer(0), call.integer(1), call.integer(2)
    guarded = call.os.find_object(call.job, "QPMLPMGT", "QSYS", "*SRVPGM")
    if guarded is None or not has_authority(call.job, guarded, "*USE"):
        return -1
    if kind != 1:
        raise Escape("MCH3601", "", f"The twin does not model format {kind} of dlpar_get_info.")
    content = bytearray(max(44, size))
    partition = call.os.partition
    content[40:44] = partition.lpar_id.to_bytes(4, "big")
    content[44:300] = partition.name.encode("ascii", "replace").ljust(256, b"\x00")
    storage, offset = receiver.place()
    storage.data[offset : offset + min(size, receiver.size)] = content[: min(size, receiver.size)]
    return min(size, len(content))


@program("QMHRSNEM")
def qmhrsnem(call: ProgramCall) -> Waiting:
    """Resend an escape message of the caller to the caller's caller: key (blank: the newest), error code."""
    from flashtwin.interp import deliver

    key = call.view(0, "*CHAR", 4).raw()
    queue = call.act.queue
    blank = key == b"\x40\x40\x40\x40"
    message = next(
        (m for m in reversed(queue) if m.type == "*ESCAPE" and (blank or m.key_bytes == key)), None
    )
    if message is None:
        raise Escape("CPF2410", "", "Message key not found in message queue.")
    stack = call.job.stack
    target = stack[max(0, stack.index(call.act) - 1)]
    resent = call.job.send(
        target,
        "*ESCAPE",
        message.msgid,
        message.text,
        message.data,
        severity=message.severity,
        file=message.file,
    )
    raise (yield from deliver(target, resent))


@program("QMHMOVPM")
def qmhmovpm(call: ProgramCall) -> None:
    """Move the diagnostic messages of the caller to the caller's caller."""
    stack = call.job.stack
    target = stack[max(0, stack.index(call.act) - 1)]
    while (message := receive(call.act.queue, "*DIAG", None)) is not None:
        taken(call.act.queue, message, "*YES")
        target.queue.append(message)


START_UP_SUBSYSTEMS = ("QSERVER", "QUSRWRK", "QSPL", "QINTER", "QBATCH", "QCMN")


@program("QSTRUP")
def qstrup(call: ProgramCall) -> Waiting:
    """The shipped start-up program: starts the subsystems of a normal day, and what the site has added to
    its copy: its independent ASPs."""
    call.os.log("program_started", program="QSYS/QSTRUP", job=call.job.qualified)
    yield from call.sleep(1.0)
    for name in START_UP_SUBSYSTEMS:
        call.os.work.start_by_name(name)
    vary_on_asps(call.os)


@program("QCMD")
def qcmd(_call: ProgramCall) -> None:
    """The command processor ends at once in a batch job without requests."""
