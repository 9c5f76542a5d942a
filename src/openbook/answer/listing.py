"""Lists the products that a question chose: a sentence of counts, then each product in its source's own words.

The counts and the places come with the hits; the only words that are not a source's are the customer's own,
from the question. It judges no product.
"""

from collections.abc import Sequence

from openbook.answer.quote import Quote, quotes_of
from openbook.types import BlockKind, Hit
from openbook.types.search import Selection

MOST_PRODUCTS = 5
_BETWEEN = " | "
_FACTS = ("attribute", "value")


def selection_of(hits: Sequence[Hit]) -> Selection | None:
    """What was chosen among products, if that is what the hits are."""
    return next((hit.selection for hit in hits if hit.selection is not None), None)


def listed(question: str, hits: Sequence[Hit]) -> tuple[Quote, ...]:
    """What is shown of the best products, at most `MOST_PRODUCTS`, those of one product together."""
    documents = list(dict.fromkeys(hit.document_id for hit in hits))[:MOST_PRODUCTS]
    return tuple(quote for hit in hits if hit.document_id in documents for quote in _shown(hit, question))


def introduction(question: str, selection: Selection, count: int) -> str:
    """The sentence above the list, or the one that says that nothing fits.

    Args:
        question: The part of the question, from which its own words are taken.
        selection: What was chosen.
        count: How many products follow.
    """
    wanted = " and ".join(f"“{span.of(question)}”" for span in selection.wanted)
    fitting, compared = selection.fitting, _products(selection.compared)
    silent = f"; {selection.unsure} more do not say enough" if selection.unsure else ""
    if not fitting:
        return f"None of {compared} surely fits {wanted}{silent}" if silent else f"None of {compared} fits {wanted}"
    said = f"{fitting} of {compared} {'fits' if fitting == 1 else 'fit'} {wanted}" if wanted else f"Of {compared}"
    if selection.order:
        said += f", “{selection.order.of(question)}” first"
    return f"{said}{silent}{f'. The first {count}' if count < fitting else ''}:"


def lines(quotes: Sequence[Quote]) -> list[tuple[str, tuple[Quote, ...]]]:
    """A line for each product, with what it rests on."""
    by_product: dict[str, list[Quote]] = {}
    for quote in quotes:
        by_product.setdefault(quote.hit.document_id, []).append(quote)
    return [(_line(each), tuple(each)) for each in by_product.values()]


def names_itself(quote: Quote) -> bool:
    """Whether a row of facts needs no header to be understood: `price | 49.90 EUR`."""
    return tuple(quote.header_text.split(_BETWEEN)) == _FACTS


def _products(count: int) -> str:
    return f"{count} product{'s' if count != 1 else ''}"


def _shown(hit: Hit, question: str) -> list[Quote]:
    quotes = quotes_of(hit, question, {})
    return [quotes[place] for place in hit.selection.sentences] if hit.selection else []


def _line(quotes: Sequence[Quote]) -> str:
    """`Alpine 30 (price: 49.90 EUR · colour: blue)`."""
    names = [quote.text for quote in quotes if quote.sentence.kind is BlockKind.HEADING]
    facts = [fact for quote in quotes if quote.sentence.kind is not BlockKind.HEADING for fact in _facts(quote)]
    return f"{' '.join(names)}: {' · '.join(facts)}" if facts else " ".join(names)


def _facts(quote: Quote) -> list[str]:
    if names_itself(quote):
        return [quote.text.replace(_BETWEEN, ": ", 1)]
    cells = zip(quote.header_text.split(_BETWEEN), f" {quote.text} ".split(_BETWEEN), strict=False)
    return [f"{name.strip()}: {cell.strip()}" for name, cell in cells if cell.strip()]
