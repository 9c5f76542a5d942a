"""Finds hits: both retrievers, checked against what is live and allowed, mixed, ranked.

The index may lag behind the tables for a moment; every candidate is checked against them before
it is ranked, so a version is visible all at once or not at all. A question of several parts is
searched for part by part. This module knows no answer.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import zip_longest

from sqlalchemy import Connection

from openbook.models import Embedder
from openbook.search.chosen import chosen
from openbook.search.fusion import Fused, fuse, unfused
from openbook.search.history import CLEARLY_BETTER, Earlier, taken_over
from openbook.search.hits import to_hit
from openbook.search.identifiers import has_identifier, identifiers, places_of, spellings
from openbook.search.languages import ENGLISH, guess_language, indexable, language_of
from openbook.search.products import Products
from openbook.search.question import Part, read_question, read_whole
from openbook.search.ranking import LookedAt, Ranked, context, ranked
from openbook.search.spelling import doubtful_words, respelt, written_words
from openbook.search.words import bag_of
from openbook.stores.chunks import chunks_naming, live_places, load_chunks
from openbook.stores.database import Database
from openbook.stores.index import Candidate, Scope, Vector, VectorIndex
from openbook.stores.points import Labels, live_labels
from openbook.stores.rows import counted
from openbook.stores.tenants import require_tenant
from openbook.types import Hit, Query, SearchResult

_SPARE = 5
_CLOSER = 1.25
_FOREIGN_DENSE_WEIGHT = 0.3
_MOST = 400
_TRIES = 8
_NAMING = 8


@dataclass(frozen=True, slots=True)
class _Sought:
    """A part of the question as it is searched for.

    Attributes:
        language: The one it is asked in, or empty where that is not known.
        dense_weight: Share of meaning in the mixture, in [0, 1].
        earlier: Words of earlier messages that count too, with how much.
    """

    part: Part
    vector: Vector | None
    wanted: tuple[str, ...]
    language: str
    dense_weight: float
    earlier: Mapping[str, float] = field(default_factory=dict)


class Searcher:
    """Searches one desk's knowledge.

    Args:
        database: Where live versions are known.
        index: Where points are found.
        embedder: What the index's vectors were made with, or None: words alone.
        dense_weight: Share of meaning in the score.
    """

    def __init__(
        self, database: Database, index: VectorIndex, embedder: Embedder | None, *, dense_weight: float
    ) -> None:
        self._database = database
        self._index = index
        self._embedder = embedder
        self._dense_weight = dense_weight
        self._labels: dict[str, tuple[int, Labels]] = {}
        self._products = Products()

    def search(self, query: Query) -> SearchResult:
        """The best hits for a query, the best first.

        Returns:
            At most `query.limit` hits for each part of the question, the parts' hits in turn, with
            how long each step took in milliseconds.
        """
        clock = [time.perf_counter()]
        sought = [self._seek(part, query.locale) for part in _parts_of(query)]
        clock.append(time.perf_counter())
        for _ in range(_TRIES):
            generation, found = self._find_all(query, sought)
            if generation == self._generation(query.tenant):
                break  # else something was published in the middle, and its old points may be gone already
        clock.append(time.perf_counter())
        return SearchResult(
            query=query.text,
            parts=tuple(part.text for part, _ in found),
            hits=_in_turn([items for _, items in found]),
            generation=generation,
            keyword_only=self._embedder is None,
            timings_ms={"embed": (clock[1] - clock[0]) * 1e3, "find": (clock[2] - clock[1]) * 1e3},
        )

    def _seek(self, part: Part, locale: str) -> _Sought:
        vector = self._embedder.embed_query(part.searched) if self._embedder else None
        language = language_of(locale) or guess_language(part.text)
        known = language in ("", ENGLISH)
        weight = self._dense_weight if known else min(self._dense_weight, _FOREIGN_DENSE_WEIGHT)
        return _Sought(part, vector, identifiers(part.text), language, weight)

    def _generation(self, tenant: str) -> int:
        with self._database.read() as connection:
            return counted(connection, tenant, "generation")

    def _find_all(self, query: Query, sought: Iterable[_Sought]) -> tuple[int, list[tuple[Part, list[Ranked]]]]:
        """The best for each part by one state of the tables, and the generation of that state."""
        with self._database.read() as connection:
            generation = counted(connection, query.tenant, "generation")
            if not generation:  # nothing was ever published: perhaps there is no such tenant
                require_tenant(connection, query.tenant)
            scope = self._scope(connection, query, generation)
            return generation, [
                self._find(connection, query, self._spoken(query, scope, item), item, generation) for item in sought
            ]

    def _find(
        self, connection: Connection, query: Query, scope: Scope, sought: _Sought, generation: int
    ) -> tuple[Part, list[Ranked]]:
        """The best for one part, which is searched for again as it was meant where words of it are misspelt.

        Where it asks which products fit, those that do; where none does, what is found anyway, marked so.
        """
        choice = self._products.choose(connection, query, scope, sought.part.text, generation=generation)
        if choice is not None and choice.best:
            return sought.part, chosen(connection, query, choice)
        looked_at = self._look(connection, query, scope, sought)
        meant = self._meant(sought, looked_at) if choice is None else sought.part
        if meant != sought.part:
            sought = self._seek(meant, query.locale)
            looked_at = self._look(connection, query, scope, sought)
        best = _ranked(sought, looked_at)
        if query.history:
            best = self._continued(connection, query, scope, sought, looked_at, best) or best
        best = best[: query.limit]
        return sought.part, [replace(item, selection=choice.selection()) for item in best] if choice else best

    def _continued(
        self,
        connection: Connection,
        query: Query,
        scope: Scope,
        sought: _Sought,
        looked_at: dict[int, LookedAt],
        alone: Sequence[Ranked],
    ) -> list[Ranked]:
        """The best for a part read together with earlier messages; none where what it finds alone is to stand."""
        score = alone[0].score if alone else 0.0
        earlier = taken_over(sought.part.searched, query.history, alone=score, language=sought.language)
        if earlier is None:
            return []
        together = self._together(sought, earlier)
        continued = self._look(connection, query, scope, together)
        best = _ranked(together, continued)
        if earlier.needed or not best:
            return best
        known = {place: replace(item, fused=unfused(place)) for place, item in continued.items()} | looked_at
        all_alone = _ranked(sought, known)
        return best if all_alone[0].score - _score_in(all_alone, best[0]) <= CLEARLY_BETTER else []

    def _together(self, sought: _Sought, earlier: Earlier) -> _Sought:
        """The part as it is searched for with what it takes over."""
        embed = self._embedder.embed_query if self._embedder else None
        return replace(
            sought,
            part=Part(sought.part.text, f"{earlier.words} {sought.part.searched}".strip()),
            vector=sought.vector if sought.vector is None or embed is None else earlier.mixed(sought.vector, embed),
            wanted=sought.wanted or earlier.wanted,
            earlier=earlier.telling,
        )

    def _look(self, connection: Connection, query: Query, scope: Scope, sought: _Sought) -> dict[int, LookedAt]:
        """The candidates that deserve a closer look, by id: the mixture's best, and all that name an identifier."""
        mixed = self._best_mixed(connection, query, scope, sought)
        looked_at = self._looked_at(connection, query.tenant, sought, mixed)
        if _unnamed(sought.wanted, looked_at):
            looked_at |= self._naming(connection, query, scope, sought, known=looked_at)
        return looked_at

    def _meant(self, sought: _Sought, looked_at: Mapping[int, LookedAt]) -> Part:
        """The part with misspelt words mended by the words of what was found, where the encoder knows its language."""
        part = sought.part
        if self._embedder is None or sought.language not in ("", ENGLISH):
            return part
        knows = self._embedder.knows
        doubtful = doubtful_words(part.searched, is_word=knows)
        if all(any(bag_of(word) <= item.words for item in looked_at.values()) for word in doubtful):
            return part
        known = set().union(*(written_words(context(item.stored)) for item in looked_at.values()))
        return Part(respelt(part.text, known, is_word=knows), respelt(part.searched, known, is_word=knows))

    def _best_mixed(self, connection: Connection, query: Query, scope: Scope, sought: _Sought) -> list[Fused]:
        """The best of what both retrievers return, of what may be shown; equal scores by path and place."""
        wanted, most = query.limit * _SPARE, round(query.limit * _CLOSER)
        while True:
            words = indexable(sought.part.searched, sought.language)
            found = self._index.search(query.tenant, vector=sought.vector, words=words, scope=scope, limit=wanted)
            best, left = self._shown_best(connection, query, sought, found, most)
            if left >= query.limit or len(found) < wanted or wanted >= _MOST:
                return best
            wanted = min(_MOST, wanted * 4)

    def _shown_best(
        self, connection: Connection, query: Query, sought: _Sought, found: Sequence[Candidate], most: int
    ) -> tuple[list[Fused], int]:
        """The best of these candidates that may be shown, and how many there are altogether.

        Nearly always all may be shown, and looking up the best proves it; else every one is looked up.
        """
        mixed = fuse(found, dense_weight=sought.dense_weight)
        best = _with_equals(mixed, most)
        measure = max(found, key=lambda candidate: candidate.keyword or 0.0, default=None)
        needed = {item.candidate.id for item in best} | ({measure.id} if measure else set())
        places = _shown(connection, query, sorted(needed))
        if len(places) < len(needed):
            places = _shown(connection, query, [candidate.id for candidate in found])
            mixed = fuse([item for item in found if item.id in places], dense_weight=sought.dense_weight)
            best = _with_equals(mixed, most)
        best.sort(key=lambda item: (-item.score, places[item.candidate.id]))
        return best[:most], len(mixed)

    def _looked_at(
        self, connection: Connection, tenant: str, sought: _Sought, items: Sequence[Fused]
    ) -> dict[int, LookedAt]:
        """Candidates with their texts and vectors, by id."""
        ids = [item.candidate.id for item in items]
        model = self._embedder.fingerprint if self._embedder else ""
        stored = load_chunks(connection, tenant, ids, model=model)
        return {
            place: LookedAt(item, stored[place], bag_of(indexable(context(stored[place]), sought.language)))
            for item in items
            if (place := item.candidate.id) in stored
        }

    def _naming(
        self, connection: Connection, query: Query, scope: Scope, sought: _Sought, known: Mapping[int, LookedAt]
    ) -> dict[int, LookedAt]:
        """Chunks in which identifiers stand that are in none of those known."""
        found: dict[int, None] = {}
        for name in _unnamed(sought.wanted, known):
            ids = [
                identifier
                for spelling in spellings(name)
                for identifier in chunks_naming(
                    connection, query.tenant, spelling, places=partial(places_of, name), matches=scope.matches
                )
                if identifier not in known
            ]
            found |= dict.fromkeys(sorted(_shown(connection, query, ids[:_MOST]))[:_NAMING])
        return self._looked_at(connection, query.tenant, sought, [unfused(identifier) for identifier in found])

    def _spoken(self, query: Query, scope: Scope, sought: _Sought) -> Scope:
        """The scope narrowed to the language of the question, where there are articles in it for the caller."""
        if query.locale or sought.language in ("", ENGLISH):
            return scope
        labels = self._labels[query.tenant][1]
        seen = {locale for names, locale, _ in labels if not set(names).isdisjoint(scope.audiences)}
        locales = {locale for locale in seen if language_of(locale) == sought.language}
        if len(locales) != 1:
            return scope
        return replace(scope, locale=locales.pop(), covers_all=False)

    def _scope(self, connection: Connection, query: Query, generation: int) -> Scope:
        """What the query may find, and whether that is everything, as it is on most desks."""
        known = self._labels.get(query.tenant)
        if known is None or known[0] != generation:
            known = (generation, live_labels(connection, query.tenant))
            self._labels[query.tenant] = known
        scope = Scope(query.audiences, query.locale, query.product)
        return replace(scope, covers_all=all(scope.matches(*label) for label in known[1]))


def _parts_of(query: Query) -> tuple[Part, ...]:
    """What is searched for; nothing where nothing is asked."""
    if not query.text.strip():
        return ()
    return read_whole(query.text) if query.whole else read_question(query.text)


def _ranked(sought: _Sought, looked_at: Mapping[int, LookedAt]) -> list[Ranked]:
    """All that were looked at, the best first."""
    return ranked(
        indexable(sought.part.text, sought.language),
        list(looked_at.values()),
        vector=sought.vector,
        wanted=sought.wanted,
        dense_weight=sought.dense_weight,
        earlier=sought.earlier,
    )


def _score_in(ranking: Sequence[Ranked], wanted: Ranked) -> float:
    """The score that a ranking gives to what another has; that of its twin where one stands for both."""
    stored = wanted.looked_at.stored
    same = (item for item in ranking if item.looked_at.stored.id == stored.id or stored.document_id in item.same_as)
    return next((item.score for item in same), 0.0)


def _with_equals(mixed: list[Fused], most: int) -> list[Fused]:
    """The first of a ranking, with those after them that score the same as the last."""
    return [item for item in mixed if item.score >= mixed[:most][-1].score]


def _shown(connection: Connection, query: Query, ids: Sequence[int]) -> dict[int, tuple[str, int]]:
    """Those of these chunks that the caller may see and that are as new as was asked for, with their places."""
    return live_places(connection, query.tenant, ids, audiences=query.audiences, at=query.at, since=query.since)


def _unnamed(names: Sequence[str], looked_at: Mapping[int, LookedAt]) -> list[str]:
    """The identifiers that stand in none of these."""
    contexts = [context(item.stored) for item in looked_at.values()]
    return [name for name in names if not any(has_identifier(text, name) for text in contexts)]


def _in_turn(parts: Sequence[Sequence[Ranked]]) -> tuple[Hit, ...]:
    """The parts' hits in turn: the best of each, then the second of each, and so on."""
    turns = zip_longest(*([(place, item) for item in items] for place, items in enumerate(parts)))
    order = [pair for turn in turns for pair in turn if pair is not None]
    return tuple(to_hit(item, rank=rank, part=place) for rank, (place, item) in enumerate(order, start=1))
