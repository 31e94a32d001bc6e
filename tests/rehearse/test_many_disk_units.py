"""A partition with many disk units: no limit of a night is too short because there is more to look at."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flashc.bundle import build
from flashc.check import load
from flashc.cli.rehearsing import rehearse
from flashtwin.site_load import load_site
from rehearsed import EXAMPLES, only

UNITS = 64
"""Disk units of the partition; the examples have four."""

FAMILIES = [
    ("nightly_brms", "SISTPROD_D4", "SISTP24_D4", "SISTPROD_D{}", "SISTP24_D{}"),
    ("nightly_svc_snapshot", "SISTPROD_D4", "SISTP24_D4", "SISTPROD_D{}", "SISTP24_D{}"),
    ("nightly_powermax", "00104", "00204", "001{:02}", "002{:02}"),
    ("nightly_symcli", "00104", "00204", "001{:02}", "002{:02}"),
    ("nightly_pure", "SISTPROD-D4", "SISTP24-D4", "SISTPROD-D{}", "SISTP24-D{}"),
    ("nightly_hitachi", "1024", "2044", "102{}", "204{}"),
    ("nightly_ds8000", "1201", "1301", "12{:02}", "13{:02}"),
    ("nightly_dscli", "1201", "1301", "12{:02}", "13{:02}"),
]
"""Example, its last source and target, and how more of them are named."""


@pytest.mark.parametrize(("example", "last", "onto", "source", "target"), FAMILIES)
def test_a_partition_with_64_disk_units(
    example: str, last: str, onto: str, source: str, target: str, tmp_path: Path
) -> None:
    more = range(5, UNITS + 1)
    pairs = [(source.format(n), target.format(n)) for n in more]
    site = (EXAMPLES / f"{example}.site.toml").read_text(encoding="utf-8")
    parts = site.replace("count = 4,", f"count = {UNITS},").split(f'["{last}", "{onto}"]')
    for name, added in ((last, [one for one, _ in pairs]), (onto, [other for _, other in pairs])):
        parts = [with_more(part, name, added) for part in parts]
    site = ", ".join(f'["{one}", "{other}"]' for one, other in [(last, onto), *pairs]).join(parts)
    spec, problems = load(written(tmp_path, example, pairs))
    assert spec is not None, problems
    run = only(rehearse(spec, build(spec)[0], load_site(site), mode="memory"))
    assert run.result == "completed", run.detail
    assert run.broken == ()


def with_more(site: str, name: str, added: list[str]) -> str:
    """The volumes beside this one, where it is the last of a list, and where it is described."""
    site = site.replace(f'"{name}"]', "".join(f'"{one}", ' for one in [name, *added]) + "]")
    entry = re.search(rf'    \{{ name = "{name}".*\n', site)
    if entry is None:
        return site
    return site.replace(entry[0], "".join(entry[0].replace(name, one) for one in [name, *added]))


def written(folder: Path, example: str, pairs: list[tuple[str, str]]) -> str:
    """The spec with these pairs behind its last one, where it has any."""
    text = (EXAMPLES / f"{example}.flash").read_text(encoding="utf-8")
    last = re.search(r'"\S+" to "\S+"(?= on )', text)
    if last is not None:
        more = "".join(f'\n        and "{source}" to "{target}"' for source, target in pairs)
        text = text[: last.end()] + more + text[last.end() :]
    file = folder / f"{example}.flash"
    file.write_text(text, encoding="utf-8")
    return str(file)
