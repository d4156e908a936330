"""Passkeys: the ceremonies of WebAuthn (Level 3), by the library `webauthn`."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from auth_service.factors.models import Factor
from auth_service.users.models import User

Credential = Mapping[str, Any]
Options = dict[str, Any]
NAME: Final = "Masijala"
MAX_CREDENTIAL_ID: Final = 1023  # WebAuthn, 4: the most that an authenticator may use
TRANSPORTS: Final = frozenset(each.value for each in AuthenticatorTransport)


@dataclass(frozen=True, slots=True)
class NewPasskey:
    credential_id: bytes
    public_key: bytes
    sign_count: int
    transports: list[str]


@dataclass(frozen=True, slots=True)
class PasskeyUse:
    """A signature that was verified; `user_verified`: by a PIN, a finger or a face."""

    sign_count: int
    user_verified: bool


@dataclass(frozen=True, slots=True)
class Passkeys:
    """Options for browsers, and the verification of what they answer.

    `domain` is the relying party: passkeys work on it and below it, for pages of `origins` alone.
    """

    domain: str
    origins: tuple[str, ...]

    def registration(self, user: User, known: Sequence[Factor], challenge: bytes) -> Options:
        """The argument of `navigator.credentials.create`, as JSON."""
        options = generate_registration_options(
            rp_id=self.domain,
            rp_name=NAME,
            user_id=user.id.bytes,
            user_name=user.email,
            user_display_name=user.name,
            challenge=challenge,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.PREFERRED,
                user_verification=UserVerificationRequirement.PREFERRED,
            ),
            exclude_credentials=_descriptors(known),
        )
        return _json(options)

    def request(self, known: Sequence[Factor], challenge: bytes, *, alone: bool = False) -> Options:
        """The argument of `navigator.credentials.get`, as JSON. `alone`: there was no password."""
        wanted = UserVerificationRequirement
        options = generate_authentication_options(
            rp_id=self.domain,
            challenge=challenge,
            allow_credentials=_descriptors(known),
            user_verification=wanted.REQUIRED if alone else wanted.PREFERRED,
        )
        return _json(options)

    def register(self, credential: Credential, challenge: bytes) -> NewPasskey | None:
        """The passkey that a browser has made, or None when anything is wrong with it."""
        try:
            verified = verify_registration_response(
                credential=dict(credential),
                expected_challenge=challenge,
                expected_rp_id=self.domain,
                expected_origin=list(self.origins),
            )
        except Exception:  # noqa: BLE001 - malformed answers raise KeyError, IndexError and many others
            return None
        if len(verified.credential_id) > MAX_CREDENTIAL_ID:
            return None
        return NewPasskey(
            verified.credential_id,
            verified.credential_public_key,
            verified.sign_count,
            _transports(credential),
        )

    def verify(
        self, credential: Credential, passkey: Factor, challenge: bytes
    ) -> PasskeyUse | None:
        """What a passkey has signed, or None when anything is wrong with it."""
        try:
            verified = verify_authentication_response(
                credential=dict(credential),
                expected_challenge=challenge,
                expected_rp_id=self.domain,
                expected_origin=list(self.origins),
                credential_public_key=passkey.public_key or b"",
                credential_current_sign_count=passkey.sign_count or 0,
            )
        except Exception:  # noqa: BLE001 - as above
            return None
        return PasskeyUse(verified.new_sign_count, verified.user_verified)


def credential_id(credential: Credential) -> bytes | None:
    """The ID of the passkey that a browser has used."""
    try:
        return base64url_to_bytes(str(credential["id"]))
    except (KeyError, ValueError):
        return None


def _descriptors(known: Sequence[Factor]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            id=each.credential_id,
            transports=[AuthenticatorTransport(name) for name in each.transports or ()] or None,
        )
        for each in known
        if each.credential_id is not None
    ]


def _transports(credential: Credential) -> list[str]:
    response = credential.get("response")
    given = response.get("transports") if isinstance(response, Mapping) else None
    named = given if isinstance(given, list) else ()
    return sorted(TRANSPORTS.intersection(each for each in named if isinstance(each, str)))


def _json(options: Any) -> Options:
    read: Options = json.loads(options_to_json(options))
    return read
