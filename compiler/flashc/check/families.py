"""The families of consoles and storage systems: how a spec speaks of each, and what it may say.

One table.  The checks, completion, `docs/language.md`, the sidecar's configuration and the messages derive
from it.  What can be driven at all is in the sidecar (`runtime/flashrt/families.py`): a way that has no
driver there which passes the conformance suite is not `offered` here, and a test compares the two.

Limits of names and of copies: docs/platform-facts.md#array-families.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Credential = Literal["key", "password", "token", "none"]
"""What opens the door: an SSH key, a user's password, an API token, or nothing at all.  Each is a file."""


@dataclass(frozen=True, slots=True)
class Part:
    """A name in a phrase, or a fact of a device: its key for the sidecar, what it is, how it may look."""

    key: str
    what: str
    pattern: str
    longest: int
    example: str

    def takes(self, text: str) -> bool:
        """Whether a name has only what such a name may have; its length is another matter."""
        return re.fullmatch(self.pattern, text) is not None


@dataclass(frozen=True, slots=True)
class Way:
    """A way to drive a device: its usual port, its credential, and whether there is a driver for it."""

    name: Literal["ssh", "rest", "script"]
    port: int
    credential: Credential
    offered: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """How `disks` names the copy: the parts in their order, the volumes of its pairs if it has any.

    `presents`: the instant is taken first, and put on the targets by a request of its own.  `generations`:
    several copies may stand behind `or`.
    """

    words: str
    parts: tuple[Part, ...]
    pairs: Part | None = None
    presents: bool = False
    generations: bool = True
    offered: bool = True

    @property
    def example(self) -> str:
        """The phrase with the names of the example, as behind `disks`."""
        filled = {
            "group": 'group "{0}"',
            "volume group": 'volume group "{0}" onto "{1}"',
            "pairs": "{pairs}",
            "storage group": 'storage group "{0}" snapshot "{1}" linked to "{2}"',
            "protection group": 'protection group "{0}" {pairs}',
            "snapshot group": 'snapshot group "{0}" {pairs}',
            "volumes": 'volumes of "{0}" as "{1}"',
            "named": 'named "{0}"',
        }[self.words]
        pairs = "pairs " + self.pairs.example if self.pairs else ""
        return filled.format(*(part.example for part in self.parts), pairs=pairs)


@dataclass(frozen=True, slots=True)
class Fact:
    """A statement of the block of a device beside its access; `ways` that need it, all where it is empty.

    `default` is what holds where it is not written; with "" nothing is said to the sidecar then.
    """

    part: Part
    ways: tuple[str, ...] = ()
    required: bool = True
    default: str = ""


@dataclass(frozen=True, slots=True)
class Family:
    """A family of consoles or storage systems; the first way is the one that needs no `through`.

    `copies_max` is how many copies of one volume it holds (None: no console copies).
    """

    name: str
    kind: Literal["console", "array"]
    title: str
    ways: tuple[Way, ...]
    phrases: tuple[Phrase, ...] = ()
    facts: tuple[Fact, ...] = ()
    copies_max: int | None = None
    profiles: bool = True
    """Consoles: whether a partition is started with a profile."""
    vios_ways: tuple[str, ...] = ()
    """Consoles: the ways by which commands are handed on to a VIOS."""
    shows_vios: bool = True
    """Consoles: whether they say which VIOS partition serves a clone; nobody else is taken at his word."""
    ends_in_order: bool = True
    """Consoles: whether they ask a partition's system to end itself."""
    machines_by_serial: bool = False
    """Consoles: whether a machine has no name there but type, model and serial."""

    @property
    def offered(self) -> bool:
        """Whether there is any driver for it."""
        return any(way.offered for way in self.ways)

    def way(self, name: str) -> Way | None:
        """The way of that name."""
        return next((way for way in self.ways if way.name == name), None)

    def phrase(self, words: str) -> Phrase | None:
        """The phrase of these words."""
        return next((phrase for phrase in self.phrases if phrase.words == words), None)


_SVC_NAME = r"[A-Za-z_][A-Za-z0-9_.-]*"
_DS_VOLUMES = Part("volume", "volume", r"[0-9A-F]{4}(-[0-9A-F]{4})?", 9, '"1000-1003" to "1100-1103"')
_EMC_NAME = r"[A-Za-z0-9_][A-Za-z0-9_-]*"
_PURE_NAME = r"([A-Za-z0-9][A-Za-z0-9-]*(::|/))?[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?"
_PURE_VOLUME = Part(
    "volume", "volume", _PURE_NAME.replace("-]", "_-]"), 127, '"SISTPROD-D1" to "SISTPROD24-D1"'
)
_LDEV = Part("volume", "logical device", r"[0-9]+|[0-9A-F]{2}:[0-9A-F]{2}:[0-9A-F]{2}", 8, '"1024" to "2048"')
_PATH = r"/[A-Za-z0-9_./-]+"
_CRN = r"crn:[A-Za-z0-9_.:/-]+"
_WORKSPACE = Fact(
    Part("workspace", "workspace", _CRN, 255, "crn:v1:bluemix:public:power-iaas:us-east:a/1:2::")
)
_IAM = Fact(
    Part("iam", "token service", r"[A-Za-z0-9.-]+", 255, "iam.cloud.ibm.com"),
    required=False,
    default="iam.cloud.ibm.com",
)

FAMILIES: tuple[Family, ...] = (
    Family(
        "hmc",
        "console",
        "Hardware Management Console",
        (Way("ssh", 22, "key", True), Way("rest", 443, "password", True)),
        vios_ways=("ssh",),
    ),
    Family("fsm", "console", "Flex System Manager", (Way("ssh", 22, "key", True),), vios_ways=("ssh",)),
    Family(
        "novalink",
        "console",
        "PowerVM NovaLink",
        (Way("ssh", 22, "key", True),),
        profiles=False,
        ends_in_order=False,
        machines_by_serial=True,
    ),
    Family(
        "powervs",
        "console",
        "Power Virtual Server",
        (Way("rest", 443, "token", True),),
        facts=(_WORKSPACE, _IAM),
        profiles=False,
        shows_vios=False,
    ),
    Family(
        "svc",
        "array",
        "SVC, Storwize V7000, FlashSystem",
        (Way("ssh", 22, "key", True), Way("rest", 7443, "password", True)),
        (
            Phrase("group", (Part("group", "consistency group", _SVC_NAME, 63, "SISTPROD_24"),)),
            Phrase(
                "volume group",
                (
                    Part("source", "volume group", _SVC_NAME, 63, "SISTPROD"),
                    Part("target", "volume group", _SVC_NAME, 63, "SISTPROD_24"),
                ),
                presents=True,
            ),
        ),
        copies_max=256,
    ),
    Family(
        "ds8000",
        "array",
        "DS8000",
        (Way("rest", 8452, "password", True), Way("script", 1751, "password", True)),
        (Phrase("pairs", (), _DS_VOLUMES),),
        (
            Fact(Part("image", "storage image", r"IBM\.[0-9]{4}-[0-9A-Z]{7}", 16, "IBM.2107-75ABC12")),
            Fact(
                Part("program", "path of dscli", _PATH, 127, "/ibm/dscli/dscli"),
                ("script",),
                False,
                "/ibm/dscli/dscli",
            ),
            Fact(
                Part("refresh", "way to take the next copy", r"incremental", 11, "incremental"),
                ("script",),
                False,
            ),
            Fact(Part("release", "what is given back with a copy", r"space", 5, "space"), ("script",), False),
        ),
        copies_max=12,
    ),
    Family(
        "powermax",
        "array",
        "VMAX, PowerMax",
        (Way("rest", 8443, "password", True), Way("ssh", 22, "key", True)),
        (
            Phrase(
                "storage group",
                (
                    Part("source", "storage group", _EMC_NAME, 64, "SISTPROD"),
                    Part("snapshot", "snapshot", _EMC_NAME, 32, "FLASHC"),
                    Part("target", "storage group", _EMC_NAME, 64, "SISTPROD_24"),
                ),
                presents=True,
            ),
        ),
        (
            Fact(Part("serial", "serial number of the array", r"[0-9]{12}", 12, "000197900123")),
            Fact(
                Part("program", "folder of SYMCLI", _PATH, 127, "/usr/symcli/bin"),
                ("ssh",),
                False,
                "/usr/symcli/bin",
            ),
        ),
        copies_max=256,
    ),
    Family(
        "pure",
        "array",
        "Pure FlashArray",
        (Way("rest", 443, "token", True),),
        (
            Phrase(
                "protection group",
                (Part("group", "protection group", _PURE_NAME, 127, "SISTPROD"),),
                _PURE_VOLUME,
                presents=True,
            ),
        ),
        copies_max=500,
    ),
    Family(
        "hitachi",
        "array",
        "Hitachi VSP",
        (Way("rest", 443, "password", True),),
        (
            Phrase(
                "snapshot group",
                (Part("group", "snapshot group", r"[A-Za-z0-9_.@-]+", 32, "SISTPROD_24"),),
                _LDEV,
            ),
        ),
        (Fact(Part("serial", "storage device id", r"[0-9]{12}", 12, "886000123456")),),
        copies_max=1024,
    ),
    Family(
        "powervs",
        "array",
        "Power Virtual Server",
        (Way("rest", 443, "token", True),),
        (
            Phrase(
                "volumes",
                (
                    Part("instance", "instance", r"[A-Za-z0-9][A-Za-z0-9_-]*", 47, "SISTPROD"),
                    Part("name", "name of the volumes", r"[A-Za-z0-9][A-Za-z0-9_-]*", 20, "SISTPROD24"),
                ),
                presents=True,
                generations=False,
            ),
        ),
        (
            _WORKSPACE,
            _IAM,
            Fact(Part("release", "what is deleted with a copy", r"volumes", 7, "volumes"), required=False),
        ),
        copies_max=1,
    ),
    Family(
        "custom",
        "array",
        "Any other array, by commands of the site",
        (Way("script", 0, "none", True),),
        (
            Phrase(
                "named",
                (Part("name", "copy", r"[A-Za-z0-9_][A-Za-z0-9_.-]*", 63, "SISTPROD_24"),),
                presents=True,
            ),
        ),
        (Fact(Part("program", "path of the site's command", _PATH, 127, "/usr/local/bin/sitecopy")),),
        copies_max=256,
    ),
)


def families(kind: str) -> dict[str, Family]:
    """The families of consoles or of arrays, by name."""
    return {family.name: family for family in FAMILIES if family.kind == kind}


def offered(kind: str) -> tuple[str, ...]:
    """The names of those that can be used."""
    return tuple(name for name, family in families(kind).items() if family.offered)
