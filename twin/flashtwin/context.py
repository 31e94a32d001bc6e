"""What a command handler, a system program or a procedure works with (see `flashtwin.commands`)."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any, TypeVar, overload

from flashc.cl import ast

from flashtwin.errors import Escape
from flashtwin.national import as_read
from flashtwin.objects import Object
from flashtwin.scheduler import Signal, Wait
from flashtwin.security import require_authority, require_special
from flashtwin.values import Cell, CLValue, to_ebcdic

if TYPE_CHECKING:
    from flashtwin.commands import Registered
    from flashtwin.image import SystemImage
    from flashtwin.interp import Activation
    from flashtwin.job import Job
    from flashtwin.os400 import OperatingSystem
    from flashtwin.statement import Statement
    from flashtwin.world import World

T = TypeVar("T", bound=Object)


class Around:
    """What every handler has around it: the world, the system, the job, and messages to its caller."""

    __slots__ = ("act", "job", "os")

    def __init__(self, act: Activation) -> None:
        self.act = act
        self.job: Job = act.job
        self.os: OperatingSystem = act.job.os

    @property
    def image(self) -> SystemImage:
        """The system's disks."""
        return self.os.image

    @property
    def world(self) -> World:
        """The world."""
        return self.os.world

    @property
    def now(self) -> float:
        """The system's own clock, epoch seconds."""
        return self.os.clock()

    def completion(self, msgid: str, text: str, data: str | bytes = "") -> None:
        """Send a completion message to the program that issued the command."""
        self.job.send(self.act, "*COMP", msgid, text, data)

    def diagnostic(self, msgid: str, text: str, data: str | bytes = "") -> None:
        """Send a diagnostic message to the program that issued the command."""
        self.job.send(self.act, "*DIAG", msgid, text, data, severity=30)

    def information(self, msgid: str, text: str, data: str | bytes = "") -> None:
        """Send an informational message to the program that issued the command."""
        self.job.send(self.act, "*INFO", msgid, text, data)

    def needs(self, special: str, msgid: str = "CPF222E") -> None:
        """An escape unless the user, its groups or adopted authority have this special authority."""
        require_special(self.job, special, msgid)

    def find(self, name: str, library: str, type_: str, authority: str = "*USE") -> Object:
        """An object with authority to it; escapes CPF9810, CPF9801, CPF9802."""
        found = self.os.find_object(self.job, name, library, type_)
        if found is None:
            if library not in ("*LIBL", "*CURLIB", "QTEMP", "*ALL") and library not in self.image.libraries:
                raise Escape("CPF9810", f"{library:<10}", f"Library {library} not found.")
            data = f"{name:<10}{library:<10}{type_.lstrip('*'):<10}"
            raise Escape("CPF9801", data, f"Object {name} in library {library} type {type_} not found.")
        require_authority(self.job, found, authority)
        return found

    def find_typed(self, kind: type[T], name: str, library: str, type_: str, authority: str = "*USE") -> T:
        """Like `find`, for an object of this class."""
        found = self.find(name, library, type_, authority)
        if not isinstance(found, kind):
            raise Escape(
                "CPF9812", f"{name:<10}{library:<10}", f"File {name} in library {library} is of another kind."
            )
        return found

    def change(self, what: str) -> Generator[Wait, Signal | None, None]:
        """Wait while the system is suspended: call it before a change of the database, the IFS, spool ..."""
        return self.os.change(self.job, what)

    def sleep(self, seconds: float) -> Generator[Wait, Signal | None, None]:
        """Take this long."""
        yield Wait((), self.world.scheduler.now + max(0.0, seconds))

    def wait_for(
        self, *signals: Signal, deadline: float | None = None
    ) -> Generator[Wait, Signal | None, Signal | None]:
        """Wait for a signal; None when the deadline (world's clock) came first."""
        return (yield Wait(signals, deadline))


class Context(Around):
    """A command that runs: its parameters, evaluated, and its surroundings."""

    __slots__ = ("bound", "statement")

    def __init__(self, act: Activation, statement: Statement) -> None:
        super().__init__(act)
        self.statement = statement
        # The written values by keyword.  A command that is refused gets no further than this.
        self.bound: dict[str, ast.Value] = statement.values

    @property
    def command(self) -> ast.Command:
        """The command as it is written."""
        return self.statement.command

    @property
    def registered(self) -> Registered | None:
        """The handler of the command."""
        return self.statement.registered

    def command_text(self) -> str:
        """The command with its variables replaced by their values."""
        return self.statement.text(self.act)

    def given(self, keyword: str) -> bool:
        """Whether the parameter was written."""
        return keyword in self.bound

    def value(self, keyword: str, default: Any = None) -> Any:
        """The value of a parameter (see `flashtwin.commands`), or the default when it is not written."""
        statement = self.statement
        try:
            parameter = statement.parameters[keyword]
        except KeyError:
            parameter = statement.parameter(keyword)
        return default if parameter is None else parameter(self.act)

    def text(self, keyword: str, default: str = "") -> str:
        """A single value as text."""
        value = self.value(keyword, default)
        if value.__class__ is str:
            return value
        while isinstance(value, list) and len(value) == 1:
            value = value[0]
        if isinstance(value, tuple):
            return "/".join(reversed(value))
        return value if isinstance(value, str) else str(value)

    def path(self, keyword: str, default: str = "") -> str:
        """A path of the integrated file system, as the job's code page has it
        (docs/platform-facts.md#job-code-pages)."""
        return as_read(self.text(keyword, default), self.job.default_ccsid)

    @overload
    def integer(self, keyword: str, default: int) -> int: ...
    @overload
    def integer(self, keyword: str, default: None = None) -> int | None: ...
    def integer(self, keyword: str, default: int | None = None) -> int | None:
        """A single value as an integer; a special value or none gives the default."""
        value = self.text(keyword, "*")
        if value.startswith("*") or not value:
            return default
        try:
            return int(float(value)) if "." in value else int(value)
        except ValueError:
            raise Escape(
                "CPF0006", self.command.name, f"Value '{value}' for parameter {keyword} is not a number."
            ) from None

    def qualified(self, keyword: str, default: str = "", library: str = "*LIBL") -> tuple[str, str]:
        """An (object, library) pair."""
        return as_qualified(self.value(keyword, default), library)

    def items(self, keyword: str) -> list[Any]:
        """A list parameter: always a list, empty when it is not written."""
        value = self.value(keyword)
        if value is None:
            return []
        return value if isinstance(value, list) else [value]

    def raw(self, keyword: str) -> bytes:
        """A single value as EBCDIC bytes, trailing blanks of a variable kept."""
        result = self.expression(keyword)
        if isinstance(result, bytes):
            return result
        return to_ebcdic(str(self.value(keyword, "")))

    def expression(self, keyword: str) -> CLValue:
        """A single value as CL evaluates it."""
        expression = self.statement.expression(keyword)
        return None if expression is None else expression(self.act)

    def variable(self, keyword: str) -> Cell | None:
        """The variable written in a return parameter, None without it."""
        from flashtwin.program import target_of

        target = self.statement.made(keyword, target_of)
        return None if target is None else target(self.act)

    def set_return(self, keyword: str, value: str | CLValue) -> None:
        """Put a value into the variable of a return parameter, converted as CHGVAR does."""
        cell = self.variable(keyword)
        if cell is not None:
            cell.set(to_ebcdic(value) if isinstance(value, str) else value)

    def command_string(self, keyword: str) -> str:
        """A command parameter as text whose variables are constants."""
        return self.text(keyword)


def as_qualified(value: Any, library: str = "*LIBL") -> tuple[str, str]:
    """An evaluated value as an (object, library) pair."""
    while isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, tuple):
        return value[0], value[1] if len(value) > 1 and value[1] else library
    text = str(value)
    if "/" in text and not text.startswith("/"):
        first, _, second = text.partition("/")
        return second, first
    return text, library


class ProgramCall(Around):
    """A call of a program of the system; `args` are the parameters, by reference."""

    __slots__ = ("args", "name")

    def __init__(self, act: Activation, name: str, args: list[Cell]) -> None:
        super().__init__(act)
        self.name = name
        self.args = args

    def view(self, number: int, type_: str, length: int, decimals: int = 0) -> Cell:
        """Parameter `number` (from 0) as the program declares it; MCH3601 when it was not passed."""
        if number >= len(self.args):
            raise Escape("MCH3601", "", f"Pointer not set for location referenced (parameter {number + 1}).")
        storage, offset = self.args[number].place()
        return Cell(type_, length, decimals, storage, offset)


class ProcedureCall(Around):
    """A call of a procedure (CALLPRC); an argument is a cell, or None for *OMIT."""

    __slots__ = ("args", "name")

    def __init__(self, act: Activation, name: str, args: list[Cell | None]) -> None:
        super().__init__(act)
        self.name = name
        self.args = args

    def integer(self, number: int) -> int:
        """A parameter passed by value, as an integer."""
        cell = self.args[number] if number < len(self.args) else None
        if cell is None:
            raise Escape("MCH3601", "", "Pointer not set for location referenced.")
        value = cell.get()
        return int(value) if isinstance(value, int) else int.from_bytes(cell.raw()[:4], "big", signed=True)

    def buffer(self, number: int) -> Cell:
        """A parameter passed by reference, or the storage that a pointer passed by value points to."""
        cell = self.args[number] if number < len(self.args) else None
        if cell is None:
            raise Escape("MCH3601", "", "Pointer not set for location referenced.")
        return cell
