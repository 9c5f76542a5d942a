import math

import pytest

from openbook.evals.metrics import auroc


def test_auroc_is_the_chance_that_a_right_case_is_above_a_wrong_one():
    # Pairs of right and wrong: 0.9 > 0.8, 0.9 > 0.1, 0.7 < 0.8, 0.7 > 0.1: 3 of 4.
    assert auroc([0.9, 0.8, 0.7, 0.1], [True, False, True, False]) == pytest.approx(3 / 4)
    assert auroc([0.5, 0.5], [True, False]) == pytest.approx(0.5)
    assert auroc([7, -3], [False, True]) == 0.0


def test_auroc_needs_both_kinds():
    assert math.isnan(auroc([0.1, 0.2], [True, True]))
