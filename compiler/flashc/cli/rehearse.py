"""`flashc rehearse`: play a spec's runs on a simulated site and judge them."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NoReturn

import typer

if TYPE_CHECKING:
    from flashc.check.model import Spec
    from flashc.cli.campaign.choose import Choice
    from flashc.cli.rehearsing import Rehearsal
    from flashc.cli.site_choice import SiteChoice
    from flashc.cli.stage import Observer

FAILED = 5
WRONG_USAGE = 64


def register(app: typer.Typer) -> None:
    """Add the command to the main app."""
    app.command("rehearse", no_args_is_help=True)(rehearse)


def rehearse(
    spec: Annotated[str, typer.Argument(help="The main .flash file.", metavar="SPEC")],
    site: Annotated[str, typer.Option(help="Site file; default NAME.site.toml beside NAME.flash.")] = "",
    environment: Annotated[str, typer.Option(help="Only this environment.")] = "",
    keep: Annotated[Path | None, typer.Option(help="Keep the world and its records in this folder.")] = None,
    mode: Annotated[
        Literal["thread", "process", "memory"],
        typer.Option(help="How the sidecar runs: over SSH in a thread or a process, or all in memory."),
    ] = "thread",
    seed: Annotated[
        int, typer.Option(min=0, help="Vary the site's durations (0: as they are); choose sampled faults.")
    ] = 0,
    faults: Annotated[
        bool, typer.Option("--faults", help="Play the night again with a fault at every place.")
    ] = False,
    sample: Annotated[int, typer.Option(min=0, help="With --faults: so many, over all kinds.")] = 0,
    pairs: Annotated[int, typer.Option(min=0, help="With --faults: so many nights with two faults.")] = 0,
    part: Annotated[
        str, typer.Option(metavar="K/N", help="With --faults: the Kth of N parts, which together are all.")
    ] = "",
    only: Annotated[str, typer.Option(metavar="STEP", help="With --faults: only while at this step.")] = "",
    fault: Annotated[
        list[str] | None, typer.Option(metavar="FAULT", help="This fault only; twice: a night with both.")
    ] = None,
    behind: Annotated[
        str, typer.Option(metavar="FAULT", help="With --faults: strike what recovers from this fault.")
    ] = "",
    jobs: Annotated[
        int, typer.Option(min=0, help="With --faults: nights side by side; 0: one a processor.")
    ] = 0,
    reading: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Take the milder side of this harsher reading (docs/twin.md)."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON document to stdout.")] = False,
) -> None:
    """Deploy to a simulated site, let its job scheduler start the runs, and judge what happens.

    \b
    Examples:
      flashc rehearse nightly.flash
      flashc rehearse nightly.flash --site other.site.toml --keep night
      flashc rehearse nightly.flash --json
      flashc rehearse nightly.flash --faults --sample 100
      flashc rehearse nightly.flash --faults --part 3/20
      flashc rehearse nightly.flash --faults --only O55
      flashc rehearse nightly.flash --faults --behind 'driver killed@source:FLDDAILY:994:CHGASPACT#1'
      flashc rehearse nightly.flash --faults --reading late_trigger_flashes

    Exit status: 0 every run completed and every invariant held (with --faults: every fault was survived),
    1 the spec or the site file is wrong, 5 a run failed, was refused or broke an invariant, 64 wrong usage.
    """
    from flashtwin.errors import TwinError
    from flashtwin.site_load import SiteError

    from flashc.cli.bundles import loaded
    from flashc.cli.keeping import usable
    from flashc.cli.output import show, write_json
    from flashc.cli.site_choice import choose_site, milder
    from flashc.cli.stage import StageError

    checked, diagnostics, texts = loaded(spec, as_json)
    if not as_json:
        show(diagnostics, texts)
    names = [e.name for e in checked.environments]
    if environment and environment not in names:
        _stop(f"no environment {environment} in the spec; it has {', '.join(names)}", WRONG_USAGE, as_json)
    if keep is not None and (problem := usable(keep)):
        _stop(problem, WRONG_USAGE, as_json)
    if not faults and (sample or pairs or part or only or fault or behind):
        _stop(
            "--sample, --pairs, --part, --only, --fault and --behind go with --faults", WRONG_USAGE, as_json
        )
    if behind and not environment and len(names) > 1:
        _stop("--behind FAULT is of one night: name its --environment", WRONG_USAGE, as_json)
    try:
        choice = choose_site(checked, site, environment)
        choice = replace(choice, site=milder(choice.site, reading or ()))
        if faults:
            from flashc.cli.campaign.choose import Choice, part_of

            try:
                numbers = part_of(part) if part else (1, 1)
            except ValueError as error:
                _stop(str(error), WRONG_USAGE, as_json)
            wanted = Choice(sample, pairs, seed, only, tuple(fault or ()), behind, numbers)
            asked = (f" --site {site}" if site else "") + "".join(
                f" --reading {one}" for one in reading or ()
            )
            asked += f" --behind '{behind}'" if behind else ""
            _campaign(checked, choice, asked, environment, wanted, jobs, as_json)
            return
        rehearsals = _all(checked, choice, environment, keep, mode, seed, as_json)
    except SiteError as error:
        _stop(str(error), 1, as_json)
    except StageError as error:
        _stop(str(error), error.status, as_json)
    except TwinError as error:
        _stop(f"the rehearsal stopped, the twin cannot go on: {error}", FAILED, as_json)
    if as_json:
        write_json(_document(rehearsals))
    else:
        _show(rehearsals)
    if not all(one.good for one in rehearsals):
        raise typer.Exit(FAILED)


def _all(
    spec: Spec,
    choice: SiteChoice,
    environment: str,
    keep: Path | None,
    mode: Literal["thread", "process", "memory"],
    seed: int,
    as_json: bool,
) -> list[Rehearsal]:
    """One rehearsal for each production system that has runs."""
    from flashc.cli.bundles import bundle_of
    from flashc.cli.rehearsing import rehearse as play
    from flashc.cli.site_choice import varied

    wanted = [e for e in spec.environments if environment in ("", e.name)]
    systems = list(dict.fromkeys(e.clone.source.name for e in wanted))
    found = []
    for name in systems:
        found.append(
            play(
                spec,
                bundle_of(spec, name),
                varied(choice.site, seed),
                told=choice.told,
                environment=environment,
                mode=mode,
                keep=keep / name if keep is not None and len(systems) > 1 else keep,
                seed=seed,
                observer=None if as_json else _observer(),
            )
        )
    return found


def _campaign(
    spec: Spec,
    chosen: SiteChoice,
    asked: str,
    environment: str,
    wanted: Choice,
    jobs: int,
    as_json: bool,
) -> None:
    """Play the fault campaigns of all production systems and show what they found together."""
    from flashc.cli.bundles import bundle_of
    from flashc.cli.campaign.campaign import Tally, campaign
    from flashc.cli.campaign.deployed import deployed
    from flashc.cli.campaign.forked import available
    from flashc.cli.campaign.view import Progress, show_tally
    from flashc.cli.output import write_json

    if not available():
        _stop(
            "fault campaigns fork processes, which this machine cannot: use Linux or macOS",
            WRONG_USAGE,
            as_json,
        )
    tally = Tally()
    of_system: dict[str, list[str]] = {}
    for one in spec.environments:
        if environment in ("", one.name):
            of_system.setdefault(one.clone.source.name, []).append(one.name)
    with Progress(shown=not as_json and sys.stderr.isatty()) as progress:
        for name, environments in of_system.items():
            bundle = bundle_of(spec, name)
            with deployed(spec, bundle, chosen.site) as world:
                campaign(world, environments, wanted, tally, at_once=jobs, progress=progress.show)
    if as_json:
        write_json(tally.as_json())
    else:
        show_tally(tally, spec.file, asked)
    if tally.violations or not tally.injected:
        raise typer.Exit(FAILED)


def _observer() -> Observer | None:
    """Progress goes to stderr, and only when somebody looks."""
    if not sys.stderr.isatty():
        return None
    from flashc.cli.journal_view import console
    from flashc.cli.night_view import LiveWatch

    return LiveWatch(console(sys.stderr))


def _document(rehearsals: list[Rehearsal]) -> dict[str, object]:
    document = rehearsals[0].as_json() if rehearsals else {"runs": []}
    document["runs"] = [run.as_json() for one in rehearsals for run in one.runs]
    return document


def _show(rehearsals: list[Rehearsal]) -> None:
    from flashc.cli.journal_view import console, show_run, show_verdict

    out = console()
    for one in rehearsals:
        out.print(f"{one.spec} on {one.site}")
        if not one.runs:
            out.print("no run: no environment of this system starts within a week")
        for run in one.runs:
            out.print()
            show_run(run, out)
        if len(one.runs) > 1:
            out.print()
            for run in one.runs:
                show_verdict(run, out)


def _stop(message: str, status: int, as_json: bool) -> NoReturn:
    """Say what is wrong and end with this status."""
    from flashc.cli.output import write_json

    typer.echo(f"flashc: {message}", err=True)
    if as_json:
        write_json({"diagnostics": [], "error": {"status": status, "message": message}})
    raise typer.Exit(status)
