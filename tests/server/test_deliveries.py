"""The outbox is told to real receivers, good ones and bad ones: webhooks, and how both kinds live side by side."""

import json
import logging
import socket
import ssl
import threading
import time
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from docs.markdown_pages import blocks_of
from openbook.errors import SettingsError
from openbook.ingest.web.addresses import Gate
from openbook.server.deliveries import Attempt, Courier, MailServer, Told, WebhookTarget
from openbook.server.deliveries.told import WAITS_SECONDS, BrokenOff, TimeIsOver, next_wait, within
from openbook.server.deliveries.webhook import LONGEST_ANSWER_BYTES, body_of, sign
from openbook.stores.jobs import Job, JobState, put_job, take_due
from server.hook_server import dripping, hang, hook_server, huge, raw, status
from server.outbox import (
    NOON,
    PATIENCE_SECONDS,
    attempts,
    certificate_for,
    counted,
    eventually,
    opened_outbox,
    stands,
)
from server.smtp_server import mail_server

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "get-told-of-handoffs.md"
TOLD = Told("A conversation waits", "Where is my parcel? – asked by a customer", {"handoff_id": "hnd_1", "at": NOON})
SECRET = "a shared secret – with a dash"
SHORT_SECONDS = 0.3
JOB = Job("main", "job_1", "webhook", {"event": "handoff.alarm"}, JobState.LEASED, 0, NOON, "", NOON, NOON)
OK = status(200)


@pytest.fixture
def database(tmp_path):
    with opened_outbox(tmp_path) as opened:
        yield opened


@pytest.fixture
def put(database):
    def work(kind="webhook", *, event="handoff.waiting"):
        payload = {"event": event, "handoff_id": "hnd_1"}
        return database.write(partial(put_job, tenant="main", kind=kind, payload=payload, run_at=NOON))

    return work


def courier(database, url="", *, tell=lambda *_: TOLD, mail=None, **options):
    target = WebhookTarget(url, **options) if url else None
    return Courier(database, webhook=target, mail=mail, tell=tell, look_seconds=0.01)


def test_a_webhook_gets_a_signed_post_that_the_code_of_the_docs_accepts(database, put):
    [example] = [block.text for block in blocks_of(PAGE) if block.language == "python"]
    read = {}
    exec(example, read)
    with hook_server(OK) as hook:
        job_id = put()
        assert courier(database, hook.url, secret=SECRET).run_due(NOON) == 1
    [headers], [body] = hook.headers, hook.bodies
    assert headers["Content-Type"] == "application/json"
    assert (headers["Openbook-Event"], headers["Openbook-Delivery"]) == ("handoff.waiting", job_id)
    sent = json.loads(body)
    assert (sent["id"], sent["event"], sent["tenant"]) == (job_id, "handoff.waiting", "main")
    assert (sent["subject"], sent["text"]) == (TOLD.subject, TOLD.text)
    assert sent["data"] == {"handoff_id": "hnd_1", "at": "2026-03-01T12:00:00Z"}
    is_genuine, signature = read["is_genuine"], headers["Openbook-Signature"]
    assert is_genuine(SECRET, signature, body)
    assert not is_genuine("another", signature, body)
    assert not is_genuine(SECRET, signature, body + b" ")
    assert not is_genuine(SECRET, sign(SECRET, body, at=int(time.time()) - 600), body)
    assert not any(is_genuine(SECRET, bad, body) for bad in ("", "t=", "t=²,v1=é", "v1=0", "t=1", "=,="))
    assert stands(database) == ({"done": 1}, 0, "")


def test_without_a_secret_nothing_is_signed(database, put):
    with hook_server(OK) as hook:
        put()
        courier(database, hook.url).run_due(NOON)
    assert "Openbook-Signature" not in hook.headers[0]


def test_the_secret_is_in_no_printout():
    assert SECRET not in repr(WebhookTarget("https://a.example/", secret=SECRET))
    assert SECRET not in repr(MailServer("mail.example", sender="a@b.example", password=SECRET))


def test_the_same_job_is_the_same_bytes_whatever_its_words():
    odd = Told("a\ud800b\n", "\0", {"x": {"y": (1, None)}})
    assert body_of(JOB, odd) == body_of(JOB, odd)
    assert json.loads(body_of(JOB, odd))["data"] == {"x": {"y": [1, None]}}


def test_a_failure_is_tried_again_at_its_time_until_it_goes_well(database, put):
    with hook_server(status(500), status(404), OK) as hook:
        job_id = put()
        house = courier(database, hook.url)
        assert [house.run_due(NOON), house.run_due(NOON + timedelta(seconds=9))] == [1, 0]
        assert [house.run_due(NOON + timedelta(seconds=13)), house.run_due(NOON + timedelta(seconds=22))] == [1, 0]
        assert house.run_due(NOON + timedelta(minutes=1)) == 1
    assert [headers["Openbook-Delivery"] for headers in hook.headers] == [job_id] * 3
    assert len(set(hook.bodies)) == 1
    assert stands(database)[0] == {"done": 1}


def test_after_the_seventh_attempt_it_has_failed_and_the_reason_is_kept(database, put, caplog):
    with hook_server(status(503)) as hook:
        put()
        house, now = courier(database, hook.url), NOON
        for seconds in (0, *WAITS_SECONDS):
            now += timedelta(seconds=seconds * 1.25)
            assert house.run_due(now) == 1
        assert house.run_due(now + timedelta(days=1)) == 0
    assert len(hook.bodies) == 7
    assert stands(database) == ({"failed": 1}, 7, "the receiver answered 503")
    assert "it failed for good" in caplog.text
    assert "parcel" not in caplog.text


def test_waits_grow_are_told_apart_by_the_job_and_do_not_change():
    waits = [next_wait(replace(JOB, attempts=number), Attempt("no")).total_seconds() for number in range(6)]
    assert all(least <= wait <= 1.25 * least for least, wait in zip(WAITS_SECONDS, waits, strict=True))
    assert next_wait(replace(JOB, attempts=6), Attempt("no")) is None
    others = {next_wait(replace(JOB, id=f"job_{number}"), Attempt("no")) for number in range(50)}
    assert len(others) == 50
    assert next_wait(JOB, Attempt("no")) == next_wait(JOB, Attempt("no"))


def test_a_receiver_that_asks_to_wait_is_left_alone_so_long_but_not_for_ever(database, put):
    with hook_server(status(429, Retry_After="90"), OK) as hook:
        put()
        house = courier(database, hook.url)
        assert [house.run_due(NOON), house.run_due(NOON + timedelta(seconds=89))] == [1, 0]
        assert house.run_due(NOON + timedelta(seconds=90)) == 1
    assert next_wait(JOB, Attempt("no", wait_seconds=1e9)) == timedelta(hours=6)


def test_gone_means_gone(database, put):
    with hook_server(status(410)) as hook:
        put()
        courier(database, hook.url).run_due(NOON)
        assert courier(database, hook.url).run_due(NOON + timedelta(days=1)) == 0
    assert stands(database) == ({"failed": 1}, 1, "the receiver answered 410: it wants no more of this")


@pytest.mark.parametrize("code", [301, 302, 307, 308])
def test_redirects_are_not_followed(database, put, code):
    with hook_server(OK) as elsewhere, hook_server(status(code, Location=elsewhere.url)) as hook:
        put()
        courier(database, hook.url).run_due(NOON)
    assert elsewhere.bodies == []
    assert "redirects are not followed. Change handoff.webhook_url." in stands(database)[2]


HEAD = b"HTTP/1.1 200 OK\r\n"
BAD_RECEIVERS = {
    "hangs": (hang, "did not answer in time"),
    "drips its headers": (dripping(HEAD, b"X: y\r\n", b"\r\n", times=200), "did not answer in time"),
    "drips early hints": (
        dripping(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n", HEAD, times=200),
        "did not answer in time",
    ),
    "hangs up": (raw(b""), "no HTTP"),
    "speaks no HTTP": (raw(b"Where is my parcel?\r\n\r\n"), "no HTTP"),
    "has endless headers": (raw(HEAD + b"X: y\r\n" * 100_000), "no HTTP"),
    "fails with a lie": (raw(b"HTTP/1.1 500 No\r\nContent-Length: 99\r\n\r\nparcel"), "answered 500"),
}


@pytest.mark.parametrize(("answer", "problem"), BAD_RECEIVERS.values(), ids=BAD_RECEIVERS)
def test_a_bad_receiver_costs_one_attempt_and_its_words_are_not_kept(database, put, answer, problem):
    with hook_server(answer, OK) as hook:
        put()
        longest_seconds = SHORT_SECONDS if "in time" in problem else PATIENCE_SECONDS
        assert courier(database, hook.url, longest_seconds=longest_seconds).run_due(NOON) == 1
        states, tried, error = stands(database)
    assert (states, tried) == ({"pending": 1}, 1)
    assert problem in error
    assert "parcel" not in error


GOOD_STATUS_BAD_BODY = {
    "lies about its length": raw(HEAD + b"Content-Length: 99\r\n\r\nshort"),
    "breaks off a chunk": raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\nff\r\nshort"),
    "drips its body": dripping(HEAD + b"Content-Length: 9999\r\n\r\n", b"x", b"", times=200),
}


@pytest.mark.parametrize("answer", GOOD_STATUS_BAD_BODY.values(), ids=GOOD_STATUS_BAD_BODY)
def test_once_the_receiver_said_yes_its_body_does_not_matter(database, put, answer):
    with hook_server(answer) as hook:
        put()
        courier(database, hook.url, longest_seconds=PATIENCE_SECONDS).run_due(NOON)
        assert hook.written < 200
    assert stands(database)[0] == {"done": 1}


def test_a_huge_body_is_not_read_to_its_end(database, put):
    with hook_server(huge(200)) as hook:
        put()
        courier(database, hook.url, longest_seconds=20.0).run_due(NOON)
    assert LONGEST_ANSWER_BYTES < hook.written < 20_000_000
    assert stands(database)[0] == {"done": 1}


def test_nobody_there_is_tried_again(database, put):
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        put()
        courier(database, f"http://127.0.0.1:{place.getsockname()[1]}/").run_due(NOON)
    states, tried, error = stands(database)
    assert (states, tried) == ({"pending": 1}, 1)
    assert "the receiver cannot be reached" in error


def test_a_certificate_that_nobody_trusts_gets_nothing(database, put, tmp_path):
    certificate = certificate_for(tmp_path, "127.0.0.1")
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate)
    with hook_server(OK, trust=server) as hook:
        put()
        courier(database, hook.url).run_due(NOON)
        assert hook.bodies == []
        trust = ssl.create_default_context(cafile=certificate)
        courier(database, hook.url, trust=trust).run_due(NOON + timedelta(minutes=1))
        assert len(hook.bodies) == 1
    assert stands(database)[0] == {"done": 1}


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://[fe80::1]/",
        "http://[::ffff:169.254.169.254]/",
        "http://[fd00:ec2::254]/",
        "http://0.0.0.0/",
        "ftp://hooks.example/",
        "https://me:password@hooks.example/",
        "hooks.example",
        "https://hooks.example/\r\nX: y",
    ],
)
def test_an_address_that_can_never_be_told_is_refused_at_once(url):
    with pytest.raises(SettingsError, match=r"The setting handoff\.webhook_url cannot be used") as caught:
        WebhookTarget(url)
    assert "https://hooks.example.com/openbook" in caught.value.fix


def test_a_name_that_leads_to_a_clouds_credentials_is_not_contacted(database, put):
    contacted = []

    def resolve(host, port):
        contacted.append(host)
        return ["127.0.0.1", "169.254.169.254"]

    with hook_server(OK) as hook:
        put()
        gate = Gate(allow_private=True, resolver=resolve)
        courier(database, hook.url.replace("127.0.0.1", "hooks.example"), gate=gate).run_due(NOON)
        assert (hook.bodies, contacted) == ([], ["hooks.example"])
    assert "hooks.example leads to 169.254.169.254" in stands(database)[2]


def test_a_name_that_is_never_found_out_costs_no_more_time_than_an_attempt_may_take(database, put):
    over = threading.Event()

    def resolve(host, port):
        over.wait(PATIENCE_SECONDS)
        return ["127.0.0.1"]

    with hook_server(OK) as hook:
        put()
        gate = Gate(allow_private=True, resolver=resolve)
        courier(database, hook.url, gate=gate, longest_seconds=SHORT_SECONDS).run_due(NOON)
        assert hook.bodies == []
        over.set()
    assert "did not answer in time" in stands(database)[2]


def test_what_is_gone_meanwhile_is_told_to_nobody(database, put):
    with hook_server(OK) as hook:
        put()
        assert courier(database, hook.url, tell=lambda *_: None).run_due(NOON) == 1
    assert hook.bodies == []
    assert stands(database) == ({"done": 1}, 0, "")


def test_words_that_cannot_be_made_are_made_again_later_under_a_reference(database, put, caplog):
    def fail(tenant, payload):
        raise RuntimeError("the shelf is on fire")

    with hook_server(OK) as hook:
        put()
        courier(database, hook.url, tell=fail).run_due(NOON)
        _, tried, error = stands(database)
    assert tried == 1
    assert "err_" in error
    assert "fire" not in error
    assert "the shelf is on fire" in caplog.text


def test_jobs_without_a_receiver_wait_for_one(database, put):
    put("webhook"), put("email")
    assert courier(database).run_due(NOON) == 0
    assert stands(database)[0] == {"pending": 2}


def test_a_job_that_always_ends_with_a_crash_is_given_up(database, put):
    put()
    for number in range(8):
        now = NOON + timedelta(days=number)
        database.write(partial(take_due, owner="crashes", now=now, lease_seconds=60, limit=1))
    with hook_server(OK) as hook:
        courier(database, hook.url).run_due(NOON + timedelta(days=9))
    assert hook.bodies == []
    assert stands(database)[2] == "every attempt was cut off by the end of the server"


def couriers():
    return {thread for thread in threading.enumerate() if thread.name in ("openbook-webhook", "openbook-email")}


def test_a_hanging_webhook_holds_up_no_mail_and_the_end_breaks_it_off_without_a_loss(database, put):
    with hook_server(hang) as hook, mail_server() as box:
        mail = MailServer("127.0.0.1", box.port, "none", sender="help@shop.example", to="desk@shop.example")
        house = courier(database, hook.url, mail=mail, longest_seconds=60.0)
        put()
        before, attempts_before = couriers(), attempts()
        house.start()
        assert len(couriers() - before) == 2
        assert hook.asked.wait(PATIENCE_SECONDS)
        put("email")
        assert box.came.wait(PATIENCE_SECONDS)
        eventually(lambda: counted(database).get("done") == 1)
        house.stop()
        assert couriers() == before
        eventually(lambda: attempts() <= attempts_before)
    assert stands(database) == ({"done": 1, "pending": 1}, 0, "")


def test_the_end_breaks_off_a_mail_server_that_hangs(database, put):
    with mail_server({"RCPT": "hang"}) as box:
        mail = MailServer("127.0.0.1", box.port, "none", sender="help@shop.example", to="desk@shop.example")
        house = courier(database, mail=mail)
        put("email")
        before, attempts_before = couriers(), attempts()
        house.start()
        eventually(lambda: "RCPT" in box.commands)
        house.stop()
        assert couriers() == before
        eventually(lambda: attempts() <= attempts_before)
    assert stands(database) == ({"pending": 1}, 0, "")


def test_a_fault_of_the_tables_does_not_end_the_thread(database, put, caplog):
    with hook_server(OK) as hook:
        house = courier(database, hook.url)
        database.write(lambda connection: connection.exec_driver_sql("ALTER TABLE jobs RENAME TO away"))
        with caplog.at_level(logging.ERROR):
            house.start()
            eventually(lambda: "the delivery of what is due by webhook failed" in caplog.text)
        database.write(lambda connection: connection.exec_driver_sql("ALTER TABLE away RENAME TO jobs"))
        put()
        eventually(lambda: counted(database).get("done") == 1)
        house.stop()


def test_a_work_is_waited_for_only_so_long_and_its_failure_is_passed_on():
    never, stopped = threading.Event(), threading.Event()
    assert within(PATIENCE_SECONDS, lambda: 7, stopped=stopped) == 7
    with pytest.raises(ZeroDivisionError):
        within(PATIENCE_SECONDS, lambda: 1 // 0, stopped=stopped)
    with pytest.raises(TimeIsOver):
        within(0.01, lambda: never.wait(PATIENCE_SECONDS), stopped=stopped, cut=never.set)
    assert never.is_set()
    stopped.set()
    with pytest.raises(BrokenOff):
        within(PATIENCE_SECONDS, lambda: threading.Event().wait(1), stopped=stopped)
