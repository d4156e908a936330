"""A frontend's page in a browser, and the calls that its scripts make."""

import errno
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic, sleep
from typing import Any

from playwright.sync_api import Page

from gateway.traefik.certificates import Pair

# Allowed in demo mode, and with https by `make test-compose-stack`.
ALLOWED_PORT = 5173
# The browser tests of another stack may have the port now.
FREE_SECONDS = 120
# What a frontend does: every call with credentials, the answer as status and body, or as blocked.
CALL = """async ([method, url, body, headers]) => {
  try {
    const answer = await fetch(url, {
      method, credentials: "include", body: body && JSON.stringify(body),
      headers: {...(body && {"Content-Type": "application/json"}), ...headers},
    });
    const text = await answer.text();
    return {
      status: answer.status, body: text ? JSON.parse(text) : null,
      requestId: answer.headers.get("X-Request-ID"), limit: answer.headers.get("RateLimit"),
    };
  } catch (error) { return {blocked: error.name}; }
}"""


class Frontend(BaseHTTPRequestHandler):
    """An empty page, in which tests run scripts."""

    def do_GET(self) -> None:
        """Serve it, whatever the path."""
        page = b"<!doctype html><title>Frontend</title>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_: object) -> None:
        """Log nothing."""


def _bound(port: int) -> ThreadingHTTPServer:
    """On the port, once it is free."""
    deadline = monotonic() + FREE_SECONDS
    while True:
        try:
            return ThreadingHTTPServer(("127.0.0.1", port), Frontend)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or monotonic() > deadline:
                raise
            sleep(0.1)


@contextmanager
def frontend(port: int, certificate: Pair | None) -> Iterator[str]:
    """A frontend's origin."""
    with _bound(port) as server:
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate.certificate, certificate.key)
            # Each thread shakes hands for itself: Chromium opens connections that it does not use.
            server.socket = context.wrap_socket(
                server.socket, server_side=True, do_handshake_on_connect=False
            )
        scheme = "http" if certificate is None else "https"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"{scheme}://localhost:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def call(page: Page, method: str, url: str, body: Any = None, **headers: str) -> dict[str, Any]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answer: dict[str, Any] = page.evaluate(CALL, [method, url, body, named])
    return answer
