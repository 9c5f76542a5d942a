"""What staff alone may read changes no byte of what the public is answered."""

from pathlib import Path

import pytest

from openbook import Desk
from openbook.stores.history import digest_form

SHOP = Path(__file__).parents[2] / "examples" / "shop"
QUESTIONS = (
    "How much is standard delivery to Ireland?",
    "Can I return a tent that I have used?",
    "What does E-21 mean?",
    "What does E-99 mean?",
    "warranty",
    "How do I wash the Fellside Lite?",
    "Which refund may an agent grant without asking a manager?",
    "how long does a refund take and who pays the return label",
    "Wie lange habe ich Garantie?",
    "What is the password of the stock system?",
    "is the phone line open on sunday",
    "goodwill voucher",
)


def test_public_answers_are_the_same_bytes_with_and_without_what_staff_may_read(tmp_path):
    with Desk.open(tmp_path / "desk") as desk:
        if desk.parts.embedder is None:
            pytest.skip(f"needs the encoder: {desk.parts.keyword_only}")
        desk.add(SHOP / "articles")
        before = [digest_form(desk.ask(question)) for question in QUESTIONS]
        desk.add(SHOP / "internal", audience="internal")
        after = [digest_form(desk.ask(question)) for question in QUESTIONS]
        for_staff = {item.id for item in desk.documents() if "internal" in item.audiences}
        found = [desk.search(question, audiences=("public", "internal")).hits for question in QUESTIONS]
    assert after == before
    assert any(hit.document_id in for_staff for hits in found for hit in hits), "the questions never met the folder"
