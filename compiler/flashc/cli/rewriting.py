"""What formatters share: write files in place, or say which would change and how."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flashc.diag import Diagnostic


@dataclass(slots=True)
class Rewriting:
    """The text of a file and its canonical layout; `new` is None where there is none, `problems` say why.

    Both texts have the line ends and the byte order mark of the file; `encoding` is that of its bytes.
    """

    file: str
    old: str
    new: str | None
    problems: list[Diagnostic]
    encoding: str = "utf-8"


def carry_out(found: Iterable[Rewriting], *, check: bool, diff: bool, as_json: bool = False) -> None:
    """Write what changes, or with `check` name it, or with `diff` show it.

    Raises typer.Exit: 1 if a file has errors or cannot be written, 2 if changes are pending (`check`).
    """
    import typer

    from flashc.cli import output

    problems: list[Diagnostic] = []
    texts: dict[str, str] = {}
    states: list[dict[str, str]] = []
    for one in found:
        problems += one.problems
        texts[one.file] = _lines(one.old)
        state = "refused" if one.new is None else "unchanged" if one.new == one.old else "pending"
        if state == "pending" and diff and not as_json:
            _show_diff(one)
        elif state == "pending" and not (check or diff):
            failed = _write(one)
            problems += failed
            state = "refused" if failed else "formatted"
        states.append({"file": one.file, "state": state})
        if not as_json and not diff and state in ("pending", "formatted"):
            said = "formatted" if state == "formatted" else "not in canonical layout"
            print(output.harmless(f"{one.file}: {said}"))
    if as_json:
        output.write_json({"files": states, "diagnostics": [d.as_json() for d in problems]})
    else:
        output.show(problems, texts)
    if any(s["state"] == "refused" for s in states):
        raise typer.Exit(1)
    if check and any(s["state"] == "pending" for s in states):
        raise typer.Exit(2)


def printed(one: Rewriting) -> Rewriting:
    """The same with the result written to stdout, and nothing more to do."""
    from dataclasses import replace

    import typer

    if one.new is None:
        return one
    typer.echo(one.new.encode(one.encoding), nl=False)
    return replace(one, new=one.old)


def _show_diff(one: Rewriting) -> None:
    """Print the change as a unified diff."""
    import difflib

    from flashc.cli import output

    old, new = _lines(one.old).split("\n"), _lines(one.new or "").split("\n")
    for line in difflib.unified_diff(old, new, one.file, f"{one.file} (formatted)", lineterm=""):
        print(output.harmless(line))


def _lines(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n")


def _write(one: Rewriting) -> list[Diagnostic]:
    """Put the text in the file's place, whole or not at all; returns why it could not be written."""
    import os
    import shutil
    from pathlib import Path

    from flashc.diag import Diagnostic, Span

    target = Path(one.file).resolve()  # what a link points to is written, not the link
    beside = target.with_name(f".{target.name}.flashc-fmt")
    try:
        beside.write_bytes((one.new or "").encode(one.encoding))
        shutil.copymode(target, beside)
        os.replace(beside, target)
    except OSError as error:
        message = f"{one.file} cannot be written: {error.strerror or error}"
        beside.unlink(missing_ok=True)
        help_text = "Check that you may write the file and its folder."
        return [Diagnostic("FL1011", "error", message, Span(one.file, 1, 1, 1, 1), help_text)]
    return []
