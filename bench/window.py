"""How long production would be held by the trigger, beside other ways of sending the same request.

`python bench/window.py` serves the simulated array of the nightly example by real SSH on loopback, directly
and behind a line that adds 5 and 50 ms of round trip, and measures the same request, `startfcconsistgrp`, as

    armed        the sidecar's armed trigger: from FIRE to its answer, as CL waits for it
    openssh      a new OpenSSH process for the command
    paramiko     a new Python process with paramiko for the command
    ansible      an Ansible ad-hoc call of the raw module, where ansible-core is installed

in turn, on the same line, against the same array.  What the simulated array itself takes, from the arrival of
the request to the reply, is measured in it and taken off: left is what the way of sending adds.  The array
prepares its group anew after each copy.  Medians of real time; what else the machine does counts against all.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import json
import multiprocessing
import os
import platform
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from queue import SimpleQueue

from flashc.bundle import build
from flashc.check import load
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.server import Request

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
GROUP = "SISTPROD_24"
REQUEST = f"svctask startfcconsistgrp {GROUP}"
ARRAY = "10.1.0.20"
ROUND_TRIPS_MS = (0, 5, 50)
LIMIT_S = 60.0
"""No single step takes so long; one that does is given up."""

BEYOND_MS = 5.0
"""The goal for the armed trigger: one round trip and so many milliseconds."""

GOALS: tuple[tuple[str, int, float], ...] = (
    ("openssh", 0, 20.0),
    ("openssh", 5, 8.0),
    ("openssh", 50, 5.0),
    ("paramiko", 5, 20.0),
)
"""How many times shorter the armed trigger is than another way at a round trip, at least."""

PARAMIKO = """
import sys, paramiko
host, port, user, key, known, command = sys.argv[1:]
client = paramiko.SSHClient()
client.load_host_keys(known)
client.connect(host, int(port), user, key_filename=key, look_for_keys=False, allow_agent=False)
_, out, err = client.exec_command(command)
out.read(), err.read()
sys.exit(out.channel.recv_exit_status())
"""


def serve(folder: Path, own_s: Synchronized[float], said: Connection) -> None:
    """A process: the array on loopback, its group prepared again after each copy.

    `own_s` gets the real seconds from the arrival of the request for a copy to its reply.
    """
    from flashc.cli.serving import write_access
    from flashtwin.build import build_world
    from flashtwin.site_load import read_site
    from flashtwin.site_network import open_network

    site = read_site(EXAMPLES / "nightly_brms.site.toml")
    site = dataclasses.replace(
        site,
        costs=dataclasses.replace(site.costs, ssh_login=0.0),
        arrays=tuple(dataclasses.replace(one, answer=0.0, prepare=0.0) for one in site.arrays),
    )
    (folder / "world").mkdir()
    world = build_world(site, folder / "world")
    gate = open_network(world, "process")
    write_access(site, gate, folder)
    array = next(iter(world.arrays.values()))
    start = array.flash.start

    def start_and_prepare(unit: object, user: str) -> None:
        start(unit, user)
        array.flash.prepare(unit)

    array.flash.start = start_and_prepare
    arrived = gate.arrived

    def note_arrival(request: Request) -> None:
        began, reply = time.perf_counter(), request.channel.reply

        def note_reply(outcome: Outcome) -> None:
            own_s.value = time.perf_counter() - began
            reply(outcome)

        request.channel = NotedReply(note_reply)
        arrived(request)

    gate.arrived = note_arrival  # type: ignore[method-assign]
    said.send(gate.port_of(f"{ARRAY}:22"))
    while True:
        gate.await_report(lambda: False, 1.0)
        gate.take()
        world.scheduler.run(until=world.now + 0.001)


@dataclasses.dataclass(frozen=True)
class NotedReply:
    """A reply channel that notes when it is used."""

    reply: Callable[[Outcome], None]


def delayed(port: int, round_trip_ms: int, said: Connection) -> None:
    """A process: a line to a port of loopback on which each direction takes half of a round trip."""
    listener = socket.create_server(("127.0.0.1", 0))
    said.send(listener.getsockname()[1])
    while True:
        near, _ = listener.accept()
        far = socket.create_connection(("127.0.0.1", port))
        for one, other in ((near, far), (far, near)):
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            queue: SimpleQueue[tuple[float, bytes]] = SimpleQueue()
            threading.Thread(target=_take, args=(one, queue, round_trip_ms / 2000), daemon=True).start()
            threading.Thread(target=_give, args=(other, queue), daemon=True).start()


def _take(near: socket.socket, queue: SimpleQueue[tuple[float, bytes]], delay_s: float) -> None:
    data = b"-"
    while data:
        try:
            data = near.recv(65536)
        except OSError:
            data = b""
        queue.put((time.monotonic() + delay_s, data))


def _give(far: socket.socket, queue: SimpleQueue[tuple[float, bytes]]) -> None:
    while True:
        at, data = queue.get()
        time.sleep(max(0.0, at - time.monotonic()))
        with contextlib.suppress(OSError):
            if not data:
                far.shutdown(socket.SHUT_RDWR)
                return
            far.sendall(data)


class Site:
    """The product's folder and what all ways of sending need, for one line to the array at a time."""

    def __init__(self, folder: Path, access: Path) -> None:
        self.folder = folder
        self.port = 0
        self.key = folder / "keys" / "v7000_ed25519"
        self.known = folder / "conf" / "known_hosts"
        spec, found = load("nightly_brms.flash", lambda name: (EXAMPLES / name).read_bytes())
        if spec is None:
            raise SystemExit(f"the example is wrong: {found}")
        bundle, _ = build(spec)
        for name in ("bin", "conf", "keys", "runs"):
            (folder / name).mkdir(mode=0o700)
        (folder / "bin" / "flashrt.pyz").write_bytes(bundle.files["bin/flashrt.pyz"])
        self._conf = json.loads(bundle.files["conf/sidecar.json"])
        self.user = self._conf["arrays"]["V7000"]["user"]
        pinned = (access / "known_hosts").read_text(encoding="ascii")
        self._host_key = next(
            line.split(None, 1)[1] for line in pinned.splitlines() if line.startswith(ARRAY)
        )
        shutil.copy(access / "keys" / "v7000_ed25519", self.key)
        self.key.chmod(0o600)

    def use(self, port: int) -> None:
        """From now on the array is behind this port; its group is prepared by us."""
        self._conf["arrays"]["V7000"]["addresses"] = [f"127.0.0.1:{port}"]
        (self.folder / "conf" / "sidecar.json").write_text(json.dumps(self._conf), encoding="utf-8")
        self.known.write_text(f"[127.0.0.1]:{port} {self._host_key}\n", encoding="ascii")
        if not self.port:
            self._call("array", "V7000", "release")
        self.port = port
        self._call("array", "V7000", "prepare")

    def sidecar(self, *words: str) -> list[str]:
        """The command line of a call of the sidecar."""
        return [sys.executable, str(self.folder / "bin" / "flashrt.pyz"), *words]

    def armed(self) -> float:
        """Arm, then measure from FIRE to its answer, in seconds."""
        told = next(iter((self.folder / "runs").iterdir())) / "armed"
        told.unlink(missing_ok=True)
        with subprocess.Popen(
            self.sidecar("arm", "--deadline", "300"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            try:
                _until(told.exists, "the trigger did not get ready")
                port, token, _ = told.read_text(encoding="ascii").split(None, 2)
                with socket.create_connection(("127.0.0.1", int(port)), timeout=LIMIT_S) as line:
                    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    _converse(line, token, "PING", "READY")
                    began = time.perf_counter()
                    _converse(line, token, "FIRE", "FIRED")
                    return time.perf_counter() - began
            finally:
                process.kill()

    def openssh(self) -> float:
        """A new OpenSSH client."""
        known = f"UserKnownHostsFile={self.known}"
        return _timed(
            ["ssh", "-F", "none", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=yes", "-o", known, "-i",
             str(self.key), "-p", str(self.port), f"{self.user}@127.0.0.1", REQUEST]
        )  # fmt: skip

    def paramiko(self) -> float:
        """A new Python process with paramiko."""
        words = ["127.0.0.1", str(self.port), self.user, str(self.key), str(self.known), REQUEST]
        return _timed([sys.executable, "-c", PARAMIKO, *words])

    def ansible(self) -> float:
        """An Ansible ad-hoc call of the raw module, which needs no Python on the other side."""
        options = f"-F none -o UserKnownHostsFile={self.known} -o StrictHostKeyChecking=yes"
        settings = {
            "ANSIBLE_HOME": str(self.folder / "ansible"),
            "ANSIBLE_SSH_ARGS": options,
            "ANSIBLE_SSH_USETTY": "False",
        }
        return _timed(
            ["ansible", "all", "-i", "127.0.0.1,", "-m", "raw", "-a", REQUEST, "-u", self.user,
             "--private-key", str(self.key), "-e", f"ansible_port={self.port}"],
            settings,
        )  # fmt: skip

    def _call(self, *words: str) -> None:
        done = subprocess.run(self.sidecar(*words), capture_output=True, timeout=LIMIT_S, check=False)
        if done.returncode:
            raise SystemExit(f"{' '.join(words)}: {done.stdout.decode()}{done.stderr.decode()}")


def _timed(command: list[str], settings: dict[str, str] | None = None) -> float:
    environment = {**os.environ, **(settings or {})}
    began = time.perf_counter()
    done = subprocess.run(command, capture_output=True, timeout=LIMIT_S, check=False, env=environment)
    took = time.perf_counter() - began
    if done.returncode:
        raise SystemExit(f"{command[0]}: {done.stdout.decode()}{done.stderr.decode()}")
    return took


def _converse(line: socket.socket, token: str, verb: str, word: str) -> None:
    line.sendall(f"{token:<32}{verb:<32}".encode("cp037"))
    data = b""
    while len(data) < 128:
        block = line.recv(128 - len(data))
        if not block:
            break
        data += block
    if data.decode("cp037")[34:44].strip() != word:
        raise SystemExit(f"{verb}: {data.decode('cp037')}")


def _until(true: Callable[[], bool], otherwise: str) -> None:
    end = time.monotonic() + LIMIT_S
    while not true():
        if time.monotonic() > end:
            raise SystemExit(otherwise)
        time.sleep(0.01)


@contextlib.contextmanager
def process(target: Callable[..., None], *arguments: object) -> Iterator[int]:
    """Run it as a process; the port that it says."""
    ours, theirs = multiprocessing.Pipe()
    child = multiprocessing.get_context("fork").Process(target=target, args=(*arguments, theirs), daemon=True)
    child.start()
    try:
        if not ours.poll(LIMIT_S):
            raise SystemExit("a process of the measurement did not start")
        yield ours.recv()
    finally:
        child.kill()
        child.join()


def measure(runs: int) -> dict[int, dict[str, float]]:
    """The medians by round trip and way, in milliseconds; "array" is what the array itself took."""
    ways = ["armed", "openssh", "paramiko"] + (["ansible"] if shutil.which("ansible") else [])
    found: dict[int, dict[str, float]] = {}
    own_s = multiprocessing.Value("d", 0.0)
    with tempfile.TemporaryDirectory(prefix="flashc-window-") as name, contextlib.ExitStack() as stack:
        access = Path(name) / "access"
        access.mkdir()
        array = stack.enter_context(process(serve, access, own_s))
        site = Site(Path(name), access)
        for round_trip in ROUND_TRIPS_MS:
            site.use(stack.enter_context(process(delayed, array, round_trip)) if round_trip else array)
            times: dict[str, list[float]] = {way: [] for way in [*ways, "array"]}
            for _ in range(runs):
                for way in ways:
                    took_s = getattr(site, way)()
                    times[way].append((took_s - own_s.value) * 1000)
                    times["array"].append(own_s.value * 1000)
            found[round_trip] = {way: statistics.median(all_of) for way, all_of in times.items()}
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="The trigger beside other ways of sending the same request.")
    parser.add_argument("--runs", type=int, default=9, help="measurements of each way on each line")
    found = measure(parser.parse_args().runs)
    print(f"Python {platform.python_version()}, {platform.system()} {platform.machine()}\n")
    ways = list(found[0])
    print(f"{'round trip':<12}" + "".join(f"{way:>14}" for way in ways))
    for round_trip, times in found.items():
        print(f"{round_trip:>7} ms  " + "".join(f"{times[way]:>11.1f} ms" for way in ways))
    print()
    for round_trip, times in found.items():
        beyond = times["armed"] - round_trip
        print(
            _goal(
                f"armed - round trip of {round_trip} ms, ms",
                beyond,
                f"at most {BEYOND_MS:g}",
                beyond <= BEYOND_MS,
            )
        )
    for way, round_trip, least in GOALS:
        ratio = found[round_trip][way] / found[round_trip]["armed"]
        print(_goal(f"{way} : armed, {round_trip} ms", ratio, f"at least {least:g}", ratio >= least))
    if "ansible" not in ways:
        print("\nansible-core is not installed: not measured.")


def _goal(name: str, value: float, wanted: str, met: bool) -> str:
    return f"{name:40} {value:6.2f}   {wanted:12}  {'met' if met else 'NOT MET'}"


if __name__ == "__main__":
    os.environ.pop("SSH_AUTH_SOCK", None)
    main()
