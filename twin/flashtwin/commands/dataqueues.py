"""Data queues: CRTDTAQ and the programs QSNDDTAQ, QRCVDTAQ, QCLRDTAQ, QMHQRDQD.

Parameters and packed lengths of the programs: docs/platform-facts.md#data-queues.
"""

from __future__ import annotations

from collections.abc import Callable, Generator

from flashtwin.commands import command, program
from flashtwin.commands.objects import create
from flashtwin.context import Context, ProgramCall
from flashtwin.errors import Escape
from flashtwin.objects import DataQueue, QueueEntry
from flashtwin.scheduler import Signal, Wait
from flashtwin.values import from_ebcdic, to_number

Waiting = Generator[Wait, Signal | None, None]


@command("CRTDTAQ", effect="disk")
def crtdtaq(ctx: Context) -> None:
    """Create a data queue."""
    name, library = ctx.qualified("DTAQ", library="*CURLIB")
    sequence = ctx.text("SEQ", "*FIFO")
    queue = DataQueue(
        library,
        name,
        "*DTAQ",
        max_length=ctx.integer("MAXLEN", 0),
        sequence=sequence,
        key_length=ctx.integer("KEYLEN", 0) if sequence == "*KEYED" else 0,
        force=ctx.text("FORCE", "*NO") == "*YES",
        sender_id=ctx.text("SENDERID", "*NO") == "*YES",
    )
    create(ctx, queue, "CPC9801", f"Object {name} type *DTAQ created in library {library}.")


def _name(call: ProgramCall, number: int) -> str:
    return call.view(number, "*CHAR", 10).text()


def _queue(call: ProgramCall, authority: str) -> DataQueue:
    return call.find_typed(DataQueue, _name(call, 0), _name(call, 1), "*DTAQ", authority)


def _packed(call: ProgramCall, number: int, digits: int) -> int:
    return int(to_number(call.view(number, "*DEC", digits).get()))


def _changed(call: ProgramCall, queue: DataQueue) -> Waiting:
    """Wait while the system is suspended, if queues do (docs/platform-facts.md#suspended)."""
    if queue.force or queue.journaled or call.world.readings.data_queues_wait_while_suspended:
        yield from call.change("data queue")


@program("QSNDDTAQ")
def qsnddtaq(call: ProgramCall) -> Waiting:
    """Send an entry: queue, library, length (5 0), data, and for a keyed queue key length (3 0) and key."""
    queue = _queue(call, "*OBJOPR *ADD")
    yield from _changed(call, queue)
    length = _packed(call, 2, 5)
    if length > queue.max_length or length < 1:
        raise Escape("CPF9503", queue.name, f"Length {length} is not valid for data queue {queue.name}.")
    data = call.view(3, "*CHAR", length).raw()
    key = b""
    if queue.sequence == "*KEYED":
        size = _packed(call, 4, 3)
        if size != queue.key_length:
            raise Escape("CPF9503", queue.name, f"Key length {size} is not that of data queue {queue.name}.")
        key = call.view(5, "*CHAR", size).raw()
    entry = QueueEntry(key, data, call.job.qualified)
    queue.entries.append(entry)
    call.os.log("data_queue_sent", queue=f"{queue.library}/{queue.name}", data=from_ebcdic(data).rstrip())
    call.os.signal(queue.library, queue.name, "*DTAQ").fire()


@program("QRCVDTAQ")
def qrcvdtaq(call: ProgramCall) -> Waiting:
    """Receive an entry: queue, library, length (5 0) back, data, wait seconds (5 0, negative: for ever),
    and for a keyed queue order (2), key length (3 0), key; then the length and field of the sender."""
    queue = _queue(call, "*OBJOPR *READ")
    wait = _packed(call, 4, 5)
    order, key_cell = "", None
    if queue.sequence == "*KEYED":
        order = call.view(5, "*CHAR", 2).text()
        size = _packed(call, 6, 3)
        if size != queue.key_length:
            raise Escape("CPF9503", queue.name, f"Key length {size} is not that of data queue {queue.name}.")
        key_cell = call.view(7, "*CHAR", size)
    deadline = None if wait < 0 else call.world.now + wait
    signal = call.os.signal(queue.library, queue.name, "*DTAQ")
    wanted = key_cell.raw() if key_cell is not None else b""
    while True:
        entry = _find(queue, order, wanted)
        if entry is not None:
            yield from _changed(call, queue)
            entry = _find(queue, order, wanted)
        if entry is not None or (deadline is not None and call.world.now >= deadline):
            break
        yield Wait((signal,), deadline)
    length = call.view(2, "*DEC", 5)
    if entry is None:
        length.set(0)
        return
    queue.entries.remove(entry)
    length.set(len(entry.data))
    call.view(3, "*CHAR", len(entry.data)).put(entry.data)
    if key_cell is not None:
        key_cell.put(entry.key)


_ORDERS: dict[str, Callable[[bytes, bytes], bool]] = {
    "EQ": lambda a, b: a == b,
    "NE": lambda a, b: a != b,
    "GT": lambda a, b: a > b,
    "LT": lambda a, b: a < b,
    "GE": lambda a, b: a >= b,
    "LE": lambda a, b: a <= b,
}


def _find(queue: DataQueue, order: str, key: bytes) -> QueueEntry | None:
    if not queue.entries:
        return None
    if queue.sequence == "*LIFO":
        return queue.entries[-1]
    if queue.sequence != "*KEYED":
        return queue.entries[0]
    fits = _ORDERS.get(order)
    if fits is None:
        raise Escape("CPF9503", queue.name, f"Key order {order} is not valid.")
    found = [entry for entry in queue.entries if fits(entry.key, key)]
    if order in ("LT", "LE"):
        return max(found, key=lambda e: e.key, default=None)
    return min(found, key=lambda e: e.key, default=None)


@program("QCLRDTAQ")
def qclrdtaq(call: ProgramCall) -> Waiting:
    """Clear a data queue: all entries, or those of a key (order, key length, key)."""
    queue = _queue(call, "*OBJOPR *READ")
    yield from _changed(call, queue)
    if len(call.args) >= 5:
        order, size = call.view(2, "*CHAR", 2).text(), _packed(call, 3, 3)
        key = call.view(4, "*CHAR", size).raw()
        fits = _ORDERS[order]
        queue.entries[:] = [entry for entry in queue.entries if not fits(entry.key, key)]
        return
    queue.entries.clear()


@program("QMHQRDQD")
def qmhqrdqd(call: ProgramCall) -> None:
    """Retrieve a data queue's description, format RDQD0100: lengths, sequence, force, entries.

    Receiver, its length, format name, qualified queue name.
    """
    qualified = call.view(3, "*CHAR", 20).raw().decode("cp037")
    queue = call.find_typed(DataQueue, qualified[:10].rstrip(), qualified[10:].rstrip(), "*DTAQ")
    size = int(to_number(call.view(1, "*INT", 4).get()))
    out = bytearray(120)
    _put(out, 0, 120)
    _put(out, 4, 120)
    _put(out, 8, queue.max_length)
    _put(out, 12, queue.key_length)
    out[16:17] = {"*FIFO": b"\xc6", "*LIFO": b"\xd3", "*KEYED": b"\xd2"}[queue.sequence]
    out[17:18] = b"\xe8" if queue.sender_id else b"\xd5"
    out[18:19] = b"\xe8" if queue.force else b"\xd5"
    out[19:69] = queue.text.encode("cp037", "replace").ljust(50, b"\x40")
    out[69:70] = b"\xf0"
    _put(out, 72, len(queue.entries))
    _put(out, 76, len(queue.entries))
    out[80:90] = queue.name.ljust(10).encode("cp037")
    out[90:100] = queue.library.ljust(10).encode("cp037")
    size = min(size, len(out))
    receiver = call.view(0, "*CHAR", size)
    receiver.put(bytes(out[:size]))


def _put(out: bytearray, at: int, number: int) -> None:
    out[at : at + 4] = number.to_bytes(4, "big")
