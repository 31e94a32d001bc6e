"""The runbook: the ordered steps of an environment, each with its undo, its limit and who does it.

Everything that speaks of a step reads this list: the generated CL, `flashc explain`, the rehearsal, the
docs.  A step's text is its message (`flashc.runbook.messages`); nothing about a step is written twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from flashc.check.model import (
    Around,
    BrmsOperation,
    Clone,
    EndDomino,
    EndServer,
    EndSubsystem,
    Environment,
    HoldEntry,
    HoldJob,
    HoldQueue,
    Operation,
    Save21Operation,
    UserOperation,
    VaryOff,
)
from flashc.runbook.limits import (
    ARMED_LOOK_S,
    ARMED_LOOKS,
    BESIDE_S,
    CHECKS_S,
    GIVE_S,
    INSIST_S,
    LEFT_OFF_S,
    MAINTENANCE_S,
    PREPARE_S,
    PRESENT_S,
    RELEASE_S,
    SAVE_MARGIN_S,
    VARY_S,
    VIOS_S,
    window_limits,
)
from flashc.runbook.living import living_steps
from flashc.runbook.messages import text_of

Actor = Literal["driver", "guards", "sidecar", "clone", "BRMS"]

MOVMED = {"with movement": "*YES", "without movement": "*NO"}
"""What STRMNTBRM is told, and the journal: words of CL, the same in every language."""

RESULTS = "COMPLETED, FAILED, REFUSED or NEEDSYOU"

UNDONE = "the run ends, everything done so far is undone"
"""What happens when a step fails and nothing else is said."""

TRIED_AGAIN = "the run goes on and tries it again at its end; then it needs you"
"""What happens when something that stood around the flash is not brought back."""

NO_COPY = "resume at once; the copy does not count and is given up, everything is undone"
"""What happens when the copy is not taken, or nobody knows."""

ROW_KEPT = "nothing depends on it: the row waits in message queue FLMSGQ"
"""Of a step that does nothing but write its row."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the run."""

    code: str
    side: Literal["source", "clone"]
    actor: Actor
    what: str
    limit_s: int | None = None
    undo: str | None = None
    """The step code that undoes it."""
    on_failure: str = UNDONE
    restart: str = ""
    """Where FLSTRENV RESTART(code) may go in again: what is proven anew before.  "" elsewhere."""

    @property
    def text(self) -> str:
        """The step's message with what it is about."""
        return text_of(self.code).replace("&1", self.what)


PHASES = {"O70": "CLONE", "O80": "WATCH", "O86": "HOME", "O96": "AFTER", "O93": "AFTER"}
"""Where the driver goes in at a restart point.  None lies before the proof of the flash: up to there a run
that fails has undone everything, and another run is the way."""


def steps(environment: Environment) -> tuple[Step, ...]:
    """The steps of a run that goes well, in the order of their doing.

    Between O82 and O85 both sides work at once.  Each side's own steps are in their order; O83 and O84, by
    which the source sees the clone at work, come at its next look, and may stand a little later in a night.
    """
    e = environment
    clone = e.clone
    label = f"{clone.lpar_id} {clone.partition}"
    group = clone.groups
    window = window_limits(e.quiesce.within_s, e.resume_within_s, len(clone.source.independent_asps))
    refused = "the run is refused; nothing was changed"
    out: list[Step] = [
        Step("O01", "source", "driver", "(user, job, reason)", on_failure=refused),
        Step("O02", "source", "driver", "(its date and time)", 120, on_failure=refused),
        Step("O05", "source", "driver", e.name, on_failure=refused),
        Step("O06", "source", "sidecar", clone.name, CHECKS_S + INSIST_S, on_failure=refused),
    ]
    for need in e.requires:
        out += [
            Step("O24", "source", "sidecar", need.group, on_failure=refused),
            Step("O30", "source", "sidecar", need.group, on_failure=refused),
        ]
    told = "the run is refused; it has changed nothing itself"
    for run in e.runs.before:
        out.append(Step("O07", "source", "driver", run.command, run.within_s, on_failure=told))
    out += [
        Step("O10", "source", "sidecar", label, on_failure=refused),
        Step("O15", "source", "sidecar", f"State of {label}", on_failure=refused),
        Step("O17", "source", "sidecar", label, clone.end_within_s + 1200),
    ]
    servers = ", ".join(clone.vios)
    if clone.vios:
        out.append(Step("O18", "source", "sidecar", servers, 3 * VIOS_S, undo="O67"))
    if e.brms:
        out.append(Step("O65", "source", "BRMS", "*STRPRC", undo="O89"))
    if e.starts_clone:
        out.append(Step("O40", "source", "driver", clone.name, undo="O41"))
    else:
        out.append(Step("O41", "source", "driver", clone.name))
    out += [
        Step("O48", "source", "sidecar", group, RELEASE_S),
        Step("O49", "source", "sidecar", group, PREPARE_S, undo="O51"),
    ]
    for item in e.around:
        code, undo, what, limit = around_step(item)
        out.append(Step(code, "source", "driver", what, limit, undo=undo))
    out += [
        Step("O52", "source", "sidecar", " and ".join(clone.arrays), 2 * ARMED_LOOKS * ARMED_LOOK_S),
        Step(
            "O50",
            "source",
            "driver",
            f"at most {window.quiesce_s}",
            window.quiesce_s,
            undo="O60",
            on_failure=_not_held(e),
        ),
        Step("O55", "source", "sidecar", group, window.trigger_s, on_failure=NO_COPY),
        Step(
            "O60",
            "source",
            "driver",
            f"at most {window.quiesce_s + window.hold_s}",
            window.hold_s,
            on_failure="the guards resume",
        ),
        Step("O61", "source", "sidecar", group, 600),
    ]
    for item in reversed(e.around):
        _, undo, what, _ = around_step(item)
        out.append(Step(undo, "source", "driver", getattr(item, "undo", what), on_failure=TRIED_AGAIN))
    noted = "it is noted; the run goes on and counts as failed"
    for run in e.runs.after_flash:
        out.append(Step("O62", "source", "driver", run.command, run.within_s, on_failure=noted))
    if clone.presents:
        not_shown = "the clone is not started; the copy stays on the array"
        out.append(Step("O63", "source", "sidecar", group, PRESENT_S, on_failure=not_shown))
    if clone.vios:
        not_mapped = "the clone is not started; it is tried again, then it needs you"
        out.append(Step("O67", "source", "sidecar", servers, 3 * VIOS_S, on_failure=not_mapped))
    if e.starts_clone:
        out += _clone_steps(e)
    if e.maintenance != "none":
        failed = "the run counts as failed"
        out.append(
            Step(
                "O96",
                "source",
                "BRMS",
                MOVMED[e.maintenance],
                MAINTENANCE_S,
                on_failure=failed,
                restart=_after_steps(e),
            )
        )
        out.append(Step("M01", "source", "BRMS", MOVMED[e.maintenance], on_failure=failed))
    for number, run in enumerate(e.runs.afterwards):
        first = number == 0 and e.maintenance == "none"
        out.append(
            Step(
                "O93",
                "source",
                "driver",
                run.command,
                run.within_s,
                on_failure="the run counts as failed",
                restart=_after_steps(e) if first else "",
            )
        )
    if e.starts_clone and e.leave_clone == "off":
        ended = "it is ended as O17 does it; where that fails, the run counts as failed"
        out.append(Step("O66", "source", "sidecar", f"State of {label}", LEFT_OFF_S, on_failure=ended))
    if e.starts_clone:
        out.append(Step("O90", "source", "driver", clone.name, on_failure=ROW_KEPT))
    out += [Step(code, "source", "driver", RESULTS, on_failure=ROW_KEPT) for code in ("O99", "999")]
    return tuple(out)


def restart_points(environment: Environment) -> tuple[Step, ...]:
    """The steps at which a run that failed may go in again once its cause is repaired, in their order."""
    return tuple(step for step in steps(environment) if step.restart)


def run_limit_s(environment: Environment) -> int:
    """How long a run may take from its start to its end, all limits used up; seconds."""
    e = environment
    saving = e.boot_within_s + e.operation.within_s + SAVE_MARGIN_S
    after = MAINTENANCE_S if e.maintenance != "none" else 0
    return BESIDE_S + e.clone.end_within_s + saving + after


def _after_steps(e: Environment) -> str:
    """What a restart behind everything else proves: the clone's work, and that BRMS is itself again."""
    if not e.starts_clone:
        return "the flash was proven; what is done of the after-steps is not done again"
    brms = ", *ENDPRC was done" if e.brms else ""
    return f"the delivery is verified and its verdict COMPLETE{brms}; what is done is not done again"


def by_hand_steps(clone: Clone) -> dict[str, tuple[Step, ...]]:
    """The steps of a command about a clone that goes well, by command."""
    label = f"{clone.lpar_id} {clone.partition}"
    refused = "the request is refused; nothing was changed"
    as_is = "the request has failed; the state is read before anything is repeated"
    begin = Step("O09", "source", "driver", "command, clone, who and why", on_failure=refused)
    look = [
        Step("O10", "source", "sidecar", label, on_failure=refused),
        Step("O15", "source", "sidecar", f"State of {label}", on_failure=refused),
    ]
    close = [Step(code, "source", "driver", RESULTS, on_failure=ROW_KEPT) for code in ("O99", "999")]
    ended = Step("O17", "source", "sidecar", label, 14400, on_failure=as_is)
    off = Step("O15", "source", "sidecar", f"State of {label}", on_failure=as_is)
    start = [
        Step("O06", "source", "sidecar", clone.name, CHECKS_S, on_failure=refused),
        Step("O61", "source", "sidecar", clone.groups, on_failure=refused),
        Step("O70", "source", "sidecar", label, 600, on_failure=as_is),
        Step("O90", "source", "driver", clone.name, on_failure=ROW_KEPT),
    ]
    release = [Step("O48", "source", "sidecar", clone.groups, RELEASE_S, on_failure=as_is)]
    if clone.vios:
        servers = ", ".join(clone.vios)
        not_mapped = "the clone is not started; the request has failed"
        start.insert(1, Step("O67", "source", "sidecar", servers, 3 * VIOS_S, on_failure=not_mapped))
        release.insert(0, Step("O18", "source", "sidecar", servers, 3 * VIOS_S, undo="O67"))
    get = [
        Step("O61", "source", "sidecar", clone.groups, on_failure=refused),
        *([Step("O68", "source", "driver", clone.link.source, undo="O95")] if clone.link else []),
        Step("O42", "source", "sidecar", "library, object or stream file", 300, undo="O43"),
        Step("C71", "clone", "clone", "library, object or stream file", on_failure="the request has failed"),
        Step("O44", "source", "sidecar", "what the clone has sent", GIVE_S, undo="O45"),
        Step("O46", "source", "driver", "the new library", 300, undo="O45"),
        Step("O47", "source", "driver", "old name, new name", 3600, on_failure="what was made is deleted"),
    ]
    return {
        "FLENDCLN": (begin, *look, ended, off, *close),
        "FLSTRCLN": (begin, *look, *start, *close),
        "FLRLSCLN": (begin, *look, *release, *close),
        "FLGETCLN": (begin, *look, *get, *close),
    }


def failure_steps(environment: Environment) -> tuple[Step, ...]:
    """What a run that does not complete does at its end, when everything that could be is undone."""
    return tuple(
        Step("O94", "source", "driver", run.command, run.within_s, on_failure="it is noted")
        for run in environment.runs.on_failure
    )


def hook_steps(environment: Environment) -> tuple[Step, ...]:
    """What is told of a run on some occasions."""
    return tuple(
        Step(
            "O71",
            "source",
            "driver",
            f"{', '.join(hook.phases)}: {hook.command}",
            hook.within_s,
            on_failure="it is noted",
        )
        for hook in environment.hooks
    )


def _not_held(e: Environment) -> str:
    """What happens where production is not quiesced within its limit."""
    if e.quiesce.otherwise == "flush only":
        return "the copy is taken all the same, of what both guards have written to disk"
    if e.quiesce.otherwise == "continue partial":
        return f"at the limit it is suspended all the same, transactions in the middle; if refused: {NO_COPY}"
    return NO_COPY


def _clone_steps(e: Environment) -> list[Step]:
    """The clone is started, works, delivers; and what production does with it."""
    out: list[Step] = []
    clone = e.clone
    label = f"{clone.lpar_id} {clone.partition}"
    watch = "the clone is left as it is"
    if e.brms:
        watch += "; BRMS is ended only when the clone is proven off"
    strprc = ", BRMS here is still in *STRPRC" if e.brms else ""
    if clone.link:
        out.append(Step("O68", "source", "driver", clone.link.source, undo="O95"))
    out += [
        Step(
            "O70",
            "source",
            "sidecar",
            label,
            restart=f"the flash is proven once more, the clone is off, its ticket is not too old{strprc}",
        ),
        Step(
            "O80",
            "source",
            "driver",
            clone.name,
            on_failure=watch,
            restart=f"the flash was proven and the clone started on it{strprc}",
        ),
        Step("O82", "source", "sidecar", f"Reference code of {label}", e.boot_within_s, on_failure=watch),
        *_on_clone(e, watch),
        Step("O85", "source", "sidecar", clone.name, on_failure=watch),
    ]
    needs_you = "production stays in *STRPRC; the run says that it needs you"
    verified = needs_you if e.brms else "nothing of it is used; the run has failed"
    out.append(
        Step(
            "O86",
            "source",
            "sidecar",
            clone.name,
            on_failure=verified,
            restart=f"as O80, and every file of the delivery{strprc}; what is restored is not restored again",
        )
    )
    failed = "the run counts as failed"
    if e.reconfigure:
        out.append(Step("O91", "source", "driver", e.reconfigure.system_name, on_failure=failed))
    if e.leave_clone == "handed over":
        out.append(Step("O92", "source", "driver", clone.name, on_failure=failed))
    if e.brms:
        library = clone.source.library
        put_back = f"production's own is put back; {needs_you}"
        out += [
            Step("O87", "source", "driver", f"{library}/FLQBRM", on_failure=needs_you),
            Step("O88", "source", "driver", f"{library}/FLQBRMP", on_failure=put_back),
            Step("O89", "source", "BRMS", "", on_failure=needs_you),
        ]
    if clone.link:
        out.append(Step("O95", "source", "driver", clone.link.source, on_failure="it is reported"))
    out.append(Step("O41", "source", "driver", clone.name, on_failure="it is reported"))
    return out


SENT = "the clone gives back what it holds and sends home what there is"
"""What happens when a step of the clone fails."""


def _on_clone(e: Environment, watch: str) -> list[Step]:
    """What happens while the clone works; `watch` is what happens when nothing more is heard of it."""
    clone, operation = e.clone, e.operation
    label = f"{clone.lpar_id} {clone.partition}"
    link = clone.link.clone if clone.link else ""
    verdicts = "COMPLETE, ERRORS or FAILED"
    out = [Step("C00", "clone", "clone", clone.name, on_failure=watch), *_first(operation, watch)]
    out += [
        Step(
            "C10", "clone", "clone", device.resource, undo=None if device.is_file else "C46", on_failure=SENT
        )
        for device in operation.devices
    ]
    out += [Step("C12", "clone", "clone", asp, on_failure=SENT) for asp in clone.source.independent_asps]
    if e.brms:
        out.append(Step("C15", "clone", "BRMS", "*STRBKU", undo="C40", on_failure=SENT))
        if e.brms.from_flash:
            out.append(Step("C16", "clone", "BRMS", "CYYMMDDhhmmss", undo="C41", on_failure=SENT))
    out.append(Step("C47", "clone", "clone", f"{link} early".strip(), 600, on_failure=SENT))
    begin, work = _work(operation)
    restricted = [Step("O83", "source", "sidecar", label, on_failure=watch)] if operation.restricted else []
    limit = operation.within_s + SAVE_MARGIN_S
    out += [*begin, *restricted, Step("O84", "source", "driver", clone.name, limit, on_failure=watch), *work]
    out.append(Step("C35", "clone", "clone", "SAVED", on_failure=SENT))
    judged = [f"{group.name} {verdicts}" for group in e.brms.groups] if e.brms else [verdicts]
    out += [Step("C36", "clone", "clone", what, on_failure=SENT) for what in judged]
    if e.brms:
        out += [
            Step("C40", "clone", "BRMS", "*ENDBKU", on_failure=SENT),
            *([Step("C41", "clone", "BRMS", "*ALL", on_failure=SENT)] if e.brms.from_flash else []),
            Step("C45", "clone", "clone", "QUSRBRM", on_failure=SENT),
        ]
    out += [
        Step("C46", "clone", "clone", device.resource, on_failure=SENT)
        for device in operation.devices
        if not device.is_file
    ]
    if isinstance(operation, UserOperation):
        lost = "the run has failed; the other files come all the same"
        out += [Step("C28", "clone", "sidecar", path, 600, on_failure=lost) for path in operation.brings]
    if e.reconfigure:
        closed = "the clone is not opened: it stays in safe mode, and the run counts as failed"
        out += [
            Step(code, "clone", "clone", what, on_failure=closed)
            for code, what in living_steps(e.reconfigure)
        ]
    again = "tried ten times, then it needs you"
    out += [
        Step("C50", "clone", "clone", verdicts, on_failure=SENT),
        Step("C60", "clone", "sidecar", clone.name, 3600, on_failure=again),
    ]
    if e.leave_clone == "running":
        out.append(Step("C66", "clone", "clone", clone.name, on_failure=SENT))
    if e.leave_clone == "handed over":
        out.append(Step("C68", "clone", "clone", clone.name, on_failure=SENT))
    if e.reconfigure:
        out.append(Step("C67", "clone", "clone", e.reconfigure.system_name, on_failure=SENT))
    # The save may have ended TCP/IP: the link is looked after again before what is there is sent.
    out.append(Step("C47", "clone", "clone", f"{link} final".strip(), 600, on_failure=again))
    out.append(Step("C70", "clone", "clone", clone.name, on_failure=SENT))
    return out


def around_step(item: Around) -> tuple[str, str, str, int | None]:
    """Of something around the flash: step code, code of its undo, what it is about, limit in seconds."""
    if isinstance(item, HoldQueue):
        return "O20", "O78", f"{item.library}/{item.queue}", None
    if isinstance(item, HoldEntry):
        return "O21", "O79", item.name, None
    if isinstance(item, HoldJob):
        return "O22", "O77", f"{item.user}/{item.job}", None
    if isinstance(item, EndDomino):
        return "O35", "O75", item.server, item.within_s
    if isinstance(item, EndSubsystem):
        return "O36", "O74", f"{item.library}/{item.name}", item.within_s
    if isinstance(item, EndServer):
        return "O37", "O73", item.name, None
    if isinstance(item, VaryOff):
        return "O39", "O72", item.device, VARY_S
    return "O38", "O76", item.command, item.within_s


def _first(operation: Operation, watch: str) -> list[Step]:
    """What is changed on the clone before anything else is done there."""
    if isinstance(operation, BrmsOperation) and operation.qinactitv_none:
        return [Step("C05", "clone", "clone", "QINACTITV *NONE", on_failure=watch)]
    if isinstance(operation, UserOperation):
        return [Step("C04", "clone", "clone", "*ALL", on_failure=SENT)]
    return []


def _work(operation: Operation) -> tuple[list[Step], list[Step]]:
    """The clone's own work: what begins it, and what follows once the source sees it at work."""
    if isinstance(operation, BrmsOperation):
        return _control_groups(operation)
    if isinstance(operation, Save21Operation):
        job = "the job queue of the controlling subsystem"
        stops = "the saves behind it are left out; " + SENT
        return (
            [Step("C18", "clone", "clone", job, on_failure=SENT)],
            [Step(code, "clone", "clone", what, on_failure=stops) for code, what in SAVES],
        )
    work: list[Step] = []
    if isinstance(operation, UserOperation):
        stops = "the stages behind it are left out; " + SENT
        for number, stage in enumerate(operation.stages, 1):
            work += [
                Step("C26", "clone", "clone", run.command, run.within_s, on_failure=stops) for run in stage
            ]
            which = f"{number} of {len(operation.stages)}"
            work.append(Step("C27", "clone", "clone", which, on_failure=stops))
    return [], work


def _control_groups(operation: BrmsOperation) -> tuple[list[Step], list[Step]]:
    """Group by group; a restricted one is the last, and is seen at work by the source behind its C25."""
    out: list[Step] = []
    for stage in operation.stages:
        last = stage is operation.stages[-1]
        stops = SENT if last else "the control groups behind it are left out; " + SENT
        for code in ("C20", "C25", "C30"):
            for group in stage:
                limit = group.within_s if code == "C30" and not group.restricted else None
                out.append(Step(code, "clone", "BRMS", group.name, limit, on_failure=stops))
    # The source looks every few minutes, and a save begins at once: what it sees is a save that has begun.
    begun = len(out) - 1 if operation.restricted else 2 * len(operation.stages[0])
    return out[:begun], out[begun:]


SAVES = (("C21", "SAVSYS"), ("C22", "SAVLIB *NONSYS"), ("C23", "SAVDLO"), ("C24", "SAV"))
"""The saves of `on clone save21` in their order: step code and what is saved."""
