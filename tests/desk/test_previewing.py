"""An edit tried out in a copy: which past answers would change, and that the desk itself does not."""

import pytest
from sqlalchemy import func, select

from ingest.web.serving import html, serving
from openbook import Desk
from openbook.errors import NotFound, ReadError, UserError
from openbook.models import HashEmbedder
from openbook.stores.rows import counted
from openbook.stores.schema import metadata
from openbook.types import AskRequest, Metadata, SourceOptions

GIFT_CARDS = "# Gift cards\n\nA gift card is valid for 24 months from the day of purchase.\n"
EDITED = GIFT_CARDS.replace("24", "36")
DELIVERY = "# Delivery\n\nStandard delivery to Ireland takes five working days.\n"
VALID = "How long is a gift card valid?"
TAKES = "How long does standard delivery to Ireland take?"
WRAPPED = "Can a present be wrapped in paper?"
WRAPPING = "# Wrapping\n\nYes, a present can be wrapped in paper for two pounds.\n"
SETTINGS = {"threshold": 0.3}


def begun(place):
    """A folder with two articles, and an open desk that was asked three questions, one without an answer."""
    (place / "articles").mkdir()
    (place / "articles" / "gift-cards.md").write_text(GIFT_CARDS, "utf-8")
    (place / "articles" / "delivery.md").write_text(DELIVERY, "utf-8")
    desk = Desk.open(place / "desk", settings=SETTINGS, embedder=HashEmbedder())
    desk.add(place / "articles")
    for question in (VALID, TAKES, WRAPPED):
        desk.ask(question)
    return desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A desk for all tests that only preview, for a preview leaves it as it is."""
    with begun(tmp_path_factory.mktemp("desk")) as opened:
        yield opened


@pytest.fixture
def own_desk(tmp_path):
    """A desk of the test's own."""
    with begun(tmp_path) as opened:
        yield opened


@pytest.fixture
def articles(tmp_path):
    return tmp_path / "articles"


def state(desk):
    """Everything that a preview must leave as it is: every row of every table, the index, the generation."""
    with desk.parts.database.read() as connection:
        rows = {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar()
            for table in metadata.sorted_tables
        }
        generation = counted(connection, "main", "generation")
    return rows, generation, desk.parts.index.ids("main"), desk.documents()


def changes(preview):
    return {item.question: item.change for item in preview.changes}


def test_an_edit_shows_the_answers_that_it_changes_and_the_desk_stays_as_it_is(desk, tmp_path):
    before = state(desk)
    (tmp_path / "gift-cards.md").write_text(EDITED, "utf-8")
    told = []
    preview = desk.preview(tmp_path / "gift-cards.md", progress=told.append)
    assert changes(preview) == {VALID: "other words"}
    [change] = preview.changes
    assert ("24 months" in change.before.text, "36 months" in change.after.text) == (True, True)
    assert (preview.known, len(preview.compared), preview.hold, preview.notices) == (3, 3, "", ())
    [document] = [item for item in desk.documents() if item.path == "gift-cards.md"]
    assert (preview.path, preview.document_id) == ("gift-cards.md", document.id)
    assert (told[-1].done, told[-1].total, told[-1].unit) == (3, 3, "questions")
    assert state(desk) == before


def test_an_edit_without_consequence_changes_no_answer(desk):
    assert changes(desk.preview("gift-cards.md", text=GIFT_CARDS)) == {}


def test_a_new_document_answers_a_question_that_nothing_answered(desk):
    preview = desk.preview("wrapping.md", text=WRAPPING)
    assert preview.document_id == ""
    assert changes(preview) == {WRAPPED: "answered now"}
    assert "two pounds" in preview.changes[0].after.text
    assert preview.to_dict()["changed"] == 1


def test_an_edit_that_takes_an_answer_away_comes_first(desk):
    preview = desk.preview("an-edit.md", text="# Gift cards\n\nThey come in blue.\n", document="gift-cards.md")
    assert preview.compared[0].question == VALID
    assert preview.compared[0].change in ("answered no more", "another answer")


def test_a_draft_is_tried_as_if_it_were_approved_and_says_that_it_would_wait(own_desk, articles):
    desk = own_desk
    desk.approve("gift-cards.md", version=1)
    preview = desk.preview("gift-cards.md", text=f"---\nstatus: draft\n---\n{EDITED}")
    assert "marked as a draft" in preview.hold
    assert changes(preview) == {VALID: "other words"}
    desk.add(articles, options=SourceOptions(review=True))
    assert "waits for approval" in desk.preview("gift-cards.md", text=EDITED).hold


def test_past_questions_are_asked_with_the_rights_they_were_asked_with(own_desk):
    desk = own_desk
    staff = Metadata(audiences=("internal",))
    desk.put_document("rates.md", "# Rates\n\nStaff pay half of the price.\n", metadata=staff)
    question = "What do staff pay of the price?"
    desk.ask(question)
    desk.ask(AskRequest(question, audiences=("public", "internal")))
    preview = desk.preview("rates.md", text="# Rates\n\nStaff pay a third of the price.\n")
    assert [(item.question, item.audiences) for item in preview.changes] == [(question, ("public", "internal"))]


def test_the_questions_that_met_the_document_are_asked_first(own_desk):
    for number in range(4):
        own_desk.ask(AskRequest(f"What does partner {number} pay?", audiences=("partner",)))
    preview = own_desk.preview("gift-cards.md", text=EDITED, limit=3)
    assert (preview.known, len(preview.compared)) == (7, 3)
    assert {item.question for item in preview.compared} == {VALID, TAKES, WRAPPED}


def test_where_nothing_was_asked_it_says_so(desk):
    preview = desk.preview("gift-cards.md", text=EDITED, tenant="other")
    assert (preview.known, preview.compared) == (0, ())
    assert "No question was asked yet" in preview.notices[0]


def test_a_web_page_is_previewed_from_a_file(tmp_path):
    with serving({"/help/gifts.php": html("Gift cards", "<p>A gift card is valid for 24 months.</p>")}) as site:
        settings = SETTINGS | {"crawl.private": True, "crawl.delay_seconds": 0}
        with Desk.open(tmp_path / "desk", settings=settings, embedder=HashEmbedder()) as desk:
            desk.add(f"{site.origin}/help/gifts.php")
            desk.ask(VALID)
            [document] = desk.documents()
            preview = desk.preview("edit.md", text=EDITED, document=document.path)
            assert (preview.path, preview.document_id) == (document.path, document.id)
            assert changes(preview) == {VALID: "other words"}
            assert preview.changes[0].after.citations[0].url == document.url


@pytest.mark.parametrize(
    ("file", "text", "options", "kind", "said"),
    [
        ("gift-cards.md", EDITED, {"document": "nothing.md"}, NotFound, "There is no document 'nothing.md'"),
        ("list.json", '[{"title": "A", "body": "B"}]', {}, ReadError, "holds many documents"),
        ("empty.md", "", {}, ReadError, "empty"),
        ("nowhere.md", None, {}, ReadError, "cannot be read"),
    ],
)
def test_what_cannot_be_previewed_is_said(desk, file, text, options, kind, said):
    with pytest.raises(kind, match=said) as caught:
        desk.preview(file, text=text, **options)
    assert caught.value.fix


def test_a_name_that_means_two_documents_is_refused(own_desk, articles):
    (articles / "sub").mkdir()
    (articles / "sub" / "delivery.md").write_text(DELIVERY, "utf-8")
    own_desk.sync()
    with pytest.raises(UserError, match="means 2 documents"):
        own_desk.preview("delivery.md", text=DELIVERY)
    assert own_desk.preview(articles / "sub" / "delivery.md").path == "sub/delivery.md"


def test_it_is_the_same_from_another_process(desk):
    here = desk.preview("gift-cards.md", text=EDITED)
    before = state(desk)
    with Desk.open(desk.path) as caller:
        assert not caller.holds
        there = caller.preview("gift-cards.md", text=EDITED)
        with pytest.raises(NotFound, match=r"There is no document 'nothing\.md'"):
            caller.preview("gift-cards.md", text=EDITED, document="nothing.md")
    assert (changes(there), there.known) == (changes(here), here.known)
    assert [item.after.text for item in there.compared] == [item.after.text for item in here.compared]
    assert state(desk) == before
