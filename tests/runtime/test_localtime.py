"""Which copies are one and the same, and which are new, when the zone of the clock that stamps them moves."""

from __future__ import annotations

import calendar

import pytest
from flashrt.arrays.ds8000_parse import greeted_at, synced_at
from flashrt.arrays.hitachi_parse import split_at
from flashrt.arrays.svc_parse import clock_at, started_at
from flashrt.localtime import GOOD, WRONG, Look, aged, by_zone, checked, is_new, is_same, moved, seconds_of

NOON = float(calendar.timegm((2026, 10, 25, 12, 0, 0)))
DAY = 86400.0


def look(utc: float, zone: float) -> Look:
    """A look at a clock so far ahead of UTC, which is some seconds wrong as well."""
    return Look(utc, utc + zone + 17.0)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (look(NOON + DAY, 7200.0), 0),
        (look(NOON + DAY, 3600.0), -3600),
        (look(NOON + DAY, 9000.0), 1800),
        (Look(NOON + DAY, NOON + DAY + 7200.0 - 200.0), 0),
        (None, None),
    ],
)
def test_how_far_a_zone_has_moved(now: Look | None, expected: int | None) -> None:
    assert moved(look(NOON, 7200.0), now) == expected
    assert moved(None, now) is None


def named(then: Look, zone: str) -> Look:
    return then._replace(zone=zone)


def test_a_zone_of_another_name_that_seems_not_to_have_moved_is_not_known() -> None:
    """Our own clock was put ahead together with it."""
    then, now = look(NOON, 3600.0), look(NOON + DAY, 3600.0)
    assert moved(named(then, "CET"), named(now, "CEST")) is None
    assert moved(named(then, "CET"), named(now, "CET")) == 0
    assert moved(then, named(now, "CEST")) == 0
    later = look(NOON + DAY, 7200.0)
    assert moved(named(then, "CET"), named(later, "CEST")) == 3600
    assert is_same(3600.0, named(then, "CET"), named(now, "CEST"))
    assert not is_new(3600.0, now.shown, named(then, "CET"), named(now, "CEST"))
    assert is_new(3601.0, now.shown, named(then, "CET"), named(now, "CEST"))


@pytest.mark.parametrize("zone", [3600.0, 10800.0], ids=["ends", "begins"])
@pytest.mark.parametrize("rendered", [True, False], ids=["in the new zone", "as it was"])
def test_an_age_is_right_across_summer_time(zone: float, rendered: bool) -> None:
    then, now = named(look(NOON, 7200.0), "A"), named(look(NOON + DAY, zone), "B")
    shift = zone - 7200.0 if rendered else 0.0
    taken = then.shown - 600.0 + shift
    assert aged(now.shown - taken, shift, then, now) == DAY + 600.0
    assert aged(5.0, shift, then, named(now, "A")) == 5.0  # our own clock was set, not its zone
    assert aged(5.0, shift, named(then, ""), now) == 5.0
    assert aged(5.0, shift, None, now) == aged(5.0, shift, then, None) == 5.0


def test_the_same_copy_is_as_far_away_as_the_clock_has_moved() -> None:
    then, now = look(NOON, 7200.0), look(NOON + DAY, 3600.0)
    assert is_same(-3600.0, then, now)
    assert not is_same(3600.0, then, now)
    assert not is_same(3600.0, then, then)
    assert not is_same(-1800.0, then, now)


def test_without_a_clock_summer_time_may_have_moved_it() -> None:
    assert all(is_same(seconds, None, None) for seconds in (3600.0, -3600.0, 1800.0, -1800.0, 7200.0))
    assert not any(is_same(seconds, None, None) for seconds in (3601.0, 900.0, 10800.0, DAY))


@pytest.mark.parametrize("zone", [3600.0, 7200.0, 10800.0], ids=["ends", "stays", "begins"])
def test_a_copy_of_the_next_night_is_new_however_zones_move(zone: float) -> None:
    then, now = look(NOON, 7200.0), look(NOON + 3600.0, zone)
    flash = now.shown - 1800.0
    for old in (flash - DAY, flash - DAY + 1.0, flash - DAY + 3600.0, flash - DAY - 3600.0):
        assert is_new(flash - old, flash, then, now)


def test_a_copy_that_follows_the_last_one_at_the_hour_is_new_by_the_clock() -> None:
    then, now = look(NOON, 7200.0), look(NOON + 600.0, 7200.0)
    flash = then.shown + 120.0
    assert is_new(3600.0, flash, then, now)
    assert not is_new(3600.0, then.shown - 1.0, then, now)
    assert not is_new(3600.0, flash, None, now)
    assert not is_new(3600.0, flash, then, None)


@pytest.mark.parametrize("zone", [3600.0, 10800.0], ids=["ends", "begins"])
def test_an_old_copy_is_never_new(zone: float) -> None:
    """Whether it is shown in the new zone or as before; also one that was taken just before the prepare."""
    then = look(NOON, 7200.0)
    for after in (1.0, 600.0, 7000.0):
        now = look(NOON + after, zone)
        shift = zone - 7200.0
        for age in (60.0, 1800.0, 3599.0, 3600.0, DAY):
            old = then.shown - age
            assert not is_new(0.0, old, then, now)
            assert not is_new(shift, old + shift, then, now)


@pytest.mark.parametrize("zone", [3600.0, 10800.0], ids=["ends", "begins"])
@pytest.mark.parametrize("before_it", [True, False], ids=["change after the flash", "change before it"])
@pytest.mark.parametrize("rendered", [True, False], ids=["in the new zone", "as it was"])
def test_the_runs_own_copy_is_new(zone: float, before_it: bool, rendered: bool) -> None:
    """Whatever the distance from the last one, but for that which the clock has moved by."""
    then, now = look(NOON, 7200.0), look(NOON + 300.0, zone)
    shift = zone - 7200.0
    flash = then.shown + 120.0 + (shift if rendered or not before_it else 0.0)
    for distance in (900.0, 1800.0, 5400.0, 7200.0, 3601.0, DAY):
        assert is_new(distance, flash, then, now)


def test_what_a_change_of_zone_may_be() -> None:
    assert all(by_zone(seconds) for seconds in (900.0, -1800.0, 3600.0, 50400.0))
    assert not any(by_zone(seconds) for seconds in (0.0, 3599.0, 51300.0, DAY))


@pytest.mark.parametrize(
    "said",
    [
        synced_at("Sun Oct 25 12:00:00 CET 2026"),
        started_at("261025120000"),
        split_at("2026-10-25T12:00:00"),
        seconds_of("2026", "October", "25", "12", "0", "0"),
    ],
)
def test_forms_of_times(said: float | None) -> None:
    assert said == NOON


@pytest.mark.parametrize(
    "said",
    [
        greeted_at("Date/Time: October 25, 2026 12:00:00 PM CET IBM DSCLI Version: 7.9 DS: IBM.2107-75\n"),
        greeted_at("Date/Time: October 25, 2026 at 12:00:00\u202fPM CET IBM DSCLI"),
        clock_at("Sun Oct 25 12:00:00 CET 2026\n"),
    ],
)
def test_forms_of_clocks(said: tuple[float, str] | None) -> None:
    assert said == (NOON, "CET")


@pytest.mark.parametrize(
    "said",
    [
        synced_at("made"),
        synced_at(""),
        synced_at("Sun Okt 25 12:00:00 CET 2026"),
        synced_at("Sun Oct 32 12:00:00 CET 2026"),
        greeted_at("Date/Time: 25. Oktober 2026 12:00:00 MESZ IBM DSCLI"),
        greeted_at("dscli> "),
        started_at(""),
        started_at("261325120000"),
        started_at("26102512000٣"),
        clock_at("CMMVC5709E"),
        clock_at("Sun Oct 25 12:00 CET 2026"),
        split_at(""),
        split_at("0000-00-00T00:00:00"),
    ],
)
def test_what_is_no_time(said: float | None) -> None:
    assert said is None


def test_midnight_in_a_greeting() -> None:
    said = "Date/Time: October 25, 2026 12:00:05 AM CET IBM DSCLI"
    assert greeted_at(said) == (NOON - 43200.0 + 5.0, "CET")


@pytest.mark.parametrize(
    ("ahead", "word", "told"),
    [
        (0.0, GOOD, "shows 2026-10-25 12:00:00 at 2026-10-25 12:00:00 UTC: UTC+00:00, +0 s."),
        (7205.0, GOOD, "shows 2026-10-25 14:00:05 at 2026-10-25 12:00:00 UTC: UTC+02:00, +5 s."),
        (-12600.0, GOOD, "UTC-03:30, +0 s."),
        (20700.0 - 119.0, GOOD, "UTC+05:45, -119 s."),
        (50400.0, GOOD, "UTC+14:00, +0 s."),
        (7200.0 + 121.0, WRONG, "UTC+02:00, +121 s."),
        (51300.0, WRONG, "14 hours ahead, which no time zone is."),
        (-40 * 365 * DAY, WRONG, "350400 hours behind"),
    ],
)
def test_what_a_clock_shows_beside_ours(ahead: float, word: str, told: str) -> None:
    found = checked("The clock of V7000", Look(NOON, NOON + ahead))
    assert found.word == word
    assert told in found.seen
    assert bool(found.todo) == (word == WRONG)
