"""chsysstate: which change of a partition's state the HMC accepts, and what it then does.

States and message ids: docs/platform-facts.md#hmc-state-changes.  The ids HSCL8013 and HSCL8018 are from
background knowledge and not verified on a console.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flashtwin.sims.hmc_options import HmcError, Options, invalid, options, split_csv

if TYPE_CHECKING:
    from flashtwin.world import ManagedSystem, Partition

VALUED = ("-m", "-r", "-o", "-n", "--id", "-f", "-k", "-b", "-i")
FLAGS = ("--immed", "--restart", "--force", "--novsi", "--all")
ENDS = ("shutdown", "osshutdown")
# Known operations of a console that a run never needs; asking for one of these is a driver's mistake.
OTHER_OPERATIONS = (
    "dumprestart",
    "retrydump",
    "dston",
    "consoleservice",
    "iopreset",
    "iopdump",
    "remotedstoff",
    "remotedston",
)
MOST_PARTITIONS = 100


@dataclass(frozen=True, slots=True)
class Change:
    """An accepted request: `check` raises HmcError when it is not possible now, `act` does it."""

    partitions: tuple[Partition, ...]
    check: Callable[[], None]
    act: Callable[[], None]


def not_found(name: str) -> HmcError:
    """The answer for a partition that the managed system has not."""
    return HmcError(
        f"HSCL8012 The partition named {name} was not found.  Please check your entry and retry the command."
    )


def change(words: Sequence[str], machine_of: Callable[[str], ManagedSystem]) -> Change:
    """What a chsysstate command asks for; HmcError when its form is wrong or its objects do not exist."""
    opts = options(words, VALUED, FLAGS)
    machine_name, resource, operation = opts.need("-m"), opts.need("-r"), opts.need("-o")
    if resource not in ("lpar", "sys"):
        raise invalid("-r")
    if resource == "sys":
        # Power of a whole machine is a task that no role of this console has.
        raise HmcError("HSCL350B The user does not have the appropriate authority.")
    machine = machine_of(machine_name)
    partitions = _partitions(machine, opts)
    if operation == "on":
        return _on(partitions, opts)
    if operation in ENDS:
        return _end(partitions, operation, opts)
    if operation == "chkey":
        return _keylock(partitions, opts)
    if operation in OTHER_OPERATIONS:
        raise HmcError("HSCL05DF The partition is not in a state in which the operation can be performed.")
    raise invalid("-o")


def _partitions(machine: ManagedSystem, opts: Options) -> tuple[Partition, ...]:
    by_name, by_id = opts.get("-n"), opts.get("--id")
    if (by_name is None) == (by_id is None) or "--all" in opts:
        raise invalid("-n,--id")
    found = []
    for one in split_csv(by_name if by_name is not None else by_id or ""):
        match = [
            partition
            for partition in machine.partitions.values()
            if (partition.name == one if by_name is not None else str(partition.lpar_id) == one)
        ]
        if not match:
            raise not_found(one)
        found.append(match[0])
    if len(found) > MOST_PARTITIONS:
        raise invalid("-n")
    return tuple(found)


def _on(partitions: tuple[Partition, ...], opts: Options) -> Change:
    _only(opts, "-f", "-k", "-b", "-i", "--novsi", "--force")
    profile = opts.get("-f")
    if profile is None and ("-k" in opts or "-i" in opts):
        # Without a profile the current configuration is used as it stands.
        raise invalid(*(name for name in ("-k", "-i") if name in opts))
    if profile is not None and len(partitions) != 1:
        raise invalid("-n")
    keylock, source, mode = opts.get("-k"), opts.get("-i"), opts.get("-b")
    if keylock not in (None, "norm", "manual"):
        raise invalid("-k")
    if source not in (None, "a", "b", "c", "d"):
        raise invalid("-i")
    if mode is not None and any(partition.env == "os400" for partition in partitions):
        raise invalid("-b")
    if profile is not None and profile not in partitions[0].profiles:
        raise HmcError(
            f"HSCL8013 The partition profile named {profile} was not found.  "
            "Please check your entry and retry the command."
        )

    def check() -> None:
        for partition in partitions:
            if partition.state != "Not Activated":
                raise HmcError(
                    f"HSCL3681 Partition {partition.lpar_id} cannot be activated since it is not in the "
                    "Not Activated state."
                )
            if profile is None and partition.curr_profile not in partition.profiles:
                raise invalid("-f")

    def act() -> None:
        for partition in partitions:
            partition.power_on(profile or partition.curr_profile, keylock or partition.keylock, source or "")

    return Change(partitions, check, act)


def _end(partitions: tuple[Partition, ...], operation: str, opts: Options) -> Change:
    _only(opts, "--immed", "--restart")
    if "--restart" in opts:
        raise HmcError("HSCL350B The user does not have the appropriate authority.")
    immediately = "--immed" in opts
    how = operation + ("-immed" if immediately else "")

    def check() -> None:
        for partition in partitions:
            _can_end(partition, operation, immediately)

    def act() -> None:
        for partition in partitions:
            partition.power_off(how)

    return Change(partitions, check, act)


def _can_end(partition: Partition, operation: str, immediately: bool) -> None:
    if partition.state == "Not Activated":
        raise HmcError(
            "HSCL1558 The operation is not available in the partition's current state, Not Activated."
        )
    if operation == "osshutdown":
        if partition.env != "os400":
            raise HmcError("HSCL0DB4 The operating system cannot be shut down: there is no RMC connection.")
        # Running is shown early in an IPL, when there is no operating system to ask yet.
        if partition.state != "Running" or partition.os is None:
            raise HmcError(
                "HSCL05DF The partition is not in a state in which the operation can be performed."
            )
    elif not immediately and partition.state == "Shutting Down":
        raise HmcError("HSCL05DF The partition is not in a state in which the operation can be performed.")


def _keylock(partitions: tuple[Partition, ...], opts: Options) -> Change:
    _only(opts, "-k")
    keylock = opts.need("-k")
    if keylock not in ("norm", "manual"):
        raise invalid("-k")

    def act() -> None:
        for partition in partitions:
            partition.keylock = keylock

    return Change(partitions, lambda: None, act)


def _only(opts: Options, *names: str) -> None:
    wrong = [name for name in opts.values if name not in ("-m", "-r", "-o", "-n", "--id", *names)]
    if wrong:
        raise invalid(*wrong)
