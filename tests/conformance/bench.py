"""A family on the bench: its example's site, and the real sidecar's verbs against the simulator.

Calls go through the in-memory transport of the twin, with its clock, log-ins, host keys and faults.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from flashc.bundle.sidecar import sidecar_config
from flashc.check.load import load
from flashc.check.model import Spec
from flashc.cli.site_choice import choose_site
from flashtwin import pase
from flashtwin.build import build_world
from flashtwin.keys import private_key, secret_text
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.server import Exchange, Request
from flashtwin.site import Site
from flashtwin.site_network import open_network, pinned_keys

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
RUN, NEXT = "20261118203500", "20261119203500"
PYTHON, ZIPAPP, CONF = "/QOpenSys/pkgs/bin/python3.9", "/flashc/L/bin/flashrt.pyz", "/flashc/L/conf"
ASKED_AGAIN = 40
"""How often a verb that is pending is asked, 20 seconds apart."""


class Said:
    """What a call of the sidecar said: exit status, the word for CL, the text."""

    def __init__(self, status: int, record: str, out: str) -> None:
        self.status = status
        self.out = out
        self.word = record[2:12].strip()
        self.text = record[40:].strip() or out.strip()

    def __repr__(self) -> str:
        return f"{self.status} {self.word}: {self.text}"


class Bench:
    """A world of its own for one case."""

    def __init__(
        self,
        example: str,
        folder: Path,
        site: Callable[[Site], Site] = lambda site: site,
        conf: Callable[[dict[str, Any]], object] = len,
        spec: tuple[str, str] = ("", ""),
        also: tuple[re.Pattern[str], str] | None = None,
    ) -> None:
        old, new = spec
        text = (EXAMPLES / example).read_text(encoding="utf-8")
        assert old in text
        if also is not None:
            text = also[0].sub(also[1], text, count=1)
        resolved, problems = load(EXAMPLES / example, lambda _path: text.replace(old, new, 1).encode())
        assert resolved is not None, problems
        self.spec: Spec = resolved
        self.clone = resolved.clones[0]
        self.disks = self.clone.disks[0]
        self.group = self.disks.group
        self.site = site(choose_site(resolved).site)
        self.world = build_world(self.site, folder / "world")
        self.gate = open_network(self.world, "memory")
        self.array: Any = self.world.arrays[self._array_of_site()]
        system = self.world.partition(resolved.systems[0].name).os
        assert system is not None
        self.system = system
        self.product = system.image.ifs / "flashc/L"
        for name in ("bin", "conf", "keys", "runs", "inbox"):
            (self.product / name).mkdir(parents=True)
            (self.product / name).chmod(0o700)
        document = json.loads(sidecar_config(resolved, resolved.systems[0]))
        conf(document)
        (self.product / "conf/sidecar.json").write_text(json.dumps(document))
        (self.product / "conf/known_hosts").write_text(pinned_keys(self.site))
        (self.product / "bin/flashrt.pyz").write_bytes(b"")
        for device in (*resolved.consoles, *resolved.arrays):
            if device.key:
                text = private_key(device.key) if device.way.credential == "key" else secret_text(device.key)
                (self.product / "keys" / device.key).write_text(text)
                (self.product / "keys" / device.key).chmod(0o600)
        self.job = system.system_job("FLDRV", "FLASHC")
        guarded = system.find_object(self.job, "QPMLPMGT", "QSYS", "*SRVPGM")
        assert guarded is not None
        guarded.private["FLASHC"] = "*USE"
        clone = self.world.partition(self.clone.partition)
        clone.pull_power()
        clone.enter("Not Activated")
        self.world.events.forget()
        self.run = RUN
        self.changing: tuple[str, ...] = ()
        self.device: str = self.array.name
        """Whose requests are looked at, and altered: the array, or a console."""

    def _array_of_site(self) -> str:
        """The site's name of the array: that of the one that answers at its address, or of the same name."""
        ours = {f"{a.host}:{a.port}".removesuffix(":22") for a in self.disks.array.addresses}
        for one in self.site.arrays:
            if one.name == self.disks.array.name or ours & {a.removesuffix(":22") for a in one.addresses}:
                return one.name
        raise AssertionError("the site has no such array")

    # asking

    def __call__(self, *words: str) -> Said:
        """One call of the sidecar about the array."""
        return self.sidecar("array", "ALL", *words)

    def sidecar(self, *words: str) -> Said:
        """One call of the sidecar."""
        result = "/flashc/L/runs/answer"
        file = self.product / "runs/answer"
        file.unlink(missing_ok=True)
        common = ("--clone", self.clone.name, "--run", self.run, "--config", CONF, "--result", result)
        steps = pase.run_captured(self.system, self.job, [PYTHON, ZIPAPP, *words, *common], {})
        task = self.world.scheduler.spawn("call", steps)
        self.world.scheduler.run(stop=lambda: task.ended)
        record = file.read_text("ascii") if file.exists() else ""
        return Said(task.result.status, record, task.result.out + task.result.err)

    def until(self, *words: str) -> Said:
        """Ask until it is pending no more."""
        for _ in range(ASKED_AGAIN):
            said = self(*words)
            if said.status != 30:
                return said
            self.world.scheduler.run(until=self.world.now + 20.0)
        raise AssertionError(f"{words} is pending for ever: {said}")

    def ready(self) -> None:
        """Release and prepare, as a run does before the window."""
        for verb in ("release", "prepare"):
            said = self.until(verb)
            assert said.status == 0, said
        assert said.word == "PREPARED"

    def flash(self) -> None:
        """Everything up to the proof and what follows it."""
        self.ready()
        assert self("trigger").word == "FIRED"
        assert self("prove").word == "PROVEN"
        if self.disks.phrase.presents:
            assert self.until("present").word == "PRESENT"

    # the truth

    def images(self) -> list[Any]:
        """What lies on the targets."""
        return [target.image for _, target in self.array.members(self.group)]

    def has_new_copy(self, before: list[Any]) -> bool:
        """Whether all targets hold one and the same copy, taken since `before` was looked at."""
        now = self.images()
        return now[0] is not None and all(one is now[0] for one in now) and now[0] not in before

    def flashes(self) -> int:
        """How many instants the array has taken of the group."""
        return sum(e["group"] == self.group for e in self.world.events.of("flash", system=self.array.name))

    def changes(self) -> list[str]:
        """The requests that would change something, whatever became of them."""
        every = [one.request for one in self.asked()]
        return [one for one in every if any(re.search(p, one) for p in self.changing)]

    def asked(self) -> list[Exchange]:
        """All requests to the device."""
        return [one for one in self.gate.transcript if one.system == self.device]

    # faults

    def fault(self, pattern: str, times: int = 1, **changes: Any) -> list[str]:
        """Alter what becomes of the next requests that match; the list of those that it met."""
        met: list[str] = []

        def alter(request: Request, outcome: Outcome) -> Outcome:
            ours = request.connection.server.name == self.device
            if ours and len(met) < times and re.search(pattern, request.command):
                met.append(request.command)
                return replace(outcome, **changes)
            return outcome

        self.gate.alter.append(alter)
        return met

    def answer(self, pattern: str, reply: Outcome, times: int = 1) -> list[str]:
        """Answer the next requests that match with this, and do nothing of what they ask."""
        met: list[str] = []

        def alter(request: Request, outcome: Outcome) -> Outcome:
            ours = request.connection.server.name == self.device
            if ours and len(met) < times and re.search(pattern, request.command):
                met.append(request.command)
                return reply
            return outcome

        self.gate.alter.append(alter)
        return met

    def close(self) -> None:
        """End the world."""
        self.gate.close()


Make = Callable[..., Bench]
"""Makes a bench of an example, with the arguments of one."""
