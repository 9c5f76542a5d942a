"""The shop's own word about who a customer is: believed where it is proved, and only as far as it may go."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbook.server.identity import Identity, proved_identity
from openbook.server.problems import Refused
from server.visiting import SECRET, claims, encoded, signed

NOW = 1_800_000_000
CRITICAL = {"alg": "HS256", "crit": ["b64"]}


def why_not(token):
    with pytest.raises(Refused) as refused:
        proved_identity(token, SECRET, at=NOW)
    problem = refused.value.problem
    assert (problem.status, problem.code) == (401, "bad_identity")
    assert "HS256" in problem.fix
    return problem.detail


def test_what_the_shop_says_of_a_customer_is_read():
    said = claims(sub="7", exp=NOW + 60, iat=NOW, nbf=NOW, aud="openbook", iss="shop")
    assert proved_identity(signed(said), SECRET, at=NOW) == Identity("7", "Ada Example", "ada@shop.example")
    assert proved_identity(signed({"sub": "7", "exp": NOW + 60}), SECRET, at=NOW) == Identity("7")


def test_clocks_may_differ_by_a_minute():
    for said in (claims(exp=NOW - 59), claims(exp=NOW + 60, iat=NOW + 59, nbf=NOW + 59), claims(exp=NOW + 86_459)):
        assert proved_identity(signed(said), SECRET, at=NOW)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"exp": None}, "never expires: it needs `exp`"),
        ({"exp": NOW - 60}, "has expired"),
        ({"exp": NOW + 86_461}, "is valid for longer than 24 hours"),
        ({"exp": "tomorrow"}, "has a `exp` that is no number of seconds"),
        ({"exp": True}, "has a `exp` that is no number of seconds"),
        ({"exp": float("inf")}, "has a `exp` that is no number of seconds"),
        ({"exp": float("nan")}, "has a `exp` that is no number of seconds"),
        ({"exp": 10**400}, "has a `exp` that is no number of seconds"),
        ({"iat": NOW + 61}, "is not valid yet, by its `iat`"),
        ({"nbf": NOW + 61}, "is not valid yet, by its `nbf`"),
        ({"sub": None}, "does not say who it is about: it needs `sub`, a text"),
        ({"sub": "  "}, "does not say who it is about: it needs `sub`, a text"),
        ({"sub": 7}, "has a `sub` that is no text of at most 200 characters"),
        ({"sub": "a" * 201}, "has a `sub` that is no text of at most 200 characters"),
        ({"sub": "\ud800"}, "has a `sub` that is no text of at most 200 characters"),
        ({"name": ["Ada"]}, "has a `name` that is no text of at most 200 characters"),
        ({"name": "A\nB"}, "has a `name` that is no text of at most 200 characters"),
        ({"email": "nobody"}, "has an `email` that is no e-mail address"),
        ({"audiences": ["internal"]}, "has the claim `audiences`: what a visitor may see cannot be given that way"),
        ({"aud": "billing"}, "is meant for somebody else, by its `aud`; leave that out or write 'openbook'"),
    ],
)
def test_a_word_that_says_too_much_or_too_little_is_refused(changed, why):
    token = signed(claims(**{"exp": NOW + 60} | changed))
    assert why_not(token) == f"The identity {why}."


@pytest.mark.parametrize("name", ["none", "None", "", "RS256", "ES256", "HS384", "HS512", "hs256", None, ["HS256"]])
def test_only_one_algorithm_is_accepted_whatever_the_token_says(name):
    said = claims(exp=NOW + 60)
    digest = hashlib.sha512 if name == "HS512" else hashlib.sha256
    for token in (signed(said, header={"alg": name}, digest=digest), signed(said, header={"alg": name}, secret="")):
        assert why_not(token).endswith("only HS256 is accepted.")
    unsigned = signed(said, header={"alg": name}).rpartition(".")[0] + "."
    assert why_not(unsigned).endswith("only HS256 is accepted.")


def test_an_empty_secret_or_none_at_all_proves_nothing():
    said = claims(exp=NOW + 60)
    assert why_not(signed(said, secret="")) == "The identity is not signed with the secret of this server."
    unsigned = signed(said).rpartition(".")[0] + "."
    assert why_not(unsigned) == "The identity is not signed with the secret of this server."


def test_a_forged_word_is_refused():
    good = signed(claims(exp=NOW + 60))
    header, payload, mac = good.split(".")
    other = encoded(json.dumps(claims(sub="admin", exp=NOW + 60)).encode())
    forged = [
        signed(claims(exp=NOW + 60), secret="guessed"),
        f"{header}.{other}.{mac}",
        f"{header}.{payload}.",
        f"{header}.{payload}.{mac[:-2]}",
        f"{header}.{payload}.é",
        f"{header}.{payload}.{mac}=",
    ]
    for token in forged:
        assert why_not(token) == "The identity is not signed with the secret of this server."


@pytest.mark.parametrize(
    ("token", "why"),
    [
        ("", "is no JSON Web Token: it must have three parts with points between them"),
        ("a.b", "is no JSON Web Token: it must have three parts with points between them"),
        ("a.b.c.d.e", "is no JSON Web Token: it must have three parts with points between them"),
        ("!.b.c", "has a header that is not written in base64url"),
        ("é.b.c", "has a header that is not written in base64url"),
        (f"{encoded(b'no json')}.b.c", "has a header that is no JSON"),
        (f"{encoded(b'[' * 5_000)}.b.c", "has a header that is no JSON"),
        (f"{encoded(b'[1]')}.b.c", "has a header that is no JSON object"),
        (signed(b"no json"), "has a payload that is no JSON"),
        (signed(b"\xff\xfe"), "has a payload that is no JSON"),
        (signed([1]), "has a payload that is no JSON object"),
        (signed(claims(), header=CRITICAL), "has a header `crit`, and none of its extensions is known here"),
        ("a" * 1_000_000, "is longer than 8,000 characters"),
    ],
    ids=lambda value: value[:12],
)  # fmt: skip
def test_what_is_no_word_at_all_is_refused(token, why):
    assert why_not(token) == f"The identity {why}."


@given(
    st.one_of(st.text(), st.lists(st.binary(), min_size=3, max_size=3).map(lambda parts: ".".join(map(encoded, parts))))
)
def test_nothing_else_is_ever_believed_or_crashes(token):
    assert why_not(token)


@given(
    st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(), lambda deeper: st.lists(deeper))
)
def test_no_claim_crashes_whatever_it_holds(value):
    for name in ("sub", "exp", "iat", "nbf", "name", "email", "aud"):
        token = signed(claims(exp=NOW + 60) | {name: value})
        try:
            proved_identity(token, SECRET, at=NOW)
        except Refused as refused:
            assert refused.problem.code == "bad_identity"
