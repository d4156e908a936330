"""A sign-in under way, in a sealed cookie of the browser that has begun it.

So that anybody may begin one without a row being written, and only that browser can end it.
"""

import hashlib
import hmac
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from dataclasses import asdict, dataclass, field
from typing import ClassVar, Final

from starlette.requests import Request
from starlette.responses import Response

from auth_service.keys.cipher import KeyCipher, KeyUnreadable
from common.clock import Clock

SECONDS: Final = 600
NAME: Final = "masijala_sign_in"
MAX_STATE: Final = 64


class StateCipher(KeyCipher):
    """Seals sign-ins under way, under keys derived apart from those of signing keys."""

    info: ClassVar[bytes] = b"masijala sign-in under way v1"
    named: ClassVar[str] = "sign-in"


@dataclass(frozen=True, slots=True)
class PendingSignIn:
    """What has to be the same at the end as at the beginning; `code_challenge` is the frontend's,
    `verifier` ours for the directory (RFC 7636).
    """

    provider: str
    return_to: str
    code_challenge: str
    expires_at: float
    state: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48), repr=False)

    @property
    def state_hash(self) -> bytes:
        return hashlib.sha256(self.state.encode()).digest()


@dataclass(frozen=True, slots=True)
class StateCookies:
    """One cookie a sign-in, so that two tabs do not disturb each other.

    SameSite is lax, since the way back from the directory begins on its site.
    """

    https: bool
    cipher: StateCipher
    clock: Clock

    def begin(self, provider: str, return_to: str, code_challenge: str) -> PendingSignIn:
        expires_at = self.clock.now().timestamp() + SECONDS
        return PendingSignIn(provider, return_to, code_challenge, expires_at)

    def set(self, response: Response, pending: PendingSignIn) -> None:
        plain = json.dumps(asdict(pending)).encode()
        sealed = urlsafe_b64encode(self.cipher.encrypt(pending.provider, plain)).decode()
        response.set_cookie(
            self._name(pending.state),
            sealed,
            max_age=SECONDS,
            path="/",
            secure=True,
            httponly=True,
            samesite="lax",
        )

    def read(self, request: Request, provider: str, state: str) -> PendingSignIn | None:
        """The sign-in that this browser has begun at this directory and that may still end."""
        sealed = request.cookies.get(self._name(state), "")
        try:
            plain = self.cipher.decrypt(provider, urlsafe_b64decode(sealed))
        except (KeyUnreadable, Base64Error, ValueError):
            return None
        pending = PendingSignIn(**json.loads(plain))
        same = hmac.compare_digest(pending.state.encode(), state.encode())
        in_time = pending.expires_at > self.clock.now().timestamp()
        return pending if same and in_time else None

    def clear(self, response: Response, state: str) -> None:
        response.delete_cookie(
            self._name(state), path="/", secure=True, httponly=True, samesite="lax"
        )

    def _name(self, state: str) -> str:
        name = f"{NAME}_{hashlib.sha256(state.encode()).hexdigest()[:16]}"
        return f"__Host-{name}" if self.https else name
