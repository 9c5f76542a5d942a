import pytest

from openbook.evals.dataset import Case
from openbook.evals.right import is_right, quote_cover
from openbook.types import Answer, Citation, Decision, Tokens


def answered(*quotes, text="", decision=Decision.SEND):
    citations = tuple(Citation("doc_1", 1, "T", "", None, quote, 0, len(quote)) for quote in quotes)
    return Answer(
        id="ans_1",
        conversation_id="con_1",
        understood=("?",),
        decision=decision,
        text=text,
        confidence=0.9,
        threshold=0.7,
        claims=(),
        citations=citations,
        confidence_parts={},
        reason="",
        handoff=None,
        writer="extractive",
        cost_micro_usd=0,
        tokens=Tokens(),
        timings_ms={},
    )


GOLD = "A gift card is valid for 24 months."


@pytest.mark.parametrize(
    ("cited", "share"),
    [
        ([GOLD], 1.0),
        ([f"Before. {GOLD} After."], 1.0),
        (["**A gift card** is valid for 24 months"], 1.0),
        (["A gift card is"], 11 / 27),
        (["A gift card is", "valid for 24 months"], 1.0),
        (["Something else"], 0.0),
        ([], 0.0),
    ],
)
def test_the_cover_of_a_quote_is_its_share_of_characters(cited, share):
    assert quote_cover([GOLD], cited) == [pytest.approx(share)]


def test_half_a_gold_quote_is_enough_and_less_is_not():
    case = Case("1", "?", quotes=("abcdefgh",))
    assert is_right(case, answered("abcd"))
    assert not is_right(case, answered("abc"))


def test_without_gold_quotes_the_text_must_contain_the_gold_answer():
    case = Case("1", "?", answer="24 Months")
    assert is_right(case, answered(text="It is valid for 24 months."))
    assert not is_right(case, answered(text="It is valid for 12 months."))
    assert not is_right(Case("1", "?"), answered(text="anything"))


def test_what_cannot_be_answered_is_right_when_nothing_is_sent():
    case = Case("1", "?", answerable=False)
    assert is_right(case, answered(decision=Decision.HAND_OFF))
    assert not is_right(case, answered("anything"))


def test_an_answer_that_was_not_sent_is_not_right():
    assert not is_right(Case("1", "?", quotes=(GOLD,)), answered(GOLD, decision=Decision.HAND_OFF))
