"""The inbox of production as a server of files: what a clone needs of it, and what nobody gets of it."""

from __future__ import annotations

import os
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import paramiko
import pytest
from flashrt import inbox, status
from flashrt.beat import BEAT_LIMIT
from flashrt.edges import Endpoint
from flashrt.ssh_files import ParamikoFiles
from flashrt.status import SidecarError

from .fakes import RUN, World

LIMIT = 1_000_000


class Wire(socket.socket):
    """A connection that paramiko takes for a channel of its own."""

    def get_name(self) -> str:
        return "inbox"


class Door:
    """A client of an inbox, whose server runs beside it until the client goes."""

    def __init__(self, world: World) -> None:
        self.inbox = world.folder / "inbox"
        world.data["delivery"]["inbox"] = str(self.inbox)
        world.data["limits"]["delivery_bytes"] = LIMIT // 2
        world.data["limits"]["delivery_files"] = 60
        world.save()
        world.config.run_folder(RUN)
        ours, theirs = socket.socketpair()
        self.ours = Wire(fileno=ours.detach())
        self._theirs = theirs
        self.said: list[Any] = []
        config = world.config
        self._thread = threading.Thread(
            target=lambda: self.said.append(inbox.serve(config, theirs.fileno(), theirs.fileno())),
            daemon=True,
        )
        self._thread.start()
        self.ours.settimeout(30)

    def client(self) -> paramiko.SFTPClient:
        return paramiko.SFTPClient(self.ours)  # type: ignore[arg-type]

    def ended(self) -> Any:
        """What the server ended with."""
        self._thread.join(30)
        assert not self._thread.is_alive(), "the server does not end"
        return self.said[0]

    def close(self) -> Any:
        self.ours.close()
        answered = self.ended()
        self._theirs.close()
        return answered


@pytest.fixture
def door(world: World) -> Iterator[Door]:
    made = Door(world)
    yield made
    made.close()


def test_what_a_delivery_does(door: Door, tmp_path: Path) -> None:
    """The steps of `flashrt.delivery` and `flashrt.beat`, by the client that they use."""
    files = ParamikoFiles(door.client(), Endpoint("192.168.99.15", 22))
    local = tmp_path / "data"
    local.write_bytes(bytes(range(256)) * 3000)
    folder = f"{door.inbox}/{RUN}"
    assert files.size(folder) is None
    files.make_folder(folder)
    files.make_folder(folder)
    files.write(str(local), f"{folder}/data.part", 0)
    os.truncate(f"{folder}/data.part", 1000)
    files.write(str(local), f"{folder}/data.part", 1000)
    (door.inbox / RUN / "data").write_text("of an earlier try")
    files.rename(f"{folder}/data.part", f"{folder}/data")
    assert (door.inbox / RUN / "data").read_bytes() == bytes(range(256)) * 3000
    assert files.modified(f"{folder}/data") == int(os.stat(f"{folder}/data").st_mtime)
    assert os.stat(folder).st_mode & 0o777 == 0o700
    assert os.stat(f"{folder}/data").st_mode & 0o777 == 0o600
    local.write_text(f"{RUN} 0001 2/5")
    files.write(str(local), f"{door.inbox}/beat-SISTPROD_24.part", 0)
    files.rename(f"{door.inbox}/beat-SISTPROD_24.part", f"{door.inbox}/beat-SISTPROD_24")
    (door.inbox / "ask-SISTPROD_24").write_bytes(b"{}\n")
    assert files.read(f"{door.inbox}/ask-SISTPROD_24", 100) == b"{}\n"
    assert files.read(f"{door.inbox}/ask-OTHER", 100) is None


def test_it_ends_with_its_client(door: Door) -> None:
    client = door.client()
    assert client.normalize(".") == str(door.inbox)
    answered = door.close()
    assert (answered.status, answered.word, answered.extra1) == (0, "ENDED", "2")


def test_a_folder_is_listed(door: Door) -> None:
    (door.inbox / RUN).mkdir()
    for number in range(250):
        (door.inbox / RUN / f"group{number:04d}.txt").write_text("x" * number)
    found = door.client().listdir_attr(RUN)
    assert [one.filename for one in found] == [f"group{number:04d}.txt" for number in range(250)]
    assert [one.st_size for one in found] == list(range(250))


Act = Callable[[paramiko.SFTPClient, Path], object]

NOT_HERE: dict[str, Act] = {
    "a key is read": lambda c, f: c.open(f"{f}/../keys/hmc1_ed25519").read(),
    "a key is looked at": lambda c, f: c.stat(f"{f.parent}/keys/hmc1_ed25519"),
    "the folder of keys is listed": lambda c, f: c.listdir(f"{f.parent}/keys"),
    "the sidecar is replaced": lambda c, f: c.open(f"{f.parent}/flashrt.pyz", "w"),
    "a file is moved out": lambda c, f: c.posix_rename(f"{f}/{RUN}/data", f"{f.parent}/flashrt.pyz"),
    "a file is moved in": lambda c, f: c.posix_rename(f"{f.parent}/flashrt.pyz", f"{f}/{RUN}/data"),
    "a file is moved to another run": lambda c, f: c.rename(f"{f}/{RUN}/data", f"{f}/20261118203501/data"),
    "a request of production is written": lambda c, f: c.open(f"{f}/ask-SISTPROD_24", "w"),
    "a request of production is replaced": lambda c, f: c.posix_rename(
        f"{f}/beat-SISTPROD_24", f"{f}/ask-SISTPROD_24"
    ),
    "a request of production is cut": lambda c, f: c.truncate(f"{f}/ask-SISTPROD_24", 0),
    "a file is removed": lambda c, f: c.remove(f"{f}/{RUN}/data"),
    "a folder is removed": lambda c, f: c.rmdir(f"{f}/{RUN}"),
    "a folder is moved": lambda c, f: c.posix_rename(f"{f}/{RUN}", f"{f}/20261118203501"),
    "a link is made": lambda c, f: c.symlink("/etc", f"{f}/{RUN}/link"),
    "a link is read": lambda c, f: c.readlink(f"{f}/{RUN}/link"),
    "a link is followed": lambda c, f: c.open(f"{f}/{RUN}/link").read(),
    "a link is looked behind": lambda c, f: c.stat(f"{f}/{RUN}/link"),
    "a link is written through": lambda c, f: c.open(f"{f}/{RUN}/link", "w"),
    "a linked folder is entered": lambda c, f: c.open(f"{f}/20260101000000/flashrt.pyz", "w"),
    "a folder of no run is made": lambda c, f: c.mkdir(f"{f}/other"),
    "a folder in a folder is made": lambda c, f: c.mkdir(f"{f}/{RUN}/other"),
    "a file that is no sign of life is made": lambda c, f: c.open(f"{f}/other", "w"),
    "a sign of life of no clone is made": lambda c, f: c.open(f"{f}/beat-OTHER", "w"),
    "a folder is written to as a sign of life": lambda c, f: c.open(f"{f}/.part", "w"),
    "the folder of a run that is not begun is made": lambda c, f: c.mkdir(f"{f}/20261118203502"),
    "a file of a run that is not begun is written": lambda c, f: c.open(f"{f}/20261118203501/data", "w"),
    "a hidden file is made": lambda c, f: c.open(f"{f}/{RUN}/.profile", "w"),
    "a name that is no name": lambda c, f: c.open(f"{f}/{RUN}/a\nb", "w"),
    "a name that is no ASCII": lambda c, f: c.open(f"{f}/{RUN}/\u00e4", "w"),
    "a folder is opened as a file": lambda c, f: c.open(f"{f}/{RUN}").read(),
    "a pipe is opened": lambda c, f: c.open(f"{f}/{RUN}/pipe").read(),
    "a file that is too large": lambda c, f: c.truncate(f"{f}/{RUN}/data", LIMIT * 10),
}


@pytest.mark.parametrize("what", NOT_HERE)
def test_refused(door: Door, what: str) -> None:
    outside = door.inbox.parent
    (outside / "keys" / "hmc1_ed25519").write_text("a key")
    (outside / "flashrt.pyz").write_text("the sidecar")
    run = door.inbox / RUN
    run.mkdir()
    (door.inbox / "20261118203501").mkdir()
    (run / "data").write_text("delivered")
    (run / "link").symlink_to(outside / "flashrt.pyz")
    (door.inbox / "20260101000000").symlink_to(outside)
    os.mkfifo(run / "pipe")
    for name in ("ask-SISTPROD_24", "beat-SISTPROD_24"):
        (door.inbox / name).write_text(name)
    before = {path: path.read_bytes() for path in _files(outside)}
    with pytest.raises((OSError, paramiko.SFTPError)):
        NOT_HERE[what](door.client(), door.inbox)
    assert {path: path.read_bytes() for path in _files(outside)} == before
    assert door.client().stat(RUN).st_mode is not None, "it serves on"


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "sidecar.json")


def test_modes_and_times_are_asked_for_in_vain(door: Door) -> None:
    """`mkdir` and `put` of the OpenSSH client ask for them; production keeps its own."""
    client = door.client()
    client.mkdir(RUN)
    client.chmod(RUN, 0o777)
    assert os.stat(door.inbox / RUN).st_mode & 0o777 == 0o700


def test_a_run_brings_no_more_than_a_delivery_twice(door: Door) -> None:
    """Twice, because a file that is sent once more lies there twice until it is whole."""
    client = door.client()
    client.mkdir(RUN)
    with client.open(f"{RUN}/data", "w") as file:
        file.seek(LIMIT - 10)
        file.write(b"x" * 10)
        with pytest.raises(OSError, match="brings no more than 1000000 bytes"):
            file.write(b"x")
        with pytest.raises(OSError, match="brings no more than 1000000 bytes"):
            file.truncate(LIMIT + 1)
    with client.open(f"{RUN}/more", "w") as file:
        with pytest.raises(OSError, match="brings no more than 1000000 bytes"):
            file.write(b"x")
        client.open(f"{RUN}/data", "w").close()
        file.write(b"x")
    assert [os.stat(door.inbox / RUN / name).st_size for name in ("data", "more")] == [0, 1]


def test_what_other_sessions_write_counts(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "COUNT_AGAIN", 1000)
    client = door.client()
    client.mkdir(RUN)
    with client.open(f"{RUN}/data", "w") as file:
        file.write(b"x" * 10)
        (door.inbox / RUN / "other").write_bytes(b"y" * (LIMIT - 500))
        file.write(b"x" * 600)
        with pytest.raises(OSError, match="brings no more"):
            file.write(b"x" * 600)
    assert sum(path.stat().st_size for path in (door.inbox / RUN).iterdir()) < LIMIT + 1000


def test_what_is_written_again_where_it_was_does_not_count_twice(door: Door) -> None:
    client = door.client()
    client.mkdir(RUN)
    with client.open(f"{RUN}/data", "w") as file:
        for _ in range(3):
            file.seek(0)
            file.write(b"x" * LIMIT)
    assert os.stat(door.inbox / RUN / "data").st_size == LIMIT


def test_a_sign_of_life_is_small(door: Door) -> None:
    with door.client().open("beat-SISTPROD_24", "w") as file:
        file.write(b"x" * BEAT_LIMIT)
        with pytest.raises(OSError, match="a sign of life has no more than 100 bytes"):
            file.write(b"x")


def test_a_run_of_long_ago_takes_no_delivery(door: Door, world: World) -> None:
    client = door.client()
    client.mkdir(RUN)
    client.open(f"{RUN}/data", "w").close()
    long_ago = time.time() - inbox.TAKES_S - 60
    os.utime(world.config.run_folder(RUN), (long_ago, long_ago))
    with pytest.raises(PermissionError, match="too long ago"):
        client.open(f"{RUN}/data", "w")
    assert client.open(f"{RUN}/data").read() == b""


def test_a_file_that_is_opened_to_be_appended_to_does_not_outgrow_it_either(door: Door) -> None:
    """A system that appends writes behind the end, whatever place is named: each write says the beginning."""
    client = door.client()
    client.mkdir(RUN)
    with client.open(f"{RUN}/data", "w") as file:
        file.write(b"x" * (LIMIT - 10))
    with client.open(f"{RUN}/data", "a") as file:
        for _ in range(3):
            file._realpos = 0  # no public call writes at another place than the end of such a file
            file._write(b"y" * 100)
    assert os.stat(door.inbox / RUN / "data").st_size == LIMIT - 10


def test_a_client_that_takes_no_answers_is_given_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "IDLE_S", 0.5)
    door = Door(world)
    (door.inbox / RUN).mkdir()
    (door.inbox / RUN / "data").write_bytes(b"x" * 200_000)
    client = door.client()
    file = client.open(f"{RUN}/data")
    read = [struct.pack(">I", 1), packet_string(file.handle), struct.pack(">QI", 0, 200_000)]
    door.ours.sendall(packet(inbox.READ, *read) * 20)
    assert "nothing was taken" in door.ended().text
    door.close()


def test_a_client_does_not_open_files_without_end(door: Door) -> None:
    client = door.client()
    client.mkdir(RUN)
    held = [client.open(f"{RUN}/{number}", "w") for number in range(inbox.MOST_OPEN)]
    with pytest.raises(OSError, match="too many open files"):
        client.open(f"{RUN}/more", "w")
    held[0].close()
    client.open(f"{RUN}/more", "w").close()


def test_a_run_brings_no_files_without_end(door: Door) -> None:
    client = door.client()
    client.mkdir(RUN)
    for number in range(130):
        client.open(f"{RUN}/{number}", "w").close()
    with pytest.raises(OSError, match="brings no more than 130 files"):
        client.open(f"{RUN}/more", "w")
    client.open(f"{RUN}/2", "w").close()


def packet(kind: int, *parts: bytes) -> bytes:
    body = bytes([kind]) + b"".join(parts)
    return struct.pack(">I", len(body)) + body


def packet_string(data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + data


@pytest.mark.parametrize(
    "sent",
    [
        struct.pack(">I", inbox.PACKET_LIMIT + 1) + b"x",
        struct.pack(">I", 0),
        b"SSH-2.0-OpenSSH_9.6\r\n",
    ],
)
def test_what_is_no_packet_ends_the_session(door: Door, sent: bytes) -> None:
    door.ours.sendall(sent)
    assert "cut off" in door.ended().text


@pytest.mark.parametrize("kind", range(256))
@pytest.mark.usefixtures("door")
def test_any_packet_without_its_parts_is_answered(world: World, kind: int) -> None:
    server = inbox.Server(inbox.Inbox(world.config))
    with pytest.raises(inbox._Refused) if kind != inbox.INIT else nullcontext():
        server.answer(bytes([kind]))  # not even a number to answer to
    for body in (b"\0\0\0\7", b"\0\0\0\7\xff\xff\xff\xff", b"\0\0\0\7\0\0\0\1x\0\0\0\0\0\0\0\1"):
        answer = server.answer(bytes([kind]) + body)
        assert answer[0] in (inbox.GREETING, inbox.STATUS, inbox.HANDLE, inbox.ATTRS, inbox.NAME)
    server.close()


def test_a_silent_client_is_given_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "IDLE_S", 0.05)
    door = Door(world)
    assert "nothing came" in door.ended().text
    door.close()


def test_without_deliveries_there_is_no_inbox(world: World) -> None:
    with pytest.raises(SidecarError) as caught:
        inbox.serve(world.config)
    assert caught.value.status == status.CONFIG
    assert "no folder" in caught.value.text
    del world.data["delivery"]
    world.save()
    with pytest.raises(SidecarError, match="there is no inbox"):
        inbox.serve(world.config)


def test_what_is_wrong_is_not_said_to_the_client_s_sftp(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    called = world.call("inbox")
    said = capsys.readouterr()
    assert called.status == status.CONFIG
    assert (said.out, "no folder" in said.err) == ("", True)
