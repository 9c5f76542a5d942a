"""Labels become a model, a threshold and a promise, or a reason why not."""

import json
from dataclasses import replace

import pytest

from evals.rehearsals import labels, rehearsal
from openbook.answer.confidence import SHIPPED
from openbook.errors import UserError
from openbook.evals.calibrate import calibrate

PROMISE = {"max_error": 0.1, "certainty": 0.9}


def split_in(cases, tuning):
    return [replace(case, split="tune" if place < tuning else "test") for place, case in enumerate(cases)]


def calibrated(cases, *, level=lambda place: 0.95, right=lambda place: True, **options):
    """A calibration in which the place of a label says how good its answer looks and is."""

    def rehearse(case, model):
        place = int(case.id[1:])
        return rehearsal(case, level(place), right=right(place), model=model)

    return calibrate(cases, rehearse=rehearse, present=SHIPPED, **{**PROMISE, **options})


def test_enough_labels_carry_a_promise_at_the_threshold_that_the_good_answers_reach():
    found = calibrated(
        split_in(labels(160, answerable=lambda place: place % 8), 60),
        level=lambda place: 0.95 if place % 8 else 0.3,
    )
    promised, calibration = found.certificate, found.calibration
    assert promised.granted
    assert promised.errors == 0
    assert promised.answered == sum(place % 8 > 0 for place in range(60, 160))
    assert calibration.threshold == promised.threshold
    assert calibration.certificate == promised.to_dict()
    assert (found.tuning, calibration.labels) == (60, 160)
    assert all(item.confidence >= promised.threshold for item in found.outcomes if item.answerable)


def test_the_model_is_fitted_before_the_other_labels_are_asked():
    found = calibrated(split_in(labels(100), 60), level=lambda place: place % 7 / 6, right=lambda place: place % 7 > 3)
    assert found.calibration.method == "scaled"
    assert found.calibration.model != SHIPPED
    before, after = ({metric.name: metric.value for metric in figures} for figures in (found.before, found.after))
    assert after["brier"] < before["brier"]
    assert not found.is_worse
    assert replace(found, before=found.after, after=found.before).is_worse


def test_five_labels_promise_nothing_and_it_is_said_how_many_are_missing():
    found = calibrated(split_in(labels(5, answerable=lambda place: place != 4), 2))
    assert not found.certificate.granted
    assert found.calibration.threshold is found.calibration.certificate is None
    assert found.calibration.model is SHIPPED
    assert found.certificate.reason.startswith("Not certified.")
    assert found.groups == ()


def test_labels_among_which_nothing_is_wrong_promise_nothing():
    found = calibrated(split_in(labels(200), 100))
    assert not found.certificate.granted
    assert found.calibration.certificate is None
    assert "cannot be told from one that was picked" in found.certificate.reason


def test_an_unanswerable_question_that_would_be_answered_is_an_error():
    found = calibrated(split_in(labels(80, answerable=lambda place: place not in (50, 60)), 40))
    assert (found.certificate.answered, found.certificate.errors) == (40, 2)


def test_what_no_threshold_sends_is_neither_answered_nor_an_error():
    cases = split_in(labels(80), 40)
    found = calibrate(
        cases,
        rehearse=lambda case, model: rehearsal(case, 0.95, sendable=case.id not in ("q50", "q60"), model=model),
        present=SHIPPED,
        **PROMISE,
    )
    assert (found.certificate.labels, found.certificate.answered, found.certificate.errors) == (40, 38, 0)


def test_groups_with_enough_labels_have_a_certificate_each():
    cases = [replace(case, group="de" if int(case.id[1:]) % 2 else "en") for case in split_in(labels(180), 50)]
    found = calibrated(
        cases,
        level=lambda place: 0.95 - 0.001 * (place % 5),
        right=lambda place: place % 20,
        group_of=lambda case: case.group,
    )
    assert [item.group for item in found.groups] == ["de", "en"]
    assert all(item.certainty > PROMISE["certainty"] for item in found.groups)


def test_of_a_conversation_one_label_is_tested():
    cases = [replace(case, conversation=f"c{int(case.id[1:]) // 2}") for case in split_in(labels(120), 40)]
    found = calibrated(cases, right=lambda place: place % 20)
    assert (found.tuning, found.certificate.labels) == (40, 40)


@pytest.mark.parametrize("numbers", [{"max_error": 0}, {"max_error": 1.5}, {"certainty": 1}])
def test_what_cannot_be_promised_is_refused_before_anything_is_asked(numbers):
    def rehearse(case, model):
        raise AssertionError(f"{case.id} was asked")

    with pytest.raises(UserError, match="not between 0 and 1"):
        calibrate(labels(5), rehearse=rehearse, present=SHIPPED, **{**PROMISE, **numbers})


def test_the_result_is_strict_json_also_where_figures_are_undefined():
    found = calibrated(split_in(labels(4), 2), level=lambda place: 0.0)
    plain = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert next(metric for metric in plain["after"] if metric["name"] == "answerable_auroc")["value"] is None
