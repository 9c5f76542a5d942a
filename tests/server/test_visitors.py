"""Visitors: tokens, the shop's word about who somebody is, what may be done in an hour, how the widget begins."""

import json
import time

import pytest

from openbook.errors import SettingsError
from openbook.server.identity import Identity
from openbook.server.lead_form import form_fields
from openbook.server.problems import Refused
from openbook.server.routes.visitors import widget_language
from openbook.server.visitors import LASTS_SECONDS, RENEWED_AFTER_SECONDS, Tokens, Visitors
from openbook.settings import WidgetSettings
from server.visiting import SECRET, claims, encoded, signed, site, write

NOW = 1_800_000_000
HOUR = 3_600


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    settings = {"widget.identity_secret": SECRET, "widget.messages_per_hour": 3, "leads.fields": ("name", "email*")}
    with site(tmp_path_factory.mktemp("visitors"), **settings) as opened:
        yield opened


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    settings = {"widget.messages_per_hour_from_address": 25, "widget.title": "Ask us", "widget.colour": "red"}
    with site(tmp_path_factory.mktemp("plain"), **settings, handoff__hours="Mon 00:00-00:01") as opened:
        yield opened


@pytest.fixture
def tokens():
    return Tokens("secret", clock=lambda: NOW)


def why_not(work):
    with pytest.raises(Refused) as refused:
        work()
    problem = refused.value.problem
    assert problem.fix
    return problem.code, problem.detail


# ------------------------------------------------------------------------ tokens


def test_a_token_gives_its_visitor_back(tokens):
    token, visitor = tokens.issued(tokens.anybody())
    assert token.startswith("v1.")
    assert tokens.read(token) == visitor
    assert visitor.expires_at == NOW + LASTS_SECONDS


def test_two_visitors_are_never_the_same(tokens):
    assert tokens.anybody().id != tokens.anybody().id


def test_what_is_no_token_of_this_server_is_refused_plainly(tokens):
    token, _ = tokens.issued(tokens.anybody())
    version, body, mac = token.split(".")
    other, _ = Tokens("other", clock=lambda: NOW).issued(tokens.anybody())
    changed = encoded(json.dumps({"id": "vis_other", "tenant": "main"}).encode())
    refused = {
        "is incomplete, or no token of this server": [
            "x",
            "v1",
            "v1.",
            f"{version}.{body}",
            f"v2.{body}.{mac}",
            "é.é.é",
        ],
        "was changed, or made by another server": [
            token[:-1],
            f"{token}a",
            f"{token}.{mac}",
            f"v1.{changed}.{mac}",
            f"v1.{body}.é",
            f"v1.é.{mac}",
            other,
        ],
        "is too long to be one": [f"v1.{body}.{mac * 100}", "v1." + "a" * 1_000_000],
    }
    for why, each in refused.items():
        for token in each:
            assert why_not(lambda: tokens.read(token)) == ("bad_visitor", f"The visitor's token {why}.")  # noqa: B023


def test_a_token_of_another_tenant_is_refused_even_where_the_secret_is_the_same(tokens):
    token, _ = Tokens("secret", tenant="other", clock=lambda: NOW).issued(tokens.anybody())
    assert tokens.read(token)  # the visitor was made for this tenant
    strange = Tokens("secret", tenant="other", clock=lambda: NOW)
    token, _ = strange.issued(strange.anybody())
    assert why_not(lambda: tokens.read(token))[1] == "The visitor's token belongs to another tenant."


def test_a_token_that_is_used_again_after_its_end_is_refused(tokens):
    token, _ = tokens.issued(tokens.anybody())
    later = Tokens("secret", clock=lambda: NOW + LASTS_SECONDS)
    assert why_not(lambda: later.read(token))[1] == "The visitor's token has expired."
    assert Tokens("secret", clock=lambda: NOW + LASTS_SECONDS - 1).read(token)


def test_a_token_is_renewed_after_a_day_but_never_a_proof_of_who_somebody_is(tokens):
    later = Tokens("secret", clock=lambda: NOW + RENEWED_AFTER_SECONDS + 1)
    _, fresh = tokens.issued(tokens.anybody())
    _, proved = tokens.issued(tokens.known(Identity("customer-7")))
    assert not tokens.is_due(fresh)
    assert later.is_due(fresh)
    assert not later.is_due(proved)


def test_a_customer_is_the_same_visitor_everywhere_and_nobody_else_is(tokens):
    assert tokens.known(Identity("7")).id == tokens.known(Identity("7", name="Ada")).id
    assert tokens.known(Identity("7")).id != tokens.known(Identity("8")).id
    assert tokens.known(Identity("7")).id != Tokens("secret", tenant="other").known(Identity("7")).id


def test_the_secret_behind_the_tokens_lasts(shop):
    token, visitor = shop.visitors.tokens.issued(shop.visitors.tokens.anybody())
    again = Visitors(shop.desk.parts.database, WidgetSettings())
    assert again.tokens.read(token) == visitor


def test_a_customer_of_the_shop_goes_on_with_the_conversation_on_another_device(shop):
    with shop.client() as phone, shop.client() as laptop:
        first = phone.post("/v1/visitors", json={"identity": signed(claims())}).json()
        assert (first["name"], first["conversation_id"]) == ("Ada Example", "")
        phone.headers["Authorization"] = f"Visitor {first['visitor']}"
        begun = write(phone).json()["conversation_id"]

        second = laptop.post("/v1/visitors", json={"identity": signed(claims(name="Ada E."))}).json()
        laptop.headers["Authorization"] = f"Visitor {second['visitor']}"
        assert (second["name"], second["conversation_id"]) == ("Ada E.", begun)
        seen = laptop.get(f"/v1/conversations/{begun}").json()
        assert (seen["name"], seen["contact"]) == ("Ada Example", "ada@shop.example")
        assert len(seen["messages"]) >= 2


def test_a_refused_identity_is_a_problem_over_http(shop):
    with shop.client() as client:
        response = client.post("/v1/visitors", json={"identity": signed(claims(), secret="guessed")})
        assert (response.status_code, response.json()["code"]) == (401, "bad_identity")
        assert client.post("/v1/visitors", json={"identity": "a" * 1_000_000}).status_code == 413


def test_an_identity_without_the_setting_names_the_setting(plain):
    with plain.client() as client:
        response = client.post("/v1/visitors", json={"identity": signed(claims())})
        assert (response.status_code, response.json()["code"]) == (400, "bad_setting")
        assert "widget.identity_secret" in response.json()["detail"]
        assert "OPENBOOK_WIDGET__IDENTITY_SECRET" in response.json()["fix"]


# ------------------------------------------------------------------- over HTTP


def test_anybody_becomes_a_visitor_and_stays_the_same_one(shop):
    with shop.client() as client:
        given = client.post("/v1/visitors").json()
        assert set(given) == {"visitor", "expires_at", "name", "conversation_id"}
        again = client.post("/v1/visitors", json={"visitor": given["visitor"]}).json()
    read = shop.visitors.tokens.read
    assert read(again["visitor"]).id == read(given["visitor"]).id


def test_a_token_older_than_a_day_is_renewed_by_use(shop):
    secret = shop.visitors.tokens._key.decode()
    yesterday = Tokens(secret, clock=lambda: time.time() - RENEWED_AFTER_SECONDS - 60)
    token, visitor = yesterday.issued(yesterday.anybody())
    with shop.client(token) as client:
        response = client.post("/v1/conversations/new/handoff", json={})
        renewed = shop.visitors.tokens.read(response.headers["x-openbook-visitor"])
        assert (renewed.id, renewed.issued_at > visitor.issued_at) == (visitor.id, True)
    with shop.visitor() as client:
        assert "x-openbook-visitor" not in client.post("/v1/conversations/new/handoff", json={}).headers


def test_an_expired_token_is_a_problem_over_http(shop):
    secret = shop.visitors.tokens._key.decode()
    past = Tokens(secret, clock=lambda: time.time() - LASTS_SECONDS - 1)
    with shop.client(past.issued(past.anybody())[0]) as client:
        response = write(client)
        assert (response.status_code, response.json()["code"]) == (401, "bad_visitor")
        assert "POST /v1/visitors" in response.json()["fix"]
        assert client.post("/v1/visitors").status_code == 401


def test_new_visitors_from_one_address_come_to_an_end(plain):
    with plain.client(address="203.0.113.5") as client:
        given = [client.post("/v1/visitors").status_code for _ in range(6)]
        assert given == [200] * 5 + [429]
        refused = client.post("/v1/visitors")
        assert (refused.json()["code"], refused.json()["person"]) == ("over_budget", False)
        assert 0 < int(refused.headers["retry-after"]) <= HOUR * 13 // 12
    with plain.client(address="203.0.113.6") as client:
        assert client.post("/v1/visitors").status_code == 200


def test_a_visitor_who_writes_too_much_is_offered_a_person(shop):
    with shop.visitor() as client:
        begun = write(client).json()["conversation_id"]
        assert [write(client, conversation=begun).status_code for _ in range(3)] == [200, 200, 429]
        refused = write(client, conversation=begun)
        assert (refused.json()["code"], refused.json()["person"]) == ("over_budget", True)
        assert refused.json()["fix"].endswith("or ask for a person: POST /v1/conversations/{id}/handoff.")
        assert int(refused.headers["retry-after"]) == refused.json()["retry_after_seconds"] > 0
        assert client.post(f"/v1/conversations/{begun}/handoff", json={}).status_code == 200


def test_asking_for_a_person_again_and_again_comes_to_an_end(shop):
    with shop.visitor() as client:
        asked = [client.post("/v1/conversations/new/handoff", json={}).status_code for _ in range(6)]
    assert asked == [200] * 5 + [429]


def test_another_token_does_not_get_round_the_limit_of_an_address(plain):
    address = "203.0.113.77"
    with plain.visitor(address=address) as first, plain.visitor(address=address) as second:
        for _ in range(25):
            assert write(first, "?").status_code == 200
        assert write(second).status_code == 429
    with plain.visitor(address="203.0.113.78") as neighbour:
        assert write(neighbour).status_code == 200


# ------------------------------------------------------------------ the widget


def test_the_widget_is_told_how_it_looks(plain):
    with plain.client() as client:
        given = client.get("/v1/widget").json()
    keys = {"title", "greeting", "colour", "confidence", "lead_fields", "consent", "locale", "strings", "open"}
    assert set(given) == keys
    assert (given["title"], given["colour"], given["lead_fields"]) == ("Ask us", "#0f6b5c", [])
    assert given["confidence"] == "words"
    assert isinstance(given["open"], bool)


def test_the_widget_speaks_the_language_of_the_page(shop):
    with shop.client() as client:
        german = client.get("/v1/widget", params={"locale": "de-AT"}).json()
        assert (german["locale"], german["title"]) == ("de", german["strings"]["title"])
        assert german["strings"] != client.get("/v1/widget").json()["strings"]
        fields = [(field["name"], field["required"], field["type"]) for field in german["lead_fields"]]
        assert fields == [("name", False, "text"), ("email", True, "email")]
        accepted = client.get("/v1/widget", headers={"Accept-Language": "xx, de;q=0.8"}).json()
        assert accepted["locale"] == "de"


@pytest.mark.parametrize(
    ("wanted", "language"), [("", "en"), ("de", "de"), ("xx-YY,de;q=0.5", "de"), ("DE_at", "de"), (",;-", "en")]
)
def test_a_language_that_is_not_known_is_english(wanted, language):
    assert widget_language(wanted, {"en", "de"}) == language


@pytest.mark.parametrize("written", [["*"], [""], ["a b!"], ["email", "E-mail", "email*"], ["=x"]])
def test_a_form_with_a_field_that_is_no_name_is_a_setting_to_mend(written):
    with pytest.raises(SettingsError, match=r"leads\.fields cannot hold") as error:
        form_fields(written)
    assert "names of letters" in error.value.fix
