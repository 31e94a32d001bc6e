"""What Power Virtual Server tells of volumes and their clones, read.  Pure functions.

Fields and words: docs/platform-facts.md#powervs-clone.  A status that is not known counts as one on the way
only while the request says how far it is; else it is UNKNOWN.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from flashrt.arrays.base import FAILED, FREE, PREPARED, PREPARING, RELEASING, TAKEN
from flashrt.arrays.base import UNKNOWN as UNKNOWN_STATE
from flashrt.edges import Reply
from flashrt.http1 import HttpReply
from flashrt.powervs_rest import id_of, is_refusal, items_of, safe_id, text_of, words_of
from flashrt.result import plain
from flashrt.status import AUTH, SYSTEM, UNKNOWN, SidecarError

KEPT = 20
"""Characters of the base name in the names of several clones."""

GOING = {
    "prepare": PREPARING,
    "start": PREPARING,
    "execute": TAKEN,
    "cancel": RELEASING,
}
"""By the action that is under way, what the request is on the way to."""

ENDED = {"cancelled": FREE, "completed": TAKEN, "failed": FAILED}
HELD = {"prepared": PREPARED, "available": TAKEN, "cancelling": RELEASING}

_UID = re.compile(r"[0-9A-F]{32}\Z")
_POOL = re.compile(r"[A-Za-z0-9_.-]{1,64}\Z")


class Volume(NamedTuple):
    """A volume: `users` are the instances that it is attached to, `size` is in GiB."""

    id: str
    name: str
    uid: str
    size: float
    state: str
    users: tuple[str, ...]
    pool: str
    boot: bool


class Request(NamedTuple):
    """A volumes-clone request.  `word` is what its status means; `ended`: nothing more becomes of it."""

    id: str
    name: str
    status: str
    word: str
    ended: bool
    failure: str


def volume(item: dict[str, Any]) -> Volume:
    """A volume of a list."""
    users, size = item.get("pvmInstanceIDs"), item.get("size")
    if users is not None and not isinstance(users, list):
        raise _unreadable("pvmInstanceIDs")
    if isinstance(size, bool) or not isinstance(size, (int, float)) or not 0 < size < 2**40:
        raise _unreadable("size")
    return Volume(
        id_of(item, "volumeID"),
        text_of(item, "name"),
        text_of(item, "wwn", empty=True).upper(),
        float(size),
        text_of(item, "state", empty=True).lower(),
        tuple(safe_id(one) for one in users or ()),
        text_of(item, "volumePool", empty=True),
        item.get("bootVolume") is True,
    )


def uid(one: Volume) -> str:
    """The identifier by which a host sees a volume."""
    if not _UID.match(one.uid):
        raise SidecarError(SYSTEM, f"Volume {one.name} has the WWN {one.uid[:40]!r}, no 32 digits.")
    return one.uid


def pool_name(name: str) -> str:
    """The name of a storage pool that may stand in a path."""
    if not _POOL.match(name):
        raise SidecarError(SYSTEM, f"The service tells storage pool {name[:40]!r}, which cannot be used.")
    return name


def request(item: dict[str, Any]) -> Request:
    """A volumes-clone request of a list."""
    status = text_of(item, "status").lower()
    action = text_of(item, "action", empty=True).lower()
    percent = item.get("percentComplete")
    word = HELD.get(status) or ENDED.get(status)
    if word is None:
        under_way = isinstance(percent, (int, float)) and not isinstance(percent, bool) and percent < 100
        word = GOING.get(action, UNKNOWN_STATE) if under_way else UNKNOWN_STATE
    return Request(
        id_of(item, "volumesCloneID"),
        text_of(item, "name"),
        plain(status)[:30],
        word,
        status in ENDED,
        plain(text_of(item, "failureMessage", empty=True))[:160],
    )


def clones(document: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """The clones of a request by the ids of their sources: id and name.  SYSTEM if a source has two."""
    found: dict[str, tuple[str, str]] = {}
    for pair in items_of(document, "clonedVolumes"):
        source, clone = pair.get("source"), pair.get("clone")
        if not isinstance(source, dict) or not isinstance(clone, dict):
            raise _unreadable("clonedVolumes")
        of = id_of(source, "volumeID")
        if of in found:
            raise SidecarError(SYSTEM, f"The service tells two clones of volume {of}.")
        found[of] = (id_of(clone, "volumeID"), text_of(clone, "name"))
    return found


def is_clone(name: str, base: str) -> bool:
    """Whether a volume has the name of a clone under this base name."""
    return bool(re.match(rf"clone-{re.escape(base[:KEPT])}-[0-9]{{5}}-[0-9]{{1,4}}\Z", name))


def series(name: str) -> str:
    """What the names of the clones of one request have in common: all but the number at the end."""
    return name.rpartition("-")[0]


def capacity(document: dict[str, Any]) -> tuple[float, float]:
    """GiB of a storage pool in all, and the most that a volume may have now."""
    told = [document.get(key) for key in ("totalCapacity", "maxAllocationSize")]
    made = [float(n) for n in told if isinstance(n, (int, float)) and not isinstance(n, bool) and n >= 0]
    if len(made) != 2 or made[0] <= 0:
        raise _unreadable("totalCapacity")
    return made[0], made[1]


def judge_start(wanted: str) -> Callable[[Reply], SidecarError | None]:
    """What the answer to the start means: None when the service has accepted it.

    That the instant is taken is what the state has to show, which is asked for right behind it.
    """

    def judge(reply: Reply) -> SidecarError | None:
        if reply.status == 0:
            return _is_other(reply, wanted)[1]
        return _refused(reply)

    return judge


def judge_taken(wanted: str) -> Callable[[Reply], SidecarError | None]:
    """What the state behind a start means: None when the instant is surely taken."""

    def judge(reply: Reply) -> SidecarError | None:
        if reply.status != 0:
            return SidecarError(UNKNOWN, words_of(reply.status or 0, reply.err))
        found, error = _is_other(reply, wanted)
        if error is not None or found is None:
            return error
        if found.word != TAKEN:
            return SidecarError(UNKNOWN, f"the start is not done yet: {found.status}")
        return None

    return judge


def _is_other(reply: Reply, wanted: str) -> tuple[Request | None, SidecarError | None]:
    try:
        document = HttpReply(200, (), reply.out.encode("utf-8", "replace")).json()
        found = request(document if isinstance(document, dict) else {})
    except SidecarError as error:
        return None, SidecarError(UNKNOWN, error.text)
    if found.id != wanted:
        return None, SidecarError(UNKNOWN, "the service told of another request")
    return found, None


def _refused(reply: Reply) -> SidecarError:
    status = reply.status or 0
    if is_refusal(status, reply.err):
        code = AUTH if status in (401, 403) else SYSTEM
        return SidecarError(code, words_of(status, reply.err), "REFUSED")
    return SidecarError(UNKNOWN, words_of(status, reply.err))


def good_answer(wanted: str) -> Reply:
    """An answer that both judges take for good."""
    return Reply(
        0,
        f'{{"volumesCloneID":"{wanted}","name":"x","status":"available","action":"start","percentComplete":100}}',
        "",
    )


REFUSAL = Reply(409, "", '{"code":409,"error":"conflict","description":"the request is not prepared"}')


def _unreadable(key: str) -> SidecarError:
    return SidecarError(SYSTEM, f"The answer of the service has no usable `{key}`. See its API.")
