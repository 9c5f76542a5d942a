"""Misspelt words of a question are mended by the words of the texts; words of the language never are."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openbook.search.spelling import respelt, written_words

KNOWN = written_words("Change your address before the delivery. Contact us: the hotline gets your receipt. Lieferung")
ENGLISH = written_words("how to change my address where is contract greet old parcel received")


def _respelt(text, known=KNOWN):
    return respelt(text, known, is_word=ENGLISH.__contains__)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("how to chnage my adress", "how to change my address"),
        ("Recieptt, plaese?", "receipt, plaese?"),
        ("wann kommt die Liferung", "wann kommt die lieferung"),
        ("contcat", "contact"),
    ],
)
def test_a_misspelt_word_becomes_the_known_word_it_is_like(typed, meant):
    assert _respelt(typed) == meant


@pytest.mark.parametrize(
    "text",
    [
        "where is my contract",
        "he greets the hotline",
        "changing the addresses",
        "a parcel is received",
        "qqqqqq zebra",
        "cat teh gest",
    ],
)
def test_a_word_of_the_language_or_of_the_texts_or_like_none_stays(text):
    assert _respelt(text) == text


def test_a_code_stays_as_it_is_typed():
    known = {"alpha", "size", "delivery"}
    assert _respelt("What is ALHPA-21 or max_sizze, and my delivrey?", known) == (
        "What is ALHPA-21 or max_sizze, and my delivery?"
    )


def test_of_two_words_the_liker_one_is_meant():
    assert _respelt("delivrey", {"delivers", "delivery", "deliveries"}) == "delivery"


def test_a_text_that_knows_nothing_mends_nothing():
    assert _respelt("chnage my adress", ()) == "chnage my adress"


@settings(deadline=None)
@given(st.text(max_size=200), st.sets(st.text(alphabet="abcdefghijkl", min_size=4, max_size=8), max_size=12))
def test_nothing_changes_where_every_word_is_one(text, known):
    assert respelt(text, known, is_word=lambda word: True) == text


@settings(deadline=None)
@given(st.lists(st.text(alphabet="abcdeé-21 ", max_size=9), max_size=20).map(" ".join))
def test_what_is_known_is_never_changed(text):
    assert respelt(text, written_words(text), is_word=lambda word: False) == text
