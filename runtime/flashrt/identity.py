"""Identity: a call that acts on a console or an array first proves that it runs on production.

A clone boots with this program, its configuration and its keys.  What tells the two apart is not on the
disks: the machine's serial number and the partition id (docs/platform-facts.md#identity).
"""

from __future__ import annotations

import re

from flashrt.config import Config, Identity, device_identity
from flashrt.edges import Edges
from flashrt.queries import IDENTITY
from flashrt.status import REFUSED, SidecarError

ACTS = {
    "console": ("off", "on"),
    "array": ("release", "prepare", "trigger", "present", "abort"),
    "arm": ("",),
    "vios": ("unmap", "map"),
    "deliver": ("ask",),
    "key": ("add", "remove"),
}
"""The verbs and their acts that change, or get ready to change, something outside of this partition."""


def changes_something(verb: str, act: str) -> bool:
    """Whether a call needs the proof."""
    return act in ACTS.get(verb, ())


def prove_production(config: Config, edges: Edges) -> Identity:
    """The pair of this partition, which is one of the declared; REFUSED otherwise, or if it cannot be read.

    One statement.  Where SQL cannot be used, as on a clone, which starts no host server, nothing is proven.
    """
    found = _own(config, edges)
    known = [
        Identity(device_identity(identity.serial), identity.lpar) for identity in config.system.identities
    ]
    if found not in known:
        raise _refused(
            f"this is partition {found.lpar} of machine {found.serial}, which is not {config.system.name}. "
            "On production after a move: add the pair to identity in the spec and deploy"
        )
    return found


def _own(config: Config, edges: Edges) -> Identity:
    try:
        rows = edges.database.query(IDENTITY, limit_s=config.limits.sql_s)
    except SidecarError as error:
        why = error.text.rstrip(". ")
        raise _refused(
            f"it cannot be proven that this is production, since SQL did not answer: {why}"
        ) from error
    if len(rows) != 1 or len(rows[0]) != 2:
        raise _refused("SYSTEM_STATUS_INFO did not answer with one row. See it by hand")
    serial, lpar = (device_identity("" if value is None else str(value)) for value in rows[0])
    if not serial:
        raise _refused("SQL shows no serial number of this machine. See SERIAL_NUMBER in SYSTEM_STATUS_INFO")
    if not re.match(r"[0-9]{1,9}\Z", lpar):
        raise _refused(
            "SQL shows no partition id. Its user needs it: GRTOBJAUT OBJ(QSYS/QPMLPMGT) OBJTYPE(*SRVPGM) "
            "AUT(*USE)"
        )
    return Identity(serial, int(lpar))


def _refused(why: str) -> SidecarError:
    return SidecarError(REFUSED, f"Nothing was sent: {why}.")
