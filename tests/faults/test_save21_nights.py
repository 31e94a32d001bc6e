"""The whole system saved on the clone: to each kind of device, and what goes wrong with it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from flashc.cli.stage import Stage
from flashtwin.installed import conditions
from flashtwin.scheduler import Signal, Wait
from nights import Change, Edit, Played
from works import HARDWARE, LIBRARIES, clone_steps, home, notes, save21, worked

VOLUMES = save21('library TAPMLB01 volumes "BRM001" and "BRM002" and "BRM003"')
BEFORE = ["C00", "C10", "C47", "C18"]
SAVES = ["C21", "C22", "C23", "C24"]
AFTER = ["C35", "C36", "C46", "C50", "C60", "C66", "C47", "C70"]
VIRTUAL: Change = (
    LIBRARIES,
    f'{LIBRARIES}\nvirtual_devices = [{{ name = "TAPVRT01", catalog = "NIGHT", volumes = ["VRT001"] }}]',
)
CATEGORY: Change = (
    HARDWARE,
    f'{HARDWARE}\ncategories = [{{ name = "NIGHTLY", volumes = ["BRM002", "BRM003"] }}]',
)
SEQUENTIAL: Change = (LIBRARIES, LIBRARIES.replace("drives", "sequential = true, drives"))


def _good(night: Played) -> None:
    assert (night.run.result, night.run.detail) == ("completed", "")
    assert [f"{one.id} {one.detail}" for one in night.run.broken] == []
    assert clone_steps(night) == BEFORE + SAVES + AFTER


def _failed(night: Played, *says: str) -> None:
    """Failed, told so, and everything is as it must be all the same."""
    assert night.run.result == "failed"
    assert [f"{one.id} {one.detail}" for one in night.run.broken] == []
    told = "\n".join(notes(night))
    for text in says:
        assert text in told, told
    assert night.history() == ("CLOSED", "FAILED")


def _saved(night: Played) -> list[tuple[str, tuple[str, ...], str]]:
    events = night.stage.world.events.of("tape_save", system="SISTPROD_24")
    return [(str(e["what"]), e["volumes"], str(e["result"])) for e in events]


@pytest.mark.parametrize(
    ("spec", "site", "volumes"),
    [
        (VOLUMES, (), {"BRM001"}),
        (save21("drive TAP01"), (), {"BRM001"}),
        (save21("virtual tape TAPVRT01 catalog NIGHT"), (VIRTUAL,), {"VRT001"}),
        (save21("library TAPMLB01 category NIGHTLY"), (CATEGORY,), {"BRM002"}),
        (save21("library TAPMLB01 sequential"), (SEQUENTIAL,), {"BRM001"}),
    ],
    ids=["volumes", "drive", "virtual tape", "category", "sequential"],
)
def test_a_whole_save(spec: tuple[Change, ...], site: tuple[Change, ...], volumes: set[str]) -> None:
    with worked(spec, site) as night:
        _good(night)
        assert [what for what, _, _ in _saved(night)] == ["SAVSYS", "SAVLIB", "SAVDLO", "SAV"]
        assert {volume for _, used, _ in _saved(night) for volume in used} == volumes
        assert not list(night.stage.world.events.of("brms_state", system="SISTPROD"))
        assert {"savejob.txt", "listingC21.txt", "listingC24.txt"} <= set(home(night))
        assert "listing of SAVLIB" not in home(night)["listingC21.txt"].decode()


# The small configuration, in which QBASE takes its jobs from QGPL/QBATCH.
QBASE: Sequence[Change] = (
    (LIBRARIES, f'{LIBRARIES}\ncontrolling_subsystem = "QBASE"'),
    ("subsystems = [", 'subsystems = [{ name = "QBASE", job_queues = ["QGPL/QBATCH"] },'),
    ("subsystems = [", 'subsystems = [{ name = "QBATCH" },'),
)


def test_a_controlling_subsystem_whose_job_queue_has_another_name() -> None:
    with worked(VOLUMES, QBASE) as night:
        _good(night)
        (submitted,) = (step.text for step in night.run.steps if step.code == "C18")
        assert submitted.endswith("QGPL/QBATCH")


def test_its_batch_queue_that_is_held_around_the_flash_is_held_in_the_copy_and_another_is_used() -> None:
    """What waits there would run on the clone beside the save."""
    held: Change = ("around flash {", "around flash {\n        hold job queue QGPL/QBATCH")
    two: Change = ('job_queues = ["QGPL/QBATCH"]', 'job_queues = ["QGPL/QBATCH", "QGPL/QINTER"]')
    with worked((*VOLUMES, held), (*QBASE, two)) as night:
        _good(night)
        (submitted,) = (step.text for step in night.run.steps if step.code == "C18")
        assert submitted.endswith("QGPL/QINTER")


def test_nothing_of_brms_is_asked_for() -> None:
    with worked(VOLUMES) as night:
        codes = {step.code for step in night.run.steps}
        assert not codes & {"O65", "O87", "O88", "O89", "C15", "C20", "C40", "C45"}
        assert night.run.as_json()["operation"] == "save21"
        assert {"O83", "O84"} <= codes


@pytest.mark.parametrize(("holds", "used"), [("20m", 3), ("5m", 3)], ids=["fits", "does not"])
def test_saves_that_fill_volumes_go_on_with_the_next(holds: str, used: int) -> None:
    with worked(VOLUMES, [(HARDWARE, f'{HARDWARE}\nholds = "{holds}"')]) as night:
        written = {str(e["volume"]) for e in night.stage.world.events.of("tape_written")}
        assert len(written) == used
        if holds == "20m":
            _good(night)
        else:
            _failed(night, "C22 FLE0112")


def test_a_volume_that_is_not_there() -> None:
    with worked(save21('library TAPMLB01 volumes "BRM099"')) as night:
        _failed(night, "C21 FLE0112 Not saved: SAVSYS CPF6772", "FLE0033")
        # What comes after is done, and production has the job log that says why.
        assert clone_steps(night)[-len(AFTER) :] == AFTER
        assert "CPF6772" in home(night)["savejob.txt"].decode()


def _fails(stage: Stage) -> None:
    conditions(stage.world).save_fails_at = "*NONSYS"


def _exceptions(stage: Stage) -> None:
    conditions(stage.world).save_exceptions = True


def test_a_save_that_breaks_off_ends_the_rest() -> None:
    with worked(VOLUMES, prepare=_fails) as night:
        _failed(night, "C22 FLE0112 Not saved: SAVLIB *NONSYS CPF3794")
        # Tried once more from each volume that is left; documents and directories are not tried.
        assert [what for what, _, _ in _saved(night)] == ["SAVSYS", "SAVLIB", "SAVLIB", "SAVLIB"]


def test_a_save_with_exceptions_is_no_complete_one() -> None:
    with worked(VOLUMES, prepare=_exceptions) as night:
        _failed(night, "C21 FLE0111", "C22 FLE0111", "C24 FLE0111", "O85 FLE0033")
        assert [result for _, _, result in _saved(night)] == ["exceptions"] * 4
        assert home(night)["result.txt"].decode().strip() == "ERRORS"


def test_restricted_state_that_comes_late_is_waited_for() -> None:
    with worked(VOLUMES, [("[durations]", '[durations]\nend_subsystems = "10m"')]) as night:
        _good(night)


def test_a_device_that_takes_its_time_is_waited_for() -> None:
    with worked(VOLUMES, [("[durations]", '[durations]\nvary_settles = "2m"')]) as night:
        _good(night)


def test_restricted_state_that_never_comes() -> None:
    with worked(VOLUMES, [("[durations]", '[durations]\nend_subsystems = "50m"')]) as night:
        _failed(night, "C21 FLE0112 Not saved: SAVSYS CPF3785")


def test_a_save_past_its_limit_is_ended() -> None:
    with worked(save21('library TAPMLB01 volumes "BRM001"', within="30m")) as night:
        _failed(night, "O85 FLE0033 The clone's work is not complete: FAILED")
        assert _saved(night)[-1][2] == "ended"


def _held_queue(stage: Stage) -> None:
    (queue,) = [q for q in stage.system.work.queues() if (q.library, q.name) == ("QSYS", "QCTL")]
    queue.held = True


def test_a_job_queue_that_does_not_run_ends_nothing() -> None:
    with worked(VOLUMES, prepare=_held_queue) as night:
        _failed(night, "C18 FLE0110")
        assert _saved(night) == []
        clone = night.stage.world.partition("SISTPROD_24").os
        assert clone is not None
        assert [queue.entries for queue in clone.work.queues() if queue.held] == [[]]
        assert not list(night.stage.world.events.of("restricted_entered", system="SISTPROD_24"))


def test_a_library_that_production_holds() -> None:
    with worked(
        VOLUMES, [(HARDWARE, f'{HARDWARE}\nreserved_by = "SISTPROD"'), ("drives = 2\n", "drives = 1\n")]
    ) as night:
        _failed(night, "C21 FLE0112 Not saved: SAVSYS CPF415E")


def _no_library(stage: Stage) -> None:
    conditions(stage.world).vary_fails.add("TAPMLB01")


def test_a_device_that_is_not_ready_saves_nothing() -> None:
    with worked(VOLUMES, prepare=_no_library) as night:
        _failed(night, "C10 FLE0060")
        assert _saved(night) == []


def _lost_in_the_save(stage: Stage) -> None:
    """The clone loses its power in the middle of a save."""

    def around(context, go):  # type: ignore[no-untyped-def]
        if context.command.name != "SAVLIB" or context.os.partition.name != "SISTPROD_24":
            return go()
        return _off(context)

    def _off(context):  # type: ignore[no-untyped-def]
        yield from context.sleep(300.0)
        context.os.partition.shut_down(1.0, False)
        yield Wait((Signal("never"),))

    stage.world.around_command = around


def test_a_clone_that_is_lost_in_the_save() -> None:
    with worked(VOLUMES, prepare=_lost_in_the_save) as night:
        _failed(night, "O82 FLE0029")


def test_a_start_up_that_does_not_run_again() -> None:
    readings = "[durations]", "[readings]\nstartup_again_after_restricted = false\n\n[durations]"
    with worked(VOLUMES, [readings]) as night:
        _good(night)


BROKEN = [
    (
        "S7",
        "the save of SAVLIB ended with 'failed'",
        (
            Edit("FLWDAILY.clle", "VAR(&VERDICT) VALUE('FAILED')", "VAR(&VERDICT) VALUE('COMPLETE')", 2),
            Edit("FLWDAILY.clle", "COND(&VERDICT *NE 'FAILED')", "COND(&VERDICT *NE 'NEVER')", 3),
        ),
        _fails,
    ),
    (
        "S7",
        "there is no SAVDLO",
        (Edit("FLWDAILY.clle", "'QSYS/SAVDLO DLO(*ALL) FLR(*ANY)'", "'QSYS/SAVSECDTA'"),),
        None,
    ),
    (
        "S9",
        "'SAVLIB' at",
        (
            Edit(
                "FLJRNL.clle",
                "             CHGVAR     VAR(&NOW) VALUE(&TS)\n",
                "             IF         COND(&CODE *EQ 'C22') THEN(RETURN)\n"
                "             CHGVAR     VAR(&NOW) VALUE(&TS)\n",
            ),
        ),
        None,
    ),
    (
        "S12",
        "STATE(*STRPRC)",
        (
            Edit(
                "FLWDAILY.clle",
                "             QSYS/RTVSYSVAL SYSVAL(QCTLSBSD)",
                "             QBRM/INZBRM OPTION(*FLASHCOPY) STATE(*STRPRC)\n"
                "             QSYS/RTVSYSVAL SYSVAL(QCTLSBSD)",
            ),
        ),
        None,
    ),
]


@pytest.mark.parametrize(
    ("id", "says", "edits", "prepare"), BROKEN, ids=lambda v: v if isinstance(v, str) else ""
)
def test_a_broken_save_is_caught(id: str, says: str, edits: tuple[Edit, ...], prepare: object) -> None:
    with worked(VOLUMES, edits=edits, prepare=prepare) as night:  # type: ignore[arg-type]
        verdicts = {one.id: one for one in night.run.invariants}
    assert not verdicts[id].held, (night.run.result, night.run.detail)
    assert says in verdicts[id].detail, verdicts[id].detail
