"""What production asks of a clone that is still on: one library, one object or one stream file.

Production has no log-in on a clone.  It leaves a small file in its inbox; the clone looks for it over its
own connection, saves what is asked for, and delivers it as it delivers everything.  Both sides check the
request: a file in an inbox proves nothing but that somebody could write there.

ask-CLONE: {"version": 1, "request", "copy", "library", "object", "type", "path", "room"}.  `request` is the
run id of the request, `copy` that of the run whose copy the clone was started on; `path` stands instead of
the three names; `room` is how many bytes production can take.
"""

from __future__ import annotations

import json
import os
import re
from typing import NamedTuple

from flashrt.beat import inbox_of
from flashrt.config import RUN_ID, CloneConf, Config
from flashrt.edges import Edges, RemoteFiles
from flashrt.queries import POOLS
from flashrt.result import Result, write_file
from flashrt.status import NOTFOUND, REFUSED, SPACE, SYSTEM, SidecarError

VERSION = 1
"""The format of a request that is written and read."""
ASK_LIMIT = 4096
"""Bytes of a request; more is none of ours."""

COPIES = 3
"""How often what is brought back lies on production for a while: delivered, as a save file, restored."""

_NAME = re.compile(r"[A-Z$@#][A-Z0-9$@#_.]{0,9}\Z")
_TYPE = re.compile(r"\*[A-Z][A-Z0-9]{1,7}\Z")
_PATH = re.compile(r"(/[A-Za-z0-9_.@#$-]+){2,}\Z")
_PATH_LENGTH = 120
_NO_TYPES = frozenset({"*LIB", "*USRPRF", "*AUTL", "*DEVD", "*LIND", "*CTLD", "*CFGL", "*NWSD", "*AUTHLR"})
_NO_FOLDERS = re.compile(r"/(q|etc/|dev/|bin/|sbin/|usr/|lib/|tmp/|proc/|flashc/)", re.IGNORECASE)


class Wanted(NamedTuple):
    """One request."""

    request: str
    copy: str
    library: str
    object: str
    type: str
    path: str
    room: int

    @property
    def word(self) -> str:
        """LIBRARY, OBJECT or STREAM."""
        if self.path:
            return "STREAM"
        return "LIBRARY" if (self.object, self.type) == ("*ALL", "*ALL") else "OBJECT"

    @property
    def text(self) -> str:
        """What is wanted, words with one blank between them."""
        return self.path or f"{self.library} {self.object} {self.type}"


def ask(config: Config, clone: CloneConf, wanted: Wanted, edges: Edges) -> Result:
    """Leave a request for the clone; REFUSED if it may not be asked for, SPACE without room for an answer."""
    _check(config, wanted)
    free = 0.0
    for row in edges.database.query(POOLS, limit_s=config.limits.sql_s):
        if int(str(row[0])) == 1:
            free = float(str(row[5])) * 1e6
    room = min(int((free - config.checks.delivery_mb * 1e6) / COPIES), config.limits.delivery_bytes)
    if room <= 0:
        raise SidecarError(
            SPACE, f"The system ASP has {free / 1e6:.0f} MB free: nothing can be taken. Free some space."
        )
    wanted = wanted._replace(room=room)
    facts = {"version": VERSION, **wanted._asdict()}
    config.run_folder(wanted.request)  # without one production takes no answer (`flashrt.inbox`)
    inbox = os.path.dirname(config.inbox_folder("0"))
    write_file(os.path.join(inbox, _file(clone)), (json.dumps(facts) + "\n").encode("ascii"), 0o660)
    return Result(f"Asked for {wanted.text}; there is room for {room} bytes.", "ASKED")


def target(path: str) -> Result:
    """Whether a stream file can come back under a name: REFUSED if it is there, or its folder is not."""
    if os.path.lexists(path):
        raise SidecarError(REFUSED, f"{path} is there already: nothing is replaced.", "THERE")
    folder = os.path.dirname(path)
    if not os.path.isdir(folder) or os.path.realpath(folder) != os.path.abspath(folder):
        raise SidecarError(REFUSED, f"{folder} is no folder, or a link leads to it.", "NOFOLDER")
    return Result(f"{path} is free.", "FREE")


def asked(config: Config, clone: CloneConf, run: str, edges: Edges) -> Result:
    """On the clone: what production asks for now, of the copy of this run; NONE if nothing, or once answered.

    extra1 and extra2: the id of the request; the text: what is wanted.
    """
    with inbox_of(config, clone, edges) as (files, inbox):
        data = files.read(f"{inbox}/{_file(clone)}", ASK_LIMIT)
    if data is None:
        return Result("Nothing is asked for.", "NONE")
    wanted = _read(data)
    if wanted.copy != run:
        return Result(f"What is asked for is of the copy of run {wanted.copy}, not of this one.", "NONE")
    _check(config, wanted)
    if os.path.isfile(_kept(config, wanted.request)):
        return Result("It was asked for and answered.", "NONE")
    os.makedirs(os.path.join(config.run_folder(wanted.request), "out"), mode=0o770, exist_ok=True)
    write_file(_kept(config, wanted.request), data, 0o660)
    return Result(wanted.text, wanted.word, extra1=wanted.request[:8], extra2=wanted.request[8:])


def room_for(config: Config, request: str) -> int | None:
    """On the clone: how many bytes production takes as the answer to a request; None where it is none."""
    try:
        with open(_kept(config, request), "rb") as file:
            return _read(file.read(ASK_LIMIT)).room
    except FileNotFoundError:
        return None


def need_open(config: Config, clone: CloneConf, request: str, files: RemoteFiles, inbox: str) -> None:
    """On the clone: NOTFOUND where production has ended this request meanwhile, and so takes no answer."""
    if not os.path.isfile(_kept(config, request)):
        return
    data = files.read(f"{inbox}/{_file(clone)}", ASK_LIMIT)
    if data is None or _read(data).request != request:
        raise SidecarError(NOTFOUND, f"Request {request} was ended: its answer is not sent.", "WITHDRAWN")


def _file(clone: CloneConf) -> str:
    return f"ask-{clone.name}"


def _kept(config: Config, request: str) -> str:
    return os.path.join(config.runs_folder, request, "ask.json")


def _read(data: bytes) -> Wanted:
    try:
        facts = json.loads(data.decode("ascii"))
        if facts["version"] != VERSION:
            raise SidecarError(
                REFUSED,
                f"The request has format {str(facts['version'])[:10]}, and this clone reads {VERSION}: "
                "its copy has another version of flashc than production.",
            )
        wanted = Wanted(
            str(facts["request"]),
            str(facts["copy"]),
            str(facts["library"]),
            str(facts["object"]),
            str(facts["type"]),
            str(facts["path"]),
            int(facts["room"]),
        )
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise SidecarError(SYSTEM, f"The request cannot be read ({type(error).__name__}).") from error
    if not (RUN_ID.match(wanted.request) and RUN_ID.match(wanted.copy)):
        raise SidecarError(SYSTEM, "The request has no run ids.")
    return wanted


def _check(config: Config, wanted: Wanted) -> None:
    """REFUSED for what belongs to the system or to the product, whose keys are in the copy."""
    if wanted.path:
        _check_path(wanted.path)
        return
    own = (config.system.library, f"{config.system.library[:9]}G")
    if not _NAME.match(wanted.library) or wanted.library[0] in "Q#" or wanted.library in own:
        raise SidecarError(REFUSED, f"Library {wanted.library[:10]} is the system's, or the product's.")
    if wanted.object != "*ALL" and not _NAME.match(wanted.object):
        raise SidecarError(REFUSED, f"{wanted.object[:10]} is no name of an object.")
    if wanted.type != "*ALL" and (not _TYPE.match(wanted.type) or wanted.type in _NO_TYPES):
        raise SidecarError(REFUSED, f"Objects of type {wanted.type[:10]} are not brought back.")


def _check_path(path: str) -> None:
    if len(path) > _PATH_LENGTH or not _PATH.match(path) or os.path.normpath(path) != path:
        raise SidecarError(REFUSED, f"{path[:60]} is no path of a stream file in a folder.")
    if _NO_FOLDERS.match(path):
        raise SidecarError(REFUSED, f"{path} lies where the system, or the product, has its own.")
