import pytest

from openbook.ingest.web.fetcher import Reply
from openbook.ingest.web.robots import Robots, read_rules

ADDRESS = "https://x.example/help/closed/a"


def rules_of(text):
    return read_rules(Reply("https://x.example/robots.txt", 200, data=text.encode()))


def test_the_group_for_us_counts_before_the_group_for_all():
    rules = rules_of("User-agent: *\nDisallow: /\n\nUser-agent: Openbook\nDisallow: /help/closed/\nCrawl-delay: 2\n")
    assert not rules.allows(ADDRESS)
    assert rules.allows("https://x.example/help/a")
    assert rules.delay_seconds == 2


@pytest.mark.parametrize(
    ("status", "allowed"), [(404, True), (403, True), (410, True), (429, False), (503, False), (0, False)]
)
def test_a_missing_file_allows_all_and_a_server_in_trouble_nothing_for_now(status, allowed):
    rules = read_rules(Reply("https://x.example/robots.txt", status, problem=f"the server answered {status}"))
    assert rules.allows(ADDRESS) is allowed
    assert bool(rules.problem) is not allowed


@pytest.mark.parametrize(
    "text", ["", "\x00\xff", "Disallow", "User-agent:\nDisallow: " + "*a" * 50_000, "<html>", "Crawl-delay: -1"]
)
def test_nonsense_is_read_without_harm(text):
    rules = rules_of(text)
    assert rules.delay_seconds >= 0
    assert rules.allows("https://x.example/" + "a" * 1_000 + "b")


def test_sitemaps_are_named_and_each_host_is_asked_once():
    fetched = []

    def fetch(address):
        fetched.append(address)
        return Reply(address, 200, data=b"Sitemap: https://x.example/one.xml\nSitemap: https://x.example/one.xml")

    robots = Robots(fetch)
    assert [robots.rules(ADDRESS).sitemaps for _ in range(3)] == [("https://x.example/one.xml",)] * 3
    robots.rules("https://y.example:8443/a")
    assert fetched == ["https://x.example/robots.txt", "https://y.example:8443/robots.txt"]
