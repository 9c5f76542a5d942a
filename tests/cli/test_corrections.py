"""`openbook corrections`: what it lists, and the datasets that it writes."""

import json

import pytest

from openbook import Desk
from openbook.cli import corrections
from openbook.evals.dataset import read_dataset

QUESTION = "How long is a gift card valid?"
RIGHT = "It is valid for 24 months [bold]exactly[/bold]."


@pytest.fixture
def corrected(called, tmp_path):
    """A desk with one correction of each kind that is exported."""
    assert corrections.corrections
    called("init", "desk")
    with Desk.open(tmp_path / "desk") as desk:
        answer = desk.ask(QUESTION)
        for kind in ("evaluation", "training"):
            desk.correct(answer.id, kind, RIGHT, person_id="")
    return called


def test_corrections_are_listed_and_written_as_datasets(corrected, data, tmp_path):
    listed = corrected("corrections")
    assert QUESTION in listed and RIGHT in listed and "evaluation" in listed and "training" in listed
    assert {one["kind"] for one in data("corrections")} == {"evaluation", "training"}
    assert data("corrections", "--kind", "training")[0]["messages"][-1] == {"role": "assistant", "content": RIGHT}
    assert json.loads(corrected("corrections", "--kind", "evaluation"))["question"] == QUESTION
    file = tmp_path / "cases.jsonl"
    assert corrected("corrections", "--kind", "evaluation", "--out", str(file)) == f"1 line written to {file}."
    assert [case.answer for case in read_dataset(file)] == [RIGHT]


def test_what_cannot_be_written_is_said(corrected, tmp_path):
    assert "Drafts of articles are no dataset" in corrected("corrections", "--kind", "article", status=2)
    assert "There is no kind of correction 'poem'" in corrected("corrections", "--kind", "poem", status=2)
    assert "It is not said what cases.jsonl shall hold" in corrected("corrections", "--out", "cases.jsonl", status=2)
    nowhere = str(tmp_path / "no" / "such" / "folder.jsonl")
    assert "cannot be written" in corrected("corrections", "--kind", "training", "--out", nowhere, status=2)


def test_a_desk_without_corrections_says_where_they_come_from(called, data):
    called("init", "desk")
    assert data("corrections") == []
    assert called("corrections", "--kind", "evaluation") == ""
