"""TCP/IP, configuration objects, Domino and mail on the simulated system."""

from __future__ import annotations

from pathlib import Path

import pytest
from commandbench import Bench, make_bench
from flashtwin.commands.domino import running
from flashtwin.commands.tcpip import INTERFACE_ACTIVE, INTERFACE_INACTIVE
from flashtwin.installed import conditions
from flashtwin.sims.tape import MediaLibrary

LINK = "192.168.99.15"


# -- interfaces ------------------------------------------------------------------------------------------


def test_an_interface_is_started_on_the_vlan_of_its_line(bench: Bench) -> None:
    assert bench.run(f"STRTCPIFC INTNETADR('{LINK}')").escape == ""
    started = bench.events("interface_started")[-1]
    assert (started["address"], started["vlan"]) == (LINK, 99)
    assert bench.run(f"STRTCPIFC INTNETADR('{LINK}')").escape == INTERFACE_ACTIVE
    assert bench.run(f"ENDTCPIFC INTNETADR('{LINK}')").escape == ""
    assert bench.run(f"ENDTCPIFC INTNETADR('{LINK}')").escape == INTERFACE_INACTIVE


def test_a_line_without_an_adapter_starts_no_interface(bench: Bench) -> None:
    profile = bench.os.partition.profiles[bench.os.partition.curr_profile]
    profile.vlans = (99,)
    assert bench.run("ENDTCPIFC INTNETADR('10.1.0.5')").escape == ""
    assert bench.run("STRTCPIFC INTNETADR('10.1.0.5')").escape == "TCP2665"
    assert bench.run("VRYCFG CFGOBJ(ETHLINE) CFGTYPE(*LIN) STATUS(*OFF)").escape == ""
    assert bench.run("VRYCFG CFGOBJ(ETHLINE) CFGTYPE(*LIN) STATUS(*ON)").escape == "CPF2640"


@pytest.mark.parametrize(
    ("command", "msgid"),
    [
        ("STRTCPIFC INTNETADR('10.9.9.9')", "TCP2649"),
        ("STRTCPIFC INTNETADR('10.9.9.999')", "TCP1901"),
        ("ENDTCPIFC INTNETADR('10.9.9.9')", "TCP2649"),
        ("STRTCP", "TCP1A04"),
        ("ADDTCPIFC INTNETADR('10.1.0.5') LIND(ETHLINE) SUBNETMASK('255.255.255.0')", "TCP2635"),
        ("ADDTCPIFC INTNETADR('10.1.0.6') LIND(NOLINE) SUBNETMASK('255.255.255.0')", "TCP2634"),
        ("RMVTCPIFC INTNETADR('10.1.0.5')", "TCP2644"),
        ("STRTCPSVR SERVER(*NOSUCH)", "TCP1A12"),
    ],
)
def test_what_tcpip_refuses(bench: Bench, command: str, msgid: str) -> None:
    assert bench.run(command).escape == msgid


def test_the_stack_without_interfaces_and_servers(bench: Bench) -> None:
    assert bench.run("ENDTCP OPTION(*IMMED)").escape == ""
    assert bench.os.network.interfaces == {}
    assert bench.run("ENDTCP OPTION(*IMMED)").escape == "TCP1A06"
    assert bench.run(f"STRTCPIFC INTNETADR('{LINK}')").escape == "TCP1A06"
    assert bench.run("STRTCPSVR SERVER(*SSHD)").escape == "TCP1A06"
    assert bench.run("STRTCP STRSVR(*NO) STRIFC(*NO)").escape == ""
    assert (bench.os.network.interfaces, bench.os.network.servers) == ({}, set())
    assert bench.run(f"STRTCPIFC INTNETADR('{LINK}')").escape == ""
    assert list(bench.os.network.interfaces) == [LINK]


def test_the_stack_with_what_starts_by_itself(bench: Bench) -> None:
    assert bench.run("ENDTCP OPTION(*CNTRLD) DELAY(10)").escape == ""
    assert bench.run("STRTCP").escape == ""
    assert list(bench.os.network.interfaces) == ["10.1.0.5"]
    assert "*SSHD" in bench.os.network.servers


def test_servers(bench: Bench) -> None:
    assert bench.run("ENDTCPSVR SERVER(*FTP)").escape == ""
    assert bench.run("ENDTCPSVR SERVER(*FTP)").ids("*DIAG", "*ESCAPE") == ["TCP1A31"]
    assert bench.run("STRTCPSVR SERVER(*FTP)").escape == ""
    assert "*FTP" in bench.os.network.servers


def test_configuring_an_interface(bench: Bench) -> None:
    add = "ADDTCPIFC INTNETADR('192.168.99.20') LIND(ETHCLONE) SUBNETMASK('255.255.255.0') AUTOSTART(*NO)"
    assert bench.run(add).escape == ""
    assert bench.image.interfaces["192.168.99.20"].vlan == 99
    assert bench.run("CHGTCPIFC INTNETADR('192.168.99.20') AUTOSTART(*YES)").escape == ""
    assert bench.image.interfaces["192.168.99.20"].autostart
    assert bench.run("RMVTCPIFC INTNETADR('192.168.99.20')").escape == ""


def test_authority_to_configure_the_network_is_needed(bench: Bench) -> None:
    done = bench.run("ENDTCP OPTION(*IMMED)", user="ANNA")
    assert done.escape != ""
    assert bench.os.network.started


# -- configuration objects -------------------------------------------------------------------------------


def status(bench: Bench, name: str, kind: str) -> int:
    """RTVCFGSTS."""
    said = bench.said(
        f"""
        PGM
        DCL VAR(&CODE) TYPE(*DEC) LEN(5 0)
        DCL VAR(&TEXT) TYPE(*CHAR) LEN(5)
        RTVCFGSTS CFGD({name}) CFGTYPE({kind}) STSCDE(&CODE)
        CHGVAR VAR(&TEXT) VALUE(&CODE)
        SNDPGMMSG MSG(&TEXT) TOPGMQ(*SAME) MSGTYPE(*INFO)
        ENDPGM
        """
    )
    return int(said[0])


def test_a_tape_library_is_varied_on_and_off(bench: Bench) -> None:
    assert status(bench, "TAPMLB01", "*DEV") == 0
    assert bench.run("VRYCFG CFGOBJ(TAPMLB01) CFGTYPE(*DEV) STATUS(*ON)").escape == ""
    assert status(bench, "TAPMLB01", "*DEV") == 30
    assert bench.run("VRYCFG CFGOBJ(TAPMLB01) CFGTYPE(*DEV) STATUS(*OFF)").escape == ""
    assert [(one["device"], one["status"]) for one in bench.events("device_varied")] == [
        ("TAPMLB01", "on"),
        ("TAPMLB01", "off"),
    ]


def test_a_device_is_on_its_way_behind_the_end_of_vrycfg(tmp_path: Path, site_text: str) -> None:
    slow = site_text.replace("[durations]", '[durations]\nvary_settles = "2m"')
    look = """
        RTVCFGSTS CFGD(TAPMLB01) CFGTYPE(*DEV) STSCDE(&CODE)
        CHGVAR VAR(&TEXT) VALUE(%CHAR(&CODE))
        SNDPGMMSG MSG(&TEXT) TOPGMQ(*SAME) MSGTYPE(*INFO)
    """
    turns = "".join(
        f"""
        VRYCFG CFGOBJ(TAPMLB01) CFGTYPE(*DEV) STATUS({to}) {look}
        SAVLIB LIB(QUSRBRM) DEV(TAPMLB01)
        MONMSG MSGID(CPF3767) EXEC(SNDPGMMSG MSG('not to be used') TOPGMQ(*SAME) MSGTYPE(*INFO))
        DLYJOB DLY(120) {look}
        """
        for to in ("*ON", "*OFF")
    )
    said = make_bench(tmp_path / "world", slow).said(
        f"""
        PGM
        DCL VAR(&CODE) TYPE(*DEC) LEN(5 0)
        DCL VAR(&TEXT) TYPE(*CHAR) LEN(10)
        {turns}
        ENDPGM
        """
    )
    assert [one.strip() for one in said] == ["20", "not to be used", "30", "10", "not to be used", "0"]


def test_the_status_of_a_line(bench: Bench) -> None:
    assert status(bench, "ETHLINE", "*LIN") == 60
    assert bench.run("VRYCFG CFGOBJ(ETHLINE) CFGTYPE(*LIN) STATUS(*OFF)").escape == "CPF2640"
    assert bench.run("VRYCFG CFGOBJ(ETHCLONE) CFGTYPE(*LIN) STATUS(*OFF)").escape == ""
    assert status(bench, "ETHCLONE", "*LIN") == 0


def test_a_device_that_cannot_be_varied_on(bench: Bench) -> None:
    assert bench.run("VRYCFG CFGOBJ(NOTAPE) CFGTYPE(*DEV) STATUS(*ON)").escape == "CPF2640"
    conditions(bench.world).vary_fails.add("TAPMLB01")
    assert bench.run("VRYCFG CFGOBJ(TAPMLB01) CFGTYPE(*DEV) STATUS(*ON)").escape == "CPF2640"
    conditions(bench.world).vary_fails.clear()
    del bench.world.devices["TS4300"]
    done = bench.run("VRYCFG CFGOBJ(TAPMLB01) CFGTYPE(*DEV) STATUS(*ON)")
    assert done.ids("*DIAG", "*ESCAPE") == ["CPF2644", "CPF2640"]
    missing = bench.call(
        """
        PGM
        DCL VAR(&CODE) TYPE(*DEC) LEN(5 0)
        RTVCFGSTS CFGD(NOTAPE) CFGTYPE(*DEV) STSCDE(&CODE)
        ENDPGM
        """
    )
    assert "CPF9801" in missing.ids("*ESCAPE")


def test_varying_off_gives_a_reserved_drive_back(bench: Bench) -> None:
    library = bench.world.devices["TS4300"]
    assert isinstance(library, MediaLibrary)
    assert bench.run("VRYCFG CFGOBJ(TAPMLB01) CFGTYPE(*DEV) STATUS(*ON)").escape == ""
    library.reservations = ["SISTPROD", "SISTPROD_24"]
    assert status(bench, "TAPMLB01", "*DEV") == 60
    assert bench.run("VRYCFG CFGOBJ(TAPMLB01) CFGTYPE(*DEV) STATUS(*OFF)").escape == ""
    # The other system's reservation is not ours to give back.
    assert library.reservations == ["SISTPROD_24"]


# -- Domino ----------------------------------------------------------------------------------------------


def test_a_server_ends_in_its_time_and_comes_back(bench: Bench) -> None:
    assert list(running(bench.os)) == ["DOMINO02"]
    number = bench.start("ENDDOMSVR SERVER(DOMINO02) OPTION(*CNTRLD)")
    bench.go(100)
    assert bench.done(number).end_code is None
    bench.go(30)
    assert bench.done(number).end_code == 0
    assert [one["server"] for one in bench.events("domino_ended")] == ["DOMINO02"]
    assert bench.run("ENDDOMSVR SERVER(DOMINO02)").escape == "CPF9898"
    assert bench.run("STRDOMSVR SERVER(DOMINO02)").escape == ""
    assert bench.run("STRDOMSVR SERVER(DOMINO02)").escape == "CPF9898"
    assert [one["server"] for one in bench.events("domino_started")] == ["DOMINO02"]
    assert bench.run("ENDDOMSVR SERVER(NOSERVER)").escape == "CPF9898"


def test_a_server_that_hangs_ends_only_by_force(bench: Bench) -> None:
    conditions(bench.world).hung_domino.add("DOMINO02")
    number = bench.start("ENDDOMSVR SERVER(DOMINO02)")
    bench.go(3600)
    assert bench.done(number).end_code is None
    assert list(running(bench.os)) == ["DOMINO02"]
    assert bench.run("ENDDOMSVR SERVER(DOMINO02) OPTION(*IMMED)").escape == ""
    assert bench.done(number).end_code == 0


def test_the_server_goes_on_ending_without_the_job_that_asked(bench: Bench) -> None:
    number = bench.start("ENDDOMSVR SERVER(DOMINO02)")
    bench.go(10)
    bench.os.work.kill(bench.jobs[number], 50)
    bench.go(200)
    assert running(bench.os) == {}


def test_a_copy_runs_no_server_after_its_ipl(bench: Bench) -> None:
    bench.image.captured_at = bench.world.now
    assert running(bench.os) == {}


# -- mail ------------------------------------------------------------------------------------------------


def test_mail_needs_its_server(bench: Bench) -> None:
    send = "SNDSMTPEMM RCP(('ops@example.net')) SUBJECT('flashc') NOTE('done')"
    assert bench.run(send).escape == ""
    assert bench.events("mail")[0]["to"] == ("ops@example.net",)
    bench.run("ENDTCPSVR SERVER(*SMTP)")
    assert bench.run(send).escape == "TCP5092"


# -- what a clone that lives on changes --------------------------------------------------------------------


def test_routes_and_the_interfaces_that_they_need(bench: Bench) -> None:
    default = "RTEDEST(*DFTROUTE) SUBNETMASK(*NONE) NEXTHOP('10.1.0.1')"
    assert bench.run(f"ADDTCPRTE {default}").escape == ""
    assert bench.run(f"ADDTCPRTE {default}").escape == "TCP2625"
    assert bench.run("ADDTCPRTE RTEDEST(*DFTROUTE) SUBNETMASK(*NONE) NEXTHOP('10.7.0.1')").escape == "TCP2662"
    assert bench.run("ENDTCPIFC INTNETADR('10.1.0.5')").escape == ""
    assert bench.run("RMVTCPIFC INTNETADR('10.1.0.5')").escape == "TCP2646"
    assert bench.run(f"RMVTCPRTE {default}").escape == ""
    assert bench.run(f"RMVTCPRTE {default}").escape == "TCP2624"
    assert bench.run("RMVTCPIFC INTNETADR('10.1.0.5')").escape == ""


def test_what_starts_with_the_stack(bench: Bench) -> None:
    assert bench.run("CHGFTPA AUTOSTART(*NO)").escape == ""
    # No command of its own: that of all others wants *ALLOBJ as well
    assert bench.run("CHGTCPSVR SVRSPCVAL(*SSHD) AUTOSTART(*NO)").escape == "CPF222E"
    bench.image.users["FLASHC"].authorities = ("*ALLOBJ", "*IOSYSCFG")
    assert bench.run("CHGTCPSVR SVRSPCVAL(*SSHD) AUTOSTART(*NO)").escape == ""
    assert bench.run("CHGTCPSVR SVRSPCVAL(*NOSUCH) AUTOSTART(*NO)").escape == "TCP1A12"
    assert bench.run("ENDTCP OPTION(*IMMED)").escape == ""
    assert bench.run("STRTCP").escape == ""
    assert bench.os.network.servers == {"*SMTP"}
    assert bench.run("CHGTCPDMN HOSTNAME('testsys') DMNNAME('example.net')").escape == ""
    assert (bench.image.tcp["host"], bench.image.tcp["domain"]) == ("testsys", "example.net")


def test_a_system_name_is_pending_and_its_command_is_not_everybodys(bench: Bench) -> None:
    found = bench.image.find("QSYS", "CHGNETA", "*CMD")
    assert found is not None
    del found.private["FLASHC"]
    assert bench.run("CHGNETA SYSNAME(TESTSYS)").escape == "CPF0006"
    found.private["FLASHC"] = "*USE"
    assert bench.run("CHGNETA SYSNAME(TESTSYS)").escape == ""
    attributes = bench.image.network_attributes
    assert (attributes["SYSNAME"], attributes["PNDSYSNAME"]) == ("SISTPROD", "TESTSYS")
    assert bench.run("CHGNETA JOBACN(*REJECT)").escape == "CPF222E"
