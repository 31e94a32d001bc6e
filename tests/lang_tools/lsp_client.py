"""A client of the language server: `flashc lsp` as a process of its own, spoken to over its pipes."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.lsp.client import LanguageClient

LIMIT_S = 60
"""A server that does not answer by then fails the test."""


class Editor:
    """A client with one open text."""

    def __init__(self, client: LanguageClient, uri: str) -> None:
        self.client = client
        self.file = types.TextDocumentIdentifier(uri)
        self.version = 0
        self.text = ""
        self.told: asyncio.Queue[types.PublishDiagnosticsParams] = asyncio.Queue()

        @client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def publish(params: types.PublishDiagnosticsParams) -> None:
            self.told.put_nowait(params)

        self.registered = asyncio.Event()

        @client.feature(types.CLIENT_REGISTER_CAPABILITY)
        def register(params: types.RegistrationParams) -> None:
            assert [r.method for r in params.registrations] == [types.WORKSPACE_DID_CHANGE_WATCHED_FILES]
            self.registered.set()

    def open(self, text: str) -> None:
        self.version, self.text = 1, text
        item = types.TextDocumentItem(self.file.uri, "flash", 1, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def open_other(self, path: Path) -> str:
        """Open a second text as it is on disk; its URI."""
        item = types.TextDocumentItem(path.as_uri(), "flash", 1, path.read_text("utf-8"))
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return item.uri

    def type(self, text: str) -> None:
        self.version, self.text = self.version + 1, text
        changed = types.VersionedTextDocumentIdentifier(self.version, self.file.uri)
        whole = types.TextDocumentContentChangeWholeDocument(text)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(changed, [whole]))

    async def problems(self) -> list[types.Diagnostic]:
        """What the server says of the present version."""
        while True:
            told = await self.told.get()
            if told.uri == self.file.uri and told.version in (self.version, None):
                return list(told.diagnostics)

    async def codes(self, number: int) -> dict[str, list[str | int | None]]:
        """What is told next of so many texts: the codes of each one's problems, by the name of its file."""
        told: dict[str, list[str | int | None]] = {}
        while len(told) < number:
            said = await self.told.get()
            told[said.uri.rpartition("/")[2]] = [p.code for p in said.diagnostics]
        return told

    def place(self, piece: str) -> types.Position:
        """The place of the `|` in a piece of the text."""
        start = self.text.index(piece.replace("|", "")) + piece.index("|")
        before = self.text[:start]
        character = len(before[before.rfind("\n") + 1 :].encode("utf-16-le")) // 2
        return types.Position(before.count("\n"), character)

    def applied(self, edits: list[types.TextEdit]) -> str:
        """The text after some edits that lie each on one line, or are one of the whole text."""
        lines = self.text.split("\n")
        if len(edits) == 1 and edits[0].range.start == types.Position(0, 0):
            assert edits[0].range.end == types.Position(len(lines) - 1, len(lines[-1]))
            return edits[0].new_text
        for edit in sorted(edits, key=lambda e: -e.range.start.character):
            start, end = edit.range.start, edit.range.end
            assert start.line == end.line
            raw = lines[start.line].encode("utf-16-le")
            new = edit.new_text.encode("utf-16-le")
            lines[start.line] = (raw[: start.character * 2] + new + raw[end.character * 2 :]).decode(
                "utf-16-le"
            )
        return "\n".join(lines)


def session(
    tmp_path: Path,
    play: Callable[[Editor], Awaitable[None]],
    *arguments: str,
    able_to: types.ClientCapabilities | None = None,
) -> types.InitializeResult:
    """Start `flashc lsp`, play with it, end it in order; every wait has its limit."""

    async def whole() -> types.InitializeResult:
        client = LanguageClient("test", "1")
        await client.start_io(sys.executable, "-m", "flashc.cli.main", "lsp", *arguments)
        editor = Editor(client, (tmp_path / "night\u00e9.flash").as_uri())
        able = await client.initialize_async(types.InitializeParams(able_to or types.ClientCapabilities()))
        client.initialized(types.InitializedParams())
        await play(editor)
        await client.shutdown_async(None)
        client.exit(None)
        server: Any = client._server
        assert await server.wait() == 0
        return able

    return asyncio.run(asyncio.wait_for(whole(), LIMIT_S))
