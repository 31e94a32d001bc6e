"""The native commands for a declared clone: end, start, release, get something from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flashc.runbook.native import Choice, Command, Condition, Dependency, Example, Parameter


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


def end_clone(b: Mapping[str, Any]) -> Command:
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


def start_clone(b: Mapping[str, Any]) -> Command:
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


def release_clone(b: Mapping[str, Any]) -> Command:
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


def get_from_clone(b: Mapping[str, Any]) -> Command:
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
