"""The merged description states what the gateway answers in a service's place."""

from typing import Any

import pytest

from common.errors import Unauthenticated
from common.problem_responses import problems
from common.problems import MEDIA_TYPE
from gateway.documents.refusals import add_refusals
from gateway.routes import DEFAULT_ROUTES, RouteTable

ROUTES = RouteTable(DEFAULT_ROUTES)


def documented(method: str, path: str, **responses: Any) -> dict[str, set[str]]:
    """The codes that an operation documents, by status."""
    paths = add_refusals({path: {method: {"responses": responses}}}, ROUTES)
    return {
        status: set(response["content"][MEDIA_TYPE]["examples"])
        for status, response in paths[path][method]["responses"].items()
        if MEDIA_TYPE in response.get("content", {})
    }


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("400", "duplicate-authorization"),
        ("401", "token-expired"),
        ("401", "unauthenticated"),
        ("403", "address-denied"),
        ("403", "tls-required"),
        ("413", "body-too-large"),
        ("429", "quota-exceeded"),
        ("502", "upstream-unavailable"),
        ("503", "revocation-unavailable"),
        ("504", "upstream-timeout"),
    ],
)
def test_a_write_documents_every_refusal_of_the_gateway(status: str, code: str) -> None:
    assert code in documented("post", "/api/v1/cases")[status]


def test_a_read_has_no_body_that_could_be_too_large() -> None:
    assert "413" not in documented("get", "/api/v1/cases")


def test_signing_in_needs_no_token() -> None:
    assert "401" not in documented("post", "/api/v1/auth/login")


def test_signing_out_refuses_a_malformed_token_and_accepts_an_expired_one() -> None:
    of_logout = documented("post", "/api/v1/auth/logout")
    assert of_logout["401"] == {"unauthenticated", "token-invalid"}
    assert "revocation-unavailable" not in of_logout.get("503", set())


def test_the_services_own_responses_stay() -> None:
    paths = {"/api/v1/cases": {"get": {"responses": {"401": problems(Unauthenticated)[401]}}}}
    response = add_refusals(paths, ROUTES)["/api/v1/cases"]["get"]["responses"]["401"]
    assert response["description"].startswith("`unauthenticated`: Sign in first; `token-invalid`")
    examples = response["content"][MEDIA_TYPE]["examples"]
    assert {"unauthenticated", "token-revoked"} <= examples.keys()
    for code, example in examples.items():
        assert (example["value"]["code"], example["value"]["status"]) == (code, 401)
