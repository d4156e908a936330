"""The keys in memory: the one that signs, and those that verify."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import jwt

from auth_service.keys.cipher import KeyCipher
from auth_service.keys.keypair import PrivateKey, load_private
from auth_service.keys.models import KeyState, SigningKey
from common.access_tokens import TYP
from common.errors import Unavailable
from common.jwks import parse_jwks
from common.jws import VerificationKey


@dataclass(frozen=True, slots=True)
class Signer:
    kid: str
    algorithm: str
    private: PrivateKey

    def sign(self, claims: dict[str, Any]) -> str:
        """An access token (RFC 9068) of these claims."""
        headers = {"kid": self.kid, "typ": TYP}
        return jwt.encode(claims, self.private, algorithm=self.algorithm, headers=headers)


@dataclass(slots=True)
class KeyRing:
    """Replaced whenever the stored keys are read again."""

    cipher: KeyCipher
    _signer: Signer | None = None
    _public: list[dict[str, Any]] = field(default_factory=list)
    _verifiers: dict[str, VerificationKey] = field(default_factory=dict)

    def replace(self, keys: Sequence[SigningKey]) -> None:
        """Use these keys from now on. If it raises KeyUnreadable, the old ones stay."""
        for key in keys:
            if key.state is KeyState.ACTIVE and (not self._signer or self._signer.kid != key.kid):
                der = self.cipher.decrypt(key.kid, key.encrypted_private_key)
                self._signer = Signer(key.kid, key.algorithm, load_private(der))
        self._public = [key.public_jwk for key in keys]
        self._verifiers = parse_jwks(self.jwks())

    @property
    def signer(self) -> Signer:
        """The active key. Raises Unavailable until the keys are loaded."""
        if self._signer is None:
            raise Unavailable("The signing keys are not loaded yet")
        return self._signer

    def resolve(self, kid: str | None) -> VerificationKey | None:
        return self._verifiers.get(kid) if kid is not None else None

    def jwks(self) -> dict[str, Any]:
        """The public keys as a JWK set (RFC 7517, section 5)."""
        return {"keys": self._public}
