"""Private keys at rest: AES-256-GCM under a key that only the environment has."""

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
    """Encrypts under the first key and decrypts under any; they are of any length."""

    keys: tuple[str, ...]

    def encrypt(self, kid: str, plain: bytes) -> bytes:
        """The nonce and the ciphertext, bound to this key ID."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + _aead(self.keys[0]).encrypt(nonce, plain, kid.encode())

    def decrypt(self, kid: str, sealed: bytes) -> bytes:
        """The plaintext. Raises KeyUnreadable."""
        for key in self.keys:
            plain = _decrypt(key, kid, sealed)
            if plain is not None:
                return plain
        raise KeyUnreadable(
            f"signing key {kid} cannot be decrypted with AUTH_KEY_ENCRYPTION_KEY; "
            "write it as current,previous while it changes"
        )

    def is_outdated(self, kid: str, sealed: bytes) -> bool:
        """Whether it must be encrypted again: the current key does not decrypt it."""
        return _decrypt(self.keys[0], kid, sealed) is None


def _decrypt(key: str, kid: str, sealed: bytes) -> bytes | None:
    try:
        return _aead(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], kid.encode())
    except (InvalidTag, ValueError):
        return None


def _aead(key: str) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, None, INFO).derive(key.encode()))
