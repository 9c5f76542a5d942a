"""A short question with two readings is asked back about once; the reply is read together with it."""

import pytest

from openbook import AskRequest, Decision, Desk
from openbook.models import HashEmbedder
from openbook.stores.history import digest_form

GIFT = "# Lost gift card\n\nA lost gift card is blocked with its receipt.\n"
MEMBERSHIP = "# Lost membership card\n\nA lost membership card is replaced in the app.\n"
QUESTION = "lost card"
OPTIONS = ("Lost gift card", "Lost membership card")
BLOCKED, REPLACED = "A lost gift card is blocked", "A lost membership card is replaced"
READINGS = [(OPTIONS[0], BLOCKED), (OPTIONS[1], REPLACED)]
SMALL_TALK = "I bought a thing in your shop and was content with it."


@pytest.fixture
def desk(tmp_path):
    with Desk.open(tmp_path / "desk", embedder=HashEmbedder(), settings={"threshold": 0.35}) as opened:
        opened.put_document("gift.md", GIFT)
        opened.put_document("membership.md", MEMBERSHIP)
        yield opened


def reply(desk, words, *, to=QUESTION):
    """The answer to words that are said after a question was asked back about."""
    asked = desk.ask(to)
    assert asked.decision is Decision.CLARIFY
    return desk.ask(words, conversation_id=asked.conversation_id)


def test_a_short_question_with_two_readings_is_asked_back_about(desk):
    answer = desk.ask(QUESTION)
    assert answer.decision is Decision.CLARIFY
    assert answer.options == OPTIONS
    assert answer.text == "Is your question about “Lost gift card” or “Lost membership card”?"
    assert (answer.citations, answer.claims, answer.handoff) == ((), (), None)
    assert all(name in answer.reason for name in OPTIONS)


def test_a_question_that_says_which_it_means_is_not_asked_back_about(desk):
    answer = desk.ask("How is a lost membership card replaced?")
    assert answer.decision is Decision.SEND
    assert answer.options == ()


@pytest.mark.parametrize(("words", "said"), READINGS)
def test_the_very_words_of_an_option_are_a_fitting_reply(desk, words, said):
    answer = reply(desk, words)
    assert answer.understood == (f"{QUESTION} {words}",)
    assert answer.decision is Decision.SEND
    assert answer.text.startswith(said)


def test_a_reply_in_the_customer_s_own_words_is_read_with_the_question(desk):
    answer = reply(desk, "It is the membership one")
    assert answer.understood == (f"{QUESTION} It is the membership one",)
    assert answer.text.startswith(REPLACED)


def test_a_reply_that_asks_in_full_is_answered(desk):
    answer = reply(desk, "How is a lost membership card replaced?", to="Lost my card?")
    assert answer.text.startswith(REPLACED)


@pytest.mark.parametrize("lines", [30, 363], ids=["long", "as long as may be"])
@pytest.mark.parametrize(("words", "said"), READINGS)
def test_the_reply_counts_after_a_long_message_too(desk, words, said, lines):
    answer = reply(desk, words, to="\n".join(["Hello,", "Lost card?", *[SMALL_TALK] * lines]))
    assert words in " ".join(answer.understood)
    assert answer.text.startswith(said)


def test_a_question_is_never_asked_back_about_twice(desk):
    answer = reply(desk, QUESTION)
    assert answer.decision is Decision.HAND_OFF
    assert answer.options == ()


def test_after_the_reply_the_conversation_begins_afresh(desk):
    settled = reply(desk, OPTIONS[0])
    again = desk.ask(QUESTION, conversation_id=settled.conversation_id)
    assert again.understood == (QUESTION,)
    assert again.decision is Decision.CLARIFY


def test_what_follows_a_sent_answer_is_read_alone(desk):
    sent = desk.ask("How is a lost membership card replaced?")
    assert sent.decision is Decision.SEND
    assert desk.ask("gift card", conversation_id=sent.conversation_id).understood == ("gift card",)


def test_a_new_conversation_is_asked_back_again_and_hears_no_other_s_reply(desk):
    first, second = desk.ask(QUESTION), desk.ask(QUESTION)
    assert second.options == first.options == OPTIONS
    desk.ask(OPTIONS[0], conversation_id=first.conversation_id)
    assert desk.ask(OPTIONS[1], conversation_id=second.conversation_id).text.startswith(REPLACED)


def test_a_wish_for_a_person_is_heard_instead_of_an_option(desk):
    answer = reply(desk, "Let me speak to a person, please")
    assert answer.decision is Decision.HAND_OFF
    assert answer.reason == "The customer asked for a person."


@pytest.mark.parametrize("words", [*OPTIONS, QUESTION, "no idea", "", "Let me speak to a person, please"])
def test_question_and_reply_both_replay_to_the_same_bytes(desk, words):
    asked = desk.ask(QUESTION)
    answer = desk.ask(words, conversation_id=asked.conversation_id)
    for recorded in (asked, answer):
        replay = desk.replay(recorded.id)
        assert (replay.identical, replay.search, replay.differences) == (True, "identical", ())
        assert digest_form(replay.answer) == digest_form(recorded)


def test_a_message_sent_before_the_question_back_was_read_replays_as_it_was_answered(desk):
    conversation = desk.ask("How is a lost membership card replaced?").conversation_id
    turns = [desk.ask_events(AskRequest(QUESTION, conversation)) for _ in range(2)]
    for turn in turns:
        next(turn)
    answers = [list(turn)[-1].data for turn in turns]
    assert [answer.understood for answer in answers] == [(QUESTION,), (QUESTION,)]
    assert all(desk.replay(answer.id).identical for answer in answers)
