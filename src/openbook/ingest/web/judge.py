"""Judges a fetched page: is it content, and if not, why; where its links lead; what it says of itself.

A page can answer "200 OK" and still hold nothing to read: because its text is made by a program in
the browser, because it asks for a login, because it says in a friendly voice that there is
nothing. Each of these is named as what it is. It does not make a document of the page; readers do.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from openbook.errors import ReadError
from openbook.hashing import hash_bytes, hash_text
from openbook.ingest.decoding import decode
from openbook.ingest.markup.main_content import find_main
from openbook.ingest.markup.tree import parse_html
from openbook.ingest.markup.visibility import is_left_out
from openbook.ingest.web.breadcrumbs import breadcrumbs
from openbook.ingest.web.links import Link, find_links, normalise

_KINDS = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/pdf": ".pdf",
    "text/markdown": ".md",
    "text/x-markdown": ".md",
    "text/plain": ".txt",
    "text/csv": ".csv",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
}
_VAGUE = ("", "application/octet-stream", "text/plain")
_BY_ENDING = {ending: ending for ending in (".md", ".rst", ".txt", ".csv", ".pdf", ".docx", ".xlsx", ".html")}
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w-]{1,40})", re.IGNORECASE)
_NUMBER = re.compile(r"\d+")
_TITLE_LENGTH = 300
_LITTLE_TEXT = 200
_SHORT_TEXT = 800
_APP_ROOTS = "//div[@id='root' or @id='app' or @id='__next' or @id='__nuxt' or @id='___gatsby'][not(normalize-space())]"
_MISSING = re.compile(
    r"(?:\berror\s+|\A\W*)(?:404|410)\b"
    r"|\b(?:page|article|document|content)\s+(?:was\s+|could\s+)?not\s+(?:be\s+)?found\b"
    r"|\b(?:page|article)\s+(?:does not|doesn[’']t|no longer)\s+exists?\b"
    r"|\b(?:seite|artikel)\s+(?:wurde\s+)?nicht\s+gefunden\b|\bpage\s+(?:introuvable|non\s+trouvée)\b"
    r"|\bpágina\s+no\s+encontrada\b|\bpagina\s+non\s+trovata\b",
    re.IGNORECASE,
)
_LOGIN_PATH = re.compile(r"/(?:log-?in|sign-?in|sso|auth|oauth2?|anmeld\w+|account/access)(?:[/.?]|\Z)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a page is.

    Attributes:
        suffix: The file name ending of its kind; empty if it cannot be read.
        refusal: Why it holds nothing to read, in words; empty if it does.
        is_missing: Whether it says, in words and not by its status, that there is no such page.
        canonical: The address that the page names as its own, normalised; may be empty.
        links: The links that may be followed.
        text_hash: Of its main text.
        fingerprint: Of its main text with all numbers alike.
    """

    suffix: str = ""
    refusal: str = ""
    is_missing: bool = False
    canonical: str = ""
    links: tuple[Link, ...] = ()
    text_hash: str = ""
    fingerprint: str = ""
    locale: str = ""
    breadcrumbs: tuple[str, ...] = ()


def judge(data: bytes, *, address: str, headers: Mapping[str, str]) -> Judgement:
    """What the body of an answer is.

    Args:
        data: The body, unpacked.
        address: Where it is from.
        headers: By lower-case name.
    """
    suffix = suffix_of(data, address=address, content_type=headers.get("content-type", ""))
    if not suffix:
        return Judgement(refusal=f"{headers.get('content-type', '')[:60]} is not a kind that can be read")
    asked = robots_words(headers.get("x-robots-tag", ""))
    if suffix != ".html":
        mark = hash_bytes(data)
        refusal = "it asks not to be indexed (X-Robots-Tag)" if "noindex" in asked else "" if data else "it is empty"
        return Judgement(suffix, refusal, text_hash=mark, fingerprint=mark)
    declared = _CHARSET.search(headers.get("content-type", ""))
    try:
        text = decode(data, path=address, declared=declared[1].lower() if declared else "").text
    except ReadError as error:
        return Judgement(suffix, error.message)
    root = parse_html(text).root
    if root is None:
        return Judgement(suffix, "it holds no page")
    return _judge_tree(root, address=address, asked=asked, language=headers.get("content-language", ""))


def suffix_of(data: bytes, *, address: str, content_type: str) -> str:
    """The file name ending a reader would know the body by; empty if none would."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind not in _VAGUE:
        return _KINDS.get(kind, "")
    ending = _BY_ENDING.get(PurePosixPath(urlsplit(address).path).suffix.lower(), "")
    if kind == "text/plain":
        return ending if ending in (".md", ".rst", ".csv") else ".txt"
    start = data[:512].lstrip().lower()
    return ".html" if start.startswith((b"<!doctype html", b"<html")) else ending


def leads_to_login(address: str) -> bool:
    """Whether an address looks like the place where visitors log in."""
    return bool(_LOGIN_PATH.search(urlsplit(address).path))


def robots_words(value: str) -> frozenset[str]:
    """What an `X-Robots-Tag` or a robots `<meta>` asks of every crawler: "noindex", "nofollow"."""
    words: set[str] = set()
    scoped = False
    for part in value.lower().split(","):
        name, colon, rest = part.strip().rpartition(":")
        scoped = name.strip() not in ("", "openbook") if colon else scoped
        if not scoped:
            words.add(rest.strip())
    return frozenset(words | ({"noindex", "nofollow"} if "none" in words else set()))


def _judge_tree(root: Any, *, address: str, asked: frozenset[str], language: str) -> Judgement:
    for meta in root.xpath("//meta[@name][@content]"):
        if meta.get("name").lower() in ("robots", "openbook"):
            asked |= robots_words(meta.get("content"))
    text = visible_text(find_main(root))
    heading, named = (" ".join(root.xpath(f"string(//{tag}[1])").split())[:_TITLE_LENGTH] for tag in ("h1", "title"))
    title = heading or named
    links = () if "nofollow" in asked else tuple(each for each in find_links(root, address=address) if each.is_followed)
    canonical = root.xpath("string(//link[translate(@rel, 'CANONIL', 'canonil')='canonical'][1]/@href)")
    return Judgement(
        suffix=".html",
        refusal="it asks not to be indexed (noindex)" if "noindex" in asked else _refusal(root, text),
        is_missing=len(text) < _SHORT_TEXT and any(map(_MISSING.search, (title, named))),
        canonical=normalise(canonical, base=address),
        links=links,
        text_hash=hash_text(f"{title}\n{text}"),
        fingerprint=hash_text(_NUMBER.sub("0", text)),
        locale=(root.get("lang") or root.get("xml:lang") or language.partition(",")[0]).strip()[:35],
        breadcrumbs=breadcrumbs(root, title=title),
    )


def _refusal(root: Any, text: str) -> str:
    if len(text) < _SHORT_TEXT and root.xpath("//input[translate(@type, 'PASWORD', 'pasword')='password']"):
        return "it asks for a login"
    if len(text) < _LITTLE_TEXT and _needs_javascript(root, text):
        return "its text is made by JavaScript in the browser, which is not run here"
    return "" if text else "it holds no text"


def _needs_javascript(root: Any, text: str) -> bool:
    asks = any("javascript" in "".join(each.itertext()).lower() for each in root.iter("noscript"))
    return asks or bool(root.xpath(_APP_ROOTS)) or (len(text) < 20 and bool(root.xpath("//script")))


def visible_text(element: Any) -> str:
    """The text in an lxml element that visitors read, without navigation, words one space apart."""
    from lxml import etree  # deferred: see tree

    pieces: list[str] = []
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, each in walk:
        if event == "end":
            pieces.append(each.tail if each is not element and each.tail else "")
        elif each is not element and is_left_out(each):
            walk.skip_subtree()
        else:
            pieces.append(each.text or "")
        pieces.append(" ")
    return " ".join("".join(pieces).split())
