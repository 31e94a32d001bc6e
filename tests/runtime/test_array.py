"""The array verbs against Storage Virtualize: every state, ownership, lost answers, proof."""

from __future__ import annotations

import json

import pytest
from flashrt import status

from .fakes import HANG, LOST_AFTER, LOST_BEFORE, RUN, Reply, World

OTHER_RUN = "20261120203500"


def tasks(world: World) -> list[str]:
    return [command for command in world.svc.log if not command.startswith(("ls", "svquery"))]


@pytest.mark.parametrize(
    ("state", "word"),
    [
        ("idle_or_copied", "FREE"),
        ("stopped", "FREE"),
        ("copying", "ACTIVE"),
        ("stopping", "RELEASING"),
        ("preparing", "PREPARING"),
        ("prepared", "PREPARED"),
        ("suspended", "FAILED"),
        ("something_new", "UNKNOWN"),
    ],
)
def test_status_words(world: World, state: str, word: str) -> None:
    world.svc.set(state)
    called = world.array("status")
    assert (called.status, called.word) == (0, word)
    assert called.extra1 == state[:10]
    assert state in called.text


def test_status_of_odd_groups(world: World) -> None:
    world.svc.maps[1]["status"] = "stopped"
    assert world.array("status").word == "MIXED"
    world.svc.set("copying")
    world.svc.maps[1]["restoring"] = "yes"
    assert world.array("status").word == "FOREIGN"
    world.svc.maps[1].update(restoring="no", rc_controlled="yes")
    assert world.array("status").word == "FOREIGN"
    world.svc.maps = []
    world.svc.groups["SISTPROD_24"] = "empty"
    assert world.array("status").word == "EMPTY"


def test_a_finished_map_in_a_copying_group_is_no_conflict(world: World) -> None:
    world.svc.maps[0]["status"] = "idle_or_copied"
    assert world.array("status").word == "ACTIVE"


def test_whole_cycle(world: World) -> None:
    called = world.array("release")
    assert (called.status, called.word) == (0, "STOPPED")
    called = world.array("prepare")
    assert (called.status, called.word) == (0, "PREPARED")
    called = world.array("trigger")
    assert (called.status, called.word) == (0, "FIRED")
    assert "startfcconsistgrp SISTPROD_24" in called.text
    called = world.array("prove")
    assert (called.status, called.word) == (0, "PROVEN")
    assert tasks(world) == [
        "stopfcconsistgrp SISTPROD_24",
        "prestartfcconsistgrp SISTPROD_24",
        "startfcconsistgrp SISTPROD_24",
    ]
    called = world.array("abort")
    assert (called.status, called.word) == (0, "ACTIVE")
    assert "left" in called.text
    assert tasks(world)[-1] == "startfcconsistgrp SISTPROD_24"


def test_release_of_a_free_group_sends_nothing(world: World) -> None:
    for state, word in (("idle_or_copied", "IDLE"), ("stopped", "STOPPED")):
        world.svc.set(state)
        called = world.array("release")
        assert (called.status, called.word) == (0, word)
    assert tasks(world) == []


def test_release_while_stopping_is_pending(world: World) -> None:
    world.svc.set("stopping")
    called = world.array("release")
    assert (called.status, called.word) == (status.PENDING, "PENDING")
    assert tasks(world) == []


def test_release_of_a_torn_copy(world: World) -> None:
    world.svc.maps[1]["status"] = "stopped"
    called = world.array("release")
    assert (called.status, called.word) == (0, "STOPPED")


@pytest.mark.parametrize("act", ["release", "prepare"])
@pytest.mark.parametrize("state", ["preparing", "prepared"])
def test_somebody_elses_preparation_is_left(world: World, act: str, state: str) -> None:
    world.svc.set(state)
    called = world.array(act)
    assert (called.status, called.word) == (status.FOREIGN, "FOREIGN")
    assert tasks(world) == []


@pytest.mark.parametrize(
    ("act", "state", "expected"),
    [
        ("release", "suspended", status.REFUSED),
        ("release", "something_new", status.SYSTEM),
        ("prepare", "suspended", status.REFUSED),
        ("prepare", "copying", status.REFUSED),
        ("prepare", "stopping", status.REFUSED),
        ("prepare", "something_new", status.SYSTEM),
        ("trigger", "copying", status.REFUSED),
        ("trigger", "idle_or_copied", status.REFUSED),
        ("trigger", "prepared", status.FOREIGN),
        ("prove", "copying", status.REFUSED),
    ],
)
def test_states_that_forbid_the_act(world: World, act: str, state: str, expected: int) -> None:
    world.svc.set(state)
    assert world.array(act).status == expected
    assert tasks(world) == []


def test_prepare_takes_its_time(world: World) -> None:
    world.svc.set("idle_or_copied")
    world.svc.flush_ends = "later"
    called = world.array("prepare")
    assert (called.status, called.word) == (status.PENDING, "PENDING")
    assert world.array("prepare").status == status.PENDING
    world.svc.set("prepared")
    assert world.array("prepare").word == "PREPARED"
    assert tasks(world) == ["prestartfcconsistgrp SISTPROD_24"]


def test_a_flush_that_fails_is_told_and_not_repeated(world: World) -> None:
    world.svc.set("idle_or_copied")
    world.svc.flush_ends = "later"
    world.array("prepare")
    world.svc.set("stopped")
    called = world.array("prepare")
    assert called.status == status.SYSTEM
    assert "flush failed" in called.text
    assert len(tasks(world)) == 1


def test_claim_of_another_run_does_not_count(world: World) -> None:
    world.svc.set("stopped")
    world.array("prepare")
    called = world.call("array", "V7000", "prepare", "--clone", "SISTPROD_24", "--run", OTHER_RUN)
    assert called.status == status.FOREIGN


def test_a_conflict_makes_it_look_again(world: World) -> None:
    world.svc.set("stopped")
    world.svc.say("prestart", Reply(1, "", "CMMVC5901E The group is being prepared.\n"))
    called = world.array("prepare")
    assert (called.status, called.word) == (0, "PREPARED")


def test_a_conflict_that_lasts_is_given_up(world: World) -> None:
    world.svc.set("stopped")
    world.svc.say("prestart", *[Reply(1, "", "CMMVC5918E Not now.\n")] * 3)
    called = world.array("prepare")
    assert called.status == status.REFUSED
    assert len(tasks(world)) == 3


@pytest.mark.parametrize("how", [HANG, LOST_BEFORE, LOST_AFTER])
def test_a_lost_prepare_is_not_repeated_in_the_call(world: World, how: str) -> None:
    world.svc.set("stopped")
    world.svc.say("prestart", how)
    called = world.array("prepare")
    assert len(tasks(world)) == 1
    if how == LOST_AFTER:
        assert (called.status, called.word) == (0, "PREPARED")
    else:
        assert called.status == (status.TIMEOUT if how == HANG else status.UNKNOWN)
        # The next call reads the state and may ask again: the first was never executed.
        assert world.array("prepare").word == "PREPARED"


def test_a_prepare_that_is_carried_out_behind_the_undo_is_given_up_by_the_next_run(world: World) -> None:
    world.svc.set("stopped")
    world.svc.say("prestart", HANG)
    assert world.array("prepare").status == status.TIMEOUT
    assert (world.array("abort").word, world.array("abort").word) == ("STOPPED", "STOPPED")
    world.svc.set("prepared")
    called = world.call("array", "V7000", "release", "--clone", "SISTPROD_24", "--run", OTHER_RUN)
    assert (called.status, called.word) == (0, "STOPPED")


def test_a_prepare_that_is_carried_out_behind_the_next_release_is_taken_over(world: World) -> None:
    """It is what the next run asks for; somebody else's prepare stays somebody else's."""
    world.svc.set("stopped")
    world.svc.say("prestart", HANG)
    assert world.array("prepare").status == status.TIMEOUT
    assert world.array("abort").word == "STOPPED"

    def following(verb: str, run: str = "20261122203500") -> tuple[int, str]:
        called = world.call("array", "V7000", verb, "--clone", "SISTPROD_24", "--run", run)
        return called.status, called.word

    assert following("release") == (0, "STOPPED")
    world.svc.set("prepared")
    assert following("prepare") == (0, "PREPARED")
    assert following("trigger") == (0, "FIRED")
    assert following("prove") == (0, "PROVEN")
    world.svc.set("prepared")
    assert following("prepare", "20261123203500") == (status.FOREIGN, "FOREIGN")


@pytest.mark.parametrize("how", [HANG, LOST_BEFORE, LOST_AFTER])
def test_a_lost_trigger_stays_unknown(world: World, how: str) -> None:
    world.svc.set("stopped")
    world.array("prepare")
    world.svc.say("startfc", how)
    called = world.array("trigger")
    assert called.status == (status.TIMEOUT if how == HANG else status.UNKNOWN)
    assert tasks(world).count("startfcconsistgrp SISTPROD_24") == 1


def test_trigger_refused_by_the_array(world: World) -> None:
    world.svc.set("stopped")
    world.array("prepare")
    world.svc.say("startfc", Reply(1, "", "CMMVC5919E I/O group offline.\n"))
    assert world.array("trigger").status == status.REFUSED
    world.svc.say("startfc", Reply(1, "", "CMMVC6253E Not authorised.\n"))
    assert world.array("trigger").status == status.AUTH
    world.svc.say("startfc", Reply(1, "", "CMMVC5786E The system is not in a stable state.\n"))
    assert world.array("trigger").status == status.SYSTEM
    world.svc.say("startfc", Reply(0, "", "CMMVC6372W Licence nearly used up.\n"))
    assert world.array("trigger").status == status.UNKNOWN


def test_prove_wants_every_map_started_anew(world: World) -> None:
    world.svc.set("stopped")
    world.array("prepare")
    assert world.array("prove").status == status.REFUSED
    world.array("trigger")
    stale = world.svc.maps[2]["start_time"]
    world.svc.maps[2]["start_time"] = "261120204027"
    called = world.array("prove")
    assert called.status == status.REFUSED
    assert "fcmap3" in called.text
    world.svc.maps[2]["start_time"] = stale
    world.svc.maps[0]["status"] = "stopped"
    assert world.array("prove").status == status.REFUSED
    world.svc.maps[0]["status"] = "copying"
    gone = world.svc.maps.pop()
    assert world.array("prove").status in (status.MISMATCH, status.REFUSED)
    world.svc.maps.append(gone)
    assert world.array("prove").word == "PROVEN"


def test_prove_when_already_copied(world: World) -> None:
    world.svc.set("stopped")
    world.array("prepare")
    world.array("trigger")
    world.svc.set("idle_or_copied")
    assert world.array("prove").word == "PROVEN"
    world.svc.set("stopped")
    assert world.array("prove").status == status.REFUSED


def test_abort_of_a_prepare(world: World) -> None:
    world.svc.set("stopped")
    world.array("prepare")
    called = world.array("abort")
    assert (called.status, called.word) == (0, "STOPPED")
    assert tasks(world)[-1] == "stopfcconsistgrp SISTPROD_24"
    # Twice is as good as once, and afterwards the run may prepare anew.
    assert world.array("abort").status == 0
    assert world.array("prepare").word == "PREPARED"


def test_abort_of_an_unproven_start_stops_the_group(world: World) -> None:
    world.svc.set("stopped")
    world.array("prepare")
    world.array("trigger")
    assert world.array("abort").word == "STOPPED"


def test_abort_leaves_what_is_not_ours(world: World) -> None:
    for state in ("copying", "prepared", "idle_or_copied"):
        world.svc.set(state)
        assert world.array("abort").status == 0
    assert tasks(world) == []


def test_abort_leaves_an_older_copy(world: World) -> None:
    world.svc.set("stopped")
    world.array("prepare")
    world.svc.set("copying")
    assert world.array("abort").status == status.FOREIGN


def test_require(world: World) -> None:
    words = ("array", "V7000", "require", "--group", "SISTPROD_1", "--state", "idle_or_copied")
    world.svc.maps.append(
        dict(world.svc.maps[0], name="fcmap9", group_name="SISTPROD_1", status="idle_or_copied")
    )
    assert world.call(*words).status == 0
    world.svc.groups["SISTPROD_1"] = "copying"
    called = world.call(*words)
    assert called.status == status.REFUSED
    assert "copying" in called.text
    del world.svc.groups["SISTPROD_1"]
    assert world.call(*words).status == status.NOTFOUND
    assert world.call("array", "V7000", "require").status == status.CONFIG


@pytest.mark.parametrize("act", ["status", "release", "prepare", "trigger", "prove", "abort", "usage"])
def test_group_not_there(world: World, act: str) -> None:
    del world.svc.groups["SISTPROD_24"]
    called = world.array(act)
    assert called.status == status.NOTFOUND
    assert "SISTPROD_24" in called.text


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Reply(0, "", ""), status.SYSTEM),
        (Reply(0, "\0" * 100, ""), status.SYSTEM),
        (Reply(0, "some text\n", ""), status.SYSTEM),
        (Reply(0, "name!SISTPROD_24\n", ""), status.SYSTEM),
        (Reply(0, "name!OTHER\nstatus!copying\n", ""), status.NOTFOUND),
        (Reply(0, "x!y\n" * 30000, ""), status.SYSTEM),
        (Reply(127, "", "rbash: command not found\n"), status.SYSTEM),
        (HANG, status.TIMEOUT),
        (LOST_BEFORE, status.UNKNOWN),
    ],
)
def test_hostile_group_detail(world: World, answer: Reply, expected: int) -> None:
    world.svc.say("lsfcconsistgrp", answer)
    assert world.array("status").status == expected


@pytest.mark.parametrize("out", ["id!name\n1!m\n", "id!name!group_name\n1!fcmap1\n", "\0", "id name\n"])
def test_hostile_maps(world: World, out: str) -> None:
    world.svc.say("lsfcmap", Reply(0, out, ""))
    assert world.array("release").status == status.SYSTEM
    assert tasks(world) == []


def test_columns_may_come_and_go(world: World) -> None:
    for entry in world.svc.maps:
        entry["brand_new"] = "1"
        del entry["rc_controlled"]
    assert world.array("status").word == "ACTIVE"


def test_names_are_safe(world: World) -> None:
    called = world.call("array", "V7000", "require", "--group", "X;rm", "--state", "copying")
    assert called.status == status.CONFIG
    assert world.svc.log == []


def test_nothing_is_ever_forced(world: World) -> None:
    for state in ("copying", "stopped", "prepared", "preparing", "suspended"):
        world.svc.set(state)
        for act in ("release", "prepare", "trigger", "prove", "abort"):
            world.array(act)
    assert not [command for command in world.svc.log if "-force" in command or "-restore" in command]


def test_usage(world: World) -> None:
    called = world.array("usage")
    assert (called.status, called.extra1, called.extra2) == (0, "12", "39")
    world.svc.pool_free = "50.00GB"
    called = world.array("usage")
    assert called.status == status.SPACE
    assert "POOL0" in called.text
    world.svc.say("lssevdiskcopy", Reply(0, "", ""))
    assert world.array("usage").status == 0
    world.svc.say("lsmdiskgrp", Reply(0, "id!name\n0!OTHER\n", ""))
    assert world.array("usage").status == status.SYSTEM
    world.svc.say("lsmdiskgrp -delim ! 0", Reply(0, "id!0\ncapacity!\nfree_capacity!\n", ""))
    assert world.array("usage").status == status.SYSTEM


def test_where_drives_compress_their_physical_capacity_counts(world: World) -> None:
    """A pool of such drives shows what they would hold if data were compressed as well as promised."""
    world.svc.pool_physical = {"physical_capacity": "300.00GB", "physical_free_capacity": "24.00GB"}
    called = world.array("usage")
    assert (called.status, called.word) == (status.SPACE, "SPACE")
    assert "pool POOL0 has 8 percent of its physical capacity free" in called.text
    world.svc.pool_physical["physical_free_capacity"] = "150.00GB"
    assert world.array("usage").extra2 == "39"  # the pool itself has less
    world.svc.pool_physical["physical_free_capacity"] = "90.00GB"
    assert world.array("usage").extra2 == "30"


def test_full_drives_are_told_where_all_targets_are_fully_allocated(world: World) -> None:
    world.svc.says["lssevdiskcopy"] = [Reply(0, "", "")] * 2
    world.svc.pool_free = "0.00MB"  # they fill their pool, which is nothing to tell
    world.svc.pool_physical = {"physical_capacity": "0.98TB", "physical_free_capacity": "0.00MB"}
    assert world.array("usage").status == 0
    world.svc.pool_physical = {"physical_capacity": "300.00GB", "physical_free_capacity": "24.00GB"}
    assert world.array("usage").status == status.SPACE


def test_a_child_pool_has_the_physical_capacity_of_its_parent(world: World) -> None:
    world.svc.pool_physical = {"parent_mdisk_grp_id": "7", "parent_mdisk_grp_name": "The drives"}
    parent = "name!The drives\ncapacity!5.00TB\nphysical_capacity!2.00TB\nphysical_free_capacity!100.00GB\n"
    world.svc.say("lsmdiskgrp -delim ! 7", Reply(0, parent, ""))
    called = world.array("usage")
    assert called.status == status.SPACE
    assert "pool POOL0 has 5 percent of its physical capacity free" in called.text


def test_a_broken_claim_is_told(world: World) -> None:
    folder = world.folder / "runs" / RUN
    folder.mkdir()
    for content in (b"\xff", b"[]", json.dumps({"V7000/SISTPROD_24": {"prepare": 1}}).encode()):
        (folder / "array.json").write_bytes(content)
        called = world.array("prove")
        assert called.status == status.CONFIG
        assert "array.json" in called.text


def test_by_hand_without_clone_and_run(world: World) -> None:
    world.svc.set("stopped")
    for act, word in (
        ("status", "FREE"),
        ("release", "STOPPED"),
        ("prepare", "PREPARED"),
        ("trigger", "FIRED"),
    ):
        called = world.call("array", "V7000", act)
        assert (called.status, called.word) == (0, word)
    assert world.call("array", "V7000", "prove").word == "PROVEN"
    assert (world.folder / "runs" / "BYHAND" / "array.json").exists()


def test_unknown_array(world: World) -> None:
    called = world.call("array", "V9", "status")
    assert called.status == status.NOTFOUND
    assert "V7000" in called.text


def test_code_level_that_lists_no_start_times(world: World) -> None:
    world.svc.hidden_columns = ("start_time",)
    world.svc.set("stopped")
    for act in ("prepare", "trigger", "prove"):
        assert world.array(act).status == 0


def test_a_banner_in_front_of_every_answer(world: World) -> None:
    plain = world.svc.handle

    def with_banner(command: str) -> Reply:
        given = plain(command)
        out = f"Authorised users only!\r\n\r\n{given.out}".replace("\n", "\r\n")
        return given._replace(out=out) if command.startswith("ls") else given

    world.svc.handle = with_banner  # type: ignore[method-assign]
    world.svc.set("stopped")
    for act in ("prepare", "trigger", "prove"):
        assert world.array(act).status == 0
    assert not [command for command in world.svc.log if "lsfcmap" in command and "=" not in command]


def test_a_warning_counts_as_what_the_state_then_shows(world: World) -> None:
    plain = world.svc.handle

    def with_warning(command: str) -> Reply:
        given = plain(command)
        return given if command.startswith("ls") else given._replace(err="CMMVC6372W Nearly used up.\n")

    world.svc.handle = with_warning  # type: ignore[method-assign]
    assert world.array("release").word == "STOPPED"
    assert world.array("prepare").word == "PREPARED"
    assert world.array("abort").word == "STOPPED"
    # Of the copy itself only the proof speaks.
    world.array("prepare")
    assert world.array("trigger").status == status.UNKNOWN
    assert world.array("prove").word == "PROVEN"


@pytest.mark.parametrize(
    ("said", "expected"),
    [("CMMVC6253E Not authorised.", status.AUTH), ("CMMVC6372W Beware.", status.UNKNOWN)],
)
def test_status_text_with_exit_status_0(world: World, said: str, expected: int) -> None:
    world.svc.set("stopped")
    world.svc.say("prestart", Reply(0, "", f"{said}\n"))
    called = world.array("prepare")
    assert called.status == expected
    assert said in called.text


def test_an_error_is_never_a_flash_whatever_the_exit_status(world: World) -> None:
    world.svc.set("stopped")
    world.array("prepare")
    world.svc.say("startfc", Reply(0, "CMMVC5786E The system is not in a stable state.\n", ""))
    called = world.array("trigger")
    assert called.status == status.UNKNOWN
    assert "CMMVC5786E" in called.text


def test_an_id_where_a_name_belongs(world: World) -> None:
    world.data["clones"]["SISTPROD_24"]["disks"] = [{"group": "1", "array": "V7000"}]
    world.save()
    world.svc.say("lsfcconsistgrp", Reply(0, "id!1\nname!SISTPROD_24\nstatus!copying\n", ""))
    called = world.array("abort")
    assert called.status == status.NOTFOUND
    assert "'SISTPROD_24'" in called.text
    assert "not its id" in called.text
    assert tasks(world) == []


@pytest.mark.parametrize("group", ["MY GROUP", "a;b", "-force", "$(x)"])
def test_a_group_name_that_a_command_cannot_carry(world: World, group: str) -> None:
    called = world.call("array", "V7000", "require", f"--group={group}", "--state", "stopped")
    assert called.status == status.CONFIG
    assert group in called.text
    world.data["clones"]["SISTPROD_24"]["disks"] = [{"group": group, "array": "V7000"}]
    world.save()
    called = world.array("status")
    assert called.status == status.CONFIG
    assert group in called.text
    assert world.svc.log == []


def test_ten_thousand_maps_of_others(world: World) -> None:
    world.svc.maps += [dict(world.svc.maps[0], id=str(n), name=f"x{n}", group_name="") for n in range(10000)]
    world.svc._of = lambda group: world.svc.maps if group == "all" else world.svc.maps[:3]  # type: ignore[method-assign]
    listed = world.svc._lsfcmap("group_name=all")
    world.svc.say("lsfcmap", listed)
    assert world.array("status").extra2 == "3"


def test_the_cycle_may_be_gone_through_twice_under_one_id(world: World) -> None:
    for second in ("12", "50"):
        world.svc.now = "2611212037" + second
        for act, word in (
            ("release", "STOPPED"),
            ("prepare", "PREPARED"),
            ("trigger", "FIRED"),
            ("prove", "PROVEN"),
        ):
            called = world.array(act)
            assert (called.status, called.word) == (0, word), called.text


def test_abort_forgets_a_proven_copy_that_was_stopped(world: World) -> None:
    for act in ("release", "prepare", "trigger", "prove"):
        world.array(act)
    world.svc.set("stopped")
    assert world.array("abort").word == "STOPPED"
    assert world.array("prepare").word == "PREPARED"


def test_holds_only_the_copy_that_a_run_has_proven(world: World) -> None:
    # There is a copy, and nobody of ours has taken it.
    assert world.array("holds").status == status.FOREIGN
    for act in ("release", "prepare", "trigger"):
        world.array(act)
    assert world.array("holds").status == status.FOREIGN  # taken, not proven
    assert world.array("prove").word == "PROVEN"
    called = world.array("holds")
    assert (called.status, called.word) == (0, "HELD"), called.text
    assert called.extra1 + called.extra2 == RUN
    assert "copy of run" in called.text
    # Another prepare and start, by whomever.
    for entry in world.svc.maps:
        entry["start_time"] = "261122060000"
    called = world.array("holds")
    assert called.status == status.FOREIGN
    assert "another copy" in called.text
    assert world.array("release", "--own").status == status.FOREIGN
    world.svc.set("stopped")
    called = world.array("holds")
    assert called.status == status.REFUSED
    assert "not in force" in called.text
    # What holds no copy needs no owner.
    assert world.array("release", "--own").word == "STOPPED"
