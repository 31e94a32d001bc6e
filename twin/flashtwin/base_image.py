"""The disks of a system as a site describes them: the usual contents of IBM i, and the site's own.

Values are those of a system that has been installed and never been tuned (docs/platform-facts.md#defaults).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from flashtwin.image import DeviceDescription, LineDescription, ScheduleEntry, SystemImage, TcpInterface
from flashtwin.image import UserProfile as Profile
from flashtwin.objects import (
    AutostartEntry,
    ClassObject,
    JobDescription,
    JobQueue,
    JobQueueEntry,
    Library,
    MessageFile,
    MessageQueue,
    OutputQueue,
    RoutingEntry,
    SubsystemDescription,
)
from flashtwin.records import BrmsData
from flashtwin.site import ClockSite, SubsystemSite, SystemSite

LIBRARIES = ("QSYS", "QSYS2", "QHLPSYS", "QUSRSYS", "QGPL", "QUSRBRM", "QBRM", "QTCP")
FOLDERS = ("tmp", "home", "QOpenSys/pkgs/bin", "QIBM", "dev", "etc", "var")

SYSTEM_VALUES: Mapping[str, str] = {
    "QABNORMSW": "0",
    "QAUTOCFG": "1",
    "QCCSID": "37",
    "QCHRID": "697 37",
    "QCNTRYID": "US",
    "QCTLSBSD": "QCTL      QSYS",
    "QDATFMT": "MDY",
    "QDATSEP": "/",
    "QDECFMT": " ",
    "QINACTITV": "60",
    "QINACTMSGQ": "*ENDJOB",
    "QIPLTYPE": "0",
    "QJOBMSGQFL": "*NOWRAP",
    "QJOBMSGQMX": "16",
    "QLANGID": "ENU",
    "QLOGOUTPUT": "*JOBEND",
    "QMAXSGNACN": "3",
    "QMAXSIGN": "3",
    "QMLTTHDACN": "1",
    "QPWRDWNLMT": "900",
    "QRCLSPLSTG": "8",
    "QRETSVRSEC": "1",
    "QSCANFSCTL": "*NONE",
    "QSECURITY": "40",
    "QSYSLIBL": "QSYS      QSYS2     QHLPSYS   QUSRSYS",
    "QTIMSEP": ":",
    "QUSRLIBL": "QGPL      QTEMP",
}
NETWORK_ATTRIBUTES: Mapping[str, str] = {
    "ALRSTS": "*OFF",
    "DDMACC": "*OBJAUT",
    "JOBACN": "*FILE",
    "LCLNETID": "APPN",
    "PNDSYSNAME": "",
    "SYSNAME": "",
}
IPL_ATTRIBUTES: Mapping[str, str] = {
    "CLRJOBQ": "*NO",
    "CLROUTQ": "*NO",
    "KEYLCKPOS": "*NORMAL",
    "RESTART": "*SYS",
    "SPLFRCY": "*NORMAL",
    "STRPRTWTR": "*YES",
    "STRRSTD": "*NO",
    "STRTCP": "*YES",
}
JOB_DESCRIPTIONS = (
    JobDescription("QGPL", "QDFTJOBD", "*JOBD", owner="QSYS", public="*USE", user="*RQD"),
    JobDescription("QGPL", "QBATCH", "*JOBD", owner="QSYS", public="*USE", user="QPGMR"),
    JobDescription("QSYS", "QSTRUPJD", "*JOBD", owner="QSYS", user="QPGMR", job_queue=("QCTL", "QSYS")),
    JobDescription("QSYS", "QCTL", "*JOBD", owner="QSYS", user="QSYSOPR", job_queue=("QCTL", "QSYS")),
)


def base_image(name: str, site: SystemSite, folder: Path, clock: ClockSite) -> SystemImage:
    """The image of a system; `folder` is made and holds its IFS and its database."""
    ifs = folder / "ifs"
    for one in FOLDERS:
        (ifs / one).mkdir(parents=True)
    image = SystemImage(name=name, ifs=ifs, database=folder / "database.sqlite")
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
    image.system_values.update(SYSTEM_VALUES)
    image.system_values["QSTRUPPGM"] = f"{program:<10}{library:<10}"
    image.system_values["QCTLSBSD"] = f"{site.controlling_subsystem:<10}QSYS      "
    image.system_values["QUTCOFFSET"] = clock.utc_offset.replace(":", "")
    image.system_values.update(site.system_values)
    image.network_attributes.update(NETWORK_ATTRIBUTES)
    image.network_attributes["SYSNAME"] = image.name[:8]
    image.network_attributes.update(site.network_attributes)
    image.ipl_attributes.update(IPL_ATTRIBUTES)
    image.ipl_attributes.update(site.ipl_attributes)
    image.products["release"] = site.release
    image.products["storage_free_gib"] = site.storage_free_gib


def _objects(image: SystemImage, site: SystemSite) -> None:
    for name in (*LIBRARIES, *site.libraries):
        owner = "QSYS" if name in LIBRARIES else "QPGMR"
        image.libraries[name] = Library("QSYS", name, "*LIB", owner=owner, public="*USE")
    for description in JOB_DESCRIPTIONS:
        image.add(_fresh(description))
    image.add(MessageFile("QSYS", "QCPFMSG", "*MSGF", owner="QSYS", public="*USE"))
    image.add(MessageQueue("QSYS", "QSYSOPR", "*MSGQ", owner="QSYS", public="*CHANGE", when_full="*WRAP"))
    image.add(MessageQueue("QUSRSYS", "QSYSMSG", "*MSGQ", owner="QSYS", when_full="*WRAP"))
    image.add(OutputQueue("QGPL", "QPRINT", "*OUTQ", owner="QSYS"))
    image.add(ClassObject("QGPL", "QBATCH", "*CLS", owner="QSYS", public="*USE"))
    for subsystem in site.all_subsystems():
        _subsystem(image, subsystem)


def _fresh(one: JobDescription) -> JobDescription:
    return JobDescription(
        one.library,
        one.name,
        one.type,
        owner=one.owner,
        public=one.public,
        user=one.user,
        job_queue=one.job_queue,
    )


def _subsystem(image: SystemImage, site: SubsystemSite) -> None:
    described = SubsystemDescription(
        site.library, site.name, "*SBSD", owner="QSYS", public="*USE", max_jobs=site.max_jobs or None
    )
    described.routing.append(RoutingEntry(9999, "*ANY"))
    for sequence, text in enumerate(site.job_queues, 1):
        name, library = qualified(text)
        described.job_queues.append(JobQueueEntry((name, library), max_active=None, sequence=sequence * 10))
        if image.find(library, name, "*JOBQ") is None:
            image.add(JobQueue(library, name, "*JOBQ", owner="QSYS", public="*USE"))
    for number, command in enumerate(site.autostart, 1):
        job = f"{site.name[:7]}AJ{number}"
        image.add(JobDescription("QGPL", job, "*JOBD", owner="QSYS", user="QPGMR", request=command))
        described.autostart.append(AutostartEntry(job, (job, "QGPL")))
    image.add(described)


def _users(image: SystemImage, site: SystemSite) -> None:
    for user in site.all_users():
        image.users[user.name] = Profile(
            name=user.name,
            authorities=user.special,
            status="*ENABLED" if user.enabled else "*DISABLED",
            message_queue=(user.name, "QUSRSYS"),
            home=f"/home/{user.name}",
        )
        image.add(MessageQueue("QUSRSYS", user.name, "*MSGQ", owner=user.name))
        (image.ifs / "home" / user.name).mkdir()


def _network(image: SystemImage, site: SystemSite) -> None:
    vlans = {line.name: line.vlan for line in site.lines}
    for line in site.lines:
        image.lines[line.name] = LineDescription(line.name, line.resource, line.vlan, online=line.online)
    for one in site.interfaces:
        image.interfaces[one.address] = TcpInterface(
            one.address, one.line, one.mask, one.autostart, vlan=vlans.get(one.line)
        )
    for library in site.tape_libraries:
        image.devices[library.name] = DeviceDescription(
            library.name, "*TAPMLB", resource=library.hardware, online=library.online
        )
        for drive in library.drives:
            image.devices[drive] = DeviceDescription(drive, "*TAP", resource=library.hardware)


def _products(image: SystemImage, site: SystemSite) -> None:
    image.products["brms"] = BrmsData(
        state=site.brms.state,
        control_groups={group.name: group for group in site.brms.control_groups},
        volumes={volume.id: volume for volume in site.brms.volumes},
        batch_allowed=site.brms.batch_allowed,
        restricted_limit_min=site.brms.restricted_limit_min or None,
    )
    image.products["domino"] = {server.name: server for server in site.domino}
    image.products["ptfs"] = list(site.ptfs)
    image.products["iasps"] = {asp.name: asp for asp in site.independent_asps}
    image.products["tape"] = {library.name: library for library in site.tape_libraries}


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
