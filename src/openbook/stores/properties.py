"""Small facts about a desk by name, such as which encoder its index was made with."""

from sqlalchemy import Connection, delete, insert, select

from openbook.stores.database import Database
from openbook.stores.schema import properties
from openbook.types import MAIN_TENANT


def get_property(database: Database, name: str, *, tenant: str = MAIN_TENANT) -> str:
    """The value of a property; empty when it was never set."""
    query = select(properties.c.value).where(properties.c.tenant == tenant, properties.c.name == name)
    with database.read() as connection:
        return connection.execute(query).scalar() or ""


def set_property(database: Database, name: str, value: str, *, tenant: str = MAIN_TENANT) -> None:
    """Sets a property; durable when it returns."""

    def work(connection: Connection) -> None:
        mine = (properties.c.tenant == tenant, properties.c.name == name)
        connection.execute(delete(properties).where(*mine))
        connection.execute(insert(properties).values(tenant=tenant, name=name, value=value))

    database.write(work)
