import math

import pytest

from openbook.evals.metrics import auroc, bootstrapped, mean, reciprocal_rank


def test_auroc_is_the_chance_that_a_right_case_is_above_a_wrong_one():
    assert auroc([0.9, 0.8, 0.7, 0.1], [True, False, True, False]) == pytest.approx(3 / 4)
    assert auroc([0.5, 0.5], [True, False]) == pytest.approx(0.5)
    assert auroc([0.9, 0.1], [False, True]) == 0.0


def test_auroc_needs_both_kinds():
    assert math.isnan(auroc([0.1, 0.2], [True, True]))


def test_reciprocal_rank_is_nothing_where_nothing_was_found():
    assert mean([reciprocal_rank(1), reciprocal_rank(4), reciprocal_rank(None)]) == pytest.approx(1.25 / 3)


def test_the_interval_holds_the_value_and_narrows_with_cases():
    few = bootstrapped("share", 20, lambda chosen: mean([index % 2 for index in chosen]))
    many = bootstrapped("share", 2_000, lambda chosen: mean([index % 2 for index in chosen]))
    assert few.low <= few.value <= few.high
    assert many.high - many.low < few.high - few.low
    assert many == bootstrapped("share", 2_000, lambda chosen: mean([index % 2 for index in chosen]))


def test_no_case_has_no_figure():
    assert math.isnan(bootstrapped("share", 0, lambda chosen: mean(list(chosen))).value)
