"""The in-memory transport: what a sidecar's connections do, without sockets, for fault campaigns.

By SSH commands and replies go over as such; by HTTPS the same bytes as on a line, but not encrypted; by SMTP
the bytes of both sides.
Programs of the site (`Gate.programs`) are talked to in this way in every mode.

The client's half is `flashtwin.pase_memory`.  Times, modes, host keys, refusals and the transcript are those
of the real connections, because the same functions of the gate serve both.
"""

from __future__ import annotations

import base64
import errno
import os
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from flashtwin.certificates import certificate
from flashtwin.errors import TwinError
from flashtwin.keys import public_key
from flashtwin.scheduler import Signal, Wait
from flashtwin.sims.http import (
    BadRequest,
    HttpOutcome,
    HttpRequest,
    RequestReader,
    described,
    reply_bytes,
)
from flashtwin.sims.outcome import Outcome, wire_bytes
from flashtwin.sims.server import Connection, Dialogue, Request, Server

if TYPE_CHECKING:
    from flashtwin.externals import Services
    from flashtwin.gate import Gate

Call = dict[str, Any]
Answer = Generator[Wait, Signal | None, Call]

NO_PROGRAM = "No such file or directory"


class NoWire:
    """A connection without a wire: there is nothing to send and nothing to break."""

    connection: Connection

    def greet(self) -> None:
        """Nothing to send."""

    def close(self) -> None:
        """Nothing to break."""


class Kept:
    """Keeps the reply until the client fetches it."""

    def __init__(self) -> None:
        self.facts: Call | None = None

    def reply(self, outcome: Outcome) -> None:
        """Keep it as the client will see it."""
        texts = [wire_bytes(text).decode("utf-8", "replace") for text in (outcome.out, outcome.err)]
        self.facts = {"status": outcome.status, "out": texts[0], "err": texts[1]}


class _Stream:
    """The bytes of one HTTPS connection, both ways."""

    def __init__(self, gate: Gate, connection: Connection) -> None:
        self._gate = gate
        self._connection = connection
        self._reader = RequestReader(connection)
        self.coming = b""
        self.ended = False

    def take(self, data: bytes) -> None:
        """The client has sent something: a whole request, as it always does."""
        try:
            call = self._reader.feed(data)
        except BadRequest as problem:
            self._connection.add_turn()
            self.reply(HttpOutcome(400, str(problem), close=True))
            return
        if call is None:
            raise TwinError(f"a client of {self._connection.server.name} has sent half a request")
        self._gate.begin(HttpRequest(self._connection, described(call), self, call))

    def reply(self, outcome: Outcome) -> None:
        """Keep what the client will read."""
        data, self.ended = reply_bytes(outcome)
        self.coming += data
        if self.ended:
            self._gate.close_connection(self._connection)


class MemoryTransport:
    """The connections of one external task.  `connections` has them by their made-up local ports."""

    FIRST_PORT = 1_000_000

    def __init__(self, gate: Gate, services: Services) -> None:
        self.connections: dict[int, Connection] = {}
        self._gate = gate
        self._services = services
        self._replies: dict[tuple[int, int], Kept] = {}
        self._streams: dict[int, _Stream] = {}
        self._dialogues: dict[int, Dialogue] = {}
        self._next = self.FIRST_PORT

    def serve(self, call: Call) -> Answer:
        """One call of the client's half; `act` says which."""
        act = call["act"]
        if act == "connect":
            return (yield from self._connect(call))
        if act == "look":
            there = str(call["program"]) in self._gate.programs
            return {} if there else {"failed": NO_PROGRAM}
        if act == "start":
            return self._start(str(call["program"]))
        connection = self.connections[int(call["port"])]
        if act == "reply":
            kept = self._replies.pop((connection.port, int(call["number"])))
            return {"reply": kept.facts}
        if act == "close":
            connection.end()
            self._forget(connection)
            return {}
        if act == "receive":
            stream = self._streams[connection.port]
            data, stream.coming = stream.coming, b""
            return {"data": data.decode("latin-1"), "clean": stream.ended, "ended": connection.closed}
        if connection.closed:
            return {"lost": True}
        if act == "alive":
            return {}
        if act == "authenticate":
            return {"accepted": connection.server.lets_in(connection, call["user"], call["key"])}
        if act == "talk":
            return {"data": self._dialogues[connection.port].take(call["data"])}
        if act == "send":
            return self._send(connection, call)
        if act == "send_bytes":
            number = len(connection.turns)
            self._streams[connection.port].take(call["data"].encode("latin-1"))
            return {"number": number}
        return _file_act(self._gate, connection, call)

    def leave(self) -> None:
        """The external task has ended."""
        for connection in self.connections.values():
            connection.end()
            self._forget(connection)

    def _connect(self, call: Call) -> Answer:
        gate = self._gate
        deadline = gate.scheduler.now + (float(call["deadline"]) - self._services.now())
        reach, server = gate.locate(f"{call['host']}:{call['port']}", self._services)
        if reach == "hang":
            yield Wait((), deadline)
            return {"failed": "silent"}
        if server is None or reach == "down":
            return {"failed": "refused"}
        self._next += 1
        connection = Connection(server, self._next, NoWire())
        connection.origin = self._services.origin(str(call["host"]))
        self.connections[connection.port] = connection
        gate.greet(connection)
        greeted = yield from gate.await_turn(connection, 0, deadline)
        if not greeted or connection.closed:
            return {"failed": "closed" if connection.closed else "silent"}
        if call["protocol"] != server.protocol:
            self._forget(connection)
            return {"failed": "closed"}
        if server.dialogue is not None:
            dialogue = self._dialogues[connection.port] = server.dialogue()
            return {"port": connection.port, "greeting": dialogue.greeting}
        if server.protocol == "https":
            self._streams[connection.port] = _Stream(gate, connection)
            blob = base64.b64encode(certificate(server.host_key)).decode("ascii")
        else:
            blob = public_key(server.host_key)[1]
        return {"port": connection.port, "key": blob}

    def _start(self, path: str) -> Call:
        """A program of the site begins: its arguments come as the first request."""
        server = self._gate.programs.get(path)
        if server is None:
            return {"failed": NO_PROGRAM}
        self._next += 1
        connection = Connection(server, self._next, NoWire())
        self.connections[connection.port] = connection
        server.connections.append(connection)
        return {"port": connection.port}

    def _send(self, connection: Connection, call: Call) -> Call:
        kept = Kept()
        self._replies[(connection.port, len(connection.turns))] = kept
        number = len(connection.turns)
        self._gate.begin(Request(connection, call["command"], kept))
        return {"number": number}

    def _forget(self, connection: Connection) -> None:
        if connection in connection.server.connections:
            connection.server.connections.remove(connection)


def _file_act(gate: Gate, connection: Connection, call: Call) -> Call:
    """A file request: size, modified, read, make_folder, write, rename.  {"errno": n} when it failed."""
    server: Server = connection.server
    if connection.files is None:
        return {"errno": errno.EOPNOTSUPP}
    files, user, path = connection.files, connection.user, str(call["path"])
    try:
        if call["act"] == "size":
            place = files.resolve(user, path, write=False)
            return {"size": os.stat(place).st_size if os.path.exists(place) else None}
        if call["act"] == "modified":
            return {"modified": int(os.stat(files.resolve(user, path, write=False)).st_mtime)}
        if call["act"] == "read":
            with open(files.resolve(user, path, write=False), "rb") as file:
                return {"data": file.read(int(call["limit"])).hex()}
        place = files.resolve(user, path, write=True)
        if call["act"] == "make_folder":
            os.mkdir(place, 0o700)
        elif call["act"] == "write":
            whole = _write(server, str(call["local"]), place, int(call["start"]))
            os.utime(place, (files.now(), files.now()))
            if not whole:
                connection.end()
                return {"lost": True}
        elif call["act"] == "rename":
            target = files.resolve(user, str(call["new"]), write=True)
            os.replace(place, target)
            path = f"{path} {call['new']}"
        gate.file_done(server, user, str(call["act"]), path)
    except OSError as error:
        return {"errno": error.errno or errno.EIO}
    return {}


def _write(server: Server, local: str, place: str, start: int) -> bool:
    """Write what arrives; False when the line broke on the way."""
    with open(local, "rb") as source, open(place, "r+b" if start else "wb") as target:
        source.seek(start)
        target.seek(start)
        while block := source.read(256 * 1024):
            arrives = server.affords(len(block))
            target.write(block[:arrives])
            if arrives < len(block):
                return False
    return True
