"""The owner's ways in and out."""

import re

import httpx
import pytest

from openbook import Desk
from openbook.errors import NotAllowed, UserError
from openbook.server import create_app, owner_link, set_owner_password
from openbook.server.attempts import PER_ADDRESS
from openbook.server.exposure import check_exposure, is_loopback
from server.running import running
from server.shop import ARTICLES, PASSWORD


@pytest.fixture
def new_desk(tmp_path):
    with Desk.open(tmp_path / "desk", must_hold=True) as opened:
        yield opened


@pytest.fixture
def visitor(new_desk):
    with running(create_app(new_desk, turns=1)) as place, httpx.Client(base_url=place) as client:
        yield client


def form_token(page):
    return re.search(r'name="form_token" value="([0-9a-f]+)"', page)[1]


def sign_in(visitor, password):
    token = form_token(visitor.get("/owner").text)
    return visitor.post("/owner/sign-in", data={"form_token": token, "password": password})


def test_a_link_lets_the_owner_in_once(new_desk, visitor):
    link = owner_link(new_desk, str(visitor.base_url).rstrip("/"))
    entered = visitor.get(link)
    assert (entered.status_code, entered.headers["location"]) == (303, "/owner")
    cookie = entered.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Secure" not in cookie
    assert "What this desk knows" in visitor.get("/owner").text
    with httpx.Client() as other:
        assert other.get(link).status_code == 403


def test_a_cookie_over_https_is_secure(new_desk, visitor):
    link = owner_link(new_desk, str(visitor.base_url).rstrip("/"))
    assert "Secure" in visitor.get(link, headers={"X-Forwarded-Proto": "https"}).headers["set-cookie"]


def test_tokens_and_passwords_are_not_stored(new_desk, visitor):
    link = owner_link(new_desk, "")
    set_owner_password(new_desk, PASSWORD)
    stored = b"".join(path.read_bytes() for path in new_desk.path.rglob("openbook.db*"))
    assert link.rpartition("/")[2].encode() not in stored
    assert PASSWORD.encode() not in stored
    assert b"$argon2id$" in stored


def test_a_password_lets_the_owner_in_and_ends_links(new_desk, visitor):
    link = owner_link(new_desk, str(visitor.base_url).rstrip("/"))
    set_owner_password(new_desk, PASSWORD)
    assert owner_link(new_desk, "") is None
    assert visitor.get(link).status_code == 403
    assert sign_in(visitor, "wrong password").status_code == 403
    assert sign_in(visitor, PASSWORD).status_code == 303
    page = visitor.get("/owner").text
    assert "What this desk knows" in page
    assert visitor.post("/owner/sign-out", data={"form_token": form_token(page)}).status_code == 303
    assert "Password" in visitor.get("/owner").text


def test_a_signed_out_session_opens_nothing(new_desk, visitor):
    visitor.get(owner_link(new_desk, str(visitor.base_url).rstrip("/")))
    session = visitor.cookies["openbook_session"]
    visitor.post("/owner/sign-out", data={"form_token": form_token(visitor.get("/owner").text)})
    assert visitor.get("/v1/documents", headers={"Cookie": f"openbook_session={session}"}).status_code == 401


def test_a_new_password_ends_every_session(new_desk, visitor):
    visitor.get(owner_link(new_desk, str(visitor.base_url).rstrip("/")))
    assert visitor.get("/v1/documents").status_code == 200
    set_owner_password(new_desk, PASSWORD)
    assert visitor.get("/v1/documents").status_code == 401


@pytest.mark.parametrize("form", [{}, {"form_token": ""}, {"form_token": "0" * 64}])
@pytest.mark.parametrize("path", ["/owner/sign-in", "/owner/sign-out"])
def test_a_form_without_its_token_does_nothing(new_desk, visitor, path, form):
    set_owner_password(new_desk, PASSWORD)
    visitor.get("/owner")
    assert visitor.post(path, data={**form, "password": PASSWORD}).status_code == 403


def test_a_form_from_another_site_does_nothing(new_desk, visitor):
    set_owner_password(new_desk, PASSWORD)
    token = form_token(visitor.get("/owner").text)
    form = {"form_token": token, "password": PASSWORD}
    response = visitor.post("/owner/sign-in", data=form, headers={"Origin": "https://evil.example"})
    assert response.status_code == 403


def test_guessing_is_slowed_down(new_desk, visitor):
    set_owner_password(new_desk, PASSWORD)
    for _ in range(PER_ADDRESS):
        assert sign_in(visitor, "a wrong password").status_code == 403
    stopped = sign_in(visitor, PASSWORD)
    assert stopped.status_code == 429
    assert int(stopped.headers["retry-after"]) > 0
    assert visitor.get("/owner/a-guessed-link").status_code == 429


@pytest.mark.parametrize("password", ["", "short", "x" * 1_001])
def test_a_password_must_be_long_enough_and_not_endless(new_desk, password):
    with pytest.raises(UserError, match="characters"):
        set_owner_password(new_desk, password)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "localhost", "::1", "[::1]"])
def test_loopback_needs_no_password(new_desk, host):
    assert is_loopback(host)
    check_exposure(new_desk.doorkeeper, host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.0.4", "help.shop.example"])
def test_any_other_address_needs_a_password_first(new_desk, host):
    with pytest.raises(NotAllowed, match="--set-password"):
        check_exposure(new_desk.doorkeeper, host)
    set_owner_password(new_desk, PASSWORD)
    check_exposure(new_desk.doorkeeper, host)


def test_the_owner_sees_every_document_and_source(owner, desk):
    articles = owner.get("/owner/articles").text
    assert all(name in articles for name in ARTICLES) and "internal" in articles
    sources = owner.get("/owner/sources").text
    assert all(source.location in sources for source in desk.sources())
    assert "Health" in owner.get("/owner").text
