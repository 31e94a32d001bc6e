"""The reader of HTTP replies: right ones in every cut, hostile bytes without a hang or a blow-up."""

from __future__ import annotations

import json

import pytest
from flashrt.edges import OUTPUT_LIMIT
from flashrt.http1 import FIELD_LIMIT, HEAD_LIMIT, HttpReply, ReplyReader, path_of
from flashrt.status import SYSTEM, SidecarError
from hypothesis import given, settings
from hypothesis import strategies as st

REPLIES = {
    b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc": (200, b"abc", True),
    b"HTTP/1.1 200\r\ncontent-length: 0\r\nConnection: close\r\n\r\n": (200, b"", False),
    b"HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\na": (200, b"a", False),
    b"HTTP/1.1 204 No Content\r\n\r\n": (204, b"", True),
    b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Made\nContent-Length: 1\n\nx": (201, b"x", True),
    b"HTTP/1.1 500 No\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n02;a=b\r\nde\r\n0\r\nX: y\r\n\r\n": (
        500,
        b"abcde",
        True,
    ),
    b"HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nab": (200, b"ab", True),
}

BROKEN = [
    b"HTTP/2 200 OK\r\n\r\n",
    b"HTTP/1.1 20 OK\r\n\r\n",
    b"HTTP/1.1 2000 OK\r\n\r\n",
    b"\r\nHTTP/1.1 200 OK\r\n\r\n",
    b"HTTP/1.1 101 Switching\r\n\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\n" * 9,
    b"HTTP/1.1 200 OK\r\nNo colon\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nA: b\r\n folded\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nA : b\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nA: \x00\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    f"HTTP/1.1 200 OK\r\nContent-Length: {OUTPUT_LIMIT + 1}\r\n\r\n".encode(),
    b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\na",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;" + b"x" * 2000,
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + b"A: b\r\n" * 20_000,
    b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * (FIELD_LIMIT + 1) + b"\r\n",
    b"HTTP/1.1 200 OK\r\nA: " + b"b" * HEAD_LIMIT,
]


def read(data: bytes, size: int, clean: bool = True) -> ReplyReader:
    reader = ReplyReader()
    for start in range(0, len(data), size):
        reader.feed(data[start : start + size])
    if not reader.done:
        reader.end(clean)
    return reader


@pytest.mark.parametrize("size", [1, 2, 7, 10_000])
@pytest.mark.parametrize("data", REPLIES)
def test_a_reply_in_every_cut(data: bytes, size: int) -> None:
    status, body, keeps = REPLIES[data]
    reader = read(data, size)
    assert reader.reply is not None, reader.error
    assert (reader.reply.status, reader.reply.body, reader.keeps) == (status, body, keeps)


@pytest.mark.parametrize("size", [1, 10_000])
@pytest.mark.parametrize("data", BROKEN, ids=range(len(BROKEN)))
def test_what_breaks_the_form_or_a_limit_is_told(data: bytes, size: int) -> None:
    reader = read(data, size)
    assert (reader.reply, reader.keeps) == (None, False)
    assert reader.error
    assert "broke off" not in reader.error


@pytest.mark.parametrize("data", REPLIES)
def test_bytes_after_a_reply_end_the_use_of_the_connection(data: bytes) -> None:
    assert not read(data + b"H", 10_000).keeps
    reader = read(data, 1)
    reader.feed(b"H")
    assert not reader.keeps


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(REPLIES)), st.data())
def test_a_damaged_reply_never_breaks_the_reader(data: bytes, draw: st.DataObject) -> None:
    damaged = bytearray(data)
    for _ in range(draw.draw(st.integers(1, 4))):
        at = draw.draw(st.integers(0, len(damaged)))
        damaged[at : at + draw.draw(st.integers(0, 3))] = draw.draw(st.binary(max_size=6))
    whole = read(bytes(damaged), 10_000)
    assert whole.done
    # However it is cut, the same is read.
    pieces = read(bytes(damaged), draw.draw(st.integers(1, 9)))
    assert (pieces.reply, pieces.error) == (whole.reply, whole.error)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_end_in_a_reply_or_a_sentence(data: bytes) -> None:
    reader = read(b"HTTP/1.1 200 OK\r\n" + data, 64, clean=False)
    assert (reader.reply is not None) != bool(reader.error)


def document(body: bytes) -> object:
    return HttpReply(200, (), body).json()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"\xff\xfe",
        b"[" * 65 + b"]" * 65,
        b"[" * 2_000_000,
        b'{"a":' * 100_000,
        b"[" + b"9" * 41 + b"]",
        b"NaN",
        b"[Infinity]",
        b'"' + b'\\"' * 1_000_000,
    ],
    ids=range(10),
)
def test_no_document_ends_in_a_clean_error(body: bytes) -> None:
    with pytest.raises(SidecarError) as caught:
        document(body)
    assert caught.value.status == SYSTEM


def test_brackets_in_texts_are_no_levels() -> None:
    text = json.dumps({"a": "[" * 1000 + '\\"{', "b": [[1.5, 10**30, None]]})
    assert document(text.encode()) == json.loads(text)
    assert document(b"[" * 64 + b"]" * 64)


@given(
    st.lists(
        st.one_of(st.sampled_from([".", ".."]), st.text(min_size=1, max_size=20)), min_size=1, max_size=4
    )
)
def test_a_segment_stays_a_segment(segments: list[str]) -> None:
    if {".", ".."} & set(segments):
        with pytest.raises(SidecarError):
            path_of(*segments)
        return
    path = path_of(*segments)
    assert path.count("/") == len(segments)
    assert path.isascii()
    assert not set(path) & set(" ?#\r\n")
