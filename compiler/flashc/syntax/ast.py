"""The syntax tree of a spec: what was written, where, and nothing about what it means.

Every node has the span it was written at.  A block in which something could not be understood is marked
`incomplete`, so that nobody complains about parts that may well be there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from flashc.diag import Span


@dataclass(frozen=True, slots=True)
class Word:
    """A name, keyword or `*SPECIAL` value, as written."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Text:
    """A quoted text, without its quotes; a doubled quote inside stands for one."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number."""

    value: int
    span: Span


@dataclass(frozen=True, slots=True)
class Limit:
    """A stretch of time, in seconds; `text` is the spelling with its unit."""

    seconds: int
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """A time of day as written, such as 20:35; not yet known to exist."""

    hour: int
    minute: int
    second: int
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment from its `#` to the end of the line; `own_line` when nothing stands before it."""

    text: str
    own_line: bool
    span: Span


# ---- system, console, array, mail server, command ---------------------------------------------------


@dataclass(frozen=True, slots=True)
class Host:
    """`host "ADDRESS" user NAME`"""

    address: Text
    user: Word
    span: Span


@dataclass(frozen=True, slots=True)
class Identity:
    """`identity serial S lpar N`"""

    serial: Word
    lpar: Number
    span: Span


@dataclass(frozen=True, slots=True)
class Library:
    """`library NAME`"""

    name: Word
    span: Span


@dataclass(frozen=True, slots=True)
class Release:
    """`release 7.4`"""

    version: Word
    span: Span


SystemStatement: TypeAlias = "Host | Identity | Library | Release"


@dataclass(frozen=True, slots=True)
class System:
    """`system NAME { … }`"""

    name: Word
    body: tuple[SystemStatement, ...]
    incomplete: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Address:
    """`address "A" or "B"`"""

    addresses: tuple[Text, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class User:
    """`user "NAME"`: a user of a console or storage system."""

    name: Text
    span: Span


@dataclass(frozen=True, slots=True)
class Key:
    """`key "FILE"`: a key file in the product's key folder."""

    file: Text
    span: Span


AccessStatement: TypeAlias = "Address | User | Key"


@dataclass(frozen=True, slots=True)
class Console:
    """`console NAME is FAMILY { … }`"""

    name: Word
    family: Word
    body: tuple[AccessStatement, ...]
    incomplete: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Array:
    """`array NAME is FAMILY { … }`"""

    name: Word
    family: Word
    body: tuple[AccessStatement, ...]
    incomplete: bool
    span: Span


@dataclass(frozen=True, slots=True)
class MailServer:
    """`mail server "ADDRESS" from "SENDER"`"""

    address: Text
    sender: Text
    span: Span


@dataclass(frozen=True, slots=True)
class Command:
    """`command NAME [from "FILE.cmd"]`: a command of the site."""

    name: Word
    source: Text | None
    span: Span


# ---- clone ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Partition:
    """`partition ID "NAME" on "MANAGED SYSTEM" through CONSOLE profile "PROFILE"`"""

    lpar_id: Number
    name: Text
    managed_system: Text
    console: Word
    profile: Text
    span: Span


@dataclass(frozen=True, slots=True)
class Disks:
    """`disks group "GROUP" on ARRAY`"""

    group: Text
    array: Word
    span: Span


@dataclass(frozen=True, slots=True)
class Network:
    """`network isolated` or `network not isolated because "REASON"`"""

    isolated: bool
    reason: Text | None
    span: Span


@dataclass(frozen=True, slots=True)
class Link:
    """`link source "A" clone "B" line NAME [vlan N]`"""

    source: Text
    clone: Text
    line: Word
    vlan: Number | None
    span: Span


@dataclass(frozen=True, slots=True)
class Previous:
    """`previous ended within L [then immediately]` or `previous immediately` (no limit then)"""

    within: Limit | None
    immediately: bool
    span: Span


CloneStatement: TypeAlias = "Partition | Disks | Network | Link | Previous"


@dataclass(frozen=True, slots=True)
class Clone:
    """`clone NAME of SYSTEM { … }`"""

    name: Word
    source: Word
    body: tuple[CloneStatement, ...]
    incomplete: bool
    span: Span


# ---- environment ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Every:
    """`every DAYS at TIME and TIME`; the days as written: day, weekday, or mon … sun"""

    days: tuple[Word, ...]
    times: tuple[TimeOfDay, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Require:
    """`require group "GROUP" on ARRAY STATE`"""

    group: Text
    array: Word
    state: Word
    span: Span


@dataclass(frozen=True, slots=True)
class HoldJob:
    """`hold job USER/JOB`"""

    user: Word
    job: Word
    span: Span


@dataclass(frozen=True, slots=True)
class EndDomino:
    """`end domino SERVER within L`"""

    server: Word
    within: Limit
    span: Span


@dataclass(frozen=True, slots=True)
class Run:
    """`run "COMMAND" undo "COMMAND" [within L]`"""

    command: Text
    undo: Text
    within: Limit | None
    span: Span


AroundStatement: TypeAlias = "HoldJob | EndDomino | Run"


@dataclass(frozen=True, slots=True)
class Around:
    """`around flash { … }`"""

    body: tuple[AroundStatement, ...]
    incomplete: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Quiesce:
    """`quiesce within L [retries N] otherwise …`"""

    within: Limit
    retries: Number | None
    otherwise: Literal["abort", "continue partial", "flush only"]
    span: Span


@dataclass(frozen=True, slots=True)
class Resume:
    """`resume within L`"""

    within: Limit
    span: Span


@dataclass(frozen=True, slots=True)
class Boot:
    """`boot within L`"""

    within: Limit
    span: Span


@dataclass(frozen=True, slots=True)
class Group:
    """`group NAME library DEVICE [restricted] within L`"""

    name: Word
    library: Word
    restricted: bool
    within: Limit | None
    span: Span


@dataclass(frozen=True, slots=True)
class Set:
    """`set NAME VALUE`: a system value changed on the clone before the save"""

    name: Word
    value: Word
    span: Span


BrmsStatement: TypeAlias = "Group | Set"


@dataclass(frozen=True, slots=True)
class OnCloneBrms:
    """`on clone brms { … }`"""

    body: tuple[BrmsStatement, ...]
    incomplete: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Afterwards:
    """`afterwards maintenance brms with|without movement`"""

    movement: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Leave:
    """`leave clone running|off`"""

    clone: Literal["running", "off"]
    span: Span


@dataclass(frozen=True, slots=True)
class Mail:
    """`mail "ADDRESS" on PHASE, PHASE`"""

    address: Text
    phases: tuple[Word, ...]
    span: Span


EnvironmentStatement: TypeAlias = (
    "Every | Require | Around | Quiesce | Resume | Boot | OnCloneBrms | Afterwards | Leave | Mail"
)


@dataclass(frozen=True, slots=True)
class Environment:
    """`environment NAME on CLONE { … }`"""

    name: Word
    clone: Word
    body: tuple[EnvironmentStatement, ...]
    incomplete: bool
    span: Span


Item: TypeAlias = "System | Console | Array | MailServer | Command | Clone | Environment"


@dataclass(frozen=True, slots=True)
class File:
    """A whole spec file: its definitions in order, and its comments in order.

    `lost` names the kinds of definition (system, clone …) of which at least one could not be read.
    """

    name: str
    items: tuple[Item, ...]
    comments: tuple[Comment, ...]
    lost: frozenset[str]
