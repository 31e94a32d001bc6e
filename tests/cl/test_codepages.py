"""Code pages of national versions, against bytes that another implementation (glibc) made."""

from __future__ import annotations

import pytest
from flashc.cl.codepages import CCSIDS, decode, encode


@pytest.mark.parametrize(
    ("ccsid", "text", "data"),
    [
        (37, "ñ Ñ é à ç {", "49406940514044404840C0"),
        (284, "ñ Ñ é ¿ó? [!]", "6A407B405140ABCE6F404ABB5A"),
        (297, "é è à ç ù É {", "C040D0407C40E0406A40714051"),
    ],
)
def test_a_text_and_its_bytes(ccsid: int, text: str, data: str) -> None:
    assert encode(text, ccsid) == bytes.fromhex(data)
    assert decode(bytes.fromhex(data), ccsid) == text


@pytest.mark.parametrize("ccsid", sorted(CCSIDS))
def test_every_byte_goes_both_ways(ccsid: int) -> None:
    text = decode(bytes(range(256)), ccsid)
    assert len(set(text)) == 256
    assert encode(text, ccsid) == bytes(range(256))


def test_a_character_that_the_page_has_not() -> None:
    with pytest.raises(ValueError, match="not found"):
        encode("œ", 297)
