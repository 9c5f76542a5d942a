"""A message as rules of form read it: its two ends, folded, sentence by sentence.

Folded means small letters without accents, words apart by single spaces, contractions in one piece
("don't" and "dont" are both `dont`, "j'ai" is `j ai`), and a `?` at the end of what
is or begins like a question. Rules
written for that need neither accents nor punctuation; they are kept in `rules/`. Knows no rule by name.
"""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

LOOKED_AT = 2_000
"""So many characters at either end of a message are looked at."""

_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ß": "ss", "’": "'", "‘": "'", "´": "'"}
)
_CONTRACTION = re.compile(r"(?<=\w)'(?=(?:s|t|re|ve|ll|d|m)\b)")
_END = re.compile(r"(?<!\d)[.…]+(?=\s|\Z)|[!?؟。！？;\n]+|\d\.(?=\s*\Z)")
_BETWEEN = re.compile(r"[^\w£€$?]+")
_NAMED = re.compile(r"@(\w+)@")
_GAP = r"(?:\w+ ){0,4}"
_OPENER = re.compile(  # many questions are typed without their mark
    r"(?:(?:hi|hello|hey|hallo|and|so|but|also|ok|now|please|quick question|just wondering|btw) ){0,2}"
    r"(?:is|are|am|was|were|should|shall|can|could|would|will|do|does|did|what|whats|which|how|hows|when|where|who|whose|"
    r"why|may|must|has|have you|have i|any|ist|sind|kann|kannst|konnen|darf|soll|sollte|muss|wie|was|wer|wo|wann|warum|"
    r"welche\w?|gibt|lohnt|hilft|est ce|puis je|dois je|peut on|que|quel\w*|comment|combien|pourquoi|quand|puedo|debo|"
    r"cual|como|cuando|donde|hay|posso|devo|quale|quali|quando|dove|kan|mag|moet|wat|welke|hoe|waar|wanneer)\b"
)
_ASKED = re.compile(r"[?？؟]")


@dataclass(frozen=True, slots=True)
class Reading:
    """A folded message.

    Attributes:
        sentences: Folded, each with a space at either end; a question ends in ` ? `.
        whole: All of them together.
    """

    sentences: tuple[str, ...]
    whole: str


def ends_of(message: str) -> str:
    """The first and the last 2,000 characters of a message; a shorter one as it is."""
    return message if len(message) <= 2 * LOOKED_AT else f"{message[:LOOKED_AT]}\n{message[-LOOKED_AT:]}"


@lru_cache(maxsize=64)
def read(message: str) -> Reading:
    """A message, folded; only its ends are looked at.

    Args:
        message: As it was typed, at most 4,001 characters; see `ends_of`.
    """
    sentences, start = [], 0
    for found in _END.finditer(message):
        sentences.append(_folded(message[start : found.end()]))
        start = found.end()
    sentences.append(_folded(message[start:]))
    kept = tuple(sentence for sentence in sentences if sentence.strip(" ?"))
    return Reading(kept, "".join(kept))


def fold(text: str) -> str:
    """Small letters without accents."""
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _folded(sentence: str) -> str:
    plain = _BETWEEN.sub(" ", _CONTRACTION.sub("", fold(sentence)).replace("?", " ")).strip()
    asks = " ?" if _ASKED.search(sentence) or _OPENER.match(plain) else ""
    return f" {plain}{asks} "


@dataclass(frozen=True, slots=True)
class Form:
    """What a message must have to be of a form.

    Attributes:
        needs: All of them must be found.
        unless: None of them may be found where these are.
        whole: Whether they may stand in different sentences.
        points: What each thing that is found counts, where a rule counts.
    """

    needs: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...] = ()
    whole: bool = False
    points: int = 0

    def fits(self, reading: Reading) -> bool:
        """Whether a message is of this form."""
        places = (reading.whole,) if self.whole else reading.sentences
        return any(
            all(need.search(place) for need in self.needs) and not any(bar.search(place) for bar in self.unless)
            for place in places
        )

    def found(self, sentence: str) -> list[re.Match[str]]:
        """What of this form is in a sentence: nothing where something bars it.

        Args:
            sentence: Folded.
        """
        if any(bar.search(sentence) for bar in self.unless):
            return []
        return list(self.needs[0].finditer(sentence))


def is_of(name: str, message: str) -> bool:
    """Whether a message is of one of the forms of a rule.

    Args:
        name: Of the file in `rules/`, such as "press".
        message: What the customer typed; its ends are looked at.
    """
    reading = read(ends_of(message))
    return any(form.fits(reading) for form in forms_of(name))


@cache
def forms_of(name: str) -> tuple[Form, ...]:
    """The forms of a rule, read and compiled when they are first needed.

    A file in `rules/` has a table `[[form]]` for each. Its lists are of regular expressions for folded text,
    from the start of a word to the end of one: one of `said` must be found; one of `then` at most four words
    after it; one of `with`, and one of `also`, anywhere in the same sentence; and none of `unless`, where
    those of the whole file count too. `whole = true` looks at all sentences together, `unparted = true` is
    for scripts that do not part words. `@name@` stands for one of the list `name` in `[words]`.

    Args:
        name: Of the file.
    """
    table = tomllib.loads(files("openbook.answer").joinpath("rules", f"{name}.toml").read_text("utf-8"))
    words: dict[str, str] = {}
    for word, alternatives in table.get("words", {}).items():
        words[word] = _either(alternatives, words)
    barred = table.get("unless", [])
    return tuple(_form(each, words, barred) for each in table["form"])


def _form(table: dict[str, Any], words: dict[str, str], barred: list[str]) -> Form:
    """One table of a rule, compiled."""
    said = _either(table["said"], words)
    if "then" in table:
        said = rf"{said} {_GAP}{_either(table['then'], words)}"
    bars = [*barred, *table.get("unless", ())]
    edges = ("", "") if table.get("unparted") else (r"(?<!\w)", r"(?!\w)")
    needs = [said, *(_either(table[key], words) for key in ("with", "also") if key in table)]
    return Form(
        tuple(re.compile(form.join(edges)) for form in needs),
        (re.compile(_either(bars, words).join((r"(?<!\w)", r"(?!\w)"))),) if bars else (),
        bool(table.get("whole")),
        int(table.get("points", 0)),
    )


def _either(alternatives: list[str], words: dict[str, str]) -> str:
    """One of these, without accents as `fold` leaves a text, and with the words that are named."""
    apart = unicodedata.normalize("NFKD", "|".join(map(str.strip, alternatives)).translate(_LETTERS))
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return f"(?:{_NAMED.sub(lambda found: words[found[1]], bare)})"
