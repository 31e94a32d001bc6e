"""A simulated site's command and the array behind it, as docs/custom-array.md has the contract.

Full life cycle: prepared before the instant, taken by FIRE on kept volumes, put on the targets afterwards.
Facts of the site: `program`, its path.  `prepare` of the site is how long a prepare takes, `clean` a release,
`answer` every answer; a put takes as long as a prepare.  Changes are begun by a call, and go on without it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from flashtwin.sims.array import Array
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.server import Server
from flashtwin.sims.volumes import Volume
from flashtwin.site import ArraySite

if TYPE_CHECKING:
    from flashtwin.gate import Gate
    from flashtwin.world import World

REFUSED, NO_COPY, USAGE = 1, 5, 64


@dataclass(slots=True)
class Held:
    """A copy: the state it is in, its id and time, what is kept of an instant that is not on the targets."""

    pairs: list[tuple[Volume, Volume]]
    word: str = "FREE"
    copy: str = ""
    at: float = 0.0
    kept: dict[str, Volume] = field(default_factory=dict)
    changes: int = 0
    putting: bool = False


class Custom(Array):
    """The program of a site and what it drives."""

    prepares = True

    def __init__(self, world: World, config: ArraySite) -> None:
        super().__init__(world, config)
        self._count = 0
        self.held: dict[str, Held] = {}
        for one in config.copies:
            held = self.held[one.name] = Held(self.pairs[one.name])
            if one.state:
                held.word, held.at = "ACTIVE", self.began(one.name) or world.now
                held.copy = self._new_id()

    def server(self, gate: Gate) -> Server:
        """The program, for each process of it."""
        del gate
        return Server(self.name, self.handle, lambda _user, _key: True, protocol="program")

    def starts(self, request: str, group: str) -> bool:
        """The line that an armed process waits for."""
        return request == f"FIRE {group}"

    def reads(self, request: str) -> bool:
        """The verb that asks for the state."""
        return request.startswith("state ")

    def handle(self, user: str, command: str) -> Outcome:
        """One process with its arguments, or a line to an armed one."""
        del user
        verb, *rest = command.split(" ")
        if verb == "probe" and not rest:
            return self._said(f"OK name={self.name} level=1.0")
        verbs: dict[str, Callable[[str, Held], Outcome]] = {
            "state": self._state,
            "check": self._check,
            "usage": self._usage,
            "release": self._release,
            "prepare": self._prepare,
            "present": self._present,
            "arm": self._arm,
            "FIRE": self._fire,
        }
        if verb not in verbs or len(rest) != 1:
            return Outcome(USAGE, err="usage: sitecopy VERB [NAME]\n")
        held = self.held.get(rest[0])
        if held is None:
            return self._said(f"REFUSED text=no_copy_{rest[0]}", NO_COPY)
        return verbs[verb](rest[0], held)

    # looking

    def _state(self, name: str, held: Held) -> Outcome:
        del name
        age = f" age={self.world.now - held.at:.0f}" if held.copy else ""
        copy = f" copy={held.copy}" if held.copy else ""
        volumes = [",".join(pair[side].uid for pair in held.pairs) for side in (0, 1)]
        shown = f" sources={volumes[0]} targets={volumes[1]}" if held.pairs else ""
        return self._said(f"{held.word}{copy}{age}{shown}")

    def _check(self, name: str, held: Held) -> Outcome:
        """The mappings of all hosts that see a volume of the copy."""
        del name
        own = {volume.uid for pair in held.pairs for volume in pair}
        hosts = [host for host in self.hosts.values() if any(v.uid in own for v in host.volumes)]
        maps = ",".join(f"{volume.uid}@{host.name}" for host in hosts for volume in host.volumes)
        ports = ",".join(f"{port}@{host.name}" for host in hosts for port in host.wwpns)
        return self._said(f"OK maps={maps} ports={ports}")

    def _usage(self, name: str, held: Held) -> Outcome:
        del name
        pool = held.pairs[0][1].pool
        used = sum(v.used(self.world.now) for v in self.volumes.values() if v.pool is pool) + pool.other_used
        taken = sum(target.used(self.world.now) for _, target in held.pairs)
        free = max(0.0, 100.0 * (pool.capacity - used) / pool.capacity)
        return self._said(f"OK used={taken} free={free:.1f} pool={pool.name}")

    # changing

    def _release(self, name: str, held: Held) -> Outcome:
        def begin() -> None:
            if held.word in ("ACTIVE", "SPACE"):
                self.lose([target for _, target in held.pairs])
            held.copy, held.kept, held.putting = "", {}, False
            self._becomes(name, held, "RELEASING", "RELEASING")

        def end() -> None:
            self._becomes(name, held, "FREE", "FREE")

        if held.word in ("FREE", "RELEASING"):
            return self._said("DONE")
        return self._changed(f"release {name}", held, begin, self.config.clean, end)

    def _prepare(self, name: str, held: Held) -> Outcome:
        if held.word != "FREE":
            return self._said(f"REFUSED text=copy_is_{held.word}", REFUSED)

        def begin() -> None:
            self._becomes(name, held, "PREPARING", "PREPARING")

        def end() -> None:
            self._becomes(name, held, "PREPARED", "PREPARED")

        return self._changed(f"prepare {name}", held, begin, self.config.prepare, end)

    def _present(self, name: str, held: Held) -> Outcome:
        if held.word == "ACTIVE" or held.putting:
            return self._said("DONE")
        if held.word != "TAKEN":
            return self._said(f"REFUSED text=copy_is_{held.word}", REFUSED)

        def begin() -> None:
            held.putting = True

        def end() -> None:
            for _, target in held.pairs:
                self.put(held.kept[target.name], target)
            held.word, held.putting = "ACTIVE", False
            self.presented(name, "ACTIVE")

        return self._changed(f"present {name}", held, begin, self.config.prepare, end)

    def _arm(self, name: str, held: Held) -> Outcome:
        del name, held
        return self._said("READY")

    def _fire(self, name: str, held: Held) -> Outcome:
        def effect() -> Outcome | None:
            if held.word != "PREPARED":
                return self._said(f"REFUSED text=copy_is_{held.word}", REFUSED)
            kept = {
                target.name: Volume(
                    target.id, f"{target.name}@", f"{target.uid}@", target.size, target.pool, True, True, 0, 0
                )
                for _, target in held.pairs
            }
            held.kept, held.copy, held.at = kept, self._new_id(), self.world.now
            self._keep(name, held)
            self._becomes(name, held, "TAKEN", "TAKEN")
            self.command(self.name, f"FIRE {name}", 0)
            return self._said(f"FIRED copy={held.copy}")

        return Outcome(0, "FIRED\n", duration_s=self.config.answer, effect=effect)

    # parts

    def _keep(self, name: str, held: Held) -> None:
        """The instant, on volumes that nobody sees; the event names the targets that will show it."""
        whole = self.world.copies.take([(source, held.kept[target.name]) for source, target in held.pairs])
        self.world.events.log(
            "flash",
            self.name,
            group=name,
            maps=tuple(target.name for _, target in held.pairs),
            by=self.name,
            sources=tuple(source.uid for source, _ in held.pairs),
            targets=tuple(target.uid for _, target in held.pairs),
            whole=whole,
        )

    def _new_id(self) -> str:
        self._count += 1
        return f"C{self._count:06d}"

    def _becomes(self, name: str, held: Held, state: str, word: str) -> None:
        held.word = state
        self.show(name, state, word)

    def _said(self, line: str, status: int = 0) -> Outcome:
        return Outcome(status, line + "\n", duration_s=self.config.answer)

    def _changed(
        self, text: str, held: Held, begin: Callable[[], None], takes: float, end: Callable[[], None]
    ) -> Outcome:
        """A change: begun at the reply, ended later, unless another one has begun meanwhile."""

        def effect() -> None:
            begin()
            self.command(self.name, text, 0)
            held.changes += 1
            number = held.changes

            def finish() -> None:
                if held.changes == number:
                    end()

            self.world.scheduler.at(self.world.now + takes, finish)

        return Outcome(0, "DONE\n", duration_s=self.config.answer, effect=effect)
