"""`--help` says of each command what it does, how it is called and how it ends."""

from __future__ import annotations

import pytest
from flashc.cli.main import build_app, run
from typer.main import get_command

TOP = get_command(build_app())
GROUPS = ("twin", "cl")
LISTED = sorted(TOP.commands)  # type: ignore[attr-defined]
COMMANDS = sorted(
    [(name,) for name in LISTED if name not in GROUPS]
    + [(group, name) for group in GROUPS for name in TOP.commands[group].commands]  # type: ignore[attr-defined]
)
NO_STATUS = {"lsp"}  # it serves until its editor ends it


def test_every_command_is_listed_once_with_a_whole_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    out = capsys.readouterr().out
    assert "..." not in out.replace("[ARGS]...", "")
    rows = [line.split()[0] for line in out.splitlines() if line[:2] == "  " and line[2:3].isalpha()]
    assert sorted(row for row in rows if row in LISTED) == LISTED


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_command_shows_examples_and_its_exit_status(
    command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*command, "--help"]) == 0
    out = capsys.readouterr().out
    assert f"    flashc {' '.join(command)}" in out
    assert "Exit status: 0" in out or command[0] in NO_STATUS
    assert all(len(line) <= 100 for line in out.splitlines())
