"""Runs the fault campaigns of the examples and writes what they found into docs/safety.md.

    .venv/bin/python docs/measure_faults.py [--sample N] [--pairs N] [--readings N] [--jobs N] [SPEC]...
    .venv/bin/python docs/measure_faults.py --deep [--sample N] [--pairs N] [--jobs N] SPEC...

Without --sample every fault at every point is played, which takes hours; `make faults` does that.  With
--readings as many faults of one example are played under the milder side of each harsher reading of the
twin.  The sample of each spec is drawn with a seed of its own, so that they show different faults.  The block
between `<!-- measured: faults -->` and `<!-- end -->` is replaced, violations included.  Ends with status 5
when there are any.

With --deep the block behind `<!-- measured: faults, deep -->` is replaced instead: one example with many
faults, or all of them, beside a few of each.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import platform
import re
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from flashc.cli.site_choice import READINGS

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "safety.md"
SHOWN = 40
"""Violations that are listed; the number of all stands in the table."""


READ = ROOT / "examples" / "nightly_brms.flash"
"""The example that is played under each reading."""


def campaign(spec: Path, sample: int, pairs: int, seed: int, jobs: int, *reading: str) -> dict[str, Any]:
    """One example's campaign, by the command line that anybody would use."""
    command = [
        sys.executable,
        "-c",
        "from flashc.cli.main import main; main()",
        "rehearse",
        str(spec),
        "--faults",
        "--json",
    ]
    command += ["--sample", str(sample), "--pairs", str(pairs), "--seed", str(seed), "--jobs", str(jobs)]
    command += [word for name in reading for word in ("--reading", name)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    if done.returncode not in (0, 5):
        raise SystemExit(f"{spec.name}: exit status {done.returncode}: {done.stdout.decode()[:500]}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def block(
    found: dict[str, dict[str, Any]],
    readings: dict[str, dict[str, Any]],
    how: str,
    seconds: float,
    cores: int,
) -> str:
    """The text for the page; `readings` are the tallies by the reading whose milder side was taken."""
    nights = sum(one["nights"] for one in [*found.values(), *readings.values()])
    today = dt.datetime.now(dt.UTC)
    lines = [
        f"{today.day} {today:%B %Y}, {how}, {platform.system()} {platform.machine()}, {cores} of "
        f"{os.cpu_count()} cores: "
        f"{nights} simulated nights in {seconds:.0f} s, {nights / seconds / cores:.2f} a second and core.",
        "",
        "| spec | points | injected | survived | completed | had to | failed | refused | violations |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    kinds: Counter[str] = Counter()
    for name, one in found.items():
        outcomes = one["outcomes"]
        cells = [one["points"], one["injected"], one["survived"]]
        cells += [outcomes.get("completed", 0), one["promised"].get("completed", 0)]
        cells += [outcomes.get(result, 0) for result in ("failed", "refused")]
        lines.append(f"| {name} | " + " | ".join(str(n) for n in [*cells, len(one["violations"])]) + " |")
        kinds.update(one["by_kind"])
    lines += ["", "| kind of fault | injected |", "|---|---|"]
    lines += [f"| {kind} | {count} |" for kind, count in sorted(kinds.items())]
    if readings:
        lines += [
            "",
            f"{READ.name}, under the milder side of each [harsher reading](twin.md#the-harsher-readings):",
        ]
        lines += ["", "| reading | injected | survived | violations |", "|---|---|---|---|"]
    for name, one in readings.items():
        cells = (one["injected"], one["survived"], len(one["violations"]))
        lines.append(f"| `{name}` | " + " | ".join(str(n) for n in cells) + " |")
    shown = {**found, **{f"{READ.name} --reading {name}": one for name, one in readings.items()}}
    violations = [(name, one) for name, of in shown.items() for one in of["violations"]]
    if violations:
        lines += [
            "",
            f"Not survived ({len(violations)} findings, the first {min(SHOWN, len(violations))}):",
            "",
        ]
    for name, one in violations[:SHOWN]:
        detail = " ".join(one["detail"].split()).replace("<", "&lt;")[:160].rstrip()
        lines.append(f"- {name}, `{one['fault']}`: {one['invariant']}: {detail}")
    return "\n".join(lines) + "\n"


def write(what: str, text: str) -> None:
    """Replace the block of the page that is measured so."""
    block = re.compile(rf"(<!-- measured: {what} -->\n)(.*?)(<!-- end -->)", re.DOTALL)
    page, found = block.subn(lambda match: match[1] + text + match[3], PAGE.read_text(encoding="utf-8"))
    if found != 1:
        raise SystemExit(f"{PAGE.name} has {found} blocks 'measured: {what}'")
    PAGE.write_text(page, encoding="utf-8")


def main() -> int:
    """Measure and write."""
    parser = argparse.ArgumentParser(description="Fault campaigns of the examples, into docs/safety.md.")
    parser.add_argument("specs", nargs="*", type=Path)
    parser.add_argument("--sample", type=int, default=0, help="so many faults of each spec; 0: all")
    parser.add_argument("--pairs", type=int, default=0, help="so many nights with two faults of each spec")
    parser.add_argument("--readings", type=int, default=0, help="so many faults under each reading")
    parser.add_argument("--deep", action="store_true", help="a block of its own for the specs named")
    parser.add_argument("--jobs", type=int, default=0, help="nights side by side; 0: one a processor")
    wanted = parser.parse_args()
    if wanted.deep and (not wanted.specs or wanted.readings):
        parser.error("--deep wants the specs, and no --readings")
    began, found, readings = time.monotonic(), {}, {}
    for seed, spec in enumerate(wanted.specs or sorted((ROOT / "examples").glob("*.flash")), 1):
        found[spec.name] = campaign(spec, wanted.sample, wanted.pairs, seed, wanted.jobs)
        one = found[spec.name]
        print(f"{spec.name}: {one['injected']} injected, {one['survived']} survived", flush=True)
    how = f"a sample of {wanted.sample} faults a spec" if wanted.sample else "all single faults"
    how += f" and {wanted.pairs} pairs" if wanted.pairs else ""
    for seed, name in enumerate(READINGS if wanted.readings else (), 101):
        readings[name] = campaign(READ, wanted.readings, 0, seed, wanted.jobs, name)
        print(f"{name}: {readings[name]['survived']} of {readings[name]['injected']} survived", flush=True)
    cores = wanted.jobs or os.cpu_count() or 1
    text = block(found, readings, how, time.monotonic() - began, cores)
    write("faults, deep" if wanted.deep else "faults", text)
    return 5 if any(one["violations"] for one in [*found.values(), *readings.values()]) else 0


if __name__ == "__main__":
    sys.exit(main())
