"""Labels that cannot be trusted are refused; what is fitted with never certifies."""

from dataclasses import replace

import pytest

from evals.rehearsals import QUOTE, labels
from openbook.errors import UserError
from openbook.evals.dataset import Case
from openbook.evals.labels import check_labels, independent, parted

ASKED = Case("a", "How long is a card valid?", quotes=(QUOTE,), documents=("gift-cards.md",))


def refused(*cases, **options):
    with pytest.raises(UserError) as caught:
        check_labels(cases, **options)
    assert caught.value.fix
    return caught.value.message


def test_good_labels_pass_and_so_do_two_that_agree():
    check_labels([ASKED, replace(ASKED, id="b"), *labels(3)])


@pytest.mark.parametrize("conversation", ["", "c1"])
def test_what_is_fitted_with_may_not_certify(conversation):
    tuning = replace(ASKED, split="tune", conversation=conversation)
    question = "And?" if conversation else "How long is a card valid"
    certifying = replace(tuning, id="b", split="test", question=question)
    assert "1 labels to certify with are also there to fit with (b)" in refused(tuning, certifying)


def test_what_several_customers_asked_counts_as_often_as_they_asked_it():
    cases = [replace(ASKED, id=f"{place}", conversation=f"c{place // 2}") for place in range(10)]
    check_labels([replace(case, split="tune" if place < 4 else "test") for place, case in enumerate(cases)])
    assert len(independent(cases)) == 5
    assert len(independent([replace(case, conversation="") for case in cases])) == 10


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


def test_a_conversation_comes_to_one_side():
    cases = [replace(case, conversation=f"c{place // 4}") for place, case in enumerate(labels(80))]
    sides = [{case.conversation for case in side} for side in parted(cases)]
    assert all(sides)
    assert sides[0].isdisjoint(sides[1])


def test_the_splits_that_labels_name_are_kept():
    cases = [replace(case, split="tune" if place < 3 else "test") for place, case in enumerate(labels(10))]
    assert list(map(len, parted(cases))) == [3, 7]


@pytest.mark.parametrize("split", ["tune", "test"])
def test_labels_that_are_all_on_one_side_are_refused(split):
    with pytest.raises(UserError, match=r"^All of the 5 labels are there to (fit|certify) with\.\nFix: Label more"):
        parted(labels(5, split=split))
