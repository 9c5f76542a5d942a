"""The fused score, by numbers that are worked out by hand."""

import pytest

from openbook.search import fuse
from openbook.search.fusion import unfused
from openbook.stores.index import Candidate


def _scores(candidates, dense_weight):
    return [(item.candidate.id, pytest.approx(item.score)) for item in fuse(candidates, dense_weight=dense_weight)]


BOTH, MEANING, WORDS = Candidate(1, 0.5, 6.0), Candidate(2, 0.9, None), Candidate(3, None, 12.0)


def test_both_parts_are_weighed_and_added():
    # 1: 0.6 * 0.5 + 0.4 * 6/12 = 0.5    2: 0.6 * 0.9 = 0.54    3: 0.4 * 12/12 = 0.4
    assert _scores([BOTH, MEANING, WORDS], 0.6) == [(2, 0.54), (1, 0.5), (3, 0.4)]


def test_the_shares_of_meaning_and_words_stand_beside_their_mixture():
    [fused, *_] = fuse([BOTH, WORDS], dense_weight=0.8)
    assert (fused.dense, fused.keyword) == (0.5, 0.5)
    assert fused.score == pytest.approx(0.8 * 0.5 + 0.2 * 0.5)


def test_reciprocal_rank_fusion_stands_beside_and_decides_nothing():
    by_id = {item.candidate.id: item.rrf for item in fuse([BOTH, MEANING, WORDS], dense_weight=0.6)}
    assert by_id == {1: pytest.approx(1 / 62 + 1 / 62), 2: pytest.approx(1 / 61), 3: pytest.approx(1 / 61)}


def test_a_candidate_that_no_retriever_returned_has_no_share():
    strange = unfused(7)
    assert strange.candidate == Candidate(7, None, None)
    assert (strange.score, strange.dense, strange.keyword, strange.rrf) == (0.0, 0.0, 0.0, 0.0)


def test_weight_one_is_meaning_alone_and_weight_zero_words_alone():
    assert _scores([BOTH, MEANING, WORDS], 1.0) == [(2, 0.9), (1, 0.5), (3, 0.0)]
    assert _scores([BOTH, MEANING, WORDS], 0.0) == [(3, 1.0), (1, 0.5), (2, 0.0)]


def test_a_cosine_below_zero_counts_nothing():
    assert _scores([Candidate(1, -0.7, None), Candidate(2, -0.7, 3.0)], 0.6) == [(2, 0.4), (1, 0.0)]


def test_without_any_cosine_words_count_in_full():
    assert _scores([Candidate(1, None, 2.0), Candidate(2, None, 8.0)], 0.9) == [(2, 1.0), (1, 0.25)]


def test_without_any_word_the_cosine_keeps_its_weight():
    assert _scores([Candidate(1, 0.5, None), Candidate(2, 1.0, None)], 0.6) == [(2, 0.6), (1, 0.3)]


def test_a_keyword_score_of_zero_divides_nothing():
    assert _scores([Candidate(1, None, 0.0), Candidate(2, 0.5, 0.0)], 0.6) == [(2, 0.3), (1, 0.0)]


def test_equal_scores_come_in_order_of_id():
    candidates = [Candidate(identifier, 0.5, 1.0) for identifier in (9, 2, 5)]
    assert [item.candidate.id for item in fuse(candidates, dense_weight=0.6)] == [2, 5, 9]


def test_the_order_given_changes_nothing():
    assert fuse([BOTH, MEANING, WORDS], dense_weight=0.6) == fuse(iter([WORDS, BOTH, MEANING]), dense_weight=0.6)


def test_nothing_found_is_nothing_fused():
    assert fuse([], dense_weight=0.6) == []


def test_every_score_is_between_zero_and_one():
    candidates = [Candidate(number, number / 10 - 0.5, number * 3.0) for number in range(16)]
    assert all(0 <= item.score <= 1 for item in fuse(candidates, dense_weight=0.5))
