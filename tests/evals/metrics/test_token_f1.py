import pytest

from openbook.evals.metrics import token_f1


@pytest.mark.parametrize(
    ("answer", "gold", "f1"),
    [
        # "cat sat on mat" and "cat sat" share 2 words: 2 * 2 / (4 + 2).
        ("The cat sat on the mat.", "A cat sat!", 4 / 6),
        # "24" twice against once: one is shared, 2 * 1 / (2 + 1).
        ("24, 24", "24", 2 / 3),
        # "24" twice in both: two are shared, 2 * 2 / (3 + 2).
        ("24 or 24", "24, 24", 4 / 5),
        # The nearer of two wordings: "two years" shares both words.
        ("two years", ["24 months", "two years"], 1.0),
        ("12 weeks", "24 months", 0.0),
        ("the", "", 1.0),
        ("", "24 months", 0.0),
    ],
)
def test_f1_counts_shared_words_against_the_words_of_both(answer, gold, f1):
    assert token_f1(answer, gold) == pytest.approx(f1)
