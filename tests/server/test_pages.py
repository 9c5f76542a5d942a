"""The pages as a browser without scripts gets them."""

from datetime import timedelta

import pytest

from openbook import Desk
from openbook.server import create_app
from openbook.server.differences import Passage, differences
from openbook.server.examples import as_question, choose
from openbook.server.middleware import CONTENT_SECURITY_POLICY
from openbook.server.rendering import ago, coded, every, old
from openbook.types import utc_now
from server.running import page_of, running
from server.shop import HOSTILE, QUESTION

PAGES = ["/", "/?q=jacket", "/search", "/search?q=jacket", "/owner", "/nothing", "/static/style.css", "/v1/documents"]


@pytest.mark.parametrize("path", PAGES)
def test_every_response_carries_the_security_headers(anonymous, path):
    headers = anonymous.get(path).headers
    assert headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["x-frame-options"] == "DENY"
    assert headers["cache-control"]


@pytest.mark.parametrize("path", ["/", f"/?q={QUESTION}", "/search?q=jacket", "/owner", "/nothing"])
def test_a_page_is_named_labelled_and_in_one_language(anonymous, path):
    page = page_of(anonymous.get(path))
    assert page.get("lang") == "en"
    assert page.findtext("head/title").endswith("Openbook")
    assert len(page.findall(".//h1")) == 1
    assert len(page.findall(".//main")) == 1
    identifiers = page.xpath("//@id")
    assert len(identifiers) == len(set(identifiers))
    for field in page.xpath("//textarea | //input[@type != 'hidden']"):
        assert page.xpath(f"//label[@for='{field.get('id')}']")
    for picture in page.xpath("//img"):
        assert picture.get("alt") is not None
    assert not page.xpath("//@style | //@onclick | //script[not(@src)]")


def test_without_a_script_the_form_shows_the_answer_with_its_passages(anonymous):
    page = page_of(anonymous.get("/", params={"q": QUESTION}))
    assert "45 days" in page.xpath("string(//*[@id='answer-text'])")
    numbers = page.xpath("//*[@id='answer-text']//a[@class='cite']/@href")
    assert numbers
    for number in numbers:
        assert page.xpath(f"//mark[@id='{number.removeprefix('#')}']")
    assert "Returning a jacket" in page.xpath("string(//*[@id='sources'])")
    assert "The return window" in page.xpath("string(//*[@id='sources'])")
    assert "11 March 2026" in page.xpath("string(//*[@id='sources']//time)")
    [meter] = page.xpath("//section[@id='answer']//meter")
    assert meter.get("aria-label")


def test_what_is_old_is_marked_as_old_wherever_it_is_cited_or_found(boss, stranger, workshop):
    text = "---\nupdated_at: {}\n---\n# {} balloons\n\nA {} balloon costs 40 pounds."
    for colour, date in (("Crimson", "2019-03-12"), ("Turquoise", utc_now().date())):
        workshop.put_document(f"{colour}.md", text.format(date, colour, colour))
        answer = page_of(stranger.get("/", params={"q": f"What does a {colour} balloon cost?"}))
        hits = page_of(stranger.get("/search", params={"q": f"{colour} balloon"}))
        document = next(item.id for item in workshop.documents() if item.path == f"{colour}.md")
        source = page_of(stranger.get(f"/source/{document}/1"))
        for place in (answer.xpath("//aside")[0], hits.xpath("//li[@class='hit']")[0], source):
            [moment] = place.xpath(".//time")
            assert moment.get("datetime") == str(date)
            assert bool(place.xpath(".//span[@class='old']")) is (colour == "Crimson")
    assert "12 March 2019" in stranger.get("/search?q=Crimson balloon").text


@pytest.mark.parametrize(
    ("days", "after", "words"),
    [
        (None, 1, ""),
        (364, 365, ""),
        (365, 365, "more than a year old"),
        (800, 365, "more than 2 years old"),
        (100, 90, "more than 3 months old"),
        (1, 1, "1 day old"),
    ],
)
def test_an_age_is_said_only_from_the_setting_on(days, after, words):
    changed = None if days is None else utc_now() - timedelta(days=days, seconds=5)
    assert old(changed, after_days=after) == words


def test_what_two_texts_do_not_share_is_told_apart():
    left, right = differences("It costs 14 pounds a day.", "It costs 21 pounds a day, or 40.")
    assert [passage.text for passage in left if passage.differs] == ["14", "day."]
    assert [passage.text for passage in right if passage.differs] == ["21", "day, or 40."]
    for text, passages in (("It costs 14 pounds a day.", left), ("It costs 21 pounds a day, or 40.", right)):
        assert "".join(passage.text for passage in passages) == text
    assert differences("same", "same") == ([Passage("same", False)],) * 2
    long = "word " * 3_000
    assert differences(long, long + "more")[0] == [Passage(long, True)]


def test_code_is_shown_as_code_and_everything_is_escaped():
    assert coded("Run `a <b>` & wait") == "Run <code>a &lt;b&gt;</code> &amp; wait"


def test_how_often_and_how_long_ago_are_said_in_words():
    assert [every(minutes) for minutes in (0, 1, 15, 60, 90, 2880, 10080)] == [
        "",
        "every minute",
        "every 15 minutes",
        "every hour",
        "every 90 minutes",
        "every 2 days",
        "every week",
    ]
    moments = (timedelta(seconds=-9), timedelta(seconds=70), timedelta(hours=5), timedelta(days=1, minutes=1))
    assert [ago(utc_now() - moment) for moment in moments] == ["just now", "1 minute ago", "5 hours ago", "1 day ago"]


def test_a_question_for_a_person_says_so(anonymous):
    page = page_of(anonymous.get("/", params={"q": "I want to speak to a human"}))
    assert page.xpath("string(//*[@id='answer-title'])") == "Passed to a person"
    assert not page.xpath("//*[@id='sources']")


def test_a_question_without_words_is_told_so(anonymous):
    page = page_of(anonymous.get("/", params={"q": "???"}))
    assert page.xpath("string(//*[@id='answer-title'])") == "No answer here"


def test_a_question_that_is_too_long_gets_a_page_with_the_mend(anonymous):
    response = anonymous.get("/", params={"q": "a" * 20_001})
    assert response.status_code == 400
    assert "What helps" in response.text and "20,001 characters" in response.text


def test_example_questions_come_from_the_titles(anonymous):
    page = page_of(anonymous.get("/"))
    links = [link.text_content() for link in page.xpath("//section[@class='examples']//a")]
    assert "How do I reset your password?" in links
    assert "Goodwill limits" not in links


def test_titles_become_questions_only_where_that_is_plain():
    assert as_question("How to pair the lamp") == "How do I pair the lamp?"
    assert as_question("Refund times") == "Refund times"
    assert choose([]) == []


def test_an_empty_desk_says_what_to_do_next(tmp_path, anonymous):
    with (
        Desk.open(tmp_path / "desk", must_hold=True) as desk,
        running(create_app(desk, turns=1)) as place,
    ):
        page = anonymous.get(f"{place}/").text
    assert "openbook add FOLDER" in page


def test_a_source_is_readable_with_the_passage_marked(anonymous):
    [citation, *_] = anonymous.post("/v1/ask", json={"question": QUESTION}).json()["citations"]
    place = f"/source/{citation['document_id']}/{citation['version']}"
    page = page_of(anonymous.get(place, params={"start": citation["start"], "end": citation["end"]}))
    assert page.xpath("string(//mark[@id='passage'])") == citation["quote"]
    assert [heading.text for heading in page.xpath("//h2")] == ["The return window", "What it costs"]
    assert page.xpath("//a[@href='https://help.shop.example/returns']")


@pytest.mark.parametrize("span", [(0, 0), (-5, 9), (10**9, 10**9 + 5), (30, 20)])
def test_a_source_page_stands_any_range(anonymous, documents, span):
    place = f"/source/{documents['returns.md'].id}/1"
    assert anonymous.get(place, params={"start": span[0], "end": span[1]}).status_code == 200


def test_a_table_is_shown_as_a_table(anonymous, documents):
    page = page_of(anonymous.get(f"/source/{documents['sizes.md'].id}/1"))
    assert "EU 42" in [cell.text_content() for cell in page.xpath("//td")]


@pytest.mark.parametrize("path", ["/source/doc_none/1", "/source/doc_none/one", "/source/doc_none"])
def test_a_source_that_is_not_there_is_a_friendly_page(anonymous, path):
    response = anonymous.get(path)
    assert response.status_code in (404, 422)
    assert response.headers["content-type"].startswith("text/html")


def test_passages_are_the_exact_words_in_their_surroundings(anonymous):
    [citation, *_] = anonymous.post("/v1/ask", json={"question": QUESTION}).json()["citations"]
    place = f"/source/{citation['document_id']}/1/passages"
    card = anonymous.get(place, params={"span": f"{citation['start']}-{citation['end']}"}).json()
    [stretch] = card["stretches"]
    assert "".join(run["text"] for run in stretch["runs"] if run["span"] == 0) == citation["quote"]
    assert card["title"] == "Returning a jacket"
    assert anonymous.get(place, params={"span": "from here"}).status_code == 400
    assert anonymous.get(place).status_code == 422


def test_hostile_words_stay_words(anonymous, documents):
    hostile = documents["hostile.md"]
    for path in (f"/?q={HOSTILE}", f"/search?q={HOSTILE}", f"/source/{hostile.id}/1", "/?q=<script>alert(1)</script>"):
        page = page_of(anonymous.get(path))
        assert all(script.get("src") == "/static/ask.js" for script in page.xpath("//script"))
        assert not page.xpath("//*[@onmouseover or @onerror]")
        assert not page.xpath("//a[starts-with(@href, 'javascript:')]")
    assert "<script>window.hacked" in page_of(anonymous.get(f"/source/{hostile.id}/1")).text_content()


def test_the_search_page_shows_why_a_hit_is_first(anonymous):
    page = page_of(anonymous.get("/search", params={"q": "return a jacket"}))
    [first, *_] = page.xpath("//li[@class='hit']")
    assert {"Score", "Similarity", "BM25", "Found by"} <= set(first.xpath(".//dt/text()"))
