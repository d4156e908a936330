"""OAuth form bodies (RFC 6749, appendix B), read strictly: no parameter may come twice."""

import base64
import binascii
from typing import Final
from urllib.parse import unquote_plus

from starlette.requests import Request

from auth_service.clients.errors import TokenRequestRefused, invalid_client

FORM: Final = "application/x-www-form-urlencoded"
MAX_BYTES: Final = 32_768


async def read_form(request: Request) -> dict[str, str]:
    """The parameters; empty ones count as left out. Raises TokenRequestRefused."""
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
