"""Runs and state for other monitors."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json

import pytest
from flashc.records import export as to
from flashc.records.history import RunView, Volumes
from flashc.records.model import CloneFacts, CloneRecord, Holder, Now, Product
from flashc.records.status import Status, status

CLOCK = dt.datetime(2026, 11, 20, 8, 0)
CLONE = CloneFacts("SISTPROD_24", 56)
JOB = "142116/FLASHC/FLDDAILY"
DAY_S = 26 * 3600


def run(outcome: str, days_ago: float, environment: str = "DAILY") -> RunView:
    ended = CLOCK - dt.timedelta(days=days_ago)
    return RunView(
        run=ended.strftime("%Y%m%d%H%M%S"),
        environment=environment,
        operation="brms",
        outcome=outcome,
        detail="" if outcome == "completed" else 'O55 FLE0024 no "answer", twice',
        started=ended - dt.timedelta(hours=5),
        ended=ended if outcome != "open" else None,
        suspended=4.2,
        quiesce=3.0,
        hold=1.0,
        resume=0.2,
        verdicts=(),
        volumes=Volumes(written=("BRM001",), left=3),
    )


def now(phase: str = "CLOSED", *, alive: bool = True) -> Status:
    text = f"{'20261119203500'}{'DAILY':<10}{phase:<10}".ljust(40) + f"{'FLDDAILY':<10}{'FLASHC':<10}142116"
    record = CloneRecord(CLONE, text.ljust(256), "")
    product = Product("SISTPROD", "L", "LG", "/flashc/L", (), (CLONE,), ())
    return status(product, Now(CLOCK, (record,), (), (Holder("FLKWIN", JOB),) if alive else ()), ())


OPEN = [run("open", 0.1), run("completed", 1)]


@pytest.mark.parametrize(
    ("runs", "state", "level", "said"),
    [
        ([run("completed", 0.2)], now(), 0, "OK SISTPROD: DAILY completed 4h48m ago"),
        ([run("failed", 0.2), run("completed", 1)], now(), 1, "DAILY last run FAILED"),
        ([run("completed", 2)], now(), 2, "DAILY last completed 48h00m ago"),
        ([run("skipped", 0.2), run("completed", 1)], now(), 0, "completed 24h00m ago"),
        ([run("refused", 0.2)], now(), 2, "DAILY never completed"),
        ([], now(), 2, "DAILY never completed"),
        (OPEN, now("WATCH"), 0, "completed 24h00m ago"),
        (OPEN, now("WATCH", alive=False), 2, "nobody goes on"),
        (OPEN, now("WINDOW", alive=False), 2, "PRODUCTION MAY BE SUSPENDED"),
    ],
)
def test_what_alarms(runs: list[RunView], state: Status, level: int, said: str) -> None:
    found = to.states(["DAILY"], runs, state)
    ends, line = to.nagios_of(found, state, DAY_S)
    assert ends == level
    assert said in line
    assert "\n" not in line
    assert line.count("|") == (1 if runs else 0)
    document = json.loads(to.prtg_of(found, state, DAY_S))["prtg"]
    assert (document.get("error") == 1) == (level == 2)


def test_csv_is_quoted() -> None:
    rows = list(csv.reader(io.StringIO(to.csv_of([run("failed", 0.2), run("completed", 1)]))))
    assert rows[0] == list(to.COLUMNS)
    assert rows[1][-1] == 'O55 FLE0024 no "answer", twice'
    assert rows[2][3:4] + rows[2][7:11] == ["completed", "4.2", "3", "1", "0.2"]


def test_prometheus_has_times_of_whoever_asks() -> None:
    here = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
    state = now("WINDOW", alive=False)
    found = to.states(["DAILY", 'A"B'], [run("failed", 0.5), run("completed", 1)], state)
    lines = to.prometheus_of(found, state, here).splitlines()
    when = f"{here.timestamp() - 86400:.15g}"
    assert f'flashc_last_completed_seconds{{system="SISTPROD",environment="DAILY"}} {when}' in lines
    assert 'flashc_may_be_suspended{system="SISTPROD"} 1' in lines
    assert 'flashc_run_open{system="SISTPROD",environment="A\\"B"} 0' in lines
    names = [line.split()[2] for line in lines if line.startswith("# TYPE")]
    assert len(names) == len(set(names))
