             PGM        PARM(&SCHEMA)
             DCL        VAR(&SCHEMA) TYPE(*CHAR) LEN(10)
             INCLUDE    SRCMBR(ERRVARS)
             DCLF       FILE(ORDERS) OPNID(O)
             DCLF       FILE(ITEMS) OPNID(I) RCDFMT(ITEMR)

             OVRDBF     FILE(ITEMS) TOFILE(*LIBL/ITEMS) SHARE(*YES)
 READ:       RCVF       OPNID(O)
             MONMSG     MSGID(CPF0864) EXEC(GOTO CMDLBL(DONE))

             CHGVAR     VAR(&COUNT) VALUE(&COUNT + 1)
             SNDMSG     MSG(&O_NAME *TCAT ', ' *TCAT &I_TEXT) +
                          TOUSR(*REQUESTER)

             GOTO       CMDLBL(READ)
 DONE:       CLOSE      OPNID(O)
             CALLSUBR   SUBR(TIDYUP)
             RETURN

             INCLUDE    SRCMBR(ERRRTN) SRCFILE(*LIBL/QCLSRC)
             ENDPGM
