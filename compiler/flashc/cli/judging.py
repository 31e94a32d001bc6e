"""Judging a night: what the product said of each run, what happened, and whether the invariants held."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace

from flashtwin.events import Event
from flashtwin.invariants import judge, s09_journal
from flashtwin.invariants.facts import Row, Said, Verdict
from flashtwin.invariants.history import times_of, windows

from flashc.check.model import Environment
from flashc.cli.expectations import judge_expectations
from flashc.cli.playing import Started, rows
from flashc.cli.run_facts import Ipl, clone_partition, facts_of, journal_of
from flashc.cli.runs import Invariant, Result, Run, Suspended
from flashc.cli.stage import Stage
from flashc.records.history import StepView

MAY_BE_SUSPENDED = "FLE0011"
NOT_UNDONE = "FLE0003"
VOLUMES = "FLE0021"
OF_THE_CLONE = ("FLO0195", "FLO0200")
NO_VOLUME = "FLO0201"
NEEDS_YOU = ("FLE0020", "FLE0059")
UNDECIDED = ("FLE0039", "FLE0085")
"""Mail and hooks that failed: they decide nothing, and are no reason of a run."""
_LOGGED = re.compile(r"((?:FLE|FLO|CPF|MCH)[0-9A-F]{4}) \w+ +[0-9]{2} (.*)")
SHOWN_LOG = 200
"""Characters of a job log line that are quoted as the reason of a refusal."""


def report_of(stage: Stage, run: Started, others: Sequence[Started], ipl: Ipl) -> Run:
    """One run as it was."""
    journal = journal_of(stage, run.run)
    said = said_of(stage, run, journal)
    facts = facts_of(stage, run, said, journal, others, ipl)
    verdicts = tuple(Invariant(v.id, v.held, v.detail) for v in judge(stage.world, facts))
    result, detail = _result(stage, run, said, journal, verdicts)
    made = Run(
        environment=run.environment.name,
        operation=run.environment.operation.kind,
        run=run.run,
        result=result,
        detail=detail,
        start=stage.local(run.due),
        end=stage.local(run.ended) if run.ended is not None else None,
        windows=tuple(_windows(stage, run)),
        steps=tuple(_steps(stage, run, journal)),
        invariants=verdicts,
        sidecar_calls=calls_of(stage, run),
    )
    return replace(made, expectations=judge_expectations(run.environment.expectations, made))


def judge_by_hand(stage: Stage, environment: Environment, run: str) -> Verdict:
    """What S9 says of a request for a clone by hand (FLENDCLN, FLSTRCLN, FLRLSCLN, FLGETCLN).

    `run` is its key in history and journal, `environment` one of the clone.
    """
    submitted = [
        event
        for event in stage.world.events.of("job_submitted", system=stage.production.name)
        if f"PARM('{run}' " in str(event["command"])
    ][-1]
    job = str(submitted["job"])
    ends = stage.world.events.of("job_ended", system=stage.production.name)
    ended = next((event.time for event in ends if event["job"] == job), None)
    request = Started(environment, submitted.time, submitted.time, job, job, run, [job], set(), ended)
    journal = journal_of(stage, run)
    facts = facts_of(stage, request, said_of(stage, request, journal), journal, (), Ipl())
    return s09_journal.check(stage.world, replace(facts, end=ended, by_hand=True))


def said_of(stage: Stage, run: Started, journal: Sequence[Row]) -> Said:
    """What the product says of a run: its row in FLRUN, its journal, its open-run record."""
    state, result, ended = "", "", None
    for row in rows(stage, "FLRUN", "RUN"):
        if run.run and str(row[0]).strip() == run.run:
            state, result = str(row[2]).strip(), str(row[3]).strip()
            ended = str(row[5] or "").strip()
    texts = {msgid: [r.text for r in journal if r.msgid == msgid] for msgid in {r.msgid for r in journal}}
    needs = [text for msgid in NEEDS_YOU for text in texts.get(msgid, [])]
    verdict = [r.text for r in journal if r.code == "O99" and r.kind == "R"]
    if verdict and "NEEDSYOU" in verdict[-1]:
        needs.append(verdict[-1].partition("NEEDSYOU")[2].strip())
    volumes = [word for text in texts.get(VOLUMES, []) for word in text.replace(",", " ").split()]
    told = [text for msgid in OF_THE_CLONE for text in texts.get(msgid, [])]
    closed = state == "CLOSED"
    return Said(
        result=_WORDS.get(result, "") if closed else "",
        at=_epoch(stage, ended) if closed and ended else None,
        needs_you="; ".join(needs),
        may_be_suspended=MAY_BE_SUSPENDED in texts,
        not_undone=tuple(r for r in journal if r.msgid == NOT_UNDONE or r.kind == "X"),
        volumes=tuple(volumes),
        of_the_clone=(*" ".join(told).split(), *("*ALL" for _ in texts.get(NO_VOLUME, []))),
    )


_WORDS: dict[str, Result] = {"COMPLETED": "completed", "FAILED": "failed", "REFUSED": "refused"}


def _result(
    stage: Stage, run: Started, said: Said, journal: Sequence[Row], verdicts: Sequence[Invariant]
) -> tuple[Result, str]:
    """The result as a reader of the report may take it: "completed" only where it was said and is true."""
    if stage.refused:
        return "refused", stage.refused
    if not run.submitted:
        return "failed", "the job scheduler did not start the run"
    if not run.driver:
        return "refused", _refusal(stage, run) or "FLSTRENV submitted no run"
    reason = _reason(journal)
    if said.result == "completed":
        untrue = [v.detail for v in verdicts if v.id == "S7" and not v.held]
        return ("failed", f"it says completed, but {untrue[0]}") if untrue else ("completed", "")
    if said.result == "refused":
        return "refused", reason
    if said.result == "failed":
        return "failed", reason
    if run.ended is None:
        return "failed", f"the run was still open when its limit had passed; last: {_last(journal)}"
    if said.needs_you:
        return "failed", f"it needs you: {said.needs_you}"
    return "failed", f"the run ended and was not closed; {reason or _last(journal)}"


def _reason(journal: Sequence[Row]) -> str:
    """The first error of the run, which is why it did not complete."""
    for row in journal:
        if row.kind == "N" and row.msgid.startswith("FLE") and row.msgid not in UNDECIDED:
            return f"{row.code} {row.msgid} {row.text}"
    verdict = [row.text for row in journal if row.code == "O99"]
    return verdict[-1] if verdict else ""


def _last(journal: Sequence[Row]) -> str:
    source = [row for row in journal if row.side == "S"]
    return f"{source[-1].code} {source[-1].text}" if source else "nothing is in the journal"


def _refusal(stage: Stage, run: Started) -> str:
    """Why FLSTRENV submitted nothing: the escape in the log of its job."""
    number = run.submitted.partition("/")[0]
    for record in stage.image.job_records:
        if record.number == number:
            told = [match for line in record.log if (match := _LOGGED.match(line))]
            return f"{told[-1][1]} {told[-1][2]}"[:SHOWN_LOG].rstrip() if told else ""
    return ""


def _steps(stage: Stage, run: Started, journal: Sequence[Row]) -> list[StepView]:
    """Results and notes, and acts that were begun and not finished; both sides in the source's clock."""
    clone = clone_partition(stage, run.environment.clone)
    # Both clocks and all that was done to them are known, which only a twin can do.
    last = {"S": 0.0, "C": 0.0}
    found: list[tuple[float, str, int, StepView]] = []
    for row in journal:
        kind = {"R": "result", "N": "note"}.get(row.kind, "")
        if row.kind == "I" and not _answered(row, journal):
            kind = "unknown"
        if not kind:
            continue
        name = clone.name if row.side == "C" else stage.production.name
        times = times_of(stage.world, name, row.time)
        time = last[row.side] = min(times, key=lambda one: abs(one - last[row.side]))
        step = StepView(
            row.code,
            "clone" if row.side == "C" else "source",
            stage.local(time),
            kind,
            row.msgid,
            row.text if kind != "unknown" else f"begun, how it ended is not known: {row.text}",
        )
        found.append((time, row.side, row.seq, step))
    # Of one instant, what the source did stands first; each side keeps its own order.
    ordered = sorted(found, key=lambda item: (item[0], item[1] == "C", item[2]))
    return [item[3] for item in ordered]


def _answered(intent: Row, journal: Sequence[Row]) -> bool:
    return any(
        row.side == intent.side and row.seq > intent.seq and row.code == intent.code and row.kind in "RN"
        for row in journal
    )


def _windows(stage: Stage, run: Started) -> list[Suspended]:
    """The suspended windows of the run by what happened."""
    world, name = stage.world, stage.production.name
    found = []
    for window in windows(world, name):
        if window.requested < run.due or (run.ended is not None and window.requested > run.ended):
            continue
        if run.jobs and window.job not in run.jobs:
            continue  # another run's
        end = window.ended if window.ended is not None else world.now
        if window.reached is None:
            parts = (end - window.requested, 0.0, 0.0)
        else:
            asked = _resume_asked(stage, window.ended_by, window.reached, end)
            parts = (window.reached - window.requested, asked - window.reached, end - asked)
        quiesce, hold, resume = (round(part, 3) for part in parts)
        requested = stage.local(window.requested)
        found.append(Suspended(requested, quiesce, hold, resume, _who(stage, window.ended_by), window.ending))
    return found


def _resume_asked(stage: Stage, job: str, reached: float, end: float) -> float:
    """When the RESUME that ended a window was asked for; a guard asks again when it has been granted."""
    asked = [
        event.time
        for event in stage.world.events.of("command", system=stage.production.name)
        if reached <= event.time < end
        and event["job"] == job
        and "CHGASPACT" in str(event["text"])
        and "*RESUME" in str(event["text"])
    ]
    return asked[-1] if asked else end


def _who(stage: Stage, job: str) -> str:
    """A job by its part in the run: the driver, guard A, guard B, or its name."""
    name = job.rpartition("/")[2]
    drivers = {str(e["program"]) for e in stage.bundle.manifest["environments"]}
    return {"FLGRDA": "guard A", "FLGRDB": "guard B"}.get(name, "driver" if name in drivers else name)


def calls_of(stage: Stage, run: Started) -> int:
    """How often the sidecar was started for the run, on both partitions."""
    end = run.ended if run.ended is not None else stage.world.now
    here, clone = stage.production.name, clone_partition(stage, run.environment.clone).name

    def mine(event: Event) -> bool:
        job = str(event.get("submitter") or event.get("job") or "")
        return event.system == clone or (event.system == here and (not run.jobs or job in run.jobs))

    events = stage.world.events.of("program_started", "job_submitted", since=run.due, until=end)
    return sum(is_sidecar_call(stage, event) for event in events if mine(event))


def is_sidecar_call(stage: Stage, event: Event) -> bool:
    """Whether an event is the start of the sidecar's zipapp: a one-shot call, or the armed one's job."""
    if event.kind == "program_started":
        return bool(event["program"] == f"{stage.bundle.system.library}/FLPASE")
    return event.kind == "job_submitted" and "QP2SHELL2" in str(event["command"])


def _epoch(stage: Stage, digits: str) -> float:
    """The world's time of YYYYMMDDHHMMSS on production's clock; the second counts to its end."""
    naive = dt.datetime.strptime(digits[:14], "%Y%m%d%H%M%S")
    zone = dt.timezone(dt.timedelta(seconds=stage.utc_offset))
    shown = naive.replace(tzinfo=zone).timestamp()
    return times_of(stage.world, stage.production.name, shown)[-1] + 1.0
