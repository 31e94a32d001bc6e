"""`flashc init`: what it writes is right as it stands, and it writes over nothing."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
from flashc.check import load
from flashc.cli.first_spec import QUESTIONS
from flashc.cli.main import run
from flashc.cli.site_choice import choose_site, needs_of
from flashc.cli.site_text import site_text
from flashc.syntax.format import format_text
from flashtwin.derive.site import derive_site
from flashtwin.site_load import load_site

ROOT = Path(__file__).resolve().parents[2]

FLAGS = {
    "name": "ERPPROD", "host": "erp.example.org", "user": "DEPLOYER", "serial": "21B5CC0", "lpar": "7",
    "release": "7.5", "library": "ERPFLASH", "console": "hmc.example.org", "array": "10.9.0.1:2222",
    "clone": "erp-clone", "clone-lpar": "8", "managed-system": "Server-9105-22A-SN21B5CC0", "profile": "p1",
    "group": "ERP_FC", "link-source": "10.77.0.1", "link-clone": "10.77.0.2", "line": "LINK1", "vlan": "77",
    "environment": "WEEKLY", "days": "mon thu", "at": "1:05", "control-group": "WEEKSAVE",
    "tape-library": "TAPMLB07", "save-limit": "10h", "mail": "night@example.org", "mail-server": "10.9.0.9",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def assert_right(name: str) -> str:
    """The spec checks clean, has the canonical layout, and its site is the one it needs; its text."""
    spec, problems = load(name)
    assert problems == []
    assert spec is not None
    text = Path(name).read_text("utf-8")
    assert format_text(text, name) == (text, [])
    choice = choose_site(spec)
    assert choice.file == name.replace(".flash", ".site.toml")
    assert choice.site == derive_site(needs_of(spec))
    return text


def test_usual_answers() -> None:
    assert run(["init", "--defaults"]) == 0
    text = assert_right("nightly.flash")
    assert "mail" not in text


def test_every_answer_as_a_flag(capsys: pytest.CaptureFixture[str]) -> None:
    assert set(FLAGS) == {q.key.replace("_", "-") for q in QUESTIONS}
    flags = [part for key, value in FLAGS.items() for part in (f"--{key}", value)]
    assert run(["init", "erp.flash", *flags]) == 0  # nothing is left to ask
    text = assert_right("erp.flash")
    for value in FLAGS.values():
        assert value in text
    assert capsys.readouterr().out.startswith("erp.flash and erp.site.toml written.")


def test_what_is_not_given_is_asked_and_wrong_answers_are_asked_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = {
        "lpar": "no number\n24",
        "serial": "78ABC\n78ABC99",
        "name": "prod\nERPPROD",
        "mail": "ops@example.net",
    }
    lines = "".join(f"{answers.get(q.key, '')}\n" for q in QUESTIONS)
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    assert run(["init"]) == 0
    text = assert_right("nightly.flash")
    assert "system ERPPROD {" in text
    assert "identity  serial 78ABC99 lpar 24" in text
    assert 'host      "erpprod.example.net"' in text
    assert 'mail "ops@example.net" on start, flash, failure, end' in text
    err = capsys.readouterr().err
    assert "Names are written in capitals: `PROD`" in err
    assert "QSRLNBR" in err
    assert "expected a partition id" in err


def test_an_end_of_input_writes_nothing_and_says_which_flag_to_give(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("ERPPROD\n"))
    assert run(["init"]) == 64
    assert "the input ended at the question for --host: give --host, or --defaults" in capsys.readouterr().err
    assert list(Path.cwd().iterdir()) == []


def test_an_interrupt_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_words: object, **_more: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr("sys.stdin.readline", interrupted)
    assert run(["init"]) == 130
    assert list(Path.cwd().iterdir()) == []


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--lpar", "x"], "--lpar x: expected a partition id"),
        (["--clone-lpar", "24"], "--clone-lpar 24: clone PROD_CLONE is its own source"),
        (["--library", "QFLASH"], "--library QFLASH: "),
        (["--group", 'A" on X'], """--group A" on X: `A" on X` holds a character that"""),
        (["--mail", '"Ops" <ops@example.net>'], "is not a mail address"),
        (
            ["--name", "ERP", "--clone", "ERP"],
            "--clone ERP: ERP is production; its clone is another partition",
        ),
        (["--host", "10.1.0.999"], "--host 10.1.0.999: "),
    ],
)
def test_wrong_flags_are_refused(flags: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init", *flags, "--defaults"]) == 64
    assert said in capsys.readouterr().err
    assert list(Path.cwd().iterdir()) == []


def test_a_partition_with_a_blank_in_its_name() -> None:
    assert run(["init", "--clone", "Prod clone", "--defaults"]) == 0
    spec, problems = load("nightly.flash")
    assert problems == []
    assert spec is not None
    assert spec.clones[0].partition == "Prod clone"


def test_what_is_written_can_be_rehearsed_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init", "--defaults"]) == 0
    assert run(["rehearse", "nightly.flash", "--mode", "memory", "--json"]) == 0
    out = capsys.readouterr().out
    (night,) = json.loads(out[out.index("{") :])["runs"]
    assert (night["environment"], night["result"]) == ("DAILY", "completed")
    assert all(invariant["held"] for invariant in night["invariants"])


def test_the_steps_of_the_tutorial() -> None:
    """The texts that the tutorial puts into the two files fit into what was written."""
    page = (ROOT / "docs" / "tutorial.md").read_text("utf-8")
    told = re.findall(r"^```(flash|toml)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    (durations, users), (around,) = ([body for kind, body in told if kind == k] for k in ("toml", "flash"))
    assert run(["init", "--defaults"]) == 0
    spec, site = Path("nightly.flash"), Path("nightly.site.toml")
    spec.write_text(re.sub(r" +# around flash.*\n", around, spec.read_text("utf-8")), "utf-8")
    site.write_text(site.read_text("utf-8") + durations + users, "utf-8")
    assert run(["check", "nightly.flash"]) == 0
    assert run(["fmt", "nightly.flash"]) == 0
    read = load_site(site.read_text("utf-8"))
    assert [user.name for user in read.systems[0].users] == ["FLASHC", "ANNA"]
    assert [(job.user, job.name) for job in read.systems[0].jobs] == [("ANNA", "ORDERS")]
    assert read.durations.suspend == 120
    checked, problems = load("nightly.flash")
    assert problems == []
    assert checked is not None
    assert len(checked.environments[0].around) == 1


@pytest.mark.parametrize("there", ["nightly.flash", "nightly.site.toml"])
def test_nothing_is_overwritten(there: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path(there).write_text("mine")
    assert run(["init", "--defaults"]) == 4
    assert f"{there} exists and is not overwritten" in capsys.readouterr().err
    assert [(p.name, p.read_text()) for p in Path.cwd().iterdir()] == [(there, "mine")]


def test_other_wrong_usage() -> None:
    assert run(["init", "nightly.txt", "--defaults"]) == 64
    assert run(["init", "no/folder/nightly.flash", "--defaults"]) == 1


def test_a_site_as_text_is_the_same_site() -> None:
    site = load_site((ROOT / "examples" / "nightly_brms.site.toml").read_text("utf-8"))
    assert load_site(site_text(site)) == site
