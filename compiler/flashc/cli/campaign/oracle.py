"""What a disturbed night must come to: a product that gives up at every hiccup would keep every invariant.

The rows follow from what is promised, never from what a campaign has shown.  docs/safety.md has them as a
table, made from here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from flashc.cli.campaign.kinds import KINDS, Fault
from flashc.cli.campaign.points import PHASES, Phase, Side

Must = Literal["completed", "not completed", "either"]


@dataclass(frozen=True, slots=True)
class Row:
    """What a night with a fault of these kinds must come to, and the promise that it follows from.

    It is about points in these parts of the night (none: all) and on these sides, and where programs are
    named, in these alone; `log_in` is about requests that begin or end a session, `steps` about those of
    these steps.
    """

    kinds: tuple[str, ...]
    must: Must
    why: str
    phases: tuple[Phase, ...] = ()
    sides: tuple[Side, ...] = ()
    programs: tuple[str, ...] = ()
    log_in: bool = False
    steps: tuple[str, ...] = ()

    def fits(self, fault: Fault) -> bool:
        """Whether the row is about this fault."""
        point = fault.point
        return (
            fault.kind in self.kinds
            and (not self.phases or point.phase in self.phases)
            and (not self.sides or point.place.side in self.sides)
            and (not self.log_in or any(word in point.place.what for word in LOG_INS))
            and (not self.steps or point.step in self.steps)
            and (not self.programs or point.place.what.partition(":")[0] in self.programs)
        )

    @property
    def shown(self) -> str:
        """What it must come to, in the words of docs/safety.md."""
        return {"completed": "complete", "not completed": "not complete"}.get(self.must, "do either")

    @property
    def where(self) -> str:
        """Where it is about, in the words of docs/safety.md; "" for wherever no row above fits."""
        parts = [_SHOWN[self.phases]] if self.phases else []
        parts += [f"on the {side}" for side in self.sides]
        parts += ["at a log-in or log-out"] if self.log_in else []
        parts += ["at " + ", ".join(self.steps)] if self.steps else []
        parts += ["in " + ", ".join(self.programs)] if self.programs else []
        return ", ".join(parts)


BEFORE: tuple[Phase, ...] = ("before",)
UP_TO_WINDOW: tuple[Phase, ...] = ("start", "before", "armed", "window")
NO_ROW_YET: tuple[Phase, ...] = ("start",)
NOT_IN_WINDOW: tuple[Phase, ...] = ("before", "copy")
IN_WINDOW: tuple[Phase, ...] = ("window",)
ARMED: tuple[Phase, ...] = ("armed",)
UP_TO_ASKED: tuple[Phase, ...] = ("before", "armed")
CLONE_WORKS: tuple[Phase, ...] = ("clone",)
AT_WORK: tuple[Phase, ...] = ("clone", "sent")
BEHIND_WINDOW: tuple[Phase, ...] = PHASES[PHASES.index("window") + 1 :]
AT_HOME: tuple[Phase, ...] = ("home", "over")

_SHOWN = {
    BEFORE: "from the driver's first row until arming",
    UP_TO_WINDOW: "until production goes on",
    NO_ROW_YET: "before the driver's first row",
    UP_TO_ASKED: "from the driver's first row until the guards are asked",
    ARMED: "from arming until the guards are asked",
    NOT_IN_WINDOW: "before arming, or when production goes on and before the clone works",
    IN_WINDOW: "from asking the guards until production goes on",
    BEHIND_WINDOW: "when production goes on",
    CLONE_WORKS: "while the clone starts and works",
    AT_WORK: "from the clone's start until its delivery is seen",
    AT_HOME: "when its delivery was seen",
}
"""The parts of the night that rows speak of."""

TELLING = ("FLJRNL", "FLNOTES", "FLPURGE", "FLSPOOL", "FLTELL", "FLUSUAL")
"""Programs that write the journal, tell somebody or tidy up: nothing depends on them."""

LOG_INS = ("/token", "/sessions", "/login", "/Logon", "/auth")
"""What addresses hold by which a session begins or ends."""

REFUSALS = ("refused", "object locked", "failed after its effect")
MOMENTARY = ("refused", "object locked")
"""Refused once, with nothing done."""

LOOKED_AT = ("O01", "O02", "O05", "O06", "O24", "O10")
"""Steps that change nothing; behind them the clone of the last run is ended."""

ANSWER_LOST = (
    "reply lost before the effect", "reply lost after the effect", "no answer",
    "no answer, nothing done", "sidecar killed", "sidecar killed before its request",
)  # fmt: skip
"""One request has no answer, and the next one is answered."""

ONE_ANSWER = (
    "request refused", "request refused after its effect", "garbage", "carried out late", *ANSWER_LOST,
)  # fmt: skip

OUTAGES = ("system away for ten minutes", "system away for an hour")
DRIVER = ("driver killed", "driver ended in order", "subsystem of the driver ended")
GUARDS_ENDED = ("guard A ended in order", "guard B ended in order")
GUARDS = ("guard A killed", "guard B killed", *GUARDS_ENDED)
TRIGGER = ("armed trigger killed", "armed trigger ended in order")
POWER = ("production loses power", "production loses power for six hours", "machine loses power")
CLONE_GONE = ("clone loses power", "clone loses its disks", "machine loses power")
NO_BOOT = (
    "does not boot", "loops in its IPL", "waits at its console", "loses power in its IPL", "boots elsewhere",
)  # fmt: skip
IN_A_WHILE = ("link cut for ten minutes", "network down for ten minutes", "transfer breaks off")
CLOCKS = ("clock an hour ahead", "clock an hour back", "summer time begins", "summer time ends")

ROWS: tuple[Row, ...] = (
    # what decides nothing
    Row(("mail relay silent",), "completed", "mail decides nothing"),
    Row(
        ("message queues full",),
        "completed",
        "the product's own queue wraps; nothing depends on what others are told",
    ),
    Row(REFUSALS, "completed", "nothing depends on a row, a notice or tidying up", programs=TELLING),
    Row(REFUSALS, "completed", "the clone's steps and verdict are read again", programs=("FLIMPORT",)),
    Row(
        (*REFUSALS, "failed half-way"),
        "completed",
        "nobody else starts the clone's work: it is tried again, and looked at before",
        programs=("FLBOOTA",),
    ),
    Row(
        MOMENTARY,
        "either",
        "what a check could not read is a finding, and refuses the run",
        phases=BEFORE,
        programs=("FLCHECK", "FLSTATE"),
    ),
    Row(
        MOMENTARY,
        "completed",
        "nothing is changed yet: all that was looked at is looked at once more",
        phases=BEFORE,
        steps=LOOKED_AT,
    ),
    # clocks
    Row(
        ("clock an hour ahead",),
        "either",
        "the armed trigger fires only before its deadline, and looks at it last",
        phases=IN_WINDOW,
    ),
    Row(CLOCKS, "completed", "no limit and no order of events is taken from one look at a clock"),
    Row(
        ("system's clock an hour ahead", "system's clock an hour back"),
        "completed",
        "times of a system are compared with its own only",
    ),
    # requests
    Row(("session expired",), "either", "who logs out needs his session no more", log_in=True),
    Row(
        (*ONE_ANSWER, *OUTAGES, "system away"),
        "either",
        "a log-out behind the one request is missed by nobody",
        phases=IN_WINDOW,
        log_in=True,
    ),
    Row(
        (*ONE_ANSWER, *OUTAGES, "system away"),
        "either",
        "nothing is held yet: the trigger is armed once more, the clone must be seen off",
        phases=IN_WINDOW,
        steps=("O50", "O52"),
    ),
    Row(
        ("garbage",),
        "either",
        "a status that tells of success is a good answer, whatever else comes with it",
        phases=IN_WINDOW,
    ),
    Row(
        (*ONE_ANSWER, *OUTAGES, "system away"),
        "not completed",
        "a copy counts only if its good answer was read before anybody resumed, and there is one request",
        phases=IN_WINDOW,
    ),
    Row(
        (*ONE_ANSWER, *OUTAGES),
        "completed",
        "while the clone works, no answer is not 'no': it is looked at again, and the limit decides",
        phases=AT_WORK,
    ),
    Row(
        ANSWER_LOST,
        "completed",
        "who gives no answer is asked again, and each call looks before it acts",
        phases=NOT_IN_WINDOW,
    ),
    Row(ONE_ANSWER, "completed", "the trigger is armed once more, whatever the reason", phases=ARMED),
    Row(
        ("system away for ten minutes",),
        "completed",
        "the same for a quarter of an hour; what is held for the flash is given back after four minutes",
        phases=NOT_IN_WINDOW,
    ),
    Row(("session expired",), "either", "there is one request in the window", phases=IN_WINDOW),
    Row(("session expired",), "completed", "who is not logged in any more logs in again"),
    Row(
        (*ONE_ANSWER, *OUTAGES, "system away", "key refused"),
        "either",
        "a refusal and rubbish are answers; late effects undo what was done since; an outage may last",
    ),
    # jobs
    Row(DRIVER, "either", "the job of the schedule entry has no part in the run", phases=NO_ROW_YET),
    Row(
        DRIVER[1:2],
        "either",
        "who is ended in order goes on for a while: the copy may be taken in it, or the run be over",
        phases=IN_WINDOW,
    ),
    Row(DRIVER, "not completed", "nobody else takes the copy", phases=UP_TO_WINDOW),
    Row(DRIVER, "either", "the guard undoes; an operator may go on at a restart point"),
    Row(
        GUARDS,
        "either",
        "nothing is suspended without two guards that have written main storage out",
        phases=IN_WINDOW,
    ),
    Row(
        GUARDS_ENDED,
        "either",
        "who is ended in order goes on for a while, and may end in the window",
        phases=UP_TO_ASKED,
    ),
    Row(GUARDS, "completed", "who is gone before is started again; behind DONE none is wanted"),
    Row(TRIGGER, "either", "nobody else sends the request", phases=IN_WINDOW),
    Row(
        TRIGGER[1:],
        "either",
        "who is ended in order goes on for a while, and may end in the window",
        phases=ARMED,
    ),
    Row(TRIGGER, "completed", "who is gone before is armed again; behind the request none is wanted"),
    Row(
        ("job stands still for ten minutes",),
        "completed",
        "the limits of the clone's work are longer",
        sides=("clone",),
    ),
    Row(("job stands still for ten minutes",), "either", "guard A acts on who is silent past his limit"),
    # production
    Row(POWER, "not completed", "nothing that was prepared is left", phases=UP_TO_WINDOW),
    Row(IN_A_WHILE, "completed", "a delivery is tried again, and goes on where it broke off", phases=AT_WORK),
    Row(
        ("network down", "link cut"),
        "not completed",
        "nothing of the work comes home while it is down, and it is down all night",
        phases=CLONE_WORKS,
    ),
    Row((*IN_A_WHILE, "network down", "link cut"), "either", "console and array may be wanted just then"),
    Row(
        ("sidecar does not start",),
        "completed",
        "the clone is looked at again, and the limit decides",
        phases=AT_WORK,
        sides=("source",),
    ),
    Row(
        ("sidecar does not start",),
        "completed",
        "it is called again, as where a system gives no answer",
        phases=NOT_IN_WINDOW,
        sides=("source",),
    ),
    Row(("sidecar does not start",), "either", "what it was to do may be wanted"),
    Row(
        ("user disabled", "file system full", "tables cannot grow"),
        "either",
        "it lasts all night, and part of the run's work cannot be done",
    ),
    # the clone
    Row(CLONE_GONE, "not completed", "its work is lost", phases=CLONE_WORKS),
    Row(
        ("clone loses power",),
        "completed",
        "what is verified is at home; the clone is wanted no longer",
        phases=AT_HOME,
    ),
    Row(
        ("clone loses its disks",),
        "either",
        "what is verified is at home; one that is to be left off is in state Error, which is for a person",
        phases=AT_HOME,
    ),
    Row(
        (*POWER, *CLONE_GONE),
        "either",
        "what is done is kept; an operator may go on at a restart point, and what is delivered counts",
    ),
    Row(NO_BOOT, "not completed", "no clone, no work", phases=CLONE_WORKS),
    Row(
        ("boots with its clock a day ahead", "boots with its clock a day back"),
        "not completed",
        "a ticket is good for hours: else any copy could take itself for this run's clone",
        phases=CLONE_WORKS,
    ),
    Row(
        (*NO_BOOT, "boots with its clock a day ahead", "boots with its clock a day back"),
        "either",
        "a clone that lives on starts again behind its work",
    ),
    Row(("save fails half-way",), "not completed", "the save is not whole", phases=CLONE_WORKS),
    Row(
        ("save fails half-way", "tape missing", "clone's file system full"),
        "either",
        "it depends on what was still to be written",
    ),
    # a statement, wherever it stands
    Row(
        (*REFUSALS, "failed half-way", "hung for ever", "hung to the limit", "job killed"),
        "either",
        "it depends on what the statement was for; what is then said must be true",
    ),
    Row(("job killed half-way", "job ended in order"), "either", "it depends on what the job was for"),
)
"""The first row that fits counts."""


def row_of(fault: Fault) -> Row:
    """What is promised for the night of this fault."""
    return next(row for row in ROWS if row.fits(fault))


def judged(fault: Fault, result: str, detail: str) -> Iterator[str]:
    """What is wrong with a night that came to this, when nothing but this fault disturbed it."""
    row = row_of(fault)
    if row.must == "completed" and result != "completed":
        yield f"the run must complete ({row.why}), and it {result}: {detail}"
    if row.must == "not completed" and result == "completed":
        yield f"the run must not complete ({row.why}), and it did"


def without_row() -> list[str]:
    """Kinds of faults for which no row stands that fits all of their points."""
    general = {kind for row in ROWS if not row.where for kind in row.kinds}
    return [kind for kind in KINDS if kind not in general]
