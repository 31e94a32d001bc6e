"""Parameters that a handler does not look at: they must not pass as if they had been done.

A handler models the parameters whose keywords stand as texts in its module.  Others are an error of the twin,
unless they are listed here as without effect on anything that a rehearsal looks at.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from functools import cache
from types import CodeType, FunctionType
from typing import Any

from flashtwin.commands import Registered
from flashtwin.errors import TwinError

# How things look, print, perform, are described or are laid out on media: nothing that a rehearsal judges.
_INERT = """
ABNENDDLY ACCPTH ACCPTHSIZ ACGCDE ACTIVITY ADLINTJOBS ALLOCATE ALLOW ALROPT ALWALR ALWBLK ALWCPYDTA
ALWDLT ALWLMTUSR ALWRTVSRC ALWUPD APPEND ASP ASPDEV ASTLVL ASYNCBRING ATTACH AUT AUTCHK BRKMSG
CCSID CHARSET CHRIDCTL CMDUSRSPC CNTRYID COMPACT COMPRESS CONFIRM CONTENT CONTIG CPCMPDTA CPUTIME CRTAUT
CRTDATE CRTOBJAUD CRTOBJSCAN CURLIB DATSEP DBFCCSID DBGVIEW DDMCNV DECFMT DECRESULT DEVRCYACN DFRID
DFTWAIT DLO DLTPCT DLVRY DMPLST DSPSBMJOB DTACPR DTAFMT DUPJOBOPT ENDACTCNN ENDAPP ENDOPT ENDSBSOPT
ENDSEV ENDSVR EXPDATE FILETYPE FLAG FLAGSTD FLR FORCE FRCACCPTH FRCOBJCVN FRCRATIO FROMCCSID GENLVL
GENOPT HLPID HLPPNLGRP HLPSCHIDX HLPSHELF IGCDTA INCFILE INFTYPE INLASPGRP INLMNU JOBMSGQMX JOBPTY
JOBSYSNAME KEEPSPLF LABEL LANGID LCLPWDMGT LMTCPB LMTDEVSSN LOG LOGCLPGM LOGLMT LOGOUTPUT LOGPRB LVL
LVLCHK MAINT MARGINS MAXMBRS MAXPTY1 MAXPTY2 MAXPTY3 MAXPTY4 MAXPTY5 MAXPTY6 MAXPTY7 MAXPTY8 MAXPTY9
MAXRCDS MAXSTG MAXTHD MAXTMPSTG MBROPT MLTTHDACN MODE MSGQ NOTE OBJAUT OPRCTL OPTFILE OPTIMIZE OPTION
OUTPTY OUTPUT OUTQ OWNER PAGESIZE PASSWORD PGM PMTFILE PMTOVRPGM POOLID POOLS PRCRSCPTY PRDLIB PRECHK
PRIORITY PRTDEV PRTFILE PRTKEYFMT PRTTXT PTYLMT PURGE PVTAUT PWDEXP PWDEXPITV QDTA RECOVER RESTRUCTURE
RETENTION REUSEDLT RMVHST RQDPCL RSCAFNGRP RSTDRNMUNL RTGDTA RUNCLNUP SAVACT SAVACTMSGQ SAVACTOPT
SAVACTWAIT SAVFDTA SCAN SECLVL SECLVLTXT SENDERFMT SEV SGNDSPF SHARE SIZE SORT SPCENV SPLFACN SPLFDTA
SPLFILE SQLCURRULE SRTSEQ STG STGMDL STRIP6 STRPTPPRF STRSEQ STSMSG SYNCID SYNTAX SYSLIBL SYSLIBLE
SYSTEM TABEXPN TBL TEXT TGTCCSID TGTRLS THDRSCAFN THDSAFE TIMESLICE TIMOUTOPT TOCCSID TRNTBL TSEPOOL
TXTCCSID TYPE UNIT UPDHST USECOUNT USEOPTBLK USRCLS USRLIBL VLDCKR VRYWAIT WAITFILE WAITRCD WLCGRP
"""
INERT = frozenset(_INERT.split())
# Commands whose handlers go through whatever was written.
ALL_PARAMETERS = frozenset({"CHGATR", "CHGIPLA", "CHGNETA", "RTVJOBA", "RTVNETA", "RTVOBJD", "RTVUSRPRF"})


@cache
def _texts_of(module: str) -> frozenset[str]:
    return frozenset(_texts(vars(sys.modules[module]), module))


def _texts(value: Any, module: str) -> Iterator[str]:
    """The texts in a value of a module: in constants, and in the code of functions that are its own."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, FunctionType) and value.__module__ == module:
        yield from _texts((value.__code__, value.__defaults__), module)
    elif isinstance(value, CodeType):
        yield from _texts(value.co_consts, module)
    elif isinstance(value, dict):
        yield from _texts((*value, *value.values()), module)
    elif isinstance(value, tuple | list | set | frozenset):
        for one in value:
            yield from _texts(one, module)


@cache
def _modelled(registered: Registered) -> frozenset[str]:
    return _texts_of(registered.handler.__module__) | INERT


def refuse_unmodelled(registered: Registered, written: Iterable[str]) -> None:
    """A TwinError for a written parameter that the handler does not know."""
    if registered.name in ALL_PARAMETERS:
        return
    modelled = _modelled(registered)
    unknown = [keyword for keyword in written if keyword not in modelled]
    if unknown:
        raise TwinError(
            f"the twin does not model the parameter {unknown[0]} of the command {registered.name}: "
            "its handler must do it, or it belongs to what has no effect here"
        )
