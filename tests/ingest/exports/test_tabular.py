import pytest

from ingest.exports.samples import parts, tickets
from openbook.errors import ReadError
from openbook.ingest.exports import tabular


def test_our_own_form_is_read_whole():
    ticket = tickets("tickets.jsonl")["T-1"]
    assert [message.author for message in ticket.messages] == ["customer", "bot", "operator"]
    assert (ticket.subject, ticket.queue, ticket.channel) == ("Size of the Ridgehall footprint", "Tents", "chat")
    assert (ticket.csat, ticket.language, ticket.solved) == (1.0, "en", True)
    assert set(parts("tickets.jsonl")) == {"ticket T-1", "ticket T-2", "ticket T-3"}


def test_a_row_becomes_a_question_and_its_answers():
    found = tickets("tickets.csv")
    assert [message.text for message in found["C-1"].messages][:2] == [
        "Can you deliver to a PO box?",
        "Hello [name], yes.",
    ]
    assert found["C-1"].resolution == "Parcels up to 2 kg can go to a PO box; choose Royal Mail at checkout."
    assert (found["C-2"].solved, found["C-2"].resolution) == (True, "")
    assert (found["C-3"].solved, found["C-3"].tags) == (False, ())


def test_usual_names_in_other_languages_are_known():
    row = {
        "Ticketnummer": "7",
        "Betreff": "Zelt",
        "Beschreibung": "Es riecht.",
        "Lösung": "Trocknen.",
        "Kunde": "B. Kast",
    }
    assert tabular.fits(row)
    (case,) = tabular.read(row)
    assert (case.ticket.id, case.ticket.subject, case.accepted, case.people) == ("7", "Zelt", "Trocknen.", ("B. Kast",))
    assert case.ticket.solved


@pytest.mark.parametrize(
    "names",
    [
        "question,answer",
        "id,question,answer,language,tags",
        "id,title,description,price,availability,status,category,rating",
        "id,title,body,status,locale,author,updated_at",
        "id,name,email,team",
    ],
)
def test_other_tables_are_no_tickets(names):
    assert not tabular.fits(names.split(","))


def test_a_missing_column_is_named_with_those_found():
    with pytest.raises(ReadError) as caught:
        tabular.refuse_missing_columns(["Ticket ID", "Requester", "Status"])
    assert caught.value.message.startswith(
        "no column holds the customer's words: expected one of question, description"
    )
    assert caught.value.message.endswith("found Ticket ID, Requester, Status.")


def test_a_message_from_nobody_known_is_refused():
    record = {"id": "1", "subject": "x", "messages": [{"from": "robot", "text": "hello"}]}
    with pytest.raises(ReadError, match="a message is from 'robot'"):
        list(tabular.read(record))


def test_notes_are_left_out():
    messages = [{"from": "note", "text": "a"}, {"from": "operator", "text": "b", "internal": True}]
    (case,) = tabular.read({"id": "1", "messages": [*messages, {"from": "customer", "text": "c"}]})
    assert [message.text for message in case.ticket.messages] == ["c"]


@pytest.mark.parametrize(
    ("written", "csat"),
    [
        ("0.8", 0.8),
        ("80 %", 0.8),
        ("5/5", 1.0),
        ("1/5", 0.0),
        ("3", 0.5),
        ("Good", 1.0),
        ("bad", 0.0),
        ("9", None),
        ("?", None),
    ],
)
def test_ratings_are_read_in_their_usual_forms(written, csat):
    (case,) = tabular.read({"ticket id": "1", "subject": "x", "csat": written})
    assert case.ticket.csat == csat
