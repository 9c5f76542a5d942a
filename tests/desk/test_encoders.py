"""A desk with the user's own encoder, with another one than before, with none, with vectors of another length."""

import numpy as np
import pytest

from openbook import Desk
from openbook.models import HashEmbedder

GIFT_CARDS = "# Gift cards\n\nA gift card is valid for 24 months.\n"
QUESTION = "How long is a gift card valid?"


class OtherEmbedder(HashEmbedder):
    """The same vectors under another name."""

    fingerprint = "other/384"


class ShortEmbedder(HashEmbedder):
    """Vectors of only 16 numbers."""

    fingerprint = "short/16"
    size = 16

    def embed(self, texts, *, progress=None):
        rows = [self.embed_query(text) for text in texts]
        return np.stack(rows) if rows else np.empty((0, self.size), dtype=np.float32)


class BrokenEmbedder(HashEmbedder):
    """Fails on every text."""

    def embed_passages(self, passages):
        raise RuntimeError("the encoder gave up")


@pytest.fixture
def folder(tmp_path):
    """The folder of a closed desk with one article of the main tenant and one of another."""
    with Desk.open(tmp_path / "desk", embedder=HashEmbedder()) as desk:
        desk.put_document("gift-cards.md", GIFT_CARDS)
        desk.put_document("gift-cards.md", GIFT_CARDS.replace("24", "36"), tenant="north")
    return tmp_path / "desk"


def checks(desk):
    return {check.name: check for check in desk.doctor().checks}


def test_the_user_s_own_encoder_is_used_instead_of_the_one_in_the_settings(folder):
    with Desk.open(folder, embedder=HashEmbedder(), settings={"encoder.path": "/nowhere"}) as desk:
        assert checks(desk)["encoder"].detail == HashEmbedder.fingerprint
        found = desk.search(QUESTION)
        assert not found.keyword_only
        assert found.hits[0].dense > 0
        assert desk.receipt(desk.ask(QUESTION).id).model_ids == (HashEmbedder.fingerprint,)


def test_with_another_encoder_words_alone_are_searched_until_the_index_is_made_anew(folder):
    with Desk.open(folder, embedder=OtherEmbedder()) as desk:
        assert checks(desk)["encoder"].state == "warning"
        assert checks(desk)["encoder"].fix == "openbook rebuild-index"
        assert desk.search(QUESTION).keyword_only
        answer = desk.ask(QUESTION)
        assert desk.receipt(answer.id).model_ids == ()
        assert desk.rebuild_index() == 2
        assert checks(desk)["encoder"].detail == OtherEmbedder.fingerprint
        for tenant in ("main", "north"):
            assert desk.search(QUESTION, tenant=tenant).hits[0].dense > 0
        assert desk.replay(answer.id).identical
    with Desk.open(folder, embedder=OtherEmbedder()) as desk:
        assert not desk.search(QUESTION).keyword_only


def test_what_is_added_between_the_encoders_is_found_by_words_and_then_by_meaning(folder):
    with Desk.open(folder, embedder=OtherEmbedder()) as desk:
        desk.put_document("boots.md", "# Boots\n\nBoots are waterproof.\n")
        assert desk.search("waterproof boots").hits[0].path == "boots.md"
        desk.rebuild_index()
        assert desk.search("waterproof boots").hits[0].dense > 0


def test_an_encoder_with_vectors_of_another_length_has_the_index_made_anew_when_opening(folder, capsys):
    with Desk.open(folder, embedder=ShortEmbedder()) as desk:
        assert "made anew" in desk.parts.mended
        assert "vectors of 384 numbers" in capsys.readouterr().err
        assert all(check.state != "fault" for check in desk.doctor().checks)
        for tenant, months in (("main", "24"), ("north", "36")):
            [hit] = desk.search(QUESTION, tenant=tenant).hits
            assert months in hit.text
            assert hit.dense is not None
        desk.put_document("boots.md", "# Boots\n\nBoots are waterproof.\n")
        assert desk.search("waterproof boots").hits[0].path == "boots.md"
    with Desk.open(folder, embedder=ShortEmbedder()) as desk:
        assert desk.parts.mended == ""
        assert not desk.search(QUESTION).keyword_only


def test_every_tenant_s_damaged_index_is_made_anew_when_opening(folder, capsys):
    for place in (folder / "data" / "index").glob("*/edge_config.json"):
        place.write_text("{", "utf-8")
    with Desk.open(folder, embedder=HashEmbedder()) as desk:
        assert capsys.readouterr().err.count("Making it anew") == 2
        assert checks(desk)["recovery"].state == "warning"
        assert desk.search(QUESTION).hits[0].dense > 0
        assert "36" in desk.search(QUESTION, tenant="north").hits[0].text
        assert desk.doctor().ok


def test_an_encoder_that_fails_leaves_what_serves_and_the_folder_can_be_opened_again(folder):
    with Desk.open(folder, embedder=BrokenEmbedder()) as desk:
        with pytest.raises(RuntimeError, match="gave up"):
            desk.put_document("gift-cards.md", GIFT_CARDS.replace("24", "48"))
        assert "24" in desk.search(QUESTION).hits[0].text
    with Desk.open(folder, embedder=HashEmbedder()) as desk:
        assert desk.doctor().ok
        assert desk.put_document("gift-cards.md", GIFT_CARDS.replace("24", "48")).version == 2


def test_what_cannot_be_opened_is_let_go_again(folder):
    kept = (folder / "data" / "openbook.db").read_bytes()
    (folder / "data" / "openbook.db").write_bytes(b"no database " * 1000)
    for _ in range(2):
        with pytest.raises(Exception, match="file is not a database"):
            Desk.open(folder, embedder=HashEmbedder())
    (folder / "data" / "openbook.db").write_bytes(kept)
    with Desk.open(folder, embedder=HashEmbedder(), must_hold=True) as desk:
        assert desk.doctor().ok
