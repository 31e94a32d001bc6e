"""The plain facts of a run that the invariants' checkers must know: what was declared, and what was said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

from flashtwin.events import Event
from flashtwin.invariants import RunFacts
from flashtwin.invariants.facts import (
    STEP_CODES,
    Delivery,
    Limits,
    Lives,
    OtherRun,
    Row,
    Said,
    Secret,
    SiteCommand,
    row_of,
)
from flashtwin.invariants.facts import Identity as PlainIdentity
from flashtwin.site_check import split_address
from flashtwin.world import Partition

from flashc.check.model import (
    Array,
    Clone,
    EndDomino,
    EndServer,
    EndSubsystem,
    Environment,
    HoldEntry,
    HoldJob,
    HoldQueue,
    RunCommand,
    UserOperation,
    VaryOff,
)
from flashc.cli.playing import Started, rows
from flashc.cli.stage import Stage
from flashc.runbook.limits import GUARD_A_MARGIN_S, GUARD_B_MARGIN_S, RESUME_MARGIN_S

SUBSYSTEMS = ("FLASHC", "FLGUARD")
OLDEST_TICKET_S = 86400.0
GUARDS = ("FLGRDA", "FLGRDB")


@dataclass(frozen=True, slots=True)
class Ipl:
    """The events of a normal IPL of production, without the product and with it."""

    before: tuple[Event, ...] = ()
    after: tuple[Event, ...] = ()


def facts_of(
    stage: Stage, run: Started, said: Said, journal: tuple[Row, ...], others: Sequence[Started], ipl: Ipl
) -> RunFacts:
    """Everything that the checkers ask of one run, of which the product has said and written this."""
    e, production = run.environment, stage.production
    system = stage.bundle.system
    clone = clone_partition(stage, e.clone)
    folder = str(stage.bundle.manifest["folder"])
    return RunFacts(
        run=run.run,
        begin=run.due,
        end=_end(run, said, others),
        closed=bool(said.result) or not run.run,
        utc_offset_s=stage.utc_offset,
        operation=e.operation.kind,
        control_groups=tuple(group.name for group in e.brms.groups) if e.brms else (),
        from_flash=e.brms is not None and e.brms.from_flash,
        production=production.name,
        clone=clone.name,
        identities=tuple(PlainIdentity(i.serial, i.lpar) for i in system.identities),
        users=(system.user,),
        libraries=(system.library, system.guard_library),
        subsystems=SUBSYSTEMS,
        guard_programs=GUARDS,
        jobs=tuple(run.jobs),
        limits=_limits(e),
        quiesce_otherwise=e.quiesce.otherwise,
        groups=tuple((array_of(stage, d.array), group) for d in e.clone.disks for group in d.groups),
        generations=tuple((array_of(stage, d.array), d.groups) for d in e.clone.disks if len(d.groups) > 1),
        keep_s=e.keep_s,
        independent_asps=system.independent_asps,
        named_jobs=tuple(f"{i.user}/{i.job}" for i in e.around if isinstance(i, HoldJob)),
        named_queues=tuple(f"{i.library}/{i.queue}" for i in e.around if isinstance(i, HoldQueue)),
        named_entries=tuple(i.name for i in e.around if isinstance(i, HoldEntry)),
        named_subsystems=tuple(i.name for i in e.around if isinstance(i, EndSubsystem)),
        named_servers=tuple(i.name for i in e.around if isinstance(i, EndServer)),
        named_devices=tuple(i.device for i in e.around if isinstance(i, VaryOff)),
        named_runs=tuple(
            run.command
            for runs in (e.runs.before, e.runs.after_flash, e.runs.afterwards, e.runs.on_failure)
            for run in runs
        )
        + tuple(hook.command for hook in e.hooks),
        named_domino=tuple(i.server for i in e.around if isinstance(i, EndDomino)),
        named_commands=tuple((i.command, i.undo) for i in e.around if isinstance(i, RunCommand)),
        commands=_site_commands(e),
        brings=e.operation.brings if isinstance(e.operation, UserOperation) else (),
        isolated=e.clone.network_isolated,
        production_vlans=_vlans(stage, production, e.clone),
        link_source=e.clone.link.source if e.clone.link else "",
        link_clone=e.clone.link.clone if e.clone.link else "",
        link_vlan=e.clone.link.vlan if e.clone.link else None,
        startup_program=_startup_program(stage),
        lives=_lives(e, system.library),
        maintenance=e.maintenance,
        leave_clone=e.leave_clone,
        delivery=Delivery(sent=f"{folder}/runs/{run.run}/out", received=f"{folder}/inbox/{run.run}")
        if run.run and e.starts_clone
        else None,
        said=said,
        journal=journal,
        step_codes=MappingProxyType(dict(STEP_CODES)),
        secrets=tuple(Secret(f"key {name}", text) for name, text in sorted(stage.keys.items())),
        documents=stage.documents,
        resources=_resources(stage, e),
        others=tuple(
            OtherRun(
                run=other.run,
                jobs=tuple(other.jobs),
                resources=_resources(stage, other.environment),
                end=other.ended,
                begin=other.due,
                clone=clone_partition(stage, other.environment.clone).name,
            )
            for other in others
            if other.driver and other is not run
        ),
        ipl_before=ipl.before,
        ipl_after=ipl.after,
    )


def _end(run: Started, said: Said, others: Sequence[Started]) -> float | None:
    """Where the run's stretch of the history ends; None for one that goes on.

    One that was refused at its start has done nothing since.  When a run is closed and the next one with its
    clone begins, what follows is that one's.
    """
    if not run.run:
        return run.ended
    clone, closed = run.environment.clone, said.at
    if closed is None:
        return None
    next_ones = (o.due for o in others if o is not run and o.driver and o.environment.clone == clone)
    return min((due for due in next_ones if due >= closed), default=None)


def _lives(e: Environment, library: str) -> Lives | None:
    """What the clone is to be when it lives on."""
    r = e.reconfigure
    if r is None:
        return None
    return Lives(
        name=r.system_name,
        addresses=tuple(i.address for i in r.interfaces),
        startup_program="/".join(r.startup) if r.startup else "QSYS/QSTRUP",
        never=tuple(n.name for n in r.never),
        expiry_program=f"{library}/FLEXPIRE" if r.expires_s else "",
    )


def journal_of(stage: Stage, run: str) -> tuple[Row, ...]:
    """The run's rows of the product's journal on production, source first."""
    offset = stage.utc_offset
    found = rows(stage, "FLJRN", "SIDE DESC, SEQ")
    return tuple(row_of(row, offset) for row in found if run and str(row[0]).strip() == run)


def clone_partition(stage: Stage, clone: Clone) -> Partition:
    """The partition of the declared name, or of its id; where the site has neither, one that is never on."""
    partitions = stage.world.partitions()
    for partition in partitions:
        if partition.name == clone.partition:
            return partition
    machine = stage.world.managed_systems.get(clone.managed_system)
    if machine is None:
        machine = stage.world.add_system(clone.managed_system, "", "NONE")
    if clone.lpar_id in machine.partitions:
        return machine.partitions[clone.lpar_id]
    return stage.world.add_partition(machine, clone.lpar_id, clone.partition)


def array_of(stage: Stage, array: Array) -> str:
    """The site's name of an array: that of the one that answers at the spec's address."""
    wanted = {(a.host, a.port) for a in array.addresses}
    for one in stage.site.arrays:
        if wanted.intersection(split_address(address) for address in one.addresses):
            return one.name
    return array.name


def _limits(e: Environment) -> Limits:
    return Limits(
        quiesce_s=e.quiesce.within_s,
        resume_s=e.resume_within_s,
        guard_margin_s=GUARD_A_MARGIN_S + GUARD_B_MARGIN_S + RESUME_MARGIN_S,
        ticket_s=max(OLDEST_TICKET_S, 2.0 * e.operation.within_s),
    )


def _site_commands(e: Environment) -> tuple[SiteCommand, ...]:
    """What the clone is to run for the site."""
    stages = e.operation.stages if isinstance(e.operation, UserOperation) else ()
    return tuple(
        SiteCommand(text=run.command, accept=run.accept, expect=run.expect)
        for stage in stages
        for run in stage
    )


def _vlans(stage: Stage, production: Partition, clone: Clone) -> tuple[int, ...]:
    """Where production is at home, the link's VLAN excepted."""
    profile = production.profiles.get(production.curr_profile)
    link = clone.link.vlan if clone.link else None
    lines = stage.image.lines.values()
    link_lines = {line.vlan for line in lines if clone.link and line.name == clone.link.line}
    return tuple(v for v in (profile.vlans if profile else ()) if v != link and v not in link_lines)


def _startup_program(stage: Stage) -> str:
    contents = stage.site.system(stage.production.name)
    return contents.startup_program if contents is not None else "QSYS/QSTRUP"


def _resources(stage: Stage, e: Environment) -> frozenset[str]:
    clone, system = e.clone, stage.bundle.system.name
    found = {f"clone {clone.name}", f"window {system}"}
    found |= {f"tape {device.resource}" for device in e.operation.devices}
    if e.uses_brms:
        found.add(f"brms {system}")
    for disks in clone.disks:
        found.update(f"group {disks.array.name} {group}" for group in disks.groups)
    if clone.link and e.starts_clone:
        found.add(f"link {clone.link.source}")
    return frozenset(found)
