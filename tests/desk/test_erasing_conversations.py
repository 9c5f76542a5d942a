"""Nothing of a conversation is left in words when it is erased, wherever they stood."""

import pytest
from sqlalchemy import select

from openbook import Desk
from openbook.errors import NotFound
from openbook.models import HashEmbedder
from openbook.stores.schema import metadata

WORDS = ("quimby", "marmalade")


@pytest.fixture
def desk(tmp_path):
    with Desk.open(tmp_path / "desk", must_hold=True, embedder=HashEmbedder(), settings={"threshold": 0.3}) as opened:
        opened.put_document("jam.md", "# Jam\n\nJam keeps for a year in the dark.")
        yield opened


def everything(desk):
    """All that stands in any table, as text."""
    with desk.parts.database.read() as connection:
        return repr([connection.execute(select(table)).all() for table in metadata.sorted_tables]).lower()


def test_no_word_is_left_in_any_table(desk):
    answer = desk.ask("Does code MARMALADE-7 of Mrs Quimby keep for a year in the dark?")
    detail = desk.fetch_person(answer.conversation_id)
    desk.leave_contact(answer.conversation_id, name="Mrs Quimby", contact="quimby@example.com")
    desk.reply(detail.id, "Dear Mrs Quimby, marmalade does.", person_id="per_1")
    desk.note(detail.id, "Quimby again", person_id="per_1")
    desk.correct(answer.id, "evaluation", "Marmalade keeps for Mrs Quimby.", person_id="per_1")
    assert all(word in everything(desk) for word in WORDS)
    assert desk.erase_conversation(answer.conversation_id) > 5
    assert [word for word in WORDS if word in everything(desk)] == []
    assert {message.text for message in desk.conversation(answer.conversation_id).messages} == {None}
    assert desk.packet(detail.id).question is None
    assert desk.receipt(answer.id).erased


def test_the_words_of_others_stay(desk):
    mine, other = desk.ask("Does jam keep in the dark?"), desk.ask("How long does jam keep?")
    desk.erase_conversation(mine.conversation_id)
    assert desk.conversation(other.conversation_id).messages[0].text == "How long does jam keep?"


def test_an_unknown_conversation_is_said_to_be(desk):
    with pytest.raises(NotFound, match="con_nowhere"):
        desk.erase_conversation("con_nowhere")
