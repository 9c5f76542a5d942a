import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbook.conversation.understand import LONGEST_QUESTION, understand
from openbook.errors import UserError


def test_control_characters_and_odd_spaces_are_cleaned():
    assert understand("How\x00 long\u200b\u202e  does\tit take?") == "How long does it take?"


def test_lines_stay_lines_and_empty_ones_go():
    assert understand("Dear team,\r\n\r\n \u2028How long? \r\x0bBye") == "Dear team,\nHow long?\nBye"


def test_a_question_that_is_too_long_is_refused_with_its_length():
    with pytest.raises(UserError, match=r"100,000 characters; at most 20,000") as caught:
        understand("x" * 100_000)
    assert caught.value.fix


@given(st.text(max_size=LONGEST_QUESTION))
def test_any_other_question_becomes_clean_lines(question):
    clean = understand(question)
    lines = clean.split("\n")
    assert lines == [" ".join(line.split(" ")).strip() for line in lines]
    assert all(lines) or not clean
    clean.encode("utf-8")
