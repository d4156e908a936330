"""Bodies of signing in, refreshing, signing out, and of the signed-in user."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field, model_validator

from auth_service.factors.schemas import ChallengeToken, Code, PasskeyJson, RecoveryCodeText
from auth_service.factors.service import Proof
from auth_service.fields import DeviceToken, EmailText, Label, Password, PersonName
from auth_service.sessions.models import Delivery
from auth_service.sessions.schemas import SessionRead
from auth_service.signin.issuing import SignedIn
from auth_service.users.grants import GrantRead, PermissionsRead, compact
from common.schemas import RequestModel, ResponseModel


class Login(RequestModel):
    """Credentials, and how the refresh token is to be sent."""

    email: EmailText
    password: Password
    device_name: Label | None = None
    delivery: Delivery = Field(
        default=Delivery.BODY, description="`cookie`: the refresh token is in a cookie instead"
    )
    device_token: DeviceToken = None


class Refresh(RequestModel):
    """The refresh token, unless it is in the cookie."""

    refresh_token: str | None = Field(default=None, max_length=512, repr=False)


class FactorAnswer(RequestModel):
    """The token of the challenge, and one second factor."""

    challenge_token: ChallengeToken = Field(repr=False)
    code: Code | None = Field(default=None, repr=False)
    recovery_code: RecoveryCodeText | None = Field(default=None, repr=False)
    passkey: PasskeyJson | None = Field(default=None, repr=False)
    device_token: DeviceToken = None

    @model_validator(mode="after")
    def _one(self) -> "FactorAnswer":
        require_one(self.code, self.recovery_code, self.passkey)
        return self

    def proof(self) -> Proof:
        return Proof(self.code, self.recovery_code, self.passkey)


class StepUpAnswer(RequestModel):
    """One second factor; with a passkey the token of `POST /auth/step-up/passkey`."""

    challenge_token: ChallengeToken | None = Field(default=None, repr=False)
    code: Code | None = Field(default=None, repr=False)
    recovery_code: RecoveryCodeText | None = Field(default=None, repr=False)
    passkey: PasskeyJson | None = Field(default=None, repr=False)

    @model_validator(mode="after")
    def _one(self) -> "StepUpAnswer":
        require_one(self.code, self.recovery_code, self.passkey)
        if (self.passkey is None) != (self.challenge_token is None):
            raise ValueError("challenge_token goes with passkey")
        return self

    def proof(self) -> Proof:
        return Proof(self.code, self.recovery_code, self.passkey)


def require_one(*proofs: object) -> None:
    if sum(proof is not None for proof in proofs) != 1:
        raise ValueError("give code, recovery_code or passkey")


class EnrolmentRequest(RequestModel):
    """The token of a sign-in for which a second factor has to be set up."""

    challenge_token: ChallengeToken = Field(repr=False)


class PasskeySignIn(RequestModel):
    """How the refresh token is to be sent."""

    device_name: Label | None = None
    delivery: Delivery = Delivery.BODY


class AccessTokenAnswer(ResponseModel):
    """An access token that says which factors were shown; the refresh token stays."""

    access_token: str
    token_type: str = "Bearer"  # noqa: S105 - the scheme's name
    expires_in: int = Field(description="seconds")


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
    factor_due_at: datetime | None = Field(
        default=None, description="from then on the user cannot sign in without a second factor"
    )


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
    recovery_codes: list[str] | None = Field(
        default=None, description="shown this once, when this sign-in has set up a second factor"
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
        recovery_codes=list(signed_in.recovery_codes) or None,
        session=SessionSummary.model_validate(session),
        user=SignedInUser(
            id=user.id,
            email=user.email,
            name=user.name,
            factor_due_at=user.factor_due_at,
            grants=[GrantRead.of(grant) for grant in compact(live.grants.in_force)],
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
    factor_due_at: datetime | None = Field(
        description="from then on you cannot sign in without a second factor; null: no such date"
    )
    version: int
    created_at: datetime
    updated_at: datetime


class MeUpdate(RequestModel):
    """What users may change about themselves."""

    name: PersonName
