"""`keep runs`: what a run removes at its end, and what stays."""

from __future__ import annotations

from pathlib import Path

from flashc.cli.stage import Stage
from flashtwin.ifs import host_path
from nights import Change, Played, example, played, rows

KEEPS: tuple[Change, ...] = (("    boot within 90m\n", "    boot within 90m\n    keep runs 30d\n"),)
OLD, OPEN, YOUNG, BY_HAND = "20261001203500", "20261002203500", "20261101203500", "20261003120000"


def folder(stage: Stage, run: str, name: str) -> Path:
    return host_path(stage.image, f"/flashc/BCKFLASHP/{name}/{run}")


def before(stage: Stage) -> None:
    """Runs of the autumn: one to be removed, one that is open, one that is young; and a request by hand."""
    for run, env, state, ended in (
        (OLD, "DAILY", "CLOSED", "20261001221500"),
        (OPEN, "DAILY", "OPEN", ""),
        (YOUNG, "DAILY", "CLOSED", "20261101221500"),
        (BY_HAND, "*ENDCLN", "CLOSED", "20261003120100"),
    ):
        ends = f"'{ended}'" if ended else "NULL"
        for statement in (
            "INSERT INTO BCKFLASHP.FLRUN (RUN, ENV, STATE, RESULT, STARTED, ENDED) "
            f"VALUES('{run}', '{env}', '{state}', 'COMPLETED', '{run}', {ends})",
            "INSERT INTO BCKFLASHP.FLJRN (RUN, SIDE, SEQ, TS, KIND, CODE, MSGID, TXT) "
            f"VALUES('{run}', 'S', 1, '2026-10-01-20.35.00.000000', 'R', 'O99', 'FLO0099', 'Result')",
        ):
            text = statement.replace("'", "''")
            assert stage.command("FLASHC", f"RUNSQL SQL('{text}') COMMIT(*NONE) NAMING(*SQL)").ok
        for name, file in (("inbox", "qhst.txt"), ("runs", "notes.txt"), ("runs", "array.json")):
            folder(stage, run, name).mkdir(parents=True, exist_ok=True)
            (folder(stage, run, name) / file).write_text("{}")


def known(night: Played) -> list[set[str]]:
    """The runs in the history, in the journal, and those with something in the inbox."""
    found = [{str(row[0]) for row in rows(night.stage, name, "RUN")} for name in ("FLRUN", "FLJRN")]
    inbox = host_path(night.stage.image, "/flashc/BCKFLASHP/inbox")
    return [*found, {one.name for one in inbox.iterdir()}]


def test_a_run_removes_what_is_kept_no_longer() -> None:
    with played(spec=KEEPS, prepare=before) as night:
        assert night.run.good
        # The one by hand is kept as long as any, 30 days here.
        now = {OPEN, YOUNG, night.started.run}
        assert known(night) == [now, now, now]
        (told,) = [step.text for step in night.run.steps if step.code == "O98"]
        assert told.endswith(": 2")
        # Whose a copy is must be known as long as there is the copy.
        assert [one.name for one in folder(night.stage, OLD, "runs").iterdir()] == ["array.json"]
        listing = night.stage.command("FLASHC", "BCKFLASHP/FLDSPHST OUTPUT(*PRINT)")
        assert listing.ok
        assert not night.stage.command("FLASHC", f"BCKFLASHP/FLDSPLOG RUN({OLD}) OUTPUT(*PRINT)").ok


def test_what_cannot_be_removed_keeps_its_rows() -> None:
    def prepare(stage: Stage) -> None:
        before(stage)
        inbox = folder(stage, OLD, "inbox")
        (inbox / "qhst.txt").unlink()
        inbox.rmdir()
        inbox.write_text("a file in its place")
        (folder(stage, OLD, "runs") / "notes.txt").unlink()
        (folder(stage, OLD, "runs") / "notes.txt").mkdir()

    with played(spec=KEEPS, prepare=prepare) as night:
        assert night.run.good
        assert OLD in known(night)[0]
        assert BY_HAND not in known(night)[0]


def test_runs_are_kept_for_ninety_days_where_nothing_is_said() -> None:
    spec, bundle = example()
    assert spec.environments[0].keep_runs_s == 90 * 86400
    assert b"VALUE('2160')" in bundle.files["FLDDAILY.clle"]
    spec, bundle = example(KEEPS)
    assert spec.environments[0].keep_runs_s == 30 * 86400
    assert b"VALUE('720')" in bundle.files["FLDDAILY.clle"]
