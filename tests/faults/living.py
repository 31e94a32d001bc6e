"""Nights whose clone lives on: the spec and the site of the example with what that takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flashc.cli.stage import Stage
from flashtwin.errors import Escape
from flashtwin.objects import DataArea
from flashtwin.os400 import OperatingSystem
from flashtwin.world import Partition
from nights import Change, Edit, Played, played

HOUR = 3600.0
CLONE = "SISTPROD_24"
NAME = "TESTSYS"
ADDRESS = "10.9.0.5"

RECONFIGURE = """\
    leave clone handed over
    reconfigure {
        system name TESTSYS
        host "testsys" domain "example.net"
        address "10.9.0.5" mask "255.255.255.0" line ETHTEST
        route default via "10.9.0.1"
        hold schedules
        hold job queue QGPL/QS36EVOKE
        never start subsystem QGPL/DOMINO
        never start domino DOMINO02
        never start tcp server *SMTP
        never start tcp server *NTP
        expires after 5d
    }
"""

TEST_NETWORK: tuple[Change, ...] = (
    (
        'profiles = [{ name = "clone", vlans = [99] }]',
        'profiles = [{ name = "clone", vlans = [99, 5] }]',
    ),
    (
        'resource = "CMN02" },\n',
        'resource = "CMN02" },\n    { name = "ETHTEST", vlan = 5, resource = "CMN03" },\n',
    ),
    ("interfaces = [\n", 'routes = [{ via = "10.1.0.1" }]\ninterfaces = [\n'),
)


def spec_of(*changes: Change) -> tuple[Change, ...]:
    """The example's spec with a clone that lives on; `changes` are of its text."""
    text = RECONFIGURE
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return (("    leave clone running\n", text),)


@contextmanager
def living(
    *changes: Change,
    edits: tuple[Edit, ...] = (),
    site: tuple[Change, ...] = (),
    prepare: Callable[[Stage], None] | None = None,
) -> Iterator[Played]:
    """Play the night."""
    with played(edits, (*TEST_NETWORK, *site), spec=spec_of(*changes), prepare=prepare) as night:
        yield night


def clone_of(night: Played) -> Partition:
    """The clone partition."""
    return night.stage.world.partition(CLONE)


def system_of(night: Played) -> OperatingSystem:
    """What runs on it."""
    system = clone_of(night).os
    assert system is not None
    return system


def go(night: Played, hours: float) -> None:
    """Let time pass."""
    world = night.stage.world
    world.scheduler.run(until=world.now + hours * HOUR)


def stage_of(image: Any) -> str:
    """The stage of the ticket on a system's disks."""
    area = image.find("BCKFLASHPG", "FLT0056", "*DTAARA")
    assert isinstance(area, DataArea)
    assert isinstance(area.value, bytes)
    return area.value.decode("cp037")[:10].strip()


def told(system: OperatingSystem) -> str:
    """What QSYSOPR holds."""
    return "\n".join(message.text for message in system.operator_queue().messages)


def safe(system: OperatingSystem) -> bool:
    """Whether a system is in safe mode: told so, no TCP/IP, no subsystem for users."""
    down = not system.network.started and not {"QINTER", "QBATCH"} & set(system.work.subsystems)
    return down and "Safe mode." in told(system)


def fails_on_clone(command: str, word: str = "") -> Callable[[Stage], None]:
    """This command is refused on every system but production."""

    def prepare(stage: Stage) -> None:
        def around(context: Any, run: Callable[[], Any]) -> Any:
            refused = context.command.name == command and word in context.command_text()
            if refused and context.os is not stage.system:
                raise Escape("CPF9898", "", f"{command} is refused here.")
            return run()

        stage.world.around_command = around

    return prepare


def broken(night: Played) -> list[str]:
    """The invariants that do not hold, with what was seen."""
    return [f"{one.id} {one.detail}" for one in night.judged().broken]
