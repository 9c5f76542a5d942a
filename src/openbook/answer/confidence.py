"""Confidence: a probability from named parts, by fixed arithmetic, never asked of a model.

A logistic function of parts in [0, 1], none with a negative weight, so that no part can be made
worse and the confidence better. The weights were fitted by `benchmarks/fit_confidence.py` on the
tuning halves of public questions, each also asked with its document hidden and of collections that
cannot know the answer; those of `exact_terms` and `same_subject` were set, for public questions name
too few codes and variants to fit them. On a team's own articles they promise no error rate. The same
parts give the same number, to the last bit.
"""

import math
import re
from collections.abc import Sequence
from statistics import median

from openbook.answer.answer_type import fits
from openbook.answer.draft import Draft, Section, context
from openbook.answer.quote import closeness, text_words
from openbook.search.identifiers import codes, has_identifier, identifiers
from openbook.search.words import bag_of, coverage
from openbook.types import Hit

WEIGHTS = {
    "similarity": 1.49,
    "sentence_similarity": 1.44,
    "question_coverage": 0.0,
    "context_coverage": 0.55,
    "known_words": 0.51,
    "agreement": 0.75,
    "keyword_share": 0.18,
    "retrieval_margin": 1.89,
    "sentence_margin": 0.72,
    "same_subject": 1.36,
    "answer_type": 0.69,
    "exact_terms": 1.36,
}
BIAS = -8.45
_DECIMALS = 6
_CLEAR_LEAD = 0.15
_CLEAR_SENTENCE_LEAD = 0.2
_NONE_NAMED = 0.5
_NAMED = 0.7
_RIVAL = 0.75
_NUMBER = re.compile(r"(?<![\w.,-])\d+(?:[.,]\d+)*(?![\w-])")


def confidence_parts(draft: Draft) -> dict[str, float]:
    """The parts of the confidence, each in [0, 1]: those of the part of the question that is answered worst.

    `similarity`: cosine of question and cited chunk (0 where there is no encoder); at least 0.7 where
    the quoted text has every code that the question names, of which the encoder understands little.
    `sentence_similarity`: the same of question and the sentence that answers best.
    `question_coverage`: share of the question's telling words, by rarity, in the quoted text.
    `context_coverage`: the same with title, headings and the rest of the chunk.
    `known_words`: share of the question's telling words that any hit has.
    `agreement`: whether both retrievers returned the cited chunk.
    `keyword_share`: BM25 of the cited chunk as a share of the best hit's.
    `retrieval_margin`: lead of the cited chunk over the middle one of the hits from other documents,
    since in a help centre a second article often says the same, and without those that have the codes
    of the question too; a clear lead counts in full, for how far it goes beyond says more about the
    collection than about the answer.
    `sentence_margin`: the same for the best sentence over the middle one of those articles.
    `same_subject`: share of the question's words that stand in the titles of the best hits which the
    cited passage has too: who asks about the Lite is not answered from the page on the Pro.
    `answer_type`: a question for a price, an amount, a temperature or a time is answered with one.
    `exact_terms`: 1 if the quoted text or the headings above it have every identifier and number of the
    question, a half where it names none, less where one is missing.

    Where products were chosen, nothing was searched for by likeness and every word was understood: all
    parts are full but `answer_type` and `same_subject`, which is the share of those that fit among them and
    those that do not say enough.
    """
    return min((_parts(section) for section in draft.sections), key=confidence, default=dict.fromkeys(WEIGHTS, 0.0))


def _parts(section: Section) -> dict[str, float]:
    best = section.best
    if best is None:
        return dict.fromkeys(WEIGHTS, 0.0)
    answered = 1.0 if fits(section.question, " ".join(quote.text for quote in section.quotes)) else 0.0
    if section.selection is not None:
        share = section.selection.fitting / (section.selection.fitting + section.selection.unsure)
        return dict.fromkeys(WEIGHTS, 1.0) | {"same_subject": _unit(share), "answer_type": answered}
    cited, quoted = best.hit, text_words(section.quotes)
    named = codes(section.question)
    others = [
        hit
        for hit in section.hits
        if hit.document_id != cited.document_id and not (named and _has_all(context(hit), named))
    ]
    scores = [hit.score for hit in others]
    sentences = [score for hit in others for score in hit.sentence_scores]
    in_place = " ".join(quote.in_place for quote in section.quotes)
    exact = _exact(section.question, in_place)
    at_least = _NAMED if cited.dense is not None and named and _has_all(in_place, named) else 0.0
    parts = {
        "similarity": max(at_least, cited.dense or 0.0),
        "sentence_similarity": max(at_least, closeness(cited, best.place)),
        "question_coverage": coverage(section.weights, quoted),
        "context_coverage": section.covered,
        "known_words": section.known_words,
        "agreement": 1.0 if len(cited.retrievers) > 1 else 0.0,
        "keyword_share": (cited.keyword or 0.0) / (max(hit.keyword or 0.0 for hit in section.hits) or 1.0),
        "retrieval_margin": (cited.score - median(scores or [0.0])) / _CLEAR_LEAD,
        "sentence_margin": (closeness(cited, best.place) - median(sentences or [0.0])) / _CLEAR_SENTENCE_LEAD,
        "same_subject": _same_subject(section, cited),
        "answer_type": answered,
        "exact_terms": exact,
    }
    return {name: _unit(value) for name, value in parts.items()}


def confidence(parts: dict[str, float]) -> float:
    """The probability that follows from the parts; 0 when nothing was drafted."""
    if not any(parts.values()):
        return 0.0
    total = BIAS + sum(WEIGHTS[name] * value for name, value in parts.items())
    return round(1.0 / (1.0 + math.exp(-total)), _DECIMALS)


def _has_all(text: str, named: Sequence[str]) -> bool:
    return all(has_identifier(text, code) for code in named)


def _same_subject(section: Section, cited: Hit) -> float:
    """The share of the question's words in titles of near rivals that the cited passage has; 1 without any."""
    rivals = [hit for hit in section.hits if hit.score >= _RIVAL * cited.score]
    named = bag_of(*(hit.title for hit in rivals)).intersection(section.weights)
    return len(named & bag_of(context(cited))) / len(named) if named else 1.0


def _exact(question: str, text: str) -> float:
    """1 if every identifier and number in the question stands in the text, a half without any, else less."""
    terms = [*identifiers(question), *_NUMBER.findall(question)]
    if not terms:
        return _NONE_NAMED
    found = sum(has_identifier(text, term) for term in terms) / len(terms)
    return 1.0 if found == 1.0 else _NONE_NAMED * found


def _unit(value: float) -> float:
    return round(min(1.0, max(0.0, value)), _DECIMALS)
