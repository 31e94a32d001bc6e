"""A partition with many disk units: no limit of a night is too short because there is more to look at."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flashc.bundle import build
from flashc.check import load
from flashc.cli.rehearsing import rehearse
from flashtwin.site_load import load_site
from rehearsed import EXAMPLES, only

UNITS = 300
"""Disk units of the partition; the examples have four."""

Pair = tuple[str, str]

FAMILIES: dict[str, tuple[Pair, Callable[[int], Pair]]] = {
    "nightly_brms": (("SISTPROD_D4", "SISTP24_D4"), lambda n: (f"SISTPROD_D{n}", f"SISTP24_D{n}")),
    "nightly_svc_snapshot": (("SISTPROD_D4", "SISTP24_D4"), lambda n: (f"SISTPROD_D{n}", f"SISTP24_D{n}")),
    "nightly_powermax": (("00104", "00204"), lambda n: (f"1{n:04}", f"2{n:04}")),
    "nightly_symcli": (("00104", "00204"), lambda n: (f"1{n:04}", f"2{n:04}")),
    "nightly_pure": (("SISTPROD-D4", "SISTP24-D4"), lambda n: (f"SISTPROD-D{n}", f"SISTP24-D{n}")),
    "nightly_hitachi": (("1024", "2044"), lambda n: (str(11000 + n), str(21000 + n))),
    "nightly_ds8000": (("1201", "1301"), lambda n: (f"{0x1400 + n:04X}", f"{0x1600 + n:04X}")),
    "nightly_dscli": (("1201", "1301"), lambda n: (f"{0x1400 + n:04X}", f"{0x1600 + n:04X}")),
}
"""Of each example its last source and target, and how more of them are named."""


@pytest.mark.parametrize("example", FAMILIES)
def test_a_partition_with_300_disk_units(example: str, tmp_path: Path) -> None:
    (last, onto), named = FAMILIES[example]
    pairs = [named(n) for n in range(5, UNITS + 1)]
    site = (EXAMPLES / f"{example}.site.toml").read_text(encoding="utf-8")
    parts = site.split(f'["{last}", "{onto}"]')
    for name, added in ((last, [one for one, _ in pairs]), (onto, [other for _, other in pairs])):
        parts = [with_more(part, name, added) for part in parts]
    site = ", ".join(f'["{one}", "{other}"]' for one, other in [(last, onto), *pairs]).join(parts)
    spec, problems = load(written(tmp_path, example, pairs))
    assert spec is not None, problems
    known = load_site(site)
    small = [
        replace(array, volumes=tuple(replace(one, size_gib=4) for one in array.volumes))
        for array in known.arrays
    ]
    run = only(rehearse(spec, build(spec)[0], replace(known, arrays=tuple(small)), mode="memory"))
    assert run.result == "completed", run.detail
    assert run.broken == ()


def with_more(site: str, name: str, added: list[str]) -> str:
    """The volumes beside this one, where it is the last of a list, and where it is described."""
    site = site.replace(f'"{name}"]', "".join(f'"{one}", ' for one in [name, *added]) + "]")
    entry = re.search(rf'    \{{ name = "({name}|{name[:-1]})"(, count = 4)?.*\n', site)
    if entry is None:
        return site
    alone = entry[0].replace(entry[2] or "", "")
    more = "".join(alone.replace(f'"{entry[1]}"', f'"{one}"') for one in added)
    return site.replace(entry[0], entry[0] + more)


def written(folder: Path, example: str, pairs: list[Pair]) -> str:
    """The spec with these pairs behind its last one, where it has any."""
    text = (EXAMPLES / f"{example}.flash").read_text(encoding="utf-8")
    last = re.search(r'"\S+" to "\S+"(?= on )', text)
    if last is not None:
        more = "".join(f'\n        and "{source}" to "{target}"' for source, target in pairs)
        text = text[: last.end()] + more + text[last.end() :]
    file = folder / f"{example}.flash"
    file.write_text(text, encoding="utf-8")
    return str(file)
