"""Clones: the partition that starts from the copy, its disks, its network."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flashc.check import model, values
from flashc.check.families import Part, Phrase
from flashc.check.findings import Findings
from flashc.check.names import Block, Names
from flashc.diag import Span
from flashc.syntax import ast
from flashc.syntax.words import shown

SSH_PORT = 22
PREVIOUS_END_S = 600
"""Default limit for the end of the previous clone."""


def resolve_clone(names: Names, node: ast.Clone) -> model.Clone | None:
    found = names.found
    block = Block(found, node, f"clone {shown(node.name.text)}", names.defaults_for(node))
    name = values.own_name(found, node.name, "clone", longest=31)
    source = names.refer("system", node.source)
    partition = block.one(ast.Partition, "partition")
    network = block.one(ast.Network, "network")
    link_node = block.one(ast.Link, "link", required=False)
    previous = block.one(ast.Previous, "previous", required=False)
    volumes = block.one(ast.Volumes, "volumes", required=False)
    free = block.one(ast.FreeCapacity, "free", required=False)
    disks = [_disks(names, d) for d in block.several(ast.Disks, "disks")]
    copies = [(c, d) for d in disks if d for c in d.copies]
    found.once(
        ((f'{d.phrase.words} "{c.name}" on {d.array.name}', c.span) for c, d in copies), " among the disks"
    )
    console = names.refer("console", partition.console) if partition else None
    target = _partition(found, partition) if partition else None
    if console and partition and target:
        _profile(found, console, partition)
        _as_the_console_can(found, console, partition, previous)
    servers = volumes.vios if volumes else ()
    vios = [values.partition_text(found, v.name, "VIOS partition") for v in servers]
    access = [_vios_access(found, v) for v in servers if v.address]
    found.once((f'"{v.name.text}"', v.name.span) for v in servers)
    percent = values.number(found, free.percent, "FL3018", "`free capacity`", 1, 90) if free else None
    _network(found, network)
    link = _link(found, link_node) if link_node else None
    if network and network.isolated and link and link.vlan is None:
        found.both("FL3109", link.span, "the link has no VLAN", network.span, "allows nothing else")
    if link_node is None and node.incomplete:
        link = model.Link("", "", "", None, node.span)  # it may well be there: nobody shall miss it
    end_within_s: int | None = PREVIOUS_END_S
    if previous:
        end_within_s = 0
        if previous.within:
            end_within_s = values.limit(
                found, previous.within, "the limit for the previous clone", 30, 4 * 3600
            )
    if (
        name is None
        or source is None
        or console is None
        or target is None
        or network is None
        or end_within_s is None
        or (link_node and link is None)
        or not disks
        or None in disks
        or None in vios
        or None in access
        or (free and percent is None)
    ):
        return None
    lpar_id, partition_name, managed_system, profile = target
    return model.Clone(
        name,
        source,
        lpar_id,
        partition_name,
        managed_system,
        console,
        profile,
        tuple(d for d in disks if d is not None),
        network.isolated,
        link,
        end_within_s,
        previous.immediately if previous else False,
        node.span,
        network.reason.text if network.reason else None,
        tuple(v for v in vios if v),
        tuple(a for a in access if a),
        percent,
    )


def _vios_access(found: Findings, node: ast.Vios) -> model.ViosAccess | None:
    """How a VIOS is asked by SSH; its address, user and key stand together or not at all."""
    if node.address is None or node.user is None or node.key is None:
        return None
    address = values.endpoint(found, node.address, SSH_PORT)
    user = None if values.secret(found, node.user) else values.user_name(found, node.user)
    key = None if values.secret(found, node.key) else values.key_file(found, node.key)
    if address is None or user is None or key is None:
        return None
    return model.ViosAccess(node.name.text, address, user, key, node.span)


def _profile(found: Findings, console: model.Console, node: ast.Partition) -> None:
    """A partition is started with a profile where the console knows profiles, and only there."""
    if console.family.profiles and node.profile is None:
        message = f"{console.name} is {console.family.name}, which starts a partition with a profile"
        found.add("FL3104", node.span, message)
    if not console.family.profiles and node.profile is not None:
        message = f"{console.name} is {console.family.name}, which knows no profile"
        found.add("FL3104", node.profile.span, message, help="Leave `profile` out.")


def _as_the_console_can(
    found: Findings, console: model.Console, node: ast.Partition, previous: ast.Previous | None
) -> None:
    """Some consoles name a machine by its serial number only, and end a partition only at once."""
    family = console.family
    if family.machines_by_serial and not values.by_serial(node.managed_system.text):
        message = f"{console.name} is {family.name}, which names a machine by type, model and serial number"
        found.add("FL3107", node.managed_system.span, message)
    if not family.ends_in_order and (previous is None or previous.within):
        message = f"{console.name} is {family.name}, which ends a partition only immediately"
        found.add("FL3107", previous.span if previous else node.span, message)


def _partition(found: Findings, node: ast.Partition) -> tuple[int, str, str, str] | None:
    lpar_id = values.number(found, node.lpar_id, "FL3007", "a partition id", 1, 9999)
    name = values.partition_text(found, node.name, "partition")
    managed_system = values.managed_system(found, node.managed_system)
    profile = values.partition_text(found, node.profile, "profile") if node.profile else ""
    if lpar_id is None or name is None or managed_system is None or profile is None:
        return None
    return lpar_id, name, managed_system, profile


def _disks(names: Names, node: ast.Disks) -> model.Disks | None:
    array = names.refer("array", node.array)
    fit = [_pairs_fit(names.found, copy.pairs) for copy in node.copies]
    if array is None or not all(fit):
        return None
    phrase = array.family.phrase(node.phrase)
    if phrase is None or not phrase.offered:
        known = " or ".join(f"`{one.example}`" for one in array.family.phrases if one.offered)
        message = f"{array.name} is {array.family.name}, whose copies are not named by `{node.phrase}`"
        names.found.add("FL3102", node.span, message, help=f"Write, for example, {known}.")
        return None
    copies = [_copy(names.found, phrase, copy) for copy in node.copies]
    if None in copies:
        return None
    return model.Disks(tuple(c for c in copies if c), phrase, array, node.span)


def _copy(found: Findings, phrase: Phrase, node: ast.Copy) -> model.Copy | None:
    parts = [values.part(found, text, part) for text, part in zip(node.names, phrase.parts, strict=True)]
    pairs = _pairs(found, phrase.pairs, node.pairs) if phrase.pairs else []
    if None in parts or pairs is None:
        return None
    written = tuple((part.key, name) for part, name in zip(phrase.parts, parts, strict=True) if name)
    return model.Copy(copy_name(written, pairs), written, tuple(pairs), node.span)


def copy_name(parts: Sequence[tuple[str, str]], pairs: Sequence[tuple[str, str]]) -> str:
    """What a copy goes by: the last name of its phrase, which no other generation has; or its first pair."""
    if pairs:
        source, target = pairs[0]
        return f"{parts[-1][1]}:{target}" if parts else f"{source}:{target}"
    return parts[-1][1]


def _pairs(found: Findings, part: Part, nodes: tuple[ast.Pair, ...]) -> list[tuple[str, str]] | None:
    """Every pair of volumes by itself: a range stands for as many as it has."""
    made: list[tuple[str, str]] = []
    good = True
    for node in nodes:
        source, target = values.part(found, node.source, part), values.part(found, node.target, part)
        if source is None or target is None:
            good = False
        else:
            made += zip(volumes_of(source), volumes_of(target), strict=False)
    return made if good else None


def _pairs_fit(found: Findings, nodes: tuple[ast.Pair, ...]) -> bool:
    """As many targets as sources, and each volume once: so it must be on every array."""
    used: dict[str, Span] = {}
    for node in nodes:
        sources, targets = volumes_of(node.source.text), volumes_of(node.target.text)
        if not sources or len(sources) != len(targets):
            written = f"`{shown(node.source.text)}` to `{shown(node.target.text)}`"
            found.add("FL3103", node.span, f"{written} are {len(sources)} and {len(targets)} volumes")
            return False
        for volume in (*sources, *targets):
            if volume in used:
                message = f"volume {shown(volume)} stands twice among the pairs"
                found.both("FL3103", node.span, message, used[volume], "here first")
                return False
            used[volume] = node.span
    return True


def volumes_of(text: str) -> list[str]:
    """The volumes of a range such as 1000-1003 (hexadecimal, one LSS), or the one volume; none if wrong.

    A logical device written as 00:10:2A is the same as its decimal number.
    """
    if re.fullmatch(r"[0-9A-F]{2}(:[0-9A-F]{2}){2}", text):
        return [str(int(text.replace(":", ""), 16))]
    if not re.fullmatch(r"[0-9A-F]{4}-[0-9A-F]{4}", text):
        return [text]
    first, last = (int(end, 16) for end in text.split("-"))
    return [f"{n:04X}" for n in range(first, last + 1)] if first >> 8 == last >> 8 else []


def _network(found: Findings, node: ast.Network | None) -> None:
    if node and not node.isolated and (node.reason is None or len(node.reason.text.strip()) < 10):
        found.add(
            "FL3012", node.span, "the clone's network is not isolated, and nothing says why that is safe"
        )


def _link(found: Findings, node: ast.Link) -> model.Link | None:
    source = values.ipv4(found, node.source, "the source's end of the link")
    clone = values.ipv4(found, node.clone, "the clone's end of the link")
    line = values.object_name(found, node.line, "line description")
    vlan = values.number(found, node.vlan, "FL3016", "a VLAN id", 1, 4094) if node.vlan else None
    if source is None or clone is None or line is None or (node.vlan and vlan is None):
        return None
    if source == clone:
        message = f"both ends of the link have the address {source}"
        found.both("FL3013", node.clone.span, message, node.source.span, "the source's end")
        return None
    return model.Link(source, clone, line, vlan, node.span)
