"""The disks of a system as a site describes them: the system as shipped, and what is the site's own."""

from __future__ import annotations

from pathlib import Path

from flashtwin.baseline import add_library, add_user, new_image
from flashtwin.image import (
    VIRTUAL,
    DeviceDescription,
    LineDescription,
    ScheduleEntry,
    SystemImage,
    TcpInterface,
    TcpRoute,
)
from flashtwin.objects import (
    AutostartEntry,
    JobDescription,
    JobQueue,
    JobQueueEntry,
    Object,
    RoutingEntry,
    SubsystemDescription,
)
from flashtwin.records import BrmsData
from flashtwin.site import ClockSite, SubsystemSite, SystemSite

BRMS_LIBRARIES = ("QUSRBRM", "QBRM")
# Folders that the shipped system does not have: open source packages, and what sits beside them.
FOLDERS = ("QOpenSys/pkgs/bin", "QIBM", "dev", "etc", "var")


def base_image(name: str, site: SystemSite, folder: Path, clock: ClockSite) -> SystemImage:
    """The image of a system; `folder` is made and holds its IFS and its database."""
    image = new_image(name, folder)
    for one in FOLDERS:
        (image.ifs / one).mkdir(parents=True, exist_ok=True)
    _attributes(image, site, clock)
    _objects(image, site)
    _users(image, site)
    _network(image, site)
    _products(image, site)
    _schedule(image, site)
    return image


def qualified(text: str, library: str = "QGPL") -> tuple[str, str]:
    """(object, library) of "LIBRARY/OBJECT" or "OBJECT"."""
    before, slash, after = text.partition("/")
    return (after, before) if slash else (text, library)


def _attributes(image: SystemImage, site: SystemSite, clock: ClockSite) -> None:
    program, library = qualified(site.startup_program, "QSYS")
    image.system_values["QSTRUPPGM"] = f"{program:<10}{library:<10}"
    image.system_values["QCTLSBSD"] = f"{site.controlling_subsystem:<10}QSYS      "
    image.system_values["QUTCOFFSET"] = clock.utc_offset.replace(":", "")
    image.system_values.update(site.system_values)
    image.network_attributes["SYSNAME"] = image.name[:8]
    image.network_attributes.update(site.network_attributes)
    image.ipl_attributes.update(site.ipl_attributes)
    image.products["release"] = site.release
    image.products["missing_commands"] = site.missing_commands
    image.products["storage_free_gib"] = site.storage_free_gib


def _objects(image: SystemImage, site: SystemSite) -> None:
    for name in BRMS_LIBRARIES:
        add_library(image, name, owner="QBRMS", public="*USE")
    # What the site says to be in a library is there, so the library is.
    within = [library for one in site.subsystems for library in _libraries_of(one)]
    for name in (*site.libraries, *within):
        if name not in image.libraries:
            add_library(image, name, owner="QPGMR", public="*USE")
    for subsystem in site.all_subsystems():
        if subsystem in site.subsystems or image.find(subsystem.library, subsystem.name, "*SBSD") is None:
            _subsystem(image, subsystem)
    for path in site.files:
        file = image.ifs / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{path} of {image.name}\n", encoding="utf-8")


def _libraries_of(site: SubsystemSite) -> list[str]:
    return [site.library, *(qualified(queue)[1] for queue in site.job_queues)]


def _subsystem(image: SystemImage, site: SubsystemSite) -> None:
    described = SubsystemDescription(
        site.library, site.name, "*SBSD", owner="QSYS", public="*USE", max_jobs=site.max_jobs or None
    )
    described.routing.append(RoutingEntry(9999, "*ANY"))
    for sequence, text in enumerate(site.job_queues, 1):
        name, library = qualified(text)
        described.job_queues.append(JobQueueEntry((name, library), max_active=None, sequence=sequence * 10))
        if image.find(library, name, "*JOBQ") is None:
            held = text in site.held_queues
            image.add(JobQueue(library, name, "*JOBQ", owner="QSYS", public="*USE", held=held))
    for number, command in enumerate(site.autostart, 1):
        job = f"{site.name[:7]}AJ{number}"
        image.add(JobDescription("QGPL", job, "*JOBD", owner="QSYS", user="QPGMR", request=command))
        described.autostart.append(AutostartEntry(job, (job, "QGPL")))
    image.add(described)


def _users(image: SystemImage, site: SystemSite) -> None:
    for user in site.users:
        profile = add_user(image, user.name, *user.special)
        profile.ccsid = user.ccsid
        profile.status = "*ENABLED" if user.enabled else "*DISABLED"
        profile.home = f"/home/{user.name}"
        home = image.ifs / "home" / user.name
        home.mkdir()
        # as its owner makes it for sshd, whatever may be usual on this machine
        home.chmod(0o755)


def _network(image: SystemImage, site: SystemSite) -> None:
    vlans = {line.name: line.vlan for line in site.lines}
    for line in site.lines:
        image.lines[line.name] = LineDescription(line.name, line.resource, line.vlan, online=line.online)
        image.add(Object("QSYS", line.name, "*LIND", owner="QSECOFR", public="*CHANGE"))
    for one in site.interfaces:
        image.interfaces[one.address] = TcpInterface(
            one.address, one.line, one.mask, one.autostart, vlan=vlans.get(one.line)
        )
    image.routes += [TcpRoute(one.destination, one.mask, one.via, one.bound) for one in site.routes]
    image.tcp["autostart_servers"] = site.servers
    for device in site.devices:
        image.devices[device] = DeviceDescription(device, "*DSP", online=True)
    for library in site.tape_libraries:
        image.devices[library.name] = DeviceDescription(
            library.name,
            "*TAPMLB",
            resource=library.hardware,
            online=library.online,
            allocation=library.allocation,
        )
        for drive in library.drives:
            image.devices[drive] = DeviceDescription(
                drive, "*TAP", resource=library.hardware, online=library.online
            )
    for virtual in site.virtual_devices:
        category = "*OPT" if virtual.optical else "*TAP"
        image.devices[virtual.name] = DeviceDescription(virtual.name, category, resource=VIRTUAL)


def _products(image: SystemImage, site: SystemSite) -> None:
    image.products["brms"] = BrmsData(
        state=site.brms.state,
        control_groups={group.name: group for group in site.brms.control_groups},
        volumes={volume.id: volume for volume in site.brms.volumes},
        batch_allowed=site.brms.batch_allowed,
        restricted_limit_min=site.brms.restricted_limit_min or None,
        sql_services=site.brms.sql_services,
        advanced_feature=site.brms.advanced_feature,
    )
    image.products["domino"] = {server.name: server for server in site.domino}
    image.products["ptfs"] = list(site.ptfs)
    image.products["iasps"] = {asp.name: asp for asp in site.independent_asps}
    image.products["tape"] = {library.name: library for library in site.tape_libraries}
    image.products["virtual"] = {device.name: device for device in site.virtual_devices}


def _schedule(image: SystemImage, site: SystemSite) -> None:
    entries = list(site.schedule)
    for number, entry in enumerate(entries, 1):
        image.schedule.append(
            ScheduleEntry(
                name=entry.name,
                number=number,
                command=entry.command,
                date="*NONE",
                days=entry.days,
                time=entry.time,
                recovery=entry.recovery,
                job_queue=qualified(entry.job_queue),
                user=entry.user,
                scheduled_by=entry.user,
                text=entry.text,
                held=entry.held,
            )
        )
    if site.brms.maintenance_at:
        image.schedule.append(
            ScheduleEntry(
                name="QBRMMAINT",
                number=len(entries) + 1,
                command="STRMNTBRM",
                days=("*MON", "*TUE", "*WED", "*THU", "*FRI", "*SAT", "*SUN"),
                time=site.brms.maintenance_at,
                job_queue=("QBATCH", "QGPL"),
                user="QSECOFR",
                scheduled_by="QSECOFR",
            )
        )
    image.next_schedule = len(image.schedule) + 1
