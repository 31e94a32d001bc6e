"""The formatter: one layout for the same words, and nothing but the layout changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from flashc.cli.main import run
from flashc.syntax import parse
from flashc.syntax.format import format_text
from hypothesis import given, settings
from hypothesis import strategies as st

from lang_tools.layouts import SOURCES, laid_out, meaning

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted((ROOT / "examples").rglob("*.flash"))

UGLY = """

# the file

# production
system A{ host "x" user B # why
 # own
 identity # in between
  serial X lpar 3
  } # end
command X  from   "a"
# before
clone A of B { # open
 }
console HMC1 is hmc {address "a" or "b" user "c"
} console HMC2 is hmc {address "a" or "b" user "c"} # two
mail server "a"  from "b" # mail
environment A on B { mail "x" on start ,flash,  end around flash { hold job A /B } }
"""

NEAT = """\
# the file

# production
system A {
    host      "x" user B  # why
    # own
    identity  # in between
        serial X lpar 3
}  # end

command X from "a"

# before
clone A of B {  # open
}

console HMC1 is hmc {
    address   "a" or "b"
    user      "c"
}

console HMC2 is hmc { address "a" or "b"  user "c" }  # two
mail server "a" from "b"                              # mail

environment A on B {
    mail "x" on start, flash, end
    around flash { hold job A/B }
}
"""


def neat(text: str) -> str:
    laid_out, problems = format_text(text, "x.flash")
    assert laid_out is not None, problems
    return laid_out


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.name)
def test_every_example_has_the_layout(path: Path) -> None:
    text = path.read_text("utf-8")
    assert neat(text) == text


def test_the_layout() -> None:
    assert neat(UGLY) == NEAT


@given(laid_out())
@settings(max_examples=120, deadline=None, derandomize=True)
def test_formatting_twice_is_formatting_once_and_the_spec_stays(text: str) -> None:
    once = neat(text)
    assert neat(once) == once
    assert meaning(once) == meaning(text)
    before, after = parse(text, "x")[0], parse(once, "x")[0]
    assert before is not None
    assert after is not None
    assert [c.text.rstrip() for c in after.comments] == [c.text.rstrip() for c in before.comments]
    assert all(line == line.rstrip() for line in once.split("\n"))
    assert "\n\n\n" not in once


@given(st.sampled_from(SOURCES), st.sampled_from(["\r\n", "\n"]), st.booleans())
@settings(max_examples=20, deadline=None, derandomize=True)
def test_line_ends_and_byte_order_mark_are_those_of_the_file(text: str, end: str, mark: bool) -> None:
    written = ("\ufeff" if mark else "") + text.replace("\n", end)
    once = neat(written)
    assert once.startswith("\ufeff") == mark
    assert once.count("\r\n") == (once.count("\n") if end == "\r\n" else 0)
    assert once.replace("\r\n", "\n").removeprefix("\ufeff") == neat(text)


def test_a_long_statement_keeps_its_line_breaks() -> None:
    command = "CALL PGM(APPLIB/QUIET) PARM('" + "X" * 60 + "')"
    text = (
        f'environment A on B {{\n around flash {{\n  run "{command}"\n undo "CALL APPLIB/UNQUIET"\n }}\n}}\n'
    )
    assert neat(text).splitlines()[2:4] == [
        f'        run "{command}"',
        '            undo "CALL APPLIB/UNQUIET"',
    ]


def test_nothing_and_only_comments() -> None:
    assert neat("") == ""
    assert neat(" \n\n") == ""
    assert neat("\n# one\n\n\n# two") == "# one\n\n# two\n"


def test_a_thousand_environments_are_formatted_in_one_pass() -> None:
    block = NEAT[NEAT.index("environment") :]
    text = "".join(block.replace("environment A", f"environment A{n}") + "\n" for n in range(1000))
    assert neat(text) == text.rstrip("\n") + "\n"


def test_wrong_syntax_is_told_and_nothing_is_laid_out() -> None:
    laid_out, problems = format_text("system A {\n    releas 7.4\n}\n", "x.flash")
    assert laid_out is None
    assert [p.code for p in problems] == ["FL1006"]


# ---- the command ------------------------------------------------------------------------------------


def test_files_are_rewritten_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "ugly.flash"
    path.write_bytes(UGLY.replace("\n", "\r\n").encode())
    path.chmod(0o640)
    assert run(["fmt", str(path)]) == 0
    assert capsys.readouterr().out == f"{path}: formatted\n"
    assert path.read_bytes() == NEAT.replace("\n", "\r\n").encode()
    assert path.stat().st_mode & 0o777 == 0o640
    assert run(["fmt", str(path)]) == 0
    assert capsys.readouterr().out == ""
    assert [p.name for p in tmp_path.iterdir()] == ["ugly.flash"]


def test_check_and_diff_write_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, good = tmp_path / "ugly.flash", tmp_path / "neat.flash"
    path.write_text(UGLY)
    good.write_text(NEAT)
    assert run(["fmt", "--check", str(path), str(good)]) == 2
    assert capsys.readouterr().out == f"{path}: not in canonical layout\n"
    assert run(["fmt", "--check", str(good)]) == 0
    assert run(["fmt", "--diff", str(path)]) == 0
    out = capsys.readouterr().out
    assert '-system A{ host "x" user B # why\n' in out
    assert '+    host      "x" user B  # why\n' in out
    assert run(["fmt", "--diff", "--check", str(path)]) == 2
    assert path.read_text() == UGLY


def test_stdout(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    path = tmp_path / "ugly.flash"
    path.write_text(UGLY)
    assert run(["fmt", "--stdout", str(path)]) == 0
    assert capsysbinary.readouterr().out == NEAT.encode()
    assert path.read_text() == UGLY
    assert run(["fmt", "--stdout", "--check", str(path)]) == 64


def test_wrong_files_are_not_touched(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong, good, latin = (tmp_path / name for name in ("wrong.flash", "good.flash", "latin.flash"))
    wrong.write_text("system A { releas 7.4 }\n")
    good.write_text(UGLY)
    latin.write_bytes(b"# \xe9\n")
    assert run(["fmt", str(wrong), str(good), str(latin), str(tmp_path / "missing.flash")]) == 1
    err = capsys.readouterr().err
    assert "error FL1006" in err
    assert "error FL1012" in err
    assert "error FL1011" in err
    assert wrong.read_text() == "system A { releas 7.4 }\n"
    assert good.read_text() == NEAT
