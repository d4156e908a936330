"""For `make rotate`, on the stack's own network: sets Valkey's passwords, or proves a rotation.

Standard input has what to do as JSON: {"redis": [password, …]} or {"prove": {name: value, …}},
where a value is that of `make_secrets.py swap`.
"""

import asyncio
import json
import sys

from common.redis_passwords import set_passwords
from common.secret_proofs import faults
from common.secret_values import SecretValue

REDIS = "redis://redis:6379/0"
SERVERS = {
    "auth_service_database_password": "postgresql://auth_service@postgres:5432/auth",
    "auth_database_password": "postgresql://auth@postgres:5432/auth",
    "core_service_database_password": "postgresql://core_service@postgres:5432/core",
    "core_database_password": "postgresql://core@postgres:5432/core",
    "postgres_password": "postgresql://postgres@postgres:5432/postgres",
    "redis_password": REDIS,
    "core_client_secret": "http://auth:8000",
}


async def main() -> None:
    """Print a line for each fault, as JSON."""
    wanted = json.load(sys.stdin)
    if "redis" in wanted:
        await set_passwords(REDIS, wanted["redis"])
    proved = {
        name: (SERVERS[name], SecretValue.read(value))
        for name, value in wanted.get("prove", {}).items()
        if name in SERVERS
    }
    print(json.dumps(await faults(proved)))  # noqa: T201 - for `masijala rotate`


if __name__ == "__main__":
    asyncio.run(main())
