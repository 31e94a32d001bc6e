"""From Lark's tree of tokens to the syntax tree of `flashc.syntax.ast`.

One function a construct.  The grammar keeps every token, so a part is found by its place or by its
terminal; a value is never looked for by its text.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import takewhile
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
        seconds = int(token[:-1]) * {"s": 1, "m": 60, "h": 3600, "d": 86400}[token[-1]]
        return ast.Limit(seconds, str(token), self.span(token, token))

    def time(self, token: Token) -> ast.TimeOfDay:
        parts = [int(p) for p in token.split(":")]
        second = parts[2] if len(parts) > 2 else 0
        return ast.TimeOfDay(parts[0], parts[1], second, str(token), self.span(token, token))

    def date(self, token: Token) -> ast.Date:
        year, month, day = (int(p) for p in token.split("-"))
        return ast.Date(year, month, day, str(token), self.span(token, token))

    # ---- parts of a statement

    def words(self, tree: Node, terminal: str) -> list[ast.Word]:
        return [self.word(t) for t in _tokens(tree, terminal)]

    def texts(self, tree: Node) -> list[ast.Text]:
        return [self.text(t) for t in _tokens(tree, "STRING")]

    def times(self, tree: Node) -> tuple[ast.TimeOfDay, ...]:
        return tuple(self.time(t) for t in _tokens(tree, "TIME"))

    def dates(self, tree: Node) -> tuple[ast.Date, ...]:
        return tuple(self.date(t) for t in _tokens(tree, "DATE"))

    def device_of(self, tree: Node) -> ast.Device | None:
        found = [c for c in tree.children if isinstance(c, Tree) and c.data in _DEVICES]
        return self.device(found[0]) if found else None

    def device(self, tree: Node) -> ast.Device:
        kind = _DEVICES[str(tree.data)]
        names = self.words(tree, "NAME")
        if kind == "save file":
            names.reverse()  # LIBRARY/NAME
        media = [c for c in tree.children if isinstance(c, Tree)]
        shape = str(media[0].data) if media else ""
        return ast.Device(
            kind,
            names[0],
            names[1] if len(names) > 1 else None,
            shape == "sequential",
            tuple(self.texts(media[0])) if shape == "volume_list" else (),
            self.word(_token(media[0], 1)) if shape == "category" else None,
            self.of(tree),
        )

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


_DEVICES: dict[str, Literal["library", "drive", "virtual tape", "optical", "save file"]] = {
    "library_device": "library",
    "drive_device": "drive",
    "virtual_device": "virtual tape",
    "optical_device": "optical",
    "file_device": "save file",
}


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


# ---- files, system, console, array, mail server, command --------------------------------------------


def _include(at: _Lowering, t: Node) -> ast.Include:
    return ast.Include(at.text(_token(t, 1)), at.of(t))


def _defaults(at: _Lowering, t: Node) -> ast.Defaults:
    return ast.Defaults(at.body(t), at.incomplete(t), at.of(t))


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


def _language(at: _Lowering, t: Node) -> ast.Language:
    return ast.Language(at.word(_token(t, 1)), at.of(t))


def _independent(at: _Lowering, t: Node) -> ast.IndependentAsp:
    return ast.IndependentAsp(at.word(_token(t, 2)), at.of(t))


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


def _password(at: _Lowering, t: Node) -> ast.Password:
    return ast.Password(at.text(_token(t, 2)), at.of(t))


def _access_token(at: _Lowering, t: Node) -> ast.Token:
    return ast.Token(at.text(_token(t, 2)), at.of(t))


def _through(at: _Lowering, t: Node) -> ast.Through:
    return ast.Through(at.word(_token(t, 1)), at.of(t))


def _fact(at: _Lowering, t: Node) -> ast.Fact:
    return ast.Fact(at.word(_token(t, 0)), at.text(_token(t, 1)), at.of(t))


def _standby(at: _Lowering, t: Node) -> ast.Standby:
    return ast.Standby(at.word(_token(t, 1)), at.of(t))


def _mail_server(at: _Lowering, t: Node) -> ast.MailServer:
    return ast.MailServer(at.text(_token(t, 2)), at.text(_token(t, 4)), at.of(t))


def _command(at: _Lowering, t: Node) -> ast.Command:
    source = at.texts(t)
    return ast.Command(at.word(_token(t, 1)), source[0] if source else None, at.of(t))


# ---- clone ------------------------------------------------------------------------------------------


def _clone(at: _Lowering, t: Node) -> ast.Clone:
    return ast.Clone(at.word(_token(t, 1)), at.word(_token(t, 3)), at.body(t), at.incomplete(t), at.of(t))


def _partition(at: _Lowering, t: Node) -> ast.Partition:
    name, managed_system, *profile = at.texts(t)
    console = at.words(t, "NAME")[0]
    where = profile[0] if profile else None
    return ast.Partition(at.number(_token(t, 1)), name, managed_system, console, where, at.of(t))


def _disks(at: _Lowering, t: Node) -> ast.Disks:
    copies = t.children[1]
    assert isinstance(copies, Tree)
    phrase = str(copies.data).removesuffix("_copies").replace("_", " ")
    return ast.Disks(phrase, _copies(at, copies), at.words(t, "NAME")[0], at.of(t))


def _copies(at: _Lowering, t: Node) -> tuple[ast.Copy, ...]:
    """The copies between the `or`s; a later one has the names that it does not say from the first."""
    made: list[ast.Copy] = []
    parts: list[list[Token | Node]] = [[]]
    for child in t.children:
        if isinstance(child, Token) and child.type == "OR":
            parts.append([])
        else:
            parts[-1].append(child)
    for part in parts:
        names = tuple(at.text(c) for c in part if isinstance(c, Token) and c.type == "STRING")
        shared = made[0].names[: len(made[0].names) - len(names)] if made else ()
        pairs = tuple(pair for c in part if isinstance(c, Tree) for pair in _pairs(at, c))
        said = [c for c in part if isinstance(c, Tree) or c.type == "STRING"]
        made.append(ast.Copy((*shared, *names), pairs, at.of(Tree("copy", said))))
    return tuple(made)


def _pairs(at: _Lowering, t: Node) -> list[ast.Pair]:
    found = []
    for pair in t.children:
        if isinstance(pair, Tree):
            source, target = at.texts(pair)
            found.append(ast.Pair(source, target, at.of(pair)))
    return found


def _volumes(at: _Lowering, t: Node) -> ast.Volumes:
    return ast.Volumes(tuple(_vios(at, c) for c in t.children if isinstance(c, Tree)), at.of(t))


def _vios(at: _Lowering, t: Node) -> ast.Vios:
    name, *access = at.texts(t)
    address, user, key = access or (None, None, None)
    return ast.Vios(name, address, user, key, at.of(t))


def _free(at: _Lowering, t: Node) -> ast.FreeCapacity:
    token = _token(t, 2)
    return ast.FreeCapacity(ast.Number(int(token[:-1]), at.span(token, token)), at.of(t))


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
    names = [at.word(c) for c in days.children if isinstance(c, Token)]
    which = names.pop(0) if names[0].text in _WHICH else None
    if which:
        del names[-2:]  # of month
    return ast.Every(tuple(names), which, at.times(t), at.of(t))


_WHICH = frozenset({"first", "second", "third", "fourth", "last"})


def _on_date(at: _Lowering, t: Node) -> ast.OnDate:
    return ast.OnDate(at.dates(t)[0], at.times(t), at.of(t))


def _except_on(at: _Lowering, t: Node) -> ast.ExceptOn:
    return ast.ExceptOn(at.dates(t), at.of(t))


def _started(at: _Lowering, t: Node) -> ast.Started:
    scheduler = at.texts(t)
    return ast.Started(scheduler[0] if scheduler else None, at.of(t))


def _require(at: _Lowering, t: Node) -> ast.Require:
    return ast.Require(at.text(_token(t, 2)), at.word(_token(t, 4)), at.word(_token(t, 5)), at.of(t))


def _around(at: _Lowering, t: Node) -> ast.Around:
    return ast.Around(at.body(t), at.incomplete(t), at.of(t))


def _hold_job(at: _Lowering, t: Node) -> ast.HoldJob:
    user, job = at.words(t, "NAME")
    return ast.HoldJob(user, job, at.of(t))


def _hold_queue(at: _Lowering, t: Node) -> ast.HoldQueue:
    library, queue = at.words(t, "NAME")
    return ast.HoldQueue(library, queue, at.of(t))


def _hold_entry(at: _Lowering, t: Node) -> ast.HoldEntry:
    return ast.HoldEntry(at.words(t, "NAME")[0], at.of(t))


def _end_subsystem(at: _Lowering, t: Node) -> ast.EndSubsystem:
    library, name = at.words(t, "NAME")
    return ast.EndSubsystem(library, name, at.limit(_tokens(t, "LIMIT")[0]), at.of(t))


def _end_domino(at: _Lowering, t: Node) -> ast.EndDomino:
    return ast.EndDomino(at.word(_token(t, 2)), at.limit(_token(t, 4)), at.of(t))


def _end_server(at: _Lowering, t: Node) -> ast.EndServer:
    return ast.EndServer(at.words(t, "SPECIAL")[0], at.of(t))


def _vary_off(at: _Lowering, t: Node) -> ast.VaryOff:
    return ast.VaryOff(at.words(t, "NAME")[0], at.of(t))


def _run(at: _Lowering, t: Node) -> ast.Run:
    command, undo = at.texts(t)
    return ast.Run(command, undo, at.limit_of(t), at.of(t))


def _plain_run(at: _Lowering, t: Node) -> ast.PlainRun:
    return ast.PlainRun(at.text(_token(t, 1)), at.limit_of(t), at.of(t))


def _before(at: _Lowering, t: Node) -> ast.Runs:
    return ast.Runs("before", at.body(t), at.incomplete(t), at.of(t))


def _after_flash(at: _Lowering, t: Node) -> ast.Runs:
    return ast.Runs("after flash", at.body(t), at.incomplete(t), at.of(t))


def _after_run(at: _Lowering, t: Node) -> ast.Runs:
    return ast.Runs("afterwards", at.body(t), at.incomplete(t), at.of(t))


def _on_failure(at: _Lowering, t: Node) -> ast.Runs:
    return ast.Runs("on failure", at.body(t), at.incomplete(t), at.of(t))


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


def _keep(at: _Lowering, t: Node) -> ast.Keep:
    return ast.Keep(at.limit(_token(t, 2)), at.of(t))


def _keep_runs(at: _Lowering, t: Node) -> ast.KeepRuns:
    return ast.KeepRuns(at.limit(_token(t, 2)), at.of(t))


# ---- what the clone does ----------------------------------------------------------------------------


def _on_clone_none(at: _Lowering, t: Node) -> ast.OnCloneNone:
    return ast.OnCloneNone(at.of(t))


def _on_clone_brms(at: _Lowering, t: Node) -> ast.OnCloneBrms:
    return ast.OnCloneBrms(at.body(t), at.incomplete(t), at.of(t))


def _on_clone_save21(at: _Lowering, t: Node) -> ast.OnCloneSave21:
    return ast.OnCloneSave21(at.body(t), at.incomplete(t), at.of(t))


def _on_clone_user(at: _Lowering, t: Node) -> ast.OnCloneUser:
    return ast.OnCloneUser(at.body(t), at.incomplete(t), at.of(t))


def _group(at: _Lowering, t: Node) -> ast.Group:
    name = at.words(t, "NAME")[0]
    return ast.Group(name, at.device_of(t), bool(_tokens(t, "RESTRICTED")), at.limit_of(t), at.of(t))


def _brms_together(at: _Lowering, t: Node) -> ast.GroupsTogether:
    return ast.GroupsTogether(at.body(t), at.incomplete(t), at.of(t))


def _save_to(at: _Lowering, t: Node) -> ast.SaveTo:
    device = at.device_of(t)
    assert device is not None
    return ast.SaveTo(device, at.limit_of(t), at.of(t))


def _use(at: _Lowering, t: Node) -> ast.Use:
    device = at.device_of(t)
    assert device is not None
    return ast.Use(device, at.of(t))


def _clone_run(at: _Lowering, t: Node) -> ast.CloneRun:
    ids: dict[str, tuple[ast.Word, ...]] = {
        str(c.data): tuple(at.words(c, "NAME")) for c in t.children if isinstance(c, Tree)
    }
    command = at.text(_token(t, 1))
    return ast.CloneRun(command, at.limit_of(t), ids.get("accept", ()), ids.get("wanted", ()), at.of(t))


def _clone_together(at: _Lowering, t: Node) -> ast.RunsTogether:
    return ast.RunsTogether(at.body(t), at.incomplete(t), at.of(t))


def _bring(at: _Lowering, t: Node) -> ast.Bring:
    return ast.Bring(at.text(_token(t, 1)), at.of(t))


# ---- a clone that lives on --------------------------------------------------------------------------


def _reconfigure(at: _Lowering, t: Node) -> ast.Reconfigure:
    return ast.Reconfigure(at.body(t), at.incomplete(t), at.of(t))


def _system_name(at: _Lowering, t: Node) -> ast.SystemName:
    return ast.SystemName(at.words(t, "NAME")[0], at.of(t))


def _domain(at: _Lowering, t: Node) -> ast.Domain:
    host, domain = at.texts(t)
    return ast.Domain(host, domain, at.of(t))


def _interface(at: _Lowering, t: Node) -> ast.Interface:
    address, mask = at.texts(t)
    return ast.Interface(address, mask, at.words(t, "NAME")[0], at.of(t))


def _route(at: _Lowering, t: Node) -> ast.Route:
    texts = at.texts(t)
    if len(texts) == 1:
        return ast.Route(None, None, texts[0], at.of(t))
    destination, mask, via = texts
    return ast.Route(destination, mask, via, at.of(t))


def _startup(at: _Lowering, t: Node) -> ast.Startup:
    library, program = at.words(t, "NAME")
    return ast.Startup(library, program, at.of(t))


def _hold_schedules(at: _Lowering, t: Node) -> ast.HoldSchedules:
    return ast.HoldSchedules(at.of(t))


def _hold_scheduler(at: _Lowering, t: Node) -> ast.HoldScheduler:
    product, command, proof = at.texts(t)
    return ast.HoldScheduler(product, command, proof, at.of(t))


def _never_subsystem(at: _Lowering, t: Node) -> ast.Never:
    library, name = at.words(t, "NAME")
    return ast.Never("subsystem", library, name, at.of(t))


def _never_domino(at: _Lowering, t: Node) -> ast.Never:
    return ast.Never("domino", None, at.words(t, "NAME")[0], at.of(t))


def _never_server(at: _Lowering, t: Node) -> ast.Never:
    return ast.Never("server", None, at.words(t, "SPECIAL")[0], at.of(t))


def _expires(at: _Lowering, t: Node) -> ast.Expires:
    return ast.Expires(at.limit(_token(t, 2)), at.of(t))


# ---- the end ----------------------------------------------------------------------------------------


def _set(at: _Lowering, t: Node) -> ast.Set:
    return ast.Set(at.word(_token(t, 1)), at.word(_token(t, 2)), at.of(t))


def _incremental(at: _Lowering, t: Node) -> ast.Incremental:
    return ast.Incremental(at.of(t))


def _afterwards(at: _Lowering, t: Node) -> ast.Afterwards:
    movement = t.children[3]
    assert isinstance(movement, Tree)
    return ast.Afterwards(bool(_tokens(movement, "WITH")), at.of(t))


def _leave(at: _Lowering, t: Node) -> ast.Leave:
    if _tokens(t, "HANDED"):
        return ast.Leave("handed over", at.of(t))
    return ast.Leave("running" if _tokens(t, "RUNNING") else "off", at.of(t))


def _expect(at: _Lowering, t: Node) -> ast.Expect:
    what = cast(Literal["suspended", "boot", "save", "run"], str(_token(t, 1)))
    return ast.Expect(what, at.limit(_token(t, 3)), at.of(t))


def _mail(at: _Lowering, t: Node) -> ast.Mail:
    phases = tuple(at.word(c) for c in t.children[3:] if isinstance(c, Token) and c.type != "COMMA")
    return ast.Mail(at.text(_token(t, 1)), phases, at.of(t))


def _hook(at: _Lowering, t: Node) -> ast.Hook:
    tokens = [c for c in t.children[3:] if isinstance(c, Token)]
    phases = tuple(at.word(c) for c in takewhile(lambda c: c.type != "WITHIN", tokens) if c.type != "COMMA")
    return ast.Hook(at.text(_token(t, 1)), phases, at.limit_of(t), at.of(t))


_STATEMENTS: dict[str, Callable[[_Lowering, Node], Any]] = {
    "include": _include,
    "defaults": _defaults,
    "system": _system,
    "host": _host,
    "identity": _identity,
    "library": _library,
    "release": _release,
    "language": _language,
    "independent": _independent,
    "console": _console,
    "array": _array,
    "address": _address,
    "user": _user,
    "key": _key,
    "password": _password,
    "token": _access_token,
    "through": _through,
    "fact": _fact,
    "standby": _standby,
    "mail_server": _mail_server,
    "command": _command,
    "clone": _clone,
    "partition": _partition,
    "disks": _disks,
    "volumes": _volumes,
    "free": _free,
    "network": _network,
    "link": _link,
    "previous": _previous,
    "environment": _environment,
    "every": _every,
    "on_date": _on_date,
    "except_on": _except_on,
    "started": _started,
    "require": _require,
    "before": _before,
    "after_flash": _after_flash,
    "after_run": _after_run,
    "on_failure": _on_failure,
    "plain_run": _plain_run,
    "around": _around,
    "hold_job": _hold_job,
    "hold_queue": _hold_queue,
    "hold_entry": _hold_entry,
    "end_subsystem": _end_subsystem,
    "end_domino": _end_domino,
    "end_server": _end_server,
    "vary_off": _vary_off,
    "run": _run,
    "quiesce": _quiesce,
    "resume": _resume,
    "boot": _boot,
    "keep": _keep,
    "keep_runs": _keep_runs,
    "on_clone_none": _on_clone_none,
    "on_clone_brms": _on_clone_brms,
    "on_clone_save21": _on_clone_save21,
    "on_clone_user": _on_clone_user,
    "group": _group,
    "brms_together": _brms_together,
    "set": _set,
    "incremental": _incremental,
    "save_to": _save_to,
    "use": _use,
    "clone_run": _clone_run,
    "clone_together": _clone_together,
    "bring": _bring,
    "reconfigure": _reconfigure,
    "system_name": _system_name,
    "domain": _domain,
    "interface": _interface,
    "route": _route,
    "startup": _startup,
    "hold_schedules": _hold_schedules,
    "hold_scheduler": _hold_scheduler,
    "hold_clone_queue": _hold_queue,
    "never_subsystem": _never_subsystem,
    "never_domino": _never_domino,
    "never_server": _never_server,
    "expires": _expires,
    "afterwards": _afterwards,
    "leave": _leave,
    "mail": _mail,
    "hook": _hook,
    "expect": _expect,
}
