"""A simulated DS8000: the REST interface of its management console; by DSCLI it is `flashtwin.sims.dscli`.

Requests and replies as in docs/platform-facts.md#ds8000: a token by user and password, then JSON envelopes
with `server`, `counts`, `data`.  A list of pairs gets one answer a pair in `responses`: some may have failed
while the whole is called ok.  Changes take effect at the reply.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections import deque
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from flashtwin.keys import secret_text
from flashtwin.sims.ds8000_flash import DsError, DsFlash, Relation
from flashtwin.sims.dscli import Dscli
from flashtwin.sims.http import HttpCall, HttpOutcome, https_server, json_outcome
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.server import Server
from flashtwin.sims.volumes import GIB, Host, Pool, Volume
from flashtwin.site import ArraySite, ArrayUser

if TYPE_CHECKING:
    from flashtwin.gate import Gate
    from flashtwin.world import World

READ_ONLY = ("Monitor", "Service")
MOST_AT_ONCE = 32
"""Relations that one delete may name."""

OPTIONS = frozenset(
    (
        "freeze_consistency", "inhibit_target_writes", "record_changes", "no_background_copy", "persistent",
        "allow_pprc_target_primary", "reverse_restore", "fast_reverse_restore",
        "permit_space_efficient_target", "fail_space_efficient_target_out_of_space",
    )
)  # fmt: skip
_READING = re.compile(r"GET /api/v1/(volumes/\w{4}/flashcopy|cs/flashcopies)|lsflash ")
_DONE = {"status": "ok", "code": "CMUC00183I", "message": "Operation done successfully."}


class Token:
    """A token and when it was used last."""

    def __init__(self, user: ArrayUser, used: float) -> None:
        self.user = user
        self.used = used


class Ds8000(DsFlash):
    """A system with its users.

    Facts of the site beside those of `DsFlash`: `sessions` and `per_second` limit the tokens that live at a
    time and the requests of a second; without them there is no limit.
    """

    def __init__(self, world: World, config: ArraySite) -> None:
        super().__init__(world, config)
        # by DSCLI a relation that records its changes can be refreshed while it is in force
        self.keeps = "program" in config.facts
        self.models = dict.fromkeys(self.volumes, "2107-A04")
        self._tokens: dict[str, Token] = {}
        self._count = 0
        self._recent: deque[float] = deque()
        self._sessions = int(config.facts.get("sessions", "0"))
        self._per_second = int(config.facts.get("per_second", "0"))

    def server(self, gate: Gate) -> Server:
        """What answers at its addresses; where the site says where dscli is, that program."""
        del gate
        if "program" in self.config.facts:
            return Dscli(self).server()
        return https_server(self.name, self.answer)

    def starts(self, request: str, group: str) -> bool:
        """Whether a request establishes or refreshes the first pair of a group."""
        source, target = self.pairs[group][0]
        first = f'"source_volume":"{source.name}","target_volume":"{target.name}"'
        if request.startswith(("mkflash ", "resyncflash ")):
            return f"{source.name}:{target.name}" in request.split()
        return request.startswith("POST /api/v1/cs/flashcopies {") and first in request

    def reads(self, request: str) -> bool:
        """Whether a request asks for relations."""
        return bool(_READING.match(request))

    def opens(self, user: ArrayUser, password: str) -> bool:
        """Whether this is a password of the user."""
        return password in {secret_text(name) for name in user.secrets}

    def answer(self, call: HttpCall) -> Outcome:
        """What the console does with a request.  Never raises for any request."""
        if self.config.reach == "hang":
            return HttpOutcome(None, duration_s=self.config.answer, hang=True)
        if self._too_many():
            return HttpOutcome(429, headers={"Retry-After": "1"}, duration_s=0.1)
        try:
            return self._answer(call)
        except DsError as error:
            return self._logged(call, _failed(error, self.config.answer))

    def _answer(self, call: HttpCall) -> Outcome:
        where = call.segments
        if where[:2] != ("api", "v1"):
            raise DsError(404, "BE7A001D", "The requested resource was not found.")
        if call.method == "POST" and where == ("api", "v1", "tokens"):
            return self._log_in(call)
        user = self._known(call)
        call.log_in(user.name)
        if call.method == "GET":
            return json_outcome(self._read(where[2:], call.query), duration_s=self.config.answer)
        if user.role in READ_ONLY:
            raise DsError(403, "CMUN02948E", "The user does not have the authority for this operation.")
        return self._change(call, where[2:], user.name)

    # users

    def _log_in(self, call: HttpCall) -> Outcome:
        given = _params(call)
        user = self.users.get(str(given.get("username", "")))
        good = user is not None and self.opens(user, str(given.get("password"))) and not call.refused
        if user is None or not good:
            raise DsError(401, "BE7A0027", "The user name or the password is not valid.")
        if user.expired:
            raise DsError(401, "BE7A0029", "The password has expired.")
        now = self.world.now
        living = {text: one for text, one in self._tokens.items() if now - one.used < self.config.token_life}
        if self._sessions and len(living) >= self._sessions:
            raise DsError(503, "BE7A002C", "The limit of sessions is reached.")
        self._tokens = living
        self._count += 1
        call.log_in(user.name)
        text = hashlib.sha256(f"{self.name} session {self._count}".encode()).hexdigest()[:8]
        self._tokens[text] = Token(user, now)
        end = dt.datetime.fromtimestamp(now + self.config.token_life, dt.UTC).strftime("%Y-%m-%dT%H:%M:%S%z")
        idle = str(int(self.config.token_life * 1000))
        token = {"token": text, "expired_time": end, "max_idle_interval": idle}
        return json_outcome({"server": _DONE, "token": token}, duration_s=self.config.answer)

    def _known(self, call: HttpCall) -> ArrayUser:
        text = call.headers.get("x-auth-token", "")
        found = self._tokens.get(text)
        if found is None or call.refused:
            raise DsError(401, "BE7A001A", "The token is not valid.")
        if self.world.now - found.used >= self.config.token_life:
            del self._tokens[text]
            raise DsError(401, "BE7A001B", "The token has expired.")
        found.used = self.world.now
        return found.user

    def forget_tokens(self) -> None:
        """The console was restarted: nobody is logged in any more."""
        self._tokens.clear()

    def _too_many(self) -> bool:
        if not self._per_second:
            return False
        now = self.world.now
        while self._recent and self._recent[0] <= now - 1.0:
            self._recent.popleft()
        self._recent.append(now)
        return len(self._recent) > self._per_second

    # reading

    def _read(self, where: Sequence[str], query: dict[str, str]) -> dict[str, Any]:
        listings: dict[tuple[str, ...], Callable[[], Sequence[dict[str, Any]]]] = {
            ("systems",): lambda: [self._system()],
            ("volumes",): lambda: [self._volume(one) for one in self.volumes.values()],
            ("pools",): lambda: [self._pool(one) for one in self.pools.values()],
            ("hosts",): lambda: [_host(one) for one in self.hosts.values()],
            ("host_ports",): self._ports,
            ("lss",): self._lss,
            ("cs", "flashcopies"): lambda: [self._flashcopy(one) for one in self.relations.values()],
            ("cs", "pprcs"): lambda: self._mirrors(query),
        }
        if tuple(where) in listings:
            return _data({"flashcopies": "flashcopy"}.get(where[-1], where[-1]), listings[tuple(where)]())
        kind, number = ("/".join(where[:-1]), where[-1]) if where else ("", "")
        if kind == "volumes":
            return _data("volumes", [self._volume(self.volume(number))])
        pools = {f"P{pool.id}": pool for pool in self.pools.values()}
        if kind == "pools" and number in pools:
            return _data("pools", [self._pool(pools[number])])
        if kind == "hosts":
            return _data("hosts", [_host(self._known_host(number))])
        if kind == "cs/flashcopies" and number.upper() in self.relations:
            return _data("flashcopy", [self._flashcopy(self.relations[number.upper()])])
        if len(where) == 3 and where[0] == "volumes" and where[2] == "flashcopy":
            found = self.relations_of(self.volume(where[1]))
            return _data("flashcopy", [_relation(one) for one in found])
        if len(where) == 3 and where[0] == "hosts" and where[2] == "mappings":
            return _data("mappings", _mappings(self._known_host(where[1])))
        if len(where) == 3 and where[0] == "pools" and where[2] == "eserep" and where[1] in pools:
            return _data("eserep", [self._repository(pools[where[1]])])
        if len(where) == 3 and where[0] == "lss" and where[2] == "volumes":
            found_volumes = [one for one in self.volumes.values() if one.name[:2] == where[1].upper()]
            return _data("volumes", [self._volume(one) for one in found_volumes])
        raise DsError(404, "BE7A001D", "The requested resource was not found.")

    def _known_host(self, name: str) -> Host:
        if name not in self.hosts:
            raise DsError(404, "CMUN00103E", f"Host {name} was not found.")
        return self.hosts[name]

    def _system(self) -> dict[str, Any]:
        image = self.image
        return {
            "id": image,
            "name": self.config.name,
            "state": "online",
            "release": self.config.facts.get("release", "9.4"),
            "bundle": "89.40.83.0",
            "MTM": "5331-984",
            "sn": image[-7:],
            "wwnn": self.wwnn,
            "cap": str(sum(pool.capacity for pool in self.pools.values())),
        }

    def _volume(self, one: Volume) -> dict[str, Any]:
        used = one.used(self.world.now)
        return {
            "id": one.name,
            "link": _link(f"volumes/{one.name}"),
            "name": f"vol_{one.name}",
            "state": "normal" if one.online else "inaccessible",
            "cap": str(one.size),
            "capalloc": str(used),
            "real_cap": str(used),
            "virtual_cap": str(one.size),
            "stgtype": "fb",
            "VOLSER": "",
            "lss": {"id": one.name[:2], "link": _link(f"lss/{one.name[:2]}")},
            "allocmethod": "rotateexts",
            "tp": "ese" if one.thin else "none",
            "MTM": self.models[one.name],
            "datatype": "FB 520P",
            "easytier": "managed",
            "pool": _pool_link(one.pool),
        }

    def _pool(self, one: Pool) -> dict[str, Any]:
        free = self.space_left(one)
        return {
            **_pool_link(one),
            "name": one.name,
            "node": "0",
            "stgtype": "fb",
            "cap": str(one.capacity),
            "capalloc": str(one.capacity - free),
            "capavail": str(free),
            "threshold": "15",
            "eserep": {"link": _link(f"pools/P{one.id}/eserep")},
        }

    def _repository(self, one: Pool) -> dict[str, Any]:
        free = self.space_left(one)
        return {
            "cap": str(one.capacity),
            "capalloc": str(one.capacity - free),
            "capavail": str(free),
            "overprovisioned": "0.6",
            "repcapthreshold": "0",
            "pool": _pool_link(one),
        }

    def _ports(self) -> list[dict[str, Any]]:
        return [
            {
                "wwpn": wwpn,
                "link": _link(f"host_ports/{wwpn}"),
                "state": "logged in",
                "hosttype": "iSeries",
                "addrdiscovery": "reportlun",
                "lbs": "520",
                "host": {"name": host.name, "link": _link(f"hosts/{host.name}")},
            }
            for host in self.hosts.values()
            for wwpn in host.wwpns
        ]

    def _lss(self) -> list[dict[str, Any]]:
        found: dict[str, int] = {}
        for one in self.volumes.values():
            found[one.name[:2]] = found.get(one.name[:2], 0) + 1
        return [
            {
                "id": lss,
                "link": _link(f"lss/{lss}"),
                "group": str(int(lss, 16) % 2),
                "addrgrp": lss[0],
                "type": "fb",
                "configvols": str(count),
                "volumes": {"link": _link(f"lss/{lss}/volumes")},
            }
            for lss, count in sorted(found.items())
        ]

    def _flashcopy(self, one: Relation) -> dict[str, Any]:
        return {
            "id": one.id,
            "link": _link(f"cs/flashcopies/{one.id}"),
            "source_volume": {"id": one.source.name, "link": _link(f"volumes/{one.source.name}")},
            "target_volume": {"id": one.target.name, "link": _link(f"volumes/{one.target.name}")},
            "out_of_sync_tracks": "0" if self.copied(one) else str(one.source.size * 15 // GIB),
            "state": one.state,
        }

    def _mirrors(self, query: dict[str, str]) -> list[dict[str, Any]]:
        first, last = query.get("volume_id_from", "0000").upper(), query.get("volume_id_to", "FFFF").upper()
        made = []
        for one in self.mirrors:
            if not first <= one.volume.name <= last:
                continue
            here, there = (one.volume.name, self.image), (one.other, "2107-75XYZ91")
            source, target = (here, there) if one.primary else (there, here)
            number = f"{source[1]}_{source[0]}:{target[1]}_{target[0]}"
            made.append(
                {
                    "id": number,
                    "link": _link(f"cs/pprcs/{number}"),
                    "source_volume": {"name": source[0], "link": _link(f"volumes/{source[0]}")},
                    "source_system": {"id": source[1], "link": {}},
                    "target_volume": {"name": target[0], "link": _link(f"volumes/{target[0]}")},
                    "target_system": {"id": target[1], "link": {}},
                    "type": one.kind,
                    "state": one.state,
                }
            )
        return made

    # changing

    def _change(self, call: HttpCall, where: Sequence[str], user: str) -> Outcome:
        params = _params(call)
        if call.method == "POST" and tuple(where) == ("cs", "flashcopies"):
            return self._establish(call, params, user)
        if call.method == "POST" and tuple(where) == ("cs", "flashcopies", "unfreeze"):
            lss = params.get("lss_ids")
            if not isinstance(lss, list) or not lss or not all(isinstance(one, str) for one in lss):
                raise DsError(400, "BE7A0003", "lss_ids is missing.")
            self.world.events.log("thaw_asked", self.name, lss=tuple(one.upper() for one in lss))
            return self._done(call, lambda: self.thaw(lss))
        if call.method == "DELETE" and tuple(where[:2]) == ("cs", "flashcopies"):
            names = list(where[2:]) or [one for one in call.query.get("ids", "").split(",") if one]
            return self._withdraw(call, [name.upper() for name in names])
        raise DsError(404, "BE7A001D", "The requested resource was not found.")

    def _establish(self, call: HttpCall, params: dict[str, Any], user: str) -> Outcome:
        wanted, options = params.get("volume_pairs"), params.get("options", [])
        good = isinstance(wanted, list) and wanted and isinstance(options, list) and set(options) <= OPTIONS
        if not good or not all(_is_pair(one) for one in wanted or ()):
            raise DsError(400, "BE7A0003", "volume_pairs or options is not valid.")
        assert isinstance(wanted, list)
        names = [(one["source_volume"].upper(), one["target_volume"].upper()) for one in wanted]
        chosen = frozenset(str(one) for one in options)
        known = [
            (self.volumes[one], self.volumes[other])
            for one, other in names
            if one in self.volumes and other in self.volumes
        ]
        if known:
            # Its members are what was asked for, whatever becomes of each.
            self.pairs[self.group_of(known)] = known

        def act() -> Outcome:
            pairs, answers = [], []
            for source, target in names:
                try:
                    pairs.append(self.fitting(source, target, chosen))
                    link = _link(f"cs/flashcopies/{source}:{target}")
                    answers.append({"server": _DONE, "link": link})
                except DsError as error:
                    answers.append({"server": _server(error)})
            if not pairs:
                refused = answers[0]["server"]
                return json_outcome({"server": refused, "responses": answers}, 500)
            self.establish(pairs, chosen, user)
            if len(names) == 1:
                return json_outcome(answers[0])
            return json_outcome({"server": _DONE, "responses": answers})

        return self._done(call, act)

    def _withdraw(self, call: HttpCall, names: Sequence[str]) -> Outcome:
        if not names or len(names) > MOST_AT_ONCE:
            raise DsError(400, "BE7A0003", f"1 to {MOST_AT_ONCE} FlashCopy ids are allowed.")

        def act() -> Outcome:
            found = [self.relations[name] for name in names if name in self.relations]
            missing = [name for name in names if name not in self.relations]
            if not found:
                gone = DsError(404, "CMUN03041E", f"FlashCopy relationship {missing[0]} was not found.")
                return _failed(gone, self.config.answer)
            self.withdraw(found)
            return json_outcome({"server": _DONE})

        return self._done(call, act)

    def _done(self, call: HttpCall, act: Callable[[], Outcome | None]) -> Outcome:
        return self._logged(call, json_outcome({"server": _DONE}, duration_s=self.config.answer, effect=act))

    def _logged(self, call: HttpCall, outcome: HttpOutcome) -> Outcome:
        inner, user = outcome.effect, call.connection.user

        def effect() -> Outcome | None:
            changed = inner() if inner is not None else None
            self.command(user, f"{call.method} {call.path}", (changed or outcome).status or 0)
            return changed

        return HttpOutcome(outcome.status, outcome.out, duration_s=outcome.duration_s, effect=effect)


def _params(call: HttpCall) -> dict[str, Any]:
    """What stands in request.params of the body; {} where there is none."""
    found = call.json()
    for key in ("request", "params"):
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}


def _is_pair(one: object) -> bool:
    return isinstance(one, dict) and all(
        isinstance(one.get(key), str) for key in ("source_volume", "target_volume")
    )


def _server(error: DsError) -> dict[str, str]:
    return {"status": "failed", "code": error.code, "message": str(error)}


def _failed(error: DsError, seconds: float) -> HttpOutcome:
    return json_outcome({"server": _server(error)}, error.status, duration_s=seconds)


def _data(kind: str, found: Sequence[dict[str, Any]]) -> dict[str, Any]:
    counts = {"data_counts": len(found), "total_counts": len(found)}
    return {"server": _DONE, "counts": counts, "data": {kind: list(found)}}


def _pool_link(pool: Pool) -> dict[str, Any]:
    return {"id": f"P{pool.id}", "link": _link(f"pools/P{pool.id}")}


def _link(path: str) -> dict[str, str]:
    return {"rel": "self", "href": f"https://localhost:8452/api/v1/{path}"}


def _relation(one: Relation) -> dict[str, Any]:
    """A relation as one of its volumes shows it: with its properties, without its id."""

    def said(flag: bool) -> str:
        return "enabled" if flag else "disabled"

    return {
        "sourcevolume": {"id": one.source.name, "link": _link(f"volumes/{one.source.name}")},
        "targetvolume": {"id": one.target.name, "link": _link(f"volumes/{one.target.name}")},
        "persistent": said(one.persistent),
        "recording": said(one.recording),
        "backgroundcopy": said(one.background),
        "state": one.state,
    }


def _host(one: Host) -> dict[str, Any]:
    return {
        "name": one.name,
        "link": _link(f"hosts/{one.name}"),
        "state": "online",
        "hosttype": "iSeries",
        "addrmode": "SCSI mask",
        "addrdiscovery": "reportlun",
        "lbs": "520",
        "host_ports": {"link": _link(f"hosts/{one.name}/host_ports")},
        "volumes": {"link": _link(f"hosts/{one.name}/volumes")},
    }


def _mappings(host: Host) -> list[dict[str, Any]]:
    return [
        {
            "lunid": f"{place:02X}",
            "volume": {"id": volume.name, "link": _link(f"volumes/{volume.name}")},
            "link": _link(f"hosts/{host.name}/mappings/{place:02X}"),
        }
        for place, volume in enumerate(host.volumes)
    ]
