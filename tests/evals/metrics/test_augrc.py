import pytest

from openbook.evals.metrics import augrc, auroc

CONFIDENCES = [0.8, 0.4, 0.9, 0.8]
WRONG = [True, True, False, False]


def test_augrc_is_the_area_under_the_share_of_silent_failures():
    # Coverage 0, 1/4, 3/4, 1 with 0, 0, 1/4, 1/2 answered and wrong:
    # 1/4 * 0 + 1/2 * 1/8 + 1/4 * 3/8 = 0.15625.
    assert augrc(CONFIDENCES, WRONG) == pytest.approx(0.15625)


def test_augrc_follows_from_auroc_and_the_share_of_mistakes():
    # Traub et al.: (1 - AUROC) * e * (1 - e) + e^2 / 2 = 0.125 * 0.25 + 0.125 = 0.15625.
    right = [not wrong for wrong in WRONG]
    assert auroc(CONFIDENCES, right) == pytest.approx(0.875)
    assert augrc(CONFIDENCES, WRONG) == pytest.approx((1 - 0.875) * 0.25 + 0.5**2 / 2)
