"""A small site with the widget on it, and visitors who use it over HTTP."""

import base64
import hashlib
import hmac
import json
import time
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

import httpx

from openbook import Desk
from openbook.models import HashEmbedder
from openbook.server import create_app
from openbook.stores.access import ensure_owner
from server.running import running

ORIGIN = "https://www.shop.example"
SECRET = "a long secret that only the shop and its desk know"
ARTICLE = """---
title: Washing a jacket
url: https://help.shop.example/washing
updated_at: 2026-03-11
---
# Washing a jacket

Close the zip first. Wash the jacket at 30 degrees with mild soap. Do not use a softener.
"""
QUESTION = "At how many degrees do I wash the jacket?"
NONSENSE = "Who won the election of the mayor in 1987?"
_addresses = count(1)


@dataclass(frozen=True)
class Site:
    """A desk, the server over it, and where that is."""

    desk: Desk
    app: Any
    address: str

    @property
    def visitors(self):
        return self.app.state.door.visitors

    def owner_id(self):
        return self.desk.parts.database.write(lambda connection: ensure_owner(connection, "main"))

    def client(self, token="", *, origin=ORIGIN, address=""):
        """A browser with a page of the shop open; without an address it has one of its own."""
        number = next(_addresses)
        headers = {"X-Forwarded-For": address or f"198.18.{number // 256}.{number % 256}"}
        if token:
            headers["Authorization"] = f"Visitor {token}"
        if origin:
            headers["Origin"] = origin
        return httpx.Client(base_url=self.address, headers=headers, timeout=10)

    def visitor(self, **options):
        """A browser of a new visitor, with its token."""
        with self.client(**options) as client:
            token = client.post("/v1/visitors", json={}).json()["visitor"]
        return self.client(token, **{"address": client.headers["X-Forwarded-For"]} | options)


@contextmanager
def site(folder, *, turns=4, **settings):
    """A running site; settings by their names, with `__` for the point."""
    chosen = {"threshold": 0.2, "widget.origins": (ORIGIN,)}
    chosen |= {name.replace("__", "."): value for name, value in settings.items()}
    with Desk.open(folder / "desk", must_hold=True, settings=chosen, embedder=HashEmbedder()) as desk:
        desk.put_document("washing.md", ARTICLE)
        app = create_app(desk, turns=turns)
        with running(app) as address:
            yield Site(desk, app, address)


def write(client, text=QUESTION, *, conversation="new", key="", **more):
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(f"/v1/conversations/{conversation}/messages", json={"text": text, **more}, headers=headers)


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def signed(claims, *, secret=SECRET, header=None, digest=hashlib.sha256):
    """A JWT as a shop's server makes it; `claims` may be anything, also what is no claims."""
    header = {"alg": "HS256", "typ": "JWT"} if header is None else header
    body = claims if isinstance(claims, bytes) else json.dumps(claims).encode()
    content = f"{encoded(json.dumps(header).encode())}.{encoded(body)}"
    return f"{content}.{encoded(hmac.new(secret.encode(), content.encode(), digest).digest())}"


def claims(**changed):
    """What a shop's server says of a customer; None takes a claim out."""
    usual = {"sub": "customer-7", "name": "Ada Example", "email": "ada@shop.example", "exp": int(time.time()) + 600}
    return {name: value for name, value in (usual | changed).items() if value is not None}
