"""Bodies about changes of addresses."""

from pydantic import Field

from auth_service.fields import EmailText, OptionalPassword
from common.schemas import RequestModel


class EmailChangeRequest(RequestModel):
    """The new address, and the current password unless the sign-in was recent."""

    email: EmailText
    current_password: OptionalPassword = None


class EmailLinkToken(RequestModel):
    """The token of a link in a letter."""

    token: str = Field(min_length=1, max_length=512, repr=False)
