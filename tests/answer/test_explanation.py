"""Why a confidence is not higher: what costs most is said first, and nothing where nothing is amiss."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbook.answer.confidence import WEIGHTS
from openbook.answer.explanation import USUAL, shortfalls

REASONS = {"similarity": "loosely like", "retrieval_margin": "other articles", "answer_type": "an amount or a time"}


def test_nothing_is_said_where_every_part_is_as_usual():
    assert shortfalls(USUAL) == ()


def test_nothing_is_said_where_every_part_is_as_good_as_can_be():
    assert shortfalls(dict.fromkeys(WEIGHTS, 1.0)) == ()


@pytest.mark.parametrize("names", list(itertools.permutations(["similarity", "retrieval_margin", "answer_type"])))
def test_the_costliest_shortfall_comes_first(names):
    lowered = {name: USUAL[name] - cost / WEIGHTS[name] for name, cost in zip(names, (0.4, 0.3, 0.2), strict=True)}
    reasons = shortfalls(USUAL | lowered)
    assert len(reasons) == 3
    assert all(REASONS[name] in reason for name, reason in zip(names, reasons, strict=True))


def test_at_most_three_reasons_are_given():
    assert len(shortfalls(dict.fromkeys(WEIGHTS, 0.01))) == 3


def test_figures_are_told_as_they_are():
    assert shortfalls(USUAL | {"known_words": 0.25}) == (
        "75 % of the question's words stand nowhere in what was found",
    )
    assert shortfalls(USUAL | {"similarity": 0.301}) == (
        "the best passage is only loosely like the question (similarity 0.30)",
    )


@pytest.mark.parametrize("name", [name for name, weight in WEIGHTS.items() if weight * USUAL.get(name, 1.0) > 0.1])
def test_every_part_that_can_cost_much_has_words_of_its_own(name):
    [reason] = shortfalls(USUAL | {name: 0.0})
    assert "{" not in reason


@given(st.fixed_dictionaries({name: st.floats(0, 1) for name in WEIGHTS}), st.sampled_from(sorted(WEIGHTS)))
def test_a_part_that_is_mended_is_not_complained_of(parts, name):
    complaint = shortfalls(USUAL | {name: 0.0})
    assert not set(complaint) & set(shortfalls(parts | {name: 1.0}))
