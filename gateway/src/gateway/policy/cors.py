"""What pages of allowed origins may send and read (Fetch standard, 3.2).

The policy answers preflights by it, and Traefik all other requests.
"""

from typing import Final

MAX_AGE_SECONDS: Final = 7200
METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
EXPOSED: Final = (
    *("X-Request-ID", "RateLimit", "RateLimit-Policy", "Retry-After", "ETag", "Location", "Link"),
    *("Content-Disposition", "Deprecation", "Sunset"),
)
