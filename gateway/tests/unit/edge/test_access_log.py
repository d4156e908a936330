"""The access line: what structlog would have written, and nothing that a client could forge."""

import io
import json
import logging
from datetime import datetime
from typing import Any

import pytest
from starlette.types import Message

from common.logs import configure_structlog
from gateway.edge.access_log import AccessLog, access_line
from gateway.edge.exchange import Exchange
from gateway.policy.correlation import correlate
from gateway.policy.decision import Decision
from gateway.policy.headers import HeaderMap


async def receive() -> Message:
    raise AssertionError


async def send(_message: Message) -> None:
    raise AssertionError


def served(method: str = "GET", path: str = "/api/v1/cases") -> Exchange:
    scope = {"method": method, "path": path, "client": ("127.0.0.1", 1)}
    headers = HeaderMap([(b"x-request-id", b"0123456789")])
    exchange = Exchange(scope, receive, send, headers, correlate(headers))
    exchange.status, exchange.response_bytes, exchange.route_name = 200, 17, "core-read"
    return exchange


def test_the_line_has_the_fields_and_the_form_of_every_other_log_line() -> None:
    exchange = served()
    exchange.decision = Decision("192.0.2.1", "allowed")
    line = json.loads(access_line(exchange, 0.0123456))
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "request",
        "request_id": "0123456789",
        "method": "GET",
        "path": "/api/v1/cases",
        "status": 200,
        "duration_ms": 12.35,
        "response_bytes": 17,
        "route": "core-read",
        "decision": "allowed",
        "degraded": False,
        "ip": "192.0.2.1",
        "user_id": None,
        "level": "info",
        "logger": "access",
        "service": "gateway",
    }


def test_its_common_fields_are_those_that_structlog_adds() -> None:
    record: Any = {"event": "request"}
    for processor in configure_structlog("gateway"):
        record = processor(logging.getLogger("access"), "info", record)
    line = json.loads(access_line(served(), 0.1))
    assert record.keys() <= line.keys()
    for name in ("level", "logger", "service"):
        assert line[name] == record[name]
    assert datetime.fromisoformat(line["timestamp"]).tzinfo is not None


@pytest.mark.parametrize("path", ['/a"b', "/a\\b", "/a\nb", "/café", "/a\u2028b", "/{}"])
def test_a_path_cannot_forge_a_line_or_a_field(path: str) -> None:
    line = access_line(served(path=path), 0.1)
    assert line.count("\n") == 1
    assert json.loads(line)["path"] == path


async def test_the_lines_of_one_turn_are_one_write(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "access")
    stream = io.StringIO()
    access_log = AccessLog(stream)
    access_log.write(served(), 0.1)
    access_log.write(served(), 0.1)
    assert stream.getvalue() == ""
    access_log.flush()
    assert len(stream.getvalue().splitlines()) == 2
    access_log.flush()
    assert len(stream.getvalue().splitlines()) == 2


async def test_a_higher_level_silences_it(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "access")
    stream = io.StringIO()
    access_log = AccessLog(stream)
    access_log.write(served(), 0.1)
    access_log.flush()
    assert stream.getvalue() == ""
