"""Every generated source, help panels included, is read back and checked before it leaves the compiler; of a
program it is proven as well what must hold on all ways through it.

What is proven: `flashc.bundle.proofs`.  A finding is a defect of the compiler, not of the spec, and stops the
build.  A text that was found right is not checked again in the same process.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping

from flashc.bundle.proofs import Asked, Runbook, prove, prove_together
from flashc.check.model import Spec, System
from flashc.cl.catalogue import Catalogue, catalogue
from flashc.cl.checker import check, check_text
from flashc.cl.codepages import encode
from flashc.cl.definition import definition_from_source
from flashc.cl.parser import parse
from flashc.collector import collector_paused
from flashc.diag import Diagnostic, Span
from flashc.runbook.messages import LANGUAGES

REMEMBERED = 20_000
"""How many right texts are remembered, by a digest of 32 bytes each."""

_right: dict[bytes, Asked | None] = {}
"""Digests of texts found right, each with the site's commands and the runbook that it was checked against,
and what the program finds out of where it runs; oldest first."""


class BuildError(Exception):
    """A generated source does not check; the diagnostics say where."""

    def __init__(self, diagnostics: list[Diagnostic], texts: dict[str, str]) -> None:
        super().__init__("; ".join(f"{d.span.file}:{d.span.line} {d.code} {d.message}" for d in diagnostics))
        self.diagnostics = diagnostics
        self.texts = texts


def read_back(
    sources: Mapping[str, str],
    spec: Spec,
    system: System | None = None,
    runbooks: Mapping[str, Runbook] | None = None,
    entries: Iterable[str] = (),
) -> None:
    """Check the sources (texts by file name) strictly, against what the release of their system has.

    `system` is the first one of the spec unless given; `runbooks` are those of the drivers, by program;
    `entries` the programs that a command, the system or the site starts.  Raises BuildError with all errors
    of all sources.
    """
    commands: Catalogue | None = None
    of = system or spec.systems[0]
    release = f"V{of.release.replace('.', 'R')}M0"
    ccsid = LANGUAGES[of.language].ccsid
    # IBM's commands are the same in the whole process: release, language and declared commands can differ
    declared = json.dumps([release, ccsid, *((c.name, c.source) for c in spec.commands)])
    wrong: list[Diagnostic] = []
    programs: dict[str, Asked] = {}
    for name, text in sources.items():
        program = name.removesuffix(".clle")
        runbook = (runbooks or {}).get(program)
        against = hashlib.sha256(f"{declared} {runbook}".encode()).digest()
        digest = hashlib.sha256(against + text.encode("utf-8")).digest()
        if digest not in _right:
            commands = commands or _catalogue(spec)
            with collector_paused():
                errors, asked = _read(text, name, commands, release, runbook)
            errors += _form(name, text, None if name.endswith(".clle") else ccsid)
            wrong += errors
            if errors:
                continue
            _remember(digest, asked)
        found = _right[digest]
        if found is not None:
            programs[program] = found
    wrong += prove_together(programs, entries)
    if wrong:
        raise BuildError(wrong, dict(sources))


def _read(
    text: str, name: str, commands: Catalogue, release: str, runbook: Runbook | None
) -> tuple[list[Diagnostic], Asked | None]:
    """The errors of one source; one that is right as CL is proven as well, if it is a program."""
    if not name.endswith(".clle"):
        found = check_text(text, name, catalogue=commands, strict=True, release=release)
        return _errors(found), None
    source, syntax = parse(text, name)
    errors = _errors(syntax + check(source, catalogue=commands, strict=True, release=release))
    return (errors, None) if errors else prove(source, commands, runbook)


def _errors(found: list[Diagnostic]) -> list[Diagnostic]:
    """Notes about IBM definitions that are not complete are nobody's concern."""
    return [d for d in found if d.severity == "error"]


def _remember(digest: bytes, asked: Asked | None) -> None:
    if len(_right) >= REMEMBERED:
        del _right[next(iter(_right))]
    _right[digest] = asked


def _catalogue(spec: Spec) -> Catalogue:
    """IBM's commands and those that the spec declares."""
    declared = []
    for command in spec.commands:
        if command.source is None:
            continue
        definition, _ = definition_from_source(command.source, command.name)
        if definition is not None:
            declared.append(definition)
    return catalogue().with_commands(declared) if declared else catalogue()


def _form(name: str, text: str, ccsid: int | None) -> list[Diagnostic]:
    """What a source member takes: at most 80 columns, and what its code page has; without `ccsid` 7-bit."""
    out = []
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > 80 or not (line.isascii() if ccsid is None else _has(ccsid, line)):
            message = "a generated line is too long or not in the code page of its source file"
            out.append(Diagnostic("FL9001", "error", message, Span(name, number, 1, number, len(line) + 1)))
    return out


def _has(ccsid: int, text: str) -> bool:
    """Whether a code page has all characters of a text."""
    try:
        encode(text, ccsid)
    except ValueError:
        return False
    return True
