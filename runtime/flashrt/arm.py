"""The armed trigger: everything ready before the suspend, one request to each group in it.

Before READY is said (by the file runs/<RUN>/armed) the process is logged in to every array, a session channel
for each request is open, every module is imported and every codec looked up.  After that it opens no file,
writes no log and imports nothing: while production is suspended any of these may block for ever
(docs/platform-facts.md#suspended).  The file has port, token and the requests as they will be sent.

CL talks to it over one loopback connection in fixed-length EBCDIC (cp037):

    request   64 bytes   token 32, verb 4 (PING, FIRE, QUIT), 28 blanks
    answer   128 bytes   token 32, status 2 digits, word 10, text 84

It fires at most once, never after its deadline, and never for a CL program that has gone.  FIRED means that
each request was answered with exit status 0 and nothing on standard error.  Anything else that was sent is
UNKNOWN, but where the only request was refused by an error message of the array (`flashrt.volley`).
"""

from __future__ import annotations

import contextlib
import hmac
import os
import signal
from types import FrameType

from flashrt.config import CloneConf, Config
from flashrt.disks import CloneDisks
from flashrt.edges import SETTLE_S, Clock, Edges, Listener, Stream
from flashrt.result import Result, plain, write_file, write_record
from flashrt.status import CONFIG, OK, REFUSED, SYSTEM, SidecarError
from flashrt.volley import Answer, Volley

REQUEST_LENGTH = 64
ANSWER_LENGTH = 128
REQUEST_TEXT = 400
"""How much of the requests' text stands in the armed file."""

FIRST_MESSAGE_S = 60.0
"""How long a connection may stay silent before its first message; it holds up the queue meanwhile."""

CODEC = "cp037"


class Terminated(Exception):
    """The job is being ended (SIGTERM)."""


class Trigger:
    """The requests, and whether they have been sent."""

    def __init__(self, clock: Clock, volley: Volley, deadline: float, test: bool) -> None:
        self._clock = clock
        self._volley = volley
        self._deadline = deadline
        self._test = test
        self._fired = False

    @property
    def request(self) -> str:
        """What is sent."""
        return self._volley.request

    def judges(self) -> bool:
        """Whether answers can be judged; uses once what reading them will use."""
        return self._volley.judges()

    def ping(self) -> Answer:
        """READY as long as the requests could be sent: every array still answers on its connection."""
        if self._fired:
            return Answer(REFUSED, "REFUSED", "The request was sent already.")
        try:
            self._volley.probe()
        except SidecarError as error:
            return Answer(error.status, "REFUSED", error.text)
        left = self._deadline - self._clock.now()
        if left <= 0:
            return Answer(REFUSED, "REFUSED", "The deadline has passed. Arm again.")
        return Answer(OK, "READY", f"Ready for {left:.0f} s: {self.request}")

    def fire(self, caller: Stream) -> Answer | None:
        """Send the requests; None if the caller has gone, in which case nothing was sent."""
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
        return self._volley.fire()


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
    path = os.path.join(config.run_folder(run), "armed")
    with CloneDisks(config, clone, run, edges) as disks:
        volley = disks.volley(test)
        trigger = Trigger(edges.clock, volley, deadline, test)
        listener = edges.network.listen()
        try:
            token = os.urandom(16).hex()
            _warm_up(trigger, token)
            if edges.own_process:
                signal.signal(signal.SIGTERM, _terminated)  # ENDJOB, ENDSBS: it ends without firing
            line = f"{listener.local_port:05d} {token} {plain(trigger.request)[:REQUEST_TEXT]}\n"
            write_file(path, line.encode("ascii"), 0o600)
            return _until_the_end(listener, trigger, token, deadline, edges.clock)
        except Terminated:
            return Result("The armed trigger was ended by a signal.", "ENDED")
        finally:
            listener.close()


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
    if len(sample) != ANSWER_LENGTH or not trigger.judges():
        raise SidecarError(CONFIG, "The armed trigger cannot encode its answers. Deploy again.")


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
