"""First-level texts of messages of QCPFMSG that programs send by id or that the twin sends itself.

Texts are worded for the twin; severities as in docs/platform-facts.md#cl-messages.
"""

from __future__ import annotations

from flashtwin.objects import MessageDescription, MessageField

_CHAR10 = MessageField("*CHAR", 10)
_ALL = (MessageField("*CHAR", 512),)


def _table() -> dict[str, MessageDescription]:
    rows: list[tuple[str, int, str, tuple[MessageField, ...], str]] = [
        ("CPF9898", 40, "&1.", _ALL, ""),
        ("CPF9897", 40, "&1", _ALL, ""),
        ("CPF1015", 40, "Data area &1 in &2 not found.", (_CHAR10, _CHAR10), ""),
        ("CPF9801", 40, "Object &2 in library &3 not found.", (_CHAR10, _CHAR10, _CHAR10), ""),
        ("CPF9802", 40, "Not authorized to object &2 in &3.", (_CHAR10, _CHAR10, _CHAR10), ""),
        ("CPF9810", 40, "Library &1 not found.", (_CHAR10,), ""),
        ("CPF9999", 40, "Function check. &1 unmonitored by &2.", (MessageField("*CHAR", 7), _CHAR10), ""),
        ("CPA0702", 99, "&1 received by procedure &2. (C D I R)", (MessageField("*CHAR", 7), _CHAR10), "C"),
        ("CPF0001", 30, "Error found on &1 command.", (_CHAR10,), ""),
        # the first four characters are the system's: docs/platform-facts.md#validity-checking-programs
        ("CPD0006", 30, "&2", (MessageField("*CHAR", 4), MessageField("*CHAR", 512)), ""),
        ("CPF0002", 40, "The validity checking program refused the command.", (), ""),
        ("CPF0006", 40, "Errors occurred in command &1.", (_CHAR10,), ""),
        ("CEE9901", 30, "Application error. &1 unmonitored by &2.", (MessageField("*CHAR", 7), _CHAR10), ""),
    ]
    return {
        msgid: MessageDescription(msgid, text, severity=severity, fields=fields, default_reply=reply)
        for msgid, severity, text, fields, reply in rows
    }


SYSTEM_MESSAGES = _table()
