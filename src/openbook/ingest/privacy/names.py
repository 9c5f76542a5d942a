"""Finds names of persons by what stands around them, or because many people are called so.

After a greeting, a title, a closing, "my name is", before the e-mail address of a header, a capitalised word is a
name. Elsewhere only a common first name or surname is (`name_lists`), with the capitalised words that go on from
it. A rare name in running text is not found: no rule tells it from a product, and a model that could is heavier
than the rest of Openbook. Callers who know the names say them (`given`).
"""

import re
from collections.abc import Iterator
from itertools import chain

from openbook.ingest.privacy.found import Found
from openbook.ingest.privacy.name_lists import AMBIGUOUS, FIRST_NAMES, NOT_NAMES, SURNAMES

_LETTERS = r"[^\W\d_]+(?:['’\-][^\W\d_]+)*"
_NAME_WORD = re.compile(rf"({_LETTERS})(?:['’]s\b)?")
_NEXT_WORD = re.compile(rf"(?: (?:von|van|der|den|de|da|del|della|di|la|bin|al|zu|y|ten|ter)){{0,2}} ({_LETTERS})")
_INITIAL = re.compile(r" [^\W\d_]\.?(?= )")
_TITLES = (
    r"(?:Mr|Mrs|Ms|Mx|Miss|Dr|Prof|Mister|Herrn?|Frau|Hr|Monsieur|Madame|Mme|Mlle|Señora?|Señorita|Sra|Signora?|Sig"
    r"|Dhr|Mevr)"
    r"\.? (?:(?:Dr|Prof)\.? )?"
)
_GREETING = re.compile(
    r"\b(?:Hi|hi|HI|Hello|hello|Hey|hey|Dear|dear|Hallo|hallo|Hej|Guten (?:Tag|Morgen|Abend)|Liebe[rs]?"
    r"|Sehr geehrte[rs]?"
    r"|Moin|Servus|Grüezi|Bonjour|bonjour|Bonsoir|Salut|Ch(?:er|ère)|Hola|hola|Buen[oa]s (?:días|tardes|noches)"
    r"|Estimad[oa]"
    r"|Querid[oa]|Ciao|ciao|Buongiorno|Gentile|Olá|olá|Oi|Car[oa]|Beste|Geachte|Good (?:morning|afternoon|evening)),? "
    rf"(?P<title>{_TITLES})?"
)
_TITLE = re.compile(rf"\b{_TITLES}")
_SHORT_TITLES = {
    "de": re.compile(r"\bFr\. "),
    "es": re.compile(r"\b(?:Sr|D|Dña)\. "),
    "fr": re.compile(r"\bM\. "),
    "pt": re.compile(r"\bSr\. "),
}
_CLOSING_WORDS = (
    r"(?:(?:[Bb]est|[Kk]ind(?:est)?|[Ww]arm(?:est)?|[Mm]any)(?: [Rr]egards| [Ww]ishes| [Tt]hanks)?|[Rr]egards"
    r"|[Tt]hanks?"
    r"(?: you)?(?: (?:so|very) much| again| a lot| in advance)?|THANKS|[Cc]heers|[Ss]incerely(?: [Yy]ours)?|[Yy]ours"
    r"(?: (?:sincerely|truly|faithfully))?|[Rr]espectfully|[Mm]it (?:freundlichen|besten|lieben|herzlichen) Gr(?:ü"
    r"|ue)(?:ß|ss)en"
    r"|(?:[Vv]iele|[Ll]iebe|[Bb]este|[Ff]reundliche|[Hh]erzliche|[Ss]chöne) Gr(?:ü|ue)(?:ß|ss)e|Gr(?:ü|ue)(?:ß"
    r"|ss)e?|Gru(?:ß|ss)"
    r"|LG|MfG|VG|BG|mfg|lg|Danke(?: schön)?|Vielen Dank(?: im Voraus)?|(?:[Bb]ien )?[Cc]ordialement|[Ss]incèrement"
    r"|[Mm]erci"
    r"(?: d'avance| beaucoup)?|(?:[Uu]n )?(?:[Cc]ordial(?:es)? )?[Ss]aludos?|[Aa]tentamente|(?:[Mm]uchas )?[Gg]racias"
    r"|(?:[Cc]ordiali )?[Ss]aluti|[Gg]razie|[Mm]et vriendelijke groet(?:en)?|[Gg]roet(?:en|jes)?|[Aa]tenciosamente"
    r"|[Oo]brigad[oa])"
)
_SIGNATURE = rf"{_CLOSING_WORDS}[ \t]?[,.!:;\-–—]{{0,3}}(?P<gap>[ \t]{{0,3}}(?:\n[ \t>]{{0,8}}){{1,3}}|[ \t]{{1,3}})"
_CLOSINGS = (re.compile(rf"^[ \t>]{{0,8}}{_SIGNATURE}", re.MULTILINE), re.compile(rf"[.!?,;] {{1,2}}{_SIGNATURE}"))
_LINE_END = re.compile(r"[ \t]*[.!,;:)]?[ \t]*(?:\n|\Z)")
_TEXT_END = re.compile(r"[ .!\n]{0,8}\Z")
_INTRODUCTION = re.compile(
    r"\b(?:[Mm]y (?:\w+ )?name(?:'s| is|:)|[Tt]he name(?:'s| is)|name on the (?:account|card|order)(?: is|:)"
    r"|[Nn]amed|maiden name is"
    r"|[Uu]nder (?:my \w+ name|the name(?: of)?|the account of)|[Ii]n the name of|[Mm]ein (?:\w+ )?[Nn]ame ist"
    r"|[Ii]ch hei(?:ß|ss)e"
    r"|auf den Namen|[Jj]e m['’]appelle|[Mm]on nom est|au nom de|[Mm]e llamo|[Mm]i nombre es|a nombre de|[Mm]i chiamo"
    r"|(?:last|first|full|your|the|sur)\s?name(?: on the account)?\?(?: User:)?|called me|[Cc]all me"
    r"|(?:[Cc]ustomer|[Ff]ull|[Ff]irst|[Ll]ast|[Uu]ser'?s|[Cc]ontact|[Cc]lient|[Cc]aller)[ -]?[Nn]ame ?:|(?:^"
    r"|\n)[> ]*Name ?:"
    r"|(?:Vor|Nach|Kunden)name ?:|Ansprechpartner(?:in)? ?:|Nom ?:|Prénom ?:|Nombre ?:|Apellidos? ?:"
    r"|[Bb]illing address:|[Ss]igned,?)"
    r"\s{0,8}"
    rf"(?:{_TITLES})?"
)
_INTRODUCTION_CUES = (
    *("name is", "name's", "name:", "name :", "ame ist", "name?", "Name:", "Name :", "named ", "the name", "name on"),
    *("'s name", "Namen", "appelle", "heiße", "heisse", "llamo", "nombre", "Nombre", "chiamo", "all me", "alled me"),
    *("Nom", "nom ", "Apellido", "Ansprech", "address:", "igned", "the account of", "Prénom"),
)
_SELF = re.compile(
    r"\b(?:[Tt]his is|[Hh]ere is|[Ii]['’]m|[Ii] am|[Hh]ier ist|[Hh]ier spricht|[Ii]ch bin|[Jj]e suis|[Ss]oy|[Ii]k ben) "
    rf"(?:{_TITLES})?"
)
_SELF_GOES_ON = re.compile(r",? (?:calling|from|here|speaking|again|writing|von|aus|de|and (?:I|i)\b|at )")
_WROTE = re.compile(r"(?: <[^<>\n]{3,80}>)? ?(?:wrote|writes|schrieb|a écrit|escribió|ha scritto)\b")
_WROTE_CUES = ("wrote", "writes", "schrieb", "a écrit", "escribió", "ha scritto")
_CAPITALISED = re.compile(rf"[^\W\d_a-z](?<!\w.){_LETTERS}")
_BEFORE_ADDRESS = re.compile(rf"((?:{_LETTERS}\.? ){{1,4}})[<(\[]\Z")
_LIMIT = 4


def find_names(text: str, locale: str = "") -> Iterator[Found]:
    """Every name of a person in `text` that its surroundings or the lists show; ranges may overlap.

    Args:
        text: Any text.
        locale: Its language; some short titles are read in their own language only ("M.", "Sr.", "Fr.").
    """
    yield from _greeted(text)
    short_title = _SHORT_TITLES.get(locale[:2].casefold())
    for title in (_TITLE, short_title) if short_title else (_TITLE,):
        for found in title.finditer(text):
            yield from _name(text, found.end())
    yield from _signed(text)
    if any(cue in text for cue in _INTRODUCTION_CUES):
        for found in _INTRODUCTION.finditer(text):
            yield from _name(text, found.end())
    for found in _SELF.finditer(text):
        for name in _name(text, found.end()):
            if _SELF_GOES_ON.match(text, name.end) or _is_known(text[name.start : name.end]):
                yield name
    yield from _headed(text)
    yield from _listed(text)


def name_end(text: str, start: int, limit: int = _LIMIT) -> int:
    """Where a run of at most `limit` words of a name ends that starts at `start`; `start` where there is none."""
    word = _NAME_WORD.match(text, start)
    end = start
    for _ in range(limit):
        if word is None or not _may_be_name(word[1]):
            break
        end = word.end(1)
        initial = _INITIAL.match(text, end)
        word = _NEXT_WORD.match(text, initial.end() if initial and initial[0].strip()[0].isupper() else end)
    return end


def _may_be_name(word: str) -> bool:
    """Whether a word is capitalised and none of those that only stand where names stand."""
    return word[0].isupper() and (re.split("['’]", word.casefold())[0] not in NOT_NAMES or word in FIRST_NAMES)


def _name(text: str, start: int) -> Iterator[Found]:
    end = name_end(text, start)
    if end - start >= 2:
        yield Found(start, end, "name")


def _is_known(name: str) -> bool:
    words = name.split()
    return words[0] in FIRST_NAMES or words[-1] in SURNAMES


def _greeted(text: str) -> Iterator[Found]:
    """The name after a greeting; a name in small letters only where a comma or the line's end follows."""
    for found in _GREETING.finditer(text):
        start = found.end()
        end = name_end(text, start)
        if end > start:
            rest = text[end : end + 12].casefold()
            if not rest.startswith((" team", " support", "-team", " community", " staff", " service", " folks")):
                yield Found(start, end, "name")
        elif (word := _NAME_WORD.match(text, start)) and text[word.end() : word.end() + 1] in (",", "\n", "!"):
            yield from _small_name(word)


def _small_name(word: re.Match[str]) -> Iterator[Found]:
    """A name that is written in small letters, where only a name or one of the known other words can stand."""
    if word[1].casefold() not in NOT_NAMES and len(word[1]) >= 3:
        yield Found(word.start(1), word.end(1), "name")


def _signed(text: str) -> Iterator[Found]:
    """The name under or after a closing, alone up to the end of its line."""
    for found in chain.from_iterable(closing.finditer(text) for closing in _CLOSINGS):
        start = found.end()
        end = name_end(text, start)
        if end > start and _LINE_END.match(text, end):
            yield Found(start, end, "name")
        elif "\n" in found["gap"] and (word := _NAME_WORD.match(text, start)) and _TEXT_END.match(text, word.end()):
            yield from _small_name(word)


def _headed(text: str) -> Iterator[Found]:
    """Names in headers and quotes of mails: "Anna Smith <anna@...>", "Anna Smith wrote:"."""
    at = text.find("@")
    while at >= 0:
        opened = text.rfind("<", max(0, at - 64), at)
        name = _BEFORE_ADDRESS.search(text[max(0, opened - 60) : opened + 1]) if opened >= 0 else None
        if name:
            start = opened + 1 - len(name[0])
            while start < opened and name_end(text, start) == start:
                start = text.find(" ", start) + 1
            yield from _name(text, start)
        at = text.find("@", at + 1)
    for found in _WROTE.finditer(text) if any(cue in text for cue in _WROTE_CUES) else ():
        name = re.search(rf"(?:{_LETTERS} ){{0,2}}{_LETTERS}\Z", text[max(0, found.start() - 50) : found.start()])
        if name and name_end(name[0], 0) == len(name[0]) and (_is_known(name[0]) or " " in name[0]):
            yield Found(found.start() - len(name[0]), found.start(), "name")


def _listed(text: str) -> Iterator[Found]:
    """Common first names with what goes on from them, and words before a common surname."""
    position = 0
    for found in _CAPITALISED.finditer(text):
        start = found.start()
        if start < position:
            continue
        word = found[0]
        if word in FIRST_NAMES or (word.isupper() and word.capitalize() in FIRST_NAMES and len(word) > 3):
            position = name_end(text, start, 3)
            yield Found(start, max(position, found.end()), "name")
        elif (following := _NEXT_WORD.match(text, found.end())) or _INITIAL.match(text, found.end()):
            if word.casefold() in NOT_NAMES and word not in AMBIGUOUS:
                continue
            initial = _INITIAL.match(text, found.end())
            following = _NEXT_WORD.match(text, initial.end()) if initial else following
            if following and following[1] in SURNAMES:
                position = following.end(1)
                yield Found(start, position, "name")
