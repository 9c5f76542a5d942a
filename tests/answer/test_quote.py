"""What each sentence of a hit is worth as an answer, and which cannot be one."""

from dataclasses import replace

import pytest

from answer.hits import hits_from
from openbook.answer.quote import (
    CHUNK_WEIGHT,
    COVERAGE_WEIGHT,
    HEADINGS_WEIGHT,
    KIND_BONUS,
    SENTENCE_WEIGHT,
    STEPS_BONUS,
    closeness,
    quotes_of,
)

PAGE = """# Warranty

## Lamps

A lamp is covered for two years. Bulbs are not covered.

1. Keep the receipt.
2. Write to us.

| Part | Covered |
|---|---|
| Shade | one year |
| Cable | five years |
"""
WEIGHTS = {"lamp": 3.0, "cover": 1.0}


def quotes(*, question="Is the lamp's cover insured?", weights=WEIGHTS, **changes):
    [hit] = hits_from(PAGE)
    return {quote.text: quote for quote in quotes_of(replace(hit, **changes), question, weights)}


def test_headings_and_header_rows_name_what_follows_and_answer_nothing():
    silent = [text for text, quote in quotes().items() if not quote.answers]
    assert silent == ["Warranty", "Lamps", "Part | Covered"]


def test_every_sentence_is_a_quote_in_order_at_its_place():
    [hit] = hits_from(PAGE)
    found = quotes_of(hit, "lamp cover", WEIGHTS)
    assert [quote.place for quote in found] == list(range(len(hit.sentences)))
    assert [quote.sentence for quote in found] == list(hit.sentences)


def test_a_row_is_quoted_with_the_header_that_names_its_cells():
    row = quotes()["Shade | one year"]
    assert row.header_text == "Part | Covered"
    assert {"part", "shade"} <= row.words
    assert row.header is not None
    assert quotes()["Bulbs are not covered."].header is None


def test_each_term_of_the_score_counts_with_its_weight():
    covered = quotes(score=0.0)["Bulbs are not covered."]
    assert covered.score == pytest.approx(COVERAGE_WEIGHT / 4 + HEADINGS_WEIGHT)
    assert quotes(score=0.5)["Bulbs are not covered."].score == pytest.approx(covered.score + CHUNK_WEIGHT / 2)
    near = tuple(0.5 if place == covered.place else 0.0 for place in range(len(covered.hit.sentences)))
    assert quotes(score=0.0, sentence_scores=near)["Bulbs are not covered."].score == pytest.approx(
        covered.score + SENTENCE_WEIGHT / 2
    )


def test_steps_are_worth_more_to_who_asks_how_and_nothing_else_is():
    plain, how = quotes(), quotes(question="How do I insure the lamp's cover?")
    gained = {text: how[text].score - plain[text].score for text in plain}
    assert gained.pop("1. Keep the receipt.") == pytest.approx(STEPS_BONUS)
    assert gained.pop("2. Write to us.") == pytest.approx(STEPS_BONUS)
    assert set(gained.values()) == {0.0}


def test_a_sentence_with_an_amount_is_worth_more_to_who_asks_for_one():
    plain, amount = quotes(), quotes(question="How many years is a cable covered?")
    gained = {text: amount[text].score - plain[text].score for text in plain}
    assert gained["Cable | five years"] == pytest.approx(KIND_BONUS)
    assert gained["Bulbs are not covered."] == 0.0


def test_without_an_encoder_the_words_alone_choose_the_sentence():
    found = quotes(sentence_scores=())
    best = max((quote for quote in found.values() if quote.answers), key=lambda quote: quote.score)
    assert best.text == "A lamp is covered for two years."
    assert closeness(best.hit, best.place) == 0.0


def test_a_sentence_of_the_opposite_direction_costs_nothing():
    count = len(hits_from(PAGE)[0].sentences)
    apart, away = (quotes(sentence_scores=(value,) * count) for value in (0.0, -0.5))
    assert [quote.score for quote in apart.values()] == [quote.score for quote in away.values()]
