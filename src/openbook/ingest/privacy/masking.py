"""Replaces personal details in a text by marks that say what stood there: `[name]`, `[email]`, `[phone]` ...

Tickets and conversations become knowledge only after this. The finders are rules for one kind of detail each; here
their findings are brought together. What a person tells about their life without a name or a number beside it, and
passwords, are not known to any rule: masking lowers the risk, a person's look before publishing remains.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from openbook.ingest.privacy.addresses import find_addresses
from openbook.ingest.privacy.birthdates import find_birthdates
from openbook.ingest.privacy.contacts import find_contacts
from openbook.ingest.privacy.found import KINDS, MARK, Found
from openbook.ingest.privacy.given import find_given
from openbook.ingest.privacy.keeping import Kept
from openbook.ingest.privacy.names import find_names
from openbook.ingest.privacy.numbers import find_numbers

_PASSES = 8
"""A mark can make what stands beside it recognisable; more passes than this only hostile text would need."""

_RANK = {kind: place for place, kind in enumerate(KINDS)}


@dataclass(frozen=True, slots=True)
class Masked:
    """A text without its personal details.

    Attributes:
        text: The text with a mark in place of each detail.
        found: How many details of each kind were replaced, by the word in the mark; kinds with none are left out.
    """

    text: str
    found: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))


def mask(text: str, *, names: Collection[str] = (), locale: str = "", keep: Collection[str] = ()) -> Masked:
    """Replaces every personal detail that the rules find by a mark.

    Masking a masked text changes nothing.

    Args:
        text: Any text.
        names: Names known to stand in it, such as requester and assignee of a ticket; full names or parts.
        locale: The language of the text, such as "de" or "de-AT"; empty means unknown.
        keep: What is public and stays: domains ("example.com" keeps every address and subdomain there, unless it
            holds one of `names`), whole e-mail addresses, phone numbers in any notation, names.

    Returns:
        The masked text with counts.
    """
    kept = Kept.of(keep)
    counts: Counter[str] = Counter()
    for _ in range(_PASSES):
        found = find_personal(text, names=names, locale=locale, kept=kept)
        if not found:
            break
        counts.update(each.kind for each in found)
        text = "".join(_pieces(text, found))
    return Masked(text, MappingProxyType(dict(counts)))


def find_personal(
    text: str, *, names: Collection[str] = (), locale: str = "", kept: Kept | None = None
) -> tuple[Found, ...]:
    """The details that one pass over `text` finds: disjoint, in order; none touches a mark.

    Where the findings of several rules overlap, they become one range, called by the surest of them.
    """
    kept = kept or Kept()
    marks = [found.span() for found in MARK.finditer(text)] if "[" in text else []
    if marks:  # a mark is no word: "[address]" must not make an address of what follows it
        text = MARK.sub(lambda mark: "\0" * len(mark[0]), text)
    given = sorted(find_given(text, names)) if names else []
    given_starts = {each.start for each in given}
    united: list[Found] = []
    for each in sorted(_candidates(text, given, locale)):
        holds_given = any(start in given_starts for start in range(each.start, each.end)) if given_starts else False
        if each.start >= each.end or (not holds_given and kept.has(text[each.start : each.end])):
            continue
        if united and each.start < united[-1].end:
            last = united.pop()
            each = Found(last.start, max(last.end, each.end), min(last.kind, each.kind, key=_RANK.__getitem__))
        united.append(each)
    return tuple(each for each in united if not _touches(each, marks))


def _candidates(text: str, given: list[Found], locale: str) -> Iterator[Found]:
    """What every rule finds, in no order; ranges may overlap."""
    yield from given
    yield from find_names(text, locale)
    yield from find_contacts(text)
    yield from find_numbers(text)
    yield from find_addresses(text)
    yield from find_birthdates(text)


def _touches(found: Found, marks: list[tuple[int, int]]) -> bool:
    at = bisect_left(marks, (found.start, found.start))
    return any(start < found.end and found.start < end for start, end in marks[max(0, at - 1) : at + 1])


def _pieces(text: str, found: tuple[Found, ...]) -> Iterator[str]:
    """The text in pieces, each detail replaced by its mark."""
    position = 0
    for each in found:
        yield text[position : each.start]
        yield f"[{each.kind}]"
        position = each.end
    yield text[position:]
