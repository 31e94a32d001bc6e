"""The chunk files of tests/specs: wrong lines with the expected diagnostic beside them, and right lines.

A chunk begins with `%%% bad in BLOCK: title`, `%%% bad at top: title` or `%%% bad whole: title`; the
right text follows behind `%%% right`.  Lines of a chunk in a block take the place of the lines of the right
spec (base.flash, or the one that `_BLOCKS` names) that begin with the same word, or are added to the
block; `-word` takes a line away.  Lines `at top` are added at the end of base.flash; a `whole` chunk stands
for itself.

`### "regexp"` names a diagnostic (`CODE: message`) expected on its line, `"help: regexp"` behind it its
help; `@ text ### "regexp"` expects it on the line of the right spec that begins with the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

SPECS = Path(__file__).resolve().parent.parent / "specs"
_HEAD = re.compile(r"%%% bad (?:in (?P<block>\w+)|(?P<whole>at top|whole)): (?P<title>.+)")
_BLOCKS = {
    "system": ("base", "system SISTPROD {"),
    "console": ("base", "console HMC1 is hmc {"),
    "array": ("base", "array V7000 is svc {"),
    "clone": ("base", "clone SISTPROD_24 of SISTPROD {"),
    "environment": ("base", "environment DAILY on SISTPROD_24 {"),
    "brms": ("base", "    on clone brms {"),
    "around": ("base", "    around flash {"),
    "defaults": ("base_live", "defaults {"),
    "live_console": ("base_live", "console HMC1 is hmc {"),
    "live_standby": ("base_live", "console HMC2 is hmc {"),
    "live_clone": ("base_live", "clone SISTTEST of SISTPROD {"),
    "live": ("base_live", "environment TEST on SISTTEST {"),
    "live_around": ("base_live", "    around flash {"),
    "user": ("base_live", "    on clone user {"),
    "together": ("base_live", "        together {"),
    "reconfigure": ("base_live", "    reconfigure {"),
    "before": ("base_live", "    before {"),
    "full": ("base_save21", "environment FULL on SISTPROD_24 {"),
    "save21": ("base_save21", "    on clone save21 {"),
    "snap": ("base_save21", "environment SNAP on SNAPS {"),
    "pairs_clone": ("base_pairs", "clone SISTPROD_24 of SISTPROD {"),
    "pairs_test": ("base_pairs", "clone SISTTEST of SISTPROD {"),
    "pairs_snaps": ("base_pairs", "clone SNAPS of SISTPROD {"),
    "snap_clone": ("base_save21", "clone SNAPS of SISTPROD {"),
}
"""The right spec and the head of its block into which the lines of a chunk go."""


@dataclass(frozen=True, slots=True)
class Expected:
    """A diagnostic that has to appear on a line."""

    line: int
    pattern: str
    help: str | None


@dataclass(frozen=True, slots=True)
class Half:
    """One text of a pair with the diagnostics it must give, no others."""

    text: str
    expected: tuple[Expected, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """A wrong text and the nearest right one."""

    file: str
    title: str
    bad: Half
    right: Half


@dataclass(slots=True)
class _Chunk:
    file: str
    title: str
    place: str
    bad: list[str] = field(default_factory=list)
    right: list[str] = field(default_factory=list)


def right_specs() -> dict[str, str]:
    """The right specs into which the chunks are put, by the names of their files without `.flash`."""
    return {path.stem: path.read_text("utf-8") for path in sorted(SPECS.glob("base*.flash"))}


def pairs() -> list[Pair]:
    """Every pair of every chunk file."""
    found = []
    for path in sorted(SPECS.glob("*.flash")):
        if not path.name.startswith("base"):
            for chunk in _chunks(path):
                halves = [_compose(chunk.place, lines) for lines in (chunk.bad, chunk.right)]
                found.append(Pair(path.name, chunk.title, halves[0], halves[1]))
    return found


def _chunks(path: Path) -> list[_Chunk]:
    chunks: list[_Chunk] = []
    lines: list[str] = []
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("%%% bad"):
            head = _HEAD.fullmatch(line)
            assert head, f"{path.name}: {line}"
            chunks.append(_Chunk(path.name, head["title"], head["block"] or head["whole"]))
            lines = chunks[-1].bad
        elif line == "%%% right":
            lines = chunks[-1].right
        else:
            assert not line.startswith("%%%"), f"{path.name}: {line}"
            lines.append(line)
    return chunks


def _compose(place: str, chunk: list[str]) -> Half:
    """The whole text of a chunk; each line keeps its expectations until all stand in place."""
    elsewhere = [line[2:] for line in chunk if line.startswith("@ ")]
    lines = [line for line in chunk if line.strip() and not line.startswith("@ ")]
    if place == "whole":
        text = lines
    elif place == "at top":
        text = right_specs()["base"].splitlines() + lines
    else:
        base, head = _BLOCKS[place]
        text = _in_block(right_specs()[base].splitlines(), head, lines)
    for line in elsewhere:
        start, _, expectation = line.partition("###")
        index = next(i for i, b in enumerate(text) if b.strip().startswith(start.strip()))
        text[index] += f" ###{expectation}"
    expected: list[Expected] = []
    for number, line in enumerate(text, 1):
        expected += _expectations(number, line)
    return Half("\n".join(line.partition("###")[0].rstrip() for line in text) + "\n", tuple(expected))


def _in_block(base: list[str], head: str, lines: list[str]) -> list[str]:
    start = base.index(head) + 1
    indent = len(head) - len(head.lstrip())
    end = next(i for i in range(start, len(base)) if base[i] == " " * indent + "}")
    block = base[start:end]
    replaced: dict[str, int] = {}
    for line in lines:
        word = line.split()[0]
        if line.startswith("-"):
            block = [b for b in block if b.split()[0] != line[1:]]
            continue
        index = next((i for i, b in enumerate(block) if b.split()[0] == word), None)
        if index is None:
            block.append(line)
            replaced[word] = len(block) - 1
        elif word in replaced:
            replaced[word] += 1
            block.insert(replaced[word], line)
        else:
            replaced[word] = index
            block[index] = line
    return base[:start] + block + base[end:]


def _expectations(number: int, line: str) -> list[Expected]:
    _, marker, text = line.partition("###")
    if not marker:
        return []
    text = text.strip()
    assert re.fullmatch('".*"', text), line
    found: list[Expected] = []
    for pattern in re.split(r'"\s+"', text[1:-1]):
        if pattern.startswith("help: "):
            found[-1] = Expected(number, found[-1].pattern, pattern[6:])
        else:
            found.append(Expected(number, pattern, None))
    return found
