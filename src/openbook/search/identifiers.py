"""Exact identifiers in a question: codes, model numbers, versions, settings, quoted words.

A customer who types "E-21" means that and nothing like it. Meaning-based search blurs such a
string and word statistics split it, so it is looked for as it stands. Knows no index.
"""

import re
from functools import lru_cache

from openbook.search.words import is_common

_BROKEN = r"\ud800-\udfff"  # lone surrogates, which no text that is kept has
_QUOTED = re.compile(
    rf"(?<!\w)[\"“„«]([^\s\"“”„»{_BROKEN}][^\"“”„»{_BROKEN}]{{1,59}})[\"”“»]|`([^`{_BROKEN}]{{2,60}})`"
)
_TOKEN = re.compile(rf"[^\s\"“”„«»`(){{}}<>,;!?{_BROKEN}]+")
_UNIT = (
    r"x|[mck]?m|ft|in|inch(es)?|zoll|[mk]?g|lbs?|oz|[mc]?l|k?w|k?wh|mah|v|[kmg]?hz|[kmgt]b|[kmg]bps|[kmg]bit|dpi|fps|"
    r"mp|px|s|secs?|mins?|h|hrs?|am|pm|days?|weeks?|months?|years?|tagen?|wochen?|monaten?|jahren?|tage|monate|jahre|"
    r"%|°|°?[cf]|eu|uk|us|k|p"
)
_ORDINARY = re.compile(rf"(?!0[xX])-?\d+([.,xX×]\d+)*(?i:st|nd|rd|th|{_UNIT})?(-[a-zäöüß]{{3,}})?")
_DATE = re.compile(r"\d{1,4}([./-]\d{1,2}){1,2}([./-]\d{2,4})?|\d{1,2}:\d{2}.*|\d+([.,]\d+)*(-\d+)*")
_SETTING = re.compile(
    r"[a-z0-9]{2,}([_.][a-z0-9]{2,})+|[A-Za-z0-9]+(_[A-Za-z0-9]+)+|--?[a-z][a-z-]+|[a-z]+[A-Z][A-Za-z]+"
)
_VERSION = re.compile(r"v\d+(\.\d+)+", re.IGNORECASE)
_SPAN = re.compile(r"\d+(am|pm|h)?[-–]\d+(am|pm|h|x|cm|mm|m|kg|g|l|%)?", re.IGNORECASE)
_REFERENCE = re.compile(
    r"(\b(order|invoice|ticket|tracking|parcel|case|booking|reference|ref|customer|account|serial|bestellung|"
    r"bestellnummer|rechnung|auftrag|kundennummer|sendung)\w*[.:]?\s*(number|no|nr|nummer|id|code)?[.:]?\s*(is|ist)?"
    r"\s*|#)\Z",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"\b(error|code|form|model|version|part|article|item|sku|status|step|fehler|fehlercode|modell|formular|artikel)"
    r"( (code|number|no|nr|nummer))?[.:]? ?\Z",
    re.IGNORECASE,
)
_OWN = re.compile(r"(?!0[xX]).*(?<!\d)\d{7,}(?!\d).*")
_ADDRESS = re.compile(r"@|://|^www\.|\.(com|org|net|de|gov|edu|io|co|uk|example)\b", re.IGNORECASE)
_JOINTS = re.compile(r"(?<=\w)[-‐‑–](?=\w)|(?<=[^\W\d_])(?=\d)")
_WHOLE = r"(?<![^\W_])(?<![^\W_]_)(?<!\d[.,]){}(?![^\W_]|_[^\W_]|[.,]\d)"
_EDGES = ".:'’*[]#"
_BEFORE = 40
MOST_IDENTIFIERS = 12


@lru_cache(maxsize=256)
def identifiers(question: str) -> tuple[str, ...]:
    """The identifiers in a question as they are written, each once, at most `MOST_IDENTIFIERS`.

    What has letters and digits (`E-21`, `0x80070005`, `G4K7-22PM`), versions (`v2.4.1`), names of
    settings (`max_size`, `--verbose`, `fooBar`), numbers named as codes ("error 6101") and quoted
    words, these first. Other numbers, sizes, spans ("30-day"), dates, times and addresses are none, nor
    are the customer's own references, such as the number of an order, which no article knows: what is called
    one, and what has seven digits in a row.
    """
    found = [first or second for first, second in _QUOTED.findall(question)]
    return tuple(dict.fromkeys([*found, *_tokens(question)]))[:MOST_IDENTIFIERS]


@lru_cache(maxsize=256)
def codes(question: str) -> tuple[str, ...]:
    """The identifiers that an answer must know: no quoted words, and no everyday names such as `2FA`."""
    return tuple(token for token in _tokens(question) if _is_code(token))


def _tokens(question: str) -> list[str]:
    """The identifiers that are none for their quotation marks alone, each once."""
    found: dict[str, None] = {}
    text = _QUOTED.sub(_unquoted, question)
    for match in _TOKEN.finditer(text):
        token = match[0].strip(_EDGES)
        start = match.start() + match[0].index(token)
        before = text[max(0, start - _BEFORE) : start]
        named = token.isdigit() and len(token) > 1 and _NAMED.search(before)
        known = named or (_identifies(token) and not _OWN.fullmatch(token))
        if known and not _REFERENCE.search(before):
            found[token] = None
        if len(found) == MOST_IDENTIFIERS:
            break
    return list(found)


def _unquoted(match: re.Match[str]) -> str:
    """A quoted word, or nothing where several are quoted."""
    quoted = match[1] or match[2]
    return " " if " " in quoted else f" {quoted} "


def _is_code(token: str) -> bool:
    return sum(letter.isdigit() for letter in token) > 1 or "_" in token or token.startswith("--")


def has_identifier(text: str, identifier: str) -> bool:
    """Whether a text has the identifier as a whole, whatever its case; `E21` and `E-21` are the same."""
    return _pattern(identifier).search(text) is not None


def places_of(identifier: str, text: str) -> list[int]:
    """Where in a text the identifier begins, as a whole and whatever its case."""
    return [match.start() for match in _pattern(identifier).finditer(text)]


def spellings(identifier: str) -> tuple[str, ...]:
    """The identifier as it may stand in a text: as it is written, and without hyphens."""
    return tuple(dict.fromkeys((identifier, _JOINTS.sub("", identifier))))


@lru_cache(maxsize=256)
def _pattern(identifier: str) -> re.Pattern[str]:
    parts = _JOINTS.split(identifier)
    joined = "[-‐‑– ]?".join(re.escape(part) for part in parts if part)
    return re.compile(_WHOLE.format(joined or re.escape(identifier)), re.IGNORECASE)


def _identifies(token: str) -> bool:
    if len(token) < 2 or _ADDRESS.search(token) or any(kind.fullmatch(token) for kind in (_DATE, _SPAN, _ORDINARY)):
        return False
    if any(map(is_common, token.lower().split("."))):  # two sentences without a space between them
        return False
    if _VERSION.fullmatch(token):
        return True
    letters = any(letter.isalpha() for letter in token)
    return letters and (any(letter.isdigit() for letter in token) or bool(_SETTING.fullmatch(token)))
