"""The courts of grants whose lists are too long for a token, by the lists' digests.

A token refers to such a list. The list comes from auth, which knows what the user holds now, and is
remembered by its own digest: it can be neither stale nor another user's.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from common.errors import Unavailable
from common.http_client import ServiceClient
from common.identity import Grant, Principal, court_list_reference
from common.jws import TokenRefused

PATH: Final = "/internal/v1/principals"
CAPACITY: Final = 1_000


@dataclass(slots=True)
class CourtLists:
    """Resolves references. `client` calls auth with a token of the scope `grants:read`."""

    client: ServiceClient
    capacity: int = CAPACITY
    _lists: OrderedDict[str, frozenset[UUID]] = field(default_factory=OrderedDict)
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def resolve(self, principal: Principal) -> Principal:
        """The caller with the courts of every grant.

        Raises TokenRefused when the grants have changed, Unavailable while auth does not answer.
        """
        references = {grant.reference for grant in principal.grants if grant.reference}
        if not references:
            return principal
        if not references <= self._lists.keys():
            async with self._lock:  # concurrent requests of one user share one fetch
                if not references <= self._lists.keys():
                    await self._fetch(principal)
        grants = tuple(self._resolved(grant) for grant in principal.grants)
        return replace(principal, grants=grants)

    def _resolved(self, grant: Grant) -> Grant:
        if grant.reference is None:
            return grant
        courts = self._lists.get(grant.reference)
        if courts is None:
            raise TokenRefused("grants-changed")
        self._lists.move_to_end(grant.reference)
        return Grant(grant.role, courts)

    async def _fetch(self, principal: Principal) -> None:
        params = {"user_ids": str(principal.user_id)}
        response = await self.client.get(PATH, params=params)
        try:
            self._store(response.require(HTTPStatus.OK).json())
        except (ValueError, KeyError, TypeError) as error:
            raise Unavailable("Another service answered what cannot be read") from error

    def _store(self, answer: Mapping[str, Any]) -> None:
        for user in answer["users"]:
            for claim in user["grants"]:
                courts = Grant.from_claim(claim).courts
                if courts:
                    self._lists[court_list_reference(courts)] = courts
        while len(self._lists) > self.capacity:
            self._lists.popitem(last=False)
