"""QSH and QP2SHELL2: how CL starts a program of PASE, and how it learns of its end.

End messages QSH0005 to QSH0007 are completion messages unless QIBM_QSH_CMD_ESCAPE_MSG is Y
(docs/platform-facts.md#qsh).
"""

from __future__ import annotations

from collections.abc import Generator

from flashtwin import pase
from flashtwin.commands import command, program
from flashtwin.context import Context, ProgramCall
from flashtwin.errors import Escape
from flashtwin.ifs import write_bytes
from flashtwin.national import as_read
from flashtwin.pase_shell import run_line
from flashtwin.scheduler import Signal, Wait
from flashtwin.sims.shell import ShellError, parse
from flashtwin.values import from_ebcdic

Waiting = Generator[Wait, Signal | None, None]
LONGEST_COMMAND = 5000
_SHELL_FILE = ("QZSHMSGF", "QSHELL")
_SIGNALLED = 128
_SHELLS = ("sh", "bash", "bsh", "ksh")
# Where one of these stands, a shell has work to do.
_SHELL_ONLY = frozenset("|&;<>`$")


@command("STRQSH", "QSH", effect="none")
def qsh(ctx: Context) -> Waiting:
    """Run one program by Qshell; the exit status is in the first four bytes of QSH0005's data."""
    text = as_read(ctx.text("CMD", "*NONE"), ctx.job.default_ccsid)
    if text == "*NONE":
        return
    if len(text) > LONGEST_COMMAND:
        raise Escape("CPF0006", "QSH", "Value for parameter CMD is longer than 5000 characters.")
    yield from ctx.change("QSH")
    yield from ctx.sleep(ctx.world.costs.qsh)
    environment = dict(ctx.job.environment)
    words = arguments(text)
    if words:
        # The variable is for the processes that qsh starts; `exec` starts none, the program gets qsh's own.
        threads = environment.get("QIBM_MULTI_THREADED") == "Y" and text.split()[:1] != ["exec"]
        done = yield from pase.run_captured(ctx.os, ctx.job, words, environment, threads=threads)
        status, output = done.status, done.out + done.err
    else:
        status, out, err = yield from run_line(ctx.os, ctx.job.user, text, environment)
        output = out + err
    _output(ctx, environment.get("QIBM_QSH_CMD_OUTPUT", "STDOUT"), output)
    report(ctx, status, environment.get("QIBM_QSH_CMD_ESCAPE_MSG") == "Y")


def arguments(text: str) -> list[str]:
    """The words of a line that only starts a Python program; none when it is work for a shell.

    Such a program belongs to the job and ends with it.
    """
    if not _SHELL_ONLY.isdisjoint(text):
        return []
    try:
        line = parse(text, "sh")
    except ShellError:
        return []
    if line.environment:
        return []
    words = list(line.words)
    if words[:1] == ["exec"]:
        words = words[1:]
    if len(words) == 3 and words[0].rsplit("/", 1)[-1] in _SHELLS and words[1] == "-c":
        return arguments(words[2])
    is_python = len(words) > 1 and "python" in words[0].rsplit("/", 1)[-1] and words[1].endswith(".pyz")
    return words if is_python else []


def _output(ctx: Context, where: str, text: str) -> None:
    kind, _, path = where.partition("=")
    if kind in ("FILE", "FILEAPPEND") and path:
        write_bytes(ctx.image, path, text.encode(), replace=True, append=kind == "FILEAPPEND")


def report(ctx: Context, status: int, as_escape: bool) -> None:
    """The end of a program with this exit status, as a completion message or as an escape."""
    signalled = status > _SIGNALLED
    number = status - _SIGNALLED if signalled else status
    msgid = "QSH0006" if signalled else "QSH0005"
    ended = (
        f"was ended by signal number {number}" if signalled else f"ended normally with exit status {number}"
    )
    text, data = f"Command {ended}.", number.to_bytes(4, "big")
    if as_escape and (signalled or number > 0):
        raise Escape(msgid, data, text, _SHELL_FILE)
    ctx.completion(msgid, text, data)


@program("QP2SHELL2")
@program("QP2SHELL")
def qp2shell(call: ProgramCall) -> Waiting:
    """Run a program of PASE in this job, with its threads; the exit status is not handed back."""
    if not call.args:
        raise Escape("CPFB9C1", "", "System call received a parameter that is not valid.")
    words = []
    for cell in call.args:
        data = cell.raw()
        if b"\0" in data:
            data = data[: data.index(b"\0")]
        words.append(as_read(from_ebcdic(data).rstrip(" "), call.job.default_ccsid))
    yield from call.change("QP2SHELL2")
    if words[0].rsplit("/", 1)[-1] in _SHELLS and words[1:2] == ["-c"] and len(words) == 3:
        words = arguments(words[2]) or words
    threads = call.job.multithread
    yield from pase.run_captured(call.os, call.job, words, dict(call.job.environment), threads=threads)
