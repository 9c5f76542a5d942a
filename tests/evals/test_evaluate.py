"""An evaluation of a real desk, with articles and questions that the test writes."""

import json

import pytest

from openbook import Desk
from openbook.models import HashEmbedder

ARTICLES = {
    "gift-cards.md": "# Gift cards\n\nA gift card is valid for 24 months. It cannot be exchanged for cash.\n",
    "delivery.md": "# Delivery\n\nStandard delivery takes three working days.\n",
}
CASES = [
    {"id": "1", "question": "How long is a gift card valid?", "documents": ["gift-cards.md"],
     "quotes": ["A gift card is valid for 24 months."], "answerable": True, "group": "fact"},
    {"id": "2", "question": "How many days does standard delivery take?", "documents": ["delivery.md"],
     "quotes": ["Standard delivery takes three working days."], "answerable": True, "group": "fact"},
    {"id": "3", "question": "Do you rent skis?", "answerable": False, "group": "unanswerable"},
]  # fmt: skip


@pytest.fixture
def desk(tmp_path):
    for name, text in ARTICLES.items():
        (tmp_path / "articles" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "articles" / name).write_text(text, "utf-8")
    (tmp_path / "set.jsonl").write_text("\n".join(json.dumps(case) for case in CASES), "utf-8")
    with Desk.open(tmp_path / "desk", settings={"threshold": 0.3}, embedder=HashEmbedder()) as opened:
        opened.add(tmp_path / "articles")
        yield opened


def test_figures_cases_and_groups_agree(desk, tmp_path):
    report = desk.evaluate(tmp_path / "set.jsonl")
    assert report.cases == 3
    assert report.value("recall_at_1") == 1.0
    assert report.value("quote_in_five_hits") == 1.0
    assert report.groups["fact"]["cases"] == 2
    assert sum(report.confusion.values()) == 3
    sent = [outcome for outcome in report.outcomes if outcome.decision == "send"]
    assert report.value("share_sent") == pytest.approx(len(sent) / 3)
    for metric in report.metrics:
        assert not metric.value < metric.low
        assert not metric.value > metric.high


def test_an_evaluation_leaves_no_trace(desk, tmp_path):
    desk.evaluate(tmp_path / "set.jsonl")
    with desk.parts.database.read() as connection:
        for table in ("receipts", "conversations", "messages", "handoffs"):
            assert connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() == 0
