"""What on a partition a spec would need, read before there is a spec: identity, schedule, saves, servers.

Each question is answered or not for itself; nothing is changed (docs/platform-facts.md#sql-services).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flashc.deploy import sql
from flashc.deploy.session import Session

READ_S = 300.0

_QUERIES: dict[str, tuple[tuple[str, ...], str]] = {
    "identity": (
        ("SERIAL_NUMBER", "CAST(PARTITION_ID AS VARCHAR(11))", "PARTITION_NAME"),
        "FROM QSYS2.SYSTEM_STATUS_INFO",
    ),
    "release": (
        ("TRIM(OS_VERSION) CONCAT '.' CONCAT TRIM(OS_RELEASE)", "HOST_NAME"),
        "FROM SYSIBMADM.ENV_SYS_INFO",
    ),
    "start-up program": (
        ("CAST(CURRENT_CHARACTER_VALUE AS VARCHAR(20))",),
        "FROM QSYS2.SYSTEM_VALUE_INFO WHERE SYSTEM_VALUE_NAME = 'QSTRUPPGM'",
    ),
    "schedule": (
        (
            "SCHEDULED_JOB_NAME",
            "CAST(SCHEDULED_TIME AS VARCHAR(8))",
            "SCHEDULED_DAYS",
            "STATUS",
            "CAST(COMMAND_STRING AS VARCHAR(200))",
        ),
        "FROM QSYS2.SCHEDULED_JOB_INFO",
    ),
    "job queues": (
        ("JOB_QUEUE_LIBRARY CONCAT '/' CONCAT JOB_QUEUE_NAME", "SUBSYSTEM_NAME", "JOB_QUEUE_STATUS"),
        "FROM QSYS2.JOB_QUEUE_INFO WHERE SUBSYSTEM_NAME IS NOT NULL",
    ),
    "jobs": (
        ("SUBSYSTEM", "JOB_NAME", "JOB_TYPE"),
        "FROM TABLE(QSYS2.ACTIVE_JOB_INFO()) J WHERE SUBSYSTEM IS NOT NULL",
    ),
    "interfaces": (
        ("INTERNET_ADDRESS", "LINE_DESCRIPTION", "AUTOSTART"),
        "FROM QSYS2.NETSTAT_INTERFACE_INFO",
    ),
    "control groups": (("CONTROL_GROUP", "CAST(COUNT(*) AS VARCHAR(9))"), "FROM QUSRBRM.BRMS_LOG_INFO WHERE "
        "CONTROL_GROUP IS NOT NULL GROUP BY CONTROL_GROUP"),
    "media libraries": (
        ("DEVICE_NAME", "DEVICE_STATUS"),
        "FROM QSYS2.MEDIA_LIBRARY_INFO GROUP BY DEVICE_NAME, DEVICE_STATUS",
    ),
}  # fmt: skip

DOMINO_JOB = "SERVER"
"""The job of a Domino server's subsystem (from memory)."""

SYSTEM_SUBSYSTEMS = frozenset(
    (
        *("QBASE", "QBATCH", "QCMN", "QCTL", "QHTTPSVR", "QINTER", "QSERVER", "QSPL", "QSYSWRK", "QUSRWRK"),
        *("Q1ABRMNET", "FLASHC", "FLGUARD"),
    )
)
"""Subsystems of the system and of ours, which no spec ends."""


@dataclass(frozen=True, slots=True)
class Survey:
    """The rows of each question, and why others were not answered."""

    rows: dict[str, list[list[str]]]
    failed: dict[str, str]

    def first(self, question: str, field: int = 0) -> str:
        """A field of the first row; "" without one."""
        found = self.rows.get(question) or [[]]
        return found[0][field].strip() if len(found[0]) > field else ""

    @property
    def domino(self) -> list[str]:
        """Subsystems in which the job of a Domino server runs."""
        found = [s for s, job, _ in self.rows.get("jobs", []) if job.rpartition("/")[2] == DOMINO_JOB]
        return sorted(dict.fromkeys(found))

    @property
    def subsystems(self) -> list[str]:
        """Active subsystems of the site."""
        named = {row[0].strip() for row in self.rows.get("jobs", [])}
        return sorted(named - SYSTEM_SUBSYSTEMS - set(self.domino) - {""})

    def answers(self, host: str, user: str) -> dict[str, str]:
        """What `flashc init` would ask, as far as the partition tells it."""
        link = next((row for row in self.rows.get("interfaces", []) if row[2] == "NO"), None)
        found = {
            "host": host,
            "user": user,
            "serial": self.first("identity"),
            "lpar": self.first("identity", 1),
            "name": self.first("identity", 2).upper() or self.first("release", 1).upper(),
            "release": self.first("release"),
            "control_group": self.first("control groups"),
            "tape_library": self.first("media libraries"),
            "link_source": link[0] if link else "",
            "line": link[1] if link else "",
        }
        return {key: value for key, value in found.items() if value}

    def as_json(self) -> dict[str, Any]:
        """For tools."""
        named = {"domino_subsystems": self.domino, "subsystems": self.subsystems}
        return {"found": self.rows, **named, "failed": self.failed}


def survey(session: Session) -> Survey:
    """Ask everything in one exec."""
    queries = {name: sql.select("X", columns, behind) for name, (columns, behind) in _QUERIES.items()}
    rows, failed = sql.ask_each(session, queries, READ_S)
    return Survey(rows, failed)
