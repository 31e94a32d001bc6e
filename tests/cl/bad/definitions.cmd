/*# the whole command */
             CMD        PROMPT('A prompt with thirty-one charac') ALLOW(*EXEC)  /*! CPD0074 CL0217 */
/*=          CMD        PROMPT('A prompt with thirty character') ALLOW(*EXEC *BATCH) */
             PARM       KWD(ONE) TYPE(*CHAR)
             CMD        PROMPT('Again')  /*! CL0217 */
             CALL       PGM(A)  /*! CL0217 */
/*# help */
             CMD        PROMPT('Own') HLPID(OWN)  /*! CPD6274 */
/*=          CMD        PROMPT('Own') HLPID(OWN) HLPPNLGRP(MINE/OWN) */
             PARM       KWD(ONE) TYPE(*CHAR)
/*# parameters */
             CMD        PROMPT('Own')
             PARM       KWD(ELEVENCHARS) TYPE(*CHAR)  /*! CL0217 */
/*=          PARM       KWD(ELEVENCHAR) TYPE(*CHAR) */
             PARM       KWD(A) TYPE(*CHARS)  /*! CL0217 */
/*=          PARM       KWD(A) TYPE(*CHAR) */
             PARM       KWD(B) TYPE(*CHAR) LEN(5001)  /*! CL0217 */
/*=          PARM       KWD(B) TYPE(*CHAR) LEN(5000) */
             PARM       KWD(C) TYPE(*INT4) LEN(4)  /*! CL0217 */
/*=          PARM       KWD(C) TYPE(*INT4) */
             PARM       KWD(D) TYPE(*DEC) LEN(25 0)  /*! CL0217 */
/*=          PARM       KWD(D) TYPE(*DEC) LEN(24 9) */
             PARM       KWD(E) TYPE(*NAME) LEN(257)  /*! CL0217 */
/*=          PARM       KWD(E) TYPE(*NAME) LEN(10) */
             PARM       KWD(E) TYPE(*NAME)  /*! CL0204 */
/*=          PARM       KWD(F) TYPE(*NAME) */
             PARM       KWD(G) TYPE(*CHAR) LEN(4) RSTD(*YES)  /*! CL0217 */
/*=          PARM       KWD(G) TYPE(*CHAR) LEN(4) RSTD(*YES) VALUES(*YES *NO) */
             PARM       KWD(H) TYPE(*CHAR) LEN(4) RSTD(*YES) VALUES(*YES *NO) DFT(*ALL)  /*! CL0217 */
/*=          PARM       KWD(H) TYPE(*CHAR) LEN(4) RSTD(*YES) VALUES(*YES *NO) DFT(*NO) */
             PARM       KWD(I) TYPE(*CHAR) MIN(1) DFT(A)  /*! CL0217 */
/*=          PARM       KWD(I) TYPE(*CHAR) DFT(A) */
             PARM       KWD(J) TYPE(*CHAR) MIN(3) MAX(2)  /*! CL0217 */
/*=          PARM       KWD(J) TYPE(*CHAR) MIN(2) MAX(3) */
             PARM       KWD(K) TYPE(*CHAR) PROMPT('A prompt with thirty-one charac')  /*! CPD0074 */
/*=          PARM       KWD(K) TYPE(*CHAR) PROMPT('A prompt with thirty character') */
             PARM       KWD(N) TYPE(*CHAR) CHOICE('What may be chosen out of these')  /*! CPD0074 */
/*=          PARM       KWD(N) TYPE(*CHAR) CHOICE('What may be chosen of all thi') */
             PARM       KWD(L) TYPE(*CHAR) DEFAULT(A)  /*! CPD0043 */
/*=          PARM       KWD(L) TYPE(*CHAR) DFT(A) */
             PARM       KWD(M) TYPE(NOGROUP)  /*! CL0217 */
/*=          PARM       KWD(M) TYPE(GROUP) */
             ELEM       TYPE(*CHAR)  /*! CL0217 */
 GROUP:      ELEM       TYPE(*CHAR)
/*# where a value can come back */
             CMD        PROMPT('Own') ALLOW(*BATCH *BPGM)
             PARM       KWD(A) TYPE(*CHAR) LEN(10) RTNVAL(*YES)  /*! CL0217 */
/*=          PARM       KWD(A) TYPE(*CHAR) LEN(10) */
/*# values that come back */
             CMD        PROMPT('Own') ALLOW(*BPGM *IPGM)
             PARM       KWD(B) TYPE(*CHAR) LEN(10) RTNVAL(*YES) DFT(X)  /*! CL0217 */
/*=          PARM       KWD(B) TYPE(*CHAR) LEN(10) RTNVAL(*YES) */
             PARM       KWD(C) TYPE(*DEC) RTNVAL(*YES) MAX(2)  /*! CL0217 */
/*=          PARM       KWD(C) TYPE(*DEC) RTNVAL(*YES) */
/*# relations */
             CMD        PROMPT('Own')
             PARM       KWD(A) TYPE(*CHAR)
             PARM       KWD(B) TYPE(*CHAR)
             DEP        CTL(A) PARM((C))  /*! CL0217 */
/*=          DEP        CTL(A) PARM((B)) */
/*# what is prompted */
             CMD        PROMPT('Own')
             PARM       KWD(A) TYPE(*CHAR)
             PARM       KWD(B) TYPE(*CHAR) PMTCTL(WHEN)  /*! CL0217 */
/*=          PARM       KWD(B) TYPE(*CHAR) PMTCTL(WHENA) */
 WHENA:      PMTCTL     CTL(A) COND((*EQ X))
 WHENC:      PMTCTL     CTL(C) COND((*EQ X))  /*! CL0217 */
