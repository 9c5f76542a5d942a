"""Finds numbers that lead to a person: cards, accounts, phones, addresses of computers, numbers named as theirs.

A number is taken for its check digits, for its shape, or for the words before it (`labels`). Dates, prices,
versions, error codes, article numbers, private network addresses stay. It does not know which phone numbers or
customer numbers exist, and takes a number of digits without any label for a phone number only where it is
written like one.
"""

import re
from collections.abc import Iterator
from ipaddress import ip_address

from openbook.ingest.privacy.checksums import brazilian_cpf, ean, french_nir, iban, luhn, spanish_dni
from openbook.ingest.privacy.found import Found
from openbook.ingest.privacy.labels import label_before

_CARD = re.compile(
    r"\d(?<![\w.\-+]\d)(?:\d{11,18}|\d{3}([ -])\d{4}\1\d{4}\1\d{1,7}|\d{3}([ -])\d{6}\2\d{4,5})(?![\w-])"
)
_ISSUERS = re.compile(r"4|5[0-8]|6[0-9]|2[2-7]|3[0-9]|1800|2131")
_IBAN = re.compile(r"[A-Za-z]{2}\d{2}(?<!\w\w{4})(?: ?[A-Za-z0-9]{4}){2,7}(?: ?[A-Za-z0-9]{1,3})?(?!\w)")
_IP4 = re.compile(r"\d(?<![\w.]\d)\d{0,2}(?:\.\d{1,3}){3}(?![\w.]*\d)")
_IP6 = re.compile(r"[0-9A-Fa-f:](?<![\w:].)[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:]{2,40}(?![\w:])")
_MAC = re.compile(r"[0-9A-Fa-f](?<![\w:-].)[0-9A-Fa-f](?:([:-])[0-9A-Fa-f]{2})(?:\1[0-9A-Fa-f]{2}){4}(?![\w:-])")


def _always(_: str) -> bool:
    return True


_NATIONAL = (
    (re.compile(r"(?!000|666)\d(?<![\w-]\d)\d{2}-\d{2}-\d{4}(?![\w-])"), _always),
    (re.compile(r"\d(?<![\w-]\d)\d{7}[A-Za-z](?!\w)"), spanish_dni),
    (re.compile(r"[12](?<!\w.) ?\d{2} ?[0-9]{2} ?\d{2} ?\d{3} ?\d{3} ?\d{2}(?!\w)"), french_nir),
    (re.compile(r"\d(?<![\w.]\d)\d{2}\.\d{3}\.\d{3}-\d{2}(?!\w)"), brazilian_cpf),
    (re.compile(r"[A-Z](?<!\w.)[A-Z]{5}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z](?!\w)"), _always),
    (re.compile(r"[A-Z](?<!\w.)[A-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D](?!\w)"), _always),
)
_PHONE = re.compile(
    r"[+(\d](?<![\w.,:/@#$€£%+\-=&]\d)(?:\+?\d{1,4}\))?(?:[ .\-/()]{0,3}\d){5,16}"
    r"(?:,? ?(?:x|ext\.?) ?\d{1,6})?(?!\w|[.,:/-]\d)"
)
_DATE = re.compile(
    r"(?:(?:19|20)\d{2}([-./ ])[01]?\d\1[0-3]?\d|[0-3]?\d([-./])[0-3]?\d\2(?:19|20)?\d{2})(?:[ T]\d{1,2}\b.*)?\Z"
)
_AMOUNT = re.compile(r"[1-9]\d{0,2}(?:([., ])\d{3})(?:\1\d{3})*(?:[.,]\d{1,2})?\Z")
_PRICE_BEFORE = re.compile(r"(?:[$€£¥]|EUR|USD|GBP|CHF) ?\Z")
_UNIT_AFTER = re.compile(
    r" ?(?:[%€$£°]|(?:EUR|USD|GBP|CHF|[kKMGT]?B|[kmc]?m|kg|ms|px|days?|hours?|minutes?|seconds?|weeks?|months?|years?"
    r"|times|items?|pieces?|people|users?|characters|bytes|Euro|Tage?n?|Stück|Stunden|Minuten|Wochen|Uhr|jours|heures"
    r"|días|horas|am|pm)\b)"
)
_PHONE_AFTER = re.compile(r"[ -]{0,2}\(?(?:office|fax|mobile|cell|phone|work|home|mobil|handy|privat)\b", re.IGNORECASE)
_FROM_DIGIT = re.compile(r"\d[\w./-]{0,60}")
_TO_DIGIT = re.compile(r"[\w+][\w./-]{0,23}\Z")
_MORE_GROUPS = re.compile(r"(?: [A-Z]?\d[\dA-Z]{1,5}\b){1,5}")
_FILE_ENDING = re.compile(r"\.[a-z]{2,4}\Z")
_YEAR = re.compile(r"(?:19|20)\d\d")
_NAMED = {"reference", "identity", "serial", "zip", "iban", "card"}


def find_numbers(text: str) -> Iterator[Found]:
    """Every number in `text` that leads to a person; ranges may overlap."""
    if not any(map(text.__contains__, "0123456789")):
        return
    yield from _cards(text)
    yield from _ibans(text)
    yield from _national(text)
    yield from _computers(text)
    yield from _phones(text)
    yield from _named(text)


def _cards(text: str) -> Iterator[Found]:
    for found in _CARD.finditer(text):
        digits = re.sub("[ -]", "", found[0])
        label = label_before(text, found.start())
        if label.kind in ("public", "reference", "serial"):
            continue
        sure = luhn(digits) and _ISSUERS.match(digits) and not (len(digits) == 13 and ean(digits))
        if sure or label.card:
            yield Found(found.start(), found.end(), "card")


def _ibans(text: str) -> Iterator[Found]:
    for found in _IBAN.finditer(text):
        number = found[0].replace(" ", "")
        if number.isascii() and iban(number):
            yield Found(found.start(), found.end(), "iban")


def _national(text: str) -> Iterator[Found]:
    """Numbers for taxes and social security whose shape or check digits are enough."""
    for shape, is_right in _NATIONAL:
        for found in shape.finditer(text):
            if is_right(re.sub("[ .-]", "", found[0])):
                yield Found(found.start(), found.end(), "identity")


def _computers(text: str) -> Iterator[Found]:
    if "." in text:
        for found in _IP4.finditer(text):
            if _is_public_address(found[0]) and not _is_version(text, found):
                yield Found(found.start(), found.end(), "ip")
    if ":" in text:
        yield from (Found(*found.span(), "ip") for found in _IP6.finditer(text) if _is_public_address(found[0]))
    if ":" in text or "-" in text:
        yield from (Found(*found.span(), "serial") for found in _MAC.finditer(text))


def _is_public_address(written: str) -> bool:
    """Whether it is an address that one connection has: not of a home network, not reserved."""
    try:
        return ip_address(written).is_global
    except ValueError:
        return False


def _is_version(text: str, found: re.Match[str]) -> bool:
    if label_before(text, found.start()).kind == "public":
        return True
    return all(len(number) == 1 for number in found[0].split(".")[:3])


def _phones(text: str) -> Iterator[Found]:
    for found in _PHONE.finditer(text):
        written = found[0].strip()
        if (
            _DATE.match(written)
            or _IP4.fullmatch(written)
            or _PRICE_BEFORE.search(text, max(0, found.start() - 4), found.start())
        ):
            continue
        label = label_before(text, found.start())
        if label.kind == "public" or (label.kind in _NAMED and not label.phone):
            continue
        near = label.phone or bool(_PHONE_AFTER.match(text, found.end()))
        if _is_phone(written, near=near) and (near or not _UNIT_AFTER.match(text, found.end())):
            yield Found(found.start(), found.end(), "phone")


def _is_phone(written: str, *, near: bool) -> bool:
    """Whether digits are written as a phone number is.

    Args:
        written: The digits with what stands between them.
        near: Whether a word for calling stands beside them.
    """
    number = re.split(r",? ?[xe]", written)[0]
    digits = re.sub(r"\D", "", number)
    groups = re.findall(r"\d+", number)
    if not 6 <= len(digits) <= 15 or number.startswith(("978-", "979-")):
        return False
    if number.startswith("+") or near:
        return len(digits) >= 7 or near
    if _AMOUNT.match(number) and not (" " in number and len(digits) >= 9 and len(groups[0]) == 3):
        return False
    if "." in number and not _is_north_american(groups):
        return len(groups) >= 4 and all(len(group) == 2 for group in groups)
    if len(groups) == 1:
        return bool(re.fullmatch(r"0[1-9]\d{8,10}|00[1-9]\d{8,12}|[2-9]\d{2}[2-9]\d{6}", digits))
    if number.startswith("(") or number[0] == "0" or _is_north_american(groups):
        return len(digits) >= 7
    return len(digits) >= 8 and _is_evenly_grouped(groups)


def _is_north_american(groups: list[str]) -> bool:
    return [len(group) for group in groups] in ([3, 3, 4], [1, 3, 3, 4], [3, 4])


def _is_evenly_grouped(groups: list[str]) -> bool:
    """Whether the groups are short and alike, as where a country writes numbers in pairs or threes."""
    lengths = [len(group) for group in groups]
    return min(lengths[1:]) >= 2 and max(lengths) <= 4 and (len(groups) >= 3 or lengths == [4, 4])


def _named(text: str) -> Iterator[Found]:
    """Numbers that the words before them name: of an order, a ticket, a customer, a passport, a licence."""
    for found in _FROM_DIGIT.finditer(text):
        letters = _TO_DIGIT.search(text[max(0, found.start() - 24) : found.start()])
        start = found.start() - (len(letters[0]) if letters else 0)
        label = label_before(text, start)
        if label.kind not in _NAMED:
            continue
        value = text[start : found.end()].rstrip("./-_")
        end = start + len(value)
        if label.explicit and (more := _MORE_GROUPS.match(text, end)):
            end = more.end()
        if _is_named_value(text[start:end], text, end, label.kind, explicit=label.explicit):
            yield Found(start, end, "address" if label.kind == "zip" else label.kind)


def _is_named_value(value: str, text: str, end: int, kind: str, *, explicit: bool) -> bool:
    """Whether what follows "order", "ticket" ... is its number rather than an amount, a year or a date."""
    digits = sum(character.isdigit() for character in value)
    if _FILE_ENDING.search(value):
        return False
    if _DATE.match(value) or _UNIT_AFTER.match(text, end) or re.search(r"\d[:,.]\d", text[end - 1 : end + 2]):
        return False
    if kind == "zip":
        return 3 <= digits <= 9
    if kind in ("identity", "serial", "card", "iban"):
        return digits >= 5
    if explicit:
        return digits >= 2 and len(value) >= 3
    return digits >= 4 and not _YEAR.fullmatch(value)
