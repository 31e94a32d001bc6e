"""The syntax tree of a spec: what was written, where, and nothing about what it means.

Every node has the span it was written at.  A block in which something could not be understood is marked
`incomplete`, so that nobody complains about parts that may well be there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from flashc.diag import Span

ANY_KIND = "?"
"""In `File.lost`: a definition of a kind that could not be told."""


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


@dataclass(frozen=True, slots=True)
class Date:
    """A date as written, such as 2026-12-31; not yet known to exist."""

    year: int
    month: int
    day: int
    text: str
    span: Span


# ---- files, system, console, array, mail server, command --------------------------------------------


@dataclass(frozen=True, slots=True)
class Include:
    """`include "FILE"`: the definitions of another file, as if they stood here"""

    file: Text
    span: Span


@dataclass(frozen=True, slots=True)
class Defaults:
    """`defaults { … }`: statements for every environment and clone of this file that has none of its own"""

    body: tuple[DefaultsStatement, ...]
    incomplete: bool
    span: Span


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


@dataclass(frozen=True, slots=True)
class Language:
    """`language english|spanish|french`: of messages, prompts and help"""

    name: Word
    span: Span


@dataclass(frozen=True, slots=True)
class IndependentAsp:
    """`independent asp NAME`: suspended and copied beside *SYSBAS"""

    name: Word
    span: Span


SystemStatement: TypeAlias = "Host | Identity | Library | Release | Language | IndependentAsp"


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


@dataclass(frozen=True, slots=True)
class Standby:
    """`standby CONSOLE`: used when this console cannot be reached"""

    console: Word
    span: Span


@dataclass(frozen=True, slots=True)
class Password:
    """`password file "FILE"`: a file in the product's key folder that holds the user's password."""

    file: Text
    span: Span


@dataclass(frozen=True, slots=True)
class Token:
    """`token file "FILE"`: a file in the product's key folder that holds an API token or API key."""

    file: Text
    span: Span


@dataclass(frozen=True, slots=True)
class Through:
    """`through ssh`, `rest` or `script`: by which of its ways a console or storage system is driven."""

    way: Word
    span: Span


@dataclass(frozen=True, slots=True)
class Fact:
    """`image "…"` and the like: what a family needs to know of a console or storage system."""

    key: Word
    value: Text
    span: Span


AccessStatement: TypeAlias = "Address | User | Key | Password | Token | Through | Fact"


@dataclass(frozen=True, slots=True)
class Console:
    """`console NAME is FAMILY { … }`"""

    name: Word
    family: Word
    body: tuple[AccessStatement | Standby, ...]
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
    profile: Text | None
    span: Span


@dataclass(frozen=True, slots=True)
class Pair:
    """`"SOURCE" to "TARGET"`"""

    source: Text
    target: Text
    span: Span


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy of a part of the disks: the names that its phrase asks for, and its pairs of volumes.

    Of generations a later one repeats the names that it shares with the first.
    """

    names: tuple[Text, ...]
    pairs: tuple[Pair, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Disks:
    """`disks group "GROUP" on ARRAY`; several copies with `or` are generations, the oldest is used.

    `phrase` is what the words before the names say, such as `storage group`.
    """

    phrase: str
    copies: tuple[Copy, ...]
    array: Word
    span: Span


@dataclass(frozen=True, slots=True)
class Vios:
    """`"NAME" [address "ADDRESS" user "USER" key "FILE"]`: a VIOS, and how it is asked by SSH"""

    name: Text
    address: Text | None
    user: Text | None
    key: Text | None
    span: Span


@dataclass(frozen=True, slots=True)
class Volumes:
    """`volumes npiv` or `volumes vios "NAME" and "NAME"` (then there is at least one)"""

    vios: tuple[Vios, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class FreeCapacity:
    """`free capacity 15%`: of the pool of the targets"""

    percent: Number
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


CloneStatement: TypeAlias = "Partition | Disks | Volumes | FreeCapacity | Network | Link | Previous"


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
    which: Word | None
    """first … fourth or last: the day is the one of that number in each month"""
    times: tuple[TimeOfDay, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class OnDate:
    """`on 2026-12-31 at TIME and TIME`"""

    date: Date
    times: tuple[TimeOfDay, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class ExceptOn:
    """`except on DATE and DATE`"""

    dates: tuple[Date, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Started:
    """`started by hand` or `started by scheduler "NAME"`"""

    scheduler: Text | None
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
class HoldQueue:
    """`hold job queue LIBRARY/QUEUE`: around the flash, or on a clone that lives on"""

    library: Word
    queue: Word
    span: Span


@dataclass(frozen=True, slots=True)
class HoldEntry:
    """`hold schedule entry NAME`"""

    name: Word
    span: Span


@dataclass(frozen=True, slots=True)
class EndSubsystem:
    """`end subsystem LIBRARY/NAME within L`"""

    library: Word
    name: Word
    within: Limit
    span: Span


@dataclass(frozen=True, slots=True)
class EndDomino:
    """`end domino SERVER within L`"""

    server: Word
    within: Limit
    span: Span


@dataclass(frozen=True, slots=True)
class EndServer:
    """`end tcp server *NAME`"""

    name: Word
    span: Span


@dataclass(frozen=True, slots=True)
class VaryOff:
    """`vary off device NAME`"""

    device: Word
    span: Span


@dataclass(frozen=True, slots=True)
class Run:
    """`run "COMMAND" undo "COMMAND" [within L]`"""

    command: Text
    undo: Text
    within: Limit | None
    span: Span


AroundStatement: TypeAlias = (
    "HoldJob | HoldQueue | HoldEntry | EndSubsystem | EndDomino | EndServer | VaryOff | Run"
)


@dataclass(frozen=True, slots=True)
class Around:
    """`around flash { … }`"""

    body: tuple[AroundStatement, ...]
    incomplete: bool
    span: Span


@dataclass(frozen=True, slots=True)
class PlainRun:
    """`run "COMMAND" [within L]`: a command without undo"""

    command: Text
    within: Limit | None
    span: Span


@dataclass(frozen=True, slots=True)
class Runs:
    """`before`, `after flash`, `afterwards` or `on failure` with a block of commands"""

    when: Literal["before", "after flash", "afterwards", "on failure"]
    body: tuple[PlainRun, ...]
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
class Keep:
    """`keep snapshot L`: how long a copy is not given up"""

    within: Limit
    span: Span


@dataclass(frozen=True, slots=True)
class KeepRuns:
    """`keep runs L`: how long a run's rows and what its clone delivered are kept"""

    within: Limit
    span: Span


@dataclass(frozen=True, slots=True)
class Device:
    """Where a save goes: `library N`, `drive N`, `virtual tape N catalog C`, `optical N catalog C` or
    `save file LIBRARY/N`, with the media it uses: `sequential`, `volumes "V" and "V"` or `category C`.
    """

    kind: Literal["library", "drive", "virtual tape", "optical", "save file"]
    name: Word
    qualifier: Word | None
    """The image catalogue, or the library of the save file."""
    sequential: bool
    volumes: tuple[Text, ...]
    category: Word | None
    span: Span


@dataclass(frozen=True, slots=True)
class Group:
    """`group NAME [DEVICE] [restricted] within L`"""

    name: Word
    device: Device | None
    restricted: bool
    within: Limit | None
    span: Span


@dataclass(frozen=True, slots=True)
class GroupsTogether:
    """`together { group … }`: control groups saved at the same time, joined"""

    body: tuple[Group, ...]
    incomplete: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Set:
    """`set NAME VALUE`: a system value changed on the clone before the save"""

    name: Word
    value: Word
    span: Span


@dataclass(frozen=True, slots=True)
class Incremental:
    """`incremental from flash`: what changed since the flash is in the next incremental save"""

    span: Span


BrmsStatement: TypeAlias = "Group | GroupsTogether | Set | Incremental"


@dataclass(frozen=True, slots=True)
class OnCloneNone:
    """`on clone none`: a safety snapshot, the clone is not started"""

    span: Span


@dataclass(frozen=True, slots=True)
class OnCloneBrms:
    """`on clone brms { … }`"""

    body: tuple[BrmsStatement, ...]
    incomplete: bool
    span: Span


@dataclass(frozen=True, slots=True)
class SaveTo:
    """`save to DEVICE within L`"""

    device: Device
    within: Limit | None
    span: Span


@dataclass(frozen=True, slots=True)
class OnCloneSave21:
    """`on clone save21 { … }`: the whole system, as by option 21 of the menu SAVE"""

    body: tuple[SaveTo, ...]
    incomplete: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Use:
    """`use DEVICE`: made ready before the commands, given back behind them"""

    device: Device
    span: Span


@dataclass(frozen=True, slots=True)
class CloneRun:
    """`run "COMMAND" within L [accept ID, ID] [expect ID, ID]`"""

    command: Text
    within: Limit | None
    accept: tuple[Word, ...]
    expect: tuple[Word, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class RunsTogether:
    """`together { run … }`: commands run at the same time, joined"""

    body: tuple[CloneRun, ...]
    incomplete: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Bring:
    """`bring "PATH"`: a stream file of the clone that is sent home"""

    path: Text
    span: Span


UserStatement: TypeAlias = "Use | CloneRun | RunsTogether | Bring"


@dataclass(frozen=True, slots=True)
class OnCloneUser:
    """`on clone user { … }`: commands of the site"""

    body: tuple[UserStatement, ...]
    incomplete: bool
    span: Span


# ---- a clone that lives on --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SystemName:
    """`system name NAME`"""

    name: Word
    span: Span


@dataclass(frozen=True, slots=True)
class Domain:
    """`host "NAME" domain "DOMAIN"`"""

    host: Text
    domain: Text
    span: Span


@dataclass(frozen=True, slots=True)
class Interface:
    """`address "A" mask "M" line NAME`"""

    address: Text
    mask: Text
    line: Word
    span: Span


@dataclass(frozen=True, slots=True)
class Route:
    """`route default via "A"` (then destination and mask are None) or `route "D" mask "M" via "A"`"""

    destination: Text | None
    mask: Text | None
    via: Text
    span: Span


@dataclass(frozen=True, slots=True)
class Startup:
    """`startup program LIBRARY/NAME`"""

    library: Word
    program: Word
    span: Span


@dataclass(frozen=True, slots=True)
class HoldSchedules:
    """`hold schedules`: those of the native job scheduler and of the Advanced Job Scheduler"""

    span: Span


@dataclass(frozen=True, slots=True)
class HoldScheduler:
    """`hold scheduler "PRODUCT" by "COMMAND" proven by "COMMAND"`"""

    product: Text
    command: Text
    proof: Text
    span: Span


@dataclass(frozen=True, slots=True)
class Never:
    """`never start subsystem LIBRARY/NAME`, `never start domino NAME` or `never start tcp server *NAME`"""

    kind: Literal["subsystem", "domino", "server"]
    library: Word | None
    name: Word
    span: Span


@dataclass(frozen=True, slots=True)
class Expires:
    """`expires after L`"""

    after: Limit
    span: Span


ReconfigureStatement: TypeAlias = (
    "SystemName | Domain | Interface | Route | Startup | HoldSchedules | HoldScheduler | HoldQueue"
    " | Never | Expires"
)


@dataclass(frozen=True, slots=True)
class Reconfigure:
    """`reconfigure { … }`: what makes a clone that lives on another system, before its second IPL"""

    body: tuple[ReconfigureStatement, ...]
    incomplete: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Afterwards:
    """`afterwards maintenance brms with|without movement`"""

    movement: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Leave:
    """`leave clone running|off|handed over`"""

    clone: Literal["running", "off", "handed over"]
    span: Span


@dataclass(frozen=True, slots=True)
class Mail:
    """`mail "ADDRESS" on PHASE, PHASE`"""

    address: Text
    phases: tuple[Word, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Hook:
    """`run "COMMAND" on PHASE, PHASE [within L]`: told of the run by variables of its environment"""

    command: Text
    phases: tuple[Word, ...]
    within: Limit | None
    span: Span


@dataclass(frozen=True, slots=True)
class Expect:
    """`expect suspended|boot|save|run under L`: an assertion about a rehearsal"""

    what: Literal["suspended", "boot", "save", "run"]
    under: Limit
    span: Span


OnClone: TypeAlias = "OnCloneNone | OnCloneBrms | OnCloneSave21 | OnCloneUser"

EnvironmentStatement: TypeAlias = (
    "Every | OnDate | ExceptOn | Started | Require | Runs | Around | Quiesce | Resume | Boot | OnClone"
    " | Reconfigure | Keep | KeepRuns | Afterwards | Leave | Mail | Hook | Expect"
)

DefaultsStatement: TypeAlias = "Previous | Quiesce | Resume | Boot | KeepRuns | Leave | Mail | Hook"


@dataclass(frozen=True, slots=True)
class Environment:
    """`environment NAME on CLONE { … }`"""

    name: Word
    clone: Word
    body: tuple[EnvironmentStatement, ...]
    incomplete: bool
    span: Span


Item: TypeAlias = "Include | Defaults | System | Console | Array | MailServer | Command | Clone | Environment"


@dataclass(frozen=True, slots=True)
class File:
    """A whole spec file: its definitions in order, and its comments in order.

    `lost` names the kinds of definition (system, clone …) of which at least one could not be read; `ANY_KIND`
    where the kind could not be told.
    """

    name: str
    items: tuple[Item, ...]
    comments: tuple[Comment, ...]
    lost: frozenset[str]
