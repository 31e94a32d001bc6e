"""What a native command is made of: parameters with their values and rules, help, examples, messages.

A command processing program gets the parameters in the order in which they stand here.
What the definition statements mean: docs/platform-facts.md#cl-command-definition.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Relation = Literal["", "*EQ", "*NE", "*GT", "*GE", "*LT", "*LE"]


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that a parameter knows by name; `to` is what the program gets for it, "" the value itself and
    "''" nothing."""

    value: str
    help: str
    to: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """KEYWORD specified (no `relation`; a default is not specified), or its value compared."""

    keyword: str
    relation: Relation = ""
    value: str = ""


_KINDS = {
    "*CHAR": "character-value",
    "*DEC": "decimal-number",
    "*DATE": "date",
    "*GENERIC": "generic-name",
    "*INT2": "integer",
    "*INT4": "integer",
    "*NAME": "name",
    "*PNAME": "path-name",
    "*SNAME": "name",
    "*TIME": "time",
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One PARM statement.

    `prompt` has at most 30 characters, `choice` (what may be entered, shown at the right of the prompt) as
    well; without `choice` the prompter lists the values.  `values` are all there is (RSTD(*YES)), `special`
    may be entered beside what the type takes, `single` stands for a whole list; `other` says what any value
    without a name means, where there are such.  `limits` is inclusive.
    `maximum` over 1 makes it a list: the program gets the number of values in 2 bytes, then the values.
    `prompted_when`: shown by the prompter only then.  `help` are paragraphs of plain text.
    """

    keyword: str
    prompt: str
    help: tuple[str, ...]
    type: str = "*CHAR"
    length: str = ""
    choice: str = ""
    other: str = ""
    default: str = ""
    required: bool = False
    values: tuple[Choice, ...] = ()
    special: tuple[Choice, ...] = ()
    single: tuple[Choice, ...] = ()
    limits: tuple[str, str] | None = None
    relation: tuple[Relation, str] | None = None
    maximum: int = 1
    mixed_case: bool = False
    varying: bool = False
    prompted_when: Condition | None = None

    @property
    def choices(self) -> tuple[Choice, ...]:
        """All values that have a name."""
        return (*self.values, *self.special, *self.single)

    @property
    def kind(self) -> str:
        """What is entered where a value has no name, as help texts call it."""
        return _KINDS[self.type]


@dataclass(frozen=True, slots=True)
class Dependency:
    """One DEP statement: when `when` holds (None: always), `count` of `of` must ("*ALL", "*EQ 0" ...).

    `message` is one of the product's: the command's message file is that of the partition's language.
    """

    when: Condition | None
    of: tuple[Condition, ...]
    message: str
    count: str = "*ALL"


@dataclass(frozen=True, slots=True)
class Example:
    """A command as it is entered, and what it does."""

    command: str
    help: str


@dataclass(frozen=True, slots=True)
class Command:
    """One command; the program of its name processes it.

    `positional`: how many values may be written without keyword.  `messages` are the product's ids that it
    ends with.  `checker` is its validity checking program.  `allowed`: where it runs (ALLOW).  `operators`:
    those who operate the partition may use it; what acts then runs under the product's profile.
    """

    name: str
    prompt: str
    help: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    examples: tuple[Example, ...]
    messages: tuple[str, ...]
    positional: int = 1
    dependencies: tuple[Dependency, ...] = ()
    checker: str = ""
    allowed: tuple[str, ...] = ("*ALL",)
    operators: bool = False

    def restrictions(self, b: Mapping[str, Any]) -> tuple[str, ...]:
        """Where it works and who may use it, on the system of a template context."""
        who = (
            f"Members of the authorization list {b['library']} may use it; what acts is submitted and runs "
            f"under user profile {b['user']}."
            if self.operators
            else f"Only user profile {b['user']}, or one with *ALLOBJ, may use it."
        )
        return ("It works on production only; on any other partition it ends with an error.", who)

    @property
    def message_ids(self) -> tuple[str, ...]:
        """Every message of the product that it may end with, in order."""
        return tuple(sorted({*self.messages, *(d.message for d in self.dependencies)}))

    @property
    def prompt_controls(self) -> dict[Condition, str]:
        """The label of the PMTCTL statement of each condition that a parameter is prompted on."""
        conditions = dict.fromkeys(p.prompted_when for p in self.parameters if p.prompted_when)
        return {condition: f"PMT{number}" for number, condition in enumerate(conditions, 1)}


def environment(b: Mapping[str, Any], *special: Choice) -> Parameter:
    """ENV: the environments of the spec are its values, so that F4 lists them and a wrong one is refused
    before anything runs; `special` where a command takes more than one."""
    return Parameter(
        "ENV",
        "Environment",
        ("The environment, as the spec names it.",),
        type="*NAME",
        length="10",
        required=True,
        values=tuple(Choice(e["name"], f"{e['summary']}.") for e in b["environments"]),
        special=special,
    )


def example(b: Mapping[str, Any]) -> str:
    """The environment that the examples name."""
    return str(b["environments"][0]["name"])


OUTPUT = (
    Parameter(
        "OUTPUT",
        "Output",
        ("Where the listing goes. It is 80 columns wide, delivered files are shown as they are.",),
        length="10",
        default="*",
        values=(
            Choice("*", "Shown on the display; in a batch job printed."),
            Choice("*PRINT", "Printed with the spooled output of the job, under the name of the command."),
            Choice("*STMF", "Written to the stream file of TOSTMF, with your own authority."),
        ),
    ),
    Parameter(
        "TOSTMF",
        "To stream file",
        ("Path of the stream file; it is replaced. UTF-8, its lines end with line feeds.",),
        type="*PNAME",
        length="256",
        choice="Path name",
        mixed_case=True,
        prompted_when=Condition("OUTPUT", "*EQ", "*STMF"),
    ),
)
"""OUTPUT and TOSTMF of a command that shows a listing."""

OUTPUT_RULES = (
    Dependency(Condition("OUTPUT", "*EQ", "*STMF"), (Condition("TOSTMF"),), "FLE0225"),
    Dependency(Condition("OUTPUT", "*NE", "*STMF"), (Condition("TOSTMF"),), "FLE0225", "*EQ 0"),
)

OUTPUT_MESSAGES = ("FLE0001", "FLE0221", "FLE0222")
