"""The objects of the product on a production partition, in the order in which they are made.

Each has the CL that makes it where it is missing; a program, command, message file or table also has its
source in the bundle and is made again when that changes.  What only a security officer may do is not
here: see `officer_commands`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flashc.runbook.commands import commands
from flashc.runbook.messages import LANGUAGES
from flashc.runbook.tables import TABLES


@dataclass(frozen=True, slots=True)
class ObjectDef:
    """An object: where it is, of which type, how it is made, and from which source of the bundle."""

    library: str
    name: str
    type: str
    create: tuple[str, ...]
    """CL commands, run where the object is missing; with a source, where it is missing or changed."""
    source: str | None = None
    after: tuple[str, ...] = ()
    """CL commands run behind each making, e.g. authorities."""
    columns: tuple[str, ...] = ()
    """The columns of a table, which gets those that it lacks."""

    @property
    def length(self) -> int:
        """What a data area or data queue has to hold, which is made longer if need be; 0 of other types."""
        found = re.search(r" (?:MAX)?LEN\((\d+)\)", self.create[0]) if self.type in LENGTHS else None
        return int(found[1]) if found else 0


LENGTHS = ("*DTAARA", "*DTAQ")
"""Types that have a length, and hold what a longer one has to keep."""

PROGRAMS = (
    "FLLONGER",
    "FLJRNL", "FLREAD", "FLASK", "FLPASE", "FLSECS", "FLCMD", "FLLIMIT", "FLFNDJOB", "FLSTATE", "FLENDSVR",
    "FLALONE", "FLBACK", "FLABORT", "FLHIST", "FLENDPRC", "FLUNDO",
    "FLVMAP", "FLIMPORT", "FLHANDED", "FLGIVEBK", "FLEXIT",
    "FLSPOOL", "FLSEND", "FLVOLUME", "FLNOTES", "FLCOUNT", "FLPURGE",
    "FLSPCAUT", "FLRESTRT", "FLNEWRUN", "FLTELL", "FLAWAIT", "FLSKIP", "FLCHECK", "FLUSUAL",
    "FLENDCLN", "FLSTRCLN", "FLRLSCLN", "FLGETCLN",
    "FLRCVENV", "FLGRDA", "FLGRDB", "FLENDENV", "FLCHKENV", "FLVLDSTR", "FLSTRENV",
    "FLSOCKET", "FLTAKE", "FLPUT", "FLSHOW", "FLDSPENV", "FLDSPHST", "FLDSPLOG", "FLDSPSTS",
)  # fmt: skip
"""Programs of the library that every system has."""

BY_HAND = {
    "FLENDCLN": "End a declared clone (command FLENDCLN)",
    "FLSTRCLN": "Start a declared clone on its copy (command FLSTRCLN)",
    "FLRLSCLN": "Release the copy of a clone (command FLRLSCLN)",
    "FLGETCLN": "Bring an object back from a clone (FLGETCLN)",
}
"""Commands about a clone, with the titles of their programs; each submits the one program of its clone."""

GUARD_PROGRAMS = ("FLIDENT", "FLAGE", "FLSAFE", "FLBOOTA", "FLBOOT")
"""Programs of the guard library; a routine deploy leaves them alone."""

LIVING_PROGRAMS = ("FLNEVER", "FLEXPIRE")
"""Programs of the library for clones that live on; only where the spec has such."""

GIVING_PROGRAMS = ("FLGIVE",)
"""Programs of the library for clones that stay on and may be asked for something; where the spec has such."""

LIVING_GUARD_PROGRAMS = ("FLLIVE",)
"""The same of the guard library."""

VIEWS = {
    "FLVRUN": "Runs: how each ended, and how long it held",
    "FLVLOG": "Log of runs: both sides by production time",
}
"""Views of the tables for whoever asks by SQL, with their texts; each is made of NAME.sql."""


LOCKS = (
    ("FLKWIN", "suspend window, the run"),
    ("FLKWINA", "suspend window, guard A"),
    ("FLKWINB", "suspend window, guard B"),
    ("FLKBRM", "BRMS process state"),
    ("FLKHIST", "restore of QUSRBRM"),
)
"""Locks of what belongs to the system, and what each stands for."""

SOURCE_COLUMNS = 80
"""Data columns of a source member; its records have 12 more for sequence number and date."""

STREAM_SOURCES = {"*PGM": (7, 4)}
"""The release from which sources of a type are compiled from stream files: docs/platform-facts.md#cl-compile.

Commands are not, though CRTCMD could: which code page it makes of a UTF-8 file is not documented, and what a
prompt shows depends on it.
"""

MEMBERS = {"*PGM": ("QCLSRC", "CLLE"), "*CMD": ("QCMDSRC", "CMD"), "*PNLGRP": ("QPNLSRC", "PNLGRP")}
"""Where the source of a type lies without SRCSTMF: the file, and the member's source type."""


def source_file(b: Mapping[str, Any], type_: str) -> tuple[str, int]:
    """The source file of a type and its CCSID: programs are 7-bit, prompts and help are the language's."""
    file, _ = MEMBERS[type_]
    if type_ == "*PGM":
        return file, 37
    language = LANGUAGES[b["language"]]
    return language.source_file(file), language.ccsid or 37


NOT_COMPLETE = "not complete"
"""The text of an object that is made by several commands, until the last of them."""


def reads_stream_file(b: Mapping[str, Any], type_: str) -> bool:
    """Whether the compiler of a type reads stream files on the spec's release; else it takes a member."""
    release = tuple(int(part) for part in b["release"].split("."))
    return type_ in STREAM_SOURCES and release >= STREAM_SOURCES[type_]


def objects(b: Mapping[str, Any]) -> tuple[ObjectDef, ...]:
    """All objects of one system, from its template context (`flashc.bundle.context`)."""
    lib, guard, user = b["library"], b["guard_library"], b["user"]
    out: list[ObjectDef] = []

    def add(library: str, name: str, type_: str, *create: str, after: tuple[str, ...] = ()) -> None:
        out.append(ObjectDef(library, name, type_, create, None, after))

    # Its members are the operators: docs/operators.md.  What it does not protect is closed to the public.
    add("QSYS", lib, "*AUTL", f"CRTAUTL AUTL({lib}) TEXT('flashc operators') AUT(*EXCLUDE)")
    for name, text, to in ((lib, "flashc", lib), (guard, "flashc start-up guard", "*EXCLUDE")):
        made = f"CRTLIB LIB({name}) TYPE(*PROD) TEXT('{text}') AUT({to}) CRTAUT(*EXCLUDE)"
        add("QSYS", name, "*LIB", made)
    for clone in b["clones"]:
        # in one command, so that nothing can stop between making it and closing it
        record = (
            f"CRTDTAARA DTAARA({lib}/{clone['record']}) TYPE(*CHAR) LEN(256) "
            f"VALUE('{'':24}CLOSED') TEXT('Last run on partition {clone['lpar_id']}') AUT(*EXCLUDE)"
        )
        add(lib, clone["record"], "*DTAARA", record)
        ticket = (
            f"CRTDTAARA DTAARA({guard}/{clone['ticket']}) TYPE(*CHAR) LEN(256) "
            f"TEXT('Ticket of partition {clone['lpar_id']}') AUT(*EXCLUDE)"
        )
        add(guard, clone["ticket"], "*DTAARA", ticket)
    for lock, what in (*LOCKS, *((x["name"], x["what"].split()[0]) for x in b["locks"])):
        create = f"CRTDTAARA DTAARA({lib}/{lock}) TYPE(*CHAR) LEN(1) TEXT('Lock: {what}') AUT(*EXCLUDE)"
        add(lib, lock, "*DTAARA", create)
    last = f"CRTDTAARA DTAARA({lib}/FLRUNID) TYPE(*CHAR) LEN(28) TEXT('Id of the last run') AUT(*EXCLUDE)"
    add(lib, "FLRUNID", "*DTAARA", last)
    for e in b["environments"]:
        text = f"Skip the next scheduled run of {e['name']}"
        skip = f"CRTDTAARA DTAARA({lib}/{e['skip']}) TYPE(*CHAR) LEN(256) TEXT('{text}') AUT(*EXCLUDE)"
        add(lib, e["skip"], "*DTAARA", skip)
    report = (
        f"CRTDTAARA DTAARA({guard}/FLBOOTRPT) TYPE(*CHAR) LEN(60) "
        "TEXT('Last report of the start-up guard') AUT(*EXCLUDE)"
    )
    add(guard, "FLBOOTRPT", "*DTAARA", report)
    # never blank: the guard calls what stands here
    previous = (
        f"CRTDTAARA DTAARA({guard}/FLPRVSTR) TYPE(*CHAR) LEN(20) VALUE('QSTRUP    QSYS') "
        "TEXT('Start-up program of the site') AUT(*EXCLUDE)"
    )
    add(guard, "FLPRVSTR", "*DTAARA", previous)
    for queue, key, text in (
        ("FLRUNQ", 14, "What is told to a run while it waits"),
        ("FLGRDA", 14, "What is told to guard A"),
        ("FLGRDB", 14, "What is told to guard B"),
        ("FLCMDQ", 16, "Commands with a limit, and their answers"),
    ):
        create = (
            f"CRTDTAQ DTAQ({lib}/{queue}) MAXLEN(400) FORCE(*NO) SEQ(*KEYED) KEYLEN({key}) "
            f"TEXT('{text}') AUT(*EXCLUDE)"
        )
        add(lib, queue, "*DTAQ", create)
    waiting = "Rows of the journal that wait to be written"
    queue = f"CRTMSGQ MSGQ({lib}/FLMSGQ) TEXT('{waiting}') MSGQFULL(*WRAP) AUT(*EXCLUDE)"
    add(lib, "FLMSGQ", "*MSGQ", queue)
    out += _work_management(lib, user)
    rslt = f"CRTPF FILE({lib}/FLRSLT) RCDLEN(512) TEXT('Form of one answer') AUT(*EXCLUDE)"
    add(lib, "FLRSLT", "*FILE", rslt)
    for type_, (_, kind) in MEMBERS.items():
        if not reads_stream_file(b, type_):
            file, ccsid = source_file(b, type_)
            create = (
                f"CRTSRCPF FILE({lib}/{file}) RCDLEN({SOURCE_COLUMNS + 12}) CCSID({ccsid}) "
                f"TEXT('Sources of type {kind}') AUT(*EXCLUDE)"
            )
            add(lib, file, "*FILE", create)
    # ERRLVL(30): tables that are there already are left alone, as after an interrupted deploy
    script = f"{b['folder']}/src/FLTABLES.sql"
    tables = f"RUNSQLSTM SRCSTMF('{script}') COMMIT(*NONE) NAMING(*SQL) ERRLVL(30)"
    for table in TABLES:
        proof = f"CHKOBJ OBJ({lib}/{table.name}) OBJTYPE(*FILE)"
        out.append(ObjectDef(lib, table.name, "*FILE", (tables, proof), columns=table.columns))
    for view in VIEWS:
        source = f"{view}.sql"
        make = f"RUNSQLSTM SRCSTMF('{b['folder']}/src/{source}') COMMIT(*NONE) NAMING(*SQL)"
        out.append(ObjectDef(lib, view, "*FILE", (make,), source))
    # *MSGD: each description is given to a job in the job's own code page
    texts = b["message_file"]
    out.append(
        ObjectDef(
            lib,
            texts,
            "*MSGF",
            (f"CRTMSGF MSGF({lib}/{texts}) TEXT('Messages ({b['language']})') CCSID(*MSGD) AUT({lib})",),
            f"{texts}.msgf",
        )
    )
    out += _programs(b)
    for command in commands(b):
        name = command.name
        public = lib if command.operators else "*EXCLUDE"
        make = f"CRTPNLGRP PNLGRP({lib}/{name}) {{source}} TEXT('Help for {name}') AUT({public})"
        # before its command, which names it
        out.append(_compiled(b, lib, name, "*PNLGRP", make))
        make = f"CRTCMD CMD({lib}/{name}) PGM({lib}/{name}) {{source}} TEXT(*CMDPMT) AUT({public})"
        out.append(_compiled(b, lib, name, "*CMD", make))
    return tuple(out)


def _compiled(b: Mapping[str, Any], library: str, name: str, type_: str, make: str) -> ObjectDef:
    """An object made from a source of the bundle; `make` has {source} where the compiler is told of it.

    A member is written in the CCSID of its file, and has 80 columns.
    """
    file, _ = source_file(b, type_)
    _, kind = MEMBERS[type_]
    source = f"{name}.{kind.lower()}"
    path = f"{b['folder']}/src/{source}"
    if reads_stream_file(b, type_):
        return ObjectDef(library, name, type_, (make.format(source=f"SRCSTMF('{path}')"),), source)
    lib = b["library"]
    copy = (
        f"CPYFRMSTMF FROMSTMF('{path}') TOMBR('/QSYS.LIB/{lib}.LIB/{file}.FILE/{name}.MBR') "
        "MBROPT(*REPLACE) STMFCCSID(1208) DBFCCSID(*FILE)"
    )
    typed = f"CHGPFM FILE({lib}/{file}) MBR({name}) SRCTYPE({kind})"
    made = make.format(source=f"SRCFILE({lib}/{file}) SRCMBR({name})")
    return ObjectDef(library, name, type_, (copy, typed, made), source)


def _work_management(lib: str, user: str) -> list[ObjectDef]:
    """Job queues, subsystems, job description, class: driver and guard A in subsystems of their own."""
    out = [
        ObjectDef(lib, queue, "*JOBQ", (f"CRTJOBQ JOBQ({lib}/{queue}) TEXT('{text}') AUT(*EXCLUDE)",))
        for queue, text in (("FLASHC", "Runs"), ("FLWORK", "What runs submit"), ("FLGUARD", "Guard A"))
    ]
    out.append(
        ObjectDef(
            lib,
            "FLASHC",
            "*CLS",
            (f"CRTCLS CLS({lib}/FLASHC) RUNPTY(20) DFTWAIT(30) TEXT('Jobs of flashc') AUT(*EXCLUDE)",),
        )
    )
    jobd = (
        f"CRTJOBD JOBD({lib}/FLASHC) JOBQ({lib}/FLASHC) USER({user}) LOG(4 00 *SECLVL) "
        f"INQMSGRPY(*DFT) JOBMSGQFL(*WRAP) TEXT('Jobs of flashc') AUT(*EXCLUDE)"
    )
    out.append(ObjectDef(lib, "FLASHC", "*JOBD", (jobd,)))
    for sbs, queues in (("FLASHC", ("FLASHC", "FLWORK")), ("FLGUARD", ("FLGUARD",))):
        entries = tuple(
            f"ADDJOBQE SBSD({lib}/{sbs}) JOBQ({lib}/{queue}) MAXACT(*NOMAX) SEQNBR({number * 10})"
            for number, queue in enumerate(queues, 1)
        )
        routing = f"ADDRTGE SBSD({lib}/{sbs}) SEQNBR(9999) CMPVAL(*ANY) PGM(QSYS/QCMD) CLS({lib}/FLASHC)"
        # its text says so while one of its entries may be missing
        create = f"CRTSBSD SBSD({lib}/{sbs}) POOLS((1 *BASE)) TEXT('{NOT_COMPLETE}') AUT(*EXCLUDE)"
        whole = f"CHGOBJD OBJ({lib}/{sbs}) OBJTYPE(*SBSD) TEXT('flashc')"
        out.append(ObjectDef(lib, sbs, "*SBSD", (create, *entries, routing, whole)))
    return out


def guard_programs(b: Mapping[str, Any]) -> tuple[str, ...]:
    """The programs of a system's guard library."""
    return GUARD_PROGRAMS + (LIVING_GUARD_PROGRAMS if b["lives"] else ())


def is_production(serial: str, lpar: object) -> str:
    """What a guard knows of a place where production may run."""
    return f"production is serial {serial} partition {lpar}"


def guard_knows(b: Mapping[str, Any]) -> tuple[str, ...]:
    """What of a spec stands in the guard's programs: a guard that was made before does not know it."""
    lives = [(e["name"], e["lives"]) for e in b["environments"] if e["lives"]]
    return (
        *(is_production(pair["serial"], pair["lpar"]) for pair in b["identities"]),
        *(f"partition {clone['lpar_id']} is a clone" for clone in b["clones"]),
        *(
            f"the clone of {name} lives on as {one['system_name']} "
            f"({hashlib.sha256(repr(one).encode()).hexdigest()[:8]})"
            for name, one in lives
        ),
    )


def programs(b: Mapping[str, Any]) -> tuple[str, ...]:
    """The programs of a system's library, those of its environments aside."""
    return PROGRAMS + (LIVING_PROGRAMS if b["lives"] else ()) + (GIVING_PROGRAMS if b["gives"] else ())


def _programs(b: Mapping[str, Any]) -> list[ObjectDef]:
    lib, guard = b["library"], b["guard_library"]
    out = []
    for name in guard_programs(b):
        # these lend the product's authority to the start-up job
        adopt = "*OWNER" if name in ("FLBOOTA", "FLSAFE", "FLLIVE") else "*USER"
        out.append(_program(b, guard, name, adopt))
    drivers: list[str] = [c["program"] for c in b["by_hand"]]
    for e in b["environments"]:
        if e["starts_clone"]:
            drivers += [e["before_program"], e["after_program"]]
        drivers += [e["work_program"]] if e["work_program"] else []
        if e["lives"]:
            drivers.append(e["lives"]["program"])
        drivers.append(e["program"])
        drivers += [e[key] for key in ("failure_program", "hook_program") if e[key]]
    fronts = {command.name for command in commands(b) if command.operators}
    checkers = {command.checker for command in commands(b) if command.operators}
    for name in (*programs(b), *drivers):
        # an operator's command may look at the product's objects and submit; what acts is the submitted job
        adopt = "*OWNER" if name in fronts else "*USER"
        made = _program(b, lib, name, adopt, lib if name in fronts | checkers else "*EXCLUDE")
        if name == "FLSHOW":
            # what a display shows or writes is shown and written with the authority of its user
            made = replace(made, after=(f"{made.after[0]} USEADPAUT(*NO)",))
        out.append(made)
    return out


def _program(
    b: Mapping[str, Any], library: str, name: str, adopt: str = "*USER", public: str = "*EXCLUDE"
) -> ObjectDef:
    text = b["titles"].get(name, name).replace("'", "''")
    # *EVENTF: what the compiler finds stands in member NAME of EVFEVENT in the program's library
    make = (
        f"CRTBNDCL PGM({library}/{name}) {{source}} OUTPUT(*NONE) OPTION(*EVENTF) USRPRF({adopt}) "
        f"LOG(*NO) REPLACE(*YES) TEXT('{text}') AUT({public})"
    )
    # one that takes the place of another would adopt as that did: docs/platform-facts.md#replaced-programs
    adopts = f"CHGPGM PGM({library}/{name}) USRPRF({adopt})"
    return replace(_compiled(b, library, name, "*PGM", make), after=(adopts,))


def schedule_commands(b: Mapping[str, Any], environment: Mapping[str, Any]) -> tuple[str, ...]:
    """The job schedule entries of an environment; their text marks them as ours.

    The mark holds a hash of the entry: a new spec that leaves the schedule alone leaves the entry alone.
    Dates stand as 'YYYY-MM-DD'; the deployment writes them in the date format of the partition.
    """
    lib = b["library"]
    out = []
    for schedule in environment["schedules"]:
        omitted = " ".join(f"'{date}'" for date in environment["omit_dates"])
        omit = f"OMITDATE({omitted}) " if omitted and not schedule["date"] else ""
        entry = (
            f"ADDJOBSCDE JOB({environment['program']}) "
            f"CMD({lib}/FLSTRENV ENV({environment['name']}) SCHEDULED(*YES)) "
            f"{_frequency(schedule)} SCDTIME('{schedule['time']}') {omit}"
            f"JOBD({lib}/FLASHC) JOBQ(QSYS/QUSRNOMAX) USER({b['user']}) RCYACN(*NOSBM)"
        )
        mark = hashlib.sha256(entry.encode("ascii")).hexdigest()[:16]
        out.append(f"{entry} TEXT('flashc {environment['name']} {mark}')")
    return tuple(out)


def _frequency(schedule: Mapping[str, Any]) -> str:
    """On which days an entry submits its job: once, weekly, or monthly by date or by day of the week."""
    if schedule["date"]:
        return f"FRQ(*ONCE) SCDDATE('{schedule['date']}') SCDDAY(*NONE)"
    which = schedule["which"]
    if which and not schedule["days"]:
        return f"FRQ(*MONTHLY) SCDDATE({'*MONTHSTR' if which == 'first' else '*MONTHEND'}) SCDDAY(*NONE)"
    days = " ".join(f"*{d}" for d in schedule["days"]) if len(schedule["days"]) < 7 else "*ALL"
    if which:
        number = {"first": "1", "second": "2", "third": "3", "fourth": "4", "last": "*LAST"}[which]
        return f"FRQ(*MONTHLY) SCDDATE(*NONE) SCDDAY({days}) RELDAYMON({number})"
    return f"FRQ(*WEEKLY) SCDDATE(*NONE) SCDDAY({days})"


def officer_commands(b: Mapping[str, Any]) -> tuple[str, ...]:
    """What the security officer enters once: authorities for the start-up job, the guard, its report."""
    guard, user = b["guard_library"], b["user"]
    out = [
        f"GRTOBJAUT OBJ(QSYS/{guard}) OBJTYPE(*LIB) USER(QPGMR) AUT(*USE)",
        "GRTOBJAUT OBJ(QSYS/QPMLPMGT) OBJTYPE(*SRVPGM) USER(QPGMR) AUT(*USE)",
        f"GRTOBJAUT OBJ(QSYS/QPMLPMGT) OBJTYPE(*SRVPGM) USER({user}) AUT(*USE)",
    ]
    for name in guard_programs(b):
        out.append(f"GRTOBJAUT OBJ({guard}/{name}) OBJTYPE(*PGM) USER(QPGMR) AUT(*USE)")
    for clone in b["clones"]:
        out.append(f"GRTOBJAUT OBJ({guard}/{clone['ticket']}) OBJTYPE(*DTAARA) USER(QPGMR) AUT(*USE)")
    for name in b["closed_commands"]:
        out.append(f"GRTOBJAUT OBJ(QSYS/{name}) OBJTYPE(*CMD) USER({user}) AUT(*USE)")
    out += b["site_authorities"]
    out += [
        f"GRTOBJAUT OBJ({guard}/FLPRVSTR) OBJTYPE(*DTAARA) USER(QPGMR) AUT(*USE)",
        f"GRTOBJAUT OBJ({guard}/FLBOOTRPT) OBJTYPE(*DTAARA) USER(QPGMR) AUT(*CHANGE)",
        f"SBMJOB CMD(CALL PGM({guard}/FLBOOT) PARM('*REPORT')) JOB(FLBOOT) USER(QPGMR)",
        f"CHGSYSVAL SYSVAL(QSTRUPPGM) VALUE('FLBOOT {guard}')",
    ]
    return tuple(out)
