"""Commands of the site that are told of a run: when, with which facts, and what they cannot spoil."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flashc.cli.runs import Run
from flashc.cli.stage import Stage
from nights import Change, SignedOn, is_row, kill_at, played

MAIL = '    mail "ops'
INVOICES = '    { library = "APPLIB", name = "INVOICES", lasts = "20m" },\n'
SPEC: tuple[Change, ...] = (
    (
        MAIL,
        '    run "CALL OPSLIB/TELL" on failure, end within 2m\n'
        '    run "CALL OPSLIB/GRAPH" on start, flash, boot, save, completed, refused, attention\n' + MAIL,
    ),
)


def site(*changes: Change, tell: str = "", graph: str = "") -> tuple[Change, ...]:
    """The site with both programs; what each of them does otherwise than end well."""
    programs = "".join(
        f'    {{ library = "OPSLIB", name = "{name}"{more} }},\n'
        for name, more in (("TELL", tell), ("GRAPH", graph))
    )
    return ((INVOICES, INVOICES + programs), *changes)


Told = list[tuple[str, dict[str, str]]]


def listen(told: Told, then: Callable[[Stage], None] | None = None) -> Callable[[Stage], None]:
    """Note each program of OPSLIB with the variables that its job has."""

    def prepare(stage: Stage) -> None:
        if then is not None:
            then(stage)
        other = stage.world.around_command

        def around(context: Any, go: Callable[[], Any]) -> Any:
            if context.command.name == "CALL" and "OPSLIB/" in context.text("PGM"):
                found = {k: v for k, v in context.job.environment.items() if k.startswith("FLASHC_")}
                told.append((context.text("PGM").rpartition("/")[2], found))
            return other(context, go) if other else go()

        stage.world.around_command = around

    return prepare


def broken(run: Run) -> list[str]:
    return [f"{one.id}: {one.detail}" for one in run.invariants if not one.held]


def occasions(told: Told) -> list[tuple[str, str]]:
    return [(name, found["FLASHC_ON"]) for name, found in told]


def test_each_occasion_is_told_once_with_the_facts_of_the_run() -> None:
    told: Told = []
    with played((), site(), spec=SPEC, prepare=listen(told)) as night:
        run = night.run
        assert (run.result, broken(run)) == ("completed", [])
        assert occasions(told) == [
            ("GRAPH", "start"),
            ("GRAPH", "flash"),
            ("GRAPH", "boot"),
            ("GRAPH", "save"),
            ("TELL", "end,completed"),
            ("GRAPH", "end,completed"),
        ]
        common = {
            "FLASHC_SYSTEM": "SISTPROD",
            "FLASHC_LIBRARY": "BCKFLASHP",
            "FLASHC_ENV": "DAILY",
            "FLASHC_CLONE": "SISTPROD_24",
            "FLASHC_RUN": night.started.run,
        }
        for _name, found in told:
            assert common.items() <= found.items()
        assert "FLASHC_RESULT" not in told[0][1]
        assert "suspended" in told[1][1]["FLASHC_TEXT"]
        assert told[-1][1]["FLASHC_RESULT"] == "COMPLETED"
        steps = [step.code for step in run.steps]
        first = steps.index("O71")
        assert steps.index("O05") < first < steps.index("O10")
        assert "O71" not in steps[steps.index("O50") : steps.index("O61")]


def test_a_failure_says_why_with_its_apostrophes() -> None:
    told: Told = []
    before = """    before { run "CALL PGM(APPLIB/B1) PARM('it''s a')" within 2m }\n""" + MAIL
    fails: Change = (INVOICES, INVOICES + '    { library = "APPLIB", name = "B1", escape = "CPF9898" },\n')
    with played((), (fails, *site()), spec=(*SPEC, (MAIL, before)), prepare=listen(told)) as night:
        assert (night.run.result, broken(night.run)) == ("refused", [])
        assert occasions(told) == [
            ("GRAPH", "start"),
            ("TELL", "end,failure,refused"),
            ("GRAPH", "end,failure,refused"),
        ]
        found = told[-1][1]
        why = "O07 FLE0080 A command before the run failed: CALL PGM(APPLIB/B1) PARM('it''s a') CPF9898"
        assert (found["FLASHC_RESULT"], found["FLASHC_TEXT"]) == ("REFUSED", f"REFUSED {why}")


def test_a_hook_that_fails_or_hangs_decides_nothing() -> None:
    told: Told = []
    changes = site(tell=', lasts = "10m"', graph=', escape = "CPF9898"')
    with played((), changes, spec=SPEC, prepare=listen(told)) as night:
        run = night.run
        assert (run.result, broken(run)) == ("completed", [])
        noted = [step.text for step in run.steps if step.code == "O71" and "failed" in step.text]
        assert noted == [
            *["A command that is told of the run failed: CALL OPSLIB/GRAPH CPF9898"] * 4,
            "A command that is told of the run failed: CALL OPSLIB/TELL UNKNOWN",
            "A command that is told of the run failed: CALL OPSLIB/GRAPH CPF9898",
        ]


def test_a_run_that_is_refused_for_its_locks_tells_so() -> None:
    told: Told = []

    def lock(stage: Stage) -> None:
        assert SignedOn(stage).enter("ALCOBJ OBJ((BCKFLASHP/FLKWIN *DTAARA *EXCL))")[0]

    with played((), site(), spec=SPEC, prepare=listen(told, lock)) as night:
        assert night.run.result == "refused"
        assert occasions(told) == [("TELL", "end,failure,refused"), ("GRAPH", "end,failure,refused")]


def test_the_recovery_tells_it_where_the_driver_died() -> None:
    told: Told = []

    def kill(stage: Stage) -> None:
        kill_at(stage, ["driver"], lambda context: is_row(context, "R", "O22"))

    with played((), site(), spec=SPEC, prepare=listen(told, kill)) as night:
        run = night.judged()
        assert (run.result, broken(run)) == ("failed", [])
        assert occasions(told) == [("GRAPH", "start"), ("TELL", "end,failure")]
        assert told[-1][1]["FLASHC_RESULT"] == "FAILED"
        assert "FLRCVENV" in told[-1][1]["FLASHC_TEXT"]
