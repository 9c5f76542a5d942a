import pytest

from openbook.evals.metrics import mean, reciprocal_rank


def test_reciprocal_rank_is_nothing_where_nothing_was_found():
    # 1/1 + 1/4 + 0 = 1.25
    assert mean([reciprocal_rank(1), reciprocal_rank(4), reciprocal_rank(None)]) == pytest.approx(1.25 / 3)
