"""The named parts of the confidence: what question, hits and quoted text say about whether an answer is right.

Each lies in [0, 1], and more of it never speaks against an answer. It knows no weight.
"""

import math
import re
from collections.abc import Sequence
from statistics import median

from openbook.answer.answer_type import fits
from openbook.answer.confidence import SHIPPED, WEIGHTS, confidence
from openbook.answer.draft import Draft, Section, context
from openbook.answer.quote import closeness, text_words
from openbook.search.identifiers import codes, has_identifier, identifiers
from openbook.search.words import bag_of, coverage, uncommon_words
from openbook.types import ConfidenceModel, Hit

_DECIMALS = 6
_CLEAR_LEAD = 0.15
_CLEAR_SENTENCE_LEAD = 0.2
_NONE_NAMED = 0.5
_NAMED = 0.7
_RIVAL = 0.75
_TEMPERATURE = 0.1
_LOOKED_AT = 5
_DAYS_BEHIND = 1_000
_ENOUGH_WORDS = 4
_NUMBER = re.compile(r"(?<![\w.,-])\d+(?:[.,]\d+)*(?![\w-])")


def confidence_parts(draft: Draft, *, model: ConfidenceModel = SHIPPED, continues: bool = False) -> dict[str, float]:
    """The parts of the confidence, each in [0, 1]: those of the part of the question that is answered worst.

    `similarity`: cosine of question and cited chunk (0 where there is no encoder); at least 0.7 where
    the quoted text has every code that the question names, of which the encoder understands little.
    `sentence_similarity`: the same of question and the sentence that answers best.
    `question_coverage`: share of the question's telling words, by rarity, in the quoted text.
    `context_coverage`: the same with title, headings and the rest of the chunk.
    `known_words`: share of the question's telling words that any hit has.
    `agreement`: whether both retrievers returned the cited chunk, or it has every code of the question.
    `keyword_share`: BM25 of the cited chunk as a share of the best hit's; full with every code, too.
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
    `scope`: a soft mean of the likeness of the best five hits: how near the knowledge as a whole is.
    `rank_agreement`: the mean of 1 / rank of the cited chunk by meaning and by words; full with every code.
    `says_enough`: the question has a code, or four telling words or more, or goes on from what was said
    before; less for a fragment that hardly stands alone.
    `freshness`: the cited article is not much older than the newest one found; where dates do not say, full.

    Where products were chosen, nothing was searched for by likeness and every word was understood: all
    parts are full but `answer_type` and `same_subject`, which is the share of those that fit among them and
    those that do not say enough.
    """
    every = (_parts(section, continues=continues) for section in draft.sections)
    return min(every, key=lambda parts: confidence(parts, model=model), default=dict.fromkeys(WEIGHTS, 0.0))


def _parts(section: Section, *, continues: bool) -> dict[str, float]:
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
    by_code = bool(named) and _has_all(in_place, named)
    at_least = _NAMED if cited.dense is not None and by_code else 0.0
    parts = {
        "similarity": max(at_least, cited.dense or 0.0),
        "sentence_similarity": max(at_least, closeness(cited, best.place)),
        "question_coverage": coverage(section.weights, quoted),
        "context_coverage": section.covered,
        "known_words": section.known_words,
        "agreement": 1.0 if by_code or len(cited.retrievers) > 1 else 0.0,
        "keyword_share": 1.0 if by_code else _share_of_best(section.hits, cited),
        "retrieval_margin": (cited.score - median(scores or [0.0])) / _CLEAR_LEAD,
        "sentence_margin": (closeness(cited, best.place) - median(sentences or [0.0])) / _CLEAR_SENTENCE_LEAD,
        "same_subject": _same_subject(section, cited),
        "answer_type": answered,
        "exact_terms": exact,
        "scope": _scope(section.hits),
        "rank_agreement": 1.0 if by_code else _rank_agreement(section.hits, cited),
        "says_enough": 1.0 if named or continues else len(uncommon_words(section.question)) / _ENOUGH_WORDS,
        "freshness": _freshness(section.hits, cited),
    }
    return {name: _unit(value) for name, value in parts.items()}


def _share_of_best(hits: Sequence[Hit], cited: Hit) -> float:
    """The cited chunk's BM25 as a share of the best hit's."""
    return (cited.keyword or 0.0) / (max(hit.keyword or 0.0 for hit in hits) or 1.0)


def _scope(hits: Sequence[Hit]) -> float:
    """How near the knowledge as a whole is: a soft mean of the best hits' likeness (energy, Liu et al. 2020)."""
    likeness = [hit.dense for hit in hits[:_LOOKED_AT] if hit.dense is not None]
    if not likeness:
        return 0.0
    return _TEMPERATURE * math.log(sum(math.exp(value / _TEMPERATURE) for value in likeness) / len(likeness))


def _rank_agreement(hits: Sequence[Hit], cited: Hit) -> float:
    """The mean of 1 / rank of the cited chunk by meaning and by words."""
    by_meaning = sum((hit.dense or 0.0) > (cited.dense or 0.0) for hit in hits)
    by_words = sum((hit.keyword or 0.0) > (cited.keyword or 0.0) for hit in hits)
    found = [1 / (1 + by_meaning) if cited.dense is not None else 0.0, 1 / (1 + by_words) if cited.keyword else 0.0]
    return sum(found) / 2


def _freshness(hits: Sequence[Hit], cited: Hit) -> float:
    """How little older the cited article is than the newest one found; 1 where dates do not say."""
    dates = [hit.updated_at for hit in hits if hit.updated_at is not None]
    if cited.updated_at is None or not dates:
        return 1.0
    return 1 - (max(dates) - cited.updated_at).days / _DAYS_BEHIND


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
