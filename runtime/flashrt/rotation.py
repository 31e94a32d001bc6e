"""One key of ours takes the place of another on a console: let in beside it, and later the old one taken out.

    flashrt.pyz key HMC1 add --public NAME       keys/NAME.pub is let in
    flashrt.pyz key HMC1 remove --public NAME    it is not any more

Each address is a console of its own with its own users.  docs/platform-facts.md#hmc
"""

from __future__ import annotations

import os
import re

from flashrt.config import Config, DeviceConf
from flashrt.consoles.hmc import quote
from flashrt.edges import Edges
from flashrt.result import Result
from flashrt.status import CONFIG, KEY, SYSTEM, SidecarError

PUBLIC_LIMIT = 4096
_LINE = re.compile(r"(?:ssh-[a-z0-9-]+|ecdsa-sha2-nistp[0-9]+) [A-Za-z0-9+/=]{20,2000}(?: [ -~]{0,200})?\Z")
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}\Z")

OWN_COMMAND = ("hmc",)
"""Families whose user may change his own keys by a command over SSH."""


def change_keys(config: Config, name: str, act: str, public: str, edges: Edges) -> Result:
    """Let a public key in at every address of a console, or out; twice is as good as once."""
    device = config.consoles.get(name)
    if device is None or device.way != "ssh" or device.family not in OWN_COMMAND:
        raise SidecarError(CONFIG, f"{name} is no console whose user changes his own keys by a command.")
    line = _public(config, public)
    option = "-a" if act == "add" else "-r"
    for endpoint in device.addresses:
        deadline = edges.clock.now() + config.limits.connect_s + config.limits.request_s
        session = edges.network.connect(endpoint, config.credentials(device), config.known_hosts, deadline)
        try:
            reply = session.run(f"mkauthkeys {option} {quote(line)}", deadline)
        finally:
            session.close()
        if reply.status != 0:
            said = " ".join(f"{reply.out} {reply.err}".split())[:200]
            raise SidecarError(SYSTEM, f"{name} ({endpoint}) refused mkauthkeys {option}: {said}.")
    done = "lets the key in" if act == "add" else "does not let the key in any more"
    return Result(f"{name} {done}: {_told(device)}")


def _told(device: DeviceConf) -> str:
    return ", ".join(str(endpoint) for endpoint in device.addresses)


def _public(config: Config, name: str) -> str:
    path = config.key_file(f"{name}.pub")
    if not _NAME.match(name):
        raise SidecarError(CONFIG, "--public names a file of the key folder, without .pub.")
    try:
        with open(path, "rb") as file:
            line = file.read(PUBLIC_LIMIT).decode("ascii", "replace").strip()
    except OSError as error:
        raise SidecarError(
            KEY, f"The public key {os.path.basename(path)} cannot be read: {error.strerror}."
        ) from error
    if not _LINE.match(line):
        raise SidecarError(KEY, f"{os.path.basename(path)} holds no public key on one line.")
    return line
