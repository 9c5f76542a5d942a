"""The commands that bring knowledge in, decide about it and list it, in words and as JSON."""

from pathlib import Path

import pytest

from cli.conftest import GIFT_CARDS
from ingest.web.serving import html, serving

EXPORTS = str(Path(__file__).parents[2] / "examples" / "exports")
ARTICLE = Path("articles", "gift-cards.md")
QUESTION = "How long is a gift card valid?"


def edit(months, *, head=""):
    ARTICLE.write_text(f"{head}{GIFT_CARDS.replace('24', months)}", "utf-8")


def test_a_version_that_waits_is_listed_with_its_reason_and_approved(called, data):
    assert "1 waiting" in called("add", "articles", "--review")
    assert "everything from this source waits for approval" in called("documents", "--waiting")
    [waiting] = data("documents", "--waiting")
    assert (waiting["path"], waiting["version"], waiting["hold"] != "") == ("gift-cards.md", 1, True)
    assert data("documents") == []
    assert called("approve", "gift-cards.md") == "gift-cards.md: version 1 serves now."
    assert called("documents", "--waiting") == "Nothing waits for approval."
    edit("36")
    assert data("sync")["waiting"] == 1
    assert data("approve", "gift-cards.md", "--version", "2")["version"] == 2
    assert "waits for approval; version 2 is live" in called("approve", "gift-cards.md", status=2)


def test_an_older_version_is_brought_back(called, data):
    called("add", "articles")
    edit("36")
    called("sync")
    assert called("revert", "gift-cards.md") == "gift-cards.md: version 1 serves now."
    assert data("revert", "gift-cards.md", "--version", "2")["version"] == 2
    assert "Version 2 of 'gift-cards.md' is live" in called("revert", "gift-cards.md", "--version", "2", status=2)


def test_an_edit_is_previewed_and_nothing_is_published(called, data):
    called("add", "articles")
    assert "No question was asked yet" in called("preview", str(ARTICLE))
    called("ask", QUESTION)
    edit("36")
    said = called("preview", str(ARTICLE))
    assert "1 of 1 past questions would be answered differently; 1 are known." in said
    assert f"{QUESTION} other words" in said
    found = data("preview", str(ARTICLE), "--document", "gift-cards.md", "--limit", "5")
    assert (found["known"], found["asked"], found["changed"], found["hold"]) == (1, 1, 1, "")
    assert "36 months" in found["changes"][0]["after"]["text"]
    assert "24 months" in data("ask", QUESTION)["text"]
    Path("new.md").write_text("# New\n\nThis is all new.\n", "utf-8")
    assert "new.md (a new document): 0 of 1" in called("preview", "new.md")


def test_old_articles_and_contradictions_are_listed(called, data):
    edit("24", head="---\nupdated_at: 2020-01-01\n---\n")
    called("add", "articles")
    assert "not changed for" in called("documents", "--stale")
    [stale] = data("documents", "--stale")
    assert (stale["document"]["path"], stale["age_days"] > 365, stale["damage"] > 0) == ("gift-cards.md", True, True)
    edit("24", head="---\nupdated_at: 2999-01-01\n---\n")
    called("sync")
    assert called("documents", "--stale") == "No article is known to be out of date."
    assert called("documents", "--contradictions") == "No contradictions were found."
    assert data("documents", "--contradictions") == []


def test_tickets_are_counted_and_written_in_each_form(called, data):
    called("add", "articles")
    assert "No tickets yet" in called("tickets")
    said = called("add", EXPORTS)
    assert "4 tickets, 4 solved, 3 of them by a person's confirmed answer" in said
    assert "15 13 8" in called("tickets")
    [count] = data("tickets")
    assert (count["tickets"], count["solved"], count["confirmed"]) == (15, 13, 8)
    assert called("tickets", "--out", "all.jsonl") == "Wrote 15 lines into all.jsonl."
    for form in ("evaluation", "training"):
        assert data("tickets", "--out", f"{form}.jsonl", "--form", form)["written"] == 8
        assert len(Path(f"{form}.jsonl").read_text("utf-8").splitlines()) == 8
    assert "There is no form 'csv'" in called("tickets", "--out", "x", "--form", "csv", status=2)


def test_a_site_is_crawled_with_what_its_options_say(called, data, monkeypatch):
    monkeypatch.setenv("OPENBOOK_CRAWL__DELAY_SECONDS", "0")
    link = '<p>See <a href="/help/cards">all about gift cards</a>.</p>'
    pages = {"/help/": html("Help", link), "/help/cards": html("Cards", f"<p>{QUESTION} 24 months.</p>")}
    with serving(pages) as site:
        address = f"{site.origin}/help/"
        assert "private address" in called("add", address, "--crawl")
        report = data("add", address, "--crawl", "--private", "--every", "60", "--audience", "internal")
        assert report["read"] == 2
        [source] = data("sources")
        assert (source["kind"], source["documents"], source["audiences"]) == ("site", 2, ["internal"])
        assert source["options"] == {"crawl": True, "review": False, "private": True, "every_minutes": 60}
        assert "2 unchanged" in called("sync", address)
    assert "2 documents withdrawn" in called("remove", source["id"])
    assert data("sources") == []


def test_nothing_is_stopped_where_nothing_is_read(called, data):
    called("add", "articles")
    assert called("sync", "--stop") == "Nothing was being read."
    assert data("sync", "--stop") == {"stopped": False}


def test_a_source_that_cannot_be_read_shows_its_notice(called, data):
    called("add", "articles")
    Path("articles").rename("elsewhere")
    assert "keep their last good state" in called("sync")
    assert "last good state." in called("sources")
    [source] = data("sources")
    assert "There is nothing at" in source["notice"]
    assert "its source was not read to its end" in called("documents", "--stale")


@pytest.mark.parametrize("erase", [False, True])
def test_a_removal_says_what_is_left(called, data, erase):
    called("add", "articles")
    words = ("remove", "gift-cards.md", *(["--erase"] if erase else []))
    receipt = data(*words)
    assert (receipt["live_versions_left"], receipt["index_points_left"], receipt["erased"]) == (0, 0, erase)
    assert (receipt["texts_left"] == 0) is erase
    assert "1 skipped" in called("sync")
    said = called("remove", str(Path("articles").absolute()), *words[2:])
    assert ("Erased from history" in said) is erase
    assert ("--erase destroys them too" in said) is not erase
