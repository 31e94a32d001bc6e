"""The exceptions of the twin: messages of the simulated system, and failures of the twin itself."""

from __future__ import annotations


class TwinError(Exception):
    """The twin cannot say what a real system would do; the rehearsal fails with this text."""


class Escape(Exception):
    """An escape message sent by a command, program or procedure to the program that called it.

    `data` is the message data: text as it stands, or bytes where the definition of the message has
    binary fields.  `text` is the whole first-level text; without it the text comes from the message
    file `file` (object, library).
    """

    def __init__(
        self,
        msgid: str,
        data: str | bytes = "",
        text: str = "",
        file: tuple[str, str] = ("QCPFMSG", "QSYS"),
    ) -> None:
        super().__init__(f"{msgid}: {text}" if text else msgid)
        self.msgid = msgid
        self.data = data
        self.text = text
        self.file = file
        # Diagnostic messages (id, text) that precede the escape.
        self.problems: list[tuple[str, str]] = []
