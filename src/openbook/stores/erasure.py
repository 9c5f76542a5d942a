"""Destroys the words of a conversation: its messages, answers, names, addresses, corrections and contact forms.

Rows stay with their hashes, times and scores, and read as erased. The words of articles have their own way:
`openbook remove --erase`.
"""

from sqlalchemy import Connection, select, update

from openbook.stores.schema import leads, receipts
from openbook.stores.texts import erase_owners
from openbook.types import utc_now


def erase_conversation(connection: Connection, tenant: str, conversation_id: str) -> int:
    """Destroys every text of a conversation, of its answers and of its contact forms; returns how many."""
    mine = (receipts.c.tenant == tenant, receipts.c.conversation_id == conversation_id)
    answers = connection.execute(select(receipts.c.id).where(*mine)).scalars()
    sent = select(leads.c.id).where(leads.c.tenant == tenant, leads.c.conversation_id == conversation_id)
    owners = [conversation_id, *answers, *connection.execute(sent).scalars()]
    connection.execute(update(receipts).where(*mine, receipts.c.erased_at.is_(None)).values(erased_at=utc_now()))
    return erase_owners(connection, tenant, owners)
