"""The command line: exit statuses, what goes to stdout and stderr, what it costs to start."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from flashc.cli import output
from flashc.cli.main import run
from flashc.diag import Diagnostic, Span

GOOD = "examples/nightly_brms.flash"


@pytest.fixture(autouse=True)
def _in_the_repository(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)


def test_a_right_spec(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", GOOD]) == 0
    out, err = capsys.readouterr()
    assert out == f"{GOOD}: 1 environment, no problems\n"
    assert err == ""


def test_a_wrong_spec(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "wrong.flash"
    path.write_text(Path(GOOD).read_text("utf-8").replace("7.4", "7.2"), "utf-8")
    assert run(["check", str(path), GOOD]) == 1
    out, err = capsys.readouterr()
    assert out == f"{GOOD}: 1 environment, no problems\n"
    assert err.splitlines() == [
        f"{path}:8:15: error FL3005: release 7.2 is not supported",
        "  8 |     release   7.2",
        "    |               ^^^",
        "  help: Supported are 7.3, 7.4, 7.5 and 7.6.",
        "",
        "1 error",
    ]


def test_a_mistake_in_an_included_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every form names the file and the line in which it stands; told once for two specs that include it."""
    text = Path(GOOD).read_text("utf-8")
    start, end = text.index("console HMC1"), text.index("array V7000")
    (tmp_path / "parts").mkdir()
    site = tmp_path / "parts" / "site.flash"
    site.write_text(
        '# the consoles\nconsole HMC1 is hcm { address "10.1.0.10"  user "u"  key "k" }\n', "utf-8"
    )
    specs = [tmp_path / name for name in ("night.flash", "week.flash")]
    for spec in specs:
        spec.write_text(text[:start] + 'include "parts/site.flash"\n' + text[end:], "utf-8")
    assert run(["check", *map(str, specs), "--sarif", str(tmp_path / "log")]) == 1
    assert capsys.readouterr().err.splitlines() == [
        f"{site}:2:17: error FL3004: `hcm` is no family of consoles that can be used",
        '  2 | console HMC1 is hcm { address "10.1.0.10"  user "u"  key "k" }',
        "    |                 ^^^",
        "  help: Did you mean `hmc`?",
        "",
        "1 error",
    ]
    (result,) = json.loads((tmp_path / "log").read_text())["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]
    assert (place["artifactLocation"]["uri"], place["region"]["startLine"]) == (site.as_uri(), 2)
    for command in (["check"], ["explain"], ["build", "-o", str(tmp_path / "out")]):
        assert run([*command, str(specs[0]), "--json"]) == 1
        (problem,) = json.loads(capsys.readouterr().out)["diagnostics"]
        assert (problem["code"], problem["file"], problem["line"]) == ("FL3004", str(site), 2)


def test_json_is_one_document_on_stdout(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    missing = str(tmp_path / "missing.flash")
    assert run(["check", "--json", GOOD, missing]) == 1
    out, err = capsys.readouterr()
    assert err == ""
    (problem,) = json.loads(out)["diagnostics"]
    assert (problem["code"], problem["file"], problem["line"], problem["column"]) == ("FL1011", missing, 1, 1)
    assert set(problem) >= {
        "code",
        "severity",
        "message",
        "file",
        "line",
        "column",
        "end_line",
        "end_column",
        "help",
    }
    assert run(["check", "--json", GOOD]) == 0
    assert json.loads(capsys.readouterr().out) == {"diagnostics": []}


@pytest.mark.parametrize(
    "arguments",
    [["--nonsense"], ["check", "--nonsense", GOOD], ["nonsense"], ["check"], [], ["explain", "FL9999"]],
)
def test_wrong_usage_is_64(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == 64
    out, err = capsys.readouterr()
    assert out == ""
    assert err
    assert "Traceback" not in err


def test_wrong_usage_with_json_still_gives_a_document(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--json", "--nonsense"]) == 64
    document = json.loads(capsys.readouterr().out)
    assert document["diagnostics"] == []
    assert document["error"]["status"] == 64


def test_explain(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "fl3023"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("FL3023 (error): The resume is too early\n")
    assert "Right:\n    resume within 30s\n" in out
    assert run(["explain", "FL2007", "--json"]) == 0
    entry = json.loads(capsys.readouterr().out)
    assert (entry["code"], entry["severity"]) == ("FL2007", "warning")


def test_explain_knows_the_codes_of_cl(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "CL0101"]) == 0
    assert capsys.readouterr().out.startswith("CL0101 (error): A character string is not closed\n")


def test_help_and_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    out = capsys.readouterr().out
    assert "Examples:" in out
    assert "flashc check nightly.flash" in out
    assert run(["--version"]) == 0
    assert capsys.readouterr().out.startswith("flashc ")


def test_help_loads_nothing_heavy() -> None:
    """What makes a start slow is what is imported, so that is what is looked at, not a clock."""
    heavy = ("lark", "rich", "jinja2", "paramiko", "pyodbc", "flashtwin", "flashc.check", "flashc.syntax")
    code = (
        "import sys; from flashc.cli.main import run; status = run(['--help']);"
        f"print([m for m in {heavy!r} if m in sys.modules], status, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stderr.strip() == "[] 0"


def test_the_console_script_ends_with_the_status() -> None:
    call = [sys.executable, "-m", "flashc.cli.main"]
    done = subprocess.run(
        [*call, "check", "nope.flash"], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("nope.flash:1:1: error FL1011: nope.flash cannot be read")


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_colour_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    problem = Diagnostic(
        "FL3005", "error", "release 7.2 is not supported", Span("a.flash", 1, 9, 1, 12), "Help."
    )
    texts = {"a.flash": "release 7.2\n"}
    terminal, plain = _Terminal(), io.StringIO()
    output.show([problem], texts, terminal)
    output.show([problem], texts, plain)
    assert "\x1b[1;31m" in terminal.getvalue()
    assert "\x1b" not in plain.getvalue()
    stripped = re.sub(r"\x1b\[[0-9;]*m", "", terminal.getvalue())
    assert stripped == plain.getvalue()
    monkeypatch.setenv("NO_COLOR", "1")
    quiet = _Terminal()
    output.show([problem], texts, quiet)
    assert quiet.getvalue() == plain.getvalue()


def test_a_spec_cannot_send_escape_sequences_to_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "hostile.flash"
    path.write_text('system A { host "\x1b]0;owned\x07\u202e" user \x1b[31mX }\n', "utf-8")
    assert run(["check", str(path)]) == 1
    out, err = capsys.readouterr()
    assert all(c == "\n" or c.isprintable() for c in out + err)


def test_a_secret_is_named_and_not_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "secret.flash"
    text = Path(GOOD).read_text("utf-8")
    path.write_text(text.replace("hold job QUSRSSH/CPY", 'run "CRTX PASSWORD(S3CRET)" undo "DLTX"'), "utf-8")
    for arguments in (["check", str(path)], ["check", "--json", str(path)]):
        assert run(arguments) == 1
        out, err = capsys.readouterr()
        assert "FL3050" in out + err
        assert "S3CRET" not in out + err
