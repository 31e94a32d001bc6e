"""From a file to the resolved spec: read, parse, resolve, check.

Pure but for the reader that is handed in; the default reader reads the disk.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TypeAlias

from flashc.check import model, semantics
from flashc.check.findings import Findings
from flashc.check.names import KINDS
from flashc.check.resolve import resolve
from flashc.collector import collector_paused
from flashc.diag import Diagnostic, Span, has_errors
from flashc.syntax import ast, parse
from flashc.syntax.source import MAX_BYTES, decode
from flashc.syntax.words import shown

Reader: TypeAlias = Callable[[str], bytes]
"""The bytes of a file; raises OSError if it cannot be read."""


MAX_FILES = 100
"""Files that one spec may include."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file as it was parsed, with its text."""

    tree: ast.File
    text: str


def read_file(path: str) -> bytes:
    """The bytes of a file on disk; never much more than a spec may have, whatever the file is."""
    with Path(path).open("rb") as file:
        return file.read(MAX_BYTES + 1)


def load(path: str | Path, reader: Reader = read_file) -> tuple[model.Spec | None, list[Diagnostic]]:
    """The resolved spec of a file, and everything that is wrong with it.

    The spec is None exactly if at least one of the diagnostics is an error.  Files that the spec names
    are read relative to its folder.  Nothing is raised for any contents.
    """
    name = str(path)
    text, problems = read_spec(name, reader)
    if text is None:
        return None, problems
    with collector_paused():
        file, problems = parse(text, name)
        return (None, problems) if file is None else check_source(Source(file, text), problems, reader)[:2]


def check_source(
    main: Source, problems: list[Diagnostic], reader: Reader = read_file
) -> tuple[model.Spec | None, list[Diagnostic], tuple[Source, ...]]:
    """As `load`, of a text that was parsed already, with the problems of its syntax; and behind the text
    itself all that it includes.
    """
    found = Findings(list(problems))
    sources = _with_includes(main, found, reader)
    files = tuple(source.tree for source in sources)

    def read_source(source: ast.Text) -> str | None:
        path = _near(source, found, "FL2009")
        return _included_text(path, source, "FL2009", found, reader) if path else None

    spec = resolve(files, "\n".join(source.text for source in sources), found, read_source)
    semantics.check(spec, found)
    order = {f.name: number for number, f in enumerate(files)}
    # What `defaults` says is read for each environment, and would be told as often.
    ordered = sorted(
        dict.fromkeys(found.problems),
        key=lambda p: (order.get(p.span.file, 0), p.span.line, p.span.column, p.code),
    )
    return (None if has_errors(ordered) else spec), ordered, sources


def _with_includes(main: Source, found: Findings, reader: Reader) -> tuple[Source, ...]:
    """A file and behind it all that it includes, in order."""
    sources = [main]
    waiting = [i for i in main.tree.items if isinstance(i, ast.Include)]
    names = {str(PurePath(main.tree.name))}
    while waiting:
        include = waiting.pop(0)
        path = _near(include.file, found, "FL1013")
        if path is None:
            continue
        if path in names:
            twice = "includes itself" if path == include.span.file else "is included twice"
            message = f"`{shown(include.file.text)}` {twice}"
            found.add("FL1013", include.file.span, message, help="Include each file once.")
            continue
        if len(sources) > MAX_FILES:
            found.add("FL1013", include.file.span, f"more than {MAX_FILES} files are included")
            break
        names.add(path)
        text = _included_text(path, include.file, "FL1013", found, reader)
        file, problems = parse(text, path) if text is not None else (None, [])
        found.problems += problems
        if file is None or text is None:
            file, text = ast.File(path, (), (), KINDS), ""  # what it defines is not known
        sources.append(Source(file, text))
        waiting += [i for i in file.items if isinstance(i, ast.Include)]
    return tuple(sources)


def read_spec(path: str, reader: Reader = read_file) -> tuple[str | None, list[Diagnostic]]:
    """The text of a spec file, or why it cannot be read."""
    return _read(path, path, Span(path, 1, 1, 1, 1), "FL1011", reader)


def _read(
    path: str, name: str, place: Span, code: str, reader: Reader
) -> tuple[str | None, list[Diagnostic]]:
    try:
        data = reader(path)
    except (OSError, ValueError) as error:  # ValueError: a NUL character in the path
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        message = f"{shown(name)} cannot be read: {reason}"
        help_text = "Check the path and that you may read the file."
        return None, [Diagnostic(code, "error", message, place, help_text)]
    return decode(data, name)


def _near(source: ast.Text, found: Findings, code: str) -> str | None:
    """The path of a file that a spec names: in the folder of the file that names it, or below."""
    path = PurePath(source.text)
    windows_drive = len(source.text) > 1 and source.text[1] == ":"
    if not source.text or path.is_absolute() or ".." in path.parts or "\\" in source.text or windows_drive:
        message = f"`{shown(source.text)}` does not name a file in the spec's folder or below"
        found.add(code, source.span, message)
        return None
    return str(PurePath(source.span.file).parent / path)


def _included_text(path: str, source: ast.Text, code: str, found: Findings, reader: Reader) -> str | None:
    text, problems = _read(path, source.text, source.span, code, reader)
    found.problems += problems
    return text
