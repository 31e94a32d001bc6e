"""A site made from what a spec needs, for specs that have no site file.

It has exactly the machines, volumes, groups, jobs and tapes that the runs will look for, on an ordinary
evening.
"""

from __future__ import annotations

from dataclasses import replace

from flashtwin.derive.arrays import array_of
from flashtwin.derive.machines import managed_systems, partitions
from flashtwin.derive.needs import SiteNeeds, keys_of, secrets_of
from flashtwin.derive.systems import system_of
from flashtwin.derive.tape import tape_libraries, tape_of
from flashtwin.site import ClockSite, ConsoleSite, ConsoleUser, MailSite, Site


def derive_site(needs: SiteNeeds) -> Site:
    """The site of an ordinary evening for these needs; pass it to `check_site` before it is built."""
    site = Site(
        name="derived",
        clock=ClockSite(start=needs.start, utc_offset=needs.utc_offset),
        managed_systems=managed_systems(needs),
        partitions=partitions(needs),
        consoles=tuple(
            ConsoleSite(
                name=one.name,
                family=one.family,
                addresses=one.addresses,
                facts=dict(one.facts),
                users=(ConsoleUser(name=one.user or one.key, keys=keys_of(one), secrets=secrets_of(one)),),
            )
            for one in needs.consoles
        ),
        arrays=tuple(array_of(needs, one, number) for number, one in enumerate(needs.arrays, 1)),
        systems=tuple(system_of(needs, one) for one in needs.systems),
        tape=tuple(tape_of(needs, name, number) for number, name in enumerate(tape_libraries(needs))),
    )
    return replace(site, mail=MailSite(addresses=(needs.mail,))) if needs.mail else site
