import gzip
from datetime import UTC, datetime

import pytest

from openbook.errors import ReadError
from openbook.ingest.web.fetcher import Reply
from openbook.ingest.web.sitemap import Sitemaps, read_sitemap

AT = "https://x.example/sitemap.xml"
PAGES = (
    b'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    b"<url><loc> https://x.example/a?utm_source=s </loc><lastmod>2026-03-02</lastmod></url>"
    b"<url><loc>/b</loc><lastmod>yesterday</lastmod></url><url><loc>javascript:x</loc></url></urlset>"
)


@pytest.mark.parametrize("data", [PAGES, gzip.compress(PAGES), b"\xef\xbb\xbf\n" + PAGES[21:]])
def test_pages_come_with_their_last_change_packed_or_not(data):
    first, second = read_sitemap(data, address=AT).pages
    assert (first.address, first.changed_at) == ("https://x.example/a", datetime(2026, 3, 2, tzinfo=UTC))
    assert (second.address, second.changed_at) == ("https://x.example/b", None)


def test_what_comes_before_the_damage_is_kept():
    broken = PAGES[: PAGES.index(b"<lastmod>yesterday")] + b"</wrong><url>&nothing;"
    assert read_sitemap(broken, address=AT).pages[0].address == "https://x.example/a"


def test_a_list_of_lines_is_a_sitemap_too():
    assert [
        page.address for page in read_sitemap(b"https://x.example/a\n\nhttps://x.example/b\n", address=AT).pages
    ] == [
        "https://x.example/a",
        "https://x.example/b",
    ]


BOMB = '<!DOCTYPE urlset [<!ENTITY a "aaaaaaaaaa">' + "".join(f'<!ENTITY b{n} "&a;&a;&a;&a;">' for n in range(9)) + "]>"


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (f"{BOMB}<urlset><url><loc>&b8;</loc></url></urlset>".encode(), "defines entities"),
        (b'<!DOCTYPE u [<!ENTITY x SYSTEM "file:///etc/passwd">]><u>&x;</u>', "defines entities"),
        (gzip.compress(bytes(60_000_000), 1), "too large"),
        (b"<html><body>Not found</body></html>", "is no sitemap"),
        (b"", "is no sitemap"),
        (b"\x1f\x8b\x08broken", "damaged|too early"),
    ],
)
def test_what_is_hostile_or_something_else_is_refused_in_words(data, problem):
    with pytest.raises(ReadError, match=problem):
        read_sitemap(data, address=AT)


def test_an_index_leads_to_further_sitemaps_each_read_once_and_bounded():
    def fetch(address):
        number = int(address.rpartition("-")[2].partition(".")[0])
        index = (
            f"<sitemap><loc>https://x.example/s-{number + 1}.xml</loc></sitemap><sitemap><loc>{address}</loc></sitemap>"
        )
        return Reply(address, 200, data=f"<sitemapindex>{index}</sitemapindex>".encode())

    left = []
    assert list(Sitemaps(fetch, lambda *told: left.append(told)).entries(("https://x.example/s-1.xml",))) == []
    assert left == [("https://x.example/s-201.xml", "beyond the limit of sitemaps")]
