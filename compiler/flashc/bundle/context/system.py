"""What the templates see of a production partition: their `b`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flashc.bundle.context.clone import by_hand_context, clone_context, gives
from flashc.bundle.context.environment import closed_of, environment_context
from flashc.bundle.context.living import authorities
from flashc.bundle.context.locks import lock_objects
from flashc.bundle.context.undos import undo_limits_s
from flashc.check.model import Clone, Environment, Spec, System
from flashc.runbook.authorities import CLOSED
from flashc.runbook.limits import (
    AT_WORK_LOOKS,
    AT_WORK_PAUSE_S,
    BRMS_STATE_S,
    DOMINO_PAUSE_S,
    DOMINO_TRIES,
    GUARD_B_MARGIN_S,
    GUARD_TRIES,
    HISTORY_S,
    LATE_LOOKS,
    LATE_PAUSE_S,
    LEFT_OFF_S,
    MAINTENANCE_S,
    O88_S,
    O89_S,
    USUAL_RUNS,
    VARY_S,
)
from flashc.runbook.messages import LANGUAGES, MAIL_NOTES, MESSAGES, WHOLE
from flashc.runbook.names import short_names
from flashc.runbook.objects import GUARD_PROGRAMS, PROGRAMS
from flashc.runbook.tables import TABLES

BRMS_NETWORK_JOBS = ("Q1ABRMNET", "QBRMNET", "QBRMSYNC", "QNMAPINGD", "Q1ACPDST")
"""Jobs of BRMS that are in its library for good: docs/platform-facts.md#brms-in-use."""

PREFIXES = ("FLD", "FLB", "FLA", "FLW", "FLX", "FLF", "FLH", "FLY")
"""Of the programs of an environment: driver, clone before and after its work, jobs of that work, clone that
lives on, on failure, hooks; and of the data area that says whether its next scheduled run is skipped."""

PYTHON = "/QOpenSys/pkgs/bin/python3.9"

ALREADY_UNDONE = ("CPF1321", "CPF1349", "CPF3423", "CPFA0A9", "CPFA093")
"""Escapes of an undo that found nothing left to undo: job gone, job or queue not held, file gone."""

FIXED = frozenset((*GUARD_PROGRAMS, *PROGRAMS))
"""Programs that every system has: no environment's is called like one of them."""


def folder_of(system: System) -> str:
    """The product's IFS folder on the partition."""
    return f"/flashc/{system.library}"


def system_context(spec: Spec, system: System, spec_hash: str) -> dict[str, Any]:
    """Everything about one production partition."""
    clones = [c for c in spec.clones if c.source.name == system.name]
    environments = [e for e in spec.environments if e.clone.source.name == system.name]
    locks = lock_objects(clones, environments)
    undo_limits = undo_limits_s(environments)
    names = {prefix: short_names(prefix, [e.name for e in environments], FIXED) for prefix in PREFIXES}
    return {
        "spec_file": spec.file.replace("\\", "/").rsplit("/", 1)[-1],
        "spec_hash": spec_hash[:16],
        "system": system.name,
        "library": system.library,
        "guard_library": system.guard_library,
        "release": system.release,
        "folder": folder_of(system),
        "user": system.user,
        "python": PYTHON,
        "identities": [{"serial": i.serial, "lpar": i.lpar} for i in system.identities],
        "independent_asps": list(system.independent_asps),
        "titles": {},  # of the programs by name, once they are rendered
        "tables": TABLES,
        "usual_runs": USUAL_RUNS,
        "already_undone": ALREADY_UNDONE,
        "brms_network_jobs": BRMS_NETWORK_JOBS,
        **_said(system),
        **_waits(),
        "undo_limits": undo_limits,
        **_clones(clones),
        "by_hand": [
            by_hand_context(c, [e for e in environments if e.clone.name == c.name], locks)
            for c in clones
            if any(e.clone.name == c.name for e in environments)
        ],
        "locks": [{"name": lock, "what": what} for what, lock in locks.items()],
        "lives": any(e.reconfigure for e in environments),
        "gives": any(gives(e) for e in environments),
        "tape_libraries": " ".join(sorted({d.name for e in environments for d in e.operation.devices})),
        "closed_commands": closed_commands(environments),
        "site_authorities": list(dict.fromkeys(_site_authorities(system, environments))),
        "environments": [environment_context(e, names, locks, undo_limits) for e in environments],
    }


def _said(system: System) -> dict[str, Any]:
    """What operators read, in the system's language."""
    language = LANGUAGES[system.language]
    guard = {"safe": "FLE0128", "over": "FLE0129", "lost": "FLE0133", "left": "FLE0134"}
    return {
        "language": system.language,
        "message_file": language.message_file,
        "message_fields": {m.id: m.fields for m in MESSAGES if m.fields != WHOLE},
        "mail_notes": MAIL_NOTES,
        "guard_says": {when: f"flashc: {language.plain(msgid)}" for when, msgid in guard.items()},
    }


def _waits() -> dict[str, int]:
    """Limits, pauses and tries that are the same for every environment; seconds where the name ends in _s."""
    return {
        "at_work_looks": AT_WORK_LOOKS,
        "at_work_pause_s": AT_WORK_PAUSE_S,
        "guard_b_margin_s": GUARD_B_MARGIN_S,
        "guard_tries": GUARD_TRIES,
        "late_looks": LATE_LOOKS,
        "late_pause_s": LATE_PAUSE_S,
        "left_off_s": LEFT_OFF_S,
        "maintenance_s": MAINTENANCE_S,
        "vary_s": VARY_S,
        "brms_state_s": BRMS_STATE_S,
        "history_s": HISTORY_S,
        "o88_s": O88_S,
        "o89_s": O89_S,
        "domino_tries": DOMINO_TRIES,
        "domino_pause_s": DOMINO_PAUSE_S,
    }


def _clones(clones: Sequence[Clone]) -> dict[str, Any]:
    """The partition's clones, with their private links and the lines of those."""
    return {
        "clones": [clone_context(c) for c in clones],
        "links": [
            {
                "source": c.link.source,
                "clone": c.link.clone,
                "line": c.link.line,
                "isolated": c.network_isolated,
                "name": c.name,
                "ticket": clone_context(c)["ticket"],
            }
            for c in clones
            if c.link
        ],
        "lines": sorted({c.link.line for c in clones if c.link}),
        "ends_in_order": any(c.console.family.ends_in_order for c in clones),
    }


def closed_commands(environments: Sequence[Environment]) -> list[str]:
    """The closed commands of all environments, and those of FLGETCLN, which every clone has."""
    used = {name for e in environments for name in closed_of(e)}
    if environments:
        used |= {"RSTOBJ", "RST"}
    return [one.name for one in CLOSED if one.name in used]


CHANGE_AND_MANAGE = "*OBJOPR *OBJMGT *READ *ADD *UPD *DLT *EXECUTE"
"""*CHANGE and *OBJMGT: GRTOBJAUT takes no set beside a single authority."""


def _site_authorities(system: System, environments: list[Environment]) -> Iterator[str]:
    """What the profile needs to things of the site, as commands of the officer."""
    for line in sorted({e.clone.link.line for e in environments if e.starts_clone and e.clone.link}):
        object_ = f"OBJ(QSYS/{line}) OBJTYPE(*LIND)"
        yield f"GRTOBJAUT {object_} USER({system.user}) AUT({CHANGE_AND_MANAGE})"
    for e in environments:
        if e.reconfigure:
            yield from authorities(e.reconfigure, system.user)
        for device in e.operation.devices:
            if device.is_file and device.qualifier != system.library:
                library = f"OBJ(QSYS/{device.qualifier}) OBJTYPE(*LIB)"
                yield f"GRTOBJAUT {library} USER({system.user}) AUT(*CHANGE)"
