"""The console verbs against an HMC: states, guard rail, errors, fail-over."""

from __future__ import annotations

import pytest
from flashrt import status
from flashrt.status import SidecarError

from .fakes import HANG, LOST_AFTER, FakeHmc, Reply, World


def changes(world: World) -> list[str]:
    return [command for command in world.hmc.log if "chsysstate" in command]


@pytest.mark.parametrize(
    ("state", "word"),
    [
        ("Not Activated", "OFF"),
        ("not activated", "OFF"),
        ("Running", "RUNNING"),
        ("Starting", "STARTING"),
        ("Open Firmware", "STARTING"),
        ("Shutting Down", "STOPPING"),
        ("Shutting down", "STOPPING"),
        ("Not Available", "OTHER"),
        ("Error", "OTHER"),
        ("Hardware Discovery", "OTHER"),
        ("Suspended", "OTHER"),
        ("Migrating - Running", "OTHER"),
        ("Migrating - Not Activated", "OTHER"),
        ("", "OTHER"),
        ("Nicht aktiviert", "OTHER"),
    ],
)
def test_state_words(world: World, state: str, word: str) -> None:
    world.hmc.partitions[56][3] = state
    called = world.call("console", "state", "--clone", "SISTPROD_24")
    assert (called.status, called.word) == (0, word)
    assert called.refcode == "A9003C70"
    assert called.extra1 == "78ABC12"
    assert called.text == f"LPAR id 56 SISTPROD_24 state: {state}".strip()


def test_off_in_order_and_immediately(world: World) -> None:
    called = world.call("console", "off", "--clone", "SISTPROD_24")
    assert (called.status, called.word) == (0, "ASKED")
    world.call("console", "off", "--clone", "SISTPROD_24", "--immediate")
    first, second = changes(world)
    assert first.endswith("-m Server-9009-42A-SN78ABC12 -r lpar -o osshutdown --id 56")
    assert second.endswith("-o shutdown --immed --id 56")


@pytest.mark.parametrize(
    "answer",
    [
        Reply(
            1,
            "",
            "WARNING: Your password has expired.\nPassword change required but no TTY available.\n",
        ),
        Reply(1, "You are required to change your password immediately.\n", ""),
        Reply(1, "", "3004-610 You are required to change your password.\n"),
    ],
    ids=["OpenSSH", "PAM", "AIX"],
)
def test_a_key_whose_user_has_to_change_the_password(world: World, answer: Reply) -> None:
    """The server lets the key in and runs nothing: told as a refused log-in, which no run repeats."""
    world.hmc.say("LANG=C lssyscfg -r sys", answer)
    called = world.call("console", "state", "--clone", "SISTPROD_24")
    assert called.status == status.AUTH
    assert called.text.startswith("HMC1 let ")
    assert "has ended" in called.text


def test_a_warning_of_a_password_is_no_refusal(world: World) -> None:
    world.hmc.say("LANG=C lssyscfg -r sys", Reply(1, "HSCL8018 Your password will expire in 5 days.", ""))
    assert world.call("console", "state", "--clone", "SISTPROD_24").status != status.AUTH


def test_off_when_off_sends_nothing(world: World) -> None:
    world.hmc.partitions[56][3] = "Not Activated"
    called = world.call("console", "off", "--clone", "SISTPROD_24", "--immediate")
    assert (called.status, called.word) == (0, "OFF")
    assert changes(world) == []


def test_on_only_from_off(world: World) -> None:
    for state, word in (("Running", "RUNNING"), ("Error", "OTHER"), ("Not Available", "OTHER")):
        world.hmc.partitions[56][3] = state
        called = world.call("console", "on", "--clone", "SISTPROD_24")
        assert (called.status, called.word) == (status.REFUSED, word)
    assert changes(world) == []
    world.hmc.partitions[56][3] = "Not Activated"
    called = world.call("console", "on", "--clone", "SISTPROD_24")
    assert (called.status, called.word) == (0, "ASKED")
    assert changes(world)[0].endswith("-r lpar -o on --id 56 -f clone -k norm -i b")
    world.hmc.partitions[56][3] = "Not Activated"
    called = world.call("console", "on", "--clone", "SISTPROD_24", "--keylock", "manual")
    assert called.text.endswith("keylock manual")
    assert changes(world)[1].endswith("-k manual -i b")


def test_the_console_s_part_of_the_checks_alone(world: World) -> None:
    called = world.call("console", "check", "--clone", "SISTPROD_24")
    assert (called.status, called.word) == (0, "OK"), called.text
    world.hmc.partitions[56][0] = "PAYROLL"
    assert world.call("console", "check", "--clone", "SISTPROD_24").status == status.MISMATCH
    assert changes(world) == []


@pytest.mark.parametrize("act", ["state", "off", "on"])
def test_id_and_name_must_belong_together(world: World, act: str) -> None:
    world.hmc.partitions[56][0] = "PAYROLL"
    called = world.call("console", act, "--clone", "SISTPROD_24")
    assert called.status == status.MISMATCH
    assert "PAYROLL" in called.text
    assert changes(world) == []


@pytest.mark.parametrize("act", ["state", "off", "on"])
def test_the_source_is_never_touched(world: World, act: str) -> None:
    world.data["clones"]["SISTPROD_24"].update({"lpar_id": 24, "partition": "SISTPROD"})
    world.save()
    called = world.call("console", act, "--clone", "SISTPROD_24")
    assert called.status == status.REFUSED
    assert "production itself" in called.text
    assert changes(world) == []


def test_the_source_is_known_by_serial_and_id_only_together(world: World) -> None:
    world.data["system"]["identities"] = [
        {"serial": "78ABC99", "lpar": 56},
        {"serial": "78abc12 ".strip(), "lpar": 1},
    ]
    world.save()
    assert world.call("console", "state").status == 0


def test_undeclared_clone(world: World) -> None:
    called = world.call("console", "off", "--clone", "PAYROLL")
    assert called.status == status.NOTFOUND
    assert world.hmc.log == []


@pytest.mark.parametrize(
    ("beginning", "answer", "expected"),
    [
        (
            "LANG=C lssyscfg -r sys",
            Reply(1, "HSCL8018 The managed system was not found.\n", ""),
            status.NOTFOUND,
        ),
        ("LANG=C lssyscfg -r sys", Reply(0, "No results were found.\n", ""), status.NOTFOUND),
        ("LANG=C lssyscfg -r lpar", Reply(1, "HSCL8012 not found\n", ""), status.NOTFOUND),
        ("LANG=C lssyscfg -r lpar", Reply(0, "No results were found.\r\n", ""), status.NOTFOUND),
        ("LANG=C chsysstate", Reply(1, "HSCL350B no authority\n", ""), status.AUTH),
        ("LANG=C chsysstate", Reply(1, "HSCL127D: HSCL05DF \u4e0d\u6b63 state\n", ""), status.REFUSED),
        ("LANG=C chsysstate", Reply(1, "a required parameter is missing\n", ""), status.SYSTEM),
        ("LANG=C chsysstate", Reply(255, "", "broken pipe"), status.SYSTEM),
        ("LANG=C lssyscfg -r lpar", Reply(0, "56,SISTPROD_24\n", ""), status.SYSTEM),
        ("LANG=C lssyscfg -r lpar", Reply(0, "\0\1\2" * 50, ""), status.SYSTEM),
        ("LANG=C lssyscfg -r lpar", Reply(0, "x,y\n" * 30000, ""), status.SYSTEM),
        ("LANG=C chsysstate", HANG, status.TIMEOUT),
        ("LANG=C chsysstate", LOST_AFTER, status.UNKNOWN),
    ],
)
def test_errors(world: World, beginning: str, answer: Reply, expected: int) -> None:
    world.hmc.say(beginning, answer)
    called = world.call("console", "off", "--clone", "SISTPROD_24")
    assert called.status == expected
    assert called.text


def test_second_address_on_connect_errors_only(world: World) -> None:
    del world.network.devices["10.1.0.10:22"]
    world.network.devices["10.1.0.11:22"] = world.hmc
    assert world.call("console", "state").status == 0
    assert world.network.connects == ["10.1.0.10:22", "10.1.0.11:22"]
    world.network.devices.clear()
    called = world.call("console", "state")
    assert called.status == status.UNREACHABLE
    assert "10.1.0.10" in called.text
    assert "10.1.0.11" in called.text


@pytest.mark.parametrize("code", [status.AUTH, status.HOSTKEY, status.KEY])
def test_no_second_address_after_a_refusal(world: World, code: int) -> None:
    world.hmc.connect_error = SidecarError(code, "refused")
    assert world.call("console", "state").status == code
    assert world.network.connects == ["10.1.0.10:22"]


def test_sessions_are_closed(world: World) -> None:
    world.call("console", "state")
    world.hmc.partitions[56][0] = "PAYROLL"
    world.call("console", "off")
    assert world.network.closed == ["closed", "closed"]


def test_no_reference_code(world: World) -> None:
    for code in ("", "none", "Linux ppc64"):
        world.hmc.refcodes[56] = code
        assert world.call("console", "state").refcode == ""
    world.hmc.refcodes[56] = "00000000"
    assert world.call("console", "state").refcode == "00000000"


def test_off_while_ending_is_not_asked_twice(world: World) -> None:
    world.hmc.partitions[56][3] = "Shutting Down"
    called = world.call("console", "off")
    assert (called.status, called.word) == (0, "ASKED")
    assert changes(world) == []
    world.call("console", "off", "--immediate")
    assert len(changes(world)) == 1


def test_a_console_that_shows_no_reference_code_still_tells_the_state(world: World) -> None:
    world.hmc.partitions[56][3] = "Not Activated"
    for answer in (
        Reply(1, "HSCL8016 There is no reference code.\n", ""),
        Reply(0, "No results were found.\n", ""),
        Reply(0, "", ""),
    ):
        world.hmc.say("LANG=C lsrefcode", answer)
        called = world.call("console", "state")
        assert (called.status, called.word, called.refcode) == (0, "OFF", "")
    world.hmc.say("LANG=C lsrefcode", HANG)
    assert world.call("console", "state").status == status.TIMEOUT


def with_standby(world: World) -> None:
    world.data["consoles"]["HMC1"]["standby"] = "HMC2"
    world.data["consoles"]["HMC2"] = {
        "family": "hmc",
        "addresses": ["10.1.0.12:22"],
        "user": "second",
        "key": "hmc2_ed25519",
    }
    world.save()


def test_the_standby_is_used_where_no_address_can_be_reached(world: World) -> None:
    with_standby(world)
    del world.network.devices["10.1.0.10:22"]
    world.network.devices["10.1.0.12:22"] = world.hmc
    called = world.call("console", "off", "--clone", "SISTPROD_24")
    assert (called.status, called.word) == (0, "ASKED")
    assert world.network.connects == ["10.1.0.10:22", "10.1.0.11:22", "10.1.0.12:22"]
    assert [one.user for one in world.network.users] == ["flashc", "flashc", "second"]
    assert world.network.users[-1].key_file.endswith("hmc2_ed25519")


def test_neither_console_can_be_reached(world: World) -> None:
    with_standby(world)
    world.network.devices.clear()
    called = world.call("console", "state")
    assert called.status == status.UNREACHABLE
    assert "HMC1 cannot be reached at any address, and its standby HMC2 neither" in called.text


BLIND = (
    "No Connection",
    "Pending Authentication - Password Updates Required",
    "Failed Authentication",
    "Version Mismatch",
    "Incomplete",
)


@pytest.mark.parametrize("state", BLIND)
def test_the_standby_is_used_where_the_first_has_no_connection_to_the_machine(
    world: World, state: str
) -> None:
    with_standby(world)
    other = FakeHmc()
    world.network.devices["10.1.0.12:22"] = other
    world.hmc.machine = world.hmc.machine.replace("Operating", state)
    called = world.call("console", "off", "--clone", "SISTPROD_24")
    assert (called.status, called.word) == (0, "ASKED")
    assert world.network.connects == ["10.1.0.10:22", "10.1.0.11:22", "10.1.0.12:22"]
    # Of the first its view of the machine was asked for, and nothing else.
    assert {line.split(" -m ")[0] for line in world.hmc.log} == {"LANG=C lssyscfg -r sys"}
    assert any("osshutdown" in line for line in other.log)


def test_no_console_has_a_connection_to_the_machine(world: World) -> None:
    world.hmc.machine = world.hmc.machine.replace("Operating", "No Connection")
    called = world.call("console", "state", "--clone", "SISTPROD_24")
    assert called.status == status.UNREACHABLE
    assert (
        "10.1.0.10:22 answers, but shows managed system Server-9009-42A-SN78ABC12 as No Conn" in called.text
    )


@pytest.mark.parametrize("state", ["Error", "Recovery", "Power Off", "Operating"])
def test_a_state_of_the_machine_itself_is_the_same_on_every_console(world: World, state: str) -> None:
    with_standby(world)
    world.hmc.machine = world.hmc.machine.replace("Operating", state)
    assert world.call("console", "state", "--clone", "SISTPROD_24").status == 0
    assert world.network.connects == ["10.1.0.10:22"]


def test_no_standby_after_a_refusal_or_a_lost_answer(world: World) -> None:
    with_standby(world)
    world.network.devices["10.1.0.12:22"] = world.hmc
    world.hmc.say("LANG=C chsysstate", LOST_AFTER)
    assert world.call("console", "off", "--clone", "SISTPROD_24").status == status.UNKNOWN
    assert world.network.connects == ["10.1.0.10:22"]
    assert len(changes(world)) == 1
    world.hmc.connect_error = SidecarError(status.AUTH, "refused")
    assert world.call("console", "state").status == status.AUTH
    assert world.network.connects == ["10.1.0.10:22"] * 2


@pytest.mark.parametrize("standby", ["HMC9", "HMC1"])
def test_a_standby_is_another_console_of_the_table(world: World, standby: str) -> None:
    with_standby(world)
    world.data["consoles"]["HMC2"]["standby"] = standby
    world.save()
    assert world.call("console", "state").status == status.CONFIG
    assert world.network.connects == []
