"""The replies of a Hitachi VSP's Configuration Manager, read: pairs, devices, pools, jobs, refusals.  No I/O.

Statuses and their meaning: docs/platform-facts.md#hitachi.  What is missing or of another kind than
documented makes the answer unreadable; nothing is guessed.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from flashrt.arrays.base import (
    ACTIVE,
    EMPTY,
    FAILED,
    FOREIGN,
    FREE,
    MIXED,
    PREPARED,
    PREPARING,
    RELEASING,
    UNKNOWN,
    GroupState,
)
from flashrt.edges import Reply
from flashrt.http1 import HttpReply
from flashrt.localtime import seconds_of
from flashrt.result import plain
from flashrt.status import AUTH, CONFIG, SYSTEM, SidecarError
from flashrt.status import UNKNOWN as UNKNOWN_STATUS

PAIRED = ("PAIR", "PFUL")
SPLIT = ("PSUS", "PFUS")
COPYING = ("COPY",)

KINDS = ("TC", "UR", "GAD")
"""Kinds of remote copy: TrueCopy, Universal Replicator, global-active device."""

SAME_AT_ONCE = ("TC", "GAD")
TAKEN_OVER = "SSWS"
REMOTE = frozenset(("HORC", "TC", "UR", "GAD"))
"""Attributes of a device that is in remote copy."""

REFUSALS = (400, 401, 403, 404, 405, 406, 409, 412, 415)
"""A request that was answered so was not carried out: there is no job."""

LOCKED = ("KART40050-E", "KART40051-E", "KART40052-E")
"""Somebody else has locked the resource group for a while."""

COMPLETED, SUCCEEDED = "Completed", "Succeeded"

ZONES_S = 12 * 3600.0
"""Split times are the array's local time, and it does not tell its zone: a copy may be so much younger."""

_SPLIT = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)", re.ASCII)
_NAME = re.compile(r"[A-Za-z0-9_.@-]{1,32}\Z")
_NAA = re.compile(r"[0-9A-F]{32}\Z")
_WWN = re.compile(r"[0-9A-F]{16}\Z")


class Pair(NamedTuple):
    """A pair of a snapshot group; `target` "" where it has no secondary volume, `split` when it was split."""

    source: str
    target: str
    status: str
    split: str
    pool: int
    consistent: bool


class Device(NamedTuple):
    """A logical device: its blocks, those in use, its NAA id, its host groups (port, number, name), and
    whether it is in remote copy.
    """

    name: str
    blocks: int
    used: int
    uid: str
    status: str
    hosts: tuple[tuple[str, int, str], ...]
    mirrored: bool


class Mirror(NamedTuple):
    """A device in remote copy: TC, UR or GAD; whether it is the secondary side; its status, and whether its
    hosts have taken it over.
    """

    device: str
    kind: str
    secondary: bool
    status: str
    taken_over: bool

    @property
    def current(self) -> bool:
        """Whether it holds what production writes (docs/platform-facts.md#hitachi-mirrors)."""
        in_step = self.kind in SAME_AT_ONCE and self.status == "PAIR"
        return not self.secondary or self.taken_over or in_step


class Pool(NamedTuple):
    """A pool: its name, the percentage of it that a copy may still take, and what that is, for a text.

    Of three the least: of the pool itself, of its drives where they compress, and of what is left up to the
    threshold at which the array suspends the pairs of a pool (docs/platform-facts.md#hitachi-pools).
    """

    name: str
    free: float
    what: str


def safe_name(name: str) -> str:
    """The name itself if it may stand in a path.  CONFIG otherwise."""
    if not _NAME.match(name):
        raise SidecarError(
            CONFIG, f"The name {name[:40]!r} may not be used in a request. Allowed: A-Z a-z 0-9 _ . @ -"
        )
    return name


def rows(document: Any, key: str = "data") -> list[dict[str, Any]]:
    """The objects of a list; SYSTEM if there is none."""
    found = document.get(key) if isinstance(document, dict) else None
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise SidecarError(SYSTEM, f"The array's answer has no list `{key}`. Check its microcode level.")
    return found


def pair(row: dict[str, Any]) -> Pair:
    """A pair of a snapshot group."""
    target = row.get("svolLdevId")
    return Pair(
        str(number(row, "pvolLdevId")),
        "" if target is None else str(number(row, "svolLdevId")),
        text(row, "status"),
        str(row.get("splitTime") or ""),
        number(row, "snapshotPoolId"),
        row.get("isConsistencyGroup") is True,
    )


def pairs_of(group: dict[str, Any]) -> list[Pair]:
    """The pairs of a snapshot group."""
    return [pair(row) for row in rows(group, "snapshots")]


def device(row: dict[str, Any]) -> Device:
    """A logical device."""
    ports = rows(row, "ports") if row.get("ports") is not None else []
    return Device(
        str(number(row, "ldevId")),
        number(row, "blockCapacity"),
        number(row, "numOfUsedBlock") if row.get("numOfUsedBlock") is not None else 0,
        str(row.get("naaId") or "").upper(),
        str(row.get("status") or ""),
        tuple((text(p, "portId"), number(p, "hostGroupNumber"), text(p, "hostGroupName")) for p in ports),
        not REMOTE.isdisjoint(row.get("attributes") or ()),
    )


def mirror(row: dict[str, Any]) -> Mirror:
    """A device in remote copy."""
    side, status = text(row, "primaryOrSecondary"), text(row, "status")
    return Mirror(
        str(number(row, "ldevId")),
        text(row, "replicationType"),
        side != "P-VOL",
        status,
        status == TAKEN_OVER or row.get("isSSWS") is True,
    )


def pool(row: dict[str, Any]) -> Pool:
    """A pool; SYSTEM where its capacity is not told."""
    name = text(row, "poolName")
    whole = number(row, "totalPoolCapacity")
    if whole <= 0:
        raise _unreadable("totalPoolCapacity")
    own = 100.0 * number(row, "availableVolumeCapacity") / whole
    rooms = [(own, "free")]
    if row.get("totalPhysicalCapacity"):
        left = number(row, "availablePhysicalVolumeCapacity")
        rooms.append((100.0 * left / number(row, "totalPhysicalCapacity"), "of its physical capacity free"))
    if row.get("suspendSnapshot") is True:
        most = number(row, "depletionThreshold")
        rooms.append((max(0.0, own - (100.0 - most)), f"free below the {most} at which it suspends pairs"))
    return Pool(name, *min(rooms, key=lambda room: room[0]))


def uid(one: Device) -> str:
    """What a host sees the device by; "" where the array does not say it."""
    return one.uid if _NAA.match(one.uid) else ""


def wwn(row: dict[str, Any]) -> str:
    """The WWPN of an entry of a host group."""
    found = text(row, "hostWwn").upper()
    if not _WWN.match(found):
        raise SidecarError(SYSTEM, f"The array shows the WWPN {found[:40]!r}, which is none.")
    return found


def group_state(pairs: list[Pair], claimed: bool) -> GroupState:
    """The state of a snapshot group from its pairs.

    Pairs in PAIR hold no copy.  They are prepared where a run of ours has claimed them, and free otherwise.
    """
    statuses = sorted({one.status for one in pairs})
    state = "/".join(statuses).lower()
    if not pairs:
        word, state = EMPTY, "smpl"
    elif any(not one.target for one in pairs):
        word = MIXED
    elif "RCPY" in statuses:
        word = FOREIGN
    elif all(status in SPLIT for status in statuses):
        word = ACTIVE
    elif all(status in PAIRED for status in statuses):
        word = PREPARED if claimed else FREE
    elif all(status in (*PAIRED, *COPYING) for status in statuses):
        word = PREPARING if claimed else RELEASING
    elif statuses == ["SMPP"]:
        word = RELEASING
    elif "PSUE" in statuses:
        word = FAILED
    elif all(status in (*PAIRED, *SPLIT, *COPYING) for status in statuses):
        word = MIXED
    else:
        word = UNKNOWN
    times = {f"{one.source}:{one.target}": one.split if one.status in SPLIT else "" for one in pairs}
    return GroupState(
        word,
        state,
        times,
        tuple(one.source for one in pairs),
        tuple(one.target for one in pairs if one.target),
        tuple(one.status.lower() for one in pairs),
    )


def split_at(split: str) -> float | None:
    """The seconds of a split time, as if it were UTC; None where it is none."""
    found = _SPLIT.match(split)
    return seconds_of(*found.groups()) if found is not None else None


def age_s(split: str, now: float) -> float:
    """How old a copy is at least; its split time tells no zone."""
    at = split_at(split)
    if at is None:
        raise SidecarError(SYSTEM, f"The age of a copy cannot be told from split time '{split[:30]}'.")
    return max(0.0, now - at - ZONES_S)


def words_of(status: int, body: str) -> str:
    """What the array said of a request or a job that failed, on one line."""
    found = _error(body)
    said = f"{found.get('messageId') or ''} {found.get('message') or ''} {found.get('cause') or ''}".strip()
    return plain(said or body)[:200] or f"HTTP status {status}"


def is_refusal(status: int, body: str) -> bool:
    """Whether the array itself says that it took no job; what only stands between may say anything."""
    return status in REFUSALS and bool(_error(body).get("messageId"))


def is_locked(body: str) -> bool:
    """Whether somebody else has locked what was to be changed."""
    return _error(body).get("messageId") in LOCKED


def job_state(document: Any) -> tuple[int, bool, str]:
    """Number of a job, whether it has ended, and what went wrong ("" for nothing yet)."""
    if not isinstance(document, dict):
        raise SidecarError(SYSTEM, "The array answered without a job. Check its microcode level.")
    ended = text(document, "status") == COMPLETED
    error = document.get("error")
    failed = (
        "" if not ended or document.get("state") == SUCCEEDED else plain(str(error or document.get("state")))
    )
    return number(document, "jobId"), ended, failed[:200]


def judge(reply: Reply) -> SidecarError | None:
    """What the answer to the split means: None when its job has surely succeeded.

    A job that still runs, or that failed somewhere among the pairs, leaves the result unknown.
    """
    status = reply.status or 0
    if reply.status == 0:
        try:
            _, ended, failed = job_state(HttpReply(200, (), reply.out.encode("utf-8", "replace")).json())
        except SidecarError as error:
            return SidecarError(UNKNOWN_STATUS, error.text)
        if ended and not failed:
            return None
        return SidecarError(UNKNOWN_STATUS, failed or "the job of the split had not ended")
    if is_refusal(status, reply.err):
        code = AUTH if status in (401, 403) else SYSTEM
        return SidecarError(code, words_of(status, reply.err), "REFUSED")
    return SidecarError(UNKNOWN_STATUS, words_of(status, reply.err))


GOOD = Reply(0, '{"jobId":1,"status":"Completed","state":"Succeeded"}', "")
REFUSAL = Reply(412, "", '{"messageId":"KART40042-E","message":"The action cannot be performed."}')


def text(row: dict[str, Any], key: str) -> str:
    """A member that must be a text."""
    value = row.get(key)
    if not isinstance(value, str) or not value:
        raise _unreadable(key)
    return value


def number(row: dict[str, Any], key: str) -> int:
    """A member that must be a number."""
    value = row.get(key)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**63:
        raise _unreadable(key)
    return value


def _error(body: str) -> dict[str, Any]:
    try:
        document = HttpReply(200, (), body.encode("utf-8", "replace")).json()
    except SidecarError:
        return {}
    if isinstance(document, dict) and isinstance(document.get("error"), dict):
        document = document["error"]
    return document if isinstance(document, dict) else {}


def _unreadable(key: str) -> SidecarError:
    return SidecarError(SYSTEM, f"The array's answer has no usable `{key}`. Check its microcode level.")
