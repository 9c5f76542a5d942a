"""Filters, questions back and questions of several parts, over HTTP and on the pages without a script."""

import pytest

from openbook.server.rendering import percent
from server.running import page_of
from server.shop import LOST, READINGS

BOTH = "How is a lost gift card blocked? How is a lost membership card replaced?"


def ask(client, question, **said):
    return client.post("/v1/ask", json={"question": question} | said).json()


def paths(client, query, **said):
    return {hit["path"] for hit in client.post("/v1/search", json={"query": query} | said).json()["hits"]}


@pytest.mark.parametrize(
    ("since", "found"),
    [
        (None, {"gift.md", "membership.md"}),
        ("2026-03-01T00:00:00Z", {"membership.md"}),
        ("2026-03-01T01:00:00+01:00", {"membership.md"}),
        ("2026-03-01T00:00:00-01:00", set()),
    ],
)
def test_since_leaves_out_what_was_not_changed_since(cards, since, found):
    assert paths(cards, LOST, filters={"since": since}) == found
    answer = ask(cards, "How is a lost membership card replaced?", filters={"since": since})
    assert answer["decision"] == ("send" if found else "hand_off")


def test_filters_that_nothing_fits_are_named_in_the_reason(cards):
    answer = ask(cards, LOST, filters={"product": "Club", "since": "2027-01-01T00:00:00Z"}, locale="fr")
    reason = "Nothing in the knowledge fits the filters locale fr, product Club, changed since 2027-01-01."
    assert (answer["decision"], answer["reason"]) == ("hand_off", reason)


@pytest.mark.parametrize(
    "since",
    [
        "yesterday",
        "",
        "2026-03-01",
        "2026-03-01T00:00:00",
        [],
        True,
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
    ],
)
@pytest.mark.parametrize(("route", "field"), [("/v1/ask", "question"), ("/v1/search", "query")])
def test_a_moment_that_is_none_is_refused_with_the_mend(cards, route, field, since):
    response = cards.post(route, json={field: LOST, "filters": {"since": since}})
    problem = response.json()
    assert (response.status_code, problem["code"]) == (422, "invalid_request")
    assert [error["field"] for error in problem["errors"]] == ["filters.since"]
    assert "/openapi.json" in problem["fix"]


def test_a_question_back_is_answered_in_its_conversation(cards):
    asked = ask(cards, LOST)
    assert (asked["decision"], asked["options"], asked["citations"]) == ("clarify", READINGS, [])
    answer = ask(cards, READINGS[1], conversation_id=asked["conversation_id"])
    assert answer["understood"] == [f"{LOST} {READINGS[1]}"]
    assert (answer["decision"], answer["options"]) == ("send", [])
    assert answer["text"] == "A lost membership card is replaced in the app."
    again = ask(cards, LOST, conversation_id=asked["conversation_id"])
    assert again["understood"] == [LOST]


def test_the_readings_are_buttons_of_a_form_that_works_without_a_script(cards):
    page = page_of(cards.get("/", params={"q": LOST}))
    [form] = page.xpath("//section[@id='answer']//form")
    assert (form.get("action"), form.get("method")) == ("/", "get")
    assert form.xpath("button/@value") == form.xpath("button/text()") == READINGS
    assert form.xpath("button/@name") == ["q", "q"]
    [conversation] = form.xpath("input[@name='conversation']/@value")
    assert page.xpath("//form[@id='ask']//input[@name='conversation']/@value") == [conversation]
    sent = page_of(cards.get("/", params={"q": READINGS[0], "conversation": conversation}))
    assert sent.xpath("string(//*[@id='answer-title'])") == "Answer"
    assert "blocked with its receipt" in sent.xpath("string(//*[@id='answer-text'])")
    assert not sent.xpath("//section[@id='answer']//form")
    assert sent.xpath("//form[@id='ask']//input[@name='conversation']/@value") == [""]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/?q=card&conversation=con_none", 404),
        (f"/?q=card&conversation={'x' * 201}", 404),
        (f"/?q={'x' * 20_001}", 400),
    ],
)
def test_an_address_that_asks_for_nonsense_gets_a_page_with_the_mend(cards, path, status):
    response = cards.get(path)
    assert response.headers["content-type"].startswith("text/html")
    assert response.status_code == status
    assert "What helps" in response.text


def test_a_search_for_more_than_is_read_searches_for_what_is_read(cards):
    assert cards.get(f"/search?q={'x' * 20_001}").status_code == 200


def test_the_search_page_shows_the_parts_and_plain_rank_fusion(cards):
    page = page_of(cards.get("/search", params={"q": BOTH}))
    hits = page.xpath("//li[@class='hit']")
    first, second = BOTH.replace("? ", "?|").split("|")
    assert [hit.xpath("string(p[@class='place'][1])") for hit in hits[:2]] == [f"For “{first}”", f"For “{second}”"]
    assert [hit.xpath("string(h2)") for hit in hits[:2]] == READINGS
    named = {"Score", "Dense part", "Sentence part", "Keyword part", "Coverage part", "Plain rank fusion", "Found by"}
    for hit in hits:
        assert named <= set(hit.xpath(".//dt/text()"))
        assert 0 < float(hit.xpath("string(.//dt[.='Plain rank fusion']/following-sibling::dd)")) <= round(2 / 61, 4)


def test_the_search_page_says_what_it_took_a_misspelt_word_for(cards):
    page = page_of(cards.get("/search", params={"q": "replaced membrship"}))
    assert page.xpath("string(//p[@class='hint'])") == "Searched for “replaced membership”."
    assert not page_of(cards.get("/search", params={"q": LOST})).xpath("//p[@class='hint']")


@pytest.mark.parametrize(("share", "shown"), [(0.6999, 69), (0.7, 70), (0.29, 29), (0.58, 58), (1.0, 100), (0.0, 0)])
def test_a_percentage_on_a_page_is_rounded_down_and_a_whole_one_is_itself(share, shown):
    assert percent(share) == shown
