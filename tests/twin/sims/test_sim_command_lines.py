"""The simulated DSCLI and SYMCLI: what they refuse, and the answers whose form the facts give."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flashtwin.build import build_machines
from flashtwin.image import SystemImage
from flashtwin.sims.ds8000 import Ds8000
from flashtwin.sims.dscli import Dscli
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.powermax import PowerMax
from flashtwin.sims.server import Connection
from flashtwin.sims.symcli import Symcli
from flashtwin.site_load import read_site
from flashtwin.world import World

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
LOG_IN = "-hmc1 10.1.0.30 -user flashc -pwfile /keys/ds8900.pw"
PAIRS = "1000:1100 1001:1101 1200:1300 1201:1301"
SYM = "/usr/symcli/bin/symsnapvx -sid 000197900123"
Ask = Callable[[str], Outcome]


class Nobody:
    """A wire that goes nowhere."""

    def greet(self) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""


def _world(name: str, folder: Path) -> World:
    world = build_machines(read_site(EXAMPLES / name), folder / "world")
    image = SystemImage("SISTPROD", folder / "ifs")
    image.ifs.mkdir()
    for volume in world.partition("SISTPROD").volumes:
        volume.image = image
    return world


def _done(world: World, outcome: Outcome) -> Outcome:
    world.scheduler.run(until=world.now + outcome.duration_s)
    return (outcome.effect() if outcome.effect else None) or outcome


@pytest.fixture
def system(tmp_path: Path) -> Ds8000:
    found = _world("nightly_dscli.site.toml", tmp_path).arrays["DS8900"]
    assert isinstance(found, Ds8000)
    return found


def _session(system: Ds8000, log_in: str = LOG_IN) -> tuple[Outcome, Ask]:
    door = Dscli(system)
    connection = Connection(door.server(), 1, Nobody())

    def ask(line: str) -> Outcome:
        return _done(system.world, door.take(connection, line))

    return ask(log_in), ask


@pytest.mark.parametrize(
    ("log_in", "status"),
    [
        (LOG_IN, 0),
        (LOG_IN.replace("ds8900.pw", "other.pw"), 5),
        (LOG_IN.replace("flashc", "nobody"), 5),
        (LOG_IN.replace("10.1.0.30", "10.9.9.9"), 3),
        (LOG_IN.replace("-pwfile /keys/ds8900.pw", "-passwd secret"), 2),
    ],
)
def test_a_log_in_that_fails_ends_dscli_with_its_status(system: Ds8000, log_in: str, status: int) -> None:
    assert _session(system, log_in)[0].status == status


def test_a_list_is_as_the_session_has_set_it(system: Ds8000) -> None:
    _, ask = _session(system)
    assert ask("lssi").out.startswith("Date/Time: ")
    ask("setoutput -fmt delim -delim | -p off -hdr on -v off -bnr off")
    head, rule, row = ask("lsflash -dev IBM.2107-75ABC11 -l 1100").out.splitlines()
    assert head.startswith("ID|SrcLSS|SequenceNum|Timeout|ActiveCopy|Recording|Persistent|Revertible|")
    assert set(rule) == {"="}
    assert row.split("|")[head.split("|").index("State")] == "Valid"
    assert ask("lsfbvol -l 00FF").out == "CMUC00234I lsfbvol: No FB Volume found.\n"


def test_dscli_refuses_what_it_does_not_know_and_waits_where_it_asks(system: Ds8000) -> None:
    _, ask = _session(system)
    for line in ("format all", "mkflash -force 1000:1100", "lssi -dev IBM.2107-75ZZZ99", "mkflash"):
        assert " " in ask(line).out.partition("E ")[2], line
    assert ask(f"rmflash {PAIRS}").hang


def test_of_several_pairs_some_may_fail_and_a_refresh_waits_for_the_copy(system: Ds8000) -> None:
    _, ask = _session(system)
    assert ask(f"rmflash -quiet {PAIRS}").out.count("CMUC00140I") == 4
    said = ask(f"mkflash -freeze -record -persist -cp -tgtse {PAIRS} 1000:9999").out
    assert (said.count("CMUC00137I"), said.count("E ")) == (4, 1)
    assert set(system.held) == {"10", "12"}
    assert ask("unfreezeflash 10 12").out.count("CMUC00172I") == 2
    assert not system.held
    refresh = f"resyncflash -freeze -record -persist -cp -tgtse {PAIRS}"
    assert ask(refresh).out.count("background copy has not ended") == 4
    system.world.scheduler.run(until=system.world.now + system.config.copy)
    assert ask(refresh).out.count("CMUC00168I") == 4


def test_one_relation_of_a_source_records_changes(system: Ds8000) -> None:
    _, ask = _session(system)
    ask(f"rmflash -quiet {PAIRS}")
    assert "CMUC00137I" in ask("mkflash -record -persist -cp -tgtse 1000:1100").out
    assert "records changes" in ask("mkflash -record -persist -cp -tgtse 1000:1101").out
    assert "CMUC00137I" in ask("mkflash -persist -nocp -tgtse 1000:1101").out


def test_a_target_whose_space_is_released_takes_no_copy_for_a_while(system: Ds8000) -> None:
    _, ask = _session(system)
    ask("rmflash -quiet -tgtreleasespace 1000:1100")
    assert "being released" in ask("mkflash -persist -nocp -tgtse 1000:1100").out
    system.world.scheduler.run(until=system.world.now + system.config.clean)
    assert "CMUC00137I" in ask("mkflash -persist -nocp -tgtse 1000:1100").out


@pytest.fixture
def array(tmp_path: Path) -> PowerMax:
    found = _world("nightly_symcli.site.toml", tmp_path).arrays["PMAX"]
    assert isinstance(found, PowerMax)
    return found


@pytest.fixture
def sym(array: PowerMax) -> Ask:
    door = Symcli(array)
    return lambda line: _done(array.world, door.handle("flashc", line))


def test_generations_move_with_each_snapshot(sym: Ask) -> None:
    assert sym(f"{SYM} -sg SISTPROD -name FLASHC establish -nop").status == 0
    text = sym(f"{SYM} -sg SISTPROD -snapshot_name FLASHC list -detail -output xml_e").out
    rows = ElementTree.fromstring(text).findall("SG/Snapvx/Snapshot")
    told = {(row.findtext("generation"), row.findtext("link")) for row in rows}
    assert told == {("0", "No"), ("1", "Yes")}
    refused = sym(f"{SYM} -sg SISTPROD -snapshot_name FLASHC -generation 1 terminate -nop")
    assert (refused.status, "linked" in refused.err) == (1, True)


def test_an_instant_that_nobody_shows_is_gone_when_it_is_terminated(sym: Ask, array: PowerMax) -> None:
    sym(f"{SYM} -sg SISTPROD -name FLASHC establish -nop")
    sym(f"{SYM} -sg SISTPROD -snapshot_name FLASHC -generation 0 terminate -nop")
    told = [event["word"] for event in array.world.events.of("group_state", system="PMAX")]
    assert told[-2:] == ["TAKEN", "ACTIVE"]


def test_symcli_refuses_what_it_does_not_know_and_waits_where_it_asks(sym: Ask) -> None:
    assert sym("/usr/symcli/bin/symfoo list").status == 127
    assert sym(f"{SYM} -sg SISTPROD -name A;B establish -nop").status != 0
    assert sym(f"{SYM} -sg NOSUCH -name A establish -nop").status == 1
    assert sym(f"{SYM} -sg SISTPROD -name A establish -val 3 -nop").status == 21
    assert sym(f"{SYM} -sg SISTPROD -name A establish").hang
    assert sym(f"{SYM.replace('0123', '9999')} list -detail -output xml_e").status == 1
    assert sym(f"{SYM} -sg SISTPROD -snapshot_name NONE list -detail -output xml_e").status == 1
