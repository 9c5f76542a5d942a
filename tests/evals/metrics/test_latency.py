import pytest

from openbook.errors import UserError
from openbook.evals.metrics import latency


def test_quantiles_lie_between_the_ordered_times():
    found = latency([50, 10, 40, 20, 30])
    # Places 0.5 * 4 = 2, 0.95 * 4 = 3.8 and 0.99 * 4 = 3.96 from 0: 30, 40 + 0.8 * 10, 40 + 0.96 * 10.
    assert found.p50_milliseconds == pytest.approx(30)
    assert found.p95_milliseconds == pytest.approx(48)
    assert found.p99_milliseconds == pytest.approx(49.6)
    assert found.cases == 5


def test_no_time_is_negative():
    with pytest.raises(UserError, match=r"The time in milliseconds at place 1 is -3\.0"):
        latency([1.0, -3.0])
