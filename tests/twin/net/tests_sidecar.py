"""A sidecar for tests: small verbs over the real edges of flashrt; Python 3.9, as it goes into a zipapp."""

from __future__ import annotations

import os
import sys
from typing import Any

from flashrt.edges import Credentials, Endpoint
from flashrt.status import SidecarError


def main(argv: list[str], edges: Any = None) -> int:
    """Run one verb; the status of a SidecarError is the exit status."""
    folder = argv[argv.index("--folder") + 1]
    try:
        return VERBS[argv[0]](Sidecar(folder, edges), argv[1 : argv.index("--folder")]) or 0
    except SidecarError as error:
        print(error.text)
        return error.status


class Sidecar:
    """Edges and the folder."""

    def __init__(self, folder: str, edges: Any) -> None:
        self.folder = folder
        self.edges = edges
        self.clock = edges.clock

    def connect(self, limit: float = 15.0, host: str = "10.1.0.20") -> Any:
        """A session at V."""
        known = os.path.join(self.folder, "known_hosts")
        credentials = Credentials("flashc", os.path.join(self.folder, "keys", "v"))
        return self.edges.network.connect(Endpoint(host, 22), credentials, known, self.clock.now() + limit)

    def path(self, name: str) -> str:
        """A file of the folder."""
        return os.path.join(self.folder, name)


def ask(sidecar: Sidecar, words: list[str]) -> int:
    """Log in and send each word; prints status and output, and the time each answer came."""
    session = sidecar.connect()
    start = sidecar.clock.now()
    for word in words:
        reply = session.run(word, sidecar.clock.now() + 20.0)
        print(f"{sidecar.clock.now() - start:.1f} {reply.status} {reply.out.strip()} {reply.err.strip()}")
    session.close()
    return 0


def retry(sidecar: Sidecar, words: list[str]) -> int:
    """Send the first word; when it is not answered, the second on the same connection."""
    session = sidecar.connect()
    try:
        session.run(words[0], sidecar.clock.now() + 2.0)
    except SidecarError as error:
        print(error.status)
    print(session.run(words[1], sidecar.clock.now() + 20.0).out.strip())
    session.close()
    return 0


def nap(sidecar: Sidecar, words: list[str]) -> int:
    """Sleep and say the clock."""
    before = sidecar.clock.now()
    sidecar.clock.sleep(float(words[0]))
    print(f"{before:.1f} {sidecar.clock.now():.1f}")
    return 0


def partition(sidecar: Sidecar, words: list[str]) -> int:
    """SQL of the partition."""
    print(sidecar.edges.database.query("VALUES ?", [words[0]], limit_s=5.0))
    sidecar.edges.database.query("SELECT * FROM MISSING", limit_s=5.0)
    return 0


def push(sidecar: Sidecar, words: list[str]) -> int:  # noqa: ARG001
    """Send a file in two parts and rename it; then try where it is not allowed."""
    session = sidecar.connect()
    files = session.files(sidecar.clock.now() + 60.0)
    files.make_folder("/inbox")
    with open(sidecar.path("out"), "wb") as file:
        file.write(b"0123456789" * 1000)
    files.write(sidecar.path("out"), "/inbox/out.tmp", 0)
    files.write(sidecar.path("out"), "/inbox/out.tmp", 5000)
    print(files.size("/inbox/out.tmp"), files.size("/inbox/none"))
    files.rename("/inbox/out.tmp", "/inbox/out")
    try:
        files.write(sidecar.path("out"), "/locked/out", 0)
    finally:
        files.close()
        session.close()
    return 0


def arm(sidecar: Sidecar, words: list[str]) -> int:
    """Connect, open a channel, listen; on GO send the command of `words`, answer with its output."""
    session = sidecar.connect()
    command = session.open_command(sidecar.clock.now() + 10.0)
    listener = sidecar.edges.network.listen()
    with open(sidecar.path("armed"), "w") as file:
        file.write(str(listener.local_port))
    end = sidecar.clock.now() + 100.0
    if not sidecar.clock.wait(listener, end):
        return 26
    stream = listener.accept()
    asked = b""
    while sidecar.clock.wait(stream, end):
        got = stream.receive(4)
        asked += got
        if not got:
            break
        if len(asked) < 8:
            continue
        if asked.startswith(b"GO"):
            command.send(words[0])
            heard = sidecar.clock.wait(command, sidecar.clock.now() + 5.0) and command.poll(5.0)
            stream.send((command.reply().out if heard else "UNKNOWN").strip().ljust(16).encode("ascii"))
        else:
            stream.send(b"WHAT".ljust(16))
        asked = b""
    stream.close()
    listener.close()
    session.close()
    return 0


def rest(sidecar: Sidecar, words: list[str]) -> int:
    """Ask R by HTTPS: `METHOD:/path` each, or `nap:SECONDS`; prints status, type and body."""
    known = os.path.join(sidecar.folder, "known_hosts")
    session = sidecar.edges.network.https(Endpoint("10.1.0.30", 7443), known, sidecar.clock.now() + 15.0)
    session.headers["X-Auth-Token"] = "t0k3n"
    start = sidecar.clock.now()
    for word in words:
        method, _, path = word.partition(":")
        if method == "nap":
            sidecar.clock.sleep(float(path))
            continue
        body = {"user": "flashc", "password": "hunter2"} if method == "POST" else None
        try:
            reply = session.call(method, path, sidecar.clock.now() + 20.0, body=body)
            told = f"{reply.status} {reply.header('content-type')} {reply.text[:60]} {len(reply.body)}"
        except SidecarError as error:
            told = f"{error.status} {error.text}"
        print(f"{sidecar.clock.now() - start:.1f} {told}")
    session.close()
    return 0


def shoot(sidecar: Sidecar, words: list[str]) -> int:
    """Open a request for each path, wait for a while, send all, then read all."""
    known = os.path.join(sidecar.folder, "known_hosts")
    session = sidecar.edges.network.https(Endpoint("10.1.0.30", 7443), known, sidecar.clock.now() + 15.0)
    limit = sidecar.clock.now() + 60.0
    opened = [session.open_request("POST", path, limit, body={"prep": True}) for path in words[1:]]
    sidecar.clock.sleep(float(words[0]))
    try:
        for request in opened:
            request.send()
    except SidecarError as error:
        print(error.text)
        return error.status
    waiting = list(opened)
    while waiting:
        place = sidecar.clock.wait_any(waiting, sidecar.clock.now() + 8.0)
        if place is None:
            print("no answer")
            return 26
        request = waiting.pop(place)
        if not request.poll(5.0):
            return 1
        reply = request.reply()
        print(request.text, reply.status, reply.out, reply.err)
        request.close()
    session.close()
    return 0


def crash(sidecar: Sidecar, words: list[str]) -> int:  # noqa: ARG001
    """Die without a word."""
    raise RuntimeError("no such luck")


def spin(sidecar: Sidecar, words: list[str]) -> int:  # noqa: ARG001
    """Wait really for something that never comes."""
    import threading

    sidecar.clock.now()
    threading.Event().wait(10.0)
    return 0


def mail(sidecar: Sidecar, words: list[str]) -> int:
    """Send one mail as flashrt does: the greeting by the clock, then smtplib."""
    import smtplib

    relay = Endpoint("10.1.0.25", 25)
    sock = sidecar.edges.network.dial(relay, sidecar.clock.now() + 30.0)
    client = smtplib.SMTP(timeout=10)
    client.sock = sock
    code, _ = client.getreply()
    client.ehlo("sistprod")
    refused = client.sendmail(words[0], words[1:], "Subject: FLASHC end\r\n\r\n.done\r\n")
    client.quit()
    print(code, sorted(refused))
    return 0


def write(sidecar: Sidecar, words: list[str]) -> int:
    """Write a new file and an old one, read the old one, make a folder; prints what became of each."""
    from flashrt.result import write_file

    for name in words:
        try:
            write_file(sidecar.path(name), b"new", 0o600)
            print(f"{name} written")
        except SidecarError as error:
            print(f"{name} {error.text.partition(': ')[2]}")
    with open(sidecar.path(words[0]), "rb") as file:
        print(file.read().decode("ascii"))
    try:
        with open(sidecar.path("log"), "ab") as file:
            file.write(b"a line")
    except OSError as error:
        print(error.strerror)
    try:
        os.mkdir(sidecar.path("folder"))
    except OSError as error:
        print(error.strerror)
    return 0


VERBS = {
    "ask": ask,
    "arm": arm,
    "crash": crash,
    "mail": mail,
    "nap": nap,
    "partition": partition,
    "push": push,
    "rest": rest,
    "retry": retry,
    "shoot": shoot,
    "spin": spin,
    "write": write,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
