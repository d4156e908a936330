"""Every public address has its row: where it goes, who may call it, what it spends."""

import pytest

from gateway.routes import (
    DEFAULT_ROUTES,
    AuthRequirement,
    BodyClass,
    RateClass,
    Route,
    RouteTable,
    Upstream,
)

TABLE = RouteTable(DEFAULT_ROUTES)
PUBLIC, OPTIONAL, REQUIRED = (
    AuthRequirement.PUBLIC,
    AuthRequirement.OPTIONAL,
    AuthRequirement.REQUIRED,
)


@pytest.mark.parametrize(
    ("method", "path", "upstream", "auth", "rate"),
    [
        ("POST", "/api/v1/auth/login", "auth", PUBLIC, "login"),
        ("GET", "/api/v1/auth/oidc", "auth", PUBLIC, "read"),
        ("GET", "/api/v1/auth/oidc/ministry/start", "auth", PUBLIC, "login"),
        ("GET", "/api/v1/auth/oidc/ministry/callback", "auth", PUBLIC, "login"),
        ("POST", "/api/v1/auth/oidc/ministry/logout", "auth", PUBLIC, "token"),
        ("POST", "/api/v1/auth/oidc/token", "auth", PUBLIC, "login"),
        ("GET", "/api/v1/group-mappings", "auth", REQUIRED, "read"),
        ("POST", "/api/v1/group-mappings", "auth", REQUIRED, "write"),
        ("POST", "/api/v1/auth/refresh", "auth", PUBLIC, "token"),
        ("POST", "/api/v1/auth/logout", "auth", OPTIONAL, "write"),
        ("POST", "/api/v1/auth/password/forgot", "auth", PUBLIC, "login"),
        ("POST", "/api/v1/auth/password/reset", "auth", PUBLIC, "login"),
        ("POST", "/api/v1/auth/password/check", "auth", PUBLIC, "read"),
        ("POST", "/api/v1/auth/password/change", "auth", REQUIRED, "write"),
        ("POST", "/api/v1/auth/email/change", "auth", REQUIRED, "write"),
        ("POST", "/api/v1/auth/email/confirm", "auth", PUBLIC, "login"),
        ("POST", "/api/v1/auth/email/undo", "auth", PUBLIC, "login"),
        ("POST", "/api/v1/auth/token", "auth", PUBLIC, "token"),
        ("GET", "/api/v1/auth/me", "auth", REQUIRED, "read"),
        ("PATCH", "/api/v1/auth/me", "auth", REQUIRED, "write"),
        ("GET", "/api/v1/users", "auth", REQUIRED, "read"),
        ("POST", "/api/v1/users/1/grants", "auth", REQUIRED, "write"),
        ("GET", "/api/v1/audit-events", "auth", REQUIRED, "read"),
        ("DELETE", "/api/v1/service-clients/1", "auth", REQUIRED, "write"),
        ("PATCH", "/api/v1/court-groups/1", "auth", REQUIRED, "write"),
        ("GET", "/.well-known/jwks.json", "auth", PUBLIC, "read"),
        ("GET", "/api/v1/usersx", "core", REQUIRED, "read"),
        ("GET", "/api/v1/cases", "core", REQUIRED, "read"),
        ("GET", "/api/v1/court-calendar", "core", PUBLIC, "read"),
        ("POST", "/api/v1/court-calendar", "core", REQUIRED, "write"),
        ("POST", "/api/v1/imports", "core", REQUIRED, "upload"),
        ("GET", "/api/v1/imports", "core", REQUIRED, "read"),
        ("POST", "/api/v1/imports/1/apply", "core", REQUIRED, "write"),
        ("GET", "/", "gateway", PUBLIC, "read"),
        ("GET", "/assets/index-0123abcd.js", "gateway", PUBLIC, "read"),
        ("GET", "/cases/1", "gateway", PUBLIC, "read"),
        ("GET", "/docs", "gateway", PUBLIC, "read"),
        ("GET", "/docs/page.js", "gateway", PUBLIC, "read"),
        ("HEAD", "/openapi.json", "gateway", PUBLIC, "read"),
        ("GET", "/api/v1/system/health", "gateway", PUBLIC, "read"),
        ("GET", "/api/v1/system/version", "gateway", PUBLIC, "read"),
    ],
)
def test_the_table_knows(
    method: str, path: str, upstream: str, auth: AuthRequirement, rate: str
) -> None:
    route = TABLE.match(method, path).route
    assert (route.upstream.value, route.auth, route.rate.value) == (upstream, auth, rate)


@pytest.mark.parametrize(
    "path",
    ["/todayx", "/api", "/api/v2/cases", "/internal/v1/users", "/metrics", "/livez/x", "/docsx",
     "/API/V1/x", "/api/v1x", "/.well-knownx"],
)  # fmt: skip
def test_everything_else_is_unknown(path: str) -> None:
    match = TABLE.match("GET", path)
    assert not match.found
    assert match.allowed == ()


def test_a_known_path_without_the_method_says_which_it_has() -> None:
    assert TABLE.match("POST", "/docs").allowed == ("GET", "HEAD")
    assert "PATCH" in TABLE.match("OPTIONS", "/api/v1/cases").allowed


def test_only_uploads_may_be_large_and_only_clients_bring_their_own_credentials() -> None:
    assert [r.name for r in DEFAULT_ROUTES if r.body is BodyClass.UPLOAD] == ["imports-upload"]
    bringing = {r.name for r in DEFAULT_ROUTES if r.forwards_authorization}
    assert bringing == {"token", "introspect", "revoke"}


def test_administration_is_marked_for_a_live_revocation_check() -> None:
    for name in ("users/1", "audit-events", "service-clients", "court-groups", "group-mappings"):
        path = f"/api/v1/{name}"
        assert TABLE.match("GET", path).route.administration


def test_names_are_unique_for_they_label_metrics() -> None:
    names = [route.name for route in DEFAULT_ROUTES]
    assert len(names) == len(set(names))


def test_the_longest_pattern_wins_whatever_the_order() -> None:
    wide = Route("wide", "/a/*", ("GET",), Upstream.CORE)
    narrow = Route("narrow", "/a/b/*", ("GET",), Upstream.AUTH, rate=RateClass.WRITE)
    for rows in ((wide, narrow), (narrow, wide)):
        assert RouteTable(rows).match("GET", "/a/b/c").route is narrow
        assert RouteTable(rows).match("GET", "/a/bc").route is wide
