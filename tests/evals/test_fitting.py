"""A confidence fitted to labels: better where they tell something, the same where they do not."""

import random

import pytest

from openbook.answer.confidence import SHIPPED, confidence
from openbook.evals.fitting import FEWEST_TO_SCALE, Example, choose_model, fitted, scaled
from openbook.types import ConfidenceModel

NAMES = tuple(SHIPPED.weights)


def examples(count, right, *, conversation=str):
    """Answers whose parts are drawn by chance; `right` says of the parts and a number by chance what became of them."""
    chance = random.Random(7)
    drawn = [({name: chance.random() for name in NAMES}, chance.random()) for _ in range(count)]
    return [Example(parts, right(parts, luck), conversation(place)) for place, (parts, luck) in enumerate(drawn)]


def by_freshness(parts, luck):
    return parts["freshness"] > 0.5


def by_luck(parts, luck):
    return luck < 0.4


def test_a_part_that_tells_everything_is_given_weight():
    told = examples(200, by_freshness)
    found = choose_model(told, SHIPPED)
    assert found.method.startswith("fitted")
    assert found.losses[found.method] < found.losses["kept as it was"]
    weights = found.model.weights
    assert max(weights, key=weights.get) == "freshness"
    good, bad = (dict.fromkeys(NAMES, 0.5) | {"freshness": share} for share in (0.9, 0.1))
    assert confidence(good, model=found.model) > 0.8 > 0.2 > confidence(bad, model=found.model)


def test_where_labels_follow_the_present_model_it_is_kept():
    present = ConfidenceModel(SHIPPED.weights, -sum(SHIPPED.weights.values()) / 2)
    found = choose_model(examples(200, lambda parts, luck: luck < confidence(parts, model=present)), present)
    assert (found.method, found.model) == ("kept as it was", present)


def test_in_pure_noise_no_weight_is_made_up():
    present = ConfidenceModel(dict.fromkeys(NAMES, 0.0), -0.405)
    assert choose_model(examples(300, by_luck), present).model == present


def test_no_weight_is_ever_negative_even_if_a_part_speaks_against_an_answer():
    against = examples(200, lambda parts, luck: parts["similarity"] < 0.5)
    for model in (fitted(against, SHIPPED, ridge=0.1), scaled(against, SHIPPED), choose_model(against, SHIPPED).model):
        assert min(model.weights.values()) >= 0


def test_parts_that_are_held_keep_their_weight():
    model = fitted(examples(200, by_freshness), SHIPPED, ridge=1.0, held=("exact_terms", "freshness"))
    for name in ("exact_terms", "freshness"):
        assert model.weights[name] == pytest.approx(SHIPPED.weights[name])


def test_the_same_labels_give_the_same_model():
    told = examples(FEWEST_TO_SCALE, by_freshness)
    assert choose_model(told, SHIPPED) == choose_model(told, SHIPPED)
    assert fitted(told, SHIPPED, ridge=3.0) == fitted(told, SHIPPED, ridge=3.0)


@pytest.mark.parametrize("right", [lambda parts, luck: True, lambda parts, luck: False])
@pytest.mark.parametrize("count", [0, 5, 200])
def test_labels_of_one_kind_or_too_few_change_nothing_and_say_so(count, right):
    found = choose_model(examples(count, right), SHIPPED)
    assert found.model is SHIPPED
    assert f"{count} labels" in found.method
    assert "too few" in found.method


def test_labels_of_a_single_conversation_prove_nothing():
    found = choose_model(examples(200, by_freshness, conversation=lambda _: "the only one"), SHIPPED)
    assert found.method == "kept as it was"
