"""Nights with something broken in them: sources and site changed, jobs and calls killed at a place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from deployed_once import deployed_once
from edited import edited
from flashc.bundle import Bundle, build
from flashc.check import load
from flashc.check.model import Spec
from flashc.cli.installing import install
from flashc.cli.ipl_compare import compare_ipl
from flashc.cli.judging import report_of
from flashc.cli.playing import Night, Started, rows
from flashc.cli.run_facts import Ipl
from flashc.cli.runs import Run
from flashc.cli.scratch import scratch_folder
from flashc.cli.stage import Observer, Stage
from flashc.cli.staging import set_up
from flashtwin.externals import External
from flashtwin.gate import gate_of
from flashtwin.job import INTERACTIVE, Job
from flashtwin.objects import DataArea
from flashtwin.os400 import CommandResult
from flashtwin.records import BrmsData
from flashtwin.scheduler import Signal, Wait
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.server import Request
from flashtwin.site import Site
from flashtwin.site_load import load_site

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
Change = tuple[str, str]
Around = Callable[[Any, Callable[[], Any]], Any]

SHORT: Change = ('save = "4h50m"', 'save = "50m"')
"""A save of an hour asks for fewer looks at the clone, and shows the same."""

VIOS_SPEC: Change = (
    "    network   isolated\n",
    '    network   isolated\n    volumes   vios "VIOS1" and "VIOS2"\n',
)
"""The clone's volumes come through two VIOS."""

_SERVER = """
[[partitions]]
id = {id}
name = "VIOS{id}"
managed_system = "Server-9009-42A-SN78ABC12"
env = "vioserver"
array = "V7000"
host = "VIOS{id}"

[[partitions.adapters]]
name = "vhost0"
slot = 10
client = 56
client_slot = 1{id}
devices = [
    {{ name = "clone_d1", volume = "SISTP24_D1" }},
    {{ name = "clone_d2", volume = "SISTP24_D2" }},
    {{ name = "clone_d3", volume = "SISTP24_D3" }},
    {{ name = "clone_d4", volume = "SISTP24_D4" }},
]
"""
_HOST = (
    '{{ name = "VIOS{id}", wwpns = ["10000090FA00000{id}"], volumes = '
    '["SISTP24_D1", "SISTP24_D2", "SISTP24_D3", "SISTP24_D4"] }},'
)
VIOS_SITE: tuple[Change, ...] = (
    (
        'profile = "clone"\narray = "V7000"\nhost = "SISTPROD_24"\n',
        'profile = "clone"\n',
    ),
    ("[[consoles]]\n", _SERVER.format(id=1) + _SERVER.format(id=2) + "\n[[consoles]]\n"),
    (
        '{ name = "SISTPROD_24", wwpns = ["C05076082D180038", "C05076082D180039"], volumes = '
        '["SISTP24_D1", "SISTP24_D2", "SISTP24_D3", "SISTP24_D4"] },',
        _HOST.format(id=1) + _HOST.format(id=2),
    ),
)
"""The same in the machine room."""

STANDBY_SPEC: tuple[Change, ...] = (
    (
        'key "hmc1_ed25519" }',
        'key "hmc1_ed25519"  standby HMC2 }\n'
        'console HMC2 is hmc { address "10.1.0.12"  user "second"  key "hmc2_ed25519" }',
    ),
)
"""A second console that stands in for the first."""

STANDBY_SITE: tuple[Change, ...] = (
    (
        "[[arrays]]\n",
        '[[consoles]]\nname = "HMC2"\naddresses = ["10.1.0.12"]\n'
        'users = [{ name = "second", role = "hmcoperator", keys = ["hmc2_ed25519"] }]\n\n[[arrays]]\n',
    ),
)
"""The same in the machine room."""

HMC1_DOWN: Change = (
    'addresses = ["10.1.0.10", "10.1.0.11"]\n',
    'addresses = ["10.1.0.10", "10.1.0.11"]\nunreachable = ["10.1.0.10", "10.1.0.11"]\n',
)
"""No address of HMC1 answers."""

JOBS = {
    "driver": "FLDDAILY",
    "guard A": "FLGRDA",
    "guard B": "FLGRDB",
    "armed sidecar": "FLARM",
    "command": "FLCMD",
}
HELD_JOB = "141601"


USUAL = "nightly_brms"
"""The example whose night is played where no other is named."""


@lru_cache(maxsize=2)
def example(changes: tuple[Change, ...] = (), name: str = USUAL) -> tuple[Spec, Bundle]:
    """The spec of a night with pieces of its text replaced, and its bundle."""
    text = _changed((EXAMPLES / f"{name}.flash").read_text(encoding="utf-8"), changes)
    with scratch_folder("flashc-test-") as folder:
        file = Path(folder) / f"{name}.flash"
        file.write_text(text, encoding="utf-8")
        spec, problems = load(str(file))
    assert spec is not None, problems
    return spec, build(spec)[0]


def site_of(changes: Sequence[Change] = (), name: str = USUAL) -> Site:
    """The example's site with pieces of its text replaced; each must be there."""
    text = (EXAMPLES / f"{name}.site.toml").read_text(encoding="utf-8")
    return load_site(_changed(text, (SHORT, *changes)))


def _changed(text: str, changes: Sequence[Change]) -> str:
    for old, new in changes:
        assert old in text, f"the text has no {old!r}"
        text = text.replace(old, new)
    return text


@dataclass(frozen=True, slots=True)
class Edit:
    """A piece of a generated source, which must be in it `times` times, and what takes its place."""

    file: str
    old: str
    new: str
    times: int = 1


def bundle_of(edits: Sequence[Edit] = (), spec: tuple[Change, ...] = (), name: str = USUAL) -> Bundle:
    """The example's bundle with generated sources changed before they are deployed."""
    bundle = example(spec, name)[1]
    files = dict(bundle.files)
    for edit in edits:
        text = files[edit.file].decode("ascii")
        files[edit.file] = edited(edit.file, text, edit.old, edit.new, edit.times).encode("ascii")
    return replace(bundle, files=files)


@dataclass(slots=True)
class Played:
    """What is left of a night: its stage, to be looked at and gone on with, and how its run was judged."""

    stage: Stage
    ipl: Ipl
    nights: list[Night]
    runs: list[Run]

    @property
    def run(self) -> Run:
        """The one run of the last night, as it was when it was at rest."""
        (run,) = self.runs
        return run

    @property
    def started(self) -> Started:
        """The run of the last night as the rehearsal followed it."""
        return self.nights[-1].runs[0]

    def judged(self) -> Run:
        """The run of the last night as it is now."""
        others = [run for night in self.nights for run in night.runs]
        return report_of(self.stage, self.started, others, self.ipl)

    def next_night(self) -> Run:
        """Go on until the next run of the schedule is at rest."""
        self.nights.append(Night(self.stage))
        self.runs = _play(self.nights[-1], lambda _run: self.judged())
        return self.run

    @property
    def record(self) -> str:
        """The phase in the open-run record of the clone."""
        area = self.stage.system.image.find("BCKFLASHP", "FLR0056", "*DTAARA")
        assert isinstance(area, DataArea)
        assert isinstance(area.value, bytes)
        return area.value.decode("cp037")[24:34].strip()

    @property
    def ticket(self) -> str:
        """The stage of the clone's ticket on production."""
        area = self.stage.system.image.find("BCKFLASHPG", "FLT0056", "*DTAARA")
        assert isinstance(area, DataArea)
        assert isinstance(area.value, bytes)
        return area.value.decode("cp037")[:10].strip()

    def history(self) -> tuple[str, str]:
        """State and result of the run in table FLRUN; both "" without a row."""
        for row in rows(self.stage, "FLRUN", "RUN"):
            if str(row[0]).strip() == self.started.run:
                return str(row[2]).strip(), str(row[3] or "").strip()
        return "", ""

    def brms_state(self) -> str:
        """The last state that BRMS on production was given; "" for none."""
        states = self.stage.world.events.of("brms_state", system=self.stage.production.name)
        return "".join(str(event["state"]) for event in list(states)[-1:])

    def brms(self) -> BrmsData:
        """BRMS on production."""
        data = self.stage.system.image.products["brms"]
        assert isinstance(data, BrmsData)
        return data

    def recover(self, option: str) -> CommandResult:
        """Enter FLRCVENV as the operator does."""
        command = f"BCKFLASHP/FLRCVENV ENV(DAILY) OPTION({option})"
        return self.stage.command("FLASHC", command)


class SignedOn:
    """Somebody who has signed on before anything happened: no job need start for what is entered."""

    def __init__(self, stage: Stage, user: str = "FLASHC") -> None:
        self._stage = stage
        self._job = stage.system.new_job("QPADEV0001", user, INTERACTIVE)

    def enter(self, command: str, within_s: float = 900.0) -> tuple[bool, str]:
        """Enter a command: whether it ended well, and all that was said."""
        world, job = self._stage.world, self._job
        task = job.task = world.scheduler.spawn("somebody's session", job.perform(command))
        world.scheduler.run(until=world.now + within_s, stop=lambda: task.ended)
        assert task.ended, f"not ended within {within_s:g} s: {command}"
        return bool(task.result), " ".join(f"{m.msgid} {m.text}" for m in job.root.queue)


@contextmanager
def staged(
    edits: Sequence[Edit] = (),
    changes: Sequence[Change] = (),
    *,
    spec: tuple[Change, ...] = (),
    name: str = USUAL,
) -> Iterator[Stage]:
    """The world before the night, with everything deployed: sources, site and spec changed.

    Changed sources are deployed behind the others, as an upgrade would.
    """
    checked, bundle = example(spec, name)
    guarded = tuple(edit for edit in edits if edit.file in _of_the_guard(bundle))
    deployed = bundle_of(guarded, spec, name)

    def made(folder: Path) -> Stage:
        stage = set_up(checked, deployed, site_of(changes, name), folder, "memory")
        try:
            assert not stage.refused, stage.refused
        except BaseException:
            stage.close()
            raise
        return stage

    with deployed_once((guarded, tuple(changes), spec, name), made) as stage:
        if len(guarded) != len(edits):
            stage.bundle = bundle_of(edits, spec, name)
            install(stage, lambda *_: None)
            assert not stage.waiting
        yield stage


def _of_the_guard(bundle: Bundle) -> set[str]:
    """The sources of the start-up guard, which a second deployment leaves as it is."""
    objects, library = bundle.manifest["objects"], bundle.manifest["guard_library"]
    return {one["source"] for one in objects if one["library"] == library and one["source"]}


@contextmanager
def played(
    edits: Sequence[Edit] = (),
    changes: Sequence[Change] = (),
    *,
    spec: tuple[Change, ...] = (),
    prepare: Callable[[Stage], None] | None = None,
    compare: bool = False,
    name: str = USUAL,
) -> Iterator[Played]:
    """Play the night with sources and site changed; `prepare` is called when all is deployed.

    `spec` are changes of the spec of example `name`.  `compare`: an IPL of production with the product is
    compared with one without, as S11 wants it.
    """
    with staged(edits, changes, spec=spec, name=name) as stage:
        ipl = _compared(stage) if compare else Ipl()
        if prepare is not None:
            prepare(stage)
        night = Night(stage)
        runs = _play(night, lambda run: report_of(stage, run, night.runs, ipl))
        told = [m.msgid for m in stage.system.operator_queue().messages if m.msgid.startswith("FLE")]
        assert len(told) == len(set(told)) or len(runs) > 1, f"the operator is told more than once: {told}"
        yield Played(stage, ipl, [night], runs)


def _compared(stage: Stage) -> Ipl:
    with scratch_folder("flashc-test-") as scratch:
        return compare_ipl(stage, Path(scratch) / "ipl")


def _play(night: Night, judge: Callable[[Started], Run]) -> list[Run]:
    found: list[Run] = []
    night.play(Observer(), lambda run: found.append(judge(run)))
    return found


# -- places and what happens there -----------------------------------------------------------------


def is_row(context: Any, kind: str, code: str) -> bool:
    """Whether a command writes this row of production's journal."""
    return (
        context.command.name == "RUNSQL"
        and context.act.name == "FLJRNL"
        and f", '{kind}', '{code}', " in context.text("SQL")
        and ", 'S', " in context.text("SQL")
    )


def is_request(context: Any, option: str) -> bool:
    """Whether the driver asks for a change of the ASP's activity."""
    return bool(
        context.command.name == "CHGASPACT"
        and context.job.name == JOBS["driver"]
        and context.text("OPTION") == option
    )


def job_of(stage: Stage, part: str) -> Job | None:
    """The active job that plays this part in the run."""
    for job in stage.system.jobs.values():
        if job.name == JOBS[part]:
            return job
    return None


def kill_at(
    stage: Stage, parts: Sequence[str], here: Callable[[Any], bool], *, before: bool = False
) -> list[str]:
    """Kill the jobs of these parts when a command of production comes by, once; the list fills with them."""
    killed: list[str] = []

    def around(context: Any, go: Callable[[], Any]) -> Any:
        if killed or context.os is not stage.system or not here(context):
            return go()
        return _kill(context, go)

    def _kill(context: Any, go: Callable[[], Any]) -> Any:
        killed.append("place")
        if not before:
            result = go()
            if result is not None:
                yield from result
        own = False
        for part in parts:
            job = job_of(stage, part)
            if job is not None:
                killed.append(part)
                own = own or job is context.job
                stage.system.work.kill(job, 50)
        if own:
            # A job that is gone takes no further step.
            yield Wait((Signal("nothing"),))
        if before:
            result = go()
            if result is not None:
                yield from result

    stage.world.around_command = around
    return killed


def kill_call(stage: Stage, words: str, request: str = "") -> list[str]:
    """Kill the first one-shot call of the sidecar with these words: when it begins, or when a request of it
    that holds `request` has reached its system (which does what it was asked for)."""
    gate = gate_of(stage.world.scheduler)
    killed: list[str] = []

    def wanted(external: External) -> bool:
        return not killed and words in external.name

    def kill(external: External) -> None:
        killed.append(external.name)
        external.kill()

    def look(external: External, _call: dict[str, Any]) -> None:
        if not request and wanted(external):
            kill(external)

    def alter(asked: Request, outcome: Outcome) -> Outcome:
        for external in tuple(gate.externals):
            if request and request in asked.command and wanted(external):
                kill(external)
        return outcome

    gate.on_call.append(look)
    gate.alter.append(alter)
    return killed
