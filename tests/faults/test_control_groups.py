"""Nights with several BRMS control groups: in sequence, together, restricted behind them, one that fails."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from flashc.cli.stage import Stage
from flashtwin.errors import Escape
from flashtwin.installed import conditions
from nights import Change, Edit, Played, played

ONE_GROUP = "group SAV21 library TAPMLB01 restricted within 8h"
RESTRICTED = "group SAV21 library TAPMLB01 restricted within 2h"
SEQUENCE = "group APPS library TAPMLB01 within 30m\n        group IFS library TAPMLB01 within 1h"
TOGETHER = (
    "together {\n            group APPS library TAPMLB01 within 30m\n"
    "            group IFS library TAPMLB01 within 1h\n        }"
)
# No control group ends a subsystem but SAV21; five minutes for an item.
GROUPS: tuple[Change, ...] = (
    (
        "control_groups = [\n",
        "control_groups = [\n"
        '    { name = "APPS", items = ["*EXIT", "APPLIB", "APPDATA", "*EXIT"], restricted = false, '
        "volumes_needed = 1, "
        'exits = ["CALL PGM(BCKFLASHP/FLEXIT) PARM(BEGIN)", "CALL PGM(BCKFLASHP/FLEXIT) PARM(END)"] },\n'
        '    { name = "IFS", items = ["QGPL", "QUSRSYS", "HOME"], restricted = false, volumes_needed = 1 },\n'
        '    { name = "SAVF", items = ["QGPL"], restricted = false, media_class = "*SAVF" },\n',
    ),
    ('save = "50m"', 'save = "50m"\nsave_item = "5m"'),
)


def on_clone(groups: str) -> tuple[Change, ...]:
    """The example's spec with these groups in place of its own."""
    return ((ONE_GROUP, groups),)


def rows(night: Played, *codes: str, kind: str = "result") -> list[str]:
    """The clone's rows of these codes, in their order."""
    found = (s for s in night.run.steps if s.code in codes and s.kind == kind and s.side == "clone")
    return [f"{s.code} {s.text}" for s in found]


def saves(night: Played) -> list[tuple[str, str]]:
    """What BRMS has saved on the clone: control group and result."""
    found = night.stage.world.events.of("brms_save", system="SISTPROD_24")
    return [(str(event["group"]), str(event["result"])) for event in found]


def broken(night: Played) -> dict[str, str]:
    """The invariants that do not hold."""
    return {one.id: one.detail for one in night.run.invariants if not one.held}


def states(night: Played) -> list[str]:
    """The states that BRMS was given on the clone."""
    found = night.stage.world.events.of("brms_state", system="SISTPROD_24")
    return [str(event["state"]) for event in found]


def test_two_groups_one_after_the_other() -> None:
    with played(changes=GROUPS, spec=on_clone(SEQUENCE)) as night:
        assert night.run.result == "completed", night.run.detail
        assert broken(night) == {}
        assert rows(night, "C20", "C30", "C36") == [
            "C20 Control group APPS submitted",
            "C30 Save ended APPS",
            "C20 Control group IFS submitted",
            "C30 Save ended IFS",
            "C36 Verdict of the work: APPS COMPLETE",
            "C36 Verdict of the work: IFS COMPLETE",
        ]
        assert saves(night) == [("APPS", "completed"), ("IFS", "completed")]
        assert states(night) == ["*STRBKU", "*ENDBKU"]


def test_two_groups_together_then_one_in_restricted_state() -> None:
    with played(changes=GROUPS, spec=on_clone(f"{TOGETHER}\n        {RESTRICTED}")) as night:
        assert night.run.result == "completed", night.run.detail
        assert broken(night) == {}
        assert rows(night, "C20", "C25", "C30", "C36") == [
            "C20 Control group APPS submitted",
            "C20 Control group IFS submitted",
            "C25 Save began APPS",
            "C25 Save began IFS",
            "C30 Save ended APPS",
            "C30 Save ended IFS",
            "C20 Control group SAV21 submitted",
            "C25 Save began SAV21",
            "C30 Save ended SAV21",
            "C36 Verdict of the work: APPS COMPLETE",
            "C36 Verdict of the work: IFS COMPLETE",
            "C36 Verdict of the work: SAV21 COMPLETE",
        ]
        assert states(night) == ["*STRBKU", "*ENDBKU"]


def fails_at(item: str) -> Callable[[Stage], None]:
    def prepare(stage: Stage) -> None:
        conditions(stage.world).save_fails_at = item

    return prepare


def test_behind_a_group_that_fails_none_is_started_and_its_tapes_are_known() -> None:
    spec = on_clone(f"{SEQUENCE}\n        {RESTRICTED}")
    with played(changes=GROUPS, spec=spec, prepare=fails_at("QUSRSYS")) as night:
        assert (night.run.result, broken(night)) == ("failed", {})
        assert saves(night) == [("APPS", "completed"), ("IFS", "failed")]
        assert rows(night, "C36") == [
            "C36 Verdict of the work: APPS COMPLETE",
            "C36 Verdict of the work: IFS FAILED",
            "C36 Verdict of the work: SAV21 FAILED",
        ]
        (note,) = rows(night, "C30", kind="note")
        assert "IFS BRM1820" in note
        assert states(night) == ["*STRBKU", "*ENDBKU"]
        assert night.brms_state() == "*ENDPRC"
        written = {str(e["volume"]) for e in night.stage.world.events.of("tape_written")}
        assert len(written) == 2
        assert all(night.brms().volumes[name].status == "*ACT" for name in written)


def test_a_group_past_its_limit_is_ended_and_not_known() -> None:
    short = TOGETHER.replace("IFS library TAPMLB01 within 1h", "IFS library TAPMLB01 within 12m")
    with played(changes=GROUPS, spec=on_clone(f"{short}\n        {RESTRICTED}")) as night:
        assert (night.run.result, broken(night)) == ("failed", {})
        assert saves(night) == [("APPS", "completed"), ("IFS", "ended")]
        (note,) = rows(night, "C30", kind="note")
        assert "IFS UNKNOWN past its limit" in note
        assert states(night) == ["*STRBKU", "*ENDBKU"]


def kill_group(stage: Stage) -> None:
    """The job of a control group is killed when BRMS has begun to save it."""
    killed: list[str] = []

    def around(context: Any, go: Callable[[], Any]) -> Any:
        if context.command.name == "STRBKUBRM" and context.text("CTLGRP") == "IFS" and not killed:
            killed.append(context.job.qualified)
            stage.world.scheduler.spawn("somebody", _kill(context))
        return go()

    def _kill(context: Any) -> Any:
        yield from context.sleep(200.0)
        context.os.work.kill(context.job, 50)

    stage.world.around_command = around


def test_the_job_of_a_group_is_killed_and_nobody_waits_for_its_limit() -> None:
    with played(changes=GROUPS, spec=on_clone(TOGETHER), prepare=kill_group) as night:
        assert (night.run.result, broken(night)) == ("failed", {})
        (note,) = rows(night, "C30", kind="note")
        assert "IFS UNKNOWN its job is gone" in note
        assert ("APPS", "completed") in saves(night)


def test_a_drive_and_save_files_instead_of_a_library() -> None:
    on_drive: Change = ('{ id = "BRM001", library = "TAPMLB01" }', '{ id = "BRM001", library = "TAP01" }')
    class_of: Change = (
        '"APPDATA", "*EXIT"], restricted = false,',
        '"APPDATA", "*EXIT"], restricted = false, media_class = "DRIVE",',
    )
    media: Change = (f"{on_drive[1]},", f'{on_drive[1][:-2]}, media_class = "DRIVE" }},')
    spec = on_clone("group APPS drive TAP01 within 30m\n        group SAVF within 30m")
    with played(changes=(*GROUPS, class_of, on_drive, media), spec=spec) as night:
        assert night.run.result == "completed", night.run.detail
        assert broken(night) == {}
        assert [row.split()[-1] for row in rows(night, "C10", "C46")] == ["TAP01", "TAP01"]
        assert saves(night) == [("APPS", "completed"), ("SAVF", "completed")]


def test_the_verdict_of_the_first_group_alone_is_caught() -> None:
    second = """\
             CHGVAR     VAR(&GROUP) VALUE('IFS')
             CALLSUBR   SUBR(C36)
"""
    left_out = Edit("FLADAILY.clle", second, "")
    unread = Edit("FLADAILY.clle", "IF         COND(%SST(&TKT 121 10) *EQ 'FAILED')", "IF         COND('0')")
    night_of = played((left_out, unread), GROUPS, spec=on_clone(SEQUENCE), prepare=fails_at("QUSRSYS"))
    with night_of as night:
        assert "it says completed" in night.run.detail
        assert "the save of IFS ended with 'failed'" in broken(night)["S7"]


def test_saves_are_waited_for_though_the_wait_for_them_was_refused_once() -> None:
    """Else the clone would report, and end BRMS's state, while its saves still write."""
    refused: list[str] = []

    def prepare(stage: Stage) -> None:
        def around(context: Any, go: Callable[[], Any]) -> Any:
            waits = (context.act.name, context.command.name) == ("FLBDAILY", "CALL")
            if waits and not refused and context.qualified("PGM")[0] == "QRCVDTAQ":
                refused.append(context.job.name)
                raise Escape("CPF9899", "", "Error occurred during processing of command.")
            return go()

        stage.world.around_command = around

    with played(changes=GROUPS, spec=on_clone(TOGETHER), prepare=prepare) as night:
        assert refused != []
        assert (night.run.result, broken(night)) == ("completed", {})
        assert rows(night, "C20", kind="note") == [
            "C20 Unexpected: CPF9899 Error occurred during processing of command."
        ]
        assert rows(night, "C30", "C36") == [
            "C30 Save ended APPS",
            "C30 Save ended IFS",
            "C36 Verdict of the work: APPS COMPLETE",
            "C36 Verdict of the work: IFS COMPLETE",
        ]
        assert states(night) == ["*STRBKU", "*ENDBKU"]


def reads_offset(context: Any) -> bool:
    """Whether this is the statement that reads the offset from UTC."""
    return context.command.name == "RTVSYSVAL" and context.text("SYSVAL") == "QUTCOFFSET"


@pytest.mark.parametrize(
    ("program", "behind"),
    list(product(["FLBDAILY", "FLADAILY"], [False, True])),
)
def test_saves_are_found_in_brms_log_though_summer_time_ended(program: str, behind: bool) -> None:
    """Its messages may be of a local time an hour before the save began: wherever the change strikes."""
    ended: list[str] = []

    def prepare(stage: Stage) -> None:
        def around(context: Any, go: Callable[[], Any]) -> Any:
            strikes = not ended and context.act.name == program and reads_offset(context)
            if strikes and not behind:
                stage.world.set_summer(-3600.0)
            done = go()
            if strikes:
                ended.append(context.command.name)
                if behind:
                    stage.world.set_summer(-3600.0)
            return done

        stage.world.around_command = around

    with played(changes=GROUPS, spec=on_clone(TOGETHER), prepare=prepare) as night:
        assert ended != []
        assert (night.run.result, broken(night)) == ("completed", {})
        assert rows(night, "C36") == [
            "C36 Verdict of the work: APPS COMPLETE",
            "C36 Verdict of the work: IFS COMPLETE",
        ]


FEW_MEDIA: Change = ("volumes_needed = 2", "volumes_needed = 9")
ASKS_NO_MORE = """\
             QSYS/CHGJOB INQMSGRPY(*DFT)
             MONMSG     MSGID(CPF0000) /* never stops a save */
"""


ALLOCATED: Change = ('drives = ["TAP01", "TAP02"]', 'drives = ["TAP01", "TAP02"], online = true')


def test_drives_that_production_has_for_itself_are_told_and_are_not_the_clones() -> None:
    with played(changes=(ALLOCATED,)) as night:
        assert night.run.result == "failed", night.run.detail
        assert all(one.held for one in night.run.invariants)
        (save,) = night.stage.world.events.of("brms_save")
        assert "reserved by SISTPROD" in save["reason"]
        assert night.brms().state == "*NONE"


def test_media_that_are_missing_end_a_restricted_save_at_once() -> None:
    """Nobody can answer BRM415A in restricted state: the default reply does, and the morning knows early."""
    with played(changes=(FEW_MEDIA,)) as night:
        assert night.run.result == "failed", night.run.detail
        assert all(one.held for one in night.run.invariants)
        (save,) = night.stage.world.events.of("brms_save")
        assert "Media of class" in save["reason"]
        assert (night.stage.local(save.time).day, night.stage.local(save.time).hour) == (18, 21)
        assert night.brms().state == "*NONE"


def test_without_a_default_reply_it_would_stand_until_the_limit_of_restricted_state() -> None:
    with played([Edit("FLEXIT.clle", ASKS_NO_MORE, "")], changes=(FEW_MEDIA,)) as night:
        (save,) = night.stage.world.events.of("brms_save")
        assert save["result"] == "ended"
        assert night.stage.local(save.time).day == 19
