"""Keys and passwords get new ones: proven before the old go, and taken back where something fails."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from flashc.bundle import Bundle, build
from flashc.check import load
from flashc.deploy import DeployError
from flashc.deploy.hostkeys import parse
from flashc.deploy.rotate import credential_of, rotate
from flashc.deploy.session import Reply
from flashc.deploy.ssh import connect
from flashc.deploy.trust import Authorisation, target_of
from flashtwin.keys import private_key, public_key
from flashtwin.sims.hmc import Hmc
from flashtwin.sims.partition_ssh import authorise
from flashtwin.sims.svc import Svc
from test_twin import FOLDER, Bench

HMC_KEY, ARRAY_KEY = "hmc1_ed25519", "v7000_ed25519"


@pytest.fixture
def bench(root: Path, tmp_path: Path) -> Iterator[Bench]:
    """The example, deployed, with its keys."""
    site = (root / "examples/nightly_brms.site.toml").read_text()
    made = Bench(root, tmp_path, site)
    made.ready()
    made.tell_identity()
    spec, _ = load(str(made.spec))
    assert spec is not None
    assert made.deploy(build(spec)[0]).complete
    for name in (HMC_KEY, ARRAY_KEY):
        file = keys(made) / name
        file.write_text(private_key(name))
        file.chmod(0o600)
    yield made
    made.gate.close()


def keys(bench: Bench) -> Path:
    return bench.system.image.ifs / FOLDER / "keys"


def blob(name: str) -> str:
    return public_key(name)[1]


def console(bench: Bench) -> Hmc:
    found = bench.world.consoles["HMC1"]
    assert isinstance(found, Hmc)
    return found


def let_in(bench: Bench) -> list[str]:
    """The keys that the console lets in."""
    return [line.split()[1] for line in console(bench).keys["flashc"]]


class Full(list[str]):
    """A file of keys that takes no other, and says nothing of it."""

    def append(self, line: str) -> None:
        """Not done."""


def test_a_console_gets_a_new_key_and_forgets_the_old(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    assert let_in(bench) == [blob(HMC_KEY)]
    capsys.readouterr()
    assert bench.flashc("trust", "--rotate", "HMC1", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told == {"rotated": HMC_KEY, "devices": ["HMC1"], "todo": []}
    assert let_in(bench) == [blob(f"{HMC_KEY}.new")]
    assert (keys(bench) / HMC_KEY).read_text() == private_key(f"{HMC_KEY}.new")
    assert (keys(bench) / HMC_KEY).stat().st_mode & 0o777 == 0o600
    assert sorted(one.name for one in keys(bench).iterdir()) == [HMC_KEY, f"{HMC_KEY}.pub", ARRAY_KEY]
    assert not (keys(bench).parent / "conf.trial").exists()


def test_a_new_key_that_does_not_log_in_is_taken_back(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    console(bench).keys["flashc"] = Full(console(bench).keys["flashc"])
    capsys.readouterr()
    assert bench.flashc("trust", "--rotate", "HMC1") == 3
    assert "The old key or password is in its place." in capsys.readouterr().err
    assert let_in(bench) == [blob(HMC_KEY)]
    assert (keys(bench) / HMC_KEY).read_text() == private_key(HMC_KEY)
    assert sorted(one.name for one in keys(bench).iterdir()) == [HMC_KEY, ARRAY_KEY]


def test_an_administrator_lets_an_arrays_key_in(bench: Bench) -> None:
    spec, _ = load(str(bench.spec))
    assert spec is not None
    bundle = build(spec)[0]
    array = bench.world.arrays["V7000"]
    assert isinstance(array, Svc)
    shown: list[str] = []

    def agree(steps: Sequence[Authorisation]) -> bool:
        shown.extend(command for step in steps for command in step.commands)
        array.authorise("flashc", " ".join(public_key(f"{ARRAY_KEY}.new")))
        return True

    def act() -> tuple[str, ...]:
        known, where = parse(bench.pins.read_text()), json.loads(bench.map.read_text())
        session = connect(target_of(bundle), "FLASHC", known, key_file=str(bench.key), places=where)
        try:
            return rotate(bundle, session, credential_of(bundle, "V7000"), "", agree)
        finally:
            session.close()

    (todo,) = bench.guest(act)
    assert todo.startswith("on array V7000")
    assert any(f"{ARRAY_KEY}.new.pub" in command for command in shown)
    assert (keys(bench) / ARRAY_KEY).read_text() == private_key(f"{ARRAY_KEY}.new")


@pytest.mark.parametrize("entered", ["as shown", "from anywhere", "without its limits", "not at all"])
def test_the_key_of_deliveries_is_switched_when_its_line_stands_there(bench: Bench, entered: str) -> None:
    spec, _ = load(str(bench.spec))
    assert spec is not None
    bundle = build(spec)[0]
    name = json.loads(bundle.files["conf/sidecar.json"])["delivery"]["key"]
    file = keys(bench) / name
    file.write_text(private_key(name))
    file.chmod(0o600)

    def agree(steps: Sequence[Authorisation]) -> bool:
        ((line,),) = [step.commands for step in steps]
        assert line.startswith("from=")
        if entered == "not at all":
            return True
        begin = {"as shown": "from=", "from anywhere": "command=", "without its limits": "ssh-"}[entered]
        authorise(bench.system.image, "FLASHC", line[line.index(begin) :])
        return True

    def act() -> tuple[str, ...]:
        known, where = parse(bench.pins.read_text()), json.loads(bench.map.read_text())
        session = connect(target_of(bundle), "FLASHC", known, key_file=str(bench.key), places=where)
        try:
            return rotate(bundle, session, credential_of(bundle, "deliveries"), "", agree)
        finally:
            session.close()

    if entered == "as shown":
        (todo,) = bench.guest(act)
        assert "take the old key out once a run that begins from now on has completed" in todo
        assert file.read_text() == private_key(f"{name}.new")
    else:
        with pytest.raises(DeployError, match="The old key is in its place"):
            bench.guest(act)
        assert file.read_text() == private_key(name)
    assert not file.with_name(f"{name}.new").exists()
    assert not file.with_name(f"{name}.old").exists()


# ruff: noqa: ARG002 - the partition's interface has these arguments
class Scripted:
    """A partition that answers: nothing said, or what the test wants of a line."""

    def __init__(self, fails: str = "") -> None:
        self.fails = fails
        self.lines: list[str] = []
        self.files: dict[str, bytes] = {}

    def run(self, line: str, limit_s: float, on_line: object = None) -> Reply:
        self.lines.append(line)
        if self.fails and self.fails in line.replace("'", ""):
            return Reply(24, json.dumps({"text": "FA1 refused the API token."}))
        return Reply(0, "{}")

    def write(self, path: str, data: bytes, mode: int) -> None:
        self.files[path] = data
        assert mode == 0o600

    def read(self, path: str, limit: int) -> bytes | None:
        return None


@pytest.fixture(scope="module")
def pure(root: Path) -> Bundle:
    spec, _ = load(str(root / "examples/nightly_pure.flash"))
    assert spec is not None
    return build(spec)[0]


def test_a_token_is_proven_before_it_takes_the_place(pure: Bundle) -> None:
    partition = Scripted()
    assert rotate(pure, partition, credential_of(pure, "FA1"), "T-new-token", _nobody) == ()
    (place,) = (path for path in partition.files if path.endswith("/keys/fa1_token.new"))
    assert partition.files[place] == b"T-new-token\n"
    lines = "\n".join(partition.lines)
    assert "T-new-token" not in lines
    assert lines.index("array FA1 status") < lines.index("mv -f")
    trial = json.loads(partition.files["/flashc/BCKFLASHP/conf.trial/sidecar.json"])
    assert trial["arrays"]["FA1"]["key"] == "fa1_token.new"


def test_a_token_that_is_refused_changes_nothing(pure: Bundle) -> None:
    partition = Scripted(fails="array FA1 status")
    with pytest.raises(DeployError, match="FA1 refused the API token"):
        rotate(pure, partition, credential_of(pure, "FA1"), "T-new-token", _nobody)
    assert not [line for line in partition.lines if "mv -f" in line]
    assert "keys/fa1_token.new" in partition.lines[-1]
    with pytest.raises(DeployError, match="not one line of text"):
        rotate(pure, Scripted(), credential_of(pure, "FA1"), "", _nobody)


def test_a_switch_that_fails_is_taken_back(pure: Bundle) -> None:
    partition = Scripted(fails="mv -f /flashc/BCKFLASHP/keys/fa1_token.new")
    with pytest.raises(DeployError, match="failed on the partition"):
        rotate(pure, partition, credential_of(pure, "FA1"), "T-new-token", _nobody)
    assert any(
        "mv -f /flashc/BCKFLASHP/keys/fa1_token.old" in line.replace("'", "") for line in partition.lines
    )


def test_only_what_the_spec_names_is_rotated(pure: Bundle) -> None:
    with pytest.raises(DeployError, match=r"NOBODY is no device .* The spec has: FA1, HMC1") as caught:
        credential_of(pure, "NOBODY")
    assert caught.value.status == 64


def _nobody(_steps: object) -> bool:
    return False
