import pytest

from openbook.ingest.web.judge import judge, robots_words, suffix_of

AT = "https://x.example/help/a"
TEXT = "<p>" + "To return a parcel, open the page of your order and choose return. " * 15 + "</p>"


def judged(body, *, head="", headers=None):
    page = f"<!doctype html><html lang=en-GB><head><title>A</title>{head}</head><body>{body}</body></html>"
    return judge(page.encode(), address=AT, headers={"content-type": "text/html"} | (headers or {}))


@pytest.mark.parametrize(
    ("body", "head", "headers", "reason"),
    [
        (TEXT, "", {}, ""),
        ("<div id=root></div><script src=/app.js></script>", "", {}, "JavaScript"),
        ("<noscript>Please enable JavaScript to use this site.</noscript><p>Loading</p>", "", {}, "JavaScript"),
        (f"<noscript>Some things need JavaScript.</noscript>{TEXT}", "", {}, ""),
        ("<h1>Log in</h1><form><input type=password></form>", "", {}, "login"),
        (f"{TEXT}<form><input type=password></form>", "", {}, ""),
        ("<p></p>", "", {}, "no text"),
        (TEXT, "<meta name=ROBOTS content='NoIndex, follow'>", {}, "noindex"),
        (TEXT, "<meta name=googlebot content=noindex>", {}, ""),
        (TEXT, "", {"x-robots-tag": "none"}, "noindex"),
        (TEXT, "", {"x-robots-tag": "googlebot: noindex, nofollow"}, ""),
        (TEXT, "", {"content-type": "image/png"}, "not a kind"),
        (TEXT, "", {"content-type": "application/json; charset=utf-8"}, "not a kind"),
    ],
)
def test_a_page_without_content_is_named_as_what_it_is(body, head, headers, reason):
    found = judged(body, head=head, headers=headers).refusal
    assert reason in found
    assert bool(found) == bool(reason)


@pytest.mark.parametrize(
    ("body", "is_missing"),
    [
        ("<h1>Page not found</h1><p>Sorry.</p>", True),
        ("<h1>404</h1>", True),
        ("<h1>Seite nicht gefunden</h1>", True),
        (f"<h1>Error 404: page not found, and what to do</h1>{TEXT}", False),
        ("<h1>Room 404</h1><p>It is on the fourth floor.</p>", False),
        ("<h1>How to return a parcel that was not found</h1><p>Call us.</p>", False),
    ],
)
def test_a_missing_page_is_known_by_its_words_but_an_article_about_it_is_not(body, is_missing):
    assert judged(body).is_missing is is_missing


def test_what_a_page_says_of_itself_is_kept():
    crumbs = "<nav aria-label=Breadcrumb><ol><li><a href=/>Help</a> ›</li><li>Orders</li><li>Returns</li></ol></nav>"
    found = judged(
        f"{crumbs}<main><h1>Returns</h1>{TEXT}<a href=b rel=nofollow>b</a><a href=c>c</a></main>",
        head="<link rel=Canonical href='/help/returns?utm_source=x'>",
    )
    assert found.breadcrumbs == ("Help", "Orders")
    assert found.canonical == "https://x.example/help/returns"
    assert found.locale == "en-GB"
    assert [link.address for link in found.links] == ["https://x.example/", "https://x.example/help/c"]


@pytest.mark.parametrize("wrapped", ["{}", "[{}]", '{{"@graph": [{}]}}'])
def test_breadcrumbs_are_read_from_structured_data(wrapped):
    items = '[{"name": "Help"}, {"item": {"name": "Orders"}}, {"name": 3}, "x"]'
    data = wrapped.format(f'{{"@type": "BreadcrumbList", "itemListElement": {items}}}')
    found = judged(f"<script type='application/ld+json'>{data}</script><h1>Returns</h1>{TEXT}")
    assert found.breadcrumbs == ("Help", "Orders")


def test_numbers_tell_texts_apart_but_not_fingerprints():
    one, other = judged("<p>No events in 2026.</p>"), judged("<p>No events in 2027.</p>")
    assert one.text_hash != other.text_hash
    assert one.fingerprint == other.fingerprint


@pytest.mark.parametrize(
    ("content_type", "address", "data", "suffix"),
    [
        ("text/html; charset=x", AT, b"", ".html"),
        ("application/pdf", AT, b"", ".pdf"),
        ("application/octet-stream", f"{AT}.pdf", b"", ".pdf"),
        ("text/plain", f"{AT}.md", b"", ".md"),
        ("text/plain", f"{AT}.html", b"<html>", ".txt"),
        ("", AT, b"\n<!DOCTYPE html>", ".html"),
        ("", AT, b"\x00", ""),
    ],
)
def test_the_kind_is_what_the_server_says_else_what_the_name_says(content_type, address, data, suffix):
    assert suffix_of(data, address=address, content_type=content_type) == suffix


@pytest.mark.parametrize("data", [b"", b"\x00" * 900, b"<html", b"<a href=" * 20_000, b"<div>" * 50_000, b"\xff\xfe<"])
def test_damaged_pages_are_judged_without_harm(data):
    assert judge(data, address=AT, headers={"content-type": "text/html"}).refusal


def test_words_for_robots_are_read_with_their_scope():
    assert robots_words("noindex, NOFOLLOW") == {"noindex", "nofollow"}
    assert robots_words("openbook: noindex") == {"noindex"}
    assert robots_words("otherbot: noindex, nofollow") == frozenset()
