import pytest

from openbook.errors import UserError
from openbook.evals.metrics import wilson


def test_the_interval_follows_wilsons_formula():
    # z^2 = 3.841459. 0 of 10: from 0 to z^2 / (10 + z^2) = 0.277533.
    none = wilson(0, 10)
    assert (none.low, none.high) == (0.0, pytest.approx(0.277533, abs=1e-6))
    # 5 of 10: 1.959964 * sqrt(0.25 / 10 + 3.841459 / 400) / 1.3841459 = 0.263407 around 1/2.
    half = wilson(5, 10)
    assert (half.low, half.high) == (pytest.approx(0.236593, abs=1e-6), pytest.approx(0.763407, abs=1e-6))


def test_a_share_is_of_the_cases():
    with pytest.raises(UserError, match="There are 3 successes in 2 cases"):
        wilson(3, 2)
    with pytest.raises(UserError, match="`level` is 95"):
        wilson(1, 2, level=95)
