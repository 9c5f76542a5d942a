"""Finds the sentences of a paragraph: exact ranges, by rule.

A sentence ends at an end mark that white space follows, unless the mark belongs to an
abbreviation, an initial, a list number or a German ordinal; CJK marks need no space; a line
feed always ends one. The rules are for English and German support prose and do no harm
elsewhere. The module knows nothing about blocks or chunks.
"""

import re
from collections.abc import Iterator

from openbook.types import Span

_CLOSERS = "\"'”’»«)\\]}›*_"
_END = re.compile(
    rf"(?<![.!?…])(?P<mark>[.!?…]+)[{_CLOSERS}]*(?=\s)"  # Western marks, then what closes around the sentence
    r"|[。！？｡]+[」』”’）】》]*"  # CJK marks
    r"|\n"
)
_BEFORE_NUMBERS = "no nos nr fig figs sec ch vol ed pp p art ref tel ext min max hr lt ziff kap mind abs"
_BEFORE_ANYTHING = (
    "e.g i.e eg ie cf vs viz approx ca dept est incl excl "
    "dr mr mrs ms prof st rev hon gen sgt capt sr messrs mme mlle "
    "z.b d.h u.a o.ä i.d.r v.a s.o s.u bzw evtl ggf inkl exkl zzgl abzgl vgl sog str fr bspw gem geb"
)
_BEFORE_SMALL_LETTERS = (
    "etc usw inc ltd co corp llc gmbh plc jr a.m p.m am pm u.s u.k e.u ph.d b.c a.d al "
    "jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun okt dez"
)
_ABBREVIATIONS = {
    **dict.fromkeys(_BEFORE_NUMBERS.split(), "numbers"),
    **dict.fromkeys(_BEFORE_ANYTHING.split(), "anything"),
    **dict.fromkeys(_BEFORE_SMALL_LETTERS.split(), "small letters"),
}
_WORD_BEFORE = re.compile(r"[^\s(\[{\"“„'‘«»/]*\Z")
_SPACED_ABBREVIATION = re.compile(
    r"(?:^|[\s(\[„“\"])(?:z\. B|d\. h|u\. a|i\. d\. R|o\. ä|v\. a|s\. o|s\. u|i\. V|n\. Chr|e\. g|i\. e|[zduiovsn])\Z",
)
_GERMAN_MONTH_OR_NOUN = re.compile(
    r"\s+(?:Jan|Feb|März|Mär|Apr|Mai|Juni|Juli|Jun|Jul|Aug|Sep|Okt|Nov|Dez|Tag|Werktag|Kalendertag|Monat|Jahr|Woche|"
    r"Quartal|Stock|Etage|Lebensjahr|Mal|Schritt|Auflage|Jahrhundert)"
)
_NEXT_WORD = re.compile(r"\s+[\"'“‘„«»(\[¿¡*_]*(\S)")
_TIME_ZONE_OR_CODE = re.compile(r"\s+[A-Z]{2,4}\b")
_LOOK_BACK = 40


def split_sentences(text: str, span: Span | None = None) -> tuple[Span, ...]:
    """The sentences of `text`, or of one range of it: disjoint, in order, without outer white space.

    Args:
        text: The source text.
        span: The range to split, usually a paragraph; the whole text if None.

    Returns:
        Spans of `text` that together cover every character of the range but white space.
    """
    start, end = (span.start, span.end) if span else (0, len(text))
    sentences: list[Span] = []
    for stop in (*_stops(text, start, end), end):
        sentence = trim(text, start, stop)
        if sentence.start < sentence.end:
            sentences.append(sentence)
        start = stop
    return tuple(sentences)


def trim(text: str, start: int, end: int) -> Span:
    """The range without white space at its edges; empty, at `start`, if there is nothing else."""
    piece = text[start:end]
    left = start + len(piece) - len(piece.lstrip())
    right = end - len(piece) + len(piece.rstrip())
    return Span(left, right) if left < right else Span(start, start)


def _stops(text: str, start: int, end: int) -> Iterator[int]:
    """Where sentences end inside the range, its own end not among them."""
    sentence_start = start
    for found in _END.finditer(text, start, end):
        if found["mark"] is None or _ends_sentence(text, sentence_start, found, end):
            yield found.end()
            sentence_start = found.end()


def _ends_sentence(text: str, start: int, found: re.Match[str], end: int) -> bool:
    """Whether a Western end mark that white space follows ends the sentence begun at `start`."""
    following = _NEXT_WORD.match(text, found.end(), end)
    if following is None:
        return True
    next_character = following[1]
    mark = found["mark"]
    if "…" in mark or mark.startswith("..."):
        return not next_character.islower()
    if mark != ".":
        return not (next_character.islower() and found.end() > found.end("mark"))
    if found.end() > found.end("mark") and next_character.islower():
        return False
    return _full_stop_ends(text, start, found.start(), found.end(), next_character)


def _full_stop_ends(text: str, start: int, mark: int, after: int, next_character: str) -> bool:
    """Whether one full stop at `mark` is more than the dot of an abbreviation or a number."""
    before = text[max(start, mark - _LOOK_BACK) : mark]
    found = _WORD_BEFORE.search(before)
    word = found[0].casefold() if found else ""
    if not word:
        return True
    if _SPACED_ABBREVIATION.search(before):
        return False
    goes_on_before = _ABBREVIATIONS.get(word.rpartition("-")[2])
    if goes_on_before:
        is_code = _TIME_ZONE_OR_CODE.match(text, after) is not None
        return not is_code and _ends_after_abbreviation(goes_on_before, next_character)
    if word.isdigit():
        is_list_number = len(word) <= 3 and mark - start <= _LOOK_BACK and text[start:mark].strip() == word
        is_ordinal = len(word) <= 2 and (next_character.islower() or bool(_GERMAN_MONTH_OR_NOUN.match(text, after)))
        return not (is_list_number or is_ordinal)
    if len(word) == 1 and word.isalpha() and before[-1:].isupper():
        return word == "i" or not next_character.isupper()
    return True


def _ends_after_abbreviation(goes_on_before: str, next_character: str) -> bool:
    """Whether the dot of an abbreviation is a full stop too, by what such a word stands before."""
    if goes_on_before == "numbers":
        return not (next_character.isdigit() or next_character.islower() or next_character in "§#")
    return goes_on_before == "small letters" and next_character.isupper()
