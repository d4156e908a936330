"""How passwords are hashed: nothing cut off, old hashes replaced, no faster for unknown users."""

import unicodedata

import pytest

from auth_service.passwords.scheme import HashingCost, PasswordScheme, Peppering, make_context

COST = HashingCost(memory_kib=64, time_cost=1)
OLD_KEY, NEW_KEY = b"an old pepper of the tests", b"a new pepper of the tests"


@pytest.fixture
def scheme() -> PasswordScheme:
    return PasswordScheme(COST)


def test_the_default_cost_is_that_of_the_design() -> None:
    assert make_context(HashingCost()).hash("x").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_the_right_password_matches_and_others_do_not(scheme: PasswordScheme) -> None:
    stored = scheme.hash("correct horse")
    assert scheme.verify("correct horse", stored).matches
    assert not scheme.verify("correct horsf", stored).matches


def test_both_spellings_of_an_accent_are_one_password(scheme: PasswordScheme) -> None:
    stored = scheme.hash(unicodedata.normalize("NFD", "café au lait"))
    assert scheme.verify(unicodedata.normalize("NFC", "café au lait"), stored).matches


@pytest.mark.parametrize("peppers", [Peppering(), Peppering({"a": OLD_KEY})])
@pytest.mark.parametrize("length", [71, 72, 73, 256])
def test_passwords_are_not_truncated(length: int, peppers: Peppering) -> None:
    scheme = PasswordScheme(COST, peppers)
    stored = scheme.hash("x" * length + "y")
    assert scheme.verify("x" * length + "y", stored).matches
    assert not scheme.verify("x" * length + "z", stored).matches
    assert not scheme.verify("x" * length, stored).matches


def test_a_hash_at_another_cost_is_replaced(scheme: PasswordScheme) -> None:
    old = make_context(HashingCost(memory_kib=128, time_cost=1)).hash("correct horse")
    verified = scheme.verify("correct horse", old)
    assert verified.matches
    assert verified.new_hash is not None
    assert scheme.verify("correct horse", verified.new_hash).new_hash is None


@pytest.mark.parametrize(
    "name", ["bcrypt", "bcrypt_sha256", "pbkdf2_sha256", "pbkdf2_sha512", "django_pbkdf2_sha256"]
)
def test_hashes_of_older_systems_verify_and_are_replaced(scheme: PasswordScheme, name: str) -> None:
    old = scheme.context.handler(name).using(rounds=4).hash("correct horse")
    assert scheme.recognises(old)
    verified = scheme.verify("correct horse", old)
    assert verified.matches
    assert verified.new_hash is not None
    assert verified.new_hash.startswith("$argon2id$")
    assert not scheme.verify("x" * 100, old).matches


@pytest.mark.parametrize(
    "text", ["", "correct horse", "$2b$12$short", "$argon2id$v=19$m=1", "5f4dcc3b5aa765d61d8327deb"]
)
def test_what_is_no_hash_is_not_recognised(scheme: PasswordScheme, text: str) -> None:
    assert not scheme.recognises(text)


@pytest.mark.parametrize("stored", [None, "$pepper$lost$argon2id$v=19$m=64,t=1,p=1$c2FsdA$aGFzaA"])
def test_an_unknown_user_causes_the_same_work_as_a_known_one(
    stored: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    scheme = PasswordScheme(COST, Peppering({"new": NEW_KEY}))
    verified: list[str] = []
    real = scheme.context.verify

    def verify(password: str, against: str) -> bool:
        verified.append(against)
        return bool(real(password, against))

    monkeypatch.setattr(scheme.context, "verify", verify)
    assert not scheme.verify("correct horse", stored).matches
    (unknown,) = verified
    assert unknown.startswith("$argon2id$v=19$m=64,t=1,p=1$")


def test_a_pepper_is_named_and_needed() -> None:
    peppered = PasswordScheme(COST, Peppering({"2026": OLD_KEY}))
    stored = peppered.hash("correct horse")
    assert stored.startswith("$pepper$2026$argon2id$")
    assert peppered.verify("correct horse", stored).matches
    assert not PasswordScheme(COST).verify("correct horse", stored).matches
    other = PasswordScheme(COST, Peppering({"2026": NEW_KEY}))
    assert not other.verify("correct horse", stored).matches


@pytest.mark.parametrize("before", [Peppering(), Peppering({"old": OLD_KEY})])
def test_a_changed_pepper_is_used_from_the_next_sign_in_on(before: Peppering) -> None:
    old = PasswordScheme(COST, before).hash("correct horse")
    now = PasswordScheme(COST, Peppering({"new": NEW_KEY, "old": OLD_KEY}))
    verified = now.verify("correct horse", old)
    assert verified.matches
    assert verified.new_hash is not None
    assert verified.new_hash.startswith("$pepper$new$argon2id$")
    assert now.verify("correct horse", verified.new_hash).new_hash is None
    assert now.verify("wrong horse", old).new_hash is None


def test_no_pepper_is_in_the_representation() -> None:
    assert "pepper of the tests" not in repr(PasswordScheme(COST, Peppering({"old": OLD_KEY})))
