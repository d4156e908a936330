"""Private keys at rest: AES-256-GCM under a key that only the environment holds."""

import secrets
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES: Final = 12
INFO: Final = b"masijala signing key encryption v1"


class KeyUnreadable(Exception):
    """A stored key was encrypted under another AUTH_KEY_ENCRYPTION_KEY, or was tampered with."""


@dataclass(frozen=True, slots=True)
class KeyCipher:
    """Encrypts and decrypts; `secret` is of any length, its entropy is what counts."""

    secret: str

    def encrypt(self, kid: str, plain: bytes) -> bytes:
        """The nonce and the ciphertext, which is good under this key ID alone."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._aead().encrypt(nonce, plain, kid.encode())

    def decrypt(self, kid: str, sealed: bytes) -> bytes:
        """What was encrypted. Raises KeyUnreadable."""
        try:
            return self._aead().decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], kid.encode())
        except (InvalidTag, ValueError) as error:
            raise KeyUnreadable(
                f"signing key {kid} cannot be decrypted: AUTH_KEY_ENCRYPTION_KEY is not the one "
                "that it was stored under"
            ) from error

    def _aead(self) -> AESGCM:
        return AESGCM(HKDF(SHA256(), 32, None, INFO).derive(self.secret.encode()))
