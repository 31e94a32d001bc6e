"""Jobs: SBMJOB, HLDJOB, RLSJOB, ENDJOB, CHGJOB, RTVJOBA, job queues, environment variables, library list."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from datetime import timedelta
from typing import Any

from flashtwin.commands import command
from flashtwin.context import Context
from flashtwin.errors import Escape, TwinError
from flashtwin.job import SYSTEM_LIBRARIES, Job
from flashtwin.jobschedule import DAYS
from flashtwin.national import named_ccsid
from flashtwin.objects import JobDescription, JobQueue, QueuedJob
from flashtwin.scheduler import Signal, Wait
from flashtwin.security import controls, has_special, require_authority

Waiting = Generator[Wait, Signal | None, None]


# -- submitting --------------------------------------------------------------------------------------


@command("SBMJOB", effect="disk")
def sbmjob(ctx: Context) -> None:
    """Put a job on a job queue; the command goes as text, its variables as constants."""
    user = ctx.text("USER", "*CURRENT")
    described = _job_description(ctx, ctx.job.user if user == "*CURRENT" else user)
    if user == "*CURRENT":
        user = ctx.job.user
    elif user == "*JOBD":
        user = described.user if described.user != "*RQD" else ctx.job.user
    _may_submit_for(ctx, user)
    name = ctx.text("JOB", "*JOBD")
    name = described.name if name == "*JOBD" else name
    queue = _queue_named(ctx, described)
    request = ctx.command_string("CMD") if ctx.given("CMD") else ctx.text("RQSDTA", "*CMD")
    hold = ctx.text("HOLD", "*JOBD")
    held = described.hold if hold == "*JOBD" else hold == "*YES"
    attributes = _attributes(ctx, described)
    attributes["ccsid"] = named_ccsid(ctx.image, user, ctx.job.ccsid, ctx.text("CCSID", "*CURRENT"))
    entry = ctx.os.work.submit(
        request, name, user, queue, attributes, held=held, at=_not_before(ctx), submitter=ctx.job.qualified
    )
    text = f"Job {entry.qualified} submitted to job queue {queue[0]} in library {queue[1]}."
    data = f"{entry.name:<10}{entry.user:<10}{entry.number}{queue[0]:<10}{queue[1]:<10}"
    ctx.completion("CPC1221", text, data)


def _not_before(ctx: Context) -> float | None:
    """SCDDATE and SCDTIME as a time of the system's clock; None: at once."""
    date, time = ctx.text("SCDDATE", "*CURRENT"), ctx.text("SCDTIME", "*CURRENT")
    if date == "*CURRENT" and time == "*CURRENT":
        return None
    now = ctx.os.local()
    if time != "*CURRENT":
        digits = time.replace(":", "").replace(".", "").ljust(6, "0")
        due = now.replace(
            hour=int(digits[:2]), minute=int(digits[2:4]), second=int(digits[4:6]), microsecond=0
        )
    else:
        due = now
    if date in DAYS:
        due += timedelta(days=(DAYS.index(date) - due.weekday()) % 7)
    elif date != "*CURRENT":
        raise TwinError(f"the twin does not model SBMJOB SCDDATE({date})")
    return due.timestamp()


def _job_description(ctx: Context, user: str) -> JobDescription:
    name, library = ctx.qualified("JOBD", "*USRPRF")
    if name == "*USRPRF":
        profile = ctx.image.users.get(user)
        name, library = profile.job_description if profile is not None else ("QDFTJOBD", "QGPL")
    return ctx.find_typed(JobDescription, name, library, "*JOBD")


def _may_submit_for(ctx: Context, user: str) -> None:
    if user not in ctx.image.users:
        ctx.diagnostic("CPF2204", f"User profile {user} not found.", user)
        raise Escape("CPF1338", user, "Errors occurred on SBMJOB command.")
    if user == ctx.job.user:
        return
    profile = ctx.image.users[user]
    allowed = profile.private.get(ctx.job.user, profile.public)
    adopted = [act.owner for act in ctx.job.stack if act.adopts]
    by_adoption = any(name == user or profile.private.get(name, "*EXCLUDE") != "*EXCLUDE" for name in adopted)
    if allowed == "*EXCLUDE" and not by_adoption and not has_special(ctx.job, "*ALLOBJ"):
        ctx.diagnostic("CPF2217", f"Not authorized to user profile {user}.", user)
        raise Escape("CPF1338", user, "Errors occurred on SBMJOB command.")


def _queue_named(ctx: Context, described: JobDescription) -> tuple[str, str]:
    name, library = ctx.qualified("JOBQ", "*JOBD")
    if name == "*JOBD":
        name, library = described.job_queue
    found = ctx.os.find_object(ctx.job, name, library, "*JOBQ")
    if not isinstance(found, JobQueue):
        ctx.diagnostic(
            "CPF3307", f"Job queue {name} in library {library} not found.", f"{name:<10}{library:<10}"
        )
        raise Escape("CPF1338", f"{name:<10}{library:<10}", "Errors occurred on SBMJOB command.")
    require_authority(ctx.job, found, "*USE")
    return found.name, found.library


def _attributes(ctx: Context, described: JobDescription) -> dict[str, Any]:
    job = ctx.job
    attributes: dict[str, Any] = {
        "job_description": (described.name, described.library),
        "lda": job.lda.raw(),
    }
    reply = ctx.text("INQMSGRPY", "*JOBD")
    if reply != "*JOBD":
        attributes["inquiry_reply"] = reply
    routing = ctx.text("RTGDTA", "QCMDB")
    attributes["routing_data"] = described.routing_data if routing == "*JOBD" else routing
    threads = ctx.text("ALWMLTTHD", "*JOBD")
    if threads != "*JOBD":
        attributes["multithread"] = threads == "*YES"
    full = ctx.text("JOBMSGQFL", "*JOBD")
    if full not in ("*JOBD", "*SYSVAL"):
        attributes["message_queue_full"] = full
    log = ctx.value("LOG")
    if isinstance(log, list) and len(log) == 3:
        level, severity, text = (str(item) for item in log)
        old = described.log
        attributes["logging"] = (
            old[0] if level == "*JOBD" else int(level),
            old[1] if severity == "*JOBD" else int(severity),
            old[2] if text == "*JOBD" else text,
        )
    if ctx.text("CPYENVVAR", "*NO") == "*YES":
        attributes["environment"] = dict(job.environment)
    libraries = ctx.items("INLLIBL") or ["*CURRENT"]
    if libraries == ["*CURRENT"]:
        attributes["library_list"] = list(job.library_list)
    elif libraries == ["*NONE"]:
        attributes["library_list"] = []
    elif libraries[0] not in ("*JOBD", "*SYSVAL"):
        attributes["library_list"] = [str(name) for name in libraries]
    current = ctx.text("CURLIB", "*CURRENT")
    if current in ("*USRPRF", "*CRTDFT"):
        attributes["current_library"] = ""
    else:
        attributes["current_library"] = job.current_library if current == "*CURRENT" else current
    return attributes


# -- finding jobs ------------------------------------------------------------------------------------


def named(value: Any) -> tuple[str, str, str]:
    """(job, user, number) of an evaluated JOB parameter; empty where it was not given."""
    while isinstance(value, list) and len(value) == 1:
        value = value[0]
    parts = list(value) if isinstance(value, tuple) else str(value).split("/")[::-1]
    name, user, number = [*parts, "", ""][:3]
    return str(name), str(user), str(number)


def found_jobs(ctx: Context, keyword: str = "JOB") -> list[Job | QueuedJob]:
    """The active and waiting jobs that the parameter can mean."""
    name, user, number = named(ctx.value(keyword, "*"))
    if name == "*":
        return [ctx.job]

    def fits(job: Job | QueuedJob) -> bool:
        return job.name == name and (not user or job.user == user) and (not number or job.number == number)

    active: list[Job | QueuedJob] = [job for job in ctx.os.jobs.values() if fits(job)]
    waiting = [entry for queue in ctx.os.work.queues() for entry in queue.entries if fits(entry)]
    return [*active, *waiting]


def one_job(ctx: Context, keyword: str = "JOB") -> Job | QueuedJob:
    """The one job of the parameter: CPF1321 when there is none, CPF1332 when there are several."""
    found = found_jobs(ctx, keyword)
    text = "/".join(part for part in reversed(named(ctx.value(keyword, "*"))) if part)
    if not found:
        raise Escape("CPF1321", text, f"Job {text} not found.")
    if len(found) > 1:
        for job in found:
            ctx.diagnostic("CPF1069", f"Duplicate job {job.qualified}.")
        raise Escape("CPF1332", text, f"End of duplicate names for job {text}.")
    return found[0]


def _may_control(ctx: Context, job: Job | QueuedJob) -> None:
    if job.user != ctx.job.user and not has_special(ctx.job, "*JOBCTL"):
        raise Escape("CPF1344", job.qualified, f"Not authorized to control job {job.qualified}.")


# -- controlling jobs --------------------------------------------------------------------------------


@command("HLDJOB", effect="memory")
def hldjob(ctx: Context) -> None:
    """Hold a job; one that is held already is an error."""
    job = one_job(ctx)
    _may_control(ctx, job)
    if job.held:
        raise Escape("CPF1346", job.qualified, f"Job {job.qualified} already held.")
    if isinstance(job, Job):
        ctx.os.work.hold(job)
    else:
        job.held = True
        ctx.os.log("job_held", job=job.qualified)
    ctx.completion("CPC1163", f"Job {job.qualified} held.")


@command("RLSJOB", effect="memory")
def rlsjob(ctx: Context) -> None:
    """Release a held job."""
    job = one_job(ctx)
    _may_control(ctx, job)
    if not job.held:
        raise Escape("CPF1349", job.qualified, f"Job {job.qualified} is not held; nothing to release.")
    if isinstance(job, Job):
        ctx.os.work.release(job)
    else:
        job.held = False
        ctx.os.log("job_released", job=job.qualified)
        ctx.os.work.dispatch()
    ctx.completion("CPC1164", f"Job {job.qualified} released.")


@command("ENDJOB", effect="memory")
def endjob(ctx: Context) -> Waiting:
    """End a job: *CNTRLD gives it DELAY seconds, *IMMED none."""
    job = one_job(ctx)
    _may_control(ctx, job)
    immediately = ctx.text("OPTION", "*CNTRLD") == "*IMMED"
    ctx.os.log("job_end_requested", job=job.qualified, immediately=immediately, by=ctx.job.qualified)
    if isinstance(job, QueuedJob):
        found = ctx.os.work.queue_of(job.number)
        if found is not None:
            found[0].entries.remove(job)
            ctx.os.log("job_ended", job=job.qualified, code=40)
        ctx.completion("CPC1126", f"Job {job.qualified} was ended by user {ctx.job.user}.")
        return
    if job is ctx.job and immediately:
        ctx.os.work.kill(job, 50)
        yield Wait(())
    ctx.completion("CPC1126", f"Job {job.qualified} was ended by user {ctx.job.user}.")
    ctx.os.work.end_job(job, immediately=immediately, delay=float(ctx.integer("DELAY", 30)))


@command("CHGJOB", effect="memory")
def chgjob(ctx: Context) -> None:
    """Change attributes of a job that the twin keeps."""
    job = one_job(ctx)
    _may_control(ctx, job)
    if isinstance(job, QueuedJob):
        name, library = ctx.qualified("JOBQ", "*SAME")
        if name != "*SAME":
            _move(ctx, job, name, library)
        return
    for keyword, attribute in (("INQMSGRPY", "inquiry_reply"), ("DATFMT", "date_format")):
        value = ctx.text(keyword, "*SAME")
        if value != "*SAME":
            setattr(job, attribute, value)
    job.ccsid = named_ccsid(ctx.image, job.user, job.ccsid, ctx.text("CCSID", "*SAME"))
    job.default_wait = ctx.integer("DFTWAIT", job.default_wait)
    job.priority = ctx.integer("RUNPTY", job.priority)
    switches = ctx.text("SWS", "*SAME")
    if switches != "*SAME":
        job.switches = "".join(
            o if n == "X" else n for n, o in zip(switches.ljust(8, "X"), job.switches, strict=False)
        )
    full = ctx.text("JOBMSGQFL", "*SAME")
    if full != "*SAME":
        job.message_queue_full = full
    log = ctx.value("LOG")
    if isinstance(log, list):
        job.logging = (int(log[0]), int(log[1]), str(log[2])) if len(log) == 3 else job.logging


def _move(ctx: Context, entry: QueuedJob, name: str, library: str) -> None:
    target = ctx.find_typed(JobQueue, name, library, "*JOBQ")
    found = ctx.os.work.queue_of(entry.number)
    if found is not None:
        found[0].entries.remove(entry)
        target.entries.append(entry)
        ctx.os.work.dispatch()


@command("RTVJOBA", effect="none")
def rtvjoba(ctx: Context) -> None:
    """Retrieve attributes of the job that runs this."""
    for keyword in ctx.bound:
        attribute = _ATTRIBUTES.get(keyword)
        if attribute is None:
            raise Escape("CPF0006", "RTVJOBA", f"The twin does not keep the job attribute {keyword}.")
        ctx.set_return(keyword, attribute(ctx))


def _local(form: str) -> Callable[[Context], str]:
    return lambda ctx: ctx.os.local().strftime(form)


def _system_value(name: str, default: str) -> Callable[[Context], str]:
    return lambda ctx: str(ctx.image.system_values.get(name, default))


def _libraries(names: Iterable[str]) -> str:
    return "".join(f"{name:<11}" for name in names)


_ATTRIBUTES: dict[str, Callable[[Context], Any]] = {
    "JOB": lambda ctx: ctx.job.name,
    "USER": lambda ctx: ctx.job.user,
    "NBR": lambda ctx: ctx.job.number,
    "TYPE": lambda ctx: {"B": "0", "I": "1"}.get(ctx.job.type, "0"),
    "SUBTYPE": lambda ctx: {"A": "*"}.get(ctx.job.type, ""),
    "CURUSER": lambda ctx: ctx.job.user,
    "ENDSTS": lambda ctx: "1" if ctx.job.ending else "0",
    "USRLIBL": lambda ctx: _libraries(ctx.job.library_list),
    "SYSLIBL": lambda _ctx: _libraries(SYSTEM_LIBRARIES),
    "CURLIB": lambda ctx: ctx.job.current_library or "*NONE",
    "INQMSGRPY": lambda ctx: ctx.job.inquiry_reply,
    "SWS": lambda ctx: ctx.job.switches,
    "DATE": _local("%d%m%y"),
    "CYMDDATE": lambda ctx: f"{ctx.os.local().year // 100 - 19}{ctx.os.local():%y%m%d}",
    "DAYOFWEEK": lambda ctx: f"*{ctx.os.local():%a}".upper(),
    "DATETIME": _local("%Y%m%d%H%M%S%f"),
    "DATFMT": lambda ctx: ctx.job.date_format,
    "DATSEP": _system_value("QDATSEP", "."),
    "TIMSEP": _system_value("QTIMSEP", ":"),
    "OUTQ": lambda ctx: ctx.job.output_queue[0],
    "OUTQLIB": lambda ctx: ctx.job.output_queue[1],
    "LOGTYPE": lambda ctx: ctx.job.logging[2],
    "LOGLVL": lambda ctx: str(ctx.job.logging[0]),
    "LOGSEV": lambda ctx: ctx.job.logging[1],
    "RUNPTY": lambda ctx: ctx.job.priority,
    "DFTWAIT": lambda ctx: ctx.job.default_wait,
    "CCSID": lambda ctx: ctx.job.ccsid,
    "DFTCCSID": lambda ctx: ctx.job.default_ccsid,
    "DECFMT": lambda ctx: ctx.job.decimal_format,
    "CNTRYID": _system_value("QCNTRYID", "US"),
    "LANGID": _system_value("QLANGID", "ENU"),
    "TIMZON": _system_value("QTIMZON", ""),
    "ASPGRP": lambda _ctx: "*NONE",
}


# -- job queues and descriptions ---------------------------------------------------------------------


@command("CRTJOBQ", effect="disk")
def crtjobq(ctx: Context) -> None:
    """Create a job queue."""
    from flashtwin.commands.objects import create

    name, library = ctx.qualified("JOBQ", library="*CURLIB")
    queue = JobQueue(library, name, "*JOBQ")
    queue.operator_controlled = ctx.text("OPRCTL", "*YES") == "*YES"
    queue.authority_to_check = ctx.text("AUTCHK", "*OWNER")
    create(ctx, queue, "CPC3301", f"Job queue {name} created in library {library}.")


def _job_queue(ctx: Context) -> JobQueue:
    name, library = ctx.qualified("JOBQ")
    try:
        return ctx.find_typed(JobQueue, name, library, "*JOBQ", authority="")
    except Escape as error:
        raise Escape(
            "CPF3307", f"{name:<10}{library:<10}", f"Job queue {name} in {library} not found."
        ) from error


def _controlled_queue(ctx: Context) -> JobQueue:
    """A job queue that the user may hold and clear; CPF2207 where it is another's."""
    queue = _job_queue(ctx)
    if not controls(ctx.job, queue):
        raise Escape(
            "CPF2207", f"{queue.name:<10}{queue.library:<10}", f"Not authorized to use object {queue.name}."
        )
    return queue


@command("HLDJOBQ", effect="memory")
def hldjobq(ctx: Context) -> None:
    """Hold a job queue: jobs that run go on."""
    queue = _controlled_queue(ctx)
    if queue.held:
        raise Escape(
            "CPF3425", f"{queue.name:<10}{queue.library:<10}", f"Job queue {queue.name} already held."
        )
    queue.held = True
    ctx.os.log("jobq_held", queue=f"{queue.library}/{queue.name}", by=ctx.job.qualified)
    ctx.completion("CPC3305", f"Job queue {queue.name} in library {queue.library} held.")


@command("RLSJOBQ", effect="memory")
def rlsjobq(ctx: Context) -> None:
    """Release a job queue."""
    queue = _controlled_queue(ctx)
    if not queue.held:
        raise Escape("CPF3423", f"{queue.name:<10}{queue.library:<10}", f"Job queue {queue.name} not held.")
    queue.held = False
    ctx.os.log("jobq_released", queue=f"{queue.library}/{queue.name}", by=ctx.job.qualified)
    ctx.os.work.dispatch()
    ctx.completion("CPC3306", f"Job queue {queue.name} in library {queue.library} released.")


@command("CLRJOBQ", effect="memory")
def clrjobq(ctx: Context) -> None:
    """Remove the jobs that wait on a queue."""
    queue = _controlled_queue(ctx)
    queue.entries.clear()


@command("CRTJOBD", "CHGJOBD", effect="disk")
def crtjobd(ctx: Context) -> None:
    """Create or change a job description."""
    from flashtwin.commands.objects import create

    new = ctx.command.name == "CRTJOBD"
    name, library = ctx.qualified("JOBD", library="*CURLIB" if new else "*LIBL")
    described = (
        JobDescription(library, name, "*JOBD")
        if new
        else ctx.find_typed(JobDescription, name, library, "*JOBD", "*OBJOPR *OBJMGT *READ")
    )
    if ctx.given("JOBQ"):
        described.job_queue = ctx.qualified("JOBQ")
    described.user = ctx.text("USER", described.user)
    described.inquiry_reply = ctx.text("INQMSGRPY", described.inquiry_reply)
    if ctx.given("ALWMLTTHD"):
        described.multithread = ctx.text("ALWMLTTHD") == "*YES"
    if ctx.given("HOLD"):
        described.hold = ctx.text("HOLD") == "*YES"
    described.request = ctx.command_string("RQSDTA") if ctx.given("RQSDTA") else described.request
    described.routing_data = ctx.text("RTGDTA", described.routing_data)
    described.message_queue_full = ctx.text("JOBMSGQFL", described.message_queue_full)
    if ctx.given("INLLIBL"):
        described.library_list = tuple(str(item) for item in ctx.items("INLLIBL"))
    if new:
        create(ctx, described, "CPC1621", f"Job description {name} created in library {library}.")


# -- environment variables and library list ----------------------------------------------------------


def _variables(ctx: Context) -> dict[str, str]:
    return ctx.image.environment if ctx.text("LEVEL", "*JOB") == "*SYS" else ctx.job.environment


@command("ADDENVVAR", effect="none")
def addenvvar(ctx: Context) -> None:
    """Add an environment variable; CPFA980 when it exists and REPLACE(*NO)."""
    variables, name = _variables(ctx), ctx.text("ENVVAR")
    if name in variables and ctx.text("REPLACE", "*NO") != "*YES":
        raise Escape("CPFA980", name, f"Environment variable {name} already exists.")
    value = ctx.text("VALUE", "*NULL")
    variables[name] = "" if value == "*NULL" else value
    ctx.completion("CPCA980", f"Environment variable {name} was added.")


@command("CHGENVVAR", effect="none")
def chgenvvar(ctx: Context) -> None:
    """Change an environment variable."""
    variables, name = _variables(ctx), ctx.text("ENVVAR")
    if name not in variables:
        raise Escape("CPFA981", name, f"Environment variable {name} not found.")
    variables[name] = ctx.text("VALUE", variables[name])


@command("RMVENVVAR", effect="none")
def rmvenvvar(ctx: Context) -> None:
    """Remove an environment variable."""
    variables, name = _variables(ctx), ctx.text("ENVVAR")
    if name == "*ALL":
        variables.clear()
        return
    if variables.pop(name, None) is None:
        raise Escape("CPFA981", name, f"Environment variable {name} not found.")


@command("ADDLIBLE", effect="none")
def addlible(ctx: Context) -> None:
    """Add a library to the library list; CPF2103 when it is in it, CPF2110 when it does not exist."""
    name = ctx.text("LIB")
    if name not in ctx.image.libraries and name != "QTEMP":
        raise Escape("CPF2110", name, f"Library {name} not found.")
    libraries = ctx.job.library_list
    if name in libraries:
        raise Escape("CPF2103", name, f"Library {name} already exists in library list.")
    position = ctx.items("POSITION")
    if position and position[0] == "*LAST":
        libraries.append(name)
    else:
        libraries.insert(0, name)


@command("RMVLIBLE", effect="none")
def rmvlible(ctx: Context) -> None:
    """Remove a library from the library list."""
    name = ctx.text("LIB")
    if name not in ctx.job.library_list:
        raise Escape("CPF2104", name, f"Library {name} not removed from the library list.")
    ctx.job.library_list.remove(name)


@command("CHGLIBL", effect="none")
def chglibl(ctx: Context) -> None:
    """Replace the user part of the library list."""
    if ctx.given("LIBL") and ctx.text("LIBL", "*SAME") != "*SAME":
        names = [str(item) for item in ctx.items("LIBL") if item != "*NONE"]
        for name in names:
            if name not in ctx.image.libraries and name != "QTEMP":
                raise Escape("CPF2110", name, f"Library {name} not found.")
        ctx.job.library_list[:] = names
    current = ctx.text("CURLIB", "*SAME")
    if current != "*SAME":
        ctx.job.current_library = "" if current == "*CRTDFT" else current


@command("CHGCURLIB", effect="none")
def chgcurlib(ctx: Context) -> None:
    """Change the current library."""
    name = ctx.text("CURLIB")
    if name != "*CRTDFT" and name not in ctx.image.libraries:
        raise Escape("CPF2110", name, f"Library {name} not found.")
    ctx.job.current_library = "" if name == "*CRTDFT" else name
