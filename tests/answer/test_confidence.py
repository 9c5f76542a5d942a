"""Confidence follows from its parts and only rises with them; the part answered worst decides."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answer.hits import drafted, hits_from
from openbook.answer import draft
from openbook.answer.confidence import WEIGHTS, confidence
from openbook.answer.parts import confidence_parts
from openbook.settings import Settings

PAGE = """# Gift cards

A gift card is valid for 24 months from the day of purchase. It cannot be exchanged for cash.
"""
DELIVERY = """# Delivery

Standard delivery takes three days. Express is faster.
"""
ERRORS = """# Errors

The display shows E-2144 when the door is open. Close it firmly.
"""
SHARES = st.fixed_dictionaries({name: st.floats(0, 1) for name in WEIGHTS})


def parts_of(question, *pages):
    return confidence_parts(drafted(question, *pages))


@given(SHARES, st.sampled_from(sorted(WEIGHTS)), st.floats(0, 1))
def test_raising_any_part_never_lowers_confidence(parts, name, value):
    raised = parts | {name: max(parts[name], value)}
    assert confidence(raised) >= confidence(parts)


@given(SHARES)
def test_confidence_is_a_probability(parts):
    assert 0.0 <= confidence(parts) <= 1.0


def test_confidence_reaches_from_nothing_to_near_certainty():
    assert confidence(dict.fromkeys(WEIGHTS, 0.0)) == 0.0
    assert confidence(dict.fromkeys(WEIGHTS, 1.0)) > 0.9


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=100))
def test_any_question_has_every_part_between_nothing_and_one(question):
    parts = parts_of(question, PAGE, DELIVERY)
    assert set(parts) == set(WEIGHTS)
    assert all(0.0 <= value <= 1.0 for value in parts.values())


def test_nothing_drafted_has_no_confidence():
    assert confidence(parts_of("anything")) == 0.0
    assert confidence(confidence_parts(draft((), ()))) == 0.0


def test_the_part_of_a_question_that_is_answered_worst_decides():
    good, bad = "How many months is a gift card valid?", "Do you rent skis?"
    both = draft(
        (good, bad),
        (
            *hits_from(PAGE, DELIVERY, question=good),
            *hits_from(DELIVERY, question=bad, part=1, scores=(0.1,)),
        ),
    )
    alone = [confidence_parts(replace(both, sections=(section,))) for section in both.sections]
    assert confidence(alone[1]) < confidence(alone[0])
    assert confidence_parts(both) == alone[1]
    assert confidence_parts(replace(both, sections=both.sections[::-1])) == alone[1]


def test_a_part_that_found_nothing_leaves_no_confidence():
    question = "How many months is a gift card valid?"
    both = draft((question, "Do you rent skis?"), hits_from(PAGE, question=question))
    assert confidence(confidence_parts(both)) == 0.0


@pytest.mark.parametrize(
    ("question", "page", "fits"),
    [
        ("How many months is a gift card valid?", PAGE, 1.0),
        ("How long does standard delivery take?", DELIVERY, 1.0),
        ("Wie lange dauert die Lieferung?", "# Lieferung\n\nDie Lieferung dauert zwei Wochen.\n", 1.0),
        ("How much does the lamp cost?", "# Lamps\n\nThe lamp gives warm light.\n", 0.0),
        ("When does the shop open?", "# Shops\n\nThe shop lies near the station.\n", 0.0),
        ("Where is the shop?", "# Shops\n\nThe shop lies near the station.\n", 1.0),
    ],
)
def test_a_question_for_an_amount_or_a_time_wants_one_in_the_quoted_text(question, page, fits):
    assert parts_of(question, page)["answer_type"] == fits


def test_codes_and_numbers_of_the_question_must_stand_in_what_is_quoted():
    assert parts_of("What does E-2144 mean?", ERRORS)["exact_terms"] == 1.0
    assert parts_of("What does E-2145 mean?", ERRORS)["exact_terms"] == 0.0
    unnamed = parts_of("What does the display show?", ERRORS)["exact_terms"]
    one_is_missing = parts_of("What does E-2144 mean on the 600?", ERRORS)["exact_terms"]
    assert 0.0 < one_is_missing < unnamed < 1.0


def test_the_number_in_a_code_is_no_number_of_its_own():
    page = "# Errors\n\nE03 means that the outlet is overloaded.\n"
    assert parts_of("What does E03 mean?", page)["exact_terms"] == 1.0


def test_who_asks_about_one_variant_is_not_answered_from_the_page_on_another():
    question = "How hot may I wash the Fellside Lite?"
    lite = "# Fellside Lite\n\nThe zip is two-way.\n"
    pro = "# Fellside Pro\n\nYou may wash it hot, at 60 °C.\n"
    wrong = hits_from(pro, lite, question=question, scores=(0.6, 0.55))
    right = hits_from(lite, pro, question=question, scores=(0.6, 0.55))
    cited = draft((question,), wrong).sections[0]
    assert cited.best.hit.title == "Fellside Pro"
    assert confidence_parts(draft((question,), wrong))["same_subject"] == 0.5
    assert confidence_parts(draft((question,), right[:1]))["same_subject"] == 1.0


def test_a_lead_over_other_articles_counts_and_one_over_the_same_article_does_not():
    question = "How many months is a gift card valid?"
    hits = hits_from(PAGE, DELIVERY, question=question, scores=(0.6, 0.59))
    near = confidence_parts(draft((question,), hits))["retrieval_margin"]
    alone = confidence_parts(draft((question,), hits[:1]))["retrieval_margin"]
    same = tuple(replace(hit, document_id="doc_1") for hit in hits)
    assert near < alone == confidence_parts(draft((question,), same))["retrieval_margin"]


def test_what_both_retrievers_found_is_agreed_on():
    question = "How many months is a gift card valid?"
    hits = hits_from(PAGE, question=question)
    by_meaning = tuple(replace(hit, retrievers=("dense",), keyword=None) for hit in hits)
    assert confidence_parts(draft((question,), hits))["agreement"] == 1.0
    alone = confidence_parts(draft((question,), by_meaning))
    assert (alone["agreement"], alone["keyword_share"]) == (0.0, 0.0)


def test_without_an_encoder_nothing_is_near_in_meaning():
    question = "What does E-2144 mean?"
    hits = tuple(replace(hit, dense=None, retrievers=("keyword",)) for hit in hits_from(ERRORS))
    parts = confidence_parts(draft((question,), hits))
    assert (parts["similarity"], parts["sentence_similarity"], parts["sentence_margin"]) == (0.0, 0.0, 0.0)


def test_words_alone_never_reach_the_usual_threshold():
    needs_an_encoder = ("similarity", "sentence_similarity", "sentence_margin", "agreement")
    best = dict.fromkeys(WEIGHTS, 1.0) | dict.fromkeys(needs_an_encoder, 0.0)
    assert confidence(best) < Settings().threshold


@pytest.mark.parametrize("question", ["cost?", "E-2144"])
def test_a_fragment_says_enough_with_a_code_or_after_other_messages(question):
    found = drafted(question, ERRORS)
    alone = confidence_parts(found)["says_enough"]
    assert alone == (1.0 if "2144" in question else 0.25)
    assert confidence_parts(found, continues=True)["says_enough"] == 1.0
