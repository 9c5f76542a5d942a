"""Every question of a dataset is asked once, in order, and what was known already not again."""

from evals.rehearsals import labels, rehearsal
from openbook.evals.evaluate import evaluate, outcomes

CASES = labels(4, answerable=lambda place: place < 3)


def rehearse(case):
    """The first answer is sent and right, the second is sent and wrong, the others are kept back."""
    return rehearsal(case, 0.9 if case.id in ("q0", "q1") else 0.2, right=case.id != "q1")


def test_right_is_a_good_answer_sent_and_a_question_without_one_kept_back():
    found = evaluate(CASES, rehearse=rehearse)
    assert [item.right for item in found.outcomes] == [True, False, False, True]
    assert [item.would_be_right for item in found.outcomes] == [True, False, True, False]
    assert found.value("right_among_sent") == 0.5
    assert found.value("not_sent_of_unanswerable") == 1.0


def test_progress_is_told_after_each_question():
    told = []
    evaluate(CASES, rehearse=rehearse, progress=told.append)
    assert [(item.done, item.total) for item in told] == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_what_is_known_is_not_asked_again():
    whole = list(outcomes(CASES, rehearse=rehearse))
    asked = []

    def ask(case):
        asked.append(case.id)
        return rehearse(case)

    assert list(outcomes(CASES, rehearse=ask, known={item.id: item for item in whole[:2]})) == whole
    assert asked == ["q2", "q3"]


def test_a_gold_quote_without_a_word_tells_nothing_of_citations():
    [case] = labels(1)
    found = evaluate([type(case)("q0", "What?", quotes=("...",))], rehearse=rehearse)
    assert found.outcomes[0].citations is None
    assert not found.outcomes[0].right
