"""The refusal of too many requests."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, ClassVar

from auth_service.limits.counting import Denial, Limit
from common.errors import DomainError


class RateLimited(DomainError):
    """More requests than a limit allows (RFC 6585, 4).

    Code and fields (draft-ietf-httpapi-ratelimit-headers) are those of the gateway's quotas.
    The body names the limit as well: the gateway overwrites the fields with its own quotas.
    """

    status: ClassVar[HTTPStatus] = HTTPStatus.TOO_MANY_REQUESTS
    code: ClassVar[str] = "quota-exceeded"
    title: ClassVar[str] = "Too many requests; try again later"
    example: ClassVar[Mapping[str, Any]] = {"violated-policies": ["login-account"]}

    @classmethod
    def of(cls, denial: Denial) -> "RateLimited":
        return cls._after(denial.policy.name, denial.policy.limit, denial.retry_after_seconds)

    @classmethod
    def backing_off(cls, seconds: int) -> "RateLimited":
        """The refusal of a sign-in during the back-off after failed ones."""
        return cls._after("login-backoff", Limit(1, seconds), seconds)

    @classmethod
    def _after(cls, name: str, limit: Limit, seconds: int) -> "RateLimited":
        return cls(
            f"Too many attempts; try again in {seconds} s",
            extra={"violated-policies": [name]},
            headers={
                "Retry-After": str(seconds),
                "RateLimit-Policy": f'"{name}";q={limit.requests};w={limit.window_seconds}',
                "RateLimit": f'"{name}";r=0;t={seconds}',
            },
        )
