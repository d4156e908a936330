"""How passwords are hashed: nothing cut off, old hashes replaced, no faster for unknown users."""

import unicodedata
from typing import Literal

import pytest

from auth_service.passwords.foreign import TOO_COSTLY, UNKNOWN
from auth_service.passwords.scheme import (
    HashingCost,
    PasswordScheme,
    Peppering,
    kind_of,
    make_context,
)

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
    assert scheme.fault(old) is None
    verified = scheme.verify("correct horse", old)
    assert verified.matches
    assert verified.new_hash is not None
    assert verified.new_hash.startswith("$argon2id$")
    assert not scheme.verify("x" * 100, old).matches


@pytest.mark.parametrize(
    "text", ["", "correct horse", "$2b$12$short", "$argon2id$v=19$m=1", "5f4dcc3b5aa765d61d8327deb"]
)
def test_what_is_no_hash_is_refused(scheme: PasswordScheme, text: str) -> None:
    assert scheme.fault(text) == UNKNOWN


DIGEST = "c29tZXNhbHQ$RdescudvJCsgt3ub+b2dWRWJTmaaTF8"
BCRYPT_DIGEST = "gxVp2bfptjaMWepu4fmFNefnq6Nw/4w/Ty0DRCSQrDNk41r585DQy"
FOREIGN = [
    (f"$argon2id$v=19$m=64,t=1,p=1,keyid=AAAA${DIGEST}", UNKNOWN),
    (f"$argon2id$v=19$m=64,t=1,p=1,data=AAAA${DIGEST}", UNKNOWN),
    ("$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ", UNKNOWN),
    ("$pbkdf2-sha256$1$c2FsdA", UNKNOWN),
    ("$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$AAAAAA", UNKNOWN),
    (f"$argon2id$v=19$m=4194304,t=1,p=1${DIGEST}", TOO_COSTLY),
    (f"$argon2id$v=19$m=64,t=1000,p=1${DIGEST}", TOO_COSTLY),
    (f"$argon2id$v=19$m=4096,t=1,p=512${DIGEST}", TOO_COSTLY),
    (f"$2b$15${BCRYPT_DIGEST}", TOO_COSTLY),
    (f"$bcrypt-sha256$v=2,t=2b,r=15${BCRYPT_DIGEST[:22]}${BCRYPT_DIGEST[22:]}", TOO_COSTLY),
    (f"$pbkdf2-sha256$2000001$c2FsdA${'A' * 43}", TOO_COSTLY),
    (f"pbkdf2_sha256$4000000000$salt${'A' * 43}=", TOO_COSTLY),
]


@pytest.mark.parametrize(("stored", "fault"), FOREIGN)
def test_a_hash_that_cannot_be_compared_or_only_at_a_great_cost_stops_no_sign_in(
    scheme: PasswordScheme, stored: str, fault: str
) -> None:
    assert scheme.fault(stored) == fault
    scheme.learn([stored])
    for account in (None, stored, scheme.hash("correct horse")):
        assert not scheme.verify("wrong horse", account).matches


@pytest.mark.parametrize("name", ["bcrypt", "pbkdf2_sha256", "pbkdf2_sha512", "argon2"])
def test_what_a_system_of_today_may_have_used_is_taken_over(
    scheme: PasswordScheme, name: str
) -> None:
    strong = {
        "bcrypt": f"$2b$14${BCRYPT_DIGEST}",
        "pbkdf2_sha256": f"pbkdf2_sha256$1200000$salt${'A' * 43}=",
        "pbkdf2_sha512": f"$pbkdf2-sha512$1000000$c2FsdA${'A' * 86}",
        "argon2": f"$argon2id$v=19$m=102400,t=2,p=8${DIGEST}",
    }
    assert scheme.fault(strong[name]) is None


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
    (unknown,) = verified  # the same as for a known one, whose hash is of the current kind
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


def test_the_kind_of_a_hash_is_its_scheme_and_cost() -> None:
    def make(name: str, rounds: int) -> str:
        return str(make_context(COST).handler(name).using(rounds=rounds).hash("x"))

    assert kind_of(make("bcrypt", 4)) == kind_of(make("bcrypt", 4)) == "$2b$04"
    assert kind_of(make("bcrypt", 5)) == "$2b$05"
    assert kind_of(make("pbkdf2_sha256", 9)) == "$pbkdf2-sha256$9"
    assert kind_of(make("django_pbkdf2_sha256", 9)) == "pbkdf2_sha256$9"
    assert kind_of(make("bcrypt_sha256", 4)).startswith("$bcrypt-sha256$")
    plain = kind_of(PasswordScheme(COST).hash("x"))
    assert plain == "$argon2id$v=19$m=64,t=1,p=1"
    peppered = PasswordScheme(COST, Peppering({"a": OLD_KEY})).hash("x")
    assert kind_of(peppered) == f"$pepper${plain}"


def test_a_refusal_is_the_same_work_for_every_kind_of_account(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scheme = PasswordScheme(COST, Peppering({"new": NEW_KEY, "old": OLD_KEY}))
    old = PasswordScheme(COST, Peppering({"old": OLD_KEY})).hash("correct horse")
    legacy = [
        scheme.context.handler(name).using(rounds=4).hash("correct horse")
        for name in ("bcrypt", "pbkdf2_sha256", "django_pbkdf2_sha256")
    ]
    lost = "$pepper$lost$argon2id$v=19$m=64,t=1,p=1$c2FsdA$aGFzaA"
    weaker = make_context(HashingCost(memory_kib=128, time_cost=1)).hash("correct horse")
    scheme.learn([*legacy, weaker, old, lost])
    verified: list[str] = []
    monkeypatch.setattr(
        scheme.context, "verify", lambda _secret, stored: verified.append(kind_of(stored))
    )
    works = []
    for password in ("wrong horse", "wrong café"):
        for stored in (None, scheme.hash("correct horse"), *legacy, weaker, old, lost):
            verified.clear()
            assert not scheme.verify(password, stored).matches
            works.append((password, tuple(sorted(verified))))
    assert len(set(works)) == 2
    assert len(works[0][1]) == len(legacy) + 2


def test_a_kind_that_was_just_imported_is_known_from_its_first_sign_in(
    scheme: PasswordScheme, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported = scheme.context.handler("bcrypt").using(rounds=4).hash("correct horse")
    scheme.verify("wrong horse", imported)
    verified: list[str] = []
    monkeypatch.setattr(scheme.context, "verify", lambda _secret, stored: verified.append(stored))
    scheme.verify("wrong horse", None)
    assert imported in verified
    scheme.learn(())
    verified.clear()
    scheme.verify("wrong horse", None)
    assert len(verified) == 1  # the last such account has signed in


@pytest.mark.parametrize("length", [72, 73, 90])
def test_a_bcrypt_password_counts_as_far_as_its_system_counted_and_whole_from_then_on(
    scheme: PasswordScheme, length: int
) -> None:
    password = "x" * 72 + "y" * (length - 72)
    old = scheme.context.handler("bcrypt").using(rounds=4).hash(password[:72])
    verified = scheme.verify(password, old)
    assert verified.matches
    assert verified.new_hash is not None
    assert scheme.verify(password, verified.new_hash).matches
    assert not scheme.verify(password + "z", verified.new_hash).matches


@pytest.mark.parametrize("name", ["bcrypt", "pbkdf2_sha256", "argon2"])
@pytest.mark.parametrize("hashed", ["NFC", "NFD"])
@pytest.mark.parametrize("typed", ["NFC", "NFD"])
def test_an_imported_hash_of_either_form_matches_what_is_typed(
    scheme: PasswordScheme, name: str, hashed: Literal["NFC", "NFD"], typed: Literal["NFC", "NFD"]
) -> None:
    handler = scheme.context.handler(name)
    handler = handler if name == "argon2" else handler.using(rounds=4)
    old = scheme.context.hash if name == "argon2" else handler.hash
    stored = str(old(unicodedata.normalize(hashed, "café au lait")))
    verified = scheme.verify(unicodedata.normalize(typed, "café au lait"), stored)
    assert verified.matches
    new = verified.new_hash
    if name != "argon2" or hashed == "NFD":
        assert new is not None
        assert scheme.verify("café au lait", new).new_hash is None
    else:
        assert new is None
