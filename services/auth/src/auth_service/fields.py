"""Fields that several request bodies have, and how e-mail addresses are spelled and hashed."""

import hashlib
import unicodedata
from typing import Annotated, Final

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, Field, StringConstraints

from common.errors import FieldError, ValidationFailed

# Far above the policy's 256, so that every password is refused alike at sign-in, yet bounded.
MAX_PASSWORD_CHARACTERS: Final = 1024
MAX_EMAIL_CHARACTERS: Final = 320


def encodable(value: str) -> str:
    """Text that can be stored: no lone surrogates. Raises ValueError."""
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError("must be valid Unicode text") from None
    return value


def _one_line(name: str) -> str:
    if not name.isprintable():
        raise ValueError("must be one line of printable text")  # it appears in mails and lists
    return name


# Taken as typed, never trimmed, never shown.
Password = Annotated[
    str,
    StringConstraints(strip_whitespace=False, min_length=1, max_length=MAX_PASSWORD_CHARACTERS),
    AfterValidator(encodable),
    Field(repr=False, json_schema_extra={"format": "password", "writeOnly": True}),
]
# Looks an account up; only what is stored must be a well-formed address.
EmailText = Annotated[
    str,
    AfterValidator(encodable),
    Field(min_length=1, max_length=MAX_EMAIL_CHARACTERS, examples=["clerk@masijala.example"]),
]
PersonName = Annotated[
    str, AfterValidator(_one_line), Field(min_length=1, max_length=200, examples=["Asha Kamau"])
]


def normal_email(address: str) -> str:
    """The spelling in which an address is stored and looked up; never fails."""
    return unicodedata.normalize("NFC", address.strip()).lower()


def checked_email(address: str) -> str:
    """The normal spelling of a well-formed address. Raises ValidationFailed."""
    try:
        return normal_email(validate_email(address.strip(), check_deliverability=False).normalized)
    except EmailNotValidError as error:
        fault = FieldError("email", "email-invalid", str(error))
        raise ValidationFailed("The e-mail address is not valid", errors=(fault,)) from error


def email_hash(address: str) -> bytes:
    """The hash of a normalised e-mail address, whether or not a user has it."""
    return text_hash(normal_email(address))


def text_hash(text: str) -> bytes:
    """The hash of any input, valid Unicode or not."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
