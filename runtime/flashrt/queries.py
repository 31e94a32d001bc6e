"""Every SQL statement of the sidecar, with the service it reads and the release that has it.

Plain SELECTs of columns from views with simple conditions, so that other databases can answer the same text.
Only views are used: table functions leave secondary threads in the job (docs/platform-facts.md#sql-threads).
"""

from __future__ import annotations

IDENTITY = "SELECT SERIAL_NUMBER, PARTITION_ID FROM QSYS2.SYSTEM_STATUS_INFO"
"""QSYS2.SYSTEM_STATUS_INFO, IBM i 7.3: one row.  The columns of dlpar_get_info, PARTITION_ID among them, are
null for a user without *USE to QSYS/QPMLPMGT (documented: IBM i SQL services, SYSTEM_STATUS_INFO view);
SERIAL_NUMBER, the machine's, is known from memory only.  Plain SELECT: statistics are not reset by it."""

DISK_UNITS = (
    "SELECT UNIT_NUMBER, ASP_NUMBER, DISK_TYPE, DISK_MODEL, RESOURCE_NAME, SERIAL_NUMBER FROM "
    "QSYS2.SYSDISKSTAT"
)
"""QSYS2.SYSDISKSTAT, IBM i 7.3 (SERIAL_NUMBER and RESOURCE_NAME in the 7.3 page of the view).

One row for each path of each unit; a unit that is in no ASP has UNIT_NUMBER 0."""

POOLS = (
    "SELECT ASP_NUMBER, ASP_STATE, ASP_TYPE, DEVICE_DESCRIPTION_NAME, TOTAL_CAPACITY, "
    "TOTAL_CAPACITY_AVAILABLE FROM QSYS2.ASP_INFO"
)
"""QSYS2.ASP_INFO, IBM i 7.3. ASP 1 is the system ASP, 2-32 basic, 33-255 independent; capacities in
millions of bytes; ASP_STATE is NONE for 1-32, else ACTIVE, AVAILABLE, FAILED, VARIED OFF and others."""

PTFS_WITH_IPL_ACTION = (
    "SELECT PTF_IDENTIFIER, PTF_PRODUCT_ID, PTF_IPL_ACTION FROM QSYS2.PTF_INFO WHERE PTF_IPL_ACTION <> 'NONE'"
)
"""QSYS2.PTF_INFO, IBM i 7.1. PTF_IPL_ACTION says what the next unattended IPL will do to the PTF."""

IPL_TYPE = "SELECT CURRENT_CHARACTER_VALUE FROM QSYS2.SYSTEM_VALUE_INFO WHERE SYSTEM_VALUE_NAME = 'QIPLTYPE'"
"""QSYS2.SYSTEM_VALUE_INFO, IBM i 6.1. QIPLTYPE '0' is an unattended IPL."""

IPL_AT = "SELECT CURRENT_CHARACTER_VALUE FROM QSYS2.SYSTEM_VALUE_INFO WHERE SYSTEM_VALUE_NAME = 'QIPLDATTIM'"
"""QSYS2.SYSTEM_VALUE_INFO, IBM i 6.1. QIPLDATTIM is *NONE, or when a system that is off starts by itself."""

CONTROLLING = (
    "SELECT CURRENT_CHARACTER_VALUE FROM QSYS2.SYSTEM_VALUE_INFO WHERE SYSTEM_VALUE_NAME = 'QCTLSBSD'"
)
"""QSYS2.SYSTEM_VALUE_INFO, IBM i 6.1. QCTLSBSD is the controlling subsystem; its library
may stand behind or before."""

UTC_OFFSET = (
    "SELECT CURRENT_CHARACTER_VALUE FROM QSYS2.SYSTEM_VALUE_INFO WHERE SYSTEM_VALUE_NAME = 'QUTCOFFSET'"
)
"""QSYS2.SYSTEM_VALUE_INFO, IBM i 6.1. QUTCOFFSET is the local time's offset, such as +0100."""

INTERFACES = (
    "SELECT INTERNET_ADDRESS, LINE_DESCRIPTION, INTERFACE_STATUS, AUTOSTART FROM QSYS2.NETSTAT_INTERFACE_INFO"
)
"""QSYS2.NETSTAT_INTERFACE_INFO, IBM i 7.3. AUTOSTART is YES or NO."""

AUTOSTART_JOBS = (
    "SELECT SUBSYSTEM_DESCRIPTION_LIBRARY, SUBSYSTEM_DESCRIPTION, AUTOSTART_JOB_NAME FROM "
    "QSYS2.AUTOSTART_JOB_INFO"
)
"""QSYS2.AUTOSTART_JOB_INFO, IBM i 7.3."""

SCHEDULED_COMMANDS = (
    "SELECT SCHEDULED_JOB_NAME, SCHEDULED_TIME, SCHEDULED_DAYS, STATUS, COMMAND_STRING "
    "FROM QSYS2.SCHEDULED_JOB_INFO"
)
"""QSYS2.SCHEDULED_JOB_INFO, IBM i 7.1. STATUS HELD entries do not run; SCHEDULED_TIME is local."""

JOB_QUEUES = (
    "SELECT JOB_QUEUE_LIBRARY, JOB_QUEUE_NAME, SUBSYSTEM_NAME, NUMBER_OF_JOBS, JOB_QUEUE_STATUS "
    "FROM QSYS2.JOB_QUEUE_INFO"
)
"""QSYS2.JOB_QUEUE_INFO, IBM i 7.2. SUBSYSTEM_NAME is null where no subsystem has the queue; the
status is HELD or RELEASED."""

BRMS_LOCKS = (
    "SELECT JOB_NAME, SYSTEM_OBJECT_NAME, OBJECT_TYPE, LOCK_STATE FROM QSYS2.OBJECT_LOCK_INFO "
    "WHERE SYSTEM_OBJECT_SCHEMA = 'QUSRBRM' AND LOCK_STATE <> '*SHRRD'"
)
"""QSYS2.OBJECT_LOCK_INFO, IBM i 7.1 (view and columns documented: IBM i SQL services, pages of 7.3 to 7.6).

One row for each lock on an object that the user has authority to.  JOB_NAME is NUMBER/USER/NAME; columns with
its parts came with 7.5, and the view knows no subsystems.  *SHRRD, a mere reader's lock, is left out.
That BRMS at work shows in locks on QUSRBRM is from memory (docs/platform-facts.md#brms-in-use)."""

LOCKS = (
    "SELECT SYSTEM_OBJECT_NAME, JOB_NAME FROM QSYS2.OBJECT_LOCK_INFO WHERE SYSTEM_OBJECT_SCHEMA = ? AND "
    "OBJECT_TYPE = '*DTAARA'"
)
"""QSYS2.OBJECT_LOCK_INFO again; the parameter is the product's library, of which the locks are data areas.

A job that waits for one of them is a row as well: no state is asked for."""


def lock_rows(library: str) -> str:
    """The rows beside the locks: what is locked, by which run, by which job (name, user, number)."""
    return f"SELECT NAME, RUN, JOB FROM {library}.FLLCK"


BRMS_GROUPS = "SELECT DISTINCT CONTROL_GROUP FROM QUSRBRM.BRMS_LOG_INFO"
"""QUSRBRM.BRMS_LOG_INFO, there once INZBRM OPTION(*SQLSRVINZ) was entered (docs/platform-facts.md#brms-log).

The control groups that the log knows; null in a row that is about none."""

MEDIA_LIBRARIES = (
    "SELECT DEVICE_NAME, RESOURCE_NAME, RESOURCE_ALLOCATION_STATUS FROM QSYS2.MEDIA_LIBRARY_INFO"
)
"""QSYS2.MEDIA_LIBRARY_INFO, IBM i 7.2: a row for each drive of a tape library that is varied on, else one
without.  Needs no authority."""

TRANSACTIONS = "SELECT JOB_NAME, LOCAL_CHANGES_PENDING FROM QSYS2.DB_TRANSACTION_INFO"
"""QSYS2.DB_TRANSACTION_INFO, one row for each commitment definition (docs/platform-facts.md#transactions).

JOB_NAME is NUMBER/USER/NAME.  Others' rows need *JOBCTL.  LOCAL_CHANGES_PENDING (YES, NO) is from memory."""

HOME = "SELECT HOME_DIRECTORY FROM QSYS2.USER_INFO WHERE AUTHORIZATION_NAME = ?"
"""QSYS2.USER_INFO, IBM i 7.1: a row for each profile that the user may read, the own one at least."""

ALL = (
    IDENTITY,
    DISK_UNITS,
    POOLS,
    PTFS_WITH_IPL_ACTION,
    IPL_TYPE,
    CONTROLLING,
    UTC_OFFSET,
    INTERFACES,
    AUTOSTART_JOBS,
    SCHEDULED_COMMANDS,
    JOB_QUEUES,
    BRMS_LOCKS,
    LOCKS,
    BRMS_GROUPS,
    TRANSACTIONS,
    MEDIA_LIBRARIES,
    HOME,
)
"""All of them, for whoever has to answer them."""
