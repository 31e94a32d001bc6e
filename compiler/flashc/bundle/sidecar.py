"""The sidecar's configuration, and its zipapp: sorted, with a fixed date, the same bytes everywhere."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from flashc.bundle.context import folder_of
from flashc.bundle.context.locks import lock_objects, objects_of
from flashc.check.model import (
    Array,
    BrmsOperation,
    Clone,
    Console,
    Disks,
    Environment,
    HoldJob,
    HoldQueue,
    Spec,
    System,
)
from flashc.runbook.limits import VIOS_S, window_limits

DELIVERY_KEY = "delivery_ed25519"
"""Name of the key that opens the inbox of the source for the clone, and nothing else."""

_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip archive can hold
_MAIN = "from flashrt.start import start\n\nstart()\n"


def sidecar_config(spec: Spec, system: System) -> bytes:
    """conf/sidecar.json: what the sidecar knows of consoles, arrays, clones and limits."""
    clones = [c for c in spec.clones if c.source.name == system.name]
    environments = [e for e in spec.environments if e.clone.source.name == system.name]
    locks = lock_objects(clones, environments)
    document: dict[str, Any] = {
        "version": 1,
        "system": {
            "name": system.name,
            "library": system.library,
            "identities": [{"serial": i.serial, "lpar": i.lpar} for i in system.identities],
        },
        "clones": {
            c.name: {
                "partition": c.partition,
                "lpar_id": c.lpar_id,
                "managed_system": c.managed_system,
                "console": c.console.name,
                "profile": c.profile,
                "disks": [_disks(d) for d in c.disks],
                **({} if c.free_percent is None else {"free_percent": c.free_percent}),
                "network_isolated": c.network_isolated,
                **({"own_network": True} if _own_network(c, environments) else {}),
                "link": {"source": c.link.source, "clone": c.link.clone, "vlan": c.link.vlan}
                if c.link
                else None,
                **({"vios": list(c.vios)} if c.vios else {}),
            }
            for c in clones
        },
        "consoles": {
            c.name: {
                **_device(c),
                **({"standby": c.standby.name} if c.standby else {}),
            }
            for c in _consoles(clones)
        },
        **({"servers": servers} if (servers := _servers(clones)) else {}),
        "arrays": {
            a.name: _device(a) for a in sorted(_arrays(spec, environments).values(), key=lambda x: x.name)
        },
        "limits": {"trigger_s": _trigger_limit(environments), "vios_s": VIOS_S},
        "checks": {
            "release": system.release,
            "independent_asps": list(system.independent_asps),
            "window_s": _window(environments),
            "brms": any(isinstance(e.operation, BrmsOperation) for e in environments),
            "control_groups": sorted({g.name for e in environments if e.brms for g in e.brms.groups}),
            "environments": {
                e.name: {
                    "libraries": sorted({d.name for d in e.operation.devices if d.kind == "library"}),
                    "held_jobs": [f"{i.user}/{i.job}" for i in e.around if isinstance(i, HoldJob)],
                    "held_queues": [f"{i.library}/{i.queue}" for i in e.around if isinstance(i, HoldQueue)],
                    "locks": [{"object": name, "what": what} for name, what in objects_of(e, locks).items()],
                }
                for e in environments
            },
        },
    }
    if spec.mail_server:
        document["mail"] = {
            "server": spec.mail_server.host + f":{spec.mail_server.port}",
            "from": spec.mail_server.sender,
            "to": _recipients(environments),
        }
    if any(c.link for c in clones):
        document["delivery"] = {
            "port": 22,
            "user": system.user,
            "key": DELIVERY_KEY,
            "inbox": folder_of(system) + "/inbox",
        }
    return (json.dumps(document, indent=2, sort_keys=True) + "\n").encode("utf-8")


def _device(device: Array | Console) -> dict[str, Any]:
    """Family, way, access and facts; SSH and no facts need no word."""
    return {
        "family": device.family.name,
        **({} if device.way.name == "ssh" else {"way": device.way.name}),
        "addresses": [f"{x.host}:{x.port}" for x in device.addresses],
        "user": device.user,
        "key": device.key,
        **({"facts": dict(device.facts)} if device.facts else {}),
    }


def _disks(disks: Disks) -> dict[str, Any]:
    """The copies of one part of the disks; a consistency group is told by its name alone."""
    out: dict[str, Any] = {"groups": list(disks.groups), "array": disks.array.name}
    if disks.phrase.words != "group":
        out["copies"] = {
            copy.name: {
                "kind": disks.phrase.words,
                "parts": dict(copy.parts),
                **({"pairs": [list(pair) for pair in copy.pairs]} if copy.pairs else {}),
            }
            for copy in disks.copies
        }
    return out


def _consoles(clones: list[Clone]) -> list[Console]:
    used = {one.name: one for c in clones for one in c.console.with_standby}
    return sorted(used.values(), key=lambda console: console.name)


def _servers(clones: list[Clone]) -> dict[str, dict[str, Any]]:
    """The VIOS that are asked by SSH; a name of a partition tells one only on its machine."""
    found = {f"{v.name} on {c.managed_system}": v for c in clones for v in c.vios_access}
    return {
        name: {
            "family": "vios",
            "addresses": [f"{v.address.host}:{v.address.port}"],
            "user": v.user,
            "key": v.key,
        }
        for name, v in sorted(found.items())
    }


def _own_network(clone: Clone, environments: list[Environment]) -> bool:
    """Whether a run makes the clone another system with addresses of its own."""
    return any(e.clone is clone and e.reconfigure and e.reconfigure.interfaces for e in environments)


def _arrays(spec: Spec, environments: list[Environment]) -> dict[str, Any]:
    used = {d.array.name: d.array for c in spec.clones for d in c.disks}
    used.update({r.array.name: r.array for e in environments for r in e.requires})
    return used


def _trigger_limit(environments: list[Environment]) -> int:
    return min(window_limits(e.quiesce.within_s, e.resume_within_s).trigger_s for e in environments)


def _window(environments: list[Environment]) -> int:
    return max(e.boot_within_s + e.operation.within_s for e in environments)


def _recipients(environments: list[Environment]) -> dict[str, dict[str, list[str]]]:
    """Who is told of which occasion, by environment."""
    out: dict[str, dict[str, list[str]]] = {}
    for e in environments:
        for mail in e.mails:
            for phase in mail.phases:
                told = out.setdefault(e.name, {}).setdefault(phase, [])
                if mail.address not in told:
                    told.append(mail.address)
    return out


def _modules(folder: Traversable, prefix: str) -> Iterator[tuple[str, bytes]]:
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if entry.is_dir() and entry.name != "__pycache__":
            yield from _modules(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith(".py"):
            yield prefix + entry.name, entry.read_bytes().replace(b"\r\n", b"\n")


def zipapp() -> bytes:
    """flashrt.pyz: the sidecar's modules, stored uncompressed so that a start needs no zlib."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        entries = [("__main__.py", _MAIN.encode()), *_modules(files("flashrt"), "flashrt/")]
        for name, data in sorted(entries):
            info = zipfile.ZipInfo(name, _DATE)
            info.external_attr = 0o644 << 16
            info.create_system = 3
            archive.writestr(info, data)
    return b"#!/QOpenSys/pkgs/bin/python3.9\n" + buffer.getvalue()
