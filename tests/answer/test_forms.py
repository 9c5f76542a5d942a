"""How a message is folded, and how a file of rules is read."""

from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbook.answer.forms import LOOKED_AT, ends_of, fold, forms_of, is_of, read
from openbook.answer.policies import RULES

NO_FILE = {"never", "failures"}


def test_a_message_is_folded_to_small_letters_without_accents_and_with_contractions_in_one_piece():
    assert read("I’m HERE, don't wait. J'ai été à Łódź!").sentences == (" im here dont wait ", " j ai ete a lodz ")


def test_what_is_asked_ends_in_a_mark_even_where_it_was_typed_without():
    assert read("Is it late? what is it").sentences == (" is it late ? ", " what is it ? ")
    assert read("It is late. Whatever").sentences == (" it is late ", " whatever ")


def test_a_date_and_a_sum_do_not_end_a_sentence():
    assert read("Until 30. April I want £2.50 back.").sentences == (" until 30 april i want £2 50 back ",)


def test_fold_keeps_words_of_scripts_without_capitals():
    assert fold("ПОМОЩЬ 死にたい") == fold("помощь 死にたい")


def test_of_a_long_message_the_two_ends_are_kept():
    ends = ends_of(f"a{'x' * 3 * LOOKED_AT}z")
    assert (ends[0], ends[-1], len(ends)) == ("a", "z", 2 * LOOKED_AT + 1)
    assert ends_of("short") == "short"


@pytest.mark.parametrize("name", sorted({*RULES, "promises"} - NO_FILE))
def test_every_rule_has_forms_that_ordinary_words_do_not_fit(name):
    assert forms_of(name)
    assert not is_of(name, "Thank you, the green tent arrived on Monday and we like it.")


def test_every_file_of_rules_belongs_to_a_rule():
    names = {file.name.removesuffix(".toml") for file in files("openbook.answer").joinpath("rules").iterdir()}
    assert names == {*RULES, "promises"} - NO_FILE


@given(st.text(max_size=200))
def test_any_text_can_be_folded(text):
    reading = read(text)
    assert reading.whole == "".join(reading.sentences)
    assert all(sentence[0] == sentence[-1] == " " for sentence in reading.sentences)
