"""Says in words why a confidence is not higher: the parts that cost most, the worst first."""

from collections.abc import Mapping

from openbook.answer.confidence import SHIPPED
from openbook.types import ConfidenceModel

# The middle of each part over right answers to public questions (`benchmarks/fit_confidence.py`).
USUAL = {
    "similarity": 0.7,
    "sentence_similarity": 0.7,
    "question_coverage": 0.69,
    "context_coverage": 0.72,
    "known_words": 1.0,
    "agreement": 1.0,
    "keyword_share": 1.0,
    "retrieval_margin": 1.0,
    "sentence_margin": 1.0,
    "same_subject": 1.0,
    "answer_type": 1.0,
    "exact_terms": 0.5,
    "scope": 0.58,
    "rank_agreement": 1.0,
    "says_enough": 1.0,
    "freshness": 1.0,
}
_NO_ENCODER = "nothing found is like the question in meaning, or there is no encoder to tell"
_NOTHING = "nothing that could be quoted was found"
_WORTH_SAYING = 0.1
_MOST = 3
_WORDS = {
    "similarity": "the best passage is only loosely like the question (similarity {value:.2f})",
    "sentence_similarity": "no sentence comes close to the question (similarity {value:.2f})",
    "question_coverage": "the quoted text has {percent} % of what was asked",
    "context_coverage": "the passage around it has {percent} % of what was asked",
    "known_words": "{missing} % of the question's words stand nowhere in what was found",
    "agreement": "the search by words did not find the passage that the search by meaning did, or the other way round",
    "keyword_share": "another passage has more of the question's words",
    "retrieval_margin": "other articles fit almost as well",
    "sentence_margin": "many sentences fit about equally well",
    "same_subject": "the cited passage is not about everything that the question names",
    "answer_type": "the question asks for an amount or a time, and the quoted text names none",
    "exact_terms": "a code or number in the question does not stand in the passage",
    "scope": "the articles as a whole are not near the question",
    "rank_agreement": "the cited passage is not the first by meaning and by words",
    "says_enough": "the question says little by itself",
    "freshness": "a newer article was found beside the cited one",
}


def shortfalls(parts: Mapping[str, float], *, model: ConfidenceModel = SHIPPED) -> tuple[str, ...]:
    """Why the confidence is not higher, in words, at most three reasons; none where nothing is worse than usual.

    A part's cost is its weight times how far it lies below the usual value of right answers.
    """
    if not any(parts.values()):
        return (_NOTHING,)
    if not parts["similarity"]:
        return (_NO_ENCODER,)
    known = [name for name in model.weights if name in USUAL and name in parts]
    costs = {name: model.weights[name] * (USUAL[name] - parts[name]) for name in known}
    worst = sorted((name for name, cost in costs.items() if cost > _WORTH_SAYING), key=lambda name: -costs[name])
    return tuple(_said(name, parts[name]) for name in worst[:_MOST])


def _said(name: str, value: float) -> str:
    return _WORDS[name].format(value=value, percent=round(100 * value), missing=round(100 * (1 - value)))
