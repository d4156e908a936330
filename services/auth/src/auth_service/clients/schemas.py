"""Answers of the token endpoint, as RFC 6749 has them."""

from pydantic import BaseModel, ConfigDict


class ServiceTokenAnswer(BaseModel):
    """A service token (RFC 6749, 5.1)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "access_token": "eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJ…",
                    "token_type": "Bearer",
                    "expires_in": 300,
                    "scope": "users:read",
                }
            ]
        }
    )

    access_token: str
    token_type: str = "Bearer"  # noqa: S105 - the scheme's name
    expires_in: int
    scope: str


class TokenErrorAnswer(BaseModel):
    """A refusal (RFC 6749, 5.2)."""

    error: str
    error_description: str
