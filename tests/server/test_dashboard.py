"""`/v1/stats` and the page of numbers: who may see them, what they say of many, of few and of none."""

from datetime import timedelta

import httpx
import pytest

from openbook import Desk
from openbook.models import HashEmbedder
from openbook.server import create_app
from openbook.server.routes.dashboard import CHART_HEIGHT, CHART_WIDTH, bars
from openbook.stores.facts import Fact, FactKind, put_facts
from openbook.types import utc_now
from openbook.types.people import KEY_ROLES
from openbook.types.stats import LABELS, OUTCOMES, Tally
from server.running import page_of, running

K = FactKind
HOSTILE = "<script>window.hacked = 1</script>"


def happened():
    """Forty conversations of the days before yesterday: thirty-five confirmed, five handed over."""
    for number in range(40):
        at = utc_now() - timedelta(days=2 + number % 3, minutes=number)
        conversation, answer, hand_off = f"con_{number}", f"ans_{number}", f"hnd_{number}"
        if number < 5:
            yield Fact(K.HANDED_OVER, conversation, hand_off, at, HOSTILE, "web")
            yield Fact(K.CLAIMED, conversation, hand_off, at, seconds=120.0)
        else:
            yield Fact(K.ANSWERED, conversation, answer, at, "", HOSTILE, 0.02)
            yield Fact(K.CONFIRMED, conversation, answer, at + timedelta(minutes=1), "", "web")


@pytest.fixture(scope="module")
def busy(tmp_path_factory):
    """A desk with conversations, and its server's address."""
    folder = tmp_path_factory.mktemp("busy") / "desk"
    with Desk.open(folder, must_hold=True, embedder=HashEmbedder()) as opened:
        opened.parts.database.write(lambda connection: put_facts(connection, "main", happened()))
        with running(create_app(opened, turns=2)) as address:
            yield opened, address


@pytest.fixture
def signed_in(busy):
    opened, address = busy
    session = opened.doorkeeper.spend_link(opened.doorkeeper.new_link())
    with httpx.Client(base_url=address, cookies={"openbook_session": session}) as client:
        yield client


def words(page):
    return " ".join(page.text_content().split())


def test_the_numbers_come_as_json_with_their_meaning(signed_in):
    found = signed_in.get("/v1/stats?days=7").json()
    assert (found["total"]["conversations"], found["total"]["confirmed"], found["total"]["handed_over"]) == (40, 35, 5)
    assert found["rates"]["confirmed"]["value"] == 0.875
    assert found["rates"]["confirmed"]["firm"] is True
    assert len(found["by_day"]) == 7
    assert set(OUTCOMES) <= set(found["meaning"])


def test_a_day_s_numbers_can_be_asked_for(signed_in):
    day = (utc_now() - timedelta(days=30)).date()
    found = signed_in.get(f"/v1/stats?since={day}&until={day}").json()
    assert (found["total"]["conversations"], [tally["name"] for tally in found["by_day"]]) == (0, [str(day)])


@pytest.mark.parametrize("query", ["days=0", "days=many", "days=9999", "since=yesterday", f"until={'9' * 99}"])
def test_a_period_that_cannot_be_is_a_problem_with_a_fix(signed_in, query):
    response = signed_in.get(f"/v1/stats?{query}")
    assert 400 <= response.status_code < 500
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["fix"]


def test_only_those_whose_role_allows_it_see_the_numbers(busy):
    opened, address = busy
    allowed = {}
    for role in KEY_ROLES:
        secret = opened.add_key(f"program of {role}", role).secret
        headers = {"Authorization": f"Bearer {secret}"}
        allowed[role] = httpx.get(f"{address}/v1/stats", headers=headers).status_code
    assert allowed == {"content": 200, "operator": 403, "lead": 200, "auditor": 200}
    assert httpx.get(f"{address}/v1/stats").status_code == 401
    page = httpx.get(f"{address}/dashboard")
    assert (page.status_code, page.headers["location"].partition("?")[0]) == (303, "/owner")


def test_the_page_shows_shares_with_intervals_reasons_and_times(signed_in):
    page = page_of(signed_in.get("/dashboard?days=7"))
    said = words(page)
    assert "88% Confirmed 35 of 40; 95% interval 74 to 95%." in said
    assert [HOSTILE, "5"] in [row.xpath("*/text()") for row in page.xpath("//tbody/tr")]
    assert "Until somebody took it" in said and "2 min" in said
    assert "too few to say" in said
    assert page.xpath("//nav[@aria-label='Period']/a[@aria-current='page']/@href") == ["/dashboard?days=7"]
    assert page.xpath("//nav[@aria-label='Owner']/a[@aria-current='page']/text()") == ["Numbers"]


def test_the_page_has_its_chart_as_a_table_too_and_nothing_that_needs_a_script(signed_in):
    page = page_of(signed_in.get("/dashboard"))
    [chart] = page.xpath("//svg[@role='img']")
    assert "in the table below" in chart.get("aria-label")
    rows = page.xpath("//details//table[contains(caption, 'by the day')]/tbody/tr")
    assert len(rows) == len(chart.findall("g")) == 30
    assert sum(int(row.findall("td")[0].text) for row in rows) == 40
    assert not page.xpath("//@style | //@onclick | //style | //script[not(@src)]")
    identifiers = page.xpath("//@id")
    assert len(identifiers) == len(set(identifiers))
    assert len(page.findall(".//h1")) == 1
    assert signed_in.get("/static/dashboard.css").status_code == 200


@pytest.mark.parametrize("days", ["0", "-1", "many", "²", "9999", HOSTILE])
def test_a_link_with_a_strange_period_shows_the_usual_one(signed_in, days):
    page = page_of(signed_in.get("/dashboard", params={"days": days}))
    assert page.xpath("//nav[@aria-label='Period']/a[@aria-current='page']/text()") == ["30 days"]


def test_of_few_conversations_no_share_is_shown(boss, workshop):
    answer = Fact(K.ANSWERED, "con_few", "ans_few", utc_now() - timedelta(days=2), "", "web", 0.1)
    workshop.parts.database.write(lambda connection: put_facts(connection, "main", [answer]))
    page = page_of(boss.get("/dashboard?days=7"))
    assert "With fewer than 30 no share is shown." in words(page)
    assert not [text for text in page.xpath("//td/text()") if "%" in text]


def test_where_nothing_happened_the_page_says_what_to_do(tmp_path):
    with Desk.open(tmp_path / "desk", must_hold=True, embedder=HashEmbedder()) as opened:
        session = opened.doorkeeper.spend_link(opened.doorkeeper.new_link())
        with (
            running(create_app(opened, turns=1)) as address,
            httpx.Client(base_url=address, cookies={"openbook_session": session}) as client,
        ):
            page = page_of(client.get("/dashboard"))
            assert "No conversation began in these days" in words(page)
            assert page.xpath("//a[@class='button']/@href") == ["/dashboard?days=90"]
            assert not page.xpath("//svg[@role='img']")


def test_the_bars_of_a_day_are_as_high_as_its_conversations_and_stay_inside():
    def day(name, **counts):
        return Tally(name, **{**dict.fromkeys(("conversations", "young", "answered", *OUTCOMES), 0), **counts})

    drawn = bars(
        [
            day("a", conversations=4, confirmed=1, rejected=1, unknown=1, young=1),
            day("b"),
            day("c", conversations=2, assumed=2),
        ]
    )
    heights = [round(sum(piece.height for piece in bar.pieces), 1) for bar in drawn]
    assert heights == [CHART_HEIGHT, 0, CHART_HEIGHT / 2]
    assert [piece.series for piece in drawn[0].pieces] == ["confirmed", "others", "young"]
    assert min(piece.y for bar in drawn for piece in bar.pieces) == 0
    assert all(bar.x >= 0 and bar.x + bar.width <= CHART_WIDTH for bar in drawn)
    assert drawn[2].words == "c: 2 conversations"
    assert bars([day("a")]) == ()


def test_everything_that_is_shown_has_a_name():
    assert set(OUTCOMES) <= set(LABELS)
