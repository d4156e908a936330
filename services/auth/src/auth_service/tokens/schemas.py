"""The answer of introspection, as RFC 7662 has it."""

from pydantic import BaseModel, ConfigDict


class IntrospectionAnswer(BaseModel):
    """For a good token its claims; for any other nothing but `active: false`."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "examples": [
                {
                    "active": True,
                    "token_type": "Bearer",
                    "sub": "0199f3a3-3333-7d2a-9d5b-3f6a1c2b4d5e",
                    "aud": "masijala",
                    "exp": 1767600600,
                },
                {"active": False},
            ]
        },
    )

    active: bool
