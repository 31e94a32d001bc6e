"""The simulated console: formats, errors and changes of state, against literal replies."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable

import pytest
from flashtwin.image import SystemImage
from flashtwin.keys import public_key
from flashtwin.sims.hmc import Hmc
from flashtwin.sims.outcome import Outcome
from flashtwin.site import ConsoleUser
from flashtwin.world import World

Send = Callable[..., Outcome]
M = "-m Server-9009-42A-SN78ABC12"
CLONE = f"{M} --filter lpar_names=SISTPROD_24"


@pytest.mark.parametrize(
    ("line", "out"),
    [
        (
            "lssyscfg -r sys -F name,type_model,serial_num,state",
            "Server-9009-42A-SN78ABC12,9009-42A,78ABC12,Operating\n",
        ),
        (
            f"lssyscfg -r lpar {M} -F name,lpar_id,state",
            "SISTPROD,24,Running\nSISTPROD_24,56,Not Activated\n",
        ),
        (
            f"lssyscfg -r lpar {CLONE} -F name,lpar_id,lpar_env,curr_profile,default_profile --header",
            "name,lpar_id,lpar_env,curr_profile,default_profile\nSISTPROD_24,56,os400,,clone\n",
        ),
        ("lssyscfg -r lpar -m '9009-42A*78ABC12' --filter lpar_ids=56 -F state", "Not Activated\n"),
        (f"lssyscfg -r lpar {M} --filter lpar_ids=56 -F state:lpar_id", "Not Activated:56\n"),
        (f'lssyscfg -r lpar {M} --filter "\\"lpar_names=SISTPROD,SISTPROD_24\\"" -F lpar_id', "24\n56\n"),
        (f"LANG=C lssyscfg -r lpar {CLONE} -F auto_start,rmc_state", "0,none\n"),
        (
            f"lssyscfg -r prof {M} --filter lpar_ids=24,profile_names=default -F name,virtual_eth_adapters",
            'default,"2/0/1//0/0/ETHERNET0//all/none,3/0/99//0/0/ETHERNET0//all/none"\n',
        ),
        (
            f"lssyscfg -r prof {CLONE} -F name:virtual_eth_adapters --header",
            "name:virtual_eth_adapters\nclone:2/0/99//0/0/ETHERNET0//all/none\n",
        ),
        (
            f"lssyscfg -r prof {CLONE} -F virtual_fc_adapters",
            '"""20/client/1/vios1/100/c05076082d180038,c05076082d180039/0"""\n',
        ),
        (f"lssyscfg -r prof {M} --filter lpar_names=SISTPROD,profile_names=none", "No results were found.\n"),
        (f"lssyscfg -r prof {M} --filter profile_names=none -F name --header", "No results were found.\n"),
        (
            f"lshwres -r virtualio --rsubtype eth --level lpar {M} -F lpar_name,port_vlan_id,vswitch",
            "SISTPROD,1,ETHERNET0\nSISTPROD,99,ETHERNET0\n",
        ),
        (f"lshwres -r virtualio --rsubtype scsi --level lpar {M}", "No results were found.\n"),
        (f"lshwres -r io --rsubtype slot {M} -F drc_index,description", "No results were found.\n"),
        (
            "lshmc -V",
            '"version= Version: 10\n Release: 3\n Service Pack: 1060\nHMC Build level 2408210051\n'
            'MF71689 - HMC V10R3 M1060\n","base_version=V10R3\n"\n',
        ),
        (f"lsrefcode -r lpar {CLONE} -F lpar_name,time_stamp,refcode", "SISTPROD_24,,\n"),
        ("", ""),
    ],
)
def test_listings(hmc: Send, line: str, out: str) -> None:
    reply = hmc(line)
    assert (reply.status, reply.out, reply.err) == (0, out, "")


def test_default_rows_are_pairs_and_quote_a_pair_with_commas(hmc: Send) -> None:
    row = hmc(f"lssyscfg -r lpar {CLONE}").out
    assert row.startswith(
        "name=SISTPROD_24,lpar_id=56,lpar_env=os400,state=Not Activated,resource_config=0,os_version=Unknown,"
    )
    profile = hmc(f"lssyscfg -r prof {M} --filter lpar_names=SISTPROD").out
    assert '"virtual_eth_adapters=2/0/1//0/0/ETHERNET0//all/none,3/0/99//0/0/ETHERNET0//all/none"' in profile
    assert '"virtual_fc_adapters=""20/client/1/vios1/100/c05076082d180010,c05076082d180011/0"""' in profile
    assert '"lpar_proc_compat_modes=default,POWER7' in hmc("lssyscfg -r sys").out


def test_the_os_version_speaks_the_console_s_language_unless_asked_for_english(
    world: World, send: Send
) -> None:
    polish = Hmc(world, dataclasses.replace(world.consoles["HMC1"].config, locale="pl_PL"))
    line = f"lssyscfg -r lpar {CLONE} -F os_version"
    assert send(polish, line).out == "Nieznane\n"
    assert send(polish, "LANG=C " + line).out == "Unknown\n"
    assert send(polish, "LC_ALL=C.UTF-8 " + line).out == "Unknown\n"


MISSING = (
    "The command entered is either missing a required parameter or a parameter value is invalid. "
    "The parameters that are missing or have an invalid value are {}. "
    "Please check your entry and retry the command.\n"
)


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("lssyscfg -r lpar", "-m"),
        ("lssyscfg", "-r"),
        ("lssyscfg -r nothing", "-r"),
        (f"lssyscfg -r lpar {M} --filter lpar_names", "--filter"),
        (f"lssyscfg -r lpar {M} --filter names=a", "--filter"),
        (f"lssyscfg -r lpar {M} --header", "--header"),
        (f"lssyscfg -r lpar {M} -x", "-x"),
        (f"lssyscfg -r lpar {M} {M}", "-m"),
        (f"lssyscfg -r lpar {M} -F name,", "-F"),
        (f"lsrefcode -r lpar {M} -n 0", "-n"),
        (f"lsrefcode -r lpar {M} -n many", "-n"),
        (f"chsysstate {M} -r lpar -o on", "-n,--id"),
        (f"chsysstate {M} -r lpar -o on -n SISTPROD_24 --id 56", "-n,--id"),
        (f"chsysstate {M} -r lpar -o on -n SISTPROD_24 -f clone -k normal", "-k"),
        (f"chsysstate {M} -r lpar -o on -n SISTPROD_24 -k norm", "-k"),
        (f"chsysstate {M} -r lpar -o on -n SISTPROD_24", "-f"),
        (f"chsysstate {M} -r lpar -o up -n SISTPROD_24", "-o"),
        (f"chsysstate {M} -r lpar -o osshutdown -n SISTPROD_24 -f clone", "-f"),
        ("mkauthkeys -a nonsense", "-a"),
        ("lshmc", "-V,-l"),
    ],
)
def test_a_wrong_form_is_a_sentence_on_stdout_without_an_id(hmc: Send, line: str, wrong: str) -> None:
    reply = hmc(line)
    assert (reply.status, reply.out, reply.err) == (1, MISSING.format(wrong), "")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (f"lssyscfg -r lpar {M} --filter lpar_names=NOBODY", "HSCL8012"),
        (f"lssyscfg -r lpar {M} --filter lpar_ids=99", "HSCL8012"),
        (f"lsrefcode -r lpar {M} --filter lpar_names=NOBODY", "HSCL8012"),
        ("lssyscfg -r lpar -m Server-X", "HSCL8018"),
        ("lssyscfg -r lpar -m '9009-42A*7XXXXXX'", "HSCL8018"),
        (f"chsysstate {M} -r lpar -o on -n NOBODY -f clone", "HSCL8012"),
        (f"chsysstate {M} -r lpar -o on -n SISTPROD_24 -f nope", "HSCL8013"),
        (f"chsysstate {M} -r lpar -o on -n SISTPROD -f default", "HSCL3681"),
        (f"chsysstate {M} -r lpar -o osshutdown -n SISTPROD_24", "HSCL1558"),
        (f"chsysstate {M} -r lpar -o shutdown --immed -n SISTPROD_24", "HSCL1558"),
        (f"chsysstate {M} -r sys -o off", "HSCL350B"),
        (f"lssyscfg -r lpar {M} -F name,UUID", "An invalid attribute"),
    ],
)
def test_refusals_come_on_stdout_with_status_1(hmc: Send, line: str, message: str) -> None:
    reply = hmc(line)
    assert (reply.status, reply.err) == (1, "")
    assert reply.out.startswith(message)
    assert reply.out.endswith("\n")


def test_an_unknown_partition_is_named_in_the_live_wording(hmc: Send) -> None:
    assert hmc(f"lssyscfg -r lpar {M} --filter lpar_names=X").out == (
        "HSCL8012 The partition named X was not found.  Please check your entry and retry the command.\n"
    )
    assert hmc(f"chsysstate {M} -r lpar -o on --id 24 -f default").out == (
        "HSCL3681 Partition 24 cannot be activated since it is not in the Not Activated state.\n"
    )


def test_the_states_of_a_machine(hmc: Send, world: World) -> None:
    machine = world.managed_systems["Server-9009-42A-SN78ABC12"]
    machine.state = "No Connection"
    assert hmc("lssyscfg -r sys -F name,state").out == "Server-9009-42A-SN78ABC12,No Connection\n"
    assert hmc(f"lssyscfg -r lpar {M} -F state").out.startswith("HSCL0238 ")
    assert hmc(f"chsysstate {M} -r lpar -o on -n SISTPROD_24 -f clone").out.startswith("HSCL0238 ")
    machine.state = "Incomplete"
    assert hmc(f"lssyscfg -r lpar {M} -F state").out == "Not Available\nNot Available\n"
    assert hmc(f"chsysstate {M} -r lpar -o on -n SISTPROD_24 -f clone").out.startswith("HSCL0238 ")


def test_roles_and_managed_resources(world: World, send: Send) -> None:
    config = world.consoles["HMC1"].config
    users = (
        ConsoleUser(name="viewer", role="hmcviewer"),
        ConsoleUser(name="clones", partitions=("SISTPROD_24",)),
    )
    hmc = Hmc(world, dataclasses.replace(config, users=users))
    off = f"chsysstate {M} -r lpar -o shutdown --immed -n SISTPROD"
    assert send(hmc, off, "viewer").out == "HSCL350B The user does not have the appropriate authority.\n"
    assert send(hmc, f"lssyscfg -r lpar {M} -F name", "viewer").out == "SISTPROD\nSISTPROD_24\n"
    assert send(hmc, f"lssyscfg -r lpar {M} -F name", "clones").out == "SISTPROD_24\n"
    assert send(hmc, off, "clones").out.startswith("HSCL350B ")
    assert send(hmc, f"lssyscfg -r lpar {M}", "stranger").out.startswith("HSCL350B ")
    assert world.partition("SISTPROD").state == "Running"


def test_a_partition_is_activated_and_shows_its_reference_codes(
    hmc: Send, world: World, image: SystemImage
) -> None:
    clone = world.partition("SISTPROD_24")
    for volume in clone.volumes:
        volume.image = image
    start = world.scheduler.now
    reply = hmc(f"chsysstate {M} -r lpar -o on -n SISTPROD_24 -f clone -k norm")
    assert (reply.status, reply.out, reply.err) == (0, "", "")
    state = f"lssyscfg -r lpar {CLONE} -F state,curr_profile"
    assert hmc(state).out == "Starting,clone\n"
    world.scheduler.run(until=start + 60)
    assert hmc(state).out == "Running,clone\n"
    assert hmc(f"lsrefcode -r lpar {CLONE} -n 3 -F lpar_name,time_stamp,refcode --header").out == (
        "lpar_name,time_stamp,refcode\n"
        "SISTPROD_24,11/18/2026 20:00:25,C6004053\n"
        "SISTPROD_24,11/18/2026 20:00:05,C200C1FF LP=00056\n"
    )
    world.scheduler.run(until=start + 1510)
    assert hmc(f"lsrefcode -r lpar {CLONE} -F refcode").out == "00000000\n"
    kinds = [event["state"] for event in world.events.of("partition_power")]
    assert kinds == ["Starting", "Running"]


def test_a_change_that_became_impossible_before_the_reply_is_refused(
    world: World, image: SystemImage
) -> None:
    clone = world.partition("SISTPROD_24")
    console = world.consoles["HMC1"]
    line = f"chsysstate {M} -r lpar -o on -n SISTPROD_24 -f clone"
    first, second = console.handle("flashc", line), console.handle("flashc", line)
    assert first.effect() is None
    refused = second.effect()
    assert (refused.status, refused.out[:8]) == (1, "HSCL3681")
    assert clone.state == "Starting"
    assert image.name == "SISTPROD"


@pytest.mark.parametrize(
    ("how", "ended_by", "seconds"),
    [
        ("osshutdown", "*CNTRLD", 180.0),
        ("osshutdown --immed", "*IMMED", 62.0),
        ("shutdown", "power", 120.0),
        ("shutdown --immed", "power", 10.0),
    ],
)
def test_the_ends_of_a_partition_take_the_site_s_time(
    hmc: Send, world: World, how: str, ended_by: str, seconds: float
) -> None:
    partition = world.partition("SISTPROD")
    system = partition.os
    assert hmc(f"chsysstate {M} -r lpar -o {how} --id 24").status == 0
    begin = world.scheduler.now
    state = f"lssyscfg -r lpar {M} --filter lpar_ids=24 -F state"
    assert hmc(state).out == "Shutting Down\n"
    world.scheduler.run(until=begin + seconds - 0.1)
    assert partition.state == "Shutting Down"
    world.scheduler.run(until=begin + seconds)
    assert hmc(state).out == "Not Activated\n"
    assert getattr(system, "ended_by", "") == ended_by


def test_while_it_ends_only_the_hard_stop_is_accepted(hmc: Send, world: World) -> None:
    end = f"chsysstate {M} -r lpar -n SISTPROD -o "
    assert hmc(end + "osshutdown").status == 0
    assert hmc(end + "osshutdown").out.startswith("HSCL05DF ")
    assert hmc(end + "shutdown").out.startswith("HSCL05DF ")
    assert hmc(end + "shutdown --immed").status == 0
    world.scheduler.run(until=world.scheduler.now + 10)
    assert world.partition("SISTPROD").state == "Not Activated"


def test_osshutdown_needs_an_operating_system_that_can_be_asked(hmc: Send, world: World) -> None:
    partition = world.partition("SISTPROD")
    partition.os = None
    assert hmc(f"chsysstate {M} -r lpar -o osshutdown -n SISTPROD").out.startswith("HSCL05DF ")
    partition.env = "aixlinux"
    assert hmc(f"chsysstate {M} -r lpar -o osshutdown -n SISTPROD").out.startswith("HSCL0DB4 ")


def test_the_keylock_can_be_turned_without_activating(hmc: Send, world: World) -> None:
    assert hmc(f"chsysstate {M} -r lpar -o chkey -k manual -n SISTPROD_24").status == 0
    assert hmc(f"lssyscfg -r lpar {CLONE} -F lpar_keylock,state").out == "manual,Not Activated\n"
    assert world.partition("SISTPROD_24").keylock == "manual"


def test_keys_are_accepted_as_the_site_says_and_as_added(hmc: Send, world: World) -> None:
    console = world.consoles["HMC1"]
    assert console.accepts("flashc", public_key("hmc1_ed25519")[1])
    kind, blob = public_key("another")
    assert not console.accepts("flashc", blob)
    assert hmc(f'mkauthkeys -a "{kind} {blob} flashc@sistprod"').status == 0
    assert console.accepts("flashc", blob)
    assert not console.accepts("nobody", blob)
    assert hmc("mkauthkeys -r flashc@sistprod").status == 0
    assert not console.accepts("flashc", blob)


def test_every_answered_command_is_an_event_and_changes_are_audited(hmc: Send, world: World) -> None:
    line = f"chsysstate {M} -r lpar -o osshutdown -n SISTPROD"
    hmc(line)
    hmc("lssyscfg -r lpar")
    assert [(event["text"], event["rc"]) for event in world.events.of("hmc_command")] == [
        (line, 0),
        ("lssyscfg -r lpar", 1),
    ]
    audit = hmc("lssvcevents -t console -d 0 -F userid,text").out
    assert re.fullmatch(r"flashc,HSCE2123 User name flashc: command chsysstate .* exit code 0\.\n", audit)


def test_a_console_that_hangs_never_answers(world: World) -> None:
    hmc = Hmc(world, dataclasses.replace(world.consoles["HMC1"].config, reach="hang"))
    assert hmc.handle("flashc", "lshmc -V").hang


@pytest.mark.parametrize(
    ("line", "status", "error"),
    [
        ("ls", 127, "rbash: ls: command not found\n"),
        ("/usr/hmcrbin/lssyscfg -r sys", 1, "rbash: /usr/hmcrbin/lssyscfg: restricted: cannot specify `/'"),
        ("lssyscfg -r sys > file", 1, "rbash: restricted: cannot redirect output\n"),
        ("lssyscfg -r sys; reboot", 2, "rbash: several commands are not offered"),
        ("lssyscfg -r sys | grep x", 2, "rbash: pipes are not offered"),
        ("lssyscfg -r sys -F `id`", 2, "rbash: command substitution"),
        ('lssyscfg -r sys -F "$(id)"', 2, "rbash: command substitution"),
        ('lssyscfg -r "sys', 1, "rbash: -c: unexpected EOF while looking for matching `\"'"),
        ("lssyscfg -r 'sys", 1, "rbash: -c: unexpected EOF while looking for matching `''"),
        ("lssyscfg \0", 126, "rbash: the command line holds a null character"),
        ("x" * 70_000, 126, "rbash: the command line is longer"),
        (
            "mkvterm -m x",
            127,
            "rbash: mkvterm: command not found (this simulated console does not have it)",
        ),
    ],
)
def test_the_shell_is_restricted(hmc: Send, line: str, status: int, error: str) -> None:
    reply = hmc(line)
    assert (reply.status, reply.out) == (status, "")
    assert reply.err.startswith(error)


@pytest.mark.parametrize(
    "line",
    [
        *("'", '"', "\\", "$", "${", "a=b", "=", "-", "--", "\udcff", "ä ö", "((((", "lssyscfg -r"),
        "lssyscfg " + "-F " * 5000,
        *(f"lssyscfg -r lpar {M} --filter {text}" for text in ('"\\""', ",,,", "=", "lpar_names=,", "'\"a'")),
        *(f"lssyscfg -r lpar {M} -F {text}" for text in ("'", '","', ":", "name:lpar_id,state", "''", "名")),
    ],
)
def test_no_line_makes_it_fail(hmc: Send, line: str) -> None:
    reply = hmc(line)
    assert reply.status is not None
    assert reply.status != 0 or not reply.err
