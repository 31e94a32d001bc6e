"""What a simulated system does with one request: the reply, when, and what changes by it.

A simulator's ``handle(user, command) -> Outcome`` is pure: it looks at its state and says what will happen.
The gate (``flashtwin.gate``) makes it happen on the scheduler's thread, at the request's time plus
``duration_s``: first ``effect``, then the reply.

============================  ==================================================================
``effect``                    run at the reply's time; may return another Outcome: its status and
                              texts are sent instead (the state had changed in the meantime)
``hang=True``                 no reply ever comes; the connection stays open; ``effect`` still runs
``lost="before"``             the connection drops and nothing was done: ``effect`` does not run
``lost="after"``              ``effect`` runs, then the connection drops without a reply
``status=None``               the command ends without an exit status (as on a signal)
garbage                       any text in ``out``; bytes that are no UTF-8 as surrogate escapes
============================  ==================================================================
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Outcome:
    """The reply to one request and its way back. Times in virtual seconds.

    ``out`` and ``err`` are sent as they stand, in UTF-8: line ends are the simulator's own.
    """

    status: int | None = 0
    out: str = ""
    err: str = ""
    duration_s: float = 1.0
    effect: Callable[[], Outcome | None] | None = None
    hang: bool = False
    lost: Literal["before", "after"] | None = None


def wire_bytes(text: str) -> bytes:
    """A reply's text as the bytes that go over the wire."""
    return text.encode("utf-8", "surrogateescape")
