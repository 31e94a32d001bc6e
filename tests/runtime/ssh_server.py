"""A small SSH server on loopback for the SSH tests: one user key, commands by a function, SFTP."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import paramiko
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from flashrt.keyfiles import host_label

ENDLESS = b"and so on\n"
Handler = Callable[[str], "tuple[int | None, bytes, bytes] | None"]


def make_key(path: Path, kind: str = "ed25519") -> None:
    """A private key in OpenSSH's format with mode 0600 in a folder of mode 0700."""
    makers: dict[str, Callable[[], Any]] = {
        "ed25519": ed25519.Ed25519PrivateKey.generate,
        "ecdsa": lambda: ec.generate_private_key(ec.SECP256R1()),
        "rsa": lambda: rsa.generate_private_key(65537, 2048),
    }
    data = makers[kind]().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()
    )
    path.parent.mkdir(exist_ok=True)
    path.parent.chmod(0o700)
    path.write_bytes(data)
    path.chmod(0o600)


def load_key(path: Path) -> Any:
    """The key as the library's object."""
    for kind in (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey):
        try:
            return kind.from_private_key_file(str(path))
        except (paramiko.SSHException, ValueError, AttributeError):
            continue
    raise AssertionError("no key")


class _Interface(paramiko.ServerInterface):
    def __init__(self, server: SshServer) -> None:
        self._server = server

    def get_allowed_auths(self, username: str) -> str:  # noqa: ARG002
        return "publickey"

    def check_auth_publickey(self, username: str, key: Any) -> int:
        self._server.look_up()
        good = username == "flashc" and key.asbytes() == self._server.user_key.asbytes()
        return int(paramiko.AUTH_SUCCESSFUL if good else paramiko.AUTH_FAILED)

    def check_channel_request(self, kind: str, chanid: int) -> int:  # noqa: ARG002
        if self._server.refuse_sessions:
            return int(paramiko.OPEN_FAILED_RESOURCE_SHORTAGE)
        return int(paramiko.OPEN_SUCCEEDED)

    def check_channel_exec_request(self, channel: Any, command: bytes) -> bool:
        self._server.commands.append(command.decode())
        threading.Thread(target=self._server.run, args=(channel, command.decode()), daemon=True).start()
        return True


class _Sftp(paramiko.SFTPServerInterface):
    root = ""

    def _place(self, path: str) -> str:
        return os.path.join(self.root, path.lstrip("/"))

    def stat(self, path: str) -> Any:
        try:
            return paramiko.SFTPAttributes.from_stat(os.stat(self._place(path)))
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno or 0)

    lstat = stat

    def list_folder(self, path: str) -> Any:
        found = []
        for name in sorted(os.listdir(self._place(path))):
            found.append(
                paramiko.SFTPAttributes.from_stat(os.stat(os.path.join(self._place(path), name)), name)
            )
        return found

    def open(self, path: str, flags: int, attr: Any) -> Any:  # noqa: ARG002
        try:
            descriptor = os.open(self._place(path), flags, 0o600)
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno or 0)
        handle = paramiko.SFTPHandle(flags)
        handle.readfile = handle.writefile = os.fdopen(descriptor, "r+b" if flags & os.O_RDWR else "wb")
        return handle

    def mkdir(self, path: str, attr: Any) -> int:  # noqa: ARG002
        try:
            os.mkdir(self._place(path))
        except OSError as error:
            return int(paramiko.SFTPServer.convert_errno(error.errno or 0))
        return int(paramiko.SFTP_OK)

    def chattr(self, path: str, attr: Any) -> int:  # noqa: ARG002
        return int(paramiko.SFTP_OK)

    def posix_rename(self, oldpath: str, newpath: str) -> int:
        os.replace(self._place(oldpath), self._place(newpath))
        return int(paramiko.SFTP_OK)

    rename = posix_rename


class SshServer:
    """The server; `handler` gives status and output of a command, or None to hang.

    `look_up` is called before a key is looked at, as sshd looks up the name of its client.

    Output goes out `piece` bytes at a time; output that ends in ENDLESS is repeated until the client leaves.
    """

    def __init__(self, folder: Path, handler: Handler, kind: str = "ed25519") -> None:
        self.handler = handler
        self.commands: list[str] = []
        self.refuse_sessions = False
        self.silent = False
        self.look_up: Callable[[], object] = lambda: None
        self.piece = 1 << 20
        make_key(folder / "host" / "key", kind)
        self.host_key = load_key(folder / "host" / "key")
        self.more_host_keys: list[Any] = []
        self.user_key: Any = None
        self.root = folder / "files"
        self.root.mkdir()
        self._transports: list[Any] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def known_hosts_line(self, host: str, port: int) -> str:
        """The line that pins this server's key for a declared address."""
        return f"{host_label(host, port)} {self.host_key.get_name()} {self.host_key.get_base64()}\n"

    def _serve(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            if self.silent:
                self._transports.append(sock)
                continue
            transport = paramiko.Transport(sock)
            for key in [self.host_key, *self.more_host_keys]:
                transport.add_server_key(key)
            sftp = type("Sftp", (_Sftp,), {"root": str(self.root)})
            transport.set_subsystem_handler("sftp", paramiko.SFTPServer, sftp)
            self._transports.append(transport)
            try:
                transport.start_server(server=_Interface(self))
            except (paramiko.SSHException, EOFError, OSError):
                transport.close()

    def run(self, channel: Any, command: str) -> None:
        """Answer one command."""
        given = self.handler(command)
        if given is None:
            return
        status, out, err = given
        with contextlib.suppress(OSError, EOFError):  # the client may give up on a large answer
            for start in range(0, len(out), self.piece):
                channel.sendall(out[start : start + self.piece])
            while out.endswith(ENDLESS):
                channel.sendall(ENDLESS)
            if err:
                channel.sendall_stderr(err)
            if status is not None:
                channel.send_exit_status(status)
        with contextlib.suppress(OSError, EOFError):
            channel.close()

    def drop(self) -> None:
        """End every connection."""
        for transport in self._transports:
            transport.close()

    def close(self) -> None:
        """Stop."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.drop()


def until(condition: Callable[[], bool], limit_s: float = 20.0) -> None:
    """Wait for another thread to have got somewhere."""
    end = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        threading.Event().wait(0.01)
