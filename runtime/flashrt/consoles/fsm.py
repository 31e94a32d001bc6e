"""FSM: partitions of Power nodes in a Flex System, by the HMC's commands behind `smcli`, over SSH.

That the commands, their options and their answers are the HMC's is not confirmed
(docs/platform-facts.md#fsm).  So nothing is guessed from an answer: a state that is not the HMC's own word
is OTHER, which is never off, and machine and partition are read and compared before each change.
"""

from __future__ import annotations

from flashrt.config import Config, DeviceConf
from flashrt.consoles.hmc import Hmc
from flashrt.devices import connect_first
from flashrt.edges import Edges


class Fsm(Hmc):
    """A connection to an FSM; see `flashrt.consoles.base.ConsoleDriver`."""

    PREFIX = "smcli "


def open_driver(config: Config, device: DeviceConf, edges: Edges) -> Fsm:
    """Connect to the first address that can be reached."""
    session = connect_first(config, device, edges)
    return Fsm(session, edges.clock, config.limits, config.system.identities)
