"""What somebody does by docs/when-it-failed.md, entered as it stands there: a message leads to the next."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flashc.cli.playing import rows
from flashc.cli.stage import Stage
from flashtwin.errors import Escape
from flashtwin.ifs import host_path
from flashtwin.os400 import OperatingSystem
from flashtwin.pase_shell import run_line
from nights import Change, Played, is_row, played, staged
from test_by_hand import clone_of, last_run, record
from test_by_hand import journal as of_the_request

LIB = "BCKFLASHP"
FOLDER, PYTHON = f"/flashc/{LIB}", "/QOpenSys/pkgs/bin/python3.9"
END = f"{LIB}/FLENDCLN CLONE(SISTPROD_24) OPTION(*IMMED) SAVING(*END) REASON('its start failed') WAIT(*YES)"
NO_START: Change = (
    '    { code = "C9002AC0", lasts = "5m" },\n',
    '    { code = "B6000103", lasts = "600m" },\n',
)
"""The clone shows a reference code that tells of a start that has failed."""


def operator(night: Played) -> str:
    """All that QSYSOPR has."""
    return "\n".join(f"{m.msgid} {m.text}" for m in night.stage.system.operator_queue().messages)


def check(night: Played) -> str:
    """What FLRCVENV proposes."""
    return night.recover("*CHECK").messages[-1][1]


def refused_release(stage: Stage) -> None:
    """RLSJOB is refused until somebody mends that."""

    def around(context: Any, go: Callable[[], Any]) -> Any:
        if context.command.name == "RLSJOB":
            raise Escape("CPF1343", "", "Job not valid for function.")
        return go()

    stage.world.around_command = around


def test_what_is_not_undone_is_told_with_its_reason_and_the_command_to_go_on() -> None:
    with played(prepare=refused_release) as night:
        reason = "QSYS/RLSJOB JOB(141601/QUSRSSH/CPY) CPF1343 Job not valid for function."
        assert f"FLE0059 Something could not be undone in run 20261118203500: {reason}" in operator(night)
        again = night.recover("*UNDO")
        assert not again.ok
        assert (again.messages[-1][0], reason in again.messages[-1][1]) == ("FLE0059", True)
        proposed = check(night)
        assert proposed.endswith("then FLSTRENV ENV(DAILY) RESTART(O96)"), proposed
        night.stage.world.around_command = None
        command = proposed[proposed.index("FLSTRENV") :]
        done = night.stage.command("FLASHC", f"{LIB}/{command} REASON('released by hand') WAIT(*YES)")
        assert done.messages[-1][0] == "FLE0159", done.messages
        assert night.history() == ("CLOSED", "COMPLETED")
        assert night.next_night().good


def test_the_clone_of_a_run_that_needs_somebody_is_ended_without_its_console() -> None:
    with played(changes=[NO_START]) as night:
        stage = night.stage
        assert "BRMS stays in *STRPRC: the clone may still write" in operator(night)
        before, locks = record(stage)[:40], rows(stage, "FLLCK", "NAME")
        # Nothing else is done for such a clone by hand, and it is not ended unless that is said.
        for command in ("FLRLSCLN CLONE(SISTPROD_24)", "FLSTRCLN CLONE(SISTPROD_24)"):
            assert stage.command("FLASHC", f"{LIB}/{command}").messages[-1][0] == "FLE0051"
        short = stage.command("FLASHC", END.replace("SAVING(*END) ", ""))
        assert "FLE0201" in short.messages[-1][1]
        assert clone_of(stage).state == "Running"
        ended = stage.command("FLASHC", END)
        assert (ended.ok, ended.messages[-1][0]) == (True, "FLE0208")
        assert clone_of(stage).state == "Not Activated"
        assert last_run(stage)[1:] == ("*ENDCLN", "CLOSED", "COMPLETED")
        # The run needs somebody as before; with its clone off the undo is all that is left.
        assert (record(stage)[:40], rows(stage, "FLLCK", "NAME")) == (before, locks)
        assert stage.command("FLASHC", f"{LIB}/FLSTRENV ENV(DAILY)").messages[-1][0] == "FLE0051"
        assert night.recover("*UNDO").ok
        assert (night.brms_state(), night.history()) == ("*ENDPRC", ("CLOSED", "FAILED"))
        assert "FLE0021" in operator(night)
        assert night.judged().broken == ()


def test_a_request_that_dies_there_leaves_the_run_as_it_was() -> None:
    with played(changes=[NO_START]) as night:
        stage, world = night.stage, night.stage.world
        assert stage.command("FLASHC", END.replace(" WAIT(*YES)", "")).ok
        world.scheduler.run(
            until=world.now + 300,
            stop=lambda: last_run(stage)[1] == "*ENDCLN" and "O17 I" in of_the_request(stage),
        )
        (job,) = [one for one in stage.system.jobs.values() if one.name == "FLC0056"]
        stage.system.work.kill(job, 50)
        world.scheduler.run(until=world.now + 60)
        assert record(stage)[14:24].strip() == "*ENDCLN"
        # The request is closed, and it is said that the run is still open.
        first = night.recover("*UNDO")
        assert (first.ok, first.messages[-1]) == (True, ("FLE0057", "Open: 20261118203500 DAILY CLOSE"))
        assert record(stage)[:34] == f"{'20261118203500':14}{'DAILY':10}{'CLOSE':10}"
        assert night.brms().state == "*STRPRC"
        assert stage.command("FLASHC", END).ok
        assert night.recover("*UNDO").ok
        assert night.recover("*CHECK").messages[-1][0] == "FLE0056"
        assert night.brms_state() == "*ENDPRC"


def test_a_delivery_is_sent_by_hand_when_production_waits_for_it_again() -> None:
    lines: list[str] = []

    def keys(stage: Stage) -> Path:
        return host_path(stage.system.image, "/home/FLASHC/.ssh/authorized_keys")

    def prepare(stage: Stage) -> None:
        """Somebody takes the line away while the clone works."""

        def around(context: Any, go: Callable[[], Any]) -> Any:
            if is_row(context, "R", "O70"):
                lines[:] = keys(stage).read_text().splitlines(keepends=True)
                keys(stage).write_text("".join(one for one in lines if "inbox" not in one))
            return go()

        stage.world.around_command = around

    with played(prepare=prepare) as night:
        stage, world, clone = night.stage, night.stage.world, clone_of(night.stage).os
        assert clone is not None
        assert "FLE0123" in {m.msgid for m in clone.operator_queue().messages}
        assert "FLE0031" in operator(night)
        keys(stage).write_text("".join(lines))
        assert sent(clone, night.started.run) != 0  # production's end of the link is down
        assert stage.command("FLASHC", f"{LIB}/FLSTRENV ENV(DAILY) RESTART(O80)").ok
        world.scheduler.run(until=world.now + 600)
        assert stage.command("FLASHC", f"{LIB}/FLDSPSTS OUTPUT(*STMF) TOSTMF('/tmp/status')").ok
        shown = host_path(stage.system.image, "/tmp/status").read_text()
        assert "What was changed is undone" not in shown, shown
        assert sent(clone, night.started.run) == 0
        world.scheduler.run(until=world.now + 3600)
        assert night.history() == ("CLOSED", "COMPLETED")
        assert night.brms_state() == "*ENDPRC"


def sent(clone: OperatingSystem, run: str) -> int:
    """The exit status of the delivery that somebody sends at the clone."""
    line = f"{PYTHON} {FOLDER}/bin/flashrt.pyz deliver send --clone SISTPROD_24 --run {run}"
    task = clone.spawn("a shell", run_line(clone, "FLASHC", f"{line} --config {FOLDER}/conf", {}))
    clone.world.scheduler.run(until=clone.world.now + 3600, stop=lambda: task.ended)
    assert task.ended
    return int(task.result[0])


def test_a_clone_that_could_not_log_in_is_told_before_the_run() -> None:
    with staged() as stage:
        file = host_path(stage.system.image, "/home/FLASHC/.ssh/authorized_keys")
        lines = file.read_text().splitlines()
        file.write_text("".join(f"{one}\n" for one in lines if "inbox" not in one))
        said = stage.command("FLASHC", f"{LIB}/FLCHKENV ENV(DAILY)")
        assert not said.ok
        assert "could not log in as FLASHC when its save is done" in said.messages[-1][1]
        file.write_text("".join(f"{one}\n" for one in lines))
        assert stage.command("FLASHC", f"{LIB}/FLCHKENV ENV(DAILY)").ok


def refused(stage: Stage, command: str, state: str = "") -> None:
    """BRMS refuses a command of production until somebody mends that."""

    def around(context: Any, go: Callable[[], Any]) -> Any:
        if (context.command.name, context.os) == (command, stage.system) and context.text("STATE") == state:
            raise Escape("BRM1917", "", "Not tonight.")
        return go()

    stage.world.around_command = around


def test_the_message_id_of_brms_is_told_where_endprc_is_refused() -> None:
    with played(prepare=lambda stage: refused(stage, "INZBRM", "*ENDPRC")) as night:
        assert "FLE0037 *ENDPRC failed: BRM1917" in operator(night)
        night.stage.world.around_command = None
        assert night.recover("*CONTINUE").ok
        night.stage.world.scheduler.run(until=night.stage.world.now + 3600)
        assert night.history() == ("CLOSED", "COMPLETED")


def test_a_maintenance_that_was_refused_is_made_up_for_without_a_new_save() -> None:
    with played(prepare=lambda stage: refused(stage, "STRMNTBRM")) as night:
        assert "FAILED M01 FLE0018" in operator(night)
        night.stage.world.around_command = None
        command = f"{LIB}/FLSTRENV ENV(DAILY) RESTART(O96) WAIT(*YES)"
        assert night.stage.command("FLASHC", command).messages[-1][0] == "FLE0159"
        assert night.history() == ("CLOSED", "COMPLETED")


def test_an_object_that_a_run_would_miss_is_named_by_the_check() -> None:
    """Deleted by somebody, or never made: a run would find out in its midst, or its clone at night."""
    with staged() as stage:
        check = f"{LIB}/FLCHKENV ENV(DAILY)"
        said = stage.command("FLASHC", check)
        assert said.ok, said.messages
        whole = next(m[1] for m in said.messages if "OBJECTS:" in m[1])
        for library, name, kind in (
            (LIB, "FLUNDO", "*PGM"),
            (LIB, "FLADAILY", "*PGM"),
            (LIB, "FLGRDB", "*DTAQ"),
            (f"{LIB}G", "FLT0056", "*DTAARA"),
        ):
            objects = stage.system.image.libraries[library].objects
            gone = objects.pop((name, kind))
            said = stage.command("FLASHC", check)
            assert not said.ok
            assert f"{library}/{name} {kind}: CPF9801" in said.messages[-1][1]
            objects[name, kind] = gone
        said = stage.command("FLASHC", check)
        assert (said.ok, whole in [m[1] for m in said.messages]) == (True, True)
