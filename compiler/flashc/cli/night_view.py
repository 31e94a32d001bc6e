"""Watching a rehearsal: a live display on a terminal, lines elsewhere.  Both show only what has happened."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

from flashtwin.guest import run_guest
from flashtwin.site_network import pinned_keys
from flashtwin.world import Partition
from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from flashc.check.model import Environment
from flashc.cli.installing import places
from flashc.cli.judging import is_sidecar_call
from flashc.cli.output import harmless
from flashc.cli.playing import rows
from flashc.cli.stage import Observer, Stage
from flashc.deploy.hostkeys import parse
from flashc.deploy.trust import survey
from flashc.runbook.steps import steps

EVERY_S = 0.1
"""Real seconds between two looks at the world, at least."""

HEADINGS = {
    "world": "Site: machines, disks and systems as the site file has them",
    "trust": "Trust: host keys are shown once, compared, pinned",
    "deploy": "Deploy over SSH",
    "officer": "Security officer, as the deployment printed it",
    "schedule": "Deploy again: production tells its identity now, the schedule entries follow",
    "night": "Night: the job scheduler starts the run",
}
LAST_STEPS = 8


@dataclass(frozen=True, slots=True)
class Seen:
    """What the world shows at one moment."""

    clock: str
    environment: str
    code: str
    text: str
    done: int
    total: int
    suspended: bool
    clone: str
    calls: int


class Watch(Observer):
    """Shows what leads to the night."""

    def __init__(self, out: Console, trust: bool = False) -> None:
        self._out = out
        self._trust = trust

    def begin(self, what: str) -> None:
        """A heading."""
        if what in HEADINGS:
            self._out.print(Text(HEADINGS[what], "bold"))

    def built(self, stage: Stage) -> None:
        """Where trust is to be shown: ask every address for its host key, as `flashc trust` does."""
        if not self._trust:
            return
        self.begin("trust")
        for line in host_keys(stage):
            self.say(line)

    def waiting(self, entries: tuple[str, ...]) -> None:
        """What a deployment left to the next one."""
        if entries:
            self.say(f"schedule entries follow, not yet proven to be production: {', '.join(entries)}")

    def reported(self, text: str) -> None:
        """The guard's report."""
        self.say(f"       the guard's report: {text or 'none'}")

    def say(self, line: str) -> None:
        """A line of the output."""
        self._out.print(f"  {harmless(line)}")


class LineWatch(Watch):
    """For output that is no terminal; the night is shown once, by the log of its run."""

    def deployed(self, done: int, total: int, text: str) -> None:
        """Every tenth of the deployment, and its end."""
        if done == total or done % max(1, total // 10) == 0:
            self._out.print(f"  {done}/{total}  {harmless(text)}")

    def officer(self, command: str, ok: bool, said: str) -> None:
        """The command, and what was said when it failed."""
        self._out.print(f"  {'ok    ' if ok else 'FAILED'} {harmless(command)}")
        if not ok:
            self._out.print(f"         {harmless(said)}")


class LiveWatch(Watch):
    """For a terminal: clock, progress, current step, suspended or not, reference code.

    Looks at the world now and then, and at once when production is suspended or resumed.
    """

    def __init__(self, out: Console, trust: bool = False) -> None:
        super().__init__(out, trust)
        self._live: Live | None = None
        self._last: list[tuple[str, str, str, str]] = []
        self._part = ""
        self._looked = 0.0
        self._suspended = False
        self._rows = 0
        self._events = 0
        self._calls = 0

    def begin(self, what: str) -> None:
        """A heading; the display stands below it."""
        self.stop()
        self._part = what
        super().begin(what)

    def tick(self, stage: Stage) -> None:
        """Mostly too early to look again."""
        if self._part != "night" or stage.production.os is None:
            return
        suspended = bool(stage.production.os.suspended_asps)
        now = time.monotonic()
        if now - self._looked < EVERY_S and suspended == self._suspended:
            return
        self._looked, self._suspended = now, suspended
        events = stage.world.events.events
        self._calls += sum(is_sidecar_call(stage, event) for event in events[self._events :])
        self._events = len(events)
        self._look(stage)

    def stop(self) -> None:
        """Leave the display as it is."""
        if self._live is not None:
            self._live.stop()
            self._live = None

    def deployed(self, done: int, total: int, text: str) -> None:
        """A bar that fills."""
        if done != total and time.monotonic() - self._looked < EVERY_S:
            return
        self._looked = time.monotonic()
        grid = Table.grid(padding=(0, 1))
        grid.add_row(
            "  ", ProgressBar(total=total, completed=done, width=40), f"{done}/{total}", harmless(text)
        )
        self._show(grid)

    def officer(self, command: str, ok: bool, said: str) -> None:
        """The command, and what was said when it failed."""
        text = Text("  ")
        text.append("ok    " if ok else "FAILED", "green" if ok else "bold red")
        text.append(f" {harmless(command)}")
        self._out.print(text if ok else Text.assemble(text, f"\n         {harmless(said)}"))

    def _look(self, stage: Stage) -> None:
        """Draw it all again."""
        told = rows(stage, "FLJRN", "rowid")
        ended = [row for row in told if row[4] in ("R", "N")]
        for row in ended[self._rows :]:
            self._last.append((str(row[3])[11:19].replace(".", ":"), str(row[1]), str(row[5]), str(row[7])))
        self._rows = len(ended)
        codes = {str(row[5]) for row in told if row[4] == "R"}
        self._show(_drawn(seen_of(stage, codes, self._calls), self._last[-LAST_STEPS:]))

    def _show(self, what: Table | Group) -> None:
        if self._live is None:
            self._live = Live(console=self._out, auto_refresh=False, transient=self._part == "night")
            self._live.start()
        self._live.update(what, refresh=True)


def host_keys(stage: Stage) -> list[str]:
    """One line for each address of the spec: what it is, its fingerprint, whether that is the right one."""
    pins = parse(pinned_keys(stage.site))
    hosts = run_guest(stage.gate, "flashc trust", lambda: survey(stage.bundle, pins, places(stage)))
    words = {"pinned": "compared, pinned", "changed": "CHANGED", "new": "unknown", "unreachable": "no answer"}
    lines = []
    for host in hosts:
        shown = host.key.fingerprint if host.key else ""
        lines.append(f"{host.target!s:<26} {shown:<51} {words[host.state]:<17} {host.what}")
    return lines


def seen_of(stage: Stage, codes: Iterable[str], calls: int) -> Seen:
    """What there is to see now."""
    system = stage.system
    environment = _running(stage)
    wanted = {step.code for step in steps(environment)} if environment is not None else set()
    code, text = _current(stage)
    return Seen(
        clock=system.local().strftime("%a %d %b  %H:%M:%S"),
        environment=environment.name if environment is not None else "",
        code=code,
        text=text,
        done=len(wanted & set(codes)),
        total=max(1, len(wanted)),
        suspended=bool(system.suspended_asps),
        clone=_clone(stage, environment),
        calls=calls,
    )


def _current(stage: Stage) -> tuple[str, str]:
    """The step that was written last: what is being done, or what was done."""
    told = [row for row in rows(stage, "FLJRN", "rowid") if row[4] in ("I", "R", "N")]
    if not told:
        return "", "waiting for the schedule"
    return str(told[-1][5]), f"{'begun: ' if told[-1][4] == 'I' else ''}{told[-1][7]}"


def _running(stage: Stage) -> Environment | None:
    """The environment of the last run, else the first one."""
    last = rows(stage, "FLRUN", "RUN DESC LIMIT 1")
    name = str(last[0][1]).strip() if last else ""
    known = stage.spec.environments
    return next((e for e in known if e.name == name), known[0] if known else None)


def _clone(stage: Stage, environment: Environment | None) -> str:
    if environment is None:
        return ""
    found: Partition | None = next(
        (p for p in stage.world.partitions() if p.name == environment.clone.partition), None
    )
    return f"{found.name} {found.state} {found.refcode}" if found is not None else ""


def _drawn(seen: Seen, last: list[tuple[str, str, str, str]]) -> Group:
    head = Text("  ")
    head.append(seen.clock, "bold")
    head.append("   ")
    head.append(*(("SUSPENDED", "bold white on red") if seen.suspended else ("production works", "green")))
    head.append(f"   {seen.clone}   {seen.calls} sidecar calls")
    grid = Table.grid(padding=(0, 1))
    grid.add_row(
        "  ", ProgressBar(total=seen.total, completed=seen.done, width=40), f"{seen.done}/{seen.total} steps"
    )
    lines = Text(no_wrap=True, overflow="ellipsis")
    for at, side, code, text in last:
        lines.append(f"  {at}  ", "dim")
        lines.append(f"{code}  ", "cyan" if side == "C" else "bold")
        lines.append(f"{harmless(text)}\n")
    return Group(head, grid, Text(f"  now  {seen.code}  {harmless(seen.text)}", no_wrap=True), lines)
