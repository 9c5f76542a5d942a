import pytest

from openbook.evals.metrics import exact_match


@pytest.mark.parametrize(
    ("answer", "gold", "match"),
    [
        ("The 24  months.", "24 Months", 1.0),
        ("24 months", ["two years", "24 months"], 1.0),
        ("months 24", "24 months", 0.0),
        ("24 months or so", "24 months", 0.0),
    ],
)
def test_a_match_has_the_same_words_in_the_same_order(answer, gold, match):
    assert exact_match(answer, gold) == match
