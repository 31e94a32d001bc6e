"""The output of HMC commands, read: rows, messages, states, reference codes.  Pure functions.

How an HMC answers (docs/platform-facts.md#hmc-output): errors come on standard output with exit status 1;
an empty result is the sentence `No results were found.` with exit status 0; rows are CSV, in which a
`name=value` pair is quoted whole when its value has commas, and quotes inside are doubled; texts follow the
console's language, so only ids and attribute values are compared.  A banner may stand before the rows.
"""

from __future__ import annotations

import csv
import re

from flashrt.consoles.base import OFF, OTHER, RUNNING, STARTING, STOPPING
from flashrt.edges import Reply
from flashrt.status import AUTH, NOTFOUND, REFUSED, SYSTEM, UNREACHABLE, SidecarError

NO_RESULTS = "no results were found"
ROW_LIMIT = 20000

NOT_FOUND_IDS = ("HSCL8012", "HSCL8013", "HSCL8018")
STATE_IDS = ("HSCL3681", "HSCL1558", "HSCL05DF", "HSCL0238", "HSCL0237")
AUTHORITY_IDS = ("HSCL350B",)
NO_RMC_IDS = ("HSCL2957", "HSCL294D")

_MESSAGE_ID = re.compile(r"\bHSC[A-Z]{1,2}[0-9A-F]{4}\b")
_REFCODE = re.compile(r"\s*([0-9A-Fa-f]{8})(?![0-9A-Za-z])")
_VLAN = re.compile(r"[0-9]{1,4}\Z")
_PAIR = re.compile(r'"?[a-z][a-z0-9_]*=')
_WORDS = {
    "not activated": OFF,
    "running": RUNNING,
    "starting": STARTING,
    "open firmware": STARTING,
    "shutting down": STOPPING,
}


def lines_of(text: str) -> list[str]:
    """The lines that say something, without line ends of either kind and without blanks around."""
    return [
        line.strip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n") if line.strip()
    ]


def is_empty(reply: Reply) -> bool:
    """Whether a listing found nothing."""
    lines = lines_of(reply.out)
    return reply.status == 0 and (not lines or any(line.lower().startswith(NO_RESULTS) for line in lines))


def message_ids(text: str) -> list[str]:
    """All message ids of a text, in order: the telling one may be nested in another."""
    found: list[str] = []
    for match in _MESSAGE_ID.findall(text[:65536]):
        if match not in found:
            found.append(match)
    return found


def check_reply(reply: Reply, what: str) -> None:
    """An error for an exit status that is not 0, classified by the message ids in it."""
    if reply.status == 0:
        return
    text = " ".join(f"{reply.out} {reply.err}".split())[:200] or f"exit status {reply.status}"
    ids = message_ids(f"{reply.out} {reply.err}")
    if any(found in NOT_FOUND_IDS for found in ids):
        raise SidecarError(
            NOTFOUND, f"The console does not know {what}: {text}. Correct the spec or the console."
        )
    if any(found in AUTHORITY_IDS for found in ids):
        raise SidecarError(
            AUTH, f"The console's user may not {what}: {text}. Give its role the task on the clone."
        )
    if any(found in NO_RMC_IDS for found in ids):
        raise SidecarError(
            UNREACHABLE,
            f"The console cannot {what}: {text}. Nothing was sent. See its RMC connection (rmc_state).",
        )
    if any(found in STATE_IDS for found in ids):
        raise SidecarError(
            REFUSED, f"The console refused {what} in the present state: {text}. Read the state again."
        )
    raise SidecarError(SYSTEM, f"The console failed to {what}: {text}. Look it up there.")


def csv_rows(text: str) -> list[list[str]]:
    """The rows of a `-F` listing, one a line.  SYSTEM if a line is no CSV or there are too many."""
    found = []
    for line in _row_lines(text):
        row = _fields(line)
        if row is None:
            raise SidecarError(SYSTEM, f"The console's answer cannot be read: {line[:80]}. Check its level.")
        found.append(row)
    return found


def _row_lines(text: str) -> list[str]:
    lines = [line for line in lines_of(text) if not line.lower().startswith(NO_RESULTS)]
    if len(lines) > ROW_LIMIT:
        raise SidecarError(SYSTEM, f"The console listed more than {ROW_LIMIT} rows. Check its filters.")
    if any("\0" in line for line in lines):
        raise SidecarError(
            SYSTEM, "The console answered with binary data. Check what listens at its address."
        )
    return lines


def _fields(line: str) -> list[str] | None:
    """The fields of one line; None if its quotes do not match or a field is too long.

    Line by line: a quote that never ends, in a banner or a name, must not swallow the rows behind it.
    """
    try:
        return next(csv.reader([line], strict=True), [])
    except csv.Error:
        return None


def table(text: str, columns: tuple[str, ...]) -> list[dict[str, str]]:
    """The rows of a `-F columns` listing as records; a header line is skipped, a banner before them too.

    SYSTEM if a row has another number of fields: a sentence, or the answer of something else.
    """
    rows = [(line, _fields(line)) for line in _row_lines(text)]
    start = next((at for at, (_line, row) in enumerate(rows) if row and len(row) == len(columns)), 0)
    found = []
    for line, row in rows[start:]:
        if row is None or len(row) != len(columns):
            count = "no" if row is None else str(len(row))
            raise SidecarError(
                SYSTEM,
                f"The console's answer has {count} fields where {len(columns)} were asked for: "
                f"{line[:80]}. Check its level.",
            )
        fields = tuple(field.strip() for field in row)
        if fields != columns:
            found.append({name: fields[at] for at, name in enumerate(columns)})
    return found


def pairs(text: str) -> list[dict[str, str]]:
    """The rows of a listing without -F, `name=value,...`: unknown names are kept, a word is refused.

    A banner is what stands before the first line that begins as a row does.
    """
    lines = _row_lines(text)
    start = next((at for at, line in enumerate(lines) if _PAIR.match(line)), 0)
    found = []
    for row in csv_rows("\n".join(lines[start:])):
        record: dict[str, str] = {}
        for field in row:
            name, equals, value = field.partition("=")
            if not equals:
                raise SidecarError(
                    SYSTEM, f"The console's answer has no name=value at '{field[:60]}'. Check its level."
                )
            record[name.strip()] = value.strip()
        found.append(record)
    return found


def elements(value: str) -> list[str]:
    """The elements of a list value: CSV within the field, with doubled quotes around elements with commas."""
    if value.lower() in ("", "none", "null"):
        return []
    try:
        rows = list(csv.reader([value]))
    except csv.Error:
        return [value]
    return [element for element in rows[0] if element] if rows else []


def vlans(adapters: str) -> list[int]:
    """The VLAN ids of a profile's `virtual_eth_adapters`: port VLAN and additional ones of every adapter.

    An adapter is slot/is-IEEE/port-VLAN/additional-VLANs/trunk/required/...; SYSTEM if one is not.
    """
    found: list[int] = []
    for adapter in elements(adapters):
        parts = adapter.strip('"').split("/")
        ids = [part for part in [parts[2] if len(parts) > 2 else "", *_additional(parts)] if part]
        if not ids or not all(_VLAN.match(part) for part in ids):
            raise SidecarError(SYSTEM, f"The network adapter '{adapter[:60]}' of the profile cannot be read.")
        found += [int(part) for part in ids if int(part) not in found]
    return found


def _additional(parts: list[str]) -> list[str]:
    if len(parts) < 4 or parts[3] in ("", "none"):
        return []
    return [part.strip() for part in parts[3].strip('"').split(",") if part.strip()]


def refcode_of(value: str) -> str:
    """The first eight hexadecimal digits of a reference code; "" if there are none.

    The field may go on with a partition's number or words.
    """
    match = _REFCODE.match(value)
    return match.group(1).upper() if match else ""


def latest_refcode(text: str, lpar_id: int) -> str:
    """The code in the first row of a partition in an `lsrefcode -F lpar_id,time_stamp,refcode` listing.

    Where a row has no time stamp the code stands in its place; other lines are not rows.
    """
    for line in _row_lines(text):
        row = _fields(line)
        if row and len(row) >= 2 and row[0].strip() == str(lpar_id):
            return refcode_of(row[2] if len(row) > 2 else row[1])
    return ""


def word_of(state: str) -> str:
    """The word for a partition's state; anything unknown is OTHER, which is never off."""
    return _WORDS.get(" ".join(state.replace("-", " ").lower().split()), OTHER)
