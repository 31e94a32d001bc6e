"""The families of consoles, disk servers and arrays that this sidecar drives, and what each is told.

One entry a family.  Its module has `open_driver(config, device, edges)`, a console's
`open_driver(config, device, edges, clone)`, and is imported when a device of the family is used.  A family or
a way stands here when its driver passes the whole conformance suite (tests/conformance); the spec's words for
it are in the compiler's table, and a test compares the two.
"""

from __future__ import annotations

from typing import NamedTuple

_SVC_NAME = r"[A-Za-z_][A-Za-z0-9_.-]{0,62}\Z"
_PURE_NAME = r"[A-Za-z0-9][A-Za-z0-9:/_-]{0,126}\Z"
"""A pod stands before `::`, a volume group before `/`."""


class CopyShape(NamedTuple):
    """What the configuration says of a copy: the pattern of each of its parts, that of its volumes.

    `pair` is "" where the copy has no pairs of volumes.
    """

    parts: dict[str, str]
    pair: str = ""


class Family(NamedTuple):
    """A family: its module, its ways (the first is the usual one), its facts, its kinds of copies.

    `facts` are patterns of what the device must say of itself, `optional` of what it may.  `copies_max` is
    how many copies of one volume it holds (0: a console).  `profiles`: whether a console starts partitions
    with a profile.
    """

    module: str
    ways: tuple[str, ...]
    copies: dict[str, CopyShape]
    copies_max: int
    facts: dict[str, str]
    optional: dict[str, str]
    profiles: bool = True


_WORKSPACE = {"workspace": r"crn:[A-Za-z0-9_.:/-]{1,251}\Z", "iam": r"[A-Za-z0-9.-]{1,255}\Z"}

CONSOLES: dict[str, Family] = {
    "hmc": Family("flashrt.consoles.hmc", ("ssh", "rest"), {}, 0, {}, {}),
    "fsm": Family("flashrt.consoles.fsm", ("ssh",), {}, 0, {}, {}),
    "novalink": Family("flashrt.consoles.novalink", ("ssh",), {}, 0, {}, {}, profiles=False),
    "powervs": Family("flashrt.consoles.powervs", ("rest",), {}, 0, _WORKSPACE, {}, profiles=False),
}

SERVERS: dict[str, Family] = {
    "vios": Family("flashrt.consoles.vios_ssh", ("ssh",), {}, 0, {}, {}),
}
"""What serves disks to a clone and is asked itself, not by way of the console."""

ARRAYS: dict[str, Family] = {
    "svc": Family(
        "flashrt.arrays.svc",
        ("ssh", "rest"),
        {
            "group": CopyShape({}),
            "volume group": CopyShape({"source": _SVC_NAME, "target": _SVC_NAME}),
        },
        256,
        {},
        {},
    ),
    "ds8000": Family(
        "flashrt.arrays.ds8000",
        ("rest", "script"),
        {"pairs": CopyShape({}, r"[0-9A-F]{4}\Z")},
        12,
        {"image": r"IBM\.[0-9]{4}-[0-9A-Z]{7}\Z"},
        {
            "program": r"/[A-Za-z0-9_./-]{1,126}\Z",
            "refresh": r"incremental\Z",
            "release": r"space\Z",
        },
    ),
    "powermax": Family(
        "flashrt.arrays.powermax",
        ("rest", "ssh"),
        {
            "storage group": CopyShape(
                {
                    "source": r"[A-Za-z0-9_][A-Za-z0-9_-]{0,63}\Z",
                    "snapshot": r"[A-Za-z0-9_][A-Za-z0-9_-]{0,31}\Z",
                    "target": r"[A-Za-z0-9_][A-Za-z0-9_-]{0,63}\Z",
                }
            )
        },
        256,
        {"serial": r"[0-9]{12}\Z"},
        {"program": r"/[A-Za-z0-9_./-]{1,126}\Z"},
    ),
    "hitachi": Family(
        "flashrt.arrays.hitachi",
        ("rest",),
        {"snapshot group": CopyShape({"group": r"[A-Za-z0-9_.@-]{1,32}\Z"}, r"[0-9]{1,5}\Z")},
        1024,
        {"serial": r"[0-9]{12}\Z"},
        {},
    ),
    "pure": Family(
        "flashrt.arrays.pure",
        ("rest",),
        {"protection group": CopyShape({"group": _PURE_NAME}, _PURE_NAME)},
        500,
        {},
        {},
    ),
    "powervs": Family(
        "flashrt.arrays.powervs",
        ("rest",),
        {
            "volumes": CopyShape(
                {
                    "instance": r"[A-Za-z0-9][A-Za-z0-9_-]{0,46}\Z",
                    "name": r"[A-Za-z0-9][A-Za-z0-9_-]{0,19}\Z",
                }
            )
        },
        1,
        _WORKSPACE,
        {"release": r"volumes\Z"},
    ),
    "custom": Family(
        "flashrt.arrays.custom",
        ("script",),
        {"named": CopyShape({"name": r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,62}\Z"})},
        256,
        {"program": r"/[A-Za-z0-9_./-]{1,126}\Z"},
        {},
    ),
}
