"""Operations that want a second factor, by method and path."""

from typing import Any

import pytest
from pydantic import ValidationError

from common.identity import StepUp
from gateway.policy.step_up import StepUpOperations
from gateway.settings import GatewaySettings

OPERATIONS = ("DELETE /api/v1/users/{user_id}/factors", "GET /api/v1/audit-events/export")


@pytest.mark.parametrize(
    ("method", "path", "wanted"),
    [
        ("DELETE", "/api/v1/users/0199f3a2/factors", True),
        ("GET", "/api/v1/audit-events/export", True),
        ("HEAD", "/api/v1/audit-events/export", True),
        ("POST", "/api/v1/audit-events/export", False),
        ("DELETE", "/api/v1/users/0199f3a2/sessions/factors", False),
        ("DELETE", "/api/v1/users//factors", False),
        ("GET", "/api/v1/users/0199f3a2/factors", False),
    ],
)
def test_an_operation_is_found_by_method_and_path(method: str, path: str, wanted: bool) -> None:
    found = StepUpOperations.of(OPERATIONS, 300).find(method, path)
    assert (found is not None) is wanted


def test_without_operations_nothing_is_wanted() -> None:
    assert StepUpOperations.of((), 300).find("POST", "/api/v1/users") is None
    assert settings("none").step_up_operations == ()


def test_by_default_what_gives_access_is_for_users_who_have_a_second_factor() -> None:
    by_default = StepUpOperations.of(settings(None).step_up_operations, 300)
    assert by_default.find("POST", "/api/v1/users/0199f3a2/grants") == StepUp(300, of_enrolled=True)
    assert by_default.find("GET", "/api/v1/users/0199f3a2/grants") is None
    named = StepUpOperations.of(OPERATIONS, 300)
    assert named.find("DELETE", "/api/v1/users/0199f3a2/factors") == StepUp(300)


@pytest.mark.parametrize(
    ("claims", "enough"),
    [
        ({}, True),
        ({"amr": ["pwd"], "acr": "aal1", "auth_time": 0}, True),
        ({"amr": ["oidc", "mfa"], "acr": "aal2", "auth_time": 0}, True),
        ({"amr": ["pwd", "otp", "mfa"], "acr": "aal2", "auth_time": 0}, False),
        ({"amr": ["pwd", "otp", "mfa"], "acr": "aal2", "auth_time": 701}, True),
        ({"amr": ["pop", "mfa"], "acr": "aal2", "auth_time": 699}, False),
        ({"amr": ["pwd", "recovery", "mfa"], "acr": "aal2"}, False),
    ],
)
def test_who_has_no_second_factor_of_ours_is_not_locked_out(
    claims: dict[str, Any], enough: bool
) -> None:
    assert StepUp(300, of_enrolled=True).satisfied(claims, 1001) is enough


def settings(operations: str | None) -> GatewaySettings:
    secret = "assertion-secret-of-the-tests-0123456789"
    return GatewaySettings.model_validate(
        {"assertion_secret": secret, "step_up_operations": operations}
    )


def test_operations_are_written_as_in_the_openapi() -> None:
    assert settings(", ".join(OPERATIONS)).step_up_operations == OPERATIONS
    for wrong in ("/api/v1/users", "LOOK /api/v1/users", "POST api/v1/users", "POST /a b"):
        with pytest.raises(ValidationError, match="write METHOD /path"):
            settings(wrong)
