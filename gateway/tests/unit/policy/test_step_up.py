"""Operations that want a second factor, by method and path."""

import pytest
from pydantic import ValidationError

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


def settings(operations: str) -> GatewaySettings:
    secret = "assertion-secret-of-the-tests-0123456789"
    return GatewaySettings.model_validate(
        {"assertion_secret": secret, "step_up_operations": operations}
    )


def test_operations_are_written_as_in_the_openapi() -> None:
    assert settings(", ".join(OPERATIONS)).step_up_operations == OPERATIONS
    for wrong in ("/api/v1/users", "LOOK /api/v1/users", "POST api/v1/users", "POST /a b"):
        with pytest.raises(ValidationError, match="write METHOD /path"):
            settings(wrong)
