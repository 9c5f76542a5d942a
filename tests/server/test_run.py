"""The server as a process of its own: start, stop, and what keeps it from starting."""

import os
import signal
import socket
import subprocess
import sys

import httpx
import pytest

from openbook.desk import Desk
from openbook.errors import NotAllowed, UserError
from openbook.server import serve

PATIENCE_SECONDS = 60
PROGRAM = """
import sys
from openbook import Desk
from openbook.server import serve
with Desk.open(sys.argv[1], must_hold=True, purpose="openbook serve") as desk:
    serve(desk, host="127.0.0.1", port=int(sys.argv[2]), ready=lambda address: print(address, flush=True))
print("closed in order", flush=True)
"""


@pytest.fixture
def start(tmp_path):
    started = []

    def launch(port=0):
        command = [sys.executable, "-c", PROGRAM, str(tmp_path / "desk"), str(port)]
        process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ},
            start_new_session=True,
        )
        started.append(process)
        return process, process.stdout.readline().strip()

    yield launch
    for process in started:
        process.kill()
        process.communicate(timeout=PATIENCE_SECONDS)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_the_server_in_order(start, tmp_path, number):
    process, address = start()
    assert httpx.get(f"{address}/healthz").json() == {"status": "alive"}
    assert httpx.get(f"{address}/readyz").json()["status"] == "ready"
    process.send_signal(number)
    output, errors = process.communicate(timeout=PATIENCE_SECONDS)
    assert (process.returncode, output, errors) == (0, "closed in order\n", "")
    assert not (tmp_path / "desk" / "data" / "in-use").exists()


def test_others_are_told_where_the_server_is(start, tmp_path):
    _, address = start()
    with pytest.raises(UserError, match=address), Desk.open(tmp_path / "desk", must_hold=True):
        pass


def test_a_taken_port_is_said_with_the_mend(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken, Desk.open(tmp_path / "desk", must_hold=True) as desk:
        port = taken.getsockname()[1]
        with pytest.raises(UserError, match=f"Port {port} on 127.0.0.1 is taken.*\nFix:.*--port {port + 1}"):
            serve(desk, host="127.0.0.1", port=port, ready=print)


@pytest.mark.parametrize("host", ["127.0.0.999", "no.such.host.invalid"])
def test_a_host_that_is_not_ours_is_said(tmp_path, host):
    with Desk.open(tmp_path / "desk", must_hold=True) as desk:
        desk.doorkeeper.set_password("a long enough password")
        with pytest.raises(UserError, match="no address of this machine"):
            serve(desk, host=host, port=0, ready=print)


def test_nothing_is_listened_on_for_others_without_a_password(tmp_path):
    with Desk.open(tmp_path / "desk", must_hold=True) as desk, pytest.raises(NotAllowed, match="--set-password"):
        serve(desk, host="0.0.0.0", port=0, ready=print)


def test_importing_the_server_leaves_the_web_framework_alone():
    heavy = "'fastapi', 'starlette', 'uvicorn', 'jinja2', 'argon2'"
    program = f"import sys, openbook.server; print([name for name in ({heavy}) if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"
