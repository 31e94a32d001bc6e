"""`flashc fmt`: the canonical layout of specs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from flashc.diag import Diagnostic


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(name="fmt", no_args_is_help=True)(fmt)


def fmt(
    files: Annotated[list[str], typer.Argument(metavar="FILE", help="Spec files.")],
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; name the files that differ.")
    ] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Write nothing; show the changes.")] = False,
    stdout: Annotated[
        bool, typer.Option("--stdout", help="Write the result to stdout, not to FILE.")
    ] = False,
) -> None:
    """Lay specs out in the canonical way; words and comments stay as they are.

    \b
    Examples:
      flashc fmt nightly.flash
      flashc fmt --check *.flash

    A file with syntax errors is not touched, nor is one that already has the layout.

    Exit status: 0 done, 1 a file has errors or cannot be read or written, 2 changes pending
    (--check), 64 wrong usage.
    """
    from flashc.cli import output
    from flashc.syntax.source import normalise

    if stdout and (check or diff or len(files) > 1):
        raise typer.BadParameter("--stdout takes one FILE, without --check and --diff")
    problems: list[Diagnostic] = []
    texts: dict[str, str] = {}
    pending = 0
    for file in dict.fromkeys(files):
        old, new, found = _formatted(file)
        problems += found
        texts[file] = normalise(old)
        if new is None:
            continue
        if stdout:
            typer.echo(new.encode("utf-8"), nl=False)
            continue
        if new == old:
            continue
        pending += 1
        if diff:
            _show_diff(file, old, new)
        elif check:
            print(output.harmless(f"{file}: not in canonical layout"))
        else:
            failed = _write(file, new)
            problems += failed
            if not failed:
                print(output.harmless(f"{file}: formatted"))
    output.show(problems, texts)
    if problems:
        raise typer.Exit(1)
    if check and pending:
        raise typer.Exit(2)


def _formatted(file: str) -> tuple[str, str | None, list[Diagnostic]]:
    """The text of a file, its canonical layout (None if there is none), and why there is none."""
    from flashc.check.load import read_file, read_spec
    from flashc.syntax.format import format_text

    kept = b""

    def reader(path: str) -> bytes:
        nonlocal kept
        kept = read_file(path)
        return kept

    text, problems = read_spec(file, reader)
    if text is None:
        return "", None, problems
    written = kept.decode("utf-8")  # with the line ends of the file
    laid_out, problems = format_text(written, file)
    return written, laid_out, problems


def _show_diff(file: str, old: str, new: str) -> None:
    import difflib

    from flashc.cli import output

    def lines(text: str) -> list[str]:
        return text.replace("\r\n", "\n").split("\n")

    for line in difflib.unified_diff(lines(old), lines(new), file, f"{file} (formatted)", lineterm=""):
        print(output.harmless(line))


def _write(file: str, text: str) -> list[Diagnostic]:
    """Put the text in the file's place, whole or not at all; returns why it could not be written."""
    import os
    import shutil
    from pathlib import Path

    from flashc.diag import Diagnostic, Span

    target = Path(file).resolve()  # what a link points to is written, not the link
    beside = target.with_name(f".{target.name}.flashc-fmt")
    try:
        beside.write_bytes(text.encode("utf-8"))
        shutil.copymode(target, beside)
        os.replace(beside, target)
    except OSError as error:
        message = f"{file} cannot be written: {error.strerror or error}"
        beside.unlink(missing_ok=True)
        help_text = "Check that you may write the file and its folder."
        return [Diagnostic("FL1011", "error", message, Span(file, 1, 1, 1, 1), help_text)]
    return []
