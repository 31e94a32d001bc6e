"""What can go wrong at a point, by name.  `applicable` says which kinds make sense there."""

from __future__ import annotations

from dataclasses import dataclass

from flashc.cli.campaign.points import Point

OWN_JOB = frozenset(
    ("SNDPGMMSG", "RCVMSG", "RMVMSG", "RTVJOBA", "CHGJOB", "RTVSYSVAL", "RTVNETA", "CVTDAT", "DMPCLPGM")
)
"""Commands on the job's own messages and attributes: no other job, object or device can make them fail."""

STATEMENT = ("refused", "failed after its effect", "hung for ever")
LOCKS = frozenset(("RTVDTAARA", "CHGDTAARA", "RUNSQL", "CPYTOSTMF", "RSTOBJ", "SAVOBJ", "CLRSAVF", "CALL"))
"""Commands on an object that somebody else may have allocated."""

KILLS = {
    "driver killed": "driver",
    "guard A killed": "guard A",
    "guard B killed": "guard B",
    "armed trigger killed": "armed trigger",
}
"""The jobs of a run that are killed just before a statement of the driver."""

SOURCE = ("driver ended in order", "production loses power", "clock an hour ahead", "clock an hour back")
CLONE = ("clone loses power", "link cut")
REQUEST = (
    "request refused",
    "reply lost before the effect",
    "reply lost after the effect",
    "no answer",
    "garbage",
    "sidecar killed",
    "system away",
    "key refused",
)


@dataclass(frozen=True, slots=True)
class Fault:
    """A kind of fault at a point; `str` of it is its name on the command line."""

    kind: str
    point: Point

    def __str__(self) -> str:
        return f"{self.kind}@{self.point}"


def faults_at(point: Point, driver: str) -> list[Fault]:
    """Every fault that may strike at a point; `driver` is the name of the run's job."""
    if point.place.side == "request":
        return [Fault(kind, point) for kind in REQUEST]
    kinds: list[str] = []
    if point.command not in OWN_JOB:
        kinds += [kind for kind in STATEMENT if point.changes or kind != "failed after its effect"]
        if point.command in LOCKS:
            kinds.append("object locked")
    if point.place.side == "clone":
        kinds += CLONE if point.number == 1 else ()
    elif point.job == driver:
        kinds += KILLS
        kinds += SOURCE if point.number == 1 else ()
    return [Fault(kind, point) for kind in kinds]
