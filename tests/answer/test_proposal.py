from dataclasses import replace

import pytest

from answer.hits import hits_from, source_of
from openbook.answer import draft, propose
from openbook.answer.confidence import WEIGHTS, confidence, confidence_parts
from openbook.types import Decision

PAGE = """# Gift cards

A gift card is valid for 24 months from the day of purchase. It cannot be exchanged for cash.
"""
QUESTION = "How many months is a gift card valid?"


def proposed(question=QUESTION, *, hits=None, threshold=0.5):
    hits = hits_from(PAGE) if hits is None else hits
    return propose(question, draft(question, hits), hits, threshold=threshold)


def test_a_sure_answer_is_sent_with_exact_citations():
    answer = proposed()
    source = source_of(PAGE)
    assert answer.decision is Decision.SEND
    assert "valid for 24 months" in answer.text
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


def test_nothing_near_is_abstained_from():
    far = tuple(replace(hit, dense=0.05, score=0.05) for hit in hits_from(PAGE))
    answer = proposed("zebra migration", hits=far, threshold=0.0)
    assert answer.decision is Decision.ABSTAIN
    assert answer.citations == ()


@pytest.mark.parametrize(
    "question",
    ["Can I speak to a human?", "talk to someone", "a person please", "Ich möchte mit einem Mitarbeiter sprechen"],
)
def test_a_wish_for_a_person_is_granted_however_sure_the_answer(question):
    assert proposed(question, threshold=0.0).decision is Decision.HAND_OFF


def test_the_same_question_and_hits_give_the_same_proposal():
    assert proposed() == proposed()


def test_confidence_rises_with_each_part():
    base = dict.fromkeys(WEIGHTS, 0.5)
    for name in WEIGHTS:
        assert confidence({**base, name: 0.9}) > confidence(base)


def test_confidence_parts_lie_between_nothing_and_one():
    hits = hits_from(PAGE)
    parts = confidence_parts(draft(QUESTION, hits), hits)
    assert set(parts) == set(WEIGHTS)
    assert all(0.0 <= value <= 1.0 for value in parts.values())


def test_without_an_encoder_the_fused_score_stands_in_for_similarity():
    hits = tuple(replace(hit, dense=None, retrievers=("keyword",)) for hit in hits_from(PAGE))
    parts = confidence_parts(draft(QUESTION, hits), hits)
    assert parts["similarity"] == pytest.approx(hits[0].score)
    assert parts["agreement"] == 0.0
