"""The native commands of the product, as data: what each takes, says and needs.

From here come NAME.cmd and NAME.pnlgrp of the bundle, the objects that are made of them, and docs/native.md.
A command processing program gets the parameters in the order in which they stand here.
What the definition statements mean: docs/platform-facts.md#cl-command-definition.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
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


def _environment(b: Mapping[str, Any], *special: Choice) -> Parameter:
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


def commands(b: Mapping[str, Any]) -> tuple[Command, ...]:
    """The commands of one system, from its template context (`flashc.bundle.context`)."""
    runs = (_start(b), _end(b), _check(b), _recover(b))
    clones = (_end_clone(b), _start_clone(b), _release_clone(b), _get_from_clone(b))
    return (*runs, *clones, _environments(b), _history(b), _log(b), _status(b))


def _example(b: Mapping[str, Any]) -> str:
    """The environment that the examples name."""
    return str(b["environments"][0]["name"])


REASON = Parameter(
    "REASON",
    "Reason",
    ("Why, in your own words. It stands in the journal.",),
    length="100",
    other="What is written.",
    default="' '",
    mixed_case=True,
)


def _start(b: Mapping[str, Any]) -> Command:
    name = _example(b)
    skip = Parameter(
        "SKIP",
        "Skip next scheduled run",
        (
            "Whether the next scheduled run of the environment is left out. Nothing is started; a run that "
            "is started by hand is not affected.",
        ),
        length="10",
        default="*NO",
        values=(
            Choice("*NO", "Nothing is skipped."),
            Choice("*YES", "The next scheduled run does nothing but say so; the one after it runs."),
            Choice("*CANCEL", "Takes back an earlier *YES."),
        ),
    )
    wait = Parameter(
        "WAIT",
        "Wait for the end of the run",
        ("Whether the command ends with the run, as other schedulers want it.",),
        length="4",
        default="*NO",
        values=(
            Choice("*NO", "It ends when the run is submitted."),
            Choice(
                "*YES",
                "It ends with a completion message when the run completed, else with the driver's escape "
                "message, or with one that says that the end is not known.",
            ),
        ),
    )
    scheduled = Parameter(
        "SCHEDULED",
        "Called by a scheduler",
        ("Whether this is a scheduled start. Schedule entries of the product say *YES.",),
        length="4",
        default="*NO",
        values=(
            Choice("*NO", "Somebody starts it: SKIP is not looked at."),
            Choice("*YES", "A scheduler starts it: where SKIP(*YES) was asked for it does nothing."),
        ),
    )
    return Command(
        "FLSTRENV",
        "Start Environment (flashc)",
        (
            "Starts a run: it checks, prepares the flash, holds production for the moment of the flash, "
            "starts the clone on the copy, has it do its work and brings the results home.",
            "The run is submitted to subsystem FLASHC, which the command starts where it is down, and the "
            "command returns at once. Every step of the run stands in the journal, table FLJRN.",
        ),
        (_environment(b), _restart(b), skip, REASON, wait, scheduled),
        (
            Example(f"FLSTRENV ENV({name})", "Starts a run of the environment."),
            Example(
                f"FLSTRENV ENV({name}) RESTART(O80) REASON('link repaired')",
                "The last run goes on waiting for what its clone delivers.",
            ),
            Example(
                f"FLSTRENV ENV({name}) SKIP(*YES) REASON('month end')", "The next scheduled run is none."
            ),
            Example(
                f"FLSTRENV ENV({name}) SCHEDULED(*YES) WAIT(*YES)",
                "What another scheduler enters: it ends as the run ends.",
            ),
        ),
        (
            *("FLE0050", "FLE0051", "FLE0052", "FLE0058", "FLE0122"),
            *NO_RESTART,
            "FLE0190",
            "FLE0160",
            "FLE0161",
        ),
        dependencies=(
            _alone("SKIP", Condition("RESTART", "*EQ", "*NO")),
            _alone("SKIP", Condition("WAIT", "*EQ", "*NO")),
            _alone("SKIP", Condition("SCHEDULED", "*EQ", "*NO")),
            _alone("RESTART", Condition("SCHEDULED", "*EQ", "*NO")),
        ),
        checker="FLVLDSTR",
        operators=True,
    )


NO_RESTART = tuple(f"FLE{number:04d}" for number in range(150, 157))
"""Why a run does not go on at a restart point."""


def _alone(keyword: str, other: Condition) -> Dependency:
    """Where `keyword` is not *NO, `other` must hold."""
    return Dependency(Condition(keyword, "*NE", "*NO"), (other,), "FLE0162")


def _restart(b: Mapping[str, Any]) -> Parameter:
    """RESTART: the restart points of all environments of the system."""
    codes = sorted({point["code"] for e in b["environments"] for point in e["restarts"]})
    return Parameter(
        "RESTART",
        "Restart point",
        (
            "Where the last run of the environment goes on when the cause of its failure is repaired. A "
            "restart point is a step behind the proof of the flash; it proves anew what it stands on.",
        ),
        length="10",
        default="*NO",
        values=(Choice("*NO", "A new run."), *(Choice(code, RESTARTS[code]) for code in codes)),
    )


RESTARTS = {
    "O70": "The clone is powered on: the flash is good, the clone is off.",
    "O80": "The clone is watched on, and its delivery taken over when it comes.",
    "O86": "The delivery is here: it is taken over, and BRMS's history with it.",
    "O93": "The site's commands at the end, from the first that is not done.",
    "O96": "BRMS maintenance and the site's commands at the end, from the first that is not done.",
}
"""What goes on at each restart point."""


def _end(b: Mapping[str, Any]) -> Command:
    wait = Parameter(
        "WAIT",
        "Wait until all is undone",
        ("Whether the command ends when the run has ended.",),
        length="4",
        default="*NO",
        values=(
            Choice("*NO", "It ends when the driver is asked."),
            Choice("*YES", "It ends with the run, by an escape message where something could not be undone."),
        ),
    )
    return Command(
        "FLENDENV",
        "End Environment (flashc)",
        (
            "Ends a run in order: what it changed on production is undone in reverse order, and the run is "
            "closed. The driver acts at its next wait, which is at once; production is never left held.",
            "A window ends first. What the clone has delivered is taken over first; what would follow is "
            "left out. The clone itself is left as it is: while it may write tapes, BRMS here stays in "
            "*STRPRC, and FLSTRENV RESTART(O80) watches it on.",
        ),
        (_environment(b), REASON, wait),
        (
            Example(f"FLENDENV ENV({_example(b)})", "Ends the run that is open."),
            Example(
                f"FLENDENV ENV({_example(b)}) REASON('users complain') WAIT(*YES)",
                "The command ends when everything is undone.",
            ),
        ),
        ("FLE0054", "FLE0122", "FLE0160", "FLE0161", "FLE0163"),
        operators=True,
    )


def _check(b: Mapping[str, Any]) -> Command:
    output, stream_file = _OUTPUT
    messages = Choice("*MSG", "Messages only. All other values give the messages and a listing of them.")
    return Command(
        "FLCHKENV",
        "Check Environment (flashc)",
        (
            "Asks everything that a run asks before it touches anything, and changes nothing: not here, "
            "not on the HMC, not in the array.",
            "A message for each point says what was looked at and what was found: OK, attention, or refused "
            "and what to do. All points are looked at, whatever is found. It ends with a completion message "
            "when a run could start now, else with an escape message; both count what was refused, and what "
            "wants attention. A run begins with the same checks; they are in its job log.",
            "Another run that has the locks of this one is named with its job, and so is one that died "
            "and left them. No lock is taken for that, so no run is refused because somebody checks.",
        ),
        (_environment(b), replace(output, default="*MSG", values=(messages, *output.values)), stream_file),
        (
            Example(f"FLCHKENV ENV({_example(b)})", "Says whether a run could start now."),
            Example(f"FLCHKENV ENV({_example(b)}) OUTPUT(*PRINT)", "The same, and prints it."),
        ),
        ("FLE0175", *_SHOWS),
        dependencies=_OUTPUT_RULES,
    )


def _recover(b: Mapping[str, Any]) -> Command:
    option = Parameter(
        "OPTION",
        "What to do",
        ("What is done with the run that is open. Each may be given again: twice is as good as once.",),
        length="10",
        default="*CHECK",
        values=(
            Choice("*CHECK", "Says what is open, and changes nothing."),
            Choice("*UNDO", "Resumes production first of all, undoes what the run changed, and closes it."),
            Choice(
                "*CLOSE",
                "As *UNDO, and closes the run although something could not be undone: it was done by hand, "
                "or is given up. Never while production may be suspended or BRMS has to stay in *STRPRC.",
            ),
            Choice("*CONTINUE", "Goes on watching the clone of a good flash."),
            Choice("*UNATTEND", "Does what guard A does by itself: continues where that is safe, or undoes."),
            Choice(
                "*RESTORED",
                "This system came from a clone's tape: clears the ticket and closes the run, undoes nothing. "
                "Refused unless its objects were restored since the run began.",
            ),
            Choice(
                "*RSTSURE",
                "As *RESTORED, where the objects do not show it: the disks were brought back in another way, "
                "and you are sure that the run never was at work here.",
            ),
            Choice("*GIVENBACK", "A clone that was handed over comes back: the next run may end it."),
        ),
    )
    name = _example(b)
    return Command(
        "FLRCVENV",
        "Recover Environment (flashc)",
        (
            "Looks at a run that died or was left open, says what of it is still open, and continues, undoes "
            "or closes it.",
        ),
        (_environment(b), option),
        (
            Example(f"FLRCVENV ENV({name})", "Says what is open; nothing is changed."),
            Example(f"FLRCVENV ENV({name}) OPTION(*UNDO)", "Resumes, undoes and closes."),
        ),
        ("FLE0003", "FLE0011", "FLE0020"),
    )


def _clone(b: Mapping[str, Any]) -> Parameter:
    """CLONE: the declared clones that an environment uses, so that no other partition can be named."""
    names = [c["clone"]["name"] for c in b["by_hand"]]
    help = ("The clone, as the spec declares it. No other partition is ever touched.",)
    values = tuple(Choice(c["clone"]["name"], f"Partition {c['clone']['label']}.") for c in b["by_hand"])
    only = names[0] if len(names) == 1 else ""
    return Parameter(
        "CLONE", "Clone", help, length="32", required=not only, default=only, values=values, mixed_case=True
    )


_REASON = Parameter(
    "REASON",
    "Reason",
    ("Why, in your own words. It stands in the journal, with who entered the command.",),
    length="50",
    choice="Character value",
    default="*NONE",
    special=(Choice("*NONE", "No reason is given."),),
    mixed_case=True,
)


_WAIT_FOR_REQUEST = Parameter(
    "WAIT",
    "Wait for the end",
    ("Whether the command ends when what was asked for is done.",),
    length="4",
    default="*NO",
    values=(
        Choice("*NO", "It ends when the request is submitted."),
        Choice("*YES", "It ends with the request, by an escape message where it is not done."),
    ),
)
_WAITED = ("FLE0160", "FLE0161", "FLE0208", "FLE0209")


def _orderly_end(b: Mapping[str, Any]) -> tuple[Parameter, ...]:
    """How long an end in order may take, and what then; nothing where no console asks for one."""
    if not b["ends_in_order"]:
        return ()
    ordered = Condition("OPTION", "*EQ", "*CNTRLD")
    return (
        Parameter(
            "DELAY",
            "Seconds to wait",
            ("How long an orderly end may take.",),
            type="*DEC",
            length="5 0",
            choice="60-14400 seconds",
            default=str(b["by_hand"][0]["end_within_s"]),
            limits=("60", "14400"),
            prompted_when=ordered,
        ),
        Parameter(
            "FORCE",
            "End at once after the delay",
            ("What is done when the delay has passed and the partition is not off.",),
            length="10",
            default="*NO",
            values=(
                Choice("*NO", "Nothing: the request fails, and the partition is as it is."),
                Choice("*YES", "It is ended by the panel's hard stop."),
            ),
            prompted_when=ordered,
        ),
    )


def _end_clone(b: Mapping[str, Any]) -> Command:
    hard = [one["clone"]["name"] for one in b["by_hand"] if not one["clone"]["ends_in_order"]]
    note = f"The console of {' and '.join(hard)} asks no system to end: *IMMED only." if hard else ""
    name = b["by_hand"][0]["clone"]["name"]
    in_order = Choice("*CNTRLD", "In order: the operating system ends itself.")
    how = "its operating system is asked to end" if b["ends_in_order"] else "its console ends it at once"
    return Command(
        "FLENDCLN",
        "End Clone (flashc)",
        (
            f"Ends the partition of a declared clone: {how}, and it is waited for until the console "
            "reports Not Activated. By force only where that is asked for.",
            "A clone that may be saving is not ended, but by OPTION(*IMMED) with SAVING(*END); the devices "
            "that it may have written on are then named in the journal. A clone that was handed over is "
            "ended by its owner.",
            "What acts is submitted; the command returns at once. It takes the locks of a run, so that none "
            "begins meanwhile, and is refused while one is open.",
        ),
        (
            _clone(b),
            Parameter(
                "OPTION",
                "How to end",
                ("How the partition is ended.", *([note] if note else [])),
                length="10",
                default="*CNTRLD" if b["ends_in_order"] else "",
                required=not b["ends_in_order"],
                values=(
                    *([in_order] if b["ends_in_order"] else []),
                    Choice("*IMMED", "At once, as by the panel's hard stop."),
                ),
            ),
            *_orderly_end(b),
            Parameter(
                "SAVING",
                "A clone that may be saving",
                ("What is done with a clone of which no end of its work is known.",),
                length="10",
                default="*REFUSE",
                values=(
                    Choice("*REFUSE", "It is left alone."),
                    Choice("*END", "It is ended all the same, with OPTION(*IMMED); its save is lost."),
                ),
                prompted_when=Condition("OPTION", "*EQ", "*IMMED"),
            ),
            _WAIT_FOR_REQUEST,
            _REASON,
        ),
        (
            Example(f"FLENDCLN CLONE({name})", "Ends the clone in order.")
            if b["ends_in_order"]
            else Example(f"FLENDCLN CLONE({name}) OPTION(*IMMED)", "Ends the clone at once."),
            Example(
                f"FLENDCLN CLONE({name}) OPTION(*IMMED) SAVING(*END) REASON('tape library fails')",
                "Ends a clone that hangs in its save.",
            ),
        ),
        ("FLE0051", "FLE0200", "FLE0207", *_WAITED, *(["FLE0227"] if hard and b["ends_in_order"] else [])),
        dependencies=(
            Dependency(
                Condition("SAVING", "*EQ", "*END"), (Condition("OPTION", "*EQ", "*IMMED"),), "FLE0211"
            ),
        ),
        operators=True,
    )


def _start_clone(b: Mapping[str, Any]) -> Command:
    name = b["by_hand"][0]["clone"]["name"]
    return Command(
        "FLSTRCLN",
        "Start Clone (flashc)",
        (
            "Starts the partition of a declared clone by hand, on the copy that its disks hold: a safety "
            "snapshot that is needed, or a clone that was ended.",
            "It is refused unless the partition is off, no network of production is in its profile, its "
            "disks are those of the groups and nobody else's, the copy is the one that a run has proven, and "
            "no ticket in the copy can still act. What boots asks the start-up guard who it is: without a "
            "ticket it comes up in safe mode.",
        ),
        (
            _clone(b),
            Parameter(
                "MODE",
                "Mode of the IPL",
                ("The position of the keylock.",),
                length="10",
                default="*MANUAL",
                values=(
                    Choice("*MANUAL", "The IPL waits for somebody at the system console of the clone."),
                    Choice("*NORMAL", "It goes on by itself; the start-up guard decides."),
                ),
            ),
            _WAIT_FOR_REQUEST,
            _REASON,
        ),
        (
            Example(f"FLSTRCLN CLONE({name})", "Starts the clone; somebody goes on at its console."),
            Example(f"FLSTRCLN CLONE({name}) MODE(*NORMAL)", "Starts it unattended, into safe mode."),
        ),
        ("FLE0051", "FLE0200", "FLE0207", *_WAITED),
        operators=True,
    )


def _release_clone(b: Mapping[str, Any]) -> Command:
    name = b["by_hand"][0]["clone"]["name"]
    return Command(
        "FLRLSCLN",
        "Release Clone's Copy (flashc)",
        (
            "Releases the copy of a clone: its consistency group is stopped, so that nothing on the array "
            "depends on it any more, and where its disks come through VIOS they are taken away first. The "
            "copy is lost.",
            "It is refused unless the clone is Not Activated, each copy is one that a run has proven and "
            "nobody has taken anew since, and the spec does not keep it.",
        ),
        (
            _clone(b),
            Parameter(
                "COPY",
                "Copy to release",
                ("Which copy, where the clone has generations.",),
                length="63",
                choice="Name of a consistency group",
                default="*OLDEST",
                special=(
                    Choice("*OLDEST", "The one that the next run would use."),
                    Choice("*ALL", "All of them."),
                ),
                mixed_case=True,
            ),
            Parameter(
                "KEEP",
                "Copies that the spec keeps",
                ("What is done with a copy that is younger than KEEP SNAPSHOT of the spec says.",),
                length="10",
                default="*KEEP",
                values=(
                    Choice("*KEEP", "It is kept: the request is refused."),
                    Choice("*RELEASE", "It is released all the same."),
                ),
            ),
            _WAIT_FOR_REQUEST,
            _REASON,
        ),
        (
            Example(f"FLRLSCLN CLONE({name})", "Releases the copy that the next run would use."),
            Example(f"FLRLSCLN CLONE({name}) COPY(*ALL) KEEP(*RELEASE)", "Releases all copies."),
        ),
        ("FLE0051", "FLE0200", "FLE0207", *_WAITED, "FLE0210"),
        operators=True,
    )


def _get_from_clone(b: Mapping[str, Any]) -> Command:
    name = b["by_hand"][0]["clone"]["name"]
    library, stream = Condition("LIB"), Condition("STMF")
    return Command(
        "FLGETCLN",
        "Get from Clone (flashc)",
        (
            "Brings a library, an object or a stream file back from a clone that is still on, as it was when "
            "the copy was taken, under another name. Nothing on production is replaced.",
            "The clone is asked by the inbox, where it looks every three minutes while production's end of "
            "the link is up. What it saves is sent home with its hashes, verified, and restored: objects "
            "into a library that is made for them, which belongs to the product's profile and is closed to "
            "the public; a stream file with the owner and the authorities that it had.",
            "It is refused unless the clone is on and its disks hold the copy that a run has proven, and "
            "for what belongs to the system or to the product. The spec must leave the clone running. What "
            "acts is submitted; it takes the locks of a run, so that none begins meanwhile.",
        ),
        (
            _clone(b),
            Parameter(
                "LIB",
                "Library",
                ("The library that is wanted, or that of the object.",),
                type="*SNAME",
                length="10",
            ),
            Parameter(
                "OBJ",
                "Object",
                ("The object of the library.",),
                type="*SNAME",
                length="10",
                default="*ALL",
                special=(Choice("*ALL", "All objects of the library."),),
                prompted_when=library,
            ),
            Parameter(
                "OBJTYPE",
                "Object type",
                ("The type of the object, such as *FILE.",),
                length="10",
                choice="*ALL, *FILE, *PGM...",
                default="*ALL",
                special=(Choice("*ALL", "All types."),),
                prompted_when=library,
            ),
            Parameter(
                "TOLIB",
                "New library",
                ("The library that is made for what comes back. There must be none of this name.",),
                type="*SNAME",
                length="10",
                prompted_when=library,
            ),
            Parameter(
                "STMF",
                "Stream file",
                (
                    "Path of the stream file on the clone, from the root: letters, digits and . _ @ # $ - in "
                    "the names of its folders and its own.",
                ),
                type="*PNAME",
                length="120",
                choice="Path name",
                mixed_case=True,
            ),
            Parameter(
                "TOSTMF",
                "New stream file",
                ("Path under which it comes back. Its folder must be there, the file not.",),
                type="*PNAME",
                length="120",
                choice="Path name",
                mixed_case=True,
                prompted_when=stream,
            ),
            Parameter(
                "RUN",
                "Run of the copy",
                ("The run that took the copy, as FLDSPHST shows it.",),
                length="14",
                choice="*LAST, YYYYMMDDhhmmss",
                default="*LAST",
                special=(Choice("*LAST", "The copy that the clone has, whichever it is."),),
            ),
            _WAIT_FOR_REQUEST,
            _REASON,
        ),
        (
            Example(
                f"FLGETCLN CLONE({name}) LIB(PAYROLL) TOLIB(PAYROLLOLD)",
                "Brings library PAYROLL back as PAYROLLOLD.",
            ),
            Example(
                f"FLGETCLN CLONE({name}) LIB(PAYROLL) OBJ(RATES) OBJTYPE(*FILE) TOLIB(RATESOLD) WAIT(*YES)",
                "Brings one file back into a library of its own, and waits for it.",
            ),
            Example(
                f"FLGETCLN CLONE({name}) STMF('/home/anna/list.csv') TOSTMF('/home/anna/list.old')",
                "Brings a stream file back under another name.",
            ),
        ),
        ("FLE0051", "FLE0200", "FLE0207", *_WAITED, "FLE0212"),
        dependencies=(
            Dependency(None, (library, stream), "FLE0212", "*EQ 1"),
            Dependency(library, (Condition("TOLIB"),), "FLE0212"),
            Dependency(stream, (Condition("TOSTMF"),), "FLE0212"),
            Dependency(
                stream, tuple(Condition(word) for word in ("TOLIB", "OBJ", "OBJTYPE")), "FLE0212", "*EQ 0"
            ),
        ),
    )


def _some(b: Mapping[str, Any]) -> Parameter:
    """ENV of a display: one environment or all."""
    every = Choice("*ALL", "All environments of this partition.")
    return replace(_environment(b, every), required=False, default="*ALL")


_OUTPUT = (
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
_OUTPUT_RULES = (
    Dependency(Condition("OUTPUT", "*EQ", "*STMF"), (Condition("TOSTMF"),), "FLE0225"),
    Dependency(Condition("OUTPUT", "*NE", "*STMF"), (Condition("TOSTMF"),), "FLE0225", "*EQ 0"),
)
_SHOWS = ("FLE0001", "FLE0221", "FLE0222")


def _environments(b: Mapping[str, Any]) -> Command:
    return Command(
        "FLDSPENV",
        "Display Environments (flashc)",
        (
            "Shows the environments: when they run, on which clone, what the clone does, the next run as the "
            "job scheduler has it, the last run with its result, and the state.",
        ),
        (_some(b), *_OUTPUT),
        (
            Example("FLDSPENV", "Shows all environments."),
            Example(
                f"FLDSPENV ENV({_example(b)}) OUTPUT(*PRINT)",
                "Prints one, as spooled file FLDSPENV.",
            ),
        ),
        _SHOWS,
        dependencies=_OUTPUT_RULES,
        operators=True,
    )


def _history(b: Mapping[str, Any]) -> Command:
    since = Parameter(
        "FROMDATE",
        "From date",
        ("Runs that started on this date or later.",),
        type="*DATE",
        choice="Date, *AVAIL",
        default="*AVAIL",
        special=(Choice("*AVAIL", "All runs that the journal has.", "000000"),),
    )
    result = Parameter(
        "RESULT",
        "Result",
        ("Runs with this result only.",),
        length="10",
        default="*ALL",
        values=(
            Choice("*ALL", "Runs with any result."),
            Choice("COMPLETED", "The save and its delivery are verified."),
            Choice("FAILED", "What was changed is undone."),
            Choice("REFUSED", "Nothing was changed."),
            Choice("NEEDSYOU", "Something is left that only you can do: see FLRCVENV."),
            Choice("OPEN", "It has no result yet."),
        ),
    )
    return Command(
        "FLDSPHST",
        "Display History (flashc)",
        (
            "Shows the runs that the journal has, the newest first: start, end, result, how long production "
            "was held (split into quiesce, hold and resume), and the verdicts.",
        ),
        (_some(b), since, result, *_OUTPUT),
        (
            Example("FLDSPHST", "Shows all runs."),
            Example(f"FLDSPHST ENV({_example(b)}) RESULT(FAILED)", "Shows those of one that failed."),
        ),
        _SHOWS,
        dependencies=_OUTPUT_RULES,
        operators=True,
    )


def _log(b: Mapping[str, Any]) -> Command:
    run = Parameter(
        "RUN",
        "Run",
        ("The run whose log is shown.",),
        length="14",
        choice="14 digits, *LAST",
        default="*LAST",
        special=(Choice("*LAST", "The run that started last."),),
    )
    side = Parameter(
        "SIDE",
        "Side",
        ("Whose steps are shown.",),
        length="10",
        default="*BOTH",
        values=(
            Choice("*BOTH", "Those of both partitions by their time, each in a column of its own."),
            Choice("*SOURCE", "Those of production."),
            Choice("*CLONE", "Those of the clone, as far as they were delivered."),
        ),
    )
    section = Parameter(
        "SECTION",
        "Section",
        ("Which part of the log is shown.",),
        length="10",
        default="*STEPS",
        values=(
            Choice("*STEPS", "The steps, with code and text."),
            Choice("*FILES", "What the clone delivered: the names and sizes of its files."),
            Choice("*QHST", "The history log of the clone."),
            Choice("*JOBLOG", "The job log of the clone's last program."),
            Choice("*FILE", "The delivered file that FILE names."),
        ),
    )
    file = Parameter(
        "FILE",
        "Delivered file",
        ("A file that SECTION(*FILES) names: the log of a job, the listing of a save.",),
        length="100",
        choice="Name",
        mixed_case=True,
        prompted_when=Condition("SECTION", "*EQ", "*FILE"),
    )
    return Command(
        "FLDSPLOG",
        "Display Log of a Run (flashc)",
        (
            "Shows the log of one run: the steps of both partitions by their time, or a file that the clone "
            "delivered. Delivered files are read with your own authority to the folder of the product.",
        ),
        (run, _some(b), side, section, file, *_OUTPUT),
        (
            Example("FLDSPLOG", "Shows the steps of the last run."),
            Example("FLDSPLOG SECTION(*FILES)", "Shows what the last run delivered."),
            Example(
                "FLDSPLOG RUN(20261118203500) OUTPUT(*STMF) TOSTMF('/home/ops/night.txt')",
                "Writes the steps of this run to a stream file.",
            ),
        ),
        ("FLE0220", "FLE0223", *_SHOWS),
        dependencies=(
            Dependency(Condition("SECTION", "*EQ", "*FILE"), (Condition("FILE"),), "FLE0226"),
            Dependency(Condition("SECTION", "*NE", "*FILE"), (Condition("FILE"),), "FLE0226", "*EQ 0"),
            *_OUTPUT_RULES,
        ),
        operators=True,
    )


def _status(b: Mapping[str, Any]) -> Command:
    return Command(
        "FLDSPSTS",
        "Display Status (flashc)",
        (
            "Shows what is going on now: whether production may be suspended, the runs that are open with "
            "their phase, their last and next step and whether their driver is alive, the state of BRMS, "
            "what was last seen of the clone, and who holds which lock.",
            "It asks neither the console nor the array: it shows what the run has written down.",
        ),
        (_some(b), *_OUTPUT),
        (Example("FLDSPSTS", "Shows what is going on now."),),
        ("FLE0224", *_SHOWS),
        dependencies=_OUTPUT_RULES,
        operators=True,
    )
