"""Which pages may use the widget's routes: listed sites and the server's own, and nobody else's."""

import httpx
import pytest

from openbook.errors import SettingsError
from openbook.server.origins import checked_origins, origin_of
from server.visiting import ORIGIN, QUESTION, site

ROUTES = ("/v1/visitors", "/v1/widget", "/v1/conversations/con_x", "/v1/leads", "/v1/passages/ans_x/0")
STRANGERS = (
    "https://evil.example",
    "http://www.shop.example",
    "https://www.shop.example:444",
    "https://shop.example",
    "https://www.shop.example.evil.example",
    "https://www.shop.example@evil.example",
    "null",
    "file://",
    "*",
    "https://",
    "http://[::1",
)


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    with site(tmp_path_factory.mktemp("origins")) as opened:
        yield opened


@pytest.fixture
def client(shop):
    with httpx.Client(base_url=shop.address) as made:
        yield made


def preflight(client, path, origin, method="POST"):
    headers = {"Origin": origin, "Access-Control-Request-Method": method}
    return client.options(path, headers=headers | {"Access-Control-Request-Headers": "authorization,idempotency-key"})


@pytest.mark.parametrize("path", [*ROUTES, "/v1/ask", "/v1/search", "/v1/conversations/new/messages"])
def test_a_page_of_a_listed_site_may_ask_beforehand(client, path):
    answer = preflight(client, path, ORIGIN)
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert "POST" in answer.headers["access-control-allow-methods"]
    allowed = set(answer.headers["access-control-allow-headers"].split(", "))
    assert {"authorization", "content-type", "accept", "idempotency-key", "last-event-id"} <= allowed
    assert "access-control-allow-credentials" not in answer.headers


def test_a_page_of_a_listed_site_reads_the_answer(client):
    answer = client.get("/v1/widget", headers={"Origin": ORIGIN})
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert "Origin" in answer.headers["vary"]
    assert "x-openbook-visitor" in answer.headers["access-control-expose-headers"]
    assert answer.headers.get_list("cross-origin-resource-policy") == ["cross-origin"]
    assert "access-control-allow-credentials" not in answer.headers


def test_it_reads_refusals_too(client):
    answer = client.get("/v1/conversations/con_x", headers={"Origin": ORIGIN})
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (401, ORIGIN)
    too_long = client.post("/v1/visitors", content=b"a" * 1_000_001, headers={"Origin": ORIGIN})
    assert (too_long.status_code, too_long.headers["access-control-allow-origin"]) == (413, ORIGIN)


@pytest.mark.parametrize("origin", STRANGERS)
def test_pages_of_other_sites_are_refused_with_the_setting_that_lists_sites(client, origin):
    for answer in (
        client.post("/v1/visitors", headers={"Origin": origin}),
        client.post("/v1/ask", json={"question": QUESTION}, headers={"Origin": origin}),
        preflight(client, "/v1/conversations/new/messages", origin),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "wrong_origin")
        assert "widget.origins" in answer.json()["fix"]
        assert "access-control-allow-origin" not in answer.headers
        assert "Origin" in answer.headers["vary"]


def test_the_servers_own_pages_may_ask_as_before(client, shop):
    body = {"question": QUESTION}
    for headers in (
        {"Origin": shop.address},
        {"Origin": "https://help.shop.example", "Sec-Fetch-Site": "same-origin"},
        {"Origin": shop.address.replace("http:", "https:")},
        {},
    ):
        answer = client.post("/v1/ask", json=body, headers=headers)
        assert answer.status_code == 200
        assert "access-control-allow-origin" not in answer.headers
    assert client.post("/v1/ask", json=body, headers={"Origin": "http://127.0.0.1:1"}).status_code == 403


def test_a_program_needs_a_token_all_the_same(client):
    for answer in (
        client.get("/v1/conversations/con_x"),
        client.get("/v1/conversations/con_x/events"),
        client.post("/v1/conversations/new/messages", json={"text": QUESTION}),
        client.get("/v1/passages/ans_x/0"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (401, "bad_visitor")


def test_other_routes_are_as_they_were(client):
    answer = client.get("/healthz", headers={"Origin": "https://evil.example"})
    assert answer.status_code == 200
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert "access-control-allow-origin" not in answer.headers
    assert client.get("/v1/asking", headers={"Origin": "https://evil.example"}).status_code == 404


def test_the_widgets_script_may_be_loaded_by_any_page(client):
    answer = client.get("/widget.js", headers={"Origin": "https://evil.example"})
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"


@pytest.mark.parametrize(
    ("written", "origin"),
    [
        ("https://www.shop.example", "https://www.shop.example"),
        ("HTTPS://WWW.Shop.example", "https://www.shop.example"),
        ("https://www.shop.example:443", "https://www.shop.example"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("http://[::1]:80", "http://[::1]"),
        ("null", ""),
        ("*", ""),
        ("https://*.shop.example", ""),
        ("https://www.shop.example/help", ""),
        ("https://user@www.shop.example", ""),
        ("https://www.shop.example:port", ""),
        ("ftp://www.shop.example", ""),
        ("www.shop.example", ""),
        ("https://" + "a" * 100, ""),
        ("", ""),
    ],
)
def test_an_origin_has_one_form(written, origin):
    assert origin_of(written) == origin


def test_a_setting_may_end_with_a_slash_and_not_hold_a_star():
    assert checked_origins(["https://www.shop.example/ "]) == {"https://www.shop.example"}
    with pytest.raises(SettingsError, match=r"widget\.origins cannot hold '\*'") as error:
        checked_origins(["https://a.example", "*"])
    assert "https://www.example.com" in error.value.fix
