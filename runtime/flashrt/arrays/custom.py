"""Any other array, by a program of the site: the contract is docs/custom-array.md.

The program is run without a shell, once for each verb, and answers with an exit status and one line.  Words
of states are those of `flashrt.arrays.base`; any other word is UNKNOWN.  An armed process waits for the one
line of the window.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

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
    SPACE,
    TAKEN,
    Checked,
    Copy,
    GroupState,
    Lack,
    Shot,
    VolumeUids,
)
from flashrt.arrays.base import UNKNOWN as UNKNOWN_WORD
from flashrt.arrays.cycle import Cycle
from flashrt.config import CloneConf, Config, DeviceConf
from flashrt.consoles.base import Finding
from flashrt.devices import time_for
from flashrt.edges import SETTLE_S, Edges, Reply, StartedProgram
from flashrt.result import Result, plain
from flashrt.status import (
    AUTH,
    CONFIG,
    NOTFOUND,
    OK,
    PENDING,
    REFUSED,
    SYSTEM,
    TIMEOUT,
    UNKNOWN,
    UNREACHABLE,
    SidecarError,
)
from flashrt.status import FOREIGN as FOREIGN_STATUS
from flashrt.status import SPACE as SPACE_STATUS

WORDS = (
    ACTIVE,
    EMPTY,
    FAILED,
    FOREIGN,
    FREE,
    MIXED,
    PREPARED,
    PREPARING,
    RELEASING,
    SPACE,
    TAKEN,
)
DONE, BUSY = 0, 2
STATUSES = {1: REFUSED, BUSY: SYSTEM, 3: UNREACHABLE, 4: AUTH, 5: NOTFOUND, 126: CONFIG, 127: CONFIG}
"""What the exit statuses of the contract mean, beside 0; after any other one nothing is known."""

BUSY_S = 10.0
"""How long a busy array is left alone before a change is asked for again."""

GOOD, REFUSAL = Reply(0, "FIRED copy=1", ""), Reply(0, "REFUSED text=not_prepared", "")
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,62}\Z")
_WORD = re.compile(r"[A-Z]{1,20}\Z")
_FIELD = re.compile(r"([a-z]{1,10})=([!-~]+)\Z")
_UID = re.compile(r"[0-9A-Fa-f]{8,32}\Z")


def open_driver(config: Config, device: DeviceConf, edges: Edges) -> Custom:
    """Nothing is connected: each verb is a process of its own."""
    return Custom(config, device, edges)


def words_of(line: str, what: str) -> tuple[str, dict[str, str]]:
    """The word and the fields of an answer; SYSTEM if it is no line of the contract."""
    first, *rest = line.rstrip("\n").split(" ")
    fields = [_FIELD.match(part) for part in rest]
    made = {field.group(1): field.group(2) for field in fields if field}
    if not _WORD.match(first) or len(made) != len(rest):
        raise SidecarError(
            SYSTEM, f"The answer to {what} is no line of the contract: '{plain(line)[:60]}'. See the program."
        )
    return first, made


def readiness(reply: Reply) -> int:
    """The status of an answer to `arm`.  Nothing was asked of the array yet: it can be armed again."""
    if reply.status is None:
        return UNREACHABLE
    if reply.status != DONE:
        return STATUSES.get(reply.status, SYSTEM)
    said = plain(reply.out)
    return OK if said == "READY" else REFUSED if said else UNREACHABLE


def judge(reply: Reply) -> SidecarError | None:
    """None for FIRED; REFUSED means that nothing was taken; all else is unknown."""
    try:
        word, _ = words_of(reply.out, "FIRE")
    except SidecarError:
        word = ""
    if word == "FIRED" and reply.status == 0:
        return None
    if word == "REFUSED":
        return SidecarError(REFUSED, plain(reply.out)[:80], "REFUSED")
    return SidecarError(UNKNOWN, plain(reply.out)[:80] or "The program ended without an answer.")


class Custom(Cycle):
    """The program of a site; see `flashrt.arrays.base.ArrayDriver`."""

    PART = "volume"

    def __init__(self, config: Config, device: DeviceConf, edges: Edges) -> None:
        super().__init__(config, device)
        self._edges = edges
        self._program = device.facts["program"]
        self._age_s = 0.0
        self._maps: dict[str, dict[str, set[str]]] | None = None
        self._armed: list[StartedProgram] = []

    def close(self) -> None:
        """End what is still armed."""
        for one in self._armed:
            one.close()

    # looking

    def probe(self) -> Result:
        """The array that the program drives."""
        word, fields = self._ask("probe")
        if word != "OK":
            raise SidecarError(SYSTEM, f"{self._program} probe answers {word}. See the program.")
        name, level = fields.get("name", "")[:40], fields.get("level", "")[:40]
        text = f"{self._device.name} is {name or 'not named'}, level {level or 'unknown'}."
        return Result(text, "OK", extra1=name[:10])

    def title(self, group: str) -> str:
        """A copy in words."""
        return f"Copy {group} on {self._device.name}"

    def age(self, taken: str) -> float:
        """As the program said with the state."""
        del taken
        return self._age_s

    def copy_on(self, group: str) -> Copy:
        """The copy in force, by the age that the program tells: its id is in no order."""
        found = super().copy_on(group)
        if not found.taken:
            return found
        return found._replace(taken=f"{max(0.0, self._edges.clock.now() - found.age_s):015.0f}")

    def read(self, group: str) -> GroupState:
        """The state, as the program tells it."""
        word, fields = self._ask("state", self._name(group))
        sources, targets = (_uids(fields.get(key, "")) for key in ("sources", "targets"))
        known = word if word in WORDS else UNKNOWN_WORD
        whole = len(sources) == len(targets) == len({*sources, *targets}) / 2
        if known == EMPTY:
            sources, targets = (), ()
        elif not sources or not whole:
            raise SidecarError(
                SYSTEM, f"{self.title(group)}: the program tells no pairs of volumes. See its contract."
            )
        copy = fields.get("copy", "")
        if copy and not re.match(r"[0-9]{1,12}\Z", fields.get("age", "")):
            raise SidecarError(SYSTEM, f"{self.title(group)}: the program tells no age of the copy.")
        self._age_s = float(fields.get("age", "0")) if copy else 0.0
        return GroupState(
            known,
            word.lower(),
            dict.fromkeys(targets, copy),
            sources,
            targets,
            (word.lower(),) if sources else (),
        )

    def check(self, clone: CloneConf, seen_by_vios: bool = False) -> Checked:
        """The clone's copies here, their members and hosts."""
        from flashrt.arrays.members import check_clone

        problem = self._edges.programs.look(self._program)
        if problem:
            return Checked([Finding("array.program", False, f"{self._program}: {problem}.", CONFIG)], None)
        self._look(clone)
        found = check_clone(self, self._device.name, clone, seen_by_vios)
        good = Finding("array.program", True, f"{self._program} is there, and only its owner may change it.")
        own = [group for disks in clone.disks if disks.array == self._device.name for group in disks.groups]
        left = [self.title(group) for group in own if self.is_left(group, self.read(group))]
        told = [self._left_over(one, left) for one in found.findings]
        return found._replace(findings=[good, *told])

    def _left_over(self, found: Finding, left: list[str]) -> Finding:
        """What an earlier run of ours could not put on its targets is in nobody's way: it is given up."""
        title = next((one for one in left if found.text.startswith(f"{one} is ")), "")
        if found.id != "array.group" or not title:
            return found
        return Finding("array.group", True, f"{title} holds what an earlier run took: it is given up.")

    def lacks(self, clone: CloneConf) -> list[Lack]:
        """What the clone's copies need, as far as the program tells of it."""
        from flashrt.arrays.lacks import lacks_of

        self._look(clone)
        return lacks_of(self, self._device.name, clone, lambda _: [])

    def uids(self, group: str) -> VolumeUids:
        """Volumes go by their UIDs."""
        found = self.read(group)
        if not found.targets:
            raise SidecarError(SYSTEM, f"{self.title(group)} has no volumes. See the array.")
        return VolumeUids({one: one for one in found.sources}, {one: one for one in found.targets})

    def usage(self, group: str, floor_percent: float, every_pool: bool) -> Result:
        """What the copy takes, and what its pool has left."""
        del every_pool  # the program tells of one pool, that which grows
        word, fields = self._ask("usage", self._name(group))
        if word != "OK" or not all(
            re.match(r"[0-9]{1,18}(\.[0-9]{1,3})?\Z", fields.get(k, "")) for k in ("used", "free")
        ):
            raise SidecarError(SYSTEM, f"{self.title(group)}: the program tells no usage. See its contract.")
        free, gib = float(fields["free"]), float(fields["used"]) / 2**30
        pool = plain(fields.get("pool", ""))[:30]
        said = (
            f"The targets of {self.title(group)} have {gib:.0f} GiB; pool {pool} has {free:.0f} percent free"
        )
        if free < floor_percent:
            raise SidecarError(
                SPACE_STATUS, f"{said}, the limit is {floor_percent:g}. Add capacity or remove data.", "SPACE"
            )
        return Result(f"{said}.", "OK", extra1=f"{gib:.0f}G", extra2=f"{free:.0f}")

    # what the members are compared by

    def hosts_of(self, volume: str) -> set[str]:
        """The hosts that a volume is mapped to."""
        return {host for host, volumes in self._shown("maps").items() if volume in volumes}

    def volumes_of(self, host: str) -> set[str]:
        """The volumes that a host sees."""
        return self._shown("maps").get(host, set())

    def ports_of(self, host: str) -> list[str]:
        """The WWPNs of a host."""
        return sorted(self._shown("ports").get(host, set()))

    def uids_of(self, volumes: Sequence[str]) -> dict[str, str]:
        """Volumes go by their UIDs."""
        del volumes
        return {one: one for volumes in self._shown("maps").values() for one in volumes}

    # changing

    def give_up(self, group: str, found: GroupState, run: str) -> bool:
        """Give the copy up."""
        del found, run
        return self._change("release", group, (FREE, RELEASING))

    def get_ready(self, group: str, found: GroupState, run: str) -> bool:
        """All that can be done before the instant."""
        del found, run
        return self._change("prepare", group, (PREPARED, PREPARING))

    def present(self, group: str, run: str) -> Result:
        """Put the instant of this run on the targets."""
        claim, found = self.claim(group, run), self.read(group)
        if claim is None or not claim.copy:
            raise SidecarError(REFUSED, f"Run {run} has no proof of {self.title(group)}.", found.word)
        if not self.same_copy(found.start_times, claim.copy, claim.proof):
            raise SidecarError(
                FOREIGN_STATUS, f"{self.title(group)} holds another copy than that of run {run}.", FOREIGN
            )
        if found.word == TAKEN:
            self._change("present", group, (ACTIVE,))
            found = self.read(group)
        if found.word == ACTIVE:
            return self.told(group, found)._replace(word="PRESENT")
        if found.word == TAKEN:
            return Result(f"{self.title(group)} is being put on its targets; ask again.", "PENDING", PENDING)
        raise self.unfit(group, found)

    def arm(self, group: str, run: str, test: bool) -> Shot:
        """A process that has said READY and waits for its line."""
        if not test:
            self.ready(group, run)
        name = self._name(group)
        limit = time_for(self._edges, self._device.name, self._config.limits.request_s)
        program = self._edges.programs.start([self._program, "arm", name])
        self._armed.append(program)
        if not self._edges.clock.wait(program, self._edges.clock.now() + limit) or not program.poll(SETTLE_S):
            raise SidecarError(TIMEOUT, f"{self._program} arm {name} was not READY within {limit:g} s.")
        reply = program.reply()
        status = readiness(reply)
        if status != OK:
            said = plain(reply.out)[:60] or "it said nothing"
            raise SidecarError(status, f"{self._program} arm {name} is not READY: {said}.")

        def probe() -> None:
            if program.has_ended():
                raise SidecarError(UNREACHABLE, f"{self._program} arm {name} has ended. Arm again.")

        return Shot(program, f"FIRE {name}", probe, judge, GOOD, REFUSAL)

    # parts

    def _ask(self, verb: str, *words: str) -> tuple[str, dict[str, str]]:
        """Run the program; its word and fields.  An exit status that is not 0 is an error."""
        argv = [self._program, verb, *words]
        limit_s = time_for(self._edges, self._device.name, self._config.limits.request_s)
        reply = self._edges.programs.run(argv, limit_s)
        if reply.status != DONE:
            known = UNKNOWN if reply.status is None else STATUSES.get(reply.status, SYSTEM)
            said = plain(reply.out)[:60] or plain(reply.err)[:60] or "nothing"
            how = "a signal" if reply.status is None else f"status {reply.status}"
            raise SidecarError(known, f"{' '.join(argv)} ended by {how} and said {said}.")
        return words_of(reply.out, f"{self._program} {verb}")

    def _change(self, verb: str, group: str, words: tuple[str, ...]) -> bool:
        """Ask for a change once; what became of a lost answer is seen in the state.  False: it was busy."""

        def done() -> bool:
            return self.read(group).word in words

        argv = [self._program, verb, self._name(group)]
        try:
            reply = self._edges.programs.run(argv, self._config.limits.request_s)
            if reply.status == BUSY:
                self._edges.clock.sleep(BUSY_S)
                return False
            if reply.status == DONE and plain(reply.out) == "DONE":
                return True
            known = STATUSES.get(reply.status, UNKNOWN) if reply.status else UNKNOWN
            raise SidecarError(known, f"{' '.join(argv)} was answered: {plain(reply.out)[:60] or 'nothing'}.")
        except SidecarError as error:
            return self.resolved(error, lambda: None, done)

    def _look(self, clone: CloneConf) -> None:
        """The mappings of all the clone's copies here."""
        found: dict[str, dict[str, set[str]]] = {"maps": {}, "ports": {}}
        own = [one for disks in clone.disks if disks.array == self._device.name for one in disks.groups]
        for group in own:
            word, fields = self._ask("check", self._name(group))
            if word != "OK":
                raise SidecarError(SYSTEM, f"{self.title(group)}: the program's check answers {word}.")
            for key, known in found.items():
                for pair in filter(None, fields.get(key, "").split(",")):
                    what, at, host = pair.partition("@")
                    if not at or not host or not what:
                        raise SidecarError(
                            SYSTEM, f"{self.title(group)}: the program's check has {plain(pair)[:40]}."
                        )
                    known.setdefault(host, set()).add(what.upper())
        self._maps = found

    def _shown(self, key: str) -> dict[str, set[str]]:
        return self._maps[key] if self._maps else {}

    def _name(self, group: str) -> str:
        name = self._config.copy(self._device.name, group).parts["name"]
        if not _NAME.match(name):
            raise SidecarError(CONFIG, f"{plain(name)[:60]} is no name of a copy.")
        return name


def _uids(text: str) -> tuple[str, ...]:
    """UIDs behind commas; SYSTEM where one is none."""
    found = tuple(one.upper() for one in text.split(",") if one)
    if not all(_UID.match(one) for one in found):
        raise SidecarError(SYSTEM, f"The program tells of a volume {plain(text)[:40]}, which is no UID.")
    return found
