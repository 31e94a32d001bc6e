"""What stands in the way of a deployment and of a removal: another partition, somebody else's library, a run.

Pure: nothing is touched.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from flashc.bundle import Bundle
from flashc.deploy.facts import Facts
from flashc.deploy.operations import Finding
from flashc.runbook.objects import is_production


def identities(bundle: Bundle) -> list[dict[str, Any]]:
    """The pairs of serial and partition id that the spec gives production."""
    pairs: list[dict[str, Any]] = json.loads(bundle.files["conf/sidecar.json"])["system"]["identities"]
    return pairs


def wrong_partition(bundle: Bundle, facts: Facts) -> str:
    """Why it is not the partition of the spec; "" where it is, or does not tell."""
    pairs = identities(bundle)
    if facts.identity_in(pairs) is not False:
        return ""
    text = f"This is {here(facts)}, and {bundle.manifest['system']} is {named(pairs)}."
    return f"{text} Is it the clone, or was the partition moved? Then name it in the spec."


def named(pairs: list[dict[str, Any]]) -> str:
    """The pairs of production, for people."""
    return ", ".join(f"serial {one['serial']} partition {one['lpar']}" for one in pairs)


def here(facts: Facts) -> str:
    """What the partition tells of itself, for people."""
    return f"serial {facts.serial or '?'} partition {facts.lpar_id if facts.lpar_id is not None else '?'}"


def knows(manifest: Mapping[str, Any]) -> str:
    """The entry of the record in which stands what the start-up guard's programs know of the spec."""
    return f"{manifest['guard_library']} knows"


def moved(bundle: Bundle, facts: Facts) -> bool:
    """Whether production is where the bundle's programs know it, and those that are there do not.

    They do nothing there, FLRCVENV among them, so a run that was open waits for a deployment.
    """
    made = facts.record.made if facts.record is not None else {}
    known = made.get(knows(bundle.manifest))
    if facts.guard_by_hand is not None:
        known = "\n".join(facts.guard_by_hand)
    place = is_production(facts.serial, facts.lpar_id)
    return known is not None and place not in known.split("\n") and place in bundle.manifest["guard_knows"]


def hindrances(bundle: Bundle, facts: Facts, *, deploys: bool = False) -> Iterator[Finding]:
    """Why nothing may be deployed to the partition (`deploys`), or nothing removed from it."""
    manifest, record = bundle.manifest, facts.record
    if wrong := wrong_partition(bundle, facts):
        yield Finding("refused", wrong)
    if record is not None and record.library != manifest["library"]:
        text = f"{manifest['folder']} belongs to library {record.library}, not to {manifest['library']}."
        yield Finding("refused", f"{text} Two installations need two libraries.")
    elif record is not None and record.about.get("system") not in (None, manifest["system"]):
        told = record.about["system"]
        text = (
            f"{manifest['library']} was deployed for system {told}; this bundle is of {manifest['system']}."
        )
        yield Finding("refused", f"{text} Is this the right partition?")
    for library, names in facts.objects.items():
        foreign = sorted((names or frozenset()) - _names_of(manifest, library))
        if not foreign or record is not None:
            continue
        shown = ", ".join(foreign[:5]) + (f" and {len(foreign) - 5} more" if len(foreign) > 5 else "")
        text = f"Library {library} exists and holds what flashc did not make: {shown}."
        yield Finding("refused", f"{text} Name another library in the spec, or empty this one.")
    # Also of a clone that the spec has no longer: what is left to do stands in the programs that are there.
    for area in sorted(facts.areas):
        state, run = facts.areas[area][24:34].strip(), facts.areas[area][:14].strip()
        if re.fullmatch(rf"{manifest['library']}/FLR\d{{4}}", area) and state not in ("", "CLOSED"):
            text = f"Run {run or '?'} is open ({state}), recorded in {area}."
            if deploys and moved(bundle, facts):
                text += (
                    " Production was moved meanwhile, and what is deployed does nothing here: see that none"
                )
                text += " of the run's jobs is active (WRKACTJOB), deploy, then close the run by FLRCVENV."
                yield Finding("attention", text)
            else:
                yield Finding("refused", f"{text} Wait for its end; FLRCVENV closes one that was left.")


def _names_of(manifest: Mapping[str, Any], library: str) -> set[str]:
    made = {f"{o['name']}.{o['type'].lstrip('*')}" for o in manifest["objects"] if o["library"] == library}
    return made | {"EVFEVENT.FILE"}  # the compilers make it
