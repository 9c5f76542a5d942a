"""The numbers: which conversations they are of, what each becomes, and when nothing is said."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from openbook import Desk
from openbook.conversation.outcomes import close_silent
from openbook.desk.stats import MOST_DAYS, numbers_of, period, rate, spread, stats
from openbook.errors import UserError
from openbook.models import HashEmbedder
from openbook.stores.facts import Fact, FactKind, put_facts
from openbook.types import HandoffDetail, HandoffState, utc_now
from openbook.types.stats import LABELS, MEANING, OUTCOMES, Rate, in_words

K = FactKind
SINCE = datetime(2026, 3, 1, tzinfo=UTC)
UNTIL = datetime(2026, 3, 8, tzinfo=UTC)
NOW = datetime(2026, 4, 1, tzinfo=UTC)


def fact(kind, hours, subject="ans_1", conversation="con_1", *, reason="", channel="web", seconds=None):
    return Fact(kind, conversation, subject, SINCE + timedelta(hours=hours), reason, channel, seconds)


def numbers(*happened, older=(), still_open=(), now=NOW):
    ordered = sorted(happened, key=lambda one: one.at)
    return numbers_of(ordered, set(older), still_open, since=SINCE, until=UNTIL, now=now)


def outcome(*happened, now=NOW):
    total = numbers(*happened, now=now).total
    assert total.conversations == 1
    if total.young:
        return "young"
    [found] = [name for name in OUTCOMES if getattr(total, name)]
    return found


def handoff(state, name="hnd_1"):
    return HandoffDetail(name, "con_1", "", state, "", "", "", "", "", NOW, NOW)


ANSWERED = fact(K.ANSWERED, 0)
COURSES = {
    "no sign": ("unknown", [ANSWERED]),
    "thumb up": ("confirmed", [ANSWERED, fact(K.CONFIRMED, 1)]),
    "thumb up although silence was noted": ("confirmed", [ANSWERED, fact(K.ASSUMED, 24), fact(K.CONFIRMED, 30)]),
    "thumb down": ("rejected", [ANSWERED, fact(K.REJECTED, 1)]),
    "the last word counts": ("confirmed", [ANSWERED, fact(K.REJECTED, 1), fact(K.CONFIRMED, 2)]),
    "taken back": ("rejected", [ANSWERED, fact(K.CONFIRMED, 1), fact(K.REJECTED, 2)]),
    "silence": ("assumed", [ANSWERED, fact(K.ASSUMED, 24)]),
    "up before, silence after the last": (
        "assumed",
        [ANSWERED, fact(K.CONFIRMED, 1), fact(K.ANSWERED, 2, "ans_2"), fact(K.ASSUMED, 26, "ans_2")],
    ),
    "down before, silence after the last": (
        "rejected",
        [ANSWERED, fact(K.REJECTED, 1), fact(K.ANSWERED, 2, "ans_2"), fact(K.ASSUMED, 26, "ans_2")],
    ),
    "down for the last, then up for an older": (
        "rejected",
        [ANSWERED, fact(K.ANSWERED, 2, "ans_2"), fact(K.REJECTED, 3, "ans_2"), fact(K.CONFIRMED, 4)],
    ),
    "up, and thanks": (
        "confirmed",
        [ANSWERED, fact(K.CONFIRMED, 1), fact(K.ABSTAINED, 2, "ans_2"), fact(K.ABANDONED, 26, "ans_2")],
    ),
    "up, and then asked back": (
        "abandoned",
        [ANSWERED, fact(K.CONFIRMED, 1), fact(K.ASKED_BACK, 2, "ans_2"), fact(K.ABANDONED, 26, "ans_2")],
    ),
    "gave up": ("abandoned", [fact(K.ASKED_BACK, 0), fact(K.ABANDONED, 24)]),
    "came back": (
        "reopened",
        [ANSWERED, fact(K.ASSUMED, 24), fact(K.REOPENED, 50, "con_1"), fact(K.ANSWERED, 50, "a2")],
    ),
    "a person, though all was well later": (
        "handed_over",
        [fact(K.HANDED_OVER, 0, "hnd_1"), fact(K.RESOLVED, 1, "hnd_1"), fact(K.ANSWERED, 2), fact(K.CONFIRMED, 3)],
    ),
    "came back and a person": (
        "handed_over",
        [ANSWERED, fact(K.ASSUMED, 24), fact(K.REOPENED, 50, "con_1"), fact(K.HANDED_OVER, 50, "hnd_1")],
    ),
    "typed in two messages": (
        "assumed",
        [
            fact(K.HANDED_OVER, 0, "hnd_1"),
            fact(K.RETURNED, 0.001, "hnd_1"),
            fact(K.ANSWERED, 0.001),
            fact(K.ASSUMED, 24.001),
        ],
    ),
}


@pytest.mark.parametrize("name", COURSES)
def test_a_conversation_has_one_outcome(name):
    expected, happened = COURSES[name]
    assert outcome(*happened) == expected


def test_a_young_conversation_is_in_no_rate_even_with_a_thumb():
    found = numbers(ANSWERED, fact(K.CONFIRMED, 1), now=SINCE + timedelta(hours=23))
    assert (found.total.conversations, found.total.young, found.total.closed) == (1, 1, 0)
    assert found.rates["confirmed"] == Rate(0, 0, None, None, None, firm=False)
    assert outcome(ANSWERED, now=SINCE + timedelta(hours=24)) == "unknown"
    assert outcome(ANSWERED, fact(K.ANSWERED, 20, "ans_2"), now=SINCE + timedelta(hours=43)) == "young"


def test_the_cohort_is_what_began_in_the_period_whenever_the_rest_happened():
    late = fact(K.CONFIRMED, 24 * 20)
    found = numbers(
        ANSWERED,
        late,
        fact(K.ANSWERED, 5, "ans_2", "con_older"),
        fact(K.ANSWERED, 24 * 7, "ans_3", "con_later"),
        older=["con_older"],
    )
    assert (found.total.conversations, found.total.confirmed) == (1, 1)
    assert found.answers == {"sent": 1, "asked_back": 0, "abstained": 0}


def test_the_outcomes_and_the_young_ones_add_up_in_total_by_day_and_by_channel():
    every = []
    for number, (_, happened) in enumerate(COURSES.values()):
        for one in happened:
            subject = f"con_{number}" if one.subject == "con_1" else f"{one.subject}-{number}"
            at, channel = one.at + timedelta(hours=9 * number), ("web", "email")[number % 2]
            every.append(Fact(one.kind, f"con_{number}", subject, at, one.reason, channel, one.seconds))
    found = numbers(
        *every, fact(K.ANSWERED, 160, "ans_young", "con_young", channel=""), now=SINCE + timedelta(hours=180)
    )
    assert found.total.young >= 1
    for tally in (found.total, *found.by_day, *found.by_channel):
        assert tally.conversations == tally.young + sum(getattr(tally, name) for name in OUTCOMES)
    for tallies in (found.by_day, found.by_channel):
        for name in ("conversations", "young", "answered", *OUTCOMES):
            assert sum(getattr(tally, name) for tally in tallies) == getattr(found.total, name)
    assert [tally.name for tally in found.by_day] == [f"2026-03-0{day}" for day in range(1, 8)]
    assert [tally.name for tally in found.by_channel] == ["web", "email", ""]


def test_a_rate_has_wilson_s_interval_and_is_firm_from_thirty_cases_on():
    found = rate(15, 30)
    assert (found.value, found.firm) == (0.5, True)
    assert (found.low, found.high) == pytest.approx((0.3315, 0.6685), abs=1e-4)
    assert found.in_words == "50% (33-67%)"
    assert (rate(29, 29).firm, rate(29, 29).in_words) == (False, "too few to say")
    assert rate(0, 0).in_words == "too few to say"


def test_hand_offs_are_counted_by_reason_each_time_they_begin_to_wait():
    found = numbers(
        fact(K.HANDED_OVER, 0, "hnd_1", reason="wants_person"),
        fact(K.ALARMED, 1, "hnd_1"),
        fact(K.RESOLVED, 2, "hnd_1", seconds=7_200.0),
        fact(K.REOPENED, 3, "hnd_1", reason="unsure"),
        fact(K.HANDED_OVER, 0, "hnd_2", "con_2", reason="unsure"),
        still_open=[handoff(HandoffState.REOPENED), handoff(HandoffState.WAITING), handoff(HandoffState.CLAIMED)],
    ).handoffs
    assert (found.opened, found.reopened, found.alarms) == (2, 1, 1)
    assert list(found.reasons.items()) == [("unsure", 2), ("wants_person", 1)]
    assert (found.waiting_now, found.claimed_now, found.replied_now) == (2, 1, 0)


def test_times_are_of_the_first_claim_reply_and_end_and_say_how_many_have_none():
    happened = [fact(K.HANDED_OVER, 0, f"hnd_{number}", f"con_{number}") for number in range(4)]
    for number, seconds in enumerate((10.0, 20.0, 30.0)):
        happened.append(fact(K.REPLIED, 1, f"hnd_{number}", f"con_{number}", seconds=seconds))
    happened += [
        fact(K.CLAIMED, 0.5, "hnd_0", "con_0", seconds=4.0),
        fact(K.CLAIMED, 2, "hnd_0", "con_0", seconds=9_999.0),
        fact(K.REPLIED, 2, "hnd_0", "con_0", seconds=9_999.0),
    ]
    found = numbers(*happened).handoffs
    assert (found.until_replied.median_seconds, found.until_replied.high_seconds) == (20.0, 28.0)
    assert (found.until_replied.cases, found.until_replied.without, found.until_replied.firm) == (3, 1, False)
    assert found.until_claimed.median_seconds == 20.0
    assert (found.until_resolved.median_seconds, found.until_resolved.without) == (None, 4)


def test_answer_times_are_those_of_the_bot_with_the_95th_percentile():
    happened = [fact(K.ANSWERED, 0, f"ans_{number}", f"con_{number}", seconds=float(number)) for number in range(101)]
    found = numbers(*happened, fact(K.HANDED_OVER, 1, "hnd_1", "con_h", seconds=1e6)).answer_time
    assert (found.median_seconds, found.high_seconds, found.percentile, found.cases) == (50.0, 95.0, 95, 101)
    assert found.firm
    assert spread([None], percentile=95).median_seconds is None


def test_thumbs_count_once_an_answer_by_the_last_word():
    found = numbers(
        ANSWERED,
        fact(K.REJECTED, 1),
        fact(K.CONFIRMED, 2),
        fact(K.ANSWERED, 3, "ans_2"),
        fact(K.REJECTED, 4, "ans_2"),
    )
    assert found.thumbs == {"up": 1, "down": 1}
    assert (found.rates["helpful"].count, found.rates["helpful"].cases) == (1, 2)


def test_leads_and_corrections_count_when_they_happen_with_or_without_a_conversation():
    found = numbers(
        fact(K.LEAD, 1, "lea_1", ""), fact(K.LEAD, 24 * 8, "lea_2", ""), fact(K.CORRECTED, 2, "ans_9", "con_9")
    )
    assert (found.leads, found.corrections, found.total.conversations) == (1, 1, 0)


def test_every_number_has_its_meaning_in_words():
    found = numbers(ANSWERED)
    named = {*found.rates, *LABELS, "thumbs", "answers", "leads", "corrections", "reasons", "alarms"}
    assert named <= set(found.meaning)
    assert found.meaning == dict(MEANING)
    assert all(words.endswith(".") for words in MEANING.values())


def test_the_numbers_have_plain_json():
    plain = numbers(ANSWERED).to_dict()
    assert plain["since"] == "2026-03-01T00:00:00Z"
    assert plain["total"]["unknown"] == 1
    assert plain["rates"]["unknown"] == {
        "count": 1,
        "cases": 1,
        "value": 1.0,
        "low": pytest.approx(0.2065, abs=1e-4),
        "high": 1.0,
        "firm": False,
    }


def test_a_period_is_of_whole_days_and_ends_now():
    now = datetime(2026, 3, 10, 15, 30, tzinfo=UTC)
    assert period(days=7, now=now) == (datetime(2026, 3, 4, tzinfo=UTC), now)
    assert period(since="2026-03-01", until="2026-03-01", now=now) == (SINCE, SINCE + timedelta(days=1))
    assert period(days=2, until="2026-03-02", now=now) == (SINCE, SINCE + timedelta(days=2))
    assert period(since="2026-03-01", until="2027-01-01", now=now) == (SINCE, now)


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"days": 0}, "0 days"),
        ({"days": MOST_DAYS + 1}, "367 days"),
        ({"since": "yesterday"}, "`since` is 'yesterday', which is no day"),
        ({"until": "2026-02-30"}, "`until` is '2026-02-30', which is no day"),
        ({"until": "0001-01-01"}, "`until` is '0001-01-01', which is no day"),
        ({"since": "2026-03-05", "until": "2026-03-04"}, "has no day in it"),
        ({"since": "2026-03-11"}, "has no day in it"),
        ({"until": "9999-12-31"}, "has no day in it"),
        ({"since": "2020-01-01"}, "too long"),
    ],
)
def test_a_period_that_cannot_be_is_refused_in_words(wanted, said):
    with pytest.raises(UserError, match=said) as refused:
        period(**wanted, now=datetime(2026, 3, 10, tzinfo=UTC))
    assert refused.value.fix


def test_lengths_of_time_read_as_people_say_them():
    said = [in_words(seconds) for seconds in (None, 0.012, 0.44, 12.4, 59, 60, 210, 3_600, 86_400, 172_800, 1e6)]
    assert said == ["-", "12 ms", "0.4 s", "12 s", "59 s", "1 min", "3.5 min", "1 h", "24 h", "2 days", "12 days"]


def test_a_desk_counts_what_was_asked_and_what_silence_says_of_it(tmp_path):
    with Desk.open(tmp_path / "desk", settings={"threshold": 0.3}, embedder=HashEmbedder()) as desk:
        desk.put_document("gift.md", "# Gift cards\n\nA gift card is valid for 24 months from the day of purchase.\n")
        answer = desk.ask("How long is a gift card valid?", channel="web")
        desk.ask("Can I talk to a person?", conversation_id=desk.ask("Hello?").conversation_id)
        tomorrow = utc_now() + timedelta(hours=25)
        assert close_silent(desk.parts.database, "main", tomorrow) >= 1
        month_ago = Fact(K.ANSWERED, "con_old", "ans_old", utc_now() - timedelta(days=40), "", "web", 0.1)
        again = Fact(K.ANSWERED, "con_old", "ans_new", utc_now(), "", "web", 0.1)
        desk.parts.database.write(lambda connection: put_facts(connection, "main", [month_ago, again]))
        begin, end = period(now=utc_now())
        found = stats(desk.parts, "main", begin, end)
    assert answer.decision == "send"
    assert (found.total.conversations, found.total.young) == (2, 2)
    assert found.answers["sent"] >= 1
    assert found.handoffs.waiting_now == found.handoffs.opened


def test_the_page_on_reading_the_numbers_names_every_number():
    page = (Path(__file__).parents[2] / "docs" / "how-to" / "read-the-numbers.md").read_text("utf-8")
    assert [name for name in MEANING if f"`{name}`" not in page] == []
