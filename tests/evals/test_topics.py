"""Groups of questions that ask about the same."""

import random

import numpy as np

from openbook.evals.topics import find_topics
from openbook.models import HashEmbedder

KETTLES = ["How do I descale the kettle?", "How can I descale my kettle?", "Descale the kettle, but how?"]
CARDS = [
    "When does the gift card expire?",
    "Does my gift card expire?",
    "Gift card: when does it expire?",
    "gift card expire",
]
ALONE = ["Do you rent skis in Oslo?"]


def topics_of(questions, **options):
    return find_topics(questions, HashEmbedder().embed(questions), likeness=0.4, **options)


def test_questions_about_the_same_are_a_group_named_by_its_telling_words():
    questions = KETTLES + ALONE + CARDS
    cards, kettles = topics_of(questions)
    assert ([questions[place] for place in cards.members], cards.question) == (CARDS, cards.question)
    assert kettles.members == (0, 1, 2)
    assert set(cards.name.split(", ")) == {"card", "expire", "gift"}
    assert {"descale", "kettle"} <= set(kettles.name.split(", "))
    assert cards.question in CARDS
    assert len(topics_of(questions, smallest=4)) == 1


def test_the_groups_do_not_depend_on_the_order():
    questions = KETTLES + ALONE + CARDS
    shuffled = random.Random(3).sample(questions, len(questions))

    def found(asked):
        return [(topic.name, topic.question, len(topic.members)) for topic in topics_of(asked)]

    assert found(shuffled) == found(questions)


def test_nothing_alike_or_nothing_at_all_makes_no_group():
    assert topics_of(ALONE) == ()
    assert find_topics([], np.zeros((0, 384), np.float32)) == ()


def test_more_questions_than_a_block_are_grouped_whole():
    vectors = np.repeat(np.eye(3, 8, dtype=np.float32), [700, 600, 2], axis=0)
    asked = [f"question {place} about kettles" for place in range(len(vectors))]
    assert [len(topic.members) for topic in find_topics(asked, vectors)] == [700, 600]
