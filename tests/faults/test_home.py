"""What comes home of a night: each file that the clone delivers, and what is in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flashc.cli.stage import Stage
from flashtwin.errors import Escape
from flashtwin.events import Event
from flashtwin.ifs import host_path
from nights import Change, Edit, Played, played
from test_brms_recovery import dies_saving
from works import LIBRARIES, save21, worked

RUN = "20261118203500"
CLONE = "SISTPROD_24"


@pytest.fixture(scope="module")
def night() -> Iterator[Played]:
    with played() as night:
        assert night.run.good
        yield night


def delivered(night: Played) -> dict[str, str]:
    """The text files of the run in production's inbox."""
    folder: Path = host_path(night.stage.image, f"/flashc/BCKFLASHP/inbox/{RUN}")
    return {one.name: one.read_text() for one in folder.iterdir() if one.suffix == ".txt"}


def clone_time(night: Played, event: Event) -> str:
    """A time of the world by the clone's clock, as its logs show it."""
    skew = night.stage.world.partition(CLONE).clock_offset
    return f"{night.stage.local(event.time + skew):%Y-%m-%d %H:%M:%S}"


def started(night: Played) -> Event:
    (event,) = [
        e for e in night.stage.world.events.of("partition_power", system=CLONE) if e["state"] == "Starting"
    ]
    return event


def test_the_history_log_is_the_clones_since_its_ipl(night: Played) -> None:
    lines = delivered(night)["qhst.txt"].splitlines()
    assert "CPF0909 00 IPL started." in lines[0]
    assert lines[0][:19] >= clone_time(night, started(night))
    assert any("CPF0968" in line for line in lines)  # restricted for the save
    assert len(night.stage.image.history) > 0
    assert not [line for line in lines if "FLDDAILY" in line]


def test_the_brms_log_is_that_of_the_save(night: Played) -> None:
    lines = delivered(night)["brmslog.txt"].splitlines()
    assert [re.split(r"\s+", line)[1] for line in lines] == ["BRM15A1", "BRM1380", "BRM1049", "BRM15A1"]
    assert all(line.split()[2] == "SAV21" for line in lines[1:3])
    assert lines[0][:10] == clone_time(night, started(night))[:10]


def test_the_job_logs_are_those_of_save_and_delivery(night: Played) -> None:
    files = delivered(night)
    assert "FLC0030" in files["savejob.txt"]
    assert "FLC0035" in files["joblog.txt"]


def test_what_came_early_is_said_with_it(night: Played) -> None:
    (line,) = delivered(night)["transfer.txt"].splitlines()
    assert re.fullmatch(r"2026-11-18T\d\d:\d\d:\d\dZ early, \d+ s: sent \d+ files, \d+ bytes to .*", line)


def said(night: Played, msgid: str) -> str:
    """What production's journal says under a message id."""
    return " ".join(step.text for step in night.run.steps if step.msgid == msgid)


def mail(night: Played) -> str:
    """The last mail."""
    return [str(event["text"]) for event in night.stage.world.events.of("mail")][-1]


def test_the_tapes_are_told_in_log_and_mail(night: Played) -> None:
    written = sorted({str(e["volume"]) for e in night.stage.world.events.of("tape_written", system=CLONE)})
    assert said(night, "FLO0185").endswith(": " + " ".join(written))
    expired = {one.id for one in night.brms().volumes.values() if one.status == "*EXP"}
    (maintenance,) = night.stage.world.events.of("maintenance_run", system="SISTPROD")
    assert said(night, "FLO0186").endswith(f": {len(expired - set(maintenance['expired']))}")
    for msgid in ("FLO0185", "FLO0186", "FLO0188", "FLO0189"):
        assert said(night, msgid) in mail(night)


def test_objects_are_counted_on_both_sides(night: Played) -> None:
    (saved,) = night.stage.world.events.of("qusrbrm_saved", system=CLONE)
    count = int(saved["objects"])
    assert delivered(night)["qusrbrm.txt"].strip() == f"{count:07d}"
    assert said(night, "FLC0045").startswith(f"QUSRBRM: {count} ")
    assert said(night, "FLO0087").endswith(f"FLQBRM: {count}")
    assert f"CPC3703 {count} " in said(night, "FLO0088")


def test_a_save_file_with_another_count_is_not_restored() -> None:
    edit = Edit("FLADAILY.clle", "VAR(&COUNTC) VALUE(&COUNT)", "VAR(&COUNTC) VALUE(&COUNT + 1)")
    with played((edit,)) as night:
        assert night.history() == ("OPEN", "")
        assert said(night, "FLE0048").endswith(": 17 - 16")
        assert not list(night.stage.world.events.of("qusrbrm_restored"))
        assert night.brms_state() == "*STRPRC"


def test_a_save_that_is_whole_does_not_fail_for_its_count() -> None:
    with played(prepare=_count_is_not_written) as night:
        assert night.run.good, (night.run.detail, night.run.broken)
        said = [step.text for step in night.run.steps if step.code == "C45"]
        assert said == ["QUSRBRM: -1 saved for the way home"]


def _count_is_not_written(stage: Stage) -> None:
    def around(context: Any, go: Callable[[], Any]) -> Any:
        text = context.text("SQL", "") if context.command.name == "RUNSQL" else ""
        if re.match(r"INSERT INTO QTEMP\.FLRSLT VALUES\('\d", text):
            raise Escape("SQL0913", "", "Row or object in use.")
        return go()

    stage.world.around_command = around


def test_a_restore_of_fewer_objects_is_none() -> None:
    edit = Edit("FLHIST.clle", "&HERE + 1 *LT &SAVED", "&HERE *LE &SAVED")
    with played((edit,)) as night:
        assert night.history() == ("OPEN", "")
        assert said(night, "FLE0036").endswith(": 16 < 16")
        assert len(list(night.stage.world.events.of("qusrbrm_restored"))) == 2  # production's own came back
        assert night.brms_state() == "*STRPRC"


NAMED = save21('library TAPMLB01 volumes "BRM001" and "BRM002" and "BRM003"')


def test_volumes_that_the_spec_names_go_out_and_come_in() -> None:
    with worked(NAMED) as night:
        assert night.run.good
        assert said(night, "FLO0187").endswith(": BRM001 BRM002 BRM003")
        assert said(night, "FLO0187") in mail(night)
        # Of incremental saves by BRMS nobody is told who does not use it
        assert (said(night, "FLO0188"), "BRMS" in mail(night)) == ("", False)
        assert said(night, "FLO0194") in mail(night)


def test_what_a_clone_that_died_may_have_written_is_told() -> None:
    with worked(NAMED, prepare=dies_saving) as night:
        assert "BRM001 BRM002 BRM003" in said(night, "FLE0021")
        assert "TAPMLB01" in said(night, "FLE0021")
        assert said(night, "FLE0021") in mail(night)


def test_a_save_that_lies_on_the_clones_own_disks_is_named() -> None:
    device: Change = (
        LIBRARIES,
        f'{LIBRARIES}\nvirtual_devices = [{{ name = "TAPVRT01", catalog = "NIGHT", volumes = ["VRT001"] }}]',
    )
    with worked(save21("virtual tape TAPVRT01 catalog NIGHT"), (device,)) as night:
        assert night.run.good
        assert said(night, "FLO0195").endswith(": TAPVRT01")
        assert said(night, "FLO0195") in mail(night)
    with worked(NAMED) as night:
        assert said(night, "FLO0195") == ""
