"""SELECTs by Qshell's `db2`, and what they print, read back.

A row is one marked column, so that headings and padding do not matter; its fields are hexadecimal UTF-8, so
that no code page on the way changes a letter and nothing in a text can look like the end of one.  A row ends
with a mark, so that one that was cut is never taken for whole, and a last row proves that the query came to
its end: docs/platform-facts.md#qshell-db2.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from flashc.deploy.command import QSH, sh
from flashc.deploy.errors import DeployError
from flashc.deploy.session import Session

_ROW = re.compile(r"\s*FL>(?P<kind>[A-Z])>(?P<fields>[0-9A-F>]*?)(?P<end><?)\s*")
# What db2 prints around an answer: its headings, rules and counts, and the head of an error.
_AROUND = re.compile(r"\s*(?:'FL>.*|[0-9]{5}|[- ]*|[0-9]+ RECORD\(S\) SELECTED\.|\*+ CLI ERROR \*+)\s*")
_SAFE = re.compile(r"[^\"$`\\]*")

END = "UNION ALL SELECT 'FL>{0}>' FROM SYSIBM.SYSDUMMY1"


def select(kind: str, fields: Sequence[str], behind: str) -> str:
    """A query of these expressions; `behind` is FROM and what follows, without ORDER BY."""
    parts = " CONCAT '>' CONCAT ".join(hexed(field) for field in fields)
    return f"SELECT 'FL>{kind}>' CONCAT {parts} CONCAT '<' {behind} {END.format(kind)}"


def hexed(field: str, length: int = 1600) -> str:
    """A value as hexadecimal UTF-8; null is as nothing.  A text of 400 letters may take 4 bytes each."""
    return f"HEX(CAST(COALESCE(RTRIM({field}), '') AS VARCHAR({length}) CCSID 1208))"


def number(column: str) -> str:
    """A number as text."""
    return f"CAST({column} AS VARCHAR(20))"


def quoted(value: str) -> str:
    """A character constant of SQL."""
    return "'" + value.replace("'", "''") + "'"


def line_of(queries: Sequence[str], marks: Sequence[str] = ()) -> str:
    """The shell line that runs them all, one after the other; where marks are given, each behind its own."""
    for sql in queries:
        if not _SAFE.fullmatch(sql):
            raise ValueError(f"a query holds characters that a shell takes for its own: {sql[:80]}")
    said = [f"echo '{mark}'; " for mark in marks] or [""] * len(queries)
    inner = "; ".join(f'{mark}db2 "{sql}"' for mark, sql in zip(said, queries, strict=True))
    return f"{QSH} -c {sh(inner)} 2>&1"


def rows_of(printed: str, kinds: Mapping[str, str]) -> dict[str, list[list[str]]]:
    """The rows of each kind of query; `kinds` says what each tells, for the error (DeployError, 3)."""
    found: dict[str, list[list[str]]] = {kind: [] for kind in kinds}
    whole: set[str] = set()
    said: list[str] = []
    for line in printed.splitlines():
        match = _ROW.fullmatch(line)
        if match is None:
            if not _AROUND.fullmatch(line):
                said.append(line.strip())
            continue
        kind, fields = match["kind"], match["fields"]
        if not match["end"]:
            if fields:
                raise DeployError(
                    f"A row of {kinds.get(kind, kind)} was cut on its way: {line.strip()[:120]}"
                )
            whole.add(kind)
        elif kind in found:
            found[kind].append([_text(one) for one in fields.split(">")])
    for kind, what in kinds.items():
        if kind not in whole:
            why = " ".join(said)[:300] or "no answer"
            missing = " Is anything deployed there? See flashc plan." if "SQL0204" in why else ""
            raise DeployError(f"SQL on the partition does not tell {what}: {why}{missing}")
    return found


def _text(field: str) -> str:
    try:
        return bytes.fromhex(field).decode("utf-8", "replace").rstrip()
    except ValueError:
        raise DeployError(f"A field that was read from the partition is damaged: {field[:80]}") from None


def ask(
    session: Session, queries: Mapping[str, tuple[str, str]], limit_s: float
) -> dict[str, list[list[str]]]:
    """Run queries in one exec: by kind, what each tells and its SELECT; the rows by kind."""
    reply = session.run(line_of([sql for _, sql in queries.values()]), limit_s)
    if reply.status is None:
        raise DeployError("The connection ended while the partition was read.")
    return rows_of(reply.out, {kind: what for kind, (what, _) in queries.items()})


MARK = "==answer "
"""What stands before the answer of one of several questions, with its name behind it."""


def blocks(printed: str) -> dict[str, str]:
    """What was printed behind each mark."""
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for line in printed.splitlines():
        if line.startswith(MARK):
            current = found.setdefault(line[len(MARK) :].strip(), [])
        else:
            current.append(line.rstrip())
    return {name: "\n".join(lines) for name, lines in found.items()}


def ask_each(
    session: Session, queries: Mapping[str, str], limit_s: float
) -> tuple[dict[str, list[list[str]]], dict[str, str]]:
    """Run SELECTs (of kind X) in one exec, each for itself: rows by name, and why others gave none."""
    line = line_of(list(queries.values()), [f"{MARK}{name}" for name in queries])
    printed = blocks(session.run(line, limit_s).out)
    rows: dict[str, list[list[str]]] = {}
    failed: dict[str, str] = {}
    for name in queries:
        try:
            rows[name] = rows_of(printed.get(name, ""), {"X": name})["X"]
        except DeployError as error:
            failed[name] = error.text
    return rows, failed
