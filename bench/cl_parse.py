"""How fast the CL parser reads a program of the usual style, beside two other readings of the same text.

`python bench/cl_parse.py [FILE...]` prints megabytes a second of the parser, of one regular expression
that only splits the text into words, and of Python's own tokenizer (in Python) on Python text of the same
size.  Without files a program is repeated up to 2 MB.
"""

from __future__ import annotations

import gc
import io
import re
import sys
import time
import tokenize
from collections.abc import Callable
from pathlib import Path

from flashc.cl.parser import parse

PROGRAM = """\
/*********************************************************************/
/*  PROGRAM  ORDCLOSE      close the order day                         */
/*  Called by the scheduler; ends with an escape when a step fails.    */
/*********************************************************************/
             PGM        PARM(&DATE &OPTION)

             DCL        VAR(&DATE) TYPE(*CHAR) LEN(7)      /* CYYMMDD          */
             DCL        VAR(&OPTION) TYPE(*CHAR) LEN(4)
             DCL        VAR(&COUNT) TYPE(*DEC) LEN(10 0) VALUE(0)
             DCL        VAR(&TEXT) TYPE(*CHAR) LEN(256)
             DCL        VAR(&MSGID) TYPE(*CHAR) LEN(7)
             DCL        VAR(&LIB) TYPE(*CHAR) LEN(10) VALUE('ORDLIB')
             MONMSG     MSGID(CPF0000) EXEC(GOTO CMDLBL(ERROR))

             /* Is the library there at all? */
             CHKOBJ     OBJ(QSYS/&LIB) OBJTYPE(*LIB)
             MONMSG     MSGID(CPF9801) EXEC(DO)
                SNDPGMMSG  MSGID(CPF9898) MSGF(QCPFMSG) +
                             MSGDTA('Library' *BCAT &LIB *BCAT 'not found') +
                             MSGTYPE(*ESCAPE)
             ENDDO

LOOP:        RTVMBRD    FILE(&LIB/ORDERS) MBR(*FIRST) NBRCURRCD(&COUNT)
             IF         COND((&COUNT *GT 0) *AND (&OPTION *EQ 'FULL')) THEN(DO)
                CHGVAR     VAR(&TEXT) VALUE('CALL PGM(' *CAT &LIB *TCAT '/ORD200) PARM(''' +
                             *CAT &DATE *CAT ''')')
                SBMJOB     CMD(CALL PGM(ORDLIB/ORD200) PARM(&DATE &OPTION)) JOB(ORDCLOSE) +
                             JOBD(ORDLIB/BATCH) JOBQ(QSYSNOMAX) LOG(4 00 *SECLVL)
                DLYJOB     DLY(30)
                GOTO       CMDLBL(LOOP)
             ENDDO
             ELSE       CMD(CHGVAR VAR(&COUNT) VALUE(&COUNT + 1))
             CPYF       FROMFILE(&LIB/ORDERS) TOFILE(HISTLIB/ORDERS) MBROPT(*ADD) +
                          CRTFILE(*NO) FMTOPT(*NOCHK)
             RETURN

ERROR:       RCVMSG     MSGTYPE(*EXCP) RMV(*NO) MSGDTA(&TEXT) MSGID(&MSGID)
             SNDPGMMSG  MSGID(&MSGID) MSGF(QCPFMSG) MSGDTA(&TEXT) MSGTYPE(*ESCAPE)
             MONMSG     MSGID(CPF0000 MCH0000)
             ENDPGM
"""


def best(run: Callable[[], object], times: int = 3) -> float:
    """Seconds of the fastest of a few runs."""
    seconds = []
    for _ in range(times):
        gc.collect()
        start = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def python_text(size: int) -> str:
    """Python source of about this size."""
    own = Path(__file__).read_text(encoding="utf-8")
    return own * (size // len(own) + 1)


def main(files: list[str]) -> None:
    """Print the table."""
    if files:
        text = "\n".join(Path(name).read_text(encoding="utf-8") for name in files)
    else:
        text = PROGRAM * (2_000_000 // len(PROGRAM) + 1)
    size = len(text) / 1e6
    words = re.compile(r"\w+|\s+|.")
    python = python_text(len(text))
    rows = [
        ("parse", best(lambda: parse(text)), size),
        ("regular expression split", best(lambda: words.findall(text)), size),
        (
            "Python's tokenizer",
            best(lambda: list(tokenize.generate_tokens(io.StringIO(python).readline)), 1),
            len(python) / 1e6,
        ),
    ]
    for name, seconds, megabytes in rows:
        print(f"{name:26} {megabytes / seconds:6.2f} MB/s   {megabytes:.1f} MB in {seconds:.2f} s")


if __name__ == "__main__":
    main(sys.argv[1:])
