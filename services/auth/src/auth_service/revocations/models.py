"""The table of single access tokens that were revoked (RFC 7009)."""

from datetime import datetime

from sqlmodel import Field

from auth_service.tables import UTC_TIME, Table


class RevokedToken(Table, table=True):
    """A token that is refused though its session lives on; of interest until it expires."""

    __tablename__ = "revoked_tokens"

    jti: str = Field(primary_key=True, max_length=128)
    expires_at: datetime = Field(sa_type=UTC_TIME, index=True)
    revoked_at: datetime = Field(sa_type=UTC_TIME)
