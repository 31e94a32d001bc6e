"""What takes the product off a partition again: schedule, the way back of QSTRUPPGM, then its objects.

Pure: nothing is touched.

The guard's library is what production starts by as long as QSTRUPPGM names FLBOOT.  So nothing but schedule
entries is removed before the security officer has put the previous program back and that was read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flashc.bundle import Bundle
from flashc.deploy.command import Command, cl
from flashc.deploy.facts import Facts
from flashc.deploy.operations import Finding, Operation, Plan
from flashc.deploy.plan import plan
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


def removal(bundle: Bundle, facts: Facts, known_hosts: bytes, *, history: bool = False) -> Plan:
    """What has to be done.  `history`: the tables of the journal and the library as well.

    Refused for the same reasons as a deployment: an open run, another partition.
    """
    manifest = bundle.manifest
    library, guard = str(manifest["library"]), str(manifest["guard_library"])
    findings = [*plan(bundle, facts, known_hosts).refused, *_left(manifest, facts, history)]
    entries = tuple(_entries(library, facts))
    objects = tuple(_objects(manifest, facts, history))
    current = facts.start_program.split()
    if current == ["FLBOOT", guard] or not current:
        # What cannot be read is not taken for changed.
        previous = facts.areas.get(f"{guard}/FLPRVSTR", "").rstrip() or SYSTEMS_OWN
        officer = (f"CHGSYSVAL SYSVAL(QSTRUPPGM) VALUE({cl(previous)})",)
        text = f"QSTRUPPGM names FLBOOT: {library} and {guard} stay until the previous program is back."
        findings.append(Finding("attention", f"{text} Enter the officer's command, then remove again."))
        return Plan(manifest["system"], library, entries, tuple(findings), officer, objects)
    return Plan(manifest["system"], library, entries + objects, tuple(findings), ())


def _entries(library: str, facts: Facts) -> Iterator[Operation]:
    for entry in facts.entries:
        if is_ours(entry, library):
            command = Command(f"QSYS/RMVJOBSCDE JOB({entry.name}) ENTRYNBR({entry.number})")
            yield Operation("schedule", f"{entry.name} {entry.number}", "remove", WHY, (command,))


def _objects(manifest: Mapping[str, Any], facts: Facts, history: bool) -> Iterator[Operation]:
    """In the reverse order of their making: what names another goes before it."""
    wanted = manifest["objects"]
    for one in wanted:
        place = f"{one['library']}/{one['name']}"
        if one["type"] == "*SBSD" and facts.has(one["library"], one["name"], "*SBSD"):
            # One that is down already is as it should be.
            end = f"QSYS/ENDSBS SBS({one['name']}) OPTION(*IMMED)"
            there = f"QSYS/CHKOBJ OBJ({place}) OBJTYPE(*SBSD)"
            yield Operation("subsystem", place, "change", "ended", (Command(end, otherwise=there),))
    for one in reversed(wanted):
        kept = one["name"] in HISTORY and not history
        if one["type"] not in _DELETE or kept or not facts.has(one["library"], one["name"], one["type"]):
            continue
        place = f"{one['library']}/{one['name']}"
        name = f"{place} {one['type']}"
        command = Command(f"QSYS/{_DELETE[one['type']].format(place)}")
        yield Operation("object", name, "remove", WHY, (command,), made={name: ""})
    for library in (manifest["guard_library"], manifest["library"]):
        names = facts.objects.get(library)
        keeps = library == manifest["library"] and not history
        if names is None or keeps or _foreign(manifest, names, library):
            continue
        name = f"QSYS/{library} *LIB"
        delete = Command(f"QSYS/DLTLIB LIB({library})")
        yield Operation("library", name, "remove", WHY, (delete,), made={name: ""})


def _foreign(manifest: Mapping[str, Any], names: frozenset[str], library: str) -> list[str]:
    ours = {f"{o['name']}.{o['type'].lstrip('*')}" for o in manifest["objects"] if o["library"] == library}
    return sorted(names - ours - {MADE_BY_COMPILERS})


def _left(manifest: Mapping[str, Any], facts: Facts, history: bool) -> Iterator[Finding]:
    """What stays behind, and how it is removed by hand."""
    library, folder = manifest["library"], manifest["folder"]
    for name, names in facts.objects.items():
        foreign = _foreign(manifest, names or frozenset(), name)
        if foreign:
            text = f"Library {name} stays: it holds what this spec does not make ({', '.join(foreign[:5])})."
            yield Finding("attention", text)
    if not history and facts.objects.get(library) is not None:
        yield Finding("attention", f"The history stays in {library}: {', '.join(HISTORY)} (--history).")
    if facts.record is not None or facts.folders.get(folder) is not None:
        text = f"{folder} stays, with the keys and what clones have delivered"
        yield Finding("attention", f"{text}: RMVDIR DIR('{folder}') SUBTREE(*ALL).")
    if facts.has("QSYS", library, "*AUTL"):
        text = f"The authorization list {library} stays, with the operators in it: DLTAUTL AUTL({library})"
        yield Finding("attention", f"{text} when nothing is secured by it.")
