import pytest

from openbook.evals.metrics import brier, brier_parts


def test_the_score_is_what_murphys_parts_add_up_to():
    confidences, right = [0.8, 0.8, 0.2, 0.2], [True, False, False, False]
    # 0.04 + 0.64 + 0.04 + 0.04 = 0.76; / 4 = 0.19.
    assert brier(confidences, right) == pytest.approx(0.19)
    parts = brier_parts(confidences, right)
    # Bins: 0.8 with 1/2 right, 0.2 with 0 right; 1/4 of all.
    assert parts.reliability == pytest.approx(0.5 * 0.3**2 + 0.5 * 0.2**2)  # 0.065
    assert parts.resolution == pytest.approx(0.5 * 0.25**2 + 0.5 * 0.25**2)  # 0.0625
    assert parts.uncertainty == pytest.approx(0.25 * 0.75)  # 0.1875
    assert parts.within == pytest.approx(0.0)
    assert parts.score == pytest.approx(0.065 - 0.0625 + 0.1875)


def test_what_differs_inside_a_bin_is_told_apart():
    parts = brier_parts([0.1, 0.2], [False, True], bins=1)
    # Score (0.01 + 0.64) / 2 = 0.325; reliability (0.15 - 0.5)^2 = 0.1225, resolution 0, uncertainty 0.25.
    assert (parts.score, parts.reliability) == (pytest.approx(0.325), pytest.approx(0.1225))
    assert (parts.resolution, parts.uncertainty) == (0.0, 0.25)
    assert parts.within == pytest.approx(0.325 - 0.3725)
