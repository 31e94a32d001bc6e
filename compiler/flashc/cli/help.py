"""How a group of commands is listed in its `--help`: by task, each with the first sentence of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from typer.core import TyperGroup


class Listed(TyperGroup):
    """Typer's own list cuts each sentence at the width of the terminal."""

    tasks: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    """Headings and the commands under each; without any all commands stand under one."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        for task, names in (self.tasks or {"Commands": tuple(self.commands)}).items():
            with formatter.section(task):
                formatter.write_dl([(name, _first_sentence(self.commands[name])) for name in names])


def _first_sentence(command: Any) -> str:
    paragraph: str = command.help.split("\n\n")[0]
    return " ".join(paragraph.split())
