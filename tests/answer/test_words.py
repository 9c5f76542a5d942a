import math

import pytest

from openbook.answer.words import coverage, rarity, telling_words, words_of


def test_common_words_do_not_tell_what_is_asked():
    assert telling_words("How long do I have to return a jacket?") == ("long", "return", "jacket")


def test_a_question_of_common_words_alone_keeps_them_all():
    assert telling_words("What is it?") == ("what", "is", "it")


@pytest.mark.parametrize(("one", "other"), [("returned", "returns"), ("batteries", "battery"), ("charging", "charged")])
def test_forms_of_a_word_meet(one, other):
    shared = {word[:5] for word in words_of(one)} & {word[:5] for word in words_of(other)}
    assert shared


def test_codes_and_numbers_stay_whole():
    assert words_of("E-21 on v2.4.1s") == ["e-21", "on", "v2.4.1s"]


def test_a_word_that_few_texts_have_weighs_more():
    weights = rarity(["jacket", "return"], ["return it", "return them", "a jacket to return"])
    assert weights["jacket"] == pytest.approx(math.log(1 + 4 / 2))
    assert weights["return"] == pytest.approx(math.log(1 + 4 / 4))


def test_coverage_is_the_share_by_weight():
    assert coverage({"jacket": 3.0, "return": 1.0}, "our jackets") == pytest.approx(0.75)
    assert coverage({}, "anything") == 0.0
