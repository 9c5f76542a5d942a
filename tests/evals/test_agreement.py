"""Whether a reply of the past says the same as an answer: pairs written by hand."""

import pytest

from openbook.evals.agreement import agreements, past_reply
from openbook.models import HashEmbedder
from openbook.types import Ticket, TicketMessage

GIFT = "A gift card is valid for 24 months from the day of purchase."
SAME = "Hello Ann, gift cards are valid for 24 months, counted from the purchase."
OTHER = "Unscrew the lid of the kettle, then rinse the filter with vinegar once a week."
OTHER_NUMBER = "A gift card is valid for 12 months from the day of purchase."


EMBED = HashEmbedder().embed


def judged(*pairs, embed=EMBED):
    return agreements(pairs, embed=embed)


@pytest.mark.parametrize("embed", [EMBED, None])
def test_the_same_in_other_words_agrees_and_something_else_differs(embed):
    same, other = judged((GIFT, SAME), (GIFT, OTHER), embed=embed)
    assert (same.word, other.word) == ("agrees", "differs")
    assert 0.0 <= other.score < same.score <= 1.0


def test_another_number_agrees_less():
    same, other = judged((GIFT, SAME), (GIFT, OTHER_NUMBER), embed=None)
    words_alone, _ = judged((GIFT, OTHER_NUMBER.replace("12", "some")), (GIFT, SAME), embed=None)
    assert other.score < min(same.score, words_alone.score)


@pytest.mark.parametrize("reply", ["", "Hello!", "Thank you very much.", "?!", "\n \n"])
def test_nobody_can_say_beside_too_short_a_reply(reply):
    for pair in ((GIFT, reply), (reply, GIFT)):
        [found] = judged(pair)
        assert (found.score, found.word) == (None, "cannot say")
    assert agreements([], embed=None) == ()


def test_the_reply_is_what_was_confirmed_else_what_operators_told():
    said = (
        TicketMessage("customer", "How long is a gift card valid?"),
        TicketMessage("operator", "Thanks for writing to us."),
        TicketMessage("operator", SAME),
        TicketMessage("bot", OTHER),
        TicketMessage("operator", "Which card do you have?"),
    )
    assert past_reply(Ticket("1", "", said)) == SAME
    assert past_reply(Ticket("1", "", said, resolution=GIFT)) == GIFT
    assert past_reply(Ticket("1", "", said[:2])) == ""
