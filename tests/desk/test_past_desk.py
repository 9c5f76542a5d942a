"""A desk that only knows the past: nothing that it answers from is of the question's day or later."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openbook.desk.parts import open_parts
from openbook.desk.past_desk import in_time, over_at, past_desk, rehearse_today
from openbook.errors import UserError
from openbook.evals.ticket_outcome import outcome_of
from openbook.models import HashEmbedder
from openbook.settings import load_settings
from openbook.stores import Folder
from openbook.types import UNSAID, Decision, Ticket, TicketMessage

START = datetime(2025, 3, 1, tzinfo=UTC)
ANSWER = "Pull the red strip at the side of the box to open it."


@pytest.fixture(scope="module")
def parts(tmp_path_factory):
    place = tmp_path_factory.mktemp("desk")
    folder = Folder(place / "data")
    folder.hold("test")
    opened = open_parts(folder, load_settings(place, arguments={"threshold": 0.2}), embedder=HashEmbedder())
    yield opened
    opened.close()


def ticket(name, asked, over=None, *, resolution=ANSWER):
    """A ticket by hours since the start; without a time where `asked` is None."""
    moments = [None if hours is None else START + timedelta(hours=hours) for hours in (asked, over)]
    said = (
        TicketMessage("customer", "How do I open the red box?", moments[0]),
        TicketMessage("operator", resolution or "We are looking at it.", moments[1]),
    )
    return Ticket(name, "Red box", said, moments[0], solved=bool(resolution), resolution=resolution)


hours = st.integers(0, 24 * 3)
histories = st.lists(st.tuples(hours, hours, st.sampled_from([ANSWER, ANSWER, ""])), min_size=1, max_size=6)


@settings(max_examples=6, deadline=None)
@given(histories)
def test_an_answer_from_the_same_day_or_the_future_is_impossible(parts, history):
    tickets = in_time(ticket(str(place), *each[:2], resolution=each[2]) for place, each in enumerate(history))
    with past_desk(parts, "main", tickets) as past:
        rehearsals = list(past.rehearse_all(tickets))
    for asked, rehearsal in zip(tickets, rehearsals, strict=True):
        day = asked.created_at.date()
        known = [each for each in tickets if each.resolution and over_at(each).date() < day]
        assert bool(rehearsal.hits) == bool(known)
        assert all(hit.updated_at.date() < day for hit in rehearsal.hits)


def test_side_by_side_gives_the_same_as_one_after_another(parts):
    tickets = in_time(ticket(str(place), 5 * place, 7 * place) for place in range(12))
    with past_desk(parts, "main", tickets) as past:
        together = [outcome_of(*pair) for pair in zip(tickets, past.rehearse_all(tickets), strict=True)]
    with past_desk(parts, "main", tickets) as past:
        alone = [outcome_of(each, past.rehearse(each)) for each in tickets]
    assert [replace(each, milliseconds=0.0) for each in together] == [replace(each, milliseconds=0.0) for each in alone]
    assert any(each.sources for each in alone)


def test_what_was_solved_before_answers_with_the_operators_words(parts):
    with past_desk(parts, "main", [ticket("old", 0, 30)]) as past:
        assert past.until(START + timedelta(hours=31)) == 0
        assert past.until(START + timedelta(hours=48)) == 1
        answer = past.rehearse(ticket("new", 50)).answer
    assert (answer.decision, answer.text) == (Decision.SEND, ANSWER)


def test_a_resolution_dated_before_its_own_question_does_not_answer_it(parts):
    backwards = ticket("backwards", 100, 2)
    with past_desk(parts, "main", [backwards]) as past:
        assert past.rehearse(backwards).hits == ()


def test_time_does_not_go_back_and_a_ticket_without_time_is_refused(parts):
    with past_desk(parts, "main", []) as past:
        past.rehearse(ticket("late", 60))
        with pytest.raises(UserError, match="a ticket of 2025-03-01 would be answered from its future"):
            past.rehearse(ticket("early", 1))
        with pytest.raises(UserError, match="'timeless' does not say when it was asked"):
            past.rehearse(ticket("timeless", None))
    assert in_time([ticket("late", 60), ticket("timeless", None), ticket("early", 1)])[0].id == "early"
    assert over_at(ticket("timeless", None)) is None


def test_the_articles_of_today_answer_in_the_order_of_the_tickets(parts):
    parts.sync.put("main", "box.md", f"# Red box\n\n{ANSWER}\n".encode(), UNSAID)
    asked = [ticket("1", 0), Ticket("2", "Do you rent skis in Oslo?", ())]
    first, second = rehearse_today(parts, "main", asked)
    assert (first.answer.text, second.answer.decision) == (ANSWER, Decision.ABSTAIN)
