"""The language server: speaks the protocol; everything that it says comes from the functions beside it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import PurePath
from typing import Protocol

from lsprotocol import types
from pygls import uris
from pygls.exceptions import JsonRpcInvalidParams
from pygls.lsp.server import LanguageServer
from pygls.workspace import TextDocument

from flashc.check.load import read_file
from flashc.diag import Diagnostic, Related, Span
from flashc.lsp.complete import completions
from flashc.lsp.document import Document, analyse, contains, included
from flashc.lsp.hover import hover
from flashc.lsp.names import Name, RenameError, definition, name_at, renamed, same
from flashc.lsp.outline import Entry, outline
from flashc.lsp.positions import from_units, range_of
from flashc.lsp.repair import repair
from flashc.syntax import ast
from flashc.syntax.format import format_text

DELAY_S = 0.15
"""How long after the last change a text is checked: nobody reads what is told between two keys."""

_SEVERITIES = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "note": types.DiagnosticSeverity.Information,
}
_ITEM_KINDS = {
    "keyword": types.CompletionItemKind.Keyword,
    "name": types.CompletionItemKind.Reference,
    "value": types.CompletionItemKind.Value,
}


class _AtPlace(Protocol):
    """The parameters of a request about a place in a text."""

    @property
    def text_document(self) -> types.TextDocumentIdentifier: ...

    @property
    def position(self) -> types.Position: ...


@dataclass(frozen=True, slots=True)
class _Open:
    """An open text: the version that was looked at last, and what is known of it."""

    version: int | None
    document: Document


class SpecServer(LanguageServer):
    """The open specs of one editor."""

    def __init__(self) -> None:
        # The whole text is sent with each change: it is short, and nothing can come apart.
        super().__init__("flashc", version("flashc"), text_document_sync_kind=types.TextDocumentSyncKind.Full)
        self.open: dict[str, _Open] = {}
        self.due: dict[str, asyncio.TimerHandle] = {}

    @property
    def encoding(self) -> str:
        """The units in which client and server count characters."""
        return str(self.workspace.position_encoding or "utf-16")

    def document(self, uri: str) -> Document:
        """What is known of the present version of a text, by itself and by the open texts that include it."""
        own = self.by_itself(uri)
        return own.beside([self.by_itself(other) for other in self.includers(uri)])

    def by_itself(self, uri: str) -> Document:
        """What is known of the present version of a text and of the files that it includes."""
        text = self.workspace.get_text_document(uri)
        known = self.open.get(uri)
        if known is None or known.version != text.version or known.document.text != text.source:
            known = _Open(text.version, analyse(_path(uri), text.source, self.read))
            self.open[uri] = known
        return known.document

    def includers(self, uri: str) -> list[str]:
        """The open texts that include a text."""
        path = _path(uri)
        return [
            other
            for other, known in self.open.items()
            if other != uri and any(source.tree.name == path for source in known.document.others)
        ]

    def read(self, path: str) -> bytes:
        """A file as the editor has it, or else as it is on disk."""
        text = self.opened(path)
        return read_file(path) if text is None else text.source.encode("utf-8", "replace")

    def opened(self, path: str) -> TextDocument | None:
        """The text of a file, if it is open."""
        texts = self.workspace.text_documents.values()
        return next((text for text in texts if _path(text.uri) == path), None)

    def uri_of(self, path: str) -> str:
        """The name of a file as the client calls it."""
        text = self.opened(path)
        return text.uri if text is not None else uris.from_fs_path(path) or path

    def range(self, document: Document, span: Span) -> types.Range:
        """A span as the client counts it."""
        start, end = range_of(document.lines_of(span.file), span, self.encoding)
        return types.Range(types.Position(*start), types.Position(*end))

    def place(self, params: _AtPlace) -> tuple[Document, int, int]:
        """The text that a request is about, and the line and column of its place."""
        document = self.document(params.text_document.uri)
        position = params.position
        return document, *from_units(document.lines, position.line, position.character, self.encoding)

    def name_of(self, params: _AtPlace) -> tuple[Document, Name | None]:
        """The name at the place of a request."""
        document, line, column = self.place(params)
        return document, name_at(document, line, column)

    def location(self, document: Document, span: Span) -> types.Location:
        """A place in a document or in one of its other files."""
        return types.Location(self.uri_of(span.file), self.range(document, span))

    def check_soon(self, uri: str) -> None:
        """Check a text when nothing was typed for a moment."""
        self.forget_check(uri)
        later = asyncio.get_running_loop().call_later(DELAY_S, self.publish, uri)
        self.due[uri] = later

    def forget_check(self, uri: str) -> None:
        """Take back a check that is due."""
        due = self.due.pop(uri, None)
        if due is not None:
            due.cancel()

    def publish(self, uri: str) -> None:
        """Tell the client the problems of a text, of those that include it and of those that it includes."""
        above = self.includers(uri)
        for other in above:
            del self.open[other]  # it is to be read again, with this text
        for other in above:
            self.tell(other)
        self.tell(uri)
        for source in self.by_itself(uri).others:
            below = self.uri_of(source.tree.name)
            if below in self.open:
                self.tell(below)

    def tell(self, uri: str) -> None:
        """Tell the client the problems of one text."""
        document = self.document(uri)
        found = [self.problem(document, p) for p in document.problems]
        told = types.PublishDiagnosticsParams(uri, found, self.open[uri].version)
        self.text_document_publish_diagnostics(told)

    def problem(self, document: Document, problem: Diagnostic) -> types.Diagnostic:
        """A problem as the protocol has it; that of an included file stands at the `include`."""
        text = f"{problem.message}\n{problem.help}" if problem.help else problem.message
        span, related = problem.span, problem.related
        if span.file != document.file:
            related = (Related(span, problem.message), *related)
            span = _include_of(document, span.file)
            text = f"{PurePath(problem.span.file).name}, line {problem.span.line}: {text}"
        links = [
            types.DiagnosticRelatedInformation(self.location(document, r.span), r.message) for r in related
        ]
        return types.Diagnostic(
            self.range(document, span),
            text,
            _SEVERITIES[problem.severity],
            problem.code,
            source="flashc",
            related_information=links or None,
        )

    def symbol(self, document: Document, entry: Entry) -> types.DocumentSymbol:
        """An entry of the outline as the protocol has it."""
        kind = types.SymbolKind.Class if entry.is_definition else types.SymbolKind.Property
        return types.DocumentSymbol(
            entry.title,
            kind,
            self.range(document, entry.span),
            self.range(document, entry.name),
            entry.detail,
            children=[self.symbol(document, inner) for inner in entry.inner],
        )


def _path(uri: str) -> str:
    return uris.to_fs_path(uri) or uri


def _include_of(document: Document, file: str) -> Span:
    """The statement that includes a file; the first one for a file that an included one includes."""
    nodes = [i for i in document.tree.items if isinstance(i, ast.Include)]
    direct = (i for i in nodes if included(document, i) == file)
    return next(direct, nodes[0]).span


def make_server() -> SpecServer:
    """A server with all its features, to be started by `start_io`."""
    server = SpecServer()
    _follow_texts(server)
    _answer_about_places(server)
    _answer_about_texts(server)
    return server


def _follow_texts(server: SpecServer) -> None:
    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def did_open(params: types.DidOpenTextDocumentParams) -> None:
        server.publish(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    async def did_change(params: types.DidChangeTextDocumentParams) -> None:
        server.check_soon(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def did_save(params: types.DidSaveTextDocumentParams) -> None:
        # A file that the spec names may have changed as well.
        server.forget_check(params.text_document.uri)
        server.open.pop(params.text_document.uri, None)
        server.publish(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(params: types.DidCloseTextDocumentParams) -> None:
        uri = params.text_document.uri
        server.forget_check(uri)
        related = server.includers(uri)
        closed = server.open.pop(uri, None)
        if closed is not None:
            related += [server.uri_of(source.tree.name) for source in closed.document.others]
        server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))
        for other in related:
            if server.open.pop(other, None) is not None:
                server.publish(other)


def _answer_about_places(server: SpecServer) -> None:
    @server.feature(types.TEXT_DOCUMENT_COMPLETION)
    def complete(params: types.CompletionParams) -> list[types.CompletionItem]:
        document, line, column = server.place(params)
        found = completions(document, line, column)
        replaced = server.range(document, Span(document.file, line, found.start_column, line, column))
        return [
            types.CompletionItem(
                item.label,
                kind=_ITEM_KINDS[item.kind],
                detail=item.detail or None,
                documentation=types.MarkupContent(types.MarkupKind.Markdown, item.documentation)
                if item.documentation
                else None,
                text_edit=types.TextEdit(replaced, item.label),
            )
            for item in found.items
        ]

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    def hover_(params: types.HoverParams) -> types.Hover | None:
        document, line, column = server.place(params)
        found = hover(document, line, column)
        if found is None:
            return None
        contents = types.MarkupContent(types.MarkupKind.Markdown, found[0])
        return types.Hover(contents, server.range(document, found[1]))

    @server.feature(types.TEXT_DOCUMENT_DEFINITION)
    def definition_(params: types.DefinitionParams) -> types.Location | None:
        document, line, column = server.place(params)
        name = name_at(document, line, column)
        found = definition(document, name) if name else None
        if found is not None:
            return server.location(document, found.span)
        for item in document.tree.items:
            if isinstance(item, ast.Include) and contains(item.span, line, column):
                return server.location(document, Span(included(document, item), 1, 1, 1, 1))
        return None

    @server.feature(types.TEXT_DOCUMENT_REFERENCES)
    def references(params: types.ReferenceParams) -> list[types.Location]:
        document, name = server.name_of(params)
        found = same(document, name) if name else []
        if not params.context.include_declaration:
            found = [n for n in found if not n.defines]
        return [server.location(document, n.span) for n in found]

    @server.feature(types.TEXT_DOCUMENT_PREPARE_RENAME)
    def prepare_rename(params: types.PrepareRenameParams) -> types.PrepareRenamePlaceholder | None:
        document, name = server.name_of(params)
        if name is None or definition(document, name) is None:
            return None
        return types.PrepareRenamePlaceholder(server.range(document, name.span), name.text)

    @server.feature(types.TEXT_DOCUMENT_RENAME, types.RenameOptions(prepare_provider=True))
    def rename(params: types.RenameParams) -> types.WorkspaceEdit:
        document, name = server.name_of(params)
        try:
            spans = renamed(document, name, params.new_name) if name else []
        except RenameError as error:
            raise JsonRpcInvalidParams(str(error)) from None
        edits: dict[str, list[types.TextEdit]] = {}
        for span in spans:
            edit = types.TextEdit(server.range(document, span), params.new_name)
            edits.setdefault(server.uri_of(span.file), []).append(edit)
        return types.WorkspaceEdit(edits)


def _answer_about_texts(server: SpecServer) -> None:
    @server.feature(types.TEXT_DOCUMENT_FORMATTING)
    def formatting(params: types.DocumentFormattingParams) -> list[types.TextEdit] | None:
        document = server.document(params.text_document.uri)
        text = format_text(document.text, document.file)[0]
        if text is None or text == document.text:
            return None
        lines = document.lines
        whole = Span(document.file, 1, 1, len(lines), len(lines[-1]) + 1)
        return [types.TextEdit(server.range(document, whole), text)]

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions([types.CodeActionKind.QuickFix]))
    def repairs(params: types.CodeActionParams) -> list[types.CodeAction]:
        uri = params.text_document.uri
        document = server.document(uri)
        actions = []
        for problem in document.problems:
            if problem.span.file != document.file:
                continue
            place = server.range(document, problem.span)
            if place.start.line > params.range.end.line or place.end.line < params.range.start.line:
                continue
            found = repair(document, problem, server.read)
            if found is not None:
                edit = types.WorkspaceEdit({uri: [types.TextEdit(place, found.text)]})
                actions.append(
                    types.CodeAction(
                        f"Change to {found.text}",
                        types.CodeActionKind.QuickFix,
                        [server.problem(document, problem)],
                        is_preferred=True,
                        edit=edit,
                    )
                )
        return actions

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    def symbols(params: types.DocumentSymbolParams) -> list[types.DocumentSymbol]:
        document = server.document(params.text_document.uri)
        return [server.symbol(document, entry) for entry in outline(document)]
