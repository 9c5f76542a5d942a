"""The wordings by which a text speaks to a language model rather than to its reader.

English is covered best, German, French and Spanish in their commonest forms. "Ignore this warning",
"override the default" and "system settings" have half of a wording and match nothing. Not known
are orders in other words, and orders that only lead off the task ("write a poem"), which read like
any other sentence.
"""

from openbook.ingest.suspicion.languages import LANGUAGE_FAMILIES
from openbook.ingest.suspicion.orders import ORDER_FAMILIES
from openbook.ingest.suspicion.pattern import Family, Pattern, Signal, signals
from openbook.ingest.suspicion.steering import STEERING_FAMILIES

__all__ = [
    "LANGUAGE_FAMILIES",
    "ORDER_FAMILIES",
    "STEERING_FAMILIES",
    "Family",
    "Pattern",
    "Signal",
    "signals",
]
