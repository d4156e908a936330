"""`/docs`: Swagger UI (Apache-2.0) from a package, in a page of ours that signs people in."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

PAGE: Final = "index.html"
_MEDIA_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".png": "image/png",
}
_OWN: Final = (PAGE, "page.css", "page.js")
_PACKAGED: Final = ("swagger-ui-bundle.js", "swagger-ui.css", "favicon-32x32.png")
# The styles' pictures are data URLs. No inline style or script: Swagger UI needs neither.
CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is served."""

    content: bytes
    media_type: str
    etag: str


def read_assets() -> dict[str, Asset]:
    """The page and everything that it loads, by path."""
    return {f"/docs/{path.name}".removesuffix(f"/{PAGE}"): _read(path) for path in _paths()}


def _paths() -> Iterator[Traversable]:
    own, packaged = files(__name__), files("fastapi_swagger") / "resources"
    yield from (own / name for name in _OWN)
    yield from (packaged / name for name in _PACKAGED)


def _read(path: Traversable) -> Asset:
    content = path.read_bytes()
    suffix = path.name[path.name.rindex(".") :]
    return Asset(content, _MEDIA_TYPES[suffix], f'"{sha256(content).hexdigest()[:16]}"')
