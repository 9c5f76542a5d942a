"""Two plausible readings of a short question: asked back about, instead of guessed.

"code doesn't work" may mean the code of a text message or that of an app. Where several places of
the knowledge fit a short question about equally well, the customer says which is meant.
"""

from openbook.answer.draft import Section, context
from openbook.search.identifiers import identifiers
from openbook.search.words import bag_of
from openbook.types import Hit

_FEW_WORDS = 3
_NEAR = 0.28
_EQUAL = 0.8
_MOST = 3
_LONGEST = 80


def readings(section: Section) -> tuple[str, ...]:
    """The names of the places that a short question may mean, two or three; none where it is clear.

    Each has all of the question's telling words, is not far from it in meaning, scores about as well
    as the best, and is another article or a section headed by a word of the question. A question that
    names a code is clear.
    """
    words = set(section.weights)
    if not section.hits or not 0 < len(words) <= _FEW_WORDS or identifiers(section.question):
        return ()
    best = section.hits[0].score
    fitting = [hit for hit in section.hits if hit.score >= _EQUAL * best and _fits(hit, words)]
    first = fitting[:1]
    apart = [hit for hit in fitting[1:] if hit.document_id != first[0].document_id or _headed(hit, words)]
    names = list(dict.fromkeys(name for hit in first + apart if (name := _name(hit))))
    return tuple(names[:_MOST]) if len(names) > 1 else ()


def _fits(hit: Hit, words: set[str]) -> bool:
    near = hit.dense is not None and hit.dense >= _NEAR
    return near and words <= bag_of(context(hit))


def _headed(hit: Hit, words: set[str]) -> bool:
    """Whether the section's own heading says that it is about this: then it is a case of its own."""
    return bool(hit.heading_path) and not words.isdisjoint(bag_of(hit.heading_path[-1]))


def _name(hit: Hit) -> str:
    """What a customer would call the place: the article, and in it the section."""
    name = ": ".join(dict.fromkeys(part for part in (hit.title, *hit.heading_path[-1:]) if part))
    return name if len(name) <= _LONGEST else name[: _LONGEST - 1].rstrip() + "…"
