"""What a customer reads: claims put together, each with the passages it rests on."""

from answer.hits import drafted, hits_from
from openbook.answer import draft
from openbook.answer.compose import compose

PAGE = """# Lamps

You may return a lamp in its box.

1. Write to us.
2. Send the lamp.

| Lamp | Price |
|---|---|
| Luna | 40 euros |
| Sol |  |
"""


def composed(question, *pages):
    return compose(drafted(question, *pages))


def test_a_row_is_told_with_the_names_of_its_cells_and_cites_its_header_too():
    answer = composed("What is the price of Luna?", PAGE)
    assert answer.text == "Lamp: Luna · Price: 40 euros"
    [claim] = answer.claims
    assert [answer.citations[place].quote for place in claim.citations] == ["Luna | 40 euros", "Lamp | Price"]


def test_steps_have_a_line_each():
    assert composed("How do I send the lamp to you?", PAGE).text == "1. Write to us.\n2. Send the lamp."


def test_items_lose_their_bullets_and_their_citations_keep_them():
    answer = composed("Which post do you bring?", "# Post\n\nWhich post we bring:\n\n- letters\n- parcels\n")
    assert answer.text == "Which post we bring:\nletters\nparcels"
    assert [citation.quote for citation in answer.citations] == ["Which post we bring:", "- letters", "- parcels"]


def test_a_sentence_after_steps_begins_a_line_and_sentences_run_on():
    parts = ("How do I send the lamp to you?", "How much are shades?", "Are wires sold?")
    pages = (PAGE, "# Shades\n\nShades are 9 euros.\n", "# Wires\n\nWires are sold by the metre.\n")
    hits = [
        hit
        for part, (question, page) in enumerate(zip(parts, pages, strict=True))
        for hit in hits_from(page, question=question, part=part)
    ]
    assert compose(draft(parts, hits)).text == (
        "1. Write to us.\n2. Send the lamp.\nShades are 9 euros. Wires are sold by the metre."
    )


def test_what_answers_two_parts_of_a_question_is_said_once():
    page = "# Cards\n\nA gift card is valid for two years and costs nothing.\n"
    parts = ("How long is a gift card valid?", "What does a gift card cost?")
    hits = [hit for part, question in enumerate(parts) for hit in hits_from(page, question=question, part=part)]
    answer = compose(draft(parts, hits))
    assert answer.text == "A gift card is valid for two years and costs nothing."
    assert len(answer.claims) == len(answer.citations) == 1


TWO = """# Parcels

You may send a parcel to any shop. This does not apply to batteries.

A parcel to a shop is free of charge. Shops keep a parcel for ten days.
"""


def test_a_short_answer_is_the_best_quote_with_what_must_not_be_cut_off():
    question = "Can I send a parcel to a shop, and how long do shops keep a parcel?"
    found = drafted(question, TWO)
    full, short = compose(found), compose(found, length="short")
    assert len(short.claims) < len(full.claims)
    assert found.sections[0].best.text in short.text
    assert {claim.text for claim in short.claims} <= {claim.text for claim in full.claims}


def test_a_short_answer_keeps_the_condition_of_what_it_says():
    short = compose(drafted("May I send a parcel to any shop?", TWO), length="short")
    assert short.text == "You may send a parcel to any shop. This does not apply to batteries."


def test_a_short_answer_has_something_on_every_code_of_the_question():
    page = "# Errors\n\nE-2144 means that the door is open.\n\nE-2150 means that the tank is empty.\n"
    short = compose(drafted("What do E-2144 and E-2150 mean?", page), length="short")
    assert "E-2144" in short.text
    assert "E-2150" in short.text


def test_a_short_answer_to_nothing_found_is_empty():
    assert compose(drafted("May I?"), length="short").text == ""
