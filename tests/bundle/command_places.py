"""The texts of prompts and help panels by the place where they stand, for tests over all languages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from flashc.runbook.command_texts import CommandText, CommandWords, PanelText, ParameterText


def places(words: CommandWords) -> dict[str, str]:
    """Every text by place: FLSTRENV prompt, FLSTRENV/SKIP *YES, panel required."""
    return dict(_places(words))


def unit(place: str) -> str:
    """The command, the parameter or the panel that a place belongs to."""
    return place.split(" ", 1)[0]


def _places(words: CommandWords) -> Iterator[tuple[str, str]]:
    for name, command in words.commands.items():
        yield from _of(name, command)
        for keyword, parameter in command.parameters.items():
            yield from _of(f"{name}/{keyword}", parameter)
    yield from _of("panel", words.panel)


def _of(unit: str, text: CommandText | ParameterText | PanelText) -> Iterator[tuple[str, str]]:
    for field in fields(text):
        value = getattr(text, field.name)
        if field.name == "parameters" or not value:
            continue
        if isinstance(value, str):
            yield f"{unit} {field.name}", value
        elif isinstance(value, tuple):
            yield from ((f"{unit} {field.name} {number}", one) for number, one in enumerate(value, 1))
        else:
            yield from ((f"{unit} {field.name} {key}", one) for key, one in value.items())
