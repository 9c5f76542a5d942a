from ingest.exports.samples import parts, tickets
from openbook.ingest.exports import intercom


def test_a_conversation_begins_with_its_source_and_leaves_out_notes():
    ticket = tickets("intercom-conversations.json")["770001"]
    assert [message.author for message in ticket.messages] == ["customer", "bot", "operator"]
    assert ticket.messages[0].text.startswith("How do I change the address")
    assert "Still unpacked" not in str(ticket)
    assert (ticket.csat, ticket.solved, ticket.tags) == (1.0, True, ("address",))


def test_an_answer_that_was_rated_well_is_a_document_and_that_of_an_ai_agent_is_none():
    assert set(parts("intercom-conversations.json")) == {"ticket 770001"}
    assert tickets("intercom-conversations.json")["770002"].messages[1].author == "bot"


def test_an_article_comes_in_each_of_its_languages():
    articles = parts("intercom-articles.json")
    shown = {name: (part.extract.metadata.locale, part.extract.metadata.status) for name, part in articles.items()}
    assert shown == {"5501": ("en", ""), "5501/de": ("de", ""), "5502": ("en", "draft")}
    assert articles["5501/de"].extract.metadata.title == "Guthaben einer Geschenkkarte prüfen"
    assert articles["5501/de"].extract.metadata.url == "https://help.fernhill.example/de/articles/5501"


def test_what_was_taken_back_or_assigned_is_no_message():
    parts_ = [
        {"part_type": "comment", "body": "<p>gone</p>", "redacted": True, "author": {"type": "user"}},
        {"part_type": "assignment", "body": "<p>for the others</p>", "author": {"type": "admin"}},
        {"part_type": "close", "body": "<p>Use the side zip.</p>", "author": {"type": "admin"}},
    ]
    (case,) = intercom.read({"id": "1", "state": "open", "conversation_parts": {"conversation_parts": parts_}})
    assert [message.text for message in case.ticket.messages] == ["Use the side zip."]
