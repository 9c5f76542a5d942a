"""Finds dates of birth that are named so: "born on 2 March 1985", "Geburtsdatum: 02.03.1985".

Any other date is knowledge and stays. The module does not know calendars: what is written like a date counts.
"""

import re
from collections.abc import Iterator

from openbook.ingest.privacy.found import Found

_CUES = ("birth", "born", "dob", "gebor", "geburt", "naiss", " né", "nacim", "nacid", "nascita", "nato")
_MONTH = (
    r"(?:Jan|Feb|Mär|Mar|Apr|Mai|May|Jun|Jul|Aug|Sep|Oct|Okt|Nov|Dec|Dez|janv|févr|mars|avr|juin|juil|août|déc|ene"
    r"|abr|ago|dic)"
    r"[a-zäéû]{0,7}\.?"
)
_DATE = (
    r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}"
    rf"|\d{{1,2}}(?:st|nd|rd|th|\.|er)? (?:of |de )?{_MONTH},? (?:de )?\d{{2,4}}"
    rf"|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{2,4}}|(?:19|20)\d\d(?!\w)"
)
_BIRTH = re.compile(
    r"(?:date of birth|birth ?date|birthday|\bborn|\bd\.?o\.?b\b\.?|geboren|geburts(?:datum|tag)|geb\."
    r"|date de naissance|\bnée?"
    r"|fecha de nacimiento|nacid[oa]|data di nascita|\bnat[oa])\W{0,4}"
    rf"(?:(?:is|was|on|in|am|ist|le|el|il|it's|its)\W{{1,3}}){{0,2}}(?P<date>{_DATE})",
    re.IGNORECASE,
)


def find_birthdates(text: str) -> Iterator[Found]:
    """Every date of birth in `text` that is named so."""
    folded = text.casefold()
    if any(cue in folded for cue in _CUES):
        yield from (Found(*found.span("date"), "birthdate") for found in _BIRTH.finditer(text))
