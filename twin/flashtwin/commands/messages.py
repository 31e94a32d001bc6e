"""Messages: sending, receiving, removing.

What each type does and in which order RCVMSG finds messages: docs/platform-facts.md#cl-messages.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from flashtwin import messages
from flashtwin.commands import command
from flashtwin.context import Context
from flashtwin.errors import Escape
from flashtwin.interp import Activation, Unwind, deliver
from flashtwin.messages import Message
from flashtwin.objects import MessageQueue, QueuedMessage
from flashtwin.scheduler import Signal, Wait
from flashtwin.security import require_authority

_CALL_QUEUE_ONLY = {"*COMP", "*DIAG", "*ESCAPE", "*NOTIFY", "*STATUS"}
Waiting = Generator[Wait, Signal | None, None]


@command("SNDPGMMSG", effect="none")
def sndpgmmsg(ctx: Context) -> Waiting:
    """Send a message to a program of the call stack, to a message queue, or to a user."""
    kind = ctx.text("MSGTYPE", "*INFO")
    msgid, text, data, severity, file, second = _content(ctx)
    queues = _message_queues(ctx)
    if queues:
        if kind in _CALL_QUEUE_ONLY - {"*COMP", "*DIAG"}:
            raise Escape("CPF2409", "", f"Message type {kind} cannot be sent to a message queue.")
        yield from _to_queues(ctx, queues, kind, msgid, text, data, severity, file)
        return
    target = _target(ctx)
    if target is None:
        # The external message queue: a status message is not kept, others go to the job log.
        if kind != "*STATUS":
            sent = ctx.job.send(
                ctx.job.root, kind, msgid, text, data, severity=severity, file=file, sender=ctx.act.name
            )
            ctx.set_return("KEYVAR", sent.key_bytes)
        return
    if kind == "*STATUS":
        yield from _status(ctx, target, msgid, text, data, file)
        return
    message = ctx.job.send(
        target,
        kind,
        msgid,
        text,
        data,
        severity=severity,
        file=file,
        sender=ctx.act.name,
        second_level=second,
    )
    ctx.set_return("KEYVAR", message.key_bytes)
    if kind == "*ESCAPE":
        yield from _escape(ctx, target, message)
    elif kind == "*NOTIFY":
        yield from _monitored(ctx, target, message)


def _content(ctx: Context) -> tuple[str, str, bytes, int, tuple[str, str], str]:
    if not ctx.given("MSGID"):
        return "", ctx.text("MSG"), b"", 0, ("", ""), ""
    msgid, file = ctx.text("MSGID"), ctx.qualified("MSGF")
    try:
        described = ctx.job.describe(msgid, file)
    except Escape as error:
        ctx.diagnostic(error.msgid, error.text, error.data)
        raise Escape("CPF2469", msgid, "Error occurred when sending message.") from error
    data = ctx.raw("MSGDTA") if ctx.given("MSGDTA") and ctx.text("MSGDTA") != "*NONE" else b""
    text = ctx.job.text_of(described, data)
    second = messages.substitute(described, described.second_level, data)
    return msgid, text, data, described.severity, file, second


def _target(ctx: Context) -> Activation | None:
    """The program that TOPGMQ names; None for *EXT."""
    written = ctx.value("TOPGMQ", "*PRV")
    parts: list[Any] = written if isinstance(written, list) else [written]
    relation = str(parts[0])
    if relation == "*EXT":
        return None
    base = ctx.act
    if len(parts) > 1 and str(parts[1]) not in ("*", "*PGMBDY", "*CTLBDY"):
        base = _named(ctx, parts[1])
    if relation == "*SAME":
        return base
    stack = ctx.job.stack
    return stack[max(0, stack.index(base) - 1)]


def _named(ctx: Context, value: Any) -> Activation:
    name = value[0] if isinstance(value, list | tuple) else str(value)
    for act in reversed(ctx.job.stack):
        if act.name == name:
            return act
    raise Escape("CPF247A", str(name), f"Call stack entry {name} not found.")


def _message_queues(ctx: Context) -> list[MessageQueue]:
    found: list[MessageQueue] = []
    for item in ctx.items("TOMSGQ"):
        if item == "*TOPGMQ":
            continue
        if item == "*SYSOPR":
            found.append(ctx.os.operator_queue())
        elif item == "*HSTLOG":
            found.append(ctx.find_typed(MessageQueue, "QHST", "QSYS", "*MSGQ"))
        else:
            name, library = item if isinstance(item, tuple) else (item, "*LIBL")
            found.append(queue_named(ctx, name, library, *SENDS))
    user = ctx.text("TOUSR")
    if user:
        found.append(_queue_of_user(ctx, user))
    return found


SENDS = ("*USE *ADD", "*USE")
"""What sending asks for, of a message queue and of its library: docs/platform-facts.md#single-authorities."""


def queue_named(
    ctx: Context, name: str, library: str, authority: str = "*CHANGE", of_library: str = "*EXECUTE"
) -> MessageQueue:
    """A message queue to send to (*ADD) or to take from (*DLT); CPF2403 when it does not exist, CPF2408
    without authority to it or to its library."""
    try:
        found = ctx.find_typed(MessageQueue, name, library, "*MSGQ", authority)
        home = ctx.image.libraries.get(found.library)
        if home is not None:
            require_authority(ctx.job, home, of_library)
        return found
    except Escape as error:
        if error.msgid in ("CPF9802", "CPF9820"):
            text = f"Not authorized to message queue {name}."
            raise Escape("CPF2408", f"{name:<10}{library:<10}", text) from error
        raise Escape(
            "CPF2403", f"{name:<10}{library:<10}", f"Message queue {name} in {library} not found."
        ) from error


def _queue_of_user(ctx: Context, user: str) -> MessageQueue:
    if user in ("*SYSOPR", "QSYSOPR"):
        return ctx.os.operator_queue()
    if user == "*REQUESTER":
        user = ctx.job.user
    profile = ctx.image.users.get(user)
    if profile is None:
        raise Escape("CPF2403", user, f"Message queue of user {user} not found.")
    return queue_named(ctx, profile.message_queue[0] or user, profile.message_queue[1], *SENDS)


def _to_queues(
    ctx: Context,
    queues: list[MessageQueue],
    kind: str,
    msgid: str,
    text: str,
    data: bytes,
    severity: int,
    file: tuple[str, str],
) -> Waiting:
    # A message that leaves the job is written to an object of the system: it waits while suspended.
    yield from ctx.change("message to a queue")
    for queue in queues:
        message = QueuedMessage(
            0, msgid, kind, text, data, severity, ctx.now, ctx.job.qualified, ctx.job.user, file
        )
        ctx.os.queue_message(queue, message)
        if queue.name == "QHST" and queue.library == "QSYS":
            ctx.os.history(msgid, text, ctx.job.qualified, severity)
        ctx.set_return("KEYVAR", message.key.to_bytes(4, "big"))


def _escape(ctx: Context, target: Activation, message: Message) -> Waiting:
    if target is ctx.act:
        raise (yield from deliver(target, message))
    # The sender ends: the search for a monitor starts with the program that it was sent to.
    unwind = yield from deliver(target, message)
    raise unwind


def _monitored(ctx: Context, target: Activation, message: Message) -> Waiting:
    """A notify or status message is taken by a monitor, or the sender goes on."""
    yield from ()
    stack = ctx.job.stack
    for place in range(stack.index(target), 0, -1):
        found = stack[place].monitor(message.msgid, message.data)
        if found is not None:
            message.handled = True
            raise Unwind(stack[place], found)


def _status(
    ctx: Context, target: Activation, msgid: str, text: str, data: bytes, file: tuple[str, str]
) -> Waiting:
    message = Message(0, msgid, "*STATUS", text, data, 0, ctx.now, ctx.act.name, target.name, file)
    yield from _monitored(ctx, target, message)


@command("SNDMSG", "SNDBRKMSG", effect="disk")
def sndmsg(ctx: Context) -> None:
    """Send a text to users or message queues."""
    queues = [_queue_of_user(ctx, str(user)) for user in ctx.items("TOUSR")]
    for item in ctx.items("TOMSGQ"):
        if item == "*SYSOPR":
            queues.append(ctx.os.operator_queue())
        else:
            name, library = item if isinstance(item, tuple) else (item, "*LIBL")
            queues.append(queue_named(ctx, name, library, *SENDS))
    kind = ctx.text("MSGTYPE", "*INFO")
    for queue in queues:
        message = QueuedMessage(
            0, "", kind, ctx.text("MSG"), b"", 80, ctx.now, ctx.job.qualified, ctx.job.user
        )
        ctx.os.queue_message(queue, message)


@command("SNDUSRMSG", effect="none")
def sndusrmsg(ctx: Context) -> Waiting:
    """Ask QSYSOPR (a batch job has nobody else) and wait for the answer."""
    if ctx.given("MSGID"):
        described = ctx.job.describe(ctx.text("MSGID"), ctx.qualified("MSGF"))
        text, msgid = ctx.job.text_of(described, ctx.raw("MSGDTA")), described.msgid
    else:
        text, msgid = ctx.text("MSG"), ""
    if ctx.text("MSGTYPE", "*INQ") == "*INFO":
        yield from ctx.change("message to a queue")
        ctx.os.tell_operator(msgid, text, 0, ctx.job)
        return
    default = ctx.text("DFT", "*MSGDFT")
    reply = yield from ctx.job.inquire(msgid, text, b"", "" if default == "*MSGDFT" else default, ctx.act)
    ctx.set_return("MSGRPY", reply)


# -- receiving ---------------------------------------------------------------------------------------


@command("RCVMSG", effect="none")
def rcvmsg(ctx: Context) -> Waiting:
    """Receive a message from a call message queue or from a message queue."""
    if ctx.given("MSGQ") and ctx.text("MSGQ") != "*PGMQ":
        yield from _receive_queued(ctx)
        return
    kind = ctx.text("MSGTYPE", "*ANY")
    act = _receiver(ctx)
    message = messages.receive(act.queue, kind, _key(ctx))
    if message is None:
        _nothing(ctx)
        return
    _return(ctx, message.msgid, message.text, message.data, message.severity, message.return_type)
    ctx.set_return("KEYVAR", message.key_bytes)
    ctx.set_return("SECLVL", message.second_level)
    ctx.set_return("MSGF", message.file[0])
    ctx.set_return("MSGFLIB", message.file[1])
    ctx.set_return("SNDMSGFLIB", message.file[1])
    ctx.set_return("SENDER", _sender(ctx, message))
    messages.taken(act.queue, message, ctx.text("RMV", "*YES"))


def _receiver(ctx: Context) -> Activation:
    written = ctx.value("PGMQ", "*SAME")
    parts: list[Any] = written if isinstance(written, list) else [written]
    if parts[0] == "*EXT":
        return ctx.job.root
    base = _named(ctx, parts[1]) if len(parts) > 1 and str(parts[1]) != "*" else ctx.act
    stack = ctx.job.stack
    return base if parts[0] == "*SAME" else stack[max(0, stack.index(base) - 1)]


def _key(ctx: Context) -> bytes | None:
    written = ctx.bound.get("MSGKEY")
    if written is None or ctx.text("MSGKEY") in ("*NONE",):
        return None
    return ctx.raw("MSGKEY")[:4]


def _sender(ctx: Context, message: Message) -> str:
    """The 80 characters of SENDER, format *SHORT: job, user, number, program, line, time, program."""
    job = ctx.job
    stamp = ctx.os.local(message.time).strftime("%y%m%d%H%M%S")
    return (
        f"{job.name:<10}{job.user:<10}{job.number}{message.sender:<12}0000"
        f"{stamp[0]}{stamp[:6]}{stamp[6:]}{message.receiver:<10}0000"
    )


def _return(ctx: Context, msgid: str, text: str, data: bytes, severity: int, kind: str) -> None:
    ctx.set_return("MSGID", msgid)
    ctx.set_return("MSG", text)
    ctx.set_return("MSGLEN", len(text))
    ctx.set_return("MSGDTA", data)
    ctx.set_return("MSGDTALEN", len(data))
    ctx.set_return("SEV", severity)
    ctx.set_return("RTNTYPE", kind)


def _nothing(ctx: Context) -> None:
    for keyword in (
        "KEYVAR",
        "MSG",
        "SECLVL",
        "MSGDTA",
        "MSGID",
        "SENDER",
        "MSGF",
        "MSGFLIB",
        "SNDMSGFLIB",
        "RTNTYPE",
    ):
        ctx.set_return(keyword, "")
    for keyword in ("MSGLEN", "SECLVLLEN", "MSGDTALEN", "SEV", "TXTCCSID", "DTACCSID"):
        ctx.set_return(keyword, 0)


def _receive_queued(ctx: Context) -> Waiting:
    name, library = ctx.qualified("MSGQ")
    if name == "*SYSOPR":
        name, library = "QSYSOPR", "QSYS"
    takes = ctx.text("RMV", "*YES") != "*NO"
    queue = queue_named(ctx, name, library, "*USE *DLT" if takes else "*USE")
    wait = ctx.text("WAIT", "0")
    deadline = None if wait == "*MAX" else ctx.world.now + float(wait)
    kind, key = ctx.text("MSGTYPE", "*ANY"), _key(ctx)
    signal = ctx.os.signal(queue.library, queue.name, "*MSGQ")
    while True:
        found = _find(queue, kind, key)
        if found is not None or (deadline is not None and ctx.world.now >= deadline):
            break
        yield Wait((signal,), deadline)
    if found is None:
        _nothing(ctx)
        return
    _return(
        ctx, found.msgid, found.text, found.data, found.severity, messages._RETURN_TYPES.get(found.type, "04")
    )
    ctx.set_return("KEYVAR", found.key.to_bytes(4, "big"))
    ctx.set_return("MSGF", found.file[0])
    ctx.set_return("MSGFLIB", found.file[1])
    number, user, job = found.sender_job.split("/")
    ctx.set_return("SENDER", f"{job:<10}{user:<10}{number}")
    if ctx.text("RMV", "*YES") == "*YES":
        queue.messages.remove(found)
    else:
        found.old = True


def _find(queue: MessageQueue, kind: str, key: bytes | None) -> QueuedMessage | None:
    kept = queue.messages
    if key is not None:
        place = next((i for i, m in enumerate(kept) if m.key.to_bytes(4, "big") == key), None)
        if kind not in ("*NEXT", "*PRV"):
            return kept[place] if place is not None else None
        if place is None:
            raise Escape("CPF2410", "", "Message key not found in message queue.")
        other = place + (1 if kind == "*NEXT" else -1)
        return kept[other] if 0 <= other < len(kept) else None
    if kind == "*FIRST":
        return kept[0] if kept else None
    if kind == "*LAST":
        return kept[-1] if kept else None
    return next((m for m in kept if not m.old and kind in ("*ANY", m.type)), None)


@command("RMVMSG", effect="none")
def rmvmsg(ctx: Context) -> None:
    """Remove messages from a call message queue or from a message queue."""
    clear, key = ctx.text("CLEAR", "*BYKEY"), ctx.raw("MSGKEY")[:4] if ctx.given("MSGKEY") else None
    if ctx.given("MSGQ") and ctx.text("MSGQ") != "*PGMQ":
        queue = queue_named(ctx, *ctx.qualified("MSGQ"), "*OBJOPR *DLT")
        queue.messages[:] = [
            m for m in queue.messages if not _removed(clear, key, m.key, m.old, m.type == "*INQ")
        ]
        return
    act = _receiver(ctx)
    act.queue[:] = [m for m in act.queue if not _removed(clear, key, m.key, m.old, False)]


def _removed(clear: str, key: bytes | None, number: int, old: bool, inquiry: bool) -> bool:
    if clear == "*ALL":
        return True
    if clear == "*KEEPUNANS":
        return not inquiry
    if clear == "*OLD":
        return old
    if clear == "*NEW":
        return not old
    return key == number.to_bytes(4, "big")


@command("RTVMSG", effect="none")
def rtvmsg(ctx: Context) -> None:
    """Retrieve a message description with its data in place."""
    described = ctx.job.describe(ctx.text("MSGID"), ctx.qualified("MSGF"))
    data = ctx.raw("MSGDTA") if ctx.given("MSGDTA") else b""
    text = ctx.job.text_of(described, data)
    ctx.set_return("MSG", text)
    ctx.set_return("MSGLEN", len(text))
    ctx.set_return("SECLVL", described.second_level)
    ctx.set_return("SECLVLLEN", len(described.second_level))
    ctx.set_return("SEV", described.severity)
