"""Copies that are told apart by local time, and what a change of the time zone does to that.

Some arrays, or the programs that speak for them, say when a copy was taken in the local time of some clock.
When summer time begins or ends, or somebody sets another zone, one and the same copy may be shown by another
time from then on, or by the same as before: that depends on what lies behind, and is not documented
(docs/platform-facts.md#local-times).  Both are allowed for.

How far the zone has moved is seen by two looks at that clock, one when a time was recorded and one now, each
beside our own clock, which counts in UTC.
"""

from __future__ import annotations

import calendar
import datetime
from typing import NamedTuple

QUARTER_S = 900
"""Every zone is a whole number of quarters of an hour from UTC."""

FARTHEST_S = 14 * 3600
"""What a change of zone moves a clock by at most; less than a day, so that no two nights are in doubt."""

SUMMER_S = (1800, 3600, 7200)
"""What summer time moves a clock by, somewhere on earth."""


class Look(NamedTuple):
    """A look at the clock that copies are stamped by: our own time, and what it showed, as if in UTC.

    `zone` is the name of its zone, "" where it says none.  Names are not unique: the same name twice proves
    nothing, two names are two zones.
    """

    utc: float
    shown: float
    zone: str = ""


MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
"""The names that programs write, whatever the language of the job."""


def seconds_of(year: str, month: str, day: str, hour: str, minute: str, second: str) -> float | None:
    """The seconds of a time, as if it were UTC; None where there is no such time.  A month is a number or a
    name in English.
    """
    try:
        number = MONTHS.index(month[:3]) + 1 if month.isalpha() else int(month)
        at = datetime.datetime(int(year), number, int(day), int(hour), int(minute), int(second))
    except ValueError:
        return None
    return float(calendar.timegm(at.timetuple()))


def moved(then: Look | None, now: Look | None) -> int | None:
    """How far the zone of a clock has moved between two looks, seconds; None where that is not known.

    That is so where a look was not possible; and where the zone has another name and seems not to have moved:
    then our own clock was set as well.
    """
    if then is None or now is None:
        return None
    drift = (now.shown - now.utc) - (then.shown - then.utc)
    found = round(drift / QUARTER_S) * QUARTER_S
    return None if found == 0 and is_renamed(then, now) else found


def is_renamed(then: Look, now: Look) -> bool:
    """Whether a clock surely shows another zone than before."""
    return "" not in (then.zone, now.zone) and then.zone != now.zone


def aged(age_s: float, seconds: float, then: Look | None, now: Look | None) -> float:
    """The age of a copy whose time is shown so far from the recorded one; `age_s` is it by the clock alone.

    Where the zone has moved since and the time has stayed, the age is as much too great or too small.
    """
    if then is None or now is None or not is_renamed(then, now):
        return age_s
    known = moved(then, now)
    return age_s if known is None else age_s + seconds - known


def by_zone(seconds: float) -> bool:
    """Whether two times of one copy may be so far apart, for any change of zone."""
    return 0 < abs(seconds) <= FARTHEST_S and seconds % QUARTER_S == 0


def is_same(seconds: float, then: Look | None, now: Look | None) -> bool:
    """Whether a time so far from the recorded one, not 0, is that of the same copy.

    It is when the clock has moved as far.  Where that is not known, summer time may have moved it.
    """
    known = moved(then, now)
    if known is None:
        return abs(seconds) in SUMMER_S
    return known != 0 and seconds == known


def is_new(seconds: float, at: float, then: Look | None, now: Look | None) -> bool:
    """Whether a copy of the time `at` is surely another one than that whose time is `seconds` before it.

    What no change of zone can explain is.  Else it must not be what the clock has moved by, and be later than
    what the clock showed when the other time was recorded.
    """
    if seconds == 0:
        return False
    if not by_zone(seconds):
        return True
    known = moved(then, now)
    if known is None or then is None:
        return False
    return seconds != known and at >= then.shown + min(0, known)


GOOD, WRONG, UNSEEN, HIDDEN, UNUSED = "GOOD", "WRONG", "UNSEEN", "HIDDEN", "UNUSED"
"""What a check of a clock finds.  WRONG: no time zone explains what it shows; UNSEEN: it could be shown, and
is not; HIDDEN: nothing that is asked shows it; UNUSED: copies are not told apart by it."""

AGREE_S = 120.0
"""How far two clocks that are kept by time servers are apart at most, with the time that looking takes."""


class Clock(NamedTuple):
    """What a check of the clock that copies are stamped by has found: a word, what was seen, what to do."""

    word: str
    seen: str
    todo: str = ""


def checked(title: str, look: Look) -> Clock:
    """A clock beside ours: its zone, how far it is from that, and whether it can be relied on.

    `title` is the clock in words, as a sentence begins.
    """
    ahead = look.shown - look.utc
    zone = round(ahead / QUARTER_S) * QUARTER_S
    off = round(ahead - zone)
    seen = f"{title} shows {_told(look.shown)} at {_told(look.utc)} UTC"
    if abs(zone) > FARTHEST_S:
        far = f"{abs(ahead) / 3600:.0f} hours {'ahead' if ahead > 0 else 'behind'}"
        return Clock(
            WRONG,
            f"{seen}: {far}, which no time zone is.",
            "One of the two clocks is wrong. Set it; until then a change of its zone cannot be told from a "
            "clock that is set.",
        )
    hours, minutes = divmod(abs(zone) // 60, 60)
    seen += f": UTC{'-' if zone < 0 else '+'}{hours:02d}:{minutes:02d}, {off:+d} s."
    if abs(off) > AGREE_S:
        return Clock(
            WRONG,
            seen,
            "No time zone explains the seconds: one of the two clocks is wrong. Have both set by time "
            "servers; one that is set between a prepare and its flash may cost the copy of that night.",
        )
    return Clock(GOOD, seen)


def _told(seconds: float) -> str:
    """A time as people write it; seconds as if in UTC, not before 1970."""
    at = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=seconds)
    return at.strftime("%Y-%m-%d %H:%M:%S")
