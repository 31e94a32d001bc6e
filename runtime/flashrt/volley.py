"""The requests that take the copy, one for each group, sent together and answered together.

Nothing is waited for between two of them: all are written, then all answers are read within one limit, in
whatever order they come.  FIRED means that every one was answered well.  The first bad answer ends the
waiting: there is no copy to be had any more, and production waits.

Where a request holds the writes of production until it is told to let go (`Shot.thaw`), that second request
goes out whatever the first was answered, also if it was not answered at all: a part of the limit is kept for
it.  A thaw without a good answer makes the result unknown.  What holds nothing has the whole limit, and no
thaw waits for its answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from flashrt.arrays.base import Shot, Thaw
from flashrt.edges import SETTLE_S, Clock, Reply
from flashrt.status import OK, TIMEOUT, UNKNOWN, SidecarError

FLASH_SHARE = 0.6
"""The part of the limit within which a flash must be answered where a thaw has to follow."""


class Answer(NamedTuple):
    """What became of it: an exit status, a word for CL, a text."""

    status: int
    word: str
    text: str


class Volley:
    """Open channels with a request for each."""

    def __init__(self, clock: Clock, shots: Sequence[Shot], limit_s: float) -> None:
        self._clock = clock
        self._shots = tuple(shots)
        self._limit_s = limit_s
        self._unanswered: list[Shot] = []
        self.request = "; ".join(shot.request for shot in self._shots)

    def probe(self) -> None:
        """SidecarError unless every array still answers on its connection."""
        for shot in self._shots:
            shot.probe()

    def judges(self) -> bool:
        """Whether a good answer and a refusal are told apart; nothing is loaded for it later."""
        return all(
            judge(shot.good) is None and judge(shot.refusal) is not None
            for shot in self._shots
            for judge in (shot.judge, *((shot.thaw.judge,) if shot.thaw else ()))
        )

    def fire(self) -> Answer:
        """Send all, then read all.  Once a first request is out, any failure leaves the result unknown."""
        holding = [shot for shot in self._shots if shot.thaw is not None]
        others = [shot for shot in self._shots if shot.thaw is None]
        thaws = [shot.thaw for shot in holding if shot.thaw is not None]
        begun = self._clock.now()
        share, end = begun + self._limit_s * FLASH_SHARE, begun + self._limit_s
        try:
            answer = self._send() or self._answers(holding, share)
        except BaseException:
            # The job is being ended: what holds production must be let go all the same.
            self._settle(share)
            self._let_go(thaws, end)
            raise
        self._settle(share)
        bad = self._let_go(thaws, end)
        if answer is not None:
            return answer._replace(text=f"{answer.text}; {bad}") if bad else answer
        if bad:
            return Answer(UNKNOWN, "UNKNOWN", bad)
        return self._answers(others, end) or Answer(OK, "FIRED", self.request)

    def _settle(self, deadline: float) -> None:
        """A thaw that overtakes its flash lets nothing go: wait until each is answered, or is late."""
        waiting = [shot for shot in self._unanswered if shot.thaw is not None]
        while waiting:
            try:
                place = self._clock.wait_any([shot.channel for shot in waiting], deadline)
            except (OSError, EOFError):
                return
            if place is None:
                return
            waiting.pop(place)

    def _let_go(self, thaws: Sequence[Thaw], end: float) -> str:
        """Send every thaw, then read their answers; what went wrong, "" if nothing."""
        sent: list[Thaw] = []
        bad: list[str] = []
        for thaw in thaws:
            try:
                thaw.channel.send(thaw.request)
                sent.append(thaw)
            except (OSError, SidecarError) as broken:
                bad.append(f"{thaw.request} was not sent: {broken}")
        while sent:
            try:
                place = self._clock.wait_any([thaw.channel for thaw in sent], end)
            except (OSError, EOFError):
                place = None
            if place is None:
                bad.append(f"No answer to {'; '.join(thaw.request for thaw in sent)}")
                break
            thaw = sent.pop(place)
            try:
                reply = thaw.channel.reply() if thaw.channel.poll(SETTLE_S) else Reply(None, "", "")
                error = thaw.judge(reply) if reply.status is not None else None
                if reply.status is None or error is not None:
                    bad.append(f"{thaw.request}: {error.text if error else 'no answer'}")
            except (OSError, EOFError, SidecarError):
                bad.append(f"The connection was lost after {thaw.request}")
        return "; ".join(bad)

    def _send(self) -> Answer | None:
        """None when every request is out."""
        for number, shot in enumerate(self._shots):
            try:
                shot.channel.send(shot.request)
                self._unanswered.append(shot)
            except SidecarError as error:
                # The connection had ended before: this one was not sent.
                word = "UNKNOWN" if number else "REFUSED"
                return Answer(error.status, word, error.text)
            except OSError:
                return Answer(UNKNOWN, "UNKNOWN", f"The connection broke while {shot.request} was sent.")
        return None

    def _answers(self, shots: Sequence[Shot], deadline: float) -> Answer | None:
        """None when all of them were answered well by then."""
        limit_s = deadline - self._clock.now()
        waiting = list(shots)
        while waiting:
            try:
                place = self._clock.wait_any([shot.channel for shot in waiting], deadline)
            except (OSError, EOFError):
                return Answer(UNKNOWN, "UNKNOWN", f"The connection was lost after {waiting[0].request}")
            if place is None:
                missing = "; ".join(shot.request for shot in waiting)
                return Answer(TIMEOUT, "UNKNOWN", f"No answer to {missing} within {limit_s:.0f} s")
            shot = waiting.pop(place)
            self._unanswered.remove(shot)
            bad = self._read(shot)
            if bad is not None:
                return bad
        return None

    def _read(self, shot: Shot) -> Answer | None:
        """None for a good answer."""
        try:
            if not shot.channel.poll(SETTLE_S):
                return Answer(TIMEOUT, "UNKNOWN", f"Half an answer to {shot.request}")
            reply = shot.channel.reply()
        except (OSError, EOFError):
            return Answer(UNKNOWN, "UNKNOWN", f"The connection was lost after {shot.request}")
        except SidecarError as error:
            return Answer(UNKNOWN, "UNKNOWN", error.text)
        if reply.status is None:
            return Answer(UNKNOWN, "UNKNOWN", f"The connection was lost after {shot.request}")
        bad = shot.judge(reply)
        if bad is None:
            return None
        # Of several requests another one may have been obeyed.
        word = bad.word if len(self._shots) == 1 else "UNKNOWN"
        return Answer(bad.status, word, f"{bad.text} ({shot.request})")
