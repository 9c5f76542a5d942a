from datetime import UTC, datetime

import pytest

from ingest.exports.samples import parts, tickets
from openbook.ingest.exports import zendesk
from openbook.types import BlockKind


def test_a_ticket_has_its_public_comments_without_quotes_signatures_and_names():
    ticket = tickets("zendesk-tickets.json")["3101"]
    assert [message.author for message in ticket.messages] == ["customer", "operator", "customer", "operator"]
    assert ticket.messages[0].text.endswith("My number is [phone] if that is easier.")
    assert ticket.messages[2].text == "That did the trick, thank you [name]!"
    assert "serial number before replying" not in str(ticket)
    assert not any(name in str(ticket) for name in ("Ada", "Mira", "Thornbury", "7946"))
    assert (ticket.queue, ticket.channel, ticket.tags) == ("Devices", "email", ("ember-300", "pairing"))
    assert (ticket.solved, ticket.csat, ticket.language) == (True, 1.0, "en-GB")
    assert ticket.created_at == datetime(2026, 3, 2, 9, 14, tzinfo=UTC)


def test_a_resolved_ticket_is_also_a_document_for_the_staff():
    part = parts("zendesk-tickets.json")["ticket 3101"]
    assert (part.kind, part.extract.metadata.audiences) == ("ticket", ("internal",))
    assert part.extract.metadata.title == "Ember 300 will not pair with my phone"
    assert [block.kind for block in part.extract.blocks][-1] is BlockKind.STEPS
    assert "Mira" not in part.extract.text


def test_what_was_passed_on_or_is_still_open_is_no_document():
    assert set(parts("zendesk-tickets.json")) == {"ticket 3101", "ticket 3102"}
    assert tickets("zendesk-tickets.json")["3103"].messages[-1].author == "bot"


def test_articles_keep_who_may_read_them():
    articles = parts("zendesk-articles.json")
    shown = {name: (part.extract.metadata.status, part.extract.metadata.audiences) for name, part in articles.items()}
    assert shown == {"8801": ("", ()), "8802": ("", ()), "8803": ("draft", ()), "8804": ("", ("internal",))}
    public = articles["8801"].extract.metadata
    assert (public.title, public.locale) == ("Exchange worn boots", "en-gb")
    assert public.url == "https://help.fernhill.example/hc/articles/8801"
    assert articles["8802"].extract.metadata.locale == "de"


def record(**fields):
    return {"id": 1, "subject": "Zip", "status": "solved", "requester_id": 7, "assignee_id": 8, "via": {}, **fields}


@pytest.mark.parametrize(
    ("comment", "author"),
    [
        ({"author_id": 7}, "customer"),
        ({"author_id": 8}, "operator"),
        ({"author_id": 9}, "customer"),
        ({"author_id": 5}, "operator"),
        ({"author_id": -1}, "bot"),
        ({"author_id": 8, "via": {"channel": "rule"}}, "bot"),
    ],
)
def test_the_author_is_told_by_ids(comment, author):
    ticket = record(email_cc_ids=[9, 8], comments=[{"public": True, "body": "Hello there", **comment}])
    (case,) = zendesk.read(ticket)
    assert [message.author for message in case.ticket.messages] == [author]


def test_a_comment_counts_as_public_only_where_the_export_says_so():
    (case,) = zendesk.read(record(description="secret", comments=[{"author_id": 8, "body": "secret"}]))
    assert case.ticket.messages == ()
    (case,) = zendesk.read(record(description="secret", is_public=False))
    assert case.ticket.messages == ()
    (case,) = zendesk.read(record(description="The zip jams."))
    assert [message.text for message in case.ticket.messages] == ["The zip jams."]
