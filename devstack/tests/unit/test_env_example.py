"""`.env.example` names every variable of every settings class, and no other."""

import re
from pathlib import Path

from devstack.env_example import COMPOSE, SECTIONS, render

ROOT = Path(__file__).parents[3]
VARIABLE = re.compile(r"^# ([A-Z][A-Z0-9_]+)=", re.MULTILINE)
INTERPOLATED = re.compile(r"\$\{([A-Z_]+)")


def test_the_file_is_what_the_settings_classes_say() -> None:
    assert (ROOT / ".env.example").read_text() == render(), (
        "run: python -m devstack.env_example > .env.example"
    )


def test_every_setting_has_a_description() -> None:
    for _, kind in SECTIONS:
        for name, field in kind.model_fields.items():
            assert field.description, f"{kind.__name__}.{name}"


def test_every_variable_of_the_compose_file_is_there() -> None:
    documented = set(VARIABLE.findall(render()))
    files = ("docker-compose.yml", "compose.observability.yml")
    wanted = {name for file in files for name in INTERPOLATED.findall((ROOT / file).read_text())}
    assert wanted <= documented
    assert set(COMPOSE) <= wanted
