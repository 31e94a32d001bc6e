"""The steps by which a clone becomes another system, in their order: code and what each is about."""

from __future__ import annotations

from flashc.check.model import Reconfigure


def living_steps(r: Reconfigure) -> list[tuple[str, str]]:
    """Everything that is done before the last delivery; the second IPL follows it."""
    out: list[tuple[str, str]] = []
    if r.hold_schedules:
        out.append(("C51", "HLDJOBSCDE *ALL"))
    out += [("C52", scheduler.product) for scheduler in r.schedulers]
    out += [("C53", f"{queue.library}/{queue.queue} held") for queue in r.hold_queues] or [
        ("C53", "no job waits")
    ]
    for never in r.never:
        name = f"subsystem {never.library}/{never.name}" if never.library else f"{never.kind} {never.name}"
        out.append(("C54", name))
    out.append(("C55", r.system_name))
    if r.host:
        out.append(("C56", f"{r.host}.{r.domain}"))
    out.append(("C57", "addresses and routes of production"))
    out += [("C58", f"address {i.address} on {i.line}") for i in r.interfaces]
    out += [("C58", f"route {x.destination or '*DFTROUTE'} by {x.via}") for x in r.routes]
    if r.expires_s:
        out.append(("C59", f"after {r.expires_s // 60} minutes"))
    return out
