"""Bodies about passwords."""

from pydantic import Field

from auth_service.fields import EmailText, Password
from common.schemas import RequestModel, ResponseModel


class PasswordChange(RequestModel):
    """The current password, and the new one."""

    current_password: Password
    new_password: Password


class PasswordForgot(RequestModel):
    """The address of the user who forgot the password."""

    email: EmailText


class PasswordReset(RequestModel):
    """The token of the link, and the new password."""

    token: str = Field(min_length=1, max_length=512, repr=False)
    new_password: Password


class MailAnnounced(ResponseModel):
    """A mail may be on its way."""

    detail: str
