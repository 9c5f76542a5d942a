"""Finds what reaches a person on the net: e-mail addresses, handles, user names, links that carry a key.

A public page's address is knowledge and stays; only the part of it that is about one person goes. The module
does not know which addresses are a company's own: the caller names those to keep.
"""

import re
from collections.abc import Iterator

from openbook.ingest.privacy.found import Found

_LOCAL_PART = re.compile(r"[\w.+%'’\-]{1,64}\Z")
_DOMAIN = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}[^\W\d_][\w-]{1,23}(?!\w)")
_SPELT_OUT = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64} ?[(\[{] ?(?:at|@) ?[)\]}] ?"
    r"[\w-]{1,63}(?:(?: ?[(\[{] ?(?:dot|punkt) ?[)\]}] ?|\.)[\w-]{2,63}){1,4}",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"@(?<![\w.@/+\-].)[A-Za-z_]\w{1,29}(?![\w(/@{]|\.\w)")
_NO_HANDLES = (
    "media import param params return returns override property font charset keyframes supports here channel all "
    "everyone todo deprecated see since author throws dataclass staticmethod classmethod interface end class "
    "angular types id at"
)
_NOT_HANDLES = frozenset(_NO_HANDLES.split())
_USER_NAME = re.compile(
    r"(?:\buser ?name|\buser ?id|\blogin(?: name)?|\bscreen ?name|\bhandle|\bbenutzername|\bnutzername|\banmeldename"
    r"|\bnom d['’]utilisateur|\bidentifiant|\bnombre de usuario|\busuario|\bnome utente)"
    r"(?: (?:is|ist|lautet|est|es) |\s?[:=] ?)[\"'“„«]?(?P<value>[\w.\-]{2,40})",
    re.IGNORECASE,
)
_USER_NAME_CUES = (
    *("username", "userid", "screenname", "handle", "user name", "user id", "screen name", "login:", "login is"),
    *("login name", "login =", "benutzername", "nutzername", "anmeldename", "utilisateur", "identifiant"),
    *("usuario", "utente"),
)
_LOOKS_MADE_UP = re.compile(r"\d|\w[_.]\w|[a-z][A-Z]")
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"'`|\\^{}\]]{3,2000}")
_LINK_WITHOUT_END = ".,;:!?)*_"
_KEYS = (
    "token key sig signature auth access_token id_token refresh_token session sessionid sid user userid user_id "
    "uid username email mail e mailto name first_name last_name firstname lastname phone tel code otp secret "
    "password pw pwd api_key apikey customer customer_id customerid order order_id orderid ticket ticket_id "
    "invoice account account_id address hash reset invite invitation confirm confirmation verify uuid guid member"
)
_PERSONAL_KEYS = frozenset(_KEYS.split())
_OPAQUE = re.compile(r"(?:[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4,12}){4}|[\w-]*?(?=[A-Za-z]*\d+[A-Za-z])[A-Za-z0-9]{16,}.*)\Z")
_LONGEST_READABLE = 200
_PERSONAL_PATH = re.compile(
    r"/(?:orders?|invoices?|tickets?|customers?|users?|accounts?|members?|profiles?|reset|verify|unsubscribe|requests)"
    r"/(?P<value>[\w.~-]*\d[\w.~-]*)",
    re.IGNORECASE,
)


def find_contacts(text: str) -> Iterator[Found]:
    """Every way to reach or recognise one person on the net; ranges may overlap."""
    if "@" in text:
        yield from _addresses(text)
        yield from _handles(text)
    if "(" in text or "[" in text:
        lowered = text.lower()
        if any(sign in lowered for sign in ("(at", "( at", "[at", "[ at", "(@", "[@")):
            yield from (Found(*found.span(), "email") for found in _SPELT_OUT.finditer(text))
    yield from _user_names(text)
    if "://" in text or "www." in text:
        for found in _LINK.finditer(text):
            yield from _personal_parts(found[0].rstrip(_LINK_WITHOUT_END), found.start())


def _addresses(text: str) -> Iterator[Found]:
    """E-mail addresses, sought outwards from each "@", so that no text makes the search slow."""
    at = text.find("@")
    while at >= 0:
        local = _LOCAL_PART.search(text[max(0, at - 64) : at])
        domain = _DOMAIN.match(text, at + 1)
        if local and domain and (name := local[0].lstrip(".'’-%")):
            yield Found(at - len(name), domain.end(), "email")
        at = text.find("@", at + 1)


def _handles(text: str) -> Iterator[Found]:
    for found in _HANDLE.finditer(text):
        if found[0][1:].casefold() not in _NOT_HANDLES:
            yield Found(found.start(), found.end(), "handle")


def _user_names(text: str) -> Iterator[Found]:
    folded = text.casefold()
    if not any(word in folded for word in _USER_NAME_CUES):
        return
    for found in _USER_NAME.finditer(text):
        value = found["value"].rstrip(".-")
        if _LOOKS_MADE_UP.search(value):
            start = found.start("value")
            yield Found(start, start + len(value), "handle")


def _personal_parts(link: str, offset: int) -> Iterator[Found]:
    """The parts of one link that are about one person: its query, its fragment, opaque segments, a login."""
    place, _, query = link.partition("?")
    place, _, fragment = place.partition("#")
    host_at = place.find("//") + 2 if "//" in place else 0
    path_at = place.find("/", host_at)
    host = place[host_at : path_at if path_at >= 0 else len(place)]
    if "@" in host:
        yield Found(offset + host_at, offset + host_at + host.rfind("@"), "url")
    if path_at >= 0:
        yield from _personal_segments(place[path_at:], offset + path_at)
    if fragment and (_is_personal(fragment) or _is_opaque(fragment)):
        start = offset + len(place) + 1
        yield Found(start, start + len(fragment), "url")
    if query and _is_personal(query):
        yield Found(offset + len(link) - len(query), offset + len(link), "url")


def _personal_segments(path: str, offset: int) -> Iterator[Found]:
    for found in _PERSONAL_PATH.finditer(path):
        yield Found(offset + found.start("value"), offset + found.end("value"), "url")
    start = 0
    for segment in path.split("/"):
        if _is_opaque(segment):
            yield Found(offset + start, offset + start + len(segment), "url")
        start += len(segment) + 1


def _is_personal(query: str) -> bool:
    """Whether a query names a person, carries a key, or has an opaque value."""
    for pair in re.split("[&;#]", query):
        key, _, value = pair.partition("=")
        if value and key.casefold().rpartition("[")[2].strip("]") in _PERSONAL_KEYS:
            return True
        if "@" in pair or "%40" in pair or _is_opaque(value):
            return True
    return False


def _is_opaque(value: str) -> bool:
    """Whether a value is made by a machine: a UUID, or letters and digits mixed without a break."""
    return len(value) > _LONGEST_READABLE or _OPAQUE.match(value) is not None
