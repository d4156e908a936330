"""The public keys and the issuer's metadata, without authentication."""

from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse

from auth_service.keys.issuer import KeyRing
from common.composition import lasting

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


@dataclass(frozen=True, slots=True)
class Discovery:
    """Where clients find this issuer, and how long they may cache its keys."""

    issuer: str
    public_url: str
    jwks_seconds: int

    @property
    def headers(self) -> dict[str, str]:
        return {"Cache-Control": f"public, max-age={self.jwks_seconds}"}

    def metadata(self) -> dict[str, Any]:
        """The members of RFC 8414, 2."""
        base = self.public_url.rstrip("/")
        client_authentication = ["client_secret_basic", "client_secret_post"]
        return {
            "issuer": self.issuer,
            "jwks_uri": f"{base}/.well-known/jwks.json",
            "token_endpoint": f"{base}/api/v1/auth/token",
            "token_endpoint_auth_methods_supported": client_authentication,
            "introspection_endpoint": f"{base}/api/v1/auth/introspect",
            "introspection_endpoint_auth_methods_supported": ["bearer"],
            "revocation_endpoint": f"{base}/api/v1/auth/revoke",
            "revocation_endpoint_auth_methods_supported": ["bearer"],
            "grant_types_supported": ["client_credentials"],
            "response_types_supported": [],
        }


KeysDep = Annotated[KeyRing, Depends(lasting(KeyRing))]
DiscoveryDep = Annotated[Discovery, Depends(lasting(Discovery))]

router = APIRouter(prefix="/.well-known", tags=["discovery"])


@router.get("/jwks.json", summary="Public keys", responses=JWKS)
async def get_jwks(keys: KeysDep, discovery: DiscoveryDep) -> JSONResponse:
    """The keys that tokens are verified with (RFC 7517)."""
    return JSONResponse(keys.jwks(), headers=discovery.headers)


@router.get("/oauth-authorization-server", summary="The issuer's metadata", responses=METADATA)
async def get_issuer_metadata(discovery: DiscoveryDep) -> JSONResponse:
    """What this issuer can do and where (RFC 8414)."""
    return JSONResponse(discovery.metadata(), headers=discovery.headers)
