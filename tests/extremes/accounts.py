"""A valid call of every operation of auth, and what ends the caller's session or account."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from extremes.variations import Call

CLIENT: Final = "extremes"
ENDING: Final = frozenset(
    {
        "POST /api/v1/auth/logout",
        "DELETE /api/v1/auth/sessions",
        "DELETE /api/v1/auth/sessions/{session_id}",
        "POST /api/v1/auth/password/change",
    }
)
NOBODY: Final = "nobody@masijala.example"
WRONG: Final = "seven brown owls under the old bridge"


@dataclass(frozen=True, slots=True)
class Accounts:
    """What auth's operations are called about."""

    user_id: str
    grant_id: str
    session_id: str
    client_key: str
    client_secret: str
    token: str


def auth_calls(known: Accounts) -> dict[str, Call]:
    """The valid calls by operation."""
    ids = {
        "user_id": known.user_id,
        "grant_id": known.grant_id,
        "session_id": known.session_id,
        "client_key": known.client_key,
    }
    found = {}
    for name, options in _options(known).items():
        method, template = name.split()
        if_match = {"if-match": b'"1"'} if name in VERSIONED else {}
        found[name] = Call(method, template, ids=ids, headers=if_match, **options)
    return found


VERSIONED: Final = frozenset(
    {
        "PATCH /api/v1/auth/me",
        "PATCH /api/v1/users/{user_id}",
        "DELETE /api/v1/service-clients/{client_key}",
    }
)
READS: Final = (
    "/api/v1/auth/me",
    "/api/v1/auth/sessions",
    "/api/v1/users",
    "/api/v1/users/{user_id}",
    "/api/v1/users/{user_id}/grants",
    "/api/v1/users/{user_id}/sessions",
    "/api/v1/service-clients",
    "/api/v1/service-clients/{client_key}",
    "/api/v1/auth/activity",
    "/api/v1/audit-events",
    "/api/v1/audit-events/export",
    "/.well-known/jwks.json",
    "/.well-known/oauth-authorization-server",
)
PLAIN: Final = (
    "DELETE /api/v1/auth/sessions",
    "DELETE /api/v1/auth/sessions/{session_id}",
    "DELETE /api/v1/users/{user_id}/grants/{grant_id}",
    "DELETE /api/v1/users/{user_id}/sessions",
    "DELETE /api/v1/users/{user_id}/sessions/{session_id}",
    "POST /api/v1/users/{user_id}/password-reset",
    "POST /api/v1/service-clients/{client_key}/rotate-secret",
    "DELETE /api/v1/service-clients/{client_key}",
)


def _options(known: Accounts) -> Mapping[str, dict[str, Any]]:
    grant = {"role": "viewer", "courts": [known.user_id]}
    secret = {"client_id": CLIENT, "client_secret": known.client_secret}
    bodies: dict[str, dict[str, Any]] = {
        "POST /api/v1/auth/login": {"email": NOBODY, "password": WRONG, "device_name": "Counter"},
        "POST /api/v1/auth/refresh": {"refresh_token": "a" * 43},
        "POST /api/v1/auth/logout": {"refresh_token": "a" * 43},
        "PATCH /api/v1/auth/me": {"name": "Extreme Caller"},
        "POST /api/v1/auth/password/change": {"current_password": WRONG, "new_password": WRONG},
        "POST /api/v1/auth/password/forgot": {"email": NOBODY},
        "POST /api/v1/auth/password/reset": {"token": "a" * 43, "new_password": WRONG},
        "POST /api/v1/users": {
            "email": "new@masijala.example",
            "name": "New",
            "grants": [{**grant, "expires_at": "2199-01-01T00:00:00Z"}],
        },
        "PATCH /api/v1/users/{user_id}": {"name": "Other", "is_active": True},
        "POST /api/v1/users/{user_id}/grants": grant,
        "POST /api/v1/service-clients": {
            "client_id": "further",
            "scopes": ["users:read"],
            "audiences": ["auth"],
        },
    }
    forms = {
        "POST /api/v1/auth/token": {
            "grant_type": "client_credentials",
            "resource": "auth",
            "scope": "tokens:introspect",
            **secret,
        },
        "POST /api/v1/auth/introspect": {"token": known.token},
        "POST /api/v1/auth/revoke": {"token": "a" * 43},
    }
    return {
        **{f"GET {path}": {} for path in READS},
        **{name: {} for name in PLAIN},
        **{name: {"body": body} for name, body in bodies.items()},
        **{name: {"form": form} for name, form in forms.items()},
    }
