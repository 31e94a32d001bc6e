"""What a native command is made of: parameters with their values and rules, help, examples, messages.

Prompts and help are those of the system's language (`flashc.runbook.command_texts`); the rest is the same in
every language.  A command processing program gets the parameters in the order in which they stand here.
What the definition statements mean: docs/platform-facts.md#cl-command-definition.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from flashc.runbook.command_texts import CommandText, CommandWords
from flashc.runbook.messages import LANGUAGES

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


@dataclass(frozen=True, slots=True)
class Parameter:
    """One PARM statement.

    `prompt` has at most 30 characters, `choice` (what may be entered, shown at the right of the prompt) as
    well; without `choice` the prompter lists the values.  `values` are all there is (RSTD(*YES)), `special`
    may be entered beside what the type takes, `single` stands for a whole list; `other` is how help calls a
    value without a name, and what it means, where there are such.  `limits` is inclusive.
    `maximum` over 1 makes it a list: the program gets the number of values in 2 bytes, then the values.
    `prompted_when`: shown by the prompter only then.  `help` are paragraphs of plain text.
    """

    keyword: str
    prompt: str
    help: tuple[str, ...]
    type: str = "*CHAR"
    length: str = ""
    choice: str = ""
    other: Choice | None = None
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
        panel = words(b).panel
        who = panel.for_operators if self.operators else panel.for_the_user
        return (panel.production_only, who.format(library=b["library"], user=b["user"]))

    @property
    def message_ids(self) -> tuple[str, ...]:
        """Every message of the product that it may end with, in order."""
        return tuple(sorted({*self.messages, *(d.message for d in self.dependencies)}))

    @property
    def prompt_controls(self) -> dict[Condition, str]:
        """The label of the PMTCTL statement of each condition that a parameter is prompted on."""
        conditions = dict.fromkeys(p.prompted_when for p in self.parameters if p.prompted_when)
        return {condition: f"PMT{number}" for number, condition in enumerate(conditions, 1)}


def words(b: Mapping[str, Any]) -> CommandWords:
    """What the commands of a system say, from its template context (`flashc.bundle.context`)."""
    return LANGUAGES[b["language"]].commands


def parameter(
    text: CommandText,
    keyword: str,
    *,
    values: Sequence[str | Choice] = (),
    special: Sequence[str | Choice] = (),
    single: Sequence[str | Choice] = (),
    **more: Any,
) -> Parameter:
    """A parameter with its texts; of values of its own (environments, clones) the caller has the texts."""
    said = text.parameters[keyword]

    def choices(names: Sequence[str | Choice]) -> tuple[Choice, ...]:
        return tuple(Choice(one, said.values[one]) if isinstance(one, str) else one for one in names)

    return Parameter(
        keyword,
        said.prompt,
        said.help,
        values=choices(values),
        special=choices(special),
        single=choices(single),
        **{"choice": said.choice, "other": Choice(*said.other) if said.other else None, **more},
    )


def environment(b: Mapping[str, Any], text: CommandText, *special: str) -> Parameter:
    """ENV: the environments of the spec are its values, so that F4 lists them and a wrong one is refused
    before anything runs; `special` where a command takes more than one, which then is the default."""
    required: dict[str, Any] = {"default": special[0]} if special else {"required": True}
    panel = words(b).panel
    values = []
    for e in b["environments"]:
        work = ", ".join(e["control_groups"]) or panel.work[e["operation"]]
        values.append(Choice(e["name"], panel.environment.format(work=work, clone=e["clone"]["name"])))
    return parameter(text, "ENV", type="*NAME", length="10", values=values, special=special, **required)


def example(b: Mapping[str, Any]) -> str:
    """The environment that the examples name."""
    return str(b["environments"][0]["name"])


def output(text: CommandText, *more: str) -> tuple[Parameter, ...]:
    """OUTPUT and TOSTMF of a command that shows a listing; the first value is the default."""
    values = (*more, "*", "*PRINT", "*STMF")
    return (
        parameter(text, "OUTPUT", length="10", default=values[0], values=values),
        parameter(
            text,
            "TOSTMF",
            type="*PNAME",
            length="256",
            mixed_case=True,
            prompted_when=Condition("OUTPUT", "*EQ", "*STMF"),
        ),
    )


def reason(text: CommandText) -> Parameter:
    """REASON of a command for runs: what it says goes to the journal."""
    return parameter(text, "REASON", length="100", default="' '", mixed_case=True)


OUTPUT_RULES = (
    Dependency(Condition("OUTPUT", "*EQ", "*STMF"), (Condition("TOSTMF"),), "FLE0225"),
    Dependency(Condition("OUTPUT", "*NE", "*STMF"), (Condition("TOSTMF"),), "FLE0225", "*EQ 0"),
)

OUTPUT_MESSAGES = ("FLE0001", "FLE0221", "FLE0222")
