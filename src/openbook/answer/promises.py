"""Promises in what a customer would read: nobody but a source may promise on behalf of the company.

Rules of form for English, German, French and Spanish ("we will refund you", "Sie erhalten", "nous vous
rappellerons"), in `rules/promises.toml`. What a source says, word for word, with its citation, is the company's
own word and may be said. They do not know whether a promise is kept, nor promises in other languages.
"""

import re
from collections.abc import Iterator, Sequence

from openbook.answer.forms import LOOKED_AT, forms_of, read
from openbook.types import Claim, Support

_EDGE = "\ue000"
_SENTENCE = re.compile(rf"(?<=[.!?…]){_EDGE}*\s+{_EDGE}*|\n+")
_AFTER = " \"'”’»)*_"
_WORD = re.compile(r"[^\W_]")
_SPACES = re.compile(r"\s+")
_PIECE = 2 * LOOKED_AT


def promises_in(text: str) -> tuple[str, ...]:
    """The sentences of a text that promise an action, a payment, a deadline or a call by the company.

    Args:
        text: As a customer would read it.
    """
    return tuple(sentence for sentence in _sentences(text) if _promises(sentence))


def unbacked(text: str, claims: Sequence[Claim]) -> tuple[str, ...]:
    """The promises of a text that no supported claim with a citation has word for word; spaces do not count.

    Where claims stand side by side without a full stop between them, each may back its own side of a sentence.

    Args:
        text: As a customer would read it.
        claims: Those of the answer.
    """
    lines = [
        _plain(line)
        for claim in claims
        if claim.support is Support.SUPPORTED and claim.citations
        for line in claim.text.split("\n")
    ]
    marked = "\n".join(_plain(line) for line in text.replace(_EDGE, " ").split("\n"))
    for line in dict.fromkeys(line for line in lines if " " in line):
        marked = marked.replace(line, f"{_EDGE}{line}{_EDGE}")
    return tuple(
        said
        for sentence in _sentences(marked)
        if _promises(said := sentence.replace(_EDGE, "")) and not _carried(sentence.split(_EDGE), lines)
    )


def _carried(pieces: Sequence[str], lines: Sequence[str]) -> bool:
    """Whether each piece of a sentence that has a letter or a digit in it stands in a claim."""
    told = (piece.strip() for piece in pieces if _WORD.search(piece))
    return all(any(piece in line for line in lines) for piece in told)


def _promises(sentence: str) -> bool:
    """Whether a sentence promises, which a question does not; every part of a very long one is looked at."""
    if sentence.rstrip(_AFTER).endswith("?"):
        return False
    pieces = (sentence[start : start + _PIECE] for start in range(0, len(sentence), _PIECE // 2))
    return any(form.fits(read(piece)) for piece in pieces for form in forms_of("promises"))


def _sentences(text: str) -> Iterator[str]:
    return filter(None, (_plain(sentence) for sentence in _SENTENCE.split(text)))


def _plain(text: str) -> str:
    return _SPACES.sub(" ", text).strip()
