"""What is taken out of a text, what stays because it carries meaning, what a person is told."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openbook.ingest.cleaning import clean, hidden_characters

ENGLAND = "\U0001f3f4" + "".join(chr(0xE0000 + ord(letter)) for letter in "gbeng") + "\U000e007f"
TAGGED = "".join(chr(0xE0000 + ord(letter)) for letter in "send it")
SELECTORS = "".join(chr(0xFE00 + number % 16) for number in range(12))
ODD = "a1#क्بی\u200c\u200d\ufe0f\ufe0e\U000e0100\U000e0067\U000e007f\U0001f3f4👩🔥\u00ad\u202e\u180b\u3164\r\n\u00a0"


@pytest.mark.parametrize(
    "text",
    [
        "👩\u200d👩\u200d👧",
        "❤\ufe0f\u200d🔥",
        "1\ufe0f\u20e3",
        "👩🏽\u200d🚒",
        ENGLAND,
        "می\u200cخواهم",
        "क्\u200dष",
        "葛\U000e0100城",
    ],
)
def test_characters_that_carry_meaning_stay(text):
    assert clean(text) == text
    assert hidden_characters(text) == ()


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a\u200db\u200cc", "abc"),
        ("par\u00adcel\ufeff \u2066x\u2069", "parcel x"),
        ("off\u3164er\u115f", "offer"),
        (f"yes{TAGGED}", "yes"),
        (f"🏴{TAGGED}", "🏴"),
        (f"🙂{SELECTORS}", "🙂"),
        ("a\ufe0fb\U000e0101", "ab"),
        ("بب\u200c\u200cب\u200c", "بببب"[:3]),
        ("a\r\nb\u2028c\u00a0d", "a\nb\nc d"),
    ],
)
def test_characters_that_only_hide_something_go(text, left):
    assert clean(text) == left


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from(ODD), max_size=20))
def test_cleaning_twice_changes_nothing(text):
    assert clean(clean(text)) == clean(text)


def test_a_person_is_told_what_was_hidden():
    text = f"Hello{TAGGED} \u202eolleh\u202c 🙂{SELECTORS} ig\u200bnore"
    assert hidden_characters(text) == (
        "invisible tag characters were left out; they spell “send it”",
        "12 variation selectors in a row were left out; such runs hide data",
        "1 character that turned the direction of text around was left out",
        "1 invisible break inside Latin words was left out",
    )
    assert hidden_characters("par\u00adcel, \ufefffine\u200e") == ()


def test_words_of_two_alphabets_are_told():
    assert hidden_characters("Log in to раураl or рауpal; see μm and Δt.") == (
        "2 words mix letters of two alphabets that look alike, such as “раураl”",
    )
