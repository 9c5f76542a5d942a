"""The owner's pages as a browser without scripts gets them: what they show, and what their forms do."""

import re
from dataclasses import replace

import pytest

from openbook.server.pace import Step
from openbook.server.rendering import Pages
from openbook.types import Dispute, Span, Statement
from server.running import page_of

PLACES = ["/owner", "/owner/sources", "/owner/waiting", "/owner/articles", "/owner/contradictions", "/owner/preview"]
HOSTILE = "<script>window.hacked = 1</script>"


def submit(client, place, page, **fields):
    """Sends a form as the page had it."""
    token = re.search(r'name="form_token" value="([0-9a-f]+)"', page.text)[1]
    return client.post(place, data={"form_token": token, **fields}, follow_redirects=True)


@pytest.fixture
def reviewed(boss, articles):
    """A folder whose articles wait, added by the page."""
    folder = articles(canoes=f"# Canoes {HOSTILE}\n\nA canoe costs 77 pounds.")
    page = boss.get("/owner/sources")
    added = submit(boss, "/owner/sources", page, location=str(folder), review="on", every_minutes="60")
    assert added.status_code == 200 and "1 waiting" in added.text and "every hour" in added.text
    [waiting] = [
        item for item in boss.get("/v1/documents?waiting=true").json()["documents"] if "Canoes" in item["title"]
    ]
    yield waiting
    boss.delete(f"/v1/sources/{waiting['source_id']}")


def test_every_page_is_named_labelled_and_free_of_scripts_of_its_own(boss, reviewed):
    for place in (*PLACES, "/owner/contradictions?look=true", "/owner/articles?q=zzz&page=9"):
        page = page_of(boss.get(place))
        assert page.findtext("head/title").endswith("– Openbook") and len(page.findall(".//h1")) == 1
        assert len(page.xpath("//nav[@aria-label='Owner']/a[@aria-current='page']")) == 1
        identifiers = page.xpath("//@id")
        assert len(identifiers) == len(set(identifiers))
        for field in page.xpath("//textarea | //select | //input[@type != 'hidden'] | //input[not(@type)]"):
            assert page.xpath(f"//label[@for='{field.get('id')}']"), (place, field.get("id"))
        for form in page.xpath("//form[@method='post']"):
            assert form.xpath("input[@name='form_token']")
        assert not page.xpath("//@style | //@onclick | //script[not(@src)]")
        assert all(script.get("src").startswith("/static/") for script in page.xpath("//script"))


@pytest.mark.parametrize("place", [place for place in PLACES if place != "/owner"])
def test_nobody_but_the_owner_sees_a_page(stranger, keyed, place):
    for client in (stranger, keyed("public", "internal")):
        response = client.get(place)
        assert (response.status_code, response.headers["location"]) == (303, "/owner")


FORMS = [
    "/owner/sources",
    "/owner/sources/src_1/sync",
    "/owner/sources/src_1/stop",
    "/owner/sources/src_1/remove",
    "/owner/waiting/doc_1/approve",
    "/owner/articles/doc_1/revert",
    "/owner/articles/doc_1/remove",
    "/owner/preview",
]


@pytest.mark.parametrize("place", FORMS)
def test_a_form_is_done_only_for_the_owner_and_only_with_its_token(boss, stranger, keyed, place):
    for client in (stranger, keyed("public")):
        assert client.post(place, data={"form_token": "0" * 64}).status_code == 303
    for fields in ({}, {"form_token": "0" * 64}):
        assert boss.post(place, data=fields).status_code == 403
    assert boss.post(place, data={f"field-{number}": "" for number in range(50)}).status_code == 400


def test_an_article_that_waits_is_shown_with_its_reason_and_approved(boss, stranger, reviewed):
    page = boss.get("/owner/waiting")
    assert reviewed["hold"] in page.text and HOSTILE not in page.text
    version = boss.get(f"/owner/articles/{reviewed['id']}/versions/1")
    assert "77 pounds" in version.text and "Approve this version" in version.text
    done = submit(boss, f"/owner/waiting/{reviewed['id']}/approve", page, version="1")
    assert "serves now, as version 1" in done.text
    assert "77 pounds" in stranger.post("/v1/search", json={"query": "canoe"}).text


def test_a_draft_is_listed_beside_what_waits_and_approved_as_well(boss, stranger, workshop):
    text = "---\nstatus: draft\n---\n# Zorbing\n\nZorbing costs 55 pounds."
    document = workshop.put_document("zorbing.md", text).document_id
    assert stranger.get(f"/source/{document}/1").status_code == 404
    page = boss.get("/owner/waiting")
    assert "Zorbing" in page_of(page).xpath("string(//section[@aria-labelledby='drafts-title'])")
    submit(boss, f"/owner/waiting/{document}/approve", page)
    assert stranger.get(f"/source/{document}/1").status_code == 200


def test_an_article_shows_its_versions_and_goes_back_to_one(boss, workshop):
    for price in (3, 4):
        workshop.put_document("corks.md", f"---\nupdated_at: 2019-01-0{price}\n---\n# Corks\n\nA cork costs {price}.")
    document = next(item.id for item in workshop.documents() if item.path == "corks.md")
    listed = page_of(boss.get("/owner/articles?q=corks"))
    row = listed.xpath("string(//tbody/tr)")
    assert "Corks" in row and "4 January 2019" in row and "years old" in row
    page = boss.get(f"/owner/articles/{document}")
    states = page_of(page).xpath("//section[@aria-labelledby='versions-title']//tbody/tr/td[1]/text()")
    assert states == ["serves now", "served before"] and "not changed for" in page.text
    done = submit(boss, f"/owner/articles/{document}/revert", page, version="1")
    assert "Version 1 serves now" in done.text


def test_removing_asks_first_and_shows_the_receipt(boss, workshop):
    document = workshop.put_document("whistles.md", "# Whistles\n\nA whistle costs 2 pounds.").document_id
    page = boss.get(f"/owner/articles/{document}/remove")
    assert "Whistles" in page_of(page).findtext(".//h1/span")
    receipt = submit(boss, f"/owner/articles/{document}/remove", page, erase="on")
    ledger = page_of(receipt)
    left = {row.findtext("dt"): row.findtext("dd") for row in ledger.xpath("//dl[@class='ledger']/div")}
    assert left["Live versions left"] == left["Texts left in history"] == "0"
    assert "nothing of it serves any more" in receipt.text
    assert boss.get(f"/owner/articles/{document}/remove").status_code == 404


def test_a_source_is_read_again_and_removed_by_its_buttons(boss, reviewed):
    place = f"/owner/sources/{reviewed['source_id']}"
    page = boss.get("/owner/sources")
    assert "1 unchanged" in submit(boss, f"{place}/sync", page).text
    assert submit(boss, f"{place}/stop", page).status_code == 200
    receipt = submit(boss, f"{place}/remove", boss.get(f"{place}/remove"))
    assert "Deletion receipt" in receipt.text
    assert reviewed["source_id"] not in boss.get("/owner/sources").text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"location": "/nowhere/at/all"}, "There is nothing at /nowhere/at/all"),
        ({"location": "ftp://x"}, "is no web address"),
        ({"location": "/tmp", "every_minutes": "soon"}, "is no number of minutes"),
        ({"location": ""}, "location"),
    ],
)
def test_a_source_that_cannot_be_added_leaves_the_form_as_it_was(boss, fields, said):
    response = submit(boss, "/owner/sources", boss.get("/owner/sources"), review="on", product="Kites", **fields)
    page = page_of(response)
    assert response.status_code in (400, 422)
    assert said in page.xpath("string(//*[@role='alert'])")
    assert page.xpath("//input[@id='location']/@value") == [fields["location"]]
    assert page.xpath("//input[@id='review']/@checked") and page.xpath("//input[@id='product']/@value") == ["Kites"]


def test_an_edit_is_shown_side_by_side_and_a_bad_one_keeps_its_text(boss, stranger, workshop):
    workshop.put_document("bells.md", "# Bells\n\nThe bicycle bell weighs 90 grams.")
    stranger.post("/v1/ask", json={"question": "How much does the bicycle bell weigh?"})
    page = boss.get("/owner/preview")
    shown = page_of(
        submit(boss, "/owner/preview", page, document="bells.md", text="# Bells\n\nThe bicycle bell weighs 70 grams.")
    )
    [sheet] = [item for item in shown.xpath("//article") if "bicycle bell weigh?" in item.text_content()]
    now, then = sheet.xpath(".//div[@class='side']")
    assert "90 grams" in now.text_content() and "70 grams" in then.text_content()
    wrong = page_of(submit(boss, "/owner/preview", page, document="no-such.md", text="My words"))
    assert "no-such.md" in wrong.xpath("string(//*[@role='alert'])")
    assert wrong.xpath("string(//textarea)").strip() == "My words"


def test_the_sides_of_a_contradiction_stand_beside_each_other():
    one = Statement("doc_1", 1, "a.md", "Returns", ("Window",), f"30 days {HOSTILE}", Span(0, 5), ("public",))
    disputes = [Dispute(one, replace(one, title="Refunds", text="45 days"), "days", "30, not 45", 0.9, ("How long?",))]
    frame = {"form_token": "0", "waiting_count": 0}
    shown = Pages(stale_after_days=365).render("owner_contradictions.html", disputes=disputes, most=50, **frame)
    assert all(words in shown for words in ("Returns", "Refunds", "45 days", "30, not 45", "How long?"))
    assert HOSTILE not in shown


def test_a_reading_under_way_is_shown_with_its_time_left(boss, workshop, workshop_address, articles):
    shown = Pages(stale_after_days=365).render(
        "owner_sources.html",
        rows=[],
        others={"/a": Step(40, 120, "files", "returns.md", 12)},
        form=dict.fromkeys(("location", "audience", "locale", "product", "every_minutes"), ""),
        problem=None,
        usual_minutes=0,
        form_token="0",
        waiting_count=0,
    )
    assert "40 of 120 files, about 12 seconds left" in shown
    assert '<noscript><meta http-equiv="refresh"' in shown
    assert boss.get("/owner/sources/under-way").json() == {}
