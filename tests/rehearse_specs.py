"""Random whole specs, built and rehearsed: what is right must be refused by nobody and complete.

    .venv/bin/python tests/rehearse_specs.py [--seed N] [--count N] [--first N] [--faults N] [--jobs N]
        [--keep FOLDER]

Each spec (`random_specs`) is checked, built, and rehearsed in memory on the site derived from it, all of its
environments in one week.  A line is printed for each: how many runs it had, and what was wrong.  Wrong is

- an error of `flashc check`, or anything that the build, the deployment or the twin stops with;
- a run that does not complete, an invariant that does not hold, an expectation that is not met;
- a message FLE in the journal of a run that completes.

With `--faults N` a night of each spec without a finding is played again with each of N faults, and with each
of N pairs of faults, all by chance; what is not survived is wrong as well.

The files of a spec with a finding stay in the folder, and the command line that plays it again is printed.
The same seed and number give the same spec and the same faults.  Ends with status 5 when anything was found.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import shutil
import signal
import sys
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from random import Random

from flashc.check import load
from flashc.check.model import Spec
from flashc.cli.bundles import bundle_of
from flashc.cli.campaign.campaign import Tally, campaign
from flashc.cli.campaign.choose import Choice
from flashc.cli.campaign.deployed import deployed
from flashc.cli.rehearsing import rehearse
from flashc.cli.runs import Run
from flashc.cli.site_choice import choose_site
from random_specs import random_spec

LIMIT_S = 600
"""Real seconds that a spec may take; longer ones hang.  Each night with a fault has a limit of its own."""

MOST = 100_000
"""Numbers of specs below this have faults of their own with each seed."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a spec: how many runs it has, how many faults struck, each finding in a sentence, and
    what to add to the command that plays it again.
    """

    runs: int
    findings: tuple[str, ...]
    faults: int = 0
    options: str = ""


def written(folder: Path, seed: int, number: int) -> Path:
    """The main file of a spec, written with all others into an empty folder."""
    for path, text in random_spec(Random(f"{seed}/{number}")).items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder / "any.flash"


def rehearsed(main: Path) -> Outcome:
    """The findings of a spec that is built and rehearsed."""
    spec, problems = load(str(main))
    errors = [f"check: {one.code} {one.message}" for one in problems if one.severity == "error"]
    if spec is None or errors:
        return Outcome(0, tuple(errors))
    runs = 0
    findings: list[str] = []
    for system in dict.fromkeys(e.clone.source.name for e in spec.environments):
        found = rehearse(spec, bundle_of(spec, system), choose_site(spec).site, mode="memory").runs
        runs += len(found)
        findings += [f"{run.environment}: {one}" for run in found for one in wrong(run)]
    return Outcome(runs, tuple(findings))


def right(main: Path) -> Spec:
    """The spec, which was found right before."""
    spec, problems = load(str(main))
    if spec is None:
        raise AssertionError(problems)
    return spec


def disturbed(main: Path, seed: int, number: int, faults: int) -> Outcome:
    """What is not survived of so many faults, and as many pairs, in a night of a spec that is right."""
    spec = right(main)
    environment = Random(f"faults {seed}/{number}").choice(spec.environments)
    bundle = bundle_of(spec, environment.clone.source.name)
    tally = Tally()
    with deployed(spec, bundle, choose_site(spec).site) as world:
        choice = Choice(sample=faults, pairs=faults, seed=seed * MOST + number)
        campaign(world, [environment.name], choice, tally, at_once=1)
    # What a run must come to is promised for limits that are longer than the fault lasts.
    bad = [one for one in tally.violations if one.invariant != "outcome"]
    named = [(" ".join(f"--fault '{one}'" for one in found.faults), found) for found in bad]
    findings = tuple(f"{faults}: {found.invariant} {found.detail}" for faults, found in named)
    options = f" --environment {environment.name} --faults {named[0][0]}" if named else ""
    return Outcome(0, findings, tally.injected, options)


def wrong(run: Run) -> list[str]:
    """What a run that should have completed shows of anything else."""
    found = [] if run.result == "completed" else [f"{run.result}: {run.detail}"]
    found += [f"{one.id} broken: {one.detail}" for one in run.broken]
    if run.result == "completed":
        found += [f"{one.text}: {one.detail}" for one in run.expectations if not one.held]
    notes = [f"{step.code} {step.msgid} {step.text}" for step in run.steps if step.msgid.startswith("FLE")]
    return found + [note for note in notes if note not in run.detail]


def outcome(keep: Path, seed: int, faults: int, number: int) -> tuple[int, Outcome]:
    """The outcome of a spec of the seed; its files are left where there is a finding."""
    folder = keep / f"{seed}-{number}"
    shutil.rmtree(folder, ignore_errors=True)

    def late(*_: object) -> None:
        raise TimeoutError(f"not over within {LIMIT_S} s")

    signal.signal(signal.SIGALRM, late)
    signal.alarm(LIMIT_S)
    try:
        main = written(folder, seed, number)
        found = rehearsed(main)
        signal.alarm(0)
        if faults and not found.findings:
            found = replace(disturbed(main, seed, number, faults), runs=found.runs)
    except Exception as error:  # noqa: BLE001 - whatever it stops with is a finding
        place = traceback.extract_tb(error.__traceback__)[-1]
        told = f"{type(error).__name__} at {Path(place.filename).name}:{place.lineno}: {error}"
        found = Outcome(0, (told,))
    finally:
        signal.alarm(0)
    if not found.findings:
        shutil.rmtree(folder)
    return number, found


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=1, help="which specs (default 1)")
    parser.add_argument("--count", type=int, default=20, help="how many (default 20)")
    parser.add_argument("--first", type=int, default=1, help="the number of the first of them (default 1)")
    parser.add_argument(
        "--faults", type=int, default=0, help="faults, and pairs of faults, in a night of each"
    )
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="at the same time")
    parser.add_argument("--keep", type=Path, default=Path("build/specs"), help="folder (default build/specs)")
    asked = parser.parse_args(arguments)
    numbers = range(asked.first, asked.first + asked.count)
    runs, bad, faults = 0, 0, 0
    with multiprocessing.get_context("fork").Pool(asked.jobs) as pool:
        for number, found in pool.imap(partial(outcome, asked.keep, asked.seed, asked.faults), numbers):
            runs += found.runs
            faults += found.faults
            bad += bool(found.findings)
            struck = f", {found.faults} faults" if asked.faults else ""
            end = "" if found.findings else ", nothing found\n"
            print(f"{asked.seed}-{number}: {found.runs} runs{struck}", end=end)
            if found.findings:
                print("".join(f"\n    {one}" for one in found.findings))
                main = asked.keep / f"{asked.seed}-{number}" / "any.flash"
                print(f"    again: flashc rehearse {main}{found.options or ' --mode memory'}")
            sys.stdout.flush()
    struck = f", {faults} nights with faults" if asked.faults else ""
    print(f"{asked.count} specs, {runs} runs{struck}; {bad} specs with findings")
    return 5 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
