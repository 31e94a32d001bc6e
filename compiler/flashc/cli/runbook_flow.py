"""The flow picture of a runbook: where boxes and arrows stand, by arithmetic alone; no text is measured.

Production's lane is on the left, the clone's on the right.  Each step has a row of its own, in the order of
the runbook, so that no two boxes can meet.  Undo arrows run outside the lanes, the longer the further out.
The picture is cut into parts that fit a page; an arrow that is cut goes on at the same place of the next
part.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Literal

from flashc.runbook.steps import Step

BOX_W = 400
BOX_H = 22
ROW_H = 30
HEAD_H = 34
"""What a part has above its first row: the names of the lanes."""
LABEL_H = 20
"""The line of text above the window's first step and below its last."""
BETWEEN = 120
"""From lane to lane."""
EDGE = 14
FRAME = 6
"""From the boxes of the window to their frame; undo arrows run outside it."""
TRACK_W = 10
"""From an undo arrow to the next."""
ROWS_OF_PART = 18
"""What fits a page in landscape."""
CHARACTERS = 55
"""What a box holds beside its code, in a fixed pitch of 6.3."""

WINDOW = ("O50", "O60")
"""First and last step of the time in which production waits."""

Point = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Box:
    """A step: its upper left corner, and what it says in short and in full."""

    x: int
    y: int
    code: str
    short: str
    full: str
    side: Literal["source", "clone"]


@dataclass(frozen=True, slots=True)
class Arrow:
    """A line through its points; its head lies at the last one.  `label` stands over its last piece."""

    kind: Literal["undo", "between"]
    points: tuple[Point, ...]
    told: str
    label: str = ""

    @property
    def top(self) -> int:
        """Its upper end."""
        return min(y for _, y in self.points) - BOX_H // 2

    @property
    def bottom(self) -> int:
        """Its lower end."""
        return max(y for _, y in self.points) + BOX_H // 2

    @property
    def line(self) -> str:
        """The points as SVG has them."""
        return _points(self.points)

    @property
    def head(self) -> str:
        """The triangle of its head."""
        (x, y), (before, _) = self.points[-1], self.points[-2]
        back = x - 7 if before < x else x + 7
        return _points(((x, y), (back, y - 4), (back, y + 4)))

    @property
    def label_at(self) -> Point:
        """The middle of its last piece, above it."""
        (x, y), (before, _) = self.points[-1], self.points[-2]
        return (x + before) // 2, y - 5


@dataclass(frozen=True, slots=True)
class Frame:
    """The frame around the window."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Part:
    """As much of the picture as fits a page: what lies from `top` to `top` + `height`."""

    top: int
    height: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    frame: Frame | None
    lanes: tuple[tuple[int, int, int], ...]
    """x, upper and lower end of the line that ties the boxes of a lane."""

    @property
    def first(self) -> str:
        """The code of its first step."""
        return self.boxes[0].code

    @property
    def last(self) -> str:
        """The code of its last step."""
        return self.boxes[-1].code


@dataclass(frozen=True, slots=True)
class Flow:
    """The whole picture."""

    width: int
    source_x: int
    clone_x: int
    parts: tuple[Part, ...]


def flow_of(steps: Sequence[Step]) -> Flow:
    """The picture of a runbook."""
    undos = undo_pairs(steps)
    tracks = {side: _tracks([p for p in undos if steps[p[0]].side == side]) for side in ("source", "clone")}
    source_x = EDGE + FRAME + TRACK_W * (1 + _outermost(tracks["source"]))
    clone_x = source_x + BOX_W + BETWEEN
    width = clone_x + BOX_W + FRAME + TRACK_W * (1 + _outermost(tracks["clone"])) + EDGE

    cuts = _cuts(steps)
    rows, tops = _rows(steps, cuts)
    boxes = [
        Box(source_x if s.side == "source" else clone_x, y, s.code, short, f"{s.code} {s.text}", s.side)
        for s, y, short in zip(steps, rows, _shorts(steps, undos), strict=True)
    ]
    arrows = [_undo(boxes, pair, track) for side in tracks.values() for pair, track in side.items()]
    arrows += _between(boxes)
    frame = _frame(boxes)
    parts = []
    for number, (begin, end) in enumerate(zip(cuts, [*cuts[1:], len(steps)], strict=True)):
        top, bottom = tops[number], tops[number + 1]
        own = boxes[begin:end]
        parts.append(
            Part(
                top,
                bottom - top,
                tuple(own),
                tuple(a for a in arrows if a.top < bottom and a.bottom > top),
                frame if frame and top < frame.y < bottom else None,
                tuple(_lanes(own)),
            )
        )
    return Flow(width, source_x, clone_x, tuple(parts))


def undo_pairs(steps: Sequence[Step]) -> list[tuple[int, int]]:
    """Which step undoes which, as places in the runbook: of the same thing, else the last that is open."""
    found: list[tuple[int, int]] = []
    open_: list[int] = []
    for at, step in enumerate(steps):
        mine = [o for o in open_ if steps[o].undo == step.code]
        if mine:
            begun = next((o for o in mine if steps[o].what == step.what), mine[-1])
            open_.remove(begun)
            found.append((begun, at))
        if step.undo:
            open_.append(at)
    return found


def _tracks(pairs: Iterable[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """A track for each arrow, the shortest nearest to the lane; none is shared by two that meet."""
    placed: dict[tuple[int, int], int] = {}
    for pair in sorted(pairs, key=lambda p: (p[1] - p[0], p)):
        taken = {track for other, track in placed.items() if other[0] <= pair[1] and pair[0] <= other[1]}
        placed[pair] = next(n for n in range(len(placed) + 1) if n not in taken)
    return placed


def _outermost(tracks: dict[tuple[int, int], int]) -> int:
    return max(tracks.values(), default=-1) + 1


def _cuts(steps: Sequence[Step]) -> list[int]:
    """Where each part begins: all about as long as each other; the window is never cut."""
    codes = [s.code for s in steps]
    inside = range(codes.index(WINDOW[0]) + 1, codes.index(WINDOW[1]) + 1)
    rows = ceil(len(steps) / ceil(len(steps) / ROWS_OF_PART))
    cuts = [0]
    while len(steps) - cuts[-1] > rows:
        cut = cuts[-1] + rows
        cuts.append(inside.start - 1 if cut in inside else cut)
    return cuts


def _rows(steps: Sequence[Step], cuts: list[int]) -> tuple[list[int], list[int]]:
    """The upper edge of each step's box; and of each part, with the lower edge of the last one."""
    rows, tops, y = [], [], 0
    for at, step in enumerate(steps):
        if at in cuts:
            tops.append(y)
            y += HEAD_H
        y += LABEL_H if step.code == WINDOW[0] else 0
        rows.append(y + (ROW_H - BOX_H) // 2)
        y += ROW_H + (LABEL_H if step.code == WINDOW[1] else 0)
    return rows, [*tops, y]


def _shorts(steps: Sequence[Step], undos: list[tuple[int, int]]) -> list[str]:
    """What a box has room for: the text, and the undo where no arrow leads to it."""
    arrows = {begun for begun, _ in undos}
    found = []
    for at, step in enumerate(steps):
        alone = f" [undo: {step.undo}]" if step.undo and at not in arrows else ""
        room = CHARACTERS - len(alone)
        found.append((step.text if len(step.text) <= room else f"{step.text[: room - 1]}…") + alone)
    return found


def _middle(box: Box) -> int:
    return box.y + BOX_H // 2


def _undo(boxes: list[Box], pair: tuple[int, int], track: int) -> Arrow:
    begun, undone = boxes[pair[0]], boxes[pair[1]]
    out = FRAME + TRACK_W * (track + 1)
    edge = begun.x if begun.side == "source" else begun.x + BOX_W
    x = edge - out if begun.side == "source" else edge + out
    # A step may begin one arrow and end another: they leave and arrive a little apart.
    leave, arrive = _middle(begun) + 4, _middle(undone) - 4
    points = ((edge, leave), (x, leave), (x, arrive), (edge, arrive))
    return Arrow("undo", points, f"{begun.code} is undone by {undone.code}")


def _between(boxes: list[Box]) -> list[Arrow]:
    """The start of the clone and its delivery."""
    found = []
    for begin, end, label, told in (
        ("O70", "C00", "start", "O70 starts the clone, whose first step is C00"),
        ("C60", "O85", "delivery", "what C60 sends is what O85 receives"),
    ):
        one = next((b for b in boxes if b.code == begin), None)
        other = next((b for b in boxes if b.code == end), None)
        if one is None or other is None:
            continue
        right, left = (one, other) if one.side == "source" else (other, one)
        middle = right.x + BOX_W + BETWEEN // 2
        leave = one.x + BOX_W if one is right else one.x
        arrive = other.x if other is left else other.x + BOX_W
        points = (
            (leave, _middle(one)),
            (middle, _middle(one)),
            (middle, _middle(other)),
            (arrive, _middle(other)),
        )
        found.append(Arrow("between", points, told, label))
    return found


def _frame(boxes: list[Box]) -> Frame | None:
    first, last = (next((b for b in boxes if b.code == code), None) for code in WINDOW)
    if first is None or last is None:
        return None
    top = first.y - LABEL_H
    return Frame(first.x - FRAME, top, BOX_W + 2 * FRAME, last.y + BOX_H + LABEL_H - top)


def _lanes(boxes: list[Box]) -> list[tuple[int, int, int]]:
    """The line of each lane that has boxes in this part, from the first to the last."""
    found = []
    for side in ("source", "clone"):
        own = [b for b in boxes if b.side == side]
        if own:
            found.append((own[0].x + BOX_W // 2, _middle(own[0]), _middle(own[-1])))
    return found


def _points(points: Iterable[Point]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)
