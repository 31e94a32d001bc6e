"""Packs the command definitions of data/*.yaml into the file that the package loads.

`python -m flashc.cl.build_catalogue` writes it; with --check it only says whether it is current.  The
same YAML gives the same file: nothing is written when the content is already there.
"""

from __future__ import annotations

import json
import sys
import zlib
from pathlib import Path
from typing import Any

from flashc.cl.catalogue import PACKED

# Later files win: what was written for this project corrects what was converted.
SOURCES = ("definitions.yaml", "manual.yaml", "additional.yaml")
_COMMAND_FIELDS = """
name group product source status complete allowed threadsafe max_positional positions_unverified
aliases params deps messages messages_complete prefix
"""
_PARAMETER_FIELDS = """
kw pos type len digits scale required min max special single closed open_list range rel default
allow_var expr returns var_type constant case full key unverified since qualifiers elements
"""
_TYPES = """
enum name char integer qualified generic_name element_list decimal pathname date any simple_name
time communications_name cl_variable_name command_string unsigned_integer logical hex cl_variable
no_value zero_elements null
"""
COMMAND_FIELDS = frozenset(_COMMAND_FIELDS.split())
PARAMETER_FIELDS = frozenset(_PARAMETER_FIELDS.split())
TYPES = frozenset(_TYPES.split())


def folder() -> Path:
    """Where the data files are."""
    return Path(__file__).parent / "data"


def packed(sources: Path) -> bytes:
    """The content of the packed file (before compression) from the YAML files of a folder."""
    import yaml

    commands: dict[str, Any] = {}
    for name in SOURCES:
        read = yaml.safe_load((sources / name).read_text(encoding="utf-8"))
        for command in read["commands"]:
            _check(command, name)
            commands[command["name"]] = command
    for command in list(commands.values()):
        for alias in command.pop("aliases", ()):
            commands.setdefault(alias, command["name"])
    return json.dumps(commands, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")


def _check(command: dict[str, Any], where: str) -> None:
    unknown = command.keys() - COMMAND_FIELDS
    if unknown or "params" not in command:
        raise ValueError(f"{where}: {command.get('name')}: wrong fields {sorted(unknown)}")
    for parameter in command["params"]:
        _check_parameter(parameter, f"{where}: {command['name']} {parameter.get('kw')}")
    positions = sorted(p["pos"] for p in command["params"] if "pos" in p)
    if positions != list(range(1, len(positions) + 1)):
        raise ValueError(f"{where}: {command['name']}: positions {positions} have a gap")


def _check_parameter(parameter: dict[str, Any], where: str) -> None:
    unknown = parameter.keys() - PARAMETER_FIELDS
    if unknown:
        raise ValueError(f"{where}: unknown fields {sorted(unknown)}")
    if parameter["type"] not in TYPES:
        raise ValueError(f"{where}: unknown type {parameter['type']}")
    if "qualifiers" in parameter and parameter["type"] != "qualified":
        raise ValueError(f"{where}: parts of a qualified name in a {parameter['type']}")
    for part in (*parameter.get("qualifiers", ()), *parameter.get("elements", ())):
        _check_parameter(part, where)


def is_current(data: bytes, target: Path) -> bool:
    """Whether the packed file holds exactly this content (whichever zlib packed it)."""
    return target.exists() and zlib.decompress(target.read_bytes()) == data


def main(arguments: list[str]) -> int:
    """Write the packed file, or check it; 1 when a check finds it out of date."""
    target = folder() / PACKED
    data = packed(folder())
    if is_current(data, target):
        print(f"{PACKED} is current")
        return 0
    if "--check" in arguments:
        print(f"{PACKED} is out of date: run python -m flashc.cl.build_catalogue", file=sys.stderr)
        return 1
    target.write_bytes(zlib.compress(data, 9))
    print(f"{PACKED} written: {len(data)} bytes of definitions")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
