"""Exact identifiers in a question: which strings are meant as they stand, and which are not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openbook.search.identifiers import MOST_IDENTIFIERS, codes, has_identifier, identifiers


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("What does E-21 mean?", ["E-21"]),
        ("Error 0x80070005 (again)", ["0x80070005"]),
        ("My key *G4K7-22PM* is refused", ["G4K7-22PM"]),
        ("It fails since v2.4.1.", ["v2.4.1"]),
        ("What do max_size, --verbose and fooBar do?", ["max_size", "--verbose", "fooBar"]),
        ("It says error 6101", ["6101"]),
        ("Fehlercode: 6101", ["6101"]),
        ("article no. 4711 and E-21, then E-21", ["4711", "E-21"]),
        ('The display says "Filter full"', ["Filter full"]),
        ("Die Anzeige sagt „Filter voll“", ["Filter voll"]),
        ("What is `retry_count`?", ["retry_count"]),
    ],
)
def test_codes_versions_settings_and_quoted_words_are_identifiers(question, found):
    assert identifiers(question) == tuple(found)


@pytest.mark.parametrize(
    "text",
    [
        "I bought 3 on 2024-05-01 at 10:30 and paid £4.99",
        "until 10.04.2024, 3-5 days, 10–12 days, 24/7, 3pm-5pm",
        "5kg 100ml 50% 30°C 230V 2.4GHz 4x4 40x60cm 13inch 1,000.50 42EU",
        "a 30-day return, a 2-year warranty, after 14days, the 1st, a 3rd-party app, 7-tägig",
        'a 13" or a 15" screen',
        "my order AB12345, order number A-4711-X, order #98765 and Bestellung AB-123",
        "tracking number 1Z999AA10123456784",
        "me@shop.example https://shop.example/E21 www.shop.example",
        "my parcel is late.what can I do.please help",
        "e.g. a Wi-Fi or USB plug, and/or don't",
    ],
)
def test_numbers_dates_sizes_references_and_addresses_are_none(text):
    assert identifiers(text) == ()


def test_an_answer_must_know_codes_but_no_everyday_names_and_no_quoted_words():
    question = 'Does "Filter full" or E-21 come from 2FA, an MP3 or `max_size`?'
    assert identifiers(question) == ("Filter full", "max_size", "E-21", "2FA", "MP3")
    assert codes(question) == ("E-21", "max_size")


def test_a_code_in_quotation_marks_is_one_all_the_same():
    assert codes('What does "E-21" mean?') == ("E-21",)


@pytest.mark.parametrize(
    "text", ["Error E-21: clean it.", "the e-21-Fehler", "E21", "E 21", "_E-21_", "(E-21)", "E–21."]
)
def test_an_identifier_is_found_in_any_case_and_with_any_hyphen(text):
    assert has_identifier(text, "E-21")


@pytest.mark.parametrize(
    ("text", "identifier"),
    [
        ("E-210 and XE-21", "E-21"),
        ("since v2.4.1", "v2.4"),
        ("max_size_limit and my_max_size", "max_size"),
        ("a verbose report", "--verbose"),
        ("12.5 litres", "12"),
    ],
)
def test_a_piece_of_a_longer_name_is_not_the_identifier(text, identifier):
    assert not has_identifier(text, identifier)


def test_no_more_identifiers_are_looked_for_than_a_question_can_mean():
    many = " ".join(f"E-{number}" for number in range(100, 200))
    assert identifiers(many) == codes(many) == tuple(many.split()[:MOST_IDENTIFIERS])


PIECES = st.sampled_from(
    ["E-21", "v2.", '"', "“", "`", "_", "--", "order", " ", "error", "4711", ".", "'", "\ud800", "٣"]
)


@settings(deadline=None)
@given(st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=60).map("".join)))
def test_the_identifiers_of_any_text_can_be_kept_and_stand_in_it(text):
    for identifier in {*identifiers(text), *codes(text)}:
        assert identifier.encode("utf-8").decode("utf-8") in text
        assert has_identifier(text, identifier)
