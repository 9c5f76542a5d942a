"""Opening hours: read as people write them, right when the clocks change, said as a customer would say it."""

import sys
import zoneinfo
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openbook.conversation.hours import read_hours
from openbook.errors import SettingsError

SHOP = "Mon-Fri 09:00-17:00, Sat 10:00-14:00"


def at(text):
    """A moment in UTC: Monday is 2026-01-05."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def hours(text, zone="UTC", closed=()):
    return read_hours(text, zone, closed)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-01-05 08:59:59", False),
        ("2026-01-05 09:00", True),
        ("2026-01-05 16:59:59", True),
        ("2026-01-05 17:00", False),
        ("2026-01-09 12:00", True),
        ("2026-01-10 09:30", False),
        ("2026-01-10 13:59", True),
        ("2026-01-11 12:00", False),
    ],
)
def test_somebody_is_there_within_the_spans_of_the_day(moment, is_open):
    assert hours(SHOP).open_at(at(moment)) is is_open


@pytest.mark.parametrize(
    "text",
    [
        "Mon-Fri 09:00-17:00, Sat 10:00-14:00",
        "mon–fri 9-17; saturday 10-14",
        "Monday - Friday: 09:00 - 17:00, Sat.: 10.00-14.00",
        "Sat 10:00-14:00 Mon,Tue,Wed,Thursday,Fri 09:00-12:00, 12:00-17:00",
        "Mo-Fr 09:00-13:00 12:00-17:00,\nSa 10:00-14:00",
    ],
)
def test_hours_are_read_as_people_write_them(text):
    half_hours = [at("2026-01-05 00:00") + timedelta(minutes=30 * number) for number in range(7 * 48)]
    assert [hours(text).open_at(moment) for moment in half_hours] == [hours(SHOP).open_at(each) for each in half_hours]


@pytest.mark.parametrize(
    ("text", "piece", "why"),
    [
        ("Mon-Fri 9am-5pm", "9am-5pm", "no span of times"),
        ("Mon-Fri 09:00-25:00", "09:00-25:00", "no such time"),
        ("Mon-Fri 09:60-17:00", "09:60-17:00", "no such time"),
        ("Mon 24:00-02:00", "24:00-02:00", "no such time"),
        ("Mon 09:00-09:00", "09:00-09:00", "all day is 00:00-24:00"),
        ("09:00-17:00", "09:00-17:00", "no day"),
        ("Mon-Fri 09:00-17:00, Sat", "Sat", "no times"),
        ("Mon-Wed-Fri 09:00-17:00", "Mon-Wed-Fri", "neither a day"),
        ("Moonday 09:00-17:00", "Moonday", "neither a day"),
        ("T 09:00-17:00", "T", "neither a day"),
        ("- 09:00-17:00", "-09:00-17:00", "neither a day"),
        (", ;", ", ;", "no times"),
    ],
)
def test_what_cannot_be_read_is_named_with_an_example(text, piece, why):
    with pytest.raises(SettingsError) as caught:
        hours(text)
    assert f"handoff.hours cannot be read at {piece!r}" in caught.value.message
    assert why in caught.value.message
    assert SHOP in caught.value.fix


@given(st.text(alphabet="MonFriSatdaily0123456789:-,. ;", max_size=40))
@settings(max_examples=200, deadline=None)
def test_whatever_is_written_is_read_or_refused(text):
    try:
        hours(text).opens_next(at("2026-01-05 00:00"))
    except SettingsError as error:
        assert SHOP in error.fix


def test_nothing_written_means_always():
    always = hours(" ")
    assert always.open_at(at("2026-01-11 03:00"))
    assert always.opens_next(at("2026-01-11 03:00")) is None
    assert always.words(at("2026-01-11 03:00"), "en") == ""


def test_on_closed_days_nobody_is_there_even_where_they_always_are():
    closed = hours("", "Europe/Berlin", ["2026-12-25", " "])
    assert closed.open_at(at("2026-12-24 22:59"))
    assert not closed.open_at(at("2026-12-24 23:00"))
    assert not closed.open_at(at("2026-12-25 22:59"))
    assert closed.opens_next(at("2026-12-24 23:30")) == at("2026-12-25 23:00")


def test_a_span_over_midnight_belongs_to_the_day_on_which_it_begins():
    night = hours("Fri 22:00-06:00")
    assert night.open_at(at("2026-01-09 23:00"))
    assert night.open_at(at("2026-01-10 05:59"))
    assert not night.open_at(at("2026-01-10 06:00"))
    assert not night.open_at(at("2026-01-09 05:00"))
    assert night.opens_next(at("2026-01-10 03:00")) == at("2026-01-16 22:00")


def test_a_night_ends_where_a_closed_day_begins_and_begins_on_none():
    night = hours("daily 22:00-06:00", closed=["2026-12-25"])
    assert night.open_at(at("2026-12-24 23:59"))
    assert not night.open_at(at("2026-12-25 03:00"))
    assert not night.open_at(at("2026-12-25 23:00"))
    assert not night.open_at(at("2026-12-26 03:00"))
    assert night.opens_next(at("2026-12-25 03:00")) == at("2026-12-26 22:00")


@pytest.mark.parametrize(
    ("after", "opening"),
    [
        ("2026-01-05 08:00", "2026-01-05 09:00"),
        ("2026-01-05 09:00", "2026-01-06 09:00"),
        ("2026-01-05 12:00", "2026-01-06 09:00"),
        ("2026-01-09 18:00", "2026-01-10 10:00"),
        ("2026-01-10 14:00", "2026-01-12 09:00"),
    ],
)
def test_the_next_opening_is_the_first_moment_at_which_somebody_comes(after, opening):
    assert hours(SHOP).opens_next(at(after)) == at(opening)


def test_spans_that_touch_or_overlap_are_one_opening():
    two = hours("Mon 09:00-12:00 12:00-15:00 14:00-17:00, Tue 00:00-24:00, Wed 00:00-08:00")
    assert two.opens_next(at("2026-01-05 09:00")) == at("2026-01-06 00:00")
    assert two.opens_next(at("2026-01-06 00:00")) == at("2026-01-12 09:00")


def test_the_next_opening_is_found_behind_many_closed_days():
    mondays = [f"{at('2026-01-05 00:00') + timedelta(weeks=number):%Y-%m-%d}" for number in range(60)]
    assert hours("Mon 09:00-17:00", closed=mondays).opens_next(at("2026-01-01 00:00")) == at("2027-03-01 09:00")


def test_hours_move_with_the_clocks():
    london = hours("daily 09:00-17:00", "Europe/London")
    assert london.opens_next(at("2026-03-28 08:00")) == at("2026-03-28 09:00")
    assert london.opens_next(at("2026-03-28 18:00")) == at("2026-03-29 08:00")
    assert london.opens_next(at("2026-10-24 18:00")) == at("2026-10-25 09:00")
    assert not london.open_at(at("2026-03-29 16:30"))
    assert london.open_at(at("2026-10-25 16:30"))


def test_a_time_that_the_clock_skips_is_the_moment_of_the_change():
    early = hours("Sun 01:30-05:00", "Europe/London")  # 01:00 becomes 02:00 at 01:00 UTC
    assert not early.open_at(at("2026-03-29 00:59"))
    assert early.opens_next(at("2026-03-29 00:00")) == at("2026-03-29 01:00")
    late = hours("Sat 22:00-01:30", "Europe/London")
    assert late.open_at(at("2026-03-29 00:59"))
    assert not late.open_at(at("2026-03-29 01:00"))
    within = hours("Sun 01:10-01:50", "Europe/London")
    assert within.opens_next(at("2026-03-28 00:00")) == at("2026-04-05 00:10")


def test_an_hour_that_the_clock_shows_twice_is_worked_twice():
    early = hours("Sun 01:30-05:00", "Europe/London")  # 01:00 to 02:00 twice, from 00:00 UTC
    assert early.opens_next(at("2026-10-24 12:00")) == at("2026-10-25 00:30")
    assert all(early.open_at(at(f"2026-10-25 {time}")) for time in ("00:30", "00:59", "01:00", "01:29", "04:59"))
    late = hours("Sat 22:00-01:30", "Europe/London")
    assert late.open_at(at("2026-10-25 01:29"))
    assert not late.open_at(at("2026-10-25 01:30"))


def test_a_day_that_a_country_left_out_had_no_hours():
    apia = hours("Fri 09:00-17:00", "Pacific/Apia")  # there was no 30 December 2011
    assert apia.opens_next(datetime(2011, 12, 29, 12, tzinfo=UTC)) == datetime(2012, 1, 5, 19, tzinfo=UTC)


@given(st.integers(0, 366 * 96), st.sampled_from(["Europe/London", "America/New_York", "Australia/Lord_Howe", "UTC"]))
@settings(max_examples=150, deadline=None)
def test_nobody_is_there_before_the_next_opening_and_somebody_is_from_then_on(quarters, zone):
    moment = at("2026-01-01 00:00") + timedelta(minutes=15 * quarters)
    opening_hours = hours("Sun-Tue 01:30-02:15 22:00-01:45, Thu 00:00-24:00, Fri 00:00-03:00", zone)
    opening = opening_hours.opens_next(moment)
    assert opening > moment
    assert opening_hours.open_at(opening)
    assert not opening_hours.open_at(opening - timedelta(seconds=1))
    if not opening_hours.open_at(moment):
        between = [moment + (opening - moment) * number / 20 for number in range(20)]
        assert not any(opening_hours.open_at(each) for each in between)


@pytest.mark.parametrize(
    ("moment", "language", "words"),
    [
        ("2026-01-10 15:00", "en", "on Monday at 09:00"),
        ("2026-01-05 06:00", "en-GB", "today at 09:00"),
        ("2026-01-10 15:00", "de", "am Montag um 09:00 Uhr"),
        ("2026-01-05 06:00", "de_AT", "heute um 09:00 Uhr"),
        ("2026-01-10 15:00", "fr", "2026-01-12 09:00+01:00"),
        ("2026-01-10 15:00", "", "2026-01-12 09:00+01:00"),
        ("2026-12-24 17:00", "en", "on Monday, 4 January, at 09:00"),
        ("2026-12-24 17:00", "de", "am Montag, dem 4. Januar, um 09:00 Uhr"),
        ("2026-01-04 23:30", "en", "today at 09:00"),
    ],
)
def test_a_customer_is_told_when_somebody_is_there_by_the_clock_of_the_zone(moment, language, words):
    closed = [f"2026-12-{day}" for day in range(25, 32)] + ["2027-01-01", "2027-01-02"]
    assert hours(SHOP, "Europe/Berlin", closed).words(at(moment), language) == words


def test_a_week_later_is_not_said_as_if_it_were_today():
    weekly = hours("Mon 09:00-17:00")
    assert weekly.words(at("2026-01-05 18:00"), "en") == "on Monday, 12 January, at 09:00"


@pytest.mark.parametrize("day", ["25.12.2026", "2026-13-01", "Christmas"])
def test_a_closed_day_that_is_none_is_named(day):
    with pytest.raises(SettingsError, match=r"handoff\.closed_on names '.*', which is no day") as caught:
        hours(SHOP, closed=[day])
    assert caught.value.fix == "Write each day like 2026-12-25."


@pytest.mark.parametrize(
    ("zone", "fix"),
    [
        ("europe/london", "Did you mean Europe/London?"),
        ("Europe/Berlln", "Did you mean Europe/Berlin?"),
        ("Europe", "Europe"),
        ("../../etc/passwd", "."),
        ("/etc/passwd", "."),
        ("qqqqqq", "Name one such as Europe/London."),
    ],
)
def test_a_zone_that_is_none_is_named_with_the_nearest(zone, fix):
    with pytest.raises(SettingsError, match=r"handoff\.timezone names '.*', which is no time zone") as caught:
        hours(SHOP, zone)
    assert fix in caught.value.fix


@pytest.fixture
def no_zones(monkeypatch):
    """A machine without the tz database."""
    monkeypatch.setitem(sys.modules, "tzdata", None)
    before = zoneinfo.TZPATH
    zoneinfo.reset_tzpath(to=())
    zoneinfo.ZoneInfo.clear_cache()
    yield
    zoneinfo.reset_tzpath(to=before)


def test_without_the_tz_database_the_error_names_the_package(no_zones):
    with pytest.raises(SettingsError, match="no tz database") as caught:
        hours(SHOP, "Europe/London")
    assert "PyPI package tzdata" in caught.value.fix


def test_utc_needs_no_tz_database(no_zones):
    assert hours(SHOP, "utc").open_at(at("2026-01-05 09:00"))
