"""For each invariant three products that break it (CL, sidecar or site changed): its checker says so.

A checker that never fails proves nothing.  Other checkers may complain of the same night as well, and what
does not get in each other's way shares a night: each has words of its own that its checker must find.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import replace as replaced
from typing import Any

import pytest
from flashc.cli.stage import Stage
from flashrt import check
from flashrt.arrays import members
from flashrt.consoles.base import Finding
from flashrt.consoles.hmc import Hmc
from flashtwin.gate import gate_of
from flashtwin.installed import conditions
from flashtwin.keys import private_key
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.server import Request
from nights import Change, Edit, Played, is_row, played

DRIVER = "FLDDAILY.clle"
RESUME = "QSYS/CHGASPACT ASPDEV(*SYSBAS) OPTION(*RESUME)"
NOTHING = "QSYS/DLYJOB DLY(1)"
SUSPEND = """\
             QSYS/CHGASPACT ASPDEV(*SYSBAS) OPTION(*SUSPEND) +
                          SSPTIMO(60) SSPTIMOACN(*END)
"""
OFF_BEFORE_THE_WINDOW = """\
             IF         COND(&RC *NE 0 *OR &WORD *NE 'OFF') THEN(DO)
                CHGVAR     VAR(&CODE) VALUE('O50')
"""
GOOD_ANSWER = """\
             IF         COND(%SST(&REPLY 33 7) *EQ '00FIRED') +
                          THEN(CHGVAR VAR(&ANSWER) VALUE('1'))
"""
ANY_ANSWER = "             CHGVAR     VAR(&ANSWER) VALUE('1')\n"
PROVE = """\
             CHGVAR     VAR(&VERB) VALUE('array ALL prove --clone' +
                          *BCAT &CLONE *BCAT '--run' *BCAT &RUN)
             CHGVAR     VAR(&LEFT) VALUE(240)
             QSYS/RTVJOBA DATETIME(&ASKED)
             CALLSUBR   SUBR(INSIST)
"""
TRIGGER = "/* O55  The requests that take the copy, sent together                 */\n"
TALK = "                CALLSUBR   SUBR(TALK)\n"
SAVING = "                   CHGVAR     VAR(&SAVING) VALUE('1')\n"
VERDICT = "IF         COND(&OK *AND &WORD *NE 'COMPLETE') THEN(DO)"
VERIFIED = """\
             CHGVAR     VAR(&VERB) VALUE('deliver verify --run' *BCAT &RUN)
             CALL       PGM(BCKFLASHP/FLPASE) PARM(&VERB &RC &RECORD)
"""
HOLD = "QSYS/HLDJOB JOB(&NBR/QUSRSSH/CPY)"
MAP_4 = '    ["SISTPROD_D4", "SISTP24_D4"],\n]\n\n[[arrays.groups]]\nname = "SISTPROD_1"'
PROFILE: Change = ("vlans = [99] }]", "vlans = [1, 99] }]")
BEHIND: Change = ('clock_skew = "-4m"', 'clock_skew = "-50m"')
KEY = "v7000_ed25519"
HELD_LINE = "        hold job QUSRSSH/CPY\n"
REPORTS: Change = (
    'subsystems = [{ name = "DOMINO", library = "QGPL" }]',
    'subsystems = [{ name = "DOMINO", library = "QGPL" }, { name = "REPORTS", library = "QGPL" }]',
)
# Nobody has named the server either, so the product has no authority to the command that ends it.
ALLOWED: Change = (
    "guard_run = true\n",
    'guard_run = true\ncommands = ["GRTOBJAUT OBJ(QSYS/ENDTCPSVR) OBJTYPE(*CMD) USER(FLASHC) AUT(*USE)"]\n',
)
ONLINE: Change = (
    'drives = ["TAP01", "TAP02"]',
    'drives = ["TAP01", "TAP02"], online = true, allocation = "UNPROTECTED"',
)
POOL: Change = ("domino = [", 'independent_asps = [{ name = "PAYIASP" }]\ndomino = [')
NAMED_POOL: Change = ("    release   7.4", "    release   7.4\n    independent asp PAYIASP")
RESUME_POOL = RESUME.replace("*SYSBAS", "PAYIASP")
SUSPEND_POOL = """\
                QSYS/CHGASPACT ASPDEV(PAYIASP) OPTION(*SUSPEND) +
                             SSPTIMO(&ASPLEFT) SSPTIMOACN(*END)
"""
LEFT = "                   CALLSUBR   SUBR(LEFT)\n"
# What is done around the flash, the line behind the note of its undo, and what S5 then says.
NOT_NOTED = (
    ("hold job queue QGPL/QBATCH", "QSYS/HLDJOBQ JOBQ(QGPL/QBATCH)", "job queue QGPL/QBATCH is held since"),
    (
        "hold schedule entry INVOICES",
        "CHGVAR     VAR(&NBR) VALUE(%SST(&ITEMMORE 1 6))",
        "schedule entry INVOICES is held since",
    ),
    (
        "end subsystem QGPL/REPORTS within 1m",
        "CHGVAR     VAR(&CMD) VALUE('QSYS/ENDSBS'",
        "subsystem REPORTS is ended since",
    ),
    ("end tcp server *FTP", "CHGVAR     VAR(&ITEM) VALUE('*FTP')", "server *FTP is ended since"),
    (
        "vary off device TAPMLB01",
        "CHGVAR     VAR(&CMD) VALUE('QSYS/VRYCFG'",
        "device TAPMLB01 is off since",
    ),
)
NOT_NAMED = (
    ("HLDJOBQ JOBQ(QGPL/QBATCH)", "HLDJOBQ QGPL/QBATCH at"),
    ("HLDJOBSCDE JOB(INVOICES)", "HLDJOBSCDE INVOICES at"),
    ("ENDSBS SBS(REPORTS) OPTION(*IMMED)", "ENDSBS REPORTS at"),
    ("ENDTCPSVR SERVER(*FTP)", "ENDTCPSVR *FTP at"),
    ("VRYCFG CFGOBJ(TAPMLB01) CFGTYPE(*DEV) STATUS(*OFF)", "VRYCFG TAPMLB01 at"),
)
# What is to be done before the flash, and the command that does it, which is missing.
NOT_DONE = (
    ("hold job QUSRSSH/CPY", HOLD, "O22"),
    ("hold job queue QGPL/QBATCH", "QSYS/HLDJOBQ JOBQ(QGPL/QBATCH)", "O20"),
    ("hold schedule entry INVOICES", "QSYS/HLDJOBSCDE JOB(INVOICES) ENTRYNBR(&NBR)", "O21"),
)

Patch = Callable[[pytest.MonkeyPatch], None]


@dataclass(frozen=True, slots=True)
class Broken:
    """One broken variant: what is changed, and what the checker of the invariant must say.

    Variants with the same text in `night` are played in one; "" is a night of its own.
    """

    id: str
    name: str
    says: str
    edits: tuple[Edit, ...] = ()
    changes: tuple[Change, ...] = ()
    prepare: Callable[[Stage], None] | None = None
    patch: Patch | None = None
    compare: bool = False
    spec: tuple[Change, ...] = ()
    night: str = ""


NOT_NOTED_NIGHT = "changes without an undo"
NOT_NAMED_NIGHT = "what nobody has named"
ONLY_SAID_NIGHT = "what is only said"
IPL_NIGHT = "an IPL that is another one"


def _clone_started_by_hand(stage: Stage) -> None:
    """Somebody starts the clone when the window begins."""
    clone = stage.world.partition("SISTPROD_24")

    def around(context: Any, go: Callable[[], Any]) -> Any:
        if is_row(context, "I", "O50") and clone.state == "Not Activated":
            clone.power_on("clone")
        return go()

    stage.world.around_command = around


def _lost_answer(stage: Stage) -> None:
    """The array takes the copy, and its answer is lost."""

    def lose(request: Request, outcome: Outcome) -> Outcome:
        return replaced(outcome, lost="after") if "startfcconsistgrp" in request.command else outcome

    gate_of(stage.world.scheduler).alter.append(lose)


def _save_fails(stage: Stage) -> None:
    conditions(stage.world).save_fails_at = "*IBM"


def _damaged(stage: Stage) -> None:
    """What has arrived of the delivery is changed behind its back."""

    def around(context: Any, go: Callable[[], Any]) -> Any:
        if is_row(context, "R", "O85"):
            (file,) = (stage.system.image.ifs / "flashc/BCKFLASHP/inbox").glob("*/steps.txt")
            file.write_bytes(file.read_bytes()[:-1])
        return go()

    stage.world.around_command = around


def _no_members(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(members, "_check_members", lambda *_args: [])
    monkeypatch.setattr(check.Survey, "_compare_units", lambda _self: [])


def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Hmc, "_check_network", lambda *_args: Finding("console.network", True, "good"))


def _shown_key(monkeypatch: pytest.MonkeyPatch) -> None:
    summary = check.summary

    def tells(*args: Any) -> Any:
        return summary(*args)._replace(text=private_key(KEY).splitlines()[1])

    monkeypatch.setattr(check, "summary", tells)


VARIANTS = (
    *(
        Broken(
            "S5",
            f"undo not noted: {statement}",
            says,
            (
                Edit(
                    DRIVER, f"             CALLSUBR   SUBR(UNDO)\n             {line}", f"             {line}"
                ),
            ),
            (REPORTS, ONLINE),
            spec=((HELD_LINE, f"{HELD_LINE}        {statement}\n"),),
            night=NOT_NOTED_NIGHT,
        )
        for statement, line, says in NOT_NOTED
    ),
    *(
        Broken(
            "S9",
            f"only said: {statement}",
            f"the journal tells {code} ",
            (Edit(DRIVER, command, NOTHING),),
            spec=() if statement in HELD_LINE else ((HELD_LINE, f"{HELD_LINE}        {statement}\n"),),
            night=ONLY_SAID_NIGHT,
        )
        for statement, command, code in NOT_DONE
    ),
    Broken(
        "S9",
        "only said: end tcp server *FTP",
        "the journal tells O37 ",
        (Edit("FLENDSVR.clle", "QSYS/ENDTCPSVR SERVER(&NAME)", NOTHING),),
        spec=((HELD_LINE, f"{HELD_LINE}        end tcp server *FTP\n"),),
        night=ONLY_SAID_NIGHT,
    ),
    Broken(
        "S9",
        "only said: end domino server DOMINO02",
        "the journal tells O35 ",
        (
            Edit(
                DRIVER,
                "VALUE('*LIBL/ENDDOMSVR' *BCAT +\n"
                "                          'SERVER(DOMINO02) OPTION(*CNTRLD)')",
                f"VALUE('{NOTHING}')",
            ),
        ),
        night=ONLY_SAID_NIGHT,
    ),
    *(
        Broken(
            "S13",
            command,
            says,
            (Edit(DRIVER, f"             {HOLD}", f"             QSYS/{command}\n             {HOLD}"),),
            (REPORTS, ONLINE, ALLOWED),
            night=NOT_NAMED_NIGHT,
        )
        for command, says in NOT_NAMED
    ),
    Broken(
        "S1",
        "an independent ASP is forgotten by all",
        "never resumed, and nothing says that it may be suspended",
        (
            Edit(DRIVER, RESUME_POOL, NOTHING),
            Edit("FLGRDA.clle", RESUME_POOL, NOTHING, 2),
            Edit("FLGRDB.clle", RESUME_POOL, NOTHING, 2),
            Edit("FLRCVENV.clle", RESUME_POOL, NOTHING),
        ),
        (POOL,),
        spec=(NAMED_POOL,),
    ),
    Broken(
        "S2",
        "an independent ASP is not suspended",
        "while production was not suspended",
        (Edit(DRIVER, SUSPEND_POOL, f"                {NOTHING}\n"),),
        (POOL,),
        spec=(NAMED_POOL,),
    ),
    Broken(
        "S1",
        "nobody resumes",
        "never resumed, and nothing says that it may be suspended",
        (
            Edit(DRIVER, RESUME, NOTHING),
            Edit("FLGRDA.clle", RESUME, NOTHING, 2),
            Edit("FLGRDB.clle", RESUME, NOTHING, 2),
            Edit("FLRCVENV.clle", RESUME, NOTHING),
        ),
    ),
    Broken(
        "S1",
        "guards are ten times too patient",
        "production was held",
        (
            Edit(DRIVER, RESUME, "QSYS/DLYJOB DLY(900)"),
            Edit(DRIVER, "'HELD      00030'", "'HELD      00300'"),
        ),
    ),
    Broken(
        "S2",
        "clone started by hand",
        "while SISTPROD_24 was Starting",
        (Edit(DRIVER, OFF_BEFORE_THE_WINDOW, OFF_BEFORE_THE_WINDOW.replace(" *OR &WORD *NE 'OFF'", "")),),
        prepare=_clone_started_by_hand,
    ),
    Broken(
        "S2",
        "group lacks a disk unit",
        "of SISTPROD is no source of the flash",
        changes=((MAP_4, MAP_4.replace('    ["SISTPROD_D4", "SISTP24_D4"],\n', "")),),
        patch=_no_members,
    ),
    Broken(
        "S2",
        "not suspended",
        "while production was not suspended",
        (Edit(DRIVER, SUSPEND, f"             {NOTHING}\n"),),
    ),
    Broken(
        "S3",
        "an answer that never came counts",
        "whose trigger had no good answer",
        (Edit(DRIVER, GOOD_ANSWER, ANY_ANSWER),),
        prepare=_lost_answer,
    ),
    Broken(
        "S3",
        "flash not proven",
        "had not been asked for the start times of SISTPROD_24 after the flash",
        (Edit(DRIVER, PROVE, PROVE[: PROVE.index("             CALL")]),),
    ),
    Broken(
        "S3",
        "the trigger is sent after the resume",
        ", after the resume at",
        (
            Edit(DRIVER, TRIGGER + TALK, TRIGGER),
            Edit(
                DRIVER,
                "             CALLSUBR   SUBR(RESUME)\n             QSYS/RTVJOBA DATETIME(&T3)\n",
                "             CALLSUBR   SUBR(RESUME)\n             CALLSUBR   SUBR(TALK)\n"
                "             QSYS/RTVJOBA DATETIME(&T3)\n",
            ),
        ),
    ),
    Broken(
        "S4",
        "profile with production's VLAN",
        "on production's VLAN 1",
        changes=(PROFILE,),
        patch=_no_network,
    ),
    Broken(
        "S4",
        "all interfaces are started on the clone",
        "answers on production's VLAN 1",
        (Edit("FLSEND.clle", "STRSVR(*NO) STRIFC(*NO)", "STRSVR(*NO) STRIFC(*YES)"),),
        (PROFILE,),
        patch=_no_network,
    ),
    Broken(
        "S4",
        "no guard on the clone",
        "the start-up program QSYS/QSTRUP of production ran",
        (Edit("FLBOOT.clle", "IF         COND(&ROLE *EQ 'P')", "IF         COND(&ROLE *NE 'U')"),),
    ),
    Broken(
        "S5",
        "undo of a held job not registered",
        "job 141601/QUSRSSH/CPY is held since",
        (
            Edit(
                DRIVER,
                f"             CALLSUBR   SUBR(UNDO)\n             {HOLD}",
                f"             {HOLD}",
            ),
        ),
    ),
    Broken(
        "S5",
        "undone in the order of the changes",
        "before Domino server DOMINO02, which was changed after it",
        (Edit("FLUNDO.clle", "SELECT MAX(O.SEQ)", "SELECT MIN(O.SEQ)"),),
    ),
    Broken(
        "S5",
        "a system value of production is changed",
        "CHGSYSVAL",
        (
            Edit(
                DRIVER,
                f"             {HOLD}",
                f"             QSYS/CHGSYSVAL SYSVAL(QINACTITV) VALUE('*NONE')\n             {HOLD}",
            ),
        ),
        night=NOT_NAMED_NIGHT,
    ),
    Broken(
        "S6",
        "*ENDPRC while the clone saves",
        "might still have been writing",
        (
            Edit(
                DRIVER, SAVING, f"{SAVING}                   QBRM/INZBRM OPTION(*FLASHCOPY) STATE(*ENDPRC)\n"
            ),
        ),
    ),
    Broken(
        "S6",
        "no *ENDPRC, and nobody is told",
        ", and nobody is told",
        (Edit("FLENDPRC.clle", "QBRM/INZBRM OPTION(*FLASHCOPY) STATE(*ENDPRC)", NOTHING),),
    ),
    Broken(
        "S6",
        "history saved before *ENDBKU",
        "was not saved after the *ENDBKU",
        (Edit("FLADAILY.clle", "QBRM/INZBRM OPTION(*FLASHCOPY) STATE(*ENDBKU)", NOTHING),),
    ),
    Broken(
        "S7",
        "the verdict of the save is ignored",
        "completed was said and the save of SAV21 ended with 'failed'",
        (Edit(DRIVER, VERDICT, "IF         COND(&OK *AND &WORD *EQ 'NEVER') THEN(DO)"),),
        prepare=_save_fails,
    ),
    Broken(
        "S7",
        "the delivery is not verified",
        "file steps.txt of the delivery is damaged",
        (
            Edit(
                DRIVER,
                VERIFIED,
                f"{VERIFIED}             CHGVAR     VAR(&RC) VALUE(0)\n"
                "             CHGVAR     VAR(&RECORD) VALUE('00COMPLETE')\n",
            ),
        ),
        prepare=_damaged,
    ),
    Broken(
        "S7",
        "maintenance is only said",
        "maintenance without movement had not run",
        (
            Edit(
                DRIVER,
                "VALUE('QBRM/STRMNTBRM MOVMED(' *TCAT +\n                          '*NO)')",
                f"VALUE('{NOTHING}')",
            ),
        ),
    ),
    Broken(
        "S9",
        "a step is not written",
        "'job_held' at",
        (
            Edit(
                "FLJRNL.clle",
                "             CHGVAR     VAR(&NOW) VALUE(&TS)\n",
                "             IF         COND(&CODE *EQ 'O22') THEN(RETURN)\n"
                "             CHGVAR     VAR(&NOW) VALUE(&TS)\n",
            ),
        ),
    ),
    Broken(
        "S9",
        "a flash is told that was never asked for",
        "which did not happen",
        (
            Edit(DRIVER, TRIGGER + TALK, TRIGGER),
            Edit(DRIVER, GOOD_ANSWER, ANY_ANSWER),
        ),
    ),
    Broken(
        "S9",
        "a step of the clone does not come home",
        "'brms_save' at",
        (
            Edit(
                "FLIMPORT.clle",
                "'SUBSTR(A.FLRSLT, 15, 1) = ''C''' +",
                "'SUBSTR(A.FLRSLT, 15, 1) = ''C'' AND' *BCAT +\n"
                "                            'SUBSTR(A.FLRSLT, 53, 3) <> ''C30''' +",
            ),
        ),
        night=NOT_NAMED_NIGHT,
    ),
    Broken("S10", "a key in a text", f"key {KEY}", patch=_shown_key),
    # The third, a token of a session, is in test_secrets.py.
    Broken(
        "S10",
        "a key in a job log",
        f"key {KEY}",
        (
            Edit(
                "FLSTRENV.clle",
                "             /* A run that is still open is for FLRCVENV */\n",
                "             /* A run that is still open is for FLRCVENV */\n"
                f"             QSYS/SNDPGMMSG MSG('{private_key(KEY).splitlines()[1][:40]}' *CAT +\n"
                f"                          '{private_key(KEY).splitlines()[1][40:]}')\n",
            ),
        ),
        night=NOT_NAMED_NIGHT,
    ),
    Broken(
        "S11",
        "the guard forgets the site's program",
        "start-up program QSYS/QSTRUP did not start",
        (
            Edit(
                "FLBOOT.clle",
                "             ENDDO\n             CALL       PGM(&PLIB/&PGM)\n             ENDSUBR\n\n"
                "             SUBR       SUBR(PREV)",
                "             ENDDO\n             CHGVAR     VAR(&ROUND) VALUE(0)\n             ENDSUBR\n\n"
                "             SUBR       SUBR(PREV)",
            ),
        ),
        compare=True,
        night=IPL_NIGHT,
    ),
    Broken(
        "S11",
        "the guard starts a subsystem that the site does not",
        "subsystem REPORTS started, which did not before",
        (
            Edit(
                "FLBOOT.clle",
                LEFT,
                f"{LEFT}                   QSYS/STRSBS SBSD(QGPL/REPORTS)\n",
            ),
        ),
        (REPORTS,),
        compare=True,
        night=IPL_NIGHT,
    ),
    Broken(
        "S11",
        "the guard submits a job",
        "job QPGMR/FLNEW started, which did not before",
        (
            Edit(
                "FLBOOT.clle",
                LEFT,
                f"{LEFT}                   QSYS/SBMJOB CMD(QSYS/DLYJOB DLY(1)) JOB(FLNEW) JOBQ(QSYS/QCTL)\n",
            ),
        ),
        compare=True,
        night=IPL_NIGHT,
    ),
    Broken(
        "S12",
        "the clone takes itself for production",
        "schedule entry FLDDAILY started job",
        (
            Edit("FLIDENT.clle", "CHGVAR     VAR(&ROLE) VALUE('F')", "CHGVAR     VAR(&ROLE) VALUE('P')"),
            Edit("FLIDENT.clle", "CHGVAR     VAR(&ROLE) VALUE('C')", "CHGVAR     VAR(&ROLE) VALUE('P')"),
        ),
        (BEHIND,),
    ),
    Broken(
        "S12",
        "the clone ends the process of production",
        "STATE(*ENDPRC)",
        (Edit("FLADAILY.clle", "STATE(*ENDBKU)", "STATE(*ENDPRC)"),),
    ),
    Broken(
        "S12",
        "the clone writes main storage out",
        "CHGASPACT",
        (
            Edit(
                "FLBDAILY.clle",
                "             QBRM/INZBRM OPTION(*FLASHCOPY) STATE(*STRBKU)\n",
                "             QSYS/CHGASPACT ASPDEV(*SYSBAS) OPTION(*FRCWRT)\n"
                "             QBRM/INZBRM OPTION(*FLASHCOPY) STATE(*STRBKU)\n",
            ),
        ),
        night=NOT_NAMED_NIGHT,
    ),
    Broken(
        "S13",
        "a subsystem of production is ended",
        "ENDSBS QINTER at",
        (
            Edit(
                "FLHIST.clle",
                "             QSYS/ENDSBS SBS(Q1ABRMNET) OPTION(*IMMED)\n",
                "             QSYS/ENDSBS SBS(QINTER) OPTION(*IMMED)\n"
                "             QSYS/ENDSBS SBS(Q1ABRMNET) OPTION(*IMMED)\n",
            ),
        ),
        night=NOT_NAMED_NIGHT,
    ),
    Broken(
        "S13",
        "a user's job is held",
        "HLDJOB 141377/ANNA/ORDERS at",
        (
            Edit(
                DRIVER,
                f"             {HOLD}",
                f"             QSYS/HLDJOB JOB(141377/ANNA/ORDERS)\n             {HOLD}",
            ),
        ),
        night=NOT_NAMED_NIGHT,
    ),
    Broken(
        "S13",
        "the BRMS network does not come back",
        "Q1ABRMNET has ended at",
        (
            Edit(
                "FLENDPRC.clle",
                "             QBRM/INZBRM OPTION(*FLASHCOPY) STATE(*ENDPRC)\n",
                "             QBRM/INZBRM OPTION(*FLASHCOPY) STATE(*ENDPRC)\n"
                "             QSYS/ENDSBS SBS(Q1ABRMNET) OPTION(*IMMED)\n",
            ),
        ),
    ),
)


def _nights() -> dict[str, tuple[Broken, ...]]:
    """The variants by the night in which they are played."""
    names = [variant.night or f"{variant.id} {variant.name}" for variant in VARIANTS]
    return {
        name: tuple(v for v, own in zip(VARIANTS, names, strict=True) if own == name)
        for name in dict.fromkeys(names)
    }


@pytest.mark.parametrize("variants", _nights().values(), ids=_nights())
def test_caught(variants: tuple[Broken, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    for variant in variants:
        if variant.patch is not None:
            variant.patch(monkeypatch)
    (prepare,) = {variant.prepare for variant in variants}
    with played(
        [edit for variant in variants for edit in variant.edits],
        [*dict.fromkeys(change for variant in variants for change in variant.changes)],
        spec=tuple(change for variant in variants for change in variant.spec),
        prepare=prepare,
        compare=any(variant.compare for variant in variants),
    ) as night:
        verdicts = {one.id: one for one in night.run.invariants}
    for variant in variants:
        verdict = verdicts[variant.id]
        assert not verdict.held, (variant.name, night.run.result, night.run.detail, verdict.detail)
        assert variant.says in verdict.detail, variant.name


def _holds(night: Played) -> None:
    assert [f"{one.id} {one.detail}" for one in night.run.broken] == []


def test_the_same_night_unbroken_holds_everything() -> None:
    with played(compare=True) as night:
        _holds(night)
        assert night.run.good, night.run.detail


def test_a_clone_whose_clock_is_far_behind_is_no_danger() -> None:
    with played(changes=(BEHIND,)) as night:
        _holds(night)
        assert night.run.good, night.run.detail


def test_the_brms_network_comes_back() -> None:
    # Its jobs have files of QUSRBRM open and take their time to end, on the clone as on production.
    with played(changes=(("[durations]", '[durations]\nend_subsystem = "4m"'),)) as night:
        _holds(night)
        assert night.run.good, night.run.detail
        ended = [
            event["subsystem"] for event in night.stage.world.events.of("subsystem_ended", system="SISTPROD")
        ]
        assert "Q1ABRMNET" in ended
        assert "Q1ABRMNET" in night.stage.system.work.subsystems


def test_a_lost_answer_starts_no_clone() -> None:
    with played(prepare=_lost_answer) as night:
        _holds(night)
        assert "O55 FLE0024" in night.run.detail


def test_a_save_that_fails_is_not_completed() -> None:
    with played(prepare=_save_fails) as night:
        _holds(night)
        assert "O85 FLE0033" in night.run.detail


def test_a_damaged_delivery_is_not_completed() -> None:
    with played(prepare=_damaged) as night:
        _holds(night)
        assert night.run.result != "completed"


def test_every_invariant_has_three_broken_variants() -> None:
    # S8 needs two runs: test_overlapping_runs.py.  Of S10 the third is in test_secrets.py.
    count = Counter(variant.id for variant in VARIANTS) + Counter(S8=3, S10=1)
    assert {f"S{number}": count[f"S{number}"] for number in range(1, 14) if count[f"S{number}"] < 3} == {}
