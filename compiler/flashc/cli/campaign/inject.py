"""Making a fault happen when the night comes to its point, and removing its cause afterwards."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import replace
from typing import Any

from flashtwin.context import Context
from flashtwin.errors import Escape
from flashtwin.gate import gate_of
from flashtwin.job import Job
from flashtwin.scheduler import Signal, Wait
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.server import Request, Server

from flashc.check.model import Environment
from flashc.cli.campaign.kinds import KILLS, Fault
from flashc.cli.campaign.points import Point, watch
from flashc.cli.run_facts import clone_partition
from flashc.cli.stage import Stage

Steps = Generator[Wait, Signal | None, None]

POWER_BACK_S = 600.0
"""Virtual seconds after which production has its power again."""

GARBAGE = '\x00\udcff\x1b[31m{{{"a":[[[;;;,,,\u2028\'\n' * 40
"""Bytes that are no answer of anything: controls, broken UTF-8, an escape sequence, half a document."""

REFUSED = ("CPF9899", "", "Error occurred during processing of command.")
LOCKED = ("CPF9803", "", "Cannot allocate object.")
LOCKED_TABLE = ("SQL0913", "", "Row or object in use.")


class Injection:
    """The faults of one night.  `fired` are those that have happened; a fault happens once."""

    def __init__(self, stage: Stage, environment: Environment, faults: tuple[Fault, ...]) -> None:
        self._stage = stage
        self._environment = environment
        self._waiting = {str(fault.point): fault for fault in faults}
        self._undo: list[Callable[[], None]] = []
        self._hung: list[Job] = []
        self.fired: list[Fault] = []
        self._end = watch(stage, self._statement, self._request)

    def remove(self) -> None:
        """The cause is gone: what was away is there again, what hangs is ended as an operator would."""
        self._end()
        for undo in reversed(self._undo):
            undo()
        for job in self._hung:
            if job.end_code is None and job.os is self._stage.production.os:
                job.os.work.end_job(job, immediately=True)

    # -- statements

    def _statement(self, point: Point, context: Context, go: Callable[[], Any]) -> Any:
        fault = self._waiting.pop(str(point), None)
        if fault is None:
            return go()
        self.fired.append(fault)
        return self._at_statement(fault.kind, context, go)

    def _at_statement(self, kind: str, context: Context, go: Callable[[], Any]) -> Steps:
        if kind == "refused":
            raise Escape(*REFUSED)
        if kind == "object locked":
            raise Escape(*(LOCKED_TABLE if context.command.name == "RUNSQL" else LOCKED))
        if kind == "failed after its effect":
            yield from _going(go)
            raise Escape(*REFUSED)
        if kind == "hung for ever":
            self._hung.append(context.job)
            yield _for_ever()
        if kind in KILLS:
            yield from self._kill(KILLS[kind], context)
        elif kind == "driver ended in order":
            context.os.work.end_job(context.job, immediately=False)
        elif kind == "production loses power":
            yield from self._lose_power()
        elif kind == "clone loses power":
            clone = clone_partition(self._stage, self._environment.clone)
            clone.pull_power()
            clone.enter("Not Activated")
            yield _for_ever()
        elif kind == "link cut":
            self._cut_link()
        elif kind == "clock an hour ahead":
            self._set_clock(3600.0)
        elif kind == "clock an hour back":
            self._set_clock(-3600.0)
        yield from _going(go)

    def _kill(self, part: str, context: Context) -> Steps:
        name = {"guard A": "FLGRDA", "guard B": "FLGRDB", "armed trigger": "FLARM"}.get(
            part, context.job.name
        )
        system = context.os
        for job in list(system.jobs.values()):
            if job.name == name:
                system.work.kill(job, 50)
        if name == context.job.name:
            yield _for_ever()

    def _lose_power(self) -> Steps:
        partition = self._stage.production
        profile = partition.curr_profile
        partition.pull_power()
        partition.enter("Not Activated")

        def back() -> None:
            if partition.state == "Not Activated":
                partition.power_on(profile)

        scheduler = self._stage.world.scheduler
        scheduler.at(scheduler.now + POWER_BACK_S, back)
        yield _for_ever()

    def _set_clock(self, seconds: float) -> None:
        partition = self._stage.production

        partition.set_clock(partition.clock_offset + seconds)
        self._undo.append(lambda: partition.set_clock(partition.clock_offset - seconds))

    def _cut_link(self) -> None:
        link = self._environment.clone.link
        gate = gate_of(self._stage.world.scheduler)
        for address, route in gate.routes.items():
            if link is not None and address.rpartition(":")[0] == link.source:
                self._away(route.server)

    # -- requests

    def _request(self, point: Point, request: Request, outcome: Outcome) -> Outcome:
        fault = self._waiting.pop(str(point), None)
        if fault is None:
            return outcome
        self.fired.append(fault)
        return self._at_request(fault.kind, request, outcome)

    def _at_request(self, kind: str, request: Request, outcome: Outcome) -> Outcome:
        server = request.connection.server
        if kind == "request refused":
            return Outcome(1, err=self._refusal(server.name), duration_s=outcome.duration_s)
        if kind == "reply lost before the effect":
            return replace(outcome, lost="before")
        if kind == "reply lost after the effect":
            return replace(outcome, lost="after")
        if kind == "no answer":
            return replace(outcome, hang=True)
        if kind == "garbage":
            return replace(outcome, out=GARBAGE, err="")
        if kind == "sidecar killed":
            for external in tuple(gate_of(self._stage.world.scheduler).externals):
                if external.owns(request.connection):
                    external.kill()
            return outcome
        if kind == "system away":
            self._away(server)
            return replace(outcome, lost="before")
        assert kind == "key refused", kind
        self._mode(server, "unauthorised")
        return outcome

    def _refusal(self, system: str) -> str:
        """An error of the system's own that no driver knows by its id."""
        if system in self._stage.world.consoles:
            return "HSCL0FFF The operation could not be performed.\n"
        partitions = {one.name: one for one in self._stage.world.partitions()}
        if system in partitions and partitions[system].vios is not None:
            return "0514-999 Cannot perform the requested function.\n"
        return "CMMVC9999E The action failed.\n"

    def _away(self, server: Server) -> None:
        self._mode(server, "refused")
        gate = gate_of(self._stage.world.scheduler)
        scheduler = self._stage.world.scheduler
        scheduler.at(scheduler.now, lambda: gate.cut(server))

    def _mode(self, server: Server, mode: Any) -> None:
        before = server.mode
        server.mode = mode

        def back() -> None:
            server.mode = before

        self._undo.append(back)


def _for_ever() -> Wait:
    return Wait((Signal("nothing"),))


def _going(go: Callable[[], Any]) -> Steps:
    result = go()
    if result is not None:
        yield from result
