"""The language server: speaks the protocol; everything that it says comes from the functions beside it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
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
from flashc.lsp.nearby import includers
from flashc.lsp.outline import Entry, outline
from flashc.lsp.positions import from_units, range_of
from flashc.lsp.repair import repair
from flashc.syntax import ast
from flashc.syntax.format import format_text
from flashc.syntax.source import decode

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


_WATCHED = "**/*.{flash,cmd}"
"""Specs, what they include, and the definitions of the commands that they bring along."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a text, and the version in which it was looked at; None for one that is not open."""

    version: int | None
    document: Document


class SpecServer(LanguageServer):
    """The open specs of one editor, and the specs on disk that include them.

    Files are told apart by their paths: an editor may call one file by several URIs.
    """

    def __init__(self) -> None:
        # The whole text is sent with each change: it is short, and nothing can come apart.
        super().__init__("flashc", version("flashc"), text_document_sync_kind=types.TextDocumentSyncKind.Full)
        self.known: dict[str, _Known] = {}
        self.near: dict[str, tuple[str, ...]] = {}
        self.told: dict[str, types.PublishDiagnosticsParams] = {}
        self.due: dict[str, asyncio.TimerHandle] = {}

    @property
    def encoding(self) -> str:
        """The units in which client and server count characters."""
        return str(self.workspace.position_encoding or "utf-16")

    def document(self, path: str) -> Document:
        """What is known of the present version of a text, by itself and by the specs that include it."""
        return self.by_itself(path).beside(map(self.by_itself, self.specs_of(path)))

    def by_itself(self, path: str) -> Document:
        """What is known of the present version of a text and of the files that it includes."""
        open_text = self.opened(path)
        number = open_text.version if open_text is not None else None
        text = open_text.source if open_text is not None else self._on_disk(path)
        known = self.known.get(path)
        if known is None or known.version != number or known.document.text != text:
            known = _Known(number, analyse(path, text, self.read))
            self.known[path] = known
        return known.document

    def _on_disk(self, path: str) -> str:
        """The text of a file that is not open; none for one that cannot be read."""
        try:
            return decode(read_file(path), path)[0] or ""
        except (OSError, ValueError):
            return ""

    def includers(self, path: str) -> set[str]:
        """The texts that include a text: those that are open as the editor has them, others as on disk."""
        if path not in self.near:
            self.near[path] = includers(path, self.workspace.root_path)
        open_texts = {_path(uri) for uri in self.workspace.text_documents}
        on_disk = {other for other in self.near[path] if other not in open_texts}
        return on_disk | {
            o for o in open_texts if o in self.known and _includes(self.known[o].document, path)
        }

    def above(self, path: str) -> set[str]:
        """All texts that include a text, through others as well."""
        found: set[str] = set()
        waiting = [path]
        while waiting:
            more = self.includers(waiting.pop()) - found - {path}
            found |= more
            waiting += more
        return found

    def specs_of(self, path: str) -> list[str]:
        """The specs that a text is a part of: what includes it and is itself included by nothing."""
        above = self.above(path)
        return sorted(other for other in above if not self.includers(other)) or sorted(above)

    def around(self, path: str, name: Name) -> Document:
        """A text among the files of all specs in which the same thing is named."""
        own, specs = self.document(path), set(self.specs_of(path))
        while True:
            document = own.among(map(self.by_itself, sorted(specs)))
            holders = {n.span.file for n in same(document, name)}
            more = {spec for holder in holders for spec in self.specs_of(holder)} - specs
            if not more:
                return document
            specs |= more

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
        document = self.document(_path(params.text_document.uri))
        position = params.position
        return document, *from_units(document.lines, position.line, position.character, self.encoding)

    def name_of(self, params: _AtPlace) -> tuple[Document, Name | None]:
        """The name at the place of a request, and the text among all files that name the same thing."""
        document, line, column = self.place(params)
        name = name_at(document, line, column)
        return (document if name is None else self.around(document.file, name)), name

    def location(self, document: Document, span: Span) -> types.Location:
        """A place in a document or in one of its other files."""
        return types.Location(self.uri_of(span.file), self.range(document, span))

    def soon(self, path: str, call: Callable[[], None]) -> None:
        """Check a text when nothing was typed in it for a moment."""
        self.not_soon(path)
        self.due[path] = asyncio.get_running_loop().call_later(DELAY_S, call)

    def not_soon(self, path: str) -> None:
        """Take back a check that is due."""
        due = self.due.pop(path, None)
        if due is not None:
            due.cancel()

    def publish(self, path: str) -> None:
        """Look at a text, and tell the client the problems of every open one that this changes."""
        above = self.above(path)
        self.forget(above)  # they are to be read again, with this text
        for other in (path, *above):
            self.by_itself(other)
        self.tell()

    def forget(self, paths: Iterable[str]) -> None:
        """Look at these texts anew when they are asked for."""
        for path in paths:
            self.known.pop(path, None)

    def read_all_again(self) -> None:
        """Nothing that was read from disk counts any more."""
        self.known.clear()
        self.near.clear()
        for uri in self.workspace.text_documents:
            self.by_itself(_path(uri))
        self.tell()

    def tell(self) -> None:
        """Tell the client the problems of its open texts, of each only if it was not told just that."""
        for text in self.workspace.text_documents.values():
            document = self.document(_path(text.uri))
            found = [self.problem(document, p) for p in document.problems]
            told = types.PublishDiagnosticsParams(text.uri, found, text.version)
            if self.told.get(text.uri) != told:
                self.told[text.uri] = told
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
    """The path of a file; of a text that is none, such as a new one without a name, its URI."""
    return uris.to_fs_path(uri) or uri


def _includes(document: Document, path: str) -> bool:
    """Whether a text has an `include` of a file."""
    return any(isinstance(i, ast.Include) and included(document, i) == path for i in document.tree.items)


def _include_of(document: Document, file: str) -> Span:
    """The statement that includes a file; the first one for a file that an included one includes."""
    nodes = [i for i in document.tree.items if isinstance(i, ast.Include)]
    direct = (i for i in nodes if included(document, i) == file)
    return next(direct, nodes[0]).span


def make_server() -> SpecServer:
    """A server with all its features, to be started by `start_io`."""
    server = SpecServer()
    _follow_texts(server)
    _follow_disk(server)
    _answer_about_places(server)
    _answer_about_texts(server)
    return server


def _follow_texts(server: SpecServer) -> None:
    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def did_open(params: types.DidOpenTextDocumentParams) -> None:
        server.near.clear()
        server.publish(_path(params.text_document.uri))

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    async def did_change(params: types.DidChangeTextDocumentParams) -> None:
        path = _path(params.text_document.uri)
        server.soon(path, lambda: server.publish(path))

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def did_save(params: types.DidSaveTextDocumentParams) -> None:
        # Files that the specs name may have changed as well, and not every client watches them.
        server.not_soon(_path(params.text_document.uri))
        server.read_all_again()

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(params: types.DidCloseTextDocumentParams) -> None:
        uri = params.text_document.uri
        path = _path(uri)
        server.not_soon(path)
        server.told.pop(uri, None)
        server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))
        server.near.clear()
        server.forget([path])
        server.publish(path)  # it counts as it is on disk


def _follow_disk(server: SpecServer) -> None:
    @server.feature(types.INITIALIZED)
    def initialized(_: types.InitializedParams) -> None:
        workspace = server.client_capabilities.workspace
        watches = workspace.did_change_watched_files if workspace is not None else None
        if watches is None or not watches.dynamic_registration:
            return  # then files are looked at again when a text is typed in or saved
        what = types.DidChangeWatchedFilesRegistrationOptions([types.FileSystemWatcher(_WATCHED)])
        watch = types.Registration("files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, what)
        server.client_register_capability(types.RegistrationParams([watch]))

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    async def changed(_: types.DidChangeWatchedFilesParams) -> None:
        server.soon("", server.read_all_again)


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
        document = server.document(_path(params.text_document.uri))
        text = format_text(document.text, document.file)[0]
        if text is None or text == document.text:
            return None
        lines = document.lines
        whole = Span(document.file, 1, 1, len(lines), len(lines[-1]) + 1)
        return [types.TextEdit(server.range(document, whole), text)]

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions([types.CodeActionKind.QuickFix]))
    def repairs(params: types.CodeActionParams) -> list[types.CodeAction]:
        uri = params.text_document.uri
        document = server.document(_path(uri))
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
        document = server.document(_path(params.text_document.uri))
        return [server.symbol(document, entry) for entry in outline(document)]
