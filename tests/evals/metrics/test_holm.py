import pytest

from openbook.evals.metrics import holm


def test_each_p_value_is_raised_by_how_many_remain():
    # Rising: 0.01 * 3 = 0.03; 0.03 * 2 = 0.06; 0.04 * 1 = 0.04, but no less than 0.06.
    assert holm([0.01, 0.04, 0.03]) == pytest.approx((0.03, 0.06, 0.06))
    assert holm([0.7, 0.6]) == (1.0, 1.0)
