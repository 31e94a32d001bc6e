"""The gate between virtual time and what runs outside of it: sidecar processes, threads, SSH sessions.

Virtual time belongs to the scheduler, which is one thread.  A sidecar is a real process (or a thread of this
process), and the simulators' SSH sessions run in threads of their own.  Time stays true by one rule:

**the baton**.  At any moment either the scheduler's thread runs, or exactly one external task does.  An
external task is for the scheduler an ordinary generator task.  When its turn comes, the scheduler gives it
the baton and blocks *really* until the external side makes its next clock call or ends.  While the
external side computes, connects, shakes hands or transfers files, virtual time stands still, and nothing
else moves.  No call within `limit_s` (real seconds, 120) is a `TwinError`: a rehearsal that hangs is loud.

In memory nothing blocks and there is no thread: the sidecar is a greenlet of the scheduler's thread, to give
the baton is to switch to it, and every simulator is called where the sidecar would have sent something.  So a
process that plays a night can be forked at any statement of it.  A greenlet that computes for ever is not
interrupted after `limit_s`; who starts such a process limits it as a whole (fault campaigns do).

The clock calls (one dictionary each way; a JSON line over loopback for a process, a queue for a thread, the
values of a switch for a greenlet):

==================  ===================================================================================
now                 answered at once
sleep               hands the baton back until then
wait                hands the baton back until there is input on a connection, or the deadline
wait_any            the same for several requests that were sent; every one of them is reported first
listen, locate      answered at once: a listening port of its own; where a declared address leads now
sql, cl             run by the partition's system as a task of the world; may block as it blocks
memory              the in-memory transport (`flashtwin.memory`): connecting and sending without sockets
fault               the launcher saw something impossible: a TwinError
end                 the exit status; the task is over
==================  ===================================================================================

**A request's way.**  The client sends a command over its own TCP connection and calls `wait` with the two
ports of that connection and the number of the request on it (the launcher counts them).  The peer port names
the simulator, the local port the connection.  The server's thread reports the arrival: it *queues* it under
the gate's lock and touches nothing else of the world.  `wait` blocks really until that very request (or the
end of the connection) has been reported, so virtual time cannot pass a request that is on its way.  Then
the scheduler's thread takes the arrivals from the queue in their order.  There can be only those of the task
that held the baton, and a client learns of nothing before it waits, so the order is that in which it
sent.  For each, the simulator's handler says an `Outcome`; at now + duration a timer runs its effect, hands
the reply to a thread that writes it into the channel, and wakes the task, which then reads it really.  A
hang wakes nobody, so the deadline does.  A lost reply closes the connection, and its end can be seen, too.

The greeting of a server is a reply to the connection itself: the arrival is the accept, the duration is
the log-in cost, and before it the server's protocol is not even started.

**CL programs** talk to an armed sidecar by loopback sockets; `flashtwin.loopback` counts the bytes of both
sides, so that what one has sent is really there before the other is asked to look.

**Guests** are clients that know nothing of clocks: the deployment, an interactive client.  A guest holds
the baton while it computes; when one of its requests arrives, it is taken as a wait without deadline.

`settle()` is called by the scheduler when no task can run, before time moves: it takes what has been
reported but not yet been looked at (connections that ended, stray arrivals).  All effects on the world
happen on the scheduler's thread.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Generator
from typing import Any

from flashtwin.errors import TwinError
from flashtwin.externals import (
    KILLED,
    LIMIT_S,
    Alter,
    Call,
    External,
    Link,
    Mode,
    Reach,
    Route,
    Services,
    Steps,
)
from flashtwin.loopback import Loopback
from flashtwin.memory import MemoryTransport
from flashtwin.scheduler import Scheduler, Signal, Wait
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.server import Connection, Exchange, Request, Server, Turn, Wire

__all__ = ["Call", "External", "Gate", "Link", "Mode", "Reach", "Route", "Services", "Steps", "gate_of"]


class Gate:
    """All external tasks of one world.

    Everything public belongs to the scheduler's thread, but `accepted`, `arrived`, `ended`, `note` and
    `await_report`, which other threads call.  `mode` says how sidecars run (`flashtwin.pase`), `entry` is
    their entry point when they run in this process and it is not the installed one.  `programs` are those of
    the site, by their paths, each played by a simulator.  `alter` may change what
    becomes of a request, `on_call` sees each clock call before it is answered: the places for faults.
    `deaths` are the times at which one was killed in the middle of a call.
    """

    def __init__(self, scheduler: Scheduler, *, limit_s: float = LIMIT_S) -> None:
        self.scheduler = scheduler
        self.limit_s = limit_s
        self.mode: Mode = "process"
        self.entry: Callable[[list[str], Any], int] | None = None
        self.loopback = Loopback(limit_s)
        self.transcript: list[Exchange] = []
        self.deaths: list[float] = []
        self.credentials: dict[str, str] = {}
        self.alter: list[Alter] = []
        self.on_call: list[Callable[[External, Call], None]] = []
        self.routes: dict[str, Route] = {}
        self.programs: dict[str, Server] = {}
        self.unknown: Callable[[str], Route | None] = lambda _address: None
        self.refused_port = 0
        self.silent_port = 0
        self.answered = Signal("anything was answered")
        self._servers: dict[int, Server] = {}
        self._connections: dict[int, Connection] = {}
        self._accepts = 0
        self._arrivals: deque[Connection | Request | Callable[[], None]] = deque()
        self._changed = threading.Condition()
        self.externals: list[External] = []
        self._count = 0
        self._closers: list[Callable[[], None]] = []
        scheduler.external = self

    # ---- the site

    def publish(
        self,
        address: str,
        server: Server,
        reach: Reach = "ok",
        guard: Callable[[Services | None], Reach] | None = None,
    ) -> Route:
        """Say that `server` answers at "host:port"."""
        route = self.routes[address] = Route(server, reach, guard)
        return route

    def listening(self, server: Server, port: int, close: Callable[[], None]) -> None:
        """A server listens on this loopback port; `close` ends that when the world ends."""
        server.port = port
        self._servers[port] = server
        self._closers.append(close)

    def on_close(self, close: Callable[[], None]) -> None:
        """Call this when the world ends."""
        self._closers.append(close)

    def locate(self, address: str, caller: Services | None) -> tuple[Reach, Server | None]:
        """How a declared address answers this caller now, and who answers."""
        route = self.routes.get(address) or self.unknown(address)
        if route is None:
            return "down", None
        seen = "ok" if caller is None else caller.reach(address)
        for reach in (route.reach, seen, route.guard(caller) if route.guard else "ok"):
            if reach != "ok":
                return reach, None
        modes: dict[str, Reach] = {"refused": "down"}
        return modes.get(route.server.mode, "ok"), route.server

    def port_of(self, address: str, caller: Services | None = None) -> int:
        """The loopback port to dial for a declared address: the server's, one that refuses, or one that
        accepts and never answers."""
        from flashtwin.sims.ssh import listen_for_strangers

        reach, server = self.locate(address, caller)
        if server is not None and reach == "ok":
            return server.port or self.open(server)
        if not self.silent_port:
            listen_for_strangers(self)
        return self.silent_port if reach == "hang" else self.refused_port

    def listen_at(self, address: str) -> int:
        """The loopback port of the server behind an address, however it answers now."""
        server = self.routes[address].server
        return server.port or self.open(server)

    def open(self, server: Server) -> int:
        """Let a server listen in the way that its clients speak; its loopback port."""
        from flashtwin.sims import https, smtp, ssh

        ways = {"https": https.listen, "smtp": smtp.listen}
        return ways.get(server.protocol, ssh.listen)(self, server)

    def cut(self, server: Server) -> None:
        """Break all connections of a server: it is gone.  Requests that it took still take effect."""
        for connection in tuple(server.connections):
            self.close_connection(connection)

    def forked(self) -> None:
        """This process was forked off one that served: its threads are gone, so everybody listens anew."""
        for server in self._servers.values():
            server.port = 0
        self._servers.clear()
        self._closers.clear()
        self.refused_port = self.silent_port = 0

    def close(self) -> None:
        """End all servers and whatever external side still lives."""
        for external in tuple(self.externals):
            external.link.kill()
        for close in self._closers:
            close()
        self._closers.clear()
        self.loopback.close()

    # ---- reported by server threads

    def accepted(self, server: Server, port: int, wire: Wire) -> Connection:
        """A client has connected from this local port."""
        connection = Connection(server, port, wire)
        with self._changed:
            self._accepts += 1
            connection.place = self._accepts
            connection.announced = 1
            self._arrivals.append(connection)
            self._connections[port] = connection
            self._changed.notify_all()
        return connection

    def arrived(self, request: Request) -> None:
        """A command has reached the server."""
        with self._changed:
            request.connection.announced += 1
            self._arrivals.append(request)
            self._changed.notify_all()

    def ended(self, connection: Connection) -> None:
        """The client has closed its connection, or the transport failed."""
        with self._changed:
            connection.over = True
            self._arrivals.append(lambda: self._gone(connection))
            self._changed.notify_all()

    def note(self, action: Callable[[], None]) -> None:
        """Run this on the scheduler's thread as soon as the client gives the baton back."""
        with self._changed:
            self._arrivals.append(action)
            self._changed.notify_all()

    def await_report(self, condition: Callable[[], bool], limit_s: float) -> bool:
        """Block really until there are arrivals to take or `condition()`; False when the limit passed."""
        with self._changed:
            return self._changed.wait_for(lambda: bool(self._arrivals) or condition(), limit_s)

    def wake_reports(self) -> None:
        """Let `await_report` look at its condition again."""
        with self._changed:
            self._changed.notify_all()

    # ---- the scheduler's side

    def settle(self) -> None:
        """Take what has been reported; see `flashtwin.scheduler.ExternalGate`."""
        self.take()

    def take(self) -> list[Connection]:
        """Begin everything that has arrived, in the order of arrival; the new connections among it."""
        new: list[Connection] = []
        while self._arrivals:
            with self._changed:
                arrival = self._arrivals.popleft()
            if isinstance(arrival, Connection):
                new.append(arrival)
                self.greet(arrival)
            elif isinstance(arrival, Request):
                self.begin(arrival)
            else:
                arrival()
        return new

    def greet(self, connection: Connection) -> None:
        """A client has connected: the greeting comes after the log-in cost, if at all."""
        server, turn = connection.server, connection.add_turn()
        server.connections.append(connection)
        if server.met() == "silent":
            return

        def greeting() -> None:
            mode = server.met()
            if mode in ("dropped", "refused"):
                self.close_connection(connection)
            elif mode != "silent" and not connection.closed:
                connection.wire.greet()
                self._end(turn)
                self._rest(connection)

        self.scheduler.at(self.scheduler.now + server.login_s, greeting)

    def begin(self, request: Request) -> None:
        """A request has reached its system: ask the simulator what it does."""
        connection = request.connection
        turn = connection.add_turn()
        before = connection.turns[-2] if len(connection.turns) > 1 else None
        if connection.server.protocol == "program" and before is not None and not before.ready:
            # a line that waits in the pipe until the program has done with the one before
            self.scheduler.spawn(f"a line to {connection.server.name}", self._queue(request, turn, before))
        else:
            self._begin(request, turn)

    def _queue(self, request: Request, turn: Turn, before: Turn) -> Steps:
        yield Wait((before.signal,))
        if not request.connection.closed:
            self._begin(request, turn)

    def _begin(self, request: Request, turn: Turn) -> None:
        connection, server = request.connection, request.connection.server
        exchange = Exchange(self.scheduler.now, server.name, connection.user, request.command)
        self.transcript.append(exchange)
        for name, text in request.credentials():
            self.credentials.setdefault(text, f"{name} for {server.name}")
        done = request.work()
        exchange.user, exchange.system = connection.user, connection.server.name
        if isinstance(done, Outcome):
            self._schedule(request, turn, exchange, done)
        else:
            work = self._work(request, turn, exchange, done)
            self.scheduler.spawn(f"{server.name}: {request.command[:60]}", work)

    def _work(self, request: Request, turn: Turn, exchange: Exchange, steps: Steps) -> Steps:
        outcome: Outcome = yield from steps
        self._schedule(request, turn, exchange, outcome)

    def _schedule(self, request: Request, turn: Turn, exchange: Exchange, outcome: Outcome) -> None:
        for alter in tuple(self.alter):
            outcome = alter(request, outcome)
        self.scheduler.at(
            self.scheduler.now + outcome.duration_s, lambda: self._finish(request, turn, exchange, outcome)
        )

    def _finish(self, request: Request, turn: Turn, exchange: Exchange, outcome: Outcome) -> None:
        """The time of the reply has come: the effect, then the reply as far as it gets."""
        connection = request.connection
        if connection.closed and connection.server.drops_late:
            exchange.ending = "lost before"
            return
        reply = outcome
        if outcome.effect is not None and outcome.lost != "before":
            reply = outcome.effect() or outcome
        if outcome.hang:
            exchange.ending = "hang"
            return
        if outcome.lost is not None:
            exchange.ending = f"lost {outcome.lost}"
            self.close_connection(connection)
            return
        if connection.closed:
            exchange.ending = "lost after"
            return
        exchange.answered_at = self.scheduler.now
        exchange.status, exchange.out, exchange.err = reply.status, request.shown(reply), reply.err
        exchange.ending = "reply"
        request.channel.reply(reply)
        self._end(turn)
        self._rest(connection)

    def _rest(self, connection: Connection) -> None:
        """From now on the connection is idle: a server may hang up after a time of that."""
        idle_s, turns = connection.server.idle_s, len(connection.turns)
        if idle_s is None:
            return

        def hang_up() -> None:
            if len(connection.turns) == turns:
                self.close_connection(connection)

        self.scheduler.at(self.scheduler.now + idle_s, hang_up)

    def file_done(self, server: Server, user: str, act: str, path: str) -> None:
        """A file request was carried out."""
        exchange = Exchange(self.scheduler.now, server.name, user, f"sftp {act} {path}", self.scheduler.now)
        exchange.status, exchange.ending = 0, "reply"
        self.transcript.append(exchange)
        if server.files is not None:
            server.files.done(user, act, path)

    def _end(self, turn: Turn) -> None:
        turn.end()
        self.answered.fire()

    def close_connection(self, connection: Connection) -> None:
        """Break a connection from the server's side."""
        if connection.closed:
            return
        for external in self.externals:
            if external.connections.get(connection.port) is connection:
                external.cut.append(connection.port)
        connection.wire.close()
        self._gone(connection)
        self.answered.fire()

    def _gone(self, connection: Connection) -> None:
        connection.end()
        if connection in connection.server.connections:
            connection.server.connections.remove(connection)

    # ---- external tasks

    def external(self, name: str, link: Link, services: Services) -> Steps:
        """The body of an external task: drives it until it ends; returns the call by which it ended.

        When the body is closed (its job was killed), the external side is killed with it.
        """
        self._count += 1
        external = External(name, link, services, self._count, MemoryTransport(self, services))
        self.externals.append(external)
        try:
            while True:
                call = self._hold(external)
                if call["op"] == "end":
                    return call
                answer = yield from self._unless_killed(external, self._serve(external, call))
                if answer is None:
                    self.deaths.append(self.scheduler.now)
                    return {"op": "end", "status": KILLED, "out": "", "err": ""}
                if external.cut:
                    answer["cut"], external.cut = external.cut, []
                link.answer(answer)
        finally:
            link.kill()
            self.externals.remove(external)
            self.loopback.leave(external.number)
            external.memory.leave()
            for connection in external.connections.values():
                self._gone(connection)

    def _unless_killed(
        self, external: External, steps: Generator[Wait, Signal | None, Call]
    ) -> Generator[Wait, Signal | None, Call | None]:
        """Do the steps of a call; None when the external side was killed meanwhile."""
        fired: Signal | None = None
        while not external.is_killed:
            try:
                wait = steps.send(fired)
            except StopIteration as end:
                answer: Call = end.value
                return answer
            fired = yield Wait((*wait.signals, external.killed), wait.deadline)
        steps.close()
        return None

    def _hold(self, external: External) -> Call:
        """Block really while the external side holds the baton; its next call."""
        call = external.link.receive(self.limit_s)
        if call is None:
            raise TwinError(
                f"{external.name} made no clock call for {self.limit_s:.0f} s of real time after "
                f"'{external.last}': it waits for something that is not simulated, or loops"
            )
        external.last = str(call["op"])
        for port in call.pop("hung_up", ()):
            if port in external.connections:
                self._gone(external.connections[port])
        self.loopback.take(external.number, call)
        self.take()
        for look in self.on_call:
            look(external, call)
        return call

    def _serve(self, external: External, call: Call) -> Generator[Wait, Signal | None, Call]:
        op, services = call["op"], external.services
        if op == "now":
            return {"now": services.now()}
        if op == "sleep":
            yield Wait((), self.scheduler.now + max(0.0, float(call["seconds"])))
            return {}
        if op == "wait":
            deadline = self.scheduler.now + (float(call["deadline"]) - services.now())
            ready = yield from self._wait(external, call, deadline)
            return {"ready": ready}
        if op == "wait_any":
            deadline = self.scheduler.now + (float(call["deadline"]) - services.now())
            return {"place": (yield from self._wait_any(external, call, deadline))}
        if op == "listen":
            return {"door": self.loopback.listen(external.number, int(call["port"]), services.home)}
        if op == "locate":
            external.dialled, external.origin = self._accepts, services.origin(str(call["host"]))
            return {"port": self.port_of(f"{call['host']}:{call['port']}", services)}
        answer: Call
        if op == "sql":
            answer = yield from services.sql(call["sql"], call["parameters"], call["limit_s"])
        elif op == "memory":
            answer = yield from external.memory.serve(call)
        else:
            raise TwinError(f"{external.name}: {call.get('text') or f'unknown clock call {op}'}")
        return answer

    def _wait(self, external: External, call: Call, deadline: float) -> Generator[Wait, Signal | None, bool]:
        port, number = int(call["local"]), int(call["number"])
        if port not in external.memory.connections and int(call["peer"]) not in self._servers:
            return (yield from self.loopback.wait(external.number, call, deadline))
        return (yield from self.await_turn(self._reported(external, port, number), number, deadline))

    def _reported(self, external: External, port: int, number: int) -> Connection:
        """The connection from this port, when request `number` on it has reached its system."""
        connection = external.memory.connections.get(port)
        if connection is None:
            connection = self._await_request(external, port, number)
            connection.origin = external.origin
            external.connections[port] = connection
            self.take()
        return connection

    def _wait_any(
        self, external: External, call: Call, deadline: float
    ) -> Generator[Wait, Signal | None, int | None]:
        """Wait for the first of several replies (or a connection's end); its place among the parts."""
        asked = [
            (self._reported(external, int(port), int(number)), int(number))
            for port, _, number in call["parts"]
        ]
        while True:
            for place, (connection, number) in enumerate(asked):
                if connection.closed or connection.turns[number].ready:
                    return place
            if self.scheduler.now >= deadline:
                return None
            yield Wait(tuple(connection.turns[number].signal for connection, number in asked), deadline)

    def await_turn(
        self, connection: Connection, number: int, deadline: float
    ) -> Generator[Wait, Signal | None, bool]:
        """Wait for a reply (0: the greeting) or the connection's end; False when the deadline came first."""
        if connection.closed:
            return True
        turn = connection.turns[number]
        if not turn.ready:
            yield Wait((turn.signal,), deadline)
        return turn.ready

    def _await_request(self, external: External, port: int, number: int) -> Connection:
        """Block really until request `number` on the connection from this port was reported, or its end.

        The system gives a port again once its connection has ended.  What waits for a greeting, or has not
        waited yet, means a connection that was accepted after it asked where to dial.
        """
        end = time.monotonic() + self.limit_s
        known = external.connections.get(port) if number else None
        with self._changed:
            while True:
                connection = known or self._connections.get(port)
                fresh = connection is not None and (known is not None or connection.place > external.dialled)
                if connection and fresh and (connection.announced > number or connection.over):
                    return connection
                left = end - time.monotonic()
                if left <= 0:
                    raise TwinError(
                        f"{external.name} waits on port {port} for the reply to request {number}, which did "
                        f"not arrive within {self.limit_s:.0f} s of real time"
                    )
                self._changed.wait(left)


def gate_of(scheduler: Scheduler) -> Gate:
    """The gate of a world's scheduler; one is made where nobody made one."""
    if not isinstance(scheduler.external, Gate):
        return Gate(scheduler)
    return scheduler.external
