"""What a message comes into: bursts, failures in a row, anger, a person who is waited for."""

from datetime import timedelta

import pytest

from openbook import AskRequest, Desk
from openbook.conversation.standing import standing_of
from openbook.models import HashEmbedder
from openbook.types import Decision, TicketMessage, utc_now

BURST = timedelta(seconds=8)


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    folder = tmp_path_factory.mktemp("standing") / "desk"
    settings = {"threshold": 0.45, "behaviour.failures": 0}
    with Desk.open(folder, must_hold=True, embedder=HashEmbedder(), settings=settings) as opened:
        opened.put_document("kiln.md", "# The kiln\n\nBook the kiln at the desk. The price is 9 pounds an hour.")
        opened.put_document("loom.md", "# The loom\n\nThe loom is repaired by Mr Weaver on Mondays.")
        yield opened


def standing(desk, conversation_id, message, *, later=timedelta(seconds=2), audiences=("public",), history=()):
    request = AskRequest(message, conversation_id, audiences=audiences, history=history)
    return standing_of(desk.parts.database, request, at=utc_now() + later, burst=BURST)


def begun(desk, *messages, **options):
    """A conversation in which these messages were said."""
    conversation_id = ""
    for message in messages:
        conversation_id = desk.ask(message, conversation_id=conversation_id, **options).conversation_id
    return conversation_id


def test_a_first_message_comes_into_nothing(desk):
    found = standing(desk, "", "How much is the kiln?")
    assert (found.signals.first, found.signals.failures, found.earlier) == (True, 0, "")


def test_two_halves_of_a_question_are_one(desk):
    found = standing(desk, begun(desk, "my pot is grey"), "how much is the kiln?")
    assert (found.earlier, found.completes) == ("my pot is grey", True)


def test_two_questions_stay_two(desk):
    found = standing(desk, begun(desk, "Who painted the ceiling?"), "How much is the kiln?")
    assert (found.earlier, found.completes) == ("", False)


def test_what_was_said_long_ago_is_no_half(desk):
    conversation_id = begun(desk, "my pot is grey")
    assert standing(desk, conversation_id, "how much is the kiln?", later=timedelta(minutes=1)).earlier == ""


def test_an_answer_that_was_sent_leaves_no_half(desk):
    answer = desk.ask("The price of the kiln is how many pounds an hour?")
    assert answer.decision is Decision.SEND
    assert standing(desk, answer.conversation_id, "thanks").earlier == ""


def test_a_wish_for_a_person_is_no_half(desk):
    found = standing(desk, begun(desk, "I want to speak to a human please"), "my pot is grey")
    assert (found.earlier, found.signals.waiting) == ("", True)


def test_the_words_of_somebody_who_sees_more_are_not_read(desk):
    conversation_id = begun(desk, "my pot is grey", audiences=("public", "internal"))
    assert standing(desk, conversation_id, "how much is the kiln?").earlier == ""


def test_answers_that_gave_nothing_are_counted_up_to_the_last_that_did(desk):
    nothing = ["🙂", "…"]
    assert standing(desk, begun(desk, *nothing), "hm").signals.failures == 2
    conversation_id = begun(desk, *nothing, "The price of the kiln is how many pounds an hour?")
    assert standing(desk, conversation_id, "hm").signals.failures == 0


def test_anger_is_counted(desk):
    told = [
        TicketMessage("customer", "This is an absolute disgrace, you useless idiots!"),
        TicketMessage("bot", "Sorry."),
    ]
    assert standing(desk, "", "And now?", history=told).signals.anger == 1


def test_messages_that_come_along_may_end_in_a_half(desk):
    told = (TicketMessage("bot", "Hello!"), TicketMessage("customer", "my pot is grey"))
    assert standing(desk, "", "how much is the kiln?", history=told).earlier == "my pot is grey"
    assert standing(desk, "", "how much is the kiln?", history=told[1:]).earlier == ""


def test_a_completed_question_is_answered_and_takes_its_own_hand_off_back(desk):
    first = desk.ask("the price of the kiln")
    if first.decision is not Decision.HAND_OFF:
        pytest.skip(f"the first half was decided {first.decision}")
    second = desk.ask("is how many pounds an hour at the desk?", conversation_id=first.conversation_id)
    assert second.decision is Decision.SEND
    assert desk.handoff(first.handoff.id).state == "returned"
    assert desk.replay(second.id).identical
