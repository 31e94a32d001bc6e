"""Classes of the reference codes that a console shows of the clone, and how long a code of each may stay.

Every decision of a run is made on the class, never on a single code: there are hundreds, and what one of them
means changes with release and firmware.  The one exception is A9003C70, which is shown while a system is in
batch restricted state.  docs/platform-facts.md#reference-codes
"""

from __future__ import annotations

from dataclasses import dataclass

from flashc.runbook.limits import (
    STILL_ATTENTION_S,
    STILL_ENDING_S,
    STILL_IPL_S,
    STILL_OTHER_S,
    STILL_POWER_ON_S,
)


@dataclass(frozen=True, slots=True)
class CodeClass:
    """A class of reference codes: how they begin, what they tell."""

    name: str
    """As in the generated CL."""
    begins: str
    """The first characters; blank for no code at all."""
    shown: str
    meaning: str
    verdict: str
    still_s: int = 0
    """How long one code of it may stay before an operator is told, seconds; 0: the spec's limits alone."""
    up_to: str = ""
    """The last of the first characters, where the class is a range of them."""
    restricted: bool = False
    """Only where the clone's work ends its subsystems; elsewhere the code is of the next class that fits."""


_GOES_ON = "progress; noted when it changes"
_WANTED = "noted; the run goes on until its own limit"

CLASSES = (
    CodeClass("NONE", " ", "blank", "nothing is posted", "noted"),
    CodeClass("RUNNING", "00000000", "00000000", "runs, nothing is posted", "noted; never taken for success"),
    CodeClass(
        "RESTRICTED",
        "A9003C70",
        "A9003C70",
        "batch restricted state",
        "the save has begun, where the spec says restricted; elsewhere as the other A codes",
        restricted=True,
    ),
    CodeClass("LICIPL", "C6", "C6", "IPL of the licensed internal code", _GOES_ON, STILL_IPL_S),
    CodeClass("OSIPL", "C9", "C9", "IPL of the operating system", _GOES_ON, STILL_IPL_S),
    CodeClass("POWERON", "C", "other C", "power on, hardware, firmware", _GOES_ON, STILL_POWER_ON_S),
    CodeClass("ATTENTION", "A", "A", "somebody is wanted, e.g. at the console", _WANTED, STILL_ATTENTION_S),
    CodeClass("FAILED", "B", "B", "machine check, partition, LIC or OS failed", "the run fails at once"),
    CodeClass("HARDWARE", "1", "1 to 9", "hardware, mostly I/O", _WANTED, STILL_ATTENTION_S, up_to="9"),
    CodeClass(
        "ENDING",
        "D",
        "D",
        "dump or power down",
        "noted; off without a delivery, seen twice, fails the run",
        STILL_ENDING_S,
    ),
    CodeClass("OTHER", "", "any other", "not known", _WANTED, STILL_OTHER_S),
)
"""In this order: the first whose beginning fits."""


def classes_of(*, restricted: bool) -> tuple[CodeClass, ...]:
    """The classes for an environment whose clone saves in restricted state, or does not."""
    return tuple(one for one in CLASSES if restricted or not one.restricted)
