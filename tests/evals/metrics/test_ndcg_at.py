import pytest

from openbook.evals.metrics import ndcg_at


def test_a_gold_document_counts_less_the_later_it_comes():
    # Ranks 2 and 3: DCG = 1/log2(3) + 1/log2(4) = 0.630930 + 0.5 = 1.130930.
    # Best, ranks 1 and 2: 1/log2(2) + 1/log2(3) = 1 + 0.630930 = 1.630930. 1.130930 / 1.630930 = 0.693426.
    assert ndcg_at(["x", "a", "b"], {"a", "b"}, 3) == pytest.approx(0.693426, abs=1e-6)
    assert ndcg_at(["b", "a", "x"], {"a", "b"}, 3) == 1.0
    assert ndcg_at(["x", "a", "b"], {"a", "b"}, 1) == 0.0


def test_a_document_found_again_gains_nothing():
    # Only rank 1 counts: 1 / (1 + 0.630930) = 0.613147.
    assert ndcg_at(["a", "a"], {"a", "b"}, 2) == pytest.approx(0.613147, abs=1e-6)


def test_more_gold_documents_than_places_can_still_be_perfect():
    assert ndcg_at(["a", "b"], {"a", "b", "c"}, 2) == 1.0
