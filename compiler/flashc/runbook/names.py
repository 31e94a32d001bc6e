"""Object names on the partition: ten characters at most, the same for the same spec.

A name that is too long loses its end; where two would then be equal the later one gets a number.
"""

from __future__ import annotations

from collections.abc import Iterable


def short_names(prefix: str, names: Iterable[str], reserved: Iterable[str] = ()) -> dict[str, str]:
    """An object name for each name: `prefix`, then as much of the name as fits ten characters.

    None of the `reserved` names is given: they are objects that every system has.

    >>> short_names("FLD", ["DAILY", "WEEKLYFULL1", "WEEKLYFULL2"])
    {'DAILY': 'FLDDAILY', 'WEEKLYFULL1': 'FLDWEEKLYF', 'WEEKLYFULL2': 'FLDWEEKLY2'}
    >>> short_names("FLA", ["GE"], reserved=["FLAGE"])
    {'GE': 'FLAGE2'}
    """
    taken = set(reserved)
    result: dict[str, str] = {}
    for name in names:
        plain = "".join(c for c in name if c.isalnum())
        candidate = (prefix + plain)[:10]
        number = 2
        while candidate in taken:
            tail = str(number)
            candidate = (prefix + plain)[: 10 - len(tail)] + tail
            number += 1
        taken.add(candidate)
        result[name] = candidate
    return result
