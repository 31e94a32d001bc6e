"""What takes the product off a partition again: schedule, the way back of QSTRUPPGM, then its objects.

Pure: nothing is touched.

The guard's library is what production starts by as long as QSTRUPPGM names FLBOOT, or another guard calls it.
So nothing but schedule entries is removed before the security officer has put the previous program back and
that was read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from flashc.bundle import Bundle
from flashc.deploy.command import Command, cl
from flashc.deploy.facts import PREVIOUS, Facts
from flashc.deploy.hindrances import hindrances
from flashc.deploy.operations import Finding, Operation, Plan
from flashc.deploy.schedule import is_ours
from flashc.runbook.objects import VIEWS
from flashc.runbook.tables import TABLES

WHY = "the product is removed"
SYSTEMS_OWN = "QSTRUP    QSYS"
MADE_BY_COMPILERS = "EVFEVENT.FILE"

HISTORY = (*(table.name for table in TABLES), *VIEWS)
"""What stays unless the history goes as well."""

_DELETE = {
    "*PGM": "DLTPGM PGM({})",
    "*CMD": "DLTCMD CMD({})",
    "*PNLGRP": "DLTOBJ OBJ({}) OBJTYPE(*PNLGRP)",
    "*MSGF": "DLTMSGF MSGF({})",
    "*MSGQ": "DLTMSGQ MSGQ({})",
    "*DTAARA": "DLTDTAARA DTAARA({})",
    "*DTAQ": "DLTDTAQ DTAQ({})",
    "*FILE": "DLTF FILE({})",
    "*JOBQ": "DLTJOBQ JOBQ({})",
    "*JOBD": "DLTJOBD JOBD({})",
    "*CLS": "DLTCLS CLS({})",
    "*SBSD": "DLTSBSD SBSD({})",
}


def removal(bundle: Bundle, facts: Facts, *, history: bool = False) -> Plan:
    """What has to be done.  `history`: the tables of the journal and the library as well.

    Refused are an open run and another partition, and not what only a run needs, such as a pinned key.
    """
    manifest = bundle.manifest
    library, guard = str(manifest["library"]), str(manifest["guard_library"])
    findings = [*hindrances(bundle, facts), *_left(manifest, facts, history)]
    entries = tuple(_entries(library, facts))
    objects = tuple(_objects(manifest, facts, history))
    officer = tuple(_way_back(guard, facts))
    if officer:
        text = (
            f"Production starts by FLBOOT of {guard}: {library} and {guard} stay until the previous program"
        )
        findings.append(
            Finding("attention", f"{text} is back. Enter the officer's command, then remove again.")
        )
        return Plan(manifest["system"], library, entries, tuple(findings), officer, objects)
    revoked = tuple(_revoked(manifest)) if facts.record is not None else ()
    return Plan(manifest["system"], library, entries + objects, tuple(findings), (), revoked=revoked)


def _way_back(guard: str, facts: Facts) -> Iterator[str]:
    """The officer's commands by which production starts without this guard; none where it does already."""
    ours, current = ["FLBOOT", guard], facts.start_program.split()
    previous = facts.areas.get(f"{guard}/{PREVIOUS}", "").rstrip() or SYSTEMS_OWN
    if current in (ours, []):
        # What cannot be read is not taken for changed.
        yield f"CHGSYSVAL SYSVAL(QSTRUPPGM) VALUE({cl(previous)})"
    for other, called in sorted(facts.other_guards(guard).items()):
        if called.split() == ours:
            yield f"CHGDTAARA DTAARA({other}/{PREVIOUS} *ALL) VALUE({cl(f'{previous:<20}')})"


_GIVEN = re.compile(r"GRTOBJAUT (OBJ\((\S+?)/(\S+?)\) OBJTYPE\(\*\w+\) USER\(\S+?\))")


def _revoked(manifest: Mapping[str, Any]) -> Iterator[str]:
    """What takes back the officer's grants to objects that stay; those to the product's own go with them."""
    libraries = (manifest["library"], manifest["guard_library"])
    for given in map(_GIVEN.match, manifest["officer"]):
        if given and given[2] not in libraries and given[3] not in libraries:
            yield f"RVKOBJAUT {given[1]} AUT(*ALL)"


def _entries(library: str, facts: Facts) -> Iterator[Operation]:
    for entry in facts.entries:
        if is_ours(entry, library):
            command = Command(f"QSYS/RMVJOBSCDE JOB({entry.name}) ENTRYNBR({entry.number})")
            yield Operation("schedule", f"{entry.name} {entry.number}", "remove", WHY, (command,))


def _objects(manifest: Mapping[str, Any], facts: Facts, history: bool) -> Iterator[Operation]:
    """In the reverse order of their making: what names another goes before it."""
    others = facts.other_guards(manifest["guard_library"])
    wanted = _ours(manifest, facts)
    for library, name, type_ in wanted:
        # of two installations one has the subsystems of these names, and which is not told
        if type_ == "*SBSD" and facts.has(library, name, type_) and not others:
            # One that is down already is as it should be.
            end = f"QSYS/ENDSBS SBS({name}) OPTION(*IMMED)"
            there = f"QSYS/CHKOBJ OBJ({library}/{name}) OBJTYPE(*SBSD)"
            yield Operation(
                "subsystem", f"{library}/{name}", "change", "ended", (Command(end, otherwise=there),)
            )
    for library, name, type_ in reversed(wanted):
        kept = name in HISTORY and not history
        if type_ not in _DELETE or kept or not facts.has(library, name, type_):
            continue
        place = f"{library}/{name}"
        command = Command(f"QSYS/{_DELETE[type_].format(place)}")
        yield Operation(
            "object", f"{place} {type_}", "remove", WHY, (command,), made={f"{place} {type_}": ""}
        )
    for library in (manifest["guard_library"], manifest["library"]):
        keeps = library == manifest["library"] and not history
        if facts.objects.get(library) is None or keeps or _foreign(manifest, facts, library):
            continue
        key = f"QSYS/{library} *LIB"
        delete = Command(f"QSYS/DLTLIB LIB({library})")
        yield Operation("library", key, "remove", WHY, (delete,), made={key: "", f"{library} knows": ""})


def _ours(manifest: Mapping[str, Any], facts: Facts) -> list[tuple[str, str, str]]:
    """Library, name and type of what this spec makes, in order; behind it what earlier texts of it made."""
    wanted = [(o["library"], o["name"], o["type"]) for o in manifest["objects"]]
    made = (_MADE.fullmatch(key) for key in sorted(facts.record.made if facts.record else ()))
    libraries = (manifest["library"], manifest["guard_library"])
    earlier = [(m[1], m[2], m[3]) for m in made if m and m[1] in libraries]
    return [*wanted, *(one for one in earlier if one not in wanted)]


_MADE = re.compile(r"(\w+)/(\w+) (\*\w+)")
"""An object in the record."""


def _foreign(manifest: Mapping[str, Any], facts: Facts, library: str) -> list[str]:
    ours = {f"{name}.{type_.lstrip('*')}" for home, name, type_ in _ours(manifest, facts) if home == library}
    return sorted((facts.objects.get(library) or frozenset()) - ours - {MADE_BY_COMPILERS})


def _left(manifest: Mapping[str, Any], facts: Facts, history: bool) -> Iterator[Finding]:
    """What stays behind, and how it is removed by hand."""
    library, folder = manifest["library"], manifest["folder"]
    for name in facts.objects:
        if foreign := _foreign(manifest, facts, name):
            text = f"Library {name} stays: it holds what flashc did not make ({', '.join(foreign[:5])})."
            yield Finding("attention", text)
    for guard in sorted(facts.other_guards(manifest["guard_library"])):
        text = f"Library {guard} is of another installation: subsystems FLASHC and FLGUARD are left to it."
        text += f" If they are those of {library}, end them first: ENDSBS SBS(FLASHC), ENDSBS SBS(FLGUARD)."
        yield Finding("attention", text)
    if any(one["operation"] == "brms" for one in manifest["environments"]) and facts.has(
        library, "FLEXIT", "*PGM"
    ):
        text = (
            f"Control groups with *EXIT entries that call {library}/FLEXIT fail without it, production's own"
        )
        yield Finding(
            "attention", f"{text} saves as well: take these entries out first (WRKCTLGBRM, option 2)."
        )
    if not history and facts.objects.get(library) is not None:
        yield Finding("attention", f"The history stays in {library}: {', '.join(HISTORY)} (--history).")
    if facts.record is not None or facts.folders.get(folder) is not None:
        text = f"{folder} stays, with the keys and what clones have delivered"
        yield Finding("attention", f"{text}: RMVDIR DIR('{folder}') SUBTREE(*ALL).")
    if facts.has("QSYS", library, "*AUTL"):
        text = f"The authorization list {library} stays, with the operators in it: DLTAUTL AUTL({library})"
        yield Finding("attention", f"{text} when nothing is secured by it.")
