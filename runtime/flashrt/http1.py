"""HTTP/1.1 as bytes: requests as they are sent, replies as they are read.  No sockets here (RFC 9112).

A reply is read strictly and within limits, because the bytes come from outside: whatever breaks the form or
a limit ends the reading with a sentence in `error`, and never with an exception, a wait or a growing buffer.
Compressed bodies are not asked for and not taken.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from flashrt.edges import OUTPUT_LIMIT
from flashrt.status import CONFIG, SYSTEM, SidecarError

HEAD_LIMIT = 64 * 1024
"""Bytes of the status line and all header fields, and again of all trailer fields."""

FIELD_LIMIT = 200
"""Header fields of one reply."""

LINE_LIMIT = 1024
"""Bytes of a line that says the size of a chunk."""

INTERIM_LIMIT = 8
"""Interim replies (1xx) before the real one."""

NESTING_LIMIT = 64
"""Levels of a JSON document."""

DIGITS_LIMIT = 40
"""Digits of a JSON number: reading longer ones takes time that grows with their square."""

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")
_TARGET = re.compile(r"/[!$&'()*+,;=:@/?%0-9A-Za-z._~-]*\Z")
_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*\Z")
_STATUS = re.compile(rb"HTTP/1\.([01]) ([1-5][0-9][0-9])(?: |\Z)")
_SIZE = re.compile(rb"[0-9A-Fa-f]{1,8}\Z")
_LENGTH = re.compile(r"[0-9]{1,12}\Z")
_TITLE = re.compile("<title>([^<]*)</title>", re.IGNORECASE)
_JSON_PARTS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?|[\[\]{}]', re.DOTALL)
"""Strings, also one that never ends (else each quotation mark in it would be tried anew), and brackets."""


class HttpReply(NamedTuple):
    """The reply to one request: status, header fields in their order (names in lower case), body."""

    status: int
    fields: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def good(self) -> bool:
        """Whether the request was carried out (2xx)."""
        return 200 <= self.status < 300

    @property
    def text(self) -> str:
        """The body as text, with anything that is no UTF-8 replaced."""
        return self.body.decode("utf-8", "replace")

    @property
    def words(self) -> str:
        """What the server says of it, for a person: of a web page the title."""
        page = _TITLE.search(self.text[:4096]) if "html" in self.header("content-type") else None
        return page.group(1) if page else self.text

    def header(self, name: str) -> str:
        """The first header field of this name (in lower case), "" if there is none."""
        return next((value for key, value in self.fields if key == name), "")

    def json(self) -> Any:
        """The body as a JSON document.  SYSTEM if it is none, or nested or numbered beyond the limits."""
        try:
            text = self.body.decode("utf-8")
            _check_nesting(text)
            return json.loads(text, parse_int=_integer, parse_constant=_no_number)
        except (ValueError, RecursionError) as error:
            raise SidecarError(
                SYSTEM, f"The answer is not a JSON document ({str(error)[:80]}). Check that system."
            ) from error


def path_of(*segments: str) -> str:
    """A path of these segments, each quoted: no name can become another path.  CONFIG for dots."""
    for segment in segments:
        if segment in ("", ".", ".."):
            raise SidecarError(CONFIG, f"{segment!r} cannot be a part of a path. Correct the name.")
    return "/" + "/".join(quote(segment, safe="") for segment in segments)


def basic(user: str, password: str) -> str:
    """The value of an Authorization field by user and password (RFC 7617)."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode("ascii")


def render(
    method: str,
    path: str,
    host: str,
    headers: Mapping[str, str],
    query: Mapping[str, str],
    body: object,
) -> bytes:
    """A request as it goes out.  `body`: None, bytes as they are, anything else as JSON."""
    # A blank as %20: not everybody reads a plus sign as one.
    target = f"{path}?{urlencode(query, quote_via=quote)}" if query else path
    fields = {"Host": host, "Accept": "application/json", "Accept-Encoding": "identity"}
    data = b""
    if isinstance(body, bytes):
        data = body
    elif body is not None:
        data = json.dumps(body, separators=(",", ":")).encode("ascii")
        fields["Content-Type"] = "application/json"
    if data or method in ("POST", "PUT", "PATCH"):
        fields["Content-Length"] = str(len(data))
    for name, value in headers.items():
        same = next((key for key in fields if key.lower() == name.lower()), name)
        fields[same] = value
    if not (_TOKEN.match(method) and _TARGET.match(target)):
        raise SidecarError(CONFIG, f"{method[:20]!r} {path[:60]!r} is no HTTP request. Correct the names.")
    for name, value in fields.items():
        if not (_TOKEN.match(name) and _VALUE.match(value)):
            # The value may be a password or a token: it is not shown.
            raise SidecarError(CONFIG, f"The header field {name[:40]!r} has a character that is not allowed.")
    lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + data


class ReplyReader:
    """Reads one reply from bytes in pieces of any size.

    `done` says that nothing more is to be read: then `error` is "" and `reply` there, or `error` tells what
    was wrong.  `keeps` says that another request may follow on the connection.
    """

    def __init__(self, method: str = "GET") -> None:
        self.reply: HttpReply | None = None
        self.error = ""
        self.begun = False
        self.keeps = False
        self._method = method
        self._buffer = bytearray()
        self._seen = 0
        self._state = self._head
        self._interim = 0
        self._trailers = 0
        self._left = 0
        self._status = 0
        self._fields: list[tuple[str, str]] = []
        self._body = bytearray()
        self._persistent = False

    @property
    def done(self) -> bool:
        """Whether the reply has been read, or cannot be."""
        return self.reply is not None or bool(self.error)

    def feed(self, data: bytes) -> None:
        """More bytes have come."""
        if self.done:
            # Nothing was asked for that this could answer.
            self.keeps = False
            return
        self.begun = self.begun or bool(data)
        self._buffer += data
        try:
            while not self.done and self._state():
                pass
        except _Malformed as problem:
            self.error = str(problem)
        if self.done:
            self.keeps = self.keeps and not self._buffer
            self._buffer.clear()

    def end(self, clean: bool) -> None:
        """The connection has ended; `clean`: the other side said so, the line did not just break."""
        if self.done:
            self.keeps = False
            return
        if self._state == self._until_end and clean:
            self._finish(False)
        elif self.begun:
            self.error = "its answer broke off"
        else:
            self.error = "the connection ended without an answer"

    # ---- states: each takes what it can from the buffer and says whether it has got on

    def _head(self) -> bool:
        lines = self._block(HEAD_LIMIT, "a head")
        if lines is None:
            return False
        start = _STATUS.match(lines[0])
        if start is None:
            raise _Malformed("its answer is not HTTP/1.1")
        self._status = int(start.group(2))
        self._fields = [_field(line) for line in lines[1:]]
        if self._status < 200:
            self._interim += 1
            if self._status == 101 or self._interim > INTERIM_LIMIT:
                raise _Malformed("it answered with interim replies only")
            return True
        self._persistent = start.group(1) == b"1" and "close" not in self._tokens("connection")
        self._choose_body()
        return True

    def _choose_body(self) -> None:
        """How the end of the body is told (RFC 9112 section 6.3); whatever is ambiguous is refused."""
        codings, lengths = self._tokens("transfer-encoding"), self._tokens("content-length")
        if set(self._tokens("content-encoding")) - {"identity"}:
            raise _Malformed("its answer is compressed, which was not asked for")
        if codings and (codings != ["chunked"] or lengths):
            raise _Malformed("the length of its answer is not told in one way")
        if lengths and (len(set(lengths)) > 1 or not _LENGTH.match(lengths[0])):
            raise _Malformed("the length of its answer is no number")
        if self._method == "HEAD" or self._status in (204, 304):
            self._finish(True)
        elif codings:
            self._state = self._chunk_size
        elif lengths:
            self._left = int(lengths[0])
            if self._left > OUTPUT_LIMIT:
                raise _Malformed(_TOO_MUCH)
            self._state = self._counted
        else:
            self._state = self._until_end

    def _counted(self) -> bool:
        self._take()
        if self._left == 0:
            self._finish(True)
            return True
        return False

    def _until_end(self) -> bool:
        self._left = len(self._buffer)
        self._take()
        return False

    def _chunk_size(self) -> bool:
        line = self._line(LINE_LIMIT)
        if line is None:
            return False
        size = line.split(b";", 1)[0].strip(b" \t")
        if not _SIZE.match(size):
            raise _Malformed("a part of its answer has no size")
        self._left = int(size, 16)
        if len(self._body) + self._left > OUTPUT_LIMIT:
            raise _Malformed(_TOO_MUCH)
        self._state = self._chunk if self._left else self._trailer
        return True

    def _chunk(self) -> bool:
        self._take()
        if self._left:
            return False
        self._state = self._chunk_end
        return True

    def _chunk_end(self) -> bool:
        if len(self._buffer) < 2:
            return False
        if self._buffer[:2] != b"\r\n":
            raise _Malformed("a part of its answer is longer than it said")
        del self._buffer[:2]
        self._state = self._chunk_size
        return True

    def _trailer(self) -> bool:
        line = self._line(HEAD_LIMIT)
        if line is None:
            return False
        self._trailers += len(line)
        if self._trailers > HEAD_LIMIT:
            raise _Malformed("it sends header fields without end")
        if line:
            _field(line)
        else:
            self._finish(True)
        return True

    # ---- helpers

    def _finish(self, persistent: bool) -> None:
        self.keeps = persistent and self._persistent
        self.reply = HttpReply(self._status, tuple(self._fields), bytes(self._body))

    def _take(self) -> None:
        """Up to `_left` bytes from the buffer into the body."""
        data = self._buffer[: self._left]
        if len(self._body) + len(data) > OUTPUT_LIMIT:
            raise _Malformed(_TOO_MUCH)
        del self._buffer[: len(data)]
        self._body += data
        self._left -= len(data)

    def _line(self, limit: int) -> bytes | None:
        """The next line without its end; None while it is not whole."""
        end = self._buffer.find(b"\n", self._seen)
        if (end if end >= 0 else len(self._buffer)) > limit:
            raise _Malformed("it sends a line without end")
        if end < 0:
            self._seen = len(self._buffer)
            return None
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        self._seen = 0
        return line[:-1] if line.endswith(b"\r") else line

    def _block(self, limit: int, what: str) -> list[bytes] | None:
        """The lines up to an empty one; None while they are not whole."""
        if not self._buffer:
            return None
        # One pass over a head that comes byte by byte: only what is new, and three bytes before it.
        found = _BLANK.search(self._buffer, max(0, self._seen - 3))
        if (found.end() if found else len(self._buffer)) > limit:
            raise _Malformed(f"it sends {what} without end")
        if found is None:
            self._seen = len(self._buffer)
            return None
        lines = bytes(self._buffer[: found.start()]).split(b"\n")
        del self._buffer[: found.end()]
        self._seen = 0
        if len(lines) > FIELD_LIMIT:
            raise _Malformed("it sends header fields without end")
        return [line[:-1] if line.endswith(b"\r") else line for line in lines]

    def _tokens(self, name: str) -> list[str]:
        """The comma-separated words of all fields of this name, in lower case."""
        joined = ",".join(value for key, value in self._fields if key == name)
        return [word.strip().lower() for word in joined.split(",") if word.strip()]


_BLANK = re.compile(rb"\r?\n\r?\n")
_TOO_MUCH = f"it answered more than {OUTPUT_LIMIT // 1024 // 1024} MB"


class _Malformed(Exception):
    """The reply breaks the form or a limit."""


def _field(line: bytes) -> tuple[str, str]:
    """Name and value of a header field; a line that goes on from the one before is refused (obsolete)."""
    name, colon, value = line.decode("latin-1").partition(":")
    if not colon or not _TOKEN.match(name) or not _VALUE.match(value):
        raise _Malformed("a header field of its answer cannot be read")
    return name.lower(), value.strip(" \t")


def _check_nesting(text: str) -> None:
    depth = 0
    for part in _JSON_PARTS.finditer(text):
        if part.group() in "[{":
            depth += 1
            if depth > NESTING_LIMIT:
                raise ValueError(f"nested deeper than {NESTING_LIMIT} levels")
        elif part.group() in "]}":
            depth -= 1


def _integer(digits: str) -> int:
    if len(digits) > DIGITS_LIMIT:
        raise ValueError("a number is too long")
    return int(digits)


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is no number")
