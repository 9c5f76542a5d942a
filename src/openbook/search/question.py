"""Reads a question: which parts it asks, each of which is searched for and answered on its own.

"How long does delivery take, and can I return a gift?" asks two things. A long e-mail with one
question in it asks that one. Rules of form alone, for English and German; a question that does not
clearly ask several things is one part. Knows no index.
"""

import re
from dataclasses import dataclass

from openbook.search.words import uncommon_words

MOST_PARTS = 3
_LONG = 150
_LONGEST = 2_000
_FEWEST_WORDS = 2
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")
_MARKED = re.compile(r"\?\W*\Z")
_ASKS = (
    r"how|what|when|where|who|whose|why|which|can|could|do|does|did|is|are|will|would|should|may|am|has|have|"
    r"wie|was|wann|wo|wer|warum|welche[rsn]?|kann|können|könnte|darf|muss|ist|sind|gibt|haben|habt|wird|werden"
)
_WRAPPED = re.compile(rf"(?<![.!?:…\n])\n(?=[a-zäöüß])(?!(?:{_ASKS})\b)")
_ASKING = re.compile(rf"\A(and |but |also |so |or |und |aber |oder )?({_ASKS})\b", re.IGNORECASE)
_WISHES = re.compile(
    r"\b(i (want|need|would like|'d like) to know|(can|could) (you|someone|anyone) (please )?(tell|explain|help)|"
    r"please (tell|advise|explain|let me know)|wondering|not sure (if|how|whether|what)|"
    r"ich (möchte|würde gern) wissen)\b",
    re.IGNORECASE,
)
_JOINT = re.compile(rf"(?:,|;)?\s+(?:and|and also|also|plus|und|und auch)\s+(?=(?:{_ASKS})\b)", re.IGNORECASE)
_POINTS_BACK = re.compile(
    r"\b(it|its|they|them|that|those|these|this|one|er|ihn|ihm|sie|ihnen|es|das|diese[rsn]?)\b", re.IGNORECASE
)
_GOES_ON = re.compile(
    r"\A\W*(and|but|so|or|also|then|sorry|i mean|i meant|what about|how about|"
    r"und|aber|oder|dann|ich meine|ich meinte|was ist mit|wie ist es mit)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that is asked.

    Attributes:
        text: Its words, which an answer must cover.
        searched: What is searched for: the same, with what it points back to.
    """

    text: str
    searched: str


def read_question(text: str) -> tuple[Part, ...]:
    """The parts of a question in order, 1 to `MOST_PARTS`, each a line of at most 2,000 characters.

    What asks more things than that is one part, which hardly anything answers: half an answer is
    worse than none.
    """
    sentences, asking, clauses = _read(text)
    if not asking or len(clauses) > MOST_PARTS:
        return (_part(text),)
    if len(clauses) > 1:
        return tuple(_parts(clauses))
    return (_focused(sentences, asking),) if len(text.split()) > _LONG else (_part(text),)


def asks_too_much(text: str) -> bool:
    """Whether a text asks more things than are answered at once, so that any answer would be half of one."""
    _, asking, clauses = _read(text)
    return max(len(asking), len(clauses)) > MOST_PARTS


def asks(text: str) -> bool:
    """Whether any sentence of a text asks something."""
    return bool(_read(text)[1])


def _read(text: str) -> tuple[list[str], list[str], list[str]]:
    """The sentences of a text, those that ask, and the clauses that each ask something of their own."""
    unwrapped = _WRAPPED.sub(" ", text)
    sentences = [sentence.strip() for sentence in _SENTENCE.split(unwrapped) if sentence.strip()]
    asking = _asking(sentences)
    clauses = [clause for sentence in asking for clause in _clauses(sentence)]
    return sentences, asking, clauses if _stand_alone(clauses) else []


def points_back(text: str) -> bool:
    """Whether a text points back by its words, "how much is it?", or begins as if it went on, "and for two?"."""
    return bool(_POINTS_BACK.search(text) or _GOES_ON.search(text))


def read_whole(text: str) -> tuple[Part, ...]:
    """The text as the one part that it is."""
    return (_part(text),)


def _part(text: str, before: str = "") -> Part:
    """A part of these words, searched for with what it points back to."""
    line = " ".join(text.split())[:_LONGEST].rstrip()
    return Part(line, " ".join(f"{before} {line}".split())[:_LONGEST].rstrip())


def _asking(sentences: list[str]) -> list[str]:
    """The sentences that ask; those of common words alone, such as "Can you help me?", if no other does."""
    is_marked = any(map(_MARKED.search, sentences))
    asking = [sentence for sentence in sentences if _asks(sentence, is_marked=is_marked)]
    return [sentence for sentence in asking if uncommon_words(sentence)] or asking


def _asks(sentence: str, *, is_marked: bool) -> bool:
    """Whether a sentence asks; who marks questions means "When I log in, it crashes." as none."""
    if _MARKED.search(sentence) or _WISHES.search(sentence):
        return True
    return bool(_ASKING.search(sentence)) and not (is_marked and sentence.endswith((".", "!", "…")))


def _clauses(sentence: str) -> list[str]:
    """The clauses of a sentence that each ask something of their own; the sentence where they do not."""
    clauses = [clause.strip(" ,;") for clause in _JOINT.split(sentence)]
    return clauses if _stand_alone(clauses) else [sentence]


def _stand_alone(clauses: list[str]) -> bool:
    """Whether each of these says enough to be answered by itself."""
    return all(len(uncommon_words(clause)) >= _FEWEST_WORDS for clause in clauses)


def _parts(clauses: list[str]) -> list[Part]:
    first = clauses[0]
    return [
        _part(clause, first if place and _POINTS_BACK.search(clause) else "") for place, clause in enumerate(clauses)
    ]


def _focused(sentences: list[str], asking: list[str]) -> Part:
    """What a long message asks, with the sentence before where it says little by itself."""
    text = " ".join(asking)
    place = sentences.index(asking[0])
    before = sentences[place - 1] if place else ""
    says_little = _POINTS_BACK.search(text) or not _stand_alone([text])
    return _part(text, before if says_little else "")
