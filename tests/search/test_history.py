"""What a message takes over from earlier ones, and that a new topic is not dragged back to the old one."""

import numpy as np
import pytest

from openbook.models import HashEmbedder
from openbook.search.history import taken_over
from openbook.types import Query
from search.shelf import Shelf

STUDIO = "How do I book the small recording studio?"


@pytest.mark.parametrize("words", ["And how much does it cost?", "and for two?", "Und was kostet das?", "why?"])
def test_what_says_little_takes_over_the_message_before(words):
    earlier = taken_over(words, [STUDIO], alone=0.4)
    assert earlier.readings == (f"{STUDIO} {words}",)
    assert earlier.words == STUDIO
    assert {"studio", "record"} <= earlier.telling.keys()


@pytest.mark.parametrize(
    ("words", "alone"),
    [
        ("Where can I park my car while I am visiting the old library on a Sunday morning?", 0.3),
        ("Where can I park?", 0.9),
    ],
    ids=["it says much", "it finds enough"],
)
def test_what_stands_alone_takes_over_nothing(words, alone):
    assert taken_over(words, [STUDIO], alone=alone) is None


def test_who_asks_the_same_again_begins_again():
    assert taken_over("And how much?", [STUDIO, "and  how much"], alone=0.3) is None


def test_the_more_a_message_says_and_finds_the_less_counts():
    shares = [
        taken_over(words, [STUDIO], alone=alone).share
        for words, alone in (("a deposit", 0.4), ("a deposit", 0.6), ("a deposit for the weekend, refundable", 0.6))
    ]
    assert shares == sorted(shares, reverse=True)
    assert len(set(shares)) == 3


def test_it_reaches_back_over_what_says_little_to_what_says_enough():
    said = ["Do you sell garden chairs?", STUDIO, "thanks", "and on Sundays?", "how long?", "with drums?"]
    everything = taken_over("and cancel it?", said, alone=0.3).readings[-1]
    assert everything == f"{STUDIO} and on Sundays? with drums? and cancel it?"


def test_a_code_stands_for_it_until_another_topic_comes():
    assert taken_over("How do I fix it?", ["What does E-21 mean?"], alone=0.5).wanted == ("E-21",)
    said = ["What does E-21 mean?", "Which payment methods do you accept?"]
    assert taken_over("And that one?", said, alone=0.5).wanted == ()


def test_of_a_long_message_only_what_it_asks_is_taken_over():
    letter = f"Good morning. {'I was at your shop and it was nice. ' * 60}What does a refund cost?"
    [reading] = taken_over("and why?", [letter], alone=0.3).readings
    assert len(reading) < 420
    assert "What does a refund cost?" in reading


def test_the_mixed_vector_has_length_one_and_lies_between():
    embed = HashEmbedder().embed_query
    alone = embed("how much is it?")
    mixed = taken_over("how much is it?", [STUDIO], alone=0.4).mixed(alone, embed)
    assert np.linalg.norm(mixed) == pytest.approx(1.0, abs=1e-6)
    assert alone @ embed(STUDIO) < mixed @ embed(STUDIO) < 1.0


@pytest.mark.parametrize("history", [(), ("",), ("thanks",), ("\x00 \u202e", "???")])
def test_where_nothing_was_said_before_the_search_is_the_same(shelf, history):
    shelf.put("studio.md", "# Studio\n\nThe small recording studio costs 12 pounds an hour.")
    alone = shelf.searcher.search(Query("how much?"))
    assert shelf.searcher.search(Query("how much?", history=history)).hits == alone.hits


@pytest.mark.parametrize("keyword_only", [False, True], ids=["with an encoder", "by words alone"])
def test_a_follow_up_finds_what_was_spoken_of(tmp_path, keyword_only):
    shelf = Shelf.open(tmp_path / "shelf", keyword_only=keyword_only)
    for thing, price in (("kiln", 9), ("loom", 7), ("recording studio", 12)):
        shelf.put(f"{thing}.md", f"# The {thing}\n\nBook the {thing} at the desk. The price is {price} pounds an hour.")
    for thing in ("kiln", "loom", "recording studio"):
        query = Query("And what is the price?", history=(f"How do I book the {thing}?",))
        assert shelf.searcher.search(query).hits[0].path == f"{thing}.md"
    shelf.close()
