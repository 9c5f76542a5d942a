"""What is said for a place holds, also inside a folder that is a source already."""

import pytest

from openbook import Desk
from openbook.models import HashEmbedder

SECRET = "# Goodwill\n\nStaff may refund up to 25 pounds as goodwill.\n"


@pytest.fixture
def desk(tmp_path):
    (tmp_path / "help" / "staff").mkdir(parents=True)
    (tmp_path / "help" / "open.md").write_text("# Returns\n\nYou have 45 days.\n", "utf-8")
    (tmp_path / "help" / "staff" / "goodwill.md").write_text(SECRET, "utf-8")
    with Desk.open(tmp_path / "desk", embedder=HashEmbedder()) as opened:
        yield opened


def seen_by_all(desk):
    return {hit.path for hit in desk.search("refund goodwill pounds days").hits}


@pytest.mark.parametrize("place", ["help/staff", "help/staff/goodwill.md"])
def test_what_is_made_internal_afterwards_is_public_no_longer(desk, tmp_path, place):
    desk.add(tmp_path / "help")
    assert "staff/goodwill.md" in seen_by_all(desk)
    desk.add(tmp_path / place, audience="internal")
    assert seen_by_all(desk) == {"open.md"}
    desk.sync()
    assert seen_by_all(desk) == {"open.md"}
    assert len(desk.documents()) == 2


def test_every_document_of_a_file_that_is_made_internal_is_public_no_longer(desk, tmp_path):
    place = tmp_path / "help" / "rates.json"
    place.write_text('[{"id": 1, "title": "Refund", "body": "Staff refund 25 pounds."}]', "utf-8")
    desk.add(tmp_path / "help")
    assert len(seen_by_all(desk)) == 3
    desk.add(place, audience="internal")
    assert seen_by_all(desk) == {"open.md", "staff/goodwill.md"}
    desk.sync()
    assert seen_by_all(desk) == {"open.md", "staff/goodwill.md"}


def test_an_inner_source_is_not_read_again_as_part_of_the_outer(desk, tmp_path):
    desk.add(tmp_path / "help" / "staff", audience="internal")
    desk.add(tmp_path / "help")
    assert seen_by_all(desk) == {"open.md"}


@pytest.mark.parametrize("place", ["help/staff", "help/staff/goodwill.md"])
def test_adding_a_place_again_without_its_audience_leaves_it_as_it_was(desk, tmp_path, place):
    desk.add(tmp_path / "help")
    desk.add(tmp_path / place, audience="internal")
    desk.add(tmp_path / place)
    assert seen_by_all(desk) == {"open.md"}
    desk.add(tmp_path / place, audience="public")
    assert len(seen_by_all(desk)) == 2


def test_a_removed_inner_source_is_not_taken_over_by_the_folder_around_it(desk, tmp_path):
    staff = tmp_path / "help" / "staff"
    desk.add(tmp_path / "help")
    desk.add(staff, audience="internal")
    desk.remove(str(staff))
    report = desk.sync()
    assert {file.path: file.outcome for file in report.files} == {
        "open.md": "unchanged",
        "staff/goodwill.md": "skipped",
    }
    assert [document.path for document in desk.documents()] == ["open.md"]
    desk.add(staff / "goodwill.md")
    assert str(staff / "goodwill.md") in {source.location for source in desk.sources()}


def test_the_last_file_of_a_folder_may_move_into_an_inner_source(desk, tmp_path):
    staff = tmp_path / "help" / "staff"
    desk.add(tmp_path / "help")
    desk.add(staff, audience="internal")
    (tmp_path / "help" / "open.md").rename(staff / "open.md")
    desk.sync()
    assert {(item.path, item.audiences) for item in desk.documents()} == {
        ("goodwill.md", ("internal",)),
        ("open.md", ("internal",)),
    }
