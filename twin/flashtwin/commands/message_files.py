"""Message queues and message files: CRTMSGQ, CHGMSGQ, CLRMSGQ, CRTMSGF, ADDMSGD, CHGMSGD, RMVMSGD.

Fields of a message: docs/platform-facts.md#cl-messages; code pages: docs/platform-facts.md#message-files.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flashc.cl.codepages import CCSIDS, decode

from flashtwin.commands import command
from flashtwin.commands.messages import queue_named
from flashtwin.commands.objects import create
from flashtwin.context import Context
from flashtwin.errors import Escape, TwinError
from flashtwin.objects import MessageDescription, MessageField, MessageFile, MessageQueue


@command("CRTMSGQ", effect="disk")
def crtmsgq(ctx: Context) -> None:
    """Create a message queue."""
    name, library = ctx.qualified("MSGQ", library="*CURLIB")
    queue = MessageQueue(library, name, "*MSGQ", when_full=ctx.text("MSGQFULL", "*SNDMSG"))
    create(ctx, queue, "CPC2403", f"Message queue {name} created in library {library}.")


@command("CHGMSGQ", effect="disk")
def chgmsgq(ctx: Context) -> None:
    """Change what a message queue does when it is full; delivery is the interactive user's affair."""
    if ctx.text("MSGQ", "*USRPRF").startswith("*"):
        return
    queue = queue_named(ctx, *ctx.qualified("MSGQ"))
    queue.when_full = ctx.text("MSGQFULL", queue.when_full)


@command("CLRMSGQ", effect="disk")
def clrmsgq(ctx: Context) -> None:
    """Remove all messages of a queue."""
    queue = queue_named(ctx, *ctx.qualified("MSGQ"), "*CHANGE", "*USE")
    clear = ctx.text("CLEAR", "*ALL")
    queue.messages[:] = [
        m for m in queue.messages if clear == "*KEEPUNANS" and m.type == "*INQ" and m.reply is None
    ]


@command("CRTMSGF", effect="disk")
def crtmsgf(ctx: Context) -> None:
    """Create a message file."""
    name, library = ctx.qualified("MSGF", library="*CURLIB")
    ccsid = ctx.text("CCSID", "*HEX")
    if ccsid not in ("*HEX", "*MSGD"):
        raise TwinError(f"the twin does not model a message file of CCSID {ccsid}")
    create(
        ctx,
        MessageFile(library, name, "*MSGF", converts=ccsid == "*MSGD"),
        "CPC2402",
        f"Message file {name} created in library {library}.",
    )


@command("ADDMSGD", effect="disk")
def addmsgd(ctx: Context) -> None:
    """Add a message description; CPF2412 when it exists."""
    file, msgid = _file(ctx), ctx.text("MSGID")
    if msgid in file.descriptions:
        raise Escape("CPF2412", msgid, f"Message ID {msgid} already exists in message file {file.name}.")
    file.descriptions[msgid] = MessageDescription(
        msgid,
        _text(ctx, "MSG", file),
        _second(ctx, file),
        ctx.integer("SEV", 0),
        _formats(ctx),
        "" if ctx.text("DFT", "*NONE") == "*NONE" else ctx.text("DFT"),
    )


def _text(ctx: Context, keyword: str, file: MessageFile) -> str:
    """A text as the jobs of the twin see it, which have CCSID 37."""
    data, ccsid = ctx.raw(keyword), ctx.integer("CCSID", 37)
    if ccsid not in CCSIDS:
        raise TwinError(f"the twin does not model message texts of CCSID {ccsid}")
    return decode(data, ccsid if file.converts else 37)


def _second(ctx: Context, file: MessageFile) -> str:
    return "" if ctx.text("SECLVL", "*NONE") == "*NONE" else _text(ctx, "SECLVL", file)


@command("CHGMSGD", effect="disk")
def chgmsgd(ctx: Context) -> None:
    """Change what is written of a message description."""
    file, msgid = _file(ctx), ctx.text("MSGID")
    old = file.descriptions.get(msgid)
    if old is None:
        raise Escape("CPF2419", msgid, f"Message identifier {msgid} not found in message file {file.name}.")
    new = replace(old, severity=ctx.integer("SEV", old.severity))
    if ctx.text("MSG", "*SAME") != "*SAME":
        new = replace(new, text=_text(ctx, "MSG", file))
    if ctx.given("SECLVL") and ctx.text("SECLVL") != "*SAME":
        new = replace(new, second_level=_second(ctx, file))
    if ctx.given("FMT") and ctx.text("FMT") != "*SAME":
        new = replace(new, fields=_formats(ctx))
    file.descriptions[msgid] = new


@command("RMVMSGD", effect="disk")
def rmvmsgd(ctx: Context) -> None:
    """Remove a message description."""
    file, msgid = _file(ctx), ctx.text("MSGID")
    if file.descriptions.pop(msgid, None) is None:
        raise Escape("CPF2419", msgid, f"Message identifier {msgid} not found in message file {file.name}.")


def _file(ctx: Context) -> MessageFile:
    name, library = ctx.qualified("MSGF")
    try:
        return ctx.find_typed(MessageFile, name, library, "*MSGF", "*CHANGE")
    except Escape as error:
        if error.msgid in ("CPF9802", "CPF9820"):
            text = f"Not authorized to message file {name} in {library}."
            raise Escape("CPF2411", f"{name:<10}{library:<10}", text) from error
        raise Escape(
            "CPF2407", f"{name:<10}{library:<10}", f"Message file {name} in {library} not found."
        ) from error


_SIZES = {"*CHAR": 10, "*QTDCHAR": 10, "*DEC": 15, "*BIN": 4, "*UBIN": 4, "*HEX": 8}


def _formats(ctx: Context) -> tuple[MessageField, ...]:
    written = ctx.items("FMT")
    if not written or written == ["*NONE"]:
        return ()
    if isinstance(written[0], str):
        written = [written]
    return tuple(_format(item if isinstance(item, list) else [item]) for item in written)


def _format(item: list[Any]) -> MessageField:
    kind = str(item[0])
    if kind not in _SIZES:
        raise TwinError(f"the twin does not model the message field type {kind}")
    if len(item) > 1 and item[1] == "*VARY":
        return MessageField(kind, -(int(item[2]) if len(item) > 2 else 2))
    length = int(item[1]) if len(item) > 1 else _SIZES[kind]
    return MessageField(kind, length, int(item[2]) if len(item) > 2 else 0)
