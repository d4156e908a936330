"""What the gateway's tests share: an issuer, settings, and a policy over fakes."""

import pytest

from testkit.gateway.issuer import FixedKeys, Issuer


@pytest.fixture(scope="session")
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture
def keys(issuer: Issuer) -> FixedKeys:
    return FixedKeys(issuer)
