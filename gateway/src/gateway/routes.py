"""The public surface: which path and method goes where, who may call it, what it costs and holds.

A pattern is an exact path, or a prefix written `/prefix/*` that covers the prefix itself and what
lies below it. The longest pattern wins; one whose methods do not fit yields to the next.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from common.identity import Role

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
READ: Final = ("GET", "HEAD")
CHANGE: Final = ("POST", "PUT", "PATCH", "DELETE")


class AuthRequirement(StrEnum):
    """What a route asks of the caller."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    PUBLIC = "public"


class RateClass(StrEnum):
    """Which quota a route spends in addition to those of its user and address."""

    LOGIN = "login"
    TOKEN = "token"  # noqa: S105 - the name of a class of routes
    WRITE = "write"
    READ = "read"
    UPLOAD = "upload"


class BodyClass(StrEnum):
    """How large a request's body may be."""

    JSON = "json"
    UPLOAD = "upload"


class Upstream(StrEnum):
    """Who answers; the values of services are also the audiences of their assertions."""

    AUTH = "auth"
    CORE = "core"
    GATEWAY = "gateway"


@dataclass(frozen=True, slots=True)
class Route:
    """One row of the table.

    `administration` asks for a live revocation check even on reads. `forwards_authorization` leaves
    the header to the upstream, for clients that authenticate themselves there (RFC 6749, 2.3.1).
    `roles` lets in only tokens with one of these roles, on whichever court; empty means any.
    `names_expired` tells the upstream whose an expired token was, without its grants: to sign out.
    `open_in_maintenance` serves everybody even then, so that administrators can sign in.
    `refusal_page` is the console's page that says to a browser why a quota refuses it.
    """

    name: str
    path: str
    methods: tuple[str, ...]
    upstream: Upstream
    auth: AuthRequirement = AuthRequirement.REQUIRED
    rate: RateClass = RateClass.READ
    body: BodyClass = BodyClass.JSON
    administration: bool = False
    forwards_authorization: bool = False
    roles: tuple[Role, ...] = ()
    names_expired: bool = False
    open_in_maintenance: bool = False
    refusal_page: str | None = None
    changes: bool = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "changes", not SAFE_METHODS.issuperset(self.methods))


def _public(name: str, path: str, upstream: Upstream, *, always: bool = False) -> Route:
    auth = AuthRequirement.PUBLIC
    return Route(name, path, READ, upstream, auth, open_in_maintenance=always)


def _sign_in(name: str, path: str, rate: RateClass, *, always: bool = False) -> Route:
    auth = AuthRequirement.PUBLIC
    return Route(name, path, ("POST",), Upstream.AUTH, auth, rate, open_in_maintenance=always)


def _client(name: str, path: str) -> Route:
    return Route(
        name,
        path,
        ("POST",),
        Upstream.AUTH,
        AuthRequirement.PUBLIC,
        RateClass.TOKEN,
        forwards_authorization=True,
    )


def _read_and_write(
    name: str, path: str, upstream: Upstream, *, administration: bool = False
) -> tuple[Route, Route]:
    read = Route(f"{name}-read", path, READ, upstream, administration=administration)
    write = Route(
        f"{name}-write",
        path,
        CHANGE,
        upstream,
        rate=RateClass.WRITE,
        administration=administration,
    )
    return read, write


# Below `/`, where one page finds its way to all of them; `/` itself is the first.
CONSOLE_PAGES: Final = (
    *("sign-in", "signed-in", "set-password", "confirm-email", "undo-email"),
    *("today", "find", "cases", "returns", "figures", "approvals", "people", "account"),
)

DEFAULT_ROUTES: Final[tuple[Route, ...]] = (
    _sign_in("login", "/api/v1/auth/login", RateClass.LOGIN, always=True),
    _sign_in("login-steps", "/api/v1/auth/login/*", RateClass.LOGIN, always=True),
    # Each view of the sign-in page lists them.
    _public("directories", "/api/v1/auth/oidc", Upstream.AUTH, always=True),
    # The browser itself comes here, before anybody is signed in.
    Route(
        "directory-sign-in",
        "/api/v1/auth/oidc/*",
        READ,
        Upstream.AUTH,
        AuthRequirement.PUBLIC,
        RateClass.LOGIN,
        open_in_maintenance=True,
        refusal_page="/signed-in",
    ),
    _sign_in("directory-token", "/api/v1/auth/oidc/token", RateClass.LOGIN, always=True),
    # A directory calls it, with a token that it has signed.
    _sign_in("directory-logout", "/api/v1/auth/oidc/*", RateClass.TOKEN, always=True),
    _sign_in("refresh", "/api/v1/auth/refresh", RateClass.TOKEN, always=True),
    _sign_in("password-forgot", "/api/v1/auth/password/forgot", RateClass.LOGIN),
    _sign_in("password-reset", "/api/v1/auth/password/reset", RateClass.LOGIN),
    _sign_in("email-confirm", "/api/v1/auth/email/confirm", RateClass.LOGIN),
    _sign_in("email-undo", "/api/v1/auth/email/undo", RateClass.LOGIN),
    # A form may ask at each pause of typing; auth counts by address as well.
    _sign_in("password-check", "/api/v1/auth/password/check", RateClass.READ),
    # Signing out must work by a cookie alone, and with a token that has already expired.
    Route(
        "logout",
        "/api/v1/auth/logout",
        ("POST",),
        Upstream.AUTH,
        AuthRequirement.OPTIONAL,
        RateClass.WRITE,
        names_expired=True,
        open_in_maintenance=True,
    ),
    _client("token", "/api/v1/auth/token"),
    _client("introspect", "/api/v1/auth/introspect"),
    _client("revoke", "/api/v1/auth/revoke"),
    _public("well-known", "/.well-known/*", Upstream.AUTH),
    *_read_and_write("auth", "/api/v1/auth/*", Upstream.AUTH),
    *_read_and_write("users", "/api/v1/users/*", Upstream.AUTH, administration=True),
    *_read_and_write("court-groups", "/api/v1/court-groups/*", Upstream.AUTH, administration=True),
    *_read_and_write(
        "group-mappings", "/api/v1/group-mappings/*", Upstream.AUTH, administration=True
    ),
    *_read_and_write("audit-events", "/api/v1/audit-events/*", Upstream.AUTH, administration=True),
    *_read_and_write(
        "service-clients", "/api/v1/service-clients/*", Upstream.AUTH, administration=True
    ),
    Route(
        "imports-upload",
        "/api/v1/imports",
        ("POST",),
        Upstream.CORE,
        rate=RateClass.UPLOAD,
        body=BodyClass.UPLOAD,
    ),
    # Read at the start of a console, next to the refresh.
    _public("court-calendar", "/api/v1/court-calendar", Upstream.CORE, always=True),
    *_read_and_write("core", "/api/v1/*", Upstream.CORE),
    _public("console", "/", Upstream.GATEWAY, always=True),
    _public("console-assets", "/assets/*", Upstream.GATEWAY, always=True),
    *(
        _public(f"console-{page}", f"/{page}/*", Upstream.GATEWAY, always=True)
        for page in CONSOLE_PAGES
    ),
    _public("docs", "/docs/*", Upstream.GATEWAY),
    _public("openapi", "/openapi.json", Upstream.GATEWAY),
    _public("system-health", "/api/v1/system/health", Upstream.GATEWAY, always=True),
    _public("system-version", "/api/v1/system/version", Upstream.GATEWAY),
)

# What a request to no route is judged by: it may know nothing, yet spends its address's quota.
UNROUTED: Final = Route("unrouted", "", (), Upstream.GATEWAY, AuthRequirement.PUBLIC)


@dataclass(frozen=True, slots=True)
class Match:
    """The route of a request; without one, `allowed` lists the methods that the path does have."""

    route: Route
    allowed: tuple[str, ...] = ()

    @property
    def found(self) -> bool:
        return self.route is not UNROUTED


_NOT_FOUND: Final = Match(UNROUTED)


class RouteTable:
    """Finds the route of a method and a path that has passed the path check."""

    def __init__(self, routes: Sequence[Route]) -> None:
        self.by_name: Mapping[str, Route] = {route.name: route for route in routes}
        exact: dict[str, dict[str, Match]] = {}
        prefixes: dict[str, dict[str, Match]] = {}
        for route in routes:
            is_prefix = route.path.endswith("/*")
            rows = prefixes if is_prefix else exact
            methods = rows.setdefault(route.path.removesuffix("/*"), {})
            methods.update(dict.fromkeys(route.methods, Match(route)))
        self._exact = exact
        self._prefixes = sorted(
            ((prefix, prefix + "/", methods) for prefix, methods in prefixes.items()),
            key=lambda row: len(row[0]),
            reverse=True,
        )

    def match(self, method: str, path: str) -> Match:
        """The longest pattern of this path that knows the method."""
        exact = self._exact.get(path)
        if exact is not None and method in exact:
            return exact[method]
        for prefix, below, methods in self._prefixes:
            if (path.startswith(below) or path == prefix) and method in methods:
                return methods[method]
        return self._without_method(path)

    def _without_method(self, path: str) -> Match:
        rows: list[Mapping[str, Match]] = [
            methods
            for prefix, below, methods in self._prefixes
            if path.startswith(below) or path == prefix
        ]
        rows.append(self._exact.get(path, {}))
        allowed = sorted({method for methods in rows for method in methods})
        return Match(UNROUTED, tuple(allowed)) if allowed else _NOT_FOUND
