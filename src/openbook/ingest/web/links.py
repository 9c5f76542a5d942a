"""Finds links, brings addresses into one form, and says which belong to a crawl.

One page is often linked in many spellings: with a fragment, a port that goes without saying, dots in
its path, its parameters in another order, a campaign's mark or a visitor's session in it. In one
form it is fetched once. What is sent stays what the server would take for the same page.

It knows nothing about fetching, and nothing about robots.txt.
"""

import re
from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import quote, unquote, unquote_plus, urljoin, urlsplit

from openbook.errors import ReadError
from openbook.ingest.web.addresses import Place, parse, plain_host

_UNWANTED = re.compile(
    r"(?:utm_\w+|mtm_\w+|pk_\w+|hsa_\w+|_hs\w+|mc_[ce]id|gclid|gclsrc|dclid|gbraid|wbraid|fbclid|msclkid|yclid|twclid"
    r"|ttclid|igshid|_ga|_gl|_openstat|vero_id|oly_(?:anon|enc)_id|ref_src"
    r"|sid|s?ession_?id|sessid|sess|phpsessid|jsessionid|aspsessionid\w*|cfid|cftoken|oscsid|zenid|xtcsid|wosid)\Z",
    re.IGNORECASE,
)
"""Parameters that say where a visitor came from, or who it is, and not which page is wanted."""

_SESSION_IN_PATH = re.compile(r";(?:j?sessionid|phpsessid|sid)=[^/?;]*|/\([SsAaFf]\([\w-]{10,}\)\)(?=/)", re.IGNORECASE)
_ALIKE = re.compile(r"\Ahttps?://(?:www\.)?|/\Z|/index\.\w+\Z")
_OTHER_SCHEME = re.compile(r"(?!https?:)[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_SAFE_PATH = "!$&'()*+,;=:@~-._"
_SAFE_QUERY = "!$&'()*+,;=:@/?~-._%[]"
_LONGEST = 2_000
_ELEMENTS_LIMIT = 10_000
_FILE = re.compile(
    r"[^/]*\.(?:[xs]?html?|php|aspx?|jsp|do|cgi|cfm|md|markdown|rst|te?xt|pdf|docx|[ct]sv|xlsx|xml|gz)\Z", re.IGNORECASE
)
_NO_PAGE = re.compile(
    r"\.(?:png|jpe?g|gif|svg|webp|avif|ico|bmp|tiff?|css|m?js|map|jsonl?|xml|rss|atom|woff2?|ttf|otf|eot|mp[34]|m4[av]|mov"
    r"|avi|mkv|webm|ogg|wav|flac|zip|t?gz|bz2|xz|7z|rar|tar|iso|dmg|exe|msi|apk|ipa|deb|rpm|bin|jar|whl|doc|pptx?|xls"
    r"|od[tsp]|epub|ics|vcf|wasm)\Z",
    re.IGNORECASE,
)


def normalise(address: str, *, base: str = "") -> str:
    """The one form of an address, absolute and in ASCII; empty where it is no web address.

    Args:
        address: As it is written in a page.
        base: The address of that page; a relative link without one is no address.
    """
    text = re.sub(r"[\t\r\n]", "", address).strip().replace("\\", "/")
    if not text or len(text) > _LONGEST or _OTHER_SCHEME.match(text):
        return ""
    try:
        parts = urlsplit(urljoin(base, text))
        port = parts.port
    except ValueError:
        return ""
    host = plain_host(parts.hostname or "")
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc:
        return ""
    place = Place(
        parts.scheme, host, port or (443 if parts.scheme == "https" else 80), _target(parts.path, parts.query)
    )
    try:
        return str(parse(str(place)))
    except ReadError:
        return ""


def _target(path: str, query: str) -> str:
    segments: list[str] = []
    pieces = _SESSION_IN_PATH.sub("", path).split("/")
    for piece in pieces:
        plain = re.sub("%2e", ".", piece, flags=re.IGNORECASE)
        if plain == "..":
            del segments[-1:]
        elif plain not in ("", "."):
            segments.append(_quoted(piece))
    is_folder = pieces[-1] in ("", ".", "..")
    tidy = "/" + "/".join(segments) + ("/" if is_folder and segments else "")
    named = ((unquote_plus(pair.partition("=")[0]), pair) for pair in query.split("&") if pair)
    kept = sorted((each for each in named if not _UNWANTED.match(each[0])), key=lambda each: each[0])
    return f"{tidy}?{'&'.join(quote(pair, _SAFE_QUERY) for _, pair in kept)}" if kept else tidy


def _quoted(segment: str) -> str:
    """A segment with every character percent-encoded that must be, and no other; a coded slash stays coded."""
    pieces = re.split("(%2f|%5c|%25|%3b|%3f|%23)", segment, flags=re.IGNORECASE)
    return "".join(piece.upper() if number % 2 else _recoded(piece) for number, piece in enumerate(pieces))


def _recoded(piece: str) -> str:
    return quote(unquote(piece, errors="surrogateescape"), _SAFE_PATH, errors="surrogateescape")


def are_alike(one: str, other: str) -> bool:
    """Whether two addresses differ only in what servers rarely tell apart: scheme, `www.`, a last slash."""
    return _ALIKE.sub("", one) == _ALIKE.sub("", other)


@dataclass(frozen=True, slots=True)
class Link:
    """A link in a page: where it leads, and whether it is there for people rather than for crawlers."""

    address: str
    is_followed: bool


def find_links(root: Any, *, address: str) -> tuple[Link, ...]:
    """The links of a page in order, each once, of its first 10,000.

    Args:
        root: The page's lxml tree.
        address: Where it was fetched from; `<base href>` is applied to it.
    """
    base = normalise(root.xpath("string(//base/@href)")[:_LONGEST], base=address) or address
    found: dict[str, bool] = {}
    for element in islice(root.iter("a", "area"), _ELEMENTS_LIMIT):
        target = normalise(element.get("href") or "", base=base)
        if target:
            is_followed = "nofollow" not in (element.get("rel") or "").lower()
            found[target] = found.get(target, False) or is_followed
    return tuple(Link(target, is_followed) for target, is_followed in found.items())


def is_content(address: str) -> bool:
    """Whether an address may hold text, by its ending: not pictures, programs, archives."""
    return not _NO_PAGE.search(urlsplit(address).path)


@dataclass(frozen=True, slots=True)
class Scope:
    """Which addresses belong to a crawl.

    Attributes:
        start: Where the crawl begins, normalised.
        whole_site: Every page of the host, instead of those under the start's path.
    """

    start: str
    whole_site: bool = False

    @property
    def host(self) -> str:
        """The host of the start."""
        return parse(self.start).host

    def refusal(self, address: str) -> str:
        """Why an address does not belong to the crawl, in words; empty if it does."""
        start, other = parse(self.start), parse(address)
        if _site(start) != _site(other):
            return "on another site"
        if not is_content(address):
            return "no page, by its ending"
        if not self.whole_site and not _is_under(other.target, _folder(start.target)):
            return "not under the start address"
        return ""


def _site(place: Place) -> tuple[str, int]:
    """The host without `www.`; http and https on their own ports are one site."""
    return place.host.removeprefix("www."), 0 if place.port in (80, 443) else place.port


def _folder(target: str) -> str:
    """The path that everything under it shares: a file's folder, or the path itself."""
    path = target.partition("?")[0]
    last = path.rpartition("/")[2]
    return path[: -len(last)] if _FILE.match(last) else path


def _is_under(target: str, folder: str) -> bool:
    path = target.partition("?")[0]
    return path.startswith(folder) if folder.endswith("/") else path == folder or path.startswith(f"{folder}/")
