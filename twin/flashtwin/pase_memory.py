"""The in-memory transport, the sidecar's half: connections without sockets, for fault campaigns.

What a real connection checks is checked here by the sidecar's own functions and in the same order: key file,
pinned keys, greeting, host key or certificate, log-in.  Each refusal is the sidecar's own error.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from flashrt import https, keyfiles, ssh_errors
from flashrt.edges import Credentials, Endpoint, Reply
from flashrt.status import SYSTEM, UNREACHABLE, SidecarError

from flashtwin.keys import public_of_file
from flashtwin.pase_launch import Calls, CountedListener, TwinClock, TwinNetwork


class MemoryNetwork(TwinNetwork):
    """Connections in memory: by SSH, by HTTPS, to a mail relay, and of CL programs to a listening port."""

    def connect(self, endpoint: Endpoint, credentials: Credentials, known_hosts: str, deadline: float) -> Any:
        """Log in; errors as those of `flashrt.ssh.connect`."""
        keyfiles.check_key_file(credentials.key_file)
        keyfiles.key_kind(credentials.key_file)
        pinned = keyfiles.pinned_keys(known_hosts, endpoint.host, endpoint.port)
        found = self._found("ssh", endpoint, deadline)
        label = keyfiles.host_label(endpoint.host, endpoint.port)
        session = MemorySession(self._calls, self._clock, endpoint, int(found["port"]))
        try:
            keyfiles.check_host_key(label, pinned, base64.b64decode(found["key"]))
            key = public_of_file(credentials.key_file)
            if not session.ask("authenticate", user=credentials.user, key=key).get("accepted"):
                raise ssh_errors.auth_refused(endpoint, credentials)
        except SidecarError:
            session.close()
            raise
        return session

    def https(self, endpoint: Endpoint, known_hosts: str, deadline: float) -> https.RestSession:
        """Connect by HTTPS; errors as those of `flashrt.https.connect`."""
        pinned = keyfiles.pinned_certificates(known_hosts, endpoint.host, endpoint.port)

        def dial(until: float) -> MemoryConnection:
            found = self._found("https", endpoint, until)
            connection = MemoryConnection(self._calls, int(found["port"]))
            try:
                label = keyfiles.host_label(endpoint.host, endpoint.port)
                keyfiles.check_certificate(label, pinned, base64.b64decode(found["key"]))
            except SidecarError:
                connection.close()
                raise
            return connection

        return https.RestSession(self._clock, endpoint, dial, dial(deadline))

    def dial(self, endpoint: Endpoint, deadline: float) -> MemorySocket:
        """Connect to a server that speaks first; errors as those of `flashrt.edges.SshNetwork`."""
        return MemorySocket(self._calls, self._found("smtp", endpoint, deadline))

    def limited(self, limit_s: float, cut: Callable[[], None]) -> AbstractContextManager[None]:  # noqa: ARG002
        """Nothing takes real time in memory."""
        return nullcontext()

    def listen(self) -> CountedListener:
        """Listen on a port in memory."""
        return CountedListener(self._calls, self._calls.call("listen", port=0)["door"])

    def _found(self, protocol: str, endpoint: Endpoint, deadline: float) -> dict[str, Any]:
        """Who answers at an address; UNREACHABLE where nobody does."""
        found = self._calls.call(
            "memory",
            act="connect",
            protocol=protocol,
            host=endpoint.host,
            port=endpoint.port,
            deadline=deadline,
        )
        if "failed" in found and (protocol, found["failed"]) in _FAILURES:
            raise SidecarError(UNREACHABLE, f"{endpoint} {_FAILURES[protocol, found['failed']]}")
        return found


_REFUSED = "cannot be reached: Connection refused. Check the address, the network and the system itself."
_FAILURES = {
    ("ssh", "refused"): _REFUSED,
    ("https", "refused"): _REFUSED,
    ("smtp", "refused"): _REFUSED,
    ("ssh", "silent"): "accepted the connection but did not greet within the limit. Check the system itself.",
    ("https", "silent"): "accepted the connection but did not shake hands within the limit. Check the system "
    "itself.",
    ("smtp", "silent"): "took the connection but did not greet within the limit. Check the system itself.",
    ("ssh", "closed"): "closed the connection at once. Check the system itself.",
    (
        "https",
        "closed",
    ): "ended the connection before TLS came about (EOF occurred in violation of protocol).",
}


class MemorySocket:
    """A plain TCP connection, as far as the standard library's SMTP client uses a socket."""

    def __init__(self, calls: Calls, found: dict[str, Any]) -> None:
        """What the transport has found; a connection that was closed at once has no port, and no greeting."""
        self._calls = calls
        self._port = found.get("port")
        self._coming: bytes = found.get("greeting", b"")

    def getsockname(self) -> tuple[str, int]:
        """Our end; in the other modes the servers are on this machine."""
        return ("127.0.0.1", 0)

    def settimeout(self, seconds: float | None) -> None:
        """Nothing takes real time in memory."""

    def sendall(self, data: bytes) -> None:
        """Send all of it; what comes back can be read at once."""
        answer = self._calls.call("memory", act="talk", port=self._port, data=data)
        if answer.get("lost"):
            raise ConnectionResetError(f"the connection from port {self._port} has ended")
        self._coming += answer["data"]

    def makefile(self, mode: str) -> MemorySocket:  # noqa: ARG002
        """What is received, by lines."""
        return self

    def readline(self, limit: int) -> bytes:
        """The next line; b"" at the end."""
        end = min(self._coming.find(b"\n") + 1 or len(self._coming), limit)
        line, self._coming = self._coming[:end], self._coming[end:]
        return line

    def close(self) -> None:
        """End it; twice is as good as once."""
        port, self._port = self._port, None
        if port is not None:
            self._calls.call("memory", act="close", port=port)


class MemoryConnection:
    """One connection by HTTPS (`flashrt.edges.ByteConnection`)."""

    def __init__(self, calls: Calls, port: int) -> None:
        self._calls = calls
        self._open = True
        self.local_port = port
        self.peer_port = -1

    def send(self, data: bytes) -> int:
        """Send a whole request."""
        answer = self._ask("send_bytes", data=data.decode("latin-1"))
        if answer.get("lost"):
            raise ConnectionResetError(f"the connection from port {self.local_port} has ended")
        return int(answer["number"])

    def receive(self) -> bytes | None:
        """What is there."""
        found = self._ask("receive")
        if found["data"]:
            data: str = found["data"]
            return data.encode("latin-1")
        if found["clean"]:
            return b""
        if found["ended"]:
            raise ConnectionResetError(f"the connection from port {self.local_port} was cut")
        return None

    def poll(self, seconds: float) -> bool:  # noqa: ARG002
        """What the twin has announced is there."""
        return True

    def has_ended(self) -> bool:
        """Whether the other side has ended it."""
        return not self._open or bool(self._ask("alive").get("lost"))

    def close(self) -> None:
        """End it."""
        if self._open:
            self._open = False
            self._ask("close")

    def _ask(self, act: str, **facts: Any) -> dict[str, Any]:
        return self._calls.call("memory", act=act, port=self.local_port, **facts)


class MemorySession:
    """One authenticated connection (`flashrt.edges.Session`)."""

    def __init__(self, calls: Calls, clock: TwinClock, endpoint: Endpoint, port: int) -> None:
        self._calls = calls
        self._clock = clock
        self._port = port
        self._open = True
        self.endpoint = endpoint

    def ask(self, act: str, **facts: Any) -> dict[str, Any]:
        """A call about this connection."""
        return self._calls.call("memory", act=act, port=self._port, **facts)

    def run(self, command: str, deadline: float) -> Reply:
        """Run one command."""
        channel = self.open_command(deadline)
        channel.send(command)
        if not self._clock.wait(channel, deadline):
            raise ssh_errors.no_answer(self.endpoint, command)
        reply = channel.reply()
        if reply.status is None:
            raise ssh_errors.lost(self.endpoint, command)
        return reply

    def open_command(self, deadline: float) -> MemoryCommand:  # noqa: ARG002
        """A channel; UNREACHABLE when the connection has ended."""
        if not self._open or self.ask("alive").get("lost"):
            raise SidecarError(
                UNREACHABLE,
                f"{self.endpoint} opens no session (the connection has ended). It may be out of sessions.",
            )
        return MemoryCommand(self, self._port)

    def files(self, deadline: float) -> MemoryFiles:  # noqa: ARG002
        """File transfer."""
        return MemoryFiles(self)

    def keep_alive(self, seconds: int) -> None:
        """Nothing forgets a connection in memory."""

    def close(self) -> None:
        """End the connection."""
        if self._open:
            self._open = False
            self.ask("close")


class MemoryCommand:
    """One command and its answer (`flashrt.edges.OpenCommand`)."""

    def __init__(self, session: MemorySession, port: int) -> None:
        self._session = session
        self.local_port = port
        self.peer_port = -1
        self.request_number = 0

    def send(self, command: str) -> None:
        """Send the command."""
        answer = self._session.ask("send", command=command)
        if answer.get("lost"):
            raise SidecarError(
                UNREACHABLE, f"The connection to {self._session.endpoint} has ended; nothing was sent."
            )
        self.request_number = int(answer["number"])

    def poll(self, seconds: float) -> bool:  # noqa: ARG002
        """What the twin has announced is there."""
        return True

    def reply(self) -> Reply:
        """The answer."""
        found = self._session.ask("reply", number=self.request_number)["reply"]
        return Reply(None, "", "") if found is None else Reply(found["status"], found["out"], found["err"])

    def close(self) -> None:
        """Nothing to give up."""


class MemoryFiles:
    """Files of the other side (`flashrt.edges.RemoteFiles`)."""

    def __init__(self, session: MemorySession) -> None:
        self._session = session

    def size(self, path: str) -> int | None:
        """Size in bytes, None if there is no such file."""
        size: int | None = self._do("size", "look at", path)["size"]
        return size

    def modified(self, path: str) -> int:
        """When a file was last written, by the other side's clock."""
        return int(self._do("modified", "look at", path)["modified"])

    def read(self, path: str, limit: int) -> bytes | None:
        """The first bytes of a file; None if there is no such file."""
        if self.size(path) is None:
            return None
        return bytes.fromhex(self._do("read", "read", path, limit=limit)["data"])

    def make_folder(self, path: str) -> None:
        """Make a folder; an existing one is fine."""
        if self.size(path) is None:
            self._do("make_folder", "make the folder", path)

    def write(self, local: str, remote: str, start: int) -> None:
        """Send the local file from offset `start` on."""
        self._do("write", "write", remote, local=os.path.abspath(local), start=start)

    def rename(self, old: str, new: str) -> None:
        """Rename, replacing."""
        self._do("rename", "rename", old, new=new)

    def close(self) -> None:
        """Nothing to end."""

    def _do(self, act: str, words: str, path: str, **facts: Any) -> dict[str, Any]:
        answer = self._session.ask(act, path=path, **facts)
        if answer.get("lost") or "errno" in answer:
            text = "Server connection dropped" if answer.get("lost") else os.strerror(answer["errno"])
            raise SidecarError(
                UNREACHABLE if answer.get("lost") else SYSTEM,
                f"{self._session.endpoint} could not {words} {path}: {text}. What was sent is kept; call "
                "again to go on.",
            )
        return answer
