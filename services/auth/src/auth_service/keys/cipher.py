"""Secrets at rest: AES-256-GCM under a key that only the environment has."""

import secrets
from dataclasses import dataclass
from typing import ClassVar, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES: Final = 12


class KeyUnreadable(Exception):
    """A stored secret was encrypted under another AUTH_KEY_ENCRYPTION_KEY, or was tampered with."""


@dataclass(frozen=True, slots=True)
class KeyCipher:
    """Encrypts signing keys under the first key and decrypts under any; they are of any length."""

    info: ClassVar[bytes] = b"masijala signing key encryption v1"
    named: ClassVar[str] = "signing key"

    keys: tuple[str, ...]

    def encrypt(self, kid: str, plain: bytes) -> bytes:
        """The nonce and the ciphertext, bound to this key ID."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._aead(self.keys[0]).encrypt(nonce, plain, kid.encode())

    def decrypt(self, kid: str, sealed: bytes) -> bytes:
        """The plaintext. Raises KeyUnreadable."""
        for key in self.keys:
            plain = self._decrypt(key, kid, sealed)
            if plain is not None:
                return plain
        raise KeyUnreadable(
            f"{self.named} {kid} cannot be decrypted with AUTH_KEY_ENCRYPTION_KEY; "
            "write it as current,previous while it changes"
        )

    def is_outdated(self, kid: str, sealed: bytes) -> bool:
        """Whether it must be encrypted again: the current key does not decrypt it."""
        return self._decrypt(self.keys[0], kid, sealed) is None

    def _decrypt(self, key: str, kid: str, sealed: bytes) -> bytes | None:
        try:
            return self._aead(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], kid.encode())
        except (InvalidTag, ValueError):
            return None

    def _aead(self, key: str) -> AESGCM:
        return AESGCM(HKDF(SHA256(), 32, None, self.info).derive(key.encode()))


class FactorCipher(KeyCipher):
    """Encrypts the secrets of second factors, under keys derived apart from those above."""

    info: ClassVar[bytes] = b"masijala second factor encryption v1"
    named: ClassVar[str] = "second factor"
