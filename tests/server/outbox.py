"""An empty outbox, what became of its jobs, and certificates that nobody trusts."""

import tempfile
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path

import pytest

from openbook.stores import Database, open_engine
from openbook.stores.jobs import count_jobs, failed_jobs, take_due
from openbook.types import utc_now

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
PATIENCE_SECONDS = 30


@cache
def _empty():
    """The bytes of an empty database, made once, because the migrations take their time."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "openbook.db"
        Database(open_engine(f"sqlite:///{place}")).close()
        return place.read_bytes()


@contextmanager
def opened_outbox(folder):
    (folder / "openbook.db").write_bytes(_empty())
    database = Database(open_engine(f"sqlite:///{folder / 'openbook.db'}"))
    yield database
    database.close()


def counted(database):
    with database.read() as connection:
        return {state.value: count for state, count in count_jobs(connection, "main").items() if count}


def stands(database):
    """How many jobs are in each state, then attempts and error of one that failed or waits; it is taken by that."""
    states = counted(database)
    with database.read() as connection:
        failed = failed_jobs(connection, "main")
    if failed:
        return states, failed[0].attempts, failed[0].error
    if not states.get("pending"):
        return states, 0, ""
    far = max(NOON, utc_now()) + timedelta(days=30)
    [job] = database.write(partial(take_due, owner="test", now=far, lease_seconds=1, limit=1))
    return states, job.attempts, job.error


def eventually(look):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not look() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert look()


def attempts():
    """The threads of attempts, those left behind included."""
    return {thread for thread in threading.enumerate() if thread.name == "openbook-attempt"}


def certificate_for(folder, *names):
    """A certificate and its key for host names or 127.0.0.1, signed by nobody."""
    x509 = pytest.importorskip("cryptography.x509")
    from ipaddress import ip_address

    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a test")])
    now = datetime.now(UTC)
    day = timedelta(days=1)
    made = x509.CertificateBuilder(subject, subject, key.public_key(), 1, now - day, now + day)
    hosts = [x509.IPAddress(ip_address(name)) if name[0].isdigit() else x509.DNSName(name) for name in names]
    made = made.add_extension(x509.SubjectAlternativeName(hosts), critical=False)
    path = folder / "certificate.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(secret + made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    return path
