"""DS8000: requests to the REST interface of its management console (docs/platform-facts.md#ds8000).

A token is got by user and password, goes with every request, and dies when it is not used.  A request that
is refused for its token was not carried out: it is sent once more with a new one.  Nothing else is repeated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flashrt.arrays.base import Shot, Thaw
from flashrt.arrays.ds8000_parse import (
    AUTH_CODES,
    TOKEN_CODES,
    Envelope,
    Relation,
    all_done,
    envelope,
    id_in,
    number,
    refused,
    relations,
    rows,
    text_of,
    whole_rows,
)
from flashrt.arrays.ds8000_system import Space, Volume
from flashrt.config import Config, DeviceConf
from flashrt.devices import connect_rest
from flashrt.edges import Edges, Reply
from flashrt.http1 import HttpReply, path_of
from flashrt.https import OpenRequest
from flashrt.keyfiles import read_password
from flashrt.localtime import Look
from flashrt.status import AUTH, MISMATCH, NOTFOUND, REFUSED, SYSTEM, TIMEOUT, UNKNOWN, SidecarError

ROOT = ("api", "v1")
TOKEN = "X-Auth-Token"
MOST_AT_ONCE = 32
"""Relations that one delete may name."""

FEW = 8
"""So many volumes are asked for one by one; of more a list is asked for, where there is one."""

SHOWN = frozenset(("cap", "MTM", "datatype", "state", "tp", "pool"))
"""What is read of a volume: a row of a list without all of it is not used."""

BUSY = 429
"""Asked too often: nothing was done."""

OUT_OF_SPACE = "virtual_space_fault"
"""The state of a thin volume that found no room."""

GOOD = Reply(0, '{"server":{"status":"ok","code":"CMUC00183I","message":""}}', "")
REFUSAL = Reply(401, "", '{"server":{"status":"failed","code":"BE7A001B","message":""}}')

FLASH = path_of(*ROOT, "cs", "flashcopies")
THAW = path_of(*ROOT, "cs", "flashcopies", "unfreeze")


class Console:
    """A connection to the management console, logged in, of the system that the spec names."""

    def __init__(self, config: Config, device: DeviceConf, edges: Edges) -> None:
        self.clock = ("", "")
        self._config = config
        self._device = device
        self._edges = edges
        self._rest = connect_rest(config, device, edges)
        self.image = device.facts["image"].rpartition(".")[2]
        self.wwnn = ""
        self.release = ""
        self._unlisted: set[str] = set()
        try:
            self._log_in()
            self._identify()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End the connection."""
        self._rest.close()

    def again(self) -> None:
        """Connect and log in anew, after an answer that did not come."""
        self._rest.close()
        self._rest = connect_rest(self._config, self._device, self._edges)
        self._log_in()

    def get(self, *segments: str, query: Mapping[str, str] | None = None) -> Envelope:
        """What the system says of an object."""
        return self._ask("GET", path_of(*ROOT, *segments), query, None)

    def look(self) -> Look | None:
        """No times are told, and no clock."""
        return None

    def relations(self, volumes: Sequence[str], sources: Sequence[str]) -> dict[str, list[Relation]]:
        """Of a few volumes each asked for itself, of many the list of all relations."""
        del sources  # a volume tells of both
        every = self._list(("cs", "flashcopies"), "flashcopy") if len(volumes) > FEW else None
        if every is None:
            return {
                volume: relations(rows(self.get("volumes", volume, "flashcopy"), "flashcopy"))
                for volume in volumes
            }
        found = relations(every)
        return {volume: [one for one in found if volume in (one.source, one.target)] for volume in volumes}

    def end(self, ids: Sequence[str], release: bool) -> None:
        """End relations, up to 32 in a request; nothing by REST gives space back."""
        del release
        for place in range(0, len(ids), MOST_AT_ONCE):
            self._ask("DELETE", FLASH, {"ids": ",".join(ids[place : place + MOST_AT_ONCE])}, None)

    def thaw(self, lss: Sequence[str]) -> None:
        """Let go of held writes; a system that holds none does nothing."""
        self._ask("POST", THAW, None, thaw_body(lss))

    def volumes(self, names: Sequence[str]) -> dict[str, Volume]:
        """Of a few in a logical subsystem each asked for itself, of many the list that it has."""
        return {name: _volume(row) for name, row in self._rows(names).items()}

    def space(self, names: Sequence[str]) -> dict[str, Space]:
        """What each volume takes."""
        return {name: _space(row) for name, row in self._rows(names).items()}

    def free_percent(self, pool: str) -> float:
        """What a pool has left."""
        found = rows(self.get("pools", pool), "pools")
        whole, left = (number(found[0], key) if found else None for key in ("cap", "capavail"))
        if not whole or left is None:
            raise SidecarError(SYSTEM, f"The storage system does not show the capacity of pool {pool}.")
        return 100.0 * left / whole

    def mirrored(self, targets: set[str]) -> list[str]:
        """The targets that are in remote copy, as either side."""
        found: set[str] = set()
        for row in self._pprcs(targets):
            for side in ("source", "target"):
                # The other half may have the same number on another system.
                if id_in(row, f"{side}_system") in ("", self.image):
                    found |= {id_in(row, f"{side}_volume")} & targets
        return sorted(found)

    def lagging(self, sources: set[str]) -> list[str]:
        """By the kind and the state of their remote copy, where it ends here."""
        found: set[str] = set()
        for row in self._pprcs(sources):
            same = str(row.get("type")).lower() == "metromirror" and "full_duplex" in str(row.get("state"))
            if id_in(row, "target_system") == self.image and not same:
                found |= {id_in(row, "target_volume")} & sources
        return sorted(found)

    def _pprcs(self, volumes: set[str]) -> list[dict[str, Any]]:
        """Remote copy of all volumes from the first of these to the last."""
        query = {"volume_id_from": min(volumes), "volume_id_to": max(volumes)}
        return rows(self.get("cs", "pprcs", query=query), "pprcs")

    def mapped(self, volumes: set[str]) -> dict[str, set[str]]:
        """The mappings of every host: a volume does not say which hosts see it."""
        del volumes
        hosts = [text_of(row, "name", "A host") for row in rows(self.get("hosts"), "hosts")]
        found = {host: rows(self.get("hosts", host, "mappings"), "mappings") for host in hosts}
        return {host: {id_in(row, "volume") for row in mappings} for host, mappings in found.items()}

    def ports(self) -> dict[str, list[str]]:
        """The WWPNs of each host."""
        found: dict[str, list[str]] = {}
        for row in rows(self.get("host_ports"), "host_ports"):
            of = row.get("host")
            name = str(of.get("name", "")) if isinstance(of, dict) else ""
            found.setdefault(name, []).append(text_of(row, "wwpn", "A host port"))
        return found

    def shot(self, pairs: Sequence[tuple[str, str]], lss: Sequence[str], again: bool, run: str) -> Shot:
        """The flash and its thaw, each rendered and waiting on an open connection of its own."""
        del run  # nothing by REST numbers a relation
        assert not again, "nothing by REST refreshes a relation"
        flash, thaw = self._open(FLASH, flash_body(pairs)), self._open(THAW, thaw_body(lss))
        return Shot(
            flash,
            f"POST {FLASH} {' '.join(':'.join(pair) for pair in pairs)}",
            lambda: self._answers(flash, thaw),
            lambda reply: judge(reply, len(pairs)),
            GOOD if len(pairs) == 1 else _good(len(pairs)),
            REFUSAL,
            Thaw(thaw, f"POST {THAW} {' '.join(lss)}", lambda reply: judge(reply, 0)),
        )

    def _answers(self, *requests: OpenRequest) -> None:
        """The token is good, for asking keeps it alive or gets another; the requests bear it, on connections
        that are open."""
        self.get("systems")
        for request in requests:
            request.probe()

    def _open(self, path: str, body: object) -> OpenRequest:
        """A request that waits on an open connection of its own."""
        return self._rest.open_request("POST", path, self._deadline(self._config.limits.connect_s), body=body)

    def _list(self, where: tuple[str, ...], kind: str) -> list[dict[str, Any]] | None:
        """A list that stands for many requests; None where there is none, not all of it, or not in time.

        It has what all of the system's users have, which may be much: one that failed is not asked for again.
        """
        if kind in self._unlisted:
            return None
        try:
            found = whole_rows(self.get(*where), kind)
        except SidecarError as error:
            if error.status not in (NOTFOUND, SYSTEM, TIMEOUT):
                raise
            found = None
            if error.status == TIMEOUT:
                self.again()
        if found is None:
            self._unlisted.add(kind)
        return found

    def _rows(self, names: Sequence[str]) -> dict[str, dict[str, Any]]:
        """What the system says of each of these volumes."""
        found: dict[str, dict[str, Any]] = {}
        for lss in sorted({name[:2] for name in names}):
            if sum(name[:2] == lss for name in names) > FEW:
                listed = self._list(("lss", lss, "volumes"), "volumes") or []
                found.update((str(row.get("id", "")).upper(), row) for row in listed if set(row) >= SHOWN)
        return {name: found.get(name) or self._row(name) for name in names}

    def _row(self, volume: str) -> dict[str, Any]:
        found = rows(self.get("volumes", volume), "volumes")
        if len(found) != 1 or str(found[0].get("id", "")).upper() != volume:
            raise SidecarError(SYSTEM, f"The storage system does not show volume {volume}.")
        return found[0]

    def _ask(self, method: str, path: str, query: Mapping[str, str] | None, body: object) -> Envelope:
        reply = self._call(method, path, query, body)
        found = envelope(reply.text)
        if reply.status == 401 or (found is not None and found.code in TOKEN_CODES):
            self._log_in()
            reply = self._call(method, path, query, body)
            found = envelope(reply.text)
        if found is None and method != "GET" and reply.status not in (401, 403):
            # Not the system's own words: somebody in between, or half of what it had to say.
            raise SidecarError(
                UNKNOWN,
                f"{self._device.name}: {method} {path} was answered with status {reply.status}, without a "
                "reason. Read the state.",
            )
        if not reply.good or found is None or not found.good:
            raise refused(reply.status, found, f"{method} {path}", self._device.name)
        return found

    def _call(self, method: str, path: str, query: Mapping[str, str] | None, body: object) -> HttpReply:
        deadline = self._deadline(self._config.limits.request_s)
        return self._rest.call(method, path, deadline, query=query, body=body)

    def _log_in(self) -> None:
        password = read_password(self._config.key_file(self._device.key))
        self._rest.headers.pop(TOKEN, None)
        body = _request({"username": self._device.user, "password": password})
        reply = self._call("POST", path_of(*ROOT, "tokens"), None, body)
        found = envelope(reply.text)
        if not reply.good or found is None or not found.good:
            raise refused(reply.status, found, f"the log-in of {self._device.user}", self._device.name)
        if not found.token:
            raise SidecarError(AUTH, f"{self._device.name} gives {self._device.user} no token.")
        self._rest.headers[TOKEN] = found.token

    def _identify(self) -> None:
        """Nothing is asked of another system than the one that the spec names."""
        for row in rows(self.get("systems"), "systems"):
            if text_of(row, "id", "The system") == self.image:
                self.wwnn = str(row.get("wwnn", "")).upper()
                self.release = str(row.get("release", ""))
                return
            other = str(row["id"])[:40]
            raise SidecarError(
                MISMATCH,
                f"{self._device.name} is storage image {other}, the spec says {self._device.facts['image']}. "
                "Correct the address or the image.",
            )
        raise SidecarError(MISMATCH, f"{self._device.name} shows no storage system.")

    def _deadline(self, seconds: float) -> float:
        return self._edges.clock.now() + seconds


def flash_body(pairs: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """All pairs at one instant: writes to the sources wait until the thaw.

    The relations stay and copy only what changes.  When space runs out the target fails, never its source.
    """
    return _request(
        {
            "volume_pairs": [{"source_volume": one, "target_volume": other} for one, other in pairs],
            "options": [
                "freeze_consistency",
                "persistent",
                "no_background_copy",
                "permit_space_efficient_target",
                "fail_space_efficient_target_out_of_space",
            ],
        }
    )


def thaw_body(lss: Sequence[str]) -> dict[str, Any]:
    """The end of the freeze in each logical subsystem."""
    return _request({"lss_ids": list(lss)})


def _request(params: dict[str, Any]) -> dict[str, Any]:
    return {"request": {"params": params}}


def judge(reply: Reply, count: int) -> SidecarError | None:
    """What an answer means: None when every pair was surely done.

    Only what is refused before anything is looked at is a clean refusal; of anything else nothing is known.
    """
    found = envelope(reply.out or reply.err)
    bad = all_done(found, count) if found is not None else "an answer that cannot be read"
    if reply.status == 0 and not bad:
        return None
    if reply.status in (401, 403) or (found is not None and not found.good and found.code in AUTH_CODES):
        return SidecarError(AUTH, bad or "not authorised", "REFUSED")
    if reply.status == BUSY:
        return SidecarError(REFUSED, "asked too often", "REFUSED")
    return SidecarError(UNKNOWN, bad or f"answered with {reply.status}")


def _good(count: int) -> Reply:
    part = '{"server":{"status":"ok","code":"","message":""}}'
    return Reply(0, GOOD.out[:-1] + f',"responses":[{",".join([part] * count)}]' + "}", "")


def _volume(row: dict[str, Any]) -> Volume:
    state = str(row.get("state", "unknown"))[:30]
    size, model, form = (str(row.get(key))[:20] for key in ("cap", "MTM", "datatype"))
    thin = str(row.get("tp", "none")).lower() not in ("none", "")
    full = state == OUT_OF_SPACE
    return Volume(size, model, form, state, state == "normal", full, thin, id_in(row, "pool"))


def _space(row: dict[str, Any]) -> Space:
    return Space(number(row, "cap") or 0.0, number(row, "real_cap") or number(row, "capalloc") or 0.0)
