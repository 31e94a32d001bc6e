"""A key, password or token of the product takes the place of the one before, and is proven before it does.

Keys are made on the partition and never leave it.  Until the new one has logged in at every address the old
one stays where it is; what fails before takes everything back.

The key of deliveries is let in from the clone's address only, so nothing can log in with it here: its line in
authorized_keys is read instead, and the next night proves it.  A clone of an older copy has the old key, so
its line stays until a run has completed with the new one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flashc.bundle import Bundle
from flashc.bundle.context import PYTHON
from flashc.deploy.command import sh
from flashc.deploy.errors import REFUSED, DeployError
from flashc.deploy.plan import devices, is_rest, is_script
from flashc.deploy.session import Session
from flashc.deploy.trust import Authorisation, authorisations, delivery_command

CALL_S = 300.0
SHELL_S = 60.0
KEYGEN = "/QOpenSys/usr/bin/ssh-keygen"
PUBLIC_LIMIT = 16 * 1024
SECRET_LIMIT = 1024
OWN_COMMAND = ("hmc",)
"""Consoles whose user lets his own keys in by a command."""

DELIVERIES = "deliveries"
"""What the key of deliveries is asked for by, beside its own name."""

NEW, OLD, TRIAL = "new", "old", "conf.trial"

Agree = Callable[[Sequence[Authorisation]], bool]
"""Shows what lets the new key in, and says whether somebody has entered it."""


@dataclass(frozen=True, slots=True)
class Credential:
    """A file of the key folder, and the devices that are asked with it; `secret`: a password or token.

    Without devices it is the key of deliveries.
    """

    name: str
    devices: tuple[tuple[str, str, Mapping[str, Any]], ...]
    secret: bool

    @property
    def by_itself(self) -> bool:
        """Whether the product lets the new key in and the old one out without anybody's help."""
        return (
            bool(self.devices)
            and not self.secret
            and all(what == "console" and one["family"] in OWN_COMMAND for what, _, one in self.devices)
        )


def credential_of(bundle: Bundle, wanted: str) -> Credential:
    """That of a device, of deliveries, or of a file's name; DeployError (64) where the spec has neither."""
    known = list(devices(bundle))
    conf = json.loads(bundle.files["conf/sidecar.json"]).get("delivery")
    delivering = str(conf["key"]) if conf else ""
    names = {one["key"] for _, name, one in known if wanted in (name, name.split(" on ")[0], one["key"])}
    if delivering and wanted in (DELIVERIES, delivering):
        names.add(delivering)
    names.discard("")
    if len(names) != 1:
        every = ", ".join(sorted({name for _, name, one in known if one["key"]}))
        more = f", and its {DELIVERIES}" if delivering else ""
        raise DeployError(f"{wanted} is no device with a key or password. The spec has: {every}{more}.", 64)
    (name,) = names
    using = tuple(one for one in known if one[2]["key"] == name)
    if any(is_script(one) for _, _, one in using):
        raise DeployError(
            f"{wanted} is asked by a program on the partition, which keeps its own password.", 64
        )
    if using and name == delivering:
        raise DeployError(f"{name} is the key of deliveries, too: it needs a key of its own first.", REFUSED)
    if not using and conf["user"] != bundle.system.user:
        raise DeployError(
            f"Deliveries log in as {conf['user']}, whose keys {bundle.system.user} cannot see.", REFUSED
        )
    return Credential(name, using, any(is_rest(one) for _, _, one in using))


def rotate(
    bundle: Bundle, session: Session, credential: Credential, secret: str, agree: Agree
) -> tuple[str, ...]:
    """Put a new one in the place of the old; what is still to be done by hand.

    `secret` is the new password or token, "" for a key.  DeployError: the old one is in its place.
    """
    work = _Work(bundle, session, credential)
    work.clear()
    try:
        work.make(secret)
        work.let_in(agree)
        work.prove()
        work.switch()
    except DeployError as error:
        left = work.take_back()
        if left:
            raise DeployError(" ".join([error.text, *left]), error.status) from error
        raise
    except BaseException:
        work.take_back()
        raise
    return work.let_old_out()


class _Work:
    def __init__(self, bundle: Bundle, session: Session, credential: Credential) -> None:
        self._bundle, self._session, self._credential = bundle, session, credential
        self._folder = str(bundle.manifest["folder"])
        self._file = f"{self._folder}/keys/{credential.name}"
        self._let_in: list[str] = []
        self._moved = False

    def clear(self) -> None:
        """Whatever an earlier attempt has left is no key of anybody."""
        self._shell(f"rm -f {sh(f'{self._file}.{NEW}')} {sh(f'{self._file}.{NEW}.pub')}")

    def make(self, secret: str) -> None:
        """The new key, made there; or the new password, written there."""
        if self._credential.secret:
            if not 0 < len(secret) <= SECRET_LIMIT or not secret.isprintable():
                raise DeployError(
                    "The new password or token is not one line of text. Nothing was changed.", 64
                )
            self._session.write(f"{self._file}.{NEW}", f"{secret}\n".encode(), 0o600)
            return
        self._shell(
            f"{KEYGEN} -q -t ed25519 -N '' -C {sh(self._credential.name)} -f {sh(f'{self._file}.{NEW}')}"
        )

    def let_in(self, agree: Agree) -> None:
        """The new key beside the old: by the device's own command, else by an administrator."""
        if self._credential.secret:
            return
        if self._credential.by_itself:
            for _, name, _ in self._credential.devices:
                self._let_in.append(name)
                self._sidecar("conf", f"key {name} add --public {self._credential.name}.{NEW}")
            return
        if not agree(self._steps(NEW)):
            raise DeployError("The new key was not let in. Nothing was changed.", 2)

    def prove(self) -> None:
        """Every address of every device is asked with the new one; a wrong one ends it."""
        if not self._credential.devices:
            self._stands_there()
        for what, name, one in self._credential.devices:
            clone = self._clone_with(what, name)
            for address in one["addresses"]:
                self._write_trial(what, name, address, clone)
                words = {"console": "console state", "array": f"array {name} status", "VIOS": "vios status"}
                self._sidecar(TRIAL, f"{words[what]} --clone {clone}")
        self._shell(f"rm -rf {sh(f'{self._folder}/{TRIAL}')}")

    def switch(self) -> None:
        """The new one gets the name, in one act: no call finds none."""
        moves = [f"cp -p {sh(self._file)} {sh(f'{self._file}.{OLD}')}"]
        if not self._credential.secret:
            # The old public half may be missing; then it is made from the key.
            public = sh(f"{self._file}.pub")
            moves.append(f"test -f {public} || {KEYGEN} -y -f {sh(self._file)} > {public}")
            moves.append(f"cp -p {public} {sh(f'{self._file}.{OLD}.pub')}")
        self._shell(" && ".join(moves))
        self._moved = True
        self._shell(f"mv -f {sh(f'{self._file}.{NEW}')} {sh(self._file)}")
        if not self._credential.secret:
            self._shell(f"mv -f {sh(f'{self._file}.{NEW}.pub')} {sh(f'{self._file}.pub')}")

    def let_old_out(self) -> tuple[str, ...]:
        """The old key is not let in any more; then its file goes.  What a person has to do is told."""
        todo: list[str] = []
        if not self._credential.devices:
            todo += [
                f"on {step.where}: take the old key out once a run that begins from now on has completed; "
                "until then a clone of an older copy delivers with it"
                for step in self._steps("")
            ]
        elif self._credential.by_itself:
            for _, name, _ in self._credential.devices:
                try:
                    self._sidecar("conf", f"key {name} remove --public {self._credential.name}.{OLD}")
                except DeployError as error:
                    todo.append(f"{name} still lets the old key in: {error.text}")
        elif not self._credential.secret:
            todo += [f"on {step.where}: take the old key out" for step in self._steps("")]
        self._shell(f"rm -f {sh(f'{self._file}.{OLD}')} {sh(f'{self._file}.{OLD}.pub')}")
        return tuple(todo)

    def take_back(self) -> tuple[str, ...]:
        """The old one has its name again, the new one goes; what could not be taken back."""
        left = []
        steps: list[Callable[[], None]] = [
            lambda name=name: self._sidecar(  # type: ignore[misc]
                "conf", f"key {name} remove --public {self._credential.name}.{NEW}"
            )
            for name in self._let_in
        ]
        if self._moved:
            steps.insert(0, lambda: self._shell(f"mv -f {sh(f'{self._file}.{OLD}')} {sh(self._file)}"))
        steps += [lambda: self._shell(f"rm -rf {sh(f'{self._folder}/{TRIAL}')}"), self.clear]
        for step in steps:
            try:
                step()
            except DeployError as error:
                left.append(f"Not taken back: {error.text}")
        return tuple(left)

    # parts

    def _steps(self, suffix: str) -> tuple[Authorisation, ...]:
        """What lets the key in, by the devices of this credential."""
        path = f"{self._file}.{suffix}.pub" if suffix else f"{self._file}.pub"
        data = self._session.read(path, PUBLIC_LIMIT) or b""
        public = {self._credential.name: data.decode("ascii", "replace").strip()}
        names = {name.split(" on ")[0] for _, name, _ in self._credential.devices} or {"partition"}
        name = self._credential.name
        return tuple(
            replace(
                step, commands=tuple(c.replace(f"{name}.pub", f"{name}.{NEW}.pub") for c in step.commands)
            )
            for step in authorisations(self._bundle, public)
            if any(one in step.where.replace("(", " ").replace(":", " ").split() for one in names)
        )

    def _stands_there(self) -> None:
        """The new key of deliveries is let in: its line is where an administrator was to enter it."""
        data = self._session.read(f"{self._file}.{NEW}.pub", PUBLIC_LIMIT) or b""
        key = data.decode("ascii", "replace").split()[1]
        said = self._session.run('cat "$HOME/.ssh/authorized_keys"', SHELL_S)
        lines = [line for line in said.out.splitlines() if key in line.split()]
        command = delivery_command(json.loads(self._bundle.files["conf/sidecar.json"]))
        limits = ("from=", f'command="{command}"')
        if not lines or not all(limit in line for line in lines for limit in limits):
            raise DeployError(
                "authorized_keys has no line with the new key, or one that allows more than shown. "
                "The old key is in its place.",
                REFUSED,
            )

    def _clone_with(self, what: str, name: str) -> str:
        """A clone of the spec that is driven with the device."""
        conf = json.loads(self._bundle.files["conf/sidecar.json"])
        stands_for = [n for n, one in conf["consoles"].items() if one.get("standby") == name]
        for clone, one in conf["clones"].items():
            arrays = [disks["array"] for disks in one["disks"]]
            mine = {"console": one["console"] in (name, *stands_for), "array": name in arrays}
            if mine.get(what, True):
                return str(clone)
        raise DeployError(f"No clone of the spec uses {name}: its key cannot be proven.", REFUSED)

    def _write_trial(self, what: str, name: str, address: str, clone: str) -> None:
        """The sidecar's configuration with the new credential, and one address of the device."""
        conf = json.loads(self._bundle.files["conf/sidecar.json"])
        section = {"console": "consoles", "array": "arrays", "VIOS": "servers"}[what]
        device = conf[section][name]
        device.update(addresses=[address], key=f"{self._credential.name}.{NEW}")
        if what == "console":
            # Nobody stands in for it: it is this one that is to answer.
            device.pop("standby", None)
            conf["clones"][clone]["console"] = name
        folder = f"{self._folder}/{TRIAL}"
        self._shell(
            f"rm -rf {sh(folder)} && mkdir -m 700 {sh(folder)} && "
            f"cp {sh(f'{self._folder}/conf/known_hosts')} {sh(f'{folder}/known_hosts')}"
        )
        self._session.write(f"{folder}/sidecar.json", json.dumps(conf).encode(), 0o600)

    def _sidecar(self, conf: str, words: str) -> None:
        line = f"{PYTHON} {self._folder}/bin/flashrt.pyz {words} --config {self._folder}/{conf} --json 2>&1"
        reply = self._session.run(line, CALL_S)
        if reply.status == 0:
            return
        try:
            told = str(json.loads(reply.out)["text"])
        except (ValueError, KeyError, TypeError):
            told = " ".join(reply.out.split())[:200] or "no answer"
        raise DeployError(f"{words.partition(' --')[0]}: {told} The old key or password is in its place.")

    def _shell(self, line: str) -> None:
        reply = self._session.run(f"{line} 2>&1", SHELL_S)
        if reply.status != 0:
            said = " ".join(reply.out.split())[:200]
            raise DeployError(f"{line[:60]} failed on the partition: {said or 'no answer'}.")
