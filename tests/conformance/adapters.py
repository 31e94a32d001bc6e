"""What the suite has to know of each family: how to bring its simulator into a state, and its words.

A case that a family cannot have stands in `NOT` with the reason; the matrix shows it.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from typing import Any, ClassVar

from flashtwin.sims.ds8000_flash import Relation
from flashtwin.sims.http import HttpOutcome, json_outcome
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.server import Request
from flashtwin.sims.volumes import Host, Pool, Volume
from flashtwin.site import Site

from bench import Bench


class Adapter:
    """The usual answers; a family replaces what is different."""

    family = ""
    way = ""
    kind = ""
    """What the family copies here, beside its usual kind: the words of the phrase."""
    example = ""
    SPEC: tuple[str, str] = ("", "")
    """A text of the example, and what stands for it here."""

    NOT: ClassVar[dict[str, str]] = {}
    """Cases that the family cannot have, and why."""

    CHANGES: ClassVar[dict[str, str]] = {}
    """By verb (release, prepare, trigger, present), a pattern of the request that changes something."""

    SPARE = "SPARE_1"
    """The name of one volume more."""

    READS = ""
    """A pattern of the requests that read the state of a group."""

    OPENS = r"(?!)"
    """A pattern of what goes to the twin before anything is asked of the array: the start of a program."""

    NEVER = r"-force\b|-restore\b"
    """What may stand in no request."""

    STATES: ClassVar[dict[str, Callable[[Bench], None]]] = {}
    """By a word of `flashrt.arrays.base`, what brings the group into such a state."""

    TORN: tuple[str, ...] = ()
    """Of these states, those of a broken copy that a release may give up."""

    REFUSALS: ClassVar[dict[str, Outcome]] = {}
    """Answers of the array that refuse: by a name, what it says."""

    GARBAGE: ClassVar[tuple[Outcome, ...]] = ()
    """Answers to a reading request that mean nothing."""

    @property
    def name(self) -> str:
        """As the matrix calls it."""
        return f"{self.family} {self.way}" + (f" {self.kind}" if self.kind else "")

    def stock(self, bench: Bench) -> tuple[list[Pool], list[Volume], list[Host]]:
        """Pools, volumes and hosts of the simulator."""
        array = bench.array
        return list(array.pools.values()), list(array.volumes.values()), list(array.hosts.values())

    def spare(self, bench: Bench, like: Volume) -> Volume:
        """One volume more on the array, with nothing on it."""
        made = dataclasses.replace(like, id=9999, name=self.SPARE, uid=like.uid[:-4] + "FFFF", image=None)
        bench.array.volumes[made.name] = made
        return made

    def site(self, site: Site) -> Site:
        """The site that the cases play on."""
        return site

    def expire(self, bench: Bench) -> list[str]:
        """Let the token be refused once, as one that has expired; the requests that it met."""
        raise NotImplementedError

    def busy(self, bench: Bench) -> list[str]:
        """Let the array be busy once, as beyond its limits; the requests that it met."""
        raise NotImplementedError

    def twin_of(self, bench: Bench) -> None:
        """Make a second thing on the array that goes by (nearly) the same name as the group."""
        raise NotImplementedError


def _maps(bench: Bench) -> list[Any]:
    model = bench.array.model
    found: list[Any] = model.maps_of(model.group(bench.group))
    return found


def _status(status: str) -> Callable[[Bench], None]:
    def set_status(bench: Bench) -> None:
        for one in _maps(bench):
            one.status = status

    return set_status


def _mixed(bench: Bench) -> None:
    _maps(bench)[0].status = "stopped"
    _maps(bench)[1].status = "prepared"


def _listed(bench: Bench, command: str, change: Callable[[str], str]) -> None:
    """What the array lists from now on, otherwise than its simulator can be brought to."""

    def alter(request: Request, outcome: Outcome) -> Outcome:
        if re.search(rf"(^|/){command}", request.command):
            return dataclasses.replace(outcome, out=change(outcome.out))
        return outcome

    bench.gate.alter.append(alter)


def _foreign(bench: Bench) -> None:
    """Its maps belong to remote copy."""

    def change(text: str) -> str:
        if not text.startswith("id!"):
            return re.sub(r'("rc_controlled": ?")no"', r'\1yes"', text)
        head, *rows = text.splitlines()
        at = head.split("!").index("rc_controlled")
        fields = [row.split("!") for row in rows]
        return "\n".join([head, *("!".join([*row[:at], "yes", *row[at + 1 :]]) for row in fields)]) + "\n"

    _listed(bench, "lsfcmap", change)


def _unknown(bench: Bench) -> None:
    """A status that no manual knows."""
    _listed(bench, "lsfc", lambda text: re.sub("idle_or_copied|copying|stopped", "sleeping", text))


def _empty(bench: Bench) -> None:
    model = bench.array.model
    for one in _maps(bench):
        del model.maps[one.id]


class SvcBySsh(Adapter):
    """Storage Virtualize by SSH."""

    family, way = "svc", "ssh"
    example = "nightly_brms.flash"
    NOT: ClassVar[dict[str, str]] = {
        "state SPACE": "a full pool stops the maps: status and proof tell SPACE, a release frees the group",
        "token expired": "keys, no tokens",
        "presented twice": "the targets show the instant by themselves",
        "present lost before": "the targets show the instant by themselves",
        "present lost after": "the targets show the instant by themselves",
    }
    CHANGES: ClassVar[dict[str, str]] = {
        "release": r"^stopfcconsistgrp",
        "prepare": r"^prestartfcconsistgrp",
        "trigger": r"^startfcconsistgrp",
    }
    READS = r"^ls(fcconsistgrp|fcmap)\b"
    NEVER = r"-force\b|-restore\b|-split\b|^rm|^mk|^ch"
    STATES: ClassVar[dict[str, Callable[[Bench], None]]] = {
        "FAILED": _status("suspended"),
        "PREPARED": _status("prepared"),
        "PREPARING": _status("preparing"),
        "MIXED": _mixed,
        "FOREIGN": _foreign,
        "EMPTY": _empty,
        "UNKNOWN": _unknown,
    }
    REFUSALS: ClassVar[dict[str, Outcome]] = {
        "not authorised": Outcome(
            1, err="CMMVC6253E The task has failed because the user is not authorized.\n"
        ),
        "no such object": Outcome(1, err="CMMVC5804E The action failed because an object was not found.\n"),
        "system unstable": Outcome(
            1, err="CMMVC5786E The action failed because the cluster is not stable.\n"
        ),
        "not in these words": Outcome(1, err="something went wrong\n"),
        "a command it has not": Outcome(127, err="rbash: command not found\n"),
    }
    GARBAGE = (
        Outcome(0, out="\0\1\2binary"),
        Outcome(0, out="<html><body>Welcome</body></html>"),
        Outcome(0, out=""),
        Outcome(0, out="id!name\n"),
    )

    def stock(self, bench: Bench) -> tuple[list[Pool], list[Volume], list[Host]]:
        """As the model has them."""
        model = bench.array.model
        return list(model.pools.values()), list(model.volumes.values()), list(model.hosts.values())

    def spare(self, bench: Bench, like: Volume) -> Volume:
        """The model has them by id."""
        made = dataclasses.replace(like, id=9999, name=self.SPARE, uid=like.uid[:-4] + "FFFF", image=None)
        bench.array.model.volumes[made.id] = made
        return made

    def busy(self, bench: Bench) -> list[str]:
        """Beyond 32 sessions one is closed right after the log-in."""
        return bench.fault(r".", lost="before")

    def twin_of(self, bench: Bench) -> None:
        """A group whose id is what looks like the name of ours, and one that only differs in case."""
        user = next(iter(bench.array.users))
        bench.array.handle(user, f"mkfcconsistgrp -name {bench.group.lower()}").effect()


class SvcByRest(SvcBySsh):
    """Storage Virtualize by REST."""

    way = "rest"
    SPEC = (
        'address "10.1.0.20"  user "flashc"  key "v7000_ed25519"',
        'address "10.1.0.20"  user "flashc"  password file "v7000_password"  through rest',
    )
    NOT: ClassVar[dict[str, str]] = {
        name: why for name, why in SvcBySsh.NOT.items() if name != "token expired"
    }
    CHANGES: ClassVar[dict[str, str]] = {
        "release": r"/stopfcconsistgrp/",
        "prepare": r"/prestartfcconsistgrp/",
        "trigger": r"/startfcconsistgrp/",
    }
    READS = r"/ls(fcconsistgrp|fcmap)\b"
    NEVER = r'"(force|restore|split)"|/(rm|mk|ch)[a-z]+/'
    REFUSALS: ClassVar[dict[str, Outcome]] = {
        "not authorised": HttpOutcome(500, "CMMVC6253E The user is not authorized."),
        "no such object": HttpOutcome(500, "CMMVC5804E An object was not found."),
        "system unstable": HttpOutcome(500, "CMMVC5786E The cluster is not stable."),
        "not in these words": HttpOutcome(500, "something went wrong"),
        "a gateway": HttpOutcome(502, "<html>Bad Gateway</html>"),
    }
    GARBAGE: ClassVar[tuple[Outcome, ...]] = (
        HttpOutcome(200, "\0\1\2binary"),
        HttpOutcome(200, "<html><body>Welcome</body></html>"),
        HttpOutcome(200, ""),
        HttpOutcome(200, "[]"),
        HttpOutcome(200, '{"id": "1"}'),
    )

    def site(self, site: Site) -> Site:
        """The array lets its user in by password."""
        (array,) = site.arrays
        (user,) = array.users
        users = (dataclasses.replace(user, keys=(), secrets=("v7000_password",)),)
        by_rest = dataclasses.replace(array, addresses=("10.1.0.20:7443",), users=users)
        return dataclasses.replace(site, arrays=(by_rest,))

    def expire(self, bench: Bench) -> list[str]:
        """As after a restart of the configuration node."""
        return bench.answer(self.READS, HttpOutcome(401, "The token has expired"))

    def busy(self, bench: Bench) -> list[str]:
        """More than ten commands a second."""
        return bench.answer(self.READS, HttpOutcome(429, "Too many requests", headers={"Retry-After": "2"}))


def _groups_of(bench: Bench) -> tuple[Any, Any]:
    """The volume group of the sources, and that of the thin clones."""
    found: tuple[Any, Any] = bench.array.snapshots.parts(bench.group)
    return found


def _offline(bench: Bench) -> None:
    _groups_of(bench)[1].volumes[0].online = False


def _out_of_space(bench: Bench) -> None:
    _offline(bench)
    for pool in bench.array.model.pools.values():
        pool.other_used = pool.capacity


def _of_theirs(bench: Bench) -> None:
    """One thin clone was refreshed from somebody else's snapshot."""
    source, target = _groups_of(bench)
    theirs = bench.array.model.snapshot_of(source, "THEIRS")
    theirs.state, theirs.at = "active", bench.world.now
    target.shown[target.volumes[0].name] = theirs


def _restoring(bench: Bench) -> None:
    _groups_of(bench)[0].restoring = True


def _no_thin_clones(bench: Bench) -> None:
    target = _groups_of(bench)[1]
    target.volumes, target.pairs = [], []


def _sleeping(bench: Bench) -> None:
    next(iter(bench.array.model.snapshots.values())).state = "sleeping"


class SvcSnapshotsBySsh(SvcBySsh):
    """Storage Virtualize by SSH: snapshots of volume groups, shown by thin clones."""

    kind = "volume group"
    example = "nightly_svc_snapshot.flash"
    NOT: ClassVar[dict[str, str]] = {
        "state of somebody else's run": "what others prepare is beside it, and left alone",
        "token expired": "keys, no tokens",
        "release lost before": "the last copy needs not be given up before the next",
        "release lost after": "the last copy needs not be given up before the next",
    }
    CHANGES: ClassVar[dict[str, str]] = {
        "prepare": r"^addsnapshot .*-prepare",
        "trigger": r"^addsnapshot -trigger",
        "present": r"^refreshfromsnapshot",
        "abort": r"^rmsnapshot",
    }
    READS = r"^ls(volumegroup|volumegroupsnapshot|volumepopulation)\b"
    NEVER = r"-force\b|restore|safeguarded|retention|ignorelegacy|^(mk|ch|rm(?!snapshot ))"
    STATES: ClassVar[dict[str, Callable[[Bench], None]]] = {
        "FAILED": _offline,
        "SPACE": _out_of_space,
        "MIXED": _of_theirs,
        "FOREIGN": _restoring,
        "EMPTY": _no_thin_clones,
        "UNKNOWN": _sleeping,
    }

    def twin_of(self, bench: Bench) -> None:
        """A snapshot of the other group whose name is that of the run, but for case."""
        source, _ = _groups_of(bench)
        bench.array.model.snapshot_of(source, f"flc{bench.run}")


class SvcSnapshotsByRest(SvcByRest):
    """The same by REST."""

    kind = "volume group"
    example = "nightly_svc_snapshot.flash"
    SPEC = (
        'address "10.1.0.20"  user "flashc"  key "fs7300_ed25519"',
        'address "10.1.0.20"  user "flashc"  password file "v7000_password"  through rest',
    )
    NOT: ClassVar[dict[str, str]] = {
        name: why for name, why in SvcSnapshotsBySsh.NOT.items() if name != "token expired"
    }
    CHANGES: ClassVar[dict[str, str]] = {
        "prepare": r'/addsnapshot .*"prepare"',
        "trigger": r'/addsnapshot .*"trigger"',
        "present": r"/refreshfromsnapshot ",
        "abort": r"/rmsnapshot ",
    }
    READS = r"/ls(volumegroup|volumegroupsnapshot|volumepopulation)\b"
    NEVER = r'"(force|restore|safeguarded|retentiondays|ignorelegacy)"|/(restore|mk|ch|rm(?!snapshot ))[a-z]+'
    STATES = SvcSnapshotsBySsh.STATES
    twin_of = SvcSnapshotsBySsh.twin_of


def _relations(bench: Bench) -> list[Any]:
    targets = [target for _, target in bench.array.members(bench.group)]
    return [one for one in bench.array.relations.values() if one.target in targets]


def _all_relations(state: str) -> Callable[[Bench], None]:
    def set_state(bench: Bench) -> None:
        for one in _relations(bench):
            one.state = state

    return set_state


def _one_relation_less(bench: Bench) -> None:
    del bench.array.relations[_relations(bench)[0].id]


def _relation_of_others(bench: Bench) -> None:
    """A target is copied to from another volume than the spec's."""
    own = _relations(bench)[0]
    del bench.array.relations[own.id]
    other = Relation(_relations(bench)[0].source, own.target, "others", True, False, False, bench.world.now)
    bench.array.relations[other.id] = other


def _ds_error(status: int, code: str, text: str) -> Outcome:
    return json_outcome({"server": {"status": "failed", "code": code, "message": text}}, status)


class Ds8000ByRest(Adapter):
    """DS8000 by the REST interface of its console."""

    family, way = "ds8000", "rest"
    example = "nightly_ds8000.flash"
    NOT: ClassVar[dict[str, str]] = {
        "state EMPTY": "the pairs stand in the spec",
        "state SPACE": "a target without space has a relation that failed: status and proof tell SPACE",
        "state of somebody else's run": "there is nothing to prepare; relations of others are FOREIGN",
        "prepare lost before": "there is nothing to prepare",
        "prepare lost after": "there is nothing to prepare",
        "presented twice": "the targets show the instant by themselves",
        "present lost before": "the targets show the instant by themselves",
        "present lost after": "the targets show the instant by themselves",
        "names that are nearly alike": "volumes are numbers",
    }
    CHANGES: ClassVar[dict[str, str]] = {
        "release": r"^DELETE /api/v1/cs/flashcopies",
        "trigger": r"^POST /api/v1/cs/flashcopies [{]",
    }
    SPARE = "10FF"
    TORN = ("MIXED", "FAILED")
    READS = r"^GET /api/v1/volumes/[0-9A-F]{4}/flashcopy"
    NEVER = r"reverse_restore|fast_reverse|allow_pprc_target_primary|^(PUT|PATCH)"
    STATES: ClassVar[dict[str, Callable[[Bench], None]]] = {
        "FAILED": _all_relations("invalid"),
        "MIXED": _one_relation_less,
        "FOREIGN": _relation_of_others,
        "UNKNOWN": _all_relations("sleeping"),
    }
    REFUSALS: ClassVar[dict[str, Outcome]] = {
        "not authorised": _ds_error(403, "CMUN02948E", "The user does not have the authority."),
        "no such object": _ds_error(404, "BE7A001D", "The requested resource was not found."),
        "failed": _ds_error(500, "CMUN03044E", "Copy Services operation failure: internal error"),
        "not in these words": HttpOutcome(500, "something went wrong"),
        "a gateway": HttpOutcome(502, "<html>Bad Gateway</html>"),
    }
    GARBAGE: ClassVar[tuple[Outcome, ...]] = (
        HttpOutcome(200, "\0\1\2binary"),
        HttpOutcome(200, "<html><body>Welcome</body></html>"),
        HttpOutcome(200, ""),
        HttpOutcome(200, "[]"),
        json_outcome({"server": {"status": "ok", "code": "", "message": ""}, "data": {}}),
    )

    def spare(self, bench: Bench, like: Volume) -> Volume:
        """With its model."""
        bench.array.models[self.SPARE] = "2107-A04"
        return super().spare(bench, like)

    def expire(self, bench: Bench) -> list[str]:
        """As the console says it."""
        return bench.answer(self.READS, _ds_error(401, "BE7A001B", "The token has expired."))

    def busy(self, bench: Bench) -> list[str]:
        """Too many requests of a second."""
        return bench.answer(self.READS, HttpOutcome(429, headers={"Retry-After": "2"}))


class Ds8000ByScript(Ds8000ByRest):
    """DS8000 by DSCLI on the partition."""

    way = "script"
    example = "nightly_dscli.flash"
    SPEC = ('    refresh   "incremental"\n    release   "space"\n', "")
    NOT: ClassVar[dict[str, str]] = {
        **Ds8000ByRest.NOT,
        "token expired": "each session of dscli logs in",
        "another host key or certificate": "dscli knows its management console",
    }
    CHANGES: ClassVar[dict[str, str]] = {"release": r"^rmflash ", "trigger": r"^(mk|resync)flash "}
    OPENS = r"^-hmc1 "
    READS = r"^lsflash "
    NEVER = (
        r"^(?!-hmc1 10[.]1[.]0[.]30 -hmc2 10[.]1[.]0[.]31 -user flashc -pwfile [^ ]*/L/keys/ds8900[.]pw$"
        r"|setoutput |lssi$|lsflash |lsfbvol |lspprc |lsextpool |lshostconnect |showfbvol |mkflash "
        r"|rmflash -dev [^ ]+ -quiet |unfreezeflash )|-tgtpprc|-tgtoffline|-tgtreleasespace|-passwd"
    )
    REFUSALS: ClassVar[dict[str, Outcome]] = {
        "not authorised": Outcome(0, "CMUN02948E lsflash: The user does not have the authority.\n"),
        "failed": Outcome(0, "CMUN03044E mkflash: 1000:1100: Copy Services operation failure: internal\n"),
        "not in these words": Outcome(0, "something went wrong\n"),
        "a warning": Outcome(0, "CMUN00000W mkflash: 1000:1100: done, maybe\n"),
        "nothing": Outcome(0, ""),
        "the end of Java": Outcome(134, "JVMDUMP039I Processing dump event\n"),
        "a signal": Outcome(None),
    }
    GARBAGE: ClassVar[tuple[Outcome, ...]] = (
        Outcome(0, "\0\1\2binary"),
        Outcome(0, "<html><body>Welcome</body></html>"),
        Outcome(0, ""),
        Outcome(0, "======\n"),
        Outcome(0, "ID|State\n========\n1000:1100|Valid\n"),
        Outcome(0, "ID|State|DateSynced|Recording|ActiveCopy\n====\n1000:1100|Valid\n"),
        Outcome(0, "ID|State|DateSynced|Recording|ActiveCopy\n====\n1000|Valid|now|Enabled|Disabled\n"),
        Outcome(0, "ID|State|DateSynced|Recording|ActiveCopy\n====\n1000:1100|Valid|-|Enabled|Disabled\n"),
    )

    def busy(self, bench: Bench) -> list[str]:
        """The management console ends a session that it has no room for."""
        return bench.fault(self.READS, lost="before")


def _no_members(bench: Bench) -> None:
    next(iter(bench.array.groups.values())).disks = []


def _destroyed(bench: Bench) -> None:
    next(iter(bench.array.groups.values())).destroyed = bench.world.now


def _pure_error(status: int, message: str) -> Outcome:
    return json_outcome({"errors": [{"message": message, "context": ""}]}, status)


class PureByRest(Adapter):
    """Pure FlashArray by REST 2."""

    family, way = "pure", "rest"
    example = "nightly_pure.flash"
    NOT: ClassVar[dict[str, str]] = {
        "state FOREIGN": "no volume of the array shows for what it is used",
        "state MIXED": "only between two overwritings: the cases of a lost present play it",
        "state SPACE": "the array takes no snapshot when it is full; usage tells SPACE",
        "state UNKNOWN": "the array shows no states",
        "state of somebody else's run": "there is nothing to prepare",
        "release lost before": "the last copy needs not be given up before the next",
        "release lost after": "the last copy needs not be given up before the next",
        "prepare lost before": "there is nothing to prepare",
        "prepare lost after": "there is nothing to prepare",
    }
    CHANGES: ClassVar[dict[str, str]] = {
        "trigger": r"^POST /api/2[.][0-9]+/protection-group-snapshots",
        "present": r"^POST /api/2[.][0-9]+/volumes[?]",
        "abort": r"^PATCH /api/2[.][0-9]+/protection-group-snapshots",
    }
    SPARE = "SPARE-D1"
    READS = r"^GET /api/2[.][0-9]+/protection-group"
    NEVER = r"^DELETE|\"destroyed\":false|^(PATCH|POST) [^?]*/hosts"
    STATES: ClassVar[dict[str, Callable[[Bench], None]]] = {"EMPTY": _no_members, "FAILED": _destroyed}
    REFUSALS: ClassVar[dict[str, Outcome]] = {
        "not authorised": _pure_error(403, "Operation not permitted."),
        "no such object": _pure_error(400, "Protection group does not exist."),
        "failed": _pure_error(500, "Internal error."),
        "not in these words": HttpOutcome(500, "something went wrong"),
        "a gateway": HttpOutcome(502, "<html>Bad Gateway</html>"),
    }
    GARBAGE: ClassVar[tuple[Outcome, ...]] = (
        HttpOutcome(200, "\0\1\2binary"),
        HttpOutcome(200, "<html><body>Welcome</body></html>"),
        HttpOutcome(200, ""),
        HttpOutcome(200, "[]"),
        json_outcome({"items": [{}]}),
    )

    def spare(self, bench: Bench, like: Volume) -> Volume:
        """As the array tells of its volumes."""
        made = super().spare(bench, like)
        old = bench.array.disks_by_name[like.name]
        bench.array.disks_by_name[made.name] = dataclasses.replace(old, volume=made, id="spare")
        return made

    def expire(self, bench: Bench) -> list[str]:
        """As the array says it."""
        return bench.answer(self.READS, _pure_error(401, "Session is not valid."))

    def busy(self, bench: Bench) -> list[str]:
        """Too many requests of a second."""
        return bench.answer(self.READS, HttpOutcome(429, headers={"Retry-After": "2"}))

    def twin_of(self, bench: Bench) -> None:
        """A group of the same name in other letters."""
        name, group = next(iter(bench.array.groups.items()))
        bench.array.groups[name.lower()] = dataclasses.replace(group, name=name.lower(), disks=[])


def _linked(bench: Bench) -> Any:
    """The snapshot that the clone's storage group shows."""
    return next(one for one in bench.array.snapshots["SISTPROD"] if "SISTPROD_24" in one.links)


def _in_state(state: str) -> Callable[[Bench], None]:
    def set_state(bench: Bench) -> None:
        _linked(bench).state = (state,)

    return set_state


def _half_linked(bench: Bench) -> None:
    link = _linked(bench).links["SISTPROD_24"]
    link.pairs = link.pairs[:2]


def _link_of_others(bench: Bench) -> None:
    """The clone's storage group shows a snapshot of another name."""
    _linked(bench).name = "THEIRS"


def _no_volumes(bench: Bench) -> None:
    bench.array.groups["SISTPROD_24"] = []


class PowerMaxByRest(Adapter):
    """VMAX and PowerMax by Unisphere's REST interface."""

    family, way = "powermax", "rest"
    example = "nightly_powermax.flash"
    NOT: ClassVar[dict[str, str]] = {
        "state SPACE": "a snapshot without space has failed: status and proof tell SPACE",
        "state of somebody else's run": "there is nothing to prepare",
        "release lost before": "the last copy needs not be given up before the next",
        "release lost after": "the last copy needs not be given up before the next",
        "prepare lost before": "there is nothing to prepare",
        "prepare lost after": "there is nothing to prepare",
        "token expired": "each request says who it is from",
    }
    CHANGES: ClassVar[dict[str, str]] = {
        "trigger": r"^POST /univmax/restapi/[0-9]+/replication/.*/snapshot [{]",
        "present": r"^PUT /univmax/restapi/[0-9]+/replication/.*/snapshot/",
        "abort": r"^DELETE /univmax/restapi/[0-9]+/replication/.*/snapshot/",
    }
    SPARE = "00999"
    TORN = ("MIXED",)
    READS = r"^GET /univmax/restapi/[0-9]+/replication/"
    NEVER = r"\"(force|symforce|star|remote)\":true|\"Restore\"|force=|^PUT .*/sloprovisioning"
    STATES: ClassVar[dict[str, Callable[[Bench], None]]] = {
        "FAILED": _in_state("Failed"),
        "MIXED": _half_linked,
        "FOREIGN": _link_of_others,
        "EMPTY": _no_volumes,
        "UNKNOWN": _in_state("Sleeping"),
    }
    REFUSALS: ClassVar[dict[str, Outcome]] = {
        "not authorised": json_outcome({"message": "User does not have the role."}, 403),
        "no such object": json_outcome({"message": "Cannot find storage group"}, 404),
        "failed": json_outcome({"message": "A problem occurred"}, 500),
        "not in these words": HttpOutcome(500, "something went wrong"),
        "a gateway": HttpOutcome(502, "<html>Bad Gateway</html>"),
    }
    GARBAGE: ClassVar[tuple[Outcome, ...]] = (
        HttpOutcome(200, "\0\1\2binary"),
        HttpOutcome(200, "<html><body>Welcome</body></html>"),
        HttpOutcome(200, ""),
        HttpOutcome(200, "[]"),
        json_outcome({"name": "FLASHC"}),
    )

    def spare(self, bench: Bench, like: Volume) -> Volume:
        """With its emulation."""
        bench.array.emulation[self.SPARE] = "FBA"
        return super().spare(bench, like)

    def busy(self, bench: Bench) -> list[str]:
        """Too many requests of a second."""
        return bench.answer(self.READS, HttpOutcome(429, headers={"Retry-After": "2"}))

    def twin_of(self, bench: Bench) -> None:
        """A snapshot of the same name in other letters, of the same storage group."""
        bench.array._snapshot("SISTPROD", "flashc", bench.world.now)


class PowerMaxBySsh(PowerMaxByRest):
    """VMAX and PowerMax by SYMCLI on another host."""

    way = "ssh"
    example = "nightly_symcli.flash"
    NOT: ClassVar[dict[str, str]] = {**PowerMaxByRest.NOT, "token expired": "keys, no tokens"}
    CHANGES: ClassVar[dict[str, str]] = {
        "trigger": r"/symsnapvx .* establish ",
        "present": r"/symsnapvx .* (re)?link ",
        "abort": r"/symsnapvx .* (unlink|terminate) ",
    }
    READS = r"/symsnapvx .* list "
    NEVER = (
        r"force|restore|-copy|-remote|^(?!/usr/symcli/bin/sym(cfg|sg|dev|access) .*-output xml_e$"
        r"|/usr/symcli/bin/symsnapvx -sid 000197900123 |date )|/symsnapvx (?!.*(-output xml_e|-by_tgt|-nop)$)"
    )
    REFUSALS: ClassVar[dict[str, Outcome]] = {
        "not authorised": Outcome(1, err="The caller is not authorized to perform this operation\n"),
        "no such object": Outcome(1, err="The storage group could not be found\n"),
        "locked": Outcome(3, err="The Symmetrix is currently locked\n"),
        "not in these words": Outcome(1, "something went wrong\n"),
        "a command it has not": Outcome(127, err="sh: symsnapvx: not found\n"),
        "a signal": Outcome(None),
    }
    GARBAGE: ClassVar[tuple[Outcome, ...]] = (
        Outcome(0, "\0\1\2binary"),
        Outcome(0, "<html><body>Welcome</body></html>"),
        Outcome(0, ""),
        Outcome(0, "<SymCLI_ML><SG><Snapvx><Snapshot></Snapshot></Snapvx></SG></SymCLI_ML>"),
        Outcome(0, '<!DOCTYPE x [<!ENTITY a "b">]><SymCLI_ML>&a;</SymCLI_ML>'),
        Outcome(0, "<SymCLI_ML>" + "<a>" * 50),
    )

    def busy(self, bench: Bench) -> list[str]:
        """A gatekeeper is in use by another command."""
        return bench.answer(self.READS, Outcome(19, err="A gatekeeper lock could not be obtained\n"))


def _thin_image(status: str, only: int | None = None) -> Callable[[Bench], None]:
    def set_status(bench: Bench) -> None:
        (group,) = bench.array.groups.values()
        for one in group.pairs if only is None else group.pairs[only : only + 1]:
            one.status = status

    return set_status


def _no_pairs(bench: Bench) -> None:
    bench.array.groups.clear()


def _kart(status: int, message_id: str, text: str) -> Outcome:
    error = {"errorSource": "/x", "messageId": message_id, "message": text, "cause": "", "solution": ""}
    return json_outcome(error, status)


class HitachiByRest(Adapter):
    """Hitachi VSP by the REST interface of its Configuration Manager."""

    family, way = "hitachi", "rest"
    example = "nightly_hitachi.flash"
    NOT: ClassVar[dict[str, str]] = {
        "presented twice": "the targets show the instant by themselves",
        "present lost before": "the targets show the instant by themselves",
        "present lost after": "the targets show the instant by themselves",
        "release lost before": "the last copy is given up by the prepare",
        "release lost after": "the last copy is given up by the prepare",
        "state SPACE": "a full pool leaves the pairs in an error: status and proof tell SPACE",
    }
    CHANGES: ClassVar[dict[str, str]] = {
        "prepare": r"^POST .*/snapshot-groups/[^/]*/actions/resync/",
        "trigger": r"^POST .*/snapshot-groups/[^/]*/actions/split/",
    }
    SPARE = "9999"
    TORN = ("MIXED",)
    READS = r"^GET .*/snapshot-groups"
    NEVER = r"actions/(restore|clone|unassign)|^DELETE .*/snapshot|^(PUT|PATCH)"
    STATES: ClassVar[dict[str, Callable[[Bench], None]]] = {
        "FAILED": _thin_image("PSUE"),
        "PREPARING": _thin_image("COPY"),
        "MIXED": _thin_image("PAIR", 1),
        "FOREIGN": _thin_image("RCPY"),
        "UNKNOWN": _thin_image("SLEEPING"),
        "EMPTY": _no_pairs,
    }
    REFUSALS: ClassVar[dict[str, Outcome]] = {
        "not authorised": _kart(403, "KART40048-E", "The user does not have the permission."),
        "no such object": _kart(404, "KART30013-E", "The specified object does not exist."),
        "failed": _kart(500, "KART30000-E", "An error occurred in the storage system."),
        "not in these words": HttpOutcome(500, "something went wrong"),
        "a gateway": HttpOutcome(502, "<html>Bad Gateway</html>"),
    }
    GARBAGE: ClassVar[tuple[Outcome, ...]] = (
        HttpOutcome(200, "\0\1\2binary"),
        HttpOutcome(200, "<html><body>Welcome</body></html>"),
        HttpOutcome(200, ""),
        HttpOutcome(200, "[]"),
        json_outcome({"data": [{}]}),
    )

    def expire(self, bench: Bench) -> list[str]:
        """As the array says it."""
        return bench.answer(self.READS, _kart(401, "KART40046-E", "The session token is not valid."))

    def busy(self, bench: Bench) -> list[str]:
        """Its REST server has too much to do."""
        return bench.answer(self.READS, _kart(503, "KART00003-E", "The REST API server is busy."))

    def twin_of(self, bench: Bench) -> None:
        """A group of the same name in other letters."""
        ((name, group),) = bench.array.groups.items()
        bench.array.groups[name.lower()] = dataclasses.replace(
            group, name=name.lower(), pairs=group.pairs[:1]
        )


def _held(word: str) -> Callable[[Bench], None]:
    def set_word(bench: Bench) -> None:
        bench.array.held[bench.group].word = word

    return set_word


def _no_volumes(bench: Bench) -> None:
    held = bench.array.held[bench.group]
    held.pairs, held.word = [], "EMPTY"


class CustomByScript(Adapter):
    """Any other array, by a program of the site."""

    family, way = "custom", "script"
    example = "nightly_custom.flash"
    NOT: ClassVar[dict[str, str]] = {
        "token expired": "the program logs in by itself",
        "not reachable": "a program is on the partition; that it reaches no array is one of the refusals",
        "another host key or certificate": "the program knows its array",
        "not let in": "the program logs in by itself; that it is not let in is one of the refusals",
    }
    CHANGES: ClassVar[dict[str, str]] = {
        "release": r"^release ",
        "prepare": r"^prepare ",
        "trigger": r"^FIRE ",
        "present": r"^present ",
    }
    READS = r"^state "
    NEVER = r"[^A-Za-z0-9_. -]|^(?!probe$|state |check |usage |release |prepare |present |arm |FIRE )"
    TORN = ("SPACE",)
    STATES: ClassVar[dict[str, Callable[[Bench], None]]] = {
        "FAILED": _held("FAILED"),
        "FOREIGN": _held("FOREIGN"),
        "MIXED": _held("MIXED"),
        "SPACE": _held("SPACE"),
        "UNKNOWN": _held("SLEEPING"),
        "PREPARED": _held("PREPARED"),
        "PREPARING": _held("PREPARING"),
        "EMPTY": _no_volumes,
    }
    REFUSALS: ClassVar[dict[str, Outcome]] = {
        "refused": Outcome(1, "REFUSED text=another_task\n"),
        "not reachable": Outcome(3, "REFUSED text=no_route\n"),
        "not authorised": Outcome(4, "REFUSED text=role\n"),
        "no such copy": Outcome(5, "REFUSED text=name\n"),
        "not in these words": Outcome(1, "something went wrong\n"),
        "no such program": Outcome(127, err="sh: not found\n"),
        "a signal": Outcome(None),
    }
    GARBAGE = (
        Outcome(0, out="\0\1\2binary"),
        Outcome(0, out="<html><body>Welcome</body></html>"),
        Outcome(0, out=""),
        Outcome(0, out="FREE\n"),
        Outcome(0, out="FREE sources=600507680000000000000001 targets=\n"),
        Outcome(0, out="FREE sources=x;y targets=z;w\n"),
        Outcome(0, out="free sources=600507680000000000000001 targets=600507680000000000000002\n"),
        Outcome(0, out="FREE sources=600507680000000000000001 targets=600507680000000000000001\n"),
        Outcome(0, out="FREE sources=600507680000000000000001 sources=600507680000000000000003\n"),
        Outcome(0, out="FREE\nACTIVE\n"),
    )

    def busy(self, bench: Bench) -> list[str]:
        """The program says that the array is busy."""
        return bench.answer(self.READS, Outcome(2, "REFUSED text=busy\n"))

    def twin_of(self, bench: Bench) -> None:
        """A copy whose name only differs in case."""
        held = bench.array.held[bench.group]
        bench.array.held[bench.group.lower()] = dataclasses.replace(held, word="FOREIGN")


def _cloud_error(status: int, text: str) -> Outcome:
    return json_outcome({"code": status, "error": "refused", "description": text}, status)


def _others_request(status: str, action: str, percent: int) -> Callable[[Bench], None]:
    """A volumes-clone request with a name as a run gives it, of which no run here knows."""

    def make(bench: Bench) -> None:
        made = bench.array._new(
            f"{bench.group}-20261101203500", bench.array.hosts["SISTPROD"].volumes[:2], bench.world.now
        )
        made.status, made.action, made.percent = status, action, percent

    return make


def _source_volume(change: Callable[[list[Volume]], object]) -> Callable[[Bench], None]:
    def on_source(bench: Bench) -> None:
        change(bench.array.hosts["SISTPROD"].volumes)

    return on_source


def _fail_first(volumes: list[Volume]) -> None:
    volumes[0].online = False


def _strange_volume(bench: Bench) -> None:
    """The clone's instance has a volume that is no clone."""
    target = bench.array.hosts["SISTPROD-24"].volumes
    target.append(dataclasses.replace(target[0], id=9998, name="THEIRS", uid=target[0].uid[:-4] + "EEEE"))


class PowerVsByRest(Adapter):
    """Power Virtual Server by REST."""

    family, way = "powervs", "rest"
    example = "nightly_powervs.flash"
    NOT: ClassVar[dict[str, str]] = {
        "state SPACE": "a clone is as large as its source from the beginning; usage tells SPACE",
        "a target that is not mapped": "what is not attached is no target: the copy is MIXED",
    }
    CHANGES: ClassVar[dict[str, str]] = {
        "release": r"^DELETE /pcloud/v2/.*/pvm-instances/",
        "prepare": r"^POST /pcloud/v2/[^ ]*/volumes-clone [{]",
        "trigger": r"^POST /pcloud/v2/.*/volumes-clone/[^/]+/start",
        "present": r"^POST /pcloud/v2/.*/volumes-clone/[^/]+/execute",
        "abort": r"^POST /pcloud/v2/.*/volumes-clone/[^/]+/cancel",
    }
    READS = r"^GET /pcloud/v2/.*/volumes-clone"
    NEVER = r'"force":true|detachAllVolumes|rollbackPrepare|^DELETE .*/volumes-clone/|/(action|operations)\b'
    TORN = ("MIXED",)
    STATES: ClassVar[dict[str, Callable[[Bench], None]]] = {
        "FAILED": _source_volume(_fail_first),
        "EMPTY": _source_volume(list.clear),
        "MIXED": lambda bench: bench.array.hosts["SISTPROD-24"].volumes.pop(0) and None,
        "FOREIGN": _strange_volume,
        "UNKNOWN": _others_request("sleeping", "prepare", 100),
        "PREPARED": _others_request("prepared", "prepare", 100),
        "PREPARING": _others_request("preparing", "prepare", 30),
    }
    REFUSALS: ClassVar[dict[str, Outcome]] = {
        "not authorised": _cloud_error(403, "The user is not authorized to perform this action."),
        "no such object": _cloud_error(404, "The volumes-clone request does not exist."),
        "not in this state": _cloud_error(409, "The volumes-clone request is not prepared."),
        "failed": _cloud_error(500, "Internal error."),
        "not in these words": HttpOutcome(500, "something went wrong"),
        "a gateway": HttpOutcome(502, "<html>Bad Gateway</html>"),
    }
    GARBAGE: ClassVar[tuple[Outcome, ...]] = (
        HttpOutcome(200, "\0\1\2binary"),
        HttpOutcome(200, "<html><body>Welcome</body></html>"),
        HttpOutcome(200, ""),
        HttpOutcome(200, "[]"),
        json_outcome({"volumesClone": [{}]}),
    )

    def expire(self, bench: Bench) -> list[str]:
        """After its hour."""
        return bench.answer(self.READS, _cloud_error(401, "The token has expired."))

    def busy(self, bench: Bench) -> list[str]:
        """Too many requests of a second."""
        return bench.answer(self.READS, HttpOutcome(429, headers={"Retry-After": "2"}))

    def twin_of(self, bench: Bench) -> None:
        """A request and a volume of nearly the same names."""
        volumes = bench.array.hosts["SISTPROD"].volumes
        made = bench.array._new(f"{bench.group.lower()}-20261118203500", volumes[:2], bench.world.now)
        made.status, made.percent = "prepared", 100
        other = dataclasses.replace(volumes[0], id=9997, name=f"clone-{bench.group}5-11111-1", image=None)
        other.uid = volumes[0].uid[:-4] + "DDDD"
        bench.array.volumes[other.name] = other


ADAPTERS: tuple[Adapter, ...] = (
    SvcBySsh(),
    SvcByRest(),
    SvcSnapshotsBySsh(),
    SvcSnapshotsByRest(),
    Ds8000ByRest(),
    Ds8000ByScript(),
    PowerMaxByRest(),
    PowerMaxBySsh(),
    PureByRest(),
    HitachiByRest(),
    CustomByScript(),
    PowerVsByRest(),
)
