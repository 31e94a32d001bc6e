"""Generated CL with a piece changed, wherever its layout breaks the lines."""

from __future__ import annotations

import re

_BREAK = r"(?:\s*\+)?\s+"  # a blank, or the end of a line, continued or not


def edited(name: str, text: str, old: str, new: str, times: int | None = 1) -> str:
    """The text of source `name` with `new` for `old`, which must be in it `times` times (None: the first).

    Blanks and line ends of `old` stand for any blanks, line ends and continuation.
    """
    words = re.split(_BREAK, old.strip().replace("(+\n", "( "))
    pattern = re.compile(_BREAK.join(map(re.escape, words)).replace(r"\(" + _BREAK, rf"\((?:{_BREAK})?"))
    found = len(pattern.findall(text))
    assert found == times or (found and times is None), f"{name} has {found} times {old!r}"
    return pattern.sub(lambda _: new.strip(), text, count=0 if times else 1)
