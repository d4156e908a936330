"""What OAuth's endpoints share: form bodies, and refusals in the words of RFC 6749, 5.2."""

import base64
import binascii
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import unquote_plus

from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.requests import Request

FORM: Final = "application/x-www-form-urlencoded"
MAX_BYTES: Final = 32_768


class TokenErrorAnswer(BaseModel):
    """A refusal (RFC 6749, 5.2)."""

    error: str
    error_description: str


class TokenRequestRefused(Exception):
    """The answer is `{"error": …, "error_description": …}` instead of a problem."""

    def __init__(
        self, error: str, description: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST
    ) -> None:
        super().__init__(description)
        self.error = error
        self.description = description
        self.status = status

    def response(self, headers: dict[str, str] | None = None) -> JSONResponse:
        answer = TokenErrorAnswer(error=self.error, error_description=self.description)
        return JSONResponse(answer.model_dump(), status_code=self.status, headers=headers)


def invalid_client() -> TokenRequestRefused:
    """The same for an unknown client, a wrong secret and an inactive client."""
    return TokenRequestRefused(
        "invalid_client", "the client's credentials are wrong", HTTPStatus.UNAUTHORIZED
    )


def challenge(refused: TokenRequestRefused) -> dict[str, str]:
    """The header of a refusal of client credentials (RFC 6749, 5.2)."""
    unauthorized = refused.status is HTTPStatus.UNAUTHORIZED
    return {"WWW-Authenticate": 'Basic realm="token"'} if unauthorized else {}


async def read_form(request: Request) -> dict[str, str]:
    """The parameters; empty ones are ignored, repeated ones refused (RFC 6749, appendix B).

    Raises TokenRequestRefused.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != FORM:
        raise TokenRequestRefused("invalid_request", f"the body must be {FORM}")
    if len(await request.body()) > MAX_BYTES:
        raise TokenRequestRefused("invalid_request", "the body is too large")
    pairs = (await request.form()).multi_items()
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names):
        raise TokenRequestRefused("invalid_request", "a parameter came twice")
    form = {name: value for name, value in pairs if isinstance(value, str) and value}
    if any("\x00" in value for value in form.values()):
        raise TokenRequestRefused("invalid_request", "a parameter holds a NUL character")
    return form


def client_credentials(request: Request, form: dict[str, str]) -> tuple[str, str]:
    """The client's ID and secret, from the header or the form but not from both."""
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    in_form = form.get("client_id"), form.get("client_secret")
    if scheme.lower() == "basic":
        if in_form[1] is not None:
            raise TokenRequestRefused("invalid_request", "credentials came in two ways")
        return _basic(encoded)
    if scheme or in_form[0] is None or in_form[1] is None:
        raise invalid_client()
    return in_form[0], in_form[1]


def _basic(encoded: str) -> tuple[str, str]:
    try:
        pair = base64.b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise invalid_client() from error
    client_id, _, secret = (unquote_plus(part) for part in pair.partition(":"))
    if not client_id or "\x00" in client_id:
        raise invalid_client()
    return client_id, secret


def token_errors(description: str, *errors: str) -> dict[str, Any]:
    """A refusal in the description of the API."""
    examples = {
        error: {
            "summary": error,
            "value": {"error": error, "error_description": "what is wrong"},
        }
        for error in errors
    }
    return {
        "description": description,
        "model": TokenErrorAnswer,
        "content": {
            "application/json": {
                "schema": {"$ref": f"#/components/schemas/{TokenErrorAnswer.__name__}"},
                "examples": examples,
            }
        },
    }


def form_body(example: dict[str, str], required: str, **properties: Any) -> dict[str, Any]:
    """A form in the description of the API."""
    schema = {"type": "object", "required": [required], "properties": properties}
    content = {FORM: {"schema": schema, "example": example}}
    return {"requestBody": {"required": True, "content": content}}
