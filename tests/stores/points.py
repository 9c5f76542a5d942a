"""Points and scopes that the tests of the index are written in, with vectors one can read."""

import numpy as np

from openbook.stores.index import Point, Scope

SIZE = 4
PUBLIC_SCOPE = Scope(("public",))


def vector(*numbers):
    """A unit vector that leans the way these numbers say; missing ones are 0."""
    full = np.zeros(SIZE, dtype=np.float32)
    full[: len(numbers)] = numbers
    return full / np.linalg.norm(full)


REFUNDS, SHIPPING, ACCOUNTS = vector(1), vector(0, 1), vector(0, 0, 1)
"""Three subjects that have nothing in common."""


def point(identifier, words="refund of an order", *, towards=REFUNDS, audiences=("public",), locale="", product=""):
    """A point about refunds unless said otherwise."""
    return Point(identifier, towards, words, tuple(audiences), locale, product)


def found(index, words="refund", *, tenant="main", towards=REFUNDS, scope=PUBLIC_SCOPE, limit=10):
    """What a search returns."""
    return index.search(tenant, vector=towards, words=words, scope=scope, limit=limit)


def found_ids(index, words="refund", **options):
    """The ids a search returns, in its order."""
    return [candidate.id for candidate in found(index, words, **options)]
