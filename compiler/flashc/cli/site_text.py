"""A site as the text of its file: the inverse of `flashtwin.site_load`, with the usual values left out."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Iterator
from typing import Any, get_args, get_origin

from flashtwin.site import Site
from flashtwin.site_system import Duration, SignedDuration

_INLINE_WIDTH = 100
_UNITS = (("h", 3600), ("m", 60), ("s", 1))


def site_text(site: Site) -> str:
    """The TOML text that `load_site` reads back to the same site."""
    return "\n".join(_table(site, "")).strip("\n") + "\n"


def _table(record: Any, path: str) -> Iterator[str]:
    """The lines of a record: first its plain keys, then its tables, each under its header."""
    later: list[tuple[str, Any]] = []
    for name, hint, value in _told(record):
        if _is_record(value) or (_is_table_list(value) and not _fits(value)):
            later.append((f"{path}.{name}" if path else name, value))
        elif _is_table_list(value) and len(_inline(hint, value)) + len(name) > _INLINE_WIDTH:
            yield f"{name} = ["
            yield from (f"    {_inline(None, one)}," for one in value)
            yield "]"
        else:
            yield f"{name} = {_inline(hint, value)}"
    for where, value in later:
        for one in value if isinstance(value, tuple) else (value,):
            yield ""
            yield f"[[{where}]]" if isinstance(value, tuple) else f"[{where}]"
            yield from _table(one, where)


def _told(record: Any) -> Iterator[tuple[str, Any, Any]]:
    """Name, type and value of the fields that differ from what a file gets without them."""
    hints = typing.get_type_hints(type(record), include_extras=True)
    for field in dataclasses.fields(record):
        value = getattr(record, field.name)
        usual = field.default
        if field.default_factory is not dataclasses.MISSING:
            usual = field.default_factory()
        if usual is dataclasses.MISSING or value != usual:
            yield field.name, hints[field.name], value


def _is_record(value: Any) -> bool:
    return dataclasses.is_dataclass(value)


def _is_table_list(value: Any) -> bool:
    return isinstance(value, tuple) and bool(value) and _is_record(value[0])


def _fits(value: tuple[Any, ...]) -> bool:
    """Whether each record of a list can stand on a line of its own."""
    return all(len(_inline(None, one)) <= _INLINE_WIDTH and not _holds_records(one) for one in value)


def _holds_records(record: Any) -> bool:
    return any(_is_record(value) for _, _, value in _told(record))


def _inline(hint: Any, value: Any) -> str:
    """A value on one line; `hint` is its declared type, for durations."""
    if _is_record(value):
        return "{ " + ", ".join(f"{n} = {_inline(h, v)}" for n, h, v in _told(value)) + " }"
    if isinstance(value, tuple):
        inner = get_args(hint)[0] if get_origin(hint) is tuple else None
        return "[" + ", ".join(_inline(inner, one) for one in value) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_inline(None, one)}" for key, one in value.items()) + " }"
    if isinstance(value, bool):
        return "true" if value else "false"
    if get_origin(hint) is typing.Annotated and {Duration, SignedDuration} & set(hint.__metadata__):
        return f'"{_duration(value)}"'
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return str(value)


def _duration(seconds: float) -> str:
    """Seconds in the largest units that say them exactly, such as 4h50m or 0.5s."""
    sign, rest = ("-", -seconds) if seconds < 0 else ("", seconds)
    if rest != int(rest):
        return f"{sign}{round(rest * 1000)}ms"
    whole, parts = int(rest), ""
    for unit, size in _UNITS:
        if whole >= size:
            parts += f"{whole // size}{unit}"
            whole %= size
    return sign + (parts or "0s")
