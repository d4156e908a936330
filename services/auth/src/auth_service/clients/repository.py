"""Statements about service clients."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlmodel import col
from sqlmodel.sql.expression import SelectOfScalar

from auth_service.clients.models import ClientCutoff, ServiceClient
from common.repository import Repository


@dataclass(frozen=True, slots=True)
class ClientRepository(Repository[ServiceClient]):
    model: ClassVar[type[Any]] = ServiceClient

    def named(self, client_id: str) -> SelectOfScalar[ServiceClient]:
        return self.statement().where(col(ServiceClient.client_id) == client_id)

    def active(self, client_ids: Collection[str]) -> SelectOfScalar[ServiceClient]:
        named = self.statement().where(col(ServiceClient.client_id).in_(client_ids))
        return named.where(col(ServiceClient.is_active)).order_by(col(ServiceClient.client_id))


@dataclass(frozen=True, slots=True)
class CutoffRepository(Repository[ClientCutoff]):
    model: ClassVar[type[Any]] = ClientCutoff

    def of(self, client_id: str) -> SelectOfScalar[ClientCutoff]:
        return self.statement().where(col(ClientCutoff.client_id) == client_id)

    def since(self, moment: datetime) -> SelectOfScalar[ClientCutoff]:
        return self.statement().where(col(ClientCutoff.tokens_valid_from) >= moment)
