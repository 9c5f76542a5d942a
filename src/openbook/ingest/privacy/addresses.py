"""Finds postal addresses: a street with its house number, and the flat, town and postcode that go on from it.

A street is known by a word for streets ("Road", "-straße", "rue", "calle", "-gatan", "ul."), by a box number, or,
where its name could be anything, by what stands around it: "my address is", a flat, a second number before it.
A town alone is no address. The module knows no gazetteer.
"""

import re
from collections.abc import Iterator

from openbook.ingest.privacy.found import Found
from openbook.ingest.privacy.labels import label_before

_CAPITAL = r"(?:[^\W\d_a-zß-öø-ÿ][\w'’.()-]{0,30})"
_PARTICLE = r"(?:de|da|do|dos|das|du|des|la|le|les|el|del|della|di|van|der|den|von|am|an|im|zum|zur|of|the|fejedelem)"
_ENGLISH = "Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Boulevard|Blvd|Parkway|Pkwy|Highway|Hwy|Crescent|Terrace|Close|Mews"
_ENGLISH_IF_MORE = "Drive|Dr|Court|Ct|Way|Place|Pl|Square|Sq|Circle|Cir|Trail|Loop|Row|Walk|Hill|Grove|Gardens|Park"
_ROMANCE_WORDS = (
    "rue avenue boulevard bd place chemin allée impasse quai cours route via viale piazza corso strada vicolo largo "
    "calle avenida avda plaza paseo camino carrer rúa rua travessa praça estrada"
)
_ROMANCE = _ROMANCE_WORDS.split()
_EASTERN = "ul ulica aleja utca u út útja tér tere krt körút kapu nábřeží náměstí"
_STREET_TYPES = frozenset((*_ROMANCE, *_EASTERN.split()))
_ENDINGS = (
    "straße strasse str weg gasse platz allee ufer damm chaussee steig vej gade gatan gata gränd vägen väg veien vegen "
    "katu kuja straat laan plein kade dijk singel"
)
_STREET_ENDINGS = tuple(_ENDINGS.split())
_NOT_STREETS = ("speicherplatz", "arbeitsplatz", "stellplatz", "sitzplatz", "parkplatz", "umweg", "ausweg")

_NUMBER_FIRST = re.compile(
    r"\d(?<![\w.,:/#$€£-]\d)\d{0,5}[a-zA-Z]?,? "
    rf"(?:(?:[NSEW]{{1,2}}\.? )?(?:{_CAPITAL} ){{1,4}}(?:(?:{_ENGLISH})|(?P<unsure>{_ENGLISH_IF_MORE}))(?![\w-])\.?"
    rf"|(?:bis |ter )?(?i:{'|'.join(_ROMANCE)}) (?:{_PARTICLE} |[dlDL]['’]){{0,3}}"
    rf"{_CAPITAL}(?: (?:{_PARTICLE} )?{_CAPITAL}){{0,3}})"
)
_HOUSE_NUMBER = re.compile(r"\d(?:(?<=[^\W\d_][ .]\d)|(?<=\. \d))\d{0,4}(?:[ -]?[a-zA-Z])?(?![\w%€$°:]|[.,]\d)")
_NAME_PART = rf"(?:{_CAPITAL}|{_PARTICLE}|ul\.|u\.|tér|út|útja|utca|gate)"
_NAME_BEFORE = re.compile(rf"(?:\d{{1,6}} )?(?:{_NAME_PART} ){{0,4}}{_NAME_PART} ?\Z")
_BOX = re.compile(
    r"(?:[Pp]\.? ?[Oo]\.? ?B(?:ox|OX)|Post Office Box|PSC \d{1,6},? Box|Unit \d{1,6},? Box|Postfach|Boîte postale"
    r"|Apartado(?: de correos)?|Casella postale|Postbus)[ :#]{1,2}\d{1,6}"
)
_MILITARY = re.compile(r"[AFD]PO(?<!\w...),? A[AEP],? \d{5}(?:-\d{4})?\b")
_BRITISH_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2}\b")
_TOWN_STATE_ZIP = re.compile(rf"{_CAPITAL}(?: {_CAPITAL}){{0,2}},\s{{1,2}}[A-Z]{{2}},? \d{{5}}(?:-\d{{4}})?(?!\w)")
_FLAT = (
    r"(?:Apt|Apartment|Suite|Ste|Unit|Flat|Floor|Wohnung|Whg|Etage|Appt|piso|Int|Haus|#)\.?"
    r" ?#?(?:\d{1,5}[A-Za-z]?|[A-Z])(?!\w)"
)
_FLATS = re.compile(rf"(?:\.?[,\s>]{{1,8}}{_FLAT}){{1,2}}")
_BEFORE_STREET = re.compile(rf"(?:{_FLAT}[,\s>]{{1,8}}|(?<![\w.,:/-])\d{{1,6}} )\Z")
_ZIP = (
    r"(?:[A-Z]{1,2}-)?(?:\d{3} \d{2}|\d{2}-\d{3}|\d{4,6}(?:-\d{3,4})?"
    r"|[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d)(?![\w:])"
)
_TOWN = re.compile(
    rf"\.?(?:[,\s>]{{1,8}}(?:{_CAPITAL}|{_PARTICLE}|nan)){{0,6}}[,\s>]{{1,8}}{_ZIP}"
    rf"(?:,? (?:[A-Z]{{2}} )?{_CAPITAL}(?: {_CAPITAL}){{0,2}})?"
)
_TOWN_AFTER_COMMA = re.compile(rf"(?:,\s{{1,2}}{_CAPITAL}(?: {_CAPITAL}){{0,2}}){{1,3}}")
_TOWN_AFTER_FLAT = re.compile(rf"(?:,?\s{{1,2}}{_CAPITAL}){{1,4}}")
_CUE = re.compile(
    r"address|lives? (?:at|on|in)|lived (?:at|in)|located (?:at|in)|moved to|office is at|deliver\w* to|ship\w* to"
    r"|sent? to"
    r"|return to|meet (?:me |you )?at|adresse|anschrift|wohne|wohnhaft|liefer\w* (?:an|nach)|habite|domicili"
    r"|dirección|vivo en"
    r"|restaurant is|indirizzo|residen",
    re.IGNORECASE,
)
_CUE_REACH = 40


def find_addresses(text: str) -> Iterator[Found]:
    """Every postal address in `text`; ranges may overlap."""
    if not any(map(text.__contains__, "0123456789")):
        return
    for found in _NUMBER_FIRST.finditer(text):
        sure = found["unsure"] is None or _goes_on(text, found.end()) or _has_cue(text, found.start())
        if sure and label_before(text, found.start()).kind != "public":
            yield Found(_head(text, found.start()), _tail(text, found.end()), "address")
    for found in _HOUSE_NUMBER.finditer(text):
        start = _street_before(text, found)
        if start is not None:
            yield Found(_head(text, start), _tail(text, found.end()), "address")
    for shape in (_BOX, _MILITARY):
        yield from (Found(found.start(), _tail(text, found.end()), "address") for found in shape.finditer(text))
    for shape in (_BRITISH_POSTCODE, _TOWN_STATE_ZIP):
        yield from (Found(*found.span(), "address") for found in shape.finditer(text))


def _street_before(text: str, house_number: re.Match[str]) -> int | None:
    """Where the street begins whose house number this is; None if what stands before is no street."""
    at = house_number.start()
    window = text[max(0, at - 60) : at]
    name = _NAME_BEFORE.search(window)
    if name is None or name[0][-1] not in " .":
        return None
    words = name[0].split()
    start = at - len(name[0])
    bare = [word.casefold().strip(".,()") for word in words]
    sure = not _STREET_TYPES.isdisjoint(bare) or (bare[-1].endswith(_STREET_ENDINGS) and bare[-1] not in _NOT_STREETS)
    if not sure:
        numbered = words[0].isdigit() and len(words) >= 2 and not _is_year(words[0])
        sure = numbered and _goes_on(text, house_number.end())
        sure = sure or _FLATS.match(text, house_number.end()) is not None or _has_cue(text, start)
    if not sure:
        return None
    return None if label_before(text, at).kind == "public" else start


def _is_year(word: str) -> bool:
    return len(word) == 4 and word.startswith(("19", "20"))


def _goes_on(text: str, end: int) -> bool:
    """Whether a flat, or a town with its postcode, follows."""
    return _FLATS.match(text, end) is not None or _TOWN.match(text, end) is not None


def _has_cue(text: str, start: int) -> bool:
    return _CUE.search(text, max(0, start - _CUE_REACH), start) is not None


def _head(text: str, start: int) -> int:
    """Where the address begins: with a flat or a second number, if one stands before the street."""
    found = _BEFORE_STREET.search(text[max(0, start - 24) : start])
    return start - len(found[0]) if found else start


def _tail(text: str, end: int) -> int:
    """Where the address ends: after the flat, the town and its postcode, as far as they follow."""
    flats = _FLATS.match(text, end)
    end = flats.end() if flats else end
    town = _TOWN.match(text, end) or (_TOWN_AFTER_FLAT if flats else _TOWN_AFTER_COMMA).match(text, end)
    return town.end() if town else end
