"""A simulated system as the network sees it: who answers, how it answers, its connections and requests.

No sockets here: `flashtwin.sims.ssh`, `flashtwin.sims.https` and `flashtwin.sims.smtp` speak on real ones,
the in-memory transport of campaigns has none.  All of them report to the gate (`flashtwin.gate`) with these
records.
"""

from __future__ import annotations

import errno
import os
import posixpath
import re
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

from flashtwin.scheduler import Signal, Wait
from flashtwin.sims.outcome import Outcome

if TYPE_CHECKING:
    from flashtwin.sims.http import HttpCall, HttpHandler

Handler: TypeAlias = "Callable[[str, str], Outcome | Generator[Wait, Signal | None, Outcome]]"
"""``(user, command line) -> Outcome``, or a generator that takes virtual time to find out."""

Work: TypeAlias = "Outcome | Generator[Wait, Signal | None, Outcome]"

Protocols = Literal["ssh", "https", "smtp", "program"]

SFTP = "internal-sftp"
"""As the forced command of a key: files, and nothing else."""

INBOX = re.compile(r"\S+/python3\S* (/\S+)/bin/flashrt\.pyz inbox --config \1/conf\Z")
"""The product's own server of files as the forced command of a key: the files of its inbox."""

FILES_ONLY = "This service allows sftp connections only.\n"
"""What a command by such a key is answered, with status 1, as an OpenSSH server does."""

Mode = Literal["ok", "silent", "refused", "dropped", "unauthorised"]
"""How a server meets a new connection.

ok            greets after its log-in cost
silent        accepts the connection and never says a word
refused       nobody listens at its address
dropped       accepts, then closes the connection without a greeting
unauthorised  greets, and refuses every key; over HTTPS every log-in (`HttpCall.refused`)
"""


@dataclass(slots=True)
class Server:
    """One simulated system.  `mode` and `host_key` may change at any time (on the scheduler's thread).

    `accepts(user, key)` says whether this public key (the base64 field of an OpenSSH line) may log in; where
    more than the key decides, `admits` is asked, with the client's address as well: None, or the one command
    that this key is for ("": any).
    `host_key` is the seed of its host key, or of its certificate: another text is another key.  `login_s` is
    the virtual time from the connection to the greeting.  `meets` says how a connection is met now, where
    `mode` is "ok".  After `file_budget` bytes of files have come the line breaks; None: never.  `answer` and
    `idle_s` are those of an HTTPS server (`flashtwin.sims.http`): who answers, and after how long without a
    request it hangs up.  `session`, of a program that is talked to line by line, is asked instead of the
    handler, with the connection that the line came by; the first line is its arguments.  `mine` says which
    requests are this system's where several stand at one address.  `drops_late`: a request is not carried out
    any more when its client has gone.  `dialogue`, of a server that speaks first, begins a talk.
    """

    name: str
    handler: Handler
    accepts: Callable[[str, str], bool]
    admits: Callable[[str, str, str], str | None] | None = None
    login_s: float = 1.0
    host_key: str = ""
    mode: Mode = "ok"
    files: FileService | None = None
    file_budget: int | None = None
    meets: Callable[[], Mode] = lambda: "ok"
    protocol: Protocols = "ssh"
    answer: HttpHandler | None = None
    session: Callable[[Connection, str], Work] | None = None
    idle_s: float | None = None
    mine: Callable[[HttpCall], bool] = lambda _call: True
    drops_late: bool = False
    dialogue: Callable[[], Dialogue] | None = None
    port: int = 0
    connections: list[Connection] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.host_key = self.host_key or self.name

    def met(self) -> Mode:
        """How a new connection is met at this moment."""
        return self.meets() if self.mode == "ok" else self.mode

    def lets_in(self, connection: Connection, user: str, key: str) -> bool:
        """Whether this key logs this user in over this connection, which is the user's from then on."""
        forced = self.command_for(user, key, connection.origin) if self.mode != "unauthorised" else None
        connection.user, connection.forced = (user, forced) if forced is not None else ("", "")
        return forced is not None

    def command_for(self, user: str, key: str, origin: str) -> str | None:
        """The one command that this key is for, "" for any; None where it lets nobody in from there."""
        if self.admits is not None:
            return self.admits(user, key, origin)
        return "" if self.accepts(user, key) else None

    def affords(self, size: int) -> int:
        """How many of these bytes of a file still arrive; fewer than asked: the line breaks after them."""
        if self.file_budget is None:
            return size
        arrives = min(size, self.file_budget)
        self.file_budget -= arrives
        return arrives


class Dialogue(Protocol):
    """A talk of a server that speaks first; `over` when it has said its last word."""

    over: bool
    greeting: bytes

    def take(self, data: bytes) -> bytes:
        """The client has sent this: the answers to all lines that are whole now."""


class FileService(Protocol):
    """The files that a server shows by SFTP.  Paths are absolute, as the client gives them.

    Errors are `OSError` with an errno.  Called while its client holds the baton.
    """

    @property
    def removes(self) -> bool:
        """Whether a client may remove files."""

    def resolve(self, user: str, path: str, *, write: bool) -> str:
        """The path on this machine; PermissionError when the user may not, or when it leads outside."""

    def now(self) -> float:
        """The clock by which a file that is written gets its time: epoch seconds."""

    def done(self, user: str, act: str, path: str) -> None:
        """This was done (make_folder, write, rename with both paths, remove); on the scheduler's thread."""


class InboxFiles:
    """Files as the product's own server shows them: its inbox, and nothing else.

    A client writes signs of life and what lies in the folders of runs that the system has begun, and reads
    the rest of the inbox.
    """

    def __init__(self, files: FileService, inbox: str) -> None:
        self._files = files
        self._inbox = inbox

    @property
    def removes(self) -> bool:
        """Nothing that was delivered is taken away again."""
        return False

    def resolve(self, user: str, path: str, *, write: bool) -> str:
        """PermissionError for everything else."""
        full = posixpath.normpath(posixpath.join(self._inbox, path))
        names = full.removeprefix(f"{self._inbox}/").split("/")
        outside = full != self._inbox and not full.startswith(f"{self._inbox}/")
        of_a_run = re.fullmatch(r"\d{14}", names[0]) is not None
        theirs = of_a_run or (len(names) == 1 and names[0].startswith("beat-"))
        if outside or len(names) > 2 or (len(names) == 2 and not of_a_run) or (write and not theirs):
            raise PermissionError(errno.EACCES, "this key opens the inbox only")
        program = f"{posixpath.dirname(self._inbox)}/bin/flashrt.pyz"
        if not os.path.exists(self._files.resolve(user, program, write=False)):
            raise ConnectionResetError(errno.ECONNRESET, "there is no program that could serve files")
        begun = f"{posixpath.dirname(self._inbox)}/runs/{names[0]}"
        if write and of_a_run and not os.path.isdir(self._files.resolve(user, begun, write=False)):
            raise PermissionError(errno.EACCES, f"production has begun no run {names[0]}")
        return self._files.resolve(user, full, write=write)

    def now(self) -> float:
        """The clock of the system."""
        return self._files.now()

    def done(self, user: str, act: str, path: str) -> None:
        """As the system notes it."""
        self._files.done(user, act, path)


class Wire(Protocol):
    """The transport of one connection, as the gate uses it; it knows the connection before anybody else."""

    connection: Connection

    def greet(self) -> None:
        """Send the greeting and go on from there."""

    def close(self) -> None:
        """End the connection as a broken line does."""


class ReplyChannel(Protocol):
    """Where the reply to one request goes."""

    def reply(self, outcome: Outcome) -> None:
        """Send the reply; a client that has gone is not an error."""


class Turn:
    """One thing that a connection's client waits for: the greeting (turn 0) or the reply to a request."""

    __slots__ = ("ready", "signal")

    def __init__(self, name: str) -> None:
        self.ready = False
        self.signal = Signal(name)

    def end(self) -> None:
        """The client may look now."""
        self.ready = True
        self.signal.fire()


class Connection:
    """One client's connection to a server; the client's TCP port says whose it is.

    `announced` counts what has been reported (the accept, each request), `over` says that the client has
    gone, `place` numbers the accepts of a world; these are written under the gate's lock.  The rest belongs
    to the scheduler's thread.  `origin` is the client's address as the server sees it, "" where the twin has
    none for it (a guest); `forced` the one command that the key it logged in with is for.
    """

    def __init__(self, server: Server, port: int, wire: Wire) -> None:
        self.server = server
        self.port = port
        self.wire = wire
        wire.connection = self
        self.user = ""
        self.origin = ""
        self.forced = ""
        self.announced = 0
        self.place = 0
        self.over = False
        self.turns: list[Turn] = []
        self.closed = False

    @property
    def files(self) -> FileService | None:
        """The server's files, where this client may have them by SFTP."""
        files = self.server.files
        if files is None or self.forced in ("", SFTP):
            return files
        product = INBOX.match(self.forced)
        return InboxFiles(files, f"{product[1]}/inbox") if product else None

    @property
    def owes(self) -> bool:
        """Whether something that was asked is not answered yet."""
        return not self.closed and any(not turn.ready for turn in self.turns)

    def add_turn(self) -> Turn:
        """The client now waits for one thing more."""
        turn = Turn(f"{self.server.name} answers")
        self.turns.append(turn)
        return turn

    def end(self) -> None:
        """The connection has ended, which is something to see for everybody who waits on it."""
        self.closed = True
        for turn in self.turns:
            turn.end()


@dataclass(slots=True)
class Request:
    """A command line that has reached a server; `command` is what the transcript shows of it."""

    connection: Connection
    command: str
    channel: ReplyChannel

    def work(self) -> Work:
        """Ask the simulator what it does."""
        server, forced = self.connection.server, self.connection.forced
        if server.session is not None:
            return server.session(self.connection, self.command)
        if forced == SFTP:
            return Outcome(1, FILES_ONLY, "", 0.0)
        if INBOX.match(forced):
            return Outcome(duration_s=0.0)  # it reads to the end of what it is asked, which is nothing
        return server.handler(self.connection.user, forced or self.command)

    @property
    def in_session(self) -> bool:
        """Whether it bears the token of a session, which may have ended since it was given."""
        return False

    def credentials(self) -> Iterator[tuple[str, str]]:
        """What it brings to prove whose it is, and in which field: (field, text)."""
        yield from ()

    def shown(self, outcome: Outcome) -> str:
        """What the transcript shows of a reply's text."""
        return outcome.out


@dataclass(slots=True)
class Exchange:
    """A request and what came back, for the transcript.  Times are virtual, epoch seconds.

    `ending` is "" while the reply is out, then "reply", "hang", "lost before" or "lost after".
    """

    at: float
    system: str
    user: str
    request: str
    answered_at: float | None = None
    status: int | None = None
    out: str = ""
    err: str = ""
    ending: str = ""
