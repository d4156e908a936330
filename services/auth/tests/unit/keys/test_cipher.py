"""Private keys at rest: readable under one secret and one key ID alone."""

import pytest

from auth_service.keys.cipher import KeyCipher, KeyUnreadable

CIPHER = KeyCipher(("a secret of the tests",))


def test_what_was_encrypted_comes_back() -> None:
    assert CIPHER.decrypt("kid", CIPHER.encrypt("kid", b"private")) == b"private"


def test_the_same_key_encrypts_to_different_ciphertexts() -> None:
    assert CIPHER.encrypt("kid", b"private") != CIPHER.encrypt("kid", b"private")


@pytest.mark.parametrize(
    ("cipher", "kid"), [(KeyCipher(("another secret",)), "kid"), (CIPHER, "another kid")]
)
def test_another_secret_or_key_id_cannot_decrypt(cipher: KeyCipher, kid: str) -> None:
    with pytest.raises(KeyUnreadable):
        cipher.decrypt(kid, CIPHER.encrypt("kid", b"private"))


def test_a_changed_byte_is_noticed() -> None:
    sealed = bytearray(CIPHER.encrypt("kid", b"private"))
    sealed[-1] ^= 1
    with pytest.raises(KeyUnreadable):
        CIPHER.decrypt("kid", bytes(sealed))


def test_a_truncated_ciphertext_cannot_be_decrypted() -> None:
    with pytest.raises(KeyUnreadable):
        CIPHER.decrypt("kid", b"")


def test_a_previous_secret_still_decrypts_and_is_reported_as_outdated() -> None:
    changing = KeyCipher(("a new secret of the tests", *CIPHER.keys))
    old = CIPHER.encrypt("kid", b"private")
    assert changing.decrypt("kid", old) == b"private"
    assert changing.is_outdated("kid", old)
    new = changing.encrypt("kid", b"private")
    assert not changing.is_outdated("kid", new)
    with pytest.raises(KeyUnreadable):
        CIPHER.decrypt("kid", new)
