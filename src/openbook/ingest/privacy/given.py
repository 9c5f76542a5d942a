"""Finds the names that the caller knows: those of requester, assignee and others in the fields of an export.

A name is sought in all its forms: whole, turned around, each part, with "'s", as in the local part of an e-mail
address. A part that is also a common word ("Will", "Mark") counts only where it is capitalised and not the
first word of a clause that goes on in small letters. The module does not know nicknames.
"""

import re
from collections.abc import Collection, Iterator
from functools import lru_cache

from openbook.ingest.privacy.found import Found
from openbook.ingest.privacy.name_lists import AMBIGUOUS, NOT_NAMES

_NO_PARTS = "von van der den de da del della di la le bin al zu el ten ter und and jr sr dr mr mrs ms prof"
_PARTICLES = frozenset(_NO_PARTS.split())
_AMBIGUOUS = frozenset(word.casefold() for word in AMBIGUOUS)
_BETWEEN_PARTS = re.compile(r"[\s,;._]+")


def find_given(text: str, names: Collection[str]) -> Iterator[Found]:
    """Every place where one of the names, or a part of one, stands in `text`."""
    folded = text.casefold()
    forms = tuple(form for name in names for form in _forms(name) if all(part in folded for part in form.split()))
    if not forms:
        return
    for found in _pattern(tuple(sorted(set(forms), key=len, reverse=True))).finditer(text):
        if _is_meant(text, found):
            yield Found(found.start(), found.end(), "name")


@lru_cache(maxsize=4096)
def _forms(name: str) -> tuple[str, ...]:
    """The ways to write a name, in small letters."""
    name = name.casefold().strip()
    if "," in name:
        last, _, first = name.partition(",")
        name = f"{first.strip()} {last.strip()}"
    words = [word for word in _BETWEEN_PARTS.split(name.partition("@")[0]) if word]
    telling = [word for word in words if word not in _PARTICLES and len(word) >= 2 and not word.isdigit()]
    if not telling or all(word in NOT_NAMES for word in telling):
        return ()
    forms = {word for word in telling if word not in NOT_NAMES or word in _AMBIGUOUS}
    forms |= {" ".join(words), " ".join(telling)}
    if "@" in name:
        forms.add(name)
    if len(telling) >= 2:
        first, last = telling[0], telling[-1]
        forms |= {f"{first}{mark}{last}" for mark in (" ", ".", "_", "-", "")}
        forms |= {f"{last} {first}", f"{last}, {first}", f"{last}.{first}", f"{first[0]}{last}", f"{first[0]}.{last}"}
    return tuple(form for form in forms if len(form) >= 2)


@lru_cache(maxsize=256)
def _pattern(forms: tuple[str, ...]) -> re.Pattern[str]:
    whole = "|".join(re.escape(form).replace(r"\ ", r"[\s.]{1,3}") for form in forms)
    return re.compile(rf"(?<!\w)(?:{whole})(?:(?!\w)|s(?!\w))", re.IGNORECASE)


def _is_meant(text: str, found: re.Match[str]) -> bool:
    """Whether the person is meant rather than a word that is written alike."""
    word = found[0]
    if len(word) >= 3 and word.casefold() not in _AMBIGUOUS:
        return True
    if not word[0].isupper():
        return False
    return word.casefold() not in _AMBIGUOUS or not re.match(r" [a-z]", text[found.end() : found.end() + 2])
