/*  CrtCmd Cmd( OWNCMD ) Pgm( OWNC ) Allow( *IPgm *BPgm )             */
 OWNCMD:     Cmd        Prompt( 'Change my queue' )
             Parm       QUEUE       Q0001                  +
                        Min( 1 )                           +
                        Keyparm( *YES )                    +
                        Prompt( 'Queue' 1 )
             Parm       RECLAIM     *Char         1        +
                        Rstd( *YES )                       +
                        Dft( *SAME )                       +
                        SpcVal(( *SAME  '*' )              +
                               ( *NO    '0' )              +
                               ( *YES   '1' ))             +
                        Expr( *YES )
             PARM       KWD(WAIT) TYPE(*DEC) LEN(5) DFT(*CLS) +
                          RANGE(30 32767) SPCVAL((*CLS 99999) (0)) +
                          PROMPT('Seconds to wait')
             PARM       KWD(FORMAT) TYPE(*CHAR) LEN(10) RSTD(*YES) +
                          DFT('*JOBFMT') VALUES('*JOBFMT' +
                          '*YMD' '*MDY')
             PARM       KWD(LENGTH) TYPE(*INT4) CONSTANT(80)
             PARM       KWD(ERROR) TYPE(*CHAR) LEN(8) +
                          CONSTANT(X'0000000800000000')
             PARM       KWD(RESULT) TYPE(*CHAR) LEN(10) +
                          RTNVAL(*YES) VARY(*YES) PROMPT('CL var for +
                          the result')
             PARM       KWD(VERSION) TYPE(*CHAR) LEN(5) RSTD(*YES) +
                          DFT(3) VALUES(2 3)
             PARM       KWD(ARGS) TYPE(*CHAR) LEN(200) RSTD(*NO) +
                          MAX(40) CASE(*MIXED) INLPMTLEN(32) CHOICE(*NONE)
             PARM       KWD(USER) TYPE(*NAME) LEN(10) DFT(*CURRENT) +
                          SPCVAL((*CURRENT) ('          '))
             PARM       KWD(OBJ) TYPE(OBJECTS) MAX(5) PMTCTL(MANY)
             DEP        CTL(&RECLAIM *EQ '1') PARM((WAIT)) NBRTRUE(*EQ 1)
 MANY:       PMTCTL     CTL(RECLAIM) COND((*NE *SAME))
 OBJECTS:    ELEM       TYPE(Q0001) MIN(1) PROMPT('Object')
             ELEM       TYPE(*NAME) LEN(10) SPCVAL((*FIRST)) +
                          EXPR(*NO) PROMPT('Member, if there is one')
 Q0001:      Qual                   *Name        10        +
                        Expr( *YES )
             Qual                   *Name        10        +
                        Dft( *LIBL )                       +
                        SpcVal(( *LIBL ) ( *CURLIB ))      +
                        Prompt( 'Library' )
