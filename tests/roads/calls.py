"""A call of every operation of the merged OpenAPI, about a planted subject."""

import json
from collections.abc import Mapping
from typing import Any, Final

from auth_operations import AuthIds, auth_body
from roads.planting import NEXT_ON, Planted, Planting

from testkit.core import calls as of_core
from testkit.core.calls import Call, Operation
from testkit.core.permissions import RULES

# The scene of core's own tests lies some months back; what must be to come is moved.
MOVED_DATES: Final = {"2026-08-03": NEXT_ON, "2026-07-14": NEXT_ON, "2026-07-09": NEXT_ON}
SECRET: Final = {"client_id": "planted", "client_secret": "not-the-secret-of-any-client"}
FORMS: Final[Mapping[str, Mapping[str, str]]] = {
    "POST /auth/token": {"grant_type": "client_credentials", "resource": "core", **SECRET},
    "POST /auth/introspect": {"token": "a.b.c", **SECRET},
    "POST /auth/revoke": {"token": "a.b.c", **SECRET},
}
# Here a 401 speaks of the credentials in the body, not of the caller.
BY_OTHER_CREDENTIALS: Final = {
    *FORMS,
    *("POST /auth/login", "POST /auth/login/factor", "POST /auth/login/enrolment"),
    *("POST /auth/refresh", "POST /auth/oidc/token"),
}


def call(
    operation: Operation,
    document: Mapping[str, Any],
    planting: Planting,
    planted: Planted,
    auth: AuthIds,
) -> Call:
    """The call of an operation; raises KeyError for an unknown parameter of its path."""
    if operation.name in RULES:
        made = of_core.call(operation, planting.scene, planted.subject)
        return Call(made.method, made.path, _moved(made.options))
    options: dict[str, Any] = {}
    body = auth_body(operation, document)
    if body is not None:
        options["json"] = body
    elif operation.name in FORMS:
        options["data"] = FORMS[operation.name]
    return Call(operation.method, operation.path.format(**auth.by_name()), options)


def _moved(options: Mapping[str, Any]) -> dict[str, Any]:
    moved = dict(options)
    for part in ("json", "params"):
        if part in moved:
            text = json.dumps(moved[part])
            for old, new in MOVED_DATES.items():
                text = text.replace(old, new)
            moved[part] = json.loads(text)
    return moved
