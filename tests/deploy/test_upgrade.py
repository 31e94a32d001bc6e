"""A newer version over an older one: what holds data gets what it lacks and keeps what it has; and back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from deploybench import FOLDER, LIB, LIBG, bundle_of, deployed_facts, night_behind
from flashc.bundle import Bundle
from flashc.cli.stage import Stage
from flashc.deploy.facts import Facts
from flashc.deploy.operations import Plan
from flashc.runbook.tables import TABLES, add_column, column_name, may_be_added
from flashtwin.objects import DataArea, DataQueue, Program, QueueEntry
from flashtwin.os400 import OperatingSystem
from flashtwin.site import Site
from flashtwin.site_load import load_site
from flashtwin.site_network import pinned_keys
from test_native_build import build, log, put
from test_plan import planned
from test_twin import Bench

RUN = "20260101203500"
SHORTER = {"FLRUNID": (28, 10), "FLBOOTRPT": (60, 50), "FLRUNQ": (400, 300)}
"""Lengths of this version, and of the older one of these tests."""


ADOPTED = {"FLTAKE": "*OWNER", "FLSTRENV": "*USER", "FLSAFE": "*USER"}
"""Programs of the older version that adopt otherwise than those of this one."""


def older(bundle: Bundle) -> Bundle:
    """An earlier version: without a column that came later, with areas and a queue that were shorter, and
    programs of which others adopted."""
    objects = []
    for one in bundle.manifest["objects"]:
        now, then = SHORTER.get(one["name"], (0, 0))
        create = [text.replace(f"LEN({now})", f"LEN({then})") if now else text for text in one["create"]]
        after = one["after"]
        if one["type"] == "*PGM" and one["name"] in ADOPTED:
            create, after = (
                [re.sub(r"USRPRF\(\S+\)", f"USRPRF({ADOPTED[one['name']]})", text) for text in texts]
                for texts in (create, after)
            )
        columns = [column for column in one["columns"] if "CLKOFF" not in column]
        objects.append(
            {**one, "create": create, "after": after, "columns": columns, "length": then or one["length"]}
        )
    manifest = {**bundle.manifest, "objects": objects, "flashc": "0.0.9"}
    script = bundle.files["FLTABLES.sql"].decode().replace("    CLKOFF INTEGER,\n", "")
    log_view = bundle.files["FLVLOG.sql"].decode().replace("R.CLKOFF", "0")
    files = {**bundle.files, "FLTABLES.sql": script.encode(), "FLVLOG.sql": log_view.encode()}
    return replace(bundle, files=files, manifest=manifest)


# -- the plan ----------------------------------------------------------------------------------------


def upgrades(found: Plan) -> list[tuple[str, str, str]]:
    """What a plan does to what holds data."""
    return [(x.kind, x.name, x.why) for x in found.operations if x.kind in ("table", "length")]


def without(facts: Facts, *columns: str) -> Facts:
    """A partition whose FLRUN lacks columns."""
    name = f"{LIB}/FLRUN"
    return replace(facts, columns={**facts.columns, name: facts.columns[name] - set(columns)})


def test_missing_columns_are_added_before_the_views_and_programs_that_read_them(bundle: Bundle) -> None:
    facts = without(deployed_facts(older(bundle)), "CLKOFF", "RESUME")
    found = planned(bundle, facts)
    (table,) = [x for x in found.operations if x.kind == "table"]
    assert (table.name, table.act, table.why) == (
        f"{LIB}/FLRUN *FILE",
        "change",
        "columns RESUME, CLKOFF missing",
    )
    assert [c.text for c in table.commands] == [
        f"RUNSQL SQL('ALTER TABLE {LIB}.FLRUN ADD COLUMN {column}') COMMIT(*NONE) NAMING(*SQL)"
        for column in ("RESUME DECIMAL(9, 3)", "CLKOFF INTEGER")
    ]
    names = [x.name for x in found.operations]
    assert names.index(table.name) < names.index(f"{LIB}/FLVLOG *FILE")


def test_what_every_version_has_had_is_not_added(bundle: Bundle) -> None:
    found = planned(bundle, without(deployed_facts(bundle), "STATE"))
    assert upgrades(found) == []
    assert "FLRUN *FILE lacks what it has had from the first version on (STATE)" in found.refused[0].text


def test_a_column_of_a_newer_version_is_left_alone(bundle: Bundle) -> None:
    facts = deployed_facts(bundle)
    name = f"{LIB}/FLRUN"
    newer = replace(facts, columns={**facts.columns, name: facts.columns[name] | {"NEWER"}})
    assert planned(bundle, newer).operations == ()


def test_a_constant_in_a_column_is_quoted_for_cl() -> None:
    column = "KIND CHAR(1) NOT NULL DEFAULT 'R'"
    assert may_be_added(column)
    assert "ADD COLUMN KIND CHAR(1) NOT NULL DEFAULT ''R'''" in add_column(LIB, "FLRUN", column)


def test_what_is_too_short_is_made_longer_by_the_new_program(bundle: Bundle) -> None:
    newer = replace(bundle, files={**bundle.files, "FLJRNL.clle": bundle.files["FLJRNL.clle"] + b"\n"})
    found = planned(newer, deployed_facts(older(bundle)))
    assert upgrades(found) == [
        ("length", f"{LIB}/FLRUNID *DTAARA", "has 10 characters and needs 28; it keeps what it holds"),
        ("length", f"{LIBG}/FLBOOTRPT *DTAARA", "has 50 characters and needs 60; it keeps what it holds"),
        ("length", f"{LIB}/FLRUNQ *DTAQ", "its definition has changed; it needs 400 characters"),
    ]
    names = [x.name for x in found.operations]
    assert names.index(f"{LIB}/FLJRNL *PGM") > names.index(f"{LIB}/FLRUNQ *DTAQ")
    (call,) = next(x for x in found.operations if x.name == f"{LIB}/FLRUNID *DTAARA").commands
    assert call.text == f"CALL PGM({LIB}/FLLONGER) PARM('{LIB}' 'FLRUNID' '*DTAARA' 28)"
    # the report of the guard is kept, so nobody has to look at it again
    assert not any(x.kind == "guard" for x in found.operations)


def test_what_is_longer_than_this_version_needs_stays(bundle: Bundle) -> None:
    facts = deployed_facts(bundle)
    found = planned(older(bundle), facts)
    assert [x[1] for x in upgrades(found)] == [f"{LIB}/FLRUNQ *DTAQ"]  # FLLONGER finds it long enough


@pytest.mark.parametrize(
    ("stays", "before", "told"), [(True, "0.0.9", 1), (True, "", 0), (False, "0.0.9", 0)]
)
def test_a_clone_that_may_be_on_with_the_version_before_is_told(
    bundle: Bundle, stays: bool, before: str, told: int
) -> None:
    facts = deployed_facts(bundle)
    assert facts.record is not None
    about = {**facts.record.about, "flashc": before or bundle.manifest["flashc"]}
    environments = [{**one, "stays": stays} for one in bundle.manifest["environments"]]
    newer = replace(bundle, manifest={**bundle.manifest, "environments": environments})
    found = planned(newer, replace(facts, record=replace(facts.record, about=about)))
    assert [one.severity for one in found.findings] == ["attention"] * told
    for one in found.findings:
        assert "Clone SISTPROD_24, if it is on, goes on with flashc 0.0.9" in one.text


def test_an_interrupted_lengthening_is_gone_on_with_and_nothing_made_in_its_place(bundle: Bundle) -> None:
    facts = deployed_facts(bundle)
    names = (facts.objects[LIB] or frozenset()) - {"FLRUNID.DTAARA"} | {"XLRUNID.DTAARA"}
    found = planned(bundle, replace(facts, objects={**facts.objects, LIB: names}))
    assert [(x.kind, x.name, x.why) for x in found.operations] == [
        ("length", f"{LIB}/FLRUNID *DTAARA", "its lengthening was interrupted")
    ]


FIRST = {
    "FLJRN": "RUN SIDE SEQ TS KIND CODE MSGID TXT",
    "FLRUN": "RUN ENV STATE RESULT STARTED ENDED SUSPENDED QUIESCE HOLD RESUME CLKOFF",
    "FLLCK": "NAME RUN JOB",
}
"""The columns of 0.1."""

LENGTHS = {"FLR0056": 256, "FLT0056": 256, "FLRUNID": 28, "FLBOOTRPT": 60, "FLPRVSTR": 20, "FLRUNQ": 400}
"""The lengths of 0.1."""


def test_what_0_1_has_made_can_become_what_this_version_needs(bundle: Bundle) -> None:
    for table in TABLES:
        first = FIRST.get(table.name, "").split()
        names = [column_name(one) for one in table.columns]
        assert names[: len(first)] == first
        assert all(may_be_added(one) for one in table.columns[len(first) :] if first)
    now = {one["name"]: one["length"] for one in bundle.manifest["objects"]}
    assert all(now[name] >= length for name, length in LENGTHS.items())


# -- in the twin -------------------------------------------------------------------------------------


def area(system: OperatingSystem, library: str, name: str) -> DataArea:
    found = system.image.find(library, name, "*DTAARA")
    assert isinstance(found, DataArea)
    return found


def queue(system: OperatingSystem) -> DataQueue:
    found = system.image.find(LIB, "FLRUNQ", "*DTAQ")
    assert isinstance(found, DataQueue)
    return found


def live_with(system: OperatingSystem) -> None:
    """What the older version has written down: the last run, the guard's report."""
    area(system, LIB, "FLRUNID").value = RUN[:10].encode("cp037")
    report = area(system, LIBG, "FLBOOTRPT")
    report.value, report.private["QPGMR"] = b"\xd7" * 50, "*CHANGE"


def rows(system: OperatingSystem, sql: str) -> list[tuple[Any, ...]]:
    """What is in the tables and views."""
    return system.image.database.connection.execute(sql).fetchall()


def columns_of_runs(system: OperatingSystem) -> list[str]:
    return [one[1] for one in rows(system, f'PRAGMA table_info("{LIB}.FLRUN")')]


INSERT = (
    f"RUNSQL SQL('INSERT INTO {LIB}.FLRUN (RUN, ENV, STATE, RESULT, STARTED) VALUES(''{RUN}'', ''DAILY'', "
    f"''CLOSED'', ''COMPLETED'', ''{RUN}'')') COMMIT(*NONE) NAMING(*SQL)"
)


def is_upgraded(system: OperatingSystem) -> None:
    """Everything is as this version needs it, and holds what the older one wrote."""
    run_id, report = area(system, LIB, "FLRUNID"), area(system, LIBG, "FLBOOTRPT")
    assert (run_id.length, run_id.value) == (28, RUN[:10].ljust(28).encode("cp037"))
    assert (report.length, report.value) == (60, b"\xd7" * 50 + b"\x40" * 10)
    assert (report.private, report.public) == ({"QPGMR": "*CHANGE"}, "*EXCLUDE")
    assert {run_id.owner, report.owner, queue(system).owner} == {"FLASHC"}
    assert (run_id.text, queue(system).max_length, queue(system).key_length) == (
        "Id of the last run",
        400,
        14,
    )
    assert columns_of_runs(system)[-1] == "CLKOFF"
    assert rows(system, f'SELECT RUN, CLKOFF FROM "{LIB}.FLRUN"') == [(RUN, None)]
    assert rows(system, f'SELECT RUN FROM "{LIB}.FLVRUN"') == [(RUN,)]
    assert not [
        name for lib in (LIB, LIBG) for name, _ in system.image.libraries[lib].objects if name[0] == "X"
    ]


@pytest.fixture
def bench(root: Path, tmp_path: Path) -> Iterator[Bench]:
    """Production with the host keys pinned."""
    made = Bench(root, tmp_path, (root / "examples/nightly_brms.site.toml").read_text())
    made.ready()
    yield made
    made.gate.close()


def test_a_deployment_upgrades_an_older_one_and_back(
    bench: Bench, bundle: Bundle, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bench.deploy(older(bundle)).complete
    assert columns_of_runs(bench.system)[-1] == "RESUME"
    live_with(bench.system)
    assert bench.cl(INSERT, "FLASHC")
    assert bench.flashc("plan") == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert f"table {LIB}/FLRUN *FILE column CLKOFF missing" in shown
    assert f"length {LIB}/FLRUNID *DTAARA has 10 characters and needs 28" in shown
    # stopped half-way by what is in use, it goes on
    queue(bench.system).entries.append(QueueEntry(b"", b"END", "somebody"))
    stopped = bench.deploy(bundle).failure
    assert stopped is not None
    assert "is not empty: it stays as it is" in stopped.messages[-1].text
    assert queue(bench.system).max_length == 300
    queue(bench.system).entries.clear()
    assert bench.flashc("deploy", "--yes") == 0
    is_upgraded(bench.system)
    assert bench.flashc("plan", "--detailed-exitcode") == 0
    # the older version works with what the newer one has added
    back = bench.deploy(older(bundle))
    assert back.complete
    assert "table" not in {one.kind for one in back.done}
    is_upgraded(bench.system)
    assert bench.deploy(older(bundle)).plan.operations == ()


def adopts(system: OperatingSystem, library: str, name: str) -> bool:
    found = system.image.find(library, name, "*PGM")
    assert isinstance(found, Program)
    return found.adopts


def test_programs_adopt_as_this_version_says_whatever_those_before_did(bench: Bench, bundle: Bundle) -> None:
    """A compiler that replaces a program keeps what the one before adopted."""
    assert bench.deploy(older(bundle)).complete
    assert (adopts(bench.system, LIB, "FLTAKE"), adopts(bench.system, LIB, "FLSTRENV")) == (True, False)
    assert not adopts(bench.system, LIBG, "FLSAFE")
    assert bench.cl(f"CHGSYSVAL SYSVAL(QSTRUPPGM) VALUE('FLBOOT {LIBG}')")
    assert bench.deploy(bundle).complete
    assert (adopts(bench.system, LIB, "FLTAKE"), adopts(bench.system, LIB, "FLSTRENV")) == (False, True)
    # the guard stays as it is until it is asked for
    assert not adopts(bench.system, LIBG, "FLSAFE")
    assert bench.deploy(bundle, guard=True).complete
    assert adopts(bench.system, LIBG, "FLSAFE")


@pytest.fixture(scope="module")
def site(root: Path) -> Site:
    """The site of the example."""
    return load_site((root / "examples/nightly_brms.site.toml").read_text())


def test_flbuild_upgrades_as_well_interrupted_or_not(bench: Bench, bundle: Bundle, site: Site) -> None:
    world, system = bench.world, bench.system
    assert bench.deploy(older(bundle)).complete
    live_with(system)
    assert bench.cl(INSERT, "FLASHC")
    # as FLLONGER leaves it where it is interrupted behind the removal of the short one
    assert bench.cl(f"RNMOBJ OBJ({LIB}/FLRUNID) OBJTYPE(*DTAARA) NEWOBJ(XLRUNID)", "FLASHC")
    waiting = area(system, LIB, "XLRUNID")
    waiting.length, waiting.value = 28, RUN[:10].ljust(28).encode("cp037")
    # what an older version, or somebody, let the public do
    assert bench.cl(f"GRTOBJAUT OBJ({LIB}/FLUNDO) OBJTYPE(*PGM) USER(*PUBLIC) AUT(*USE)")
    assert bench.cl(f"RVKOBJAUT OBJ({LIB}/FLSTRENV) OBJTYPE(*CMD) AUTL({LIB})")
    put(system, bundle, pinned_keys(site).encode())
    for _ in range(2):
        assert build(world, system).ok, log(system)
        is_upgraded(system)
        allowed = {
            (name, type_): (one.public, one.secured_by)
            for name, type_ in (("FLUNDO", "*PGM"), ("FLSTRENV", "*CMD"), ("FLSTRENV", "*PGM"))
            if (one := system.image.find(LIB, name, type_)) is not None
        }
        assert allowed == {
            ("FLUNDO", "*PGM"): ("*EXCLUDE", ""),
            ("FLSTRENV", "*CMD"): ("*AUTL", LIB),
            ("FLSTRENV", "*PGM"): ("*AUTL", LIB),
        }


def test_the_night_after_an_upgrade_completes(
    root: Path, bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lived(stage: Stage) -> None:
        assert stage.command("FLASHC", INSERT).ok

    run = night_behind(root, monkeypatch, bundle, older(bundle), lived)
    assert run.result == "completed", run.detail
    assert all(one.held for one in run.invariants)


# -- FLBUILD beside deployments ----------------------------------------------------------------------


def by_hand(bench: Bench, bundle: Bundle, site: Site, guard: str = "*KEEP") -> None:
    """Somebody builds this bundle on the partition."""
    put(bench.system, bundle, pinned_keys(site).encode())
    assert build(bench.world, bench.system, guard=guard).ok, log(bench.system)


def test_a_deployment_does_not_take_what_flbuild_has_made_for_its_own(
    bench: Bench, bundle: Bundle, site: Site
) -> None:
    before = older(bundle)
    assert bench.deploy(before).complete
    by_hand(bench, bundle, site)
    assert not adopts(bench.system, LIB, "FLTAKE")
    # the record of the installation is that of the older version
    again = bench.deploy(before)
    assert again.complete
    assert adopts(bench.system, LIB, "FLTAKE")
    (taken,) = [one for one in again.done if one.name == f"{FOLDER}/src/FLBUILD.json"]
    assert (taken.act, taken.why) == ("remove", "FLBUILD has made programs since the last deployment")
    assert bench.deploy(before).plan.operations == ()


def test_what_a_guard_that_flbuild_has_made_knows_is_known(
    bench: Bench, bundle: Bundle, example: str, site: Site
) -> None:
    pair = "serial 78ABC12 lpar 24", "serial 78ABC12 lpar 24\n    identity serial 65DEF34 lpar 3"
    both = bundle_of(example.replace(*pair))
    assert bench.deploy(both).complete
    assert bench.cl(f"CHGSYSVAL SYSVAL(QSTRUPPGM) VALUE('FLBOOT {LIBG}')")
    by_hand(bench, bundle, site, "*GUARD")
    # its programs know the one pair only now, whatever was deployed before
    refused = bench.deploy(both).plan.refused
    assert ["serial 65DEF34 partition 3" in one.text for one in refused] == [True]
    assert bench.deploy(bundle).complete
    refused = bench.deploy(both).plan.refused
    assert ["serial 65DEF34 partition 3" in one.text for one in refused] == [True]
    assert bench.deploy(both, guard=True).complete
    assert bench.deploy(both).plan.operations == ()


def test_a_guard_that_flbuild_has_left_is_known_as_before(bench: Bench, bundle: Bundle, site: Site) -> None:
    assert bench.deploy(bundle).complete
    assert bench.cl(f"CHGSYSVAL SYSVAL(QSTRUPPGM) VALUE('FLBOOT {LIBG}')")
    by_hand(bench, bundle, site)
    again = bench.deploy(bundle)
    assert again.complete
    assert not [one for one in again.plan.findings if LIBG in one.text]
