"""Takes out of a text what no reader of it can see, and says what looked like a hiding place.

Invisible characters carry no meaning for a customer, break words apart for search, and are
the usual hiding place of instructions meant for a language model. Some of them do carry
meaning where they belong, and stay there: joiners between emoji and in the scripts that are
written with them (Persian, Hindi, Sinhala ...), one variation selector after a character that
has variants, tag letters in the flags of England, Scotland and Wales (Unicode Technical
Standard 51). Letters are never changed: there is no Unicode normalisation here.

This module knows nothing about files or markup.
"""

import re

_LINE_ENDS = re.compile("\r\n?|[\v\f\x85\u2028\u2029]")
_SPACES = re.compile("[\u00a0\u202f]")
_INVISIBLE = re.compile(
    "["
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # C0 and C1 controls
    "\u00ad\u034f"  # soft hyphen, grapheme joiner
    "\u115f\u1160\u3164\uffa0"  # Hangul fillers
    "\u180e\u200b\u200e\u200f\u2060-\u2064\ufeff"  # zero-width characters and direction marks
    "\u202a-\u202e\u2066-\u206f"  # bidirectional embeddings, overrides, isolates, and what preceded them
    "\ufff9-\ufffb"  # interlinear annotation
    "\ud800-\udfff"  # lone surrogates
    "\U000e0000-\U000e001f"  # the part of the tag block that no flag uses
    "]"
)

_PICTURES = "\u203c-\u3299\U0001f000-\U0001faff"
_WITH_VARIANTS = f"#*0-9\u00a9\u00ae\u1820-\u18aa{_PICTURES}\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WRITTEN_WITH_JOINERS = (
    "\u0620-\u08ff\ufb50-\ufdff\ufe70-\ufefc"  # Arabic, Syriac, N'Ko
    "\u0900-\u0dff\u0f00-\u109f\u1780-\u18af\u1b00-\u1b7f"  # Indic scripts, Tibetan, Myanmar, Khmer, Mongolian
)
_FLAG = "\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f"
_TAGS = re.compile(f"({_FLAG})|[\U000e0020-\U000e007f]+")
_SELECTORS = re.compile(
    f"(?<=[{_WITH_VARIANTS}])([\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef])"
    "(?![\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef])"
    "|[\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]+"
)
_JOINERS = re.compile(
    f"((?<=[{_WRITTEN_WITH_JOINERS}])[\u200c\u200d](?=[{_WRITTEN_WITH_JOINERS}])"
    f"|(?<=[{_PICTURES}\ufe0f])\u200d(?=[{_PICTURES}]))"
    "|[\u200c\u200d]+"
)

_INSIDE_WORDS = re.compile("(?<=[A-Za-z])[\u200b-\u200d\u2060\ufeff]+(?=[A-Za-z])")
_OVERRIDES = re.compile("[\u202d\u202e]")
_MIXED_WORD = re.compile(
    r"\b(?=[\u0370-\u052f]{0,40}[A-Za-z])(?=[A-Za-z]{0,40}[\u0370-\u052f])[A-Za-z\u0370-\u052f]{4,40}\b"
)
_ALIKE = re.compile("[авеіјкмнорстухѕѵАВЕІЈКМНОРСТУХЅαεικνορτυχωΑΒΕΖΗΙΚΜΝΟΡΤΥΧ]")
_SPELLED = 40
"""How many characters of hidden text a notice shows."""


def clean(text: str) -> str:
    """The text with line feeds as its only line ends and without invisible characters.

    No-break spaces become plain spaces. Every other character is kept as it was written.
    Cleaning twice changes nothing.
    """
    if text.isascii() and text.isprintable():
        return text
    text = _INVISIBLE.sub("", _SPACES.sub(" ", _LINE_ENDS.sub("\n", text)))
    if text.isascii():
        return text
    for pattern in (_TAGS, _SELECTORS, _JOINERS):
        text = pattern.sub(_kept, text)
    return text


def _kept(found: re.Match[str]) -> str:
    """What stays of a match: its first group, which holds what carries meaning."""
    return found[1] or ""


def hidden_characters(text: str) -> tuple[str, ...]:
    """What to tell a person about characters that `clean` takes out and that only hide something.

    Soft hyphens, byte order marks, direction marks and the like are everyday and not told.

    Args:
        text: A text before it is cleaned.
    """
    if text.isascii():
        return ()
    notices = []
    tags = "".join(found[0] for found in _TAGS.finditer(text) if not found[1])
    if tags:
        spelled = "".join(chr(ord(tag) - 0xE0000) for tag in tags[:_SPELLED]).strip("\x7f")
        notices.append(f"invisible tag characters were left out; they spell “{spelled}”")
    selectors = sum(len(found[0]) for found in _SELECTORS.finditer(text) if len(found[0]) > 1)
    if selectors:
        notices.append(f"{selectors} variation selectors in a row were left out; such runs hide data")
    overrides = len(_OVERRIDES.findall(text))
    if overrides:
        what = "character that turned" if overrides == 1 else "characters that turned"
        notices.append(f"{overrides} {what} the direction of text around {_were(overrides)} left out")
    broken = len(_INSIDE_WORDS.findall(text))
    if broken:
        what = "invisible break" if broken == 1 else "invisible breaks"
        notices.append(f"{broken} {what} inside Latin words {_were(broken)} left out")
    mixed = [found[0] for found in _MIXED_WORD.finditer(text) if _ALIKE.search(found[0])]
    if mixed:
        what = "word mixes" if len(mixed) == 1 else "words mix"
        notices.append(f"{len(mixed)} {what} letters of two alphabets that look alike, such as “{mixed[0][:_SPELLED]}”")
    return tuple(notices)


def _were(count: int) -> str:
    return "was" if count == 1 else "were"
