"""Fields that several request bodies have, and how e-mail addresses are spelled and hashed."""

import hashlib
import unicodedata
from dataclasses import dataclass
from typing import Annotated, Final

import idna
from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, Field, StringConstraints

from common.errors import FieldError, ValidationFailed

# Far above the policy's 256, so that every password is refused alike at sign-in, yet bounded.
MAX_PASSWORD_CHARACTERS: Final = 1024
MAX_EMAIL_CHARACTERS: Final = 320
MAX_NAME_CHARACTERS: Final = 200
MAX_LABEL_CHARACTERS: Final = 100
PUBLIC_SUFFIX: Final = ".example"
NOT_ONE_LINE: Final = "must be one line of printable text"
LINE_BREAKS: Final = frozenset({"Cc", "Zl", "Zp"})
# Zero-width joiners, which names in some scripts are written with.
JOINERS: Final = dict.fromkeys((0x200C, 0x200D))


def encodable(value: str) -> str:
    """Text that can be stored: no lone surrogates. Raises ValueError."""
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError("must be valid Unicode text") from None
    return value


def normal_name(name: str) -> str:
    """A name as it is stored: NFC, with plain single spaces. Raises ValueError."""
    if any(unicodedata.category(character) in LINE_BREAKS for character in name):
        raise ValueError(NOT_ONE_LINE)  # it appears in mails and lists
    normal = unicodedata.normalize("NFC", " ".join(name.split()))
    if not normal.translate(JOINERS).isprintable() or not normal.translate(JOINERS):
        raise ValueError(NOT_ONE_LINE)
    if len(normal) > MAX_NAME_CHARACTERS:
        raise ValueError(f"must have at most {MAX_NAME_CHARACTERS} characters")
    return normal


# Taken as typed, never trimmed, never shown.
_PasswordText = Annotated[
    str,
    StringConstraints(strip_whitespace=False, min_length=1, max_length=MAX_PASSWORD_CHARACTERS),
    AfterValidator(encodable),
]
_HIDDEN: Final = Field(repr=False, json_schema_extra={"format": "password", "writeOnly": True})
Password = Annotated[_PasswordText, _HIDDEN]
OptionalPassword = Annotated[_PasswordText | None, _HIDDEN]
# Looks an account up; only what is stored must be a well-formed address.
EmailText = Annotated[
    str,
    Field(min_length=1, max_length=MAX_EMAIL_CHARACTERS, examples=["clerk@masijala.example"]),
    AfterValidator(encodable),
]
DeviceToken = Annotated[
    str | None,
    Field(
        max_length=128,
        repr=False,
        description="the `device_token` of an earlier sign-in, unless it is in the cookie",
    ),
]
# Constraints before validators: after them pydantic speaks of items instead of characters.
PersonName = Annotated[
    str,
    Field(min_length=1, max_length=MAX_NAME_CHARACTERS, examples=["Asha Kamau"]),
    AfterValidator(normal_name),
]


def _short(name: str) -> str:
    # The normal form of some letters is longer than what was typed.
    if len(name) > MAX_LABEL_CHARACTERS:
        raise ValueError(f"must have at most {MAX_LABEL_CHARACTERS} characters")
    return name


# What a user calls a device, a session or a factor.
Label = Annotated[
    str,
    Field(min_length=1, max_length=MAX_LABEL_CHARACTERS, examples=["Counter 3"]),
    AfterValidator(normal_name),
    AfterValidator(_short),
]


def normal_email(address: str) -> str:
    """The spelling in which an address is stored and looked up; never fails."""
    local, at, domain = unicodedata.normalize("NFC", address.strip()).lower().rpartition("@")
    return local + at + _normal_domain(domain)


def deliverable_email(address: str) -> str:
    """An address as mail servers take it: its domain in A-labels (RFC 5890)."""
    local, at, domain = address.rpartition("@")
    try:
        return local + at + idna.encode(domain, uts46=True).decode()
    except UnicodeError:
        return address


def _normal_domain(domain: str) -> str:
    """The domain in U-labels, as typed when it is none."""
    if domain.isascii() and "xn--" not in domain:
        return domain
    try:
        return idna.decode(idna.encode(domain, uts46=True))
    except UnicodeError:
        return domain


def email_hash(address: str) -> bytes:
    """The hash of a normalised e-mail address, whether or not a user has it."""
    return text_hash(normal_email(address))


def text_hash(text: str) -> bytes:
    """The hash of any input, valid Unicode or not."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


@dataclass(frozen=True, slots=True)
class EmailRules:
    """Which addresses may be stored. `special_use` are domains such as `local` (RFC 6761) that
    are not public, but that mail is delivered to here.
    """

    special_use: frozenset[str] = frozenset()

    def checked(self, address: str) -> str:
        """The normal spelling of a well-formed address. Raises ValidationFailed."""
        domain = normal_email(address).rpartition("@")[2]
        # The library knows no exceptions: such a domain is judged as part of a public one.
        suffix = "" if self.special_use.isdisjoint(_parents(domain)) else PUBLIC_SUFFIX
        try:
            valid = validate_email(address.strip() + suffix, check_deliverability=False)
        except EmailNotValidError as error:
            fault = FieldError("email", "email-invalid", str(error))
            raise ValidationFailed("The e-mail address is not valid", errors=(fault,)) from error
        return normal_email(valid.normalized).removesuffix(suffix)


def _parents(domain: str) -> list[str]:
    """A domain and those that it lies in."""
    labels = domain.split(".")
    return [".".join(labels[at:]) for at in range(len(labels))]
