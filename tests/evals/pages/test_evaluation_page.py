"""The page of an evaluation: its words, its safety, and what it says where there is nothing."""

import math
import re
from datetime import UTC, datetime

import pytest
from lxml import html

from evals.pages.samples import certificate, held, outcome, wrong
from openbook.evals.dataset import Case
from openbook.evals.metrics import Metric
from openbook.evals.pages.evaluation_page import evaluation_page
from openbook.evals.pages.meanings import MEANINGS, meaning
from openbook.evals.report import Report, report

MADE_AT = datetime(2026, 6, 4, 14, 5, tzinfo=UTC)
HOSTILE = '<script>alert(1)</script><img src=x onerror="x()">\ud800'
OUTCOMES = [
    *(outcome(f"right-{number}") for number in range(12)),
    wrong("surest", confidence=0.97, page_rank=3),
    wrong("less sure", confidence=0.8, answerable=False, expected="hand_off"),
    held("careful", reason="The confidence is below the threshold."),
    outcome("silent", answerable=False, expected="hand_off", decision="hand_off", sendable=False, would_be_right=False),
]


FIGURES = (
    Metric("right_among_sent", 0.857, 0.64, 1.0, 14),
    Metric("calibration_error", 0.04, 0.02, 0.2, 15),
    Metric("citation_f1", math.nan, math.nan, math.nan, 0),
)


def page_of(outcomes, **options):
    given = {"name": "June", "gates": {}, "made_at": MADE_AT, **options}
    metrics = FIGURES if outcomes else ()
    return evaluation_page(Report(len(outcomes), metrics, {}, {}, tuple(outcomes)), **given)


def words_of(page, section):
    found = html.fromstring(page).get_element_by_id(section)
    return re.sub(r"\s+", " ", " ".join(found.itertext()))


def test_the_verdict_is_in_words():
    assert "Of 16 questions, 14 would be answered, 12 of them rightly and 2 wrongly." in words_of(
        page_of(OUTCOMES), "verdict"
    )


@pytest.mark.parametrize(
    ("outcomes", "words"),
    [
        ([], "No question was asked."),
        ([outcome("a")], "The one question would be answered, rightly. Nothing would be held back."),
        ([held("a"), held("b")], "Of 2 questions, none would be answered. 2 would be held back"),
        ([outcome("a"), outcome("b")], "Of 2 questions, 2 would be answered, all of them rightly."),
    ],
)
def test_few_questions_have_a_verdict_too(outcomes, words):
    assert words in words_of(page_of(outcomes), "verdict")


def test_a_page_loads_and_runs_nothing():
    page = page_of(OUTCOMES, certificate=certificate())
    assert not re.search(
        r"<(script|link|iframe|img|object|form)\b|\bon\w+=|@import|url\(|https?://(?!www\.w3\.org)", page
    )
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in page


def test_hostile_text_is_shown_as_text():
    bad = wrong(HOSTILE, question=HOSTILE, text=HOSTILE * 20, cited=(HOSTILE,), pages=(HOSTILE,), group=HOSTILE)
    case = Case(HOSTILE, HOSTILE, answer=HOSTILE, documents=(HOSTILE,))
    page = page_of(
        [bad, outcome("b", expected=HOSTILE)], name=HOSTILE, gates={HOSTILE: math.nan}, cases=[case],
        certificate=certificate(reason=HOSTILE, group=HOSTILE),
    )  # fmt: skip
    tree = html.fromstring(page.encode())
    assert not tree.xpath("//script | //img | //@onerror")
    assert page.count("&lt;script&gt;") > 20


def test_the_surest_wrong_answer_comes_first_and_says_why():
    words = words_of(page_of(OUTCOMES, cases=[Case("surest", "?", answer="14 days")]), "wrong")
    assert words.index("97 % sure") < words.index("80 % sure")
    assert "came only at place 3" in words
    assert "No article answers this question" in words
    assert "14 days" in words


def test_what_was_held_back_though_right_is_shown_with_its_reason():
    words = words_of(page_of(OUTCOMES), "held")
    assert "Question careful?" in words
    assert "below the threshold" in words


def test_gates_are_reached_missed_or_unknown():
    gates = {"right_among_sent": 0.8, "calibration_error": 0.0001, "no_such_figure": 1.0, "share_sent": 0.0}
    page = page_of(OUTCOMES, gates=gates)
    rows = [
        re.sub(r"\s+", " ", row.text_content()).strip()
        for row in html.fromstring(page).xpath('//*[@id="gates"]//tbody/tr')
    ]
    assert [word for row in rows for word in ("reached", "missed", "unknown") if word in row] == [
        "reached",
        "missed",
        "unknown",
    ]
    assert "at most <" not in page
    assert "2 of 3 gates are not reached" in words_of(page, "verdict")


def test_every_figure_of_a_report_has_a_meaning():
    names = [metric.name for metric in report(()).metrics]
    assert [name for name in names if not meaning(name).sentence] == []
    assert set(MEANINGS) <= set(names)


def test_a_figure_that_was_not_measured_is_named_and_not_shown_as_a_number():
    words = words_of(page_of(OUTCOMES), "figures")
    assert "These questions say nothing about: Citations, both together." in words
    assert "64 % to 100 %" in words.replace("\u00a0", " ")


def test_every_section_without_content_says_what_to_do():
    tree = html.fromstring(page_of([]))
    for section in tree.xpath("//section[@id != 'verdict']"):
        assert section.find_class("empty"), section.get("id")
    assert "nan" not in tree.text_content().split()


def test_the_present_state_stands_on_the_curve_in_words():
    assert "Today: 14 % wrong: 14 % at 88 %." in words_of(page_of(OUTCOMES), "curve").replace("\u00a0", " ")


def test_confidences_that_are_none_stay_off_the_curves():
    page = page_of([wrong("odd", confidence=math.nan, sendable=False), outcome("fine")])
    assert "these were only 1 answer" in words_of(page, "curve").replace("\u00a0", " ")


def test_every_table_has_a_caption_and_every_head_a_scope():
    tree = html.fromstring(page_of(OUTCOMES, gates={"mrr": 0.5}))
    assert tree.xpath("//table")
    assert not tree.xpath("//table[not(caption)] | //th[not(@scope)]")


def test_a_certificate_says_what_is_missing_where_it_is_not_granted():
    refused = certificate(granted=False, threshold=None, observed_error=math.nan, more_labels=230, reason="Too few.")
    words = page_of(OUTCOMES, certificate=refused)
    assert "Not granted" in words
    assert "about 230" in words
    assert "more labels would not help" in page_of(OUTCOMES, certificate=certificate(granted=False, more_labels=None))
