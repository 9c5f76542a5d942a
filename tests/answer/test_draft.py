from hypothesis import given, settings
from hypothesis import strategies as st

from answer.hits import hits_from, source_of
from openbook.answer import draft

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


def test_the_sentence_with_the_question_s_words_is_quoted():
    found = draft("How many days for sale items?", hits_from(RETURNS))
    assert "Sale items must come back within 30 days." in [quote.text for quote in found.quotes]


def test_every_quote_is_verbatim_at_its_offsets():
    source = source_of(RETURNS)
    for question in ("days for sale items", "how do I send a parcel back?", "fee for Ireland"):
        for quote in draft(question, hits_from(RETURNS)).quotes:
            assert source[quote.sentence.start : quote.sentence.end] == quote.text


def test_a_procedure_is_quoted_from_its_first_step_to_its_last():
    found = draft("How do I print the label?", hits_from(RETURNS))
    text = "\n".join(quote.text for quote in found.quotes)
    assert text.index("Open your order") < text.index("Print the label") < text.index("Hand the parcel")


def test_a_table_row_comes_with_its_header():
    [quote] = draft("What is the fee for Ireland?", hits_from(RETURNS)).quotes
    assert quote.text == "Ireland | 4.50 EUR"
    assert quote.header_text == "Country | Fee"


def test_a_heading_is_never_an_answer():
    found = draft("Returns fees", hits_from(RETURNS))
    assert not {"Returns", "Fees"} & {quote.text for quote in found.quotes}


def test_nothing_found_is_an_empty_draft():
    assert draft("anything", ()).quotes == ()


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_any_question_gives_quotes_in_reading_order_from_one_chunk(question):
    quotes = draft(question, hits_from(RETURNS)).quotes
    assert list(quotes) == sorted(quotes, key=lambda quote: quote.sentence.start)
    assert len({quote.hit.chunk_id for quote in quotes}) <= 1
