"""What `history`, `log`, `status` and `report` share: from where the records are read, and how they are told.

With SPEC or --system it is the partition, over SSH; with --world a rehearsal that was kept.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from flashc.cli.partition import connected, pins_path, places, telling

if TYPE_CHECKING:
    from flashc.check.model import Spec, System
    from flashc.records import Place
    from flashc.records.history import RunView
    from flashc.records.model import Row, RunRow

WRONG_USAGE = 64
RUN_DIGITS = 14

SpecOption = Annotated[
    str,
    typer.Argument(
        help="The main .flash file; without it, the one in this folder that declares the system.",
        metavar="[SPEC]",
        show_default=False,
    ),
]
WordsOption = Annotated[
    list[str] | None,
    typer.Argument(
        help="The main .flash file (as for `flashc history`), and the run's 14 digits; else the last run.",
        metavar="[SPEC] [RUN]",
        show_default=False,
    ),
]
SystemOption = Annotated[
    str, typer.Option("--system", metavar="S", help="The system, by its name in the spec; read over SSH.")
]
WorldOption = Annotated[
    Path | None,
    typer.Option("--world", metavar="DIR", help="Read a rehearsal instead: rehearse --keep DIR."),
]
EnvironmentOption = Annotated[str, typer.Option("--environment", help="Only this environment.")]


def stop(message: str, as_json: bool, status: int = WRONG_USAGE) -> NoReturn:
    """Say what is wrong and end with this status."""
    from flashc.cli.output import harmless, write_json

    typer.echo(harmless(f"flashc: {message}"), err=True)
    if as_json:
        write_json({"error": {"status": status, "message": message}})
    raise typer.Exit(status)


@contextlib.contextmanager
def opened(
    spec: str,
    system: str,
    world: Path | None,
    known_hosts: Path | None,
    key: str,
    connect_map: Path | None,
    as_json: bool,
) -> Iterator[Place]:
    """The place to read; what cannot be read ends with its status and text."""
    from flashc.records import product_of
    from flashc.records.kept import KeptPlace
    from flashc.records.partition import PartitionPlace

    if world is not None:
        if spec:
            stop("name a spec or --world, not both", as_json)
        with telling(as_json):
            yield KeptPlace(_kept_folder(world, system, as_json))
        return
    if not spec and not system:
        stop("name a spec, --system S or --world DIR", as_json)
    from flashc.deploy.trust import pins_bytes

    path, checked, wanted = _declared(spec, system, as_json)
    where = places(connect_map)
    with telling(as_json):
        pins = pins_bytes(pins_path(path, known_hosts))
        with connected(wanted, pins, key, where) as session:
            yield PartitionPlace(product_of(checked, wanted), session)


def _kept_folder(world: Path, system: str, as_json: bool) -> Path:
    """The folder itself, or, of a rehearsal of several systems, the one of `system`."""
    from flashc.records.kept import FILE

    if (world / FILE).is_file():
        return world
    inside = sorted(path.parent.name for path in world.glob(f"*/{FILE}"))
    if system in inside or len(inside) == 1:
        return world / (system or inside[0])
    if inside:
        stop(f"{world} has several systems; name one with --system: {', '.join(inside)}", as_json)
    return world


def _declared(spec: str, system: str, as_json: bool) -> tuple[str, Spec, System]:
    """The spec and its system; without a spec, the one of this folder that declares it."""
    from flashc.check import load
    from flashc.cli.bundles import loaded, system_of

    if spec:
        checked, _, _ = loaded(spec, as_json)
        return spec, checked, system_of(checked, system)
    found = []
    for path in sorted(Path().glob("*.flash")):
        one, _ = load(str(path))
        if one is not None and system in [s.name for s in one.systems]:
            found.append((str(path), one))
    if len(found) != 1:
        names = ", ".join(path for path, _ in found)
        stop(
            f"several specs of this folder declare {system}: name one of {names}"
            if found
            else f"no spec in this folder declares a system {system}: name the spec",
            as_json,
        )
    name, only = found[0]
    return name, only, system_of(only, system)


def spec_and_run(words: Sequence[str] | None, as_json: bool) -> tuple[str, str]:
    """Which of the words is the run (14 digits), and which the spec; "" for what is not there."""
    given = list(words or ())
    runs = [word for word in given if len(word) == RUN_DIGITS and word.isdigit()]
    specs = [word for word in given if word not in runs]
    if len(runs) > 1 or len(specs) > 1:
        stop(f"one spec and one run at most, not {' '.join(given)}", as_json)
    return specs[0] if specs else "", runs[0] if runs else ""


def chosen_run(place: Place, run: str, environment: str, as_json: bool) -> RunRow:
    """The run of this id, or the last one (of the environment)."""
    rows = [r for r in place.runs() if environment in ("", r.environment) and run in ("", r.run)]
    if not rows:
        stop(f"there is no such run: {run or environment or 'the history is empty'}", as_json)
    return rows[0]


def view_of(place: Place, row: RunRow, rows: Sequence[Row]) -> RunView:
    """A run as it is shown."""
    from flashc.records.history import view

    return view(row, rows, place.product.environment(row.environment))


def clock(time: dt.datetime | None, day: bool = True) -> str:
    """A time for people."""
    if time is None:
        return "-"
    return time.strftime("%Y-%m-%d %H:%M:%S" if day else "%H:%M:%S")


def length(seconds: float | None) -> str:
    """Hours and minutes."""
    if seconds is None:
        return "-"
    minutes = int(seconds) // 60
    return f"{minutes // 60}:{minutes % 60:02d}"


def window(run: RunView) -> str:
    """How long production was held, split; "" where it was not."""
    if run.suspended is None:
        return ""
    parts = (("quiesce", run.quiesce), ("hold", run.hold), ("resume", run.resume))
    split = ", ".join(f"{name} {seconds:.1f}" for name, seconds in parts if seconds is not None)
    return f"{run.suspended:.1f} s" + (f" ({split})" if split else "")
