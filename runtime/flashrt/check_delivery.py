"""Whether production lets the clone in when its save is done, as far as authorized_keys tells.

A clone logs in for the first time at the end of its work, when nobody can do anything about a refusal any
more: what it has written is then known to nobody here (docs/platform-facts.md#sshd).
"""

from __future__ import annotations

import fnmatch
import ipaddress
import os
import re
from typing import NamedTuple

from flashrt import queries
from flashrt.config import CloneConf, Config, DeliveryConf
from flashrt.consoles.base import Finding
from flashrt.edges import Edges
from flashrt.keyfiles import check_key_file, key_kind
from flashrt.status import AUTH, SidecarError

ID = "inbox.line"
LIMIT = 256 * 1024
"""Bytes of authorized_keys and of a public key; more is not read."""

_OPTION = re.compile(r'(from|command)="((?:[^"\\]|\\.)*)"', re.IGNORECASE)
_PRINTED = "flashc trust prints the line."


class _Line(NamedTuple):
    """What stands before a key: from where it is let in ("": from anywhere), and its one command."""

    origins: str
    command: str


def delivery_line(config: Config, clone: CloneConf, edges: Edges) -> list[Finding]:
    """The line that lets the clone in to the inbox, and to nothing else.

    A missing one refuses the run, and so does a key that the clone could not use (SidecarError).  What cannot
    be looked at is told: the server of a site may keep its keys elsewhere, and who enters FLCHKENV may not
    read everybody's files.
    """
    delivery, link = config.delivery, clone.link
    if delivery is None or link is None:
        return [Finding(ID, True, "The clone brings nothing over a link.")]
    # It travels in the copy: the clone logs in with what is here now.
    check_key_file(config.key_file(delivery.key))
    key_kind(config.key_file(delivery.key))
    try:
        rows = edges.database.query(queries.HOME, (delivery.user.upper(),), limit_s=config.limits.sql_s)
    except SidecarError as error:
        return _unseen(error.text.rstrip("."))
    home = str(rows[0][0] or "").strip() if rows else ""
    if not home.startswith("/"):
        return _unseen(f"the home folder of {delivery.user} is not told")
    file = f"{home.rstrip('/')}/.ssh/authorized_keys"
    try:
        key = _read(config.key_file(delivery.key) + ".pub").split()[1:2]
        lines = _read(edges.root + file).splitlines()
        open_to = _open_to_others(edges.root, file)
    except FileNotFoundError as error:
        if str(error.filename) == edges.root + file:
            return _refused(f"{file} does not exist", delivery, link.clone)
        return _unseen(f"the public key {delivery.key}.pub is not in the key folder")
    except OSError as error:
        return _unseen(f"{file}: {error.strerror}")
    if not key:
        return _unseen(f"{delivery.key}.pub holds no public key")
    if open_to:
        text = f"Others may write to {open_to}, so the SSH server passes over {file}: nothing that clone"
        return [Finding(ID, False, f"{text} {clone.name} saves would come home. chmod go-w it.", AUTH)]
    found = [one for one in map(_line, _with(lines, key[0])) if lets(one.origins, link.clone)]
    if not found:
        return _refused(f"{file} has no line with the key {delivery.key} for it", delivery, link.clone)
    if " inbox " not in f" {found[0].command} ":
        text = f"The key {delivery.key} opens more than the inbox to the clone at {link.clone}."
        return [Finding(ID, True, f"{text} {_PRINTED}", attention=True)]
    return [Finding(ID, True, f"The clone at {link.clone} is let in to the inbox, and to nothing else.")]


def _refused(what: str, delivery: DeliveryConf, address: str) -> list[Finding]:
    text = f"The clone at {address} could not log in as {delivery.user} when its save is done: {what}."
    return [Finding(ID, False, f"{text} Nothing of the save would come home. {_PRINTED}", AUTH)]


def _unseen(why: str) -> list[Finding]:
    text = f"Not looked at, whether the clone is let in when its save is done: {why}."
    return [Finding(ID, True, f"{text} See flashc doctor.", attention=True)]


def _read(path: str) -> str:
    with open(path, "rb") as file:
        return file.read(LIMIT).decode("utf-8", "replace")


def _open_to_others(root: str, file: str) -> str:
    """The file, its folder or the home folder, where somebody else may write to it; "" where nobody may."""
    folder = os.path.dirname(file)
    for path in (file, folder, os.path.dirname(folder)):
        if os.stat(root + path).st_mode & 0o022:
            return path
    return ""


def _with(lines: list[str], key: str) -> list[str]:
    """What stands before the key, for each line that has it and is no comment."""
    return [one.split(key)[0] for one in lines if key in one.split() and not one.lstrip().startswith("#")]


def _line(before: str) -> _Line:
    """What those words say."""
    told = {name.lower(): value.replace('\\"', '"') for name, value in _OPTION.findall(before)}
    return _Line(told.get("from", ""), told.get("command", ""))


def lets(origins: str, address: str) -> bool:
    """Whether a list of patterns has an address; one that is excluded by ! is not in it.

    ssh_config(5), PATTERNS; sshd(8) takes networks (ADDRESS/LENGTH) as well.
    """
    found = not origins
    for pattern in origins.split(",") if origins else ():
        if _has(pattern.lstrip("!"), address):
            if pattern.startswith("!"):
                return False
            found = True
    return found


def _has(pattern: str, address: str) -> bool:
    if "/" in pattern:
        try:
            return ipaddress.ip_address(address) in ipaddress.ip_network(pattern)
        except ValueError:
            return False
    return fnmatch.fnmatchcase(address.lower(), pattern.lower())
