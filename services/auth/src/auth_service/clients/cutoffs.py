"""Up to when the tokens of each service client are refused though they have not expired."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlmodel import col
from sqlmodel.sql.expression import SelectOfScalar

from auth_service.clients.models import ClientCutoff
from auth_service.revocations.moments import next_valid_from
from common.clock import Clock
from common.repository import Repository


@dataclass(frozen=True, slots=True)
class CutoffRepository(Repository[ClientCutoff]):
    """The cutoffs, at most one for each client ID that was ever used."""

    model: ClassVar[type[Any]] = ClientCutoff

    def of(self, client_id: str) -> SelectOfScalar[ClientCutoff]:
        return self.statement().where(col(ClientCutoff.client_id) == client_id)

    def since(self, moment: datetime) -> SelectOfScalar[ClientCutoff]:
        return self.statement().where(col(ClientCutoff.tokens_valid_from) >= moment)


@dataclass(frozen=True, slots=True)
class ClientCutoffs:
    """Cutoffs within one unit of work, by a caller that holds the client's row."""

    cutoffs: CutoffRepository
    clock: Clock

    async def cut(self, client_id: str) -> None:
        """Make every token of the client worthless that is out now."""
        now = self.clock.now()
        row = await self.cutoffs.first(self.cutoffs.of(client_id).with_for_update())
        if row is None:
            valid_from = next_valid_from(now, None)
            await self.cutoffs.add(ClientCutoff(client_id=client_id, tokens_valid_from=valid_from))
        else:
            row.tokens_valid_from = next_valid_from(now, row.tokens_valid_from)

    async def valid_from(self, client_id: str) -> datetime | None:
        """Tokens issued before this moment are refused; None: no token is."""
        row = await self.cutoffs.first(self.cutoffs.of(client_id))
        return row.tokens_valid_from if row is not None else None

    async def since(self, moment: datetime) -> Sequence[ClientCutoff]:
        """The cutoffs at or after a moment."""
        return await self.cutoffs.all(self.cutoffs.since(moment))
