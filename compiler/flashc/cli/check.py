"""`flashc check`: is a spec right?"""

from __future__ import annotations

from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(name="check", no_args_is_help=True)(check)


def check(
    files: Annotated[list[str], typer.Argument(metavar="FILE", help="Spec files, each checked on its own.")],
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON document to stdout.")] = False,
) -> None:
    """Check specs and report every problem with the likely fix.

    \b
    Examples:
      flashc check examples/nightly_brms.flash
      flashc check *.flash --json

    Exit status: 0 no errors, 1 errors (a file that cannot be read is one), 64 wrong usage.
    """
    from flashc.check import load, read_file
    from flashc.cli import output
    from flashc.diag import Diagnostic, has_errors
    from flashc.syntax.source import normalise

    texts: dict[str, str] = {}
    found: list[Diagnostic] = []
    results: list[str] = []
    for file in dict.fromkeys(files):

        def reader(path: str, shown_as: str = file) -> bytes:
            data = read_file(path)
            if path == shown_as:
                texts[path] = normalise(data.decode("utf-8", "replace"))
            return data

        spec, problems = load(file, reader)
        found += problems
        if spec is not None:
            number = len(spec.environments)
            what = f"{number} environment{'s' if number != 1 else ''}"
            results.append(f"{file}: {what}, {output.summary(problems)}")
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
