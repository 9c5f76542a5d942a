import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from openbook.ingest.web.addresses import parse
from openbook.ingest.web.links import Scope, are_alike, find_links, is_content, normalise

BASE = "https://help.example.com/en/start"
FORMS = {
    "HTTPS://Help.Example.com:443/a/./b/../c//d#part": "https://help.example.com/a/c/d",
    "?b=2&a=1&utm_source=mail&gclid=x": "https://help.example.com/en/start?a=1&b=2",
    "/x?PHPSESSID=1&sid=2&page=3": "https://help.example.com/x?page=3",
    "/p;jsessionid=0A1B/q?x=1": "https://help.example.com/p/q?x=1",
    "/(S(lit3py55t21z5v55vlm25s55))/orders": "https://help.example.com/orders",
    "?flag&q=a+b%20c": "https://help.example.com/en/start?flag&q=a+b%20c",
    "/%7euser/%c3%bc/a%2fb": "https://help.example.com/~user/%C3%BC/a%2Fb",
    "http://straße.de/ü": "http://xn--strae-oqa.de/%C3%BC",
    "//other.example/x": "https://other.example/x",
    "/%2e%2e/%2e%2e/etc": "https://help.example.com/etc",
    "..": "https://help.example.com/",
    "java\tscript:alert(1)": "",
    "mailto:a@example.com": "",
    "data:text/html,x": "",
    "http://[broken": "",
    "http://user@host.example/": "",
    "/" + "x" * 5_000: "",
}


@pytest.mark.parametrize("written", FORMS)
def test_every_spelling_of_an_address_comes_to_one_form(written):
    found = normalise(written, base=BASE)
    assert found == FORMS[written]
    assert normalise(found) == found


@given(st.text(max_size=80) | st.from_regex(r"(https?:)?//[^/]{1,20}(/[^/]{0,9}){0,4}(\?[^#]{0,20})?", fullmatch=True))
@settings(max_examples=150, deadline=None)
def test_whatever_stands_in_a_page_comes_to_an_address_that_stays_as_it_is_or_to_none(written):
    found = normalise(written, base=BASE)
    assert found == "" or (normalise(found) == found and str(parse(found)) == found)


def test_links_are_found_once_in_order_and_told_apart_by_nofollow():
    page = html.fromstring(
        "<html><head><base href='/help/'></head><body><a href='b'>B</a><a href='a#1'>A</a><a href='a#2'>A</a>"
        "<a rel='nofollow ugc' href='c'>C</a><a>nothing</a><area href='d'></body></html>"
    )
    links = find_links(page, address="https://help.example.com/x/y")
    assert [(link.address.rpartition("/")[2], link.is_followed) for link in links] == [
        ("b", True),
        ("a", True),
        ("c", False),
        ("d", True),
    ]
    assert links[0].address == "https://help.example.com/help/b"


@pytest.mark.parametrize(
    ("start", "address", "refusal"),
    [
        ("https://x.example/help/", "https://x.example/help/a", ""),
        ("https://x.example/help", "https://x.example/help", ""),
        ("https://x.example/help", "https://x.example/helpers", "not under the start address"),
        ("https://x.example/help/index.html", "http://www.x.example/help/a", ""),
        ("https://x.example/help/", "https://x.example/blog/", "not under the start address"),
        ("https://x.example/help/", "https://y.example/help/", "on another site"),
        ("https://x.example/help/", "https://x.example:8443/help/", "on another site"),
        ("https://x.example/help/", "https://x.example/help/film.MP4", "no page, by its ending"),
        ("https://x.example/sitemap.xml", "https://x.example/a", ""),
    ],
)
def test_a_crawl_stays_on_its_site_and_under_its_start(start, address, refusal):
    assert Scope(start).refusal(address) == refusal


def test_the_whole_site_can_be_asked_for():
    assert Scope("https://x.example/help/", whole_site=True).refusal("https://x.example/blog/") == ""


def test_version_numbers_are_no_file_endings():
    assert is_content("https://x.example/release-2.4")
    assert are_alike("http://www.x.example/a/", "https://x.example/a")
    assert not are_alike("https://x.example/a", "https://x.example/b")
