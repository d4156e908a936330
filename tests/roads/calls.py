"""A call of every operation of the merged OpenAPI, about a planted subject."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from roads.people import PASSWORD
from roads.planting import NEXT_ON, Planted, Planting

from core_service.testing import calls as of_core
from core_service.testing.calls import Call, Operation

# The scene of core's own tests lies some months back; what must be to come is moved.
MOVED_DATES: Final = {"2026-08-03": NEXT_ON, "2026-07-14": NEXT_ON, "2026-07-09": NEXT_ON}
SECRET: Final = {"client_id": "planted", "client_secret": "not-the-secret-of-any-client"}
# Bodies that would end the session, or change the password, that the walk goes on with.
HARMLESS: Final[Mapping[str, Mapping[str, Any]]] = {
    "POST /auth/login": {"email": "nobody@roads.example", "password": PASSWORD},
    "POST /auth/refresh": {"refresh_token": "A" * 43},
    "POST /auth/logout": {"refresh_token": "A" * 43},
    "POST /auth/password/change": {"current_password": "wrong", "new_password": PASSWORD + "s"},
    "POST /auth/password/reset": {"token": "A" * 43, "new_password": PASSWORD},
    "POST /auth/password/forgot": {"email": "nobody@roads.example"},
}
FORMS: Final[Mapping[str, Mapping[str, str]]] = {
    "POST /auth/token": {"grant_type": "client_credentials", "resource": "core", **SECRET},
    "POST /auth/introspect": {"token": "a.b.c", **SECRET},
    "POST /auth/revoke": {"token": "a.b.c", **SECRET},
}
ENDS_THE_SESSION: Final = {
    "POST /auth/logout",
    "DELETE /auth/sessions",
    "DELETE /auth/sessions/{session_id}",
}
# Here a 401 speaks of the credentials in the body, not of the caller.
BY_OTHER_CREDENTIALS: Final = {*FORMS, "POST /auth/login", "POST /auth/refresh"}


@dataclass(frozen=True, slots=True)
class AuthIds:
    """Whose account the calls of auth are about."""

    user_id: str
    session_id: str
    grant_id: str
    client_key: str

    def ids(self) -> dict[str, str]:
        """By the names of the paths' parameters."""
        return {
            "user_id": self.user_id,
            "session_id": self.session_id,
            "grant_id": self.grant_id,
            "client_key": self.client_key,
        }


def call(
    operation: Operation,
    document: Mapping[str, Any],
    planting: Planting,
    planted: Planted,
    auth: AuthIds,
) -> Call:
    """The call of an operation; raises KeyError for one that is not known here."""
    if _is_of_core(operation):
        made = of_core.call(operation, planting.scene, planted.subject)
        return Call(made.method, made.path, _moved(made.options))
    path = operation.path.format(**auth.ids())
    options: dict[str, Any] = {}
    if operation.name in FORMS:
        options["data"] = FORMS[operation.name]
    elif operation.name in HARMLESS:
        options["json"] = HARMLESS[operation.name]
    elif "requestBody" in operation.spec:
        options["json"] = _example(operation, document)
    return Call(operation.method, path, options)


def _is_of_core(operation: Operation) -> bool:
    first = operation.path.split("/")[1]
    return first not in {
        "auth",
        "users",
        "audit-events",
        "service-clients",
        ".well-known",
        "system",
    }


def _moved(options: Mapping[str, Any]) -> dict[str, Any]:
    moved = dict(options)
    for part in ("json", "params"):
        if part in moved:
            text = json.dumps(moved[part])
            for old, new in MOVED_DATES.items():
                text = text.replace(old, new)
            moved[part] = json.loads(text)
    return moved


def _example(operation: Operation, document: Mapping[str, Any]) -> dict[str, Any]:
    schema = operation.spec["requestBody"]["content"]["application/json"]["schema"]
    choices = schema.get("anyOf", [schema])
    name = next(each["$ref"] for each in choices if "$ref" in each).rpartition("/")[2]
    example: dict[str, Any] = dict(document["components"]["schemas"][name]["examples"][0])
    if "email" in example:
        example["email"] = f"{uuid4()}@roads.example"
    return example
