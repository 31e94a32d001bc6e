/* WHQUIET: stop or start the hand-held terminals of the warehouse. */
             CMD        PROMPT('Quiet the warehouse')
             PARM       KWD(STATE) TYPE(*CHAR) LEN(4) RSTD(*YES) +
                          VALUES(*ON *OFF) MIN(1) PROMPT('Quiet')
