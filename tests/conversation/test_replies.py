"""Short replies stand for what they answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbook.conversation.replies import affirms, alternatives, chosen, meant_by, option_meant

OFFER = "Stock is shown on each page. Would you like to know how to reserve a kayak?"
EITHER = "Do you mean the blue paddle or the red paddle?"


@pytest.mark.parametrize(
    "message", ["yes", "Yes please!", "yeah, sure", "ok", "Ja, gerne", "Oui merci", "sí", "please do", "yes I would"]
)
def test_a_yes_is_one(message):
    assert affirms(message)


@pytest.mark.parametrize(
    "message", ["", "no", "yes but how much is it?", "yesterday", "please help", "the oak", "right kayak"]
)
def test_what_says_more_or_less_is_no_yes(message):
    assert not affirms(message)


CHOICES = {
    "the first one": 0,
    "first": 0,
    "1": 0,
    "the second one please": 1,
    "no, the other one": 1,
    "the latter": 1,
    "Die zweite bitte": 1,
    "option 3": 2,
    "the red one": None,
    "2 days": None,
    "no": None,
    "second hand boats": None,
}


@pytest.mark.parametrize(("message", "place"), CHOICES.items())
def test_a_choice_by_number_is_read(message, place):
    assert chosen(message) == place


def test_a_yes_stands_for_the_question_that_was_asked_last():
    assert meant_by("yes please", OFFER) == "Would you like to know how to reserve a kayak?"
    assert meant_by("yes please", "Stock is shown on each page.") == ""
    assert meant_by("how much is it?", OFFER) == ""


def test_a_choice_stands_for_what_is_chosen():
    assert alternatives(EITHER) == ("the blue paddle", "the red paddle")
    assert meant_by("the second", EITHER) == "the red paddle"
    assert meant_by("the third", EITHER) == EITHER


def test_an_option_is_chosen_by_its_number():
    assert option_meant("the first one", ["Lost gift card", "Lost membership card"]) == "Lost gift card"
    assert option_meant("the third one", ["Lost gift card", "Lost membership card"]) == ""


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_words_may_be_read(message, asked):
    meant_by(message, asked)
