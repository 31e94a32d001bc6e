"""The armed trigger in a process of its own, watched by an audit hook.

`run` plays the CL side in a second thread that uses only a socket; `wait` just stays armed.
"""

from __future__ import annotations

import contextlib
import io
import socket
import sys
import threading
from pathlib import Path

from flashrt.edges import SocketListener, SystemClock
from flashrt.main import main

from .fakes import RUN, World

WATCHED = (
    "open",
    "import",
    "os.rename",
    "os.remove",
    "os.mkdir",
    "os.listdir",
    "subprocess.Popen",
    "os.chmod",
)


class ReadyListener(SocketListener):
    """A listener that says when the sidecar first waits on it: that is READY."""

    ready = threading.Event()

    def poll(self, seconds: float) -> bool:
        self.ready.set()
        return super().poll(seconds)


class ArmedClock(SystemClock):
    """The system's clock, for the answers of fakes too."""


def prepared(folder: str) -> World:
    """A world whose group is prepared by the run."""
    world = World(Path(folder))
    world.svc.set("stopped")
    with contextlib.redirect_stdout(io.StringIO()):
        world.array("prepare")
    world.network.listen = ReadyListener  # type: ignore[method-assign]
    return world


def arm(world: World) -> int:
    """Arm, in this thread."""
    edges = world.edges._replace(clock=ArmedClock())
    conf = str(world.folder / "conf")
    return main(["arm", "--run", RUN, "--deadline", "50", "--config", conf], edges)


def run(folder: str) -> None:
    """Ping, fire, fire again, quit; print the words and what was touched in between."""
    world = prepared(folder)
    touched: list[str] = []
    said: list[str] = []
    "".encode("cp037")

    def play() -> None:
        ReadyListener.ready.wait(20)
        port, token = (world.folder / "runs" / RUN / "armed").read_text().split()[:2]
        with socket.create_connection(("127.0.0.1", int(port)), timeout=20) as sock:
            watching.set()
            for verb in ("PING", "FIRE", "FIRE", "QUIT"):
                sock.sendall(f"{token:<32}{verb}".ljust(64).encode("cp037"))
                data = b""
                while len(data) < 128:
                    data += sock.recv(128 - len(data))
                said.append(data.decode("cp037")[34:44].strip())

    def hook(event: str, arguments: object) -> None:
        if watching.is_set() and event in WATCHED:
            touched.append(f"{event} {arguments}"[:100])

    watching = threading.Event()
    sys.addaudithook(hook)
    player = threading.Thread(target=play)
    player.start()
    status = arm(world)
    watching.clear()
    player.join()
    assert status == 0
    print(" ".join(said))
    print(f"events after ready: {touched}")


def wait(folder: str) -> None:
    """Stay armed until a signal; say what came of it."""
    world = prepared(folder)
    world.edges = world.edges._replace(own_process=True)

    def tell() -> None:
        ReadyListener.ready.wait(20)
        print("armed", flush=True)

    threading.Thread(target=tell).start()
    status = arm(world)
    fired = sum(command.startswith("startfc") for command in world.svc.log)
    print(f"status {status}, fired {fired}")
