"""The page of a backtest: its words, its safety, and what it says where there is nothing."""

import re
from datetime import UTC, datetime

from lxml import html

from evals.backtests import ELSE, rehearsal, ticket
from openbook.evals.backtest import backtest
from openbook.evals.pages.backtest_page import backtest_page

MADE_AT = datetime(2026, 6, 4, 14, 5, tzinfo=UTC)
HOSTILE = '<script>alert(1)</script><img src=x onerror="x()">\ud800'


def page_of(pairs, **options):
    made = [rehearsal for _, rehearsal in pairs]
    result = backtest(
        [ticket for ticket, _ in pairs], rehearse=lambda asked: made, embed=None, threshold=0.7, **options
    )
    return backtest_page(result, name="June", made_at=MADE_AT)


def words_of(page, section):
    return re.sub(r"\s+", " ", " ".join(html.fromstring(page).get_element_by_id(section).itertext()))


def test_the_verdict_is_in_words_and_agreement_is_called_a_hint():
    pairs = [(ticket(1), rehearsal(0.9)), (ticket(2, told=ELSE), rehearsal(0.8)), (ticket(3), rehearsal(0.1))]
    words = words_of(page_of(pairs, by_time=True), "verdict")
    assert "Of 3 past tickets, 2 would have been answered (67 %)" in words
    assert "2 answers can be compared with what customers were told then: 50 % agree" in words
    assert "solved on days before the question was asked" in words
    assert "No promise may rest on it." in words
    assert "articles of today" in words_of(page_of(pairs), "verdict")


def test_everything_is_escaped_and_nothing_is_loaded_or_run():
    asked = ticket(1, asked=f"How? {HOSTILE}", told=f"{ELSE} {HOSTILE}", queue=HOSTILE)
    page = page_of([(asked, rehearsal(0.9, title=HOSTILE, reason=HOSTILE))])
    page.encode("utf-8")
    found = html.fromstring(page)
    assert not found.xpath("//script | //img | //link | //iframe | //@onerror | //object")
    assert [address for address in found.xpath("//@href | //@src") if not address.startswith("#")] == []
    assert page.count("&lt;script&gt;") >= 4


def test_a_page_without_any_answer_says_so():
    page = page_of([(ticket(1), rehearsal(0.9, sendable=False, reason="The customer asked for a person."))])
    assert "0 would have been answered" in words_of(page, "verdict")
    assert "No answer differs clearly" in words_of(page, "differing")
    assert "No answer was held back." in words_of(page, "withheld")
    assert "nan" not in page
