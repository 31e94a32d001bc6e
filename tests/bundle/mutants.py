"""Generated CL as it must not be: each mutant is one edit of a program of an example, with its rule."""

from __future__ import annotations

from dataclasses import dataclass

from edited import edited


@dataclass(frozen=True, slots=True)
class Mutant:
    """The first `old` becomes `new` in a program of an example; `rule` finds it."""

    name: str
    example: str
    program: str
    old: str
    new: str
    rule: str

    def edited(self, text: str) -> str:
        """The program with the edit."""
        return edited(self.program, text, self.old, self.new, times=None)


_RESUMES = "             CALLSUBR   SUBR(RESUME)\n             QSYS/RTVJOBA DATETIME(&T3)\n"
_HELD = "                CALLSUBR   SUBR(TALK)\n             ENDDO\n             QSYS/RTVJOBA DATETIME(&T2)\n"
_ROLE = """             IF         COND(&ROLE *NE 'P') THEN(DO)
                QSYS/SNDPGMMSG MSGID(FLE0001) +
                             MSGF(BCKFLASHP/FLMSGEN) +
                             MSGDTA(&SERIAL *CAT &LPAR) TOPGMQ(*PRV) +
                             MSGTYPE(*ESCAPE)
                MONMSG     MSGID(CPF0000 MCH0000) /* not sent: done nothing */
                RETURN
             ENDDO
"""
_NIGHTLY, _QUIET, _TWOSITE, _WEEK = "nightly_brms", "quiet", "twosite", "week"
_DAILY = "FLDDAILY"

_REQUEST = (
    "             CHGVAR     VAR(&GMSG) VALUE('REQUEST   00065')\n             CALL       PGM(QSYS/QSNDDTAQ)"
)
_LIMITED = (
    "             MONMSG     MSGID(CPF0000 MCH0000) /* it has its limit */\n"
    "             CALL       PGM(QSYS/QSNDDTAQ)"
)

MUTANTS = (
    # the window
    Mutant("the resume is left out", _NIGHTLY, _DAILY, _RESUMES, "", "FL9010"),
    Mutant(
        "RESUME becomes another SUSPEND",
        _NIGHTLY,
        _DAILY,
        "OPTION(*RESUME)",
        "OPTION(*SUSPEND) SSPTIMO(60) SSPTIMOACN(*END)",
        "FL9010",
    ),
    Mutant(
        "one ASP is not resumed",
        _TWOSITE,
        "FLDEVENING",
        "ASPDEV(PAYMENTS) OPTION(*RESUME)",
        "ASPDEV(*SYSBAS) OPTION(*RESUME)",
        "FL9010",
    ),
    Mutant(
        "a guard says that it is on the watch, and is not",
        _NIGHTLY,
        "FLGRDA",
        "                   CHGVAR     VAR(&WINDOW) VALUE('1')\n",
        "",
        "FL9014",
    ),
    Mutant(
        "a guard does not ask again when it has ended the driver",
        _NIGHTLY,
        "FLGRDA",
        "                   QSYS/CHGASPACT ASPDEV(*SYSBAS) OPTION(*RESUME)\n"
        "                   MONMSG     MSGID(CPF0000 MCH0000) +\n"
        "                                EXEC(CHGVAR VAR(&SAFE) VALUE('0'))\n",
        "",
        "FL9014",
    ),
    Mutant(
        "a guard would resume by a command that it has not tried",
        _NIGHTLY,
        "FLGRDB",
        "QSYS/CHGASPACT ASPDEV(*SYSBAS) OPTION(*FRCWRT)",
        "QSYS/DLYJOB DLY(1)",
        "FL9015",
    ),
    Mutant(
        "a guard has tried the command in one ASP only",
        _TWOSITE,
        "FLGRDA",
        "ASPDEV(PAYMENTS) OPTION(*FRCWRT)",
        "ASPDEV(*SYSBAS) OPTION(*FRCWRT)",
        "FL9015",
    ),
    Mutant(
        "an answer that is missing leaves the window early",
        _NIGHTLY,
        _DAILY,
        _HELD,
        _HELD.replace("ENDDO\n", "ENDDO\n             IF         COND(&REPLY *EQ ' ') THEN(RTNSUBR)\n"),
        "FL9010",
    ),
    Mutant(
        "an unexpected error does not resume",
        _NIGHTLY,
        _DAILY,
        "COND(&PHASE *EQ 'WINDOW') THEN(DO)\n                CALLSUBR   SUBR(RESUME)",
        "COND(&PHASE *EQ 'PROVE') THEN(DO)\n                CALLSUBR   SUBR(RESUME)",
        "FL9010",
    ),
    Mutant(
        "a note inside the window",
        _NIGHTLY,
        _DAILY,
        _RESUMES,
        "             CALLSUBR   SUBR(WRITE)\n" + _RESUMES,
        "FL9011",
    ),
    Mutant(
        "a table inside the window",
        _WEEK,
        "FLDSNAP",
        _HELD,
        "                QSYS/RUNSQL SQL(&SQL) COMMIT(*NONE) NAMING(*SQL)\n"
        "                MONMSG     MSGID(SQL0000 CPF0000 MCH0000)\n" + _HELD,
        "FL9011",
    ),
    Mutant(
        "a job is started inside the window",
        _NIGHTLY,
        _DAILY,
        _RESUMES,
        "             QSYS/SBMJOB CMD(CALL PGM(BCKFLASHP/FLCMD) PARM(&RUN))\n" + _RESUMES,
        "FL9011",
    ),
    Mutant(
        "a message to the operator inside the window",
        _NIGHTLY,
        _DAILY,
        _RESUMES,
        "             QSYS/SNDMSG MSG('held') TOMSGQ(QSYS/QSYSOPR)\n" + _RESUMES,
        "FL9011",
    ),
    Mutant(
        "a connection is made inside the window",
        _NIGHTLY,
        _DAILY,
        "                CALLSUBR   SUBR(TALK)\n             ENDDO\n",
        "                CALLPRC    PRC('connect') PARM((&FD *BYVAL) (&ADDR) +\n"
        "                             (&N16 *BYVAL)) RTNVAL(&RTN)\n"
        "                CALLSUBR   SUBR(TALK)\n             ENDDO\n",
        "FL9011",
    ),
    Mutant(
        "a delay between two tries of RESUME is long",
        _NIGHTLY,
        _DAILY,
        "                QSYS/DLYJOB DLY(1)\n",
        "                QSYS/DLYJOB DLY(60)\n",
        "FL9011",
    ),
    Mutant(
        "MONMSG of SUSPEND is moved one command on",
        _NIGHTLY,
        _DAILY,
        "             MONMSG     MSGID(CPF0000 MCH0000) EXEC(CHGVAR VAR(&HELD) +\n"
        "                          VALUE('0'))\n"
        "             QSYS/RTVJOBA DATETIME(&T1)\n",
        "             QSYS/RTVJOBA DATETIME(&T1)\n"
        "             MONMSG     MSGID(CPF0000 MCH0000) EXEC(CHGVAR VAR(&HELD) +\n"
        "                          VALUE('0'))\n",
        "FL9012",
    ),
    Mutant(
        "MONMSG of SUSPEND gets no MCH",
        _QUIET,
        "FLDNIGHT",
        "MSGID(CPF0000 MCH0000) EXEC(CHGVAR VAR(&HELD)",
        "MSGID(CPF0000) EXEC(CHGVAR VAR(&HELD)",
        "FL9012",
    ),
    Mutant(
        "nobody waits for the guards' flush",
        _NIGHTLY,
        _DAILY,
        "             CHGVAR     VAR(&WANT) VALUE('FLUSHED')\n             CALLSUBR   SUBR(BOTHSAY)\n",
        "             CHGVAR     VAR(&WANT) VALUE('FLUSHED')\n",
        "FL9013",
    ),
    Mutant(
        "guard B is not told of the request",
        _NIGHTLY,
        _DAILY,
        f"{_REQUEST} PARM(&GRDA &LIB &GLEN &GMSG &KEYLEN &RUN)\n{_LIMITED} PARM(&GRDB",
        f"{_REQUEST} PARM(&GRDA &LIB &GLEN &GMSG &KEYLEN &RUN)\n{_LIMITED} PARM(&RUNQ",
        "FL9013",
    ),
    Mutant(
        "suspended before both guards say that they watch",
        _NIGHTLY,
        _DAILY,
        "             CHGVAR     VAR(&WANT) VALUE('WATCH')\n             CALLSUBR   SUBR(BOTHSAY)\n",
        "",
        "FL9013",
    ),
    Mutant(
        "the clone may be running",
        _NIGHTLY,
        _DAILY,
        "                CHGVAR     VAR(&CODE) VALUE('O50')\n"
        "                CHGVAR     VAR(&MSGID) VALUE('FLE0009')\n"
        "                CHGVAR     VAR(&DTA) VALUE(&TEXT)\n"
        "                CALLSUBR   SUBR(FAIL)\n                RTNSUBR\n",
        "                CHGVAR     VAR(&CODE) VALUE('O50')\n"
        "                CHGVAR     VAR(&MSGID) VALUE('FLE0009')\n"
        "                CHGVAR     VAR(&DTA) VALUE(&TEXT)\n"
        "                CALLSUBR   SUBR(FAIL)\n",
        "FL9013",
    ),
    # guards and recovery
    Mutant(
        "a guard ends its watch by END",
        _NIGHTLY,
        "FLGRDA",
        "                WHEN       COND(&WINDOW) THEN(CALLSUBR SUBR(FIRE))\n",
        "",
        "FL9014",
    ),
    Mutant(
        "a guard's error does not fire",
        _NIGHTLY,
        "FLGRDB",
        " BROKEN:     IF         COND(&WINDOW) THEN(CALLSUBR SUBR(FIRE))\n",
        " BROKEN:     CHGVAR     VAR(&WINDOW) VALUE('0')\n",
        "FL9014",
    ),
    Mutant(
        "a guard writes to the journal before it resumes",
        _NIGHTLY,
        "FLGRDA",
        "             SUBR       SUBR(FIRE)\n",
        "             SUBR       SUBR(FIRE)\n"
        "             CALL       PGM(BCKFLASHP/FLJRNL) PARM(&RUN &SIDE +\n"
        "                          &NOTE &CODE &MSGID &DTA &TS)\n",
        "FL9011",
    ),
    Mutant(
        "a guard sends to a queue before it resumes",
        _NIGHTLY,
        "FLGRDB",
        "             SUBR       SUBR(FIRE)\n",
        "             SUBR       SUBR(FIRE)\n             CALLSUBR   SUBR(ANSWER)\n",
        "FL9011",
    ),
    Mutant(
        "the recovery undoes before it resumes",
        _NIGHTLY,
        "FLRCVENV",
        "             IF         COND(*NOT &SAFE) THEN(CALLSUBR SUBR(RESUME))\n",
        "             CHGVAR     VAR(&CLASS) VALUE('A')\n"
        "             CALL       PGM(BCKFLASHP/FLUNDO) PARM(&RUN &CLASS &RC &NOTBACK)\n"
        "             IF         COND(*NOT &SAFE) THEN(CALLSUBR SUBR(RESUME))\n",
        "FL9010",
    ),
    # who am I?
    Mutant("the identity test is left out", _NIGHTLY, _DAILY, _ROLE, "", "FL9020"),
    Mutant("the identity test is left out of an undo", _NIGHTLY, "FLABORT", _ROLE, "", "FL9020"),
    Mutant(
        "an identity that cannot be read counts as production",
        _NIGHTLY,
        "FLGRDA",
        "COND(&ROLE *NE 'P')",
        "COND(&ROLE *EQ 'C')",
        "FL9020",
    ),
    Mutant(
        "something is done before the identity is asked",
        _WEEK,
        "FLBFULL",
        "             /* Who am I?  Only",
        "             QSYS/ENDTCP OPTION(*IMMED)\n             /* Who am I?  Only",
        "FL9020",
    ),
    Mutant(
        "no answer to the identity leads to the clone's work",
        _NIGHTLY,
        "FLBDAILY",
        "             MONMSG     MSGID(CPF0000 MCH0000 CEE0000) EXEC(RETURN)\n",
        "",
        "FL9020",
    ),
    Mutant(
        "the clone ends the FlashCopy state of production",
        _NIGHTLY,
        "FLADAILY",
        "STATE(*ENDBKU)",
        "STATE(*ENDPRC)",
        "FL9021",
    ),
    Mutant(
        "production begins the clone's save", _NIGHTLY, _DAILY, "STATE(*STRPRC)", "STATE(*STRBKU)", "FL9021"
    ),
    Mutant(
        "the clone powers itself on by the console",
        _NIGHTLY,
        "FLBDAILY",
        "             CHGVAR     VAR(&RUN) VALUE(%SST(&TKT 11 14))\n",
        "             CHGVAR     VAR(&RUN) VALUE(%SST(&TKT 11 14))\n"
        "             QSYS/CHGASPACT ASPDEV(*SYSBAS) OPTION(*FRCWRT)\n",
        "FL9021",
    ),
    # the steps
    Mutant(
        "two steps change places",
        _NIGHTLY,
        _DAILY,
        "             IF         COND(&OK) THEN(CALLSUBR SUBR(O40))\n"
        "             IF         COND(&OK) THEN(CALLSUBR SUBR(ASKED))\n"
        "             IF         COND(&OK) THEN(CALLSUBR SUBR(O48))\n",
        "             IF         COND(&OK) THEN(CALLSUBR SUBR(O48))\n"
        "             IF         COND(&OK) THEN(CALLSUBR SUBR(ASKED))\n"
        "             IF         COND(&OK) THEN(CALLSUBR SUBR(O40))\n",
        "FL9031",
    ),
    Mutant(
        "a step is left out",
        _WEEK,
        "FLDFULL",
        "             IF         COND(&OK) THEN(CALLSUBR SUBR(O48))\n",
        "",
        "FL9030",
    ),
    Mutant(
        "an act without its intent",
        _NIGHTLY,
        _DAILY,
        "             CHGVAR     VAR(&CODE) VALUE('O22')\n             CHGVAR     VAR(&LIMIT) VALUE(300)\n"
        "             CHGVAR     VAR(&DTA) VALUE(&NBR *CAT '/QUSRSSH/CPY')\n"
        "             CALLSUBR   SUBR(INTENT)\n",
        "",
        "FL9032",
    ),
    Mutant(
        "an act before its intent",
        _QUIET,
        "FLDNIGHT",
        "             CHGVAR     VAR(&CODE) VALUE('O20')\n             CHGVAR     VAR(&LIMIT)",
        "             QSYS/HLDJOBQ JOBQ(QUSRWRK/QNOTHING)\n"
        "             CHGVAR     VAR(&CODE) VALUE('O20')\n             CHGVAR     VAR(&LIMIT)",
        "FL9032",
    ),
    Mutant(
        "a held job without its undo",
        _NIGHTLY,
        _DAILY,
        "             CHGVAR     VAR(&DTA) VALUE('QSYS/RLSJOB JOB(' *CAT &NBR *CAT +\n"
        "                          '/QUSRSSH/CPY)')\n"
        "             CALLSUBR   SUBR(UNDO)\n",
        "",
        "FL9033",
    ),
    Mutant(
        "the undo releases another job",
        _NIGHTLY,
        _DAILY,
        "'/QUSRSSH/CPY)')\n             CALLSUBR   SUBR(UNDO)",
        "'/QUSRSSH/CPZ)')\n             CALLSUBR   SUBR(UNDO)",
        "FL9034",
    ),
    Mutant(
        "the undo does the same again",
        _NIGHTLY,
        _DAILY,
        "VALUE('QSYS/RLSJOB JOB('",
        "VALUE('QSYS/HLDJOB JOB('",
        "FL9034",
    ),
    Mutant(
        "two undos have one number",
        _NIGHTLY,
        _DAILY,
        "             CHGVAR     VAR(&MSGID) VALUE('FLU1002')\n",
        "             CHGVAR     VAR(&MSGID) VALUE('FLU1001')\n",
        "FL9035",
    ),
    # each command by itself
    Mutant("a command without its library", _NIGHTLY, "FLBACK", "QSYS/STRSBS", "STRSBS", "FL9002"),
    Mutant(
        "a GOTO of its own",
        _NIGHTLY,
        "FLGRDA",
        "                CALLSUBR   SUBR(LOOK)\n             ENDDO\n",
        "                CALLSUBR   SUBR(LOOK)\n"
        "                GOTO       CMDLBL(BROKEN)\n             ENDDO\n",
        "FL9003",
    ),
    Mutant(
        "CPF0000 alone for TCP/IP",
        _NIGHTLY,
        _DAILY,
        "             QSYS/STRTCPIFC INTNETADR('192.168.99.15')\n"
        "             MONMSG     MSGID(CPF0000 TCP0000) EXEC(DO)\n",
        "             QSYS/STRTCPIFC INTNETADR('192.168.99.15')\n"
        "             MONMSG     MSGID(CPF0000) EXEC(DO)\n",
        "FL9004",
    ),
    Mutant(
        "a queue is waited for without end",
        _NIGHTLY,
        "FLGRDA",
        "LEN(5 0) VALUE(60)",
        "LEN(5 0) VALUE(-1)",
        "FL9005",
    ),
    Mutant("a lock is waited for without limit", _NIGHTLY, "FLGRDA", "WAIT(30)", "", "FL9005"),
    Mutant("SUSPEND without its limit", _NIGHTLY, _DAILY, "SSPTIMO(60) SSPTIMOACN(*END)", "", "FL9005"),
    Mutant(
        "the answer is read without a limit",
        _NIGHTLY,
        _DAILY,
        "                IF         COND(&RTN *LE 0) THEN(LEAVE)\n                CHGVAR     VAR(&MORE)",
        "                CHGVAR     VAR(&MORE)",
        "FL9005",
    ),
)
