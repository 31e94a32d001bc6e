"""Runs the fault campaigns of the examples and writes what they found into docs/safety.md.

    .venv/bin/python docs/measure_faults.py [--sample N] [--pairs N] [--readings N] [--jobs N] [SPEC]...
    .venv/bin/python docs/measure_faults.py --keep FOLDER [--parts N] ...
    .venv/bin/python docs/measure_faults.py --deep [--sample N] [--pairs N] [--jobs N] SPEC...

Without --sample every fault at every point is played, which takes days; `make faults` does that.  With
--keep each campaign is played in so many parts, and what each of them found is kept in the folder: what was
interrupted goes on behind the last part that was played to its end, with the same options and the same
sources only.  --so-far plays nothing and writes what is kept.

With --readings as many faults of one example are played under the milder side of each harsher reading of the
twin.  The sample of each spec is drawn with a seed of its own, so that they show different faults.  The block
between `<!-- measured: faults -->` and `<!-- end -->` is replaced, violations included.  Ends with status 5
when there are any.

With --deep the block behind `<!-- measured: faults, deep -->` is replaced instead: one example with many
faults, or all of them, beside a few of each.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import json
import os
import platform
import re
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flashc.cli.site_choice import READINGS

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "safety.md"
SHOWN = 40
"""Violations that are listed; the number of all stands in the table."""


READ = ROOT / "examples" / "nightly_brms.flash"
"""The example that is played under each reading."""


SOURCES = ("compiler", "examples", "grammar", "runtime", "templates_cl", "twin")
"""The folders on which the outcome of a campaign depends."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """What the parts that were played to their end have found, a file each, kept in `folder`."""

    folder: Path
    sources: str

    def of(self, name: str, command: list[str]) -> Path:
        """The file of a part."""
        said = hashlib.sha256(" ".join([self.sources, *command]).encode()).hexdigest()
        return self.folder / f"{name}.{said[:16]}.json"


def digest_of_sources() -> str:
    """A digest of all that a campaign plays."""
    digest = hashlib.sha256()
    for path in sorted(one for folder in SOURCES for one in (ROOT / folder).rglob("*") if one.is_file()):
        if "__pycache__" not in path.parts:
            digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def campaigns(
    asked: dict[Path, list[str]], parts: int, ledger: Ledger | None, so_far: bool
) -> dict[Path, dict[str, Any]]:
    """What the parts of each example's campaign found together, by the command line of everybody.

    The first part of all comes before the second of any: what is interrupted has found something of each.
    `asked` has the options by the example; "seconds" are real ones, of earlier runs too; "parts" are as many
    as were played, with `so_far` those that are kept.
    """
    whole: dict[Path, dict[str, Any]] = {}
    for number in range(1, parts + 1):
        for spec, options in asked.items():
            wanted = ["rehearse", str(spec), "--faults", "--json", *options, "--part", f"{number}/{parts}"]
            kept = ledger.of(f"{spec.stem}.{number}-of-{parts}", wanted) if ledger else None
            if kept is not None and kept.exists():
                found = json.loads(kept.read_text(encoding="utf-8"))
            elif so_far:
                continue
            else:
                found = _played(wanted)
                if kept is not None:
                    _keep(kept, found)
            whole[spec] = _together(whole[spec], found) if spec in whole else found
            part = f": part {number} of {parts}" if parts > 1 else ""
            print(f"{spec.name}{part}: {_said(whole[spec])}", flush=True)
    return whole


def _played(wanted: list[str]) -> dict[str, Any]:
    began = time.monotonic()
    command = [sys.executable, "-c", "from flashc.cli.main import main; main()", *wanted]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    if done.returncode not in (0, 5):
        raise SystemExit(f"{' '.join(wanted)}: exit status {done.returncode}: {done.stdout.decode()[:500]}")
    found: dict[str, Any] = json.loads(done.stdout)
    return {**found, "seconds": time.monotonic() - began, "parts": 1}


def _keep(path: Path, found: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_text(json.dumps(found), encoding="utf-8")
    unfinished.replace(path)


def _together(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """What two parts found: counts are added, but for the points, which each part has all of."""
    both = dict(one)
    for name in (
        "injected",
        "completed_though_disturbed",
        "survived",
        "not_fired",
        "nights",
        "seconds",
        "parts",
    ):
        both[name] = one[name] + other[name]
    for name in ("by_kind", "outcomes", "promised"):
        both[name] = dict(Counter(one[name]) + Counter(other[name]))
    both["violations"] = one["violations"] + other["violations"]
    return both


def _said(found: dict[str, Any]) -> str:
    return f"{found['injected']} injected, {found['survived']} survived"


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
        cells = [one["injected"], one["survived"], len(one["violations"])]
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
    parser.add_argument("--keep", type=Path, help="what each part found; a run that is interrupted goes on")
    parser.add_argument("--parts", type=int, default=40, help="with --keep: parts of each campaign (40)")
    parser.add_argument("--so-far", action="store_true", help="with --keep: play nothing, write what is kept")
    wanted = parser.parse_args()
    if wanted.so_far and not wanted.keep:
        parser.error("--so-far wants --keep")
    if wanted.deep and (not wanted.specs or wanted.readings):
        parser.error("--deep wants the specs, and no --readings")
    ledger = Ledger(wanted.keep, digest_of_sources()) if wanted.keep else None
    readings: dict[str, dict[str, Any]] = {}

    def options(sample: int, pairs: int, seed: int) -> list[str]:
        numbers = {"--sample": sample, "--pairs": pairs, "--seed": seed, "--jobs": wanted.jobs}
        return [word for name, number in numbers.items() for word in (name, str(number))]

    specs = wanted.specs or sorted((ROOT / "examples").glob("*.flash"))
    asked = {spec: options(wanted.sample, wanted.pairs, seed) for seed, spec in enumerate(specs, 1)}
    parts = wanted.parts if ledger else 1
    found = {spec.name: one for spec, one in campaigns(asked, parts, ledger, wanted.so_far).items()}
    if not found:
        raise SystemExit("nothing is kept, with these options and these sources")
    how = f"a sample of {wanted.sample} faults a spec" if wanted.sample else "all single faults"
    how += f" and {wanted.pairs} pairs" if wanted.pairs else ""
    for seed, name in enumerate(READINGS if wanted.readings else (), 101):
        print(f"reading {name}:", flush=True)
        under = {READ: [*options(wanted.readings, 0, seed), "--reading", name]}
        if tally := campaigns(under, 1, ledger, wanted.so_far):
            readings[name] = tally[READ]
    every = [*found.values(), *readings.values()]
    played, whole = sum(one["parts"] for one in found.values()), len(asked) * parts
    how += f", {played} of {whole} even parts" if played < whole else ""
    cores = wanted.jobs or os.cpu_count() or 1
    text = block(found, readings, how, sum(one["seconds"] for one in every), cores)
    write("faults, deep" if wanted.deep else "faults", text)
    return 5 if any(one["violations"] for one in every) else 0


if __name__ == "__main__":
    sys.exit(main())
