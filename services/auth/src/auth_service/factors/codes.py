"""Codes of authenticator apps (RFC 6238), and recovery codes."""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import pyotp

from auth_service.printed_codes import new_code, plain_code

SECRET_BYTES: Final = 20  # as RFC 4226, 4 recommends for SHA-1
STEP_SECONDS: Final = 30
# A clock may be off by one step (RFC 6238, 5.2).
DRIFT: Final = (-1, 0, 1)
ISSUER: Final = "Masijala"
RECOVERY_CODES: Final = 10
CHARACTERS: Final = 16


def new_secret() -> bytes:
    return secrets.token_bytes(SECRET_BYTES)


def secret_text(secret: bytes) -> str:
    """A secret as apps take it, in base 32."""
    return base64.b32encode(secret).decode()


def enrolment_uri(secret: bytes, email: str) -> str:
    """The `otpauth:` URI, which is shown as a QR code."""
    return pyotp.TOTP(secret_text(secret)).provisioning_uri(name=email, issuer_name=ISSUER)


@dataclass(frozen=True, slots=True)
class CodeMatch:
    """The time step of a code, and whether a code of it or of a later one was used before."""

    step: int
    replayed: bool


def match_code(secret: bytes, code: str, now: datetime, last_step: int | None) -> CodeMatch | None:
    """The step whose code this is; every step is compared, whether or not one has matched."""
    totp, current = pyotp.HOTP(secret_text(secret)), int(now.timestamp()) // STEP_SECONDS
    given = code.encode()
    matched = [
        current + drift
        for drift in DRIFT
        if hmac.compare_digest(totp.at(current + drift).encode(), given)
    ]
    if not matched:
        return None
    # Two steps may by chance have one code: the later counts, so that neither is good again.
    return CodeMatch(matched[-1], last_step is not None and matched[-1] <= last_step)


def new_recovery_code() -> str:
    """80 random bits in four groups."""
    return new_code(CHARACTERS)


def recovery_hash(user_id: UUID, code: str) -> bytes:
    """What is stored of a recovery code, however it is typed. A slow hash adds nothing to 80 random
    bits; the user's ID is the salt.
    """
    plain = plain_code(code).encode("utf-8", "surrogatepass")
    return hashlib.sha256(user_id.bytes + plain).digest()
