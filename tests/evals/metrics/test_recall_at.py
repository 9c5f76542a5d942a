import pytest

from openbook.evals.metrics import hit_at, recall_at

FOUND = ["x", "a", "a", "c", "d"]
GOLD = {"a", "c", "e"}


@pytest.mark.parametrize(
    ("limit", "hit", "recall"),
    [
        (1, 0.0, 0.0),  # x
        (3, 1.0, 1 / 3),  # x a a: a, once
        (4, 1.0, 2 / 3),  # x a a c: a and c
        (9, 1.0, 2 / 3),  # e was never found
    ],
)
def test_recall_counts_each_gold_document_once_and_a_hit_needs_only_one(limit, hit, recall):
    assert hit_at(FOUND, GOLD, limit) == hit
    assert recall_at(FOUND, GOLD, limit) == pytest.approx(recall)
