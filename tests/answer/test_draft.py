"""Which sentences answer a question: enough of them, no more, each verbatim."""

from hypothesis import given, settings
from hypothesis import strategies as st

from answer.hits import drafted, hits_from, source_of
from openbook.answer import draft
from openbook.answer.draft import MOST_SENTENCES

RETURNS = """# Returns

You can return unworn clothing within 45 days of delivery. Sale items must come back within 30 days.

## How to send it back

1. Open your order and choose Return.
2. Print the label.
3. Hand the parcel to the courier.

## Fees

| Country | Fee |
|---|---|
| Ireland | 4.50 EUR |
| Germany | 5.95 EUR |
"""
WRAPPING = """# Gift wrapping

Gift wrapping costs 3 euros. The paper is recycled. Ribbons come in red.
"""
NORWAY = """# Norway

Parcels to Norway take six days. Customs duty may be charged.
"""


def texts(found):
    return [quote.text for quote in found.quotes]


def test_the_sentence_with_the_question_s_words_is_quoted():
    assert "Sale items must come back within 30 days." in texts(drafted("How many days for sale items?", RETURNS))


def test_every_quote_is_verbatim_at_its_offsets():
    source = source_of(RETURNS)
    for question in ("days for sale items", "how do I send a parcel back?", "fee for Ireland"):
        found = drafted(question, RETURNS).quotes
        assert found
        for quote in found:
            assert source[quote.sentence.start : quote.sentence.end] == quote.text


def test_a_procedure_is_quoted_from_its_first_step_to_its_last():
    assert texts(drafted("How do I print the label?", RETURNS)) == [
        "1. Open your order and choose Return.",
        "2. Print the label.",
        "3. Hand the parcel to the courier.",
    ]


def test_who_asks_how_gets_steps_rather_than_a_sentence_about_them():
    page = "# Label\n\nThe label is printed at home.\n\n1. Open your order.\n2. Print the label.\n"
    assert texts(drafted("Where is the label printed?", page)) == ["The label is printed at home."]
    assert texts(drafted("How do I get the label printed?", page)) == ["1. Open your order.", "2. Print the label."]


def test_a_table_row_comes_with_its_header():
    [quote] = drafted("What is the fee for Ireland?", RETURNS).quotes
    assert quote.text == "Ireland | 4.50 EUR"
    assert quote.header_text == "Country | Fee"


def test_a_heading_is_never_an_answer():
    assert not {"Returns", "Fees"} & set(texts(drafted("Returns fees", RETURNS)))


def test_nothing_found_is_an_empty_section_for_each_part():
    found = draft(("anything", "something"), ())
    assert found.quotes == ()
    assert [(section.question, section.best) for section in found.sections] == [("anything", None), ("something", None)]


def test_one_sentence_is_enough_where_it_says_all():
    assert texts(drafted("How much does gift wrapping cost?", WRAPPING, NORWAY)) == ["Gift wrapping costs 3 euros."]


def test_a_sentence_that_adds_nothing_is_left_out():
    again = "# Wrapping\n\nGift wrapping costs 3 euros for every parcel.\n"
    assert texts(drafted("How much does gift wrapping cost?", WRAPPING, again)) == ["Gift wrapping costs 3 euros."]


def test_two_articles_answer_two_halves_of_one_question():
    found = drafted("Cost of gift wrapping for parcels to Norway?", WRAPPING, NORWAY)
    assert texts(found) == ["Gift wrapping costs 3 euros.", "Parcels to Norway take six days."]
    assert [quote.hit.title for quote in found.quotes] == ["Gift wrapping", "Norway"]


def test_the_article_that_answers_best_is_quoted_first():
    question = "Cost of gift wrapping for parcels to Norway?"
    hits = hits_from(NORWAY, WRAPPING, question=question, scores=(0.75, 0.8))
    assert [quote.hit.title for quote in draft((question,), hits).quotes] == ["Gift wrapping", "Norway"]


def test_each_part_of_a_question_has_a_section_of_its_own_in_order():
    parts = ("How long do parcels to Norway take?", "How much is gift wrapping?")
    hits = (
        *hits_from(NORWAY, WRAPPING, question=parts[0], part=0),
        *hits_from(WRAPPING, NORWAY, question=parts[1], part=1),
    )
    found = draft(parts, hits)
    assert [section.question for section in found.sections] == list(parts)
    assert [section.best.text for section in found.sections] == [
        "Parcels to Norway take six days.",
        "Gift wrapping costs 3 euros.",
    ]
    assert {hit.part for hit in found.sections[1].hits} == {1}


def test_known_words_are_those_that_any_hit_has():
    [section] = drafted("Are ribbons for Norway waterproof?", WRAPPING, NORWAY).sections
    assert section.known_words == 2 / 3


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_any_question_gives_few_quotes_article_by_article_in_reading_order(question):
    [section] = drafted(question, RETURNS, WRAPPING).sections
    for document in {quote.hit.document_id for quote in section.quotes}:
        inside = [quote for quote in section.quotes if quote.hit.document_id == document]
        start = section.quotes.index(inside[0])
        assert list(section.quotes[start : start + len(inside)]) == inside
        assert inside == sorted(inside, key=lambda quote: quote.sentence.start)
    assert section.best in section.quotes
    assert len(section.quotes) < MOST_SENTENCES + 3
