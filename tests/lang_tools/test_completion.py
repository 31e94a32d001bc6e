"""Completion in the shell: what the script that `--install-completion` writes asks for is answered."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


def flashc(arguments: list[str], **variables: str) -> str:
    """What `flashc` writes, called as the shell's script calls it."""
    done = subprocess.run(
        [sys.executable, "-m", "flashc.cli.main", *arguments],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout


@pytest.mark.parametrize(
    ("line", "word", "offered"),
    [("flashc fm", "1", {"fmt"}), ("flashc ini", "1", {"init"}), ("flashc fmt --s", "2", {"--stdout"})],
)
def test_commands_and_options_are_completed(line: str, word: str, offered: set[str]) -> None:
    said = flashc([], _FLASHC_COMPLETE="complete_bash", COMP_WORDS=line, COMP_CWORD=word)
    assert set(said.split()) == offered


def test_the_script_is_installed_in_the_home(tmp_path: Path) -> None:
    # The shell is named, not looked for among the processes that run this test.
    named = {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
    home = {"HOME": str(tmp_path), "USERPROFILE": str(tmp_path), **named}
    assert "bash completion installed" in flashc(["--install-completion", "bash"], **home)
    script = (tmp_path / ".bash_completions" / "flashc.sh").read_text("utf-8")
    assert "_FLASHC_COMPLETE=complete_bash" in script
    assert "flashc.sh" in (tmp_path / ".bashrc").read_text("utf-8")
