"""Turns HTTP into calls on a desk: the API, the answer page, the owner's page."""

from openbook.server.app import create_app
from openbook.server.run import owner_link, serve, set_owner_password

__all__ = ["create_app", "owner_link", "serve", "set_owner_password"]
