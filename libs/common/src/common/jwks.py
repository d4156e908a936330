"""The issuer's public keys (RFC 7517), cached so that verifying a token needs no request.

Keys are fetched in the background at 80 % of their lifetime, which the issuer tells (`max-age`) and
which is never longer than ours. An unknown `kid` causes one fetch at
most every ten seconds, however many ask. When the issuer is unavailable the last keys are used for
a day, and a copy on disk lets a cold start do without it.
"""

import asyncio
import contextlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from time import time
from typing import Any, Final

from jwt import PyJWK
from jwt.exceptions import PyJWTError

from common.errors import DomainError
from common.http_client import ServiceClient
from common.jws import ALGORITHMS, VerificationKey
from common.logs import get_logger

STALE_SECONDS: Final = 24 * 3600
REFETCH_SECONDS: Final = 10.0
RETRY_SECONDS: Final = 2.0
REFRESH_AT: Final = 0.8
MAX_AGE: Final = re.compile(r"\bmax-age=(\d{1,9})\b", re.ASCII | re.IGNORECASE)

log = get_logger(__name__)


def parse_jwks(document: Mapping[str, Any]) -> dict[str, VerificationKey]:
    """The usable signature keys of a JWK set by `kid`; other kinds are ignored (RFC 7517, 5)."""
    keys: dict[str, VerificationKey] = {}
    for entry in document["keys"]:
        kid, algorithm = entry.get("kid"), entry.get("alg")
        usable = entry.get("use", "sig") == "sig" and entry.get("kty") != "oct"
        if not usable or not isinstance(kid, str) or algorithm not in ALGORITHMS:
            continue
        with contextlib.suppress(PyJWTError):
            keys[kid] = VerificationKey(kid, algorithm, PyJWK(entry, algorithm).key)
    return keys


def _max_age(headers: Mapping[str, str]) -> float:
    """How long an answer may be kept (RFC 9111, 5.2.2.1), in seconds; at least one."""
    found = MAX_AGE.search(headers.get("cache-control", ""))
    return max(1.0, float(found[1])) if found else float("inf")


@dataclass(slots=True)
class JwksKeys:
    """The current keys of one issuer; `generation` grows whenever a key has left the set."""

    client: ServiceClient
    path: str = "/.well-known/jwks.json"
    lifetime_seconds: float = 300.0
    cache_file: Path | None = None
    generation: int = 0
    _max_age_seconds: float = float("inf")
    _keys: dict[str, VerificationKey] = field(default_factory=dict)
    _fetched_at: float = 0.0
    _tried_at: float = 0.0
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _task: asyncio.Task[None] | None = None

    def resolve(self, kid: str | None) -> VerificationKey | None:
        """The key with this ID, unless the keys are too old to trust."""
        return self._keys.get(kid) if kid is not None and self.usable else None

    @property
    def usable(self) -> bool:
        """Whether there are keys that are not older than a day."""
        return bool(self._keys) and time() - self._fetched_at < STALE_SECONDS

    async def ensure(self, kid: str | None) -> VerificationKey | None:
        """The key with this ID, asking the issuer when it is not known and it is not too soon."""
        key = self.resolve(kid)
        if key is not None or kid is None:
            return key
        async with self._lock:
            if self.resolve(kid) is None and time() - self._tried_at >= REFETCH_SECONDS:
                await self._refresh()
        return self.resolve(kid)

    async def start(self) -> None:
        """Load the copy on disk, fetch once, and go on refreshing in the background."""
        self._load()
        async with self._lock:
            await self._refresh()
        self._task = asyncio.create_task(self._keep_fresh(), name="jwks-refresh")

    async def stop(self) -> None:
        """Stop refreshing."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def _keep_fresh(self) -> None:
        while True:
            lifetime = min(self.lifetime_seconds, self._max_age_seconds)
            fresh = time() - self._fetched_at < lifetime
            await asyncio.sleep(lifetime * REFRESH_AT if fresh else RETRY_SECONDS)
            async with self._lock:
                await self._refresh()

    async def _refresh(self) -> None:
        self._tried_at = time()
        try:
            response = (await self.client.get(self.path)).require(HTTPStatus.OK)
            keys = parse_jwks(response.json())
        except (DomainError, ValueError, KeyError, TypeError, AttributeError) as error:
            log.warning("jwks_refresh_failed", error=type(error).__name__)
            return
        self._replace(keys, time())
        self._max_age_seconds = _max_age(response.headers)
        self._save(response.content)

    def _replace(self, keys: dict[str, VerificationKey], fetched_at: float) -> None:
        if self._keys.keys() - keys.keys():
            self.generation += 1
        self._keys, self._fetched_at = keys, fetched_at

    def _load(self) -> None:
        if self.cache_file is None or not self.cache_file.exists():
            return
        try:
            keys = parse_jwks(json.loads(self.cache_file.read_bytes()))
            self._replace(keys, self.cache_file.stat().st_mtime)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            log.warning("jwks_cache_unreadable", error=type(error).__name__)

    def _save(self, document: bytes) -> None:
        if self.cache_file is None:
            return
        try:
            self.cache_file.parent.mkdir(parents=True, exist_ok=True)
            partial = self.cache_file.with_suffix(f".{os.getpid()}")
            partial.write_bytes(document)
            partial.replace(self.cache_file)  # atomic: a reader never sees half a file
        except OSError as error:
            log.warning("jwks_cache_unwritable", error=type(error).__name__)
