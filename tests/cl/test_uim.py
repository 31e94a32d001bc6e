"""Help panel groups: each rule on a wrong text beside its nearest right one, and what must stay silent."""

from __future__ import annotations

from pathlib import Path

import pytest
from flashc.cl.codes import OWN
from flashc.cl.uim import check_panel_group, is_panel_group
from hypothesis import given, settings
from hypothesis import strategies as st

BAD = (Path(__file__).parent / "bad" / "panel.pnlgrp").read_text(encoding="utf-8")
RIGHT = ":PNLGRP.\n:HELP NAME='A'.\nA title - Help\n:P.Text\n:EHELP.\n:EPNLGRP.\n"


def codes(text: str) -> list[str]:
    return [one.code for one in check_panel_group(text, "t.pnlgrp")[1]]


def expected() -> dict[int, list[str]]:
    """The codes by the number of the line above the mark."""
    lines = BAD.splitlines()
    return {
        number: lines[number][4:].split() for number in range(1, len(lines)) if lines[number][:3] == ".*!"
    }


def corrected() -> str:
    """Each wrong line replaced by the right ones under its mark."""
    out: list[str] = []
    for line in BAD.splitlines():
        if line.startswith(".*!"):
            out.pop()
        elif line.startswith(".*="):
            out.append(line[4:])
        else:
            out.append(line)
    return "\n".join(out) + "\n"


def test_each_wrong_line_is_found_and_nothing_else() -> None:
    group, problems = check_panel_group(BAD, "bad.pnlgrp")
    assert group is None
    found: dict[int, list[str]] = {}
    for one in problems:
        found.setdefault(one.span.line, []).append(one.code)
    assert found == expected()
    assert {code for codes in expected().values() for code in codes} == {c for c in OWN if c[:4] == "CL05"}


def test_the_nearest_right_text_passes() -> None:
    group, problems = check_panel_group(corrected(), "right.pnlgrp")
    assert not problems
    assert group is not None
    assert group.modules["CMD"] == "Command - Help"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "CL0505"),
        (":PNLGRP.\n:EPNLGRP.\n", "CL0507"),
        (RIGHT.replace(":EPNLGRP.", ""), "CL0505"),
        (RIGHT.replace(":EHELP.\n", ""), "CL0505"),
        (RIGHT + "more\n", "CL0503"),
        (RIGHT + ":P.more\n", "CL0503"),
        (RIGHT.replace(":PNLGRP.\n", ""), "CL0503"),
        (RIGHT.replace(":PNLGRP.", ":PNLGRP.:PNLGRP."), "CL0503"),
    ],
)
def test_the_frame(text: str, code: str) -> None:
    assert code in codes(text)
    assert codes(RIGHT) == []


def test_case_comments_and_attributes_over_lines() -> None:
    text = (
        ".* A comment: and &\n:pnlgrp\n  submsgf='A/B'.\n:help name=a.\nTitle\n:p.Text\n:ehelp.\n:epnlgrp.\n"
    )
    group, problems = check_panel_group(text, "t")
    assert not problems
    assert group is not None
    assert group.modules == {"A": "Title"}


def test_what_is_a_panel_group() -> None:
    assert is_panel_group(".* Help\n\n:PnlGrp.\n")
    assert not is_panel_group("PGM\n")
    assert not is_panel_group("")


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from([*":.'& \n", ":PNLGRP.", ":HELP NAME='A'.", ":EHELP.", ":UL.", ":PT.", "&amp.", "x"])
    )
)
def test_no_text_breaks_the_check(parts: list[str]) -> None:
    text = "".join(parts)
    group, problems = check_panel_group(text, "t")
    assert (group is None) == bool(problems)
    lines = text.split("\n")
    for one in problems:
        assert 1 <= one.span.line <= len(lines)
