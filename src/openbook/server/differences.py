"""Shows how two texts differ, word by word. Knows no HTML."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

_WORD = re.compile(r"\s+|\S+")
_MOST_WORDS = 4_000


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of one of two texts, which the other has as well or has not."""

    text: str
    differs: bool


def differences(one: str, other: str) -> tuple[list[Passage], list[Passage]]:
    """Both texts cut where they begin and cease to differ; very long ones differ as a whole."""
    first, second = _WORD.findall(one), _WORD.findall(other)
    if len(first) + len(second) > _MOST_WORDS:
        same = one == other
        return [Passage(one, not same)], [Passage(other, not same)]
    left: list[Passage] = []
    right: list[Passage] = []
    for kind, start, end, from_, to in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        left += _passage(first[start:end], differs=kind != "equal")
        right += _passage(second[from_:to], differs=kind != "equal")
    return left, right


def _passage(words: list[str], *, differs: bool) -> list[Passage]:
    return [Passage("".join(words), differs)] if words else []
