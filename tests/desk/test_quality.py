"""Measuring, promising and watching on a desk with articles, the encoder and several brands."""

import json
from dataclasses import replace
from itertools import count

import pytest

from evals.rehearsals import labels, rehearsal
from openbook import Decision, Desk
from openbook.answer.confidence import SHIPPED
from openbook.desk import verbs
from openbook.errors import NotFound, UserError
from openbook.evals.calibrate import calibrate
from openbook.types import Calibration

ARTICLES = {
    "gift-cards.md": "# Gift cards\n\nA gift card is valid for 24 months. It cannot be exchanged for cash.\n",
    "delivery.md": "# Delivery\n\nStandard delivery takes three working days.\n",
}
QUESTION = "How long is a gift card valid?"
CASES = [
    {"id": "1", "question": QUESTION, "documents": ["gift-cards.md"],
     "quotes": ["A gift card is valid for 24 months."], "group": "fact"},
    {"id": "2", "question": "How many days does standard delivery take?", "documents": ["delivery.md"],
     "quotes": ["Standard delivery takes three working days."], "group": "fact"},
    {"id": "3", "question": "Can a gift card be exchanged for cash?", "documents": ["gift-cards.md"],
     "quotes": ["It cannot be exchanged for cash."], "group": "fact"},
    {"id": "4", "question": "Do you rent skis?", "answerable": False, "group": "unanswerable"},
    {"id": "5", "question": "Who founded the company?", "answerable": False, "group": "unanswerable"},
]  # fmt: skip
PROMISE = {"max_error": 0.02, "certainty": 0.95}
LAX = Calibration("", 0, SHIPPED, threshold=0.01, certificate=PROMISE)
USUAL = 0.04
NUMBERS = count()
TRACES = ("receipts", "conversations", "messages", "handoffs", "texts")


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    folder = tmp_path_factory.mktemp("quality")
    with Desk.open(folder / "desk", settings={"threshold": USUAL}) as opened:
        yield opened


@pytest.fixture
def tenant(desk):
    """A brand of this test alone, with both articles."""
    name = f"brand-{next(NUMBERS)}"
    for path, text in ARTICLES.items():
        desk.put_document(path, text, tenant=name)
    return name


@pytest.fixture
def dataset(tmp_path):
    return written(tmp_path / "set.jsonl", CASES)


def written(path, cases):
    path.write_text("\n".join(json.dumps(case) for case in cases), "utf-8")
    return path


def promised(desk, tenant):
    """Keeps a calibration with a certificate, made of labels of a made-up world; returns it."""
    found = calibrate(
        [replace(case, split="tune" if int(case.id[1:]) < 60 else "test")
         for case in labels(160, answerable=lambda place: place % 8)],
        rehearse=lambda case, model: rehearsal(case, 0.95 if case.answerable else 0.3, model=model),
        present=SHIPPED,
        max_error=0.1,
        certainty=0.9,
    )  # fmt: skip
    assert found.certificate.granted
    return verbs.activate(desk.parts, tenant, found.calibration)


def check_of(desk, tenant):
    [check] = [check for check in desk.doctor().checks if check.name == f"calibration of {tenant}"]
    return check


def rows(desk):
    """How many rows there are wherever a question leaves a trace."""
    with desk.parts.database.read() as connection:
        return [connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() for table in TRACES]


def untimed(report):
    return str([metric for metric in report.metrics if not metric.name.startswith("milliseconds")])


# ------------------------------------------------------------------ evaluate


def test_an_evaluation_finds_the_same_twice_and_leaves_no_trace(desk, tenant, dataset):
    before = rows(desk)
    first, second = desk.evaluate(dataset, tenant=tenant), desk.evaluate(dataset, tenant=tenant)
    assert untimed(first) == untimed(second)
    assert first.value("recall_at_1") == first.value("quote_in_five_hits") == 1.0
    assert rows(desk) == before


def test_an_interrupted_evaluation_goes_on_and_a_change_of_knowledge_ends_that(desk, tenant, dataset, tmp_path):
    run = tmp_path / "run.jsonl"
    whole = desk.evaluate(dataset, run=run, tenant=tenant)
    kept = run.read_bytes()
    run.write_bytes(kept[: len(kept) // 2])
    again = desk.evaluate(dataset, run=run, tenant=tenant)
    assert untimed(again) == untimed(whole)
    desk.put_document("delivery.md", ARTICLES["delivery.md"].replace("three", "five"), tenant=tenant)
    with pytest.raises(UserError, match="knowledge or settings that changed"):
        desk.evaluate(dataset, run=run, tenant=tenant)


def test_a_calibration_is_a_change_of_what_decides(desk, tenant):
    before = verbs.state(desk.parts, tenant)
    assert verbs.state(desk.parts, tenant) == before
    verbs.activate(desk.parts, tenant, LAX)
    assert verbs.state(desk.parts, tenant) != before


def test_a_diagnosis_of_a_run_needs_no_dataset(desk, tenant, dataset, tmp_path):
    run = tmp_path / "run.jsonl"
    strange = written(tmp_path / "strange.jsonl", [{**CASES[0], "quotes": ["Gift cards are made of gold."]}, CASES[1]])
    desk.evaluate(strange, run=run, tenant=tenant)
    asked = desk.diagnose(strange, tenant=tenant)
    strange.unlink()
    assert desk.diagnose(run, tenant=tenant) == asked
    assert [failure.id for failure in asked.failures] == ["1"]


# ----------------------------------------------------------------- calibrate


def test_a_run_of_other_knowledge_is_not_diagnosed(desk, tenant, dataset, tmp_path):
    desk.evaluate(dataset, run=tmp_path / "run.jsonl", tenant=tenant)
    desk.put_document("skis.md", "# Skis\n\nWe rent skis.\n", tenant=tenant)
    with pytest.raises(UserError, match="changed since"):
        desk.diagnose(tmp_path / "run.jsonl", tenant=tenant)


def test_labels_are_not_grouped_by_what_is_no_field(desk, tenant, dataset):
    with pytest.raises(UserError, match="cannot be grouped by 'mood'"):
        desk.calibrate(dataset, by="mood", tenant=tenant)


def test_a_certified_threshold_takes_the_place_of_the_settings_for_this_tenant_alone(desk, tenant):
    desk.put_document("gift-cards.md", ARTICLES["gift-cards.md"], tenant="untouched")
    kept = promised(desk, tenant)
    answer = desk.ask(QUESTION, tenant=tenant)
    assert answer.threshold == kept.threshold != USUAL
    assert desk.ask(QUESTION, tenant="untouched").threshold == USUAL
    assert [item.number for item in desk.calibrations(tenant="untouched")] == [0]
    assert (check_of(desk, tenant).state, check_of(desk, "untouched").state) == ("ok", "ok")
    assert "version 1, certified: at most 0.1 of the sent answers wrong" in check_of(desk, tenant).detail


def test_a_receipt_replays_identically_after_other_calibrations_took_their_place(desk, tenant):
    answers = [desk.ask(QUESTION, tenant=tenant)]
    for calibration in (LAX, replace(LAX, model=replace(SHIPPED, bias=-3.0), threshold=0.9)):
        verbs.activate(desk.parts, tenant, calibration)
        answers.append(desk.ask(QUESTION, tenant=tenant))
    assert len({answer.confidence for answer in answers}) == 2
    assert len({answer.threshold for answer in answers}) == 3
    assert all(desk.replay(answer.id, tenant=tenant).identical for answer in answers)


def test_labels_that_are_too_few_promise_nothing_and_take_no_promise_away(desk, tenant, dataset):
    found = desk.calibrate(dataset, tenant=tenant)
    assert not found.certificate.granted
    assert found.calibration.number == 1
    assert desk.ask(QUESTION, tenant=tenant).threshold == USUAL
    standing = promised(desk, tenant)
    assert desk.calibrate(dataset, tenant=tenant).calibration.id == ""
    assert desk.calibrations(tenant=tenant)[0] == standing


def test_a_dry_run_changes_nothing(desk, tenant, dataset):
    before = desk.calibrations(tenant=tenant)
    assert desk.calibrate(dataset, keep=False, tenant=tenant).calibration.id == ""
    assert desk.calibrations(tenant=tenant) == before


def test_an_older_version_counts_again_as_a_new_one(desk, tenant):
    first = promised(desk, tenant)
    assert desk.use_calibration(0, tenant=tenant).number == 2
    assert desk.ask(QUESTION, tenant=tenant).threshold == USUAL
    assert desk.use_calibration(1, tenant=tenant).number == 3
    assert desk.ask(QUESTION, tenant=tenant).threshold == first.threshold
    states = [(item.number, item.state) for item in desk.calibrations(tenant=tenant)]
    assert states == [(3, "active"), (2, "replaced"), (1, "replaced"), (0, "active")]
    with pytest.raises(NotFound, match="no calibration 7"):
        desk.use_calibration(7, tenant=tenant)


def test_labels_on_a_document_that_is_not_live_for_their_audience_are_refused(desk, tenant, tmp_path):
    desk.put_document("staff.md", "---\naudience: internal\n---\n# Staff\n\nStaff pay half.\n", tenant=tenant)
    asked = {"id": "1", "question": "What do staff pay?", "quotes": ["Staff pay half."], "documents": ["staff.md"]}
    with pytest.raises(UserError, match=r"1 of 1 labels rest on documents that are not live \(1: staff.md\)"):
        desk.calibrate(written(tmp_path / "labels.jsonl", [asked]), tenant=tenant)
    with pytest.raises(UserError, match="All of the 1 labels"):
        desk.calibrate(written(tmp_path / "labels.jsonl", [{**asked, "audience": "internal"}]), tenant=tenant)


def test_a_calibration_is_there_when_the_desk_is_opened_again_and_counts_over_the_line(tmp_path):
    with Desk.open(tmp_path / "desk") as first:
        first.put_document("gift-cards.md", ARTICLES["gift-cards.md"])
        kept = promised(first, "main")
    with Desk.open(tmp_path / "desk") as holder, Desk.open(tmp_path / "desk") as other:
        assert holder.calibrations()[0] == kept
        assert holder.ask(QUESTION).threshold == kept.threshold
        assert not other.holds
        assert other.calibrations() == holder.calibrations()
        assert other.use_calibration(0).number == 2
        assert holder.ask(QUESTION).threshold == holder.settings.values.threshold
        data = written(tmp_path / "set.jsonl", CASES[:1])
        assert untimed(other.evaluate(data)) == untimed(holder.evaluate(data))


# -------------------------------------------------------------------- review


def test_only_answers_that_were_sent_are_reviewed(desk, tenant):
    kept_back = desk.ask("I want to talk to a person.", tenant=tenant)
    assert kept_back.decision is Decision.HAND_OFF
    with pytest.raises(UserError, match="was not sent"):
        desk.review(kept_back.id, right=False, tenant=tenant)
    with pytest.raises(NotFound, match="no answer 'ans_none'"):
        desk.review("ans_none", right=True, tenant=tenant)
    sent = desk.ask(QUESTION, tenant=tenant)
    with pytest.raises(NotFound):
        desk.review(sent.id, right=True, tenant="untouched")
    assert desk.review(sent.id, right=True, tenant=tenant).evidence == 0.0


def test_a_later_word_on_an_answer_takes_the_place_of_the_earlier(desk, tenant):
    sent = desk.ask(QUESTION, tenant=tenant)
    assert desk.review(sent.id, right=False, tenant=tenant).wrong == 1
    again = desk.review(sent.id, right=True, tenant=tenant)
    assert (again.reviewed, again.wrong) == (1, 0)


def test_wrong_answers_withdraw_a_promise_for_good(desk, tenant):
    verbs.activate(desk.parts, tenant, LAX)
    reviews = []
    while not reviews or (reviews[-1].calibration.state == "active" and len(reviews) < 10):
        answer = desk.ask(QUESTION, tenant=tenant)
        assert answer.threshold == LAX.threshold
        reviews.append(desk.review(answer.id, right=False, tenant=tenant))
    last = reviews[-1]
    assert 1 < len(reviews) < 10
    assert last.calibration.state == "withdrawn"
    assert last.evidence >= 20
    assert [item.evidence for item in reviews] == sorted(item.evidence for item in reviews)
    assert desk.ask(QUESTION, tenant=tenant).threshold == USUAL

    check = check_of(desk, tenant)
    assert (check.state, check.fix) == ("warning", "openbook calibrate LABELS")
    assert "withdrawn" in check.detail
    assert desk.doctor().ok

    desk.use_calibration(0, tenant=tenant)
    assert check_of(desk, tenant).state == "ok"
    assert [item.state for item in desk.calibrations(tenant=tenant)] == ["active", "withdrawn", "active"]
    again = desk.use_calibration(1, tenant=tenant)
    assert (again.certificate, again.threshold) == (None, None)


def test_right_answers_withdraw_nothing(desk, tenant):
    verbs.activate(desk.parts, tenant, LAX)
    for _ in range(5):
        seen = desk.review(desk.ask(QUESTION, tenant=tenant).id, right=True, tenant=tenant)
    assert (seen.reviewed, seen.wrong, seen.calibration.state, seen.evidence) == (5, 0, "active", 1.0)


def test_a_promise_that_is_used_again_keeps_its_evidence(desk, tenant):
    verbs.activate(desk.parts, tenant, LAX)
    first = desk.review(desk.ask(QUESTION, tenant=tenant).id, right=False, tenant=tenant)
    desk.use_calibration(0, tenant=tenant)
    assert desk.use_calibration(1, tenant=tenant).certificate == LAX.certificate
    again = desk.review(desk.ask(QUESTION, tenant=tenant).id, right=False, tenant=tenant)
    assert (first.reviewed, again.reviewed) == (1, 2)
    assert again.evidence > first.evidence


def test_labels_on_which_a_promise_was_withdrawn_carry_none_again(desk, tenant):
    found = calibrate(
        [replace(case, split="tune" if place < 60 else "test") for place, case in enumerate(labels(200))],
        rehearse=lambda case, model: rehearsal(case, 0.95, right=int(case.id[1:]) % 50 > 0, model=model),
        present=SHIPPED,
        max_error=0.1,
        certainty=0.9,
    )
    assert found.on("labels", withdrawn=[{"dataset": "others"}]).calibration.certificate["dataset"] == "labels"
    refused = found.on("labels", withdrawn=[None, {"dataset": "labels"}])
    assert not refused.certificate.granted
    assert refused.calibration.certificate is refused.calibration.threshold is None


def test_an_interrupted_run_is_not_diagnosed(desk, tenant, dataset, tmp_path):
    run = tmp_path / "run.jsonl"
    desk.evaluate(dataset, run=run, tenant=tenant)
    run.write_text("".join(run.read_text("utf-8").splitlines(keepends=True)[:-2]), "utf-8")
    with pytest.raises(UserError, match="was interrupted: 3 of 5 questions"):
        desk.diagnose(run, tenant=tenant)
