"""A simulated Storage Virtualize array: `Svc.handle(user, line)` answers one SSH command line.

Written from docs/platform-facts.md#svc: a good change prints nothing or a line with the new id, a refusal
is `CMMVCnnnnE text` on stderr with exit status 1.  Changes take effect at the reply.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterable, Sequence
from typing import TYPE_CHECKING, TypeAlias

from flashtwin.scheduler import Signal, Wait
from flashtwin.sims import shell
from flashtwin.sims.http import https_server
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.server import Server
from flashtwin.sims.svc_flash import Flash, Unit
from flashtwin.sims.svc_list import Listings
from flashtwin.sims.svc_model import Group, Mapping, Model, free_id
from flashtwin.sims.svc_options import Call, SvcError, call
from flashtwin.sims.svc_rest import SvcRest
from flashtwin.sims.svc_snapshots import Snapshots
from flashtwin.sims.volumes import Host, Volume
from flashtwin.site import ArraySite, ArrayUser

if TYPE_CHECKING:
    from flashtwin.gate import Gate
    from flashtwin.world import World

READ_ONLY_ROLES = ("Monitor", "Service")
# Beside the two of mirroring and volumes: commands of a real array that this one does not have.
KNOWN_ELSEWHERE = frozenset(
    ("mkvdisk", "rmvdisk", "chvdisk", "mkhost", "mkvdiskhostmap", "rmvdiskhostmap", "chsystem")
)
_NAME = re.compile(r"[A-Za-z_]([A-Za-z0-9_. -]{0,61}[A-Za-z0-9_.-])?")
MOST_GROUPS = 255
MOST_MAPS = 5000

Body: TypeAlias = "Generator[Wait, Signal | None, Outcome]"


class Svc:
    """An array with its users and the keys that they may log in with."""

    prepares = True
    makes = False
    keeps = False

    def __init__(self, world: World, config: ArraySite) -> None:
        self.world = world
        self.config = config
        self.name = config.name
        self.users: dict[str, ArrayUser] = {user.name: user for user in config.users}
        self.keys: dict[str, list[str]] = {user.name: [] for user in config.users}
        offset = config.utc_offset or world.site.clock.utc_offset
        self.model = Model(
            config, offset, lambda: world.shown_late(config.name), lambda: world.zone_name(offset)
        )
        self.flash = Flash(world, self.model, config.name)
        self.rest = SvcRest(world, config, self.users, self.handle)
        self._listings = Listings(
            self.model, lambda: world.scheduler.now, lambda: self.flash.flush_failures
        ).commands
        self.snapshots = Snapshots(world, self.model, config.name, self._effect)
        self._listings |= self.snapshots.listings
        self._changes: dict[str, Callable[[str, Sequence[str]], Outcome | Body]] = {
            "prestartfcconsistgrp": self._prestart_group,
            "startfcconsistgrp": self._start_group,
            "stopfcconsistgrp": self._stop_group,
            "prestartfcmap": self._prestart_map,
            "startfcmap": self._start_map,
            "stopfcmap": self._stop_map,
            "mkfcconsistgrp": self._make_group,
            "rmfcconsistgrp": self._remove_group,
            "mkfcmap": self._make_map,
            "chfcmap": self._change_map,
            "rmfcmap": self._remove_map,
            **self.snapshots.changes,
        }

    def handle(self, user: str, line: str) -> Outcome | Body:
        """What the array does with a command line of this user.  Never raises for any line.

        A command that takes as long as a prepare (startfcconsistgrp -prep) is a generator.
        """
        if self.config.reach == "hang":
            return Outcome(None, duration_s=self.config.answer, hang=True)
        try:
            words = shell.parse(line).words
            outcome = self._run(user, list(words)) if words else Outcome(0)
        except shell.ShellError as error:
            outcome = Outcome(error.status, err=error.text)
        except SvcError as error:
            outcome = _refused(error)
        if isinstance(outcome, Outcome):
            return self._logged(user, line, outcome)
        return self._logged_body(user, line, outcome)

    def accepts(self, user: str, key: str) -> bool:
        """Whether a public key (the base64 field of its line) may log in as this user."""
        account = self.users.get(user)
        if account is None or account.expired:
            return False
        return any(key in line.split() for line in self.keys[user])

    def authorise(self, user: str, line: str) -> None:
        """Accept a public key line for a user, as chuser -keyfile does; KeyError for an unknown user."""
        if line not in self.keys[user]:
            self.keys[user].append(line)

    def server(self, gate: Gate) -> Server:
        """What answers at its addresses: REST where a user has a password, else SSH."""
        del gate
        if any(user.secrets for user in self.config.users):
            return https_server(self.name, self.rest.answer)
        return Server(self.name, self.handle, self.accepts)

    def starts(self, request: str, group: str) -> bool:
        """Whether a command starts a group, or triggers the snapshot of a volume group."""
        if self.snapshots.parts(group) is not None:
            return self.snapshots.starts(request, group)
        name = rf"(?<![\w.-]){re.escape(group)}(?![\w.-])"
        return bool(re.search(r"(^|[\s/])start\w+", request) and re.search(name, request))

    @staticmethod
    def reads(request: str) -> bool:
        """Whether a command lists something."""
        return bool(re.search(r"(^|[\s/])ls\w+", request))

    def disks(self) -> Iterable[Volume]:
        """All its volumes."""
        return self.model.volumes.values()

    def host(self, name: str) -> Host:
        """A host object."""
        return self.model.host(name)

    def members(self, group: str) -> list[tuple[Volume, Volume]]:
        """Sources and targets of a consistency group's maps, or volumes and their thin clones."""
        if (found := self.snapshots.parts(group)) is not None:
            return list(found[1].pairs)
        return [(one.source, one.target) for one in self.model.maps_of(self.model.group(group))]

    def began(self, group: str) -> float | None:
        """When the copy was taken that a group held as the evening began."""
        copy = next((one for one in self.config.copies if one.name == group), None)
        if copy is not None:
            return self.model.time_of(copy.taken) if copy.taken else None
        site = next((one for one in self.config.groups if one.name == group), None)
        if site is None or not site.start_time or site.status not in ("copying", "idle_or_copied"):
            return None
        return self.model.time_of(site.start_time)

    def _run(self, user: str, words: list[str]) -> Outcome | Body:
        family = words.pop(0) if words[0] in ("svcinfo", "svctask") and len(words) > 1 else ""
        name = words.pop(0)
        listing, change = self._listings.get(name), self._changes.get(name)
        if (family == "svctask" and listing) or (family == "svcinfo" and change):
            raise SvcError("5709", name)
        if listing is None and change is None:
            if name in KNOWN_ELSEWHERE:
                raise SvcError("7205")
            return Outcome(127, err=f"rbash: {name}: command not found\n")
        account = self.users.get(user)
        if account is None:
            raise SvcError("6253")
        if listing is not None:
            return Outcome(0, listing(words))
        if account.role in READ_ONLY_ROLES:
            raise SvcError("6253")
        assert change is not None
        return change(user, words)

    def _logged(self, user: str, line: str, outcome: Outcome) -> Outcome:
        inner = outcome.effect

        def effect() -> Outcome | None:
            changed = inner() if inner is not None else None
            self.world.events.log(
                "array_command", self.name, text=line, rc=(changed or outcome).status, user=user
            )
            return changed

        return Outcome(outcome.status, outcome.out, outcome.err, self.config.answer, effect)

    def _logged_body(self, user: str, line: str, body: Body) -> Body:
        return self._logged(user, line, (yield from body))

    def _effect(self, check: Callable[[], None], act: Callable[[], None], out: str = "") -> Outcome:
        """A change that was possible at the request: done at the reply if it still is."""
        check()

        def effect() -> Outcome | None:
            try:
                check()
            except SvcError as error:
                return _refused(error, self.config.answer)
            act()
            return None

        return Outcome(0, out, effect=effect)

    # copies

    def _prestart_group(self, user: str, words: Sequence[str]) -> Outcome:
        del user
        found = call(words, flags=("-restore",))
        return self._prestart(self.flash.of_group(self._existing(found.object())), found)

    def _prestart_map(self, user: str, words: Sequence[str]) -> Outcome:
        del user
        found = call(words, flags=("-restore",))
        return self._prestart(self.flash.of_map(self.model.map(found.object())), found)

    def _prestart(self, unit: Unit, found: Call) -> Outcome:
        restore = "-restore" in found
        return self._effect(lambda: self.flash.can_prepare(unit, restore), lambda: self.flash.prepare(unit))

    def _start_group(self, user: str, words: Sequence[str]) -> Outcome | Body:
        found = call(words, flags=("-prep", "-restore"))
        return self._start(user, self.flash.of_group(self._existing(found.object())), found)

    def _start_map(self, user: str, words: Sequence[str]) -> Outcome | Body:
        found = call(words, flags=("-prep", "-restore"))
        return self._start(user, self.flash.of_map(self.model.map(found.object())), found)

    def _start(self, user: str, unit: Unit, found: Call) -> Outcome | Body:
        if "-prep" in found:
            restore = "-restore" in found
            self.flash.can_prepare(unit, restore)
            return self._prepare_and_start(user, unit, restore)
        return self._effect(lambda: self.flash.can_start(unit), lambda: self.flash.start(unit, user))

    def _prepare_and_start(self, user: str, unit: Unit, restore: bool) -> Body:
        """Prepare and start in one command, which is answered when the copy is taken."""
        try:
            self.flash.can_prepare(unit, restore)
        except SvcError as error:
            return _refused(error)
        self.flash.prepare(unit)
        limit = self.world.scheduler.now + self.config.prepare + 1.0
        while self.flash.status(unit) == "preparing":
            if (yield Wait((self.flash.changed,), limit)) is None:
                break
        try:
            return self._effect(lambda: self.flash.can_start(unit), lambda: self.flash.start(unit, user))
        except SvcError as error:
            return _refused(error)

    def _stop_group(self, user: str, words: Sequence[str]) -> Outcome:
        del user
        found = call(words, flags=("-force", "-split"))
        return self._stop(self.flash.of_group(self._existing(found.object())), found)

    def _stop_map(self, user: str, words: Sequence[str]) -> Outcome:
        del user
        found = call(words, flags=("-force", "-split"))
        return self._stop(self.flash.of_map(self.model.map(found.object())), found)

    def _stop(self, unit: Unit, found: Call) -> Outcome:
        force, split = "-force" in found, "-split" in found
        if force and split:
            raise SvcError("5713")
        return self._effect(
            lambda: self.flash.can_stop(unit, split), lambda: self.flash.stop(unit, force or split)
        )

    def _existing(self, text: str) -> Group:
        return self.model.group(text)

    # groups and mappings

    def _make_group(self, user: str, words: Sequence[str]) -> Outcome:
        del user
        found = call(words, ("-name", "-ownershipgroup"), ("-autodelete",))
        if found.objects:
            raise SvcError("5709", found.objects[0])
        number = free_id(self.model.groups, 1)
        if number > MOST_GROUPS:
            raise SvcError("5767")
        name = found.get("-name", f"fccstgrp{number}")
        autodelete = "-autodelete" in found

        def check() -> None:
            self._name_is_free(name, [group.name for group in self.model.groups.values()])

        def act() -> None:
            self.model.groups[number] = Group(number, name, autodelete)

        return self._effect(check, act, f"FlashCopy Consistency Group, id [{number}], successfully created\n")

    def _name_is_free(self, name: str, taken: Sequence[str]) -> None:
        if not _NAME.fullmatch(name):
            raise SvcError("6527")
        if name in taken:
            raise SvcError("6035")

    def _remove_group(self, user: str, words: Sequence[str]) -> Outcome:
        del user
        found = call(words, flags=("-force",))
        group = self._existing(found.object())
        force = "-force" in found

        def check() -> None:
            if self.model.maps_of(group) and not force:
                raise SvcError("5895")

        def act() -> None:
            for one in self.model.maps_of(group):
                one.group = None
            self.model.groups.pop(group.id, None)

        return self._effect(check, act)

    def _make_map(self, user: str, words: Sequence[str]) -> Outcome:
        del user
        valued = (
            "-source",
            "-target",
            "-name",
            "-consistgrp",
            "-copyrate",
            "-grainsize",
            "-cleanrate",
            "-iogrp",
        )
        found = call(words, valued, ("-autodelete", "-incremental", "-keeptarget"))
        for name in ("-source", "-target"):
            if name not in found:
                raise SvcError("5707", name)
        source, target = self.model.volume(found.get("-source")), self.model.volume(found.get("-target"))
        group = self._existing(found.get("-consistgrp")) if found.get("-consistgrp", "0") != "0" else None
        number = free_id(self.model.maps)
        if number >= MOST_MAPS:
            raise SvcError("5767")
        new = Mapping(
            id=number,
            name=found.get("-name", f"fcmap{number}"),
            source=source,
            target=target,
            group=group,
            copy_rate=found.number("-copyrate", 0, 150, 50),
            clean_rate=found.number("-cleanrate", 0, 150, 50),
            incremental="-incremental" in found,
            autodelete="-autodelete" in found,
            grain=found.number("-grainsize", 64, 256, 256),
            status="idle_or_copied",
            progress_base=0,
            start_time="",
            keep_target="-keeptarget" in found,
        )

        def act() -> None:
            self.model.maps[number] = new

        text = f"FlashCopy Mapping, id [{number}], successfully created\n"
        return self._effect(lambda: self._map_is_possible(new), act, text)

    def _map_is_possible(self, new: Mapping) -> None:
        self._name_is_free(new.name, [one.name for one in self.model.maps.values()])
        if new.source is new.target:
            raise SvcError("6303")
        if new.source.size != new.target.size:
            raise SvcError("5924")
        if new.grain not in (64, 256):
            raise SvcError("5767")
        if any(one.target is new.target for one in self.model.maps.values()):
            raise SvcError("6466")
        if new.group is not None and self.model.status(new.group) not in (
            "empty",
            "idle_or_copied",
            "stopped",
        ):
            raise SvcError("5920")

    def _change_map(self, user: str, words: Sequence[str]) -> Outcome:
        del user
        found = call(words, ("-name", "-consistgrp", "-copyrate", "-autodelete", "-cleanrate"))
        one = self.model.map(found.object())
        if not found.values:
            raise SvcError("5707", "-name")
        if "-name" in found and len(found.values) > 1:
            raise SvcError("5713")
        copy_rate = found.number("-copyrate", 0, 150, one.copy_rate)
        clean_rate = found.number("-cleanrate", 0, 150, one.clean_rate)
        if found.get("-autodelete", "on") not in ("on", "off"):
            raise SvcError("5767")
        moved = found.get("-consistgrp")
        group = one.group if not moved else None if moved == "0" else self._existing(moved)

        def check() -> None:
            if "-name" in found and found.get("-name") != one.name:
                self._name_is_free(found.get("-name"), [other.name for other in self.model.maps.values()])
            if "-consistgrp" in found or "-autodelete" in found:
                self._modifiable(one)

        def act() -> None:
            one.name = found.get("-name", one.name)
            one.copy_rate, one.clean_rate, one.group = copy_rate, clean_rate, group
            one.autodelete = found.get("-autodelete", "on" if one.autodelete else "off") == "on"

        return self._effect(check, act)

    def _modifiable(self, one: Mapping) -> None:
        refused = {
            "preparing": "5913",
            "prepared": "5914",
            "copying": "5915",
            "stopping": "5915",
            "suspended": "5916",
        }
        if one.status in refused:
            raise SvcError(refused[one.status])

    def _remove_map(self, user: str, words: Sequence[str]) -> Outcome:
        del user
        found = call(words, flags=("-force",))
        one = self.model.map(found.object())
        refused = {
            "preparing": "5896",
            "prepared": "5897",
            "copying": "5898",
            "stopping": "5898",
            "suspended": "5900",
        }

        def check() -> None:
            if one.status in refused:
                raise SvcError(refused[one.status])
            if one.status == "stopped" and "-force" not in found:
                raise SvcError("5899")

        def act() -> None:
            self.model.maps.pop(one.id, None)

        return self._effect(check, act)


def _refused(error: SvcError, duration_s: float = 1.0) -> Outcome:
    return Outcome(1, err=f"{error}\n", duration_s=duration_s)
