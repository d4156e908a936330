"""Settings: strict about secrets, plain about the rest."""

import pytest
from pydantic import ValidationError

from auth_service.settings import AuthSettings
from common.identity import Role
from testkit.auth.settings import ASSERTION_KEY, ISSUER, make_settings


def settings(**changes: object) -> AuthSettings:
    return make_settings("postgresql://localhost/auth", "redis://localhost", **changes)


def test_lists_are_comma_separated() -> None:
    keys = settings(assertion_keys=f"{ASSERTION_KEY}, {ASSERTION_KEY[::-1]}").assertion_keys
    assert [key.get_secret_value() for key in keys] == [ASSERTION_KEY, ASSERTION_KEY[::-1]]


def test_pages_of_our_own_origin_may_use_the_cookie() -> None:
    assert settings(allowed_origins="https://a.example,https://b.example").origins == {
        "https://a.example",
        "https://b.example",
        ISSUER,
    }
    assert settings(public_url="https://court.example/x", allowed_origins="").origins == {
        "https://court.example"
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("key_encryption_key", "short"),
        ("refresh_derivation_key", "a" * 64),
        ("assertion_keys", ""),
        ("assertion_keys", f"{ASSERTION_KEY},weak"),
        ("password_min_characters", 7),
        ("refresh_window_seconds", 31),
        ("public_url", "court.example"),
    ],
)
def test_what_is_weak_or_wrong_stops_the_start(name: str, value: object) -> None:
    with pytest.raises(ValidationError) as stopped:
        settings(**{name: value})
    assert stopped.value.errors()[0]["loc"][0] == name


def test_no_secret_is_in_the_representation() -> None:
    shown = repr(settings())
    assert ASSERTION_KEY not in shown
    assert "derivation-key-of-the-tests" not in shown


def test_every_setting_says_what_it_is_for() -> None:
    assert all(field.description for field in AuthSettings.model_fields.values())


def test_administrators_must_have_a_second_factor_but_for_a_demo() -> None:
    by_default = {"factor_roles": None}
    assert settings(**by_default).obliged_roles == {Role.ADMIN}
    assert settings(**by_default, demo=True).obliged_roles == frozenset()
    assert settings(factor_roles="none").obliged_roles == frozenset()
    assert settings(factor_roles="admin, data_entry", demo=True).obliged_roles == {
        Role.ADMIN,
        Role.DATA_ENTRY,
    }


def test_passkeys_are_made_for_the_host_of_the_public_url_by_default() -> None:
    assert settings(public_url="https://court.example:8443/x").passkeys_of == "court.example"
    assert settings(passkey_domain="example").passkeys_of == "example"
