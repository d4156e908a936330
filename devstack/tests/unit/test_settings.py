"""What `make run` reads from the environment."""

from pathlib import Path

import pytest

from devstack.errors import StackError
from devstack.settings import DevstackSettings


@pytest.fixture(autouse=True)
def _no_env_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("MASIJALA_PORT", "MASIJALA_DEMO", "GATEWAY_ALLOWED_ORIGINS"):
        monkeypatch.delenv(name, raising=False)


def test_the_defaults_are_those_of_the_contract() -> None:
    settings = DevstackSettings.load()
    assert settings.home == Path(".local")
    assert settings.port == 8080
    assert settings.demo
    assert settings.database_url is None
    assert settings.redis_url is None


def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MASIJALA_PORT", "")
    assert DevstackSettings.load().port == 8080


def test_a_dotenv_file_is_read_and_the_environment_goes_over_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("MASIJALA_PORT=9000\nMASIJALA_DEMO=0\nPOSTGRES_PASSWORD=x\n")
    monkeypatch.setenv("MASIJALA_PORT", "9100")
    settings = DevstackSettings.load()
    assert (settings.port, settings.demo) == (9100, False)


@pytest.mark.parametrize(
    ("name", "value"), [("MASIJALA_PORT", "eighty"), ("MASIJALA_PORT", "65533")]
)
def test_a_wrong_value_is_refused_on_one_line_that_names_it(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(StackError, match=f"^{name}: ") as refused:
        DevstackSettings.load()
    assert "\n" not in str(refused.value)


def test_demo_mode_lets_two_local_frontends_in() -> None:
    assert DevstackSettings.load().origins == "http://localhost:3000,http://localhost:5173"


def test_without_demo_mode_no_origin_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MASIJALA_DEMO", "0")
    assert DevstackSettings.load().origins == ""


def test_given_origins_replace_those_of_demo_mode(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEWAY_ALLOWED_ORIGINS", "https://court.example")
    assert DevstackSettings.load().origins == "https://court.example"


def test_every_setting_is_described() -> None:
    assert all(field.description for field in DevstackSettings.model_fields.values())
