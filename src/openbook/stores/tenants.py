"""The brands that share one installation, strictly apart."""

from sqlalchemy import Connection, bindparam, select

from openbook.errors import NotFound
from openbook.stores.database import Database
from openbook.stores.rows import insert_missing
from openbook.stores.schema import tenants
from openbook.types import utc_now

_KNOWN = select(tenants.c.tenant).where(tenants.c.tenant == bindparam("tenant"))


def ensure_tenant(connection: Connection, name: str) -> None:
    """Makes a tenant unless it exists."""
    insert_missing(connection, tenants, [{"tenant": name, "name": name, "created_at": utc_now()}])


def require_tenant(connection: Connection, name: str) -> None:
    """Makes sure that a tenant exists.

    Raises:
        NotFound: It does not.
    """
    if connection.execute(_KNOWN, {"tenant": name}).scalar() is None:
        raise NotFound(f"There is no tenant {name!r}.", fix=f"`openbook add FOLDER --tenant {name}` makes it.")


def list_tenants(database: Database) -> list[str]:
    """Every tenant, in order."""
    with database.read() as connection:
        return list(connection.execute(select(tenants.c.tenant).order_by(tenants.c.tenant)).scalars())
