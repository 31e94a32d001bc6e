"""Which site a rehearsal plays on: the file named, the one beside the spec, or one made from the spec."""

from __future__ import annotations

import dataclasses
import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from flashtwin.derive.needs import (
    ArrayNeed,
    BrmsNeed,
    CloneNeed,
    ConsoleNeed,
    CopyNeed,
    DeviceNeed,
    GroupNeed,
    JobNeed,
    LinkNeed,
    QueueNeed,
    SiteNeeds,
    SubsystemNeed,
    SystemNeed,
    ViosNeed,
)
from flashtwin.derive.site import derive_site
from flashtwin.site import ConsoleFamily, GroupStatus, IplPhase, Readings, Site
from flashtwin.site_check import check_site
from flashtwin.site_load import SiteError, read_site

from flashc.check.model import (
    Around,
    Array,
    Clone,
    CloneCommand,
    Console,
    Device,
    EndDomino,
    Endpoint,
    EndServer,
    EndSubsystem,
    Environment,
    HoldEntry,
    HoldJob,
    HoldQueue,
    RunCommand,
    Save21Operation,
    Spec,
    UserOperation,
    VaryOff,
)
from flashc.cl.ast import Argument, Qualified, Word
from flashc.cl.catalogue import catalogue
from flashc.cl.parser import parse
from flashc.runbook.starts import next_start
from flashc.runbook.steps import around_step

EARLIEST = dt.datetime(2026, 11, 18)
"""Midnight, a Wednesday, before which no derived evening begins."""

LEAD = dt.timedelta(minutes=30)
"""How long before the first run a derived site's clock starts: time to deploy."""


@dataclass(frozen=True, slots=True)
class SiteChoice:
    """A site and where it comes from; `file` is "" for one that was derived."""

    site: Site
    file: str

    @property
    def told(self) -> str:
        """One sentence for the output."""
        if self.file:
            return f"site {self.file}"
        return (
            "site derived from the spec: an ordinary evening that has everything the spec names, and keeps "
            "its limits"
        )


def choose_site(spec: Spec, named: str = "", environment: str = "") -> SiteChoice:
    """The site named, else NAME.site.toml beside NAME.flash, else a derived one; SiteError if it is wrong."""
    main = Path(spec.file)
    beside = main.with_name(f"{main.stem}.site.toml")
    if named:
        return SiteChoice(read_site(Path(named)), named)
    if beside.is_file():
        return SiteChoice(read_site(beside), str(beside))
    site = derive_site(needs_of(spec, environment))
    problems = check_site(site)
    if problems:
        raise SiteError("derived site", problems)
    return SiteChoice(site, "")


LINK_VLAN = 99
"""The first VLAN for links whose spec says none."""

READINGS = tuple(field.name for field in dataclasses.fields(Readings) if field.default)
"""The names of the harsher readings that are taken, as in the table [readings] of a site."""


def milder(site: Site, readings: Sequence[str]) -> Site:
    """The site with the milder side of these readings; SiteError for a name that is none."""
    unknown = [name for name in readings if name not in READINGS]
    if unknown:
        raise SiteError("--reading", [f"there is no reading {unknown[0]}; there are {', '.join(READINGS)}"])
    changes = dict.fromkeys(readings, False)
    return dataclasses.replace(site, readings=dataclasses.replace(site.readings, **changes))


def varied(site: Site, seed: int) -> Site:
    """The site with each duration made longer or shorter by up to a tenth; seed 0 changes nothing."""
    if not seed:
        return site
    chance = random.Random(seed)

    def vary(seconds: float) -> float:
        return round(seconds * (1 + chance.uniform(-0.1, 0.1)), 3)

    changes: dict[str, object] = {}
    for field in dataclasses.fields(site.durations):
        value = getattr(site.durations, field.name)
        if isinstance(value, tuple):
            changes[field.name] = tuple(IplPhase(code=p.code, lasts=vary(p.lasts)) for p in value)
        else:
            changes[field.name] = vary(value)
    durations = dataclasses.replace(site.durations, **changes)  # type: ignore[arg-type]
    return dataclasses.replace(site, durations=durations)


def needs_of(spec: Spec, environment: str = "") -> SiteNeeds:
    """What the spec's runs look for, in the words of the twin."""
    runs = [e for e in spec.environments if not environment or e.name == environment]
    return SiteNeeds(
        systems=tuple(
            SystemNeed(
                name=s.name,
                host=s.host,
                port=s.port,
                user=s.user,
                serial=s.identities[0].serial,
                lpar_id=s.identities[0].lpar,
                library=s.library,
                release=s.release,
            )
            for s in spec.systems
        ),
        consoles=tuple(
            ConsoleNeed(family=cast(ConsoleFamily, c.family.name), **_access(c)) for c in spec.consoles
        ),
        arrays=tuple(ArrayNeed(family=a.family.name, **_access(a)) for a in spec.arrays),
        clones=tuple(_clone(spec, c) for c in spec.clones),
        requires=tuple(
            GroupNeed(array=r.array.name, group=r.group, status=cast(GroupStatus, r.state))
            for e in spec.environments
            for r in e.requires
        ),
        jobs=_jobs(spec),
        domino=_domino(spec),
        queues=tuple(
            QueueNeed(system=where, library=item.library, queue=item.queue)
            for where, item in (*_around(spec), *_held_on_clones(spec))
            if isinstance(item, HoldQueue)
        ),
        entries=tuple((where, item.name) for where, item in _around(spec) if isinstance(item, HoldEntry)),
        subsystems=tuple(
            SubsystemNeed(system=where, library=item.library, name=item.name)
            for where, item in _around(spec)
            if isinstance(item, EndSubsystem)
        )
        + tuple(
            SubsystemNeed(system=e.clone.source.name, library=never.library, name=never.name)
            for e in spec.environments
            for never in (e.reconfigure.never if e.reconfigure else ())
            if never.library
        ),
        servers=tuple((where, item.name) for where, item in _around(spec) if isinstance(item, EndServer)),
        devices=tuple((where, item.device) for where, item in _around(spec) if isinstance(item, VaryOff)),
        asps=tuple((s.name, asp) for s in spec.systems for asp in s.independent_asps),
        programs=_programs(spec),
        commands=_commands(spec),
        brms=tuple(
            BrmsNeed(
                system=e.clone.source.name,
                group=g.name,
                device=g.device.name if g.device else "",
                restricted=g.restricted,
            )
            for e in spec.environments
            if e.brms
            for g in e.brms.groups
        ),
        says=tuple(
            (e.clone.source.name, *program, msgid)
            for e, run in _clone_commands(spec)
            if (program := called(run.command)) is not None
            for msgid in run.expect
        ),
        libraries=tuple(
            (e.clone.source.name, device.qualifier)
            for e in spec.environments
            for device in e.operation.devices
            if device.is_file and device.qualifier
        ),
        media=tuple(_device(e, d) for e in spec.environments for d in e.operation.devices),
        files=tuple(
            (e.clone.source.name, path)
            for e in spec.environments
            if isinstance(e.operation, UserOperation)
            for path in e.operation.brings
        ),
        mail=f"{spec.mail_server.host}:{spec.mail_server.port}" if spec.mail_server else "",
        start=_start(runs).isoformat(),
        at_most=tuple(_at_most(spec).items()),
    )


_SHARE = 0.75
"""Of a limit, what a derived evening uses of it at most."""

_ANSWERS = 30
"""Answers of a storage system, one behind the other, for which the limit of a resume is enough."""

_ITEMS = 8
"""Backup items of a derived control group, at least."""


def _at_most(spec: Spec) -> dict[str, float]:
    """How long what has a limit may last on an evening that keeps them all, seconds."""
    found: dict[str, float] = {}

    def keep(limit_s: float, *names: str) -> None:
        for name in names:
            found[name] = min(found.get(name, limit_s), limit_s)

    for e in spec.environments:
        asps = len(e.clone.source.independent_asps)
        keep(_SHARE * e.quiesce.within_s / (1 + asps), "suspend")
        keep(e.resume_within_s / _ANSWERS, "answer")
        for item in e.around:
            if isinstance(item, EndSubsystem):
                keep(_SHARE * item.within_s, "end_subsystems")
            elif isinstance(item, EndDomino):
                keep(_SHARE * item.within_s, "domino_end")
        for text_s in _limits(e):
            keep(_SHARE * text_s / 4, "program")
        if e.clone.end_within_s:
            keep(_SHARE * e.clone.end_within_s, "osshutdown", "osshutdown_immed", "shutdown")
        if e.starts_clone:
            # Half of it for the IPL where independent ASPs are varied on behind it.
            keep(_SHARE * e.boot_within_s / (2 if asps else 1), "ipl")
            keep(_SHARE * e.boot_within_s / (2 * max(1, asps)), "vary_on_asp")
        for group in e.brms.groups if e.brms else ():
            keep(_SHARE * group.within_s, "save")
            keep(_SHARE * group.within_s / _ITEMS, "save_item")
        if isinstance(e.operation, Save21Operation):
            keep(_SHARE * e.operation.within_s, "save")
    return found


def _limits(e: Environment) -> Iterator[int]:
    """The limits of the site's commands, on production and on the clone."""
    yield from (item.within_s for item in e.around if isinstance(item, RunCommand))
    for runs in (e.runs.before, e.runs.after_flash, e.runs.afterwards, e.runs.on_failure):
        yield from (run.within_s for run in runs)
    yield from (hook.within_s for hook in e.hooks)
    if isinstance(e.operation, UserOperation):
        yield from (run.within_s for stage in e.operation.stages for run in stage)


def _addresses(endpoints: tuple[Endpoint, ...]) -> tuple[str, ...]:
    return tuple(f"{one.host}:{one.port}".removesuffix(":22") for one in endpoints)


def _access(device: Console | Array) -> dict[str, Any]:
    """Where a console or array is, and what opens its door."""
    return {
        "name": device.name,
        "addresses": _addresses(device.addresses),
        "user": device.user,
        "key": device.key,
        "credential": device.way.credential,
        "facts": device.facts,
    }


def _clone(spec: Spec, clone: Clone) -> CloneNeed:
    link = clone.link
    living = [e.reconfigure for e in spec.environments if e.clone is clone and e.reconfigure]
    return CloneNeed(
        name=clone.name,
        system=clone.source.name,
        lpar_id=clone.lpar_id,
        partition=clone.partition,
        managed_system=clone.managed_system,
        console=clone.console.name,
        profile=clone.profile,
        groups=tuple((d.array.name, d.groups) for d in clone.disks),
        copies=tuple(
            CopyNeed(array=d.array.name, name=c.name, kind=d.phrase.words, parts=c.parts, pairs=c.pairs)
            for d in clone.disks
            if d.phrase.words != "group"
            for c in d.copies
        ),
        link=LinkNeed(
            source=link.source,
            clone=link.clone,
            line=link.line,
            vlan=_vlans_of_lines(spec)[clone.source.name, link.line],
        )
        if link
        else None,
        vios=clone.vios,
        vios_access=tuple(
            ViosNeed(name=v.name, address=_addresses((v.address,))[0], user=v.user, key=v.key)
            for v in clone.vios_access
        ),
        free_percent=clone.free_percent or 0,
        keeps_s=max((e.keep_s for e in spec.environments if e.clone is clone), default=0),
        lines=tuple(dict.fromkeys(i.line for made in living for i in made.interfaces)),
    )


def _vlans_of_lines(spec: Spec) -> dict[tuple[str, str], int]:
    """The VLAN of each system's line for a link: each needs an adapter of its own, said or not."""
    lines = {(c.source.name, c.link.line): c.link.vlan for c in spec.clones if c.link}
    lines |= {(c.source.name, c.link.line): c.link.vlan for c in spec.clones if c.link and c.link.vlan}
    said = {vlan for vlan in lines.values() if vlan is not None}
    free = (vlan for vlan in range(LINK_VLAN, 4095) if vlan not in said)
    return {line: vlan if vlan is not None else next(free) for line, vlan in lines.items()}


def _around(spec: Spec) -> tuple[tuple[str, Around], ...]:
    """What stands around the flash on each system, each thing once."""
    found = {
        (e.clone.source.name, around_step(item)[:3]): item for e in spec.environments for item in e.around
    }
    return tuple((where, item) for (where, _), item in found.items())


def _held_on_clones(spec: Spec) -> tuple[tuple[str, HoldQueue], ...]:
    """The job queues that are held where a clone becomes another system: they come with its disks."""
    return tuple(
        (e.clone.source.name, queue)
        for e in spec.environments
        if e.reconfigure
        for queue in e.reconfigure.hold_queues
    )


def _jobs(spec: Spec) -> tuple[JobNeed, ...]:
    found = {
        (e.clone.source.name, item.user, item.job)
        for e in spec.environments
        for item in e.around
        if isinstance(item, HoldJob)
    }
    return tuple(JobNeed(system=system, user=user, job=job) for system, user, job in sorted(found))


def _domino(spec: Spec) -> tuple[tuple[str, str], ...]:
    found = {
        (e.clone.source.name, item.server)
        for e in spec.environments
        for item in e.around
        if isinstance(item, EndDomino)
    }
    return tuple(sorted(found))


def _device(environment: Environment, device: Device) -> DeviceNeed:
    return DeviceNeed(
        system=environment.clone.source.name,
        kind=device.kind,
        name=device.name,
        catalog=device.qualifier or "",
        sequential=device.sequential,
        volumes=device.volumes,
        category=device.category or "",
    )


def _clone_commands(spec: Spec) -> list[tuple[Environment, CloneCommand]]:
    """The commands that clones run for the site."""
    return [
        (e, run)
        for e in spec.environments
        if isinstance(e.operation, UserOperation)
        for stage in e.operation.stages
        for run in stage
    ]


def _programs(spec: Spec) -> tuple[tuple[str, str, str], ...]:
    """The programs that user commands call, on production and on clones."""
    found = {(where, *program) for where, text in _all_texts(spec) if (program := called(text)) is not None}
    return tuple(sorted(found))


def _commands(spec: Spec) -> tuple[tuple[str, str, str, tuple[str, ...]], ...]:
    """The commands of the site that the spec uses, each with the keywords that it uses."""
    found: dict[tuple[str, str, str], set[str]] = {}
    for where, text in _all_texts(spec):
        for statement in parse(text)[0].statements:
            command = statement.command
            if command is not None and catalogue().get(command.name) is None:
                known = found.setdefault((where, command.library or "QGPL", command.name), set())
                known.update(argument.keyword for argument in command.args if argument.keyword)
    return tuple((*one, tuple(sorted(keywords))) for one, keywords in sorted(found.items()))


def _all_texts(spec: Spec) -> list[tuple[str, str]]:
    """Every CL command of the spec and the system whose libraries it looks in."""
    texts = [(e.clone.source.name, text) for e in spec.environments for text in _texts(e)]
    return texts + [(e.clone.source.name, run.command) for e, run in _clone_commands(spec)]


def _texts(e: Environment) -> Iterator[str]:
    for item in e.around:
        if isinstance(item, RunCommand):
            yield from (item.command, item.undo)
    for runs in (e.runs.before, e.runs.after_flash, e.runs.afterwards, e.runs.on_failure):
        yield from (run.command for run in runs)
    yield from (hook.command for hook in e.hooks)
    if e.reconfigure:
        for scheduler in e.reconfigure.schedulers:
            yield from (scheduler.command, scheduler.proof)
        if e.reconfigure.startup:
            yield "CALL " + "/".join(e.reconfigure.startup)


def called(text: str) -> tuple[str, str] | None:
    """Library and program of a CALL; None for another command, or a program of the library list."""
    source, _ = parse(text)
    for statement in source.statements:
        command = statement.command
        if command is None or command.name.upper() != "CALL":
            continue
        value = _program(command.args)
        if isinstance(value, Qualified) and all(isinstance(part, Word) for part in value.parts):
            words = [part.text.upper() for part in value.parts if isinstance(part, Word)]
            if len(words) == 2:
                return words[0], words[1]
    return None


def _program(arguments: Sequence[Argument]) -> object:
    """The program: keyword PGM, or the first argument."""
    for argument in arguments:
        if argument.keyword is None or argument.keyword.upper() == "PGM":
            return argument.value
    return None


def _start(runs: list[Environment]) -> dt.datetime:
    first = [moment for e in runs if (moment := next_start(e, EARLIEST + LEAD)) is not None]
    return min(first, default=EARLIEST + dt.timedelta(hours=20, minutes=35)) - LEAD
