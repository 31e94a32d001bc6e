"""Runs and their state for other monitors: CSV, Prometheus text, Nagios line, PRTG sensor; pure text.

What alarms is the age of the last good run, not the last result: a run that never started raises nothing
by itself.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from flashc.records.history import RunView, stamp
from flashc.records.status import Status

COLUMNS = (
    "run", "environment", "operation", "result", "start", "end", "seconds", "suspended_seconds", "quiesce",
    "hold", "resume", "volumes_written", "detail",
)  # fmt: skip

Level = Literal[0, 1, 2]
WORDS = ("OK", "WARNING", "CRITICAL")


@dataclass(frozen=True, slots=True)
class EnvironmentState:
    """One environment; ages in seconds by the partition's clock, None where there was no such run."""

    name: str
    last: RunView | None
    last_good: RunView | None
    good_age_s: float | None
    last_age_s: float | None
    open: bool

    def level(self, max_age_s: float) -> tuple[Level, str]:
        """How bad it is, and why."""
        if self.good_age_s is None:
            return 2, "never completed"
        if self.good_age_s > max_age_s:
            return 2, f"last completed {hours(self.good_age_s)} ago"
        if self.last is not None and self.last.outcome in ("failed", "needs you"):
            return 1, f"last run {self.last.outcome.upper()}"
        return 0, f"completed {hours(self.good_age_s)} ago"


def hours(seconds: float) -> str:
    """An age in hours and minutes."""
    return f"{int(seconds) // 3600}h{int(seconds) % 3600 // 60:02d}m"


def states(names: Sequence[str], runs: Sequence[RunView], now: Status) -> list[EnvironmentState]:
    """The environments, by their runs (the newest first)."""

    def age(run: RunView | None) -> float | None:
        moment = run and (run.ended or run.started)
        return max(0.0, (now.clock - moment).total_seconds()) if moment else None

    found = []
    for name in names:
        mine = [run for run in runs if run.environment == name and run.outcome != "skipped"]
        last = mine[0] if mine else None
        good = next((run for run in mine if run.outcome == "completed"), None)
        is_open = any(one.record.environment == name for one in now.open)
        found.append(EnvironmentState(name, last, good, age(good), age(last), is_open))
    return found


def csv_of(runs: Sequence[RunView]) -> str:
    """A line a run, the newest first; times are local times of the partition."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for run in runs:
        numbers = (run.took_s, run.suspended, run.quiesce, run.hold, run.resume)
        writer.writerow(
            (
                run.run,
                run.environment,
                run.operation,
                run.outcome,
                stamp(run.started) or "",
                stamp(run.ended) or "",
                *("" if one is None else f"{one:g}" for one in numbers),
                " ".join(run.volumes.written),
                run.detail,
            )
        )
    return out.getvalue()


def prometheus_of(found: Sequence[EnvironmentState], now: Status, here: dt.datetime) -> str:
    """The text format of Prometheus.

    Time stamps are of `here`, the clock of whoever asks, less the ages by the partition's.
    """
    lines: list[str] = []

    def metric(name: str, about: str, values: Sequence[tuple[dict[str, str], float | None]]) -> None:
        lines.append(f"# HELP flashc_{name} {about}")
        lines.append(f"# TYPE flashc_{name} gauge")
        for labels, value in values:
            if value is not None:
                told = ",".join(f'{key}="{_label(text)}"' for key, text in labels.items())
                lines.append(f"flashc_{name}{{{told}}} {value:.15g}")

    def ago(age: float | None) -> float | None:
        return None if age is None else round(here.timestamp() - age)

    system = {"system": now.system}
    each = [({**system, "environment": one.name}, one) for one in found]
    metric("last_completed_seconds", "When a run last completed.", [(k, ago(e.good_age_s)) for k, e in each])
    metric("last_run_seconds", "When the last run ended or began.", [(k, ago(e.last_age_s)) for k, e in each])
    metric("run_open", "Whether a run is open.", [(k, float(e.open)) for k, e in each])
    for part in ("suspended", "quiesce", "hold", "resume"):
        told = "How long production was held" if part == "suspended" else f"Part of it: {part}"
        metric(
            f"{part}_seconds",
            f"{told}, last run that held it.",
            [(k, getattr(e.last, part) if e.last else None) for k, e in each],
        )
    metric(
        "expired_volumes_left",
        "Expired volumes left for the next save.",
        [(k, None if e.last_good is None else e.last_good.volumes.left) for k, e in each],
    )
    metric("may_be_suspended", "Whether production may be suspended.", [(system, float(now.suspended))])
    metric("brms_in_strprc", "Whether BRMS is in *STRPRC by a run.", [(system, float(bool(now.brms)))])
    writing = [
        ({**system, "clone": one.record.clone.name}, float(one.record.may_write)) for one in now.clones
    ]
    metric("clone_may_be_writing", "Whether the clone may still be writing.", writing)
    return "\n".join(lines) + "\n"


def _label(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")


def nagios_of(found: Sequence[EnvironmentState], now: Status, max_age_s: float) -> tuple[Level, str]:
    """The status (0, 1, 2) and the line of a Nagios plugin, with performance data."""
    worst: Level = 0
    told: list[str] = []
    for one in found:
        level, why = one.level(max_age_s)
        worst = max(worst, level)
        told.append(f"{one.name} {why}")
    for run in now.open:
        if not run.alive or run.needs_you:
            worst = 2
            told.insert(0, f"run {run.record.run} of {run.record.environment} is open and nobody goes on")
    if now.suspended and any(not run.alive for run in now.open):
        told.insert(0, "PRODUCTION MAY BE SUSPENDED")
    data = [
        f"{one.name}_age={one.good_age_s:.0f}s;;{max_age_s:.0f};0"
        for one in found
        if one.good_age_s is not None
    ]
    data += [
        f"{e.name}_held={e.last.suspended:g}s;;;0" for e in found if e.last and e.last.suspended is not None
    ]
    text = "; ".join(told).replace("|", "/") or "no environment"
    return worst, f"FLASHC {WORDS[worst]} {now.system}: {text}" + (f" | {' '.join(data)}" if data else "")


def prtg_of(found: Sequence[EnvironmentState], now: Status, max_age_s: float) -> str:
    """The JSON of a PRTG sensor EXE/Script Advanced."""
    channels: list[dict[str, Any]] = []
    for one in found:
        if one.good_age_s is not None:
            channels.append(
                {
                    "channel": f"{one.name} last completed",
                    "value": int(one.good_age_s),
                    "unit": "TimeSeconds",
                    "limitmaxerror": int(max_age_s),
                    "limitmode": 1,
                }
            )
        if one.last is not None and one.last.suspended is not None:
            channels.append(
                {
                    "channel": f"{one.name} production held",
                    "value": one.last.suspended,
                    "unit": "TimeSeconds",
                    "float": 1,
                }
            )
    level, text = nagios_of(found, now, max_age_s)
    told = text.partition(" | ")[0]
    document: dict[str, Any] = {"prtg": {"result": channels, "text": told}}
    if level == 2:
        document = {"prtg": {"error": 1, "text": told}}
    return json.dumps(document, indent=1) + "\n"
