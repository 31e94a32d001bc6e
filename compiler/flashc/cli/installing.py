"""Putting a bundle on the simulated production partition."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from flashtwin.site_network import pinned_keys

from flashc.cli.stage import Stage, StageError

Progress = Callable[[int, int, str], None]


def install(stage: Stage, progress: Progress) -> None:
    """Write the bundle's files, make its objects, add its schedule entries, pin the host keys."""
    manifest, system = stage.bundle.manifest, stage.system
    folder = system.image.ifs / str(manifest["folder"]).lstrip("/")
    for name in ("conf", "keys", "inbox", "runs", "bin", "src"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for name, data in stage.bundle.files.items():
        (folder / name if "/" in name else folder / "src" / name).write_bytes(data)
    (folder / "conf" / "known_hosts").write_text(pinned_keys(stage.site), encoding="ascii")
    total = len(manifest["objects"])
    for done, made in enumerate(manifest["objects"], 1):
        _make(stage, folder, made)
        progress(done, total, f"{made['library']}/{made['name']} {made['type']}")
    for environment in manifest["environments"]:
        for command in environment["schedule_commands"]:
            _run(stage, command)


def _make(stage: Stage, folder: Path, made: dict[str, object]) -> None:
    source, library = str(made["source"] or ""), stage.bundle.manifest["library"]
    if source.endswith((".clle", ".cmd")):
        file = "QCLSRC" if source.endswith(".clle") else "QCMDSRC"
        _run(
            stage,
            f"CPYFRMSTMF FROMSTMF('{stage.bundle.manifest['folder']}/src/{source}') "
            f"TOMBR('/QSYS.LIB/{library}.LIB/{file}.FILE/{made['name']}.MBR') MBROPT(*REPLACE)",
        )
    commands = made["create"]
    assert isinstance(commands, list)
    for command in commands:
        _run(stage, command)
    if made["type"] == "*MSGF":
        for line in (folder / "src" / source).read_text(encoding="utf-8").splitlines():
            _run(stage, line)


def _run(stage: Stage, command: str) -> None:
    result = stage.command(stage.bundle.system.user, command)
    if not result.ok:
        said = "; ".join(f"{msgid} {text}" for msgid, text in result.messages[-2:])
        raise StageError(f"the deployment failed at {command[:120]}: {said}")
