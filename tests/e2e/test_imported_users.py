"""Users of an older system: imported by the command line, signed in through the gateway."""

import subprocess
from pathlib import Path
from uuid import uuid4

import httpx
import psycopg
import pytest
from e2e.targets import Processes, Target
from passlib.context import CryptContext

from devstack.environment import auth_environment
from devstack.provisioning import auth_command

pytestmark = pytest.mark.e2e

OLD_PASSWORD = "an old one"
# Cheap, as no older system would have them: what they cost is no subject here.
OLDER = CryptContext(["bcrypt", "pbkdf2_sha256"], bcrypt__rounds=4, pbkdf2_sha256__rounds=1000)


def stored_hash(target: Processes, email: str) -> str:
    with psycopg.connect(target.stack.wiring.auth_database_url) as connection:
        query = "SELECT password_hash FROM users WHERE email = %s"
        row = connection.execute(query, [email]).fetchone()
    assert row is not None
    return str(row[0])


@pytest.mark.parametrize("scheme", ["bcrypt", "pbkdf2_sha256"])
def test_an_imported_user_signs_in_with_the_old_password_and_is_rehashed(
    target: Target, anyone: httpx.Client, tmp_path: Path, scheme: str
) -> None:
    if not isinstance(target, Processes):
        pytest.skip("reads the database of a stack of processes")
    email, file = f"{uuid4()}@court.example", tmp_path / "users.csv"
    old = OLDER.handler(scheme).hash(OLD_PASSWORD)
    file.write_text(f"email,name,password_hash,role,courts\n{email},Amina Wanja,{old},viewer,*\n")
    done = subprocess.run(  # noqa: S603 - our own command
        auth_command("import-users", str(file)),
        env=auth_environment(target.stack.wiring),
        check=True,
        capture_output=True,
        text=True,
    )
    assert "1 created" in done.stdout
    assert stored_hash(target, email) == old
    answers = [
        anyone.post("/api/v1/auth/login", json={"email": email, "password": password})
        for password in ("not that", OLD_PASSWORD, OLD_PASSWORD)
    ]
    assert [answer.status_code for answer in answers] == [401, 200, 200]
    assert "$argon2id$" in stored_hash(target, email)  # under a pepper
    headers = {"Authorization": f"Bearer {answers[-1].json()['access_token']}"}
    assert anyone.get("/api/v1/cases?limit=1", headers=headers).status_code == 200
