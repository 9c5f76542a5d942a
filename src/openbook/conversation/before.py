"""What the customer said before a question: read from the conversation, or taken from what came with the request.

A receipt keeps the hashes of these messages; their words are texts of the conversation, which can be
erased, and then the answer cannot be made again.
"""

from collections.abc import Iterable

from openbook.conversation.understand import understand
from openbook.hashing import hash_text
from openbook.stores import Database
from openbook.stores.history import said_before
from openbook.types import AskRequest

MOST_MESSAGES = 6
LONGEST_MESSAGE = 5_000


def said_by_hash(database: Database, request: AskRequest, *, besides: str = "") -> dict[str, str]:
    """The customer's last messages before this one, each once by the hash of its words, oldest first.

    Of a conversation that is kept only what was said with the same audiences; of messages that came
    with the request the customer's, each as far as `LONGEST_MESSAGE`. What is read together with the question
    itself, `besides`, is left out.
    """
    said = _said_by_hash(database, request)
    return {digest: words for digest, words in said.items() if not besides or understand(words) != besides}


def _said_by_hash(database: Database, request: AskRequest) -> dict[str, str]:
    if request.conversation_id:
        with database.read() as connection:
            return said_before(
                connection,
                request.tenant,
                request.conversation_id,
                audiences=request.audiences,
                limit=MOST_MESSAGES,
            )
    told = [said.text[:LONGEST_MESSAGE] for said in request.history if said.author == "customer"]
    return {hash_text(words): words for words in told[-MOST_MESSAGES:]}


def as_history(said: Iterable[str]) -> tuple[str, ...]:
    """Messages as a search takes them."""
    return tuple(understand(words) for words in said)
