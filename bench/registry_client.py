"""A lean client of the gateway: one connection, one request after another, each timed."""

import json
from collections.abc import Iterable, Mapping
from http.client import HTTPConnection
from time import perf_counter
from typing import Any, Final
from urllib.parse import quote, urlsplit
from uuid import uuid4

OK: Final = 200
CREATED: Final = 201
UNAUTHORIZED: Final = 401


class Client:
    """A signed-in user; signs in again when the token has expired."""

    def __init__(self, base_url: str, email: str, password: str) -> None:
        address = urlsplit(base_url)
        self._connection = HTTPConnection(address.hostname or "", address.port, timeout=60)
        self._credentials = {"email": email, "password": password}
        self._token = ""
        self._sign_in()

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()

    def timed(
        self, method: str, path: str, body: Any = None, expected: int = OK
    ) -> tuple[float, Any]:
        """Seconds until the answer was read, and the answer. Raises RuntimeError for another."""
        seconds, status, answer = self._call(method, path, body)
        if status == UNAUTHORIZED:
            self._sign_in()
            seconds, status, answer = self._call(method, path, body)
        if status != expected:
            raise RuntimeError(f"{method} {path}: {answer}")
        return seconds, answer

    def get(self, paths: Iterable[str]) -> list[float]:
        """Seconds of each."""
        return [self.timed("GET", path)[0] for path in paths]

    def create(self, bodies: Iterable[Mapping[str, Any]]) -> list[float]:
        """Seconds of registering each case."""
        return [self.timed("POST", "/cases", body, CREATED)[0] for body in bodies]

    def _sign_in(self) -> None:
        _, status, answer = self._call("POST", "/auth/login", self._credentials)
        if status != OK:
            raise RuntimeError(answer)
        self._token = answer["access_token"]

    def _call(self, method: str, path: str, body: Any) -> tuple[float, int, Any]:
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        if body is not None:
            headers |= {"Content-Type": "application/json", "Idempotency-Key": str(uuid4())}
        content = json.dumps(body) if body is not None else None
        started = perf_counter()
        self._connection.request(method, f"/api/v1{path}", content, headers)
        response = self._connection.getresponse()
        raw = response.read()
        seconds = perf_counter() - started
        return seconds, response.status, json.loads(raw) if raw else None


def lookup_path(number: str) -> str:
    """The path that finds a number."""
    return f"/cases/lookup?number={quote(number)}"
