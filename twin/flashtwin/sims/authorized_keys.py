"""Lines of authorized_keys as sshd reads them: a key, and what stands before it limits who it lets in.

sshd(8), "AUTHORIZED_KEYS FILE FORMAT"; ssh_config(5), "PATTERNS".  docs/platform-facts.md#sshd
"""

from __future__ import annotations

import fnmatch
import ipaddress
import re
from collections.abc import Iterable
from typing import NamedTuple

KINDS = ("ssh-ed25519", "ssh-rsa", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521")
FLAGS = (
    "agent-forwarding", "no-agent-forwarding", "no-port-forwarding", "no-pty", "no-user-rc",
    "no-x11-forwarding", "port-forwarding", "pty", "restrict", "user-rc", "x11-forwarding",
)  # fmt: skip
VALUES = ("command", "environment", "expiry-time", "from", "permitlisten", "permitopen", "tunnel")
_OPTION = re.compile(r'([A-Za-z0-9-]+)(?:="((?:[^"\\]|\\.)*)")?(,|[ \t]+|\Z)')


class Rule(NamedTuple):
    """What a line lets in: a key, from where ("": from anywhere), and the one command that is run for it."""

    key: str
    origins: str
    command: str


def rule_of(line: str) -> Rule | None:
    """The rule of a line; None for a comment, and for a line that sshd passes over because it is wrong."""
    words = line.split()
    if not words or words[0].startswith("#"):
        return None
    found: dict[str, str] = {}
    rest = line.strip()
    while rest.split()[0] not in KINDS:
        option = _OPTION.match(rest)
        if option is None or not _is_known(option[1].lower(), option[2]):
            return None
        if option[2] is not None:
            found[option[1].lower()] = option[2].replace('\\"', '"')
        rest = rest[option.end() :]
        if not rest.split() or (option[3] != "," and rest.split()[0] not in KINDS):
            return None
    key = rest.split()[1:2]
    return Rule(key[0], found.get("from", ""), found.get("command", "")) if key else None


def _is_known(name: str, value: str | None) -> bool:
    return name in (FLAGS if value is None else VALUES)


def let_in(lines: Iterable[str], key: str, origin: str) -> Rule | None:
    """The first line that lets this key in from this address; None where none does."""
    for line in lines:
        rule = rule_of(line)
        if rule is not None and rule.key == key and matches(rule.origins, origin):
            return rule
    return None


def matches(patterns: str, origin: str) -> bool:
    """Whether an address is in a list of patterns; one that is excluded by `!` is not, wherever it stands."""
    if not patterns:
        return True
    found = False
    for pattern in patterns.split(","):
        denied, wanted = pattern.startswith("!"), pattern.removeprefix("!")
        if _one(wanted, origin):
            if denied:
                return False
            found = True
    return found


def _one(pattern: str, origin: str) -> bool:
    if "/" in pattern:
        try:
            return ipaddress.ip_address(origin) in ipaddress.ip_network(pattern)
        except ValueError:
            return False
    return fnmatch.fnmatchcase(origin.lower(), pattern.lower())
