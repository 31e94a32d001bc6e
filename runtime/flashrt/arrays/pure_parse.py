"""The replies of a Pure FlashArray's REST interface, read: lists, volumes, snapshots, refusals.  No I/O.

A list comes as `items`, an error as `errors` with message and context (docs/platform-facts.md#pure-rest).
Members that are missing or of another kind than documented make the answer unreadable: nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from flashrt.edges import Reply
from flashrt.http1 import HttpReply
from flashrt.result import plain
from flashrt.status import AUTH, CONFIG, SYSTEM, UNKNOWN, SidecarError

NEWEST = (2, 26)
"""The newest version of the interface that this driver was written for; an array offers several."""

VENDOR = "624A9370"
"""How the identifier begins by which a host sees a volume; its serial number follows."""

REFUSALS = (400, 401, 403, 404, 405, 409, 422, 429)
"""A request that was answered so has changed nothing."""

USED = ("total_used", "total_physical")
"""What is in use, in newer and in older versions."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9:/_-]{0,126}\Z")
_SERIAL = re.compile(r"[0-9A-F]{24}\Z")
_VERSION = re.compile(r"([0-9]{1,3})\.([0-9]{1,3})\Z")
_PORT = re.compile(r"[0-9A-F]{16}\Z")


class Volume(NamedTuple):
    """A volume: sizes in bytes; `source` the name of what it was copied from, "" if of nothing."""

    name: str
    serial: str
    size: int
    source: str
    destroyed: bool
    used: int


class Snapshot(NamedTuple):
    """A snapshot of a volume or of a protection group (`source`); times in milliseconds."""

    name: str
    source: str
    created: int
    destroyed: bool
    used: int


class Group(NamedTuple):
    """A protection group: `others` counts its members that are no volumes (hosts, host groups)."""

    name: str
    destroyed: bool
    others: int


class Space(NamedTuple):
    """The array: its name, its version of Purity, bytes there are and bytes in use."""

    name: str
    purity: str
    capacity: int
    used: int


def safe_name(name: str) -> str:
    """The name itself if it may stand in a request.  CONFIG if it could be read as several or as a filter."""
    if not _NAME.match(name):
        raise SidecarError(
            CONFIG, f"The name {name[:40]!r} may not be used in a request. Allowed: A-Z a-z 0-9 - _ : /"
        )
    return name


def best_version(document: Any) -> str:
    """The version to speak: the newest known of those that the array offers, else the next there is."""
    offered = document.get("version") if isinstance(document, dict) else None
    found = []
    for text in offered if isinstance(offered, list) else ():
        match = _VERSION.match(text) if isinstance(text, str) else None
        if match is not None and match.group(1) == "2":
            found.append((2, int(match.group(2))))
    known = [version for version in found if version <= NEWEST]
    if not found:
        raise SidecarError(SYSTEM, "The array offers no version 2 of its REST interface. Update Purity.")
    major, minor = max(known) if known else min(found)
    return f"{major}.{minor}"


def items_of(document: Any) -> list[dict[str, Any]]:
    """The items of a list; SYSTEM if there is none."""
    items = document.get("items") if isinstance(document, dict) else None
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise SidecarError(SYSTEM, "The array's answer has no list of items. Check its version of Purity.")
    return items


def next_page(document: Any) -> str:
    """The token of the next page, "" behind the last."""
    if not isinstance(document, dict) or not document.get("more_items_remaining"):
        return ""
    token = document.get("continuation_token")
    if not isinstance(token, str) or not token:
        raise SidecarError(SYSTEM, "The array has more items and no token to ask for them.")
    return token


def volume(item: dict[str, Any]) -> Volume:
    """A volume of a list."""
    return Volume(
        _text(item, "name"),
        _text(item, "serial"),
        _number(item, "provisioned"),
        _reference(item, "source"),
        _flag(item, "destroyed"),
        _used(item),
    )


def snapshot(item: dict[str, Any]) -> Snapshot:
    """A snapshot of a list: of a volume or of a protection group."""
    return Snapshot(
        _text(item, "name"),
        _reference(item, "source"),
        _number(item, "created"),
        _flag(item, "destroyed"),
        _used(item),
    )


def group(item: dict[str, Any]) -> Group:
    """A protection group of a list."""
    others = _number(item, "host_count") + _number(item, "host_group_count")
    return Group(_text(item, "name"), _flag(item, "destroyed"), others)


def space(item: dict[str, Any]) -> Space:
    """The array itself; SYSTEM where it does not say what is in use, which must not be taken for nothing."""
    if not _tells_use(item):
        raise _unreadable(item, "space")
    return Space(_text(item, "name"), _text(item, "version"), _number(item, "capacity"), _used(item))


def referred(item: dict[str, Any], key: str) -> str:
    """The name of what a member refers to, "" if to nothing."""
    return _reference(item, key)


def ports(item: dict[str, Any]) -> list[str]:
    """The WWPNs of a host, 16 digits each."""
    written = item.get("wwns", [])
    found = [str(port).replace(":", "").upper() for port in written] if isinstance(written, list) else [""]
    if not all(_PORT.match(port) for port in found):
        raise SidecarError(SYSTEM, f"Host {_text(item, 'name')[:60]} has a port that cannot be read.")
    return found


def uid(one: Volume) -> str:
    """The identifier by which a host sees a volume."""
    serial = one.serial.upper()
    if not _SERIAL.match(serial):
        raise SidecarError(
            SYSTEM, f"Volume {one.name} has the serial number {one.serial[:40]!r}, no 24 digits."
        )
    return VENDOR + serial


def words_of(status: int, text: str) -> str:
    """What the array said of a request that it did not carry out, on one line."""
    said = []
    for error in _errors(text):
        message, context = str(error.get("message") or ""), str(error.get("context") or "")
        said.append(f"{message} ({context})" if context else message)
    return plain("; ".join(said) or text)[:200] or f"HTTP status {status}"


def is_refusal(status: int, text: str) -> bool:
    """Whether the array itself says that it did nothing; what only stands between may say anything."""
    return status == 429 or (status in REFUSALS and bool(_errors(text)))


def judge_of(name: str) -> Callable[[Reply], SidecarError | None]:
    """What the answer to the trigger means: None when this snapshot was surely taken.

    Whatever is no clean refusal is unknown: the snapshot may be there.
    """

    def judge(reply: Reply) -> SidecarError | None:
        if reply.status == 0:
            try:
                taken = [snapshot(item) for item in items_of(_document(reply.out))]
            except SidecarError as error:
                return SidecarError(UNKNOWN, error.text)
            if len(taken) == 1 and taken[0].name == name and not taken[0].destroyed:
                return None
            return SidecarError(UNKNOWN, f"the array tells of {len(taken)} snapshots, not of {name}")
        status = reply.status or 0
        if is_refusal(status, reply.err):
            code = AUTH if status in (401, 403) else SYSTEM
            return SidecarError(code, words_of(status, reply.err), "REFUSED")
        return SidecarError(UNKNOWN, words_of(status, reply.err))

    return judge


def good_answer(name: str) -> Reply:
    """An answer to the trigger that `judge_of` takes for good."""
    return Reply(
        0, f'{{"items":[{{"name":"{name}","source":{{"name":"x"}},"created":1,"destroyed":false}}]}}', ""
    )


REFUSAL = Reply(400, "", '{"errors":[{"message":"Protection group does not exist.","context":"x"}]}')


def is_copy_of(shown: str, source: str) -> bool:
    """Whether what a volume shows as its source is this volume, or a part of a snapshot of it.

    In a pod the part has the pod before the name of the group, and not once more before the volume's.
    """
    group, dot, last = shown.rpartition(".")
    if not dot:
        return shown == source
    pod = group.rpartition("::")[0]
    return source in (last, f"{pod}::{last}" if pod else last)


def differences(wanted: Sequence[str], found: Sequence[str]) -> tuple[list[str], list[str]]:
    """What is missing of the wanted, and what is there beside them."""
    return sorted(set(wanted) - set(found)), sorted(set(found) - set(wanted))


def _document(text: str) -> Any:
    return HttpReply(200, (), text.encode("utf-8", "replace")).json()


def _errors(text: str) -> list[dict[str, Any]]:
    try:
        document = _document(text)
    except SidecarError:
        return []
    errors = document.get("errors") if isinstance(document, dict) else None
    return [error for error in errors if isinstance(error, dict)] if isinstance(errors, list) else []


def _text(item: dict[str, Any], key: str) -> str:
    value = item.get(key)
    if not isinstance(value, str) or not value:
        raise _unreadable(item, key)
    return value


def _number(item: dict[str, Any], key: str) -> int:
    value = item.get(key)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < 2**63:
        raise _unreadable(item, key)
    return int(value)


def _flag(item: dict[str, Any], key: str) -> bool:
    value = item.get(key)
    if not isinstance(value, bool):
        raise _unreadable(item, key)
    return value


def _reference(item: dict[str, Any], key: str) -> str:
    value = item.get(key)
    if value is None:
        return ""
    if not isinstance(value, dict):
        raise _unreadable(item, key)
    name = value.get("name")
    if name is None:
        return ""
    if not isinstance(name, str):
        raise _unreadable(item, key)
    return name


def _used(item: dict[str, Any]) -> int:
    """Bytes of its own: newer versions say `total_used`, older `total_physical`; 0 where neither is told."""
    told = item.get("space")
    if not isinstance(told, dict):
        return 0
    return next((_number(told, key) for key in USED if told.get(key) is not None), 0)


def _tells_use(item: dict[str, Any]) -> bool:
    told = item.get("space")
    return isinstance(told, dict) and any(told.get(key) is not None for key in USED)


def _unreadable(item: dict[str, Any], key: str) -> SidecarError:
    name = item.get("name")
    what = f"of {plain(name)[:60]} " if isinstance(name, str) else ""
    return SidecarError(
        SYSTEM, f"The array's answer {what}has no usable `{key}`. Check its version of Purity."
    )
