"""The answer over HTTP: one JSON, one order of events, repeats, and every way to be refused."""

import json

import pytest

from openbook.server.middleware import LARGEST_BODY, LARGEST_DOCUMENT
from server.running import events_of
from server.shop import QUESTION

STREAM = {"Accept": "text/event-stream"}
FIELDS = [
    "id",
    "conversation_id",
    "decision",
    "text",
    "confidence",
    "threshold",
    "claims",
    "citations",
    "confidence_parts",
    "reason",
    "handoff",
    "writer",
    "cost_usd",
    "tokens",
    "timings_ms",
    "understood",
    "options",
]


def test_an_answer_has_the_fields_of_the_reference_in_order(anonymous):
    answer = anonymous.post("/v1/ask", json={"question": QUESTION}).json()
    assert list(answer) == FIELDS
    assert answer["decision"] == "send"
    assert "45 days" in answer["text"]


def test_a_citation_points_at_its_exact_words(anonymous, holder):
    answer = anonymous.post("/v1/ask", json={"question": QUESTION}).json()
    for citation in answer["citations"]:
        versions = holder.get(f"/v1/documents/{citation['document_id']}/versions").json()["versions"]
        text = next(version["source_text"] for version in versions if version["number"] == citation["version"])
        assert text[citation["start"] : citation["end"]] == citation["quote"]


def test_the_doors_agree(desk, anonymous):
    over_http = anonymous.post("/v1/ask", json={"question": QUESTION}).json()
    in_python = desk.ask(QUESTION).to_dict()
    own = {"id", "conversation_id", "timings_ms"}
    assert {k: v for k, v in over_http.items() if k not in own} == {k: v for k, v in in_python.items() if k not in own}


def test_the_events_come_in_order_and_end_with_the_answer(anonymous):
    response = anonymous.post("/v1/ask", json={"question": QUESTION}, headers=STREAM)
    assert response.headers["content-type"].startswith("text/event-stream")
    events = events_of(response.text)
    assert [name for name, _ in events] == ["understood", "found", "drafted", "decided", "recorded"]
    assert list(json.loads(events[-1][1])) == FIELDS


def test_no_text_is_told_before_the_decision(anonymous):
    response = anonymous.post("/v1/ask", json={"question": QUESTION}, headers=STREAM)
    early = [data for name, data in events_of(response.text) if name != "recorded"]
    assert all("45 days" not in data and "text" not in json.loads(data) for data in early)


def test_a_refused_stream_is_a_plain_problem(anonymous):
    response = anonymous.post("/v1/ask", json={"question": "x", "audience": "internal"}, headers=STREAM)
    assert (response.status_code, response.headers["content-type"]) == (403, "application/problem+json")


def test_a_stream_that_fails_says_so_as_its_last_event(anonymous):
    response = anonymous.post("/v1/ask", json={"question": "x", "conversation_id": "con_none"}, headers=STREAM)
    [(name, data)] = events_of(response.text)
    assert (name, json.loads(data)["code"]) == ("error", "not_found")


def test_a_conversation_goes_on(anonymous):
    first = anonymous.post("/v1/ask", json={"question": QUESTION}).json()
    body = {"question": QUESTION, "conversation_id": first["conversation_id"]}
    assert anonymous.post("/v1/ask", json=body).json()["conversation_id"] == first["conversation_id"]


def test_what_was_said_before_may_be_sent_along(anonymous):
    said = [{"author": "customer", "text": "How long is a gift card valid?"}, {"author": "bot", "text": "Two years."}]
    assert anonymous.post("/v1/ask", json={"question": "And why?", "history": said}).status_code == 200


@pytest.mark.parametrize(
    "said",
    [[{"author": "customer", "text": "a"}] * 21, [{"author": "customer", "text": "a" * 5_001}], [{"text": "a"}], "a"],
    ids=["too many", "too long", "by nobody", "no list"],
)
def test_a_history_that_does_not_fit_is_a_problem(anonymous, said):
    response = anonymous.post("/v1/ask", json={"question": "And why?", "history": said})
    assert (response.status_code, response.json()["code"]) == (422, "invalid_request")
    assert response.json()["errors"][0]["field"].startswith("history")


def test_the_same_key_and_body_get_the_same_answer_once(anonymous, holder):
    def ask(client, question, key):
        return client.post("/v1/ask", json={"question": question}, headers={"Idempotency-Key": key}).json()["id"]

    first = ask(anonymous, QUESTION, "order-1")
    assert ask(anonymous, QUESTION, "order-1") == first
    assert ask(anonymous, QUESTION, "order-2") != first
    assert ask(anonymous, "Another question?", "order-1") != first
    assert ask(holder, QUESTION, "order-1") != first


def test_what_a_caller_sends_wrong_is_said_field_by_field(anonymous):
    response = anonymous.post("/v1/ask", json={"questoin": "x", "filters": {"product": 3}})
    problem = response.json()
    assert (response.status_code, problem["code"]) == (422, "invalid_request")
    assert {"question", "filters.product", "questoin"} == {error["field"] for error in problem["errors"]}


def test_an_unknown_field_is_refused_with_the_nearest_name(anonymous):
    problem = anonymous.post("/v1/ask", json={"question": "x", "audiences": "public"}).json()
    assert problem["detail"] == "audiences: There is no such field."
    assert "`audience`" in problem["fix"]


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b'{"question":', 400, "invalid_json"),
        (b"", 422, "invalid_request"),
        (b"[]", 422, "invalid_request"),
        (b'"question"', 422, "invalid_request"),
        (b"\xff\xfe", 400, "invalid_json"),
        (b"[" * 50_000, 400, "bad_request"),
        (b'{"question": "\\ud800"}', 422, "invalid_request"),
        (b'{"question": null}', 422, "invalid_request"),
        (b'{"question": "x", "channel": "fax"}', 422, "invalid_request"),
        (b'{"question": "' + b"a" * 20_001 + b'"}', 400, "bad_request"),
        (b'{"question": "' + b"a" * LARGEST_BODY + b'"}', 413, "too_large"),
    ],
)
def test_every_wrong_body_is_a_problem_and_never_a_trace(anonymous, content, status, code):
    response = anonymous.post("/v1/ask", content=content, headers={"Content-Type": "application/json"})
    problem = response.json()
    assert (response.status_code, problem["code"]) == (status, code)
    assert response.headers["content-type"] == "application/problem+json"
    assert {"type", "title", "status", "detail", "code", "fix"} <= set(problem)
    assert problem["fix"]
    assert "Traceback" not in response.text


def test_a_body_without_a_length_is_counted_too(anonymous):
    def chunks():
        for _ in range(11):
            yield b"a" * (LARGEST_BODY // 10)

    response = anonymous.post("/v1/ask", content=chunks())
    assert (response.status_code, response.json()["code"]) == (413, "too_large")


def test_a_document_may_be_larger_than_a_question(holder):
    body = {"path": "large.txt", "text": "a" * LARGEST_DOCUMENT}
    assert holder.post("/v1/documents", json=body).json()["code"] == "too_large"


@pytest.mark.parametrize("question", ["", "   ", "\u200b", "?!"])
def test_a_question_without_words_is_abstained_from(anonymous, question):
    assert anonymous.post("/v1/ask", json={"question": question}).json()["decision"] == "abstain"


def test_an_unknown_route_is_a_problem_for_programs_and_a_page_for_people(anonymous):
    response = anonymous.get("/v1/nothing")
    assert (response.status_code, response.json()["code"]) == (404, "not_found")
    page = anonymous.get("/nothing")
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "There is nothing here" in page.text


def test_a_wrong_method_names_the_right_one(anonymous):
    response = anonymous.get("/v1/ask")
    assert (response.status_code, response.json()["code"]) == (405, "method_not_allowed")
    assert response.json()["fix"] == "Use POST."


def test_a_search_shows_every_part_of_the_score(anonymous):
    result = anonymous.post("/v1/search", json={"query": "return a jacket", "limit": 2}).json()
    assert 1 <= len(result["hits"]) <= 2
    assert {"score", "dense", "keyword", "parts", "retrievers"} <= set(result["hits"][0])


def test_turns_are_counted_by_decision(anonymous):
    anonymous.post("/v1/ask", json={"question": QUESTION})
    text = anonymous.get("/metrics").text
    counted = next(line for line in text.splitlines() if line.startswith('openbook_turns_total{decision="send"}'))
    assert int(counted.split()[-1]) >= 1
    assert "openbook_turn_seconds_count" in text
    assert 'openbook_errors_total{code="' in text


@pytest.mark.parametrize("field", ["query", "locale"])
def test_half_a_character_is_refused_wherever_it_is(anonymous, field):
    content = b'{"query": "x", "%s": "\\udc00"}' % field.encode()
    response = anonymous.post("/v1/search", content=content, headers={"Content-Type": "application/json"})
    assert (response.status_code, response.json()["errors"][0]["field"]) == (422, field)
