"""Answers of the token endpoint, as RFC 6749 has them."""

from pydantic import BaseModel


class ServiceTokenAnswer(BaseModel):
    """A service token (RFC 6749, 5.1)."""

    access_token: str
    token_type: str = "Bearer"  # noqa: S105 - the scheme's name
    expires_in: int
    scope: str


class TokenErrorAnswer(BaseModel):
    """A refusal (RFC 6749, 5.2)."""

    error: str
    error_description: str
