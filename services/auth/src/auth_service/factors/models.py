"""Tables of second factors, recovery codes, and the challenges that wait for one of them."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, LargeBinary, String
from sqlmodel import Field

from auth_service.sessions.models import Delivery, Method
from auth_service.tables import UTC_TIME, Table, text_enum
from common.ids import uuid7


class FactorKind(StrEnum):
    """`totp`: an authenticator app (RFC 6238); `passkey`: a credential of WebAuthn."""

    TOTP = "totp"
    PASSKEY = "passkey"


class Factor(Table, table=True):
    """A second factor of a user; one without `confirmed_at` counts for nothing.

    An app has a secret and the last time step that was used, a passkey a public key.
    """

    __tablename__ = "factors"
    __table_args__ = (
        CheckConstraint("(kind = 'totp') = (sealed_secret IS NOT NULL)", "sealed_secret"),
        CheckConstraint(
            "(kind = 'passkey') = (credential_id IS NOT NULL AND public_key IS NOT NULL)",
            "credential",
        ),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    kind: FactorKind = Field(sa_type=text_enum(FactorKind))
    name: str = Field(max_length=100)
    sealed_secret: bytes | None = Field(default=None, sa_type=LargeBinary, repr=False)
    last_step: int | None = Field(default=None, sa_type=BigInteger)
    credential_id: bytes | None = Field(default=None, sa_type=LargeBinary, unique=True)
    public_key: bytes | None = Field(default=None, sa_type=LargeBinary)
    sign_count: int | None = Field(default=None, sa_type=BigInteger)
    transports: list[str] | None = Field(default=None, sa_type=ARRAY(String))
    created_at: datetime = Field(sa_type=UTC_TIME)
    confirmed_at: datetime | None = Field(default=None, sa_type=UTC_TIME)
    last_used_at: datetime | None = Field(default=None, sa_type=UTC_TIME)


class RecoveryCode(Table, table=True):
    """A recovery code that was not used yet, as its hash."""

    __tablename__ = "recovery_codes"

    code_hash: bytes = Field(primary_key=True, sa_type=LargeBinary)
    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", index=True)


class Purpose(StrEnum):
    """What a challenge is answered for."""

    SIGN_IN = "sign-in"
    PASSKEY_SIGN_IN = "passkey-sign-in"
    PASSKEY_REGISTRATION = "passkey-registration"
    STEP_UP = "step-up"


class Challenge(Table, table=True):
    """A token of a few minutes, to be answered once with a second factor; `method` was the first.

    That of a sign-in is valid only while the user's password is the one of that moment.
    """

    __tablename__ = "challenges"

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    purpose: Purpose = Field(sa_type=text_enum(Purpose))
    secret_hash: bytes = Field(sa_type=LargeBinary)
    user_id: UUID | None = Field(
        default=None, foreign_key="users.id", ondelete="CASCADE", index=True
    )
    session_id: UUID | None = None
    password_changed_at: datetime | None = Field(default=None, sa_type=UTC_TIME)
    method: Method = Field(
        default=Method.PASSWORD,
        sa_type=text_enum(Method),
        sa_column_kwargs={"server_default": Method.PASSWORD.value},
    )
    delivery: Delivery = Field(default=Delivery.BODY, sa_type=text_enum(Delivery))
    device_name: str | None = Field(default=None, max_length=100)
    tries: int = 0
    created_at: datetime = Field(sa_type=UTC_TIME)
    expires_at: datetime = Field(sa_type=UTC_TIME, index=True)
