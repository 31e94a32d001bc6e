"""The records of an installation, read over a session with its partition.  Nothing is changed there.

While *SYSBAS is suspended a partition may answer nothing: then the limit ends the wait, and that is told.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from flashc.deploy import sql as q
from flashc.deploy.errors import REFUSED, DeployError
from flashc.deploy.session import Session
from flashc.records.manifests import MANIFEST_LIMIT, MANIFESTS, read_manifest
from flashc.records.model import (
    NOTABLE_CODES,
    NOTABLE_MESSAGES,
    RUN_DIGITS,
    CloneRecord,
    Delivered,
    Holder,
    Lock,
    Now,
    Product,
    Row,
    RunRow,
    in_production_time,
    is_notable,
    order,
)

READ_S = 120.0
FILE_LIMIT = 64 * 1024 * 1024
"""Bytes of a delivered file that is shown."""

_RUN = re.compile(r"[0-9]{14}")


class PartitionPlace:
    """See `flashc.records.model.Place`."""

    def __init__(self, product: Product, session: Session) -> None:
        self.product = product
        self._session = session
        self._production = False

    def runs(self) -> tuple[RunRow, ...]:
        """All runs, the newest first."""
        numbers = [q.number(name) for name in ("SUSPENDED", "QUIESCE", "HOLD", "RESUME", "CLKOFF")]
        columns = ["RUN", "ENV", "STATE", "RESULT", "STARTED", "ENDED", *numbers]
        found = self._ask({"R": ("the runs", q.select("R", columns, f"FROM {self.product.library}.FLRUN"))})
        return tuple(sorted((run_of(row) for row in found["R"]), key=lambda r: r.run, reverse=True))

    def journal(self, runs: Sequence[str]) -> tuple[Row, ...]:
        """The rows of these runs, those behind that wait in FLMSGQ to be written."""
        wanted = [run for run in runs if _RUN.fullmatch(run)]
        if not wanted:
            return ()
        where = f"WHERE RUN IN ({', '.join(q.quoted(run) for run in wanted)})"
        offsets = q.select("K", ["RUN", q.number("CLKOFF")], f"FROM {self.product.library}.FLRUN {where}")
        queue = f"MESSAGE_QUEUE_LIBRARY = {q.quoted(self.product.library)} AND MESSAGE_QUEUE_NAME = 'FLMSGQ'"
        kept = q.select("W", ["MESSAGE_TEXT"], f"FROM QSYS2.MESSAGE_QUEUE_INFO WHERE {queue}")
        asked = {"J": self._journal(where), "K": ("the clocks", offsets), "W": ("the rows that wait", kept)}
        found = self._ask(asked)
        offset_of = {run: int(offset) if offset else None for run, offset in found["K"]}
        rows = [row_of(row) for row in found["J"]]
        rows += waiting_rows([text for (text,) in found["W"]], wanted, rows)
        return in_production_time(rows, offset_of)

    def notable(self, since: str) -> tuple[Row, ...]:
        """The rows that a history shows."""
        codes = ", ".join(q.quoted(code) for code in NOTABLE_CODES)
        ids = ", ".join(q.quoted(msgid) for msgid in NOTABLE_MESSAGES)
        wanted = f"(CODE IN ({codes}) OR MSGID LIKE 'FLE%' OR MSGID IN ({ids}))"
        where = f"WHERE RUN >= {q.quoted(since)} AND {wanted}"
        found = [row_of(row) for row in self._ask({"J": self._journal(where)})["J"]]
        return tuple(sorted((row for row in found if is_notable(row)), key=order))

    def _journal(self, where: str) -> tuple[str, str]:
        columns = ["RUN", "SIDE", q.number("SEQ"), "TS", "KIND", "CODE", "MSGID", "TXT"]
        return ("the journal", q.select("J", columns, f"FROM {self.product.library}.FLJRN {where}"))

    def now(self) -> Now:
        """What is open now."""
        library, guard = self.product.library, self.product.guard_library
        names = ", ".join(
            q.quoted(name) for clone in self.product.clones for name in (clone.record, clone.ticket)
        )
        found = self._ask(
            {
                "L": ("the locks", q.select("L", ["NAME", "RUN", "JOB"], f"FROM {library}.FLLCK")),
                "D": (
                    "the data areas",
                    q.select(
                        "D",
                        ["DATA_AREA_LIBRARY", "DATA_AREA_NAME", "CAST(DATA_AREA_VALUE AS VARCHAR(256))"],
                        "FROM QSYS2.DATA_AREA_INFO WHERE DATA_AREA_LIBRARY IN "
                        f"({q.quoted(library)}, {q.quoted(guard)}) AND DATA_AREA_NAME IN ({names})",
                    ),
                ),
                "H": (
                    "who holds locks",
                    q.select(
                        "H",
                        ["SYSTEM_OBJECT_NAME", "JOB_NAME"],
                        f"FROM QSYS2.OBJECT_LOCK_INFO WHERE SYSTEM_OBJECT_SCHEMA = {q.quoted(library)} "
                        "AND OBJECT_TYPE = '*DTAARA' AND LOCK_STATUS = 'HELD'",
                    ),
                ),
                "T": (
                    "the time",
                    q.select("T", ["CAST(CURRENT_TIMESTAMP AS VARCHAR(26))"], "FROM SYSIBM.SYSDUMMY1"),
                ),
            }
        )
        values = {(home, name): text for home, name, text in found["D"]}
        records = tuple(
            CloneRecord(c, values.get((library, c.record), ""), values.get((guard, c.ticket), ""))
            for c in self.product.clones
        )
        return Now(
            clock=moment(found["T"][0][0]) or dt.datetime.min,
            records=records,
            locks=tuple(lock_of(row) for row in found["L"]),
            holders=tuple(Holder(area, job) for area, job in found["H"] if job),
            identity_told=self._production,
        )

    def delivered(self, run: str) -> tuple[Delivered, ...]:
        """What the inbox has of a run."""
        found: dict[str, Delivered] = {}
        for name, stage in MANIFESTS:
            data = self._session.read(self._path(run, name), MANIFEST_LIMIT)
            if data is not None:
                found |= {one.name: one for one in read_manifest(data, stage)}
        return tuple(found[name] for name in sorted(found))

    def read(self, run: str, name: str) -> bytes | None:
        """A delivered file."""
        return self._session.read(self._path(run, name), FILE_LIMIT)

    def _path(self, run: str, name: str) -> str:
        if not _RUN.fullmatch(run) or "/" in name or name in ("", ".", ".."):
            raise DeployError(f"No such run or file: {run} {name}")
        return f"{self.product.folder}/inbox/{run}/{name}"

    def _ask(self, wanted: dict[str, tuple[str, str]]) -> dict[str, list[list[str]]]:
        """The rows of each query, of production only: a copy has an old copy of the records."""
        asked = {"I": ("serial and partition id", _IDENTITY), **wanted}
        try:
            found = q.ask(self._session, asked, READ_S)
        except DeployError as error:
            if "did not answer within" in error.text:
                text = f"{error.text} Production may be suspended: from a session that answers, enter"
                raise DeployError(f"{text} CHGASPACT ASPDEV(*SYSBAS) OPTION(*RESUME).") from error
            raise
        self._prove(found["I"])
        return found

    def _prove(self, rows: list[list[str]]) -> None:
        serial, lpar = rows[0] if rows else ("", "")
        ids = [i for s, i in self.product.identities if s == serial]
        self._production = lpar.isdigit() and int(lpar) in ids
        if serial and (not ids or (lpar.isdigit() and int(lpar) not in ids)):
            named = ", ".join(f"serial {s} partition {i}" for s, i in self.product.identities)
            raise DeployError(
                f"This is serial {serial} partition {lpar or '?'}, and {self.product.system} is {named}. A "
                "clone has an old copy of the records: nothing of it is shown.",
                REFUSED,
            )


_IDENTITY = q.select("I", ["SERIAL_NUMBER", q.number("PARTITION_ID")], "FROM QSYS2.SYSTEM_STATUS_INFO")


def run_of(fields: Sequence[str]) -> RunRow:
    """A row of FLRUN, its columns in their order."""
    run, environment, state, result, started, ended = (one.strip() for one in fields[:6])
    suspended, quiesce, hold, resume, offset = (
        float(one.replace(",", ".")) if one.strip() else None for one in fields[6:11]
    )
    return RunRow(
        run=run,
        environment=environment,
        state=state,
        result=result,
        started=moment(started),
        ended=moment(ended),
        suspended=suspended,
        quiesce=quiesce,
        hold=hold,
        resume=resume,
        clock_offset_s=None if offset is None else int(offset),
    )


def row_of(fields: Sequence[str]) -> Row:
    """A row of FLJRN, its columns in their order."""
    run, side, seq, time, kind, code, msgid, text = fields
    return Row(
        run=run.strip(),
        side="clone" if side == "C" else "source",
        seq=int(seq),
        time=moment(time) or dt.datetime.min,
        kind=kind,
        code=code.strip(),
        msgid=msgid.strip(),
        text=text.rstrip(),
    )


def waiting_rows(texts: Sequence[str], runs: Sequence[str], written: Sequence[Row]) -> list[Row]:
    """What FLJRNL keeps in FLMSGQ, in its columns, numbered behind what is written, as it will be.

    An undo that could not be noted is none: what it was for was not done.
    """
    last: dict[tuple[str, str], int] = {}
    for row in written:
        key = (row.run, row.side[0].upper())
        last[key] = max(last.get(key, 0), row.seq)
    out = []
    for text in sorted(texts, key=lambda text: text[15:41]):
        run, side, kind = text[:14], text[14:15], text[41:42]
        if run in runs and kind and kind not in "AB":
            last[run, side] = last.get((run, side), 0) + 1
            fields = [run, side, str(last[run, side]), text[15:41], kind, text[42:45], text[45:52], text[52:]]
            out.append(row_of(fields))
    return out


def lock_of(fields: Sequence[str]) -> Lock:
    """A row of FLLCK; its job stands as name (10), user (10), number (6)."""
    name, run, job = fields
    text = job.ljust(26)
    parts = (text[20:26], text[10:20], text[:10])
    return Lock(name, run.strip(), "/".join(part.strip() for part in parts))


def moment(text: str) -> dt.datetime | None:
    """A time as the records write it: digits in the order of their size, whatever stands between."""
    digits = re.sub(r"\D", "", text)
    if len(digits) < RUN_DIGITS:
        return None
    try:
        return dt.datetime.strptime(digits[:20].ljust(20, "0"), "%Y%m%d%H%M%S%f")
    except ValueError:
        return None
