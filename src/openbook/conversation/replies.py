"""Reads short replies: a yes to what was offered, the first or the second of what was asked about.

Rules of form for English, German, French and Spanish. Such a reply says nothing by itself: what it stands for
is in the question that it answers. Knows no conversation.
"""

import re
from collections.abc import Sequence

_LONGEST = 60
_YES = (
    r"yes|yeah|yep|yup|yea|aye|sure( thing)?|ok(ay)?|right|correct|exactly|indeed|absolutely|of course|go on|"
    r"that( i|')s (it|right|the one)|(yes )?i (do|would|am)|please( do)?|thanks?|thank you|that one|"
    r"ja|jep|genau|gerne?|bitte|stimmt|richtig|klar|danke|oui|d'accord|merci|s[ií]|claro|vale|por favor|gracias"
)
_AFFIRMS = re.compile(rf"\W*(({_YES})\W+)*({_YES})\W*", re.IGNORECASE)
_ORDINALS = (
    r"first( one)?|former|1(st)?|(option|number) (1|one)|erste[rsn]?|ersteres|premi[eè]re?|primer[oa]",
    r"second( one)?|latter|other( one)?|last( one)?|2(nd)?|(option|number) (2|two)|zweite[rsn]?|letzteres|andere[rsn]?|"
    r"deuxi[eè]me|second|segund[oa]|otr[oa]",
    r"third( one)?|3(rd)?|(option|number) (3|three)|dritte[rsn]?|troisi[eè]me|tercer[oa]",
)
_BEFORE = (
    r"(no|nope|nein|non|yes|ja|oui|s[ií]|i (mean|meant|want)|the|die|der|das|la|le|el|lo|l'|please|bitte|um|oh|\W)*"
)
_CHOOSES = tuple(
    re.compile(rf"{_BEFORE}\b({form})\W*(please|bitte|thanks?|danke)?\W*", re.IGNORECASE) for form in _ORDINALS
)
_QUESTION = re.compile(r"[^.!?\n]+\?")
_EITHER = re.compile(r",? (?:or|oder|ou|o) ", re.IGNORECASE)
_LEAD = re.compile(
    r".*?\b(?:mean|about|between|for|looking for|meinen sie|meinst du|geht es um|voulez-vous dire)\b[:,]? ?", re.I
)


def affirms(message: str) -> bool:
    """Whether a message is a yes and nothing else: "yes please", "ja, gerne"."""
    return len(message) <= _LONGEST and _AFFIRMS.fullmatch(message) is not None


def chosen(message: str) -> int | None:
    """Which of several a message chooses, from 0: "the second one", "no, the other"; None where it does not."""
    if len(message) > _LONGEST:
        return None
    return next((place for place, form in enumerate(_CHOOSES) if form.fullmatch(message)), None)


def meant_by(message: str, asked: str) -> str:
    """What a short reply to a question stands for, in the question's words; empty where it says enough by itself.

    Args:
        message: What the customer wrote.
        asked: What was said just before; its last question counts.
    """
    questions = _QUESTION.findall(asked)
    if not questions:
        return ""
    question = questions[-1].strip()
    place = chosen(message)
    if place is not None:
        names = alternatives(question)
        return names[place] if place < len(names) else question
    return question if affirms(message) else ""


def option_meant(message: str, options: Sequence[str]) -> str:
    """The option that a short reply chooses; empty where it chooses none, or more than there are."""
    place = chosen(message)
    return options[place] if place is not None and place < len(options) else ""


def alternatives(question: str) -> tuple[str, ...]:
    """What a question names on both sides of its "or", such as "Do you mean X or Y?"; empty where it names none."""
    parts = [part for piece in _EITHER.split(question.rstrip("? ")) for part in piece.split(", ")]
    if len(parts) < 2:
        return ()
    return (_LEAD.sub("", parts[0], count=1).strip(), *(part.strip() for part in parts[1:]))
