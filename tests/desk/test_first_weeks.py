"""What people do with their articles in the first weeks, and must not be surprised by."""

import pytest

from openbook import Desk
from openbook.errors import UserError
from openbook.models import HashEmbedder
from openbook.types import INTERNAL, PUBLIC, SourceOptions

TICKET = (
    '{"id": "T-1", "subject": "Zip", "solved": true, "resolution": "Rub a candle along the zip and it runs again.",'
    ' "messages": [{"from": "customer", "text": "The zip of my jacket is stuck."},'
    ' {"from": "operator", "text": "Rub a candle along the zip and it runs again."}]}\n'
)


@pytest.fixture
def desk(tmp_path):
    with Desk.open(tmp_path / "desk", embedder=HashEmbedder()) as opened:
        yield opened


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "articles" / "inner").mkdir(parents=True)
    return tmp_path / "articles"


def said_to(desk, *audiences):
    return {document.path for document in desk.documents() if set(document.audiences) & set(audiences)}


def test_a_place_inside_a_staff_folder_stays_for_staff_and_reviewed(desk, folder):
    (folder / "inner" / "a.md").write_text("The margin on tents is 40 percent.")
    desk.add(folder, audience=INTERNAL, options=SourceOptions(review=True))
    desk.add(folder / "inner")
    desk.add(folder / "inner" / "a.md", product="tents")
    assert said_to(desk, PUBLIC) == set()
    waiting = desk.documents(waiting=True)
    assert {document.audiences for document in waiting} == {(INTERNAL,)}


def test_an_erased_ticket_is_gone_from_the_material_and_stays_away(desk, folder, tmp_path):
    (folder / "t.jsonl").write_text(TICKET)
    desk.add(folder)
    desk.remove("t.jsonl#//ticket T-1")
    assert desk.remove("t.jsonl#//ticket T-1", erase=True).texts_left == 0
    assert desk.export_tickets(tmp_path / "out.jsonl") == 0
    (folder / "t.jsonl").write_text(TICKET + "\n")
    desk.sync()
    assert desk.export_tickets(tmp_path / "out.jsonl") == 0


def test_files_whose_names_are_shown_alike_are_named_and_the_rest_is_read(desk, folder):
    for name in (b"c\xff.md", b"c\xfe.md", b"d.md"):
        (folder / name.decode("utf-8", "surrogateescape")).write_text(f"Text of {name!r}.")
    report = desk.add(folder)
    assert [file.outcome for file in report.files] == ["read", "skipped", "read"]
    assert "cannot be told from another" in report.files[1].reason


def test_an_older_version_for_more_people_does_not_come_back(desk, folder):
    (folder / "q.md").write_text("The old price is 5 euros.")
    desk.add(folder)
    (folder / "q.md").write_text("---\naudience: internal\n---\nThe new price is 6 euros.")
    desk.sync()
    with pytest.raises(UserError, match="was for public as well"):
        desk.revert("q.md")
    assert said_to(desk, PUBLIC) == set()


def test_reverting_twice_goes_further_back(desk, folder):
    for number in (1, 2, 3):
        desk.put_document("v.md", f"This is text {number}.")
    assert [desk.revert("v.md").version, desk.revert("v.md").version] == [2, 1]


@pytest.mark.parametrize(
    "text",
    ["---\ndraft: true\n---\nX.", "---\nPublished: false\n---\nX.", "---\nSTATUS: Draft\n---\nX."],
)
def test_a_draft_is_a_draft_however_it_is_said(desk, text):
    desk.put_document("d.md", text)
    assert [document.status for document in desk.documents()] == ["draft"]


def test_an_audience_is_found_whatever_the_case_of_its_name(desk):
    desk.put_document("d.md", "---\nAudience: Internal\n---\nX.")
    assert [document.audiences for document in desk.documents()] == [(INTERNAL,)]


@pytest.mark.parametrize(
    "text", ["+++\ndraft = true\n+++\nX.", "---\naudience: internal\n\nX.", "---\na: " + "x" * 100_001 + "\n---\nX."]
)
def test_front_matter_that_cannot_be_read_publishes_nothing(desk, text):
    with pytest.raises(UserError, match="nobody knows who may read it"):
        desk.put_document("d.md", text)


def test_a_table_with_a_column_of_audiences_is_not_published(desk):
    with pytest.raises(UserError, match="a column is called 'audience'"):
        desk.put_document("faq.csv", "question,answer,audience\nWhat is the margin?,40 percent,internal\n")


def test_a_name_that_means_two_documents_removes_neither(desk, tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "README.md").write_text(f"Text {name}.")
        desk.add(tmp_path / name)
    with pytest.raises(UserError, match="means 2 documents"):
        desk.remove("README.md", erase=True)
    assert len(desk.documents()) == 2


def test_a_title_is_for_a_single_file(desk, folder):
    (folder / "a.md").write_text("# A\n\nText.")
    with pytest.raises(UserError, match="is for a single file"):
        desk.add(folder, title="Zed")


def test_what_a_removed_source_left_can_be_erased_by_its_id(desk, folder):
    (folder / "a.md").write_text("# A\n\nText.")
    [source] = desk.add(folder).source_ids
    desk.remove(source)
    assert desk.remove(source, erase=True).texts_left == 0
