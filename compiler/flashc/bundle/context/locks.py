"""The locks of a run: which data area stands for which thing that only one run at a time may use."""

from __future__ import annotations

import hashlib

from flashc.check.model import Clone, Environment

WINDOW = "suspend window"
BRMS_STATE = "BRMS state"

LONGEST = 80
"""Characters of a thing: column NAME of FLLCK (`flashc.runbook.tables`)."""


def lock_objects(clones: list[Clone], environments: list[Environment]) -> dict[str, str]:
    """The lock object of each thing that runs may share; window and BRMS state have names of their own."""
    things: list[str] = []
    for clone in clones:
        things += [clone_thing(clone), *groups(clone)]
        if clone.link:
            things.append(f"link {clone.link.source}")
    things += [f"tape {d.resource}" for e in environments for d in e.operation.devices]
    return {thing: f"FLK{number:03d}" for number, thing in enumerate(dict.fromkeys(things), 1)}


def clone_thing(clone: Clone) -> str:
    """A clone, as a thing that runs may share."""
    return f"clone {clone.name}"


def groups(clone: Clone) -> list[str]:
    """The groups of a clone, every generation, as things that runs may share; each once."""
    return list(dict.fromkeys(_group(group, d.array.name) for d in clone.disks for group in d.groups))


def _group(name: str, array: str) -> str:
    """A group as a thing; of a longer name, as pairs of volumes have, its beginning and a digest of it."""
    thing = f"group {name} on {array}"
    if len(thing) <= LONGEST:
        return thing
    mark = hashlib.sha256(name.encode()).hexdigest()[:8]
    kept = LONGEST - len(f"group ~{mark} on {array}")
    return f"group {name[:kept]}~{mark} on {array}"


def beside_clone(environment: Environment) -> list[str]:
    """What a run needs of its own beside the clone: groups, link, tapes; each once."""
    e, clone = environment, environment.clone
    used = groups(clone)
    used += [f"link {clone.link.source}"] if clone.link and e.starts_clone else []
    used += [f"tape {d.resource}" for d in e.operation.devices]
    return list(dict.fromkeys(used))


def rows_of(environment: Environment) -> list[str]:
    """The things that a run has a row for in FLLCK."""
    e = environment
    system = [WINDOW, *([BRMS_STATE] if e.uses_brms else [])]
    return [clone_thing(e.clone), *system, *beside_clone(e)]


def objects_of(environment: Environment, objects: dict[str, str]) -> dict[str, str]:
    """The lock objects that a run allocates, in that order, and what each stands for in FLLCK.

    `objects`: what `lock_objects` gave.
    """
    e = environment
    found = {objects[clone_thing(e.clone)]: clone_thing(e.clone)}
    found |= dict.fromkeys(("FLKWIN", "FLKWINA", "FLKWINB"), WINDOW)
    if e.uses_brms:
        found["FLKBRM"] = BRMS_STATE
    return found | {objects[thing]: thing for thing in beside_clone(e)}
