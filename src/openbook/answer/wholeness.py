"""Makes a quote whole: what must not be cut off from it is quoted with it.

Steps are useless with one left out, a list item without the line that introduces it, "This costs
extra" without what "this" is, and "You can return it" is wrong without the "unless" that follows.
Rules of form alone, for English and German.
"""

import re
from collections.abc import Sequence
from itertools import takewhile

from openbook.answer.quote import Quote
from openbook.types import BlockKind

_SHORT_LIST = 6
_FARTHEST = 2
_CONDITION = re.compile(
    r"\A(\W*(and|please|but|so|the only|und|aber|bitte)?\W*)(unless|except\w*|however|but|only (if|when|for)|provided|"
    r"if (not|you do not|you don['’]t|this|it|that)|otherwise|exclu(ded|ding|sions?)|not included|"
    r"this (does not|doesn['’]t|only)|it (does not|doesn['’]t|only|cannot|can['’]t)|"
    r"(they|these|those) (do not|don['’]t|only|cannot|can['’]t)|note|"
    r"with the exception|(the|an) exceptions? (is|are)|apart from|as long as|subject to|not for|conditions?|important|"
    r"this is (not|only)|(\w+ ){1,3}(is|are) (excluded|not included|exempt)|"
    r"exception|there (is|are) (one|an|some|no)? ?exceptions?|außer|ausgenommen|jedoch|allerdings|aber|nur wenn|"
    r"sofern|es sei denn|(wenn|falls) nicht|voraussetzung|ausnahme|(dies|das) gilt (nicht|nur)|bitte beachte\w*)\b",
    re.IGNORECASE,
)
_PLAIN_CONDITION = re.compile(
    r"\A\W*(unless|except (for|if|when|that)|with the exception|only if|(the|an) exceptions? (is|are)|es sei denn|"
    r"ausgenommen|mit ausnahme)\b",
    re.IGNORECASE,
)
_POINTER = re.compile(
    r"\A\W*(it|its|this|that|these|those|they|their|them|he|she|then|otherwise|however|but|also|instead|"
    r"if (so|not|it|they|this|that)|in (this|that|such|these|those) (case|cases|situation)|after that|unless|except|"
    r"er|sie|es|dies|diese[rsmn]?|das|dann|sonst|jedoch|aber|außerdem|stattdessen|in diesem fall|danach)\b",
    re.IGNORECASE,
)


def whole(quote: Quote, every: Sequence[Quote]) -> list[Quote]:
    """The quote with what belongs to it, in reading order.

    Args:
        quote: What answers.
        every: All quotes of its hit, in order.
    """
    kind = quote.sentence.kind
    if kind is BlockKind.TABLE:
        return [quote]
    if kind is BlockKind.PARAGRAPH:
        return _paragraph(quote, every)
    items = _block(quote, every)
    lead_in = _lead_in(items[0], every)
    if (kind is BlockKind.LIST and len(items) > _SHORT_LIST) or (kind is BlockKind.LIST and not lead_in):
        items = [quote, *_conditions_after(quote, items)]
    return [*lead_in, *items]


def cuts_condition(quotes: Sequence[Quote]) -> bool:
    """Whether a chunk ends right before a condition of what is quoted from it."""
    ends = (quote for quote in quotes if quote.place == len(quote.hit.sentences) - 1)
    return any(_goes_on_limited(quote.hit.following) for quote in ends)


def _goes_on_limited(following: str) -> bool:
    """Whether what follows is a condition; at the start of a paragraph only in plain words."""
    if following.startswith("\n\n"):
        return bool(_PLAIN_CONDITION.match(following))
    return bool(_CONDITION.match(following))


def _conditions_after(quote: Quote, items: Sequence[Quote]) -> list[Quote]:
    """The items right after one that say when it does not hold."""
    after = [item for item in items if item.place > quote.place]
    return list(takewhile(lambda item: _CONDITION.match(re.sub(r"\A[-*•]\s+", "", item.text)), after))


def _paragraph(quote: Quote, every: Sequence[Quote]) -> list[Quote]:
    first = last = quote.place
    while quote.place - first < _FARTHEST and _POINTER.match(every[first].text) and _follows(every, first):
        first -= 1
    while last + 1 < len(every) and _limits(every, last + 1):
        last += 1
    kept = list(every[first : last + 1])
    return [*kept, *_introduced(kept[-1], every)]


def _limits(every: Sequence[Quote], place: int) -> bool:
    """Whether a sentence says when the one before it does not hold; at the start of a paragraph only in plain words."""
    text = every[place].text
    if _follows(every, place):
        return bool(_CONDITION.match(text))
    return every[place].sentence.kind is BlockKind.PARAGRAPH and bool(_PLAIN_CONDITION.match(text))


def _follows(every: Sequence[Quote], place: int) -> bool:
    """Whether a sentence goes on with the paragraph of the one before it."""
    return place > 0 and every[place].sentence.block == every[place - 1].sentence.block


def _introduced(quote: Quote, every: Sequence[Quote]) -> list[Quote]:
    """The list, steps, code or rows that a sentence ending in a colon announces."""
    after = quote.place + 1
    if not quote.text.rstrip().endswith(":") or after >= len(every):
        return []
    if every[after].sentence.kind in (BlockKind.HEADING, BlockKind.PARAGRAPH):
        return []
    return [other for other in _block(every[after], every) if other.answers]


def _lead_in(first: Quote, every: Sequence[Quote]) -> list[Quote]:
    """The sentence right before a list or steps, if it announces them."""
    before = every[first.place - 1] if first.place else None
    announces = before is not None and before.answers and before.text.rstrip().endswith(":")
    return [before] if before is not None and announces else []


def _block(quote: Quote, every: Sequence[Quote]) -> list[Quote]:
    """Everything of the quote's block: all steps, all items, all lines."""
    return [other for other in every if other.sentence.block == quote.sentence.block]
