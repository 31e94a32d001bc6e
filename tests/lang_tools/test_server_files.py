"""The language server and the files around a text: specs that share a part, and what happens on disk."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest
from flashc.lsp.document import analyse
from flashc.lsp.nearby import MAX_FOLDERS, includers
from lsprotocol import types

from lang_tools.lsp_client import LIMIT_S, Editor, session

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = (ROOT / "examples" / "nightly_brms.flash").read_text("utf-8")
START, END = EXAMPLE.index("console HMC1"), EXAMPLE.index("array V7000")
PART = EXAMPLE[START:END]
SPEC = EXAMPLE.replace(PART, 'include "parts/site.flash"\n')


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Two specs that include one part, all on disk."""
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "site.flash").write_text(PART, "utf-8")
    (tmp_path / "other.flash").write_text(SPEC, "utf-8")
    (tmp_path / "night.flash").write_text(SPEC, "utf-8")
    return tmp_path


def test_a_part_that_is_open_alone_is_a_part_of_the_specs_on_disk(site: Path) -> None:
    async def play(editor: Editor) -> None:
        editor.open_other(site / "parts" / "site.flash")
        assert await editor.codes(1) == {"site.flash": []}

    session(site, play)


def test_a_part_of_a_part_has_what_the_whole_spec_says_of_it(site: Path) -> None:
    """What the part in the middle says by itself, that nothing is used, does not count."""
    (site / "parts" / "rooms.flash").write_text('include "site.flash"\n', "utf-8")
    (site / "other.flash").unlink()
    night = site / "night.flash"
    night.write_text(SPEC.replace("parts/site", "parts/rooms"), "utf-8")

    async def play(editor: Editor) -> None:
        for path in (night, site / "parts" / "rooms.flash", site / "parts" / "site.flash"):
            editor.open_other(path)
        assert await editor.codes(3) == {"night.flash": [], "rooms.flash": [], "site.flash": []}

    session(site, play)


@pytest.mark.parametrize("both_open", [True, False])
def test_rename_reaches_every_spec_that_shares_the_name(site: Path, both_open: bool) -> None:
    """Also one that is not open; but not what another spec defines for itself under the same name."""

    async def play(editor: Editor) -> None:
        other = (site / "other.flash").as_uri()
        if both_open:
            editor.open_other(site / "other.flash")
        editor.file = types.TextDocumentIdentifier((site / "night.flash").as_uri())
        editor.open(SPEC)

        async def renamed(piece: str) -> set[str]:
            params = types.RenameParams(editor.file, editor.place(piece), "RENAMED")
            change = await editor.client.text_document_rename_async(params)
            assert change is not None
            return set(change.changes or {})

        part = (site / "parts" / "site.flash").as_uri()
        assert await renamed("through HM|C1") == {editor.file.uri, other, part}
        assert await renamed("clone SIST|PROD_24") == {editor.file.uri}
        context = types.ReferenceContext(True)
        place = editor.place("through HM|C1")
        found = await editor.client.text_document_references_async(
            types.ReferenceParams(context, editor.file, place)
        )
        assert {location.uri for location in found or ()} == {editor.file.uri, other, part}

    session(site, play)


def test_a_part_that_is_included_no_more_is_told_so(site: Path) -> None:
    (site / "other.flash").unlink()
    (site / "night.flash").unlink()

    async def play(editor: Editor) -> None:
        editor.file = types.TextDocumentIdentifier((site / "night.flash").as_uri())
        editor.open(SPEC)
        assert await editor.codes(1) == {"night.flash": []}
        editor.open_other(site / "parts" / "site.flash")
        assert await editor.codes(1) == {"site.flash": []}
        editor.type(EXAMPLE)
        assert await editor.codes(2) == {"night.flash": [], "site.flash": ["FL3003", "FL2007"]}

    session(site, play)


def test_files_that_change_outside_are_watched(site: Path) -> None:
    watching = types.DidChangeWatchedFilesClientCapabilities(dynamic_registration=True)
    able_to = types.ClientCapabilities(types.WorkspaceClientCapabilities(did_change_watched_files=watching))
    part = site / "parts" / "site.flash"

    async def play(editor: Editor) -> None:
        await editor.registered.wait()
        editor.open_other(site / "night.flash")
        assert await editor.codes(1) == {"night.flash": []}

        async def told() -> list[str | int | None]:
            events = [types.FileEvent(part.as_uri(), types.FileChangeType.Changed)]
            changed = types.DidChangeWatchedFilesParams(events)
            editor.client.workspace_did_change_watched_files(changed)
            return (await editor.codes(1))["night.flash"]

        part.write_text(PART.replace("HMC1", "HMC2"), "utf-8")
        assert await told() == ["FL2001"]
        part.unlink()
        assert await told() == ["FL1013"]
        part.write_text(PART, "utf-8")
        assert await told() == []

    session(site, play, able_to=able_to)


def test_what_is_near_a_file_has_its_limits(site: Path) -> None:
    part = str(site / "parts" / "site.flash")
    assert includers(part) == (str(site / "night.flash"), str(site / "other.flash"))
    assert includers(part, str(site / "parts")) == ()
    (site / "other.flash").write_bytes(b"\xff\xfe")
    (site / "night.flash").unlink()
    (site / "night.flash").mkdir()
    assert includers(part) == ()
    deep = site.joinpath(*"abcdefg"[:MAX_FOLDERS], "x.flash")
    deep.parent.mkdir(parents=True)
    (site / "top.flash").write_text(f'include "{os.path.relpath(deep, site)}"\n')
    assert includers(str(deep)) == ()
    assert includers(str(site / "none" / "x.flash")) == ()


def test_lines_are_divided_once() -> None:
    """Each place that is told needs them: dividing the text each time would take minutes for a large spec."""
    document = analyse("x.flash", EXAMPLE)
    assert document.lines is document.lines
    assert document.lines_of("x.flash") is document.lines


def test_a_server_ends_with_its_client(tmp_path: Path) -> None:
    """A client that dies closes the pipe, and says nothing before."""

    async def whole() -> None:
        pipe = asyncio.subprocess.PIPE
        server = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "flashc.cli.main", "lsp"),
            stdin=pipe,
            stdout=pipe,
            stderr=pipe,
            cwd=tmp_path,
        )
        await server.communicate(b"Content-Length: 99\r\n\r\n{")

    asyncio.run(asyncio.wait_for(whole(), LIMIT_S))
