"""Bodies about passwords."""

from pydantic import ConfigDict, Field

from auth_service.fields import EmailText, Password
from common.schemas import RequestModel, ResponseModel


class PasswordChange(RequestModel):
    """The current password, and the new one."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "current_password": "seven brown owls under the old bridge",
                    "new_password": "twelve green herons above a mill",
                }
            ]
        }
    )

    current_password: Password
    new_password: Password


class PasswordForgot(RequestModel):
    """The address of the user who forgot the password."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"email": "clerk@masijala.example"}]})

    email: EmailText


class PasswordReset(RequestModel):
    """The token of the link, and the new password."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "token": "AZ3k…the-part-of-the-link-after-token=",
                    "new_password": "seven brown owls under the old bridge",
                }
            ]
        }
    )

    token: str = Field(min_length=1, max_length=512, repr=False)
    new_password: Password


class MailAnnounced(ResponseModel):
    """A mail may be on its way."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"detail": "If this address belongs to an account, a mail is on its way"}]
        }
    )

    detail: str
