"""VMAX and PowerMax: storage groups and free space, as the checks of a clone ask for them."""

from __future__ import annotations

from collections.abc import Sequence

from flashrt.arrays.powermax_system import System
from flashrt.consoles.base import Finding
from flashrt.result import Result
from flashrt.status import FOREIGN, MISMATCH, SPACE, SidecarError


def check_groups(system: System, name: str, pairs: Sequence[tuple[str, str]]) -> list[Finding]:
    """Each pair of storage groups has as many volumes of the same sizes, and no target is in remote copy."""
    try:
        problems = [problem for source, target in pairs for problem in _fits(system, source, target)]
    except SidecarError as error:
        return [Finding("array.pairs", False, error.text, error.status)]
    if problems:
        status, text = problems[0]
        more = f" ({len(problems)} problems)" if len(problems) > 1 else ""
        return [Finding("array.pairs", False, f"On {name} {text}{more}. Correct the storage groups.", status)]
    return [
        Finding("array.pairs", True, f"The volumes of {len(pairs)} pairs of storage groups on {name} fit.")
    ]


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
        if one.status != "Ready"
    ]
    return found
