"""Nights of other work than BRMS's: the example's spec and site with that work in their place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from flashc.cli.stage import Stage
from nights import EXAMPLES, Change, Edit, Played, played

_SPEC = (EXAMPLES / "nightly_brms.flash").read_text(encoding="utf-8")
BRMS = _SPEC[_SPEC.index("    on clone brms {") : _SPEC.index("    boot within")]
MAINTENANCE: Change = ("    afterwards maintenance brms without movement\n", "")

HARDWARE = 'volumes = ["BRM001", "BRM002", "BRM003", "BRM004", "BRM005", "BRM006"]'
LIBRARIES = 'tape_libraries = [{ name = "TAPMLB01", hardware = "TS4300", drives = ["TAP01", "TAP02"] }]'
PROGRAMS = '{ library = "APPLIB", name = "INVOICES", lasts = "20m" },'


def work(block: str) -> tuple[Change, ...]:
    """The changes of the example's spec that let the clone do this instead."""
    return ((BRMS, f"    {block}\n"), MAINTENANCE)


def save21(device: str, within: str = "8h") -> tuple[Change, ...]:
    """The whole system saved to a device."""
    return work(f"on clone save21 {{ save to {device} within {within} }}")


def user(*lines: str) -> tuple[Change, ...]:
    """Commands of the site."""
    return work("on clone user {\n" + "".join(f"        {line}\n" for line in lines) + "    }")


def program(name: str, lasts: str = "1m", *commands: str, escape: str = "") -> str:
    """A program of the site, for the site file."""
    run = ", ".join(f'"{command}"' for command in commands)
    return (
        f'{{ library = "APPLIB", name = "{name}", lasts = "{lasts}", escape = "{escape}", '
        f"commands = [{run}] }},"
    )


def programs(*lines: str) -> Change:
    """The site's own programs and these."""
    return PROGRAMS, "\n    ".join([PROGRAMS, *lines])


@contextmanager
def worked(
    spec: tuple[Change, ...],
    changes: Sequence[Change] = (),
    edits: Sequence[Edit] = (),
    prepare: Callable[[Stage], None] | None = None,
) -> Iterator[Played]:
    """A night with that work."""
    with played(edits, changes, spec=spec, prepare=prepare) as night:
        yield night


def clone_steps(night: Played) -> list[str]:
    """The codes of the clone's good steps in their order."""
    return [step.code for step in night.run.steps if step.side == "clone" and step.kind == "result"]


def notes(night: Played) -> list[str]:
    """What went wrong, as code and message."""
    return [f"{step.code} {step.msgid} {step.text}" for step in night.run.steps if step.kind == "note"]


def home(night: Played) -> dict[str, bytes]:
    """The files of the delivery as they lie on production."""
    folder = night.stage.image.ifs / "flashc/BCKFLASHP/inbox" / night.started.run
    return {path.name: path.read_bytes() for path in folder.iterdir()} if folder.is_dir() else {}
