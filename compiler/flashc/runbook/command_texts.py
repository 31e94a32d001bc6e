"""What the prompts and help panels of the native commands say, in one language.

The texts stand in `commands_en`, `commands_es` and `commands_fr`; what the commands take is in `native_*.py`,
the same in every language.  Texts may hold {variables}, which the builder of the command fills in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ParameterText:
    """A parameter: its prompt, paragraphs of help, and what each value with a name means.

    `choice` is what may be entered, at the right of the prompt; `other` how help calls a value that has no
    name, and what it means.  Prompt and choice have at most 30 characters.
    """

    prompt: str
    help: tuple[str, ...]
    values: Mapping[str, str] = field(default_factory=dict)
    choice: str = ""
    other: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class CommandText:
    """A command: its prompt, paragraphs of help, its parameters by keyword, what its examples do.

    `reasons` are what REASON says in the examples; `phrases` what is said on some systems only.
    """

    prompt: str
    help: tuple[str, ...]
    parameters: Mapping[str, ParameterText]
    examples: tuple[str, ...]
    reasons: tuple[str, ...] = ()
    phrases: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PanelText:
    """What every help panel says."""

    help_title: str
    """The title of a panel: {of} what."""
    restrictions: str
    production_only: str
    for_operators: str
    """Who may use it: members of the authorization list of {library}; {user} is the product's profile."""
    for_the_user: str
    required: str
    up_to: str
    """How many values: {count}."""
    examples_title: str
    """Of {command}."""
    example: str
    """{number}"""
    messages_title: str
    """Of {command}."""
    escapes: str
    environment: str
    """What an environment does, {work} on {clone}."""
    work: Mapping[str, str]
    """What the clone does by kind of operation, where no control groups are named."""
    partition: str
    """A clone by its partition, {label}."""


@dataclass(frozen=True, slots=True)
class CommandWords:
    """All that the commands say in one language."""

    commands: Mapping[str, CommandText]
    panel: PanelText
