"""Bodies about second factors."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, Field

from auth_service.factors import codes
from auth_service.factors.models import Factor, FactorKind
from auth_service.factors.own import FactorStatus, PasskeyOptions
from auth_service.factors.service import Added, NewApp
from auth_service.fields import Label, encodable
from auth_service.printed_codes import without_separators
from common.schemas import RequestModel, ResponseModel

FactorName = Annotated[Label, Field(examples=["Phone"])]
Code = Annotated[
    str,
    Field(
        min_length=6,
        max_length=16,
        description="the six digits that the authenticator app shows",
        examples=["492039"],
    ),
    AfterValidator(encodable),
    AfterValidator(without_separators),
]
RecoveryCodeText = Annotated[
    str,
    Field(
        min_length=1,
        max_length=64,
        description="one of the recovery codes, in place of a factor that is lost",
        examples=["7C2V-0RQX-9M4K-TB3D"],
    ),
    AfterValidator(encodable),
]
ChallengeToken = Annotated[str, Field(min_length=1, max_length=512)]
PasskeyJson = Annotated[
    dict[str, Any],
    Field(
        description="the credential of the browser, as its `toJSON()` gives it (WebAuthn Level 3)",
    ),
]


class AppCreate(RequestModel):
    """An authenticator app to set up."""

    name: FactorName = "Authenticator app"


class AppSecret(ResponseModel):
    """The secret of a new authenticator app, which is shown this once."""

    id: UUID
    secret: str = Field(description="base 32, to type in")
    uri: str = Field(description="`otpauth:` URI, to show as a QR code")

    @classmethod
    def of(cls, app: NewApp) -> "AppSecret":
        return cls(
            id=app.factor.id,
            secret=codes.secret_text(app.secret),
            uri=codes.enrolment_uri(app.secret, app.email),
        )


class AppConfirmation(RequestModel):
    """The code that the new app shows."""

    code: Code = Field(repr=False)


class PasskeyCreate(RequestModel):
    """A passkey that the browser has made."""

    challenge_token: ChallengeToken = Field(repr=False)
    name: FactorName = "Passkey"
    passkey: PasskeyJson = Field(repr=False)


class PasskeyCeremony(ResponseModel):
    """What to call the browser with, and the token to send back with its answer."""

    challenge_token: str
    options: dict[str, Any] = Field(
        description="for `PublicKeyCredential.parse…OptionsFromJSON` of the browser"
    )

    @classmethod
    def of(cls, begun: PasskeyOptions) -> "PasskeyCeremony":
        return cls(challenge_token=begun.token.text, options=begun.options)


class FactorRead(ResponseModel):
    """A second factor."""

    id: UUID
    kind: FactorKind
    name: str
    created_at: datetime
    last_used_at: datetime | None

    @classmethod
    def of(cls, factor: Factor) -> "FactorRead":
        return cls.model_validate(factor.model_dump())


class FactorList(ResponseModel):
    """Your second factors, and whether you must have one."""

    items: list[FactorRead]
    recovery_codes_left: int
    obligatory: bool = Field(description="whether a role of yours must have a second factor")
    due_at: datetime | None = Field(
        description="from then on you cannot sign in without one; null: there is no such date"
    )

    @classmethod
    def of(cls, status: FactorStatus) -> "FactorList":
        return cls(
            items=[FactorRead.of(factor) for factor in status.factors],
            recovery_codes_left=status.codes_left,
            obligatory=status.obligatory,
            due_at=status.due_at,
        )


class FactorAdded(ResponseModel):
    """A factor that is asked for from now on. Recovery codes are shown this once."""

    factor: FactorRead
    recovery_codes: list[str] | None = Field(
        description="ten, with the first factor; null: the earlier ones still work"
    )

    @classmethod
    def of(cls, added: Added) -> "FactorAdded":
        return cls(
            factor=FactorRead.of(added.factor), recovery_codes=list(added.recovery_codes) or None
        )


class RecoveryCodes(ResponseModel):
    """Ten new recovery codes, which are shown this once."""

    recovery_codes: list[str]
