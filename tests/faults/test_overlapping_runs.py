"""Two runs that share a clone: the second is refused; without the locks S8 says what both used."""

from __future__ import annotations

from nights import Change, Edit, played

LATE = """\
environment LATE on SISTPROD_24 {
    every wed at 20:50
    around flash { hold job QUSRSSH/CPY }
    quiesce within 60s otherwise abort
    resume within 30s
    on clone brms { group SAV21 library TAPMLB01 restricted within 8h }
    leave clone running
}

"""
DAILY = "environment DAILY on SISTPROD_24 {\n    every day at 20:35\n"
BOTH: tuple[Change, ...] = ((DAILY, LATE + DAILY.replace("day", "wed", 1)),)

RUN_IS_OPEN = "IF         COND(&OUTCOME *NE 'CLOSED') THEN(DO)"
STARTED_BESIDE = "IF         COND(%SST(&STATE 25 10) *NE 'CLOSED') THEN(DO)"
ROW_IS_THERE = """\
             MONMSG     MSGID(SQL0000 CPF0000) EXEC(DO)
                CHGVAR     VAR(&CODE) VALUE('O02')
                CHGVAR     VAR(&MSGID) VALUE('FLE0005')
                CHGVAR     VAR(&DTA) VALUE(&TEXT)
                CALLSUBR   SUBR(FAIL)
             ENDDO
"""
NEVER = "IF         COND('0') THEN(DO)"
BRMS = "             IF         COND(&OK) THEN(CALLSUBR SUBR(O65))\n"
NO_LOCKS = (
    *(
        edit
        for driver in ("FLDDAILY.clle", "FLDLATE.clle")
        for edit in (
            Edit(driver, "*DTAARA *EXCL)", "*DTAARA *SHRRD)", 12),
            Edit(driver, RUN_IS_OPEN, NEVER),
            Edit(driver, ROW_IS_THERE, "             MONMSG     MSGID(SQL0000 CPF0000)\n"),
        )
    ),
    Edit("FLGRDA.clle", "FLKWINA *DTAARA *EXCL", "FLKWINA *DTAARA *SHRRD", 2),
    Edit("FLGRDB.clle", "FLKWINB *DTAARA *EXCL", "FLKWINB *DTAARA *SHRRD", 2),
    Edit("FLSTRENV.clle", STARTED_BESIDE, NEVER),
    # BRMS refuses a second *STRPRC by itself.
    Edit("FLDLATE.clle", BRMS, ""),
)


def test_the_second_run_is_refused() -> None:
    with played(spec=BOTH) as night:
        daily, late = night.runs
        assert daily.good, daily.detail
        assert (late.environment, late.result) == ("LATE", "refused")
        assert "FLE0051" in late.detail
        assert [f"{one.id} {one.detail}" for one in late.broken] == []


def test_without_locks_both_use_what_is_one_runs() -> None:
    with played(NO_LOCKS, spec=BOTH) as night:
        overlaps = [one for run in night.runs for one in run.invariants if one.id == "S8"]
    assert [one.held for one in overlaps] == [False, False]
    for one in overlaps:
        assert "both used brms SISTPROD, clone SISTPROD_24, group V7000 SISTPROD_24" in one.detail
