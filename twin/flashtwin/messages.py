"""Messages of a job: call message queues, the job log, and the texts of message descriptions.

Types, return codes and the order in which RCVMSG finds messages: docs/platform-facts.md#cl-rcvmsg.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flashtwin.errors import Escape
from flashtwin.message_texts import SYSTEM_MESSAGES
from flashtwin.objects import MessageDescription, MessageField, MessageFile
from flashtwin.values import from_ebcdic, to_ebcdic, unpacked

if TYPE_CHECKING:
    from flashtwin.image import SystemImage

# A job log is cut at its oldest messages beyond this number, as one that wraps is.
JOB_LOG_LIMIT = 20_000


@dataclass(slots=True)
class Message:
    """A message on a call message queue, and in the job log."""

    key: int
    msgid: str
    type: str
    text: str
    data: bytes
    severity: int
    time: float
    sender: str
    receiver: str
    file: tuple[str, str] = ("QCPFMSG", "QSYS")
    second_level: str = ""
    handled: bool = False
    old: bool = False

    @property
    def key_bytes(self) -> bytes:
        """The message reference key as KEYVAR holds it."""
        return self.key.to_bytes(4, "big")

    @property
    def return_type(self) -> str:
        """RTNTYPE of RCVMSG."""
        if self.type == "*ESCAPE":
            return "15" if self.handled else "17"
        if self.type == "*NOTIFY":
            return "14" if self.handled else "16"
        return _RETURN_TYPES.get(self.type, "04")

    def line(self) -> str:
        """The message as a line of a job log."""
        kind = _NAMES.get(self.type, "Information")
        return f"{self.msgid or '*NONE':<7} {kind:<14} {self.severity:02d} {self.text}"


_RETURN_TYPES = {
    "*COMP": "01",
    "*DIAG": "02",
    "*INFO": "04",
    "*INQ": "05",
    "*COPY": "06",
    "*RQS": "08",
    "*RPY": "23",
}
_NAMES = {
    "*COMP": "Completion",
    "*DIAG": "Diagnostic",
    "*ESCAPE": "Escape",
    "*INQ": "Inquiry",
    "*RQS": "Request",
    "*NOTIFY": "Notify",
    "*STATUS": "Status",
    "*RPY": "Reply",
    "*COPY": "Sender copy",
}


def description(
    image: SystemImage, libraries: list[str], msgid: str, file: tuple[str, str]
) -> MessageDescription:
    """The description of a message; CPF2407 without the file, CPF2419 without the message in it."""
    name, library = file
    if name == "QCPFMSG" and library in ("QSYS", "*LIBL"):
        known = SYSTEM_MESSAGES.get(msgid)
        if known is not None:
            return known
        return MessageDescription(msgid, f"Message {msgid}.", severity=40 if msgid[2:3] == "F" else 0)
    search = libraries if library in ("*LIBL", "*CURLIB") else [library]
    for where in search:
        found = image.find(where, name, "*MSGF")
        if isinstance(found, MessageFile):
            if msgid in found.descriptions:
                return found.descriptions[msgid]
            raise Escape("CPF2419", msgid, f"Message identifier {msgid} not found in message file {name}.")
    raise Escape("CPF2407", name, f"Message file {name} in {library} not found.")


def substitute(described: MessageDescription, text: str, data: bytes) -> str:
    """The text with &1, &2 ... replaced by the fields of the message data."""
    if "&" not in text:
        return text
    fields = _fields(described.fields, data)

    def replace(found: re.Match[str]) -> str:
        number = int(found.group(1))
        return fields[number - 1] if 1 <= number <= len(fields) else found.group(0)

    return re.sub(r"&(\d{1,2})", replace, text)


def _fields(fields: tuple[MessageField, ...], data: bytes) -> list[str]:
    values: list[str] = []
    at = 0
    for one in fields:
        size = one.length
        if one.type in ("*CHAR", "*QTDCHAR", "*HEX") and one.length <= 0:
            prefix = -one.length or 2
            size = int.from_bytes(data[at : at + prefix], "big")
            at += prefix
        elif one.type == "*DEC":
            size = one.length // 2 + 1
        # the documents ask for all data; a field of which nothing is sent is taken to show as not given
        values.append(_field(one, data[at : at + size]) if at < len(data) or not size else "*N")
        at += size
    return values


def _field(one: MessageField, raw: bytes) -> str:
    if one.type == "*BIN":
        return str(int.from_bytes(raw, "big", signed=True))
    if one.type == "*UBIN":
        return str(int.from_bytes(raw, "big"))
    if one.type == "*HEX":
        return raw.hex().upper()
    if one.type == "*DEC":
        if len(raw) < one.length // 2 + 1:
            return ""
        number = unpacked(raw)
        if not one.decimals:
            return str(number)
        digits = f"{abs(number):0{one.decimals + 1}d}"
        return ("-" if number < 0 else "") + digits[: -one.decimals] + "." + digits[-one.decimals :]
    text = from_ebcdic(raw)
    return f"'{text.rstrip()}'" if one.type == "*QTDCHAR" else text.rstrip()


def as_data(data: str | bytes) -> bytes:
    """Message data as bytes."""
    return data if isinstance(data, bytes) else to_ebcdic(data)


# -- RCVMSG ------------------------------------------------------------------------------------------

_EXCEPTIONS = ("*ESCAPE", "*NOTIFY", "*STATUS")


def receive(queue: list[Message], kind: str, key: bytes | None) -> Message | None:
    """The message that RCVMSG finds on a call message queue, None when there is none.

    New messages count for *ANY and the types; *FIRST, *LAST, *NEXT, *PRV and a key see old ones too.
    """
    if key is not None and kind not in ("*NEXT", "*PRV"):
        return next((m for m in queue if m.key_bytes == key), None)
    if kind in ("*NEXT", "*PRV"):
        return _neighbour(queue, kind, key)
    if kind == "*FIRST":
        return queue[0] if queue else None
    if kind == "*LAST":
        return queue[-1] if queue else None
    if kind == "*EXCP":
        return next((m for m in reversed(queue) if not m.old and m.type in _EXCEPTIONS), None)
    return next((m for m in queue if not m.old and kind in ("*ANY", m.type)), None)


def _neighbour(queue: list[Message], kind: str, key: bytes | None) -> Message | None:
    if key is None or key == b"*TOP" or key == to_ebcdic("*TOP"):
        return queue[0] if kind == "*NEXT" and queue else None
    for place, message in enumerate(queue):
        if message.key_bytes == key:
            other = place + (1 if kind == "*NEXT" else -1)
            return queue[other] if 0 <= other < len(queue) else None
    raise Escape("CPF2410", "", "Message key not found in message queue.")


def taken(queue: list[Message], message: Message, remove: str) -> None:
    """What RMV does with a received message: *YES removes it, *NO leaves it as an old one."""
    if remove == "*YES" and message in queue:
        queue.remove(message)
    else:
        message.old = True
    if message.type in _EXCEPTIONS and remove != "*KEEPEXCP":
        message.handled = True
