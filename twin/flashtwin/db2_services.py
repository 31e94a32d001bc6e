"""The SQL services of IBM that the product reads, filled from the running system when a statement names one.

Columns and units: docs/platform-facts.md#sql-services.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flashtwin.brms_log import log_rows
from flashtwin.build import disk_units
from flashtwin.db2 import SERVICES, TABLE_FUNCTIONS, Service, session, stamp
from flashtwin.db2_tokens import sql_error
from flashtwin.errors import TwinError
from flashtwin.installed import installed
from flashtwin.library_save import RESTORES
from flashtwin.network import interfaces_towards, subnet_of
from flashtwin.objects import (
    AuthorizationList,
    DataArea,
    JobDescription,
    JobQueue,
    MessageFile,
    MessageQueue,
    PhysicalFile,
    SubsystemDescription,
)
from flashtwin.records import BrmsData, IndependentAsp, PtfRecord
from flashtwin.security import has_authority, has_special
from flashtwin.values import from_ebcdic
from flashtwin.work import START_UP_JOB, START_UP_USER

if TYPE_CHECKING:
    from flashtwin.job import Job

Table = tuple[list[str], list[tuple[Any, ...]]]
_UNIT_MB = 300_000
# Of QUSRBRM: media and history, which any work of BRMS writes.
_WRITTEN = ("QA1AMM", "QA1AHS")


def _disk_units(job: Job) -> Table:
    units = disk_units(job.os.partition)
    columns = ["UNIT_NUMBER", "ASP_NUMBER", "DISK_TYPE", "DISK_MODEL", "RESOURCE_NAME", "SERIAL_NUMBER"]
    kinds = {False: ("2145", "050"), True: ("19B1", "099")}
    return columns, [(u.unit, u.asp, *kinds[u.internal], u.resource, u.serial) for u in units]


def _pools(job: Job) -> Table:
    columns = [
        "ASP_NUMBER",
        "ASP_STATE",
        "ASP_TYPE",
        "DEVICE_DESCRIPTION_NAME",
        "TOTAL_CAPACITY",
        "TOTAL_CAPACITY_AVAILABLE",
    ]
    free = int(job.os.image.products.get("storage_free_gib", 500)) * 1074
    total = max(len(job.os.partition.volumes) * _UNIT_MB, free)
    rows: list[tuple[Any, ...]] = [(1, "NONE", "SYSTEM", None, total, free)]
    for asp in _iasps(job):
        state = "AVAILABLE" if asp.name in installed(job.os).asps else "VARIED OFF"
        rows.append((asp.number, state, "PRIMARY", asp.name, _UNIT_MB, _UNIT_MB // 2))
    return columns, rows


def _iasps(job: Job) -> list[IndependentAsp]:
    return list(job.os.image.products.get("iasps", {}).values())


def _asp_vary(job: Job) -> Table:
    columns = ["IASP_NAME", "IASP_NUMBER", "OPERATION_TYPE", "START_TIMESTAMP", "END_TIMESTAMP"]
    return columns, [
        (
            asp.name,
            asp.number,
            "VARY ON" if asp.name in installed(job.os).asps else "VARY OFF",
            stamp(job.os, 0.0),
            stamp(job.os, 0.0),
        )
        for asp in _iasps(job)
    ]


def _ptfs(job: Job) -> Table:
    columns = ["PTF_IDENTIFIER", "PTF_PRODUCT_ID", "PTF_LOADED_STATUS", "PTF_IPL_ACTION"]
    found: list[PtfRecord] = job.os.image.products.get("ptfs", [])
    actions = {"APPLY": "APPLY TEMPORARILY"}
    return columns, [
        (ptf.id, ptf.product, ptf.status, actions.get(ptf.ipl_action, ptf.ipl_action)) for ptf in found
    ]


def _system_values(job: Job) -> Table:
    rows: list[tuple[Any, ...]] = []
    values = {**job.os.image.system_values, **job.os.clock_values()}
    for name, value in sorted(values.items()):
        number = int(value) if value.lstrip("+-").isdigit() and len(value) < 10 else None
        # QIPLTYPE and its like are characters though they look like numbers.
        rows.append((name, number, value))
    return ["SYSTEM_VALUE_NAME", "CURRENT_NUMERIC_VALUE", "CURRENT_CHARACTER_VALUE"], rows


def _system_status(job: Job) -> Table:
    """The columns of dlpar_get_info are null without *USE to its service program."""
    partition = job.os.partition
    guarded = job.os.find_object(job, "QPMLPMGT", "QSYS", "*SRVPGM")
    shown = guarded is not None and has_authority(job, guarded, "*USE")
    columns = ["PARTITION_ID", "PARTITION_NAME", "RESTRICTED_STATE", "SERIAL_NUMBER"]
    return columns, [
        (
            partition.lpar_id if shown else None,
            partition.name if shown else None,
            "YES" if job.os.work.restricted else "NO",
            partition.serial,
        )
    ]


def _stack(job: Job) -> None:
    """What TCP/IP knows is known while its stack is up."""
    if not job.os.network.started:
        raise sql_error(443, "TCP84C0 TCP/IP stack is not operational.", "")


def _routes(job: Job) -> Table:
    """The default route is 0.0.0.0, as documented; the type of others may be unknown, and so it is."""
    _stack(job)
    columns = ["ROUTE_TYPE", "ROUTE_DESTINATION", "SUBNET_MASK", "NEXT_HOP", "LOCAL_BINDING_INTERFACE"]
    image = job.os.image
    rows: list[tuple[Any, ...]] = [
        ("DIRECT", one.address, one.mask, "*DIRECT", one.address)
        for one in image.interfaces.values()
        if subnet_of(one.address, one.mask)
    ]
    for one in image.routes:
        default = one.destination == "*DFTROUTE"
        by = one.bound if one.bound != "*NONE" else next(iter(interfaces_towards(image, one.via)), None)
        where = ("0.0.0.0", "0.0.0.0") if default else (one.destination, one.mask)
        rows.append(("DFTROUTE" if default else None, *where, one.via, by))
    return columns, rows


def _interfaces(job: Job) -> Table:
    _stack(job)
    columns = ["INTERNET_ADDRESS", "LINE_DESCRIPTION", "INTERFACE_STATUS", "AUTOSTART", "SUBNET_MASK"]
    active = job.os.network.interfaces
    return columns, [
        ("127.0.0.1", "*LOOPBACK", "ACTIVE", "YES", "255.0.0.0"),
        ("::1", "*LOOPBACK", "ACTIVE", "YES", None),
        *(
            (
                one.address,
                one.line,
                "ACTIVE" if one.address in active else "INACTIVE",
                "YES" if one.autostart else "NO",
                one.mask if subnet_of(one.address, one.mask) else None,
            )
            for one in job.os.image.interfaces.values()
        ),
    ]


def _described(job: Job) -> list[SubsystemDescription]:
    return [
        obj
        for library in job.os.image.libraries.values()
        for obj in library.objects.values()
        if isinstance(obj, SubsystemDescription)
    ]


def _autostart(job: Job) -> Table:
    columns = [
        "SUBSYSTEM_DESCRIPTION_LIBRARY",
        "SUBSYSTEM_DESCRIPTION",
        "AUTOSTART_JOB_NAME",
        "JOB_DESCRIPTION_LIBRARY",
        "JOB_DESCRIPTION",
    ]
    return columns, [
        (one.library, one.name, entry.job, entry.job_description[1], entry.job_description[0])
        for one in _described(job)
        for entry in one.autostart
    ]


def _job_queues(job: Job) -> Table:
    columns = [
        "JOB_QUEUE_LIBRARY",
        "JOB_QUEUE_NAME",
        "JOB_QUEUE_STATUS",
        "SUBSYSTEM_NAME",
        "NUMBER_OF_JOBS",
        "ACTIVE_JOBS",
        "OPERATOR_CONTROLLED",
    ]
    return columns, [
        (
            queue.library,
            queue.name,
            "HELD" if queue.held else "RELEASED",
            _subsystem_of(job, queue),
            len(queue.entries),
            sum(1 for one in job.os.jobs.values() if one.queue == (queue.name, queue.library)),
            "*YES" if queue.operator_controlled else "*NO",
        )
        for queue in job.os.work.queues()
        if _sees(job, queue)
    ]


def _sees(job: Job, queue: JobQueue) -> bool:
    """Whether QSYS2.JOB_QUEUE_INFO shows a queue to the job's user."""
    if not has_authority(job, job.os.image.libraries[queue.library], "*EXECUTE"):
        return False
    if has_special(job, "*SPLCTL") or (queue.operator_controlled and has_special(job, "*JOBCTL")):
        return True
    return has_authority(job, queue, "*READ")


def _subsystem_of(job: Job, queue: JobQueue) -> str | None:
    for name, subsystem in job.os.work.subsystems.items():
        if any(one.queue == (queue.name, queue.library) for one in subsystem.description.job_queues):
            return name
    return None


def _queue_entries(job: Job) -> Table:
    columns = ["JOB_NAME", "JOB_QUEUE_LIBRARY", "JOB_QUEUE_NAME", "JOB_QUEUE_STATUS", "SUBMITTER_COMMAND"]
    return columns, [
        (entry.qualified, queue.library, queue.name, "HELD" if entry.held else "RELEASED", entry.command)
        for queue in job.os.work.queues()
        for entry in queue.entries
    ]


def _schedule(job: Job) -> Table:
    columns = [
        "SCHEDULED_JOB_ENTRY_NUMBER",
        "SCHEDULED_JOB_NAME",
        "SCHEDULED_DATE_VALUE",
        "SCHEDULED_TIME",
        "SCHEDULED_DAYS",
        "FREQUENCY",
        "RECOVERY_ACTION",
        "STATUS",
        "JOB_QUEUE_LIBRARY_NAME",
        "JOB_QUEUE_NAME",
        "JOB_DESCRIPTION_LIBRARY_NAME",
        "SCHEDULED_BY",
        "COMMAND_STRING",
        "DESCRIPTION",
    ]
    return columns, [
        (
            entry.number,
            entry.name,
            "SCHEDULED_DAYS" if entry.days else entry.date if entry.date[0] == "*" else "SCHEDULED_DATE",
            f"{entry.time[:2]}:{entry.time[2:4]}:{entry.time[4:6]}",
            ", ".join(entry.days) or None,
            entry.frequency.lstrip("*"),
            entry.recovery,
            "HELD" if entry.held else "SCHEDULED",
            entry.job_queue[1],
            entry.job_queue[0],
            entry.job_description[1],
            entry.scheduled_by,
            entry.command,
            entry.text,
        )
        for entry in job.os.image.schedule
    ]


def _data_areas(job: Job) -> Table:
    columns = ["DATA_AREA_LIBRARY", "DATA_AREA_NAME", "DATA_AREA_TYPE", "LENGTH", "DATA_AREA_VALUE"]
    return columns, [
        (one.library, one.name, one.kind, one.length, _area_value(one))
        for library in job.os.image.libraries.values()
        for one in library.objects.values()
        if isinstance(one, DataArea) and has_authority(job, one, "*USE")
    ]


def _message_queues(job: Job) -> Table:
    """The messages of queues that the user may use; an immediate one has no id."""
    columns = ["MESSAGE_QUEUE_LIBRARY", "MESSAGE_QUEUE_NAME", "MESSAGE_ID", "MESSAGE_TEXT", "SEVERITY"]
    return columns, [
        (queue.library, queue.name, one.msgid or None, one.text, one.severity)
        for library in job.os.image.libraries.values()
        for queue in library.objects.values()
        if isinstance(queue, MessageQueue) and has_authority(job, queue, "*USE")
        for one in queue.messages
    ]


def _job_descriptions(job: Job) -> Table:
    """Job descriptions that the user may use, and that of the start-up job."""
    columns = ["JOB_DESCRIPTION_LIBRARY", "JOB_DESCRIPTION", "AUTHORIZATION_NAME"]
    return columns, [
        ("QSYS", START_UP_JOB, START_UP_USER),
        *(
            (one.library, one.name, one.user)
            for library in job.os.image.libraries.values()
            for one in library.objects.values()
            if isinstance(one, JobDescription) and has_authority(job, one, "*USE")
        ),
    ]


def _function_usage(_job: Job) -> Table:
    """Who may use which function by name; nobody has said anything of any."""
    return ["FUNCTION_ID", "USER_NAME", "USAGE", "USER_TYPE"], []


def _list_users(job: Job) -> Table:
    """The members of authorization lists; of a list of another's, the user's own row and the public's."""
    names = ["AUTHORIZATION_LIST", "AUTHORIZATION_NAME", "OBJECT_AUTHORITY"]
    return names, [
        (one.name, user, what)
        for one in job.os.image.libraries["QSYS"].objects.values()
        if isinstance(one, AuthorizationList)
        for user, what in {one.owner: "*ALL", **one.members, "*PUBLIC": one.general}.items()
        if user in (job.user, "*PUBLIC") or has_authority(job, one, "*OBJMGT")
    ]


def _messages(job: Job) -> Table:
    """The descriptions of the message files that the user may use."""
    columns = ["MESSAGE_FILE_LIBRARY", "MESSAGE_FILE", "MESSAGE_ID", "MESSAGE_TEXT"]
    columns += ["MESSAGE_SECOND_LEVEL_TEXT", "SEVERITY"]
    return columns, [
        (one.library, one.name, each.msgid, each.text, each.second_level or None, each.severity)
        for library in job.os.image.libraries.values()
        for one in library.objects.values()
        if isinstance(one, MessageFile) and has_authority(job, one, "*USE")
        for each in one.descriptions.values()
    ]


def _columns(job: Job) -> Table:
    """The columns of the files that the user may read."""
    sql = session(job)
    names = ["SYSTEM_TABLE_SCHEMA", "SYSTEM_TABLE_NAME", "SYSTEM_COLUMN_NAME", "ORDINAL_POSITION"]
    return names, [
        (one.library, one.name, column, place)
        for library in job.os.image.libraries.values()
        for one in library.objects.values()
        if isinstance(one, PhysicalFile) and has_authority(job, one, "*USE")
        for place, column in enumerate(sql.column_names(one.library, one.name), 1)
    ]


def _area_value(area: DataArea) -> str:
    if isinstance(area.value, bytes):
        return from_ebcdic(area.value).rstrip()
    return str(int(area.value)) if isinstance(area.value, bool) else str(area.value)


def _active_jobs(job: Job) -> Table:
    from flashtwin.commands.domino import running

    running(job.os)
    columns = ["JOB_NAME", "JOB_NAME_SHORT", "JOB_USER", "JOB_NUMBER", "SUBSYSTEM", "JOB_STATUS", "JOB_TYPE"]
    return columns, [
        (one.qualified, one.name, one.user, one.number, one.subsystem, one.status, one.type)
        for one in job.os.jobs.values()
    ]


def _object_locks(job: Job) -> Table:
    """Locks of ALCOBJ, and on the files of QUSRBRM by BRMS at work, by the network subsystem's jobs
    and by whoever restores them."""
    columns = [
        "SYSTEM_OBJECT_SCHEMA",
        "SYSTEM_OBJECT_NAME",
        "OBJECT_TYPE",
        "LOCK_STATE",
        "LOCK_STATUS",
        "LOCK_SCOPE",
        "JOB_NAME",
    ]
    rows: list[tuple[Any, ...]] = [
        (*lock.key, lock.state, "HELD", "JOB", lock.job.qualified) for lock in job.os.locks.held
    ]
    network = job.os.work.subsystems.get("Q1ABRMNET")
    users = [one for one in job.os.jobs.values() if "brms" in one.resources]
    if network is not None:
        users += network.jobs or [network.monitor]
    for user in users:
        rows += [("QUSRBRM", name, "*FILE", "*SHRUPD", "HELD", "JOB", user.qualified) for name in _WRITTEN]
    for one in job.os.jobs.values():
        if RESTORES in one.resources:
            rows += [("QUSRBRM", name, "*FILE", "*EXCL", "HELD", "JOB", one.qualified) for name in _WRITTEN]
    return columns, rows


def _transactions(job: Job) -> Table:
    """The commitment definitions that have changes; docs/platform-facts.md#transactions."""
    columns = ["COMMITMENT_DEFINITION", "JOB_NAME", "LOCAL_CHANGES_PENDING"]
    return columns, [("*DFTACTGRP", one.qualified, "YES") for one in job.os.jobs.values() if one.uncommitted]


def _brms_log(job: Job) -> Table:
    """The BRMS log; SQL0204 where the SQL services of BRMS were never initialized."""
    data = job.os.image.products.get("brms")
    if not isinstance(data, BrmsData) or not data.sql_services:
        raise sql_error(204, "BRMS_LOG_INFO in QUSRBRM type *FILE not found.", "BRMS_LOG_INFO")
    columns = [
        "MESSAGE_ID",
        "MESSAGE_SEVERITY",
        "MESSAGE_TIMESTAMP",
        "QUALIFIED_JOB_NAME",
        "CONTROL_GROUP",
        "MESSAGE_TEXT",
        "AREA",
    ]
    return columns, [
        (row.msgid, row.severity, stamp(job.os, row.time), row.job, row.control_group, row.text, row.area)
        for row in log_rows(job.os.image)
    ]


def _brms_media(job: Job) -> Table:
    """The media inventory of BRMS, as far as docs/platform-facts.md#brms-media knows its columns."""
    data = job.os.image.products.get("brms")
    if not isinstance(data, BrmsData):
        raise sql_error(204, "QA1AMM in QUSRBRM type *FILE not found.", "QA1AMM")
    rows = [(one.id, "Y" if one.status == "*EXP" else "N") for one in data.volumes.values()]
    return ["TMCVSR", "TMCEND"], [*rows]


def _job_log(job: Job, which: str) -> Table:
    if which != "*":
        raise TwinError(f"the twin's JOBLOG_INFO tells of the own job only: {which}")
    columns = [
        "ORDINAL_POSITION",
        "MESSAGE_ID",
        "MESSAGE_TYPE",
        "SEVERITY",
        "MESSAGE_TIMESTAMP",
        "MESSAGE_TEXT",
    ]
    kinds = {"*ESCAPE": "ESCAPE", "*COMP": "COMPLETION", "*DIAG": "DIAGNOSTIC", "*INFO": "INFORMATIONAL"}
    return columns, [
        (
            number,
            one.msgid or None,
            kinds.get(one.type, one.type.strip("*")),
            one.severity,
            stamp(job.os, one.time),
            one.text,
        )
        for number, one in enumerate(job.log, 1)
    ]


def _object_statistics(job: Job, library: str, types: str) -> Table:
    """The objects of a library; names and times only of those that the user may read."""
    columns = ["OBJNAME", "OBJTYPE", "OBJOWNER", "OBJCREATED", "CHANGE_TIMESTAMP", "OBJTEXT"]
    wanted = types.replace(",", " ").split()
    found = job.os.image.libraries.get(library)
    if found is None or not has_authority(job, found, "*EXECUTE"):
        return columns, []
    objects = [found] if wanted == ["*LIB"] else list(found.objects.values())
    return columns, [
        (
            one.name,
            one.type,
            one.owner,
            stamp(job.os, one.created),
            stamp(job.os, max(one.created, one.changed)),
            one.text,
        )
        for one in objects
        if wanted in (["*ALL"], ["*LIB"]) or one.type in wanted
    ]


MIXED = "USER DEFINED"
"""Single authorities that together are none of *USE, *CHANGE and *ALL."""


def _privileges(job: Job) -> Table:
    """Who has which authority to an object; only of those that the user may manage."""
    columns = [
        "SYSTEM_OBJECT_SCHEMA",
        "SYSTEM_OBJECT_NAME",
        "OBJECT_TYPE",
        "AUTHORIZATION_NAME",
        "OBJECT_AUTHORITY",
        "AUTHORIZATION_LIST",
    ]
    rows: list[tuple[Any, ...]] = []
    for library in job.os.image.libraries.values():
        for one in (library, *library.objects.values()):
            if not has_authority(job, one, "*OBJMGT"):
                continue
            home = "QSYS" if one.type == "*LIB" else one.library
            authorities = {one.owner: "*ALL", **one.private, "*PUBLIC": one.public}
            rows += [
                (home, one.name, one.type, user, what if " " not in what else MIXED, one.secured_by or None)
                for user, what in authorities.items()
            ]
    return columns, rows


def _environment(job: Job) -> Table:
    version, release = str(job.os.image.products.get("release", "7.4")).split(".")[:2]
    name = job.os.image.network_attributes.get("SYSNAME", job.os.partition.name)
    return ["OS_NAME", "OS_VERSION", "OS_RELEASE", "HOST_NAME"], [("IBM i", version, release, name)]


def _users(job: Job) -> Table:
    """User profiles that the user may see: the own one, with *ALLOBJ all of them."""
    columns = ["AUTHORIZATION_NAME", "STATUS", "SPECIAL_AUTHORITIES", "GROUP_PROFILE_NAME", "HOME_DIRECTORY"]
    own = job.os.image.users.get(job.user)
    every = own is not None and "*ALLOBJ" in own.authorities
    return columns, [
        (
            one.name,
            one.status,
            " ".join(f"{a:<10}" for a in one.authorities).rstrip() or None,
            one.group,
            one.home or f"/home/{one.name}",
        )
        for one in job.os.image.users.values()
        if every or one.name == job.user
    ]


_SOCKETS = ("socket", "qso_setsockopt98", "connect", "send", "recv", "poll")


def _exports(job: Job) -> Table:
    """Exported procedures: of QSOSRV2 those that docs/platform-facts.md#sockets-from-cl names."""
    del job
    columns = ["PROGRAM_LIBRARY", "PROGRAM_NAME", "OBJECT_TYPE", "SYMBOL_NAME", "SYMBOL_USAGE"]
    return columns, [("QSYS", "QSOSRV2", "*SRVPGM", name, "*PROCEXP") for name in _SOCKETS]


def _media_libraries(job: Job) -> Table:
    """Tape media libraries with their states, a row for each drive of one that is varied on."""
    varied = installed(job.os).varied_on
    columns = ["DEVICE_NAME", "DEVICE_STATUS", "DEVICE_TYPE", "RESOURCE_NAME", "RESOURCE_ALLOCATION_STATUS"]
    devices = job.os.image.devices.values()
    rows: list[tuple[Any, ...]] = []
    for one in devices:
        if one.category != "*TAPMLB":
            continue
        if one.name not in varied:
            rows.append((one.name, "VARIED OFF", "3584", None, None))
            continue
        drives = [two.name for two in devices if two.category == "*TAP" and two.resource == one.resource]
        rows += [(one.name, "VARIED ON", "3584", drive, one.allocation) for drive in drives]
    return columns, rows


def _dummy(_job: Job) -> Table:
    return ["IBMREQD"], [("Y",)]


_ALL: dict[tuple[str, str], Service] = {
    ("QSYS2", "SYSDISKSTAT"): _disk_units,
    ("QSYS2", "ASP_INFO"): _pools,
    ("QSYS2", "ASP_VARY_INFO"): _asp_vary,
    ("QSYS2", "PTF_INFO"): _ptfs,
    ("QSYS2", "SYSTEM_VALUE_INFO"): _system_values,
    ("QSYS2", "SYSTEM_STATUS_INFO"): _system_status,
    ("QSYS2", "NETSTAT_INTERFACE_INFO"): _interfaces,
    ("QSYS2", "NETSTAT_ROUTE_INFO"): _routes,
    ("QSYS2", "AUTOSTART_JOB_INFO"): _autostart,
    ("QSYS2", "JOB_QUEUE_INFO"): _job_queues,
    ("SYSTOOLS", "JOB_QUEUE_ENTRIES"): _queue_entries,
    ("QSYS2", "SCHEDULED_JOB_INFO"): _schedule,
    ("QSYS2", "DATA_AREA_INFO"): _data_areas,
    ("QSYS2", "MESSAGE_QUEUE_INFO"): _message_queues,
    ("QSYS2", "JOB_DESCRIPTION_INFO"): _job_descriptions,
    ("QSYS2", "FUNCTION_USAGE"): _function_usage,
    ("QSYS2", "AUTHORIZATION_LIST_USER_INFO"): _list_users,
    ("QSYS2", "MESSAGE_FILE_DATA"): _messages,
    ("QSYS2", "SYSCOLUMNS"): _columns,
    ("QSYS2", "MEDIA_LIBRARY_INFO"): _media_libraries,
    ("QSYS2", "OBJECT_LOCK_INFO"): _object_locks,
    ("QSYS2", "DB_TRANSACTION_INFO"): _transactions,
    ("QSYS2", "OBJECT_PRIVILEGES"): _privileges,
    ("SYSIBMADM", "ENV_SYS_INFO"): _environment,
    ("QSYS2", "USER_INFO"): _users,
    ("QSYS2", "PROGRAM_EXPORT_IMPORT_INFO"): _exports,
    ("QUSRBRM", "BRMS_LOG_INFO"): _brms_log,
    ("QUSRBRM", "QA1AMM"): _brms_media,
    ("SYSIBM", "SYSDUMMY1"): _dummy,
}
SERVICES.update(_ALL)
TABLE_FUNCTIONS.update(
    {
        ("QSYS2", "ACTIVE_JOB_INFO"): _active_jobs,
        ("QSYS2", "JOBLOG_INFO"): _job_log,
        ("QSYS2", "OBJECT_STATISTICS"): _object_statistics,
    }
)
NAMES = tuple(f"{schema}.{name}" for schema, name in (*_ALL, *TABLE_FUNCTIONS))
