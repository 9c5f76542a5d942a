"""The packet: what a person needs to take over, and nothing that was erased."""

import pytest

from openbook import Desk
from openbook.models import HashEmbedder
from openbook.stores.texts import erase_owners

UNSURE = "Is the blue kiln in the cellar fit for porcelain?"


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    folder = tmp_path_factory.mktemp("packet") / "desk"
    with Desk.open(folder, must_hold=True, embedder=HashEmbedder(), settings={"threshold": 0.99}) as opened:
        opened.put_document("kiln.md", "# The kiln\n\nThe kiln in the cellar is for stoneware.")
        opened.put_document("loom.md", "# The loom\n\nThe loom in the cellar is repaired on Mondays.")
        yield opened


@pytest.fixture
def packet(desk):
    return desk.packet(desk.ask(UNSURE).handoff.id)


def test_it_holds_the_question_in_the_customer_s_words(packet):
    assert packet.question == UNSURE
    assert packet.understood
    assert [message.author for message in packet.messages] == ["customer", "bot", "notice"]


def test_every_source_says_why_it_did_not_do(packet):
    assert {source.title for source in packet.sources} == {"The kiln", "The loom"}
    best = packet.sources[0]
    assert "does not say" in best.why_not
    assert "“porcelain”" in best.why_not
    assert all(source.why_not for source in packet.sources)


def test_it_suggests_what_the_articles_say(packet):
    assert packet.suggestion.text in packet.suggestion.quotes
    assert packet.suggestion.titles == ("The kiln",)


def test_promises_that_the_customer_was_told_are_listed(desk):
    handoff = desk.ask(UNSURE).handoff
    desk.reply(handoff.id, "Hello. We will refund you tomorrow. The kiln is grey.", person_id="per_1")
    assert desk.packet(handoff.id).promises == ("We will refund you tomorrow.",)


def test_what_was_erased_is_missing(desk):
    answer = desk.ask(UNSURE)
    owners = [answer.conversation_id, answer.id]
    desk.parts.database.write(lambda connection: erase_owners(connection, "main", owners))
    packet = desk.packet(answer.handoff.id)
    assert (packet.question, packet.suggestion) == (None, None)
    assert not any("“" in source.why_not for source in packet.sources)
    assert {message.text for message in packet.messages} == {None}


def test_a_wish_without_a_question_has_a_packet_too(desk):
    detail = desk.fetch_person("")
    packet = desk.packet(detail.id)
    assert (packet.question, packet.sources, packet.suggestion) == ("", (), None)


def test_how_to_reach_the_customer_is_in_it(desk):
    answer = desk.ask(UNSURE)
    desk.leave_contact(answer.conversation_id, name="  Ada\n<b>L</b> ", contact="ada@example.com")
    packet = desk.packet(answer.handoff.id)
    assert (packet.name, packet.contact) == ("Ada <b>L</b>", "ada@example.com")


def test_what_was_withdrawn_is_suggested_to_nobody(desk):
    desk.put_document("raft.md", "# The raft\n\nThe raft in the harbour is for two.")
    answer = desk.ask("Is the blue raft in the harbour fit for three?")
    assert desk.packet(answer.handoff.id).suggestion.titles == ("The raft",)
    desk.remove("raft.md")
    packet = desk.packet(answer.handoff.id)
    assert "The raft" not in [source.title for source in packet.sources]
    assert packet.suggestion is None or "raft" not in packet.suggestion.text
