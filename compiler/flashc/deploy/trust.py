"""Host keys and certificates: asked for once, compared by a person, pinned; and what lets the product in.

The runs read the pins from conf/known_hosts and never learn a key.  The link address of the source answers
only during a run; it is the same server as the partition's, so the partition's key is pinned for it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from flashc.bundle import Bundle
from flashc.bundle.context import PYTHON
from flashc.deploy.errors import REFUSED, DeployError
from flashc.deploy.hostkeys import CERTIFICATE, FILE_LIMIT, HostKey, KnownHosts, parse, text_of, usable
from flashc.deploy.plan import by_authority, by_https, devices, endpoints, is_rest, is_script, write_secret
from flashc.deploy.ssh import Places, Target, open_transport, shown_key
from flashc.deploy.tls import about, authority_of, is_vouched_for, shown_certificate

State = Literal["new", "pinned", "changed", "unreachable"]


@dataclass(frozen=True, slots=True)
class Host:
    """One address: whose it is, the key it showed, the keys pinned for it."""

    target: Target
    what: str
    key: HostKey | None
    pinned: tuple[HostKey, ...] = ()
    error: str = ""
    vouched: bool = False
    """Whether the authority that is pinned answers for it."""
    replaces: bool = False
    """Whether it is an authority that takes the place of what was pinned for the server."""

    @property
    def state(self) -> State:
        """New: shown and not pinned yet.  Changed: another one than pinned."""
        if self.key is None:
            return "unreachable"
        if not self.pinned:
            return "new"
        return "pinned" if self.vouched or self.key in self.pinned else "changed"

    @property
    def about(self) -> str:
        """What a certificate says of itself."""
        return about(self.key) if self.key is not None and self.key.kind == CERTIFICATE else ""

    def as_json(self) -> dict[str, Any]:
        """For tools."""
        return {
            "address": str(self.target),
            "what": self.what,
            "state": self.state,
            "type": self.key.kind if self.key else None,
            "fingerprint": self.key.fingerprint if self.key else None,
            "about": self.about or None,
            "pinned": [key.fingerprint for key in self.pinned],
            "error": self.error or None,
        }


@dataclass(frozen=True, slots=True)
class Authorisation:
    """What lets a key of the product in: where, who enters it, the commands or lines."""

    where: str
    who: str
    commands: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """For tools."""
        return {"where": self.where, "who": self.who, "commands": list(self.commands)}


def target_of(bundle: Bundle) -> Target:
    """The partition's SSH server."""
    return Target(bundle.manifest["host"], bundle.manifest["port"])


def survey(
    bundle: Bundle, known: KnownHosts, places: Places | None = None, authorities: Sequence[bytes] = ()
) -> tuple[Host, ...]:
    """Ask every address for its key; one that cannot be reached is told as such, and the others go on.

    `authorities` are the site's own (DER): where one answers for a server, it is to be pinned instead of what
    the server shows.
    """
    partition, https, cloud = target_of(bundle), by_https(bundle), by_authority(bundle)
    hosts = [_ask(partition, f"partition {bundle.system.name}", known, places or {})]
    for address, what in endpoints(bundle).items():
        host, _, port = address.rpartition(":")
        target = Target(host, int(port))
        if what.startswith("link"):
            same = f"{what} (the partition's own key)"
            pinned = usable(known, target.label, https=False)
            hosts.append(Host(target, same, hosts[0].key, pinned, hosts[0].error))
        elif address in https:
            hosts.append(_ask_by_https(target, what, known, places or {}, address in cloud, authorities))
        elif target != partition:
            hosts.append(_ask(target, what, known, places or {}))
    return tuple(hosts)


def _ask_by_https(
    target: Target,
    what: str,
    known: KnownHosts,
    places: Places,
    cloud: bool,
    authorities: Sequence[bytes] = (),
) -> Host:
    """`cloud`: pin who signs its certificates, where this machine knows who that is."""
    pinned = usable(known, target.label, https=True)
    try:
        shown = shown_certificate(target, places)
        vouched = is_vouched_for(target, places, pinned)
        answers = authority_of(target, places, authorities) if authorities else None
        if answers is not None and answers not in pinned:
            return Host(target, what, answers, (), replaces=bool(pinned))
        if cloud and not vouched and shown not in pinned:
            shown = authority_of(target, places) or shown
    except DeployError as error:
        return Host(target, what, None, pinned, error.text)
    return Host(target, what, shown, pinned, "", vouched)


def _ask(target: Target, what: str, known: KnownHosts, places: Places) -> Host:
    pinned = usable(known, target.label, https=False)
    try:
        transport = open_transport(target, places, pinned)
    except DeployError as error:
        return Host(target, what, None, pinned, error.text)
    try:
        return Host(target, what, shown_key(transport), pinned)
    finally:
        transport.close()


def changed(path: Path, hosts: Sequence[Host]) -> DeployError | None:
    """The error that names every changed key by both fingerprints; None when none has changed.

    `path`: the file of pinned keys.
    """
    others = [h for h in hosts if h.state == "changed" and h.key is not None]
    lines = [
        f"{h.what} at {h.target} shows {h.key.fingerprint} ({h.key.kind}), pinned is "
        f"{h.pinned[0].fingerprint} ({h.pinned[0].mark or h.pinned[0].kind})."
        for h in others
        if h.key is not None
    ]
    if not lines:
        return None
    named = ", ".join(dict.fromkeys(h.target.label for h in others))
    lines.append(
        f"If a key was changed on purpose, take the line that begins with {named} out of {path}, run flashc "
        "trust again, and deploy; if not, somebody may be in between. Nothing was pinned."
    )
    return DeployError("\n".join(lines), REFUSED)


def pin(path: Path, hosts: Sequence[Host]) -> bytes:
    """Add the new keys to the known_hosts file and return its bytes; a changed key is refused (4)."""
    error = changed(path, hosts)
    if error is not None:
        raise error
    known = read_pins(path)
    for host in hosts:
        if host.state == "new" and host.key is not None:
            before = known.get(host.target.label, ())
            kept = [one for one in before if one.kind != CERTIFICATE or one.mark == "@revoked"]
            known[host.target.label] = (*(kept if host.replaces else before), host.key)
    data = text_of(known).encode("ascii")
    temporary = path.with_name(f"{path.name}.part")
    try:
        temporary.write_bytes(data)
        os.replace(temporary, path)
    except OSError as problem:
        raise DeployError(f"{path} cannot be written: {problem.strerror}.", 1) from problem
    return data


def read_pins(path: Path) -> KnownHosts:
    """The pinned keys; none where there is no file yet."""
    return parse(pins_bytes(path).decode("utf-8", "replace"))


def pins_bytes(path: Path) -> bytes:
    """The known_hosts file as it is; empty where there is none."""
    try:
        with path.open("rb") as file:
            return file.read(FILE_LIMIT)
    except FileNotFoundError:
        return b""
    except OSError as problem:
        raise DeployError(f"{path} cannot be read: {problem.strerror}.", 1) from problem


# -- the product's own keys --------------------------------------------------------------------------


def _role_on(conf: Mapping[str, Any], array: str) -> str:
    """The role on a Storage Virtualize system; for snapshots the harsher reading (#svc-snapshots)."""
    kinds = {
        copy["kind"]
        for clone in conf["clones"].values()
        for disks in clone["disks"]
        if disks["array"] == array
        for copy in disks.get("copies", {}).values()
    }
    return "RestrictedAdmin" if "volume group" in kinds else "CopyOperator"


def authorisations(bundle: Bundle, public_keys: Mapping[str, str] | None = None) -> tuple[Authorisation, ...]:
    """What authorises the product's keys on console, array and partition.

    `public_keys` are the contents of NAME.pub in the key folder; where one is not known its place is named.
    """
    conf = json.loads(bundle.files["conf/sidecar.json"])
    folder, keys = bundle.manifest["folder"], public_keys or {}

    def public(name: str) -> str:
        return keys.get(name, "").strip() or f"<contents of {folder}/keys/{name}.pub>"

    found: list[Authorisation] = []
    for what, name, one in devices(bundle):
        if "workspace" in one.get("facts", {}):
            found.append(_by_api_key(bundle, f"{what} {name}", f"flashc-{name.lower()}", one))
        elif is_rest(one):
            found.append(_by_password(bundle, f"{what} {name}", one, "HTTPS"))
        elif is_script(one) and one["key"]:
            found.append(_by_password(bundle, f"{what} {name}", one, one["facts"]["program"]))
    for name, one in conf["consoles"].items():
        if is_rest(one) or is_script(one):
            continue
        for address in one["addresses"]:
            key = public(one["key"])
            # How an FSM takes a key is not confirmed (docs/platform-facts.md#fsm).
            command = f'mkauthkeys -a "{key}"' if one["family"] == "hmc" else f"let in for SSH: {key}"
            found.append(Authorisation(f"console {name} ({address})", f"user {one['user']}", (command,)))
    for name, one in conf.get("servers", {}).items():
        line = f"no-pty,no-port-forwarding,no-agent-forwarding,no-X11-forwarding {public(one['key'])}"
        where = f"VIOS {name} ({one['addresses'][0]}), file ~{one['user']}/.ssh/authorized_keys2"
        found.append(Authorisation(where, f"user {one['user']}", (line,)))
    for name, one in conf["arrays"].items():
        if is_rest(one) or is_script(one):
            continue
        where = f"/tmp/{one['key']}.pub"
        host = one["addresses"][0].rpartition(":")[0]
        if one["family"] != "svc":
            line = f"restrict {public(one['key'])}"
            place = f"array {name}: host {host}, file ~{one['user']}/.ssh/authorized_keys"
            found.append(Authorisation(place, f"user {one['user']}", (line,)))
            continue
        commands = (
            f"scp {folder}/keys/{one['key']}.pub superuser@{f'[{host}]' if ':' in host else host}:{where}",
            f"mkuser -name {one['user']} -usergrp {_role_on(conf, name)} -keyfile {where}",
            f"chuser -keyfile {where} {one['user']}   (instead, if the user exists)",
        )
        found.append(Authorisation(f"array {name} ({host})", "a security administrator", commands))
    delivery = conf.get("delivery")
    if delivery:
        line = delivery_line(conf, public(delivery["key"]))
        where = f"partition {bundle.system.name}, file ~{delivery['user']}/.ssh/authorized_keys"
        found.append(Authorisation(where, f"user {delivery['user']}", (line,)))
    return tuple(found)


def delivery_line(conf: Mapping[str, Any], public: str) -> str:
    """The line of authorized_keys that lets clones bring files, from their ends of the link, and no more.

    `conf` is what conf/sidecar.json has.  sshd's own `internal-sftp` would open every file that the profile
    may reach, the sidecar among them: who has the key could run what he likes on production.
    """
    clones = [one["link"]["clone"] for one in conf["clones"].values() if one["link"]]
    return (
        f'from="{",".join(clones)}",command="{delivery_command(conf)}",no-pty,no-port-forwarding,'
        f"no-agent-forwarding,no-X11-forwarding {public}"
    )


def delivery_command(conf: Mapping[str, Any]) -> str:
    """The only command of the delivery's key: the sidecar's SFTP server, which opens the inbox alone."""
    folder = conf["delivery"]["inbox"].removesuffix("/inbox")
    return f"{PYTHON} {folder}/bin/flashrt.pyz inbox --config {folder}/conf"


def _may(where: str) -> str:
    """What a user of a device needs; of an HMC, docs/threat-model.md says how its role is made."""
    console = where.startswith("console ")
    return "see the clone's partition and power it on and off" if console else "see and copy"


def _by_password(bundle: Bundle, where: str, device: Mapping[str, Any], how: str) -> Authorisation:
    """A device that is asked by a password: its user, and the file that holds what the user logs in with."""
    user = f"user {device['user']}, may " if device["user"] else "may "
    return Authorisation(
        f"{where} ({device['addresses'][0]}), which is asked by {how}",
        "its administrator",
        (
            f"{user}{_may(where)}, nothing else; its password or token goes into a file on "
            f"{bundle.system.name}.",
            write_secret(bundle, device["key"]),
        ),
    )


def _by_api_key(bundle: Bundle, where: str, who: str, device: Mapping[str, Any]) -> Authorisation:
    """A workspace of a cloud: a service id of its own, whose roles hold for all of the workspace."""
    instance = device["facts"]["workspace"].split(":")[7]
    return Authorisation(
        f"{where} ({device['addresses'][0]}), by a token of {device['facts']['iam']}",
        "an administrator of the account",
        (
            f"ibmcloud iam service-id-create {who}",
            f"ibmcloud iam service-policy-create {who} --roles Viewer,Manager --service-name power-iaas "
            f"--service-instance {instance}",
            f"ibmcloud iam service-api-key-create flashc {who}",
            write_secret(bundle, device["key"]),
        ),
    )
