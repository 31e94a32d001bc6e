"""The bytes of a save file: its contents in a form that survives copies and shows damage.

Records of 528 bytes as on IBM i, the first with a mark, the length and the SHA-256 of the contents (JSON).
Compiled code is kept as its source only: a program restored from bytes has to be compiled again.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from decimal import Decimal
from typing import Any

from flashtwin import brms_log, db2_tables, image, objects, records
from flashtwin.objects import Code, SaveFile

RECORD = 528
MARK = b"FLSAVF01"
_HEADER = len(MARK) + 16 + 64


class Damaged(ValueError):
    """The bytes are not those of a save file, or not all of them as they were written."""


def _classes() -> dict[str, type[Any]]:
    found: dict[str, type[Any]] = {}
    for module in (objects, records, image, brms_log, db2_tables):
        for name, value in vars(module).items():
            if (
                isinstance(value, type)
                and dataclasses.is_dataclass(value)
                and value.__module__ == module.__name__
            ):
                found[name] = value
    return found


_CLASSES = _classes()


def pack(file: SaveFile) -> bytes:
    """The save file's contents as bytes; b"" for an empty one."""
    if not file.contents and not file.facts:
        return b""
    body = json.dumps(
        {"library": file.saved_library, "contents": _plain(file.contents), "facts": _plain(file.facts)},
        separators=(",", ":"),
    ).encode()
    digest = hashlib.sha256(body).hexdigest().encode()
    data = MARK + f"{len(body):016d}".encode() + digest + body
    return data + bytes(-len(data) % RECORD)


def unpack(data: bytes, file: SaveFile) -> None:
    """Fill a save file from bytes; Damaged when they are not what was packed."""
    if len(data) % RECORD or not data.startswith(MARK) or not data[len(MARK) : len(MARK) + 16].isdigit():
        raise Damaged("no save file records")
    length = int(data[len(MARK) : len(MARK) + 16])
    body = data[_HEADER : _HEADER + length]
    if len(body) != length or hashlib.sha256(body).hexdigest().encode() != data[_HEADER - 64 : _HEADER]:
        raise Damaged("the contents are not as they were written")
    try:
        found = json.loads(body)
        contents, facts = _object(found["contents"]), _object(found["facts"])
    except (ValueError, KeyError, TypeError) as error:
        raise Damaged(f"the contents cannot be read: {error}") from error
    file.saved_library, file.contents, file.facts = str(found["library"]), contents, facts


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, tuple):
        return {"tuple": [_plain(one) for one in value]}
    if isinstance(value, dict):
        return {"dict": [[_plain(key), _plain(one)] for key, one in value.items()]}
    if isinstance(value, bytes):
        return {"bytes": value.hex()}
    if isinstance(value, bytearray):
        return {"bytearray": value.hex()}
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, Code):
        return {"code": value.source}
    if dataclasses.is_dataclass(value) and not isinstance(value, type) and type(value).__name__ in _CLASSES:
        fields = {one.name: _plain(getattr(value, one.name)) for one in dataclasses.fields(value)}
        return {"object": type(value).__name__, "fields": fields}
    raise TypeError(f"a save file cannot hold a {type(value).__name__}")


def _object(value: Any) -> Any:
    if isinstance(value, list):
        return [_object(one) for one in value]
    if not isinstance(value, dict):
        return value
    if "object" in value:
        fields = {str(name): _object(one) for name, one in value["fields"].items()}
        return _CLASSES[value["object"]](**fields)
    (kind, inner), *_ = value.items()
    if kind == "tuple":
        return tuple(_object(one) for one in inner)
    if kind == "dict":
        return {_object(key): _object(one) for key, one in inner}
    if kind == "bytes":
        return bytes.fromhex(inner)
    if kind == "bytearray":
        return bytearray.fromhex(inner)
    if kind == "decimal":
        return Decimal(inner)
    if kind == "code":
        return Code(None, inner)
    raise ValueError(f"unknown kind {kind}")
