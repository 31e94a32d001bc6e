"""The CL interpreter: calls of programs, one instruction after the other, and escape percolation.

Every call is a generator; a killed job is a closed generator, so no further command of it runs.  An
escape goes to the program that issued the command: its monitors of that command, its program-level
monitors, then the same for each caller up to the control boundary; without a taker it becomes the
function check CPF9999 of the program where it arose, tried the same way; then the inquiry CPA0702.
Order: docs/platform-facts.md#cl-monmsg.
"""

from __future__ import annotations

from collections.abc import Generator
from types import GeneratorType
from typing import TYPE_CHECKING, Any

from flashc.cl import ast

from flashtwin import commands
from flashtwin.context import Context
from flashtwin.declarations import make_cells
from flashtwin.errors import Escape, TwinError
from flashtwin.messages import Message, as_data
from flashtwin.objects import CommandObject, Object, Program
from flashtwin.open_files import declared_cells
from flashtwin.program import RETURN, Compiled, Monitor
from flashtwin.scheduler import Signal, Wait
from flashtwin.security import CLOSED_COMMANDS, require_authority
from flashtwin.site import Readings
from flashtwin.statement import Statement
from flashtwin.values import Cell

if TYPE_CHECKING:
    from flashtwin.job import Job

# Instructions that a job may run while the clock stands still.
INSTRUCTIONS_AT_ONE_INSTANT = 2_000_000
DEEPEST_CALL = 60


class Unwind(Exception):
    """The call stack goes back to `frame`, which goes on at instruction `target`."""

    def __init__(self, frame: Activation, target: int) -> None:
        super().__init__()
        self.frame = frame
        self.target = target


class RequestFailed(Exception):
    """The request of a job ended with an escape message that nobody took."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.text)
        self.message = message


class Activation:
    """One call of a program: its variables, its place, its call message queue.

    The first one of a job stands for the request processor: it has no program and takes no escapes.
    """

    __slots__ = (
        "activation_group",
        "adopts",
        "cells",
        "compiled",
        "control_boundary",
        "job",
        "library",
        "name",
        "no_adopted",
        "owner",
        "parameters_passed",
        "pc",
        "queue",
        "subroutines",
    )

    def __init__(self, job: Job, name: str, library: str = "QSYS", compiled: Compiled | None = None) -> None:
        self.job = job
        self.name = name
        self.library = library
        self.compiled = compiled
        self.cells: dict[str, Cell] = {}
        self.parameters_passed = 0
        self.subroutines: list[tuple[int, Cell | None]] = []
        self.pc = 0
        self.queue: list[Message] = []
        self.adopts = False
        self.no_adopted = False
        self.owner = ""
        self.activation_group: object = "*DFTACTGRP"
        self.control_boundary = False

    def enter_group(self, caller: Activation) -> None:
        """Take the activation group that the program asks for.

        Where it is not the caller's, an escape that nobody in the group takes becomes CEE9901 for the caller
        (docs/platform-facts.md#cl-control-boundary).
        """
        asked = self.compiled.activation_group if self.compiled is not None else "*DFTACTGRP"
        self.activation_group = {"*CALLER": caller.activation_group, "*NEW": self}.get(asked, asked)
        self.control_boundary = self.activation_group != caller.activation_group

    def place(self) -> str:
        """The source line of the instruction that runs, for messages."""
        if self.compiled is None:
            return ""
        line, _ = self.compiled.source.place(self.compiled.instructions[self.pc].pos)
        return str(line)

    def monitor(self, msgid: str, data: bytes) -> int | None:
        """Where a message is taken: the command's monitors first, then the program's; None: nowhere."""
        if self.compiled is None:
            return None
        instruction = self.compiled.instructions[self.pc]
        for one in instruction.monitors:
            if one.takes(msgid, data):
                return one.target
        for one in self.compiled.monitors:
            if one.takes(msgid, data):
                return self._program_target(one, instruction.after)
        return None

    def _program_target(self, monitor: Monitor, after: int) -> int:
        self.subroutines.clear() if monitor.target >= 0 else None
        return monitor.target if monitor.target >= 0 else after


def call_program(
    caller: Activation, program: Program, args: list[Cell]
) -> Generator[Wait, Signal | None, None]:
    """What runs a CL program with parameters by reference until it returns."""
    if program.code is None:
        raise Escape("CPF0001", "CALL", f"Program {program.library}/{program.name} cannot be run.")
    compiled: Compiled = program.code.value
    job = caller.job
    if len(job.stack) > DEEPEST_CALL:
        raise TwinError(f"job {job.qualified} calls programs {DEEPEST_CALL} deep; the last is {program.name}")
    if len(args) > len(compiled.parameters):
        job.send(
            caller,
            "*DIAG",
            "CPD0172",
            f"Parameters passed on CALL do not match those required for {program.name}.",
        )
        raise Escape("CPF0001", "CALL", "Error found on CALL command.")
    act = Activation(job, program.name, program.library, compiled)
    act.adopts, act.owner, act.no_adopted = program.adopts, program.owner, program.no_adopted
    act.enter_group(job.stack[-1])
    act.parameters_passed = len(args)
    act.cells = make_cells(compiled.declarations, _parameters(compiled, args))
    for file in compiled.files:
        act.cells.update(declared_cells(job, file.name, file.library, file.identifier))
    return run_activation(act)


def _parameters(compiled: Compiled, args: list[Cell]) -> dict[str, Cell]:
    declared = {one.name: one for one in compiled.declarations}
    cells: dict[str, Cell] = {}
    for place, name in enumerate(compiled.parameters):
        one = declared[name]
        if place < len(args):
            storage, offset = args[place].place()
            cells[name] = Cell(one.type, one.length, one.decimals, storage, offset)
        else:
            missing = cells[name] = Cell(one.type, one.length, one.decimals)
            # A parameter that was not passed: touching it is MCH3601.
            missing.based_on(Cell("*PTR", 16))
    return cells


def run_activation(act: Activation) -> Generator[Wait, Signal | None, None]:
    """Run a program from its first instruction until it returns."""
    job, compiled = act.job, act.compiled
    assert compiled is not None
    instructions = compiled.instructions
    job.stack.append(act)
    pc, steps, clock = 0, 0, job.os.world.scheduler
    last = clock.now
    try:
        while pc != RETURN:
            if job.held:
                yield from job.wait_while_held()
            steps += 1
            if steps > INSTRUCTIONS_AT_ONE_INSTANT:
                if clock.now == last:
                    raise TwinError(
                        f"job {job.qualified} loops in {act.name} (line {act.place()}) without waiting"
                    )
                steps, last = 0, clock.now
            act.pc = pc
            try:
                instruction = instructions[pc]
                result = instruction.run(act)
                if result is None:
                    pc = instruction.after
                elif result.__class__ is GeneratorType:
                    yield from result
                    pc = instruction.after
                else:
                    pc = result
            except Escape as escape:
                unwind = yield from raise_escape(act, escape)
                if unwind.frame is not act:
                    raise unwind from None
                pc = unwind.target
            except Unwind as unwind:
                if unwind.frame is not act:
                    raise
                pc = unwind.target
    finally:
        del job.stack[job.stack.index(act) :]


def raise_escape(act: Activation, escape: Escape) -> Generator[Wait, Signal | None, Unwind]:
    """An escape message was sent to this program: who takes it, or what becomes of the job."""
    job = act.job
    for problem in escape.problems:
        job.send(act, "*DIAG", *problem, severity=30)
    text, severity = escape.text, 40
    if not text:
        described = job.describe(escape.msgid, escape.file)
        text, severity = job.text_of(described, as_data(escape.data)), described.severity
    message = job.send(act, "*ESCAPE", escape.msgid, text, escape.data, severity=severity, file=escape.file)
    return (yield from deliver(act, message))


def deliver(act: Activation, message: Message) -> Generator[Wait, Signal | None, Unwind]:
    """Find the taker of an escape that stands on the queue of `act`; RequestFailed when there is none."""
    job = act.job
    if act.compiled is None:
        raise RequestFailed(message)
    found = _taker(act, message, message.msgid)
    if found is None:
        check = job.send(
            act,
            "*ESCAPE",
            "CPF9999",
            f"Function check. {message.msgid} unmonitored by {act.name} at statement {act.place()}.",
            f"{message.msgid}{act.name:<10}",
        )
        found = _taker(act, check, "CPF9999")
    if found is not None:
        return found
    reply = yield from job.inquire(
        "CPA0702",
        f"{message.msgid} received by procedure {act.name}. (C D I R)",
        f"{message.msgid}{act.name:<10}",
        "C",
        act,
    )
    if reply.startswith("I"):
        assert act.compiled is not None
        return Unwind(act, act.compiled.instructions[act.pc].after)
    if reply.startswith("R"):
        return Unwind(act, act.pc)
    return (yield from _cancel(act, message))


def _cancel(act: Activation, message: Message) -> Generator[Wait, Signal | None, Unwind]:
    stack = act.job.stack
    place = stack.index(act)
    while place > 1 and not stack[place].control_boundary:
        place -= 1
    caller = stack[place - 1]
    if caller.compiled is None:
        raise RequestFailed(message)
    text = f"Application error. {message.msgid} unmonitored by {act.name} at statement {act.place()}."
    error = act.job.send(caller, "*ESCAPE", "CEE9901", text, f"{message.msgid}{act.name:<10}")
    return (yield from deliver(caller, error))


def _taker(act: Activation, message: Message, msgid: str) -> Unwind | None:
    """The program that monitors for the message, from `act` up to the control boundary."""
    stack = act.job.stack
    for place in range(stack.index(act), 0, -1):
        frame = stack[place]
        target = frame.monitor(msgid, message.data)
        if target is not None:
            message.handled = True
            if frame is not act:
                act.queue.remove(message)
                frame.queue.append(message)
                message.receiver = frame.name
            return Unwind(frame, target)
        if frame.control_boundary:
            break
    return None


# -- commands ----------------------------------------------------------------------------------------


def run_command(statement: Statement, act: Activation) -> Any:
    """Run one command for a program; None, or a generator when it takes time."""
    registered = statement.registered
    if registered is None:
        return run_user_command(act, statement)
    context = Context(act, statement)
    around = act.job.os.world.around_command
    if around is not None:
        return around(context, lambda: _handle(context, registered))
    return _handle(context, registered)


def _handle(context: Context, registered: commands.Registered) -> Any:
    if registered.name in CLOSED_COMMANDS:
        closed = context.image.find("QSYS", registered.name, "*CMD")
        assert closed is not None
        may_use(context.act, closed)
    if registered.effect == "none":
        return registered.handler(context)
    system = context.os
    if system.suspension.blocks and _waits(registered.effect, system.world.readings):
        return _when_resumed(context, registered)
    system.log("command", text=context.command_text(), command=registered.name, job=context.job.qualified)
    return registered.handler(context)


def _waits(effect: commands.Effect, readings: Readings) -> bool:
    return effect == "disk" or (effect == "ifs" and readings.ifs_blocks_while_suspended)


def _when_resumed(context: Context, registered: commands.Registered) -> Generator[Wait, Signal | None, None]:
    yield from context.change(context.command.name)
    context.os.log("command", text=context.command_text(), command=registered.name, job=context.job.qualified)
    result = registered.handler(context)
    if result.__class__ is GeneratorType:
        yield from result


def run_user_command(act: Activation, statement: Statement) -> Generator[Wait, Signal | None, None]:
    """A command made by CRTCMD: its definition turns the values into parameters of its program."""
    from flashtwin.definition import parameters_of

    job, command = act.job, statement.command
    found = job.os.find_object(job, command.name, command.library or "*LIBL", "*CMD")
    if not isinstance(found, CommandObject):
        unknown_command(act, command)
        raise AssertionError
    may_use(act, found)
    args = parameters_of(act, command, found)
    if found.checker[0]:
        yield from _check_validity(act, command, found.checker, args)
    job.os.log("command", text=statement.text(act), command=command.name, job=job.qualified)
    result = job.os.call(act, found.program, args)
    if result.__class__ is GeneratorType:
        yield from result


def may_use(act: Activation, found: Object) -> None:
    """CPF0006 behind CPD0032 for a command that the user has no *USE to."""
    try:
        require_authority(act.job, found, "*USE")
    except Escape:
        what = f"{found.name} in library {found.library}"
        act.job.send(act, "*DIAG", "CPD0032", f"Not authorized to use command {what}.")
        raise Escape("CPF0006", found.name, "Errors occurred in command.") from None


def _check_validity(
    act: Activation, command: ast.Command, checker: tuple[str, str], args: list[Cell]
) -> Generator[Wait, Signal | None, None]:
    """Call a validity checking program; its escape (CPF0002) refuses the command, after its diagnostics.

    docs/platform-facts.md#validity-checking-programs
    """
    job = act.job
    analyser = Activation(job, "QCADRV")
    analyser.enter_group(job.stack[-1])
    job.stack.append(analyser)
    try:
        result = job.os.call(analyser, checker, args)
        if result.__class__ is GeneratorType:
            yield from result
    except (RequestFailed, Escape):
        for message in analyser.queue:
            if message.type == "*DIAG":
                message.receiver = act.name
                act.queue.append(message)
        raise Escape("CPF0006", command.name, f"Errors occurred in command {command.name}.") from None
    finally:
        job.stack.remove(analyser)


def unknown_command(act: Activation, command: ast.Command) -> None:
    """The end of a command that nobody handles: unknown to the system, or only to the twin."""
    from flashtwin.binding import is_known

    if is_known(command.name):
        raise TwinError(
            f"the twin does not model the command {command.name} (job {act.job.qualified}, "
            f"program {act.name} line {act.place()}): it needs a handler in flashtwin/commands, or the site "
            "file must say what it does"
        )
    library = command.library or "*LIBL"
    act.job.send(act, "*DIAG", "CPD0030", f"Command {command.name} in library {library} not found.")
    raise Escape("CPF0006", command.name, "Errors occurred in command.")
