import pytest

from openbook.evals.metrics import reliability


def test_each_bin_with_cases_says_what_was_stated_and_what_came_true():
    low, high = reliability([0.26, 0.95, 0.22], [True, True, False])
    assert (low.lowest, low.highest, low.cases, low.right) == (0.22, 0.26, 2, 0.5)
    assert low.confidence == pytest.approx(0.24)
    # Wilson, 1 of 2: 1.959964 * sqrt(0.125 + 3.841459 / 16) / (1 + 3.841459 / 2) = 0.405469 around 1/2.
    assert low.right_low == pytest.approx(0.094531, abs=1e-6)
    assert low.right_high == pytest.approx(0.905469, abs=1e-6)
    # Wilson, 1 of 1: from 1 / (1 + 3.841459) = 0.206549 to 1.
    assert (high.confidence, high.right, high.cases, high.right_high) == (0.95, 1.0, 1, 1.0)
    assert high.right_low == pytest.approx(0.206549, abs=1e-6)


def test_bins_of_equal_mass_divide_the_cases():
    found = reliability([0.91, 0.92, 0.93, 0.94], [True] * 4, bins=2, equal_mass=True)
    assert [(item.lowest, item.highest) for item in found] == [(0.91, 0.92), (0.93, 0.94)]
