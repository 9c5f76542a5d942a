"""Outcomes and certificates for the tests of pages."""

from openbook.evals.certificate import Certificate
from openbook.evals.outcome import Outcome


def outcome(name, **changes):
    """An answerable question that is answered rightly, changed as asked."""
    values = {
        "id": name,
        "conversation": name,
        "group": "",
        "question": f"Question {name}?",
        "answerable": True,
        "expected": "send",
        "decision": "send",
        "confidence": 0.9,
        "parts": {},
        "sendable": True,
        "right": True,
        "would_be_right": True,
        "page_rank": 1,
        "pages": ("returns.md",),
        "cover": 1.0,
        "quote_rank": 1,
        "cited": ("You have 30 days.",),
        "ndcg": 1.0,
        "citations": None,
        "token_f1": None,
        "exact": None,
        "text": "You have 30 days.",
        "reason": "",
        "milliseconds": 20.0,
    }
    return Outcome(**{**values, **changes})


def wrong(name, **changes):
    return outcome(name, **{"right": False, "would_be_right": False, "cover": 0.2, **changes})


def held(name, **changes):
    """A right answer that is held back by the threshold."""
    return outcome(name, **{"decision": "hand_off", "right": False, "confidence": 0.4, **changes})


def certificate(**changes):
    values = {
        "granted": True,
        "threshold": 0.81,
        "max_error": 0.05,
        "certainty": 0.95,
        "labels": 400,
        "answered": 160,
        "errors": 3,
        "coverage": 0.4,
        "observed_error": 3 / 160,
        "upper_error": 0.048,
        "more_labels": 0,
        "reason": "Certified.",
    }
    return Certificate(**{**values, **changes})
