"""Delivery of a run's files from the clone to the source: bring, pack, send, verify.

What the spec names is brought into the folder of what goes home, as NN-NAME: 01-report.csv.

The clone pushes by SFTP.  Each file goes under a temporary name that carries the beginning of its hash, so
that an interrupted transfer goes on where it stopped, and is renamed when it is whole; the manifest goes
last.  What was sent is recorded in runs/<RUN>/sent.json on the clone.

Two files are made by `send` itself, because they are known only then: `clock.txt`, how far both clocks are
apart, and `transfer.txt`, how the tries before this one went.
"""

from __future__ import annotations

import json
import math
import os
import re
import stat
import time

from flashrt.asking import need_open, room_for
from flashrt.config import RUN_ID, CloneConf, Config
from flashrt.edges import Credentials, Edges, Endpoint, RemoteFiles
from flashrt.manifest import (
    BLOCK,
    EARLY,
    FINAL,
    Entry,
    Manifest,
    bad,
    check_file,
    check_limits,
    check_name,
    digest,
    encode,
    file_name,
    read_manifest,
)
from flashrt.result import Result, plain, write_file
from flashrt.status import CONFIG, PENDING, REFUSED, SidecarError


def bring(config: Config, run: str, number: int, path: str) -> Result:
    """Copy a stream file of the clone to runs/<RUN>/out; REFUSED if it is none, or does not fit."""
    folder = _out_folder(config, run)
    try:
        found = os.lstat(path)
    except OSError as error:
        raise SidecarError(REFUSED, f"{path} is not there, or may not be read: {error.strerror}.") from error
    if not stat.S_ISREG(found.st_mode):
        raise SidecarError(REFUSED, f"{path} is not a plain file.")
    there = sum(os.lstat(os.path.join(folder, name)).st_size for name in os.listdir(folder))
    room = config.limits.delivery_bytes - LOGS_BYTES - there
    if found.st_size > room:
        text = f"{path} has {found.st_size} bytes; the delivery has room for {max(room, 0)} more."
        raise SidecarError(REFUSED, text, "TOOLARGE")
    name = f"{number:02d}-" + re.sub(r"[^A-Za-z0-9_.-]", "_", os.path.basename(path))[:90]
    target = os.path.join(folder, name)
    try:
        _copy(path, target + ".tmp", found.st_size)
        os.replace(target + ".tmp", target)
    except OSError as error:
        raise SidecarError(REFUSED, f"{path} could not be copied: {error.strerror}.") from error
    return Result(f"{path} goes home as {name}, {found.st_size} bytes.", "BROUGHT", extra1=name[:10])


LOGS_BYTES = 64 * 1024 * 1024
"""What stays free in a delivery for logs and listings beside the files that the spec names."""


def _copy(source: str, target: str, size: int) -> None:
    """At most `size` bytes: a file that grows meanwhile does not burst the limit."""
    with open(source, "rb") as read, open(target, "wb") as write:
        left = size
        while left:
            block = read.read(min(BLOCK, left))
            if not block:
                break
            write.write(block)
            left -= len(block)


def pack(config: Config, run: str, stage: str, edges: Edges) -> Result:
    """Write the manifest of what lies in runs/<RUN>/out."""
    folder = _out_folder(config, run)
    entries = []
    for name in sorted(os.listdir(folder)):
        if name in (FINAL, EARLY) or name.endswith(".tmp"):
            continue
        check_name(run, name)
        path = os.path.join(folder, name)
        found = os.lstat(path)
        if not stat.S_ISREG(found.st_mode):
            raise bad(run, f"{name} is not a plain file")
        entries.append(Entry(name, found.st_size, digest(path)))
    manifest = Manifest(run, stage, edges.clock.now(), tuple(entries))
    check_limits(manifest, config.limits)
    room = room_for(config, run)
    if room is not None and manifest.bytes > room:
        text = f"It has {manifest.bytes} bytes, production has room for {room}."
        raise SidecarError(REFUSED, text, "TOOLARGE")
    if stage == "final" and not entries:
        raise SidecarError(REFUSED, f"Nothing lies in {folder}: there is nothing to deliver.", "EMPTY")
    write_file(os.path.join(folder, file_name(stage)), encode(manifest), 0o660)
    return _counted(manifest, "PACKED", f"Packed {_what(manifest)}.")


CLOCK = "clock.txt"
RECORD = "transfer.txt"
OURS = (CLOCK, RECORD)
"""What `send` makes itself."""


def send(config: Config, clone: CloneConf, run: str, stage: str, edges: Edges) -> Result:
    """Send what the stage's manifest names over the clone's link; call again to go on when it broke off."""
    target = config.delivery
    if target is None or clone.link is None:
        raise SidecarError(
            CONFIG, f"sidecar.json: {clone.name} has no link. Declare it in the spec and deploy."
        )
    folder = _out_folder(config, run)
    manifest = read_manifest(os.path.join(folder, file_name(stage)), run, config.limits)
    for entry in manifest.files:
        check_file(folder, run, entry, content=False)
    now = edges.clock.now()
    deadline = now + config.limits.transfer_s
    endpoint = Endpoint(clone.link.source, target.port)
    try:
        session = edges.network.connect(
            endpoint,
            Credentials(target.user, config.key_file(target.key)),
            config.known_hosts,
            now + config.limits.connect_s,
        )
        try:
            files = session.files(deadline)
            try:
                need_open(config, clone, run, files, target.inbox)
                remote = f"{target.inbox}/{run}"
                manifest = _prepare(config, manifest, remote, files, edges)
                deadline = edges.clock.now() + config.limits.transfer_s
                left = _transfer(config, run, manifest, remote, files, edges, deadline)
            finally:
                files.close()
        finally:
            session.close()
    except SidecarError as error:
        _note_try(config, run, stage, now, edges, f"broke off: {error.text}")
        raise
    if left:
        text = f"The transfer took longer than {config.limits.transfer_s:g} s; {left} files are left."
        _note_try(config, run, stage, now, edges, text)
        return Result(f"{text} Call again to go on.", "PENDING", PENDING)
    _note_try(config, run, stage, now, edges, f"sent {_what(manifest)} to {endpoint}, manifest last")
    return _counted(manifest, "SENT", f"Sent {_what(manifest)} of run {run} to {endpoint}, manifest last.")


def _prepare(config: Config, manifest: Manifest, remote: str, files: RemoteFiles, edges: Edges) -> Manifest:
    """The manifest with the files that only this try knows: the clocks, the record of the tries before."""
    folder = _out_folder(config, manifest.run)
    files.make_folder(remote)
    made = {CLOCK: _clocks(os.path.join(config.run_folder(manifest.run), CLOCK), remote, files, edges)}
    record = _record_of(config, manifest.run)
    if os.path.exists(record):
        with open(record, "rb") as file:
            made[RECORD] = file.read(MAX_RECORD)
    entries = {entry.name: entry for entry in manifest.files}
    for name, data in made.items():
        path = os.path.join(folder, name)
        write_file(path, data, 0o660)
        entries[name] = Entry(name, len(data), digest(path))
    manifest = manifest._replace(files=tuple(entries[name] for name in sorted(entries)))
    check_limits(manifest, config.limits)
    write_file(os.path.join(folder, file_name(manifest.stage)), encode(manifest), 0o660)
    return manifest


def _clocks(probe: str, remote: str, files: RemoteFiles, edges: Edges) -> bytes:
    """How many seconds to add to this system's clock to have that of the other side, and how sure that is.

    The other side stamps a file that is written there with its own clock, in whole seconds; here the time
    is read before and behind.  Columns: 1-8 seconds with sign, 10-13 at most so many wrong.  Clocks that are
    further apart than that can tell are no reason to deliver nothing.
    """
    write_file(probe, b"clock\n", 0o660)
    before = edges.clock.now()
    files.write(probe, f"{remote}/{CLOCK}.part", 0)
    there = files.modified(f"{remote}/{CLOCK}.part")
    after = edges.clock.now()
    files.rename(f"{remote}/{CLOCK}.part", f"{remote}/{CLOCK}")
    # there <= the other clock < there + 1, at some moment from before to after
    least, most = there - after, there + 1 - before
    ahead = math.ceil((least + most - 1) / 2)
    wrong = math.ceil(max(most - ahead, ahead - least))
    if abs(ahead) > 9_999_999 or wrong > 9_999:
        return f"{ahead} s apart\n".encode("ascii")
    return f"{ahead:+08d} {wrong:04d}\n".encode("ascii")


def _note_try(config: Config, run: str, stage: str, began: float, edges: Edges, how: str) -> None:
    """A line of the transfer's own record: when by this clock (UTC), how long, what came of it."""
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(began))
    line = f"{at} {stage}, {edges.clock.now() - began:.0f} s: {plain(how)[:300]}\n"
    with open(_record_of(config, run), "ab") as file:
        file.write(line.encode("ascii"))


def _record_of(config: Config, run: str) -> str:
    return os.path.join(config.run_folder(run), RECORD)


def verify(config: Config, run: str) -> Result:
    """Check the whole final delivery in inbox/<RUN>: every file named, nothing else, every hash."""
    folder = config.inbox_folder(run)
    manifest = read_manifest(os.path.join(folder, FINAL), run, config.limits)
    if manifest.stage != "final":
        raise bad(run, f"its manifest is of stage {manifest.stage[:10]!r}")
    named = {entry.name for entry in manifest.files} | {FINAL, EARLY}
    for name in sorted(os.listdir(folder)):
        if name not in named and not name.endswith(".part"):
            raise bad(run, f"it has {name[:40]!r}, which the manifest does not name")
    for entry in manifest.files:
        check_file(folder, run, entry, content=True)
    return _counted(
        manifest, "VERIFIED", f"The delivery of run {run} is whole: {_what(manifest)}, all hashes match."
    )


def arrived(config: Config, run: str) -> str:
    """What the inbox holds by names and sizes: DELIVERED, PARTIAL or NONE.  `verify` reads the files."""
    folder = config.inbox_folder(run)
    try:
        names = os.listdir(folder)
    except OSError:
        return "NONE"
    if not names:
        return "NONE"
    try:
        manifest = read_manifest(os.path.join(folder, FINAL), run, config.limits)
        for entry in manifest.files:
            check_file(folder, run, entry, content=False)
    except SidecarError:
        return "PARTIAL"
    return "DELIVERED"


def _transfer(
    config: Config,
    run: str,
    manifest: Manifest,
    remote: str,
    files: RemoteFiles,
    edges: Edges,
    deadline: float,
) -> int:
    """Send what is not there yet, the manifest last; how many files the deadline left behind."""
    local = _out_folder(config, run)
    record = os.path.join(config.run_folder(run), "sent.json")
    sent = _read_sent(record)
    ordered = sorted(manifest.files, key=lambda entry: entry.name in OURS)
    for number, entry in enumerate(ordered):
        # What this try has made is small, and another try would make it anew.
        if edges.clock.now() >= deadline and entry.name not in OURS:
            return len(ordered) - number
        if sent.get(entry.name) == entry.sha256 and files.size(f"{remote}/{entry.name}") == entry.size:
            continue
        _send_file(files, os.path.join(local, entry.name), f"{remote}/{entry.name}", entry)
        sent[entry.name] = entry.sha256
        _write_sent(record, sent)
    name = file_name(manifest.stage)
    _send_whole(files, os.path.join(local, name), f"{remote}/{name}")
    sent[name] = digest(os.path.join(local, name))
    _write_sent(record, sent)
    return 0


def _send_file(files: RemoteFiles, local: str, remote: str, entry: Entry) -> None:
    """One file under its temporary name, from where an earlier try stopped, then its rename."""
    temporary = f"{remote}.{entry.sha256[:12]}.part"
    there = files.size(temporary) or 0
    if there > entry.size:
        there = 0
    if there < entry.size or entry.size == 0:
        files.write(local, temporary, there)
    files.rename(temporary, remote)


def _send_whole(files: RemoteFiles, local: str, remote: str) -> None:
    files.write(local, f"{remote}.part", 0)
    files.rename(f"{remote}.part", remote)


def _out_folder(config: Config, run: str) -> str:
    if not RUN_ID.match(run):
        raise SidecarError(CONFIG, f"The run id {run[:20]!r} is not 14 digits.")
    folder = os.path.join(config.run_folder(run), "out")
    if not os.path.isdir(folder):
        raise SidecarError(
            REFUSED, f"There is no folder {folder}: nothing was made ready to deliver.", "EMPTY"
        )
    return folder


def _read_sent(path: str) -> dict[str, str]:
    """What was sent before; a record that cannot be read only means that it is all sent again."""
    try:
        with open(path, "rb") as file:
            facts = json.loads(file.read(MAX_RECORD).decode("ascii"))
    except (OSError, ValueError):
        return {}
    return {str(name): str(value) for name, value in facts.items()} if isinstance(facts, dict) else {}


MAX_RECORD = 16 * 1024 * 1024


def _write_sent(path: str, sent: dict[str, str]) -> None:
    write_file(path, (json.dumps(sent, indent=1, sort_keys=True) + "\n").encode("ascii"), 0o660)


def _what(manifest: Manifest) -> str:
    return f"{len(manifest.files)} files, {manifest.bytes} bytes"


def _counted(manifest: Manifest, word: str, text: str) -> Result:
    details = {"files": [entry._asdict() for entry in manifest.files], "packed_at": manifest.packed_at}
    return Result(
        text, word, extra1=str(len(manifest.files)), extra2=str(manifest.bytes)[:10], details=details
    )
