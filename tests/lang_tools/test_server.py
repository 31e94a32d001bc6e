"""The language server as an editor starts it: a process, spoken to by a real client over its pipes."""

from __future__ import annotations

from pathlib import Path

import pytest
from flashc.cli.main import run
from flashc.syntax.format import format_text
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from lang_tools.lsp_client import Editor, session

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = (ROOT / "examples" / "nightly_brms.flash").read_text("utf-8")


def test_open_break_complete_repair_format_rename(tmp_path: Path) -> None:
    async def play(editor: Editor) -> None:
        client, file = editor.client, editor.file
        editor.open(EXAMPLE)
        assert await editor.problems() == []

        editor.type(EXAMPLE.replace("through HMC1", "through HMC9"))
        (unknown,) = await editor.problems()
        assert (unknown.code, unknown.severity, unknown.source) == (
            "FL2001", types.DiagnosticSeverity.Error, "flashc",
        )  # fmt: skip
        assert unknown.range.start == editor.place("through |HMC9")
        assert unknown.range.end == editor.place("through HMC9|")
        assert "Did you mean `HMC1`?" in unknown.message

        place = editor.place("through |HMC9")
        offered = await client.text_document_completion_async(types.CompletionParams(file, place))
        assert isinstance(offered, list)
        (item,) = offered
        assert (item.label, item.detail) == ("HMC1", "console")
        shown = await client.text_document_hover_async(types.HoverParams(file, place))
        assert shown is not None
        assert isinstance(shown.contents, types.MarkupContent)
        assert "FL2001" in shown.contents.value
        actions = await client.text_document_code_action_async(
            types.CodeActionParams(file, unknown.range, types.CodeActionContext([unknown]))
        )
        (action,) = actions or ()
        assert isinstance(action, types.CodeAction)
        assert action.edit is not None
        assert editor.applied(list((action.edit.changes or {})[file.uri])) == EXAMPLE

        editor.type(EXAMPLE.replace("    host      ", " host ").replace("# Nightly", "# \U0001f319 Nightly"))
        assert await editor.problems() == []
        edits = await client.text_document_formatting_async(
            types.DocumentFormattingParams(file, types.FormattingOptions(4, True))
        )
        editor.type(editor.applied(list(edits or ())))
        assert (editor.text, []) == format_text(editor.text, "x")
        assert editor.text == EXAMPLE.replace("# Nightly", "# \U0001f319 Nightly")

        use = editor.place("through HM|C1")
        found = await client.text_document_definition_async(types.DefinitionParams(file, use))
        assert isinstance(found, types.Location)
        assert found.range.start == editor.place("console |HMC1")
        places = await client.text_document_references_async(
            types.ReferenceParams(types.ReferenceContext(True), file, use)
        )
        assert len(places or ()) == 2
        change = await client.text_document_rename_async(types.RenameParams(file, use, "CONSOLE1"))
        assert change is not None
        editor.type(editor.applied(list((change.changes or {})[file.uri])))
        assert editor.text.count("CONSOLE1") == 2
        assert "HMC1 " not in editor.text
        assert await editor.problems() == []

        outline = await client.text_document_document_symbol_async(types.DocumentSymbolParams(file))
        assert next(entry.name for entry in outline or ()) == "SISTPROD"

    able = session(tmp_path, play).capabilities
    assert able.text_document_sync is not None
    assert able.rename_provider is not None


def test_wrong_requests_are_answered_and_nothing_breaks(tmp_path: Path) -> None:
    async def play(editor: Editor) -> None:
        client, file = editor.client, editor.file
        editor.open(EXAMPLE.replace("through HMC1", "through HMC1 {"))
        assert await editor.problems() != []
        options = types.DocumentFormattingParams(file, types.FormattingOptions(4, True))
        assert await client.text_document_formatting_async(options) is None
        with pytest.raises(JsonRpcException, match="capitals"):
            await client.text_document_rename_async(
                types.RenameParams(file, editor.place("console HM|C1"), "small")
            )
        nowhere = types.Position(9999, 9999)
        assert await client.text_document_hover_async(types.HoverParams(file, nowhere)) is None
        await client.text_document_completion_async(types.CompletionParams(file, nowhere))
        for number in range(20):  # typed faster than it is checked
            editor.type(f"system A{number} {{")
        (problem, *_) = await editor.problems()
        assert problem.code == "FL1004"
        client.text_document_did_close(types.DidCloseTextDocumentParams(file))
        editor.version = 0
        assert await editor.problems() == []

    session(tmp_path, play)


def test_a_file_that_the_spec_names_is_looked_at_again_on_save(tmp_path: Path) -> None:
    text = EXAMPLE.replace("hold job QUSRSSH/CPY", 'run "APPLIB/QUIET" undo "QUIET"')

    async def play(editor: Editor) -> None:
        editor.open(text + 'command QUIET from "quiet.cmd"\n')
        assert [p.code for p in await editor.problems()] == ["FL2009"]
        (tmp_path / "quiet.cmd").write_text("CMD PROMPT('Quiet')\n")
        editor.client.text_document_did_save(types.DidSaveTextDocumentParams(editor.file))
        assert await editor.problems() == []

    session(tmp_path, play, "--stdio")


def test_a_spec_and_the_file_that_it_includes(tmp_path: Path) -> None:
    """Each shows what is wrong in it; names are found, and renamed, in both."""
    start, end = EXAMPLE.index("console HMC1"), EXAMPLE.index("array V7000")
    site = EXAMPLE[start:end]
    text = EXAMPLE.replace(site, 'include "site.flash"\n')
    path = tmp_path / "site.flash"
    path.write_text(site, "utf-8")
    uri = path.as_uri()

    async def play(editor: Editor) -> None:
        client, file = editor.client, editor.file
        editor.open(text)
        assert await editor.problems() == []
        use = editor.place("through HM|C1")
        found = await client.text_document_definition_async(types.DefinitionParams(file, use))
        assert isinstance(found, types.Location)
        assert (found.uri, found.range.start.line) == (uri, site[: site.index("console")].count("\n"))
        shown = await client.text_document_hover_async(types.HoverParams(file, use))
        assert shown is not None
        assert "console HMC1 is hmc {" in getattr(shown.contents, "value", "")
        place = editor.place('include "si|te.flash"')
        there = await client.text_document_definition_async(types.DefinitionParams(file, place))
        assert isinstance(there, types.Location)
        assert there.uri == uri
        change = await client.text_document_rename_async(types.RenameParams(file, use, "CONSOLE1"))
        assert change is not None
        assert {u: len(edits) for u, edits in (change.changes or {}).items()} == {uri: 1, file.uri: 1}

        # Wrong on disk: told at the include.  Open in the editor: told in its own text, by what includes it.
        path.write_text(site.replace('user "flashc"', 'user "flash;c"'), "utf-8")
        client.text_document_did_save(types.DidSaveTextDocumentParams(file))
        (problem,) = await editor.problems()
        assert problem.range.start == editor.place('|include "site.flash"')
        assert problem.code == "FL2008"
        assert problem.message.startswith("site.flash, line ")
        (link,) = problem.related_information or ()
        assert link.location.uri == uri
        item = types.TextDocumentItem(uri, "flash", 1, site)
        client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        told = {}
        while len(told) < 2:
            said = await editor.told.get()
            told[said.uri] = [p.code for p in said.diagnostics]
        assert told == {file.uri: [], uri: []}
        changed = types.VersionedTextDocumentIdentifier(2, uri)
        whole = types.TextDocumentContentChangeWholeDocument(site.replace("is hmc", "is hcm"))
        client.text_document_did_change(types.DidChangeTextDocumentParams(changed, [whole]))
        told = {}
        while len(told) < 2:
            said = await editor.told.get()
            told[said.uri] = [(p.code, p.range.start.line) for p in said.diagnostics]
        line = site[: site.index("console")].count("\n")
        assert told == {file.uri: [("FL3004", place.line)], uri: [("FL3004", line)]}

        # Closed without saving, the file counts as it is on disk.
        client.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri)))
        while (said := await editor.told.get()).uri != file.uri:
            assert list(said.diagnostics) == []
        assert [p.code for p in said.diagnostics] == ["FL2008"]

    session(tmp_path, play)


def test_without_pygls_it_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    assert run(["lsp"]) == 1
    assert "needs pygls" in capsys.readouterr().err
