"""history, log, status and report of a simulated partition, over real SSH, in a run and after it."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flashc.bundle import build
from flashc.check import load
from flashc.cli.main import run
from flashc.cli.serving import ports
from flashc.cli.stage import Observer, Stage
from flashc.cli.staging import set_up
from flashtwin.guest import run_guest
from flashtwin.keys import private_key
from flashtwin.site_load import load_site
from flashtwin.site_network import pinned_keys

RUN = "20261118203500"


class Terminal:
    """Somebody's terminal: the spec, the pinned keys, a key to log in with."""

    def __init__(self, examples: Path, folder: Path) -> None:
        self.folder = folder
        spec, problems = load(str(examples / "nightly_brms.flash"))
        assert spec is not None, problems
        site = load_site((examples / "nightly_brms.site.toml").read_text())
        (folder / "world").mkdir(parents=True)
        self.stage: Stage = set_up(spec, build(spec)[0], site, folder / "world", "thread", Observer())
        shutil.copy(examples / "nightly_brms.flash", folder / "nightly_brms.flash")
        (folder / "nightly_brms.known_hosts").write_text(pinned_keys(site))
        (folder / "key").write_text(private_key("deploy_ed25519"))
        (folder / "map.json").write_text(json.dumps(ports(self.stage.gate)))

    def until(self, hour: int, minute: int, day: int = 18) -> None:
        """Let the night go on until that time."""
        now = self.stage.local(self.stage.world.now)
        wanted = now.replace(day=day, hour=hour, minute=minute, second=0)
        self.stage.world.scheduler.run(until=self.stage.world.now + (wanted - now).total_seconds())

    def flashc(self, command: str, *words: str) -> int:
        """One command line."""
        known = ["--key", str(self.folder / "key"), "--connect-map", str(self.folder / "map.json")]
        spec = str(self.folder / "nightly_brms.flash")
        return run_guest(self.stage.gate, "flashc", lambda: run([command, spec, *words, *known]))


@pytest.fixture
def terminal(root: Path, tmp_path: Path) -> Iterator[Terminal]:
    """Before the first night; the test takes it further."""
    made = Terminal(root / "examples", tmp_path)
    yield made
    made.stage.close()


@pytest.fixture(scope="module")
def morning(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    """After a night, for tests that only look."""
    made = Terminal(root / "examples", tmp_path_factory.mktemp("records"))
    made.until(3, 0, day=19)
    yield made
    made.stage.close()


def told(capsys: pytest.CaptureFixture[str]) -> Any:
    """The one document on stdout."""
    return json.loads(capsys.readouterr().out)


def test_before_the_first_run(terminal: Terminal, capsys: pytest.CaptureFixture[str]) -> None:
    assert terminal.flashc("history") == 0
    assert "no run" in capsys.readouterr().out
    assert terminal.flashc("log") == 64
    capsys.readouterr()
    assert terminal.flashc("status", "--json") == 0
    found = told(capsys)
    assert (found["open"], found["clones"][0]["last_run"]) == ([], None)
    assert found["identity_told"] is True


def test_while_the_clone_works(terminal: Terminal, capsys: pytest.CaptureFixture[str]) -> None:
    terminal.until(22, 0)
    assert terminal.flashc("status", "--json") == 0
    found = told(capsys)
    (opened,) = found["open"]
    assert (opened["run"], opened["phase"], opened["alive"]) == (RUN, "WATCH", True)
    assert opened["proposal"]["act"] == "wait"
    assert opened["last_step"]["code"] == "O84"
    back = f"CALL PGM(BCKFLASHP/FLBACK) PARM('{RUN}' 'LINK' ' ' ' ' '192.168.99.15')"
    assert back in opened["not_undone"]
    assert found["brms_in_strprc"] == RUN
    assert found["production_may_be_suspended"] is False
    assert found["clones"][0]["may_be_writing"] is True
    assert {lock["name"] for lock in found["locks"]} >= {"clone SISTPROD_24", "BRMS state"}
    assert all(lock["alive"] for lock in found["locks"])
    assert terminal.flashc("status") == 0
    out = capsys.readouterr().out
    assert "MAY STILL BE WRITING" in out
    assert "driver      " in out
    assert ", active" in out
    assert terminal.flashc("history") == 0
    assert "OPEN" in capsys.readouterr().out


def test_an_undo_whose_mark_waits_to_be_written_is_not_shown_as_left(
    terminal: Terminal, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal.until(22, 0)
    journal = terminal.stage.system.image.database.connection
    sql = "SELECT MSGID, TXT FROM \"BCKFLASHP.FLJRN\" WHERE KIND IN ('A', 'B') AND TXT LIKE '%''LINK''%'"
    ((msgid, duty),) = journal.execute(sql).fetchall()
    mark = f"{RUN}S2026-11-18-21.59.00.000000ZO95{msgid}{duty}".replace("'", "''")
    send = f"SNDMSG MSG('{mark}') TOMSGQ(BCKFLASHP/FLMSGQ)"
    assert terminal.stage.command("FLASHC", send).ok
    assert terminal.flashc("status", "--json") == 0
    (opened,) = told(capsys)["open"]
    assert duty.rstrip() not in opened["not_undone"]
    assert opened["not_undone"]


def test_what_is_proposed_for_a_run_without_its_driver_goes_on_with_it(
    terminal: Terminal, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal.until(22, 0)
    jobs = [job for job in terminal.stage.system.jobs.values() if job.name in ("FLGRDA", "FLDDAILY")]
    for job in sorted(jobs, key=lambda job: job.name == "FLDDAILY"):  # the guard first: it would act
        assert terminal.stage.command("QSECOFR", f"ENDJOB JOB({job.qualified}) OPTION(*IMMED)").ok
    terminal.until(22, 10)
    assert terminal.flashc("status", "--json") == 0
    (opened,) = told(capsys)["open"]
    assert (opened["alive"], opened["proposal"]["act"]) == (False, "continue")
    assert opened["proposal"]["command"] == "FLRCVENV ENV(DAILY) OPTION(*CONTINUE)"
    assert terminal.stage.command("FLASHC", f"BCKFLASHP/{opened['proposal']['command']}").ok
    terminal.until(22, 20)
    assert terminal.flashc("status", "--json") == 0
    (opened,) = told(capsys)["open"]
    assert (opened["alive"], opened["proposal"]["act"]) == (True, "wait")


def test_after_the_night(morning: Terminal, capsys: pytest.CaptureFixture[str]) -> None:
    assert morning.flashc("history", "--json") == 0
    (only,) = told(capsys)["runs"]
    assert (only["run"], only["result"], only["operation"]) == (RUN, "completed", "brms")
    assert only["start"] == "2026-11-18T20:35:00.000"
    # CL reads the clock in whole milliseconds, of which each end may lose one
    assert only["suspended_seconds"] == pytest.approx(4.2, abs=0.002)
    parts = {"quiesce": 3.0, "hold": 1.0, "resume": 0.2}
    assert only["suspended"] == pytest.approx(parts, abs=0.002)
    assert only["verdicts"] == ["Verdict of the work: SAV21 COMPLETE"]
    assert only["volumes"]["written"] == ["BRM001", "BRM002"]
    assert only["volumes"]["expired_left"] == 3
    for wanted in (("--result", "failed"), ("--environment", "*BYHAND")):
        assert morning.flashc("history", *wanted) == 0
        assert "no run" in capsys.readouterr().out
    assert morning.flashc("status", "--json") == 0
    found = told(capsys)
    assert (found["open"], found["locks"], found["brms_in_strprc"]) == ([], [], None)


def test_the_log_has_both_sides_and_the_files(morning: Terminal, capsys: pytest.CaptureFixture[str]) -> None:
    assert morning.flashc("log", RUN, "--json") == 0
    found = told(capsys)
    codes = [step["code"] for step in found["steps"]]
    assert codes[0] == "O01"
    assert codes[-1] == "999"
    assert {"O55", "C36"} <= set(codes)
    assert {step["side"] for step in found["steps"]} == {"source", "clone"}
    times = [step["time"] for step in found["steps"]]
    assert times == sorted(times)
    # the clone's clock is minutes behind; its save began when production's says so
    began = next(step["time"] for step in found["steps"] if step["code"] == "C25")
    assert began.startswith("2026-11-18T21:1")
    assert "startfcconsistgrp SISTPROD_24" in next(s["text"] for s in found["steps"] if s["code"] == "O55")
    assert {one["name"] for one in found["files"]} >= {"qhst.txt", "joblog.txt", "qusrbrm.savf"}
    assert morning.flashc("log", "--side", "clone") == 0
    out = capsys.readouterr().out
    assert "O55" not in out
    assert "C30" in out


def test_a_delivered_file(morning: Terminal, capsys: pytest.CaptureFixture[str]) -> None:
    assert morning.flashc("log", "--file", "qhst.txt") == 0
    assert "CPF1124" in capsys.readouterr().out
    target = morning.folder / "QUSRBRM.savf"
    assert morning.flashc("log", "--file", "qusrbrm.savf", "--out", str(target)) == 0
    inbox = morning.stage.image.ifs / f"flashc/BCKFLASHP/inbox/{RUN}/qusrbrm.savf"
    assert target.read_bytes() == inbox.read_bytes()
    assert morning.flashc("log", "--file", "../../keys/hmc1_ed25519") == 3
    assert "has no delivered file" in capsys.readouterr().err


def test_the_report(morning: Terminal, capsys: pytest.CaptureFixture[str]) -> None:
    assert morning.flashc("report", "--json") == 0
    found = told(capsys)
    assert [step["code"] for step in found["saved"]] == ["C20", "C25", "C30", "C36"]
    assert found["known_to_brms"] is True
    assert any("SAVCHGOBJ" in text for text in found["does_not"])
    page = morning.folder / "night.html"
    assert morning.flashc("report", RUN, "--html", str(page)) == 0
    text = page.read_text()
    assert "COMPLETED" in text
    assert "quiesce 3.0 s" in text
    assert not re.search(r"<script|<link|<img|<[^>]*\b(src|href)=", text)


def test_another_partition_is_refused(morning: Terminal, capsys: pytest.CaptureFixture[str]) -> None:
    spec = morning.folder / "nightly_brms.flash"
    right = spec.read_text()
    spec.write_text(right.replace("lpar 24", "lpar 25"))
    try:
        assert morning.flashc("history", "--json") == 4
    finally:
        spec.write_text(right)
    shown = capsys.readouterr()
    assert "old copy of the records" in shown.err
    assert json.loads(shown.out)["error"]["status"] == 4


def test_a_service_that_does_not_answer_is_named(
    terminal: Terminal, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal.stage.command("QSECOFR", "RNMOBJ OBJ(BCKFLASHP/FLRUN) OBJTYPE(*FILE) NEWOBJ(FLRUNX)")
    assert terminal.flashc("history") == 3
    assert "does not tell the runs: " in capsys.readouterr().err
