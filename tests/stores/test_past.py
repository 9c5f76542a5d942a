"""Questions that were asked before: those that met a document first, then the latest, then those of tickets."""

from openbook.stores.past import past_questions
from openbook.stores.tenants import ensure_tenant
from openbook.stores.tickets import put_tickets
from openbook.types import Ticket, TicketMessage
from stores.drafts import read


def asked(first, subject):
    return Ticket(subject, subject, (TicketMessage("bot", "Hello!"), TicketMessage("customer", first)))


def test_the_first_words_of_tickets_are_asked_as_the_staff_would(database):
    database.write(lambda connection: ensure_tenant(connection, "main"))
    found = [asked("Where is my parcel?", "Late"), asked("x" * 9_000, "Long"), Ticket("3", "", ())]
    database.write(lambda connection: put_tickets(connection, "main", "src_a", found))
    database.write(lambda connection: put_tickets(connection, "main", "src_b", found[:1]))
    requests, known = read(database, past_questions, "main")
    assert {request.question for request in requests} == {"Late\nWhere is my parcel?", f"Long\n{'x' * 1_995}"}
    assert {request.audiences for request in requests} == {("public", "internal")}
    assert known == 2
    requests, known = read(database, past_questions, "main", limit=1)
    assert (len(requests), known) == (1, 2)
    assert read(database, past_questions, "other") == ([], 0)
