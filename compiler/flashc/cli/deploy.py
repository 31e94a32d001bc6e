"""`flashc deploy`: bring the partition to what the spec says."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from flashc.cli.partition import (
    GuardOption,
    JsonOption,
    KeyOption,
    KnownHostsOption,
    MapOption,
    SpecArgument,
    SystemOption,
    bundle_for,
    connected,
    may,
    pins_path,
    places,
    say,
    telling,
)

if TYPE_CHECKING:
    from flashc.bundle import Bundle
    from flashc.deploy import DeployResult
    from flashc.deploy.execute import Failure, Report


def register(app: typer.Typer) -> None:
    """Add the command to the main app."""
    app.command("deploy")(deploy)


def deploy(
    spec: SpecArgument,
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False,
    guard: GuardOption = False,
    known_hosts: KnownHostsOption = None,
    key: KeyOption = "",
    system: SystemOption = "",
    as_json: JsonOption = False,
    connect_map: MapOption = None,
) -> None:
    """Show the plan, ask, and do exactly that: files, objects, programs, messages, schedule entries.

    It stops at the first failure and goes on from there when it is run again.  Keys are never uploaded.
    Schedule entries are made when the partition has proven to be production: on a first deployment they
    follow, once the security officer's commands are entered and deploy is run again.

    \b
    Examples:
      flashc deploy nightly.flash
      flashc deploy nightly.flash --yes --key ~/.ssh/flashc

    Exit status: 0 done or no change, 1 the spec has errors, 2 not done because you did not agree, 3 the
    partition could not be reached or a command on it failed, 4 refused for safety.
    """
    from flashc.cli.output import write_json
    from flashc.cli.plan import show
    from flashc.deploy import DeployResult, execute
    from flashc.deploy.facts import gather
    from flashc.deploy.plan import plan as make_plan
    from flashc.deploy.record import Record
    from flashc.deploy.stamps import note_stamps
    from flashc.deploy.trust import pins_bytes

    bundle = bundle_for(spec, system, as_json)
    where = places(connect_map)
    agreed = True
    with telling(as_json):
        pins = pins_bytes(pins_path(spec, known_hosts))
        with connected(bundle.system, pins, key, where) as session:
            facts = gather(bundle, session)
            found = make_plan(bundle, facts, pins, guard=guard)
            if not as_json:
                show(found, f"{bundle.system.name} ({bundle.system.host})")
            result = DeployResult(found)
            if found.operations and not found.refused:
                agreed = may(f"Do this on {bundle.system.name}?", yes)
            if agreed:
                with _progress(as_json) as report:
                    record = facts.record or Record(bundle.manifest["library"])
                    result = execute(bundle, session, found, record, report)
                if result.complete:
                    note_stamps(bundle, session, found, record, pins)
    if as_json:
        write_json(result.as_json())
    else:
        _tell(bundle, result, agreed)
    raise typer.Exit(_status(result, agreed))


def _status(result: DeployResult, agreed: bool) -> int:
    if result.plan.refused:
        return 4
    if not agreed:
        return 2
    return 0 if result.complete else 3


def _tell(bundle: Bundle, result: DeployResult, agreed: bool) -> None:
    from flashc.cli.output import harmless, show
    from flashc.cli.plan import show_officer

    if result.plan.refused:
        typer.echo("flashc: nothing was done; see what is marked refused.", err=True)
        return
    failure = result.failure
    if failure is not None:
        print(harmless(f"flashc: {failure.operation.name} failed: {failure.command}"), file=sys.stderr)
        if failure.diagnostics:
            show(list(failure.diagnostics), _texts(bundle, failure))
        else:
            for line in failure.listing or [str(m) for m in failure.messages]:
                print(harmless(f"  {line}"), file=sys.stderr)
        done, total = len(result.done), len(result.plan.operations)
        typer.echo(
            f"flashc: {done} of {total} are done and recorded. Put it right and run flashc deploy again.",
            err=True,
        )
    elif agreed and result.done:
        say(f"\n{len(result.done)} done on {result.plan.system}.")
    if failure is None and agreed:
        show_officer(result.plan)


def _texts(bundle: Bundle, failure: Failure) -> dict[str, str]:
    """The texts that the diagnostics of a compile point to: generated sources, and the spec's files."""
    from flashc.check import read_file
    from flashc.syntax.source import shown

    texts: dict[str, str] = {}
    for span in (s for d in failure.diagnostics for s in (d.span, *(r.span for r in d.related))):
        data = bundle.files[span.file] if span.file in bundle.files else read_file(span.file)
        texts[span.file] = shown(data)
    return texts


@contextmanager
def _progress(quiet: bool) -> Iterator[Report]:
    """A bar on a terminal; nothing otherwise."""
    from flashc.deploy import Step

    if quiet or not sys.stderr.isatty():
        yield lambda _step: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}", markup=False))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def report(step: Step) -> None:
            bar.update(task, completed=step.done, total=step.total, description=step.what)

        yield report
