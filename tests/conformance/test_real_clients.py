"""Widely used clients with their default settings, with TLS and without."""

import json
from pathlib import Path
from time import monotonic

import httpx
import pytest
import requests
from conformance.behaviours import ROWS
from conformance.edges import Edge, tls_of
from conformance.programs import Programs
from conformance.upstream import RecordingUpstream

from testkit.gateway.issuer import Issuer

CASES = "/api/v1/cases"
UPLOAD = 2 * 1024 * 1024
CREATED = '{"court": "Mahakam\u00e1"}'
# What each of them does: method, path, whether signed in, body.
CALLS = (
    ("GET", "/api/v1/rows", True, b""),
    ("POST", CASES, True, CREATED.encode()),
    ("HEAD", CASES, True, b""),
    ("GET", CASES, False, b""),
    ("POST", "/api/v1/imports", True, bytes(UPLOAD)),
)
STATUSES = [200, 200, 200, 401, 200]
ROWS_BYTES = len(json.dumps(ROWS))


@pytest.fixture
def programs(edge: Edge, tmp_path: Path) -> Programs:
    return Programs(edge, tmp_path)


def expect_served(upstream: RecordingUpstream, answers: list[tuple[int, int]]) -> None:
    """All calls were answered, and those that are allowed arrived whole."""
    assert [status for status, _ in answers] == STATUSES
    assert answers[0][1] == ROWS_BYTES, "a list, whether it came compressed or not"
    assert answers[2][1] == 0
    arrived = [(each.method, each.target, each.body) for each in upstream.requests]
    expected = [(method, path, body) for method, path, known, body in CALLS if known]
    assert [row[:2] for row in arrived] == [row[:2] for row in expected]
    assert json.loads(arrived[1][2]) == json.loads(CREATED)
    assert arrived[3][2] == bytes(UPLOAD)


def printed(output: str) -> list[tuple[int, int]]:
    """Lines of a status and a size."""
    lines = (line.split() for line in output.splitlines())
    return [(int(status), int(size)) for status, size in lines]


def test_java_http_client(programs: Programs, upstream: RecordingUpstream, issuer: Issuer) -> None:
    """Over plain HTTP it asks with each first request whether the server speaks HTTP/2 (h2c)."""
    expect_served(upstream, printed(programs.java(issuer.token(), str(UPLOAD))))
    assert not [each for each in upstream.requests if {"upgrade", "http2-settings"} & each.names]


def test_node_fetch(programs: Programs, upstream: RecordingUpstream, issuer: Issuer) -> None:
    expect_served(upstream, printed(programs.node(issuer.token(), str(UPLOAD))))


def test_python_requests(
    programs: Programs, edge: Edge, upstream: RecordingUpstream, issuer: Issuer
) -> None:
    answers = []
    with requests.Session() as session:
        session.trust_env = False
        for method, path, known, body in CALLS:
            answer = session.request(
                method,
                edge.url + path,
                headers={"Authorization": f"Bearer {issuer.token()}"} if known else {},
                data=body,
                verify=programs.authority or True,
                timeout=10,
            )
            answers.append((answer.status_code, len(answer.content)))
    expect_served(upstream, answers)


@pytest.mark.parametrize("http2", [False, True])
def test_python_httpx(
    edge: Edge, upstream: RecordingUpstream, issuer: Issuer, *, http2: bool
) -> None:
    tls = tls_of(edge) or True
    with httpx.Client(
        base_url=edge.url, http2=http2, verify=tls, trust_env=False, timeout=10
    ) as client:
        answers = [
            client.request(
                method,
                path,
                headers={"Authorization": f"Bearer {issuer.token()}"} if known else {},
                content=body,
            )
            for method, path, known, body in CALLS
        ]
    expect_served(upstream, [(each.status_code, len(each.content)) for each in answers])
    version = "HTTP/2" if http2 and edge.authority is not None else "HTTP/1.1"
    assert {each.http_version for each in answers} == {version}


@pytest.fixture
def signed_in(issuer: Issuer) -> tuple[str, str]:
    return ("-H", f"Authorization: Bearer {issuer.token()}")


@pytest.mark.parametrize(
    "version",
    [("--http2",), ("--http1.1",), ("--http1.0", "--no-alpn")],
    ids=lambda given: given[0],
)
def test_curl_in_each_version(
    programs: Programs,
    edge: Edge,
    upstream: RecordingUpstream,
    signed_in: tuple[str, str],
    version: tuple[str, ...],
) -> None:
    """Over plain HTTP `--http2` asks for an upgrade, which is answered in HTTP/1.1."""
    shown = ("-o", "/dev/null", "-w", "%{http_code} %{http_version}")
    output = programs.curl(*version, *signed_in, *shown, edge.url + CASES)
    over_2 = version == ("--http2",) and edge.authority is not None
    assert output in ({"200 2"} if over_2 else {"200 1.1", "200 1"})
    (received,) = upstream.requests
    assert not {"upgrade", "http2-settings"} & received.names


def test_curl_compressed(programs: Programs, edge: Edge, signed_in: tuple[str, str]) -> None:
    shown = ("-w", "\n%{size_download}")
    output = programs.curl("--compressed", *signed_in, *shown, f"{edge.url}/api/v1/rows")
    content, _, size = output.rpartition("\n")
    assert json.loads(content) == ROWS
    assert int(size) < ROWS_BYTES / 4


def test_curl_expects_100_before_it_sends_a_body(
    programs: Programs, edge: Edge, upstream: RecordingUpstream, signed_in: tuple[str, str]
) -> None:
    expecting = ("--http1.1", "--expect100-timeout", "20", "-H", "Expect: 100-continue")
    shown = ("-o", "/dev/null", "-w", "%{http_code} %{size_upload}")
    begun = monotonic()
    body = ("--data-binary", "x" * 1000)
    output = programs.curl(*expecting, *signed_in, *shown, *body, edge.url + CASES)
    assert output == "200 1000"
    assert monotonic() - begun < 10, "100 came, or curl would have waited for it"
    (received,) = upstream.requests
    assert len(received.body) == 1000


def test_curl_sends_no_body_that_is_refused(
    programs: Programs, edge: Edge, upstream: RecordingUpstream
) -> None:
    expecting = ("--http1.1", "--expect100-timeout", "20", "-H", "Expect: 100-continue")
    shown = ("-o", "/dev/null", "-w", "%{http_code} %{size_upload}")
    output = programs.curl(*expecting, *shown, "--data-binary", "x" * 1000, edge.url + CASES)
    assert output == "401 0"
    assert upstream.requests == []


def test_curl_asks_for_a_range(programs: Programs, edge: Edge, signed_in: tuple[str, str]) -> None:
    """Compressed it would be a range of another representation (RFC 9110, 14.2)."""
    shown = ("-w", "\n%{http_code}")
    url = f"{edge.url}/api/v1/ranged"
    output = programs.curl("--compressed", "-r", "5-1999", *signed_in, *shown, url)
    content, _, status = output.rpartition("\n")
    assert status == "206"
    assert content == json.dumps(ROWS)[5:2000]


def test_curl_head(programs: Programs, edge: Edge, signed_in: tuple[str, str]) -> None:
    lines = programs.curl("-I", *signed_in, edge.url + CASES).splitlines()
    assert lines[0].split()[1] == "200"
    assert 'etag: "1"' in [line.lower() for line in lines]


def test_curl_uploads_a_form(
    programs: Programs,
    edge: Edge,
    upstream: RecordingUpstream,
    signed_in: tuple[str, str],
    tmp_path: Path,
) -> None:
    file = tmp_path / "returns.csv"
    file.write_bytes(b"court,cases\n" * 200_000)
    shown = ("-o", "/dev/null", "-w", "%{http_code}")
    form = ("-F", f"file=@{file}")
    assert programs.curl(*signed_in, *shown, *form, f"{edge.url}/api/v1/imports") == "200"
    (received,) = upstream.requests
    assert file.read_bytes() in received.body
    assert received.all("content-type")[0].startswith("multipart/form-data; boundary=")
