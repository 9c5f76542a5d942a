import math

import pytest

from openbook.evals.metrics import clopper_pearson


def test_the_ends_are_where_the_tail_is_two_and_a_half_percent():
    # 0 of 10: (1 - high)^10 = 0.025, high = 1 - 0.025^(1/10) = 0.308497.
    none = clopper_pearson(0, 10)
    assert (none.low, none.high) == (0.0, pytest.approx(0.308497, abs=1e-6))
    # 1 of 2: 1 - (1 - low)^2 = 0.025, low = 1 - sqrt(0.975) = 0.012579; 1 - high^2 = 0.025, high = 0.987421.
    one = clopper_pearson(1, 2)
    assert (one.low, one.high) == (pytest.approx(0.012579, abs=1e-6), pytest.approx(0.987421, abs=1e-6))
    # 3 of 3 at level 0.9: low^3 = 0.05, low = 0.368403.
    sure = clopper_pearson(3, 3, level=0.9)
    assert (sure.low, sure.high) == (pytest.approx(0.368403, abs=1e-6), 1.0)


def test_no_case_has_no_interval():
    assert math.isnan(clopper_pearson(0, 0).low)
