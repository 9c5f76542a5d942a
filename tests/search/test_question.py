"""What a question asks: its parts, and what must stay together."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from openbook.search.question import MOST_PARTS, Part, read_question

NOTES = [f"On day {number} the kettle made a noise that the neighbours heard." for number in range(150)]
ASKED = "Can I send the kettle back without the box?"


def _texts(question):
    return [part.text for part in read_question(question)]


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "How long does delivery take, and can I return a gift?",
            ["How long does delivery take", "can I return a gift?"],
        ),
        (
            "Have you received my parcel? When will the refund be paid?",
            ["Have you received my parcel?", "When will the refund be paid?"],
        ),
        (
            "I want to know how to change my password and how to delete my account",
            ["I want to know how to change my password", "how to delete my account"],
        ),
        ("how do i return a jacket\nwhat does shipping cost", ["how do i return a jacket", "what does shipping cost"]),
        (
            "Wie lange dauert die Lieferung und kann ich ein Geschenk zurückgeben?",
            ["Wie lange dauert die Lieferung", "kann ich ein Geschenk zurückgeben?"],
        ),
        (
            "Wie wird die Jacke gewaschen? Was kostet der Versand nach Wien?",
            ["Wie wird die Jacke gewaschen?", "Was kostet der Versand nach Wien?"],
        ),
    ],
)
def test_what_asks_several_things_has_a_part_for_each(question, parts):
    assert read_question(question) == tuple(Part(part, part) for part in parts)


@pytest.mark.parametrize(
    "question",
    [
        "refund policy",
        "Do you ship to Norway and Sweden?",
        "Can I wash and tumble dry the jacket?",
        "What is the difference between standard and express delivery?",
        "Where is my order and why is it late?",
        "What does error E-21 mean and how do I fix it?",
        "Which items can be returned and which not?",
        "My jacket arrived torn and I do not know what to do.",
        "Hi, can you help me? How do I return my jacket?",
        "Have a nice day. How can I cancel my subscription?",
        "When I log in to my account, the app crashes. How do I reset the password?",
        "How much is it? And when?",
        "Kann ich die Jacke waschen und trocknen?",
        "Was bedeutet Fehler E-21 und wie behebe ich ihn?",
        "Gibt es Ersatzteile und sind sie kostenlos?",
        "",
        "?!",
    ],
)
def test_what_asks_one_thing_stays_whole(question):
    assert read_question(question) == (Part(question, question),)


def test_a_courtesy_is_no_part_of_its_own():
    question = "Can you help me? How do I return my jacket? What does express delivery cost?"
    assert _texts(question) == ["How do I return my jacket?", "What does express delivery cost?"]


def test_a_part_that_points_back_is_searched_for_with_what_it_points_to():
    first, second = read_question("How do I return a broken lamp? Does it need the original box?")
    assert first.searched == first.text
    assert second.text == "Does it need the original box?"
    assert second.searched == "How do I return a broken lamp? Does it need the original box?"


def test_what_asks_more_than_anybody_reads_stays_whole_so_that_no_half_is_answered():
    subjects = ["jacket sizes", "gift cards", "lamp bulbs", "kettle filters", "coffee grinders"]
    question = " ".join(f"Where can I find {subject}?" for subject in subjects)
    assert _texts(question) == [question]
    assert len(_texts(" ".join(question.split("? ")[:MOST_PARTS]).replace(" Where", "? Where") + "?")) == MOST_PARTS


@pytest.mark.parametrize("end", ["\n", " "])
def test_a_long_message_asks_its_one_question(end):
    message = end.join(["Dear shop,", *NOTES, ASKED, *NOTES, "Yours, Ann"])
    assert read_question(message) == (Part(ASKED, ASKED),)


def test_the_question_of_a_long_message_takes_along_the_sentence_that_it_points_back_to():
    message = "\n".join([*NOTES, "My order has not arrived.", "Where is it?", *NOTES])
    assert read_question(message) == (Part("Where is it?", "My order has not arrived. Where is it?"),)


def test_a_long_message_that_asks_nothing_stays_whole():
    whole = " ".join(NOTES)
    [part] = read_question("\n".join(NOTES))
    assert part.text == part.searched == whole[:2_000].rstrip()


PIECES = st.sampled_from(
    [
        "How do I return a lamp",
        "can I",
        "and",
        ", and what is",
        "?",
        ".",
        "! ",
        "\n",
        " ",
        "wie",
        "E-21",
        "\ud800",
        "x" * 80,
    ]
)
TEXTS = st.one_of(st.text(max_size=400), st.lists(PIECES, max_size=120).map("".join))


@settings(deadline=None)
@given(TEXTS)
@example("How long? " * 90)
@example("and how do I return lamps " * 40)
def test_any_text_has_one_to_three_parts_none_longer_than_the_whole(text):
    parts = read_question(text)
    assert 1 <= len(parts) <= MOST_PARTS == 3
    assert all(len(part.text) <= len(text) for part in parts)
