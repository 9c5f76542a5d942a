"""What must not be cut off from a quote is quoted with it, and nothing else is."""

import pytest

from answer.hits import hits_from
from openbook.answer.quote import quotes_of
from openbook.answer.wholeness import whole

PROMISE = "You can return it within 30 days."


def whole_of(markdown, text):
    """What is quoted with the sentence that has this text."""
    [hit] = hits_from(f"# Page\n\n{markdown}")
    every = quotes_of(hit, "", {})
    quote = next(quote for quote in every if text in quote.text)
    return [other.text for other in whole(quote, every)]


def test_a_step_comes_with_all_steps_and_the_line_that_announces_them():
    page = "Some words first.\n\nTo reset it:\n\n1. Hold the key.\n2. Wait.\n3. Let go.\n\nThen it blinks."
    assert whole_of(page, "Wait") == ["To reset it:", "1. Hold the key.", "2. Wait.", "3. Let go."]


def test_a_short_list_comes_whole_with_its_lead_in():
    page = "A passport is best. Otherwise bring:\n\n- a bill\n- a card\n\nWe keep no copies."
    assert whole_of(page, "a card") == ["Otherwise bring:", "- a bill", "- a card"]


def test_an_item_of_a_long_list_comes_without_the_others():
    items = "\n".join(f"- country {number}" for number in range(7))
    assert whole_of(f"We deliver to:\n\n{items}", "country 3") == ["We deliver to:", "- country 3"]


def test_an_item_of_a_list_that_nothing_announces_stands_for_itself():
    assert whole_of("We sell lamps.\n\n- The shade is glass.\n- The cable is long.", "shade") == [
        "- The shade is glass."
    ]


@pytest.mark.parametrize(
    "condition",
    [
        "Unless it was worn.",
        "Except sale items.",
        "Only if the seal is intact.",
        "However, a fee applies.",
        "But not if it was worn.",
        "There is one exception: socks.",
        "This doesn’t include gift cards.",
        "It only applies to new goods.",
        "Außer bei Sonderangeboten.",
        "Allerdings fällt eine Gebühr an.",
        "Nur wenn das Siegel heil ist.",
        "Das gilt nur für neue Ware.",
        "Es sei denn, sie wurde getragen.",
    ],
)
def test_a_condition_that_follows_is_never_cut_off(condition):
    assert whole_of(f"{PROMISE} {condition} Call us for more.", PROMISE) == [PROMISE, condition]


@pytest.mark.parametrize("other", ["We ship daily.", "Notes are kept.", "Onlyness is a word.", "Außerdem sparst du."])
def test_a_sentence_that_limits_nothing_is_left_out(other):
    assert whole_of(f"{PROMISE} {other}", PROMISE) == [PROMISE]


def test_several_conditions_are_all_kept():
    conditions = ["However, a fee applies.", "Unless it was faulty."]
    assert whole_of(f"{PROMISE} {' '.join(conditions)} Write to us.", PROMISE) == [PROMISE, *conditions]


def test_the_next_paragraph_is_no_condition_of_this_one():
    assert whole_of(f"{PROMISE}\n\nHowever you pay, keep the receipt.", PROMISE) == [PROMISE]


def test_what_points_back_comes_with_what_it_points_to():
    page = "We run a shop. It sells a care plan. This covers repairs. Prices vary."
    assert whole_of(page, "This covers") == ["We run a shop.", "It sells a care plan.", "This covers repairs."]
    assert whole_of("Wir führen Lampen. Diese sind neu. Mehr nicht.", "Diese") == [
        "Wir führen Lampen.",
        "Diese sind neu.",
    ]


def test_no_more_than_two_sentences_are_fetched_for_what_points_back():
    page = "A start. It one. It two. It three."
    assert whole_of(page, "It three") == ["It one.", "It two.", "It three."]


def test_nothing_is_fetched_from_the_paragraph_before():
    assert whole_of("We sell a care plan.\n\nThis is another matter.", "another") == ["This is another matter."]


@pytest.mark.parametrize(
    ("announced", "quoted"),
    [
        ("- one\n- two", ["- one", "- two"]),
        ("1. one\n2. two", ["1. one", "2. two"]),
        ("```\none\ntwo\n```", ["one", "two"]),
        ("| A | B |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |", ["1 | 2", "3 | 4"]),
        ("More words.", []),
    ],
)
def test_a_sentence_that_ends_with_a_colon_brings_what_it_announces(announced, quoted):
    assert whole_of(f"You need these:\n\n{announced}\n\nThe end.", "You need") == ["You need these:", *quoted]


def test_a_row_stands_for_itself():
    assert whole_of("Fees:\n\n| A | B |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |", "3") == ["3 | 4"]


def test_code_comes_whole():
    page = "Run this:\n\n```\nopenbook add\nopenbook ask\n```"
    assert whole_of(page, "openbook ask") == ["Run this:", "openbook add", "openbook ask"]
