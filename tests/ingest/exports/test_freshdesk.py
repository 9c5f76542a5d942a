import pytest

from ingest.exports.samples import parts, tickets
from openbook.ingest.exports import freshdesk


def test_a_ticket_has_its_description_and_the_conversations_that_are_not_private():
    ticket = tickets("freshdesk-tickets.json")["6201"]
    assert [message.author for message in ticket.messages] == ["customer", "operator", "customer"]
    assert "Ask the workshop" not in str(ticket)
    assert "Ada" not in str(ticket)
    assert (ticket.solved, ticket.channel, ticket.queue) == (True, "email", "14")


def test_a_closed_ticket_without_a_word_from_the_customer_is_no_document():
    assert set(parts("freshdesk-tickets.json")) == {"ticket 6201"}
    assert tickets("freshdesk-tickets.json")["6202"].solved


def test_solutions_keep_who_may_read_them():
    articles = parts("freshdesk-solutions.json")
    shown = {name: (part.extract.metadata.status, part.extract.metadata.audiences) for name, part in articles.items()}
    assert shown == {"4401": ("", ()), "4402": ("", ("internal",)), "4403": ("draft", ())}


@pytest.mark.parametrize(("answer", "csat"), [(103, 1.0), (100, 0.5), (-103, 0.0), (7, None), (None, None)])
def test_a_survey_becomes_a_rating_from_0_to_1(answer, csat):
    survey = {"ratings": {"default_question": answer}}
    (case,) = freshdesk.read({"id": 1, "subject": "Zip", "status": 2, "satisfaction_rating": survey})
    assert case.ticket.csat == csat


def test_what_was_forwarded_or_does_not_say_that_it_is_public_is_no_message():
    conversations = [
        {"body": "forwarded", "private": False, "source": 8},
        {"body": "perhaps a note"},
        {"body": "Wax the teeth.", "private": False, "automation_id": 3},
    ]
    (case,) = freshdesk.read({"id": 1, "subject": "Zip", "status": "Resolved", "conversations": conversations})
    assert [(message.author, message.text) for message in case.ticket.messages] == [("bot", "Wax the teeth.")]
