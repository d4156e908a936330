"""Bodies of signing in, refreshing, signing out, and of the signed-in user."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, Field

from auth_service.fields import DeviceToken, EmailText, Password, PersonName, encodable
from auth_service.sessions.models import Delivery
from auth_service.sessions.schemas import SessionRead
from auth_service.signin.service import SignedIn
from auth_service.users.grants import GrantRead, PermissionsRead, compact
from common.schemas import RequestModel, ResponseModel

DeviceName = Annotated[
    str, Field(min_length=1, max_length=100, examples=["Counter 3"]), AfterValidator(encodable)
]


class Login(RequestModel):
    """Credentials, and how the refresh token is to be sent."""

    email: EmailText
    password: Password
    device_name: DeviceName | None = None
    delivery: Delivery = Field(
        default=Delivery.BODY, description="`cookie`: the refresh token is in a cookie instead"
    )
    device_token: DeviceToken = None


class Refresh(RequestModel):
    """The refresh token, unless it is in the cookie."""

    refresh_token: str | None = Field(default=None, max_length=512, repr=False)


class SessionSummary(ResponseModel):
    """The session of the tokens."""

    id: UUID
    expires_at: datetime = Field(description="when the session ends at the latest")


class SignedInUser(ResponseModel):
    """The user who signed in."""

    id: UUID
    email: str
    name: str
    grants: list[GrantRead]


class TokenAnswer(ResponseModel):
    """Tokens, the session and the user; the refresh token only with body delivery."""

    access_token: str
    token_type: str = "Bearer"  # noqa: S105 - the scheme's name
    expires_in: int = Field(description="seconds")
    refresh_token: str | None = None
    refresh_expires_in: int = Field(description="seconds, if it is not used before")
    device_token: str | None = Field(
        default=None,
        description="after a sign-in with body delivery: keep it, and send it at the next sign-in",
    )
    session: SessionSummary
    user: SignedInUser


def token_answer(signed_in: SignedIn) -> dict[str, Any]:
    """The body; with cookie delivery it has no member for the tokens in cookies."""
    live = signed_in.live
    session, user = live.session, live.user
    in_body = session.delivery is Delivery.BODY
    answer = TokenAnswer(
        access_token=signed_in.access.value,
        expires_in=signed_in.access.expires_in,
        refresh_token=live.refresh_token if in_body else None,
        refresh_expires_in=refresh_seconds(signed_in),
        device_token=signed_in.device if in_body else None,
        session=SessionSummary.model_validate(session),
        user=SignedInUser(
            id=user.id,
            email=user.email,
            name=user.name,
            grants=[GrantRead.of(grant) for grant in compact(live.grants)],
        ),
    )
    return answer.model_dump(mode="json", exclude_none=True)


def refresh_seconds(signed_in: SignedIn) -> int:
    """How long the refresh token is valid if it is not used."""
    session = signed_in.live.session
    return int((session.idle_expires_at - session.last_used_at).total_seconds())


class MeRead(ResponseModel):
    """The signed-in user."""

    id: UUID
    email: str
    name: str
    grants: list[GrantRead]
    permissions: list[PermissionsRead]
    session: SessionRead
    version: int
    created_at: datetime
    updated_at: datetime


class MeUpdate(RequestModel):
    """What users may change about themselves."""

    name: PersonName
