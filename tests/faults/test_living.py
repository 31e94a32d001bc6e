"""A clone that lives on: it becomes another system or is not opened at all, and no run takes it away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flashc.cli.stage import Stage
from flashtwin.scheduler import Body, sleep
from flashtwin.world import Partition, Profile
from living import (
    ADDRESS,
    CLONE,
    NAME,
    broken,
    clone_of,
    fails_on_clone,
    go,
    living,
    safe,
    stage_of,
    system_of,
    told,
)
from nights import Change, Edit

RUNNING: Change = ("leave clone handed over", "leave clone running")


def test_handed_over_refused_given_back() -> None:
    with living() as night:
        assert night.run.result == "completed", night.run.detail
        assert broken(night) == []
        codes = [step.code for step in night.run.steps]
        assert codes.index("C50") > codes.index("C59") > codes.index("C55") > codes.index("C51")
        assert codes.index("O91") > codes.index("C67")
        assert "O92" in codes
        go(night, 1)
        system = system_of(night)
        assert system.image.network_attributes["SYSNAME"] == NAME
        assert set(system.network.interfaces) == {ADDRESS}
        assert [(r.destination, r.via) for r in system.image.routes] == [("*DFTROUTE", "10.9.0.1")]
        assert [entry.name for entry in system.image.schedule if not entry.held] == ["FLEXPIRE"]
        assert {"QINTER", "QBATCH"} <= set(system.work.subsystems)
        assert "lives on as TESTSYS; nothing forbidden was active" in told(system)
        # S4 and S12 look at all that has happened since.
        assert broken(night) == []

        refused = night.next_night()
        assert (refused.result, refused.detail[:11]) == ("refused", "O04 FLE0090")
        assert "SISTPROD_24 since 202611182041 for minutes: 7200" in refused.detail
        assert clone_of(night).os is system
        assert not night.stage.command("FLASHC", "BCKFLASHP/FLCHKENV ENV(DAILY)").ok

        assert night.recover("*GIVENBACK").ok
        again = night.next_night()
        assert again.result == "completed", again.detail
        assert clone_of(night).os is not system


def test_nothing_is_left_of_production_s_network_whatever_it_is() -> None:
    """Interfaces of IPv6, some that are given their address, routes with a preferred binding interface."""
    network: Change = (
        'routes = [{ via = "10.1.0.1" }]\ninterfaces = [\n',
        """\
routes = [
    { via = "10.1.0.1" },
    { via = "10.1.0.1", bound = "10.1.0.5" },
    { via = "10.1.0.254", destination = "10.7.0.0", mask = "255.255.0.0", bound = "10.1.0.5" },
]
interfaces = [
    { address = "2001:db8:7a:10:250:56ff:fe9a:1bc2", line = "ETHLINE" },
    { address = "*IP6SAC", line = "ETHLINE" },
    { address = "*IP4DHCP", line = "ETHLINE", active = false },
""",
    )
    with living(site=(network,)) as night:
        assert night.run.result == "completed", night.run.detail
        image = system_of(night).image
        assert set(image.interfaces) == {ADDRESS, "192.168.99.16"}
        assert [(route.destination, route.via) for route in image.routes] == [("*DFTROUTE", "10.9.0.1")]
        removed = [step.text for step in night.run.steps if step.code == "C57"]
        assert len(removed) == 3 + 5, removed
        assert broken(night) == []


def test_when_its_time_is_over_the_clone_ends_and_the_next_run_takes_it() -> None:
    with living(("5d", "12h")) as night:
        go(night, 8)
        assert system_of(night).image.network_attributes["SYSNAME"] == NAME
        go(night, 1)
        assert clone_of(night).state == "Not Activated"
        # Somebody starts it again: its time is over all the same.
        clone_of(night).power_on("clone")
        go(night, 0.7)
        assert safe(system_of(night))
        assert "The time of this clone is over" in told(system_of(night))
        assert night.next_night().result == "completed"


def test_without_handing_over_the_next_run_ends_it() -> None:
    with living(RUNNING) as night:
        assert broken(night) == []
        assert night.next_night().result == "completed"


def test_it_starts_again_and_elsewhere_it_does_not() -> None:
    with living() as night:
        clone, world = clone_of(night), night.stage.world
        go(night, 1)
        clone.power_off("osshutdown-immed")
        go(night, 0.2)
        clone.power_on("clone")
        go(night, 1)
        assert set(system_of(night).network.interfaces) == {ADDRESS}
        assert "QINTER" in system_of(night).work.subsystems
        assert broken(night) == []
        # Its disks on another partition: another identity.
        clone.power_off("shutdown-immed")
        go(night, 0.2)
        other = world.add_partition(clone.managed_system, 57, "ELSEWHERE")
        other.profiles["clone"] = Profile("clone", (99, 5))
        other.volumes = clone.volumes
        other.power_on("clone")
        go(night, 0.7)
        assert other.os is not None
        assert safe(other.os)


@pytest.mark.parametrize(
    ("command", "word", "code"),
    [
        ("HLDJOBSCDE", "", "C51 FLE0091"),
        ("CHGSBSD", "", "C54 FLE0094"),
        ("CHGNETA", "", "C55 FLE0095"),
        ("RMVTCPIFC", "10.1.0.5", "C57 FLE0097"),
        ("ADDTCPRTE", "", "C58 FLE0098"),
    ],
)
def test_one_thing_not_done_and_the_clone_is_not_opened(command: str, word: str, code: str) -> None:
    with living(prepare=fails_on_clone(command, word)) as night:
        run = night.run
        assert run.result == "failed"
        assert [f"{s.code} {s.msgid}" for s in run.steps if s.kind == "note"][-2:] == [code, "O91 FLE0100"]
        assert broken(night) == []
        system = system_of(night)
        assert stage_of(system.image) == "DELIVERED"
        assert system.image.network_attributes["SYSNAME"] == "SISTPROD"
        # Started again by somebody, it stays closed; the next run takes it.
        night.stage.world.around_command = None
        clone_of(night).power_off("osshutdown-immed")
        go(night, 0.2)
        clone_of(night).power_on("clone")
        go(night, 0.7)
        assert safe(system_of(night))
        assert night.next_night().result == "completed"


def test_a_scheduler_that_is_not_proven_held() -> None:
    robot = (
        'hold scheduler "Robot" by "CALL APPLIB/HLDROBOT" proven by "CALL APPLIB/ISHELD"\n        hold job'
    )
    programs = """\
    { library = "APPLIB", name = "HLDROBOT", lasts = "2s" },
    { library = "APPLIB", name = "ISHELD", lasts = "1s", escape = "CPF9898" },
"""
    line = '    { library = "APPLIB", name = "INVOICES", lasts = "20m" },\n'
    with living(("hold job", robot), site=((line, line + programs),)) as night:
        notes = [f"{s.code} {s.msgid}" for s in night.run.steps if s.kind == "note"]
        assert notes == ["C52 FLE0092", "O91 FLE0100"]
        assert stage_of(system_of(night).image) == "DELIVERED"


def test_a_vlan_of_production_is_no_network_of_its_own() -> None:
    wider = ("vlans = [99, 5] }]", "vlans = [99, 5, 1] }]")
    with living(site=(wider,)) as night:
        assert night.run.result == "refused"
        assert "Profile clone has VLAN 1; isolated allows only the link's (99) and what" in night.run.detail


# -- defects that the checkers find ----------------------------------------------------------------


def test_schedules_that_are_not_held_are_seen() -> None:
    edits = (
        Edit("FLXDAILY.clle", "QSYS/HLDJOBSCDE JOB(*ALL)", "QSYS/HLDJOBSCDE JOB(NOTHING)"),
        Edit("FLXDAILY.clle", "COND(&READ *NE 0 *OR &RECORD *NE ' ') THEN(DO)", "COND('0') THEN(DO)", 3),
    )
    with living(edits=edits) as night:
        assert night.run.result == "completed"
        found = broken(night)
    assert any(one.startswith("S4 ") and "of schedule entry INVOICES started" in one for one in found), found


def test_mail_that_starts_is_seen() -> None:
    edits = (Edit("FLXDAILY.clle", "QSYS/CHGSMTPA AUTOSTART(*NO)", "QSYS/CHGFTPA AUTOSTART(*NO)"),)
    with living(edits=edits) as night:
        assert [one for one in broken(night) if "server *SMTP started on SISTPROD_24" in one] != []


def test_what_must_never_be_active_is_ended_told_and_seen() -> None:
    line = '    { library = "APPLIB", name = "INVOICES", lasts = "20m" },\n'
    program = '    { library = "APPLIB", name = "TESTUP", commands = ["STRSBS SBSD(QGPL/DOMINO)"] },\n'
    with living(
        ("hold schedules", "startup program APPLIB/TESTUP\n        hold schedules"),
        site=((line, line + program),),
    ) as night:
        go(night, 1)
        assert "Ended on this clone: TESTSYS SBS(DOMINO)" in told(system_of(night))
        assert "DOMINO" not in system_of(night).work.subsystems
        assert [one for one in broken(night) if one.startswith("S4 subsystem DOMINO started")] != []


def test_an_address_of_production_that_is_left_keeps_the_clone_closed() -> None:
    edits = (
        Edit(
            "FLXDAILY.clle",
            "QSYS/RMVTCPIFC INTNETADR(&ADDR)\n MONMSG",
            "QSYS/ENDTCPIFC INTNETADR(&ADDR)\n MONMSG",
        ),
        Edit("FLXDAILY.clle", "                IF         COND(&RECORD *EQ ' ') THEN(LEAVE)\n", "LEAVE\n", 3),
        Edit(
            "FLXDAILY.clle", "IF         COND(&RECORD *NE ' ') THEN(DO)", "IF         COND('0') THEN(DO)", 3
        ),
        Edit(
            "FLXDAILY.clle",
            "IF         COND(&READ *NE 0 *OR &RECORD *NE ' ') THEN(DO)",
            "IF         COND('0') THEN(DO)",
            3,
        ),
    )
    with living(edits=edits) as night:
        assert night.run.result == "completed"
        assert stage_of(system_of(night).image) == "LIVING"
        assert safe(system_of(night))
        assert "may not live on: INTNETADR 10.1.0.5" in told(system_of(night))
        assert not [one for one in broken(night) if one.startswith("S12")]


def dies_at(here: str, killed: list[str]) -> Callable[[Stage], None]:
    """The clone loses its power at a command, once, and somebody starts it again a little later."""

    def prepare(stage: Stage) -> None:
        clone, scheduler = stage.world.partition(CLONE), stage.world.scheduler

        def around(context: Any, run: Callable[[], Any]) -> Any:
            if context.os is clone.os and not killed and here in context.command_text():
                killed.append(here)
                scheduler.at(scheduler.now, lambda: clone.power_off("shutdown-immed"))
                scheduler.at(scheduler.now + 60, lambda: clone.power_on("clone"))
            return run()

        stage.world.around_command = around

    return prepare


def test_dead_while_it_becomes_another_system() -> None:
    killed: list[str] = []
    with living(prepare=dies_at("CHGTCPDMN", killed)) as night:
        assert killed
        notes = [f"{s.code} {s.msgid}" for s in night.run.steps if s.kind == "note"]
        assert notes == ["C50 FLE0101", "O91 FLE0100"]
        assert night.run.result == "failed"
        assert stage_of(system_of(night).image) == "DELIVERED"
        assert broken(night) == []
        assert night.next_night().result == "completed"


def test_dead_before_its_second_ipl() -> None:
    killed: list[str] = []
    with living(prepare=dies_at("QSYS/PWRDWNSYS OPTION(*IMMED)", killed)) as night:
        assert killed
        assert night.run.result == "completed", night.run.detail
        go(night, 1)
        assert system_of(night).image.network_attributes["SYSNAME"] == NAME
        assert set(system_of(night).network.interfaces) == {ADDRESS}
        assert broken(night) == []


def test_power_lost_in_its_second_ipl_and_the_next_run_starts_it() -> None:
    lost: list[str] = []

    def prepare(stage: Stage) -> None:
        began = stage.world.now

        def phase(partition: Partition, code: str) -> Body | None:
            own = [e.time for e in stage.world.events.of("starts_by_itself", system=CLONE)]
            if lost or partition.name != CLONE or not own or own[-1] < began:
                return None
            lost.append(code)
            return goes_off(partition)

        stage.world.around_phase = phase

    def goes_off(partition: Partition) -> Body:
        yield from sleep(partition.world.scheduler, 1)
        partition.lose_power()

    with living(RUNNING, prepare=prepare) as night:
        go(night, 1)
        assert lost
        assert clone_of(night).state == "Not Activated"
        assert broken(night) == []
        again = night.next_night()
        assert again.result == "completed", again.detail
        assert broken(night) == []
