"""Connecting to a console or an array that has more than one address, or a standby."""

from __future__ import annotations

from flashrt.config import Config, DeviceConf
from flashrt.edges import Edges, Session
from flashrt.status import UNREACHABLE, SidecarError


def connect_first(config: Config, device: DeviceConf, edges: Edges) -> Session:
    """A session at the first address that can be reached; those of a standby console come last.

    Only UNREACHABLE makes the next one be tried: a refused log-in counts towards a lock-out, and another
    host key is no reason to go elsewhere.  Nothing has been asked yet, so nothing is asked twice
    (docs/platform-facts.md#hmc).
    """
    failed: list[SidecarError] = []
    devices = config.stand_ins(device)
    for one in devices:
        for endpoint in one.addresses:
            deadline = edges.clock.now() + config.limits.connect_s
            try:
                return edges.network.connect(endpoint, config.credentials(one), config.known_hosts, deadline)
            except SidecarError as error:
                if error.status != UNREACHABLE:
                    raise
                failed.append(error)
    if len(failed) == 1:
        raise failed[0]
    standby = "".join(f", and its standby {one.name} neither" for one in devices[1:])
    raise SidecarError(
        UNREACHABLE,
        f"{device.name} cannot be reached at any address{standby}: "
        + " ".join(error.text for error in failed),
    )
