"""Which new passwords are refused, and why."""

import unicodedata

import pytest

from auth_service.passwords.policy import PasswordPolicy

POLICY = PasswordPolicy(min_characters=15)


def reason(password: str, policy: PasswordPolicy = POLICY) -> str | None:
    fault = policy.fault(password, email="asha.kamau@court.example", name="Asha Kamau of Kisumu")
    return fault.code if fault else None


@pytest.mark.parametrize(
    "password",
    [
        "seven brown owls under the old bridge",
        "correct horse battery staple",
        "mti mkubwa wa mwembe karibu na mto",
        "q8#Lw2!zR5@vT9x",
        " leading and trailing spaces count ",
        "пятнадцать синих китов",
        "a" * 20 + " quite some purple lanterns over Kilifi creek",
    ],
)
def test_good_passwords_pass(password: str) -> None:
    assert reason(password) is None


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("", "password-too-short"),
        ("q8#Lw2!zR5@vT9", "password-too-short"),
        ("x" * 257, "password-too-long"),
        ("Asha.Kamau@court.example", "password-personal"),
        ("asha kamau of kisumu", "password-personal"),
        ("masijalamasijala", "password-weak"),
        ("passwordpassword", "password-weak"),
        ("a" * 30, "password-weak"),
        ("123456789012345", "password-weak"),
        ("qwertyuiopasdfgh", "password-weak"),
    ],
)
def test_bad_passwords_are_refused_with_the_reason(password: str, code: str) -> None:
    assert reason(password) == code


def test_common_passwords_are_refused_where_the_minimum_is_lower() -> None:
    assert reason("Football1".lower(), PasswordPolicy(8)) == "password-common"
    assert reason("MASIJALA", PasswordPolicy(8)) == "password-personal"


def test_length_counts_code_points_of_the_composed_form() -> None:
    composed = "é" * 7 + "zqxj8kwv"
    decomposed = unicodedata.normalize("NFD", composed)
    assert (len(composed), len(decomposed)) == (15, 22)
    assert reason(composed) == reason(decomposed) is None
    assert reason(unicodedata.normalize("NFD", "é" * 6 + "zqxj8kwv")) == "password-too-short"


def test_256_characters_are_allowed_and_checked_quickly() -> None:
    assert reason(("lantern over creek 42 " * 12)[:256]) in {None, "password-weak"}
