"""A site made from what a spec needs, for specs that have no site file.

It has exactly the machines, volumes, groups, jobs and tapes that the runs will look for, on an ordinary
evening on which nothing lasts longer than the spec allows.
"""

from __future__ import annotations

from dataclasses import fields, replace

from flashtwin.derive.arrays import array_of
from flashtwin.derive.machines import managed_systems, partitions
from flashtwin.derive.needs import ConsoleNeed, SiteNeeds, keys_of, secrets_of
from flashtwin.derive.systems import system_of
from flashtwin.derive.tape import tape_libraries, tape_of
from flashtwin.site import ClockSite, ConsoleSite, ConsoleUser, Durations, MailSite, Site


def derive_site(needs: SiteNeeds) -> Site:
    """The site of an ordinary evening for these needs; pass it to `check_site` before it is built."""
    site = Site(
        name="derived",
        clock=ClockSite(start=needs.start, utc_offset=needs.utc_offset),
        durations=_durations(dict(needs.at_most)),
        managed_systems=managed_systems(needs),
        partitions=partitions(needs),
        consoles=tuple(
            ConsoleSite(
                name=one.name,
                family=one.family,
                addresses=one.addresses,
                facts=dict(one.facts),
                manages=_manages(needs, one),
                users=(ConsoleUser(name=one.user or one.key, keys=keys_of(one), secrets=secrets_of(one)),),
            )
            for one in needs.consoles
        ),
        arrays=tuple(array_of(needs, one, number) for number, one in enumerate(needs.arrays, 1)),
        systems=tuple(system_of(needs, one) for one in needs.systems),
        tape=tuple(tape_of(needs, name, number) for number, name in enumerate(tape_libraries(needs))),
    )
    return replace(site, mail=MailSite(addresses=(needs.mail,))) if needs.mail else site


def _manages(needs: SiteNeeds, console: ConsoleNeed) -> tuple[str, ...]:
    """The machines of a console; a NovaLink is part of one, the others have them all."""
    if console.family != "novalink":
        return ()
    return tuple(dict.fromkeys(one.managed_system for one in needs.clones if one.console == console.name))


def _durations(at_most: dict[str, float]) -> Durations:
    """The usual durations, none longer than it may be."""
    usual = Durations()
    changes: dict[str, object] = {
        name: min(getattr(usual, name), at_most[name])
        for name in (field.name for field in fields(Durations))
        if name in at_most and name != "ipl"
    }
    whole = sum(phase.lasts for phase in usual.ipl)
    share = min(1.0, at_most.get("ipl", whole) / whole)
    if share < 1.0:
        changes["ipl"] = tuple(replace(phase, lasts=round(phase.lasts * share, 3)) for phase in usual.ipl)
    return replace(usual, **changes)  # type: ignore[arg-type]
