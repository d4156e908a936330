"""Bodies about passwords."""

from typing import Annotated

from pydantic import Field

from auth_service.fields import MAX_EMAIL_CHARACTERS, DeviceToken, EmailText, Password
from common.errors import FieldError
from common.schemas import RequestModel, ResponseModel


class PasswordChange(RequestModel):
    """The current password, and the new one."""

    current_password: Password
    new_password: Password


class PasswordForgot(RequestModel):
    """The address of the user who forgot the password."""

    email: EmailText
    device_token: DeviceToken = None


class PasswordReset(RequestModel):
    """The token of the link, and the new password."""

    token: str = Field(min_length=1, max_length=512, repr=False)
    new_password: Password


class PasswordCheck(RequestModel):
    """A password to judge, and what it may not resemble."""

    password: Password
    email: Annotated[str, Field(max_length=MAX_EMAIL_CHARACTERS)] = ""
    name: Annotated[str, Field(max_length=200)] = ""


class PasswordVerdict(ResponseModel):
    """Whether a password would be accepted; `code` and `message` say why not."""

    acceptable: bool
    code: str | None = None
    message: str | None = None

    @classmethod
    def of(cls, fault: FieldError | None) -> "PasswordVerdict":
        if fault is None:
            return cls(acceptable=True)
        return cls(acceptable=False, code=fault.code, message=fault.message)


class MailAnnounced(ResponseModel):
    """A mail may be on its way."""

    detail: str
