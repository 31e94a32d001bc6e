"""S1: counted from the suspend request, production is resumed within its limits.

Looks at suspend_requested, suspended, suspend_failed and resumed of production, at who did it, and at the
ends of the jobs that could have.  Where independent ASPs are suspended too, the time counts from the first
request to the last resume.  A window that the driver ends has `quiesce within` + `resume within`; one
that a guard ends has the guards' documented margins in addition.  One that nobody could end, because driver
and guards were all gone in time, must be reported as "may be suspended".

An array that holds production's writes for a copy (`writes_held`) must have been told to let them go before
the window ends, whatever the copy's own request was answered.

Cannot see whether applications came back to life after the resume, only that the system let them.
"""

from __future__ import annotations

from flashtwin.invariants.facts import RunFacts, Verdict, verdict
from flashtwin.invariants.history import Window, in_run, windows
from flashtwin.world import World

ID = "S1"


def check(world: World, facts: RunFacts) -> Verdict:
    """Judge every suspended window of the run."""
    seen = [
        w
        for w in windows(world, facts.production)
        if facts.begin <= w.requested and (facts.end is None or w.requested <= facts.end)
        if not any(w.job in other.jobs for other in facts.others)
    ]
    problems = [problem for window in seen if (problem := _problem(world, facts, window))]
    problems += [problem for window in seen for problem in _writes(world, facts, window)]
    return verdict(
        ID, problems, "; ".join(_shown(facts, w) for w in seen) or "production was never suspended"
    )


def _problem(world: World, facts: RunFacts, window: Window) -> str:
    limits = facts.limits
    by_driver = limits.quiesce_s + limits.resume_s
    by_guard = by_driver + limits.guard_margin_s
    limit = by_driver if window.ended_by == window.job else by_guard
    if window.ended is None:
        if world.now - window.requested <= by_guard:
            return ""
        if _all_dead(world, facts, window, window.requested + by_guard) and facts.said.may_be_suspended:
            return ""
        return (
            f"production was suspended at {facts.clock(window.requested)} and never resumed, "
            f"and nothing says that it may be suspended"
        )
    lasted = window.ended - window.requested
    if lasted > limit:
        return (
            f"production was held {lasted:.1f} s from the suspend request at "
            f"{facts.clock(window.requested)}; the limit is {limit:.0f} s"
        )
    return ""


def _writes(world: World, facts: RunFacts, window: Window) -> list[str]:
    """The arrays that nobody has told, in the window, to let go of production's writes."""
    own = {volume.uid for volume in world.partition(facts.production).volumes}
    problems = []
    for held in in_run(world, facts, "writes_held"):
        inside = window.requested <= held.time and (window.ended is None or held.time <= window.ended)
        if not (inside and own & set(held["volumes"])):
            continue
        asked = any(
            held.time <= event.time and (window.ended is None or event.time <= window.ended)
            for event in world.events.of("thaw_asked", system=held.system)
            if held["lss"] in event["lss"]
        )
        if not asked:
            problems.append(
                f"{held.system} held writes of production from {facts.clock(held.time)} (LSS {held['lss']}) "
                "and was not told to let them go before the resume"
            )
    return problems


def _all_dead(world: World, facts: RunFacts, window: Window, deadline: float) -> bool:
    programs = {f"{library}/{name}" for library in facts.libraries for name in facts.guard_programs}
    able = {
        str(event["job"])
        for event in in_run(world, facts, "program_started", system=facts.production)
        if event["program"] in programs
    } | {window.job}
    gone = {
        str(e["job"])
        for e in in_run(world, facts, "job_ended", system=facts.production)
        if e.time <= deadline
    }
    return able <= gone


def _shown(facts: RunFacts, window: Window) -> str:
    at = facts.clock(window.requested)
    if window.ended is None:
        return f"production may be suspended since {at}, and this is said"
    who = "" if window.ended_by == window.job else f" by {window.ended_by or 'nobody'}"
    return f"production was held {window.ended - window.requested:.1f} s from {at}, {window.ending}{who}"
