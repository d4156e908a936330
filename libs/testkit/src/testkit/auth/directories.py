"""Directories of tests: a real provider as a process, one that answers what a test makes it answer,
and the browser of a user who signs in through them.
"""

import asyncio
import hashlib
import json
import subprocess
import sys
import threading
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from time import monotonic, sleep, time
from typing import Any, Final
from urllib.error import URLError
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import Request as UrlRequest
from urllib.request import urlopen
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from devstack.servers.ports import LOOPBACK, free_ports
from testkit.auth.api import Api
from testkit.serving import serving

OIDC: Final = "/api/v1/auth/oidc"
METADATA: Final = "/.well-known/openid-configuration"
REFUSED: Final = {"error": "directory-refused"}
UNAVAILABLE: Final = {"error": "directory-unavailable"}
INVALID: Final = {"error": "sign-in-state-invalid"}
CLIENT_ID: Final = "masijala"
CLIENT_SECRET: Final = "client-secret-of-the-tests"  # noqa: S105 - made up
RETURN_URL: Final = "http://localhost:3000/signed-in"
VERIFIER: Final = "frontend-secret-of-the-tests-0123456789-0123456789"
WAIT_SECONDS: Final = 30
LOGOUT_EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"


def challenge_of(verifier: str) -> str:
    """What goes to the start instead of the secret itself (RFC 7636)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def provider(name: str, issuer: str, **changes: Any) -> dict[str, Any]:
    """A directory as AUTH_OIDC_PROVIDERS has it."""
    return {
        "id": name,
        "label": f"The {name}",
        "issuer": issuer,
        "client_id": CLIENT_ID,
        "email_domains": ["masijala.example"],
        **changes,
    }


def secrets_of(*providers: Mapping[str, Any]) -> str:
    """The client secrets of these directories, as AUTH_OIDC_CLIENT_SECRETS has them."""
    return ",".join(f"{each['id']}:{CLIENT_SECRET}" for each in providers)


def oidc_settings(*providers: Mapping[str, Any]) -> dict[str, Any]:
    """Settings with these directories."""
    return {
        "oidc_providers": list(providers),
        "oidc_client_secrets": secrets_of(*providers),
        "oidc_return_urls": RETURN_URL,
    }


@dataclass(frozen=True, slots=True)
class RealDirectory:
    """`oidc-provider-mock`: a provider that knows nothing of us, made of Authlib's server."""

    issuer: str

    def put(self, subject: str, **claims: Any) -> None:
        """Make or change an account."""
        body = json.dumps(claims).encode()
        headers = {"Content-Type": "application/json"}
        url = f"{self.issuer}/users/{subject}"
        request = UrlRequest(url, body, headers, method="PUT")  # noqa: S310 - our own process
        urlopen(request).close()  # noqa: S310 - the same

    async def approve(self, url: str, subject: str) -> str:
        """Press the button of its page as this account; the address that it redirects to."""
        return await asyncio.to_thread(_redirection, url, urlencode({"sub": subject}))


@contextmanager
def real_directory() -> Iterator[RealDirectory]:
    """The provider in its own process, on a free port."""
    (port,) = free_ports(1)
    issuer = f"http://{LOOPBACK}:{port}"
    # Nothing of this comes from outside.
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce"]
    silent = subprocess.DEVNULL
    process = subprocess.Popen(command, stdout=silent, stderr=silent)  # noqa: S603 - as above
    try:
        _wait_for(f"{issuer}{METADATA}")
        yield RealDirectory(issuer)
    finally:
        process.terminate()
        process.wait()


def _wait_for(url: str) -> None:
    deadline = monotonic() + WAIT_SECONDS
    while True:
        try:
            urlopen(url).close()  # noqa: S310 - our own process
        except URLError:
            if monotonic() > deadline:
                raise
            sleep(0.05)
        else:
            return


def _redirection(url: str, form: str) -> str:
    """The Location of the answer to a form; urllib would follow it."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.netloc)
    try:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", f"{parts.path}?{parts.query}", form, headers)
        return str(connection.getresponse().headers["Location"])
    finally:
        connection.close()


@dataclass(slots=True)
class HostileDirectory:
    """Answers correctly until a test changes a member; `forms` are what came to its token endpoint.

    `claims` replace those of the ID token, None leaves one out. `delays` are in seconds, by path.
    """

    issuer: str = ""
    subject: str = "subject-1"
    email: str | None = "clerk@masijala.example"
    nonce: str = ""
    groups: list[str] = field(default_factory=list)
    claims: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    user_info: dict[str, Any] = field(default_factory=dict)
    bodies: dict[str, bytes] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)
    delays: dict[str, float] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    forms: list[dict[str, str]] = field(default_factory=list)
    algorithm: str = "ES256"
    kid: str = "key-1"
    jwks_names_algorithm: bool = False
    published: Any = None
    signs_with: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    id_token: str | None = None

    def app(self) -> Starlette:
        return Starlette(routes=[Route("/{path:path}", self._answer, methods=["GET", "POST"])])

    def rotate(self, kid: str) -> None:
        """Sign with another key, and publish that one alone."""
        self.signs_with, self.kid = ec.generate_private_key(ec.SECP256R1()), kid

    def use_rsa(self) -> None:
        self.signs_with = rsa.generate_private_key(65537, 2048)
        self.algorithm = "RS256"

    async def _answer(self, request: Request) -> Response:
        path = request.url.path
        self.requests.append(path)
        await asyncio.sleep(self.delays.get(path, 0))
        if path in self.bodies:
            return Response(self.bodies[path], media_type="application/json")
        if path in self.statuses:
            return JSONResponse({"error": "invalid_grant"}, self.statuses[path])
        if path == METADATA:
            return JSONResponse(self._metadata())
        if path == "/keys":
            return JSONResponse({"keys": [self._jwk()]})
        if path == "/userinfo":
            return JSONResponse({"sub": self.subject, **self.user_info})
        return JSONResponse(await self._tokens(request))

    def _metadata(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "authorization_response_iss_parameter_supported": True,
        } | self.metadata

    def _jwk(self) -> dict[str, Any]:
        key = (self.published or self.signs_with).public_key()
        algorithm = jwt.get_algorithm_by_name("RS256" if self.algorithm == "RS256" else "ES256")
        jwk: dict[str, Any] = dict(json.loads(algorithm.to_jwk(key)))
        named = {"alg": self.algorithm} if self.jwks_names_algorithm else {}
        return {**jwk, "kid": self.kid, "use": "sig", **named}

    async def _tokens(self, request: Request) -> dict[str, Any]:
        body = (await request.body()).decode()
        self.forms.append({name: values[0] for name, values in parse_qs(body).items()})
        return {"access_token": "at", "token_type": "Bearer", "id_token": self.signed()}

    def signed(self) -> str:
        """The ID token."""
        if self.id_token is not None:
            return self.id_token
        now = int(time())
        claims: dict[str, Any] = {
            "iss": self.issuer,
            "sub": self.subject,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "auth_time": now,
            "nonce": self.nonce,
            "email": self.email,
            "email_verified": True,
            "groups": self.groups,
        } | self.claims
        present = {name: value for name, value in claims.items() if value is not None}
        headers = {"kid": self.kid, **self.headers}
        return jwt.encode(present, self.signs_with, algorithm=self.algorithm, headers=headers)


@contextmanager
def scripted_directory() -> Iterator[HostileDirectory]:
    """One on its own port, in a thread: a real server for a stack of processes."""
    directory, ended = HostileDirectory(), threading.Event()
    started = threading.Event()

    async def serve() -> None:
        async with serving(directory.app()) as directory.issuer:
            started.set()
            await asyncio.to_thread(ended.wait)

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    try:
        started.wait(WAIT_SECONDS)
        yield directory
    finally:
        ended.set()
        thread.join()


@dataclass(slots=True)
class Browser:
    """Follows redirects by hand, and keeps the cookies of auth, which are for HTTPS."""

    api: Api
    cookies: dict[str, str] = field(default_factory=dict)
    accept: str = "*/*"

    async def get(self, path: str) -> Any:
        cookies = "; ".join(f"{name}={text}" for name, text in self.cookies.items())
        headers = {"Cookie": cookies, "Accept": self.accept}
        answer = await self.api.call("GET", path, headers=headers)
        for line in answer.headers.get_list("set-cookie"):
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
                if morsel["max-age"] == "0":
                    del self.cookies[name]
        return answer

    async def start(self, name: str, **changes: str) -> str:
        """The address at the directory that the browser is sent to."""
        query = urlencode({"code_challenge": challenge_of(VERIFIER), **changes})
        answer = await self.get(f"{OIDC}/{name}/start?{query}")
        return _location(answer)

    async def back(self, address: str) -> Any:
        """Open the address at auth that the directory redirects to."""
        parts = urlsplit(address)
        return await self.get(f"{parts.path}?{parts.query}")

    async def through(self, directory: HostileDirectory, name: str, **changes: str) -> Any:
        """The whole way through a directory without a page; the answer of the callback."""
        query = query_of(await self.start(name))
        directory.nonce = query["nonce"]
        given = {"state": query["state"], "code": "code-1", "iss": directory.issuer} | changes
        return await self.back(f"{query['redirect_uri']}?{urlencode(given)}")

    async def exchange(self, code: str, **changes: Any) -> Any:
        """The answer to the frontend's exchange."""
        body = {"code": code, "code_verifier": VERIFIER, **changes}
        return await self.api.call("POST", f"{OIDC}/token", json=body)


def query_of(url: str) -> dict[str, str]:
    """The parameters of an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def _location(answer: Any) -> str:
    if answer.status_code != HTTPStatus.SEE_OTHER:
        raise AssertionError(answer.text)
    return str(answer.headers["location"])


def result(answer: Any) -> dict[str, str]:
    """What the frontend reads after the # of its page."""
    page, _, fragment = _location(answer).partition("#")
    if page != RETURN_URL:
        raise AssertionError(page)
    return {name: values[0] for name, values in parse_qs(fragment).items()}


async def outcome(browser: Browser, directory: HostileDirectory, **changes: str) -> dict[str, str]:
    """What a sign-in through the ministry's directory ends with."""
    return result(await browser.through(directory, "ministry", **changes))


def logout_claims(directory: HostileDirectory, **changes: Any) -> dict[str, Any]:
    """Those of a valid logout token of the directory's subject; None leaves one out."""
    now = int(time())
    claims = {
        "iss": directory.issuer,
        "aud": CLIENT_ID,
        "iat": now,
        "exp": now + 120,
        "jti": str(uuid4()),
        "sub": directory.subject,
        "events": {LOGOUT_EVENT: {}},
    } | changes
    return {name: value for name, value in claims.items() if value is not None}
