import pytest

from openbook import Desk
from openbook.desk.doorkeeping import LONGEST_PASSWORD, SHORTEST_PASSWORD
from openbook.errors import UserError

PASSWORD = "seven quiet lanterns"


@pytest.fixture
def desk(tmp_path):
    with Desk.open(tmp_path / "desk") as opened:
        yield opened


@pytest.fixture
def keeper(desk):
    return desk.doorkeeper


def test_nobody_comes_in_before_a_password_is_set(keeper):
    assert not keeper.has_password()
    assert not keeper.password_fits("")
    assert keeper.sign_in(PASSWORD) is None


def test_the_owner_comes_in_with_the_password_and_with_no_other(keeper):
    keeper.set_password(PASSWORD)
    assert keeper.has_password()
    assert keeper.session_caller(keeper.sign_in(PASSWORD)).staff
    for wrong in ("", PASSWORD.upper(), PASSWORD + " ", "x" * (LONGEST_PASSWORD + 1)):
        assert keeper.sign_in(wrong) is None


@pytest.mark.parametrize("length", [0, SHORTEST_PASSWORD - 1, LONGEST_PASSWORD + 1])
def test_a_password_of_a_poor_length_is_refused(keeper, length):
    with pytest.raises(UserError, match=f"The password has {length} characters"):
        keeper.set_password("x" * length)
    assert not keeper.has_password()


def test_a_link_lets_in_once(keeper):
    link = keeper.new_link()
    session = keeper.spend_link(link)
    assert keeper.session_caller(session).staff
    assert keeper.spend_link(link) is None
    assert keeper.spend_link("unknown") is None
    assert keeper.session_caller(link) is None


def test_a_session_ends_at_sign_out_and_when_the_password_changes(keeper):
    keeper.set_password(PASSWORD)
    left, kept = keeper.sign_in(PASSWORD), keeper.sign_in(PASSWORD)
    link = keeper.new_link()
    keeper.sign_out(left)
    assert keeper.session_caller(left) is None
    assert keeper.session_caller(kept) is not None
    keeper.set_password(PASSWORD + "!")
    assert keeper.session_caller(kept) is None
    assert keeper.spend_link(link) is None


def test_the_owner_sees_every_audience_that_a_document_names(desk, keeper):
    desk.put_document("dealers.md", "---\naudience: dealers\n---\n# Dealers\n\nDealers pay half.\n")
    owner = keeper.session_caller(keeper.spend_link(keeper.new_link()))
    assert {"public", "internal", "dealers"} <= set(owner.audiences)


def test_a_key_sees_its_audiences_and_no_more(keeper):
    secret = keeper.new_key("shop", audiences=("public", "dealers"))
    caller = keeper.key_caller(secret)
    assert caller.audiences == ("public", "dealers")
    assert keeper.key_caller(secret[:-1]) is None
    assert keeper.session_caller(secret) is None


def test_no_secret_is_stored_as_it_is(desk, keeper):
    keeper.set_password(PASSWORD)
    secrets = [PASSWORD, keeper.sign_in(PASSWORD), keeper.new_link(), keeper.new_key("shop", audiences=("public",))]
    data = desk.path / "data"
    stored = b"".join(place.read_bytes() for place in data.glob("openbook.db*"))
    assert [secret for secret in secrets if secret.encode() in stored] == []
