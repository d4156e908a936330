"""The tables of service clients, and of the earliest accepted tokens of each."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, LargeBinary, String
from sqlmodel import Field

from auth_service.tables import UTC_TIME, Table
from common.ids import uuid7


class ServiceClient(Table, table=True):
    """A service that may request tokens: for which audiences and scopes, and its secret's hash.

    After a rotation the previous secret may work for a while, so that a deployment can follow.
    """

    __tablename__ = "service_clients"

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    client_id: str = Field(max_length=100, unique=True)
    secret_hash: bytes = Field(sa_type=LargeBinary)
    previous_secret_hash: bytes | None = Field(default=None, sa_type=LargeBinary)
    previous_secret_until: datetime | None = Field(default=None, sa_type=UTC_TIME)
    scopes: list[str] = Field(sa_type=ARRAY(String))
    audiences: list[str] = Field(sa_type=ARRAY(String))
    is_active: bool = True
    created_at: datetime = Field(sa_type=UTC_TIME)
    updated_at: datetime = Field(sa_type=UTC_TIME)
    version: int = 1


class ClientCutoff(Table, table=True):
    """Tokens of the client with a lower version are refused.

    `tokens_valid_from` is when it was raised last. The row outlives the client: the tokens of a
    removed client expire some minutes later.
    """

    __tablename__ = "client_cutoffs"

    client_id: str = Field(primary_key=True, max_length=100)
    token_version: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    tokens_valid_from: datetime = Field(sa_type=UTC_TIME, index=True)
