"""The issuer's keys: at hand, refetched with restraint, kept when the issuer is unavailable."""

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
import stamina
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from jwt.algorithms import ECAlgorithm

from common.http_client import ServiceClient
from common.jwks import JwksKeys, parse_jwks


@pytest.fixture(autouse=True)
def _no_waiting() -> None:
    stamina.set_testing(True, attempts=1)


def public_jwk(kid: str, **changes: Any) -> dict[str, Any]:
    public = generate_private_key(SECP256R1()).public_key()
    jwk: dict[str, Any] = json.loads(ECAlgorithm.to_jwk(public))
    return jwk | {"kid": kid, "alg": "ES256", "use": "sig"} | changes


class Issuer:
    """Answers with its keys, or not at all."""

    def __init__(self, *kids: str) -> None:
        self.keys = {kid: public_jwk(kid) for kid in kids}
        self.unavailable = False
        self.calls = 0
        self.headers: dict[str, str] = {}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.calls += 1
        if self.unavailable:
            raise httpx.ConnectError("refused", request=request)
        keys = {"keys": list(self.keys.values())}
        return httpx.Response(200, json=keys, headers=self.headers)

    def jwks(self, cache_file: Path | None = None) -> JwksKeys:
        client = ServiceClient("http://auth", transport=httpx.MockTransport(self))
        return JwksKeys(client, cache_file=cache_file)


def test_only_usable_signature_keys_are_taken() -> None:
    document = {
        "keys": [
            public_jwk("good"),
            public_jwk("encryption", use="enc"),
            public_jwk("unknown-algorithm", alg="none"),
            {"kty": "oct", "kid": "shared", "alg": "HS256", "k": "AAAA"},
            public_jwk("broken", x="AA"),
        ]
    }
    assert list(parse_jwks(document)) == ["good"]


async def test_many_unknown_key_ids_cause_one_fetch() -> None:
    issuer = Issuer("k1")
    keys = issuer.jwks()
    found = await asyncio.gather(*(keys.ensure(f"made-up-{n}") for n in range(50)))
    assert found == [None] * 50
    assert issuer.calls == 1
    assert keys.resolve("k1") is not None


async def test_keys_stay_when_the_issuer_is_unavailable() -> None:
    issuer = Issuer("k1")
    keys = issuer.jwks()
    await keys.start()
    issuer.unavailable = True
    try:
        await keys.ensure("unknown")
        assert keys.resolve("k1") is not None
    finally:
        await keys.stop()


async def test_a_cold_start_without_the_issuer_uses_the_copy_on_disk(tmp_path: Path) -> None:
    issuer, file = Issuer("k1"), tmp_path / "jwks.json"
    warm = issuer.jwks(file)
    await warm.start()
    await warm.stop()
    issuer.unavailable = True
    cold = issuer.jwks(file)
    await cold.start()
    try:
        assert cold.resolve("k1") is not None
    finally:
        await cold.stop()


async def test_a_broken_copy_on_disk_is_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "jwks.json"
    file.write_text("{not json")
    keys = Issuer("k1").jwks(file)
    await keys.start()
    try:
        assert keys.resolve("k1") is not None
    finally:
        await keys.stop()


async def test_a_key_that_leaves_starts_a_new_generation(monkeypatch: pytest.MonkeyPatch) -> None:
    issuer = Issuer("k1", "k2")
    keys = issuer.jwks()
    monkeypatch.setattr("common.jwks.REFETCH_SECONDS", 0.0)
    await keys.ensure("k1")
    issuer.keys["k3"] = public_jwk("k3")
    await keys.ensure("k3")
    assert keys.generation == 0
    del issuer.keys["k1"]
    await keys.ensure("unknown")
    assert keys.generation == 1
    assert keys.resolve("k1") is None


@pytest.mark.parametrize("field", ["public, max-age=1", "MAX-AGE=0", "no-cache, max-age=1"])
async def test_the_issuer_may_want_its_keys_fetched_again_sooner(field: str) -> None:
    issuer = Issuer("k1")
    issuer.headers = {"Cache-Control": field}
    keys = issuer.jwks()
    await keys.start()
    try:
        issuer.keys["k2"] = public_jwk("k2")
        async with asyncio.timeout(5):
            while keys.resolve("k2") is None:  # noqa: ASYNC110 - fetched in the background
                await asyncio.sleep(0.01)
    finally:
        await keys.stop()


@pytest.mark.parametrize("field", ["public", "s-max-age=x", "max-age=99999"])
async def test_keys_are_stored_no_longer_than_configured(field: str) -> None:
    issuer = Issuer("k1")
    issuer.headers = {"Cache-Control": field}
    keys = issuer.jwks()
    keys.lifetime_seconds = 0.05
    await keys.start()
    try:
        async with asyncio.timeout(5):
            while issuer.calls < 3:  # noqa: ASYNC110 - fetched in the background
                await asyncio.sleep(0.01)
    finally:
        await keys.stop()
