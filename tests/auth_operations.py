"""Parameters and bodies for tests that call every operation of auth on a running stack."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final
from uuid import uuid4

from testkit.core.calls import Operation

UNKNOWN_EMAIL: Final = "unknown@masijala.example"
WRONG: Final = "seven brown owls under the old bridge"
UNKNOWN_ID: Final = "0199f3a2-7c1e-7d2a-9d5b-3f6a1c2b4d5e"
UNKNOWN_TOKEN: Final = "a" * 43
# Bodies that change neither the session nor the password of the test's account.
HARMLESS: Final[Mapping[str, Mapping[str, Any]]] = {
    "POST /auth/login": {"email": UNKNOWN_EMAIL, "password": WRONG, "device_name": "Counter"},
    "POST /auth/refresh": {"refresh_token": UNKNOWN_TOKEN},
    "POST /auth/logout": {"refresh_token": UNKNOWN_TOKEN},
    "POST /auth/password/change": {"current_password": WRONG, "new_password": WRONG + "s"},
    "POST /auth/password/reset": {"token": UNKNOWN_TOKEN, "new_password": WRONG},
    "POST /auth/password/forgot": {"email": UNKNOWN_EMAIL},
    "POST /auth/email/change": {"email": UNKNOWN_EMAIL, "current_password": WRONG},
}
ENDS_THE_SESSION: Final = frozenset(
    {
        "POST /auth/logout",
        "DELETE /auth/sessions",
        "DELETE /auth/sessions/{session_id}",
    }
)


@dataclass(frozen=True, slots=True)
class AuthIds:
    """The values of the paths' parameters."""

    user_id: str
    session_id: str
    grant_id: str
    client_key: str
    factor_id: str = UNKNOWN_ID
    group_id: str = UNKNOWN_ID
    identity_id: str = UNKNOWN_ID
    mapping_id: str = UNKNOWN_ID
    provider: str = "unknown"

    def by_name(self) -> dict[str, str]:
        """As the values of a path's template."""
        return asdict(self)


def auth_body(operation: Operation, document: Mapping[str, Any]) -> dict[str, Any] | None:
    """The JSON body of an operation, if it takes one: a harmless one, or its first example."""
    content = operation.spec.get("requestBody", {}).get("content", {})
    if "application/json" not in content:
        return None
    if operation.name in HARMLESS:
        return dict(HARMLESS[operation.name])
    schema = content["application/json"]["schema"]
    choices = schema.get("anyOf", [schema])
    name = next(each["$ref"] for each in choices if "$ref" in each).rpartition("/")[2]
    example: dict[str, Any] = dict(document["components"]["schemas"][name]["examples"][0])
    if "email" in example:
        example["email"] = f"{uuid4()}@masijala.example"
    return example
