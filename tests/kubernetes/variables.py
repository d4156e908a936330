"""Which variables the services read, and which secrets `make_secrets.py` makes for whom."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from kubernetes.manifests import Workload
from pydantic_settings import BaseSettings

from auth_service.settings import AuthSettings
from core_service.settings import CoreSettings
from gateway.settings import GatewaySettings

SETTINGS: Final[Mapping[str, type[BaseSettings]]] = {
    "auth": AuthSettings,
    "core": CoreSettings,
    "gateway": GatewaySettings,
}
COMPOSE: Final = Path(__file__).parents[2] / "deploy" / "compose"
# OpenTelemetry's own, which every process reads.
TELEMETRY: Final = frozenset(
    line for line in (COMPOSE / "telemetry.env").read_text().splitlines() if line.isupper()
)
MAKING: Final = COMPOSE / "make_secrets.py"


def known(name: str) -> set[str]:
    """All variables of a service."""
    return {_variable(name, field) for field in SETTINGS[name].model_fields}


def required(name: str) -> set[str]:
    """Those that have no default."""
    fields = SETTINGS[name].model_fields.items()
    return {_variable(name, field) for field, value in fields if value.is_required()}


def _variable(name: str, field: str) -> str:
    alias = SETTINGS[name].model_fields[field].validation_alias
    return alias if isinstance(alias, str) else f"{name}_{field}".upper()


def secret_names(workload: Workload) -> Iterator[str]:
    """The Secrets that a workload mounts or reads."""
    for volume in workload.pod.get("volumes", ()):
        if "secret" in volume:
            yield volume["secret"]["secretName"]
        for source in volume.get("projected", {}).get("sources", ()):
            yield source["secret"]["name"]
    for container in workload.containers:
        for variable in container.get("env", ()):
            if "valueFrom" in variable:
                yield variable["valueFrom"]["secretKeyRef"]["name"]


def _made() -> Mapping[str, frozenset[str]]:
    with TemporaryDirectory() as folder:
        environment = os.environ | {
            "SECRETS_ROOT": folder,
            "PUBLIC_URL": "https://masijala.example",
        }
        command = [sys.executable, str(MAKING)]
        subprocess.run(command, check=True, env=environment, timeout=60)  # noqa: S603 - our own script
        return {
            each.name: frozenset(path.name for path in each.iterdir())
            for each in Path(folder).iterdir()
        }


SECRETS: Final = _made()
