"""EBCDIC code pages of national versions: text to bytes and back, by CCSID.

Python has 37 only.  The others differ from it in a few places, listed here as IBM's CCSID tables have them.
"""

from __future__ import annotations

_AWAY_FROM_37 = {
    37: "",
    284: "49¦ 4A[ 5A] 69# 6Añ 7BÑ A1¨ B0¢ BA^ BB! BD~",
    297: (
        "44@ 48\\ 4A° 4F! 51{ 54} 5A§ 5F^ 6Aù 79µ 7B£ 7Cà 90[ A0` A1¨ B0¢ B1# B5] BA¬ BB| BD~ C0é D0è DD¦ E0ç"
    ),
}
"""CCSID to what stands elsewhere than in 37: 284 is Spanish, 297 French."""


def _table(ccsid: int) -> str:
    page = list(bytes(range(256)).decode("cp037"))
    for one in _AWAY_FROM_37[ccsid].split():
        page[int(one[:2], 16)] = one[2:]
    return "".join(page)


_PAGES = {ccsid: _table(ccsid) for ccsid in _AWAY_FROM_37}
CCSIDS = frozenset(_PAGES)
"""The CCSIDs that are known here."""


def encode(text: str, ccsid: int) -> bytes:
    """The text in a code page.  ValueError: it has a character that the page does not have."""
    return bytes(_PAGES[ccsid].index(character) for character in text)


def decode(data: bytes, ccsid: int) -> str:
    """The text that bytes are in a code page."""
    return "".join(_PAGES[ccsid][byte] for byte in data)
