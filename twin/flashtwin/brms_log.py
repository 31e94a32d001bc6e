"""The BRMS log as QUSRBRM.BRMS_LOG_INFO shows it; kept in the image beside the other data of QUSRBRM."""

from __future__ import annotations

from dataclasses import dataclass

from flashtwin.image import SystemImage


@dataclass(frozen=True, slots=True, kw_only=True)
class BrmsLogRow:
    """One message of the BRMS log; `time` is the system's own clock."""

    time: float
    msgid: str
    severity: int
    text: str
    job: str = ""
    control_group: str = ""
    area: str = "BACKUP"


def log_rows(image: SystemImage) -> list[BrmsLogRow]:
    """The rows of an image, oldest first."""
    rows: list[BrmsLogRow] = image.products.setdefault("brms_log", [])
    return rows
