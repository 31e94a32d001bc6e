"""Nights on partitions of other countries: code page, decimal comma, date format are those of the system.

docs/platform-facts.md#job-code-pages, docs/platform-facts.md#decimal-comma
"""

from __future__ import annotations

import json

import pytest
from flashc.cli.playing import rows
from flashtwin.job import INTERACTIVE
from flashtwin.objects import DataArea
from flashtwin.values import to_ebcdic
from nights import Change, played, staged

COUNTRIES = {
    "Germany": {"QCCSID": "65535", "QLANGID": "DEU", "QDECFMT": "J", "QDATFMT": "DMY", "QDATSEP": "."},
    "France": {"QCCSID": "297", "QLANGID": "FRA", "QDECFMT": "I", "QDATFMT": "DMY", "QDATSEP": "/"},
    "Spain": {"QCCSID": "1145", "QLANGID": "ESP", "QDECFMT": "J", "QDATFMT": "DMY", "QDATSEP": "-"},
    "Italy": {"QCCSID": "280", "QLANGID": "ITA", "QDECFMT": "J", "QDATFMT": "JUL", "QDATSEP": "/"},
    "Sweden": {"QCCSID": "278", "QLANGID": "SVE", "QDECFMT": "J", "QDATFMT": "YMD", "QDATSEP": "-"},
    "Britain": {"QCCSID": "285", "QLANGID": "ENG", "QDECFMT": " ", "QDATFMT": "DMY", "QDATSEP": "/"},
    "Turkey": {"QCCSID": "1026", "QLANGID": "TRK", "QDECFMT": "J", "QDATFMT": "DMY", "QDATSEP": "/"},
    "Japan": {"QCCSID": "5026", "QLANGID": "JPN", "QDECFMT": " ", "QDATFMT": "YMD", "QDATSEP": "/"},
}


def in_country(name: str) -> Change:
    """The change of the site that makes its system one of this country."""
    values = ", ".join(f"{key} = {json.dumps(value)}" for key, value in COUNTRIES[name].items())
    names = 'network_attributes = { SYSNAME = "SISTPROD" }\n'
    return names, f"{names}system_values = {{ {values} }}\n"


@pytest.mark.parametrize("country", COUNTRIES)
def test_a_night_completes_and_its_journal_can_be_read(country: str) -> None:
    with played((), (in_country(country),)) as night:
        assert (night.run.result, night.run.broken) == ("completed", ())
        told = [step.text for step in night.run.steps]
        assert [text for text in told if not text.isascii() and "…" not in text] == []
        # what the clone sends before its save as well
        assert any(step.code == "C15" for step in night.run.steps)
        (run,) = rows(night.stage, "FLRUN", "RUN")
        suspended, *parts = run[6:10]
        assert suspended == pytest.approx(sum(parts))
        assert suspended == pytest.approx(night.run.suspended_seconds, abs=0.01)


@pytest.mark.parametrize("form", ["DMY", "MDY", "YMD", "JUL"])
def test_dates_of_a_schedule_are_those_of_the_spec_in_every_date_format(form: str) -> None:
    every = "    every day at 20:35\n"
    names = 'network_attributes = { SYSNAME = "SISTPROD" }\n'
    with staged(
        changes=((names, f'{names}system_values = {{ QDATFMT = "{form}" }}\n'),),
        spec=((every, f"    on 2026-12-31 at 18:00\n{every}    except on 2026-12-25 and 2027-01-06\n"),),
    ) as stage:
        dates = {(entry.date, entry.omit) for entry in stage.image.schedule if entry.name == "FLDDAILY"}
    assert dates == {("20261231", ()), ("*NONE", ("20261225", "20270106"))}


@pytest.mark.parametrize(
    "command", ["FLCHKENV ENV(DAILY)", "FLRCVENV ENV(DAILY)", "FLRCVENV ENV(DAILY) OPTION(*UNDO)", "FLDSPLOG"]
)
def test_a_command_that_a_katakana_job_would_not_understand_says_how_to_enter_it(command: str) -> None:
    with staged() as stage:
        record = stage.image.find("BCKFLASHP", "FLR0056", "*DTAARA")
        assert isinstance(record, DataArea)
        record.value = to_ebcdic("20261118203500DAILY     UNDO".ljust(record.length))
        job = stage.system.new_job("QPADEV0002", "QSECOFR", INTERACTIVE)
        job.ccsid = 5026
        task = stage.world.scheduler.spawn("session", job.perform(f"BCKFLASHP/{command}"))
        stage.world.scheduler.run(until=stage.world.now + 600, stop=lambda: task.ended)
        (said,) = [message.text for message in job.root.queue if message.type == "*ESCAPE"]
        assert said == "CHGJOB CCSID(37) first: small letters are elsewhere in CCSID 5026"
        # nothing of it was written in a code page that nobody can read
        assert rows(stage, "FLJRN", "RUN") == []
