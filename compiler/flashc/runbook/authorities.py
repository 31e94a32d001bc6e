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


OBJECTS = (
    ("QSYS/QPMLPMGT *SRVPGM", "*USE", "reads the partition id: which partition is this?", "officer"),
    ("the BRMS functions of the control groups", "SETUSRBRM", "INZBRM, STRBKUBRM, STRMNTBRM", "officer"),
    ("QUSRBRM", "*USE", "its log and its volumes are read; *SAVSYS saves and restores it", "officer"),
    ("commands of the spec (run, Domino)", "*USE", "what the spec names runs under the profile", "officer"),
    ("devices and output of the clone", "*USE", "VRYCFG, saves, listings", "officer"),
    ("the library of a save file of the spec", "*CHANGE", "the clone makes the save file there", "officer"),
    ("CHGNETA", "*USE", "a clone that lives on gets another system name (*ALLOBJ is not needed)", "officer"),
)
"""Authorities to objects that are not the product's: object, authority, why, who gives it."""
