"""Rules about a clone that lives on: what it must not bring along, and what it cannot be."""

from __future__ import annotations

from flashc.check import model
from flashc.check.findings import Findings, head
from flashc.check.overlaps import WEEK_MIN, starts
from flashc.check.values import duration
from flashc.diag import Span
from flashc.syntax.words import nearest

MAIL_SERVER = "*SMTP"
AUTOSTART = {
    "*DDM": "CHGDDMTCPA AUTOSTART(*NO)",
    "*FTP": "CHGFTPA AUTOSTART(*NO)",
    "*HTTP": "CHGHTTPA AUTOSTART(*NO)",
    "*LPD": "CHGLPDA AUTOSTART(*NO)",
    "*NTP": "CHGNTPA AUTOSTART(*NO) SVRAUTOSTR(*NO)",
    "*SMTP": "CHGSMTPA AUTOSTART(*NO)",
    "*SNMP": "CHGSNMPA AUTOSTART(*NO)",
    "*TELNET": "CHGTELNA AUTOSTART(*NO)",
}
"""What keeps a server from starting with TCP/IP and takes no more than *IOSYSCFG.

For every other there is CHGTCPSVR, which takes *ALLOBJ as well
(docs/platform-facts.md#servers-that-start-with-tcpip).
"""


def living(spec: model.Spec, e: model.Environment, found: Findings) -> None:
    """Note what keeps the clone of an environment from living on."""
    if e.leave_clone == "handed over":
        if not e.starts_clone:
            message = f"{e.name} starts no clone, so there is none to hand over"
            found.both("FL3094", head(e.span), message, e.operation.span, "the operation")
        else:
            _given_back(spec, e, found)
    r = e.reconfigure
    if r is None:
        return
    if e.operation.kind not in ("brms", "user"):
        why = "is not started" if not e.starts_clone else "is saved as production, with nothing changed"
        message = f"the clone of `on clone {e.operation.kind}` {why}, so it cannot live on"
        found.both("FL3090", head(r.span), message, e.operation.span, "the operation")
    if e.leave_clone == "off":
        message = f"{e.name} makes its clone another system and then switches it off"
        found.add("FL3091", head(r.span), message)
    kept = set()
    for never in r.never:
        if never.kind != "server":
            continue
        near = never.name if never.name in AUTOSTART else nearest(never.name, sorted(AUTOSTART))
        kept.add(near)
        if near != never.name:
            message = f"nothing that {e.clone.source.user} may do keeps {never.name} from starting"
            found.add("FL3110", never.span, message, help=f"Did you mean `{near}`?" if near else None)
    if r.complete and not r.hold_schedules:
        message = "the clone that lives on would run the schedules of production"
        found.add("FL3092", head(r.span), message)
    if r.complete and MAIL_SERVER not in kept:
        found.add("FL3093", head(r.span), "the clone that lives on would send mail for production")
    _names(spec, e, r, found)


def _given_back(spec: model.Spec, e: model.Environment, found: Findings) -> None:
    """Note the first weekly start for which a clone that was handed over is not given back in time.

    Its time begins when the run is over, so a start just as long behind the run's own comes too early.
    """
    lasts_s = e.reconfigure.expires_s if e.reconfigure else None
    own = [minute for minute, schedule in starts(e) if not schedule.which and not schedule.date]
    gaps = [
        ((minute - since) % WEEK_MIN or WEEK_MIN, other, schedule)
        for other in spec.environments
        if other.clone is e.clone
        for minute, schedule in starts(other)
        if not schedule.which and not schedule.date
        for since in own
    ]
    if lasts_s is None or not gaps:
        return
    gap, other, schedule = min(gaps, key=lambda one: one[0])
    if gap * 60 <= lasts_s:
        message = (
            f"{e.name} hands its clone over for {duration(lasts_s)}, but {other.name} starts "
            f"{duration(gap * 60)} later and would be refused"
        )
        found.both("FL3116", e.place("leave"), message, schedule.span, f"start of {other.name}")


def _names(spec: model.Spec, e: model.Environment, r: model.Reconfigure, found: Findings) -> None:
    for system in spec.systems:
        if system.name == r.system_name:
            message = f"{system.name} is the name of a production system"
            found.both("FL3095", head(r.span), message, head(system.span), "that system")
    link = e.clone.link
    seen: dict[str, Span] = {}
    if link:
        seen = {link.source: link.span, link.clone: link.span}
    for system in spec.systems:
        seen.setdefault(system.host, head(system.span))
    for interface in r.interfaces:
        other = seen.setdefault(interface.address, interface.span)
        if other is not interface.span:
            message = f"{interface.address} is not the clone's own address"
            found.both("FL3095", interface.span, message, other, "it stands here already")
