"""E-mail addresses have one spelling to sign in by, and names one to be found by."""

import unicodedata

import pytest
from pydantic import TypeAdapter, ValidationError

from auth_service.fields import (
    EmailRules,
    EmailText,
    Label,
    PersonName,
    deliverable_email,
    normal_email,
    normal_name,
)
from common.errors import ValidationFailed

RULES = EmailRules()


@pytest.mark.parametrize(
    "address", ["Asha@Court.Example", " asha@court.example ", "ASHA@COURT.EXAMPLE"]
)
def test_case_and_spaces_do_not_matter(address: str) -> None:
    assert RULES.checked(address) == normal_email(address) == "asha@court.example"


@pytest.mark.parametrize(
    "address",
    [
        "idn@zürich.example",
        "idn@xn--zrich-kva.example",
        "IDN@XN--ZRICH-KVA.example",
        "idn@ZÜRICH.example",
        unicodedata.normalize("NFD", "idn@zürich.example"),
    ],
)
def test_a_domain_in_any_script_and_in_a_labels_is_one(address: str) -> None:
    assert RULES.checked(address) == normal_email(address) == "idn@zürich.example"
    assert deliverable_email(normal_email(address)) == "idn@xn--zrich-kva.example"


@pytest.mark.parametrize("address", ["", "asha", "asha@", "a b@court.example", "asha@court"])
def test_what_is_no_address_is_refused_at_creation(address: str) -> None:
    with pytest.raises(ValidationFailed) as refused:
        RULES.checked(address)
    assert refused.value.errors[0].field == "email"


def test_domains_for_special_use_are_allowed_by_their_names_alone() -> None:
    rules = EmailRules(frozenset({"local"}))
    assert rules.checked("User@Court.local") == "user@court.local"
    for rule, address in ((RULES, "user@court.local"), (rules, "user@court.invalid")):
        with pytest.raises(ValidationFailed):
            rule.checked(address)


@pytest.mark.parametrize("address", ["not an address", "a@xn--\udfff", "@", "a@" + "ü" * 300])
def test_looking_up_never_fails(address: str) -> None:
    assert normal_email(address) == address
    assert deliverable_email(address) == address or "xn--" in deliverable_email(address)


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("  Asha   Kamau ", "Asha Kamau"),
        ("Asha\u00a0Kamau", "Asha Kamau"),
        ("Asha\u2009Kamau", "Asha Kamau"),
        (unicodedata.normalize("NFD", "José Müller"), "José Müller"),
        ("क्\u200cष", "क्\u200cष"),
    ],
)
def test_a_name_has_one_form(name: str, stored: str) -> None:
    assert normal_name(name) == TypeAdapter(PersonName).validate_python(name) == stored


@pytest.mark.parametrize(
    "name", ["", "\u00a0", "\u200c", "A\nB", "A\x00", "A\u2028B", "A\u202eB", "A\tB", "x" * 201]
)
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(PersonName).validate_python(name)


@pytest.mark.parametrize("kind", [PersonName, Label, EmailText])
def test_a_refusal_for_length_speaks_of_characters(kind: type[str]) -> None:
    for text in ("", "x" * 321):
        with pytest.raises(ValidationError) as refused:
            TypeAdapter(kind).validate_python(text)
        assert "character" in refused.value.errors()[0]["msg"]
