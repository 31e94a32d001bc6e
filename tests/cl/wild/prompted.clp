/*********************************************************************/
/*  NIGHTCHK - look whether the night's jobs have ended              */
/*                                                                   */
/*  01/02/03 abc  $A1  first version                                 */
/*********************************************************************/
             PGM        PARM(&LIBFILE &OPTION)
             DCL        VAR(&LIBFILE) TYPE(*CHAR) LEN(20)
             DCL        VAR(&OPTION) TYPE(*CHAR) LEN(7)
             DCL        VAR(&FILE) TYPE(*CHAR) LEN(10)
             DCL        VAR(&LIB) TYPE(*CHAR) LEN(10)
             DCL        VAR(&COUNT) TYPE(*DEC) LEN(10 0) VALUE(0) /* +
                          counted below */
             DCL        VAR(&COUNTC) TYPE(*CHAR) LEN(10)/* shown */
             DCL        VAR(&SHOW) TYPE(*CHAR) LEN(7) VALUE(*BLANKS)
             DCL        VAR(&FAILED) TYPE(*LGL) VALUE('0')
             DCL        VAR(&MSGID) TYPE(*CHAR) LEN(7)
             DCL        VAR(&MSGF) TYPE(*CHAR) LEN(10)
             DCL        VAR(&MSGFLIB) TYPE(*CHAR) LEN(10)
             DCL        VAR(&MSGDTA) TYPE(*CHAR) LEN(100)
             MONMSG     MSGID(CPF0000 MCH0000) EXEC(GOTO +
                          CMDLBL(ERROR))
/* Take the names apart                                              */
             CHGVAR     VAR(&FILE) VALUE(%SST(&LIBFILE 1 10))
             CHGVAR     VAR(&LIB) VALUE(%SST(&LIBFILE 11 +
                          10)) /* second half */
             CHKOBJ     OBJ(&LIB/&FILE) OBJTYPE(*FILE)
             MONMSG     MSGID(CPF9801) EXEC(DO)
             CRTPF      FILE(&LIB/&FILE) RCDLEN(132) TEXT('Work file +
                          of the night')
             ENDDO
             RTVMBRD    FILE(&LIB/&FILE) MBR(*FIRST) +
                          NBRCURRCD(&COUNT)
/*$A1*/      CHGVAR     VAR(&COUNTC) VALUE(&COUNT)
             IF         COND(&OPTION *EQ *YES *AND &COUNT *GT +
                          0) THEN(DO)
             CHGVAR     VAR(&SHOW) VALUE(*YES)
             ENDDO
             ELSE       CMD(CHGVAR VAR(&SHOW) VALUE(*NO))
             IF         COND(&COUNT = 0) THEN(SNDPGMMSG +
                          MSGID(CPF9898) MSGF(QCPFMSG) MSGDTA('File' +
                          |> &LIB |< '/' |< &FILE |> 'is empty') +
                          TOPGMQ(*EXT) MSGTYPE(*STATUS))
             SBMJOB     CMD(CALL PGM(NIGHT2) PARM(&LIB &FILE +
                          '    ')) JOB(NIGHT2) JOBQ(QBATCH) +
                          LOG(4 00 *SECLVL) INQMSGRPY(*DFT)
             RETURN     /* the normal end */

 ERROR:      IF         COND(&FAILED) THEN(RETURN)
             CHGVAR     VAR(&FAILED) VALUE('1')
 NEXT:       RCVMSG     MSGTYPE(*DIAG) MSGDTA(&MSGDTA) MSGID(&MSGID) +
                          MSGF(&MSGF) MSGFLIB(&MSGFLIB)
             IF         COND(&MSGID = '       ') THEN(GOTO CMDLBL(LAST))
             SNDPGMMSG  MSGID(&MSGID) MSGF(&MSGFLIB/&MSGF) +
                          MSGDTA(&MSGDTA) MSGTYPE(*DIAG)
             GOTO       CMDLBL(NEXT)
 LAST:
             RCVMSG     MSGTYPE(*EXCP) MSGDTA(&MSGDTA) MSGID(&MSGID) +
                          MSGF(&MSGF) MSGFLIB(&MSGFLIB)
             SNDPGMMSG  MSGID(&MSGID) MSGF(&MSGFLIB/&MSGF) +
                          MSGDTA(&MSGDTA) MSGTYPE(*ESCAPE)
             ENDPGM
