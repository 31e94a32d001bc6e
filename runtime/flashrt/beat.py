"""A sign of life of a clone that works: a small file in the inbox of production, over the clone's own link.

beat-CLONE: RUN, the number of the sign (4 digits), how many of its jobs are done (2/5).  Only where the clone
is not in restricted state; where none comes nothing else changes.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager

from flashrt.config import CloneConf, Config
from flashrt.edges import Credentials, Edges, Endpoint, RemoteFiles
from flashrt.result import Result, write_file
from flashrt.status import CONFIG, SidecarError

BEAT_LIMIT = 100
"""Bytes of a sign; more is none of ours."""

_BEAT = re.compile(r"(\d{14}) (\d{4}) (\d{1,2}/\d{1,2})\Z")
_DONE = re.compile(r"\d{1,2}/\d{1,2}\Z")


@contextmanager
def inbox_of(config: Config, clone: CloneConf, edges: Edges) -> Iterator[tuple[RemoteFiles, str]]:
    """On the clone: the files of production over the link, and the path of its inbox."""
    to = config.delivery
    if to is None or clone.link is None:
        text = f"sidecar.json: {clone.name} has no link. Declare it in the spec and deploy."
        raise SidecarError(CONFIG, text)
    now = edges.clock.now()
    session = edges.network.connect(
        Endpoint(clone.link.source, to.port),
        Credentials(to.user, config.key_file(to.key)),
        config.known_hosts,
        now + config.limits.connect_s,
    )
    try:
        files = session.files(now + config.limits.request_s)
        try:
            yield files, to.inbox
        finally:
            files.close()
    finally:
        session.close()


def beat(config: Config, clone: CloneConf, run: str, done: str, edges: Edges) -> Result:
    """On the clone: say that it works, and how many of its jobs are done."""
    if not _DONE.match(done):
        raise SidecarError(CONFIG, "deliver beat needs --done as in 2/5.")
    own = os.path.join(config.run_folder(run), "beat")
    last = _read(own)
    number = (int(last[1]) + 1) % 10000 if last else 1
    write_file(own, f"{run} {number:04d} {done}".encode("ascii"), 0o660)
    with inbox_of(config, clone, edges) as (files, inbox):
        place = f"{inbox}/{sign_of(clone)}"
        files.write(own, f"{place}.part", 0)
        files.rename(f"{place}.part", place)
    return Result(f"Sign of life {number}, {done} done.", "BEAT")


def last_beat(config: Config, clone: CloneConf, run: str) -> str:
    """On production: number and what is done of the last sign of this run, `0007 2/5`; "" without one."""
    found = _read(os.path.join(os.path.dirname(config.inbox_folder(run)), sign_of(clone)))
    return f"{found[1]} {found[2]}" if found and found[0] == run else ""


def sign_of(clone: CloneConf) -> str:
    return f"beat-{clone.name}"


def _read(path: str) -> tuple[str, str, str] | None:
    """Run, number and what is done; None for a file that is not there, or no sign of ours."""
    try:
        with open(path, "rb") as file:
            match = _BEAT.match(file.read(BEAT_LIMIT).decode("ascii", "replace"))
    except OSError:
        return None
    return (match[1], match[2], match[3]) if match else None
