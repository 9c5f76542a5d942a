"""The turn on a real desk, with the sample articles that each test writes."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from openbook import AskRequest, Decision, Desk
from openbook.errors import NotFound, UserError
from openbook.hashing import hash_text
from openbook.stores.conversations import messages_of
from openbook.stores.history import digest_form

ARTICLE = """---
title: Gift cards
updated_at: 2026-02-01
---
# Gift cards

A gift card is valid for 24 months from the day of purchase. It cannot be exchanged for cash.
"""


@pytest.fixture
def desk(tmp_path):
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "gift-cards.md").write_text(ARTICLE, "utf-8")
    with Desk.open(tmp_path / "desk", settings={"threshold": 0.3}) as opened:
        opened.add(tmp_path / "articles")
        yield opened


QUESTION = "How long is a gift card valid?"


def test_the_events_come_in_order_and_the_last_is_the_answer(desk):
    events = list(desk.ask_events(AskRequest(QUESTION)))
    assert [event.name for event in events] == ["understood", "found", "drafted", "decided", "recorded"]
    assert events[-1].data.decision is Decision.SEND
    assert "24 months" in events[-1].data.text


def test_no_event_before_the_last_carries_the_draft_s_words(desk):
    *early, _ = desk.ask_events(AskRequest(QUESTION))
    assert not any("24 months" in str(event.data) for event in early)


def test_a_citation_points_at_the_very_characters_of_its_version(desk):
    [citation, *_] = desk.ask(QUESTION).citations
    version = desk.version(citation.document_id, citation.version)
    assert version.source_text[citation.start : citation.end] == citation.quote


def test_the_same_question_gives_the_same_bytes_apart_from_ids_and_timings(desk):
    assert digest_form(desk.ask(QUESTION)) == digest_form(desk.ask(QUESTION))


def test_every_answer_has_a_receipt_that_replays_to_the_same_bytes(desk):
    for question in (QUESTION, "", "Can I talk to a human?", "quantum chromodynamics", QUESTION + "\x00\u202e"):
        answer = desk.ask(question)
        receipt = desk.receipt(answer.id)
        assert receipt.answer_hash == hash_text(digest_form(answer))
        replay = desk.replay(answer.id)
        assert replay.identical
        assert replay.search in ("identical", "not_replayed")
        assert digest_form(replay.answer) == digest_form(answer)


def test_an_answer_in_parts_that_rest_on_one_article_replays_too(desk):
    answer = desk.ask("How long is a gift card valid? Can a gift card be exchanged for cash?")
    assert len(answer.understood) == 2
    replay = desk.replay(answer.id)
    assert (replay.identical, replay.search) == (True, "identical")


def test_a_replay_still_holds_after_the_article_changed(desk, tmp_path):
    answer = desk.ask(QUESTION)
    (tmp_path / "articles" / "gift-cards.md").write_text(ARTICLE.replace("24 months", "36 months"), "utf-8")
    desk.sync()
    assert "36 months" in desk.ask(QUESTION).text
    replay = desk.replay(answer.id)
    assert replay.identical
    assert "24 months" in replay.answer.text
    assert replay.search == "not_replayed"
    assert "generation" in replay.search_note


def test_an_erased_answer_refuses_replay_and_says_why(desk):
    answer = desk.ask(QUESTION)
    desk.remove("gift-cards.md", erase=True)
    assert desk.receipt(answer.id).erased
    assert desk.receipt(answer.id).answer is None
    with pytest.raises(UserError, match="was erased"):
        desk.replay(answer.id)


def test_a_hand_off_waits_and_its_conversation_too(desk):
    answer = desk.ask("Can I speak to a person?")
    assert answer.handoff is not None
    assert answer.handoff.state == "waiting"
    assert answer.citations == ()


def test_a_conversation_keeps_its_messages_in_order(desk):
    first = desk.ask(QUESTION)
    second = desk.ask("And for cash?", conversation_id=first.conversation_id)
    assert second.conversation_id == first.conversation_id
    with desk.parts.database.read() as connection:
        said = messages_of(connection, "main", first.conversation_id)
    assert [message.author for message in said if message.author != "notice"] == ["customer", "bot", "customer", "bot"]
    assert [message.text for message in said if message.author == "customer"] == [QUESTION, "And for cash?"]


def test_an_unknown_conversation_is_refused(desk):
    with pytest.raises(NotFound, match="con_nowhere"):
        desk.ask(QUESTION, conversation_id="con_nowhere")


def test_a_repeat_with_the_same_key_gets_the_first_answer(desk):
    request = AskRequest(QUESTION, idempotency_key="order-17")
    assert desk.ask(request).id == desk.ask(request).id


def test_public_answers_are_the_same_bytes_beside_internal_articles(desk, tmp_path):
    before = desk.ask(QUESTION)
    staff = tmp_path / "staff"
    staff.mkdir()
    for number in range(30):
        (staff / f"note-{number}.md").write_text(f"# Gift card note {number}\n\nA gift card is valid twice.\n", "utf-8")
    desk.add(staff, audience="internal")
    after = desk.ask(QUESTION)
    assert digest_form(after) == digest_form(before)
    told = desk.search("gift card valid twice", audiences=("internal",))
    assert told.hits


def test_two_requests_with_one_key_at_the_same_time_get_one_answer(desk):
    request = AskRequest(QUESTION, idempotency_key="twice")
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(desk.ask, [request] * 8))
    assert len({answer.id for answer in answers}) == 1


def test_drafts_move_no_visible_score(desk, tmp_path):
    before = desk.search(QUESTION).hits
    drafts = tmp_path / "drafts"
    drafts.mkdir()
    for number in range(20):
        text = f"---\nstatus: draft\n---\n# Gift card plan {number}\n\nA gift card will be valid for ever.\n"
        (drafts / f"plan-{number}.md").write_text(text, "utf-8")
    desk.add(drafts)
    assert desk.search(QUESTION).hits == before
    assert digest_form(desk.ask(QUESTION)).count("for ever") == 0
