"""`flashc explain --html`: one document, nothing fetched, nothing run, no two boxes at one place."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from itertools import combinations
from pathlib import Path

import pytest
from flashc.check import load
from flashc.check.model import Environment, PlainRun, Runs, Spec
from flashc.cli import runbook_flow as flow
from flashc.cli.main import run
from flashc.cli.runbook_html import html_of
from flashc.runbook.steps import steps
from lang.spec_chunks import right_specs
from pytest_regressions.file_regression import FileRegressionFixture

EXAMPLE = "examples/nightly_brms.flash"
VOID = {"meta"}
HOSTILE = "</title><script>alert(1)</script> \"'&amp; <img src=x> \x1b[2J \u202e"


class Document(HTMLParser):
    """Reads a document whose tags must all be closed in their order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert "svg" in self._open, f"<{tag}/> closes itself in SVG only"
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def environments() -> Iterator[Environment]:
    """Of every right spec of the tests."""
    for text in right_specs().values():
        spec, problems = load("x.flash", lambda _, text=text: text.encode())  # type: ignore[misc]
        assert spec is not None, problems
        yield from spec.environments


def example(root: Path) -> Spec:
    spec, problems = load(str(root / EXAMPLE))
    assert spec is not None, problems
    return spec


def test_the_page_of_the_night_is_the_accepted_one(
    root: Path, file_regression: FileRegressionFixture
) -> None:
    file_regression.check(html_of(example(root), "DAILY"), extension=".html", encoding="utf-8")


def test_a_file_holds_what_stdout_shows_from_any_folder(
    root: Path, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    copy = tmp_path / "nightly_brms.flash"
    shutil.copy(root / EXAMPLE, copy)
    assert run(["explain", str(root / EXAMPLE), "--html"]) == 0
    shown = capsysbinary.readouterr().out
    page = tmp_path / "page.html"
    assert run(["explain", str(copy), "--html", "-o", str(page)]) == 0
    assert capsysbinary.readouterr().out == b""
    assert page.read_bytes() == shown
    assert run(["explain", str(copy), "--html", "-o", str(tmp_path / "no" / "page.html")]) == 1
    assert b"cannot write" in capsysbinary.readouterr().err


def test_a_page_is_closed_and_fetches_nothing(root: Path) -> None:
    spec = replace(example(root), environments=tuple(environments()))
    text = html_of(spec)
    assert text.startswith("<!DOCTYPE html>\n")
    document = Document(text)
    assert not {"script", "link", "img", "iframe", "object", "image", "use"} & set(document.tags)
    names = [name for name, _ in document.attributes]
    assert not [name for name in names if name.startswith("on") or name in ("href", "src", "style")]
    assert "url(" not in text
    assert "@import" not in text
    ids = [value for name, value in document.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    named = " ".join(value or "" for name, value in document.attributes if name == "aria-labelledby")
    assert named.split() == ids


def test_hostile_texts_are_text(root: Path) -> None:
    spec = example(root)
    (e,) = spec.environments
    told = PlainRun(HOSTILE, 60, e.span)
    clone = replace(e.clone, name=HOSTILE, partition=HOSTILE, managed_system=HOSTILE)
    clone = replace(clone, source=replace(clone.source, name=HOSTILE))
    hostile = replace(e, name=HOSTILE, clone=clone, runs=Runs((told,), (told,), (told,), (told,)))
    plain = Document(html_of(spec))
    page = html_of(replace(spec, file=HOSTILE, environments=(hostile,)))
    document = Document(page)
    assert set(document.tags) == set(plain.tags)
    assert {name for name, _ in document.attributes} == {name for name, _ in plain.attributes}
    assert not {"\x1b", "\u202e"} & set(page)
    assert any("<script>alert(1)</script>" in text for text in document.text)


def test_no_two_boxes_meet_and_none_leaves_its_part() -> None:
    for e in environments():
        picture = flow.flow_of(steps(e))
        boxes = [box for part in picture.parts for box in part.boxes]
        assert [box.code for box in boxes] == [step.code for step in steps(e)]
        for upper, lower in combinations(boxes, 2):
            assert upper.y + flow.BOX_H < lower.y
        for part in picture.parts:
            assert len(part.boxes) <= flow.ROWS_OF_PART
            for box in part.boxes:
                assert part.top + flow.HEAD_H <= box.y
                assert box.y + flow.BOX_H <= part.top + part.height
                assert box.x in (picture.source_x, picture.clone_x)
                assert len(box.short) <= flow.CHARACTERS
                assert box.x + flow.BOX_W < picture.width
        for part, following in zip(picture.parts, picture.parts[1:], strict=False):
            assert part.top + part.height == following.top


def test_the_frame_holds_the_window_and_nothing_else() -> None:
    for e in environments():
        ((part, frame),) = [(p, p.frame) for p in flow.flow_of(steps(e)).parts if p.frame]
        inside = [b.code for b in part.boxes if frame.y < b.y < frame.y + frame.height]
        assert inside == ["O50", "O55", "O60"]
        assert part.top <= frame.y
        assert frame.y + frame.height <= part.top + part.height


def test_each_undo_has_its_arrow_on_a_track_of_its_own() -> None:
    for e in environments():
        runbook = steps(e)
        codes = {step.code for step in runbook}
        picture = flow.flow_of(runbook)
        arrows = dict.fromkeys(arrow for part in picture.parts for arrow in part.arrows)
        undos = [arrow for arrow in arrows if arrow.kind == "undo"]
        assert sorted(arrow.told for arrow in undos) == sorted(
            f"{step.code} is undone by {step.undo}" for step in runbook if step.undo in codes
        )
        for one, other in combinations(undos, 2):
            if one.points[1][0] == other.points[1][0]:
                assert one.bottom <= other.top or other.bottom <= one.top
        for arrow in undos:
            assert 0 < arrow.points[1][0] < picture.width
        assert [arrow.label for arrow in arrows if arrow.kind == "between"] == (
            ["start", "delivery"] if e.starts_clone else []
        )


def test_things_of_one_kind_are_undone_each_by_its_own(root: Path) -> None:
    spec = example(root)
    (e,) = spec.environments
    held = e.around[0]
    runbook = steps(replace(e, around=(held, replace(held, job="SECOND"), replace(held, job="THIRD"))))
    pairs = [
        (runbook[a].what, runbook[b].what) for a, b in flow.undo_pairs(runbook) if runbook[a].code == "O22"
    ]
    assert sorted(pairs) == [(what, what) for what in ("QUSRSSH/CPY", "QUSRSSH/SECOND", "QUSRSSH/THIRD")]
