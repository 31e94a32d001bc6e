"""`flashc check`: is a spec right?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from flashc.diag import Diagnostic


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(name="check", no_args_is_help=True)(check)


def check(
    files: Annotated[list[str], typer.Argument(metavar="FILE", help="Spec files, each checked on its own.")],
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON document to stdout.")] = False,
    sarif: Annotated[
        str, typer.Option(metavar="FILE", help="Also write SARIF 2.1.0 to FILE, for CI to annotate from.")
    ] = "",
) -> None:
    """Check specs and report every problem with the likely fix.

    \b
    Examples:
      flashc check examples/nightly_brms.flash
      flashc check *.flash --json
      flashc check *.flash --sarif flashc.sarif

    Exit status: 0 no errors, 1 errors (a file that cannot be read is one), 64 wrong usage.
    """
    from flashc.check import load, read_file
    from flashc.cli import output
    from flashc.diag import has_errors
    from flashc.syntax.source import shown

    texts: dict[str, str] = {}
    found: list[Diagnostic] = []
    results: list[str] = []

    def reader(path: str) -> bytes:
        data = read_file(path)
        texts[path] = shown(data)
        return data

    for file in dict.fromkeys(files):
        spec, problems = load(file, reader)
        found += [p for p in problems if p not in found]  # files may include the same one
        if spec is not None:
            number = len(spec.environments)
            what = f"{number} environment{'s' if number != 1 else ''}"
            results.append(f"{file}: {what}, {output.summary(problems)}")
    if sarif:
        _write_sarif(sarif, found)
    if as_json:
        output.write_json({"diagnostics": [d.as_json() for d in found]})
    else:
        output.show(found, texts)
        for line in results:
            print(output.harmless(line))
        if has_errors(found):
            import sys

            print(f"\n{output.summary(found)}", file=sys.stderr)
    if has_errors(found):
        raise typer.Exit(1)


def _write_sarif(file: str, found: list[Diagnostic]) -> None:
    """Write the SARIF log; a file that cannot be written is wrong usage, as the spec is not at fault."""
    import json
    from importlib.metadata import version
    from pathlib import Path

    from flashc.cli.sarif import sarif

    try:
        Path(file).write_text(json.dumps(sarif(found, version("flashc")), indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise typer.BadParameter(f"--sarif {file} cannot be written: {error.strerror or error}") from None
