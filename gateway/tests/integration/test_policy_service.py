"""The policy service as a process: plain HTTP, TLS with HTTP/2, mutual TLS, drain."""

import os
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic, sleep
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from devstack.servers.ports import free_port
from gateway.traefik.certificates import Pair, make_pair

Start = Callable[..., tuple[subprocess.Popen[bytes], int]]
SECONDS = 20.0


@pytest.fixture
def start(redis_url: str, tmp_path: Path) -> Iterator[Start]:
    """Starts one; keyword arguments are GATEWAY_ variables. Returns it with its port."""
    started: list[subprocess.Popen[bytes]] = []

    def run(**variables: str) -> tuple[subprocess.Popen[bytes], int]:
        port = free_port()
        given = {
            "POLICY_PORT": str(port),
            "REDIS_URL": redis_url,
            "ASSERTION_SECRET": "0123456789abcdef0123456789abcdef",
            **variables,
        }
        environment = os.environ | {f"GATEWAY_{name}": value for name, value in given.items()}
        with (tmp_path / "policy.log").open("ab") as log:
            command = [sys.executable, "-m", "gateway"]
            process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)  # noqa: S603 - our own program
        started.append(process)
        until(lambda: listens(port))
        return process, port

    yield run
    for process in started:
        process.kill()
        process.wait()


@pytest.fixture
def pair(tmp_path: Path) -> Pair:
    pair = Pair(tmp_path / "policy.pem", tmp_path / "policy-key.pem")
    make_pair(tmp_path / "authority.pem", pair, ("127.0.0.1",))
    return pair


def until(holds: Callable[[], bool]) -> None:
    deadline = monotonic() + SECONDS
    while not holds():
        assert monotonic() < deadline
        sleep(0.02)


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def fetch(port: int, path: str) -> tuple[int, bytes]:
    """Status and body; 0 without an answer."""
    try:
        with urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return int(answer.status), answer.read()
    except HTTPError as error:
        with error:
            return error.code, error.read()
    except OSError:
        return 0, b""


def status(port: int, path: str) -> int:
    return fetch(port, path)[0]


def handshake(port: int, context: ssl.SSLContext) -> str | None:
    """The protocol that was agreed on; an exchange follows, for TLS 1.3 refuses only then."""
    context.set_alpn_protocols(["h2"])
    with (
        socket.create_connection(("127.0.0.1", port), timeout=5) as connection,
        context.wrap_socket(connection, server_hostname="127.0.0.1") as secured,
    ):
        secured.sendall(
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\x00\x00\x00\x04\x00\x00\x00\x00\x00"
        )
        assert secured.recv(9)[3] == 4, "the server's SETTINGS"
        return secured.selected_alpn_protocol()


def test_with_a_certificate_it_speaks_http_2_and_can_be_verified(start: Start, pair: Pair) -> None:
    _, port = start(POLICY_CERTIFICATE=str(pair.certificate), POLICY_KEY=str(pair.key))
    trusting = ssl.create_default_context(cafile=str(pair.certificate.with_name("authority.pem")))
    assert handshake(port, trusting) == "h2"
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(port, ssl.create_default_context())


def test_with_a_client_authority_it_answers_its_clients_alone(start: Start, pair: Pair) -> None:
    authority = str(pair.certificate.with_name("authority.pem"))
    _, port = start(
        POLICY_CERTIFICATE=str(pair.certificate),
        POLICY_KEY=str(pair.key),
        POLICY_CLIENT_CA=authority,
    )
    stranger = ssl.create_default_context(cafile=authority)
    with pytest.raises((ssl.SSLError, OSError, IndexError)):
        handshake(port, stranger)
    known = ssl.create_default_context(cafile=authority)
    known.load_cert_chain(pair.certificate, pair.key)
    assert handshake(port, known) == "h2"


def test_on_sigterm_it_turns_unready_and_ends_cleanly(start: Start) -> None:
    process, port = start(DRAIN_SECONDS="1")
    until(lambda: status(port, "/livez") == 200)
    process.send_signal(signal.SIGTERM)
    until(lambda: b"draining" in fetch(port, "/readyz")[1])
    assert status(port, "/livez") == 200, "it serves on while it drains"
    assert status(port, "/edge/nowhere") == 404
    assert process.wait(SECONDS) == 0


def test_metrics_are_on_a_separate_port(start: Start) -> None:
    metrics = free_port()
    _, port = start(METRICS_PORT=str(metrics))
    until(lambda: status(port, "/livez") == 200)
    assert status(port, "/metrics") == 404
    assert b"gateway_decisions_total" in fetch(metrics, "/metrics")[1]


def test_every_problem_page_has_its_name(start: Start) -> None:
    _, port = start()
    until(lambda: status(port, "/livez") == 200)
    for name, expected in (("policy", 200), ("503", 200), ("413", 200), ("418", 404)):
        assert status(port, f"/problem/{name}") == expected
