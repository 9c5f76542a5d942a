"""Who reaches what, for every route and every kind of caller."""

import re

import httpx
import pytest

from openbook import Desk
from openbook.server import create_app
from server.running import running
from server.shop import QUESTION, SECRET

OPEN = [
    ("GET", "/", None),
    ("GET", "/search", None),
    ("GET", "/owner", None),
    ("GET", "/healthz", None),
    ("GET", "/readyz", None),
    ("GET", "/metrics", None),
    ("GET", "/openapi.json", None),
    ("GET", "/static/style.css", None),
    ("POST", "/v1/ask", {"question": "Is anybody there?"}),
    ("POST", "/v1/search", {"query": "jacket"}),
    ("GET", "/v1/widget", None),
    ("POST", "/v1/visitors", {}),
    ("GET", "/widget.js", None),
    ("GET", "/widget-demo", None),
]
VISITORS = [
    ("POST", "/v1/conversations/con_1/messages", {"text": "hello"}),
    ("GET", "/v1/conversations/con_1", None),
    ("GET", "/v1/conversations/con_1/events", None),
    ("POST", "/v1/conversations/con_1/handoff", {}),
    ("POST", "/v1/conversations/con_1/feedback", {"answer_id": "ans_1", "helpful": True}),
    ("POST", "/v1/conversations/con_1/contact", {"email": "a@b.example"}),
    ("GET", "/v1/passages/ans_1/0", None),
]
LEAD = ("POST", "/v1/leads")  # anybody may send the form, where the settings name its fields; tried in test_leads
STAFF = [
    ("GET", "/v1/leads", None),
    ("GET", "/v1/handoffs", None),
    ("GET", "/v1/handoffs/hnd_1", None),
    *(("POST", f"/v1/handoffs/hnd_1/{what}", None) for what in ("claim", "release", "resolve", "return")),
    ("POST", "/v1/handoffs/hnd_1/reply", {"text": "hello"}),
    ("POST", "/v1/handoffs/hnd_1/note", {"text": "hello"}),
    ("GET", "/v1/stats", None),
]
CLOSED = [
    ("GET", "/v1/documents", None),
    ("POST", "/v1/documents", {"path": "x.md", "text": "x"}),
    ("GET", "/v1/documents/doc_1", None),
    ("PUT", "/v1/documents/doc_1", {"text": "x"}),
    ("DELETE", "/v1/documents/doc_1", None),
    ("GET", "/v1/documents/doc_1/versions", None),
    ("GET", "/v1/documents/stale", None),
    ("GET", "/v1/documents/contradictions", None),
    ("POST", "/v1/documents/doc_1/approve", None),
    ("POST", "/v1/documents/doc_1/revert", {"version": 1}),
    ("POST", "/v1/preview", {"path": "x.md", "text": "x", "document": "doc_1"}),
    ("GET", "/v1/tickets", None),
    ("GET", "/v1/sources", None),
    ("POST", "/v1/sources", {"location": "/nowhere/at/all"}),
    ("POST", "/v1/sources/src_1/sync", None),
    ("POST", "/v1/sources/src_1/stop", None),
    ("DELETE", "/v1/sources/src_1", None),
    ("GET", "/v1/receipts/ans_1", None),
    ("GET", "/v1/receipts/ans_1?replay=true", None),
    *STAFF,
]
OWNERS = ("/v1/sources", "/v1/tickets", "/v1/documents/doc_1/approve", "/v1/documents/doc_1/revert")
PUBLISH = ("POST", "/v1/documents")  # changes what is known; tried in test_documents


@pytest.mark.parametrize(("method", "path", "body"), OPEN)
def test_anybody_reaches_what_is_open(anonymous, method, path, body):
    assert anonymous.request(method, path, json=body).status_code == 200


@pytest.mark.parametrize(("method", "path", "body"), CLOSED)
def test_nobody_unknown_reaches_what_is_closed(anonymous, method, path, body):
    response = anonymous.request(method, path, json=body)
    assert response.status_code == 401
    assert response.json()["code"] == "not_signed_in"
    assert response.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(("method", "path", "body"), [item for item in CLOSED if item[:2] != PUBLISH])
def test_the_owner_gets_past_the_door_everywhere(owner, method, path, body):
    assert owner.request(method, path, json=body).status_code not in (401, 403)


@pytest.mark.parametrize(("method", "path", "body"), [item for item in CLOSED if item[:2] != PUBLISH])
def test_a_key_gets_past_the_door_but_not_to_the_disk_nor_to_decisions(holder, method, path, body):
    response = holder.request(method, path, json=body)
    if path.startswith((*OWNERS, "/v1/leads", "/v1/handoffs")):
        assert (response.status_code, response.json()["code"]) == (403, "not_allowed")
    else:
        assert response.status_code not in (401, 403)


@pytest.mark.parametrize(("method", "path", "body"), VISITORS)
def test_nobody_reaches_what_is_a_visitor_s_without_a_token(anonymous, owner, method, path, body):
    for client in (anonymous, owner):
        response = client.request(method, path, json=body)
        assert (response.status_code, response.json()["code"]) == (401, "bad_visitor")


def test_every_route_is_named_in_one_of_the_lists(anonymous):
    described = anonymous.get("/openapi.json").json()["paths"]
    routes = {(method.upper(), path) for path, methods in described.items() for method in methods}
    tried = {(method, path.split("?")[0]) for method, path, _ in OPEN + CLOSED + VISITORS} | {LEAD}
    named = {
        (method, re.sub(r"\{\w+\}|\b(doc|src|ans|con|hnd)_1\b|(?<=ans_1/)0", "{}", path)) for method, path in tried
    }
    assert {(method, re.sub(r"\{\w+\}", "{}", path)) for method, path in routes} <= named


def test_an_unknown_key_is_refused_even_where_nobody_needs_one(anonymous):
    headers = {"Authorization": "Bearer ob_wrong"}
    response = anonymous.post("/v1/ask", json={"question": "hello"}, headers=headers)
    assert (response.status_code, response.json()["code"]) == (401, "bad_key")


def test_an_ended_session_is_a_stranger(anonymous):
    response = anonymous.get("/v1/documents", headers={"Cookie": "openbook_session=gone"})
    assert response.status_code == 401


@pytest.mark.parametrize("route", ["/v1/ask", "/v1/search"])
@pytest.mark.parametrize("audience", ["internal", "public,internal", " internal ", "partners"])
def test_an_audience_is_never_widened(anonymous, public_holder, route, audience):
    field = "question" if route == "/v1/ask" else "query"
    for client in (anonymous, public_holder):
        response = client.post(route, json={field: SECRET, "audience": audience})
        assert (response.status_code, response.json()["code"]) == (403, "not_allowed")
        assert response.json()["fix"]


def test_what_is_internal_stays_hidden_from_strangers(anonymous, public_holder):
    for client in (anonymous, public_holder):
        assert "75 pounds" not in client.post("/v1/ask", json={"question": SECRET}).text
        assert "75 pounds" not in client.post("/v1/search", json={"query": SECRET}).text
        assert "75 pounds" not in client.get("/", params={"q": SECRET}).text
        assert "75 pounds" not in client.get("/search", params={"q": SECRET}).text


def test_staff_are_answered_from_what_is_internal(owner, holder):
    for client in (owner, holder):
        assert "75 pounds" in client.post("/v1/ask", json={"question": SECRET}).json()["text"]


def test_an_audience_may_be_narrowed(holder):
    body = {"query": SECRET, "audience": "public"}
    assert "75 pounds" not in holder.post("/v1/search", json=body).text


def test_a_hidden_source_page_reads_like_an_absent_one(anonymous, owner, documents):
    secret = documents["secret.md"]
    hidden = anonymous.get(f"/source/{secret.id}/1")
    absent = anonymous.get("/source/doc_00000000000000000000000000/1")
    assert (hidden.status_code, absent.status_code) == (404, 404)
    assert hidden.text == absent.text
    assert anonymous.get(f"/source/{secret.id}/1/passages?span=0-4").status_code == 404
    assert owner.get(f"/source/{secret.id}/1").status_code == 200


def test_a_key_sees_no_document_of_another_audience(public_holder, documents):
    secret = documents["secret.md"].id
    listed = public_holder.get("/v1/documents").json()["documents"]
    assert {document["audiences"][0] for document in listed} == {"public"}
    assert public_holder.get(f"/v1/documents/{secret}").status_code == 404
    assert public_holder.get(f"/v1/documents/{secret}/versions").status_code == 404
    assert public_holder.put(f"/v1/documents/{secret}", json={"text": "x"}).status_code == 404
    assert public_holder.delete(f"/v1/documents/{secret}").status_code == 404


def test_a_key_sees_no_receipt_that_looked_at_more_than_it_may(holder, public_holder):
    wide = holder.post("/v1/ask", json={"question": SECRET}).json()["id"]
    narrow = public_holder.post("/v1/ask", json={"question": QUESTION}).json()["id"]
    assert public_holder.get(f"/v1/receipts/{wide}").status_code == 404
    assert public_holder.get(f"/v1/receipts/{narrow}").json()["question"] == QUESTION
    assert holder.get(f"/v1/receipts/{wide}?replay=true").json()["identical"] is True


def test_another_tenant_is_not_there(anonymous, holder):
    for client in (anonymous, holder):
        response = client.post("/v1/ask", json={"question": "hello", "tenant": "other"})
        assert (response.status_code, response.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8080", "127.0.0.1.evil.example", ""])
def test_another_host_name_is_not_answered(anonymous, host):
    response = anonymous.get("/healthz", headers={"Host": host})
    assert (response.status_code, response.json()["code"]) == (421, "wrong_host")


@pytest.mark.parametrize("host", ["localhost", "localhost:9", "127.0.0.1", "[::1]:80", "LOCALHOST"])
def test_its_own_names_are_answered(anonymous, host):
    assert anonymous.get("/healthz", headers={"Host": host}).status_code == 200


CHANGES = [("POST", "/v1/documents"), ("DELETE", "/v1/documents/doc_1"), ("POST", "/v1/sources/src_1/sync")]


@pytest.mark.parametrize(("method", "path"), CHANGES)
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"X-Openbook-CSRF": "guessed"},
    ],
)
def test_a_change_by_cookie_must_come_from_our_page(anonymous, session, method, path, headers):
    cookie = {"Cookie": f"openbook_session={session}"}
    response = anonymous.request(method, path, json={}, headers={**cookie, **headers})
    assert (response.status_code, response.json()["code"]) == (403, "not_same_origin")


def test_the_token_of_the_owners_page_allows_a_change(anonymous, owner, session):
    token = owner.get("/owner").text.split('name="openbook-csrf" content="')[1].split('"')[0]
    headers = {"Cookie": f"openbook_session={session}", "X-Openbook-CSRF": token}
    assert anonymous.delete("/v1/documents/doc_1", headers=headers).status_code == 404


def test_a_name_in_the_settings_is_answered_to_as_well(tmp_path):
    settings = {"server.names": ("Help.example.com",)}
    with Desk.open(tmp_path / "desk", settings=settings) as desk, running(create_app(desk, turns=1)) as place:
        assert httpx.get(f"{place}/healthz", headers={"Host": "help.example.com:443"}).status_code == 200
        assert httpx.get(f"{place}/healthz", headers={"Host": "evil.example.com"}).status_code == 421
