"""The command line, the record, the configuration: every wrong one is a status and a sentence."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import flashrt
import pytest
from flashrt import status
from flashrt.config import LIST_LIMIT, parse_config, read_config
from flashrt.main import main
from flashrt.result import Result, plain, record
from flashrt.status import SidecarError

from .fakes import World, configuration

RUNTIME = Path(flashrt.__file__).resolve().parent.parent


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["lunch"],
        ["console"],
        ["console", "lunch"],
        ["array", "V7000"],
        ["array", "V7000", "force"],
        ["arm"],
        ["arm", "--deadline", "soon"],
        ["watch", "--run", "../../etc"],
        ["watch", "--run", "2026"],
        ["mail"],
        ["deliver", "send", "--stage", "late"],
        ["console", "state", "--bogus"],
    ],
)
def test_wrong_arguments(world: World, words: list[str]) -> None:
    result = world.folder / "answer"
    code = main([*words, "--config", str(world.folder / "conf"), "--result", str(result)], world.edges)
    assert code == status.CONFIG
    assert result.read_text().startswith("28CONFIG")
    assert not world.network.connects


def test_an_unforeseen_error_is_a_status(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    def broken(*_words: Any) -> Any:
        raise ZeroDivisionError("x")

    world.network.connect = broken  # type: ignore[method-assign]
    called = world.call("console", "state")
    assert called.status == status.INTERNAL
    assert "ZeroDivisionError" in called.text
    assert "Traceback" not in capsys.readouterr().err
    with pytest.raises(ZeroDivisionError):
        world.call("console", "state", "--debug")
    # How far a call had come that acts is not known.
    assert world.call("console", "on").status == status.UNKNOWN


def test_result_cannot_be_written(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["console", "state", "--config", str(world.folder / "conf"), "--result", "/nowhere/at/all"]
    assert main(words, world.edges) == status.UNKNOWN
    assert "Running" in capsys.readouterr().out


def test_json(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.call("console", "state", "--json")
    document = json.loads(capsys.readouterr().out)
    assert document["word"] == "RUNNING"
    assert document["refcode"] == "A9003C70"
    world.call("console", "lunch", "--json")
    assert json.loads(capsys.readouterr().out)["status"] == status.CONFIG


def test_record_columns() -> None:
    line = record(Result("t\u00e9xt\nmore", "WORDTOOLONGX", 30, "A9003C70", "extra1", "extra2"))
    assert line == "30WORDTOOLONA9003C70extra1    extra2    t?xt more".ljust(512) + "\n"
    assert len(record(Result("x" * 2000))) == 513
    assert plain("\x00\x1b[31m \u20ac\x7f") == "[31m ??"


def test_configuration_is_read_where_the_zipapp_lies(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", [str(world.folder / "bin" / "flashrt.pyz")])
    assert main(["console", "state"], world.edges) == 0


def test_configuration_file_that_is_none(tmp_path: Path) -> None:
    for content in (None, b"", b"{", b"\xff", b"[1]", b"[" * 100000, b" " * 2_000_000):
        if content is not None:
            (tmp_path / "sidecar.json").write_bytes(content)
        with pytest.raises(SidecarError) as caught:
            read_config(str(tmp_path))
        assert caught.value.status == status.CONFIG


def changed(path: str, value: Any) -> dict[str, Any]:
    data = configuration()
    part: Any = data
    *steps, last = path.split("/")
    for step in steps:
        part = part[int(step)] if isinstance(part, list) else part[step]
    if isinstance(part, list):
        part[int(last)] = value
    elif value is None:
        del part[last]
    else:
        part[last] = value
    return data


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("version", 2),
        ("version", None),
        ("system", None),
        ("system/name", None),
        ("system/name", "A B"),
        ("system/name", 7),
        ("system/identities", []),
        ("system/identities", "78ABC12"),
        ("system/identities/0/serial", None),
        ("system/identities/0/lpar", True),
        ("system/identities/0/lpar", 1e9),
        ("clones", None),
        ("clones", []),
        ("clones/SISTPROD_24/partition", None),
        ("clones/SISTPROD_24/partition", "A;rm"),
        ("clones/SISTPROD_24/partition", "A'B"),
        ("clones/SISTPROD_24/partition", 'A"B'),
        ("clones/SISTPROD_24/partition", "A,B"),
        ("clones/SISTPROD_24/partition", "A\nB"),
        ("clones/SISTPROD_24/lpar_id", "56"),
        ("clones/SISTPROD_24/lpar_id", 0),
        ("clones/SISTPROD_24/managed_system", "$(reboot)"),
        ("clones/SISTPROD_24/console", "HMC9"),
        ("clones/SISTPROD_24/profile", "`id`"),
        ("clones/SISTPROD_24/disks", []),
        ("clones/SISTPROD_24/disks/0/group", "X Y"),
        ("clones/SISTPROD_24/disks/0/group", "A" * 64),
        ("clones/SISTPROD_24/disks/0/array", "V9"),
        ("clones/SISTPROD_24/network_isolated", "yes"),
        ("clones/SISTPROD_24/network_isolated", None),
        ("clones/SISTPROD_24/link/vlan", 5000),
        ("consoles/HMC1/addresses", []),
        ("consoles/HMC1/addresses", ["host:port"]),
        ("consoles/HMC1/addresses", ["host:99999"]),
        ("consoles/HMC1/addresses", ["-oProxyCommand=x y"]),
        ("consoles/HMC1/addresses", ["10.1.0.10"] * (LIST_LIMIT + 1)),
        ("consoles/HMC1/user", "a b"),
        ("consoles/HMC1/key", "../../etc/shadow"),
        ("consoles/HMC1/key", None),
        ("arrays/V7000/family", None),
        ("mail/to/end", ["no address"]),
        ("mail/to/end", ["a@b\nBcc: c@d"]),
        ("mail/from", None),
        ("delivery/inbox", "relative"),
        ("delivery/inbox", "/flashc/../etc"),
        ("delivery/port", 0),
        ("limits/connect_s", 0),
        ("limits/request_s", float("nan")),
        ("limits/request_s", "20"),
        ("checks/min_free_percent", 101),
    ],
)
def test_wrong_configuration_names_the_member(path: str, value: Any) -> None:
    with pytest.raises(SidecarError) as caught:
        parse_config("/conf", changed(path, value))
    assert caught.value.status == status.CONFIG
    last = [part for part in path.split("/") if not part.isdigit()][-1]
    assert last in caught.value.text or "address" in caught.value.text or str(value) in caught.value.text


def test_defaults() -> None:
    data = configuration()
    for name in ("mail", "delivery", "limits", "checks"):
        del data[name]
    data["consoles"]["HMC1"]["addresses"] = ["hmc.example.net"]
    del data["clones"]["SISTPROD_24"]["link"]
    config = parse_config("/flashc/BCKFLASHP/conf", data)
    assert str(config.consoles["HMC1"].addresses[0]) == "hmc.example.net:22"
    assert config.limits.trigger_s == 8
    assert config.mail is None
    assert config.key_file("k") == "/flashc/BCKFLASHP/keys/k"
    assert config.inbox_folder("R") == "/flashc/BCKFLASHP/inbox/R"


def test_unknown_family(world: World) -> None:
    world.data["arrays"]["V7000"]["family"] = "ds8000"
    world.data["consoles"]["HMC1"]["family"] = "symbol"
    world.save()
    assert world.array("status").status == status.CONFIG
    assert world.call("console", "state").status == status.CONFIG


def test_start_up_imports_nothing_slow(world: World) -> None:
    """What only one verb needs is not loaded for another."""
    slow = {
        "ssl",
        "email",
        "smtplib",
        "paramiko",
        "pyodbc",
        "subprocess",
        "dataclasses",
        "asyncio",
        "inspect",
    }
    words = ["deliver", "verify", "--run", "20261121203500", "--config", str(world.folder / "conf")]
    code = (
        f"import sys; from flashrt.main import main; main({words}); print(sorted({slow} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(RUNTIME)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_as_a_zipapp(tmp_path: Path) -> None:
    import zipapp

    target = tmp_path / "flashrt.pyz"
    stage = tmp_path / "stage"
    for path in (RUNTIME / "flashrt").rglob("*.py"):
        place = stage / path.relative_to(RUNTIME)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(path.read_bytes())
    (stage / "__main__.py").write_text("from flashrt.start import start\n\nstart()\n")
    zipapp.create_archive(stage, target)
    done = subprocess.run(
        [sys.executable, str(target), "console", "state"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == status.CONFIG
    assert "sidecar.json" in done.stdout
    done = subprocess.run(
        [sys.executable, str(target), "--version"], capture_output=True, text=True, check=False
    )
    assert done.stdout == f"flashrt {flashrt.__version__}\n"


WITHOUT_DESCRIPTORS = """
import os, socket, sys
before = [one for one in (0, 1, 2) if os.path.exists(f"/proc/self/fd/{one}")]
from flashrt import main
def connect():
    connection = socket.socket()
    os.write(2, b"what a library says of itself")
    with open(sys.argv[1], "w") as answer:
        answer.write(f"{before} {connection.fileno() > 2}")
    return 22
main.main = connect
from flashrt.start import start
start()
"""


def test_a_job_without_descriptors_does_not_give_a_connection_the_number_of_standard_error(
    tmp_path: Path,
) -> None:
    answer = tmp_path / "answer"
    done = subprocess.run(
        ["/bin/sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", sys.executable, "-c", WITHOUT_DESCRIPTORS, answer],
        cwd=RUNTIME,
        check=False,
    )
    assert done.returncode == 22
    assert answer.read_text() == "[] True"


def test_without_descriptors(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A job of QP2SHELL2 has no standard output; the record is all that counts."""

    class Closed:
        def write(self, _text: str) -> int:
            raise OSError(9, "Bad file descriptor")

        flush = write

    for stdout in (None, Closed()):
        monkeypatch.setattr(sys, "stdout", stdout)
        assert world.call("console", "state").word == "RUNNING"
