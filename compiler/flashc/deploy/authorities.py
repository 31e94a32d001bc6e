"""What the public may do with the product's objects: as they are made, as they are, and what puts it right.

An object that takes the place of another keeps its authorities: docs/platform-facts.md#replaced-programs
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from flashc.deploy.command import Command
from flashc.deploy.facts import Facts
from flashc.deploy.operations import Operation

_PUBLIC = re.compile(r"\bAUT\((\S+?)\)")


def public_of(one: Mapping[str, Any]) -> tuple[str, str]:
    """The authority of *PUBLIC that an object of the manifest is made with, and its list ("" for none)."""
    said = next((found[1] for text in one["create"] if (found := _PUBLIC.search(text))), "*EXCLUDE")
    return (said, "") if said.startswith("*") else ("*AUTL", said)


def public_operations(
    manifest: Mapping[str, Any], facts: Facts, made: Mapping[str, str]
) -> Iterator[Operation]:
    """Put right what is otherwise; `made`: the definitions that are in force by then."""
    for one in manifest["objects"]:
        place, key = f"{one['library']}/{one['name']}", f"{one['library']}/{one['name']} {one['type']}"
        told, wanted = facts.public.get(key), public_of(one)
        if told is None or told == wanted or one["type"] == "*AUTL":
            continue
        (now, by), (public, secured_by) = told, wanted
        what = f"QSYS/{{}} OBJ({place}) OBJTYPE({one['type']})"
        commands = []
        if secured_by and by != secured_by:
            commands.append(f"{what.format('GRTOBJAUT')} AUTL({secured_by})")
        elif by and not secured_by:
            commands.append(f"{what.format('RVKOBJAUT')} AUTL({by})")
        if now != public or commands:
            commands.append(f"{what.format('GRTOBJAUT')} USER(*PUBLIC) AUT({public})")
        why = f"*PUBLIC has {by or now} instead of {secured_by or public}"
        yield Operation(
            "authority",
            key,
            "change",
            why,
            tuple(map(Command, commands)),
            made={key: made[key]} if key in made else {},
        )
