"""A proposal follows from message, draft and threshold; nothing is cited unless it is sent."""

from dataclasses import replace

import pytest

from answer.hits import drafted, source_of
from openbook.answer import propose, wording
from openbook.answer.confidence import confidence
from openbook.answer.parts import confidence_parts
from openbook.answer.proposal import dressed, kept_to_sources, ruled
from openbook.types import USUAL_BEHAVIOUR, Behaviour, Decision, Ruling

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


WARM = Behaviour(tone="warm", greeting="Hello from Fernhill!", closing="Happy trails.")
RULING = Ruling("press", "The message seems to come from the press.", "press")


def test_what_is_not_sent_is_said_in_the_customers_language_and_the_tone_that_is_set():
    german = proposed(threshold=0.999, language="de", behaviour=WARM)
    assert german.text == wording.say("hand_off", language="de", tone="warm")
    assert german.reason == proposed(threshold=0.999).reason


def test_a_ruling_makes_a_hand_off_that_cites_nothing_whatever_was_proposed():
    sent = proposed()
    handed = ruled(sent, RULING, behaviour=WARM, language="fr")
    assert (handed.decision, handed.reason) == (Decision.HAND_OFF, RULING.reason)
    assert (handed.claims, handed.citations, handed.options) == ((), (), ())
    assert handed.text == wording.say("policy_press", language="fr", tone="warm")
    assert (handed.confidence, handed.confidence_parts) == (sent.confidence, sent.confidence_parts)


def test_a_ruling_of_a_policy_that_is_no_more_still_hands_over():
    handed = ruled(proposed(), Ruling("gone", "Once."), behaviour=WARM, language="en")
    assert handed.text == wording.say("hand_off", language="en", tone="warm")


def test_only_the_first_sent_answer_is_greeted_and_every_one_is_closed():
    sent = proposed()
    assert dressed(sent, behaviour=WARM, first=True).text == f"Hello from Fernhill!\n\n{sent.text}\n\nHappy trails."
    later = dressed(sent, behaviour=WARM, first=False)
    assert later.text == f"{sent.text}\n\nHappy trails."
    assert (later.claims, later.citations) == (sent.claims, sent.citations)


def test_without_greeting_and_closing_and_where_nothing_is_sent_the_text_stays():
    assert dressed(proposed(), behaviour=USUAL_BEHAVIOUR, first=True) == proposed()
    handed = proposed(threshold=0.999)
    assert dressed(handed, behaviour=WARM, first=True) == handed


def test_what_the_sources_promise_may_be_sent():
    page = "# Refunds\n\nYou will receive your refund within 14 days.\n"
    sent = propose("When will I receive my refund?", drafted("When will I receive my refund?", page), threshold=0.1)
    assert sent.decision is Decision.SEND
    assert kept_to_sources(sent, behaviour=WARM, language="en") == sent


@pytest.mark.parametrize("words", ["greeting", "closing"])
def test_a_greeting_or_closing_that_promises_makes_a_hand_off(words):
    behaviour = Behaviour(**{words: "We will call you back within an hour."})
    handed = kept_to_sources(dressed(proposed(), behaviour=behaviour, first=True), behaviour=behaviour, language="en")
    assert handed.decision is Decision.HAND_OFF
    assert handed.reason == (
        "The answer would promise something that no source says: We will call you back within an hour."
    )
    assert (handed.claims, handed.citations) == ((), ())


def test_what_is_not_sent_is_not_held_against_the_sources():
    handed = replace(proposed(threshold=0.999), text="We will call you.")
    assert kept_to_sources(handed, behaviour=WARM, language="en") == handed


def test_a_short_answer_says_less_of_the_same():
    question = "May I send a parcel to a shop, and how long do shops keep a parcel?"
    page = "# Parcels\n\nA parcel to a shop is free of charge. Shops keep a parcel for ten days.\n"
    full = propose(question, drafted(question, page), threshold=0.0)
    short = propose(question, drafted(question, page), threshold=0.0, behaviour=Behaviour(length="short"))
    assert short.decision is full.decision is Decision.SEND
    assert len(short.text) < len(full.text)
    assert set(short.citations) < set(full.citations)
