"""The armed trigger: everything ready before the suspend, one request in it.

Before READY is said (by the file runs/<RUN>/armed) the process is logged in to the array, the session channel
for the one request is open, every module is imported and every codec looked up.  After that it opens no file,
writes no log and imports nothing: while production is suspended any of these may block for ever
(docs/platform-facts.md#suspended).

CL talks to it over one loopback connection in fixed-length EBCDIC (cp037):

    request   64 bytes   token 32, verb 4 (PING, FIRE, QUIT), 28 blanks
    answer   128 bytes   token 32, status 2 digits, word 10, text 84

It fires at most once, never after its deadline, and never for a CL program that has gone.  FIRED means exit
status 0 and nothing on standard error; anything else that was sent is REFUSED if the array refused it by an
error message, and UNKNOWN otherwise.
"""

from __future__ import annotations

import contextlib
import hmac
import os
import signal
import threading
from types import FrameType
from typing import NamedTuple

from flashrt.arrays.base import ArrayDriver, Shot, open_array
from flashrt.arrays.svc_parse import is_done, message_ids, words_of
from flashrt.config import CloneConf, Config
from flashrt.edges import SETTLE_S, Clock, Edges, Listener, Reply, Stream
from flashrt.result import Result, plain, write_file, write_record
from flashrt.status import CONFIG, OK, REFUSED, SYSTEM, TIMEOUT, UNKNOWN, SidecarError

REQUEST_LENGTH = 64
ANSWER_LENGTH = 128
FIRST_MESSAGE_S = 60.0
"""How long a connection may stay silent before its first message; it holds up the queue meanwhile."""

CODEC = "cp037"


class Answer(NamedTuple):
    """An answer to CL."""

    status: int
    word: str
    text: str


class Terminated(Exception):
    """The job is being ended (SIGTERM)."""


class Trigger:
    """The one request, its channel, and whether it has been sent."""

    def __init__(self, clock: Clock, shot: Shot, deadline: float, limit_s: float, test: bool) -> None:
        self._clock = clock
        self._channel = shot.channel
        self._request = shot.request
        self._probe = shot.probe
        self._deadline = deadline
        self._limit_s = limit_s
        self._test = test
        self._fired = False

    def ping(self) -> Answer:
        """READY as long as the request could be sent: the array still answers on this connection."""
        if self._fired:
            return Answer(REFUSED, "REFUSED", "The request was sent already.")
        try:
            self._probe()
        except SidecarError as error:
            return Answer(error.status, "REFUSED", error.text)
        left = self._deadline - self._clock.now()
        if left <= 0:
            return Answer(REFUSED, "REFUSED", "The deadline has passed. Arm again.")
        return Answer(OK, "READY", f"{self._request}: ready for {left:.0f} s")

    def fire(self, caller: Stream) -> Answer | None:
        """Send the request; None if the caller has gone, in which case nothing was sent."""
        if self._fired:
            return Answer(REFUSED, "REFUSED", "The request was sent already.")
        if self._test:
            return Answer(REFUSED, "REFUSED", "Armed for a test only.")
        if caller.poll(0.0):
            return None
        # The deadline is looked at last: what was slow before this line must not make a late copy.
        if self._clock.now() >= self._deadline:
            return Answer(REFUSED, "REFUSED", "The deadline has passed; nothing was sent.")
        self._fired = True
        try:
            self._channel.send(self._request)
        except SidecarError as error:
            return Answer(error.status, "REFUSED", error.text)
        except OSError:
            return Answer(UNKNOWN, "UNKNOWN", "The connection broke while the request was sent.")
        return self._outcome()

    def _outcome(self) -> Answer:
        try:
            arrived = self._clock.wait(self._channel, self._clock.now() + self._limit_s)
            if not (arrived and self._channel.poll(SETTLE_S)):
                return Answer(TIMEOUT, "UNKNOWN", f"No answer to {self._request} within {self._limit_s:g} s")
            reply = self._channel.reply()
        except (OSError, EOFError):
            return Answer(UNKNOWN, "UNKNOWN", f"The connection was lost after {self._request}")
        except SidecarError as error:
            return Answer(UNKNOWN, "UNKNOWN", error.text)
        if reply.status is None:
            return Answer(UNKNOWN, "UNKNOWN", f"The connection was lost after {self._request}")
        if is_done(reply):
            return Answer(OK, "FIRED", self._request)
        ids = message_ids(reply)
        if reply.status != 0 and ids and all(found.endswith("E") for found in ids):
            return Answer(SYSTEM, "REFUSED", words_of(reply))
        return Answer(UNKNOWN, "UNKNOWN", f"{words_of(reply)} ({self._request})")


def arm(config: Config, clone: CloneConf, run: str, seconds: float, test: bool, edges: Edges) -> Result:
    """Get ready, say so, serve until QUIT, the end of CL's connection, or the deadline.

    A failure before READY is left in runs/<RUN>/armed.failed too, as the record of its result: the job that
    arms has nobody who reads its output.
    """
    with contextlib.suppress(FileNotFoundError):
        os.remove(_reason_file(config, run))
    try:
        return _arm(config, clone, run, seconds, test, edges)
    except SidecarError as error:
        leave_reason(config, run, error)
        raise


def leave_reason(config: Config, run: str, error: SidecarError) -> None:
    """Say in runs/<RUN>/armed.failed why the trigger did not get ready."""
    write_record(_reason_file(config, run), Result(error.text, error.word, error.status))


def _reason_file(config: Config, run: str) -> str:
    return os.path.join(config.run_folder(run), "armed.failed")


def _arm(config: Config, clone: CloneConf, run: str, seconds: float, test: bool, edges: Edges) -> Result:
    deadline = edges.clock.now() + seconds
    if len(clone.disks) != 1:
        raise SidecarError(
            CONFIG,
            f"Clone {clone.name} has {len(clone.disks)} groups; one request can trigger one. Use one group.",
        )
    path = os.path.join(config.run_folder(run), "armed")
    driver: ArrayDriver = open_array(config, clone.disks[0].array, edges)
    try:
        shot = driver.arm(clone.disks[0], run, test)
        trigger = Trigger(edges.clock, shot, deadline, config.limits.trigger_s, test)
        listener = edges.network.listen()
        try:
            token = os.urandom(16).hex()
            _warm_up(trigger, token)
            _heed_signals()
            write_file(path, f"{listener.local_port:05d} {token}\n".encode("ascii"), 0o600)
            return _until_the_end(listener, trigger, token, deadline, edges.clock)
        except Terminated:
            return Result("The armed trigger was ended by a signal.", "ENDED")
        finally:
            listener.close()
    finally:
        driver.close()


def _until_the_end(listener: Listener, trigger: Trigger, token: str, deadline: float, clock: Clock) -> Result:
    """Serve; whatever goes wrong now is an exit status only, for nothing may be written any more."""
    try:
        _serve(listener, trigger, token, deadline, clock)
    except (OSError, SidecarError) as error:
        status = error.status if isinstance(error, SidecarError) else SYSTEM
        return Result("The armed trigger broke.", "ENDED", status)
    return Result("The armed trigger has ended.", "ENDED")


def encode_answer(token: str, answer: Answer) -> bytes:
    """The 128 bytes of an answer."""
    text = f"{token:<32}{answer.status:02d}{answer.word:<10}{plain(answer.text)[:84]:<84}"
    return text.encode(CODEC, "replace")


def decode_request(data: bytes) -> tuple[str, str]:
    """Token and verb of a request's 64 bytes."""
    text = data.decode(CODEC)
    return text[:32], text[32:36].strip()


def _warm_up(trigger: Trigger, token: str) -> None:
    """Use once what the serving loop uses, so that nothing of it is loaded later."""
    sample = encode_answer(token, trigger.ping())
    decode_request(sample[:REQUEST_LENGTH])
    hmac.compare_digest(token, token)
    read = message_ids(Reply(1, "", "CMMVC5907E")) and is_done(Reply(0, "", ""))
    if len(sample) != ANSWER_LENGTH or not read:
        raise SidecarError(CONFIG, "The armed trigger cannot encode its answers. Deploy again.")


def _heed_signals() -> None:
    """SIGTERM (ENDJOB, ENDSBS with a controlled end) ends the process without firing."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _terminated)


def _terminated(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - a signal handler's form
    raise Terminated


def _serve(listener: Listener, trigger: Trigger, token: str, deadline: float, clock: Clock) -> None:
    """Serve connections one after the other; the first that knows the token is CL's, and its end is ours."""
    while clock.wait(listener, deadline):
        if not listener.poll(SETTLE_S):
            continue
        stream = listener.accept()
        try:
            if _converse(stream, trigger, token, deadline, clock):
                return
        finally:
            stream.close()


def _converse(stream: Stream, trigger: Trigger, token: str, deadline: float, clock: Clock) -> bool:
    """One connection: True if it was CL's, so that its end ends the process."""
    known = False
    while True:
        until = deadline if known else min(deadline, clock.now() + FIRST_MESSAGE_S)
        data = _receive(stream, until, clock)
        if len(data) != REQUEST_LENGTH:
            return known
        given, verb = decode_request(data)
        if not hmac.compare_digest(given.encode("utf-8"), token.encode("ascii")):
            return known
        known = True
        answer = _answer(verb, stream, trigger)
        if answer is None:
            return True
        try:
            stream.send(encode_answer(token, answer))
        except OSError:
            return True
        if answer.word == "BYE":
            return True


def _answer(verb: str, stream: Stream, trigger: Trigger) -> Answer | None:
    if verb == "PING":
        return trigger.ping()
    if verb == "FIRE":
        return trigger.fire(stream)
    if verb == "QUIT":
        return Answer(OK, "BYE", "The trigger is disarmed.")
    return Answer(REFUSED, "REFUSED", f"Unknown request {verb}")


def _receive(stream: Stream, deadline: float, clock: Clock) -> bytes:
    """A whole request; less at the end of the connection or at the deadline."""
    data = b""
    if not clock.wait(stream, deadline):
        return data
    while len(data) < REQUEST_LENGTH:
        # CL sends a request in one piece: what is missing of it is under way.
        if not stream.poll(SETTLE_S):
            return data
        block = stream.receive(REQUEST_LENGTH - len(data))
        if not block:
            return data
        data += block
    return data
