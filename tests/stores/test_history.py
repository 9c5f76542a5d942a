"""What was said and on what it rested: a turn is kept whole or not at all, and its words can be destroyed."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from openbook.hashing import hash_text
from openbook.stores import history
from openbook.stores.conversations import messages_of
from openbook.stores.history import digest_form
from openbook.stores.schema import citations, conversations, handoffs, messages, receipts, texts
from openbook.stores.turns import TurnRecord, record_turn
from openbook.types import Answer, AskRequest, Citation, Claim, Decision, Handoff, Support, Tokens

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
EVERY_TABLE = (conversations, messages, receipts, citations, handoffs, texts)


def _answer(identifier, *, conversation="con_1", documents=("doc_1",), handed_over=False):
    cited = tuple(
        Citation(document, 1, "Refunds", "", None, "A refund takes three days.", 0, 26) for document in documents
    )
    return Answer(
        id=identifier,
        conversation_id=conversation,
        understood=("How long does a refund take?",),
        decision=Decision.HAND_OFF if handed_over else Decision.SEND,
        text=f"A refund takes three days, says {identifier}.",
        confidence=0.9,
        threshold=0.5,
        claims=(Claim("A refund takes three days.", Support.SUPPORTED, (0,)),),
        citations=cited,
        confidence_parts={"top": 0.25},
        reason="",
        handoff=Handoff(f"hnd_{identifier}", "waiting", "asked for a person", NOW) if handed_over else None,
        writer="extractive",
        cost_micro_usd=7,
        tokens=Tokens(3, 4),
        timings_ms={"search": 1.5},
    )


def _turn(identifier="ans_1", *, question="How long does a refund take?", key="", tenant="main", **options):
    answer = _answer(identifier, **options)
    return TurnRecord(
        request=AskRequest(question, answer.conversation_id, tenant, idempotency_key=key),
        answer=answer,
        hits=(),
        query={"text": hash_text(question)},
        settings={"threshold": 0.5},
        generation=3,
        model_ids=("hash/2b/384",),
        openbook_version="0.1.0",
        answer_digest=hash_text(digest_form(answer)),
        message_ids=(f"msg_{identifier}_1", f"msg_{identifier}_2"),
        asked_at=NOW,
    )


def _record(database, turn):
    database.write(lambda connection: record_turn(connection, turn))
    return turn


def _receipt(database, identifier, *, tenant="main"):
    with database.read() as connection:
        return history.get_receipt(connection, tenant, identifier)


def _messages(database, conversation="con_1", *, tenant="main"):
    with database.read() as connection:
        return messages_of(connection, tenant, conversation)


def _counts(database):
    with database.read() as connection:
        return [connection.execute(select(func.count()).select_from(table)).scalar() for table in EVERY_TABLE]


def test_a_receipt_gives_back_the_very_answer(database):
    turn = _record(database, _turn(handed_over=True))
    receipt = _receipt(database, "ans_1")
    assert receipt.answer == turn.answer
    assert receipt.question == turn.request.question
    assert receipt.answer_hash == hash_text(digest_form(receipt.answer))
    assert (receipt.generation, receipt.model_ids, receipt.erased) == (3, ("hash/2b/384",), False)
    assert receipt.created_at == NOW


def test_a_conversation_keeps_its_messages_in_order(database):
    _record(database, _turn("ans_1", question="First?"))
    _record(database, _turn("ans_2", question="Second?"))
    told = [(message.author, message.text.split()[0]) for message in _messages(database)]
    assert told == [("customer", "First?"), ("bot", "A"), ("customer", "Second?"), ("bot", "A")]
    assert [message.answer_id for message in _messages(database)] == ["", "ans_1", "", "ans_2"]


def test_a_turn_that_cannot_be_kept_whole_leaves_nothing(database):
    _record(database, _turn("ans_1"))
    before = _counts(database)
    with pytest.raises(IntegrityError):
        _record(database, _turn("ans_1", conversation="con_2", handed_over=True))
    assert _counts(database) == before


def test_a_repeated_key_keeps_the_first_answer_and_nothing_of_the_second(database):
    _record(database, _turn("ans_1", key="once"))
    before = _counts(database)
    _record(database, _turn("ans_2", key="once", conversation="con_2", handed_over=True))
    assert _counts(database) == before
    assert _receipt(database, "ans_2") is None


def test_an_idempotency_key_is_unique_within_its_tenant(database):
    _record(database, _turn("ans_1", key="once"))
    _record(database, _turn("ans_2", key="once", tenant="other"))
    with database.read() as connection:
        assert history.find_repeat(connection, "main", "once").id == "ans_1"
        assert history.find_repeat(connection, "other", "once").id == "ans_2"
        assert history.find_repeat(connection, "main", "twice") is None


def test_turns_without_a_key_do_not_stand_in_each_others_way(database):
    for number in range(3):
        _record(database, _turn(f"ans_{number}"))
    with database.read() as connection:
        assert history.find_repeat(connection, "main", "") is None
    assert len(_messages(database)) == 6


def test_another_tenant_sees_nothing_of_a_turn(database):
    _record(database, _turn())
    assert _receipt(database, "ans_1", tenant="other") is None
    assert _messages(database, tenant="other") == ()


def test_erasing_a_document_destroys_the_words_of_answers_that_quote_it_and_no_others(database):
    _record(database, _turn("ans_1", documents=("doc_1", "doc_2")))
    _record(database, _turn("ans_2", documents=("doc_2",)))
    erased = database.write(lambda connection: history.erase_answers_of(connection, "main", ["doc_1"]))
    assert erased == 1
    gone, kept = _receipt(database, "ans_1"), _receipt(database, "ans_2")
    assert (gone.answer, gone.erased, gone.decision) == (None, True, Decision.SEND)
    assert (kept.erased, kept.answer.id) == (False, "ans_2")
    assert [message.text is None for message in _messages(database)] == [False, True, False, False]


def test_a_receipt_holds_no_word_of_question_or_answer_outside_the_texts(database):
    _record(database, _turn(question="Where is the quokka?"))
    with database.read() as connection:
        tables = [table for table in EVERY_TABLE if table is not texts]
        rows = str([connection.execute(select(table)).all() for table in tables])
    assert "quokka" not in rows
    assert "three days" not in rows


def test_the_digest_leaves_out_ids_and_timings_alone():
    one, two = _answer("ans_1", handed_over=True), _answer("ans_2", handed_over=True)
    assert digest_form(one).replace("ans_1", "ans_2") == digest_form(two)
    assert digest_form(one) != digest_form(_answer("ans_1"))
