"""The site of a spec: systems, consoles, storage systems, mail server, own commands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import cast

from flashc.check import model, values
from flashc.check.families import Family, Way, families, offered
from flashc.check.findings import Findings
from flashc.check.names import Block, Names, kind_of
from flashc.syntax import ast
from flashc.syntax.words import example, nearest, shown

EVERY_ARRAY = "ALL"
"""What a call of the sidecar says for all arrays of a clone."""
RELEASES = ("7.3", "7.4", "7.5", "7.6")

SSH_NAME = 8
"""The longest name of a profile that the SSH server lets in everywhere (docs/platform-facts.md#sshd)."""
SSH_SHORT_NAMES = ("7.3",)

SSH_PORT, SMTP_PORT = 22, 25

SourceReader = Callable[[ast.Text], "str | None"]


def resolve_system(names: Names, node: ast.System) -> model.System | None:
    found = names.found
    block = Block(found, node, f"system {shown(node.name.text)}")
    host, library, release = (
        block.one(ast.Host, "host"),
        block.one(ast.Library, "library"),
        block.one(ast.Release, "release"),
    )
    identities = [_identity(found, i) for i in block.several(ast.Identity, "identity")]
    name = values.own_name(found, node.name, "system")
    endpoint = values.endpoint(found, host.address, SSH_PORT) if host else None
    user = values.object_name(found, host.user, "user profile") if host else None
    lib = _library(found, library) if library else None
    if release and release.version.text not in RELEASES:
        found.add("FL3005", release.version.span, f"release {release.version.text} is not supported")
        release = None
    if host and user and release and release.version.text in SSH_SHORT_NAMES and len(user) > SSH_NAME:
        found.add("FL3115", host.user.span, f"the name of profile {user} has {len(user)} characters")
    if name is None or endpoint is None or user is None or lib is None or release is None:
        return None
    if not identities or None in identities:
        return None
    pairs = tuple(i for i in identities if i is not None)
    written = [i for i in node.body if isinstance(i, ast.Identity)]
    found.once((f"identity {i.serial.text} lpar {i.lpar.value}", i.span) for i in written)
    language = block.one(ast.Language, "language", required=False)
    asps = [
        values.object_name(found, statement.name, "independent ASP")
        for statement in node.body
        if isinstance(statement, ast.IndependentAsp)
    ]
    if None in asps:
        return None
    first: dict[str, ast.IndependentAsp] = {}
    for statement in node.body:
        if isinstance(statement, ast.IndependentAsp):
            other = first.setdefault(statement.name.text, statement)
            if other is not statement:
                message = f"independent ASP {statement.name.text} stands twice"
                found.both("FL3002", statement.span, message, other.span, "the first one")
    return model.System(
        name,
        endpoint.host,
        endpoint.port,
        user,
        pairs,
        lib,
        release.version.text,
        node.span,
        cast(model.Language, language.name.text) if language else "english",
        tuple(dict.fromkeys(a for a in asps if a)),
    )


def _identity(found: Findings, node: ast.Identity) -> model.Identity | None:
    serial = node.serial.text
    lpar = values.number(found, node.lpar, "FL3007", "a partition id", 1, 9999)
    if len(serial) != 7 or not serial.isalnum() or not serial.isascii():
        found.add("FL3006", node.serial.span, f"`{shown(serial)}` is not the serial number of a machine")
        return None
    return model.Identity(serial, lpar) if lpar is not None else None


def _library(found: Findings, node: ast.Library) -> str | None:
    name = values.own_name(found, node.name, "library")
    if name is None:
        return None
    if name.startswith("Q"):
        found.add("FL2005", node.name.span, f"library {name} begins with a letter that IBM keeps for itself")
        return None
    if name[:9] + "G" == name:
        message = f"library {name} and its guard library would have the same name"
        found.add("FL2006", node.name.span, message)
        return None
    return name


@dataclass(frozen=True, slots=True)
class _Access:
    """What the block of a console or storage system says, each part checked."""

    name: str
    family: Family
    way: Way
    endpoints: tuple[model.Endpoint, ...]
    user: str
    credential: str
    facts: tuple[tuple[str, str], ...]


_CREDENTIALS: dict[str, tuple[type[ast.Key] | type[ast.Password] | type[ast.Token], str]] = {
    "key": (ast.Key, "key"),
    "password": (ast.Password, "password"),
    "token": (ast.Token, "token"),
}


def _access(found: Findings, node: ast.Console | ast.Array) -> _Access | None:
    kind = kind_of(node)
    block = Block(found, node, f"{kind} {shown(node.name.text)}")
    name = values.own_name(found, node.name, kind, longest=31)
    family = families(kind).get(node.family.text)
    if family is None or not family.offered:
        known = list(offered(kind))
        near = nearest(node.family.text, known) or _sold_as(node.family.text, kind)
        help_text = f"Did you mean `{near}`?" if near else f"Known: {', '.join(known)}."
        message = f"`{shown(node.family.text)}` is no family of {kind}s that can be used"
        found.add("FL3004", node.family.span, message, help=help_text)
        return None
    way = _way(found, block, family)
    if way is None:
        return None
    address = block.one(ast.Address, "address", required=way.credential != "none")
    user = block.one(ast.User, "user", required=way.credential in ("key", "password"))
    credential = None
    if way.credential != "none":
        # Another kind of credential is one mistake: `_strangers` tells it.
        another = any(isinstance(one, tuple(kind for kind, _ in _CREDENTIALS.values())) for one in node.body)
        credential = block.one(*_CREDENTIALS[way.credential], required=not another)
    facts = _facts(found, block, family, way)
    _strangers(found, node, family, way)
    endpoints = [values.endpoint(found, a, way.port) for a in address.addresses] if address else []
    if address:
        found.once((f'address "{a.text}"', a.span) for a in address.addresses)
    user_name = values.user_name(found, user.name) if user and not values.secret(found, user.name) else ""
    file = None
    if credential and not values.secret(found, credential.file):
        file = values.key_file(found, credential.file)
    if way.credential == "none":
        file = ""
    if name is None or user_name is None or file is None or facts is None or None in endpoints:
        return None
    if (way.credential != "none" and not endpoints) or (
        way.credential in ("key", "password") and not user_name
    ):
        return None
    return _Access(name, family, way, tuple(e for e in endpoints if e is not None), user_name, file, facts)


def _sold_as(product: str, kind: str) -> str | None:
    """The family whose products are sold under a name: a `v7000` is of the family svc."""
    for name in offered(kind):
        if product.casefold() in families(kind)[name].title.casefold().replace(",", "").split():
            return name
    return None


def _way(found: Findings, block: Block, family: Family) -> Way | None:
    """The way that the block names, or the family's first one."""
    through = block.one(ast.Through, "through", required=False)
    way = family.way(through.way.text) if through else family.ways[0]
    if way is not None and way.offered:
        return way
    known = " or ".join(f"`through {one.name}`" for one in family.ways if one.offered)
    place = through.way.span if through else block.node.family.span
    what = f"`through {through.way.text}`" if through else "this way"
    found.add("FL3004", place, f"{family.name} cannot be driven {what}", help=f"Write {known}.")
    return None


def _facts(found: Findings, block: Block, family: Family, way: Way) -> tuple[tuple[str, str], ...] | None:
    """What the family needs to know beside the access; None if something of it is wrong or missing."""
    written: dict[str, ast.Fact] = {}
    for statement in block.all_of(ast.Fact):
        first = written.setdefault(statement.key.text, statement)
        if first is not statement:
            message = f"`{statement.key.text}` stands twice in {block.title}"
            found.both("FL3002", statement.span, message, first.span, "the first one")
    made: list[tuple[str, str]] = []
    good = True
    for fact in family.facts:
        if fact.ways and way.name not in fact.ways:
            continue
        own = written.get(fact.part.key)
        if own is None:
            if fact.required:
                block.missing(fact.part.key)
                good = False
            elif fact.default:
                made.append((fact.part.key, fact.default))
            continue
        value = None if values.secret(found, own.value) else values.part(found, own.value, fact.part)
        good = good and value is not None
        made.append((fact.part.key, value or ""))
    return tuple(made) if good else None


def _strangers(found: Findings, node: ast.Console | ast.Array, family: Family, way: Way) -> None:
    """Statements that the family does not take by this way: nobody would read them."""
    own = {fact.part.key for fact in family.facts if not fact.ways or way.name in fact.ways}
    for statement in node.body:
        word = ""
        for kind, (credential, written) in _CREDENTIALS.items():
            if isinstance(statement, credential) and way.credential != kind:
                word = written
        if isinstance(statement, ast.Fact) and statement.key.text not in own:
            word = statement.key.text
        if isinstance(statement, ast.User) and way.credential in ("token", "none"):
            word = "user"
        if isinstance(statement, ast.Address) and way.credential == "none":
            word = "address"
        if word:
            help_text = _own_credential(node, family, way, word) if word in _WORDS else None
            message = f"{family.name} driven by {way.name} takes no `{word}`"
            found.add("FL3101", statement.span, message, help=help_text)


_WORDS = frozenset(word for _, word in _CREDENTIALS.values())


def _own_credential(node: ast.Console | ast.Array, family: Family, way: Way, word: str) -> str | None:
    """Help for a credential of another kind: the way's own, and the way that takes the one written."""
    wanted = _word(way)
    if not wanted:
        return None
    others = [one.name for one in family.ways if one.offered and _word(one) == word]
    through = f" With a {word}: through {others[0]}" if others else ""
    return f"It takes: {example(kind_of(node), [wanted])}{'.' if through else ''}{through}"


def _word(way: Way) -> str:
    return _CREDENTIALS[way.credential][1] if way.credential in _CREDENTIALS else ""


def resolve_console(names: Names, node: ast.Console) -> model.Console | None:
    access = _access(names.found, node)
    if access is None:
        return None
    return model.Console(
        access.name,
        access.family,
        access.way,
        access.endpoints,
        access.user,
        access.credential,
        node.span,
        facts=access.facts,
    )


def with_standbys(
    names: Names, nodes: list[ast.Console], consoles: tuple[model.Console, ...]
) -> tuple[model.Console, ...]:
    """The consoles with their standby consoles; a standby may be defined behind the one it stands in for."""
    standbys = {}
    for node in nodes:
        block = Block(names.found, node, f"console {shown(node.name.text)}")
        statement = block.one(ast.Standby, "standby", required=False)
        if statement is None:
            continue
        other = names.refer("console", statement.console)
        if statement.console.text == node.name.text:
            message = f"console {shown(node.name.text)} is its own standby"
            names.found.add("FL3019", statement.span, message)
        elif other is not None:
            standbys[node.name.text] = (other, statement)
    by_name = {console.name: console for console in consoles}
    for name, (other, statement) in standbys.items():
        own = by_name.get(name)
        if own is not None and (own.family.name, own.way.name) != (other.family.name, other.way.name):
            message = (
                f"console {other.name} is {other.family.name} by {other.way.name}; {name}, whose standby it "
                f"is, is {own.family.name} by {own.way.name}"
            )
            names.found.both("FL3019", statement.span, message, other.span, "the standby")
        if other.name in standbys:
            message = f"console {other.name} is the standby of {name} and has itself a standby"
            names.found.both("FL3019", statement.span, message, standbys[other.name][1].span, "its standby")
    made = tuple(
        replace(console, standby=standbys[console.name][0]) if console.name in standbys else console
        for console in consoles
    )
    names.resolved["console"] = {console.name: console for console in made}
    return made


def resolve_array(names: Names, node: ast.Array) -> model.Array | None:
    access = _access(names.found, node)
    if access is None:
        return None
    if access.name == EVERY_ARRAY:
        message = f"no array can be called {access.name}: to the sidecar it means every array"
        names.found.add("FL2011", node.name.span, message)
        return None
    return model.Array(
        access.name,
        access.family,
        access.way,
        access.endpoints,
        access.user,
        access.credential,
        node.span,
        access.facts,
    )


def resolve_mail_server(names: Names, node: ast.MailServer) -> model.MailServer | None:
    endpoint = values.endpoint(names.found, node.address, SMTP_PORT)
    sender = values.mail_address(names.found, node.sender)
    if endpoint is None or sender is None:
        return None
    return model.MailServer(endpoint.host, endpoint.port, sender, node.span)


def resolve_command(
    names: Names, node: ast.Command, read_source: SourceReader
) -> model.DeclaredCommand | None:
    name = values.object_name(names.found, node.name, "command")
    if node.source is None:
        return model.DeclaredCommand(name, None, node.span) if name else None
    source = read_source(node.source)
    if name is None or source is None:
        return None
    return model.DeclaredCommand(name, source, node.span)
