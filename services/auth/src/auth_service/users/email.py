"""E-mail addresses, by which users sign in."""

import unicodedata

from email_validator import EmailNotValidError, validate_email

from common.errors import FieldError, ValidationFailed


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
