"""The runbook: the ordered steps of an environment, each with its undo, its limit and who does it.

Everything that speaks of a step reads this list: the generated CL, `flashc explain`, the rehearsal, the
docs.  A step's text is its message (`flashc.runbook.messages`); nothing about a step is written twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from flashc.check.model import (
    Around,
    EndDomino,
    EndServer,
    EndSubsystem,
    Environment,
    HoldEntry,
    HoldJob,
    HoldQueue,
    VaryOff,
)
from flashc.runbook.limits import (
    MAINTENANCE_S,
    PREPARE_S,
    RELEASE_S,
    SAVE_MARGIN_S,
    VARY_S,
    VIOS_S,
    window_limits,
)
from flashc.runbook.living import living_steps
from flashc.runbook.messages import text_of

Actor = Literal["driver", "guards", "sidecar", "clone", "BRMS"]

RESULTS = "COMPLETED, FAILED, REFUSED or NEEDSYOU"

UNDONE = "the run ends, everything done so far is undone"
"""What happens when a step fails and nothing else is said."""


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

    @property
    def text(self) -> str:
        """The step's message with what it is about."""
        return text_of(self.code).replace("&1", self.what)


def steps(environment: Environment) -> tuple[Step, ...]:
    """The steps of a run that goes well, in the order of their doing."""
    e = environment
    clone = e.clone
    label = f"{clone.lpar_id} {clone.partition}"
    group = clone.groups
    window = window_limits(e.quiesce.within_s, e.resume_within_s, len(clone.source.independent_asps))
    refused = "the run is refused; nothing was changed"
    out: list[Step] = [
        Step("O02", "source", "driver", "(its date and time)", 120, on_failure=refused),
        Step("O05", "source", "driver", e.name, on_failure=refused),
        Step("O06", "source", "sidecar", clone.name, 900, on_failure=refused),
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
    unknown = "resume at once; the copy does not count, the group is stopped, everything is undone"
    out += [
        Step("O52", "source", "sidecar", " and ".join(clone.arrays), 60),
        Step(
            "O50",
            "source",
            "driver",
            f"at most {window.quiesce_s}",
            window.quiesce_s,
            undo="O60",
            on_failure=unknown,
        ),
        Step("O55", "source", "sidecar", group, window.trigger_s, on_failure=unknown),
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
        out.append(Step(undo, "source", "driver", getattr(item, "undo", what)))
    noted = "it is noted; the run goes on and counts as failed"
    for run in e.runs.after_flash:
        out.append(Step("O62", "source", "driver", run.command, run.within_s, on_failure=noted))
    if clone.vios:
        not_mapped = "the clone is not started; it is tried again, then it needs you"
        out.append(Step("O67", "source", "sidecar", servers, 3 * VIOS_S, on_failure=not_mapped))
    if e.starts_clone:
        out += _clone_steps(e)
    if e.maintenance != "none":
        failed = "the run counts as failed"
        out.append(Step("O96", "source", "BRMS", e.maintenance, MAINTENANCE_S, on_failure=failed))
        out.append(Step("M01", "source", "BRMS", e.maintenance, on_failure=failed))
    for run in e.runs.afterwards:
        out.append(
            Step("O93", "source", "driver", run.command, run.within_s, on_failure="the run counts as failed")
        )
    if e.starts_clone:
        out.append(Step("O90", "source", "driver", clone.name))
    out += [Step("O99", "source", "driver", RESULTS), Step("999", "source", "driver", RESULTS)]
    return tuple(out)


def _clone_steps(e: Environment) -> list[Step]:
    """The clone is started, works, delivers; and what production does with it."""
    out: list[Step] = []
    clone = e.clone
    label = f"{clone.lpar_id} {clone.partition}"
    watch = "the clone is left as it is; BRMS is ended only when the clone is proven off"
    if clone.link:
        out.append(Step("O68", "source", "driver", clone.link.source, undo="O95"))
    out += [
        Step("O70", "source", "sidecar", label),
        Step("O80", "source", "driver", clone.name, on_failure=watch),
        Step("O82", "source", "sidecar", f"Reference code of {label}", e.boot_within_s, on_failure=watch),
        Step("C00", "clone", "clone", clone.name, on_failure=watch),
    ]
    if e.brms and e.brms.qinactitv_none:
        out.append(Step("C05", "clone", "clone", "QINACTITV *NONE", on_failure=watch))
    devices = ", ".join(device.name for device in e.operation.devices)
    groups = ", ".join(group.name for group in e.brms.groups) if e.brms else ""
    sent = "the clone closes BRMS and sends home what there is"
    out += [
        Step("C10", "clone", "clone", devices, undo="C46", on_failure=sent),
        Step("C15", "clone", "BRMS", "*STRBKU", undo="C40", on_failure=sent),
        Step(
            "C47", "clone", "clone", f"{clone.link.clone} early" if clone.link else "", 600, on_failure=sent
        ),
        Step("C20", "clone", "BRMS", groups, on_failure=sent),
        Step("O83", "source", "sidecar", label, on_failure=watch),
        Step("O84", "source", "driver", clone.name, e.operation.within_s + SAVE_MARGIN_S, on_failure=watch),
        Step("C25", "clone", "BRMS", groups, on_failure=sent),
        Step("C30", "clone", "BRMS", groups, on_failure=sent),
        Step("C35", "clone", "clone", "SAVED", on_failure=sent),
        Step("C36", "clone", "clone", "COMPLETE, ERRORS or FAILED", on_failure=sent),
        Step("C40", "clone", "BRMS", "*ENDBKU", on_failure=sent),
        Step("C45", "clone", "clone", "QUSRBRM", on_failure=sent),
        Step("C46", "clone", "clone", devices, on_failure=sent),
    ]
    if e.reconfigure:
        closed = "the clone is not opened: it stays in safe mode, and the run counts as failed"
        out += [
            Step(code, "clone", "clone", what, on_failure=closed)
            for code, what in living_steps(e.reconfigure)
        ]
    out += [
        Step("C50", "clone", "clone", "COMPLETE, ERRORS or FAILED", on_failure=sent),
        Step("C60", "clone", "sidecar", clone.name, 3600, on_failure="tried ten times, then it needs you"),
    ]
    if e.leave_clone == "running":
        out.append(Step("C66", "clone", "clone", clone.name, on_failure=sent))
    if e.leave_clone == "handed over":
        out.append(Step("C68", "clone", "clone", clone.name, on_failure=sent))
    if e.reconfigure:
        out.append(Step("C67", "clone", "clone", e.reconfigure.system_name, on_failure=sent))
    needs_you = "production stays in *STRPRC; the run says that it needs you"
    out += [
        Step("C70", "clone", "clone", clone.name, on_failure=sent),
        Step("O85", "source", "sidecar", clone.name, on_failure=watch),
        Step("O86", "source", "sidecar", clone.name, on_failure=needs_you),
    ]
    if e.reconfigure:
        out.append(Step("O91", "source", "driver", e.reconfigure.system_name))
    if e.leave_clone == "handed over":
        out.append(Step("O92", "source", "driver", clone.name))
    out += [
        Step("O87", "source", "driver", f"{clone.source.library}/FLQBRM", on_failure=needs_you),
        Step(
            "O88",
            "source",
            "driver",
            f"{clone.source.library}/FLQBRMP",
            on_failure="production's own is put back; " + needs_you,
        ),
        Step("O89", "source", "BRMS", "", on_failure=needs_you),
    ]
    if clone.link:
        out.append(Step("O95", "source", "driver", clone.link.source, on_failure="it is reported"))
    out.append(Step("O41", "source", "driver", clone.name, on_failure="it is reported"))
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
