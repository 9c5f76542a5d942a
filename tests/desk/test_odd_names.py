"""Names that no keyboard types: each is served or refused in words, and harms nothing."""

import pytest

from openbook import AskRequest, Desk
from openbook.errors import NotFound, UserError
from openbook.models import HashEmbedder

HALF = "\ud800"
TEXT = "# Boots\n\nBoots are waterproof.\n"


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """One desk for all; every test leaves it with the one document it has."""
    with Desk.open(tmp_path_factory.mktemp("odd") / "desk", embedder=HashEmbedder()) as opened:
        opened.put_document("boots.md", TEXT)
        yield opened


@pytest.mark.parametrize("verb", ["remove", "receipt", "document", "versions"])
def test_half_a_character_in_a_name_is_refused_in_words(desk, verb):
    with pytest.raises(UserError, match="Half a character"):
        getattr(desk, verb)(HALF)


@pytest.mark.parametrize("field", ["idempotency_key", "visitor_id", "channel", "conversation_id"])
def test_half_a_character_beside_a_question_is_refused_in_words(desk, field):
    with pytest.raises(UserError, match="Half a character"):
        desk.ask(AskRequest("Are boots waterproof?", **{field: HALF}))


@pytest.mark.parametrize("narrowed", [{"locale": HALF}, {"product": HALF}, {"audiences": (HALF,)}])
def test_half_a_character_in_what_narrows_a_search_is_no_fault(desk, narrowed):
    desk.search("boots", **narrowed)


@pytest.mark.parametrize("question", ["", "\x00", HALF, "boots \udcff", "\u202e", "🥾" * 5_000])
def test_any_question_is_answered_and_searched(desk, question):
    assert desk.replay(desk.ask(question).id).identical
    assert desk.search(question).query == question


@pytest.mark.parametrize("name", ["", " ", "*", "%", "_", "boots", "BOOTS.MD", "/", "../boots.md"])
@pytest.mark.parametrize("erase", [False, True])
def test_a_name_that_means_no_document_removes_none(desk, name, erase):
    with pytest.raises(NotFound):
        desk.remove(name, erase=erase)
    assert [document.path for document in desk.documents()] == ["boots.md"]


@pytest.mark.parametrize("path", ["../../up.md", "a\x00b.md", "x.md/", "ü/日本.md", "a" * 2_000 + ".md", " .md"])
def test_a_document_may_have_any_path_and_is_removed_by_it(desk, path):
    assert desk.put_document(path, TEXT.replace("Boots", "Kettles")).outcome == "read"
    assert path in [document.path for document in desk.documents()]
    assert desk.remove(path).live_versions_left == 0
    assert [document.path for document in desk.documents()] == ["boots.md"]
