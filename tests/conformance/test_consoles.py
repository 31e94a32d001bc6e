"""One suite for every console driver that is offered; as that of the arrays (`test_arrays`)."""

from __future__ import annotations

import dataclasses
import json
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import pytest
from damage import Damager
from flashrt import status
from flashtwin.sims.http import HttpOutcome, json_outcome
from flashtwin.sims.outcome import Outcome
from flashtwin.site import ConsoleSite, Site

from bench import Bench

MATRIX = Path(__file__).with_name("consoles.json")
RESULTS: dict[str, dict[str, str]] = {}
ACCIDENTS = 4
"""So many requests of a call have their answer damaged."""

VERBS = (("state",), ("off",), ("off", "--immediate"), ("on",), ("check",))
UNDECIDED = (status.TIMEOUT, status.UNKNOWN, status.UNREACHABLE, status.SYSTEM, status.REFUSED)
HOSTILE = ("A;B", "$(reboot)", "`id`", "a'b", 'a"b', "a\nb", "A&B", "ü", "A" * 300, "")


class Console:
    """What the suite has to know of a family of consoles."""

    family = "hmc"
    way = "ssh"
    example = "nightly_brms.flash"
    NOT: ClassVar[dict[str, str]] = {"session expired": "keys, no sessions"}
    CHANGES: ClassVar[dict[str, str]] = {
        "off": r"\bchsysstate .*-o (osshutdown|shutdown)",
        "on": r"\bchsysstate .*-o on\b",
    }
    READS = r"\blssyscfg\b"
    STATES: ClassVar[dict[str, tuple[str, ...]]] = {
        "RUNNING": ("Running",),
        "STARTING": ("Starting",),
        "STOPPING": ("Shutting Down",),
        "OTHER": ("Error", "Not Available", "Hardware Discovery"),
    }
    REFUSALS: ClassVar[dict[str, Outcome]] = {
        "not authorised": Outcome(1, "HSCL350B The user does not have the appropriate authority.\n"),
        "no such partition": Outcome(1, "HSCL8012 The partition named X was not found.\n"),
        "no results": Outcome(0, "No results were found.\n"),
        "not in these words": Outcome(1, "something went wrong\n"),
        "a command it has not": Outcome(127, "", "rbash: command not found\n"),
    }
    GARBAGE: ClassVar[tuple[Outcome, ...]] = (
        Outcome(0, "\0\1\2binary"),
        Outcome(0, "<html><body>Welcome</body></html>"),
        Outcome(0, ""),
        Outcome(0, '"unclosed,quote\n'),
    )
    OTHERS: tuple[str, ...] = ("lpar_id", "partition", "managed_system")
    """What of a partition the console can compare."""

    NAMES: tuple[str, ...] = ("partition", "profile", "managed_system")

    def expire(self, bench: Bench, pattern: str) -> list[str]:
        """Let the session be refused at the next request of this kind; the requests that it met."""
        raise NotImplementedError


class Fsm(Console):
    """The HMC's commands behind `smcli`; without it nothing is there."""

    family = "fsm"
    example = "nightly_fsm.flash"
    CHANGES: ClassVar[dict[str, str]] = {
        "off": r"\bsmcli chsysstate .*-o (osshutdown|shutdown)",
        "on": r"\bsmcli chsysstate .*-o on\b",
    }
    READS = r"\bsmcli lssyscfg\b"
    # The words of its predecessor are no state of an HMC: Stopped is not off.
    STATES: ClassVar[dict[str, tuple[str, ...]]] = {
        **Console.STATES,
        "OTHER": (*Console.STATES["OTHER"], "Stopped", "Started"),
    }
    REFUSALS: ClassVar[dict[str, Outcome]] = {
        **Console.REFUSALS,
        "wrong use": Outcome(1, "", "smcli: a usage error\n"),
        "an error of its own": Outcome(110, "", "smcli: an internal error\n"),
    }


def _rest(status: int, message: str) -> Outcome:
    """As the HMC's REST interface says it."""
    kind = "HttpErrorResponse"
    return HttpOutcome(
        status,
        f'<entry xmlns="http://www.w3.org/2005/Atom"><id>1</id><content><{kind}:{kind} xmlns:{kind}="x" '
        f'xmlns="x"><HTTPStatus>{status}</HTTPStatus><Message>{message}</Message></{kind}:{kind}></content>'
        "</entry>",
    )


def _failed_job(error: str) -> Outcome:
    """A job that failed, in an answer with status 200."""
    kind = "JobResponse"
    return HttpOutcome(
        200,
        f'<entry xmlns="http://www.w3.org/2005/Atom"><id>1</id><content><{kind}:{kind} xmlns:{kind}="x" '
        'xmlns="x"><JobID>1787</JobID><Status>COMPLETED_WITH_ERROR</Status><Results><JobParameter>'
        "<ParameterName>result</ParameterName><ParameterValue>"
        f"{error}</ParameterValue></JobParameter></Results></{kind}:{kind}></content></entry>",
    )


class HmcByRest(Console):
    """The HMC by its REST interface."""

    way = "rest"
    example = "nightly_hmc_rest.flash"
    NOT: ClassVar[dict[str, str]] = {}
    CHANGES: ClassVar[dict[str, str]] = {
        "off": r"^PUT .*/do/PowerOff",
        "on": r"^PUT .*/do/PowerOn",
    }
    READS = r"^GET .*/uom/(ManagedSystem|LogicalPartition)"
    REFUSALS: ClassVar[dict[str, Outcome]] = {
        "not authorised": _rest(403, "HSCL350B The user does not have the appropriate authority."),
        "no such object": _rest(404, "REST029B The supplied URI does not identify a known resource."),
        "no content": HttpOutcome(204),
        "nested ids": _rest(500, "REST0126 HSCL127D: HSCL3681 Partition 56 cannot be activated."),
        "a failed job": _failed_job("HSCL05DF The partition is not in a state for the operation."),
        "not in these words": _rest(500, "something went wrong"),
        "a gateway": HttpOutcome(502, "<html>Bad Gateway</html>"),
    }
    GARBAGE: ClassVar[tuple[Outcome, ...]] = (
        HttpOutcome(200, "\0\1\2binary"),
        HttpOutcome(200, "<html><body>Welcome</body></html>"),
        HttpOutcome(200, ""),
        HttpOutcome(200, "[]"),
        HttpOutcome(200, '[{"SystemName": 1}]'),
    )

    def expire(self, bench: Bench, pattern: str) -> list[str]:
        """As a session that was not used for too long."""
        return bench.answer(pattern, _rest(401, "REST0052 The session is not valid or has expired."))


def _refused(status: int, text: str) -> Outcome:
    return json_outcome({"code": status, "error": "refused", "description": text}, status)


class PowerVs(Console):
    """Power Virtual Server by REST; an instance goes by its name in its workspace."""

    family, way = "powervs", "rest"
    example = "nightly_powervs.flash"
    NOT: ClassVar[dict[str, str]] = {
        "one address of two": "a region has one address",
        "a profile that is not there": "it knows no profiles",
        "starts by itself": "an instance is started by who asks for it, and by nothing else",
    }
    CHANGES: ClassVar[dict[str, str]] = {
        "off": r'^POST .*/pvm-instances/[^/]+/action \{"action":"(stop|immediate-shutdown)"\}',
        "on": r'^POST .*/pvm-instances/[^/]+/action \{"action":"start"\}',
    }
    READS = r"^GET .*/pvm-instances"
    STATES: ClassVar[dict[str, tuple[str, ...]]] = {
        "RUNNING": ("Running",),
        "STARTING": ("Starting",),
        "STOPPING": ("Shutting Down",),
        "OTHER": ("Error", "Not Available", "Hardware Discovery"),
    }
    REFUSALS: ClassVar[dict[str, Outcome]] = {
        "not authorised": _refused(403, "The user is not authorized to perform this action."),
        "no such instance": _refused(404, "The instance does not exist."),
        "another task is at work": _refused(409, "The instance is being changed."),
        "failed": _refused(500, "Internal error."),
        "not in these words": HttpOutcome(500, "something went wrong"),
        "a gateway": HttpOutcome(502, "<html>Bad Gateway</html>"),
    }
    GARBAGE: ClassVar[tuple[Outcome, ...]] = (
        HttpOutcome(200, "\0\1\2binary"),
        HttpOutcome(200, "<html><body>Welcome</body></html>"),
        HttpOutcome(200, ""),
        HttpOutcome(200, "[]"),
        json_outcome({"pvmInstances": [{}]}),
    )
    OTHERS = ("partition", "managed_system")
    NAMES = ("partition", "managed_system")

    def expire(self, bench: Bench, pattern: str) -> list[str]:
        """After its hour."""
        return bench.answer(pattern, _refused(401, "The token has expired."))


class NovaLink(Console):
    """`pvmctl` on NovaLink; it knows no profiles, and the machine by its serial only."""

    family = "novalink"
    example = "nightly_novalink.flash"
    NOT: ClassVar[dict[str, str]] = {
        **Console.NOT,
        "one address of two": "a machine has one NovaLink",
        "a profile that is not there": "it knows no profiles",
        "starts by itself": "not shown: the check says so",
    }
    CHANGES: ClassVar[dict[str, str]] = {
        "off": r"\bpvmctl lpar power-off\b",
        "on": r"\bpvmctl lpar power-on\b",
    }
    READS = r"\bpvmctl lpar list\b"
    REFUSALS: ClassVar[dict[str, Outcome]] = {
        "not authorised": Outcome(1, "", "[PVME01010001-0001] not authorized\n"),
        "an error without a status": Outcome(0, "[PVME01010001-0001] not authorized\n"),
        "in this state": Outcome(1, "[PVME01042026-0001] The partition is already powered on.\n"),
        "not in these words": Outcome(1, "something went wrong\n"),
        "wrong use": Outcome(2, "", "usage: pvmctl [-h]\n"),
        "a command it has not": Outcome(127, "", "bash: pvmctl: command not found\n"),
    }
    GARBAGE: ClassVar[tuple[Outcome, ...]] = (
        *Console.GARBAGE,
        Outcome(0, "+------+\n| Name |\n+------+\n"),
        Outcome(0, "id=56, name=SISTPROD_24, state=not activated\n"),
        Outcome(
            0,
            "name=SISTPROD_24, state=not activated, id=56, state=running, env=OS400, keylock_pos=normal, "
            "desig_ipl_src=b, ref_code=\n",
        ),
    )
    NAMES = ("partition", "managed_system")


ADAPTERS = (Console(), HmcByRest(), Fsm(), NovaLink(), PowerVs())
Make = Callable[..., Bench]
Play = Callable[[Console, Make], None]
CASES: dict[str, Play] = {}


def case(name: str) -> Callable[[Play], Play]:
    """Enter a case under the name that the matrix shows."""

    def enter(play: Play) -> Play:
        CASES[name] = play
        return play

    return enter


@pytest.fixture
def make(make: Callable[..., Bench]) -> Make:
    """A bench whose console is asked; the clone is off."""

    def new(adapter: Console, **changes: Any) -> Bench:
        bench = make(adapter.example, **changes)
        bench.device = bench.site.consoles[0].name
        bench.changing = tuple(adapter.CHANGES.values())
        return bench

    return new


def _of_consoles(change: Callable[[ConsoleSite], ConsoleSite]) -> Callable[[Site], Site]:
    return lambda site: dataclasses.replace(site, consoles=tuple(change(one) for one in site.consoles))


def _clone(bench: Bench) -> Any:
    return bench.world.partition(bench.clone.partition)


def _powers(bench: Bench) -> list[tuple[str, str]]:
    """Which partition was brought into which state."""
    return [(str(e["partition"]), str(e["state"])) for e in bench.world.events.of("partition_power")]


@case("life cycle")
def life_cycle(adapter: Console, make: Make) -> None:
    bench = make(adapter)
    assert bench.sidecar("console", "check").status == 0
    assert bench.sidecar("console", "state").word == "OFF"
    assert bench.sidecar("console", "off").word == "OFF"
    assert bench.changes() == []
    assert bench.sidecar("console", "on").word == "ASKED"
    assert bench.sidecar("console", "state").word == "STARTING"
    clone = _clone(bench)
    bench.world.scheduler.run(until=bench.world.now + 400)
    assert (clone.state, bench.sidecar("console", "state").word) == ("Running", "RUNNING")
    for words, seconds in ((("off", "--immediate"), 120),):
        assert bench.sidecar("console", *words).word == "ASKED"
        bench.world.scheduler.run(until=bench.world.now + seconds)
        assert bench.sidecar("console", "state").word == "OFF"
    assert {partition for partition, _ in _powers(bench)} == {bench.clone.partition}


@case("each state at each call")
def states(adapter: Console, make: Make) -> None:
    for word, shown in adapter.STATES.items():
        for state in shown:
            bench = make(adapter)
            _clone(bench).state = state
            assert bench.sidecar("console", "state").word == word, state
            said = bench.sidecar("console", "on")
            assert said.status == status.REFUSED, (state, said)
            assert not any(re.search(adapter.CHANGES["on"], one) for one in bench.changes()), state


@case("keylock manual")
def keylock(adapter: Console, make: Make) -> None:
    bench = make(adapter)
    assert bench.sidecar("console", "on", "--keylock", "manual").word == "ASKED"
    assert _clone(bench).keylock == "manual"


@case("left to start from other media")
def other_media(adapter: Console, make: Make) -> None:
    """Somebody has installed from a tape on it: a start that does not say from where would do it again."""
    bench = make(adapter)
    clone = _clone(bench)
    clone.ipl_source = "d"
    assert bench.sidecar("console", "on").word == "ASKED"
    assert clone.ipl_source == "b"


@case("refusals")
def refusals(adapter: Console, make: Make) -> None:
    for name, reply in adapter.REFUSALS.items():
        bench = make(adapter)
        assert bench.answer(adapter.READS, reply, times=99) == []
        for words in VERBS:
            said = bench.sidecar("console", *words)
            assert said.status not in (0, 30), (name, words, said)
        assert (bench.changes(), _powers(bench)) == ([], []), name
        bench = make(adapter)
        if reply.status:
            met = bench.answer(adapter.CHANGES["on"], reply)
            assert bench.sidecar("console", "on").status not in (0, 30), name
            assert (len(met), _powers(bench)) == (1, []), name


@case("answers that mean nothing")
def garbage(adapter: Console, make: Make) -> None:
    for number, reply in enumerate(adapter.GARBAGE):
        bench = make(adapter)
        assert bench.answer(adapter.READS, reply, times=99) == []
        for words in VERBS:
            said = bench.sidecar("console", *words)
            assert said.status not in (0, 30), (number, words, said)
            assert said.word != "INTERNAL", (number, words, said)
        assert bench.changes() == []


@case("answers with an accident")
def damaged_answers(adapter: Console, make: Make) -> None:
    """Every call ends with a word or an error that was foreseen."""
    chance = random.Random(adapter.family + adapter.way)
    for state in ("Running", "Not Activated"):
        for words in VERBS:
            bench = make(adapter)
            _clone(bench).state = state
            damager = Damager(bench, chance)
            requests = damager.requests("console", *words)
            for strike in chance.sample(range(requests), min(requests, ACCIDENTS)):
                damager.call(strike, "console", *words)


def _lost(verb: str, when: str) -> Play:
    def play(adapter: Console, make: Make) -> None:
        """The request is not repeated in the call; the next call reads the state first."""
        bench = make(adapter)
        if verb == "off":
            _clone(bench).state = "Running"
        met = bench.fault(adapter.CHANGES[verb], lost=when)
        words = (verb, "--immediate") if verb == "off" else (verb,)
        said = bench.sidecar("console", *words)
        assert said.status in UNDECIDED, said
        assert len(met) == 1
        bench.world.scheduler.run(until=bench.world.now + 30)
        again = bench.sidecar("console", *words)
        if when == "before":
            assert again.word == "ASKED", again
        else:
            assert again.word == "OFF" if verb == "off" else again.status == status.REFUSED, again
        assert len(bench.changes()) == (2 if when == "before" else 1)

    return play


for _verb in ("off", "on"):
    for _when in ("before", "after"):
        CASES[f"{_verb} lost {_when}"] = _lost(_verb, _when)


@case("no answer")
def no_answer(adapter: Console, make: Make) -> None:
    bench = make(adapter)
    for pattern in (adapter.READS, adapter.CHANGES["on"]):
        assert bench.fault(pattern, hang=True) == []
        began = bench.world.now
        assert bench.sidecar("console", "on").status in (status.TIMEOUT, status.UNREACHABLE)
        assert bench.world.now - began < 120


@case("slow")
def slow(adapter: Console, make: Make) -> None:
    bench = make(adapter)
    bench.fault(adapter.READS, times=99, duration_s=6.0)
    assert bench.sidecar("console", "check").status == 0
    assert bench.sidecar("console", "on").word == "ASKED"


@case("not reachable")
def not_reachable(adapter: Console, make: Make) -> None:
    bench = make(adapter, site=_of_consoles(lambda one: dataclasses.replace(one, reach="down")))
    for words in VERBS:
        assert bench.sidecar("console", *words).status == status.UNREACHABLE, words
    assert bench.asked() == []


@case("one address of two")
def second_address(adapter: Console, make: Make) -> None:
    bench = make(
        adapter, site=_of_consoles(lambda one: dataclasses.replace(one, unreachable=one.addresses[:1]))
    )
    assert bench.sidecar("console", "state").word == "OFF"


@case("another host key or certificate")
def changed_key(adapter: Console, make: Make) -> None:
    bench = make(adapter, site=_of_consoles(lambda one: dataclasses.replace(one, host_key="changed")))
    for words in VERBS:
        assert bench.sidecar("console", *words).status == status.HOSTKEY, words
    assert bench.changes() == []


@case("session expired")
def session_expired(adapter: Console, make: Make) -> None:
    """A request that is refused for its session was not carried out: it is sent once more, and done once."""
    bench = make(adapter)
    for pattern, words, word in (
        (adapter.READS, ("state",), "OFF"),
        (adapter.CHANGES["on"], ("on",), "ASKED"),
    ):
        met = adapter.expire(bench, pattern)
        assert bench.sidecar("console", *words).word == word
        assert len(met) == 1
    assert _powers(bench) == [(bench.clone.partition, "Starting")]


@case("not let in")
def not_let_in(adapter: Console, make: Make) -> None:
    def locked(one: ConsoleSite) -> ConsoleSite:
        users = tuple(dataclasses.replace(user, expired=True) for user in one.users)
        return dataclasses.replace(one, users=users)

    bench = make(adapter, site=_of_consoles(locked))
    for words in VERBS:
        assert bench.sidecar("console", *words).status == status.AUTH, words
    assert bench.changes() == []


def _told(**changes: Any) -> Callable[[dict[str, Any]], None]:
    def change(conf: dict[str, Any]) -> None:
        for clone in conf["clones"].values():
            clone.update(changes)

    return change


@case("a partition that is another")
def another_partition(adapter: Console, make: Make) -> None:
    """Id and name must belong together: nothing is sent to a partition that is not the declared one."""
    others = {"lpar_id": 57, "partition": "OTHER", "managed_system": "Server-0000-000-SN0000000"}
    for changes in ({name: others[name]} for name in adapter.OTHERS):
        bench = make(adapter, conf=_told(**changes))
        for words in VERBS:
            said = bench.sidecar("console", *words)
            assert said.status in (status.NOTFOUND, status.MISMATCH), (changes, words, said)
        assert (bench.changes(), _powers(bench)) == ([], []), changes


@case("production itself")
def production(adapter: Console, make: Make) -> None:
    """The guard rail in code: the source is never ended or started, whatever the configuration says."""
    bench = make(adapter)
    source = bench.spec.systems[0]
    bench = make(
        adapter, conf=_told(lpar_id=source.identities[0].lpar, partition=source.name, profile="default")
    )
    for words in (("off",), ("off", "--immediate"), ("on",)):
        said = bench.sidecar("console", *words)
        assert said.status == status.REFUSED, (words, said)
    assert (bench.changes(), _powers(bench)) == ([], [])


@case("a profile that is not there")
def no_profile(adapter: Console, make: Make) -> None:
    bench = make(adapter, conf=_told(profile="missing"))
    assert bench.sidecar("console", "check").status != 0
    assert bench.sidecar("console", "on").status not in (0, 30)
    assert _powers(bench) == []


@case("another network")
def another_network(adapter: Console, make: Make) -> None:
    """A VLAN of the clone's that is not the link's: it cannot be isolated."""

    def bridged(site: Site) -> Site:
        partitions = tuple(
            dataclasses.replace(
                one, profiles=tuple(dataclasses.replace(p, vlans=(*p.vlans, 1)) for p in one.profiles)
            )
            if one.copy_of
            else one
            for one in site.partitions
        )
        return dataclasses.replace(site, partitions=partitions)

    said = make(adapter, site=bridged).sidecar("console", "check")
    assert (said.status, "VLAN 1;" in said.text) == (status.MISMATCH, True), said


@case("starts by itself")
def starts_by_itself(adapter: Console, make: Make) -> None:
    """A clone that its machine would start."""
    bench = make(adapter)
    _clone(bench).auto_start = True
    assert bench.sidecar("console", "check").status == status.REFUSED


@case("hostile names")
def hostile_names(adapter: Console, make: Make) -> None:
    for key in adapter.NAMES:
        for name in HOSTILE:
            bench = make(adapter, conf=_told(**{key: name}))
            for words in (("state",), ("on",)):
                assert bench.sidecar("console", *words).status == status.CONFIG, (key, name)
            assert bench.asked() == [], (key, name)


@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda one: f"{one.family}-{one.way}")
@pytest.mark.parametrize("name", CASES)
def test_console(adapter: Console, name: str, make: Make) -> None:
    row = RESULTS.setdefault(f"{adapter.family} {adapter.way}", {})
    if name in adapter.NOT:
        row[name] = f"not: {adapter.NOT[name]}"
        return
    row[name] = "fails"
    CASES[name](adapter, make)
    row[name] = "passes"


def test_the_matrix_of_consoles_is_the_accepted_one(request: pytest.FixtureRequest) -> None:
    accepted = json.loads(MATRIX.read_text("utf-8"))
    every = {f"{one.family} {one.way}": set(CASES) for one in ADAPTERS}
    played = {family: set(row) for family, row in RESULTS.items()}
    if request.config.getoption("force_regen") and played == every:
        MATRIX.write_text(json.dumps(RESULTS, indent=1, ensure_ascii=False) + "\n", "utf-8")
        return
    assert {family: set(row) for family, row in accepted.items()} == every, "run with --force-regen"
    for family, row in RESULTS.items():
        for name, result in row.items():
            assert accepted[family][name] == result, (family, name)
