"""How conversations close by silence, from facts alone."""

from datetime import UTC, datetime, timedelta

import pytest

from openbook.conversation.outcomes import (
    MOST_AT_ONCE,
    SILENCE,
    begun_before,
    close_silent,
    closing_facts,
    real_beginnings,
)
from openbook.stores import Database, open_engine
from openbook.stores.facts import Fact, FactKind, facts_of, put_facts
from openbook.stores.properties import set_property

K = FactKind
BEGUN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def fact(kind, hours, subject="ans_1", *, conversation="con_1", reason=""):
    return Fact(kind, conversation, subject, BEGUN + timedelta(hours=hours), reason, "web")


def said(*known, hours):
    found = closing_facts(sorted(known, key=lambda one: one.at), now=BEGUN + timedelta(hours=hours))
    return [(one.kind, one.subject, (one.at - BEGUN) / timedelta(hours=1)) for one in found]


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    """One for all tests, each with a tenant of its own: the migrations take their time."""
    opened = Database(open_engine(f"sqlite:///{tmp_path_factory.mktemp('facts') / 'openbook.db'}"))
    yield opened
    opened.close()


def keep(database, tenant, *known):
    database.write(lambda connection: put_facts(connection, tenant, known))


def kinds(database, tenant, conversation="con_1"):
    with database.read() as connection:
        return [one.kind for one in facts_of(connection, tenant, conversation)]


def test_an_answer_and_a_day_of_silence_is_assumed_to_have_helped():
    assert said(fact(K.ANSWERED, 0), hours=23.9) == []
    assert said(fact(K.ANSWERED, 0), hours=24) == [(K.ASSUMED, "ans_1", 24)]


@pytest.mark.parametrize("thumb", [K.CONFIRMED, K.REJECTED])
def test_nothing_is_assumed_of_an_answer_with_a_thumb(thumb):
    assert said(fact(K.ANSWERED, 0), fact(thumb, 1), hours=99) == []


def test_a_thumb_for_an_earlier_answer_says_nothing_of_the_last_one():
    known = (fact(K.ANSWERED, 0), fact(K.CONFIRMED, 1), fact(K.ANSWERED, 2, "ans_2"))
    assert said(*known, hours=99) == [(K.ASSUMED, "ans_2", 26)]


@pytest.mark.parametrize("kind", [K.ASKED_BACK, K.ABSTAINED])
def test_who_got_nothing_and_says_nothing_more_has_given_up(kind):
    assert said(fact(kind, 0), hours=24) == [(K.ABANDONED, "ans_1", 24)]


def test_only_the_last_answer_before_the_silence_counts():
    known = (fact(K.ASKED_BACK, 0), fact(K.ANSWERED, 1, "ans_2"))
    assert said(*known, hours=30) == [(K.ASSUMED, "ans_2", 25)]


def test_a_hand_off_never_ends_by_silence():
    waiting = (fact(K.ANSWERED, 0), fact(K.HANDED_OVER, 1, "hnd_1"))
    assert said(*waiting, hours=999) == []
    assert said(*waiting, fact(K.CLAIMED, 2, "hnd_1"), fact(K.REPLIED, 3, "hnd_1"), hours=999) == []
    assert said(*waiting, fact(K.RESOLVED, 4, "hnd_1"), hours=999) == []


def test_nothing_is_assumed_while_a_person_was_there_around_the_answer():
    known = (fact(K.HANDED_OVER, 0, "hnd_1"), fact(K.ANSWERED, 1), fact(K.RESOLVED, 5, "hnd_1"))
    assert said(*known, hours=99) == []


def test_what_the_bot_answers_after_a_hand_off_ended_closes_as_usual():
    known = (fact(K.HANDED_OVER, 0, "hnd_1"), fact(K.RETURNED, 1, "hnd_1"), fact(K.ANSWERED, 2))
    assert said(*known, hours=99) == [(K.ASSUMED, "ans_1", 26)]


def test_who_comes_back_within_a_week_reopens_what_was_assumed():
    known = (fact(K.ANSWERED, 0), fact(K.ANSWERED, 72, "ans_2"))
    assert said(*known, hours=80) == [(K.ASSUMED, "ans_1", 24), (K.REOPENED, "con_1", 72)]
    week = 24 + 7 * 24
    assert said(fact(K.ANSWERED, 0), fact(K.ANSWERED, week, "ans_2"), hours=week)[1:] == [(K.REOPENED, "con_1", week)]
    assert said(fact(K.ANSWERED, 0), fact(K.ANSWERED, week + 1, "ans_2"), hours=week + 1)[1:] == []


def test_who_comes_back_reopens_what_was_confirmed_and_nothing_that_was_rejected():
    again = fact(K.HANDED_OVER, 50, "hnd_1")
    assert said(fact(K.ANSWERED, 0), fact(K.CONFIRMED, 1), again, hours=60) == [(K.REOPENED, "con_1", 50)]
    assert said(fact(K.ANSWERED, 0), fact(K.REJECTED, 1), again, hours=60) == []
    assert said(fact(K.ANSWERED, 0), fact(K.CONFIRMED, 1), fact(K.REJECTED, 2), again, hours=60) == []


def test_another_question_in_the_same_sitting_reopens_nothing():
    assert said(fact(K.ANSWERED, 0), fact(K.CONFIRMED, 1), fact(K.ANSWERED, 2, "ans_2"), hours=3) == []


def test_what_follows_from_the_facts_is_not_said_twice():
    known = [fact(K.ANSWERED, 0), fact(K.ANSWERED, 72, "ans_2"), fact(K.ANSWERED, 130, "ans_3")]
    now = BEGUN + timedelta(hours=400)
    first = closing_facts(known, now=now)
    assert [one.kind for one in first].count(K.REOPENED) == 2
    assert closing_facts(sorted([*known, *first], key=lambda one: one.at), now=now) == []


def test_the_reopening_says_how_the_conversation_had_closed():
    known = [fact(K.ANSWERED, 0), fact(K.CONFIRMED, 1), fact(K.ANSWERED, 72, "ans_2")]
    [reopened] = closing_facts(known, now=BEGUN + timedelta(hours=73))
    assert (reopened.reason, reopened.channel) == ("confirmed", "web")


def test_a_hand_off_that_the_bot_ended_itself_by_completing_the_question_needed_no_person():
    typed_in_two = [fact(K.HANDED_OVER, 0, "hnd_1"), fact(K.RETURNED, 0.001, "hnd_1"), fact(K.ANSWERED, 0.001)]
    assert real_beginnings(typed_in_two) == []
    again = fact(K.REOPENED, 5, "hnd_1")
    assert real_beginnings([*typed_in_two, again]) == [again]
    by_person = [fact(K.HANDED_OVER, 0, "hnd_1"), fact(K.RETURNED, 1, "hnd_1"), fact(K.ANSWERED, 2)]
    assert real_beginnings(by_person) == by_person[:1]


def test_a_second_look_at_the_same_moment_writes_nothing(database):
    keep(database, "twice", fact(K.ANSWERED, 0), fact(K.ASKED_BACK, 1, "ans_2", conversation="con_2"))
    now = BEGUN + timedelta(hours=25)
    assert close_silent(database, "twice", BEGUN + timedelta(hours=24)) == 1
    assert close_silent(database, "twice", now) == 1
    assert close_silent(database, "twice", now) == 0
    assert kinds(database, "twice") == [K.ANSWERED, K.ASSUMED]
    assert kinds(database, "twice", "con_2") == [K.ASKED_BACK, K.ABANDONED]


def test_a_look_that_died_before_it_noted_how_far_it_was_writes_nothing_twice(database):
    keep(database, "died", fact(K.ANSWERED, 0))
    now = BEGUN + timedelta(days=2)
    assert close_silent(database, "died", now) == 1
    set_property(database, "closed_until", "", tenant="died")
    assert close_silent(database, "died", now) == 0
    assert kinds(database, "died").count(K.ASSUMED) == 1


def test_a_look_after_a_long_pause_finds_what_every_look_would_have(database):
    known = (fact(K.ANSWERED, 0), fact(K.ANSWERED, 72, "ans_2"), fact(K.ABSTAINED, 300, "ans_3"))
    for tenant in ("paused", "steady"):
        keep(database, tenant, *known)
    close_silent(database, "paused", BEGUN + timedelta(days=60))
    for hour in range(0, 400, 20):
        close_silent(database, "steady", BEGUN + timedelta(hours=hour))
    assert sorted(kinds(database, "paused")) == sorted(kinds(database, "steady"))
    assert (kinds(database, "paused").count(K.ASSUMED), kinds(database, "paused").count(K.REOPENED)) == (2, 1)


def test_one_look_does_no_more_than_its_share_and_the_next_goes_on(database):
    moment = [Fact(K.ANSWERED, f"con_{n}", f"ans_{n}", BEGUN, "", "web") for n in range(MOST_AT_ONCE + 5)]
    keep(database, "many", *moment)
    now = BEGUN + SILENCE
    assert [close_silent(database, "many", now) for _ in range(3)] == [MOST_AT_ONCE, 5, 0]


def test_one_tenant_s_silence_is_nobody_else_s(database):
    keep(database, "other", fact(K.ANSWERED, 0))
    assert close_silent(database, "main", BEGUN + timedelta(days=9)) == 0
    assert kinds(database, "other") == [K.ANSWERED]


def test_which_conversations_began_earlier_is_told_for_any_number_of_them(database):
    keep(database, "old", fact(K.ANSWERED, 0), fact(K.LEAD, 0, "lea_1", conversation="con_2"))
    asked = ["con_1", "con_2", *(f"con_x{number}" for number in range(1_200))]
    with database.read() as connection:
        assert begun_before(connection, "old", asked, BEGUN + timedelta(hours=1)) == {"con_1"}
        assert begun_before(connection, "old", asked, BEGUN) == set()
        assert begun_before(connection, "old", [], BEGUN) == set()
