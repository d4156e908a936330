"""Whatever is sent as a credential is verified or refused, without any other error."""

from collections.abc import Mapping
from typing import Any, Final

import cbor2
from hypothesis import assume, given
from hypothesis import strategies as st

from auth_service.factors.models import Factor, FactorKind
from auth_service.factors.passkeys import Passkeys, credential_id
from common.clock import SystemClock
from common.ids import uuid7
from testkit.auth.authenticator import Authenticator, decode, encode

ORIGIN: Final = "http://localhost:3000"
CHALLENGE: Final = bytes(32)
PASSKEYS: Final = Passkeys("localhost", (ORIGIN,))
AUTHENTICATOR: Final = Authenticator(ORIGIN)
CREATED: Final = AUTHENTICATOR.create({"rp": {"id": "localhost"}, "challenge": encode(CHALLENGE)})
USED: Final = AUTHENTICATOR.get({"rpId": "localhost", "challenge": encode(CHALLENGE)})
BEFORE_KEY: Final = 37 + 16 + 2 + 16  # of the authenticator data: WebAuthn, 6.1 and 6.5.1
FORMATS: Final = ("none", "packed", "tpm", "android-key", "apple", "fido-u2f", "android-safetynet")
STATEMENT: Final = ("sig", "x5c", "alg", "ver", "certInfo", "pubArea", "response")

leaves = st.none() | st.booleans() | st.integers() | st.text(max_size=8)
json = st.recursive(
    leaves,
    lambda each: (
        st.lists(each, max_size=2) | st.dictionaries(st.text(max_size=4), each, max_size=2)
    ),
    max_leaves=4,
)
cbor = leaves | st.binary(max_size=40) | st.lists(st.binary(max_size=8), max_size=2)
statements = st.dictionaries(st.sampled_from(STATEMENT), cbor)


def replaced(whole: Mapping[str, Any], member: str, value: Any) -> dict[str, Any]:
    """A credential with one member, or one of its response, replaced."""
    if member in whole:
        return {**whole, member: value}
    return {**whole, "response": {**whole["response"], member: value}}


def factor() -> Factor:
    made = PASSKEYS.register(CREATED, CHALLENGE)
    assert made is not None
    return Factor(
        user_id=uuid7(),
        kind=FactorKind.PASSKEY,
        name="Counter 3",
        credential_id=made.credential_id,
        public_key=made.public_key,
        sign_count=made.sign_count,
        created_at=SystemClock().now(),
    )


def test_what_is_unchanged_is_verified() -> None:
    assert PASSKEYS.verify(USED, factor(), CHALLENGE) is not None
    assert credential_id(USED) == AUTHENTICATOR.credential_id


@given(st.sampled_from(("id", "rawId", "type", "response", "clientDataJSON")), json)
def test_a_changed_member_is_refused(member: str, value: Any) -> None:
    for whole in (CREATED, USED):
        assume(value not in (whole.get(member), "public-key"))
        changed = replaced(whole, member, value)
        credential_id(changed)
        assert PASSKEYS.register(changed, CHALLENGE) is None
        assert PASSKEYS.verify(changed, factor(), CHALLENGE) is None


@given(json)
def test_of_transports_only_known_ones_are_stored(value: Any) -> None:
    made = PASSKEYS.register(replaced(CREATED, "transports", value), CHALLENGE)
    assert made is None or made.transports == []


@given(st.sampled_from(FORMATS), statements)
def test_an_attestation_of_any_form_causes_no_error(name: str, statement: Any) -> None:
    attestation = cbor2.loads(decode(CREATED["response"]["attestationObject"]))
    attestation |= {"fmt": name, "attStmt": statement}
    changed = replaced(CREATED, "attestationObject", encode(cbor2.dumps(attestation)))
    made = PASSKEYS.register(changed, CHALLENGE)
    assert made is None or name == "none"


@given(st.sampled_from((1, 3, -1, -2, -3)), cbor)
def test_a_public_key_of_any_form_causes_no_error(member: int, value: Any) -> None:
    attestation = cbor2.loads(decode(CREATED["response"]["attestationObject"]))
    data = attestation["authData"]
    key = cbor2.loads(data[BEFORE_KEY:])
    assume(key[member] != value)
    attestation["authData"] = data[:BEFORE_KEY] + cbor2.dumps(key | {member: value})
    changed = replaced(CREATED, "attestationObject", encode(cbor2.dumps(attestation)))
    made = PASSKEYS.register(changed, CHALLENGE)
    if made is not None:
        known = factor()
        known.public_key = made.public_key
        assert PASSKEYS.verify(USED, known, CHALLENGE) is None


@given(st.binary(max_size=200))
def test_data_and_signatures_of_any_form_cause_no_error(raw: bytes) -> None:
    for member in ("authenticatorData", "signature", "clientDataJSON"):
        changed = replaced(USED, member, encode(raw))
        assert PASSKEYS.verify(changed, factor(), CHALLENGE) is None
    changed = replaced(CREATED, "attestationObject", encode(raw))
    assert PASSKEYS.register(changed, CHALLENGE) is None
