"""How fast the compiler is, beside what it cannot do without: one run, one table, and the goals.

`python bench/compiler.py [SIZES]...` makes specs of so many environments (10, 100 and 1000 unless given) and
measures on the same text, each in a process of its own that was forked off this one:

    check        text to resolved spec, all rules            beside Lark alone parsing the same text
    build        text to the bundles of all systems          beside rendering alone plus parsing the CL alone
    build again  the same text in the process that built it

Times are processor time, the best of a few runs; the works of a size take turns.  Memory is how far the
process grew at its peak, with everything that the work begins with.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import multiprocessing
import platform
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from importlib.resources import files
from itertools import pairwise
from typing import Any

from flashc.bundle import Bundle, build
from flashc.bundle.build import rendered
from flashc.bundle.context import system_context
from flashc.check import load
from flashc.check.model import Spec
from flashc.cl import parser as cl
from lark import Lark
from specs import spec_text

SIZES = (10, 100, 1000)
LONGEST_S = 1800
"""No single work takes so long; a process that does is given up."""

GROWTH = 1.2
"""How much more than in proportion the time may grow from one size to the next."""

CHECK, BUILD, REBUILD, HELP = 3.0, 2.5, 10.0, 2.5
"""The goals: check and build at most so many times what stands beside them, an unchanged spec at least so
many times faster, `flashc --help` at most so many times `import typer`."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a work took: seconds of processor time, and megabytes that the process grew by."""

    seconds: float
    megabytes: float


class Work:
    """A work on one spec: `prepare` makes what `run` begins with, and is not timed.

    `names` are the rows of the table: one for each run after the other in one process.
    """

    names: tuple[str, ...]

    def prepare(self, text: str) -> Any:
        return text

    def run(self, given: Any) -> object:
        raise NotImplementedError


class Check(Work):
    names = ("check",)

    def run(self, given: str) -> object:
        return _checked(given)


class LarkAlone(Work):
    """Lark's own parser with its usual options, which are its fastest; nothing is done with the tree."""

    names = ("Lark alone",)

    def run(self, given: str) -> object:
        return _LARK.parse(given)


class Build(Work):
    """From the text to all bundles, and the same once more."""

    names = ("build", "build again")

    def run(self, given: str) -> object:
        return _built(given)


class Rendering(Work):
    """Every CL source of every system from its template, and nothing else."""

    names = ("rendering alone",)

    def prepare(self, text: str) -> Any:
        return _contexts(_checked(text))

    def run(self, given: list[dict[str, Any]]) -> object:
        return [rendered(context) for context in given]


class ClAlone(Work):
    """The CL parser on the sources of the build, each different text once, as the build does."""

    names = ("CL parser alone",)

    def prepare(self, text: str) -> Any:
        contexts = _contexts(_checked(text))
        return list({source: None for context in contexts for source in rendered(context).values()})

    def run(self, given: list[str]) -> object:
        for source in given:
            cl.parse(source)
        return None


WORKS = (Check(), LarkAlone(), Build(), Rendering(), ClAlone())

_LARK = Lark(files("flashc.grammar").joinpath("flash.lark").read_text("utf-8"), parser="lalr")


def _checked(text: str) -> Spec:
    data = text.encode("utf-8")
    spec, problems = load("bench.flash", lambda _: data)
    if spec is None:
        raise SystemExit(f"the generated spec has errors: {problems[0].code} {problems[0].message}")
    return spec


def _built(text: str) -> list[Bundle]:
    spec = _checked(text)
    return [build(spec, system)[0] for system in spec.systems]


def _contexts(spec: Spec) -> list[dict[str, Any]]:
    digest = hashlib.sha256(spec.text.encode("utf-8")).hexdigest()
    return [system_context(spec, system, digest) for system in spec.systems]


# ---- measuring --------------------------------------------------------------------------------------


def measured(work: Work, text: str) -> dict[str, Cost]:
    """The cost of a work, in a process that was forked off this one."""
    forks = multiprocessing.get_context("fork")
    receiver, sender = forks.Pipe(duplex=False)
    process = forks.Process(target=_run_and_tell, args=(work, text, sender))
    process.start()
    sender.close()
    try:
        if not receiver.poll(LONGEST_S):
            raise SystemExit(f"{work.names[0]} was given up after {LONGEST_S} s")
        cost: dict[str, Cost] = receiver.recv()
    finally:
        process.kill()
        process.join()
    return cost


def _run_and_tell(work: Work, text: str, sender: Any) -> None:
    before = _peak_megabytes()
    given = work.prepare(text)
    cost = {}
    for name in work.names:
        gc.collect()
        start = time.process_time()
        result = work.run(given)
        cost[name] = Cost(time.process_time() - start, _peak_megabytes() - before)
        del result
    sender.send(cost)


def _peak_megabytes() -> float:
    """Most memory that this process has had; a forked one begins with that of its parent at that time."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)


def costs(text: str, runs: int) -> dict[str, Cost]:
    """The least of a few runs of every work on a text."""
    found: dict[str, list[Cost]] = {}
    for _ in range(runs):
        for work in WORKS:
            for name, cost in measured(work, text).items():
                found.setdefault(name, []).append(cost)
    return {
        name: Cost(min(c.seconds for c in of), min(c.megabytes for c in of)) for name, of in found.items()
    }


def starts(runs: int) -> tuple[float, float]:
    """Seconds of processor time of `flashc --help` and of `import typer`, in new Pythons, taking turns."""
    calls = (("-m", "flashc.cli.main", "--help"), ("-c", "import typer"))
    best = [float("inf"), float("inf")]
    for _ in range(runs):
        for number, call in enumerate(calls):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run([sys.executable, *call], check=True, stdout=subprocess.DEVNULL, timeout=LONGEST_S)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            best[number] = min(best[number], seconds)
    return best[0], best[1]


# ---- telling ----------------------------------------------------------------------------------------


def table(found: dict[int, dict[str, Cost]], sizes: dict[int, int]) -> str:
    """Time and memory of every work at every size."""
    lines = [f"{'environments':24}" + "".join(f"{size:>22}" for size in found)]
    lines.append(f"{'text':24}" + "".join(f"{sizes[size] / 1e3:>19.0f} kB" for size in found))
    for name in (name for work in WORKS for name in work.names):
        cells = (f"{c[name].seconds * 1e3:>10.1f} ms {c[name].megabytes:>5.0f} MB" for c in found.values())
        lines.append(f"{name:24}" + "".join(f"{cell:>22}" for cell in cells))
    return "\n".join(lines)


def goals(
    found: dict[int, dict[str, Cost]], help_s: float, typer_s: float
) -> list[tuple[str, float, str, bool]]:
    """Each goal: its name, what was measured, what is wanted, whether it is met."""
    out: list[tuple[str, float, str, bool]] = []

    def most(name: str, ratio: float, limit: float) -> None:
        out.append((name, ratio, f"at most {limit:g}", ratio <= limit))

    for size, cost in found.items():
        took = {name: c.seconds for name, c in cost.items()}
        most(f"check({size}) : Lark alone", took["check"] / took["Lark alone"], CHECK)
        alone = took["rendering alone"] + took["CL parser alone"]
        most(f"build({size}) : rendering + CL parser", took["build"] / alone, BUILD)
        faster = took["build"] / took["build again"]
        out.append((f"build({size}) : build again", faster, f"at least {REBUILD:g}", faster >= REBUILD))
    sizes = list(found)
    for small, large in pairwise(sizes):
        if small < 100:
            continue  # what does not depend on the size is still a good part of the time
        for name in ("check", "build"):
            ratio = found[large][name].seconds / found[small][name].seconds
            most(f"{name}({large}) : {name}({small})", ratio, GROWTH * large / small)
    most("flashc --help : import typer", help_s / typer_s, HELP)
    return out


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description="How fast the compiler is, beside what it cannot do without."
    )
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES, metavar="SIZES", help="environments")
    parser.add_argument("--runs", type=int, default=0, help="runs of each work (more for small sizes)")
    arguments = parser.parse_args()
    every_kind = spec_text(12)  # what is made at the first use is made before anything is measured
    for work in WORKS:
        work.run(work.prepare(every_kind))
    found: dict[int, dict[str, Cost]] = {}
    lengths: dict[int, int] = {}
    for size in sorted(set(arguments.sizes)):
        text = spec_text(size)
        lengths[size] = len(text)
        found[size] = costs(text, arguments.runs or max(2, min(7, 400 // size)))
    help_s, typer_s = starts(arguments.runs or 15)
    print(f"Python {platform.python_version()}, {platform.system()} {platform.machine()}\n")
    print(table(found, lengths))
    print(f"\nflashc --help {help_s * 1e3:.0f} ms, import typer {typer_s * 1e3:.0f} ms\n")
    for name, ratio, wanted, met in goals(found, help_s, typer_s):
        print(f"{name:40} {ratio:6.2f}   {wanted:12}  {'met' if met else 'NOT MET'}")


if __name__ == "__main__":
    main()
