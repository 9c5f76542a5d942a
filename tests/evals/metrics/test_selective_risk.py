from openbook.evals.metrics import RiskPoint, risk_coverage

CONFIDENCES = [0.8, 0.4, 0.9, 0.8]
WRONG = [True, True, False, False]


def test_cases_of_equal_confidence_come_in_together():
    # 0.9: 1 of 4 answered, right. 0.8: 3 of 4, 1 wrong. 0.4: all, 2 wrong.
    expected = (RiskPoint(0.9, 1 / 4, 0.0), RiskPoint(0.8, 3 / 4, 1 / 3), RiskPoint(0.4, 1.0, 1 / 2))
    assert risk_coverage(CONFIDENCES, WRONG) == expected
    assert risk_coverage(CONFIDENCES[::-1], WRONG[::-1]) == expected
