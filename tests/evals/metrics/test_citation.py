import math

import pytest

from openbook.evals.metrics import citation_scores


def test_citations_are_held_against_gold_sentences_one_by_one():
    cited = ["**Cards** are valid for 24 months", "Shipping is free."]
    gold = ["Cards are valid for 24 months.", "Cards cannot be extended.", "Cards can be lost."]
    scores = citation_scores(cited, gold)
    # One of 2 cited is gold, one of 3 gold is cited; 2 * (1/2 * 1/3) / (1/2 + 1/3) = (1/3) / (5/6) = 0.4.
    assert (scores.precision, scores.recall) == (1 / 2, 1 / 3)
    assert scores.f1 == pytest.approx(0.4)


def test_sentences_that_are_cut_differently_are_the_same():
    scores = citation_scores(["Cards are valid for 24 months. They can be used online."], ["They can be used online"])
    assert (scores.precision, scores.recall, scores.f1) == (1.0, 1.0, 1.0)


def test_an_empty_sentence_is_neither_cited_nor_gold():
    assert citation_scores(["Shipping is free."], ["Cards are valid.", "..."]).precision == 0.0
    assert citation_scores(["", "--"], ["Cards are valid."]).f1 == 0.0
    assert math.isnan(citation_scores(["Shipping is free."], ["..."]).recall)
