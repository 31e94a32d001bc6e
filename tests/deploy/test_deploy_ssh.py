"""Limits of a session, and the files of host keys: no partition needed."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, cast

import paramiko
import pytest
from flashc.deploy import DeployError
from flashc.deploy.hostkeys import HostKey, label, parse, text_of, usable
from flashc.deploy.ssh import SshSession, Target, check_key, connect, open_transport
from flashc.deploy.trust import Host, changed, pin, read_pins

TARGET = Target("array.example.net", 22)
KEY, OTHER = HostKey("ssh-ed25519", b"one"), HostKey("ssh-ed25519", b"two")


class Stuck:
    """A transport that answers nothing until it is closed."""

    def __init__(self) -> None:
        self.closed = threading.Event()

    def open_session(self, timeout: float) -> Any:
        assert timeout > 0
        assert self.closed.wait(10), "nobody gave up"
        raise paramiko.SSHException("closed")

    def close(self) -> None:
        self.closed.set()


def test_a_session_that_takes_too_long_is_ended() -> None:
    session = SshSession(cast(paramiko.Transport, Stuck()), "partition:22")
    with pytest.raises(DeployError, match=r"partition:22 did not answer within 0\.05 s") as caught:
        session.run("pwd", 0.05)
    assert caught.value.status == 3


def test_a_server_that_never_speaks_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        where = {str(TARGET): f"127.0.0.1:{silent.getsockname()[1]}"}
        with pytest.raises(DeployError, match="no SSH connection came about"):
            open_transport(TARGET, where, limit_s=0.05)


HUNG_UP = """
import sys
from flashc.deploy import DeployError
from flashc.deploy.ssh import Target, open_transport
try:
    open_transport(Target("array", 22), {"array:22": f"127.0.0.1:{sys.argv[1]}"})
except DeployError as error:
    print(error)
"""


def test_a_peer_that_hangs_up_before_its_greeting_costs_one_message() -> None:
    """In a process of its own: what the library logs is seen where nobody handles it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def hang_up() -> None:
            listener.accept()[0].close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        port = str(listener.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "-c", HUNG_UP, port], capture_output=True, text=True, timeout=60, check=True
        )
        thread.join()
    assert done.stderr == ""
    assert "no SSH connection came about" in done.stdout


@pytest.mark.parametrize("place", ["127.0.0.1:1", "127.0.0.1:none", "127.0.0.1:99999"])
def test_an_address_where_nobody_is(place: str) -> None:
    with pytest.raises(DeployError, match=r"array\.example\.net:22") as caught:
        open_transport(TARGET, {str(TARGET): place}, limit_s=1.0)
    assert caught.value.status == 3


def test_nothing_is_reached_without_a_pinned_key() -> None:
    with pytest.raises(DeployError, match="Run flashc trust") as caught:
        connect(TARGET, "FLASHC", {})
    assert caught.value.status == 4


def test_a_changed_key_is_named_with_the_pinned_one() -> None:
    with pytest.raises(DeployError) as caught:
        check_key(TARGET, [KEY], OTHER)
    assert caught.value.status == 4
    assert KEY.fingerprint in caught.value.text
    assert OTHER.fingerprint in caught.value.text
    check_key(TARGET, [OTHER, KEY], KEY)


def test_known_hosts_are_read_and_written_alike() -> None:
    known = {"b.example": (KEY,), "[a.example]:2222": (KEY, OTHER)}
    text = text_of(known)
    assert parse(text) == known
    assert text.splitlines()[0].startswith("[a.example]:2222 ssh-ed25519 ")
    odd = f"# comment\n\nx ssh-rsa !!!\nshort line\n@strange x ssh-rsa AAAA\n{text}"
    assert parse(odd) == known
    assert parse(text.replace("b.example", "b.example,c.example"))["c.example"] == (KEY,)
    assert label("h", 22) == "h"
    assert label("h", 2222) == "[h]:2222"


def test_marked_lines_outlive_another_pinning() -> None:
    text = "@revoked a ssh-ed25519 AAAA\na ssh-ed25519 AAAA\n@cert-authority [b]:443 x509 AAAA\n"
    assert parse(text_of(parse(text))) == parse(text)
    assert usable(parse(text), "a", https=False) == ()
    assert [key.mark for key in usable(parse(text), "[b]:443", https=True)] == ["@cert-authority"]
    exact = f"{text}[b]:443 x509 BBBB\n[b]:443 ssh-ed25519 BBBB\n"
    assert [key.mark for key in usable(parse(exact), "[b]:443", https=True)] == [""]


def test_the_fingerprint_is_openssh_s() -> None:
    import base64

    blob = base64.b64decode("AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl")
    assert HostKey("ssh-ed25519", blob).fingerprint == "SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU"


def test_new_keys_are_added_and_changed_ones_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.known_hosts"
    first = Host(TARGET, "array A", KEY)
    gone = Host(Target("other.example.net", 22), "console C", None, (), "cannot be reached")
    assert first.state == "new"
    assert gone.state == "unreachable"
    data = pin(path, [first, gone])
    assert path.read_bytes() == data
    known = read_pins(path)
    assert known == {"array.example.net": (KEY,)}
    assert not list(tmp_path.glob("*.part"))
    wrong = Host(TARGET, "array A", OTHER, known["array.example.net"])
    error = changed(path, [wrong])
    assert error is not None
    assert f"take the line that begins with array.example.net out of {path}, run flashc trust" in error.text
    assert (error.status, error.text.count("SHA256:")) == (4, 2)
    with pytest.raises(DeployError):
        pin(path, [wrong])
    assert path.read_bytes() == data


def test_pins_that_cannot_be_read_or_written_are_named(tmp_path: Path) -> None:
    with pytest.raises(DeployError, match="cannot be read") as caught:
        read_pins(tmp_path)
    assert caught.value.status == 1
    with pytest.raises(DeployError, match="cannot be written"):
        pin(tmp_path / "none" / "x.known_hosts", [Host(TARGET, "array A", KEY)])
