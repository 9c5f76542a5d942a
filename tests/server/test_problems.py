"""Problems, the outermost layers, and the numbers they leave behind."""

import logging
import re
from pathlib import Path

import httpx
import pytest

import openbook
from openbook.errors import ERRORS, Busy, OpenbookError
from openbook.server.attempts import PER_ADDRESS, PER_SERVER, Attempts
from openbook.server.metrics import Metrics
from openbook.server.middleware import Faults, SecurityHeaders
from openbook.server.problems import problem_of, problem_response
from openbook.types import Decision
from server.running import running

ROOT = Path(openbook.__file__).parent


@pytest.mark.parametrize("kind", ERRORS.values())
def test_every_error_of_the_house_is_a_problem_with_its_mend(kind):
    problem = problem_of(kind("It broke on 3.", fix="Use 4.")).to_dict()
    assert (problem["status"], problem["code"]) == (kind.status, kind.code)
    assert (problem["detail"], problem["fix"]) == ("It broke on 3.", "Use 4.")


def test_a_busy_server_says_when_to_come_back():
    response = problem_response(problem_of(Busy("Full.", fix="Wait.")))
    assert response.status_code == 503
    assert int(response.headers["retry-after"]) > 0


def test_what_nobody_expected_gets_a_reference_that_is_in_the_log(caplog):
    async def broken(scope, receive, send):
        if scope["type"] == "http":
            raise ValueError("a customer's words")

    app = SecurityHeaders(Faults(broken, metrics=Metrics(), refuse=problem_response))
    with caplog.at_level(logging.ERROR, "openbook.server"), running(app) as place:
        response = httpx.get(f"{place}/v1/ask")
    problem = response.json()
    assert (response.status_code, problem["code"]) == (500, "fault")
    assert "customer" not in response.text and "Traceback" not in response.text
    assert problem["reference"] in problem["detail"]
    assert problem["reference"] in caplog.text
    assert response.headers["x-content-type-options"] == "nosniff"


def test_numbers_add_up():
    metrics = Metrics()
    metrics.count_turn(Decision.SEND, 0.02)
    metrics.count_turn(Decision.SEND, 99.0)
    metrics.count_response(200)
    metrics.count_error(OpenbookError.code)
    lines = metrics.text().splitlines()
    assert 'openbook_turns_total{decision="send"} 2' in lines
    assert 'openbook_turn_seconds_bucket{le="0.025"} 1' in lines
    assert 'openbook_turn_seconds_bucket{le="+Inf"} 2' in lines
    assert "openbook_turn_seconds_count 2" in lines
    assert 'openbook_responses_total{status="200"} 1' in lines


def test_failed_attempts_count_per_address_and_for_everybody():
    attempts = Attempts()
    for _ in range(PER_ADDRESS):
        assert attempts.wait_seconds("10.0.0.1") == 0
        attempts.failed("10.0.0.1")
    assert attempts.wait_seconds("10.0.0.1") > 0
    assert attempts.wait_seconds("10.0.0.2") == 0
    for number in range(PER_SERVER):
        attempts.failed(f"10.0.1.{number}")
    assert attempts.wait_seconds("10.0.0.2") > 0


def test_every_code_is_in_the_reference():
    reference = (Path(__file__).parents[2] / "docs" / "reference" / "http.md").read_text("utf-8")
    source = "".join(path.read_text("utf-8") for path in (ROOT / "server").rglob("*.py"))
    codes = {kind.code for kind in ERRORS.values()} | set(re.findall(r"Problem\(\s*\d{3},\s*\"(\w+)\"", source))
    assert {code for code in codes if f"`{code}`" not in reference} == set()


def test_every_route_is_in_the_reference(anonymous):
    reference = (Path(__file__).parents[2] / "docs" / "reference" / "http.md").read_text("utf-8")
    described = anonymous.get("/openapi.json").json()["paths"]
    routes = {f"`{method.upper()} {path}`" for path, methods in described.items() for method in methods}
    assert {route for route in routes if route not in reference} == set()
