"""Clones: the partition that starts from the copy, its disks, its network."""

from __future__ import annotations

from flashc.check import model, values
from flashc.check.findings import Findings
from flashc.check.names import Block, Names
from flashc.syntax import ast
from flashc.syntax.words import shown

PREVIOUS_END_S = 600
"""Default limit for the end of the previous clone."""


def resolve_clone(names: Names, node: ast.Clone) -> model.Clone | None:
    found = names.found
    block = Block(found, node, f"clone {shown(node.name.text)}", names.defaults_for(node))
    name = values.object_name(found, node.name, "clone", longest=31)
    source = names.refer("system", node.source)
    partition = block.one(ast.Partition, "partition")
    network = block.one(ast.Network, "network")
    link_node = block.one(ast.Link, "link", required=False)
    previous = block.one(ast.Previous, "previous", required=False)
    volumes = block.one(ast.Volumes, "volumes", required=False)
    free = block.one(ast.FreeCapacity, "free", required=False)
    disks = [_disks(names, d) for d in block.several(ast.Disks, "disks")]
    groups = [(g, d) for d in node.body if isinstance(d, ast.Disks) for g in d.groups]
    found.once(
        ((f'group "{shown(g.text)}" on {d.array.text}', g.span) for g, d in groups), " among the disks"
    )
    console = names.refer("console", partition.console) if partition else None
    target = _partition(found, partition) if partition else None
    vios = [values.partition_text(found, v, "VIOS partition") for v in volumes.vios] if volumes else []
    found.once((f'"{shown(v.text)}"', v.span) for v in (volumes.vios if volumes else ()))
    percent = values.number(found, free.percent, "FL3018", "`free capacity`", 1, 90) if free else None
    _network(found, network)
    link = _link(found, link_node) if link_node else None
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
        percent,
    )


def _partition(found: Findings, node: ast.Partition) -> tuple[int, str, str, str] | None:
    lpar_id = values.number(found, node.lpar_id, "FL3007", "a partition id", 1, 9999)
    name = values.partition_text(found, node.name, "partition")
    managed_system = values.managed_system(found, node.managed_system)
    profile = values.partition_text(found, node.profile, "profile")
    if lpar_id is None or name is None or managed_system is None or profile is None:
        return None
    return lpar_id, name, managed_system, profile


def _disks(names: Names, node: ast.Disks) -> model.Disks | None:
    groups = [values.group_name(names.found, group) for group in node.groups]
    array = names.refer("array", node.array)
    if array is None or None in groups:
        return None
    return model.Disks(tuple(g for g in groups if g), array, node.span)


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
