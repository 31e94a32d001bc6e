"""`flashc cl`: tools for any CL source.

`python -m flashc.cli.cl check FILE...` works without the rest of the command line.
"""

from __future__ import annotations

import re
import sys
from typing import Annotated

import typer

app = typer.Typer(help="Tools for any CL source.", no_args_is_help=True, rich_markup_mode=None)
_RELEASE = re.compile(r"V[1-9]R[0-9]M0\Z", re.IGNORECASE)


@app.callback()
def _group() -> None:
    """Tools for any CL source."""


@app.command(name="check", no_args_is_help=True)
def check(
    files: Annotated[list[str], typer.Argument(metavar="FILE", help="CL or command definition sources.")],
    strict: Annotated[bool, typer.Option("--strict", help="An unknown command is an error.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON document to stdout.")] = False,
    tgtrls: Annotated[
        str | None, typer.Option("--tgtrls", help="Also report what this release (V7R3M0 ...) does not have.")
    ] = None,
) -> None:
    """Check CL sources: syntax, commands and parameters, declarations, structure, types.

    \b
    Examples:
      flashc cl check NIGHTLY.CLLE
      flashc cl check *.clle --strict --tgtrls V7R4M0 --json

    Exit status: 0 no errors, 1 errors (a file that cannot be read is one), 64 wrong usage.
    """
    from pathlib import Path

    from flashc.cl.checker import check_text
    from flashc.cl.reading import Unreadable, read_source
    from flashc.cli import output
    from flashc.diag import Diagnostic, Span, has_errors

    if tgtrls is not None and not _RELEASE.match(tgtrls):
        raise typer.BadParameter(f"{tgtrls!r} is no release: write it like V7R3M0")
    release = tgtrls.upper() if tgtrls else None
    found: list[Diagnostic] = []
    texts: dict[str, str] = {}
    for file in dict.fromkeys(files):
        try:
            texts[file] = read_source(Path(file))
        except Unreadable as problem:
            message = f"{file} cannot be read: {problem}"
            found.append(Diagnostic("CL0001", "error", message, Span(file, 1, 1, 1, 1)))
            continue
        found += check_text(texts[file], file, strict=strict, release=release)
    if as_json:
        output.write_json({"diagnostics": [d.as_json() for d in found]})
    else:
        output.show(found, texts)
        print(f"{len(texts)} file{'s' if len(texts) != 1 else ''}: {output.summary(found)}")
    if has_errors(found):
        raise typer.Exit(1)


def main() -> None:
    """`check` alone, e.g. where the compiler's command line is not wanted."""
    from flashc.cli.main import run

    raise SystemExit(run(["cl", *sys.argv[1:]]))


if __name__ == "__main__":
    main()
