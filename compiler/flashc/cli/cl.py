"""`flashc cl`: tools for any CL source.

`python -m flashc.cli.cl check FILE...` works without the rest of the command line.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from flashc.cli.help import Listed

if TYPE_CHECKING:
    from flashc.cl.format import Layout
    from flashc.cli.rewriting import Rewriting

app = typer.Typer(cls=Listed, help="Tools for any CL source.", no_args_is_help=True, rich_markup_mode=None)
STDIN = "-"
SUFFIXES = frozenset({".cl", ".clle", ".clp", ".cmd", ".pnlgrp"})
"""What CL and command definition sources are called in a folder."""
_RELEASE = re.compile(r"V?([1-9])[R.]([0-9])(?:M0)?\Z", re.IGNORECASE)


@app.callback()
def _group() -> None:
    """Tools for any CL source."""


@app.command(name="check", no_args_is_help=True)
def check(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE", help="CL or command definition sources, folders of them, - for stdin."
        ),
    ],
    strict: Annotated[bool, typer.Option("--strict", help="An unknown command is an error.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON document to stdout.")] = False,
    release: Annotated[
        str | None,
        typer.Option(
            "--release", "--tgtrls", help="Also report what this release (7.3, V7R3M0) does not have."
        ),
    ] = None,
) -> None:
    """Check CL sources: syntax, commands and parameters, declarations, structure, types.

    \b
    Examples:
      flashc cl check NIGHTLY.CLLE
      flashc cl check qclsrc/ qcmdsrc/ --strict --release 7.4
      flashc cl check *.clle --json
      flashc cl check - < NIGHTLY.CLLE

    Of a folder, the files named *.cl, *.clle, *.clp, *.cmd and *.pnlgrp in it and below are taken.

    Exit status: 0 no errors, 1 errors (a file that cannot be read is one), 64 wrong usage.
    """
    from flashc.cl.checker import check_text
    from flashc.cl.reading import Unreadable
    from flashc.cli import output
    from flashc.diag import Diagnostic, Span, has_errors

    checked = _target(release)
    found: list[Diagnostic] = []
    texts: dict[str, str] = {}
    for file in dict.fromkeys(_in_folders(files)):
        try:
            texts[file] = _text(file)
        except Unreadable as problem:
            message = f"{file} cannot be read: {problem}"
            found.append(Diagnostic("CL0001", "error", message, Span(file, 1, 1, 1, 1)))
            continue
        found += check_text(texts[file], file, strict=strict, release=checked)
    if as_json:
        output.write_json({"diagnostics": [d.as_json() for d in found]})
    else:
        output.show(found, texts)
        print(f"{len(texts)} file{'s' if len(texts) != 1 else ''}: {output.summary(found)}")
    if has_errors(found):
        raise typer.Exit(1)


@app.command(name="fmt", no_args_is_help=True)
def fmt(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE", help="CL or command definition sources, folders of them, - for stdin."
        ),
    ],
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; name the files that differ.")
    ] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Write nothing; show the changes.")] = False,
    width: Annotated[
        # below 60 nothing is left behind the indentation; above 240 the CL compiler ends with MCH2804
        # (docs/platform-facts.md#cl-lexical)
        int, typer.Option("--width", min=60, max=240, help="Columns of a line.", metavar="COLUMNS")
    ] = 80,
    keywords: Annotated[
        bool,
        typer.Option("--keywords", help="Write the keyword in front of values that stand without."),
    ] = False,
    symbols: Annotated[
        bool, typer.Option("--symbols", help="Leave operators such as = and || as they are.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON document to stdout.")] = False,
) -> None:
    """Lay CL sources out in the canonical way; what they say and their comments stay as they are.

    \b
    Examples:
      flashc cl fmt NIGHTLY.CLLE
      flashc cl fmt --check qclsrc/
      flashc cl fmt - < NIGHTLY.CLLE

    Of a folder, the files named *.cl, *.clle, *.clp and *.cmd in it and below are taken.  A file with
    syntax errors is not touched, nor is one that already has the layout.

    Exit status: 0 done, 1 a file has errors or cannot be read or written, 2 changes pending
    (--check), 64 wrong usage.
    """
    from flashc.cl.format import Layout
    from flashc.cli.rewriting import carry_out, printed

    if STDIN in files and (len(files) > 1 or as_json):
        raise typer.BadParameter("- stands alone, without --json")
    layout = Layout(width, symbols=symbols, keywords=keywords)
    named = (f for f in _in_folders(files) if f in files or not f.lower().endswith(".pnlgrp"))
    found = (_laid_out(file, layout) for file in dict.fromkeys(named))
    if files == [STDIN] and not (check or diff):
        found = (printed(one) for one in found)
    carry_out(found, check=check, diff=diff, as_json=as_json)


def _target(release: str | None) -> str | None:
    """A release as CL writes it, from 7.3 or V7R3M0."""
    if release is None:
        return None
    written = _RELEASE.match(release)
    if written is None:
        raise typer.BadParameter(f"{release!r} is no release: write it like 7.3 or V7R3M0")
    return f"V{written[1]}R{written[2]}M0"


def _in_folders(files: list[str]) -> Iterator[str]:
    """The files named, and the CL sources in the folders named; a folder without any stays itself."""
    from pathlib import Path

    for file in files:
        if file == STDIN or not Path(file).is_dir():
            yield file
            continue
        inside = [p for p in sorted(Path(file).rglob("*")) if p.suffix.lower() in SUFFIXES and p.is_file()]
        yield from map(str, inside) if inside else [file]


def _text(file: str) -> str:
    """The text of a source.  Raises Unreadable."""
    from pathlib import Path

    from flashc.cl.reading import decode, read_source, without_sequence_numbers

    if file == STDIN:
        return without_sequence_numbers(decode(sys.stdin.buffer.read()))
    return read_source(Path(file))


def _laid_out(file: str, layout: Layout) -> Rewriting:
    """The text of a source and its canonical layout."""
    from pathlib import Path

    from flashc.cl.format import format_text
    from flashc.cl.reading import Unreadable, decode_exactly, read_bytes
    from flashc.cli.rewriting import Rewriting
    from flashc.diag import Diagnostic, Span

    try:
        data = sys.stdin.buffer.read() if file == STDIN else read_bytes(Path(file))
        text, encoding = decode_exactly(data)
    except Unreadable as problem:
        message = f"{file} cannot be laid out: {problem}"
        return Rewriting(file, "", None, [Diagnostic("CL0001", "error", message, Span(file, 1, 1, 1, 1))])
    new, problems = format_text(text, file, layout)
    return Rewriting(file, text, new, problems, encoding)


def main() -> None:
    """`check` alone, e.g. where the compiler's command line is not wanted."""
    from flashc.cli.main import run

    raise SystemExit(run(["cl", *sys.argv[1:]]))


if __name__ == "__main__":
    main()
