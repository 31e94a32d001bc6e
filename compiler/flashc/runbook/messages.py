"""The messages of the product: one id a step and a failure, with its cause and what to do about it.

A step's message id is made of its code: O55 is FLO0055, C40 is FLC0040, M01 is FLM0001, 999 is FL90999.
What a step says where it had nothing to do is beside it, FLO0122 and FLO0022, and so is what else it says.
The texts stand in `messages_en`, `messages_es` and `messages_fr`, with the same ids; each language is a
message file of its own.  LANGUAGES is where a language is declared with all that is in it; docs/messages.md
says how to add one.

To add one: its text, cause and recovery in all three, and here its severity or fields where they are others.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from flashc.runbook import (
    commands_en,
    commands_es,
    commands_fr,
    listing_words,
    messages_en,
    messages_es,
    messages_fr,
)
from flashc.runbook.command_texts import CommandWords

Text = tuple[str, str, str]
"""First-level text, cause, recovery."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message description.  `fields`: the lengths of &1, &2 …, which stand in the message data in a row.

    A program sends data of exactly that length: what is missing would show as *N.
    docs/platform-facts.md#message-files
    """

    id: str
    text: str
    cause: str
    recovery: str
    severity: int
    fields: tuple[int, ...]

    @property
    def help(self) -> str:
        """Cause and recovery as running text."""
        return f"{self.cause} {self.recovery}"


def step_message_id(code: str) -> str:
    """The message id of a step code."""
    return "FL90999" if code == "999" else f"FL{code[0]}00{code[1:]}"


WHOLE = (400,)
"""Most messages have one field: what it is about."""

_FIELDS: Mapping[str, tuple[int, ...]] = {
    "FLE0001": (8, 4),  # serial number, partition id
    "FLE0051": (10, 14, 10),  # environment, run, phase
    "FLE0053": (10, 14),  # environment, run
    "FLE0055": (10, 14),
    "FLE0132": (10, 10),  # ticket, environment
    "FLE0190": (4, 10, 10),  # what a checker leaves to the system, environment, step code
}

_SEVERITY: Mapping[str, int] = {
    # told, and nothing is wrong
    **dict.fromkeys(("FLE0053", "FLE0055", "FLE0056", "FLE0057", "FLE0103", "FLE0121", "FLE0124"), 0),
    **dict.fromkeys(("FLE0157", "FLE0158", "FLE0159", "FLE0170", "FLE0176"), 0),
    "FLE0171": 20,
    **dict.fromkeys(("FLO0182", "FLO0198", "FLO0199"), 40),
    **dict.fromkeys(("FLE0207", "FLE0208", "FLE0222", "FLE0224"), 0),
    # a human must act
    **dict.fromkeys(("FLE0011", "FLE0020", "FLE0036", "FLE0045", "FLE0047", "FLE0059", "FLE0235"), 80),
    **dict.fromkeys(("FLE0120", "FLE0123"), 80),
    **dict.fromkeys(("FLE0127", "FLE0128", "FLE0129", "FLE0130", "FLE0131", "FLE0132"), 80),
    **dict.fromkeys(("FLE0133", "FLE0134"), 80),
    **dict.fromkeys(("FLE0160", "FLE0161"), 80),
}
"""Where it is not 0 for a step and 40 for a failure."""


MAIL_NOTES = (
    *("FLE0021", "FLO0185", "FLO0186", "FLO0187", "FLO0188", "FLO0189", "FLO0190", "FLO0194", "FLO0195"),
    *("FLO0200", "FLO0201"),
)
"""Rows of the journal that a mail about a run has as well: tapes, and what a clone's save does not do."""


@dataclass(frozen=True, slots=True)
class Language:
    """A language of `language`, and the CCSID of its texts (None: 7-bit, the same in all).

    `code` is how the objects with its texts are called.  The CCSID is that of the national version, not 37: a
    job with CCSID 65535, which is as IBM i is shipped, is given the bytes as they are, and a display of that
    country shows them by its own code page.
    docs/platform-facts.md#message-files
    """

    name: str
    code: str
    ccsid: int | None
    texts: Mapping[str, Text]
    """By step code or message id."""
    commands: CommandWords
    """Prompts and help panels."""
    cause: str
    recovery: str
    """How second-level text begins its two parts; IBM i says it so in that language."""

    @property
    def message_file(self) -> str:
        """The name of its message file."""
        return f"FLMSG{self.code}"

    def source_file(self, name: str) -> str:
        """The source file `name` for sources with texts in this language: it has the CCSID of the texts, and
        a file that is there already keeps the one that it was made with."""
        return name if self.ccsid is None else f"{name}{self.code}"

    def messages(self) -> tuple[Message, ...]:
        """All messages in this language, in the order of its texts."""
        return tuple(_message(key, text) for key, text in self.texts.items())

    def second_level(self, message: Message) -> str:
        """What F1 shows: cause and recovery, each from a line of its own (&N)."""
        return f"&N {self.cause}   {message.cause}&N {self.recovery}   {message.recovery}"

    def plain(self, msgid: str) -> str:
        """A text up to its variable, without accents: for the guard, which may reach no message file."""
        text = next(m.text for m in self.messages() if m.id == msgid).partition("&1")[0].rstrip()
        return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")


def _message(key: str, text: Text) -> Message:
    msgid = key if key.startswith("FL") else step_message_id(key)
    usual = 40 if msgid.startswith("FLE") else 0
    return Message(msgid, *text, _SEVERITY.get(msgid, usual), _FIELDS.get(msgid, WHOLE))


def _texts(messages: Mapping[str, Text], column: int) -> Mapping[str, Text]:
    return {**messages, **listing_words.texts(column)}


LANGUAGES = {
    one.name: one
    for one in (
        Language(
            "english",
            "EN",
            None,
            _texts(messages_en.TEXTS, 0),
            commands_en.WORDS,
            "Cause . . . . . :",
            "Recovery  . . . :",
        ),
        Language(
            "spanish",
            "ES",
            284,
            _texts(messages_es.TEXTS, 1),
            commands_es.WORDS,
            "Causa . . . . . :",
            "Recuperación  . :",
        ),
        Language(
            "french",
            "FR",
            297,
            _texts(messages_fr.TEXTS, 2),
            commands_fr.WORDS,
            "Cause . . . . . :",
            "Que faire . . . :",
        ),
    )
}

MESSAGES = LANGUAGES["english"].messages()
STEPS = tuple(m for m in MESSAGES if not m.id.startswith(("FLE", "FLL")))
ERRORS = tuple(m for m in MESSAGES if m.id.startswith("FLE"))
WORDS = tuple(m for m in MESSAGES if m.id.startswith("FLL"))
"""Words of listings."""


def text_of(code: str) -> str:
    """The first-level text of a step code, or an empty string."""
    wanted = step_message_id(code)
    return next((m.text for m in STEPS if m.id == wanted), "")
