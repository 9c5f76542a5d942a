"""Search and ask in the terminal: filters, questions of several parts, reasons in words, honest percentages."""

from dataclasses import replace

import pytest

from openbook import Decision, Desk
from openbook.cli import display
from openbook.models import HashEmbedder

GIFT_CARDS = """---
title: Gift cards
product: Shop
updated_at: 2026-02-01
---
A gift card is valid for 24 months from the day of purchase.
"""
LOCKERS = """---
title: Parcel lockers
product: Shop
updated_at: 2026-05-01
---
A parcel waits in a parcel locker for seven days.
"""
VALID = "How long is a gift card valid?"
BOTH = f"{VALID} How many days does a parcel wait in a parcel locker?"


@pytest.fixture
def shop(run, tmp_path):
    """Runs `openbook` on a desk with two articles of one product, the one older than the other."""
    (tmp_path / "articles" / "gift-cards.md").write_text(GIFT_CARDS, "utf-8")
    (tmp_path / "articles" / "lockers.md").write_text(LOCKERS, "utf-8")
    run("add", "articles")
    return run


@pytest.fixture
def answer(tmp_path):
    """An answer to be shown."""
    with Desk.open(tmp_path / "shown", embedder=HashEmbedder()) as desk:
        desk.put_document("gift-cards.md", GIFT_CARDS)
        return desk.ask("gift card")


def test_search_since_a_day_leaves_out_what_was_not_changed_since(shop):
    everything = shop("search", "gift card").stdout
    assert "gift-cards.md" in everything
    later = shop("search", "gift card parcel", "--since", "2026-05-01").stdout
    assert "lockers.md" in later
    assert "gift-cards.md" not in later
    assert "Nothing found." in shop("search", "gift card", "--since", "2026-05-02").stdout


@pytest.mark.parametrize("command", ["search", "ask"])
def test_a_day_that_is_none_is_refused_with_the_way_to_write_it(shop, command):
    done = shop(command, "gift card", "--since", "yesterday", status=2)
    assert "'yesterday' does not match the formats '%Y-%m-%d'" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_search_for_two_things_says_which_part_each_hit_is_for(shop):
    lines = shop("search", BOTH).stdout.splitlines()
    assert [line for line in lines if line.startswith("for “")][:2] == [
        f"for “{VALID}”",
        "for “How many days does a parcel wait in a parcel locker?”",
    ]
    assert [line for line in lines if line[:2] in ("1.", "2.")] == ["1. Gift cards", "2. Parcel lockers"]
    assert sum("plain rank fusion" in line for line in lines) == sum(line.startswith("for “") for line in lines)


@pytest.mark.usefixtures("encoder")
def test_two_questions_are_answered_one_after_the_other_each_with_its_source(shop):
    said = shop("ask", BOTH, "--explain", OPENBOOK_THRESHOLD="0.3").stdout
    assert said.startswith("A gift card is valid for 24 months from the day of purchase. A parcel waits in a parcel")
    assert "[1] Gift cards, 2026-02-01" in said
    assert "[2] Parcel lockers, 2026-05-01" in said
    assert f"Understood as: {VALID} | How many days does a parcel wait in a parcel locker?\n" in said


@pytest.mark.usefixtures("encoder")
def test_explain_says_in_words_why_it_is_not_surer_and_what_was_understood(shop):
    said = shop("ask", "How lnog is a pracel kept by the neighbours?", "--explain", OPENBOOK_THRESHOLD="0.99").stdout
    assert "Understood as: How lnog is a parcel kept by the neighbours?\n" in said
    assert "is below the threshold 0.99: " in said
    assert "It would be surer" not in said
    assert "similarity  " in said
    sent = shop("ask", "How lnog is a pracel kept by the neighbours?", "--explain", OPENBOOK_THRESHOLD="0.01").stdout
    assert "It would be surer, but:\n  - " in sent


def test_a_question_back_is_shown_with_its_readings(answer, capsys):
    asked = replace(answer, decision=Decision.CLARIFY, text="Is it about “A” or “[b]”?", options=("A", "[b]"))
    display.show_answer(asked)
    assert "Is it about “A” or “[b]”?" in capsys.readouterr().out


def test_a_product_that_nothing_is_about_hands_over_and_is_named(shop):
    said = shop("ask", VALID, "--product", "Tent", "--explain").stdout
    assert "handed to a person" in said
    assert "Nothing in the knowledge fits the filters product Tent." in said
    assert "It would be surer" not in said


@pytest.mark.parametrize(
    ("share", "shown"), [(0.6999999, "69%"), (0.7, "70%"), (0.29, "29%"), (0.58, "58%"), (1, "100%")]
)
def test_a_percentage_is_never_rounded_up(answer, share, shown, capsys):
    display.show_answer(replace(answer, confidence=share, threshold=share))
    assert f"confidence {shown} (threshold {shown})" in capsys.readouterr().out


def test_the_percentage_of_an_erased_answer_is_not_rounded_up_either(tmp_path, capsys):
    with Desk.open(tmp_path / "desk", embedder=HashEmbedder(), settings={"threshold": 0.3}) as desk:
        desk.put_document("gift-cards.md", GIFT_CARDS)
        asked = desk.ask(VALID)
        desk.remove("gift-cards.md", erase=True)
        display.show_receipt(replace(desk.receipt(asked.id), confidence=0.6999))
    said = capsys.readouterr().out
    assert "Answer: (erased)" in said
    assert "confidence 69%" in said
