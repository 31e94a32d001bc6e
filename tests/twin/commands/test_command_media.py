"""Volumes, categories, virtual devices, listings and the job log as a save and its program meet them."""

from __future__ import annotations

from pathlib import Path

import pytest
from commandbench import Bench, make_bench
from flashtwin.db2 import session
from flashtwin.errors import TwinError

HARDWARE = 'volumes = ["BRM001", "BRM002", "BRM003", "BRM004", "BRM005", "BRM006"]'
LIBRARIES = 'tape_libraries = [{ name = "TAPMLB01", hardware = "TS4300", drives = ["TAP01", "TAP02"] }]'
SAVE = "SAVOBJ OBJ(*ALL) LIB(APPLIB) DEV(TAPMLB01)"


@pytest.fixture
def bench(tmp_path: Path, site_text: str) -> Bench:
    """The example's evening with a category, small cartridges and a virtual device; TAPMLB01 is on."""
    text = site_text.replace('save = "4h50m"', 'save = "20m"')
    text = text.replace(
        HARDWARE,
        f'{HARDWARE}\nholds = "8m"\ncategories = [{{ name = "NIGHTLY", volumes = ["BRM004", "BRM005"] }}]',
    )
    virtual = 'virtual_devices = [{ name = "VRT01", catalog = "NIGHT", volumes = ["VRT001"] }]'
    made = make_bench(tmp_path / "world", text.replace(LIBRARIES, f"{LIBRARIES}\n{virtual}"))
    assert made.run("VRYCFG CFGOBJ(TAPMLB01) CFGTYPE(*DEV) STATUS(*ON)").escape == ""
    return made


def _used(bench: Bench) -> list[str]:
    return [str(event["volume"]) for event in bench.events("tape_written")]


def _escapes(bench: Bench, *commands: str) -> list[str]:
    """The escapes of these commands, entered one behind the other in one job."""
    lines = [f"{one}\nMONMSG MSGID(CPF0000)" for one in commands]
    done = bench.call("\n".join(["PGM", *lines, "ENDPGM"]), seconds=7200.0)
    assert done.end_code == 0, done.messages
    return done.ids("*ESCAPE")


def test_a_library_wants_volumes_or_a_category(bench: Bench) -> None:
    assert _escapes(bench, SAVE) == ["CPF6772"]
    assert _escapes(bench, f"{SAVE} VOL(BRM002 NOVOL1)") == ["CPF6772"]
    assert _escapes(bench, f"{SAVE} VOL(BRM002)") == []
    assert _used(bench) == ["BRM002"]


def test_a_save_goes_on_behind_the_one_before_until_the_volume_is_full(bench: Bench) -> None:
    # Each takes five minutes, a cartridge holds eight.
    again = f"{SAVE} VOL(BRM002 BRM003) CLEAR(*AFTER) ENDOPT(*LEAVE)"
    assert _escapes(bench, f"{SAVE} VOL(BRM002 BRM003) CLEAR(*ALL)", again) == []
    assert _used(bench) == ["BRM002", "BRM002", "BRM003"]
    assert _escapes(bench, again) == ["CPF6772"]
    assert _escapes(bench, f"{SAVE} VOL(BRM003)") == []
    assert _escapes(bench, f"{SAVE} VOL(BRM003)") == ["CPF6772"]
    assert _escapes(bench, f"{SAVE} VOL(BRM002) CLEAR(*ALL)") == []


def test_a_mounted_category_is_the_jobs(bench: Bench) -> None:
    mount = "SETTAPCGY DEV(TAPMLB01) OPTION(*MOUNTED) CGY(NIGHTLY)"
    assert _escapes(bench, mount, SAVE, SAVE) == []
    assert _used(bench) == ["BRM004", "BRM004", "BRM005"]
    assert _escapes(bench, SAVE) == ["CPF6772"]
    assert _escapes(bench, mount, "SETTAPCGY DEV(TAPMLB01) OPTION(*DEMOUNTED)", SAVE) == ["CPF6772"]
    wrong = (
        "SETTAPCGY DEV(TAPMLB01) OPTION(*MOUNTED) CGY(OTHER)",
        "SETTAPCGY DEV(TAP01) OPTION(*MOUNTED) CGY(NIGHTLY)",
        "SETTAPCGY DEV(TAPMLB01) OPTION(*DEMOUNTED)",
    )
    for command in wrong:
        assert _escapes(bench, command) == ["CPF9898"]


def test_a_virtual_device_has_the_volumes_of_its_catalog(bench: Bench) -> None:
    save = SAVE.replace("TAPMLB01", "VRT01")
    load = "LODIMGCLG IMGCLG(NIGHT) DEV(VRT01) OPTION(*LOAD)"
    assert _escapes(bench, load) == ["CPF9898"]
    on = "VRYCFG CFGOBJ(VRT01) CFGTYPE(*DEV) STATUS(*ON)"
    assert _escapes(bench, on, save) == ["CPF3767"]
    assert _escapes(bench, load, save) == []
    assert _used(bench) == ["VRT001"]
    assert _escapes(bench, load) == ["CPF9898"]
    unload = "LODIMGCLG IMGCLG(NIGHT) DEV(VRT01) OPTION(*UNLOAD)"
    assert _escapes(bench, unload, unload, save) == ["CPF9898", "CPF3767"]
    assert _escapes(bench, load.replace("NIGHT", "OTHER")) == ["CPF9898"]


def test_how_a_save_ended_is_told(bench: Bench) -> None:
    assert _escapes(bench, f"{SAVE} VOL(BRM002)") == []
    number = bench.start(f"{SAVE} VOL(BRM003)")
    bench.go(60)
    bench.os.work.kill(bench.jobs[number], 50)
    found = [(event["what"], event["result"]) for event in bench.events("tape_save")]
    assert found == [("SAVOBJ", "completed"), ("SAVOBJ", "ended")]


def test_spooled_files_take_the_name_of_an_override(bench: Bench) -> None:
    own = "OVRPRTF FILE(*PRTF) SPLFNAME(FLSAVE) OVRSCOPE(*JOB)"
    back = "DLTOVR FILE(*PRTF) LVL(*JOB)"
    printed = f"{SAVE} VOL(BRM002) OUTPUT(*PRINT)"
    assert _escapes(bench, own, printed, back, back, "DSPJOBLOG OUTPUT(*PRINT)") == ["CPF9841"]
    assert [one.name for one in bench.image.spooled][-2:] == ["FLSAVE", "QPJOBLOG"]
    with pytest.raises(TwinError):
        bench.run("OVRPRTF FILE(QPRINT) SPLFNAME(X) OVRSCOPE(*JOB)")


def test_the_job_log_by_sql(bench: Bench) -> None:
    job = bench.os.new_job("QUERY", "FLASHC")
    job.send(job.root, "*COMP", "CPC3722", "4 objects saved.")
    sql = "SELECT MESSAGE_ID, MESSAGE_TYPE FROM TABLE(QSYS2.JOBLOG_INFO('*')) AS L WHERE SEVERITY < 10"
    assert list(session(job).run(sql).rows) == [("CPC3722", "COMPLETION")]
    with pytest.raises(TwinError):
        session(job).run("SELECT MESSAGE_ID FROM QSYS2.JOBLOG_INFO")


def test_what_qcmdexc_has_run_is_recorded(bench: Bench) -> None:
    _escapes(bench, "CALL PGM(QSYS/QCMDEXC) PARM('DLYJOB DLY(1)' 13)")
    _escapes(bench, "CALL PGM(QSYS/QCMDEXC) PARM('HLDJOB JOB(1/A/B)' 17)")
    found = [(event["text"], event["escape"]) for event in bench.events("executed")]
    assert found == [("DLYJOB DLY(1)", ""), ("HLDJOB JOB(1/A/B)", "CPF1321")]
