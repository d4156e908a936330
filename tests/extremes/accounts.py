"""A valid call of every operation of auth, and what ends the caller's session or account."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from auth_operations import ENDS_THE_SESSION, UNKNOWN_TOKEN, AuthIds, auth_body
from extremes.variations import Call

from testkit.core.calls import Operation

CLIENT: Final = "extremes"
# Many wrong passwords lock the account.
ENDING: Final = ENDS_THE_SESSION | {"POST /auth/password/change"}


@dataclass(frozen=True, slots=True)
class Accounts:
    """What auth's operations are called about, and the credentials that they need."""

    ids: AuthIds
    client_secret: str
    token: str


def auth_call(
    operation: Operation, template: str, document: Mapping[str, Any], known: Accounts
) -> Call:
    """The valid call of an operation of auth."""
    return Call(
        operation.method,
        template,
        ids=known.ids.by_name(),
        headers={"if-match": b'"1"'} if operation.takes("If-Match") else {},
        body=auth_body(operation, document),
        form=_forms(known).get(operation.name),
    )


def _forms(known: Accounts) -> Mapping[str, Mapping[str, str]]:
    return {
        "POST /auth/token": {
            "grant_type": "client_credentials",
            "resource": "auth",
            "scope": "tokens:introspect",
            "client_id": CLIENT,
            "client_secret": known.client_secret,
        },
        "POST /auth/introspect": {"token": known.token},
        "POST /auth/revoke": {"token": UNKNOWN_TOKEN},
    }
