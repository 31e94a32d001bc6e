"""Making a bundle for a command: load the spec, say what is wrong, build, write."""

from __future__ import annotations

import json
from pathlib import Path

import typer

from flashc.bundle import BuildError, Bundle, build
from flashc.check import load, read_file
from flashc.check.model import Spec, System
from flashc.cli import output
from flashc.diag import Diagnostic, has_errors
from flashc.syntax.source import shown


def loaded(spec: str, as_json: bool) -> tuple[Spec, list[Diagnostic], dict[str, str]]:
    """The checked spec with its warnings; a spec with errors is reported and ends with status 1."""
    texts: dict[str, str] = {}

    def reader(path: str) -> bytes:
        data = read_file(path)
        texts[path] = shown(data)
        return data

    checked, diagnostics = load(spec, reader)
    if checked is None or has_errors(diagnostics):
        if as_json:
            output.write_json({"diagnostics": [d.as_json() for d in diagnostics]})
        output.show(diagnostics, texts)
        raise typer.Exit(1)
    return checked, diagnostics, texts


def built(spec: str, system: str, as_json: bool) -> tuple[Bundle, list[Diagnostic]]:
    """The bundle of a spec's system (the only one, or the one named)."""
    checked, diagnostics, texts = loaded(spec, as_json)
    if not as_json:
        output.show(diagnostics, texts)
    return bundle_of(checked, system), diagnostics


def system_of(checked: Spec, system: str) -> System:
    """The only system of a spec, or the one named; a wrong name ends with status 64."""
    names = [s.name for s in checked.systems]
    if not system and len(names) > 1:
        typer.echo(
            f"flashc: the spec has several systems; name one with --system: {', '.join(names)}", err=True
        )
        raise typer.Exit(64)
    if system and system not in names:
        typer.echo(f"flashc: no system {system} in the spec; it has {', '.join(names)}", err=True)
        raise typer.Exit(64)
    return next((s for s in checked.systems if s.name == system), checked.systems[0])


def bundle_of(checked: Spec, system: str) -> Bundle:
    """The bundle of a checked spec; a wrong system name ends with status 64."""
    wanted = system_of(checked, system)
    try:
        bundle, _ = build(checked, wanted)
    except BuildError as error:
        output.show(error.diagnostics, error.texts)
        typer.echo(
            "flashc: generated CL does not check; this is a defect of flashc, please report it", err=True
        )
        raise typer.Exit(1) from None
    return bundle


def write_bundle(bundle: Bundle, out: Path) -> str | None:
    """Write the bundle; returns what is wrong instead of writing over something that is no bundle."""
    try:
        old = _files_of_old_bundle(out)
        if old is None:
            return f"{out} holds files that are no bundle; choose an empty folder"
        for name in old - set(bundle.files):
            (out / name).unlink(missing_ok=True)
        for name, data in bundle.files.items():
            target = out / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
    except OSError as error:
        return f"{error.filename or out}: {error.strerror or error}"
    return None


def _files_of_old_bundle(out: Path) -> set[str] | None:
    """Names of the files that an older build wrote there; None if the folder is somebody else's."""
    if not out.exists() or not any(out.iterdir()):
        return set()
    try:
        manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
        names = set(manifest["files"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return {n for n in names if not n.startswith("/") and ".." not in Path(n).parts}
