"""The command line says what the configuration means."""

import pytest
from typer.testing import CliRunner

from gateway.cli import app

SECRET = "0123456789abcdef0123456789abcdef"
WIDE = {"COLUMNS": "200", "GATEWAY_ASSERTION_SECRET": SECRET}


def test_routes_lists_the_table() -> None:
    result = CliRunner().invoke(app, ["routes"], env=WIDE)
    assert result.exit_code == 0
    assert "/api/v1/auth/login" in result.output


@pytest.mark.parametrize(
    ("method", "path", "said"),
    [("GET", "/nowhere", "404"), ("POST", "/docs", "405"), ("GET", "/a/%2e%2e/b", "dot segment")],
)
def test_check_explains_what_is_refused_before_any_policy(
    method: str, path: str, said: str
) -> None:
    result = CliRunner().invoke(app, ["check", method, path], env=WIDE)
    assert result.exit_code == 1
    assert said in result.output
