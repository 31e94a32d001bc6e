"""Bundle against partition: what has to be done, in order, each with its reason.  Pure: nothing is touched.

What is right stays alone, so a second plan after a deployment is empty.  Tables, data areas and queues hold
the site's history and the state of its runs: they are made where they are missing, and what an older version
made gets the columns and the length that this one needs (docs/upgrade.md).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flashc.bundle import Bundle
from flashc.bundle.native_build import sendable
from flashc.deploy.authorities import public_operations
from flashc.deploy.command import Command, cl
from flashc.deploy.facts import BUILT, GUARD_BUILT, RUN_FILES, Facts, folder_paths
from flashc.deploy.hindrances import here, hindrances, identities, knows, named
from flashc.deploy.hostkeys import KnownHosts, label, parse, usable
from flashc.deploy.operations import Act, Finding, Operation, Plan, Upload
from flashc.deploy.record import digest
from flashc.deploy.schedule import over, schedule_operations
from flashc.runbook.tables import add_column, column_name, may_be_added


def plan(bundle: Bundle, facts: Facts, known_hosts: bytes, *, guard: bool = False) -> Plan:
    """Compare.

    `known_hosts` are the pinned host keys that the runs will use; `guard`: make the programs of the start-up
    guard anew where they have changed.
    """
    manifest = bundle.manifest
    work = _Work(bundle, facts, guard)
    operations = [*_folders(work)]
    operations += _files(work, known_hosts)
    schedule, problems = schedule_operations(manifest, facts)
    entries = [op for op in schedule if op.act != "remove"]
    # Nothing of ours may start from a schedule off production; what is taken out starts nothing anywhere.
    waiting = () if _is_production(work) else tuple(entries)
    operations += [op for op in schedule if op.act == "remove"]
    operations += _removed(work)
    objects = _knowing(work, list(_objects(work)))
    operations += objects
    operations += _messages(work)
    operations += _start_up(work, objects)
    then = {key: value for one in operations for key, value in one.made.items()}
    operations += public_operations(manifest, facts, {**work.made, **then})
    operations += [op for op in entries if op not in waiting]
    operations += _taken_over(work)
    findings = [
        *hindrances(bundle, facts, deploys=True),
        *_other_installations(work),
        *_identity(work, waiting),
    ]
    findings += [*(Finding("refused", p) for p in problems)]
    findings += [
        Finding(
            "attention",
            f"{name} starts no more: every date of its schedule has passed. Is it the right year?",
        )
        for name in over(manifest, facts.now)
    ]
    findings += _pins(bundle, parse(known_hosts.decode("utf-8", "replace")))
    findings += [*_held(facts, manifest), *_keys(work), *_older_clones(work), *work.findings]
    findings.sort(key=lambda f: f.severity != "refused")
    officer = _officer(work, operations)
    return Plan(manifest["system"], manifest["library"], tuple(operations), tuple(findings), officer, waiting)


@dataclass(slots=True)
class _Work:
    """The two sides, and what is found on the way."""

    bundle: Bundle
    facts: Facts
    guard: bool
    findings: list[Finding] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    """Programs of the start-up guard that stay as they are, though they would be others now."""

    @property
    def manifest(self) -> dict[str, Any]:
        return self.bundle.manifest

    @property
    def made(self) -> Mapping[str, str]:
        """From what things were made; "" where FLBUILD has made them since that was noted."""
        found = dict(self.facts.record.made) if self.facts.record else {}
        for key in found:
            guard = key.startswith(f"{self.manifest['guard_library']}/")
            if self.facts.guard_by_hand is not None if guard else self.facts.by_hand:
                found[key] = ""
        if self.facts.guard_by_hand is not None:
            found[knows(self.manifest)] = "\n".join(self.facts.guard_by_hand)
        return found


# -- folders and files -------------------------------------------------------------------------------


def _folders(work: _Work) -> Iterator[Operation]:
    top, *own = folder_paths(work.manifest["folder"])
    if work.facts.folders.get(top) is None:
        yield Operation("folder", top, "create", "missing", folder=(top, 0o755))
    for path in own:
        found = work.facts.folders.get(path)
        if found is None:
            yield Operation("folder", path, "create", "missing", folder=(path, 0o700))
        elif not found.is_folder:
            work.findings.append(Finding("refused", f"{path} is no folder. Rename it and plan again."))
        elif found.mode & 0o077:
            why = f"open to others (mode {found.mode:04o})"
            yield Operation("folder", path, "change", why, folder=(path, 0o700))


def _files(work: _Work, known_hosts: bytes) -> Iterator[Operation]:
    folder = work.manifest["folder"]
    for name in RUN_FILES:
        data = known_hosts if name == "conf/known_hosts" else work.bundle.files[name]
        found = work.facts.files.get(name)
        if found == hashlib.sha256(data).hexdigest():
            continue
        act: Act = "create" if found is None else "change"
        why = "missing" if found is None else "differs from the bundle"
        upload = Upload(f"{folder}/{name}", data, text=not name.endswith(".pyz"))
        yield Operation("file", upload.path, act, why, uploads=(upload,))


# -- objects -----------------------------------------------------------------------------------------

_DELETE = {"*SBSD": "DLTSBSD SBSD({})", "*MSGF": "DLTMSGF MSGF({})", "*PGM": "DLTPGM PGM({})"}
_DELETE |= {"*CMD": "DLTCMD CMD({})", "*PNLGRP": "DLTOBJ OBJ({}) OBJTYPE(*PNLGRP)"}
_DELETE |= {"*DTAARA": "DLTDTAARA DTAARA({})"}
_WORDS = {"*PGM": "program", "*CMD": "command", "*PNLGRP": "help panel"}
"""What is compiled from a source of its own, and the word of a plan for it."""

_MADE_ANEW = {**_WORDS, "*FILE": "view"}
"""The same with the files that have a source: they hold no data."""

_KEPT = ("*DTAARA", "*DTAQ", "*MSGQ", "*FILE", "*LIB")


def _key(one: Mapping[str, Any]) -> str:
    return f"{one['library']}/{one['name']} {one['type']}"


def _objects(work: _Work) -> Iterator[Operation]:
    scripts: set[str] = set()
    for one in work.manifest["objects"]:
        if one["source"] and one["type"] in _MADE_ANEW:
            yield from _compiled(work, one)
        else:
            yield from _plain(work, one, scripts)
        if (one["name"], one["type"]) == ("FLLONGER", "*PGM"):
            yield from _longer(work)


def _plain(work: _Work, one: Mapping[str, Any], scripts: set[str]) -> Iterator[Operation]:
    """An object that is made by commands alone; a script that makes several is run once."""
    key, wanted = _key(one), digest(*one["create"])
    commands = tuple(Command(text) for text in (*one["create"], *one["after"]) if text not in scripts)
    there = work.facts.has(one["library"], one["name"], one["type"])
    if one["columns"] and there:
        yield from _added(work, one, wanted)
    elif not there and _longer_one_waits(work, one):
        return  # FLLONGER goes on with it
    elif not there:
        uploads = tuple(_sources_named(work, one))
        scripts.update(text for text in one["create"] if uploads and "SRCSTMF" in text)
        yield Operation("object", key, "create", "missing", commands, uploads, made={key: wanted})
    elif work.facts.record is not None and key not in work.made and len(one["create"]) > 1:
        # it was interrupted between two of its commands
        delete = _DELETE.get(one["type"])
        if delete is not None:
            commands = (Command(delete.format(f"{one['library']}/{one['name']}")), *commands)
            why = "its making was interrupted"
            yield Operation("object", key, "change", why, commands, made={key: wanted})
    elif (work.made.get(key) or wanted) != wanted and one["type"] not in _KEPT:
        text = (
            f"{key} is defined differently now and is left as it is. To have it anew, delete it and deploy."
        )
        work.findings.append(Finding("attention", text))


def _added(work: _Work, one: Mapping[str, Any], wanted: str) -> Iterator[Operation]:
    """The columns that a table lacks.  Those that it has besides are a newer version's, and stay."""
    key, found = _key(one), work.facts.columns.get(f"{one['library']}/{one['name']}", frozenset())
    missing = [column for column in one["columns"] if column_name(column) not in found]
    names = ", ".join(map(column_name, missing))
    if not all(may_be_added(column) for column in missing):
        text = f"{key} lacks what it has had from the first version on ({names}): it is none of flashc's."
        work.findings.append(Finding("refused", f"{text} Rename it, and deploy again."))
    elif missing:
        commands = tuple(Command(add_column(one["library"], one["name"], column)) for column in missing)
        why = f"{'column' if len(missing) == 1 else 'columns'} {names} missing"
        yield Operation("table", key, "change", why, commands, made={key: wanted})


def _longer_one_waits(work: _Work, one: Mapping[str, Any]) -> bool:
    """Whether FLLONGER was interrupted when it had the longer data area, and not yet under its name."""
    return one["type"] == "*DTAARA" and work.facts.has(one["library"], f"X{one['name'][1:]}", "*DTAARA")


def _longer(work: _Work) -> Iterator[Operation]:
    """Data areas that are shorter than this version needs, and data queues that may be.

    A queue's length is told by no service that every release has; its definition is compared instead, and
    FLLONGER looks.
    """
    for one in work.manifest["objects"]:
        key, wanted = _key(one), digest(*one["create"], *one["after"])
        there = work.facts.has(one["library"], one["name"], one["type"])
        told = work.facts.lengths.get(f"{one['library']}/{one['name']}", one["length"])
        if not there and _longer_one_waits(work, one):
            why = "its lengthening was interrupted"
        elif not there or not one["length"]:
            continue
        elif one["type"] == "*DTAARA" and told < one["length"]:
            why = f"has {told} characters and needs {one['length']}; it keeps what it holds"
        elif one["type"] == "*DTAQ" and work.made.get(key) != wanted:
            known = "its definition has changed" if key in work.made else "made from what, is unknown"
            why = f"{known}; it needs {one['length']} characters"
        else:
            continue
        parameters = " ".join(cl(one[name]) for name in ("library", "name", "type"))
        call = f"CALL PGM({work.manifest['library']}/FLLONGER) PARM({parameters} {one['length']})"
        yield Operation("length", key, "change", why, (Command(call),), made={key: wanted})


def _sources_named(work: _Work, one: Mapping[str, Any]) -> Iterator[Upload]:
    """The files of the bundle that the commands read."""
    folder = work.manifest["folder"]
    for name, data in work.bundle.files.items():
        path = f"{folder}/src/{name}"
        if any(path in text for text in one["create"]):
            yield Upload(path, data)


def _compiled(work: _Work, one: Mapping[str, Any]) -> Iterator[Operation]:
    """A program, help panel, command or view: made anew when its source has changed."""
    key, source = _key(one), work.bundle.files[one["source"]]
    is_guard = one["library"] == work.manifest["guard_library"]
    wanted = digest(*one["create"], *one["after"], _code(source) if is_guard else source)
    there = work.facts.has(one["library"], one["name"], one["type"])
    if there and work.made.get(key) == wanted:
        return
    if there and is_guard and not work.guard and _guard_used(work):
        work.left.append(key)
        what = "has changed" if work.made.get(key) else "is there, made from what is unknown"
        text = f"{key} {what}. The start-up guard stays as it is; --guard makes it anew."
        work.findings.append(Finding("attention", text))
        return
    why = (
        "missing"
        if not there
        else "its source has changed"
        if work.made.get(key)
        else "FLBUILD has made it since"
        if key in work.made
        else "made from what, is unknown"
    )
    path = f"{work.manifest['folder']}/src/{one['source']}"
    commands = tuple(Command(text) for text in (*one["create"], *one["after"]))
    kind = _MADE_ANEW[one["type"]]
    act: Act = "change" if there else "create"
    yield Operation(kind, key, act, why, commands, (Upload(path, source),), made={key: wanted})


def _code(source: bytes) -> bytes:
    """A source without its comment lines: the guard does not change because a spec's hash in them did."""
    lines = source.decode("ascii").splitlines()
    return "\n".join(x for x in lines if not re.fullmatch(r"\s*/\*.*\*/\s*", x)).encode("ascii")


def _taken_over(work: _Work) -> Iterator[Operation]:
    """Behind everything else: what FLBUILD had made is known again, or was made anew."""
    folder, kept = work.manifest["folder"], dict.fromkeys(work.left, "")
    if work.left and work.facts.guard_by_hand is not None:
        kept[knows(work.manifest)] = work.made[knows(work.manifest)]
    for name, is_there, made in (
        (GUARD_BUILT, work.facts.guard_by_hand is not None, kept),
        (BUILT, work.facts.by_hand, {}),
    ):
        if is_there:
            what = "the start-up guard" if name == GUARD_BUILT else "programs"
            why = f"FLBUILD has made {what} since the last deployment"
            command = Command(f"QSYS/RMVLNK OBJLNK('{folder}/{name}')")
            yield Operation("file", f"{folder}/{name}", "remove", why, (command,), made=made)


_OF_A_SPEC = re.compile(r"FL[YK]\w+")
"""Data areas that hold nothing between runs: the skip of an environment, a lock."""


def _removed(work: _Work) -> Iterator[Operation]:
    """Programs, help panels, commands and data areas of an earlier bundle that this one does not have."""
    wanted = {_key(one) for one in work.manifest["objects"]}
    for key in sorted(set(work.made) - wanted):
        place, _, type_ = key.partition(" ")
        library, _, name = place.partition("/")
        kind = "object" if type_ == "*DTAARA" and _OF_A_SPEC.fullmatch(name) else _WORDS.get(type_)
        if kind is None or library != work.manifest["library"]:
            continue
        there = work.facts.has(library, name, type_)
        commands = (Command("QSYS/" + _DELETE[type_].format(place)),) if there else ()
        yield Operation(kind, key, "remove", "no longer in the spec", commands, made={key: ""})


# -- messages ----------------------------------------------------------------------------------------

_MESSAGE_ID = re.compile(r"ADDMSGD MSGID\((\w{7})\) MSGF\((\w+/\w+)\)")


def _messages(work: _Work) -> Iterator[Operation]:
    """The descriptions of each message file, one command each: only those that changed."""
    for one in work.manifest["objects"]:
        if one["type"] != "*MSGF" or not one["source"]:
            continue
        file = f"{one['library']}/{one['name']}"
        lines = work.bundle.files[one["source"]].decode("utf-8").splitlines()
        texts = {found[1]: line for line in lines if (found := _MESSAGE_ID.match(line))}
        known = {k.rpartition(" ")[2]: v for k, v in work.made.items() if k.startswith(f"{file} FL")}
        known = known if work.facts.has(one["library"], one["name"], "*MSGF") else {}
        changed = {msgid: text for msgid, text in texts.items() if known.get(msgid) != digest(text)}
        if changed:
            # The second is tried where the first finds the description there, as after an interruption.
            sent = [sendable(line) for line in changed.values()]
            commands = tuple(Command(t, otherwise=t.replace("ADDMSGD", "CHGMSGD", 1)) for t in sent)
            act: Act = "change" if known else "create"
            why = f"{len(changed)} descriptions {'changed' if known else 'missing'}"
            made = {f"{file} {msgid}": digest(text) for msgid, text in changed.items()}
            yield Operation("messages", file, act, why, commands, made=made)


# -- the start-up guard ------------------------------------------------------------------------------


def _ours(manifest: Mapping[str, Any]) -> list[str]:
    return ["FLBOOT", str(manifest["guard_library"])]


def _start_up(work: _Work, objects: list[Operation]) -> Iterator[Operation]:
    """What the guard calls on production, and that a changed guard has to be seen again."""
    library = work.manifest["guard_library"]
    current = work.facts.start_program.split()
    kept = work.facts.areas.get(f"{library}/FLPRVSTR", "QSTRUP    QSYS").split()
    if current and current != _ours(work.manifest) and current != kept:
        value = f"{current[0]:<10}{current[-1] if len(current) > 1 else '':<10}"
        command = Command(f"QSYS/CHGDTAARA DTAARA({library}/FLPRVSTR *ALL) VALUE({cl(value)})")
        why = f"QSTRUPPGM is {'/'.join(reversed(current))}: the guard calls it on production"
        yield Operation("guard", f"{library}/FLPRVSTR *DTAARA", "change", why, (command,))
    # A new ticket needs its authorities as well: the officer's list is shown until a report was seen.
    changed = any(op.name.startswith(f"{library}/") and op.kind != "length" for op in objects)
    if changed and _guard_seen(work):
        command = Command(f"QSYS/CHGDTAARA DTAARA({library}/FLBOOTRPT *ALL) VALUE(' ')")
        why = "the guard or a ticket is new: a run waits until its report was seen again"
        yield Operation("guard", f"{library}/FLBOOTRPT *DTAARA", "change", why, (command,))


def _knowing(work: _Work, objects: list[Operation]) -> list[Operation]:
    """Note with the last program of the guard what all of them know of the spec; refuse where they do not.

    A clone, or production at its next start, would be left in safe mode behind a run that was well so far.
    """
    entry, wanted = knows(work.manifest), work.manifest["guard_knows"]
    if not work.left:
        made = [op for op in objects if op.kind == "program" and op.name.startswith(_guard_place(work))]
        noted = {op.name: replace(op, made={**op.made, entry: "\n".join(wanted)}) for op in made[-1:]}
        return [noted.get(op.name, op) for op in objects]
    known = work.made[entry].split("\n") if entry in work.made else wanted
    if missing := [one for one in wanted if one not in known]:
        text = f"The start-up guard on the partition does not know: {'; '.join(missing)}."
        text += " A start there would end in safe mode. Deploy with --guard, and have the officer's commands"
        work.findings.append(Finding("refused", f"{text} entered again."))
    return objects


def _guard_place(work: _Work) -> str:
    return f"{work.manifest['guard_library']}/"


def _guard_used(work: _Work) -> bool:
    """Whether the system starts by the guard, or somebody has looked at how it works."""
    return work.facts.start_program.split() == _ours(work.manifest) or _guard_seen(work)


def _guard_seen(work: _Work) -> bool:
    """A report-only run of the guard was made by QPGMR on production."""
    seen = work.facts.areas.get(f"{work.manifest['guard_library']}/FLBOOTRPT", "")
    return seen[:1] == "P" and seen[11:21].strip() == "QPGMR"


def _officer(work: _Work, operations: list[Operation]) -> tuple[str, ...]:
    """What is left for the security officer, in the order of the manifest."""
    commands = [str(text) for text in work.manifest["officer"]]
    again = any(op.name.endswith("/FLBOOTRPT *DTAARA") for op in operations)
    installed = work.facts.start_program.split() == _ours(work.manifest)
    if _guard_seen(work) and not again:
        return () if installed else tuple(c for c in commands if "QSTRUPPGM" in c)
    return tuple(c for c in commands if not (installed and "QSTRUPPGM" in c))


# -- findings ----------------------------------------------------------------------------------------


def _is_production(work: _Work) -> bool:
    """Proven by serial and partition id, or, where the id is not told, by what the guard has read."""
    told = work.facts.identity_in(identities(work.bundle))
    return _guard_seen(work) if told is None else told


def _identity(work: _Work, waiting: tuple[Operation, ...]) -> Iterator[Finding]:
    """Is it production?  A clone shows its source's name, host key and users."""
    facts, pairs = work.facts, identities(work.bundle)
    told = facts.identity_in(pairs)
    if told is None:
        text = f"The partition does not tell its id, which takes *USE to QSYS/QPMLPMGT: {here(facts)}."
        yield Finding("attention", f"{text} Make sure that it is {named(pairs)}.")
        if waiting:
            entries = ", ".join(one.name for one in waiting)
            text = f"Schedule entries follow ({entries}): this is not yet proven to be production."
            yield Finding("attention", f"{text} Enter the officer's commands, then deploy again.")


def _other_installations(work: _Work) -> Iterator[Finding]:
    for guard in sorted(work.facts.other_guards(work.manifest["guard_library"])):
        text = (
            f"Library {guard} is of another installation. A partition takes one: both have subsystems FLASHC"
        )
        text += " and FLGUARD, and one *SYSBAS to suspend. Let one spec have the environments of both"
        yield Finding("refused", f"{text}, or take the other off: flashc remove, with its spec.")


def endpoints(bundle: Bundle) -> dict[str, str]:
    """The addresses whose host keys or certificates a run needs ("host:port"), and whose they are."""
    conf = json.loads(bundle.files["conf/sidecar.json"])
    found: dict[str, str] = {}
    for what, name, one in devices(bundle):
        for address in () if is_script(one) else one["addresses"]:
            found[address] = f"{what} {name}"
        for address in _token_service(one):
            found[address] = f"token service of {what} {name}"
    delivery = conf.get("delivery")
    for clone in conf["clones"].values() if delivery else ():
        if clone["link"]:
            found[f"{clone['link']['source']}:{delivery['port']}"] = f"link address of {bundle.system.name}"
    return found


def devices(bundle: Bundle) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The devices of a bundle: what it is, its name, its part of the sidecar's configuration."""
    conf = json.loads(bundle.files["conf/sidecar.json"])
    for section, what in (("consoles", "console"), ("servers", "VIOS"), ("arrays", "array")):
        for name, one in conf.get(section, {}).items():
            yield what, name, one


def by_https(bundle: Bundle) -> set[str]:
    """The addresses among `endpoints` that are asked by HTTPS: there a certificate is pinned."""
    return {
        address
        for _, _, one in devices(bundle)
        if is_rest(one)
        for address in (*one["addresses"], *_token_service(one))
    }


def by_authority(bundle: Bundle) -> set[str]:
    """The addresses of a public cloud: their certificates are renewed every few weeks, so who signs them is
    pinned."""
    return {
        address
        for _, _, one in devices(bundle)
        if _token_service(one)
        for address in (*one["addresses"], *_token_service(one))
    }


def _token_service(device: Mapping[str, Any]) -> tuple[str, ...]:
    """Where a device of a cloud gets its tokens; no other device has such a place."""
    iam = device.get("facts", {}).get("iam")
    return (f"{iam}:443",) if iam else ()


def is_rest(device: Mapping[str, Any]) -> bool:
    """Whether a device of the sidecar's configuration is driven by REST."""
    return device.get("way") == "rest"


def is_script(device: Mapping[str, Any]) -> bool:
    """Whether it is driven by a command on the partition, which itself knows whom to trust."""
    return device.get("way") == "script"


def _pins(bundle: Bundle, known: KnownHosts) -> Iterator[Finding]:
    https = by_https(bundle)
    missing: dict[str, list[str]] = {"host key": [], "certificate": []}
    for address, what in endpoints(bundle).items():
        host, _, port = address.rpartition(":")
        if not usable(known, label(host, int(port)), https=address in https):
            missing["certificate" if address in https else "host key"].append(f"{what} ({address})")
    for kind, addresses in missing.items():
        if addresses:
            yield Finding("refused", f"No {kind} is pinned for {', '.join(addresses)}. Run flashc trust.")


def write_secret(bundle: Bundle, name: str) -> str:
    """How a password or token gets into its file without standing in a command."""
    folder, user = f"{bundle.manifest['folder']}/keys", bundle.manifest["user"]
    for _, _, one in devices(bundle):
        if one["key"] == name and is_script(one):
            hosts = [address.rpartition(":")[0] for address in one["addresses"][:2]]
            named = " ".join(f"-mc{n} {host}" for n, host in enumerate(hosts, 1))
            return (
                f"There as {user}: umask 077; start {one['facts']['program']}, enter managepwfile -action "
                f"add {named} -pwfile {folder}/{name} -name {one['user']} -pw PASSWORD, then quit."
            )
    return f"There as {user}: umask 077; cat > {folder}/{name} (type it, Enter, Ctrl-D)."


def _keys(work: _Work) -> Iterator[Finding]:
    folder = f"{work.manifest['folder']}/keys"
    secrets = {one["key"] for _, _, one in devices(work.bundle) if is_rest(one) or is_script(one)}
    for name, found in work.facts.keys.items():
        if found is None and name in secrets:
            yield Finding(
                "attention",
                f"The password file {folder}/{name} is missing. {write_secret(work.bundle, name)}",
            )
        elif found is None:
            user = work.manifest["user"]
            text = f"The key file {folder}/{name} is missing. Make it there as {user}: ssh-keygen -t"
            yield Finding(
                "attention", f"{text} ed25519 -N '' -f {folder}/{name}, and authorise it (flashc trust)."
            )
        elif found.mode & 0o077:
            text = (
                f"The key file {folder}/{name} can be read by others (mode {found.mode:04o}); runs refuse it."
            )
            yield Finding("attention", f"{text} Make a new one, or chmod 600 it if nobody has read it.")


def _older_clones(work: _Work) -> Iterator[Finding]:
    """Clones that may be on with the version that is replaced."""
    manifest, record = work.manifest, work.facts.record
    before = record.about.get("flashc", manifest["flashc"]) if record else manifest["flashc"]
    names = sorted({e["clone"] for e in manifest["environments"] if e["stays"]})
    if before != manifest["flashc"]:
        for name in names:
            text = f"Clone {name}, if it is on, goes on with flashc {before} until its next copy"
            yield Finding("attention", f"{text}; this is {manifest['flashc']}. See docs/upgrade.md.")


def _held(facts: Facts, manifest: Mapping[str, Any]) -> Iterator[Finding]:
    for entry in facts.entries:
        if entry.held and entry.library == manifest["library"]:
            text = f"Schedule entry {entry.name} {entry.number} is held and stays so."
            yield Finding(
                "attention", f"{text} RLSJOBSCDE JOB({entry.name}) ENTRYNBR({entry.number}) releases it."
            )
