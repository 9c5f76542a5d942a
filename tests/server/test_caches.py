"""What the server remembers shows nothing that was taken out of service."""

from datetime import timedelta

import pytest

from openbook import Desk
from openbook.models import HashEmbedder
from openbook.server.examples import Examples
from openbook.types import utc_now

TITLE = "Why do kites fly?"
TEXT = f"# {TITLE}\n\nKites fly because of the wind."


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    folder = tmp_path_factory.mktemp("small") / "desk"
    with Desk.open(folder, must_hold=True, embedder=HashEmbedder()) as desk:
        yield desk


@pytest.fixture
def small(opened):
    """A desk with one article, and with no more when the test is over."""
    opened.put_document("other.md", "# Where are kites sold?\n\nIn the shop.")
    yield opened
    for document in opened.documents():
        opened.remove(document.id)


@pytest.fixture
def shown(small):
    """The example questions, looked at once while the article serves."""
    small.put_document("kites.md", TEXT)
    examples = Examples(small)
    assert TITLE in examples.look()[1]
    return examples


def with_front_matter(line):
    return f"---\n{line}\n---\n{TEXT}"


@pytest.mark.parametrize(
    "line", ["status: draft", "valid_until: 2020-01-01", "valid_from: 2999-01-01", "audience: internal"]
)
def test_an_article_that_serves_the_public_no_more_is_no_example(small, shown, line):
    small.put_document("kites.md", with_front_matter(line))
    assert shown.look() == (1, ["Where are kites sold?"])


@pytest.mark.parametrize("erase", [False, True])
def test_a_removed_article_is_no_example(small, shown, erase):
    small.remove("kites.md", erase=erase)
    assert TITLE not in shown.look()[1]


def test_a_new_title_replaces_the_old_one(small, shown):
    small.put_document("kites.md", TEXT.replace(TITLE, "Why do dragons fly?"))
    assert set(shown.look()[1]) == {"Why do dragons fly?", "Where are kites sold?"}


def test_an_article_whose_time_runs_out_meanwhile_is_no_example(small):
    soon = (utc_now() + timedelta(seconds=0.3)).isoformat()
    small.put_document("kites.md", with_front_matter(f"valid_until: {soon}"))
    examples = Examples(small)
    if TITLE not in examples.look()[1]:
        pytest.skip("this machine was busy for longer than the article is valid")
    while utc_now().isoformat() < soon:
        pass
    assert TITLE not in examples.look()[1]


def test_what_changes_elsewhere_keeps_the_examples_as_they_are(small, shown):
    before = shown.look()
    small.put_document("third.md", "# What do kites cost?\n\nTen pounds.")
    assert shown.look() == before
    small.remove("other.md")
    assert set(shown.look()[1]) == {TITLE, "What do kites cost?"}


def test_a_desk_that_was_empty_shows_its_first_article_at_once(small):
    small.remove("other.md")
    examples = Examples(small)
    assert examples.look() == (0, [])
    small.put_document("kites.md", TEXT)
    assert examples.look() == (1, [TITLE])


def test_no_page_shows_what_was_removed(boss, stranger, workshop):
    """Answers, cards, passages and the pages of the owner are made anew each time."""
    document = workshop.put_document("zeppelins.md", "# Zeppelins\n\nA zeppelin ride costs 313 pounds.").document_id
    places = ["/?q=What does a zeppelin ride cost", "/search?q=zeppelin ride", f"/source/{document}/1"]
    assert all("313 pounds" in stranger.get(place).text for place in places)
    boss.delete(f"/v1/documents/{document}?erase=true")
    assert not [place for place in places if "313 pounds" in stranger.get(place).text]
    assert stranger.get(f"/source/{document}/1/passages?span=0-5").status_code == 404
    for place in ("/owner/articles", f"/owner/articles/{document}", f"/owner/articles/{document}/versions/1"):
        assert "313 pounds" not in boss.get(place).text
    assert "zeppelins.md" not in boss.get("/owner/articles").text


def test_a_removal_makes_the_last_readings_forgotten(boss, articles):
    folder = articles(airships="# Airships\n\nAn airship costs a lot.")
    (folder / "airship-plan.json").write_text("{", "utf-8")
    [source_id] = boss.post("/v1/sources", json={"location": str(folder)}).json()["source_ids"]
    assert "airship-plan.json" in boss.get("/owner/sources").text
    boss.delete(f"/v1/sources/{source_id}")
    boss.post("/v1/sources", json={"location": str(folder / "airships.md")})
    assert "airship-plan.json" not in boss.get("/owner/sources").text
