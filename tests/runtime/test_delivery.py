"""Delivery: packed on the clone, sent resumably, verified on the source; hostile inboxes."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from flashrt import status
from flashrt.config import read_config
from flashrt.delivery import arrived
from flashrt.manifest import digest
from flashrt.status import SidecarError

from .fakes import RUN, FakeClock, FakeDevice, FakeSession, World


class FakeFiles:
    """The other side's files in a folder; `cut_after` bytes of a file of the run the connection breaks once.

    Its clock is `ahead` seconds ahead of `clock`.
    """

    def __init__(self, folder: Path, clock: FakeClock) -> None:
        self.folder = folder
        self.clock = clock
        self.ahead = 0.0
        self.log: list[str] = []
        self.cut_after = -1

    def _place(self, path: str) -> Path:
        return self.folder / path.lstrip("/")

    def size(self, path: str) -> int | None:
        place = self._place(path)
        return place.stat().st_size if place.exists() else None

    def modified(self, path: str) -> int:
        assert self._place(path).exists()
        return int(self.clock.now() + self.ahead)

    def read(self, path: str, limit: int) -> bytes | None:
        place = self._place(path)
        return place.read_bytes()[:limit] if place.exists() else None

    def make_folder(self, path: str) -> None:
        self._place(path).mkdir(parents=True, exist_ok=True)

    def write(self, local: str, remote: str, start: int) -> None:
        data = Path(local).read_bytes()[start:]
        probe = remote.endswith("/clock.txt.part")
        cut = self.cut_after >= 0 and not probe
        if cut:
            data, self.cut_after = data[: self.cut_after], -1
        place = self._place(remote)
        with open(place, "r+b" if start else "wb") as file:
            file.seek(start)
            file.write(data)
        if not probe:
            self.log.append(f"write {os.path.basename(remote)} from {start}")
        if cut:
            raise SidecarError(status.UNREACHABLE, "The connection broke. Call again to go on.")

    def rename(self, old: str, new: str) -> None:
        os.replace(self._place(old), self._place(new))
        self.log.append(f"rename to {os.path.basename(new)}")

    def close(self) -> None:
        self.log.append("close")


class Clone:
    """A clone's product folder with files to deliver, and the source's folders behind SFTP."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.files = FakeFiles(world.folder / "other", world.clock)
        device = FakeDevice()
        files = self.files

        class Session(FakeSession):
            def files(self, deadline: float) -> Any:  # noqa: ARG002
                return files

        network = world.network
        network.connect = lambda *_words: Session(device, world.clock, network.closed)  # type: ignore[method-assign]
        self.out = world.folder / "runs" / RUN / "out"
        self.out.mkdir(parents=True)
        (self.out / "QUSRBRM.savf").write_bytes(bytes(range(256)) * 1000)
        (self.out / "qhst.txt").write_bytes(b"")
        (self.out / "journal.csv").write_bytes(b"1;2;3\n")

    def call(self, act: str, stage: str = "final") -> Any:
        return self.world.call("deliver", act, "--run", RUN, "--stage", stage)

    def arrive(self) -> Path:
        """Everything sent, and carried to the inbox from which the source verifies."""
        assert self.call("pack").status == 0
        assert self.call("send").status == 0
        inbox = self.world.folder / "inbox" / RUN
        shutil.copytree(self.files.folder / "flashc" / "BCKFLASHP" / "inbox" / RUN, inbox)
        return inbox


@pytest.fixture
def clone(world: World) -> Clone:
    return Clone(world)


def test_pack_send_verify(clone: Clone) -> None:
    called = clone.call("pack")
    assert (called.status, called.word, called.extra1) == (0, "PACKED", "3")
    called = clone.call("send")
    assert (called.status, called.word, called.extra2) == (0, "SENT", "256020")
    names = [line for line in clone.files.log if line.startswith("rename")]
    assert names[-1] == "rename to manifest.json"
    shutil.copytree(clone.files.folder / "flashc/BCKFLASHP/inbox" / RUN, clone.world.folder / "inbox" / RUN)
    called = clone.call("verify")
    assert (called.status, called.word, called.extra1) == (0, "VERIFIED", "4")
    assert "4 files, 256020 bytes" in called.text
    assert "close" in clone.files.log
    assert clone.world.network.closed


def test_interrupted_transfer_goes_on(clone: Clone) -> None:
    clone.call("pack")
    clone.files.cut_after = 1000
    assert clone.call("send").status == status.UNREACHABLE
    assert clone.call("send").status == 0
    assert any(line.endswith("from 1000") for line in clone.files.log)
    sent = clone.files.folder / "flashc/BCKFLASHP/inbox" / RUN
    assert (sent / "QUSRBRM.savf").read_bytes() == (clone.out / "QUSRBRM.savf").read_bytes()
    assert not list(sent.glob("*.part"))


@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        (258.75, "+0000258 0001"),
        (-71.5, "-0000072 0001"),
        (0.0, "+0000000 0001"),
        (3e8, "300000000 s apart"),
    ],
)
def test_how_far_both_clocks_are_apart_is_measured(clone: Clone, ahead: float, said: str) -> None:
    clone.files.ahead = ahead
    inbox = clone.arrive()
    assert (inbox / "clock.txt").read_text() == f"{said}\n"
    assert clone.world.call("deliver", "verify", "--run", RUN).status == 0


def test_a_slow_line_makes_the_clock_less_sure(clone: Clone) -> None:
    write = clone.files.write

    def slow(local: str, remote: str, start: int) -> None:
        clone.world.clock.time += 20
        write(local, remote, start)

    clone.files.write = slow  # type: ignore[method-assign]
    clone.files.ahead = 100
    text = (clone.arrive() / "clock.txt").read_text()
    assert int(text[:8]) - int(text[9:13]) <= 100 <= int(text[:8]) + int(text[9:13])
    assert int(text[9:13]) <= 12


def test_the_tries_are_recorded_and_go_home(clone: Clone) -> None:
    clone.call("pack")
    clone.files.cut_after = 1000
    assert clone.call("send").status == status.UNREACHABLE
    inbox = clone.arrive()
    (line,) = (inbox / "transfer.txt").read_text().splitlines()
    assert " final, 0 s: broke off: The connection broke." in line
    both = (clone.world.folder / "runs" / RUN / "transfer.txt").read_text().splitlines()
    assert " final, 0 s: sent 5 files, " in both[1]


def test_sent_files_are_not_sent_again_unless_changed(clone: Clone) -> None:
    clone.call("pack", "early")
    assert clone.call("send", "early").status == 0
    (clone.out / "journal.csv").write_bytes(b"1;2;4\n")
    (clone.out / "more.txt").write_bytes(b"more")
    clone.call("pack")
    clone.files.log.clear()
    assert clone.call("send").status == 0
    written = [line.split()[1].split(".part")[0] for line in clone.files.log if line.startswith("write")]
    # What has changed; the clocks, measured anew; how the early one went
    wanted = ["journal.csv", "more.txt", "clock.txt", "transfer.txt"]
    assert [name.rsplit(".", 1)[0] for name in written[:-1]] == wanted


def test_an_early_delivery_is_not_the_delivery(clone: Clone) -> None:
    inbox = clone.world.folder / "inbox" / RUN
    assert clone.call("verify").status == status.NOTYET
    clone.call("pack", "early")
    clone.call("send", "early")
    shutil.copytree(clone.files.folder / "flashc/BCKFLASHP/inbox" / RUN, inbox)
    assert clone.call("verify").status == status.NOTYET
    assert arrived(clone.world.config, RUN) == "PARTIAL"


def test_send_wants_a_manifest_of_the_present_files(clone: Clone) -> None:
    assert clone.call("send").status == status.NOTYET
    clone.call("pack")
    (clone.out / "journal.csv").write_bytes(b"longer now\n")
    assert clone.call("send").status == status.BADDELIVERY


def test_nothing_to_deliver(clone: Clone) -> None:
    for path in clone.out.iterdir():
        path.unlink()
    assert clone.call("pack").status == status.REFUSED
    assert clone.call("pack", "early").status == 0
    clone.out.joinpath("early.json").unlink()
    clone.out.rmdir()
    assert clone.call("pack").status == status.REFUSED


@pytest.mark.parametrize("name", ["a b", ".hidden", "x" * 101, "a\nb", "\u00e9", "file.part"])
def test_names_that_are_not_packed(clone: Clone, name: str) -> None:
    (clone.out / name).write_bytes(b"x")
    assert clone.call("pack").status == status.BADDELIVERY


def test_links_and_folders_are_not_packed(clone: Clone) -> None:
    (clone.out / "link").symlink_to("/etc/hostname")
    assert clone.call("pack").status == status.BADDELIVERY
    (clone.out / "link").unlink()
    (clone.out / "folder").mkdir()
    assert clone.call("pack").status == status.BADDELIVERY


def test_transfer_limit(clone: Clone) -> None:
    clone.call("pack")
    clone.world.data["limits"]["transfer_s"] = 1
    clone.world.save()
    clock = clone.world.clock
    write = clone.files.write

    def slow(local: str, remote: str, start: int) -> None:
        write(local, remote, start)
        clock.time += 2

    clone.files.write = slow  # type: ignore[method-assign]
    called = clone.call("send")
    assert (called.status, called.word) == (status.PENDING, "PENDING")
    for _ in range(4):
        called = clone.call("send")
    assert called.status == 0


def change_manifest(inbox: Path, **facts: Any) -> None:
    path = inbox / "manifest.json"
    data = json.loads(path.read_text())
    data.update(facts)
    path.write_text(json.dumps(data))


@pytest.mark.parametrize(
    "facts",
    [
        {"run": "20260101000000"},
        {"stage": "early"},
        {"files": "none"},
        {"files": [1]},
        {"files": [{"name": "../../conf/sidecar.json", "size": 1, "sha256": "0" * 64}]},
        {"files": [{"name": "/etc/passwd", "size": 1, "sha256": "0" * 64}]},
        {"files": [{"name": "manifest.json", "size": 1, "sha256": "0" * 64}]},
        {"files": [{"name": "journal.csv", "size": -1, "sha256": "0" * 64}]},
        {"files": [{"name": "journal.csv", "size": True, "sha256": "0" * 64}]},
        {"files": [{"name": "journal.csv", "size": 6, "sha256": "0"}]},
        {"files": [{"name": "journal.csv", "size": 6, "sha256": "0" * 64}]},
        {"files": [{"name": "journal.csv", "size": 6, "sha256": "0" * 64}] * 2},
        {"files": [{"name": "lacking", "size": 6, "sha256": "0" * 64}]},
        {"packed_at": "yesterday"},
        {"packed_at": None},
    ],
)
def test_hostile_manifests(clone: Clone, facts: dict[str, Any]) -> None:
    inbox = clone.arrive()
    change_manifest(inbox, **facts)
    assert clone.call("verify").status == status.BADDELIVERY


def test_a_delivery_of_another_version_names_both(clone: Clone) -> None:
    change_manifest(clone.arrive(), version=2)
    called = clone.call("verify")
    assert called.status == status.BADDELIVERY
    assert "it has format 2, and this side reads 1" in called.text


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[]", b"{", b"[" * 100000, b"null", b'{"run": 1}'])
def test_manifests_that_are_none(clone: Clone, content: bytes) -> None:
    inbox = clone.arrive()
    (inbox / "manifest.json").write_bytes(content)
    assert clone.call("verify").status == status.BADDELIVERY


def test_hostile_inbox(clone: Clone) -> None:
    inbox = clone.arrive()
    (inbox / "strange").write_bytes(b"x")
    assert clone.call("verify").status == status.BADDELIVERY
    (inbox / "strange").rename(inbox / "late.0123456789ab.part")
    assert clone.call("verify").status == 0
    (inbox / "journal.csv").write_bytes(b"1;2;9\n")
    called = clone.call("verify")
    assert called.status == status.BADDELIVERY
    assert "SHA-256" in called.text
    (inbox / "journal.csv").unlink()
    (inbox / "journal.csv").symlink_to(clone.out / "journal.csv")
    called = clone.call("verify")
    assert called.status == status.BADDELIVERY
    assert "plain file" in called.text
    (inbox / "manifest.json").unlink()
    (inbox / "manifest.json").symlink_to(clone.out / "manifest.json")
    assert clone.call("verify").status == status.BADDELIVERY


def test_bring_puts_a_file_beside_the_others(clone: Clone, tmp_path: Path) -> None:
    source = tmp_path / "night#1.csv"
    source.write_bytes(b"a;b" * 100_000)
    called = clone.world.call("deliver", "bring", "--run", RUN, "--number", "2", "--path", str(source))
    assert (called.status, called.word) == (0, "BROUGHT")
    assert (clone.out / "02-night_1.csv").read_bytes() == source.read_bytes()
    assert "02-night_1.csv" in {path.name for path in clone.arrive().iterdir()}


def test_bring_takes_plain_files_that_fit_only(clone: Clone, tmp_path: Path) -> None:
    source = tmp_path / "large.bin"
    source.write_bytes(b"x" * 10_000)
    (tmp_path / "link").symlink_to(source)

    def brought(path: str) -> Any:
        return clone.world.call("deliver", "bring", "--run", RUN, "--path", path)

    for wrong, says in (("absent", "is not there"), ("link", "no plain file"), (".", "no plain file")):
        called = brought(str(tmp_path / wrong))
        assert called.status == status.REFUSED, called.text
        assert says.replace("no ", "") in called.text
    for nowhere in ("", "large.bin", "../large.bin"):
        assert brought(nowhere).status == status.CONFIG
    clone.world.data["limits"] = {"delivery_bytes": 64 * 1024 * 1024 + 265_000}
    clone.world.save()
    called = brought(str(source))
    assert (called.status, called.word) == (status.REFUSED, "TOOLARGE")
    assert "has room for 8994 more" in called.text
    assert len(list(clone.out.iterdir())) == 3


def test_limits(clone: Clone) -> None:
    clone.arrive()
    for limit, value in (("delivery_files", 2), ("delivery_bytes", 1000)):
        clone.world.data["limits"] = {limit: value}
        clone.world.save()
        assert clone.call("verify").status == status.BADDELIVERY
        assert clone.call("pack").status == status.BADDELIVERY


def test_watch(clone: Clone) -> None:
    world = clone.world
    world.network = type(world.network)(world.clock)
    world.network.devices = {"10.1.0.10:22": world.hmc}
    world.edges = world.edges._replace(network=world.network)
    called = world.call("watch", "--clone", "SISTPROD_24", "--run", RUN)
    assert (called.status, called.word, called.refcode, called.extra1) == (0, "RUNNING", "A9003C70", "NONE")
    assert called.text == "LPAR id 56 SISTPROD_24 state: Running, src=A9003C70, delivery NONE."
    world.network.devices = {}
    called = world.call("watch", "--clone", "SISTPROD_24", "--run", RUN)
    assert (called.status, called.extra1) == (status.UNREACHABLE, "NONE")


def test_watch_sees_the_delivery(clone: Clone) -> None:
    inbox = clone.arrive()
    clone.world.network.connect = lambda *_words: (_ for _ in ()).throw(  # type: ignore[method-assign]
        SidecarError(status.UNREACHABLE, "no console")
    )
    assert clone.world.call("watch", "--run", RUN).extra1 == "DELIVERED"
    (inbox / "journal.csv").write_bytes(b"")
    assert clone.world.call("watch", "--run", RUN).extra1 == "PARTIAL"


def test_each_clone_sends_over_its_own_link(clone: Clone) -> None:
    clones = clone.world.data["clones"]
    clones["SISTTEST"] = {
        **clones["SISTPROD_24"],
        "link": {"source": "192.168.98.15", "clone": "192.168.98.16"},
    }
    clone.world.save()
    clone.call("pack")
    for name, source in (("SISTPROD_24", "192.168.99.15"), ("SISTTEST", "192.168.98.15")):
        called = clone.world.call("deliver", "send", "--clone", name, "--run", RUN)
        assert called.status == 0
        assert f"to {source}:22, manifest last" in called.text


def test_no_delivery_declared(clone: Clone) -> None:
    del clone.world.data["delivery"]
    clone.world.save()
    clone.call("pack")
    assert clone.call("send").status == status.CONFIG


@pytest.mark.parametrize("name", ["../../conf/sidecar.json", "/etc/passwd"])
def test_a_manifest_cannot_reach_outside_even_with_the_right_hash(clone: Clone, name: str) -> None:
    inbox = clone.arrive()
    place = inbox / name
    entry = {"name": name, "size": place.stat().st_size, "sha256": digest(str(place))}
    change_manifest(inbox, files=[entry])
    called = clone.call("verify")
    assert called.status == status.BADDELIVERY
    assert "not allowed" in called.text
    assert "PARTIAL" in arrived(clone.world.config, RUN)


def test_the_places_of_a_relative_folder_go_with_the_working_directory(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rehearsed night is forked in the middle of a call, and goes on in a copy of the folder."""
    monkeypatch.chdir(world.folder)
    config = read_config("conf")
    assert (config.runs_folder, config.inbox_folder(RUN)) == ("runs", os.path.join("inbox", RUN))
    assert config.key_file("hmc") == os.path.join("keys", "hmc")
    assert world.config.runs_folder == str(world.folder / "runs")
