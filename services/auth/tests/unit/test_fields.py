"""E-mail addresses: one spelling to sign in by."""

import pytest

from auth_service.fields import checked_email, normal_email
from common.errors import ValidationFailed


@pytest.mark.parametrize(
    "address", ["Asha@Court.Example", " asha@court.example ", "ASHA@COURT.EXAMPLE"]
)
def test_case_and_spaces_do_not_matter(address: str) -> None:
    assert checked_email(address) == normal_email(address) == "asha@court.example"


@pytest.mark.parametrize("address", ["", "asha", "asha@", "a b@court.example", "asha@court"])
def test_what_is_no_address_is_refused_at_creation(address: str) -> None:
    with pytest.raises(ValidationFailed) as refused:
        checked_email(address)
    assert refused.value.errors[0].field == "email"


def test_looking_up_never_fails() -> None:
    assert normal_email("not an address") == "not an address"
