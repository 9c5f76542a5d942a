"""Web pages as a source: what is read, what changed, what moved, what is gone, and what is left alone."""

from dataclasses import replace

import pytest

from ingest.web.serving import HTML, html, serving
from openbook.errors import UserError
from openbook.stores import catalogue
from openbook.types import Metadata, SourceOptions
from search.shelf import HASTY, Shelf, outcomes, reason

CRAWL = SourceOptions(crawl=True)
REFUNDS = "<p>A refund takes three days.</p>"
SHIPPING = "<p>A parcel takes two days.</p>"
TRAIL = '<nav aria-label="Breadcrumb"><a href="/help/">Help</a> <a href="/help/money">Money</a></nav>'


def start(*names):
    links = "".join(f'<p>Read <a href="/help/{name}">all about {name}</a>.</p>' for name in names)
    return html("Help", f"<p>Welcome to our help.</p>{links}")


def missing(status=404):
    return status, HTML, b""


@pytest.fixture
def site():
    """A help centre of three pages."""
    answers = {
        "/help/": start("refunds", "shipping"),
        "/help/refunds": html("Refunds", TRAIL + REFUNDS),
        "/help/shipping": html("Shipping", SHIPPING),
    }
    with serving(answers) as served:
        yield served


def crawl(shelf, site, options=CRAWL, defaults=Metadata()):  # noqa: B008
    return shelf.sync.add("main", f"{site.origin}/help/", defaults, options)


def sync(shelf, **options):
    return shelf.sync.sync("main", **options)


def told(report, site):
    """By the page's name what became of it."""
    return {path.removeprefix(f"{site.origin}/help/"): outcome for path, outcome in outcomes(report).items()}


def served_pages(shelf, site):
    return {path.removeprefix(f"{site.origin}/help/") for path in shelf.paths()}


def ids(shelf, site):
    with shelf.database.read() as connection:
        found = catalogue.list_documents(connection, "main")
    return {item.path.removeprefix(f"{site.origin}/help/"): item.id for item in found}


def test_the_pages_of_a_site_are_documents_with_address_language_and_place(shelf, site):
    report = crawl(shelf, site)
    assert told(report, site) == {"": "read", "refunds": "read", "shipping": "read"}
    [hit] = [hit for hit in shelf.search("refund") if hit.text.endswith("three days.")]
    assert hit.url == hit.path == f"{site.origin}/help/refunds"
    assert (hit.title, hit.heading_path) == ("Refunds", ("Help", "Money"))
    [document] = [item for item in shelf.documents() if item.path == hit.path]
    assert (document.locale, document.kind) == ("en", "html")
    assert [(source.kind, source.documents) for source in shelf.sources()] == [("site", 3)]


def test_only_what_changed_is_read_again(shelf, site):
    first = crawl(shelf, site)
    shelf.embedder.texts.clear()
    again = sync(shelf)
    assert set(told(again, site).values()) == {"unchanged"}
    assert {file.document_id for file in again.files} == {file.document_id for file in first.files}
    assert shelf.embedder.texts == []
    site.answers["/help/refunds"] = html("Refunds", REFUNDS.replace("three", "nine"))
    report = sync(shelf)
    assert told(report, site) == {"": "unchanged", "refunds": "read", "shipping": "unchanged"}
    assert [file.version for file in report.files if file.outcome == "read"] == [2]
    assert "nine days" in " ".join(shelf.found("refund"))
    assert "three days" not in " ".join(shelf.found("refund"))


def test_a_page_that_is_missing_twice_is_removed_and_one_that_was_missing_once_is_not(shelf, site):
    crawl(shelf, site)
    refunds = site.answers["/help/refunds"]
    seen = site.asked["/help/shipping"]
    site.answers["/help/refunds"] = missing()
    site.answers["/help/shipping"] = lambda count: missing() if count == seen + 1 else html("Shipping", SHIPPING)
    assert told(sync(shelf), site) == {"": "unchanged", "refunds": "removed", "shipping": "unchanged"}
    assert served_pages(shelf, site) == {"", "shipping"}
    assert shelf.index.ids("main") == shelf.live_chunk_ids()
    site.answers["/help/refunds"] = refunds
    assert told(sync(shelf), site)["refunds"] == "read"
    assert "three days" in " ".join(shelf.found("refund"))


def test_when_most_of_a_site_is_gone_at_once_it_serves_until_it_is_gone_again(shelf):
    names = [f"page{number}" for number in range(30)]
    answers = {f"/help/{name}": html(name, f"<p>All about {name}.</p>") for name in names}
    with serving(answers | {"/help/": start(*names)}) as site:
        crawl(shelf, site)
        site.answers["/help/"] = start(*names[:5])
        for name in names[5:]:
            site.answers[f"/help/{name}"] = missing()
        report = sync(shelf)
        assert (report.count("skipped"), report.count("removed")) == (25, 0)
        assert "25 of 31 documents are gone at once" in report.notices[0]
        site.answers["/help/page9"] = answers["/help/page8"]
        report = sync(shelf)
        assert report.count("removed") == 24
        assert served_pages(shelf, site) == {"", "page9", *names[:5]}


@pytest.mark.parametrize("status", [301, 302])
def test_only_a_redirect_for_good_moves_the_document(shelf, site, status):
    crawl(shelf, site)
    before = ids(shelf, site)
    site.answers["/help/refunds"] = (status, {"Location": "/help/cash"}, b"")
    site.answers["/help/cash"] = html("Refunds", REFUNDS + "<p>Ask us.</p>")
    report = sync(shelf)
    after = ids(shelf, site)
    if status == 301:
        assert told(report, site)["cash"] == "moved"
        assert reason(report, f"{site.origin}/help/cash") == f"it was {site.origin}/help/refunds"
        assert after == {"": before[""], "cash": before["refunds"], "shipping": before["shipping"]}
    else:
        assert told(report, site)["cash"] == "read"
        assert {name: after[name] for name in before} == before
    assert shelf.index.ids("main") == shelf.live_chunk_ids()
    assert "removed" not in told(sync(shelf), site).values()
    assert ids(shelf, site) == after


@pytest.mark.parametrize("trouble", [503, 401])
def test_a_site_in_trouble_keeps_everything_and_says_so(shelf, site, trouble):
    crawl(shelf, site)
    for path in list(site.answers):
        site.answers[path] = (trouble, HTML | {"Retry-After": "0"}, b"")
    report = sync(shelf)
    assert report.count("removed") == 0
    assert set(told(report, site).values()) <= {"skipped"}
    assert all(file.reason for file in report.files)
    assert served_pages(shelf, site) == {"", "refunds", "shipping"}


def test_a_server_that_is_down_keeps_everything_and_says_so(shelf, site):
    crawl(shelf, site)
    site.answers["/robots.txt"] = (503, HTML | {"Retry-After": "0"}, b"")
    report = sync(shelf)
    assert told(report, site) == {"": "skipped"}
    assert report.notices == ("robots.txt cannot be read: the server answered 503",)
    assert shelf.sources()[0].notice == report.notices[0]
    assert served_pages(shelf, site) == {"", "refunds", "shipping"}


def test_new_defaults_hold_for_pages_that_did_not_change(shelf, site):
    for path, (status, headers, body) in list(site.answers.items()):
        site.answers[path] = status, headers | {"ETag": '"1"'}, body
    crawl(shelf, site)
    report = crawl(shelf, site, defaults=Metadata(audiences=("staff",)))
    assert set(told(report, site).values()) == {"read"}
    assert shelf.search("refund") == ()
    assert len(shelf.search("refund", audiences=("staff",))) > 0


def test_a_page_removed_by_hand_stays_away_until_its_address_is_added(shelf, site):
    address = f"{site.origin}/help/refunds"
    shelf.sync.add("main", address, Metadata())
    shelf.removal.remove("main", shelf.documents()[0].id)
    report = sync(shelf)
    assert outcomes(report) == {address: "skipped"}
    assert "removed by hand" in reason(report, address)
    assert outcomes(shelf.sync.add("main", address, Metadata())) == {address: "read"}
    assert shelf.paths() == [address]


def test_a_single_page_behind_a_redirect_is_kept_in_step(shelf, site):
    site.answers["/help"] = (301, {"Location": "/help/refunds"}, b"")
    shelf.sync.add("main", f"{site.origin}/help", Metadata())
    assert served_pages(shelf, site) == {"refunds"}
    site.answers["/help/refunds"] = html("Refunds", REFUNDS.replace("three", "nine"))
    sync(shelf)
    assert "nine days" in " ".join(shelf.found("refund"))


def test_a_table_on_a_page_that_holds_many_articles_is_kept_part_by_part(shelf, site):
    def table(*lines):
        return 200, {"Content-Type": "text/csv", "ETag": f'"{len(lines)}"'}, "\n".join(lines).encode()

    names = "id,name,price,currency"
    site.answers["/help/feed.csv"] = table(names, "A-1,Lamp,49.90,EUR", "A-2,Chair,89.00,EUR")
    address = f"{site.origin}/help/feed.csv"
    assert shelf.sync.add("main", address, Metadata()).count("read") == 2
    assert set(outcomes(sync(shelf)).values()) == {"unchanged"}
    site.answers["/help/feed.csv"] = table(names, "A-1,Lamp,49.90,EUR")
    report = sync(shelf)
    assert sorted(outcomes(report).values()) == ["removed", "unchanged"]
    site.answers["/help/feed.csv"] = missing(410)
    assert list(outcomes(sync(shelf)).values()) == ["removed"]
    assert shelf.paths() == []


def test_private_addresses_are_refused_unless_they_are_allowed(tmp_path, site):
    shelf = Shelf.open(tmp_path / "shelf", manners=replace(HASTY, private=False))
    report = crawl(shelf, site)
    assert shelf.paths() == []
    assert "private" in " ".join([*report.notices, *(file.reason for file in report.files)])
    assert sum(site.asked.values()) == 0
    assert crawl(shelf, site, replace(CRAWL, private=True)).count("read") == 3
    shelf.close()


@pytest.mark.parametrize("address", ["ftp://shop.example/help", "https://", "file:///etc/passwd"])
def test_what_is_no_web_address_is_the_users_mistake_and_makes_no_source(shelf, address):
    with pytest.raises(UserError, match="is no web address"):
        shelf.sync.add("main", address, Metadata())
    assert shelf.sources() == []


def test_a_stopped_crawl_goes_on_where_it_was(shelf):
    names = [f"page{number}" for number in range(8)]
    answers = {f"/help/{name}": html(name, f"<p>All about {name}.</p>") for name in names}
    with serving(answers | {"/help/": start(*names)}) as site:

        def stop(count):
            shelf.sync.stop("main")
            return answers["/help/page0"]

        site.answers["/help/page3"] = stop
        report = crawl(shelf, site)
        assert "stopped" in report.notices[0]
        done = {path for path, outcome in told(report, site).items() if outcome == "read"}
        assert len(done) < 9
        site.asked.clear()
        site.answers["/help/page3"] = answers["/help/page3"] = html("page3", "<p>All about page3.</p>")
        rest = sync(shelf)
        asked_again = {path.removeprefix("/help/") for path in site.asked} & done
        assert asked_again == set()
        assert done | {name for name, outcome in told(rest, site).items() if outcome == "read"} == {"", *names}
        assert len(shelf.paths()) == 9
