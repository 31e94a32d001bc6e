"""The Advanced Job Scheduler (5770-JS1, library QIJS): its monitor, which submits the jobs of its entries.

docs/platform-facts.md#advanced-job-scheduler.  A system has the product when it has the library.
"""

from __future__ import annotations

from flashtwin.commands import command
from flashtwin.context import Context

MONITOR = "QIJSSCD"


@command("ENDJS", effect="memory", library="QIJS")
def endjs(ctx: Context) -> None:
    """End the monitor; nothing of the product is submitted until STRJS."""
    ctx.needs("*JOBCTL")
    for job in [one for one in ctx.os.jobs.values() if one.name == MONITOR]:
        ctx.os.work.kill(job, 10)
    ctx.os.log("scheduler_ended", product="5770-JS1", by=ctx.job.qualified)
