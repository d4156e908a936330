"""The public keys and the issuer's metadata, open to everybody."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse

from auth_service.keys.ring import KeyRing
from auth_service.tokens.issuer import TokenIssuer

JWKS: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "A JSON Web Key Set",
        "content": {
            "application/json": {
                "schema": {"type": "object", "required": ["keys"]},
                "example": {
                    "keys": [
                        {"kty": "EC", "crv": "P-256", "x": "…", "y": "…", "kid": "…", "use": "sig"}
                    ]
                },
            }
        },
    }
}
METADATA: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "Authorization server metadata",
        "content": {
            "application/json": {
                "schema": {"type": "object", "required": ["issuer", "jwks_uri"]},
                "example": {
                    "issuer": "https://court.example",
                    "jwks_uri": "https://court.example/.well-known/jwks.json",
                },
            }
        },
    }
}

router = APIRouter(prefix="/.well-known", tags=["discovery"])


async def current_keys(request: Request) -> KeyRing:
    """The app's keys."""
    keys: KeyRing = request.app.state.keys
    return keys


async def current_issuer(request: Request) -> TokenIssuer:
    """The app's issuer of tokens."""
    issuer: TokenIssuer = request.app.state.issuer
    return issuer


KeysDep = Annotated[KeyRing, Depends(current_keys)]
IssuerDep = Annotated[TokenIssuer, Depends(current_issuer)]


@router.get("/jwks.json", summary="Public keys", responses=JWKS)
async def get_jwks(request: Request, keys: KeysDep) -> JSONResponse:
    """The keys that tokens are verified with (RFC 7517)."""
    return JSONResponse(keys.jwks(), headers=_cached(request))


@router.get("/oauth-authorization-server", summary="The issuer's metadata", responses=METADATA)
async def get_issuer_metadata(request: Request, issuer: IssuerDep) -> JSONResponse:
    """What this issuer can do and where (RFC 8414)."""
    metadata = _metadata(issuer.issuer, request.app.state.public_url)
    return JSONResponse(metadata, headers=_cached(request))


def _cached(request: Request) -> dict[str, str]:
    return {"Cache-Control": f"public, max-age={request.app.state.jwks_seconds}"}


def _metadata(issuer: str, public_url: str) -> dict[str, Any]:
    at = f"{public_url.rstrip('/')}/api/v1/auth"
    client_authentication = ["client_secret_basic", "client_secret_post"]
    return {
        "issuer": issuer,
        "jwks_uri": f"{public_url.rstrip('/')}/.well-known/jwks.json",
        "token_endpoint": f"{at}/token",
        "token_endpoint_auth_methods_supported": client_authentication,
        "introspection_endpoint": f"{at}/introspect",
        "introspection_endpoint_auth_methods_supported": ["bearer"],
        "revocation_endpoint": f"{at}/revoke",
        "revocation_endpoint_auth_methods_supported": ["bearer"],
        "grant_types_supported": ["client_credentials"],
        "response_types_supported": [],
    }
