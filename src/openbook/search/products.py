"""Compares all products of a shop with what a question wants: which of them fit, and which comes first.

What products say is read from the tables once for each state of the knowledge, and apart for everyone who
may see other products, so that what one may not see is neither counted nor understood. Whether one and the
same variant has all that is wanted is looked up in the product's text, where it matters. It ranks by what
products say alone and knows no index and no model.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from openbook.search.attributes import Attributes, Constraint, Superlative, best_first, fits, folded, judge
from openbook.search.choosing import Wanted, wanted_in
from openbook.search.product_rows import rows_in, variants_of
from openbook.search.vocabulary import Vocabulary, vocabulary_of
from openbook.stores.chunks import load_chunks
from openbook.stores.index import Scope
from openbook.stores.library import chunk_ids
from openbook.stores.products import StoredProduct, live_products
from openbook.types import Query
from openbook.types.search import Selection

_CATALOGUES_LIMIT = 1_000
_PRODUCTS_LIMIT = 100_000
_VARIANTS_LIMIT = 200

_Variants = Callable[[StoredProduct], tuple[Attributes, ...]]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All products that a caller may see at a time, ready to be compared.

    Attributes:
        generation: The state of the knowledge that it was read from.
        stored: What the tables have, products that are not valid at the time among them.
        begins: From when on these are the valid ones, or None: from ever.
        ends: Until when, or None: for ever.
        products: The valid ones, in order of path.
        told: Of each product its attributes by name.
        words: Of each product the words, folded, of its name and of its values in words.
        kinds: The words of all.
        variants: What variants say, of the products of which it was asked already.
    """

    generation: int
    stored: tuple[StoredProduct, ...]
    begins: datetime | None = None
    ends: datetime | None = None
    products: tuple[StoredProduct, ...] = ()
    told: tuple[dict[str, Attributes], ...] = ()
    words: tuple[frozenset[str], ...] = ()
    kinds: frozenset[str] = frozenset()
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    variants: dict[str, tuple[Attributes, ...]] = field(default_factory=dict)

    def holds(self, at: datetime) -> bool:
        """Whether the same products are valid at this moment."""
        return (self.begins is None or self.begins <= at) and (self.ends is None or at < self.ends)


@dataclass(frozen=True, slots=True)
class Choice:
    """What a question chose.

    Attributes:
        wanted: What it wants.
        best: The products that surely fit, the best first.
        unsure: How many others do not say enough.
        compared: How many were looked at.
        catalogue: Where they are from.
        order: What they are ordered by.
    """

    wanted: Wanted
    best: tuple[StoredProduct, ...]
    unsure: int
    compared: int
    catalogue: Catalogue
    order: Superlative

    @property
    def names(self) -> frozenset[str]:
        """The attributes to show of a product: those asked about, its price, whether it can be had."""
        vocabulary = self.catalogue.vocabulary
        return self.wanted.names | {*vocabulary.prices, *vocabulary.stocks}

    def variant(self, variants: Sequence[Attributes]) -> Attributes | None:
        """Of a product's variants that fit the one that comes first, or None where none does."""
        fitting = [each for each in variants if fits(self.wanted.constraints, each)]
        return next((fitting[place] for place in best_first(self.order, fitting)), fitting[0] if fitting else None)

    def selection(self, sentences: Iterable[int] = ()) -> Selection:
        """The choice as a hit carries it."""
        said, order = self.wanted.said, self.wanted.order
        return Selection(said, order, len(self.best), self.unsure, self.compared, tuple(sentences))


class Products:
    """Chooses among a desk's products; keeps what they say until the knowledge changes."""

    def __init__(self) -> None:
        self._catalogues: dict[tuple[str, frozenset[str]], Catalogue] = {}

    def choose(
        self, connection: Connection, query: Query, scope: Scope, text: str, *, generation: int
    ) -> Choice | None:
        """What a part of a question chose among all products; None where it asks for something else.

        Args:
            connection: One state of the tables.
            query: Who asks, and when.
            scope: What the query may find.
            text: The part's words.
            generation: Of that state.
        """
        catalogue = self._catalogue(connection, query, generation)
        if not catalogue.products:
            return None
        wanted = wanted_in(text, catalogue.vocabulary, catalogue.kinds)
        if wanted is None:
            return None
        compared = _compared(catalogue, query, scope)
        if not any(wanted.kinds <= catalogue.words[place] for place in compared):
            return None
        return _chosen(catalogue, wanted, compared, partial(_variants, connection, query.tenant, catalogue))

    def _catalogue(self, connection: Connection, query: Query, generation: int) -> Catalogue:
        """The products that the caller may see, read anew where the knowledge or the time has moved on."""
        key = (query.tenant, frozenset(query.audiences))
        known = self._catalogues.get(key)
        if known is not None and known.generation == generation and known.holds(query.at):
            return known
        stored = live_products(connection, query.tenant, audiences=query.audiences)
        if known is not None and known.stored == stored and known.holds(query.at):
            made = replace(known, generation=generation)
        else:
            made = _read(stored, generation, query.at)
        self._catalogues.pop(key, None)
        self._catalogues[key] = made
        self._forget_oldest()
        return made

    def _forget_oldest(self) -> None:
        kept = list(self._catalogues.items())
        while len(kept) > 1 and (
            len(kept) > _CATALOGUES_LIMIT or sum(len(each.stored) for _, each in kept) > _PRODUCTS_LIMIT
        ):
            key, _ = kept.pop(0)
            self._catalogues.pop(key, None)


def _read(stored: tuple[StoredProduct, ...], generation: int, at: datetime) -> Catalogue:
    """A catalogue of what is valid at a moment."""
    if not stored:
        return Catalogue(generation, stored)
    moments = {moment for each in stored for moment in (each.valid_from, each.valid_until) if moment is not None}
    products = tuple(each for each in stored if each.is_valid(at))
    vocabulary = vocabulary_of(pair for each in products for pair in each.attributes)
    words = tuple(_words(each, vocabulary) for each in products)
    return Catalogue(
        generation=generation,
        stored=stored,
        begins=max((moment for moment in moments if moment <= at), default=None),
        ends=min((moment for moment in moments if moment > at), default=None),
        products=products,
        told=tuple(_by_name(each.attributes) for each in products),
        words=words,
        kinds=frozenset().union(*words),
        vocabulary=vocabulary,
    )


def _words(product: StoredProduct, vocabulary: Vocabulary) -> frozenset[str]:
    """The words of a product's name and of what it says in words."""
    values = (folded(value) for _, value in product.attributes)
    said = (phrase for phrase in values if phrase in vocabulary.values)
    return frozenset(folded(product.title)).union(*said)


def _by_name(attributes: Attributes) -> dict[str, Attributes]:
    told: dict[str, Attributes] = {}
    for pair in attributes:
        told[pair[0]] = (*told.get(pair[0], ()), pair)
    return told


def _compared(catalogue: Catalogue, query: Query, scope: Scope) -> list[int]:
    """The places in the catalogue of the products that the query may find."""
    if scope.covers_all and query.since is None:
        return list(range(len(catalogue.products)))
    return [
        place
        for place, product in enumerate(catalogue.products)
        if scope.matches(product.audiences, product.locale, product.product)
        and (query.since is None or (product.updated_at is not None and product.updated_at >= query.since))
    ]


def _variants(
    connection: Connection, tenant: str, catalogue: Catalogue, product: StoredProduct
) -> tuple[Attributes, ...]:
    """What the variants of a product say, by its text; none where it has none."""
    found = catalogue.variants.get(product.document_id)
    if found is None:
        ids = chunk_ids(connection, tenant, [(product.document_id, product.version)])
        stored = load_chunks(connection, tenant, ids)
        found = variants_of(rows_in(stored[place] for place in sorted(stored)), product.attributes)
        catalogue.variants[product.document_id] = found
    return found


# ---------------------------------------------------------------------- judging


def _chosen(catalogue: Catalogue, wanted: Wanted, compared: Sequence[int], variants: _Variants) -> Choice:
    """Judges all products at these places and puts those that fit in order."""
    order = wanted.superlative or Superlative(catalogue.vocabulary.prices, is_largest=False)
    left = {place: 0 for place in compared if wanted.kinds <= catalogue.words[place]}
    doubtful: set[int] = set()
    for constraint in sorted(wanted.constraints, key=lambda each: not each.words):
        _narrow(constraint, catalogue.told, left, doubtful)
    sure = {place: _told(order.names, catalogue.told[place]) for place in left if place not in doubtful}
    unclear = [place for place in sure if _depends(left[place], sure[place])]
    for place in unclear[_VARIANTS_LIMIT:]:
        del sure[place]
    for place in unclear[:_VARIANTS_LIMIT]:
        verdict, told = _by_variants(wanted.constraints, variants(catalogue.products[place]), sure[place])
        if verdict:
            sure[place] = told
            continue
        del sure[place]
        if verdict is False:
            del left[place]
    found = list(sure)
    ranks = [found[rank] for rank in best_first(order, list(sure.values()))]
    if wanted.superlative is None:
        ranks += sorted(set(found).difference(ranks))
    best = tuple(catalogue.products[place] for place in ranks)
    return Choice(wanted, best, len(left) - len(best), len(compared), catalogue, order)


def _narrow(
    constraint: Constraint, products: Sequence[dict[str, Attributes]], left: dict[int, int], doubtful: set[int]
) -> None:
    """Takes out what does not meet a constraint; notes what does not say, and counts what only some variants meet."""
    judged: dict[Attributes, tuple[bool | None, bool]] = {}
    for place in list(left):
        told = _told(constraint.names, products[place])
        if told not in judged:
            judged[told] = judge(constraint, told), _is_divided(constraint, told)
        verdict, is_divided = judged[told]
        if verdict is False:
            del left[place]
        elif verdict is None:
            doubtful.add(place)
        else:
            left[place] += is_divided


def _told(names: Sequence[str], product: dict[str, Attributes]) -> Attributes:
    """What a product says under these names."""
    if len(names) == 1:
        return product.get(names[0], ())
    return tuple(pair for name in names for pair in product.get(name, ()))


def _is_divided(constraint: Constraint, told: Attributes) -> bool:
    """Whether of several values under one name not all meet a constraint."""
    repeated = [values for values in _by_name(told).values() if len(values) > 1]
    return any(not judge(constraint, (pair,)) for values in repeated for pair in values)


def _depends(divided: int, order: Attributes) -> bool:
    """Whether it matters which variant has what: two things are met by some alone, or one, and its price varies."""
    return divided > 1 or (divided == 1 and len(order) > len({name for name, _ in order}))


def _by_variants(
    constraints: Sequence[Constraint], variants: Sequence[Attributes], told: Attributes
) -> tuple[bool | None, Attributes]:
    """Whether one variant meets all constraints, and what those say that do; without variants the product's own."""
    if not variants:
        return True, told
    verdicts = [fits(constraints, each) for each in variants]
    met = [each for each, verdict in zip(variants, verdicts, strict=True) if verdict]
    if met:
        return True, tuple(pair for each in met for pair in each)
    return (None if None in verdicts else False), ()
