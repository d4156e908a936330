"""Errors of the token endpoint in the words of RFC 6749, 5.2, and RFC 8707, 2; others as ours."""

from http import HTTPStatus
from typing import ClassVar, Final

from common.errors import Conflict


class TokenRequestRefused(Exception):
    """The answer is `{"error": …, "error_description": …}`, not a problem: clients expect so."""

    def __init__(
        self, error: str, description: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST
    ) -> None:
        super().__init__(description)
        self.error = error
        self.description = description
        self.status = status


def invalid_client() -> TokenRequestRefused:
    """Unknown client, wrong secret or switched off: all look alike."""
    return TokenRequestRefused(
        "invalid_client", "the client's credentials are wrong", HTTPStatus.UNAUTHORIZED
    )


class ClientIdTaken(Conflict):
    """Another client has this name."""

    code: ClassVar[str] = "client-id-taken"
    title: ClassVar[str] = "Another service client has this client_id"


CONSTRAINTS: Final = {"uq_service_clients_client_id": ClientIdTaken}
