"""The contact form: what is sent once is kept once, checked, with what was agreed to; and who may read it."""

import csv
import io
import json
from datetime import UTC, datetime

import httpx
import pytest

from openbook.hashing import hash_text
from openbook.server.lead_form import as_csv, form_fields
from openbook.stores.facts import FactKind, facts_of
from openbook.stores.leads import Lead, get_lead
from server.visiting import QUESTION, site, write

CONSENT = "You may write to me about my question. <b>No more.</b>"
COLUMNS = ("name", "email", "phone", "company size", "message")
FIELDS = ("name", "email*", "phone", "company size", "message")


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    settings = {"leads.fields": FIELDS, "leads.consent": CONSENT, "handoff.webhook_url": "http://127.0.0.1:9/hook"}
    with site(tmp_path_factory.mktemp("leads"), **settings) as opened:
        yield opened


@pytest.fixture
def client(shop):
    with shop.visitor() as made:
        yield made


@pytest.fixture(scope="module")
def owner(shop):
    session = shop.desk.doorkeeper.spend_link(shop.desk.doorkeeper.new_link())
    with httpx.Client(base_url=shop.address, cookies={"openbook_session": session}) as made:
        yield made


def send(client, key="", consent=True, conversation="", **fields):
    body = {"fields": fields, "consent": consent}
    if conversation:
        body["conversation_id"] = conversation
    return client.post("/v1/leads", json=body, headers={"Idempotency-Key": key} if key else {})


def kept(shop, lead_id):
    with shop.desk.parts.database.read() as connection:
        return get_lead(connection, "main", lead_id)


def test_a_form_is_kept_with_what_was_agreed_to(shop, client):
    begun = write(client, QUESTION).json()["conversation_id"]
    fields = {"name": "Ada <script>", "email": " ada@shop.example ", "company size": "3"}
    response = send(client, conversation=begun, **fields)
    assert (response.status_code, list(response.json())) == (200, ["id"])
    lead = kept(shop, response.json()["id"])
    assert lead.fields == {"name": "Ada <script>", "email": "ada@shop.example", "company size": "3"}
    assert (lead.consent, lead.consent_hash) == (CONSENT, hash_text(CONSENT))
    assert lead.conversation_id == begun
    seen = client.get(f"/v1/conversations/{begun}").json()
    assert (seen["name"], seen["contact"]) == ("Ada <script>", "ada@shop.example")


def test_a_lead_is_a_fact_and_is_told_outside(shop, client):
    begun = write(client, QUESTION).json()["conversation_id"]
    lead_id = send(client, conversation=begun, email="ada@shop.example").json()["id"]
    with shop.desk.parts.database.read() as connection:
        facts = [fact.subject for fact in facts_of(connection, "main", begun) if fact.kind is FactKind.LEAD]
        told = connection.exec_driver_sql("SELECT payload FROM jobs WHERE kind = 'webhook'").scalars().all()
    assert facts == [lead_id]
    assert sum(lead_id in payload for payload in told) == 1
    assert all("ada" not in payload for payload in told)


def test_a_double_click_is_one_lead(shop, client):
    first = send(client, key="k", email="ada@shop.example").json()["id"]
    assert send(client, key="k", email="ada@shop.example").json()["id"] == first
    assert send(client, key="k", email="eve@shop.example").json()["id"] != first
    assert send(client, key="l", email="ada@shop.example").json()["id"] != first
    with shop.visitor() as other:
        assert send(other, key="k", email="ada@shop.example").json()["id"] != first


def test_no_token_is_needed_but_for_a_conversation(shop, client):
    begun = write(client, QUESTION).json()["conversation_id"]
    with shop.client() as bare:
        assert send(bare, email="ada@shop.example").status_code == 200
        assert send(bare, email="ada@shop.example", conversation=begun).json()["code"] == "bad_visitor"
    with shop.visitor() as stranger:
        assert send(stranger, email="ada@shop.example", conversation=begun).status_code == 404


@pytest.mark.parametrize(
    ("fields", "consent", "faults"),
    [
        ({"name": "Ada"}, True, {"fields.email": "It must be filled in"}),
        ({"email": "   "}, True, {"fields.email": "It must be filled in", "fields": "Nothing is filled in"}),
        ({"email": "nobody"}, True, {"fields.email": "It is no e-mail address"}),
        ({"email": "a@b.example\nBcc: c@d.example"}, True, {"fields.email": "It is no e-mail address"}),
        ({"email": "a@b.example", "phone": "call me"}, True, {"fields.phone": "It is no telephone number"}),
        ({"email": "a@b.example", "age": "7"}, True, {"fields.age": "There is no such field"}),
        ({"email": "a@b.example", "name": "a" * 201}, True, {"fields.name": "It has 201 characters; 200 are the most"}),
        (
            {"email": "a@b.example", "message": "a" * 5_001},
            True,
            {"fields.message": "It has 5,001 characters; 5,000 are the most"},
        ),
        ({"email": "a@b.example"}, False, {"consent": "The form is sent only by who agrees to what it says"}),
        ({}, False, {
            "fields.email": "It must be filled in",
            "fields": "Nothing is filled in",
            "consent": "The form is sent only by who agrees to what it says",
        }),
    ],
)  # fmt: skip
def test_a_form_that_cannot_be_sent_says_every_fault(client, fields, consent, faults):
    response = send(client, consent=consent, **fields)
    assert (response.status_code, response.json()["code"]) == (422, "invalid_request")
    assert {error["field"]: error["message"] for error in response.json()["errors"]} == faults


@pytest.mark.parametrize(
    "fields", [["a"], {"email": 3}, {"email": "\ud800@b.example"}, {str(n): "" for n in range(51)}]
)
def test_what_is_no_form_is_a_problem(client, fields):
    body = json.dumps({"fields": fields, "consent": True})
    assert client.post("/v1/leads", content=body.encode()).status_code == 422


def test_too_many_forms_are_refused(shop):
    with shop.visitor() as client:
        sent = [send(client, email=f"a{number}@b.example").status_code for number in range(11)]
    assert sent == [200] * 10 + [429]


def test_only_the_owner_and_leads_read_leads(shop, client, owner):
    lead_id = send(client, email="reader@shop.example").json()["id"]
    assert client.get("/v1/leads").status_code == 401
    for role, status in (("content", 403), ("operator", 403), ("lead", 200)):
        key = shop.desk.add_key(f"a {role}", role=role, audiences=("public",)).secret
        answer = httpx.get(f"{shop.address}/v1/leads", headers={"Authorization": f"Bearer {key}"})
        assert answer.status_code == status
    leads = owner.get("/v1/leads").json()["leads"]
    assert leads[0]["id"] == lead_id
    assert leads[0]["fields"] == {"email": "reader@shop.example"}
    assert len(owner.get("/v1/leads", params={"limit": 1}).json()["leads"]) == 1
    assert owner.get("/v1/leads", params={"limit": 0}).status_code == 422


def test_a_spreadsheet_gets_no_formula(shop, client, owner):
    send(client, name='=HYPERLINK("http://evil")', email="+a@b.example", phone="+44 20 7946 0018", message='"a",\n@b')
    for answer in (owner.get("/v1/leads?format=csv"), owner.get("/v1/leads", headers={"Accept": "text/csv"})):
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        assert "attachment" in answer.headers["content-disposition"]
        first, second, *_ = csv.reader(io.StringIO(answer.text))
        assert first == ["id", "created_at", "conversation_id", *COLUMNS, "consent"]
        row = dict(zip(first, second, strict=True))
        assert row["name"] == '\'=HYPERLINK("http://evil")'
        assert (row["email"], row["phone"]) == ("'+a@b.example", "'+44 20 7946 0018")
        assert row["message"] == '"a",\n@b'
        assert row["consent"] == CONSENT


def test_a_download_is_in_the_audit_log(shop, owner):
    owner.get("/v1/leads?format=csv")
    assert shop.desk.audit_log()[0].action == "leads.downloaded"


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n=1"])
def test_no_cell_begins_like_a_formula(cell):
    lead = Lead("lea_1", datetime(2026, 1, 1, tzinfo=UTC), cell, "", {"name": cell, cell: "x"}, cell, "")
    rows = list(csv.reader(io.StringIO(as_csv(form_fields(["name"]), [lead]), newline="")))
    for value in (rows[0][4], rows[1][2], rows[1][3], rows[1][5]):
        assert value == f"'{cell}"


def test_what_was_erased_is_empty():
    lead = Lead("lea_1", datetime(2026, 1, 1, tzinfo=UTC), "", "", None, None, "")
    rows = list(csv.reader(io.StringIO(as_csv(form_fields(["name"]), [lead]))))
    assert rows[1] == ["lea_1", "2026-01-01T00:00:00Z", "", "", ""]
