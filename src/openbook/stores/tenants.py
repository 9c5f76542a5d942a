"""The brands that share one installation, strictly apart."""

from sqlalchemy import Connection, select

from openbook.stores.database import Database
from openbook.stores.rows import insert_missing
from openbook.stores.schema import tenants
from openbook.types import utc_now


def ensure_tenant(connection: Connection, name: str) -> None:
    """Makes a tenant unless it exists."""
    insert_missing(connection, tenants, [{"tenant": name, "name": name, "created_at": utc_now()}])


def list_tenants(database: Database) -> list[str]:
    """Every tenant, in order."""
    with database.read() as connection:
        return list(connection.execute(select(tenants.c.tenant).order_by(tenants.c.tenant)).scalars())
