import gzip
import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from itertools import cycle

import pytest

from ingest.web.serving import HTML, html, serving
from openbook.ingest.web.addresses import Gate
from openbook.ingest.web.fetcher import USER_AGENT, Fetcher, Limits, retry_after
from openbook.ingest.web.network import Stopped, Watch
from openbook.ingest.web.pace import Pace

HERE = ("127.0.0.1",)


class Time:
    """A clock that only waiting moves on."""

    def __init__(self):
        self.now = 0.0
        self.waits = []

    def wait(self, seconds):
        self.now += seconds
        self.waits += [round(seconds, 3)] if seconds else []
        return False

    def clock(self):
        return self.now


@pytest.fixture
def time():
    return Time()


@pytest.fixture
def fetcher(time):
    made = make(time)
    yield made
    made.close()


def make(time, *, gate=None, limits=None, watch=None):
    pace = Pace(0.0, time.wait, clock=time.clock)
    return Fetcher(gate=gate or Gate(allow_private=True), pace=pace, limits=limits or Limits(), watch=watch)


def test_a_page_comes_with_its_headers_and_we_say_who_we_are(fetcher):
    with serving({"/a": html("A", "text")}) as site:
        reply = fetcher.get(f"{site.origin}/a")
        assert (reply.status, reply.problem, reply.header("content-type")) == (200, "", HTML["Content-Type"])
        assert b"<h1>A</h1>" in reply.data
        assert site.headers["/a"]["User-Agent"] == USER_AGENT
        assert "Cookie" not in site.headers["/a"]


def test_what_has_not_changed_is_not_sent_again_and_the_connection_is_kept(time):
    def answer(count):
        return (200, {"ETag": '"1"'}, b"x") if count == 1 else (304, {}, b"")

    looked_up = []
    with serving({"/a": answer}) as site:
        named = make(time, gate=Gate(True, lambda host, port: looked_up.append(host) or HERE))
        address = f"http://help.example:{site.origin.rpartition(':')[2]}/a"
        etag = named.get(address).header("etag")
        replies = [named.get(address, etag=etag) for _ in range(5)]
        assert {reply.status for reply in replies} == {304}
        assert site.headers["/a"]["If-None-Match"] == '"1"'
        assert looked_up == ["help.example"], "one connection, so one look-up"
        named.close()


def test_a_name_that_answers_public_first_and_private_later_reaches_nothing_private(time):
    answers = cycle([("8.8.8.8",), HERE])
    gate = Gate(resolver=lambda host, port: next(answers))
    assert gate.admit("rebinding.example", 80) == ("8.8.8.8",)
    with serving({"/": html("Secret", "inside")}) as site:
        reply = make(time, gate=gate).get(f"http://rebinding.example:{site.origin.rpartition(':')[2]}/")
        assert reply.status == 0
        assert "leads to 127.0.0.1" in reply.problem
        assert not site.asked


def test_the_connection_goes_to_the_judged_address_with_the_name_in_the_host_header(time):
    with serving({"/": html("A", "text")}) as site:
        port = site.origin.rpartition(":")[2]
        fetcher = make(time, gate=Gate(True, lambda host, port: HERE))
        assert fetcher.get(f"http://no-such-host.invalid:{port}/").status == 200
        assert site.headers["/"]["Host"] == f"no-such-host.invalid:{port}"
        fetcher.close()


@pytest.fixture
def certificate(tmp_path):
    """A certificate for help.example that nobody but its owner trusts."""
    x509 = pytest.importorskip("cryptography.x509")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "help.example")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(days=1), now + timedelta(days=1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName("help.example")]), critical=False)
    path = tmp_path / "certificate.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(secret + made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    return path


def test_a_certificate_is_checked_against_the_name_although_the_connection_goes_to_a_number(time, certificate):
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate)
    asked_for = []
    server.sni_callback = lambda connection, name, context: asked_for.append(name)
    with serving({"/": html("A", "text")}, trust=server) as site:
        port = site.origin.rpartition(":")[2]
        trust = ssl.create_default_context(cafile=certificate)
        pace = Pace(0.0, time.wait, clock=time.clock)
        fetcher = Fetcher(gate=Gate(True, lambda *_: HERE), pace=pace, limits=Limits(tries=1), trust=trust)
        assert fetcher.get(f"https://help.example:{port}/").status == 200
        assert "certificate" in fetcher.get(f"https://other.example:{port}/").problem.lower()
        assert asked_for == ["help.example", "other.example"]
        fetcher.close()


def test_every_hop_of_a_redirect_is_judged_anew(time):
    """The second host leads to 0.0.0.0, by which this machine would answer if it were asked."""
    hosts = {"front.example": HERE, "inside.example": ("0.0.0.0",)}
    with serving({}) as site:
        port = site.origin.rpartition(":")[2]
        site.answers["/robots.txt"] = (302, {"Location": f"http://inside.example:{port}/admin"}, b"")
        fetcher = make(time, gate=Gate(True, lambda host, port: hosts[host]))
        reply = fetcher.follow(f"http://front.example:{port}/robots.txt")
        assert "inside.example leads to 0.0.0.0" in reply.problem
        assert dict(site.asked) == {"/robots.txt": 1}
        fetcher.close()


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_server_is_asked_again_after_the_time_it_names(fetcher, time, status):
    answers = {"/a": lambda count: (status, {"Retry-After": "7"}, b"") if count < 3 else html("A", "text")}
    with serving(answers) as site:
        assert fetcher.get(f"{site.origin}/a").status == 200
        assert time.waits == [7.0, 7.0]


def test_trouble_that_stays_ends_after_some_tries_with_longer_and_longer_waits(fetcher, time):
    with serving({"/a": (500, {}, b"oops")}) as site:
        reply = fetcher.get(f"{site.origin}/a")
        assert (reply.problem, reply.may_heal, site.asked["/a"]) == ("the server answered 500", True, 4)
        assert len(time.waits) == 3
        assert time.waits[0] < time.waits[1] < time.waits[2]


def test_a_wait_that_is_too_long_is_left_to_the_next_round(fetcher, time):
    with serving({"/a": (503, {"Retry-After": "86400"}, b"")}) as site:
        assert "come back in 86400 seconds" in fetcher.get(f"{site.origin}/a").problem
        assert time.waits == []


@pytest.mark.parametrize("packed", [False, True])
def test_what_is_too_large_ends_at_the_limit_even_if_it_arrives_small(time, packed):
    body = b"<p>" + bytes(3_000_000)
    headers = HTML | {"Content-Encoding": "gzip"} if packed else HTML
    with serving({"/a": (200, headers, gzip.compress(body) if packed else body)}) as site:
        reply = make(time, limits=Limits(body_bytes=1_000_000)).get(f"{site.origin}/a")
        assert "too large" in reply.problem
        assert not reply.may_heal
        assert reply.data == b""


@pytest.mark.parametrize(
    ("encoding", "body", "problem"),
    [
        ("gzip", gzip.compress(b"hello", mtime=0), ""),
        ("gzip", gzip.compress(b"hello" * 99, mtime=0)[:-9], "ends too early"),
        ("gzip", b"no gzip at all", "damaged"),
        ("br", b"\x00", "was not asked for"),
    ],
)
def test_a_packed_page_is_whole_or_named_as_damaged(fetcher, encoding, body, problem):
    with serving({"/a": (200, {"Content-Encoding": encoding}, body)}) as site:
        reply = fetcher.get(f"{site.origin}/a")
        assert problem in reply.problem
        assert bool(reply.data) == (not problem)


def test_redirects_that_go_round_or_on_for_ever_end(fetcher):
    answers = {f"/{number}": (302, {"Location": f"/{number + 1}"}, b"") for number in range(30)}
    answers |= {"/a": (302, {"Location": "/b"}, b""), "/b": (307, {"Location": "/a"}, b"")}
    with serving(answers) as site:
        assert "circle" in fetcher.follow(f"{site.origin}/a").problem
        assert "more than 10 redirects" in fetcher.follow(f"{site.origin}/0").problem
        assert site.asked.total() == 13


@pytest.fixture
def dripping():
    """A server that sends a byte now and then, and never ends."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        over = threading.Event()

        def drip():
            connection, _ = listener.accept()
            with connection:
                while not over.wait(0.02):
                    connection.send(b"H")

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        over.set()
        thread.join(5)


def test_a_server_that_sends_a_byte_now_and_then_ends_with_the_time(time, dripping):
    reply = make(time, limits=Limits(exchange_seconds=0.2, tries=1)).get(dripping)
    assert reply.problem == "the server did not answer in time"


def test_a_wish_to_stop_ends_an_exchange_in_the_middle(time, dripping):
    stop = threading.Event()
    threading.Timer(0.1, stop.set).start()
    with pytest.raises(Stopped):
        make(time, watch=Watch(stop.is_set)).get(dripping)


def test_retry_after_is_read_as_seconds_or_as_a_date():
    now = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
    assert retry_after("120", now=now) == 120
    assert retry_after("Mon, 02 Mar 2026 08:01:00 GMT", now=now) == 60
    assert retry_after("Mon, 02 Mar 2020 08:01:00 GMT", now=now) == 0
    assert [retry_after(text, now=now) for text in ("", "soon", "-5", "9" * 40)] == [None] * 4
