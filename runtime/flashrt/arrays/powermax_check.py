"""VMAX and PowerMax: storage groups and free space, as the checks of a clone ask for them."""

from __future__ import annotations

from collections.abc import Sequence

from flashrt.arrays.powermax_system import Mirror, System
from flashrt.consoles.base import Finding
from flashrt.result import Result
from flashrt.status import FOREIGN, MISMATCH, SPACE, SidecarError

IN_STEP, SAME_AT_ONCE = "synchronized", "synchronous"
R2_ALONE = frozenset(("failedover", "r1updated", "r1updinprog"))
"""States of SRDF pairs in which hosts write to the R2 side and not to the R1, in small letters, no blanks."""

BOTH_WRITTEN = frozenset(("split", "activeactive", "activebias"))


def check_groups(system: System, name: str, pairs: Sequence[tuple[str, str]]) -> list[Finding]:
    """Each pair of storage groups has as many volumes of the same sizes, and no target is in remote copy; a
    source in remote copy is the side that production writes to, or the same at each write.
    """
    try:
        problems = [problem for source, target in pairs for problem in _fits(system, source, target)]
        mirrored = [(source, one) for source, _ in pairs for one in system.mirrors(source)]
    except SidecarError as error:
        return [Finding("array.pairs", False, error.text, error.status)]
    found = [_mirrored(name, group, one) for group, one in mirrored]
    found = ([one for one in found if not one.ok] or found)[:1]
    if problems:
        status, text = problems[0]
        more = f" ({len(problems)} problems)" if len(problems) > 1 else ""
        text = f"On {name} {text}{more}. Correct the storage groups."
        return [Finding("array.pairs", False, text, status), *found]
    text = f"The volumes of {len(pairs)} pairs of storage groups on {name} fit."
    return [Finding("array.pairs", True, text), *found]


def usage(system: System, group: str, floor_percent: float) -> Result:
    """Free capacity of the storage resource pool of a storage group."""
    pool, free, percent, kept = system.space(group)
    beside = f" beside the {kept:.0f} that it keeps for hosts" if kept else ""
    room = f"pool {pool} has {free:.0f} percent free{beside}"
    text = f"The volumes of {group} use {percent:.0f} percent; {room}"
    if free < floor_percent:
        raise SidecarError(
            SPACE, f"{text}, the limit is {floor_percent:g}. Add capacity or remove data.", "SPACE"
        )
    return Result(f"{text}.", "OK", extra1=f"{percent:.0f}", extra2=f"{free:.0f}")


def _fits(system: System, source: str, target: str) -> list[tuple[int, str]]:
    """What keeps two storage groups from being linked."""
    sides = [system.volumes(group) for group in (source, target)]
    found: list[tuple[int, str]] = []
    sizes, emulations = (
        [sorted(getattr(one, key) for one in side) for side in sides] for key in ("size", "emulation")
    )
    for what, (one, other) in (("sizes", sizes), ("emulations", emulations)):
        if one != other:
            found.append((MISMATCH, f"{source} and {target} differ in number or {what} of volumes"))
            break
    found += [
        (FOREIGN, f"volume {one.name} of {target} is in remote copy") for one in sides[1] if one.mirrored
    ]
    found += [
        (MISMATCH, f"volume {one.name} is {one.status[:20]}, not ready")
        for side in sides
        for one in side
        if one.status != "Ready" and not (side is sides[0] and one.mirrored)
    ]
    return found


def _mirrored(name: str, group: str, one: Mirror) -> Finding:
    """Whether a source in SRDF holds what production writes (docs/platform-facts.md#powermax-mirrors)."""
    states = {state.lower().replace(" ", "") for state in one.states}
    what = (
        f"{one.what} of {group} on {name} is the {one.side or 'unknown'} side of SRDF, state "
        f"{', '.join(sorted(one.states)) or 'not shown'}, mode {one.mode or 'not shown'}"
    )
    if one.side.startswith("R1"):
        good = not states & R2_ALONE
    else:
        in_step = states == {IN_STEP} and one.mode.lower() == SAME_AT_ONCE
        good = bool(states) and (in_step or states <= R2_ALONE | BOTH_WRITTEN)
    if good:
        return Finding("array.mirrors", True, f"{what}: it holds what production writes.")
    text = f"{what}: what it holds may be older than production's data. Copy the side that is written to."
    return Finding("array.mirrors", False, text, MISMATCH)
