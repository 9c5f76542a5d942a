"""Quote inside: whether a gold quote stands in what an answer cites.

1 if any gold quote is covered by the citations by at least `enough` of its characters, else 0.
White space, markers and punctuation do not count; see `openbook.evals.right.quote_cover`. With the
share that file calls enough, this is its notion of a right answer, sent or not.
"""

from collections.abc import Sequence

from openbook.evals.right import quote_cover


def quote_inside(quotes: Sequence[str], cited: Sequence[str], *, enough: float = 1.0) -> float:
    """1 or 0; not a number without gold quotes.

    Args:
        quotes: Gold quotes, any of which will do.
        cited: The texts of the answer's citations.
        enough: The share of a quote's characters that must be covered.
    """
    return max((float(cover >= enough) for cover in quote_cover(quotes, cited)), default=float("nan"))
