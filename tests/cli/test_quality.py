"""The commands that measure and promise: what they print, write and exit with."""

import json

import pytest

from openbook.cli.quality import write_page
from openbook.errors import UserError

VALID = {
    "id": "1",
    "question": "How long is a gift card valid?",
    "documents": ["gift-cards.md"],
    "quotes": ["A gift card is valid for 24 months from the day of purchase."],
}
CASES = [VALID, {"id": "2", "question": "Do you rent skis?", "answerable": False}]


@pytest.fixture
def dataset(tmp_path):
    """Two questions, one of which nothing answers."""
    (tmp_path / "set.jsonl").write_text("\n".join(map(json.dumps, CASES)), "utf-8")
    return "set.jsonl"


@pytest.fixture
def labels(tmp_path):
    """Five labels with sides of their own."""
    cases = [{**VALID, "id": str(place), "question": f"Gift card {place}?"} for place in range(5)]
    lines = [json.dumps({**case, "split": "test" if place > 1 else "tune"}) for place, case in enumerate(cases)]
    (tmp_path / "labels.jsonl").write_text("\n".join(lines), "utf-8")
    return "labels.jsonl"


def test_evaluate_shows_figures_writes_a_page_and_compares_with_a_run(called, dataset, tmp_path):
    called("add", "articles")
    said = called("evaluate", dataset, "--run", "run.jsonl", "--report", "page.html", "--wrong")
    assert "recall_at_5 1.000" in said
    assert "Against the earlier run" not in said
    page = (tmp_path / "page.html").read_text("utf-8")
    assert page.startswith("<!doctype html>")
    assert "set.jsonl" in page
    again = called("evaluate", dataset, "--run", "run.jsonl", "--against", "run.jsonl")
    assert "Against the earlier run" in again
    assert sorted(place.name for place in tmp_path.iterdir() if "unfinished" in place.name) == []


def test_the_json_of_an_evaluation_is_strict_though_figures_are_undefined(data, called, dataset, tmp_path):
    called("add", "articles")
    (tmp_path / dataset).write_text(json.dumps(CASES[1]), "utf-8")
    figures = {metric["name"]: metric["value"] for metric in data("evaluate", dataset)["metrics"]}
    assert figures["recall_at_5"] is None
    assert figures["share_sent"] in (0.0, 1.0)


def test_a_missed_gate_is_shown_and_exits_with_one(called, dataset, monkeypatch):
    called("add", "articles")
    monkeypatch.setenv("OPENBOOK_GATES__RECALL_AT_5", "1")
    assert "1.00 reached" in called("evaluate", dataset)
    monkeypatch.setenv("OPENBOOK_GATES__DECISION_AS_EXPECTED", "1")
    monkeypatch.setenv("OPENBOOK_THRESHOLD", "1")
    assert "1.00 missed" in called("evaluate", dataset, status=1)


@pytest.mark.parametrize("place", ["none/page.html", "articles", ".", f"{'long' * 100}.html"])
def test_a_page_that_cannot_be_written_is_a_mistake_and_leaves_nothing_behind(tmp_path, place):
    (tmp_path / "articles").mkdir()
    with pytest.raises(UserError, match="cannot be written"):
        write_page(tmp_path / place, "<!doctype html>")
    assert [item.name for item in tmp_path.rglob("*")] == ["articles"]


def test_calibrate_without_a_certificate_says_why_and_exits_with_one(called, data, labels, tmp_path):
    called("add", "articles")
    assert "Nothing was changed." in called("calibrate", labels, "--dry-run", status=1)
    said = called("calibrate", labels, "--report", "page.html", status=1)
    assert "Not certified." in said
    assert "2 labels fitted it and planned the test, 3 others tested." in said
    assert "Kept as version 1." in said
    assert "Not certified" in (tmp_path / "page.html").read_text("utf-8")
    assert data("calibrate", labels, "--dry-run", status=1)["certificate"]["granted"] is False
    assert [item["number"] for item in data("calibrate", "--history")] == [1, 0]
    assert "Version 2 counts from now on" in called("calibrate", "--use", "0")
    assert "replaced" in called("calibrate", "--history")


@pytest.mark.parametrize("words", [(), ("labels.jsonl", "--history"), ("--use", "0", "--dry-run")])
def test_calibrate_is_told_one_thing_to_do(called, words):
    said = called("calibrate", *words, status=2)
    assert "takes either labels, or --history, or --use" in said
    assert "Fix: openbook calibrate LABELS.jsonl" in said


def test_calibrate_names_labels_that_contradict_each_other(called, tmp_path):
    called("add", "articles")
    cases = [VALID, {**VALID, "id": "2", "quotes": [], "documents": [], "answerable": False}]
    (tmp_path / "labels.jsonl").write_text("\n".join(map(json.dumps, cases)), "utf-8")
    assert "contradict each other (1 and 2)" in called("calibrate", "labels.jsonl", status=2)


def test_diagnose_goes_through_a_run_without_its_dataset(called, dataset, tmp_path):
    called("add", "articles")
    called("evaluate", dataset, "--run", "run.jsonl")
    asked = called("diagnose", dataset)
    (tmp_path / dataset).unlink()
    assert called("diagnose", "run.jsonl") == asked


def test_a_review_says_which_and_is_noted(called, data):
    called("add", "articles")
    answer = data("ask", VALID["question"])
    assert answer["decision"] == "send"
    assert "Missing option" in called("review", answer["id"], status=2)
    assert "was wrong. 1 of 1 answers reviewed" in called("review", answer["id"], "--wrong")
    assert data("review", answer["id"], "--right")["wrong"] == 0
    assert "There is no answer 'ans_none'" in called("review", "ans_none", "--right", status=2)


def test_doctor_shows_the_calibration_of_each_brand(called, data):
    called("add", "articles")
    checks = {check["name"]: check for check in data("doctor")["checks"]}
    assert checks["calibration of main"]["detail"] == "what Openbook brings along, without a certificate"
