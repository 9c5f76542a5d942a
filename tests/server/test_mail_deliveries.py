"""E-mail goes to a real mail server, under TLS, to one plain address, and comes back in no log and no error."""

import ssl
from datetime import timedelta
from functools import partial

import pytest

from openbook.errors import SettingsError, UserError
from openbook.server.deliveries import Courier, MailServer, Told
from openbook.server.deliveries.email import one_line, read_address
from openbook.stores.jobs import put_job
from server.outbox import NOON, attempts, certificate_for, eventually, opened_outbox, stands
from server.smtp_server import mail_server

TOLD = Told(
    "A conversation waits: délivrance",
    "Question: Where is my parcel?\n.\nReason: not sure – 0.41\nhttps://desk.shop.example/inbox/hnd_1",
)
SENDER, DESK, CUSTOMER = "The Shop, Ltd. <help@shop.example>", "desk@shop.example", "ann@mail.example"
SHORT_SECONDS = 0.3
PASSWORD = "a-password"


@pytest.fixture
def database(tmp_path):
    with opened_outbox(tmp_path) as opened:
        yield opened


@pytest.fixture
def put(database):
    payload = {"event": "handoff.waiting", "handoff_id": "hnd_1"}
    return partial(database.write, partial(put_job, tenant="main", kind="email", payload=payload, run_at=NOON))


@pytest.fixture
def send(database, put):
    """Sends what a job says by a server, at once or after a while."""

    def work(box, told=TOLD, *, after=timedelta(0), **options):
        usual = {"host": "127.0.0.1", "port": box.port, "security": "none", "sender": SENDER, "to": DESK}
        mail = MailServer(**(usual | options))
        return Courier(database, webhook=None, mail=mail, tell=lambda *_: told).run_due(NOON + after)

    put()
    return work


@pytest.fixture
def certificate(tmp_path):
    return certificate_for(tmp_path, "127.0.0.1", "localhost")


@pytest.fixture
def trusted(certificate):
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate)
    return {"server": server, "client": ssl.create_default_context(cafile=certificate)}


def text_of(message):
    return message.get_content().replace("\r\n", "\n")


def test_a_message_says_what_waits_who_sent_it_and_that_a_machine_did(database, send):
    with mail_server() as box:
        assert send(box) == 1
    [message], [recipient] = box.messages, box.envelopes
    assert recipient == message["To"] == DESK
    assert message["From"].addresses[0].display_name == "The Shop, Ltd."
    assert message["From"].addresses[0].addr_spec == "help@shop.example"
    assert message["Subject"] == TOLD.subject
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"].datetime.year >= 2026
    assert message.get_content_type() == "text/plain"
    assert text_of(message) == TOLD.text + "\n"
    assert stands(database) == ({"done": 1}, 0, "")


def test_words_may_name_another_recipient_such_as_the_customer(send):
    with mail_server() as box:
        send(box, Told("A reply", "Hello", to=CUSTOMER), to="")
    assert box.envelopes == [CUSTOMER]


def test_without_any_recipient_it_fails_for_good_and_says_which_setting_is_empty(database, send):
    with mail_server() as box:
        send(box, to="")
    assert box.commands == []
    states, _, error = stands(database)
    assert (states, error) == ({"failed": 1}, "nobody is named who should get it: handoff.email_to is empty")


def test_the_password_goes_under_starttls_only(send, trusted):
    with mail_server(trust=trusted["server"]) as box:
        send(box, security="starttls", user="help", password=PASSWORD, trust=trusted["client"])
    assert box.logins == [("help", PASSWORD, True)]
    assert len(box.messages) == 1


def test_a_server_may_speak_tls_from_the_first_byte(send, trusted):
    with mail_server(trust=trusted["server"], tls=True) as box:
        send(box, security="tls", user="help", password=PASSWORD, trust=trusted["client"])
    assert box.logins == [("help", PASSWORD, True)]
    assert len(box.messages) == 1


@pytest.mark.parametrize(("security", "tls"), [("starttls", False), ("tls", True)])
def test_a_certificate_that_nobody_trusts_gets_neither_password_nor_message(database, send, trusted, security, tls):
    with mail_server(trust=trusted["server"], tls=tls) as box:
        send(box, security=security, user="help", password=PASSWORD)
    assert (box.logins, box.messages) == ([], [])
    assert "certificate is not trusted" in stands(database)[2]


def test_a_server_without_starttls_gets_neither_password_nor_message(database, send):
    with mail_server(offers=("AUTH PLAIN",)) as box:
        send(box, security="starttls", user="help", password=PASSWORD)
    assert (box.logins, box.messages) == ([], [])
    states, tried, error = stands(database)
    assert (states, tried) == ({"pending": 1}, 1)
    assert "STARTTLS" in error


@pytest.mark.parametrize("host", ["mail.shop.example", "10.0.0.1", "localhost.shop.example", ""])
def test_without_tls_only_this_machine_is_spoken_to(host):
    with pytest.raises(SettingsError, match=r"smtp\.security is none, and the mail server .* is not on this machine"):
        MailServer(host, 25, "none", sender=SENDER)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1"])
def test_without_tls_this_machine_may_be_spoken_to(host):
    assert MailServer(host, 25, "none", sender=SENDER).host == host


def test_a_subject_adds_no_header(send):
    with mail_server() as box:
        send(box, Told("A question\r\nBcc: thief@evil.example\r\n\r\nHello\x00\x85\u2028there", "Hello"))
    [message] = box.messages
    assert message["Subject"] == "A question Bcc: thief@evil.example Hello there"
    assert message["Bcc"] is None
    assert text_of(message) == "Hello\n"


def test_a_subject_is_one_short_line():
    assert one_line("a " * 500).endswith("…")
    assert len(one_line("a " * 500)) == 200
    assert one_line("\ud800 ok") == "? ok"


def test_odd_words_arrive_as_far_as_they_can(database, send):
    with mail_server() as box:
        send(box, Told("", "a\ud800b\r\nc\rd\x00e\u2028f\n" + "x" * 2_000))
    assert text_of(box.messages[0]) == "a?b\nc\ndef\n" + "x" * 2_000 + "\n"
    assert stands(database)[0] == {"done": 1}


BAD_ADDRESSES = (
    "",
    "ann",
    "@mail.example",
    "ann@",
    "ann@mail.example\r\nBcc: thief@evil.example",
    "ann@mail.example, thief@evil.example",
    "ann@mail.example thief@evil.example",
    "ann@mail.example> RCPT TO:<thief@evil.example",
    "Ann\nBcc: thief@evil.example <ann@mail.example>",
    "a@nn@mail.example",
    "ann..b@mail.example",
    "ann@mail..example",
    '"ann b"@mail.example',
    "ann@[127.0.0.1]",
    "a" * 65 + "@mail.example",
    "ann@" + "mail." * 60 + "example",
    "list: ann@mail.example;",
)


@pytest.mark.parametrize("address", BAD_ADDRESSES)
def test_what_is_no_single_plain_address_is_refused(address):
    with pytest.raises(UserError, match="not one plain e-mail address") as caught:
        read_address(address)
    assert "thief" not in str(caught.value)


@pytest.mark.parametrize("address", BAD_ADDRESSES[3:6])
def test_mail_to_such_an_address_fails_for_good_and_nobody_is_asked(database, send, address):
    with mail_server() as box:
        send(box, Told("A reply", "Hello", to=address))
    assert box.commands == []
    assert stands(database) == ({"failed": 1}, 1, "the recipient's address is no e-mail address")


@pytest.mark.parametrize(
    ("text", "name", "address"),
    [
        (" help@shop.example ", "", "help@shop.example"),
        ('"The Shop" <help@shop.example>', "The Shop", "help@shop.example"),
        ("Bücher <post@bücher.example>", "Bücher", "post@xn--bcher-kva.example"),
        ("o'neil+x@Mail.Example", "", "o'neil+x@mail.example"),
    ],
)
def test_usual_addresses_are_understood(text, name, address):
    read = read_address(text)
    assert (read.display_name, read.addr_spec) == (name, address)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("smtp.sender", {"sender": "The Shop"}),
        ("smtp.sender", {}),
        ("handoff.email_to", {"sender": SENDER, "to": "a@b.example, c@d.example"}),
    ],
)
def test_settings_that_name_no_address_are_refused_at_once(name, options):
    with pytest.raises(SettingsError, match=f"The setting {name} cannot be used") as caught:
        MailServer("mail.shop.example", **options)
    assert "a list has its own" in caught.value.fix


REFUSALS = {
    "recipient unknown": ({"RCPT": f"550 5.1.1 <{CUSTOMER}> unknown"}, "failed", "refused the recipient (550 5.1.1)"),
    "recipient busy": ({"RCPT": f"450 4.2.1 <{CUSTOMER}> busy"}, "pending", "refused the recipient (450 4.2.1)"),
    "closing": ({"RCPT": "421 bye"}, "pending", "refused the recipient (421)"),
    "message refused": ({"END": f"554 5.7.1 spam from {CUSTOMER}"}, "failed", "refused the message (554 5.7.1)"),
    "message later": ({"END": "451 4.3.0 later"}, "pending", "refused the message (451 4.3.0)"),
    "no data": ({"DATA": "554 no"}, "failed", "refused the message (554)"),
    "sender refused": ({"MAIL": "553 5.7.1 not yours"}, "pending", "check smtp.sender, smtp.user and smtp.password"),
    "not welcome": ({"CONNECT": "554 go away"}, "pending", "answered 554"),
    "no greeting": ({"CONNECT": "close"}, "pending", "cannot be used"),
    "hangs up": ({"MAIL": "close"}, "pending", "cannot be used"),
    "babble": ({"CONNECT": "x" * 20_000}, "pending", "answered"),
    "hangs": ({"RCPT": "hang"}, "pending", "did not answer in time"),
    "drips": ({"CONNECT": "drip"}, "pending", "did not answer in time"),
}


@pytest.mark.parametrize(("replies", "state", "problem"), REFUSALS.values(), ids=REFUSALS)
def test_what_a_server_refuses_is_tried_again_where_that_may_help(database, send, caplog, replies, state, problem):
    with mail_server(replies) as box:
        options = {"longest_seconds": SHORT_SECONDS} if "in time" in problem else {}
        before = attempts()
        assert send(box, Told("A reply", "Hello", to=CUSTOMER), **options) == 1
        eventually(lambda: attempts() <= before)
    states, tried, error = stands(database)
    assert (states, tried) == ({state: 1}, 1)
    assert problem in error
    assert CUSTOMER not in error + caplog.text


def test_a_wrong_password_is_tried_again_because_the_owner_can_mend_it(database, send, trusted):
    with mail_server({"AUTH": "535 5.7.8 no"}, trust=trusted["server"]) as box:
        send(box, security="starttls", user="help", password=PASSWORD, trust=trusted["client"])
    states, _, error = stands(database)
    assert states == {"pending": 1}
    assert "did not accept smtp.user and smtp.password (535 5.7.8)" in error


def test_a_password_that_cannot_be_sent_is_said_to_be_so(database, send, trusted):
    with mail_server(trust=trusted["server"]) as box:
        send(box, security="starttls", user="help", password="pässword", trust=trusted["client"])
    assert "letters that the mail server's sign-in cannot carry" in stands(database)[2]


def test_a_message_that_comes_twice_can_be_recognised(database, send):
    replies = iter(["close"])
    with mail_server({"END": lambda: next(replies, "250 taken")}) as box:
        send(box)
        send(box, after=timedelta(minutes=1))
    first, second = box.messages
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Message-ID"].endswith("@shop.example>")
    assert stands(database)[0] == {"done": 1}


def test_once_the_message_is_taken_nothing_else_matters(database, send):
    with mail_server({"QUIT": "hang"}) as box:
        send(box, longest_seconds=1.5)
    assert len(box.messages) == 1
    assert stands(database)[0] == {"done": 1}
