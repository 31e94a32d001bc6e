"""What the templates see of a clone that lives on: `e.lives`, the questions to SQL services included."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flashc.check.living import AUTOSTART
from flashc.check.model import Environment, Never, Reconfigure
from flashc.runbook.living import living_steps

DEFAULT_STARTUP = ("QSYS", "QSTRUP")


def life_minutes(environment: Environment) -> int:
    """For how long the clone lives on, counted from the ticket; 0 for as long as nobody ends it."""
    r = environment.reconfigure
    return r.expires_s // 60 if r and r.expires_s else 0


def living_context(environment: Environment, program: str) -> dict[str, Any] | None:
    """`e.lives`, or None for a clone that does not live on."""
    r, clone = environment.reconfigure, environment.clone
    if r is None:
        return None
    own = [i.address for i in r.interfaces]
    link = [clone.link.clone] if clone.link else []
    library, startup = r.startup or DEFAULT_STARTUP
    life = life_minutes(environment)
    return {
        "program": program,
        "codes": list(dict.fromkeys(code for code, _ in living_steps(r))),
        "system_name": r.system_name,
        "host": r.host,
        "domain": r.domain,
        "interfaces": [{"address": i.address, "mask": i.mask, "line": i.line} for i in r.interfaces],
        "routes": [
            {"destination": x.destination or "*DFTROUTE", "mask": x.mask or "*NONE", "via": x.via}
            for x in r.routes
        ],
        "startup": {"library": library, "program": startup},
        "hold_schedules": r.hold_schedules,
        "schedulers": [{"product": s.product, "command": s.command, "proof": s.proof} for s in r.schedulers],
        "queues": [{"library": q.library, "queue": q.queue} for q in r.hold_queues],
        "subsystems": [{"library": n.library, "name": n.name} for n in r.never if n.kind == "subsystem"],
        "domino": [n.name for n in r.never if n.kind == "domino"],
        "servers": [_server(n) for n in r.never if n.kind == "server"],
        "life_min": life,
        "life_of_day_min": life % 1440,
        "sql": {
            "unheld": _one("SCHEDULED_JOB_NAME", "SCHEDULED_JOB_INFO", "STATUS NOT IN ('HELD', 'SAVED')"),
            "waiting": _one(
                "CAST(JOB_QUEUE_LIBRARY AS CHAR(10)) CONCAT JOB_QUEUE_NAME",
                "JOB_QUEUE_INFO",
                "NUMBER_OF_JOBS > 0",
            ),
            "queues": [
                _one(
                    "JOB_QUEUE_STATUS",
                    "JOB_QUEUE_INFO",
                    f"JOB_QUEUE_LIBRARY = '{q.library}' AND JOB_QUEUE_NAME = '{q.queue}'",
                )
                for q in r.hold_queues
            ],
            "taken": _one("INTERNET_ADDRESS", "NETSTAT_INTERFACE_INFO", f"INTERNET_ADDRESS IN ({_list(own)})")
            if own
            else "",
            "route": _one(
                "CAST(COALESCE(ROUTE_TYPE, ' ') AS CHAR(8)) CONCAT CAST(ROUTE_DESTINATION AS CHAR(45)) "
                "CONCAT CAST(COALESCE(SUBNET_MASK, '*NONE') AS CHAR(15)) CONCAT CAST(NEXT_HOP AS CHAR(45)) "
                "CONCAT COALESCE(LOCAL_BINDING_INTERFACE, ' ')",
                "NETSTAT_ROUTE_INFO",
                "COALESCE(ROUTE_TYPE, ' ') <> 'DIRECT' AND NEXT_HOP <> '*DIRECT'",
            ),
            "foreign": _foreign("CAST(LINE_DESCRIPTION AS CHAR(10)) CONCAT INTERNET_ADDRESS", link),
            "foreign_after": _foreign("INTERNET_ADDRESS", [*own, *link]),
        },
    }


def _server(never: Never) -> dict[str, str]:
    return {"name": never.name, "change": f"QSYS/{AUTOSTART[never.name]}"}


def _foreign(value: str, own: list[str]) -> str:
    """Of an interface that is neither the loopback nor one of these."""
    where = "LINE_DESCRIPTION <> '*LOOPBACK'"
    if own:
        where += f" AND INTERNET_ADDRESS NOT IN ({_list(own)})"
    return _one(value, "NETSTAT_INTERFACE_INFO", where)


def _one(value: str, view: str, where: str) -> str:
    """One row always: the first value, or a blank.  A statement without a row may count as an error."""
    return f"SELECT COALESCE(MIN({value}), ' ') FROM QSYS2.{view} WHERE {where}"


def _list(values: Iterable[str]) -> str:
    return ", ".join(f"'{value}'" for value in values)


def authorities(reconfigure: Reconfigure, user: str) -> list[str]:
    """What the security officer grants on production, so that the copy has it."""
    out = []
    for never in reconfigure.never:
        if never.kind == "subsystem":
            # What CHGSBSD asks for, and no less than *USE: it takes the place of the public's
            subsystem = f"OBJ({never.library}/{never.name}) OBJTYPE(*SBSD)"
            out.append(f"GRTOBJAUT {subsystem} USER({user}) AUT(*OBJOPR *OBJMGT *READ *EXECUTE)")
    return out
