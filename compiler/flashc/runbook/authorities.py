"""What the product's profile may do beside its own objects: each special authority, what needs it, and why.

docs/security.md shows it as a table; tests hold it to what the commands of a rehearsed night ask for.
Sources: docs/platform-facts.md#authority
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SpecialAuthority:
    """A special authority of the product's profile; `commands` are those that ask for it.

    `without`: what is refused, and when; `not_needed`: where the profile can do without it.
    """

    name: str
    commands: tuple[str, ...]
    why: str
    without: str
    not_needed: str


SPECIAL = (
    SpecialAuthority(
        "*JOBCTL",
        (
            *("CHGASPACT", "HLDJOB", "RLSJOB", "ENDJOB", "HLDJOBQ", "RLSJOBQ", "HLDJOBSCDE", "RLSJOBSCDE"),
            *("STRSBS", "ENDSBS", "PWRDWNSYS", "DLTSPLF"),
        ),
        "suspends and resumes; holds, releases and ends jobs, queues, entries and subsystems of others",
        "a run is refused by its first check (O06), and nothing was changed",
        "never",
    ),
    SpecialAuthority(
        "*IOSYSCFG",
        (
            *("STRTCP", "ENDTCP", "STRTCPIFC", "ENDTCPIFC", "STRTCPSVR", "ENDTCPSVR"),
            *("ADDTCPIFC", "RMVTCPIFC", "ADDTCPRTE", "RMVTCPRTE", "CHGTCPDMN", "CHGNETA"),
            "CHGLINETH",
        ),
        "starts and ends the link of the night, servers that stand around the flash, TCP/IP of the clone",
        "a run is refused by its first check (O06), and nothing was changed",
        "operation none, where no server is ended around the flash",
    ),
    SpecialAuthority(
        "*SAVSYS",
        (
            *("SAVSYS", "SAVLIB", "SAVOBJ", "SAV", "SAVDLO", "STRBKUBRM", "SAVSAVFBRM"),
            *("RSTLIB", "RSTOBJ", "RST"),
        ),
        "saves on the clone what belongs to others, keeps and restores QUSRBRM on production, and restores "
        "what FLGETCLN brings back",
        "a run is refused by its first check (O06), and nothing was changed; FLGETCLN fails (FLE0217, "
        "FLE0218)",
        "operations none and user, unless a command of yours saves what belongs to others, and without "
        "FLGETCLN",
    ),
)


def needed(*, starts_clone: bool, ends_server: bool, saves: bool) -> tuple[str, ...]:
    """The special authorities that runs of an environment need."""
    network = ("*IOSYSCFG",) if starts_clone or ends_server else ()
    return ("*JOBCTL", *network, *(("*SAVSYS",) if saves else ()))


@dataclass(frozen=True, slots=True)
class ClosedCommand:
    """A command that IBM ships closed to the public, or may: docs/platform-facts.md#closed-commands."""

    name: str
    why: str


CLOSED = (
    ClosedCommand("CHGASPACT", "suspends and resumes"),
    ClosedCommand("STRTCP", "starts the clone's TCP/IP"),
    ClosedCommand("ENDTCP", "safe mode of the start-up guard, which adopts it from the profile"),
    ClosedCommand("STRTCPIFC", "starts the private link on both sides"),
    ClosedCommand("ENDTCPIFC", "ends the private link"),
    ClosedCommand("PWRDWNSYS", "powers the clone down"),
    ClosedCommand(
        "STRTCPSVR", "starts servers again that were ended around the flash, and on a clone that lives on"
    ),
    ClosedCommand("ENDTCPSVR", "ends servers around the flash, and on a clone that lives on"),
    ClosedCommand("SAVSYS", "saves the whole system on the clone"),
    ClosedCommand("RSTLIB", "brings QUSRBRM home"),
    ClosedCommand("RSTOBJ", "FLGETCLN brings objects back"),
    ClosedCommand("RST", "FLGETCLN brings a stream file back"),
    ClosedCommand("CHGNETA", "a clone that lives on gets another system name (*ALLOBJ is not needed)"),
)


def closed_to(
    *, starts_clone: bool, ends_server: bool, saves_system: bool, restores: bool, lives: bool
) -> tuple[str, ...]:
    """The closed commands that runs of an environment enter, on production and in the copy."""
    used = {"CHGASPACT", "ENDTCP"}
    if starts_clone:
        used |= {"STRTCP", "STRTCPIFC", "ENDTCPIFC", "PWRDWNSYS"}
    if ends_server or lives:
        used |= {"STRTCPSVR", "ENDTCPSVR"}
    if saves_system:
        used.add("SAVSYS")
    if restores:
        used.add("RSTLIB")
    if lives:
        used.add("CHGNETA")
    return tuple(one.name for one in CLOSED if one.name in used)


OBJECTS = (
    ("QSYS/QPMLPMGT *SRVPGM", "*USE", "reads the partition id: which partition is this?", "officer"),
    ("the BRMS functions of the control groups", "SETUSRBRM", "INZBRM, STRBKUBRM, STRMNTBRM", "officer"),
    ("QUSRBRM", "*USE", "its log and its volumes are read; *SAVSYS saves and restores it", "officer"),
    ("commands of the spec (run, Domino)", "*USE", "what the spec names runs under the profile", "officer"),
    ("devices and output of the clone", "*USE", "VRYCFG, saves, listings", "officer"),
    ("the line of the link", "*CHANGE and *OBJMGT", "on a clone it may have to name another port", "officer"),
    ("the library of a save file of the spec", "*CHANGE", "the clone makes the save file there", "officer"),
    *((one.name, "*USE", one.why, "officer") for one in CLOSED),
)
"""Authorities to objects that are not the product's: object, authority, why, who gives it."""
