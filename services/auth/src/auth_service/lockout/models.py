"""The table of failed sign-ins."""

from datetime import datetime

from sqlalchemy import LargeBinary
from sqlmodel import Field

from auth_service.tables import UTC_TIME, Table


class LoginFailures(Table, table=True):
    """Failed sign-ins in a row by one address, which may be nobody's: known and unknown accounts
    cost the same work and behave alike.
    """

    __tablename__ = "login_failures"

    email_hash: bytes = Field(primary_key=True, sa_type=LargeBinary)
    failures: int
    last_failed_at: datetime = Field(sa_type=UTC_TIME, index=True)
