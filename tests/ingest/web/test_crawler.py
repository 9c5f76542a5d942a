import threading
from collections import Counter

import pytest

from ingest.web.serving import help_site, html, serving
from openbook.errors import ReadError
from openbook.ingest.web import Crawler, Limits, MemoryFrontier, Mode, Outcome, Plan, TrapLimits

TEXT = "<p>Open the page of your order and choose return. It takes three days until we have it.</p>"


def plan(start, **changes):
    limits = Limits(backoff_seconds=0.01, body_bytes=1_000_000)
    return Plan(
        start, **{"delay_seconds": 0.0, "allow_private": True, "second_look_seconds": 0.0, "limits": limits} | changes
    )


def crawl(start, frontier=None, **changes):
    """The pages of a whole round by what comes after the origin, and the crawler."""
    crawler = Crawler(plan(start, **changes), frontier)
    pages = {}
    for page in crawler.pages():
        name = page.address.split("/", 3)[3]
        assert name not in pages, "each address comes once"
        pages[name] = page
        crawler.done(page)
    return pages, crawler


def outcomes(pages):
    return {name: str(page.outcome) for name, page in pages.items()}


def link(*names):
    return TEXT + "".join(f"<a href='{name}'>{name}</a>" for name in names)


def article(number):
    return f"help/section-{number // 50}/article-{number}"


def test_a_help_centre_full_of_traps_is_read_whole_and_ends():
    module = help_site()
    site = module.Site(60)
    with module.Server(site) as server:
        pages, crawler = crawl(f"{server.origin}/help/")
    assert {name for name in pages if "/article-" in name} == {article(number) for number in range(60)}
    reached = {name: page for name, page in pages.items() if "/article-" in name or "traps" not in name}
    assert {page.outcome for name, page in reached.items() if "old" not in name} == {Outcome.FETCHED}
    assert pages[article(5)].breadcrumbs == ("Help", "Section 0")
    told = {name: (str(pages[f"help/traps/{name}"].outcome), pages[f"help/traps/{name}"].reason) for name in TOLD}
    assert {name: outcome for name, (outcome, _) in told.items()} == {
        name: outcome for name, (outcome, _) in TOLD.items()
    }
    assert {name for name, (_, reason) in told.items() if TOLD[name][1] not in reason} == set()
    assert set(crawler.left_alone.counts) == {
        "more than 50 combinations of parameters for one path",
        "more than 25 links away from the start",
        "30 pages like it said nothing new",
        "a path that repeats itself",
        "no page, by its ending",
        "robots.txt does not allow it",
        "on another site",
    }
    assert not [target for target in site.asked if "closed" in target or "sid=" in target]
    assert max(Counter(target.partition("?")[0] for target in site.asked).values()) < 70
    assert (crawler.ending, crawler.progress.done) == ("", crawler.progress.total)


TOLD = {
    "app": ("skipped", "JavaScript"),
    "login": ("skipped", "login"),
    "noindex": ("skipped", "noindex"),
    "inside": ("skipped", "on another site"),
    "bomb": ("failed", "too large"),
    "loop-b": ("failed", "circle"),
    "round?n=11": ("failed", "more than 10 redirects"),
    "missing/1": ("gone", "no such page"),
    "heals": ("fetched", ""),
    "busy": ("fetched", ""),
    "slow": ("fetched", ""),
}


def test_a_second_round_asks_only_whether_something_changed_and_takes_changed_pages_first():
    module = help_site()
    site = module.Site(60, has_traps=False)
    frontier = MemoryFrontier()
    with module.Server(site) as server:
        start = f"{server.origin}/help/"
        crawl(start, frontier)
        pages, _ = crawl(start, frontier)
        assert Counter(page.outcome for page in pages.values() if "old" not in page.address) == {Outcome.UNCHANGED: 63}
        site.edition, site.gone = 2, True
        pages, _ = crawl(start, frontier)
        changed = [name for name, page in pages.items() if page.outcome is Outcome.FETCHED]
        assert sorted(changed) == sorted(map(article, (0, 20, 40)))
        place = max(map(list(pages).index, changed))
        assert place < len(pages) / 2, "the sitemap says that they changed, so they come before most others"
        assert [name for name, page in pages.items() if page.outcome is Outcome.GONE] == [article(7)]
        assert list(pages)[-1] == article(7), "it is looked at once more when the others are through"


def test_a_page_that_is_missing_once_or_whose_server_is_in_trouble_is_not_gone():
    frontier = MemoryFrontier()
    answers = {"/": html("Home", link("a", "b", "c")), "/a": html("A", "a"), "/b": html("B", "b"), "/c": html("C", "c")}
    with serving(answers) as site:
        crawl(f"{site.origin}/", frontier)
        answers["/a"] = lambda count: html("A", "a") if site.asked["/a"] == 3 else (404, {}, b"")
        answers["/b"] = (503, {}, b"")
        answers["/c"] = (302, {"Location": "/login"}, b"")
        pages, _ = crawl(f"{site.origin}/", frontier)
        assert outcomes(pages) == {"": "unchanged", "a": "unchanged", "b": "failed", "c": "skipped"}
        answers["/a"] = answers["/b"] = (404, {}, b"")
        pages, _ = crawl(f"{site.origin}/", frontier)
        assert outcomes(pages) == {"": "unchanged", "a": "gone", "b": "gone", "c": "skipped"}
        assert frontier.find(f"{site.origin}/a").missing_since is not None
        answers["/a"] = html("A", "a")
        pages, _ = crawl(f"{site.origin}/", frontier)
        assert outcomes(pages) == {"": "unchanged", "a": "fetched", "b": "gone", "c": "skipped"}


def test_only_a_page_that_was_handed_out_is_ever_called_unchanged():
    frontier = MemoryFrontier()
    hidden = html("A", TEXT, head="<meta name=robots content=noindex>")

    def with_tag(answer):
        return answer[0], answer[1] | {"ETag": '"1"'}, answer[2]

    def not_changed(count):
        return (304, {}, b"") if "If-None-Match" in site.headers["/a"] else with_tag(html("A", TEXT))

    answers = {"/": html("Home", link("a"))}
    with serving(answers) as site:
        for answer, outcome in [
            (with_tag(hidden), "skipped"),
            ((503, {}, b""), "failed"),
            (not_changed, "fetched"),
            (not_changed, "unchanged"),
            ((410, {}, b""), "gone"),
            (not_changed, "fetched"),
        ]:
            answers["/a"] = answer
            assert outcomes(crawl(f"{site.origin}/", frontier)[0])["a"] == outcome


def test_a_page_that_moved_is_gone_at_the_old_address_and_there_at_the_new_one():
    frontier = MemoryFrontier()
    answers = {"/": html("Home", link("old")), "/old": html("Returns", TEXT * 2)}
    with serving(answers) as site:
        crawl(f"{site.origin}/", frontier)
        answers |= {"/old": (301, {"Location": "/new"}, b""), "/new": answers["/old"]}
        pages, _ = crawl(f"{site.origin}/", frontier)
        assert outcomes(pages) == {"": "unchanged", "old": "gone", "new": "fetched"}
        assert pages["new"].asked == f"{site.origin}/old"


def test_whatever_was_not_acknowledged_comes_again_and_nothing_is_lost():
    """A process that is killed leaves the frontier as it is at that moment."""
    named = [chr(ord("a") + number // 6) + chr(ord("a") + number % 6) for number in range(80)]
    answers = {f"/{named[n]}": html(named[n], link(named[2 * n], named[2 * n + 1])) for n in range(1, 40)}
    frontier = MemoryFrontier()
    with serving(answers) as site:
        used = []
        crawler = Crawler(plan(f"{site.origin}/{named[1]}", whole_site=True), frontier)
        for page in crawler.pages():
            if len(used) == 15:
                break
            used.append(page.address)
            crawler.done(page)
        after_restart = MemoryFrontier()
        after_restart.put(frontier.entries())
        pages, _ = crawl(f"{site.origin}/{named[1]}", after_restart, whole_site=True)
    fetched = [page.address for page in pages.values() if page.outcome is Outcome.FETCHED]
    assert sorted([*used, *fetched]) == sorted(f"{site.origin}{name}" for name in answers)


def test_the_stop_event_ends_the_round_at_once_even_during_a_long_pause():
    stop = threading.Event()
    with serving({"/": html("Home", link("a", "b")), "/a": html("A", "a"), "/b": html("B", "b")}) as site:
        crawler = Crawler(plan(f"{site.origin}/", mode=Mode.SINGLE, delay_seconds=600.0), stop=stop)
        threading.Timer(0.15, stop.set).start()
        assert list(crawler.pages()) == []
        assert crawler.ending == "stopped"
        assert site.asked["/a"] == 0


def test_a_host_gets_two_requests_at_a_time_and_no_more():
    under_way, most = [], []

    def slowly(count):
        under_way.append(count)
        most.append(len(under_way))
        threading.Event().wait(0.03)
        under_way.pop()
        return html("A", TEXT)

    names = "abcdefgh"
    with serving({"/": html("Home", link(*names))} | {f"/{name}": slowly for name in names}) as site:
        crawl(f"{site.origin}/")
    assert max(most) == 2


def test_a_site_whose_rules_cannot_be_read_is_left_alone_for_now():
    with serving({"/robots.txt": (503, {}, b""), "/": html("Home", TEXT)}) as site:
        pages, crawler = crawl(f"{site.origin}/")
        assert outcomes(pages) == {"": "failed"}
        assert "robots.txt cannot be read" in crawler.ending
        assert site.asked["/"] == 0


def test_a_site_that_stops_answering_is_not_asked_for_every_page():
    answers = {"/": html("Home", link(*map(str, range(60))))} | {f"/{number}": (500, {}, b"") for number in range(60)}
    with serving(answers) as site:
        pages, crawler = crawl(f"{site.origin}/", limits=Limits(tries=1))
        assert "did not answer" in crawler.ending
        assert 10 <= Counter(outcomes(pages).values())["failed"] < 20
        assert crawler.progress.done < crawler.progress.total, "the next round goes on with the rest"


def test_a_single_page_is_just_that_and_a_sitemap_gives_what_it_lists():
    answers = {"/": html("Home", link("a")), "/a": html("A", link("b")), "/b": html("B", "b")}
    with serving(answers) as site:
        assert "no sitemap was found" in crawl(f"{site.origin}/", mode=Mode.SITEMAP)[0][""].reason
        answers["/sitemap.xml"] = (200, {}, f"<urlset><url><loc>{site.origin}/a</loc></url></urlset>".encode())
        assert outcomes(crawl(f"{site.origin}/", mode=Mode.SINGLE)[0]) == {"": "fetched"}
        assert outcomes(crawl(f"{site.origin}/", mode=Mode.SITEMAP)[0]) == {"a": "fetched"}
        assert outcomes(crawl(f"{site.origin}/sitemap.xml", mode=Mode.SITEMAP)[0]) == {"a": "fetched"}


def test_one_text_under_two_addresses_is_brought_once_and_a_page_may_name_its_own_address():
    answers = {
        "/": html("Home", link("a", "b", "c?colour=red")),
        "/a": html("Returns", TEXT),
        "/b": html("Returns", TEXT),
        "/c?colour=red": html("Shoes", "shoes", head="<link rel=canonical href=/c>"),
        "/c": html("Shoes", "shoes", head="<link rel=canonical href=/c/>"),
    }
    with serving(answers) as site:
        pages, _ = crawl(f"{site.origin}/", traps=TrapLimits(pages=50))
        found = outcomes(pages)
        assert sorted([found.pop("a"), found.pop("b")]) == ["fetched", "skipped"]
        assert found == {"": "fetched", "c?colour=red": "skipped", "c": "fetched"}


def test_the_home_page_as_everyone_s_canonical_address_is_not_believed():
    head = "<link rel=canonical href=/>"
    with serving({"/": html("Home", link("a"), head=head), "/a": html("A", "a", head=head)}) as site:
        assert outcomes(crawl(f"{site.origin}/")[0]) == {"": "fetched", "a": "fetched"}


def test_a_site_that_shows_something_for_every_address_is_seen_through():
    ghost = html("Welcome", "<p>Welcome to our shop, look around.</p>")
    answers = {"/help/": html("Help", link("a", "b")), "/help/a": html("A", "a"), "/help/b": ghost}

    class Everything(dict):
        def get(self, path, default=None):
            return super().get(path) or (default if path in ("/robots.txt", "/sitemap.xml") else ghost)

    with serving(Everything(answers)) as site:
        assert outcomes(crawl(f"{site.origin}/help/")[0]) == {"help/": "fetched", "help/a": "fetched", "help/b": "gone"}


@pytest.mark.parametrize("start", ["help", "file:///etc/passwd", "http://u:p@x.example/", ""])
def test_a_start_that_is_no_web_address_is_an_error_with_its_mend(start):
    with pytest.raises(ReadError, match="is no web address"):
        Crawler(Plan(start))


def test_private_addresses_are_not_contacted_unless_that_is_allowed():
    with serving({"/": html("Secret", TEXT)}) as site:
        pages, _ = crawl(f"{site.origin}/", allow_private=False)
        assert "not contacted" in pages[""].reason
        assert not site.asked
