"""What kind of answer a question asks for, and which texts have it."""

import pytest

from openbook.answer.answer_type import asks_for_kind, fits


@pytest.mark.parametrize(
    ("question", "answers", "does_not"),
    [
        ("How much does it cost to send it back?", "A label costs £3.95.", "Send 2 parcels."),
        ("How much is standard delivery?", "Delivery is free.", "Delivery takes a while."),
        ("Was kostet der Versand?", "Der Versand kostet 4,95 €.", "Wir liefern in 3 Ländern."),
        ("At what temperature do I wash it?", "Wash at 30 °C.", "Wash it 2 times."),
        ("How many points do I get?", "You get ten points.", "You get points."),
        ("How long does a refund take?", "It takes five days.", "It is paid to your card."),
        ("When do you open?", "We open on Monday.", "We have shops."),
        ("Wann öffnet der Laden?", "Ab 9 Uhr.", "Der Laden ist groß."),
    ],
)
def test_a_question_that_asks_for_a_kind_is_answered_by_no_other(question, answers, does_not):
    assert asks_for_kind(question)
    assert fits(question, answers)
    assert not fits(question, does_not)


@pytest.mark.parametrize("question", ["Can I return it?", "Who pays?", "return jacket", ""])
def test_any_text_fits_a_question_of_no_such_kind(question):
    assert not asks_for_kind(question)
    assert fits(question, "")


def test_the_narrowest_kind_decides():
    assert not fits("How much will it cost when it takes 3 days?", "It takes 3 days.")
