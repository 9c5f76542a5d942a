"""What each figure of a report is called, what it means in one sentence, and which way is better.

Written for readers who know no statistics. A figure that is not listed here is shown under its own
name, as a plain number, more being better.
"""

from dataclasses import dataclass
from typing import Literal

from openbook.evals.pages.words import Kind

_GOT = "What customers would get"
_FOUND = "What the search found"
_SURE = "How sure it is"
_SPENT = "Time and money"
_OTHER = "Other figures"
TOPICS = (_GOT, _FOUND, _SURE, _SPENT, _OTHER)


@dataclass(frozen=True, slots=True)
class Meaning:
    """A figure in words.

    Attributes:
        label: Its name on the page.
        sentence: What it means.
        topic: Under which of `TOPICS` it stands.
        kind: What it is counted in.
        better: Whether more or less of it is better, or neither by itself.
    """

    label: str
    sentence: str
    topic: str = _OTHER
    kind: Kind = "percent"
    better: Literal["more", "less", "neither"] = "more"


MEANINGS = {
    "share_sent": Meaning(
        "Answered", "Of all questions, how many would get an answer without a person.", _GOT, better="neither"
    ),
    "right_among_sent": Meaning("Right when answered", "Of the answers customers would see, how many are right.", _GOT),
    "right_sent_of_answerable": Meaning(
        "Answered rightly, of what the articles answer",
        "Of the questions that your articles do answer, how many would be answered rightly.",
        _GOT,
    ),
    "not_sent_of_unanswerable": Meaning(
        "Held back, of what the articles do not answer",
        "Of the questions that your articles do not answer, how many would get no made-up answer.",
        _GOT,
    ),
    "decision_as_expected": Meaning(
        "Done as expected", "How often it answered, asked back or handed over just as the dataset asks for.", _GOT
    ),
    "draft_right_of_answerable": Meaning(
        "Right answer at hand",
        "Of the questions that your articles answer, how many it would answer rightly if it answered everything.",
        _GOT,
    ),
    "citation_cover": Meaning(
        "Expected sentence cited", "How much of the expected sentence the cited text of an answer holds.", _GOT
    ),
    "citation_precision": Meaning("Citations to the point", "Of the sentences cited, how many were expected.", _GOT),
    "citation_recall": Meaning("Citations complete", "Of the sentences expected, how many were cited.", _GOT),
    "citation_f1": Meaning("Citations, both together", "High only if citations are to the point and complete.", _GOT),
    "answer_token_f1": Meaning(
        "Words as expected", "How many words the answer shares with the expected one, neither more nor fewer.", _GOT
    ),
    "answer_exact": Meaning("Word for word", "How many answers are the expected one, word for word.", _GOT),
    "answerability_score": Meaning(
        "Right thing done", "How often it answered rightly what can be answered, and held back what cannot.", _GOT
    ),
    "recall_at_1": Meaning("Right article first", "How often the right article was the first one found.", _FOUND),
    "recall_at_5": Meaning(
        "Right article among five", "How often the right article was among the first five found.", _FOUND
    ),
    "ndcg_at_5": Meaning(
        "Right articles early", "1 if the right articles are always found first, 0 if never in the first five.",
        _FOUND, "number",
    ),
    "mrr": Meaning(
        "Place of the right article", "1 if it always comes first, 0.5 if it always comes second, and so on.",
        _FOUND, "number",
    ),
    "quote_in_five_hits": Meaning(
        "Right sentence among five", "How often the expected sentence was in the first five passages found.", _FOUND
    ),
    "answerable_auroc": Meaning(
        "Knows what it cannot answer",
        "How often it is surer of a question it can answer than of one it cannot; 50 % is chance.",
        _SURE,
    ),
    "right_auroc": Meaning(
        "Surer when right", "How often it is surer of a right answer than of a wrong one; 50 % is chance.", _SURE
    ),
    "brier": Meaning(
        "Cost of misplaced sureness", "0 if it is fully sure when right and fully unsure when wrong; 1 if the reverse.",
        _SURE, "number", "less",
    ),
    "calibration_error": Meaning(
        "Gap between said and true", "How far its confidence is from how often it is right, on average.",
        _SURE, "percent", "less",
    ),
    "calibration_error_if_perfect": Meaning(
        "Gap that chance alone makes", "How large that gap would look for a perfect confidence, with as few questions.",
        _SURE, "percent", "neither",
    ),
    "spiegelhalter_p": Meaning(
        "Could the gap be chance?", "Below 0.05, its confidence is hardly what it should be.", _SURE, "number"
    ),
    "aurc": Meaning(
        "Wrong answers along the curve", "How often it is wrong, on average over all thresholds.",
        _SURE, "percent", "less",
    ),
    "augrc": Meaning(
        "Wrong answers that slip through", "Of all questions, how many get a wrong answer, on average over thresholds.",
        _SURE, "percent", "less",
    ),
    "milliseconds_p50": Meaning(
        "Usual time", "Half of the questions took no longer than this.", _SPENT, "milliseconds", "less"
    ),
    "milliseconds_p95": Meaning(
        "Slow time", "19 of 20 questions took no longer than this.", _SPENT, "milliseconds", "less"
    ),
    "cost_micro_usd": Meaning(
        "Cost of a question", "What a language model cost for one question, on average.", _SPENT, "micro_usd", "less"
    ),
}  # fmt: skip
_COVERAGE = "coverage_at_", "_percent_risk"


def meaning(name: str) -> Meaning:
    """What a figure means; of an unknown one only its name is known."""
    start, end = _COVERAGE
    if name.startswith(start) and name.endswith(end):
        share = name.removeprefix(start).removesuffix(end)
        return Meaning(
            f"Answered if {share} % may be wrong",
            f"How many questions that the articles answer could get an answer if {share} in 100 answers may be wrong.",
            _SURE,
        )
    plain = Meaning(name.replace("_", " ").strip().capitalize() or "No name", "", kind="number")
    return MEANINGS.get(name, plain)
