"""The sidecar's verbs against a simulated array that is asked by HTTPS, without sockets between them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from flashrt.edges import Edges, Endpoint
from flashrt.https import RestSession
from flashrt.main import main
from flashrt.programs import SitePrograms
from flashrt.status import UNREACHABLE, SidecarError
from flashtwin.build import build_world
from flashtwin.keys import secret_text
from flashtwin.sims.http import HttpCall, RequestReader, described, reply_bytes
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.server import Connection, Server
from flashtwin.site import Site
from flashtwin.world import World

RUN = "20261118203500"
Alter = Callable[[str, Outcome], Outcome]


class WorldClock:
    def __init__(self, world: World) -> None:
        self.world = world

    def now(self) -> float:
        return self.world.now

    def sleep(self, seconds: float) -> None:
        self.world.scheduler.run(until=self.world.now + seconds)

    def wait(self, pollable: Any, deadline: float) -> bool:
        if pollable.poll(0.0):
            return True
        self.world.scheduler.run(until=deadline)
        return False

    def wait_any(self, pollables: Sequence[Any], deadline: float) -> int | None:
        found = next((place for place, one in enumerate(pollables) if one.poll(0.0)), None)
        if found is None:
            self.world.scheduler.run(until=deadline)
        return found


class NoWire:
    def greet(self) -> None:
        pass

    def close(self) -> None:
        pass


class Line:
    """A connection: each request is answered at once, on the world's clock."""

    local_port = peer_port = 0

    def __init__(self, wires: Wires, server: Server) -> None:
        self.wires, self.server = wires, server
        self.reader = RequestReader(Connection(server, 0, NoWire()))
        self.came, self.ended, self.number = b"", False, 0

    def poll(self, seconds: float) -> bool:
        del seconds
        return bool(self.came) or self.ended

    def send(self, data: bytes) -> int:
        self.number += 1
        call = self.reader.feed(data)
        assert call is not None
        outcome = self.wires.ask(self.server, call)
        if outcome.hang:
            return self.number
        if outcome.lost is not None:
            self.ended = True
            return self.number
        self.came, self.ended = reply_bytes(outcome)
        return self.number

    def receive(self) -> bytes | None:
        came, self.came = self.came, b""
        return came or (b"" if self.ended else None)

    def has_ended(self) -> bool:
        return self.ended

    def close(self) -> None:
        pass


class Wires:
    """The network.  `alter` may change what becomes of a request, by its text."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.alter: list[Alter] = []
        self.asked: list[str] = []
        site: Site = world.site
        self.servers = {
            address: world.arrays[one.name].server(None) for one in site.arrays for address in one.addresses
        }

    def ask(self, server: Server, call: HttpCall) -> Outcome:
        text = described(call)
        self.asked.append(text)
        assert server.answer is not None
        outcome: Any = server.answer(call)
        for alter in self.alter:
            outcome = alter(text, outcome)
        self.world.scheduler.run(until=self.world.now + outcome.duration_s)
        if outcome.effect is not None and outcome.lost != "before":
            changed: Outcome | None = outcome.effect()
            return outcome if outcome.lost or outcome.hang else changed or outcome
        return outcome

    def https(self, endpoint: Endpoint, known_hosts: str, deadline: float) -> RestSession:
        del known_hosts, deadline
        server = self.servers.get(str(endpoint))
        if server is None:
            raise SidecarError(UNREACHABLE, f"{endpoint} cannot be reached.")
        dial = lambda _deadline: Line(self, server)  # noqa: E731
        clock: Any = WorldClock(self.world)
        return RestSession(clock, endpoint, dial, dial(0.0))


class Identity:
    """A database that tells which partition this is, and nothing else."""

    def query(self, sql: str, parameters: Sequence[object] = (), *, limit_s: float) -> list[Any]:
        if sql == "SELECT SERIAL_NUMBER, PARTITION_ID FROM QSYS2.SYSTEM_STATUS_INFO":
            return [("78ABC12", 24)]
        raise SidecarError(UNREACHABLE, f"no database for {sql} {parameters} {limit_s}")


class Said:
    def __init__(self, status: int, record: str) -> None:
        self.status, self.word = status, record[2:12].strip()
        self.extra1, self.extra2 = record[20:30].strip(), record[30:40].strip()
        self.text = record[40:].strip()


class Sidecar:
    """Runs a verb of the real sidecar in a world; `conf` is what the compiler writes."""

    def __init__(self, site: Site, folder: Path, conf: dict[str, Any]) -> None:
        self.world = build_world(site, folder / "world")
        self.folder, self.run, self.clone = folder, RUN, next(iter(conf["clones"]))
        self.array = next(iter(conf["arrays"]))
        self.wires = Wires(self.world)
        edges: Any = (WorldClock(self.world), self.wires, Identity(), SitePrograms())
        self.edges = Edges(*edges)
        for name in ("conf", "runs", "inbox", "keys"):
            (folder / name).mkdir(mode=0o700)
        (folder / "conf" / "sidecar.json").write_text(json.dumps(conf), encoding="utf-8")
        for device in (*conf["arrays"].values(), *conf["consoles"].values()):
            key = folder / "keys" / device["key"]
            key.write_text(secret_text(device["key"]) + "\n", encoding="utf-8")
            key.chmod(0o600)

    def __call__(self, *words: str, run: str = "") -> Said:
        answer = self.folder / "answer"
        common = ("--clone", self.clone, "--run", run or self.run, "--config", str(self.folder / "conf"))
        status = main(["array", self.array, *words, *common, "--result", str(answer)], self.edges)
        return Said(status, answer.read_text("ascii"))

    def off(self) -> None:
        """The clone is ended."""
        self.world.partition(self.clone).pull_power()
        self.world.partition(self.clone).enter("Not Activated")

    def sent(self, begin: str) -> list[str]:
        """The requests that begin so, in their order."""
        return [text for text in self.wires.asked if text.startswith(begin)]


def lose(begin: str, when: str, times: int = 1) -> Alter:
    """The first replies to requests that begin so are lost, before or after their effect; or none comes."""
    left = [times]

    def alter(text: str, outcome: Outcome) -> Outcome:
        if not text.startswith(begin) or not left[0]:
            return outcome
        left[0] -= 1
        changed: dict[str, Any] = {"hang": True} if when == "hang" else {"lost": when}
        return Outcome(
            **{
                "status": outcome.status,
                "duration_s": outcome.duration_s,
                "effect": outcome.effect,
                **changed,
            }
        )

    return alter
