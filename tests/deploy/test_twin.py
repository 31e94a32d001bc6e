"""Trust, plan and deploy against the simulated partition: real SSH and SFTP, CL that is really compiled."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
from flashc.bundle import Bundle
from flashc.cli.main import run
from flashc.deploy import DeployError, DeployResult, deploy_bundle
from flashc.deploy.hostkeys import parse
from flashc.deploy.ssh import connect
from flashc.deploy.trust import delivery_line, target_of
from flashtwin.build import build_world
from flashtwin.gate import Gate
from flashtwin.guest import run_guest
from flashtwin.keys import private_key, public_key
from flashtwin.objects import CommandObject, PanelGroup, PhysicalFile
from flashtwin.os400 import OperatingSystem
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.partition_ssh import authorise
from flashtwin.sims.server import Request
from flashtwin.site_load import load_site
from flashtwin.site_network import open_network
from flashtwin.world import World

T = TypeVar("T")
LIB, FOLDER = "BCKFLASHP", "flashc/BCKFLASHP"


class Bench:
    """The nightly example's site with its network open, and a spec with its folder."""

    def __init__(self, root: Path, folder: Path, site: str) -> None:
        self.world: World = build_world(load_site(site), folder / "world")
        self.gate: Gate = open_network(self.world, "thread")
        self.spec = folder / "nightly_brms.flash"
        shutil.copy(root / "examples/nightly_brms.flash", self.spec)
        self.pins = folder / "nightly_brms.known_hosts"
        self.key = folder / "deploy_ed25519"
        self.key.write_text(private_key("deploy_ed25519"))
        self.map = folder / "map.json"
        self.map.write_text(json.dumps({a: f"127.0.0.1:{p}" for a, p in self.world.addresses.items()}))

    @property
    def system(self) -> OperatingSystem:
        """Production."""
        system = self.world.partition("SISTPROD").os
        assert system is not None
        return system

    def guest(self, act: Callable[[], T]) -> T:
        """Act as somebody at a terminal somewhere else."""
        return run_guest(self.gate, "flashc", act)

    def flashc(self, command: str, *options: str) -> int:
        """One command line; its exit status."""
        known = ["--key", str(self.key), "--connect-map", str(self.map)]
        return self.guest(lambda: run([command, str(self.spec), *options, *known]))

    def deploy(self, bundle: Bundle, *, guard: bool = False) -> DeployResult:
        """As the demonstration does: the same functions without the command line."""
        pins = self.pins.read_bytes()
        where = json.loads(self.map.read_text())

        def act() -> DeployResult:
            known = parse(pins.decode())
            session = connect(target_of(bundle), "FLASHC", known, key_file=str(self.key), places=where)
            try:
                return deploy_bundle(bundle, session, known_hosts=pins, guard=guard)
            finally:
                session.close()

        return self.guest(act)

    def cl(self, text: str, user: str = "QSECOFR") -> bool:
        """Somebody's command on production."""
        task = self.world.scheduler.spawn("somebody", self.system.run_command(user, text))
        self.world.scheduler.run(until=self.world.now + 600, stop=lambda: task.ended)
        assert task.result is not None
        return bool(task.result.ok)

    def ready(self) -> None:
        """The host keys are pinned."""
        assert self.flashc("trust", "--yes") == 0

    def tell_identity(self) -> None:
        """The officer's command that lets the profile see the partition's id."""
        assert self.cl("GRTOBJAUT OBJ(QSYS/QPMLPMGT) OBJTYPE(*SRVPGM) USER(FLASHC) AUT(*USE)")

    def times(self) -> list[str]:
        """When production's schedule starts the environment."""
        return [e.time for e in self.system.image.schedule if e.name == "FLDDAILY"]


@pytest.fixture
def site(root: Path) -> str:
    """The site of the example."""
    return (root / "examples/nightly_brms.site.toml").read_text()


@pytest.fixture
def bench(root: Path, tmp_path: Path, site: str) -> Iterator[Bench]:
    """A bench; its servers end with the test."""
    made = Bench(root, tmp_path, site)
    yield made
    made.gate.close()


def test_from_nothing_to_no_change(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    bench.ready()
    assert bench.flashc("plan", "--detailed-exitcode") == 2
    assert bench.flashc("deploy", "--yes") == 0
    out = capsys.readouterr().out
    assert "CHGSYSVAL SYSVAL(QSTRUPPGM)" in out.rpartition("done on SISTPROD")[2]
    library = bench.system.image.libraries[LIB]
    assert ("FLDDAILY", "*PGM") in library.objects
    assert ("FLSTRENV", "*CMD") in library.objects
    assert ("FLLCK", "*FILE") in library.objects
    assert "Then run flashc deploy again: schedule entries follow (FLDDAILY at 20:35:00)" in out
    assert bench.times() == []
    assert bench.flashc("plan", "--detailed-exitcode") == 0
    bench.tell_identity()
    capsys.readouterr()
    assert bench.flashc("deploy", "--yes", "--json") == 0
    again = json.loads(capsys.readouterr().out)
    assert (again["done"], again["waiting"]) == (["FLDDAILY at 20:35:00"], [])
    entry = next(e for e in bench.system.image.schedule if e.name == "FLDDAILY")
    assert (entry.time, entry.recovery) == ("203500", "*NOSBM")
    folder = bench.system.image.ifs / FOLDER
    assert (folder / "keys").stat().st_mode & 0o777 == 0o700
    assert (folder / "conf/known_hosts").read_bytes() == bench.pins.read_bytes()
    assert not list((folder / "keys").iterdir())
    assert bench.flashc("plan", "--detailed-exitcode") == 0
    assert "no change" in capsys.readouterr().out
    assert bench.flashc("deploy", "--json") == 0
    assert json.loads(capsys.readouterr().out)["complete"] is True


def test_the_officers_commands_are_verified_next_time(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    bench.ready()
    capsys.readouterr()
    assert bench.flashc("deploy", "--yes", "--json") == 0
    first = json.loads(capsys.readouterr().out)
    assert first["complete"] is True
    assert [one["name"] for one in first["waiting"]] == ["FLDDAILY at 20:35:00"]
    for command in first["officer"]:
        assert bench.cl(command), command
    bench.world.scheduler.run(until=bench.world.now + 60)
    assert bench.flashc("plan", "--json") == 0
    planned = json.loads(capsys.readouterr().out)
    assert (planned["officer"], planned["waiting"]) == ([], [])
    assert "Schedule entries follow" not in str(planned["findings"])
    assert [one["name"] for one in planned["operations"]] == ["FLDDAILY at 20:35:00"]


def test_the_guards_report_proves_production_where_the_id_is_not_told(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    bench.ready()
    capsys.readouterr()
    assert bench.flashc("deploy", "--yes", "--json") == 0
    for command in json.loads(capsys.readouterr().out)["officer"]:
        if "USER(FLASHC)" not in command:
            assert bench.cl(command), command
    bench.world.scheduler.run(until=bench.world.now + 60)
    assert bench.flashc("deploy", "--yes") == 0
    assert "does not tell its id" in capsys.readouterr().out
    assert bench.times() == ["203500"]


def test_the_first_deployment_to_a_wrong_partition_starts_nothing_there(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    bench.spec.write_text(bench.spec.read_text().replace("lpar 24", "lpar 25"))
    bench.ready()
    capsys.readouterr()
    assert bench.flashc("deploy", "--yes", "--json") == 0
    for command in json.loads(capsys.readouterr().out)["officer"]:
        if not command.startswith("CHGSYSVAL"):
            assert bench.cl(command), command
    bench.world.scheduler.run(until=bench.world.now + 60)
    assert bench.flashc("deploy", "--yes") == 4
    assert "This is serial 78ABC12 partition 24" in capsys.readouterr().out
    bench.world.scheduler.run(until=bench.world.now + 86400)
    assert bench.times() == []
    assert not [e for e in bench.world.events.of("scheduled_submit") if e["entry"] == "FLDDAILY"]


def test_a_changed_spec_changes_the_entry_and_the_programs_only(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    bench.ready()
    bench.tell_identity()
    assert bench.flashc("deploy", "--yes") == 0
    number = next(e.number for e in bench.system.image.schedule if e.name == "FLDDAILY")
    capsys.readouterr()
    bench.spec.write_text(bench.spec.read_text().replace("20:35", "21:05"))
    assert bench.flashc("deploy", "--yes", "--json") == 0
    done = json.loads(capsys.readouterr().out)
    assert {one["kind"] for one in done["operations"]} <= {"program", "command", "file", "schedule"}
    (entry,) = [e for e in bench.system.image.schedule if e.name == "FLDDAILY"]
    assert (entry.number, entry.time) == (number, "210500")
    assert bench.flashc("plan", "--detailed-exitcode") == 0


def test_an_entry_changed_by_hand_is_shown_and_put_right(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    bench.ready()
    bench.tell_identity()
    assert bench.flashc("deploy", "--yes") == 0
    assert bench.cl("CHGJOBSCDE JOB(FLDDAILY) SCDTIME('220000')")
    capsys.readouterr()
    assert bench.flashc("plan", "--detailed-exitcode") == 2
    assert "changed by hand: time 22:00:00 instead of 20:35:00" in capsys.readouterr().out
    assert bench.flashc("deploy", "--yes") == 0
    assert bench.times() == ["203500"]


def test_the_doctor_settles_what_can_be_asked(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    bench.ready()
    capsys.readouterr()
    assert bench.flashc("deploy", "--yes", "--json") == 0
    for command in json.loads(capsys.readouterr().out)["officer"]:
        assert bench.cl(command), command
    key = bench.system.image.ifs / FOLDER / "keys/v7000_ed25519"
    key.write_text(private_key(key.name))
    key.chmod(0o600)
    bench.world.scheduler.run(until=bench.world.now + 60)
    assert bench.flashc("doctor", "--json") == 2
    otherwise = [one for one in json.loads(capsys.readouterr().out)["facts"] if one["settled"] == "no"]
    assert [one["title"][:40] for one in otherwise] == ["the clone at 192.168.99.16 is let in to "]
    delivery = " ".join(public_key("delivery_ed25519"))
    conf = json.loads((bench.system.image.ifs / FOLDER / "conf/sidecar.json").read_text())
    authorise(bench.system.image, "FLASHC", delivery_line(conf, delivery))
    at = bench.world.events.events[-1].time
    status = bench.flashc("doctor", "--json")
    found = json.loads(capsys.readouterr().out)
    wrong = {f["title"]: f["seen"] for f in found["facts"] if f["settled"] not in ("yes", "by hand")}
    assert wrong == {}
    assert (status, found["good"]) == (0, True)
    serial = next(f for f in found["facts"] if "SERIAL_NUMBER" in f["title"])
    assert (serial["fact"], serial["seen"], serial["todo"]) == ("identity", "78ABC12", "")
    # read-only: nothing on the disks has changed
    changed = [e for e in bench.world.events.events if e.time > at and e.kind in ("object_created", "file")]
    assert changed == []


def test_the_doctor_tells_where_programs_of_the_profile_take_nothing_of_what_callers_adopt(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    """A list of those whose programs may, as audits ask for it; the profile is not on it."""
    assert bench.cl("CRTAUTL AUTL(ADOPTERS) AUT(*EXCLUDE)")
    assert bench.cl("CHGSYSVAL SYSVAL(QUSEADPAUT) VALUE(ADOPTERS)")
    bench.ready()

    def asked() -> tuple[str, str]:
        capsys.readouterr()
        bench.flashc("doctor", "--json")
        facts = json.loads(capsys.readouterr().out)["facts"]
        (found,) = [one for one in facts if "(QUSEADPAUT)" in one["title"]]
        return found["settled"], found["seen"]

    assert asked() == ("no", "not on authorization list ADOPTERS")
    assert bench.flashc("deploy", "--yes") == 0
    taken = bench.system.image.find(LIB, "FLTAKE", "*PGM")
    assert taken.no_adopted
    assert bench.cl("ADDAUTLE AUTL(ADOPTERS) USER(FLASHC) AUT(*USE)")
    assert asked() == ("yes", "those of authorization list ADOPTERS")


def test_a_survey_drafts_a_spec(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    bench.ready()
    bench.tell_identity()
    draft = bench.spec.with_name("draft.flash")
    known = ["--known-hosts", str(bench.pins), "--key", str(bench.key), "--connect-map", str(bench.map)]

    def survey(*words: str) -> int:
        return bench.guest(lambda: run(["survey", "sistprod.example.net", *words, *known]))

    capsys.readouterr()
    assert survey("--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["found"]["identity"] == [["78ABC12", "24", "SISTPROD"]]
    assert told["found"]["media libraries"][0][0] == "TAPMLB01"
    assert told["domino_subsystems"] == ["DOMINO"]
    assert told["failed"] == {}
    assert survey("--out", str(draft)) == 0
    text = draft.read_text()
    assert "serial 78ABC12 lpar 24" in text
    assert "line ETHCLONE" in text
    assert "library TAPMLB01" in text
    assert run(["check", str(draft)]) == 0
    assert survey("--out", str(draft)) == 4
    bench.system.image.products.pop("brms")
    capsys.readouterr()
    assert survey() == 0
    assert "# not read: control groups: " in capsys.readouterr().out


def test_the_doctor_finds_what_is_otherwise(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    bench.system.image.products |= {"release": "7.3", "missing_commands": ("STRBKUBRM",)}
    bench.ready()
    capsys.readouterr()
    assert bench.flashc("doctor", "--json") == 2
    found = {one["title"]: one for one in json.loads(capsys.readouterr().out)["facts"]}
    for title in (
        "data areas by DATA_AREA_INFO",
        "the zipapp runs, and is of this Python",
        "what the copies of clone SISTPROD_24 need is on V7000",
    ):
        assert (found[title]["settled"], found[title]["todo"]) == ("later", ""), "nothing is deployed yet"
    for title in (
        "the compiler reads stream files where the spec's release is 7.4",
        "the release is that of the spec, or later",
        "the profile may use STRBKUBRM",
    ):
        assert found[title]["settled"] == "no", found[title]
        assert found[title]["todo"]
    assert bench.flashc("doctor") == 2
    assert "no       the profile may use STRBKUBRM\n           seen: CPF9801" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("values", "ccsid", "settled"),
    [
        ({"QLANGID": "ENU"}, "*SYSVAL", "yes"),
        ({"QLANGID": "ENG"}, "*SYSVAL", "no"),
        ({"QCCSID": "1142"}, "*SYSVAL", "no"),
        ({"QCCSID": "285"}, "37", "yes"),
    ],
)
def test_the_doctor_finds_a_profile_whose_jobs_have_names_otherwise(
    bench: Bench, capsys: pytest.CaptureFixture[str], values: dict[str, str], ccsid: str, settled: str
) -> None:
    bench.ready()
    bench.system.image.system_values |= values
    bench.system.image.users["FLASHC"].ccsid = ccsid
    capsys.readouterr()
    bench.flashc("doctor", "--json")
    found = {one["title"]: one for one in json.loads(capsys.readouterr().out)["facts"]}
    of_names = found["a name with a dollar sign, # or @ is the same name in the profile's jobs"]
    assert of_names["settled"] == settled, of_names
    assert ("CCSID(37)" in of_names["todo"]) == (settled == "no")


def test_the_doctor_asks_for_a_queue_of_the_controlling_subsystem_before_a_save_of_the_whole_system(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    text = bench.spec.read_text()
    start = text.index("on clone brms {")
    end = text.index("mail ", start)
    bench.spec.write_text(
        f"{text[:start]}on clone save21 {{ save to library TAPMLB01 sequential within 6h }}\n    {text[end:]}"
    )
    bench.ready()

    def asked() -> tuple[str, str]:
        capsys.readouterr()
        assert bench.flashc("doctor", "--json") == 2
        found = {one["title"]: one for one in json.loads(capsys.readouterr().out)["facts"]}
        answer = found["a released job queue of the controlling subsystem"]
        return answer["settled"], answer["seen"]

    assert asked() == ("yes", "QSYS/QCTL")
    assert bench.cl("HLDJOBQ JOBQ(QSYS/QCTL)")
    assert asked() == ("no", "none")


def test_drift_names_what_somebody_changed_and_nothing_else(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    bench.ready()
    assert bench.flashc("drift") == 3
    assert "nothing is deployed" in capsys.readouterr().err
    assert bench.flashc("deploy", "--yes", "--json") == 0
    for command in json.loads(capsys.readouterr().out)["officer"]:
        assert bench.cl(command), command
    bench.world.scheduler.run(until=bench.world.now + 60)
    assert bench.flashc("deploy", "--yes") == 0
    capsys.readouterr()
    assert bench.flashc("drift") == 0
    assert "no drift" in capsys.readouterr().out
    # another spec is no drift
    right = bench.spec.read_text()
    bench.spec.write_text(right.replace("within 60s", "within 50s"))
    assert bench.flashc("drift") == 0
    assert "flashc plan shows" in capsys.readouterr().out
    bench.spec.write_text(right)
    for command in (
        "CHGJOBSCDE JOB(FLDDAILY) SCDTIME('220000')",
        "HLDJOBSCDE JOB(FLDDAILY)",
        f"DLTDTAQ DTAQ({LIB}/FLRUNQ)",
        f"GRTOBJAUT OBJ({LIB}/FLSTRENV) OBJTYPE(*PGM) USER(QPGMR) AUT(*ALL)",
        f"GRTOBJAUT OBJ({LIB}/FLRUN) OBJTYPE(*FILE) USER(*PUBLIC) AUT(*USE)",
        f"CHGOBJOWN OBJ({LIB}/FLUNDO) OBJTYPE(*PGM) NEWOWN(QPGMR)",
        f"CRTDUPOBJ OBJ(FLREAD) FROMLIB({LIB}) OBJTYPE(*PGM) NEWOBJ(MINE)",
        f"DLTPGM PGM({LIB}/FLSECS)",
        f"CRTDUPOBJ OBJ(FLREAD) FROMLIB({LIB}) OBJTYPE(*PGM) NEWOBJ(FLSECS)",
        "CHGSYSVAL SYSVAL(QSTRUPPGM) VALUE('QSTRUP QSYS')",
        f"CHGMSGD MSGID(FLE0001) MSGF({LIB}/FLMSGEN) MSG('mine') SEV(10)",
        f"CHGMSGD MSGID(FLE0002) MSGF({LIB}/FLMSGEN) SECLVL('mine')",
        f"RMVMSGD MSGID(FLE0007) MSGF({LIB}/FLMSGEN)",
        f"ADDMSGD MSGID(USR0001) MSGF({LIB}/FLMSGEN) MSG('mine')",
    ):
        assert bench.cl(command), command
    folder = bench.system.image.ifs / FOLDER
    (folder / "conf/sidecar.json").write_text("{}")
    (folder / "keys").chmod(0o755)
    assert bench.flashc("drift", "--json") == 2
    found = json.loads(capsys.readouterr().out)
    assert (found["drift"], found["refused"], found["not_judged"]) == (True, [], [])
    told = [f"{one['name']}: {one['what']}" for one in found["changes"]]
    entry = next(f"FLDDAILY {int(e.number):06d}" for e in bench.system.image.schedule if e.name == "FLDDAILY")
    assert {name.partition(": made anew")[0] for name in told} == {
        f"{LIB}/FLRUNQ *DTAQ: deleted",
        f"{LIB}/FLSECS *PGM",
        next(name for name in told if name.startswith(f"{LIB}/MINE *PGM: no deployment made it; owner")),
        f"{LIB}/FLSECS *PGM: QSECOFR instead of FLASHC",
        f"{LIB}/FLUNDO *PGM: QPGMR instead of FLASHC",
        f"{LIB}/FLSTRENV *PGM: QPGMR has *ALL, which nobody deployed",
        f"{LIB}/FLRUN *FILE: *PUBLIC has *USE instead of *EXCLUDE",
        "conf/sidecar.json: its contents were changed",
        f"/{FOLDER}/keys: open to others (mode 0755)",
        f"{entry}: held",
        f"{entry}: time 22:00:00 instead of 20:35:00",
        f"QSTRUPPGM: QSYS/QSTRUP instead of {LIB}G/FLBOOT",
        f"{LIB}/FLMSGEN FLE0001: its text was changed",
        f"{LIB}/FLMSGEN FLE0001: severity 10 instead of 40",
        f"{LIB}/FLMSGEN FLE0002: its text was changed",
        f"{LIB}/FLMSGEN FLE0007: deleted",
        f"{LIB}/FLMSGEN USR0001: no deployment made it",
    }
    # what deploy can put right is right again
    assert bench.flashc("deploy", "--yes") == 0
    capsys.readouterr()
    assert bench.flashc("drift", "--json") == 2
    left = [one["name"] for one in json.loads(capsys.readouterr().out)["changes"]]
    assert f"{LIB}/FLRUNQ *DTAQ" not in left
    assert f"{LIB}/FLRUN *FILE" not in left
    assert "QSTRUPPGM" in left
    assert "conf/sidecar.json" not in left


def test_what_was_deleted_by_hand_is_made_again(bench: Bench) -> None:
    bench.ready()
    assert bench.flashc("deploy", "--yes") == 0
    assert bench.cl(f"DLTPGM PGM({LIB}/FLJRNL)")
    assert bench.cl(f"DLTDTAQ DTAQ({LIB}/FLRUNQ)")
    (bench.system.image.ifs / FOLDER / "conf/sidecar.json").write_text("{}")
    assert bench.flashc("plan", "--detailed-exitcode") == 2
    assert bench.flashc("deploy", "--yes") == 0
    assert bench.flashc("plan", "--detailed-exitcode") == 0


def test_a_compile_error_stops_and_is_gone_on_with(bench: Bench, bundle: Bundle) -> None:
    bench.ready()
    broken = {**bundle.files, "FLREAD.clle": b"PGM\nCHGVAR VAR(&NONE) VALUE(1)\nENDPGM\n"}
    result = bench.deploy(replace(bundle, files=broken))
    assert result.failure is not None
    assert result.failure.operation.name == f"{LIB}/FLREAD *PGM"
    assert result.failure.messages[-1].id in ("CPF0801", "CPF0820")
    assert any("&NONE" in line for line in result.failure.listing)
    objects = bench.system.image.libraries[LIB].objects
    assert ("FLJRNL", "*PGM") in objects
    assert ("FLSTRENV", "*PGM") not in objects
    again = bench.deploy(bundle)
    assert again.complete
    assert f"{LIB}/FLJRNL *PGM" not in [one.name for one in again.done]
    assert bench.deploy(bundle).done == ()


def test_a_command_that_the_partition_lacks_is_an_error_of_the_spec(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    bench.system.image.products["missing_commands"] = ("STRBKUBRM",)
    bench.ready()
    capsys.readouterr()
    assert bench.flashc("deploy", "--yes") == 3
    shown = capsys.readouterr().err
    assert "nightly_brms.flash:32:5: error CPD0030: " in shown
    assert "32 |     on clone brms {\n     |     ^^^^^^^^" in shown
    assert "FLBDAILY.clle:" in shown
    assert "QBRM/STRBKUBRM CTLGRP(SAV21)" in shown
    bench.system.image.products["missing_commands"] = ()
    assert bench.flashc("deploy", "--yes") == 0


def test_release_7_3_compiles_from_members_of_80_columns(bench: Bench) -> None:
    bench.system.image.products["release"] = "7.3"
    bench.ready()
    assert bench.flashc("deploy", "--yes") == 3  # the spec says 7.4, and there is no SRCSTMF
    bench.spec.write_text(bench.spec.read_text().replace("release   7.4", "release   7.3"))
    assert bench.flashc("deploy", "--yes") == 0
    assert bench.flashc("plan", "--detailed-exitcode") == 0
    file = bench.system.image.find(LIB, "QCLSRC", "*FILE")
    assert isinstance(file, PhysicalFile)
    assert (file.record_length, file.public) == (92, "*EXCLUDE")
    assert file.members["FLDDAILY"].source_type == "CLLE"


def test_another_language_makes_commands_and_help_panels_anew(bench: Bench) -> None:
    """In source files of their own: a file that is there keeps the code page of the language before."""
    bench.ready()
    assert bench.flashc("deploy", "--yes") == 0
    text = bench.spec.read_text(encoding="utf-8")
    old = "    library   BCKFLASHP\n"
    bench.spec.write_text(text.replace(old, f"{old}    language  french\n"), encoding="utf-8")
    assert bench.flashc("deploy", "--yes") == 0
    assert bench.flashc("plan", "--detailed-exitcode") == 0
    command = bench.system.image.find(LIB, "FLENDCLN", "*CMD")
    panel = bench.system.image.find(LIB, "FLENDCLN", "*PNLGRP")
    assert isinstance(command, CommandObject)
    assert isinstance(panel, PanelGroup)
    assert command.definition is not None
    assert panel.code is not None
    assert "PROMPT('Arrêt immédiat après l''attente')" in command.definition.source
    assert command.messages == ("FLMSGFR", LIB)
    assert panel.code.value.modules["FLENDCLN"] == "Arrêter clone (flashc) - Aide"
    for name in ("QCMDSRCFR", "QPNLSRCFR"):
        file = bench.system.image.find(LIB, name, "*FILE")
        assert isinstance(file, PhysicalFile)
        assert "FLENDCLN" in file.members


def test_foreign_objects_refuse(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    bench.ready()
    assert bench.cl(f"CRTLIB LIB({LIB})")
    assert bench.cl(f"GRTOBJAUT OBJ(QSYS/{LIB}) OBJTYPE(*LIB) USER(FLASHC) AUT(*ALL)")
    assert bench.cl(f"CRTDTAARA DTAARA({LIB}/PAYROLL) TYPE(*CHAR)")
    assert bench.flashc("plan") == 4
    assert "PAYROLL.DTAARA" in capsys.readouterr().out
    assert bench.flashc("deploy", "--yes") == 4
    assert not (bench.system.image.ifs / "flashc").exists()


def test_somebody_elses_library_refuses(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    bench.ready()
    assert bench.cl(f"CRTLIB LIB({LIB}) AUT(*EXCLUDE)")
    assert bench.flashc("plan", "--json") == 4
    caught = capsys.readouterr()
    assert "belongs to somebody else" in caught.err
    assert '"status": 4' in caught.out


# -- host keys and log-in ----------------------------------------------------------------------------


def test_without_pinned_keys_nothing_is_reached(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.flashc("plan") == 4
    assert "Run flashc trust" in capsys.readouterr().err


def test_trust_shows_every_system_and_pins_only_when_told(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bench.flashc("trust", "--json") == 2
    told = json.loads(capsys.readouterr().out)
    assert {h["address"] for h in told["hosts"]} == {
        "sistprod.example.net:22",
        "10.1.0.10:22",
        "10.1.0.11:22",
        "10.1.0.20:22",
        "192.168.99.15:22",
    }
    link = next(h for h in told["hosts"] if h["address"].startswith("192"))
    assert link["fingerprint"] == told["hosts"][0]["fingerprint"]
    assert not bench.pins.exists()
    assert any("mkauthkeys -a" in c for step in told["authorise"] for c in step["commands"])
    bench.ready()
    first = bench.pins.read_bytes()
    bench.ready()
    assert bench.pins.read_bytes() == first


def test_trust_prints_the_public_keys_once_they_are_there(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    bench.ready()
    assert bench.flashc("deploy", "--yes") == 0
    keys = bench.system.image.ifs / FOLDER / "keys"
    (keys / "hmc1_ed25519.pub").write_text("ssh-ed25519 AAAAHMC flashc\n")
    capsys.readouterr()
    assert bench.flashc("trust") == 0
    assert 'mkauthkeys -a "ssh-ed25519 AAAAHMC flashc"' in capsys.readouterr().out


def test_a_changed_host_key_names_both_and_pins_nothing(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    bench.ready()
    before = bench.pins.read_text()
    lines = [line for line in before.splitlines() if not line.startswith("10.1.0.20 ")]
    other = next(line.split()[2] for line in lines if line.startswith("10.1.0.10 "))
    bench.pins.write_text("\n".join([*lines, f"10.1.0.20 ssh-ed25519 {other}"]) + "\n")
    changed = bench.pins.read_text()
    assert bench.flashc("trust", "--yes") == 4
    err = capsys.readouterr().err
    assert err.count("SHA256:") == 2
    assert "array V7000 at 10.1.0.20:22" in err
    assert bench.pins.read_text() == changed


def test_an_array_by_rest_is_pinned_by_its_certificate(
    root: Path, tmp_path: Path, site: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = site.replace('addresses = ["10.1.0.20"]', 'addresses = ["10.1.0.20:7443"]')
    bench = Bench(root, tmp_path, text.replace('keys = ["v7000_ed25519"]', 'secrets = ["v7000_password"]'))
    spec = bench.spec.read_text()
    old, new = 'key "v7000_ed25519"', 'password file "v7000_password"  through rest'
    assert old in spec
    bench.spec.write_text(spec.replace(old, new))
    try:
        assert bench.flashc("trust") == 2
        out = " ".join(capsys.readouterr().out.split())
        assert "10.1.0.20:7443 array V7000 x509 " in out
        assert "(management system, valid until 9999-12-31)" in out
        assert "umask 077; cat > /flashc/BCKFLASHP/keys/v7000_password" in out
        bench.ready()
        assert "[10.1.0.20]:7443 x509 " in bench.pins.read_text()
        assert bench.flashc("trust") == 0
        bench.gate.routes["10.1.0.20:7443"].server.host_key = "somebody in between"
        capsys.readouterr()
        assert bench.flashc("trust", "--yes") == 4
        assert "array V7000 at 10.1.0.20:7443 shows " in capsys.readouterr().err
    finally:
        bench.gate.close()


def test_a_partition_with_another_host_key_is_not_logged_in_to(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    bench.ready()
    hmc = next(x.split()[2] for x in bench.pins.read_text().splitlines() if x.startswith("10.1.0.10 "))
    bench.pins.write_text(f"sistprod.example.net ssh-ed25519 {hmc}\n")
    assert bench.flashc("deploy", "--yes") == 4
    assert capsys.readouterr().err.count("SHA256:") == 2


def test_a_refused_log_in_says_what_to_look_at(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    bench.ready()
    bench.key.write_text(private_key("somebody else's"))
    capsys.readouterr()
    assert bench.flashc("plan", "--json") == 3
    caught = capsys.readouterr()
    assert "authorized_keys of FLASHC" in caught.err
    assert json.loads(caught.out)["error"]["status"] == 3


@pytest.mark.parametrize("what", ["missing", "damaged"])
def test_a_key_that_cannot_be_used_is_named(
    bench: Bench, capsys: pytest.CaptureFixture[str], what: str
) -> None:
    bench.ready()
    if what == "missing":
        bench.key.unlink()
    else:
        bench.key.write_text("no key at all")
    assert bench.flashc("plan") == 3
    assert f"{bench.key}" in capsys.readouterr().err


def test_a_partition_that_is_not_reached(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    bench.ready()
    where = json.loads(bench.map.read_text())
    where["sistprod.example.net:22"] = f"127.0.0.1:{bench.gate.refused_port}"
    where["10.1.0.11:22"] = f"127.0.0.1:{bench.gate.refused_port}"
    bench.map.write_text(json.dumps(where))
    assert bench.flashc("plan") == 3
    assert "sistprod.example.net:22 cannot be reached" in capsys.readouterr().err
    assert bench.flashc("trust", "--yes") == 3
    assert "unreachable  10.1.0.11:22" in capsys.readouterr().out


def test_a_map_that_is_none_is_wrong_usage(bench: Bench) -> None:
    bench.map.write_text("[1, 2]")
    assert bench.flashc("plan") == 64


# -- lines that break, systems that hang -------------------------------------------------------------


def test_a_connection_lost_in_the_middle_is_gone_on_with(bench: Bench, bundle: Bundle) -> None:
    bench.ready()
    alter = bench.gate.alter

    def lose(request: Request, outcome: Outcome) -> Outcome:
        return replace(outcome, lost="after") if "CRTDTAQ" in request.command else outcome

    alter.append(lose)
    with pytest.raises(DeployError, match="What it did is unknown") as caught:
        bench.deploy(bundle)
    assert caught.value.status == 3
    alter.remove(lose)
    assert bench.deploy(bundle).complete
    assert bench.deploy(bundle).done == ()


def test_a_partition_that_hangs_is_given_up(bench: Bench, bundle: Bundle) -> None:
    bench.ready()
    bench.gate.alter.append(
        lambda request, outcome: replace(outcome, hang=True) if "CHKOBJ" in request.command else outcome
    )
    with pytest.raises(DeployError, match="ended while the partition was read"):
        bench.deploy(bundle)


def test_a_folder_that_may_not_be_made_says_who_can(bench: Bench, bundle: Bundle) -> None:
    bench.ready()
    (bench.system.image.ifs / "flashc").write_text("a file")
    with pytest.raises(DeployError, match="/flashc"):
        bench.deploy(bundle)
    assert LIB not in bench.system.image.libraries


def test_the_clone_is_not_taken_for_production(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    bench.ready()
    bench.spec.write_text(bench.spec.read_text().replace("lpar 24", "lpar 25"))
    assert bench.flashc("plan") == 0
    assert "does not tell its id" in capsys.readouterr().out
    bench.tell_identity()
    assert bench.flashc("deploy", "--yes") == 4
    assert "This is serial 78ABC12 partition 24" in capsys.readouterr().out
    assert LIB not in bench.system.image.libraries


def test_what_the_officer_has_not_entered_yet_is_no_drift(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    bench.ready()
    assert bench.flashc("deploy", "--yes") == 0
    capsys.readouterr()
    assert bench.flashc("drift") == 0
    out = capsys.readouterr().out
    assert "no drift" in out
    assert "QSTRUPPGM is QSYS/QSTRUP instead of BCKFLASHPG/FLBOOT, as it was at the last deployment" in out


def test_removed_in_two_steps_and_deployed_again(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    bench.ready()
    capsys.readouterr()
    assert bench.flashc("deploy", "--yes", "--json") == 0
    for command in json.loads(capsys.readouterr().out)["officer"]:
        assert bench.cl(command), command
    bench.world.scheduler.run(until=bench.world.now + 60)
    assert bench.flashc("deploy", "--yes") == 0
    assert bench.times() == ["203500"]
    bench.spec.write_text(bench.spec.read_text().replace("environment DAILY", "environment NACHT"))
    assert bench.flashc("deploy", "--yes") == 0
    capsys.readouterr()
    assert bench.flashc("remove", "--yes") == 2
    out = capsys.readouterr().out
    assert "CHGSYSVAL SYSVAL(QSTRUPPGM) VALUE('QSTRUP    QSYS')" in out
    assert bench.times() == []
    assert LIB in bench.system.image.libraries
    assert bench.cl("CHGSYSVAL SYSVAL(QSTRUPPGM) VALUE('QSTRUP    QSYS')")
    capsys.readouterr()
    assert bench.flashc("remove", "--yes", "--history", "--json") == 0
    revoked = json.loads(capsys.readouterr().out)["revoked"]
    assert not {LIB, f"{LIB}G"} & set(bench.system.image.libraries)
    assert all(bench.cl(command) for command in revoked)
    given = {"FLASHC", "QPGMR"}
    objects = bench.system.image.libraries["QSYS"].objects.values()
    assert not [one.name for one in objects if given & set(one.private)]
    assert bench.flashc("remove") == 0
    assert "What else the profile has" in capsys.readouterr().out
    assert bench.flashc("deploy", "--yes") == 0
    assert bench.flashc("plan", "--detailed-exitcode") == 0


@pytest.mark.parametrize("then", ["remove", "deploy"])
@pytest.mark.parametrize("at", ["DLTCMD", "DLTDTAARA", "DLTLIB"])
def test_a_removal_that_lost_its_connection_is_gone_on_with_or_taken_back(
    bench: Bench, bundle: Bundle, capsys: pytest.CaptureFixture[str], at: str, then: str
) -> None:
    bench.ready()
    assert bench.deploy(bundle).complete
    alter = bench.gate.alter

    def lose(request: Request, outcome: Outcome) -> Outcome:
        return replace(outcome, lost="after") if at in request.command else outcome

    alter.append(lose)
    bench.tell_identity()
    assert bench.cl("CHGSYSVAL SYSVAL(QSTRUPPGM) VALUE('QSTRUP    QSYS')")
    capsys.readouterr()
    assert bench.flashc("remove", "--yes", "--history") == 3
    assert "What it did is unknown" in capsys.readouterr().err
    alter.remove(lose)
    if then == "remove":
        assert bench.flashc("remove", "--yes", "--history") == 0
        assert not {LIB, f"{LIB}G"} & set(bench.system.image.libraries)
        assert bench.flashc("remove", "--yes", "--history") == 0
    assert bench.flashc("deploy", "--yes") == 0
    assert bench.deploy(bundle).done == ()
