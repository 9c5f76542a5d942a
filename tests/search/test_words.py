"""The words of a question: which of them tell what is asked, and how much of them a text has."""

import math

import pytest

from openbook.search.words import coverage, rarity, telling_words, uncommon_words, words_of


def test_common_words_do_not_tell_what_is_asked():
    assert telling_words("How long do I have to return a jacket?") == ("return", "jacket")
    assert telling_words("How long is the long jacket?") == ("long", "jacket")
    assert telling_words("Wie lange kann ich eine Jacke zurückgeben?") == ("jack", "zurückgeben")


def test_a_question_of_common_words_alone_keeps_them_all():
    assert telling_words("What is it?") == ("what", "is", "it")
    assert uncommon_words("What is it?") == ()


def test_a_shortened_common_word_is_common():
    assert telling_words("Can't you'll it's don’t refund") == ("refund",)


@pytest.mark.parametrize(("one", "other"), [("returned", "returns"), ("batteries", "battery"), ("charging", "charged")])
def test_forms_of_a_word_meet(one, other):
    assert words_of(one) == words_of(other) != [one]


def test_codes_and_numbers_stay_whole():
    assert words_of("E-21 on v2.4.1s") == ["e21", "on", "v2.4.1s"]


def test_a_hyphen_parts_words_and_joins_single_letters():
    assert words_of("a gift-card, a t-shirt and e.g. an e-mail") == words_of("a gift card, a tshirt and eg an email")


def test_a_word_that_few_texts_have_weighs_more():
    weights = rarity(["jacket", "return"], [{"return", "it"}, {"return", "them"}, {"jacket", "return"}])
    assert weights["jacket"] == pytest.approx(math.log(1 + 4 / 2))
    assert weights["return"] == pytest.approx(math.log(1 + 4 / 4))


def test_coverage_is_the_share_by_weight():
    assert coverage({"jacket": 3.0, "return": 1.0}, {"our", "jacket"}) == pytest.approx(0.75)
    assert coverage({"jacket": 3.0}, {"our", "jackets"}) == 0.0
    assert coverage({}, {"anything"}) == 0.0
