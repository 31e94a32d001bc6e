"""From a resolved spec to the bundle: every file of one production partition, in memory."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass, field
from textwrap import shorten
from typing import Any

from flashc import __version__
from flashc.bundle import native_build
from flashc.bundle.context import system_context
from flashc.bundle.origins import Origins, marked, places
from flashc.bundle.proofs import Runbook, StepOf
from flashc.bundle.readback import read_back
from flashc.bundle.render import render
from flashc.bundle.sidecar import sidecar_config, zipapp
from flashc.check.model import Array, Console, Environment, RunCommand, Spec, System
from flashc.diag import Diagnostic
from flashc.runbook.commands import commands
from flashc.runbook.messages import LANGUAGES, Language, Message
from flashc.runbook.objects import (
    BY_HAND,
    VIEWS,
    ObjectDef,
    guard_knows,
    guard_programs,
    objects,
    officer_commands,
    programs,
    schedule_commands,
)
from flashc.runbook.steps import steps


@dataclass(frozen=True, slots=True)
class Bundle:
    """What is deployed to one production partition; `files` are paths in the bundle and contents."""

    system: System
    files: dict[str, bytes]
    manifest: dict[str, Any]
    origins: dict[str, Origins] = field(default_factory=dict)
    """Of the programs of environments: which lines come from which place of the spec, by file name."""


def build(spec: Spec, system: System | None = None) -> tuple[Bundle, list[Diagnostic]]:
    """The bundle of a system of the spec (the first one if none is named), and its warnings.

    Raises BuildError when a generated source does not check: that is a defect of flashc.
    """
    system = system or spec.systems[0]
    digest = hashlib.sha256(spec.text.encode("utf-8")).hexdigest()
    b = system_context(spec, system, digest)
    environments = [e for e in spec.environments if e.clone.source.name == system.name]
    for context, environment in zip(b["environments"], environments, strict=True):
        context["schedules"] = _schedules(environment)
        context["omit_dates"] = list(environment.omit_dates)
    sources = rendered(b)
    b["titles"] = {n.removesuffix(".clle"): _title(t) for n, t in sources.items() if n.endswith(".clle")}
    origins = _mark(sources, b, environments)
    sources[f"{native_build.NAME}.clle"] = native_build.native_build(b)
    starts = [*(c.name for c in commands(b)), *(c.checker for c in commands(b)), *STARTED]
    read_back(sources, spec, system, runbooks(spec, system, b), starts)
    files = {name: text.encode("utf-8") for name, text in sources.items()}
    for language in LANGUAGES.values():
        files[f"{language.message_file}.msgf"] = _message_file(b["library"], language).encode("utf-8")
    texts = files[f"{b['message_file']}.msgf"].decode("utf-8")
    files[native_build.TEXTS] = native_build.message_lines(texts).encode("ascii")
    for script in ("FLTABLES", *VIEWS):
        files[f"{script}.sql"] = render(f"{script.lower()}.sql.j2", b=b, views=VIEWS).encode("ascii")
    files["conf/sidecar.json"] = sidecar_config(spec, system)
    files["bin/flashrt.pyz"] = zipapp()
    manifest = _manifest(spec, system, b, digest, files)
    files["manifest.json"] = (json.dumps(manifest, indent=2) + "\n").encode("utf-8")
    return Bundle(system, files, manifest, origins), []


def _mark(sources: dict[str, str], b: dict[str, Any], environments: list[Environment]) -> dict[str, Origins]:
    """Write the places in the spec into the programs of each environment; the places by line."""
    origins: dict[str, Origins] = {}
    for context, environment in zip(b["environments"], environments, strict=True):
        known = places(environment, context)
        names = [context[key] for key in ("program", "before_program", "after_program", "work_program")]
        names += [context["failure_program"], context["lives"]["program"] if context["lives"] else ""]
        for name in (f"{one}.clle" for one in names if f"{one}.clle" in sources):
            sources[name], origins[name] = marked(sources[name], known, environment.span)
    return origins


def _title(text: str) -> str:
    """The title in the header of a program, as the text of its object: whole words, 50 characters at most."""
    return shorten(text.split("\n", 2)[1][14:].rstrip(" */"), 50, placeholder="")


STARTED = ("FLBOOT", "FLEXIT", "FLEXPIRE")
"""Programs that the system, BRMS or a schedule entry starts."""


def runbooks(spec: Spec, system: System, b: dict[str, Any]) -> dict[str, Runbook]:
    """What each driver of a system is held to, by its program."""
    environments = [e for e in spec.environments if e.clone.source.name == system.name]
    drivers = zip(b["environments"], environments, strict=True)
    return {context["program"]: _runbook(environment) for context, environment in drivers}


def _runbook(environment: Environment) -> Runbook:
    """What the driver of an environment is held to.

    Undos are done by FLUNDO, but for RESUME, and for the clone's disks where the clone is started; FLENDPRC
    writes O89, the program for failures O94.
    """
    e = environment
    runs = iter(item for item in e.around if isinstance(item, RunCommand))
    out = []
    for step in steps(e):
        if step.side == "source":
            run = next(runs) if step.code == "O38" else None
            out.append(StepOf(step.code, step.undo, *((run.command, run.undo) if run else ())))
    undos = {step.undo for step in out if step.undo} - {"O60"} - ({"O67"} if e.starts_clone else set())
    return Runbook(tuple(out), frozenset(undos) | {"O89", "O94"})


def _schedules(environment: Environment) -> list[dict[str, Any]]:
    return [
        {"days": list(s.days), "time": s.time, "which": s.which, "date": s.date}
        for s in environment.schedules
    ]


_NEEDED = ("*PGM", "*DTAARA", "*DTAQ")
"""Types of objects of which a run and its clone use every one."""

_AT_ONCE = 4


def _needed(b: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Library, type, and some names of ten characters each, of all objects that a run needs."""
    found: dict[tuple[str, str], list[str]] = {}
    for one in objects({**b, "titles": defaultdict(str)}):
        if one.type in _NEEDED:
            found.setdefault((one.library, one.type), []).append(one.name)
    return [
        (library, type_, "".join(f"{name:<10}" for name in names[at : at + _AT_ONCE]))
        for (library, type_), names in found.items()
        for at in range(0, len(names), _AT_ONCE)
    ]


def rendered(b: dict[str, Any]) -> dict[str, str]:
    """All CL programs, command definitions and help panels of a system's context, by file name."""
    out: dict[str, str] = {}
    for name in (*guard_programs(b), *programs(b)):
        if name.startswith("FLGRD"):
            out[f"{name}.clle"] = render("flgrd.clle.j2", b=b, guard=name[-1])
        elif name in BY_HAND:
            out[f"{name}.clle"] = render("clonecmd.clle.j2", b=b, name=name, title=BY_HAND[name])
        elif name == "FLCHECK":
            out[f"{name}.clle"] = render("flcheck.clle.j2", b=b, needed=_needed(b))
        else:
            out[f"{name}.clle"] = render(f"{name.lower()}.clle.j2", b=b)
    for c in b["by_hand"]:
        out[f"{c['program']}.clle"] = render("byhand.clle.j2", b=b, e=c)
    for e in b["environments"]:
        if e["starts_clone"]:
            out[f"{e['before_program']}.clle"] = render("before.clle.j2", b=b, e=e)
            out[f"{e['after_program']}.clle"] = render("after.clle.j2", b=b, e=e)
        if e["lives"]:
            out[f"{e['lives']['program']}.clle"] = render("living.clle.j2", b=b, e=e)
        out[f"{e['program']}.clle"] = render("driver.clle.j2", b=b, e=e)
        if e["failure_program"]:
            out[f"{e['failure_program']}.clle"] = render("onfailure.clle.j2", b=b, e=e)
        if e["hook_program"]:
            out[f"{e['hook_program']}.clle"] = render("hooks.clle.j2", b=b, e=e)
        if e["work_program"]:
            out[f"{e['work_program']}.clle"] = render(f"{e['operation']}.clle.j2", b=b, e=e)
    language = LANGUAGES[b["language"]]
    texts = {message.id: message for message in language.messages()}
    for command in commands(b):
        said = {"messages": [texts[msgid] for msgid in command.message_ids], "panel": language.commands.panel}
        out[f"{command.name}.cmd"] = render("command.cmd.j2", b=b, c=command)
        out[f"{command.name}.pnlgrp"] = render("command.pnlgrp.j2", b=b, c=command, **said)
    return dict(sorted(out.items()))


def _message_file(library: str, language: Language) -> str:
    """A message file as its ADDMSGD commands, UTF-8; deploy sends each in a form that no shell can spoil."""
    return "".join(
        _addmsgd(library, m, language) + "\n" for m in sorted(language.messages(), key=lambda m: m.id)
    )


def _addmsgd(library: str, message: Message, language: Language) -> str:
    text, help = (value.replace("'", "''") for value in (message.text, language.second_level(message)))
    fields = " ".join(f"(*CHAR {length})" for length in message.fields)
    tag = f" CCSID({language.ccsid})" if language.ccsid else ""
    return (
        f"ADDMSGD MSGID({message.id}) MSGF({library}/{language.message_file}) MSG('{text}') "
        f"SECLVL('{help}') SEV({message.severity:02d}) FMT({fields}){tag}"
    )


def _manifest(
    spec: Spec, system: System, b: dict[str, Any], digest: str, files: dict[str, bytes]
) -> dict[str, Any]:
    return {
        "version": 1,
        "flashc": __version__,
        "spec": b["spec_file"],
        "spec_sha256": digest,
        "system": system.name,
        "host": system.host,
        "port": system.port,
        "user": system.user,
        "library": b["library"],
        "guard_library": b["guard_library"],
        "folder": b["folder"],
        **_credentials(spec, system),
        "run_records": sorted({c["record"] for c in b["clones"]}),
        "environments": [
            {
                "name": e["name"],
                "program": e["program"],
                "clone": e["clone"]["name"],
                "operation": e["operation"],
                "stays": bool(e["gives"] or e["lives"]),
                "schedules": e["schedules"],
                "schedule_commands": list(schedule_commands(b, e)),
            }
            for e in b["environments"]
        ],
        "objects": [_object(o) for o in objects(b)],
        "guard_knows": list(guard_knows(b)),
        "officer": list(officer_commands(b)),
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())},
    }


def _object(definition: ObjectDef) -> dict[str, Any]:
    return {
        "library": definition.library,
        "name": definition.name,
        "type": definition.type,
        "create": list(definition.create),
        "source": definition.source,
        "after": list(definition.after),
        "columns": list(definition.columns),
        "length": definition.length,
    }


def _credentials(spec: Spec, system: System) -> dict[str, list[str]]:
    """Names of the files that the key folder must hold: SSH keys, and passwords and tokens (secrets)."""
    clones = [c for c in spec.clones if c.source.name == system.name]
    devices: list[Console | Array] = [one for c in clones for one in c.console.with_standby]
    devices += [d.array for c in clones for d in c.disks]
    devices += [r.array for environment in spec.environments for r in environment.requires]
    keys = {one.key for one in devices if one.way.credential == "key"}
    keys |= {v.key for c in clones for v in c.vios_access}
    if any(c.link for c in clones):
        keys.add("delivery_ed25519")
    secrets = {one.key for one in devices if one.way.credential in ("password", "token")}
    return {"keys": sorted(keys), **({"secrets": sorted(secrets)} if secrets else {})}
