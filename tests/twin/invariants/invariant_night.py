"""A night as a history of events, built by hand: good as it stands, broken by small edits in the tests."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from flashtwin.events import Event
from flashtwin.gate import Gate
from flashtwin.image import SystemImage
from flashtwin.invariants.facts import (
    Delivery,
    Identity,
    Limits,
    Row,
    RunFacts,
    Said,
    Secret,
)
from flashtwin.records import BrmsData, BrmsHistory
from flashtwin.sims.hmc import Hmc
from flashtwin.sims.server import Exchange
from flashtwin.sims.svc import Svc
from flashtwin.site import ConsoleSite
from flashtwin.world import MemoryVolume, Profile, World

BEGIN = 1795030500.0
RUN = "20261118203500"
PROD, CLONE, OTHER = "SISTPROD", "SISTPROD_24", "TESTPART"
DRIVER, GUARD_A, GUARD_B = "200001/FLASHC/FLDAILY", "200002/FLASHC/FLGRDA", "200003/FLASHC/FLGRDB"
SAVER = "200010/FLASHC/FLSAVE"
HELD = "141601/QUSRSSH/CPY"
SKEW = -300.0
KEY_LINE = "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZWQ"
KEY = f"-----BEGIN OPENSSH PRIVATE KEY-----\n{KEY_LINE}\n-----END OPENSSH PRIVATE KEY-----\n"


@dataclass
class Step:
    """One event, `time` seconds after the begin of the run."""

    time: float
    kind: str
    system: str
    facts: dict[str, Any]


@dataclass
class Night:
    """A history that can be edited, and what the rehearsal knows of it."""

    script: list[Step] = field(default_factory=list)
    requests: list[Exchange] = field(default_factory=list)
    journal: list[Row] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    prepare: list[Callable[[World], None]] = field(default_factory=list)
    now: float = 19400.0

    def add(self, time: float, kind: str, system: str = PROD, **facts: Any) -> None:
        """This happens, too."""
        self.script.append(Step(time, kind, system, facts))

    def scheduled(self, time: float, system: str, entry: str, command: str, job: str) -> None:
        """A job schedule entry submits its job, and it starts."""
        self.add(time, "scheduled_submit", system, entry=entry, number=1, command=command)
        self.add(time, "job_submitted", system, job=job, queue="QGPL/QBATCH", command=command)
        self.add(time + 0.1, "job_started", system, job=job, subsystem="QBATCH", user="ANNA")

    def request(self, time: float, system: str, text: str, out: str = "", lasts: float = 1.0) -> Exchange:
        """A request to a console or array with a good answer."""
        exchange = Exchange(BEGIN + time, system, "flashc", text, BEGIN + time + lasts, 0, out, "", "reply")
        self.requests.append(exchange)
        return exchange

    def row(self, time: float, code: str, text: str = "", side: str = "S", kind: str = "R") -> None:
        """A row of the journal, stamped by the clock of its side."""
        stamp = BEGIN + time + (SKEW if side == "C" else 0.0)
        msgid = f"FL{code[0]}00{code[1:]}"
        self.journal.append(
            Row(
                side=side, seq=len(self.journal) + 1, time=stamp, kind=kind, code=code, msgid=msgid, text=text
            )
        )

    def one(self, kind: str, **match: Any) -> Step:
        """The only event of this kind with these facts."""
        found = [s for s in self.script if s.kind == kind and _matches(s, match)]
        assert len(found) == 1, (kind, match, found)
        return found[0]

    def drop(self, kind: str, **match: Any) -> None:
        """Events of this kind with these facts do not happen."""
        before = len(self.script)
        self.script = [s for s in self.script if not (s.kind == kind and _matches(s, match))]
        assert len(self.script) < before, (kind, match)

    def drop_request(self, part: str, after: float = 0.0) -> None:
        """Requests with this text are not made from a time on."""
        before = len(self.requests)
        self.requests = [r for r in self.requests if part not in r.request or r.at < BEGIN + after]
        assert len(self.requests) < before, part

    def drop_row(self, code: str) -> None:
        """No row of this code is written."""
        before = len(self.journal)
        self.journal = [row for row in self.journal if row.code != code]
        assert len(self.journal) < before, code

    def play(self, folder: Path) -> tuple[World, RunFacts]:
        """The world in which all of this has happened."""
        world = _world(folder)
        gate = Gate(world.scheduler)
        gate.transcript.extend(sorted(self.requests, key=lambda r: r.at))
        for step in sorted(self.script, key=lambda s: s.time):
            world.scheduler.now = BEGIN + step.time
            world.events.log(step.kind, step.system, **step.facts)
        world.scheduler.now = BEGIN + self.now
        for action in self.prepare:
            action(world)
        return world, dataclasses.replace(_facts(), journal=tuple(self.journal), **self.facts)


def _matches(step: Step, match: dict[str, Any]) -> bool:
    return all((step.system if k == "system" else step.facts.get(k)) == v for k, v in match.items())


def _image(folder: Path, name: str) -> SystemImage:
    ifs = folder / name / "ifs"
    ifs.mkdir(parents=True)
    image = SystemImage(name, ifs)
    image.database.connection.execute("CREATE TABLE FLJRN (RUN TEXT, TXT TEXT)")
    image.database.connection.execute("INSERT INTO FLJRN VALUES (?, 'Flash taken')", (RUN,))
    return image


def _put(image: SystemImage, path: str, text: str) -> None:
    file = image.ifs / path.lstrip("/")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


class Words(Svc):
    """An array that is only asked for its words; what its group copies is what a flash says."""

    def __init__(self) -> None:
        """Nothing of the site, and no volume group."""
        self.snapshots: Any = SimpleNamespace(parts=lambda _group: None)

    def members(self, group: str) -> list[tuple[Any, Any]]:  # noqa: ARG002
        return []


def _world(folder: Path) -> World:
    world = World(folder, start=BEGIN - 90000.0)
    machine = world.add_system("Server-9009-42A-SN78ABC12", "9009-42A", "78ABC12")
    for number, name in ((24, PROD), (56, CLONE), (70, OTHER)):
        partition = world.add_partition(machine, number, name)
        image = _image(folder, name)
        partition.volumes = [MemoryVolume(f"{name}-{n}", image) for n in (1, 2)]
        partition.profiles["clone"] = Profile("clone", (99,))
        partition.curr_profile = "clone"
    world.partition(CLONE).clock_offset = SKEW
    production = world.partition(PROD).boot_image()
    clone = world.partition(CLONE).boot_image()
    assert production is not None
    assert clone is not None
    saved = BrmsHistory(
        item="*SAVSYS", control_group="SAV21", volume="V00001", saved_at=BEGIN + 9000.0, result="completed"
    )
    production.products["brms"] = BrmsData(history=[saved, dataclasses.replace(saved, volume="V00002")])
    _put(production, "/flashc/BCKFLASHP/keys/hmc1_ed25519", KEY)
    for name in ("joblog.txt", "history.txt"):
        _put(clone, f"/flashc/BCKFLASHP/runs/{RUN}/out/{name}", f"{name} of the clone")
        _put(production, f"/flashc/BCKFLASHP/inbox/{RUN}/{name}", f"{name} of the clone")
    world.consoles["HMC1"] = Hmc(world, ConsoleSite(name="HMC1", addresses=("10.1.0.10",), users=()))
    world.arrays["V7000"] = Words()
    return world


def _ipl(extra: tuple[tuple[str, dict[str, Any]], ...] = ()) -> tuple[Event, ...]:
    started: tuple[tuple[str, dict[str, Any]], ...] = (
        ("partition_power", {"partition": PROD, "state": "Starting"}),
        ("subsystem_started", {"subsystem": "QCTL"}),
        ("job_started", {"job": "100200/QPGMR/QSTRUPPGM"}),
        ("subsystem_started", {"subsystem": "QBATCH"}),
        ("interface_started", {"address": "10.1.0.24", "vlan": 1}),
        *extra,
        ("ipl_done", {}),
    )
    return tuple(Event(BEGIN - 50000.0 + n, kind, PROD, facts) for n, (kind, facts) in enumerate(started))


def _facts() -> RunFacts:
    return RunFacts(
        run=RUN,
        begin=BEGIN,
        end=BEGIN + 19350.0,
        utc_offset_s=3600.0,
        production=PROD,
        clone=CLONE,
        identities=(Identity("78ABC12", 24),),
        users=("FLASHC",),
        libraries=("BCKFLASHP", "BCKFLASHG"),
        subsystems=("FLSBS", "FLSBSA"),
        jobs=(DRIVER, GUARD_A, GUARD_B),
        limits=Limits(quiesce_s=60.0, resume_s=30.0, guard_margin_s=25.0),
        groups=(("V7000", "SISTPROD_24"),),
        control_groups=("SAV21",),
        named_jobs=("QUSRSSH/CPY",),
        named_domino=("DOMINO02",),
        named_commands=(("CALL APPLIB/QUIET", "CALL APPLIB/UNQUIET"),),
        production_vlans=(1,),
        link_source="192.168.99.15",
        link_clone="192.168.99.16",
        link_vlan=99,
        maintenance="without movement",
        delivery=Delivery(
            sent=f"/flashc/BCKFLASHP/runs/{RUN}/out", received=f"/flashc/BCKFLASHP/inbox/{RUN}"
        ),
        said=Said(result="completed", at=BEGIN + 19340.0),
        secrets=(Secret("key hmc1_ed25519", KEY),),
        documents={"nightly_brms.flash": 'key "hmc1_ed25519"'},
        resources=frozenset({f"clone {CLONE}", f"window {PROD}", f"brms {PROD}"}),
        ipl_before=_ipl(),
        ipl_after=_ipl(),
    )


ipl = _ipl


def not_undone(text: str, time: float = 500) -> Row:
    """What the product says of a change that it could not undo."""
    return Row(side="S", seq=900, time=BEGIN + time, kind="N", code="O75", msgid="FLE0003", text=text)


def good_night() -> Night:
    """The night of the example, with nothing wrong in it."""
    night = Night()
    _before_flash(night)
    _window(night)
    _clone(night)
    _home(night)
    return night


def _before_flash(night: Night) -> None:
    add = night.add
    add(-80000, "partition_power", CLONE, partition=CLONE, state="Starting")
    add(-79000, "partition_power", CLONE, partition=CLONE, state="Running")
    add(0, "scheduled_submit", entry="FLDAILY", command="BCKFLASHP/FLSTRENV ENV(DAILY)")
    for n, (job, program) in enumerate(((DRIVER, "FLDAILY"), (GUARD_A, "FLGRDA"), (GUARD_B, "FLGRDB"))):
        add(1 + n, "job_started", job=job, subsystem="FLSBS")
        add(1 + n, "program_started", program=f"BCKFLASHP/{program}", job=job)
    night.request(
        10, "HMC1", "lssyscfg -r lpar -m Server --filter lpar_ids=56 -F name,state", f"{CLONE},Running"
    )
    night.request(20, "HMC1", f"chsysstate -m Server -r lpar -o osshutdown -n {CLONE}")
    add(22, "partition_power", CLONE, partition=CLONE, state="Shutting Down")
    add(200, "partition_power", CLONE, partition=CLONE, state="Not Activated")
    night.row(215, "O17")
    add(210, "command", text="QBRM/INZBRM OPTION(*FLASHCOPY) STATE(*STRPRC)", command="INZBRM", job=DRIVER)
    add(212, "subsystem_ended", subsystem="Q1ABRMNET")
    add(278, "brms_state", state="*STRPRC", job=DRIVER)
    night.row(279, "O65")
    night.request(300, "V7000", "stopfcconsistgrp SISTPROD_24")
    add(301, "group_state", "V7000", group="SISTPROD_24", state="stopped")
    night.request(310, "V7000", "prestartfcconsistgrp SISTPROD_24")
    add(311, "group_state", "V7000", group="SISTPROD_24", state="preparing")
    add(323, "group_state", "V7000", group="SISTPROD_24", state="prepared")
    night.request(325, "V7000", "lsfcconsistgrp -delim : SISTPROD_24", "status:prepared")
    add(330, "command", text=f"QSYS/HLDJOB JOB({HELD})", command="HLDJOB", job=DRIVER)
    add(330, "job_held", job=HELD)
    night.row(331, "O22")
    add(332, "command", text="ENDDOMSVR SERVER(DOMINO02)", command="ENDDOMSVR", job="200004/FLASHC/FLCMD")
    add(451, "domino_ended", server="DOMINO02")
    night.row(453, "O35")


def _window(night: Night) -> None:
    add = night.add
    add(460, "flush")
    add(461, "flush")
    night.request(470, "HMC1", "lssyscfg -r lpar -m Server --filter lpar_ids=56 -F state", "Not Activated")
    add(480, "suspend_requested", job=DRIVER, limit=60)
    add(483, "suspended", result="full")
    night.request(483.1, "V7000", "startfcconsistgrp SISTPROD_24")
    add(
        484.1,
        "flash",
        "V7000",
        group="SISTPROD_24",
        sources=(f"{PROD}-1", f"{PROD}-2"),
        targets=(f"{CLONE}-1", f"{CLONE}-2"),
    )
    add(484.1, "group_state", "V7000", group="SISTPROD_24", state="copying")
    add(484.3, "resumed", job=DRIVER)
    for code in ("O50", "O55", "O60"):
        night.row(484, code)
    night.request(490, "V7000", "lsfcmap -delim : -filtervalue group_name=SISTPROD_24", "copying")
    add(500, "command", text="STRDOMSVR SERVER(DOMINO02)", command="STRDOMSVR", job=DRIVER)
    add(501, "command", text=f"QSYS/RLSJOB JOB({HELD})", command="RLSJOB", job=DRIVER)
    add(501, "job_released", job=HELD)
    add(530, "domino_started", server="DOMINO02")
    night.row(502, "O77", kind="Z")
    night.row(501, "O75", kind="Z")
    add(510, "command", text="QSYS/STRTCPIFC INTNETADR('192.168.99.15')", command="STRTCPIFC", job=DRIVER)
    add(511, "interface_started", address="192.168.99.15", vlan=99)
    night.row(512, "O68")
    night.request(520, "HMC1", f"chsysstate -m Server -r lpar -o on -n {CLONE} -f clone")
    add(521, "partition_power", CLONE, partition=CLONE, state="Starting")
    night.row(522, "O70")


def _clone(night: Night) -> None:
    def add(time: float, kind: str, **facts: Any) -> None:
        night.add(time, kind, CLONE, **facts)

    add(810, "partition_power", partition=CLONE, state="Running")
    add(2000, "subsystem_started", subsystem="QCTL")
    add(2001, "interface_started", address="10.1.0.24", vlan=None)
    add(2002, "server_started", server="*SMTP")
    add(2003, "ipl_done")
    add(2010, "program_started", program="BCKFLASHP/FLCLONE", job=SAVER)
    add(2040, "brms_state", state="*STRBKU", job=SAVER)
    night.row(2041, "C15", side="C")
    add(2100, "restricted_entered", job=SAVER)
    add(9000, "tape_written", volume="V00001")
    add(18000, "tape_written", volume="V00002")
    add(19000, "brms_save", group="SAV21", volumes=("V00001", "V00002"), result="completed")
    night.row(19001, "C30", text="Save ended SAV21", side="C")
    add(19010, "restricted_left")
    add(19100, "brms_state", state="*ENDBKU", job=SAVER)
    night.row(19101, "C40", side="C")
    add(19120, "qusrbrm_saved")
    night.row(19121, "C45", side="C")
    add(19130, "command", text="STRTCPIFC INTNETADR('192.168.99.16')", command="STRTCPIFC", job=SAVER)
    add(19131, "interface_started", address="192.168.99.16", vlan=99)
    night.row(19132, "C47", side="C")


def _home(night: Night) -> None:
    add = night.add
    manifest = f"/flashc/BCKFLASHP/inbox/{RUN}/manifest.json"
    add(19200, "file", act="rename", path=f"{manifest}.tmp {manifest}", user="FLASHC")
    add(19250, "qusrbrm_saved")
    add(19300, "qusrbrm_restored", objects=90, not_restored=0, saved_at=BEGIN + 19120 + SKEW)
    night.row(19301, "O88")
    add(19305, "command", text="QBRM/INZBRM OPTION(*FLASHCOPY) STATE(*ENDPRC)", command="INZBRM", job=DRIVER)
    add(19310, "brms_state", state="*ENDPRC", job=DRIVER)
    add(19311, "subsystem_started", subsystem="Q1ABRMNET")
    night.row(19312, "O89")
    add(19320, "command", text="QSYS/ENDTCPIFC INTNETADR('192.168.99.15')", command="ENDTCPIFC", job=DRIVER)
    add(19321, "interface_ended", address="192.168.99.15", vlan=99)
    night.row(19322, "O95")
    add(19330, "maintenance_run", movement=False)
    night.row(19331, "M01")
    subject, text = "[flashc] SISTPROD: run ended", "completed"
    add(19340, "mail", "mail relay", to="ops@example.net", subject=subject, text=text, phase="end")
    add(19345, "job_ended", job=DRIVER, code=0)
