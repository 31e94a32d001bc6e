"""SNDSMTPEMM: a mail of the system's own SMTP.  Good means queued, not delivered."""

from __future__ import annotations

from flashtwin.commands import command
from flashtwin.context import Context
from flashtwin.errors import Escape
from flashtwin.installed import conditions


@command("SNDSMTPEMM", effect="disk")
def sndsmtpemm(ctx: Context) -> None:
    """Queue a mail; an error when the SMTP server does not run."""
    recipients = [str(one[0]) if isinstance(one, list) else str(one) for one in ctx.items("RCP")]
    if "*SMTP" not in ctx.os.network.servers:
        raise Escape("TCP5092", "", "Mail not sent: the SMTP server is not active.", ("QTCPMSG", "QTCP"))
    if conditions(ctx.world).mail_fails:
        raise Escape("TCP5093", "", "Mail not sent: the sender is not enrolled.", ("QTCPMSG", "QTCP"))
    ctx.os.log("mail", to=tuple(recipients), subject=ctx.text("SUBJECT"), by=ctx.job.qualified)
    ctx.completion("TCP5091", f"Mail queued for {len(recipients)} recipients.")
