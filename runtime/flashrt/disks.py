"""The clone's disks as a whole: every verb acts on all of their groups, on all of their arrays.

A partition's volumes may be spread over several groups and arrays, and one part of it may have generations,
of which a run uses the one that holds the oldest copy.  That choice is made once, by `release`, and recorded
(`flashrt.ownership`); every later verb of the run takes the recorded one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import TracebackType
from typing import NamedTuple

from flashrt.arrays.base import (
    FREE,
    MIXED,
    RELEASING,
    SPACE,
    UNKNOWN_AGE,
    ArrayDriver,
    Copy,
    Shot,
    open_array,
)
from flashrt.config import ALL, CloneConf, Config, DisksConf
from flashrt.edges import Edges
from flashrt.localtime import UNSEEN, WRONG
from flashrt.ownership import mark_proven, read_choice, write_choice
from flashrt.result import Result, plain
from flashrt.status import MISMATCH, NOTFOUND, OK, PENDING, REFUSED, YOUNG, SidecarError
from flashrt.volley import Volley


class Part(NamedTuple):
    """One entry of the clone's disks, and the group that this run uses of it (None: not chosen yet)."""

    disks: DisksConf
    group: str | None


class CloneDisks:
    """The disks of a clone, for one run; `array` and `group` narrow it to what somebody names by hand.

    `every`: all generations at once, and not the one that a run uses.
    """

    def __init__(
        self,
        config: Config,
        clone: CloneConf,
        run: str,
        edges: Edges,
        array: str = ALL,
        group: str = "",
        every: bool = False,
    ) -> None:
        self._config = config
        self._clone = clone
        self._run = run
        self._edges = edges
        self._drivers: dict[str, ArrayDriver] = {}
        own = [disks for disks in clone.disks if array in (ALL, disks.array)]
        if group:
            own = [disks._replace(groups=(group,)) for disks in own if group in disks.groups]
        if every:
            own = [disks._replace(groups=(one,)) for disks in own for one in disks.groups]
        if not own:
            which = f"group {plain(group)[:40]}" if group else "disks"
            raise SidecarError(NOTFOUND, f"Clone {clone.name} has no {which} on {array}. See the spec.")
        self._parts = [Part(disks, read_choice(config, run, disks)) for disks in own]

    def __enter__(self) -> CloneDisks:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for driver in self._drivers.values():
            driver.close()

    # looking

    def probe(self) -> Result:
        """Which arrays answer."""
        self._connect()
        return joined(
            [self.driver(name).probe() for name in dict.fromkeys(p.disks.array for p in self._parts)]
        )

    def status(self) -> Result:
        """The state of the group that the run uses, or of every generation while none is chosen."""
        self._connect()
        return joined([self._on(part).status(group) for part in self._parts for group in _groups(part)])

    def usage(self) -> Result:
        """Free capacity for the targets: of every generation, for each may be the next."""
        self._connect()
        limit = self._clone.free_percent
        floor = self._config.checks.min_free_percent if limit is None else limit
        return joined(
            [
                self._on(part).usage(group, floor, limit is not None)
                for part in self._parts
                for group in part.disks.groups
            ]
        )

    def lacks(self) -> Result:
        """What the clone's copies need and the arrays have not: LACKS, and each in the details."""
        self._connect()
        names = dict.fromkeys(part.disks.array for part in self._parts)
        found = [(name, one) for name in names for one in self.driver(name).lacks(self._clone)]
        details = {"lacks": [{"array": name, **one._asdict()} for name, one in found]}
        if not found:
            text = f"Everything that the copies of clone {self._clone.name} need is there."
            return Result(text, "OK", details=details)
        more = f" ({len(found) - 1} more)" if len(found) > 1 else ""
        name, first = found[0]
        return Result(f"{name} lacks {first.text}{more}.", "LACKS", MISMATCH, details=details)

    def clocks(self) -> Result:
        """The clocks by which copies are told apart, beside ours: CLOCKS where one wants attention."""
        self._connect()
        names = dict.fromkeys(part.disks.array for part in self._parts)
        found = {name: self.driver(name).clock() for name in names}
        bad = [one for one in found.values() if one.word in (WRONG, UNSEEN)]
        details = {"clocks": [{"array": name, **one._asdict()} for name, one in found.items()]}
        text = " ".join(f"{one.seen} {one.todo}".strip() for one in bad or found.values())
        return Result(text, "CLOCKS" if bad else "OK", MISMATCH if bad else OK, details=details)

    def oldest(self, keep_s: float) -> Result:
        """Which copies this run will give up; YOUNG if one of them is younger than `keep_s`."""
        self._connect()
        return joined([Result(_told(self._choose(part.disks, keep_s), part.disks)) for part in self._parts])

    def holds(self) -> Result:
        """HELD if the groups hold the proven copies of one and the same run; extra1, extra2: its id."""
        self._connect()
        found = [self._on(part).holds(self._chosen(part)) for part in self._parts]
        if len({(one.extra1, one.extra2) for one in found}) > 1:
            text = " ".join(one.text for one in found)
            raise SidecarError(MISMATCH, f"The groups hold copies of several runs. {text}", MIXED)
        return found[0]._replace(text=" ".join(one.text for one in found))

    # changing

    def release(self, keep_s: float, own: bool = False) -> Result:
        """Choose the generations once, then bring every group to where it can be prepared.

        Nothing is given up before every array was reached and every choice made; with `own` not before each
        copy that is given up was proven to be one of ours.
        """
        self._connect()
        for number, part in enumerate(self._parts):
            # A choice that is recorded was checked; a run that asks again may be waiting for the stop.
            if part.group is None or len(part.disks.groups) == 1:
                found = self._choose(part.disks, keep_s)
                self._parts[number] = part._replace(group=found.group)
        if own:
            for part in self._parts:
                self._prove_ours(part)
        for disks, group in self._parts:
            if len(disks.groups) > 1 and group is not None:
                write_choice(self._config, self._run, disks, group)
        return self._each(lambda driver, group: driver.release(group, self._run))

    def prepare(self) -> Result:
        """Prepare every group: PREPARED when all are."""
        self._connect()
        return self._each(lambda driver, group: driver.prepare(group, self._run))

    def trigger(self) -> Result:
        """Take the copy by a one-shot call: all requests are sent together."""
        volley = self.volley(test=False)
        answer = volley.fire()
        if answer.status != OK:
            raise SidecarError(answer.status, f"{answer.text}. What became of it, array status tells.")
        return Result(f"The copy was taken: {answer.text}.", answer.word)

    def volley(self, test: bool) -> Volley:
        """Open channels for the requests; not for a test, only if all groups are prepared by this run.

        A test sends nothing: of generations the first stands for all.
        """
        self._connect()
        shots: list[Shot] = []
        for part in self._parts:
            group = part.group or (part.disks.groups[0] if test else self._chosen(part))
            shots.append(self._on(part).arm(group, self._run, test))
        return Volley(self._edges.clock, shots, self._config.limits.trigger_s)

    def present(self) -> Result:
        """Put the instant that was taken on the targets, where that is an act of its own."""
        self._connect()
        return self._each(lambda driver, group: driver.present(group, self._run))

    def prove(self) -> Result:
        """PROVEN if every group holds this run's copy; only then each is marked so and left by an abort."""
        self._connect()
        result = self._each(lambda driver, group: driver.prove(group, self._run))
        for part in self._parts:
            mark_proven(self._config, self._run, part.disks.array, self._chosen(part))
        return result

    def abort(self) -> Result:
        """Undo this run's prepare everywhere: each group is tried, whatever became of the others."""
        done: list[Result] = []
        errors: list[SidecarError] = []
        for part in self._parts:
            if part.group is None:
                text = f"Run {self._run} has chosen no group of {' or '.join(part.disks.groups)}."
                done.append(Result(text, "NONE"))
                continue
            try:
                done.append(self._on(part).abort(part.group, self._run))
            except SidecarError as error:
                errors.append(error)
        if errors:
            others = "".join(f" {result.text}" for result in done)
            text = " ".join(error.text for error in errors)
            raise SidecarError(errors[0].status, f"{text}{others}", errors[0].word)
        return joined(done)

    def driver(self, array: str) -> ArrayDriver:
        """The driver of an array; it is logged in to once."""
        if array not in self._drivers:
            self._drivers[array] = open_array(self._config, array, self._edges)
        return self._drivers[array]

    # parts

    def _each(self, act: Callable[[ArrayDriver, str], Result]) -> Result:
        return joined([act(self._on(part), self._chosen(part)) for part in self._parts])

    def _connect(self) -> None:
        """Log in to every array, before anything is done on one of them."""
        for part in self._parts:
            self._on(part)

    def _on(self, part: Part) -> ArrayDriver:
        return self.driver(part.disks.array)

    def _chosen(self, part: Part) -> str:
        if part.group is None:
            raise SidecarError(
                REFUSED,
                f"Run {self._run} has not chosen between {' and '.join(part.disks.groups)}. Release first.",
            )
        return part.group

    def _prove_ours(self, part: Part) -> None:
        """A group that holds no copy, or is on its way there, needs no owner."""
        driver, group = self._on(part), self._chosen(part)
        word = driver.status(group).word
        if word == RELEASING or (word in (FREE, SPACE) and not driver.copy_on(group).taken):
            return
        driver.holds(group)

    def _choose(self, disks: DisksConf, keep_s: float) -> Copy:
        """The group to use: one without a copy, else that of the oldest; YOUNG if even that must be kept."""
        driver = self.driver(disks.array)
        if len(disks.groups) == 1 and not keep_s:
            return Copy(disks.groups[0], "", 0.0)
        found = min((driver.copy_on(group) for group in disks.groups), key=lambda copy: copy.taken)
        if found.taken == UNKNOWN_AGE and keep_s:
            raise SidecarError(
                YOUNG,
                f"The age of the copy on {found.group} ({disks.array}) is not known: no run on record took "
                f"it. The spec keeps each for {_hours(keep_s)}. If nobody needs it, release it: "
                "FLRLSCLN KEEP(*RELEASE).",
            )
        if found.taken and found.age_s < keep_s:
            raise SidecarError(
                YOUNG,
                f"The copy on {found.group} ({disks.array}), the oldest there is, is "
                f"{_hours(found.age_s)} old; the spec keeps each for {_hours(keep_s)}. Run later, or declare "
                "one more group.",
            )
        return found


def joined(results: Sequence[Result]) -> Result:
    """One result of several: pending while one is, their word if it is the same, all their texts."""
    if len(results) == 1:
        return results[0]
    pending = [result for result in results if result.status == PENDING]
    words = {result.word for result in pending or results}
    word = words.pop() if len(words) == 1 else MIXED
    return Result(" ".join(result.text for result in results), word, PENDING if pending else OK)


def _groups(part: Part) -> tuple[str, ...]:
    return part.disks.groups if part.group is None else (part.group,)


def _told(copy: Copy, disks: DisksConf) -> str:
    if not copy.taken:
        return f"Group {copy.group} on {disks.array} is used; no copy that must be kept is lost."
    return f"Group {copy.group} on {disks.array} is used: its copy is {_hours(copy.age_s)} old."


def _hours(seconds: float) -> str:
    minutes = int(seconds // 60)
    return f"{minutes // 60} h {minutes % 60:02d} min"
