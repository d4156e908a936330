"""Bodies of forgetting and resetting a password."""

from pydantic import ConfigDict, Field

from auth_service.passwords.types import Password
from auth_service.users.types import EmailText
from common.schemas import RequestModel, ResponseModel


class PasswordForgot(RequestModel):
    """Whose password was forgotten."""

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
