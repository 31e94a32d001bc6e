"""CL commands as they are sent to a partition: quoted for CL and for the shell, secrets masked when shown.

A command goes through the PASE utility `system`: its messages are printed as `MSGID: text`, its exit status
is 0 or 255.  docs/platform-facts.md#pase-system-utility
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

SYSTEM = "/QOpenSys/usr/bin/system"
QSH = "/QOpenSys/usr/bin/qsh"
LS = "/QOpenSys/usr/bin/ls"
SETCCSID = "/QOpenSys/usr/bin/setccsid"

LONGEST = 6000
"""Characters of one command; what flashc generates stays far below."""

MESSAGE = re.compile(r"\s*(?P<id>[A-Z][A-Z0-9]{2}[0-9A-F]{4}): (?P<text>.*)")


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a command; `id` is the same in every language, the text is the partition's."""

    id: str
    text: str

    def __str__(self) -> str:
        return f"{self.id}: {self.text}"


@dataclass(frozen=True, slots=True)
class Command:
    """One CL command.

    `secrets` are the parts of it that no log or report may show; `otherwise` is the command that does the
    same where the first fails because it was done before.
    """

    text: str
    secrets: tuple[str, ...] = ()
    otherwise: str = ""

    def __post_init__(self) -> None:
        for text in (self.text, self.otherwise):
            if not text.isascii() or not (text.isprintable() or not text):
                raise ValueError(f"a CL command holds characters that cannot be sent: {text[:60]!r}")
            if len(text) > LONGEST:
                raise ValueError(f"a CL command has {len(text)} characters, more than {LONGEST}")

    @property
    def name(self) -> str:
        """The command's name, without its library."""
        return self.text.split(" ", 1)[0].rpartition("/")[2]

    @property
    def shown(self) -> str:
        """The command for people, without its secrets."""
        text = self.text
        for secret in self.secrets:
            text = text.replace(cl_inner(secret), "***").replace(secret, "***")
        return text

    def shell(self) -> str:
        """The shell command that runs it, its messages on the standard output in their order."""
        first = f"{SYSTEM} {sh(self.text)} 2>&1"
        return f"{first} || {SYSTEM} {sh(self.otherwise)} 2>&1" if self.otherwise else first


def cl(value: str) -> str:
    """A character constant of CL: apostrophes doubled, in apostrophes."""
    return f"'{cl_inner(value)}'"


def cl_inner(value: str) -> str:
    """The inside of a character constant of CL."""
    return value.replace("'", "''")


def sh(text: str) -> str:
    """One word for any Bourne shell: PASE's own needs no more than single quotes."""
    return "'" + text.replace("'", "'\\''") + "'"


def messages(lines: Sequence[str]) -> list[Message]:
    """The messages among the lines that a command printed."""
    found = (MESSAGE.fullmatch(line) for line in lines)
    return [Message(one["id"], one["text"].rstrip()) for one in found if one]
