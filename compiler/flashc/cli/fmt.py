"""`flashc fmt`: the canonical layout of specs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from flashc.cli.rewriting import Rewriting


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
    if stdout and (check or diff or len(files) > 1):
        raise typer.BadParameter("--stdout takes one FILE, without --check and --diff")
    from flashc.cli.rewriting import carry_out, printed

    found = (_formatted(file) for file in dict.fromkeys(files))
    if stdout:
        found = (printed(one) for one in found)
    carry_out(found, check=check, diff=diff)


def _formatted(file: str) -> Rewriting:
    """The text of a spec and its canonical layout."""
    from flashc.check.load import read_file, read_spec
    from flashc.cli.rewriting import Rewriting
    from flashc.syntax.format import format_text

    kept = b""

    def reader(path: str) -> bytes:
        nonlocal kept
        kept = read_file(path)
        return kept

    text, problems = read_spec(file, reader)
    if text is None:
        return Rewriting(file, "", None, problems)
    written = kept.decode("utf-8")  # with the line ends of the file
    return Rewriting(file, written, *format_text(written, file))
