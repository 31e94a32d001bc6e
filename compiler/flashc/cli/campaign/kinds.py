"""What can go wrong at a point, by name.  `faults_at` says which kinds make sense there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flashc.cli.campaign.points import Point

OWN_JOB = frozenset(
    ("SNDPGMMSG", "RCVMSG", "RMVMSG", "RTVJOBA", "CHGJOB", "RTVSYSVAL", "RTVNETA", "CVTDAT", "DMPCLPGM")
)
"""Commands on the job's own messages and attributes: no other job, object or device can make them fail."""

LOCKS = frozenset(("RTVDTAARA", "CHGDTAARA", "RUNSQL", "CPYTOSTMF", "RSTOBJ", "SAVOBJ", "CLRSAVF", "CALL"))
"""Commands on an object that somebody else may have allocated."""

LONG = frozenset(
    (
        *("CHGASPACT", "DLYJOB", "ENDDOMSVR", "ENDSBS", "ENDTCP", "ENDTCPIFC", "ENDTCPSVR", "INZBRM", "QSH"),
        *("RST", "RSTLIB", "RSTOBJ", "SAV", "SAVCFG", "SAVDLO", "SAVLIB", "SAVOBJ", "SAVSECDTA", "SAVSYS"),
        *("SBMJOB", "STRBKUBRM", "STRDOMSVR", "STRMNTBRM", "STRSBS", "STRTCP", "STRTCPIFC", "VRYCFG"),
    )
)
"""Commands that take time, so that something can happen in the middle of them."""

SAVES = frozenset(
    ("SAV", "SAVCFG", "SAVDLO", "SAVLIB", "SAVOBJ", "SAVSECDTA", "SAVSYS", "SAVSYSINF", "STRBKUBRM")
)
TAPES = SAVES | {"VRYCFG"}
"""Commands that want a tape device."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A kind of fault at a point; `str` of it is its name on the command line."""

    kind: str
    point: Point

    def __str__(self) -> str:
        return f"{self.kind}@{self.point}"


At = Callable[[Point, str], bool]
"""Whether a kind makes sense at a point; the second is the name of the driver's job."""


def _command(point: Point, _driver: str) -> bool:
    """A statement that other jobs, objects or devices can make fail."""
    return point.place.side in ("source", "clone") and point.command not in OWN_JOB


def _of_driver(point: Point, driver: str) -> bool:
    return point.place.side == "source" and point.job == driver


def _of_another(point: Point, driver: str) -> bool:
    """A statement of a guard, of a submitted job, or of a job on the clone."""
    return point.place.side in ("source", "clone") and point.job != driver


def _on(side: str) -> At:
    return lambda point, _driver: point.place.side == side


def _once(at: At) -> At:
    """At the first passage only: the same a little later shows nothing more."""
    return lambda point, driver: point.number == 1 and at(point, driver)


def _with(at: At, commands: frozenset[str]) -> At:
    return lambda point, driver: point.command in commands and at(point, driver)


_driver_once, _clone_once = _once(_of_driver), _once(_on("clone"))
_statement_once = _once(lambda point, _driver: point.place.side in ("source", "clone"))

KINDS: dict[str, At] = {
    # a statement
    "refused": _command,
    "failed after its effect": lambda point, driver: point.changes and _command(point, driver),
    "failed half-way": _with(_command, LONG),
    "hung for ever": _command,
    "hung to the limit": _once(_command),
    "object locked": _with(_command, LOCKS),
    # jobs
    "driver killed": _of_driver,
    "guard A killed": _of_driver,
    "guard B killed": _of_driver,
    "armed trigger killed": _of_driver,
    "job killed": _of_another,
    "job killed half-way": _with(_command, LONG),
    "driver ended in order": _driver_once,
    "guard A ended in order": _driver_once,
    "guard B ended in order": _driver_once,
    "armed trigger ended in order": _driver_once,
    "job ended in order": _once(_of_another),
    "job stands still for ten minutes": _once(_command),
    # production
    "production loses power": _statement_once,
    "production loses power for six hours": _statement_once,
    "machine loses power": _statement_once,
    "subsystem of the driver ended": _driver_once,
    "network down": _statement_once,
    "network down for ten minutes": _statement_once,
    "user disabled": _statement_once,
    "sidecar does not start": _with(_command, frozenset(("QSH",))),
    "mail relay silent": _with(_once(_on("source")), frozenset(("QSH",))),
    "clock an hour ahead": _driver_once,
    "clock an hour back": _driver_once,
    "summer time begins": _statement_once,
    "summer time ends": _statement_once,
    "file system full": _driver_once,
    "tables cannot grow": _driver_once,
    "message queues full": _driver_once,
    # the clone
    "clone loses power": _clone_once,
    "clone loses its disks": _clone_once,
    "link cut": _clone_once,
    "link cut for ten minutes": _clone_once,
    "transfer breaks off": _with(_on("clone"), frozenset(("QSH",))),
    "clone's file system full": _clone_once,
    "tape missing": _with(_on("clone"), TAPES),
    "save fails half-way": _with(_on("clone"), SAVES),
    # the clone's IPL
    "does not boot": _on("boot"),
    "loops in its IPL": _on("boot"),
    "waits at its console": _on("boot"),
    "loses power in its IPL": _on("boot"),
    "boots elsewhere": _on("boot"),
    "boots with its clock a day ahead": _on("boot"),
    "boots with its clock a day back": _on("boot"),
    # a request to console, array, VIOS or a program of the site
    "request refused": _on("request"),
    "request refused after its effect": _on("request"),
    "reply lost before the effect": _on("request"),
    "reply lost after the effect": _on("request"),
    "no answer": _on("request"),
    "no answer, nothing done": _on("request"),
    "carried out late": _on("request"),
    "garbage": _on("request"),
    "sidecar killed": _on("request"),
    "sidecar killed before its request": _on("request"),
    "system away": _on("request"),
    "system away for ten minutes": _on("request"),
    "system away for an hour": _on("request"),
    "system's clock an hour ahead": _on("request"),
    "system's clock an hour back": _on("request"),
    "key refused": _on("request"),
    "session expired": lambda point, _driver: point.in_session,
}
"""Every kind of fault and where it makes sense.  What each does: `at_statement`, `at_request`, `at_boot`."""


def faults_at(point: Point, driver: str) -> list[Fault]:
    """Every fault that may strike at a point; `driver` is the name of the run's job."""
    return [Fault(kind, point) for kind, fits in KINDS.items() if fits(point, driver)]


def faults_behind(point: Point, driver: str) -> list[Fault]:
    """The same behind another fault: production may lose its power once more, whoever is at work."""
    power = Fault("production loses power", point)
    found = faults_at(point, driver)
    again = point.place.side == "source" and point.number == 1 and power not in found
    return [*found, power] if again else found
