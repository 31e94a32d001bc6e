"""What runs and lies on the systems of a derived site."""

from __future__ import annotations

from dataclasses import replace

from flashtwin.derive.machines import PRODUCTION_VLAN, own_vlans
from flashtwin.derive.needs import BrmsNeed, SiteNeeds, SystemNeed
from flashtwin.derive.tape import media_of, tape_libraries, tape_library, tapes_of, virtual_devices
from flashtwin.records import BrmsControlGroup, BrmsVolume, DominoServer, IndependentAsp, VirtualDevice
from flashtwin.site import (
    CommandSite,
    InterfaceSite,
    JobSite,
    LineSite,
    ProgramSite,
    ScheduleSite,
    SubsystemSite,
    SystemSite,
    UserSite,
)
from flashtwin.site_system import DEFAULT_SUBSYSTEMS, USUAL_SERVERS

# The product's *EXIT programs stand first and last, as its installation asks for.
ITEMS = ("*EXIT", "*SAVSYS", "*IBM", "*ALLUSR", "*ALLDLO", "*LINK", "*EXIT")
SMALL_ITEMS = ("*EXIT", "QGPL", "QUSRSYS", "*EXIT")


def system_of(needs: SiteNeeds, system: SystemNeed) -> SystemSite:
    links = {one.link.line: one.link for one in needs.clones if one.system == system.name and one.link}
    jobs = tuple(
        JobSite(name=one.job, user=one.user, number=141601 + n, subsystem="QUSRWRK")
        for n, one in enumerate(needs.jobs)
        if one.system == system.name
    )
    usual = {"QSECOFR", "QSYSOPR", "QPGMR", "QUSER", system.user}
    users = [
        UserSite(
            name=system.user,
            special=("*JOBCTL", "*SAVSYS", "*IOSYSCFG"),
            keys=("deploy_ed25519",),
            ccsid="37",
        )
    ]
    users += [UserSite(name=name) for name in dict.fromkeys(job.user for job in jobs) if name not in usual]
    brms = [one for one in needs.brms if one.system == system.name]
    tapes = [name for name in tape_libraries(needs) if name in tapes_of(needs, system.name)]
    devices = [name for where, name in needs.devices if where == system.name]
    asps = [name for where, name in needs.asps if where == system.name]
    made = SystemSite(
        partition=system.name,
        release=system.release,
        users=tuple(users),
        jobs=jobs,
        subsystems=_subsystems(needs, system),
        schedule=tuple(
            ScheduleSite(name=name, command="DLYJOB DLY(60)", time="030000")
            for where, name in needs.entries
            if where == system.name
        ),
        servers=tuple(
            dict.fromkeys([*USUAL_SERVERS, *(name for where, name in needs.servers if where == system.name)])
        ),
        devices=tuple(name for name in devices if name not in tapes),
        independent_asps=tuple(IndependentAsp(name=name, number=33 + n) for n, name in enumerate(asps)),
        programs=tuple(
            ProgramSite(
                library=library,
                name=name,
                lasts=min(1.0, dict(needs.at_most).get("program", 1.0)),
                commands=_says(needs, where, library, name),
            )
            for where, library, name in needs.programs
            if where == system.name
        ),
        commands=tuple(
            CommandSite(
                library=library,
                name=name,
                keywords=keywords,
                lasts=min(1.0, dict(needs.at_most).get("program", 1.0)),
            )
            for where, library, name, keywords in needs.commands
            if where == system.name
        ),
        lines=(
            LineSite(name="ETHLINE", vlan=PRODUCTION_VLAN),
            *(
                LineSite(name=name, vlan=link.vlan, resource=f"CMN{n:02d}")
                for n, (name, link) in enumerate(links.items(), 2)
                if name != "ETHLINE"
            ),
            *(
                LineSite(name=name, vlan=vlan, resource=f"CMN{n:02d}")
                for n, (name, vlan) in enumerate(own_vlans(needs).items(), len(links) + 2)
                if any(name in one.lines for one in needs.clones if one.system == system.name)
            ),
        ),
        interfaces=_interfaces(needs, system),
        domino=tuple(DominoServer(name=name) for where, name in needs.domino if where == system.name),
        tape_libraries=tuple(tape_library(needs, system, name) for name in tapes),
        virtual_devices=tuple(
            VirtualDevice(
                name=one.name,
                catalog=one.catalog,
                optical=one.kind == "optical",
                volumes=media_of(needs, system.name, one.name),
            )
            for one in virtual_devices(needs, system.name)
        ),
        libraries=tuple(library for where, library in needs.libraries if where == system.name),
        files=tuple(path for where, path in needs.files if where == system.name),
    )
    # BRMS finds the device by the volumes of a group's media class: one class a device.
    volumes = tuple(
        BrmsVolume(id=volume, library=name, media_class=name)
        for name in dict.fromkeys(one.device for one in brms if one.device)
        for volume in media_of(needs, system.name, name)
    )
    # One that is saved beside others somewhere ends no subsystem.
    groups = {one.group: _control_group(system, one) for one in sorted(brms, key=lambda one: -one.restricted)}
    return replace(made, brms=replace(made.brms, control_groups=tuple(groups.values()), volumes=volumes))


def _control_group(system: SystemNeed, need: BrmsNeed) -> BrmsControlGroup:
    """A small one, or one of the whole system, which ends all subsystems."""
    return BrmsControlGroup(
        name=need.group,
        items=ITEMS if need.restricted else SMALL_ITEMS,
        media_class=need.device or "*SAVF",
        volumes_needed=(2 if need.restricted else 1) if need.device else 0,
        restricted=need.restricted,
        exits=tuple(f"CALL PGM({system.library}/FLEXIT) PARM({word})" for word in ("BEGIN", "END")),
    )


def _subsystems(needs: SiteNeeds, system: SystemNeed) -> tuple[SubsystemSite, ...]:
    """Those that a run ends, and one that serves the queues that it holds."""
    usual = {one.name for one in DEFAULT_SUBSYSTEMS}
    served = {queue for one in DEFAULT_SUBSYSTEMS for queue in one.job_queues}
    made = {
        one.name: SubsystemSite(name=one.name, library=one.library)
        for one in needs.subsystems
        if one.system == system.name and one.name not in usual
    }
    queues = [f"{one.library}/{one.queue}" for one in needs.queues if one.system == system.name]
    if more := tuple(dict.fromkeys(queue for queue in queues if queue not in served)):
        made["SITEQUEUES"] = SubsystemSite(name="SITEQUEUES", library="QGPL", job_queues=more)
    return tuple(made.values())


def _says(needs: SiteNeeds, system: str, library: str, program: str) -> tuple[str, ...]:
    """The commands by which a program sends the messages that are expected of it."""
    return tuple(
        f"SNDPGMMSG MSGID({msgid}) MSGF(QSYS/QCPFMSG) MSGTYPE(*INFO)"
        for *of, msgid in needs.says
        if of == [system, library, program]
    )


def _interfaces(needs: SiteNeeds, system: SystemNeed) -> tuple[InterfaceSite, ...]:
    made = {"10.255.0.1": InterfaceSite(address="10.255.0.1", line="ETHLINE")}
    for clone in needs.clones:
        if clone.system == system.name and clone.link is not None:
            for address in (clone.link.source, clone.link.clone):
                made[address] = InterfaceSite(
                    address=address, line=clone.link.line, autostart=False, active=False
                )
    return tuple(made.values())
