"""The seam to the vector and keyword index: what is put in, what is asked, what comes back.

The index is derived from the SQL tables and may be thrown away at any time. It holds numbers,
word weights and filter fields, never text that would have to be erased. Ids are chunk ids of one
tenant; each tenant has an index of its own, so that no query can reach another's.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

Vector = np.ndarray[tuple[int], np.dtype[np.float32]]


@dataclass(frozen=True, slots=True)
class Point:
    """One chunk as the index takes it.

    Attributes:
        vector: Unit length, or None where there is no encoder: found by words alone.
        words: The text whose words are indexed.
    """

    id: int
    vector: Vector | None
    words: str
    audiences: tuple[str, ...]
    locale: str
    product: str


@dataclass(frozen=True, slots=True)
class Scope:
    """What a caller may find.

    Attributes:
        audiences: A point matches if it has one of them.
        locale: Only points of this language or of none, empty for all.
        product: Only points about this product or about none, empty for all.
        covers_all: The caller knows that every live point matches, so none needs to be looked at.
    """

    audiences: tuple[str, ...]
    locale: str = ""
    product: str = ""
    covers_all: bool = False

    def matches(self, audiences: Collection[str], locale: str, product: str) -> bool:
        """Whether a point with these labels may be found."""
        return (
            not set(self.audiences).isdisjoint(audiences)
            and (not self.locale or locale in ("", self.locale))
            and (not self.product or product in ("", self.product))
        )


@dataclass(frozen=True, slots=True)
class Candidate:
    """A point that one or both retrievers returned, with their scores (None: not returned)."""

    id: int
    dense: float | None
    keyword: float | None


class VectorIndex(Protocol):
    """A dense and keyword index of all tenants. Safe to call from several threads."""

    def upsert(self, tenant: str, points: Sequence[Point]) -> None:
        """Writes points; visible to the next search when this returns."""

    def delete(self, tenant: str, ids: Iterable[int]) -> None:
        """Takes points out; unknown ids are ignored."""

    def search(self, tenant: str, *, vector: Vector | None, words: str, scope: Scope, limit: int) -> list[Candidate]:
        """The `limit` best by cosine and the `limit` best by BM25, merged by id, in order of id.

        Word statistics are taken over what `scope` lets the caller see, so that a hidden document
        never moves a visible score.
        """

    def count(self, tenant: str) -> int:
        """How many points a tenant's index has."""

    def ids(self, tenant: str) -> set[int]:
        """Every id in a tenant's index."""

    def drop(self, tenant: str) -> None:
        """Throws a tenant's whole index away."""

    def close(self) -> None:
        """Writes everything out and lets the files go."""


def merge(dense: Iterable[tuple[int, float]], keyword: Iterable[tuple[int, float]]) -> list[Candidate]:
    """Joins the two lists of (id, score) by id, in order of id."""
    by_meaning, by_words = dict(dense), dict(keyword)
    return [
        Candidate(identifier, by_meaning.get(identifier), by_words.get(identifier))
        for identifier in sorted(by_meaning.keys() | by_words.keys())
    ]
