"""From Lark's tree of tokens to the syntax tree of `flashc.syntax.ast`.

One function a construct.  The grammar keeps every token, so a part is found by its place or by its
terminal; a value is never looked for by its text.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, TypeAlias, cast

from lark import Token, Tree

from flashc.diag import Span
from flashc.syntax import ast

Node: TypeAlias = "Tree[Token]"


class _Lowering:
    """The lowering of one file: its name, and the `{` of the blocks known to be incomplete."""

    def __init__(self, file: str, broken: set[int]) -> None:
        self.file = file
        self.broken = broken

    # ---- leaves

    def span(self, first: Token, last: Token) -> Span:
        return Span(self.file, first.line or 1, first.column or 1, last.end_line or 1, last.end_column or 1)

    def of(self, tree: Node) -> Span:
        return self.span(_edge(tree, 0), _edge(tree, -1))

    def word(self, token: Token) -> ast.Word:
        return ast.Word(str(token), self.span(token, token))

    def text(self, token: Token) -> ast.Text:
        return ast.Text(token[1:-1].replace('""', '"'), self.span(token, token))

    def number(self, token: Token) -> ast.Number:
        return ast.Number(int(token), self.span(token, token))

    def limit(self, token: Token) -> ast.Limit:
        seconds = int(token[:-1]) * {"s": 1, "m": 60, "h": 3600}[token[-1]]
        return ast.Limit(seconds, str(token), self.span(token, token))

    def time(self, token: Token) -> ast.TimeOfDay:
        parts = [int(p) for p in token.split(":")]
        second = parts[2] if len(parts) > 2 else 0
        return ast.TimeOfDay(parts[0], parts[1], second, str(token), self.span(token, token))

    # ---- parts of a statement

    def words(self, tree: Node, terminal: str) -> list[ast.Word]:
        return [self.word(t) for t in _tokens(tree, terminal)]

    def texts(self, tree: Node) -> list[ast.Text]:
        return [self.text(t) for t in _tokens(tree, "STRING")]

    def limit_of(self, tree: Node) -> ast.Limit | None:
        found = _tokens(tree, "LIMIT")
        return self.limit(found[0]) if found else None

    def number_of(self, tree: Node) -> ast.Number | None:
        found = _tokens(tree, "INT")
        return self.number(found[0]) if found else None

    def body(self, tree: Node) -> tuple[Any, ...]:
        statements = (c for c in tree.children if isinstance(c, Tree) and c.data in _STATEMENTS)
        return tuple(_STATEMENTS[str(c.data)](self, c) for c in statements)

    def incomplete(self, tree: Node) -> bool:
        return any(t.start_pos in self.broken for t in _tokens(tree, "LBRACE"))


def lower(
    tree: Node, file: str, comments: tuple[ast.Comment, ...], broken: set[int], lost: frozenset[str]
) -> ast.File:
    """The syntax tree of a file; `broken` are the positions of the `{` of incomplete blocks."""
    return ast.File(file, _Lowering(file, broken).body(tree), comments, lost)


def _tokens(tree: Node, terminal: str) -> list[Token]:
    return [c for c in tree.children if isinstance(c, Token) and c.type == terminal]


def _token(tree: Node, index: int) -> Token:
    child = tree.children[index]
    assert isinstance(child, Token)
    return child


def _edge(tree: Node, index: Literal[0, -1]) -> Token:
    child = tree.children[index]
    while isinstance(child, Tree):
        child = child.children[index]
    return child


# ---- system, console, array, mail server, command ---------------------------------------------------


def _system(at: _Lowering, t: Node) -> ast.System:
    return ast.System(at.word(_token(t, 1)), at.body(t), at.incomplete(t), at.of(t))


def _host(at: _Lowering, t: Node) -> ast.Host:
    return ast.Host(at.text(_token(t, 1)), at.word(_token(t, 3)), at.of(t))


def _identity(at: _Lowering, t: Node) -> ast.Identity:
    return ast.Identity(at.word(_token(t, 2)), at.number(_token(t, 4)), at.of(t))


def _library(at: _Lowering, t: Node) -> ast.Library:
    return ast.Library(at.word(_token(t, 1)), at.of(t))


def _release(at: _Lowering, t: Node) -> ast.Release:
    return ast.Release(at.word(_token(t, 1)), at.of(t))


def _console(at: _Lowering, t: Node) -> ast.Console:
    return ast.Console(at.word(_token(t, 1)), at.word(_token(t, 3)), at.body(t), at.incomplete(t), at.of(t))


def _array(at: _Lowering, t: Node) -> ast.Array:
    return ast.Array(at.word(_token(t, 1)), at.word(_token(t, 3)), at.body(t), at.incomplete(t), at.of(t))


def _address(at: _Lowering, t: Node) -> ast.Address:
    return ast.Address(tuple(at.texts(t)), at.of(t))


def _user(at: _Lowering, t: Node) -> ast.User:
    return ast.User(at.text(_token(t, 1)), at.of(t))


def _key(at: _Lowering, t: Node) -> ast.Key:
    return ast.Key(at.text(_token(t, 1)), at.of(t))


def _mail_server(at: _Lowering, t: Node) -> ast.MailServer:
    return ast.MailServer(at.text(_token(t, 2)), at.text(_token(t, 4)), at.of(t))


def _command(at: _Lowering, t: Node) -> ast.Command:
    source = at.texts(t)
    return ast.Command(at.word(_token(t, 1)), source[0] if source else None, at.of(t))


# ---- clone ------------------------------------------------------------------------------------------


def _clone(at: _Lowering, t: Node) -> ast.Clone:
    return ast.Clone(at.word(_token(t, 1)), at.word(_token(t, 3)), at.body(t), at.incomplete(t), at.of(t))


def _partition(at: _Lowering, t: Node) -> ast.Partition:
    name, managed_system, profile = at.texts(t)
    console = at.words(t, "NAME")[0]
    return ast.Partition(at.number(_token(t, 1)), name, managed_system, console, profile, at.of(t))


def _disks(at: _Lowering, t: Node) -> ast.Disks:
    return ast.Disks(at.text(_token(t, 2)), at.word(_token(t, 4)), at.of(t))


def _network(at: _Lowering, t: Node) -> ast.Network:
    reason = at.texts(t)
    return ast.Network(not _tokens(t, "NOT"), reason[0] if reason else None, at.of(t))


def _link(at: _Lowering, t: Node) -> ast.Link:
    source, clone = at.texts(t)
    return ast.Link(source, clone, at.words(t, "NAME")[0], at.number_of(t), at.of(t))


def _previous(at: _Lowering, t: Node) -> ast.Previous:
    return ast.Previous(at.limit_of(t), bool(_tokens(t, "IMMEDIATELY")), at.of(t))


# ---- environment ------------------------------------------------------------------------------------


def _environment(at: _Lowering, t: Node) -> ast.Environment:
    return ast.Environment(
        at.word(_token(t, 1)), at.word(_token(t, 3)), at.body(t), at.incomplete(t), at.of(t)
    )


def _every(at: _Lowering, t: Node) -> ast.Every:
    days = t.children[1]
    assert isinstance(days, Tree)
    names = tuple(at.word(c) for c in days.children if isinstance(c, Token))
    return ast.Every(names, tuple(at.time(c) for c in _tokens(t, "TIME")), at.of(t))


def _require(at: _Lowering, t: Node) -> ast.Require:
    return ast.Require(at.text(_token(t, 2)), at.word(_token(t, 4)), at.word(_token(t, 5)), at.of(t))


def _around(at: _Lowering, t: Node) -> ast.Around:
    return ast.Around(at.body(t), at.incomplete(t), at.of(t))


def _hold_job(at: _Lowering, t: Node) -> ast.HoldJob:
    user, job = at.words(t, "NAME")
    return ast.HoldJob(user, job, at.of(t))


def _end_domino(at: _Lowering, t: Node) -> ast.EndDomino:
    return ast.EndDomino(at.word(_token(t, 2)), at.limit(_token(t, 4)), at.of(t))


def _run(at: _Lowering, t: Node) -> ast.Run:
    command, undo = at.texts(t)
    return ast.Run(command, undo, at.limit_of(t), at.of(t))


def _quiesce(at: _Lowering, t: Node) -> ast.Quiesce:
    choice = t.children[-1]
    assert isinstance(choice, Tree)
    words = " ".join(str(c) for c in choice.children)
    otherwise = cast(Literal["abort", "continue partial", "flush only"], words)
    return ast.Quiesce(at.limit(_token(t, 2)), at.number_of(t), otherwise, at.of(t))


def _resume(at: _Lowering, t: Node) -> ast.Resume:
    return ast.Resume(at.limit(_token(t, 2)), at.of(t))


def _boot(at: _Lowering, t: Node) -> ast.Boot:
    return ast.Boot(at.limit(_token(t, 2)), at.of(t))


def _on_clone(at: _Lowering, t: Node) -> ast.OnCloneBrms:
    return ast.OnCloneBrms(at.body(t), at.incomplete(t), at.of(t))


def _group(at: _Lowering, t: Node) -> ast.Group:
    name, library = at.words(t, "NAME")
    return ast.Group(name, library, bool(_tokens(t, "RESTRICTED")), at.limit_of(t), at.of(t))


def _set(at: _Lowering, t: Node) -> ast.Set:
    return ast.Set(at.word(_token(t, 1)), at.word(_token(t, 2)), at.of(t))


def _afterwards(at: _Lowering, t: Node) -> ast.Afterwards:
    movement = t.children[3]
    assert isinstance(movement, Tree)
    return ast.Afterwards(bool(_tokens(movement, "WITH")), at.of(t))


def _leave(at: _Lowering, t: Node) -> ast.Leave:
    return ast.Leave("running" if _tokens(t, "RUNNING") else "off", at.of(t))


def _mail(at: _Lowering, t: Node) -> ast.Mail:
    phases = tuple(at.word(c) for c in t.children[3:] if isinstance(c, Token) and c.type != "COMMA")
    return ast.Mail(at.text(_token(t, 1)), phases, at.of(t))


_STATEMENTS: dict[str, Callable[[_Lowering, Node], Any]] = {
    "system": _system,
    "host": _host,
    "identity": _identity,
    "library": _library,
    "release": _release,
    "console": _console,
    "array": _array,
    "address": _address,
    "user": _user,
    "key": _key,
    "mail_server": _mail_server,
    "command": _command,
    "clone": _clone,
    "partition": _partition,
    "disks": _disks,
    "network": _network,
    "link": _link,
    "previous": _previous,
    "environment": _environment,
    "every": _every,
    "require": _require,
    "around": _around,
    "hold_job": _hold_job,
    "end_domino": _end_domino,
    "run": _run,
    "quiesce": _quiesce,
    "resume": _resume,
    "boot": _boot,
    "on_clone": _on_clone,
    "group": _group,
    "set": _set,
    "afterwards": _afterwards,
    "leave": _leave,
    "mail": _mail,
}
