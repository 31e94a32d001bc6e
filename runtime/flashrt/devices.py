"""Connecting to a console or an array that has more than one address, or a standby."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from flashrt.config import Config, DeviceConf
from flashrt.edges import Clock, Edges, Endpoint, OpenCommand, RemoteFiles, Reply, Session
from flashrt.ssh_errors import password_ended, too_late
from flashrt.status import UNREACHABLE, SidecarError

if TYPE_CHECKING:
    from flashrt.https import RestSession

Connected = TypeVar("Connected")


class _Guarded:
    """A session by SSH: no command is run after a time (`Edges.until`), and what a server says instead of
    running one, because the user has to change the password first, is a refused log-in.
    """

    def __init__(self, session: Session, device: DeviceConf, clock: Clock, until: float) -> None:
        self._session = session
        self._name = device.name
        self._user = device.user
        self._clock = clock
        self._until = until

    def run(self, command: str, deadline: float) -> Reply:
        """TIMEOUT, and nothing was sent, where the time has passed; AUTH where the user's password has."""
        if self._clock.now() >= self._until:
            raise too_late(self._name)
        reply = self._session.run(command, min(deadline, self._until))
        ended = password_ended(self._name, self._user, reply)
        if ended is not None:
            raise ended
        return reply

    def open_command(self, deadline: float) -> OpenCommand:
        """As it is."""
        return self._session.open_command(deadline)

    def files(self, deadline: float) -> RemoteFiles:
        """As it is."""
        return self._session.files(deadline)

    def close(self) -> None:
        """End it."""
        self._session.close()


def time_for(edges: Edges, name: object, limit_s: float) -> float:
    """How many of these seconds a request to a program of the site may take: none goes beyond the time for
    all that a call looks at (`Edges.until`).  TIMEOUT, and nothing was sent, where that has passed.
    """
    left_s = edges.until - edges.clock.now()
    if left_s <= 0:
        raise too_late(name)
    return min(limit_s, left_s)


def connect_first(config: Config, device: DeviceConf, edges: Edges) -> Session:
    """A session by SSH at the first address that can be reached; those of a standby console come last."""
    return opened_first(config, device, edges, lambda session, _: session)


def opened_first(
    config: Config, device: DeviceConf, edges: Edges, use: Callable[[Session, Endpoint], Connected]
) -> Connected:
    """What `use` makes of the first session by SSH; the next address is tried where it says UNREACHABLE."""

    def connect(one: DeviceConf, endpoint: Endpoint, deadline: float) -> Connected:
        credentials = config.credentials(one)
        session = edges.network.connect(endpoint, credentials, config.known_hosts, deadline)
        session = _Guarded(session, one, edges.clock, edges.until)
        try:
            return use(session, endpoint)
        except BaseException:
            session.close()
            raise

    return _first(config, device, edges, connect)


def connect_rest(config: Config, device: DeviceConf, edges: Edges) -> RestSession:
    """A session by HTTPS at the first address that can be reached; nobody is logged in yet."""

    return opened_rest_first(config, device, edges, lambda _, session, __: session)


def opened_rest_first(
    config: Config,
    device: DeviceConf,
    edges: Edges,
    use: Callable[[DeviceConf, RestSession, Endpoint], Connected],
) -> Connected:
    """As `opened_first`, by HTTPS, with the device that was reached: a standby console has its own users.

    What `use` makes of a session closes it, also where it fails: it may have to log off.
    """

    def connect(one: DeviceConf, endpoint: Endpoint, deadline: float) -> Connected:
        session = edges.network.https(endpoint, config.known_hosts, deadline)
        session.until = edges.until
        return use(one, session, endpoint)

    return _first(config, device, edges, connect)


def _first(
    config: Config,
    device: DeviceConf,
    edges: Edges,
    connect: Callable[[DeviceConf, Endpoint, float], Connected],
) -> Connected:
    """Only UNREACHABLE makes the next address be tried.

    A refused log-in counts towards a lock-out, and another host key is no reason to go elsewhere.  Nothing
    has been asked yet, so nothing is asked twice (docs/platform-facts.md#hmc).
    """
    failed: list[SidecarError] = []
    devices = config.stand_ins(device)
    for one in devices:
        for endpoint in one.addresses:
            deadline = edges.clock.now() + config.limits.connect_s
            try:
                return connect(one, endpoint, deadline)
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
