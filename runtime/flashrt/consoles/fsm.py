"""FSM: partitions of Power nodes in a Flex System, by the HMC's commands behind `smcli`, over SSH.

That the commands, their options and their answers are the HMC's is not confirmed
(docs/platform-facts.md#fsm).  So nothing is guessed from an answer: a state that is not the HMC's own word
is OTHER, which is never off, and machine and partition are read and compared before each change.
"""

from __future__ import annotations

from flashrt.config import CloneConf, Config, DeviceConf
from flashrt.consoles.base import ConsoleDriver
from flashrt.consoles.hmc import Hmc, open_ssh
from flashrt.edges import Edges


class Fsm(Hmc):
    """A connection to an FSM; see `flashrt.consoles.base.ConsoleDriver`."""

    PREFIX = "smcli "


def open_driver(config: Config, device: DeviceConf, edges: Edges, clone: CloneConf) -> ConsoleDriver:
    """Connect to the first address that can be reached and sees the clone's machine."""
    return open_ssh(Fsm, config, device, edges, clone)
