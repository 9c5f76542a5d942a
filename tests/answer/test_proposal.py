"""A proposal follows from message, draft and threshold; nothing is cited unless it is sent."""

import pytest

from answer.hits import drafted, source_of
from openbook.answer import propose
from openbook.answer.confidence import confidence
from openbook.answer.parts import confidence_parts
from openbook.types import Decision

PAGE = """# Gift cards

A gift card is valid for 24 months from the day of purchase. It cannot be exchanged for cash.
"""
QUESTION = "How many months is a gift card valid?"


def proposed(question=QUESTION, *, threshold=0.1, **options):
    return propose(question, drafted(question, PAGE), threshold=threshold, **options)


def test_a_sure_answer_is_sent_with_exact_citations():
    answer = proposed()
    source = source_of(PAGE)
    assert answer.decision is Decision.SEND
    assert "valid for 24 months" in answer.text
    assert answer.citations
    for citation in answer.citations:
        assert citation.quote == source[citation.start : citation.end]
    assert all(answer.citations[index] for claim in answer.claims for index in claim.citations)


def test_below_the_threshold_it_goes_to_a_person_and_cites_nothing():
    answer = proposed(threshold=0.999)
    assert answer.decision is Decision.HAND_OFF
    assert (answer.claims, answer.citations) == ((), ())
    assert "24 months" not in answer.text
    assert "below the threshold" in answer.reason


@pytest.mark.parametrize("question", ["", "   ", "?!…", "🙂🙂"])
def test_what_cannot_be_read_is_abstained_from(question):
    assert proposed(question).decision is Decision.ABSTAIN


@pytest.mark.parametrize("question", ["Can I speak to a human?", "Ich möchte mit einem Mitarbeiter sprechen"])
def test_a_wish_for_a_person_is_granted_however_sure_the_answer(question):
    assert proposed(question, threshold=0.0).decision is Decision.HAND_OFF


def test_what_the_search_was_narrowed_to_is_told_where_nothing_was_found():
    answer = propose(QUESTION, drafted(QUESTION), threshold=0.0, filters="product app")
    assert answer.decision is Decision.HAND_OFF
    assert "product app" in answer.reason


def test_the_same_question_and_hits_give_the_same_proposal():
    assert proposed() == proposed()


@pytest.mark.parametrize("threshold", [0.0, 1.0])
def test_the_confidence_is_told_with_its_parts_whatever_was_decided(threshold):
    answer = proposed(threshold=threshold)
    assert answer.confidence_parts == confidence_parts(drafted(QUESTION, PAGE))
    assert answer.confidence == confidence(answer.confidence_parts)
