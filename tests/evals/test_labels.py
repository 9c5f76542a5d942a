"""Labels that cannot be trusted are refused; what is fitted with never certifies."""

from dataclasses import replace

import pytest

from evals.rehearsals import QUOTE, labels
from openbook.errors import UserError
from openbook.evals.dataset import Case
from openbook.evals.labels import check_labels, parted

ASKED = Case("a", "How long is a card valid?", quotes=(QUOTE,), documents=("gift-cards.md",))


def refused(*cases, **options):
    with pytest.raises(UserError) as caught:
        check_labels(cases, **options)
    assert caught.value.fix
    return caught.value.message


def test_good_labels_pass_and_so_do_two_that_agree():
    check_labels([ASKED, replace(ASKED, id="b"), *labels(3)])


@pytest.mark.parametrize(
    "other",
    [
        {"answerable": False, "quotes": ()},
        {"decision": "hand_off"},
        {"documents": ("delivery.md",)},
        {"question": "how long is a CARD valid", "answerable": False, "quotes": ()},
    ],
)
def test_labels_that_contradict_each_other_are_named(other):
    first = replace(ASKED, decision="send")
    assert "(a and b)" in refused(first, replace(first, id="b", **other))


def test_a_contradiction_is_seen_past_a_label_that_says_less():
    cases = replace(ASKED, decision="send"), replace(ASKED, id="b"), replace(ASKED, id="c", decision="abstain")
    assert "(a and c)" in refused(*cases)


def test_the_same_words_after_another_history_or_for_others_do_not_contradict():
    unanswerable = replace(ASKED, id="b", answerable=False, quotes=())
    check_labels(
        [ASKED, replace(unanswerable, history=("I have a voucher.",)), replace(unanswerable, audience="staff")]
    )


@pytest.mark.parametrize(
    "other", [{"question": "How long is a card valid"}, {"conversation": "c1", "question": "And?"}]
)
def test_what_is_fitted_with_may_not_certify(other):
    tuning = replace(ASKED, split="tune", conversation="c1")
    certifying = replace(tuning, id="b", split="test", conversation="c2")
    assert "1 labels to certify with are also there to fit with (b)" in refused(tuning, replace(certifying, **other))


def test_a_split_that_is_not_known_is_refused():
    assert "'training set'" in refused(replace(ASKED, split="training set"))


def test_a_split_for_some_of_the_labels_is_refused():
    assert "Some labels have a `split`" in refused(replace(ASKED, split="test"), *labels(2))


def test_labels_on_documents_that_are_not_live_are_named():
    said = refused(ASKED, *labels(2), missing=lambda case: case.documents)
    assert "1 of 3" in said
    assert "a: gift-cards.md" in said


def test_a_label_that_says_not_what_is_right_is_refused_instead_of_counting_as_wrong():
    silent = replace(ASKED, quotes=("...",))
    assert "neither `quotes` nor an `answer` (a)" in refused(silent)
    check_labels([replace(silent, answer="24 months"), replace(silent, id="b", question="Card?", decision="clarify")])


def test_parting_is_the_same_in_any_order_and_by_about_two_to_three():
    cases = labels(200)
    tuning, certifying = parted(cases)
    again, rest = parted(cases[::-1])
    assert (set(tuning), set(certifying)) == (set(again), set(rest))
    assert len(tuning) + len(certifying) == 200
    assert 60 < len(tuning) < 100


def test_what_hangs_together_by_question_or_conversation_comes_to_one_side():
    together = [
        replace(case, conversation=f"c{place // 4}", question="The same question?" if place % 4 == 0 else case.question)
        for place, case in enumerate(labels(40))
    ]
    tuning, certifying = parted([*together, *(replace(case, id=f"other {case.id}") for case in labels(40))])
    sides = [{case.id for case in side} & {case.id for case in together} for side in (tuning, certifying)]
    assert sorted(map(len, sides)) == [0, 40]


def test_the_splits_that_labels_name_are_kept():
    cases = [replace(case, split="tune" if place < 3 else "test") for place, case in enumerate(labels(10))]
    assert list(map(len, parted(cases))) == [3, 7]


@pytest.mark.parametrize("split", ["tune", "test"])
def test_labels_that_are_all_on_one_side_are_refused(split):
    with pytest.raises(UserError, match=r"^All of the 5 labels are there to (fit|certify) with\.\nFix: Label more"):
        parted(labels(5, split=split))
