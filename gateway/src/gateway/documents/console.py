"""`/`: the console, as it was built from `frontend/` into a folder and with which policy."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

HeaderList = list[tuple[bytes, bytes]]

PREFIX: Final = "/assets/"
_MEDIA_TYPES: Final = {
    ".css": b"text/css; charset=utf-8",
    ".js": b"text/javascript; charset=utf-8",
    ".svg": b"image/svg+xml",
}
# The smaller one first.
_ENCODINGS: Final = ((b"br", ".br"), (b"gzip", ".gz"))
_NO_SNIFF: Final = (b"x-content-type-options", b"nosniff")
# A name with a hash of the content in it means the same bytes for ever.
_HASHED: Final = re.compile(r"-[\w-]{8}\.\w+$")
_FOR_EVER: Final = (b"cache-control", b"public, max-age=31536000, immutable")
_FOR_A_DAY: Final = (b"cache-control", b"public, max-age=86400")
_NONCE: Final = b'property="csp-nonce" content=""'
# Scripts are files. Components write style elements, which the nonce of this answer allows.
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True)
class Console:
    """Its page and assets, in memory; without a page, no console was built."""

    page: bytes | None = None
    assets: Mapping[str, bytes] = field(default_factory=dict)

    @classmethod
    def read(cls, folder: Path | None) -> Self:
        """All files of the folder."""
        if folder is None or not (folder / "index.html").is_file():
            return cls()
        files = (path for path in (folder / "assets").iterdir() if path.is_file())
        assets = {PREFIX + path.name: path.read_bytes() for path in files}
        return cls((folder / "index.html").read_bytes(), assets)

    def index(self) -> tuple[HeaderList, bytes] | None:
        """The page, for any path of the console's: it finds its way by itself."""
        if self.page is None:
            return None
        nonce = secrets.token_urlsafe(16)
        headers = [
            (b"content-type", b"text/html; charset=utf-8"),
            (b"cache-control", b"no-store"),
            (b"content-security-policy", _POLICY.format(nonce=nonce).encode()),
            (b"referrer-policy", b"no-referrer"),
            _NO_SNIFF,
        ]
        named = b'property="csp-nonce" nonce="%s"' % nonce.encode()
        return headers, self.page.replace(_NONCE, named)

    def asset(self, path: str, accepted: bytes) -> tuple[HeaderList, bytes] | None:
        """A file, in the smallest form that the client accepts; None when there is none."""
        media_type = _MEDIA_TYPES.get(Path(path).suffix)
        if media_type is None or path not in self.assets:
            return None
        caching = _FOR_EVER if _HASHED.search(path) else _FOR_A_DAY
        headers = [(b"content-type", media_type), (b"vary", b"Accept-Encoding"), caching, _NO_SNIFF]
        for encoding, suffix in _ENCODINGS:
            if encoding in accepted and path + suffix in self.assets:
                return [*headers, (b"content-encoding", encoding)], self.assets[path + suffix]
        return headers, self.assets[path]
