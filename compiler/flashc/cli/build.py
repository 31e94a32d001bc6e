"""`flashc build`: a spec becomes a bundle in a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command to the main app."""
    app.command("build")(build)


def build(
    spec: Annotated[str, typer.Argument(help="The main .flash file.", metavar="SPEC")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder for the bundle; made if missing.")] = Path(
        "bundle"
    ),
    system: Annotated[str, typer.Option(help="The system, when the spec has several.")] = "",
    json_: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> None:
    """Make the bundle of a spec: CL sources, commands, messages, sidecar, manifest.

    The same spec gives the same bytes.  Files of an older bundle in the folder are replaced; a folder that
    holds anything else is refused.

    \b
    Examples:
      flashc build nightly.flash -o bundle
      flashc build company.flash --system MADRID -o bundle

    Exit status: 0 written, 1 the spec has errors or the folder cannot be written, 64 wrong usage.
    """
    from flashc.cli.bundles import built, write_bundle
    from flashc.cli.output import write_json

    bundle, diagnostics = built(spec, system, json_)
    problem = write_bundle(bundle, out)
    if problem:
        typer.echo(f"flashc: {problem}", err=True)
        raise typer.Exit(1)
    if json_:
        write_json(
            {
                "diagnostics": [d.as_json() for d in diagnostics],
                "system": bundle.system.name,
                "out": str(out),
                "files": sorted(bundle.files),
            }
        )
    else:
        typer.echo(f"{out}: {len(bundle.files)} files for {bundle.system.name}")
