"""What stands where in the data areas that programs share: the record of a clone's last run, and its ticket.

The programs read and write them by column.  docs/reading-the-cl.md shows these tables, and a test holds every
column in the generated CL to them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Field:
    """A part of a data area, by its first column, counted from 1, and its length."""

    at: int
    length: int
    what: str

    @property
    def columns(self) -> str:
        """`35` or `41-66`."""
        return str(self.at) if self.length == 1 else f"{self.at}-{self.at + self.length - 1}"


RECORD = (
    Field(1, 14, "the run: date and time of its start"),
    Field(15, 10, "its environment; `*` and a command's name where a clone is worked on by hand"),
    Field(
        25,
        10,
        "phase of the driver: PREPARE, WINDOW, PROVE, UNDO, CLONE, WATCH, HOME, CLOSE; CLOSED: it is over",
    ),
    Field(35, 1, "BRMS: A *STRPRC or *ENDPRC was asked for, R *STRPRC was refused, 1 it is in force, 0 not"),
    Field(36, 1, "clone: 1 its start was asked for, 2 it was started, 0 not"),
    Field(37, 1, "1: production's own QUSRBRM is kept in FLQBRMP"),
    Field(38, 1, "1: the clone's QUSRBRM is restored"),
    Field(39, 1, "1: the restore of QUSRBRM has begun"),
    Field(40, 1, "1: a command of `after flash` has failed; the run is not called completed"),
    Field(41, 10, "the driver's job: its name"),
    Field(51, 10, "its user"),
    Field(61, 6, "its number"),
    Field(67, 1, "1: the commands of `on failure` were run"),
    Field(68, 3, "not used"),
    Field(71, 32, "the clone"),
    Field(103, 2, "the last step after the delivery that is done, as a number"),
    Field(105, 1, "1: the flash is proven"),
    Field(106, 1, "1: the delivery is here and verified"),
    Field(107, 1, "1: the run has completed"),
    Field(108, 1, "1: QUSRBRM may be half restored"),
    Field(109, 2, "not used"),
    Field(111, 1, "H: the clone was handed over; no run ends it"),
    Field(112, 20, "when it was handed over"),
    Field(132, 8, "for how many minutes it may live; blank: for ever"),
    Field(140, 1, "W: the copy may act by its ticket"),
    Field(141, 20, "since when"),
    Field(161, 8, "for how many minutes"),
    Field(169, 1, "not used"),
    Field(170, 20, "when the clone last said that it works"),
    Field(190, 10, "what it said: its clock"),
    Field(
        200,
        1,
        "R: lent to a request by hand, what it was stands behind; FLGIVEBK gives it back. O: the same of a "
        "run that needs somebody, which is open again then",
    ),
    Field(201, 24, "what 1-24 were: run and environment"),
    Field(225, 6, "what 35-40 were"),
    Field(231, 1, "what 67 was"),
    Field(232, 6, "what 103-108 were"),
)
"""Data area FLRnnnn in the product's library; nnnn is the clone's partition id."""

TICKET = (
    Field(1, 10, "stage: NEW, TAKEN, SAVING, SAVED, DELIVERED, LIVING, CLOSED"),
    Field(11, 14, "the run"),
    Field(25, 10, "its environment"),
    Field(35, 8, "serial number of the clone's machine"),
    Field(43, 4, "its partition id"),
    Field(47, 20, "when the ticket was written, on production's clock"),
    Field(67, 4, "for how many hours a new ticket may be taken"),
    Field(71, 10, "what the clone does: brms, save21, user"),
    Field(81, 1, "1: *STRBKU was done"),
    Field(82, 4, "for how many hours a ticket that was taken may go on"),
    Field(86, 5, "offset from UTC when the save began, on the clone"),
    Field(91, 20, "when the save began, on the clone's clock"),
    Field(111, 8, "for how many minutes a clone that lives on may"),
    Field(119, 2, "not used"),
    Field(121, 10, "verdict of the work"),
    Field(131, 10, "the program that the start-up guard starts for a new ticket"),
    Field(141, 10, "the one that it starts for a ticket that was taken"),
)
"""Data area FLTnnnn in the start-up guard's library; it travels in the copy."""
